"""The figures of one suite: measures with their intervals, differences from the baseline, time and cost."""

from collections.abc import Iterable, Sequence

from partnership_os.evals.comparison import Difference
from partnership_os.evals.report import pictures
from partnership_os.evals.report.content import SuiteContent
from partnership_os.evals.report.markup import Child, Element, el
from partnership_os.evals.report.units import Unit, is_cost, unit_of
from partnership_os.evals.report.words import Words, name
from partnership_os.evals.sample import SuiteRun
from partnership_os.evals.subject import RULES
from partnership_os.evals.table import Row
from partnership_os.evals.thresholds import Miss

__all__ = ["cost_table", "difference_table", "measure_table", "missed_mark", "scrolling"]

_LEAST_REACH = {Unit.SHARE: 0.1, Unit.NUMBER: 0.1}
"""So far an axis of differences reaches at least."""


def scrolling(table: Element, labelled_by: str) -> Element:
    """A table that scrolls in itself where the page is too narrow for it, by keyboard as well."""
    return el("div", table, class_="scroll", tabindex=0, role="region", aria_labelledby=labelled_by)


def missed_mark(words: Words, misses: Sequence[Miss]) -> Element | None:
    """The words that a bound was missed, and what was wrong."""
    if not misses:
        return None
    return el(
        "div", el("strong", f"✗ {words('missed')}"), [el("div", name(miss.what)) for miss in misses], class_="missed"
    )


def measure_table(words: Words, suite: SuiteContent) -> Element:
    """Every measure, subject by subject, with a picture on one axis for each measure."""
    rows = [row for row in suite.rows if not is_cost(row.measure)]
    groups = [
        _measure(words, suite, [row for row in rows if row.measure == measure])
        for measure in dict.fromkeys(row.measure for row in rows)
    ]
    columns = ("subject", "value", "n", "picture")
    table = el("table", _head(words, columns), groups, class_="forest-table")
    has_base = any(run.subject == RULES.label for run in suite.runs)
    note = words.phrase("measures.note", baseline=RULES.label) if has_base else None
    return _titled(words, suite, "measures", table, note=note)


def _measure(words: Words, suite: SuiteContent, rows: Sequence[Row]) -> Element:
    first = rows[0]
    unit = unit_of(first.suite, first.measure)
    axis = pictures.spanning(_ends(rows))
    base = suite.row(RULES.label, first.measure)
    lines = [
        el(
            "tr",
            el("th", name(row.subject), scope="row"),
            el("td", el("strong", name(unit.show(row.value))), _interval(words, unit, row.low, row.high)),
            el("td", name(f"{row.n:,g}"), el("div", *words.phrase("clusters", count=row.clusters), class_="quiet")),
            el(
                "td",
                pictures.forest(axis, row.value, row.low, row.high, base.value if base else None),
                missed_mark(words, suite.missed(row.subject, row.measure)),
            ),
        )
        for row in rows
    ]
    title = _measure_title(words, first.measure, first.meaning, words(f"better.{first.better.value}"))
    return el("tbody", _group_row(title, _scale(unit, axis, signed=False), 3), lines)


def _ends(rows: Iterable[Row] | Iterable[Difference]) -> Iterable[float]:
    for row in rows:
        yield row.value if isinstance(row, Row) else row.difference
        yield from (end for end in (row.low, row.high) if end is not None)


def difference_table(words: Words, suite: SuiteContent) -> Element:
    """How much better or worse than the baseline each subject did, over the cases that both answered."""
    found = [item for item in suite.differences if not is_cost(item.measure)]
    title = words.phrase("differences", baseline=RULES.label)
    if not found:
        return el("div", el("h3", *title), el("p", *words.phrase("differences.none", baseline=RULES.label)))
    groups = [
        _difference(words, [item for item in found if item.measure == measure])
        for measure in dict.fromkeys(item.measure for item in found)
    ]
    columns = ("subject", "difference", "verdict", "picture")
    table = el("table", _head(words, columns), groups, class_="forest-table")
    return _titled(words, suite, "differences", table, title=title, note=[words("differences.note")])


