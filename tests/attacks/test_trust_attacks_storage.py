"""Attacks 12, 15 and 18: races of real processes, a log that was tampered with, crashes and full or busy disks."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import event

from partnership_os.errors import ConfigurationError, IntegrityError, PartnershipError
from partnership_os.governance import audit
from partnership_os.governance.agreement import message_of
from partnership_os.governance.audit import GENESIS, LogTrouble
from partnership_os.governance.canonical import canonical_bytes, digest_of
from partnership_os.governance.commitments import commit
from partnership_os.governance.delivery import EVERY_KIND, deliver_due
from partnership_os.governance.signing import Signer, load_signer
from partnership_os.schemas.commitment import Commitment, Decision, DecisionOutcome, Delegation, LedgerEntry
from partnership_os.schemas.partnership import PartnershipType
from partnership_os.storage import database as database_module
from partnership_os.storage.anchor import FileAnchor
from partnership_os.storage.governance_store import SqlGovernanceStore
from partnership_os.testing.courier import ScriptedCourier
from tests.attacks.gate_world import Gate, opened, opened_in

ROUNDS = 25 if os.environ.get("PARTNERSHIP_PROVE") == "1" else 2


class Racers:
    """Two processes that are there already and begin at the same moment."""

    def __init__(self, repository: Path) -> None:
        self._root = repository
        self._started = [self._start(), self._start()]

    def _start(self) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "tests.attacks.racer"],
            cwd=self._root,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def race(self, *jobs: dict[str, Any]) -> list[bool]:
        """Whether each of the jobs was done; a process that died did nothing."""
        racers = self._started[: len(jobs)]
        for racer, job in zip(racers, jobs, strict=True):
            self._tell(racer, json.dumps(job))
            assert self._hear(racer) == "ready"
        for racer in racers:
            self._tell(racer, "go")
        heard = [self._hear(racer) for racer in racers]
        for at, line in enumerate(heard):
            if not line:
                self.close(self._started[at])
                self._started[at] = self._start()
        return [bool(line) and bool(json.loads(line)["done"]) for line in heard]

    def close(self, *which: "subprocess.Popen[str]") -> None:
        for racer in which or self._started:
            racer.communicate(timeout=60)

    @staticmethod
    def _tell(racer: "subprocess.Popen[str]", line: str) -> None:
        assert racer.stdin is not None
        racer.stdin.write(f"{line}\n")
        racer.stdin.flush()

    @staticmethod
    def _hear(racer: "subprocess.Popen[str]") -> str:
        assert racer.stdout is not None
        return racer.stdout.readline().strip()


@pytest.fixture(scope="module")
def racers() -> Iterator[Racers]:
    made = Racers(Path(__file__).resolve().parents[2])
    yield made
    made.close()


@pytest.fixture
def gate(tmp_path: Path, migrated_file: Path) -> Iterator[Gate]:
    with opened_in(tmp_path, migrated_file) as made:
        yield made


@pytest.fixture
def shared(tmp_path: Path, database_url: str) -> Iterator[Gate]:
    """A gate on SQLite, then on PostgreSQL."""
    with opened(tmp_path / "home", database_url) as made:
        yield made


def _job(gate: Gate, made: Commitment, act: str, role: str = "director", **more: object) -> dict[str, Any]:
    where = {"home": str(gate.home), "url": gate.url, "now": gate.clock().isoformat()}
    return {**where, "commitment_id": made.commitment_id, "act": act, "token": gate.token(role), **more}


PAIRS = {
    "approve approve": ("approve", "approve"),
    "approve reject": ("approve", "reject"),
    "approve edit": ("approve", "edit"),
    "revoke commit": ("revoke", "commit"),
    "reject commit": ("reject", "commit"),
    "edit commit": ("edit", "commit"),
    "commit commit": ("commit", "commit"),
}


@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
def test_a12_concurrent_decisions(shared: Gate, racers: Racers, pair: tuple[str, str]) -> None:
    """Whoever comes first, there is one row or none, and it is the one that the decisions say."""
    for number in range(ROUNDS):
        made = shared.asked(thread_id=f"thread-{number}", document_id=f"ts_{number}")
        if "commit" in pair:
            shared.decide(shared.role("director"), made)
        other = "director" if pair[0] == "revoke" else "other_director"
        first, second = racers.race(_job(shared, made, pair[0], other), _job(shared, made, pair[1]))
        assert first or second
        before = shared.rows()
        committed = shared.status(made) == "committed"
        if pair == ("commit", "commit"):
            assert first and second and committed
        elif pair[1] == "commit":  # the loser was told that it came too late
            assert committed == second and first != second
        elif "reject" in pair:
            assert second and shared.status(made) == "rejected"
        elif "edit" in pair:
            assert second and shared.status(made) == "superseded"
        else:
            assert shared.status(made) == "approved"
            shared.lands(made)
            continue
        if committed:
            shared.only(made)
            continue
        with pytest.raises(PartnershipError):
            shared.commit(made)
        assert shared.rows() == before
        newest = shared.sql("SELECT max(document_version) FROM commitments WHERE document_id = :it", it=f"ts_{number}")
        assert newest[0][0] == (2 if "edit" in pair else 1)
        shared.lands(shared.asked(document_version=3, document_id=f"ts_{number}", thread_id=f"thread-{number}"), "vp")


def _events(gate: Gate) -> list[tuple[int, str]]:
    return [tuple(row) for row in gate.sql("SELECT seq, body FROM audit ORDER BY seq")]


def _cut(gate: Gate) -> None:
    gate.sql("DELETE FROM audit WHERE seq > (SELECT max(seq) - 1 FROM audit)")


def _emptied(gate: Gate) -> None:
    gate.sql("DELETE FROM audit")


def _dropped(gate: Gate) -> None:
    gate.sql("DELETE FROM audit WHERE seq = 2")


def _swapped(gate: Gate) -> None:
    gate.sql("UPDATE audit SET seq = -seq WHERE seq IN (2, 3)")
    gate.sql("UPDATE audit SET seq = 5 + seq WHERE seq < 0")


def _body_edited(gate: Gate) -> None:
    gate.sql("UPDATE audit SET body = replace(body, 'director', 'manager')")


def _column_edited(gate: Gate) -> None:
    gate.sql("UPDATE audit SET event = 'note' WHERE event = 'commitment_approved'")


def _chain_recomputed(gate: Gate) -> None:
    """Change who approved, and make every hash from there on fit again."""
    head = GENESIS
    for seq, text in _events(gate):
        told = json.loads(text)
        if told["event"] == "commitment_approved":
            told["actor"] = gate.role("other_director").person_id
        body = {name: value for name, value in told.items() if name not in ("hash", "previous")}
        told |= {"previous": head, "hash": audit.chain(head, body)}
        head = told["hash"]
        changed = {"body": canonical_bytes(told).decode(), "hash": head, "seq": seq}
        gate.sql("UPDATE audit SET body = :body, hash = :hash WHERE seq = :seq", **changed)


def _event_never_written(gate: Gate) -> None:
    """A person is raised where nobody tells of it."""
    gate.sql("UPDATE people SET body = replace(body, '\"analyst\"', '\"c-level\"')")


def _row_without_event(gate: Gate) -> None:
    gate.sql("UPDATE commitments SET superseded_by = 'cm_x' WHERE document_id = 'ts_one'")


TAMPERED = {
    _cut: {LogTrouble.CUT},
    _emptied: {LogTrouble.CUT},
    _dropped: {LogTrouble.CHANGED},
    _swapped: {LogTrouble.CHANGED},
    _body_edited: {LogTrouble.CHANGED},
    _column_edited: {LogTrouble.CHANGED},
    _chain_recomputed: {LogTrouble.REWRITTEN},
    _event_never_written: {LogTrouble.TABLE},
    _row_without_event: {LogTrouble.TABLE},
}


@pytest.mark.parametrize(
    ("attack", "trouble"), TAMPERED.items(), ids=lambda item: getattr(item, "__name__", "").strip("_")
)
def test_a15_tampered_log(gate: Gate, attack: Callable[[Gate], None], trouble: set[LogTrouble]) -> None:
    """The audit names what is wrong, and the commit path stops until the backup is back."""
    made = gate.asked()
    gate.role("other_director")
    analyst = gate.role("analyst")
    gate.decide(gate.role("director"), made)
    with gate.tampered():
        attack(gate)
        if attack is _event_never_written:  # whom it makes an approver; nobody is concerned before they decide
            gate.decide(analyst, made := gate.asked(document_id="ts_two", thread_id="thread-2"))
        assert gate.report().trouble in trouble
        gate.seen(made)
        exported: list[bytes] = []
        audit.export(gate.store, exported.append)
        if trouble <= {LogTrouble.CHANGED, LogTrouble.REWRITTEN} and attack is not _column_edited:
            assert not audit.verify_export(exported, gate.store.anchor()).ok
    if attack is not _event_never_written:
        gate.lands(made)


def test_a15_file_rolled_back(gate: Gate) -> None:
    """An older database under a newer anchor is refused; with an older anchor too, a process that ran before knows.

    A process that was started after that has only what was kept elsewhere to tell.
    """
    gate.lands(gate.asked(document_id="ts_zero", thread_id="thread-0"), "vp")
    old = gate.save("old")
    made = gate.asked()
    gate.decide(gate.role("director"), made)
    kept = gate.store.anchor()
    with gate.tampered():
        gate.database.close()
        shutil.copy(old / "partnership.db", gate.home / "partnership.db")
        gate.reopen()
        assert gate.report().trouble is LogTrouble.ROLLED_BACK
        with pytest.raises(PartnershipError):
            gate.commit(made)
        assert gate.rows() == 1
    with gate.tampered():
        gate.set_back(old)
        courier = ScriptedCourier()
        with pytest.raises(IntegrityError, match="set back"):
            gate.report()
        with pytest.raises(IntegrityError, match="set back"):
            gate.commit(made)
        with pytest.raises(IntegrityError, match="set back"):
            deliver_due(gate.store, gate.verifier, {EVERY_KIND: courier}, gate.clock, "worker")
        assert (gate.rows(), courier.keys) == (1, [])
        gate.reopen()
        assert gate.report().ok  # nothing on this machine can tell
        assert not audit.report(gate.store, gate.verifier, kept).ok
    with gate.tampered():
        gate.anchor_file.unlink()
        gate.reopen()
        assert gate.report().trouble is LogTrouble.NO_ANCHOR
        gate.seen(made)
    gate.lands(made)


def test_a15_file_rolled_back_behind_a_link(gate: Gate) -> None:
    """Database and anchors of before a rejection, reached by another name of the home: the process knows them all."""
    made = gate.asked()
    gate.decide(gate.role("director"), made)
    old = gate.save("old")
    with gate.tampered():
        gate.decide(gate.role("other_director"), made, "reject")
        gate.set_back(old)
        alias = gate.home.with_name("alias")
        alias.symlink_to(gate.home)
        by_link = FileAnchor(alias / gate.anchor_file.name, clock=gate.clock)
        with pytest.raises(IntegrityError, match="set back"):
            commit(
                SqlGovernanceStore(gate.database, by_link), gate.verifier, gate.clock, made.commitment_id, made.terms
            )
        assert gate.rows() == 0
    gate.lands(made)


def test_a15_exported_file_torn_cut_or_edited(gate: Gate, tmp_path: Path) -> None:
    """Every byte of an exported log counts: a mutation of any line, and a cut at any byte of the last one, shows."""
    made = gate.asked()
    gate.lands(made, "director")
    anchor, lines = gate.store.anchor(), list[bytes]()
    audit.export(gate.store, lines.append)
    assert audit.verify_export(lines, anchor).ok
    for size in range(1, len(lines[-1])):
        found = audit.verify_export([*lines[:-1], lines[-1][:size]], anchor)
        assert (found.ok, found.trouble, found.first_bad_seq) == (False, LogTrouble.TORN, len(lines))
    for at, line in enumerate(lines):
        for place in range(5, len(line) - 1, 23):
            edited = line[:place] + bytes([line[place] ^ 1]) + line[place + 1 :]
            assert not audit.verify_export([*lines[:at], edited, *lines[at + 1 :]], anchor).ok
        dropped = audit.verify_export([*lines[:at], *lines[at + 1 :]], anchor)
        assert (dropped.ok, dropped.first_seq) == (
            (True, 2) if at == 0 else (False, 1)
        )  # an extract says where it begins
        assert not audit.verify_export([*lines[:at], line, *lines[at:]], anchor).ok


def forged_row(
    gate: Gate, made: Commitment, decision_ids: tuple[str, ...] = ("de_none",), **change: Any
) -> LedgerEntry:
    """A ledger row, its message and its event, all of one piece, by somebody who holds the store and no decision."""
    approver = gate.role("director").person_id
    with gate.store.transaction() as transaction:
        stored = transaction.commitment(made.commitment_id)
        assert stored is not None
        shared = {name: getattr(made, name) for name in LedgerEntry.model_fields if hasattr(made, name)}
        made_up = {
            **shared,
            "entry_id": f"le_{stored.digest[:24]}",
            "digest": stored.digest,
            "approved_by": (approver,),
            "decision_ids": decision_ids,
            "committed_at": gate.clock(),
            **change,
        }
        entry = LedgerEntry(**made_up)
        transaction.add_ledger_entry(entry)
        transaction.add_outbox(message_of(entry))
        data = {"entry_id": entry.entry_id, "entry_digest": digest_of(entry), "digest": entry.digest}
        audit.append(transaction, gate.clock(), "partnership-os", "commitment_committed", made.commitment_id, data)
    return entry


def forged_decision(gate: Gate, made: Commitment, signer: Signer | None = None, **change: Any) -> str:
    """An approval of the director, its event and the mark of its use; signed with a key of the forger's own."""
    director = gate.role("director")
    with gate.store.transaction() as transaction:
        stored = transaction.commitment(made.commitment_id)
        assert stored is not None
        fields = {
            "decision_id": "de_forged",
            "commitment_id": made.commitment_id,
            "digest": stored.digest,
            "outcome": DecisionOutcome.APPROVE,
            "decided_by": director.person_id,
            "level": director.level,
            "legal": False,
            "decided_at": gate.clock(),
            "expires_at": made.expires_at,
            "key_id": gate.verifier.key_id,
            "signature": "-",
        }
        signed = (signer or Signer(Ed25519PrivateKey.generate())).sign(Decision(**{**fields, **change}))
        forged = signed.model_copy(update={"key_id": gate.verifier.key_id})
        transaction.add_decision(forged)
        transaction.consume_decisions([forged.decision_id], f"le_{stored.digest[:24]}")
        told = {name: getattr(forged, name) for name in ("decision_id", "digest", "legal")}
        told |= {"decision_digest": digest_of(forged), "level": forged.level.value}
        audit.append(transaction, gate.clock(), director.person_id, "commitment_approved", made.commitment_id, told)
    return forged.decision_id


