"""The store of the gate on SQLAlchemy; implements the protocols of `governance.store`."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Table, insert, select, update

from partnership_os.errors import IntegrityError, InternalError
from partnership_os.governance.audit import GENESIS
from partnership_os.governance.store import Anchor, AnchorStore, QueuedMessage, StoredCommitment, TokenRecord
from partnership_os.schemas.base import utc_text
from partnership_os.schemas.commitment import (
    AuditEvent,
    Decision,
    Delegation,
    LedgerEntry,
    OutboxMessage,
    Person,
    SlaMark,
)
from partnership_os.storage import tables
from partnership_os.storage.database import Database
from partnership_os.storage.governance_reader import SqlReader
from partnership_os.storage.governance_rows import (
    COMMITMENTS,
    DECISIONS,
    DELEGATIONS,
    LEDGER,
    OUTBOX,
    PEOPLE,
    SLA_MARKS,
    Kind,
    Model,
    dump,
)


class SqlTransaction(SqlReader):
    """Writes inside one transaction."""

    def put_person(self, person: Person) -> None:
        """Add a person or replace what the directory says about them."""
        changed = self._connection.execute(
            update(tables.people).where(tables.people.c.person_id == person.person_id).values(body=dump(person))
        )
        if changed.rowcount == 0:
            self._add(PEOPLE, person)

    def add_token(self, token: TokenRecord) -> None:
        """Add a token."""
        self._insert(
            tables.tokens,
            token_id=token.token_id,
            person_id=token.person_id,
            secret_hash=token.secret_hash,
            created_at=utc_text(token.created_at),
            revoked_at=_text(token.revoked_at),
            kind=token.kind.value,
            expires_at=_text(token.expires_at),
        )

    def revoke_tokens(self, person_id: str, at: datetime) -> int:
        """Revoke every live token of a person; returns how many there were."""
        columns = tables.tokens.c
        live = update(tables.tokens).where(columns.person_id == person_id, columns.revoked_at.is_(None))
        return self._connection.execute(live.values(revoked_at=utc_text(at))).rowcount

    def revoke_one_token(self, token_id: str, at: datetime) -> None:
        """Revoke one token or session."""
        one = update(tables.tokens).where(tables.tokens.c.token_id == token_id)
        self._connection.execute(one.values(revoked_at=utc_text(at)))

    def add_delegation(self, delegation: Delegation) -> None:
        """Add a delegation."""
        self._add(DELEGATIONS, delegation)

    def end_delegation(self, delegation_id: str, at: datetime) -> None:
        """Mark a delegation as ended."""
        one = update(tables.delegations).where(tables.delegations.c.delegation_id == delegation_id)
        self._connection.execute(one.values(ended_at=utc_text(at)))

    def add_sla_mark(self, mark: SlaMark) -> None:
        """Add a stage of lateness; one per commitment and stage."""
        self._add(SLA_MARKS, mark)

    def add_commitment(self, stored: StoredCommitment) -> None:
        """Add a commitment."""
        self._add(COMMITMENTS, stored.commitment, digest=stored.digest, superseded_by=stored.superseded_by)

    def supersede(self, commitment_id: str, by: str) -> None:
        """Mark a commitment as replaced by another one."""
        columns = tables.commitments.c
        self._connection.execute(
            update(tables.commitments).where(columns.commitment_id == commitment_id).values(superseded_by=by)
        )

    def add_decision(self, decision: Decision) -> None:
        """Add a decision; one per commitment, person and outcome."""
        self._add(DECISIONS, decision, commitment_id=decision.commitment_id)

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
        self._add(LEDGER, entry)

    def add_outbox(self, message: OutboxMessage) -> None:
        """Add a message; unique per idempotency key."""
        self._add(OUTBOX, message)

    def put_delivery(self, queued: QueuedMessage) -> None:
        """Write how far the delivery of a message is; the message itself never changes."""
        one = update(tables.outbox).where(tables.outbox.c.message_id == queued.message.message_id)
        self._connection.execute(
            one.values(
                attempts=queued.attempts,
                next_attempt_at=_text(queued.next_attempt_at),
                delivered_at=_text(queued.delivered_at),
                dead_at=_text(queued.dead_at),
                claimed_by=queued.claimed_by,
                claimed_until=_text(queued.claimed_until),
                last_error=queued.last_error,
                receipt=queued.receipt,
            )
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
            body=dump(event),
        )

    def _add(self, kind: Kind[Model], record: Model, **beside: str | None) -> None:
        self._insert(kind.table, **kind.columns(record), **beside, body=dump(record))

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
                if transaction.log_is_empty() and anchor.read() is None:
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
                anchored, last = self._anchor.read(), transaction.audit_head()
            except IntegrityError:
                return
            if anchored is None or transaction.audit_hash(anchored.size) != anchored.head:
                return
            if last.size > anchored.size:
                self._anchor.write(Anchor(size=last.size, head=last.head))


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else utc_text(moment)
