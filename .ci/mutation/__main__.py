"""Mutation tests of `governance/`: small faults are put into the code, and a test must fail for each.

    python .ci/mutation all [MODULE ...]     every mutant, of every module or of those named
    python .ci/mutation changed              those of functions that differ from the last landed commit

`changed` compares with where this branch left origin/main, or else with the commit before; where there is neither (a
shallow clone, an unpacked archive) it takes the mutants of every module. It tries them in an order that is the same on
every machine and stops when its time is up; what it did not come to is said to be not tried.

Survivors that are equivalent to the code stand in docs/mutants.md with the reason. Any other makes the run fail in the
modules that are held to it (`HELD`), and is printed in the rest.
Results are kept in .mutation-cache (or MUTATION_CACHE), so that a run goes on where one was broken off.
"""

import argparse
import ast
import hashlib
import itertools
import json
import math
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from operators import Mutant, mutants_of
from runner import LATE, QUIET, Chart, Session, in_workers, try_mutant

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "src/partnership_os/governance"
TESTS = ROOT / "tests/governance"
EXPLAINED = ROOT / "docs/mutants.md"
BUDGET_SECONDS = 180.0
"""What `changed` takes as a whole, of which half goes into noting which test runs which line; see `--seconds`."""
ORDER_SEED = 20260301
HELD = frozenset({"commit_transaction", "delegation", "policy", "standing"})
"""Modules whose every survivor was looked into. The others follow; until then theirs are printed and fail nothing."""
WORKERS = 2
NO_TEST = "no test"
QUICK = "quick"
"""Survived the most likely tests; the others are still to come."""
QUICK_SECONDS = 20
"""What the most likely tests of a mutant may take together."""


class Results:
    """What became of each mutant, kept in a file. A result holds while its module and the tests stay as they were.

    A kill holds for its module alone: tests are mostly added. ``--anew`` forgets those too, before a release or after a
    test was loosened.
    """

    def __init__(self, path: Path, sources: dict[str, str], tests: str) -> None:
        self._path = path
        self._sources = sources
        self._tests = tests
        self._known: dict[str, dict[str, str]] = {}
        self.read_again()

    def read_again(self) -> "Results":
        """Take in what the workers have written since."""
        if self._path.exists():
            for line in self._path.read_text(encoding="utf-8").splitlines():
                record = json.loads(line)
                self._known[record["key"]] = record
        return self

    def get(self, mutant: Mutant) -> str | None:
        """What became of a mutant; None where that is not known."""
        record = self._known.get(mutant.key)
        if record is None or record["source"] != self._sources[mutant.module]:
            return None
        if record["result"] in ("survived", QUICK, NO_TEST) and record["tests"] != self._tests:
            return None
        return record["result"]

    def put(self, mutant: Mutant, result: str) -> None:
        """Note what became of a mutant."""
        record = {"key": mutant.key, "result": result, "source": self._sources[mutant.module], "tests": self._tests}
        self._known[mutant.key] = record
        with self._path.open("a", encoding="utf-8") as file:  # one short line is one write: two workers may share
            file.write(json.dumps(record, ensure_ascii=False) + "\n")


def main() -> int:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("which", choices=["all", "changed"])
    parser.add_argument("modules", nargs="*")
    parser.add_argument("--anew", action="store_true", help="forget earlier results")
    parser.add_argument("--seconds", type=float, help=f"try no more after so long; `changed` {BUDGET_SECONDS:.0f}")
    asked = parser.parse_args()
    began = time.monotonic()
    os.nice(5)
    paths = [FOLDER / f"{name}.py" for name in asked.modules] or sorted(FOLDER.glob("*.py"))
    made = {path: mutants_of(path.stem, path) for path in paths}
    mutants = [mutant for found, _ in made.values() for mutant in found]
    trees = {path: tree for path, (_, tree) in made.items()}
    if asked.which == "changed":
        mutants = _of_changes(mutants, trees)
        if not mutants:
            print("no function of governance/ changed: nothing to mutate")
            return 0
        asked.seconds = asked.seconds or BUDGET_SECONDS
        random.Random(ORDER_SEED).shuffle(mutants)  # noqa: S311 - a fixed order, not a secret
    cache = Path(os.environ.get("MUTATION_CACHE", ROOT / ".mutation-cache"))
    cache.mkdir(parents=True, exist_ok=True)
    if asked.anew:
        for old in cache.glob("*.json*"):
            old.unlink()
    digests = {path.stem: _digest([path]) for path in paths}
    results = Results(cache / "results.jsonl", digests, _digest(TESTS.rglob("*.py")))
    end = math.inf if asked.seconds is None else began + asked.seconds
    return _run(mutants, trees, results, cache, end)


