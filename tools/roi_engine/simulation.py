"""Monte Carlo: NPV over draws of the drivers and risks. Same seed, same bytes, whatever the order of the inputs."""

from collections.abc import Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from math import fsum

import numpy as np

from partnership_os.schemas.base import Money
from partnership_os.schemas.roi import RoiInputs, SimulationPlan
from partnership_os.schemas.roi_drivers import Driver
from partnership_os.schemas.roi_report import Histogram, Reason, Simulated, Simulation, Unavailable
from partnership_os.tools.roi_engine.arithmetic import exactly, minor_unit, to_money, to_share
from partnership_os.tools.roi_engine.cash_flows import flow_days, flow_lines, sum_of
from partnership_os.tools.roi_engine.draws import Draws, FloatArray, triangular, uniforms
from partnership_os.tools.roi_engine.drivers import line_drivers
from partnership_os.tools.roi_engine.measures import discount_factors
from partnership_os.tools.roi_engine.risks import after_risks
from partnership_os.tools.roi_engine.sides import known_values

__all__ = ["npv_draws", "simulate", "wilson_interval"]

_BINS = 20
_Z = Decimal("1.959963984540054")
"""97.5 % quantile of the normal distribution: intervals at 95 %."""


def simulate(inputs: RoiInputs, unknown: tuple[str, ...]) -> Simulation:
    """Percentiles of NPV and the probability of a loss.

    Drivers with an interval are drawn from a triangular distribution, each by itself (no correlation is known);
    a risk strikes in a draw or not. The discount rate stays at its base: it prices the risk, and is not one.

    Args:
        inputs: Drivers, risks and the plan of the simulation.
        unknown: What NPV lacks; then nothing is drawn.
    """
    plan = inputs.simulation
    if plan is None:
        return Simulation(unavailable=Unavailable(reason=Reason.NOT_ASKED))
    if unknown:
        return Simulation(unavailable=Unavailable(reason=Reason.UNKNOWN_INPUTS, unknown=unknown))
    varied = varied_names(inputs)
    if not varied:
        return Simulation(unavailable=Unavailable(reason=Reason.NOTHING_VARIES))
    return Simulation(result=_summary(npv_draws(inputs, plan), plan, varied, inputs.plan.currency))


def varied_names(inputs: RoiInputs) -> tuple[str, ...]:
    """Drivers with an interval of some width, and ``risk.<name>`` of risks that are neither sure nor impossible."""
    drivers = [
        item.driver.value
        for item in inputs.assumptions
        if item.low is not None and item.low != item.high and item.driver is not Driver.DISCOUNT_RATE
    ]
    open_risks = [item for item in inputs.risks if item.likelihood is not None and 0 < item.likelihood < 1]
    return (*drivers, *(f"risk.{item.risk}" for item in open_risks if item.impact))


def npv_draws(inputs: RoiInputs, simulation: SimulationPlan) -> FloatArray:
    """NPV of each draw as a float in the plan's currency; every driver and risk that is needed must be known."""
    plan, runs = inputs.plan, simulation.runs
    arithmetic = Draws(runs)
    values = _driver_draws(inputs, simulation, arithmetic)
    lines = line_drivers(plan, tuple(item.driver for item in inputs.assumptions))
    occurring = {
        item.risk: np.where(
            uniforms(simulation.seed, f"risk.{item.risk}", runs) < float(item.likelihood or 0), 1.0, 0.0
        )
        for item in inputs.risks
    }
    flows = flow_lines(plan, values, tuple(lines), arithmetic)
    risked = after_risks(flows, plan.months + 1, inputs.risks, occurring, arithmetic)
    rate = known_values(inputs.assumptions)[Driver.DISCOUNT_RATE]
    factors = discount_factors(flow_days(plan), rate, plan.as_of)
    return sum_of([net * float(factor) for net, factor in zip(risked.net, factors, strict=True)], arithmetic)


def _driver_draws(inputs: RoiInputs, simulation: SimulationPlan, arithmetic: Draws) -> Mapping[Driver, FloatArray]:
    values = {}
    for item in inputs.assumptions:
        if item.base is None:
            continue
        if item.low is None or item.high is None:
            values[item.driver] = arithmetic.constant(item.base)
        else:
            uniform = uniforms(simulation.seed, item.driver.value, simulation.runs)
            values[item.driver] = triangular(uniform, item.low, item.base, item.high)
    return values


def _summary(draws: FloatArray, plan: SimulationPlan, varied: tuple[str, ...], currency: str) -> Simulated:
    mean = fsum(draws) / plan.runs
    variance = fsum((draws - mean) ** 2) / (plan.runs - 1)
    unit = float(minor_unit(currency))
    losses = int(np.count_nonzero(draws < -unit / 2))
    p5, p50, p95 = (_money(value, currency) for value in np.quantile(draws, [0.05, 0.5, 0.95], method="linear"))
    share, low, high = wilson_interval(losses, plan.runs)
    with exactly():
        error = (share * (1 - share) / plan.runs).sqrt()
    return Simulated(
        seed=plan.seed,
        runs=plan.runs,
        distribution="triangular",
        varied=varied,
        mean=_money(mean, currency),
        mean_standard_error=to_share(Decimal((variance / plan.runs) ** 0.5), 4),
        p5=p5,
        p50=p50,
        p95=p95,
        probability_of_loss=to_share(share),
        probability_standard_error=to_share(error),
        probability_low=to_share(low),
        probability_high=to_share(high),
        histogram=_histogram(draws, currency),
    )


def wilson_interval(hits: int, runs: int) -> tuple[Decimal, Decimal, Decimal]:
    """Share of hits and its 95 % score interval; at 0 and at 1 it keeps a width, which the standard error does not.

    Source: Wilson, Journal of the American Statistical Association 1927.
    """
    with exactly():
        share, square = Decimal(hits) / runs, _Z * _Z
        middle = (share + square / (2 * runs)) / (1 + square / runs)
        half = _Z / (1 + square / runs) * (share * (1 - share) / runs + square / (4 * runs * runs)).sqrt()
        return share, max(Decimal(0), middle - half), min(Decimal(1), middle + half)


def _histogram(draws: FloatArray, currency: str) -> Histogram:
    """Up to twenty bins of nearly equal width, whose edges are whole minor units around all draws."""
    with exactly():
        unit = minor_unit(currency)
        low = (Decimal(float(draws.min())) / unit).to_integral_value(ROUND_FLOOR)
        high = (Decimal(float(draws.max())) / unit).to_integral_value(ROUND_CEILING)
        high = max(high, low + 1)
        bins = min(_BINS, int(high - low))
        edges = [(low + (high - low) * place / bins).to_integral_value() * unit for place in range(bins + 1)]
    bounds = np.array([float(edge) for edge in edges])
    bounds[0], bounds[-1] = min(bounds[0], draws.min()), max(bounds[-1], draws.max())
    counts, _ = np.histogram(draws, bins=bounds)
    return Histogram(edges=tuple(edges), counts=tuple(int(count) for count in counts))


def _money(value: float, currency: str) -> Money:
    return to_money(Decimal(float(value)), currency)
