"""Scenarios and the tornado."""

from decimal import Decimal
from typing import Any

import pytest

from partnership_os.errors import InputError
from partnership_os.schemas.roi_report import Reason
from partnership_os.tools.roi_engine.report import roi_report
from tests.tools.roi_engine.plans import GOVERNMENT_LOSS, REFERRAL, government_loss, inputs, plan

SPREAD: dict[str, Any] = {
    **REFERRAL,
    "win_rate": ("0.1", "0.25", "0.35"),
    "cogs_share": ("0.25", "0.30", "0.45"),
    "discount_rate": ("0.08", "0.10", "0.15"),
}


def scenario(name: str, **overrides: str) -> dict[str, Any]:
    return {
        "name": name,
        "label": {"en": name, "ar": name},
        "overrides": tuple({"driver": driver, "value": value} for driver, value in overrides.items()),
    }


def test_low_and_high_take_every_driver_to_its_ends() -> None:
    report = roi_report(inputs(SPREAD))
    named = {item.name: item for item in report.scenarios}
    assert list(named) == ["base", "low", "high"]
    assert {one.driver.value: str(one.value) for one in named["low"].overrides} == {
        "win_rate": "0.1", "cogs_share": "0.45", "discount_rate": "0.15"
    }  # fmt: skip
    assert {one.driver.value: str(one.value) for one in named["high"].overrides} == {
        "win_rate": "0.35", "cogs_share": "0.25", "discount_rate": "0.08"
    }  # fmt: skip
    assert named["base"].npv == report.economics.npv
    low = roi_report(inputs({**REFERRAL, "win_rate": "0.1", "cogs_share": "0.45", "discount_rate": "0.15"})).economics
    assert (named["low"].npv, named["low"].irr, named["low"].payback_on) == (low.npv, low.irr, low.payback_on)


def test_where_a_sale_loses_money_more_sales_are_the_low_scenario() -> None:
    values: dict[str, Any] = {**GOVERNMENT_LOSS, "accounts_per_year": ("6", "12", "24")}
    report = roi_report(inputs(values, plan("government", "one_off", months=12)))
    named = {item.name: item for item in report.scenarios}
    assert [str(one.value) for one in named["low"].overrides] == ["24"]
    amounts = [item.npv.value.amount for item in report.scenarios if item.npv.value is not None]
    assert amounts[1] < amounts[0] < amounts[2]


def test_stated_scenarios_follow_by_name() -> None:
    stated = (scenario("slow_start", ramp_months="12"), scenario("dear_leads", commission_share="0.2"))
    report = roi_report(inputs(REFERRAL, scenarios=stated))
    assert [item.name for item in report.scenarios] == ["base", "dear_leads", "slow_start"]
    expected = roi_report(inputs({**REFERRAL, "ramp_months": "12"})).economics.npv
    assert report.scenarios[2].npv == expected


def test_an_override_that_the_plan_cannot_use_is_refused() -> None:
    with pytest.raises(InputError, match="monthly_churn"):
        roi_report(government_loss(scenarios=(scenario("odd", monthly_churn="0.1"),)))


def test_bars_fall_by_swing_and_are_one_driver_each() -> None:
    report = roi_report(inputs(SPREAD))
    bars = report.tornado.bars
    swings = [bar.swing.amount for bar in bars]
    assert swings == sorted(swings, reverse=True) and len(bars) == 3
    assert report.tornado.base == report.economics.npv.value
    for bar in bars:
        for end, found in ((bar.low, bar.npv_at_low), (bar.high, bar.npv_at_high)):
            alone = {**REFERRAL, bar.driver.value: str(end)}
            assert roi_report(inputs(alone)).economics.npv.value == found
        assert abs(bar.npv_at_high.amount - bar.npv_at_low.amount) == pytest.approx(
            bar.swing.amount, abs=Decimal("0.01")
        )


def test_equal_swings_are_ordered_by_name() -> None:
    values: dict[str, Any] = {
        **REFERRAL,
        "manager_hours_per_month": ("20", "40", "60"),
        "manager_hourly_cost": ("75", "150", "225"),
        "average_deal_value": ("11999.99", "12000", "12000.01"),
    }
    bars = roi_report(inputs(values)).tornado.bars
    assert [bar.driver.value for bar in bars] == [
        "manager_hourly_cost", "manager_hours_per_month", "average_deal_value"
    ]  # fmt: skip
    assert bars[0].swing == bars[1].swing


def test_without_intervals_there_is_no_tornado() -> None:
    values: dict[str, Any] = {**REFERRAL, "win_rate": ("0.25", "0.25", "0.25")}
    report = roi_report(inputs(values))
    assert report.tornado.unavailable is not None
    assert report.tornado.unavailable.reason is Reason.NOTHING_VARIES
    assert [item.name for item in report.scenarios] == ["base"]


def test_an_interval_that_moves_nothing_makes_no_low_scenario() -> None:
    values: dict[str, Any] = {**REFERRAL, "accounts_per_year": "0", "win_rate": ("0.1", "0.2", "0.3")}
    report = roi_report(inputs(values))
    assert [bar.swing.amount for bar in report.tornado.bars] == [0]
    assert [item.name for item in report.scenarios] == ["base"]
