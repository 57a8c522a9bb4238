"""SIGKILL before and after every SQL statement, COMMIT and step of the anchor: all or nothing, and a retry."""

import pytest

from tests.crash.lanes import Harness, Step
from tests.crash.scenarios import COMMIT, Case, kill_everywhere


def proposed(kind: str) -> Step:
    return "propose", {"document": "ts_one", "kind": kind}


def decided(role: str, outcome: str = "approve", **more: str) -> Step:
    return "decide", {"document": "ts_one", "role": role, "outcome": outcome, **more}


LENT: Step = ("delegate", {"delegator": "chief", "to": "vp"})
CASES = {
    "commit": Case(COMMIT, (proposed("government"), decided("chief"), decided("counsel"))),
    "commit_on_lent_authority": Case(COMMIT, (proposed("strategic"), LENT, decided("vp", behalf="chief"))),
    "approve": Case(decided("director"), (proposed("distribution"),)),
    "approve_for_another": Case(decided("vp", behalf="chief"), (proposed("strategic"), LENT)),
    "reject": Case(decided("director", "reject"), (proposed("distribution"), decided("vp"))),
    "revoke": Case(decided("director", "revoke"), (proposed("distribution"), decided("director"))),
    "propose": Case(proposed("distribution")),
    "supersede": Case(("edit", {"document": "ts_one", "version": 2}), (proposed("distribution"), decided("director"))),
    "delegate": Case(LENT, again=False),
    "end_delegation": Case(("end_delegation", {"delegator": "chief"}), (LENT,)),
    "issue_token": Case(("issue_token", {"role": "vp"}), again=False),
}
NTH = {"commit": 1, "approve": 8, "propose": 8, "supersede": 8}
"""By default the commit is killed at every point; the rest of the points are for `PARTNERSHIP_PROVE=1`."""


@pytest.mark.timeout(1_800)
@pytest.mark.parametrize("name", CASES)
def test_a_kill_at_any_point_leaves_all_or_nothing_and_a_retry_lands_once(
    harness: Harness, name: str, prove: bool
) -> None:
    kill_everywhere(harness, CASES[name], nth=1 if prove else NTH.get(name, 25))
    assert harness.tally.violations == []
    assert harness.tally.points > 1


@pytest.mark.timeout(1_800)
def test_a_kill_at_any_line_of_the_commit_leaves_all_or_nothing(harness: Harness, prove: bool) -> None:
    kill_everywhere(harness, CASES["commit"], watched=["lines"], nth=25 if prove else 2_000)
    assert harness.tally.violations == []
    assert harness.tally.points > 1
