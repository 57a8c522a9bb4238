"""Commands for evaluators: run suites, hold runs against bounds, compare subjects, and prove the suites themselves."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from partnership_os.surfaces.cli_session import Session, command

if TYPE_CHECKING:
    from collections.abc import Sequence

    from partnership_os.evals.sample import SuiteRun
    from partnership_os.evals.suite import Suite
    from partnership_os.evals.thresholds import Miss

EVERY = "all"
_FOLDER = "evals"
"""Where runs are kept in a home."""
_SIDES = ("first", "second")
"""What the two sides of a comparison are called for programs."""

Suites = Annotated[list[str], typer.Argument(metavar="SUITE…", help="Names of suites, or all.")]
Runs = Annotated[
    Path | None, typer.Option("--runs", metavar="DIR", help="Folder of the run; the newest run of this home otherwise.")
]
Models = Annotated[
    str | None,
    typer.Option(
        "--model",
        metavar="A,B",
        help="Models of the server of the settings, or control/liar, control/lazy, control/garbage, control/broken, "
        "control/scribe. The rules analyst always runs beside them.",
    ),
]
Epochs = Annotated[int, typer.Option("--epochs", min=1, help="How often each case is asked.")]
Limit = Annotated[int | None, typer.Option("--limit", min=1, help="At most so many cases of each suite.")]
Cases = Annotated[
    Path | None, typer.Option("--cases", metavar="DIR", help="Cases of your own (*.yaml, *.jsonl) for one suite.")
]
Bounds = Annotated[
    Path | None, typer.Option("--thresholds", metavar="FILE", help="Bounds of your own; the shipped ones otherwise.")
]
Junit = Annotated[Path | None, typer.Option("--junit", metavar="FILE", help="Write JUnit XML there.")]
Summary = Annotated[
    Path | None, typer.Option("--summary", metavar="FILE", help="Append a Markdown summary, as GitHub shows it.")
]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module to the application."""
    group = typer.Typer(name="eval", help="Suites of cases: how good is it, on any model.", no_args_is_help=True)
    command(group, "list", ("partnership eval list",), action="run_evaluation")(list_suites)
    running = (
        "partnership eval run all",
        "partnership eval run extraction fit --model gpt-5-mini,gpt-5 --epochs 3 --limit 20",
        "partnership eval run extraction --model control/liar",
        "partnership eval run fit --cases my-cases/ --junit fit.xml",
    )
    command(group, "run", running, action="run_evaluation")(run)
    checking = ("partnership eval check", "partnership eval check --runs out/run1 --thresholds mine.yaml")
    command(group, "check", checking, action="run_evaluation")(check)
    comparing = (
        "partnership eval compare rules gpt-5-mini",
        "partnership eval compare out/before:rules out/after:rules",
    )
    command(group, "compare", comparing, action="run_evaluation")(compare)
    reporting = ("partnership eval report --out report.html", "partnership eval report --lang ar --out report.html")
    command(group, "report", reporting, action="run_evaluation")(report)
    proving = ("partnership eval oracle all", "partnership eval oracle fit --cases my-cases/")
    command(group, "oracle", proving, action="run_evaluation")(oracle)
    command(group, "schema", ("partnership eval schema my-schemas/",), action="run_evaluation")(schema)
    recording = ("partnership eval record extraction --model gpt-5-mini --out cassettes/",)
    command(group, "record", recording, action="record_model_answers")(record)
    app.add_typer(group)


def list_suites(session: Session) -> None:
    """List the suites, what they ask of a model, how many cases they have, and which cannot be used."""
    from partnership_os.errors import InputError
    from partnership_os.evals.catalogue import broken_suites, find_suites, load_cases
    from partnership_os.surfaces.cli_evals_render import show_suites

    broken = {**broken_suites()}
    rows: list[dict[str, Any]] = []
    for suite in find_suites().values():
        try:
            cases = len(load_cases(suite))
        except InputError as error:
            broken[suite.name] = error.message
        else:
            rows.append({"suite": suite.name, "title": suite.title, "asks": suite.asks.value, "cases": cases})
    listed = [*rows, *({"suite": name, "broken": reason} for name, reason in sorted(broken.items()))]
    session.answer(listed, lambda screen: show_suites(screen, rows, broken))


