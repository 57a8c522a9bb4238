"""A government deal from its start to the ledger, as people walk it: by the commands that each answer prints.

Two approvers, an edit, an approval that is taken back, an expiry and a rejection, in both languages. Nothing is typed
that was not printed, but for the values that only a person knows.
"""

import json
import re
import shlex
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner, Result

from partnership_os.graphs.wording.texts import FIRST_STRONG_ISOLATE, POP_DIRECTIONAL_ISOLATE
from partnership_os.surfaces.cli import app
from partnership_os.surfaces.cli_texts import CLI_PHRASES

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
NEED = EXAMPLES / "needs" / "government.yaml"
PEOPLE = {
    "Rana": ("--level", "analyst"),
    "Sami": ("--level", "c-level"),
    "Layla": ("--level", "manager", "--legal"),
    "Omar": ("--level", "director"),
}
OURS = re.compile(r"\b(?:deal-|cm_|le_|ob_|ts_)?[0-9a-f]{16,64}\b|file: \S+ sha256:\S+|R\d|S\d|SAR|UTC")
ISOLATED = re.compile(f"{FIRST_STRONG_ISOLATE}[^{POP_DIRECTIONAL_ISOLATE}]*{POP_DIRECTIONAL_ISOLATE}")


class Walk:
    """A home with one public body and four people; what is printed is kept, to be pasted."""

    def __init__(self, home: Path, language: str, later: Callable[[float], None]) -> None:
        self.home, self.language, self.later = home, language, later
        self._column = 1 if language == "ar" else 0
        self._tokens: dict[str, str] = {}
        self.ids: dict[str, str] = {}
        lines = (EXAMPLES / "companies.jsonl").read_text(encoding="utf-8").splitlines()
        row = next(line for line in lines if '"Elm"' in line)
        (home.parent / "elm.jsonl").write_text(row, encoding="utf-8")
        self.typed("import", str(home.parent / "elm.jsonl"))
        for name, options in PEOPLE.items():
            added = json.loads(self.typed("user", "add", name, *options, "--json").stdout)
            self._tokens[name], self.ids[name] = added["token"], added["person_id"]

    def typed(self, *words: str, by: str | None = None, code: int = 0) -> Result:
        """What somebody types on this home."""
        return self._run([*words, "--home", str(self.home), "--lang", self.language], by, code)

    def pasted(self, answer: Result, start: str, by: str | None = None, value: str = "", code: int = 0) -> Result:
        """The one command of an answer that begins so, pasted; what stands for a value is typed over."""
        (line,) = [line for line in commands(answer) if line.startswith(f"partnership {start}")]
        words = [value if word in ("TERM=VALUE", "REASON") else word for word in shlex.split(line)[1:]]
        return self._run(words, by, code)

    def _run(self, words: list[str], by: str | None, code: int) -> Result:
        env = {"PARTNERSHIP_TOKEN": self._tokens[by] if by else None, "COLUMNS": "80"}
        done = CliRunner().invoke(app, words, env=env)
        assert done.exit_code == code, f"{words}\n{done.stdout}\n{done.stderr}\n{done.exception!r}"
        for line in commands(done):
            self._parses(line)
        for text in (done.stdout, done.stderr):
            for line in text.splitlines():
                assert line.count(FIRST_STRONG_ISOLATE) == line.count(POP_DIRECTIONAL_ISOLATE), line
        return done

    def _parses(self, line: str) -> None:
        """A printed command names this home and this language, and is one that the program takes."""
        words = shlex.split(line)[1:]
        assert words[words.index("--home") + 1] == str(self.home), line
        assert ("--lang ar" in line) is (self.language == "ar"), line
        command = get_command(app)
        while hasattr(command, "commands"):
            command = command.commands[words.pop(0)]
        command.make_context(line, words)

    def said(self, key: str) -> str:
        """The beginning of a phrase, up to its first value."""
        return CLI_PHRASES[key][self._column].split("{")[0].strip()

    def must_act(self, answer: Result) -> list[str]:
        """The names in the block that says who must act, in its order."""
        lines = answer.stdout.splitlines()
        start = max(at for at, line in enumerate(lines) if line.startswith(self.said("next.must_act")))
        block = lines[start + 1 : next(at for at in range(start, len(lines)) if lines[at].startswith("  partnership"))]
        found = re.findall(r"pe_[0-9a-f]{16}", " ".join(block))
        return [name for person_id in found for name, known in self.ids.items() if known == person_id]

    def next_is(self, answer: Result, key: str, name: str) -> None:
        """Says what follows, and names who does it."""
        text = " ".join(answer.stdout.split())
        assert self.said(key) in text
        assert self.ids[name] in text.split(self.said(key))[-1]

    def only_arabic(self, answer: Result) -> None:
        """No word of ours was left in English."""
        if self.language == "ar":
            ours = [line for line in answer.stdout.splitlines() if not line.startswith("  partnership ")]
            left = OURS.sub("", ISOLATED.sub("", "\n".join(ours)))
            assert not re.search(r"[A-Za-z]{3,}", left), left


