"""What a package of terms is worth to us: an additive utility over the negotiable terms of a playbook."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction

from partnership_os.agents.playbook import in_playbook_currency, opening_of, preference_rank, terms_of
from partnership_os.schemas.playbook import Direction, Playbook, PlaybookTerm
from partnership_os.schemas.term_sheet import PartnerTermSheet, TermUnit, TermValue

__all__ = ["Issue", "as_share", "issues_of", "negotiable_values", "rank_of", "utility_of", "value_for_us"]

_RISK_WEIGHTS = {"low": 1, "medium": 2, "high": 3}
"""How terms without a weight of their own divide the rest: by the risk of their clause."""
_PLACES = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Issue:
    """One negotiable term as ranks: lower is better for us, ``worst`` is our walk-away.

    ``best`` is the opening or ideal, whichever is better; ``free`` is the ideal, up to which we move without a trade.
    """

    term: PlaybookTerm
    clause_id: str
    weight: Fraction
    best: Fraction
    free: Fraction
    worst: Fraction


def issues_of(playbook: Playbook) -> dict[str, Issue]:
    """The negotiable terms by name, with weights that sum to exactly 1; fixed terms are not among them."""
    listed = playbook.strategy.weights
    risks = {
        name: _RISK_WEIGHTS[clause.risk]
        for name, (clause, term) in terms_of(playbook).items()
        if term.better is not Direction.FIXED and name not in listed
    }
    rest = Fraction(1) - sum((Fraction(weight) for weight in listed.values()), Fraction(0))
    raw = {name: Fraction(weight) for name, weight in listed.items()} | {
        name: rest * risk / sum(risks.values()) for name, risk in risks.items()
    }
    total = sum(raw.values(), Fraction(0))
    found = {}
    for name, (clause, term) in terms_of(playbook).items():
        if term.better is not Direction.FIXED:
            weight = raw[name] / total if total else Fraction(1, len(raw))
            found[name] = _issue(term, clause.clause_id, weight)
    return found


def _issue(term: PlaybookTerm, clause_id: str, weight: Fraction) -> Issue:
    opening, ideal, worst = (
        preference_rank(term, value) or Fraction(0) for value in (opening_of(term), term.ideal, term.walk_away)
    )
    return Issue(term=term, clause_id=clause_id, weight=weight, best=min(opening, ideal), free=ideal, worst=worst)


def rank_of(issue: Issue, value: TermValue) -> Fraction | None:
    """How good a value is for us, lower is better; money in the playbook's currency.

    None for another unit, a choice that the playbook does not list and a currency without a fixed rate.
    """
    if value.unit is not issue.term.unit:
        return None
    if value.unit is TermUnit.CHOICE:
        return preference_rank(issue.term, str(value.choice))
    number = in_playbook_currency(value)
    return None if number is None else preference_rank(issue.term, number)


def value_for_us(issue: Issue, value: TermValue) -> Fraction | None:
    """1 at our opening or better, 0 at our walk-away, linear in between; None past it.

    A choice counts by its place in the playbook's list. A term whose opening is its walk-away is worth 1.
    """
    rank = rank_of(issue, value)
    if rank is None or rank > issue.worst:
        return None
    span = issue.worst - issue.best
    return Fraction(1) if rank <= issue.best or not span else (issue.worst - rank) / span


def utility_of(issues: Mapping[str, Issue], values: Mapping[str, TermValue]) -> Fraction | None:
    """The weighted sum of the values, 0 to 1.

    The additive form presumes that what one term is worth does not hang on another (mutual preferential independence):
    Keeney and Raiffa, Decisions with Multiple Objectives (1976), chapter 3; Raiffa, The Art and Science of Negotiation
    (1982), chapter 11.

    Returns:
        None where a term is missing or past our walk-away: that is no bad deal but none, and is never averaged away.
    """
    total = Fraction(0)
    for name, issue in issues.items():
        worth = value_for_us(issue, values[name]) if name in values else None
        if worth is None:
            return None
        total += issue.weight * worth
    return total


def negotiable_values(issues: Mapping[str, Issue], sheet: PartnerTermSheet) -> dict[str, TermValue]:
    """The sheet's values of the negotiable terms, by name, in the playbook's order."""
    stated = {value.name: value for clause in sheet.clauses for value in clause.terms}
    return {name: stated[name] for name in issues if name in stated}


def as_share(utility: Fraction) -> Decimal:
    """A utility as it is recorded: six decimals, rounded down."""
    return (Decimal(utility.numerator) / Decimal(utility.denominator)).quantize(_PLACES, rounding=ROUND_FLOOR)
