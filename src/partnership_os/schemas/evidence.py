"""Evidence, the claims that rest on it, and the places where two sources disagree."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from partnership_os.schemas.base import (
    Document,
    Label,
    Passage,
    Record,
    RecordId,
    Sentence,
    Sha256,
    Slug,
    StoredRecord,
    Timestamp,
)


class SourceKind(StrEnum):
    """Where a text comes from; the kind fixes its quality (`SOURCE_QUALITY`)."""

    REGISTRY = "registry"
    FILING = "filing"
    OWN_SITE = "own_site"
    NEWS = "news"
    DIRECTORY = "directory"
    INTERNAL = "internal"


SOURCE_QUALITY: dict[SourceKind, float] = {
    SourceKind.REGISTRY: 1.0,
    SourceKind.FILING: 0.9,
    SourceKind.INTERNAL: 0.8,
    SourceKind.OWN_SITE: 0.7,
    SourceKind.NEWS: 0.6,
    SourceKind.DIRECTORY: 0.4,
}
"""Weight of a source in confidence, 0 to 1; a model's memory is no source at all (score-card rules)."""


class EvidenceKind(StrEnum):
    """A text in the company's or an observer's words, or a row of fields rendered as ``field: value`` lines."""

    TEXT = "text"
    RECORD = "record"


class Evidence(StoredRecord):
    """One text about one company, immutable, identified by its content.

    A record row is evidence as well: its text is one ``field: value`` line per field, so that a number
    taken from a column has a quote like any other.
    """

    evidence_id: RecordId
    company_id: RecordId
    kind: EvidenceKind
    source_kind: SourceKind
    source: Annotated[str, Field(min_length=1, max_length=500, description="file and row, URL or register")]
    retrieved_at: Timestamp
    language: Annotated[str, Field(pattern=r"^[a-z]{2}$")] = "en"
    text: Document
    sha256: Sha256


class ClaimKind(StrEnum):
    """What a claim says about the company; each kind feeds the indicators named in `agents.indicators`."""

    OFFERS = "offers"
    NEEDS = "needs"
    SERVES_SEGMENT = "serves_segment"
    OPERATES_IN = "operates_in"
    SCALE = "scale"
    FOUNDED = "founded"
    CERTIFICATION = "certification"
    PARTNER_PROGRAMME = "partner_programme"
    OWNERSHIP = "ownership"
    REGULATED = "regulated"
    STRATEGY = "strategy"
    STATUS = "status"
    FORMER_NAME = "former_name"


class Claim(Record):
    """One statement about a company, with the words it rests on.

    ``subject`` is a lexicon concept (offers, needs, segments, certifications, strategy), an ISO country code
    (operates_in) or a measure (scale: ``employees``, ``branches``, ``customers``, ``stores``, ``partners``).
    ``value`` is set where the claim is a number; the number must occur in the quote.
    """

    claim_id: RecordId
    company_id: RecordId
    kind: ClaimKind
    subject: Annotated[str, Field(min_length=1, max_length=120)]
    value: Annotated[float | None, Field(allow_inf_nan=False)] = None
    unit: Annotated[str | None, Field(max_length=40)] = None
    evidence_id: RecordId
    quote: Passage


class RejectionReason(StrEnum):
    """Why a claim was not accepted."""

    UNKNOWN_SOURCE = "unknown_source"
    QUOTE_NOT_IN_SOURCE = "quote_not_in_source"
    NUMBER_NOT_IN_QUOTE = "number_not_in_quote"
    SUBJECT_NOT_IN_QUOTE = "subject_not_in_quote"
    UNKNOWN_SUBJECT = "unknown_subject"
    OTHER_COMPANY = "other_company"
    MALFORMED = "malformed"


class RejectedClaim(Record):
    """A claim that was dropped, kept so that a reader sees what was tried."""

    kind: Annotated[str, Field(max_length=60)]
    subject: Annotated[str, Field(max_length=200)]
    evidence_id: Annotated[str, Field(max_length=120)]
    quote: Annotated[str, Field(max_length=8_000)]
    reason: RejectionReason
    detail: Annotated[str, Field(max_length=500)] = ""


class ContradictionSide(Record):
    """What one source says."""

    says: Label
    source: Annotated[str, Field(max_length=500)]
    quote: Annotated[str, Field(max_length=8_000)] = ""


class Contradiction(Record):
    """Two sources, or a field and the text beside it, that cannot both be true."""

    company_id: RecordId
    topic: Slug
    first: ContradictionSide
    second: ContradictionSide
    note: Sentence | None = None