def commands(answer: Result) -> list[str]:
    """The commands that an answer or an error prints to be copied."""
    lines = [*answer.stdout.splitlines(), *answer.stderr.splitlines()]
    return [line.strip() for line in lines if line.startswith("  partnership ")]


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Every command from now on runs so many days later than now."""

    def turn(days: float) -> None:
        clock = "partnership_os.graphs.workspace.system_clock"
        monkeypatch.setattr(clock, lambda: datetime.now(UTC) + timedelta(days=days))

    return turn


@pytest.fixture(params=["en", "ar"])
def walk(request: pytest.FixtureRequest, tmp_path: Path, later: Callable[[float], None]) -> Walk:
    return Walk(tmp_path / "a home", request.param, later)


def _started(walk: Walk) -> Result:
    return walk.typed("deal", "start", "--partner", "Elm", "--need", str(NEED), by="Rana")


def test_the_whole_way(walk: Walk) -> None:
    started = _started(walk)
    walk.only_arabic(started)
    assert walk.must_act(started) == ["Sami", "Layla"]
    assert walk.ids["Rana"] in started.stdout
    refused = walk.pasted(started, "approve", by="Omar", code=1)
    assert walk.ids["Sami"] in refused.stderr and walk.ids["Layla"] in refused.stderr
    read = walk.pasted(refused, "review", by="Sami")
    assert walk.must_act(read) == ["Sami", "Layla"]
    first = walk.pasted(read, "approve", by="Sami")
    assert walk.must_act(first) == ["Layla"]
    walk.only_arabic(first)

    edited = walk.pasted(first, "edit", by="Rana", value="payment_days=30")
    assert walk.must_act(edited) == ["Sami", "Layla"]
    assert ("expires_at" in edited.stdout, "made_by" in edited.stdout) == (False, False)
    walk.only_arabic(edited)
    gone = walk.pasted(first, "approve", by="Layla", code=1)
    assert walk.said("next.superseded") in " ".join(walk.pasted(gone, "review", by="Layla").stdout.split())

    counsel = walk.pasted(edited, "approve", by="Layla")
    assert walk.must_act(counsel) == ["Sami"]
    commitment = shlex.split(commands(counsel)[0])[2]
    back = walk.typed("revoke", commitment, "--note", "X", by="Layla")
    walk.only_arabic(back)
    assert walk.said("decided.revoke.final") in " ".join(back.stdout.split())
    assert walk.must_act(back) == ["Sami"]
    assert "--level analyst --legal" in next(line for line in commands(back) if line.startswith("partnership user add"))
    again = walk.pasted(back, "approve", by="Layla", code=1)
    assert walk.ids["Sami"] in again.stderr

    walk.later(15)
    assert commands(walk.typed("inbox")) == []
    thread = re.findall(r"deal-[0-9a-f]{16}", back.stdout)[0]
    for words in (("deal", "resume", thread), ("deal", "show", thread), ("review", commitment)):
        expired = walk.typed(*words)
        walk.next_is(expired, "next.expired", "Rana")
    late = walk.pasted(back, "approve", by="Sami", code=1)
    walk.next_is(walk.pasted(late, "review"), "next.expired", "Rana")

    asked = walk.pasted(expired, "propose", by="Rana")
    walk.only_arabic(asked)
    assert walk.must_act(asked) == ["Sami", "Layla"]
    rejected = walk.pasted(asked, "reject", by="Sami", value="تفاصيل ناقصة")
    walk.only_arabic(rejected)
    assert "تفاصيل ناقصة" in rejected.stdout
    walk.next_is(rejected, "next.rejected", "Rana")
    for words in (("deal", "resume", thread), ("deal", "show", thread)):
        walk.next_is(walk.typed(*words), "next.rejected", "Rana")
    closed = walk.pasted(asked, "approve", by="Layla", code=1)
    walk.next_is(walk.pasted(closed, "review"), "next.rejected", "Rana")

    better = walk.pasted(rejected, "edit", by="Rana", value="payment_days=40")
    half = walk.pasted(better, "approve", by="Layla")
    assert walk.must_act(half) == ["Sami"]
    done = walk.pasted(half, "approve", by="Sami")
    walk.only_arabic(done)
    assert walk.said("next.committed") in " ".join(done.stdout.split())
    walk.only_arabic(walk.pasted(done, "outbox deliver"))
    (entry,) = json.loads(walk.typed("ledger", "--json").stdout)
    assert set(entry["approved_by"]) == {walk.ids["Sami"], walk.ids["Layla"]}
    walk.only_arabic(walk.typed("ledger"))
    assert json.loads(walk.typed("audit", "verify", "--json").stdout)["ok"] is True


def test_everybody_decides_as_what_their_approval_is_for(walk: Walk) -> None:
    started = _started(walk)
    roles = {"en": ("as C-level.", "as Legal."), "ar": ("عن الإدارة التنفيذية العليا.", "عن الشؤون القانونية.")}
    chief, legal = roles[walk.language]
    assert walk.pasted(started, "approve", by="Sami").stdout.splitlines()[0].endswith(chief)
    assert legal in " ".join(walk.pasted(started, "approve", by="Layla").stdout.split())
    shown = walk.typed("deal", "show", re.findall(r"deal-[0-9a-f]{16}", started.stdout)[0]).stdout
    assert chief in " ".join(shown.split()) and legal in " ".join(shown.split())


def test_programs_are_told_the_same(walk: Walk) -> None:
    started = json.loads(
        walk.typed("deal", "start", "--partner", "Elm", "--need", str(NEED), "--json", by="Rana").stdout
    )
    assert {step["name"] for step in started["next"]} == {"Sami", "Layla"}
    commitment, thread = started["commitment_id"], started["thread_id"]
    done = json.loads(walk.typed("reject", commitment, "--note", "X", "--json", by="Layla").stdout)
    (step,) = done["next"]
    assert step["person_id"] == walk.ids["Rana"]
    assert step["command"].startswith(f"partnership edit {commitment} --set TERM=VALUE --home ")
    edited = json.loads(walk.typed("edit", commitment, "--set", "payment_days=30", "--json", by="Rana").stdout)
    walk.later(15)
    (step,) = json.loads(walk.typed("deal", "resume", thread, "--json").stdout)["next"]
    assert step["command"].startswith(f"partnership propose {thread} --home ")
    assert edited["thread_id"] == thread


def test_the_inbox_names_people_in_the_language_of_the_reader(walk: Walk) -> None:
    _started(walk)
    inbox = walk.typed("inbox")
    walk.only_arabic(inbox)
    assert ("شركة علم" in inbox.stdout) is (walk.language == "ar")
    assert walk.must_act(inbox) == ["Sami", "Layla"]
    assert [line.split()[1] for line in commands(inbox)] == ["review", "approve"]
