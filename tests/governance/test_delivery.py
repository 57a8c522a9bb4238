"""Delivery of the outbox: what leaves, what never does, and what a dead worker or a bad courier leaves behind."""

from datetime import timedelta
from typing import Any

import pytest

from partnership_os.errors import InputError
from partnership_os.governance import audit, delivery
from partnership_os.governance.canonical import commitment_digest
from partnership_os.governance.courier import LONGEST_DELIVERY, PermanentDeliveryError, TransientDeliveryError
from partnership_os.governance.delivery import EVERY_KIND, LEASE, MAX_ATTEMPTS, DeliveryReport
from partnership_os.governance.outbox import delivery_status, queue
from partnership_os.governance.store import QueuedMessage
from partnership_os.schemas.commitment import Commitment
from partnership_os.testing.courier import ScriptedCourier


@pytest.fixture
def outbox(world: Any, staff: Any) -> Any:
    """A world in which one commitment took effect and its message waits."""
    world.made = world.propose(staff("requester"))
    world.decide(staff("director"), world.made)
    world.commit(world.made)
    return world


def more(world: Any, staff: Any, count: int) -> list[Commitment]:
    """More messages in the outbox."""
    made = []
    for number in range(count):
        one = world.propose(staff("requester"), thread_id=f"more-{number}", document_id=f"ts_more{number}")
        world.decide(staff("director"), one)
        world.commit(one)
        made.append(one)
    return made


def deliver(world: Any, courier: ScriptedCourier, **options: Any) -> DeliveryReport:
    known = {"worker": "worker-1", "wait": lambda state: 0.0, **options}
    return delivery.deliver_due(world.store, world.verifier, {EVERY_KIND: courier}, world.clock, **known)


def the_message(world: Any) -> QueuedMessage:
    (queued,) = queue(world.store)
    return queued


def status(world: Any) -> str:
    return delivery_status(the_message(world)).value


def steps(world: Any) -> list[str]:
    """What happened to messages, from the log."""
    return [event.event.removeprefix("message_") for event in world.events() if event.event.startswith("message_")]


def test_what_is_committed_leaves_once_with_the_terms_that_were_approved(outbox: Any) -> None:
    assert status(outbox) == "waiting"
    courier = ScriptedCourier()
    (sent,) = deliver(outbox, courier).messages
    (parcel,) = courier.calls
    assert parcel.idempotency_key == outbox.made.commitment_id == sent.message.idempotency_key
    assert parcel.document is not None
    assert parcel.document.terms == outbox.made.terms
    assert parcel.document.parties == outbox.made.parties
    assert parcel.document.tenant == "main"
    assert parcel.document.digest == commitment_digest(outbox.made)
    assert parcel.payload["digest"] == parcel.document.digest
    stored = the_message(outbox)
    assert stored == sent
    assert stored.delivered_at == outbox.clock.now
    assert stored.receipt == "scripted: there"
    (event,) = outbox.events("message_delivered")
    assert (event.subject, event.at) == (stored.message.message_id, stored.delivered_at)
    assert (event.data["receipt"], event.data["courier"]) == (stored.receipt, "scripted")
    assert deliver(outbox, courier) == DeliveryReport(messages=(), left=0)
    assert len(courier.calls) == 1
    assert audit.report(outbox.store, outbox.verifier).ok


def test_what_is_over_in_a_moment_costs_no_attempt(outbox: Any) -> None:
    courier = ScriptedCourier(TransientDeliveryError("busy"), TransientDeliveryError("busy"))
    deliver(outbox, courier)
    assert (len(courier.calls), the_message(outbox).attempts) == (3, 1)
    assert steps(outbox) == ["delivered"]


def test_a_failed_attempt_is_tried_again_when_the_clock_says_so(outbox: Any) -> None:
    courier = ScriptedCourier(*[TransientDeliveryError("the server is down")] * 6)
    pauses = []
    for attempt in (1, 2):
        deliver(outbox, courier)
        queued = the_message(outbox)
        assert (status(outbox), queued.attempts, queued.last_error) == ("retrying", attempt, "the server is down")
        assert queued.next_attempt_at is not None
        pauses.append(queued.next_attempt_at - outbox.clock.now)
        calls = len(courier.calls)
        outbox.clock.now = queued.next_attempt_at - timedelta(microseconds=1)
        deliver(outbox, courier)
        assert len(courier.calls) == calls
        outbox.clock.now = queued.next_attempt_at
    assert pauses == [timedelta(minutes=1), timedelta(minutes=2)]
    deliver(outbox, courier)
    queued = the_message(outbox)
    assert (status(outbox), queued.attempts, queued.last_error) == ("delivered", 3, None)
    assert steps(outbox) == ["attempt_failed", "attempt_failed", "delivered"]
    assert audit.report(outbox.store, outbox.verifier).ok


