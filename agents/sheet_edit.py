"""Editing a term sheet: a person sets values of named terms, and code writes the next version around them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import Field, ValidationError

from partnership_os.agents.analyst import engine_label
from partnership_os.agents.conformance import check_conformance, position_of
from partnership_os.agents.leaks import open_places
from partnership_os.agents.playbook import CONTEXT_NAMES, WHOLE_UNITS, playbook_label, terms_of
from partnership_os.agents.sheet_changes import SheetChange, changes_between
from partnership_os.agents.sheet_text import (
    LANGUAGES,
    Language,
    bilingual,
    context_of,
    fill,
    format_value,
    standard_note,
)
from partnership_os.agents.sheet_text import wording as sheet_wording
from partnership_os.agents.term_values import tidy
from partnership_os.errors import InputError
from partnership_os.governance.canonical import digest_of
from partnership_os.schemas.base import BilingualText, Record
from partnership_os.schemas.playbook import (
    ConformanceReport,
    Direction,
    Playbook,
    PlaybookClause,
    PlaybookTerm,
    Position,
)
from partnership_os.schemas.stamp import AnalystKind, AnalystStamp
from partnership_os.schemas.term_sheet import Clause, PartnerTermSheet, TermUnit, TermValue
from partnership_os.tools.money_text import money_of
from partnership_os.tools.text import fold

__all__ = ["EditedSheet", "TermEdit", "edit_sheet", "parse_edits"]

_NUMBER = re.compile(r"(\d{1,3}(?:,\d{3})+|\d{1,14})(\.\d{1,4})?")
_FIXES = {
    TermUnit.SHARE: "Give a fraction between 0 and 1 or a percentage, for example 0.12 or 12%.",
    TermUnit.HOURS: "Give a whole number of hours, for example 24 or 24 hours.",
    TermUnit.DAYS: "Give a whole number of days, for example 30 or 30 days.",
    TermUnit.MONTHS: "Give a whole number of months, for example 12 or 12 months.",
    TermUnit.COUNT: "Give a whole number, for example 2.",
}
_TIMES = frozenset({TermUnit.HOURS, TermUnit.DAYS, TermUnit.MONTHS})
_DIRECTIONS = {
    ("choice", Direction.HIGHER): "Choose another of the values; the playbook does not allow this one.",
    ("choice", Direction.LOWER): "Choose another of the values; the playbook does not allow this one.",
    ("time", Direction.HIGHER): "Choose a longer time; only a change of the playbook would allow this one.",
    ("time", Direction.LOWER): "Choose a shorter time; only a change of the playbook would allow this one.",
    ("number", Direction.HIGHER): "Choose a higher value; only a change of the playbook would allow this one.",
    ("number", Direction.LOWER): "Choose a lower value; only a change of the playbook would allow this one.",
}
"""The direction is said, because whoever asks for a value knows it already; the limit never is."""


class TermEdit(Record):
    """A value that a person wants for a term, as they write it.

    Shares as ``0.12`` or ``12%``, money with its currency as ``50000 SAR``, times as ``30`` or ``30 days``, choices by
    their name.
    """

    term: Annotated[str, Field(min_length=1, max_length=64)]
    value: Annotated[str, Field(min_length=1, max_length=100)]


@dataclass(frozen=True, slots=True)
class EditedSheet:
    """The next version, the private report about it, and what differs from the version before."""

    sheet: PartnerTermSheet
    report: ConformanceReport
    changes: tuple[SheetChange, ...]


def parse_edits(texts: Iterable[str]) -> tuple[TermEdit, ...]:
    """Edits as people write them, ``commission_share=0.12``.

    Raises:
        InputError: a text is not ``term=value``, or a term is named twice.
    """
    edits: dict[str, TermEdit] = {}
    for text in texts:
        term, _, value = text.partition("=")
        try:
            edit = TermEdit(term=term, value=value)
        except ValidationError:
            raise InputError(
                f"{text[:200]!r} is no edit.", fix="Write TERM=VALUE, for example commission_share=0.12."
            ) from None
        if edit.term in edits:
            raise _twice(edit.term)
        edits[edit.term] = edit
    return tuple(edits.values())


def edit_sheet(sheet: PartnerTermSheet, edits: Sequence[TermEdit], playbook: Playbook, drafted_on: date) -> EditedSheet:
    """The next version of a sheet with these values. Nothing is stored, sent or committed.

    Every clause is written anew from the playbook in both languages, so that text and value cannot disagree; the cover
    note is the standard one, because a note that somebody wrote may name a value of before. Parties, territory,
    conditions and every other value stay as they are.

    Args:
        sheet: The version that is edited.
        edits: The values that are wanted.
        playbook: Our positions for the type of the sheet.
        drafted_on: The day of the new version.

    Raises:
        InputError: an edit names no term of the sheet or has no value of its unit, nothing changes, the playbook does
            not allow a value, or the sheet was not drafted from this playbook. No message or detail names a limit.
    """
    values = _edited_values(sheet, edits, playbook)
    blank = sheet.model_copy(
        update={
            "version": sheet.version + 1,
            "supersedes": digest_of(sheet.model_dump(mode="json")),
            "drafted_on": drafted_on,
            "playbook_version": playbook_label(playbook),
            "made_by": AnalystStamp(
                analyst=AnalystKind.RULES, engine=f"{engine_label()} / playbook {playbook_label(playbook)}"
            ),
        }
    )
    templates = {clause.clause_id: clause for clause in playbook.clauses}
    clauses = tuple(
        _rewritten(clause, templates.get(clause.clause_id), sheet, blank, values) for clause in sheet.clauses
    )
    drafted = blank.model_copy(update={"clauses": clauses})
    edited = PartnerTermSheet.model_validate(
        {
            **{name: getattr(drafted, name) for name in PartnerTermSheet.model_fields},
            "cover_note": standard_note(drafted),
        }
    )
    report = check_conformance(edited, playbook)
    _require_conformance(report, sheet)
    return EditedSheet(sheet=edited, report=report, changes=changes_between(sheet, edited))


def _edited_values(sheet: PartnerTermSheet, edits: Sequence[TermEdit], playbook: Playbook) -> dict[str, TermValue]:
    known = terms_of(playbook)
    current = {value.name: value for clause in sheet.clauses for value in clause.terms}
    values: dict[str, TermValue] = {}
    for edit in edits:
        if edit.term not in current or edit.term not in known:
            raise InputError(
                f"The sheet has no term {edit.term!r}.",
                fix=f"Name one of its terms: {', '.join(sorted(current.keys() & known.keys()))}.",
                term=edit.term,
            )
        if edit.term in values:
            raise _twice(edit.term)
        clause, term = known[edit.term]
        values[edit.term] = _value_of(edit, term, sheet.currency)
        if values[edit.term] != current[edit.term]:
            _require_allowed(edit, clause, term, values[edit.term])
    if all(value == current[name] for name, value in values.items()):
        stated = ", ".join(f"{name} = {format_value(current[name], 'en')}" for name in values)
        raise InputError(
            f"Nothing would change: the sheet says {stated} already." if stated else "No edit was given.",
            fix="Give at least one term another value; `partnership review` shows what they say.",
            sheet_id=sheet.sheet_id,
        )
    # What stays keeps its spelling: 0.10 is digested otherwise than 0.1.
    return {name: value for name, value in values.items() if value != current[name]}


def _twice(term: str) -> InputError:
    return InputError(f"The term {term!r} is edited twice.", fix="Give each term one value.", term=term)


def _require_allowed(edit: TermEdit, clause: PlaybookClause, term: PlaybookTerm, value: TermValue) -> None:
    """Limits stand in no message and no detail: both may be shown to, or sent by, people who must not know them."""
    if position_of(term, value) is not Position.BREACH:
        return
    if term.better is Direction.FIXED:
        message = f"{term.name} (clause {clause.clause_id}) is not negotiable: it follows the law or the playbook."
        fix = "Leave this term out; no edit can change it."
    else:
        message = f"{term.name} = {edit.value} (clause {clause.clause_id}) breaches the playbook."
        fix = _DIRECTIONS[_kind_of(term), term.better]
    raise InputError(
        message,
        fix=fix,
        term=term.name,
        clause=clause.clause_id,
        requested=edit.value,
    )


def _kind_of(term: PlaybookTerm) -> str:
    if term.unit is TermUnit.CHOICE:
        return "choice"
    return "time" if term.unit in _TIMES else "number"


def _require_conformance(report: ConformanceReport, sheet: PartnerTermSheet) -> None:
    """Nothing that already was outside of the playbook is carried into a new version in silence."""
    breach = next((check for check in report.checks if check.position is Position.BREACH), None)
    if report.conforms:
        return
    place = f"{breach.term} (clause {breach.clause_id})" if breach else "a part that is missing or says too much"
    raise InputError(
        f"The sheet itself does not keep to the playbook: {place}.",
        fix="Edit that term as well, or start the deal anew, so that the sheet is drafted from the playbook in use.",
        sheet_id=sheet.sheet_id,
    )


def _rewritten(
    clause: Clause,
    template: PlaybookClause | None,
    sheet: PartnerTermSheet,
    blank: PartnerTermSheet,
    values: Mapping[str, TermValue],
) -> Clause:
    """The clause with its new values and the text that states them.

    What only the deal knows (territory and segments) is read from the clause as it stands.
    """
    places = open_places(clause, template, sheet) if template is not None else None
    if template is None or places is None:
        raise InputError(
            f"The clause {clause.clause_id!r} is not worded as in the playbook, so its text cannot be written anew.",
            fix="Start the deal anew, so that the sheet is drafted from the playbook in use.",
            sheet_id=sheet.sheet_id,
            clause=clause.clause_id,
        )
    terms = tuple(values.get(value.name, value) for value in clause.terms)
    found = iter(places)
    texts: dict[Language, str] = {}
    for language in LANGUAGES:
        text = bilingual(template.text, language)
        known = context_of(blank, language) | {value.name: format_value(value, language) for value in terms}
        open_names = [name for name in re.findall(r"\{([a-z0-9_]+)\}", text) if name in CONTEXT_NAMES - known.keys()]
        texts[language] = fill(text, known | {name: next(found) for name in open_names})
    return clause.model_copy(update={"text": BilingualText(en=texts["en"], ar=texts["ar"]), "terms": terms})


def _value_of(edit: TermEdit, term: PlaybookTerm, currency: str) -> TermValue:
    """The value in the term's unit.

    Raises:
        InputError: it is none.
    """
    try:
        if term.unit is TermUnit.CHOICE:
            if edit.value not in term.choices:
                raise ValueError("no such choice")
            return TermValue(name=term.name, unit=term.unit, choice=edit.value)
        if term.unit is TermUnit.MONEY:
            return _money(edit.value, term, currency)
        return TermValue(name=term.name, unit=term.unit, number=_number(edit.value, term.unit))
    except ValueError:
        raise InputError(
            f"{edit.value!r} is no value for {term.name} (unit: {term.unit.value}).",
            fix=_fix_for(term, currency),
            term=term.name,
            requested=edit.value,
        ) from None


def _fix_for(term: PlaybookTerm, currency: str) -> str:
    if term.unit is TermUnit.CHOICE:
        # By name, because the playbook's own order would tell what we prefer.
        return f"Choose one of: {', '.join(sorted(term.choices))}."
    if term.unit is TermUnit.MONEY:
        return f"Give an amount with its currency, for example 50000 {currency}."
    return _FIXES[term.unit]


def _money(text: str, term: PlaybookTerm, currency: str) -> TermValue:
    money = money_of(text)
    if money.currency != currency:
        raise ValueError("another currency than the sheet's")
    return TermValue(name=term.name, unit=term.unit, number=tidy(money.amount), currency=currency)


def _number(text: str, unit: TermUnit) -> Decimal:
    """A plain number, with the word of its unit or without."""
    plain = fold(text)
    percent = unit is TermUnit.SHARE and plain.endswith("%")
    plain = plain.removesuffix("%").strip() if percent else _without_noun(plain, unit)
    if not _NUMBER.fullmatch(plain):
        raise ValueError("no number")
    number = Decimal(plain.replace(",", "")) / (100 if percent else 1)
    if unit in WHOLE_UNITS and number != number.to_integral_value():
        raise ValueError("not whole")
    return tidy(number)


def _without_noun(text: str, unit: TermUnit) -> str:
    nouns = sheet_wording().units.get(unit)
    words = {fold(word) for forms in (nouns.en, nouns.ar) for word in forms.values()} if nouns is not None else set()
    number, _, noun = text.partition(" ")
    return number if noun in words else text
