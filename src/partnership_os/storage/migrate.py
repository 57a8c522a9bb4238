"""Alembic, without an ``alembic.ini``: the migrations travel inside the package."""

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection


def config() -> Config:
    """Where the migrations are, in Alembic's terms."""
    made = Config()
    made.set_main_option("script_location", "partnership_os.storage:migrations")
    made.set_main_option("path_separator", "os")
    return made


def head() -> str | None:
    """The newest revision in the package."""
    return ScriptDirectory.from_config(config()).get_current_head()


def knows(revision: str) -> bool:
    """True when the package holds this revision, so that the database is not newer than the code."""
    try:
        return ScriptDirectory.from_config(config()).get_revision(revision) is not None
    except CommandError:
        return False


def upgrade(connection: Connection) -> None:
    """Bring the schema to the newest revision inside the caller's transaction.

    Args:
        connection: In a writing transaction, so that two processes never migrate at once.
    """
    settings = config()
    settings.attributes["connection"] = connection
    command.upgrade(settings, "head")
