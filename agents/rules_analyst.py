"""The rules analyst: reads texts into claims without a model, the same way every time."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from partnership_os.agents.analyst import Note, Reading, engine_label
from partnership_os.agents.rules_prose import card_text
from partnership_os.agents.sheet_text import standard_note
from partnership_os.schemas.company import Company, CompanyStatus
from partnership_os.schemas.evidence import Claim, ClaimKind, Evidence, EvidenceKind, RejectedClaim
from partnership_os.schemas.score_card import PartnerFitScoreCard
from partnership_os.schemas.stamp import AnalystKind, AnalystStamp
from partnership_os.schemas.term_sheet import PartnerTermSheet
from partnership_os.tools.claim_context import is_customer_trade, is_negated, is_of_others, is_present_place, is_served
from partnership_os.tools.claim_words import OWNERSHIPS, PROGRAMMES, first_match, regulators_in, scales_in
from partnership_os.tools.company_statements import CompanyText
from partnership_os.tools.company_status import former_names, parse_flag, parse_status, status_from_text
from partnership_os.tools.countries import country_code
from partnership_os.tools.evidence import ClaimCandidate, verify_claim
from partnership_os.tools.lexicon import ConceptKind, Lexicon, Mention
from partnership_os.tools.places import country_mentions
from partnership_os.tools.text import numbers_in, strip_legal_forms

__all__ = ["RulesAnalyst"]

LONGEST_QUOTE = 600
"""Characters of a quote; longer sentences are cut at words around the mention."""

_OF_OTHERS = re.compile(
    r"\b(?:subsidiar(?:y|ies)|affiliates?|sister compan(?:y|ies)|parent company|owned by|acquired by|merger with"
    r"|(?:unit|arm|division|part|member)\s+of(?!\s+(?:its|the (?:company|group|bank|firm))\b))\s+(?:of\s+)?(?=\S)"
    r"(?:(?!\band (?:it )?(?:offers|provides|sells|serves|supplies)\b)[^.;])*$"
    r"|\b(?:known as|named|called)\s+"
    r"(?:(?!, (?:is|was|has|offers|provides|sells|serves|insures|makes|mines|operates|engages)\b)[^.;])*$",
    re.IGNORECASE,
)
_NAMED_AFTER = re.compile(
    r"^\s+(?:(?:and|&)\s+[A-Z]\w+\s+)?(?:Company|Co|Corporation|Corp|Limited|Ltd|LLC|Inc|PLC|plc|GmbH|AG|SA|Bhd"
    r"|Berhad|Group|Holdings?)\b"
)
_POSSESSIVE = re.compile(r"(?:its|their)\s", re.IGNORECASE)
_LISTS = {"offers": ClaimKind.OFFERS, "needs": ClaimKind.NEEDS}
_SEPARATORS = re.compile(r"[;,|،؛]")


class _Found:
    """Candidates of one evidence, each (kind, subject, number) once, in the order they were met."""

    def __init__(self, evidence: Evidence) -> None:
        self._evidence_id = evidence.evidence_id
        self.candidates: dict[tuple[str, str, float | None], ClaimCandidate] = {}

    def add(self, kind: ClaimKind, subject: str, quote: str, value: float | None = None) -> None:
        candidate = ClaimCandidate(
            kind=kind.value, subject=subject, value=value, evidence_id=self._evidence_id, quote=quote
        )
        self.candidates.setdefault((kind.value, subject, value), candidate)


@dataclass(frozen=True)
class _Sentence:
    """One sentence of a text, with what is asked of it more than once."""

    text: str
    company: Company
    own: bool

    @cached_property
    def name_spans(self) -> tuple[tuple[int, int], ...]:
        """Where the company's own names stand: what they contain is no statement."""
        names = {form for name in self.company.names for form in (name, strip_legal_forms(name))}
        found = (match.span() for name in sorted(names) for match in re.finditer(re.escape(name), self.text))
        return tuple(found)

    def is_statement(self, start: int, end: int) -> bool:
        """Whether the words say something of the company: outside names, not of a parent, not denied."""
        if any(first <= start and end <= last for first, last in self.name_spans):
            return False
        if self.text[start:end].istitle() and _NAMED_AFTER.match(self.text[end:]):
            return False
        return not _OF_OTHERS.search(self.text, 0, start) and not is_negated(self.text, start, end)

    def quote(self, start: int, end: int) -> str:
        """The sentence, or as much of it around the words as a quote may hold."""
        if len(self.text) <= LONGEST_QUOTE:
            return self.text
        spare = (LONGEST_QUOTE - (end - start)) // 2
        first, last = max(0, start - spare), min(len(self.text), end + spare)
        if first > 0:
            first = min(start, self.text.find(" ", first, start) + 1 or start)
        if last < len(self.text):
            last = max(end, self.text.rfind(" ", end, last))
        return self.text[first:last].strip()


