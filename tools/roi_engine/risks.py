"""Risks, which can only hurt: what they take from sales and revenue, what they add to costs.

With likelihood p and impact s, sales or revenue keep 1 - p·s of themselves (several risks multiply: they strike
independently) and a cost grows by p·s of itself or by p × money. In a simulated draw p is 1 or 0. Where a sale loses
money, losing it would be a gain; no such gain is counted, so a higher risk never improves a result.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Generic

from partnership_os.schemas.roi import ImpactKind, RiskTarget, RoiRisk
from partnership_os.tools.roi_engine.arithmetic import Arithmetic, Number
from partnership_os.tools.roi_engine.cash_flows import sum_of
from partnership_os.tools.roi_engine.drivers import VARIABLE_LINES, Line

__all__ = ["RiskedFlows", "after_risks", "targets_of", "unknown_of"]


@dataclass(frozen=True, slots=True)
class RiskedFlows(Generic[Number]):
    """Lines after risks, and the net flow of each day: revenue less all costs, the investment too."""

    lines: dict[Line, list[Number]]
    net: list[Number]


def unknown_of(risk: RoiRisk) -> frozenset[str]:
    """``risk.<name>`` where likelihood or impact is unknown, else nothing."""
    return frozenset({f"risk.{risk.risk}"}) if risk.likelihood is None or risk.impact is None else frozenset()


def targets_of(risk: RoiRisk, lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines that a risk changes: a loss of volume reaches all that vary with sales, money makes a line of its own
    where the deal has none.
    """
    reached = VARIABLE_LINES if risk.target is RiskTarget.VOLUME else (Line(risk.target.value),)
    return tuple(line for line in reached if line in lines or risk.kind is ImpactKind.MONEY)


def after_risks(
    flows: Mapping[Line, Sequence[Number]],
    days: int,
    risks: Sequence[RoiRisk],
    occurring: Mapping[str, Number],
    arithmetic: Arithmetic[Number],
) -> RiskedFlows[Number]:
    """Apply the risks to the flows.

    For each day, with all shares of one target combined: margin = revenue × kept - variable costs × (1 + growth);
    net = margin × volume kept (where the margin is not negative) - other costs × (1 + growth) - money lost.

    Args:
        flows: Lines before risks, each of length ``days``; lines that are missing are zero.
        days: How many days there are, the start among them.
        risks: With known likelihood and impact. A risk that aims at a cost which the deal has not adds its money
            all the same, and its share of nothing is nothing.
        occurring: Name of each risk → its likelihood, or 1 and 0 for each draw.
        arithmetic: Of the numbers.
    """
    one = arithmetic.constant(1)
    kept = {RiskTarget.VOLUME: one, RiskTarget.NET_REVENUE: one}
    growth = {line: one for line in Line}
    money = _money_lost(risks, occurring, arithmetic)
    for risk in risks:
        if risk.kind is ImpactKind.MONEY:
            continue
        expected = occurring[risk.risk] * arithmetic.constant(risk.impact or Decimal(0))
        if risk.target in kept:
            kept[risk.target] = kept[risk.target] * (one - expected)
        else:
            growth[Line(risk.target.value)] = growth[Line(risk.target.value)] + expected
    lines: dict[Line, list[Number]] = {
        line: [] for line in Line if line in flows or any(key[0] is line for key in money)
    }
    net: list[Number] = []
    for day in range(days):
        now = {line: row[day] * growth[line] for line, row in flows.items()}
        if Line.NET_REVENUE in now:
            now[Line.NET_REVENUE] = now[Line.NET_REVENUE] * kept[RiskTarget.NET_REVENUE]
        net.append(_close_day(now, day, lines, kept[RiskTarget.VOLUME], money, arithmetic))
    return RiskedFlows(lines, net)


def _close_day(
    now: Mapping[Line, Number],
    day: int,
    lines: Mapping[Line, list[Number]],
    volume: Number,
    money: Mapping[tuple[Line, int], Number],
    arithmetic: Arithmetic[Number],
) -> Number:
    """Add one day to the lines; its net flow.

    The margin is multiplied once, as a whole: floats then fall when the share kept falls, draw by draw.
    """
    zero, one = arithmetic.constant(0), arithmetic.constant(1)
    variable = [now[line] for line in VARIABLE_LINES[1:] if line in now]
    margin = now.get(Line.NET_REVENUE, zero) - sum_of(variable, arithmetic)
    factor = arithmetic.where_not_negative(margin, volume, one)
    net = margin * factor
    for line, row in lines.items():
        amount = now.get(line, zero)
        lost = money.get((line, day), zero)
        if line in VARIABLE_LINES:
            row.append(amount * factor + lost)
            net = net - lost
        else:
            row.append(amount + lost)
            net = net - (amount + lost)
    return net


def _money_lost(
    risks: Sequence[RoiRisk], occurring: Mapping[str, Number], arithmetic: Arithmetic[Number]
) -> dict[tuple[Line, int], Number]:
    lost: dict[tuple[Line, int], Number] = {}
    for risk in risks:
        if risk.kind is ImpactKind.MONEY and risk.month is not None:
            place = (Line(risk.target.value), risk.month)
            amount = occurring[risk.risk] * arithmetic.constant(risk.impact or Decimal(0))
            lost[place] = lost.get(place, arithmetic.constant(0)) + amount
    return lost
