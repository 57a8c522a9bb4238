"""Finds our private limits in what a counterparty could read."""

import re
from collections.abc import Iterable, Iterator
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from fractions import Fraction
from typing import NamedTuple

from partnership_os.agents.playbook import (
    CONTEXT_NAMES,
    PLAYBOOK_CURRENCY,
    playbook_label,
    terms_of,
    units_per_dollar,
)
from partnership_os.agents.sheet_text import LANGUAGES, bilingual, context_of, fill, format_value
from partnership_os.agents.sheet_text import wording as sheet_wording
from partnership_os.schemas.base import BilingualText
from partnership_os.schemas.playbook import Direction, Playbook, PlaybookClause, PlaybookTerm
from partnership_os.schemas.term_sheet import Clause, PartnerTermSheet, TermUnit, TermValue
from partnership_os.tools.text import NumberSpan, fold, number_spans

__all__ = ["LIMIT_WORDS", "find_leaks", "open_places", "three_digits"]

LIMIT_WORDS = (
    *("walk away", "walkaway", "fallback", "fall back position", "batna", "zopa", "reservation price"),
    *("reservation value", "bottom line", "our limit", "our maximum", "our minimum", "our ceiling", "our floor"),
    *("best alternative to", "negotiation mandate", "حد الانسحاب", "نقطه الانسحاب", "الموقف الاحتياطي"),
    *("الموقف البديل", "افضل بديل للاتفاق", "البديل الافضل", "اقصي ما نقبله", "ادني ما نقبله", "حدنا الاقصي"),
    *("حدنا الادني", "اخر ما لدينا", "سقفنا التفاوضي"),
)
"""Folded words that speak of a private position; none of them belongs on a sheet."""

_KINDS = (
    (TermUnit.SHARE, re.compile(r"[\s)]*(?:%|per ?cent|بالميه|بالمايه|في الميه|في المايه)")),
    (TermUnit.HOURS, re.compile(r"[\s)-]*(?:hours?|ساع)")),
    (TermUnit.DAYS, re.compile(r"[\s)-]*(?:(?:working |calendar )?days?|يوم|ايام)")),
    (TermUnit.MONTHS, re.compile(r"[\s)-]*(?:months?|شهر|اشهر)")),
)
_SMALL_BARE = Decimal(12)
"""A bare whole number up to this says nothing by itself ("two sponsors"), so it is no leak."""


class _Figure(NamedTuple):
    """A number in a text with the unit it is written with; None for a bare one."""

    unit: TermUnit | None
    value: Decimal


class _Limit(NamedTuple):
    term: str
    figures: frozenset[_Figure]
    words: frozenset[str]


def find_leaks(sheet: PartnerTermSheet, playbook: Playbook) -> tuple[str, ...]:
    """Where a position of ours, or a word that speaks of one, stands in a text of the sheet.

    Looked for are the ideal, fallback and walk-away of every term, in every text of the sheet (clauses, titles,
    conditions, note, names of terms), as figures in digits or words of both languages and as choices.

    Equal values: a limit that equals the value the sheet itself states for that term is public and is not looked
    for. A limit that equals a figure which the same place states rightfully is no leak either: in a clause these
    are the clause's own values and the template's constants; in the note and conditions every value of the sheet
    but the fixed ones, since a value added tax of 15% must not hide a commission of 15%. A bare whole number up to
    12 is never a leak.

    A clause whose text is exactly the template with the sheet's own values is clean by construction; only what
    stands in its open places is read.

    Args:
        sheet: Any sheet, whoever wrote its texts.
        playbook: The private positions for its type.

    Returns:
        One line per find, place first, sorted; they name the limit's term and stay on our side.
    """
    limits = [_limit_of(term, sheet) for _, term in terms_of(playbook).values()]
    templates = {clause.clause_id: clause for clause in playbook.clauses}
    found: set[str] = set()
    for clause in sheet.clauses:
        found.update(_leaks_of_clause(clause, templates.get(clause.clause_id), sheet, limits))
    settled = {name for name, (_, term) in terms_of(playbook).items() if term.better is Direction.FIXED}
    stated = [value for clause in sheet.clauses for value in clause.terms if value.name not in settled]
    allowed = _own_figures(stated) | _sheet_figures(sheet)
    approved = set(playbook.conditions_precedent)
    texts = [(f"condition {number}", text) for number, text in enumerate(sheet.conditions_precedent, start=1)]
    for place, text in [("cover_note", sheet.cover_note), *texts]:
        if place == "cover_note" or text not in approved:
            found.update(_leaks_of_text(place, text, sheet, limits, allowed))
    if sheet.playbook_version != playbook_label(playbook):
        found.update(_word_leaks("playbook_version", sheet.playbook_version))
    return tuple(sorted(found))


