"""Evidence, and the check that each claim stands in it: no claim without its quote, number and subject."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from typing import Annotated

from pydantic import Field

from partnership_os.schemas.base import Record, country_codes, nfc
from partnership_os.schemas.company import Company, CompanyStatus
from partnership_os.schemas.evidence import (
    Claim,
    ClaimKind,
    Evidence,
    EvidenceKind,
    RejectedClaim,
    RejectionReason,
    SourceKind,
)
from partnership_os.tools.claim_context import is_customer_trade, is_negated
from partnership_os.tools.claim_words import (
    MEASURES,
    OWNERSHIPS,
    PROGRAMMES,
    REGULATORS,
    first_match,
    founding_words,
    regulators_in,
    scales_in,
)
from partnership_os.tools.company_statements import CompanyText
from partnership_os.tools.company_status import parse_flag, parse_status, status_from_text
from partnership_os.tools.countries import country_code
from partnership_os.tools.lexicon import ConceptKind, Lexicon
from partnership_os.tools.places import supports_country
from partnership_os.tools.text import contains_quote, fold, numbers_in, script_of, sentences, squeeze

__all__ = ["CONCEPTS_OF", "ClaimCandidate", "make_evidence", "record_text", "verify_claim"]

CONCEPTS_OF: Mapping[ClaimKind, frozenset[ConceptKind]] = {
    ClaimKind.OFFERS: frozenset({ConceptKind.CAPABILITY, ConceptKind.PROFILE}),
    ClaimKind.NEEDS: frozenset({ConceptKind.CAPABILITY}),
    ClaimKind.SERVES_SEGMENT: frozenset({ConceptKind.SEGMENT}),
    ClaimKind.CERTIFICATION: frozenset({ConceptKind.CERTIFICATION}),
    ClaimKind.STRATEGY: frozenset({ConceptKind.STRATEGY}),
}
"""Which kinds of concept a claim may be about."""

_ID_LENGTH = 24
_KINDS = {kind.value: kind for kind in ClaimKind}
_STATUSES = {status.value: status for status in CompanyStatus}
_LISTED_CONCEPTS = re.compile(r"^(?:offers|needs): ")
_DEAD = frozenset({CompanyStatus.DELISTED, CompanyStatus.ACQUIRED, CompanyStatus.MERGED, CompanyStatus.LIQUIDATED})


class ClaimCandidate(Record):
    """A claim that somebody, rules or model, thinks a text makes. Nothing in it is trusted."""

    kind: Annotated[str, Field(max_length=60)]
    subject: Annotated[str, Field(max_length=200)]
    value: Annotated[float | None, Field(allow_inf_nan=False)] = None
    evidence_id: Annotated[str, Field(max_length=120)]
    quote: Annotated[str, Field(max_length=8_000)]


def make_evidence(
    company_id: str,
    kind: EvidenceKind,
    source_kind: SourceKind,
    source: str,
    retrieved_at: datetime,
    text: str,
    language: str | None = None,
) -> Evidence:
    """One text about one company, identified by its content: the same text again is the same evidence.

    Args:
        company_id: Whom it is about.
        kind: Text or record.
        source_kind: Where it comes from; fixes its quality.
        source: File and row, URL or register.
        retrieved_at: When it was read, with a zone; not part of the identity.
        text: The text itself; it is kept in NFC, ends trimmed.
        language: Two letters; told from the script where None.
    """
    plain = nfc(text).strip()
    identity = sha256(f"{company_id}|{kind.value}|{plain}".encode()).hexdigest()
    return Evidence(
        evidence_id=f"ev_{identity[:_ID_LENGTH]}",
        company_id=company_id,
        kind=kind,
        source_kind=source_kind,
        source=source,
        retrieved_at=retrieved_at,
        language=language or ("ar" if script_of(plain) == "ar" else "en"),
        text=plain,
        sha256=sha256(plain.encode()).hexdigest(),
    )


def record_text(fields: Mapping[str, str]) -> str:
    """A row of fields as evidence: one ``field: value`` line per field that is not empty, sorted by field."""
    lines = ((name, squeeze(value)) for name, value in sorted(fields.items()))
    return "\n".join(f"{name}: {value}" for name, value in lines if value)


class _Refusal(Exception):
    def __init__(self, reason: RejectionReason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


def _refuse_subject(detail: str) -> _Refusal:
    return _Refusal(RejectionReason.SUBJECT_NOT_IN_QUOTE, detail)


def _unknown(detail: str) -> _Refusal:
    return _Refusal(RejectionReason.UNKNOWN_SUBJECT, detail)


def verify_claim(
    candidate: ClaimCandidate, company: Company, evidence: Mapping[str, Evidence], lexicon: Lexicon
) -> Claim | RejectedClaim:
    """A claim, if the candidate stands in its source; else what is wrong with it.

    Checked in this order: the kind is known; the source is in ``evidence`` and about this company; the quote occurs
    in it; the number occurs in the quote; the subject is of the vocabulary of its kind; the quote speaks of the
    subject (a narrower or neighbouring concept will do), does not deny it, and, for an offer, does not
    name it as the trade of customers.

    Args:
        candidate: What is claimed.
        company: Whom the claim is about.
        evidence: Every text that may be cited, by id.
        lexicon: The concepts.
    """
    try:
        kind = _kind_of(candidate)
        _check_source(candidate, company, evidence)
        _check_number(candidate, kind)
        _CHECKS[kind](_Case(candidate, kind, company, lexicon))
    except _Refusal as refusal:
        return RejectedClaim(
            kind=candidate.kind,
            subject=candidate.subject,
            evidence_id=candidate.evidence_id,
            quote=candidate.quote,
            reason=refusal.reason,
            detail=refusal.detail[:500],
        )
    return _accepted(candidate, kind, company)


def _accepted(candidate: ClaimCandidate, kind: ClaimKind, company: Company) -> Claim:
    value = "" if candidate.value is None else format(Decimal(str(candidate.value)).normalize(), "f")
    subject, quote = nfc(candidate.subject), nfc(candidate.quote)
    content = "|".join((company.company_id, kind.value, subject, value, candidate.evidence_id, quote))
    return Claim(
        claim_id=f"cl_{sha256(content.encode()).hexdigest()[:_ID_LENGTH]}",
        company_id=company.company_id,
        kind=kind,
        subject=subject,
        value=candidate.value,
        unit={ClaimKind.SCALE: subject, ClaimKind.FOUNDED: "year"}.get(kind),
        evidence_id=candidate.evidence_id,
        quote=quote,
    )


@dataclass(frozen=True)
class _Case:
    """One candidate with what it is judged by."""

    candidate: ClaimCandidate
    kind: ClaimKind
    company: Company
    lexicon: Lexicon

    @property
    def subject(self) -> str:
        return self.candidate.subject

    @property
    def quote(self) -> str:
        return self.candidate.quote


def _kind_of(candidate: ClaimCandidate) -> ClaimKind:
    if candidate.kind not in _KINDS:
        raise _Refusal(RejectionReason.MALFORMED, f"{candidate.kind!r} is no kind of claim")
    if not 0 < len(candidate.subject) <= 120:
        raise _Refusal(RejectionReason.MALFORMED, "a subject has 1 to 120 characters")
    return _KINDS[candidate.kind]


def _check_source(candidate: ClaimCandidate, company: Company, evidence: Mapping[str, Evidence]) -> None:
    source = evidence.get(candidate.evidence_id)
    if source is None:
        raise _Refusal(RejectionReason.UNKNOWN_SOURCE, "the cited evidence is not part of this run")
    if source.company_id != company.company_id:
        raise _Refusal(RejectionReason.OTHER_COMPANY, "the cited evidence is about another company")
    if not contains_quote(source.text, candidate.quote):
        raise _Refusal(RejectionReason.QUOTE_NOT_IN_SOURCE, "the quote does not occur in its source")


def _check_number(candidate: ClaimCandidate, kind: ClaimKind) -> None:
    if candidate.value is None:
        if kind in (ClaimKind.SCALE, ClaimKind.FOUNDED):
            raise _Refusal(RejectionReason.MALFORMED, f"a claim of {kind.value} needs its number")
        return
    if Decimal(str(candidate.value)) not in numbers_in(candidate.quote):
        raise _Refusal(RejectionReason.NUMBER_NOT_IN_QUOTE, f"{candidate.value:g} does not occur in the quote")


def _check_concept(case: _Case) -> None:
    concept = case.lexicon.get(case.subject)
    if concept is None or concept.kind not in CONCEPTS_OF[case.kind]:
        raise _unknown(f"{case.subject!r} is no concept of the lexicon that a claim of {case.kind.value} may have")
    details = set()
    for start, end in _line_spans(case.quote):
        sentence = case.quote[start:end]
        for first, last in _support(case, sentence):
            if is_negated(sentence, first, last):
                details.add("negated")
            elif case.kind is ClaimKind.OFFERS and is_customer_trade(sentence, first, last):
                details.add("the quote names the trade of customers or investments, not an offer")
            else:
                return
    raise _refuse_subject("; ".join(sorted(details)) or f"the quote does not speak of {case.subject}")


def _line_spans(quote: str) -> tuple[tuple[int, int], ...]:
    return sentences(quote) or ((0, len(quote)),)


def _support(case: _Case, sentence: str) -> tuple[tuple[int, int], ...]:
    spans = [
        (mention.start, mention.end)
        for mention in case.lexicon.find(sentence)
        if _supports(case.lexicon, mention.concept, case.subject)
    ]
    if _LISTED_CONCEPTS.match(sentence):
        spans += [match.span() for match in re.finditer(rf"(?<!\w){re.escape(case.subject)}(?!\w)", sentence)]
    return tuple(spans)


def _supports(lexicon: Lexicon, mentioned: str, claimed: str) -> bool:
    """A mention supports its own concept, every broader one, and its neighbours; a broad word proves no narrow one."""
    if mentioned == claimed or claimed in lexicon.ancestors(mentioned):
        return True
    first, second = lexicon.get(mentioned), lexicon.get(claimed)
    return bool(first and second and (claimed in first.adjacent or mentioned in second.adjacent))


def _check_country(case: _Case) -> None:
    if case.subject not in country_codes():
        raise _unknown(f"{case.subject!r} is no ISO 3166-1 alpha-2 code")
    field, _, value = case.quote.partition(": ")
    stated = {country_code(part) for part in re.split(r"[;,|/]", value)} if field in ("country", "countries") else set()
    if case.subject not in stated and not supports_country(case.quote, case.subject):
        raise _refuse_subject(f"the quote names no place in {case.subject}")


def _check_scale(case: _Case) -> None:
    if case.subject not in MEASURES:
        raise _unknown(f"{case.subject!r} is no measure; known are {', '.join(sorted(MEASURES))}")
    counts = [(scale.measure, scale.value) for line in case.quote.split("\n") for scale in scales_in(line)]
    if (case.subject, case.candidate.value) not in counts:
        raise _refuse_subject(f"the quote does not count {case.candidate.value:g} {case.subject}")


def _check_founding(case: _Case) -> None:
    year = case.candidate.value
    if case.subject != "year":
        raise _unknown("the subject of founding is 'year'")
    if year is None or not year.is_integer() or not 1500 <= year <= 2100:
        raise _Refusal(RejectionReason.MALFORMED, "a year of founding lies between 1500 and 2100")
    if not founding_words(case.quote):
        raise _refuse_subject("the quote does not speak of founding")


def _check_programme(case: _Case) -> None:
    if case.subject not in PROGRAMMES:
        raise _unknown(f"{case.subject!r} is no partner programme; known are {', '.join(sorted(PROGRAMMES))}")
    match = PROGRAMMES[case.subject].search(case.quote)
    if match is None:
        raise _refuse_subject(f"the quote does not speak of {case.subject}")
    if is_negated(case.quote, match.start(), match.end()):
        raise _refuse_subject("negated")


def _check_ownership(case: _Case) -> None:
    if case.subject not in OWNERSHIPS:
        raise _unknown(f"{case.subject!r} is no form of ownership; known are {', '.join(sorted(OWNERSHIPS))}")
    match = first_match(OWNERSHIPS, case.quote).get(case.subject)
    if match is None:
        raise _refuse_subject(f"the quote does not speak of {case.subject}")
    if is_negated(case.quote, match.start(), match.end()):
        raise _refuse_subject("negated")


def _check_regulator(case: _Case) -> None:
    if case.subject not in REGULATORS:
        raise _unknown(f"{case.subject!r} is no regulator; known are {', '.join(sorted(REGULATORS))}")
    if case.subject not in regulators_in(case.quote):
        raise _refuse_subject(f"the quote does not say that {case.subject} licenses or supervises it")


def _check_status(case: _Case) -> None:
    if case.subject not in _STATUSES:
        raise _unknown(f"{case.subject!r} is no status; known are {', '.join(_STATUSES)}")
    if _status_of_line(case.quote) == case.subject:
        return
    finding = status_from_text(CompanyText(case.quote, case.company.names))
    if finding is None or finding.status != case.subject or case.subject not in _DEAD:
        raise _refuse_subject(f"the quote does not say that the company itself is {case.subject}")


def _status_of_line(quote: str) -> CompanyStatus | None:
    field, _, value = quote.partition(": ")
    if field == "status":
        return parse_status(value)
    flag = parse_flag(value) if field == "delisted" else None
    return None if flag is None else CompanyStatus.DELISTED if flag else CompanyStatus.ACTIVE


def _check_name(case: _Case) -> None:
    if fold(case.subject) not in fold(case.quote):
        raise _refuse_subject("the name does not occur in the quote")


_CHECKS: Mapping[ClaimKind, Callable[[_Case], None]] = {
    **dict.fromkeys(CONCEPTS_OF, _check_concept),
    ClaimKind.OPERATES_IN: _check_country,
    ClaimKind.SCALE: _check_scale,
    ClaimKind.FOUNDED: _check_founding,
    ClaimKind.PARTNER_PROGRAMME: _check_programme,
    ClaimKind.OWNERSHIP: _check_ownership,
    ClaimKind.REGULATED: _check_regulator,
    ClaimKind.STATUS: _check_status,
    ClaimKind.FORMER_NAME: _check_name,
}