def test_after_the_last_attempt_a_message_is_dead_until_somebody_drives_it_again(outbox: Any) -> None:
    courier = ScriptedCourier(*[TransientDeliveryError("the server is down")] * 3 * MAX_ATTEMPTS)
    for _ in range(MAX_ATTEMPTS):
        deliver(outbox, courier)
        outbox.clock.turn(days=1)
    assert status(outbox) == "dead"
    assert steps(outbox) == ["attempt_failed"] * (MAX_ATTEMPTS - 1) + ["dead"]
    assert audit.report(outbox.store, outbox.verifier).ok
    assert deliver(outbox, courier).messages == ()
    message_id = the_message(outbox).message.message_id
    due = delivery.redrive(outbox.store, outbox.clock, message_id, "operator")
    assert (delivery_status(due).value, due.attempts, due.next_attempt_at) == ("waiting", 0, None)
    assert outbox.events("message_redriven")[0].actor == "operator"
    assert audit.report(outbox.store, outbox.verifier).ok
    deliver(outbox, courier)
    assert status(outbox) == "delivered"
    assert set(courier.keys) == {outbox.made.commitment_id}
    assert audit.report(outbox.store, outbox.verifier).ok


def test_a_permanent_error_is_not_tried_again(outbox: Any) -> None:
    courier = ScriptedCourier(PermanentDeliveryError("no such address"))
    deliver(outbox, courier)
    assert (status(outbox), the_message(outbox).last_error, len(courier.calls)) == ("dead", "no such address", 1)
    outbox.clock.turn(days=30)
    deliver(outbox, courier)
    assert len(courier.calls) == 1
    assert audit.report(outbox.store, outbox.verifier).ok


@pytest.mark.parametrize("unknown", ["ob_nobody", "pos_0123456789abcdef_00", ""])
def test_only_a_dead_message_is_driven_again(outbox: Any, unknown: str) -> None:
    before = outbox.events()
    for message_id, match in ((unknown, "no message"), (the_message(outbox).message.message_id, "is waiting")):
        with pytest.raises(InputError, match=match):
            delivery.redrive(outbox.store, outbox.clock, message_id, "operator")
    assert outbox.events() == before


ODD: list[Exception] = [
    ZeroDivisionError("password=hunter2"),
    AssertionError(),
    RecursionError(),
    UnicodeError("\ud800\x00"),
]


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: type(odd).__name__)
def test_whatever_a_courier_raises_is_a_failed_attempt_of_that_message_alone(
    outbox: Any, staff: Any, odd: Exception
) -> None:
    (second,) = more(outbox, staff, 1)
    courier = ScriptedCourier(odd)
    deliver(outbox, courier)
    words = {item.message.idempotency_key: delivery_status(item).value for item in queue(outbox.store)}
    assert sorted(words.values()) == ["delivered", "retrying"]
    assert words.keys() == {outbox.made.commitment_id, second.commitment_id}
    (failed,) = outbox.events("message_attempt_failed")
    assert str(failed.data["error"]).startswith(f"The courier failed with {type(odd).__name__} at courier.py:")
    assert "hunter2" not in str(outbox.sql("SELECT body FROM audit"))
    outbox.clock.turn(minutes=1)
    deliver(outbox, courier)
    assert len(outbox.events("message_delivered")) == 2
    assert audit.report(outbox.store, outbox.verifier).ok


def test_a_courier_without_a_receipt_has_delivered_nothing(outbox: Any) -> None:
    courier = ScriptedCourier()
    courier.deliver = lambda parcel: None  # type: ignore[assignment, method-assign, return-value]
    deliver(outbox, courier)
    assert status(outbox) == "retrying"


