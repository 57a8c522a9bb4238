"""Numbers with their units in texts of two languages: in digits, in words, and as the Arabic dual."""

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from partnership_os.schemas.term_sheet import TermUnit, TermValue
from partnership_os.tools.folding import fold_with_offsets
from partnership_os.tools.numbers import NumberSpan, number_spans
from partnership_os.tools.parity.currencies import CurrencyMention, currency_mentions
from partnership_os.tools.sheet_values import plain_number
from partnership_os.tools.sheet_wording import Language
from partnership_os.tools.text import fold

__all__ = ["Quantity", "Quantities", "quantities_in", "quantity_of"]


class Quantity(NamedTuple):
    """A number and its unit: ``%``, ``days``, ``working days``, a currency code, or ``""`` for a bare number."""

    number: Decimal
    unit: str

    def __str__(self) -> str:
        shown = plain_number(self.number)
        if self.unit == "%":
            return f"{shown}%"
        return f"{shown} {self.unit.removesuffix('s') if self.number == 1 else self.unit}".strip()


class Quantities(NamedTuple):
    """What a text counts and pays; ``currencies`` are the ones that are named without an amount."""

    counted: Counter[Quantity]
    currencies: Counter[str]


_UNITS_OF_TERMS = {
    TermUnit.SHARE: "%",
    TermUnit.HOURS: "hours",
    TermUnit.DAYS: "days",
    TermUnit.MONTHS: "months",
    TermUnit.COUNT: "",
}
_NOUNS: dict[Language, dict[str, str]] = {
    "en": {
        "%": r"%|per ?cent\b",
        "working days": r"(?:working|business)[ -]days?\b",
        "days": r"(?:calendar[ -])?days?\b",
        "hours": r"hours?\b",
        "weeks": r"weeks?\b",
        "months": r"(?:calendar[ -])?months?\b",
        "quarters": r"quarters?\b",
        "years": r"years?\b",
    },
    "ar": {
        "%": r"%|(?:بال|في ال)م(?:ا)?يه(?!\w)",
        "working days": r"(?:يوم(?:ا|ي|ين)?|ايام) عمل(?!\w)",
        "days": r"(?:يوم(?:ا|ي|ين|ان)?|ايام)(?!\w)",
        "hours": r"(?:ساعه|ساعات|ساعت(?:ي|ين|ان))(?!\w)",
        "weeks": r"(?:اسبوع(?:ا|ي|ين|ان)?|اسابيع)(?!\w)",
        "months": r"(?:شهر(?:ا|ي|ين|ان)?|اشهر|شهور)(?!\w)",
        "quarters": r"(?:ربع(?:ا|ي|ين|ان)?|ارباع)(?!\w)",
        "years": r"(?:سنه|سنوات|سنت(?:ي|ين|ان)|عام(?:ا|ي|ين|ان)?|اعوام)(?!\w)",
    },
}
_AFTER = {
    language: tuple((unit, re.compile(rf"[\s)-]*(?:{noun})")) for unit, noun in nouns.items())
    for language, nouns in _NOUNS.items()
}
_DUALS = (
    ("working days", r"يومي عمل"),
    ("days", r"يوم(?:ين|ان|ي)"),
    ("hours", r"ساعت(?:ين|ان|ي)"),
    ("weeks", r"اسبوع(?:ين|ان|ي)"),
    ("months", r"شهر(?:ين|ان|ي)"),
    ("quarters", r"ربع(?:ين|ان|ي)"),
    ("years", r"(?:سنت|عام)(?:ين|ان|ي)"),
    ("", r"مرت(?:ين|ان)"),
)
_DUAL = re.compile("|".join(rf"(?P<d{at}>(?<!\w)(?:و|ب|ل|ك)?{noun}(?!\w))" for at, (_, noun) in enumerate(_DUALS)))
_TIMES = re.compile(r"\b(?:(?P<once>(?<!at )once(?= (?:an?|in|per|every|each)\b))|(?P<twice>twice))\b")
_COUNTED_BY_ONE = {**_NOUNS["ar"], "": r"مره(?!\w)"}
_ONE_AFTER_NOUN = {
    unit: re.compile(rf"(?<!\w)(?:[وبلف]|ال)?(?:{noun})\s*\(?$") for unit, noun in _COUNTED_BY_ONE.items()
}


