"""Proposing, superseding and committing: one row for what the right people approved, and none for anything else."""

import json
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from partnership_os.errors import ApprovalError, InputError, IntegrityError
from partnership_os.governance import audit, commitments, policy
from partnership_os.governance.canonical import canonical_bytes, commitment_digest
from partnership_os.governance.signing import create_keys, load_signer
from partnership_os.schemas.base import Money, utc_text
from partnership_os.schemas.partnership import ApprovalLevel, PartnershipType

pytestmark = pytest.mark.parametrize("world", ["sqlite", "postgresql"], indirect=True)


def _approved(world: Any, staff: Any, **changes: Any) -> Any:
    made = world.propose(staff("requester"), **changes)
    world.decide(staff("director"), made)
    return made


def _no_commit(world: Any, made: Any, error: type[Exception], match: str) -> None:
    before = len(world.events("commit_refused")) if audit.report(world.store, world.verifier).ok else None
    with pytest.raises(error, match=match):
        world.commit(made)
    assert world.ledger() == ()
    if before is not None:
        assert len(world.events("commit_refused")) == before + 1


def test_the_honest_path_gives_one_row_with_everything_beside_it(world: Any, staff: Any) -> None:
    made = _approved(world, staff)
    entry = world.commit(made)
    assert world.ledger() == (entry,)
    assert entry.approved_by == (staff("director").person_id,)
    assert entry.digest == world.events("commitment_committed")[0].data["digest"]
    with world.store.snapshot() as reader:
        (message,) = reader.outbox()
        (decision,) = reader.decisions(made.commitment_id)
    sent = message.message
    assert (sent.idempotency_key, sent.kind) == (made.commitment_id, "issue_term_sheet")
    assert decision.consumed_by == entry.entry_id
    assert world.status(made) == "committed"
    assert commitments.inbox(world.store, world.clock) == ()
    events = world.events()
    assert world.commit(made) == entry
    assert (world.ledger(), world.events()) == ((entry,), events)
    assert audit.report(world.store, world.verifier).ok


def test_asking_again_for_the_same_is_the_same(world: Any, staff: Any) -> None:
    made = world.propose(staff("requester"))
    world.clock.turn(days=3)
    same = {"action": "Issue-Term Sheet", "terms": dict(reversed(world.terms.items()))}
    assert world.propose(staff("requester"), **same) == made
    world.decide(staff("director"), made)
    assert world.propose(staff("requester")) == made
    world.commit(made)
    assert world.propose(staff("requester")) == made
    assert len(world.events("commitment_proposed")) == 1
    world.clock.turn(days=30)
    assert world.propose(staff("requester")) == made


def test_an_expired_request_is_made_anew(world: Any, staff: Any) -> None:
    made = _approved(world, staff)
    world.clock.now = made.expires_at
    again = world.propose(staff("requester"))
    assert again.commitment_id != made.commitment_id
    assert world.status(again) == "pending"


@pytest.mark.parametrize(
    "change",
    [
        {"terms": {"commission": "0.16"}},
        {"parties": ("Us Ltd", "Another Co")},
        {"document_version": 2},
        {"currency": "USD"},
        {"value": Money(amount=Decimal(5), currency="SAR")},
        {"partnership_type": PartnershipType.REFERRAL},
        {"action": "sign_agreement"},
    ],
)
def test_an_edit_voids_what_was_approved(world: Any, staff: Any, change: dict[str, Any]) -> None:
    first = _approved(world, staff)
    second = world.propose(staff("requester"), **change)
    assert (world.status(first), world.status(second)) == ("superseded", "pending")
    with pytest.raises(ApprovalError, match="superseded"):
        world.commit(first)
    with pytest.raises(ApprovalError, match="pending"):
        world.commit(second)
    with pytest.raises(ApprovalError, match="superseded"):
        world.decide(staff("vp"), first)
    assert [item.status.value for item in commitments.history(world.store, world.clock, "thread-1")] == [
        "superseded",
        "pending",
    ]


def test_back_to_the_first_terms_is_a_new_request(world: Any, staff: Any) -> None:
    first = _approved(world, staff)
    world.propose(staff("requester"), terms={"commission": "0.16"})
    third = world.propose(staff("requester"))
    assert third.commitment_id != first.commitment_id
    assert world.status(third) == "pending"


