"""Quality of rankings: what stands at the top, and how two orders agree.

Nothing here is NaN: where a quantity is undefined, the function returns None and says when.
"""

import math
from bisect import bisect_left, bisect_right, insort
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import groupby
from typing import Final, NamedTuple

from partnership_os.evals.statistics.inputs import check_count, check_lengths, finite

__all__ = [
    "dcg",
    "kendall_tau_b",
    "ndcg_at_k",
    "pair_agreement",
    "recall_at_k",
    "reciprocal_rank",
    "scored_ndcg_at_k",
    "spearman",
]

_HIGHEST_GRADE: Final = 64
"""Relevance is a grade, 0 to 4 as a rule; a number beyond is a mistake of the caller's."""


def dcg(relevances: Sequence[float], k: int | None = None) -> float:
    """Discounted cumulative gain: Σ over positions i = 1 … k of (2^rel_i - 1) / log2(i + 1).

    Args:
        relevances: Grades in ranked order, best place first; each in [0, 64].
        k: Positions that count, at least 1; all where None.

    Returns:
        The gain, 0 for an empty ranking.

    Raises:
        ValueError: A grade or ``k`` is outside its range.

    Source:
        Järvelin & Kekäläinen, ACM TOIS 2002; exponential gain by Burges et al., ICML 2005.
    """
    gains = _gains(relevances)
    if k is not None:
        check_count(k, "k")
    return math.fsum(gain * _discount(place) for place, gain in enumerate(gains[:k], start=1))


def ndcg_at_k(ranking: Sequence[str], relevance: Mapping[str, float], k: int) -> float | None:
    """DCG of the first k of a ranking, divided by the DCG of the best order of everything that was judged.

    Args:
        ranking: Ids, best first, each once. An id without a judgement counts as grade 0.
        relevance: Id → grade in [0, 64], of everything that was judged, ranked or not.
        k: Positions that count, at least 1.

    Returns:
        A share between 0 and 1; None where no judged id has a grade above 0.

    Raises:
        ValueError: An id is ranked twice, or a grade or ``k`` is outside its range.

    Source:
        Järvelin & Kekäläinen, ACM TOIS 2002.
    """
    check_count(k, "k")
    _check_once(ranking)
    ideal = dcg(sorted(relevance.values(), reverse=True), k)
    if ideal == 0:
        return None
    return min(1.0, dcg([relevance.get(name, 0.0) for name in ranking], k) / ideal)


def scored_ndcg_at_k(relevances: Sequence[float], scores: Sequence[float], k: int) -> float | None:
    """NDCG of the order that scores give, averaged over all orders of equal scores.

    Args:
        relevances: Grade of each item, in [0, 64].
        scores: Score of each item, the highest stands first; same length.
        k: Positions that count, at least 1.

    Returns:
        A share between 0 and 1; None without an item or where no grade is above 0.

    Raises:
        ValueError: Lengths differ, a score is not finite, or a grade or ``k`` is outside its range.

    Source:
        McSherry & Najork, ECIR 2008 (ties); what sklearn's ``ndcg_score`` does when given the gains 2^rel - 1.
    """
    check_count(k, "k")
    check_lengths(relevances=relevances, scores=scores)
    gains = _gains(relevances)
    by_score = sorted(zip(finite(scores, "scores"), gains, strict=True), reverse=True)
    terms, place = [], 1
    for _, tied in groupby(by_score, key=lambda item: item[0]):
        group = [gain for _, gain in tied]
        discounts = math.fsum(_discount(place + step) for step in range(len(group)) if place + step <= k)
        terms.append(math.fsum(group) / len(group) * discounts)
        place += len(group)
    ideal = math.fsum(gain * _discount(place) for place, gain in enumerate(sorted(gains, reverse=True)[:k], start=1))
    return min(1.0, math.fsum(terms) / ideal) if ideal > 0 else None


def recall_at_k(ranking: Sequence[str], relevant: AbstractSet[str], k: int) -> float | None:
    """Relevant ids among the first k of a ranking, divided by all relevant ids.

    It cannot reach 1 where there are more than k relevant ids.

    Args:
        ranking: Ids, best first, each once; it may be empty.
        relevant: Ids that should be found.
        k: Positions that count, at least 1.

    Returns:
        A share between 0 and 1; None where nothing is relevant.

    Raises:
        ValueError: An id is ranked twice or ``k`` is below 1.

    Source:
        Manning, Raghavan & Schütze, Introduction to Information Retrieval, 2008, chapter 8.
    """
    check_count(k, "k")
    _check_once(ranking)
    return len(relevant & set(ranking[:k])) / len(relevant) if relevant else None


def reciprocal_rank(ranking: Sequence[str], relevant: AbstractSet[str]) -> float | None:
    """1 / place of the first relevant id; 0 where the ranking holds none.

    Args:
        ranking: Ids, best first, each once; it may be empty.
        relevant: Ids that should be found.

    Returns:
        A number between 0 and 1; None where nothing is relevant.

    Raises:
        ValueError: An id is ranked twice.

    Source:
        Voorhees, "The TREC-8 question answering track report", 1999.
    """
    _check_once(ranking)
    if not relevant:
        return None
    return next((1.0 / place for place, name in enumerate(ranking, start=1) if name in relevant), 0.0)


