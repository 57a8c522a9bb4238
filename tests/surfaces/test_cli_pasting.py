"""What is printed to be copied runs when it is pasted, and what is wrapped keeps its isolates."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console
from rich.text import Text
from typer.testing import CliRunner, Result

from partnership_os.graphs.wording.texts import isolated
from partnership_os.surfaces.cli import app
from partnership_os.surfaces.cli_render import Screen, action_text, balanced, in_full, listed
from partnership_os.surfaces.cli_session import Session
from partnership_os.surfaces.cli_texts import CLI_PHRASES, texts

Run = Callable[..., Result]
ISOLATES = "\u2068\u2069"


def _session(monkeypatch: pytest.MonkeyPatch, home: str | None = None, lang: str | None = None) -> Session:
    session = Session()
    session.take(None if home is None else Path(home), lang, False, False)
    assert session.settings
    return session


def test_nothing_is_added_where_nothing_was_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _session(monkeypatch).options == ""
    assert _session(monkeypatch, home=".partnership", lang="en").options == ""


def test_the_home_is_added_wherever_it_was_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _session(monkeypatch, home="/srv/our home").options == "--home '/srv/our home'"
    monkeypatch.setenv("PARTNERSHIP_HOME", "/srv/ours")
    assert _session(monkeypatch).options == "--home /srv/ours"


def test_the_language_is_added_where_it_is_not_the_usual_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _session(monkeypatch, lang="ar").options == "--lang ar"
    monkeypatch.setenv("PARTNERSHIP_LANGUAGE", "ar")
    assert _session(monkeypatch, lang="ar").options == ""
    assert _session(monkeypatch, lang="en").options == "--lang en"


def test_settings_that_cannot_be_read_leave_the_home_that_was_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARTNERSHIP_APPROVAL_DAYS", "0")
    session = Session()
    session.take(Path("/srv/ours"), None, False, False)
    assert session.options == "--home /srv/ours"


def test_commands_inside_an_error_are_completed_as_well() -> None:
    fix = "List what waits with `partnership inbox`; see `partnership edit` and `PARTNERSHIP_TOKEN`."
    assert in_full(fix, "--home x") == (
        "List what waits with `partnership inbox --home x`; see `partnership edit` and `PARTNERSHIP_TOKEN`."
    )
    assert in_full("Rebuild it with: partnership import --reindex", "--home x").endswith("--reindex --home x")
    assert in_full(fix, "") == fix


def test_no_phrase_holds_a_command_that_would_lack_its_options() -> None:
    command = re.compile(r"partnership [a-z]+ (?:--|[A-Z]|[a-z]+)|partnership (?:inbox|escalate|import|ledger)\b")
    speaking = {"delegation.every_type"}
    found = {key for key, sides in CLI_PHRASES.items() if any(command.search(side) for side in sides)}
    assert found <= speaking


def test_a_broken_isolate_is_closed_and_opened_again() -> None:
    value = isolated("one two three four five six")
    text = Text(f"{value} {isolated('seven')} end", style="bold")
    lines = list(balanced(text.wrap(Console(width=12), 12)))
    assert len(lines) > 2
    for line in lines:
        assert line.plain.count("\u2068") == line.plain.count("\u2069")
        assert not re.search("\u2069[^\u2068]*\u2069", line.plain)
    plain = " ".join(line.plain.translate(dict.fromkeys(map(ord, ISOLATES))) for line in lines)
    assert plain == "one two three four five six seven end"
    assert lines[1].plain.startswith("\u2068")


def test_wrapped_values_of_others_stay_isolated_on_the_screen() -> None:
    out = StringIO()
    Screen(Console(file=out, width=30), "ar").say("decided.reason", note="the margin is far too low for a first year")
    lines = out.getvalue().splitlines()
    assert len(lines) > 1
    assert all(line.count("\u2068") == line.count("\u2069") == 1 for line in lines)


def test_a_phrase_in_a_table_keeps_its_isolates(run: Run) -> None:
    run("user", "add", "Noura", "--level", "vp")
    listed_people = run("user", "list", "--lang", "ar").stdout
    assert "[U+2068]" not in listed_people
    assert "الرمز صالح حتى" in listed_people


def test_people_in_an_error_are_listed_in_the_language_of_the_reader() -> None:
    names = "Dana (pe_1), Sami (pe_2) for Huda, the first (pe_3)"
    assert listed(texts("en"), names) == names
    arabic = listed(texts("ar"), names)
    assert arabic.translate(dict.fromkeys(map(ord, ISOLATES))) == (
        "Dana (pe_1)، Sami (pe_2) نيابةً عن Huda, the first (pe_3)"
    )
    assert listed(texts("ar"), "") == ""


def test_a_kind_of_message_is_said_in_words() -> None:
    assert action_text(texts("en"), "issue_term_sheet") == "Send a term sheet to a counterparty"
    assert action_text(texts("ar"), "issue_term_sheet") == "إرسال ورقة شروط إلى الطرف الآخر"
    assert action_text(texts("en"), "approval_reminder") == "Reminder of a late approval"
    assert action_text(texts("ar"), "unheard_of") == isolated("unheard_of")


NOT_TEXT = b"Na\xffme"


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ((b"card", NOT_TEXT), "PARTNER"),
        ((b"user", b"add", NOT_TEXT, b"--level", b"vp"), "NAME"),
        ((b"reject", b"cm_x", b"--note", NOT_TEXT), "--note"),
        ((b"edit", b"cm_x", b"--set", b"a=b", b"--set", NOT_TEXT), "--set"),
        ((b"import", NOT_TEXT), "FILE"),
        ((b"--home", NOT_TEXT, b"inbox"), "--home"),
    ],
)
def test_bytes_that_are_no_text_are_refused_by_the_name_of_the_argument(
    tmp_path: Path, words: tuple[bytes, ...], named: str
) -> None:
    code = "from partnership_os.surfaces.cli import main; main()"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PARTNERSHIP_")}
    told = subprocess.run(
        [sys.executable.encode(), b"-c", code.encode(), *words, b"--json"],
        capture_output=True,
        cwd=tmp_path,
        env={**kept, "LC_ALL": "C.UTF-8"},
        check=False,
    )
    assert told.returncode == 1
    error = json.loads(told.stderr)
    assert (error["error"], error["who_must_act"]) == ("InputError", "user")
    assert f"The argument {named}" in error["message"]
    assert "UTF-8" in error["fix"]
    assert list(tmp_path.iterdir()) == []


def test_it_is_said_in_arabic_as_well(tmp_path: Path) -> None:
    told = CliRunner().invoke(app, ["card", "Na\udcffme", "--lang", "ar"], env={"PARTNERSHIP_HOME": str(tmp_path)})
    assert told.exit_code == 1
    assert "بايتات ليست نصًا" in told.stderr
    assert "الإجراء مطلوب من: من ينفّذ الأمر" in told.stderr


def test_a_key_that_is_not_there_is_told_with_its_usual_place(tmp_path: Path, run: Run) -> None:
    pack = tmp_path / "deal.zip"
    for words in (
        ("evidence", "verify", str(pack), "--key", "none.pub"),
        ("evidence", "verify", str(pack), "--anchor-key", "none.pub"),
        ("audit", "verify", "--file", "log.jsonl", "--key", "none.pub"),
    ):
        error = json.loads(run(*words, "--json", code=1).stderr)
        assert error["message"] == "There is no key file none.pub."
        assert "keys/approval_verify.pub" in error["fix"] and "keys/anchor_verify.pub" in error["fix"]
    for command in ("evidence", "audit"):
        shown = " ".join(CliRunner().invoke(app, [command, "verify", "--help"], env={"COLUMNS": "200"}).stdout.split())
        assert "HOME/keys/anchor_verify.pub" in shown


def test_an_answer_of_the_chat_is_wrapped_on_a_terminal_and_whole_in_a_pipe() -> None:
    said = f"First:\n\n{isolated('one two three four five')}\u202e"
    for terminal in (True, False):
        out = StringIO()
        Screen(Console(file=out, width=12, force_terminal=terminal, no_color=True), "ar").answer(said)
        lines = out.getvalue().splitlines()
        assert lines[:2] == ["First:", ""]
        assert (len(lines) > 3) is terminal
        assert all(line.count("\u2068") == line.count("\u2069") for line in lines)
        assert "[U+202E]" in out.getvalue().replace("\n", "")
