"""The store of the gate on SQLAlchemy; implements the protocols of `governance.store`."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Generic, TypeVar

from pydantic import BaseModel, ValidationError
from sqlalchemy import ColumnElement, Connection, Row, Select, Table, and_, insert, select, update

from partnership_os.errors import IntegrityError, InternalError
from partnership_os.governance.audit import GENESIS
from partnership_os.governance.canonical import canonical_bytes
from partnership_os.governance.refusal import UNKNOWN
from partnership_os.governance.store import (
    Anchor,
    AnchorStore,
    AuditRow,
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

_BY_NOBODY: Final = f'{{"actor":"{UNKNOWN}",%'
"""How the canonical text of an event begins whose actor did not show who they are."""


class SqlReader:
    """Reads inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def person(self, person_id: str) -> Person | None:
        """The person as the directory knows them now."""
        return self._one(_PEOPLE, tables.people.c.person_id == person_id)

    def people(self) -> tuple[Person, ...]:
        """Everybody, in order of id."""
        return self._all(_PEOPLE, select(tables.people).order_by(tables.people.c.person_id))

    def token(self, token_id: str) -> TokenRecord | None:
        """One token by the public part of its text."""
        row = self._connection.execute(select(tables.tokens).where(tables.tokens.c.token_id == token_id)).one_or_none()
        return None if row is None else _token(row)

    def tokens(self) -> tuple[TokenRecord, ...]:
        """Every token, revoked ones too, in order of id."""
        rows = self._connection.execute(select(tables.tokens).order_by(tables.tokens.c.token_id))
        return tuple(_token(row) for row in rows)

    def token_holders(self) -> frozenset[str]:
        """Ids of the people who hold a token that is not revoked."""
        columns = tables.tokens.c
        return frozenset(
            self._connection.execute(select(columns.person_id).where(columns.revoked_at.is_(None))).scalars()
        )

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

    def commitments(self) -> tuple[StoredCommitment, ...]:
        """Every commitment, oldest first."""
        return self._commitments(select(tables.commitments))

    def open_commitments(self) -> tuple[StoredCommitment, ...]:
        """Commitments that are neither in the ledger nor superseded, oldest first."""
        committed = select(tables.ledger.c.commitment_id)
        return self._commitments(
            select(tables.commitments).where(
                tables.commitments.c.superseded_by.is_(None), tables.commitments.c.commitment_id.not_in(committed)
            )
        )

    def decisions(self, commitment_id: str | None = None) -> tuple[StoredDecision, ...]:
        """Decisions on one commitment, or all of them, oldest first."""
        columns = tables.decisions.c
        query = select(tables.decisions).order_by(columns.decided_at, columns.decision_id)
        if commitment_id is not None:
            query = query.where(columns.commitment_id == commitment_id)
        return tuple(
            StoredDecision(decision=_DECISIONS.load(row), filed_under=row.commitment_id, consumed_by=row.consumed_by)
            for row in self._connection.execute(query)
        )

    def ledger_entry(self, commitment_id: str) -> LedgerEntry | None:
        """The row that this commitment became."""
        return self._one(_LEDGER, tables.ledger.c.commitment_id == commitment_id)

    def ledger_entry_of_document(self, document_id: str, version: int) -> LedgerEntry | None:
        """The row that this version of a document became."""
        columns = tables.ledger.c
        return self._one(_LEDGER, and_(columns.document_id == document_id, columns.document_version == version))

    def ledger(self) -> tuple[LedgerEntry, ...]:
        """Every row, oldest first."""
        columns = tables.ledger.c
        return self._all(_LEDGER, select(tables.ledger).order_by(columns.committed_at, columns.entry_id))

    def outbox(self) -> tuple[OutboxMessage, ...]:
        """Every message, oldest first."""
        columns = tables.outbox.c
        return self._all(_OUTBOX, select(tables.outbox).order_by(columns.created_at, columns.message_id))

    def audit_head(self) -> LogHead:
        """Where the log ends, taken from the columns of its last rows."""
        columns = tables.audit.c
        query = select(columns.seq, columns.hash, columns.at).order_by(columns.seq.desc()).limit(1)
        last = self._connection.execute(query).one_or_none()
        if last is None:
            return LogHead(size=0, head=GENESIS)
        known = self._connection.execute(query.where(columns.body.not_like(_BY_NOBODY))).one_or_none()
        if known is None:
            return LogHead(size=last.seq, head=last.hash)
        return LogHead(size=last.seq, head=last.hash, at=known.at, at_seq=known.seq)

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

    def audit_rows(self) -> Iterator[AuditRow]:
        """Each row of the log in order, unparsed."""
        columns = [tables.audit.c[name] for name in AuditRow._fields]
        rows = self._connection.execute(
            select(*columns).order_by(tables.audit.c.seq).execution_options(yield_per=1_000)
        )
        return (AuditRow(*row) for row in rows)

    def _commitments(self, query: Select[tuple[object, ...]]) -> tuple[StoredCommitment, ...]:
        columns = tables.commitments.c
        rows = self._connection.execute(query.order_by(columns.requested_at, columns.commitment_id))
        return tuple(
            StoredCommitment(commitment=_COMMITMENTS.load(row), digest=row.digest, superseded_by=row.superseded_by)
            for row in rows
        )

    def _one(self, kind: "_Kind[_Model]", where: ColumnElement[bool]) -> _Model | None:
        row = self._connection.execute(select(kind.table).where(where)).one_or_none()
        return None if row is None else kind.load(row)

    def _all(self, kind: "_Kind[_Model]", query: Select[tuple[object, ...]]) -> tuple[_Model, ...]:
        return tuple(kind.load(row) for row in self._connection.execute(query))


