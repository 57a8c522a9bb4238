"""Commitments and the decisions of people about them."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, JsonValue

from partnership_os.schemas.base import (
    CurrencyCode,
    Label,
    Money,
    Record,
    RecordId,
    Sentence,
    Sha256,
    Slug,
    StoredRecord,
    Timestamp,
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
    "LedgerEntry",
    "OutboxMessage",
    "Person",
]


class ActionRule(Record):
    """One row of the table of actions."""

    action: Slug
    action_class: ActionClass
    reversibility: Reversibility
    sensitivity: Sensitivity
    meaning: Sentence


class ApprovalRequirement(Record):
    """One person who must approve: of at least this level, and of the legal role where ``legal`` is set.

    Each requirement of a commitment is met by a different person.
    """

    min_level: ApprovalLevel
    legal: bool = False

    def __str__(self) -> str:
        return "legal" if self.legal else self.min_level.value


class Person(StoredRecord):
    """Somebody who may ask or decide. ``person_id`` is stable; the name is for display only."""

    person_id: RecordId
    name: Label
    level: ApprovalLevel
    legal: bool = False
    active: bool = True


class Commitment(StoredRecord):
    """A Class B action that waits for people. Everything here but ``commitment_id`` is digested.

    ``terms`` is the whole document as JSON (money as decimal strings). Any change is a new
    commitment with a new digest, and voids what was approved before.
    """

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


class CommitmentStatus(StrEnum):
    """Where a commitment stands; it is derived from decisions and ledger, never set by hand."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    COMMITTED = "committed"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"


class DecisionOutcome(StrEnum):
    """What a person decided. A rejection is final for that digest."""

    APPROVE = "approve"
    REJECT = "reject"


class Decision(StoredRecord):
    """One person's decision on one digest, signed by the approval service (Ed25519)."""

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
    key_id: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
    signature: Annotated[str, Field(min_length=1, max_length=200, description="base64, Ed25519")]


class LedgerEntry(StoredRecord):
    """One commitment that took effect; written once, in the transaction that consumed its decisions."""

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
    """An effect that waits to leave; the idempotency key is the commitment's id."""

    message_id: RecordId
    idempotency_key: RecordId
    kind: Slug
    payload: dict[str, JsonValue]
    created_at: Timestamp
    delivered_at: Timestamp | None = None
