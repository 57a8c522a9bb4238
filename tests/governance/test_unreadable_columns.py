"""Columns beside a body that hold what this code never writes: the row is named, and an auditor is asked to look.

A body that cannot be read is told in the same way; no such row may end in an error that asks a developer to act.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from partnership_os.errors import ApprovalError, InputError, IntegrityError, PartnershipError
from partnership_os.governance import audit, commitments, sla
from partnership_os.governance.delivery import EVERY_KIND, DeliveryReport, deliver_due
from partnership_os.governance.directory import Directory
from partnership_os.schemas.commitment import Commitment, DecisionOutcome
from partnership_os.storage.anchor import FileAnchor
from partnership_os.storage.governance_rows import changed
from partnership_os.storage.governance_store import SqlGovernanceStore
from partnership_os.testing.courier import ScriptedCourier

both = pytest.mark.parametrize("world", ["sqlite", "postgresql"], indirect=True)


class Deals(NamedTuple):
    """A commitment whose message waits, another one that is approved, and one that nobody has looked at."""

    committed: Commitment
    approved: Commitment
    waiting: Commitment


@pytest.fixture
def deals(world: Any, staff: Any) -> Deals:
    world.lend(staff("vp"), staff("manager"))
    made = [world.propose(staff("requester"), thread_id=f"t_{name}", document_id=f"ts_{name}") for name in "abc"]
    for item in made[:2]:
        world.decide(staff("director"), item)
    world.commit(made[0])
    return Deals(*made)


def deliver(world: Any, courier: ScriptedCourier) -> DeliveryReport:
    return deliver_due(
        world.store, world.verifier, {EVERY_KIND: courier}, world.clock, "worker", wait=lambda state: 0.0
    )


def refusal(act: Callable[[], object]) -> IntegrityError | None:
    """The error of an act; None where it is done."""
    try:
        act()
    except IntegrityError as error:
        return error
    return None


UNREADABLE = {
    "superseded_by": ("commitments", "UPDATE commitments SET superseded_by = 'é' WHERE document_id = 'ts_a'"),
    "digest": ("commitments", "UPDATE commitments SET digest = 'é' WHERE document_id = 'ts_c'"),
    "consumed_by": ("decisions", "UPDATE decisions SET consumed_by = 'é x' WHERE consumed_by IS NOT NULL"),
    "ended_at": ("delegations", "UPDATE delegations SET ended_at = 'zzz'"),
    "ended_at without a zone": ("delegations", "UPDATE delegations SET ended_at = '2026-03-01T09:00:00'"),
}


@both
@pytest.mark.parametrize(("table", "harm"), UNREADABLE.values(), ids=UNREADABLE)
def test_the_audit_names_the_row(world: Any, deals: Deals, table: str, harm: str) -> None:
    assert world.sql(harm)
    key = {"commitments": "commitment_id", "decisions": "decision_id", "delegations": "delegation_id"}[table]
    found = audit.report(world.store, world.verifier)
    assert (found.trouble, found.table, found.who_must_act) == (audit.LogTrouble.TABLE, table, "auditor")
    assert (found.row_id,) in world.sql(f"SELECT {key} FROM {table}")
    assert "cannot be read" in str(found.reason)


@pytest.mark.parametrize(("table", "harm"), UNREADABLE.values(), ids=UNREADABLE)
def test_whoever_meets_the_row_is_sent_to_an_auditor(
    world: Any, staff: Any, deals: Deals, table: str, harm: str
) -> None:
    staff("chief")
    assert world.sql(harm)
    acts: list[Callable[[], object]] = [
        lambda: commitments.inbox(world.store, world.clock),
        lambda: sla.tick(world.store, world.clock),
        lambda: world.commit(deals.approved),
        lambda: world.decide(staff("chief"), deals.waiting),
        lambda: [world.status(item) for item in deals],
        lambda: commitments.approvals_of(world.store, deals.committed.commitment_id),
        lambda: Directory(world.store, world.clock).delegations(),
    ]
    errors = [error for error in map(refusal, acts) if error is not None]
    assert errors
    for error in errors:
        assert (error.who_must_act, error.details["table"]) == ("auditor", table)
        assert error.details["row_id"] in error.message


@pytest.mark.parametrize(
    ("table", "column"), [("commitments", "superseded_by"), ("commitments", "digest"), ("decisions", "consumed_by")]
)
def test_its_message_never_leaves_and_keeps_no_other_back(world: Any, deals: Deals, table: str, column: str) -> None:
    world.commit(deals.approved)
    harm = f"UPDATE {table} SET {column} = 'é' WHERE commitment_id = :key"
    assert world.sql(harm, key=deals.committed.commitment_id)
    courier = ScriptedCourier()
    report = deliver(world, courier)
    assert courier.keys == [deals.approved.commitment_id]
    (refused,) = [item for item in report.messages if item.dead_at is not None]
    assert refused.message.idempotency_key == deals.committed.commitment_id
    assert "cannot be read" in str(refused.last_error)
    assert len(world.events("message_refused")) == 1


@both
@pytest.mark.parametrize("column", ["hash", "at"])
def test_the_end_of_the_log(world: Any, staff: Any, deals: Deals, column: str) -> None:
    """Nothing can be added to it, so nothing is done; the audit names the event."""
    size = audit.report(world.store, world.verifier).size
    assert world.sql(f"UPDATE audit SET {column} = 'zzz' WHERE seq = {size}")
    found = audit.report(world.store, world.verifier)
    assert (found.ok, found.first_bad_seq, found.who_must_act) == (False, size, "auditor")
    before = world.sql("SELECT count(*) FROM audit")
    for act in (
        lambda: commitments.inbox(world.store, world.clock),
        lambda: world.commit(deals.approved),
        lambda: world.decide(staff("director"), deals.waiting),
        lambda: deliver(world, ScriptedCourier()),
        lambda: sla.tick(world.store, world.clock),
    ):
        with pytest.raises(IntegrityError, match=f"row {size} of the table audit cannot be read") as caught:
            act()
        assert (caught.value.who_must_act, caught.value.details["row_id"]) == ("auditor", str(size))
    assert world.sql("SELECT count(*) FROM audit") == before


def test_a_log_that_cannot_be_read_is_not_anchored_anew_and_can_be_looked_at(world: Any, deals: Deals) -> None:
    """Its anchor is gone as well: the store opens, and the audit says what is wrong."""
    world.anchor_file.unlink()
    assert world.sql("UPDATE audit SET at = 'zzz' WHERE seq = (SELECT max(seq) FROM audit)")
    store = SqlGovernanceStore(world.database, FileAnchor(world.anchor_file))
    assert store.anchor() is None
    assert not world.anchor_file.exists()
    assert not audit.report(store, world.verifier).ok


def test_an_event_of_nobody_does_not_take_the_blame_of_the_one_before_it(world: Any, deals: Deals) -> None:
    size = audit.report(world.store, world.verifier).size
    with pytest.raises(ApprovalError):
        world.service.authenticate("pos_0000000000000000_00")
    assert world.sql(f"UPDATE audit SET at = 'zzz' WHERE seq = {size}")
    with pytest.raises(IntegrityError, match=f"row {size} of the table audit"):
        commitments.inbox(world.store, world.clock)


@pytest.mark.parametrize("row_id", ["", "x" * 5_000])
def test_an_id_that_no_report_can_hold_is_cut(world: Any, staff: Any, row_id: str) -> None:
    staff("director")
    world.sql("INSERT INTO people (person_id, body) VALUES (:key, 'no body')", key=row_id)
    found = audit.report(world.store, world.verifier)
    assert (found.ok, found.table) == (False, "people")
    assert found.row_id == changed("people", row_id, "").details["row_id"]


@pytest.mark.parametrize("signature", ["é", "شكرا", "not base64!"])
def test_a_signature_that_is_no_text_of_base64(world: Any, deals: Deals, signature: str) -> None:
    """Nobody signed it: the audit names its row, its message does not leave, and others still do."""
    world.commit(deals.approved)
    (decision,) = commitments.approvals_of(world.store, deals.committed.commitment_id)
    world.sql("UPDATE decisions SET body = replace(body, :old, :new)", old=decision.signature, new=signature)
    found = audit.report(world.store, world.verifier)
    assert (found.ok, found.table, found.row_id) == (False, "decisions", decision.decision_id)
    courier = ScriptedCourier()
    deliver(world, courier)
    assert courier.keys == [deals.approved.commitment_id]
    with pytest.raises(PartnershipError):
        world.commit(deals.committed)


HALF_A_CHARACTER = "cm_\ud800"


@both
def test_an_id_that_has_no_form_in_utf_8_is_of_no_commitment(world: Any, staff: Any, deals: Deals) -> None:
    token = world.tokens[staff("director").person_id]
    with pytest.raises(ApprovalError, match="no such commitment"):
        world.service.decide(HALF_A_CHARACTER, token, DecisionOutcome.APPROVE)
    (event,) = world.events("approval_refused")
    assert (event.subject, event.data["reason"]) == ("unknown", "unknown_commitment")
    with pytest.raises(InputError, match="no commitment"):
        commitments.standing(world.store, world.clock, HALF_A_CHARACTER)
    assert commitments.history(world.store, world.clock, "thread-\udcff") == ()
    with world.store.snapshot() as reader:
        assert reader.commitments_of_document(HALF_A_CHARACTER) == reader.decisions(HALF_A_CHARACTER) == ()
        assert reader.sla_marks(HALF_A_CHARACTER) == ()
        for read in (reader.person, reader.token, reader.delegation, reader.queued, reader.ledger_entry):
            assert read(HALF_A_CHARACTER) is None
    assert audit.report(world.store, world.verifier).ok
