"""Numbers as people write them: digits of three scripts, separators, "1.2 million", "forty-two", "خمسة وعشرون"."""

import re
from decimal import Decimal
from typing import NamedTuple

from partnership_os.tools.folding import fold_with_offsets

__all__ = ["NumberSpan", "number_spans", "numbers_in"]


class NumberSpan(NamedTuple):
    """A number and where it stands in the original text."""

    start: int
    end: int
    value: Decimal


_SMALL = (
    "zero;one واحد واحده;two اثنان اثنين اثنتان اثنتين;three ثلاثه ثلاث;four اربعه اربع;five خمسه خمس;six سته ست;"
    "seven سبعه سبع;eight ثمانيه ثماني ثمان;nine تسعه تسع;ten عشره عشر;eleven;twelve;thirteen;fourteen;fifteen;"
    "sixteen;seventeen;eighteen;nineteen"
)
_LARGER = {
    20: "twenty عشرون عشرين",
    30: "thirty ثلاثون ثلاثين",
    40: "forty اربعون اربعين",
    50: "fifty خمسون خمسين",
    60: "sixty ستون ستين",
    70: "seventy سبعون سبعين",
    80: "eighty ثمانون ثمانين",
    90: "ninety تسعون تسعين",
    200: "ميتان ميتين مايتان مايتين",
    300: "ثلاثميه ثلاثمايه",
    400: "اربعميه اربعمايه",
    500: "خمسميه خمسمايه",
    2_000: "الفان الفين",
    2_000_000: "مليونان مليونين",
}
_UNITS = {word: value for value, words in (*enumerate(_SMALL.split(";")), *_LARGER.items()) for word in words.split()}
_SCALE_WORDS = {
    100: "hundred ميه مايه",
    1_000: "thousand الف الفا الاف",
    1_000_000: "million mn mln مليون مليونا ملايين",
    1_000_000_000: "billion bn مليار مليارا مليارات بليون",
}
_SCALES = {word: scale for scale, words in _SCALE_WORDS.items() for word in words.split()}
_STANDS_ALONE = frozenset({"ميه", "مايه", "الف", "مليون", "مليار"})
_TOKEN = re.compile(r"\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?|[a-z]+|[\u0621-\u064a]+|&")
_CURRENCY_BEFORE = re.compile(r"(?:(?<![a-z])(?:us|sar|sr|aed|usd|kwd|qar|bhd|omr|egp|eur|gbp|inr|rs)|[$£€¥])\s?$")
_ORDINAL_AFTER = re.compile(r"(?:st|nd|rd|th)\b")
_THIN_BLANK = re.compile("(?<=\\d)[\u00a0\u2009\u202f](?=\\d{3}(?!\\d))")


class _Reading:
    """A number being read word by word: ``total`` holds what a thousand or more has closed, ``current`` the rest."""

    def __init__(self) -> None:
        self.total = Decimal(0)
        self.current = Decimal(0)
        self.last_scale = 10**12
        self.empty = True
        self.from_digits = False

    @property
    def value(self) -> Decimal:
        return self.total + self.current

    def take_digits(self, value: Decimal) -> bool:
        if not self.empty:
            return False
        self.current, self.empty, self.from_digits = value, False, True
        return True

    def take_word(self, value: int, joined: bool) -> bool:
        """Adds a number word; says no where the word begins another number."""
        if not self.empty and (self.from_digits or not self._continues(value, joined)):
            return False
        self.current += value
        self.empty = False
        return True

    def _continues(self, value: int, joined: bool) -> bool:
        rest = self.current % 100
        if rest == 0:
            return value < 100 or (self.current == 0 and value < 1_000)
        if 1 <= rest <= 9:
            return value == 10 or (joined and 20 <= value <= 90)
        return rest >= 20 and rest % 10 == 0 and value < 10

    def take_scale(self, scale: int) -> bool:
        """Multiplies what was read so far; says no to a scale that cannot follow."""
        if scale == 100 and self.current < 100:
            self.current = (self.current or Decimal(1)) * 100
        elif scale > 100 and scale < self.last_scale and (self.current or not self.total):
            self.total += (self.current or Decimal(1)) * scale
            self.current, self.last_scale = Decimal(0), scale
        else:
            return False
        self.empty = False
        return True


