"""What the gate reads inside one transaction, on SQLAlchemy."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from sqlalchemy import Column, ColumnElement, Connection, Select, and_, false, or_, select

from partnership_os.errors import IntegrityError
from partnership_os.governance.audit import GENESIS
from partnership_os.governance.refusal import UNKNOWN
from partnership_os.governance.store import (
    AuditRow,
    LogHead,
    QueuedMessage,
    StoredCommitment,
    StoredDecision,
    StoredDelegation,
    TokenRecord,
    Undelivered,
)
from partnership_os.schemas.base import utc_text
from partnership_os.schemas.commitment import LedgerEntry, Person, SlaMark
from partnership_os.storage import tables
from partnership_os.storage.governance_rows import (
    LEDGER,
    PEOPLE,
    SLA_MARKS,
    Kind,
    Model,
    checked,
    commitment_of,
    decision_of,
    delegation_of,
    queued_of,
    token_of,
)

_BY_NOBODY: Final = f'{{"actor":"{UNKNOWN}",%'
"""How the canonical text of an event begins whose actor did not show who they are."""


class SqlReader:
    """Reads inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def person(self, person_id: str) -> Person | None:
        """The person as the directory knows them now."""
        return self._one(PEOPLE, _is(tables.people.c.person_id, person_id))

    def people(self) -> tuple[Person, ...]:
        """Everybody, in order of id."""
        return self._all(PEOPLE, select(tables.people).order_by(tables.people.c.person_id))

    def token(self, token_id: str) -> TokenRecord | None:
        """One token by the public part of its text."""
        query = select(tables.tokens).where(_is(tables.tokens.c.token_id, token_id))
        row = self._connection.execute(query).one_or_none()
        return None if row is None else token_of(row)

    def tokens(self) -> tuple[TokenRecord, ...]:
        """Every token, revoked ones too, in order of id."""
        rows = self._connection.execute(select(tables.tokens).order_by(tables.tokens.c.token_id))
        return tuple(token_of(row) for row in rows)

    def token_holders(self, at: datetime) -> frozenset[str]:
        """Ids of the people who hold a token or session that is live at this moment."""
        columns = tables.tokens.c
        live = and_(columns.revoked_at.is_(None), or_(columns.expires_at.is_(None), columns.expires_at > utc_text(at)))
        return frozenset(self._connection.execute(select(columns.person_id).where(live)).scalars())

    def delegation(self, delegation_id: str) -> StoredDelegation | None:
        """One delegation."""
        query = select(tables.delegations).where(_is(tables.delegations.c.delegation_id, delegation_id))
        found = self._delegations(query)
        return found[0] if found else None

    def delegations(self) -> tuple[StoredDelegation, ...]:
        """Every delegation, ended and expired ones too, in order of id."""
        return self._delegations(select(tables.delegations))

    def sla_marks(self, commitment_id: str | None = None) -> tuple[SlaMark, ...]:
        """The stages of lateness that one commitment reached, or all of them, in order of commitment and time."""
        query = select(tables.sla_marks)
        if commitment_id is not None:
            query = query.where(_is(tables.sla_marks.c.commitment_id, commitment_id))
        return tuple(sorted(self._all(SLA_MARKS, query), key=lambda mark: (mark.commitment_id, mark.at)))

    def commitment(self, commitment_id: str) -> StoredCommitment | None:
        """One commitment."""
        query = select(tables.commitments).where(_is(tables.commitments.c.commitment_id, commitment_id))
        found = self._commitments(query)
        return found[0] if found else None

    def commitments_of_thread(self, thread_id: str) -> tuple[StoredCommitment, ...]:
        """Every commitment of one thread, oldest first."""
        return self._commitments(select(tables.commitments).where(_is(tables.commitments.c.thread_id, thread_id)))

    def commitments_of_document(self, document_id: str) -> tuple[StoredCommitment, ...]:
        """Every commitment about one document, oldest first."""
        return self._commitments(select(tables.commitments).where(_is(tables.commitments.c.document_id, document_id)))

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
            query = query.where(_is(columns.commitment_id, commitment_id))
        return tuple(decision_of(row) for row in self._connection.execute(query))

    def ledger_entry(self, commitment_id: str) -> LedgerEntry | None:
        """The row that this commitment became."""
        return self._one(LEDGER, _is(tables.ledger.c.commitment_id, commitment_id))

    def ledger(self) -> tuple[LedgerEntry, ...]:
        """Every row, oldest first."""
        columns = tables.ledger.c
        return self._all(LEDGER, select(tables.ledger).order_by(columns.committed_at, columns.entry_id))

    def outbox(self) -> tuple[QueuedMessage, ...]:
        """Every message, oldest first."""
        columns = tables.outbox.c
        rows = self._connection.execute(select(tables.outbox).order_by(columns.created_at, columns.message_id))
        return tuple(queued_of(row) for row in rows)

    def undelivered(self) -> Undelivered:
        """What a worker may have to do; a row that cannot be read is named and raises nothing."""
        columns = tables.outbox.c
        waiting = select(tables.outbox).where(columns.delivered_at.is_(None), columns.dead_at.is_(None))
        messages: list[QueuedMessage] = []
        unreadable: list[str] = []
        for row in self._connection.execute(waiting.order_by(columns.created_at, columns.message_id)):
            try:
                messages.append(queued_of(row))
            except IntegrityError:
                unreadable.append(str(row.message_id))
        return Undelivered(tuple(messages), tuple(unreadable))

    def queued(self, message_id: str) -> QueuedMessage | None:
        """One message."""
        query = select(tables.outbox).where(_is(tables.outbox.c.message_id, message_id))
        row = self._connection.execute(query).one_or_none()
        return None if row is None else queued_of(row)

    def audit_head(self) -> LogHead:
        """Where the log ends, taken from the columns of its last rows.

        Raises:
            IntegrityError: one of them holds what is no hash or no time.
        """
        columns = tables.audit.c
        query = select(columns.seq, columns.hash, columns.at).order_by(columns.seq.desc()).limit(1)
        last = self._connection.execute(query).one_or_none()
        if last is None:
            return LogHead(size=0, head=GENESIS)
        end = {"size": last.seq, "head": last.hash}
        head = checked(LogHead, tables.audit.name, last.seq, end)
        known = self._connection.execute(query.where(columns.body.not_like(_BY_NOBODY))).one_or_none()
        if known is None:
            return head
        return checked(LogHead, tables.audit.name, known.seq, {**end, "at": known.at, "at_seq": known.seq})

    def log_is_empty(self) -> bool:
        """True where the log holds no row, readable or not; a damaged log is opened like another, to be looked at."""
        return self._connection.execute(select(tables.audit.c.seq).limit(1)).first() is None

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
        return tuple(commitment_of(row) for row in rows)

    def _delegations(self, query: Select[tuple[object, ...]]) -> tuple[StoredDelegation, ...]:
        rows = self._connection.execute(query.order_by(tables.delegations.c.delegation_id))
        return tuple(delegation_of(row) for row in rows)

    def _one(self, kind: Kind[Model], where: ColumnElement[bool]) -> Model | None:
        row = self._connection.execute(select(kind.table).where(where)).one_or_none()
        return None if row is None else kind.load(row)

    def _all(self, kind: Kind[Model], query: Select[tuple[object, ...]]) -> tuple[Model, ...]:
        return tuple(kind.load(row) for row in self._connection.execute(query))


def _is(column: Column[str], given: str) -> ColumnElement[bool]:
    """That a column holds a text; none holds what has no form in UTF-8, which a driver would not even send."""
    try:
        given.encode()
    except UnicodeEncodeError:
        return false()
    return column == given
