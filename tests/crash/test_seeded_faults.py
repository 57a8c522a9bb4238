"""The harness can fail: the checks that the product passes find each variant that was broken on purpose."""

from types import SimpleNamespace
from typing import cast

import pytest

from tests.crash.checks import Records, doubles
from tests.crash.faults import FAULTS
from tests.crash.lanes import Harness, Step
from tests.crash.scenarios import APPROVED, COMMIT, Case, interleave, kill_everywhere, one_round

REJECT: Step = ("decide", {"document": "ts_one", "role": "vp", "outcome": "reject"})

BY_A_KILL = {
    "two_transactions": "half",
    "outbox_afterwards": "half",
    "no_event": "has a row and no event",
    "not_consumed": "is consumed by None",
    "commits_again": "the retry: IntegrityError",
}
BY_A_RIVAL = {"check_then_write": "was rejected before"}
BY_A_ROUND = {
    "lost_decision": "lost: commitment_approved",
    "no_policy": "unauthorised row",
    "never_commits": "liveness",
}


@pytest.mark.parametrize("fault", BY_A_KILL)
def test_a_kill_finds_it(harness: Harness, fault: str) -> None:
    kill_everywhere(harness, Case(COMMIT, APPROVED), nth=4, until_found=True, fault=fault)
    _expect(harness, BY_A_KILL[fault])


@pytest.mark.parametrize("fault", BY_A_RIVAL)
def test_a_rival_finds_it(harness: Harness, fault: str) -> None:
    interleave(harness, REJECT, nth=100, until_found=True, fault=fault)
    _expect(harness, BY_A_RIVAL[fault])


@pytest.mark.parametrize("fault", BY_A_ROUND)
def test_a_round_finds_it(harness: Harness, fault: str) -> None:
    saved = harness.lane.prepare(*APPROVED, restore=harness.staff)
    one_round(harness, saved, "fault", lives=True, work=8, fault=fault)
    _expect(harness, BY_A_ROUND[fault])


def test_every_fault_is_looked_for() -> None:
    assert FAULTS.keys() == BY_A_KILL.keys() | BY_A_RIVAL.keys() | BY_A_ROUND.keys()


def _expect(harness: Harness, sign: str) -> None:
    harness.tally.expected = True
    assert any(sign in violation for violation in harness.tally.violations), harness.tally.violations


def test_rows_that_the_database_itself_would_refuse_count_as_doubles() -> None:
    entry = {"commitment_id": "cm_1", "document_id": "ts_1", "document_version": 1, "decision_ids": ["de_1"]}
    message = {"idempotency_key": "cm_1"}
    decision = {"commitment_id": "cm_1", "decided_by": "pe_1", "outcome": "approve"}
    event = {"event": "commitment_committed", "subject": "cm_1"}
    once = SimpleNamespace(ledger=[entry], outbox=[message], decisions={"de_1": decision}, events=[event])
    twice = SimpleNamespace(
        ledger=[entry] * 2, outbox=[message] * 2, decisions={"de_1": decision, "de_2": decision}, events=[event] * 2
    )
    assert doubles(cast(Records, once)) == []
    assert [found.split(":")[0] for found in doubles(cast(Records, twice))] == [
        "double commitment",
        "double version of a document",
        "double use of a decision",
        "double message",
        "double event of a commit",
        "double decision",
    ]