def run(
    session: Session,
    suites: Suites,
    models: Models = None,
    epochs: Epochs = 1,
    limit: Limit = None,
    cases: Cases = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Where the logs of the run go.")] = None,
    replay: Annotated[
        Path | None, typer.Option("--replay", metavar="DIR", help="Recorded answers to ask instead of a live server.")
    ] = None,
    junit: Junit = None,
    summary: Summary = None,
) -> None:
    """Put suites to the product and print how good its answers are, with intervals."""
    _require_extra()
    from partnership_os.evals.run_plan import RunPlan, begin_run, end_run, now
    from partnership_os.evals.runner import Plan, run_suites
    from partnership_os.evals.subject import seated

    chosen = _suites(suites)
    _require_one(chosen, cases)
    if replay is not None and not _labels(models):
        raise typer.BadParameter("name the models whose recorded answers are asked: --model", param_hint="--replay")
    folder = out or _new_folder(session)
    with seated(_labels(models), session.settings, replay) as subjects, session.progress() as on_progress:
        planned = RunPlan(
            suites=tuple(suite.name for suite in chosen),
            subjects=tuple(subject.label for subject in subjects),
            epochs=epochs,
            limit=limit,
            own_cases=cases is not None,
            replayed=replay is not None,
            started_at=now(),
        )
        begin_run(folder, planned)
        plan = Plan(chosen, subjects, session.settings, epochs, limit, cases, on_progress)
        runs = run_suites(plan, folder)
    end_run(folder)
    _write(runs, None, junit, summary)
    _tell(session, runs, folder)
    if _silent(runs):
        raise typer.Exit(1)


def check(
    session: Session, runs: Runs = None, thresholds: Bounds = None, junit: Junit = None, summary: Summary = None
) -> None:
    """Hold a run against its bounds; exit code 1 when one is missed, or a sample is missing or has no grade."""
    _require_extra()
    from partnership_os.surfaces.cli_evals_render import show_check

    folder = runs or _newest(session)
    every, misses = _checked(folder, thresholds)
    _write(every, misses, junit, summary)
    session.answer({"runs": str(folder), "misses": misses}, lambda screen: show_check(screen, every, misses, folder))
    if misses:
        raise typer.Exit(1)


def compare(
    session: Session,
    first: Annotated[str, typer.Argument(metavar="A", help="A subject, or DIR:SUBJECT.")],
    second: Annotated[str, typer.Argument(metavar="B", help="The one that is compared with it.")],
    runs: Runs = None,
) -> None:
    """Compare two subjects case by case: paired differences with intervals, never two bare means."""
    _require_extra()
    from partnership_os.evals.comparison import comparison_of
    from partnership_os.surfaces.cli_evals_render import show_comparison

    sides = [_runs_of(session, name, runs) for name in (first, second)]
    found = comparison_of(sides[0][1], sides[1][1])
    names = [(every[0].subject, str(folder)) for folder, every in sides]
    about = {side: {"subject": label, "runs": folder} for side, (label, folder) in zip(_SIDES, names, strict=True)}
    session.answer({**about, **found.model_dump()}, lambda screen: show_comparison(screen, names, found))
    if not found.pairs:
        raise typer.Exit(1)


def report(
    session: Session,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The page to write.")],
    runs: Runs = None,
    thresholds: Bounds = None,
) -> None:
    """Write one HTML page: tables, pictures, and every case with what was wrong."""
    _require_extra()
    from partnership_os.evals.report.page import write_report

    every, misses = _checked(runs or _newest(session), thresholds)
    written = write_report(every, misses, out, session.language)
    session.answer({"report": str(written)}, lambda screen: screen.fact("evals.report", str(written)))


def oracle(session: Session, suites: Suites, cases: Cases = None) -> None:
    """Prove the suites: ground truth gets full marks and planted mistakes lose some; exit code 1 otherwise."""
    from partnership_os.evals.oracle import place_faults
    from partnership_os.surfaces.cli_evals_render import show_oracle

    chosen = _suites(suites)
    _require_one(chosen, cases)
    found = {suite.name: tuple(place_faults(suite, cases)) for suite in chosen}
    session.answer(found, lambda screen: show_oracle(screen, found))
    if any(found.values()):
        raise typer.Exit(1)


def schema(
    session: Session, folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where the files go.")]
) -> None:
    """Write the JSON Schema of each suite's cases, for editors that check while you type."""
    from partnership_os.evals.catalogue import broken_suites, write_case_schemas
    from partnership_os.surfaces.cli_evals_render import show_paths

    for name, reason in broken_suites().items():
        session.note("evals.broken", suite=name, reason=reason)
    written = [str(path) for path in write_case_schemas(folder)]
    session.answer(written, lambda screen: show_paths(screen, written))


def record(
    session: Session,
    suites: Suites,
    models: Annotated[str, typer.Option("--model", metavar="A,B", help="Models of the server of the settings.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder of recorded answers.")],
    epochs: Epochs = 1,
    limit: Limit = None,
) -> None:
    """Run suites on a live server and keep its answers, so that `run --replay` asks them again without it."""
    _require_extra()
    from partnership_os.evals.recording import record_run

    with session.progress() as on_progress:
        kept = record_run(
            _suites(suites), _labels(models), session.settings, out, epochs=epochs, limit=limit, on_progress=on_progress
        )
    session.answer(
        {"recorded": kept, "out": str(out)}, lambda screen: screen.say("evals.recorded", count=kept, folder=out)
    )


