"""From the flows of a side to its measures: rounded once, or empty with the reason."""

from datetime import date
from decimal import Decimal
from typing import TypeVar

from partnership_os.schemas.base import Money
from partnership_os.schemas.roi_report import DatedAmount, Economics, LineTotal, Measure, Reason, Unavailable
from partnership_os.tools.roi_engine.arithmetic import exactly, to_money, to_share
from partnership_os.tools.roi_engine.measures import discounted, net_present_value, payback_day
from partnership_os.tools.roi_engine.rate_of_return import internal_rate
from partnership_os.tools.roi_engine.sides import Side

__all__ = ["RATE_PLACES", "economics", "exact_npv", "npv_measure"]

RATE_PLACES = 9
"""Decimals of a rate of return."""

Value = TypeVar("Value", Decimal, date)


def economics(side: Side) -> Economics:
    """All measures of one side.

    Sources: contribution margin by partner definitions 3.4; NPV and IRR as XNPV and XIRR (ACT/365F); return on cost
    = (net revenue - costs) / costs.

    Raises:
        InputError: a result is too large for an amount of money.
    """
    income = tuple(line for line in side.missing if line in side.income)
    inside = tuple(line for line in side.costs if line not in side.outside_margin)
    return Economics(
        lines=tuple(LineTotal(line=line, total=_sum(side, (line,), ())) for line in side.missing),
        net_revenue=_sum(side, income, ()),
        total_cost=_sum(side, side.costs, ()),
        contribution_margin=_sum(side, income, inside),
        contribution_margin_share=_margin_share(side, income, inside),
        npv=npv_measure(side),
        irr=irr_measure(side),
        payback_on=payback_measure(side),
        discounted_payback_on=_discounted_payback(side),
        return_on_cost=_return_on_cost(side, income),
        flows=() if side.unknown() else _rounded_flows(side),
    )


def exact_npv(side: Side) -> Decimal | None:
    """NPV on the plan's ``as_of``, unrounded; None where a line or the discount rate is unknown."""
    if side.rate is None or side.unknown():
        return None
    return net_present_value(side.net_flows(), side.rate, side.plan.as_of)


def npv_measure(side: Side) -> Measure[Money]:
    """`exact_npv` rounded, or what is unknown."""
    amount = exact_npv(side)
    if amount is None:
        return Measure[Money](unavailable=_unknown(side.unknown(rate=True)))
    return Measure[Money](value=to_money(amount, side.plan.currency))


def irr_measure(side: Side) -> Measure[Decimal]:
    """The internal rate of return, or why there is none. It needs no discount rate."""
    if unknown := side.unknown():
        return Measure[Decimal](unavailable=_unknown(unknown))
    found = internal_rate(side.net_flows())
    return _measured(Measure[Decimal], found if isinstance(found, Reason) else to_share(found, RATE_PLACES))


def payback_measure(side: Side) -> Measure[date]:
    """The simple payback day, or why there is none."""
    if unknown := side.unknown():
        return Measure[date](unavailable=_unknown(unknown))
    return _measured(Measure[date], payback_day(side.net_flows()))


def _discounted_payback(side: Side) -> Measure[date]:
    unknown = side.unknown(rate=True)
    if unknown or side.rate is None:
        return Measure[date](unavailable=_unknown(unknown))
    return _measured(Measure[date], payback_day(discounted(side.net_flows(), side.rate, side.plan.as_of)))


def _sum(side: Side, plus: tuple[str, ...], minus: tuple[str, ...]) -> Measure[Money]:
    if (plus or minus) and (unknown := side.unknown(*plus, *minus)):
        return Measure[Money](unavailable=_unknown(unknown))
    with exactly():
        amount = side.total(*plus) - side.total(*minus)
    return Measure[Money](value=to_money(amount, side.plan.currency))


def _margin_share(side: Side, income: tuple[str, ...], inside: tuple[str, ...]) -> Measure[Decimal]:
    if unknown := side.unknown(*income, *inside):
        return Measure[Decimal](unavailable=_unknown(unknown))
    revenue = side.total(*income)
    if revenue <= 0:
        return _measured(Measure[Decimal], Reason.REVENUE_NOT_POSITIVE)
    with exactly():
        return _measured(Measure[Decimal], to_share((revenue - side.total(*inside)) / revenue))


def _return_on_cost(side: Side, income: tuple[str, ...]) -> Measure[Decimal]:
    if unknown := side.unknown():
        return Measure[Decimal](unavailable=_unknown(unknown))
    cost = side.total(*side.costs)
    if cost == 0:
        return _measured(Measure[Decimal], Reason.NO_COST)
    with exactly():
        return _measured(Measure[Decimal], to_share((side.total(*income) - cost) / cost))


def _rounded_flows(side: Side) -> tuple[DatedAmount, ...]:
    currency = side.plan.currency
    return tuple(DatedAmount(day=flow.day, amount=to_money(flow.amount, currency)) for flow in side.net_flows())


def _unknown(names: tuple[str, ...]) -> Unavailable:
    return Unavailable(reason=Reason.UNKNOWN_INPUTS, unknown=names)


def _measured(kind: type[Measure[Value]], found: Value | Reason) -> Measure[Value]:
    if isinstance(found, Reason):
        return kind(unavailable=Unavailable(reason=found))
    return kind(value=found)
