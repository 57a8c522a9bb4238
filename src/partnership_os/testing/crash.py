"""Fault injection: end, stop or fail a process at a chosen point of its work, and look at what it left behind.

Count the points in a run without a fault, then run again once for each of them::

    wire = Tripwire(at=7)
    with watch_statements(wire), watch_files(wire), wire.armed():
        commit(...)  # ends with SIGKILL at the seventh point

A process that is killed tells nothing, so let a forked child do it, and let another process look at the store.
"""

import errno
import os
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, Final, TypeAlias

Act: TypeAlias = Callable[[str], None]
"""What happens at the chosen point; it is given the name of the point."""

_FILE_CALLS: Final = ("fsync", "link", "rename", "replace", "unlink")


def kill(_point: str) -> None:
    """End this process at once: no ``finally``, no buffer flushed, no connection closed."""
    os.kill(os.getpid(), signal.SIGKILL)


def stop(_point: str) -> None:
    """Hold this process until somebody sends SIGCONT, for example while another one does the opposite."""
    os.kill(os.getpid(), signal.SIGSTOP)


def disk_full(point: str) -> None:
    """Fail as a full disk does.

    Raises:
        OSError: always, ``ENOSPC``.
    """
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), point)


class Tripwire:
    """Counts the points that a process passes while armed, and acts at one of them.

    Args:
        at: Number of the point, from 1; None only counts.
        act: What happens there.
    """

    def __init__(self, at: int | None = None, act: Act = kill) -> None:
        self.passed: list[str] = []
        self._at = at
        self._act = act
        self._armed = False

    @contextmanager
    def armed(self) -> Iterator[None]:
        """Points count while this context lasts."""
        self._armed = True
        try:
            yield
        finally:
            self._armed = False

    def point(self, name: str) -> None:
        """One point is reached."""
        if not self._armed:
            return
        self.passed.append(name)
        if len(self.passed) == self._at:
            self._act(name)


@contextmanager
def watch_statements(wire: Tripwire) -> Iterator[None]:
    """A point before and after each SQL statement and each COMMIT, whatever engine runs it."""
    from sqlalchemy import Engine, event
    from sqlalchemy.engine.default import DefaultDialect

    def before(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        wire.point(f"before {_short(statement)}")

    def after(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        wire.point(f"after {_short(statement)}")

    genuine: Any = DefaultDialect.do_commit

    def do_commit(dialect: DefaultDialect, connection: Any) -> None:
        wire.point("before COMMIT")
        genuine(dialect, connection)
        wire.point("after COMMIT")

    event.listen(Engine, "before_cursor_execute", before)
    event.listen(Engine, "after_cursor_execute", after)
    setattr(DefaultDialect, "do_commit", do_commit)  # noqa: B010 - a method may not be assigned to, says the type checker
    try:
        yield
    finally:
        setattr(DefaultDialect, "do_commit", genuine)  # noqa: B010
        event.remove(Engine, "before_cursor_execute", before)
        event.remove(Engine, "after_cursor_execute", after)


@contextmanager
def watch_files(wire: Tripwire) -> Iterator[None]:
    """A point before and after each step by which Python code makes a file durable: temporary file, sync, rename."""
    genuine: list[tuple[Any, str, Any]] = [(os, name, getattr(os, name)) for name in _FILE_CALLS]
    genuine.append((tempfile, "mkstemp", tempfile.mkstemp))
    for owner, name, call in genuine:
        setattr(owner, name, _between_points(wire, name, call))
    try:
        yield
    finally:
        for owner, name, call in genuine:
            setattr(owner, name, call)


@contextmanager
def watch_lines(wire: Tripwire, folder: str) -> Iterator[None]:
    """A point before each line of the Python files below a folder.

    Args:
        wire: Counts the lines.
        folder: The beginning of the file names, for example that of a package.
    """

    def inside(frame: FrameType, kind: str, _argument: Any) -> Any:
        if kind == "line":
            wire.point(f"{frame.f_code.co_filename.removeprefix(folder)}:{frame.f_lineno}")
        return inside

    def entering(frame: FrameType, _kind: str, _argument: Any) -> Any:
        return inside if frame.f_code.co_filename.startswith(folder) else None

    former = sys.gettrace()
    sys.settrace(entering)
    try:
        yield
    finally:
        sys.settrace(former)


def _between_points(wire: Tripwire, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
    def watched(*arguments: Any, **named: Any) -> Any:
        wire.point(f"before {name}")
        result = call(*arguments, **named)
        wire.point(f"after {name}")
        return result

    return watched


def _short(statement: str) -> str:
    """Enough of a statement to recognise it: its verb and its table."""
    words = statement.split()
    for sign in ("FROM", "INTO", "UPDATE"):
        if sign in words[:-1]:
            return f"{words[0]} {words[words.index(sign) + 1]}"
    return " ".join(words[:2])
