"""Shows suites, runs, comparisons and bounds in a terminal."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from partnership_os.evals.catalogue import suite_named
from partnership_os.evals.comparison import Difference
from partnership_os.evals.sample import SuiteRun
from partnership_os.evals.suite import Asks, Better
from partnership_os.evals.table import Row, rows_of
from partnership_os.evals.thresholds import Miss
from partnership_os.graphs.wording.texts import Phrase
from partnership_os.surfaces.cli_render import Column, Screen

__all__ = ["show_check", "show_comparison", "show_oracle", "show_paths", "show_runs", "show_suites"]


def show_suites(screen: Screen, rows: Sequence[Mapping[str, Any]]) -> None:
    """The suites there are."""
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
    screen.console.print()
    screen.fact("evals.out", str(folder))
    screen.say("evals.next")
    screen.command(f"partnership eval check --runs {folder}")
    screen.command(f"partnership eval report --runs {folder} --out report.html")


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


def show_comparison(screen: Screen, found: Sequence[Difference]) -> None:
    """Paired differences, suite by suite."""
    if not found:
        screen.say("evals.no_pairs", style="bold red")
        return
    screen.say("evals.pairs", first=found[0].first, second=found[0].second)
    columns = (
        Column("evals.suite", "id"),
        Column("evals.measure", "id"),
        Column("evals.difference", "number"),
        Column("evals.interval", "number"),
        Column("evals.n", "number"),
        Column("evals.verdict"),
    )
    screen.table(
        columns,
        [
            (
                item.suite,
                item.measure,
                f"{item.difference:+.3f}",
                "" if item.low is None or item.high is None else f"{item.low:+.3f} – {item.high:+.3f}",
                str(item.pairs),
                screen.texts(f"evals.verdict.{item.verdict}"),
            )
            for item in found
        ],
    )


def show_oracle(screen: Screen, found: Mapping[str, Sequence[str]]) -> None:
    """Which suites can be trusted so far, and what is wrong with the others."""
    for suite, faults in found.items():
        if not faults:
            screen.say("evals.sound", style="green", suite=suite)
        for fault in faults:
            screen.say("evals.unsound", style="bold red", suite=suite, fault=fault)


def show_paths(screen: Screen, paths: Sequence[str]) -> None:
    """Files that were written."""
    for path in paths:
        screen.line(path)
