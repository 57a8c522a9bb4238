"""Three-valued overlap of periods, products and segments."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnership_os.schemas.channel import Overlap, Period
from partnership_os.tools.channel_compliance.overlap import (
    Reading,
    all_of,
    any_of,
    period_overlap,
    product_overlap,
    segment_overlap,
    shortened,
)

JAN, JUL, NEXT = date(2026, 1, 1), date(2026, 7, 1), date(2027, 1, 1)


def period(start: date | None, end: date | None, renews: bool | None = False, **fields: Any) -> Period:
    return Period(starts_on=start, ends_on=end, renews=renews, **fields)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (period(JAN, JUL), period(JUL, NEXT), Overlap.NONE),
        (period(JAN, JUL), period(JUL - timedelta(days=1), NEXT), Overlap.CERTAIN),
        (period(JAN, JUL, None), period(JUL, NEXT), Overlap.POSSIBLE),
        (period(JAN, JUL, True), period(JUL, NEXT), Overlap.POSSIBLE),
        (period(JAN, None), period(JUL, NEXT), Overlap.POSSIBLE),
        (period(JUL, None), period(JAN, NEXT), Overlap.CERTAIN),
        (period(None, JUL), period(JUL, NEXT), Overlap.NONE),
        (period(None, NEXT), period(JAN, JUL), Overlap.POSSIBLE),
        (period(JAN, None, None, indefinite=True), period(NEXT, None), Overlap.CERTAIN),
        (period(NEXT, None, None, indefinite=True), period(JAN, NEXT), Overlap.NONE),
        (period(JAN, JAN), period(JAN, NEXT), Overlap.NONE),
    ],
)
def test_periods_are_half_open_and_unknown_is_possible(first: Period, second: Period, expected: Overlap) -> None:
    assert period_overlap(first, second).overlap is expected
    assert period_overlap(second, first).overlap is expected


def test_an_unknown_start_of_a_proposal_does_not_lie_before_the_day_of_the_question() -> None:
    ended, proposed = period(JAN, JUL), period(None, None)
    assert period_overlap(proposed, ended, JUL).overlap is Overlap.NONE
    assert period_overlap(proposed, ended, JUL - timedelta(days=1)).overlap is Overlap.POSSIBLE
    assert period_overlap(proposed, period(JAN, JUL, None), JUL).overlap is Overlap.POSSIBLE


def test_an_early_end_cuts_and_a_tail_lengthens() -> None:
    cut = shortened(period(JAN, NEXT, None), JUL)
    assert period_overlap(cut, period(JUL, NEXT)).overlap is Overlap.NONE
    longer = shortened(cut, None, timedelta(days=10))
    assert period_overlap(longer, period(JUL + timedelta(days=9), NEXT)).overlap is Overlap.CERTAIN
    assert period_overlap(longer, period(JUL + timedelta(days=10), NEXT)).overlap is Overlap.NONE
    assert shortened(period(JAN, JUL), NEXT) == period(JAN, JUL)


days = st.one_of(st.none(), st.integers(0, 20).map(lambda ahead: JAN + timedelta(days=ahead)))


@st.composite
def periods(draw: st.DrawFn) -> Period:
    start, end = draw(days), draw(days)
    if start is not None and end is not None and end < start:
        start, end = end, start
    return period(start, end, draw(st.sampled_from([True, False, None])))


@given(periods(), periods())
def test_the_order_of_two_periods_does_not_matter(first: Period, second: Period) -> None:
    assert period_overlap(first, second) == period_overlap(second, first)


@given(periods(), periods(), st.integers(0, 20), st.integers(1, 20))
def test_what_is_filled_in_never_contradicts_a_certain_answer(
    first: Period, second: Period, start: int, length: int
) -> None:
    """An answer that is none or certain stays so whatever the unknown days turn out to be."""
    before = period_overlap(first, second).overlap
    begin = first.starts_on or JAN + timedelta(days=start)
    end = first.ends_on or begin + timedelta(days=length)
    if before is not Overlap.POSSIBLE and begin < end and second.starts_on != second.ends_on:
        known = period(begin, end, first.renews)
        assert period_overlap(known, second).overlap in (before, Overlap.POSSIBLE)
        assert {period_overlap(known, second).overlap, before} != {Overlap.NONE, Overlap.CERTAIN}


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (("erp", "crm"), ("crm",), Overlap.CERTAIN),
        (("erp",), ("crm",), Overlap.NONE),
        (None, ("crm",), Overlap.POSSIBLE),
        ("all", None, Overlap.CERTAIN),
        ("all", (), Overlap.NONE),
        (None, (), Overlap.NONE),
    ],
)
def test_products(first: Any, second: Any, expected: Overlap) -> None:
    assert product_overlap(first, second).overlap is product_overlap(second, first).overlap is expected


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (("smes",), ("businesses",), Overlap.CERTAIN),
        (("smes",), ("enterprises",), Overlap.NONE),
        (("government",), ("consumers",), Overlap.NONE),
        (("smes",), ("retail_sector",), Overlap.POSSIBLE),
        (("smes", "retail_sector"), ("enterprises",), Overlap.POSSIBLE),
        (None, ("smes",), Overlap.POSSIBLE),
        (("smes",), ("smes", "government"), Overlap.CERTAIN),
    ],
)
def test_segments_contain_each_other_and_cross(first: Any, second: Any, expected: Overlap) -> None:
    assert segment_overlap(first, second).overlap is segment_overlap(second, first).overlap is expected


readings = st.lists(st.sampled_from(list(Overlap)).map(Reading), min_size=1, max_size=5)


@given(readings)
def test_all_is_the_weakest_and_any_the_strongest(listed: list[Reading]) -> None:
    ranks = [item.overlap.rank for item in listed]
    assert all_of(listed).overlap.rank == min(ranks)
    assert any_of(listed).overlap.rank == max(ranks)
