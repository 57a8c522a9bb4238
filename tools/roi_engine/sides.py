"""One side of the deal with its flows: which lines are known, which are not, and what they are missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from partnership_os.schemas.roi import Assumption, PartnerInputs, Plan, RoiRisk
from partnership_os.schemas.roi_drivers import Driver, PartnerDriver
from partnership_os.tools.roi_engine.arithmetic import EXACT, exactly
from partnership_os.tools.roi_engine.cash_flows import (
    at_start,
    commissioned_revenue,
    every_month,
    flow_days,
    flow_lines,
    monthly_revenue,
    sales_of,
)
from partnership_os.tools.roi_engine.drivers import (
    VARIABLE_LINES,
    Line,
    PartnerLine,
    line_drivers,
    partner_line_drivers,
)
from partnership_os.tools.roi_engine.measures import DatedFlow
from partnership_os.tools.roi_engine.risks import after_risks, targets_of, unknown_of

__all__ = ["Side", "known_values", "our_side", "partner_side"]


@dataclass(frozen=True, slots=True)
class Side:
    """Exact flows of one side at ``days``. Costs are positive; ``missing`` names what each line of the deal lacks."""

    plan: Plan
    days: tuple[date, ...]
    lines: Mapping[str, Sequence[Decimal]]
    missing: Mapping[str, frozenset[str]]
    income: frozenset[str]
    outside_margin: frozenset[str]
    rate: Decimal | None
    rate_driver: str

    def unknown(self, *lines: str, rate: bool = False) -> tuple[str, ...]:
        """What these lines lack (all lines where none is named), and the discount rate if asked for."""
        named = lines or tuple(self.missing)
        lacking = {token for line in named for token in self.missing[line]}
        if rate and self.rate is None:
            lacking.add(self.rate_driver)
        return tuple(sorted(lacking))

    def total(self, *lines: str) -> Decimal:
        """Sum of known lines over all days."""
        with exactly():
            return sum((amount for line in lines for amount in self.lines[line]), Decimal(0))

    @property
    def costs(self) -> tuple[str, ...]:
        """Names of the lines that are costs."""
        return tuple(line for line in self.missing if line not in self.income)

    def net_flows(self) -> tuple[DatedFlow, ...]:
        """Income less every cost, day by day; only where no line is unknown."""
        with exactly():
            return tuple(
                DatedFlow(day, sum((row[place] * self._sign(line) for line, row in self.lines.items()), Decimal(0)))
                for place, day in enumerate(self.days)
            )

    def _sign(self, line: str) -> int:
        return 1 if line in self.income else -1


def known_values(assumptions: Sequence[Assumption]) -> dict[Driver, Decimal]:
    """Driver → base of every assumption that has one."""
    return {item.driver: item.base for item in assumptions if item.base is not None}


def our_side(plan: Plan, values: Mapping[Driver, Decimal], given: Sequence[Driver], risks: Sequence[RoiRisk]) -> Side:
    """Our flows after risks.

    Args:
        plan: The frame.
        values: The known drivers.
        given: Drivers that the inputs name, known or not; they may add lines (`drivers.line_drivers`).
        risks: All risks; one with an unknown likelihood or impact makes its lines unknown.
    """
    needs = line_drivers(plan, given)
    missing = {line: {driver.value for driver in needs[line] if driver not in values} for line in needs}
    for risk in risks:
        for line in targets_of(risk, tuple(needs)):
            missing.setdefault(line, set()).update(unknown_of(risk))
    if any(risk.target.value == "volume" for risk in risks):
        # What a lost sale takes with it depends on every variable line.
        variable = [line for line in VARIABLE_LINES if line in missing]
        together = set().union(*(missing[line] for line in variable))
        for line in variable:
            missing[line] = together
    known = [line for line in needs if not missing[line]]
    sure = [
        risk
        for risk in risks
        if not unknown_of(risk) and not any(missing[line] for line in targets_of(risk, tuple(needs)))
    ]
    with exactly():
        flows = flow_lines(plan, values, known, EXACT)
        likelihoods = {risk.risk: risk.likelihood for risk in sure if risk.likelihood is not None}
        risked = after_risks(flows, plan.months + 1, sure, likelihoods, EXACT)
    return Side(
        plan=plan,
        days=flow_days(plan),
        lines={line.value: row for line, row in risked.lines.items()},
        missing={line.value: frozenset(missing[line]) for line in Line if line in missing},
        income=frozenset({Line.NET_REVENUE.value}),
        outside_margin=frozenset({Line.INVESTMENT.value}),
        rate=values.get(Driver.DISCOUNT_RATE),
        rate_driver=Driver.DISCOUNT_RATE.value,
    )


def partner_side(inputs: PartnerInputs) -> Side:
    """The partner's flows, as far as known: what we pay is their income, their costs are subtracted."""
    plan = inputs.plan
    given = tuple(figure.driver for figure in inputs.figures)
    values = {figure.driver: figure.value for figure in inputs.figures if figure.value is not None}
    needs = partner_line_drivers(plan, given)
    missing = {line: frozenset(driver.value for driver in needs[line] if driver not in values) for line in needs}
    with exactly():
        lines = {line.value: _partner_line(line, plan, values) for line in needs if not missing[line]}
    return Side(
        plan=plan,
        days=flow_days(plan),
        lines=lines,
        missing={line.value: missing[line] for line in PartnerLine if line in missing},
        income=frozenset({PartnerLine.COMMISSION_INCOME, PartnerLine.RESALE_MARGIN, PartnerLine.MDF_INCOME}),
        outside_margin=frozenset({PartnerLine.PARTNER_INVESTMENT}),
        rate=values.get(PartnerDriver.PARTNER_DISCOUNT_RATE),
        rate_driver=PartnerDriver.PARTNER_DISCOUNT_RATE.value,
    )


_YEARLY = {
    PartnerLine.MDF_INCOME: PartnerDriver.MDF_PER_YEAR,
    PartnerLine.PARTNER_SALES_COST: PartnerDriver.PARTNER_SALES_COST_PER_YEAR,
    PartnerLine.PARTNER_MARKETING: PartnerDriver.PARTNER_MARKETING_PER_YEAR,
}
_ONCE = {
    PartnerLine.PARTNER_ENABLEMENT: PartnerDriver.PARTNER_ENABLEMENT_COST,
    PartnerLine.PARTNER_INVESTMENT: PartnerDriver.PARTNER_INVESTMENT,
}


def _partner_line(line: PartnerLine, plan: Plan, values: Mapping[PartnerDriver, Decimal]) -> list[Decimal]:
    if line in _YEARLY:
        return every_month(values[_YEARLY[line]] / 12, plan.months, EXACT)
    if line in _ONCE:
        return at_start(values[_ONCE[line]], plan.months, EXACT)
    shared = {Driver(driver.value): value for driver, value in values.items() if driver.value in set(Driver)}
    sales = sales_of(plan, shared)
    if line is PartnerLine.RESALE_MARGIN:
        return [amount * shared[Driver.DISCOUNT_SHARE] for amount in monthly_revenue(sales, plan.months, EXACT)]
    paid_on = commissioned_revenue(sales, shared.get(Driver.COMMISSION_MONTHS), plan.months, EXACT)
    return [amount * shared[Driver.COMMISSION_SHARE] for amount in paid_on]
