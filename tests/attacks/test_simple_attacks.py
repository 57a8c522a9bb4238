"""The eighteen simple attacks, of which the tutorial pattern withstands four: none commits anything of ours."""

from pathlib import Path

import pytest

from tests.attacks import table
from tests.attacks.bare_tutorial import BareTutorial
from tests.attacks.deal_target import DealTarget
from tests.attacks.targets import unauthorised

WITHSTOOD = {"15", "16", "17", "18"}
"""What LangGraph itself refuses or ignores."""


@pytest.mark.parametrize("row", table.EIGHTEEN, ids=lambda row: row.name)
def test_a_simple_attack_commits_nothing_and_the_honest_yes_lands(row: table.Row, tmp_path: Path) -> None:
    assert callable(row.bare)
    bare = BareTutorial(row.variant)
    row.bare(bare)
    assert (unauthorised(bare) > 0) == (row.name.split()[0] not in WITHSTOOD)
    ours = DealTarget(tmp_path / "home")
    row.bare(ours)
    assert unauthorised(ours) == 0
    assert table.honest_rows(ours) == 1
    ours.close()
