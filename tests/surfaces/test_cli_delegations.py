"""Authority that is lent for a time, and the reminders of what waits, as a person sees them at the terminal."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

Run = Callable[..., Result]
NewPerson = Callable[..., tuple[str, str]]


@pytest.fixture
def started(run: Run, files: Path, new_person: NewPerson) -> dict[str, Any]:
    """A distribution deal that waits for a director."""
    need = str(files / "need.json")
    asking = new_person("analyst")[1]
    answer = run("deal", "start", "--partner", "Najd Test Systems", "--need", need, "--json", token=asking)
    state: dict[str, Any] = json.loads(answer.stdout)
    return state


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Every command from now on runs so many hours later than now."""

    def turn(hours: float) -> None:
        def clock() -> datetime:
            return datetime.now(UTC) + timedelta(hours=hours)

        monkeypatch.setattr("partnership_os.graphs.workspace.system_clock", clock)

    return turn


def _flat(result: Result) -> str:
    return " ".join(result.stdout.split())


def test_a_delegate_approves_for_the_one_who_is_away(run: Run, started: dict[str, Any], new_person: NewPerson) -> None:
    director, lending = new_person("director")
    manager, using = new_person("manager")
    commitment = started["commitment_id"]
    assert "A manager (manager) cannot give an approval" in run("approve", commitment, token=using, code=1).stderr
    lent = run(
        *("delegation", "add", "--to", manager, "--level", "director", "--days", "7", "--reason", "on leave"),
        *("--type", "distribution", "--max-value", "500,000 SAR"),
        token=lending,
    )
    shown = _flat(lent)
    assert f"A manager ({manager}) may now decide on behalf of A director ({director}): up to Director" in shown
    assert "for the types: distribution" in shown
    assert "up to 500,000.00 SAR" in shown
    assert f"partnership approve {commitment} --for {director} --home" in shown
    assert f"partnership approve {commitment} --for {director}" in _flat(run("inbox"))
    (listed,) = json.loads(run("delegation", "list", "--json").stdout)
    assert (listed["state"], listed["delegate"], listed["delegator"]) == ("live", manager, director)
    done = json.loads(run("approve", commitment, "--for", director, "--json", token=using).stdout)
    assert (done["status"], done["next"]) == ("committed", [])
    view = json.loads(run("deal", "show", started["thread_id"], "--json").stdout)
    (decision,) = view["decisions"]
    assert (decision["decided_by"], decision["on_behalf_of"]) == (manager, director)
    shown = _flat(run("deal", "show", started["thread_id"]))
    assert f"Approved by A manager ({manager}) on behalf of A director ({director}), as Director." in shown
    assert json.loads(run("audit", "verify", "--json").stdout)["ok"] is True


def test_a_delegation_that_ended_is_worth_nothing(run: Run, started: dict[str, Any], new_person: NewPerson) -> None:
    director, lending = new_person("director")
    manager, using = new_person("manager")
    lend = ("delegation", "add", "--to", manager, "--level", "director", "--reason", "travel")
    made = json.loads(run(*lend, "--json", token=lending).stdout)
    assert made["waiting"] == [started["commitment_id"]]
    ended = _flat(run("delegation", "end", made["delegation_id"], token=lending))
    assert f"A manager ({manager}) may no longer decide on behalf of A director ({director})" in ended
    assert "partnership inbox" in ended
    refused = run("approve", started["commitment_id"], "--for", director, token=using, code=1)
    assert "No delegation lets A manager" in refused.stderr
    (listed,) = json.loads(run("delegation", "list", "--json").stdout)
    assert listed["state"] == "ended"
    assert "ended on" in run("delegation", "list").stdout
    assert "أُنهي في" in run("delegation", "list", "--lang", "ar").stdout
    assert json.loads(run("ledger", "--json").stdout) == []


def test_what_the_requester_lent_does_not_approve_their_own_deal(run: Run, files: Path, new_person: NewPerson) -> None:
    asker, asking = new_person("director")
    helper, using = new_person("director")
    need = str(files / "need.json")
    deal = run("deal", "start", "--partner", "Najd Test Systems", "--need", need, "--json", token=asking)
    lent = run("delegation", "add", "--to", helper, "--level", "director", "--reason", "leave", token=asking)
    assert f"What A director ({asker}) asked for, A director ({helper}) cannot approve" in _flat(lent)
    commitment = json.loads(deal.stdout)["commitment_id"]
    for behalf in ((), ("--for", asker)):
        run("approve", commitment, *behalf, token=using, code=1)
    assert json.loads(run("ledger", "--json").stdout) == []


