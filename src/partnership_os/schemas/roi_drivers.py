"""The drivers of the ROI engine on both sides, their units and bounds."""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator, Field

LONGEST_PLAN = 120
"""Months; ten years."""


def _exact(value: object) -> object:
    if isinstance(value, float):
        raise ValueError("figures are exact: give a string such as '0.15', not a float")
    return value


Quantity = Annotated[
    Decimal, Field(ge=0, max_digits=21, decimal_places=8, allow_inf_nan=False), BeforeValidator(_exact)
]
"""The value of a driver in its unit, never negative: the model itself subtracts what is a cost."""


class DriverUnit(StrEnum):
    """The unit of a driver. Shares are fractions of one."""

    SHARE = "share"
    SHARE_PER_MONTH = "share_per_month"
    SHARE_PER_YEAR = "share_per_year"
    COUNT_PER_YEAR = "count_per_year"
    HOURS_PER_MONTH = "hours_per_month"
    MONTHS = "months"
    MONEY = "money"
    MONEY_PER_YEAR = "money_per_year"
    MONEY_PER_HOUR = "money_per_hour"


LARGEST: dict[DriverUnit, Decimal] = {
    DriverUnit.SHARE: Decimal(1),
    DriverUnit.SHARE_PER_MONTH: Decimal(1),
    DriverUnit.SHARE_PER_YEAR: Decimal(10),
    DriverUnit.COUNT_PER_YEAR: Decimal(10_000_000),
    DriverUnit.HOURS_PER_MONTH: Decimal(100_000),
    DriverUnit.MONTHS: Decimal(LONGEST_PLAN),
    DriverUnit.MONEY: Decimal(10) ** 12,
    DriverUnit.MONEY_PER_YEAR: Decimal(10) ** 12,
    DriverUnit.MONEY_PER_HOUR: Decimal(10) ** 6,
}
"""Largest value of each unit; what is larger is a slip of the unit, for example 15 for a share of 15 %."""

MONEY_UNITS = frozenset({DriverUnit.MONEY, DriverUnit.MONEY_PER_YEAR, DriverUnit.MONEY_PER_HOUR})


class Driver(StrEnum):
    """What our economics are computed from; `tools.roi_engine.drivers` says which line needs which."""

    ACCOUNTS_PER_YEAR = "accounts_per_year"
    WIN_RATE = "win_rate"
    AVERAGE_DEAL_VALUE = "average_deal_value"
    RAMP_MONTHS = "ramp_months"
    MONTHLY_CHURN = "monthly_churn"
    COGS_SHARE = "cogs_share"
    COMMISSION_SHARE = "commission_share"
    COMMISSION_MONTHS = "commission_months"
    DISCOUNT_SHARE = "discount_share"
    MDF_PER_YEAR = "mdf_per_year"
    ENABLEMENT_COST = "enablement_cost"
    SUPPORT_COST_PER_YEAR = "support_cost_per_year"
    MANAGER_HOURS_PER_MONTH = "manager_hours_per_month"
    MANAGER_HOURLY_COST = "manager_hourly_cost"
    INVESTMENT = "investment"
    DISCOUNT_RATE = "discount_rate"


class PartnerDriver(StrEnum):
    """What the partner's economics are computed from. None of our costs, and no discount rate of ours, is among it."""

    ACCOUNTS_PER_YEAR = "accounts_per_year"
    WIN_RATE = "win_rate"
    AVERAGE_DEAL_VALUE = "average_deal_value"
    RAMP_MONTHS = "ramp_months"
    MONTHLY_CHURN = "monthly_churn"
    COMMISSION_SHARE = "commission_share"
    COMMISSION_MONTHS = "commission_months"
    DISCOUNT_SHARE = "discount_share"
    MDF_PER_YEAR = "mdf_per_year"
    PARTNER_SALES_COST_PER_YEAR = "partner_sales_cost_per_year"
    PARTNER_MARKETING_PER_YEAR = "partner_marketing_per_year"
    PARTNER_ENABLEMENT_COST = "partner_enablement_cost"
    PARTNER_INVESTMENT = "partner_investment"
    PARTNER_DISCOUNT_RATE = "partner_discount_rate"


SHEET_ONLY = frozenset(
    {
        PartnerDriver.COMMISSION_SHARE,
        PartnerDriver.COMMISSION_MONTHS,
        PartnerDriver.DISCOUNT_SHARE,
        PartnerDriver.MDF_PER_YEAR,
        PartnerDriver.PARTNER_INVESTMENT,
    }
)
"""Negotiable terms: on the partner's side they come from a term sheet or are unknown."""

UNITS: dict[str, DriverUnit] = {
    "accounts_per_year": DriverUnit.COUNT_PER_YEAR,
    "win_rate": DriverUnit.SHARE,
    "average_deal_value": DriverUnit.MONEY,
    "ramp_months": DriverUnit.MONTHS,
    "monthly_churn": DriverUnit.SHARE_PER_MONTH,
    "cogs_share": DriverUnit.SHARE,
    "commission_share": DriverUnit.SHARE,
    "commission_months": DriverUnit.MONTHS,
    "discount_share": DriverUnit.SHARE,
    "mdf_per_year": DriverUnit.MONEY_PER_YEAR,
    "enablement_cost": DriverUnit.MONEY,
    "support_cost_per_year": DriverUnit.MONEY_PER_YEAR,
    "manager_hours_per_month": DriverUnit.HOURS_PER_MONTH,
    "manager_hourly_cost": DriverUnit.MONEY_PER_HOUR,
    "investment": DriverUnit.MONEY,
    "discount_rate": DriverUnit.SHARE_PER_YEAR,
    "partner_sales_cost_per_year": DriverUnit.MONEY_PER_YEAR,
    "partner_marketing_per_year": DriverUnit.MONEY_PER_YEAR,
    "partner_enablement_cost": DriverUnit.MONEY,
    "partner_investment": DriverUnit.MONEY,
    "partner_discount_rate": DriverUnit.SHARE_PER_YEAR,
}
"""Driver or partner driver → its one unit."""


class Origin(StrEnum):
    """Where a figure comes from; ASSUMPTION is what nobody but ourselves says."""

    EVIDENCE = "evidence"
    TERM_SHEET = "term_sheet"
    ASSUMPTION = "assumption"
