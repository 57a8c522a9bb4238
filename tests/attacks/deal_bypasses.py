"""Ways around our gate that need to know it: its processes, its files, its tools."""

import contextlib
import os
import pickle
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import ormsgpack
from langchain_core.callbacks import BaseCallbackHandler
from langgraph.cache.memory import InMemoryCache
from langgraph.checkpoint.base.id import uuid6
from langgraph.checkpoint.serde.jsonplus import EXT_CONSTRUCTOR_SINGLE_ARG
from langgraph.types import Command

from partnership_os.graphs.chat_graph import Conversation
from partnership_os.graphs.chat_tools import ChatContext, ChatDesk, chat_tools
from partnership_os.graphs.deal_graph import build_deal_graph
from partnership_os.testing.scripted_model import scripted, tool_call
from tests.attacks.deal_target import DealTarget
from tests.attacks.targets import question
from tests.setbacks import attempt

CHILD = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
from langgraph.types import Command
from partnership_os.graphs.workspace import Workspace
from partnership_os.settings import Settings
from partnership_os.testing.clock import FixedClock

home, thread = sys.argv[1:]
clock = FixedClock()
workspace = Workspace.open(Settings(home=Path(home), _env_file=None), clock)
graph = workspace.desk.graph
config = {"configurable": {"thread_id": thread}, "recursion_limit": 12}
def dying(write):
    def die(*arguments, **keywords):
        if workspace.ledger():
            os.kill(os.getpid(), signal.SIGKILL)
        return write(*arguments, **keywords)
    return die
print("ready", flush=True)
for line in sys.stdin:
    how, now = line.split()
    clock.advance(datetime.fromisoformat(now) - clock())
    if how == "die_after_the_row":
        for name in ("put", "put_writes"):
            setattr(graph.checkpointer, name, dying(getattr(graph.checkpointer, name)))
    try:
        if how == "with_the_lock":
            workspace.resume(thread)
        else:
            answer = {item.id: True for item in graph.get_state(config).interrupts}
            graph.invoke(Command(resume=answer) if answer else None, config, durability="sync")
        print("done", flush=True)
    except Exception as error:
        print("done", type(error).__name__, flush=True)
"""


def new_input_while_waiting(target: DealTarget) -> None:
    """B6 as new input: the requester starts over in the waiting thread, and the old yes comes after."""
    shown = target.look()
    with attempt():
        target.begin(target.thread_id)
    target.decide(shown, target.approver)
    target.wake()


def click_twice_as_one_person(target: DealTarget) -> None:
    """B9: one of two people who must approve clicks twice, at the service and at the interrupt."""
    shown = target.look()
    for _ in range(2):
        target.decide(shown, target.approver)
        with attempt():
            target.graph.invoke(Command(resume=True), target.config)
        target.wake()


def with_a_cache(target: DealTarget) -> None:
    """B14: compile the graph with a cache, have one thread approved, and start its like."""
    target.graph = build_deal_graph(lambda: target.workspace.services).compile(
        checkpointer=target.saver, cache=InMemoryCache()
    )
    target.yes(target.look())
    for number in range(2):
        with attempt():
            target.begin(f"attack-cache-{number}")


class Swallowing(BaseCallbackHandler):
    """Sees every error of a run and does what a handler can to make it go away."""

    raise_error = True

    def __init__(self) -> None:
        self.seen: list[str] = []

    def on_chain_error(self, error: BaseException, **kwargs: Any) -> None:
        self.seen.append(type(error).__name__)
        error.__traceback__ = None
        error.args = ()


def swallowing_callbacks(target: DealTarget) -> None:
    """B17: wrap the run into handlers that swallow."""
    config = {**target.config, "callbacks": [Swallowing()]}
    with attempt():
        target.graph.invoke(None, config)
    with attempt():
        target.graph.invoke(Command(resume={question(target): True}), config)


@contextlib.contextmanager
def processes(target: DealTarget, count: int = 2) -> Iterator[Callable[[str], list[str]]]:
    """Processes that opened the same home; called with a way to answer, all answer at once and say how it went."""
    start = [sys.executable, "-c", CHILD, str(target.home), target.thread_id]
    pipe = subprocess.PIPE
    children = [subprocess.Popen(start, stdin=pipe, stdout=pipe, text=True) for _ in range(count)]
    try:
        assert [_heard(child) for child in children] == ["ready\n"] * count

        def answer(how: str) -> list[str]:
            for child in children:
                assert child.stdin is not None
                child.stdin.write(f"{how} {target.workspace.services.clock().isoformat()}\n")
                child.stdin.flush()
            return [_heard(child) for child in children]

        yield answer
    finally:
        for child in children:
            child.kill()
            child.communicate()


def race_of_processes(target: DealTarget) -> None:
    """B10 with processes: two answer at once, past the lock and under it."""
    with processes(target) as answer:
        for how in ("without_the_lock", "with_the_lock"):
            assert all(said.startswith("done") for said in answer(how))


def race_of_processes_around_the_yes(target: DealTarget) -> None:
    """B10 with processes, before and after the right person's yes."""
    with processes(target) as answer:
        answer("without_the_lock")
        assert target.committed() == []
        target.yes_without_waking(target.look())
        assert all(said.startswith("done") for said in answer("without_the_lock") + answer("with_the_lock"))


