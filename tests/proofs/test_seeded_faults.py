"""The explorer finds every fault that is put into one function of the gate, by its shortest trace."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import pytest
from pydantic import JsonValue

from partnership_os.errors import ApprovalError
from partnership_os.governance import (
    approvals,
    audit,
    clock,
    commit_transaction,
    commitments,
    delegation,
    policy,
    standing,
)
from partnership_os.governance.signing import Verifier
from partnership_os.governance.store import GovernanceReader, GovernanceStore, StoredCommitment, StoredDelegation
from partnership_os.schemas.commitment import (
    ApprovalRequirement,
    Commitment,
    CommitmentStatus,
    Decision,
    DecisionOutcome,
    LedgerEntry,
    Person,
)
from partnership_os.testing.gate_explorer import MODEL, Explorer, Violation, WatchedStore
from partnership_os.testing.gate_scopes import SCOPES
from partnership_os.testing.memory_store import MemoryTransaction

Patch = pytest.MonkeyPatch


class Seeded(NamedTuple):
    """A fault: how it is put in, where it shows, which invariant it breaks, and in how many steps at the least."""

    seed: Callable[[Patch], None]
    scope: str
    invariant: int
    steps: int


def nothing(*_args: object, **_named: object) -> None:
    """Instead of a check."""


def digest_not_compared(patch: Patch) -> None:
    patch.setattr(commit_transaction, "_require_terms", nothing)


def requester_may_approve(patch: Patch) -> None:
    for module in (standing, approvals):
        patch.setattr(module, "requesters_of", lambda *_: frozenset())


def level_not_checked(patch: Patch) -> None:
    patch.setattr(policy, "meets", lambda person, need: person.legal or not need.legal)


def level_not_rechecked_at_commit(patch: Patch) -> None:
    def as_signed(reader: GovernanceReader, decision: Decision, *_: object) -> Person | None:
        person = reader.person(decision.decided_by)
        return person and person.model_copy(update={"level": decision.level, "legal": decision.legal})

    patch.setattr(standing, "authority_of", as_signed)


def _judged_at(patch: Patch, when: Callable[[StoredCommitment, datetime], datetime]) -> None:
    genuine = standing.standing_of

    def judged(reader: GovernanceReader, stored: StoredCommitment, now: datetime) -> standing.PendingItem:
        return genuine(reader, stored, when(stored, now))

    patch.setattr(commit_transaction, "standing_of", judged)


def expiry_ignored(patch: Patch) -> None:
    _judged_at(patch, lambda stored, now: min(now, stored.commitment.expires_at - timedelta(microseconds=1)))


def expiry_inclusive(patch: Patch) -> None:
    _judged_at(patch, lambda _stored, now: now - timedelta(microseconds=1))


def single_use_not_enforced(patch: Patch) -> None:
    patch.setattr(MemoryTransaction, "consume_decisions", nothing)


def check_then_write(patch: Patch) -> None:
    def commit(
        store: GovernanceStore, verifier: Verifier, now: clock.Clock, key: str, _terms: Mapping[str, JsonValue]
    ) -> LedgerEntry:
        with store.snapshot() as reader:
            moment = clock.moment(now, reader)
            item = standing.standing_of(reader, standing.existing(reader, key), moment)
            entry = reader.ledger_entry(key)
            commit_transaction._require_terms(StoredCommitment(commitment=item.commitment, digest=item.digest), _terms)
            if entry is None:
                commit_transaction._require_approved(item)
        with store.transaction() as transaction:
            return entry or commit_transaction._write(transaction, item, moment)

    patch.setattr(commitments, "commit", commit)


def rejection_ignored(patch: Patch) -> None:
    patch.setattr(standing, "is_rejected", lambda *_: False)


def superseded_version_commits(patch: Patch) -> None:
    genuine = standing._status

    def status(reader: GovernanceReader, stored: StoredCommitment, now: datetime, *, met: bool) -> CommitmentStatus:
        return genuine(reader, stored.model_copy(update={"superseded_by": None}), now, met=met)

    patch.setattr(standing, "_status", status)


def revocation_ignored(patch: Patch) -> None:
    genuine = standing.counting

    def counting(reader: Any, stored: Any, decisions: Any, *rest: Any) -> Any:
        kept = [item for item in decisions if item.decision.outcome is not DecisionOutcome.REVOKE]
        return genuine(reader, stored, kept, *rest)

    patch.setattr(standing, "counting", counting)


def one_person_counts_twice(patch: Patch) -> None:
    def unmet(needs: Any, people: Any) -> tuple[ApprovalRequirement, ...]:
        return tuple(need for need in needs if not any(policy.meets(person, need) for person in people))

    patch.setattr(policy, "unmet", unmet)


def delegate_of_requester_approves(patch: Patch) -> None:
    def excluded(reader: GovernanceReader, commitment: Commitment, _now: datetime) -> frozenset[str]:
        return standing.requesters_of(reader, commitment)

    for module in (standing, approvals):
        patch.setattr(module, "excluded_from", excluded)


def delegation_beyond_the_delegator(patch: Patch) -> None:
    patch.setattr(approvals, "check_draft", lambda draft, *_: draft.max_level)

    def as_lent(person: Person, _source: Person, level: Any, legal: bool) -> Person:
        return person.model_copy(update={"level": level, "legal": legal})

    patch.setattr(delegation, "_least", as_lent)


def delegation_counts_after_its_end(patch: Patch) -> None:
    patch.setattr(StoredDelegation, "live", lambda *_: True)


def delegate_and_delegator_both_count(patch: Patch) -> None:
    for module in (standing, approvals):
        patch.setattr(module, "people_in", lambda decision: frozenset({decision.decided_by}))


def audit_event_missing(patch: Patch) -> None:
    genuine = audit.append

    def append(transaction: Any, at: Any, actor: str, event: str, *rest: Any) -> Any:
        return None if event == "commitment_approved" else genuine(transaction, at, actor, event, *rest)

    patch.setattr(audit, "append", append)


def anchor_not_moved(patch: Patch) -> None:
    patch.setattr(WatchedStore, "_follow", nothing)


def signature_not_verified(patch: Patch) -> None:
    patch.setattr(commit_transaction, "_require_genuine", nothing)


def policy_taken_from_stored_fields(patch: Patch) -> None:
    patch.setattr(commit_transaction, "_require_policy", nothing)


def clock_taken_backwards(patch: Patch) -> None:
    for module, name in ((approvals, "moment_of_decision"), (commitments, "moment"), (commit_transaction, "moment")):
        patch.setattr(module, name, lambda now, _reader: now())


def gate_that_never_commits(patch: Patch) -> None:
    def refuse(*_: object) -> LedgerEntry:
        raise ApprovalError("Never.", fix="Nothing helps.")

    patch.setattr(commitments, "commit", refuse)


SEEDED = {
    f"{fault.seed.__name__} I{fault.invariant}": fault
    for fault in (
        Seeded(digest_not_compared, "versions", 2, 3),
        Seeded(requester_may_approve, "versions", 4, 3),
        Seeded(level_not_checked, "versions", 1, 3),
        Seeded(level_not_rechecked_at_commit, "races", 5, 3),
        Seeded(expiry_ignored, "expiry", 7, 4),
        Seeded(expiry_inclusive, "expiry", 7, 4),
        Seeded(single_use_not_enforced, "versions", 8, 3),
        Seeded(check_then_write, "races", 10, 3),
        Seeded(check_then_write, "races", 3, 3),
        Seeded(rejection_ignored, "rejections", 10, 4),
        Seeded(revocation_ignored, "rejections", 10, 4),
        Seeded(superseded_version_commits, "versions", 3, 4),
        Seeded(one_person_counts_twice, "quorum", 6, 3),
        Seeded(delegate_of_requester_approves, "conflicts", 4, 4),
        Seeded(delegation_beyond_the_delegator, "delegation", 5, 4),
        Seeded(delegation_counts_after_its_end, "delegation", 7, 5),
        Seeded(delegate_and_delegator_both_count, "lent quorum", 6, 5),
        Seeded(audit_event_missing, "versions", 14, 2),
        Seeded(anchor_not_moved, "versions", 15, 1),
        Seeded(signature_not_verified, "attack", 11, 3),
        Seeded(policy_taken_from_stored_fields, "attack", 1, 3),
        Seeded(clock_taken_backwards, "expiry", 7, 4),
        Seeded(gate_that_never_commits, "versions", 17, 3),
    )
}


def found(fault: Seeded) -> dict[int, Violation]:
    """What the explorer finds until the invariant of the fault breaks."""
    return Explorer(SCOPES[fault.scope], stop_at=frozenset({fault.invariant}), limit=400).run().violations


@pytest.mark.parametrize("name", SEEDED)
def test_the_explorer_finds_a_seeded_fault_by_its_shortest_trace(name: str, monkeypatch: Patch) -> None:
    fault = SEEDED[name]
    fault.seed(monkeypatch)
    violations = found(fault)
    assert fault.invariant in violations, f"I{fault.invariant} is not among {sorted(violations)}"
    assert len(violations[fault.invariant].trace) == fault.steps, str(violations[fault.invariant])


def test_two_committers_that_check_first_and_write_later_collide(monkeypatch: Patch) -> None:
    check_then_write(monkeypatch)
    fault = Seeded(check_then_write, "races", 13, 3)
    violation = found(fault)[13]
    assert len(violation.trace) == 3
    assert "Race(first=Commit" in str(violation) and "second=Commit" in str(violation)


def test_the_model_alone_finds_a_fault_that_no_ledger_row_shows(monkeypatch: Patch) -> None:
    requester_may_approve(monkeypatch)
    explored = Explorer(SCOPES["versions"], stop_at=frozenset({MODEL})).run()
    assert set(explored.violations) == {MODEL}
    assert len(explored.violations[MODEL].trace) == 2
