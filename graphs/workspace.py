"""The workspace: the functions that every surface calls. Surfaces adapt, graphs wire, and this is the door between."""

import csv
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Self

from langgraph.checkpoint.sqlite import SqliteSaver

from partnership_os.errors import ConfigurationError, InputError
from partnership_os.governance import audit, commitments
from partnership_os.governance.audit import AuditReport
from partnership_os.governance.clock import Clock, system_clock
from partnership_os.governance.standing import PendingItem
from partnership_os.graphs.casework import open_case, score, sources_of, summarise
from partnership_os.graphs.company_index import CompanyIndex, Progress
from partnership_os.graphs.deals import Deals
from partnership_os.graphs.discovery_graph import run_discovery
from partnership_os.graphs.home import Home, locked, open_home
from partnership_os.graphs.services import Services
from partnership_os.graphs.views import DealState, DealView, Discovery, RankedCompany
from partnership_os.schemas.commitment import DecisionOutcome, LedgerEntry, Person
from partnership_os.schemas.company import Company
from partnership_os.schemas.evidence import Contradiction, Evidence
from partnership_os.schemas.need import PartnershipNeed
from partnership_os.schemas.partnership import ApprovalLevel
from partnership_os.schemas.score_card import PartnerFitScoreCard
from partnership_os.settings import Settings
from partnership_os.storage.checkpoints import open_checkpointer
from partnership_os.tools.company_import import ExistingCompanies, ImportOptions, ImportResult, import_files
from partnership_os.tools.lexicon import Lexicon
from partnership_os.tools.need_reader import read_need
from partnership_os.tools.rejects import write_rejects
from partnership_os.tools.spreadsheet import safe_cell
from partnership_os.tools.text import visible

LOCAL_OPERATOR = "local-operator"
"""Who acts in the audit log when people are managed: whoever may write the home (see README, Limits)."""


@contextmanager
def _writing(place: Path) -> Iterator[None]:
    """Say which place cannot be written, and what to do."""
    try:
        yield
    except OSError as error:
        raise ConfigurationError(
            f"The results cannot be written to {place}: {error.strerror}.", fix="Check free space and permissions."
        ) from error


def _silent(stage: str, done: int, total: int) -> None:
    """No progress wanted."""


