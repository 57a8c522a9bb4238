"""Pictures of figures as SVG: an interval on an axis, a bar with whiskers, a reliability plot.

They repeat what stands beside them in words; colours and sizes come from the style sheet. Places along a line are in
per cent, so that a picture is as wide as its cell and nothing is stretched.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

from partnership_os.evals.report.markup import Element, el

__all__ = ["Axis", "ReliabilityPoint", "around_zero", "bar", "forest", "plot", "spanning"]

_MARGIN = 2.0
"""Per cent left free at both ends of an axis, so that a mark at the end is whole."""


@dataclass(frozen=True)
class Axis:
    """From which value to which a picture reaches."""

    low: float
    high: float

    def at(self, value: float) -> str:
        """The place of a value along the axis, in per cent of its width; a value outside is at the end."""
        share = (value - self.low) / (self.high - self.low)
        return f"{_MARGIN + min(max(share, 0.0), 1.0) * (100 - 2 * _MARGIN):.2f}%"


@dataclass(frozen=True)
class ReliabilityPoint:
    """A point of a reliability plot: mean stated probability, share that came true with its interval, and how many."""

    stated: float
    true: float
    low: float
    high: float
    n: int


def spanning(values: Iterable[float]) -> Axis:
    """An axis from 0 to 1, or as far as the values reach beyond."""
    every = [0.0, 1.0, *values]
    return Axis(min(every), max(every))


def around_zero(values: Iterable[float], least: float) -> Axis:
    """An axis with 0 in its middle.

    Args:
        values: Everything that is shown on it.
        least: It reaches so far on both sides at least, so that small differences look small.
    """
    reach = max([least, *(abs(value) for value in values)])
    return Axis(-reach, reach)


def forest(axis: Axis, value: float, low: float | None, high: float | None, reference: float | None) -> Element:
    """A mark with its interval on an axis, and a dashed line where the baseline is.

    Args:
        axis: Of all pictures of the measure.
        value: The estimate.
        low: Lower end of the interval; None without one.
        high: Upper end.
        reference: What to compare with by eye; None for nothing.
    """
    parts = [_line("axis", "0", "100%", "50%", "50%")]
    if reference is not None:
        parts.append(_line("reference", axis.at(reference), axis.at(reference), "0", "100%"))
    if low is not None and high is not None:
        parts += _whiskers(axis, low, high)
    mark = el("rect", class_="mark", x=axis.at(value), y="50%", width=8, height=8, transform="translate(-4 -4)")
    return _svg("forest", *parts, mark)


def bar(value: float, low: float | None, high: float | None) -> Element:
    """A share as a bar from 0, with whiskers where there is an interval."""
    axis = Axis(0.0, 1.0)
    width = f"{min(max(value, 0.0), 1.0) * (100 - 2 * _MARGIN):.2f}%"
    parts = [
        el("rect", class_="track", x=axis.at(0), y="20%", width=f"{100 - 2 * _MARGIN}%", height="60%"),
        el("rect", class_="bar", x=axis.at(0), y="20%", width=width, height="60%"),
    ]
    if low is not None and high is not None:
        parts += _whiskers(axis, low, high)
    return _svg("bar-picture", *parts)


def plot(points: Sequence[ReliabilityPoint], across: str, up: str) -> Element:
    """Stated probability across, share that came true up, and the diagonal on which both agree.

    Args:
        points: One for each bin.
        across: Label of the axis across.
        up: Label of the axis up.
    """
    size, left, top = 200, 44, 12

    def x(value: float) -> str:
        return f"{left + value * size:.1f}"

    def y(value: float) -> str:
        return f"{top + (1 - value) * size:.1f}"

    parts = [el("rect", class_="frame", x=left, y=top, width=size, height=size)]
    for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
        parts += [
            _line("grid", x(tick), x(tick), y(0), y(1)),
            _line("grid", x(0), x(1), y(tick), y(tick)),
            el("text", f"{tick:.0%}", x=x(tick), y=top + size + 16, text_anchor="middle"),
            el("text", f"{tick:.0%}", x=left - 6, y=f"{top + (1 - tick) * size + 4:.1f}", text_anchor="end"),
        ]
    parts.append(_line("reference", x(0), x(1), y(0), y(1)))
    most = max((point.n for point in points), default=1)
    for point in points:
        parts.append(_line("whisker", x(point.stated), x(point.stated), y(point.low), y(point.high)))
        radius = 2 + 4 * sqrt(point.n / most)
        parts.append(el("circle", class_="mark", cx=x(point.stated), cy=y(point.true), r=f"{radius:.1f}"))
    middle = top + size // 2
    parts += [
        el("text", across, x=left + size // 2, y=top + size + 34, text_anchor="middle"),
        el("text", up, x=10, y=middle, text_anchor="middle", transform=f"rotate(-90 10 {middle})"),
    ]
    return _svg("plot", *parts, viewBox=f"0 0 {left + size + 16} {top + size + 42}")


def _whiskers(axis: Axis, low: float, high: float) -> list[Element]:
    ends = [_line("whisker", axis.at(end), axis.at(end), "30%", "70%") for end in (low, high)]
    return [_line("whisker", axis.at(low), axis.at(high), "50%", "50%"), *ends]


def _line(kind: str, x1: str, x2: str, y1: str, y2: str) -> Element:
    return el("line", class_=kind, x1=x1, x2=x2, y1=y1, y2=y2)


def _svg(kind: str, *parts: Element, **attributes: str) -> Element:
    """A picture that screen readers pass over: the words are beside it."""
    return el("svg", *parts, class_=kind, direction="ltr", aria_hidden="true", focusable="false", **attributes)
