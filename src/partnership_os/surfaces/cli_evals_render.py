"""Shows suites, runs, comparisons and bounds in a terminal."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich import box
from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

from partnership_os.evals.catalogue import suite_named
from partnership_os.evals.comparison import Comparison, Difference, SuiteComparison
from partnership_os.evals.sample import SuiteRun
from partnership_os.evals.suite import Asks, Better
from partnership_os.evals.table import Row, rows_of
from partnership_os.evals.thresholds import Miss
from partnership_os.graphs.wording.texts import Phrase
from partnership_os.surfaces.cli_render import Column, Screen

__all__ = ["show_check", "show_comparison", "show_oracle", "show_paths", "show_runs", "show_suites"]

_GAP = 2
_LETTERS = ("A", "B")
"""What the sides of a comparison are called in its table, as in the help of the command."""


def show_suites(screen: Screen, rows: Sequence[Mapping[str, Any]], broken: Mapping[str, str]) -> None:
    """The suites there are, and why those that are ``broken`` cannot be used."""
    columns = (
        Column("evals.suite", "id"),
        Column("evals.title"),
        Column("evals.asks"),
        Column("evals.cases", "number"),
    )
    screen.table(
        columns,
        [(row["suite"], row["title"], screen.texts(f"evals.{row['asks']}"), str(row["cases"])) for row in rows],
    )
    for name, reason in sorted(broken.items()):
        screen.say("evals.broken", style="bold red", suite=name, reason=reason)


def show_runs(screen: Screen, runs: Sequence[SuiteRun], folder: Path) -> None:
    """A table for each suite, the subjects side by side."""
    screen.say("evals.legend", rules="rules", controls="control/…", model="model_")
    for name in dict.fromkeys(run.suite for run in runs):
        _show_suite(screen, [run for run in runs if run.suite == name])
    for run in runs:
        failed = [sample for sample in run.samples if sample.failure is not None]
        if failed:
            screen.say(
                "evals.failed",
                style="bold red",
                suite=run.suite,
                subject=run.subject,
                count=len(failed),
                reason=failed[0].failure,
            )
    for run in runs:
        _tell_of_model(screen, run)
    screen.console.print()
    screen.fact("evals.out", str(folder))
    screen.say("evals.next")
    screen.command(f"partnership eval check --runs {folder}")
    screen.command(f"partnership eval report --runs {folder} --out report.html")


def _tell_of_model(screen: Screen, run: SuiteRun) -> None:
    """What went wrong with the answers of the model itself, which the product may have hidden by doing without."""
    answers = [item for sample in run.samples for item in sample.completions]
    useless = [item for item in answers if not item.valid]
    if useless:
        screen.say(
            "evals.useless",
            suite=run.suite,
            subject=run.subject,
            count=len(useless),
            total=len(answers),
            reason=useless[0].said or useless[0].failure or "",
        )
    asked = [sample for sample in run.samples if sample.asked_model]
    if asked and not any(sample.model_answered for sample in asked):
        screen.say("evals.silent", style="bold red", suite=run.suite, subject=run.subject)


def _show_suite(screen: Screen, runs: Sequence[SuiteRun]) -> None:
    first = runs[0]
    cases = len({sample.case_id for run in runs for sample in run.samples})
    screen.heading("evals.heading", suite=first.suite, cases=cases, epochs=first.epochs)
    asks = suite_named(first.suite).asks
    if asks is not Asks.CHAT and len(runs) > 1:
        screen.say("evals.not_asked", asks=Phrase(screen.texts(f"evals.{asks.value}")))
    rows = [row for run in runs for row in rows_of(run)]
    columns = (
        Column("evals.measure", "id"),
        Column("evals.subject", "id"),
        Column("evals.value", "number"),
        Column("evals.interval", "number"),
        Column("evals.n_groups", "number"),
    )
    measures = dict.fromkeys(row.measure for row in rows)
    grouped = [[row for row in rows if row.measure == name] for name in measures]
    screen.table(columns, [_cells(row, named=row is group[0]) for group in grouped for row in group])


def _cells(row: Row, *, named: bool) -> tuple[str, ...]:
    """One line; the measure is named on the first of its lines only."""
    name = f"{row.measure}{' ↓' if row.better is Better.LOWER else ''}" if named else ""
    interval = "" if row.low is None or row.high is None else f"{_figure(row.low)} – {_figure(row.high)}"
    return name, row.subject, _figure(row.value), interval, f"{row.n:g} / {row.clusters}"


def _figure(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1_000 else f"{value:.3f}"


def show_check(screen: Screen, runs: Sequence[SuiteRun], misses: Sequence[Miss], folder: Path) -> None:
    """What was missed, or that nothing was."""
    screen.fact("evals.out", str(folder))
    if not misses:
        samples = sum(len(run.samples) for run in runs)
        screen.say("evals.kept", style="bold green", suites=len({run.suite for run in runs}), samples=samples)
        return
    screen.say("evals.missed", style="bold red", count=len(misses))
    for miss in misses:
        screen.say("evals.miss", indent=2, suite=miss.suite, subject=miss.subject, measure=miss.measure, what=miss.what)


def show_comparison(screen: Screen, names: Sequence[tuple[str, str]], found: Comparison) -> None:
    """Paired differences, suite by suite, and what could not be compared.

    Args:
        screen: Where it goes.
        names: Label and folder of the runs of each side; folders are shown where there are two.
        found: The comparison.
    """
    apart = len({folder for _, folder in names}) > 1
    for letter, (label, folder) in zip(_LETTERS, names, strict=True):
        screen.fact(f"evals.side.{letter}", f"{label} · {folder}" if apart else label)
    if found.pairs:
        screen.say("evals.pairs", first=_LETTERS[0], second=_LETTERS[1])
    for suite in found.suites:
        _show_differences(screen, suite)
    for letter, only in zip(_LETTERS, (found.only_first, found.only_second), strict=True):
        if only:
            screen.say("evals.only", side=letter, suites=", ".join(only))
    if not found.suites:
        screen.say("evals.no_suite", style="bold red", first=_LETTERS[0], second=_LETTERS[1])
    elif not found.pairs:
        screen.say("evals.no_pairs", style="bold red")


def _show_differences(screen: Screen, suite: SuiteComparison) -> None:
    screen.heading("evals.compared", suite=suite.suite, pairs=suite.pairs)
    left = suite.left_out
    if left.changed or left.only_first or left.only_second:
        counts = {"changed": left.changed, "only_first": left.only_first, "only_second": left.only_second}
        screen.say("evals.left_out", style="yellow", first=_LETTERS[0], second=_LETTERS[1], **counts)
    columns = (
        Column("evals.measure", "id"),
        *(Column(f"evals.side.{letter}", "number") for letter in _LETTERS),
        Column("evals.difference", "number"),
        Column("evals.interval_short", "number"),
        Column("evals.n", "number"),
        Column("evals.verdict", "id"),
    )
    if suite.differences:
        _show_narrow(screen, columns, [_compared(screen, item) for item in suite.differences])


def _show_narrow(screen: Screen, columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> None:
    """A table with little between its columns, so that seven fit in 80; where they do not, as `Screen.table` has it."""
    titles = [screen.texts(column.title) for column in columns]
    widths = [max(cell_len(row[at]) for row in (titles, *rows)) for at in range(len(columns))]
    if sum(widths) + _GAP * (len(columns) - 1) > screen.console.width:
        screen.table(columns, rows)
        return
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, collapse_padding=True, header_style="bold")
    for title, column in zip(titles, columns, strict=True):
        table.add_column(title, justify="right" if column.kind == "number" else "left", no_wrap=True)
    for row in rows:
        table.add_row(*map(Text, row))
    screen.console.print(table)


def _compared(screen: Screen, item: Difference) -> tuple[str, ...]:
    interval = "" if item.low is None or item.high is None else f"{_narrow(item.low, '+')}…{_narrow(item.high, '+')}"
    return (
        f"{item.measure}{' ↓' if item.better is Better.LOWER else ''}",
        _narrow(item.first_value),
        _narrow(item.second_value),
        _narrow(item.difference, "+"),
        interval,
        f"{item.pairs}/{item.clusters}",
        screen.texts(f"evals.verdict.{item.verdict}"),
    )


def _narrow(value: float, sign: str = "") -> str:
    """A figure of at most six characters as long as it is below a million: the more digits, the fewer decimals."""
    decimals = 3 if abs(value) < 10 else 1 if abs(value) < 1_000 else 0
    return f"{value:{sign},.{decimals}f}"


def show_oracle(screen: Screen, found: Mapping[str, Sequence[str]]) -> None:
    """Which suites can be trusted so far, and what is wrong with the others."""
    for suite, faults in found.items():
        if not faults:
            screen.say("evals.sound", style="green", suite=suite)
        for fault in faults:
            screen.line(fault, style="bold red")


def show_paths(screen: Screen, paths: Sequence[str]) -> None:
    """Files that were written."""
    for path in paths:
        screen.line(path)
