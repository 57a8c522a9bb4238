"""Confidence intervals of rates and means whose samples come in clusters, such as several cases about one company."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import mean

from partnership_os.evals.statistics.inputs import check_lengths, check_level, finite, weights
from partnership_os.evals.statistics.student import t_critical

__all__ = ["Interval", "clustered_error", "mean_interval", "rate_interval", "rule_of_three", "standard_error"]


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate and the bounds of its two-sided confidence interval, all in the unit of what was measured.

    Attributes:
        estimate: The point estimate.
        low: Lower bound; None where one cluster, or values that are all the same, leave a mean or a difference
            without a variance.
        high: Upper bound; None with ``low``.
        n: The denominator: Σ of for a rate, the number of values for a mean, the number of pairs for a difference.
        clusters: Independent groups that count; the interval has ``clusters - 1`` degrees of freedom.
    """

    estimate: float
    low: float | None
    high: float | None
    n: float
    clusters: int


def rate_interval(
    got: Sequence[float], of: Sequence[float], clusters: Sequence[str], level: float = 0.95
) -> Interval | None:
    """Wilson score interval of a rate Σ got / Σ of, with samples in clusters.

    With p the rate, r_i = (got_i - p · of_i) / Σ of the linearised share of a sample, and C clusters, the variance of
    p is v = C/(C-1) · Σ over clusters of (Σ r_i in the cluster)². The interval is Wilson's for the effective size
    n* = min(p(1-p)/v, Σ of) with Student's t of C-1 degrees of freedom in place of the normal quantile. Where v is 0
    between the ends n* is Σ of. Where p is 0 or 1, v cannot say how far the samples of a cluster go together, and n* is
    C, as if they went together wholly. No other rate is bounded more tightly on that side than 0 or 1 would be.

    Several tries of one sample are not several samples: average them before they come here.

    With one cluster the variance cannot be estimated: the interval is then [0, 1]. Samples with ``of`` 0 are left out,
    and so are clusters that have no other. Where every ``of`` is 1 and the rate is not near 0 or 1 this is inspect_ai's
    ``ci_wilson(cluster=…)``, which takes Σ of at the ends.

    Args:
        got: How much of each sample is so, 0 ≤ got_i ≤ of_i.
        of: How much of each sample was counted; same length.
        clusters: Label of the group of each sample; same length.
        level: Confidence level, 0 < level < 1.

    Returns:
        The interval within [0, 1], or None where nothing was counted (Σ of is 0).

    Raises:
        ValueError: Lengths differ, a number is not finite, ``got`` is outside [0, of], or ``level`` is no probability.

    Source:
        Wilson, JASA 1927; Korn & Graubard, Survey Methodology 1998 (effective size); Binder, International Statistical
        Review 1983 (linearised variance of a ratio); Franco, Little, Louis & Slud, J. Survey Statistics and
        Methodology 2019 (their combination).
    """
    check_level(level)
    check_lengths(got=got, of=of, clusters=clusters)
    parts, wholes = finite(got, "got"), weights(of, "of")
    for part, whole in zip(parts, wholes, strict=True):
        if not 0 <= part <= whole:
            raise ValueError(f"got must lie between 0 and of, got {part} of {whole}")
    counted = [(part, whole, label) for part, whole, label in zip(parts, wholes, clusters, strict=True) if whole > 0]
    total = math.fsum(whole for _, whole, _ in counted)
    if total == 0:
        return None
    rate = math.fsum(part for part, _, _ in counted) / total
    groups = len({label for _, _, label in counted})
    if groups == 1:
        return Interval(rate, 0.0, 1.0, total, 1)
    error = clustered_error(
        ((part - rate * whole) / total for part, whole, _ in counted), (label for _, _, label in counted)
    )
    critical, least = t_critical(level, groups - 1), min(float(groups), total)
    size, spread = total, rate * (1.0 - rate)
    if error is not None and spread > 0 and error * error > 0:
        size = min(spread / (error * error), total)
    low, high = _wilson(rate, size, critical)
    (_, of_none), (of_all, _) = _wilson(0.0, least, critical), _wilson(1.0, least, critical)
    return Interval(rate, min(low, of_all), max(high, of_none), total, groups)


