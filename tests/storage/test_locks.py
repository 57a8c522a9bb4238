"""Locks: one process at a time, on one machine beside SQLite and on any beside PostgreSQL."""

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from partnership_os.errors import ConfigurationError
from partnership_os.storage import locks as module
from partnership_os.storage.database import Database, open_database
from partnership_os.storage.locks import Locks, lock_key

COUNT = """
import pathlib, sys
from partnership_os.storage.database import open_database
from partnership_os.storage.locks import Locks
url, folder, counter, rounds = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3]), int(sys.argv[4])
locks = Locks(folder, open_database(url, "verify"))
sys.stdin.readline()
for _ in range(rounds):
    with locks.hold("counter"):
        counter.write_text(str(int(counter.read_text()) + 1))
"""
HOLD = """
import pathlib, sys
from partnership_os.storage.database import open_database
from partnership_os.storage.locks import Locks
with Locks(pathlib.Path(sys.argv[2]), open_database(sys.argv[1], "verify")).hold("thread-1"):
    print("held", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "locks").mkdir()
    return tmp_path


@pytest.fixture
def locks(home: Path, database: Database) -> Locks:
    return Locks(home, database)


@pytest.fixture
def server(postgresql_url: str) -> Iterator[Database]:
    made = open_database(postgresql_url)
    yield made
    made.close()


def _start(code: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_a_lock_that_is_held_is_refused_and_free_again_after_any_end(
    locks: Locks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LOCK_SECONDS", 0.1)
    with pytest.raises(RuntimeError), locks.hold("import"):
        refused = pytest.raises(ConfigurationError, match="busy with this home \\(import\\)")
        with locks.hold("another"), refused, locks.hold("import"):
            pytest.fail("two were inside")
        raise RuntimeError
    with locks.hold("import"):
        pass


def test_who_waits_gets_the_lock_when_it_is_free(locks: Locks) -> None:
    order: list[str] = []

    def second() -> None:
        with locks.hold("import"):
            order.append("second")

    with locks.hold("import"):
        thread = threading.Thread(target=second)
        thread.start()
        order.append("first")
    thread.join(20)
    assert order == ["first", "second"]


def test_processes_are_never_inside_at_once(database_url: str, home: Path) -> None:
    counter = home / "counter"
    counter.write_text("0")
    workers = [_start(COUNT, database_url, home, counter, 20) for _ in range(3)]
    for worker in workers:
        worker.communicate("go\n", timeout=60)
    assert [worker.returncode for worker in workers] == [0, 0, 0]
    assert counter.read_text() == "60"


def test_the_lock_of_a_killed_process_is_free(database_url: str, home: Path, locks: Locks) -> None:
    holder = _start(HOLD, database_url, home)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    holder.send_signal(signal.SIGKILL)
    holder.communicate(timeout=20)
    with locks.hold("thread-1"):
        pass


def test_a_home_that_cannot_be_written_is_explained(home: Path, migrated_file: Path) -> None:
    (home / "locks").rmdir()
    (home / "locks").write_text("in the way")
    database = open_database(f"sqlite:///{migrated_file}")
    with pytest.raises(ConfigurationError, match="cannot be written"), Locks(home, database).hold("import"):
        pass
    database.close()


def test_a_lock_on_a_server_takes_no_connection_from_the_stores(home: Path, server: Database) -> None:
    with Locks(home, server).hold("import"):
        assert server.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
        with server.read() as connection:
            assert connection.scalar(text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")) == 1
    with server.read() as connection:
        assert connection.scalar(text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")) == 0


def test_the_end_of_the_connection_ends_the_lock_and_not_the_work(
    home: Path, server: Database, postgresql: Any
) -> None:
    locks = Locks(home, server)
    with locks.hold("import"):
        with server.read() as connection:
            holder = connection.scalar(text("SELECT pid FROM pg_locks WHERE locktype = 'advisory'"))
        postgresql.sql(f"SELECT pg_terminate_backend({holder}, 10000)")
        with locks.hold("import"):
            pass


def test_a_server_that_is_gone_is_explained(home: Path, postgresql: Any) -> None:
    name = postgresql.migrated()
    server = open_database(postgresql.url(name))
    postgresql.drop(name)
    with pytest.raises(ConfigurationError, match="does not exist"), Locks(home, server).hold("import"):
        pass
    server.close()


def test_every_version_of_this_code_means_the_same_lock() -> None:
    assert lock_key("import") == -2791398027664323193
    assert len({lock_key(f"deal-{number}") for number in range(1_000)}) == 1_000
