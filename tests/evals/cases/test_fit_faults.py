"""What the fit suite sees when the product is broken: the published order, must-haves, hard gates."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from partnership_os.agents import deal_matcher
from partnership_os.evals.cases.fit.card_checks import checks_of
from partnership_os.evals.cases.fit.order import order_faults, order_marks
from partnership_os.evals.cases.fit.outcome import FitCase, Placed
from partnership_os.evals.cases.fit.scoring import Scored, scored
from partnership_os.evals.cases.fit.suite import SUITE
from partnership_os.evals.cases.fit.world import Row, WorldCompany, company_named, need_named
from partnership_os.evals.catalogue import load_cases
from partnership_os.evals.sitting import Room, Sitting
from partnership_os.evals.subject import RULES
from partnership_os.evals.suite import Grade, Mark
from partnership_os.graphs import discovery_graph
from partnership_os.schemas.need import MustHave, MustHaveKind
from partnership_os.schemas.score_card import Band
from partnership_os.settings import Settings
from tests.evals.cases.fit_cards import card

BOOKS: Final[FitCase] = next(case for case in load_cases(SUITE) if case.id == "books_bank_or_its_ghost")


@pytest.fixture
def sitting(tmp_path: Path) -> Iterator[Sitting]:
    room = Room(RULES, tmp_path / "room", Settings(_env_file=None))
    yield Sitting(room)
    room.close()


def graded(sitting: Sitting) -> Grade:
    return SUITE.grade(BOOKS, SUITE.answer(BOOKS, sitting))


# The published order


def in_order(*cards: Placed) -> list[Placed]:
    return [
        item.model_copy(update={"company": f"co_{place}", "rank": place, "place": place})
        for place, item in enumerate(cards, start=1)
    ]


ORDER: Final = (
    card(band=Band.PURSUE, score=80.0),
    card(band=Band.PURSUE, score=76.0),
    card(score=70.0),
    card(score=70.0, open_must_haves=1, confidence=0.9),
    card(score=70.0, open_must_haves=1, confidence=0.4),
    card(band=Band.UNKNOWN, best_band=Band.PURSUE, score=60.0, coverage=0.3),
    card(band=Band.UNKNOWN, best_band=Band.DEVELOP, score=72.0, coverage=0.5),
    card(band=Band.WATCH, score=50.0),
    card(band=Band.UNKNOWN, best_band=Band.PURSUE, score=59.9, coverage=0.59),
    card(band=Band.UNKNOWN, best_band=Band.PURSUE, score=90.0, coverage=0.29),
    card(band=Band.UNKNOWN, best_band=Band.WATCH, score=70.0, coverage=0.5),
    card(band=Band.UNKNOWN, best_band=Band.WATCH, score=None, coverage=0.0),
    card(band=Band.DECLINE, score=40.0),
    card(band=Band.PURSUE, score=99.0, blocked=True),
)
"""One card of each rule of the published order, the best first."""


def test_the_published_order_is_right_and_every_swap_in_it_is_found() -> None:
    right = in_order(*ORDER)
    pairs = len(ORDER) * (len(ORDER) - 1)
    assert order_marks(right) == {"order_by_rule": Mark(got=pairs, of=pairs)} and order_faults(right) == []
    for place in range(len(ORDER) - 1):
        turned = list(ORDER)
        turned[place], turned[place + 1] = turned[place + 1], turned[place]
        wrong = in_order(*turned)
        assert order_marks(wrong)["order_by_rule"].got == pairs - 2
        assert order_faults(wrong) == [f"by the published rule co_{place + 1} does not stand before co_{place + 2}"]


def test_equal_cards_fit_any_order_and_those_left_out_are_looked_at_by_place_alone() -> None:
    assert order_marks([card(), card(company="co_1", rank=2, place=2)])["order_by_rule"] == Mark(got=2, of=2)
    out = card(company="co_1", blocked=True, excluded="rival", rank=2, place=1)
    assert order_marks([card(rank=1, place=2), out])["order_by_rule"] == Mark(got=0, of=1)


def test_a_product_that_ranks_blocked_companies_first_is_found(
    sitting: Sitting, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = deal_matcher._group
    monkeypatch.setattr(deal_matcher, "_group", lambda item, score: -1 if item.blocked else group(item, score))
    grade = graded(sitting)
    assert grade.marks["order_by_rule"].got < grade.marks["order_by_rule"].of


def test_a_discovery_that_swaps_the_first_two_is_found(sitting: Sitting, monkeypatch: pytest.MonkeyPatch) -> None:
    ranked = discovery_graph._ranked
    monkeypatch.setattr(
        discovery_graph, "_ranked", lambda cards, prospects: ranked((*cards[1::-1], *cards[2:]), prospects)
    )
    grade = graded(sitting)
    assert grade.marks["order_by_rule"].got == grade.marks["order_by_rule"].of - 1


def test_a_product_that_drops_must_haves_is_found(sitting: Sitting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deal_matcher, "must_haves_of", lambda facts: ())
    grade = graded(sitting)
    assert grade.marks["card_checks"].got < grade.marks["card_checks"].of


# Must-haves and hard gates


def failed_checks(item: Scored, **changes: object) -> set[str]:
    tampered = replace(item, card=item.card.model_copy(update=changes))
    return {verdict.name for verdict in checks_of(tampered) if not verdict.passed}


def test_must_haves_that_are_dropped_or_turned_are_found(sitting: Sitting) -> None:
    need = need_named("nd_resale_identity")
    shown, silent = (scored(company_named(name), need, sitting) for name in ("co_redington", "co_mindware"))
    assert (shown.card.must_haves[0].met, silent.card.must_haves[0].met) == (True, False)
    for item in (shown, silent):
        only = item.card.must_haves[0]
        assert failed_checks(item, must_haves=()) == {"must_haves"}
        assert failed_checks(item, must_haves=(only, only)) == {"must_haves"}
        assert failed_checks(item, must_haves=(only.model_copy(update={"value": "SA"}),)) == {"must_haves"}
        assert failed_checks(item, must_haves=(only.model_copy(update={"met": not only.met}),)) == {"must_haves"}
    elsewhere = shown.card.must_haves[0].model_copy(update={"evidence_id": "ev_" + "0" * 24})
    assert failed_checks(shown, must_haves=(elsewhere,)) == {"must_haves"}


@pytest.mark.parametrize(
    ("kind", "value", "met"),
    [
        (MustHaveKind.SEGMENT, "smes", True),
        (MustHaveKind.SEGMENT, "banking_sector", False),
        (MustHaveKind.OFFERS, "cloud_hosting", True),
        (MustHaveKind.OFFERS, "health_insurance", False),
        (MustHaveKind.MIN_EMPLOYEES, "300", True),
        (MustHaveKind.MIN_EMPLOYEES, "301", False),
    ],
)
def test_every_kind_of_must_have_is_held_against_the_claims(
    sitting: Sitting, kind: MustHaveKind, value: str, met: bool
) -> None:
    text = "Wadi Cloud offers cloud hosting to small and medium enterprises in Saudi Arabia. It has 300 employees."
    row = Row(source_kind="own_site", text=text)
    company = WorldCompany(id="co_wadi_cloud", name="Wadi Cloud", name_ar="وادي كلاود", rows=(row,))
    plain = need_named("nd_referral_books")
    need = plain.model_copy(update={"must_haves": (MustHave(kind=kind, value=value),)})
    item = scored(company, need, sitting)
    assert item.card.must_haves[0].met is met and failed_checks(item) == set()
    turned = item.card.must_haves[0].model_copy(update={"met": not met})
    assert failed_checks(item, must_haves=(turned,)) == {"must_haves"}


def test_a_hard_gate_that_is_open_or_shut_for_no_reason_is_found(sitting: Sitting) -> None:
    need = need_named("nd_referral_books")
    rival, bank = (scored(company_named(name), need, sitting) for name in ("co_qoyod", "co_al_rajhi"))
    assert rival.card.blocked and not bank.card.blocked
    assert failed_checks(rival, blocked=()) == failed_checks(bank, blocked=rival.card.blocked) == {"hard_gate"}
