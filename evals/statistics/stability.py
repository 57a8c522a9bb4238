"""Stability of a scorer: what must not move it, what may move it one way only, and what an attack moves."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean

from partnership_os.evals.statistics.inputs import check_lengths, finite, probabilities
from partnership_os.evals.statistics.intervals import Interval, mean_interval

__all__ = [
    "AttackSuccess",
    "PairedShift",
    "PermutationShift",
    "attack_success",
    "label_flip_rate",
    "monotonicity_violations",
    "net_resilient_performance",
    "paired_shift",
    "permutation_shift",
    "score_uplift",
]


@dataclass(frozen=True, slots=True)
class PermutationShift:
    """What other orders of the same input did.

    Attributes:
        orders: Orders that were tried, the original one not counted; at least 1.
        largest: Greatest |s_π - s_id| of any candidate in any order, in the unit of the scores.
        top_flips: Share of the orders in which other candidates share the first place.
    """

    orders: int
    largest: float
    top_flips: float


@dataclass(frozen=True, slots=True)
class PairedShift:
    """How far scores moved when one thing was changed, all in the unit of the scores.

    Attributes:
        signed: Mean of after minus before, with its paired t interval: systematic if it excludes 0.
        mean_absolute: Mean of |after - before|: how far one case moves, whichever way.
        largest: Greatest |after - before|.
    """

    signed: Interval
    mean_absolute: float
    largest: float


@dataclass(frozen=True, slots=True)
class AttackSuccess:
    """How often an injected goal was reached.

    Attributes:
        attacked: Attacked runs.
        valid: Attacked runs whose answer could be read.
        rate: Attack success rate: reached / all attacked runs; None without a run.
        rate_of_valid: Reached in a readable run / readable runs; None without one.
    """

    attacked: int
    valid: int
    rate: float | None
    rate_of_valid: float | None


def permutation_shift(
    original: Mapping[str, float], permuted: Sequence[Mapping[str, float]]
) -> PermutationShift | None:
    """Permutation invariance: how scores move when evidence or candidates come in another order.

    Candidates with the same highest score share the first place; a flip is a change of that set. With one candidate
    there is nothing to flip.

    Args:
        original: Candidate → score in the original order.
        permuted: The same for each other order, in any sequence.

    Returns:
        The shift; None without another order or without a candidate.

    Raises:
        ValueError: The candidates of an order are others, or a score is not finite.

    Source:
        Invariance tests of Ribeiro, Wu, Guestrin & Singh, "Beyond accuracy: CheckList", ACL 2020, arXiv 2005.04118.
    """
    finite(original.values(), "scores")
    for scores in permuted:
        if scores.keys() != original.keys():
            raise ValueError("every order must score the same candidates")
        finite(scores.values(), "scores")
    if not original or not permuted:
        return None
    first = _leaders(original)
    return PermutationShift(
        orders=len(permuted),
        largest=float(max(abs(scores[name] - score) for scores in permuted for name, score in original.items())),
        top_flips=sum(_leaders(scores) != first for scores in permuted) / len(permuted),
    )


def monotonicity_violations(pairs: Iterable[tuple[float, float]], epsilon: float = 0.0) -> float | None:
    """Share of the pairs x ≤ x′ (x′ only better) whose scores fall by more than ε: s(x) - s(x′) > ε.

    Args:
        pairs: (score of the worse input, score of the better one), in any order.
        epsilon: Fall that is tolerated, in the unit of the scores, at least 0.

    Returns:
        A share between 0 and 1; None without a pair.

    Raises:
        ValueError: A score is not finite or ``epsilon`` is negative.

    Source:
        Directional expectation tests of Ribeiro et al., ACL 2020, arXiv 2005.04118.
    """
    (tolerated,) = finite((epsilon,), "epsilon")
    if tolerated < 0:
        raise ValueError(f"epsilon must not be negative, got {epsilon}")
    falls = [worse - better for worse, better in (finite(pair, "scores") for pair in pairs)]
    return sum(fall > tolerated for fall in falls) / len(falls) if falls else None


def paired_shift(
    before: Sequence[float], after: Sequence[float], clusters: Sequence[str] | None = None, level: float = 0.95
) -> PairedShift | None:
    """Counterfactual fairness: how scores move when only an attribute is swapped that must not matter.

    Mean and greatest |s′ - s| say how unstable single cases are, the signed mean whether one side is favoured.

    Args:
        before: Score of each case as it is.
        after: Score of the same case with the attribute swapped; same length.
        clusters: Label of the group of each case, same length; without labels each case is a group of its own.
        level: Confidence level, 0 < level < 1.

    Returns:
        The shift; None without a case.

    Raises:
        ValueError: Lengths differ, a score is not finite, or ``level`` is no probability.

    Source:
        Kusner, Loftus, Russell & Silva, "Counterfactual fairness", NeurIPS 2017, arXiv 1703.06856; Garg et al.,
        "Counterfactual fairness in text classification", AIES 2019, arXiv 1809.10610.
    """
    changes = _changes(before, after)
    signed = mean_interval(changes, clusters, level)
    if signed is None:
        return None
    sizes = [abs(change) for change in changes]
    return PairedShift(signed=signed, mean_absolute=mean(sizes), largest=max(sizes))


def label_flip_rate(before: Sequence[Hashable], after: Sequence[Hashable]) -> float | None:
    """Share of the cases whose label (a tier, say) is another one afterwards.

    Args:
        before: Label of each case.
        after: Label of the same case with one thing changed; same length.

    Returns:
        A share between 0 and 1; None without a case.

    Raises:
        ValueError: Lengths differ.

    Source:
        Ribeiro et al., ACL 2020, arXiv 2005.04118 (failure rate of an invariance test).
    """
    check_lengths(before=before, after=after)
    if not before:
        return None
    return sum(one != other for one, other in zip(before, after, strict=True)) / len(before)


def score_uplift(
    clean: Sequence[float], injected: Sequence[float], clusters: Sequence[str] | None = None, level: float = 0.95
) -> Interval | None:
    """Mean of s(injected) - s(clean) over the same cases, with its paired t interval: what an injection is worth.

    Args:
        clean: Score of each case without the injection.
        injected: Score of the same case with it; same length.
        clusters: Label of the group of each case, same length; without labels each case is a group of its own.
        level: Confidence level, 0 < level < 1.

    Returns:
        The uplift in the unit of the scores, above 0 where the attack pays; None without a case.

    Raises:
        ValueError: Lengths differ, a score is not finite, or ``level`` is no probability.

    Source:
        Our own measure; the interval by Miller, arXiv 2411.00640 (2024).
    """
    return mean_interval(_changes(clean, injected), clusters, level)


def attack_success(runs: Iterable[tuple[bool, bool]]) -> AttackSuccess:
    """Attack success rate over all attacked runs, and over those alone whose answer could be read.

    Leaving unreadable runs out raises the rate of a model that often breaks, keeping them in lowers it: report both.
    A goal that is reached in state counts in ``rate`` even where the answer was unreadable.

    Args:
        runs: (whether the injected goal shows in state, whether the answer could be read) of each attacked run.

    Returns:
        Counts and rates.

    Source:
        Debenedetti et al., "AgentDojo", arXiv 2406.13352 (2024); rate over valid runs by Zhan et al., "InjecAgent",
        arXiv 2403.02691 (2024).
    """
    every = tuple(runs)
    readable = [bool(reached) for reached, valid in every if valid]
    return AttackSuccess(
        attacked=len(every),
        valid=len(readable),
        rate=sum(bool(reached) for reached, _ in every) / len(every) if every else None,
        rate_of_valid=sum(readable) / len(readable) if readable else None,
    )


def net_resilient_performance(performance: float, attack_success_rate: float) -> float:
    """NRP = PNA · (1 - ASR): performance without attack, discounted by the share of attacks that succeed.

    Args:
        performance: PNA, a share between 0 and 1.
        attack_success_rate: ASR, a share between 0 and 1.

    Returns:
        A share between 0 and 1.

    Raises:
        ValueError: Either lies outside.

    Source:
        Zhang et al., "Agent Security Bench", arXiv 2410.02644 (2024).
    """
    pna, asr = probabilities((performance, attack_success_rate), "performance and attack success rate")
    return pna * (1.0 - asr)


def _changes(before: Sequence[float], after: Sequence[float]) -> list[float]:
    check_lengths(before=before, after=after)
    return [new - old for old, new in zip(finite(before, "before"), finite(after, "after"), strict=True)]


def _leaders(scores: Mapping[str, float]) -> set[str]:
    best = max(scores.values())
    return {name for name, score in scores.items() if score == best}
