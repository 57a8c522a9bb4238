"""The checkpointer of the graphs: SQLite, one connection a process, only declared types come back as objects."""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.checkpoint.sqlite import SqliteSaver

from partnership_os.errors import ConfigurationError

BUSY_SECONDS = 30.0


@contextmanager
def open_checkpointer(path: Path) -> Iterator[SqliteSaver]:
    """Open (and create) the checkpoint file of a home.

    State holds ids and plain values only, so the serializer may import no class at all: whatever
    else stands in the file comes back as data, never as code.

    Args:
        path: File; its folder must exist.

    Raises:
        ConfigurationError: the file cannot be opened or is no database.
    """
    with ExitStack() as stack:
        try:
            connection = stack.enter_context(
                closing(sqlite3.connect(path, check_same_thread=False, timeout=BUSY_SECONDS))
            )
            saver = SqliteSaver(connection, serde=JsonPlusSerializer(allowed_msgpack_modules=[]))
            saver.setup()
        except sqlite3.Error as error:
            raise ConfigurationError(
                f"The checkpoint file cannot be used: {error}.",
                fix="Check the home folder's permissions and free space, or choose another with --home.",
                path=path,
            ) from error
        yield saver
