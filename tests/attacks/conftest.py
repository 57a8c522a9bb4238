"""Targets for attacks: our deal at its gate in a home of its own, and the pattern of the tutorials."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.attacks.bare_tutorial import BareTutorial
from tests.attacks.deal_target import DealTarget


@pytest.fixture(autouse=True)
def uncounted(no_cover: None) -> None:
    """Coverage is counted in the other tests: counting doubles the time of these."""


@pytest.fixture
def ours(tmp_path: Path) -> Iterator[DealTarget]:
    """A distribution deal that waits for a director."""
    target = DealTarget(tmp_path / "home")
    yield target
    target.close()


@pytest.fixture
def bare() -> BareTutorial:
    """The tutorial graph at its interrupt."""
    return BareTutorial()
