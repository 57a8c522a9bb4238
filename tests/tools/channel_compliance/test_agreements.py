"""Clashes with live agreements: exclusivity, named accounts, non-competition, shared territory, three-valued."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnership_os.schemas.channel import (
    AgreementScope,
    Area,
    CarveOut,
    Clash,
    ClashKind,
    Exclusivity,
    ExclusivityKind,
    LiveAgreement,
    NonCompete,
    Overlap,
    Period,
)
from partnership_os.tools.channel_compliance.agreements import agreement_clashes
from partnership_os.tools.channel_compliance.territory import areas_of
from tests.tools.channel_compliance.scene import DAY, OPEN_TO_ALL, RIMAL, agreement, customer, exclusive, scope

K, POSSIBLE, CERTAIN = ClashKind, Overlap.POSSIBLE, Overlap.CERTAIN
ON_MINIMUM, NAMED = ExclusivityKind.ON_MINIMUM, ExclusivityKind.NAMED_ACCOUNTS


def kinds(proposed: AgreementScope, *live: LiveAgreement) -> dict[ClashKind, Overlap]:
    return {clash.kind: clash.overlap for clash in agreement_clashes(proposed, live, DAY)}


def held(**fields: Any) -> LiveAgreement:
    """An exclusive agreement of another partner in the same scope."""
    return agreement(exclusivity=exclusive(**fields))


def test_two_open_appointments_only_share_their_territory() -> None:
    assert kinds(scope(), agreement()) == {K.TERRITORY_SHARED: CERTAIN}
    assert not K.TERRITORY_SHARED.breaks_a_promise and K.EXCLUSIVE_HELD.breaks_a_promise


def test_an_exclusive_of_another_partner_is_held_and_of_the_same_is_not() -> None:
    assert kinds(scope(), held()) == {K.EXCLUSIVE_HELD: CERTAIN}
    assert kinds(scope("co_old"), held()) == {}


def test_a_proposed_exclusive_meets_those_who_are_appointed() -> None:
    proposed = scope(exclusivity=exclusive())
    assert kinds(proposed, agreement()) == {K.EXCLUSIVE_PROPOSED: CERTAIN}
    assert kinds(proposed, held()) == {K.EXCLUSIVE_PROPOSED: CERTAIN, K.EXCLUSIVE_HELD: CERTAIN}


@pytest.mark.parametrize(
    "apart",
    [
        {"areas": areas_of(["AE"])},
        {"areas": areas_of(["SA/Jeddah"])},
        {"products": ("crm",)},
        {"segments": ("government",)},
        {"period": Period(starts_on=date(2025, 1, 1), ends_on=date(2026, 1, 1), renews=False)},
        {"period": Period(starts_on=date(2027, 1, 1), ends_on=date(2028, 1, 1), renews=False)},
    ],
)
def test_one_difference_that_is_certain_is_no_clash(apart: dict[str, Any]) -> None:
    proposed = scope(areas=areas_of(["SA/Riyadh"]), exclusivity=exclusive())
    assert kinds(proposed, agreement(exclusivity=exclusive(), **apart)) == {}


@pytest.mark.parametrize(
    ("unknown", "fact"),
    [
        ({"areas": None}, "territory"),
        ({"products": None}, "products"),
        ({"segments": None}, "segments"),
        ({"segments": ("retail_sector",)}, "segments"),
        ({"period": Period(starts_on=date(2025, 1, 1))}, "period"),
        ({"period": Period(starts_on=date(2025, 1, 1), ends_on=date(2026, 1, 1))}, "renewal"),
        ({"exclusivity": exclusive(carve_outs=None)}, "carve_outs"),
        ({"exclusivity": exclusive(ON_MINIMUM)}, "minimums_met"),
        ({"exclusivity": exclusive(ON_MINIMUM, minimums_met=False)}, "lapse"),
        ({"exclusivity": exclusive(None)}, "exclusivity"),
    ],
)
def test_a_missing_fact_makes_a_clash_possible_and_is_named(unknown: dict[str, Any], fact: str) -> None:
    live = agreement(**{"exclusivity": exclusive(), **unknown})
    (clash,) = (item for item in agreement_clashes(scope(), [live], DAY) if item.kind is K.EXCLUSIVE_HELD)
    assert clash.overlap is POSSIBLE and fact in clash.unknown


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"minimums_met": True}, {K.EXCLUSIVE_HELD: CERTAIN}),
        ({"minimums_met": False, "lapses_by_itself": False}, {K.EXCLUSIVE_HELD: CERTAIN}),
        ({"minimums_met": False, "lapses_by_itself": True}, {K.TERRITORY_SHARED: CERTAIN}),
        ({"minimums_met": True, "ended_on": date(2026, 1, 1)}, {K.TERRITORY_SHARED: CERTAIN}),
    ],
)
def test_a_missed_minimum_ends_exclusivity_only_where_it_lapses(
    fields: dict[str, Any], expected: dict[ClashKind, Overlap]
) -> None:
    assert kinds(scope(), held(kind=ON_MINIMUM, **fields)) == expected


def test_an_agreement_that_ended_early_does_not_clash_after_its_end() -> None:
    later = scope(period=Period(starts_on=date(2026, 10, 1), ends_on=date(2027, 10, 1), renews=False))
    live = agreement(exclusivity=exclusive(), ended_on=date(2026, 10, 1))
    assert kinds(later, live) == {}
    assert kinds(later, live.model_copy(update={"ended_on": date(2026, 10, 2)})) == {K.EXCLUSIVE_HELD: CERTAIN}


def test_a_proposal_without_a_start_begins_on_the_day_of_the_question_or_later() -> None:
    undated = scope(period=Period())
    over = Period(starts_on=date(2025, 1, 1), ends_on=DAY, renews=False)
    running = Period(starts_on=date(2025, 1, 1), ends_on=DAY + timedelta(days=1), renews=False)
    assert kinds(undated, agreement(exclusivity=exclusive(), period=over)) == {}
    assert kinds(undated, agreement(exclusivity=exclusive(), period=running)) == {K.EXCLUSIVE_HELD: POSSIBLE}


@pytest.mark.parametrize(
    "carve_out",
    [
        CarveOut(product="erp"),
        CarveOut(segment="businesses"),
        CarveOut(area=Area(country="SA")),
    ],
)
def test_a_scope_wholly_inside_an_exception_is_free(carve_out: CarveOut) -> None:
    live = held(carve_outs=(carve_out,))
    assert kinds(scope(), live) == {K.TERRITORY_SHARED: CERTAIN}
    wider = scope(products=("erp", "crm"), segments=("smes", "government"), areas=areas_of(["SA", "AE"]))
    assert kinds(wider, live) == {K.EXCLUSIVE_HELD: CERTAIN}


@pytest.mark.parametrize(
    "carve_out", [CarveOut(own_sales=True), CarveOut(multi_country_customers=True), CarveOut(account=RIMAL)]
)
def test_exceptions_for_our_own_sales_or_single_customers_open_the_scope_to_nobody(carve_out: CarveOut) -> None:
    assert kinds(scope(), held(carve_outs=(carve_out,))) == {K.EXCLUSIVE_HELD: CERTAIN}


def test_an_exception_on_what_the_proposal_does_not_say_leaves_it_possible() -> None:
    live = agreement(exclusivity=exclusive(carve_outs=(CarveOut(product="erp"),)), products="all")
    assert kinds(scope(products=None), live) == {K.EXCLUSIVE_HELD: POSSIBLE}


def test_named_accounts() -> None:
    live = held(kind=NAMED, named_accounts=(RIMAL,))
    assert kinds(scope(), live) == {K.NAMED_ACCOUNT_HELD: POSSIBLE}
    assert kinds(scope(excluded_accounts=(RIMAL,)), live) == {K.TERRITORY_SHARED: CERTAIN}
    same = scope(exclusivity=exclusive(NAMED, named_accounts=(customer("Rimal", domain="www.rimal.example"),)))
    assert kinds(same, live)[K.NAMED_ACCOUNT_HELD] is CERTAIN
    assert kinds(same, agreement())[K.NAMED_ACCOUNT_PROPOSED] is POSSIBLE
    unlisted = held(kind=NAMED)
    assert kinds(scope(excluded_accounts=(RIMAL,)), unlisted) == {K.NAMED_ACCOUNT_HELD: POSSIBLE}
    assert kinds(scope(products=("crm",)), live) == {}


def test_non_competes_bar_by_name_and_outlast_the_agreement() -> None:
    ended = Period(starts_on=date(2025, 1, 1), ends_on=date(2026, 1, 1), renews=False)
    barring = NonCompete(barred_partners=("co_new",), tail_days=400)
    assert kinds(scope(), agreement(period=ended, non_competes=(barring,))) == {K.NON_COMPETE_HELD: CERTAIN}
    short = barring.model_copy(update={"tail_days": 0})
    assert kinds(scope(), agreement(period=ended, non_competes=(short,))) == {}
    open_tail = barring.model_copy(update={"tail_days": None})
    assert kinds(scope(), agreement(period=ended, non_competes=(open_tail,))) == {K.NON_COMPETE_HELD: POSSIBLE}
    others = NonCompete(barred_partners=("co_x",), tail_days=0)
    assert K.NON_COMPETE_HELD not in kinds(scope(), agreement(non_competes=(others,)))
    described = NonCompete(barred_partners=None, tail_days=0)
    assert kinds(scope(), agreement(non_competes=(described,)))[K.NON_COMPETE_HELD] is POSSIBLE
    assert kinds(scope(), agreement(non_competes=None))[K.NON_COMPETE_HELD] is POSSIBLE
    assert kinds(scope(non_competes=None), agreement())[K.NON_COMPETE_PROPOSED] is POSSIBLE
    ours = NonCompete(barred_partners=("co_old",), tail_days=0)
    assert kinds(scope(non_competes=(ours,)), agreement())[K.NON_COMPETE_PROPOSED] is CERTAIN


def test_a_clash_reads_in_both_languages_and_names_the_agreement() -> None:
    (clash,) = agreement_clashes(scope(), [held(kind=ON_MINIMUM)], DAY)
    assert "ag_1" in clash.text.en and "whether the minimum is met" in clash.text.en
    assert "ag_1" in clash.text.ar and "بلوغ الحد الأدنى" in clash.text.ar


maybe_day = st.one_of(st.none(), st.integers(0, 5).map(lambda years: date(2024 + years, 1, 1)))


@st.composite
def any_period(draw: st.DrawFn) -> Period:
    start, end = draw(maybe_day), draw(maybe_day)
    if start is not None and end is not None and end < start:
        start, end = end, start
    return Period(starts_on=start, ends_on=end, renews=draw(st.sampled_from([True, False, None])))


any_exclusivity = st.one_of(
    st.just(OPEN_TO_ALL),
    st.builds(
        Exclusivity,
        kind=st.sampled_from([None, *ExclusivityKind]),
        named_accounts=st.sampled_from([None, (), (RIMAL,)]),
        carve_outs=st.sampled_from([None, (), (CarveOut(product="erp"),), (CarveOut(segment="smes"),)]),
        minimums_met=st.sampled_from([None, True, False]),
        lapses_by_itself=st.sampled_from([None, True, False]),
    ),
)
any_scope = st.builds(
    AgreementScope,
    partner_id=st.sampled_from(["co_a", "co_b", "co_c"]),
    period=any_period(),
    areas=st.sampled_from([None, areas_of(["SA"]), areas_of(["GCC"]), areas_of(["SA/جدة"]), areas_of(["EG"])]),
    products=st.sampled_from([None, "all", ("erp",), ("crm", "erp")]),
    segments=st.sampled_from([None, "all", ("smes",), ("enterprises",), ("retail_sector",)]),
    exclusivity=any_exclusivity,
    non_competes=st.sampled_from([None, (), (NonCompete(barred_partners=("co_a",), tail_days=0),)]),
)
any_live = st.lists(
    st.builds(LiveAgreement, agreement_id=st.sampled_from(["ag_1", "ag_2", "ag_3"]), scope=any_scope), max_size=5
)


@given(any_scope, any_live, any_live)
def test_more_agreements_never_remove_a_clash(
    proposed: AgreementScope, live: list[LiveAgreement], more: list[LiveAgreement]
) -> None:
    assert set(agreement_clashes(proposed, live, DAY)) <= set(agreement_clashes(proposed, live + more, DAY))


@given(any_scope, any_live, st.randoms(use_true_random=False))
def test_the_order_of_agreements_does_not_matter(
    proposed: AgreementScope, live: list[LiveAgreement], random: Any
) -> None:
    shuffled = [*live, *live[:1]]
    random.shuffle(shuffled)
    assert agreement_clashes(proposed, shuffled, DAY) == agreement_clashes(proposed, live, DAY)


_UNKNOWN: list[dict[str, Any]] = [{"areas": None}, {"products": None}, {"segments": None}, {"non_competes": None}]


def _promises(clashes: tuple[Clash, ...]) -> dict[ClashKind, Overlap]:
    return {clash.kind: clash.overlap for clash in clashes if clash.kind.breaks_a_promise}


@given(any_scope, any_scope, st.sampled_from(_UNKNOWN))
def test_forgetting_a_fact_of_a_live_agreement_never_makes_a_promise_vanish(
    proposed: AgreementScope, live: AgreementScope, unknown: dict[str, Any]
) -> None:
    """What was certain or possible stays at least possible when a fact is forgotten."""
    known = LiveAgreement(agreement_id="ag_1", scope=live)
    forgotten = LiveAgreement(agreement_id="ag_1", scope=live.model_copy(update=unknown))
    before = _promises(agreement_clashes(proposed, [known], DAY))
    after = _promises(agreement_clashes(proposed, [forgotten], DAY))
    assert set(before) <= set(after)
