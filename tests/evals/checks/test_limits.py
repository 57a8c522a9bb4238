"""Leaks: our positions are found however they are written, and what the sheet states itself is none."""

import pytest

from partnership_os.evals.checks.limits import shows_no_limit
from partnership_os.schemas.base import BilingualText
from tests.evals.checks.made_sheet import PLAYBOOK, SHEET, with_note


@pytest.mark.parametrize(
    ("english", "arabic"),
    [
        ("We could go to 20%.", "ويمكن أن نصل إلى 20%."),
        ("Twenty per cent is thinkable.", "عشرون في المئة ممكنة."),
        ("Up to (15%) is possible.", "الحد (15%) ممكن."),
        ("The cap may be 250,000.", "قد يصل السقف إلى 250,000."),
        ("A commission of 0.2 may do.", "عمولة 0.2 مقبولة."),
        ("A clawback of 120 days is fine too.", "ومدة استرداد 120 يومًا مقبولة أيضًا."),
        ("This is our bottom line.", "هذا آخر ما لدينا."),
        ("It is good.", "هذا هو حد الانسحاب لدينا."),
        ("The law of the Dubai International Financial Centre is fine.", "والقانون قابل للنقاش."),
    ],
)
def test_a_limit_in_the_note_is_found_however_it_is_written(english: str, arabic: str) -> None:
    found = shows_no_limit(with_note(english, arabic), PLAYBOOK)
    assert not found.passed
    assert not {"20", "15", "250"} & set(found.detail.split())


@pytest.mark.parametrize(
    ("english", "arabic"),
    [
        ("We offer 10% for 12 months.", "نعرض 10% لمدة 12 شهرًا."),
        ("The first term is 12 months, drafted on 4 March 2026.", "المدة 12 شهرًا، حُررت في 4 مارس 2026."),
        ("Two sponsors and 3 points.", "راعيان و3 نقاط."),
        ("Najd Bank and Sahab Books", "بنك نجد وسحاب بوكس"),
    ],
)
def test_what_the_sheet_states_itself_is_no_leak(english: str, arabic: str) -> None:
    assert shows_no_limit(with_note(english, arabic), PLAYBOOK).passed


def test_the_tax_does_not_hide_a_commission() -> None:
    assert SHEET.term("vat_rate") is not None
    assert not shows_no_limit(with_note("Perhaps 15%.", "ربما 15%."), PLAYBOOK).passed


def test_a_partner_called_like_a_limit_is_no_leak() -> None:
    them = SHEET.them.model_copy(update={"name": "20% Club", "name_ar": "نادي 20%"})
    note = BilingualText(en="Dear 20% Club, welcome.", ar="السادة في نادي 20%، أهلًا بكم.")
    sheet = SHEET.model_copy(update={"them": them, "cover_note": note})
    assert shows_no_limit(sheet, PLAYBOOK).passed
