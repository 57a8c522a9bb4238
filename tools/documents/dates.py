"""Dates as documents print them: Gregorian, with the Umm al-Qura date beside."""

from datetime import date

from partnership_os.schemas.base import BilingualText
from partnership_os.tools.documents.wording import NO_HIJRI
from partnership_os.tools.hijri import long_hijri
from partnership_os.tools.parity.days import Day, day_mentions
from partnership_os.tools.sheet_values import long_date
from partnership_os.tools.sheet_wording import LANGUAGES, Language, bilingual

__all__ = ["both_calendars", "with_hijri"]


def both_calendars(day: date, language: Language) -> str:
    """``15 January 2026 (26 Rajab 1447 AH)``; outside of the Umm al-Qura tables the reason stands in the brackets."""
    beside = long_hijri(day, language) or bilingual(NO_HIJRI, language)
    return f"{long_date(day, language)} ({beside})"


def with_hijri(text: BilingualText) -> BilingualText:
    """A text with the Hijri date beside each Gregorian one that has none yet; it is the only thing that is added.

    A date outside of the Umm al-Qura tables, or that does not exist, is left as it is.
    """
    english, arabic = (_annotated(bilingual(text, language), language) for language in LANGUAGES)
    return BilingualText(en=english, ar=arabic)


def _annotated(text: str, language: Language) -> str:
    mentions = day_mentions(text)
    if not mentions or any(mention.day.calendar == "hijri" for mention in mentions):
        return text
    for mention in reversed(mentions):
        beside = _hijri(mention.day, language)
        if beside is not None:
            text = f"{text[: mention.end]} ({beside}){text[mention.end :]}"
    return text


def _hijri(day: Day, language: Language) -> str | None:
    try:
        return long_hijri(date(day.year, day.month, day.day), language)
    except ValueError:
        return None
