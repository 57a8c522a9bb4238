"""The parity check: the English and the Arabic text of a sheet say the same, place by place."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from partnership_os.errors import InputError
from partnership_os.schemas.term_sheet import Clause, PartnerTermSheet, TermUnit, TermValue
from partnership_os.tools.parity.days import Day, contradictions, day_mentions
from partnership_os.tools.parity.faults import COVER_NOTE, FaultKind, ParityFault, fault
from partnership_os.tools.parity.parties import BothNames, Named, names_of, take_names
from partnership_os.tools.parity.polarity import polarity_of
from partnership_os.tools.parity.quantities import Quantities, quantities_in, quantity_of
from partnership_os.tools.sheet_values import format_value
from partnership_os.tools.sheet_wording import LANGUAGES, Language
from partnership_os.tools.text import fold, script_of

__all__ = ["Place", "faults_between", "parity_faults", "require_parity"]

_OTHER: dict[Language, Language] = {"en": "ar", "ar": "en"}
_SCRIPTS: dict[Language, str] = {"en": "latin", "ar": "ar"}
_LONG = 80
_LENGTHS = (0.5, 1.3)
"""Letters of Arabic to letters of English; the library of clauses lies between 0.61 and 0.98 in texts of some length.
Outside of this a passage is missing."""


class Place(NamedTuple):
    """Where a text stands: a clause id, ``cover_note`` or ``condition_1``, and whether it is the title."""

    place: str
    part: str = "text"


class _Context(NamedTuple):
    names: BothNames
    currency: str
    stated: frozenset[object]


class _Reading(NamedTuple):
    """What one text says, as far as it can be counted."""

    text: str
    named: Named
    days: Counter[Day]
    contradictions: tuple[tuple[Day, Day], ...]
    quantities: Quantities
    polarity: Counter[str]


def parity_faults(sheet: PartnerTermSheet) -> tuple[ParityFault, ...]:
    """Where the two texts of a sheet differ, in the order of the sheet; nothing where they agree.

    Compared are, for every clause and its title, the conditions and the note: numbers with their units and currencies,
    dates of both calendars, the parties by name and role, negations, exceptions and bounds, and whether a text or a
    long passage of it is missing; also whether each value that a clause holds stands in its text.

    What it does not see: a word that is wrong without being one of these, and two changes of the same kind in one
    clause that make up for each other in the count.
    """
    context = _context_of(sheet)
    found: list[ParityFault] = []
    values = {clause.clause_id: clause for clause in sheet.clauses}
    for place, english, arabic in _texts_of(sheet):
        clause = values.get(place.place) if place.part == "text" else None
        found += _place_faults(place, english, arabic, context, clause)
    return tuple(found)


def require_parity(sheet: PartnerTermSheet) -> None:
    """Refuse a sheet whose two texts differ.

    Raises:
        InputError: names every place, and in ``details`` every fault.
    """
    faults = parity_faults(sheet)
    if faults:
        places = ", ".join(dict.fromkeys(found.place for found in faults))
        raise InputError(
            f"The Arabic and the English text of {sheet.sheet_id} differ in: {places}.",
            fix="Correct the texts so that both say the same, and make the next version.",
            sheet_id=sheet.sheet_id,
            faults=[found.message.en for found in faults],
        )


def faults_between(
    english: Mapping[Place, str], arabic: Mapping[Place, str], sheet: PartnerTermSheet
) -> tuple[ParityFault, ...]:
    """Compare two texts that came apart, for example read back from documents, by the names and values of their sheet.

    A place that stands in one language only is a fault at that place, and so is one that the sheet does not have.
    """
    context = _context_of(sheet)
    found: list[ParityFault] = []
    values = {clause.clause_id: clause for clause in sheet.clauses}
    known = [place for place, _, _ in _texts_of(sheet)]
    for place in dict.fromkeys([*known, *english, *arabic]):
        texts: dict[Language, str | None] = {"en": english.get(place), "ar": arabic.get(place)}
        if texts["en"] is not None and texts["ar"] is not None:
            clause = values.get(place.place) if place.part == "text" else None
            found += _place_faults(place, texts["en"], texts["ar"], context, clause)
            if place not in known:
                found.append(fault(*place, "ar", FaultKind.CLAUSE, (), ("a clause that the sheet does not have",)))
            continue
        for language in LANGUAGES:
            if texts[language] is None:
                found.append(fault(*place, language, FaultKind.CLAUSE, ("the clause",), ()))
    return tuple(found)


def _texts_of(sheet: PartnerTermSheet) -> Iterator[tuple[Place, str, str]]:
    yield Place(COVER_NOTE), sheet.cover_note.en, sheet.cover_note.ar
    for number, text in enumerate(sheet.conditions_precedent, start=1):
        yield Place(f"condition_{number}"), text.en, text.ar
    for clause in sheet.clauses:
        yield Place(clause.clause_id, "title"), clause.title.en, clause.title.ar
        yield Place(clause.clause_id), clause.text.en, clause.text.ar


def _place_faults(
    place: Place, english: str, arabic: str, context: _Context, clause: Clause | None
) -> Iterator[ParityFault]:
    texts: dict[Language, str] = {"en": english, "ar": arabic}
    readings = {language: _read(texts[language], language, context.names, context.currency) for language in LANGUAGES}
    yield from _wording_faults(place, readings)
    stated = context.stated | _stated(() if clause is None else clause.terms)
    leaning: Language | None = None
    for kind, count in _COUNTS:
        counts = {language: count(readings[language]) for language in LANGUAGES}
        if counts["en"] == counts["ar"]:
            continue
        only = {language: counts[language] - counts[_OTHER[language]] for language in LANGUAGES}
        leaning = wrong = _wrong_language(only, stated, leaning)
        yield fault(*place, wrong, kind, _phrases(only[_OTHER[wrong]]), _phrases(only[wrong]))
    for language in LANGUAGES:
        for wanted, seen in readings[language].contradictions:
            yield fault(*place, language, FaultKind.DATE, (str(wanted),), (str(seen),))
    if clause is not None:
        yield from _value_faults(place, clause, readings)


@lru_cache(maxsize=8_192)
def _read(text: str, language: Language, names: BothNames, currency: str) -> _Reading:
    named = take_names(text, language, names)
    mentions = day_mentions(named.rest)
    rest = named.rest
    for mention in reversed(mentions):
        rest = f"{rest[: mention.start]} \ue001 {rest[mention.end :]}"
    return _Reading(
        text=rest,
        named=named,
        days=Counter(mention.day for mention in mentions),
        contradictions=contradictions(named.rest, mentions),
        quantities=quantities_in(rest, language, currency),
        polarity=polarity_of(rest, language),
    )


_COUNTS: tuple[tuple[FaultKind, Callable[[_Reading], Counter[object]]], ...] = (
    (FaultKind.DATE, lambda reading: Counter(reading.days.elements())),
    (FaultKind.NUMBER, lambda reading: Counter(reading.quantities.counted.elements())),
    (FaultKind.CURRENCY, lambda reading: Counter(reading.quantities.currencies.elements())),
    (FaultKind.PARTY, lambda reading: Counter([*reading.named.names.elements(), *reading.named.roles])),
    (FaultKind.NEGATION, lambda reading: Counter(reading.polarity.elements())),
)
"""What is counted; dates before numbers, because a broken date falls apart into numbers of the same text."""


def _stated(values: Iterable[TermValue]) -> frozenset[object]:
    return frozenset(quantity for value in values if (quantity := quantity_of(value)) is not None)


def _context_of(sheet: PartnerTermSheet) -> _Context:
    day = sheet.drafted_on
    version = TermValue(name="version", unit=TermUnit.COUNT, number=Decimal(sheet.version))
    stated = _stated([version]) | {Day("gregorian", day.year, day.month, day.day)}
    return _Context(names_of(sheet), sheet.currency, stated)


def _wrong_language(
    only: dict[Language, Counter[object]], stated: frozenset[object], leaning: Language | None
) -> Language:
    """The text that contradicts the values of the sheet, else the one already found wrong, else the one with less."""
    strange = {language: any(item in stated for item in only[_OTHER[language]]) for language in LANGUAGES}
    if strange["en"] != strange["ar"]:
        return "en" if strange["en"] else "ar"
    if leaning is not None:
        return leaning
    return "en" if only["en"].total() < only["ar"].total() else "ar"


def _phrases(counter: Counter[object]) -> Iterable[str]:
    counted = sorted((str(item), times) for item, times in counter.items())
    return tuple(f"{item} (x{times})" if times > 1 else item for item, times in counted)


def _wording_faults(place: Place, readings: dict[Language, _Reading]) -> Iterator[ParityFault]:
    if place.part == "title":
        return
    for language in LANGUAGES:
        if script_of(readings[language].text) != _SCRIPTS[language]:
            wanted = "a text in English" if language == "en" else "a text in Arabic"
            yield fault(*place, language, FaultKind.CLAUSE, (wanted,), ("no such text",))
            return
    letters = {language: sum(char.isalpha() for char in readings[language].text) for language in LANGUAGES}
    if max(letters.values()) < _LONG:
        return
    ratio = letters["ar"] / letters["en"]
    if not _LENGTHS[0] <= ratio <= _LENGTHS[1]:
        short: Language = "ar" if ratio < _LENGTHS[0] else "en"
        yield fault(*place, short, FaultKind.CLAUSE, ("a text as full as the other",), (f"{letters[short]} letters",))


def _value_faults(place: Place, clause: Clause, readings: dict[Language, _Reading]) -> Iterator[ParityFault]:
    for value in clause.terms:
        quantity = quantity_of(value)
        for language in LANGUAGES:
            reading, label = readings[language], format_value(value, language)
            if quantity is None:
                if fold(label) not in fold(reading.text):
                    yield fault(*place, language, FaultKind.VALUE, (label,), ())
            elif not any(quantity in one.quantities.counted for one in readings.values()) and language == "ar":
                yield fault(*place, language, FaultKind.VALUE, (str(quantity),), ())
