"""A stated model of what the other side wants, with its uncertainty; a guess from their offers, never a fact."""

from collections.abc import Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from fractions import Fraction

from partnership_os.agents.negotiation.utility import Issue, rank_of, value_for_us
from partnership_os.schemas.negotiation import Leaning, TermBelief, TheirModel
from partnership_os.schemas.term_sheet import TermValue

__all__ = ["centre_weights", "first_model", "their_gain", "their_interval", "updated"]

_PRIOR_STRENGTH = 2
"""``s`` of the imprecise Dirichlet model; Walley (1996) argues for 1 or 2, and 2 is the more cautious one."""
_PLACES = Decimal("0.000001")


def first_model(issues: Mapping[str, Issue]) -> TheirModel:
    """Before any offer: every weight anywhere between 0 and 1, every term opposed."""
    beliefs = tuple(TermBelief(term=name, weight_low=Decimal(0), weight_high=Decimal(1)) for name in sorted(issues))
    return TheirModel(beliefs=beliefs)


def updated(
    model: TheirModel,
    issues: Mapping[str, Issue],
    standing: Mapping[str, TermValue],
    before: Mapping[str, TermValue] | None,
    asked: Mapping[str, TermValue],
) -> TheirModel:
    """The model after one more offer.

    What they ask for, and what they keep asking for, matters to them; on what they give way, it matters less. That is
    the counting rule of frequency models of an opponent (van Krimpen, Looije and Hajizadeh, HardHeaded, 2013; Baarslag
    et al., Learning about the opponent in automated bilateral negotiation, 2016, section 5): an issue whose value stays
    between two offers gains weight. From the counts n_i with N = Σ n_i the weights are the intervals of the imprecise
    Dirichlet model (Walley, Inferences from multinomial data, JRSS B 58, 1996): [n_i / (N + s), (n_i + s) / (N + s)].
    They are [0, 1] without evidence, always overlap the truth of the counts, and shrink as offers come.

    Args:
        model: The model before.
        issues: The negotiable terms.
        standing: The values of the sheet that they answered.
        before: What they asked before, if they did.
        asked: What they ask now.
    """
    counted = {belief.term: _counted(belief, issues[belief.term], standing, before, asked) for belief in model.beliefs}
    total = sum(belief.held for belief in counted.values()) + _PRIOR_STRENGTH
    beliefs = tuple(
        belief.model_copy(
            update={
                "weight_low": _share(Fraction(belief.held, total), ROUND_FLOOR),
                "weight_high": _share(Fraction(belief.held + _PRIOR_STRENGTH, total), ROUND_CEILING),
            }
        )
        for belief in counted.values()
    )
    return TheirModel(offers=model.offers + 1, beliefs=beliefs)


def _counted(
    belief: TermBelief,
    issue: Issue,
    standing: Mapping[str, TermValue],
    before: Mapping[str, TermValue] | None,
    asked: Mapping[str, TermValue],
) -> TermBelief:
    name = belief.term
    ours, now = (rank_of(issue, values[name]) for values in (standing, asked))
    past = rank_of(issue, before[name]) if before is not None else None
    if ours is None or now is None or now == ours:
        return belief
    if now < ours:
        leaning = Leaning.MIXED if belief.held else Leaning.ALIGNED
        return belief.model_copy(update={"favoured": belief.favoured + 1, "leaning": leaning})
    gave_way = past is not None and now < past
    held = belief.held + (0 if gave_way else 1)
    leaning = Leaning.MIXED if belief.favoured else Leaning.OPPOSED
    return belief.model_copy(update={"held": held, "leaning": leaning})


def centre_weights(model: TheirModel) -> dict[str, Fraction]:
    """One weight inside each interval, for search only: (n_i + s / K) / (N + s) over K terms; they sum to 1."""
    count, total = len(model.beliefs), sum(belief.held for belief in model.beliefs) + _PRIOR_STRENGTH
    return {belief.term: (belief.held + Fraction(_PRIOR_STRENGTH, count)) / total for belief in model.beliefs}


def their_gain(issue: Issue, leaning: Leaning, value: TermValue) -> Fraction:
    """What a value is worth to them under the model, 0 to 1: the mirror of our own value where they are opposed.

    A term on which they only ever pulled our way is worth the same to them as to us; a mixed one counts as opposed.
    """
    ours = value_for_us(issue, value)
    worth = Fraction(0) if ours is None else ours
    return worth if leaning is Leaning.ALIGNED else 1 - worth


def their_interval(
    model: TheirModel, issues: Mapping[str, Issue], values: Mapping[str, TermValue]
) -> tuple[Decimal, Decimal]:
    """The least and the most that a package is worth to them under the model, 0 to 1.

    The bounds of Σ w_i g_i over all weights inside the intervals that sum to 1 (a linear programme whose optimum fills
    the best or worst terms first).
    """
    gains = [(their_gain(issues[item.term], item.leaning, values[item.term]), item) for item in model.beliefs]
    low = _extreme(sorted(gains, key=lambda pair: (pair[0], pair[1].term)))
    high = _extreme(sorted(gains, key=lambda pair: (-pair[0], pair[1].term)))
    return _share(low, ROUND_FLOOR), _share(min(high, Fraction(1)), ROUND_CEILING)


def _extreme(ordered: list[tuple[Fraction, TermBelief]]) -> Fraction:
    left = Fraction(1) - sum((Fraction(belief.weight_low) for _, belief in ordered), Fraction(0))
    total = sum((gain * Fraction(belief.weight_low) for gain, belief in ordered), Fraction(0))
    for gain, belief in ordered:
        more = min(left, Fraction(belief.weight_high) - Fraction(belief.weight_low))
        total += gain * max(more, Fraction(0))
        left -= max(more, Fraction(0))
    return max(total, Fraction(0))


def _share(value: Fraction, rounding: str) -> Decimal:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return min(exact.quantize(_PLACES, rounding=rounding), Decimal(1))
