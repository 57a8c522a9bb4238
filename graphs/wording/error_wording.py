"""Errors in Arabic: the catalogue of their texts, and how a text that was raised in English is found in it.

An error is raised in English with its values filled in, because logs and programs read it. The catalogue names each
such text with its places (``There is no company {name}.``), and the values that are found there stand in the Arabic.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from string import Formatter
from typing import NamedTuple

from partnership_os.graphs.wording.error_phrases_database import DATABASE_PHRASES
from partnership_os.graphs.wording.error_phrases_edit import EDIT_PHRASES
from partnership_os.graphs.wording.error_phrases_evals import EVAL_PHRASES
from partnership_os.graphs.wording.error_phrases_files import FILE_PHRASES
from partnership_os.graphs.wording.error_phrases_gate import GATE_PHRASES
from partnership_os.graphs.wording.error_phrases_system import SYSTEM_PHRASES
from partnership_os.graphs.wording.texts import Phrase, Texts, in_line, isolated

CATALOGUE: Mapping[str, str] = {
    **GATE_PHRASES,
    **FILE_PHRASES,
    **DATABASE_PHRASES,
    **EDIT_PHRASES,
    **EVAL_PHRASES,
    **SYSTEM_PHRASES,
}
"""English template → Arabic template.

``{name}`` stands for a value that is shown as it is, ``{name:quote}`` for one in quotes that may be left out,
``{name:number}``, ``{name:names}`` and ``{name:file}`` for a count, names of columns or ids and the name of a need
file; ``{name:words}`` for one that is translated where the catalogue knows it, ``{name:known}`` for one that it must
know, else the whole text counts as not translated.
"""

ONLY_IN_ENGLISH = "هذا النص متوفر بالإنجليزية فقط."
_LONGEST = 1_000
"""Characters; every place of a template is a lazy search, and no text of ours is longer."""
_VALUES = {
    **dict.fromkeys(("", "words", "known"), ".+?"),
    "quote": "(?: '.*?'| \".*?\")?",
    "number": r"\d+",
    "names": r"\w+(?:, \w+)*",
    "file": r"[^\n:]+?\.(?i:ya?ml|json)",
}
_TRANSLATED = frozenset(("words", "known"))
_COMMAND = re.compile(r"`[^`]+`")
_PLACE = re.compile(r"{(\w+)}")
_ARABIC = Texts("ar")


class Template(NamedTuple):
    """One entry of the catalogue.

    ``kinds`` says how each value is treated; those ``in_commands`` are not isolated, so that a command can be copied.
    """

    pattern: re.Pattern[str]
    kinds: Mapping[str, str]
    in_commands: frozenset[str]
    arabic: str


def template_of(english: str, arabic: str) -> Template:
    """Read an entry; a place may stand once in the English."""
    pattern = ""
    kinds: dict[str, str] = {}
    for literal, name, kind, _ in Formatter().parse(english):
        pattern += re.escape(literal)
        if name is None:
            continue
        kinds[name] = kind or ""
        pattern += f"(?P<{name}>{_VALUES[kinds[name]]})"
    in_commands = frozenset(_PLACE.findall(" ".join(_COMMAND.findall(arabic))))
    shown = _COMMAND.sub(lambda found: isolated(found[0]), arabic)
    return Template(re.compile(pattern, re.DOTALL), kinds, in_commands, shown)


@lru_cache(maxsize=1)
def _templates() -> tuple[Template, ...]:
    return tuple(template_of(english, arabic) for english, arabic in CATALOGUE.items())


def in_arabic(english: str) -> Phrase | None:
    """The Arabic of a text that an error carries: a whole entry, or several that follow each other.

    Returns:
        The text with its values isolated and hidden characters shown; None where the catalogue does not know it.
    """
    if len(english) > _LONGEST:
        return None
    for template in _templates():
        found = template.pattern.fullmatch(english)
        filled = None if found is None else _filled(template, found.groupdict())
        if filled is not None:
            return filled
    for end in (match.end() for match in re.finditer(r"[.:;](?= )", english)):
        first = in_arabic(english[:end])
        rest = in_arabic(english[end + 1 :]) if first is not None else None
        if rest is not None:
            return Phrase(f"{first} {rest}")
    return None


def _filled(template: Template, values: Mapping[str, str]) -> Phrase | None:
    shown: dict[str, str] = {}
    for name, value in values.items():
        kind = template.kinds[name]
        known = in_arabic(value) if kind in _TRANSLATED else None
        if known is None and kind == "known":
            return None
        plain = in_line(value) if name in template.in_commands else _ARABIC.inline(value)
        shown[name] = plain if known is None else known
    return Phrase(template.arabic.format_map(shown))


def worded(texts: Texts, english: str) -> Phrase:
    """A text of an error in the language of ``texts``; in English, and safe to show, where there is no other."""
    known = in_arabic(english) if texts.language == "ar" else None
    if known is not None:
        return known
    # A whole text of ours may have several lines; one with a value in it may not, for the value may bring them.
    return Phrase(english if english in CATALOGUE else texts.inline(english))


def told(texts: Texts, message: str, fix: str | None) -> tuple[Phrase, Phrase | None, Phrase | None]:
    """What an error says: its message, what to do, and a remark where some of it exists in English only."""
    said = [text for text in (message, fix) if text]
    remark = None
    if texts.language == "ar" and any(in_arabic(text) is None for text in said):
        remark = Phrase(ONLY_IN_ENGLISH)
    return worded(texts, message), worded(texts, fix) if fix else None, remark
