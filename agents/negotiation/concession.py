"""How far we go in a round, and the steps in which a term can move."""

from decimal import Decimal, localcontext
from fractions import Fraction

from partnership_os.agents.leaks import three_digits
from partnership_os.agents.negotiation.utility import Issue, rank_of
from partnership_os.agents.playbook import PLAYBOOK_CURRENCY, WHOLE_UNITS, units_per_dollar
from partnership_os.agents.term_values import tidy
from partnership_os.schemas.playbook import Direction, NegotiationStrategy
from partnership_os.schemas.term_sheet import TermUnit, TermValue

__all__ = ["levels_between", "target_of"]

_PARTS = 5
"""A way is cut into about so many steps, each a round figure."""
_SHARE_STEPS = tuple(Decimal(step).scaleb(-4) for step in (1_000, 500, 200, 100, 50, 10, 5, 1))
_WHOLE_STEPS = (90, 60, 30, 15, 10, 5, 3, 2, 1)


def target_of(strategy: NegotiationStrategy, number: int) -> Fraction:
    """The utility that we ask at least in a round: 1 at the start, the reserve at the last round.

    The time-dependent tactic of Faratin, Sierra and Jennings, Negotiation decision functions for autonomous agents
    (1998), section 4.1, over the utility of whole packages: α(t) = κ + (1 − κ) (min(t, t_max) / t_max)^(1/β) and
    target = 1 − (1 − reserve) α.

    Args:
        strategy: κ, β, t_max and the reserve.
        number: The round, from 1.
    """
    with localcontext() as context:
        context.prec = 28
        time = Decimal(min(number, strategy.deadline_rounds)) / strategy.deadline_rounds
        power = (time ** (1 / strategy.concession_exponent)).quantize(Decimal("1e-9"))
    kappa = Fraction(strategy.first_concession)
    alpha = kappa + (1 - kappa) * Fraction(power)
    return 1 - (1 - Fraction(strategy.reserve)) * alpha


def levels_between(issue: Issue, standing: TermValue, asked: TermValue, limit: Fraction) -> tuple[TermValue, ...]:
    """The values that we may offer for a term: where we stand, round figures on the way, and their own value.

    Args:
        issue: The term.
        standing: Where we stand.
        asked: What they ask for, worse for us than that.
        limit: The worst rank that we may go to; nothing past it is returned.

    Returns:
        From the best for us to the worst, ``standing`` first; never past ``limit`` nor past what they ask.
    """
    ours, theirs = rank_of(issue, standing), rank_of(issue, asked)
    if ours is None or theirs is None or min(limit, theirs) <= ours:
        return (standing,)
    end = min(limit, theirs)
    if standing.unit is TermUnit.CHOICE:
        choices = issue.term.choices[int(ours) + 1 : int(end) + 1]
        return (standing, *(standing.model_copy(update={"choice": choice}) for choice in choices))
    numbers = _round_numbers(issue, standing, end)
    values = [standing.model_copy(update={"number": tidy(number)}) for number in numbers]
    if theirs <= limit:
        values.append(asked)
    ranked = {rank: value for value in values if (rank := rank_of(issue, value)) is not None and ours < rank <= end}
    return (standing, *(ranked[rank] for rank in sorted(ranked)))


def _round_numbers(issue: Issue, standing: TermValue, end: Fraction) -> list[Decimal]:
    start, last = standing.number or Decimal(0), _number_at(issue, end, standing.currency)
    low, high = min(start, last), max(start, last)
    step = _step(standing.unit, high - low)
    first = (low // step + 1) * step
    count = int((high - first) // step) + 1 if first <= high else 0
    return [*(first + step * index for index in range(count)), last]


def _number_at(issue: Issue, rank: Fraction, currency: str | None) -> Decimal:
    """The number in the sheet's currency that stands at a rank, rounded in our favour where it has no short form."""
    exact = -rank if issue.term.better is Direction.HIGHER else rank
    if currency is None or currency == PLAYBOOK_CURRENCY:
        return Decimal(exact.numerator) / Decimal(exact.denominator)
    rate, own = units_per_dollar(currency), units_per_dollar(PLAYBOOK_CURRENCY)
    if rate is None or own is None:
        return Decimal(0)
    return three_digits(exact * Fraction(rate) / Fraction(own), up=issue.term.better is Direction.HIGHER)


def _step(unit: TermUnit, span: Decimal) -> Decimal:
    wanted = span / _PARTS
    if unit is TermUnit.SHARE:
        return next((step for step in _SHARE_STEPS if step <= wanted), _SHARE_STEPS[-1])
    if unit in WHOLE_UNITS:
        return Decimal(next((step for step in _WHOLE_STEPS if step <= wanted), 1))
    decade = Decimal(1).scaleb(wanted.adjusted()) if wanted else Decimal(1)
    return next((decade * part for part in (5, 2) if decade * part <= wanted), decade)
