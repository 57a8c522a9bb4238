import math
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnership_os.agents.outlook import band_changes, facts_to_find, reachable_bands
from partnership_os.agents.rubric import BAND_FLOORS, COVERAGE_FLOOR, DIMENSION_WEIGHTS, INDICATORS, band_of
from partnership_os.agents.scoring import agreement, score_and_coverage, source_quality, total
from partnership_os.schemas.base import BilingualText
from partnership_os.schemas.evidence import SourceKind
from partnership_os.schemas.partnership import PartnershipType
from partnership_os.schemas.score_card import Band, Dimension, Indicator, IndicatorSource
from partnership_os.testing.clock import DEFAULT_START

TYPES = list(PartnershipType)
BAND_RANK = {Band.UNKNOWN: -1, Band.DECLINE: 0, Band.WATCH: 1, Band.DEVELOP: 2, Band.PURSUE: 3}


def source(kind: SourceKind = SourceKind.OWN_SITE) -> IndicatorSource:
    return IndicatorSource(
        evidence_id="ev_1", source="test", source_kind=kind, retrieved_at=DEFAULT_START, quote="It says so."
    )


def indicators(points: Sequence[float | None], contradicted: Sequence[bool] | None = None) -> tuple[Indicator, ...]:
    flags = contradicted or [False] * len(points)
    return tuple(
        Indicator(
            indicator=spec.indicator,
            dimension=spec.dimension,
            label=spec.label,
            weight=spec.weight,
            points=value,
            method=BilingualText(en="test", ar="اختبار"),
            sources=() if value is None else (source(),),
            contradicted=flag,
        )
        for spec, value, flag in zip(INDICATORS, points, flags, strict=True)
    )


some_points = st.lists(
    st.none() | st.floats(0, 100, allow_nan=False), min_size=len(INDICATORS), max_size=len(INDICATORS)
)


def oracle(points: Sequence[float | None], partnership_type: PartnershipType) -> tuple[float | None, float]:
    """The formulas of docs/design/scoring.md, written down a second time."""
    weights = DIMENSION_WEIGHTS[partnership_type]
    upper = lower = coverage = 0.0
    for dimension in Dimension:
        rows = [
            (spec.weight, value) for spec, value in zip(INDICATORS, points, strict=True) if spec.dimension is dimension
        ]
        known = [(weight, value) for weight, value in rows if value is not None]
        coverage += weights[dimension] * sum(weight for weight, _ in known) / 100
        if known:
            mean = sum(weight * value for weight, value in known) / sum(weight for weight, _ in known)
            upper += weights[dimension] * mean
            lower += weights[dimension]
    return (upper / lower if lower else None, coverage)


@pytest.mark.parametrize("partnership_type", TYPES)
def test_weights_sum_to_a_hundred_and_indicator_weights_to_one(partnership_type: PartnershipType) -> None:
    assert sum(DIMENSION_WEIGHTS[partnership_type].values()) == 100
    for dimension in Dimension:
        assert math.isclose(sum(spec.weight for spec in INDICATORS if spec.dimension is dimension), 1.0)


@given(some_points, st.sampled_from(TYPES))
def test_total_agrees_with_the_written_formulas(points: list[float | None], partnership_type: PartnershipType) -> None:
    totals = total(indicators(points), DIMENSION_WEIGHTS[partnership_type])
    score, coverage = oracle(points, partnership_type)
    assert totals.coverage == pytest.approx(coverage, abs=1e-3)
    if score is None:
        assert totals.score is None
    else:
        assert totals.score == pytest.approx(score, abs=1e-3)
        assert sum(part.contribution for part in totals.dimensions) == pytest.approx(score, abs=1e-2)


@given(some_points, st.sampled_from(TYPES), st.data())
def test_a_better_known_fact_never_lowers_the_score(
    points: list[float | None], partnership_type: PartnershipType, data: st.DataObject
) -> None:
    known = [place for place, value in enumerate(points) if value is not None]
    if not known:
        return
    place = data.draw(st.sampled_from(known))
    better = list(points)
    better[place] = data.draw(st.floats(points[place] or 0.0, 100))
    weights = DIMENSION_WEIGHTS[partnership_type]
    before, after = total(indicators(points), weights), total(indicators(better), weights)
    assert (after.score or 0.0) >= (before.score or 0.0)
    assert after.coverage == before.coverage


