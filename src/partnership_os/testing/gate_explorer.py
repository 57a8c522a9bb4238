"""Every state that the real gate can reach in a small scope, breadth first, with every invariant checked in each.

The transition rules are those of the product (`commitments`, `ApprovalService`, `commit`) over a `MemoryStore`; the
model of `gate_moves` says beforehand what each step must do. Traces are the shortest there are.
Run ``python -m partnership_os.testing.gate_explorer`` to see the counts; the scopes are in `gate_scopes`.
"""

import json
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final, Literal, NamedTuple, TypeAlias

import rfc8785

from partnership_os.errors import IntegrityError
from partnership_os.testing.clock import DEFAULT_START
from partnership_os.testing.crash import Tripwire
from partnership_os.testing.gate_model import State, status
from partnership_os.testing.gate_moves import Action, Commit, Prediction, predict
from partnership_os.testing.gate_scopes import BIG_SCOPES, SCOPES, Scope
from partnership_os.testing.gate_view import Step, view_of
from partnership_os.testing.gate_world import PLAIN_TEXT, GateWorld, Result
from partnership_os.testing.invariants import broken_invariants
from partnership_os.testing.memory_store import MemoryStore, MemoryTransaction, Tables, World

MODEL: Final = 0
"""The number under which a difference between gate and model is filed."""


class Race(NamedTuple):
    """Somebody commits, and before their transaction with this number another action happens as a whole."""

    first: Commit
    second: Action
    before: int


class Fault(NamedTuple):
    """The store fails at a call with this number during an action: the process dies, or a row cannot be read."""

    action: Action
    call: int
    kind: Literal["crash", "unreadable"]


Move: TypeAlias = Action | Race | Fault


class Violation(NamedTuple):
    """An invariant that does not hold (`MODEL`: gate and model differ), and the shortest way to see it."""

    invariant: int
    reason: str
    trace: tuple[Move, ...]

    def __str__(self) -> str:
        name = "the model" if self.invariant == MODEL else f"I{self.invariant}"
        return "\n".join(
            [f"{name}: {self.reason}", *(f"  {number}. {move}" for number, move in enumerate(self.trace, 1))]
        )


class Exploration(NamedTuple):
    """What was found; ``violations`` holds the first, and so shortest, of each invariant.

    ``edges`` is every step between states as the model names them, with what came of it.
    """

    states: int
    transitions: int
    violations: dict[int, Violation]
    edges: frozenset[tuple[State, Move, bool | None]] = frozenset()


class CrashError(Exception):
    """The process died here."""


class WatchedTransaction(MemoryTransaction):
    """A transaction that tells of each call."""

    def __init__(self, tables: Tables, tell: Callable[[str], None]) -> None:
        super().__init__(tables)
        self._tell = tell

    def __getattribute__(self, name: str) -> Any:
        if not name.startswith("_") and name != "tables":
            self._tell(name)
        return super().__getattribute__(name)


class WatchedStore(MemoryStore):
    """A store that can be made to fail at any call, and lets another act between two transactions."""

    def __init__(self) -> None:
        super().__init__()
        self.wire: Tripwire | None = None
        self.between: Callable[[], None] | None = None

    def transaction(self) -> Any:
        """One writing transaction."""
        if self.between is not None:
            self.between()
        return super().transaction()

    def _begin(self) -> MemoryTransaction:
        if self.wire is None:
            return super()._begin()
        return WatchedTransaction(self.world.tables, self.wire.point)

    def _follow(self) -> None:
        if self.wire is not None:
            self.wire.point("anchor")
        super()._follow()


class _Node(NamedTuple):
    world: World
    real: State
    model: State
    trace: tuple[Move, ...]