def _difference(words: Words, found: Sequence[Difference]) -> Element:
    first = found[0]
    unit = unit_of(first.suite, first.measure)
    axis = pictures.around_zero(_ends(found), _LEAST_REACH.get(unit, 1.0))
    lines = [
        el(
            "tr",
            el("th", name(item.second), scope="row"),
            el(
                "td",
                el("strong", name(unit.show(item.difference, signed=True))),
                _interval(words, unit, item.low, item.high, signed=True),
            ),
            el(
                "td",
                el("span", _verdict(words, item.verdict), class_=f"verdict {item.verdict.replace(' ', '-')}"),
                el("div", *words.phrase("pairs", count=item.pairs), class_="quiet"),
            ),
            el("td", pictures.forest(axis, item.difference, item.low, item.high, 0.0)),
        )
        for item in found
    ]
    title = _measure_title(words, first.measure, first.meaning, None)
    return el("tbody", _group_row(title, _scale(unit, axis, signed=True), 3), lines)


def _verdict(words: Words, verdict: str) -> str:
    sign = {"better": "▲ ", "worse": "▼ "}.get(verdict, "")
    return f"{sign}{words(f'verdict.{verdict}')}"


def cost_table(words: Words, suite: SuiteContent) -> Element:
    """How long answers took, and what they cost in tokens and money."""
    columns = (
        *("subject", "cost.median", "cost.p95", "cost.calls", "cost.tokens", "cost.tokens_each"),
        *("cost.usd", "cost.usd_each"),
    )
    rows = [
        el("tr", el("th", name(run.subject), scope="row"), [el("td", cell) for cell in _cost_cells(words, suite, run)])
        for run in suite.runs
    ]
    return _titled(words, suite, "cost", el("table", _head(words, columns), el("tbody", rows)))


def _cost_cells(words: Words, suite: SuiteContent, run: SuiteRun) -> list[Child]:
    def figure(measure: str, otherwise: Child) -> Child:
        row = suite.row(run.subject, measure)
        return otherwise if row is None else name(unit_of(run.suite, measure).show(row.value))

    times = [figure("seconds_p50", "–"), figure("seconds_p95", "–")]
    asked = [item.usage for item in run.samples if item.usage.calls or item.usage.failed_calls]
    if not asked:
        return [*times, el("span", words("cost.no_model"), class_="quiet"), "–", "–", "–", "–"]
    failed = sum(usage.failed_calls for usage in asked)
    calls = sum(usage.calls for usage in asked)
    tokens = (sum(usage.input_tokens for usage in asked), sum(usage.output_tokens for usage in asked))
    prices = [usage.cost_usd for usage in asked]
    known = [price for price in prices if price is not None]
    unpriced = words("cost.unpriced")
    none_passed = words("cost.nothing_passed")
    is_priced = len(known) == len(prices)
    return [
        *times,
        [name(f"{calls:,}"), el("div", *words.phrase("cost.failed", count=failed), class_="quiet") if failed else None],
        name(f"{tokens[0]:,}\u00a0/\u00a0{tokens[1]:,}"),
        figure("tokens_per_passed", none_passed),
        name(Unit.USD.show(sum(known))) if is_priced else unpriced,
        figure("usd_per_passed", none_passed if is_priced else unpriced),
    ]


def _head(words: Words, columns: Iterable[str]) -> Element:
    return el("thead", el("tr", [el("th", words(key), scope="col") for key in columns]))


def _titled(
    words: Words,
    suite: SuiteContent,
    part: str,
    table: Element,
    *,
    title: Sequence[Child] | None = None,
    note: Sequence[Child] | None = None,
) -> Element:
    anchor = f"{suite.name}-{part}"
    told = el("p", *note, class_="quiet") if note else None
    return el("div", el("h3", *(title or [words(part)]), id=anchor), told, scrolling(table, anchor))


def _measure_title(words: Words, measure: str, meaning: str, better: str | None) -> list[Child]:
    tail = el("span", f" ({better})", class_="quiet") if better else None
    return [el("strong", name(measure)), tail, el("div", name(meaning), class_="meaning", lang="en")]


def _group_row(title: Iterable[Child], scale: Element, columns: int) -> Element:
    return el("tr", el("th", *title, colspan=columns, scope="rowgroup"), el("td", scale), class_="group")


def _scale(unit: Unit, axis: pictures.Axis, *, signed: bool) -> Element:
    """The ends of an axis, above the pictures that are drawn on it."""
    ends = (unit.show(end, signed=signed) for end in (axis.low, axis.high))
    return el("div", [el("span", text) for text in ends], class_="scale", dir="ltr")


def _interval(words: Words, unit: Unit, low: float | None, high: float | None, *, signed: bool = False) -> Element:
    if low is None or high is None:
        return el("div", words("no_interval"), class_="quiet")
    return el("div", name(unit.span(low, high, signed=signed)), class_="quiet")
