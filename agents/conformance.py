"""Holds a term sheet against our playbook: where each term stands, what is missing, what leaks."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from partnership_os.agents.leaks import find_leaks, open_places
from partnership_os.agents.playbook import (
    PLAYBOOK_CURRENCY,
    REQUIRED_GROUPS,
    in_playbook_currency,
    playbook_label,
    preference_rank,
    terms_of,
)
from partnership_os.agents.sheet_text import LANGUAGES, bilingual, format_value
from partnership_os.errors import InputError
from partnership_os.schemas.base import BilingualText
from partnership_os.schemas.playbook import (
    ConformanceReport,
    Direction,
    Playbook,
    PlaybookClause,
    PlaybookTerm,
    Position,
    TermCheck,
)
from partnership_os.schemas.term_sheet import Clause, ClauseGroup, PartnerTermSheet, TermUnit, TermValue

__all__ = ["check_conformance", "find_leaks", "position_of"]

_POSITION_WORDS = {
    Position.IDEAL: BilingualText(en="at least as good as our ideal", ar="لا تقل عما نريده"),
    Position.FALLBACK: BilingualText(en="between ideal and fallback", ar="بين ما نريده والموقف الاحتياطي"),
    Position.WALK_AWAY: BilingualText(en="between fallback and walk-away", ar="بين الموقف الاحتياطي وحد الانسحاب"),
    Position.BREACH: BilingualText(en="worse than our walk-away", ar="تتجاوز حد الانسحاب"),
    Position.STANDARD: BilingualText(en="the one allowed value", ar="القيمة الوحيدة المسموح بها"),
}


def position_of(term: PlaybookTerm, value: TermValue) -> Position:
    """Where a value stands between our ideal and our walk-away.

    A value is compared in our direction of preference, choices by their order in the playbook, money in the
    playbook's currency. Another unit, an unlisted choice and a currency without a fixed rate are breaches.
    """
    rank = _rank_of(term, value)
    if rank is None:
        return Position.BREACH
    ideal, fallback, walk_away = (preference_rank(term, item) for item in (term.ideal, term.fallback, term.walk_away))
    if ideal is None or fallback is None or walk_away is None:
        return Position.BREACH
    if term.better is Direction.FIXED:
        return Position.STANDARD if rank == ideal else Position.BREACH
    steps = ((ideal, Position.IDEAL), (fallback, Position.FALLBACK), (walk_away, Position.WALK_AWAY))
    return next((position for limit, position in steps if rank <= limit), Position.BREACH)


def check_conformance(sheet: PartnerTermSheet, playbook: Playbook) -> ConformanceReport:
    """Review a sheet against the playbook. The report names our limits: it is private.

    One check per term of the sheet. A term that the playbook does not know, a value that its clause does not state in
    both languages, and a clause whose title, text or group is not the playbook's (a check named ``wording``) are
    breaches too, because nobody has agreed to them yet.

    Raises:
        InputError: the playbook is for another partnership type.
    """
    if sheet.partnership_type is not playbook.partnership_type:
        types = (sheet.partnership_type.value, playbook.partnership_type.value)
        raise InputError(
            f"The sheet is for {types[0]}, the playbook for {types[1]}.",
            fix="Load the playbook of the sheet's partnership type.",
            sheet_id=sheet.sheet_id,
        )
    terms = terms_of(playbook)
    templates = {clause.clause_id: clause for clause in playbook.clauses}
    checks = [
        check for clause in sheet.clauses for check in _checks_of(clause, templates.get(clause.clause_id), sheet, terms)
    ]
    present = {clause.group for clause in sheet.clauses}
    wanted = {*REQUIRED_GROUPS, *(clause.group for clause in playbook.clauses)}
    stated = {value.name for clause in sheet.clauses for value in clause.terms}
    return ConformanceReport(
        sheet_id=sheet.sheet_id,
        sheet_version=sheet.version,
        playbook_version=playbook_label(playbook),
        checks=tuple(checks),
        missing_groups=tuple(group for group in ClauseGroup if group in wanted - present),
        missing_terms=tuple(sorted(set(terms) - stated)),
        leaks=tuple(leak[:200] for leak in find_leaks(sheet, playbook)),
    )


def _rank_of(term: PlaybookTerm, value: TermValue) -> Fraction | None:
    if value.unit is not term.unit:
        return None
    if value.choice is not None:
        return preference_rank(term, value.choice)
    number = in_playbook_currency(value)
    return None if number is None else preference_rank(term, number)


def _checks_of(
    clause: Clause,
    template: PlaybookClause | None,
    sheet: PartnerTermSheet,
    terms: dict[str, tuple[PlaybookClause, PlaybookTerm]],
) -> Iterator[TermCheck]:
    for value in clause.terms:
        yield _check_term(clause, value, terms)
    problem = _wording_problem(clause, template, sheet)
    if problem is not None:
        risk = template.risk if template else "high"
        yield TermCheck(clause_id=clause.clause_id, term="wording", position=Position.BREACH, risk=risk, detail=problem)


def _check_term(clause: Clause, value: TermValue, terms: dict[str, tuple[PlaybookClause, PlaybookTerm]]) -> TermCheck:
    if value.name not in terms:
        detail = BilingualText(en="The playbook has no such term.", ar="لا يتضمن الدليل التفاوضي هذا الشرط.")
        return TermCheck(
            clause_id=clause.clause_id, term=value.name, position=Position.BREACH, risk="high", detail=detail
        )
    home, term = terms[value.name]
    position = position_of(term, value)
    detail = _detail(term, value, position)
    unstated = _unstated(clause, value)
    if unstated is not None:
        position, detail = Position.BREACH, unstated
    return TermCheck(clause_id=clause.clause_id, term=value.name, position=position, risk=home.risk, detail=detail)


def _unstated(clause: Clause, value: TermValue) -> BilingualText | None:
    """Text and numbers must say the same in both languages, or a signed text could differ from what was approved."""
    names = {"en": ("English", "الإنجليزي"), "ar": ("Arabic", "العربي")}
    for language in LANGUAGES:
        if format_value(value, language) not in bilingual(clause.text, language):
            english, arabic = names[language]
            return BilingualText(
                en=f"The {english} text does not state {format_value(value, 'en')}.",
                ar=f"لا يذكر النص {arabic} القيمة {format_value(value, 'ar')}.",
            )
    return None


def _wording_problem(clause: Clause, template: PlaybookClause | None, sheet: PartnerTermSheet) -> BilingualText | None:
    if template is None:
        return BilingualText(en="The playbook has no such clause.", ar="لا يتضمن الدليل التفاوضي هذا البند.")
    if clause.group is not template.group or open_places(clause, template, sheet) is None:
        return BilingualText(
            en="Title, text or group of the clause is not the playbook's.",
            ar="عنوان البند أو نصه أو تصنيفه يخالف ما في الدليل التفاوضي.",
        )
    return None


def _detail(term: PlaybookTerm, value: TermValue, position: Position) -> BilingualText:
    words = _POSITION_WORDS[position]
    ours = [_as_value(term, item) for item in (term.ideal, term.fallback, term.walk_away)]
    english = [format_value(item, "en") for item in (value, *ours)]
    arabic = [format_value(item, "ar") for item in (value, *ours)]
    return BilingualText(
        en=f"{english[0]} is {words.en}. Ideal {english[1]}; fallback {english[2]}; walk-away {english[3]}.",
        ar=f"القيمة {arabic[0]} {words.ar}. نريد {arabic[1]}، والموقف الاحتياطي {arabic[2]}، وحد الانسحاب {arabic[3]}.",
    )


def _as_value(term: PlaybookTerm, position: Decimal | str) -> TermValue:
    if isinstance(position, str):
        return TermValue(name=term.name, unit=term.unit, choice=position)
    currency = PLAYBOOK_CURRENCY if term.unit is TermUnit.MONEY else None
    return TermValue(name=term.name, unit=term.unit, number=position, currency=currency)