def forged_loan(gate: Gate) -> Delegation:
    """Authority that the vice president never lent to the director, with its event."""
    lender, borrower = gate.role("vp"), gate.role("director")
    loan = Signer(Ed25519PrivateKey.generate()).sign(
        Delegation(
            delegation_id="dl_forged",
            delegator=lender.person_id,
            delegate=borrower.person_id,
            max_level=lender.level,
            legal=False,
            partnership_types=(PartnershipType.DISTRIBUTION,),
            starts_at=gate.clock(),
            expires_at=gate.clock() + timedelta(days=9),
            reason="on leave",
            key_id="0" * 16,
            signature="-",
        )
    )
    told: dict[str, Any] = {"delegate": borrower.person_id, "digest": digest_of(loan)}
    with gate.store.transaction() as transaction:
        transaction.add_delegation(loan)
        audit.append(transaction, gate.clock(), lender.person_id, "delegation_made", loan.delegation_id, told)
    return loan


def test_a15_delegation_forged_with_its_event(gate: Gate) -> None:
    """It is named before anybody uses it; a row that rests on it is named as well, though its decision is signed."""
    made = gate.asked()
    for role in ("vp", "director"):
        gate.role(role)
    with gate.tampered():
        loan = forged_loan(gate)
        found = gate.report()
        assert (found.trouble, found.table, found.row_id) == (LogTrouble.TABLE, "delegations", "dl_forged")
        behalf = {"on_behalf_of": loan.delegator, "delegation_id": loan.delegation_id}
        entry = forged_row(gate, made, (forged_decision(gate, made, load_signer(gate.home), **behalf),))
        found = gate.report()
        assert (found.trouble, found.table, found.row_id) == (LogTrouble.TABLE, "ledger", entry.entry_id)
        assert "dl_forged was not signed" in str(found.reason)
        with pytest.raises(IntegrityError):
            gate.commit(made)
    gate.lands(made, "director")


