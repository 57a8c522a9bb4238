"""Rows: how records are written to tables, chunk by chunk, and read back from their JSON bodies."""

from collections.abc import Iterator, Sequence
from typing import Final, TypeAlias, TypeVar

from pydantic import BaseModel, ValidationError
from sqlalchemy import JSON, Column, ColumnElement, Connection, Table, cast, delete, insert, type_coerce

from partnership_os.errors import IntegrityError

CHUNK: Final = 500
"""Ids in one statement; SQLite before 3.32 takes 999."""

Row: TypeAlias = dict[str, str | int | None]
_Model = TypeVar("_Model", bound=BaseModel)
_Item = TypeVar("_Item")


def chunks(items: Sequence[_Item]) -> Iterator[Sequence[_Item]]:
    """The items in order, `CHUNK` at a time."""
    return (items[start : start + CHUNK] for start in range(0, len(items), CHUNK))


def delete_rows(connection: Connection, table: Table, key: str, ids: Sequence[str]) -> None:
    """Delete every row whose key is one of the ids."""
    for chunk in chunks(ids):
        connection.execute(delete(table).where(table.c[key].in_(chunk)))


def insert_rows(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows; none is fine."""
    if rows:
        connection.execute(insert(table), list(rows))


def replace_rows(connection: Connection, table: Table, key: str, rows: Sequence[Row]) -> None:
    """Insert rows in place of all that have the same keys."""
    delete_rows(connection, table, key, list(dict.fromkeys(str(row[key]) for row in rows)))
    insert_rows(connection, table, rows)


def load_record(model: type[_Model], body: str) -> _Model:
    """The record that a body holds.

    Raises:
        IntegrityError: the body is not such a record.
    """
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        raise IntegrityError(
            f"A stored {model.__name__} cannot be read: {error.errors()[0]['msg']}.",
            fix="Restore the database from a backup, or import the companies again.",
        ) from None


def field_of(body: Column[str], name: str, dialect: str) -> ColumnElement[str]:
    """One text field of a stored record, read by the database.

    SQLite reads JSON from text and would make a number of it in a cast; PostgreSQL needs the cast.
    """
    document: ColumnElement[object] = cast(body, JSON) if dialect == "postgresql" else type_coerce(body, JSON)
    field: ColumnElement[str] = document[name].as_string()
    return field
