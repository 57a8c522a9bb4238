"""The anchor and the log that it holds: what the store adds to it, and what a process remembers of its place."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from partnership_os.errors import IntegrityError
from partnership_os.governance import audit
from partnership_os.governance.clock import system_clock
from partnership_os.governance.store import AnchoredPoint
from partnership_os.storage.anchor import ANCHOR_FILE, FileAnchor
from partnership_os.storage.database import Database, open_database, sqlite_url
from partnership_os.storage.governance_store import SqlGovernanceStore

FIRST, SECOND = AnchoredPoint(size=1, head="1" * 64), AnchoredPoint(size=2, head="2" * 64)
OTHER_SECOND = AnchoredPoint(size=2, head="3" * 64)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = open_database(sqlite_url(tmp_path / "p.db"))
    yield made
    made.close()


CONTRADICTIONS = {
    "cut": "DELETE FROM audit WHERE seq > 1",
    "emptied": "DELETE FROM audit",
    "rewritten": "UPDATE audit SET hash = substr(hash, 2) || substr(hash, 1, 1)",
    "unreadable": "UPDATE audit SET at = 'yesterday' WHERE seq = 2",
}


@pytest.mark.parametrize("harm", CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_the_anchor_does_not_follow_a_log_that_contradicts_it(database: Database, tmp_path: Path, harm: str) -> None:
    """Whatever is appended to such a log: its end stays unanchored, and so nothing ever vouches for it."""
    path = tmp_path / ANCHOR_FILE
    store = SqlGovernanceStore(database, FileAnchor(path))
    for name in ("one", "two"):
        audit.record_event(store, system_clock, "pe_x", "run_started", name, {})
    before = path.read_bytes()
    with database.write() as connection:
        connection.execute(text(harm))
    for _ in range(3):
        with store.transaction() as transaction:
            if harm != CONTRADICTIONS["unreadable"]:  # nothing can be appended to that one
                audit.append(transaction, system_clock(), "pe_x", "run_started", "three", {})
    anchored = store.anchor()
    assert path.read_bytes() == before
    assert anchored is not None and anchored.size == 2


def _through_a_link(home: Path) -> Path:
    """Another name of the folder."""
    link = home.with_name("link")
    link.symlink_to(home)
    return link / ANCHOR_FILE


def _to_a_linked_file(home: Path) -> Path:
    link = home.with_name("link.anchor")
    link.symlink_to(home / ANCHOR_FILE)
    return link


def _round_about(home: Path) -> Path:
    return home / ".." / home.name / ANCHOR_FILE


@pytest.mark.parametrize("other_name", [_through_a_link, _to_a_linked_file, _round_about])
def test_the_memory_of_a_place_is_the_same_by_every_name_of_it(
    tmp_path: Path, other_name: Callable[[Path], Path]
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    path = home / ANCHOR_FILE
    FileAnchor(path).write(FIRST)
    former = path.read_bytes()
    other = other_name(home)
    FileAnchor(other, keys=home / "keys").write(SECOND)
    path.write_bytes(former)
    for name in (path, other):
        with pytest.raises(IntegrityError, match="set back"):
            FileAnchor(name, keys=home / "keys").read()
    with pytest.raises(IntegrityError, match=r"never moved back|set back"):
        FileAnchor(other, keys=home / "keys").write(OTHER_SECOND)


def test_a_link_that_is_turned_to_an_older_copy_is_seen(tmp_path: Path) -> None:
    """The name is remembered as well as the file behind it."""
    home, copy, link = tmp_path / "home", tmp_path / "copy", tmp_path / "link"
    home.mkdir()
    link.symlink_to(home)
    FileAnchor(link / ANCHOR_FILE).write(FIRST)
    shutil.copytree(home, copy)
    FileAnchor(link / ANCHOR_FILE).write(SECOND)
    link.unlink()
    link.symlink_to(copy)
    with pytest.raises(IntegrityError, match="set back"):
        FileAnchor(link / ANCHOR_FILE).read()
