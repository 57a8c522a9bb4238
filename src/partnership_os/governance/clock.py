"""The one source of time of the gate. It never goes backwards and never lacks a zone."""

from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

from partnership_os.errors import IntegrityError, InternalError
from partnership_os.governance.store import GovernanceReader, LogHead
from partnership_os.schemas.base import utc_text

MAX_AHEAD: Final = timedelta(minutes=5)
"""How far the log may lie ahead of the clock: as much as two machines on one database may differ, and no more."""


_TICK: Final = timedelta(microseconds=1)


class Clock(Protocol):
    """Anything that tells the time with a zone when it is called."""

    def __call__(self) -> datetime:
        """The present moment, aware of its zone."""
        ...


def system_clock() -> datetime:
    """The clock of this machine, in UTC."""
    return datetime.now(UTC)


def moment(clock: Clock, reader: GovernanceReader) -> datetime:
    """Now in UTC, for what is decided, committed or written, but never before the last event of the audit log.

    A clock that was set back can so not revive what has expired, and the log stays in order of time. A log that lies
    further ahead than `MAX_AHEAD` was written by a wrong clock, or this clock is wrong: until somebody has found out,
    nobody can tell what has expired, and nothing is written under a date that may be false.

    Raises:
        IntegrityError: the log lies ahead of the clock.
        InternalError: the clock gives a time without a zone.
    """
    now, last = _now(clock), reader.audit_head()
    if last.at is not None and last.at - now > MAX_AHEAD:
        raise IntegrityError(
            f"Event {last.at_seq} of the audit log is dated {utc_text(last.at)}, "
            f"but the clock of this machine says {utc_text(now)}.",
            fix="Set the clock of this machine right. If it is right, that event was written while it was wrong: "
            "restore the database and its anchor from the backup made before that event.",
            who_must_act="operator",
            seq=last.at_seq,
        )
    return _latest(now, last)


def moment_of_decision(clock: Clock, reader: GovernanceReader) -> datetime:
    """Like `moment`, for decisions and delegations, but a microsecond at least after everything that the log tells of.

    So which of two decisions came first, and what somebody held when they decided, is never open.
    """
    now, last = moment(clock, reader), reader.audit_head().at
    return now if last is None else max(now, last.astimezone(UTC) + _TICK)


def moment_of_reading(clock: Clock, reader: GovernanceReader) -> datetime:
    """Like `moment`, for what is only shown: where the log lies ahead, the clock is taken as it is."""
    now, last = _now(clock), reader.audit_head()
    ahead = last.at is not None and last.at - now > MAX_AHEAD
    return now if ahead else _latest(now, last)


def moment_of_refusal(clock: Clock, reader: GovernanceReader) -> datetime:
    """Like `moment`, for the event of a refusal, which is written whatever the clock says, in the order of the log."""
    return _latest(_now(clock), reader.audit_head())


def _now(clock: Clock) -> datetime:
    now = clock()
    if now.utcoffset() is None:
        raise InternalError("The clock gave a time without a zone.", fix="Give a clock such as system_clock.")
    return now.astimezone(UTC)


def _latest(now: datetime, last: LogHead) -> datetime:
    return now if last.at is None else max(now, last.at.astimezone(UTC))
