"""The arithmetic of a card: score, coverage, confidence and contributions from indicators alone.

Formulas and their source: ``docs/design/scoring.md``. The same indicators give the same figures in every replay.
"""

import math
from collections.abc import Mapping, Sequence

from partnership_os.schemas.base import Record
from partnership_os.schemas.evidence import SOURCE_QUALITY
from partnership_os.schemas.score_card import Dimension, DimensionScore, Indicator


class Totals(Record):
    """The figures of a card that follow from its indicators alone."""

    score: float | None
    coverage: float
    confidence: float
    dimensions: tuple[DimensionScore, ...]


def total(indicators: Sequence[Indicator], weights: Mapping[Dimension, int]) -> Totals:
    """Score, coverage, confidence and contributions from indicators; the same in every replay.

    Args:
        indicators: All indicators of the rubric; unknown ones have ``points`` None.
        weights: Weight of each dimension, summing to 100.
    """
    parts: list[tuple[Dimension, float | None, float]] = []
    for dimension in weights:
        own = [item for item in indicators if item.dimension is dimension]
        known = [(item.weight, item.points) for item in own if item.points is not None]
        known_weight = math.fsum(weight for weight, _ in known)
        mean = math.fsum(weight * points for weight, points in known) / known_weight if known_weight else None
        parts.append((dimension, mean, min(1.0, known_weight / math.fsum(item.weight for item in own))))
    known_weights = sum(weights[dimension] for dimension, mean, _ in parts if mean is not None)
    score, coverage = score_and_coverage({item.indicator: item.points for item in indicators}, indicators, weights)
    dimensions = tuple(
        DimensionScore(
            dimension=dimension,
            weight=weights[dimension],
            score=None if mean is None else round(mean, 4),
            coverage=round(share, 4),
            contribution=0.0
            if mean is None or not known_weights
            else round(weights[dimension] * mean / known_weights, 4),
            indicators=tuple(item for item in indicators if item.dimension is dimension),
        )
        for dimension, mean, share in parts
    )
    return Totals(
        score=score,
        coverage=coverage,
        confidence=round(coverage * source_quality(indicators, weights) * agreement(indicators), 4),
        dimensions=dimensions,
    )


def source_quality(indicators: Sequence[Indicator], weights: Mapping[Dimension, int]) -> float:
    """Mean quality of the best source of each known indicator, weighted as the indicators are; 0 when none is known."""
    pairs = [
        (item.weight * weights[item.dimension], max(SOURCE_QUALITY[source.source_kind] for source in item.sources))
        for item in indicators
        if item.points is not None and item.sources
    ]
    weight = math.fsum(pair[0] for pair in pairs)
    return math.fsum(own * quality for own, quality in pairs) / weight if weight else 0.0


def agreement(indicators: Sequence[Indicator]) -> float:
    """1 − share of known indicators that a contradiction touches."""
    known = [item for item in indicators if item.points is not None]
    return 1 - sum(item.contradicted for item in known) / len(known) if known else 1.0


def score_and_coverage(
    points: Mapping[str, float | None], indicators: Sequence[Indicator], weights: Mapping[Dimension, int]
) -> tuple[float | None, float]:
    """Score and coverage when the indicators had these points; the formulas of `deal_matcher.total`."""
    score_sum, weight_sum, covered = 0.0, 0, 0.0
    for dimension, weight in weights.items():
        own = [item for item in indicators if item.dimension is dimension]
        known = [(item.weight, value) for item in own if (value := points[item.indicator]) is not None]
        known_weight = math.fsum(part for part, _ in known)
        covered += weight * min(1.0, known_weight / math.fsum(item.weight for item in own))
        if known_weight:
            score_sum += weight * math.fsum(part * value for part, value in known) / known_weight
            weight_sum += weight
    return (round(score_sum / weight_sum, 4) if weight_sum else None, round(covered / 100, 4))
