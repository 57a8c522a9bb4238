"""The properties that a case expects of its sheets, each with whether it holds."""

from partnership_os.agents.playbook import load_playbook
from partnership_os.agents.sheet_text import wording
from partnership_os.evals.cases.terms.composer import value_of
from partnership_os.evals.cases.terms.facts import Names, TermsCase
from partnership_os.evals.cases.terms.outcome import Drafted
from partnership_os.evals.checks.sheets import name_in
from partnership_os.governance.canonical import digest_of
from partnership_os.schemas.base import BilingualText
from partnership_os.schemas.term_sheet import TYPE_DEPENDENT_GROUPS, ClauseGroup, PartnerTermSheet, TermUnit
from partnership_os.tools.text import fold

__all__ = ["GENERAL_GROUPS", "properties_of"]

GENERAL_GROUPS = tuple(group for group in ClauseGroup if group not in TYPE_DEPENDENT_GROUPS)
"""Groups that are on every sheet."""


def properties_of(case: TermsCase, outcome: Drafted) -> dict[str, bool]:
    """Name of each expected property → whether the outcome has it."""
    if case.expect.refused is not None:
        return {"nothing is drafted": not outcome.sheets, "it is refused": bool(outcome.refusals)}
    versions = 1 + len(case.kept_rounds)
    found = {
        f"{versions} versions": len(outcome.sheets) == versions,
        "nothing else is refused": len(outcome.refusals) == len(case.rounds) - len(case.kept_rounds),
    }
    first = outcome.sheets[0] if outcome.sheets else None
    newest = outcome.sheets[-1] if outcome.sheets else None
    money = None if outcome.committed is None else (outcome.committed.amount, outcome.committed.currency)
    wanted = case.expect.committed
    found["the committed money"] = money == (None if wanted is None else (wanted, case.need.currency))
    found |= (
        _identity(case, newest)
        | _places(case, newest)
        | _conditions(case, newest)
        | _stated(case, case.expect.values, first, "v1")
    )
    if case.note is not None:
        used = first is not None and first.cover_note == BilingualText(en=case.note.en, ar=case.note.ar)
        found[f"the offered note is {'' if case.note.used else 'not '}used"] = (
            first is not None and used is case.note.used
        )
    for number, item in enumerate(case.kept_rounds, start=2):
        sheet = outcome.sheets[number - 1] if len(outcome.sheets) >= number else None
        found |= _stated(case, item.values, sheet, f"v{number}")
        found[f"v{number} replaces v{number - 1}"] = sheet is not None and _follows(outcome.sheets[number - 2], sheet)
        found[f"v{number} is of its day"] = sheet is not None and sheet.drafted_on == item.dated
    return found


def _identity(case: TermsCase, sheet: PartnerTermSheet | None) -> dict[str, bool]:
    need, partner = case.need, case.company
    names = {
        "us in English": sheet is not None and name_in(sheet.us, "en") == need.us,
        "us in Arabic": sheet is not None and name_in(sheet.us, "ar") == (need.us_ar or need.us),
        "them in English": sheet is not None and name_in(sheet.them, "en") == partner.name,
        "them in Arabic": sheet is not None and name_in(sheet.them, "ar") == (partner.name_ar or partner.name),
        "their registry number": sheet is not None and sheet.them.registry_number == partner.registry_number,
        "the type": sheet is not None and sheet.partnership_type is need.partnership_type,
    }
    amounts = [] if sheet is None else [v for c in sheet.clauses for v in c.terms if v.unit is TermUnit.MONEY]
    names["the currency"] = (
        sheet is not None
        and sheet.currency == need.currency
        and bool(amounts)
        and all(value.currency == need.currency for value in amounts)
    )
    if case.expect.currency_ar is not None:
        texts = [] if sheet is None else [c.text.ar for c in sheet.clauses_of(ClauseGroup.ECONOMICS)]
        names["the currency in Arabic"] = any(case.expect.currency_ar in text for text in texts)
    return names


def _places(case: TermsCase, sheet: PartnerTermSheet | None) -> dict[str, bool]:
    found: dict[str, bool] = {}
    clauses = () if sheet is None else sheet.clauses_of(ClauseGroup.TERRITORY)
    wanted: tuple[tuple[str, Names | None], ...] = (
        ("territory", case.expect.territory),
        ("segment", case.expect.segments),
    )
    for what, names in wanted:
        for language in ("en", "ar"):
            for name in () if names is None else getattr(names, language):
                texts = [fold(getattr(clause.text, language)) for clause in clauses]
                found[f"{what} {name}"] = any(fold(name) in text for text in texts)
    for group in case.expect.no_groups:
        found[f"no clause of {group.value}"] = sheet is not None and not sheet.clauses_of(group)
    return found


def _conditions(case: TermsCase, sheet: PartnerTermSheet | None) -> dict[str, bool]:
    texts = () if sheet is None else sheet.conditions_precedent
    named = wording().conditions
    found = {f"condition {key}": named[key] in texts for key in case.expect.conditions}
    found |= {f"no condition {key}": sheet is not None and named[key] not in texts for key in case.expect.no_conditions}
    own = load_playbook(case.need.partnership_type).conditions_precedent
    found["the conditions of the type"] = sheet is not None and all(text in texts for text in own)
    return found


def _stated(case: TermsCase, values: dict[str, str], sheet: PartnerTermSheet | None, version: str) -> dict[str, bool]:
    terms = {term.name: term for c in load_playbook(case.need.partnership_type).clauses for term in c.terms}
    found: dict[str, bool] = {}
    for name, stated in values.items():
        wanted = value_of(terms[name], stated, case.need.currency)
        value = None if sheet is None else sheet.term(name)
        # Records compare decimals by value: 0.1 and 0.10 are one number.
        found[f"{version} {name}"] = value == wanted
    return found


def _follows(before: PartnerTermSheet, after: PartnerTermSheet) -> bool:
    numbered = after.version == before.version + 1 and after.sheet_id == before.sheet_id
    return numbered and after.supersedes == digest_of(before.model_dump(mode="json"))
