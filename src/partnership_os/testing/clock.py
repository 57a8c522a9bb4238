"""Clocks for tests: a clock is any callable that returns an aware ``datetime``."""

from datetime import UTC, datetime, timedelta
from threading import Lock

DEFAULT_START = datetime(2026, 1, 15, 9, 0, tzinfo=UTC)
"""Where a test clock stands when a test does not care."""


class FixedClock:
    """A clock that stands still until it is moved.

    Args:
        now: The moment it shows; must carry a zone.

    Raises:
        ValueError: ``now`` has no zone.
    """

    def __init__(self, now: datetime = DEFAULT_START) -> None:
        if now.tzinfo is None:
            raise ValueError("a clock needs a moment with a time zone")
        self._now = now
        self._lock = Lock()

    def __call__(self) -> datetime:
        """The moment it shows."""
        with self._lock:
            return self._now

    def advance(self, by: timedelta) -> None:
        """Move the clock."""
        with self._lock:
            self._now += by


class TickingClock(FixedClock):
    """A clock that moves one step each time it is read, so that no two readings are equal.

    Args:
        start: The first moment it shows.
        step: How far one reading moves it.
    """

    def __init__(self, start: datetime = DEFAULT_START, step: timedelta = timedelta(seconds=1)) -> None:
        super().__init__(start)
        self._step = step

    def __call__(self) -> datetime:
        """The moment it shows; the next reading is one step later."""
        with self._lock:
            now = self._now
            self._now += self._step
            return now
