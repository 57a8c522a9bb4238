"""``partnership outbox``: what a person sees of a message on its way out, and what they are told to do next."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from partnership_os.governance.courier import PermanentDeliveryError
from partnership_os.tools.file_courier import FileCourier

Run = Callable[..., Result]


@pytest.fixture
def committed(run: Run, files: Path, new_person: Callable[..., tuple[str, str]]) -> dict[str, Any]:
    """A deal that was approved, so that its message waits."""
    asking, deciding = new_person("analyst")[1], new_person("director")[1]
    need = str(files / "need.json")
    started = run("deal", "start", "--partner", "Najd Test Systems", "--need", need, "--json", token=asking)
    answer: dict[str, Any] = json.loads(started.stdout)
    run("approve", answer["commitment_id"], token=deciding)
    return answer


def words(result: Result) -> str:
    return " ".join(result.stdout.split())


def listed(run: Run, *options: str) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = json.loads(run("outbox", "list", "--json", *options).stdout)
    return messages


def refuse(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail(*_: Any) -> None:
        raise error

    monkeypatch.setattr(FileCourier, "deliver", fail)


def test_a_commitment_leaves_as_files_and_nobody_needs_a_token(run: Run, committed: dict[str, Any], home: Path) -> None:
    (waiting,) = listed(run)
    assert (waiting["status"], waiting["message"]["idempotency_key"]) == ("waiting", committed["commitment_id"])
    assert "partnership outbox deliver" in words(run("outbox", "list"))
    sent = json.loads(run("outbox", "deliver", "--json").stdout)
    assert [message["status"] for message in sent["messages"]] == ["delivered"]
    folder = home / "outgoing" / "issue_term_sheet"
    assert {path.name for path in folder.iterdir()} == {
        f"{committed['commitment_id']}.{end}" for end in ("json", "txt")
    }
    document = json.loads((folder / f"{committed['commitment_id']}.json").read_text(encoding="utf-8"))["document"]
    assert document["digest"] == committed["digest"]
    text = (folder / f"{committed['commitment_id']}.txt").read_text(encoding="utf-8")
    for clause in document["terms"]["clauses"]:
        assert clause["title"]["en"] in text and clause["title"]["ar"] in text
    shown = words(run("outbox", "list"))
    assert "nothing is left to do" in shown and f"outgoing/issue_term_sheet/{committed['commitment_id']}.json" in shown
    assert words(run("outbox", "deliver")) == "Nothing is due now."
    assert json.loads(run("audit", "verify", "--json").stdout)["ok"] is True


def test_what_failed_says_when_it_goes_on_and_who_removes_the_cause(
    run: Run, committed: dict[str, Any], home: Path
) -> None:
    (home / "outgoing").write_text("in the way", encoding="utf-8")
    text = words(run("outbox", "deliver"))
    for part in ("not sent yet. Failed attempts: 1.", "File exists", "the operator of this installation removes it"):
        assert part in text
    assert "The next message is due on" in words(run("outbox", "deliver"))
    arabic = words(run("outbox", "list", "--lang", "ar"))
    for part in ("لم تُرسل بعد", "تتعذّر كتابة الملف", "الملف موجود", "مشغّل هذا التثبيت"):
        assert part in arabic
    assert [message["status"] for message in listed(run)] == ["retrying"]


def test_what_was_given_up_is_listed_and_driven_again(
    run: Run, committed: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert words(run("outbox", "list", "--dead")) == "No message was given up."
    with monkeypatch.context() as patch:
        refuse(patch, PermanentDeliveryError("no such address"))
        text = words(run("outbox", "deliver", code=1))
    (dead,) = listed(run, "--dead")
    message_id = dead["message"]["message_id"]
    for part in ("NOT sent", "Reason: no such address", "operator", f"partnership outbox redrive {message_id}"):
        assert part in text
    assert "توقفت محاولات إرسالها" in words(run("outbox", "list", "--dead", "--lang", "ar"))
    assert "due again" in words(run("outbox", "redrive", message_id))
    again = run("outbox", "redrive", message_id, "--json", code=1)
    assert "is waiting" in json.loads(again.stderr)["message"]
    run("outbox", "deliver")
    assert [message["status"] for message in listed(run)] == ["delivered"]


def test_a_refused_message_calls_an_auditor(run: Run, committed: dict[str, Any], home: Path) -> None:
    with sqlite3.connect(home / "partnership.sqlite") as connection:
        connection.execute("UPDATE outbox SET body = replace(body, 'document_version\":1', 'document_version\":2')")
    connection.close()
    text = words(run("outbox", "deliver", code=1))
    for part in ("It is not what the audit log says.", "An auditor must act", "partnership audit verify"):
        assert part in text
    arabic = words(run("outbox", "list", "--dead", "--lang", "ar"))
    assert "لا توافق سجل التدقيق" in arabic and "على مدقق أن يتصرف" in arabic
    assert not (home / "outgoing").exists()


@pytest.mark.parametrize(("language", "part"), [("en", "no message ob_nobody"), ("ar", "لا توجد رسالة بالمعرّف")])
def test_a_message_that_is_not_there(run: Run, language: str, part: str) -> None:
    refused = run("outbox", "redrive", "ob_nobody", "--lang", language, code=1)
    assert part in " ".join(refused.stderr.split())
    assert "partnership outbox list --dead" in refused.stderr


def test_an_empty_outbox_says_what_fills_it(run: Run) -> None:
    assert "takes effect" in words(run("outbox", "list"))
    assert "صندوق الصادر فارغ" in words(run("outbox", "list", "--lang", "ar"))
    assert listed(run) == []


def test_a_watching_worker_looks_again_until_it_is_stopped(
    run: Run, committed: dict[str, Any], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 1:
            return
        raise KeyboardInterrupt

    monkeypatch.setattr("partnership_os.surfaces.cli_outbox.sleep", sleep)
    watched = run("outbox", "deliver", "--watch", "30", "--json", code=130)
    assert slept == [30, 30]
    assert [message["status"] for message in json.loads(watched.stdout)["messages"]] == ["delivered"]
    assert (home / "outgoing").is_dir()


def test_a_row_that_cannot_be_read_is_named_by_every_run(run: Run, committed: dict[str, Any], home: Path) -> None:
    broken = listed(run)[0]["message"]["message_id"]
    with sqlite3.connect(home / "partnership.sqlite") as database:
        database.execute("UPDATE outbox SET kind = 'sign_agreement'")
    for _ in range(2):
        assert json.loads(run("outbox", "deliver", "--json", code=1).stdout)["unreadable"] == [broken]
    shown = words(run("outbox", "deliver", code=1))
    assert f"{broken} CANNOT be read" in shown and "partnership audit verify" in shown
    assert "تتعذّر قراءة" in words(run("outbox", "deliver", "--lang", "ar", code=1))
    assert json.loads(run("audit", "verify", "--json", code=1).stdout)["row_id"] == broken


def test_a_deal_says_that_its_message_was_sent_or_given_up(
    run: Run, committed: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    thread = committed["thread_id"]
    assert "waits in the outbox" in words(run("deal", "show", thread))
    with monkeypatch.context() as broken:
        refuse(broken, PermanentDeliveryError("The courier gave no reason."))
        run("outbox", "deliver", code=1)
    stuck = words(run("deal", "show", thread))
    assert "could not be sent and was given up" in stuck and "partnership outbox list --dead" in stuck
    (dead,) = listed(run)
    run("outbox", "redrive", dead["message"]["message_id"])
    run("outbox", "deliver")
    (sent,) = listed(run)
    moment = sent["delivered_at"][:16].replace("T", " ")
    shown = words(run("deal", "resume", thread))
    assert f"was sent on {moment} (UTC); nothing is left to do" in shown
    assert "waits in the outbox" not in shown and "outbox deliver" not in shown
    assert "ينتظر في صندوق الصادر" not in words(run("deal", "show", thread, "--lang", "ar"))
