"""The store of the gate on SQLAlchemy; implements the protocols of `governance.store`."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from sqlalchemy import Connection, Row, Select, Table, insert, select, update

from partnership_os.errors import IntegrityError, InternalError
from partnership_os.governance.audit import GENESIS
from partnership_os.governance.canonical import canonical_bytes
from partnership_os.governance.store import (
    Anchor,
    AnchorStore,
    LogHead,
    StoredCommitment,
    StoredDecision,
    TokenRecord,
)
from partnership_os.schemas.base import utc_text
from partnership_os.schemas.commitment import AuditEvent, Commitment, Decision, LedgerEntry, OutboxMessage, Person
from partnership_os.storage import tables
from partnership_os.storage.database import Database

_Model = TypeVar("_Model", bound=BaseModel)


class SqlReader:
    """Reads inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def person(self, person_id: str) -> Person | None:
        """The person as the directory knows them now."""
        return self._one(Person, select(tables.people.c.body).where(tables.people.c.person_id == person_id))

    def people(self) -> tuple[Person, ...]:
        """Everybody, in order of id."""
        return self._all(Person, select(tables.people.c.body).order_by(tables.people.c.person_id))

    def token(self, token_id: str) -> TokenRecord | None:
        """One token by the public part of its text."""
        row = self._connection.execute(select(tables.tokens).where(tables.tokens.c.token_id == token_id)).one_or_none()
        return None if row is None else TokenRecord.model_validate(dict(row._mapping))

    def commitment(self, commitment_id: str) -> StoredCommitment | None:
        """One commitment."""
        found = self._commitments(select(tables.commitments).where(tables.commitments.c.commitment_id == commitment_id))
        return found[0] if found else None

    def commitments_of_thread(self, thread_id: str) -> tuple[StoredCommitment, ...]:
        """Every commitment of one thread, oldest first."""
        return self._commitments(select(tables.commitments).where(tables.commitments.c.thread_id == thread_id))

    def commitments_of_document(self, document_id: str) -> tuple[StoredCommitment, ...]:
        """Every commitment about one document, oldest first."""
        return self._commitments(select(tables.commitments).where(tables.commitments.c.document_id == document_id))

    def open_commitments(self) -> tuple[StoredCommitment, ...]:
        """Commitments that are neither in the ledger nor superseded, oldest first."""
        committed = select(tables.ledger.c.commitment_id)
        return self._commitments(
            select(tables.commitments).where(
                tables.commitments.c.superseded_by.is_(None), tables.commitments.c.commitment_id.not_in(committed)
            )
        )

    def decisions(self, commitment_id: str) -> tuple[StoredDecision, ...]:
        """Decisions on one commitment, oldest first."""
        columns = tables.decisions.c
        query = select(tables.decisions).where(columns.commitment_id == commitment_id)
        rows = self._connection.execute(query.order_by(columns.decided_at, columns.decision_id))
        return tuple(
            StoredDecision(
                decision=_load(Decision, row.body), filed_under=row.commitment_id, consumed_by=row.consumed_by
            )
            for row in rows
        )

    def ledger_entry(self, commitment_id: str) -> LedgerEntry | None:
        """The row that this commitment became."""
        columns = tables.ledger.c
        return self._one(LedgerEntry, select(columns.body).where(columns.commitment_id == commitment_id))

    def ledger_entry_of_document(self, document_id: str, version: int) -> LedgerEntry | None:
        """The row that this version of a document became."""
        columns = tables.ledger.c
        query = select(columns.body).where(columns.document_id == document_id, columns.document_version == version)
        return self._one(LedgerEntry, query)

    def ledger(self) -> tuple[LedgerEntry, ...]:
        """Every row, oldest first."""
        columns = tables.ledger.c
        return self._all(LedgerEntry, select(columns.body).order_by(columns.committed_at, columns.entry_id))

    def outbox(self) -> tuple[OutboxMessage, ...]:
        """Every message, oldest first."""
        columns = tables.outbox.c
        return self._all(OutboxMessage, select(columns.body).order_by(columns.created_at, columns.message_id))

    def audit_head(self) -> LogHead:
        """Where the log ends, taken from the columns of its last row."""
        columns = tables.audit.c
        query = select(columns.seq, columns.hash, columns.at).order_by(columns.seq.desc()).limit(1)
        row = self._connection.execute(query).one_or_none()
        if row is None:
            return LogHead(size=0, head=GENESIS)
        return LogHead(size=row.seq, head=row.hash, at=row.at)

    def audit_hash(self, seq: int) -> str | None:
        """The hash of one event by its column; the beginning for 0, None where there is no such event."""
        if seq == 0:
            return GENESIS
        query = select(tables.audit.c.hash).where(tables.audit.c.seq == seq)
        return self._connection.execute(query).scalar_one_or_none()

    def audit_lines(self) -> Iterator[str]:
        """The stored text of each event in order, unparsed."""
        query = select(tables.audit.c.body).order_by(tables.audit.c.seq)
        return iter(self._connection.execute(query).yield_per(1_000).scalars())

    def _commitments(self, query: Select[tuple[object, ...]]) -> tuple[StoredCommitment, ...]:
        columns = tables.commitments.c
        rows = self._connection.execute(query.order_by(columns.requested_at, columns.commitment_id))
        return tuple(_stored_commitment(row) for row in rows)

    def _one(self, model: type[_Model], query: Select[tuple[str]]) -> _Model | None:
        body = self._connection.execute(query).scalar_one_or_none()
        return None if body is None else _load(model, body)

    def _all(self, model: type[_Model], query: Select[tuple[str]]) -> tuple[_Model, ...]:
        return tuple(_load(model, body) for body in self._connection.execute(query).scalars())


