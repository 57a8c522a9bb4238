"""The flows: dates, ramp, cohorts, and which way each driver pushes."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnership_os.schemas.partnership import PartnershipType
from partnership_os.schemas.roi import Plan, RevenueKind
from partnership_os.tools.roi_engine.arithmetic import EXACT, exactly
from partnership_os.tools.roi_engine.cash_flows import Sales, commissioned_revenue, flow_days, monthly_revenue
from partnership_os.tools.roi_engine.drivers import Line, line_drivers
from partnership_os.tools.roi_engine.economics import exact_npv
from partnership_os.tools.roi_engine.scenarios import side_under
from tests.tools.roi_engine.plans import REFERRAL, government_loss, inputs, plan


def sales(**changes: str | None) -> Sales[Decimal]:
    fields = {"accounts_per_year": "120", "win_rate": "0.5", "deal_value": "1200", "ramp_months": "4", "churn": "0.1"}
    given_fields = {**fields, **changes}
    return Sales(**{name: None if value is None else Decimal(value) for name, value in given_fields.items()})  # type: ignore[arg-type]


def test_days_end_with_the_month_where_it_is_short() -> None:
    frame = plan(months=13)
    days = flow_days(frame)
    assert days[:3] == (date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31))
    assert days[13] == date(2027, 2, 28)
    leap = frame.model_copy(update={"starts_on": date(2027, 11, 30)})
    assert flow_days(leap)[3] == date(2028, 2, 29)


def test_the_ramp_is_linear_and_ends() -> None:
    with exactly():
        revenue = monthly_revenue(sales(churn=None), 6, EXACT)
    assert revenue == [0, 1500, 3000, 4500, 6000, 6000, 6000]


def test_no_ramp_is_full_reach_at_once() -> None:
    with exactly():
        assert monthly_revenue(sales(churn=None, ramp_months="0"), 2, EXACT) == [0, 6000, 6000]


def test_customers_stay_pay_and_leave() -> None:
    with exactly():
        revenue = monthly_revenue(sales(ramp_months="0"), 3, EXACT)
    assert revenue == [0, 500, 950, 1355]  # 5; 4.5 + 5; 4.05 + 4.5 + 5 customers, 100 a month each


def test_commission_ends_for_each_customer_by_themselves() -> None:
    with exactly():
        steady = sales(ramp_months="0", churn="0")
        assert commissioned_revenue(steady, Decimal(2), 4, EXACT) == [0, 500, 1000, 1000, 1000]
        assert commissioned_revenue(steady, Decimal("1.5"), 3, EXACT) == [0, 500, 750, 750]
        assert commissioned_revenue(steady, Decimal(0), 2, EXACT) == [0, 0, 0]
        assert commissioned_revenue(steady, None, 2, EXACT) == monthly_revenue(steady, 2, EXACT)


@given(st.integers(1, 24), st.decimals(0, 1, places=3), st.decimals(0, 30, places=1))
def test_commission_is_never_on_more_than_revenue(months: int, churn: Decimal, paid: Decimal) -> None:
    with exactly():
        everything = monthly_revenue(sales(churn=str(churn)), months, EXACT)
        part = commissioned_revenue(sales(churn=str(churn)), paid, months, EXACT)
        assert all(one <= other + Decimal("1e-40") for one, other in zip(part, everything, strict=True))
        if paid >= months:
            assert all(abs(one - other) < Decimal("1e-40") for one, other in zip(part, everything, strict=True))


WORSE_WHEN_HIGHER = sorted(
    set(REFERRAL) - {"accounts_per_year", "win_rate", "average_deal_value", "ramp_months", "monthly_churn"}
)


@pytest.mark.parametrize("driver", WORSE_WHEN_HIGHER)
@given(factor=st.decimals("1.001", "2", places=3))
def test_a_higher_cost_is_worth_less(driver: str, factor: Decimal) -> None:
    base = exact_npv(side_under(inputs(REFERRAL), {}))
    higher = min(Decimal(REFERRAL[driver]) * factor, Decimal(120 if driver == "commission_months" else 10**9))
    worse = exact_npv(side_under(inputs({**REFERRAL, driver: str(higher)}), {}))
    assert base is not None and worse is not None and worse < base


@pytest.mark.parametrize("driver", ["accounts_per_year", "win_rate", "average_deal_value"])
@given(factor=st.decimals("1.001", "3", places=3))
def test_more_sales_are_worth_more_only_where_a_sale_earns(driver: str, factor: Decimal) -> None:
    for asked, sign in ((inputs(REFERRAL), 1), (government_loss(), -1)):
        base = exact_npv(side_under(asked, {}))
        value = next(item.base for item in asked.assumptions if item.driver == driver)
        assert value is not None
        with exactly():
            more = exact_npv(
                side_under(asked, {item.driver: value * factor for item in asked.assumptions if item.driver == driver})
            )
        assert base is not None and more is not None and (more - base) * sign > 0


def test_a_longer_ramp_and_more_churn_are_worth_less() -> None:
    for driver, values in (("ramp_months", ("0", "1", "3", "9", "24")), ("monthly_churn", ("0", "0.01", "0.1", "1"))):
        worths = [exact_npv(side_under(inputs({**REFERRAL, driver: value}), {})) for value in values]
        assert all(one is not None and other is not None and one >= other for one, other in pairwise(worths)), driver
        assert worths[0] != worths[-1]


@pytest.mark.parametrize(
    ("kind", "revenue", "expected"),
    [
        ("referral", "one_off", {"commission", "mdf"}),
        ("distribution", "recurring", {"partner_discount", "mdf"}),
        ("technology", "recurring", {"commission", "mdf"}),
        ("strategic", "recurring", {"commission", "investment"}),
        ("government", "one_off", {"partner_discount", "investment"}),
    ],
)
def test_each_type_has_the_lines_of_its_playbook(kind: str, revenue: str, expected: set[str]) -> None:
    frame: Plan = plan(kind, revenue)
    lines = line_drivers(frame)
    always = {"net_revenue", "cogs", "enablement", "direct_support", "manager_cost"}
    assert {line.value for line in lines} == always | expected
    needs_churn = "monthly_churn" in {driver.value for driver in lines[Line.NET_REVENUE]}
    assert needs_churn == (frame.revenue_kind is RevenueKind.RECURRING)
    if Line.COMMISSION in lines:
        for_a_time = kind in ("referral", "technology") and revenue == "recurring"
        assert ("commission_months" in {driver.value for driver in lines[Line.COMMISSION]}) == for_a_time


def test_every_type_is_covered() -> None:
    for kind in PartnershipType:
        assert len(line_drivers(plan(kind.value))) == 7
