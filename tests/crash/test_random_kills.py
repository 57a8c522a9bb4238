"""Two processes work on one home at once, are killed at random statements, and somebody else looks at what is left."""

import pytest

from tests.crash.lanes import Harness, Step
from tests.crash.scenarios import one_round

ROUNDS = 8
PROOF_ROUNDS = 200

WAITING: tuple[Step, ...] = (
    ("propose", {"document": "ts_first", "kind": "distribution"}),
    ("propose", {"document": "ts_state", "kind": "government"}),
    ("propose", {"document": "ts_plan", "kind": "strategic"}),
    ("decide", {"document": "ts_state", "role": "chief"}),
    ("delegate", {"delegator": "chief", "to": "vp"}),
)
"""Where every round begins."""


@pytest.mark.timeout(3_600)
def test_two_workers_killed_at_random_lose_nothing_and_make_nothing_twice(harness: Harness, prove: bool) -> None:
    saved = harness.lane.prepare(*WAITING, restore=harness.staff)
    for number in range(PROOF_ROUNDS if prove else ROUNDS):
        one_round(harness, saved, f"round {number}")
    assert harness.tally.violations == []
    assert harness.tally.points > harness.tally.rounds, "most workers end before they are killed"
    assert harness.tally.rows > harness.tally.rounds / 2, "the workload hardly commits anything"
