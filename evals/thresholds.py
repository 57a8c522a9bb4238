"""Bounds that a run has to keep: what ``partnership eval check`` holds it against."""

from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import Field, ValidationError, model_validator

from partnership_os.errors import InputError
from partnership_os.evals.sample import SuiteRun
from partnership_os.evals.subject import RULES
from partnership_os.evals.table import Row, rows_of
from partnership_os.schemas.base import Label, Record, Slug

__all__ = ["Bound", "Miss", "Thresholds", "check", "load_thresholds", "shipped_thresholds"]


class Bound(Record):
    """What one measure must keep. ``min`` and ``max`` bound the estimate, ``low_min`` the lower end of its interval."""

    min: float | None = None
    max: float | None = None
    low_min: float | None = None

    @model_validator(mode="after")
    def _says_something(self) -> "Bound":
        if self.min is None and self.max is None and self.low_min is None:
            raise ValueError("give min, max or low_min")
        return self


class SuiteBounds(Record):
    """The bounds of one suite.

    Attributes:
        cases: Cases that a run must hold at least; fewer is a miss, whatever they score.
        rules: For the rules analyst.
        models: For every chat model.
    """

    cases: Annotated[int, Field(ge=1)]
    rules: dict[Slug, Bound] = Field(default_factory=dict)
    models: dict[Slug, Bound] = Field(default_factory=dict)


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


def shipped_thresholds() -> Traversable:
    """The thresholds of the shipped suites."""
    return files("partnership_os.evals") / "thresholds.yaml"


def load_thresholds(file: Traversable | Path) -> Thresholds:
    """Read a file of thresholds.

    Raises:
        InputError: it cannot be read; names the field.
    """
    try:
        return Thresholds.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "the file itself"
        raise InputError(f"{file.name}: {field}: {first['msg']}.", fix=f"Correct {field}.", field=field) from None
    except (OSError, ValueError, yaml.YAMLError) as error:
        said = " ".join(str(error).split())
        raise InputError(f"{file.name} cannot be read as YAML: {said}", fix="Correct the file.") from None


def check(runs: Sequence[SuiteRun], thresholds: Thresholds) -> tuple[Miss, ...]:
    """Every bound that a run does not keep.

    A sample without a grade, a run that did not finish, fewer samples than planned or fewer cases than the file asks
    for, a suite without bounds, and a bound on a measure that has no value, are misses as well.

    Args:
        runs: As `evals.logs.read_runs` gives them.
        thresholds: What they have to keep.
    """
    return tuple(miss for run in runs for miss in _check(run, thresholds))


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
    wanted: Mapping[str, Bound] = bounds.rules if run.subject == RULES.label else bounds.models
    for name, bound in wanted.items():
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
