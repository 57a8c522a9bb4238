"""The order of cards by the published rule, written down a second time: where two cards stand the wrong way round."""

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations

from partnership_os.evals.cases.fit.outcome import Placed
from partnership_os.evals.suite import Mark
from partnership_os.schemas.score_card import Band

__all__ = ["order_faults", "order_marks", "rule_key"]

HALF_WAY = 0.3
"""Half of the coverage that a band asks for."""
PROMISING = 60.0
"""The score from which an Unknown that is half known stands above those worth watching."""
_BANDS = (Band.PURSUE, Band.DEVELOP, Band.WATCH, Band.DECLINE, Band.UNKNOWN)
_GROUPS = {Band.PURSUE: 0, Band.DEVELOP: 1, Band.WATCH: 3, Band.DECLINE: 5}


def order_marks(placed: Sequence[Placed]) -> dict[str, Mark]:
    """Pairs of cards that stand as the rule says, in discovery's ranking and among all cards; equal keys fit any order.

    Source:
        ``docs/design/scoring.md``, "Ranking".
    """
    return {"order_by_rule": Mark.share(right for _, _, right in _pairs(placed))}


def order_faults(placed: Sequence[Placed]) -> list[str]:
    """Pairs that stand the wrong way round, in words."""
    wrong = dict.fromkeys((first, second) for first, second, right in _pairs(placed) if not right)
    return [f"by the published rule {first} does not stand before {second}" for first, second in wrong]


def rule_key(item: Placed) -> tuple[int, int, float, float, int, float]:
    """What cards are ordered by, the smallest first; the company's id, which comes last, is left out.

    Pursue; develop; Unknowns that are half way to the coverage floor, score 60 or more and can still reach one of
    these; watch; other Unknowns; decline; blocked. Inside a group: for Unknowns the best band still reachable and
    score × coverage, then score, must-haves not shown yet, confidence.
    """
    figures, standing = item.figures, item.standing
    score, unknown = figures.score or 0.0, figures.band is Band.UNKNOWN
    hopeful = standing.best_band in (Band.PURSUE, Band.DEVELOP) and score >= PROMISING and figures.coverage >= HALF_WAY
    group = 6 if standing.blocked else (2 if hopeful else 4) if unknown else _GROUPS[figures.band]
    return (
        group,
        _BANDS.index(standing.best_band) if unknown else 0,
        -score * figures.coverage if unknown else 0.0,
        -score,
        standing.open_must_haves,
        -figures.confidence,
    )


def _pairs(placed: Sequence[Placed]) -> Iterator[tuple[str, str, bool]]:
    """Each pair, the one that stands first before the other, and whether the rule has it so."""
    considered = [item for item in placed if item.excluded is None]
    yield from _in_order(considered, lambda item: item.rank)
    yield from _in_order(placed, lambda item: item.place)


def _in_order(items: Sequence[Placed], place: Callable[[Placed], int]) -> Iterator[tuple[str, str, bool]]:
    for first, second in combinations(sorted(items, key=place), 2):
        yield first.company, second.company, rule_key(first) <= rule_key(second)
