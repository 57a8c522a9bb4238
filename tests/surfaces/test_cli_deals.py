import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from partnership_os.schemas.term_sheet import TermUnit, TermValue
from partnership_os.surfaces.cli_sheet import flattened, term_text

Run = Callable[..., Result]
NewPerson = Callable[..., tuple[str, str]]


@pytest.fixture
def start(run: Run, files: Path) -> Callable[..., Result]:
    def begin(*options: str, token: str | None, code: int = 0) -> Result:
        need = str(files / "need.json")
        return run("deal", "start", "--partner", "Najd Test Systems", "--need", need, *options, token=token, code=code)

    return begin


def test_the_way_from_start_to_ledger(run: Run, start: Callable[..., Result], new_person: NewPerson) -> None:
    requester, asking = new_person("analyst")
    approver, deciding = new_person("director")
    started = json.loads(start("--json", token=asking).stdout)
    assert started["status"] == "awaiting_approval"
    assert started["required_approvals"] == [{"min_level": "director", "legal": False}]
    assert len(started["digest"]) == 64
    assert json.loads(run("ledger", "--json").stdout) == []
    (waiting,) = json.loads(run("inbox", "--json").stdout)
    assert waiting["commitment"]["commitment_id"] == started["commitment_id"]
    assert waiting["digest"] == started["digest"]
    decided = json.loads(run("approve", started["commitment_id"], "--note", "نعم", "--json", token=deciding).stdout)
    assert decided["status"] == "committed"
    (entry,) = json.loads(run("ledger", "--json").stdout)
    assert (entry["requested_by"], entry["approved_by"]) == (requester, [approver])
    assert entry["digest"] == started["digest"]
    shown = run("deal", "show", started["thread_id"]).stdout
    assert "“نعم”" in shown
    assert entry["entry_id"] in run("ledger").stdout
    assert json.loads(run("audit", "verify", "--json").stdout)["ok"] is True
    assert "committed" in run("deal", "list").stdout


def test_the_halt_says_what_waits_for_whom(run: Run, start: Callable[..., Result], new_person: NewPerson) -> None:
    asking = new_person("analyst")[1]
    text = start(token=asking).stdout
    (waiting,) = json.loads(run("inbox", "--json").stdout)
    commitment_id = waiting["commitment"]["commitment_id"]
    assert "Director or above" in " ".join(text.split())
    for words in ("review", "approve", "reject", "edit"):
        assert f"\n  partnership {words} {commitment_id}" in text
    for group in ("Economics", "Obligations of each side", "Service levels", "Exit"):
        assert f"\n{group}\n" in text
    inbox = run("inbox").stdout
    assert "Nobody in the directory can give the approval of Director or above" in " ".join(inbox.split())
    assert "\n  partnership user add NAME --level director --home" in inbox
    assert f"\n  partnership approve {commitment_id}" in inbox
    name, _ = new_person("director")
    assert f"Director or above: A director ({name})" in run("inbox").stdout


def test_every_digested_field_is_shown(run: Run, start: Callable[..., Result], new_person: NewPerson) -> None:
    started = json.loads(start("--json", token=new_person("analyst")[1]).stdout)
    text = " ".join(run("deal", "show", started["thread_id"]).stdout.split())
    view = json.loads(run("deal", "show", started["thread_id"], "--json").stdout)
    assert started["digest"] in text
    sheet = view["sheet"]
    for clause in sheet["clauses"]:
        for part in (clause["title"], clause["text"]):
            assert " ".join(part["en"].split()) in text
            assert " ".join(part["ar"].split()) in text
        for term in clause["terms"]:
            assert f"{term['name']} = " in text
    commitment = {key: value for key, value in view["commitment"].items() if key not in ("commitment_id", "terms")}
    for path, value in flattened(commitment):
        assert f"{path} = {' '.join(value.split())}" in text
    rest = {key: value for key, value in view["commitment"]["terms"].items() if key != "clauses"}
    for _, value in flattened(rest):
        assert " ".join(value.split()) in text