def test_a_newer_version_in_another_thread_supersedes_the_older(world: Any, staff: Any) -> None:
    first = _approved(world, staff)
    same = world.propose(staff("requester"), thread_id="thread-2")
    assert world.status(first) == "approved"
    world.propose(staff("requester"), thread_id="thread-3", document_version=2)
    assert {world.status(first), world.status(same)} == {"superseded"}


def test_a_version_of_a_document_is_committed_once(world: Any, staff: Any) -> None:
    first, second = _approved(world, staff), _approved(world, staff, thread_id="thread-2")
    world.commit(first)
    with pytest.raises(InputError, match="was committed as"):
        world.commit(second)
    with pytest.raises(InputError, match="was committed as"):
        world.propose(staff("requester"), thread_id="thread-3")
    assert len(world.ledger()) == 1


def test_the_policy_decides_and_the_value_raises(world: Any, staff: Any) -> None:
    made = world.propose(staff("requester"), value=Money(amount=Decimal(2_000_000), currency="SAR"))
    assert [item.min_level for item in made.required_approvals] == [ApprovalLevel.VP]
    with pytest.raises(ApprovalError):
        world.decide(staff("director"), made)
    with pytest.raises(ValidationError):
        world.draft(staff("requester"), required_approvals=[])


def _not_proposed(world: Any, requester: Any, match: str, **changes: Any) -> Any:
    before = world.events("proposal_refused")
    with pytest.raises(InputError, match=match):
        world.propose(requester, **changes)
    *earlier, refused = world.events("proposal_refused")
    assert tuple(earlier) == before
    return refused


@pytest.mark.parametrize("name", ["bypass_approval", "BYPASS-APPROVAL", "b\u200bypass approval"])
def test_class_c_runs_for_nobody(world: Any, staff: Any, name: str) -> None:
    with pytest.raises(ApprovalError, match="never runs"):
        world.propose(staff("requester"), action=name)
    assert world.events("proposal_refused")[-1].data["reason"] == "class_c"
    assert commitments.inbox(world.store, world.clock) == ()


def test_what_cannot_be_proposed(world: Any, staff: Any) -> None:
    requester = staff("requester")
    refused = _not_proposed(world, requester, "needs no approval", action="explain")
    assert refused.data == {
        "error": "InputError",
        "reason": "class_a",
        "action": "explain",
        "requested_by": requester.person_id,
    }
    assert refused.actor == requester.person_id
    _not_proposed(world, requester, "float", terms={"commission": 0.15})
    _not_proposed(world, requester, "white space", terms={"list": [{"a": 1, "a ": 2}]})
    assert world.propose(staff("requester"), action="launch a rocket").action == "launch_a_rocket"


def test_who_asks_is_somebody_active_in_the_directory(world: Any, staff: Any) -> None:
    requester = staff("requester")
    world.propose(requester)
    world.service.change_person(requester.person_id, active=False, actor="operator")
    for changes in ({}, {"document_version": 2}):
        refused = _not_proposed(world, requester, "Nobody active", **changes)
        assert refused.data["reason"] == "unknown_requester"
    assert len(world.events("commitment_proposed")) == 1


def test_a_refused_proposal_logs_no_token(world: Any, staff: Any) -> None:
    token = world.tokens[staff("director").person_id]
    secret = token.split("_")[2]
    refused = _not_proposed(world, staff("requester"), "Nobody active", requested_by=token)
    assert (refused.actor, refused.data["requested_by"]) == ("unknown", "unknown")
    _not_proposed(world, staff("requester"), "Nobody active", requested_by=token, thread_id=token, action=token)
    _not_proposed(world, staff("requester"), "white space", terms={f" {token}": 1})
    with world.store.snapshot() as reader:
        assert not [line for line in reader.audit_lines() if secret[:8] in line]


def test_only_the_approved_terms_are_committed(world: Any, staff: Any) -> None:
    world.terms["note"] = "  e\u0301  "
    made = _approved(world, staff)
    for terms in (
        {},
        {**world.terms, "commission": "0.16"},
        {**world.terms, "extra": None},
        {**world.terms, "commission": 0.15},
        {**world.terms, "bad": {1, 2}},
        {**world.terms, " commission": "0.95"},
    ):
        with pytest.raises(ApprovalError, match="not those"):
            world.commit(made, terms)
    assert world.ledger() == ()
    assert world.commit(made, world.terms).digest
    with pytest.raises(ApprovalError, match="not those"):
        world.commit(made, {})


