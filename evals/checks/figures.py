"""Figures in texts of two languages: numbers with their units, dates, and currencies by name. No call into drafting."""

import re
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from fractions import Fraction
from functools import lru_cache

from partnership_os.schemas.term_sheet import TermUnit, TermValue
from partnership_os.tools.text import NumberSpan, fold, number_spans

__all__ = [
    "ARABIC_CURRENCIES",
    "HOME",
    "PEGS",
    "TEXTS_KEPT",
    "Figure",
    "converted",
    "currencies_in",
    "dates_in",
    "figure_of",
    "figures_in",
    "figures_in_digits",
    "folded",
]

PEGS = {"USD": "1", "SAR": "3.75", "AED": "3.6725", "QAR": "3.64", "BHD": "0.376", "OMR": "0.3845"}
"""Official parities to the US dollar. Stated again, so that a slip in the product's table shows."""
HOME = "SAR"
"""Currency of the playbooks."""
ARABIC_CURRENCIES = {
    "SAR": "ريال سعودي",
    "USD": "دولار أمريكي",
    "AED": "درهم إماراتي",
    "QAR": "ريال قطري",
    "BHD": "دينار بحريني",
    "OMR": "ريال عماني",
    "KWD": "دينار كويتي",
}
"""What a currency is called in Arabic (CLDR 44). Stated again, so that another name on a sheet shows."""
TEXTS_KEPT = 8_192
"""Sheets of one type share nearly all of their texts, and reading numbers is most of the work."""
Figure = tuple[TermUnit | None, Decimal]
"""A number with the unit that follows it; shares in per cent, None for a bare number and for money."""

_UNIT_WORDS = (
    (TermUnit.SHARE, re.compile(r"[\s)]*(?:%|per ?cent|(?:بال|في ال)ما?يه)")),
    (TermUnit.HOURS, re.compile(r"[\s)-]*(?:hour|ساع)")),
    (TermUnit.DAYS, re.compile(r"[\s)-]*(?:(?:working |business |calendar )?day|يوم|ايام)")),
    (TermUnit.MONTHS, re.compile(r"[\s)-]*(?:month|شهر|اشهر)")),
)
_ENGLISH_MONTHS = "january february march april may june july august september october november december"
_ARABIC_MONTHS = "يناير فبراير مارس ابريل مايو يونيو يوليو اغسطس سبتمبر اكتوبر نوفمبر ديسمبر"
_MONTHS = {name: at for names in (_ENGLISH_MONTHS, _ARABIC_MONTHS) for at, name in enumerate(names.split(), start=1)}
_DATE = re.compile(rf"(\d{{1,2}})\s+({'|'.join(_MONTHS)})\s+(\d{{4}})")
_NATIONS = {
    "SAR": "saudi سعودي",
    "USD": "us american امريكي",
    "AED": "emirati uae اماراتي",
    "QAR": "qatari قطري",
    "BHD": "bahraini بحريني",
    "OMR": "omani عماني",
    "KWD": "kuwaiti كويتي",
}
_OF_NATION = {word: code for code, words in _NATIONS.items() for word in words.split()}
_COINS = {
    "riyal": "SAR QAR OMR",
    "rial": "SAR QAR OMR",
    "ريال": "SAR QAR OMR",
    "dollar": "USD",
    "دولار": "USD",
    "dirham": "AED",
    "درهم": "AED",
    "dinar": "BHD KWD",
    "دينار": "BHD KWD",
}
_NAMED = re.compile(
    rf"\b(?P<code>{'|'.join(_NATIONS).lower()})(?=\b|\d)"
    r"|(?:\b(?P<nation>saudi|us|american|emirati|uae|qatari|bahraini|omani|kuwaiti) )?"
    r"\b(?P<coin>riyal|rial|dollar|dirham|dinar)s?\b"
    r"|(?<!\w)[وف]?(?:ال|بال|لل|ب|ل)?(?P<coin_ar>ريال|دولار|درهم|دينار)ا?(?!\w)"
    rf"(?: (?:ال)?(?P<nation_ar>{'|'.join(one for one in _OF_NATION if not one.isascii())})ا?(?!\w))?"
)


@lru_cache(maxsize=TEXTS_KEPT)
def folded(text: str) -> str:
    """The folded text, see `tools.text.fold`; kept, since every check needs it."""
    return fold(text)


@lru_cache(maxsize=TEXTS_KEPT)
def figures_in(text: str) -> frozenset[Figure]:
    """The numbers of a text, in digits or words, each with the unit that follows it, if any."""
    return frozenset(_figure(text, span) for span in _spans(text))


@lru_cache(maxsize=TEXTS_KEPT)
def figures_in_digits(text: str) -> frozenset[Figure]:
    """Those of `figures_in` that are written in digits."""
    spans = (span for span in _spans(text) if any(char.isdigit() for char in text[span.start : span.end]))
    return frozenset(_figure(text, span) for span in spans)


def figure_of(value: TermValue) -> Figure | None:
    """A term's value as a text states it; None for a choice."""
    if value.number is None:
        return None
    if value.unit is TermUnit.SHARE:
        return value.unit, (value.number * 100).normalize()
    return None if value.unit in (TermUnit.MONEY, TermUnit.COUNT) else value.unit, value.number.normalize()


@lru_cache(maxsize=TEXTS_KEPT)
def dates_in(text: str) -> frozenset[tuple[int, int, int]]:
    """The dates of a text in words of either language, as (day, month, year)."""
    return frozenset((int(day), _MONTHS[month], int(year)) for day, month, year in _DATE.findall(folded(text)))


@lru_cache(maxsize=TEXTS_KEPT)
def currencies_in(text: str) -> tuple[frozenset[str], ...]:
    """For each mention of a currency in a text, the codes that it can mean: ``SAR``, "US dollars", ريال قطري.

    A bare "riyals" can mean each of three; a text without any gives ``()``.
    """
    return tuple(_codes(found) for found in _NAMED.finditer(folded(text)))


def converted(amount: Decimal, currency: str, *, up: bool) -> Decimal:
    """An amount of a playbook in another currency: by parity, to three digits, rounded up or down."""
    if currency == HOME:
        return amount
    exact = Fraction(amount) * Fraction(PEGS[currency]) / Fraction(PEGS[HOME])
    context = Context(prec=3, rounding=ROUND_CEILING if up else ROUND_FLOOR)
    rounded = context.divide(Decimal(exact.numerator), Decimal(exact.denominator))
    return Decimal(f"{rounded:f}")


def _codes(found: re.Match[str]) -> frozenset[str]:
    if found["code"]:
        return frozenset({found["code"].upper()})
    nation = found["nation"] or found["nation_ar"]
    if nation:
        return frozenset({_OF_NATION[nation]})
    return frozenset(_COINS[found["coin"] or found["coin_ar"]].split())


def _figure(text: str, span: NumberSpan) -> Figure:
    after = fold(text[span.end : span.end + 30])
    unit = next((unit for unit, words in _UNIT_WORDS if words.match(after)), None)
    return unit, span.value.normalize()


@lru_cache(maxsize=TEXTS_KEPT)
def _spans(text: str) -> tuple[NumberSpan, ...]:
    return number_spans(text)
