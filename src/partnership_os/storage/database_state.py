"""Where the schema of a database stands, and bringing it up to date by command."""

from dataclasses import dataclass

from sqlalchemy.engine import URL

from partnership_os.storage.checkpoints import checkpoints_are_current, prepare_checkpoints
from partnership_os.storage.database import SCHEMA_VERSION, Database, connect, open_database
from partnership_os.storage.database_errors import place_of


@dataclass(frozen=True)
class DatabaseState:
    """What an operator wants to know before a process starts.

    Attributes:
        dialect: ``sqlite`` or ``postgresql``.
        place: File, or user, host, port and name; never a password.
        found: The schema version that the database stands at; None when it holds no tables of ours.
        known: The newest schema version of this code.
        threads: True when the tables of the deal threads are there; beside SQLite they are a file, made when needed.
    """

    dialect: str
    place: str
    found: str | None
    known: str
    threads: bool

    @property
    def current(self) -> bool:
        """True when a process that only verifies would start."""
        return self.found == self.known and self.threads

    @property
    def newer(self) -> bool:
        """True when a newer version of this product made the database, which no upgrade by this one mends."""
        return self.found is not None and self.found > self.known


def database_state(url: str | URL) -> DatabaseState:
    """Look at a database; nothing is made or changed, not even its file.

    Raises:
        ConfigurationError: the URL is wrong, a driver is missing, or the database cannot be reached or read.
    """
    database = connect(url)
    try:
        return _state(database)
    finally:
        database.close()


def upgrade_database(url: str | URL) -> DatabaseState:
    """Make or change every table, those of the deal threads too, and say where the database stands now.

    Raises:
        ConfigurationError: as `open_database`.
    """
    database = open_database(url)
    try:
        prepare_checkpoints(database)
        return _state(database)
    finally:
        database.close()


def _state(database: Database) -> DatabaseState:
    return DatabaseState(
        dialect=database.dialect,
        place=place_of(database.engine.url),
        found=database.schema_version(),
        known=SCHEMA_VERSION,
        threads=checkpoints_are_current(database),
    )
