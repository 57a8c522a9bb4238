"""Where the schema of the database stands, and how it is brought up to date."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from partnership_os.storage.database_state import DatabaseState
from partnership_os.surfaces.cli_texts_database import DATABASE_PHRASES

Run = Callable[..., Result]


def test_a_current_database_needs_nothing(run: Run) -> None:
    shown = run("database", "status").stdout
    assert "It is up to date; nothing has to be done." in shown
    assert "partnership database upgrade" not in shown
    assert "قاعدة البيانات محدّثة" in run("database", "status", "--lang", "ar").stdout
    state = json.loads(run("database", "status", "--json").stdout)
    assert state["found"] == state["known"]


def test_an_empty_one_is_upgraded_by_the_command_that_status_prints(run: Run, tmp_path: Path) -> None:
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    sqlite3.connect(fresh / "partnership.sqlite").close()
    old = run("database", "status", "--home", str(fresh), code=1).stdout
    assert f"\n  partnership database upgrade --home {fresh}\n" in old
    assert json.loads(run("database", "status", "--home", str(fresh), "--json", code=1).stdout)["found"] is None
    assert "up to date" in run("database", "upgrade", "--home", str(fresh)).stdout
    assert "up to date" in run("database", "status", "--home", str(fresh)).stdout


def test_a_newer_one_is_told_and_left_alone(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    newer = DatabaseState(dialect="sqlite", place="here", found="9999", known="0002", threads=True)
    monkeypatch.setattr("partnership_os.storage.database_state.database_state", lambda place: newer)
    for at, language in enumerate(("en", "ar")):
        shown = run("database", "status", "--lang", language, code=1).stdout
        assert DATABASE_PHRASES["database.newer"][at].split("{")[0][:30] in shown
        assert "partnership database upgrade" not in shown
