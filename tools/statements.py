"""Statements: everything that a piece of evidence could say of its company, each with what speaks against it."""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from partnership_os.schemas.company import Company, CompanyStatus
from partnership_os.schemas.evidence import ClaimKind, Evidence, EvidenceKind
from partnership_os.tools.claim_context import is_present_place, is_served
from partnership_os.tools.claim_sentences import (
    EARLIEST_FOUNDING,
    LONGEST_QUOTE,
    ClaimSentence,
    claim_sentences,
    cut_around,
)
from partnership_os.tools.claim_words import OWNERSHIPS, PROGRAMMES, named_in, regulators_in, scales_in
from partnership_os.tools.company_statements import CompanyText
from partnership_os.tools.company_status import former_names, status_from_text
from partnership_os.tools.lexicon import ConceptKind, Lexicon
from partnership_os.tools.places import country_mentions, is_stated_nationality, nationality_mentions
from partnership_os.tools.record_lines import record_facts
from partnership_os.tools.text import number_spans

__all__ = ["CONCEPTS_OF", "Statement", "statements_of"]

CONCEPTS_OF = {
    ClaimKind.OFFERS: frozenset({ConceptKind.CAPABILITY, ConceptKind.PROFILE}),
    ClaimKind.NEEDS: frozenset({ConceptKind.CAPABILITY}),
    ClaimKind.SERVES_SEGMENT: frozenset({ConceptKind.SEGMENT}),
    ClaimKind.CERTIFICATION: frozenset({ConceptKind.CERTIFICATION}),
    ClaimKind.STRATEGY: frozenset({ConceptKind.STRATEGY}),
}
"""Which kinds of concept a claim may be about."""
_OFF_THE_EXCHANGE = frozenset({CompanyStatus.DELISTED.value, CompanyStatus.MERGED.value})


class Statement(NamedTuple):
    """Words that could make a claim.

    ``start`` and ``end`` are their place in the source, ``quote`` is the whole sentence or line around them, and
    ``objection`` says why they state nothing of the company today; None where they do.
    """

    kind: ClaimKind
    subject: str
    value: float | None
    start: int
    end: int
    quote: str
    objection: str | None


def statements_of(item: Evidence, company: Company, lexicon: Lexicon) -> tuple[Statement, ...]:
    """Every statement of a text or record, in reading order of each kind of reader.

    Both analysts' claims come from here: what the rules analyst proposes and what a model's claim must be
    found among.
    """
    return _statements(item.text, item.kind, item.retrieved_at.year, company.name, company.names, lexicon)


@lru_cache(maxsize=256)
def _statements(
    text: str, kind: EvidenceKind, year: int, name: str, names: tuple[str, ...], lexicon: Lexicon
) -> tuple[Statement, ...]:
    if kind is EvidenceKind.RECORD:
        return tuple(_read_record(text, year, lexicon))
    whole = CompanyText(text, names)
    lines = claim_sentences(whole, names, year)
    return (
        *(found for line in lines for found in _read_sentence(line, text, lexicon)),
        *_read_history(whole, name, lines),
    )


def _read_record(text: str, year: int, lexicon: Lexicon) -> Iterator[Statement]:
    lines = [(line, tuple(record_facts(line, lexicon))) for line in text.split("\n")]
    fates = {fact.subject for _, facts in lines for fact in facts if fact.kind is ClaimKind.STATUS}
    start = 0
    for line, facts in lines:
        end = start + len(line)
        for kind, subject, value in facts:
            objection = None
            if kind is ClaimKind.FOUNDED and not EARLIEST_FOUNDING <= (value or 0) <= year:
                objection = "no plausible year of founding"
            elif kind is ClaimKind.OWNERSHIP and not fates.isdisjoint(_OFF_THE_EXCHANGE):
                objection = "no longer listed, says the record"
            quote = cut_around(line, 0, min(len(line), LONGEST_QUOTE))
            yield Statement(kind, subject, value, start, end, quote, objection)
        start = end + 1


def _read_sentence(line: ClaimSentence, source: str, lexicon: Lexicon) -> Iterator[Statement]:
    for kind, subject, value, start, end, objection in _mentions(line, lexicon):
        if start >= line.lead:
            offset = line.start - line.lead
            yield Statement(
                kind,
                subject,
                value,
                start + offset,
                end + offset,
                line.quote(source, start, end),
                objection or line.objection(kind, start, end),
            )


