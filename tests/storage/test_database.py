"""Opening a database: fresh, again, at once, and when something is wrong with it."""

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from importlib import import_module, resources
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import insert, inspect, select, text
from sqlalchemy.exc import IntegrityError

from partnership_os.errors import ConfigurationError, InternalError
from partnership_os.storage import database as module
from partnership_os.storage import tables
from partnership_os.storage.database import SCHEMA_VERSION, Database, Migrations, connect, open_database, sqlite_url
from partnership_os.storage.migrate import config, head, knows


@pytest.fixture
def file_database(tmp_path: Path) -> Iterator[Database]:
    made = open_database(sqlite_url(tmp_path / "home" / "p.db"))
    yield made
    made.close()


def test_the_migrations_make_the_tables_that_the_code_uses(database: Database) -> None:
    assert head() == SCHEMA_VERSION
    assert knows(SCHEMA_VERSION) and not knows("9999")
    with database.read() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, tables.metadata) == []
        assert connection.execute(select(tables.write_lock.c.id)).scalars().all() == [1]
        uniques = {name: inspect(connection).get_unique_constraints(name) for name in ("ledger", "decisions")}
    assert {name: sorted(tuple(item["column_names"]) for item in found) for name, found in uniques.items()} == {
        "ledger": [("commitment_id",), ("document_id", "document_version")],
        "decisions": [("commitment_id", "person_id", "outcome")],
    }


def test_importing_the_migration_environment_does_nothing() -> None:
    environment = import_module("partnership_os.storage.migrations.env")
    assert callable(environment.run_migrations)
    assert (resources.files("partnership_os.storage.migrations") / "versions" / "0001_first.py").is_file()


def test_the_migrations_run_on_our_connections_only() -> None:
    from alembic import command

    with pytest.raises(InternalError, match="open_database"):
        command.upgrade(config(), "head")


def test_sqlite_is_set_to_survive_a_crash(file_database: Database) -> None:
    with file_database.read() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 30_000
    assert file_database.dialect == "sqlite"


def test_a_failed_transaction_leaves_nothing(database: Database) -> None:
    with pytest.raises(RuntimeError), database.write() as connection:
        connection.execute(insert(tables.needs).values(need_id="ne_1", body="{}"))
        raise RuntimeError
    with database.read() as connection:
        assert connection.execute(select(tables.needs)).all() == []


def test_writers_stand_in_line_and_readers_see_one_state(database: Database) -> None:
    order: list[str] = []
    inside, release = threading.Event(), threading.Event()

    def first() -> None:
        with database.write() as connection:
            connection.execute(insert(tables.needs).values(need_id="ne_1", body="{}"))
            inside.set()
            release.wait(10)
            order.append("first")

    def second() -> None:
        inside.wait(10)
        with database.write() as connection:
            order.append(f"second saw {len(connection.execute(select(tables.needs)).all())}")

    threads = [threading.Thread(target=work) for work in (first, second)]
    for thread in threads:
        thread.start()
    inside.wait(10)
    with database.read() as connection:
        assert connection.execute(select(tables.needs)).all() == []
        release.set()
        for thread in threads:
            thread.join(20)
        assert connection.execute(select(tables.needs)).all() == []
    assert order == ["first", "second saw 1"]


def test_constraints_stay_constraints(database: Database) -> None:
    with pytest.raises(IntegrityError), database.write() as connection:
        connection.execute(
            insert(tables.tokens).values(token_id="0" * 16, person_id="pe_none", secret_hash="x", created_at="x")
        )


def test_processes_that_open_an_empty_database_at_once_agree(empty_database_url: str) -> None:
    code = (
        "import sys, partnership_os.storage.migrate; from partnership_os.storage.database import open_database;"
        "print('ready', flush=True); input(); open_database(sys.argv[1]).close(); print('open')"
    )
    command = [sys.executable, "-c", code, empty_database_url]
    racers = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    for racer in racers:
        assert racer.stdout is not None
        assert racer.stdout.readline() == "ready\n"
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write("go\n")
        racer.stdin.flush()
    assert [racer.communicate(timeout=60)[0].strip() for racer in racers] == ["open"] * 3
    database = open_database(empty_database_url, "verify")
    with database.read() as connection:
        assert connection.execute(select(tables.write_lock.c.id)).scalars().all() == [1]
    database.close()


@pytest.mark.parametrize("name", ["a b.db", "q?x=1.db", "per%20cent.db", "عربي.db"])
def test_any_file_name_is_itself(tmp_path: Path, name: str) -> None:
    open_database(sqlite_url(tmp_path / name)).close()
    assert (tmp_path / name).is_file()


