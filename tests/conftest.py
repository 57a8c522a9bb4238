"""Every test runs without the caller's settings and without a network beyond the loopback (see pyproject.toml).

Tests that ask for `database_url` run on SQLite and on PostgreSQL, each with a database of its own.
"""

import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import pytest
from hypothesis import settings
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url

from partnership_os.storage.database import connect, open_database, sqlite_url
from partnership_os.storage.tables import metadata, write_lock

os.environ.setdefault("LANGGRAPH_STRICT_MSGPACK", "true")  # read when langgraph is imported
os.environ.setdefault("LANGSMITH_TRACING", "false")

# The same examples on every run, so that a red gate is a change's own doing; HYPOTHESIS_PROFILE=explore searches anew.
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("explore", deadline=None, max_examples=1_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))

SERVER: Final = os.environ.get("PARTNERSHIP_TEST_DATABASE_URL")
"""A database of a PostgreSQL server whose user may make databases, for example postgresql://root@127.0.0.1:5432/test."""
SERVER_IS_REQUIRED: Final = os.environ.get("PARTNERSHIP_TEST_REQUIRE_DATABASE") == "1"


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """No PARTNERSHIP_ variable and no .env of the developer reaches a test."""
    for name in list(os.environ):
        if name.startswith("PARTNERSHIP_") and name != "PARTNERSHIP_TEST_DATABASE_URL":
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    yield


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the checkout."""
    return Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared_data(repository: Path) -> Path:
    """Real companies beside the checkout; a clone has none, and the test is skipped."""
    folder = repository.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("no shared/data beside the checkout")
    return folder


class Databases:
    """Databases on the test server, each made by one test and dropped after it; safe for several runs at once."""

    def __init__(self, server: str) -> None:
        self._url = make_url(server).set(drivername="postgresql+psycopg")
        self._admin: Engine = create_engine(self._url, isolation_level="AUTOCOMMIT", pool_pre_ping=True)
        self._run = secrets.token_hex(4)
        self._made: list[str] = []
        self._template = self.empty()
        open_database(self.url(self._template)).close()

    def url(self, name: str) -> str:
        """The URL of one of the databases, as an operator would write it."""
        return self._url.set(drivername="postgresql", database=name).render_as_string(hide_password=False)

    def empty(self, options: str = "ENCODING 'UTF8'") -> str:
        """The name of a new database without a table, whatever the server's own template holds."""
        return self._make(f"TEMPLATE template0 {options}")

    def migrated(self) -> str:
        """The name of a new database with every table and no row."""
        return self._make(f"TEMPLATE {self._template}")

    def drop(self, name: str) -> None:
        """Drop a database, whoever still holds a connection to it."""
        self.sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        self._made.remove(name)

    def close(self) -> None:
        """Drop what is left."""
        for name in list(self._made):
            self.drop(name)
        self._admin.dispose()

    def sql(self, statement: str) -> None:
        """Run a statement on the server itself."""
        with self._admin.connect() as connection:
            connection.execute(text(statement))

    def _make(self, how: str) -> str:
        name = f"partnership_test_{self._run}_{len(self._made)}_{secrets.token_hex(3)}"
        self.sql(f"CREATE DATABASE {name} {how}")
        self._made.append(name)
        return name


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Databases]:
    """The PostgreSQL server of the tests; without one the test is skipped, and the reason says how to name one."""
    if SERVER is None:
        reason = "PARTNERSHIP_TEST_DATABASE_URL is not set (for example postgresql://root@127.0.0.1:5432/test)"
        if SERVER_IS_REQUIRED:
            pytest.fail(reason)
        pytest.skip(reason)
    with ExitStack() as stack:
        databases = Databases(SERVER)
        stack.callback(databases.close)
        yield databases


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with every table and no row, made once: tests start from a copy."""
    path = tmp_path_factory.mktemp("migrated") / "partnership.db"
    open_database(sqlite_url(path)).close()
    return path


@pytest.fixture
def new_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """Makes a migrated database of its own at each call, for tests that need several: call it with the dialect."""
    with ExitStack() as stack:

        def make(dialect: str) -> str:
            if dialect == "sqlite":
                path = tmp_path / f"partnership-{secrets.token_hex(3)}.db"
                shutil.copy(request.getfixturevalue("migrated_file"), path)
                return f"sqlite:///{path}"
            databases: Databases = request.getfixturevalue("postgresql")
            name = databases.migrated()
            stack.callback(databases.drop, name)
            return databases.url(name)

        yield make


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, new_database_url: Callable[[str], str]) -> str:
    """The URL of a migrated database without a row, once on SQLite and once on PostgreSQL."""
    return new_database_url(request.param)


@pytest.fixture
def postgresql_url(new_database_url: Callable[[str], str]) -> str:
    """The URL of a migrated PostgreSQL database without a row, for what only a server can do."""
    return new_database_url("postgresql")


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without a table, once on SQLite (no file yet) and once on PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty home' / 'partnership.db'}"
        return
    databases: Databases = request.getfixturevalue("postgresql")
    name = databases.empty()
    yield databases.url(name)
    databases.drop(name)


@pytest.fixture
def clear_database() -> Callable[[str], None]:
    """Deletes every row, for tests that start anew hundreds of times; a new database costs ten times as much."""

    def clear(url: str) -> None:
        database = connect(url)
        with database.write() as connection:
            for table in reversed(metadata.sorted_tables):
                if table is not write_lock:
                    connection.execute(table.delete())
        database.close()

    return clear
