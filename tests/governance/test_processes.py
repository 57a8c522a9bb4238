"""Real processes on one home: races, and a kill at each step of the commit."""

import subprocess
import sys
from typing import Any

import pytest

from partnership_os.governance import audit
from partnership_os.schemas.commitment import DecisionOutcome

pytestmark = pytest.mark.parametrize("world", ["sqlite", "postgresql"], indirect=True)

COMMIT = """
import json, os, pathlib, signal, sys
from datetime import datetime
from partnership_os.governance import commitments
from partnership_os.governance.signing import load_verifier
from partnership_os.storage import anchor, governance_store
from partnership_os.storage.database import open_database

home, commitment_id, now, kill_at = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4]

def die_in(owner, name):
    genuine = getattr(owner, name)
    def dying(*arguments):
        genuine(*arguments)
        os.kill(os.getpid(), signal.SIGKILL)
    setattr(owner, name, dying)

store = governance_store.SqlGovernanceStore(
    open_database(sys.argv[5]), anchor.FileAnchor(home / anchor.ANCHOR_FILE)
)
if kill_at == "after_commit":
    governance_store.SqlGovernanceStore._follow = lambda self: os.kill(os.getpid(), signal.SIGKILL)
elif kill_at == "anchor":
    die_in(anchor.FileAnchor, "write")
elif kill_at != "never":
    die_in(governance_store.SqlTransaction, kill_at)
sys.stdin.readline()
with store.snapshot() as reader:
    terms = reader.commitment(commitment_id).commitment.terms
entry = commitments.commit(store, load_verifier(home), lambda: datetime.fromisoformat(now), commitment_id, terms)
print(entry.entry_id)
"""


def _start(world: Any, made: Any, kill_at: str = "never") -> subprocess.Popen[str]:
    arguments = [str(world.home), made.commitment_id, world.clock.now.isoformat(), kill_at, world.url]
    return subprocess.Popen(
        [sys.executable, "-c", COMMIT, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def _approved(world: Any, staff: Any) -> Any:
    made = world.propose(staff("requester"))
    world.decide(staff("director"), made)
    return made


def _one_of_everything(world: Any) -> None:
    assert len(world.ledger()) == 1
    assert len(world.events("commitment_committed")) == 1
    assert world.sql("SELECT count(*) FROM outbox") == [(1,)]
    assert world.sql("SELECT count(*) FROM decisions WHERE consumed_by IS NOT NULL") == [(1,)]
    assert audit.report(world.store, world.verifier).ok


def test_four_processes_that_commit_at_once_make_one_row(world: Any, staff: Any) -> None:
    made = _approved(world, staff)
    racers = [_start(world, made) for _ in range(4)]
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write("go\n")
        racer.stdin.flush()
    said = [racer.communicate(timeout=60)[0].strip() for racer in racers]
    assert [racer.returncode for racer in racers] == [0] * 4
    assert set(said) == {world.ledger()[0].entry_id}
    _one_of_everything(world)


@pytest.mark.parametrize(
    ("step", "rows"),
    [
        ("add_ledger_entry", 0),
        ("append_audit", 0),
        ("after_commit", 1),
        ("anchor", 1),
    ],
)
def test_a_kill_at_any_step_leaves_all_or_nothing_and_a_retry_commits_once(
    world: Any, staff: Any, step: str, rows: int
) -> None:
    made = _approved(world, staff)
    killed = _start(world, made, step)
    killed.communicate("go\n", timeout=60)
    assert killed.returncode == -9
    assert len(world.ledger()) == rows
    assert audit.report(world.store, world.verifier).ok
    entry = world.commit(made)
    assert world.commit(made) == entry
    assert world.decide(staff("director"), made).outcome is DecisionOutcome.APPROVE
    _one_of_everything(world)
    assert audit.report(world.store, world.verifier).anchored == audit.report(world.store, world.verifier).size
