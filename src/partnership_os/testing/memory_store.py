"""The store of the gate in memory: the same promises as the SQL store, and a whole world is one cheap reference.

    store = MemoryStore()
    before = store.world
    ...
    store.world = before  # everything as it was: tables, log and anchor

Nothing that a `World` refers to is ever changed in place, so any number of them can be kept.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple, NoReturn, TypeVar

from partnership_os.errors import InternalError
from partnership_os.governance.audit import GENESIS
from partnership_os.governance.canonical import canonical_bytes
from partnership_os.governance.refusal import UNKNOWN
from partnership_os.governance.store import (
    Anchor,
    AuditRow,
    LogHead,
    QueuedMessage,
    StoredCommitment,
    StoredDecision,
    StoredDelegation,
    TokenRecord,
    Undelivered,
)
from partnership_os.schemas.base import VersionedRecord, utc_text
from partnership_os.schemas.commitment import (
    AuditEvent,
    Decision,
    Delegation,
    LedgerEntry,
    OutboxMessage,
    Person,
    SlaMark,
)

Body = TypeVar("Body", bound=VersionedRecord)
Row = TypeVar("Row")


class Tables(NamedTuple):
    """Every table of the gate; each is replaced when it changes."""

    people: Mapping[str, Person] = {}
    tokens: Mapping[str, TokenRecord] = {}
    delegations: Mapping[str, StoredDelegation] = {}
    sla_marks: Mapping[tuple[str, str], SlaMark] = {}
    commitments: Mapping[str, StoredCommitment] = {}
    decisions: Mapping[str, StoredDecision] = {}
    ledger: Mapping[str, LedgerEntry] = {}
    outbox: Mapping[str, QueuedMessage] = {}
    audit: tuple[AuditRow, ...] = ()
    known: tuple[int, datetime] | None = None
    """Number and time of the last event whose actor is known."""


class World(NamedTuple):
    """Tables and anchor: all that a store holds."""

    tables: Tables = Tables()
    anchor: Anchor | None = Anchor(size=0, head=GENESIS)


class MemoryReader:
    """Reads one state of the tables."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables

    def person(self, person_id: str) -> Person | None:
        """The person as the directory knows them now."""
        return self.tables.people.get(person_id)

    def people(self) -> tuple[Person, ...]:
        """Everybody, in order of id."""
        return _by_id(self.tables.people)

    def token(self, token_id: str) -> TokenRecord | None:
        """One token by the public part of its text."""
        return self.tables.tokens.get(token_id)

    def tokens(self) -> tuple[TokenRecord, ...]:
        """Every token, revoked ones too, in order of id."""
        return _by_id(self.tables.tokens)

    def token_holders(self, at: datetime) -> frozenset[str]:
        """Ids of the people who hold a token or session that is live at this moment."""
        return frozenset(token.person_id for token in self.tables.tokens.values() if token.live(at))

    def delegation(self, delegation_id: str) -> StoredDelegation | None:
        """One delegation."""
        return self.tables.delegations.get(delegation_id)

    def delegations(self) -> tuple[StoredDelegation, ...]:
        """Every delegation, ended and expired ones too, in order of id."""
        return _by_id(self.tables.delegations)

    def sla_marks(self, commitment_id: str | None = None) -> tuple[SlaMark, ...]:
        """The stages of lateness that one commitment reached, or all of them, in order of commitment and time."""
        marks = (mark for mark in self.tables.sla_marks.values() if commitment_id in (None, mark.commitment_id))
        return tuple(sorted(marks, key=lambda mark: (mark.commitment_id, mark.at)))

    def commitment(self, commitment_id: str) -> StoredCommitment | None:
        """One commitment."""
        return self.tables.commitments.get(commitment_id)

    def commitments(self) -> tuple[StoredCommitment, ...]:
        """Every commitment, oldest first."""
        return self._commitments(lambda _stored: True)

    def commitments_of_thread(self, thread_id: str) -> tuple[StoredCommitment, ...]:
        """Every commitment of one thread, oldest first."""
        return self._commitments(lambda stored: stored.commitment.thread_id == thread_id)

    def commitments_of_document(self, document_id: str) -> tuple[StoredCommitment, ...]:
        """Every commitment about one document, oldest first."""
        return self._commitments(lambda stored: stored.commitment.document_id == document_id)

    def open_commitments(self) -> tuple[StoredCommitment, ...]:
        """Commitments that are neither in the ledger nor superseded, oldest first."""
        return self._commitments(
            lambda stored: stored.superseded_by is None and self.ledger_entry(stored.commitment.commitment_id) is None
        )

    def decisions(self, commitment_id: str | None = None) -> tuple[StoredDecision, ...]:
        """Decisions on one commitment, or all of them, oldest first."""
        rows = (item for item in self.tables.decisions.values() if commitment_id in (None, item.filed_under))
        return tuple(sorted(rows, key=lambda item: (item.decision.decided_at, item.decision.decision_id)))

    def ledger_entry(self, commitment_id: str) -> LedgerEntry | None:
        """The row that this commitment became."""
        return _first(self.tables.ledger.values(), lambda entry: entry.commitment_id == commitment_id)

    def ledger(self) -> tuple[LedgerEntry, ...]:
        """Every row, oldest first."""
        return tuple(sorted(self.tables.ledger.values(), key=lambda entry: (entry.committed_at, entry.entry_id)))

    def outbox(self) -> tuple[QueuedMessage, ...]:
        """Every message, oldest first."""
        rows = self.tables.outbox.values()
        return tuple(sorted(rows, key=lambda item: (item.message.created_at, item.message.message_id)))

    def undelivered(self) -> Undelivered:
        """What a worker may have to do."""
        return Undelivered(tuple(row for row in self.outbox() if row.delivered_at is None and row.dead_at is None))

    def queued(self, message_id: str) -> QueuedMessage | None:
        """One message."""
        return self.tables.outbox.get(message_id)

    def audit_head(self) -> LogHead:
        """Where the log ends."""
        if not self.tables.audit:
            return LogHead(size=0, head=GENESIS)
        last = self.tables.audit[-1]
        seq, at = self.tables.known or (None, None)
        return LogHead(size=last.seq, head=last.hash, at=at, at_seq=seq)

    def audit_hash(self, seq: int) -> str | None:
        """The hash of one event; the beginning for 0, None where there is no such event."""
        rows = self.tables.audit
        near = rows[seq - 1 :] if 0 < seq <= len(rows) and rows[seq - 1].seq == seq else rows
        row = _first(near, lambda row: row.seq == seq)
        return GENESIS if seq == 0 else None if row is None else row.hash

    def audit_lines(self) -> Iterator[str]:
        """The stored text of each event in order, unparsed."""
        return (row.body for row in self.tables.audit)

    def audit_rows(self) -> Iterator[AuditRow]:
        """Each row of the log in order, unparsed."""
        return iter(self.tables.audit)

    def _commitments(self, wanted: Callable[[StoredCommitment], bool]) -> tuple[StoredCommitment, ...]:
        rows = filter(wanted, self.tables.commitments.values())
        return tuple(sorted(rows, key=lambda item: (item.commitment.requested_at, item.commitment.commitment_id)))


