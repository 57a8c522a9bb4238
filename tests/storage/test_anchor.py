"""The file of anchors and the store that adds to it."""

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from partnership_os.errors import ConfigurationError, IntegrityError, InternalError
from partnership_os.governance import audit
from partnership_os.governance.anchoring import PRIVATE_FILE, PUBLIC_FILE, RECENT, open_signer
from partnership_os.governance.canonical import canonical_bytes
from partnership_os.governance.clock import system_clock
from partnership_os.governance.signing import Verifier
from partnership_os.governance.store import Anchor, AnchoredPoint
from partnership_os.storage import anchor as anchor_module
from partnership_os.storage.anchor import FileAnchor, load_anchors
from partnership_os.storage.database import open_database, sqlite_url
from partnership_os.storage.governance_store import SqlGovernanceStore

FIRST, SECOND = AnchoredPoint(size=1, head="1" * 64), AnchoredPoint(size=2, head="2" * 64)
NOBODY_SIGNED = Verifier(Ed25519PrivateKey.generate().public_key())
"""No decision is made in these tests."""
HISTORY = Path(__file__).parent.parent / "governance" / "histories" / "schema_0001"


@pytest.fixture
def place(tmp_path: Path) -> FileAnchor:
    made = FileAnchor(tmp_path / "audit.anchor")
    made.write(FIRST)
    return made


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlGovernanceStore]:
    database = open_database(sqlite_url(tmp_path / "p.db"))
    yield SqlGovernanceStore(database, FileAnchor(tmp_path / "audit.anchor"))
    database.close()


def _event(store: SqlGovernanceStore, name: str) -> None:
    audit.record_event(store, system_clock, "pe_x", "run_started", name, {})


def test_anchors_are_added_and_never_changed(place: FileAnchor, tmp_path: Path) -> None:
    path = tmp_path / "audit.anchor"
    before = path.read_bytes()
    place.write(SECOND)
    assert path.read_bytes().startswith(before)
    for reader in (place, FileAnchor(path)):
        assert reader.read() == Anchor(size=2, head="2" * 64, earlier=reader.signed()[:1])
        assert [(item.size, item.head) for item in reader.signed()] == [(1, "1" * 64), (2, "2" * 64)]
    assert (tmp_path / "keys" / PRIVATE_FILE).stat().st_mode & 0o077 == 0


def test_it_never_moves_back(place: FileAnchor, tmp_path: Path) -> None:
    place.write(SECOND)
    content = (tmp_path / "audit.anchor").read_bytes()
    with pytest.raises(IntegrityError, match="never moved back"):
        place.write(FIRST)
    assert (tmp_path / "audit.anchor").read_bytes() == content


@pytest.mark.parametrize("content", ["", "{}", '{"size": -1, "head": "x"}', "\x00", "\x00\n", "[]\n"])
def test_what_is_no_anchor_is_said(tmp_path: Path, content: str) -> None:
    path = tmp_path / "audit.anchor"
    path.write_text(content)
    with pytest.raises(IntegrityError, match="not an anchor"):
        FileAnchor(path).read()


def test_a_folder_in_its_place_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be used"):
        FileAnchor(tmp_path).read()
    with pytest.raises(ConfigurationError, match="cannot be used"):
        FileAnchor(tmp_path / "none" / "audit.anchor", tmp_path / "keys").write(FIRST)


def test_a_fresh_home_is_anchored_from_the_first_moment(store: SqlGovernanceStore) -> None:
    assert store.anchor() == Anchor(size=0, head="0" * 64)
    with pytest.raises(InternalError, match="used up"), store.transaction() as transaction:
        transaction.consume_decisions(["de_none"], "le_1")


def test_every_third_byte_changed_is_found(place: FileAnchor, tmp_path: Path) -> None:
    place.write(SECOND)
    path = tmp_path / "audit.anchor"
    genuine = path.read_bytes()
    for at in range(0, len(genuine) - 1, 3):
        path.write_bytes(genuine[:at] + bytes([genuine[at] ^ 1]) + genuine[at + 1 :])
        with pytest.raises(IntegrityError):
            FileAnchor(path).read()
    path.write_bytes(genuine)
    assert FileAnchor(path).read() == place.read()