def test_a15_one_decision_twice_in_a_row(gate: Gate) -> None:
    """Two approvals are two people; a row that names one of them twice is none."""
    made = gate.asked()
    director = gate.role("director").person_id
    decision = gate.decide(gate.role("director"), made)
    with gate.tampered():
        twice = {"decision_ids": (decision.decision_id,) * 2, "approved_by": (director,) * 2}
        entry = forged_row(gate, made, **twice)
        gate.sql("UPDATE decisions SET consumed_by = :entry", entry=entry.entry_id)
        assert (gate.report().table, "one of them twice" in str(gate.report().reason)) == ("ledger", True)
        gate.seen(made)
    gate.lands(made)


def test_a15_row_and_decision_forged_with_their_events(gate: Gate) -> None:
    """Everything fits together but the signature: the audit names the row, and neither commit nor delivery takes it."""
    made = gate.asked()
    gate.role("director")
    with gate.tampered():
        entry = forged_row(gate, made, (forged_decision(gate, made),))
        found = gate.report()
        assert (found.trouble, found.table, found.row_id) == (LogTrouble.TABLE, "ledger", entry.entry_id)
        assert "not signed" in str(found.reason)
        courier = ScriptedCourier()
        deliver_due(gate.store, gate.verifier, {EVERY_KIND: courier}, gate.clock, "worker")
        assert not courier.keys
        assert gate.sql("SELECT count(*) FROM audit WHERE event = 'message_refused'") == [(1,)]
        with pytest.raises(IntegrityError):
            gate.commit(made)
        near = gate.asked(document_id="ts_two")  # nor does anything else of the same thread land
        gate.decide(gate.role("vp"), near)
        with pytest.raises(IntegrityError, match="not signed"):
            gate.commit(near)
    gate.lands(made, "director")


