"""Every action that the product can take stands in the one table, by its name."""

import ast
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
import typer

import partnership_os
from partnership_os.governance.actions import ACTIONS, rule_for
from partnership_os.graphs.chat_actions import ACTION_OF_TOOL, START_DEAL
from partnership_os.graphs.chat_tools import ChatDesk, chat_tools
from partnership_os.graphs.commitment_gate import AFTER_GATE
from partnership_os.schemas.partnership import ActionClass
from partnership_os.surfaces.cli import app

NAMED = {rule.action: rule for rule in ACTIONS}
ROOT = Path(partnership_os.__file__).parent
MODULES = sorted(
    path for folder in (ROOT, *(p for p in ROOT.iterdir() if p.is_symlink())) for path in folder.rglob("*.py")
)
TAKES_AN_ACTION = frozenset({"rule_for", "_class_b"})
NOT_OURS = frozenset({"add_argument"})
"""Calls with an argument ``action`` that means something else."""


def _text(node: ast.expr | None) -> Iterator[str]:
    """The texts that an expression can give."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from (*_text(node.body), *_text(node.orelse))


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def used_actions(source: str) -> Iterator[tuple[int, str]]:
    """Line and name of every action that a module writes out: as an argument, in a dictionary, or assigned."""
    for node in ast.walk(ast.parse(source)):
        found: list[ast.expr | None] = []
        if isinstance(node, ast.Call) and _called(node) not in NOT_OURS:
            found += [item.value for item in node.keywords if item.arg == "action"]
            found += node.args[:1] if _called(node) in TAKES_AN_ACTION else []
        elif isinstance(node, ast.Dict):
            pairs = zip(node.keys, node.values, strict=True)
            found += [value for key, value in pairs if isinstance(key, ast.Constant) and key.value == "action"]
        elif isinstance(node, ast.Compare) and isinstance(node.left, ast.Attribute) and node.left.attr == "action":
            found += node.comparators
        for expression in found:
            yield from ((expression.lineno, text) for text in _text(expression) if expression is not None)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_an_action_that_is_written_out_is_in_the_table(path: Path) -> None:
    unnamed = [(line, name) for line, name in used_actions(path.read_text(encoding="utf-8")) if name not in NAMED]
    assert not unnamed, f"{path.name} uses actions that governance/actions.py does not name: {unnamed}"


def test_the_scan_sees_each_way_to_write_an_action() -> None:
    source = """
rule_for("a")
ProposalDraft(action="b", thread_id="t")
Command(update={"action": "c"})
command(app, "x", (), action="d" if new else "e")
if rule.action != "f": pass
parser.add_argument("--g", action="store_true")
"""
    assert {name for _, name in used_actions(source)} == {"a", "b", "c", "d", "e", "f"}


def test_what_the_scan_found_is_not_nothing() -> None:
    found = {name for path in MODULES for _, name in used_actions(path.read_text(encoding="utf-8"))}
    assert {"issue_term_sheet", "draft_term_sheet", "approve_commitment", "delegate_authority"} <= found


def _commands(group: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    for name, item in group.commands.items():
        if hasattr(item, "commands"):
            yield from _commands(item, f"{path}{name} ")
        else:
            yield f"{path}{name}", item.callback


COMMANDS = dict(_commands(typer.main.get_command(app)))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_names_its_action(name: str) -> None:
    """Every command is one that runs without approval; what needs people is proposed, and commits in the gate."""
    callback = COMMANDS[name]
    action = getattr(callback, "action", None)
    assert action in NAMED, f"partnership {name} names no action of the table"
    assert NAMED[action].action_class is ActionClass.A


def test_every_tool_of_the_conversation_names_its_action() -> None:
    tools = chat_tools(ChatDesk(cast("Any", SimpleNamespace(workspace=None, token=None)), ()))
    assert {tool.name for tool in tools} == ACTION_OF_TOOL.keys()
    assert set(ACTION_OF_TOOL.values()) <= NAMED.keys()
    assert {NAMED[action].action_class for action in ACTION_OF_TOOL.values()} == {ActionClass.A}
    changing = {tool for tool, action in ACTION_OF_TOOL.items() if NAMED[action].reversibility > 0}
    assert changing == {START_DEAL}, "a conversation proposes and does nothing else"


def test_the_gate_knows_only_named_actions_and_no_forbidden_one() -> None:
    assert set(AFTER_GATE) <= NAMED.keys()
    assert all(rule_for(action).action_class is not ActionClass.C for action in AFTER_GATE)
