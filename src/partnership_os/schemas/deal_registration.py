"""Deal registration: what a partner hands in, what stands against it, and the events of its life.

Contacts are ids. No name, mail address or number of a person stands in any of these records.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, JsonValue, model_validator

from partnership_os.schemas.base import (
    BilingualText,
    Label,
    Money,
    Record,
    RecordId,
    Sentence,
    Slug,
    StoredRecord,
    Timestamp,
)
from partnership_os.schemas.channel import Area, CustomerKeys

CheckOutcome = Literal["pass", "fail", "unknown", "not_applicable"]
"""What a compliance rule said, by the words of `schemas.compliance.Outcome`."""


class ConflictCode(StrEnum):
    """Why a registration cannot be accepted as it is (partner-definitions §3.6)."""

    DUP_SAME_PARTNER = "DUP_SAME_PARTNER"
    DUP_OTHER_PARTNER = "DUP_OTHER_PARTNER"
    DIRECT_OPEN = "DIRECT_OPEN"
    CUSTOMER_EXISTING = "CUSTOMER_EXISTING"
    OUT_OF_TERRITORY = "OUT_OF_TERRITORY"
    EXCLUSIVE_HELD = "EXCLUSIVE_HELD"
    NO_AUTHORITY = "NO_AUTHORITY"
    RHQ_RELATED_PARTY = "RHQ_RELATED_PARTY"
    STALE = "STALE"


class OtherReason(StrEnum):
    """What else a person has to look at, or rejects for."""

    NO_CONTACT_PROOF = "NO_CONTACT_PROOF"
    """One of a list of named accounts, without proof of contact."""
    PROOF_MISSING = "PROOF_MISSING"
    CUSTOMER_CHOSE_OTHER = "CUSTOMER_CHOSE_OTHER"
    CUSTOMER_CHOSE_THIS = "CUSTOMER_CHOSE_THIS"
    CHOICES_DISAGREE = "CHOICES_DISAGREE"


ReasonCode = ConflictCode | OtherReason


class DealSize(StrEnum):
    """What the length of protection follows."""

    SMB = "smb"
    ENTERPRISE = "enterprise"
    TENDER = "tender"


class LeadSource(StrEnum):
    """How the partner came to the opportunity."""

    PARTNER_PROSPECTING = "partner_prospecting"
    CUSTOMER_INQUIRY = "customer_inquiry"
    EVENT = "event"
    TENDER_NOTICE = "tender_notice"
    REFERRAL = "referral"
    OUR_LEAD = "our_lead"


class ProofKind(StrEnum):
    """What shows that the partner is in contact with the customer."""

    MEETING_NOTES = "meeting_notes"
    PROPOSAL = "proposal"
    LETTER_OF_INTENT = "letter_of_intent"
    TENDER_INVITATION = "tender_invitation"


class Proof(Record):
    """One dated proof; ``contact_id`` is set where it shows contact with that person."""

    kind: ProofKind
    dated_on: date
    reference: Label
    contact_id: RecordId | None = None


class Submission(Record):
    """One registration as it arrived. The server gives id and time; neither is read from the fields."""

    registration_id: RecordId
    received_at: Timestamp
    fields: dict[str, JsonValue]


class RegistrationRequest(StoredRecord):
    """A complete registration."""

    registration_id: RecordId
    received_at: Timestamp
    partner_id: RecordId
    partner_tier: Slug
    customer: CustomerKeys
    area: Area
    contact_id: RecordId
    products: Annotated[tuple[Slug, ...], Field(min_length=1, max_length=50)]
    segment: Slug | None = None
    value: Money
    deal_size: DealSize
    expected_close: date
    source: LeadSource
    proofs: Annotated[tuple[Proof, ...], Field(max_length=50)] = ()
    incumbent: Label | None = None
    part_of_list: bool = False
    """Handed in with others as a list of named accounts."""
    multi_country: bool | None = None
    """Whether the customer operates in several countries."""


class IntakeProblem(Record):
    """One field of a submission that is wrong; the value itself is not repeated."""

    registration_id: RecordId
    field: Label
    problem: BilingualText
    fix: BilingualText


class RegistrationEventKind(StrEnum):
    """What can happen to a registration."""

    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    EXTENDED = "extended"
    EXPIRED = "expired"
    RELEASED = "released"
    WON = "won"
    LOST = "lost"
    APPEALED = "appealed"


class ReleaseReason(StrEnum):
    """Why a protection ended before its time."""

    WITHDRAWN = "withdrawn"
    CUSTOMER_CHOICE = "customer_choice"
    TENDER_AWARDED_ELSEWHERE = "tender_awarded_elsewhere"
    AGREEMENT_ENDED = "agreement_ended"


class RegistrationEvent(StoredRecord):
    """One dated event. ``by`` is the person who did it, None for the clock or the server.

    ``parties`` of an appeal are the people who may not decide it: those of either side who are concerned.
    """

    event_id: RecordId
    registration_id: RecordId
    kind: RegistrationEventKind
    at: Timestamp
    by: RecordId | None = None
    reference: Label | None = None
    rejection: ReasonCode | None = None
    release: ReleaseReason | None = None
    activity_on: date | None = None
    """The day of the activity with the customer that an extension rests on."""
    deal_size: DealSize | None = None
    """Set on ``submitted``: it fixes the protection."""
    protection_days: Annotated[int | None, Field(ge=1, le=1_000)] = None
    """Set on ``accepted`` where the agreement has a term of its own."""
    parties: Annotated[tuple[RecordId, ...], Field(max_length=50)] = ()


class CustomerChoice(Record):
    """A customer's written word on which partner they want. ``verified`` is that a person of ours checked it."""

    customer: CustomerKeys
    partner_id: RecordId
    written_on: date
    reference: Label
    verified: bool


