"""The tripwire itself, in this process: what it counts, and that it acts once, at its point, and only while armed."""

import os
import tempfile
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from partnership_os.testing import crash
from partnership_os.testing.crash import Tripwire, watch_files, watch_lines, watch_statements


def test_it_acts_once_at_its_point_and_counts_on() -> None:
    hit: list[str] = []
    wire = Tripwire(at=2, act=hit.append)
    wire.point("before it is armed")
    with wire.armed():
        for name in ("one", "two", "three"):
            wire.point(name)
    wire.point("afterwards")
    assert (hit, wire.passed) == (["two"], ["one", "two", "three"])


def test_statements_and_commits_are_points_until_the_watch_ends(tmp_path: Path) -> None:
    wire, engine = Tripwire(), create_engine(f"sqlite:///{tmp_path}/any.db")
    with watch_statements(wire), wire.armed(), engine.begin() as connection:
        connection.execute(text("CREATE TABLE kept (id INTEGER)"))
        connection.execute(text("INSERT INTO kept VALUES (1)"))
    assert wire.passed == [
        "before CREATE TABLE",
        "after CREATE TABLE",
        "before INSERT kept",
        "after INSERT kept",
        "before COMMIT",
        "after COMMIT",
    ]
    with wire.armed(), engine.begin() as connection:
        connection.execute(text("SELECT 1"))
    engine.dispose()
    assert len(wire.passed) == 6


def test_a_statement_after_the_act_never_reaches_the_database(tmp_path: Path) -> None:
    def refuse(point: str) -> None:
        raise KeyboardInterrupt(point)

    engine = create_engine(f"sqlite:///{tmp_path}/any.db")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE kept (id INTEGER)"))
    wire = Tripwire(at=1, act=refuse)
    refused = pytest.raises(KeyboardInterrupt, match="before INSERT kept")
    with refused, watch_statements(wire), wire.armed(), engine.begin() as connection:
        connection.execute(text("INSERT INTO kept VALUES (1)"))
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM kept")).scalar_one() == 0
    engine.dispose()


def test_files_are_points_and_the_calls_are_put_back(tmp_path: Path) -> None:
    genuine = (os.fsync, os.replace, tempfile.mkstemp)
    wire = Tripwire()
    with watch_files(wire), wire.armed():
        handle, name = tempfile.mkstemp(dir=tmp_path)
        os.fsync(handle)
        os.close(handle)
        os.replace(name, tmp_path / "kept")
    assert wire.passed == [f"{when} {call}" for call in ("mkstemp", "fsync", "replace") for when in ("before", "after")]
    assert genuine == (os.fsync, os.replace, tempfile.mkstemp)


def test_a_full_disk_fails_the_call_that_it_stands_before(tmp_path: Path) -> None:
    wire = Tripwire(at=1, act=crash.disk_full)
    with watch_files(wire), wire.armed(), pytest.raises(OSError, match="No space left"):
        os.replace(tmp_path / "none", tmp_path / "kept")


def test_lines_of_one_folder_are_points(tmp_path: Path) -> None:
    source = "def run():\n    one = 1\n    return one\n"
    scope: dict[str, object] = {}
    exec(compile(source, f"{tmp_path}/traced.py", "exec"), scope)
    wire = Tripwire()
    with watch_lines(wire, f"{tmp_path}/"), wire.armed():
        scope["run"]()  # type: ignore[operator]
        Path(tmp_path).exists()
    assert wire.passed == ["traced.py:2", "traced.py:3"]
