import importlib
import json
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.memory import InMemorySaver

from partnership_os.errors import ApprovalError
from partnership_os.graphs.deal_graph import build_deal_graph
from partnership_os.graphs.state import DealContext, DealInput
from partnership_os.graphs.workspace import Workspace
from partnership_os.schemas.need import PartnershipNeed
from partnership_os.schemas.partnership import ApprovalLevel
from partnership_os.settings import Settings
from partnership_os.testing.clock import TickingClock


@pytest.fixture
def served(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, workspace: Workspace, clock: TickingClock
) -> Iterator[ModuleType]:
    module = importlib.import_module("partnership_os.graphs.served")
    monkeypatch.setenv("PARTNERSHIP_HOME", str(settings.home))
    monkeypatch.setattr(module, "system_clock", clock)
    for cached in (module.services, module.installation):
        cached.cache_clear()
    yield module
    for cached in (module.services, module.installation):
        cached.cache_clear()


@pytest.fixture
def start(workspace: Workspace, need: PartnershipNeed) -> DealInput:
    return DealInput(company_id=workspace.find_company("Najd Test Systems").company_id, need_id=need.need_id)


@pytest.fixture
def graph(served: ModuleType) -> Any:
    """As the server compiles it: the same nodes, with the server's own checkpointer."""
    return build_deal_graph(served.services).compile(checkpointer=InMemorySaver())


def run_of(person_id: object, thread_id: str = "served-1") -> RunnableConfig:
    """The configuration of a run as the server hands it to the graph."""
    return {"configurable": {"thread_id": thread_id, "langgraph_auth_user_id": person_id}}


def test_every_served_graph_loads_without_a_checkpointer(repository: Path) -> None:
    for target in json.loads((repository / "langgraph.json").read_text(encoding="utf-8"))["graphs"].values():
        module, name = target.split(":")
        assert getattr(importlib.import_module(module), name).checkpointer is None


def test_a_client_cannot_say_who_asks_or_what_is_approved(served: ModuleType) -> None:
    assert set(served.deal.get_input_jsonschema()["properties"]) == {"company_id", "need_id"}


def test_discovery_runs_when_served(served: ModuleType, need: PartnershipNeed) -> None:
    answer = served.discovery.invoke({"need_id": need.need_id, "top": 2, "as_of": "2026-01-20"})
    assert answer["discovery"].cards[0].company_name == "Najd Test Systems"


def test_the_person_whom_the_server_let_in_asks(graph: Any, workspace: Workspace, start: DealInput) -> None:
    person, _ = workspace.add_person("Served", ApprovalLevel.ANALYST)
    config = run_of(person.person_id)
    graph.invoke(start, config)
    state = graph.get_state(config)
    assert state.values["requested_by"] == person.person_id
    assert state.next == ("gate",) and state.interrupts
    assert workspace.inbox()[0].commitment.requested_by == person.person_id


@pytest.mark.parametrize("person_id", [None, "", "pe_nobody", 7, {"identity": "pe_nobody"}])
def test_without_a_known_person_nothing_starts(
    graph: Any, workspace: Workspace, start: DealInput, person_id: object
) -> None:
    with pytest.raises(ApprovalError):
        graph.invoke(start, run_of(person_id))
    assert workspace.deals() == () and workspace.inbox() == ()


def test_the_directory_is_asked_anew_for_each_deal(graph: Any, workspace: Workspace, start: DealInput) -> None:
    person, _ = workspace.add_person("Leaves", ApprovalLevel.ANALYST)
    workspace.change_person(person.person_id, active=False)
    with pytest.raises(ApprovalError):
        graph.invoke(start, run_of(person.person_id))
    assert workspace.deals() == ()


def test_neither_the_servers_token_nor_one_in_the_context_says_who_asks(
    monkeypatch: pytest.MonkeyPatch, graph: Any, workspace: Workspace, start: DealInput
) -> None:
    token = workspace.add_person("Operator", ApprovalLevel.C_LEVEL)[1]
    monkeypatch.setenv("PARTNERSHIP_TOKEN", token)
    with pytest.raises(ApprovalError):
        graph.invoke(start, {"configurable": {"thread_id": "served-1"}}, context=DealContext(token=token))
    assert workspace.deals() == ()
