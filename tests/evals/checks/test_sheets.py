"""Conformance of a term sheet: each check finds its own fault on a right sheet, and nothing else."""

import pytest

from partnership_os.agents.playbook import load_playbook
from partnership_os.evals.cases.terms.composer import compose
from partnership_os.evals.checks.limits import shows_no_limit
from partnership_os.evals.checks.parity import in_both_languages
from partnership_os.evals.checks.sheets import bilingual_texts, keeps_to_playbook, missing_groups
from partnership_os.schemas.partnership import PartnershipType
from partnership_os.schemas.term_sheet import ClauseGroup, PartnerTermSheet
from tests.evals.checks.made_sheet import CASE, PLAYBOOK, SHEET, with_clause, with_text, with_value


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
        (with_text("taxes", "ar", "ريال سعودي", "دولار أمريكي"), "the ar text does not state currency"),
        (with_text("commission", "ar", "ريال سعودي", "دولار أمريكي"), "the ar text does not state commission_cap"),
        (with_text("commission", "en", "SAR", "USD"), "the en text does not state commission_cap"),
        (with_text("commission", "en", "12 months", "12 days"), "the en text does not state commission_months"),
        (with_text("commission_payment", "en", "45 days", "45 hours"), "the en text does not state payment_days"),
        (with_text("commission_payment", "ar", "(45) يوم", "(45) ساعة"), "the ar text does not state payment_days"),
        (with_text("commission", "en", "10%", "10"), "the en text does not state commission_share"),
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
