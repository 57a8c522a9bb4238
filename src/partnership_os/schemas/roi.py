"""What the ROI engine is asked: a plan, drivers with their evidence or marked as assumptions, risks, scenarios.

Two sides, two types. `RoiInputs` is ours and private. `PartnerInputs` is what both sides can see: single values, its
negotiable terms read from a term sheet and nowhere else, so that no limit of ours can stand in it.
"""

from collections.abc import Hashable, Iterable
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, TypeVar

from pydantic import AfterValidator, Field, model_validator

from partnership_os.schemas.base import (
    BilingualText,
    CurrencyCode,
    Label,
    Record,
    RecordId,
    Share,
    Slug,
    StoredRecord,
)
from partnership_os.schemas.partnership import PartnershipType
from partnership_os.schemas.roi_drivers import (
    LARGEST,
    LONGEST_PLAN,
    MONEY_UNITS,
    SHEET_ONLY,
    UNITS,
    Driver,
    DriverUnit,
    Origin,
    PartnerDriver,
    Quantity,
)


class RevenueKind(StrEnum):
    """A deal is paid once, in the month it is won, or it is a subscription that customers may leave."""

    ONE_OFF = "one_off"
    RECURRING = "recurring"


def _check_figure(name: str, unit: DriverUnit, currency: str | None, values: Iterable[Decimal | None]) -> None:
    if unit is not UNITS[name]:
        raise ValueError(f"{name} is stated in {UNITS[name].value}, not in {unit.value}")
    if (unit in MONEY_UNITS) != (currency is not None):
        raise ValueError(f"{name}: money, and only money, has a currency")
    for value in values:
        if value is not None and value > LARGEST[unit]:
            raise ValueError(f"{name}: {value:f} is above {LARGEST[unit]:f}, the largest value in {unit.value}")


class Figure(Record):
    """What both sides' figures share: unit, currency where it is money, and where it comes from.

    ``source_id`` is an evidence id, the id of a term sheet (``ts_…``) or None, which marks an assumption.
    """

    unit: DriverUnit
    currency: CurrencyCode | None = None
    source_id: RecordId | None = None
    note: BilingualText | None = None

    @property
    def origin(self) -> Origin:
        """Evidence, term sheet or assumption, told from ``source_id``."""
        if self.source_id is None:
            return Origin.ASSUMPTION
        return Origin.TERM_SHEET if self.source_id.startswith("ts_") else Origin.EVIDENCE


class Assumption(Figure):
    """The value of one of our drivers: a point, an interval around it, or unknown (``base`` is None)."""

    driver: Driver
    base: Quantity | None
    low: Quantity | None = None
    high: Quantity | None = None

    @model_validator(mode="after")
    def _checked(self) -> "Assumption":
        _check_figure(self.driver.value, self.unit, self.currency, (self.low, self.base, self.high))
        if (self.low is None) != (self.high is None):
            raise ValueError(f"{self.driver.value}: an interval has both ends")
        if self.low is not None and self.high is not None:
            if self.base is None:
                raise ValueError(f"{self.driver.value}: an unknown value has no interval; state a base")
            if not self.low <= self.base <= self.high:
                raise ValueError(f"{self.driver.value}: low ≤ base ≤ high does not hold")
        return self


class PartnerFigure(Figure):
    """The value of one of the partner's drivers: a single value or unknown, never an interval."""

    driver: PartnerDriver
    value: Quantity | None

    @model_validator(mode="after")
    def _checked(self) -> "PartnerFigure":
        _check_figure(self.driver.value, self.unit, self.currency, (self.value,))
        if self.driver in SHEET_ONLY and self.value is not None and self.origin is not Origin.TERM_SHEET:
            raise ValueError(f"{self.driver.value}: on the partner's side a term comes from a term sheet")
        return self


class Plan(Record):
    """The frame of the computation: day of valuation, start, length in months, and how customers pay.

    Month k (1, 2, …) is dated k months after ``starts_on`` (its last day where that day does not exist).
    """

    partnership_type: PartnershipType
    currency: CurrencyCode
    as_of: date
    starts_on: date
    months: Annotated[int, Field(ge=1, le=LONGEST_PLAN)]
    revenue_kind: RevenueKind

    @model_validator(mode="after")
    def _in_order(self) -> "Plan":
        if not date(1970, 1, 1) <= self.as_of <= self.starts_on <= date(2200, 1, 1):
            raise ValueError("a plan is valued on or before the day it starts, between 1970 and 2200")
        return self


class RiskTarget(StrEnum):
    """What a risk hits. VOLUME takes sales away with their own costs, NET_REVENUE takes money away and leaves every
    cost in place (bad debts, price cuts); the others raise one cost.
    """

    VOLUME = "volume"
    NET_REVENUE = "net_revenue"
    COGS = "cogs"
    COMMISSION = "commission"
    PARTNER_DISCOUNT = "partner_discount"
    MDF = "mdf"
    ENABLEMENT = "enablement"
    DIRECT_SUPPORT = "direct_support"
    MANAGER_COST = "manager_cost"
    INVESTMENT = "investment"