def test_an_unknown_commitment_cannot_be_committed_and_its_id_is_not_logged(world: Any, staff: Any) -> None:
    token = world.tokens[staff("director").person_id]
    for name in ("cm_none", f"cm_{'0' * 24}", token):
        with pytest.raises(InputError, match="no commitment"):
            commitments.commit(world.store, world.verifier, world.clock, name, {})
        refused = world.events("commit_refused")[-1]
        assert (refused.actor, refused.subject, refused.data) == ("unknown", "unknown", {"error": "InputError"})
    with pytest.raises(InputError, match="no commitment"):
        commitments.standing(world.store, world.clock, "cm_none")


def test_nothing_is_committed_before_the_people_decide(world: Any, staff: Any) -> None:
    made, director = world.propose(staff("requester")), staff("director")
    with pytest.raises(ApprovalError) as caught:
        world.commit(made)
    assert director.name in str(caught.value.fix)
    assert world.events("commit_refused")[-1].subject == made.commitment_id
    world.decide(director, made)
    world.decide(staff("vp"), made, "reject")
    _no_commit(world, made, ApprovalError, "rejected")


@pytest.mark.parametrize("change", [{"level": ApprovalLevel.MANAGER}, {"active": False}], ids=["demoted", "gone"])
def test_authority_is_checked_again_at_the_commit(world: Any, staff: Any, change: dict[str, Any]) -> None:
    made, director = _approved(world, staff), staff("director")
    world.service.change_person(director.person_id, actor="operator", **change)
    _no_commit(world, made, ApprovalError, "pending")
    world.decide(staff("vp"), made)
    assert world.commit(made).approved_by == (staff("vp").person_id,)


def test_a_promotion_does_not_raise_what_was_given_before(world: Any, staff: Any) -> None:
    made = world.propose(staff("requester"), partnership_type=PartnershipType.GOVERNMENT)
    world.decide(staff("counsel"), made)
    world.service.change_person(staff("counsel").person_id, level=ApprovalLevel.C_LEVEL, actor="operator")
    with pytest.raises(ApprovalError, match="pending"):
        world.commit(made)


def test_a_lost_legal_role_no_longer_counts(world: Any, staff: Any) -> None:
    made = world.propose(staff("requester"), partnership_type=PartnershipType.GOVERNMENT)
    world.decide(staff("counsel"), made)
    world.decide(staff("chief"), made)
    world.service.change_person(staff("counsel").person_id, legal=False, actor="operator")
    _no_commit(world, made, ApprovalError, "pending")


