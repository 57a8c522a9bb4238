"""The report as a whole: one digest, one form, charts that say what the measures say, a label for every key."""

import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from partnership_os.errors import InputError
from partnership_os.governance.canonical import canonical_bytes, digest_of
from partnership_os.schemas.base import BilingualText, Money
from partnership_os.schemas.roi import (
    Assumption,
    Plan,
    RiskTarget,
    RoiInputs,
)
from partnership_os.schemas.roi_drivers import Driver, DriverUnit, Origin, PartnerDriver
from partnership_os.schemas.roi_report import Chart, ChartUnit, Reason, RoiReport, Unavailable
from partnership_os.tools.roi_engine.drivers import Line, PartnerLine
from partnership_os.tools.roi_engine.labels import label_of, reason_text
from partnership_os.tools.roi_engine.report import ENGINE, roi_report
from tests.tools.roi_engine.plans import (
    GOVERNMENT_LOSS,
    REFERRAL,
    assumption,
    government_loss,
    inputs,
    oracle,
    plan,
    risk,
    simulated,
)

SPREAD: dict[str, Any] = {**REFERRAL, "win_rate": ("0.1", "0.25", "0.35"), "cogs_share": ("0.25", "0.30", "0.45")}


def full() -> RoiReport:
    return roi_report(simulated(SPREAD, risks=(risk("cut", "volume", "0.2", "0.5"),)))


def charts_of(report: RoiReport) -> dict[str, Chart]:
    return {chart.key: chart for chart in report.charts}


def test_a_report_names_its_engine_inputs_and_day() -> None:
    asked = simulated(SPREAD)
    report = roi_report(asked)
    assert report.engine == ENGINE and report.inputs == asked
    assert report.input_digest == digest_of(asked)
    assert (report.currency, report.as_of) == ("SAR", asked.plan.as_of)
    changed = inputs({**REFERRAL, "win_rate": "0.26"})
    assert roi_report(changed).input_digest != roi_report(inputs(REFERRAL)).input_digest


def test_order_and_trailing_zeros_are_no_information() -> None:
    turned = {driver: f"{Decimal(value):f}" for driver, value in reversed(REFERRAL.items())}
    assert roi_report(inputs(turned)).input_digest == roi_report(inputs(REFERRAL)).input_digest


def test_a_report_survives_json_and_has_a_canonical_form() -> None:
    report = full()
    assert RoiReport.model_validate_json(report.model_dump_json()) == report
    assert canonical_bytes(RoiReport.model_validate_json(report.model_dump_json())) == canonical_bytes(report)


def test_two_processes_write_the_same_bytes(repository: Path) -> None:
    code = "from tests.tools.roi_engine.test_report import full; print(full().model_dump_json())"
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=repository, env={"PYTHONHASHSEED": seed}, capture_output=True, check=True
        )
        assert done.stdout.decode().strip() == full().model_dump_json()


def test_the_basis_marks_what_is_evidence_and_what_is_assumed() -> None:
    cited = assumption("win_rate", "0.25", source_id="ev_1")
    kept = tuple(item for item in inputs(REFERRAL).assumptions if item.driver != "win_rate")
    asked = RoiInputs(label="Test", plan=plan(), assumptions=(*kept, cited))
    with pytest.raises(InputError, match="ev_1"):
        roi_report(asked)
    basis = {item.driver.value: item for item in roi_report(asked, {"ev_1"}).basis}
    assert set(basis) == set(REFERRAL)
    assert basis["win_rate"].origin is Origin.EVIDENCE
    assert {item.origin for name, item in basis.items() if name != "win_rate"} == {Origin.ASSUMPTION}


def test_a_risk_may_cite_only_what_was_read() -> None:
    with pytest.raises(InputError, match="ev_9"):
        roi_report(inputs(REFERRAL, risks=(risk("cut", "volume", "0.2", "0.5", source_id="ev_9"),)))


