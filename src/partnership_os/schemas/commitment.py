"""Commitments and the decisions of people about them."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, JsonValue

from partnership_os.schemas.base import (
    CurrencyCode,
    Label,
    Money,
    Record,
    RecordId,
    Sentence,
    Sha256,
    Since,
    Slug,
    StoredRecord,
    Timestamp,
    VersionedRecord,
)
from partnership_os.schemas.partnership import ActionClass, ApprovalLevel, PartnershipType, Reversibility, Sensitivity

__all__ = [
    "ActionRule",
    "ApprovalRequirement",
    "AuditEvent",
    "Commitment",
    "CommitmentStatus",
    "Decision",
    "DecisionOutcome",
    "Delegation",
    "LedgerEntry",
    "OutboxMessage",
    "Person",
    "SlaMark",
    "SlaStage",
]


KeyId = Annotated[str, Field(pattern=r"^[0-9a-f]{16}$", description="first 16 digits of the SHA-256 of a public key")]
Signature = Annotated[str, Field(min_length=1, max_length=200, description="base64, Ed25519")]
MAIN_TENANT = "main"
"""The tenant of an installation that has one."""


class ActionRule(Record):
    """One row of the table of actions, with what it means in English and in Arabic."""

    action: Slug
    action_class: ActionClass
    reversibility: Reversibility
    sensitivity: Sensitivity
    meaning: Sentence
    meaning_ar: Sentence


class ApprovalRequirement(Record):
    """One person who must approve: of at least this level, and of the legal role where ``legal`` is set.

    Each requirement of a commitment is met by a different person.
    """

    min_level: ApprovalLevel
    legal: bool = False

    def __str__(self) -> str:
        return "legal" if self.legal else self.min_level.value


class Person(VersionedRecord):
    """Somebody who may ask or decide, within one tenant. ``person_id`` is stable; the name is for display only."""

    schema_version: Literal[1, 2] = 2
    person_id: RecordId
    name: Label
    level: ApprovalLevel
    legal: bool = False
    active: bool = True
    tenant: Annotated[Slug, Since(2)] = MAIN_TENANT


class Commitment(VersionedRecord):
    """A Class B action that waits for people. Everything here but ``commitment_id`` is digested.

    ``terms`` is the whole document as JSON (money as decimal strings). Any change is a new
    commitment with a new digest, and voids what was approved before. ``edited_from`` names the
    commitment whose document somebody changed to make this one; ``tenant`` is its requester's.
    """

    schema_version: Literal[1, 2] = 2
    commitment_id: RecordId
    action: Slug
    thread_id: Annotated[str, Field(min_length=1, max_length=100)]
    partnership_type: PartnershipType
    parties: Annotated[tuple[Label, ...], Field(min_length=2, max_length=10)]
    document_id: RecordId
    document_version: Annotated[int, Field(ge=1)]
    terms: dict[str, JsonValue]
    currency: CurrencyCode
    value: Money | None = None
    requested_by: RecordId
    required_approvals: Annotated[tuple[ApprovalRequirement, ...], Field(min_length=1, max_length=5)]
    policy_version: Label
    requested_at: Timestamp
    expires_at: Timestamp
    tenant: Annotated[Slug, Since(2)] = MAIN_TENANT
    edited_from: Annotated[RecordId | None, Since(2)] = None


class CommitmentStatus(StrEnum):
    """Where a commitment stands; it is derived from decisions and ledger, never set by hand."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    COMMITTED = "committed"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"


class DecisionOutcome(StrEnum):
    """What a person decided. A rejection is final for that digest; so is taking back one's own approval."""

    APPROVE = "approve"
    REJECT = "reject"
    REVOKE = "revoke"


class Decision(VersionedRecord):
    """One person's decision on one digest, signed by the approval service (Ed25519).

    ``on_behalf_of`` is whose authority was used, by ``delegation_id``, where it was not the person's own; ``level``
    and ``legal`` are then what was delegated. ``revokes`` is the approval that a revocation takes back.
    """

    schema_version: Literal[1, 2] = 2
    decision_id: RecordId
    commitment_id: RecordId
    digest: Sha256
    outcome: DecisionOutcome
    decided_by: RecordId
    level: ApprovalLevel
    legal: bool
    decided_at: Timestamp
    expires_at: Timestamp
    note: Annotated[str | None, Field(max_length=1_000)] = None
    key_id: KeyId
    signature: Signature
    on_behalf_of: Annotated[RecordId | None, Since(2)] = None
    delegation_id: Annotated[RecordId | None, Since(2)] = None
    revokes: Annotated[RecordId | None, Since(2)] = None


class Delegation(StoredRecord):
    """Authority that one person lends to another for a time, within limits; signed by the approval service.

    It is never more than the delegator has when it is used, and cannot be passed on. ``partnership_types`` and
    ``max_value`` (money that we commit to pay; None: no limit of its own) say for what.
    """

    delegation_id: RecordId
    delegator: RecordId
    delegate: RecordId
    max_level: ApprovalLevel
    legal: bool
    partnership_types: Annotated[tuple[PartnershipType, ...], Field(min_length=1, max_length=20)]
    max_value: Money | None = None
    starts_at: Timestamp
    expires_at: Timestamp
    reason: Sentence
    key_id: KeyId
    signature: Signature


class LedgerEntry(VersionedRecord):
    """One commitment that took effect; written once, in the transaction that consumed its decisions."""

    schema_version: Literal[1, 2] = 2
    entry_id: RecordId
    commitment_id: RecordId
    digest: Sha256
    action: Slug
    thread_id: Annotated[str, Field(min_length=1, max_length=100)]
    document_id: RecordId
    document_version: Annotated[int, Field(ge=1)]
    parties: tuple[Label, ...]
    value: Money | None = None
    requested_by: RecordId
    approved_by: tuple[RecordId, ...]
    decision_ids: tuple[RecordId, ...]
    committed_at: Timestamp
    tenant: Annotated[Slug, Since(2)] = MAIN_TENANT


class AuditEvent(StoredRecord):
    """One line of the audit log. ``hash`` covers the body and ``previous``, so that the log is a chain."""

    seq: Annotated[int, Field(ge=1)]
    at: Timestamp
    actor: Annotated[str, Field(min_length=1, max_length=120)]
    event: Slug
    subject: Annotated[str, Field(max_length=200)]
    data: dict[str, JsonValue]
    previous: Sha256
    hash: Sha256


class OutboxMessage(StoredRecord):
    """An effect that waits to leave. The idempotency key of what a commitment causes is the commitment's id."""

    message_id: RecordId
    idempotency_key: RecordId
    kind: Slug
    payload: dict[str, JsonValue]
    created_at: Timestamp


class SlaStage(StrEnum):
    """How late an approval is. Silence never approves; it only makes more people look."""

    WARNED = "warned"
    BREACHED = "breached"
    ESCALATED = "escalated"


class SlaMark(StoredRecord):
    """That a commitment reached a stage of lateness, and who was asked to look at it then."""

    commitment_id: RecordId
    stage: SlaStage
    at: Timestamp
    asked: tuple[RecordId, ...]