class ImpactKind(StrEnum):
    """A share of the target in every month, or money lost once."""

    SHARE = "share"
    MONEY = "money"


class RoiRisk(Record):
    """Something that may happen and can only hurt. ``likelihood`` and ``impact`` are None when they are unknown.

    A share of volume or revenue is lost (at most 1); a share of a cost is added. Money, in the plan's currency, is
    added to a cost once, in ``month``.
    """

    risk: Slug
    text: BilingualText
    target: RiskTarget
    likelihood: Share | None
    kind: ImpactKind
    impact: Quantity | None
    month: Annotated[int | None, Field(ge=0, le=LONGEST_PLAN, description="0 is the day of the start")] = None
    source_id: RecordId | None = None

    @model_validator(mode="after")
    def _checked(self) -> "RoiRisk":
        on_revenue = self.target in (RiskTarget.VOLUME, RiskTarget.NET_REVENUE)
        if on_revenue and self.kind is ImpactKind.MONEY:
            raise ValueError(f"risk {self.risk}: state a loss of money as a cost, or of revenue as a share")
        if (self.kind is ImpactKind.MONEY) != (self.month is not None):
            raise ValueError(f"risk {self.risk}: money, and only money, is lost in a stated month")
        largest = LARGEST[DriverUnit.MONEY] if self.kind is ImpactKind.MONEY else Decimal(1 if on_revenue else 10)
        if self.impact is not None and self.impact > largest:
            raise ValueError(f"risk {self.risk}: {self.impact:f} is above {largest:f}")
        return self


class Override(Record):
    """The value that a driver has in a scenario."""

    driver: Driver
    value: Quantity

    @model_validator(mode="after")
    def _bounded(self) -> "Override":
        unit = UNITS[self.driver.value]
        if self.value > LARGEST[unit]:
            raise ValueError(f"{self.driver.value}: {self.value:f} is above {LARGEST[unit]:f}")
        return self


Item = TypeVar("Item", bound=Record)


def _sorted_by(name: str) -> AfterValidator:
    """Items in the order of their key, each key once: the order in which they were written is no information."""

    def check(items: tuple[Item, ...]) -> tuple[Item, ...]:
        keys: list[Hashable] = [getattr(item, name) for item in items]
        if len(set(keys)) != len(keys):
            doubled = sorted({str(key) for key in keys if keys.count(key) > 1})
            raise ValueError(f"stated twice: {', '.join(doubled)}")
        return tuple(sorted(items, key=lambda item: str(getattr(item, name))))

    return AfterValidator(check)


class Scenario(Record):
    """A named set of overrides; drivers that it leaves out keep their base."""

    name: Slug
    label: BilingualText
    overrides: Annotated[tuple[Override, ...], Field(max_length=16), _sorted_by("driver")]


class SimulationPlan(Record):
    """How many draws, from which seed."""

    seed: Annotated[int, Field(ge=0, lt=2**53)]
    runs: Annotated[int, Field(ge=100, le=200_000)] = 10_000


class PartnerInputs(StoredRecord):
    """The partner's side, from what both sides can see. It has no field in which a limit of ours could stand."""

    plan: Plan
    figures: Annotated[tuple[PartnerFigure, ...], Field(max_length=14), _sorted_by("driver")]

    @model_validator(mode="after")
    def _one_currency(self) -> "PartnerInputs":
        _check_currencies(self.plan, self.figures)
        return self


class RoiInputs(StoredRecord):
    """Everything a report is computed from; private to us."""

    label: Label
    plan: Plan
    assumptions: Annotated[tuple[Assumption, ...], Field(max_length=16), _sorted_by("driver")]
    risks: Annotated[tuple[RoiRisk, ...], Field(max_length=40), _sorted_by("risk")] = ()
    scenarios: Annotated[tuple[Scenario, ...], Field(max_length=12), _sorted_by("name")] = ()
    simulation: SimulationPlan | None = None
    partner: PartnerInputs | None = None

    @model_validator(mode="after")
    def _consistent(self) -> "RoiInputs":
        _check_currencies(self.plan, self.assumptions)
        late = [item.risk for item in self.risks if item.month is not None and item.month > self.plan.months]
        if late:
            raise ValueError(f"risk {late[0]} strikes after the plan has ended")
        if reserved := {"base", "low", "high"} & {item.name for item in self.scenarios}:
            raise ValueError(f"the scenario {sorted(reserved)[0]} is made by the engine; choose another name")
        if self.partner is not None and self.partner.plan != self.plan:
            raise ValueError("both sides are computed over the same plan")
        return self


def _check_currencies(plan: Plan, figures: Iterable[Figure]) -> None:
    for figure in figures:
        if figure.currency not in (None, plan.currency):
            raise ValueError(f"a figure in {figure.currency} stands in a plan in {plan.currency}; convert it first")
