"""Calibration: whether what was called 70 % likely came true in 70 % of the cases."""

import math
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass

from partnership_os.evals.statistics.inputs import check_count, probabilities

__all__ = ["Bin", "brier_score", "expected_calibration_error", "reliability_bins"]


@dataclass(frozen=True, slots=True)
class Bin:
    """One bar of a reliability plot; all but ``n`` are shares between 0 and 1.

    Attributes:
        low: Lower edge of the stated probabilities, excluded; included where it is 0.
        high: Upper edge, included.
        n: Forecasts in the bin, at least 1.
        stated: Mean of the probabilities that were stated.
        true: Share of the forecasts that came true.
    """

    low: float
    high: float
    n: int
    stated: float
    true: float


def reliability_bins(pairs: Iterable[tuple[float, bool]], bins: int = 10) -> tuple[Bin, ...]:
    """Forecasts in bins of equal width, each closed on the right: [0, 1/bins], (1/bins, 2/bins], … (…, 1].

    Args:
        pairs: (stated probability of the event, whether it came true); in any order.
        bins: Number of bins that [0, 1] is cut into, at least 1.

    Returns:
        The bins that hold a forecast, in rising order; empty without a forecast.

    Raises:
        ValueError: A probability lies outside [0, 1] or ``bins`` is below 1.

    Source:
        Guo, Pleiss, Sun & Weinberger, "On calibration of modern neural networks", ICML 2017, arXiv 1706.04599.
    """
    check_count(bins, "bins")
    stated, came = _forecasts(pairs)
    edges = [index / bins for index in range(1, bins)] + [1.0]
    held: dict[int, list[tuple[float, bool]]] = {}
    for probability, true in zip(stated, came, strict=True):
        held.setdefault(bisect_left(edges, probability), []).append((probability, true))
    return tuple(
        Bin(
            low=edges[index - 1] if index else 0.0,
            high=edges[index],
            n=len(group),
            stated=math.fsum(probability for probability, _ in group) / len(group),
            true=sum(true for _, true in group) / len(group),
        )
        for index, group in sorted(held.items())
    )


def expected_calibration_error(pairs: Iterable[tuple[float, bool]], bins: int = 10) -> float | None:
    """Σ over bins of (n_b / n) · |share that came true - mean stated probability|.

    It depends on the bins, and a forecaster who always states the base rate gets 0: read it with the Brier score.

    Args:
        pairs: (stated probability of the event, whether it came true); in any order.
        bins: Number of bins of `reliability_bins`, at least 1.

    Returns:
        A number between 0 (calibrated) and 1; None without a forecast.

    Raises:
        ValueError: A probability lies outside [0, 1] or ``bins`` is below 1.

    Source:
        Naeini, Cooper & Hauskrecht, AAAI 2015; Guo et al., ICML 2017, arXiv 1706.04599.
    """
    plot = reliability_bins(pairs, bins)
    if not plot:
        return None
    return math.fsum(item.n * abs(item.true - item.stated) for item in plot) / sum(item.n for item in plot)


def brier_score(pairs: Iterable[tuple[float, bool]]) -> float | None:
    """Mean of (p - y)², with y = 1 where the event came true.

    Args:
        pairs: (stated probability of the event, whether it came true); in any order.

    Returns:
        A number between 0 (certain and right) and 1; always saying ½ gets ¼. None without a forecast.

    Raises:
        ValueError: A probability lies outside [0, 1].

    Source:
        Brier, "Verification of forecasts expressed in terms of probability", Monthly Weather Review 1950.
    """
    stated, came = _forecasts(pairs)
    if not stated:
        return None
    return math.fsum((p - float(true)) ** 2 for p, true in zip(stated, came, strict=True)) / len(stated)


def _forecasts(pairs: Iterable[tuple[float, bool]]) -> tuple[tuple[float, ...], tuple[bool, ...]]:
    every = tuple(pairs)
    for _, true in every:
        if true not in (False, True):
            raise ValueError(f"an event came true or did not, got {true}")
    return probabilities((item[0] for item in every), "stated probabilities"), tuple(bool(item[1]) for item in every)