def test_unsigned_foreign_and_reordered_anchors_are_refused(place: FileAnchor, tmp_path: Path) -> None:
    path = tmp_path / "audit.anchor"
    place.write(SECOND)
    genuine = path.read_bytes()
    first, second = genuine.splitlines(keepends=True)
    foreign = open_signer(tmp_path / "other").anchor(AnchoredPoint(size=3, head="3" * 64), datetime.now(UTC))
    contradicting = place.signer().anchor(AnchoredPoint(size=2, head="3" * 64), datetime.now(UTC))
    attempts = {
        "is not signed": canonical_bytes(SECOND) + b"\n",
        "signed with the key": genuine + canonical_bytes(foreign) + b"\n",
        "goes back": second + first,
        "goes back behind": genuine + canonical_bytes(contradicting) + b"\n",
        "its own signature": genuine.replace(b'"size":2', b'"size":7'),
    }
    for words, content in attempts.items():
        path.write_bytes(content)
        with pytest.raises(IntegrityError, match=words):
            FileAnchor(path).read()


def test_a_torn_last_line_is_left_out_said_and_repaired(store: SqlGovernanceStore, tmp_path: Path) -> None:
    path = tmp_path / "audit.anchor"
    _event(store, "one")
    whole = path.read_bytes()
    _event(store, "two")
    path.write_bytes(path.read_bytes()[:-30])  # as a process leaves it that died meanwhile
    anchor_module._SEEN._points.clear()
    found = audit.report(store, NOBODY_SIGNED)
    assert (found.ok, found.size, found.anchored, found.anchor_torn) == (True, 2, 1, True)
    _event(store, "three")
    found = audit.report(store, NOBODY_SIGNED)
    assert (found.ok, found.anchored, found.anchor_torn) == (True, 3, False)
    assert path.read_bytes().startswith(whole)