def test_a_changed_policy_voids_what_waits(world: Any, staff: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    made = _approved(world, staff)
    monkeypatch.setitem(policy.TYPE_LEVELS, PartnershipType.DISTRIBUTION, ApprovalLevel.VP)
    _no_commit(world, made, ApprovalError, "policy has changed")
    again = world.propose(staff("requester"))
    assert (world.status(made), world.status(again)) == ("superseded", "pending")
    monkeypatch.setattr(policy, "POLICY_VERSION", "approval-policy 2")
    world.decide(staff("vp"), again)
    _no_commit(world, again, ApprovalError, "policy has changed")


EDITS = {
    "terms": "UPDATE commitments SET body = replace(body, '0.15', '0.95')",
    "required level": "UPDATE commitments SET body = replace(body, 'director', 'analyst')",
    "digest": f"UPDATE commitments SET digest = '{'0' * 64}'",
    "unreadable commitment": "UPDATE commitments SET body = '{}'",
    "decision level": """UPDATE decisions SET body = replace(body, '"level":"director"', '"level":"c-level"')""",
    "decision note": """UPDATE decisions SET body = replace(body, '"note":null', '"note":"x"')""",
    "decision key": """UPDATE decisions SET body = replace(body, '"key_id":"', '"key_id":"0000')""",
    "another commitment in the row": "UPDATE commitments SET body = replace(body, '\"cm_', '\"cm_0')",
    "unreadable decision": "UPDATE decisions SET body = 'x'",
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS.keys())
def test_an_edited_row_stops_the_commit(world: Any, staff: Any, edit: str) -> None:
    made = _approved(world, staff)
    assert world.sql(edit) == 1
    _no_commit(world, made, IntegrityError, "changed|signed|cannot be read|two different")


def test_an_edit_that_carries_its_digest_along_is_seen_by_the_id(world: Any, staff: Any) -> None:
    made = _approved(world, staff)
    forged = made.model_copy(update={"terms": {"commission": "0.95"}})
    digest = commitment_digest(forged)
    world.sql(
        "UPDATE commitments SET body = :body, digest = :digest",
        body=canonical_bytes(forged).decode(),
        digest=digest,
    )
    with pytest.raises(IntegrityError, match=r"changed after|two different"):
        world.commit(made, {"commission": "0.95"})
    with pytest.raises(IntegrityError):
        commitments.inbox(world.store, world.clock)
    assert world.ledger() == ()


def _insert_decision(world: Any, body: dict[str, Any], filed_under: str) -> None:
    world.sql(
        "INSERT INTO decisions (decision_id, commitment_id, person_id, outcome, decided_at, body) "
        "VALUES (:id, :filed, :person, :outcome, :at, :body)",
        id=body["decision_id"],
        filed=filed_under,
        person=body["decided_by"],
        outcome=body["outcome"],
        at=utc_text(datetime.fromisoformat(body["decided_at"])),
        body=json.dumps(body),
    )


def test_forged_decisions_do_not_commit(world: Any, staff: Any) -> None:
    genuine = _approved(world, staff)
    target = world.propose(staff("requester"), thread_id="thread-2", document_id="ts_two")
    honest = commitments.approvals_of(world.store, genuine.commitment_id)[0].model_dump(mode="json")
    digest = commitments.standing(world.store, world.clock, target.commitment_id).digest
    create_keys(world.home / "stranger")
    forged = commitments.approvals_of(world.store, genuine.commitment_id)[0].model_copy(
        update={"commitment_id": target.commitment_id, "digest": digest}
    )
    stranger = load_signer(world.home / "stranger").sign(forged).model_dump(mode="json")
    attempts = [
        honest,
        {**honest, "commitment_id": target.commitment_id},
        {**honest, "commitment_id": target.commitment_id, "digest": digest},
        stranger,
        {**stranger, "key_id": honest["key_id"]},
    ]
    for number, body in enumerate(attempts):
        _insert_decision(world, {**body, "decision_id": f"de_forged{number}"}, target.commitment_id)
        _no_commit(world, target, IntegrityError, "not signed")
        world.sql("DELETE FROM decisions WHERE decision_id = :id", id=f"de_forged{number}")
    world.decide(staff("director"), target)
    assert world.commit(target).commitment_id == target.commitment_id


def test_a_changed_ledger_row_is_seen(world: Any, staff: Any) -> None:
    made = _approved(world, staff)
    entry = world.commit(made)
    world.sql("UPDATE ledger SET body = replace(body, :old, :new)", old=entry.digest, new="0" * 64)
    with pytest.raises(IntegrityError, match="another digest"):
        world.commit(made)


@pytest.mark.parametrize(
    "edit",
    [
        "UPDATE audit SET body = replace(body, 'Dana', 'Dena') WHERE body LIKE '%Dana%'",
        "DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)",
        "DELETE FROM audit",
    ],
)
def test_a_broken_log_stops_the_commit_and_stays_broken(world: Any, staff: Any, edit: str) -> None:
    made = _approved(world, staff)
    assert world.sql(edit)
    _no_commit(world, made, IntegrityError, "audit log is broken")
    staff("vp")
    assert not audit.report(world.store, world.verifier).ok


@pytest.mark.parametrize("content", [None, b"", b'{"size":0}'])
def test_a_lost_anchor_stops_the_commit(world: Any, staff: Any, content: bytes | None) -> None:
    made = _approved(world, staff)
    saved = world.anchor_file.read_bytes()
    world.anchor_file.unlink()
    if content is not None:
        world.anchor_file.write_bytes(content)
    _no_commit_on_anchor(world, made)
    world.anchor_file.write_bytes(saved)
    assert world.commit(made)


def _no_commit_on_anchor(world: Any, made: Any) -> None:
    with pytest.raises(IntegrityError, match="anchor"):
        world.commit(made)
    assert world.ledger() == ()


def test_a_rejected_version_is_not_asked_for_again_by_anybody(world: Any, staff: Any) -> None:
    made = world.propose(staff("requester"))
    world.decide(staff("vp"), made, "reject")
    assert world.propose(staff("requester")) == made, "asking again for the same changes nothing"
    for changes in ({}, {"thread_id": "thread-2"}, {"terms": {"commission": "0.14"}}):
        with pytest.raises(InputError, match="was rejected as") as caught:
            world.propose(staff("manager"), **changes)
        assert caught.value.details["commitment_id"] == made.commitment_id
    assert world.propose(staff("manager"), document_version=2).document_version == 2
