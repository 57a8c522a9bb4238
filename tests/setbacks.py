"""How a run of a graph may fail under an attack, and how to leave nothing of it behind."""

import contextlib
import traceback
from collections.abc import Iterator
from concurrent.futures import Executor
from typing import Final

from langgraph.errors import EmptyInputError, GraphInterrupt, GraphRecursionError, InvalidUpdateError

from partnership_os.errors import PartnershipError

SETBACKS: Final = (
    PartnershipError,
    GraphRecursionError,
    EmptyInputError,
    GraphInterrupt,
    InvalidUpdateError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
    RuntimeError,
)
"""What an attack may run into. `NotImplementedError` (an unreadable checkpoint) is a RuntimeError."""


@contextlib.contextmanager
def attempt(setbacks: tuple[type[Exception], ...] = SETBACKS) -> Iterator[None]:
    """An attack may fail in many ways; only what it leaves behind counts.

    Args:
        setbacks: What it may run into; anything else is raised.
    """
    try:
        yield
    except setbacks as error:
        end_workers(error)


def end_workers(error: BaseException) -> None:
    """End the threads of a run that failed before its first step; LangGraph leaves them open.

    They would end when the run is freed, and where one of them frees it, it cannot wait for itself and warns.
    """
    for one in _chain(error):
        for frame, _ in traceback.walk_tb(one.__traceback__):
            submit = getattr(frame.f_locals.get("self"), "submit", None)
            executor = getattr(getattr(submit, "__self__", None), "executor", None)
            if isinstance(executor, Executor):
                executor.shutdown(wait=True)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error and those that it came from: the failed run may stand behind an error of ours."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
