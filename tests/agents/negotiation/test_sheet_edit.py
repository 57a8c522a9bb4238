"""Editing a sheet: the next version says the new value everywhere, or the edit is refused without a limit."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from partnership_os.agents.conformance import check_conformance
from partnership_os.agents.deal_negotiator import DraftRequest, draft_term_sheet
from partnership_os.agents.playbook import load_playbook, preference_rank, terms_of
from partnership_os.agents.sheet_changes import SheetPart, changes_between
from partnership_os.agents.sheet_edit import TermEdit, edit_sheet, parse_edits
from partnership_os.agents.sheet_text import format_value
from partnership_os.errors import InputError
from partnership_os.governance.canonical import digest_of
from partnership_os.schemas.base import BilingualText
from partnership_os.schemas.partnership import PartnershipType
from partnership_os.schemas.playbook import Direction, PlaybookTerm, Position
from partnership_os.schemas.term_sheet import Clause, PartnerTermSheet, TermUnit, TermValue

DAY = date(2026, 2, 1)
REFERRAL = load_playbook(PartnershipType.REFERRAL)
Sheets = dict[PartnershipType, PartnerTermSheet]


@pytest.fixture
def sheet(drafts: Sheets) -> PartnerTermSheet:
    return drafts[PartnershipType.REFERRAL]


def _refusal(sheet: PartnerTermSheet, *edits: str) -> InputError:
    with pytest.raises(InputError) as caught:
        edit_sheet(sheet, parse_edits(edits), load_playbook(sheet.partnership_type), DAY)
    return caught.value


def _clause(sheet: PartnerTermSheet, clause_id: str) -> Clause:
    return next(clause for clause in sheet.clauses if clause.clause_id == clause_id)


def test_a_value_is_edited_in_the_term_and_in_both_texts(sheet: PartnerTermSheet) -> None:
    edited = edit_sheet(sheet, parse_edits(["commission_share=0.12", "commission_cap = 90,000 SAR"]), REFERRAL, DAY)
    clause = _clause(edited.sheet, "commission")
    assert edited.sheet.term("commission_share") == TermValue(
        name="commission_share", unit=TermUnit.SHARE, number=Decimal("0.12")
    )
    assert "12%" in clause.text.en and "(12%)" in clause.text.ar
    assert "SAR 90,000" in clause.text.en and "(90,000) ريال سعودي" in clause.text.ar
    assert "10%" not in clause.text.en and "75,000" not in clause.text.ar
    assert edited.report.conforms


def test_the_next_version_hangs_on_the_one_before(sheet: PartnerTermSheet) -> None:
    new = edit_sheet(sheet, parse_edits(["commission_share=0.12"]), REFERRAL, DAY).sheet
    assert (new.sheet_id, new.version, new.drafted_on) == (sheet.sheet_id, 2, DAY)
    assert new.supersedes == digest_of(sheet.model_dump(mode="json"))
    assert "version 2" in _clause(new, "version").text.en
    third = edit_sheet(new, parse_edits(["commission_share=0.11"]), REFERRAL, DAY).sheet
    assert (third.version, third.supersedes) == (3, digest_of(new.model_dump(mode="json")))


def test_nothing_else_changes(sheet: PartnerTermSheet) -> None:
    edited = edit_sheet(sheet, parse_edits(["commission_share=0.12"]), REFERRAL, DAY)
    assert edited.changes == changes_between(sheet, edited.sheet)
    assert [change.place for change in edited.changes if change.part is SheetPart.VALUE] == [
        "commission.commission_share"
    ]
    texts = {change.clause_id for change in edited.changes if change.part is SheetPart.TEXT}
    assert texts == {"commission", "version"}
    assert edited.sheet.conditions_precedent == sheet.conditions_precedent
    assert (edited.sheet.us, edited.sheet.them) == (sheet.us, sheet.them)


def test_an_edit_writes_what_the_negotiator_writes(request_for: Callable[..., DraftRequest]) -> None:
    """Byte for byte the clauses of a draft with the same change: there is one way to render a sheet."""
    for kind in PartnershipType:
        first = draft_term_sheet(request_for(kind)).sheet
        drafted = draft_term_sheet(request_for(kind, previous=first, drafted_on=DAY, changes={"cure_days": "20"})).sheet
        edited = edit_sheet(first, [TermEdit(term="cure_days", value="20")], load_playbook(kind), DAY).sheet
        assert edited.clauses == drafted.clauses
        assert edited.cover_note == drafted.cover_note
        assert edited.supersedes == drafted.supersedes


def _figures(text: str) -> list[str]:
    return sorted(re.findall(r"\d(?:[\d,.]*\d)?", text))


def _written(term: PlaybookTerm, value: Decimal | str) -> str:
    return f"{value} SAR" if term.unit is TermUnit.MONEY else str(value)


@pytest.mark.parametrize("kind", PartnershipType)
def test_every_term_can_be_edited_to_the_end_of_its_room_and_no_further(drafts: Sheets, kind: PartnershipType) -> None:
    playbook, sheet = load_playbook(kind), drafts[kind]
    open_terms = {name: term for name, (_, term) in terms_of(playbook).items() if term.better is not Direction.FIXED}
    edits = [TermEdit(term=name, value=_written(term, term.walk_away)) for name, term in open_terms.items()]
    edited = edit_sheet(sheet, edits, playbook, DAY)
    assert edited.report.conforms
    for clause in edited.sheet.clauses:
        assert _figures(clause.text.en) == _figures(clause.text.ar)
        for value in clause.terms:
            assert format_value(value, "en") in clause.text.en
            assert format_value(value, "ar") in clause.text.ar
            if value.name in open_terms:
                assert open_terms[value.name].walk_away in (value.number, value.choice)
    for name, term in open_terms.items():
        if isinstance(term.walk_away, Decimal):
            _assert_refused_beyond(sheet, name, term, term.walk_away)


def _assert_refused_beyond(sheet: PartnerTermSheet, name: str, term: PlaybookTerm, limit: Decimal) -> None:
    step = Decimal("0.01") if term.unit is TermUnit.SHARE else Decimal(1)
    beyond = limit + step if term.better is Direction.LOWER else limit - step
    if beyond < 0 or (term.unit is TermUnit.SHARE and beyond > 1):
        return
    rank, last = preference_rank(term, Fraction(beyond)), preference_rank(term, Fraction(limit))
    assert rank is not None and last is not None and rank > last
    error = _refusal(sheet, f"{name}={_written(term, beyond)}")
    assert "breaches the playbook" in error.message


@pytest.mark.parametrize("kind", PartnershipType)
def test_a_refusal_names_the_clause_and_never_the_limit(drafts: Sheets, kind: PartnershipType) -> None:
    playbook, sheet = load_playbook(kind), drafts[kind]
    for name, (clause, term) in terms_of(playbook).items():
        if not isinstance(term.walk_away, Decimal) or term.better is Direction.FIXED:
            continue
        far = {TermUnit.SHARE: "1"}.get(term.unit, "77777777") if term.better is Direction.LOWER else "0"
        if Decimal(far) == term.walk_away:
            continue
        written = f"{far} SAR" if term.unit is TermUnit.MONEY else far
        error = _refusal(sheet, f"{name}={written}")
        assert error.message == f"{name} = {written} (clause {clause.clause_id}) breaches the playbook."
        assert error.fix is not None
        better = {Direction.LOWER: ("lower", "shorter"), Direction.HIGHER: ("higher", "longer")}[term.better]
        timed = term.unit in (TermUnit.HOURS, TermUnit.DAYS, TermUnit.MONTHS)
        assert f"Choose a {better[timed]} " in error.fix
        assert not re.search(r"\d", error.fix)
        assert error.details == {"term": name, "clause": clause.clause_id, "requested": written}


@pytest.mark.parametrize(
    ("edit", "number"),
    [
        ("commission_share=12%", "0.12"),
        ("commission_share=11.5 %", "0.115"),
        ("commission_share=٠٫١٢", "0.12"),
        ("commission_share=0.1200", "0.12"),
        ("payment_days=40", "40"),
        ("payment_days=40 days", "40"),
        ("payment_days=٤٠ يومًا", "40"),
        ("commission_cap=SAR 80000", "80000"),
        ("commission_cap=80,000 ريال سعودي", "80000"),
    ],
)
def test_a_value_is_read_as_people_write_it(sheet: PartnerTermSheet, edit: str, number: str) -> None:
    new = edit_sheet(sheet, parse_edits([edit]), REFERRAL, DAY).sheet
    value = new.term(edit.partition("=")[0])
    assert value is not None
    assert str(value.number) == number


@pytest.mark.parametrize(
    ("edit", "fix"),
    [
        ("commission_share=12", "0.12 or 12%"),
        ("commission_share=-0.1", "0.12 or 12%"),
        ("commission_share=0.123456", "0.12 or 12%"),
        ("commission_cap=80000", "50000 SAR"),
        ("commission_cap=80000 USD", "50000 SAR"),
        ("commission_cap=-5 SAR", "50000 SAR"),
        ("commission_cap=1e9 SAR", "50000 SAR"),
        ("commission_months=10 days", "12 months"),
        ("payment_days=40.5", "whole number of days"),
        ("payment_days=NaN", "whole number of days"),
        ("payment_days=1e2", "whole number of days"),
        ("payment_days=99999999999999999999", "whole number of days"),
        ("governing_law=law_mars", "law_difc, law_england, law_ksa"),
        ("governing_law=0.5", "law_difc, law_england, law_ksa"),
    ],
)
def test_a_wrong_unit_is_refused_with_the_right_one(sheet: PartnerTermSheet, edit: str, fix: str) -> None:
    error = _refusal(sheet, edit)
    assert "is no value for" in error.message
    assert fix in str(error.fix)


def test_an_unknown_term_is_refused_with_the_names_of_the_terms(sheet: PartnerTermSheet) -> None:
    error = _refusal(sheet, "commission=0.12")
    assert error.message == "The sheet has no term 'commission'."
    names = str(error.fix).removeprefix("Name one of its terms: ").removesuffix(".").split(", ")
    assert names == sorted(value.name for clause in sheet.clauses for value in clause.terms)


def test_an_edit_that_changes_nothing_is_refused(sheet: PartnerTermSheet) -> None:
    error = _refusal(sheet, "commission_share=10%", "commission_cap=75000 SAR")
    assert "commission_share = 10%, commission_cap = SAR 75,000 already" in error.message
    assert _refusal(sheet).message == "No edit was given."
    partly = edit_sheet(sheet, parse_edits(["commission_share=10%", "payment_days=40"]), REFERRAL, DAY)
    assert [change.term for change in partly.changes if change.part is SheetPart.VALUE] == ["payment_days"]


def test_a_fixed_term_is_not_negotiable(sheet: PartnerTermSheet) -> None:
    fixed = next(name for name, (_, term) in terms_of(REFERRAL).items() if term.better is Direction.FIXED)
    unit = terms_of(REFERRAL)[fixed][1].unit
    value = {TermUnit.SHARE: "0.5", TermUnit.CHOICE: terms_of(REFERRAL)[fixed][1].choices[-1:]}.get(unit, "7")
    error = _refusal(sheet, f"{fixed}={value if isinstance(value, str) else value[0]}")
    assert "is not negotiable: it follows the law or the playbook" in error.message
    assert error.fix == "Leave this term out; no edit can change it."


@pytest.mark.parametrize("text", ["commission_share", "=0.1", "commission_share=", "x" * 70 + "=1", "a=" + "1" * 200])
def test_what_is_no_edit_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="is no edit") as caught:
        parse_edits([text])
    assert caught.value.fix == "Write TERM=VALUE, for example commission_share=0.12."


def test_a_term_is_edited_once(sheet: PartnerTermSheet) -> None:
    with pytest.raises(InputError, match="is edited twice"):
        parse_edits(["payment_days=40", "payment_days=41"])
    twice = [TermEdit(term="payment_days", value="40"), TermEdit(term="payment_days", value="41")]
    with pytest.raises(InputError, match="is edited twice"):
        edit_sheet(sheet, twice, REFERRAL, DAY)


def test_a_sheet_with_a_strange_text_is_not_written_over_in_silence(
    sheet: PartnerTermSheet, edit: Callable[..., PartnerTermSheet]
) -> None:
    strange = edit(
        sheet,
        "confidentiality",
        lambda clause: clause.model_copy(update={"text": BilingualText(en="Nothing is secret.", ar="لا سر.")}),
    )
    error = _refusal(strange, "commission_share=0.12")
    assert "'confidentiality' is not worded as in the playbook" in error.message


def test_a_breach_that_stood_before_is_not_carried_over_in_silence(
    sheet: PartnerTermSheet, replace_value: Callable[[PartnerTermSheet, TermValue], PartnerTermSheet]
) -> None:
    breach = replace_value(sheet, TermValue(name="commission_share", unit=TermUnit.SHARE, number=Decimal("0.9")))
    clause = _clause(breach, "commission")
    texts = BilingualText(en=clause.text.en.replace("10%", "90%"), ar=clause.text.ar.replace("10%", "90%"))
    clauses = tuple(
        item.model_copy(update={"text": texts}) if item.clause_id == "commission" else item for item in breach.clauses
    )
    breach = breach.model_copy(update={"clauses": clauses})
    positions = {check.term: check.position for check in check_conformance(breach, REFERRAL).checks}
    assert positions["commission_share"] is Position.BREACH
    assert "commission_share (clause commission)" in _refusal(breach, "payment_days=40").message
    mended = edit_sheet(breach, parse_edits(["commission_share=0.1"]), REFERRAL, DAY)
    assert mended.report.conforms


def test_a_note_of_somebody_else_does_not_keep_an_old_figure(sheet: PartnerTermSheet) -> None:
    noted = sheet.model_copy(update={"cover_note": BilingualText(en="We offer 10% to you.", ar="نعرض عليكم (10%).")})
    new = edit_sheet(noted, parse_edits(["commission_share=0.12"]), REFERRAL, DAY).sheet
    assert "10%" not in new.cover_note.en and "10%" not in new.cover_note.ar
    assert "version 2" in new.cover_note.en


def test_another_currency_than_the_playbooks_is_held_against_it(request_for: Callable[..., DraftRequest]) -> None:
    dollars = draft_term_sheet(request_for(currency="USD")).sheet
    new = edit_sheet(dollars, parse_edits(["commission_cap=25000 USD"]), REFERRAL, DAY).sheet
    assert "USD 25,000" in _clause(new, "commission").text.en
    assert "breaches the playbook" in _refusal(dollars, "commission_cap=70000 USD").message
    assert "50000 USD" in str(_refusal(dollars, "commission_cap=25000 SAR").fix)
