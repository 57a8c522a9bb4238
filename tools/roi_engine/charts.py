"""Charts as data: what a terminal, a page or a document needs to draw them, and nothing about how."""

from decimal import Decimal
from itertools import accumulate

from partnership_os.schemas.roi_report import Chart, ChartKind, ChartUnit, Series, Simulated, Tornado
from partnership_os.tools.roi_engine.arithmetic import exactly, to_money
from partnership_os.tools.roi_engine.measures import DatedFlow, discounted
from partnership_os.tools.roi_engine.sides import Side

__all__ = ["flow_charts", "histogram_chart", "tornado_chart"]


def flow_charts(side: Side) -> tuple[Chart, ...]:
    """Cash flows by line as signed bars with their net; the cumulative net flow, discounted too where a rate is known.

    Empty where a line is unknown: a picture of a part would look like the whole.
    """
    if side.unknown():
        return ()
    net = side.net_flows()
    bars = [_series(line, _signed(side, line), side) for line in side.missing]
    lines = [_series("cumulative", _running(net), side)]
    if side.rate is not None:
        present = discounted(net, side.rate, side.plan.as_of)
        lines.append(_series("cumulative_discounted", _running(present), side))
    bars.append(_series("net", [flow.amount for flow in net], side))
    return (
        _over_days("cash_flows", ChartKind.BARS, side, bars),
        _over_days("cumulative", ChartKind.LINES, side, lines),
    )


def tornado_chart(tornado: Tornado) -> Chart | None:
    """NPV at both ends of each driver, largest swing first; None without bars."""
    if tornado.base is None or not tornado.bars:
        return None
    return Chart(
        key="tornado",
        kind=ChartKind.TORNADO,
        x_unit=ChartUnit.DRIVER,
        y_unit=ChartUnit.MONEY,
        currency=tornado.base.currency,
        categories=tuple(bar.driver.value for bar in tornado.bars),
        series=(
            Series(key="npv_at_low", values=tuple(bar.npv_at_low.amount for bar in tornado.bars)),
            Series(key="npv_at_high", values=tuple(bar.npv_at_high.amount for bar in tornado.bars)),
        ),
        reference=tornado.base.amount,
    )


def histogram_chart(simulated: Simulated | None) -> Chart | None:
    """How many draws ended in which range of NPV; None without a simulation."""
    if simulated is None:
        return None
    return Chart(
        key="npv_histogram",
        kind=ChartKind.HISTOGRAM,
        x_unit=ChartUnit.MONEY,
        y_unit=ChartUnit.COUNT,
        currency=simulated.mean.currency,
        categories=tuple(f"{edge:f}" for edge in simulated.histogram.edges),
        series=(Series(key="draws", values=tuple(Decimal(count) for count in simulated.histogram.counts)),),
    )


def _over_days(key: str, kind: ChartKind, side: Side, series: list[Series]) -> Chart:
    return Chart(
        key=key,
        kind=kind,
        x_unit=ChartUnit.DAY,
        y_unit=ChartUnit.MONEY,
        currency=side.plan.currency,
        categories=tuple(day.isoformat() for day in side.days),
        series=tuple(series),
    )


def _series(key: str, amounts: list[Decimal], side: Side) -> Series:
    return Series(key=key, values=tuple(to_money(amount, side.plan.currency).amount for amount in amounts))


def _signed(side: Side, line: str) -> list[Decimal]:
    sign = 1 if line in side.income else -1
    with exactly():
        return [amount * sign for amount in side.lines[line]]


def _running(flows: tuple[DatedFlow, ...] | list[DatedFlow]) -> list[Decimal]:
    with exactly():
        return list(accumulate(flow.amount for flow in flows))
