"""What a commit writes, word for word, and what the log says of one that was refused."""

import base64
from typing import Any

import pytest

from partnership_os.errors import ApprovalError, InputError, IntegrityError
from partnership_os.governance import commit_transaction, policy
from partnership_os.governance.actions import rule_for
from partnership_os.governance.canonical import canonical_bytes, digest_of
from partnership_os.governance.refusal import UNKNOWN
from partnership_os.governance.standing import ACTOR, intact
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


def test_terms_without_a_canonical_form_were_never_proposed(world: Any, staff: Any) -> None:
    made = world.propose(staff("requester"))
    with world.store.snapshot() as reader:
        stored = reader.commitment(made.commitment_id)
    assert stored is not None
    odd = stored.commitment.model_copy(update={"terms": {"share": 0.5}})
    with pytest.raises(IntegrityError, match="changed after"):
        intact(stored.model_copy(update={"commitment": odd}))
