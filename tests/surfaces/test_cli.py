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
from typer.testing import CliRunner, Result

from partnership_os import __version__
from partnership_os.governance.audit import AuditReport
from partnership_os.graphs.wording.texts import SHARED, Texts
from partnership_os.surfaces import cli_session
from partnership_os.surfaces.cli import app, main
from partnership_os.surfaces.cli_records import show_audit
from partnership_os.surfaces.cli_render import Screen
from partnership_os.surfaces.cli_texts import CLI_PHRASES

Run = Callable[..., Result]
SOURCES = Path(cli_session.__file__).parent


def _command(*arguments: str, home: Path) -> list[str]:
    code = "from partnership_os.surfaces.cli import main; main()"
    return [sys.executable, "-c", code, "--home", str(home), *arguments]


def _environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PARTNERSHIP_")}
    return {**kept, **more}


def test_help_is_fast_and_loads_nothing_heavy() -> None:
    code = (
        "import sys; import partnership_os.surfaces.cli; "
        "heavy = {'langgraph', 'chromadb', 'langchain', 'langchain_core', 'numpy', 'sqlalchemy'}; "
        "print(sorted(heavy & {name.split('.')[0] for name in sys.modules}))"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == "[]"
    used: list[float] = []
    for _ in range(2):
        before = os.times()
        subprocess.run(_command("--help", home=Path("none")), capture_output=True, check=True)
        after = os.times()
        used.append(after.children_user + after.children_system - before.children_user - before.children_system)
    assert min(used) < 0.5


def test_every_command_has_the_common_options_and_an_example() -> None:
    names = [
        *("import", "discover", "card", "inbox", "approve", "reject", "ledger", "policy", "chat"),
        *("review", "edit", "propose", "revoke", "escalate", "delegation add", "delegation list", "delegation end"),
        *("outbox list", "outbox deliver", "outbox redrive", "evidence pack", "evidence verify"),
        *("audit anchor", "audit export", "database status", "database upgrade"),
        *("deal start", "deal show", "deal resume", "deal list", "user add", "user list"),
        *("user change", "user token", "user revoke"),
        *("audit verify", "schema export"),
    ]
    for name in names:
        shown = CliRunner().invoke(app, [*name.split(), "--help"], env={"COLUMNS": "120"}).stdout
        assert "--json" in shown, name
        assert "--lang" in shown, name
        assert f"partnership {name}" in shown, name


def test_version() -> None:
    assert CliRunner().invoke(app, ["--version"]).stdout == f"partnership {__version__}\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["import"],
        ["user", "add", "X", "--level", "emperor"],
        ["inbox", "--lang", "fr"],
        ["import", "a.csv", "--map", "name"],
        ["import", "a.csv", "--source-kind", "gossip"],
        ["import", "a.csv", "--retrieved-on", "yesterday"],
        ["discover"],
        ["user", "change", "pe_x"],
        ["user", "change", "pe_x", "--level", "emperor"],
    ],
)
def test_usage_errors_have_code_2(run: Run, arguments: list[str]) -> None:
    assert run(*arguments, code=2).stdout == ""


def test_errors_say_what_to_do_on_stderr(run: Run) -> None:
    failed = run("card", "No Such Company", code=1)
    assert failed.stdout == ""
    assert "Fix:" in failed.stderr
    assert "Who must act: the person who runs the command" in failed.stderr
    assert "الحل" in run("card", "No Such Company", "--lang", "ar", code=1).stderr
    error = json.loads(run("card", "No Such Company", "--json", code=1).stderr)
    assert error["error"] == "InputError"
    assert json.loads(run("--json", "card", "No Such Company", code=1).stderr) == error


