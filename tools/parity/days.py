"""Dates in texts of two languages and two calendars."""

import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import Literal, NamedTuple

from partnership_os.tools.folding import fold_with_offsets
from partnership_os.tools.hijri import HIJRI_MONTHS, hijri_of
from partnership_os.tools.text import fold

__all__ = ["Day", "DayMention", "contradictions", "day_mentions"]

_FOUR_DIGITS = re.compile(r"\d{4}")
_BESIDE = re.compile(r"[\s(\[،,/–-]{0,4}(?:(?:al-)?muwafiq|corresponding to|الموافق)?[\s(\[]{0,3}$")


class Day(NamedTuple):
    """A date as it is written, in its own calendar; it need not exist."""

    calendar: Literal["gregorian", "hijri"]
    year: int
    month: int
    day: int

    def __str__(self) -> str:
        era = " AH" if self.calendar == "hijri" else ""
        return f"{self.year:04d}-{self.month:02d}-{self.day:02d}{era}"


class DayMention(NamedTuple):
    """A date and the span of the text that it takes."""

    start: int
    end: int
    day: Day


_GREGORIAN = (
    "january february march april may june july august september october november december",
    "jan feb mar apr may jun jul aug sep oct nov dec",
    "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
)
_MORE = {
    "sept": 9,
    "كانون الثاني": 1,
    "شباط": 2,
    "اذار": 3,
    "نيسان": 4,
    "ايار": 5,
    "حزيران": 6,
    "تموز": 7,
    "اب": 8,
    "ايلول": 9,
    "تشرين الاول": 10,
    "تشرين الثاني": 11,
    "كانون الاول": 12,
}
_MONTHS = {fold(name): at for names in _GREGORIAN for at, name in enumerate(names.split(), start=1)} | _MORE
_HIJRI = {fold(name): at for names in HIJRI_MONTHS.values() for at, name in enumerate(names, start=1)} | {
    "ربيع الثاني": 4,
    "جمادي الثانيه": 6,
    "ذي القعده": 11,
    "ذي الحجه": 12,
    "sha'ban": 8,
    "dhul hijjah": 12,
    "dhul qadah": 11,
}


def _any_of(names: dict[str, int]) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


_DAY_FIRST = re.compile(
    rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)?,?\s+(?:من\s+)?"
    rf"(?:(?P<month>{_any_of(_MONTHS)})|(?P<hijri>{_any_of(_HIJRI)}))\.?(?!\w),?،?\s+(?:عام\s+|سنه\s+)?"
    r"(?P<year>\d{4})(?!\d)(?:\s*(?:a\.?h\.?|a\.?d\.?|c\.?e\.?|ه|م)ـ?(?!\w)\.?)?"
)
_MONTH_FIRST = re.compile(
    rf"\b(?P<month>{_any_of({name: at for name, at in _MONTHS.items() if name.isascii()})})\.?\s+(?P<day>\d{{1,2}})"
    r"(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})(?!\d)"
)
_ISO = re.compile(r"(?<![\d-])(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})(?![\d-])")


def day_mentions(text: str) -> tuple[DayMention, ...]:
    """The dates of a text, in reading order, in any digits.

    Read are ``15 January 2026``, ``January 15, 2026``, ``2026-01-15``, ``15 يناير 2026``, ``26 Rajab 1447 AH`` and
    ``26 رجب 1447 هـ``.
    """
    if _FOUR_DIGITS.search(text) is None:
        return ()
    folded, offsets = fold_with_offsets(text)
    found = [
        DayMention(offsets[match.start()], offsets[match.end() - 1] + 1, day)
        for pattern in (_DAY_FIRST, _MONTH_FIRST, _ISO)
        for match, day in _days(pattern, folded)
    ]
    return tuple(sorted(found))


def _days(pattern: re.Pattern[str], folded: str) -> Iterator[tuple[re.Match[str], Day]]:
    for match in pattern.finditer(folded):
        parts = match.groupdict()
        year, day = int(parts["year"]), int(parts["day"])
        if parts.get("hijri"):
            yield match, Day("hijri", year, _HIJRI[parts["hijri"]], day)
        else:
            month = parts["month"]
            yield match, Day("gregorian", year, int(month) if month.isdigit() else _MONTHS[month], day)


def contradictions(text: str, mentions: tuple[DayMention, ...]) -> tuple[tuple[Day, Day], ...]:
    """Each pair of a Gregorian and a Hijri date that stand beside each other and are not the same day.

    Args:
        text: The text.
        mentions: Its dates, as `day_mentions` finds them.

    Returns:
        Pairs ``(the Hijri date that the Gregorian one asks for, the Hijri date that stands there)``.
    """
    found = []
    for one, two in pairwise(mentions):
        if one.day.calendar == two.day.calendar or not _BESIDE.fullmatch(fold(text[one.end : two.start])):
            continue
        western, hijri = (one.day, two.day) if one.day.calendar == "gregorian" else (two.day, one.day)
        wanted = _as_hijri(western)
        if wanted is not None and wanted != hijri:
            found.append((wanted, hijri))
    return tuple(found)


def _as_hijri(western: Day) -> Day | None:
    try:
        same = hijri_of(date(western.year, western.month, western.day))
    except ValueError:
        return None
    return None if same is None else Day("hijri", *same)
