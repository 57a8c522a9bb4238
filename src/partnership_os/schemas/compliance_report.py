"""The outcome of every compliance rule for one partnership on one day, and what changed since. Not legal advice."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from partnership_os.schemas.base import (
    BilingualText,
    CountryCode,
    Label,
    Record,
    RecordId,
    Sha256,
    Slug,
    StoredRecord,
    Timestamp,
)
from partnership_os.schemas.compliance import (
    Basis,
    Fact,
    Factor,
    FactSource,
    Outcome,
    RuleId,
    Severity,
    SourceId,
    Verified,
    Waiver,
)
from partnership_os.schemas.partnership import LifecyclePhase, PartnershipType

NOT_LEGAL_ADVICE = BilingualText(
    en="Not legal advice. The rules are a working summary with dates and sources; a lawyer must confirm them before "
    "anyone relies on them.",
    ar="لا يُعد هذا استشارة قانونية. القواعد ملخص عملي بتواريخه ومصادره، ولا بد أن يؤكدها محامٍ قبل الاعتماد عليها.",
)


class Effect(StrEnum):
    """What an outcome does in its phase: `STOPS` the next Class B gate, or less."""

    NONE = "none"
    NOTED = "noted"
    ASKS_EVIDENCE = "asks_evidence"
    NEEDS_REASON = "needs_reason"
    WAIVED = "waived"
    STOPS = "stops"


class WaiverRefusal(Record):
    """A waiver that does not count, and why."""

    waiver_id: RecordId
    rule_id: RuleId
    code: Literal[
        "never_waivable",
        "unknown_rule",
        "other_version",
        "level_too_low",
        "one_person",
        "not_yet",
        "expired",
        "nothing_to_waive",
    ]


class RuleSource(Record):
    """Where a rule was read. ``page`` is a host, page or article number as noted, not always an address."""

    title: Label
    page: Annotated[str, Field(max_length=300)] = ""
    published: Annotated[str, Field(pattern=r"^(\d{4}(-\d{2}(-\d{2})?)?)?$")] = ""
    retrieved: Annotated[str, Field(pattern=r"^\d{4}-\d{2}(-\d{2})?$")]
    """A day, or the month alone where nobody wrote down the day."""


class ReasonParameter(Record):
    """One value of a reason; ``name`` is the placeholder of its sentence."""

    name: Slug
    value: Annotated[str, Field(max_length=1_000)]


class Reason(Record):
    """Why an outcome is what it is: a code of the wording file, its parameters, and the sentence they make."""

    code: Slug
    parameters: tuple[ReasonParameter, ...] = ()
    text: BilingualText


class EvidenceUse(Record):
    """A fact that an outcome rests on. ``fresh_until`` is its last good day, None where it does not age."""

    fact: Slug
    value: Annotated[str, Field(max_length=1_000)]
    source_kind: FactSource
    source: Label
    source_id: SourceId
    retrieved_at: Timestamp
    fresh_until: date | None


class EvidenceRequest(Record):
    """What to bring so that an UNKNOWN becomes an answer, and what is wrong with what we have."""

    fact: Slug
    asks: BilingualText
    evidence: BilingualText
    least_source: FactSource
    problem: Literal["missing", "expired", "outdated", "too_weak", "contradicted", "not_yet"]


class SideOfFact(Record):
    """What one source says."""

    value: Annotated[str, Field(max_length=1_000)]
    source_kind: FactSource
    source: Label
    source_id: SourceId


class FactContradiction(Record):
    """Sources that disagree about a fact. ``settled`` is true where one outranks the others and is believed."""

    fact: Slug
    country: CountryCode | None
    settled: bool
    sides: Annotated[tuple[SideOfFact, ...], Field(min_length=2)]


class RuleResult(Record):
    """One rule on one day. ``severity`` is what it may do; ``intended`` what its row asks for when verified."""

    rule_id: RuleId
    version: Annotated[int, Field(ge=0)]
    """Version of the row in force, 0 where none is."""
    country: CountryCode | None
    factor: Factor
    basis: Basis
    title: BilingualText
    requirement: BilingualText
    outcome: Outcome
    severity: Severity
    intended: Severity
    verified: Verified
    effect: Effect
    reasons: Annotated[tuple[Reason, ...], Field(min_length=1)]
    evidence: tuple[EvidenceUse, ...] = ()
    asks: tuple[EvidenceRequest, ...] = ()
    holds_until: date | None = None
    """Last day on which the evidence it rests on is still good, None where none of it ages."""
    waiver_id: RecordId | None = None
    caveat: BilingualText | None = None
    sources: tuple[RuleSource, ...] = ()


class RuleSetStamp(Record):
    """Which rules answered: the digest covers every row, limit, wording and source."""

    engine: Label
    rules: Annotated[int, Field(ge=0)]
    digest: Sha256


class Standing(StrEnum):
    """The worst effect of a report, as one word."""

    CLEAR = "clear"
    ASKS_EVIDENCE = "asks_evidence"
    NEEDS_REASON = "needs_reason"
    STOPPED = "stopped"


class ComplianceReport(StoredRecord):
    """Every rule of the countries, for one partnership type and phase, as of one day. Not legal advice."""

    disclaimer: BilingualText = NOT_LEGAL_ADVICE
    as_of: date
    countries: tuple[CountryCode, ...]
    not_covered: tuple[CountryCode, ...] = ()
    """Countries for which there is no rule: silence here is not a pass."""
    partnership: PartnershipType
    phase: LifecyclePhase
    rule_set: RuleSetStamp
    facts_digest: Sha256
    standing: Standing
    results: tuple[RuleResult, ...]
    contradictions: tuple[FactContradiction, ...] = ()
    refused_waivers: tuple[WaiverRefusal, ...] = ()

    def with_effect(self, effect: Effect) -> tuple[RuleResult, ...]:
        """The results of one effect, in the order of their rule ids."""
        return tuple(result for result in self.results if result.effect is effect)


class ChangeCause(StrEnum):
    """What made an outcome change; a rule comes first where several things did."""

    RULE = "rule"
    CONTEXT = "context"
    EVIDENCE = "evidence"
    WAIVER = "waiver"
    DAY = "day"


class OutcomeState(Record):
    """What one report said of a rule."""

    version: Annotated[int, Field(ge=0)]
    outcome: Outcome
    severity: Severity
    effect: Effect
    reasons: tuple[Slug, ...]


class OutcomeChange(Record):
    """A rule whose outcome, severity or effect differs between two reports; a side is None where it was not asked."""

    rule_id: RuleId
    title: BilingualText
    before: OutcomeState | None
    after: OutcomeState | None
    cause: ChangeCause


class OpenCase(Record):
    """What is asked again when rules change: one open deal or live partner with its evidence."""

    case_id: RecordId
    facts: tuple[Fact, ...] = ()
    countries: Annotated[tuple[CountryCode, ...], Field(min_length=1)]
    partnership: PartnershipType
    phase: LifecyclePhase
    waivers: tuple[Waiver, ...] = ()


class CaseChanges(StoredRecord):
    """What a re-run changed for one case, with the two rule sets and days that were compared."""

    disclaimer: BilingualText = NOT_LEGAL_ADVICE
    case_id: RecordId
    rules_before: Sha256
    rules_after: Sha256
    day_before: date
    day_after: date
    standing_before: Standing
    standing_after: Standing
    changes: Annotated[tuple[OutcomeChange, ...], Field(min_length=1)]
