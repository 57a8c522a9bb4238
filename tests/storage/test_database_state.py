"""Looking at a database and bringing it up to date by command."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from partnership_os.errors import ConfigurationError
from partnership_os.storage.checkpoints import open_checkpointer
from partnership_os.storage.database import SCHEMA_VERSION, open_database
from partnership_os.storage.database_state import database_state, upgrade_database


def test_an_empty_database_is_made_current_by_command(empty_database_url: str, tmp_path: Path) -> None:
    before = database_state(empty_database_url)
    assert (before.found, before.known, before.current) == (None, SCHEMA_VERSION, False)
    assert database_state(empty_database_url) == before, "looking changed something"
    assert not list(tmp_path.rglob("*.db"))
    after = upgrade_database(empty_database_url)
    assert after.current and after.found == SCHEMA_VERSION
    assert after == database_state(empty_database_url) == upgrade_database(empty_database_url)
    database = open_database(empty_database_url, "verify")
    with open_checkpointer(database, tmp_path / "checkpoints.sqlite", "verify"):
        pass
    database.close()


@pytest.mark.parametrize(("version", "newer"), [("0001", False), ("9999", True)])
def test_an_older_and_a_newer_database_are_told_apart(database_url: str, version: str, newer: bool) -> None:
    database = open_database(database_url)
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})
    database.close()
    state = database_state(database_url)
    assert (state.found, state.newer, state.current) == (version, newer, False)
    with pytest.raises(ConfigurationError):
        open_database(database_url, "verify")


def test_the_place_names_no_password(postgresql_url: str) -> None:
    url = make_url(postgresql_url).set(password="secret", query={"application_name": "secret"})
    state = database_state(url)
    assert state.place == postgresql_url
    assert "secret" not in repr(state)
