"""Reliability over epochs: whether it ever works, whether it always works, and how far answers scatter."""

import math
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from itertools import pairwise
from statistics import variance

from partnership_os.evals.statistics.inputs import check_count, finite

__all__ = [
    "epoch_deviation",
    "epoch_difference",
    "epoch_flip_rate",
    "mean_pass_at_k",
    "mean_pass_hat_k",
    "pass_at_k",
    "pass_hat_k",
]


def pass_at_k(n: int, c: int, k: int) -> float:
    """pass@k: the chance that at least one of k epochs, drawn without replacement, passes: 1 - C(n-c, k) / C(n, k).

    Args:
        n: Epochs of the item.
        c: Epochs that passed, 0 ≤ c ≤ n.
        k: Epochs that are drawn, 1 ≤ k ≤ n.

    Returns:
        An unbiased estimate, a probability.

    Raises:
        ValueError: ``c`` or ``k`` is outside its range. With fewer than k epochs the quantity is unknown, not 0.

    Source:
        Chen et al., "Evaluating large language models trained on code", arXiv 2107.03374 (2021).
    """
    _check_draw(n, c, k)
    every = math.comb(n, k)
    return (every - math.comb(n - c, k)) / every


def pass_hat_k(n: int, c: int, k: int) -> float:
    """pass^k: the chance that all of k epochs, drawn without replacement, pass: C(c, k) / C(n, k).

    Args:
        n: Epochs of the item.
        c: Epochs that passed, 0 ≤ c ≤ n.
        k: Epochs that are drawn, 1 ≤ k ≤ n.

    Returns:
        An unbiased estimate, a probability.

    Raises:
        ValueError: ``c`` or ``k`` is outside its range. With fewer than k epochs the quantity is unknown, not 0.

    Source:
        Yao, Shinn, Razavi & Narasimhan, "τ-bench", arXiv 2406.12045 (2024).
    """
    _check_draw(n, c, k)
    return math.comb(c, k) / math.comb(n, k)


def mean_pass_at_k(items: Iterable[tuple[int, int]], k: int) -> float | None:
    """Mean of `pass_at_k` over items.

    Args:
        items: (epochs, epochs that passed) of each item, in any order.
        k: Epochs that are drawn, at most those of any item.

    Returns:
        A probability; None without an item.

    Raises:
        ValueError: As `pass_at_k`, for any item.

    Source:
        Chen et al., arXiv 2107.03374 (2021).
    """
    return _mean_over(items, k, pass_at_k)


def mean_pass_hat_k(items: Iterable[tuple[int, int]], k: int) -> float | None:
    """Mean of `pass_hat_k` over items.

    Args:
        items: (epochs, epochs that passed) of each item, in any order.
        k: Epochs that are drawn, at most those of any item.

    Returns:
        A probability; None without an item.

    Raises:
        ValueError: As `pass_hat_k`, for any item.

    Source:
        Yao et al., arXiv 2406.12045 (2024).
    """
    return _mean_over(items, k, pass_hat_k)


def epoch_deviation(items: Iterable[Sequence[float]]) -> float | None:
    """Within-item standard deviation: √(Σ (m_i - 1) · s_i² / Σ (m_i - 1)) with s_i² the variance over the epochs.

    Args:
        items: Values of each item over its m_i epochs, in any order; items with fewer than two are left out.

    Returns:
        The deviation in the unit of the values; None where no item has two epochs.

    Raises:
        ValueError: A value is not finite.

    Source:
        Bland & Altman, "Measurement error", BMJ 1996.
    """
    repeated = _repeated(items)
    if not repeated:
        return None
    pooled = math.fsum((len(values) - 1) * variance(values) for values in repeated)
    return math.sqrt(pooled / sum(len(values) - 1 for values in repeated))


def epoch_difference(items: Iterable[Sequence[float]]) -> float | None:
    """Mean over items of the mean absolute difference of two of their epochs.

    Args:
        items: Values of each item over its epochs, in any order; items with fewer than two are left out.

    Returns:
        The difference in the unit of the values; None where no item has two epochs.

    Raises:
        ValueError: A value is not finite.

    Source:
        Gini, Variabilità e mutabilità, 1912 (mean difference).
    """
    repeated = _repeated(items)
    if not repeated:
        return None
    return math.fsum(_mean_difference(values) for values in repeated) / len(repeated)


def epoch_flip_rate(items: Iterable[Sequence[Hashable]]) -> float | None:
    """Mean over items of the share of pairs of epochs whose labels differ: how likely a second run says otherwise.

    Args:
        items: Labels of each item over its epochs, in any order; items with fewer than two are left out.

    Returns:
        A share between 0 and 1; None where no item has two epochs.

    Source:
        One minus the per-item agreement of Fleiss, "Measuring nominal scale agreement", Psychological Bulletin 1971.
    """
    shares = []
    for labels in items:
        if len(labels) < 2:
            continue
        pairs = math.comb(len(labels), 2)
        alike = sum(math.comb(count, 2) for count in Counter(labels).values())
        shares.append((pairs - alike) / pairs)
    return math.fsum(shares) / len(shares) if shares else None


def _check_draw(n: int, c: int, k: int) -> None:
    check_count(k, "k")
    if not 0 <= c <= n:
        raise ValueError(f"c must lie between 0 and n, got {c} of {n}")
    if k > n:
        raise ValueError(f"k must be at most n: {n} epochs say nothing about {k}")


def _mean_over(items: Iterable[tuple[int, int]], k: int, of_item: Callable[[int, int, int], float]) -> float | None:
    check_count(k, "k")
    every = [of_item(n, c, k) for n, c in items]
    return math.fsum(every) / len(every) if every else None


def _repeated(items: Iterable[Sequence[float]]) -> list[tuple[float, ...]]:
    """The items that have at least two epochs; all are checked."""
    return [values for values in (finite(item, "values") for item in items) if len(values) > 1]


def _mean_difference(values: Sequence[float]) -> float:
    """Mean of |x - y| over all pairs, each taken once."""
    ordered = sorted(values)
    gaps = ((upper - lower) * rank * (len(ordered) - rank) for rank, (lower, upper) in enumerate(pairwise(ordered), 1))
    return math.fsum(gaps) / math.comb(len(ordered), 2)