class Explorer:
    """Explores one scope.

    Args:
        scope: People, actions and bounds.
        text: What the terms say.
        stop_at: Stop as soon as one of these invariants is broken.
        limit: Give up after this many states.
    """

    def __init__(
        self,
        scope: Scope,
        text: str = PLAIN_TEXT,
        stop_at: frozenset[int] = frozenset(),
        limit: int = 1_000_000,
    ) -> None:
        self._scope = scope
        self._store = WatchedStore()
        self._gate = GateWorld(self._store, scope.rules, scope.members, text)
        self._stop_at = stop_at
        self._limit = limit
        self._found: dict[int, Violation] = {}
        self._edges: set[tuple[State, Move, bool | None]] = set()
        self._transitions = 0

    def run(self) -> Exploration:
        """Explore until nothing new is reached, or one of ``stop_at`` is broken."""
        with quick_canonical_form():
            return self._run()

    def _run(self) -> Exploration:
        real = self._gate.state()
        start = _Node(self._store.world, real, real, ())
        seen = {(real, real)}
        waiting = deque([start])
        while waiting and len(seen) < self._limit and self._stop_at.isdisjoint(self._found):
            node = waiting.popleft()
            for after in self._successors(node):
                if (after.real, after.model) not in seen:
                    seen.add((after.real, after.model))
                    waiting.append(after)
        return Exploration(len(seen), self._transitions, self._found, frozenset(self._edges))

    def _successors(self, node: _Node) -> Iterator[_Node]:
        for action in self._scope.actions(node.model):
            expected = predict(self._scope.rules, node.model, action)
            yield self._step(node, action, (expected,))
            if self._scope.faults and expected.allowed and expected.state != node.model:
                yield from self._faults(node, action, expected)
            if self._scope.races and isinstance(action, Commit):
                yield from self._races(node, action)

    def _faults(self, node: _Node, action: Action, expected: Prediction) -> Iterator[_Node]:
        wire = Tripwire()
        self._enter(node)
        self._store.wire = wire
        with wire.armed():
            self._gate.perform(action)
        for call in range(1, len(wire.passed) + 1):
            yield self._step(node, Fault(action, call, "crash"), (expected,))
        for call in (number for number, name in enumerate(wire.passed, 1) if name != "anchor"):
            yield self._step(node, Fault(action, call, "unreadable"), (expected,))

    def _races(self, node: _Node, first: Commit) -> Iterator[_Node]:
        rules, model = self._scope.rules, node.model
        if any(row.ask == model.asks[first.ask].at for row in model.ledger):
            return
        alone = predict(rules, model, first)
        for second in self._scope.actions(model):
            other = predict(rules, model, second).state
            if other != model:
                expected = predict(rules, other, first), predict(rules, alone.state, second)
                for before in (1, 2):
                    yield self._step(node, Race(first, second, before), expected)

    def _step(self, node: _Node, move: Move, expected: tuple[Prediction, ...]) -> _Node:
        self._transitions += 1
        self._enter(node)
        before = node.real
        result = self._perform(move)
        after = self._state_after(node)
        trace = (*node.trace, move)
        allowed = None if isinstance(move, Fault) else result.allowed
        model = next((one for one in expected if one.state == after), expected[0])
        followed = self._after_fault(node.model, after, model) if isinstance(move, Fault) else model.state
        if self._scope.edges:
            self._edges.add((before, move, allowed))
        broken = None if isinstance(move, Fault) else result.broken
        step = Step(_actions(move), before, after, model.state, allowed, model.allowed, broken)
        self._judge(step, followed, trace)
        return _Node(self._store.world, after, followed, trace)

    def _state_after(self, node: _Node) -> State:
        """The state now; where nothing but the log is another object than before, nothing else is another."""
        now, then = self._store.world.tables, node.world.tables
        if any(own is not other for own, other in zip(now[:-2], then[:-2], strict=True)):
            return self._gate.state()
        last = now.known
        log = node.real.log if last is None else (last[1] - DEFAULT_START) // timedelta(microseconds=1)
        return node.real._replace(clock=self._gate.clock.micros, log=log)

    def _after_fault(self, before: State, after: State, model: Prediction) -> State:
        """Where the model goes on: all of the action or nothing; a refusal may have told the time."""
        told = before._replace(log=max(before.log, before.clock))
        return next((state for state in (before, told, model.state) if state == after), before)

    def _judge(self, step: Step, model: State, trace: tuple[Move, ...]) -> None:
        wrong = broken_invariants(view_of(self._store, self._gate.signer.verifier, step))
        if step.allowed not in (None, step.expected_allowed) and not isinstance(trace[-1], Race):
            wrong[MODEL] = f"allowed by the gate: {step.allowed}, by the rules: {step.expected_allowed}"
        elif step.after != model:
            wrong[MODEL] = f"the gate went to {step.after}, the rules go to {model}"
        elif step.before != step.after and MODEL not in self._found:
            real = self._gate.statuses()
            ruled = tuple(status(self._scope.rules, model, ask) for ask in model.asks)
            if real != ruled:
                wrong[MODEL] = f"the gate says {real}, the rules say {ruled}"
        for number, reason in wrong.items():
            self._found.setdefault(number, Violation(number, reason, trace))

    def _enter(self, node: _Node) -> None:
        self._store.world, self._store.wire, self._store.between = node.world, None, None
        self._gate.clock.micros = node.model.clock

    def _perform(self, move: Move) -> Result:
        try:
            if isinstance(move, Fault):
                return self._perform_fault(move)
            return self._perform_race(move) if isinstance(move, Race) else self._gate.perform(move)
        finally:
            self._store.wire, self._store.between = None, None

    def _perform_fault(self, move: Fault) -> Result:
        def unreadable(point: str) -> None:
            raise IntegrityError(f"The row for {point} cannot be read.")

        def crash(point: str) -> None:
            raise CrashError(point)

        wire = Tripwire(move.call, crash if move.kind == "crash" else unreadable)
        self._store.wire = wire
        with wire.armed():
            return self._gate.perform(move.action)

    def _perform_race(self, move: Race) -> Result:
        passed = 0

        def between() -> None:
            nonlocal passed
            passed += 1
            if passed == move.before:
                self._store.between = None
                self._gate.perform(move.second)

        self._store.between = between
        result = self._gate.perform(move.first)
        if passed < move.before:
            self._store.between = None
            self._gate.perform(move.second)
        return result


@contextmanager
def quick_canonical_form() -> Iterator[None]:
    """RFC 8785 by the json module meanwhile: the same bytes for ASCII without floats, which is all that scopes hold."""
    genuine = rfc8785.dumps

    def dumps(value: Any) -> bytes:
        text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return text.encode() if text.isascii() else genuine(value)

    setattr(rfc8785, "dumps", dumps)  # noqa: B010 - a function may not be assigned to, says the type checker
    try:
        yield
    finally:
        setattr(rfc8785, "dumps", genuine)  # noqa: B010


def _actions(move: Move) -> tuple[Action, ...]:
    match move:
        case Race(first, second):
            return first, second
        case Fault(action):
            return (action,)
        case _:
            return (move,)


def main(scopes: dict[str, Scope] = SCOPES) -> int:
    """Explore the scopes and print what came of it; 1 when something is broken."""
    broken = 0
    for name, scope in scopes.items():
        started = time.perf_counter()
        found = Explorer(scope).run()
        spent = time.perf_counter() - started
        sys.stdout.write(f"{name:<12} {found.states:>7} states {found.transitions:>8} transitions {spent:>7.1f} s\n")
        for violation in found.violations.values():
            sys.stdout.write(f"{violation}\n")
        broken += len(found.violations)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(BIG_SCOPES if "--big" in sys.argv[1:] else SCOPES))
