import importlib
import json
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.memory import InMemorySaver

from partnership_os.errors import ApprovalError
from partnership_os.graphs.deal_graph import build_deal_graph
from partnership_os.graphs.state import DealInput
from partnership_os.graphs.workspace import Workspace
from partnership_os.schemas.need import PartnershipNeed
from partnership_os.schemas.partnership import ApprovalLevel
from partnership_os.settings import Settings


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch, settings: Settings, workspace: Workspace) -> Iterator[ModuleType]:
    module = importlib.import_module("partnership_os.graphs.served")
    monkeypatch.setenv("PARTNERSHIP_HOME", str(settings.home))
    module.services.cache_clear()
    yield module
    module.services.cache_clear()


def test_every_served_graph_loads_without_a_checkpointer(repository: Path) -> None:
    for target in json.loads((repository / "langgraph.json").read_text(encoding="utf-8"))["graphs"].values():
        module, name = target.split(":")
        assert getattr(importlib.import_module(module), name).checkpointer is None


def test_a_client_cannot_say_who_asks_or_what_is_approved(served: ModuleType) -> None:
    assert set(served.deal.get_input_jsonschema()["properties"]) == {"company_id", "need_id"}


def test_discovery_runs_when_served(served: ModuleType, need: PartnershipNeed) -> None:
    answer = served.discovery.invoke({"need_id": need.need_id, "top": 2, "as_of": "2026-01-20"})
    assert answer["discovery"].cards[0].company_name == "Najd Test Systems"


def test_the_servers_own_token_says_who_asks(
    served: ModuleType, monkeypatch: pytest.MonkeyPatch, workspace: Workspace, need: PartnershipNeed
) -> None:
    company = workspace.find_company("Najd Test Systems")
    start = DealInput(company_id=company.company_id, need_id=need.need_id)
    config: RunnableConfig = {"configurable": {"thread_id": "served-1"}}
    second: RunnableConfig = {"configurable": {"thread_id": "served-2"}}
    graph = build_deal_graph(served.services).compile(checkpointer=InMemorySaver())
    with pytest.raises(ApprovalError):
        graph.invoke(start, config)
    person, token = workspace.add_person("Served", ApprovalLevel.ANALYST)
    monkeypatch.setenv("PARTNERSHIP_TOKEN", token)
    served.services.cache_clear()
    graph.invoke(start, second)
    state = graph.get_state(second)
    assert state.values["requested_by"] == person.person_id
    assert state.next == ("gate",) and state.interrupts
