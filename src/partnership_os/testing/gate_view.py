"""Everything that the invariants look at, read from a store of the gate, and the step that led there."""

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from partnership_os.governance.signing import Verifier
from partnership_os.governance.store import (
    Anchor,
    AuditRow,
    GovernanceStore,
    QueuedMessage,
    StoredCommitment,
    StoredDecision,
    StoredDelegation,
)
from partnership_os.schemas.commitment import AuditEvent, Commitment, Decision, LedgerEntry, Person
from partnership_os.testing.gate_model import State
from partnership_os.testing.log_history import History, told_until


class Step(NamedTuple):
    """What was done last. ``allowed`` is None where it was cut off by a fault; ``expected`` is what the model says."""

    actions: tuple[object, ...]
    before: State
    after: State
    expected: State
    allowed: bool | None
    expected_allowed: bool
    broken: str | None = None


class View(NamedTuple):
    """Everything that the invariants look at."""

    people: tuple[Person, ...]
    commitments: Mapping[str, StoredCommitment]
    decisions: tuple[StoredDecision, ...]
    delegations: Mapping[str, StoredDelegation]
    ledger: tuple[LedgerEntry, ...]
    outbox: tuple[QueuedMessage, ...]
    log: tuple[AuditRow, ...]
    anchor: Anchor | None
    verifier: Verifier
    step: Step | None = None

    def behind(self, entry: LedgerEntry) -> tuple[Decision, ...]:
        """The decisions that a ledger row used up."""
        return tuple(item.decision for item in self.decisions if item.consumed_by == entry.entry_id)

    def near(self, entry: LedgerEntry) -> dict[str, Commitment]:
        """The commitments of the same thread or document."""
        rows = ((key, item.commitment) for key, item in self.commitments.items())
        return {
            key: made
            for key, made in rows
            if made.thread_id == entry.thread_id or made.document_id == entry.document_id
        }

    def events(self) -> tuple[AuditEvent, ...]:
        """The log, parsed."""
        return tuple(event_of(row.body) for row in self.log)

    def history(self, entry: LedgerEntry) -> History:
        """What the log told before a ledger row was written."""
        return told_until(self.events(), entry.commitment_id)


def view_of(store: GovernanceStore, verifier: Verifier, step: Step | None = None) -> View:
    """Read everything from a store."""
    anchor = store.anchor()
    with store.snapshot() as reader:
        return View(
            people=reader.people(),
            commitments={item.commitment.commitment_id: item for item in reader.commitments()},
            decisions=reader.decisions(),
            delegations={item.delegation.delegation_id: item for item in reader.delegations()},
            ledger=reader.ledger(),
            outbox=reader.outbox(),
            log=tuple(reader.audit_rows()),
            anchor=anchor,
            verifier=verifier,
            step=step,
        )


@lru_cache(maxsize=100_000)
def event_of(body: str) -> AuditEvent:
    """An event of the log, parsed once."""
    return AuditEvent.model_validate_json(body)
