"""Bounds that a run has to keep: what ``partnership eval check`` holds it against."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from importlib.resources import as_file, files
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, ValidationError, model_validator

from partnership_os.errors import InputError
from partnership_os.evals.catalogue import suite_names
from partnership_os.evals.run_plan import RunPlan
from partnership_os.evals.sample import SuiteRun
from partnership_os.evals.subject import RULES
from partnership_os.evals.table import Row, rows_of
from partnership_os.schemas.base import Label, Record, Slug
from partnership_os.tools.data_file import DataFile, read_data_file

__all__ = ["Bound", "Miss", "Thresholds", "check", "load_thresholds"]


def _require_number(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise ValueError("give a number")
    return value


Figure = Annotated[float, BeforeValidator(_require_number), Field(allow_inf_nan=False)]


class Bound(Record):
    """What one measure must keep. ``min`` and ``max`` bound the estimate, ``low_min`` the lower end of its interval."""

    min: Figure | None = None
    max: Figure | None = None
    low_min: Figure | None = None

    @model_validator(mode="after")
    def _says_something(self) -> "Bound":
        if self.min is None and self.max is None and self.low_min is None:
            raise ValueError("give min, max or low_min")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError(f"min {self.min:g} is above max {self.max:g}, which nothing can keep")
        return self


class SuiteBounds(Record):
    """The bounds of one suite.

    Attributes:
        cases: Cases that a run must hold at least; fewer is a miss, whatever they score.
        all: For every subject; ``rules`` and ``models`` add to it and go before it.
        rules: For the rules analyst.
        models: For every chat model.
    """

    cases: Annotated[int, Field(ge=1)]
    all: dict[Slug, Bound] = Field(default_factory=dict)
    rules: dict[Slug, Bound] = Field(default_factory=dict)
    models: dict[Slug, Bound] = Field(default_factory=dict)

    def of(self, subject: str) -> Mapping[str, Bound]:
        """The bounds of one subject."""
        return {**self.all, **(self.rules if subject == RULES.label else self.models)}


class Thresholds(Record):
    """A file of thresholds."""

    version: Literal[1]
    suites: dict[Slug, SuiteBounds]


class Miss(Record):
    """One bound that a run does not keep, in words."""

    suite: Slug
    subject: Label
    measure: Label
    what: str


def load_thresholds(file: Path | None = None) -> Thresholds:
    """Read a file of thresholds.

    Args:
        file: Bounds of your own; those of the shipped suites otherwise.

    Raises:
        InputError: it cannot be read, or bounds what is no suite or no number; names line and field.
    """
    if file is None:
        with as_file(files("partnership_os.evals") / "thresholds.yaml") as shipped:
            return load_thresholds(shipped)
    read = read_data_file(file)
    try:
        found = Thresholds.model_validate(read.content, strict=False)
    except ValidationError as error:
        first = error.errors()[0]
        raise _unfit(file, read, first["loc"], first["msg"].removeprefix("Value error, ")) from None
    for name in found.suites:
        if name not in suite_names():
            raise _unfit(file, read, ("suites", name), f"there is no such suite; there are {', '.join(suite_names())}")
    return found


def _unfit(file: Path, read: DataFile, place: Sequence[int | str], problem: str) -> InputError:
    path = tuple(place)
    line = next((read.lines[path[:end]] for end in range(len(path), 0, -1) if path[:end] in read.lines), 1)
    field = ".".join(str(part) for part in path) or "the file itself"
    return InputError(f"{file.name}, line {line}: {field}: {problem}.", fix=f"Correct {field}.", field=field, line=line)


def check(plan: RunPlan, runs: Sequence[SuiteRun], thresholds: Thresholds) -> tuple[Miss, ...]:
    """Every bound that a run does not keep.

    A suite or a subject of the plan without a run, a run that did not finish, a sample without a grade, fewer samples
    than planned or fewer cases than the file asks for, a suite without bounds, and a bound on a measure that has no
    value, are misses as well.

    Args:
        plan: What was to be run.
        runs: As `evals.logs.read_runs` gives them.
        thresholds: What they have to keep.
    """
    return (*_unfinished(plan, runs), *(miss for run in runs for miss in _check(run, thresholds)))


def _unfinished(plan: RunPlan, runs: Sequence[SuiteRun]) -> Iterator[Miss]:
    found = {(run.suite, run.subject) for run in runs}
    for suite in plan.suites:
        for subject in plan.subjects:
            if (suite, subject) not in found:
                yield Miss(suite=suite, subject=subject, measure="run", what="was planned and is missing")
    if plan.ended_at is None:
        for suite in plan.suites:
            what = "belongs to a run that broke off, or whose recording lacks answers"
            yield Miss(suite=suite, subject="all", measure="run", what=what)


def _check(run: SuiteRun, thresholds: Thresholds) -> Iterator[Miss]:
    def miss(measure: str, what: str) -> Miss:
        return Miss(suite=run.suite, subject=run.subject, measure=measure, what=what)

    if not run.finished:
        yield miss("run", "did not come to its end")
    if run.unscored:
        yield miss("samples", f"{len(run.unscored)} without a grade: {', '.join(run.unscored[:5])}")
    if len(run.samples) < run.planned:
        yield miss("samples", f"{len(run.samples)} of {run.planned} that were planned")
    bounds = thresholds.suites.get(run.suite)
    if bounds is None:
        yield miss("bounds", "the thresholds say nothing about this suite")
        return
    cases = len({sample.case_id for sample in run.samples})
    if cases < bounds.cases:
        yield miss("cases", f"{cases}, fewer than the {bounds.cases} of the plan")
    rows = {row.measure: row for row in rows_of(run)}
    for name, bound in bounds.of(run.subject).items():
        row = rows.get(name)
        what = "has no value" if row is None else _broken(row, bound)
        if what is not None:
            yield miss(name, what)


def _broken(row: Row, bound: Bound) -> str | None:
    if bound.min is not None and row.value < bound.min:
        return f"{row.value:.4f} is below {bound.min:g}"
    if bound.max is not None and row.value > bound.max:
        return f"{row.value:.4f} is above {bound.max:g}"
    if bound.low_min is not None and (row.low is None or row.low < bound.low_min):
        return (
            f"the interval begins at {row.low if row.low is None else format(row.low, '.4f')}, below {bound.low_min:g}"
        )
    return None