def test_a_full_disk_leaves_the_former_anchors(
    place: FileAnchor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as failing:
        failing.setattr(os, "replace", broken)
        with pytest.raises(ConfigurationError, match="No space left"):
            place.adopt(SECOND)
    place = FileAnchor(tmp_path / "audit.anchor")
    assert place.read() is None
    (aside,) = tmp_path.glob("audit.anchor.until-*")
    assert len(aside.read_bytes().splitlines()) == 1
    assert not list(tmp_path.glob(".audit.anchor*"))


def test_a_read_only_place_is_said_and_the_event_stays(
    store: SqlGovernanceStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_only(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    with monkeypatch.context() as failing:
        failing.setattr(Path, "open", read_only)
        with pytest.raises(ConfigurationError, match=r"Read-only.*stays committed"):
            _event(store, "one")
    found = audit.report(store, NOBODY_SIGNED)
    assert (found.ok, found.size, found.anchored) == (True, 1, 0)


def test_an_old_home_is_taken_over_once(tmp_path: Path) -> None:
    shutil.copy(HISTORY / "audit.anchor", tmp_path / "audit.anchor")
    old = json.loads((tmp_path / "audit.anchor").read_text())
    point, later = AnchoredPoint(**old), AnchoredPoint(size=old["size"] + 1, head="2" * 64)
    place = FileAnchor(tmp_path / "audit.anchor")
    assert place.read() == Anchor(**old)
    assert not (tmp_path / "keys").exists(), "reading made a key"
    place.write(later)
    assert [item.size for item in place.signed()] == [point.size, later.size]
    assert place.signer().verifier.holds(place.signed()[0])
    assert (tmp_path / "keys" / PUBLIC_FILE).exists()
    shutil.copy(HISTORY / "audit.anchor", tmp_path / "audit.anchor")
    with pytest.raises(IntegrityError, match="not signed"):
        FileAnchor(tmp_path / "audit.anchor").read()


@pytest.mark.parametrize("published", [False, True])
def test_a_death_during_the_takeover_heals(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, published: bool) -> None:
    shutil.copy(HISTORY / "audit.anchor", tmp_path / "audit.anchor")
    size = json.loads((tmp_path / "audit.anchor").read_text())["size"]
    later = AnchoredPoint(size=size + 1, head="2" * 64)

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        if published:
            dying.setattr(anchor_module, "publish_once", dies)
        else:
            dying.setattr(os, "replace", dies)
        with pytest.raises(KeyboardInterrupt):
            FileAnchor(tmp_path / "audit.anchor").write(later)
    place = FileAnchor(tmp_path / "audit.anchor")
    assert place.read() is not None
    place.write(later)
    assert (place.signed()[0].size, place.signed()[-1].size) == (size, size + 1)
    assert (tmp_path / "keys" / PUBLIC_FILE).exists()


def test_lost_keys_are_no_way_round_the_signature(place: FileAnchor, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "keys")
    with pytest.raises(IntegrityError, match="signed with the key"):
        FileAnchor(tmp_path / "audit.anchor").read()


def test_a_foreign_public_key_is_said(place: FileAnchor, tmp_path: Path) -> None:
    open_signer(tmp_path / "other")
    (tmp_path / "keys" / PRIVATE_FILE).unlink()
    with pytest.raises(ConfigurationError, match="private key"):
        FileAnchor(tmp_path / "audit.anchor").write(SECOND)
    shutil.copy(tmp_path / "other" / PRIVATE_FILE, tmp_path / "keys" / PRIVATE_FILE)
    with pytest.raises(IntegrityError, match="does not belong"):
        FileAnchor(tmp_path / "audit.anchor").write(SECOND)


def test_a_long_history_keeps_the_first_one_of_each_day_and_the_newest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: None)  # hundreds of writes, none of which has to outlive the machine
    now = [datetime(2026, 1, 1, tzinfo=UTC)]
    place = FileAnchor(tmp_path / "audit.anchor", clock=lambda: now[0])
    count = 2 * RECENT + 20
    for size in range(count):
        now[0] += timedelta(hours=1)
        place.write(AnchoredPoint(size=size, head=f"{size:064x}"))
    kept = place.signed()
    assert FileAnchor(tmp_path / "audit.anchor").signed() == kept
    assert len(kept) < 2 * RECENT
    assert kept[0].size == 0
    assert [item.size for item in kept[-RECENT:]] == list(range(count - RECENT, count))
    assert len({item.at.date() for item in kept}) == len({day for day in _days(count)})


def _days(count: int) -> Iterator[object]:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    return ((start + timedelta(hours=hour + 1)).date() for hour in range(count))


def test_an_anchor_kept_elsewhere_is_read_with_and_without_its_key(place: FileAnchor, tmp_path: Path) -> None:
    path = tmp_path / "kept"
    path.write_bytes((tmp_path / "audit.anchor").read_bytes())
    assert load_anchors(path, place.signer().verifier) == load_anchors(path, None) == place.signed()
    with pytest.raises(IntegrityError, match="signed with the key"):
        load_anchors(path, open_signer(tmp_path / "other").verifier)
    with pytest.raises(ConfigurationError, match="cannot be read"):
        load_anchors(tmp_path / "none", None)


def test_what_a_process_saw_cannot_be_set_back_under_it(store: SqlGovernanceStore, tmp_path: Path) -> None:
    """With the database or without: the signatures hold, and only memory tells."""
    path = tmp_path / "audit.anchor"
    _event(store, "one")
    anchors = path.read_bytes()
    _event(store, "two")
    path.write_bytes(anchors)
    for reader in (store.anchor, FileAnchor(path).read, FileAnchor(path).signed):
        with pytest.raises(IntegrityError, match=r"saw it name 2 events, and now it names 1\.$"):
            reader()
    _event(store, "three")  # a log without a sound anchor goes on, and is never anchored over
    assert path.read_bytes() == anchors


def test_another_history_is_seen_though_it_is_longer(place: FileAnchor, tmp_path: Path) -> None:
    path, signer = tmp_path / "audit.anchor", place.signer()
    place.write(SECOND)
    forked = [signer.anchor(AnchoredPoint(size=size, head=f"{size:064x}"), datetime.now(UTC)) for size in (1, 2, 3)]
    path.write_bytes(b"".join(canonical_bytes(item) + b"\n" for item in forked))
    with pytest.raises(IntegrityError, match="another history at 2 events"):
        place.read()
    with pytest.raises(IntegrityError, match="another history at 2 events"):
        FileAnchor(path).write(AnchoredPoint(size=4, head="4" * 64))


def test_a_point_that_a_shorter_history_leaves_out_is_still_held_against_the_log(
    place: FileAnchor, tmp_path: Path
) -> None:
    """Others may have shortened it meanwhile; a forger who leaves out the very point gains nothing by it."""
    path, signer = tmp_path / "audit.anchor", place.signer()
    place.write(SECOND)
    left = [signer.anchor(AnchoredPoint(size=size, head=f"{size:064x}"), datetime.now(UTC)) for size in (0, 3, 4)]
    path.write_bytes(b"".join(canonical_bytes(item) + b"\n" for item in left))
    for _ in range(2):
        found = place.read()
        assert found is not None
        assert [(point.size, point.head[-1]) for point in (*found.earlier, found)] == [
            (0, "0"),
            (2, "2"),
            (3, "3"),
            (4, "4"),
        ]
    assert [item.size for item in place.signed()] == [0, 3, 4]


def test_a_vanished_file_is_not_begun_anew_in_the_same_process(place: FileAnchor, tmp_path: Path) -> None:
    (tmp_path / "audit.anchor").unlink()
    assert place.read() is None
    with pytest.raises(IntegrityError, match="never moved back to 0"):
        FileAnchor(tmp_path / "audit.anchor").write(AnchoredPoint(size=0, head=audit.GENESIS))


def test_what_a_person_adopts_is_what_counts_from_then_on(place: FileAnchor, tmp_path: Path) -> None:
    place.write(SECOND)
    place.adopt(AnchoredPoint(size=1, head="7" * 64))
    found = FileAnchor(tmp_path / "audit.anchor").read()
    assert found == Anchor(size=1, head="7" * 64)


def test_threads_that_read_while_another_writes_see_nothing_set_back(place: FileAnchor, tmp_path: Path) -> None:
    path, done, wrong = tmp_path / "audit.anchor", threading.Event(), list[Exception]()

    def read() -> None:
        reader = FileAnchor(path)
        while not done.is_set():
            try:
                reader.read()
            except IntegrityError as error:
                wrong.append(error)
                return

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for size in range(2, 60):
        place.write(AnchoredPoint(size=size, head=f"{size:064x}"))
    done.set()
    for reader in readers:
        reader.join()
    assert not wrong


WRITER = """
import sys
from pathlib import Path
from partnership_os.governance import audit
from partnership_os.governance.clock import system_clock
from partnership_os.storage.anchor import FileAnchor
from partnership_os.storage.database import open_database, sqlite_url
from partnership_os.storage.governance_store import SqlGovernanceStore
home = Path(sys.argv[1])
store = SqlGovernanceStore(open_database(sqlite_url(home / "p.db")), FileAnchor(home / "audit.anchor"))
sys.stdin.readline()
for number in range(8):
    audit.record_event(store, system_clock, "pe_x", "run_started", f"{sys.argv[2]}-{number}", {})
"""


def test_three_processes_write_one_history(store: SqlGovernanceStore, tmp_path: Path) -> None:
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), name], stdin=subprocess.PIPE, text=True)
        for name in "abc"
    ]
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("go\n")
        writer.stdin.flush()
    for writer in writers:
        writer.communicate(timeout=60)
        assert writer.returncode == 0
    found = audit.report(store, NOBODY_SIGNED)
    assert (found.ok, found.size, found.anchored, found.anchor_torn) == (True, 24, 24, False)
