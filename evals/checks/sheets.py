"""Checks of a term sheet against the data of a playbook: plain functions, no call into the code that drafts or reviews.

A sheet is read again from its own words: a clause's text is matched against the template, and what stands in the open
places is compared with the values that the sheet holds as numbers, unit and currency included.
"""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction

from partnership_os.agents.sheet_text import wording
from partnership_os.evals.checks.figures import (
    ARABIC_CURRENCIES,
    HOME,
    PEGS,
    currencies_in,
    dates_in,
    figure_of,
    figures_in_digits,
)
from partnership_os.evals.checks.verdict import Verdict, verdict
from partnership_os.schemas.base import BilingualText
from partnership_os.schemas.playbook import Direction, Playbook, PlaybookClause, PlaybookTerm
from partnership_os.schemas.term_sheet import Clause, ClauseGroup, PartnerTermSheet, Party, TermUnit, TermValue

__all__ = [
    "LANGUAGES",
    "bilingual_texts",
    "keeps_to_playbook",
    "missing_groups",
    "name_in",
    "without",
    "without_names",
]

LANGUAGES = ("en", "ar")


def bilingual_texts(sheet: PartnerTermSheet) -> Iterator[tuple[str, BilingualText]]:
    """Every text that the other side reads, with its place."""
    yield "cover_note", sheet.cover_note
    for number, text in enumerate(sheet.conditions_precedent, start=1):
        yield f"condition {number}", text
    for clause in sheet.clauses:
        yield f"{clause.clause_id}.title", clause.title
        yield clause.clause_id, clause.text


def missing_groups(sheet: PartnerTermSheet, wanted: Iterable[ClauseGroup]) -> tuple[ClauseGroup, ...]:
    """Which of these groups has no clause."""
    present = {clause.group for clause in sheet.clauses}
    return tuple(group for group in wanted if group not in present)


def name_in(party: Party, language: str) -> str:
    """What a party is called in a text of that language: its only name where it has one."""
    return " ".join((party.name_ar if language == "ar" and party.name_ar else party.name).split())


# Conformance: nothing outside of the playbook, nothing of it left out


def keeps_to_playbook(sheet: PartnerTermSheet, playbook: Playbook) -> Verdict:
    """Each clause is the playbook's, says what its values are in both languages, and no value is past the walk-away."""
    templates = {clause.clause_id: clause for clause in playbook.clauses}
    faults = [f"the clause {name} is missing" for name in templates if name not in {c.clause_id for c in sheet.clauses}]
    for clause in sheet.clauses:
        template = templates.get(clause.clause_id)
        if template is None:
            faults.append(f"{clause.clause_id} is no clause of the playbook")
            continue
        faults += _clause_faults(clause, template, sheet)
    return verdict("keeps_to_playbook", faults)


def _clause_faults(clause: Clause, template: PlaybookClause, sheet: PartnerTermSheet) -> Iterator[str]:
    where = clause.clause_id
    if (clause.group, clause.title) != (template.group, template.title):
        yield f"{where}: group or title is another one"
    terms = {term.name: term for term in template.terms}
    if [value.name for value in clause.terms] != list(terms):
        yield f"{where}: its terms are not the playbook's"
    values = {value.name: value for value in clause.terms if value.name in terms}
    for name, value in values.items():
        if _is_past_limit(terms[name], value):
            yield f"{where}: {name} is outside of the playbook"
    for language in LANGUAGES:
        places = _open_places(getattr(template.text, language), getattr(clause.text, language))
        if places is None:
            yield f"{where}: the {language} text is worded otherwise"
            continue
        for name, shown in places:
            if not _is_stated(name, shown, language, values, sheet):
                yield f"{where}: the {language} text does not state {name}"


def _open_places(template: str, text: str) -> list[tuple[str, str]] | None:
    """Name and content of each place of a template, None where the words around them are others."""
    pieces = re.split(r"\{([a-z][a-z0-9_]*)\}", template)
    pattern = "".join("(.+?)" if at % 2 else re.escape(piece) for at, piece in enumerate(pieces))
    found = re.fullmatch(pattern, text, re.DOTALL)
    return None if found is None else list(zip(pieces[1::2], found.groups(), strict=True))


def _is_stated(name: str, shown: str, language: str, values: dict[str, TermValue], sheet: PartnerTermSheet) -> bool:
    if name in values:
        return _states(values[name], shown, language)
    if name in ("us", "them"):
        return shown == name_in(sheet.us if name == "us" else sheet.them, language)
    if name == "drafted_on":
        day = sheet.drafted_on
        return dates_in(shown) == {(day.day, day.month, day.year)}
    if name == "version":
        return figures_in_digits(shown) == {(None, Decimal(sheet.version).normalize())}
    return name != "currency" or shown == (
        sheet.currency if language == "en" else ARABIC_CURRENCIES.get(sheet.currency)
    )


def _states(value: TermValue, shown: str, language: str) -> bool:
    if value.choice is not None:
        label = wording().choices.get(value.choice)
        return label is not None and shown == getattr(label, language)
    return figures_in_digits(shown) == {figure_of(value)} and _is_in_currency(value, shown)


def _is_in_currency(value: TermValue, shown: str) -> bool:
    """Whether money names its own currency and nothing else names any."""
    wanted = {frozenset({value.currency})} if value.unit is TermUnit.MONEY else set()
    return set(currencies_in(shown)) == wanted


def _is_past_limit(term: PlaybookTerm, value: TermValue) -> bool:
    if value.unit is not term.unit:
        return True
    if value.choice is not None:
        allowed = term.choices[: term.choices.index(str(term.walk_away)) + 1]
        return value.choice != term.ideal if term.better is Direction.FIXED else value.choice not in allowed
    if value.unit is TermUnit.MONEY and value.currency not in PEGS:
        return True
    number, limit = _at_home(value), Fraction(Decimal(term.walk_away))
    if term.better is Direction.FIXED:
        return number != limit
    return number > limit if term.better is Direction.LOWER else number < limit


def _at_home(value: TermValue) -> Fraction:
    number = Fraction(value.number or 0)
    if value.unit is not TermUnit.MONEY or value.currency == HOME:
        return number
    return number * Fraction(PEGS[HOME]) / Fraction(PEGS[str(value.currency)])


def without_names(text: str, sheet: PartnerTermSheet, language: str) -> str:
    """A name may hold digits and letters of the other script; both say nothing about the text."""
    return without(text, (name_in(party, language) for party in (sheet.us, sheet.them)))


def without(text: str, names: Iterable[str]) -> str:
    """A text with a blank in the place of each name, longer names first."""
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, " ")
    return text