def test_a15_a_decision_forged_with_its_event_is_named_before_it_is_used(gate: Gate) -> None:
    """Nobody has to wait for a commit to see it."""
    made = gate.asked()
    gate.role("director")
    with gate.tampered():
        forged_decision(gate, made)
        gate.sql("UPDATE decisions SET consumed_by = NULL")
        found = gate.report()
        assert (found.trouble, found.table, found.row_id) == (LogTrouble.TABLE, "decisions", "de_forged")
        gate.seen(made)
    gate.lands(made, "director")


SECOND_LOOKS = {
    "other parties": {"parties": ("Us Ltd", "Other Co")},
    "after its approvals ran out": {"committed_at": datetime(2099, 1, 1, tzinfo=UTC)},
    "before it was approved": {"committed_at": datetime(2020, 1, 1, tzinfo=UTC)},
}


@pytest.mark.parametrize("change", SECOND_LOOKS.values(), ids=SECOND_LOOKS)
def test_a15_row_forged_over_genuine_decisions(gate: Gate, change: dict[str, Any]) -> None:
    """Genuine approvals stand behind no row that says something else than what they were about, or at another time."""
    made = gate.asked()
    decision = gate.decide(gate.role("director"), made)
    with gate.tampered():
        entry = forged_row(gate, made, (decision.decision_id,), **change)
        gate.sql("UPDATE decisions SET consumed_by = :entry", entry=entry.entry_id)
        found = gate.report()
        assert (found.trouble, found.table, found.row_id) == (LogTrouble.TABLE, "ledger", entry.entry_id)
        courier = ScriptedCourier()
        deliver_due(gate.store, gate.verifier, {EVERY_KIND: courier}, gate.clock, "worker")
        assert not courier.keys
    gate.lands(made)


