"""What dated flows are worth: present value and payback, exact and unrounded."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import accumulate
from typing import NamedTuple

from partnership_os.schemas.roi_report import Reason
from partnership_os.tools.roi_engine.arithmetic import exactly

__all__ = ["DAYS_A_YEAR", "DatedFlow", "discount_factors", "discounted", "net_present_value", "payback_day"]

DAYS_A_YEAR = 365
"""ACT/365 Fixed: actual days over 365, leap years too."""


class DatedFlow(NamedTuple):
    """Money on a day; what comes in is positive."""

    day: date
    amount: Decimal


def discount_factors(days: Sequence[date], rate: Decimal, as_of: date) -> list[Decimal]:
    """(1 + rate)^(-(day - as_of) / 365) for each day.

    Args:
        days: Any order; a day before ``as_of`` is compounded.
        rate: Fraction a year, above -1.
        as_of: The day on which the factor is 1.

    Raises:
        ValueError: the rate is -1 or below.
    """
    if rate <= -1:
        raise ValueError("a discount rate is above -1")
    with exactly():
        return [(1 + rate) ** (Decimal(-(day - as_of).days) / DAYS_A_YEAR) for day in days]


def discounted(flows: Sequence[DatedFlow], rate: Decimal, as_of: date) -> list[DatedFlow]:
    """Each flow times its discount factor, on its own day. Raises as `discount_factors`."""
    factors = discount_factors([flow.day for flow in flows], rate, as_of)
    with exactly():
        return [DatedFlow(flow.day, flow.amount * factor) for flow, factor in zip(flows, factors, strict=True)]


def net_present_value(flows: Sequence[DatedFlow], rate: Decimal, as_of: date) -> Decimal:
    """Σ amount / (1 + rate)^((day - as_of) / 365), exact to about 45 digits; 0 without a flow.

    The same as XNPV of the spreadsheets where ``as_of`` is the first day. Raises as `discount_factors`.
    """
    present = discounted(flows, rate, as_of)
    with exactly():
        return sum((flow.amount for flow in present), Decimal(0))


def payback_day(flows: Sequence[DatedFlow]) -> date | Reason:
    """The first day from which the cumulative flow stays at 0 or above to the end of the flows.

    A later dip below zero so postpones the day. Nothing is interpolated between flows.

    Args:
        flows: In order of their days; discount them first for the discounted payback.

    Returns:
        The day, `NOTHING_TO_PAY_BACK` where the cumulative flow is never negative, or `NOT_PAID_BACK`.
    """
    with exactly():
        totals = list(accumulate(flow.amount for flow in flows))
    last_below = max((index for index, total in enumerate(totals) if total < 0), default=None)
    if last_below is None:
        return Reason.NOTHING_TO_PAY_BACK
    if last_below == len(totals) - 1:
        return Reason.NOT_PAID_BACK
    return flows[last_below + 1].day