class SqlTransaction(SqlReader):
    """Writes inside one transaction."""

    def put_person(self, person: Person) -> None:
        """Add a person or replace what the directory says about them."""
        changed = self._connection.execute(
            update(tables.people).where(tables.people.c.person_id == person.person_id).values(body=_dump(person))
        )
        if changed.rowcount == 0:
            self._add(_PEOPLE, person)

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
        self._add(_COMMITMENTS, stored.commitment, digest=stored.digest, superseded_by=stored.superseded_by)

    def supersede(self, commitment_id: str, by: str) -> None:
        """Mark a commitment as replaced by another one."""
        columns = tables.commitments.c
        self._connection.execute(
            update(tables.commitments).where(columns.commitment_id == commitment_id).values(superseded_by=by)
        )

    def add_decision(self, decision: Decision) -> None:
        """Add a decision; one per commitment, person and outcome."""
        self._add(_DECISIONS, decision, commitment_id=decision.commitment_id)

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
        self._add(_LEDGER, entry)

    def add_outbox(self, message: OutboxMessage) -> None:
        """Add a message; unique per idempotency key."""
        self._add(_OUTBOX, message)

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

    def _add(self, kind: "_Kind[_Model]", record: _Model, **beside: str | None) -> None:
        self._insert(kind.table, **kind.columns(record), **beside, body=_dump(record))

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


def _dump(record: BaseModel) -> str:
    return canonical_bytes(record).decode()


def _token(row: Row[tuple[object, ...]]) -> TokenRecord:
    try:
        return TokenRecord.model_validate(dict(row._mapping))
    except ValidationError:
        raise _changed("tokens", str(row.token_id), "cannot be read") from None


def _changed(table: str, row_id: str, how: str) -> IntegrityError:
    return IntegrityError(
        f"The row {row_id} of the table {table} {how}.",
        fix="Run `partnership audit verify` and find out who changed the database.",
        table=table,
        row_id=row_id,
    )


@dataclass(frozen=True)
class _Kind(Generic[_Model]):
    """How records of one kind stand in their table: the body, and the columns that repeat parts of it."""

    table: Table
    model: type[_Model]
    columns: Callable[[_Model], dict[str, str | int]]

    def load(self, row: Row[tuple[object, ...]]) -> _Model:
        """The record of a row.

        Raises:
            IntegrityError: the body is no such record, or the columns say something else than the body.
        """
        row_id = str(row._mapping[self.table.primary_key.columns[0].name])
        try:
            record = self.model.model_validate_json(row.body)
        except ValidationError:
            raise _changed(self.table.name, row_id, "cannot be read") from None
        if any(row._mapping[name] != value for name, value in self.columns(record).items()):
            raise _changed(self.table.name, row_id, "says two different things")
        return record


_PEOPLE: Final = _Kind(tables.people, Person, lambda person: {"person_id": person.person_id})
_COMMITMENTS: Final = _Kind(
    tables.commitments,
    Commitment,
    lambda commitment: {
        "commitment_id": commitment.commitment_id,
        "thread_id": commitment.thread_id,
        "document_id": commitment.document_id,
        "document_version": commitment.document_version,
        "requested_at": utc_text(commitment.requested_at),
    },
)
_DECISIONS: Final = _Kind(
    tables.decisions,
    Decision,
    lambda decision: {
        "decision_id": decision.decision_id,
        "person_id": decision.decided_by,
        "outcome": decision.outcome.value,
        "decided_at": utc_text(decision.decided_at),
    },
)
_LEDGER: Final = _Kind(
    tables.ledger,
    LedgerEntry,
    lambda entry: {
        "entry_id": entry.entry_id,
        "commitment_id": entry.commitment_id,
        "document_id": entry.document_id,
        "document_version": entry.document_version,
        "thread_id": entry.thread_id,
        "committed_at": utc_text(entry.committed_at),
    },
)
_OUTBOX: Final = _Kind(
    tables.outbox,
    OutboxMessage,
    lambda message: {
        "message_id": message.message_id,
        "idempotency_key": message.idempotency_key,
        "kind": message.kind,
        "created_at": utc_text(message.created_at),
    },
)
