"""One process is stopped at a statement, another does something that does not go with it, and the first one goes on."""

import pytest

from tests.crash.lanes import Harness, Step
from tests.crash.scenarios import COMMIT, interleave

RIVALS: dict[str, Step] = {
    "commit": COMMIT,
    "reject": ("decide", {"document": "ts_one", "role": "vp", "outcome": "reject"}),
    "revoke": ("decide", {"document": "ts_one", "role": "director", "outcome": "revoke"}),
    "demote": ("change_level", {"role": "director", "level": "analyst"}),
    "supersede": ("edit", {"document": "ts_one", "version": 2}),
}


@pytest.mark.timeout(1_800)
@pytest.mark.parametrize("rival", RIVALS)
def test_a_commit_stopped_at_any_point_and_its_rival_are_one_after_the_other(
    harness: Harness, rival: str, prove: bool
) -> None:
    interleave(harness, RIVALS[rival], nth=1 if prove else 1_000)
    assert harness.tally.violations == []
    assert harness.tally.points > 2
