"""The program of the child processes: a zygote that imports everything once and forks one child for each job.

It reads commands as JSON lines and answers each with one line. It holds no connection when it forks: the children share
nothing but code. Run as ``python -m tests.crash.victim`` in the root of the checkout.

    {"do": "warm", "job": {...}}     do it here, to have everything compiled before the fork
    {"do": "start", "jobs": [...]}   fork a child for each job; they begin their work at the same moment; -> pids
    {"do": "wait", "pid": 1}         until it ends or is stopped -> {"code": 0 | -9 | ...} or {"code": "stopped"}
    {"do": "continue", "pid": 1}     let a stopped child go on
    {"do": "kill", "pid": 1}         end a child
"""

import gc
import json
import os
import shutil
import signal
import sqlite3
import sys
import traceback
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any, Final

import sqlalchemy
from argon2 import PasswordHasher
from psycopg import Connection as _Preloaded  # noqa: F401 - so that no child has to load it
from sqlalchemy import event, insert, select
from sqlalchemy.engine import URL, Engine, make_url
from sqlalchemy.pool import Pool

from partnership_os.errors import ApprovalError, InputError, PartnershipError
from partnership_os.governance import audit, directory
from partnership_os.storage import anchor, database, tables
from partnership_os.testing.crash import Tripwire, disk_full, kill, stop, watch_files, watch_lines, watch_statements
from tests.crash.checks import Records, may_commit, violations
from tests.crash.faults import FAULTS
from tests.crash.operations import (
    OPERATIONS,
    WORKLOAD,
    Gate,
    census,
    commit_one,
    decide,
    deliver,
    issue_token,
    propose,
)

LONGEST: Final = 90
"""Seconds after which a child counts as hanging and ends by SIGALRM."""
KEPT_ENGINES: Final = 4
DATABASE_FILE: Final = "partnership.db"
ACTS: Final = {"kill": kill, "stop": stop, "full": disk_full}
TRACED: Final = f"{Path(audit.__file__).parent.parent}/"


# -- what a child can be asked beside the operations ------------------------------------------------------------------


def save(gate: Gate, folder: str) -> None:
    """Keep the home and every row, to begin again from here."""
    saved = Path(folder)
    shutil.copytree(gate.home, saved / "home")
    url = make_url(gate.database.engine.url)
    if gate.database.dialect == "sqlite":
        gate.close()  # the last connection moves the log of the database into its file
        shutil.copy(str(url.database), saved / DATABASE_FILE)
        return
    with gate.database.read() as connection:
        rows = {
            table.name: [dict(row._mapping) for row in connection.execute(select(table))]
            for table in tables.metadata.sorted_tables
        }
    (saved / "rows.json").write_text(json.dumps(rows), encoding="utf-8")


def restore(url_text: str, home: Path, saved: Path) -> None:
    """Put home and rows back to what they were, whatever a killed process left."""
    shutil.rmtree(home)
    shutil.copytree(saved / "home", home)
    url = make_url(url_text)
    if url.get_backend_name() == "sqlite":
        for end in ("-wal", "-shm"):
            Path(f"{url.database}{end}").unlink(missing_ok=True)
        shutil.copy(saved / DATABASE_FILE, str(url.database))
        return
    rows = json.loads((saved / "rows.json").read_text(encoding="utf-8"))
    with database.connect(url_text).write() as connection:
        for table in reversed(tables.metadata.sorted_tables):
            if table is not tables.write_lock:
                connection.execute(table.delete())
        for table in tables.metadata.sorted_tables:
            if table is not tables.write_lock and rows[table.name]:
                connection.execute(insert(table), rows[table.name])


def examine(gate: Gate) -> list[str]:
    """Everything that is wrong with the store: by our own rules, and by the product's audit."""
    with gate.database.read() as connection:
        records = Records(connection)
    found = violations(records, gate.verifier)
    try:
        return [*found, *_anchored(gate, records), *_audited(gate)]
    except PartnershipError as error:  # what the product says of it does not stand in for our own rules
        return [*found, f"{type(error).__name__}: {error.message}"]


def _anchored(gate: Gate, records: Records) -> list[str]:
    anchor = gate.store.anchor()
    if anchor is None or anchor.size > len(records.events):
        return [f"the anchor {anchor} is ahead of {len(records.events)} events"]
    if anchor.size and records.events[anchor.size - 1]["hash"] != anchor.head:
        return ["the anchor names another hash than the log"]
    return []


