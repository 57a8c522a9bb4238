"""From samples to the rows of a table: an estimate of each measure with its interval, and what the answers cost."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from math import fsum
from typing import Annotated

from pydantic import Field

from partnership_os.evals.catalogue import find_suites
from partnership_os.evals.sample import Sample, SuiteRun
from partnership_os.evals.statistics.calibration import brier_score, expected_calibration_error
from partnership_os.evals.statistics.cost import per_valid, percentiles
from partnership_os.evals.statistics.intervals import Interval, mean_interval, rate_interval
from partnership_os.evals.statistics.reliability import mean_pass_hat_k
from partnership_os.evals.suite import Better, Measure, MeasureKind
from partnership_os.schemas.base import Label, Record, Sentence, Slug

__all__ = ["COMMON", "Row", "measures_of", "per_case", "rows_of"]

PASSED = Measure(name="passed", meaning="Cases that are right as a whole, of all samples; no answer counts as wrong.")
ANSWERED = Measure(name="answered", meaning="Samples to which the product gave an answer at all.")
FIRST_TRY = Measure(
    name="schema_first_try",
    meaning="Answers of the model that fit their schema at the first try, of all it was asked for.",
    of_model=True,
)
REPAIRED = Measure(
    name="schema_after_repair",
    meaning="Answers that fit in the end, repairs included; refusals, cut-off answers and errors count as invalid.",
    of_model=True,
)
MODEL_ANSWERED = Measure(
    name="model_answered",
    meaning="Samples in which the model gave an answer of use, of those in which it was asked anything.",
    of_model=True,
)
COMMON = (PASSED, ANSWERED, MODEL_ANSWERED, FIRST_TRY, REPAIRED)
"""Measures that every suite has."""


class Row(Record):
    """One cell of the table with what it rests on.

    Attributes:
        value: The estimate.
        low: Lower end of the 95 % interval; None for figures that have none (times, costs, calibration).
        n: What was counted: units of a rate, cases of a mean; several tries of a case count once.
        clusters: Independent groups among them.
    """

    suite: Slug
    subject: Label
    measure: Slug
    meaning: Sentence
    better: Better
    value: float
    low: float | None = None
    high: float | None = None
    n: Annotated[float, Field(ge=0)]
    clusters: Annotated[int, Field(ge=0)]


def measures_of(suite: str) -> dict[str, Measure]:
    """The measures of a suite by name, the common ones first."""
    known = find_suites().get(suite)
    return {item.name: item for item in (*COMMON, *(known.measures if known else ()))}


def per_case(run: SuiteRun, measure: str) -> dict[str, tuple[float, float]]:
    """Got and of in one measure, averaged over the epochs of each case; cases without a mark are left out.

    A case that is asked several times is still one case: sums would let intervals shrink with the epochs of a subject
    that answers the same each time.
    """
    found: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for sample in run.samples:
        marks = tuple(_marks(sample, measure))
        if marks:
            found[sample.case_id].append((fsum(got for got, _ in marks), fsum(of for _, of in marks)))
    return {
        case: (fsum(got for got, _ in tries) / len(tries), fsum(of for _, of in tries) / len(tries))
        for case, tries in found.items()
    }


def rows_of(run: SuiteRun) -> tuple[Row, ...]:
    """The rows of one suite by one subject; a measure without a single mark has no row."""
    rows: list[Row] = []
    for measure in measures_of(run.suite).values():
        found = _interval(run, measure)
        if found is not None:
            rows.append(
                _row(
                    run,
                    measure.name,
                    measure.meaning,
                    measure.better,
                    found.estimate,
                    n=found.n,
                    clusters=found.clusters,
                    low=found.low,
                    high=found.high,
                )
            )
    return (*rows, *_reliability(run), *_calibration(run), *_cost(run))


def _marks(sample: Sample, measure: str) -> Iterator[tuple[float, float]]:
    if measure == PASSED.name:
        yield float(sample.grade.passed), 1.0
    elif measure == ANSWERED.name:
        yield float(sample.failure is None), 1.0
    elif measure == MODEL_ANSWERED.name:
        if sample.asked_model:
            yield float(sample.model_answered), 1.0
    elif measure in (FIRST_TRY.name, REPAIRED.name):
        for item in sample.completions:
            first = item.valid and item.tries == 1
            yield float(first if measure == FIRST_TRY.name else item.valid), 1.0
    elif measure in sample.grade.marks:
        mark = sample.grade.marks[measure]
        yield mark.got, mark.of


def _interval(run: SuiteRun, measure: Measure) -> Interval | None:
    marks = per_case(run, measure.name)
    groups = {sample.case_id: sample.cluster for sample in run.samples}
    clusters, got = [groups[case] for case in marks], [mark[0] for mark in marks.values()]
    if measure.kind is MeasureKind.RATE:
        return rate_interval(got, [mark[1] for mark in marks.values()], clusters)
    return mean_interval(got, clusters, least=measure.least, most=measure.most)


def _row(
    run: SuiteRun,
    name: str,
    meaning: str,
    better: Better,
    value: float,
    *,
    n: float,
    clusters: int,
    low: float | None = None,
    high: float | None = None,
) -> Row:
    return Row(
        suite=run.suite,
        subject=run.subject,
        measure=name,
        meaning=meaning,
        better=better,
        value=value,
        low=low,
        high=high,
        n=n,
        clusters=clusters,
    )


def _reliability(run: SuiteRun) -> Iterator[Row]:
    """pass^k over all epochs: the share of cases that k answers in a row get right."""
    if run.epochs < 2:
        return
    passes: dict[str, list[bool]] = defaultdict(list)
    for sample in run.samples:
        passes[sample.case_id].append(sample.grade.passed)
    if any(len(every) < run.epochs for every in passes.values()):
        return  # a run that was cut off; `thresholds.check` says so
    value = mean_pass_hat_k([(len(every), sum(every)) for every in passes.values()], run.epochs)
    if value is not None:
        meaning = f"Chance that {run.epochs} answers to the same case are all right (pass^{run.epochs})."
        yield _row(run, "pass_hat_k", meaning, Better.HIGHER, value, n=len(passes), clusters=_clusters(run.samples))


def _calibration(run: SuiteRun) -> Iterator[Row]:
    pairs: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    for sample in run.samples:
        for name, stated in sample.grade.pairs.items():
            pairs[name] += stated
    for name, every in sorted(pairs.items()):
        measures: Mapping[str, tuple[str, float | None]] = {
            f"{name}_ece": (
                "Expected calibration error: how far stated probabilities are from what came true, 10 bins.",
                expected_calibration_error(every),
            ),
            f"{name}_brier": (
                "Brier score: mean squared distance of the stated probability from the truth.",
                brier_score(every),
            ),
        }
        for measure, (meaning, value) in measures.items():
            if value is not None:
                yield _row(run, measure, meaning, Better.LOWER, value, n=len(every), clusters=_clusters(run.samples))


def _cost(run: SuiteRun) -> Iterator[Row]:
    valid = sum(sample.grade.passed for sample in run.samples)
    asked = [sample.usage for sample in run.samples if sample.usage.calls or sample.usage.failed_calls]
    times = percentiles(sample.seconds for sample in run.samples)
    figures: list[tuple[str, str, float | None]] = []
    if times is not None:
        figures += [
            ("seconds_p50", "Median time of one answer, in seconds.", times.p50),
            ("seconds_p95", "95th percentile of the time of one answer, in seconds.", times.p95),
        ]
    if asked:
        tokens = [float(usage.input_tokens + usage.output_tokens) for usage in asked]
        figures += [
            ("tokens_per_passed", "Tokens of all answers, failed ones too, per passed case.", per_valid(tokens, valid)),
            (
                "usd_per_passed",
                "Cost of all answers in USD, failed ones too, per passed case.",
                per_valid([usage.cost_usd for usage in asked], valid),
            ),
        ]
    for name, meaning, value in figures:
        if value is not None:
            clusters = _clusters(run.samples)
            yield _row(run, name, meaning, Better.LOWER, value, n=len(run.samples), clusters=clusters)


def _clusters(samples: Iterable[Sample]) -> int:
    return len({sample.cluster for sample in samples})
