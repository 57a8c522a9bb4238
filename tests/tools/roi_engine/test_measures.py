"""NPV, payback and rounding."""

from datetime import date, timedelta
from decimal import Decimal, getcontext, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnership_os.errors import InputError
from partnership_os.schemas.roi_report import Reason
from partnership_os.tools.roi_engine.arithmetic import exactly, to_money, to_share
from partnership_os.tools.roi_engine.measures import (
    DatedFlow,
    discount_factors,
    discounted,
    net_present_value,
    payback_day,
)
from tests.tools.roi_engine.plans import dated_flows, rates

START = date(2026, 1, 1)


def flows_of(*amounts: int) -> list[DatedFlow]:
    return [DatedFlow(START + timedelta(30 * place), Decimal(amount)) for place, amount in enumerate(amounts)]


@given(dated_flows(), rates, st.integers(-50, 50))
def test_npv_is_linear(flows: list[DatedFlow], rate: Decimal, factor: int) -> None:
    with exactly():
        scaled = [DatedFlow(flow.day, flow.amount * factor) for flow in flows]
        npv = net_present_value(flows, rate, START)
        assert abs(net_present_value(scaled, rate, START) - npv * factor) < Decimal("1e-30")
        assert abs(net_present_value([*flows, *scaled], rate, START) - npv * (1 + factor)) < Decimal("1e-30")


@given(dated_flows(), rates, st.integers(0, 7), st.decimals(min_value="0.01", max_value=1000, places=2))
def test_more_money_is_worth_more(flows: list[DatedFlow], rate: Decimal, place: int, more: Decimal) -> None:
    place %= len(flows)
    richer = [*flows]
    richer[place] = DatedFlow(flows[place].day, flows[place].amount + more)
    assert net_present_value(richer, rate, START) > net_present_value(flows, rate, START)


def test_without_a_rate_npv_is_the_sum() -> None:
    assert net_present_value(flows_of(-100, 40, 70), Decimal(0), START) == 10


def test_days_before_the_valuation_are_compounded() -> None:
    past = [DatedFlow(START - timedelta(365), Decimal(100))]
    assert net_present_value(past, Decimal("0.1"), START) == Decimal("110.0")


@pytest.mark.parametrize("rate", ["-1", "-1.5"])
def test_a_rate_that_loses_everything_is_refused(rate: str) -> None:
    with pytest.raises(ValueError, match="above -1"):
        discount_factors([START], Decimal(rate), START)


def test_the_context_of_the_caller_changes_nothing() -> None:
    flows = flows_of(-100, 33, 33, 77)
    wanted = net_present_value(flows, Decimal("0.07"), START)
    with localcontext() as context:
        context.prec = 5
        assert net_present_value(flows, Decimal("0.07"), START) == wanted
        assert getcontext().prec == 5


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        ((-100, 60, 40), 2),
        ((-100, 60, 39), Reason.NOT_PAID_BACK),
        ((-100, 120, -30, 20), 3),  # a later dip postpones the day
        ((-100, 120, -30, 5), Reason.NOT_PAID_BACK),
        ((100, -60, -40), Reason.NOTHING_TO_PAY_BACK),
        ((0, 0), Reason.NOTHING_TO_PAY_BACK),
        ((), Reason.NOTHING_TO_PAY_BACK),
    ],
)
def test_payback(amounts: tuple[int, ...], expected: int | Reason) -> None:
    flows = flows_of(*amounts)
    assert payback_day(flows) == (expected if isinstance(expected, Reason) else flows[expected].day)


def test_discounted_payback_is_later() -> None:
    flows = flows_of(-100, 50, 50, 10)
    assert payback_day(flows) == flows[2].day
    assert payback_day(discounted(flows, Decimal("0.2"), START)) == flows[3].day


@pytest.mark.parametrize(
    ("amount", "currency", "expected"),
    [
        ("0.125", "SAR", "0.13"),
        ("0.135", "SAR", "0.14"),
        ("-0.125", "SAR", "-0.13"),
        ("0.0005", "KWD", "0.001"),
        ("2.5", "JPY", "3"),
        ("-0.004", "SAR", "0.00"),
    ],
)
def test_halves_go_away_from_zero(amount: str, currency: str, expected: str) -> None:
    assert str(to_money(Decimal(amount), currency).amount) == expected


def test_a_share_is_rounded_half_up() -> None:
    assert (str(to_share(Decimal("0.0000005"))), str(to_share(Decimal("-0.0000004")))) == ("0.000001", "0.000000")


def test_an_amount_that_money_cannot_hold_is_refused() -> None:
    assert to_money(Decimal("99999999999999"), "SAR").amount == Decimal("99999999999999.00")
    with pytest.raises(InputError, match="15 digits"):
        to_money(Decimal("100000000000000"), "SAR")