def test_what_cannot_be_lent_is_said(run: Run, new_person: NewPerson) -> None:
    _, lending = new_person("manager")
    other, _ = new_person("analyst")
    base = ("delegation", "add", "--to", other, "--reason", "leave")
    above = run(*base, "--level", "director", token=lending, code=1)
    assert "cannot delegate director" in above.stderr
    arabic = run(*base, "--level", "director", "--lang", "ar", token=lending, code=1).stderr
    assert "فلا يستطيع تفويض مستوى مدير إدارة" in arabic
    assert "no legal role" in run(*base, "--level", "manager", "--legal", token=lending, code=1).stderr
    assert "no amount such as" in run(*base, "--level", "manager", "--max-value", "much", token=lending, code=2).stderr
    wrong = ("delegation", "add", "--to", "Nobody", "--level", "manager", "--reason", "leave")
    assert "--to" in run(*wrong, token=lending, code=2).stderr
    assert "No token was given" in run(*base, "--level", "manager", token=None, code=1).stderr
    assert "Nobody has lent authority" in run("delegation", "list").stdout


def test_nothing_is_late_at_first(run: Run, started: dict[str, Any], new_person: NewPerson) -> None:
    new_person("director")
    assert "Nobody had to be reminded" in run("escalate").stdout
    assert json.loads(run("escalate", "--json").stdout) == []
    (waiting,) = json.loads(run("inbox", "--json").stdout)
    assert waiting["sla"]["stage"] == "on_time"
    assert "has waited for less than 1 h: on time" in _flat(run("inbox"))
    assert "ينتظر منذ أقل من ساعة" in _flat(run("inbox", "--lang", "ar"))
    assert started["commitment_id"] in run("inbox").stdout


def test_what_waits_too_long_is_told_once_and_nothing_is_decided(
    run: Run, started: dict[str, Any], new_person: NewPerson, later: Callable[[float], None]
) -> None:
    director, deciding = new_person("director")
    vp, _ = new_person("vp")
    later(51)
    assert "nobody was reminded of that yet; the operator does it with: partnership escalate --home" in _flat(
        run("inbox")
    )
    told = json.loads(run("escalate", "--json").stdout)
    assert [mark["stage"] for mark in told] == ["warned", "breached"]
    assert all(set(mark["asked"]) == {director, vp} for mark in told)
    assert json.loads(run("escalate", "--json").stdout) == []
    later(75)
    shown = _flat(run("escalate", "--lang", "en"))
    assert "Najd Test Systems: late and escalated to the next level" in shown
    assert f"A director ({director})" in shown
    assert "Nothing was decided by this" in shown
    inbox = _flat(run("inbox"))
    assert "has waited for 3 d 3 h: late and escalated to the next level" in inbox
    assert f"A vp ({vp})" in inbox.split("reminded so far: ")[1]
    assert "ينتظر منذ 3 أيام و3 ساعات: متأخر، ورُفع إلى المستوى الأعلى" in _flat(run("inbox", "--lang", "ar")).translate(
        {0x2068: None, 0x2069: None}
    )
    assert json.loads(run("ledger", "--json").stdout) == []
    assert json.loads(run("audit", "verify", "--json").stdout)["ok"] is True
    assert (
        json.loads(run("approve", started["commitment_id"], "--json", token=deciding).stdout)["status"] == "committed"
    )


def test_an_answer_that_never_comes_ends_in_expiry(
    run: Run, started: dict[str, Any], new_person: NewPerson, later: Callable[[float], None]
) -> None:
    _, deciding = new_person("director")
    later(14 * 24 + 1)
    assert json.loads(run("escalate", "--json").stdout) == []
    assert json.loads(run("inbox", "--json").stdout) == []
    (deal,) = json.loads(run("deal", "list", "--json").stdout)
    assert deal["status"] == "expired"
    assert (
        "is expired and takes no more decisions"
        in run("approve", started["commitment_id"], token=deciding, code=1).stderr
    )
