"""Rows written together with events that make them look right: no commit, no delivery, and the audit says so."""

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import JsonValue

from partnership_os.errors import ApprovalError, IntegrityError
from partnership_os.governance import approvals, audit
from partnership_os.governance.approvals import ApprovalService
from partnership_os.governance.backing import unbacked
from partnership_os.governance.canonical import digest_of
from partnership_os.governance.delivery import EVERY_KIND, deliver_due
from partnership_os.governance.outbox import NOTICE_KEY, REMINDER
from partnership_os.schemas.commitment import (
    Commitment,
    Decision,
    DecisionOutcome,
    OutboxMessage,
    SlaMark,
    SlaStage,
)
from partnership_os.testing.courier import ScriptedCourier

FAR = "2099-01-01T00:00:00.000000Z"


def _tell(world: Any, actor: str, event: str, subject: str, data: dict[str, JsonValue]) -> None:
    """Append an event with a correct hash, as whoever may write the log can."""
    with world.store.transaction() as transaction:
        audit.append(transaction, world.clock.now, actor, event, subject, data)


def _deliver(world: Any) -> ScriptedCourier:
    courier = ScriptedCourier()
    deliver_due(world.store, world.verifier, {EVERY_KIND: courier}, world.clock, "worker")
    return courier


def _refused(world: Any, made: Commitment, reason: str) -> None:
    with pytest.raises(IntegrityError, match=reason):
        world.commit(made)
    assert world.ledger() == ()
    report = audit.report(world.store, world.verifier)
    assert not report.ok and reason in str(report.reason)


def test_a_second_event_does_not_take_a_rejection_elsewhere(world: Any, staff: Any) -> None:
    made = world.propose(staff("requester"))
    other = world.propose(staff("requester"), thread_id="thread-2", document_id="ts_two").commitment_id
    world.decide(staff("director"), made)
    rejected = world.decide(staff("vp"), made, "reject")
    _tell(world, staff("vp").person_id, "commitment_approved", other, {"decision_id": rejected.decision_id})
    for forged in (
        "UPDATE decisions SET commitment_id = :other WHERE decision_id = :one",
        "DELETE FROM decisions WHERE commitment_id = :other OR decision_id = :one",
    ):
        world.sql(forged, other=other, one=rejected.decision_id)
        _refused(world, made, "both made it")


def test_a_second_event_does_not_clear_the_way_for_a_second_row(world: Any, staff: Any) -> None:
    made = world.propose(staff("requester"))
    world.decide(staff("director"), made)
    entry = world.commit(made)
    assert len(_deliver(world).calls) == 1
    _tell(world, "partnership-os", "commitment_committed", "cm_other", {"entry_id": entry.entry_id})
    world.sql("DELETE FROM outbox")
    world.sql("DELETE FROM ledger")
    world.sql("UPDATE decisions SET consumed_by = NULL")
    _refused(world, made, "both made it")
    assert _deliver(world).calls == []


@pytest.mark.parametrize("by", [None, "cm_other"])
def test_what_was_superseded_stays_so(world: Any, staff: Any, by: str | None) -> None:
    first = world.propose(staff("requester"))
    world.decide(staff("director"), first)
    world.propose(staff("requester"), document_version=2, terms={"commission": "0.05"})
    world.sql("UPDATE commitments SET superseded_by = NULL WHERE commitment_id = :one", one=first.commitment_id)
    _tell(world, "partnership-os", "commitment_superseded", first.commitment_id, {"by": by})
    _refused(world, first, "superseded already")


@pytest.mark.parametrize("forged", [None, FAR])
def test_a_loan_that_was_ended_is_not_taken_up_again(world: Any, staff: Any, forged: str | None) -> None:
    made, vp, manager = world.propose(staff("requester")), staff("vp"), staff("manager")
    loan = world.lend(vp, manager)
    world.decide(manager, made, behalf=vp)
    world.service.end_delegation(world.tokens[vp.person_id], loan.delegation_id)
    assert world.status(made) == "pending"
    world.sql("UPDATE delegations SET ended_at = :at", at=forged)
    assert world.status(made) == "approved"
    _refused(world, made, "ended of this row differ")


