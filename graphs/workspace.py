"""The workspace: the functions that every surface calls. Surfaces adapt, graphs wire, and this is the door between."""

import csv
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Self

from langgraph.checkpoint.base import BaseCheckpointSaver

from partnership_os.agents.sheet_edit import parse_edits
from partnership_os.errors import ConfigurationError, InputError
from partnership_os.governance import commitments
from partnership_os.governance.clock import Clock, system_clock
from partnership_os.graphs.approval_desk import ApprovalDesk
from partnership_os.graphs.casework import open_case, score, sources_of, summarise
from partnership_os.graphs.company_index import CompanyIndex, Progress
from partnership_os.graphs.deals import Deals
from partnership_os.graphs.delivery_desk import DeliveryDesk
from partnership_os.graphs.discovery_graph import run_discovery
from partnership_os.graphs.evidence_desk import EvidenceDesk
from partnership_os.graphs.home import Home, open_home
from partnership_os.graphs.people_desk import PeopleDesk
from partnership_os.graphs.services import Services
from partnership_os.graphs.views import DealState, DealView, Discovery, RankedCompany
from partnership_os.schemas.commitment import DecisionOutcome
from partnership_os.schemas.company import Company
from partnership_os.schemas.evidence import Contradiction, Evidence
from partnership_os.schemas.need import PartnershipNeed
from partnership_os.schemas.score_card import PartnerFitScoreCard
from partnership_os.settings import Settings
from partnership_os.storage.checkpoints import open_checkpointer
from partnership_os.tools.company_import import ExistingCompanies, ImportOptions, ImportResult, import_files
from partnership_os.tools.lexicon import Lexicon
from partnership_os.tools.need_reader import read_need
from partnership_os.tools.rejects import write_rejects
from partnership_os.tools.spreadsheet import safe_cell
from partnership_os.tools.text import visible


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


class Workspace(PeopleDesk, ApprovalDesk, DeliveryDesk, EvidenceDesk):
    """One opened installation. Use it as a context manager; it raises only `PartnershipError` on purpose."""

    def __init__(self, settings: Settings, home: Home, saver: BaseCheckpointSaver[str]) -> None:
        """Use `open`; the arguments are its opened parts."""
        super().__init__(home)
        self.settings = settings
        self.saver = saver
        self.desk = Deals(home.services, saver, home.locks)

    @classmethod
    def open(cls, settings: Settings, clock: Clock | None = None) -> Self:
        """Open the home that the settings name; it is created when missing.

        Raises:
            ConfigurationError: a store, key or setting is missing or wrong.
        """
        home = open_home(settings, clock or system_clock)
        try:
            return cls(
                settings,
                home,
                home.stack.enter_context(open_checkpointer(home.database, home.checkpoints, settings.migrations.value)),
            )
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
        with self.home.locks.hold("import"):
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
        with self.home.locks.hold("import"):
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
            with self.home.locks.hold("import"):
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

    def decide(
        self,
        commitment_id: str,
        token: str | None,
        outcome: DecisionOutcome,
        note: str | None = None,
        on_behalf_of: str | None = None,
    ) -> DealState:
        """Record a person's decision and wake the deal that waits for it.

        Raises:
            ApprovalError: the token, the person or the state of the commitment does not allow it; logged.
            InputError: a rejection or revocation without a reason.
        """
        decision = self.home.approval_service.decide(commitment_id, token, outcome, note, on_behalf_of=on_behalf_of)
        item = commitments.standing(self.services.governance, self.services.clock, decision.commitment_id)
        return self.desk.wake(item.commitment.thread_id)

    def edit(self, commitment_id: str, token: str | None, edits: Sequence[str], note: str | None = None) -> DealState:
        """Change terms of a proposed sheet, given as ``term=value``: a new version that halts again.

        Raises:
            ApprovalError: nobody holds the token.
            InputError: an edit is not possible, or not this person's to make.
        """
        return self.desk.edit(commitment_id, token, parse_edits(edits), note)

    def propose_again(self, thread_id: str, token: str | None) -> DealState:
        """Ask for the same terms anew after the request expired."""
        return self.desk.propose_again(thread_id, token)

    def resume(self, thread_id: str) -> DealState:
        """Wake a deal after a crash. It carries no authority: only stored decisions do."""
        return self.desk.wake(thread_id)


def _spreadsheet_row(row: RankedCompany) -> dict[str, object]:
    """A row that shows what it holds and runs nothing, whatever a company is called."""
    cells = row.model_dump(mode="json")
    return {name: safe_cell(visible(value) if isinstance(value, str) else value) for name, value in cells.items()}
