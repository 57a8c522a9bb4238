"""What a commit writes, word for word, and what the log says of one that was refused."""

import base64
from contextlib import nullcontext
from datetime import timedelta
from typing import Any

import pytest

from partnership_os.errors import ApprovalError, InputError, IntegrityError
from partnership_os.governance import commit_transaction, commitments, policy
from partnership_os.governance.actions import rule_for
from partnership_os.governance.canonical import canonical_bytes, commitment_digest, digest_of
from partnership_os.governance.refusal import UNKNOWN
from partnership_os.governance.standing import ACTOR, commitment_id_of, intact
from partnership_os.governance.store import StoredCommitment
from partnership_os.schemas.commitment import DecisionOutcome, Person
from partnership_os.schemas.partnership import ApprovalLevel, PartnershipType


def test_the_event_of_a_commit_binds_the_row_and_the_people(world: Any, staff: Any) -> None:
    made = world.propose(staff("requester"))
    decision = world.decide(staff("director"), made)
    entry = world.commit(made)
    (event,) = world.events("commitment_committed")
    assert (event.actor, event.subject, event.at) == (ACTOR, made.commitment_id, entry.committed_at)
    assert event.data == {
        "entry_id": f"le_{decision.digest[:24]}",
        "entry_digest": digest_of(entry),
        "digest": decision.digest,
        "approved_by": [staff("director").person_id],
    }
    assert (entry.entry_id, entry.decision_ids) == (event.data["entry_id"], (decision.decision_id,))
    assert ACTOR == "partnership-os"


def test_the_event_of_a_decision_binds_the_row_and_names_what_it_rests_on(world: Any, staff: Any) -> None:
    made, director, manager = world.propose(staff("requester")), staff("director"), staff("manager")
    world.lend(director, manager)
    given = world.decide(manager, made, behalf=director)
    taken = world.decide(director, made, "revoke")
    for decision, event, more in (
        (given, "commitment_approved", {"on_behalf_of": director.person_id}),
        (taken, "approval_revoked", {"revokes": given.decision_id}),
    ):
        (told,) = world.events(event)
        assert (told.actor, told.subject, told.at) == (decision.decided_by, made.commitment_id, decision.decided_at)
        assert told.data == {
            "decision_id": decision.decision_id,
            "digest": commitment_digest(made),
            "decision_digest": digest_of(decision),
            "level": "director",
            "legal": False,
            **more,
        }
        same = {"digest": decision.digest, "decided_by": decision.decided_by, "outcome": decision.outcome}
        assert decision.decision_id == f"de_{digest_of(same)[:24]}", "the same decision twice is one row"


def test_an_approval_lasts_fourteen_days_and_not_longer_than_its_request(world: Any, staff: Any) -> None:
    draft = world.draft(staff("requester"))
    made = commitments.propose(world.store, draft, world.clock, approval_days=30)
    early = world.decide(staff("director"), made)
    assert early.expires_at - early.decided_at == timedelta(days=14)
    world.clock.turn(days=20)
    assert world.decide(staff("vp"), made).expires_at == made.expires_at


@pytest.mark.parametrize(("length", "accepted"), [(1_000, True), (1_001, False)])
def test_a_note_has_a_thousand_characters_at_most(world: Any, staff: Any, length: int, accepted: bool) -> None:
    made, token = world.propose(staff("requester")), world.tokens[staff("director").person_id]
    with nullcontext() if accepted else pytest.raises(InputError, match="1001 characters"):
        world.service.decide(made.commitment_id, token, DecisionOutcome.APPROVE, "n" * length)
    assert world.status(made) == ("approved" if accepted else "pending")


@pytest.mark.parametrize("known", [True, False])
def test_a_decision_under_a_wrong_clock_is_logged_with_its_reason(world: Any, staff: Any, known: bool) -> None:
    """And without the words that were given as an id, which may be a secret put in the wrong place."""
    made, token = world.propose(staff("requester")), world.tokens[staff("director").person_id]
    world.clock.turn(hours=-1)
    with pytest.raises(IntegrityError) as caught:
        world.service.decide(made.commitment_id if known else "my secret", token, DecisionOutcome.APPROVE)
    (event,) = world.events("approval_refused")
    assert event.subject == (made.commitment_id if known else UNKNOWN)
    assert event.data == {"reason": "integrity", "message": caught.value.message}


def test_what_was_asked_for_under_an_older_schema_is_still_the_same(world: Any, staff: Any) -> None:
    older = world.propose(staff("requester")).model_copy(
        update={"schema_version": 1, "thread_id": "thread-2", "document_id": "ts_two"}
    )
    digest = commitment_digest(older)
    older = older.model_copy(update={"commitment_id": commitment_id_of(digest)})
    with world.store.transaction() as transaction:
        transaction.add_commitment(StoredCommitment(commitment=older, digest=digest))
    assert world.propose(staff("requester"), thread_id="thread-2", document_id="ts_two") == older


def test_a_refused_commit_is_logged_with_its_reason(world: Any, staff: Any) -> None:
    made = world.propose(staff("requester"))
    with pytest.raises(ApprovalError) as caught:
        world.commit(made, {**world.terms, "commission": "0.99"})
    (event,) = world.events("commit_refused")
    assert (event.actor, event.subject) == (ACTOR, made.commitment_id)
    assert event.data == {"error": "ApprovalError", "message": caught.value.message}