def test_the_sheet_in_arabic(run: Run, start: Callable[..., Result], new_person: NewPerson) -> None:
    started = json.loads(start("--json", token=new_person("analyst")[1]).stdout)
    text = run("deal", "show", started["thread_id"], "--lang", "ar").stdout
    assert "تنتظر موافقة" in text
    assert "شركة نجد الاختبارية" in text.splitlines()[0]
    assert "مع شركة نجد الاختبارية" in text
    assert run("--lang", "ar", "deal", "show", started["thread_id"]).stdout == text


def test_rejection_is_told(run: Run, start: Callable[..., Result], new_person: NewPerson) -> None:
    started = json.loads(start("--json", token=new_person("analyst")[1]).stdout)
    deciding = new_person("vp")[1]
    text = run("reject", started["commitment_id"], "--note", "margin", token=deciding).stdout
    assert "Rejected by A vp" in text
    assert "A analyst" in text.split("Next, ")[1]
    assert json.loads(run("inbox", "--json").stdout) == []
    assert json.loads(run("ledger", "--json").stdout) == []


def test_who_may_not_approve(run: Run, start: Callable[..., Result], new_person: NewPerson) -> None:
    _, asking = new_person("director")
    _, low = new_person("manager")
    started = json.loads(start("--json", token=asking).stdout)
    for token in (None, "wrong", asking, low):
        refused = run("approve", started["commitment_id"], "--json", token=token, code=1)
        assert refused.stdout == ""
        assert json.loads(refused.stderr)["error"] == "ApprovalError"
    assert json.loads(run("ledger", "--json").stdout) == []
    assert len(json.loads(run("inbox", "--json").stdout)) == 1


def test_a_deal_needs_a_requester(run: Run, start: Callable[..., Result]) -> None:
    error = start(token=None, code=1).stderr
    assert "partnership user add" in " ".join(error.split())
    assert json.loads(run("deal", "list", "--json").stdout) == []


def test_a_token_file_that_others_can_read_is_pointed_out(
    start: Callable[..., Result], new_person: NewPerson, tmp_path: Path
) -> None:
    secret = tmp_path / "token"
    secret.write_text(new_person("analyst")[1] + "\n", encoding="utf-8")
    secret.chmod(0o644)
    started = start("--token-file", str(secret), "--json", token=None)
    assert json.loads(started.stdout)["status"] == "awaiting_approval"
    assert "chmod 600" in json.loads(started.stderr)["note"]
    secret.chmod(0o600)
    assert start("--token-file", str(secret), token=None).stderr == ""


@pytest.mark.parametrize("content", [b"", b"two words", b"\xff\xfe"])
def test_a_token_file_holds_one_token(start: Callable[..., Result], tmp_path: Path, content: bytes) -> None:
    secret = tmp_path / "token"
    secret.write_bytes(content)
    assert "token file" in start("--token-file", str(secret), token=None, code=1).stderr
    assert "cannot be read" in start("--token-file", str(tmp_path / "none"), token=None, code=1).stderr


def test_a_deal_that_waits_can_be_woken_without_authority(
    run: Run, start: Callable[..., Result], new_person: NewPerson
) -> None:
    started = json.loads(start("--json", token=new_person("analyst")[1]).stdout)
    woken = json.loads(run("deal", "resume", started["thread_id"], "--json").stdout)
    assert woken["status"] == "awaiting_approval"
    assert "partnership approve" in run("deal", "resume", started["thread_id"]).stdout
    assert json.loads(run("ledger", "--json").stdout) == []


def test_lists_that_are_empty(run: Run) -> None:
    assert "Nothing waits" in run("inbox").stdout
    assert "No deal" in run("deal", "list").stdout
    assert "empty" in run("ledger").stdout
    assert "no people" in run("user", "list").stdout


