"""Compliance: facts about a company or a deal, the words that rules are made of, and waivers of rules."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from partnership_os.schemas.base import (
    CountryCode,
    Label,
    RecordId,
    Sentence,
    Slug,
    StoredRecord,
    Timestamp,
)
from partnership_os.schemas.partnership import ApprovalLevel

RuleId = Annotated[str, Field(pattern=r"^(ALL|SA|AE|QA|KW|BH|OM)-[A-Z]{2,4}-\d{1,2}[a-z]?$")]
"""Country (ALL: every country), factor and number: ``SA-CR-6``. A letter splits a row of the reference."""
SourceId = Annotated[str, Field(min_length=1, max_length=200)]


class Outcome(StrEnum):
    """What a rule says on a day; a missing, expired or disputed fact is UNKNOWN, never PASS and never FAIL."""

    PASS = "pass"  # noqa: S105  an outcome, no password
    FAIL = "fail"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


class Severity(StrEnum):
    """What failing means: no next Class B gate, a written reason of the approver, or a line on the card."""

    BLOCK = "block"
    WARN = "warn"
    INFO = "info"


class Verified(StrEnum):
    """Whether the row was read in a named page, is own knowledge, is disputed, or is our policy and claims no law."""

    READ = "v"
    OWN_KNOWLEDGE = "k"
    DISPUTED = "?"
    POLICY = "p"

    @property
    def may_block(self) -> bool:
        """Only what was read, and our own policy, may stop a deal; anything else warns at most."""
        return self in (Verified.READ, Verified.POLICY)


class Basis(StrEnum):
    """Who asks for it: the law of the country, or our own policy."""

    LAW = "law"
    POLICY = "policy"


class Factor(StrEnum):
    """What a rule is about."""

    SANCTIONS = "sanctions"
    REGISTRATION = "registration"
    BENEFICIAL_OWNERSHIP = "beneficial_ownership"
    CONCEALMENT = "concealment"
    FOREIGN_OWNERSHIP = "foreign_ownership"
    LOCALISATION = "localisation"
    GOVERNMENT_BUSINESS = "government_business"
    LOCAL_CONTENT = "local_content"
    ENTERPRISE_SIZE = "enterprise_size"
    TAX = "tax"
    DATA_PROTECTION = "data_protection"
    LANGUAGE = "language"
    DISPUTES = "disputes"
    SIGNATURE = "signature"
    AGENCY = "agency"
    FRANCHISE = "franchise"
    COMPETITION = "competition"


class FactSource(StrEnum):
    """Who says it, strongest first. A model's memory is no source and has no member here."""

    REGISTRY = "registry"
    DOCUMENT = "document"
    WEB = "web"
    SELF_DECLARED = "self_declared"

    @property
    def rank(self) -> int:
        """3 for a registry down to 0 for what the partner says of itself."""
        return 3 - list(FactSource).index(self)


class FactKind(StrEnum):
    """The type of a fact's value: bool, exact number, calendar day, text, set of texts."""

    TRUTH = "truth"
    NUMBER = "number"
    DAY = "day"
    TEXT = "text"
    SET = "set"


FactValue = bool | Decimal | date | str | tuple[str, ...]
"""Shares are fractions of one; money is in the currency that the fact's name ends with."""


class Fact(StoredRecord):
    """One thing that a source says about the partner or the deal.

    The age of the evidence counts from ``issued_on`` where the paper has a date, else from ``retrieved_at``.
    ``valid_until`` is the last day by the paper itself. ``country`` is set where the fact holds in one country only.
    """

    name: Slug
    kind: FactKind
    value: FactValue
    country: CountryCode | None = None
    source_kind: FactSource
    source: Label
    """Who says it, for example ``wathq``; a later word of the same source replaces an earlier one."""
    source_id: SourceId
    retrieved_at: Timestamp
    issued_on: date | None = None
    valid_until: date | None = None

    @model_validator(mode="before")
    @classmethod
    def _typed(cls, data: object) -> object:
        """The value in the type that ``kind`` names: JSON writes numbers, days and texts all as strings."""
        if not isinstance(data, dict) or "value" not in data or "kind" not in data:
            return data
        return {**data, "value": typed_value(FactKind(data["kind"]), data["value"])}


def typed_value(kind: FactKind, value: object) -> FactValue:
    """A value in the type of its kind; sets are sorted and without doubles.

    Raises:
        ValueError: the value is not of this kind, or a number is a float, not finite or out of range.
    """
    if kind is FactKind.TRUTH and isinstance(value, bool):
        return value
    if kind is FactKind.NUMBER and isinstance(value, int | str | Decimal) and not isinstance(value, bool):
        return _number(value)
    if kind is FactKind.DAY and isinstance(value, str | date):
        return value if isinstance(value, date) else date.fromisoformat(value)
    if kind is FactKind.TEXT and isinstance(value, str) and value.strip():
        return value.strip()
    if kind is FactKind.SET and isinstance(value, list | tuple | set | frozenset):
        return tuple(sorted({str(item).strip() for item in value}))
    raise ValueError(f"{value!r} is not a {kind.value}")


def _number(value: int | str | Decimal) -> Decimal:
    try:
        number = Decimal(value)
    except ArithmeticError:
        raise ValueError(f"{value!r} is not a number") from None
    if not number.is_finite() or abs(number) >= Decimal(10) ** 18:
        raise ValueError(f"{value!r} is out of range")
    return number


class Waiver(StoredRecord):
    """A named C-level person and a named person of Legal let one version of one rule pass for a time.

    A waiver is data here: whether these people did approve is for the approval service to prove.
    """

    waiver_id: RecordId
    rule_id: RuleId
    rule_version: Annotated[int, Field(ge=1)]
    approver: RecordId
    approver_level: ApprovalLevel
    legal_approver: RecordId
    reason: Sentence
    granted_on: date
    expires_on: date
    """The last day on which it counts."""