def _run(mutants: list[Mutant], trees: dict[Path, ast.Module], results: Results, cache: Path, end: float) -> int:
    broken: list[str] = []

    def work(session: Session) -> None:
        chart = _chart(session, cache)
        broken.extend(chart.failed or Trial(session, chart, trees, results, end).try_all(mutants))

    os.chdir(ROOT)
    memory = Path("/dev/shm")  # noqa: S108 - thousands of small databases need no disk
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        arguments = ["-s", *QUIET, "-p", "no:cov", f"--basetemp={folder}/tests", str(TESTS)]
        ended = pytest.main(arguments, plugins=[Session(work)])
    if ended != pytest.ExitCode.OK and not broken:
        broken.append(f"the test session, which ended with {ended}")
    if broken:
        print("nothing is said of any mutant, for without a fault these do not pass:", *broken, sep="\n  ")
        return 2
    return _report(mutants, results.read_again(), may_stop=end < math.inf)


class Trial:
    """Tries mutants in a session.

    Args:
        session: Has every test and the live functions.
        chart: Which tests run which lines.
        trees: The modules that the mutants belong to.
        results: Where the outcome goes.
        end: When to stop, on the monotonic clock; infinity to try everything.
    """

    def __init__(
        self, session: Session, chart: Chart, trees: dict[Path, ast.Module], results: Results, end: float
    ) -> None:
        self._session = session
        self._chart = chart
        self._trees = trees
        self._results = results
        self._end = end
        self._explained = set(_explained())
        self._everything = {path: ast.parse(path.read_text(encoding="utf-8")) for path in FOLDER.glob("*.py")}

    def try_all(self, mutants: list[Mutant]) -> list[str]:
        """Try what has no result yet; returns what is wrong with the trying itself."""
        waiting = [mutant for mutant in mutants if self._results.get(mutant) is None or self._unfinished(mutant)]
        print(f"{len(mutants)} mutants, {len(waiting)} to try", flush=True)
        # With little time, one mutant to its end after the other: what is said of it is then final.
        apart, together = [(self._try_quickly,), (self._finish,)], [(self._try_quickly, self._finish)]
        turns = apart if self._end == math.inf else together

        def share(number: int) -> None:
            for steps, mutant in itertools.product(turns, waiting[number::WORKERS]):
                for step in steps:
                    if time.monotonic() < self._end:
                        step(mutant)

        unsound = self._control(waiting)
        if unsound or in_workers(WORKERS, share):
            return unsound
        return ["a worker ended early"]

    def _unfinished(self, mutant: Mutant) -> bool:
        return self._results.get(mutant) == QUICK and mutant.key not in self._explained

    def _try_quickly(self, mutant: Mutant) -> None:
        """Try the most likely tests; what survives them is tried with the rest."""
        if self._results.get(mutant) is not None:
            return
        tests = self._tests(mutant)
        first = self._chart.within(tests, QUICK_SECONDS)
        result = self._try(mutant, first) if tests else NO_TEST
        self._note(mutant, QUICK if result == "survived" and len(first) < len(tests) else result)

    def _finish(self, mutant: Mutant) -> None:
        if self._unfinished(mutant):
            tests = self._tests(mutant)
            rest = tests[len(self._chart.within(tests, QUICK_SECONDS)) :]
            self._note(mutant, self._try(mutant, rest))

    def _note(self, mutant: Mutant, result: str) -> None:
        if result != LATE:
            self._results.put(mutant, result)

    def _try(self, mutant: Mutant, tests: list[str]) -> str:
        tree = self._trees[mutant.path]
        return try_mutant(self._session, mutant, tree, tests, self._chart.seconds, self._end)

    def _control(self, mutants: list[Mutant]) -> list[str]:
        """Both ways to put a fault in, without a fault: the tests must pass, or every later kill means nothing."""
        problems = []
        for at_import in (False, True):
            of_kind = (mutant for mutant in mutants if mutant.at_import is at_import)
            for mutant in itertools.islice(filter(self._tests, of_kind), 1):
                tests, tree = self._chart.within(self._tests(mutant), QUICK_SECONDS), self._trees[mutant.path]
                if (
                    try_mutant(self._session, mutant.without_fault(tree), tree, tests, self._chart.seconds)
                    != "survived"
                ):
                    problems.append(f"{len(tests)} tests of {mutant.module}.{mutant.qualname}, swapped for itself")
        return problems

    def _tests(self, mutant: Mutant) -> list[str]:
        """Those that can notice it, the most likely first."""
        return self._chart.tests_for(mutant, self._everything)


