"""The deal graph: scout → evaluate → gate → negotiate → propose → gate → commit.

Drafting is internal work (class A): the gate logs it and lets it pass. Issuing the term sheet opens the negotiation
with the other side; it is the first thing that leaves the house, a Class B commitment, and the gate halts there for
people. See ``docs/design/gate.md``.
"""

from typing import Literal

from langgraph.graph import START, StateGraph
from langgraph.runtime import Runtime
from langgraph.types import Command

from partnership_os.agents.analyst import Analyst
from partnership_os.agents.deal_negotiator import DraftRequest, committed_value, draft_term_sheet
from partnership_os.agents.ecosystem_mapper import filter_company
from partnership_os.agents.playbook import load_playbook
from partnership_os.errors import ApprovalError, InputError, InternalError
from partnership_os.governance import commitments
from partnership_os.governance.audit import record_event
from partnership_os.governance.canonical import commitment_digest
from partnership_os.governance.commitments import ProposalDraft
from partnership_os.governance.standing import OPEN, PendingItem
from partnership_os.graphs.casework import CaseFile, open_case, score, sources_of, summarise
from partnership_os.graphs.commitment_gate import make_gate
from partnership_os.graphs.services import Services, ServicesProvider
from partnership_os.graphs.state import DealContext, DealGraphState, DealInput, thread_of
from partnership_os.schemas.base import BilingualText
from partnership_os.schemas.commitment import Commitment, CommitmentStatus
from partnership_os.schemas.term_sheet import PartnerTermSheet
from partnership_os.storage.company_store import Deal

STANDS = frozenset({*OPEN, CommitmentStatus.COMMITTED, CommitmentStatus.REJECTED})
"""A request that holds its company and need: it waits, took effect or was refused for good."""
DealGraph = StateGraph[DealGraphState, DealContext, DealInput, DealGraphState]


