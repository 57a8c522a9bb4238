"""Which lines a partnership has, and which drivers each line is computed from."""

from collections.abc import Collection
from enum import StrEnum

from partnership_os.schemas.partnership import PartnershipType
from partnership_os.schemas.roi import Plan, RevenueKind
from partnership_os.schemas.roi_drivers import Driver, PartnerDriver

__all__ = [
    "COST_LINES",
    "VARIABLE_LINES",
    "Line",
    "PartnerLine",
    "line_drivers",
    "partner_line_drivers",
]


class Line(StrEnum):
    """The terms of the contribution margin (partner definitions, 3.4) in their order, then the investment beside it."""

    NET_REVENUE = "net_revenue"
    COGS = "cogs"
    COMMISSION = "commission"
    PARTNER_DISCOUNT = "partner_discount"
    MDF = "mdf"
    ENABLEMENT = "enablement"
    DIRECT_SUPPORT = "direct_support"
    MANAGER_COST = "manager_cost"
    INVESTMENT = "investment"


COST_LINES = tuple(line for line in Line if line is not Line.NET_REVENUE)
VARIABLE_LINES = (Line.NET_REVENUE, Line.COGS, Line.COMMISSION, Line.PARTNER_DISCOUNT)
"""Lines that come and go with each sale."""


class PartnerLine(StrEnum):
    """The partner's income from us, and their costs."""

    COMMISSION_INCOME = "commission_income"
    RESALE_MARGIN = "resale_margin"
    MDF_INCOME = "mdf_income"
    PARTNER_SALES_COST = "partner_sales_cost"
    PARTNER_MARKETING = "partner_marketing"
    PARTNER_ENABLEMENT = "partner_enablement"
    PARTNER_INVESTMENT = "partner_investment"


_VOLUME = (Driver.ACCOUNTS_PER_YEAR, Driver.WIN_RATE, Driver.AVERAGE_DEAL_VALUE, Driver.RAMP_MONTHS)
_PAID_BY_COMMISSION = frozenset({PartnershipType.REFERRAL, PartnershipType.TECHNOLOGY, PartnershipType.STRATEGIC})
_PAID_FOR_A_TIME = frozenset({PartnershipType.REFERRAL, PartnershipType.TECHNOLOGY})
_PAID_BY_DISCOUNT = frozenset({PartnershipType.DISTRIBUTION, PartnershipType.GOVERNMENT})
_WITH_MDF = frozenset({PartnershipType.REFERRAL, PartnershipType.DISTRIBUTION, PartnershipType.TECHNOLOGY})
_WITH_INVESTMENT = frozenset({PartnershipType.STRATEGIC, PartnershipType.GOVERNMENT})


def line_drivers(plan: Plan, given: Collection[Driver] = ()) -> dict[Line, tuple[Driver, ...]]:
    """The lines of our side with the drivers that each needs.

    A type has the lines that its playbook has terms for (commission or revenue share, partner discount, MDF, our
    investment or pilot budget); any other of these lines joins when its driver is among ``given``. Lines that are not
    in the result are zero by the nature of the deal, not by ignorance. A commission is paid for a number of months
    where the type's playbook says so or the driver is given, else as long as the customer pays.
    """
    kind, volume = plan.partnership_type, _volume(plan)
    lines: dict[Line, tuple[Driver, ...]] = {
        Line.NET_REVENUE: volume,
        Line.COGS: (*volume, Driver.COGS_SHARE),
    }
    if kind in _PAID_BY_COMMISSION or Driver.COMMISSION_SHARE in given:
        for_a_time = kind in _PAID_FOR_A_TIME or Driver.COMMISSION_MONTHS in given
        months = (Driver.COMMISSION_MONTHS,) if for_a_time and plan.revenue_kind is RevenueKind.RECURRING else ()
        lines[Line.COMMISSION] = (*volume, Driver.COMMISSION_SHARE, *months)
    if kind in _PAID_BY_DISCOUNT or Driver.DISCOUNT_SHARE in given:
        lines[Line.PARTNER_DISCOUNT] = (*volume, Driver.DISCOUNT_SHARE)
    if kind in _WITH_MDF or Driver.MDF_PER_YEAR in given:
        lines[Line.MDF] = (Driver.MDF_PER_YEAR,)
    lines[Line.ENABLEMENT] = (Driver.ENABLEMENT_COST,)
    lines[Line.DIRECT_SUPPORT] = (Driver.SUPPORT_COST_PER_YEAR,)
    lines[Line.MANAGER_COST] = (Driver.MANAGER_HOURS_PER_MONTH, Driver.MANAGER_HOURLY_COST)
    if kind in _WITH_INVESTMENT or Driver.INVESTMENT in given:
        lines[Line.INVESTMENT] = (Driver.INVESTMENT,)
    return lines


_MIRRORED = {
    Line.COMMISSION: PartnerLine.COMMISSION_INCOME,
    Line.PARTNER_DISCOUNT: PartnerLine.RESALE_MARGIN,
    Line.MDF: PartnerLine.MDF_INCOME,
}


def partner_line_drivers(
    plan: Plan, given: Collection[PartnerDriver] = ()
) -> dict[PartnerLine, tuple[PartnerDriver, ...]]:
    """The lines of the partner's side: what we pay them is their income, their costs are their own.

    A discount for a government body is a lower price, not a margin on resale; it stands in the same line.
    """
    shared = {item.value for item in Driver}
    ours = line_drivers(plan, tuple(Driver(item.value) for item in given if item.value in shared))
    lines = {
        theirs: tuple(PartnerDriver(item.value) for item in ours[line])
        for line, theirs in _MIRRORED.items()
        if line in ours
    }
    lines[PartnerLine.PARTNER_SALES_COST] = (PartnerDriver.PARTNER_SALES_COST_PER_YEAR,)
    lines[PartnerLine.PARTNER_MARKETING] = (PartnerDriver.PARTNER_MARKETING_PER_YEAR,)
    lines[PartnerLine.PARTNER_ENABLEMENT] = (PartnerDriver.PARTNER_ENABLEMENT_COST,)
    if plan.partnership_type is PartnershipType.STRATEGIC or PartnerDriver.PARTNER_INVESTMENT in given:
        lines[PartnerLine.PARTNER_INVESTMENT] = (PartnerDriver.PARTNER_INVESTMENT,)
    return lines


def _volume(plan: Plan) -> tuple[Driver, ...]:
    return (*_VOLUME, Driver.MONTHLY_CHURN) if plan.revenue_kind is RevenueKind.RECURRING else _VOLUME
