"""An exported log in its file, byte by byte: whatever is done to it shows, also when the chain is made right again."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnership_os.governance import audit
from partnership_os.governance.audit import LogTrouble
from partnership_os.governance.canonical import canonical_bytes
from partnership_os.governance.store import Anchor, AnchoredPoint


def _lines(size: int) -> list[bytes]:
    previous, lines = audit.GENESIS, []
    for seq in range(1, size + 1):
        body: dict[str, object] = {"schema_version": 1, "seq": seq, "at": f"2026-01-01T00:00:0{seq}.000000Z"}
        body |= {"actor": "pe_1", "event": "run_started", "subject": "run", "data": {"n": seq}, "previous": previous}
        previous = audit.chain(previous, body)
        lines.append(canonical_bytes({**body, "hash": previous}) + b"\n")
    return lines


def _hash(line: bytes) -> str:
    return str(json.loads(line)["hash"])


def _rechained(lines: list[bytes], previous: str, first: int) -> list[bytes]:
    """What somebody who can write the whole file does: number and hash everything again."""
    made = []
    for seq, line in enumerate(lines, first):
        body = {**json.loads(line), "seq": seq, "previous": previous}
        del body["hash"]
        previous = audit.chain(previous, body)
        made.append(canonical_bytes({**body, "hash": previous}) + b"\n")
    return made


LOG = _lines(5)
ANCHOR = Anchor(
    size=5,
    head=_hash(LOG[4]),
    earlier=(AnchoredPoint(size=0, head=audit.GENESIS), AnchoredPoint(size=3, head=_hash(LOG[2]))),
)


def _edit(line: bytes) -> bytes:
    return line.replace(b'"subject":"run"', b'"subject":"rum"')


ATTACKS = {
    "edit": ([LOG[0], _edit(LOG[1]), *LOG[2:]], 2),
    "swap": ([LOG[0], LOG[2], LOG[1], *LOG[3:]], 2),
    "drop": ([LOG[0], *LOG[2:]], 2),
    "insert": ([*LOG[:2], LOG[1], *LOG[2:]], 3),
    "cut": (LOG[:4], 5),
    "cut to an anchor": (LOG[:3], 4),
    "torn": ([*LOG[:4], LOG[4][:-20]], 5),
    "no line end": ([*LOG[:4], LOG[4][:-1]], 5),
    "empty line": ([*LOG, b"\n"], 6),
    "windows line ends": ([line[:-1] + b"\r\n" for line in LOG], 1),
    "head cut off": (LOG[1:], 2),
}


def test_the_log_itself_is_well() -> None:
    found = audit.verify_export(LOG, ANCHOR)
    assert (found.ok, found.size, found.anchors, found.head) == (True, 5, 3, ANCHOR.head)
    assert audit.verify_export(LOG, None).anchors == 0


@pytest.mark.parametrize("name", [name for name in ATTACKS if name != "head cut off"])
def test_an_attack_shows_at_its_event(name: str) -> None:
    lines, seq = ATTACKS[name]
    found = audit.verify_export(lines, ANCHOR)
    assert (found.ok, found.first_bad_seq) == (False, seq)


@pytest.mark.parametrize("name", ["edit", "swap", "drop", "insert", "cut"])
def test_it_shows_with_the_chain_made_right_again(name: str) -> None:
    forged = _rechained(ATTACKS[name][0], audit.GENESIS, 1)
    assert audit.verify_export(forged, None).ok, "the forged chain fits together; without an anchor nobody can tell"
    found = audit.verify_export(forged, ANCHOR)
    assert not found.ok
    assert found.trouble in (LogTrouble.REWRITTEN, LogTrouble.SHORT)


def test_a_rewritten_log_that_matches_the_newest_anchor_is_found_by_an_older_one() -> None:
    forged = _rechained([_edit(LOG[0]), *LOG[1:]], audit.GENESIS, 1)
    newest = Anchor(size=5, head=_hash(forged[4]))
    assert audit.verify_export(forged, newest).ok
    older = newest.model_copy(update={"earlier": (AnchoredPoint(size=3, head=_hash(LOG[2])),)})
    found = audit.verify_export(forged, older)
    assert (found.ok, found.first_bad_seq, found.trouble) == (False, 3, LogTrouble.REWRITTEN)


def test_cut_torn_and_rolled_back_are_told_apart() -> None:
    for name, trouble in (("cut", "short"), ("cut to an anchor", "rolled_back"), ("torn", "torn"), ("edit", "changed")):
        assert audit.verify_export(ATTACKS[name][0], ANCHOR).trouble == trouble
    assert audit.verify_export(ATTACKS["torn"][0], ANCHOR).who_must_act == "operator"
    assert audit.verify_export(ATTACKS["edit"][0], ANCHOR).who_must_act == "auditor"


def test_a_later_part_is_held_against_the_anchors_in_it() -> None:
    found = audit.verify_export(LOG[2:], ANCHOR)
    assert (found.ok, found.first_seq, found.size, found.anchors) == (True, 3, 5, 2)
    forged = _rechained(LOG[3:], "1" * 64, 4)
    assert audit.verify_export(forged, ANCHOR).trouble is LogTrouble.REWRITTEN
    assert audit.verify_export(forged, ANCHOR).first_bad_seq == 3


@given(st.data())
def test_no_single_changed_byte_passes(data: st.DataObject) -> None:
    raw = bytearray(b"".join(LOG))
    place = data.draw(st.integers(0, len(raw) - 1))
    raw[place] = data.draw(st.integers(0, 255).filter(lambda byte: byte != raw[place]))
    assert not audit.verify_export(bytes(raw).splitlines(keepends=True), ANCHOR).ok


@given(st.integers(0, len(b"".join(LOG)) - 1))
def test_no_shorter_file_passes(length: int) -> None:
    assert not audit.verify_export(b"".join(LOG)[:length].splitlines(keepends=True), ANCHOR).ok


def test_an_export_is_the_stored_text(world: Any) -> None:
    for number in range(4):
        audit.record_event(world.store, world.clock, "pe_x", "run_started", f"تشغيل {number}", {"n": number})
    parts: list[bytes] = []
    assert audit.export(world.store, parts.append) == 4
    stored = [body for (body,) in world.sql("SELECT body FROM audit ORDER BY seq")]
    assert b"".join(parts) == "".join(f"{body}\n" for body in stored).encode()
    assert audit.verify_export(parts, world.store.anchor()).ok
    later: list[bytes] = []
    assert audit.export(world.store, later.append, since=3) == 2
    assert later == parts[2:]