class DealNodes:
    """The nodes of a deal. Each reads ids from the state, works on the stores, and says where to go next.

    Args:
        services: Called when a node runs, so that importing this module needs no home.
    """

    def __init__(self, services: ServicesProvider) -> None:
        self._services = services

    def scout(
        self, state: DealGraphState, runtime: Runtime[DealContext]
    ) -> Command[Literal["evaluate", "gate", "__end__"]]:
        """Know who asks, and refuse a company that `tools.company_filters` rules out.

        That it answers nothing that the need asks for does not stop a person who names it; the card says so.

        A thread that has a commitment already is not worked through again, whoever runs it: where one is open, it
        goes to the gate and halts.

        Raises:
            ApprovalError: nobody holds the token, or somebody else started this thread.
            InputError: another deal of this company and need waits or was decided.
        """
        use = self._services()
        thread_id = thread_of(runtime)
        standing = newest_request(use, thread_id)
        if standing is not None:
            return Command(goto="gate", update=_ids(standing)) if standing.status in OPEN else Command(goto="__end__")
        requester = use.authenticate((runtime.context or {}).get("token"))
        asked = Deal(
            thread_id=thread_id,
            need_id=state["need_id"],
            company_id=state["company_id"],
            requested_by=requester.person_id,
            created_at=use.clock(),
        )
        require_only_deal(use, asked, requester.tenant)
        _open_deal(use, asked)
        case = _case(use, state, use.rules)
        reason = filter_company(case.facts)
        known = {"thread_id": thread_id, "requested_by": requester.person_id}
        if reason is not None:
            _log_refusal(use, requester.person_id, thread_id, reason.rule)
            return Command(
                goto="__end__", update={**known, "outcome": "blocked", "reasons": [reason.text.model_dump()]}
            )
        return Command(goto="evaluate", update=known)

    def evaluate(self, state: DealGraphState, runtime: Runtime[DealContext]) -> Command[Literal["gate", "__end__"]]:
        """Compute and store the card; a blocked card ends the deal."""
        use = self._services()
        card, _ = summarise(use.analyst, score(use, _case(use, state, use.analyst)))
        use.companies.put_card(card)
        use.companies.keep_card(thread_of(runtime), card)
        record_event(
            use.governance,
            use.clock,
            state["requested_by"],
            "partner_scored",
            state["thread_id"],
            {"card_id": card.card_id, "band": card.band.value, "input_digest": card.input_digest},
        )
        if card.blocked:
            _log_refusal(use, state["requested_by"], state["thread_id"], card.blocked[0].rule)
            reasons = [item.text.model_dump() for item in card.blocked]
            return Command(goto="__end__", update={"outcome": "blocked", "reasons": reasons})
        return Command(goto="gate", update={"action": "draft_term_sheet"})

    def negotiate(self, state: DealGraphState, runtime: Runtime[DealContext]) -> Command[Literal["propose", "gate"]]:
        """Draft the next version of the sheet and check it against the playbook.

        Where people are asked about a version already, that one goes on: a new draft would void their approvals.
        """
        use = self._services()
        standing = newest_request(use, thread_of(runtime))
        if standing is not None:
            return Command(goto="gate", update=_ids(standing))
        need = use.companies.need(state["need_id"])
        card = use.companies.card_of(use.companies.deal(thread_of(runtime)))
        if card is None:
            raise InternalError("The card of this deal is gone.", thread_id=state["thread_id"])
        versions = use.companies.sheets(state["thread_id"])
        result = draft_term_sheet(
            DraftRequest(
                thread_id=state["thread_id"],
                need=need,
                card=card,
                company=use.companies.company(state["company_id"]),
                playbook=load_playbook(need.partnership_type),
                drafted_on=use.clock().date(),
                previous=versions[-1] if versions else None,
            ),
            use.analyst,
        )
        if not result.report.conforms:
            raise InternalError("A draft of ours breaches our own playbook.", thread_id=state["thread_id"])
        use.companies.put_sheet(result.sheet)
        return Command(
            goto="propose",
            update={
                "action": "issue_term_sheet",
                "sheet_id": result.sheet.sheet_id,
                "sheet_version": result.sheet.version,
            },
        )

    def propose(self, state: DealGraphState, runtime: Runtime[DealContext]) -> Command[Literal["gate"]]:
        """Write the commitment that people will decide on; proposing the same again finds the same.

        Who asked is read from the deal's own row, which was written under a token, never from graph state.

        Raises:
            InputError: another deal of this company and need was proposed in the meantime.
        """
        use = self._services()
        deal = use.companies.deal(thread_of(runtime))
        sheet = _sheet(use, state)
        proposed = propose_alone(use, deal, proposal_of(sheet, state["action"], deal.requested_by))
        digest = commitment_digest(proposed)
        return Command(goto="gate", update={"commitment_id": proposed.commitment_id, "digest": digest})

    def commit_if_approved(
        self, state: DealGraphState, runtime: Runtime[DealContext]
    ) -> Command[Literal["gate", "__end__"]]:
        """Commit if, and only if, the stored decisions allow it; else back to the gate, or end when refused.

        What was edited or proposed again in the meantime goes back to the gate as what it is now.
        """
        use = self._services()
        terms = _sheet(use, state).model_dump(mode="json")
        try:
            entry = commitments.commit(use.governance, use.verifier, use.clock, state["commitment_id"], terms)
        except ApprovalError as refusal:
            status = commitments.status_of(use.governance, use.clock, state["commitment_id"])
            newest = newest_request(use, thread_of(runtime))
            if newest is not None and newest.digest != state["digest"] and newest.status in OPEN:
                return Command(goto="gate", update=_ids(newest))
            if status is CommitmentStatus.REJECTED:
                return Command(
                    goto="__end__", update={"outcome": "rejected", "reasons": [_refused(refusal, "رفضه شخص مخوّل.")]}
                )
            if status in (CommitmentStatus.EXPIRED, CommitmentStatus.SUPERSEDED):
                return Command(
                    goto="__end__",
                    update={
                        "outcome": "expired",
                        "reasons": [_refused(refusal, "انتهت صلاحيته أو حلّ محله إصدار أحدث.")],
                    },
                )
            return Command(goto="gate")
        return Command(goto="__end__", update={"outcome": "committed", "ledger_entry_id": entry.entry_id})


def build_deal_graph(services: ServicesProvider) -> DealGraph:
    """The uncompiled graph; compile it with the saver of your choice.

    Args:
        services: Called when a node runs, so that importing this module needs no home.
    """
    nodes = DealNodes(services)
    graph: DealGraph = StateGraph(DealGraphState, context_schema=DealContext, input_schema=DealInput)
    graph.add_node("scout", nodes.scout)
    graph.add_node("evaluate", nodes.evaluate)
    graph.add_node("gate", make_gate(services))
    graph.add_node("negotiate", nodes.negotiate)
    graph.add_node("propose", nodes.propose)
    graph.add_node("commit", nodes.commit_if_approved)
    graph.add_edge(START, "scout")
    return graph