@pytest.mark.parametrize("outcome", [None, "reject"])
def test_a15_row_forged_with_its_event(gate: Gate, outcome: str | None) -> None:
    """A row that no approval stands behind is named, is never handed out as a commit, and never leaves."""
    made = gate.asked()
    decided = () if outcome is None else (gate.decide(gate.role("director"), made, outcome).decision_id,)
    with gate.tampered():
        forged_row(gate, made, decided or ("de_none",))
        courier = ScriptedCourier()
        deliver_due(gate.store, gate.verifier, {EVERY_KIND: courier}, gate.clock, "worker")
        assert not courier.keys
        with pytest.raises(IntegrityError):
            gate.commit(made)
        assert gate.report().trouble is LogTrouble.TABLE
    gate.lands(gate.asked(document_version=2), "vp")


@pytest.mark.parametrize("step", ["add_ledger_entry", "append_audit", "the commit"])
def test_a18_crash_at_every_statement(shared: Gate, racers: Racers, step: str) -> None:
    """Three moments here; every statement is the work of `tests/crash`. The retry reaches one row, and never two."""
    made = shared.asked()
    shared.decide(shared.role("director"), made)
    assert racers.race(_job(shared, made, "commit", die_after=step)) == [False]
    assert shared.rows() == (1 if step == "the commit" else 0)
    assert shared.report().ok
    entry = shared.commit(made)
    assert racers.race(_job(shared, made, "commit"), _job(shared, made, "commit")) == [True, True]
    assert shared.ledger() == (entry,)
    shared.only(made)


def test_a18_disk_full(gate: Gate) -> None:
    """The file of the database may not grow by one page: nothing is committed, and it lands once there is space."""
    made = gate.asked(parties=tuple(f"{number} {'ش' * 190}" for number in range(10)))  # a row of more than one page
    gate.decide(gate.role("director"), made)

    def no_more(connection: Any, _record: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {connection.execute('PRAGMA page_count').fetchone()[0]}")

    gate.reopen()
    event.listen(gate.database.engine, "connect", no_more)
    gate.database.close()  # the next connection is a new one
    with pytest.raises(ConfigurationError):
        gate.commit(made)
    gate.reopen()
    assert gate.rows() == 0
    assert gate.report().ok
    gate.lands(made)


def test_a18_sqlite_busy(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another program holds the file: nothing is committed, and the retry lands."""
    made = gate.asked()
    gate.decide(gate.role("director"), made)
    with monkeypatch.context() as patch:
        patch.setattr(database_module, "BUSY_SECONDS", 0)
        gate.reopen()
        other = sqlite3.connect(gate.home / "partnership.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(ConfigurationError):
            gate.commit(made)
        other.execute("ROLLBACK")
        other.close()
    gate.reopen()
    assert gate.rows() == 0
    gate.lands(made)