def open_places(clause: Clause, template: PlaybookClause, sheet: PartnerTermSheet) -> tuple[str, ...] | None:
    """What fills the open places of an unaltered clause; None when its text is not the template's."""
    if clause.title != template.title:
        return None
    found: list[str] = []
    for language in LANGUAGES:
        values = {value.name: format_value(value, language) for value in clause.terms} | context_of(sheet, language)
        names = re.findall(r"\{([a-z0-9_]+)\}", bilingual(template.text, language))
        if not set(names) <= set(values) | CONTEXT_NAMES:
            return None
        open_names = CONTEXT_NAMES - set(values)
        pattern = fill(
            re.escape(bilingual(template.text, language)).replace(r"\{", "{").replace(r"\}", "}"),
            {name: re.escape(text) for name, text in values.items()} | dict.fromkeys(open_names, "(.{1,2000}?)"),
        )
        match = re.fullmatch(pattern, bilingual(clause.text, language))
        if match is None:
            return None
        found.extend(match.groups())
    return tuple(found)


def _leaks_of_clause(
    clause: Clause, template: PlaybookClause | None, sheet: PartnerTermSheet, limits: list[_Limit]
) -> Iterator[str]:
    place = clause.clause_id
    for value in clause.terms:
        yield from _word_leaks(f"{place}.{value.name}", value.name.replace("_", " "))
    places = open_places(clause, template, sheet) if template else None
    if places is not None:
        for text in places:
            yield from _scan(place, text, sheet, limits, _sheet_figures(sheet))
        return
    allowed = _own_figures(clause.terms)
    if template is not None:
        allowed |= {figure for language in LANGUAGES for figure in _figures(bilingual(template.text, language))}
    yield from _leaks_of_text(f"{place}.title", clause.title, sheet, limits, allowed)
    yield from _leaks_of_text(place, clause.text, sheet, limits, allowed)


def _leaks_of_text(
    place: str, text: BilingualText, sheet: PartnerTermSheet, limits: list[_Limit], allowed: set[_Figure]
) -> Iterator[str]:
    for language in LANGUAGES:
        yield from _scan(f"{place}.{language}", bilingual(text, language), sheet, limits, allowed)


def _scan(place: str, text: str, sheet: PartnerTermSheet, limits: list[_Limit], allowed: set[_Figure]) -> Iterator[str]:
    plain = _without_names(text, sheet)
    yield from _word_leaks(place, plain)
    figures = _figures(plain) - allowed
    allowed_values = {figure.value for figure in allowed}
    folded = _plain(plain)
    for limit in limits:
        for figure in figures:
            if _gives_away(figure, limit, allowed_values):
                yield f"{place}: {figure.value:f} is a position on {limit.term}"
        for words in limit.words:
            if words in folded:
                yield f"{place}: names a position on {limit.term}"


def _gives_away(figure: _Figure, limit: _Limit, allowed_values: set[Decimal]) -> bool:
    if figure.unit is not None:
        return figure in limit.figures
    small = figure.value == figure.value.to_integral_value() and figure.value <= _SMALL_BARE
    return (
        not small and figure.value not in allowed_values and any(figure.value == item.value for item in limit.figures)
    )