class SqlTransaction(SqlReader):
    """Writes inside one transaction."""

    def put_person(self, person: Person) -> None:
        """Add a person or replace what the directory says about them."""
        changed = self._connection.execute(
            update(tables.people).where(tables.people.c.person_id == person.person_id).values(body=_dump(person))
        )
        if changed.rowcount == 0:
            self._insert(tables.people, person_id=person.person_id, body=_dump(person))

    def add_token(self, token: TokenRecord) -> None:
        """Add a token."""
        self._insert(
            tables.tokens,
            token_id=token.token_id,
            person_id=token.person_id,
            secret_hash=token.secret_hash,
            created_at=utc_text(token.created_at),
            revoked_at=None if token.revoked_at is None else utc_text(token.revoked_at),
        )

    def revoke_tokens(self, person_id: str, at: datetime) -> int:
        """Revoke every live token of a person; returns how many there were."""
        columns = tables.tokens.c
        live = update(tables.tokens).where(columns.person_id == person_id, columns.revoked_at.is_(None))
        return self._connection.execute(live.values(revoked_at=utc_text(at))).rowcount

    def add_commitment(self, stored: StoredCommitment) -> None:
        """Add a commitment."""
        commitment = stored.commitment
        self._insert(
            tables.commitments,
            commitment_id=commitment.commitment_id,
            digest=stored.digest,
            thread_id=commitment.thread_id,
            document_id=commitment.document_id,
            document_version=commitment.document_version,
            requested_at=utc_text(commitment.requested_at),
            superseded_by=stored.superseded_by,
            body=_dump(commitment),
        )

    def supersede(self, commitment_id: str, by: str) -> None:
        """Mark a commitment as replaced by another one."""
        columns = tables.commitments.c
        self._connection.execute(
            update(tables.commitments).where(columns.commitment_id == commitment_id).values(superseded_by=by)
        )

    def add_decision(self, decision: Decision) -> None:
        """Add a decision; one per commitment, person and outcome."""
        self._insert(
            tables.decisions,
            decision_id=decision.decision_id,
            commitment_id=decision.commitment_id,
            person_id=decision.decided_by,
            outcome=decision.outcome.value,
            decided_at=utc_text(decision.decided_at),
            body=_dump(decision),
        )

    def consume_decisions(self, decision_ids: Sequence[str], entry_id: str) -> None:
        """Mark decisions as used up by a ledger entry.

        Raises:
            InternalError: one of them is used up already or does not exist.
        """
        columns = tables.decisions.c
        fresh = update(tables.decisions).where(columns.decision_id.in_(decision_ids), columns.consumed_by.is_(None))
        if self._connection.execute(fresh.values(consumed_by=entry_id)).rowcount != len(decision_ids):
            raise InternalError("A decision was used up before.", entry_id=entry_id)

    def add_ledger_entry(self, entry: LedgerEntry) -> None:
        """Add a ledger row; unique per commitment and per version of a document."""
        self._insert(
            tables.ledger,
            entry_id=entry.entry_id,
            commitment_id=entry.commitment_id,
            document_id=entry.document_id,
            document_version=entry.document_version,
            thread_id=entry.thread_id,
            committed_at=utc_text(entry.committed_at),
            body=_dump(entry),
        )

    def add_outbox(self, message: OutboxMessage) -> None:
        """Add a message; unique per idempotency key."""
        self._insert(
            tables.outbox,
            message_id=message.message_id,
            idempotency_key=message.idempotency_key,
            kind=message.kind,
            created_at=utc_text(message.created_at),
            body=_dump(message),
        )

    def append_audit(self, event: AuditEvent) -> None:
        """Append an event at ``event.seq``."""
        self._insert(
            tables.audit,
            seq=event.seq,
            hash=event.hash,
            at=utc_text(event.at),
            event=event.event,
            subject=event.subject,
            body=_dump(event),
        )

    def _insert(self, table: Table, **values: str | int | None) -> None:
        self._connection.execute(insert(table).values(**values))


