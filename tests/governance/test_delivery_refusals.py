"""What must not leave: whatever somebody with the database's password writes into the outbox, or takes out of it."""

from typing import Any

import pytest

from partnership_os.errors import IntegrityError
from partnership_os.governance import audit, delivery
from partnership_os.governance.canonical import digest_of
from partnership_os.governance.courier import Parcel, PermanentDeliveryError, Receipt, TransientDeliveryError
from partnership_os.governance.delivery import EVERY_KIND, DeliveryReport
from partnership_os.governance.outbox import queue, was_refused
from partnership_os.governance.store import QueuedMessage
from partnership_os.schemas.commitment import Commitment, OutboxMessage
from partnership_os.storage.governance_rows import OUTBOX, dump
from partnership_os.testing.courier import ScriptedCourier


@pytest.fixture
def outbox(world: Any, staff: Any) -> Any:
    """A world in which one commitment took effect and its message waits."""
    world.made = commit_one(world, staff, "one")
    return world


def commit_one(world: Any, staff: Any, name: str) -> Commitment:
    made: Commitment = world.propose(staff("requester"), thread_id=f"thread-{name}", document_id=f"ts_{name}")
    world.decide(staff("director"), made)
    world.commit(made)
    return made


def deliver(world: Any, courier: ScriptedCourier) -> DeliveryReport:
    return delivery.deliver_due(
        world.store, world.verifier, {EVERY_KIND: courier}, world.clock, "worker-1", wait=lambda state: 0.0
    )


def the_message(world: Any) -> QueuedMessage:
    (queued,) = queue(world.store)
    return queued


def steps(world: Any) -> list[str]:
    """What happened to messages, from the log."""
    return [event.event.removeprefix("message_") for event in world.events() if event.event.startswith("message_")]


FORGERIES = {
    "message changed": """UPDATE outbox SET body = replace(body, '"document_version":1', '"document_version":2')""",
    "message of nobody": "UPDATE outbox SET idempotency_key = 'cm_x', body = replace(body, idempotency_key, 'cm_x')",
    "other terms": "UPDATE commitments SET body = replace(body, '0.15', '0.95')",
    "unreadable terms": "UPDATE commitments SET body = '{}'",
    "other parties": "UPDATE ledger SET body = replace(body, 'Them Co', 'Other Co')",
    "ledger row gone": "DELETE FROM ledger",
}


@pytest.mark.parametrize("forgery", FORGERIES.values(), ids=FORGERIES.keys())
def test_what_is_not_what_the_log_says_never_leaves(outbox: Any, staff: Any, forgery: str) -> None:
    assert outbox.sql(forgery)
    honest = commit_one(outbox, staff, "honest")
    courier = ScriptedCourier()
    report = deliver(outbox, courier)
    assert courier.keys == [honest.commitment_id]
    (refused,) = [item for item in report.messages if item.dead_at is not None]
    assert was_refused(refused)
    (event,) = outbox.events("message_refused")
    assert (event.subject, event.data["error"]) == (refused.message.message_id, refused.last_error)
    assert not audit.report(outbox.store, outbox.verifier).ok
    again = delivery.redrive(outbox.store, outbox.clock, refused.message.message_id, "operator")
    assert again.dead_at is None
    deliver(outbox, courier)
    assert courier.keys == [honest.commitment_id]


def forged_row(world: Any) -> str:
    """A message that nothing announced, as somebody with the database's password can write it."""
    message = OutboxMessage(
        message_id="ob_forged",
        idempotency_key="cm_forged",
        kind="issue_term_sheet",
        payload={"digest": "0" * 64},
        created_at=world.clock.now,
    )
    row = {**OUTBOX.columns(message), "body": dump(message)}
    world.sql(f"INSERT INTO outbox ({', '.join(row)}) VALUES ({', '.join(f':{name}' for name in row)})", **row)
    return message.message_id


def test_a_message_that_nothing_announced_never_leaves(outbox: Any) -> None:
    forged = forged_row(outbox)
    courier = ScriptedCourier()
    deliver(outbox, courier)
    assert courier.keys == [outbox.made.commitment_id]
    assert [event.subject for event in outbox.events("message_refused")] == [forged]
    found = audit.report(outbox.store, outbox.verifier)
    assert (found.ok, found.table, found.row_id) == (False, "outbox", forged)


def test_a_delivered_message_that_is_made_due_again_does_not_leave_twice(outbox: Any) -> None:
    courier = ScriptedCourier()
    deliver(outbox, courier)
    outbox.sql("UPDATE outbox SET delivered_at = NULL, attempts = 0, receipt = NULL")
    deliver(outbox, courier)
    assert len(courier.calls) == 1
    assert steps(outbox) == ["delivered", "refused"]
    delivery.redrive(outbox.store, outbox.clock, the_message(outbox).message.message_id, "operator")
    deliver(outbox, courier)
    assert len(courier.calls) == 1


def test_nothing_leaves_while_the_log_is_broken(outbox: Any) -> None:
    outbox.sql("UPDATE audit SET body = replace(body, 'Them', 'Then') WHERE seq = 1")
    outbox.sql("UPDATE audit SET at = '2020' WHERE seq = 2")
    courier = ScriptedCourier()
    for harm in ("SELECT 1", "DELETE FROM audit WHERE seq > 2"):
        outbox.sql(harm)
        with pytest.raises(IntegrityError):
            deliver(outbox, courier)
    assert courier.calls == []