def mean_interval(
    values: Sequence[float],
    clusters: Sequence[str] | None = None,
    level: float = 0.95,
    *,
    least: float | None = None,
    most: float | None = None,
) -> Interval | None:
    """Student's t interval of a mean: mean ± t · `standard_error`, with t of C-1 degrees of freedom.

    Args:
        values: One number a sample, in any unit.
        clusters: Label of the group of each value, same length; without labels each value is a group of its own.
        level: Confidence level, 0 < level < 1.
        least: What no value can be below; the interval is cut there.
        most: What no value can be above; the interval is cut there.

    Returns:
        The interval in the unit of the values, without bounds where there is one cluster, or where all values are the
        same, which says nothing of how far others may be; None without a value.

    Raises:
        ValueError: Lengths differ, a value is not finite, or ``level`` is no probability.

    Source:
        Student, Biometrika 1908; with clusters Miller, "Adding error bars to evals", arXiv 2411.00640 (2024).
    """
    check_level(level)
    numbers = finite(values, "values")
    labels = _labels(numbers, clusters)
    if not numbers:
        return None
    middle, groups = mean(numbers), len(set(labels))
    error = standard_error(numbers, labels)
    if error is None or min(numbers) == max(numbers):
        return Interval(middle, None, None, float(len(numbers)), groups)
    half = t_critical(level, groups - 1) * error
    low = middle - half if least is None else max(middle - half, least)
    high = middle + half if most is None else min(middle + half, most)
    return Interval(middle, low, high, float(len(numbers)), groups)


def standard_error(values: Sequence[float], clusters: Sequence[str] | None = None) -> float | None:
    """Standard error of the mean, robust against values of one cluster being alike.

    √(C/(C-1) · Σ over clusters of (Σ (x_i - mean) in the cluster)²) / n. With each value in a cluster of its own it is
    the usual s/√n.

    Args:
        values: One number a sample, in any unit.
        clusters: Label of the group of each value, same length; without labels each value is a group of its own.

    Returns:
        The error in the unit of the values; None with fewer than two clusters.

    Raises:
        ValueError: Lengths differ or a value is not finite.

    Source:
        Miller, arXiv 2411.00640 (2024), appendix A, with the finite-cluster correction C/(C-1).
    """
    numbers = finite(values, "values")
    labels = _labels(numbers, clusters)
    if not numbers:
        return None
    middle = mean(numbers)
    return clustered_error(((value - middle) / len(numbers) for value in numbers), labels)


def clustered_error(influences: Iterable[float], clusters: Iterable[str]) -> float | None:
    """√(C/(C-1) · Σ over clusters of (Σ influences in the cluster)²): the error of an estimate that is linearised.

    Args:
        influences: How far each sample moves the estimate, in its unit; they add up to 0.
        clusters: Label of the group of each sample; same length.

    Returns:
        The standard error of the estimate; None with fewer than two clusters.

    Raises:
        ValueError: Lengths differ or a number is not finite.

    Source:
        Binder, International Statistical Review 1983; Liang & Zeger, Biometrika 1986.
    """
    numbers, labels = finite(influences, "influences"), tuple(clusters)
    check_lengths(influences=numbers, clusters=labels)
    groups: dict[str, list[float]] = {}
    for number, label in zip(numbers, labels, strict=True):
        groups.setdefault(label, []).append(number)
    if len(groups) < 2:
        return None
    squares = math.fsum(math.fsum(group) ** 2 for group in groups.values())
    return math.sqrt(squares * len(groups) / (len(groups) - 1))


def rule_of_three(n: float) -> float:
    """Upper 95 % bound of a rate of failures of which none was seen: 3/n, at most 1.

    Args:
        n: Independent trials without a failure, more than 0.

    Returns:
        The bound, a share between 0 and 1.

    Raises:
        ValueError: ``n`` is not finite or not positive.

    Source:
        Hanley & Lippman-Hand, "If nothing goes wrong, is everything all right?", JAMA 1983.
    """
    (trials,) = weights((n,), "n")
    if trials == 0:
        raise ValueError("n must be positive: without a trial nothing is bounded")
    return min(1.0, 3.0 / trials)


def _labels(values: Sequence[float], clusters: Sequence[str] | None) -> Sequence[str]:
    """The labels that were given, or one of its own for each value."""
    if clusters is None:
        return [str(index) for index in range(len(values))]
    check_lengths(values=values, clusters=clusters)
    return clusters


def _wilson(rate: float, size: float, critical: float) -> tuple[float, float]:
    """Wilson's bounds, multiplied out so that no size, however small, divides."""
    square = critical * critical
    center = (rate * size + square / 2.0) / (size + square)
    half = critical * math.sqrt(size * rate * (1.0 - rate) + square / 4.0) / (size + square)
    return max(center - half, 0.0), min(center + half, 1.0)
