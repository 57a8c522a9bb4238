"""The clock of an approval: who is reminded when, once each, and that silence never approves."""

import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnership_os.errors import ApprovalError, IntegrityError
from partnership_os.governance import audit, commitments, sla
from partnership_os.governance.canonical import digest_of
from partnership_os.governance.outbox import ESCALATION, REMINDER
from partnership_os.governance.sla import Punctuality, SlaHours, sla_of, tick
from partnership_os.governance.standing import PendingItem
from partnership_os.schemas.commitment import Commitment, CommitmentStatus, OutboxMessage, Person, SlaStage
from partnership_os.schemas.partnership import ApprovalLevel, PartnershipType

Staff = Callable[[str], Person]
STAGES = ["warned", "breached", "escalated"]


def _item(world: Any, commitment: Commitment) -> PendingItem:
    return commitments.standing(world.store, world.clock, commitment.commitment_id)


def _ticked(world: Any) -> list[str]:
    return [mark.stage.value for mark in tick(world.store, world.clock)]


def _notices(world: Any) -> list[OutboxMessage]:
    with world.store.snapshot() as reader:
        return [one.message for one in reader.outbox() if one.message.kind in (REMINDER, ESCALATION)]


def _escalation(world: Any) -> OutboxMessage:
    (found,) = (one for one in _notices(world) if one.kind == ESCALATION)
    return found


@pytest.mark.parametrize(
    ("hours", "stage", "next_stage"),
    [
        (0, "on_time", "warned"),
        (23.99, "on_time", "warned"),
        (24, "warned", "breached"),
        (47.99, "warned", "breached"),
        (48, "breached", "escalated"),
        (72, "escalated", None),
        (335.99, "escalated", None),
    ],
)
def test_the_stage_follows_the_clock(
    world: Any, staff: Staff, hours: float, stage: str, next_stage: str | None
) -> None:
    item = _item(world, world.propose(staff("requester")))
    state = sla_of(item, item.commitment.requested_at + timedelta(hours=hours))
    assert state is not None
    assert (state.stage.value, state.next_stage) == (stage, next_stage)
    assert state.since <= item.commitment.requested_at + timedelta(hours=hours)
    assert (state.next_at is None) == (next_stage is None)
    assert state.deadline == item.commitment.expires_at


@given(
    st.sampled_from(list(PartnershipType)),
    st.timedeltas(timedelta(minutes=1), timedelta(days=90)),
    st.floats(0.5, 2_000),
    st.floats(0, 1_000),
    st.floats(0, 1_000),
)
def test_every_stage_comes_in_order_and_before_the_deadline(
    kind: PartnershipType, life: timedelta, first: float, second: float, third: float
) -> None:
    asked = sla_item(kind, life)
    hours = SlaHours(warned=first, breached=first + second, escalated=first + second + third)
    begins = list(sla._begins(asked, {kind: hours}).values())
    assert begins == sorted(begins)
    assert asked.commitment.requested_at <= begins[0]
    assert begins[-1] < asked.commitment.expires_at


def sla_item(kind: PartnershipType, life: timedelta) -> PendingItem:
    """A commitment that lives so long, without a store."""
    start = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
    fields = {
        "commitment_id": "cm_one",
        "action": "issue_term_sheet",
        "thread_id": "thread-1",
        "partnership_type": kind,
        "parties": ("Us Ltd", "Them Co"),
        "document_id": "ts_one",
        "document_version": 1,
        "terms": {},
        "currency": "SAR",
        "requested_by": "pe_one",
        "required_approvals": ({"min_level": "director"},),
        "policy_version": "approval-policy 1",
        "requested_at": start,
        "expires_at": start + life,
    }
    return PendingItem(
        commitment=Commitment.model_validate(fields),
        digest="0" * 64,
        status=CommitmentStatus.PENDING,
        approvals=(),
        still_needed=(),
        may_approve=(),
        expires_at=start + life,
    )


def test_each_stage_is_told_once_with_its_event_and_its_notice(world: Any, staff: Staff) -> None:
    commitment, director, vp = world.propose(staff("requester")), staff("director"), staff("vp")
    assert _ticked(world) == []
    for hours, stage in ((24, "warned"), (24, "breached"), (24, "escalated")):
        world.clock.turn(hours=hours)
        (mark,) = tick(world.store, world.clock)
        assert (mark.stage.value, mark.commitment_id, mark.at) == (stage, commitment.commitment_id, world.clock.now)
        assert set(mark.asked) == {director.person_id, vp.person_id}
        assert _ticked(world) == []
        (event,) = world.events(f"sla_{stage}")
        notice = next(one for one in _notices(world) if one.message_id == event.data["message_id"])
        assert event.actor == "partnership-os"
        assert event.data["mark_digest"] == digest_of(mark)
        assert event.data["message_digest"] == digest_of(notice)
        assert notice.idempotency_key == f"sla_{_item(world, commitment).digest[:24]}_{stage}"
        assert (notice.payload["to"], notice.payload["tenant"]) == (list(mark.asked), "main")
        assert not {"terms", "parties", "value"} & notice.payload.keys()
    assert [one.kind for one in _notices(world)] == [REMINDER, REMINDER, ESCALATION]
    assert audit.report(world.store, world.verifier).ok


