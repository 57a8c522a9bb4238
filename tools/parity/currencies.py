"""Currencies in texts of two languages: by code, by full name, and by a bare noun."""

import re
from functools import lru_cache
from typing import NamedTuple

from babel.numbers import get_currency_name

from partnership_os.schemas.base import currency_codes
from partnership_os.tools.folding import fold_with_offsets
from partnership_os.tools.sheet_wording import Language
from partnership_os.tools.text import fold

__all__ = ["CurrencyMention", "currency_mentions"]

_NAMED = ("SAR", "AED", "QAR", "KWD", "BHD", "OMR", "USD", "EUR", "GBP", "EGP", "JOD", "INR")
"""Currencies that are known by name and by code wherever they stand; every other code only beside a number."""
_COUNTS = (1, 2, 3, 11, 100)
_BESIDE_NUMBER = r"\b(?:{codes})(?=[\s\u00a0]*\d)|(?<=\d)[\s\u00a0]*(?:{codes})\b"


class CurrencyMention(NamedTuple):
    """A currency and the span of the text that it takes."""

    start: int
    end: int
    code: str


@lru_cache(maxsize=4_096)
def currency_mentions(text: str, language: Language, currency: str) -> tuple[CurrencyMention, ...]:
    """Where a text names a currency, in reading order.

    Args:
        text: The text.
        language: What it is written in; ISO codes are found in both.
        currency: ISO code of the sheet: what a bare "riyals" or ريال means if it can mean it.
    """
    found = [CurrencyMention(*match.span(), match.group().strip()) for match in _codes(currency).finditer(text)]
    folded, offsets = fold_with_offsets(text)
    names = _names(language, currency)
    for match in _pattern(language, currency).finditer(folded):
        start, end = offsets[match.start("name")], offsets[match.end("name") - 1] + 1
        found.append(CurrencyMention(start, end, names[_key(match["name"])]))
    return tuple(sorted(found))


@lru_cache(maxsize=64)
def _codes(currency: str) -> re.Pattern[str]:
    known = "|".join(sorted({*_NAMED, currency}))
    beside = _BESIDE_NUMBER.format(codes="|".join(sorted(currency_codes())))
    return re.compile(rf"\b(?:{known})\b|{beside}")


@lru_cache(maxsize=64)
def _names(language: Language, currency: str) -> dict[str, str]:
    """Folded names by code; the noun alone stands for the sheet's currency."""
    found: dict[str, str] = {}
    for code in (*_NAMED, currency):
        for count in (None, *_COUNTS):
            name = get_currency_name(code, count=count, locale=language)
            found.setdefault(_key(fold(name)), code)
    own = fold(get_currency_name(currency, locale=language)).split()
    noun = own[0] if language == "ar" else own[-1]
    bare = {noun, f"{noun}s", f"{noun}ات"} if len(own) > 1 else set()
    return {**{_key(word): currency for word in bare}, **found}


@lru_cache(maxsize=64)
def _pattern(language: Language, currency: str) -> re.Pattern[str]:
    names = sorted(_names(language, currency), key=len, reverse=True)
    if language == "en":
        return re.compile(rf"\b(?P<name>{'|'.join(re.escape(name) for name in names)})\b")
    forms = ("(?:ا)? (?:ال)?".join(re.escape(word) for word in name.split()) + "ا?" for name in names)
    return re.compile(rf"(?<!\w)(?:و|ف)?(?:بال|لل|ال|ب|ل|ك)?(?P<name>{'|'.join(forms)})(?!\w)")


def _key(name: str) -> str:
    """A name without the endings of case and without articles, so that every form of it meets."""
    words = (word.removeprefix("ال") for word in name.split())
    return " ".join(word[:-1] if word.endswith("ا") and len(word) > 3 else word for word in words)