class SqlGovernanceStore:
    """The store of the gate.

    After each writing transaction the anchor follows the log, but never over a log that contradicts it: a cut or a
    rewritten log stays visible whatever is appended to it.

    Args:
        database: An open database.
        anchor: A place outside of the database.
    """

    def __init__(self, database: Database, anchor: AnchorStore) -> None:
        self._database = database
        self._anchor = anchor
        if anchor.read() is None:
            with self._locked() as transaction:
                if transaction.audit_head().size == 0 and anchor.read() is None:
                    anchor.write(Anchor(size=0, head=GENESIS))

    @contextmanager
    def transaction(self) -> Iterator[SqlTransaction]:
        """One writing transaction; writers stand in line, and an exception undoes everything."""
        with self._locked() as transaction:
            yield transaction
        self._follow()

    @contextmanager
    def snapshot(self) -> Iterator[SqlReader]:
        """One reading transaction."""
        with self._database.read() as connection:
            yield SqlReader(connection)

    def anchor(self) -> Anchor | None:
        """The anchor of the audit log; read it before the log, which only grows."""
        return self._anchor.read()

    @contextmanager
    def _locked(self) -> Iterator[SqlTransaction]:
        with self._database.write() as connection:
            connection.execute(select(tables.write_lock.c.id).with_for_update())
            yield SqlTransaction(connection)

    def _follow(self) -> None:
        """Move the anchor to the end of the log, holding the write lock so that it never moves back."""
        with self._locked() as transaction:
            try:
                anchored = self._anchor.read()
            except IntegrityError:
                return
            if anchored is None or transaction.audit_hash(anchored.size) != anchored.head:
                return
            last = transaction.audit_head()
            if last.size > anchored.size:
                self._anchor.write(Anchor(size=last.size, head=last.head))


def _stored_commitment(row: Row[tuple[object, ...]]) -> StoredCommitment:
    commitment = _load(Commitment, row.body)
    if commitment.commitment_id != row.commitment_id:
        raise IntegrityError(
            f"The row of {row.commitment_id} holds another commitment.",
            fix="Run `partnership audit verify` and find out who changed the database.",
            commitment_id=row.commitment_id,
        )
    return StoredCommitment(commitment=commitment, digest=row.digest, superseded_by=row.superseded_by)


def _dump(record: BaseModel) -> str:
    return canonical_bytes(record).decode()


def _load(model: type[_Model], body: str) -> _Model:
    try:
        return model.model_validate_json(body)
    except ValidationError:
        raise IntegrityError(
            f"A stored {model.__name__} cannot be read.",
            fix="Run `partnership audit verify` and find out who changed the database.",
        ) from None
