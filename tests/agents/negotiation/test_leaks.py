"""Our limits are found wherever they are planted, and clean sheets are never flagged."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partnership_os.agents.deal_negotiator import DraftRequest, draft_term_sheet
from partnership_os.agents.leaks import find_leaks, three_digits
from partnership_os.agents.playbook import load_playbook, terms_of
from partnership_os.agents.sheet_text import LANGUAGES, Language, format_value
from partnership_os.schemas.base import BilingualText
from partnership_os.schemas.partnership import PartnershipType
from partnership_os.schemas.term_sheet import Clause, PartnerTermSheet, Party, TermUnit, TermValue

Drafts = dict[PartnershipType, PartnerTermSheet]
RequestFor = Callable[..., DraftRequest]
REFERRAL = PartnershipType.REFERRAL
NOTE_AR = "نشكركم ونرفق المسودة."


def _note(sheet: PartnerTermSheet, en: str, ar: str = NOTE_AR) -> PartnerTermSheet:
    return sheet.model_copy(update={"cover_note": BilingualText(en=en, ar=ar)})


@pytest.mark.parametrize("kind", list(PartnershipType))
def test_first_drafts_are_clean(drafts: Drafts, kind: PartnershipType) -> None:
    assert find_leaks(drafts[kind], load_playbook(kind)) == ()


@pytest.mark.parametrize(
    "note",
    [
        "We could go to 20%.",
        "We could go to 20 per cent in the end.",
        "Twenty percent is where we stop.",
        "A share of 0.15 is thinkable.",
        "We could go to 15%.",
        "We would answer after 36 hours.",
        "The cap may rise to SAR 250,000.",
        "The cap may rise to 250000.",
        "This is not our walk-away.",
        "Our W\u200balk\u00ad Away is near.",
        "The FALLBACK is known.",
        "Our BATNA is strong.",
        "Fall-back position: later.",
        "The law of the Dubai International Financial Centre is fine.",
        "law_difc is fine too",
        "٢٠٪ is possible",
    ],
)
def test_a_limit_in_the_note_is_found(drafts: Drafts, note: str) -> None:
    assert find_leaks(_note(drafts[REFERRAL], note), load_playbook(REFERRAL))


@pytest.mark.parametrize(
    "note",
    ["هذا هو حدّ الانسحاب.", "وحد الانسحاب قريب.", "نقبل ٢٠٪ عند الحاجة.", "نقبل عشرين بالمئة.", "نجيب خلال (36) ساعة."],
)
def test_a_limit_in_the_arabic_note_is_found(drafts: Drafts, note: str) -> None:
    assert find_leaks(_note(drafts[REFERRAL], "Thank you.", note), load_playbook(REFERRAL))


@pytest.mark.parametrize(
    "note", ["We offer 10% for 12 months.", "Paid within 45 days; two sponsors meet.", "Open 30 days."]
)
def test_the_sheets_own_figures_are_public(drafts: Drafts, note: str) -> None:
    assert find_leaks(_note(drafts[REFERRAL], note), load_playbook(REFERRAL)) == ()


def test_the_note_of_a_partner_named_like_a_limit_is_clean(drafts: Drafts) -> None:
    sheet = drafts[REFERRAL].model_copy(update={"them": Party(name="Fallback 20% Trading"), "clauses": ()})
    assert find_leaks(_note(sheet, "We thank Fallback  20% Trading."), load_playbook(REFERRAL)) == ()
    assert find_leaks(_note(sheet, "We thank you for 20%."), load_playbook(REFERRAL))


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_every_limit_planted_in_any_clause_is_found(data: st.DataObject, drafts: Drafts) -> None:
    kind = data.draw(st.sampled_from(list(PartnershipType)))
    sheet, terms = drafts[kind], terms_of(load_playbook(kind))
    _, term = terms[
        data.draw(st.sampled_from(sorted(n for n, (_, t) in terms.items() if t.unit is not TermUnit.COUNT)))
    ]
    position = data.draw(st.sampled_from([term.fallback, term.walk_away]))
    stated = sheet.term(term.name)
    assert stated is not None
    if position in (stated.choice, stated.number):
        return
    change = {"choice": position} if isinstance(position, str) else {"number": position}
    planted = stated.model_copy(update=change)
    clause = data.draw(st.sampled_from([c for c in sheet.clauses if not _states(c, planted)]))
    language: Language = data.draw(st.sampled_from(LANGUAGES))
    text = getattr(clause.text, language) + f" {format_value(planted, language)}."
    altered = clause.model_copy(update={"text": clause.text.model_copy(update={language: text})})
    clauses = tuple(altered if item is clause else item for item in sheet.clauses)
    leaks = find_leaks(sheet.model_copy(update={"clauses": clauses}), load_playbook(kind))
    assert any(term.name in leak and leak.startswith(clause.clause_id) for leak in leaks)


def _states(clause: Clause, planted: TermValue) -> bool:
    return any(
        value.unit is planted.unit and (value.number, value.choice) == (planted.number, planted.choice)
        for value in clause.terms
    )


def test_limit_words_in_names_titles_and_conditions(drafts: Drafts) -> None:
    sheet, playbook = drafts[REFERRAL], load_playbook(REFERRAL)
    first = sheet.clauses[0]
    titled = first.model_copy(update={"title": BilingualText(en="Our limit", ar="حدود")})
    named = first.model_copy(
        update={"terms": (TermValue(name="commission_walk_away", unit=TermUnit.SHARE, number=Decimal("0.2")),)}
    )
    for clause in (titled, named):
        assert find_leaks(sheet.model_copy(update={"clauses": (clause, *sheet.clauses[1:])}), playbook)
    condition = BilingualText(en="The share rises to 20%.", ar="ترتفع النسبة.")
    assert find_leaks(sheet.model_copy(update={"conditions_precedent": (condition,)}), playbook) == (
        "condition 1.en: 20 is a position on commission_share",
    )
    assert find_leaks(sheet.model_copy(update={"playbook_version": "walk-away 1"}), playbook)


def test_a_conceded_value_is_public_from_then_on(request_for: RequestFor) -> None:
    request = request_for(changes={"commission_share": Decimal("0.20")})
    sheet = draft_term_sheet(request).sheet
    assert find_leaks(sheet, request.playbook) == ()
    assert find_leaks(_note(sheet, "We state 20%."), request.playbook) == ()
    assert find_leaks(_note(sheet, "We hoped for 12%."), request.playbook)


def test_limits_are_looked_for_in_the_sheets_currency(request_for: RequestFor) -> None:
    request = request_for(currency="USD")
    sheet = draft_term_sheet(request).sheet
    for figure in ("USD 66,666.67", "USD 66,600", "USD 66,700", "SAR 250,000"):
        assert find_leaks(_note(sheet, f"Up to {figure}."), request.playbook), figure


def test_three_digits() -> None:
    assert three_digits(Fraction(200_000, 3), up=False) == Decimal(66_600)
    assert three_digits(Fraction(200_000, 3), up=True) == Decimal(66_700)
    assert three_digits(Fraction(0), up=True) == 0
