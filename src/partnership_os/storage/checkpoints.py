"""The checkpointer of the graphs, beside the database: a SQLite file in the home, or tables on the PostgreSQL server.

State holds ids and plain values only, so the serializer may import no class at all: whatever else stands in the store
comes back as data, never as code.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from types import ModuleType

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer

from partnership_os.errors import ConfigurationError
from partnership_os.storage.database import Database, Migrations
from partnership_os.storage.database_errors import driver_missing

BUSY_SECONDS = 30.0


@contextmanager
def open_checkpointer(
    database: Database, path: Path, migrate: Migrations = "upgrade"
) -> Iterator[BaseCheckpointSaver[str]]:
    """Open the checkpointer of a home; it is made when it is not there.

    Args:
        database: Of the same home. On PostgreSQL it holds the threads too, so that every machine can wake them.
        path: The file beside a SQLite database; its folder must exist.
        migrate: ``verify`` makes no table on a server. A file is always ours to make.

    Raises:
        ConfigurationError: the store cannot be used, or its tables are missing and must not be made here.
    """
    serde = JsonPlusSerializer(allowed_msgpack_modules=[])
    if database.dialect == "sqlite":
        with _open_file(path, serde) as saver:
            yield saver
    else:
        with _open_server(database, serde, migrate) as saver:
            yield saver


@contextmanager
def _open_file(path: Path, serde: JsonPlusSerializer) -> Iterator[BaseCheckpointSaver[str]]:
    from langgraph.checkpoint.sqlite import SqliteSaver

    with ExitStack() as stack:
        try:
            connection = stack.enter_context(
                closing(sqlite3.connect(path, check_same_thread=False, timeout=BUSY_SECONDS))
            )
            saver = SqliteSaver(connection, serde=serde)
            saver.setup()
        except sqlite3.Error as error:
            raise ConfigurationError(
                f"The checkpoint file cannot be used: {error}.",
                fix="Check the home folder's permissions and free space, or choose another with --home.",
                path=path,
            ) from error
        yield saver


@contextmanager
def _open_server(
    database: Database, serde: JsonPlusSerializer, migrate: Migrations
) -> Iterator[BaseCheckpointSaver[str]]:
    server = _server()
    server.prepare(database, migrate)
    with server.open_pool(database) as pool:
        yield server.Saver(pool, database.engine.url, serde)


def prepare_checkpoints(database: Database) -> None:
    """Make the tables that the checkpointer needs on a server; a file beside SQLite is made when it is opened.

    Raises:
        ConfigurationError: the server cannot be used.
    """
    if database.dialect == "postgresql":
        _server().prepare(database, "upgrade")


def checkpoints_are_current(database: Database) -> bool:
    """True when the checkpointer needs no tables made or changed on the server."""
    return database.dialect == "sqlite" or _server().is_current(database)


def _server() -> ModuleType:
    try:
        from partnership_os.storage import postgres_checkpoints
    except ImportError:
        raise driver_missing() from None
    return postgres_checkpoints
