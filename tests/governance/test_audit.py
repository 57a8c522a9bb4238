"""The audit log: whatever is done to it shows, and what is merely unfinished does not alarm."""

import json
import shutil
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnership_os.errors import ConfigurationError, InputError
from partnership_os.governance import audit
from partnership_os.governance.audit import LogTrouble
from partnership_os.governance.canonical import canonical_bytes
from partnership_os.governance.store import Anchor
from partnership_os.schemas.commitment import AuditEvent
from partnership_os.storage import anchor as anchor_module


@pytest.fixture
def log(world: Any) -> Any:
    for number in range(6):
        world.clock.turn(minutes=1)
        audit.record_event(world.store, world.clock, "pe_x", "run_started", f"run-{number}", {"n": number})
    found = audit.report(world.store, world.verifier)
    assert found == audit.AuditReport(ok=True, size=6, head=world.events()[-1].hash, anchored=6, anchors=7)
    return world


def _bad(world: Any, seq: int, words: str) -> None:
    found = audit.report(world.store, world.verifier)
    assert not found.ok
    assert found.first_bad_seq == seq
    assert words in str(found.reason)
    audit.record_event(world.store, world.clock, "pe_x", "run_started", "afterwards", {})
    again = audit.report(world.store, world.verifier)
    assert (again.ok, again.first_bad_seq) == (False, min(seq, again.first_bad_seq or 0)), "an append hid the damage"


def _swap(world: Any, first: int, second: int) -> None:
    bodies = dict(world.sql("SELECT seq, body FROM audit"))
    for seq, body in ((first, bodies[second]), (second, bodies[first])):
        world.sql("UPDATE audit SET body = :body WHERE seq = :seq", body=body, seq=seq)


def _rechain(world: Any, edited: int) -> None:
    """Edit one event and make the chain of everything after it right again."""
    previous = audit.GENESIS
    for seq, text in world.sql("SELECT seq, body FROM audit ORDER BY seq"):
        body = json.loads(text)
        del body["hash"]
        body["previous"] = previous
        if seq == edited:
            body["subject"] = "forged"
        body["hash"] = previous = audit.chain(previous, body)
        world.sql(
            "UPDATE audit SET body = :body, hash = :hash, subject = :subject WHERE seq = :seq",
            body=canonical_bytes(body).decode(),
            subject=body["subject"],
            hash=previous,
            seq=seq,
        )


@pytest.mark.parametrize("seq", [1, 3, 6])
def test_an_edit_shows(log: Any, seq: int) -> None:
    log.sql("UPDATE audit SET body = replace(body, 'run-', 'rum-') WHERE seq = :seq", seq=seq)
    _bad(log, seq, "changed")


def test_a_swap_shows(log: Any) -> None:
    _swap(log, 2, 4)
    _bad(log, 2, "out of order")


def test_a_dropped_event_shows(log: Any) -> None:
    log.sql("DELETE FROM audit WHERE seq = 3")
    _bad(log, 3, "out of order")


def test_an_inserted_event_shows(log: Any) -> None:
    log.sql("UPDATE audit SET seq = seq + 100 WHERE seq > 3")
    log.sql("INSERT INTO audit SELECT 4, hash, at, event, subject, body FROM audit WHERE seq = 3")
    _bad(log, 4, "out of order")


@pytest.mark.parametrize("kept", [0, 1, 5])
def test_a_cut_shows(log: Any, kept: int) -> None:
    log.sql("DELETE FROM audit WHERE seq > :kept", kept=kept)
    found = audit.report(log.store, log.verifier)
    assert (found.ok, found.first_bad_seq, found.anchored) == (False, kept + 1, 6)
    assert (found.trouble, found.who_must_act) == (LogTrouble.ROLLED_BACK, "operator")  # no table shows what is gone
    for _ in range(8):
        audit.record_event(log.store, log.clock, "pe_x", "run_started", "afterwards", {})
    assert not audit.report(log.store, log.verifier).ok


@pytest.mark.parametrize("edited", [1, 6])
def test_a_rewritten_chain_shows_at_its_anchor(log: Any, edited: int) -> None:
    _rechain(log, edited)
    _bad(log, edited, "rewritten")
    assert audit.report(log.store, log.verifier).trouble is LogTrouble.REWRITTEN


def test_a_rollback_of_the_whole_file_shows(log: Any) -> None:
    log.database.close()
    shutil.copy(log.home / "partnership.db", log.home / "backup.db")
    audit.record_event(log.store, log.clock, "pe_x", "run_started", "later", {})
    log.database.close()
    for name in ("partnership.db-wal", "partnership.db-shm"):
        (log.home / name).unlink(missing_ok=True)
    shutil.copy(log.home / "backup.db", log.home / "partnership.db")
    _bad(log, 7, "rolled back")


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"seq": 1}', "1" * 5000])
def test_an_unreadable_event_is_named(log: Any, text: str) -> None:
    log.sql("UPDATE audit SET body = :text WHERE seq = 2", text=text)
    found = audit.report(log.store, log.verifier)
    assert (found.ok, found.first_bad_seq, found.size) == (False, 2, 6)


