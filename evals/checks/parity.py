"""Both languages of a text say the same: figures with units, currencies, dates, parties and who offers to whom."""

import re
from collections.abc import Iterable
from functools import lru_cache

from partnership_os.agents.sheet_text import wording
from partnership_os.evals.checks.figures import (
    TEXTS_KEPT,
    Figure,
    currencies_in,
    dates_in,
    figure_of,
    figures_in,
    figures_in_digits,
    folded,
)
from partnership_os.evals.checks.sheets import LANGUAGES, name_in, without
from partnership_os.evals.checks.verdict import Verdict, verdict
from partnership_os.schemas.base import BilingualText
from partnership_os.schemas.term_sheet import PartnerTermSheet
from partnership_os.tools.text import script_of

__all__ = ["in_both_languages", "says_something"]

_TELLS_NOTHING = 12
_US, _THEM = "\ue000", "\ue001"
"""Stand for the names while roles are looked for."""
_OFFERS = re.compile(r"(.) (?:hereby |is pleased to |is glad to )?proposes?\b|\bpleases (.)|\bيسر (.)|\bتقترح (.)")
_IS_OFFERED = re.compile(
    r"\bdear (.)|\bpropos(?:es?|ing)(?: to)? (.)|(?:^|\s)(?:ال)?ساده(?: في| شركه)? (.)|[تني]قترح علي (.)"
)


def in_both_languages(text: BilingualText, sheet: PartnerTermSheet) -> Verdict:
    """English and Arabic carry the same figures, dates and currencies, name the same parties, keep who offers to whom,
    and each is in its own script.

    A figure is a number with its unit: 30 days are neither 30 hours nor 45 days; where one language leaves the unit
    out ("30 or 45 days") the number alone is compared. A currency has to be the sheet's. "Proposes to", "Dear", يسر,
    السادة and تقترح tell who offers: we do, and they are offered.
    """
    parties = tuple((name_in(party, "en"), name_in(party, "ar")) for party in (sheet.us, sheet.them))
    return verdict("in_both_languages", _differences(text.en, text.ar, parties, sheet.currency))


@lru_cache(maxsize=TEXTS_KEPT)
def _differences(english: str, arabic: str, parties: tuple[tuple[str, str], ...], currency: str) -> tuple[str, ...]:
    faults = []
    plain = (without(english, (one for one, _ in parties)), without(arabic, (one for _, one in parties)))
    if not (_all_in(plain[0], plain[1]) and _all_in(plain[1], plain[0])):
        faults.append("the numbers differ")
    if dates_in(english) != dates_in(arabic):
        faults.append("the dates differ")
    if any(currency not in codes for one in plain for codes in currencies_in(one)):
        faults.append("a currency is not the sheet's")
    for name, name_ar in parties:
        named, named_ar = _names(english, name), _names_in_arabic(arabic, name_ar)
        # An Arabic name of one word is often a common noun: the authority "Monsha'at" is called "establishments".
        if (named and not named_ar) or (named_ar and not named and " " in name_ar):
            faults.append("a party is named in one language only")
    if any(
        _sides_change(text, names) for text, names in zip((english, arabic), zip(*parties, strict=True), strict=True)
    ):
        faults.append("the parties change sides")
    if (script_of(plain[0]), script_of(plain[1])) != ("latin", "ar"):
        faults.append("a text is not in its language")
    return tuple(faults)


def _all_in(text: str, other: str) -> bool:
    """Whether every figure in digits of one text is a figure of the other."""
    found = figures_in(other)
    return all(any(_same(figure, one) for one in found) for figure in figures_in_digits(text))


def _same(one: Figure, other: Figure) -> bool:
    return one[1] == other[1] and (one[0] == other[0] or None in (one[0], other[0]))


def _sides_change(text: str, names: tuple[str, ...]) -> bool:
    """Whether they offer, or we are offered."""
    plain = " ".join(folded(text).split())
    pairs = sorted(zip(names, (_US, _THEM), strict=True), key=lambda pair: len(pair[0]), reverse=True)
    for name, mark in pairs:
        plain = re.sub(rf"(?<!\w){re.escape(' '.join(folded(name).split()))}(?!\w)", mark, plain)
    return _THEM in _found(_OFFERS, plain) or _US in _found(_IS_OFFERED, plain)


def _found(pattern: re.Pattern[str], text: str) -> set[str]:
    return {one for found in pattern.finditer(text) for one in found.groups() if one}


def _names(text: str, name: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None


def _names_in_arabic(text: str, name: str) -> bool:
    """Arabic writes "and", "to" and "by" onto a name, and "to" swallows a letter of the article."""
    plain, wanted = folded(text), folded(name)
    return wanted in plain or (wanted.startswith("ال") and f"لل{wanted[2:]}" in plain)


def says_something(sheet: PartnerTermSheet) -> Verdict:
    """The note names the partner and holds a figure or the name of a term of the sheet, in both languages.

    Dates, a small bare number such as the version, and the words of every letter do not count: a note that says
    nothing has them too.
    """
    faults: list[str] = []
    values = [value for clause in sheet.clauses for value in clause.terms]
    figures = {figure for value in values if (figure := figure_of(value)) is not None and _tells(figure)}
    for language in LANGUAGES:
        note = getattr(sheet.cover_note, language)
        name = name_in(sheet.them, language)
        if not (_names(note, name) or _names_in_arabic(note, name)):
            faults.append(f"the {language} note does not name the partner")
        plain = without(note, (name, name_in(sheet.us, language)))
        titles = [getattr(clause.title, language) for clause in sheet.clauses if clause.terms]
        labels = [getattr(wording().terms[value.name], language) for value in values if value.name in wording().terms]
        if not (figures & figures_in(_without_dates(plain)) or _holds(plain, (*titles, *labels))):
            faults.append(f"the {language} note holds no term of the sheet")
    return verdict("says_something", faults)


def _tells(figure: Figure) -> bool:
    return figure[0] is not None or figure[1] > _TELLS_NOTHING


def _without_dates(text: str) -> str:
    return re.sub(r"\b\d{1,2} [^\W\d]+ \d{4}\b", " ", text)


def _holds(text: str, words: Iterable[str]) -> bool:
    """Whether one of the words stands in a text; Arabic writes prepositions and articles onto them."""
    plain = folded(text)
    return any(
        re.search(rf"(?<!\w){re.escape(folded(one))}(?!\w)" if one.isascii() else re.escape(folded(one)), plain)
        for one in words
    )
