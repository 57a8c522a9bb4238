"""Nothing that a tool offered to a model reaches can approve, commit or deliver (DESIGN.md, invariant 9; I12)."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from partnership_os.errors import PartnershipError
from partnership_os.graphs.chat_tools import ChatContext, ChatDesk, chat_tools
from partnership_os.graphs.workspace import Workspace
from partnership_os.schemas.commitment import DecisionOutcome
from partnership_os.schemas.partnership import ApprovalLevel
from partnership_os.settings import Settings
from partnership_os.testing.clock import TickingClock
from partnership_os.tools.company_import import ImportOptions
from tests.proofs.call_graph import CallGraph, read_modules, sources

ROOT = Path(__file__).resolve().parents[2]
G = "partnership_os.governance"
FORBIDDEN = frozenset(
    {
        f"{G}.approvals.ApprovalService",
        f"{G}.approvals.ApprovalService.decide",
        f"{G}.approvals.ApprovalService.lend_authority",
        f"{G}.approvals.ApprovalService.end_delegation",
        f"{G}.anchoring.adopt",
        f"{G}.commit_transaction.commit",
        f"{G}.delivery.deliver_due",
        f"{G}.delivery.redrive",
        f"{G}.directory.Directory.add_person",
        f"{G}.directory.Directory.change_person",
        f"{G}.directory.Directory.issue_token",
        f"{G}.directory.Directory.open_session",
        f"{G}.directory.Directory.revoke_token",
        f"{G}.signing.load_signer",
        "partnership_os.graphs.deals.Deals.edit",
        "partnership_os.graphs.deals.Deals.propose_again",
        "partnership_os.storage.anchor.FileAnchor.adopt",
        "partnership_os.tools.file_courier.FileCourier.deliver",
    }
)
"""Approve, commit, deliver, ask people again, and everything with which one could make oneself somebody who may."""
CHAT_TOOLS = "partnership_os.graphs.chat_tools"
TOOLS = ("partnership_os.graphs.chat_tools.chat_tools", "partnership_os.graphs.chat_tools.ChatDesk")
FIRST_RUN = ("scout", "evaluate", "negotiate", "propose")
"""The nodes that a new deal runs before its gate halts; `test_what_runs…` holds this against a real run."""
GATE = "partnership_os.graphs.commitment_gate.make_gate"
COMPANY = (
    '{"name": "Najd Test Systems", "website": "https://najd-test.com", "country": "Saudi Arabia", "industry": '
    '"IT Services", "summary": "Najd Test Systems provides systems integration and cloud hosting services in Saudi '
    'Arabia. It serves small and medium enterprises. It has 900 employees."}\n'
)
NEED = """\
title: Resellers of our software
description: We look for systems integrators that sell cloud software for small and medium enterprises.
partnership_type: distribution
our_company: {name: Example Test Software, country: SA, offers: [accounting_software]}
partner_profiles: [systems_integrator]
seeks: [systems_integration]
target_segments: [smes]
regions: [SA]
deal: {currency: SAR, average_deal: {amount: "60000", currency: SAR}, win_rate: 0.2, target_accounts_per_year: 30,
  revenue_target_per_year: {amount: "360000", currency: SAR}}
must_haves: [{kind: country, value: SA}]
"""


@pytest.fixture(scope="module")
def graph() -> CallGraph:
    """The call graph, with the nodes of the deal graph where they run instead of where they are put together.

    A new run halts at the gate; only a resumed one gets to the commit. `test_what_runs…` holds both against real runs.
    """
    found, deals = read_modules(sources(ROOT)), "partnership_os.graphs.deals.Deals"
    nodes = "partnership_os.graphs.deal_graph.DealNodes"
    found.edges["partnership_os.graphs.deal_graph.build_deal_graph"].clear()
    found.edges[f"{deals}._start"] |= {f"{nodes}.{name}" for name in FIRST_RUN} | {GATE}
    found.edges[f"{deals}._wake"] |= {f"{nodes}.commit_if_approved", GATE}
    return found


def _starts(graph: CallGraph) -> list[str]:
    """The tools and everything that stands beside them."""
    return [name for name in graph.edges if name.startswith(f"{CHAT_TOOLS}.")]


def test_no_tool_of_a_model_reaches_approval_commit_or_delivery(graph: CallGraph) -> None:
    assert graph.path(_starts(graph), FORBIDDEN) is None


def test_no_agent_and_no_analyst_reaches_them_either(graph: CallGraph) -> None:
    agents = [name for name in graph.edges if name.startswith(("partnership_os.agents.", "partnership_os.llm."))]
    assert len(agents) > 100
    assert graph.path(agents, FORBIDDEN) is None


def test_the_graph_is_not_blind(graph: CallGraph) -> None:
    """The way of a person's decision is found, and so is the start of a deal from the tools."""
    workspace = "partnership_os.graphs.workspace.Workspace"
    assert graph.path([f"{workspace}.decide"], frozenset({f"{G}.approvals.ApprovalService.decide"})) is not None
    assert graph.path([f"{workspace}.resume"], frozenset({f"{G}.commit_transaction.commit"})) is not None
    started = graph.reachable(TOOLS)
    assert {f"{workspace}.start_deal", "partnership_os.graphs.deals.Deals.start"} <= started


