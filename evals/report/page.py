"""Writes the page: one file with its styles, pictures and script in it, that loads nothing and sends nothing."""

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from partnership_os.errors import InputError
from partnership_os.evals.report.cases import CaseList, room_for
from partnership_os.evals.report.content import Content, SuiteContent
from partnership_os.evals.report.markup import Child, Element, el, inline, source_hash, written
from partnership_os.evals.report.overview import contents, heading, missed_bounds, summary, warnings
from partnership_os.evals.report.reliability import reliability_plots
from partnership_os.evals.report.tables import cost_table, difference_table, measure_table
from partnership_os.evals.report.words import Words, name
from partnership_os.evals.sample import SuiteRun
from partnership_os.evals.thresholds import Miss

__all__ = ["page_of", "write_report"]


def write_report(runs: Sequence[SuiteRun], misses: Sequence[Miss], file: Path, language: str = "en") -> Path:
    """Write the page about these runs; the same runs give the same bytes.

    Args:
        runs: As `evals.logs.read_runs` gives them.
        misses: As `evals.thresholds.check` gives them.
        file: Where to; its folder is made.
        language: Of the frame, ``en`` or ``ar``; cases and answers stay in theirs.

    Returns:
        The file.

    Raises:
        InputError: there is no run, no such language, or the file cannot be written.
    """
    page = page_of(runs, misses, language)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(page, encoding="utf-8", newline="\n")
    except OSError as error:
        raise InputError(f"{file} cannot be written: {error.strerror}.", fix="Name another file.") from None
    return file


def page_of(runs: Sequence[SuiteRun], misses: Sequence[Miss], language: str = "en") -> str:
    """The page as text; see `write_report`.

    Raises:
        InputError: there is no run, or no such language.
    """
    if not runs:
        raise InputError("There is no run to report on.", fix="Run a suite first: partnership eval run all.")
    content = Content(runs, misses, language)
    words = content.words
    longest = room_for(sum(len(run.samples) for run in content.runs))
    style, script = _source("report.css"), _source("report.js")
    body = el(
        "body",
        el("a", words("skip"), href="#summary", class_="skip"),
        el(
            "main",
            heading(content),
            contents(content),
            summary(content),
            missed_bounds(content),
            [_suite(words, suite, longest) for suite in content.suites],
        ),
        el("footer", el("p", words("foot"))),
        inline("script", script),
    )
    return written(el("html", _head(words, style, script), body, lang=words.language, dir=words.direction))


def _source(file: str) -> str:
    return (files("partnership_os.evals.report") / "templates" / file).read_text(encoding="utf-8")


def _head(words: Words, style: str, script: str) -> Element:
    """Nothing may be loaded or sent, and no code runs but ours: a case cannot bring any, whatever it holds."""
    policy = (
        f"default-src 'none'; style-src {source_hash(style)}; script-src {source_hash(script)}; "
        "base-uri 'none'; form-action 'none'"
    )
    return el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", http_equiv="Content-Security-Policy", content=policy),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("meta", name="color-scheme", content="light dark"),
        el("meta", name="referrer", content="no-referrer"),
        el("title", words("title")),
        inline("style", style),
    )


def _suite(words: Words, suite: SuiteContent, longest: int) -> Element:
    background = suite.background
    limits: Sequence[Child] = background.limits or (el("p", words("limits.none")),)
    return el(
        "section",
        el("h2", name(suite.name)),
        el("p", name(background.title), class_="lead") if background.title else None,
        el("p", *words.phrase("versions", version=suite.runs[0].version), class_="quiet"),
        *warnings(words, suite),
        measure_table(words, suite),
        difference_table(words, suite),
        reliability_plots(words, suite),
        cost_table(words, suite),
        el(
            "aside",
            el("h3", words("limits")),
            el("div", *limits, dir="auto", lang="en" if background.limits else None),
            class_="limits",
        ),
        CaseList(words, suite, longest).element(),
        id=suite.anchor,
        class_="suite",
    )
