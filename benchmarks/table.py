"""One measured table, and the stopwatch behind it."""

from collections.abc import Callable
from time import perf_counter
from typing import NamedTuple, TypeVar

T = TypeVar("T")


class Table(NamedTuple):
    """Rows of text under a title; the first column names what was measured."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def seconds(work: Callable[[T], object], given: T) -> float:
    """Wall time of one piece of work."""
    start = perf_counter()
    work(given)
    return perf_counter() - start