class MemoryTransaction(MemoryReader):
    """Writes inside one transaction; a broken constraint raises what SQLAlchemy raises."""

    def put_person(self, person: Person) -> None:
        """Add a person or replace what the directory says about them."""
        self._put(people={**self.tables.people, person.person_id: _stored(person)})

    def add_token(self, token: TokenRecord) -> None:
        """Add a token."""
        self._require(token.person_id in self.tables.people, "tokens.person_id")
        self._require(token.token_id not in self.tables.tokens, "tokens.token_id")
        self._put(tokens={**self.tables.tokens, token.token_id: token})

    def revoke_tokens(self, person_id: str, at: datetime) -> int:
        """Revoke every live token of a person; returns how many there were."""
        own = [token for token in self.tokens() if token.person_id == person_id and token.revoked_at is None]
        for token in own:
            self.revoke_one_token(token.token_id, at)
        return len(own)

    def revoke_one_token(self, token_id: str, at: datetime) -> None:
        """Revoke one token or session."""
        self._put(tokens=_updated(self.tables.tokens, token_id, revoked_at=at))

    def add_delegation(self, delegation: Delegation) -> None:
        """Add a delegation."""
        known = {delegation.delegator, delegation.delegate} <= self.tables.people.keys()
        self._require(known, "delegations.delegator, delegate")
        self._require(delegation.delegation_id not in self.tables.delegations, "delegations.delegation_id")
        row = StoredDelegation(delegation=_stored(delegation))
        self._put(delegations={**self.tables.delegations, delegation.delegation_id: row})

    def end_delegation(self, delegation_id: str, at: datetime) -> None:
        """Mark a delegation as ended."""
        self._put(delegations=_updated(self.tables.delegations, delegation_id, ended_at=at))

    def add_sla_mark(self, mark: SlaMark) -> None:
        """Add a stage of lateness; one per commitment and stage."""
        key = (mark.commitment_id, mark.stage.value)
        self._require(mark.commitment_id in self.tables.commitments, "sla_marks.commitment_id")
        self._require(key not in self.tables.sla_marks, "sla_marks.commitment_id, stage")
        self._put(sla_marks={**self.tables.sla_marks, key: _stored(mark)})

    def add_commitment(self, stored: StoredCommitment) -> None:
        """Add a commitment."""
        commitment_id = stored.commitment.commitment_id
        self._require(commitment_id not in self.tables.commitments, "commitments.commitment_id")
        taken = (other.digest for other in self.tables.commitments.values())
        self._require(stored.digest not in taken, "commitments.digest")
        row = stored.model_copy(update={"commitment": _stored(stored.commitment)})
        self._put(commitments={**self.tables.commitments, commitment_id: row})

    def supersede(self, commitment_id: str, by: str) -> None:
        """Mark a commitment as replaced by another one."""
        self._put(commitments=_updated(self.tables.commitments, commitment_id, superseded_by=by))

    def add_decision(self, decision: Decision) -> None:
        """Add a decision; one per commitment, person and outcome."""
        self._require(decision.commitment_id in self.tables.commitments, "decisions.commitment_id")
        self._require(decision.decided_by in self.tables.people, "decisions.person_id")
        self._require(decision.decision_id not in self.tables.decisions, "decisions.decision_id")
        key = (decision.commitment_id, decision.decided_by, decision.outcome)
        rows = self.tables.decisions.values()
        taken = ((row.filed_under, row.decision.decided_by, row.decision.outcome) for row in rows)
        self._require(key not in taken, "decisions.commitment_id, person_id, outcome")
        row = StoredDecision(decision=_stored(decision), filed_under=decision.commitment_id)
        self._put(decisions={**self.tables.decisions, decision.decision_id: row})

    def consume_decisions(self, decision_ids: Sequence[str], entry_id: str) -> None:
        """Mark decisions as used up by a ledger entry.

        Raises:
            InternalError: one of them is used up already or does not exist.
        """
        rows = self.tables.decisions
        if not all(key in rows and rows[key].consumed_by is None for key in decision_ids):
            raise InternalError("A decision was used up before.", entry_id=entry_id)
        for key in decision_ids:
            rows = _updated(rows, key, consumed_by=entry_id)
        self._put(decisions=rows)

    def add_ledger_entry(self, entry: LedgerEntry) -> None:
        """Add a ledger row; unique per commitment and per version of a document."""
        self._require(entry.commitment_id in self.tables.commitments, "ledger.commitment_id")
        self._require(entry.entry_id not in self.tables.ledger, "ledger.entry_id")
        self._require(self.ledger_entry(entry.commitment_id) is None, "ledger.commitment_id")
        places = {(other.document_id, other.document_version) for other in self.tables.ledger.values()}
        unused = (entry.document_id, entry.document_version) not in places
        self._require(unused, "ledger.document_id, document_version")
        self._put(ledger={**self.tables.ledger, entry.entry_id: _stored(entry)})

    def add_outbox(self, message: OutboxMessage) -> None:
        """Add a message; unique per idempotency key."""
        self._require(message.message_id not in self.tables.outbox, "outbox.message_id")
        taken = (row.message.idempotency_key for row in self.tables.outbox.values())
        self._require(message.idempotency_key not in taken, "outbox.idempotency_key")
        row = QueuedMessage(message=_stored(message))
        self._put(outbox={**self.tables.outbox, message.message_id: row})

    def put_delivery(self, queued: QueuedMessage) -> None:
        """Write how far the delivery of a message is; the message itself never changes."""
        progress = {name: getattr(queued, name) for name in QueuedMessage.model_fields if name != "message"}
        self._put(outbox=_updated(self.tables.outbox, queued.message.message_id, **progress))

    def append_audit(self, event: AuditEvent) -> None:
        """Append an event at ``event.seq``."""
        rows = self.tables.audit
        self._require(self.audit_hash(event.seq) is None, "audit.seq")
        body = canonical_bytes(event).decode()
        row = AuditRow(event.seq, event.hash, utc_text(event.at), event.event, event.subject, body)
        known = self.tables.known
        if event.actor != UNKNOWN and (known is None or event.seq > known[0]):
            known = (event.seq, event.at)
        in_order = not rows or rows[-1].seq < event.seq
        self._put(audit=(*rows, row) if in_order else tuple(sorted((*rows, row))), known=known)

    def _put(self, **changes: Any) -> None:
        self.tables = self.tables._replace(**changes)

    def _require(self, holds: bool, constraint: str) -> None:
        if not holds:
            _broken(constraint)