def test_neither_an_error_nor_a_receipt_brings_a_token_or_a_line_of_its_own_into_the_record(outbox: Any) -> None:
    token = next(iter(outbox.tokens.values()))
    dirty = f"rejected\n{token}\x00\ud800 {'x' * 2_000}"
    deliver(outbox, ScriptedCourier(*[TransientDeliveryError(dirty)] * 3))
    kept = the_message(outbox).last_error
    assert kept is not None and kept.startswith("rejected pos_…") and len(kept) <= 1_000
    outbox.clock.turn(hours=1)
    courier = ScriptedCourier()
    courier.reference = f"to {token}\nand more"
    deliver(outbox, courier)
    assert the_message(outbox).receipt == "scripted: to pos_… and more"
    assert token not in str(outbox.sql("SELECT body FROM audit") + outbox.sql("SELECT receipt, last_error FROM outbox"))
    assert audit.report(outbox.store, outbox.verifier).ok


def test_a_claim_is_no_disagreement_and_keeps_others_away_for_its_time(outbox: Any) -> None:
    mine, other = ScriptedCourier(), ScriptedCourier()
    seen: list[object] = []

    def look() -> None:
        seen.append(the_message(outbox).claimed_by)
        seen.append(audit.report(outbox.store, outbox.verifier).ok)
        deliver(outbox, other, worker="worker-2")

    mine.during = look
    deliver(outbox, mine)
    assert str(seen[0]).startswith("worker-1 ") and seen[1] is True
    assert other.calls == []
    assert the_message(outbox).claimed_by is None


def test_a_worker_that_lost_its_claim_marks_nothing(outbox: Any) -> None:
    slow, other = ScriptedCourier(), ScriptedCourier()

    def take_over() -> None:
        outbox.clock.now += LEASE
        deliver(outbox, other, worker="worker-2")

    slow.during = take_over
    assert deliver(outbox, slow).messages == ()
    assert slow.keys == other.keys == [outbox.made.commitment_id]
    assert steps(outbox) == ["delivered"]
    assert audit.report(outbox.store, outbox.verifier).ok


def test_no_delivery_begins_when_little_is_left_of_the_claim(outbox: Any, staff: Any) -> None:
    more(outbox, staff, 2)
    courier = ScriptedCourier()
    claims: list[object] = []

    def slowly() -> None:
        claims.append({item.claimed_by for item in queue(outbox.store)} - {None})
        outbox.clock.now += LONGEST_DELIVERY + timedelta(seconds=1)

    courier.during = slowly
    assert len(deliver(outbox, courier).messages) == 3
    assert len(courier.keys) == len(set(courier.keys)) == 3
    assert len({str(claim) for claim in claims}) == 3, "each delivery under a claim that was just made"


@pytest.mark.parametrize("until", ["2026-03-01T09:00:00.000000Z", "9999-01-01T00:00:00.000000Z"])
def test_a_claim_that_no_worker_can_have_made_holds_nothing_back(outbox: Any, until: str) -> None:
    outbox.sql("UPDATE outbox SET claimed_by = 'nobody', claimed_until = :until", until=until)
    courier = ScriptedCourier()
    deliver(outbox, courier)
    assert courier.keys == [outbox.made.commitment_id]


def test_who_stops_the_worker_can_start_it_again_at_once(outbox: Any, staff: Any) -> None:
    more(outbox, staff, 2)
    with pytest.raises(KeyboardInterrupt):
        deliver(outbox, ScriptedCourier(KeyboardInterrupt()))
    assert len(deliver(outbox, ScriptedCourier()).messages) == 3


def test_the_oldest_leave_first_and_the_rest_is_counted(outbox: Any, staff: Any) -> None:
    outbox.clock.turn(minutes=1)
    later = more(outbox, staff, 2)
    courier = ScriptedCourier()
    report = deliver(outbox, courier, limit=2)
    assert (courier.keys[0], len(courier.keys), report.left) == (outbox.made.commitment_id, 2, 1)
    assert deliver(outbox, courier).left == 0
    assert set(courier.keys) == {outbox.made.commitment_id, *(one.commitment_id for one in later)}


def test_a_message_goes_with_the_courier_of_its_kind_and_waits_where_there_is_none(outbox: Any) -> None:
    mail, other = ScriptedCourier(), ScriptedCourier()
    options: dict[str, Any] = {"clock": outbox.clock, "worker": "worker-1"}
    assert delivery.deliver_due(outbox.store, outbox.verifier, {"approval_reminder": other}, **options).messages == ()
    assert status(outbox) == "waiting"
    delivery.deliver_due(outbox.store, outbox.verifier, {"issue_term_sheet": mail, EVERY_KIND: other}, **options)
    assert (len(mail.calls), len(other.calls)) == (1, 0)
