"""Anchors as a person makes and adopts them, and what the gate does where the anchor is gone or contradicts the log."""

import shutil
from typing import Any

import pytest

from partnership_os.errors import ConfigurationError, InputError, IntegrityError
from partnership_os.governance import anchoring, audit
from partnership_os.governance.audit import LogTrouble
from partnership_os.governance.store import SignedAnchor
from partnership_os.storage import anchor as anchor_module
from partnership_os.storage.anchor import FileAnchor, load_anchors


@pytest.fixture
def place(world: Any) -> FileAnchor:
    return FileAnchor(world.anchor_file, clock=world.clock)


@pytest.fixture
def done(world: Any, staff: Any) -> Any:
    """A world in which a commitment took effect."""
    made = world.propose(staff("requester"))
    world.decide(staff("director"), made)
    world.commit(made)
    return world


def _roll_back(world: Any, kept: int) -> None:
    world.sql("DELETE FROM audit WHERE seq > :kept", kept=kept)


def test_each_transaction_is_anchored_with_a_signature(done: Any, place: FileAnchor) -> None:
    signed = place.signed()
    assert [item.size for item in signed] == list(range(len(done.events()) + 1))
    assert {item.head for item in signed[1:]} == {event.hash for event in done.events()}
    assert all(place.signer().verifier.holds(item) for item in signed)


def test_a_signature_covers_every_field(place: FileAnchor, done: Any) -> None:
    signed, verifier = place.signed()[-1], place.signer().verifier
    changes: dict[str, object] = {
        "size": 1,
        "head": "1" * 64,
        "at": signed.at.replace(year=2020),
        "key_id": "0" * 16,
        "signature": "AAAA",
    }
    assert set(changes) | {"schema_version"} == set(SignedAnchor.model_fields)
    for name, value in changes.items():
        assert not verifier.holds(signed.model_copy(update={name: value})), name
    assert not verifier.signed(b"another purpose", b"", signed.signature)


def test_the_anchor_key_is_not_the_key_of_the_approval_service(done: Any, place: FileAnchor) -> None:
    assert place.signer().verifier.key_id != done.verifier.key_id


def test_a_fresh_anchor_can_be_kept_elsewhere_and_finds_a_rollback_of_everything(
    done: Any, place: FileAnchor, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    done.database.close()
    shutil.copytree(done.home, tmp_path / "backup")
    audit.record_event(done.store, done.clock, "pe_x", "run_started", "later", {})
    made = anchoring.anchor_now(done.store, done.verifier, place)
    kept = tmp_path / "kept.anchor"
    kept.write_text(made.model_dump_json() + "\n")
    done.database.close()
    shutil.rmtree(done.home)
    shutil.copytree(tmp_path / "backup", done.home)
    with pytest.raises(IntegrityError, match="this process saw it name"):
        audit.report(done.store, done.verifier)
    monkeypatch.setattr(anchor_module, "_SEEN", anchor_module._Memory())  # as a process that is started now
    assert audit.report(done.store, done.verifier).ok, "log and anchors went back together"
    elsewhere = anchoring.newest(load_anchors(kept, place.signer().verifier))
    found = audit.report(done.store, done.verifier, elsewhere)
    assert (found.ok, found.trouble, found.first_bad_seq) == (False, LogTrouble.ROLLED_BACK, made.size)


def test_a_cut_that_a_table_shows_is_told_from_a_rollback(done: Any) -> None:
    _roll_back(done, len(done.events()) - 1)
    found = audit.report(done.store, done.verifier)
    assert (found.trouble, found.who_must_act, found.table) == (LogTrouble.CUT, "auditor", "ledger")


def test_nothing_is_anchored_over_a_broken_log(done: Any, place: FileAnchor) -> None:
    before = done.anchor_file.read_bytes()
    done.sql("UPDATE audit SET body = replace(body, 'Dana', 'Dena') WHERE event = 'person_added'")
    with pytest.raises(IntegrityError, match="broken at event"):
        anchoring.anchor_now(done.store, done.verifier, place)
    with pytest.raises(IntegrityError, match="broken at event"):
        anchoring.adopt(done.store, done.verifier, place, done.clock, "operator")
    assert done.anchor_file.read_bytes() == before


def test_a_missing_anchor_is_refused_until_it_is_adopted(done: Any, staff: Any, place: FileAnchor) -> None:
    done.anchor_file.unlink()
    size = len(done.events())
    with pytest.raises(ConfigurationError, match="no anchor on this machine"):
        anchoring.anchor_now(done.store, done.verifier, place)
    made = done.propose(staff("requester"), thread_id="thread-2", document_id="ts_two")
    done.decide(staff("director"), made)
    with pytest.raises(IntegrityError, match="anchor is missing"):
        done.commit(made)
    assert not done.anchor_file.exists(), "an anchor came back by itself"
    adopted = anchoring.adopt(done.store, done.verifier, place, done.clock, "operator")
    (event,) = done.events("anchor_adopted")
    assert (event.actor, event.seq, adopted.size) == ("operator", adopted.size, len(done.events()))
    assert event.data["size"] == event.seq - 1 > size
    assert done.commit(made).commitment_id == made.commitment_id
    with pytest.raises(InputError, match="agrees with its anchor"):
        anchoring.adopt(done.store, done.verifier, place, done.clock, "operator")


def test_after_a_restore_the_former_anchors_stay_beside_the_adopted_one(log_of_runs: Any, place: FileAnchor) -> None:
    world = log_of_runs
    former = world.anchor_file.read_bytes()
    _roll_back(world, 2)
    assert audit.report(world.store, world.verifier).trouble is LogTrouble.ROLLED_BACK
    anchoring.adopt(world.store, world.verifier, place, world.clock, "operator")
    assert audit.report(world.store, world.verifier).ok
    (event,) = world.events("anchor_adopted")
    assert (event.data["size"], event.data["former_size"]) == (2, 5)
    (aside,) = world.home.glob("audit.anchor.until-*")
    assert aside.read_bytes() == former


@pytest.fixture
def log_of_runs(world: Any) -> Any:
    for number in range(5):
        audit.record_event(world.store, world.clock, "pe_x", "run_started", f"run-{number}", {})
    return world