def _audited(gate: Gate) -> list[str]:
    report = audit.report(gate.store, gate.verifier)
    return [] if report.ok else [f"audit verify: {report.reason}"]


def lost(gate: Gate, journals: list[str]) -> list[str]:
    """What a worker was told had happened, and what is not in the log."""
    with gate.database.read() as connection:
        records = Records(connection)
    told = [
        json.loads(line) for name in journals if Path(name).exists() for line in Path(name).read_text().splitlines()
    ]
    return [
        f"lost: {kind} {key}" for entry in told for kind, key in entry["acknowledged"] if not records.seqs(kind, key)
    ]


def see_through(gate: Gate, journal: str) -> list[str]:
    """A deal that is approved and one that is not, for the recovery to commit and to leave; nobody else knows them."""
    done = issue_token(gate, "chief")  # a worker may have died between a new token and its place in the home
    done += propose(gate, "ts_last") + decide(gate, "ts_last", "chief") + propose(gate, "ts_open")
    Path(journal).write_text(json.dumps({"operation": "see_through", "acknowledged": done}), encoding="utf-8")
    return []


def recover(gate: Gate) -> list[str]:
    """Try to commit everything, as somebody would who finds it; what may be committed must be, and nothing else."""
    found: list[str] = []
    with gate.database.read() as connection:
        ids = list(Records(connection).commitments)
    for key in ids:
        with gate.database.read() as connection:
            records = Records(connection)
        expected = may_commit(records, records.commitments[key], gate.verifier, gate.clock())
        with gate.store.snapshot() as reader:
            stored = reader.commitment(key)
        assert stored is not None
        try:
            commit_one(gate, stored.commitment)
            if not expected:
                found.append(f"{key} was committed and should not have been")
        except (ApprovalError, InputError) as error:
            if expected:
                found.append(f"liveness: {key} has its approvals and was refused: {error.message}")
        except PartnershipError as error:
            found.append(f"{key} met {type(error).__name__}: {error.message}")
    return found


def delivered(gate: Gate) -> list[str]:
    """Send what is due; then every message has left, once as its event says and as one file."""
    deliver(gate)
    with gate.database.read() as connection:
        records = Records(connection)
    kept = {path.stem for path in (gate.home / "outbox").glob("*/*.json")}
    found = []
    for message in records.outbox:
        events = len(records.seqs("message_delivered", message["message_id"]))
        if events != 1 or message["idempotency_key"] not in kept:
            found.append(f"undelivered: {message['message_id']} has {events} events")
    if len(kept) != len(records.outbox):
        found.append(f"delivered {len(kept)} files for {len(records.outbox)} messages")
    return found


def work(gate: Gate, seed: str, steps: int, journal: str) -> dict[str, int]:
    """A random schedule. What succeeded is written down durably before the next step."""
    rng = Random(seed)
    done = refused = 0
    with Path(journal).open("w", encoding="utf-8") as file:
        for _ in range(steps):
            operation = rng.choices(list(WORKLOAD), list(WORKLOAD.values()))[0]
            try:
                acknowledged = operation(gate, rng)
            except (ApprovalError, InputError):
                refused += 1
                continue
            done += 1
            file.write(json.dumps({"operation": operation.__name__, "acknowledged": acknowledged}) + "\n")
            file.flush()
            os.fsync(file.fileno())
    return {"done": done, "refused": refused}


COMMANDS: Final[dict[str, Callable[..., Any]]] = {
    **OPERATIONS,
    **{command.__name__: command for command in (save, examine, lost, see_through, recover, delivered, work, census)},
}


# -- one child --------------------------------------------------------------------------------------------------------


def run(job: dict[str, Any], ready: Callable[[], None]) -> dict[str, Any]:
    """The steps of a job in order, each whatever became of the one before; the last one with the tripwire armed."""
    home = Path(job["home"])
    anchor._SEEN._points.clear()  # what the zygote saw, this process did not
    if job.get("restore"):
        restore(job["url"], home, Path(job["restore"]))
    if job.get("fault"):
        FAULTS[job["fault"]]()
    if job.get("busy"):
        setattr(database, "BUSY_SECONDS", job["busy"])  # noqa: B010
    if job.get("pages_left") is not None:
        event.listen(Engine, "connect", _limit_pages(job["pages_left"]))
    named = job.get("wire") or {}
    wire = Tripwire(named.get("at"), ACTS[named.get("act", "kill")])
    gate = Gate(job["url"], home, datetime.fromisoformat(job["now"]))
    ready()
    done: list[dict[str, Any]] = []
    for number, (name, arguments) in enumerate(job["steps"], 1):
        with ExitStack() as stack:
            if named and number == len(job["steps"]):
                _watch(stack, wire, named["watch"])
            done.append(_attempt(gate, name, arguments))
            wire.point("returned")
    gate.close()
    return {"done": done, "passed": wire.passed}


