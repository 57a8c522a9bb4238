"""The commands about anchors, exports and evidence packs, as people and scripts use them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from partnership_os.governance.audit import LogTrouble
from partnership_os.graphs.evidence.verification import CHECKS
from partnership_os.surfaces.cli import app
from partnership_os.surfaces.cli_texts_evidence import EVIDENCE_PHRASES

Run = Callable[..., Result]
NewPerson = Callable[..., tuple[str, str]]


def _alone(*arguments: str, code: int = 0) -> Result:
    """A command on a machine that has nothing of ours but a file."""
    result = CliRunner().invoke(app, list(arguments), env={"COLUMNS": "80", "PARTNERSHIP_HOME": "/nowhere/at/all"})
    assert result.exit_code == code, f"{result.stdout}\n{result.stderr}\n{result.exception!r}"
    return result


@pytest.fixture
def commitment(run: Run, files: Path, new_person: NewPerson) -> str:
    asking, deciding = new_person("analyst")[1], new_person("director")[1]
    need = str(files / "need.json")
    started = run("deal", "start", "--partner", "Najd Test Systems", "--need", need, "--json", token=asking)
    commitment_id = str(json.loads(started.stdout)["commitment_id"])
    run("approve", commitment_id, "--json", token=deciding)
    return commitment_id


def test_every_check_and_trouble_has_its_words() -> None:
    told = {key.removeprefix("check.") for key in EVIDENCE_PHRASES if key.startswith("check.")}
    assert told == {"archive", *CHECKS}
    troubles = {key.removeprefix("audit.trouble.") for key in EVIDENCE_PHRASES if key.startswith("audit.trouble.")}
    assert troubles == {trouble.value for trouble in LogTrouble}


def test_a_pack_is_made_and_verified_elsewhere(run: Run, commitment: str, home: Path, tmp_path: Path) -> None:
    said = run("evidence", "pack", commitment, "--out", "deal.zip").stdout
    assert "internal" in said
    assert "partnership evidence verify deal.zip" in said
    assert (tmp_path / "deal.zip").stat().st_mode & 0o077 == 0
    shown = " ".join(_alone("evidence", "verify", "deal.zip").stdout.split())
    assert f"The pack of {commitment} (committed) is whole." in shown
    assert "checked with the keys inside the pack" in shown
    keys = home / "keys"
    one = " ".join(_alone("evidence", "verify", "deal.zip", "--key", str(keys / "approval_verify.pub")).stdout.split())
    assert "decisions and delegations were checked with the key that you gave with --key" in one
    assert "of the manifest were checked with the key inside the pack" in one
    other = ("evidence", "verify", "deal.zip", "--anchor-key", str(keys / "anchor_verify.pub"))
    two = " ".join(_alone(*other).stdout.split())
    assert "decisions and delegations were checked with the key inside the pack" in two
    assert "of the manifest were checked with the key that you gave with --anchor-key" in two
    report = json.loads(
        _alone(
            *("evidence", "verify", "deal.zip", "--json", "--key", str(keys / "approval_verify.pub")),
            *("--anchor-key", str(keys / "anchor_verify.pub")),
        ).stdout
    )
    assert (report["ok"], report["keys_were_given"], report["commitment_id"]) == (True, True, commitment)
    arabic = _alone("evidence", "verify", "deal.zip", "--lang", "ar").stdout
    assert "سليمة" in arabic
    assert "FAILED" not in arabic


def test_a_changed_pack_exits_with_one_and_names_the_check(run: Run, commitment: str, tmp_path: Path) -> None:
    answer = json.loads(run("evidence", "pack", commitment, "--json").stdout)
    file = tmp_path / answer["file"]
    file.write_bytes(file.read_bytes().replace(b"INTERNAL", b"EXTERNAL"))
    shown = _alone("evidence", "verify", str(file), code=1).stdout
    assert "FAILED: the archive" in shown
    assert "auditor" in shown
    arabic = _alone("evidence", "verify", str(file), "--lang", "ar", code=1).stdout
    assert "ليس حزمة أدلة" in arabic
    _alone("evidence", "verify", "none.zip", code=1)


def test_the_log_is_exported_and_verified_elsewhere(run: Run, commitment: str, home: Path, tmp_path: Path) -> None:
    raw = run("audit", "export").stdout_bytes
    run("audit", "export", "--out", "log.jsonl")
    assert (tmp_path / "log.jsonl").read_bytes() == raw
    lines = raw.splitlines(keepends=True)
    assert b"".join(lines[2:]) == run("audit", "export", "--since", "3").stdout_bytes
    assert "cannot be excluded" in " ".join(_alone("audit", "verify", "--file", "log.jsonl").stdout.split())
    run("audit", "anchor", "--out", "kept.anchor")
    key = str(home / "keys" / "anchor_verify.pub")
    against = ("audit", "verify", "--file", "log.jsonl", "--anchor", "kept.anchor")
    report = json.loads(_alone(*against, "--key", key, "--json").stdout)
    assert (report["ok"], report["size"], report["anchors"]) == (True, len(lines), 1)
    assert "signatures of the anchors were not checked" in " ".join(_alone(*against).stdout.split())
    said = " ".join(_alone(*against, "--key", key).stdout.split())
    assert "It agrees with the one anchor" in said
    assert "The anchor kept in kept.anchor counted" in said
    assert "kept.anchor" in run("audit", "verify", "--anchor", "kept.anchor").stdout
    assert "counted" not in run("audit", "verify").stdout
    (tmp_path / "log.jsonl").write_bytes(b"".join(lines[:-1]))
    cut = _alone(*against, "--key", key, code=1).stdout
    assert f"First bad event: {len(lines)}" in cut
    assert "counted" not in cut
    arabic = _alone(*against, "--lang", "ar", code=1).stdout
    assert "اقتُطع السجل" in arabic and "the log was cut" not in arabic
    (tmp_path / "log.jsonl").write_bytes(raw[:-5])
    torn = json.loads(_alone(*against, "--json", code=1).stdout)
    assert (torn["trouble"], torn["who_must_act"], torn["first_bad_seq"]) == ("torn", "operator", len(lines))


def test_an_anchor_is_shown_so_that_it_can_be_written_down(run: Run, commitment: str) -> None:
    made = json.loads(run("audit", "anchor", "--json").stdout)
    shown = run("audit", "anchor").stdout
    for value in (str(made["size"]), made["head"], made["key_id"]):
        assert value in shown
    assert "Signature: " in shown
    assert run("audit", "anchor", "--lang", "ar").stdout.startswith("سجل التدقيق سليم")


def test_a_lost_anchor_is_adopted_by_a_person_who_was_asked(run: Run, commitment: str, home: Path) -> None:
    (home / "audit.anchor").unlink()
    report = json.loads(run("audit", "verify", "--json", code=1).stdout)
    assert (report["trouble"], report["who_must_act"]) == ("no_anchor", "operator")
    assert "audit anchor --adopt" in run("audit", "verify", code=1).stdout
    assert "audit anchor --adopt" in run("audit", "anchor", code=1).stderr
    refused = run("audit", "anchor", "--adopt", stdin="n\n", code=1)
    assert report["head"] in refused.stdout
    assert not (home / "audit.anchor").exists()
    run("audit", "anchor", "--adopt", stdin="y\n")
    assert json.loads(run("audit", "verify", "--json").stdout)["ok"] is True
    assert "agrees with its anchor" in run("audit", "anchor", "--adopt", "--yes", code=1).stderr


def test_the_anchor_can_be_kept_in_a_second_place(run: Run, new_person: NewPerson, tmp_path: Path, home: Path) -> None:
    new_person("analyst")
    elsewhere = tmp_path / "elsewhere.anchor"
    second = {"PARTNERSHIP_ANCHOR_FILE": str(elsewhere)}
    run("audit", "anchor", "--adopt", "--yes", settings=second)
    assert elsewhere.exists()
    run("user", "add", "A director", "--level", "director", settings=second)
    size = json.loads(run("audit", "verify", "--json", settings=second).stdout)["size"]
    assert json.loads(elsewhere.read_text().splitlines()[-1])["size"] == size