def spearman(first: Sequence[float], second: Sequence[float]) -> float | None:
    """Spearman's ρ: Pearson's correlation of the ranks, equal values sharing the mean of their ranks.

    Args:
        first: A value of each item.
        second: Another value of each item; same length.

    Returns:
        A number between -1 and 1; None with fewer than two items or where either side is constant.

    Raises:
        ValueError: Lengths differ or a value is not finite.

    Source:
        Spearman, American Journal of Psychology 1904.
    """
    check_lengths(first=first, second=second)
    ranks_a, ranks_b = _doubled_ranks(finite(first, "first")), _doubled_ranks(finite(second, "second"))
    center = len(ranks_a) + 1  # twice the mean rank; all below are whole numbers
    covariance = sum((one - center) * (other - center) for one, other in zip(ranks_a, ranks_b, strict=True))
    return _quotient(covariance, sum((x - center) ** 2 for x in ranks_a), sum((x - center) ** 2 for x in ranks_b))


def kendall_tau_b(first: Sequence[float], second: Sequence[float]) -> float | None:
    """Kendall's τ-b: (concordant - discordant) / √(pairs not tied in the first · pairs not tied in the second).

    Args:
        first: A value of each item.
        second: Another value of each item; same length.

    Returns:
        A number between -1 and 1; None with fewer than two items or where either side is constant.

    Raises:
        ValueError: Lengths differ or a value is not finite.

    Source:
        Kendall, "The treatment of ties in ranking problems", Biometrika 1945.
    """
    check_lengths(first=first, second=second)
    a, b = finite(first, "first"), finite(second, "second")
    pairs = math.comb(len(a), 2)
    found = _concordance(a, b)
    return _quotient(found.concordant - found.discordant, pairs - _tied_pairs(a), pairs - _tied_pairs(b))


def pair_agreement(scores: Sequence[float], labels: Sequence[float]) -> float | None:
    """Share of the pairs with different labels in which the item with the higher label has the higher score.

    Equal scores put no item before the other: such a pair counts as not agreed. A constant score therefore gets 0, and
    a coin ½.

    Args:
        scores: Score of each item.
        labels: Label of each item, higher is better; same length.

    Returns:
        A share between 0 and 1; None where no two labels differ.

    Raises:
        ValueError: Lengths differ or a number is not finite.

    Source:
        Pairwise accuracy after Burges et al., "Learning to rank using gradient descent", ICML 2005.
    """
    check_lengths(scores=scores, labels=labels)
    truth = finite(labels, "labels")
    different = math.comb(len(truth), 2) - _tied_pairs(truth)
    found = _concordance(truth, finite(scores, "scores"))
    return found.concordant / different if different else None


class _Concordance(NamedTuple):
    """Pairs that both sides order alike, and pairs that they order oppositely; tied ones are in neither."""

    concordant: int
    discordant: int


def _concordance(first: Sequence[float], second: Sequence[float]) -> _Concordance:
    """Count pairs by going up the first side and looking where the second falls among what was seen before."""
    seen: list[float] = []
    concordant = discordant = 0
    for _, tied in groupby(sorted(zip(first, second, strict=True)), key=lambda item: item[0]):
        group = [value for _, value in tied]
        for value in group:
            concordant += bisect_left(seen, value)
            discordant += len(seen) - bisect_right(seen, value)
        for value in group:
            insort(seen, value)
    return _Concordance(concordant, discordant)


def _tied_pairs(values: Iterable[float]) -> int:
    return sum(math.comb(count, 2) for count in Counter(values).values())


def _doubled_ranks(values: Sequence[float]) -> list[int]:
    """Twice the tie-averaged rank of each value, which is a whole number."""
    ordered = sorted(values)
    return [bisect_left(ordered, value) + bisect_right(ordered, value) + 1 for value in values]


def _quotient(numerator: int, first: int, second: int) -> float | None:
    """A correlation from whole numbers; None where either side does not vary."""
    if first == 0 or second == 0:
        return None
    return max(-1.0, min(1.0, numerator / math.sqrt(first * second)))


def _gains(relevances: Iterable[float]) -> list[float]:
    grades = finite(relevances, "relevances")
    for grade in grades:
        if not 0 <= grade <= _HIGHEST_GRADE:
            raise ValueError(f"relevances must lie between 0 and {_HIGHEST_GRADE}, got {grade}")
    return [2.0**grade - 1.0 for grade in grades]


def _discount(place: int) -> float:
    return 1.0 / math.log2(place + 1)


def _check_once(ranking: Sequence[str]) -> None:
    if twice := sorted(name for name, count in Counter(ranking).items() if count > 1):
        raise ValueError(f"ranked more than once: {', '.join(twice)}")
