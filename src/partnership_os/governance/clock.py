"""The one source of time of the gate. It never goes backwards and never lacks a zone."""

from datetime import UTC, datetime
from typing import Protocol

from partnership_os.errors import InternalError
from partnership_os.governance.store import GovernanceReader


class Clock(Protocol):
    """Anything that tells the time with a zone when it is called."""

    def __call__(self) -> datetime:
        """The present moment, aware of its zone."""
        ...


def system_clock() -> datetime:
    """The clock of this machine, in UTC."""
    return datetime.now(UTC)


def moment(clock: Clock, reader: GovernanceReader) -> datetime:
    """Now in UTC, but never before the last event of the audit log.

    A clock that was set back can so not revive what has expired, and the log stays in order of time.

    Raises:
        InternalError: the clock gives a time without a zone.
    """
    now = clock()
    if now.utcoffset() is None:
        raise InternalError("The clock gave a time without a zone.", fix="Give a clock such as system_clock.")
    last = reader.audit_head().at
    now = now.astimezone(UTC)
    return now if last is None else max(now, last.astimezone(UTC))
