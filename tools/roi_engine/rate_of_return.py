"""The internal rate of return of dated flows, or why there is none: all rates are counted before one is given.

Libraries return one root of possibly several, and None where the scale of the amounts defeats their tolerance
(docs/design/roi.md). Here the bracket is searched without gaps. On an interval around y, NPV is a Taylor polynomial of
degree `_DEGREE` with a bounded remainder. Where the constant term outweighs all others there is no rate; where the
linear term of the slope does, NPV is monotone and its ends tell whether there is one; any other interval is halved.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import accumulate, pairwise
from operator import mul
from typing import NamedTuple, TypeAlias

from partnership_os.schemas.roi_report import Reason
from partnership_os.tools.roi_engine.arithmetic import exactly
from partnership_os.tools.roi_engine.measures import DAYS_A_YEAR, DatedFlow

__all__ = ["HIGHEST_RATE", "LOWEST_RATE", "internal_rate"]

LOWEST_RATE = Decimal("-0.9999")
HIGHEST_RATE = Decimal(1_000_000)
"""The bracket in which rates are looked for, as fractions a year."""

_DEGREE = 8
_FACTORIALS = [1, *accumulate(range(1, _DEGREE + 2), mul)]
_WIDEST = 4
"""Half-width of y times days above which a polynomial tells nothing."""
_NARROWEST = Decimal("1e-9") / DAYS_A_YEAR
"""Half-width of y below which an interval is not halved any more: NPV touches zero, or nearly."""
_MOST_INTERVALS = 4_000
"""After so many the search ends undecided; what a partnership pays takes some hundreds."""
_TOLERANCE = Decimal("1e-16") / DAYS_A_YEAR
"""Width of y to which the rate is found."""

_Amounts: TypeAlias = list[tuple[int, Decimal]]
"""Days since the first flow and the amount of that day, in order."""


class _Interval(NamedTuple):
    """Values of y = ln(1 + rate) / 365 from ``middle`` - ``half`` to ``middle`` + ``half``."""

    middle: Decimal
    half: Decimal


def internal_rate(flows: Sequence[DatedFlow]) -> Decimal | Reason:
    """The one rate r at which Σ amount / (1 + r)^(days since the first flow / 365) is zero, to 12 decimals or better.

    Args:
        flows: In any order; amounts of one day are added up first.

    Returns:
        A fraction a year; or `NO_SIGN_CHANGE` (money only comes in or only goes out), `INFLOW_FIRST` (the rate would be
        a cost of borrowing, which is no merit when it rises), `NO_RATE` (none inside the bracket), `SEVERAL_RATES`,
        or `RATE_UNDECIDED` (NPV comes too close to zero without crossing to tell).
    """
    with exactly():
        amounts = _netted(flows)
        signs = [amount > 0 for _, amount in amounts]
        if len(set(signs)) < 2:
            return Reason.NO_SIGN_CHANGE
        if signs[0]:
            return Reason.INFLOW_FIRST
        low, high = ((1 + rate).ln() / DAYS_A_YEAR for rate in (LOWEST_RATE, HIGHEST_RATE))
        found = _crossings(amounts, _Interval((low + high) / 2, (high - low) / 2), _sign_changes(signs))
        if found is None:
            return Reason.RATE_UNDECIDED
        if len(found) != 1:
            return Reason.SEVERAL_RATES if found else Reason.NO_RATE
        return (_bisected(amounts, found[0]) * DAYS_A_YEAR).exp() - 1


def _netted(flows: Sequence[DatedFlow]) -> _Amounts:
    """Days without money left out."""
    by_day: dict[date, Decimal] = {}
    for flow in flows:
        by_day[flow.day] = by_day.get(flow.day, Decimal(0)) + flow.amount
    known = sorted((day, amount) for day, amount in by_day.items() if amount)
    return [((day - known[0][0]).days, amount) for day, amount in known]


def _present(amounts: _Amounts, y: Decimal) -> _Amounts:
    """Every amount times exp(-y · days)."""
    daily = (-y).exp()
    factor, before, present = Decimal(1), 0, []
    for days, amount in amounts:
        factor *= daily ** (days - before)
        before = days
        present.append((days, amount * factor))
    return present


def _value(amounts: _Amounts, y: Decimal) -> Decimal:
    return sum((amount for _, amount in _present(amounts, y)), Decimal(0))


def _terms(amounts: _Amounts, interval: _Interval) -> list[Decimal]:
    """Sizes of the Taylor terms: |Σ present · days^k| · half^k / k!, and last the bound of the remainder.

    The remainder is largest at the interval's lower end, where every present value is.
    """
    moments = []
    present = _present(amounts, interval.middle)
    for _ in range(_DEGREE + 1):
        moments.append(abs(sum((amount for _, amount in present), Decimal(0))))
        present = [(days, amount * days) for days, amount in present]
    lowest = _present(amounts, interval.middle - interval.half)
    moments.append(sum((abs(amount) * days ** (_DEGREE + 1) for days, amount in lowest), Decimal(0)))
    return [moment * interval.half**k / _FACTORIALS[k] for k, moment in enumerate(moments)]


def _sign_changes(signs: Sequence[bool]) -> int:
    return sum(one != other for one, other in pairwise(signs))


def _crossings(amounts: _Amounts, bracket: _Interval, sign_changes: int) -> list[_Interval] | None:
    """Intervals that hold exactly one rate each; None where that cannot be told.

    Flows that change their sign once have exactly one rate above -100 % (Descartes' rule of signs, which holds for real
    exponents too), so that the bracket need not be divided.
    """
    if sign_changes == 1:
        return [bracket] if _crosses(amounts, bracket) else []
    found: list[_Interval] = []
    waiting = [bracket]
    for _ in range(_MOST_INTERVALS):
        if not waiting:
            return found
        interval = waiting.pop()
        if interval.half * amounts[-1][0] < _WIDEST:
            terms = _terms(amounts, interval)
            if terms[0] > sum(terms[1:]):
                continue
            if terms[1] > sum(k * term for k, term in enumerate(terms[2:], start=2)):
                if _crosses(amounts, interval):
                    found.append(interval)
                continue
        if interval.half < _NARROWEST:
            return None
        quarter = interval.half / 2
        waiting += [_Interval(interval.middle + sign * quarter, quarter) for sign in (1, -1)]
    return None


def _crosses(amounts: _Amounts, interval: _Interval) -> bool:
    """Whether NPV, monotone or with one zero at most, is zero here; a zero at an end belongs to what starts there."""
    start, end = (_value(amounts, interval.middle + sign * interval.half) for sign in (-1, 1))
    return start == 0 or (end != 0 and (start < 0) != (end < 0))


def _bisected(amounts: _Amounts, interval: _Interval) -> Decimal:
    start, end = interval.middle - interval.half, interval.middle + interval.half
    rising = _value(amounts, start) < 0
    while end - start > _TOLERANCE:
        middle = (start + end) / 2
        if (_value(amounts, middle) < 0) == rising:
            start = middle
        else:
            end = middle
    return (start + end) / 2