class RulesAnalyst:
    """Implements `agents.analyst.Analyst` with patterns and the lexicon; no model, no state.

    What a text asks of its reader ("score 100 and approve") is text like any other and changes nothing.

    Args:
        lexicon: The concepts that claims are about.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    @property
    def stamp(self) -> AnalystStamp:
        """Rules, and the version of the engine."""
        return AnalystStamp(analyst=AnalystKind.RULES, engine=engine_label())

    def read(self, company: Company, evidence: Sequence[Evidence]) -> Reading:
        """Every claim that the texts make, each checked like a model's; the order of the texts does not matter."""
        by_id = {item.evidence_id: item for item in evidence if item.company_id == company.company_id}
        claims: dict[str, Claim] = {}
        rejected: list[RejectedClaim] = []
        for evidence_id in sorted(by_id):
            for candidate in self._candidates(company, by_id[evidence_id]):
                result = verify_claim(candidate, company, by_id, self._lexicon)
                if isinstance(result, Claim):
                    claims[result.claim_id] = result
                else:
                    rejected.append(result)
        return Reading(claims=tuple(claims[key] for key in sorted(claims)), rejected=tuple(rejected))

    def summarise(self, card: PartnerFitScoreCard) -> Note:
        """The card in plain words; every number is the card's own."""
        return Note(text=card_text(card), made_by=self.stamp)

    def cover_note(self, sheet: PartnerTermSheet) -> Note:
        """The note that goes with a term sheet to the partner."""
        return Note(text=standard_note(sheet), made_by=self.stamp)

    def _candidates(self, company: Company, item: Evidence) -> Iterable[ClaimCandidate]:
        found = _Found(item)
        if item.kind is EvidenceKind.RECORD:
            self._read_record(item.text, found)
        else:
            self._read_text(company, item.text, found)
        return found.candidates.values()

    def _read_record(self, text: str, found: _Found) -> None:
        for line in text.split("\n"):
            field, _, value = line.partition(": ")
            if field in _LISTS:
                for slug in self._listed_concepts(value):
                    found.add(_LISTS[field], slug, line)
            elif field in _FIELD_READERS:
                for kind, subject, number in _FIELD_READERS[field](value):
                    found.add(kind, subject, line, number)
            else:
                for scale in scales_in(line):
                    found.add(ClaimKind.SCALE, scale.measure, line, scale.value)

    def _listed_concepts(self, value: str) -> Iterator[str]:
        for part in _SEPARATORS.split(value):
            plain = part.strip()
            concept = self._lexicon.get(plain)
            slugs = (plain,) if concept else tuple(mention.concept for mention in self._lexicon.find(plain))
            for slug in slugs:
                concept = self._lexicon.get(slug)
                if concept is not None and concept.kind is ConceptKind.CAPABILITY:
                    yield slug

    def _read_text(self, company: Company, text: str, found: _Found) -> None:
        whole = CompanyText(text, company.names)
        for words in whole.sentences:
            sentence = _Sentence(words, company, whole.is_own(words))
            for mention in self._lexicon.find(words):
                self._read_mention(sentence, mention, found)
            _read_places(sentence, found)
            _read_counts(sentence, found)
            _read_standing(sentence, found)
        _read_history(whole, company, found)

    def _read_mention(self, sentence: _Sentence, mention: Mention, found: _Found) -> None:
        concept = self._lexicon.get(mention.concept)
        kind = None if concept is None else _CLAIM_OF.get(concept.kind)
        if kind is None or not sentence.is_statement(mention.start, mention.end):
            return
        accept = _ACCEPTS.get(kind)
        if accept is None or accept(sentence.text, mention.start, mention.end):
            found.add(kind, mention.concept, sentence.quote(mention.start, mention.end))


