"""Agreement of raters: two labellers, a judge and a human, one scorer over several epochs."""

import math
from collections import Counter
from collections.abc import Hashable, Sequence
from enum import StrEnum

from partnership_os.evals.statistics.inputs import check_lengths, finite

__all__ = ["KappaWeights", "cohen_kappa", "intraclass_correlation", "weighted_kappa"]


class KappaWeights(StrEnum):
    """What a disagreement of d steps on the scale weighs: d or d²."""

    LINEAR = "linear"
    QUADRATIC = "quadratic"


def cohen_kappa(first: Sequence[Hashable], second: Sequence[Hashable]) -> float | None:
    """Cohen's κ: 1 - observed disagreement / disagreement expected by chance from both raters' own shares.

    Args:
        first: Label of each item by one rater; labels have no order.
        second: Label of each item by the other; same length.

    Returns:
        1 for full agreement, 0 for chance, down to -1; None without an item or where both used one and the same label
        throughout, so that chance alone would agree fully.

    Raises:
        ValueError: Lengths differ.

    Source:
        Cohen, Educational and Psychological Measurement 1960.
    """
    check_lengths(first=first, second=second)
    count_a, count_b = Counter(first), Counter(second)
    observed = sum(one != other for one, other in zip(first, second, strict=True))
    expected = len(first) ** 2 - sum(count * count_b[label] for label, count in count_a.items())
    return 1.0 - len(first) * observed / expected if expected else None


def weighted_kappa(
    first: Sequence[Hashable],
    second: Sequence[Hashable],
    scale: Sequence[Hashable],
    weights: KappaWeights = KappaWeights.QUADRATIC,
) -> float | None:
    """Cohen's weighted κ: disagreements count by their distance on an ordered scale.

    1 - Σ w_ij · observed_ij / Σ w_ij · expected_ij, with w = |i - j| (linear) or (i - j)² (quadratic) and i, j the
    places on the scale. A step that nobody used still separates its neighbours.

    Args:
        first: Label of each item by one rater.
        second: Label of each item by the other; same length.
        scale: All labels in order, each once.
        weights: Linear or quadratic.

    Returns:
        1 for full agreement, 0 for chance, down to -1; None without an item or where both used one and the same label
        throughout.

    Raises:
        ValueError: Lengths differ, the scale repeats a label, or a label is not on it.

    Source:
        Cohen, "Weighted kappa", Psychological Bulletin 1968.
    """
    check_lengths(first=first, second=second)
    place = {label: index for index, label in enumerate(scale)}
    if len(place) != len(scale):
        raise ValueError("the scale holds a label twice")
    if strange := {*first, *second} - place.keys():
        raise ValueError(f"not on the scale: {', '.join(sorted(map(str, strange)))}")
    power = 1 if KappaWeights(weights) is KappaWeights.LINEAR else 2
    observed = sum(abs(place[one] - place[other]) ** power for one, other in zip(first, second, strict=True))
    count_a, count_b = Counter(first), Counter(second)
    expected = sum(
        abs(place[one] - place[other]) ** power * count * count_b[other]
        for one, count in count_a.items()
        for other in count_b
    )
    return 1.0 - len(first) * observed / expected if expected else None


def intraclass_correlation(ratings: Sequence[Sequence[float]]) -> float | None:
    """ICC(2,1): absolute agreement of single ratings, targets and raters both drawn at random.

    (MS_T - MS_E) / (MS_T + (k-1) · MS_E + k · (MS_R - MS_E) / n) with the mean squares of targets, raters and error of
    a two-way analysis of variance. Epochs of one scorer count as raters. It can be negative.

    Args:
        ratings: n targets × k raters, in any unit; every target rated by every rater.

    Returns:
        At most 1; None with fewer than two targets or raters, or where neither targets nor raters differ.

    Raises:
        ValueError: Rows differ in length or a rating is not finite.

    Source:
        Shrout & Fleiss, "Intraclass correlations", Psychological Bulletin 1979.
    """
    rows = [finite(row, "ratings") for row in ratings]
    if len({len(row) for row in rows}) > 1:
        raise ValueError("every target needs the same number of ratings")
    targets, raters = len(rows), len(rows[0]) if rows else 0
    if targets < 2 or raters < 2:
        return None
    grand = math.fsum(value for row in rows for value in row) / (targets * raters)
    by_target = [math.fsum(row) / raters for row in rows]
    by_rater = [math.fsum(column) / targets for column in zip(*rows, strict=True)]
    ms_targets = raters * math.fsum((middle - grand) ** 2 for middle in by_target) / (targets - 1)
    ms_raters = targets * math.fsum((middle - grand) ** 2 for middle in by_rater) / (raters - 1)
    ms_error = math.fsum(
        (value - middle - other + grand) ** 2
        for row, middle in zip(rows, by_target, strict=True)
        for value, other in zip(row, by_rater, strict=True)
    ) / ((targets - 1) * (raters - 1))
    spread = ms_targets + (raters - 1) * ms_error + raters * (ms_raters - ms_error) / targets
    rounding = 1e-28 * max(abs(value) for row in rows for value in row) ** 2
    if spread <= max(rounding, 1e-12 * ms_error):
        return None
    return (ms_targets - ms_error) / spread
