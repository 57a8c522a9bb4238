"""Two scripts in one line: what reads the other way is set apart, so that no bracket or full stop changes sides."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from partnership_os.tools.sheet_wording import Language
from partnership_os.tools.text import script_of, visible

__all__ = ["LRM", "Run", "clean", "isolated", "runs_of"]

FSI, PDI, LRM = "\u2068", "\u2069", "\u200e"
_HARMLESS = re.compile("[\u200e\u200f\u061c]")
"""Direction marks: they say what the isolation says again."""
_KEPT = "\u200c\u200d"
"""The joiner and non-joiner, which shape some names."""
_ARABIC = "\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff"
_LATIN_RUN = re.compile(
    r"[A-Za-z\u00c0-\u024f][\w.&'’/@+:\-]*(?:[ ]?[&/+\-–][ ]?|[ ])?(?:[A-Za-z0-9\u00c0-\u024f][\w.&'’/@+:\-]*[ ]?)*",
    re.ASCII,
)
_ARABIC_RUN = re.compile(rf"[{_ARABIC}](?:[{_ARABIC}\d .،&()\-]*[{_ARABIC}\d)])?")


class Run(NamedTuple):
    """A piece of text that is written in one direction."""

    text: str
    language: Language


def clean(text: str) -> str:
    """A text on one line whose characters that hide or reorder are made visible, joiners excepted.

    A counterparty must not be able to turn a line of ours round by what it calls itself.
    """
    plain = _HARMLESS.sub("", " ".join(text.split()))
    return "".join(char if char in _KEPT else visible(char) for char in plain)


def runs_of(text: str, language: Language, names: tuple[str, ...] = ()) -> tuple[Run, ...]:
    """The text in pieces: what is in its own language, and what reads the other way.

    Args:
        text: A line, see `clean`.
        language: What the line is written in, and so its direction.
        names: What is kept together whatever is in it, for example "Al Noor Co. (LLC)".
    """
    runs: list[Run] = []
    for piece, is_name in _pieces(text, names):
        if is_name and script_of(piece) == ("latin" if language == "ar" else "ar"):
            runs.append(Run(piece, "en" if language == "ar" else "ar"))
        else:
            runs.extend(_split(piece, language))
    return tuple(_joined(runs))


def isolated(text: str, language: Language, names: tuple[str, ...] = ()) -> str:
    """The text with FSI … PDI round each piece that reads the other way (Unicode Annex 9)."""
    pieces = runs_of(clean(text), language, tuple(clean(name) for name in names))
    return "".join(run.text if run.language == language else f"{FSI}{run.text}{PDI}" for run in pieces)


@lru_cache(maxsize=256)
def _names_pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted({name for name in names if name}, key=lambda name: (-len(name), name))
    return re.compile("|".join(rf"(?<![^\W_]){re.escape(name)}(?![^\W_])" for name in longest_first) or r"(?!)")


def _pieces(text: str, names: tuple[str, ...]) -> Iterator[tuple[str, bool]]:
    at = 0
    for match in _names_pattern(names).finditer(text):
        yield text[at : match.start()], False
        yield match.group(), True
        at = match.end()
    yield text[at:], False


def _split(text: str, language: Language) -> Iterator[Run]:
    pattern, other = (_LATIN_RUN, "en") if language == "ar" else (_ARABIC_RUN, "ar")
    at = 0
    for match in pattern.finditer(text):
        found = match.group().rstrip(" .,:;-–&/+'’")
        yield Run(text[at : match.start()], language)
        yield Run(found, "en" if other == "en" else "ar")
        at = match.start() + len(found)
    yield Run(text[at:], language)


def _joined(runs: list[Run]) -> Iterator[Run]:
    held: Run | None = None
    for run in runs:
        if not run.text:
            continue
        if held is not None and held.language == run.language:
            held = Run(held.text + run.text, held.language)
            continue
        if held is not None:
            yield held
        held = run
    if held is not None:
        yield held