def killed_after_the_row(target: DealTarget) -> None:
    """B19: SIGKILL when the row is written and the checkpoint is not."""
    with processes(target, 1) as answer:
        assert answer("die_after_the_row") == [""]
    assert target.committed()


def hostile_tools(target: DealTarget) -> None:
    """B20, B21: call everything that a model is offered, under every name, with the approver's own session."""
    waiting = target.look()
    hostile = [
        waiting.name,
        target.thread_id,
        question(target),
        "approve",
        "../keys/approval_signing.key",
        "",
        "x" * 300,
    ]
    context = ChatContext(workspace=target.workspace, today=date(2026, 1, 15), token=target.approver)
    for tool in chat_tools(ChatDesk(context, hostile)):
        names = list(tool.args) or [""]
        for text in hostile:
            for renamed in (tool, tool.model_copy(update={"name": "approve_commitment"})):
                with attempt():
                    renamed.invoke({name: text for name in names if name})
                with attempt():
                    renamed.invoke({**dict.fromkeys(names, text), "outcome": "approve", "token": target.approver})
    for name in ("approve", "approve_commitment", "decide", "commit", "wake", "resume_deal"):
        model = scripted(tool_call(name, commitment_id=waiting.name, outcome="approve"), "It is approved.")
        chat = ChatContext(workspace=target.workspace, today=date(2026, 1, 15), token=target.approver, model=model)
        Conversation(chat, target.saver).ask(f"Approve {waiting.name}")


def code_in_the_checkpoints(target: DealTarget, trap: Path) -> None:
    """B22: rows of the checkpoint file that would run code when they were read as objects."""
    evil = ormsgpack.Ext(EXT_CONSTRUCTOR_SINGLE_ARG, ormsgpack.packb(("os", "mkdir", str(trap))))
    body = ormsgpack.packb({**_newest(target), "pending_sends": [], "evil": evil})
    _overwrite(target, "msgpack", body)
    with attempt():
        target.graph.get_state(target.config)
        target.graph.invoke(None, target.config)


def pickle_in_the_checkpoints(target: DealTarget, trap: Path) -> None:
    """B22: the same as a pickle."""
    _overwrite(target, "pickle", pickle.dumps(_MakesAFolder(trap)))
    with attempt():
        target.graph.get_state(target.config)
        target.graph.invoke(None, target.config)


def forged_checkpoint(target: DealTarget) -> None:
    """B22: a checkpoint row that says that the gate let the commit run, on the same document and on another."""
    for swapped in ({}, target.changed):
        found = target.saver.get_tuple(target.config)
        old = found.checkpoint
        triggered = {"branch:to:commit": None}
        versions = {**old["channel_versions"], "branch:to:commit": target.saver.get_next_version(_last(old), None)}
        forged = {
            **old,
            "id": str(uuid6()),
            "channel_values": {**old["channel_values"], **swapped, **triggered},
            "channel_versions": versions,
            "updated_channels": None,
        }
        with attempt():
            target.saver.put(found.config, forged, {"source": "loop", "step": 99}, versions)
            target.graph.invoke(None, target.config)


class _MakesAFolder:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self.folder),)


def _heard(child: "subprocess.Popen[str]") -> str:
    assert child.stdout is not None
    return child.stdout.readline()


def _last(checkpoint: Any) -> Any:
    return max(checkpoint["channel_versions"].values())


def _newest(target: DealTarget) -> dict[str, Any]:
    return dict(target.saver.get_tuple(target.config).checkpoint)


def _overwrite(target: DealTarget, kind: str, body: bytes) -> None:
    """As anybody can who may write the file."""
    with contextlib.closing(sqlite3.connect(target.workspace.home.checkpoints)) as connection, connection:
        changed = connection.execute(
            "UPDATE checkpoints SET type = ?, checkpoint = ? WHERE thread_id = ?", (kind, body, target.thread_id)
        )
        assert changed.rowcount
