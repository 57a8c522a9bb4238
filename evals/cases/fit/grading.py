"""Grades of the fit suite: a ranking against labels, checks of cards, and what may not change a score."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, product

from partnership_os.evals.cases.fit.card_checks import SCHEMA
from partnership_os.evals.cases.fit.labels import Truth
from partnership_os.evals.cases.fit.outcome import ByModel, CardCheck, Figures, Placed
from partnership_os.evals.cases.fit.world import Variant
from partnership_os.evals.statistics.ranking import scored_ndcg_at_k, spearman
from partnership_os.evals.suite import Mark
from partnership_os.schemas.score_card import Band

__all__ = [
    "SHIFT_OF_UNKNOWN",
    "calls",
    "check_marks",
    "model_faults",
    "model_marks",
    "ranking_faults",
    "ranking_marks",
    "sides",
    "variant_faults",
    "variant_marks",
]

CUT = 3
"""NDCG counts the first three: as many as a partner manager would call first."""
WORTH_A_CALL, NOT_WORTH_ONE = 2.0, 1.0
"""Labels from which, and up to which, the two sides of the bands are told apart."""
SHIFT_OF_UNKNOWN = 100.0
"""What it counts as when a name turns a score into none, or none into one: the whole scale."""
TOLERANCE = 1e-3
"""Scores are kept to four decimals; anything beyond rounding is a change."""
_SIDE = {Band.PURSUE: True, Band.DEVELOP: True, Band.WATCH: False, Band.DECLINE: False}
_RENAMED = (Variant.OTHER_SCRIPT, Variant.OTHER_ORIGIN)


def ranking_marks(placed: Sequence[Placed], truths: Sequence[Truth]) -> dict[str, Mark]:
    """Marks of the ranking; a measure is left out where the labels cannot say anything in it.

    Args:
        placed: The companies of the case with their ranks; equal ranks put neither before the other.
        truths: What is true of each of them.
    """
    ranks, grades = [-float(item.rank) for item in placed], [truth.grade for truth in truths]
    marks: dict[str, Mark] = {}
    if (gain := scored_ndcg_at_k(grades, ranks, CUT)) is not None:
        marks["ndcg_at_3"] = Mark(got=gain)
    if len(set(grades)) > 1:
        marks["pair_agreement"] = _pair_mark(ranks, grades)
        marks["top_1"] = Mark.yes(_best_is_first(placed, grades))
        if len(grades) > 2:
            # A ranking without any order among different labels is as good as a coin.
            marks["spearman"] = Mark(got=spearman(ranks, grades) or 0.0)
    below = [rank_out > rank_in for rank_out, rank_in in _excluded_and_wanted(placed, truths)]
    if below:
        marks["excluded_right"] = Mark.share(below)
    return marks


def ranking_faults(placed: Sequence[Placed], truths: Sequence[Truth]) -> list[str]:
    """A company first that is not among the best, and excluded ones that do not stand below one worth a call."""
    faults = []
    grades = [truth.grade for truth in truths]
    if len(set(grades)) > 1 and not _best_is_first(placed, grades):
        leading = ", ".join(item.company for item in placed if item.rank == min(one.rank for one in placed))
        best = ", ".join(item.company for item, grade in zip(placed, grades, strict=True) if grade == max(grades))
        faults.append(f"{leading} is first, the best is {best}")
    high = [
        item
        for item, truth in zip(placed, truths, strict=True)
        if truth.excluded and any(item.rank <= rank for rank in _ranks_of_wanted(placed, truths))
    ]
    faults += [
        f"{item.company} is excluded by a rule and does not stand below all that are worth a call" for item in high
    ]
    return faults


def model_marks(read: Sequence[ByModel], truths: Sequence[Truth]) -> dict[str, Mark]:
    """Marks of the model alone: its ranking, the indicators that it made known, and what code kept of its claims.

    Args:
        read: The companies of the case as the model alone has read them.
        truths: What is true of each of them.
    """
    ranks, grades = [-float(item.rank) for item in read], [truth.grade for truth in truths]
    marks = {
        "model_indicators": Mark(got=sum(item.indicators for item in read), of=sum(item.possible for item in read)),
        "model_kept": Mark(got=sum(item.kept for item in read), of=sum(item.kept + item.refused for item in read)),
    }
    if (gain := scored_ndcg_at_k(grades, ranks, CUT)) is not None:
        marks["model_ndcg_at_3"] = Mark(got=gain)
    if len(set(grades)) > 1:
        marks["model_pair_agreement"] = _pair_mark(ranks, grades)
    return marks


def model_faults(read: Sequence[ByModel] | None) -> list[str]:
    """A model of which code kept nothing at all: what the product then says is the rules analyst's work."""
    idle = read is not None and not any(item.kept for item in read)
    return ["code kept no claim of the model"] if idle else []