def test_a_driver_without_use_is_refused() -> None:
    with pytest.raises(InputError, match="no use for monthly_churn"):
        roi_report(inputs({**GOVERNMENT_LOSS, "monthly_churn": "0.1"}, plan("government", "one_off")))


def test_figures_beyond_money_are_refused() -> None:
    huge = {**REFERRAL, "accounts_per_year": "10000000", "win_rate": "1", "average_deal_value": "1000000000000"}
    with pytest.raises(InputError, match="digits before the point"):
        roi_report(inputs(huge))


def test_cash_flow_charts_add_up() -> None:
    report = full()
    charts = charts_of(report)
    assert [chart.key for chart in report.charts] == ["cash_flows", "cumulative", "tornado", "npv_histogram"]
    bars = {row.key: row.values for row in charts["cash_flows"].series}
    days = len(charts["cash_flows"].categories)
    assert days == 25
    assert list(bars["net"]) == [flow.amount.amount for flow in report.economics.flows]
    for place in range(days):
        parts = sum(values[place] for key, values in bars.items() if key != "net")
        assert abs(parts - bars["net"][place]) <= Decimal("0.05")
    assert all(value <= 0 for key, values in bars.items() if key not in ("net", "net_revenue") for value in values)
    lines = {row.key: row.values for row in charts["cumulative"].series}
    assert abs(lines["cumulative"][-1] - sum(bars["net"])) <= Decimal("0.15")
    npv = report.economics.npv.value
    assert npv is not None and lines["cumulative_discounted"][-1] == npv.amount
    payback = report.economics.payback_on.value
    assert payback is not None
    at = charts["cumulative"].categories.index(payback.isoformat())
    assert lines["cumulative"][at - 1] < 0 <= min(lines["cumulative"][at:])


def test_tornado_and_histogram_charts_are_the_results() -> None:
    report = full()
    chart, bars = charts_of(report)["tornado"], report.tornado.bars
    assert chart.categories == tuple(bar.driver.value for bar in bars)
    rows = {row.key: row.values for row in chart.series}
    assert rows["npv_at_low"] == tuple(bar.npv_at_low.amount for bar in bars)
    assert rows["npv_at_high"] == tuple(bar.npv_at_high.amount for bar in bars)
    assert report.tornado.base is not None and chart.reference == report.tornado.base.amount
    result, histogram = report.simulation.result, charts_of(report)["npv_histogram"]
    assert result is not None
    assert histogram.categories == tuple(f"{edge:f}" for edge in result.histogram.edges)
    assert [int(value) for value in histogram.series[0].values] == list(result.histogram.counts)


def test_a_chart_whose_series_do_not_fit_is_refused() -> None:
    chart = charts_of(full())["cumulative"]
    with pytest.raises(ValidationError, match="another length"):
        Chart.model_validate({**chart.model_dump(), "categories": chart.categories[1:]})


def keys_of(report: RoiReport) -> Iterator[str]:
    for chart in report.charts:
        yield from (chart.key, chart.x_unit.value, chart.y_unit.value, *(row.key for row in chart.series))
    yield from (item.name for item in report.scenarios)
    yield from (part.line for part in report.economics.lines)
    yield from type(report.economics).model_fields.keys() - {"lines", "flows"}
    assert report.simulation.result is not None
    yield report.simulation.result.distribution
    yield from ("npv_before_risks", "probability_of_loss", "unknown")


def test_every_key_has_a_label_in_both_languages() -> None:
    enums = (Driver, PartnerDriver, Line, PartnerLine, DriverUnit, ChartUnit, Origin, RiskTarget)
    keys = {item.value for kind in enums for item in kind} | set(keys_of(full()))
    assert len(keys) > 70
    for key in sorted(keys):
        label = label_of(key)
        assert label.en.isascii() and any("\u0600" <= letter <= "\u06ff" for letter in label.ar), key


