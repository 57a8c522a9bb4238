"""Import result: what goes into a company import and what comes out of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from partnership_os.schemas.company import Company, CompanyStatus
from partnership_os.schemas.evidence import Contradiction, Evidence, SourceKind
from partnership_os.tools.columns import ColumnMapping, CompanyField
from partnership_os.tools.entity_resolution import ReviewKind
from partnership_os.tools.lexicon import Lexicon
from partnership_os.tools.rejects import RowReject

__all__ = [
    "ExistingCompanies",
    "ImportCounts",
    "ImportOptions",
    "ImportResult",
    "MergeReport",
    "NotLive",
    "ReviewReport",
]


@dataclass(frozen=True)
class ExistingCompanies:
    """What is stored already.

    Args:
        companies: Every stored company.
        sources: By company id, the ``source`` of each piece of its evidence. With it a changed row of a known
            source updates its company; without it such a row only fills gaps.
        contradictions: Those stored, so that the ones that still hold are kept.
    """

    companies: tuple[Company, ...] = ()
    sources: Mapping[str, frozenset[str]] = field(default_factory=dict)
    contradictions: tuple[Contradiction, ...] = ()


@dataclass(frozen=True)
class ImportOptions:
    """How to read. ``columns`` is column by field (``--map``); rows that say their own kind or day keep it."""

    retrieved_on: date
    source_kind: SourceKind = SourceKind.DIRECTORY
    columns: Mapping[CompanyField, str] = field(default_factory=dict)
    lexicon: Lexicon | None = None


@dataclass(frozen=True)
class MergeReport:
    """Two rows (or a row and a stored company) that became one company, and by which rule."""

    company_id: str
    first: str
    second: str
    rule: str
    detail: str


@dataclass(frozen=True)
class ReviewReport:
    """Companies that a person should compare; none was merged because of this."""

    kind: ReviewKind
    company_ids: tuple[str, ...]
    labels: tuple[str, ...]
    detail: str


@dataclass(frozen=True)
class NotLive:
    """A company that is not offered as a prospect, and the words that say why."""

    company_id: str
    name: str
    status: CompanyStatus
    quote: str


@dataclass(frozen=True)
class ImportCounts:
    """Rows read, accepted and rejected; rows merged into a company that another row made; companies by outcome."""

    rows_read: int
    rows_accepted: int
    rows_rejected: int
    rows_merged: int
    companies_new: int
    companies_updated: int
    companies_unchanged: int


@dataclass(frozen=True)
class ImportResult:
    """What to save and what to show; every tuple is sorted, and the same for any order of rows.

    ``companies`` are complete new versions of new and changed companies only, ``evidence`` only what is not stored
    yet, ``contradictions`` all that hold for the companies that were read, stored ones included, so that
    they may replace what is stored of these companies.
    """

    companies: tuple[Company, ...]
    evidence: tuple[Evidence, ...]
    contradictions: tuple[Contradiction, ...]
    rejects: tuple[RowReject, ...]
    merges: tuple[MergeReport, ...]
    reviews: tuple[ReviewReport, ...]
    not_live: tuple[NotLive, ...]
    mappings: tuple[ColumnMapping, ...]
    counts: ImportCounts
