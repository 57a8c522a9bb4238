"""The parties in a text: by name, and as "the Company" and "the Partner"."""

import re
from collections import Counter
from functools import lru_cache
from typing import NamedTuple

from partnership_os.schemas.term_sheet import PartnerTermSheet
from partnership_os.tools.sheet_values import party_name
from partnership_os.tools.sheet_wording import LANGUAGES, Language
from partnership_os.tools.text import fold

__all__ = ["BothNames", "Names", "Named", "names_of", "take_names"]

COMPANY, PARTNER = "the Company", "the Partner"
_NAME_PLACE = "\ue000"
_ROLES: dict[Language, tuple[tuple[str, re.Pattern[str]], ...]] = {
    "en": (
        (COMPANY, re.compile(r"(?i)\bthe company\b(?!-)")),
        (PARTNER, re.compile(r"(?i)\bthe partner\b(?! manager)")),
    ),
    "ar": (
        (COMPANY, re.compile(r"(?<!\w)[وف]?(?:ال|لل|بال|كال)شركه(?!\w)")),
        (PARTNER, re.compile(r"(?<!\w)[وف]?(?:ال|لل|بال|كال)شريك(?!\w)")),
    ),
}
_ROLE_WORDS = frozenset(fold(word) for word in ("company", "partner", "party", "شركة", "شريك", "طرف", "parties"))


class Names(NamedTuple):
    """What each party is called in one language, ours first."""

    us: str
    them: str


class BothNames(NamedTuple):
    """The names in both languages."""

    en: Names
    ar: Names


class Named(NamedTuple):
    """A text without the names of the parties, how often each name stood in it, and the roles that it mentions."""

    rest: str
    names: Counter[str]
    roles: frozenset[str]


def names_of(sheet: PartnerTermSheet) -> BothNames:
    """The names of both parties in both languages."""
    english, arabic = (Names(party_name(sheet.us, one), party_name(sheet.them, one)) for one in LANGUAGES)
    return BothNames(english, arabic)


def take_names(text: str, language: Language, names: BothNames) -> Named:
    """Take the names out of a text, the longer first, and count them.

    A name that is nothing but a role ("Partner") or has no letter is not told from the text around it, and where both
    parties are called the same in either language their names count as one.
    """
    plain = " ".join(text.split())
    own = names.en if language == "en" else names.ar
    pairs = [(own.us, "us"), (own.them, "them")]
    if any(len(set(pair)) == 1 for pair in names):
        pairs = [(name, "both parties") for name in set(own)]
    counted: Counter[str] = Counter()
    for name, side in sorted(pairs, key=lambda pair: (-len(pair[0]), pair)):
        if any(_is_plain_word(pair[0 if side == "us" else 1]) for pair in names):
            continue
        plain, times = _pattern(name, language).subn(_NAME_PLACE, plain)
        counted[side] += times
    folded = fold(plain)
    return Named(plain, +counted, frozenset(role for role, words in _ROLES[language] if words.search(folded)))


@lru_cache(maxsize=4_096)
def _is_plain_word(name: str) -> bool:
    words = [word.removeprefix("ال") for word in fold(name).split() if word not in ("the", "a")]
    return not any(char.isalpha() for char in name) or all(word in _ROLE_WORDS for word in words)


@lru_cache(maxsize=4_096)
def _pattern(name: str, language: Language) -> re.Pattern[str]:
    """Arabic writes "and", "to" and "by" onto a name, and "to" swallows a letter of the article."""
    exact = re.escape(name)
    if language == "en":
        return re.compile(rf"(?<!\w){exact}(?!\w)")
    to = f"|لل{re.escape(name[2:])}" if name.startswith("ال") else ""
    return re.compile(rf"(?<!\w)(?:[وفبلك]{{0,2}}{exact}{to})(?!\w)")
