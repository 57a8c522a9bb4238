"""The output of SCOUT: possible partners with the reason for each."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from partnership_os.schemas.base import BilingualText, Fraction, Label, Points, Record, RecordId, Slug, StoredRecord


class ReasonKind(StrEnum):
    """Why a company is on the list."""

    OFFERS_WHAT_WE_LACK = "offers_what_we_lack"
    ANSWERS_SIGNAL = "answers_signal"
    ANSWERS_REQUEST = "answers_request"
    CLOSES_GAP = "closes_gap"
    SERVES_SEGMENT = "serves_segment"
    IN_REGION = "in_region"
    FITS_PROFILE = "fits_profile"


class ProspectReason(Record):
    """One reason, with the concept that matched and the evidence that shows it."""

    kind: ReasonKind
    concept: Annotated[str, Field(min_length=1, max_length=120)]
    trigger_id: RecordId | None = None
    evidence_id: RecordId | None = None
    quote: Annotated[str | None, Field(max_length=8_000)] = None
    text: BilingualText


class PartnerProspect(StoredRecord):
    """A company that may fit a need. ``strategic_fit`` orders the list; the score card decides.

    ``strategic_fit`` (points of 100) is the share of what the need asks for that evidence shows, severity of
    gaps and number of asking customers weighed in; ``similarity`` (0 to 1) is that of retrieval.
    """

    company_id: RecordId
    company_name: Label
    need_id: RecordId
    strategic_fit: Points
    similarity: Fraction
    reasons: Annotated[tuple[ProspectReason, ...], Field(max_length=100)]


class FilteredOut(Record):
    """A company that was not considered, and why."""

    company_id: RecordId
    company_name: Label
    rule: Slug
    text: BilingualText
