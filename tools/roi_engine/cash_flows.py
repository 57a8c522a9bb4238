"""From the values of the drivers to dated flows, line by line. The formulas work on exact numbers and on draws."""

from calendar import monthrange
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic

from partnership_os.schemas.roi import Plan, RevenueKind
from partnership_os.schemas.roi_drivers import Driver
from partnership_os.tools.roi_engine.arithmetic import Arithmetic, Number
from partnership_os.tools.roi_engine.drivers import VARIABLE_LINES, Line

__all__ = ["Sales", "commissioned_revenue", "flow_days", "flow_lines", "monthly_revenue", "sum_of"]


@dataclass(frozen=True, slots=True)
class Sales(Generic[Number]):
    """What revenue is computed from. ``churn`` is the monthly share of customers who leave; None where deals are paid
    once. ``deal_value`` is money for each deal, and a year for each customer where revenue recurs.
    """

    accounts_per_year: Number
    win_rate: Number
    deal_value: Number
    ramp_months: Number
    churn: Number | None


def flow_days(plan: Plan) -> tuple[date, ...]:
    """Day 0 is the start; day k is k months later, or the month's last day where that day does not exist."""
    return tuple(_months_after(plan.starts_on, month) for month in range(plan.months + 1))


def flow_lines(
    plan: Plan, values: Mapping[Driver, Number], lines: Collection[Line], arithmetic: Arithmetic[Number]
) -> dict[Line, list[Number]]:
    """The flow of each line at each of `flow_days`, before risks; costs are positive.

    * net revenue: `monthly_revenue`; excludes VAT, refunds and credits because the deal value does
    * COGS, discount: share × net revenue; commission: share × `commissioned_revenue`
    * MDF, support: a twelfth of the yearly amount each month; manager: hours × hourly cost each month (the partner's
      part of the manager's monthly cost)
    * enablement, investment: once, on day 0

    Args:
        plan: Start, length and kind of revenue.
        values: Every driver that the ``lines`` need.
        lines: Which lines to compute.
        arithmetic: Of the numbers in ``values``.
    """
    flows = _sales_lines(plan, values, lines, arithmetic)
    for line, yearly in ((Line.MDF, Driver.MDF_PER_YEAR), (Line.DIRECT_SUPPORT, Driver.SUPPORT_COST_PER_YEAR)):
        if line in lines:
            flows[line] = every_month(values[yearly] / 12, plan.months, arithmetic)
    if Line.MANAGER_COST in lines:
        monthly = values[Driver.MANAGER_HOURS_PER_MONTH] * values[Driver.MANAGER_HOURLY_COST]
        flows[Line.MANAGER_COST] = every_month(monthly, plan.months, arithmetic)
    for line, amount in ((Line.ENABLEMENT, Driver.ENABLEMENT_COST), (Line.INVESTMENT, Driver.INVESTMENT)):
        if line in lines:
            flows[line] = at_start(values[amount], plan.months, arithmetic)
    return flows


def _sales_lines(
    plan: Plan, values: Mapping[Driver, Number], lines: Collection[Line], arithmetic: Arithmetic[Number]
) -> dict[Line, list[Number]]:
    flows: dict[Line, list[Number]] = {}
    if not set(lines) & set(VARIABLE_LINES):
        return flows
    sales = sales_of(plan, values)
    revenue = monthly_revenue(sales, plan.months, arithmetic)
    if Line.NET_REVENUE in lines:
        flows[Line.NET_REVENUE] = revenue
    for line, driver in ((Line.COGS, Driver.COGS_SHARE), (Line.PARTNER_DISCOUNT, Driver.DISCOUNT_SHARE)):
        if line in lines:
            flows[line] = [amount * values[driver] for amount in revenue]
    if Line.COMMISSION in lines:
        paid_on = commissioned_revenue(sales, values.get(Driver.COMMISSION_MONTHS), plan.months, arithmetic)
        flows[Line.COMMISSION] = [amount * values[Driver.COMMISSION_SHARE] for amount in paid_on]
    return flows


def sales_of(plan: Plan, values: Mapping[Driver, Number]) -> Sales[Number]:
    """The drivers of revenue, by name."""
    recurring = plan.revenue_kind is RevenueKind.RECURRING
    return Sales(
        accounts_per_year=values[Driver.ACCOUNTS_PER_YEAR],
        win_rate=values[Driver.WIN_RATE],
        deal_value=values[Driver.AVERAGE_DEAL_VALUE],
        ramp_months=values[Driver.RAMP_MONTHS],
        churn=values[Driver.MONTHLY_CHURN] if recurring else None,
    )


def won_deals(sales: Sales[Number], months: int, arithmetic: Arithmetic[Number]) -> list[Number]:
    """Expected deals won in months 1, 2, …: accounts / 12 × win rate × min(1, month / ramp months)."""
    at_full_reach = sales.accounts_per_year * sales.win_rate / 12
    won = []
    for month in range(1, months + 1):
        now = arithmetic.constant(month)
        won.append(at_full_reach * (now / arithmetic.larger(sales.ramp_months, now)))
    return won


def monthly_revenue(sales: Sales[Number], months: int, arithmetic: Arithmetic[Number]) -> list[Number]:
    """Net revenue at each of `flow_days`; none on day 0.

    Paid once: deals won × value. Recurring: customers × value / 12, where customers = customers a month before ×
    (1 - churn) + deals won; a customer pays from the month in which the deal is won.
    """
    revenue = [arithmetic.constant(0)]
    customers = arithmetic.constant(0)
    for won in won_deals(sales, months, arithmetic):
        if sales.churn is None:
            revenue.append(won * sales.deal_value)
            continue
        customers = customers * (1 - sales.churn) + won
        revenue.append(customers * sales.deal_value / 12)
    return revenue


def commissioned_revenue(
    sales: Sales[Number], paid_months: Number | None, months: int, arithmetic: Arithmetic[Number]
) -> list[Number]:
    """The part of `monthly_revenue` on which commission is due: each customer's first ``paid_months`` payments.

    A part of a month counts as that part of its payment. None, or deals paid once: all of it.
    """
    if sales.churn is None or paid_months is None:
        return monthly_revenue(sales, months, arithmetic)
    zero, one = arithmetic.constant(0), arithmetic.constant(1)
    weights, stayed = [], one
    for age in range(months):
        due = arithmetic.smaller(one, arithmetic.larger(zero, paid_months - arithmetic.constant(age)))
        weights.append(due * stayed)
        stayed = stayed * (1 - sales.churn)
    won = won_deals(sales, months, arithmetic)
    revenue = [zero]
    for month in range(months):
        customers = sum_of([won[month - age] * weights[age] for age in range(month + 1)], arithmetic)
        revenue.append(customers * sales.deal_value / 12)
    return revenue


def every_month(amount: Number, months: int, arithmetic: Arithmetic[Number]) -> list[Number]:
    """The amount in months 1, 2, …, nothing on day 0."""
    flows = [arithmetic.constant(0)]
    flows.extend(amount for _ in range(months))
    return flows


def at_start(amount: Number, months: int, arithmetic: Arithmetic[Number]) -> list[Number]:
    """The amount on day 0, nothing later."""
    flows = [amount]
    flows.extend(arithmetic.constant(0) for _ in range(months))
    return flows


def sum_of(items: Sequence[Number], arithmetic: Arithmetic[Number]) -> Number:
    """The sum from first to last, so that floats add up in one order everywhere."""
    total = arithmetic.constant(0)
    for item in items:
        total = total + item
    return total


def _months_after(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