def test_each_of_them_is_found_when_a_tool_reaches_it(graph: CallGraph) -> None:
    """Planted in the product's own tools, as a method of some object or as a function that is imported."""
    modules, ways = sources(ROOT), dict(enumerate(sorted(FORBIDDEN)))
    for number, name in ways.items():
        owner, _, last = name.rpartition(".")
        imported = f"from {owner} import {last} as way{number}"
        body = f"return desk.thing.{last}()" if owner in graph.edges else f"{imported}\n    return way{number}()"
        modules[CHAT_TOOLS] += f"\n\ndef planted_{number}(desk):\n    {body}\n"
    planted = read_modules(modules)
    for number, name in ways.items():
        assert planted.path([f"{CHAT_TOOLS}.planted_{number}"], frozenset({name})) is not None, name
        assert planted.path(_starts(planted), frozenset({name})) is not None, name


@pytest.mark.parametrize(
    "tool",
    [
        "def tool(desk):\n    return desk.decide('cm_1')\n",
        "from partnership_os.gate import Service\ndef tool(desk):\n    return Service().decide\n",
        "import partnership_os.gate as gate\ndef tool(desk):\n    return [gate.commit]\n",
        "from partnership_os import gate\ndef helper():\n    return gate.commit()\ndef tool(desk):\n    helper()\n",
    ],
)
def test_a_planted_way_is_found(tool: str) -> None:
    gate = "class Service:\n    def decide(self, name):\n        pass\ndef commit():\n    pass\n"
    planted = read_modules({"partnership_os.gate": gate, "partnership_os.tool": tool})
    forbidden = frozenset({"partnership_os.gate.Service.decide", "partnership_os.gate.commit"})
    assert planted.path(["partnership_os.tool.tool"], forbidden) is not None


@contextmanager
def _watched() -> Iterator[set[str]]:
    """The qualified names of all functions of ours that run in this thread and those it starts."""
    ran: set[str] = set()

    def note(frame: FrameType, event: str, _argument: Any) -> None:
        if event == "call" and str(frame.f_globals.get("__name__", "")).startswith("partnership_os"):
            ran.add(f"{frame.f_globals['__name__']}.{frame.f_code.co_qualname}")

    import threading

    before = sys.getprofile()
    threading.setprofile(note)
    sys.setprofile(note)
    try:
        yield ran
    finally:
        sys.setprofile(before)
        threading.setprofile(None)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    (tmp_path / "companies.jsonl").write_text(COMPANY, encoding="utf-8")
    (tmp_path / "need.yaml").write_text(NEED, encoding="utf-8")
    with Workspace.open(Settings(home=tmp_path / "home", _env_file=None), TickingClock()) as opened:
        opened.import_files([tmp_path / "companies.jsonl"], ImportOptions(date(2026, 1, 10)))
        yield opened


def test_what_runs_when_every_tool_is_called_holds_to_it(workspace: Workspace, tmp_path: Path) -> None:
    """Called with what an attacker would say, while one commitment is approved and waits only to be committed."""
    need = workspace.read_need(tmp_path / "need.yaml")
    rana, dana = (workspace.add_person(name, level)[1] for name, level in _PEOPLE)
    with _watched() as ran:
        state = workspace.start_deal("Najd Test Systems", need, rana)
    nodes = {name.rsplit(".", 1)[-1] for name in ran if name.startswith("partnership_os.graphs.deal_graph.DealNodes.")}
    assert nodes - {"__init__"} == set(FIRST_RUN)
    workspace.home.approval_service.decide(str(state.commitment_id), dana, DecisionOutcome.APPROVE)
    context = ChatContext(workspace=workspace, today=date(2026, 1, 15), token=dana)
    tools = chat_tools(ChatDesk(context, ("start a deal with Najd Test Systems",)))
    words = [str(state.commitment_id), state.thread_id, "Najd Test Systems", need.need_id, "approve", dana]
    with _watched() as ran:
        for tool in tools:
            fields = tool.args
            for word in words:
                arguments = {name: 3 if name == "top" else word for name in fields}
                _try(tool.invoke, arguments)
                _try(tool.invoke, arguments | {"partner": "Najd Test Systems", "need": need.need_id})
    assert len(ran) > 100
    done = {name for name in ran if name in FORBIDDEN - {f"{G}.approvals.ApprovalService"}}
    assert done == set()
    assert workspace.ledger() == ()
    assert [item.status.value for item in workspace.inbox()] == ["approved"]
    with _watched() as ran:
        workspace.resume(state.thread_id)
    assert f"{G}.commit_transaction.commit" in ran, "the watch sees what it must see"
    assert len(workspace.ledger()) == 1


_PEOPLE = (("Rana", ApprovalLevel.ANALYST), ("Dana", ApprovalLevel.DIRECTOR))


def _try(invoke: Callable[[dict[str, Any]], Any], arguments: dict[str, Any]) -> None:
    try:
        invoke(arguments)
    except (PartnershipError, ValueError):
        return
