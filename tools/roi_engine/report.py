"""The door of the engine: inputs in, report out. Same inputs, same bytes."""

from collections.abc import Collection

from partnership_os.errors import InputError
from partnership_os.governance.canonical import digest_of
from partnership_os.schemas.roi import Assumption, PartnerFigure, PartnerInputs, RoiInputs
from partnership_os.schemas.roi_drivers import UNITS, Driver, PartnerDriver
from partnership_os.schemas.roi_report import PartnerRoiReport, RoiReport
from partnership_os.schemas.term_sheet import PartnerTermSheet
from partnership_os.tools.roi_engine.charts import flow_charts, histogram_chart, tornado_chart
from partnership_os.tools.roi_engine.drivers import line_drivers, partner_line_drivers
from partnership_os.tools.roi_engine.economics import economics, exact_npv, npv_measure
from partnership_os.tools.roi_engine.scenarios import scenario_results, side_under
from partnership_os.tools.roi_engine.sensitivity import swings_of, tornado
from partnership_os.tools.roi_engine.sides import known_values, our_side, partner_side
from partnership_os.tools.roi_engine.simulation import simulate
from partnership_os.tools.roi_engine.sources import check_cited, check_sheet_terms, currency_of

__all__ = ["ENGINE", "partner_report", "roi_report"]

ENGINE = "roi-engine 1"
"""Raised with every change that can change a number."""


def roi_report(
    inputs: RoiInputs, evidence_ids: Collection[str] = (), sheet: PartnerTermSheet | None = None
) -> RoiReport:
    """Compute everything about one plan. Pure: nothing is read, stored or sent.

    Args:
        inputs: Plan, drivers, risks, scenarios; private to us.
        evidence_ids: Ids of the evidence of this run; a figure or risk may cite no other.
        sheet: The term sheet that figures may cite.

    Raises:
        InputError: a source that is not there, a figure that differs from the sheet which it cites, a driver that the
            plan has no use for, or a result too large for an amount of money.
    """
    plan = inputs.plan
    check_cited((*inputs.assumptions, *inputs.risks), evidence_ids, sheet)
    check_sheet_terms(inputs.assumptions, sheet)
    given = tuple(item.driver for item in inputs.assumptions)
    overridden = tuple(one.driver for item in inputs.scenarios for one in item.overrides)
    _check_used((*given, *overridden), {*_needed(inputs), Driver.DISCOUNT_RATE})
    base = side_under(inputs, {})
    swings = swings_of(inputs.assumptions, lambda driver, value: exact_npv(side_under(inputs, {driver: value})))
    unknown = base.unknown(rate=True)
    bars = tornado(exact_npv(base), unknown, swings, plan.currency)
    simulation = simulate(inputs, unknown)
    optional = (tornado_chart(bars), histogram_chart(simulation.result))
    return RoiReport(
        engine=ENGINE,
        input_digest=digest_of(inputs),
        currency=plan.currency,
        as_of=plan.as_of,
        inputs=inputs,
        basis=_basis(inputs),
        economics=economics(base),
        npv_before_risks=npv_measure(our_side(plan, known_values(inputs.assumptions), given, ())),
        scenarios=scenario_results(inputs, swings),
        tornado=bars,
        simulation=simulation,
        charts=(*flow_charts(base), *(chart for chart in optional if chart is not None)),
        partner=None if inputs.partner is None else partner_report(inputs.partner, evidence_ids, sheet),
    )


def partner_report(
    inputs: PartnerInputs, evidence_ids: Collection[str] = (), sheet: PartnerTermSheet | None = None
) -> PartnerRoiReport:
    """The partner's side, as far as known. It takes nothing of ours, so it can show nothing of ours.

    Args:
        inputs: What both sides can see.
        evidence_ids: Ids of the evidence of this run.
        sheet: The sheet whose terms the figures cite.

    Raises:
        InputError: as `roi_report`.
    """
    check_cited(inputs.figures, evidence_ids, sheet)
    check_sheet_terms(inputs.figures, sheet)
    given = {figure.driver: figure for figure in inputs.figures}
    lines = partner_line_drivers(inputs.plan, tuple(given))
    needed = {driver for drivers in lines.values() for driver in drivers} | {PartnerDriver.PARTNER_DISCOUNT_RATE}
    _check_used(tuple(given), needed)
    side = partner_side(inputs)
    return PartnerRoiReport(
        engine=ENGINE,
        input_digest=digest_of(inputs),
        plan=inputs.plan,
        basis=tuple(given.get(driver) or _unknown_figure(driver, inputs.plan.currency) for driver in sorted(needed)),
        economics=economics(side),
        charts=flow_charts(side),
    )


def _needed(inputs: RoiInputs) -> set[Driver]:
    stated = [item.driver for item in inputs.assumptions]
    overridden = [one.driver for item in inputs.scenarios for one in item.overrides]
    lines = line_drivers(inputs.plan, (*stated, *overridden))
    return {driver for drivers in lines.values() for driver in drivers}


def _basis(inputs: RoiInputs) -> tuple[Assumption, ...]:
    """Every driver of the base case by name; what was not given is unknown."""
    given = {item.driver: item for item in inputs.assumptions}
    lines = line_drivers(inputs.plan, tuple(given))
    needed = {driver for drivers in lines.values() for driver in drivers} | {Driver.DISCOUNT_RATE}
    return tuple(
        given.get(driver)
        or Assumption(
            driver=driver,
            unit=UNITS[driver.value],
            currency=currency_of(driver, inputs.plan.currency),
            base=None,
        )
        for driver in sorted(needed)
    )


def _unknown_figure(driver: PartnerDriver, currency: str) -> PartnerFigure:
    return PartnerFigure(driver=driver, unit=UNITS[driver.value], currency=currency_of(driver, currency), value=None)


def _check_used(drivers: Collection[Driver | PartnerDriver], needed: Collection[Driver | PartnerDriver]) -> None:
    for driver in sorted(drivers):
        if driver not in needed:
            raise InputError(
                f"This plan has no use for {driver.value}.",
                fix="Leave it out, or choose the partnership type and kind of revenue that it belongs to.",
                driver=driver.value,
            )
