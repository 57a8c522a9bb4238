"""What the workspace hands to surfaces: plain records, ready to print or to send as JSON."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from partnership_os.schemas.base import BilingualText, Label, Points, Record, RecordId, Sha256, Timestamp
from partnership_os.schemas.commitment import ApprovalRequirement, Commitment, Decision, LedgerEntry
from partnership_os.schemas.evidence import Contradiction
from partnership_os.schemas.playbook import ConformanceReport
from partnership_os.schemas.prospect import FilteredOut, PartnerProspect
from partnership_os.schemas.score_card import Band, PartnerFitScoreCard
from partnership_os.schemas.stamp import AnalystStamp, ModelUsage
from partnership_os.schemas.term_sheet import PartnerTermSheet


class DealStatus(StrEnum):
    """Where a deal thread stands."""

    RUNNING = "running"
    AWAITING_APPROVAL = "awaiting_approval"
    COMMITTED = "committed"
    REJECTED = "rejected"
    EXPIRED = "expired"
    BLOCKED = "blocked"


class DealState(Record):
    """A deal in a few lines: what `deal start` and `approve` answer."""

    thread_id: str
    status: DealStatus
    company_id: RecordId
    company_name: Label
    need_id: RecordId
    requested_by: RecordId
    commitment_id: RecordId | None = None
    digest: Sha256 | None = None
    required_approvals: tuple[ApprovalRequirement, ...] = ()
    still_needed: tuple[ApprovalRequirement, ...] = ()
    expires_at: Timestamp | None = None
    ledger_entry_id: RecordId | None = None
    reasons: tuple[BilingualText, ...] = ()
    """Why it is blocked or rejected; empty otherwise."""


class DealView(Record):
    """Everything about one deal, for the people inside."""

    state: DealState
    commitment: Commitment | None
    card: PartnerFitScoreCard | None
    sheet: PartnerTermSheet | None
    conformance: ConformanceReport | None
    decisions: tuple[Decision, ...] = ()
    ledger: tuple[LedgerEntry, ...] = ()


class RankedCompany(Record):
    """One line of a ranking. ``rank`` starts at 1."""

    rank: Annotated[int, Field(ge=1)]
    company_id: RecordId
    company_name: Label
    band: Band
    score: Points | None
    coverage: float
    confidence: float
    best_band: Band
    blocked: bool
    strategic_fit: Points
    first_fact_to_find: str


class DiscoveryReport(Record):
    """What a discovery run saw and did."""

    schema_version: int = 1
    need_id: RecordId
    title: Label
    as_of: date
    companies_known: int
    considered: int
    scored: int
    bands: dict[Band, int]
    filtered_out: tuple[FilteredOut, ...]
    not_live: tuple[FilteredOut, ...]
    contradictions: tuple[Contradiction, ...]
    rejected_claims: dict[str, int]
    model_failures: dict[str, str]
    usage: ModelUsage
    made_by: AnalystStamp


class Discovery(Record):
    """A finished run: prospects, cards in ranking order, and the report."""

    report: DiscoveryReport
    prospects: tuple[PartnerProspect, ...]
    cards: tuple[PartnerFitScoreCard, ...]
    ranking: tuple[RankedCompany, ...]
