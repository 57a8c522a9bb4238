"""Company import: files of companies to records, with everything doubtful listed and nothing silently won."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from partnership_os.errors import InputError
from partnership_os.schemas.company import Company, CompanyName, NameKind
from partnership_os.schemas.evidence import Contradiction, Evidence, EvidenceKind
from partnership_os.tools.columns import ColumnMapping, map_columns
from partnership_os.tools.company_assembly import Sources, assemble, identity_of_company, representative_first
from partnership_os.tools.company_rows import CompanyRow, RowReader
from partnership_os.tools.contradictions import (
    contradictions_between,
    contradictions_with_stored,
    contradictions_within,
)
from partnership_os.tools.entity_resolution import Identity, Resolution, resolve
from partnership_os.tools.evidence import make_evidence, record_text
from partnership_os.tools.import_result import (
    ExistingCompanies,
    ImportCounts,
    ImportOptions,
    ImportResult,
    MergeReport,
    NotLive,
    ReviewReport,
)
from partnership_os.tools.lexicon import load_lexicon
from partnership_os.tools.name_likeness import key_of
from partnership_os.tools.rejects import RowReject
from partnership_os.tools.tabular_files import RawRow, open_table

__all__ = [
    "ExistingCompanies",
    "ImportCounts",
    "ImportOptions",
    "ImportResult",
    "MergeReport",
    "NotLive",
    "ReviewReport",
    "import_files",
]

_DUPLICATE_ROW = "duplicate_row"


def import_files(paths: Sequence[Path], existing: ExistingCompanies, options: ImportOptions) -> ImportResult:
    """Read files of companies, resolve who is who, and say what to save.

    Pure: reads the files and nothing else, writes nothing. Importing the same file again changes nothing. A row's
    source is ``<file name>#<ticker, registry number, LEI, domain or name>``, so rows may be shuffled freely.

    Args:
        paths: CSV or JSON Lines files, plain or gzipped.
        existing: What is stored already.
        options: Day, kind of source, column choices.

    Raises:
        InputError: a file cannot be read as a whole (missing, empty, encoding, no name column); single bad rows
            are listed in ``rejects`` instead.
    """
    reading = _Reading()
    for path in paths:
        reading.add_file(path, options)
    merging = _Merging(reading.rows, existing)
    return merging.result(reading)


class _Reading:
    """The rows of all files, and what could not be read."""

    def __init__(self) -> None:
        self.rows: list[CompanyRow] = []
        self.rejects: list[RowReject] = []
        self.mappings: list[ColumnMapping] = []
        self.read = 0
        self.rejected = 0

    def add_file(self, path: Path, options: ImportOptions) -> None:
        before = self.read
        with open_table(path) as table:
            mapping = map_columns(path.name, table.columns, options.columns)
            self.mappings.append(mapping)
            reader = RowReader(
                path.name,
                mapping.fields,
                options.lexicon or load_lexicon(),
                options.source_kind,
                options.retrieved_on,
            )
            for raw in table.rows:
                self._add_row(path.name, raw, reader)
        if self.read == before:
            raise InputError(f"{path.name} has a header but no rows.", fix="Add at least one company.", file=path.name)

    def _add_row(self, file: str, raw: RawRow, reader: RowReader) -> None:
        self.read += 1
        row, problems = reader.read(raw)
        if row is None:
            self.rejected += 1
        else:
            self.rows.append(row)
        self.rejects.extend(RowReject.of(file, raw, problem, row_kept=row is not None) for problem in problems)


@dataclass(frozen=True)
class _Outcome:
    company: Company
    stored: Company | None
    evidence: tuple[Evidence, ...]
    contradictions: tuple[Contradiction, ...]


class _Merging:
    """From rows to companies: resolution, ids, evidence, records."""

    def __init__(self, rows: Iterable[CompanyRow], existing: ExistingCompanies) -> None:
        self._stored = {company.company_id: company for company in existing.companies}
        self._sources = existing.sources
        self._listed: dict[str, list[Contradiction]] = defaultdict(list)
        for item in existing.contradictions:
            self._listed[item.company_id].append(item)
        self._by_name: dict[str, list[Company]] = defaultdict(list)
        for company in sorted(existing.companies, key=lambda item: item.company_id):
            for key in sorted({key_of(name) for name in company.names}):
                self._by_name[key].append(company)
        self._rows: dict[str, CompanyRow] = {}
        self._doubles: dict[str, list[CompanyRow]] = defaultdict(list)
        for row in rows:
            key = _content_key(row)
            if key in self._rows:
                self._doubles[key].append(row)
            self._rows.setdefault(key, row)
        self._known = {key: self._holder_of(row) for key, row in self._rows.items()}
        self._resolution = self._resolve()
        self._ids = self._assign_ids()

    def _holder_of(self, row: CompanyRow) -> tuple[str, bool] | None:
        """The stored company that holds this row, and whether it holds this very version of it."""
        candidates = self._by_name.get(key_of(row.name), [])
        for company in candidates:
            if {item.evidence_id for item in _evidence_of(row, company.company_id)} <= set(company.evidence_ids):
                return company.company_id, True
        for company in candidates:
            if row.source in self._sources.get(company.company_id, frozenset()):
                return company.company_id, False
        return None

    def _resolve(self) -> Resolution:
        identities = [_identity_of_row(key, row, self._known[key]) for key, row in self._rows.items()]
        identities += [_identity_of_company(company) for company in self._stored.values()]
        return resolve(identities)

    def _assign_ids(self) -> dict[str, str]:
        """The company id of every key: the stored one, else a new one that no other company has."""
        shared = self._resolution.shared_domains
        fresh: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        ids: dict[str, str] = {}
        for cluster in self._resolution.clusters:
            stored = next((key for key in cluster if key in self._stored), None)
            if stored is not None:
                ids.update(dict.fromkeys(cluster, stored))
            else:
                fresh[identity_of_company(self._rows_of(cluster), shared)].append(cluster)
        for wanted, clusters in fresh.items():
            alone = len(clusters) == 1 and wanted not in self._stored
            for cluster in clusters:
                salt = "" if alone else "|".join(cluster)
                ids.update(dict.fromkeys(cluster, identity_of_company(self._rows_of(cluster), shared, salt)))
        return ids

    def _rows_of(self, cluster: Iterable[str]) -> tuple[CompanyRow, ...]:
        return representative_first(self._rows[key] for key in cluster if key in self._rows)

    def result(self, reading: _Reading) -> ImportResult:
        """The import's result, with what reading found."""
        outcomes = [self._outcome(cluster) for cluster in self._resolution.clusters if self._rows_of(cluster)]
        changed = [item.company for item in outcomes if item.company != item.stored]
        new = sum(item.stored is None for item in outcomes)
        not_live = [
            NotLive(company.company_id, company.name, company.status, company.status_reason or "")
            for company in (item.company for item in outcomes)
            if not company.status.is_live
        ]
        contradictions = {found for item in outcomes for found in item.contradictions}
        return ImportResult(
            companies=tuple(sorted(changed, key=lambda item: item.company_id)),
            evidence=tuple(
                sorted((one for item in outcomes for one in item.evidence), key=lambda one: one.evidence_id)
            ),
            contradictions=tuple(sorted(contradictions, key=lambda item: (item.company_id, item.model_dump_json()))),
            rejects=tuple(reading.rejects),
            merges=self._merge_reports(),
            reviews=self._review_reports(),
            not_live=tuple(sorted(not_live, key=lambda item: item.company_id)),
            mappings=tuple(reading.mappings),
            counts=ImportCounts(
                rows_read=reading.read,
                rows_accepted=len(reading.rows),
                rows_rejected=reading.rejected,
                rows_merged=len(reading.rows) - len(outcomes),
                companies_new=new,
                companies_updated=len(changed) - new,
                companies_unchanged=len(outcomes) - len(changed),
            ),
        )

    def _outcome(self, cluster: tuple[str, ...]) -> "_Outcome":
        """One company of this import: its new version, its new evidence, what contradicts in it."""
        company_id = self._ids[cluster[0]]
        stored = self._stored.get(company_id)
        rows = self._rows_of(cluster)
        newer = self._rows_in_state(cluster, (company_id, False))
        added = self._rows_in_state(cluster, None)
        held = set(stored.evidence_ids) if stored else set()
        evidence = tuple(item for item in _evidence_of_rows(rows, company_id) if item.evidence_id not in held)
        listed = [item for row in rows for item in contradictions_within(row, company_id)]
        if stored is None:
            sources = Sources((), None, rows)
            listed += contradictions_between(rows, company_id)
        else:
            sources = Sources(newer, stored, added)
            listed += self._still_listed(company_id, newer)
            listed += contradictions_with_stored(stored, added)
        if stored is not None and not newer and not added:
            return _Outcome(stored, stored, evidence, tuple(listed))
        fresh = [item.evidence_id for item in evidence]
        company = assemble(company_id, sources, fresh, self._resolution.shared_domains)
        return _Outcome(company, stored, evidence, tuple(listed))

    def _rows_in_state(self, cluster: tuple[str, ...], state: tuple[str, bool] | None) -> tuple[CompanyRow, ...]:
        return representative_first(
            self._rows[key] for key in cluster if key in self._rows and self._known[key] == state
        )

    def _still_listed(self, company_id: str, newer: Sequence[CompanyRow]) -> list[Contradiction]:
        """Stored contradictions, without those that a newer version of their row replaces."""
        replaced = {row.source for row in newer}
        return [
            item
            for item in self._listed[company_id]
            if item.first.source not in replaced and item.second.source not in replaced
        ]

    def _merge_reports(self) -> tuple[MergeReport, ...]:
        reports = [
            MergeReport(
                self._ids[step.first], self._label(step.first), self._label(step.second), step.rule, step.detail
            )
            for step in self._resolution.merges
            if step.rule != "known_row"
        ]
        for key, doubles in self._doubles.items():
            label = self._label(key)
            reports += [
                MergeReport(self._ids[key], label, label, _DUPLICATE_ROW, "the same row again") for _ in doubles
            ]
        return tuple(sorted(reports, key=lambda item: (item.company_id, item.first, item.second, item.rule)))

    def _review_reports(self) -> tuple[ReviewReport, ...]:
        reports = set()
        for review in self._resolution.reviews:
            involved = {key: self._ids[key] for key in review.keys}
            if len(set(involved.values())) > 1 and any(key in self._rows for key in review.keys):
                labels = tuple(sorted({self._label(key) for key in review.keys}))
                reports.add(ReviewReport(review.kind, tuple(sorted(set(involved.values()))), labels, review.detail))
        return tuple(sorted(reports, key=lambda item: (item.kind, item.company_ids, item.labels, item.detail)))

    def _label(self, key: str) -> str:
        row = self._rows.get(key)
        return f"{row.name} [{row.source}]" if row is not None else f"{self._stored[key].name} [stored: {key}]"