def _report(mutants: list[Mutant], results: Results, *, may_stop: bool) -> int:
    """Print what became of them; 1 when one of `HELD` survived without a reason or, unless it ``may_stop``, is open."""
    explained = set(_explained())
    open_still = (QUICK, "not tried") if may_stop else ()
    table: dict[str, Counter[str]] = {}
    unexplained: dict[bool, list[str]] = {True: [], False: []}
    for mutant in mutants:
        result = results.get(mutant) or "not tried"
        if result in ("survived", QUICK, NO_TEST) and mutant.key in explained:
            result = "explained"
        elif result not in ("killed", "timeout", *open_still):
            held = mutant.module in HELD
            unexplained[held].append(f"{mutant.key}   ({result}, line {mutant.first_line})")
        table.setdefault(mutant.module, Counter())[result] += 1
    columns = ("killed", "timeout", "explained", "survived", QUICK, NO_TEST, "not tried")
    print(f"{'module':22}{'mutants':>9}" + "".join(f"{name:>11}" for name in columns))
    whole: Counter[str] = Counter()
    for module, counts in sorted(table.items()):
        whole += counts
        print(f"{module:22}{counts.total():>9}" + "".join(f"{counts[name]:>11}" for name in columns))
    print(f"{'all':22}{whole.total():>9}" + "".join(f"{whole[name]:>11}" for name in columns))
    for held, keys in unexplained.items():
        if keys:
            where = "which fails" if held else "of modules that are not held to it yet"
            print(f"\n{len(keys)} without an explanation in {EXPLAINED.relative_to(ROOT)}, {where}:", *keys, sep="\n")
    present = {mutant.key for mutant in mutants}
    modules = {mutant.module for mutant in mutants}
    gone = [key for key in explained if key.split(".")[0] in modules and key not in present]
    if gone and not may_stop:
        print("\nexplained, but no longer a mutant:", *sorted(gone), sep="\n")
    return int(bool(unexplained[True]))


def _explained() -> list[str]:
    """The keys in the list of survivors: each in a line of its own, between ``- `` and a pair of double back quotes."""
    if not EXPLAINED.exists():
        return []
    lines = EXPLAINED.read_text(encoding="utf-8").splitlines()
    return [line[4:-2].strip() for line in lines if line.startswith("- ``") and line.endswith("``")]


