"""One database behind everything that is stored: SQLite in a file, or PostgreSQL by another URL."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from sqlalchemy import Connection, Engine, create_engine, event, inspect, select, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import ArgumentError
from tenacity import Retrying, retry_if_exception, stop_after_delay, wait_random

from partnership_os.errors import ConfigurationError, InternalError
from partnership_os.storage.database_errors import driver_missing, explained, place_of
from partnership_os.storage.locks import server_lock
from partnership_os.storage.tables import alembic_version, write_lock

if TYPE_CHECKING:
    from psycopg import Connection as PostgresConnection

Migrations: TypeAlias = Literal["upgrade", "verify"]
"""What opening does about the schema: bring it up to date, or only look and refuse one that is not current."""

SCHEMA_VERSION: Final = "0002"
"""The newest migration that this code knows."""
BUSY_SECONDS: Final = 30
"""How long a writer waits for the one before it."""
MIGRATION_LOCK: Final = "migration"
"""Name of the server lock under which one process changes the schema."""
_CONNECT_SECONDS: Final = 10
_WRITING: Final = "partnership_writing"
_POSTGRESQL: Final = ("postgresql", "postgres", "postgresql+psycopg")
"""The ways to write a URL of PostgreSQL; one driver serves them all."""


class Database:
    """Connections with the transactions that the stores need.

    Args:
        engine: A SQLAlchemy engine made by `open_database`.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self.engine.dialect.name

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One writing transaction. Writers stand in line, and each sees what the one before it wrote.

        On SQLite they wait for the write lock of the file, on PostgreSQL for the row of ``write_lock``.

        Raises:
            ConfigurationError: the database is locked, full, read-only, broken or not reachable.
        """
        with self._begin() as connection:
            if self.dialect == "postgresql":
                connection.execute(select(write_lock.c.id).with_for_update())
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One reading transaction that sees one state of the database.

        Raises:
            ConfigurationError: the database is broken or not reachable.
        """
        server = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        options = server if self.dialect == "postgresql" else {}
        with explained(self.engine.url), self.engine.connect() as connection:
            reading = connection.execution_options(**options)
            with reading.begin(), _streams_closed(reading):
                yield reading

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    @contextmanager
    def _begin(self) -> Iterator[Connection]:
        """A writing transaction without the line of writers, for what makes the tables."""
        options: dict[str, Any] = {_WRITING: True}
        if (
            self.dialect == "postgresql"
        ):  # whatever the server's default: who waited must see what was written meanwhile
            options["isolation_level"] = "READ COMMITTED"
        with explained(self.engine.url), self.engine.connect() as connection:
            writing = connection.execution_options(**options)
            with writing.begin(), _streams_closed(writing):
                yield writing

    def schema_version(self) -> str | None:
        """The migration that the database stands at; None when it holds no tables of ours.

        Raises:
            ConfigurationError: the database is broken or not reachable.
        """
        if self.engine.url.get_backend_name() == "sqlite" and not _is_there(self.engine.url):
            return None  # looking must not make the file
        with self.read() as connection:
            return _version(connection)

    def upgrade(self) -> None:
        """Bring the schema up to date; processes that do so at once wait for each other.

        Raises:
            ConfigurationError: a newer version of this product made the database, or it cannot be written.
        """
        # Only a home that is fresh or old pays for importing the migration tool.
        from partnership_os.storage.migrate import knows, sort_by_bytes, upgrade

        if self.dialect == "sqlite":
            _make_folder(self.engine.url)
        with self._alone(), self._begin() as connection:
            version = _version(connection)
            if version is not None and not knows(version):
                raise _newer(version)
            upgrade(connection)
            if self.dialect == "postgresql":
                sort_by_bytes(connection)
            if _version(connection) != SCHEMA_VERSION:
                raise InternalError(f"The migrations did not lead to schema {SCHEMA_VERSION}.")

    @contextmanager
    def _alone(self) -> Iterator[None]:
        if self.dialect == "sqlite":  # its writing transactions are alone by themselves
            yield
        else:
            with server_lock(self.engine, MIGRATION_LOCK):
                yield


def open_database(url: str | URL, migrate: Migrations = "upgrade") -> Database:
    """Open a database whose schema is the one that this code works with.

    Args:
        url: For example ``sqlite:////srv/home/partnership.db`` or ``postgresql://user:password@host/name``;
            `sqlite_url` makes one from a path.
        migrate: ``upgrade`` makes and changes tables as needed; ``verify`` never does, for processes whose database
            user may not.

    Raises:
        ConfigurationError: the URL is wrong, a driver is missing, the database cannot be opened or written, it was
            made by a newer version of this product, or it is not current and must not be changed here.
    """
    database = connect(url)
    try:
        if migrate == "upgrade":
            _prepare(database)
        else:
            verify(database)
    except BaseException:
        database.close()
        raise
    return database


def connect(url: str | URL) -> Database:
    """Connect to a database whatever schema it has; nothing is made or changed.

    Raises:
        ConfigurationError: the URL is wrong or a driver is missing.
    """
    parsed = _parsed(url)
    if parsed.get_backend_name() == "sqlite":
        engine = create_engine(parsed, connect_args={"timeout": BUSY_SECONDS}, hide_parameters=True)
        event.listen(engine, "connect", _on_sqlite_connect)
        event.listen(engine, "begin", _on_sqlite_begin)
        return Database(engine)
    given = {"connect_timeout": _CONNECT_SECONDS} if "connect_timeout" not in parsed.query else {}
    try:  # a connection is tried before it is used, so that a server that was started anew goes unnoticed
        engine = create_engine(parsed, connect_args=given, pool_pre_ping=True, hide_parameters=True)
    except ImportError:
        raise driver_missing() from None
    event.listen(engine, "connect", _on_postgresql_connect)
    return Database(engine)