class OwnOpportunity(Record):
    """An open opportunity of our own sales."""

    opportunity_id: RecordId
    customer: CustomerKeys
    products: Annotated[tuple[Slug, ...] | None, Field(max_length=50)]
    opened_at: Timestamp | None


class OwnCustomer(Record):
    """A customer of ours. ``last_contact_on`` is the last day on which somebody of ours spoke to them."""

    customer: CustomerKeys
    account_id: RecordId
    products: Annotated[tuple[Slug, ...] | None, Field(max_length=200)]
    last_contact_on: date | None


class Recommendation(StrEnum):
    """What the code advises; a person decides, and accepting binds us."""

    ACCEPT = "accept"
    REJECT = "reject"
    REVIEW = "review"


class Finding(Record):
    """One thing that stands against accepting. ``refs`` are ids of registrations, agreements, opportunities, or the
    references of a customer's letters.
    """

    code: ReasonCode
    verdict: Literal[Recommendation.REJECT, Recommendation.REVIEW]
    refs: tuple[Label, ...] = ()
    unknown: tuple[Slug, ...] = ()
    text: BilingualText


class RegistrationAssessment(StoredRecord):
    """A proposal for one decision: advice, its reasons, and until when a person has to answer.

    ``protected_until`` is the first moment without protection if it is accepted at ``assessed_at``; None for a tender,
    which is protected until the award. ``overtakes`` are earlier registrations that a customer's choice
    overrides; they have to be released first.
    """

    registration_id: RecordId
    assessed_at: Timestamp
    policy_version: Label
    recommendation: Recommendation
    findings: tuple[Finding, ...]
    decision_due_at: Timestamp
    overdue: bool
    protection_days: int | None
    protected_until: Timestamp | None
    overtakes: tuple[RecordId, ...] = ()
    summary: Sentence
    summary_ar: Sentence

    @model_validator(mode="after")
    def _follows_findings(self) -> "RegistrationAssessment":
        verdicts = {finding.verdict for finding in self.findings}
        if verdicts and self.recommendation is Recommendation.ACCEPT:
            raise ValueError("a registration with findings is not recommended for acceptance")
        return self
