"""Both languages of a text: figures with their units, currencies, dates, parties, and who offers to whom."""

import pytest

from partnership_os.evals.checks.parity import in_both_languages, says_something
from partnership_os.schemas.base import BilingualText
from tests.evals.checks.made_sheet import SHEET, with_note


@pytest.mark.parametrize(
    ("english", "arabic", "same"),
    [
        ("30 days", "(30) يومًا", True),
        ("30 days", "ثلاثون يومًا", True),
        ("30 days", "(45) يومًا", False),
        ("SAR 75,000", "(75,000) ريال سعودي", True),
        ("On 4 March 2026", "في 4 مارس 2026", True),
        ("On 4 March 2026", "في 4 مايو 2026", False),
        ("Najd Bank agrees", "يوافق بنك نجد", True),
        ("Najd Bank and Sahab Books agree", "يتفق بنك نجد وسحاب بوكس", True),
        ("Najd Bank agrees", "يوافق الشريك", False),
        ("The Partner agrees", "يوافق بنك نجد", False),
        ("The Partner agrees", "The Partner agrees", False),
        ("يوافق الشريك", "يوافق الشريك", False),
    ],
)
def test_languages_are_compared(english: str, arabic: str, same: bool) -> None:
    assert in_both_languages(BilingualText(en=english, ar=arabic), SHEET).passed is same


def test_a_name_that_is_a_common_noun_is_not_missed_in_english() -> None:
    them = SHEET.them.model_copy(update={"name": "Monsha'at", "name_ar": "منشآت"})
    text = BilingualText(en="Customers are establishments.", ar="العملاء منشآت.")
    assert in_both_languages(text, SHEET.model_copy(update={"them": them})).passed


@pytest.mark.parametrize(
    ("english", "arabic", "same"),
    [
        ("30 days", "(30) ساعة", False),
        ("30 hours", "(30) يومًا", False),
        ("12 months", "(12) يومًا", False),
        ("10%", "(10) أيام", False),
        ("between 30 and 45 days", "بين 30 و45 يومًا", True),
        ("SAR 75,000", "(75,000) دولار أمريكي", False),
        ("USD 75,000", "(75,000) ريال سعودي", False),
        ("SAR 75,000", "(75,000) ريال قطري", False),
        ("SAR 75,000", "75,000 ريال", True),
        ("75,000 Saudi riyals", "75,000 ريالًا سعوديًّا", True),
        ("75,000 dollars", "75,000 دولار", False),
    ],
)
def test_units_and_currencies_are_compared(english: str, arabic: str, same: bool) -> None:
    """The sheet is in Saudi riyals."""
    assert in_both_languages(BilingualText(en=english, ar=arabic), SHEET).passed is same


OFFERING = "Sahab Books proposes to Najd Bank a commission.", "السادة في بنك نجد، يسر سحاب بوكس أن تقترح عليكم عمولة."
OFFERED = "Najd Bank proposes to Sahab Books a commission.", "السادة في سحاب بوكس، يسر بنك نجد أن يقترح عليكم عمولة."


@pytest.mark.parametrize(
    ("english", "arabic", "kept"),
    [
        (OFFERING[0], OFFERING[1], True),
        (OFFERING[0], OFFERED[1], False),
        (OFFERED[0], OFFERING[1], False),
        (OFFERED[0], OFFERED[1], False),
        ("Dear Sahab Books, Najd Bank is welcome.", "السادة في بنك نجد، سحاب بوكس ترحب بكم.", False),
        ("We propose to Najd Bank to work with Sahab Books.", "نقترح على بنك نجد العمل مع سحاب بوكس.", True),
        ("Najd Bank introduces customers to Sahab Books.", "يعرّف بنك نجد سحاب بوكس بعملائه.", True),
    ],
)
def test_who_offers_to_whom_is_kept(english: str, arabic: str, kept: bool) -> None:
    found = in_both_languages(BilingualText(en=english, ar=arabic), SHEET)
    assert found.passed is kept, found.detail
    assert ("change sides" in found.detail) is not kept


def test_a_name_inside_the_other_name_changes_no_side() -> None:
    them = SHEET.them.model_copy(update={"name": "Sahab Books Gulf", "name_ar": "سحاب بوكس الخليج"})
    text = BilingualText(
        en="Sahab Books proposes to Sahab Books Gulf a talk.",
        ar="السادة في سحاب بوكس الخليج، يسر سحاب بوكس أن تقترح عليكم لقاء.",
    )
    assert in_both_languages(text, SHEET.model_copy(update={"them": them})).passed


@pytest.mark.parametrize(
    ("english", "arabic", "said"),
    [
        ("We offer Najd Bank 10%.", "نعرض على بنك نجد 10%.", True),
        ("We offer Najd Bank a commission.", "نعرض على بنك نجد العمولة.", True),
        ("There is nothing to report here.", "لا يوجد ما يذكر هنا.", False),
        ("Dear Najd Bank, nothing.", "السادة في بنك نجد، لا شيء.", False),
        ("We offer 10%.", "نعرض 10%.", False),
        ("We offer Najd Bank 10%.", "نعرض على بنك نجد شراكة.", False),
        ("Najd Bank, version 1 of 12 May 2026.", "بنك نجد، النسخة 1 في 12 مايو 2026.", False),
    ],
)
def test_a_note_that_says_nothing_is_told_apart(english: str, arabic: str, said: bool) -> None:
    found = says_something(with_note(english, arabic))
    assert found.passed is said, found.detail