def _plain(word: str) -> tuple[str, bool]:
    """The number word without a joining و, and whether it had one."""
    if word in _UNITS or word in _SCALES or not word.startswith("و"):
        return word, False
    return word[1:], True


class _Reader:
    """Reads the numbers of one folded text."""

    def __init__(self, folded: str) -> None:
        self.folded = folded
        self.tokens = [(match.start(), match.end(), match.group()) for match in _TOKEN.finditer(folded)]

    def read_at(self, index: int) -> tuple[int, Decimal | None]:
        """Index of the first token after the number that starts at ``index``, and the number or None."""
        reading = _Reading()
        after = index
        while after < len(self.tokens) and (after == index or self._adjacent(after)):
            word = self.tokens[after][2]
            if (word in ("and", "a") and self._links(reading, after)) or self._take(reading, after, index):
                after += 1
            else:
                break
        while after > index and self.tokens[after - 1][2] in ("and", "a"):
            after -= 1
        return (index + 1, None) if after == index or reading.empty else (after, reading.value)

    def _adjacent(self, index: int) -> bool:
        return self.folded[self.tokens[index - 1][1] : self.tokens[index][0]] in ("", " ", "-")

    def _links(self, reading: _Reading, index: int) -> bool:
        following = self.tokens[index + 1][2] if index + 1 < len(self.tokens) else ""
        if self.tokens[index][2] == "a":
            return reading.empty and following in _SCALES and following.isascii()
        return not reading.empty and not reading.from_digits and reading.value % 100 == 0 and following in _UNITS

    def _take(self, reading: _Reading, index: int, first: int) -> bool:
        start, end, token = self.tokens[index]
        if token[0].isdigit():
            return self._is_free(start, end) and reading.take_digits(Decimal(token.replace(",", "")))
        if token in ("k", "m"):
            return self._take_suffix(reading, index, token)
        word, joined = _plain(token)
        if word in _SCALES:
            lonely = index == first and word not in _STANDS_ALONE
            return not lonely and reading.take_scale(_SCALES[word])
        return word in _UNITS and reading.take_word(_UNITS[word], joined)

    def _take_suffix(self, reading: _Reading, index: int, suffix: str) -> bool:
        start = self.tokens[index][0]
        before = self.tokens[index - 1]
        if not reading.from_digits or before[1] != start:
            return False
        if suffix == "m" and not _CURRENCY_BEFORE.search(self.folded, max(0, before[0] - 6), before[0]):
            return False
        return reading.take_scale(1_000 if suffix == "k" else 1_000_000)

    def _is_free(self, start: int, end: int) -> bool:
        """False for digits inside a word ("B2B", "ISO27001") and for ordinals ("21st")."""
        before = self.folded[start - 1] if start else " "
        if (before.isascii() and (before.isalnum() or before == "_")) and not _CURRENCY_BEFORE.search(
            self.folded, max(0, start - 6), start
        ):
            return False
        return not _ORDINAL_AFTER.match(self.folded, end)


def number_spans(text: str) -> tuple[NumberSpan, ...]:
    """The numbers of a text with their places in the original, in reading order.

    Reads ASCII, Arabic-Indic and Persian digits, thousands separators, decimals, scale words ("1.2 million",
    "12 مليون", "SAR 5m", "20k"), and number words in English ("forty-two", "one hundred and five") and Arabic
    ("خمسة وعشرون", "ثلاثة آلاف"). A percentage gives the number as written (15% is 15). Ordinals, digits inside a
    word (B2B) and vague words (hundreds, آلاف) are no numbers.
    """
    folded, offsets = fold_with_offsets(_THIN_BLANK.sub(",", text))
    reader = _Reader(folded)
    found: list[NumberSpan] = []
    index = 0
    while index < len(reader.tokens):
        after, value = reader.read_at(index)
        if value is not None:
            start, end = reader.tokens[index][0], reader.tokens[after - 1][1]
            found.append(NumberSpan(offsets[start], offsets[end - 1] + 1, value))
        index = after
    return tuple(found)


def numbers_in(text: str) -> tuple[Decimal, ...]:
    """The values of `number_spans`, in reading order, repeats kept."""
    return tuple(span.value for span in number_spans(text))
