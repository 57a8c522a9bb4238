"""Outreach: consent, opt-outs, suppression, what was sent, and whether somebody may be written to.

People are ids here. A time zone and a country are all that is known of a contact, and neither stands in a result.
"""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from partnership_os.schemas.base import (
    BilingualText,
    CountryCode,
    Label,
    Record,
    RecordId,
    Slug,
    StoredRecord,
    Timestamp,
)


class OutreachChannel(StrEnum):
    """A way to reach a person."""

    EMAIL = "email"
    WHATSAPP = "whatsapp"
    SMS = "sms"
    PHONE = "phone"
    LINKEDIN = "linkedin"
    IN_PERSON = "in_person"


class OutreachPurpose(StrEnum):
    """What for. Consent for one purpose is none for another."""

    PARTNERSHIP_PROPOSAL = "partnership_proposal"
    MARKETING = "marketing"
    EVENT_INVITATION = "event_invitation"
    CONTRACT_PERFORMANCE = "contract_performance"
    """What an agreement in force with the contact's company needs."""


class BasisKind(StrEnum):
    """A legal basis to contact somebody (PDPL, gcc-rules SA-PD-2)."""

    CONSENT = "consent"
    CONTRACT = "contract"
    LAW = "law"
    LEGITIMATE_INTEREST = "legitimate_interest"


Channels = Annotated[tuple[OutreachChannel, ...], Field(min_length=1, max_length=10)]
Purposes = Annotated[tuple[OutreachPurpose, ...], Field(min_length=1, max_length=10)]


class OutreachContact(StoredRecord):
    """Whom we might contact. ``same_person`` are other contact ids of this person, whose opt-outs count too."""

    contact_id: RecordId
    company_id: RecordId
    country: CountryCode | None = None
    time_zone: Annotated[str | None, Field(max_length=64, description="IANA name, for example Asia/Riyadh")] = None
    same_person: Annotated[tuple[RecordId, ...], Field(max_length=20)] = ()


class LegalBasis(StoredRecord):
    """A documented basis for one contact, for stated purposes and channels; it counts from ``at`` on.

    ``reference`` is where it is documented: the form, the agreement, the assessment.
    """

    basis_id: RecordId
    kind: BasisKind
    contact_id: RecordId
    purposes: Purposes
    channels: Channels
    at: Timestamp
    expires_at: Timestamp | None = None
    reference: Label


class Withdrawal(StoredRecord):
    """Consent taken back, for all purposes and channels unless some are stated."""

    withdrawal_id: RecordId
    contact_id: RecordId
    at: Timestamp
    purposes: Purposes | None = None
    channels: Channels | None = None


class OptOut(StoredRecord):
    """A person who does not want to be contacted: everywhere and for everything unless they stated channels.

    It holds for ever. ``lifted_at`` is when the person took it back themselves, with ``lifted_reference`` as proof.
    """

    opt_out_id: RecordId
    contact_id: RecordId
    at: Timestamp
    channels: Channels | None = None
    lifted_at: Timestamp | None = None
    lifted_reference: Label | None = None

    @model_validator(mode="after")
    def _lifted_with_proof(self) -> "OptOut":
        if (self.lifted_at is None) != (self.lifted_reference is None):
            raise ValueError("an opt-out is lifted with a time and a reference, or not at all")
        if self.lifted_at is not None and self.lifted_at < self.at:
            raise ValueError("lifted_at lies before at")
        return self


class Suppression(StoredRecord):
    """An entry of a list of those who are not contacted: a person or a whole company."""

    entry_id: RecordId
    list_name: Slug
    contact_id: RecordId | None = None
    company_id: RecordId | None = None
    channels: Channels | None = None

    @model_validator(mode="after")
    def _names_one(self) -> "Suppression":
        if (self.contact_id is None) == (self.company_id is None):
            raise ValueError("a suppression names a contact or a company")
        return self


class Touch(StoredRecord):
    """One message or call: sent by us, or received from the contact. Planned ones count like sent ones."""

    touch_id: RecordId
    contact_id: RecordId
    company_id: RecordId
    channel: OutreachChannel
    at: Timestamp
    inbound: bool = False


class ListCheck(Record):
    """When the contact was last held against an outside list, such as a national do-not-call register."""

    list_name: Slug
    checked_at: Timestamp


class OutreachHistory(Record):
    """Everything that is known, of all contacts or at least of this one and its company.

    ``complete_from`` is the moment from which every touch is on record; None where nobody can say.
    """

    bases: tuple[LegalBasis, ...] = ()
    withdrawals: tuple[Withdrawal, ...] = ()
    opt_outs: tuple[OptOut, ...] = ()
    suppressions: tuple[Suppression, ...] = ()
    touches: tuple[Touch, ...] = ()
    list_checks: tuple[ListCheck, ...] = ()
    complete_from: Timestamp | None = None


class RefusalCode(StrEnum):
    """Why somebody may not be contacted now."""

    OPTED_OUT = "opted_out"
    SUPPRESSED = "suppressed"
    NO_BASIS = "no_basis"
    BASIS_WITHDRAWN = "basis_withdrawn"
    BASIS_EXPIRED = "basis_expired"
    CHANNEL_NOT_ALLOWED = "channel_not_allowed"
    """The policy sends nothing over this channel, or does not know it."""
    LIST_NOT_CHECKED = "list_not_checked"
    WINDOW_CLOSED = "window_closed"
    COUNTRY_UNKNOWN = "country_unknown"
    ZONE_UNKNOWN = "zone_unknown"
    QUIET_HOURS = "quiet_hours"
    WEEKEND = "weekend"
    HISTORY_INCOMPLETE = "history_incomplete"
    CONTACT_DAY_LIMIT = "contact_day_limit"
    CONTACT_WEEK_LIMIT = "contact_week_limit"
    COMPANY_DAY_LIMIT = "company_day_limit"
    COMPANY_WEEK_LIMIT = "company_week_limit"
    CHANNEL_DAY_LIMIT = "channel_day_limit"


class Refusal(Record):
    """One reason. ``until`` is when it ends by itself; None where somebody has to do something."""

    code: RefusalCode
    until: Timestamp | None = None
    refs: tuple[RecordId, ...] = ()
    text: BilingualText


class Permission(StoredRecord):
    """Whether one person may be contacted, and every reason why not.

    ``basis_id`` is what a permission rests on. ``next_allowed_at`` is the first moment at which nothing known stands
    against it any more; None where that cannot be computed.
    """

    contact_id: RecordId
    purpose: OutreachPurpose
    channel: OutreachChannel
    at: Timestamp
    policy_version: Label
    allowed: bool
    basis_id: RecordId | None = None
    refusals: tuple[Refusal, ...] = ()
    next_allowed_at: Timestamp | None = None

    @model_validator(mode="after")
    def _reasons_and_basis(self) -> "Permission":
        if self.allowed and (self.refusals or self.basis_id is None):
            raise ValueError("a permission rests on a basis and has no refusals")
        if not self.allowed and not self.refusals:
            raise ValueError("a refusal states its reasons")
        return self