def test_a_row_that_cannot_be_read_keeps_nothing_else_back_and_is_named_each_time(outbox: Any, staff: Any) -> None:
    broken = the_message(outbox).message.message_id
    outbox.sql("UPDATE outbox SET kind = 'sign_agreement'")
    courier = ScriptedCourier()
    honest = [commit_one(outbox, staff, name) for name in ("two", "three")]
    report = deliver(outbox, courier)
    assert sorted(courier.keys) == sorted(made.commitment_id for made in honest)
    assert (len(report.messages), report.left, report.unreadable) == (2, 0, (broken,))
    assert deliver(outbox, courier).unreadable == (broken,)
    found = audit.report(outbox.store, outbox.verifier)
    assert (found.ok, found.table, found.row_id) == (False, "outbox", broken)


def test_a_row_that_becomes_unreadable_while_its_message_leaves_stops_no_other(outbox: Any, staff: Any) -> None:
    honest = commit_one(outbox, staff, "two")
    broken = next(queued for queued in queue(outbox.store) if queued.message.idempotency_key != honest.commitment_id)

    class Meddling(ScriptedCourier):
        def deliver(self, parcel: Parcel) -> Receipt:
            outbox.sql(
                "UPDATE outbox SET kind = 'sign_agreement' WHERE message_id = :key", key=broken.message.message_id
            )
            return super().deliver(parcel)

    courier = Meddling()
    report = deliver(outbox, courier)
    assert sorted(courier.keys) == sorted([outbox.made.commitment_id, honest.commitment_id])
    assert [item.message.idempotency_key for item in report.messages] == [honest.commitment_id]
    assert report.unreadable == (broken.message.message_id,)


def test_what_was_delivered_is_not_read_again(outbox: Any, staff: Any) -> None:
    courier = ScriptedCourier()
    deliver(outbox, courier)
    outbox.sql("UPDATE outbox SET body = '{}'")
    commit_one(outbox, staff, "two")
    report = deliver(outbox, courier)
    assert (len(report.messages), report.unreadable, len(courier.calls)) == (1, (), 2)
    with outbox.store.snapshot() as reader:
        assert reader.undelivered() == ((), ())
    assert not audit.report(outbox.store, outbox.verifier).ok


MARKS = {
    "delivered": "UPDATE outbox SET delivered_at = '2026-03-02T00:00:00.000000Z'",
    "dead": "UPDATE outbox SET dead_at = '2026-03-02T00:00:00.000000Z'",
    "put off": "UPDATE outbox SET next_attempt_at = '2096-03-02T00:00:00.000000Z'",
    "tried": "UPDATE outbox SET attempts = 3",
    "receipt": "UPDATE outbox SET receipt = 'file: elsewhere'",
}


@pytest.mark.parametrize("mark", MARKS.values(), ids=MARKS.keys())
def test_a_mark_without_its_event_is_a_disagreement(outbox: Any, mark: str) -> None:
    assert audit.report(outbox.store, outbox.verifier).ok
    outbox.sql(mark)
    found = audit.report(outbox.store, outbox.verifier)
    assert (found.ok, found.table, found.row_id) == (False, "outbox", the_message(outbox).message.message_id)


UNMARKS = {
    "delivered": ([], "UPDATE outbox SET delivered_at = NULL"),
    "receipt": ([], "UPDATE outbox SET receipt = 'file: elsewhere'"),
    "dead": ([PermanentDeliveryError("no such address")], "UPDATE outbox SET dead_at = NULL"),
    "due at once": ([TransientDeliveryError("the server is down")] * 3, "UPDATE outbox SET next_attempt_at = NULL"),
    "all attempts": ([TransientDeliveryError("the server is down")] * 3, "UPDATE outbox SET attempts = 0"),
}


@pytest.mark.parametrize(("script", "unmark"), UNMARKS.values(), ids=UNMARKS.keys())
def test_an_event_without_its_mark_is_a_disagreement(outbox: Any, script: list[Exception], unmark: str) -> None:
    deliver(outbox, ScriptedCourier(*script))
    assert audit.report(outbox.store, outbox.verifier).ok
    outbox.sql(unmark)
    found = audit.report(outbox.store, outbox.verifier)
    assert (found.ok, found.table) == (False, "outbox")


def test_a_notice_leaves_when_an_event_announced_it_and_carries_no_document(outbox: Any) -> None:
    notice = OutboxMessage(
        message_id="ob_notice",
        idempotency_key="sla_notice",
        kind="approval_reminder",
        payload={"asked": ["pe_1"]},
        created_at=outbox.clock.now,
    )
    with outbox.store.transaction() as transaction:
        transaction.add_outbox(notice)
    courier = ScriptedCourier()
    deliver(outbox, courier)
    assert courier.keys == [outbox.made.commitment_id]
    facts = {"message_id": notice.message_id, "message_digest": digest_of(notice), "mark_digest": "0" * 64}
    audit.record_event(outbox.store, outbox.clock, "partnership-os", "sla_warned", outbox.made.commitment_id, facts)
    delivery.redrive(outbox.store, outbox.clock, notice.message_id, "operator")
    deliver(outbox, courier)
    assert courier.keys == [outbox.made.commitment_id, "sla_notice"]
    assert courier.calls[1].document is None
    outbox.sql("UPDATE outbox SET body = replace(body, 'pe_1', 'pe_2'), delivered_at = NULL")
    deliver(outbox, courier)
    assert len(courier.calls) == 2
