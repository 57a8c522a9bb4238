"""A sheet is held against the playbook: positions, gaps, and figures that differ between the languages."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from partnership_os.agents.conformance import check_conformance, position_of
from partnership_os.agents.playbook import load_playbook, terms_of
from partnership_os.errors import InputError
from partnership_os.schemas.base import BilingualText
from partnership_os.schemas.partnership import PartnershipType
from partnership_os.schemas.playbook import Direction, PlaybookTerm, Position
from partnership_os.schemas.term_sheet import Clause, ClauseGroup, PartnerTermSheet, TermUnit, TermValue

Drafts = dict[PartnershipType, PartnerTermSheet]
Edit = Callable[..., PartnerTermSheet]
Replace = Callable[[PartnerTermSheet, TermValue], PartnerTermSheet]
REFERRAL = PartnershipType.REFERRAL


def _term(**fields: object) -> PlaybookTerm:
    base = {"name": "x", "unit": "days", "better": "lower", "ideal": 30, "fallback": 45, "walk_away": 60}
    return PlaybookTerm.model_validate({**base, **fields})


def _days(number: int) -> TermValue:
    return TermValue(name="x", unit=TermUnit.DAYS, number=Decimal(number))


@pytest.mark.parametrize(
    ("days", "lower", "higher"),
    [
        (29, Position.IDEAL, Position.BREACH),
        (30, Position.IDEAL, Position.WALK_AWAY),
        (31, Position.FALLBACK, Position.WALK_AWAY),
        (45, Position.FALLBACK, Position.FALLBACK),
        (46, Position.WALK_AWAY, Position.FALLBACK),
        (60, Position.WALK_AWAY, Position.IDEAL),
        (61, Position.BREACH, Position.IDEAL),
    ],
)
def test_position_follows_our_direction(days: int, lower: Position, higher: Position) -> None:
    assert position_of(_term(), _days(days)) is lower
    assert position_of(_term(better="higher", ideal=60, fallback=45, walk_away=30), _days(days)) is higher


def test_fixed_terms_have_one_value() -> None:
    fixed = _term(better="fixed", ideal=30, fallback=30, walk_away=30)
    assert position_of(fixed, _days(30)) is Position.STANDARD
    assert position_of(fixed, _days(29)) is Position.BREACH


def test_choices_rank_by_their_order() -> None:
    term = _term(unit="choice", better="higher", ideal="a", fallback="b", walk_away="c", choices=("a", "b", "c", "d"))
    found = [position_of(term, TermValue(name="x", unit=TermUnit.CHOICE, choice=item)) for item in "abcde"]
    assert found == [Position.IDEAL, Position.FALLBACK, Position.WALK_AWAY, Position.BREACH, Position.BREACH]


def test_another_unit_is_a_breach() -> None:
    assert position_of(_term(), TermValue(name="x", unit=TermUnit.HOURS, number=Decimal(1))) is Position.BREACH


def test_money_without_a_fixed_rate_is_a_breach() -> None:
    term = _term(unit="money")
    for currency, position in (("SAR", Position.IDEAL), ("USD", Position.WALK_AWAY), ("EUR", Position.BREACH)):
        value = TermValue(name="x", unit=TermUnit.MONEY, number=Decimal(15), currency=currency)
        assert position_of(term, value) is position


@pytest.mark.parametrize("kind", list(PartnershipType))
def test_first_drafts_conform(drafts: Drafts, kind: PartnershipType) -> None:
    report = check_conformance(drafts[kind], load_playbook(kind))
    assert report.conforms
    assert {check.position for check in report.checks} <= {Position.IDEAL, Position.STANDARD}
    assert {check.term for check in report.checks} == set(terms_of(load_playbook(kind)))


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_value_past_the_walk_away_is_found(data: st.DataObject, drafts: Drafts, replace_value: Replace) -> None:
    kind = data.draw(st.sampled_from(list(PartnershipType)))
    terms = terms_of(load_playbook(kind))
    _, term = terms[data.draw(st.sampled_from(sorted(terms)))]
    stated = drafts[kind].term(term.name)
    assert stated is not None
    if isinstance(term.walk_away, str):
        worse = term.choices[term.choices.index(term.walk_away) + 1 :]
        value = stated.model_copy(update={"choice": data.draw(st.sampled_from([*worse, "unheard_of"]))})
    else:
        sign = -1 if term.better is Direction.HIGHER else 1
        step = data.draw(st.decimals(min_value="0.0001", max_value=str(max(term.walk_away, 1)), places=4))
        number = term.walk_away + sign * step
        assume(number >= 0)
        assume(term.unit is not TermUnit.SHARE or number <= 1)
        value = stated.model_copy(update={"number": number})
    report = check_conformance(replace_value(drafts[kind], value), load_playbook(kind))
    assert not report.conforms
    assert [c.position for c in report.checks if c.term == term.name] == [Position.BREACH]


def test_a_figure_changed_in_one_language_is_found(drafts: Drafts, edit: Edit) -> None:
    def change(clause: Clause) -> Clause:
        return clause.model_copy(
            update={"text": BilingualText(en=clause.text.en, ar=clause.text.ar.replace("10", "12"))}
        )

    sheet = edit(drafts[REFERRAL], "commission", change)
    report = check_conformance(sheet, load_playbook(REFERRAL))
    found = {check.term: check for check in report.checks if check.position is Position.BREACH}
    assert set(found) == {"commission_share", "wording"}
    assert found["commission_share"].detail.en == "The Arabic text does not state 10%."


def test_a_sentence_added_to_a_clause_is_found(drafts: Drafts, edit: Edit) -> None:
    def change(clause: Clause) -> Clause:
        text = BilingualText(en=clause.text.en + " The Partner may sign for the Company.", ar=clause.text.ar)
        return clause.model_copy(update={"text": text})

    report = check_conformance(edit(drafts[REFERRAL], "purpose", change), load_playbook(REFERRAL))
    assert [c.clause_id for c in report.checks if c.term == "wording"] == ["purpose"]
    assert not report.conforms


def test_a_clause_under_another_group_or_title_is_found(drafts: Drafts, edit: Edit) -> None:
    for fields in ({"group": ClauseGroup.SLA}, {"title": BilingualText(en="Other", ar="آخر")}):
        sheet = edit(drafts[REFERRAL], "tail_commission", lambda clause, f=fields: clause.model_copy(update=f))
        assert not check_conformance(sheet, load_playbook(REFERRAL)).conforms


def test_missing_groups_and_terms_are_listed(drafts: Drafts) -> None:
    sheet = drafts[REFERRAL]
    kept = tuple(clause for clause in sheet.clauses if clause.group is not ClauseGroup.LIABILITY)
    report = check_conformance(sheet.model_copy(update={"clauses": kept}), load_playbook(REFERRAL))
    assert report.missing_groups == (ClauseGroup.LIABILITY,)
    assert report.missing_terms == ("increased_cap_multiple", "liability_cap_share")
    assert not report.conforms


def test_strange_terms_and_clauses_are_breaches(drafts: Drafts) -> None:
    sheet = drafts[REFERRAL]
    extra = Clause(
        clause_id="gift",
        group=ClauseGroup.ECONOMICS,
        title=BilingualText(en="Gift", ar="هدية"),
        text=BilingualText(en="A gift of 5%.", ar="هدية (5%)."),
        terms=(TermValue(name="gift_share", unit=TermUnit.SHARE, number=Decimal("0.05")),),
    )
    report = check_conformance(sheet.model_copy(update={"clauses": (*sheet.clauses, extra)}), load_playbook(REFERRAL))
    assert {c.term for c in report.checks if c.position is Position.BREACH} == {"gift_share", "wording"}


def test_the_wrong_playbook_is_refused(drafts: Drafts) -> None:
    with pytest.raises(InputError, match="sheet is for referral, the playbook for strategic"):
        check_conformance(drafts[REFERRAL], load_playbook(PartnershipType.STRATEGIC))
