"""B13–B22: votes taken again, caches, breakpoints, engine keys, swallowed errors, routes, crashes, tools, files."""

import ast
import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer

from partnership_os.graphs.chat_tools import ChatContext, ChatDesk, chat_tools
from tests.attacks import bypasses, deal_bypasses
from tests.attacks.bare_tutorial import BareTutorial
from tests.attacks.deal_target import DealTarget
from tests.attacks.targets import Attack, question, unauthorised

SOURCES = ("agents", "evals", "graphs", "prompts", "tools", "src/partnership_os")


def trees(repository: Path) -> Iterator[tuple[Path, ast.Module]]:
    """Every module of the product, parsed."""
    for folder in SOURCES:
        for path in sorted((repository / folder).rglob("*.py")):
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def works_on(bare: BareTutorial, attack: Callable[[Any], None]) -> None:
    attack(bare)
    assert unauthorised(bare) > 0


def held(ours: DealTarget, attack: Callable[[DealTarget], None]) -> None:
    attack(ours)
    ours.nothing_happened()
    ours.honest()


def test_b13_vote_again_after_a_no(ours: DealTarget, bare: BareTutorial) -> None:
    works_on(bare, bypasses.vote_again)
    bypasses.vote_again(ours)
    ours.wake()
    ours.nothing_happened()
    ours.turn_to_the_other()
    ours.honest()


def test_b14_no_node_is_cached_or_retried(ours: DealTarget) -> None:
    works_on(BareTutorial("cached"), bypasses.yes_then_a_like_thread)
    for name, node in ours.graph.nodes.items():
        assert node.cache_policy is None and not node.retry_policy, name
    shown = ours.look()
    deal_bypasses.with_a_cache(ours)
    ours.only(shown.content)
    assert len(ours.workspace.inbox()) == 1  # the deal beside it; a like thread is a second deal, and is refused


def test_b15_there_is_no_breakpoint_to_pass(ours: DealTarget) -> None:
    works_on(BareTutorial("breakpoint"), bypasses.pass_the_breakpoint)
    assert not ours.graph.interrupt_before_nodes and not ours.graph.interrupt_after_nodes
    held(ours, bypasses.pass_the_breakpoint)


def test_b16_engine_keys(ours: DealTarget, bare: BareTutorial) -> None:
    assert "__pregel_resume_map" in bypasses.engine_keys() and len(bypasses.engine_keys()) > 15
    works_on(bare, bypasses.internal_keys)
    held(ours, bypasses.internal_keys)


def test_b17_nothing_stands_around_the_one_interrupt(ours: DealTarget, repository: Path) -> None:
    swallowed = BareTutorial("swallowed")
    assert unauthorised(swallowed) > 0
    calls = [
        (path.name, _enclosing_tries(tree, call))
        for path, tree in trees(repository)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and getattr(call.func, "id", getattr(call.func, "attr", "")) == "interrupt"
    ]
    assert calls == [("commitment_gate.py", 0)]
    gate = ours.graph.nodes["gate"].bound.func
    assert not hasattr(gate, "__wrapped__") and gate.__name__ == "commitment_gate"
    held(ours, deal_bypasses.swallowing_callbacks)


def _enclosing_tries(tree: ast.Module, call: ast.Call) -> int:
    return sum(isinstance(node, (ast.Try, ast.TryStar)) and call in set(ast.walk(node)) for node in ast.walk(tree))


def test_b18_forged_route(ours: DealTarget) -> None:
    bare = BareTutorial("routed")
    works_on(bare, bypasses.forged_route)
    held(ours, bypasses.forged_route)


def test_b19_killed_between_the_row_and_the_checkpoint(ours: DealTarget) -> None:
    works_on(BareTutorial("retried"), bypasses.honest_yes)
    shown = ours.look()
    ours.yes_without_waking(shown)
    deal_bypasses.killed_after_the_row(ours)
    ours.only(shown.content)
    assert ours.graph.get_state(ours.config).values.get("outcome") is None  # the thread does not know of the row yet
    ours.wake()
    ours.only(shown.content)
    assert ours.graph.get_state(ours.config).values["outcome"] == "committed"


def test_b20_b21_no_agent_middleware_guards_anything(repository: Path) -> None:
    for path, tree in trees(repository):
        for node in ast.walk(tree):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not any(name.partition(".")[0] in ("langchain", "deepagents") for name in names), path
            assert not any(name.startswith("langgraph.prebuilt") for name in names), path
            assert getattr(node, "arg", None) != "interrupt_on", path


@pytest.mark.timeout(600)  # every tool with every hostile word
def test_b20_b21_no_tool_under_any_name_decides(ours: DealTarget) -> None:
    shown = ours.look()
    pending = ours.beside
    ours.yes_without_waking(shown)
    before = decisions(ours)
    deal_bypasses.hostile_tools(ours)
    assert decisions(ours) == before
    ours.nothing_happened()
    ours.wake()
    ours.only(shown.content)
    context = ChatContext(workspace=ours.workspace, today=date(2026, 1, 15), token=ours.approver)
    names = {tool.name for tool in chat_tools(ChatDesk(context, []))}
    assert len(names) == 9 and not any(word in name for name in names for word in ("approve", "decide", "commit"))
    assert ours.workspace.deal(pending).decisions == ()


def decisions(ours: DealTarget) -> list[str]:
    with ours.workspace.services.governance.snapshot() as reader:
        return [item.decision.decision_id for item in reader.decisions()]


@pytest.mark.parametrize("attack", [bypasses.forged_writes, deal_bypasses.forged_checkpoint])
def test_b22_rows_of_the_checkpoint_store_are_no_truth(ours: DealTarget, bare: BareTutorial, attack: Attack) -> None:
    if attack is bypasses.forged_writes:
        works_on(bare, attack)
    held(ours, attack)


@pytest.mark.parametrize("attack", [deal_bypasses.code_in_the_checkpoints, deal_bypasses.pickle_in_the_checkpoints])
def test_b22_code_in_the_checkpoint_store_does_not_run(
    ours: DealTarget, tmp_path: Path, attack: Callable[[DealTarget, Path], None]
) -> None:
    trap = tmp_path / "the-code-ran"
    shown = ours.look()
    attack(ours, trap)
    assert not trap.exists()
    ours.nothing_happened()
    ours.yes(shown)
    ours.only(shown.content)
    assert not trap.exists()


def test_b22_the_trap_works_where_types_are_not_declared(ours: DealTarget, tmp_path: Path) -> None:
    trap = tmp_path / "the-code-ran"
    deal_bypasses.code_in_the_checkpoints(ours, trap)
    with contextlib.closing(sqlite3.connect(ours.workspace.home.checkpoints)) as connection:
        row = connection.execute("SELECT type, checkpoint FROM checkpoints WHERE thread_id = ?", (ours.thread_id,))
        JsonPlusSerializer(allowed_msgpack_modules=True).loads_typed(row.fetchone())
    assert trap.exists()


def test_b22_there_is_no_store_to_write_to(ours: DealTarget) -> None:
    assert ours.graph.store is None
    assert question(ours)
    held(ours, lambda _target: None)
