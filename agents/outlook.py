"""What would change the decision: the bands still reachable, the facts to find next, the points that are missing."""

import math
from collections.abc import Mapping, Sequence

from partnership_os.agents.rubric import BAND_FLOORS, BAND_LABELS, INDICATORS, band_of
from partnership_os.agents.scoring import score_and_coverage
from partnership_os.schemas.base import BilingualText
from partnership_os.schemas.score_card import Band, BandChange, Dimension, FactToFind, Indicator

RESOLUTION = 1e-4
"""Scores are kept to four decimals; a step is stated so large that rounding cannot undo it."""

_SPECS = {spec.indicator: spec for spec in INDICATORS}
_BANDS = [band for _, band in BAND_FLOORS]


def reachable_bands(indicators: Sequence[Indicator], weights: Mapping[Dimension, int]) -> tuple[Band, Band]:
    """(worst, best) band that is still possible: every unknown indicator at 0, and at 100."""
    outcomes = []
    for guess in (0.0, 100.0):
        points = {item.indicator: guess if item.points is None else item.points for item in indicators}
        outcomes.append(band_of(*score_and_coverage(points, indicators, weights)))
    return outcomes[0], outcomes[1]


def facts_to_find(
    indicators: Sequence[Indicator], weights: Mapping[Dimension, int], limit: int = 3
) -> tuple[FactToFind, ...]:
    """The unknown facts that could move the decision most, strongest first.

    The order is by how far apart the score would lie for the best and the worst answer, plus the coverage (in
    points) that any answer adds; ties by indicator name.
    """
    known = {item.indicator: item.points for item in indicators}
    _, coverage = score_and_coverage(known, indicators, weights)
    found: list[tuple[float, FactToFind]] = []
    for item in indicators:
        if item.points is not None:
            continue
        best_score, new_coverage = score_and_coverage({**known, item.indicator: 100.0}, indicators, weights)
        worst_score, _ = score_and_coverage({**known, item.indicator: 0.0}, indicators, weights)
        swing = (best_score or 0.0) - (worst_score or 0.0)
        fact = FactToFind(
            indicator=item.indicator,
            dimension=item.dimension,
            question=_SPECS[item.indicator].question,
            coverage_gain=round(max(0.0, new_coverage - coverage), 4),
            score_if_best=best_score,
            score_if_worst=worst_score,
            band_if_best=band_of(best_score, new_coverage),
            band_if_worst=band_of(worst_score, new_coverage),
        )
        found.append((swing + 100 * fact.coverage_gain, fact))
    found.sort(key=lambda pair: (-round(pair[0], 6), pair[1].indicator))
    return tuple(fact for _, fact in found[:limit])


def band_changes(
    indicators: Sequence[Indicator], weights: Mapping[Dimension, int], limit: int = 3
) -> tuple[BandChange, ...]:
    """The smallest changes of one known indicator that would lift the card one band, or drop it one."""
    known = {item.indicator: item.points for item in indicators}
    score, coverage = score_and_coverage(known, indicators, weights)
    band = band_of(score, coverage)
    if score is None or band is Band.UNKNOWN:
        return ()
    place = _BANDS.index(band)
    changes: list[tuple[float, BandChange]] = []
    if place > 0:
        floor, target = BAND_FLOORS[place - 1]
        changes += _moves(indicators, weights, target, floor - score)
    if place < len(_BANDS) - 1:
        # Just below this band's floor: a hundredth of a point is the resolution people read.
        changes += _moves(indicators, weights, _BANDS[place + 1], BAND_FLOORS[place][0] - 0.01 - score)
    changes.sort(key=lambda pair: (round(pair[0], 6), pair[1].text.en))
    return tuple(change for _, change in changes[:limit])


def _moves(
    indicators: Sequence[Indicator],
    weights: Mapping[Dimension, int],
    target: Band,
    gap: float,
) -> list[tuple[float, BandChange]]:
    """The step on each known indicator that moves the score by ``gap``, rounded up to a tenth, where it is possible."""
    known = [item for item in indicators if item.points is not None]
    covered = {
        dimension: math.fsum(item.weight for item in known if item.dimension is dimension) for dimension in weights
    }
    total_weight = sum(weights[dimension] for dimension, known_weight in covered.items() if known_weight)
    moves = []
    for item in known:
        slope = weights[item.dimension] * item.weight / covered[item.dimension] / total_weight
        needed = math.copysign(math.ceil((abs(gap) + RESOLUTION) / slope * 10) / 10, gap) if slope else math.inf
        if 0 <= (item.points or 0.0) + needed <= 100:
            moves.append((abs(needed), _change(item, target, needed)))
    return moves


def _change(item: Indicator, target: Band, needed: float) -> BandChange:
    size = abs(needed)
    if needed >= 0:
        return BandChange(
            to_band=target,
            text=BilingualText(
                en=f"{size:g} more points on “{item.label.en}” would lift it to {BAND_LABELS[target].en}.",
                ar=f"زيادة {size:g} نقطة في «{item.label.ar}» ترفعه إلى فئة {BAND_LABELS[target].ar}.",
            ),
        )
    return BandChange(
        to_band=target,
        text=BilingualText(
            en=f"{size:g} fewer points on “{item.label.en}” would drop it to {BAND_LABELS[target].en}.",
            ar=f"نقص {size:g} نقطة في «{item.label.ar}» يخفضه إلى فئة {BAND_LABELS[target].ar}.",
        ),
    )
