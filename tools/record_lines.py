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
from partnership_os.tools.text import numbers_in

__all__ = ["RecordFact", "record_facts"]

_SEPARATORS = re.compile(r"[;,|/،؛]")
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
    elif field in MEASURES:
        yield from (RecordFact(ClaimKind.SCALE, field, float(number)) for number in numbers_in(value)[:1])
    elif field in _READERS:
        yield from _READERS[field](value)


def _concepts(value: str, lexicon: Lexicon) -> Iterator[str]:
    for part in _SEPARATORS.split(value):
        plain = part.strip()
        named = (plain,) if lexicon.get(plain) else tuple(mention.concept for mention in lexicon.find(plain))
        for slug in named:
            concept = lexicon.get(slug)
            if concept is not None and concept.kind is ConceptKind.CAPABILITY:
                yield slug


def _countries(value: str) -> Iterator[RecordFact]:
    for part in _SEPARATORS.split(value):
        code = country_code(part)
        if code is not None:
            yield RecordFact(ClaimKind.OPERATES_IN, code)


def _founded(value: str) -> Iterator[RecordFact]:
    for number in numbers_in(value)[:1]:
        if number == int(number):
            yield RecordFact(ClaimKind.FOUNDED, "year", float(number))


def _listing(_value: str) -> Iterator[RecordFact]:
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