def test_a_refusal_without_end_is_cut_in_the_log(world: Any, staff: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    made = world.propose(staff("requester"))

    def refuse(*_: object) -> None:
        raise ApprovalError("".join(chr(ord("a") + index % 26) for index in range(3_000)), fix="Wait.")

    monkeypatch.setattr(commit_transaction, "existing", refuse)
    with pytest.raises(ApprovalError):
        world.commit(made)
    assert len(world.events("commit_refused")[0].data["message"]) == 1_000


def test_what_is_no_commitment_leaves_no_word_of_itself(world: Any) -> None:
    with pytest.raises(InputError):
        commit_transaction.commit(world.store, world.verifier, world.clock, "a secret", {})
    (event,) = world.events("commit_refused")
    assert (event.actor, event.subject, event.data) == (UNKNOWN, UNKNOWN, {"error": "InputError"})


def test_an_approved_commitment_waits_when_the_policy_changes(
    world: Any, staff: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = world.propose(staff("requester"))
    world.decide(staff("director"), made)
    for name, value in (
        ("POLICY_VERSION", "approval-policy 2"),
        ("TYPE_LEVELS", dict.fromkeys(policy.TYPE_LEVELS, ApprovalLevel.MANAGER)),
    ):
        with monkeypatch.context() as changed, pytest.raises(ApprovalError, match="policy has changed"):
            changed.setattr(policy, name, value)
            world.commit(made)
    assert world.ledger() == ()
    assert world.commit(made)


def test_an_action_that_became_free_or_forbidden_is_not_committed(
    world: Any, staff: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = world.propose(staff("requester"))
    world.decide(staff("director"), made)
    for other in ("read_policy", "alter_ledger"):
        with monkeypatch.context() as changed, pytest.raises(ApprovalError, match="policy has changed"):
            changed.setattr(commit_transaction, "rule_for", lambda action, other=other: rule_for(other))
            world.commit(made)
    assert world.commit(made)


def test_a_decision_filed_under_another_commitment_stops_the_commit(world: Any, staff: Any) -> None:
    made = world.propose(staff("requester"))
    other = world.propose(staff("requester"), thread_id="thread-2", document_id="ts_two")
    world.decide(staff("director"), made)
    moved = world.decide(staff("vp"), other)
    move = "UPDATE decisions SET commitment_id = :id WHERE decision_id = :moved"
    world.sql(move, id=made.commitment_id, moved=moved.decision_id)
    with pytest.raises(IntegrityError):
        world.commit(made)
    assert world.ledger() == ()


def _with_other_signature(world: Any, decision: Any, **changes: Any) -> Any:
    forged = decision.model_copy(update={"signature": base64.b64encode(bytes(64)).decode(), **changes})
    body = canonical_bytes(forged).decode()
    world.sql("UPDATE decisions SET body = :body WHERE decision_id = :id", body=body, id=decision.decision_id)
    return forged


def test_a_row_of_the_ledger_rests_on_signed_decisions_when_it_is_asked_for_again(world: Any, staff: Any) -> None:
    made = world.propose(staff("requester"))
    decision = world.decide(staff("director"), made)
    world.commit(made)
    _with_other_signature(world, decision)
    with pytest.raises(IntegrityError, match="not signed by the approval service"):
        world.commit(made)


def test_a_false_decision_on_which_no_row_rests_is_the_logs_to_find(world: Any, staff: Any) -> None:
    made = world.propose(staff("requester"), partnership_type=PartnershipType.DISTRIBUTION)
    taken_back = world.decide(staff("vp"), made)
    world.decide(staff("vp"), made, "revoke")
    world.decide(staff("director"), made)
    world.commit(made)
    _with_other_signature(world, taken_back)
    with pytest.raises(IntegrityError, match="does not agree with the audit log"):
        world.commit(made)


def test_a_request_lasts_fourteen_days_unless_set(world: Any, staff: Any) -> None:
    made = world.propose(staff("requester"))
    assert made.expires_at - made.requested_at == timedelta(days=14)


def test_a_document_is_asked_for_as_the_type_that_it_names(world: Any, staff: Any) -> None:
    """The type fixes who must approve, so the document may not say another one."""
    with pytest.raises(InputError, match="another partnership type than distribution"):
        world.propose(staff("requester"), terms={**world.terms, "partnership_type": "government"})
    assert [event.data["reason"] for event in world.events("proposal_refused")] == ["other_type"]
    made = world.propose(staff("requester"), terms={**world.terms, "partnership_type": "distribution"})
    assert made.partnership_type is PartnershipType.DISTRIBUTION


def test_who_asked_or_may_decide_is_concerned_and_nobody_else(world: Any, staff: Any) -> None:
    made = world.propose(staff("requester"))

    def ask(person: Person) -> None:
        commitments.require_concerned(world.store, world.clock, made.commitment_id, person)

    ask(staff("requester"))
    ask(staff("director"))
    with pytest.raises(InputError, match="neither asked for") as caught:
        ask(staff("analyst"))
    assert caught.value.details["reason"] == "not_concerned"
    world.lend(staff("director"), staff("manager"))
    ask(staff("manager"))
    with pytest.raises(InputError, match="There is no commitment"):
        ask(staff("director").model_copy(update={"tenant": "other"}))


def test_terms_without_a_canonical_form_were_never_proposed(world: Any, staff: Any) -> None:
    made = world.propose(staff("requester"))
    with world.store.snapshot() as reader:
        stored = reader.commitment(made.commitment_id)
    assert stored is not None
    odd = stored.commitment.model_copy(update={"terms": {"share": 0.5}})
    with pytest.raises(IntegrityError, match="changed after"):
        intact(stored.model_copy(update={"commitment": odd}))
