"""The parent's side: a zygote that forks the victims, and the homes on which they work and die."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple

ROOT: Final = Path(__file__).resolve().parent.parent.parent
START: Final = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)

Step = tuple[str, dict[str, Any]]


@dataclass
class Tally:
    """What one test did, for the summary."""

    name: str
    points: int = 0
    rounds: int = 0
    rows: int = 0
    violations: list[str] = field(default_factory=list)
    expected: bool = False


class Done(NamedTuple):
    """What became of one step."""

    result: Any = None
    error: str | None = None
    message: str = ""
    trace: str = ""


@dataclass
class Outcome:
    """What became of a child: its exit code, its steps, and the points that it passed; nothing when it was killed."""

    code: int | str
    done: list[Done] = field(default_factory=list)
    passed: list[str] = field(default_factory=list)

    @property
    def trouble(self) -> str | None:
        """Why the child did not end well."""
        if self.code != 0:
            return f"the child ended with {self.code}"
        return next((f"{done.error}: {done.message} {done.trace}" for done in self.done if done.error), None)

    @property
    def last(self) -> Done:
        """What became of its last step."""
        return self.done[-1] if self.done else Done(error="Ended", message=str(self.trouble))


class Zygote:
    """Forks children that have imported everything already."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.victim"],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": os.environ.get("PYTHONPATH", "")},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, command: dict[str, Any]) -> Any:
        """One command, one answer."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(command) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "the zygote died"
        return json.loads(line)

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(timeout=30)
        self._process.stdout.close()


class Lane:
    """One database and one home; children work on it, die, and others look at what is left."""

    def __init__(self, zygote: Zygote, url: str, folder: Path) -> None:
        folder.mkdir()
        self._zygote = zygote
        self._url = url
        self._folder = folder
        self._home = folder / "home"
        self._home.mkdir()
        self._children = 0

    def job(self, *steps: Step, minutes: int = 0, **more: Any) -> dict[str, Any]:
        """A job for a child, ``minutes`` after the beginning."""
        self._children += 1
        now = (START + timedelta(minutes=minutes)).isoformat()
        out = str(self._folder / f"out-{self._children}.json")
        return {"url": self._url, "home": str(self._home), "now": now, "steps": steps, "out": out, **more}

    def journal(self, name: str) -> str:
        """Where a worker writes down what it was told had happened."""
        return str(self._folder / f"journal-{name}.jsonl")

    def start(self, *jobs: dict[str, Any]) -> list[int]:
        """Let children begin at the same moment."""
        pids: list[int] = self._zygote.ask({"do": "start", "jobs": jobs})
        return pids

    def wait(self, pid: int, job: dict[str, Any]) -> Outcome:
        """Until a child ends or is stopped."""
        code = self._zygote.ask({"do": "wait", "pid": pid})
        out = Path(job["out"])
        if code != 0 or not out.exists():
            return Outcome(code)
        told = json.loads(out.read_text(encoding="utf-8"))
        out.unlink()
        return Outcome(code, [Done(**done) for done in told["done"]], told["passed"])

    def tell(self, pid: int, what: str) -> None:
        """``continue`` or ``kill`` a child that is stopped."""
        self._zygote.ask({"do": what, "pid": pid})

    def run(self, *steps: Step, **more: Any) -> Outcome:
        """One child from its beginning to its end."""
        job = self.job(*steps, **more)
        return self.wait(self.start(job)[0], job)

    def prepare(self, *steps: Step, **more: Any) -> str:
        """Bring the home to a state and keep it; returns the folder to ``restore`` it from."""
        saved = str(self._folder / f"saved-{self._children}")
        done = self.run(*steps, ("save", {"folder": saved}), **more)
        assert done.trouble is None, done.trouble
        return saved

    def warm(self, *steps: Step, **more: Any) -> None:
        """Do a job in the zygote itself, so that every child after it begins where the work is."""
        self._zygote.ask({"do": "warm", "job": self.job(*steps, **more)})


class Harness:
    """What a test works with: two lanes, one for each core of a small machine, and its tally.

    ``staff`` is a home with everybody in it and nothing else.
    """

    def __init__(self, lanes: Sequence[Lane], staff: str, tally: Tally) -> None:
        self.lanes = lanes
        self.lane = lanes[0]
        self.staff = staff
        self.tally = tally

    def run_each(self, works: Sequence[tuple[tuple[Step, ...], dict[str, Any]]]) -> list[Outcome]:
        """One child on each lane, at the same time."""
        jobs = [lane.job(*steps, **more) for lane, (steps, more) in zip(self.lanes, works, strict=False)]
        pids = self.lane.start(*jobs)
        return [self.lane.wait(pid, job) for pid, job in zip(pids, jobs, strict=True)]

    def found(self, violation: str, *where: object) -> None:
        """Take note of something that must not be."""
        self.tally.violations.append(" ".join([*map(str, where), violation]))
