"""The top of the page: what was run, the headline of every suite and subject, and the bounds that were missed."""

from collections.abc import Iterable

from partnership_os.evals.report import pictures
from partnership_os.evals.report.content import Content, SuiteContent
from partnership_os.evals.report.markup import Child, Element, el
from partnership_os.evals.report.subjects import kind_of
from partnership_os.evals.report.tables import scrolling
from partnership_os.evals.report.units import Unit
from partnership_os.evals.report.words import Words, name
from partnership_os.evals.suite import Asks

__all__ = ["contents", "heading", "missed_bounds", "summary", "warnings"]


def heading(content: Content) -> Element:
    """What was run, when, by which engine and subjects, and what the subjects are."""
    words, runs = content.words, content.runs
    cases = {(run.suite, sample.case_id) for run in runs for sample in run.samples}
    epochs = sorted({run.epochs for run in runs})
    moments = sorted(run.started_at[:16].replace("T", " ") for run in runs)
    facts: list[tuple[str, list[Child]]] = [
        ("engine", words.listing(sorted({run.engine for run in runs}))),
        ("when", words.listing(dict.fromkeys((moments[0], moments[-1])))),
        ("suites", [str(len(content.suites))]),
        ("cases", [str(len(cases))]),
        ("epochs", words.listing(str(number) for number in epochs)),
        ("samples", [f"{sum(len(run.samples) for run in runs):,}"]),
    ]
    return el(
        "header",
        el("h1", words("title")),
        el("p", words("lead"), class_="lead"),
        el("dl", [el("div", el("dt", words(key)), el("dd", *value)) for key, value in facts], class_="facts"),
        el("h2", words("subjects")),
        el("ul", [_subject(words, subject) for subject in content.subjects], class_="subjects"),
        el("h2", words("reading")),
        el("ul", [el("li", words(f"reading.{key}")) for key in ("interval", "failed", "many")]),
    )


def _subject(words: Words, subject: str) -> Element:
    return el("li", el("strong", name(subject)), " – ", words(f"kind.{kind_of(subject)}"))


def contents(content: Content) -> Element:
    """Links to the parts of the page."""
    words = content.words
    links = [("summary", words("summary")), ("misses", words("misses"))]
    return el(
        "nav",
        el(
            "ul",
            [el("li", el("a", text, href=f"#{anchor}")) for anchor, text in links],
            [el("li", el("a", name(suite.name), href=f"#{suite.anchor}")) for suite in content.suites],
        ),
        aria_label=words("contents"),
    )


def summary(content: Content) -> Element:
    """Suites down, subjects across: the share of answers that are right as a whole."""
    words = content.words
    head = el(
        "tr",
        el("th", words("suite"), scope="col"),
        [el("th", name(subject), scope="col") for subject in content.subjects],
    )
    rows = [
        el(
            "tr",
            el("th", el("a", name(suite.name), href=f"#{suite.anchor}"), scope="row"),
            [_headline(content, suite, subject) for subject in content.subjects],
        )
        for suite in content.suites
    ]
    return el(
        "section",
        el("h2", words("summary"), id="summary-title"),
        el("p", words("summary.note")),
        scrolling(el("table", el("thead", head), el("tbody", rows), class_="summary"), "summary-title"),
        id="summary",
    )


def _headline(content: Content, suite: SuiteContent, subject: str) -> Element:
    words = content.words
    run = next((run for run in suite.runs if run.subject == subject), None)
    row = suite.row(subject, "passed")
    if run is None:
        return el("td", el("span", words("not_run"), class_="quiet"))
    parts: list[Child] = []
    if row is None:
        parts.append(el("div", f"✗ {words('ungraded')}", class_="missed"))
    else:
        parts.append(el("strong", name(Unit.SHARE.show(row.value))))
        if row.low is not None and row.high is not None:
            parts.append(el("div", name(Unit.SHARE.span(row.low, row.high)), class_="quiet"))
        parts.append(pictures.bar(row.value, row.low, row.high))
    steady = suite.row(subject, "pass_hat_k")
    if steady is not None:
        text = words.phrase("summary.all", epochs=run.epochs, value=Unit.SHARE.show(steady.value))
        parts.append(el("div", *text, class_="quiet"))
    missed = dict.fromkeys(miss.measure for miss in suite.misses if miss.subject == subject)
    if missed:
        mark = el("a", f"✗ {words('missed')}: ", *words.listing(missed), href="#misses", class_="missed")
        parts.append(el("div", mark))
    return el("td", *parts)


def missed_bounds(content: Content) -> Element:
    """Every bound that was missed, in words."""
    words = content.words
    title = el("h2", words("misses"))
    if not content.misses:
        return el("section", title, el("p", words("misses.none"), class_="kept"), id="misses")
    listed = [
        el(
            "li",
            el("strong", *words.listing((miss.suite, miss.subject, miss.measure))),
            el("div", name(miss.what)),
        )
        for miss in content.misses
    ]
    count = words.phrase("misses.some", count=len(content.misses))
    return el("section", title, el("p", *count, class_="missed"), el("ul", listed), id="misses", class_="alarm")


def warnings(words: Words, suite: SuiteContent) -> Iterable[Child]:
    """What a reader of the suite's figures has to know first."""
    if suite.background.asks is Asks.EMBEDDING:
        yield el("p", words("asks.embedding"), class_="note")
    if suite.is_mixed:
        yield el("p", words("mixed"), class_="missed")
    for run in suite.runs:
        if not run.finished:
            yield el("p", *words.phrase("unfinished", subject=run.subject), class_="missed")
        if run.unscored:
            cases = list(dict.fromkeys(run.unscored))
            ids = ", ".join(cases[:5]) + (" …" if len(cases) > 5 else "")
            shown = words.phrase("unscored", subject=run.subject, count=len(run.unscored), ids=ids)
            yield el("p", *shown, class_="missed")
        if len(run.samples) < run.planned:
            shown = words.phrase("incomplete", subject=run.subject, count=len(run.samples), planned=run.planned)
            yield el("p", *shown, class_="missed")
