"""Names that look like the name of somebody else, and characters that nobody sees.

Two names are compared by their skeletons (Unicode Technical Standard 39, section 4): what is left of them when every
character is replaced by the one it is confused with. Scripts are never counted, so an honest name in two scripts is
no finding: only a name that reads like that of *another* known company is.

The table of confusable characters is that of the package ``confusable-homoglyphs``.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from typing import Annotated, NamedTuple
from unicodedata import combining, name, normalize

from pydantic import ConfigDict, Field
from rapidfuzz import process
from rapidfuzz.distance import OSA

from partnership_os.schemas.base import Record
from partnership_os.tools.text import fold, numbers_in, strip_legal_forms, visible

__all__ = [
    "HiddenCharacter",
    "KnownName",
    "Likeness",
    "Lookalike",
    "LookalikeIndex",
    "hidden_characters",
    "skeleton",
]

_LONG_NAME = 8
"""Letters from which one edit is a look-alike; shorter names differ by one letter honestly (Sabic, Sabis)."""
_DIRECTION_MARK = "\u200e"
_CONTROL_NAMES = {"\n": "LINE FEED", "\t": "CHARACTER TABULATION", "\r": "CARRIAGE RETURN", "\x00": "NULL"}


class Likeness(StrEnum):
    """How alike two names are."""

    SAME_SHAPE = "same_shape"
    """The skeletons are equal: a reader cannot tell them apart, or only by legal form, accents or case."""
    ONE_EDIT = "one_edit"
    """One letter is missing, added, other or swapped with its neighbour."""


class KnownName(NamedTuple):
    """A name of a company that we know."""

    entity_id: str
    name: str


class HiddenCharacter(Record):
    """A character that hides or reorders text: where it stands, counted from 0, and what Unicode calls it."""

    code_point: Annotated[str, Field(pattern=r"^U\+[0-9A-F]{4,6}$")]
    name: str
    position: Annotated[int, Field(ge=0)]


class Lookalike(Record):
    """Another known company whose name looks like the given one; names stand here as they are written."""

    model_config = ConfigDict(str_strip_whitespace=False)

    name: str
    entity_id: str
    known_name: str
    likeness: Likeness


def hidden_characters(text: str, *, one_line: bool = False) -> tuple[HiddenCharacter, ...]:
    """Every character of a text that `visible` replaces, in order.

    Args:
        text: Any text.
        one_line: The text is a name or another single line, in which line ends and tabs hide something as well.
    """
    return tuple(
        HiddenCharacter(
            code_point=f"U+{ord(char):04X}", name=_CONTROL_NAMES.get(char) or name(char, "unnamed"), position=at
        )
        for at, char in enumerate(text)
        if visible(char) != char or (one_line and char in "\n\t")
    )


def skeleton(text: str) -> str:
    """The skeleton of UTS 39: two texts with one skeleton are confused by readers. It is no text to show."""
    plain = "".join(char for char in normalize("NFD", text) if char.isascii() or visible(char) == char)
    return normalize("NFD", plain.translate(_prototypes()))


class LookalikeIndex:
    """Known names by skeleton, so that many names can be held against tens of thousands.

    Args:
        known: The names of companies that we know; one company may have several.
    """

    def __init__(self, known: Iterable[KnownName]) -> None:
        self._by_key: dict[str, list[KnownName]] = defaultdict(list)
        for item in known:
            for key in _keys(item.name):
                self._by_key[key].append(item)
        self._long = [key for key in self._by_key if len(key) >= _LONG_NAME - 1]

    def find(self, name: str, *, own: Collection[str] = ()) -> tuple[Lookalike, ...]:
        """Known companies, other than ``own``, whose name looks like this one and is another; the likest first.

        Args:
            name: A name as somebody wrote it.
            own: Ids of the company that bears the name.
        """
        keys = _keys(name)
        found: dict[KnownName, Likeness] = {}
        for key in keys:
            found.update((item, Likeness.SAME_SHAPE) for item in self._by_key.get(key, ()))
        for key in keys:
            for near in self._near(key):
                for item in self._by_key[near]:
                    if _same_numbers(name, item.name):
                        found.setdefault(item, Likeness.ONE_EDIT)
        written = normalize("NFC", name)
        others = (item for item in found if item.entity_id not in own and normalize("NFC", item.name) != written)
        ordered = sorted(others, key=lambda item: (found[item] is Likeness.ONE_EDIT, item.entity_id, item.name))
        return tuple(
            Lookalike(name=name, entity_id=item.entity_id, known_name=item.name, likeness=found[item])
            for item in ordered
        )

    def _near(self, key: str) -> Iterator[str]:
        if len(key) >= _LONG_NAME:
            matches = process.extract(key, self._long, scorer=OSA.distance, score_cutoff=1, limit=None)
            yield from (near for near, distance, _ in matches if distance == 1)


def _same_numbers(first: str, second: str) -> bool:
    """A different number is a different name: Fund 2 does not pretend to be Fund 3."""
    digits = [[char for char in fold(text) if char.isdigit()] for text in (first, second)]
    return digits[0] == digits[1] and numbers_in(first) == numbers_in(second)


@lru_cache(maxsize=50_000)
def _keys(name: str) -> frozenset[str]:
    """The skeletons under which a name is found: as written, with Arabic letters and digits unified, and Latinised."""
    forms = {name}
    if not name.isascii():
        forms |= {fold(name), name.translate(_to_ascii())}
    return frozenset(key for form in forms if (key := _key(strip_legal_forms(form))))


def _key(form: str) -> str:
    """The skeleton without case, marks, spaces and punctuation.

    The skeleton is taken as written, because a capital I is read as an l and a small i is not, and again after case
    folding. What is left of i and l is one letter: in capitals the pair I and L is told apart, and in AI RAJHI nobody
    could say which of the two was folded.
    """
    folded = skeleton(skeleton(form).casefold())
    return "".join(char for char in folded if char.isalnum() and not combining(char)).replace("i", "l")


@lru_cache(maxsize=1)
def _prototypes() -> dict[int, str]:
    """Character → what it is confused with.

    The package keeps each pair of the Unicode table under both of its sides, in the order of the table. A prototype
    is the side with several partners, or the later one of a lone pair.
    """
    source = files("confusable_homoglyphs") / "confusables.json"
    table: dict[str, list[dict[str, str]]] = json.loads(source.read_text(encoding="utf-8"))
    partners = {_unmarked(char): [_unmarked(item["c"]) for item in items] for char, items in table.items()}
    found: dict[int, str] = {}
    seen: set[str] = set()
    for char, others in partners.items():
        seen.add(char)
        is_later_of_pair = others[0] in seen and len(partners[others[0]]) == 1
        if len(char) == 1 and len(others) == 1 and not is_later_of_pair:
            found[ord(char)] = others[0]
    return found


def _unmarked(text: str) -> str:
    """Right-to-left entries of the table are wrapped in marks that are no part of them."""
    wrapped = len(text) > 2 and text[0] == text[-1] == _DIRECTION_MARK
    return text[1:-1] if wrapped else text


@lru_cache(maxsize=1)
def _to_ascii() -> dict[int, str]:
    """The part of the table that turns other letters into ASCII, so that a disguised "Ltd" is still a legal form."""
    return {code: target for code, target in _prototypes().items() if code > 127 and target.isascii()}