def test_ids_stay_whole_in_tables(run: Run, start: Callable[..., Result], new_person: NewPerson) -> None:
    started = json.loads(start("--json", token=new_person("analyst")[1]).stdout)
    person, _ = new_person("director", "--legal")
    assert started["thread_id"] in run("deal", "list").stdout
    assert person in run("user", "list").stdout


@pytest.fixture
def government(run: Run, files: Path, tmp_path: Path, new_person: NewPerson) -> dict[str, Any]:
    """A government deal, which needs C-level and Legal, with the one who asked for it."""
    need = json.loads((files / "need.json").read_text(encoding="utf-8"))
    own = tmp_path / "government.json"
    own.write_text(json.dumps({**need, "need_id": "need_gov", "partnership_type": "government"}), encoding="utf-8")
    asking = new_person("director")[1]
    answer = run("deal", "start", "--partner", "Najd Test Systems", "--need", str(own), "--json", token=asking)
    state: dict[str, Any] = json.loads(answer.stdout)
    return state


def test_each_answer_of_a_government_deal_names_who_is_next(
    run: Run, government: dict[str, Any], new_person: NewPerson, home: Path
) -> None:
    chief, deciding = new_person("c-level")
    counsel, advising = new_person("manager", "--legal")
    commitment = government["commitment_id"]
    first = " ".join(run("approve", commitment, token=deciding).stdout.split())
    assert f"Approved by A c-level ({chief}) as C-level." in first
    assert f"Legal: A manager ({counsel}) Read it first" in first
    assert f"partnership review {commitment}" in first
    assert f"partnership approve {commitment}" in first
    again = json.loads(run("approve", commitment, "--json", token=deciding).stdout)
    command = f"partnership approve {commitment} --home {home}"
    assert again["next"] == [{"person_id": counsel, "name": "A manager", "on_behalf_of": None, "command": command}]
    inbox = " ".join(run("inbox").stdout.split())
    assert f"approved so far by A c-level ({chief})" in inbox
    last = " ".join(run("approve", commitment, token=advising).stdout.split())
    assert f"Approved by A manager ({counsel}) as Legal." in last
    assert "It is committed: le_" in last
    assert len(json.loads(run("ledger", "--json").stdout)) == 1


def test_an_approval_is_taken_back_and_the_next_one_is_named(
    run: Run, government: dict[str, Any], new_person: NewPerson
) -> None:
    chief, deciding = new_person("c-level")
    counsel, advising = new_person("manager", "--legal")
    commitment = government["commitment_id"]
    run("approve", commitment, token=deciding)
    refused = run("revoke", commitment, token=deciding, code=1).stderr
    assert "needs a reason" in refused
    assert "--note" in refused
    text = " ".join(run("revoke", commitment, "--note", "the market changed", token=deciding).stdout.split())
    assert f"Approval taken back by A c-level ({chief}) as C-level. Reason: “the market changed”" in text
    assert f"A c-level ({chief}) cannot approve it any more" in text
    people = text.split("Who must act, by ")[1]
    assert f"C-level: nobody Legal: A manager ({counsel})" in people
    assert f"({chief})" not in people
    assert "Nobody in the directory can give the approval of C-level; the operator adds" in people
    assert "partnership user add NAME --level c-level --home" in people
    other, _ = new_person("c-level")
    inbox = " ".join(run("inbox").stdout.split())
    assert f"C-level: A c-level ({other})" in inbox
    assert "Nobody in the directory" not in inbox
    again = run("approve", commitment, token=deciding, code=1).stderr
    assert f"A c-level ({other})" in again.split("Who must act: ")[1]
    assert f"\n  partnership review {commitment} --home" in again
    assert "has given no approval" in run("revoke", commitment, "--note", "me too", token=advising, code=1).stderr
    run("approve", commitment, token=advising)
    assert json.loads(run("ledger", "--json").stdout) == []
    assert json.loads(run("audit", "verify", "--json").stdout)["ok"] is True


