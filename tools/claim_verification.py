"""Claim verification: the one gate that every claim, a rule's or a model's, must pass before anybody sees it."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from hashlib import sha256
from typing import Annotated

from pydantic import Field

from partnership_os.schemas.base import Record, country_codes, nfc
from partnership_os.schemas.company import Company, CompanyStatus
from partnership_os.schemas.evidence import Claim, ClaimKind, Evidence, RejectedClaim, RejectionReason
from partnership_os.tools.claim_words import MEASURES, OWNERSHIPS, PROGRAMMES, REGULATORS
from partnership_os.tools.lexicon import Lexicon
from partnership_os.tools.statements import CONCEPTS_OF, Statement, statements_of
from partnership_os.tools.text import numbers_in, quote_spans

__all__ = ["ClaimCandidate", "verify_claim"]

_ID_LENGTH = 24
_KINDS = {kind.value: kind for kind in ClaimKind}
_NUMBERED = frozenset({ClaimKind.SCALE, ClaimKind.FOUNDED})
_VOCABULARIES: Mapping[ClaimKind, tuple[str, Collection[str]]] = {
    ClaimKind.OPERATES_IN: ("an ISO 3166-1 alpha-2 code", country_codes()),
    ClaimKind.SCALE: ("a measure", MEASURES),
    ClaimKind.FOUNDED: ("the subject of founding", frozenset({"year"})),
    ClaimKind.PARTNER_PROGRAMME: ("a partner programme", PROGRAMMES),
    ClaimKind.OWNERSHIP: ("a form of ownership", OWNERSHIPS),
    ClaimKind.REGULATED: ("a regulator", REGULATORS),
    ClaimKind.STATUS: ("a status", frozenset(status.value for status in CompanyStatus)),
}
"""What the subject of a claim must be one of; concepts are looked up in the lexicon, former names are free."""


class ClaimCandidate(Record):
    """A claim that somebody, rules or model, thinks a text makes. Nothing in it is trusted."""

    kind: Annotated[str, Field(max_length=60)]
    subject: Annotated[str, Field(max_length=200)]
    value: Annotated[float | None, Field(allow_inf_nan=False)] = None
    evidence_id: Annotated[str, Field(max_length=120)]
    quote: Annotated[str, Field(max_length=8_000)]


class _Refusal(Exception):
    def __init__(self, reason: RejectionReason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


def verify_claim(
    candidate: ClaimCandidate, company: Company, evidence: Mapping[str, Evidence], lexicon: Lexicon
) -> Claim | RejectedClaim:
    """A claim, if the candidate stands in its source; else what is wrong with it.

    Checked in this order: the kind is known; the source is in ``evidence`` and about this company; the quote occurs
    in it between whole words and numbers; the number occurs in the quote; the subject is of the vocabulary of its
    kind. Then every statement that the quote touches, wherever it occurs, is judged in its whole sentence (a
    record: its whole line), so that a fragment cannot leave out "does not", "its competitor" or "plans to": one of
    them must be of the subject or, for concepts, of a narrower one, have the same number, and stand without
    objection (`tools.claim_sentences`).

    The claim's quote is the whole sentence or line, whatever part of it the candidate cited, so that a person who
    approves reads all of it; sentences of more than `LONGEST_QUOTE` characters are cut around the words.

    Args:
        candidate: What is claimed.
        company: Whom the claim is about.
        evidence: Every text that may be cited, by id.
        lexicon: The concepts.
    """
    try:
        kind = _kind_of(candidate)
        source = _source_of(candidate, company, evidence)
        spans = quote_spans(source.text, candidate.quote)
        if not spans:
            raise _Refusal(RejectionReason.QUOTE_NOT_IN_SOURCE, "the quote does not occur in its source")
        _check_number(candidate, kind)
        _check_subject(candidate, kind, lexicon)
        touched = [
            statement
            for statement in statements_of(source, company, lexicon)
            if any(start < statement.end and statement.start < end for start, end in spans)
        ]
        return _accepted(candidate, _standing(candidate, kind, touched, lexicon), company)
    except _Refusal as refusal:
        return RejectedClaim(
            kind=candidate.kind,
            subject=candidate.subject,
            evidence_id=candidate.evidence_id,
            quote=candidate.quote,
            reason=refusal.reason,
            detail=refusal.detail[:500],
        )


def _kind_of(candidate: ClaimCandidate) -> ClaimKind:
    if candidate.kind not in _KINDS:
        raise _Refusal(RejectionReason.MALFORMED, f"{candidate.kind!r} is no kind of claim")
    if not 0 < len(candidate.subject) <= 120:
        raise _Refusal(RejectionReason.MALFORMED, "a subject has 1 to 120 characters")
    return _KINDS[candidate.kind]


def _source_of(candidate: ClaimCandidate, company: Company, evidence: Mapping[str, Evidence]) -> Evidence:
    source = evidence.get(candidate.evidence_id)
    if source is None:
        raise _Refusal(RejectionReason.UNKNOWN_SOURCE, "the cited evidence is not part of this run")
    if source.company_id != company.company_id:
        raise _Refusal(RejectionReason.OTHER_COMPANY, "the cited evidence is about another company")
    return source


def _check_number(candidate: ClaimCandidate, kind: ClaimKind) -> None:
    if candidate.value is None:
        if kind in _NUMBERED:
            raise _Refusal(RejectionReason.MALFORMED, f"a claim of {kind.value} needs its number")
        return
    if Decimal(str(candidate.value)) not in numbers_in(candidate.quote):
        raise _Refusal(RejectionReason.NUMBER_NOT_IN_QUOTE, f"{candidate.value:g} does not occur in the quote")


def _check_subject(candidate: ClaimCandidate, kind: ClaimKind, lexicon: Lexicon) -> None:
    subject = candidate.subject
    if kind in CONCEPTS_OF:
        concept = lexicon.get(subject)
        if concept is None or concept.kind not in CONCEPTS_OF[kind]:
            detail = f"{subject!r} is no concept of the lexicon that a claim of {kind.value} may have"
            raise _Refusal(RejectionReason.UNKNOWN_SUBJECT, detail)
    elif kind in _VOCABULARIES:
        what, known = _VOCABULARIES[kind]
        if subject not in known:
            raise _Refusal(RejectionReason.UNKNOWN_SUBJECT, f"{subject!r} is not {what}")


def _standing(candidate: ClaimCandidate, kind: ClaimKind, touched: list[Statement], lexicon: Lexicon) -> Statement:
    """The first touched statement that makes the claim and to which nothing is objected."""
    value = candidate.value if kind in _NUMBERED else None
    objections: dict[str, None] = {}
    for statement in touched:
        if statement.kind is not kind or statement.value != value:
            continue
        if statement.subject == candidate.subject or candidate.subject in lexicon.ancestors(statement.subject):
            if statement.objection is None:
                return statement
            objections[statement.objection] = None
    detail = "; ".join(sorted(objections)) or f"the quote does not state {kind.value} {candidate.subject}"
    raise _Refusal(RejectionReason.SUBJECT_NOT_IN_QUOTE, detail)


def _accepted(candidate: ClaimCandidate, statement: Statement, company: Company) -> Claim:
    value = "" if statement.value is None else format(Decimal(str(statement.value)).normalize(), "f")
    kind, subject, quote = statement.kind, nfc(candidate.subject), nfc(statement.quote)
    content = "|".join((company.company_id, kind.value, subject, value, candidate.evidence_id, quote))
    return Claim(
        claim_id=f"cl_{sha256(content.encode()).hexdigest()[:_ID_LENGTH]}",
        company_id=company.company_id,
        kind=kind,
        subject=subject,
        value=statement.value,
        unit={ClaimKind.SCALE: subject, ClaimKind.FOUNDED: "year"}.get(kind),
        evidence_id=candidate.evidence_id,
        quote=quote,
    )