def quantity_of(value: TermValue) -> Quantity | None:
    """A term's value as a text has to state it; None for a choice."""
    if value.number is None:
        return None
    if value.unit is TermUnit.MONEY:
        return _quantity(value.number, str(value.currency))
    return _quantity(value.number * 100 if value.unit is TermUnit.SHARE else value.number, _UNITS_OF_TERMS[value.unit])


def quantities_in(text: str, language: Language, currency: str) -> Quantities:
    """The numbers of a text with their units, and its currencies.

    Counted are digits of three scripts, number words ("sixty days", ستين يومًا), "once a year" and مرة واحدة, "twice"
    and مرتين, and the dual (شهرين is two months). "One" counts where it counts something: "one month", شهر واحد, not
    in "one party". Ordinals are no quantities.

    Args:
        text: Without names and dates, whose digits say nothing here.
        language: What the text is written in.
        currency: ISO code of the sheet; a bare "riyal" or ريال means it where it can.
    """
    mentions = currency_mentions(text, language, currency)
    taken: set[CurrencyMention] = set()
    counted: Counter[Quantity] = Counter()
    rest = list(text)
    for span in number_spans(text):
        free = tuple(mention for mention in mentions if mention not in taken)
        found, end, mention = _read(text, span, language, free)
        if found is None:
            continue
        counted[found] += 1
        if mention is not None:
            taken.add(mention)
        rest[span.start : end] = " " * (end - span.start)
    counted.update(_in_words("".join(rest), language))
    return Quantities(counted, Counter(mention.code for mention in mentions if mention not in taken))


def _quantity(number: Decimal, unit: str) -> Quantity:
    return Quantity(Decimal(f"{number.normalize():f}"), unit)


def _read(
    text: str, span: NumberSpan, language: Language, mentions: tuple[CurrencyMention, ...]
) -> tuple[Quantity | None, int, CurrencyMention | None]:
    """The quantity at a number, where it ends with its unit, and the currency that belongs to it."""
    folded, offsets = fold_with_offsets(text[span.end : span.end + 40])
    for unit, pattern in _AFTER[language]:
        match = pattern.match(folded)
        if match is not None:
            return _quantity(span.value, unit), span.end + offsets[match.end() - 1] + 1, None
    following = sorted(mentions, key=lambda mention: mention.start < span.start)
    for mention in following:  # "40,000 SAR" before "SAR 40,000", so that a currency goes with the number it follows
        if _touches(text, span, mention):
            return _quantity(span.value, mention.code), span.end, mention
    if span.value != 1 or any(char.isdigit() for char in text[span.start : span.end]):
        return _quantity(span.value, ""), span.end, None
    before = fold(text[max(0, span.start - 20) : span.start])
    for unit, noun in _ONE_AFTER_NOUN.items():
        if language == "ar" and noun.search(before):
            return _quantity(span.value, unit), span.end, None
    return None, span.end, None


def _touches(text: str, span: NumberSpan, mention: CurrencyMention) -> bool:
    between = text[mention.end : span.start] if mention.end <= span.start else text[span.end : mention.start]
    is_beside = mention.end <= span.start or mention.start >= span.end
    return is_beside and not between.strip(" \u00a0\u202f()")


def _in_words(text: str, language: Language) -> Iterator[Quantity]:
    folded = fold(text)
    if language == "ar":
        for match in _DUAL.finditer(folded):
            yield _quantity(Decimal(2), _DUALS[int(str(match.lastgroup)[1:])][0])
        return
    for match in _TIMES.finditer(folded):
        yield _quantity(Decimal(1 if match["once"] else 2), "")