def test_an_unexpected_error_is_one_line_without_debug(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: object) -> object:
        raise KeyError("the lost key")

    monkeypatch.setattr("partnership_os.graphs.workspace.Workspace.people", broken)
    told = run("user", "list", code=1)
    assert told.stderr.splitlines()[0] == "KeyError: 'the lost key'"
    assert "Traceback" not in told.stderr
    assert "Traceback" in run("user", "list", "--debug", code=1).stderr
    assert json.loads(run("user", "list", "--json", code=1).stderr)["who_must_act"] == "developer"


def test_a_full_disk_is_the_operators(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: object) -> object:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("partnership_os.graphs.workspace.Workspace.people", full)
    assert json.loads(run("user", "list", "--json", code=1).stderr)["who_must_act"] == "operator"


def test_ctrl_c_ends_quietly(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(self: object) -> object:
        raise KeyboardInterrupt

    monkeypatch.setattr("partnership_os.graphs.workspace.Workspace.people", stopped)
    assert run("user", "list", code=130).stderr == ""


def test_wrong_settings_are_the_operators(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["inbox", "--json"], env={"PARTNERSHIP_APPROVAL_DAYS": "0"})
    assert result.exit_code == 1
    assert "PARTNERSHIP_APPROVAL_DAYS" in json.loads(result.stderr)["message"]


def test_piped_output_has_no_colours_and_a_closed_pipe_is_quiet(home: Path) -> None:
    piped = subprocess.run(
        _command("policy", home=home), capture_output=True, text=True, env=_environment(), check=True
    )
    assert "\x1b" not in piped.stdout
    assert "issue_term_sheet" in piped.stdout
    assert max(len(line) for line in piped.stdout.splitlines()) <= 80
    closed = subprocess.run(
        ["bash", "-c", '"$@" | head -n 1', "_", *_command("policy", "--json", home=home)],
        capture_output=True,
        text=True,
        env=_environment(),
        check=True,
    )
    assert closed.stdout == "{\n"
    assert closed.stderr == ""


def test_json_is_utf8_whatever_the_locale(home: Path) -> None:
    done = subprocess.run(
        _command("card", "Najd Test Systems", "--json", home=home),
        capture_output=True,
        env=_environment(LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0", PYTHONIOENCODING="ascii"),
        check=True,
    )
    assert json.loads(done.stdout.decode("utf-8"))["company_name_ar"] == "شركة نجد الاختبارية"
    assert "شركة نجد".encode() in done.stdout


def test_people(run: Run) -> None:
    added = run("user", "add", "Noura", "--level", "c-level", "--legal").stdout
    token = re.search(r"Token: (\S+)", added)
    person = re.search(r"Id: (pe_\S+)", added)
    assert token is not None
    assert person is not None
    listed = run("user", "list", "--json").stdout
    assert token.group(1) not in listed
    assert json.loads(listed)[0]["legal"] is True
    assert "Noura" in run("user", "list", "--lang", "ar").stdout
    revoked = json.loads(run("user", "revoke", person.group(1), "--json").stdout)
    assert revoked == {"person_id": person.group(1), "tokens_ended": 1}
    assert "no token was valid" in run("user", "revoke", person.group(1)).stdout


def test_authority_can_be_changed_and_a_lost_token_replaced(
    run: Run, new_person: Callable[..., tuple[str, str]]
) -> None:
    person, lost = new_person("manager")
    changed = json.loads(run("user", "change", person, "--level", "vp", "--legal", "--json").stdout)
    assert (changed["level"], changed["legal"], changed["active"]) == ("vp", True, True)
    shown = run("user", "change", person, "--no-legal", "--inactive").stdout
    assert person in shown
    (listed,) = json.loads(run("user", "list", "--json").stdout)
    assert (listed["level"], listed["legal"], listed["active"]) == ("vp", False, False)
    run("user", "change", person, "--active")
    token = json.loads(run("user", "token", person, "--json").stdout)["token"]
    refused = json.loads(run("approve", "cm_none", "--json", token=lost, code=1).stderr)
    known = json.loads(run("approve", "cm_none", "--json", token=token, code=1).stderr)
    assert refused["message"] == "The token was not accepted."
    assert known["message"] == "There is no such commitment."
    again = run("user", "token", person).stdout
    assert person in again
    assert "shown this once" in " ".join(again.split())
    assert json.loads(run("audit", "verify", "--json").stdout)["ok"] is True


def test_audit_tells_a_broken_log(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "is whole" in run("audit", "verify").stdout
    broken = AuditReport(ok=False, size=2, head="0" * 64, anchored=2, first_bad_seq=2, reason="changed")
    monkeypatch.setattr("partnership_os.graphs.evidence_desk.EvidenceDesk.verify_audit", lambda self, *_: broken)
    assert "First bad event: 2" in run("audit", "verify", code=1).stdout
    assert json.loads(run("audit", "verify", "--json", code=1).stdout)["ok"] is False


def test_schemas_are_written(run: Run, tmp_path: Path) -> None:
    answer = json.loads(run("schema", "export", str(tmp_path / "schemas"), "--json").stdout)
    assert sorted(answer["files"]) == sorted(str(path) for path in (tmp_path / "schemas").iterdir())
    assert f"{len(answer['files'])} JSON Schemas" in run("schema", "export", str(tmp_path / "schemas")).stdout


def test_policy_lists_all_three_classes(run: Run) -> None:
    assert {rule["action_class"] for rule in json.loads(run("policy", "--json").stdout)["actions"]} == {"A", "B", "C"}


def test_every_phrase_that_is_used_exists_in_both_languages() -> None:
    known = {**SHARED, **CLI_PHRASES}
    for english, arabic in known.values():
        assert english
        assert arabic
        assert set(re.findall(r"{(\w+)}", arabic)) == set(re.findall(r"{(\w+)}", english))
    used: set[str] = set()
    for source in SOURCES.glob("cli*.py"):
        text = source.read_text(encoding="utf-8")
        used |= set(re.findall(r"(?:say|fact|heading|texts|note|Column)\(\s*\"([\w.]+)\"", text))
    assert used <= known.keys()
    assert len(used) > 60


def test_values_inside_phrases_are_shown_and_isolated() -> None:
    arabic = Texts("ar")
    line = arabic("deal.rejected", partner="Al Noor\u202eLtd.")
    assert "\u2068Al Noor[U+202E]Ltd.\u2069" in line
    nested = arabic("approval.legal", level=arabic("level.vp"))
    assert "\u2068" not in nested
    assert Texts("en")("deal.rejected", partner="Al Noor") == "The deal with Al Noor was rejected."


def test_bars_on_a_terminal_and_lines_in_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    for terminal in (True, False):
        out = StringIO()
        monkeypatch.setattr(
            cli_session, "_console", lambda stderr, out=out, at=terminal: Console(file=out, force_terminal=at, width=80)
        )
        with cli_session.Session().progress() as move:
            move("read", 1, 2)
            move("read", 2, 2)
        assert "read" in out.getvalue()
        assert ("2/2" in out.getvalue()) is not terminal


def test_main_is_the_entry_point(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["partnership", "--version"])
    with pytest.raises(SystemExit) as done:
        main()
    assert done.value.code == 0
    assert __version__ in capsys.readouterr().out


def test_notes_for_people_go_to_stderr(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    out = StringIO()
    monkeypatch.setattr(cli_session, "_console", lambda stderr: Console(file=out, width=80))
    session = cli_session.Session()
    session.take(None, "ar", False, False)
    session.note("token_file_open", path=tmp_path)
    assert "تحذير" in out.getvalue()


def test_a_broken_log_without_a_reason_is_still_told() -> None:
    out = StringIO()
    screen = Screen(Console(file=out, width=80), "en")
    show_audit(screen, AuditReport(ok=False, size=0, head="0" * 64, anchored=None))
    assert "NOT whole: –" in out.getvalue()
