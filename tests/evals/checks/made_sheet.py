"""A right referral sheet from a made-up case, and the same sheet with one thing changed."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from partnership_os.agents.playbook import load_playbook
from partnership_os.evals.cases.terms.composer import compose
from partnership_os.evals.cases.terms.facts import TermsCase
from partnership_os.schemas.base import BilingualText
from partnership_os.schemas.partnership import PartnershipType
from partnership_os.schemas.term_sheet import Clause, PartnerTermSheet

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
