"""Locks: work that only one process may do at a time, wherever the processes run.

Beside a SQLite home the processes are on one machine, and a lock is a file. Beside PostgreSQL they can be on several,
and a lock is an advisory lock of the server, which ends with the connection that took it. So it ends with its process,
and some seconds after its machine when that one is lost.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from filelock import FileLock, Timeout
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError
from tenacity import RetryError, Retrying, retry_if_result, stop_after_delay, wait_random

from partnership_os.errors import ConfigurationError
from partnership_os.storage.database_errors import explained

if TYPE_CHECKING:
    from partnership_os.storage.database import Database

LOCK_SECONDS: Final = 60.0
"""How long somebody waits for a lock."""
_DEAD_PEER: Final = {"tcp_keepalives_idle": "30", "tcp_keepalives_interval": "10", "tcp_keepalives_count": "3"}
"""After how many seconds the server takes a silent machine for lost; its own default is two hours."""


class Locks:
    """The named locks of one installation.

    Args:
        folder: The home; lock files are in its folder ``locks``.
        database: Of the installation; decides which kind of lock is needed.
    """

    def __init__(self, folder: Path, database: "Database") -> None:
        self._folder = folder
        self._database = database

    @contextmanager
    def hold(self, name: str) -> Iterator[None]:
        """Hold one lock, so that a second process waits its turn.

        Raises:
            ConfigurationError: another process held it for too long, or the home or the server cannot be used.
        """
        if self._database.dialect == "sqlite":
            with _file_lock(self._folder, name):
                yield
        else:
            with server_lock(self._database.engine, name):
                yield


@contextmanager
def server_lock(engine: Engine, name: str) -> Iterator[None]:
    """Hold an advisory lock of a PostgreSQL database on a connection of its own.

    Who waits asks again and again instead of sleeping in the server: a statement that waits keeps a snapshot open, and
    the indexes that the holder may be building concurrently would wait for that snapshot for ever.

    Raises:
        ConfigurationError: another process held it for too long, or the server cannot be used.
    """
    with explained(engine.url):
        connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        connection.detach()  # it goes back to no pool: closing it ends the lock whatever happened before
    try:
        with explained(engine.url):
            _take(connection, name)
        yield
    finally:
        _close(connection)


def _take(connection: Connection, name: str) -> None:
    for setting, value in _DEAD_PEER.items():
        connection.execute(text("SELECT set_config(:setting, :value, false)"), {"setting": setting, "value": value})
    asking = Retrying(
        retry=retry_if_result(lambda taken: not taken), stop=stop_after_delay(LOCK_SECONDS), wait=wait_random(0.02, 0.1)
    )
    query = text("SELECT pg_try_advisory_lock(:key)")
    try:
        asking(lambda: connection.execute(query, {"key": lock_key(name)}).scalar_one())
    except RetryError:
        raise _busy(name) from None


def _close(connection: Connection) -> None:
    try:
        connection.close()
    except DBAPIError:
        connection.invalidate()  # the server is gone, and the lock with it


def lock_key(name: str) -> int:
    """The number by which the server knows a lock: 64 bits of the SHA-256 of its name, signed."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)


@contextmanager
def _file_lock(folder: Path, name: str) -> Iterator[None]:
    lock = FileLock(folder / "locks" / f"{name}.lock", timeout=LOCK_SECONDS)
    try:
        lock.acquire()
    except Timeout:
        raise _busy(name) from None
    except OSError as error:
        raise ConfigurationError(
            f"The home {folder} cannot be written: {error.strerror}.", fix="Check free space and permissions."
        ) from error
    try:
        yield
    finally:
        lock.release()


def _busy(name: str) -> ConfigurationError:
    return ConfigurationError(
        f"Another process is busy with this home ({name}).", fix="Wait until it has finished, or end it."
    )