def _is_own_badge(sentence: str, start: int, end: int) -> bool:
    """Whether a certificate is the company's: licences are often said of those it deals with."""
    return not is_of_others(sentence, start)


def _is_offer(sentence: str, start: int, end: int) -> bool:
    return not is_customer_trade(sentence, start, end)


_CLAIM_OF = {
    ConceptKind.CAPABILITY: ClaimKind.OFFERS,
    ConceptKind.SEGMENT: ClaimKind.SERVES_SEGMENT,
    ConceptKind.CERTIFICATION: ClaimKind.CERTIFICATION,
    ConceptKind.STRATEGY: ClaimKind.STRATEGY,
}
_ACCEPTS: dict[ClaimKind, Callable[[str, int, int], bool]] = {
    ClaimKind.OFFERS: _is_offer,
    ClaimKind.SERVES_SEGMENT: is_served,
    ClaimKind.CERTIFICATION: _is_own_badge,
}


def _read_places(sentence: _Sentence, found: _Found) -> None:
    for place in country_mentions(sentence.text):
        if sentence.is_statement(place.start, place.end) and is_present_place(sentence.text, place.start, place.end):
            found.add(ClaimKind.OPERATES_IN, place.country, sentence.quote(place.start, place.end))


def _read_counts(sentence: _Sentence, found: _Found) -> None:
    for scale in scales_in(sentence.text):
        if not is_negated(sentence.text, scale.start, scale.end):
            found.add(ClaimKind.SCALE, scale.measure, sentence.quote(scale.start, scale.end), scale.value)


def _read_standing(sentence: _Sentence, found: _Found) -> None:
    for subject, match in first_match(PROGRAMMES, sentence.text).items():
        if sentence.is_statement(*match.span()):
            found.add(ClaimKind.PARTNER_PROGRAMME, subject, sentence.quote(*match.span()))
    if sentence.own:
        for subject, match in first_match(OWNERSHIPS, sentence.text).items():
            if not is_negated(sentence.text, *match.span()):
                found.add(ClaimKind.OWNERSHIP, subject, sentence.quote(*match.span()))
    for regulator in regulators_in(sentence.text):
        found.add(ClaimKind.REGULATED, regulator, sentence.text[:LONGEST_QUOTE])


def _read_history(whole: CompanyText, company: Company, found: _Found) -> None:
    for founding in whole.foundings:
        if _POSSESSIVE.match(founding.quote):
            continue
        year = str(founding.year)
        at = max(founding.quote.find(year), 0)
        sentence = _Sentence(founding.quote, company, own=True)
        found.add(ClaimKind.FOUNDED, "year", sentence.quote(at, at + 4), float(founding.year))
    finding = status_from_text(whole)
    if finding is not None and finding.status is not CompanyStatus.UNKNOWN:
        found.add(ClaimKind.STATUS, finding.status.value, finding.quote[:LONGEST_QUOTE])
    for former in former_names(whole, company.name):
        if len(former.name) <= 120:
            found.add(ClaimKind.FORMER_NAME, former.name, former.quote)


_Reading = Iterable[tuple[ClaimKind, str, float | None]]


def _country_field(value: str) -> _Reading:
    for part in _SEPARATORS.split(value):
        code = country_code(part)
        if code is not None:
            yield ClaimKind.OPERATES_IN, code, None


def _founded_field(value: str) -> _Reading:
    for number in numbers_in(value)[:1]:
        if number == int(number) and 1500 <= number <= 2100:
            yield ClaimKind.FOUNDED, "year", float(number)


def _listing_field(value: str) -> _Reading:
    yield ClaimKind.OWNERSHIP, "listed", None


def _delisted_field(value: str) -> _Reading:
    flag = parse_flag(value)
    if flag is not None:
        yield ClaimKind.STATUS, (CompanyStatus.DELISTED if flag else CompanyStatus.ACTIVE).value, None


def _status_field(value: str) -> _Reading:
    status = parse_status(value)
    if status is not None:
        yield ClaimKind.STATUS, status.value, None


_FIELD_READERS: dict[str, Callable[[str], _Reading]] = {
    "country": _country_field,
    "countries": _country_field,
    "founded": _founded_field,
    "exchange": _listing_field,
    "ticker": _listing_field,
    "delisted": _delisted_field,
    "status": _status_field,
}
