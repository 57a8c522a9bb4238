"""Homes that older versions wrote are read, upgraded, verified and gone on with; see `histories/`."""

import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from partnership_os.governance import audit, commitments
from partnership_os.governance.signing import load_verifier
from partnership_os.storage.anchor import ANCHOR_FILE, FileAnchor
from partnership_os.storage.database import open_database, sqlite_url
from partnership_os.storage.governance_store import SqlGovernanceStore

HISTORIES = Path(__file__).parent / "histories"


@pytest.fixture(params=sorted(folder.name for folder in HISTORIES.iterdir()))
def old_home(request: Any, tmp_path: Path) -> Path:
    recorded = HISTORIES / request.param
    home = tmp_path / "old"
    home.mkdir()
    connection = sqlite3.connect(home / "partnership.db")
    connection.executescript((recorded / "partnership.sql").read_text(encoding="utf-8"))
    connection.close()
    shutil.copy(recorded / ANCHOR_FILE, home)
    shutil.copy(recorded / "approval_verify.pub", home)
    return home


def test_an_old_home_is_whole_after_its_upgrade_and_goes_on(old_home: Path, world: Any) -> None:
    database = open_database(sqlite_url(old_home / "partnership.db"))
    store, clock = SqlGovernanceStore(database, FileAnchor(old_home / ANCHOR_FILE)), world.clock
    clock.turn(hours=2)
    assert audit.report(store, load_verifier(old_home)).ok
    (committed,) = commitments.ledger(store)
    statuses = {item.commitment.document_id: item.status.value for item in commitments.inbox(store, clock)}
    assert statuses == {"ts_two": "approved", "ts_three": "pending"}
    (ready,) = (item for item in commitments.inbox(store, clock) if item.status.value == "approved")
    made = ready.commitment
    entry = commitments.commit(store, load_verifier(old_home), clock, made.commitment_id, made.terms)
    assert commitments.ledger(store) == (committed, entry)
    assert audit.report(store, load_verifier(old_home)).ok
    database.close()
