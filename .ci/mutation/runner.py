"""Runs tests against mutants in forks of one warm test session.

The session imports and collects once. For each mutant a fork swaps the code of the mutated function and runs the tests
that execute the mutated line, the quickest first, up to the first failure. What runs when a module is imported (tables,
default arguments) cannot be swapped: there the fork forgets the package and imports it anew with the fault in it.
"""

import ast
import contextlib
import gc
import importlib.machinery
import math
import os
import re
import signal
import sys
import time
import types
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import coverage
import hypothesis
import pytest
from operators import Mutant

PACKAGE = "partnership_os"
LATE = "late"
LEFT_OUT = re.compile(r"\bpostgresql\b|processes")
"""The same tests run on SQLite; and a fault in this process does not reach those that tests start."""
ENDLESS_SECONDS = 4
"""Processor time added to three times what a test takes, before it counts as endless."""
HUNG_SECONDS = 60
"""Added to ten times what the chosen tests take, before a fork that waits for ever is ended."""
SLOWEST_TEST_SECONDS = 8.0
"""A slower test runs only where no quicker one reaches the line."""

QUIET = ("-p", "no:terminal", "-W", "ignore::pytest.PytestAssertRewriteWarning")
"""The warning only says that this program has loaded plugins already."""
TestTimes = dict[str, float]


class Chart:
    """Which tests execute which lines, and how long each takes."""

    def __init__(self, seconds: TestTimes, lines: dict[str, dict[str, list[int]]], failed: list[str]) -> None:
        self.seconds = seconds
        self.lines = lines
        self.failed = failed

    def tests_of(self, path: Path, lines: Iterable[int]) -> set[str]:
        """The tests that execute one of these lines of a file."""
        wanted = set(lines)
        return {test for test, touched in self.lines.get(str(path), {}).items() if not wanted.isdisjoint(touched)}

    def tests_for(self, mutant: Mutant, sources: dict[Path, ast.Module]) -> list[str]:
        """The tests that can notice a mutant, best guess first: those of its own test file, then the quickest."""
        if mutant.at_import:
            chosen = self._users(mutant.names, sources) or self.tests_of(mutant.path, range(1, 10_000))
        else:
            chosen = self.tests_of(mutant.path, range(mutant.first_line, mutant.last_line + 1))
        quick = {test for test in chosen if self.seconds[test] <= SLOWEST_TEST_SECONDS}
        own = f"test_{mutant.module.removesuffix('s')}"
        order = sorted(quick or chosen, key=lambda test: (own not in test, self.seconds[test], test))
        turn: Counter[str] = Counter()
        turns: dict[str, int] = {}
        for test in order:
            function = test.partition("[")[0]
            turn[function] += 1
            turns[test] = turn[function]
        # One case of each test comes before its hundredth.
        return sorted(order, key=lambda test: (own not in test, min(turns[test], 3)))

    def within(self, tests: list[str], seconds: float) -> list[str]:
        """The first tests that take so long together; one at least."""
        total = 0.0
        for index, test in enumerate(tests):
            total += self.seconds[test]
            if total > seconds and index:
                return tests[:index]
        return tests

    def _users(self, names: frozenset[str], sources: dict[Path, ast.Module]) -> set[str]:
        """The tests of the functions that mention a name which a module defines."""
        found: set[str] = set()
        for path, tree in sources.items():
            for node in ast.walk(tree):
                if not isinstance(node, ast.FunctionDef):
                    continue
                said = {getattr(item, "id", getattr(item, "attr", None)) for item in ast.walk(node)}
                if said & names or node.name in names:
                    found |= self.tests_of(path, range(node.body[0].lineno, (node.end_lineno or node.lineno) + 1))
        return found