class MemoryStore:
    """The store of the gate, for tests of what stands on it; threads stand in line to write.

    Attributes:
        world: All that the store holds; keep it to come back to it, set it to go back.
    """

    def __init__(self, world: World | None = None) -> None:
        self.world = World() if world is None else world
        self._line = threading.Lock()
        self._writer: int | None = None

    @contextmanager
    def transaction(self) -> Iterator[MemoryTransaction]:
        """One writing transaction; writers stand in line, and an exception undoes everything.

        Raises:
            RuntimeError: this thread is in a transaction already and would wait for itself.
        """
        if self._writer == threading.get_ident():
            raise RuntimeError("a transaction inside a transaction would wait for itself")
        with self._line:
            self._writer = threading.get_ident()
            try:
                transaction = self._begin()
                yield transaction
                self.world = self.world._replace(tables=transaction.tables)
                self._follow()
            finally:
                self._writer = None

    @contextmanager
    def snapshot(self) -> Iterator[MemoryReader]:
        """One reading transaction."""
        yield MemoryReader(self.world.tables)

    def anchor(self) -> Anchor | None:
        """The anchor of the audit log."""
        return self.world.anchor

    def _begin(self) -> MemoryTransaction:
        return MemoryTransaction(self.world.tables)

    def _follow(self) -> None:
        """Move the anchor to the end of the log, unless the log contradicts it."""
        reader, anchored = MemoryReader(self.world.tables), self.world.anchor
        if anchored is None or reader.audit_hash(anchored.size) != anchored.head:
            return
        last = reader.audit_head()
        if last.size > anchored.size:
            self.world = self.world._replace(anchor=Anchor(size=last.size, head=last.head))


def _by_id(table: Mapping[str, Row]) -> tuple[Row, ...]:
    return tuple(table[key] for key in sorted(table))


def _first(rows: Iterable[Row], wanted: Callable[[Row], bool]) -> Row | None:
    return next(filter(wanted, rows), None)


def _stored(record: Body) -> Body:
    """The record as it comes back from its canonical text."""
    return type(record).model_validate_json(canonical_bytes(record))


def _updated(table: Mapping[str, Any], key: str, **changes: object) -> Mapping[str, Any]:
    """The table with one row changed; as in SQL, nothing happens where there is no such row."""
    return {**table, key: table[key].model_copy(update=changes)} if key in table else table


def _broken(constraint: str) -> NoReturn:
    from sqlalchemy.exc import IntegrityError

    raise IntegrityError("MemoryStore", {}, ValueError(f"constraint failed: {constraint}"))
