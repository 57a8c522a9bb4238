"""PartnerTermSheet: the output of NEGOTIATE. It may be shown to the partner, so it holds no limit of ours."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from partnership_os.schemas.base import (
    Amount,
    BilingualText,
    CountryCode,
    CurrencyCode,
    Label,
    Record,
    RecordId,
    Sha256,
    Slug,
    StoredRecord,
)
from partnership_os.schemas.partnership import PartnershipType
from partnership_os.schemas.stamp import AnalystStamp


class ClauseGroup(StrEnum):
    """The 34 clause groups of a partner agreement, in their order on the sheet."""

    PARTIES = "parties"
    PURPOSE = "purpose"
    TERM = "term"
    TERRITORY = "territory"
    EXCLUSIVITY = "exclusivity"
    ECONOMICS = "economics"
    MINIMUM_COMMITMENT = "minimum_commitment"
    PRICE_POLICY = "price_policy"
    OBLIGATIONS = "obligations"
    DEAL_REGISTRATION = "deal_registration"
    SLA = "sla"
    SUPPORT_TRAINING = "support_training"
    BRAND = "brand"
    INTELLECTUAL_PROPERTY = "intellectual_property"
    CONFIDENTIALITY = "confidentiality"
    DATA_PROTECTION = "data_protection"
    COMPLIANCE = "compliance"
    WARRANTIES = "warranties"
    INDEMNITIES = "indemnities"
    LIABILITY = "liability"
    INSURANCE = "insurance"
    AUDIT_REPORTING = "audit_reporting"
    GOVERNANCE = "governance"
    NON_SOLICIT = "non_solicit"
    CHANGE_OF_CONTROL = "change_of_control"
    TERMINATION = "termination"
    EXIT = "exit"
    FORCE_MAJEURE = "force_majeure"
    GOVERNING_LAW = "governing_law"
    DISPUTE_RESOLUTION = "dispute_resolution"
    LANGUAGE = "language"
    SIGNATURE = "signature"
    BINDING = "binding"
    VERSION = "version"


TYPE_DEPENDENT_GROUPS = frozenset(
    {
        ClauseGroup.EXCLUSIVITY,
        ClauseGroup.MINIMUM_COMMITMENT,
        ClauseGroup.PRICE_POLICY,
        ClauseGroup.INSURANCE,
        ClauseGroup.NON_SOLICIT,
    }
)
"""Groups that a playbook may leave out; every other group is on every sheet."""


class TermUnit(StrEnum):
    """The unit of a term. Shares are fractions of one: 0.15 is fifteen per cent."""

    SHARE = "share"
    MONEY = "money"
    HOURS = "hours"
    DAYS = "days"
    MONTHS = "months"
    COUNT = "count"
    CHOICE = "choice"
    """One of a closed list that the playbook names."""


class TermValue(Record):
    """One negotiable or fixed value of a clause: a number with its unit, or a choice."""

    name: Slug
    unit: TermUnit
    number: Amount | None = None
    currency: CurrencyCode | None = None
    choice: Annotated[str | None, Field(pattern=r"^[a-z0-9][a-z0-9_.\-]{0,63}$")] = None

    @model_validator(mode="after")
    def _one_value(self) -> "TermValue":
        if (self.unit is TermUnit.CHOICE) != (self.choice is not None and self.number is None):
            raise ValueError(f"term {self.name}: a choice has a choice, every other unit a number")
        if self.unit is not TermUnit.CHOICE and self.number is None:
            raise ValueError(f"term {self.name}: a number is missing")
        if (self.unit is TermUnit.MONEY) != (self.currency is not None):
            raise ValueError(f"term {self.name}: money, and only money, has a currency")
        if self.unit is TermUnit.SHARE and not Decimal(0) <= (self.number or Decimal(0)) <= Decimal(1):
            raise ValueError(f"term {self.name}: a share is a fraction between 0 and 1")
        if self.number is not None and self.number < 0:
            raise ValueError(f"term {self.name}: a negative value")
        return self


class Clause(Record):
    """One clause in both languages, with its values as numbers."""

    clause_id: Slug
    group: ClauseGroup
    title: BilingualText
    text: BilingualText
    terms: Annotated[tuple[TermValue, ...], Field(max_length=30)] = ()


class Party(Record):
    """One side of the agreement; identifiers that are not known are None and must be filled before signature."""

    name: Label
    name_ar: Label | None = None
    country: CountryCode | None = None
    registry_number: Annotated[str | None, Field(max_length=40)] = None
    domain: Annotated[str | None, Field(max_length=253)] = None


class PartnerTermSheet(StoredRecord):
    """A versioned, bilingual draft. Versions are immutable; a change makes the next version."""

    sheet_id: RecordId
    version: Annotated[int, Field(ge=1, le=10_000)]
    supersedes: Sha256 | None = None
    thread_id: Annotated[str, Field(min_length=1, max_length=100)]
    partnership_type: PartnershipType
    need_id: RecordId
    company_id: RecordId
    us: Party
    them: Party
    currency: CurrencyCode
    drafted_on: date
    clauses: Annotated[tuple[Clause, ...], Field(min_length=1, max_length=60)]
    conditions_precedent: Annotated[tuple[BilingualText, ...], Field(max_length=20)] = ()
    cover_note: BilingualText
    playbook_version: Label
    made_by: AnalystStamp

    def clauses_of(self, group: ClauseGroup) -> tuple[Clause, ...]:
        """The clauses of one group, for example economics, obligations, sla or exit."""
        return tuple(clause for clause in self.clauses if clause.group is group)

    def term(self, name: str) -> TermValue | None:
        """The value named so, wherever it stands; names are unique over a sheet."""
        for clause in self.clauses:
            for value in clause.terms:
                if value.name == name:
                    return value
        return None

    @model_validator(mode="after")
    def _names_are_unique(self) -> "PartnerTermSheet":
        names = [value.name for clause in self.clauses for value in clause.terms]
        ids = [clause.clause_id for clause in self.clauses]
        for kind, items in (("term", names), ("clause", ids)):
            doubled = sorted({item for item in items if items.count(item) > 1})
            if doubled:
                raise ValueError(f"{kind} names are used twice: {', '.join(doubled)}")
        return self
