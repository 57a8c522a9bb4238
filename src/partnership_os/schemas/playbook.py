"""Our private negotiation positions. Nothing of this module may reach a document or a counterparty's prompt."""

from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from partnership_os.schemas.base import Amount, BilingualText, Label, Record, RecordId, Slug, StoredRecord
from partnership_os.schemas.partnership import PartnershipType
from partnership_os.schemas.term_sheet import ClauseGroup, TermUnit


class Direction(StrEnum):
    """Which way is better for us; FIXED is not negotiable."""

    HIGHER = "higher"
    LOWER = "lower"
    FIXED = "fixed"


class Position(StrEnum):
    """Where a value stands between what we want and where we leave."""

    IDEAL = "ideal"
    FALLBACK = "fallback"
    WALK_AWAY = "walk_away"
    BREACH = "breach"
    STANDARD = "standard"
    """A fixed term at its one allowed value."""


def _decimal(value: object) -> object:
    try:
        return Decimal(value) if isinstance(value, str) else value
    except InvalidOperation:
        return value


class PlaybookTerm(Record):
    """One term: ideal, fallback and walk-away, as numbers in the term's unit or as choices in falling preference."""

    name: Slug
    unit: TermUnit
    better: Direction
    ideal: Amount | str
    fallback: Amount | str
    walk_away: Amount | str
    opening: Amount | str | None = None
    """What the first draft offers; the ideal when it is not set."""
    choices: Annotated[tuple[str, ...], Field(max_length=12)] = ()

    @model_validator(mode="before")
    @classmethod
    def _numbers_from_json(cls, data: object) -> object:
        """JSON has no decimals: positions of numeric units come back as strings and are numbers all the same."""
        if not isinstance(data, dict) or str(data.get("unit")) == TermUnit.CHOICE.value:
            return data
        return {
            name: _decimal(value) if name in ("ideal", "fallback", "walk_away", "opening") else value
            for name, value in data.items()
        }

    @model_validator(mode="after")
    def _ordered(self) -> "PlaybookTerm":
        values = (self.ideal, self.fallback, self.walk_away)
        if self.unit is TermUnit.CHOICE:
            missing = [value for value in values if value not in self.choices]
            if missing:
                raise ValueError(f"{self.name}: {missing[0]!r} is not one of the choices")
            ranks = [Decimal(self.choices.index(str(value))) for value in values]
        else:
            numbers = [value for value in values if isinstance(value, Decimal)]
            if len(numbers) != len(values):
                raise ValueError(f"{self.name}: positions of a {self.unit.value} are numbers")
            ranks = numbers if self.better is Direction.LOWER else [-value for value in numbers]
        if self.better is Direction.FIXED and len(set(values)) != 1:
            raise ValueError(f"{self.name}: a fixed term has one position")
        if self.better is not Direction.FIXED and ranks != sorted(ranks):
            raise ValueError(f"{self.name}: ideal, fallback and walk-away must fall in our preference")
        return self


class PlaybookClause(Record):
    """A clause template. ``{name}`` in a text is replaced by the formatted value of the term of that name."""

    clause_id: Slug
    group: ClauseGroup
    title: BilingualText
    text: BilingualText
    terms: Annotated[tuple[PlaybookTerm, ...], Field(max_length=20)] = ()
    risk: Annotated[str, Field(pattern=r"^(low|medium|high)$")] = "low"


class AllowedTrade(Record):
    """What we may give for what we get; anything else needs a person."""

    give: Slug
    get: Slug
    note: BilingualText


class Playbook(StoredRecord):
    """Positions and clause templates for one partnership type."""

    partnership_type: PartnershipType
    version: Annotated[int, Field(ge=1)]
    title: Label
    clauses: Annotated[tuple[PlaybookClause, ...], Field(min_length=1, max_length=60)]
    trades: Annotated[tuple[AllowedTrade, ...], Field(max_length=40)] = ()
    conditions_precedent: Annotated[tuple[BilingualText, ...], Field(max_length=20)] = ()


class TermCheck(Record):
    """Where one term of a sheet stands against the playbook."""

    clause_id: Slug
    term: Slug
    position: Position
    risk: Annotated[str, Field(pattern=r"^(low|medium|high)$")]
    detail: BilingualText


class ConformanceReport(StoredRecord):
    """Private review of a sheet: which terms stand where, which groups are missing, what breaches the playbook."""

    sheet_id: RecordId
    sheet_version: Annotated[int, Field(ge=1)]
    playbook_version: Label
    checks: tuple[TermCheck, ...]
    missing_groups: tuple[ClauseGroup, ...] = ()
    missing_terms: tuple[Slug, ...] = ()
    leaks: tuple[Label, ...] = ()

    @property
    def conforms(self) -> bool:
        """True when no term breaches its walk-away, nothing required is missing and no limit leaks."""
        breach = any(check.position is Position.BREACH for check in self.checks)
        return not (breach or self.missing_groups or self.missing_terms or self.leaks)
