"""The pattern of every human-in-the-loop tutorial: draft, an interrupt whose answer is believed, commit.

It is here to be broken: an attack that does nothing to it proves nothing about ours. Commits are counted in a list
outside of the graph. Its variants are the ways in which people write the same thing.
"""

from collections.abc import Callable, Hashable
from typing import Any, Literal

from langchain_core.runnables import RunnableConfig
from langgraph.cache.memory import InMemoryCache
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import END, START, StateGraph
from langgraph.types import CachePolicy, Command, RetryPolicy, interrupt
from typing_extensions import TypedDict

from tests.attacks.targets import STEPS, Shown

Variant = Literal["plain", "two_gates", "two_questions", "cached", "breakpoint", "swallowed", "routed", "retried"]
TERMS = "10 % discount"
EVIL_TERMS = "99 % discount"


class BareState(TypedDict, total=False):
    """State of the tutorial graph."""

    wish: str
    terms: str
    approved: Any
    next: str


class BareTutorial:
    """The tutorial graph, run to its halt.

    Args:
        variant: How the gate is written.
    """

    def __init__(self, variant: Variant = "plain") -> None:
        self.forged: dict[str, Any] = {"approved": True}
        self.changed: dict[str, Any] = {"terms": EVIL_TERMS}
        self.start: dict[str, Any] = {"wish": TERMS}
        self.variant = variant
        self.commits: list[str] = []
        self.yes_to: list[str] = []
        self.saver = InMemorySaver()
        self.graph: Any = self._build()
        self.config: RunnableConfig = self.begin("bare-1")

    def begin(self, thread_id: str, **how: Any) -> RunnableConfig:
        config: RunnableConfig = {"configurable": {"thread_id": thread_id}, "recursion_limit": STEPS}
        given = how.pop("input", self.start)
        self.graph.invoke(given, config, durability="sync", **how)
        return config

    def inside(self) -> RunnableConfig:
        """What a node is called with."""
        return self.config

    def look(self) -> Shown:
        state = self.graph.get_state(self.config)
        return Shown(state.interrupts[0].id if state.interrupts else "", state.values["terms"])

    def yes(self, shown: Shown) -> None:
        self.yes_to.append(shown.content)
        self.graph.invoke(Command(resume=True), self.config)

    def no(self, shown: Shown) -> None:
        self.graph.invoke(Command(resume=False), self.config)

    def approved(self) -> list[str]:
        return list(self.yes_to)

    def committed(self) -> list[str]:
        return list(self.commits)

    def commit(self, state: BareState) -> BareState:
        """The effect; a tool or a plain function that anybody may import."""
        self.commits.append(state["terms"])
        if self.variant == "retried" and len(self.commits) < 3:
            raise ConnectionError("the reply was lost")
        return {}

    def _draft(self, state: BareState) -> BareState:
        return {"terms": state["wish"]}

    def _gate(self, state: BareState) -> BareState:
        if self.variant == "breakpoint":
            return {"approved": True}
        question = {"approve?": state["terms"]}
        try:
            answer = interrupt(question)
        except Exception:  # the fault that this variant shows
            if self.variant != "swallowed":
                raise
            answer = True
        if self.variant == "two_questions":
            answer = answer and interrupt({"really?": state["terms"]})
        return {"approved": answer}

    def _route(self, state: BareState) -> Command[str]:
        """A router that believes what a model wrote."""
        return Command(goto=state.get("next", "gate"))

    def _build(self) -> Any:
        graph = StateGraph(BareState)
        retry = RetryPolicy(initial_interval=0, jitter=False, retry_on=ConnectionError)
        graph.add_node("draft", self._draft)
        graph.add_node("gate", self._gate, cache_policy=_cache() if self.variant == "cached" else None)
        graph.add_node("commit", self.commit, retry_policy=retry if self.variant == "retried" else None)
        graph.add_edge(START, "draft")
        if self.variant == "routed":
            graph.add_node("route", self._route)
            graph.add_edge("draft", "route")
        else:
            graph.add_edge("draft", "gate")
        last = "gate"
        if self.variant == "two_gates":
            graph.add_node("second_gate", self._gate)
            graph.add_conditional_edges("gate", _approved("second_gate"))
            last = "second_gate"
        graph.add_conditional_edges(last, _approved("commit"))
        return graph.compile(
            checkpointer=self.saver,
            cache=InMemoryCache() if self.variant == "cached" else None,
            interrupt_before=["commit"] if self.variant == "breakpoint" else None,
        )


def _approved(then: str) -> Callable[[BareState], Hashable]:
    def approved(state: BareState) -> Hashable:
        return then if state.get("approved") else END

    return approved


def _cache() -> CachePolicy[Any]:
    return CachePolicy(key_func=lambda state: repr(state.get("terms")))