def test_an_event_in_another_spelling_is_named(log: Any) -> None:
    log.sql("UPDATE audit SET body = replace(body, ',', ', ') WHERE seq = 2")
    _bad(log, 2, "canonical")


def test_a_log_ahead_of_its_anchor_is_well_and_the_anchor_catches_up(log: Any) -> None:
    lines = log.anchor_file.read_bytes().splitlines(keepends=True)
    log.anchor_file.write_bytes(b"".join(lines[:5]))
    anchor_module._SEEN._points.clear()  # a process died between the two writes, and another one begins
    assert (audit.report(log.store, log.verifier).ok, audit.report(log.store, log.verifier).anchored) == (True, 4)
    audit.record_event(log.store, log.clock, "pe_x", "run_started", "next", {})
    assert (audit.report(log.store, log.verifier).ok, audit.report(log.store, log.verifier).anchored) == (True, 7)


def test_a_missing_or_foreign_anchor_shows(log: Any) -> None:
    lines = [canonical_bytes(event).decode() for event in log.events()]
    assert audit.verify(lines, None).reason == "the anchor is missing, so a cut of the log cannot be excluded"
    assert audit.verify([], None).ok
    assert not audit.verify([], Anchor(size=0, head="1" * 64)).ok
    assert not audit.verify(lines, Anchor(size=0, head="1" * 64)).ok
    assert audit.verify(lines, Anchor(size=0, head=audit.GENESIS)).ok
    assert audit.verify(lines, Anchor(size=3, head="1" * 64)).first_bad_seq == 3
    log.anchor_file.unlink()
    _bad(log, 1, "missing")


@given(st.data())
def test_no_single_changed_byte_passes(data: st.DataObject) -> None:
    lines = _chain(4)
    anchor = Anchor(size=4, head=json.loads(lines[-1])["hash"])
    assert audit.verify(lines, anchor).ok
    index = data.draw(st.integers(0, 3))
    raw = bytearray(lines[index].encode())
    place = data.draw(st.integers(0, len(raw) - 1))
    raw[place] = data.draw(st.integers(0, 127).filter(lambda byte: byte != raw[place]))
    changed = [*lines]
    changed[index] = raw.decode()
    found = audit.verify(changed, anchor)
    assert not found.ok
    assert found.first_bad_seq == index + 1


@given(st.permutations(range(4)), st.integers(0, 4))
def test_no_other_order_or_length_passes(order: list[int], length: int) -> None:
    lines = _chain(4)
    anchor = Anchor(size=4, head=json.loads(lines[-1])["hash"])
    chosen = [lines[index] for index in order][:length]
    assert audit.verify(chosen, anchor).ok == (chosen == lines)


def _chain(size: int) -> list[str]:
    previous, lines = audit.GENESIS, []
    for seq in range(1, size + 1):
        body: dict[str, object] = {
            "schema_version": 1,
            "seq": seq,
            "at": f"2026-01-01T00:00:0{seq}.000000Z",
            "actor": "pe_1",
            "event": "run_started",
            "subject": "run",
            "data": {"n": seq},
            "previous": previous,
        }
        previous = audit.chain(previous, body)
        line = canonical_bytes({**body, "hash": previous}).decode()
        AuditEvent.model_validate_json(line)
        lines.append(line)
    return lines


def test_a_float_has_no_place_in_the_log(world: Any) -> None:
    with pytest.raises(InputError, match="float"):
        audit.record_event(world.store, world.clock, "pe_x", "run_started", "run", {"score": 0.5})
    assert world.events() == ()


def test_an_anchor_that_cannot_be_written_is_said_and_heals(log: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr("partnership_os.storage.anchor.os.fsync", full)
        with pytest.raises(ConfigurationError, match=r"No space left.*stays committed"):
            audit.record_event(log.store, log.clock, "pe_x", "run_started", "next", {})
    found = audit.report(log.store, log.verifier)
    assert (found.ok, found.size) == (True, 7)
    assert found.anchored in (6, 7)  # the line was written; only that it is durable is not sure
    audit.record_event(log.store, log.clock, "pe_x", "run_started", "next", {})
    assert audit.report(log.store, log.verifier).anchored == 8
    assert not audit.report(log.store, log.verifier).anchor_torn
    assert not list(log.home.glob(".audit.anchor*"))
