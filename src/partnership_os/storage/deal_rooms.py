"""Entries of deal rooms: added in order, one at a time, and never changed."""

from collections.abc import Callable

from sqlalchemy import func, insert, select

from partnership_os.errors import IntegrityError
from partnership_os.schemas.deal_room import PrivateEntry, SharedEntry, read_entry
from partnership_os.storage import tables
from partnership_os.storage.database import Database

__all__ = ["DealRoomStore"]


class DealRoomStore:
    """Reads and adds entries.

    Args:
        database: An open database.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, thread_id: str, make: Callable[[int], SharedEntry | PrivateEntry]) -> SharedEntry | PrivateEntry:
        """Add the next entry of a deal, in one transaction with finding its place.

        Args:
            thread_id: The deal.
            make: Gets the place of the entry, counted from 1, and makes it.
        """
        entries = tables.room_entries
        with self._database.write() as connection:
            last = connection.execute(
                select(func.max(entries.c.seq)).where(entries.c.thread_id == thread_id)
            ).scalar_one()
            entry = make((last or 0) + 1)
            row = {
                "thread_id": thread_id,
                "seq": entry.seq,
                "entry_id": entry.entry_id,
                "kind": entry.kind,
                "body": entry.model_dump_json(),
            }
            connection.execute(insert(entries), [row])
        return entry

    def entries(self, thread_id: str) -> tuple[SharedEntry | PrivateEntry, ...]:
        """All entries of a deal in their order.

        Raises:
            IntegrityError: one cannot be read.
        """
        wanted = tables.room_entries
        query = select(wanted.c.body).where(wanted.c.thread_id == thread_id).order_by(wanted.c.seq)
        with self._database.read() as connection:
            bodies = connection.execute(query).scalars().all()
        try:
            return tuple(read_entry(body) for body in bodies)
        except ValueError:
            raise IntegrityError(
                f"An entry of the deal room {thread_id} cannot be read.",
                fix="Restore the database from a backup.",
                thread_id=thread_id,
            ) from None