def _word_leaks(place: str, text: str) -> Iterator[str]:
    plain = f" {_plain(text)} "
    for words in LIMIT_WORDS:
        if (f" {words}" if words.isascii() else words) in plain:
            yield f"{place}: the words {words!r}"


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w%]|_", " ", fold(text)).split())


def _without_names(text: str, sheet: PartnerTermSheet) -> str:
    names = {name for party in (sheet.us, sheet.them) for name in (party.name, party.name_ar) if name}
    squeezed = " ".join(text.split())
    for name in sorted((" ".join(name.split()) for name in names), key=len, reverse=True):
        squeezed = squeezed.replace(name, "§")
    return squeezed


def _figures(text: str) -> set[_Figure]:
    return {_figure(text, span) for span in number_spans(text)}


def _figure(text: str, span: NumberSpan) -> _Figure:
    after = fold(text[span.end : span.end + 24])
    for unit, pattern in _KINDS:
        if pattern.match(after):
            return _Figure(unit, span.value.normalize())
    return _Figure(None, span.value.normalize())


def _own_figures(values: Iterable[TermValue]) -> set[_Figure]:
    figures: set[_Figure] = set()
    for value in values:
        if value.number is not None:
            figures |= _shown(value.unit, value.number)
    return figures


def _sheet_figures(sheet: PartnerTermSheet) -> set[_Figure]:
    numbers = (sheet.version, sheet.drafted_on.year, sheet.drafted_on.month, sheet.drafted_on.day)
    return {_Figure(None, Decimal(number).normalize()) for number in numbers}


def _shown(unit: TermUnit, number: Decimal) -> set[_Figure]:
    if unit is TermUnit.SHARE:
        return {_Figure(TermUnit.SHARE, (number * 100).normalize()), _Figure(None, number.normalize())}
    kind = unit if unit in (TermUnit.HOURS, TermUnit.DAYS, TermUnit.MONTHS) else None
    return {_Figure(kind, number.normalize())}


def _limit_of(term: PlaybookTerm, sheet: PartnerTermSheet) -> _Limit:
    stated = sheet.term(term.name)
    figures: set[_Figure] = set()
    words: set[str] = set()
    for position in {term.ideal, term.fallback, term.walk_away}:
        if isinstance(position, str):
            if stated is None or stated.choice != position:
                words.update(_choice_words(position))
        else:
            for number in _in_sheet_currency(term, position, sheet.currency):
                if stated is None or stated.number != number:
                    figures |= _shown(term.unit, number)
    return _Limit(term.name, frozenset(figures), frozenset(words))


def _choice_words(choice: str) -> set[str]:
    label = sheet_wording().choices.get(choice)
    texts = [choice] if label is None else [choice, label.en, label.ar]
    return {_plain(text) for text in texts}


def _in_sheet_currency(term: PlaybookTerm, number: Decimal, currency: str) -> set[Decimal]:
    """The limit as it may be written: exactly, and rounded as a draft rounds it."""
    if term.unit is not TermUnit.MONEY or currency == PLAYBOOK_CURRENCY:
        return {number}
    rate, own = units_per_dollar(currency), units_per_dollar(PLAYBOOK_CURRENCY)
    if rate is None or own is None:
        return {number}
    exact = Fraction(number) * Fraction(rate) / Fraction(own)
    cents = (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(Decimal("0.01"))
    return {number, cents, *(three_digits(exact, up) for up in (False, True))}


def three_digits(amount: Fraction, up: bool) -> Decimal:
    """An amount rounded to three significant digits, up or down."""
    exact = Decimal(amount.numerator) / Decimal(amount.denominator)
    if not exact:
        return Decimal(0)
    step = Decimal(1).scaleb(exact.adjusted() - 2)
    steps = (exact / step).to_integral_value(ROUND_CEILING if up else ROUND_FLOOR)
    return (steps * step).quantize(Decimal("0.0001")).normalize() + Decimal(0)
