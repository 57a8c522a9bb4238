"""Deal threads: started, shown and woken. A thread is woken by interrupt id only, one process at a time."""

import secrets
from collections.abc import Sequence
from typing import cast

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.types import Command, StateSnapshot
from pydantic import JsonValue

from partnership_os.agents.conformance import check_conformance
from partnership_os.agents.playbook import load_playbook
from partnership_os.agents.sheet_edit import TermEdit, edit_sheet
from partnership_os.errors import InputError, InternalError
from partnership_os.governance import commitments
from partnership_os.governance.approvals import require_note
from partnership_os.governance.audit import record_event
from partnership_os.governance.standing import OPEN, unknown_commitment
from partnership_os.graphs.approval_packet import sheet_in
from partnership_os.graphs.deal_graph import (
    build_deal_graph,
    newest_request,
    proposal_of,
    propose_alone,
    standing_deal,
)
from partnership_os.graphs.services import Services
from partnership_os.graphs.state import DealContext, DealGraphState, DealInput
from partnership_os.graphs.views import DealState, DealStatus, DealView
from partnership_os.schemas.commitment import CommitmentStatus, LedgerEntry
from partnership_os.schemas.company import Company
from partnership_os.schemas.need import PartnershipNeed
from partnership_os.schemas.term_sheet import PartnerTermSheet
from partnership_os.storage.locks import Locks

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
        locks: Of the home; one process at a time works on a thread.
    """

    def __init__(self, services: Services, saver: BaseCheckpointSaver[str], locks: Locks) -> None:
        self._services = services
        self._locks = locks
        self.graph = build_deal_graph(lambda: services).compile(checkpointer=saver)

    def start(self, company: Company, need: PartnershipNeed, token: str | None) -> DealState:
        """Run a new thread to the gate, or find the deal of this company and need that waits or was decided already.

        There is one deal for a company and a need: nobody decides twice, and a rejection is not outrun by asking again.
        A deal that expired, or never reached the gate, is started anew.

        Raises:
            ApprovalError: nobody holds the token.
        """
        use, asker = self._services, self._services.authenticate(token)
        with self._locks.hold(f"start-{company.company_id}-{need.need_id}"):
            earlier = standing_deal(use, company.company_id, need.need_id, asker.tenant)
            return self._start(company, need, token) if earlier is None else self.state(earlier.thread_id)

    def _start(self, company: Company, need: PartnershipNeed, token: str | None) -> DealState:
        thread_id = f"deal-{secrets.token_hex(8)}"
        self.graph.invoke(
            {"company_id": company.company_id, "need_id": need.need_id},
            self._config(thread_id),
            context=DealContext(token=token),
            durability="sync",
        )
        return self.state(thread_id)

    def wake(self, thread_id: str) -> DealState:
        """Let a halted or interrupted thread go on as far as stored decisions allow."""
        self._services.companies.deal(thread_id)
        with self._locks.hold(thread_id):
            self._wake(thread_id)
        return self.state(thread_id)

    def edit(self, commitment_id: str, token: str | None, edits: Sequence[TermEdit], note: str | None) -> DealState:
        """Change terms of a proposed sheet: a new version, by the person who edits, that halts again.

        Approvals of the version before are void. What was issued already is proposed to be re-issued.

        Raises:
            ApprovalError: nobody holds the token.
            InputError: an edit is not possible, the version is not the newest, the person is not concerned, or another
                deal took the place of this one.
        """
        use, editor = self._services, self._services.authenticate(token)
        require_note(note)
        old = commitments.standing(use.governance, use.clock, commitment_id).commitment
        if old.tenant != editor.tenant:
            raise unknown_commitment(commitment_id)
        deal = use.companies.deal(old.thread_id)
        with self._locks.hold(old.thread_id):
            sheet = sheet_in(old)
            if sheet is None:
                raise InputError(f"{commitment_id} is about no term sheet.", fix="Only a term sheet is edited so.")
            edited = edit_sheet(sheet, edits, load_playbook(sheet.partnership_type), use.clock().date())
            issued = any(row.document_id == old.document_id for row in commitments.ledger(use.governance))
            action = "reissue_term_sheet" if issued else "issue_term_sheet"
            made = propose_alone(
                use, deal, proposal_of(edited.sheet, action, editor.person_id, edited_from=commitment_id)
            )
            changed: list[JsonValue] = [edit.term for edit in edits]
            data: dict[str, JsonValue] = {"from": commitment_id, "terms": changed, "note": note}
            record_event(use.governance, use.clock, editor.person_id, "term_sheet_edited", made.commitment_id, data)
            self._wake(old.thread_id)
        return self.state(old.thread_id)

    def propose_again(self, thread_id: str, token: str | None) -> DealState:
        """Ask for the same terms anew after the request expired; whoever asks is then a requester.

        Raises:
            ApprovalError: nobody holds the token.
            InputError: the newest request of the thread did not expire (says what it is instead), another deal took its
                place, or the person neither asked for it nor may decide about it.
        """
        use, asker = self._services, self._services.authenticate(token)
        deal = use.companies.deal(thread_id)
        with self._locks.hold(thread_id):
            item = newest_request(use, thread_id)
            if item is None or item.status is not CommitmentStatus.EXPIRED:
                status = "has asked for nothing yet" if item is None else f"is {item.status.value}"
                raise InputError(
                    f"The deal {thread_id} {status}; only what expired is proposed again as it was.",
                    fix=f"See `partnership deal show {thread_id}`; rejected terms are changed with `partnership edit`.",
                    thread_id=thread_id,
                )
            commitments.require_concerned(use.governance, use.clock, item.commitment.commitment_id, asker)
            sheet = PartnerTermSheet.model_validate(item.commitment.terms)
            propose_alone(use, deal, proposal_of(sheet, item.commitment.action, asker.person_id))
            self._wake(thread_id)
        return self.state(thread_id)

    def _wake(self, thread_id: str) -> None:
        """Resume by interrupt id, or bring a thread that ended back to the gate where something new waits."""
        self._settle(thread_id)
        config, item = self._config(thread_id), newest_request(self._services, thread_id)
        if item is not None:
            # A process may have died after it proposed a version and before it stored the sheet.
            self._services.companies.put_sheet(PartnerTermSheet.model_validate(item.commitment.terms))
        snapshot = self.graph.get_state(config)
        if len(snapshot.interrupts) > 1:
            raise InternalError("More than one gate waits in one thread.", thread_id=thread_id)
        if snapshot.interrupts:
            answer = {waiting.id: {"wake": True} for waiting in snapshot.interrupts}
            self.graph.invoke(Command(resume=answer), config, durability="sync")
        elif snapshot.next:
            self.graph.invoke(None, config, durability="sync")
        elif item is not None and item.status in OPEN:
            deal = self._services.companies.deal(thread_id)
            again = DealInput(company_id=deal.company_id, need_id=deal.need_id)
            self.graph.invoke(again, config, durability="sync")

    def _settle(self, thread_id: str) -> None:
        """Commit what is approved, wherever its thread is.

        Graph state can be lost, forged or unreadable; it is no authority in either direction. So this comes before
        anything that the thread could make fail, and the commit decides alone.
        """
        services, item = self._services, newest_request(self._services, thread_id)
        if item is not None and item.status is CommitmentStatus.APPROVED:
            terms = item.commitment.terms
            commitments.commit(
                services.governance, services.verifier, services.clock, item.commitment.commitment_id, terms
            )

    def _ledger(self, thread_id: str) -> tuple[LedgerEntry, ...]:
        return tuple(row for row in commitments.ledger(self._services.governance) if row.thread_id == thread_id)

    def state(self, thread_id: str) -> DealState:
        """Where a deal stands: by the store of decisions once it has a commitment, by its thread before."""
        services, deal = self._services, self._services.companies.deal(thread_id)
        values, item = self._values(thread_id), newest_request(services, thread_id)
        state: dict[str, object] = {
            "thread_id": thread_id,
            "company_id": deal.company_id,
            "company_name": services.companies.company(deal.company_id).name,
            "need_id": deal.need_id,
            "requested_by": deal.requested_by,
        }
        if item is None:
            blocked = values.get("outcome") == "blocked"
            state["reasons"] = tuple(values.get("reasons", ()))
            return DealState.model_validate({**state, "status": DealStatus.BLOCKED if blocked else DealStatus.RUNNING})
        if item.status not in (*OPEN, CommitmentStatus.COMMITTED):  # reasons of an earlier version would contradict it
            state["reasons"] = tuple(values.get("reasons", ()))
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
                "card": services.companies.card_of(services.companies.deal(thread_id)),
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
