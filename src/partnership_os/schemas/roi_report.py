"""What the ROI engine answers: measures that say why they are empty, scenarios, sensitivities, intervals, charts."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Generic, TypeVar

from pydantic import Field, model_validator

from partnership_os.schemas.base import CurrencyCode, Label, Money, Record, Sha256, Slug, StoredRecord
from partnership_os.schemas.roi import Assumption, Override, PartnerFigure, Plan, RoiInputs
from partnership_os.schemas.roi_drivers import Driver

Value = TypeVar("Value", Money, Decimal, date)


class Reason(StrEnum):
    """Why a measure has no value; each has its sentence in `tools.roi_engine.labels`."""

    UNKNOWN_INPUTS = "unknown_inputs"
    REVENUE_NOT_POSITIVE = "revenue_not_positive"
    NO_COST = "no_cost"
    NO_SIGN_CHANGE = "no_sign_change"
    INFLOW_FIRST = "inflow_first"
    NO_RATE = "no_rate"
    SEVERAL_RATES = "several_rates"
    RATE_UNDECIDED = "rate_undecided"
    NOTHING_TO_PAY_BACK = "nothing_to_pay_back"
    NOT_PAID_BACK = "not_paid_back"
    NOTHING_VARIES = "nothing_varies"
    NOT_ASKED = "not_asked"


class Unavailable(Record):
    """Why there is no value, and which inputs are missing: drivers by name, ``risk.<name>`` for a risk."""

    reason: Reason
    unknown: Annotated[tuple[Label, ...], Field(max_length=60)] = ()

    @model_validator(mode="after")
    def _named(self) -> "Unavailable":
        if (self.reason is Reason.UNKNOWN_INPUTS) != bool(self.unknown):
            raise ValueError("unknown inputs are named, and only they")
        return self


class Measure(Record, Generic[Value]):
    """A value, or why there is none; never 0 for unknown."""

    value: Value | None = None
    unavailable: Unavailable | None = None

    @model_validator(mode="after")
    def _one(self) -> "Measure[Value]":
        if (self.value is None) == (self.unavailable is None):
            raise ValueError("a measure has a value or a reason, one of them")
        return self


class LineTotal(Record):
    """The sum of one line over the plan; costs are positive numbers that were subtracted."""

    line: Slug
    total: Measure[Money]


class DatedAmount(Record):
    """The net cash flow of one day."""

    day: date
    amount: Money


class Economics(Record):
    """One side's figures over the plan, after risks.

    ``contribution_margin`` = net revenue less every line but the investment; ``contribution_margin_share`` is it over
    net revenue. ``npv`` counts the investment and is valued on the plan's ``as_of`` (ACT/365F); ``irr`` is a fraction a
    year. ``return_on_cost`` = (net revenue - all costs) / all costs. Each figure is rounded once, half up, to the
    currency's minor unit, so rounded lines may differ from a rounded total by a unit.
    """

    lines: tuple[LineTotal, ...]
    net_revenue: Measure[Money]
    total_cost: Measure[Money]
    contribution_margin: Measure[Money]
    contribution_margin_share: Measure[Decimal]
    npv: Measure[Money]
    irr: Measure[Decimal]
    payback_on: Measure[date]
    discounted_payback_on: Measure[date]
    return_on_cost: Measure[Decimal]
    flows: tuple[DatedAmount, ...] = ()


class ScenarioResult(Record):
    """The main measures under a set of overrides."""

    name: Slug
    overrides: tuple[Override, ...]
    net_revenue: Measure[Money]
    contribution_margin: Measure[Money]
    npv: Measure[Money]
    irr: Measure[Decimal]
    payback_on: Measure[date]


class TornadoBar(Record):
    """NPV with one driver at its low and at its high end, all others at base; ``swing`` is the distance."""

    driver: Driver
    low: Decimal
    high: Decimal
    npv_at_low: Money
    npv_at_high: Money
    swing: Money


class Tornado(Record):
    """Bars by falling swing, ties by name; none, with the reason, where NPV is unknown or nothing has an interval."""

    base: Money | None = None
    bars: tuple[TornadoBar, ...] = ()
    unavailable: Unavailable | None = None


class Histogram(Record):
    """``counts[i]`` draws lie in [edges[i], edges[i + 1]), the last bin with its upper edge; edges are money."""

    edges: tuple[Decimal, ...]
    counts: tuple[int, ...]


class Simulated(Record):
    """NPV over the draws. The intervals are of the simulation, not of the world: more draws narrow them, and only
    better assumptions make them truer.
    """

    seed: int
    runs: int
    distribution: Slug
    varied: tuple[Label, ...]
    mean: Money
    mean_standard_error: Decimal
    p5: Money
    p50: Money
    p95: Money
    probability_of_loss: Decimal
    probability_standard_error: Decimal
    probability_low: Decimal
    probability_high: Decimal
    histogram: Histogram


class Simulation(Record):
    """The result of the draws, or why there is none."""

    result: Simulated | None = None
    unavailable: Unavailable | None = None


class ChartKind(StrEnum):
    """How a chart is drawn."""

    BARS = "bars"
    LINES = "lines"
    TORNADO = "tornado"
    HISTOGRAM = "histogram"


class ChartUnit(StrEnum):
    """What an axis measures. Days are ISO 8601, money is in the chart's currency."""

    DAY = "day"
    MONEY = "money"
    DRIVER = "driver"
    COUNT = "count"


class Series(Record):
    """One named row of values; the label of its key is in `tools.roi_engine.labels`."""

    key: Slug
    values: tuple[Decimal, ...]


class Chart(Record):
    """A chart as data. ``categories`` are days, drivers, or for a histogram its n + 1 edges as decimal strings."""

    key: Slug
    kind: ChartKind
    x_unit: ChartUnit
    y_unit: ChartUnit
    currency: CurrencyCode
    categories: tuple[Label, ...]
    series: tuple[Series, ...]
    reference: Decimal | None = None
    """The value of the line from which the bars of a tornado start."""

    @model_validator(mode="after")
    def _fits(self) -> "Chart":
        wanted = len(self.categories) - (1 if self.kind is ChartKind.HISTOGRAM else 0)
        if any(len(row.values) != wanted for row in self.series):
            raise ValueError(f"chart {self.key}: a series has another length than its axis")
        return self


class PartnerRoiReport(StoredRecord):
    """The partner's side alone, as far as known. It is made of `PartnerInputs` only and may be shown to the partner."""

    engine: Label
    input_digest: Sha256
    plan: Plan
    basis: tuple[PartnerFigure, ...]
    economics: Economics
    charts: tuple[Chart, ...] = ()


class RoiReport(StoredRecord):
    """Our side, private, with the partner's beside it where it was asked for. Same inputs, same bytes.

    ``basis`` lists every driver the plan needs, the unknown ones too; ``npv_before_risks`` - ``economics.npv`` is what
    the risks cost. ``input_digest`` is the SHA-256 of the canonical form of ``inputs``.
    """

    engine: Label
    input_digest: Sha256
    currency: CurrencyCode
    as_of: date
    inputs: RoiInputs
    basis: tuple[Assumption, ...]
    economics: Economics
    npv_before_risks: Measure[Money]
    scenarios: tuple[ScenarioResult, ...]
    tornado: Tornado
    simulation: Simulation
    charts: tuple[Chart, ...]
    partner: PartnerRoiReport | None = None
