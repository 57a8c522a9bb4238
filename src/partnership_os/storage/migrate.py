"""Alembic, without an ``alembic.ini``: the migrations travel inside the package."""

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, text

from partnership_os.storage.tables import alembic_version, metadata


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


def sort_by_bytes(connection: Connection) -> None:
    """Make every text column of a PostgreSQL database sort as Python and SQLite do, whatever the server's locale.

    Ids and times are compared and ordered as text, and the same records must come back in the same order everywhere.

    Args:
        connection: In a writing transaction, after `upgrade`.
    """
    query = text(
        "SELECT relname, attname, format_type(atttypid, atttypmod) AS kind FROM pg_attribute "
        "JOIN pg_class ON pg_class.oid = attrelid "
        "WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' AND relname = ANY(:tables) "
        "AND attnum > 0 AND NOT attisdropped AND attcollation NOT IN (0, 'pg_catalog.\"C\"'::regcollation) "
        "ORDER BY relname, attnum"
    )
    columns: dict[str, list[str]] = {}
    for row in connection.execute(query, {"tables": [alembic_version.name, *metadata.tables]}):
        columns.setdefault(row.relname, []).append(f'ALTER COLUMN {row.attname} TYPE {row.kind} COLLATE "C"')
    for table, changes in columns.items():
        connection.exec_driver_sql(f"ALTER TABLE {table} {', '.join(changes)}")
