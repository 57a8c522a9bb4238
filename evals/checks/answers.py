"""Checks of an answer in a conversation: facts, language, numbers and sources, as plain functions of its text."""

import re
from collections.abc import Collection, Iterable, Iterator
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from partnership_os.evals.checks.verdict import Verdict, verdict
from partnership_os.tools.numbers import number_spans, numbers_in
from partnership_os.tools.text import fold, script_of

__all__ = ["cited_ids", "known_numbers", "language_of_prose", "numbers_grounded", "says", "sources_given"]

_EVIDENCE_ID = re.compile(r"ev_[A-Za-z0-9_\-]{1,96}")
_BIDI = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")
_ID = re.compile(r"\b(?:ev|co|cm|nd|pe|ts|sc|cl|le|chat|deal)[_-][\w\-]+")
_FOREIGN = (
    re.compile(r"“[^”]*”|«[^»]*»|\"[^\"]*\""),
    re.compile("\u2068[^\u2069]*\u2069"),
    re.compile(r"`[^`]*`"),
    re.compile(r"https?://\S+|\b\w+(?:\.\w+)+\b"),
    re.compile(r"\bpartnership [a-z]+(?: \S+)?"),
    re.compile(r"(?<!\w)/[a-z]+"),
)
"""What stands in an answer as it is, whatever the language: quotes, names, commands, addresses."""
_TIME = re.compile(r"(?<=\d)T(?=\d)")
"""Between day and hour of a moment: the reader of numbers takes what is written onto a letter for a word."""
_LIST_NUMBER = re.compile(r"^\s*(?:\d{1,2}|[٠-٩]{1,2})[.)-]\s", re.MULTILINE)
_PLACES = (Decimal(1), Decimal("0.1"), Decimal("0.01"))
_SCALE = frozenset({Decimal(100)})
"""A score is "of 100" whether a tool says so or not."""


def cited_ids(text: str) -> tuple[str, ...]:
    """The evidence ids that a text names, each once."""
    return tuple(dict.fromkeys(_EVIDENCE_ID.findall(text)))


def sources_given(text: str, existing: Collection[str], given: Collection[str]) -> Verdict:
    """Every cited id is evidence of the workspace, and a tool or the person named it before."""
    faults = [f"{one} does not exist" for one in cited_ids(text) if one not in existing]
    faults += [f"no tool gave {one}" for one in cited_ids(text) if one in existing and one not in given]
    return verdict("sources_given", faults)


def says(text: str, wordings: Iterable[str]) -> bool:
    """Whether one of the wordings stands in a text.

    A number is looked for among its numbers, Latin words as whole words, Arabic ones wherever they stand, since
    prefixes and endings are written onto them. Case, diacritics and direction marks do not count.
    """
    folded = _plain(text)
    return any(_stands_in(wording, text, folded) for wording in wordings)


def _stands_in(wording: str, text: str, folded: str) -> bool:
    number = _number(wording)
    if number is not None:
        return number in numbers_in(_ID.sub(" ", text))
    wanted = _plain(wording)
    if wanted.isascii():
        return re.search(rf"(?<![\w]){re.escape(wanted)}(?![\w])", folded) is not None
    return wanted in folded


@lru_cache(maxsize=4_096)
def _plain(text: str) -> str:
    return " ".join(fold(_BIDI.sub("", text)).split())


def language_of_prose(text: str) -> str:
    """``en``, ``ar`` or ``none``: the language of what is neither quote, name set apart, id, command nor address."""
    for pattern in _FOREIGN:
        text = pattern.sub(" ", text)
    return {"latin": "en", "ar": "ar"}.get(script_of(_ID.sub(" ", text)), "none")


def known_numbers(*returned: Any) -> frozenset[Decimal]:
    """Every number of JSON values: numbers, those inside of strings, and how many items a list has.

    Ids are no numbers.
    """
    return frozenset(number.normalize() for value in returned for number in _numbers_of(value))


def _numbers_of(value: Any) -> Iterator[Decimal]:
    if isinstance(value, bool) or value is None:
        return
    if isinstance(value, (int, float, Decimal)):
        yield Decimal(str(value))
    elif isinstance(value, str):
        yield from _numbers_in(value)
    else:
        yield Decimal(len(value))
        for item in value.values() if isinstance(value, dict) else value:
            yield from _numbers_of(item)


@lru_cache(maxsize=8_192)
def _numbers_in(text: str) -> tuple[Decimal, ...]:
    return numbers_in(_TIME.sub(" ", _ID.sub(" ", text)))


def numbers_grounded(text: str, known: Iterable[Decimal]) -> Verdict:
    """Every number in digits occurs in what is known, as it is, rounded, or a fraction as per cent.

    Ids and the numbers of a list are left out; words such as "one" are prose.
    """
    exact = set(known) | _SCALE
    exact |= {number * 100 for number in exact if 0 < number < 1}
    rounded = {
        number.quantize(place, rounding=rule).normalize()
        for number in exact
        for place in _PLACES
        for rule in (ROUND_HALF_UP, ROUND_HALF_EVEN)
        if number < 10**15
    }
    allowed = {number.normalize() for number in exact} | rounded
    plain = _LIST_NUMBER.sub(" ", _ID.sub(" ", _BIDI.sub("", text)))
    strange = [
        span.value
        for span in number_spans(plain)
        if any(char.isdigit() for char in plain[span.start : span.end]) and span.value.normalize() not in allowed
    ]
    return verdict("numbers_grounded", [f"{number:f} comes from nowhere" for number in dict.fromkeys(strange)])


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