def _attempt(gate: Gate, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    try:
        return {"result": COMMANDS[name](gate, **arguments)}
    except Exception as error:
        return {"error": type(error).__name__, "message": str(error), "trace": traceback.format_exc()}


def _watch(stack: ExitStack, wire: Tripwire, watched: list[str]) -> None:
    if "statements" in watched:
        stack.enter_context(watch_statements(wire))
    if "files" in watched:
        stack.enter_context(watch_files(wire))
    if "lines" in watched:
        stack.enter_context(watch_lines(wire, TRACED))
    stack.enter_context(wire.armed())


def _limit_pages(left: int) -> Callable[..., None]:
    """What a small disk does to SQLite: its file may grow by so many pages only."""

    def limit(connection: Any, _record: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + left}")

    return limit


def child(job: dict[str, Any], ready: Callable[[], None]) -> None:
    """Do the job, write down what came of it, and end without running anything of the zygote's."""
    signal.alarm(LONGEST)
    code = 1
    try:
        outcome = run(job, ready)
        out = Path(job["out"])
        out.write_text(json.dumps(outcome), encoding="utf-8")
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


# -- the zygote -------------------------------------------------------------------------------------------------------


def start(jobs: list[dict[str, Any]]) -> list[int]:
    """Fork the children; each waits, once it has opened its store, for the others."""
    ready_end, ready = os.pipe()
    go, go_end = os.pipe()

    def wait_for_the_others() -> None:
        os.close(go_end)
        os.close(ready)  # closed means ready; so does the death of a child that never came so far
        os.read(go, 1)

    pids = []
    for job in jobs:
        pid = os.fork()
        if pid == 0:
            child(job, wait_for_the_others)
        pids.append(pid)
    os.close(ready)
    os.read(ready_end, 1)
    for end in (ready_end, go, go_end):
        os.close(end)
    return pids


def keep_engines() -> None:
    """One engine for a URL, whose compiled statements the children inherit; without this most of their time goes there.

    Every child opens its own connections: `warm` closes those that it made.
    """
    engines: dict[str, Engine] = {}
    genuine = sqlalchemy.create_engine

    def kept(url: URL, **options: Any) -> Engine:
        key = url.render_as_string(hide_password=False)
        if key not in engines:
            while len(engines) >= KEPT_ENGINES:
                engines.pop(next(iter(engines)))
            engines[key] = genuine(url, **options)
        return engines[key]

    setattr(database, "create_engine", kept)  # noqa: B010


def spare_the_disk() -> None:
    """Wait for no disk. What a process has written survives it; only a machine that fails would tell the difference."""

    def on_checkout(connection: Any, _record: object, _proxy: object) -> None:
        if isinstance(connection, sqlite3.Connection):
            connection.execute("PRAGMA synchronous = OFF")
        else:
            connection.execute("SET synchronous_commit TO off")
            connection.commit()

    event.listen(Pool, "checkout", on_checkout)
    setattr(os, "fsync", lambda _file: None)  # noqa: B010


def warm(job: dict[str, Any]) -> None:
    """Do a job here, so that the children find everything imported and compiled; no connection stays open."""
    run(job, lambda: None)
    gc.collect()
    gc.freeze()


def main() -> None:
    setattr(directory, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))  # noqa: B010
    keep_engines()
    spare_the_disk()
    living: set[int] = set()
    for line in sys.stdin:
        command = json.loads(line)
        answer: Any = None
        if command["do"] == "start":
            answer = start(command["jobs"])
            living.update(answer)
        elif command["do"] == "warm":
            warm(command["job"])
        elif command["do"] in ("continue", "kill"):
            os.kill(command["pid"], signal.SIGCONT if command["do"] == "continue" else signal.SIGKILL)
        else:
            _, status = os.waitpid(command["pid"], os.WUNTRACED)
            if os.WIFSTOPPED(status):
                answer = "stopped"
            else:
                living.discard(command["pid"])
                answer = os.waitstatus_to_exitcode(status)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
    for pid in living:
        os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    main()
