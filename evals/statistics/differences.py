"""Differences of two systems over the same cases."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from partnership_os.evals.statistics.inputs import check_level, finite, weights
from partnership_os.evals.statistics.intervals import Interval, clustered_error
from partnership_os.evals.statistics.student import t_critical

__all__ = ["PairedDifference", "paired_difference"]


@dataclass(frozen=True, slots=True)
class PairedDifference:
    """How A differs from B over the cases that both have.

    Attributes:
        difference: Estimate of A minus estimate of B, with its t interval; ``n`` is ``pairs``.
        pairs: Cases in which both have something to count.
        higher: Cases in which A's quotient is the greater one. Whether that is better is for the measure to say.
        lower: Cases in which A's quotient is the smaller one.
        equal: Cases in which both are the same.
        alike: Whether all of at least two clusters move alike, so that the difference has no variance and no bounds.
    """

    difference: Interval
    pairs: int
    higher: int
    lower: int
    equal: int
    alike: bool


_NOISE = 1e-12
"""What sums in another order differ by, as a share of the quotients."""


def paired_difference(
    a: Mapping[str, tuple[float, float]],
    b: Mapping[str, tuple[float, float]],
    clusters: Mapping[str, str],
    level: float = 0.95,
) -> PairedDifference | None:
    """Difference of two ratio estimates over the same cases, with a cluster-robust t interval.

    With R = Σ got / Σ of over the pairs, case i moves the difference R_A - R_B by z_i = (got_Ai - R_A · of_Ai) / Σ of_A
    - (got_Bi - R_B · of_Bi) / Σ of_B; its standard error is √(C/(C-1) · Σ over clusters of (Σ z_i)²) and its t has C-1
    degrees of freedom. Where every ``of`` is 1 and each case is a cluster, this is the paired t interval.

    A case is a pair where both sides have it with ``of`` above 0. Epochs of a case are added up before they come here.
    The interval is not cut at -1 and 1, because the quotients need not be shares. Where all clusters move alike there
    is no variance, which tells of the sample and not of certainty: the difference then has no bounds, and `alike` says
    so.

    Args:
        a: Case → (got, of) of A.
        b: Case → (got, of) of B.
        clusters: Case → label of its group, at least for every pair.
        level: Confidence level, 0 < level < 1.

    Returns:
        The difference in the unit of the quotients, without bounds where there is one cluster or all move alike; None
        without a pair.

    Raises:
        ValueError: A number is not finite, an ``of`` is negative, a pair has no cluster, or ``level`` is no
            probability.

    Source:
        Miller, "Adding error bars to evals", arXiv 2411.00640 (2024); the ratio by Binder, International
        Statistical Review 1983.
    """
    check_level(level)
    ours, theirs = _quotients(a, "a"), _quotients(b, "b")
    pairs = sorted(case for case in ours.keys() & theirs.keys() if ours[case][1] > 0 and theirs[case][1] > 0)
    if not pairs:
        return None
    if missing := [case for case in pairs if case not in clusters]:
        raise ValueError(f"cases without a cluster: {', '.join(missing)}")
    labels = [clusters[case] for case in pairs]
    rate_a, moves_a = _linearised([ours[case] for case in pairs])
    rate_b, moves_b = _linearised([theirs[case] for case in pairs])
    estimate, groups = rate_a - rate_b, len(set(labels))
    error = clustered_error((one - other for one, other in zip(moves_a, moves_b, strict=True)), labels)
    alike = error is not None and error <= _NOISE * max(1.0, abs(rate_a), abs(rate_b))
    half = None if error is None or alike else t_critical(level, groups - 1) * error
    low, high = (None, None) if half is None else (estimate - half, estimate + half)
    values = [(ours[case][0] / ours[case][1], theirs[case][0] / theirs[case][1]) for case in pairs]
    return PairedDifference(
        difference=Interval(estimate, low, high, float(len(pairs)), groups),
        pairs=len(pairs),
        higher=sum(one > other for one, other in values),
        lower=sum(one < other for one, other in values),
        equal=sum(one == other for one, other in values),
        alike=alike,
    )


def _quotients(marks: Mapping[str, tuple[float, float]], side: str) -> dict[str, tuple[float, float]]:
    """The marks of one side, checked."""
    got = finite((mark[0] for mark in marks.values()), f"got of {side}")
    of = weights((mark[1] for mark in marks.values()), f"of of {side}")
    return dict(zip(marks, zip(got, of, strict=True), strict=True))


def _linearised(marks: list[tuple[float, float]]) -> tuple[float, list[float]]:
    """The ratio Σ got / Σ of, and how far each mark moves it."""
    total = math.fsum(of for _, of in marks)
    ratio = math.fsum(got for got, _ in marks) / total
    return ratio, [(got - ratio * of) / total for got, of in marks]