def test_a_loan_of_a_requester_that_is_gone_still_bars_its_holder(world: Any, staff: Any) -> None:
    made, director = world.propose(staff("requester")), staff("director")
    world.lend(staff("requester"), director, max_level="analyst")
    world.sql("DELETE FROM delegations")
    world.decide(director, made)
    _refused(world, made, "it is gone")


@pytest.mark.parametrize("disguise", ["kind", "key", "neither"])
def test_nothing_but_a_reminder_is_announced_by_the_clock(world: Any, staff: Any, disguise: str) -> None:
    made = world.propose(staff("requester"))
    message = OutboxMessage(
        message_id="ob_forged",
        idempotency_key=f"{NOTICE_KEY}forged" if disguise == "key" else made.commitment_id,
        kind=REMINDER if disguise == "kind" else made.action,
        payload={"document_id": made.document_id},
        created_at=world.clock.now,
    )
    mark = SlaMark(commitment_id=made.commitment_id, stage=SlaStage.WARNED, at=world.clock.now, asked=())
    with world.store.transaction() as transaction:
        transaction.add_outbox(message)
        transaction.add_sla_mark(mark)
    facts: dict[str, JsonValue] = {
        "asked": [],
        "mark_digest": digest_of(mark),
        "message_id": message.message_id,
        "message_digest": digest_of(message),
    }
    _tell(world, "partnership-os", "sla_warned", made.commitment_id, facts)
    assert _deliver(world).calls == []
    report = audit.report(world.store, world.verifier)
    assert not report.ok and "announced as a notice" in str(report.reason)


def test_what_was_delivered_is_not_delivered_again(world: Any, staff: Any) -> None:
    made = world.propose(staff("requester"))
    world.decide(staff("director"), made)
    world.commit(made)
    assert len(_deliver(world).calls) == 1
    with world.store.snapshot() as reader:
        (queued,) = reader.outbox()
    world.sql("UPDATE outbox SET delivered_at = NULL, receipt = NULL, attempts = 0")
    untried: dict[str, JsonValue] = {"attempts": 0, "delivered_at": None, "receipt": None}
    _tell(world, "local-operator", "message_redriven", queued.message.message_id, untried)
    assert _deliver(world).calls == []
    assert "moves what was delivered" in str(audit.report(world.store, world.verifier).reason)


def test_an_approval_that_should_never_have_been_signed_does_not_count(
    world: Any, staff: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The commit holds to the separation of duties by itself, whatever the approval service let through."""
    made, director = world.propose(staff("requester")), staff("director")
    world.lend(staff("requester"), director, max_level="analyst")
    monkeypatch.setattr(approvals, "excluded_from", lambda *_: frozenset())
    monkeypatch.setattr(approvals, "_require_authority", lambda *_: None)
    world.decide(director, made)
    assert world.status(made) == "pending"
    with pytest.raises(ApprovalError):
        world.commit(made)


def _signed(world: Any, service: ApprovalService, decision: Decision, **changes: Any) -> Decision:
    signed: Decision = service._signer.sign(decision.model_copy(update=changes))
    return signed


@pytest.mark.parametrize("outcome", [DecisionOutcome.REVOKE, DecisionOutcome.REJECT])
def test_a_row_is_not_backed_once_somebody_said_no(world: Any, staff: Any, outcome: DecisionOutcome) -> None:
    made, director = world.propose(staff("requester")), staff("director")
    approval = world.decide(director, made)
    entry = world.commit(made)
    check: Callable[[], str | None] = lambda: unbacked(reader, entry, world.verifier)  # noqa: E731
    with world.store.snapshot() as reader:
        assert check() is None
    no = _signed(world, world.service, approval, decision_id="de_no", outcome=outcome, revokes=approval.decision_id)
    with world.store.transaction() as transaction:
        transaction.add_decision(no)
    with world.store.snapshot() as reader:
        assert "rejected, or an approval of it was taken back" in str(check())