class Session:
    """A pytest plugin that takes over a collected session."""

    def __init__(self, work: Callable[["Session"], None]) -> None:
        self._work = work
        self.items: dict[str, pytest.Item] = {}
        self.failed = False
        self._functions: dict[tuple[str, str], list[types.FunctionType]] = {}

    def pytest_sessionstart(self) -> None:
        """A property need not shrink its counter-example: that there is one is enough."""
        quick = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
        hypothesis.settings.register_profile(
            "mutation", derandomize=True, deadline=None, database=None, phases=quick, report_multiple_bugs=False
        )
        hypothesis.settings.load_profile("mutation")

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Do the work instead of running every test."""
        self.items = {item.nodeid: item for item in session.items if not LEFT_OUT.search(item.nodeid)}
        for found in gc.get_objects():
            if isinstance(found, types.FunctionType):
                place = (found.__code__.co_filename, found.__code__.co_qualname)
                self._functions.setdefault(place, []).append(found)
        self.warm()
        gc.freeze()  # forks need not look through, and so copy, what was there before them
        self._work(self)
        return True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Notice a failure."""
        self.failed |= report.failed

    def chart(self, folder: Path, names: list[str]) -> Chart:
        """Run each of these tests once and note the lines of a folder that it executes."""
        watched = coverage.Coverage(data_file=None, include=[f"{folder}/*"], config_file=False)
        seconds: TestTimes = {}
        failed = []
        watched.start()
        for index, name in enumerate(names):
            watched.switch_context(name)
            began = time.perf_counter()
            if not self.run([name], names[index + 1 : index + 2]):
                failed.append(name)
            seconds[name] = time.perf_counter() - began
        watched.stop()
        data = watched.get_data()
        lines: dict[str, dict[str, list[int]]] = {}
        for path in data.measured_files():
            of_file = lines.setdefault(path, {})
            for line, tests in data.contexts_by_lineno(path).items():
                for test in tests:
                    of_file.setdefault(test, []).append(line)
            of_file.pop("", None)
        return Chart(seconds, lines, failed)

    def run(self, names: list[str], after: Sequence[str] = (), seconds: TestTimes | None = None) -> bool:
        """Run tests up to the first that fails; True when all passed.

        Args:
            names: The tests.
            after: Tests that may follow: what they share with the last one stays open.
            seconds: What the tests usually take. One that uses much more of the processor ends the process.
        """
        self.failed = False
        order = [*names, *after]
        for index, name in enumerate(names):
            item = self.items[name]
            following = self.items[order[index + 1]] if index + 1 < len(order) else None
            if seconds is not None:
                signal.setitimer(signal.ITIMER_PROF, ENDLESS_SECONDS + 3 * seconds[name])
            item.session._setupstate.teardown_exact(item)
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if self.failed:
                return False
        return True

    def warm(self) -> None:
        """Make what all tests share, such as a migrated database, once before any fork."""
        first = next(name for name, item in self.items.items() if "world" in getattr(item, "fixturenames", ()))
        self.run([first], [first])

    def swap(self, mutant: Mutant, tree: ast.Module) -> bool:
        """Give the live function the mutated code; False where it cannot be swapped."""
        code = _code_of(compile(mutant.tree(tree), str(mutant.path), "exec"), mutant)
        functions = [] if code is None else self._functions.get((str(mutant.path), code.co_qualname), [])
        if not functions or code is None or any(item.__code__.co_freevars != code.co_freevars for item in functions):
            return False
        for item in functions:
            item.__code__ = code
        return True


def in_workers(count: int, work: Callable[[int], None]) -> bool:
    """Do the work of each number in a fork of its own; True when all came to their end."""
    children = []
    for number in range(count):
        child = os.fork()
        if child == 0:
            try:
                work(number)
                os._exit(0)
            finally:
                os._exit(1)
        children.append(child)
    return not any([os.waitpid(child, 0)[1] for child in children])


def try_mutant(
    session: Session,
    mutant: Mutant,
    tree: ast.Module,
    tests: list[str],
    seconds: TestTimes,
    end: float = math.inf,
) -> str:
    """``killed``, ``timeout`` or ``survived``; `LATE` where the monotonic clock came to ``end`` before that."""
    limit = HUNG_SECONDS + 10 * sum(seconds[name] for name in tests)
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        _in_child(session, mutant, tree, tests, seconds)
    with contextlib.suppress(OSError):  # whichever of the two comes first
        os.setpgid(child, child)
    deadline = time.monotonic() + limit
    while time.monotonic() < min(deadline, end):
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            endless = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGPROF
            return "timeout" if endless else "survived" if status == 0 else "killed"
        time.sleep(0.01)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return "timeout" if deadline <= end else LATE


def _in_child(session: Session, mutant: Mutant, tree: ast.Module, tests: list[str], seconds: TestTimes) -> None:
    passed = False
    try:
        silent = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(silent, number)
        if not mutant.at_import and session.swap(mutant, tree):
            passed = session.run(tests, seconds=seconds)
        else:
            signal.setitimer(signal.ITIMER_PROF, HUNG_SECONDS + 3 * sum(seconds[name] for name in tests))
            config = session.items[tests[0]].config
            temporary = f"{config.option.basetemp}-{os.getpid()}"
            passed = _import_anew(mutant, tree, tests, config.rootpath, temporary)
    finally:
        os._exit(0 if passed else 1)


def _import_anew(mutant: Mutant, tree: ast.Module, tests: list[str], root: Path, temporary: str) -> bool:
    code = compile(mutant.tree(tree), str(mutant.path), "exec")
    for name in list(sys.modules):
        if name.split(".")[0] in (PACKAGE, "tests", "conftest"):
            del sys.modules[name]
    whole: Any = importlib.machinery.SourceFileLoader.get_code

    def get_code(self: importlib.machinery.SourceFileLoader, name: str) -> types.CodeType | None:
        mutated = name == f"{PACKAGE}.governance.{mutant.module}"
        found: types.CodeType | None = code if mutated else whole(self, name)
        return found

    importlib.machinery.SourceFileLoader.get_code = get_code  # type: ignore[method-assign]
    os.chdir(root)  # the test that ran last has moved
    return pytest.main(["--maxfail=1", *QUIET, f"--basetemp={temporary}", *tests]) == pytest.ExitCode.OK


def _code_of(code: types.CodeType, mutant: Mutant) -> types.CodeType | None:
    """The code of the function in which the fault lies; of nested functions the outermost."""
    for item in code.co_consts:
        if isinstance(item, types.CodeType):
            if item.co_qualname == mutant.piece:
                return item
            if mutant.piece.startswith(f"{item.co_qualname}."):
                return _code_of(item, mutant)
    return None
