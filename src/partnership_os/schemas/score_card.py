"""PartnerFitScoreCard: the output of EVALUATE. Every number on it is computed by code from indicators."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from partnership_os.schemas.base import (
    BilingualText,
    Fraction,
    Label,
    Points,
    Record,
    RecordId,
    Sentence,
    Sha256,
    Slug,
    StoredRecord,
    Timestamp,
)
from partnership_os.schemas.evidence import Contradiction, RejectedClaim, SourceKind
from partnership_os.schemas.need import MustHaveKind
from partnership_os.schemas.partnership import PartnershipType
from partnership_os.schemas.stamp import AnalystStamp


class Dimension(StrEnum):
    """The seven dimensions of fit; their weights depend on the partnership type."""

    STRATEGIC_ALIGNMENT = "strategic_alignment"
    MARKET_OVERLAP = "market_overlap"
    REVENUE_POTENTIAL = "revenue_potential"
    CAPABILITY = "capability"
    FINANCIAL_HEALTH = "financial_health"
    COMPLIANCE = "compliance"
    CHANNEL_CONFLICT = "channel_conflict"


class Band(StrEnum):
    """≥75 pursue, 60–74 develop, 45–59 watch, below 45 decline; Unknown when coverage is below the floor."""

    PURSUE = "pursue"
    DEVELOP = "develop"
    WATCH = "watch"
    DECLINE = "decline"
    UNKNOWN = "unknown"


class IndicatorSource(Record):
    """Where an indicator's value comes from, down to the words."""

    evidence_id: RecordId
    source: Annotated[str, Field(max_length=500)]
    source_kind: SourceKind
    retrieved_at: Timestamp
    quote: Annotated[str, Field(min_length=1, max_length=8_000)]


class Indicator(Record):
    """One measured fact. ``points`` is None when there is no evidence: unknown, never 0 and never a middle.

    ``weight`` is the share of its dimension (the weights of a dimension sum to 1). ``value`` is what was measured
    before it was mapped to points, for programs (slugs, codes, bare numbers); ``shown`` says the same in words and is
    None when it is unknown; ``method`` says how it was mapped.
    """

    indicator: Slug
    dimension: Dimension
    label: BilingualText
    weight: Fraction
    points: Points | None
    value: Annotated[str | None, Field(max_length=300)] = None
    shown: BilingualText | None = None
    method: BilingualText
    sources: Annotated[tuple[IndicatorSource, ...], Field(max_length=40)] = ()
    contradicted: bool = False


class DimensionScore(Record):
    """``score`` is the weighted mean of the known indicators, None when none is known.

    ``coverage`` is the share of indicator weight that is known; ``contribution`` the points this
    dimension adds to the card's score (the contributions sum to the score).
    """

    dimension: Dimension
    weight: Annotated[int, Field(ge=0, le=100)]
    score: Points | None
    coverage: Fraction
    contribution: Points
    indicators: tuple[Indicator, ...]


class FactToFind(Record):
    """An unknown, and how far knowing it could move the decision."""

    indicator: Slug
    dimension: Dimension
    question: BilingualText
    coverage_gain: Fraction
    score_if_best: Points | None
    score_if_worst: Points | None
    band_if_best: Band
    band_if_worst: Band


class BandChange(Record):
    """What would move the card to another band: ``points_needed`` on one indicator, others equal."""

    to_band: Band
    text: BilingualText


class Risk(Record):
    """A risk seen in the evidence; likelihood and impact from 1 (low) to 5 (high)."""

    risk: Slug
    text: BilingualText
    likelihood: Annotated[int, Field(ge=1, le=5)]
    impact: Annotated[int, Field(ge=1, le=5)]
    evidence_id: RecordId | None = None


class MustHaveCheck(Record):
    """A must-have of the need: shown by evidence, or not shown and therefore the first thing to find out."""

    kind: MustHaveKind
    value: Annotated[str, Field(min_length=1, max_length=100)]
    met: bool
    text: BilingualText
    evidence_id: RecordId | None = None


class BlockReason(Record):
    """A hard gate that failed. The score is still shown; no deal can start."""

    rule: Slug
    text: BilingualText
    evidence_id: RecordId | None = None


class Alternative(Record):
    """Another company of the same run that was considered for the same need."""

    company_id: RecordId
    company_name: Label
    band: Band
    score: Points | None


class PartnerFitScoreCard(StoredRecord):
    """Strategic alignment, revenue potential, risk and the rest, each with its sources.

    score = Σ w_d·s_d / Σ w_d over known dimensions; coverage = Σ w_d·(known share of d) / 100; confidence =
    coverage × source quality × agreement (``docs/design/scoring.md``). ``best_band`` and ``worst_band`` bound
    what the unknown facts can still do. The same input, weights and analyst give the same bytes.
    """

    card_id: RecordId
    company_id: RecordId
    company_name: Label
    company_name_ar: Label | None = None
    need_id: RecordId
    partnership_type: PartnershipType
    as_of: date
    score: Points | None
    coverage: Fraction
    confidence: Fraction
    band: Band
    best_band: Band
    worst_band: Band
    dimensions: Annotated[tuple[DimensionScore, ...], Field(min_length=7, max_length=7)]
    blocked: Annotated[tuple[BlockReason, ...], Field(max_length=20)] = ()
    must_haves: Annotated[tuple[MustHaveCheck, ...], Field(max_length=20)] = ()
    facts_to_find: Annotated[tuple[FactToFind, ...], Field(max_length=3)] = ()
    band_changes: Annotated[tuple[BandChange, ...], Field(max_length=3)] = ()
    risks: Annotated[tuple[Risk, ...], Field(max_length=20)] = ()
    contradictions: Annotated[tuple[Contradiction, ...], Field(max_length=40)] = ()
    rejected_claims: Annotated[tuple[RejectedClaim, ...], Field(max_length=200)] = ()
    alternatives: Annotated[tuple[Alternative, ...], Field(max_length=3)] = ()
    summary: BilingualText
    summary_made_by: AnalystStamp | None = None
    """Who wrote the summary; None while it is the headline that code makes of the card's own numbers."""
    reading_failure: Sentence | None = None
    """Why the model could not read this company and who read instead; None when nothing failed."""
    weights_version: Label
    made_by: AnalystStamp
    input_digest: Sha256

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """Every indicator of every dimension, in the card's order."""
        return tuple(item for part in self.dimensions for item in part.indicators)