def propose_alone(use: Services, deal: Deal, draft: ProposalDraft) -> Commitment:
    """Propose, while nobody else proposes for the same company and need: of two threads at once one is refused.

    Raises:
        InputError: another deal has the place, or like `commitments.propose`.
        ApprovalError: like `commitments.propose`.
    """
    with use.locks.hold(f"propose-{deal.company_id}-{deal.need_id}"):
        with use.governance.snapshot() as reader:
            requester = reader.person(draft.requested_by)
        if requester is not None:  # who is gone is refused below
            require_only_deal(use, deal, requester.tenant)
        return commitments.propose(use.governance, draft, use.clock, approval_days=use.approval_days)


def proposal_of(
    sheet: PartnerTermSheet, action: str, requested_by: str, *, edited_from: str | None = None
) -> ProposalDraft:
    """The request to let a term sheet leave the house.

    Args:
        sheet: The whole document; it becomes the terms.
        action: ``issue_term_sheet`` or ``reissue_term_sheet``.
        requested_by: Id of the person who asks.
        edited_from: The commitment whose sheet was changed into this one.
    """
    return ProposalDraft(
        action=action,
        thread_id=sheet.thread_id,
        partnership_type=sheet.partnership_type,
        parties=(sheet.us.name, sheet.them.name),
        document_id=sheet.sheet_id,
        document_version=sheet.version,
        terms=sheet.model_dump(mode="json"),
        currency=sheet.currency,
        value=committed_value(sheet),
        requested_by=requested_by,
        edited_from=edited_from,
    )


def newest_request(use: Services, thread_id: str) -> PendingItem | None:
    """The latest commitment of a thread, from the store of decisions and never from graph state."""
    known = commitments.history(use.governance, use.clock, thread_id)
    return known[-1] if known else None


def standing_deal(use: Services, company_id: str, need_id: str, tenant: str, besides: str | None = None) -> Deal | None:
    """The latest deal of a tenant for a company and need that waits for people, or was ever decided.

    Args:
        use: What the nodes work with.
        company_id: Of the company.
        need_id: Of the need.
        tenant: Whose deals are looked at; tenants do not meet.
        besides: A thread that does not count.
    """
    for deal in reversed(use.companies.deals(company_id=company_id, need_id=need_id)):
        asked = () if deal.thread_id == besides else commitments.history(use.governance, use.clock, deal.thread_id)
        if any(item.commitment.tenant == tenant and item.status in STANDS for item in asked):
            return deal
    return None


def require_only_deal(use: Services, deal: Deal, tenant: str) -> None:
    """Refuse a second deal for a company and need: nobody decides twice, and a rejection is not outrun.

    Raises:
        InputError: another thread has one that waits or was decided; names it.
    """
    other = standing_deal(use, deal.company_id, deal.need_id, tenant, besides=deal.thread_id)
    if other is not None:
        raise InputError(
            f"The deal {other.thread_id} is about the same company and need.",
            fix=f"Go on with that one: `partnership deal show {other.thread_id}`.",
            thread_id=other.thread_id,
        )


def _ids(item: PendingItem) -> dict[str, object]:
    """What the state holds of a commitment, taken from the store of decisions."""
    made = item.commitment
    return {
        "action": made.action,
        "thread_id": made.thread_id,
        "requested_by": made.requested_by,
        "sheet_id": made.document_id,
        "sheet_version": made.document_version,
        "commitment_id": made.commitment_id,
        "digest": item.digest,
    }


def _open_deal(use: Services, asked: Deal) -> None:
    """Write once who asked for this thread.

    Raises:
        ApprovalError: the thread belongs to somebody else.
    """
    existing = use.companies.deals(thread_id=asked.thread_id)
    if not existing:
        use.companies.put_deal(asked)
    elif existing[0].requested_by != asked.requested_by:
        raise ApprovalError(
            "This deal was started by somebody else.", fix="Start a deal of your own.", thread_id=asked.thread_id
        )


def _log_refusal(use: Services, actor: str, thread_id: str, rule: str) -> None:
    record_event(use.governance, use.clock, actor, "deal_refused", thread_id, {"rule": rule})


def _refused(refusal: ApprovalError, arabic: str) -> dict[str, str]:
    return BilingualText(en=refusal.message, ar=arabic).model_dump()


def _case(use: Services, state: DealGraphState, analyst: Analyst) -> CaseFile:
    need = use.companies.need(state["need_id"])
    company = use.companies.company(state["company_id"])
    return open_case(use, need, sources_of(use, company), use.clock().date(), analyst)


def _sheet(use: Services, state: DealGraphState) -> PartnerTermSheet:
    sheet: PartnerTermSheet = use.companies.sheet(state["sheet_id"], state["sheet_version"])
    return sheet
