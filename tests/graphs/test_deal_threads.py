"""The rules by which our threads are run: what LangGraph leaves open is closed by the wrapping."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from filelock import FileLock, Timeout
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.errors import UnknownInterruptError
from langgraph.types import Command, Send

from partnership_os.errors import InternalError
from partnership_os.graphs.deals import RECURSION_LIMIT
from partnership_os.graphs.state import DealContext, DealInput
from partnership_os.graphs.views import DealState, DealStatus
from partnership_os.graphs.workspace import Workspace
from partnership_os.schemas.base import Money
from partnership_os.schemas.commitment import DecisionOutcome
from partnership_os.schemas.need import PartnershipNeed
from partnership_os.schemas.partnership import ApprovalLevel
from partnership_os.testing.clock import TickingClock
from tests.setbacks import end_workers

Token = Callable[..., str]
PARTNER = "Najd Test Systems"


class Runs:
    """Every call of the deal graph, and whether the lock of its thread was held by somebody meanwhile."""

    def __init__(self, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
        self.calls: list[tuple[Any, RunnableConfig, dict[str, Any]]] = []
        self.locked: list[bool] = []
        self._folder = workspace.home.folder / "locks"
        graph: Any = workspace.desk.graph
        invoke = graph.invoke

        def recorded(given: Any, config: RunnableConfig, **how: Any) -> Any:
            self.calls.append((given, config, how))
            self.locked.append(self._is_locked(config["configurable"]["thread_id"]))
            return invoke(given, config, **how)

        monkeypatch.setattr(graph, "invoke", recorded)

    def _is_locked(self, thread_id: str) -> bool:
        try:
            with FileLock(self._folder / f"{thread_id}.lock", timeout=0):
                return False
        except Timeout:
            return True


@pytest.fixture
def runs(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Runs:
    return Runs(workspace, monkeypatch)


@pytest.fixture
def halted(runs: Runs, workspace: Workspace, need: PartnershipNeed, token: Token) -> DealState:
    return workspace.start_deal(PARTNER, need, token(ApprovalLevel.ANALYST))


def plain(state: DealState) -> RunnableConfig:
    """As anybody can write it who holds the graph."""
    return {"configurable": {"thread_id": state.thread_id}, "recursion_limit": 12}


def approve(workspace: Workspace, state: DealState, by: str) -> None:
    """Through the service alone, so that the thread does not know yet."""
    assert state.commitment_id is not None
    workspace.home.approval_service.decide(state.commitment_id, by, DecisionOutcome.APPROVE)


def test_every_run_is_strict_short_and_saved_before_it_goes_on(
    runs: Runs, workspace: Workspace, halted: DealState, token: Token, clock: TickingClock
) -> None:
    director = token(ApprovalLevel.DIRECTOR)
    workspace.resume(halted.thread_id)
    clock.advance(timedelta(days=20))
    again = workspace.propose_again(halted.thread_id, token(ApprovalLevel.VP))
    approve(workspace, again, director)
    assert workspace.resume(halted.thread_id).status is DealStatus.COMMITTED
    assert len(runs.calls) >= 4
    for _, config, how in runs.calls:
        assert how["durability"] == "sync"
        assert config["recursion_limit"] == RECURSION_LIMIT <= 25
        assert config["configurable"] == {"thread_id": halted.thread_id, "__pregel_strict_resume": True}


def test_a_thread_is_answered_by_the_id_of_its_one_interrupt(
    runs: Runs, workspace: Workspace, halted: DealState
) -> None:
    waiting = workspace.desk.graph.get_state(plain(halted)).interrupts
    workspace.resume(halted.thread_id)
    assert len(waiting) == 1
    answer = runs.calls[-1][0]
    assert isinstance(answer, Command) and answer.resume == {waiting[0].id: {"wake": True}}
    assert answer.goto == () and answer.update is None


def test_an_answer_to_a_question_that_is_gone_is_refused_under_our_configuration(
    runs: Runs, workspace: Workspace, halted: DealState
) -> None:
    workspace.resume(halted.thread_id)
    answer, config, _ = runs.calls[-1]
    before = workspace.desk.graph.get_state(plain(halted))
    with pytest.raises(UnknownInterruptError) as refused:
        workspace.desk.graph.invoke(answer, config)
    end_workers(refused.value)
    assert workspace.desk.graph.get_state(plain(halted)).config == before.config


def test_two_gates_in_one_thread_are_refused_and_the_approval_lands_all_the_same(
    workspace: Workspace, halted: DealState, token: Token
) -> None:
    graph, config = workspace.desk.graph, plain(halted)
    values = graph.get_state(config).values
    graph.update_state(config, Command(goto=[Send("gate", values), Send("gate", values)]), as_node="propose")
    graph.invoke(None, config)
    doubled = graph.get_state(config).interrupts
    assert len(doubled) == 2
    with pytest.raises(InternalError):
        workspace.resume(halted.thread_id)
    assert {one.id for one in graph.get_state(config).interrupts} == {one.id for one in doubled}
    assert workspace.ledger() == ()
    approve(workspace, halted, token(ApprovalLevel.DIRECTOR))
    with pytest.raises(InternalError):
        workspace.resume(halted.thread_id)
    assert [row.commitment_id for row in workspace.ledger()] == [halted.commitment_id]
    assert workspace.deal(halted.thread_id).state.status is DealStatus.COMMITTED


def test_an_approval_lands_although_the_thread_cannot_be_read(
    workspace: Workspace, halted: DealState, token: Token, monkeypatch: pytest.MonkeyPatch
) -> None:
    approve(workspace, halted, token(ApprovalLevel.DIRECTOR))

    def unreadable(*_arguments: object, **_keywords: object) -> None:
        raise NotImplementedError("unknown serialization type")

    with monkeypatch.context() as broken:
        broken.setattr(workspace.desk.graph, "get_state", unreadable)
        with pytest.raises(NotImplementedError):
            workspace.resume(halted.thread_id)
    assert [row.commitment_id for row in workspace.ledger()] == [halted.commitment_id]
    assert workspace.resume(halted.thread_id).status is DealStatus.COMMITTED
    assert len(workspace.ledger()) == 1


def test_a_waiting_thread_is_only_run_under_its_lock(
    runs: Runs, workspace: Workspace, halted: DealState, token: Token
) -> None:
    started = len(runs.calls)
    workspace.resume(halted.thread_id)
    assert halted.commitment_id is not None
    workspace.decide(halted.commitment_id, token(ApprovalLevel.DIRECTOR), DecisionOutcome.APPROVE)
    assert len(runs.locked) > started and all(runs.locked[started:])


@pytest.mark.parametrize("with_token", [True, False])
def test_new_input_while_a_gate_waits_asks_the_same_question_again(
    workspace: Workspace, need: PartnershipNeed, halted: DealState, token: Token, with_token: bool
) -> None:
    company = workspace.find_company("Asir Test Cloud").company_id
    given = DealInput(company_id=company, need_id=need.need_id)
    context = DealContext(token=token(ApprovalLevel.C_LEVEL) if with_token else None)
    workspace.desk.graph.invoke(given, plain(halted), context=context)
    state = workspace.desk.graph.get_state(plain(halted))
    assert state.next == ("gate",) and len(state.interrupts) == 1
    assert [item.digest for item in workspace.inbox()] == [halted.digest]
    assert len(workspace.services.companies.sheets(halted.thread_id)) == 1
    approve(workspace, halted, token(ApprovalLevel.DIRECTOR))
    assert workspace.resume(halted.thread_id).status is DealStatus.COMMITTED
    assert [row.digest for row in workspace.ledger()] == [halted.digest]


def test_new_input_after_a_rejection_asks_for_nothing(
    workspace: Workspace, need: PartnershipNeed, halted: DealState, token: Token
) -> None:
    assert halted.commitment_id is not None
    workspace.decide(halted.commitment_id, token(ApprovalLevel.DIRECTOR), DecisionOutcome.REJECT, "Not now.")
    given = DealInput(company_id=halted.company_id, need_id=need.need_id)
    workspace.desk.graph.invoke(given, plain(halted), context=DealContext(token=token(ApprovalLevel.C_LEVEL)))
    assert workspace.inbox() == () and workspace.ledger() == ()
    assert workspace.deal(halted.thread_id).state.status is DealStatus.REJECTED


def test_no_class_comes_back_from_the_checkpoints(workspace: Workspace, halted: DealState) -> None:
    price = Money.model_validate({"amount": "10", "currency": "SAR"})
    written = JsonPlusSerializer(allowed_msgpack_modules=True).dumps_typed({"price": price})
    assert isinstance(JsonPlusSerializer(allowed_msgpack_modules=True).loads_typed(written)["price"], Money)
    for saver in (workspace.saver, workspace.desk.graph.checkpointer):
        assert not isinstance(saver.serde.loads_typed(written)["price"], Money)  # type: ignore[union-attr]
        with pytest.raises(NotImplementedError):
            saver.serde.loads_typed(("pickle", b""))  # type: ignore[union-attr]
    plain_types = (str, int, list)
    values = workspace.desk.graph.get_state(plain(halted)).values
    assert values and all(isinstance(value, plain_types) for value in values.values())