def test_a_rejection_needs_a_reason_in_both_languages(
    run: Run, start: Callable[..., Result], new_person: NewPerson
) -> None:
    asker, asking = new_person("analyst")
    commitment = json.loads(start("--json", token=asking).stdout)["commitment_id"]
    deciding = new_person("director")[1]
    for note in ((), ("--note", "  ")):
        assert "needs a reason" in run("reject", commitment, *note, token=deciding, code=1).stderr
    assert (
        "يحتاج الرفض أو سحب الموافقة إلى سبب"
        in run("reject", commitment, "--lang", "ar", token=deciding, code=1).stderr
    )
    assert len(json.loads(run("inbox", "--json").stdout)) == 1
    arabic = run("reject", commitment, "--note", "الهامش", "--lang", "ar", token=deciding).stdout
    assert "السبب: «الهامش»" in arabic
    assert "والرفض نهائي لهذه النسخة" in arabic
    assert asker in arabic


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (TermValue(name="a", unit=TermUnit.SHARE, number="0.15"), "15 %"),
        (TermValue(name="a", unit=TermUnit.SHARE, number="0.125"), "12.5 %"),
        (TermValue(name="a", unit=TermUnit.SHARE, number="1"), "100 %"),
        (TermValue(name="a", unit=TermUnit.SHARE, number="0"), "0 %"),
        (TermValue(name="a", unit=TermUnit.MONEY, number="50000", currency="SAR"), "50,000.00 SAR"),
        (TermValue(name="a", unit=TermUnit.MONTHS, number="24"), "24 months"),
        (TermValue(name="a", unit=TermUnit.DAYS, number="30.50"), "30.5 days"),
        (TermValue(name="a", unit=TermUnit.COUNT, number="100"), "100"),
        (TermValue(name="a", unit=TermUnit.CHOICE, choice="none"), "none"),
    ],
)
def test_terms_are_written_with_their_unit(value: TermValue, text: str) -> None:
    assert term_text(value) == text


def test_a_deal_that_exists_is_said_to_exist(run: Run, start: Callable[..., Result], new_person: NewPerson) -> None:
    asking = new_person("analyst")[1]
    first = start(token=asking).stdout
    assert "exists already" not in first and "mdf_per_year" in first
    thread = json.loads(run("deal", "list", "--json").stdout)[0]["thread_id"]
    again = start(token=asking).stdout
    assert again.startswith(f"This deal exists already: {thread}; nothing new was made.")
    assert "mdf_per_year" not in again and "partnership approve cm_" in again
    assert len(json.loads(run("deal", "list", "--json").stdout)) == 1


def test_the_reason_of_an_edit_reaches_whoever_approves_it(
    run: Run, start: Callable[..., Result], new_person: NewPerson
) -> None:
    asking, deciding = new_person("analyst")[1], new_person("director")[1]
    made = json.loads(start("--json", token=asking).stdout)
    reason = "As agreed by phone with their CFO"
    edit = ("edit", made["commitment_id"], "--set", "mdf_per_year=12345 SAR", "--note", reason, "--json")
    edited = json.loads(run(*edit, token=deciding).stdout)
    assert f"Reason for the change: “{reason}”" in " ".join(run("review", edited["commitment_id"]).stdout.split())
    assert "Reason for the change" not in run("review", made["commitment_id"]).stdout
    assert reason in " ".join(run("deal", "show", made["thread_id"]).stdout.split())
    assert "سبب التعديل: «" in run("review", edited["commitment_id"], "--lang", "ar").stdout
    assert "kept in the audit log" in " ".join(run("edit", "--help").stdout.split())


def test_an_unknown_deal_points_to_the_list_of_deals(run: Run) -> None:
    assert "Take a thread id from `partnership deal list" in run("deal", "show", "nope", code=1).stderr
