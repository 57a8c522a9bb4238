"""Reliability plots: how often came true what was called so likely."""

from collections.abc import Iterator

from partnership_os.evals.report import pictures
from partnership_os.evals.report.content import SuiteContent
from partnership_os.evals.report.markup import Element, el
from partnership_os.evals.report.units import Unit
from partnership_os.evals.report.words import Words, name
from partnership_os.evals.sample import SuiteRun
from partnership_os.evals.statistics.calibration import reliability_bins
from partnership_os.evals.statistics.intervals import rate_interval

__all__ = ["points_of", "reliability_plots"]


def reliability_plots(words: Words, suite: SuiteContent) -> Element | None:
    """A plot for each subject and calibration, with its figures as a table; None where nothing was stated."""
    names = sorted({key for run in suite.runs for sample in run.samples for key in sample.grade.pairs})
    plots = [
        _figure(words, suite, run, calibration, found)
        for calibration in names
        for run in suite.runs
        if (found := points_of(run, calibration))
    ]
    if not plots:
        return None
    return el(
        "div", el("h3", words("reliability")), el("p", words("reliability.note")), el("div", plots, class_="plots")
    )


def points_of(run: SuiteRun, calibration: str) -> tuple[pictures.ReliabilityPoint, ...]:
    """The bins of one calibration of a run, each with the interval of the share that came true."""
    stated = [
        (probability, true, sample.cluster)
        for sample in run.samples
        for probability, true in sample.grade.pairs.get(calibration, ())
    ]
    return tuple(_points(stated))


def _points(stated: list[tuple[float, bool, str]]) -> Iterator[pictures.ReliabilityPoint]:
    for part in reliability_bins((probability, true) for probability, true, _ in stated):
        inside = [item for item in stated if part.low < item[0] <= part.high or item[0] == part.low == 0]
        found = rate_interval([float(true) for _, true, _ in inside], [1.0] * len(inside), [item[2] for item in inside])
        low, high = (0.0, 1.0) if found is None else (found.low or 0.0, 1.0 if found.high is None else found.high)
        yield pictures.ReliabilityPoint(part.stated, part.true, low, high, part.n)


def _figure(
    words: Words, suite: SuiteContent, run: SuiteRun, calibration: str, points: tuple[pictures.ReliabilityPoint, ...]
) -> Element:
    head = [el("th", words(key), scope="col") for key in ("stated", "true", "interval", "n")]
    show = Unit.SHARE.show
    rows = [
        el(
            "tr",
            [
                el("td", name(text))
                for text in (show(item.stated), show(item.true), Unit.SHARE.span(item.low, item.high), f"{item.n:,}")
            ],
        )
        for item in points
    ]
    error = suite.row(run.subject, f"{calibration}_ece")
    brier = suite.row(run.subject, f"{calibration}_brier")
    scores = [f"{what} {Unit.NUMBER.show(row.value)}" for what, row in (("ECE", error), ("Brier", brier)) if row]
    return el(
        "figure",
        pictures.plot(points, words("stated"), words("true")),
        el(
            "figcaption", el("strong", name(run.subject)), " · ", name(calibration), el("div", name(" · ".join(scores)))
        ),
        el(
            "details",
            el("summary", words("reliability.figures")),
            el("table", el("thead", el("tr", head)), el("tbody", rows)),
        ),
    )