def _content_key(row: CompanyRow) -> str:
    return "row_" + sha256("\x1f".join(row.content).encode()).hexdigest()


def _identity_of_row(key: str, row: CompanyRow, holder: tuple[str, bool] | None) -> Identity:
    numbers = row.identifiers
    return Identity(
        key=key,
        label=f"{row.name} [{row.source}]",
        names=tuple(dict.fromkeys([row.name, *([row.name_ar] if row.name_ar else [])])),
        brands=_brands(row.other_names),
        registry_number=numbers.registry_number,
        lei=numbers.lei,
        domain=numbers.domain,
        securities=_securities(numbers.isin, row.exchange, numbers.ticker),
        countries=row.countries,
        known_as=holder[0] if holder else None,
    )


def _identity_of_company(company: Company) -> Identity:
    numbers = company.identifiers
    return Identity(
        key=company.company_id,
        label=company.name,
        names=tuple(dict.fromkeys([company.name, *([company.name_ar] if company.name_ar else [])])),
        brands=_brands(company.other_names),
        registry_number=numbers.registry_number,
        lei=numbers.lei,
        domain=numbers.domain,
        securities=_securities(numbers.isin, company.exchange, numbers.ticker),
        countries=company.countries,
        company_id=company.company_id,
    )


def _brands(names: Iterable[CompanyName]) -> tuple[str, ...]:
    return tuple(item.text for item in names if item.kind is not NameKind.FORMER)


def _securities(isin: str | None, exchange: str | None, ticker: str | None) -> tuple[str, ...]:
    traded = [f"{exchange.casefold()}:{ticker.casefold()}"] if exchange and ticker else []
    return tuple([f"isin:{isin}"] if isin else []) + tuple(traded)


def _evidence_of(row: CompanyRow, company_id: str) -> tuple[Evidence, ...]:
    record = make_evidence(
        company_id, EvidenceKind.RECORD, row.source_kind, row.source, row.retrieved_at, record_text(dict(row.fields))
    )
    if not row.text:
        return (record,)
    return record, make_evidence(company_id, EvidenceKind.TEXT, row.source_kind, row.source, row.retrieved_at, row.text)


def _evidence_of_rows(rows: Iterable[CompanyRow], company_id: str) -> tuple[Evidence, ...]:
    unique = {item.evidence_id: item for row in rows for item in _evidence_of(row, company_id)}
    return tuple(unique.values())
