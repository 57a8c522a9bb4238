"""One database behind everything that is stored: SQLite in a file, or PostgreSQL by another URL."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, create_engine, event, inspect, select, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, IntegrityError, ProgrammingError
from tenacity import Retrying, retry_if_exception, stop_after_delay, wait_random

from partnership_os.errors import ConfigurationError, InternalError
from partnership_os.storage.tables import alembic_version

SCHEMA_VERSION: Final = "0001"
"""The newest migration that this code knows."""
BUSY_SECONDS: Final = 30
"""How long a writer waits for the one before it."""
_WRITING: Final = "partnership_writing"
_MIGRATION_LOCK: Final = 7_236_451_903
"""Key of the PostgreSQL advisory lock under which one process migrates."""


class Database:
    """Connections with the transactions that the stores need.

    Args:
        engine: A SQLAlchemy engine made by `open_database`.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self._engine.dialect.name

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One writing transaction: on SQLite it holds the write lock from its first statement on.

        Raises:
            ConfigurationError: the database is locked, full, read-only, broken or not reachable.
        """
        with explained(self._engine), self._engine.connect() as connection:
            writing = connection.execution_options(**{_WRITING: True})
            with writing.begin():
                yield writing

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One reading transaction that sees one state of the database.

        Raises:
            ConfigurationError: the database is broken or not reachable.
        """
        options = {"isolation_level": "REPEATABLE READ"} if self.dialect == "postgresql" else {}
        with explained(self._engine), self._engine.connect() as connection:
            reading = connection.execution_options(**options)
            with reading.begin():
                yield reading

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()


def open_database(url: str | URL) -> Database:
    """Open a database and bring its schema up to date; processes that open it at once wait for each other.

    Args:
        url: A SQLAlchemy URL, for example ``sqlite:////srv/home/partnership.db`` or ``postgresql+psycopg://…``;
            `sqlite_url` makes one from a path.

    Raises:
        ConfigurationError: the URL is wrong, a driver is missing, the database cannot be opened or written, or it was
            made by a newer version of this product.
    """
    parsed = _parsed(url)
    if parsed.get_backend_name() == "sqlite":
        _make_folder(parsed)
        engine = create_engine(parsed, connect_args={"timeout": BUSY_SECONDS})
        event.listen(engine, "connect", _on_sqlite_connect)
        event.listen(engine, "begin", _on_sqlite_begin)
    else:
        try:
            engine = create_engine(parsed, pool_pre_ping=True)
        except ModuleNotFoundError as error:
            raise ConfigurationError(
                f"The driver {error.name} of this database URL is not installed.", fix=f"pip install {error.name}"
            ) from None
    database = Database(engine)
    try:
        _upgrade(database)
    except BaseException:
        database.close()
        raise
    return database


def sqlite_url(path: Path) -> URL:
    """The URL of a SQLite file, whatever characters its path holds."""
    return URL.create("sqlite", database=str(path))


@contextmanager
def explained(engine: Engine) -> Iterator[None]:
    """Turn the troubles that an operator can mend into errors that say how. A broken constraint stays what it is.

    Raises:
        ConfigurationError: instead of the driver's own error.
    """
    try:
        yield
    except (IntegrityError, ProgrammingError):
        raise
    except DatabaseError as error:
        trouble = str(error.orig).splitlines()[0] if str(error.orig) else type(error.orig).__name__
        place = engine.url.database if engine.dialect.name == "sqlite" else engine.url.render_as_string()
        raise ConfigurationError(f"The database {place} cannot be used: {trouble}.", fix=_fix(trouble)) from error


def _fix(trouble: str) -> str:
    fixes = {
        "locked": "Another process holds it; wait, or end that process, and try again.",
        "readonly": "Make the file and its folder writable for this user.",
        "disk is full": "Free some space; nothing was written.",
        "unable to open": "Make the folder and the file readable and writable, or choose another home.",
        "disk i/o": "Check the disk and free some space; nothing was written.",
        "not a database": "Choose another home, or restore the file from a backup.",
        "malformed": "Restore the file from a backup.",
    }
    lowered = trouble.lower()
    return next((fix for sign, fix in fixes.items() if sign in lowered), "Check the server and the database URL.")


def _parsed(url: str | URL) -> URL:
    try:
        parsed = make_url(url)
        backend = parsed.get_backend_name()
    except ArgumentError:
        raise ConfigurationError(
            "The database URL is not a URL.", fix="Use for example sqlite:////path/to/partnership.db."
        ) from None
    if backend not in ("sqlite", "postgresql"):
        raise ConfigurationError(f"Databases of kind {backend!r} are not supported.", fix="Use SQLite or PostgreSQL.")
    if backend == "sqlite" and parsed.database in (None, "", ":memory:"):
        raise ConfigurationError(
            "A database in memory would forget every commitment.", fix="Name a file: sqlite:////path/to/partnership.db."
        )
    return parsed


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


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table(alembic_version.name):
        return None
    return connection.execute(select(alembic_version.c.version_num)).scalar_one_or_none()


def _upgrade(database: Database) -> None:
    with database.read() as connection:
        if _version(connection) == SCHEMA_VERSION:
            return
    # Only a home that is fresh or old pays for importing the migration tool.
    from partnership_os.storage.migrate import knows, upgrade

    with database.write() as connection:
        if database.dialect == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
        version = _version(connection)
        if version is not None and not knows(version):
            raise ConfigurationError(
                f"A newer Partnership OS made this database (schema {version}, known: {SCHEMA_VERSION}).",
                fix="Upgrade Partnership OS, or choose another home.",
            )
        upgrade(connection)
        if _version(connection) != SCHEMA_VERSION:
            raise InternalError(f"The migrations did not lead to schema {SCHEMA_VERSION}.")
