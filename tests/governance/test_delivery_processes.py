"""Workers as real processes on one database: at once, and killed in the middle. Each effect happens exactly once."""

import json
import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from partnership_os.governance import audit, delivery, sla
from partnership_os.governance.approvals import ApprovalService
from partnership_os.governance.delivery import EVERY_KIND, LEASE
from partnership_os.governance.outbox import delivery_status, queue
from partnership_os.governance.signing import load_signer
from partnership_os.storage.anchor import FileAnchor
from partnership_os.storage.database import open_database
from partnership_os.storage.governance_store import SqlGovernanceStore
from partnership_os.tools.file_courier import FileCourier

MESSAGES = 200 if os.environ.get("PARTNERSHIP_PROVE") == "1" else 30
ANCHOR = "delivery.anchor"

WORKER = """
import os, pathlib, signal, sys
from datetime import datetime
from partnership_os.governance import delivery
from partnership_os.governance.signing import load_verifier
from partnership_os.storage.anchor import FileAnchor
from partnership_os.storage.database import open_database
from partnership_os.storage.governance_store import SqlGovernanceStore
from partnership_os.tools.file_courier import FileCourier

url, anchor, folder, now, kill_at = sys.argv[1:]

class Courier(FileCourier):
    def deliver(self, parcel):
        if kill_at == "claimed":
            os.kill(os.getpid(), signal.SIGKILL)
        receipt = super().deliver(parcel)
        if kill_at == "delivered":
            os.kill(os.getpid(), signal.SIGKILL)
        print(parcel.idempotency_key, flush=True)
        return receipt

store = SqlGovernanceStore(open_database(url), FileAnchor(pathlib.Path(anchor)))
verifier = load_verifier(pathlib.Path(anchor).parent)
sys.stdin.readline()
clock = lambda: datetime.fromisoformat(now)
left = 1
while left:
    report = delivery.deliver_due(store, verifier, {"*": Courier(pathlib.Path(folder))}, clock, "worker")
    left = report.left
"""


@pytest.fixture
def outbox(world: Any, staff: Any, database_url: str) -> Any:
    """The world, moved to SQLite or PostgreSQL, with one commitment that took effect."""
    world.database.close()
    world.url = database_url
    world.database = open_database(database_url)
    world.store = SqlGovernanceStore(world.database, FileAnchor(world.home / ANCHOR))
    world.service = ApprovalService(world.store, load_signer(world.home), world.clock)
    world.made = world.propose(staff("requester"))
    world.decide(staff("director"), world.made)
    world.commit(world.made)
    world.outgoing = world.home / "outgoing"
    return world


def start(world: Any, kill_at: str = "never") -> subprocess.Popen[str]:
    arguments = [world.url, str(world.home / ANCHOR), str(world.outgoing), world.clock.now.isoformat(), kill_at]
    return subprocess.Popen(
        [sys.executable, "-c", WORKER, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def files(world: Any) -> list[Path]:
    return sorted(path for path in world.outgoing.rglob("*") if path.is_file() and path.suffix == ".json")


def deliver_here(world: Any) -> int:
    couriers = {EVERY_KIND: FileCourier(world.outgoing)}
    return len(delivery.deliver_due(world.store, world.verifier, couriers, world.clock, "here").messages)


@pytest.mark.parametrize(("kill_at", "written"), [("claimed", 0), ("delivered", 1)])
def test_what_a_killed_worker_held_is_taken_over_and_has_one_effect(outbox: Any, kill_at: str, written: int) -> None:
    killed = start(outbox, kill_at)
    killed.communicate("go\n", timeout=60)
    assert killed.returncode == -signal.SIGKILL
    assert len(files(outbox)) == written
    before = [(path, path.read_bytes(), path.stat().st_ino) for path in files(outbox)]
    (held,) = queue(outbox.store)
    assert (held.delivered_at, str(held.claimed_by).split()[0]) == (None, "worker")
    assert audit.report(outbox.store, outbox.verifier).ok
    outbox.clock.now += LEASE - timedelta(microseconds=1)
    assert deliver_here(outbox) == 0
    outbox.clock.now += timedelta(microseconds=1)
    assert deliver_here(outbox) == 1
    (path,) = files(outbox)
    assert before in ([], [(path, path.read_bytes(), path.stat().st_ino)])
    assert json.loads(path.read_text(encoding="utf-8"))["idempotency_key"] == outbox.made.commitment_id
    assert len(outbox.events("message_delivered")) == 1
    assert audit.report(outbox.store, outbox.verifier).ok


@pytest.mark.timeout(400)
def test_two_workers_at_once_deliver_every_message_once(outbox: Any, staff: Any) -> None:
    for number in range(MESSAGES - 1):
        outbox.propose(staff("requester"), thread_id=f"late-{number}", document_id=f"ts_late{number}")
    outbox.clock.turn(hours=25)
    assert len(sla.tick(outbox.store, outbox.clock)) == MESSAGES - 1
    workers = [start(outbox) for _ in range(2)]
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
    said = [worker.communicate(timeout=300)[0].split() for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0]
    assert len(said[0]) + len(said[1]) == len({*said[0], *said[1]}) == MESSAGES
    assert len(files(outbox)) == MESSAGES
    subjects = [event.subject for event in outbox.events("message_delivered")]
    assert len(subjects) == len(set(subjects)) == MESSAGES
    assert {delivery_status(queued).value for queued in queue(outbox.store)} == {"delivered"}
    assert not [path for path in outbox.outgoing.rglob(".*") if path.is_file()]
    assert audit.report(outbox.store, outbox.verifier).ok