def test_every_reason_has_its_sentence() -> None:
    for reason in Reason:
        unknown = ("win_rate", "risk.cut") if reason is Reason.UNKNOWN_INPUTS else ()
        text = reason_text(Unavailable(reason=reason, unknown=unknown), (risk("cut", "volume", None, "1"),))
        assert text.en.endswith(".") and text.ar.endswith(".")
        assert any("\u0600" <= letter <= "\u06ff" for letter in text.ar)
        if unknown:
            assert (text.en, text.ar) == ("Unknown: Win rate, Risk cut.", "غير معروف: نسبة الفوز بالصفقات، خطر cut.")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"base": "1.2"}, "above 1"),
        ({"base": "-0.1"}, "greater than or equal to 0"),
        ({"base": 0.1}, "not a float"),
        ({"base": "NaN"}, "finite"),
        ({"unit": "money"}, "stated in share"),
        ({"currency": "SAR"}, "has a currency"),
        ({"low": "0.1"}, "both ends"),
        ({"low": "0.3", "high": "0.4"}, "does not hold"),
        ({"low": "0.1", "high": "0.4", "base": None}, "no interval"),
    ],
)
def test_figures_that_make_no_sense_are_refused(changes: dict[str, Any], message: str) -> None:
    fields = {"driver": "win_rate", "unit": "share", "base": "0.25"}
    with pytest.raises(ValidationError, match=message):
        Assumption.model_validate({**fields, **changes})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"likelihood": "1.1"}, "less than or equal to 1"),
        ({"likelihood": 0.5}, "not a float"),
        ({"impact": "-0.1"}, "greater than or equal to 0"),
        ({"impact": "1.1"}, "above 1"),
        ({"kind": "money", "month": 3}, "as a share"),
        ({"target": "cogs", "kind": "money"}, "stated month"),
        ({"month": 3}, "stated month"),
    ],
)
def test_a_risk_can_only_hurt_and_only_within_bounds(changes: dict[str, Any], message: str) -> None:
    good = risk("cut", "volume", "0.5", "0.5").model_dump()
    with pytest.raises(ValidationError, match=message):
        risk("cut", "volume", "0.5", "0.5").model_validate({**good, **changes})


def test_inputs_that_do_not_belong_together_are_refused() -> None:
    good = inputs(REFERRAL)
    twice = (*good.assumptions, good.assumptions[0])
    late = (risk("late", "cogs", "0.5", "100", month=25),)
    other = {"plan": plan(months=12), "figures": ()}
    base = {"name": "base", "label": {"en": "Base", "ar": "الأساس"}, "overrides": ()}
    foreign = (*good.assumptions[1:], assumption("average_deal_value", "1", currency="USD"))
    for changes, message in (
        ({"assumptions": twice}, "stated twice"),
        ({"risks": late}, "after the plan has ended"),
        ({"partner": other}, "same plan"),
        ({"scenarios": (base,)}, "choose another name"),
        ({"assumptions": tuple(item for item in foreign if item.currency != "SAR")}, "convert it first"),
    ):
        with pytest.raises(ValidationError, match=message):
            RoiInputs.model_validate({**{name: getattr(good, name) for name in RoiInputs.model_fields}, **changes})
    with pytest.raises(ValidationError, match="on or before"):
        Plan.model_validate({**plan().model_dump(), "as_of": "2026-02-01"})


def test_minor_units_follow_the_currency() -> None:
    npv = roi_report(oracle("distribution_one_off_kwd")).economics.npv.value
    assert npv == Money(amount=Decimal("14000.081"), currency="KWD")


def test_a_loss_is_shown_as_one() -> None:
    found = roi_report(government_loss()).economics
    assert found.contribution_margin_share.value is not None and found.contribution_margin_share.value < 0
    assert found.irr.unavailable is not None and found.irr.unavailable.reason is Reason.NO_SIGN_CHANGE


def test_labels_are_texts_of_the_house() -> None:
    assert label_of("npv") == BilingualText(en="Net present value", ar="صافي القيمة الحالية")
    with pytest.raises(KeyError):
        label_of("margin_of_error")
