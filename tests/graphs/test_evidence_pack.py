"""The evidence pack: what it holds, that it can be verified from its file alone, and that no change to it passes."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from partnership_os.errors import ConfigurationError, InputError, IntegrityError
from partnership_os.governance import audit
from partnership_os.governance.anchoring import PRIVATE_FILE, PUBLIC_FILE, open_signer
from partnership_os.governance.delegation import DelegationDraft
from partnership_os.governance.signing import PRIVATE_FILE as APPROVAL_PRIVATE
from partnership_os.governance.signing import PUBLIC_FILE as APPROVAL_PUBLIC
from partnership_os.graphs.evidence.archive import MANIFEST, PURPOSE, SIGNATURE, json_file, read_archive, write_archive
from partnership_os.graphs.evidence.verification import Outcome, PackReport, verify_pack
from partnership_os.graphs.evidence_desk import EvidenceDesk
from partnership_os.graphs.workspace import Workspace
from partnership_os.schemas.commitment import DecisionOutcome
from partnership_os.schemas.need import OurCompany, PartnershipNeed
from partnership_os.schemas.partnership import ApprovalLevel
from partnership_os.settings import Settings
from partnership_os.testing import world
from partnership_os.testing.clock import TickingClock
from partnership_os.tools.company_import import ImportOptions

Files = dict[str, bytes]


class Deal:
    """A deal of the workspace, with the people about it."""

    def __init__(self, workspace: Workspace, need: PartnershipNeed) -> None:
        self.workspace = workspace
        self.requester, asking = workspace.add_person("Reem", ApprovalLevel.ANALYST)
        self.director, self.director_token = workspace.add_person("Dana", ApprovalLevel.DIRECTOR)
        self.deputy, self.deputy_token = workspace.add_person("Adel", ApprovalLevel.ANALYST)
        self.tokens = (asking, self.director_token, self.deputy_token)
        state = workspace.start_deal("Najd Test Systems", need, asking)
        assert state.commitment_id is not None
        self.commitment_id: str = state.commitment_id

    def lend(self) -> None:
        draft = DelegationDraft(delegate=self.deputy.person_id, reason="on leave")
        self.workspace.lend_authority(self.director_token, draft)

    def decide(self, token: str, outcome: str = "approve", behalf: str | None = None) -> None:
        note = None if outcome == "approve" else "the margin is too low"
        self.workspace.decide(self.commitment_id, token, DecisionOutcome(outcome), note, behalf)

    def pack(self) -> bytes:
        return EvidenceDesk(self.workspace.home).evidence_pack(self.commitment_id)

    @property
    def keys(self) -> Path:
        return self.workspace.home.folder / "keys"


@contextmanager
def _open_deal(folder: Path) -> Iterator[Deal]:
    row = {
        "name": "Najd Test Systems",
        "website": "najd-test.example",
        "country": "Saudi Arabia",
        "industry": "IT Services",
        "summary": world.ENGLISH_TEXT,
    }
    (folder / "companies.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    need = world.need(
        our_company=OurCompany(name="Example Software", country="SA", offers=("business_software",)),
        target_segments=("banking_sector", "healthcare_sector"),
    )
    with Workspace.open(Settings(home=folder / "home", _env_file=None), TickingClock()) as workspace:
        workspace.import_files([folder / "companies.jsonl"], ImportOptions(date(2026, 1, 10)))
        yield Deal(workspace, need)


@pytest.fixture
def deal(tmp_path: Path) -> Iterator[Deal]:
    """A deal that waits."""
    with _open_deal(tmp_path) as opened:
        yield opened


@pytest.fixture(scope="module")
def committed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deal]:
    """Committed by a deputy with the authority of the director; the tests of it only read."""
    with _open_deal(tmp_path_factory.mktemp("committed")) as opened:
        opened.lend()
        opened.decide(opened.deputy_token, behalf=opened.director.person_id)
        yield opened


@pytest.fixture
def verified(tmp_path: Path) -> Callable[..., PackReport]:
    def verify(
        content: bytes, approval_key: Path | None = None, anchor_key: Path | None = None, log: Path | None = None
    ) -> PackReport:
        path = tmp_path / "pack.zip"
        path.write_bytes(content)
        return verify_pack(path, approval_key, anchor_key, log)

    return verify


def _failed(report: PackReport) -> set[str]:
    return {check.name for check in report.checks if check.outcome is Outcome.FAILED}


def _not_applicable(report: PackReport) -> set[str]:
    return {check.name for check in report.checks if check.outcome is Outcome.NOT_APPLICABLE}


def _detail(report: PackReport, name: str) -> str:
    return next(check.detail for check in report.checks if check.name == name)


def _exported(deal: Deal, path: Path) -> Path:
    """The whole log, as an auditor has it from elsewhere."""
    with path.open("wb") as file:
        EvidenceDesk(deal.workspace.home).export_audit(file.write)
    return path


def _files(content: bytes, tmp_path: Path) -> Files:
    path = tmp_path / "read.zip"
    path.write_bytes(content)
    return read_archive(path).files


def _resummed(files: Mapping[str, bytes]) -> bytes:
    """What somebody without the anchor key can do after a change."""
    manifest = json.loads(files[MANIFEST])
    known = {item["name"]: item for item in manifest["files"]}
    names = sorted(set(files) - {MANIFEST, SIGNATURE})
    what = {"en": "x", "ar": "س"}
    manifest["files"] = [
        {
            **known.get(name, {"what": what}),
            "name": name,
            "size": len(files[name]),
            "sha256": sha256(files[name]).hexdigest(),
        }
        for name in names
    ]
    return write_archive({**files, MANIFEST: json_file(manifest)})


def _signed_again(content: bytes, tmp_path: Path, keys: Path) -> bytes:
    """What somebody with the anchor key, and not the key of the approval service, can do."""
    files = _files(content, tmp_path)
    signer = open_signer(keys)
    signature = {"schema_version": 1, "key_id": signer.verifier.key_id}
    signature["signature"] = signer.sign(PURPOSE, files[MANIFEST])
    return write_archive({**files, SIGNATURE: json_file(signature)})


def test_a_committed_deal_passes_every_check(committed: Deal, verified: Any, tmp_path: Path) -> None:
    content = committed.pack()
    report = verified(content)
    assert (report.ok, report.status, report.keys_were_given) == (True, "committed", False)
    assert _not_applicable(report) == {"completeness", "keys"}, "nobody gave the whole log, or keys"
    log = _exported(committed, tmp_path / "log.jsonl")
    report = verified(content, committed.keys / APPROVAL_PUBLIC, committed.keys / PUBLIC_FILE, log=log)
    assert (report.ok, report.keys_were_given, _not_applicable(report)) == (True, True, set())
    files = _files(content, tmp_path)
    sheet = committed.workspace.deal(committed.workspace.deals()[0].thread_id).sheet
    assert sheet is not None
    assert json.loads(files["document.json"]) == sheet.model_dump(mode="json")
    assert json.loads(files["ledger_entry.json"])["entry_id"] == committed.workspace.ledger()[0].entry_id
    assert len(json.loads(files["delegations.json"])) == len(json.loads(files["decisions.json"])) == 1
    assert [person["name"] for person in json.loads(files["people.json"])] != []
    assert {name for name in files if name.startswith("evidence/")}
    assert json.loads(files["made_by.json"])["playbook_version"] == sheet.playbook_version
    assert {item["name"] for item in json.loads(files[MANIFEST])["files"]} == set(files) - {MANIFEST, SIGNATURE}
    assert "INTERNAL" in files["README.txt"].decode()
    assert "داخلية" in files["README.txt"].decode()


def test_the_same_state_gives_the_same_bytes(committed: Deal) -> None:
    first = committed.pack()
    services = committed.workspace.services
    audit.record_event(services.governance, services.clock, "pe_x", "run_started", "another-thread", {})
    assert committed.pack() == first


def test_what_waits_or_was_rejected_can_be_packed(deal: Deal, verified: Any, tmp_path: Path) -> None:
    content = deal.pack()
    report = verified(content)
    assert (report.ok, report.status) == (True, "pending")
    assert _not_applicable(report) == {"keys", "decisions", "delegations", "approvals", "ledger", "completeness"}
    assert "There is no ledger entry" in _files(content, tmp_path)["README.txt"].decode()
    deal.decide(deal.director_token, "reject")
    report = verified(deal.pack())
    assert (report.ok, report.status) == (True, "rejected")
    assert {"approvals", "ledger"} < _not_applicable(report)


def test_no_secret_is_inside(committed: Deal, tmp_path: Path) -> None:
    everything = b"\n".join(_files(committed.pack(), tmp_path).values())
    with committed.workspace.services.governance.snapshot() as reader:
        secrets = [token.secret_hash for token in reader.tokens()]
    secrets += [token.rsplit("_", 1)[1] for token in committed.tokens]
    for name in (PRIVATE_FILE, APPROVAL_PRIVATE):
        secrets += (committed.keys / name).read_text().splitlines()[1:2]
    assert len(secrets) == 8
    for secret in (*secrets, "PRIVATE KEY", "$argon2"):
        assert secret.encode() not in everything


def test_each_changed_file_fails(committed: Deal, verified: Any, tmp_path: Path) -> None:
    files = _files(committed.pack(), tmp_path)
    for name in files:
        changed = {**files, name: files[name][:-2] + b" " + files[name][-2:]}
        plain = _failed(verified(write_archive(changed)))
        assert plain & ({"sums"} if name not in (MANIFEST, SIGNATURE) else {"manifest_signature"}), name
        if name not in (MANIFEST, SIGNATURE):
            assert "manifest_signature" in _failed(verified(_resummed(changed))), name
        gone = {key: value for key, value in files.items() if key != name}
        assert not verified(write_archive(gone)).ok, name
    added = {**files, "evidence/ev_more.json": b"{}"}
    assert "sums" in _failed(verified(write_archive(added)))


def _change(name: str, old: str, new: str) -> Callable[[Files], Files]:
    def change(files: Files) -> Files:
        assert old.encode() in files[name], (name, old)
        return {**files, name: files[name].replace(old.encode(), new.encode(), 1)}

    return change


def _in_json(name: str, edit: Callable[[Any], object]) -> Callable[[Files], Files]:
    def change(files: Files) -> Files:
        value = json.loads(files[name])
        edit(value)
        return {**files, name: json_file(value)}

    return change


def _without_line(name: str, at: int) -> Callable[[Files], Files]:
    def change(files: Files) -> Files:
        lines = files[name].splitlines(keepends=True)
        del lines[at]
        return {**files, name: b"".join(lines)}

    return change


FORGERIES: dict[str, tuple[Callable[[Files], Files], str]] = {
    "terms": (_change("document.json", '"version": 1', '"version": 2'), "document"),
    "value": (_in_json("commitment.json", lambda it: it["commitment"].update(currency="USD")), "digest"),
    "digest": (_change("digest.txt", "\n", " \n"), "digest"),
    "digested bytes": (_change("digested.json", "SAR", "USD"), "digest"),
    "decision's level": (_in_json("decisions.json", lambda it: it[0]["decision"].update(level="vp")), "decisions"),
    "decision gone": (_in_json("decisions.json", lambda it: it.clear()), "decisions"),
    "decision unused": (_in_json("decisions.json", lambda it: it[0].update(consumed_by=None)), "ledger"),
    "delegation longer": (
        _in_json("delegations.json", lambda it: it[0]["delegation"].update(expires_at="2030-01-01T00:00:00Z")),
        "delegations",
    ),
    "delegation gone": (_in_json("delegations.json", lambda it: it.clear()), "delegations"),
    "person promoted": (_in_json("people.json", lambda it: it[0].update(level="c-level")), "people"),
    "entry": (_in_json("ledger_entry.json", lambda it: it.update(document_version=9)), "ledger"),
    "approver": (_in_json("ledger_entry.json", lambda it: it.update(approved_by=["pe_x"])), "ledger"),
    "status": (_in_json("commitment.json", lambda it: it.update(status="pending")), "status"),
    "event": (_change("audit_extract.jsonl", "Dana", "Dena"), "events"),
    "event gone": (_without_line("audit_extract.jsonl", 0), "events"),
    "spine cut": (_without_line("audit_spine.jsonl", -1), "anchor"),
    "spine with a gap": (_without_line("audit_spine.jsonl", 2), "events"),
    "anchor": (_in_json("anchor.json", lambda it: it["anchor"].update(size=3)), "anchor"),
    "card": (_in_json("score_card.json", lambda it: it.update(band="pursue", input_digest="0" * 64)), "card"),
    "rules": (_in_json("rule_outcomes.json", lambda it: it["conformance"].update(sheet_version=7)), "rules"),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forgery_fails_by_name_even_with_the_manifest_signed_again(
    committed: Deal, verified: Any, tmp_path: Path, name: str
) -> None:
    change, check = FORGERIES[name]
    forged = _signed_again(_resummed(change(_files(committed.pack(), tmp_path))), tmp_path, committed.keys)
    failed = _failed(verified(forged))
    assert not failed & {"archive", "sums", "manifest_signature"}
    assert check in failed


def test_a_quote_that_no_text_bears_out_fails(committed: Deal, verified: Any, tmp_path: Path) -> None:
    files = _files(committed.pack(), tmp_path)
    name = next(name for name in files if name.startswith("evidence/"))
    text = json.loads(files[name])
    text["text"] = "Nothing of the kind."
    text["sha256"] = sha256(text["text"].encode()).hexdigest()
    forged = _signed_again(_resummed({**files, name: json_file(text)}), tmp_path, committed.keys)
    assert _failed(verified(forged)) == {"quotes"}


def test_keys_that_are_not_those_of_the_pack_fail(committed: Deal, verified: Any, tmp_path: Path) -> None:
    other = tmp_path / "other"
    (other / PUBLIC_FILE).parent.mkdir()
    (other / PUBLIC_FILE).write_bytes(open_signer(other).verifier.pem)
    content = committed.pack()
    report = verified(content, committed.keys / APPROVAL_PUBLIC, other / PUBLIC_FILE)
    assert _failed(report) == {"keys", "manifest_signature", "anchor"}
    report = verified(content, other / PUBLIC_FILE, committed.keys / PUBLIC_FILE)
    assert _failed(report) == {"keys", "decisions", "delegations"}
    with pytest.raises(ConfigurationError, match="cannot be read"):
        verified(content, tmp_path / "none")


def test_a_pack_whose_approver_asked_for_it_fails(committed: Deal, verified: Any, tmp_path: Path) -> None:
    """The gate never makes one; a forger who rewrites the extract is caught by the events as well."""
    files = _files(committed.pack(), tmp_path)
    actor, director = committed.requester.person_id, committed.director.person_id
    extract = files["audit_extract.jsonl"].decode().splitlines(keepends=True)
    swapped = [line.replace(actor, director) if "commitment_proposed" in line else line for line in extract]
    forged = _resummed({**files, "audit_extract.jsonl": "".join(swapped).encode()})
    assert {"approvals", "events"} <= _failed(verified(_signed_again(forged, tmp_path, committed.keys)))


def _zip(entries: list[tuple[str, bytes]], compression: int = zipfile.ZIP_STORED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", compression) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return made.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04",
        _zip([("../../etc/cron.json", b"{}")]),
        _zip([("/README.txt", b"")]),
        _zip([("evidence\\ev_1.json", b"{}")]),
        _zip([("README.txt", b"a"), ("READMX.txt", b"b")]).replace(b"READMX", b"README"),
        _zip([("README.txt", b"0" * 10_000_000)], zipfile.ZIP_DEFLATED),
        _zip([(f"evidence/ev_{number}.json", b"{}") for number in range(1_001)]),
    ],
    ids=["empty", "torn", "path", "root", "backslash", "twice", "bomb", "many"],
)
def test_a_hostile_archive_is_refused_as_a_whole(verified: Any, content: bytes) -> None:
    report = verified(content)
    assert (report.ok, _failed(report), len(report.checks)) == (False, {"archive"}, 1)


@pytest.mark.parametrize("wrap", [lambda it: it + b"more", lambda it: b"#!/bin/sh\n" + it], ids=["tail", "head"])
def test_nothing_hides_beside_the_files(committed: Deal, verified: Any, wrap: Callable[[bytes], bytes]) -> None:
    assert _failed(verified(wrap(committed.pack()))) == {"archive"}


def test_a_changed_file_is_named_however_it_was_put_back(committed: Deal, verified: Any, tmp_path: Path) -> None:
    content = committed.pack()
    files = _files(content, tmp_path)
    changed = {**files, "document.json": files["document.json"].replace(b'"version": 1', b'"version": 2')}
    again = verified(_zip(list(changed.items())))
    assert {"archive", "sums", "document"} == _failed(again)
    assert (_detail(again, "sums"), "packed again" in _detail(again, "archive")) == ("document.json", True)
    in_place = verified(content.replace(b"INTERNAL, NOT", b"EXTERNAL, NOT").replace(b'"version": 1', b'"version": 2'))
    assert _detail(in_place, "archive").endswith(
        "changed after it was packed: README.txt, commitment.json, document.json."
    )
    pressed = verified(_zip(list(files.items()), zipfile.ZIP_DEFLATED))
    assert "its file README.txt is compressed" in _detail(pressed, "archive")


def _forget_the_rejection(content: bytes, tmp_path: Path, keys: Path) -> bytes:
    """What somebody with the anchor key makes of the pack of a rejected deal: one that waits, and is signed."""
    files = _files(content, tmp_path)
    lines = files["audit_extract.jsonl"].splitlines(keepends=True)
    told = [line for line in lines if b'"event":"commitment_rejected"' not in line]
    assert len(told) == len(lines) - 1
    files |= {"audit_extract.jsonl": b"".join(told), "decisions.json": json_file([])}
    for name in ("commitment.json", MANIFEST):
        files[name] = json_file({**json.loads(files[name]), "status": "pending"})
    return _signed_again(_resummed(files), tmp_path, keys)


def test_a_rejection_that_was_left_out_shows_in_the_whole_log_and_in_nothing_else(
    deal: Deal, verified: Any, tmp_path: Path
) -> None:
    deal.decide(deal.director_token, "reject")
    genuine = deal.pack()
    (event,) = (one for one in audit.events(deal.workspace.services.governance) if one.event == "commitment_rejected")
    forged = _forget_the_rejection(genuine, tmp_path, deal.keys)
    report = verified(forged)
    assert (report.ok, report.status) == (True, "pending"), "its signatures hold"
    assert "completeness" in _not_applicable(report)
    assert "rests on the word of whoever holds the anchor key" in _detail(report, "completeness")
    log = _exported(deal, tmp_path / "log.jsonl")
    report = verified(forged, log=log)
    assert _failed(report) == {"completeness"}
    assert _detail(report, "completeness") == f"the log holds events that the pack leaves out: {event.seq}"
    assert verified(genuine, log=log).ok


def test_a_decision_and_its_event_are_never_without_each_other(deal: Deal, verified: Any, tmp_path: Path) -> None:
    """The extract names every decision that is there, and the other way round."""
    deal.decide(deal.director_token, "reject")
    files = _files(deal.pack(), tmp_path)
    lines = files["audit_extract.jsonl"].splitlines(keepends=True)
    without_event = b"".join(line for line in lines if b'"event":"commitment_rejected"' not in line)
    for change in ({"decisions.json": json_file([])}, {"audit_extract.jsonl": without_event}):
        forged = _signed_again(_resummed({**files, **change}), tmp_path, deal.keys)
        assert "decisions" in _failed(verified(forged))


def test_the_log_must_be_the_one_behind_the_pack_and_whole(
    deal: Deal, verified: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content, log = deal.pack(), _exported(deal, tmp_path / "log.jsonl")
    lines = log.read_bytes().splitlines(keepends=True)
    assert verified(content, log=log).ok
    log.write_bytes(b"".join(lines[1:]))
    assert "only the whole log" in _detail(verified(content, log=log), "completeness")
    for wrong in (lines[:-1], [*lines[:3], *lines[4:]], [line.replace(b"Dana", b"Dena") for line in lines], []):
        log.write_bytes(b"".join(wrong))
        assert _failed(verified(content, log=log)) == {"completeness"}
    genuine = Path.open

    def failing(path: Path, *how: Any, **more: Any) -> Any:
        if path == log:
            raise OSError(5, "Input/output error")
        return genuine(path, *how, **more)

    with monkeypatch.context() as broken:
        broken.setattr(Path, "open", failing)
        assert "Input/output error" in _detail(verified(content, log=log), "completeness")
    log.unlink()
    with pytest.raises(InputError, match="no file"):
        verified(content, log=log)
    deal.decide(deal.director_token, "reject")
    report = verified(content, log=_exported(deal, log))
    assert report.ok
    assert "what came after that is not in it" in _detail(report, "completeness")


def test_a_version_is_proved_though_a_later_one_took_effect(deal: Deal, verified: Any, tmp_path: Path) -> None:
    """Levels are those of its own commit, not of the later one."""
    deal.decide(deal.director_token)
    workspace, first = deal.workspace, deal.commitment_id
    workspace.home.directory.change_person(deal.director.person_id, level=ApprovalLevel.MANAGER, actor="operator")
    later = workspace.edit(first, deal.tokens[0], ["payment_days=45"], "as we agreed on the phone")
    assert later.commitment_id is not None
    for decided in (False, True):
        if decided:
            _, token = workspace.add_person("Vera", ApprovalLevel.VP)
            workspace.decide(later.commitment_id, token, DecisionOutcome.APPROVE, None, None)
        log = _exported(deal, tmp_path / "log.jsonl")
        for commitment_id in (first, later.commitment_id):
            report = verified(EvidenceDesk(workspace.home).evidence_pack(commitment_id), log=log)
            assert (_failed(report), report.commitment_id) == (set(), commitment_id)
    assert report.status == "committed"


def test_a_loan_of_the_requester_after_the_decision_changes_nothing(deal: Deal, verified: Any) -> None:
    """The gate counts the approval, so the pack of it holds; one during a loan counts in neither."""
    home, thread_id = deal.workspace.home, deal.workspace.deals()[0].thread_id
    home.approval_service.decide(deal.commitment_id, deal.director_token, DecisionOutcome.APPROVE, None)
    draft = DelegationDraft(delegate=deal.director.person_id, reason="on leave")
    deal.workspace.lend_authority(deal.tokens[0], draft)
    assert deal.workspace.resume(thread_id).status == "committed"
    report = verified(deal.pack())
    assert (_failed(report), "approvals" in _not_applicable(report)) == (set(), False)


def test_an_archive_that_says_nothing_fails_and_does_not_break(verified: Any) -> None:
    report = verified(write_archive({}))
    assert not report.ok
    assert {"sums", "digest", "decisions", "events", "anchor"} <= _failed(report)


def test_there_is_no_pack_of_nothing_and_none_of_a_broken_log(deal: Deal) -> None:
    desk = EvidenceDesk(deal.workspace.home)
    with pytest.raises(InputError, match="no commitment"):
        desk.evidence_pack("cm_none")
    (desk.home.folder / "audit.anchor").unlink()
    with pytest.raises(IntegrityError, match="anchor is missing"):
        deal.pack()
