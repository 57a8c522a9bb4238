"""The port behind which people, decisions, ledger and audit log are stored; the gate sees no other database."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from enum import StrEnum
from typing import Annotated, Literal, NamedTuple, Protocol

from pydantic import Field

from partnership_os.schemas.base import Record, RecordId, Sha256, Timestamp
from partnership_os.schemas.commitment import (
    AuditEvent,
    Commitment,
    Decision,
    Delegation,
    KeyId,
    LedgerEntry,
    OutboxMessage,
    Person,
    Signature,
    SlaMark,
)


class TokenKind(StrEnum):
    """A token is what a person keeps; a session is what a browser holds for some hours after the token was shown."""

    TOKEN = "token"  # noqa: S105 - the name of a kind
    SESSION = "session"


class TokenRecord(Record):
    """A token or session as it is stored: never the secret, only its argon2 hash."""

    token_id: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
    person_id: RecordId
    secret_hash: Annotated[str, Field(min_length=1, max_length=300)]
    created_at: Timestamp
    revoked_at: Timestamp | None = None
    kind: TokenKind = TokenKind.TOKEN
    expires_at: Annotated[Timestamp | None, Field(description="None only for tokens of before schema 0002")] = None

    def live(self, at: Timestamp) -> bool:
        """True when it is neither revoked nor expired at this moment."""
        return self.revoked_at is None and (self.expires_at is None or at < self.expires_at)


class StoredCommitment(Record):
    """A commitment with the digest that was taken when it was proposed."""

    commitment: Commitment
    digest: Sha256
    superseded_by: RecordId | None = None


class StoredDecision(Record):
    """A decision, the commitment under which its row stands, and the ledger entry that used it up."""

    decision: Decision
    filed_under: str
    consumed_by: RecordId | None = None


class StoredDelegation(Record):
    """A delegation, and when it was ended before its time."""

    delegation: Delegation
    ended_at: Timestamp | None = None

    def live(self, at: Timestamp) -> bool:
        """True when authority may be used under it at this moment, which may lie in the past."""
        ended = self.ended_at is not None and self.ended_at <= at
        return not ended and self.delegation.starts_at <= at < self.delegation.expires_at


class QueuedMessage(Record):
    """A message of the outbox and how far its delivery is.

    ``claimed_by`` is the worker that delivers it, until ``claimed_until``; ``receipt`` says where it went, and
    ``last_error`` why the last attempt failed. A message with ``dead_at`` waits for somebody to look at it.
    """

    message: OutboxMessage
    attempts: Annotated[int, Field(ge=0)] = 0
    next_attempt_at: Timestamp | None = None
    delivered_at: Timestamp | None = None
    dead_at: Timestamp | None = None
    claimed_by: Annotated[str | None, Field(max_length=200)] = None
    claimed_until: Timestamp | None = None
    last_error: Annotated[str | None, Field(max_length=1_000)] = None
    receipt: Annotated[str | None, Field(max_length=1_000)] = None


class Undelivered(NamedTuple):
    """The messages that were neither delivered nor given up, oldest first, and the ids of rows that cannot be read."""

    messages: tuple[QueuedMessage, ...]
    unreadable: tuple[str, ...] = ()


class LogHead(Record):
    """Where the audit log ends: number of events and hash of the last one.

    ``at`` is the time of event ``at_seq``, the last one whose actor is known: what anybody can have written without
    showing who they are, such as a failed login, says nothing about the time.
    """

    size: Annotated[int, Field(ge=0)]
    head: Sha256
    at: Timestamp | None = None
    at_seq: Annotated[int | None, Field(ge=1)] = None


class AuditRow(NamedTuple):
    """One row of the log as it is stored: the text of the event, and the columns that repeat parts of it."""

    seq: int
    hash: str
    at: str
    event: str
    subject: str
    body: str


class AnchoredPoint(Record):
    """(size, head) of the audit log at one moment, kept outside of it so that a cut or a rollback shows."""

    size: Annotated[int, Field(ge=0)]
    head: Sha256


class Anchor(AnchoredPoint):
    """The newest anchored point, and those before it, oldest first: a log must agree with every one of them.

    ``torn`` says that the last line of their place was not written to its end; the process died then.
    """

    earlier: tuple[AnchoredPoint, ...] = ()
    torn: bool = False


class SignedAnchor(AnchoredPoint):
    """An anchored point as it is kept and handed out, signed with the anchor key (`governance.anchoring`)."""

    schema_version: Literal[1] = 1
    at: Timestamp
    key_id: KeyId
    signature: Signature


class AnchorStore(Protocol):
    """A second place for the anchors of the audit log; they are added to it and never changed."""

    def read(self) -> Anchor | None:
        """What was anchored; None where nothing ever was.

        Raises:
            IntegrityError: there is an anchor and it cannot be read, or was not signed with the anchor key.
        """
        ...

    def signed(self) -> tuple[SignedAnchor, ...]:
        """The same as it is kept, oldest first; empty where nothing was anchored with a signature.

        Raises:
            IntegrityError: like `read`.
        """
        ...

    def write(self, anchor: AnchoredPoint) -> None:
        """Sign a point and add it durably. Call it inside a writing transaction: writers then stand in line.

        Raises:
            ConfigurationError: the place cannot be written.
            IntegrityError: it holds a point further on.
        """
        ...

    def adopt(self, anchor: AnchoredPoint) -> None:
        """Begin anew with this point; what was there before is put aside and kept.

        Raises:
            ConfigurationError: the place cannot be written.
        """
        ...


class GovernanceReader(Protocol):
    """What can be read inside one transaction. A stored record that cannot be read raises `IntegrityError`."""

    def person(self, person_id: str) -> Person | None:
        """The person as the directory knows them now."""
        ...

    def people(self) -> tuple[Person, ...]:
        """Everybody, in order of id."""
        ...

    def token(self, token_id: str) -> TokenRecord | None:
        """One token by the public part of its text."""
        ...

    def tokens(self) -> tuple[TokenRecord, ...]:
        """Every token, revoked ones too, in order of id."""
        ...

    def token_holders(self, at: Timestamp) -> frozenset[str]:
        """Ids of the people who hold a token or session that is live at this moment."""
        ...

    def delegation(self, delegation_id: str) -> StoredDelegation | None:
        """One delegation."""
        ...

    def delegations(self) -> tuple[StoredDelegation, ...]:
        """Every delegation, ended and expired ones too, in order of id."""
        ...

    def sla_marks(self, commitment_id: str | None = None) -> tuple[SlaMark, ...]:
        """The stages of lateness that one commitment reached, or all of them, in order of commitment and time."""
        ...

    def commitment(self, commitment_id: str) -> StoredCommitment | None:
        """One commitment."""
        ...

    def commitments(self) -> tuple[StoredCommitment, ...]:
        """Every commitment, oldest first."""
        ...

    def commitments_of_thread(self, thread_id: str) -> tuple[StoredCommitment, ...]:
        """Every commitment of one thread, oldest first."""
        ...

    def commitments_of_document(self, document_id: str) -> tuple[StoredCommitment, ...]:
        """Every commitment about one document, oldest first."""
        ...

    def open_commitments(self) -> tuple[StoredCommitment, ...]:
        """Commitments that are neither in the ledger nor superseded, oldest first."""
        ...

    def decisions(self, commitment_id: str | None = None) -> tuple[StoredDecision, ...]:
        """Decisions on one commitment, or all of them, oldest first."""
        ...

    def ledger_entry(self, commitment_id: str) -> LedgerEntry | None:
        """The row that this commitment became."""
        ...

    def ledger(self) -> tuple[LedgerEntry, ...]:
        """Every row, oldest first."""
        ...

    def outbox(self) -> tuple[QueuedMessage, ...]:
        """Every message, oldest first."""
        ...

    def undelivered(self) -> Undelivered:
        """What a worker may have to do; a row that cannot be read is named and raises nothing."""
        ...

    def queued(self, message_id: str) -> QueuedMessage | None:
        """One message."""
        ...

    def audit_head(self) -> LogHead:
        """Where the log ends, taken from its last rows; their hashes are not checked here."""
        ...

    def audit_lines(self) -> Iterator[str]:
        """The stored text of each event in order, unparsed, for `audit.verify`."""
        ...

    def audit_rows(self) -> Iterator[AuditRow]:
        """Each row of the log in order, unparsed, for `audit.read_log`."""
        ...


class GovernanceTransaction(GovernanceReader, Protocol):
    """What can be written, all of it or nothing, one transaction at a time."""

    def put_person(self, person: Person) -> None:
        """Add a person or replace what the directory says about them."""
        ...

    def add_token(self, token: TokenRecord) -> None:
        """Add a token."""
        ...

    def revoke_tokens(self, person_id: str, at: Timestamp) -> int:
        """Revoke every live token of a person; returns how many there were."""
        ...

    def revoke_one_token(self, token_id: str, at: Timestamp) -> None:
        """Revoke one token or session."""
        ...

    def add_delegation(self, delegation: Delegation) -> None:
        """Add a delegation."""
        ...

    def end_delegation(self, delegation_id: str, at: Timestamp) -> None:
        """Mark a delegation as ended."""
        ...

    def add_sla_mark(self, mark: SlaMark) -> None:
        """Add a stage of lateness; one per commitment and stage."""
        ...

    def add_commitment(self, stored: StoredCommitment) -> None:
        """Add a commitment."""
        ...

    def supersede(self, commitment_id: str, by: str) -> None:
        """Mark a commitment as replaced by another one."""
        ...

    def add_decision(self, decision: Decision) -> None:
        """Add a decision; one per commitment, person and outcome."""
        ...

    def consume_decisions(self, decision_ids: Sequence[str], entry_id: str) -> None:
        """Mark decisions as used up by a ledger entry.

        Raises:
            InternalError: one of them is used up already or does not exist.
        """
        ...

    def add_ledger_entry(self, entry: LedgerEntry) -> None:
        """Add a ledger row; unique per commitment and per version of a document."""
        ...

    def add_outbox(self, message: OutboxMessage) -> None:
        """Add a message; unique per idempotency key."""
        ...

    def put_delivery(self, queued: QueuedMessage) -> None:
        """Write how far the delivery of a message is; the message itself never changes."""
        ...

    def append_audit(self, event: AuditEvent) -> None:
        """Append an event at ``event.seq``."""
        ...


class GovernanceStore(Protocol):
    """The store of the gate."""

    def transaction(self) -> AbstractContextManager[GovernanceTransaction]:
        """One writing transaction; writers stand in line, and an exception undoes everything."""
        ...

    def snapshot(self) -> AbstractContextManager[GovernanceReader]:
        """One reading transaction."""
        ...

    def anchor(self) -> Anchor | None:
        """The anchor of the audit log. Read it before the log, which only grows."""
        ...
