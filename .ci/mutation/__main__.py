"""Mutation tests of `governance/`: small faults are put into the code, and a test must fail for each.

    python .ci/mutation all [MODULE ...]     every mutant, of every module or of those named
    python .ci/mutation changed              those of functions that differ from the last landed commit, or a sample

Survivors that are equivalent to the code stand in docs/mutants.md with the reason; any other makes the run fail.
Results are kept in .mutation-cache (or MUTATION_CACHE), so that a run goes on where one was broken off.
"""

import argparse
import ast
import hashlib
import itertools
import json
import os
import random
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from operators import Mutant, mutants_of
from runner import QUIET, Chart, Session, in_workers, try_mutant

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "src/partnership_os/governance"
TESTS = ROOT / "tests/governance"
EXPLAINED = ROOT / "docs/mutants.md"
SAMPLE = 150
"""So many mutants of a change are tried by the gate, about two minutes on two cores."""
SAMPLE_SEED = 20260301
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
    asked = parser.parse_args()
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
        if len(mutants) > SAMPLE:
            everything = len(mutants)
            mutants = random.Random(SAMPLE_SEED).sample(mutants, SAMPLE)  # noqa: S311 - a fixed sample, not a secret
            print(
                f"{SAMPLE} of the {everything} mutants of changed functions (a fixed sample; `make mutation` tries all)"
            )
        else:
            print(f"{len(mutants)} mutants of changed functions, all of them")
    cache = Path(os.environ.get("MUTATION_CACHE", ROOT / ".mutation-cache"))
    cache.mkdir(parents=True, exist_ok=True)
    if asked.anew:
        for old in cache.glob("*.json*"):
            old.unlink()
    digests = {path.stem: _digest([path]) for path in paths}
    results = Results(cache / "results.jsonl", digests, _digest(TESTS.rglob("*.py")))
    return _run(mutants, trees, results, cache)


def _run(mutants: list[Mutant], trees: dict[Path, ast.Module], results: Results, cache: Path) -> int:
    broken: list[str] = []

    def work(session: Session) -> None:
        chart = _chart(session, cache)
        broken.extend(chart.failed or _try_all(session, chart, mutants, trees, results))

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
    return _report(mutants, results.read_again())


def _try_all(
    session: Session, chart: Chart, mutants: list[Mutant], trees: dict[Path, ast.Module], results: Results
) -> list[str]:
    """Try what has no result yet; returns what is wrong with the trying itself."""
    explained = set(_explained())
    everything = {path: ast.parse(path.read_text(encoding="utf-8")) for path in FOLDER.glob("*.py")}

    def unfinished(mutant: Mutant) -> bool:
        return results.get(mutant) == QUICK and mutant.key not in explained

    def share(number: int) -> None:
        own = waiting[number::WORKERS]
        for mutant in own:
            if results.get(mutant) is None:
                tests = chart.tests_for(mutant, everything)
                results.put(mutant, _quick(session, chart, mutant, trees[mutant.path], tests))
        for mutant in filter(unfinished, own):
            tests = chart.tests_for(mutant, everything)
            rest = tests[len(chart.within(tests, QUICK_SECONDS)) :]
            results.put(mutant, try_mutant(session, mutant, trees[mutant.path], rest, chart.seconds))

    waiting = [mutant for mutant in mutants if results.get(mutant) is None or unfinished(mutant)]
    print(f"{len(mutants)} mutants, {len(waiting)} to try", flush=True)
    unsound = _control(session, chart, waiting, trees, everything)
    if unsound or in_workers(WORKERS, share):
        return unsound
    return ["a worker ended early"]


def _quick(session: Session, chart: Chart, mutant: Mutant, tree: ast.Module, tests: list[str]) -> str:
    """Try the most likely tests; what survives them is tried with the rest when every mutant has had its turn."""
    if not tests:
        return NO_TEST
    first = chart.within(tests, QUICK_SECONDS)
    result = try_mutant(session, mutant, tree, first, chart.seconds)
    return QUICK if result == "survived" and len(first) < len(tests) else result


def _control(
    session: Session,
    chart: Chart,
    mutants: list[Mutant],
    trees: dict[Path, ast.Module],
    everything: dict[Path, ast.Module],
) -> list[str]:
    """Both ways to put a fault in, without a fault: the tests must pass, or every later kill means nothing."""
    problems = []
    for at_import in (False, True):
        of_kind = (
            mutant for mutant in mutants if mutant.at_import is at_import and chart.tests_for(mutant, everything)
        )
        for mutant in itertools.islice(of_kind, 1):
            tests = chart.within(chart.tests_for(mutant, everything), QUICK_SECONDS)
            tree = trees[mutant.path]
            if try_mutant(session, mutant.without_fault(tree), tree, tests, chart.seconds) != "survived":
                problems.append(f"{len(tests)} tests of {mutant.module}.{mutant.qualname}, swapped for itself")
    return problems


def _report(mutants: list[Mutant], results: Results) -> int:
    explained = set(_explained())
    table: dict[str, Counter[str]] = {}
    unexplained = []
    for mutant in mutants:
        result = results.get(mutant) or "not tried"
        if result in ("survived", QUICK, NO_TEST) and mutant.key in explained:
            result = "explained"
        elif result not in ("killed", "timeout"):
            unexplained.append(f"{mutant.key}   ({result}, line {mutant.first_line})")
        table.setdefault(mutant.module, Counter())[result] += 1
    columns = ("killed", "timeout", "explained", "survived", QUICK, NO_TEST, "not tried")
    print(f"{'module':22}{'mutants':>9}" + "".join(f"{name:>11}" for name in columns))
    whole: Counter[str] = Counter()
    for module, counts in sorted(table.items()):
        whole += counts
        print(f"{module:22}{counts.total():>9}" + "".join(f"{counts[name]:>11}" for name in columns))
    print(f"{'all':22}{whole.total():>9}" + "".join(f"{whole[name]:>11}" for name in columns))
    if unexplained:
        print(f"\n{len(unexplained)} without an explanation in {EXPLAINED.relative_to(ROOT)}:")
        print(*unexplained, sep="\n")
    present = {mutant.key for mutant in mutants}
    modules = {mutant.module for mutant in mutants}
    gone = [key for key in explained if key.split(".")[0] in modules and key not in present]
    if gone and len(mutants) > SAMPLE:
        print("\nexplained, but no longer a mutant:", *sorted(gone), sep="\n")
    return int(bool(unexplained))


def _explained() -> list[str]:
    """The keys in the list of survivors: each in a line of its own, between ``- `` and a pair of double back quotes."""
    if not EXPLAINED.exists():
        return []
    lines = EXPLAINED.read_text(encoding="utf-8").splitlines()
    return [line[4:-2].strip() for line in lines if line.startswith("- ``") and line.endswith("``")]


def _of_changes(mutants: list[Mutant], trees: dict[Path, ast.Module]) -> list[Mutant]:
    """Those of functions, and of statements at the top, whose text differs from the last landed commit."""
    base = _git("merge-base", "HEAD", "origin/main") or _git("rev-parse", "HEAD~1")
    if base is None:
        print("there is no earlier commit here to compare with")
        return []
    print(f"compared with {base[:12]}")
    changed: set[tuple[Path, str]] = set()
    for path, tree in trees.items():
        before = _git("show", f"{base}:{path.relative_to(ROOT)}")
        old = _pieces(ast.parse(before)) if before is not None else {}
        changed |= {(path, name) for name, text in _pieces(tree).items() if old.get(name) != text}
    return [mutant for mutant in mutants if (mutant.path, mutant.piece) in changed]


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
