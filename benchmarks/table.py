"""One measured table, and the stopwatch behind it."""

from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import NamedTuple


class Table(NamedTuple):
    """Rows of text under a title; the first column names what was measured."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def seconds(work: Callable[[], object], rounds: int = 3) -> float:
    """Median wall time of some rounds of the same work."""
    times = []
    for _ in range(rounds):
        start = perf_counter()
        work()
        times.append(perf_counter() - start)
    return median(times)