def sqlite_url(path: Path) -> URL:
    """The URL of a SQLite file, whatever characters its path holds."""
    return URL.create("sqlite", database=str(path))


def verify(database: Database) -> None:
    """Refuse a database whose schema is not current; nothing is changed.

    Raises:
        ConfigurationError: it is empty, older or newer, or cannot be read.
    """
    version = database.schema_version()
    if version is None:
        raise ConfigurationError(
            f"The database {place_of(database.engine.url)} holds no tables of Partnership OS yet.",
            fix="Run `partnership database upgrade` as a user who may make tables.",
        )
    if version > SCHEMA_VERSION:
        raise _newer(version)
    if version != SCHEMA_VERSION:
        raise ConfigurationError(
            f"The database {place_of(database.engine.url)} has schema {version}; this version needs {SCHEMA_VERSION}.",
            fix="Run `partnership database upgrade` as a user who may change tables.",
        )


def _prepare(database: Database) -> None:
    if database.schema_version() == SCHEMA_VERSION:
        return
    _check_encoding(database)
    database.upgrade()


def _check_encoding(database: Database) -> None:
    if database.dialect != "postgresql":
        return
    with database.read() as connection:
        encoding = connection.execute(text("SHOW server_encoding")).scalar_one()
    if encoding != "UTF8":
        raise ConfigurationError(
            f"The database {place_of(database.engine.url)} is in {encoding} and cannot hold every language.",
            fix="Make one with: createdb --encoding=UTF8 --template=template0 NAME",
        )


def _newer(version: str) -> ConfigurationError:
    return ConfigurationError(
        f"A newer Partnership OS made this database (schema {version}, known: {SCHEMA_VERSION}).",
        fix="Upgrade Partnership OS, or choose another home.",
    )


def _parsed(url: str | URL) -> URL:
    try:
        parsed = make_url(url)
        backend = parsed.get_backend_name()
    except (ArgumentError, ValueError):
        raise ConfigurationError(
            "The database URL is not a URL.", fix="Use for example sqlite:////path/to/partnership.db."
        ) from None
    if backend == "sqlite":
        if parsed.database in (None, "", ":memory:"):
            raise ConfigurationError(
                "A database in memory would forget every commitment.",
                fix="Name a file: sqlite:////path/to/partnership.db.",
            )
        return parsed
    if parsed.drivername not in _POSTGRESQL:
        raise ConfigurationError(
            f"Databases of kind {parsed.drivername!r} are not supported.",
            fix="Use sqlite:////path/to/partnership.db or postgresql://user@host/name.",
        )
    if "@" in (parsed.host or ""):
        raise ConfigurationError(
            "The database URL has two @ signs before its host.", fix="Write an @ in the user or the password as %40."
        )
    return parsed.set(drivername="postgresql+psycopg")


def _is_there(url: URL) -> bool:
    return "uri" in url.query or os.path.exists(str(url.database))  # False, not an error, in a closed folder


def _make_folder(url: URL) -> None:
    if "uri" in url.query:  # a name in SQLite's own syntax, for example of a read-only file that is there already
        return
    folder = Path(str(url.database)).parent
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigurationError(
            f"The folder {folder} cannot be made: {error.strerror}.", fix="Choose another home."
        ) from error


def _on_sqlite_connect(connection: sqlite3.Connection, _record: object) -> None:
    # The driver must not open transactions by itself; the begin event below does, see SQLAlchemy's notes on pysqlite.
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1_000}")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")
    if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        _switch_to_wal(connection)


def _switch_to_wal(connection: sqlite3.Connection) -> None:
    """Switching needs the file alone and does not wait by itself when two processes open a fresh home at once."""
    for attempt in Retrying(
        retry=retry_if_exception(lambda error: "locked" in str(error)),
        stop=stop_after_delay(BUSY_SECONDS),
        wait=wait_random(0.01, 0.1),
        reraise=True,
    ):
        with attempt:
            connection.execute("PRAGMA journal_mode = WAL")


def _on_sqlite_begin(connection: Connection) -> None:
    writing = connection.get_execution_options().get(_WRITING, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _on_postgresql_connect(connection: "PostgresConnection[Any]", _record: object) -> None:
    # The URL, the user and the environment can each set these otherwise; text is UTF-8 and nobody waits for ever.
    connection.execute("SET client_encoding TO 'UTF8'")
    connection.execute(f"SET lock_timeout TO {BUSY_SECONDS * 1_000}")
    connection.commit()


@contextmanager
def _streams_closed(connection: Connection) -> Iterator[None]:
    """Close what reads rows in portions from a server, also when its reader stopped before the end."""
    streams: list[DBAPICursor] = []

    def remember(_connection: Connection, cursor: DBAPICursor, *_: object) -> None:
        if getattr(cursor, "name", None) is not None:  # only a cursor on the server has a name
            streams.append(cursor)

    if connection.dialect.name == "postgresql":
        event.listen(connection, "after_cursor_execute", remember)
    try:
        yield
    finally:
        for cursor in streams:
            with suppress(connection.dialect.loaded_dbapi.Error):  # the connection broke, and the cursor with it
                cursor.close()


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table(alembic_version.name):
        return None
    return connection.execute(select(alembic_version.c.version_num)).scalar_one_or_none()
