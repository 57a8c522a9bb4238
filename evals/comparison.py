"""Two subjects on the same cases: paired differences with intervals, never two bare means."""

from collections.abc import Sequence
from math import fsum
from typing import Annotated

from pydantic import Field

from partnership_os.evals.sample import SuiteRun
from partnership_os.evals.statistics.differences import paired_difference
from partnership_os.evals.statistics.intervals import Interval
from partnership_os.evals.suite import Better
from partnership_os.evals.table import measures_of, per_case
from partnership_os.schemas.base import Label, Record, Sentence, Slug

__all__ = ["Difference", "compare"]


_NOISE = 1e-9


class Difference(Record):
    """How much better or worse ``second`` did than ``first`` in one measure, over the cases that both answered.

    Attributes:
        first_value: The estimate of ``first`` over those cases.
        difference: second − first.
        low: Lower end of the 95 % interval of the difference; None where one cluster leaves it open.
        verdict: ``better`` or ``worse`` (of ``second``) where the interval leaves 0 out, ``undecided`` otherwise.
        pairs: Cases compared.
    """

    suite: Slug
    measure: Slug
    meaning: Sentence
    first: Label
    second: Label
    first_value: float
    second_value: float
    difference: float
    low: float | None
    high: float | None
    verdict: Annotated[str, Field(pattern="^(better|worse|higher|lower|undecided|the same)$")]
    pairs: Annotated[int, Field(ge=0)]
    clusters: Annotated[int, Field(ge=0)]


def compare(first: Sequence[SuiteRun], second: Sequence[SuiteRun]) -> tuple[Difference, ...]:
    """Every measure of every suite that both subjects have run.

    A mean is compared like a rate, as the sum of values over the count of cases.

    Args:
        first: Runs of the subject that is compared with.
        second: Runs of the other one.
    """
    others = {run.suite: run for run in second}
    return tuple(difference for run in first if run.suite in others for difference in _compare(run, others[run.suite]))


def _compare(first: SuiteRun, second: SuiteRun) -> list[Difference]:
    clusters = {sample.case_id: sample.cluster for run in (first, second) for sample in run.samples}
    found: list[Difference] = []
    for name, measure in measures_of(first.suite).items():
        one, two = per_case(first, name), per_case(second, name)
        paired = paired_difference(two, one, clusters)
        if paired is None:
            continue
        shared = sorted(case for case in one.keys() & two.keys() if one[case][1] > 0 and two[case][1] > 0)
        values = [
            fsum(part[case][0] for case in shared) / fsum(part[case][1] for case in shared) for part in (one, two)
        ]
        difference = paired.difference
        found.append(
            Difference(
                suite=first.suite,
                measure=name,
                meaning=measure.meaning,
                first=first.subject,
                second=second.subject,
                first_value=values[0],
                second_value=values[1],
                difference=difference.estimate,
                low=difference.low,
                high=difference.high,
                verdict=_verdict(difference, measure.better),
                pairs=paired.pairs,
                clusters=difference.clusters,
            )
        )
    return found


def _verdict(found: Interval, better: Better) -> str:
    """What the interval says; sums in another order differ in the last bits, which decides nothing."""
    if found.low is None or found.high is None:
        return "undecided"
    if max(abs(found.low), abs(found.high)) < _NOISE:
        return "the same"
    if found.low <= _NOISE and found.high >= -_NOISE:
        return "undecided"
    if better is Better.NEITHER:
        return "higher" if found.estimate > 0 else "lower"
    return "better" if (found.estimate > 0) == (better is Better.HIGHER) else "worse"
