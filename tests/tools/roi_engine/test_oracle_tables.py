"""The engine against tables that it did not make: every cell and every result, to the minor unit."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from partnership_os.schemas.roi_report import Measure
from partnership_os.tools.roi_engine.arithmetic import to_money
from partnership_os.tools.roi_engine.measures import DatedFlow, discount_factors, net_present_value
from partnership_os.tools.roi_engine.rate_of_return import internal_rate
from partnership_os.tools.roi_engine.report import roi_report
from partnership_os.tools.roi_engine.scenarios import side_under
from tests.tools.roi_engine.oracles import spreadsheet
from tests.tools.roi_engine.plans import ORACLES, inputs, oracle, oracle_table, plan

NAMES = sorted(spreadsheet.CASES)
PUBLISHED = yaml.safe_load((ORACLES / "published.yaml").read_text(encoding="utf-8"))["cases"]


@pytest.mark.parametrize("name", NAMES)
def test_every_cell_of_the_flows(name: str) -> None:
    given, rows = oracle(name), oracle_table(name, "flows")
    side, currency = side_under(given, {}), given.plan.currency
    assert [day.isoformat() for day in side.days] == [row["day"] for row in rows]
    for line in side.missing:
        computed = [str(to_money(amount, currency).amount) for amount in side.lines[line]]
        assert computed == [row[line] for row in rows], line
    assert set(rows[0]) - set(side.missing) == {"day", "days", "won", "net", "factor", "present_value", "cumulative"}
    net = side.net_flows()
    assert [str(to_money(flow.amount, currency).amount) for flow in net] == [row["net"] for row in rows]
    assert side.rate is not None
    factors = discount_factors(side.days, side.rate, given.plan.as_of)
    assert [f"{factor:.12f}" for factor in factors] == [row["factor"] for row in rows]
    present = [flow.amount * factor for flow, factor in zip(net, factors, strict=True)]
    assert [str(to_money(amount, currency).amount) for amount in present] == [row["present_value"] for row in rows]


def shown(measure: Measure[Decimal] | Measure[date]) -> str:
    return "none" if measure.value is None else str(measure.value)


@pytest.mark.parametrize("name", NAMES)
def test_every_result(name: str) -> None:
    expected = {row["measure"]: row["value"] for row in oracle_table(name, "results")}
    rate = expected.pop("irr")
    report = roi_report(oracle(name)).economics
    computed = {part.line: str(part.total.value.amount) for part in report.lines if part.total.value is not None}
    for measure in ("total_cost", "contribution_margin", "npv"):
        money = getattr(report, measure).value
        computed[measure] = str(money.amount)
    computed["contribution_margin_share"] = shown(report.contribution_margin_share)
    computed["payback_on"] = shown(report.payback_on)
    computed["return_on_cost"] = shown(report.return_on_cost)
    assert computed == expected
    if rate == "none":
        assert report.irr.value is None
    else:
        assert report.irr.value is not None and abs(report.irr.value - Decimal(rate)) <= Decimal("1e-8")


@pytest.mark.parametrize("name", NAMES)
def test_the_tables_are_those_of_the_spreadsheet(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet, "CASES", {name: spreadsheet.CASES[name]})
    spreadsheet.write(tmp_path)
    written = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert written == {path: (ORACLES / path).read_bytes() for path in written} and len(written) == 2


def test_the_spreadsheet_knows_nothing_of_the_engine() -> None:
    assert "partnership_os" not in (ORACLES / "spreadsheet.py").read_text(encoding="utf-8")


def test_three_months_by_hand() -> None:
    """120 accounts a year are 10 a month; half are won: 5, in the first of two ramp months 2.5, at 1,000 each.

    Revenue 2,500 + 5,000 + 5,000; of it 20 % COGS and 10 % commission. A month also costs 1,200 / 12 MDF, 2,400 / 12
    support and 10 hours at 50: 800. Enablement 1,000 on day 0. Net: -1,000, 950, 2,700, 2,700.
    """
    values = {
        "accounts_per_year": "120", "win_rate": "0.5", "average_deal_value": "1000", "ramp_months": "2",
        "cogs_share": "0.2", "commission_share": "0.1", "mdf_per_year": "1200", "enablement_cost": "1000",
        "support_cost_per_year": "2400", "manager_hours_per_month": "10", "manager_hourly_cost": "50",
        "discount_rate": "0",
    }  # fmt: skip
    found = roi_report(inputs(values, plan("referral", "one_off", months=3))).economics
    assert [str(flow.amount.amount) for flow in found.flows] == ["-1000.00", "950.00", "2700.00", "2700.00"]
    assert found.contribution_margin.value == to_money(Decimal(5350), "SAR")
    assert found.npv.value == to_money(Decimal(5350), "SAR")
    assert found.contribution_margin_share.value == Decimal("0.428000")
    assert found.return_on_cost.value == Decimal("0.748252")  # 5,350 / 7,150
    assert found.payback_on.value == date(2026, 3, 31)


@pytest.mark.parametrize("case", PUBLISHED, ids=[case["name"] for case in PUBLISHED])
def test_published_examples(case: dict[str, Any]) -> None:
    flows = [DatedFlow(date.fromisoformat(day), Decimal(amount)) for day, amount in case["flows"]]
    npv = net_present_value(flows, Decimal(case["rate"]), flows[0].day)
    assert str(to_money(npv, "USD").amount) == case["npv"]
    rate = internal_rate(flows)
    assert (f"{rate:.9f}" if isinstance(rate, Decimal) else rate.value) == case["irr"]


def test_the_documented_rate_of_the_spreadsheets() -> None:
    flows = [DatedFlow(date.fromisoformat(day), Decimal(amount)) for day, amount in PUBLISHED[0]["flows"]]
    rate = internal_rate(flows)
    assert isinstance(rate, Decimal) and abs(rate - Decimal("0.373362535")) < Decimal("2e-9")
