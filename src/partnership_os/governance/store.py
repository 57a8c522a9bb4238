"""The port behind which people, decisions, ledger and audit log are stored; the gate sees no other database."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Annotated, NamedTuple, Protocol

from pydantic import Field

from partnership_os.schemas.base import Record, RecordId, Sha256, Timestamp
from partnership_os.schemas.commitment import AuditEvent, Commitment, Decision, LedgerEntry, OutboxMessage, Person


class TokenRecord(Record):
    """A token as it is stored: never the secret, only its argon2 hash."""

    token_id: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
    person_id: RecordId
    secret_hash: Annotated[str, Field(min_length=1, max_length=300)]
    created_at: Timestamp
    revoked_at: Timestamp | None = None


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


class Anchor(Record):
    """(size, head) of the audit log, kept outside of it so that a cut or a rollback shows."""

    size: Annotated[int, Field(ge=0)]
    head: Sha256


class AnchorStore(Protocol):
    """A second place for the anchor of the audit log."""

    def read(self) -> Anchor | None:
        """The last anchor; None where none was ever written.

        Raises:
            IntegrityError: there is an anchor and it cannot be read.
        """
        ...

    def write(self, anchor: Anchor) -> None:
        """Replace the anchor as a whole, durably.

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

    def token_holders(self) -> frozenset[str]:
        """Ids of the people who hold a token that is not revoked."""
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

    def ledger_entry_of_document(self, document_id: str, version: int) -> LedgerEntry | None:
        """The row that this version of a document became."""
        ...

    def ledger(self) -> tuple[LedgerEntry, ...]:
        """Every row, oldest first."""
        ...

    def outbox(self) -> tuple[OutboxMessage, ...]:
        """Every message, oldest first."""
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
