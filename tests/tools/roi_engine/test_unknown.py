"""Unknown stays unknown: never 0, always with the reason and the names."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnership_os.schemas.roi_drivers import Driver
from partnership_os.schemas.roi_report import Economics, Measure, Reason
from partnership_os.tools.roi_engine.report import roi_report
from tests.tools.roi_engine.plans import REFERRAL, inputs, plan, risk, simulated

MEASURES = (
    "net_revenue", "total_cost", "contribution_margin", "contribution_margin_share", "npv", "irr", "payback_on",
    "discounted_payback_on", "return_on_cost",
)  # fmt: skip
VOLUME = {"accounts_per_year", "win_rate", "average_deal_value", "ramp_months", "monthly_churn"}
NEEDS_RATE = {"npv", "discounted_payback_on"}


def unknown_of(found: Economics, measure: str) -> tuple[str, ...]:
    item: Measure[Decimal] = getattr(found, measure)
    return () if item.unavailable is None else item.unavailable.unknown


def wanted(measure: str, gaps: set[str]) -> tuple[str, ...]:
    if measure == "net_revenue":
        gaps = gaps & VOLUME
    elif measure not in NEEDS_RATE:
        gaps = gaps - {"discount_rate"}
    return tuple(sorted(gaps))


@given(st.sets(st.sampled_from(sorted(REFERRAL)), min_size=1), st.booleans())
def test_every_measure_names_what_it_lacks(gaps: set[str], stated: bool) -> None:
    """Whether a driver is stated as unknown or not stated at all."""
    values: dict[str, str | tuple[str, str, str] | None] = {**REFERRAL}
    for gap in gaps:
        if stated:
            values[gap] = None
        else:
            del values[gap]
    report = roi_report(inputs(values))
    for measure in MEASURES:
        assert unknown_of(report.economics, measure) == wanted(measure, gaps), measure
    assert {item.driver.value for item in report.basis if item.base is None} == gaps
    lines = {part.line: part.total for part in report.economics.lines}
    assert (lines["net_revenue"].value is None) == bool(gaps & VOLUME)
    assert (lines["mdf"].value is None) == ("mdf_per_year" in gaps)


@pytest.mark.parametrize("gap", sorted(REFERRAL))
def test_nothing_else_is_made_of_an_unknown(gap: str) -> None:
    values: dict[str, str | tuple[str, str, str] | None] = {**REFERRAL, gap: None}
    for driver in ("win_rate", "cogs_share"):
        if driver != gap:
            values[driver] = ("0.1", str(REFERRAL[driver]), "0.5")
    report = roi_report(simulated(values))
    expected = (gap,)
    assert report.npv_before_risks.unavailable is not None and report.npv_before_risks.unavailable.unknown == expected
    assert report.tornado.bars == () and report.tornado.unavailable is not None
    assert report.tornado.unavailable.unknown == expected
    assert report.simulation.result is None and report.simulation.unavailable is not None
    assert report.simulation.unavailable.unknown == expected
    assert [item.name for item in report.scenarios] == ["base"]
    keys = {chart.key for chart in report.charts}
    assert keys == ({"cash_flows", "cumulative"} if gap == "discount_rate" else set())
    assert (report.economics.flows == ()) == (gap != "discount_rate")


def test_a_zero_is_known() -> None:
    found = roi_report(inputs({**REFERRAL, "mdf_per_year": "0", "commission_share": "0"})).economics
    assert {part.line: str(part.total.value) for part in found.lines}["mdf"] == "0.00 SAR"
    assert found.npv.value is not None


def test_a_share_of_no_revenue_and_a_return_on_no_cost_say_why() -> None:
    found = roi_report(inputs({**REFERRAL, "accounts_per_year": "0"})).economics
    assert found.contribution_margin.value is not None and found.contribution_margin.value.amount < 0
    assert found.contribution_margin_share.unavailable is not None
    assert found.contribution_margin_share.unavailable.reason is Reason.REVENUE_NOT_POSITIVE
    nothing = {driver: "0" for driver in REFERRAL}
    found = roi_report(inputs(nothing)).economics
    assert found.return_on_cost.unavailable is not None
    assert found.return_on_cost.unavailable.reason is Reason.NO_COST
    assert found.npv.value is not None and found.npv.value.amount == 0


def test_a_scenario_may_state_what_is_unknown() -> None:
    scenario = {
        "name": "if_known",
        "label": {"en": "If known", "ar": "إن عُرف"},
        "overrides": ({"driver": "win_rate", "value": "0.25"},),
    }
    report = roi_report(inputs({**REFERRAL, "win_rate": None}, scenarios=(scenario,)))
    results = {item.name: item for item in report.scenarios}
    assert results["base"].npv.value is None
    assert results["if_known"].npv == roi_report(inputs(REFERRAL)).economics.npv


def test_a_risk_with_no_impact_on_any_line_needs_no_knowledge() -> None:
    """A share of a cost that the deal has not is a share of nothing."""
    found = roi_report(inputs(REFERRAL, risks=(risk("late", "investment", None, "0.5"),))).economics
    assert found.npv == roi_report(inputs(REFERRAL)).economics.npv


def test_a_driver_that_the_type_lacks_joins_when_it_is_given() -> None:
    found = roi_report(inputs({**REFERRAL, "investment": None}, plan())).economics
    assert unknown_of(found, "npv") == (Driver.INVESTMENT.value,)
    assert unknown_of(found, "contribution_margin") == ()