class Workspace:
    """One opened installation. Use it as a context manager; it raises only `PartnershipError` on purpose."""

    def __init__(self, settings: Settings, home: Home, saver: SqliteSaver) -> None:
        """Use `open`; the arguments are its opened parts."""
        self.settings = settings
        self.home = home
        self.saver = saver
        self.desk = Deals(home.services, saver, home.folder)

    @classmethod
    def open(cls, settings: Settings, clock: Clock | None = None) -> Self:
        """Open the home that the settings name; it is created when missing.

        Raises:
            ConfigurationError: a store, key or setting is missing or wrong.
        """
        home = open_home(settings, clock or system_clock)
        try:
            return cls(settings, home, home.stack.enter_context(open_checkpointer(home.checkpoints)))
        except BaseException:
            home.close()
            raise

    def close(self) -> None:
        """Release files and connections."""
        self.home.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def services(self) -> Services:
        """What graphs and chat tools work with."""
        return self.home.services

    @property
    def lexicon(self) -> Lexicon:
        """The bilingual lexicon."""
        return self.services.lexicon

    # people

    def add_person(self, name: str, level: ApprovalLevel, legal: bool = False) -> tuple[Person, str]:
        """Add somebody; the token is returned this once and stored hashed."""
        return self.home.approvals.add_person(name, level, legal, actor=LOCAL_OPERATOR)

    def people(self) -> tuple[Person, ...]:
        """Everybody in the directory."""
        return self.home.approvals.people()

    def revoke_tokens(self, person_id: str) -> int:
        """End every token of somebody; returns how many were live."""
        return self.home.approvals.revoke_token(person_id, actor=LOCAL_OPERATOR)

    def change_person(
        self,
        person_id: str,
        *,
        level: ApprovalLevel | None = None,
        legal: bool | None = None,
        active: bool | None = None,
    ) -> Person:
        """Change somebody's authority; what is None stays as it is."""
        return self.home.approvals.change_person(
            person_id, actor=LOCAL_OPERATOR, level=level, legal=legal, active=active
        )

    def new_token(self, person_id: str) -> str:
        """A new token for somebody, returned this once; their former ones end."""
        return self.home.approvals.issue_token(person_id, actor=LOCAL_OPERATOR)

    # companies

    def import_files(
        self,
        paths: Sequence[Path],
        options: ImportOptions,
        rejects_to: Path | None = None,
        on_progress: Progress = _silent,
    ) -> ImportResult:
        """Import company files: save companies and evidence, index them, write rejected rows to a file.

        What an earlier import saved and could not index any more is indexed as well.

        Args:
            paths: CSV or JSONL files, also gzipped. Without any, nothing is done.
            options: Column overrides, kind and date of the source.
            rejects_to: Where rejected rows go, with row, field and reason; nowhere when None.
            on_progress: Told how far each stage is.

        Raises:
            InputError: a file cannot be read as a whole.
            ConfigurationError: a store cannot be written, another process keeps importing, or the vectors were
                made with another embedding; in the last two cases nothing was saved.
        """
        with locked(self.home.folder, "import"):
            store = self.services.companies
            existing = ExistingCompanies(store.companies(), store.evidence_sources(), store.contradictions())
            result = import_files(paths, existing, options)
            if paths:
                index = self._index()
                store.save(result.companies, result.evidence, result.contradictions)
                del existing
                index.refresh(on_progress)
        if rejects_to is not None and result.rejects:
            with _writing(rejects_to):
                write_rejects(rejects_to, result.rejects)
        return result

    def _index(self) -> CompanyIndex:
        return CompanyIndex(self.services.companies, self.services.search(), self.lexicon)

    def reindex(self, on_progress: Progress = _silent) -> int:
        """Build the vectors of all companies again, after a change of embedding; returns how many."""
        with locked(self.home.folder, "import"):
            self.home.search.rebuild()
            return self._index().refresh(on_progress)

    def find_company(self, text: str) -> Company:
        """A company by id, name or domain; `InputError` lists near ones."""
        return self.services.companies.find(text)

    def company_count(self) -> int:
        """How many companies are known."""
        return self.services.companies.count()

    def contradictions(self, company_id: str | None = None) -> tuple[Contradiction, ...]:
        """Where sources disagree, about one company or all."""
        return self.services.companies.contradictions(company_id)

    def evidence(self, evidence_id: str) -> Evidence:
        """One piece of evidence."""
        return self.services.companies.evidence(evidence_id)

    # discovery

    def read_need(self, path: Path) -> PartnershipNeed:
        """Read and store a need; errors name the field and the fix."""
        need = read_need(path, self.lexicon)
        self.services.companies.put_need(need)
        return need

    def needs(self) -> tuple[PartnershipNeed, ...]:
        """Every need seen so far."""
        return self.services.companies.needs()

    def discover(
        self, need: PartnershipNeed, top: int = 10, as_of: date | None = None, on_progress: Progress = _silent
    ) -> Discovery:
        """Find, score and rank possible partners for a need.

        Args:
            need: What we look for.
            top: How many cards to hand out.
            as_of: The day the cards hold for; today when not given.
            on_progress: Told how far each stage is; companies without a current vector are indexed first.

        Raises:
            InputError: no company was imported yet.
            ConfigurationError: a store cannot be read, or vectors are missing and cannot be written.
        """
        if top < 1:
            raise InputError("At least one card must be asked for.", fix="Use --top 1 or more.")
        if not self.company_count():
            raise InputError(
                "No companies are known yet.", fix="Import some: partnership import examples/companies.jsonl"
            )
        self.services.companies.put_need(need)
        if not self._index().is_current():
            with locked(self.home.folder, "import"):
                self._index().refresh(on_progress)
        return run_discovery(self.services, need, top, as_of or self.services.clock().date(), on_progress)

    def write_discovery(self, discovery: Discovery, folder: Path) -> tuple[Path, ...]:
        """Write ``scorecards.jsonl``, ``ranking.csv`` and ``report.json``; the same run gives the same bytes."""
        cards, ranking, report = (folder / name for name in ("scorecards.jsonl", "ranking.csv", "report.json"))
        with _writing(folder):
            folder.mkdir(parents=True, exist_ok=True)
            cards.write_text("".join(card.model_dump_json() + "\n" for card in discovery.cards), encoding="utf-8")
            with ranking.open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, fieldnames=list(RankedCompany.model_fields))
                writer.writeheader()
                writer.writerows(_spreadsheet_row(row) for row in discovery.ranking)
            body = discovery.report.model_dump(mode="json")
            report.write_text(json.dumps(body, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        return cards, ranking, report

    def card(self, partner: str, need: PartnershipNeed | None = None) -> PartnerFitScoreCard:
        """A company's card: computed now for a need, else the newest that is stored.

        Raises:
            InputError: no such company, or no card of it yet.
        """
        company = self.find_company(partner)
        if need is None:
            cards = self.services.companies.cards_of(company.company_id)
            if not cards:
                raise InputError(
                    f"There is no score card of {company.name} yet.",
                    fix="Give a need with --need, or run discover first.",
                    company_id=company.company_id,
                )
            return max(cards, key=lambda card: (card.as_of, card.need_id))
        self.services.companies.put_need(need)
        sources = sources_of(self.services, company)
        case = open_case(self.services, need, sources, self.services.clock().date(), self.services.analyst)
        card, _ = summarise(self.services.analyst, score(self.services, case))
        self.services.companies.put_card(card)
        return card

    # deals

    def start_deal(self, partner: str, need: PartnershipNeed, token: str | None) -> DealState:
        """Start a deal thread; it runs to the gate and halts there.

        Raises:
            ApprovalError: nobody holds the token; a Class B action needs a known requester.
        """
        company = self.find_company(partner)
        self.services.companies.put_need(need)
        return self.desk.start(company, need, token)

    def deal(self, thread_id: str) -> DealView:
        """Everything about one deal."""
        return self.desk.view(thread_id)

    def deals(self) -> tuple[DealState, ...]:
        """Every deal, oldest first."""
        return self.desk.all()

    def inbox(self) -> tuple[PendingItem, ...]:
        """What waits, and for whom."""
        return commitments.inbox(self.services.governance, self.services.clock)

    def decide(
        self, commitment_id: str, token: str | None, outcome: DecisionOutcome, note: str | None = None
    ) -> DealState:
        """Record a person's decision and wake the deal that waits for it.

        Raises:
            ApprovalError: the token, the person or the state of the commitment does not allow it; logged.
        """
        decision = self.home.approvals.decide(commitment_id, token, outcome, note)
        item = commitments.standing(self.services.governance, self.services.clock, decision.commitment_id)
        return self.desk.wake(item.commitment.thread_id)

    def resume(self, thread_id: str) -> DealState:
        """Wake a deal after a crash. It carries no authority: only stored decisions do."""
        return self.desk.wake(thread_id)

    # proof

    def ledger(self) -> tuple[LedgerEntry, ...]:
        """Every commitment that took effect."""
        return commitments.ledger(self.services.governance)

    def verify_audit(self) -> AuditReport:
        """Re-hash the whole audit log and hold it against its anchor."""
        return audit.report(self.services.governance)


def _spreadsheet_row(row: RankedCompany) -> dict[str, object]:
    """A row that shows what it holds and runs nothing, whatever a company is called."""
    cells = row.model_dump(mode="json")
    return {name: safe_cell(visible(value) if isinstance(value, str) else value) for name, value in cells.items()}
