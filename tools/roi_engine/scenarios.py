"""Scenarios: sets of overrides, ours and the two that the intervals themselves make."""

from collections.abc import Mapping
from decimal import Decimal

from partnership_os.schemas.roi import Override, RoiInputs
from partnership_os.schemas.roi_drivers import Driver
from partnership_os.schemas.roi_report import ScenarioResult
from partnership_os.tools.roi_engine.economics import economics
from partnership_os.tools.roi_engine.sensitivity import Swing
from partnership_os.tools.roi_engine.sides import Side, known_values, our_side

__all__ = ["scenario_results", "side_under"]


def side_under(inputs: RoiInputs, overrides: Mapping[Driver, Decimal]) -> Side:
    """Our side with some drivers at other values; an override may also make an unknown driver known."""
    given = dict.fromkeys([*(item.driver for item in inputs.assumptions), *overrides])
    values = {**known_values(inputs.assumptions), **overrides}
    return our_side(inputs.plan, values, tuple(given), inputs.risks)


def scenario_results(inputs: RoiInputs, swings: tuple[Swing, ...]) -> tuple[ScenarioResult, ...]:
    """Base; low and high where drivers have intervals; then the stated scenarios by name.

    Low takes every driver to that end of its interval at which NPV is lower when it alone moves, high to the other:
    which end hurts is computed, because where a sale loses money fewer sales are better. A driver that moves nothing
    keeps its base.
    """
    named: list[tuple[str, dict[Driver, Decimal]]] = [("base", {})]
    moving = [swing for swing in swings if swing.at_low != swing.at_high]
    if moving:
        named.append(("low", {swing.driver: swing.worse_end for swing in moving}))
        named.append(("high", {swing.driver: swing.better_end for swing in moving}))
    named += [(item.name, {one.driver: one.value for one in item.overrides}) for item in inputs.scenarios]
    return tuple(_result(inputs, name, overrides) for name, overrides in named)


def _result(inputs: RoiInputs, name: str, overrides: Mapping[Driver, Decimal]) -> ScenarioResult:
    found = economics(side_under(inputs, overrides))
    listed = sorted(overrides.items(), key=lambda pair: pair[0].value)
    return ScenarioResult(
        name=name,
        overrides=tuple(Override(driver=driver, value=value) for driver, value in listed),
        net_revenue=found.net_revenue,
        contribution_margin=found.contribution_margin,
        npv=found.npv,
        irr=found.irr,
        payback_on=found.payback_on,
    )
