"""Record lines: what one ``field: value`` line of a record says of its company."""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from partnership_os.schemas.company import CompanyStatus
from partnership_os.schemas.evidence import ClaimKind
from partnership_os.tools.claim_words import MEASURES
from partnership_os.tools.company_status import parse_flag, parse_status
from partnership_os.tools.countries import country_code
from partnership_os.tools.lexicon import ConceptKind, Lexicon
from partnership_os.tools.text import number_spans, numbers_in

__all__ = ["RecordFact", "record_facts"]

_SEPARATORS = re.compile(r"[;,|/،؛]")
_DENIED = re.compile(
    r"^\W*(?:not?|none|nil|never|without|except|excluding|planned|former(?:ly)?|n/?a|غير|بدون|لا|ليس|ليست|باستثناء"
    r"|ما عدا|مخطط)(?![^\W_])",
    re.IGNORECASE,
)
_UNLISTED = re.compile(
    r"^\W*$|\b(?:unlisted|delisted|private(?:ly)?|formerly|previously|planned|pending|suspended|applied|upcoming"
    r"|unknown|until)\b"
    r"|\bnot (?:yet )?(?:listed|traded|public|quoted|applicable|available)\b|غير مدرج|غير مقيد|ألغي|شطب|ملغا|مخطط"
    r"|سابقا|مساهمة مقفلة",
    re.IGNORECASE,
)
_NO_COUNT = re.compile(
    r"\b(?:none|not?|nil|n/?a|planned|plans?|planning|target(?:ed|s)?|expected|projected|forecast|goal|until"
    r"|formerly|previously|closed"
    r"|unknown)\b|(?:^|\s)(?:لا|لم|ليس|مخطط|متوقع|مستهدف|سابقا)",
    re.IGNORECASE,
)
_NO_COUNT_AFTER = re.compile(
    r"\s*[,(]?\s*(?:planned|expected|projected|targeted|by 20\d\d|in 20[3-9]\d)\b(?!\s*:?\s*\d)", re.IGNORECASE
)
_NO_YEAR = re.compile(
    r"\b(?:before|after|around|about|circa|ca?\.|approx\w*|between|by|not|never|until|planned|expected|unknown"
    r"|re-?founded|or|prior)"
    r"(?!\w)|[~<>≤≥±?]|قبل|بعد|حوالي|نحو|تقريب|قرابة|بين|مخطط",
    re.IGNORECASE,
)
_LISTS = {"offers": ClaimKind.OFFERS, "needs": ClaimKind.NEEDS}


class RecordFact(NamedTuple):
    """One thing that a line states; the number where it is one."""

    kind: ClaimKind
    subject: str
    value: float | None = None


def record_facts(line: str, lexicon: Lexicon) -> Iterator[RecordFact]:
    """What a line states, by its field: lists of concepts, countries, counts, founding, listing, status.

    Other fields state nothing: a name or an address is no claim.
    """
    field, _, value = line.partition(": ")
    if field in _LISTS:
        yield from (RecordFact(_LISTS[field], slug) for slug in _concepts(value, lexicon))
        return
    if field in _READERS:
        yield from _READERS[field](value)
    if field in MEASURES:
        yield from (RecordFact(ClaimKind.SCALE, field, number) for number in _counts(value))


def _counts(value: str) -> Iterator[float]:
    """The first number of a value that says what there is: "none yet (planned: 4)" holds no such number."""
    for span in number_spans(value)[:1]:
        if not _NO_COUNT.search(value[: span.start]) and not _NO_COUNT_AFTER.match(value, span.end):
            yield float(span.value)


def _concepts(value: str, lexicon: Lexicon) -> Iterator[str]:
    for part in _SEPARATORS.split(value):
        plain = part.strip()
        if _DENIED.match(plain):
            continue
        named = (plain,) if lexicon.get(plain) else tuple(mention.concept for mention in lexicon.find(plain))
        for slug in named:
            concept = lexicon.get(slug)
            if concept is not None and concept.kind is ConceptKind.CAPABILITY:
                yield slug


def _countries(value: str) -> Iterator[RecordFact]:
    for part in re.split(r"[;,|/،؛()]", value):
        code = country_code(part)
        if code is not None:
            yield RecordFact(ClaimKind.OPERATES_IN, code)


def _founded(value: str) -> Iterator[RecordFact]:
    """The year, where the value is one and nothing makes it vague: "before 1990" and "1990-1995" state no year."""
    numbers = numbers_in(value)
    years = {number for number in numbers if len(numbers) == 1 or 1_000 <= number <= 9_999}
    if len(years) == 1 and not _NO_YEAR.search(value):
        yield from (RecordFact(ClaimKind.FOUNDED, "year", float(year)) for year in years if year == int(year))


def _listing(value: str) -> Iterator[RecordFact]:
    if not _DENIED.match(value) and not _UNLISTED.search(value):
        yield RecordFact(ClaimKind.OWNERSHIP, "listed")


def _delisted(value: str) -> Iterator[RecordFact]:
    flag = parse_flag(value)
    if flag is not None:
        yield RecordFact(ClaimKind.STATUS, (CompanyStatus.DELISTED if flag else CompanyStatus.ACTIVE).value)


def _status(value: str) -> Iterator[RecordFact]:
    status = parse_status(value)
    if status is not None:
        yield RecordFact(ClaimKind.STATUS, status.value)


_READERS: dict[str, Callable[[str], Iterator[RecordFact]]] = {
    "country": _countries,
    "countries": _countries,
    "founded": _founded,
    "exchange": _listing,
    "ticker": _listing,
    "delisted": _delisted,
    "status": _status,
}
