"""Checkpoints on a PostgreSQL server. Only `storage.checkpoints` imports this, because the driver is an extra."""

import logging
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from langgraph.checkpoint.postgres import PostgresSaver
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from psycopg import Connection, Cursor, DataError, OperationalError
from psycopg.errors import InsufficientPrivilege, UndefinedTable
from psycopg.rows import DictRow, dict_row
from psycopg_pool import ConnectionPool
from sqlalchemy import inspect, text
from sqlalchemy.engine import URL

from partnership_os.errors import ConfigurationError
from partnership_os.storage.database import MIGRATION_LOCK, Database, Migrations
from partnership_os.storage.database_errors import place_of, unstorable, unusable
from partnership_os.storage.locks import server_lock

# The pool logs each failed attempt; who configured logging sees that, and nobody else but the error that follows.
logging.getLogger("psycopg.pool").addHandler(logging.NullHandler())

_WAIT_SECONDS = 10.0
_OF_THE_OPERATOR = (OperationalError, InsufficientPrivilege, UndefinedTable)


class Saver(PostgresSaver):
    """LangGraph's saver, whose errors say who must act."""

    def __init__(self, pool: ConnectionPool[Connection[DictRow]], url: URL, serde: JsonPlusSerializer) -> None:
        super().__init__(pool, serde=serde)
        self._url = url

    @contextmanager
    def _cursor(self, *, pipeline: bool = False) -> Iterator[Cursor[DictRow]]:
        with _explained(self._url), super()._cursor(pipeline=pipeline) as cursor:
            yield cursor


@contextmanager
def open_pool(database: Database) -> Iterator[ConnectionPool[Connection[DictRow]]]:
    """Connections for a saver, each tried before it is used: a server that was started anew goes unnoticed."""
    # One is enough, as the saver does one thing at a time; it is opened when the first thread is read.
    with ConnectionPool(
        connection_class=Connection[DictRow],
        kwargs=_arguments(database),
        min_size=0,
        max_size=1,
        timeout=_WAIT_SECONDS,
        check=ConnectionPool.check_connection,
        name="checkpoints",
        open=True,
    ) as pool:
        yield pool


def prepare(database: Database, migrate: Migrations) -> None:
    """Make the tables of the saver, or only look at them.

    Raises:
        ConfigurationError: the server cannot be used, or the tables are not current and must not be changed here.
    """
    if is_current(database):
        return
    if migrate == "verify":
        raise ConfigurationError(
            f"The database {place_of(database.engine.url)} lacks the tables of the deal threads.",
            fix="Run `partnership database upgrade` as a user who may make tables.",
        )
    with (
        server_lock(database.engine, MIGRATION_LOCK),  # the saver's own setup does not expect a second process
        _explained(database.engine.url),
        closing(Connection.connect(**_arguments(database))) as connection,
    ):
        PostgresSaver(connection).setup()


def is_current(database: Database) -> bool:
    """True when the tables of the saver are those that the installed saver works with, or newer."""
    with database.read() as connection:
        if not inspect(connection).has_table("checkpoint_migrations"):
            return False
        found = connection.execute(text("SELECT max(v) FROM checkpoint_migrations")).scalar_one()
    return found is not None and found >= len(PostgresSaver.MIGRATIONS) - 1


def _arguments(database: Database) -> dict[str, Any]:
    """How the driver itself is told to connect as the engine does, in the way that the saver needs."""
    arguments = dict(database.engine.dialect.create_connect_args(database.engine.url)[1])
    del arguments["context"]  # how SQLAlchemy wants values converted
    own = {"autocommit": True, "prepare_threshold": 0, "row_factory": dict_row, "client_encoding": "utf8"}
    return {"connect_timeout": int(_WAIT_SECONDS), **arguments, **own}


@contextmanager
def _explained(url: URL) -> Iterator[None]:
    try:
        yield
    except _OF_THE_OPERATOR as error:
        raise unusable(url, error) from None
    except DataError as error:
        raise unstorable(url, error) from None
