"""The checks of a term sheet: each finds its own fault on a right sheet, and nothing else."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from partnership_os.agents.playbook import load_playbook
from partnership_os.evals.cases.terms.composer import compose
from partnership_os.evals.cases.terms.facts import TermsCase
from partnership_os.evals.checks.sheets import (
    PEGS,
    approvals_of,
    bilingual_texts,
    converted,
    figures_in,
    in_both_languages,
    keeps_to_playbook,
    missing_groups,
    shows_no_limit,
)
from partnership_os.governance.policy import UNITS_PER_USD, required_approvals
from partnership_os.schemas.base import BilingualText, Money
from partnership_os.schemas.partnership import PartnershipType
from partnership_os.schemas.term_sheet import Clause, ClauseGroup, PartnerTermSheet, TermUnit

PLAYBOOK = load_playbook(PartnershipType.REFERRAL)
CASE = TermsCase.model_validate(
    {
        "id": "made_up",
        "cluster": "co_najd",
        "reason": "made for this test",
        "language": "en",
        "drafted_on": date(2026, 3, 4),
        "need": {
            "title": "Referral",
            "description": "We look for banks.",
            "partnership_type": "referral",
            "us": "Sahab Books",
            "us_ar": "سحاب بوكس",
        },
        "company": {"name": "Najd Bank", "name_ar": "بنك نجد"},
        "expect": {"territory": {"en": ["Saudi Arabia"], "ar": ["المملكة العربية السعودية"]}},
    },
    strict=False,
)
(SHEET,) = compose(CASE)


def with_clause(clause_id: str, change: Callable[[Clause], Clause]) -> PartnerTermSheet:
    clauses = (change(clause) if clause.clause_id == clause_id else clause for clause in SHEET.clauses)
    return SHEET.model_copy(update={"clauses": tuple(clauses)})


def with_text(clause_id: str, language: str, old: str, new: str) -> PartnerTermSheet:
    def change(clause: Clause) -> Clause:
        text = getattr(clause.text, language)
        assert old in text
        return clause.model_copy(update={"text": clause.text.model_copy(update={language: text.replace(old, new)})})

    return with_clause(clause_id, change)


def with_note(english: str, arabic: str) -> PartnerTermSheet:
    return SHEET.model_copy(update={"cover_note": BilingualText(en=english, ar=arabic)})


def with_value(clause_id: str, term: str, number: str) -> PartnerTermSheet:
    """The value alone changes, the text keeps the old one."""

    def change(clause: Clause) -> Clause:
        values = (
            value.model_copy(update={"number": Decimal(number)}) if value.name == term else value
            for value in clause.terms
        )
        return clause.model_copy(update={"terms": tuple(values)})

    return with_clause(clause_id, change)


@pytest.mark.parametrize("kind", list(PartnershipType))
def test_a_sheet_composed_from_each_playbook_is_right(kind: PartnershipType) -> None:
    need = CASE.need.model_copy(update={"partnership_type": kind})
    (sheet,) = compose(CASE.model_copy(update={"need": need}))
    playbook = load_playbook(kind)
    assert keeps_to_playbook(sheet, playbook).passed
    assert shows_no_limit(sheet, playbook).passed
    assert [place for place, text in bilingual_texts(sheet) if not in_both_languages(text, sheet).passed] == []


def test_a_sheet_of_another_playbook_does_not_conform() -> None:
    assert not keeps_to_playbook(SHEET, load_playbook(PartnershipType.DISTRIBUTION)).passed


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (with_value("commission", "commission_share", "0.12"), "does not state commission_share"),
        (with_value("commission", "commission_share", "0.21"), "commission_share is outside"),
        (with_value("taxes", "vat_rate", "0.05"), "vat_rate is outside"),
        (with_value("confidentiality", "confidentiality_months", "11"), "confidentiality_months is outside"),
        (with_text("commission", "en", "10%", "11%"), "the en text does not state commission_share"),
        (with_text("commission", "ar", "(10%)", "(11%)"), "the ar text does not state commission_share"),
        (with_text("commission", "en", "The Company pays", "The Company may pay"), "worded otherwise"),
        (with_text("parties", "en", "Najd Bank", "Najd Holding"), "does not state them"),
        (with_text("taxes", "en", "SAR", "USD"), "does not state currency"),
        (with_text("version", "ar", "4 مارس 2026", "5 مارس 2026"), "does not state drafted_on"),
        (with_clause("liability", lambda clause: clause.model_copy(update={"terms": ()})), "its terms are not"),
        (
            with_clause("liability", lambda clause: clause.model_copy(update={"group": ClauseGroup.BRAND})),
            "group or title",
        ),
        (with_clause("liability", lambda clause: clause.model_copy(update={"clause_id": "luck"})), "no clause of"),
    ],
)
def test_what_is_outside_of_the_playbook_is_found(wrong: PartnerTermSheet, said: str) -> None:
    found = keeps_to_playbook(wrong, PLAYBOOK)
    assert said in found.detail
    assert "20" not in found.detail, "the fault tells our limit"


def test_the_edge_of_the_playbook_is_inside() -> None:
    detail = keeps_to_playbook(with_value("commission", "commission_share", "0.20"), PLAYBOOK).detail
    assert "outside" not in detail


def test_a_dropped_group_is_named() -> None:
    kept = tuple(clause for clause in SHEET.clauses if clause.group is not ClauseGroup.LIABILITY)
    assert missing_groups(SHEET.model_copy(update={"clauses": kept}), list(ClauseGroup)[:3]) == ()
    assert missing_groups(SHEET.model_copy(update={"clauses": kept}), [ClauseGroup.LIABILITY]) == (
        ClauseGroup.LIABILITY,
    )


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


def test_figures_carry_their_unit() -> None:
    assert figures_in("12% for 30 days, (4) ساعات, 18 months and 7") == {
        (TermUnit.SHARE, Decimal(12)),
        (TermUnit.DAYS, Decimal("3E+1")),
        (TermUnit.HOURS, Decimal(4)),
        (TermUnit.MONTHS, Decimal(18)),
        (None, Decimal(7)),
    }


@pytest.mark.parametrize(
    ("amount", "currency", "up", "expected"),
    [
        ("10000", "SAR", False, "10000"),
        ("75000", "USD", False, "20000"),
        ("10000", "USD", False, "2660"),
        ("600000", "QAR", True, "583000"),
        ("75000", "BHD", False, "7520"),
        ("5000000", "USD", True, "1340000"),
    ],
)
def test_amounts_are_converted_in_our_favour(amount: str, currency: str, up: bool, expected: str) -> None:
    assert converted(Decimal(amount), currency, up=up) == Decimal(expected)


def test_the_parities_are_the_policys() -> None:
    assert {key: Decimal(value) for key, value in PEGS.items()} == UNITS_PER_USD


@pytest.mark.parametrize("kind", list(PartnershipType))
@pytest.mark.parametrize("amount", ["0", "99999", "100000", "1000000", "9999999", "10000000"])
@pytest.mark.parametrize("currency", ["SAR", "USD", "BHD", "KWD"])
def test_approvals_by_rule_and_by_policy_are_the_same(kind: PartnershipType, amount: str, currency: str) -> None:
    value = Money(amount=Decimal(amount), currency=currency)
    asked = tuple("legal" if item.legal else item.min_level.value for item in required_approvals(kind, value))
    assert approvals_of(kind, value) == asked
