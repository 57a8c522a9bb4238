"""A rule as a row of data: what it asks, of whom, from which phase, with which limits in which period."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, Field, model_validator

from partnership_os.schemas.base import BilingualText, CountryCode, Label, Record, Slug
from partnership_os.schemas.compliance import Basis, Factor, RuleId, Severity, Verified
from partnership_os.schemas.partnership import LifecyclePhase, PartnershipType
from partnership_os.tools.gcc_compliance.conditions import Condition
from partnership_os.tools.gcc_compliance.vocabulary import Pair

__all__ = ["Band", "Classification", "DayRange", "Limit", "Period", "Rule", "RuleException", "placeholders", "rendered"]

Limit = Decimal | tuple[str, ...] | str
"""A limit that a test or a sentence names."""

_DAY = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")


def _first_and_last(text: str) -> tuple[date, date]:
    match = _DAY.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no day (2025-04-03), month (2025-04) or year (2025)")
    year, month, day = (int(part) if part else None for part in match.groups())
    if year is None or month is None:
        return date(int(text), 1, 1), date(int(text), 12, 31)
    if day is not None:
        return date(year, month, day), date(year, month, day)
    after = date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, 1), after - timedelta(days=1)


class DayRange(Record):
    """When a row began: one day, or the earliest and latest reading where sources disagree or name a month only.

    In YAML: ``2025-04-03``, ``2025-04``, ``2025``, or a list of two such readings.
    """

    earliest: date
    latest: date

    @model_validator(mode="before")
    @classmethod
    def _from_readings(cls, data: object) -> object:
        if isinstance(data, dict):
            return data
        readings = [_first_and_last(str(item)) for item in (data if isinstance(data, list) else [data])]
        return {"earliest": min(first for first, _ in readings), "latest": max(last for _, last in readings)}

    @model_validator(mode="after")
    def _ordered(self) -> "DayRange":
        if self.latest < self.earliest:
            raise ValueError("the latest reading lies before the earliest")
        return self


class Period(Record):
    """A row in force from ``begins`` to ``ends`` (last day), with its limits, its sources and whether it was read.

    ``evidence_since``: evidence dated before this day no longer counts.
    """

    version: Annotated[int, Field(ge=1)]
    begins: Annotated[DayRange | None, Field(alias="from")] = None
    ends: Annotated[date | None, Field(alias="to")] = None
    limits: Annotated[dict[Slug, Limit], Field(default_factory=dict)]
    evidence_since: date | None = None
    verified: Verified
    caveat: Pair | None = None
    sources: tuple[Slug, ...] = ()

    @model_validator(mode="after")
    def _complete(self) -> "Period":
        if self.begins and self.ends and self.ends < self.begins.latest:
            raise ValueError("it ends before it began")
        if self.verified is Verified.READ and not self.sources:
            raise ValueError("a row that was read names a source")
        if self.verified is Verified.DISPUTED and self.caveat is None:
            raise ValueError("a disputed row says in a caveat what is disputed")
        return self


class RuleException(Record):
    """A case in which the rule is met although its test is not; it counts from the day ``since``."""

    name: Slug
    label: Pair
    test: Condition
    since: date | None = None


class Band(Record):
    """A class of a measure: values below ``below``, up to and with ``up_to``, or whatever is left."""

    name: Label
    below: Decimal | None = None
    up_to: Decimal | None = None

    def holds(self, value: Decimal) -> bool:
        """Whether a value that no earlier band took falls here."""
        if self.below is not None:
            return value < self.below
        return self.up_to is None or value <= self.up_to


class Classification(Record):
    """Which class a number falls in; the first band that holds."""

    fact: Slug
    bands: Annotated[tuple[Band, ...], Field(min_length=2)]

    @model_validator(mode="after")
    def _rising(self) -> "Classification":
        edges = [band.below if band.below is not None else band.up_to for band in self.bands]
        known = [edge for edge in edges if edge is not None]
        if len(known) != len(edges) - 1 or edges[-1] is not None or known != sorted(set(known)):
            raise ValueError("bands rise, and only the last is open")
        return self

    def band_of(self, value: Decimal) -> str:
        """The name of the class."""
        return next(band.name for band in self.bands if band.holds(value))


def _spread_phases(value: object) -> object:
    if not isinstance(value, dict) or "all" not in value:
        return value
    own = {key: phase for key, phase in value.items() if key != "all"}
    return {**{item.value: value["all"] for item in PartnershipType}, **own}


def _spread_types(value: object) -> object:
    return [item.value for item in PartnershipType] if value == "all" else value


class Rule(Record):
    """One rule. Without ``test`` and ``classify`` it is a note, printed and never failed.

    ``phases`` names the phase from which it is asked, by partnership type; ``monitored`` the types for which it is
    asked again while the partnership runs. ``caution`` is a softer test: failing it alone warns.
    """

    rule_id: RuleId
    country: CountryCode | None
    factor: Factor
    basis: Basis = Basis.LAW
    owner: Label
    title: Pair
    requirement: Pair
    phases: Annotated[dict[PartnershipType, LifecyclePhase], BeforeValidator(_spread_phases), Field(min_length=1)]
    monitored: Annotated[tuple[PartnershipType, ...], BeforeValidator(_spread_types)] = ()
    waivable: bool = True
    on_fail: Severity = Severity.INFO
    on_fail_for: Annotated[dict[PartnershipType, Severity], Field(default_factory=dict)]
    applies_if: Condition | None = None
    test: Condition | None = None
    caution: Condition | None = None
    exceptions: tuple[RuleException, ...] = ()
    classify: tuple[Classification, ...] = ()
    periods: Annotated[tuple[Period, ...], Field(min_length=1)]

    @property
    def is_note(self) -> bool:
        """Whether there is nothing to test."""
        return self.test is None and not self.classify

    def conditions(self) -> Iterator[Condition]:
        """Every test of the row."""
        yield from (item for item in (self.applies_if, self.test, self.caution) if item is not None)
        yield from (item.test for item in self.exceptions)

    def facts(self) -> frozenset[str]:
        """Names of the facts that the row reads."""
        tested = frozenset[str]().union(*(condition.facts() for condition in self.conditions()))
        return tested | {item.fact for item in self.classify}

    def severity_for(self, partnership: PartnershipType) -> Severity:
        """What failing means for this partnership type when the row is verified."""
        return self.on_fail_for.get(partnership, self.on_fail)


def placeholders(text: BilingualText) -> frozenset[str]:
    """Names in braces in either language."""
    return _braced(text.en) | _braced(text.ar)


def placeholders_agree(text: BilingualText) -> bool:
    """Whether both languages name the same values."""
    return _braced(text.en) == _braced(text.ar)


def _braced(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\{(\w+)\}", text))


def rendered(text: BilingualText, values: Mapping[str, str]) -> BilingualText:
    """The text with its placeholders filled."""
    return BilingualText(en=text.en.format_map(values), ar=text.ar.format_map(values))
