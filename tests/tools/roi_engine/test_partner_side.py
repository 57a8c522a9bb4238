"""Their side, as far as known: our payments mirrored, nothing of ours shown, no limit among its inputs."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from partnership_os.agents.playbook import load_playbook, terms_of
from partnership_os.errors import InputError
from partnership_os.schemas.base import BilingualText
from partnership_os.schemas.partnership import PartnershipType
from partnership_os.schemas.roi import PartnerFigure, PartnerInputs, RevenueKind
from partnership_os.schemas.roi_drivers import SHEET_ONLY, UNITS, Driver, PartnerDriver
from partnership_os.schemas.roi_report import PartnerRoiReport
from partnership_os.schemas.stamp import AnalystKind, AnalystStamp
from partnership_os.schemas.term_sheet import Clause, ClauseGroup, PartnerTermSheet, Party, TermUnit, TermValue
from partnership_os.tools.roi_engine.report import partner_report, roi_report
from partnership_os.tools.roi_engine.sources import assumptions_of_sheet, currency_of, partner_figures_of_sheet
from tests.tools.roi_engine.plans import REFERRAL, assumption, inputs, partner, plan

TEXT = BilingualText(en="Economics", ar="الشروط المالية")
SHARED = ("accounts_per_year", "win_rate", "average_deal_value", "ramp_months", "monthly_churn")
THEIR_COSTS = {
    "partner_sales_cost_per_year": "30000",
    "partner_marketing_per_year": "36000",
    "partner_enablement_cost": "20000",
    "partner_discount_rate": "0.12",
}


def sheet_of(**terms: str | tuple[str, str]) -> PartnerTermSheet:
    """A sheet in SAR with these terms: a share or count as a string, money as (amount, currency)."""
    values = tuple(
        TermValue(name=name, unit=TermUnit.MONEY, number=Decimal(value[0]), currency=value[1])
        if isinstance(value, tuple)
        else TermValue(name=name, unit=TermUnit.SHARE if "." in value else TermUnit.MONTHS, number=Decimal(value))
        for name, value in terms.items()
    )
    return PartnerTermSheet(
        sheet_id="ts_1",
        version=1,
        thread_id="t1",
        partnership_type=PartnershipType.REFERRAL,
        need_id="nd_1",
        company_id="co_1",
        us=Party(name="Example Software"),
        them=Party(name="Example Partner"),
        currency="SAR",
        drafted_on=date(2026, 1, 15),
        clauses=(Clause(clause_id="economics", group=ClauseGroup.ECONOMICS, title=TEXT, text=TEXT, terms=values),),
        cover_note=TEXT,
        playbook_version="1",
        made_by=AnalystStamp(analyst=AnalystKind.RULES, engine="test"),
    )


SHEET = sheet_of(commission_share="0.10", commission_months="12", mdf_per_year=("36000", "SAR"))


def their_inputs(**changes: str | None) -> PartnerInputs:
    values: dict[str, str | None] = {name: REFERRAL[name] for name in SHARED}
    values |= {"commission_share": "0.10", "commission_months": "12", "mdf_per_year": "36000"}
    return partner({**values, **THEIR_COSTS, **changes}, plan())


def lines_of(report: PartnerRoiReport) -> dict[str, str]:
    return {part.line: str(part.total.value) for part in report.economics.lines}


def test_what_we_pay_is_what_they_earn() -> None:
    ours = {part.line: part.total for part in roi_report(inputs(REFERRAL)).economics.lines}
    theirs = {part.line: part.total for part in partner_report(their_inputs(), (), SHEET).economics.lines}
    assert theirs["commission_income"] == ours["commission"]
    assert theirs["mdf_income"] == ours["mdf"]
    assert theirs["commission_income"].value is not None and theirs["commission_income"].value.amount > 0


def test_a_discount_is_their_margin() -> None:
    frame = plan("distribution", "one_off", months=12)
    shared = {"accounts_per_year": "24", "win_rate": "0.5", "average_deal_value": "1000", "ramp_months": "0"}
    figures = partner({**shared, "discount_share": "0.25", "mdf_per_year": "1200"}, frame)
    report = partner_report(figures, (), sheet_of(reseller_margin="0.25", mdf_per_year=("1200", "SAR")))
    assert lines_of(report)["resale_margin"] == "3,000.00 SAR"
    assert lines_of(report)["mdf_income"] == "1,200.00 SAR"


def test_their_measures_by_hand() -> None:
    """One deal of 12,000 a month at 10 %: 1,200 a month for a year; costs of 600 a month, and 1,200 once."""
    frame = plan("referral", "one_off", months=12)
    values = {
        "accounts_per_year": "12", "win_rate": "1", "average_deal_value": "12000", "ramp_months": "0",
        "commission_share": "0.10", "mdf_per_year": "0", "partner_sales_cost_per_year": "4800",
        "partner_marketing_per_year": "2400", "partner_enablement_cost": "1200", "partner_discount_rate": "0",
    }  # fmt: skip
    sheet = sheet_of(commission_share="0.10", mdf_per_year=("0", "SAR"))
    found = partner_report(partner(values, frame), (), sheet).economics
    assert str(found.net_revenue.value) == "14,400.00 SAR"
    assert str(found.contribution_margin.value) == str(found.npv.value) == "6,000.00 SAR"
    assert found.contribution_margin_share.value == Decimal("0.416667")
    assert found.payback_on.value == date(2026, 3, 31)


def test_what_is_not_known_about_them_stays_unknown() -> None:
    report = partner_report(their_inputs(partner_sales_cost_per_year=None, partner_discount_rate=None), (), SHEET)
    found = report.economics
    assert found.net_revenue.value is not None
    assert found.contribution_margin.unavailable is not None
    assert found.contribution_margin.unavailable.unknown == ("partner_sales_cost_per_year",)
    assert found.npv.unavailable is not None
    assert found.npv.unavailable.unknown == ("partner_discount_rate", "partner_sales_cost_per_year")
    assert (found.flows, report.charts) == ((), ())
    assert {item.driver.value for item in report.basis if item.value is None} == set(found.npv.unavailable.unknown)


def test_our_figures_change_nothing_on_their_side() -> None:
    """All that is ours alone may change: not a byte of theirs does."""
    seen = set()
    for cost in ("0.11", "0.47"):
        private: dict[str, Any] = {**REFERRAL, "cogs_share": cost, "manager_hourly_cost": cost, "discount_rate": cost}
        private["commission_share"] = ("0.05", "0.13", "0.20")
        report = roi_report(inputs(private, partner=their_inputs()), (), SHEET)
        assert report.partner is not None
        seen.add(report.partner.model_dump_json())
    assert seen == {partner_report(their_inputs(), (), SHEET).model_dump_json()}


def test_their_types_have_no_place_for_ours() -> None:
    private = {"cogs_share", "support_cost_per_year", "enablement_cost", "manager_hours_per_month",
               "manager_hourly_cost", "discount_rate", "investment"}  # fmt: skip
    assert not private & {driver.value for driver in PartnerDriver}
    assert private == {driver.value for driver in Driver} - {driver.value for driver in PartnerDriver}
    assert not {"low", "high", "base"} & set(PartnerFigure.model_fields)
    assert set(PartnerInputs.model_fields) == {"schema_version", "plan", "figures"}


@pytest.mark.parametrize("driver", sorted(SHEET_ONLY))
def test_a_term_without_a_sheet_is_refused(driver: PartnerDriver) -> None:
    for source in (None, "ev_1"):
        with pytest.raises(ValidationError, match="comes from a term sheet"):
            PartnerFigure(
                driver=driver,
                unit=UNITS[driver.value],
                currency=currency_of(driver, "SAR"),
                source_id=source,
                value=Decimal("0.5"),
            )


def limits() -> Iterator[tuple[str, str, Decimal]]:
    """Every number of every playbook that the opening does not state, for the terms that the engine reads."""
    names = {"commission_share": "commission_share", "commission_months": "commission_months",
             "mdf_per_year": "mdf_per_year"}  # fmt: skip
    for name, (_, term) in terms_of(load_playbook(PartnershipType.REFERRAL)).items():
        if name in names:
            for value in (term.ideal, term.fallback, term.walk_away):
                if isinstance(value, Decimal):
                    yield name, names[name], value


@pytest.mark.parametrize(("term", "driver", "limit"), list(limits()))
def test_a_limit_cannot_pass_for_a_term(term: str, driver: str, limit: Decimal) -> None:
    stated = {"commission_share": "0.10", "commission_months": "6", "mdf_per_year": ("36000", "SAR")}
    sheet = sheet_of(**stated)  # type: ignore[arg-type]
    values = {"commission_share": "0.10", "commission_months": "6", "mdf_per_year": "36000", driver: str(limit)}
    with pytest.raises(InputError, match="is not what it states") as refused:
        partner_report(their_inputs(**values), (), sheet)
    shown = str(refused.value.as_dict())
    assert f"{limit:f}" not in shown


def test_citing_another_sheet_is_refused() -> None:
    with pytest.raises(InputError, match="ts_1"):
        partner_report(their_inputs(), (), None)
    with pytest.raises(InputError, match="ts_2"):
        partner_report(partner({"commission_share": "0.10"}, plan(), sheet_id="ts_2"), (), SHEET)


def test_terms_are_read_from_a_sheet() -> None:
    theirs = {item.driver.value: str(item.value) for item in partner_figures_of_sheet(SHEET, RevenueKind.RECURRING)}
    assert theirs == {"commission_share": "0.10", "commission_months": "12", "mdf_per_year": "36000"}
    ours = assumptions_of_sheet(SHEET, RevenueKind.ONE_OFF)
    assert {item.driver.value: str(item.base) for item in ours} == {"commission_share": "0.10", "mdf_per_year": "36000"}
    assert {item.source_id for item in ours} == {"ts_1"}
    strategic = sheet_of(
        partner_revenue_share="0.35", our_investment=("400000", "SAR"), partner_investment=("600000", "SAR")
    )
    kept = {item.driver.value: str(item.base) for item in assumptions_of_sheet(strategic, RevenueKind.RECURRING)}
    assert kept == {"commission_share": "0.35", "investment": "400000"}
    figures = {item.driver.value for item in partner_figures_of_sheet(strategic, RevenueKind.RECURRING)}
    assert figures == {"commission_share", "partner_investment"}


def test_our_own_figure_that_cites_the_sheet_is_its_value_and_no_interval() -> None:
    cited = {"source_id": "ts_1"}
    for stated in (
        assumption("commission_share", "0.12", **cited),
        assumption("commission_share", "0.10", "0.08", "0.2", **cited),
    ):
        kept = tuple(item for item in inputs(REFERRAL).assumptions if item.driver != "commission_share")
        asked = inputs(REFERRAL).model_copy(update={"assumptions": (*kept, stated)})
        with pytest.raises(InputError, match="commission_share cites"):
            roi_report(asked, (), SHEET)
