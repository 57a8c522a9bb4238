"""Random histories on the real stores, SQLite and PostgreSQL, each step held against the model of the rules."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import ClassVar, NamedTuple

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from partnership_os.governance import audit, commit_transaction, standing
from partnership_os.storage.anchor import FileAnchor
from partnership_os.storage.database import connect
from partnership_os.storage.governance_store import SqlGovernanceStore
from partnership_os.testing.gate_model import DAY, NEEDS, SECOND, Member, Outcome, Rules, status
from partnership_os.testing.gate_moves import (
    Action,
    Change,
    Commit,
    Decide,
    EndLoan,
    Forge,
    Lend,
    Propose,
    Turn,
    What,
    predict,
)
from partnership_os.testing.gate_view import Step, view_of
from partnership_os.testing.gate_world import GateWorld
from partnership_os.testing.invariants import broken_invariants

PEOPLE = (
    Member("Reem", 4),
    Member("Dana", 2),
    Member("Salem", 4),
    Member("Omar", 4, legal=True),
    Member("Maha", 1),
    Member("Stranger", 4, tenant="other"),
)
NAMES = st.sampled_from([member.name for member in PEOPLE])
ASKS = st.integers(0, 3)
"""Which commitment, counted from the newest."""
CHANGES: st.SearchStrategy[What] = st.sampled_from(["demote", "promote", "deactivate", "reactivate"])
Machine = type[RuleBasedStateMachine]


class Clear(NamedTuple):
    """How a database is cleared; held by a class without becoming its method."""

    rows_of: Callable[[str], None]


class GateMachine(RuleBasedStateMachine):
    """One history: each rule acts on the gate and on the model."""

    url: ClassVar[str]
    folder: ClassVar[Path]
    clear: ClassVar[Clear]
    numbers: ClassVar[Iterator[int]]

    @initialize(partnership=st.sampled_from(sorted(NEEDS)))
    def begin(self, partnership: str) -> None:
        self.clear.rows_of(self.url)
        place = self.folder / f"history-{next(self.numbers)}"
        place.mkdir()
        self.database = connect(self.url)
        store = SqlGovernanceStore(self.database, FileAnchor(place / "audit.anchor"))
        self.gate = GateWorld(store, Rules(partnership), PEOPLE)
        self.model = self.gate.state()

    @rule(by=NAMES, version=st.integers(1, 3), wording=st.integers(0, 1))
    def propose(self, by: str, version: int, wording: int) -> None:
        self.act(Propose(by, version, wording))

    @precondition(lambda self: self.model.asks)
    @rule(by=NAMES, ask=ASKS, version=st.integers(1, 3))
    def edit(self, by: str, ask: int, version: int) -> None:
        self.act(Propose(by, version, 1, self.number(ask)))

    @precondition(lambda self: self.model.asks)
    @rule(by=NAMES, ask=ASKS)
    def approve(self, by: str, ask: int) -> None:
        self.act(Decide(by, self.number(ask), "approve"))

    @precondition(lambda self: self.model.asks)
    @rule(ask=ASKS)
    def approve_honestly(self, ask: int) -> None:
        """By two who together meet every policy, so that many histories come to a commit."""
        for name in ("Omar", "Salem"):
            self.act(Decide(name, self.number(ask), "approve"))

    @precondition(lambda self: self.model.asks)
    @rule(by=NAMES, ask=ASKS, outcome=st.sampled_from(["reject", "revoke"]))
    def reject_or_revoke(self, by: str, ask: int, outcome: Outcome) -> None:
        self.act(Decide(by, self.number(ask), outcome))

    @rule(lender=NAMES, borrower=NAMES, level=st.integers(0, 4), legal=st.booleans())
    def lend(self, lender: str, borrower: str, level: int, legal: bool) -> None:
        if all((loan.lender, loan.borrower) != (lender, borrower) for loan in self.model.loans):
            self.act(Lend(lender, borrower, level, legal))

    @precondition(lambda self: self.model.loans)
    @rule(number=st.integers(0, 3), by=NAMES)
    def end_loan(self, number: int, by: str) -> None:
        loan = sorted(self.model.loans)[number % len(self.model.loans)]
        self.act(EndLoan(by, loan.lender, loan.borrower))

    @precondition(lambda self: self.model.asks and self.model.loans)
    @rule(ask=ASKS, number=st.integers(0, 3), reject=st.booleans())
    def decide_for_another(self, ask: int, number: int, reject: bool) -> None:
        loan = sorted(self.model.loans)[number % len(self.model.loans)]
        outcome: Outcome = "reject" if reject and number == 0 else "approve"
        self.act(Decide(loan.borrower, self.number(ask), outcome, loan.lender))

    @precondition(lambda self: self.model.asks)
    @rule(ask=ASKS, other_terms=st.booleans())
    def commit(self, ask: int, other_terms: bool) -> None:
        number = self.number(ask)
        self.act(Commit(number, self.model.asks[number].wording))
        if other_terms:
            self.act(Commit(number, 7))

    @rule(name=NAMES, what=CHANGES)
    def change(self, name: str, what: What) -> None:
        self.act(Change(name, what))

    @rule(by=st.sampled_from([DAY, 60 * SECOND, -60 * SECOND, DAY - SECOND]))
    def turn(self, by: int) -> None:
        self.act(Turn(by))

    @precondition(lambda self: self.model.asks and self.model.clock >= self.model.log)
    @rule(by=NAMES, ask=ASKS)
    def forge(self, by: str, ask: int) -> None:
        asked = self.model.asks[self.number(ask)]
        if all((vote.ask, vote.by) != (asked.at, by) for vote in self.model.votes):
            self.act(Forge(by, self.number(ask)))

    def number(self, from_newest: int) -> int:
        return max(0, len(self.model.asks) - 1 - from_newest)

    def act(self, action: Action) -> None:
        """On the gate and on the model; then both are compared, and every invariant is checked."""
        self.gate.clock.micros += SECOND  # no two decisions at one moment, whose order would be that of their ids
        before = self.model = self.model._replace(clock=self.gate.clock.micros)
        expected = predict(self.gate.rules, before, action)
        result = self.gate.perform(action)
        after = self.model = self.gate.state()
        assert result.broken is None, result.broken
        assert result.allowed is expected.allowed, f"{action}: allowed by the gate: {result.allowed}"
        assert after == expected.state, f"{action}: the gate is not where the rules lead"
        assert self.gate.statuses() == tuple(status(self.gate.rules, after, ask) for ask in after.asks)
        step = Step((action,), before, after, expected.state, result.allowed, expected.allowed)
        wrong = broken_invariants(view_of(self.gate.store, self.gate.signer.verifier, step))
        assert not wrong, f"{action}: {wrong}"

    def teardown(self) -> None:
        if hasattr(self, "gate"):
            report = audit.report(self.gate.store, self.gate.signer.verifier)
            self.database.close()
            forged = any(not vote.genuine for vote in self.model.votes)
            assert report.ok is not forged, report.reason
            assert not forged or "sign" in str(report.reason), report.reason


def machine_over(url: str, folder: Path, clear: Callable[[str], None]) -> Machine:
    """A machine on this database, which is cleared for each history."""
    place = {"url": url, "folder": folder, "clear": Clear(clear), "numbers": count()}
    return type("GateMachineHere", (GateMachine,), place)


def run(machine: Machine, examples: int, steps: int, *, shrink: bool) -> None:
    phases = [Phase.generate, *([Phase.shrink] if shrink else [])]
    chosen = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        derandomize=True,
        database=None,
        phases=phases,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine, settings=chosen)


@pytest.mark.timeout(7_200)
def test_the_real_store_follows_the_model(
    database_url: str, tmp_path: Path, clear_database: Callable[[str], None], prove: bool
) -> None:
    examples, steps = (300, 30) if prove else (25, 25)
    run(machine_over(database_url, tmp_path, clear_database), examples, steps, shrink=prove)


def requester_may_approve(patch: pytest.MonkeyPatch) -> None:
    from partnership_os.governance import approvals

    for module in (standing, approvals):
        patch.setattr(module, "requesters_of", lambda *_: frozenset())


def signature_not_verified(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(commit_transaction, "_require_genuine", lambda *_: None)


@pytest.mark.parametrize("seed", [requester_may_approve, signature_not_verified])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_machine_finds_a_seeded_fault(
    seed: Callable[[pytest.MonkeyPatch], None],
    database_url: str,
    tmp_path: Path,
    clear_database: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seed(monkeypatch)
    with pytest.raises(AssertionError, match="allowed by the gate: True"):
        run(machine_over(database_url, tmp_path, clear_database), 200, 25, shrink=False)
