"""The internal rate of return: it makes NPV zero, it is the only one, and libraries agree where there is one."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from math import fsum

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq

from partnership_os.schemas.roi_report import Reason
from partnership_os.tools.roi_engine.arithmetic import exactly
from partnership_os.tools.roi_engine.measures import DatedFlow, net_present_value
from partnership_os.tools.roi_engine.rate_of_return import HIGHEST_RATE, LOWEST_RATE, internal_rate
from tests.tools.roi_engine.plans import dated_flows

START = date(2026, 1, 1)


def yearly(*amounts: str) -> list[DatedFlow]:
    return [DatedFlow(START + timedelta(365 * place), Decimal(amount)) for place, amount in enumerate(amounts)]


def zeros_on_a_grid(flows: list[DatedFlow]) -> int:
    """How often NPV changes sign over 4,000 rates of the bracket: no fewer zeros than that exist."""
    first = min(flow.day for flow in flows)
    low, high = (float((1 + rate).ln()) for rate in (LOWEST_RATE, HIGHEST_RATE))
    days = [((flow.day - first).days / 365, float(flow.amount)) for flow in flows]
    values = []
    for step in range(4_001):
        at = low + (high - low) * step / 4_000
        values.append(sum(amount * 2.718281828459045 ** (-at * years) for years, amount in days))
    return sum((one < 0) != (other < 0) for one, other in pairwise(values))


@given(dated_flows(least=2))
def test_a_rate_makes_npv_zero_and_is_the_only_one(flows: list[DatedFlow]) -> None:
    rate = internal_rate(flows)
    if isinstance(rate, Decimal):
        first = min(flow.day for flow in flows)
        with exactly():
            present = [net_present_value([flow], rate, first) for flow in flows]
            size = sum((abs(amount) for amount in present), Decimal(0))
            assert abs(sum(present, Decimal(0))) <= size * Decimal("1e-12")
        assert zeros_on_a_grid(flows) <= 1
    elif rate is Reason.NO_RATE:
        assert zeros_on_a_grid(flows) == 0


@given(st.lists(st.integers(1, 20), min_size=1, max_size=5, unique=True))
def test_every_rate_is_counted(percents: list[int]) -> None:
    """Flows with chosen rates: the coefficients of -Π (x - (1 + rate)), x = 1 + rate of the equation."""
    coefficients = [Decimal(-1)]
    for percent in percents:
        root = 1 + Decimal(percent * 5) / 100
        shifted = [*coefficients, Decimal(0)]
        coefficients = [one - root * other for one, other in zip(shifted, [Decimal(0), *coefficients], strict=True)]
    found = internal_rate(yearly(*map(str, coefficients)))
    if len(percents) == 1:
        assert isinstance(found, Decimal)
        assert abs(found - Decimal(percents[0] * 5) / 100) < Decimal("1e-12")
    else:
        assert found is Reason.SEVERAL_RATES


@given(st.integers(1, 10**9), st.lists(st.integers(1, 10**9), min_size=1, max_size=30), st.integers(1, 200))
def test_agrees_with_a_root_finder_where_there_is_one_rate(outlay: int, inflows: list[int], gap: int) -> None:
    flows = [DatedFlow(START, Decimal(-outlay))]
    flows += [DatedFlow(START + timedelta(gap * (place + 1)), Decimal(one)) for place, one in enumerate(inflows)]

    def npv(rate: float) -> float:
        return fsum(float(flow.amount) / outlay * (1 + rate) ** (-(flow.day - START).days / 365) for flow in flows)

    found = internal_rate(flows)
    if isinstance(found, Decimal):
        rate = float(found)
        margin = 1e-4 * (1 + rate)
        assert rate == pytest.approx(brentq(npv, rate - margin, rate + margin, xtol=1e-15), rel=1e-9, abs=1e-9)
    else:
        assert found is Reason.NO_RATE
        assert npv(float(HIGHEST_RATE)) > 0 or npv(float(LOWEST_RATE)) < 0


@given(st.integers(1, 10**6), st.lists(st.integers(1, 10**6), min_size=1, max_size=12))
def test_agrees_with_pyxirr_where_there_is_one_rate(outlay: int, inflows: list[int]) -> None:
    pyxirr = pytest.importorskip("pyxirr", reason="a second opinion; not a dependency of the product")
    flows = [DatedFlow(START, Decimal(-outlay))]
    flows += [DatedFlow(START + timedelta(61 * (place + 1)), Decimal(one)) for place, one in enumerate(inflows)]
    days, amounts = [flow.day for flow in flows], [float(flow.amount) for flow in flows]
    second = pyxirr.xirr(days, amounts)
    found = internal_rate(flows)
    if isinstance(found, Decimal) and second is not None:
        assert float(found) == pytest.approx(second, rel=1e-6, abs=1e-6)
    npv = net_present_value(flows, Decimal("0.1"), START)
    assert float(npv) == pytest.approx(pyxirr.xnpv(0.1, days, amounts), rel=1e-9)


def test_the_scale_of_the_amounts_does_not_matter() -> None:
    """A series for which pyxirr 0.10.8 finds no rate until it is divided by a thousand (its issue 75)."""
    series = [
        ("2018-06-30", "-84000000"), ("2019-03-31", "800000"), ("2019-06-30", "760000"), ("2019-09-30", "680000"),
        ("2019-12-31", "800000"), ("2020-03-31", "280000"), ("2020-06-30", "740000"), ("2020-09-30", "520000"),
        ("2022-03-31", "-2100000"), ("2023-03-31", "-13000000"), ("2024-09-30", "-7100000"),
        ("2024-12-31", "-2050000"), ("2025-03-31", "-8400000"), ("2025-12-31", "1800000"), ("2026-03-31", "36400"),
    ]  # fmt: skip
    found = [
        internal_rate([DatedFlow(date.fromisoformat(day), Decimal(amount) * scale) for day, amount in series])
        for scale in (Decimal("1e-6"), Decimal(1), Decimal(1000))
    ]
    assert [f"{rate:.9f}" if isinstance(rate, Decimal) else rate for rate in found] == ["-0.912781382"] * 3


@pytest.mark.parametrize(
    ("amounts", "reason"),
    [
        ((), Reason.NO_SIGN_CHANGE),
        (("0", "0"), Reason.NO_SIGN_CHANGE),
        (("-5", "-5"), Reason.NO_SIGN_CHANGE),
        (("100", "-110"), Reason.INFLOW_FIRST),
        (("0", "100", "-110"), Reason.INFLOW_FIRST),
        (("-1", "2000000"), Reason.NO_RATE),
        (("-100000", "1"), Reason.NO_RATE),
        (("-100", "150", "-100"), Reason.NO_RATE),
        (("-100", "220", "-121"), Reason.RATE_UNDECIDED),
    ],
)
def test_reasons(amounts: tuple[str, ...], reason: Reason) -> None:
    assert internal_rate(yearly(*amounts)) is reason


def test_flows_of_one_day_are_one_flow() -> None:
    split = [DatedFlow(START, Decimal(40)), DatedFlow(START, Decimal(-140)), *yearly("0", "110")]
    found = internal_rate(split)
    assert isinstance(found, Decimal) and abs(found - Decimal("0.1")) < Decimal("1e-12")


def test_a_rate_of_zero() -> None:
    found = internal_rate(yearly("-100", "60", "40"))
    assert isinstance(found, Decimal) and abs(found) < Decimal("1e-12")


def test_many_changes_of_sign_are_still_decided() -> None:
    flows = [
        DatedFlow(START + timedelta(30 * place), Decimal((-1) ** (place + 1) * (1000 + place))) for place in range(120)
    ]
    found = internal_rate(flows)
    assert isinstance(found, Decimal)
    assert zeros_on_a_grid(flows) == 1
