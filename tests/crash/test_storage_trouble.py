"""A lock that is not given back, and a disk that is full: no row, an error for the operator, and later the commit."""

import pytest

from tests.crash.lanes import Harness, Step
from tests.crash.scenarios import APPROVED, COMMIT, IMPATIENT, LOOK

STATEMENTS = {"watch": ["statements"]}
MANY = 12
"""Commitments whose rows together need more pages than a file that may not grow has left."""


def test_a_held_lock_is_reported_and_a_kill_of_its_holder_frees_it(harness: Harness) -> None:
    lane = harness.lane
    saved = lane.prepare(*APPROVED, restore=harness.staff)
    dry = lane.run(COMMIT, restore=saved, minutes=1, wire=STATEMENTS)
    written = dry.passed.index("after INSERT ledger") + 1
    job = lane.job(COMMIT, restore=saved, minutes=1, wire={"at": written, "act": "stop", **STATEMENTS})
    holder = lane.start(job)[0]
    assert lane.wait(holder, job).code == "stopped"

    waited = lane.run(COMMIT, minutes=1, busy=IMPATIENT)
    assert (waited.code, waited.last.error) == (0, "ConfigurationError")
    seen = lane.run(*LOOK, minutes=1, busy=IMPATIENT)
    assert (seen.done[0].result["ledger"], seen.done[1].result) == (0, [])

    lane.tell(holder, "kill")
    assert lane.wait(holder, job).code == -9
    after = lane.run(COMMIT, *LOOK, minutes=2, busy=5)
    assert after.trouble is None
    assert (after.done[1].result["ledger"], after.done[2].result) == (1, [])


@pytest.mark.parametrize("lanes", ["sqlite"], indirect=True)
def test_a_full_disk_leaves_no_half_and_the_rest_lands_once_there_is_space(harness: Harness) -> None:
    documents = [f"ts_{number}" for number in range(MANY)]
    asked: list[Step] = [("propose", {"document": document}) for document in documents]
    approved: list[Step] = [("decide", {"document": document, "role": "director"}) for document in documents]
    commits: list[Step] = [("commit", {"document": document}) for document in documents]
    saved = harness.lane.prepare(*asked, *approved, restore=harness.staff)

    full = harness.lane.run(*commits, restore=saved, minutes=1, pages_left=0)
    assert full.code == 0
    errors = {done.error for done in full.done}
    assert "ConfigurationError" in errors
    assert errors <= {None, "ConfigurationError"}
    seen = harness.lane.run(*LOOK, minutes=1)
    landed = [done for done in full.done if done.error is None]
    assert (seen.done[0].result["ledger"], seen.done[1].result) == (len(landed), [])

    after = harness.lane.run(*commits, *LOOK, minutes=2)
    assert after.trouble is None
    assert (after.done[-2].result["ledger"], after.done[-1].result) == (MANY, [])


def test_a_full_disk_under_the_anchor_keeps_the_row_and_the_next_commit_anchors_it(harness: Harness) -> None:
    lane = harness.lane
    saved = lane.prepare(*APPROVED, restore=harness.staff)
    dry = lane.run(COMMIT, restore=saved, minutes=1, wire={"watch": ["files"]})
    assert dry.passed[-1] == "returned"
    assert len(dry.passed) > 2
    for number, point in enumerate(dry.passed[:-1], 1):
        wire = {"at": number, "act": "full", "watch": ["files"]}
        failed = lane.run(COMMIT, restore=saved, minutes=1, wire=wire)
        assert failed.last.error == "ConfigurationError", point
        found = lane.run(*LOOK, COMMIT, *LOOK, minutes=2)
        assert found.trouble is None, point
        assert [found.done[0].result["ledger"], found.done[3].result["ledger"]] == [1, 1]
        assert [found.done[1].result, found.done[4].result] == [[], []]
        harness.tally.points += 1