def test_stages_that_were_skipped_are_told_in_order(world: Any, staff: Staff) -> None:
    staff("director")
    world.propose(staff("requester"))
    world.clock.turn(days=5)
    assert _ticked(world) == STAGES
    assert [event.event for event in world.events() if event.event.startswith("sla_")] == [f"sla_{s}" for s in STAGES]
    assert _ticked(world) == []
    assert len(_notices(world)) == 3
    assert audit.report(world.store, world.verifier).ok


def test_silence_never_approves(world: Any, staff: Staff) -> None:
    staff("chief"), staff("counsel")
    kinds = {"thread-1": PartnershipType.REFERRAL, "thread-2": PartnershipType.GOVERNMENT}
    made = [
        world.propose(staff("requester"), thread_id=thread, document_id=f"ts_{kind.value}", partnership_type=kind)
        for thread, kind in kinds.items()
    ]
    for _ in range(40):
        world.clock.turn(hours=12)
        expected = "pending" if world.clock.now < made[0].expires_at else "expired"
        before = [world.status(one) for one in made]
        tick(world.store, world.clock)
        assert [world.status(one) for one in made] == before
        assert set(before) <= {expected, "pending"}
        for one in made:
            with pytest.raises(ApprovalError):
                world.commit(one)
    assert {world.status(one) for one in made} == {"expired"}
    assert world.ledger() == ()
    assert len(_notices(world)) == 6
    assert audit.report(world.store, world.verifier).ok


def test_nobody_is_reminded_of_what_waits_for_no_approver(world: Any, staff: Staff) -> None:
    approved = world.propose(staff("requester"))
    world.decide(staff("director"), approved)
    rejected = world.propose(staff("requester"), thread_id="thread-2", document_id="ts_two")
    world.decide(staff("director"), rejected, "reject")
    world.propose(staff("requester"), thread_id="thread-3", document_id="ts_three")
    world.propose(staff("requester"), thread_id="thread-3", document_id="ts_three", document_version=2)
    world.clock.turn(days=5)
    assert {mark.commitment_id for mark in tick(world.store, world.clock)} == {
        item.commitment.commitment_id
        for item in commitments.inbox(world.store, world.clock)
        if item.status is CommitmentStatus.PENDING
    }
    assert len(_notices(world)) == 3
    item = _item(world, approved)
    assert item.status is CommitmentStatus.APPROVED
    assert sla_of(item, world.clock.now) is None
    world.clock.turn(days=10)
    assert _ticked(world) == []


def test_an_approval_that_is_taken_back_starts_the_reminders(world: Any, staff: Staff) -> None:
    commitment, director = world.propose(staff("requester")), staff("director")
    staff("vp")
    world.decide(director, commitment)
    world.clock.turn(days=2)
    assert _ticked(world) == []
    world.decide(director, commitment, "revoke")
    marks = tick(world.store, world.clock)
    assert [mark.stage.value for mark in marks] == STAGES[:2]
    assert all(mark.asked == (staff("vp").person_id,) for mark in marks)


def test_an_escalation_reaches_the_next_level_and_never_a_requester(world: Any, staff: Staff) -> None:
    requester, manager, director = staff("requester"), staff("manager"), staff("director")
    high = [world.person("Vera without a token", "vp"), world.person("Salem without a token", "c-level")]
    for person in high:
        world.service.revoke_token(person.person_id, actor="operator")
    world.propose(requester)
    world.clock.turn(days=5)
    warned, _, escalated = tick(world.store, world.clock)
    assert warned.asked == (director.person_id,)
    assert escalated.asked == (director.person_id, high[0].person_id)
    assert _escalation(world).payload["escalated_to"] == [high[0].person_id]
    assert requester.person_id not in escalated.asked
    assert manager.person_id not in escalated.asked


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        ([("Omar", "c-level", True), ("Vera", "director", True)], "Vera"),
        ([("Omar", "c-level", True)], "Omar"),
        ([("Salem", "c-level", False)], "Salem"),
    ],
)
def test_the_legal_role_is_escalated_within_legal_first(
    world: Any, staff: Staff, others: list[tuple[str, str, bool]], expected: str
) -> None:
    counsel, chief = staff("counsel"), staff("chief")
    people = [world.person(*one) for one in others]
    for person in people:
        world.service.revoke_token(person.person_id, actor="operator")
    commitment = world.propose(staff("requester"), partnership_type=PartnershipType.GOVERNMENT)
    world.decide(chief, commitment)
    world.clock.turn(days=5)
    escalated = tick(world.store, world.clock)[-1]
    above = _escalation(world).payload["escalated_to"]
    assert isinstance(above, list)
    assert escalated.asked[0] == counsel.person_id
    names = {person.person_id: person.name for person in people}
    assert [names[str(one)] for one in above if one in names] == [expected]


