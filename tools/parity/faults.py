"""What a parity check finds: a place, a language, a kind, and what was expected there."""

from collections.abc import Iterable
from enum import StrEnum

from partnership_os.schemas.base import BilingualText, Record
from partnership_os.tools.sheet_wording import Language

__all__ = ["COVER_NOTE", "FaultKind", "ParityFault", "fault", "is_condition"]

COVER_NOTE = "cover_note"
"""The place of the note that goes with a sheet."""


class FaultKind(StrEnum):
    """In what the two texts differ."""

    CLAUSE = "clause"
    """A clause or a passage of it is missing, is there twice, or is not written in its language."""
    NUMBER = "number"
    """A number with its unit, money included."""
    DATE = "date"
    """A Gregorian or Hijri date, or the two beside each other are not the same day."""
    CURRENCY = "currency"
    """A currency that is named without an amount."""
    PARTY = "party"
    """The name or the role of a party."""
    NEGATION = "negation"
    """A negation, an exception, or the direction of a bound."""
    VALUE = "value"
    """Both texts leave out a value that the clause holds."""


class ParityFault(Record):
    """One difference between the English and the Arabic text.

    ``place`` is a clause id, ``cover_note`` or ``condition_3``; ``part`` tells the title from the text. ``language`` is
    the text that is taken to be wrong: the one that contradicts the values of the sheet; where these do not tell, the
    one with less in it, and the Arabic one where both have as much.
    """

    place: str
    part: str = "text"
    language: Language
    kind: FaultKind
    expected: str
    found: str
    message: BilingualText


_LANGUAGES: dict[Language, tuple[str, str]] = {"en": ("English", "الإنجليزي"), "ar": ("Arabic", "العربي")}
_KINDS = {
    FaultKind.CLAUSE: ("wording", "الصياغة"),
    FaultKind.NUMBER: ("numbers", "الأرقام"),
    FaultKind.DATE: ("dates", "التواريخ"),
    FaultKind.CURRENCY: ("currencies", "العملات"),
    FaultKind.PARTY: ("parties", "الأطراف"),
    FaultKind.NEGATION: ("negations and limits", "أدوات النفي والحدود"),
    FaultKind.VALUE: ("values", "القيم"),
}
_NOTHING = ("nothing", "لا شيء")


def is_condition(place: str) -> bool:
    """Whether a place is one of the conditions precedent."""
    return place.startswith("condition_")


def fault(
    place: str, part: str, language: Language, kind: FaultKind, expected: Iterable[str], found: Iterable[str]
) -> ParityFault:
    """A fault with its sentences in both languages; what is expected and found are lists of short phrases."""
    wanted, seen = ("; ".join(phrases) for phrases in (expected, found))
    return ParityFault(
        place=place,
        part=part,
        language=language,
        kind=kind,
        expected=wanted or _NOTHING[0],
        found=seen or _NOTHING[0],
        message=BilingualText(
            en=_english(place, part, language, kind, wanted, seen),
            ar=_arabic(place, part, language, kind, wanted, seen),
        ),
    )


def _english(place: str, part: str, language: Language, kind: FaultKind, wanted: str, seen: str) -> str:
    where = "Cover note" if place == COVER_NOTE else place if is_condition(place) else f"Clause {place}"
    title = " (title)" if part == "title" else ""
    return (
        f"{where}{title}: the {kind_word(kind, 0)} of the {_LANGUAGES[language][0]} text differ: "
        f"expected {wanted or _NOTHING[0]}, found {seen or _NOTHING[0]}."
    )


def _arabic(place: str, part: str, language: Language, kind: FaultKind, wanted: str, seen: str) -> str:
    where = "المذكرة المرافقة" if place == COVER_NOTE else "الشرط المسبق" if is_condition(place) else "البند"
    name = "" if place == COVER_NOTE else f" \u2068{place}\u2069"
    title = " (العنوان)" if part == "title" else ""
    return (
        f"{where}{name}{title}: اختلاف في {kind_word(kind, 1)} في النص {_LANGUAGES[language][1]}: "
        f"المتوقع \u2068{wanted or _NOTHING[1]}\u2069، والموجود \u2068{seen or _NOTHING[1]}\u2069."
    )


def kind_word(kind: FaultKind, index: int) -> str:
    """What a kind of fault is called: English at 0, Arabic at 1."""
    return _KINDS[kind][index]
