"""Two homes on each database, and what every test found there."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from tests.crash.lanes import Harness, Lane, Step, Tally, Zygote

PROVE: Final = os.environ.get("PARTNERSHIP_PROVE") == "1"
"""True for the long run; see `make prove`."""
EVERYTHING: Final[tuple[Step, ...]] = (
    ("propose", {"document": "ts_one"}),
    ("edit", {"document": "ts_one", "version": 2}),
    ("delegate", {"delegator": "chief", "to": "vp"}),
    ("decide", {"document": "ts_one", "role": "vp", "behalf": "chief"}),
    ("decide", {"document": "ts_one", "role": "chief", "outcome": "revoke"}),
    ("end_delegation", {"delegator": "chief"}),
    ("decide", {"document": "ts_one", "role": "director"}),
    ("commit", {"document": "ts_one"}),
    ("issue_token", {"role": "vp"}),
    ("deliver", {}),
    ("remind", {}),
    ("census", {}),
    ("examine", {}),
    ("recover", {}),
)
"""What a zygote does once, to have it compiled."""

_TALLIES: Final[list[Tally]] = []


@pytest.fixture(scope="session")
def zygote() -> Iterator[Zygote]:
    made = Zygote()
    yield made
    made.close()


@pytest.fixture(scope="session")
def prove() -> bool:
    """True for the long run."""
    return PROVE


@pytest.fixture
def tally(request: pytest.FixtureRequest) -> Tally:
    made = Tally(request.node.name)
    _TALLIES.append(made)
    return made


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def lanes(
    request: pytest.FixtureRequest, zygote: Zygote, tmp_path_factory: pytest.TempPathFactory
) -> tuple[list[Lane], str]:
    """Two homes on each of the databases, and the folder that brings either back to its staff."""
    folder = tmp_path_factory.mktemp(request.param)
    made = [Lane(zygote, _new_url(request, folder, number), folder / f"lane-{number}") for number in range(2)]
    staff = made[0].prepare(("populate", {}))
    for lane in made:
        lane.warm(*EVERYTHING, restore=staff)
    return made, staff


def _new_url(request: pytest.FixtureRequest, folder: Path, number: int) -> str:
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_file"), folder / f"partnership-{number}.db")
        return f"sqlite:///{folder}/partnership-{number}.db"
    databases = request.getfixturevalue("postgresql")
    return str(databases.url(databases.migrated()))


@pytest.fixture
def harness(lanes: tuple[list[Lane], str], tally: Tally) -> Harness:
    """Homes on each of the two databases."""
    return Harness(*lanes, tally)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """What was killed and what was found, for whoever runs the proof."""
    if not _TALLIES or not (PROVE or config.getoption("capture") == "no"):
        return
    terminalreporter.section("crash harness")
    for tally in _TALLIES:
        terminalreporter.write_line(
            f"{tally.name}: {tally.points} points, {tally.rounds} rounds, {tally.rows} rows, "
            f"{len(tally.violations)} violations{', as must be' if tally.expected else ''}"
        )