def _require_extra() -> None:
    """Refuse where the libraries that run suites are not installed.

    Raises:
        ConfigurationError: they are not.
    """
    from importlib.util import find_spec

    from partnership_os.errors import ConfigurationError

    if find_spec("inspect_ai") is None:
        raise ConfigurationError(
            "Suites run on Inspect, which is not installed.",
            fix="Install the extra: pip install 'partnership-os[evals]'.",
        )


def _labels(models: str | None) -> list[str]:
    return [name.strip() for name in (models or "").split(",") if name.strip()]


def _suites(names: list[str]) -> list[Suite[Any, Any]]:
    from partnership_os.evals.catalogue import suite_named, suite_names

    return [suite_named(name) for name in (suite_names() if EVERY in names else dict.fromkeys(names))]


def _require_one(suites: Sequence[Suite[Any, Any]], cases: Path | None) -> None:
    if cases is not None and len(suites) != 1:
        raise typer.BadParameter("cases of your own go with one suite", param_hint="--cases")


def _new_folder(session: Session) -> Path:
    from datetime import UTC, datetime

    return session.settings.home / _FOLDER / datetime.now(UTC).strftime("%Y%m%d-%H%M%S")


def _newest(session: Session) -> Path:
    from partnership_os.errors import InputError

    place = session.settings.home / _FOLDER
    folders = sorted(item for item in place.iterdir() if item.is_dir()) if place.is_dir() else []
    if not folders:
        raise InputError(f"There is no run in {place} yet.", fix="Run one: partnership eval run all.")
    return folders[-1]


def _runs_of(session: Session, name: str, runs: Path | None) -> tuple[Path, tuple[SuiteRun, ...]]:
    """The folder and the runs of one subject, named ``SUBJECT`` or ``DIR:SUBJECT``."""
    from partnership_os.errors import InputError
    from partnership_os.evals.logs import read_runs

    place, colon, label = name.rpartition(":")
    known = Path(place).is_dir() if colon else False
    folder = Path(place) if known else runs or _newest(session)
    every = read_runs(folder)
    wanted = label if known else name
    found = tuple(run for run in every if run.subject == wanted)
    if not found:
        subjects = ", ".join(sorted({run.subject for run in every}))
        raise InputError(f"{wanted!r} is no subject of this run.", fix=f"Use one of: {subjects}.")
    return folder, found


def _checked(folder: Path, thresholds: Path | None) -> tuple[Sequence[SuiteRun], Sequence[Miss]]:
    """The runs of a folder, and the bounds that they do not keep.

    Raises:
        InputError: the cases were the user's own and no bounds for them are given.
    """
    from partnership_os.errors import InputError
    from partnership_os.evals.logs import read_runs
    from partnership_os.evals.run_plan import read_plan
    from partnership_os.evals.thresholds import check as missed
    from partnership_os.evals.thresholds import load_thresholds

    plan, runs = read_plan(folder), read_runs(folder)
    if plan.own_cases and thresholds is None:
        raise InputError(
            "These cases are your own, and the shipped bounds are about the shipped ones.",
            fix="Give bounds of your own: --thresholds mine.yaml.",
        )
    return runs, missed(plan, runs, load_thresholds(thresholds))


def _silent(runs: Sequence[SuiteRun]) -> tuple[str, ...]:
    """Subjects that are models and gave no answer of use in the whole run."""
    asked = {run.subject for run in runs if any(sample.asked_model for sample in run.samples)}
    heard = {run.subject for run in runs if any(sample.model_answered for sample in run.samples)}
    return tuple(sorted(asked - heard))


def _write(runs: Sequence[SuiteRun], misses: Sequence[Miss] | None, junit: Path | None, summary: Path | None) -> None:
    from partnership_os.evals.exports import to_github_summary, to_junit

    for place in (junit, summary):
        if place is not None:
            place.parent.mkdir(parents=True, exist_ok=True)
    if junit is not None:
        junit.write_text(to_junit(runs, misses), encoding="utf-8")
    if summary is not None:
        with summary.open("a", encoding="utf-8") as file:
            file.write(to_github_summary(runs, misses))


def _tell(session: Session, runs: Sequence[SuiteRun], folder: Path) -> None:
    from partnership_os.evals.exports import to_json
    from partnership_os.surfaces.cli_evals_render import show_runs

    session.answer({"out": str(folder), **to_json(runs)}, lambda screen: show_runs(screen, runs, folder))
