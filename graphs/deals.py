"""Deal threads: started, shown and woken. A thread is woken by interrupt id only, one process at a time."""

import secrets
from pathlib import Path
from typing import cast

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.sqlite import SqliteSaver
from langgraph.types import Command, StateSnapshot

from partnership_os.agents.conformance import check_conformance
from partnership_os.agents.playbook import load_playbook
from partnership_os.governance import commitments
from partnership_os.governance.standing import PendingItem
from partnership_os.graphs.deal_graph import build_deal_graph
from partnership_os.graphs.home import locked
from partnership_os.graphs.services import Services
from partnership_os.graphs.state import DealContext, DealGraphState
from partnership_os.graphs.views import DealState, DealStatus, DealView
from partnership_os.schemas.commitment import CommitmentStatus, LedgerEntry
from partnership_os.schemas.company import Company
from partnership_os.schemas.need import PartnershipNeed

RECURSION_LIMIT = 25

_STATUS = {
    CommitmentStatus.PENDING: DealStatus.AWAITING_APPROVAL,
    CommitmentStatus.APPROVED: DealStatus.AWAITING_APPROVAL,
    CommitmentStatus.COMMITTED: DealStatus.COMMITTED,
    CommitmentStatus.REJECTED: DealStatus.REJECTED,
    CommitmentStatus.EXPIRED: DealStatus.EXPIRED,
    CommitmentStatus.SUPERSEDED: DealStatus.EXPIRED,
}
"""A deal with a commitment stands where the store of decisions says, whatever its thread holds."""


class Deals:
    """The deal graph over one checkpointer.

    Args:
        services: What the nodes work with.
        saver: Holds the threads.
        folder: The home, for its locks.
    """

    def __init__(self, services: Services, saver: SqliteSaver, folder: Path) -> None:
        self._services = services
        self._folder = folder
        self.graph = build_deal_graph(lambda: services).compile(checkpointer=saver)

    def start(self, company: Company, need: PartnershipNeed, token: str | None) -> DealState:
        """Run a new thread to the gate, or find the deal of this company and need that waits or was decided already.

        There is one deal for a company and a need: nobody decides twice, and a rejection is not outrun by asking again.
        A deal that expired, or never reached the gate, is started anew.

        Raises:
            ApprovalError: nobody holds the token.
        """
        self._services.authenticate(token)
        with locked(self._folder, f"start-{company.company_id}-{need.need_id}"):
            earlier = self._standing(company, need)
            return earlier if earlier is not None else self._start(company, need, token)

    def _start(self, company: Company, need: PartnershipNeed, token: str | None) -> DealState:
        thread_id = f"deal-{secrets.token_hex(8)}"
        self.graph.invoke(
            {"company_id": company.company_id, "need_id": need.need_id},
            self._config(thread_id),
            context=DealContext(token=token),
            durability="sync",
        )
        return self.state(thread_id)

    def _standing(self, company: Company, need: PartnershipNeed) -> DealState | None:
        for deal in reversed(self._services.companies.deals()):
            if (deal.company_id, deal.need_id) == (company.company_id, need.need_id):
                state = self.state(deal.thread_id)
                if state.status in (DealStatus.AWAITING_APPROVAL, DealStatus.COMMITTED, DealStatus.REJECTED):
                    return state
        return None

    def wake(self, thread_id: str) -> DealState:
        """Let a halted or interrupted thread go on as far as stored decisions allow."""
        config = self._config(thread_id)
        self._services.companies.deal(thread_id)
        with locked(self._folder, thread_id):
            snapshot = self.graph.get_state(config)
            if snapshot.interrupts:
                answer = {item.id: {"wake": True} for item in snapshot.interrupts}
                self.graph.invoke(Command(resume=answer), config, durability="sync")
            elif snapshot.next:
                self.graph.invoke(None, config, durability="sync")
            self._settle(thread_id)
        return self.state(thread_id)

    def _settle(self, thread_id: str) -> None:
        """Commit what is approved although its thread is not at the gate any more.

        Graph state can be lost or forged; it is no authority in either direction. The commit decides alone.
        """
        services, item = self._services, self._newest(thread_id)
        if item is not None and item.status is CommitmentStatus.APPROVED:
            terms = item.commitment.terms
            commitments.commit(
                services.governance, services.verifier, services.clock, item.commitment.commitment_id, terms
            )

    def _newest(self, thread_id: str) -> PendingItem | None:
        """The latest commitment of a thread, from the store of decisions and never from graph state."""
        known = commitments.history(self._services.governance, self._services.clock, thread_id)
        return known[-1] if known else None

    def _ledger(self, thread_id: str) -> tuple[LedgerEntry, ...]:
        return tuple(row for row in commitments.ledger(self._services.governance) if row.thread_id == thread_id)

    def state(self, thread_id: str) -> DealState:
        """Where a deal stands: by the store of decisions once it has a commitment, by its thread before."""
        services, deal = self._services, self._services.companies.deal(thread_id)
        values, item = self._values(thread_id), self._newest(thread_id)
        state: dict[str, object] = {
            "thread_id": thread_id,
            "company_id": deal.company_id,
            "company_name": services.companies.company(deal.company_id).name,
            "need_id": deal.need_id,
            "requested_by": deal.requested_by,
            "reasons": tuple(values.get("reasons", ())),
        }
        if item is None:
            blocked = values.get("outcome") == "blocked"
            return DealState.model_validate({**state, "status": DealStatus.BLOCKED if blocked else DealStatus.RUNNING})
        commitment_id = item.commitment.commitment_id
        entry = next((row for row in self._ledger(thread_id) if row.commitment_id == commitment_id), None)
        return DealState.model_validate(
            {
                **state,
                "status": _STATUS[item.status],
                "commitment_id": commitment_id,
                "digest": item.digest,
                "required_approvals": item.commitment.required_approvals,
                "still_needed": item.still_needed,
                "expires_at": item.expires_at,
                "ledger_entry_id": None if entry is None else entry.entry_id,
            }
        )

    def view(self, thread_id: str) -> DealView:
        """Everything about one deal: card, sheet, private check against the playbook, decisions, ledger."""
        state, services = self.state(thread_id), self._services
        sheets = services.companies.sheets(thread_id)
        sheet = sheets[-1] if sheets else None
        waiting = None
        decisions: tuple[object, ...] = ()
        if state.commitment_id is not None:
            waiting = commitments.standing(services.governance, services.clock, state.commitment_id).commitment
            decisions = commitments.approvals_of(services.governance, state.commitment_id)
        return DealView.model_validate(
            {
                "state": state,
                "commitment": waiting,
                "card": services.companies.card(state.company_id, state.need_id),
                "sheet": sheet,
                "conformance": check_conformance(sheet, load_playbook(sheet.partnership_type)) if sheet else None,
                "decisions": decisions,
                "ledger": self._ledger(thread_id),
            }
        )

    def all(self) -> tuple[DealState, ...]:
        """Every deal, oldest first."""
        return tuple(self.state(deal.thread_id) for deal in self._services.companies.deals())

    def _config(self, thread_id: str) -> RunnableConfig:
        return {
            "configurable": {"thread_id": thread_id, "__pregel_strict_resume": True},
            "recursion_limit": RECURSION_LIMIT,
        }

    def _values(self, thread_id: str) -> DealGraphState:
        snapshot: StateSnapshot = self.graph.get_state(self._config(thread_id))
        return cast(DealGraphState, snapshot.values)
