"""What answers cost: percentiles of times, and money and tokens for each answer that is worth something."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from partnership_os.evals.statistics.inputs import check_count, finite

__all__ = ["Percentiles", "per_valid", "percentiles", "quantile"]


@dataclass(frozen=True, slots=True)
class Percentiles:
    """The median and two percentiles of the slow end, in the unit of the values.

    Attributes:
        p50: Median.
        p95: 95th percentile.
        p99: 99th percentile; with fewer than about 100 values it is close to the maximum.
    """

    p50: float
    p95: float
    p99: float


def percentiles(values: Iterable[float]) -> Percentiles | None:
    """p50, p95 and p99 by linear interpolation.

    Args:
        values: Any numbers, such as seconds, in any order.

    Returns:
        The percentiles in the unit of the values; None without a value.

    Raises:
        ValueError: A value is not finite.

    Source:
        Hyndman & Fan, "Sample quantiles in statistical packages", The American Statistician 1996, type 7.
    """
    ordered = sorted(finite(values, "values"))
    if not ordered:
        return None
    return Percentiles(_interpolated(ordered, 0.5), _interpolated(ordered, 0.95), _interpolated(ordered, 0.99))


def quantile(values: Iterable[float], share: float) -> float | None:
    """The value below which a share of the values lies, by linear interpolation at place (n - 1) · share.

    Args:
        values: Any numbers, in any order.
        share: 0 for the minimum to 1 for the maximum.

    Returns:
        The quantile in the unit of the values; None without a value.

    Raises:
        ValueError: A value is not finite or ``share`` lies outside [0, 1].

    Source:
        Hyndman & Fan, The American Statistician 1996, type 7; the default of numpy.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"share must lie between 0 and 1, got {share}")
    ordered = sorted(finite(values, "values"))
    return _interpolated(ordered, share) if ordered else None


def per_valid(amounts: Iterable[float | None], valid: int) -> float | None:
    """Total spent on all attempts, failed ones included, divided by the valid results.

    Args:
        amounts: Money or tokens of each attempt; None where it is unknown.
        valid: Valid results, such as cards that passed their schema.

    Returns:
        The amount for one valid result in the unit of the amounts; None where nothing is valid, where nothing was
        attempted, or where one amount is unknown, since the total is then unknown too.

    Raises:
        ValueError: An amount is negative or not finite, or ``valid`` is negative.

    Source:
        Our own measure.
    """
    check_count(valid, "valid", least=0)
    every = tuple(amounts)
    known = finite((amount for amount in every if amount is not None), "amounts")
    if any(amount < 0 for amount in known):
        raise ValueError("amounts must not be negative")
    if not valid or not known or len(known) < len(every):
        return None
    return math.fsum(known) / valid


def _interpolated(ordered: Sequence[float], share: float) -> float:
    place = (len(ordered) - 1) * share
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)
