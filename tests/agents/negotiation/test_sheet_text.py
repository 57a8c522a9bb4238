"""Values and sheets as text: the same figures in both languages, and no English in an Arabic sheet."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from partnership_os.agents.deal_negotiator import DraftRequest, draft_term_sheet
from partnership_os.agents.sheet_text import (
    Language,
    fill,
    format_value,
    long_date,
    render_sheet,
    standard_note,
    wording,
)
from partnership_os.errors import InternalError
from partnership_os.schemas.partnership import PartnershipType
from partnership_os.schemas.term_sheet import PartnerTermSheet, TermUnit, TermValue
from partnership_os.testing import world

Drafts = dict[PartnershipType, PartnerTermSheet]


def _value(unit: str, number: str, currency: str | None = None) -> TermValue:
    return TermValue(name="x", unit=TermUnit(unit), number=Decimal(number), currency=currency)


@pytest.mark.parametrize(
    ("value", "english", "arabic"),
    [
        (_value("share", "0.15"), "15%", "(15%)"),
        (_value("share", "0.9975"), "99.75%", "(99.75%)"),
        (_value("share", "1.00"), "100%", "(100%)"),
        (_value("days", "1"), "1 day", "(1) يوم"),
        (_value("days", "2"), "2 days", "(2) يومين"),
        (_value("days", "3"), "3 days", "(3) أيام"),
        (_value("days", "30"), "30 days", "(30) يومًا"),
        (_value("days", "100"), "100 days", "(100) يوم"),
        (_value("days", "110"), "110 days", "(110) أيام"),
        (_value("hours", "0"), "0 hours", "(0) ساعة"),
        (_value("hours", "4"), "4 hours", "(4) ساعات"),
        (_value("hours", "48"), "48 hours", "(48) ساعة"),
        (_value("months", "6"), "6 months", "(6) أشهر"),
        (_value("months", "24"), "24 months", "(24) شهرًا"),
        (_value("count", "4"), "4", "(4)"),
        (_value("money", "40000", "SAR"), "SAR 40,000", "(40,000) ريال سعودي"),
        (_value("money", "1234.50", "BHD"), "BHD 1,234.5", "(1,234.5) دينار بحريني"),
    ],
)
def test_values(value: TermValue, english: str, arabic: str) -> None:
    assert format_value(value, "en") == english
    assert format_value(value, "ar") == arabic


def test_a_choice_reads_as_words_and_an_unknown_one_as_itself() -> None:
    known = TermValue(name="x", unit=TermUnit.CHOICE, choice="law_ksa")
    assert format_value(known, "en") == "the law of the Kingdom of Saudi Arabia"
    assert format_value(known, "ar") == "الأنظمة السارية في المملكة العربية السعودية"
    assert format_value(known.model_copy(update={"choice": "law_mars"}), "ar") == "law_mars"


def test_dates_keep_western_digits() -> None:
    assert long_date(date(2026, 11, 22), "en") == "22 November 2026"
    assert long_date(date(2026, 11, 22), "ar") == "22 نوفمبر 2026"


def test_a_template_without_a_value_is_our_mistake() -> None:
    with pytest.raises(InternalError, match="'days', which has no value"):
        fill("within {days}", {})


@pytest.mark.parametrize("kind", list(PartnershipType))
def test_an_arabic_sheet_holds_no_english(drafts: Drafts, kind: PartnershipType) -> None:
    text = render_sheet(drafts[kind], "ar")
    text = text.replace(f"`{drafts[kind].sheet_id}`", "").replace("example.com", "").replace("najd-test.example", "")
    assert re.findall(r"[A-Za-z]+", text) == []


@pytest.mark.parametrize("kind", list(PartnershipType))
@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_rendered_sheet_is_whole(drafts: Drafts, kind: PartnershipType, language: Language) -> None:
    sheet = drafts[kind]
    text = render_sheet(sheet, language)
    headings = re.findall(r"^## (\d+)\. (.+)$", text, flags=re.MULTILINE)
    assert [int(number) for number, _ in headings] == list(range(1, 35))
    assert [title for _, title in headings] == [getattr(item, language) for item in wording().groups.values()]
    for clause in sheet.clauses:
        for value in clause.terms:
            label = getattr(wording().terms[value.name], language)
            assert f"- {label}: {format_value(value, language)}" in text
    assert sheet.sheet_id in text


def test_both_languages_print_the_same_figures(drafts: Drafts) -> None:
    for sheet in drafts.values():
        figures = [sorted(re.findall(r"\d[\d,.]*\d|\d", render_sheet(sheet, language))) for language in ("en", "ar")]
        assert figures[0] == figures[1]


def test_unused_groups_and_missing_facts_say_so(drafts: Drafts) -> None:
    text = render_sheet(drafts[PartnershipType.REFERRAL], "en")
    assert "## 5. Exclusivity\n\nNot used in this type of partnership." in text
    assert "| Partner | Najd Test Systems | Saudi Arabia | to be completed before signature |" in text
    assert "- Version: 1" in text


def test_a_name_cannot_forge_markdown(request_for: Callable[..., DraftRequest]) -> None:
    company = world.company(name="Evil |\n## 99. Approved <b>", name_ar=None)
    text = render_sheet(draft_term_sheet(request_for(company=company)).sheet, "en")
    assert r"Evil \| ## 99. Approved \<b\>" in text
    assert not re.search(r"^## 99", text, flags=re.MULTILINE)


def test_a_term_without_a_name_borrows_its_clause_title(drafts: Drafts) -> None:
    sheet = drafts[PartnershipType.REFERRAL]
    clause = sheet.clauses[0].model_copy(update={"terms": (_value("days", "5").model_copy(update={"name": "own"}),)})
    text = render_sheet(sheet.model_copy(update={"clauses": (clause,), "conditions_precedent": ()}), "en")
    assert "- Parties and identifiers: 5 days" in text
    assert "Conditions precedent" not in text


def test_the_standard_note_names_both_sides_and_the_version(drafts: Drafts) -> None:
    sheet = drafts[PartnershipType.REFERRAL]
    note = standard_note(sheet)
    assert note == sheet.cover_note
    assert "Najd Test Systems" in note.en
    assert "version 1 of a term sheet (Referral), drafted on 15 January 2026" in note.en
    assert "شركة نجد الاختبارية" in note.ar
    assert "(30) يومًا" in note.ar
    assert "to be completed" in standard_note(sheet.model_copy(update={"clauses": ()})).en