_Mention = tuple[ClaimKind, str, float | None, int, int, str | None]


def _mentions(line: ClaimSentence, lexicon: Lexicon) -> Iterator[_Mention]:
    yield from _concepts(line, lexicon)
    yield from _places(line)
    for scale in scales_in(line.text):
        yield ClaimKind.SCALE, scale.measure, scale.value, scale.start, scale.end, None
    for kind, patterns in ((ClaimKind.PARTNER_PROGRAMME, PROGRAMMES), (ClaimKind.OWNERSHIP, OWNERSHIPS)):
        for naming in named_in(patterns, line.text):
            yield kind, naming.name, None, naming.start, naming.end, None
    for naming in regulators_in(line.text):
        yield ClaimKind.REGULATED, naming.name, None, naming.start, naming.end, None


def _concepts(line: ClaimSentence, lexicon: Lexicon) -> Iterator[_Mention]:
    found = [(mention, concept) for mention in lexicon.find(line.text) if (concept := lexicon.get(mention.concept))]
    segments = {mention.start: mention.end for mention, concept in found if concept.kind is ConceptKind.SEGMENT}
    for mention, concept in found:
        _, start, end, _ = mention
        # "For online shops" names customers, not the trade with online shops.
        are_customers = segments.get(start) == end and not line.is_too_long and is_served(line.text, start, end)
        for kind, allowed in CONCEPTS_OF.items():
            if concept.kind in allowed:
                objection = "names customers, not an offer" if are_customers and kind is ClaimKind.OFFERS else None
                yield kind, mention.concept, None, start, end, objection


def _places(line: ClaimSentence) -> Iterator[_Mention]:
    for place in country_mentions(line.text):
        present = not line.is_too_long and is_present_place(line.text, place.start, place.end)
        objection = None if present else "not said to be a place of business"
        yield ClaimKind.OPERATES_IN, place.country, None, place.start, place.end, objection
    for place in nationality_mentions(line.text):
        own = line.own and not line.is_too_long and _is_nationality(line, place.start)
        objection = None if own else "not said to be the company's nationality"
        yield ClaimKind.OPERATES_IN, place.country, None, place.start, place.end, objection


def _is_nationality(line: ClaimSentence, start: int) -> bool:
    if is_stated_nationality(line.text, start):
        return True
    first = line.after_name
    return line.lead < first <= start and is_stated_nationality(line.text[first:], start - first)


def _read_history(whole: CompanyText, name: str, lines: tuple[ClaimSentence, ...]) -> Iterator[Statement]:
    by_text = {line.text[line.lead :]: line for line in reversed(lines)}
    for founding in whole.foundings:
        line = by_text[founding.quote]
        spans = [span for span in number_spans(line.text) if span.value == founding.year and span.start >= line.lead]
        for span in spans[:1]:
            plausible = EARLIEST_FOUNDING <= founding.year <= line.year
            objection = None if plausible else "no plausible year of founding"
            yield Statement(
                ClaimKind.FOUNDED,
                "year",
                float(founding.year),
                span.start + line.start - line.lead,
                span.end + line.start - line.lead,
                line.quote(whole.text, span.start, span.end),
                objection or line.objection(ClaimKind.FOUNDED, span.start, span.end),
            )
    finding = status_from_text(whole)
    if finding is not None and finding.status not in (CompanyStatus.UNKNOWN, CompanyStatus.ACTIVE):
        line = by_text[finding.quote]
        end = line.start + len(finding.quote)
        quote = cut_around(finding.quote, 0, min(len(finding.quote), LONGEST_QUOTE))
        objection = line.objection(ClaimKind.STATUS, line.lead, len(line.text))
        yield Statement(ClaimKind.STATUS, finding.status.value, None, line.start, end, quote, objection)
    for former in former_names(whole, name):
        start = whole.text.find(former.quote)
        end = start + len(former.quote)
        around = [line for line in lines if line.start < end and start < line.end]
        if around and len(former.name) <= 120:
            first, last = around[0].start, around[-1].end
            quote = cut_around(whole.text[first:last], start - first, end - first)
            objections = [line.objection(ClaimKind.FORMER_NAME, line.lead, len(line.text)) for line in around]
            objection = next(filter(None, objections), None)
            yield Statement(ClaimKind.FORMER_NAME, former.name, None, start, end, quote, objection)
