"""What an attack is aimed at: a graph that halts at a person, and a count of what was committed outside of it."""

import os
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, Protocol

from langchain_core.runnables import RunnableConfig

from tests.setbacks import attempt

ROUNDS = 20 if os.environ.get("PARTNERSHIP_PROVE") == "1" else 1
"""How often an attack that needs luck is tried; it must hold every time."""
STEPS = 12


class Shown(NamedTuple):
    """What a person is asked to approve: how to name it in the answer, and a fingerprint of the content."""

    name: str
    content: str


class Target(Protocol):
    """A deal that was drafted and halts at its gate."""

    graph: Any
    config: RunnableConfig
    forged: dict[str, Any]
    """What the gate writes when it lets something pass; for an attacker to claim."""
    changed: dict[str, Any]
    """State that puts another document in the place of the one that was shown."""
    start: Any
    """Input of a new run."""

    def begin(self, thread_id: str, **how: Any) -> RunnableConfig:
        """Run another thread for the same deal as far as it goes."""
        ...

    def look(self) -> Shown:
        """What the right person is shown now."""
        ...

    def yes(self, shown: Shown) -> None:
        """The right person approves what they were shown, and the thread goes on."""
        ...

    def no(self, shown: Shown) -> None:
        """The right person rejects it, and the thread goes on."""
        ...

    def approved(self) -> list[str]:
        """Fingerprint of each content that the right person approved."""
        ...

    def committed(self) -> list[str]:
        """Fingerprint of each content that was committed, from outside of the graph."""
        ...


Attack = Callable[[Any], None]


def unauthorised(target: Target) -> int:
    """How many commits no approval of that very content, used once, stands behind."""
    return sum((Counter(target.committed()) - Counter(target.approved())).values())


def history(target: Target) -> list[RunnableConfig]:
    """Every checkpoint of the thread, the newest first."""
    return [snapshot.config for snapshot in target.graph.get_state_history(target.config)]


def question(target: Target) -> str:
    """Id of the open interrupt."""
    return str(target.graph.get_state(target.config).interrupts[0].id)


def at_once(actions: Sequence[Callable[[], object]], saver: Any) -> None:
    """Run the actions in threads; all have read the same checkpoint before any goes on."""
    meeting, seen = threading.Barrier(len(actions)), threading.local()
    read = saver.get_tuple

    def read_together(config: RunnableConfig) -> Any:
        found = read(config)
        if not getattr(seen, "met", False):
            seen.met = True
            meeting.wait(timeout=20)
        return found

    def run(action: Callable[[], object]) -> None:
        with attempt():
            action()

    saver.get_tuple = read_together
    try:
        threads = [threading.Thread(target=run, args=(action,)) for action in actions]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not meeting.broken, "the threads did not read the same checkpoint"
    finally:
        saver.get_tuple = read
