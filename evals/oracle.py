"""The suites prove themselves: ground truth gets full marks, planted mistakes lose some. No model and no runner."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from partnership_os.errors import InputError
from partnership_os.evals.catalogue import load_cases, reason_of
from partnership_os.evals.suite import Better, Mark, Measure, MeasureKind, Suite

__all__ = ["LEAST_CASES", "is_full", "oracle_faults", "place_faults"]

LEAST_CASES = 30
"""Cases that a shipped suite has at least."""
_TOLERANCE = 1e-9


def place_faults(suite: Suite[Any, Any], place: Path | None = None) -> Iterator[str]:
    """The same as `oracle_faults` for cases that are still to be read; what cannot be read is a fault.

    Args:
        suite: The suite.
        place: A file or folder of cases of your own; the shipped ones otherwise.
    """
    try:
        cases = load_cases(suite, place)
    except InputError as error:
        yield f"{suite.name}: {error.message} {error.fix or ''}".rstrip()
        return
    yield from _faults(suite, cases, shipped=place is None)


def oracle_faults(suite: Suite[Any, Any], cases: tuple[Any, ...] | None = None) -> Iterator[str]:
    """What is wrong with a suite's cases or grades, in words; nothing where the suite can be trusted so far.

    Args:
        suite: The suite.
        cases: Cases of your own instead of the shipped ones.
    """
    if cases is None:
        yield from place_faults(suite)
    else:
        yield from _faults(suite, cases, shipped=False)


def _faults(suite: Suite[Any, Any], cases: tuple[Any, ...], *, shipped: bool) -> Iterator[str]:
    if shipped and len(cases) < LEAST_CASES:
        yield f"{suite.name}: {len(cases)} cases, fewer than {LEAST_CASES}"
    met: set[str] = set()
    for case in cases:
        where = f"{suite.name}/{case.id}"
        try:
            lacking = [f"{where}: {field}: the world has no {name!r}" for field, name in suite.unknown_names(case)]
            yield from lacking or _case_faults(suite, case, where, met)
        except Exception as error:  # a case that breaks its suite is a fault, and the next case may have another
            yield f"{where}: it cannot be judged: {reason_of(error)}"
    unused = sorted(item.name for item in suite.measures if item.name not in met and not item.of_model)
    if unused and shipped:
        yield f"{suite.name}: no case has a mark for {', '.join(unused)}"


def _case_faults(suite: Suite[Any, Any], case: Any, where: str, met: set[str]) -> Iterator[str]:
    """The faults of one case; the measures that it has a mark for are added to ``met``."""
    measures = {item.name: item for item in suite.measures}
    right = suite.grade(case, _carried(suite, suite.truth(case)))
    met |= set(right.marks)
    if not right.passed:
        yield f"{where}: the ground truth does not pass: {'; '.join(right.faults)}"
    for name, mark in right.marks.items():
        if name not in measures:
            yield f"{where}: {name} is no measure of the suite"
        elif not is_full(measures[name], mark):
            yield f"{where}: the ground truth gets {mark.got:g} of {mark.of:g} in {name}"
    yield from _unnoticed(suite, case, where, measures, right.marks)
    unknown = sorted(set(suite.failure(case)) - set(measures))
    if unknown:
        yield f"{where}: a failure counts in {', '.join(unknown)}, which the suite does not measure"


def is_full(measure: Measure, mark: Mark) -> bool:
    """Whether a mark is the best there is; a measure that only informs is always full."""
    if measure.better is Better.NEITHER:
        return True
    if measure.better is Better.LOWER:
        return abs(mark.got) <= _TOLERANCE
    best = mark.of if measure.kind is MeasureKind.RATE else 1.0
    return abs(mark.got - best) <= _TOLERANCE


def _unnoticed(
    suite: Suite[Any, Any], case: Any, where: str, measures: dict[str, Measure], right: dict[str, Mark]
) -> Iterator[str]:
    """Planted mistakes that cost nothing."""
    mistakes = tuple(suite.mistakes(case))
    if not mistakes:
        yield f"{where}: no mistake is planted"
    for mistake in mistakes:
        wrong = suite.grade(case, _carried(suite, mistake.outcome))
        if wrong.passed:
            yield f"{where}: the mistake {mistake.name!r} passes"
        for name in mistake.hurts:
            if name not in right or name not in wrong.marks or is_full(measures[name], wrong.marks[name]):
                yield f"{where}: the mistake {mistake.name!r} does not hurt {name}"


def _carried(suite: Suite[Any, Any], outcome: Any) -> Any:
    """The outcome after a trip through JSON, as logs keep it."""
    return suite.outcome_type.model_validate_json(outcome.model_dump_json())
