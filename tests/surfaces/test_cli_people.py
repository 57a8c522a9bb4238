"""People and their tokens at the terminal: what is printed once, when it ends, and who is in the list."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from rich.console import Console
from typer.testing import Result

from partnership_os.surfaces.cli_render import Column, Screen

Run = Callable[..., Result]


def _people(run: Run) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in json.loads(run("user", "list", "--json").stdout)}


def _days_from_now(moment: str) -> float:
    return (datetime.fromisoformat(moment) - datetime.now(UTC)) / timedelta(days=1)


def test_a_token_says_when_it_ends(run: Run) -> None:
    shown = run("user", "add", "Noura", "--level", "director", "--days", "7").stdout
    token = re.search(r"Token: (pos_\S+)", shown)
    assert token is not None
    end = datetime.now(UTC) + timedelta(days=7)
    assert f"The token expires on {end:%Y-%m-%d}" in shown
    noura = _people(run)["Noura"]
    assert f"partnership user token {noura['person_id']}" in " ".join(shown.split())
    assert noura["token"]["state"] == "live"
    assert 6.9 < _days_from_now(noura["token"]["expires_at"]) <= 7
    assert f"token until {end:%Y-%m-%d}" in " ".join(run("user", "list").stdout.split())
    assert token.group(1) not in run("user", "list").stdout + run("user", "list", "--json").stdout
    assert "الرمز صالح حتى" in run("user", "list", "--lang", "ar").stdout


def test_the_setting_holds_where_nothing_is_said(run: Run) -> None:
    added = json.loads(run("user", "add", "Noura", "--level", "vp", "--json").stdout)
    assert 89.9 < _days_from_now(added["token_expires_at"]) <= 90
    shorter = run("user", "token", added["person_id"], "--json", settings={"PARTNERSHIP_TOKEN_DAYS": "3"})
    assert 2.9 < _days_from_now(json.loads(shorter.stdout)["token_expires_at"]) <= 3
    assert "--days" in run("user", "token", added["person_id"], "--days", "0", code=2).stderr


def test_a_token_that_expired_or_was_ended_opens_nothing(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    first = json.loads(run("user", "add", "Noura", "--level", "vp", "--days", "1", "--json").stdout)
    second = json.loads(run("user", "add", "Salem", "--level", "vp", "--json").stdout)
    run("user", "revoke", second["person_id"])
    assert _people(run)["Salem"]["token"]["state"] == "revoked"
    monkeypatch.setattr(
        "partnership_os.graphs.workspace.system_clock", lambda: datetime.now(UTC) + timedelta(days=1, minutes=1)
    )
    assert _people(run)["Noura"]["token"]["state"] == "expired"
    shown = " ".join(run("user", "list").stdout.split())
    assert "token expired on" in shown
    assert "token ended on" in shown
    lend = ("delegation", "add", "--to", second["person_id"], "--level", "vp", "--reason", "leave")
    for token in (first["token"], second["token"]):
        assert "The token was not accepted." in run(*lend, token=token, code=1).stderr


def test_tenants_are_shown_where_there_are_several(run: Run) -> None:
    run("user", "add", "Noura", "--level", "vp")
    assert "Tenant" not in run("user", "list").stdout
    run("user", "add", "Else", "--level", "vp", "--tenant", "jeddah")
    assert _people(run)["Else"]["tenant"] == "jeddah"
    listed = run("user", "list").stdout
    assert "Tenant" in listed
    assert "jeddah" in listed
    assert "--tenant" in run("user", "add", "Bad", "--level", "vp", "--tenant", "Not A Slug", code=2).stderr
    assert "Bad" not in _people(run)


def test_somebody_inactive_is_marked(run: Run) -> None:
    added = json.loads(run("user", "add", "Noura", "--level", "vp", "--legal", "--json").stdout)
    changed = run("user", "change", added["person_id"], "--inactive").stdout
    assert "inactive" in changed
    assert "VP, Legal" in " ".join(changed.split())


@pytest.mark.parametrize("name", ["", "  ", "\u200b\u2060", "\U0001f600", "...", "\u202e\u2069"])
def test_a_name_that_nobody_could_read_is_refused(run: Run, name: str) -> None:
    error = json.loads(run("user", "add", name, "--level", "vp", "--json", code=1).stderr)
    assert (error["error"], error["message"]) == ("InputError", "A name has at least one letter or digit.")
    assert "يتضمن الاسم حرفًا" in run("user", "add", name, "--level", "vp", "--lang", "ar", code=1).stderr
    assert _people(run) == {}


@pytest.mark.parametrize("name", ["نورة", "李", "É", "O'Neil 2"])
def test_a_name_of_any_script_is_taken(run: Run, name: str) -> None:
    run("user", "add", name, "--level", "vp")
    assert list(_people(run)) == [name]


def test_a_name_that_is_too_long_says_by_how_much(run: Run) -> None:
    assert "The name has 201 characters." in run("user", "add", "n" * 201, "--level", "vp", code=1).stderr


@pytest.mark.parametrize("width", ["50", "70", "80", "110"])
def test_our_own_isolates_are_never_shown_as_codes(run: Run, width: str) -> None:
    added = json.loads(run("user", "add", "Noura", "--level", "vp", "--legal", "--json").stdout)
    run("user", "change", added["person_id"], "--inactive")
    shown = run("user", "list", "--lang", "ar", settings={"COLUMNS": width}).stdout
    assert added["token_expires_at"][:10] in shown
    assert "U+20" not in shown
    for line in shown.splitlines():
        assert line.count("\u2068") == line.count("\u2069"), line


def test_a_cell_that_is_broken_inside_a_value_keeps_its_lines_apart() -> None:
    out = StringIO()
    screen = Screen(Console(file=out, width=30), "ar")
    screen.table(
        [Column("column.person", "id"), Column("column.state")],
        [["pe_0123456789", screen.texts("user.token_live", day="2027-02-21 and more words")]],
    )
    lines = out.getvalue().splitlines()
    assert sum("\u2068" in line for line in lines) > 1
    assert all(line.count("\u2068") == line.count("\u2069") for line in lines)


def test_somebody_inactive_gets_no_token_and_keeps_the_one_they_had(run: Run) -> None:
    added = json.loads(run("user", "add", "Noura", "--level", "vp", "--json").stdout)
    person = added["person_id"]
    run("user", "change", person, "--inactive")
    refused = run("user", "token", person, code=1)
    assert f"Noura ({person}) is inactive: a token would open nothing." in refused.stderr
    assert f"partnership user change {person} --active --home" in refused.stderr
    assert "pos_" not in refused.stdout + refused.stderr
    arabic = run("user", "token", person, "--lang", "ar", code=1).stderr
    assert "الحساب غير نشط" in arabic and "بالإنجليزية فقط" not in arabic
    run("user", "change", person, "--active")
    assert "pos_" in run("user", "token", person).stdout
    assert "Nobody has the id" in run("user", "token", "pe_none", code=1).stderr


def test_a_new_person_is_told_with_the_legal_role(run: Run) -> None:
    legal = ("--level", "manager", "--legal")
    assert "Huda was added: Manager, Legal." in run("user", "add", "Huda", *legal).stdout
    assert "أُضيف المستخدم: هدى، مدير، الشؤون القانونية." in run("user", "add", "هدى", *legal, "--lang", "ar").stdout


def test_ended_tokens_are_counted_in_words(run: Run) -> None:
    added = json.loads(run("user", "add", "Noura", "--level", "vp", "--json").stdout)
    assert f"{added['person_id']}: 1 token ended." in run("user", "revoke", added["person_id"]).stdout
    assert "no token was valid" in run("user", "revoke", added["person_id"]).stdout
