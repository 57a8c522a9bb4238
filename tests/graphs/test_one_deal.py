"""One deal for a company and a need: nobody decides twice, and a rejection is not outrun."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from threading import Barrier, BrokenBarrierError

import pytest
from langchain_core.runnables import RunnableConfig
from langgraph.types import Command

from partnership_os.errors import InputError
from partnership_os.graphs import deal_graph
from partnership_os.graphs.services import Services
from partnership_os.graphs.views import DealState, DealStatus
from partnership_os.graphs.workspace import Workspace
from partnership_os.schemas.commitment import DecisionOutcome
from partnership_os.schemas.need import PartnershipNeed
from partnership_os.schemas.partnership import ApprovalLevel
from partnership_os.storage.company_store import Deal
from partnership_os.testing.clock import TickingClock

Token = Callable[..., str]
NAJD = "Najd Test Systems"


@pytest.fixture
def requester(token: Token) -> str:
    return token(ApprovalLevel.ANALYST, name="Rana")


@pytest.fixture
def first(workspace: Workspace, need: PartnershipNeed, requester: str) -> DealState:
    return workspace.start_deal(NAJD, need, requester)


def _approve(workspace: Workspace, state: DealState, by: str) -> DealState:
    return workspace.decide(str(state.commitment_id), by, DecisionOutcome.APPROVE)


@pytest.mark.parametrize("how", ["propose again", "edit"])
def test_what_expired_does_not_come_back_beside_its_successor(
    workspace: Workspace,
    need: PartnershipNeed,
    first: DealState,
    requester: str,
    token: Token,
    clock: TickingClock,
    how: str,
) -> None:
    clock.advance(timedelta(days=14))
    second = workspace.start_deal(NAJD, need, requester)
    assert second.thread_id != first.thread_id
    with pytest.raises(InputError, match=second.thread_id):
        if how == "edit":
            workspace.edit(str(first.commitment_id), requester, ["payment_days=45"], None)
        else:
            workspace.propose_again(first.thread_id, requester)
    assert [item.commitment.commitment_id for item in workspace.inbox()] == [second.commitment_id]
    assert _approve(workspace, second, token(ApprovalLevel.DIRECTOR)).status is DealStatus.COMMITTED
    with pytest.raises(InputError, match=second.thread_id):
        workspace.propose_again(first.thread_id, requester)
    assert len(workspace.ledger()) == 1


def test_only_who_is_concerned_proposes_again(
    workspace: Workspace, first: DealState, requester: str, token: Token, clock: TickingClock
) -> None:
    clock.advance(timedelta(days=14))
    with pytest.raises(InputError, match="neither asked"):
        workspace.propose_again(first.thread_id, token(ApprovalLevel.ANALYST, name="Ola"))
    assert workspace.inbox() == ()
    assert workspace.propose_again(first.thread_id, requester).status is DealStatus.AWAITING_APPROVAL


@pytest.mark.parametrize("stands", ["pending", "rejected", "committed"])
def test_a_thread_of_its_own_does_not_go_round_a_deal_that_stands(
    workspace: Workspace, first: DealState, requester: str, token: Token, stands: str
) -> None:
    director = token(ApprovalLevel.DIRECTOR)
    if stands == "committed":
        _approve(workspace, first, director)
    elif stands == "rejected":
        workspace.decide(str(first.commitment_id), director, DecisionOutcome.REJECT, "Not with them.")
    deal = workspace.deal(first.thread_id).state
    before = len(workspace.deals())
    with pytest.raises(InputError, match=first.thread_id):
        workspace.desk.graph.invoke(
            {"company_id": deal.company_id, "need_id": deal.need_id},
            {"configurable": {"thread_id": "thread-of-mine"}},
            context={"token": requester},
        )
    assert len(workspace.deals()) == before


@pytest.mark.parametrize("decided", ["approve", "reject"])
def test_what_was_decided_holds_the_place_though_a_later_version_expired(
    workspace: Workspace,
    need: PartnershipNeed,
    first: DealState,
    requester: str,
    token: Token,
    clock: TickingClock,
    decided: str,
) -> None:
    workspace.decide(
        str(first.commitment_id), token(ApprovalLevel.DIRECTOR), DecisionOutcome(decided), "Not like this."
    )
    workspace.edit(str(first.commitment_id), requester, ["payment_days=45"], None)
    clock.advance(timedelta(days=15))
    again = workspace.start_deal(NAJD, need, requester)
    assert (again.thread_id, again.status) == (first.thread_id, DealStatus.EXPIRED)
    assert len(workspace.deals()) == 1


def test_of_two_threads_at_once_one_is_refused(
    workspace: Workspace, need: PartnershipNeed, requester: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = workspace.services.companies.find(NAJD)
    both, genuine = Barrier(2), deal_graph.require_only_deal

    def check(use: Services, deal: Deal, tenant: str) -> None:
        """Let both pass before either goes on, unless one keeps the other waiting."""
        genuine(use, deal, tenant)
        with suppress(BrokenBarrierError):
            both.wait(2)

    def run(thread_id: str) -> str:
        try:
            workspace.desk.graph.invoke(
                {"company_id": company.company_id, "need_id": need.need_id},
                {"configurable": {"thread_id": thread_id}},
                context={"token": requester},
            )
        except InputError:
            return "refused"
        return "halted"

    monkeypatch.setattr(deal_graph, "require_only_deal", check)
    with ThreadPoolExecutor(2) as threads:
        ended = sorted(threads.map(run, ("thread-one", "thread-two")))
    assert ended == ["halted", "refused"]
    assert len(workspace.inbox()) == 1


def test_tenants_do_not_meet(workspace: Workspace, need: PartnershipNeed, first: DealState) -> None:
    _, stranger = workspace.add_person("Sami", ApprovalLevel.ANALYST, False, "branch")
    own = workspace.start_deal(NAJD, need, stranger)
    assert own.thread_id != first.thread_id
    assert {item.commitment.tenant for item in workspace.inbox()} == {"main", "branch"}


def test_a_jump_to_the_first_gate_drafts_nothing_beside_what_waits(workspace: Workspace, first: DealState) -> None:
    """Who can send commands to the graph cannot void approvals by having another version drafted."""
    config: RunnableConfig = {"configurable": {"thread_id": first.thread_id}}
    workspace.desk.graph.invoke(Command(goto="gate", update={"action": "draft_term_sheet"}), config, durability="sync")
    state = workspace.deal(first.thread_id).state
    assert (state.status, state.commitment_id) == (DealStatus.AWAITING_APPROVAL, first.commitment_id)
    sheet = workspace.deal(first.thread_id).sheet
    assert sheet is not None and sheet.version == 1