def check_marks(checks: Sequence[CardCheck]) -> dict[str, Mark]:
    """Checks that the cards pass, the schema apart."""
    return {
        "card_checks": Mark.share(item.verdict.passed for item in checks if item.verdict.name != SCHEMA),
        SCHEMA: Mark.share(item.verdict.passed for item in checks if item.verdict.name == SCHEMA),
    }


def variant_marks(base: Figures, variants: Mapping[Variant, Figures]) -> dict[str, Mark]:
    """Marks of what changed about the first company's card when one thing about it was changed.

    Args:
        base: Its figures as it is.
        variants: Its figures with one thing changed.
    """
    shifts = [_shift(base, variants[name]) for name in _RENAMED]
    return {
        "permutation_invariant": Mark.yes(_same(base, variants[Variant.REVERSED])),
        "name_shift": Mark(got=sum(shifts) / len(shifts)),
        "monotone": Mark.yes(_not_lower(base, variants[Variant.BETTER_EVIDENCE])),
    }


def variant_faults(base: Figures, variants: Mapping[Variant, Figures]) -> list[str]:
    """What should not have changed the card and did, in words."""
    faults = []
    if not _same(base, variants[Variant.REVERSED]):
        faults.append(f"the order of rows changes {_told(base)} into {_told(variants[Variant.REVERSED])}")
    faults += [
        f"{name}: the name changes {_told(base)} into {_told(variants[name])}"
        for name in _RENAMED
        if _shift(base, variants[name]) > TOLERANCE
    ]
    if not _not_lower(base, variants[Variant.BETTER_EVIDENCE]):
        faults.append(f"better evidence lowers {_told(base)} to {_told(variants[Variant.BETTER_EVIDENCE])}")
    return faults


def calls(item: Placed) -> bool:
    """Whether the band says that the company is worth a call; Unknown does not."""
    return bool(_SIDE.get(item.figures.band))


def sides(placed: Sequence[Placed], truths: Sequence[Truth]) -> Iterator[tuple[float, bool]]:
    """Each card's confidence, and whether its band is on the side (call or not) on which the label is.

    Unknown cards say nothing, companies that are not considered have no band that counts, and a label between the
    sides decides nothing: all three are left out.
    """
    for item, truth in zip(placed, truths, strict=True):
        side = _SIDE.get(item.figures.band)
        if side is None or item.excluded is not None or NOT_WORTH_ONE < truth.grade < WORTH_A_CALL:
            continue
        yield item.figures.confidence, side == (truth.grade >= WORTH_A_CALL)


def _pair_mark(scores: Sequence[float], grades: Sequence[float]) -> Mark:
    """`statistics.ranking.pair_agreement` as a mark: pairs that agree, of pairs with different labels."""
    pairs = [pair for pair in combinations(zip(scores, grades, strict=True), 2) if pair[0][1] != pair[1][1]]
    return Mark.share((one[0] - two[0]) * (one[1] - two[1]) > 0 for one, two in pairs)


def _best_is_first(placed: Sequence[Placed], grades: Sequence[float]) -> bool:
    leading = min(item.rank for item in placed)
    return all(grade == max(grades) for item, grade in zip(placed, grades, strict=True) if item.rank == leading)


def _ranks_of_wanted(placed: Sequence[Placed], truths: Sequence[Truth]) -> list[int]:
    return [item.rank for item, truth in zip(placed, truths, strict=True) if truth.grade >= WORTH_A_CALL]


def _excluded_and_wanted(placed: Sequence[Placed], truths: Sequence[Truth]) -> Iterator[tuple[int, int]]:
    excluded = [item.rank for item, truth in zip(placed, truths, strict=True) if truth.excluded]
    return product(excluded, _ranks_of_wanted(placed, truths))


def _shift(base: Figures, other: Figures) -> float:
    if base.score is None or other.score is None:
        return 0.0 if base.score == other.score else SHIFT_OF_UNKNOWN
    return abs(other.score - base.score)


def _same(base: Figures, other: Figures) -> bool:
    near = abs(base.coverage - other.coverage) <= TOLERANCE and abs(base.confidence - other.confidence) <= TOLERANCE
    return near and _shift(base, other) <= TOLERANCE and base.band is other.band


def _not_lower(base: Figures, better: Figures) -> bool:
    if base.score is None:
        return True
    return better.score is not None and better.score >= base.score - TOLERANCE


def _told(figures: Figures) -> str:
    score = "no score" if figures.score is None else f"{figures.score:.2f}"
    return f"{score} ({figures.band}, coverage {figures.coverage:.2f})"
