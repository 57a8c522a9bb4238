"""The clock of the gate: it never goes backwards, and what was written under a false date is not believed."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from partnership_os.errors import ApprovalError, IntegrityError
from partnership_os.governance import audit, commitments
from partnership_os.governance.clock import MAX_AHEAD, moment, moment_of_reading, moment_of_refusal, system_clock
from partnership_os.schemas.commitment import DecisionOutcome

FALSE = datetime(2036, 1, 1, tzinfo=UTC)


def test_the_system_clock_is_in_utc() -> None:
    assert system_clock().tzinfo is UTC


def test_time_never_runs_before_the_last_event(world: Any) -> None:
    world.person("Nora", "vp")
    last = world.clock.now
    for step, expected in ((-MAX_AHEAD, last), (timedelta(seconds=1), last + timedelta(seconds=1))):
        world.clock.now = last + step
        with world.store.snapshot() as reader:
            for when in (moment, moment_of_reading, moment_of_refusal):
                assert when(world.clock, reader) == expected


def test_a_log_that_lies_ahead_stops_what_is_written_and_names_the_event(world: Any) -> None:
    world.person("Nora", "vp")
    last = world.clock.now
    world.clock.now = last - MAX_AHEAD - timedelta(microseconds=1)
    with world.store.snapshot() as reader:
        with pytest.raises(IntegrityError, match="Event 1 of the audit log is dated 2026-03-01T08:00") as caught:
            moment(world.clock, reader)
        assert moment_of_reading(world.clock, reader) == world.clock.now
        assert moment_of_refusal(world.clock, reader) == last
    assert (caught.value.who_must_act, caught.value.details["seq"]) == ("operator", 1)
    assert "backup" in str(caught.value.fix)


def test_failed_logins_under_a_false_clock_change_nothing(world: Any, staff: Any) -> None:
    made, director, right = world.propose(staff("requester")), staff("director"), world.clock.now
    world.clock.now = FALSE
    for token in (None, "x", f"pos_{'0' * 16}_{'1' * 64}"):
        with pytest.raises(ApprovalError):
            world.service.decide(made.commitment_id, token, DecisionOutcome.APPROVE)
        with pytest.raises(ApprovalError):
            world.service.authenticate(token)
    with pytest.raises(Exception, match="no commitment"):
        commitments.commit(world.store, world.verifier, world.clock, "cm_none", {})
    world.clock.now = right + timedelta(seconds=1)
    world.decide(director, made)
    assert world.commit(made).committed_at == world.clock.now
    again = world.propose(staff("requester"), thread_id="thread-2", document_id="ts_two")
    assert again.expires_at < right + timedelta(days=15)
    assert audit.report(world.store, world.verifier).ok


def test_only_failed_logins_so_far_are_no_time(world: Any) -> None:
    world.clock.now = FALSE
    with pytest.raises(ApprovalError):
        world.service.authenticate(None)
    world.clock.now = datetime(2026, 3, 1, tzinfo=UTC)
    world.person("Nora", "vp")
    assert world.events("person_added")[0].at == world.clock.now


def test_a_poisoned_log_stops_deciding_and_committing_and_can_still_be_read(world: Any, staff: Any) -> None:
    made, director = world.propose(staff("requester")), staff("director")
    waiting = world.propose(staff("requester"), thread_id="thread-2", document_id="ts_two")
    right = world.decide(director, made).decided_at
    world.clock.now = FALSE
    audit.record_event(world.store, world.clock, "local-operator", "run_started", "run", {})
    world.clock.now = right
    for call in (
        lambda: world.decide(director, waiting),
        lambda: world.commit(made),
        lambda: world.propose(staff("requester"), document_version=2),
        lambda: audit.record_event(world.store, world.clock, "local-operator", "run_started", "run", {}),
    ):
        with pytest.raises(IntegrityError, match="dated 2036-01-01"):
            call()
    assert world.ledger() == ()
    refused = ("approval_refused", "commit_refused", "proposal_refused")
    assert [len(world.events(name)) for name in refused] == [1, 1, 1]
    assert {item.status.value for item in commitments.inbox(world.store, world.clock)} == {"approved", "pending"}
    assert [item.status.value for item in commitments.history(world.store, world.clock, "thread-1")] == ["approved"]
    assert audit.report(world.store, world.verifier).ok


def test_a_decision_is_after_everything_that_the_log_tells_of(world: Any, staff: Any) -> None:
    """Also where the clock stands still, as it seems to where another machine's is ahead."""
    requester, director, vp = staff("requester"), staff("director"), staff("vp")
    made = world.propose(requester)
    first = world.decide(director, made)
    loan = world.lend(requester, director, max_level="analyst")
    second = world.decide(vp, made, "reject")
    assert made.requested_at < first.decided_at < loan.starts_at < second.decided_at
    assert [item.decision_id for item in commitments.approvals_of(world.store, made.commitment_id)] == [
        first.decision_id,
        second.decision_id,
    ]
