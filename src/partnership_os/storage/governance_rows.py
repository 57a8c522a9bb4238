"""How the records of the gate stand in their tables: the body, and the columns that repeat parts of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from pydantic import BaseModel, ValidationError
from sqlalchemy import Row, Table

from partnership_os.errors import IntegrityError
from partnership_os.governance.canonical import canonical_bytes
from partnership_os.governance.store import (
    QueuedMessage,
    StoredCommitment,
    StoredDecision,
    StoredDelegation,
    TokenRecord,
)
from partnership_os.schemas.base import utc_text
from partnership_os.schemas.commitment import (
    Commitment,
    Decision,
    Delegation,
    LedgerEntry,
    OutboxMessage,
    Person,
    SlaMark,
)
from partnership_os.storage import tables

Model = TypeVar("Model", bound=BaseModel)
_LONGEST_ID: Final = 200
"""As much of an id as a report takes; the ids of this code are shorter."""


def dump(record: BaseModel) -> str:
    """The body of a record: its canonical text."""
    return canonical_bytes(record).decode()


def token_of(row: Row[tuple[object, ...]]) -> TokenRecord:
    """The token of a row.

    Raises:
        IntegrityError: the row holds no token.
    """
    return checked(TokenRecord, "tokens", row.token_id, dict(row._mapping))


def queued_of(row: Row[tuple[object, ...]]) -> QueuedMessage:
    """The message of a row, with how far its delivery is.

    Raises:
        IntegrityError: the row holds no message.
    """
    fields = {name: row._mapping[name] for name in QueuedMessage.model_fields if name != "message"}
    message = OUTBOX.load(row)
    return checked(QueuedMessage, "outbox", message.message_id, {"message": message, **fields})


def commitment_of(row: Row[tuple[object, ...]]) -> StoredCommitment:
    """The commitment of a row, with its digest and what replaced it.

    Raises:
        IntegrityError: the row holds no commitment.
    """
    commitment = COMMITMENTS.load(row)
    fields = {"commitment": commitment, "digest": row.digest, "superseded_by": row.superseded_by}
    return checked(StoredCommitment, "commitments", commitment.commitment_id, fields)


def decision_of(row: Row[tuple[object, ...]]) -> StoredDecision:
    """The decision of a row, with where it is filed and what used it up.

    Raises:
        IntegrityError: the row holds no decision.
    """
    decision = DECISIONS.load(row)
    fields = {"decision": decision, "filed_under": row.commitment_id, "consumed_by": row.consumed_by}
    return checked(StoredDecision, "decisions", decision.decision_id, fields)


def delegation_of(row: Row[tuple[object, ...]]) -> StoredDelegation:
    """The delegation of a row, with its end.

    Raises:
        IntegrityError: the row holds no delegation.
    """
    delegation = DELEGATIONS.load(row)
    fields = {"delegation": delegation, "ended_at": row.ended_at}
    return checked(StoredDelegation, "delegations", delegation.delegation_id, fields)


def checked(model: type[Model], table: str, row_id: object, fields: dict[str, object]) -> Model:
    """A record made of the columns of one row.

    Raises:
        IntegrityError: a column holds what this code never writes there; names the table and the row.
    """
    try:
        return model.model_validate(fields)
    except ValidationError:
        raise changed(table, str(row_id), "cannot be read") from None


def changed(table: str, row_id: str, how: str) -> IntegrityError:
    """The error for a row that somebody changed past this code; what stands there as its id is cut to what is shown."""
    shown = row_id[:_LONGEST_ID] or "-"
    return IntegrityError(
        f"The row {shown} of the table {table} {how}.",
        fix="Run `partnership audit verify` and find out who changed the database.",
        table=table,
        row_id=shown,
    )


@dataclass(frozen=True)
class Kind(Generic[Model]):
    """How records of one kind stand in their table: the body, and the columns that repeat parts of it."""

    table: Table
    model: type[Model]
    columns: Callable[[Model], dict[str, str | int]]

    def load(self, row: Row[tuple[object, ...]]) -> Model:
        """The record of a row.

        Raises:
            IntegrityError: the body is no such record, or the columns say something else than the body.
        """
        row_id = str(row._mapping[self.table.primary_key.columns[0].name])
        try:
            record = self.model.model_validate_json(row.body)
        except ValidationError:
            raise changed(self.table.name, row_id, "cannot be read") from None
        if any(row._mapping[name] != value for name, value in self.columns(record).items()):
            raise changed(self.table.name, row_id, "says two different things")
        return record


PEOPLE: Final = Kind(tables.people, Person, lambda person: {"person_id": person.person_id})
COMMITMENTS: Final = Kind(
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
DECISIONS: Final = Kind(
    tables.decisions,
    Decision,
    lambda decision: {
        "decision_id": decision.decision_id,
        "person_id": decision.decided_by,
        "outcome": decision.outcome.value,
        "decided_at": utc_text(decision.decided_at),
    },
)
LEDGER: Final = Kind(
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
OUTBOX: Final = Kind(
    tables.outbox,
    OutboxMessage,
    lambda message: {
        "message_id": message.message_id,
        "idempotency_key": message.idempotency_key,
        "kind": message.kind,
        "created_at": utc_text(message.created_at),
    },
)
DELEGATIONS: Final = Kind(
    tables.delegations,
    Delegation,
    lambda delegation: {
        "delegation_id": delegation.delegation_id,
        "delegator": delegation.delegator,
        "delegate": delegation.delegate,
    },
)
SLA_MARKS: Final = Kind(
    tables.sla_marks, SlaMark, lambda mark: {"commitment_id": mark.commitment_id, "stage": mark.stage.value}
)