def test_whoever_holds_authority_of_a_requester_is_not_asked(world: Any, staff: Staff) -> None:
    requester, vp = staff("requester"), staff("vp")
    world.lend(requester, vp)
    world.propose(requester)
    world.clock.turn(days=5)
    assert [mark.asked for mark in tick(world.store, world.clock)] == [(), (), ()]
    assert audit.report(world.store, world.verifier).ok


def test_a_delegate_is_reminded_too(world: Any, staff: Staff) -> None:
    manager = staff("manager")
    world.lend(staff("director"), manager)
    world.propose(staff("requester"))
    world.clock.turn(days=1)
    (mark,) = tick(world.store, world.clock)
    assert set(mark.asked) == {staff("director").person_id, manager.person_id}


def test_people_of_another_tenant_are_not_asked(world: Any, staff: Staff) -> None:
    other, _ = world.service.add_person("Else", ApprovalLevel.VP, actor="operator", tenant="other")
    world.propose(staff("requester"))
    world.clock.turn(days=5)
    assert all(other.person_id not in mark.asked for mark in tick(world.store, world.clock))


def test_the_clock_of_the_inbox_tells_who_was_asked(world: Any, staff: Staff) -> None:
    director, commitment = staff("director"), world.propose(staff("requester"))
    world.clock.turn(hours=50)
    items = commitments.inbox(world.store, world.clock)
    before = sla.states(world.store, world.clock, items)[commitment.commitment_id]
    assert (before.stage, before.asked, before.marked) == (Punctuality.BREACHED, (), ())
    tick(world.store, world.clock)
    after = sla.states(world.store, world.clock, items)[commitment.commitment_id]
    assert (after.asked, after.marked) == ((director.person_id,), (SlaStage.WARNED, SlaStage.BREACHED))


def test_a_damaged_commitment_keeps_nobody_else_from_being_reminded(world: Any, staff: Staff) -> None:
    first = world.propose(staff("requester"))
    world.propose(staff("requester"), thread_id="thread-2", document_id="ts_two")
    world.sql("UPDATE commitments SET body = replace(body, '0.15', '0.99') WHERE document_id = 'ts_one'")
    world.clock.turn(days=1)
    with pytest.raises(IntegrityError, match=first.commitment_id):
        tick(world.store, world.clock)
    assert len(_notices(world)) == 1


@pytest.mark.parametrize("change", ["DELETE FROM sla_marks", "DELETE FROM outbox"])
def test_a_reminder_that_is_removed_shows(world: Any, staff: Staff, change: str) -> None:
    world.propose(staff("requester"))
    world.clock.turn(days=1)
    tick(world.store, world.clock)
    assert audit.report(world.store, world.verifier).ok
    world.sql(change)
    assert not audit.report(world.store, world.verifier).ok


TICK = """
import pathlib, sys
from datetime import datetime
from partnership_os.governance.sla import tick
from partnership_os.storage.anchor import ANCHOR_FILE, FileAnchor
from partnership_os.storage.database import open_database, sqlite_url
from partnership_os.storage.governance_store import SqlGovernanceStore

home, now = pathlib.Path(sys.argv[1]), datetime.fromisoformat(sys.argv[2])
store = SqlGovernanceStore(open_database(sqlite_url(home / "partnership.db")), FileAnchor(home / ANCHOR_FILE))
sys.stdin.readline()
for mark in tick(store, lambda: now):
    print(mark.commitment_id, mark.stage.value)
"""


def test_several_processes_remind_once(world: Any, staff: Staff) -> None:
    staff("director")
    for number in range(3):
        world.propose(staff("requester"), thread_id=f"thread-{number}", document_id=f"ts_{number}")
    later = (world.clock.now + timedelta(days=5)).isoformat()
    command = [sys.executable, "-c", TICK, str(world.home), later]
    started = [subprocess.Popen(command, stdin=-1, stdout=-1, text=True) for _ in range(3)]
    for process in started:  # all of them have opened the store and wait for this line
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    told = [line for process in started for line in process.communicate(timeout=60)[0].splitlines()]
    assert [process.returncode for process in started] == [0, 0, 0]
    assert sorted(line.split()[1] for line in told) == sorted(STAGES * 3)
    assert len(set(told)) == len(_notices(world)) == 9
    assert audit.report(world.store, world.verifier).ok