@pytest.mark.parametrize("migrate", ["upgrade", "verify"])
def test_a_newer_database_is_refused(database_url: str, migrate: Migrations) -> None:
    database = open_database(database_url)
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()
    with pytest.raises(ConfigurationError, match="newer") as caught:
        open_database(database_url, migrate)
    assert "Upgrade" in str(caught.value.fix)


def test_verifying_makes_nothing_and_names_the_command(empty_database_url: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="holds no tables") as caught:
        open_database(empty_database_url, "verify")
    assert "`partnership database upgrade`" in str(caught.value.fix)
    assert caught.value.who_must_act == "operator"
    assert not list(tmp_path.rglob("*.db"))
    database = connect(empty_database_url)
    assert database.schema_version() is None
    database.close()


def test_verifying_refuses_an_older_database_and_leaves_it_so(database_url: str) -> None:
    database = open_database(database_url, "verify")
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    database.close()
    with pytest.raises(ConfigurationError, match="0001") as caught:
        open_database(database_url, "verify")
    assert "`partnership database upgrade`" in str(caught.value.fix)
    database = connect(database_url)
    assert database.schema_version() == "0001"
    database.close()


def test_an_upgrade_that_falls_short_is_a_bug(empty_database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SCHEMA_VERSION", "9998")
    with pytest.raises(InternalError, match="9998"):
        open_database(empty_database_url)
    engine = connect(empty_database_url).engine
    assert inspect(engine).get_table_names() == []
    engine.dispose()


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("not a url", "not a URL"),
        ("mysql://localhost/x", "not supported"),
        ("sqlite://", "memory"),
        ("sqlite:///:memory:", "memory"),
        ("sqlite:////proc/none/p.db", "cannot be made"),
        ("postgresql+pg8000://user:secret@127.0.0.1:1/x", "not supported"),
        ("postgresql://user:secret@127.0.0.1:port/x", "not a URL"),
        ("postgresql://user:12@secret@127.0.0.1:1/x", "two @"),
    ],
)
def test_a_wrong_url_is_explained(url: str, words: str) -> None:
    with pytest.raises(ConfigurationError, match=words) as caught:
        open_database(url)
    assert caught.value.fix
    assert "secret" not in str(caught.value.as_dict())


def test_a_file_that_is_no_database_is_explained(tmp_path: Path) -> None:
    path = tmp_path / "p.db"
    path.write_bytes(b"this is text, not a database" * 100)
    with pytest.raises(ConfigurationError, match="not a database") as caught:
        open_database(sqlite_url(path))
    assert str(path) in caught.value.message


def test_a_folder_in_place_of_the_file_is_explained(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="unable to open"):
        open_database(sqlite_url(tmp_path))


def test_a_locked_database_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = sqlite_url(tmp_path / "p.db")
    open_database(url).close()
    monkeypatch.setattr(module, "BUSY_SECONDS", 0)
    database = open_database(url)
    holder = sqlite3.connect(tmp_path / "p.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(ConfigurationError, match="locked") as caught, database.write():
        pass
    assert "Another process" in str(caught.value.fix)
    holder.rollback()
    holder.close()
    with database.write() as connection:
        connection.execute(insert(tables.needs).values(need_id="ne_1", body="{}"))
    database.close()


def test_a_full_disk_is_explained_and_nothing_is_written(file_database: Database) -> None:
    database = file_database
    with database.write() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(ConfigurationError, match="full") as caught, database.write() as connection:
        connection.execute(insert(tables.needs).values(need_id="ne_1", body="x" * 1_000_000))
    assert "Free some space" in str(caught.value.fix)
    with database.read() as connection:
        assert connection.execute(select(tables.needs)).all() == []


def test_a_read_only_database_is_explained(tmp_path: Path) -> None:
    path = tmp_path / "p.db"
    open_database(sqlite_url(path)).close()
    database = open_database(f"sqlite:///file:{path}?mode=ro&uri=true")
    with pytest.raises(ConfigurationError, match="readonly") as caught, database.write() as connection:
        connection.execute(insert(tables.needs).values(need_id="ne_1", body="{}"))
    assert "writable" in str(caught.value.fix)
    database.close()
    assert not Path("file:").exists()


def test_a_read_only_file_that_was_never_ours_is_explained_at_once(tmp_path: Path) -> None:
    foreign = sqlite3.connect(tmp_path / "p.db")
    foreign.execute("CREATE TABLE t (x)")
    foreign.close()
    with pytest.raises(ConfigurationError, match="readonly"):
        open_database(f"sqlite:///file:{tmp_path / 'p.db'}?mode=ro&uri=true")