def _of_changes(mutants: list[Mutant], trees: dict[Path, ast.Module]) -> list[Mutant]:
    """Those of functions, and of statements at the top, whose text differs from the last landed commit."""
    base = _landed()
    if base is None:
        print("there is no earlier commit here to compare with: of every module")
        return mutants
    print(f"compared with {base[:12]}")
    changed: set[tuple[Path, str]] = set()
    for path, tree in trees.items():
        before = _git("show", f"{base}:{path.relative_to(ROOT)}")
        old = _pieces(ast.parse(before)) if before is not None else {}
        changed |= {(path, name) for name, text in _pieces(tree).items() if old.get(name) != text}
    return [mutant for mutant in mutants if (mutant.path, mutant.piece) in changed]


def _landed() -> str | None:
    """The commit that this work stands on; None where the history does not reach so far."""
    base = _git("merge-base", "HEAD", "origin/main")
    return base if base and base != _git("rev-parse", "HEAD") else _git("rev-parse", "--verify", "HEAD~1")


def _pieces(tree: ast.Module) -> dict[str, str]:
    """The text of each function by its name, and of everything outside functions as one piece."""
    pieces: dict[str, str] = {}
    rest = []
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            pieces[node.name] = ast.unparse(node)
        elif isinstance(node, ast.ClassDef):
            inner = [item for item in node.body if isinstance(item, ast.FunctionDef)]
            pieces |= {f"{node.name}.{item.name}": ast.unparse(item) for item in inner}
            rest += [ast.unparse(item) for item in node.body if not isinstance(item, ast.FunctionDef)]
        else:
            rest.append(ast.unparse(node))
    return pieces | {"<module>": "\n".join(rest)}


def _git(*arguments: str) -> str | None:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603, S607
    return done.stdout.strip() if done.returncode == 0 else None


def _chart(session: Session, cache: Path) -> Chart:
    """The chart of tests and lines: of every test when the code changed, else of those whose file did."""
    path = cache / "chart.json"
    code = _digest([*(ROOT / "src").rglob("*.py"), *(ROOT / "tests").rglob("conftest.py")])
    files = {str(file.relative_to(ROOT)): _digest([file]) for file in TESTS.glob("test_*.py")}
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"code": None}
    if known["code"] != code:
        known = {"code": code, "files": {}, "seconds": {}, "lines": {}}
    kept = {file for file, digest in files.items() if known["files"].get(file) == digest}
    same = {name for name in session.items if name.partition("::")[0] in kept}
    names = [name for name in session.items if name not in same]
    measured = [_of(known["seconds"], known["lines"], same)]
    if names:
        print(f"noting which of {len(names)} tests run which lines ...", flush=True)
        notes = [cache / f"part{number}.json" for number in range(WORKERS)]

        def measure(number: int) -> None:
            chart = session.chart(FOLDER, names[number::WORKERS])
            notes[number].write_text(json.dumps([chart.seconds, chart.lines, chart.failed]), encoding="utf-8")

        if not in_workers(WORKERS, measure):
            return Chart({}, {}, ["a worker ended early"])
        measured += [json.loads(note.read_text(encoding="utf-8")) for note in notes]
    chart = Chart({}, {}, [])
    for seconds, lines, failed in measured:
        chart.seconds |= seconds
        chart.failed += failed
        for name, of_file in lines.items():
            chart.lines.setdefault(name, {}).update(of_file)
    known |= {"files": files, "seconds": chart.seconds, "lines": chart.lines}
    if not chart.failed:
        path.write_text(json.dumps(known), encoding="utf-8")
    return chart


def _of(seconds: dict[str, float], lines: dict[str, dict[str, list[int]]], tests: set[str]) -> list[Any]:
    """What a chart says of some tests."""
    return [
        {test: took for test, took in seconds.items() if test in tests},
        {name: {test: at for test, at in of_file.items() if test in tests} for name, of_file in lines.items()},
        [],
    ]


def _digest(paths: object) -> str:
    whole = hashlib.sha256()
    for path in sorted(paths):  # type: ignore[call-overload]
        whole.update(f"{path}\0".encode() + path.read_bytes())
    return whole.hexdigest()[:16]


if __name__ == "__main__":
    sys.exit(main())
