"""The Umm al-Qura calendar of Saudi Arabia beside the Gregorian one, and its dates in words of both languages."""

from datetime import date
from typing import NamedTuple

from hijridate import Gregorian
from hijridate.ummalqura import GREGORIAN_RANGE

from partnership_os.tools.sheet_wording import Language

__all__ = ["FIRST_DAY", "HIJRI_MONTHS", "LAST_DAY", "HijriDate", "hijri_of", "long_hijri"]

FIRST_DAY, LAST_DAY = (date(*day) for day in GREGORIAN_RANGE)
"""The days for which Umm al-Qura tables are published: 1 August 1924 to 16 November 2077 (1343 to 1500 AH)."""

HIJRI_MONTHS: dict[Language, tuple[str, ...]] = {
    "en": (
        *("Muharram", "Safar", "Rabi al-Awwal", "Rabi al-Thani", "Jumada al-Ula", "Jumada al-Akhirah"),
        *("Rajab", "Shaban", "Ramadan", "Shawwal", "Dhu al-Qadah", "Dhu al-Hijjah"),
    ),
    "ar": (
        *("محرم", "صفر", "ربيع الأول", "ربيع الآخر", "جمادى الأولى", "جمادى الآخرة"),
        *("رجب", "شعبان", "رمضان", "شوال", "ذو القعدة", "ذو الحجة"),
    ),
}


class HijriDate(NamedTuple):
    """A day of the Umm al-Qura calendar; the month counts from 1."""

    year: int
    month: int
    day: int


def hijri_of(day: date) -> HijriDate | None:
    """The Umm al-Qura date of a day, None outside of the published tables (`FIRST_DAY` to `LAST_DAY`).

    Source: the tables of the Umm al-Qura calendar as kept by the library hijridate. The day is the civil one, which
    ends at midnight.
    """
    if not FIRST_DAY <= day <= LAST_DAY:
        return None
    found = Gregorian.fromdate(day).to_hijri()
    return HijriDate(found.year, found.month, found.day)


def long_hijri(day: date, language: Language) -> str | None:
    """A day in words: ``26 Rajab 1447 AH``, ``26 رجب 1447 هـ``; None outside of the published tables."""
    found = hijri_of(day)
    if found is None:
        return None
    era = "AH" if language == "en" else "هـ"
    return f"{found.day} {HIJRI_MONTHS[language][found.month - 1]} {found.year} {era}"