@given(some_points, st.sampled_from(TYPES), st.data())
def test_new_evidence_only_narrows_what_is_reachable(
    points: list[float | None], partnership_type: PartnershipType, data: st.DataObject
) -> None:
    unknown = [place for place, value in enumerate(points) if value is None]
    if not unknown:
        return
    place = data.draw(st.sampled_from(unknown))
    more = list(points)
    more[place] = data.draw(st.floats(0, 100))
    weights = DIMENSION_WEIGHTS[partnership_type]
    worst_before, best_before = reachable_bands(indicators(points), weights)
    worst_after, best_after = reachable_bands(indicators(more), weights)
    assert BAND_RANK[worst_after] >= BAND_RANK[worst_before]
    assert BAND_RANK[best_after] <= BAND_RANK[best_before]
    assert total(indicators(more), weights).coverage >= total(indicators(points), weights).coverage


def test_unknown_is_neither_zero_nor_a_middle() -> None:
    weights = DIMENSION_WEIGHTS[PartnershipType.REFERRAL]
    alone = [None] * len(INDICATORS)
    alone[0] = 90.0  # type: ignore[call-overload]
    totals = total(indicators(alone), weights)
    assert totals.score == 90.0
    assert band_of(totals.score, totals.coverage) is Band.UNKNOWN
    assert total(indicators([None] * len(INDICATORS)), weights).score is None


@pytest.mark.parametrize(("floor", "band"), BAND_FLOORS)
def test_bands_begin_at_their_floor(floor: float, band: Band) -> None:
    assert band_of(floor, 1.0) is band
    if floor:
        assert band_of(floor - 0.0001, 1.0) is not band
    assert band_of(floor, COVERAGE_FLOOR - 0.0001) is Band.UNKNOWN
    assert band_of(floor, COVERAGE_FLOOR) is band


def test_a_contradiction_lowers_confidence_and_not_the_score() -> None:
    weights = DIMENSION_WEIGHTS[PartnershipType.TECHNOLOGY]
    points: list[float | None] = [70.0] * len(INDICATORS)
    doubted = [True] + [False] * (len(INDICATORS) - 1)
    clean, doubtful = total(indicators(points), weights), total(indicators(points, doubted), weights)
    assert doubtful.score == clean.score
    assert doubtful.confidence < clean.confidence
    assert agreement(indicators(points, doubted)) == pytest.approx(1 - 1 / len(INDICATORS))


def test_source_quality_is_that_of_the_best_source() -> None:
    weights = DIMENSION_WEIGHTS[PartnershipType.TECHNOLOGY]
    item = indicators([50.0] + [None] * (len(INDICATORS) - 1))[0]
    both = item.model_copy(update={"sources": (source(SourceKind.DIRECTORY), source(SourceKind.REGISTRY))})
    assert source_quality([both], weights) == 1.0
    assert source_quality([item], weights) == 0.7
    assert source_quality([], weights) == 0.0


@given(some_points, st.sampled_from(TYPES))
def test_facts_to_find_come_in_the_order_of_what_they_move(
    points: list[float | None], partnership_type: PartnershipType
) -> None:
    weights = DIMENSION_WEIGHTS[partnership_type]
    facts = facts_to_find(indicators(points), weights, limit=len(INDICATORS))
    assert {fact.indicator for fact in facts} == {
        spec.indicator for spec, value in zip(INDICATORS, points, strict=True) if value is None
    }
    moved = [(fact.score_if_best or 0) - (fact.score_if_worst or 0) + 100 * fact.coverage_gain for fact in facts]
    assert all(first >= second - 1e-3 for first, second in pairwise(moved))


@given(some_points, st.sampled_from(TYPES))
def test_band_changes_do_what_they_say(points: list[float | None], partnership_type: PartnershipType) -> None:
    weights = DIMENSION_WEIGHTS[partnership_type]
    own = indicators(points)
    score, coverage = score_and_coverage({item.indicator: item.points for item in own}, own, weights)
    band = band_of(score, coverage)
    labels = {item.label.en: item for item in own}
    for change in band_changes(own, weights):
        size = float(change.text.en.split(" ")[0])
        label = change.text.en.split("“")[1].split("”")[0]
        moved = size if " more " in change.text.en else -size
        item = labels[label]
        shifted = min(100.0, max(0.0, (item.points or 0.0) + moved))
        after, _ = score_and_coverage(
            {**{other.indicator: other.points for other in own}, item.indicator: shifted}, own, weights
        )
        assert change.to_band is not band
        if moved > 0:
            assert BAND_RANK[band_of(after, coverage)] > BAND_RANK[band]
        else:
            assert BAND_RANK[band_of(after, coverage)] < BAND_RANK[band]
