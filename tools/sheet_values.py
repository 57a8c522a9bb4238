"""Values of a term sheet as text, in English or Arabic, with the same figures in both."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import get_currency_name

from partnership_os.schemas.base import nfc
from partnership_os.schemas.term_sheet import Clause, Party, TermUnit, TermValue
from partnership_os.tools.sheet_wording import Language, bilingual, wording

__all__ = [
    "currency_name",
    "format_value",
    "joined_labels",
    "long_date",
    "one_line",
    "party_name",
    "plain_number",
    "term_label",
    "territory_names",
]


def plain_number(number: Decimal) -> str:
    """A number with thousands separators and without trailing zeros, in Western digits: ``40,000``, ``99.5``."""
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def format_value(value: TermValue, language: Language) -> str:
    """A term's value with its unit: ``12%``, ``30 days``, ``SAR 40,000``; in Arabic ``(30) يومًا``.

    Arabic follows the habit of contracts: Western digits in brackets, then the noun in the form its number asks for.
    A choice that the wording does not know is shown as it is: the loader refuses it in a playbook, but a reader must
    see it on a sheet that came from elsewhere.
    """
    if value.choice is not None:
        label = wording().choices.get(value.choice)
        return value.choice if label is None else bilingual(label, language)
    number = value.number if value.number is not None else Decimal(0)
    if value.unit is TermUnit.SHARE:
        share = f"{plain_number(number * 100)}%"
        return share if language == "en" else f"({share})"
    if value.unit is TermUnit.MONEY:
        return _money(number, str(value.currency), language)
    if value.unit is TermUnit.COUNT:
        return plain_number(number) if language == "en" else f"({plain_number(number)})"
    noun = _noun(value.unit, number, language)
    return f"{plain_number(number)} {noun}" if language == "en" else f"({plain_number(number)}) {noun}"


def _money(number: Decimal, currency: str, language: Language) -> str:
    if language == "en":
        return f"{currency} {plain_number(number)}"
    return f"({plain_number(number)}) {currency_name(currency, language)}"


def _noun(unit: TermUnit, number: Decimal, language: Language) -> str:
    nouns = wording().units[unit]
    forms = nouns.en if language == "en" else nouns.ar
    return forms[_plural_category(number, language)]


@lru_cache(maxsize=1_024)
def _plural_category(number: Decimal, language: Language) -> str:
    return str(Locale(language).plural_form(number))


@lru_cache(maxsize=256)
def long_date(day: date, language: Language) -> str:
    """A date in words of the language and Western digits: ``22 November 2026``."""
    return nfc(format_date(day, "d MMMM y", locale=language))


def territory_names(codes: Sequence[str], language: Language) -> str:
    """Countries by name, joined as in a sentence, in the order given; by English name where CLDR has no other."""
    names = {**Locale("en").territories, **Locale(language).territories}
    return joined_labels([str(names[code]) for code in codes], language)


def joined_labels(labels: Sequence[str], language: Language) -> str:
    """Labels joined as in a sentence: ``a, b, and c``."""
    return nfc(format_list(list(labels), locale=language))


def one_line(text: str) -> str:
    """Text with each run of white space as one blank, so that a name cannot open a line of its own."""
    return " ".join(text.split())


def party_name(party: Party, language: Language) -> str:
    """The name of a party in the language, or the one name that is known."""
    return one_line(party.name_ar if language == "ar" and party.name_ar else party.name)


def currency_name(currency: str, language: Language) -> str:
    """A currency without an amount: its code in English, its name in Arabic."""
    return currency if language == "en" else nfc(get_currency_name(currency, locale="ar"))


def term_label(value: TermValue, clause: Clause, language: Language) -> str:
    """The name of a term; one that the wording does not know is called as its clause."""
    return bilingual(wording().terms.get(value.name, clause.title), language)
