"""Two subjects on the same cases: paired differences with intervals, never two bare means."""

from collections.abc import Iterator, Mapping, Sequence
from math import fsum
from typing import Annotated, NamedTuple

from pydantic import Field

from partnership_os.evals.sample import SuiteRun
from partnership_os.evals.statistics.differences import PairedDifference, paired_difference
from partnership_os.evals.statistics.intervals import Interval
from partnership_os.evals.suite import Better, Measure
from partnership_os.evals.table import measures_of, per_case
from partnership_os.schemas.base import Label, Record, Sentence, Slug

__all__ = ["Comparison", "Difference", "LeftOut", "SuiteComparison", "compare", "comparison_of"]


_NOISE = 1e-9
_LEAST_ALIKE = 6
"""Clusters that must have moved alike to decide: by the sign test that happens by chance once in 2^(6-1) = 32 times."""
Count = Annotated[int, Field(ge=0)]
Marks = Mapping[str, tuple[float, float]]
"""Case → (got, of)."""


class Difference(Record):
    """How much better or worse ``second`` did than ``first`` in one measure, over the cases that both answered.

    Attributes:
        better: Which way of the measure is good.
        first_value: The estimate of ``first`` over those cases.
        difference: second − first.
        low: Lower end of the 95 % interval of the difference; None where the cases leave it open.
        verdict: ``better`` or ``worse`` (of ``second``) where the interval leaves 0 out, ``higher`` or ``lower`` where
            no way is good; ``the same`` where no case differs; ``undecided`` otherwise, and where there is no interval.
        pairs: Cases compared.
        clusters: Groups of cases that go together among them.
    """

    suite: Slug
    measure: Slug
    meaning: Sentence
    better: Better
    first: Label
    second: Label
    first_value: float
    second_value: float
    difference: float
    low: float | None
    high: float | None
    verdict: Annotated[str, Field(pattern="^(better|worse|higher|lower|undecided|the same)$")]
    pairs: Count
    clusters: Count


class LeftOut(Record):
    """Cases of a suite that were not compared.

    Attributes:
        changed: Cases that both sides have under one id, and that say or are judged by something else.
        only_first: Cases that only the first side has.
        only_second: Cases that only the second side has.
    """

    changed: Count
    only_first: Count
    only_second: Count


class SuiteComparison(Record):
    """One suite that both sides have run; without differences where they share no case.

    Attributes:
        pairs: Cases that are the same on both sides.
    """

    suite: Slug
    pairs: Count
    left_out: LeftOut
    differences: tuple[Difference, ...]


class Comparison(Record):
    """All that two subjects can be compared in, and what they cannot be compared in.

    Attributes:
        suites: Suites that both have run.
        only_first: Suites that only the first side has run.
        only_second: Suites that only the second side has run.
    """

    suites: tuple[SuiteComparison, ...]
    only_first: tuple[Slug, ...]
    only_second: tuple[Slug, ...]

    @property
    def pairs(self) -> int:
        """Cases compared, in all suites."""
        return sum(suite.pairs for suite in self.suites)


class _Pair(NamedTuple):
    first: SuiteRun
    second: SuiteRun
    clusters: Mapping[str, str]
    """Case → cluster, of the cases that are compared."""


def compare(first: Sequence[SuiteRun], second: Sequence[SuiteRun]) -> tuple[Difference, ...]:
    """The differences of `comparison_of`, of all suites; none where nothing can be compared."""
    return tuple(item for suite in comparison_of(first, second).suites for item in suite.differences)


def comparison_of(first: Sequence[SuiteRun], second: Sequence[SuiteRun]) -> Comparison:
    """Every measure of every suite that both subjects have run, over the cases that are the same.

    Cases are the same where id and digest are, so that neither a case nor its world changed between the runs. A mean is
    compared like a rate, as the sum of values over the count of cases.

    Args:
        first: Runs of the subject that is compared with, one of a suite.
        second: Runs of the other one.
    """
    ours, theirs = {run.suite: run for run in first}, {run.suite: run for run in second}
    return Comparison(
        suites=tuple(_suite(run, theirs[name]) for name, run in ours.items() if name in theirs),
        only_first=tuple(sorted(ours.keys() - theirs.keys())),
        only_second=tuple(sorted(theirs.keys() - ours.keys())),
    )


def _suite(first: SuiteRun, second: SuiteRun) -> SuiteComparison:
    one, two = ({sample.case_id: sample.case_digest for sample in run.samples} for run in (first, second))
    same = {name for name in one.keys() & two.keys() if one[name] == two[name]}
    clusters = {sample.case_id: sample.cluster for sample in first.samples if sample.case_id in same}
    pair = _Pair(first, second, clusters)
    return SuiteComparison(
        suite=first.suite,
        pairs=len(same),
        left_out=LeftOut(
            changed=len(one.keys() & two.keys()) - len(same),
            only_first=len(one.keys() - two.keys()),
            only_second=len(two.keys() - one.keys()),
        ),
        differences=tuple(_differences(pair)) if same else (),
    )


def _differences(pair: _Pair) -> Iterator[Difference]:
    for measure in measures_of(pair.first.suite).values():
        one, two = (_shared(per_case(run, measure.name), pair) for run in (pair.first, pair.second))
        both = {case for case in one.keys() & two.keys() if one[case][1] > 0 and two[case][1] > 0}
        found = paired_difference(two, one, pair.clusters)
        if found is not None:
            first_value, second_value = _ratio(one, both), _ratio(two, both)
            yield Difference(
                suite=pair.first.suite,
                measure=measure.name,
                meaning=measure.meaning,
                better=measure.better,
                first=pair.first.subject,
                second=pair.second.subject,
                first_value=first_value,
                second_value=second_value,
                difference=found.difference.estimate,
                low=found.difference.low,
                high=found.difference.high,
                verdict=_verdict(found, measure, same=all(_alike(one[case], two[case]) for case in both)),
                pairs=found.pairs,
                clusters=found.difference.clusters,
            )


def _shared(marks: Marks, pair: _Pair) -> Marks:
    return {case: mark for case, mark in marks.items() if case in pair.clusters}


def _ratio(marks: Marks, cases: set[str]) -> float:
    return fsum(marks[case][0] for case in cases) / fsum(marks[case][1] for case in cases)


def _alike(one: tuple[float, float], two: tuple[float, float]) -> bool:
    """Whether two marks are the same share; sums over other numbers of epochs differ in the last bits."""
    return abs(one[0] / one[1] - two[0] / two[1]) < _NOISE


def _verdict(found: PairedDifference, measure: Measure, *, same: bool) -> str:
    """What the interval says; that no case differs is seen without one, and so is that all of them moved alike."""
    if same:
        return "the same"
    difference = found.difference
    all_moved = found.alike and difference.clusters >= _LEAST_ALIKE and abs(difference.estimate) > _NOISE
    if not all_moved and not _leaves_out_zero(difference):
        return "undecided"
    if measure.better is Better.NEITHER:
        return "higher" if difference.estimate > 0 else "lower"
    return "better" if (difference.estimate > 0) == (measure.better is Better.HIGHER) else "worse"


def _leaves_out_zero(found: Interval) -> bool:
    return found.low is not None and found.high is not None and (found.low > _NOISE or found.high < -_NOISE)
