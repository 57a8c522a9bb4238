"""The log against the tables: whatever somebody with the database's password changes, `report` names the row."""

import json
from typing import Any

import pytest

from partnership_os.errors import ApprovalError, IntegrityError
from partnership_os.governance import audit, commitments
from partnership_os.governance.canonical import canonical_bytes
from partnership_os.schemas.commitment import Decision, DecisionOutcome
from partnership_os.schemas.partnership import ApprovalLevel, PartnershipType
from partnership_os.storage import tables

pytestmark = pytest.mark.parametrize("world", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def full(world: Any, staff: Any) -> Any:
    """A world in which every table holds something, and one commitment waits for its commit."""
    requester, director = staff("requester"), staff("director")
    world.done = world.propose(requester)
    world.decide(director, world.done)
    world.entry = world.commit(world.done)
    world.old = world.propose(requester, thread_id="thread-2", document_id="ts_two")
    world.ready = world.propose(requester, thread_id="thread-2", document_id="ts_two", document_version=2)
    world.decide(director, world.ready)
    world.refused = world.propose(requester, thread_id="thread-3", document_id="ts_three")
    world.decide(director, world.refused, "reject")
    world.service.issue_token(staff("vp").person_id, actor="operator")
    world.service.end_session(world.service.open_session(world.tokens[director.person_id]))
    lent = world.lend(director, staff("vp"), max_level="manager")
    world.service.end_delegation(world.tokens[director.person_id], lent.delegation_id)
    world.service.revoke_token(staff("manager").person_id, actor="operator")
    world.service.change_person(staff("manager").person_id, level=ApprovalLevel.ANALYST, actor="operator")
    assert audit.report(world.store, world.verifier).ok
    return world


FORGERIES = {
    "ledger body": ("ledger", "UPDATE ledger SET body = replace(body, 'Them Co', 'Other Co')"),
    "ledger column": ("ledger", "UPDATE ledger SET document_version = 9"),
    "ledger unreadable": ("ledger", "UPDATE ledger SET body = '{}'"),
    "ledger gone": ("ledger", "DELETE FROM ledger"),
    "ledger added": (
        "ledger",
        "INSERT INTO ledger SELECT 'le_x', (SELECT commitment_id FROM commitments WHERE document_id = 'ts_three'), "
        "document_id, 7, thread_id, committed_at, replace(replace(replace(body, entry_id, 'le_x'), "
        "'\"document_version\":1', '\"document_version\":7'), commitment_id, "
        "(SELECT commitment_id FROM commitments WHERE document_id = 'ts_three')) FROM ledger",
    ),
    "approval gone": ("decisions", "DELETE FROM decisions WHERE outcome = 'approve' AND consumed_by IS NULL"),
    "rejection gone": ("decisions", "DELETE FROM decisions WHERE outcome = 'reject'"),
    "decision noted": ("decisions", """UPDATE decisions SET body = replace(body, '"note":null', '"note":"x"')"""),
    "decision column": ("decisions", "UPDATE decisions SET outcome = 'approve' WHERE outcome = 'reject'"),
    "decision freed": ("decisions", "UPDATE decisions SET consumed_by = NULL"),
    "decision used up": ("decisions", "UPDATE decisions SET consumed_by = 'le_x' WHERE consumed_by IS NULL"),
    "decision filed elsewhere": (
        "decisions",
        "UPDATE decisions SET commitment_id = (SELECT commitment_id FROM commitments WHERE document_id = 'ts_one') "
        "WHERE outcome = 'reject'",
    ),
    "commitment body": ("commitments", "UPDATE commitments SET body = replace(body, '0.15', '0.95')"),
    "commitment digest": (
        "commitments",
        f"UPDATE commitments SET digest = '{'0' * 64}' WHERE document_id = 'ts_one'",
    ),
    "commitment revived": ("commitments", "UPDATE commitments SET superseded_by = NULL"),
    "commitment column": ("commitments", "UPDATE commitments SET thread_id = 'thread-9'"),
    "person promoted": ("people", "UPDATE people SET body = replace(body, 'analyst', 'c-level')"),
    "person in law": ("people", "UPDATE people SET body = replace(body, '\"legal\":false', '\"legal\":true')"),
    "person renamed": ("people", "UPDATE people SET body = replace(body, 'Dana', 'Dena')"),
    "person retired": ("people", "UPDATE people SET body = replace(body, '\"active\":true', '\"active\":false')"),
    "person added": (
        "people",
        "INSERT INTO people SELECT 'pe_x', replace(body, person_id, 'pe_x') FROM people LIMIT 1",
    ),
    "person column": ("people", "UPDATE people SET body = replace(body, 'pe_', 'pe_0')"),
    "token revived": ("tokens", "UPDATE tokens SET revoked_at = NULL"),
    "token swapped": ("tokens", "UPDATE tokens SET secret_hash = secret_hash || 'x'"),
    "token given away": ("tokens", "UPDATE tokens SET person_id = (SELECT max(person_id) FROM people)"),
    "token added": (
        "tokens",
        "INSERT INTO tokens SELECT '00000000000000ff', person_id, secret_hash, created_at, NULL, kind, expires_at "
        "FROM tokens LIMIT 1",
    ),
    "token prolonged": ("tokens", "UPDATE tokens SET expires_at = '2099-01-01T00:00:00.000000Z'"),
    "token made a session": ("tokens", "UPDATE tokens SET kind = 'session'"),
    "session revived": ("tokens", "UPDATE tokens SET revoked_at = NULL WHERE kind = 'session'"),
    "delegation gone": ("delegations", "DELETE FROM delegations"),
    "delegation revived": ("delegations", "UPDATE delegations SET ended_at = NULL"),
    "delegation widened": ("delegations", "UPDATE delegations SET body = replace(body, 'manager', 'director')"),
    "token unreadable": ("tokens", "UPDATE tokens SET created_at = 'x'"),
    "token gone": ("tokens", "DELETE FROM tokens WHERE revoked_at IS NOT NULL"),
    "message gone": ("outbox", "DELETE FROM outbox"),
    "message changed": (
        "outbox",
        "UPDATE outbox SET body = replace(body, '\"document_version\":1', '\"document_version\":2')",
    ),
    "message column": ("outbox", "UPDATE outbox SET kind = 'sign_agreement'"),
}


@pytest.mark.parametrize(("table", "forgery"), FORGERIES.values(), ids=FORGERIES.keys())
def test_whatever_is_changed_is_named(full: Any, table: str, forgery: str) -> None:
    key = tables.metadata.tables[table].primary_key.columns[0].name
    ids = {row[0] for row in full.sql(f"SELECT {key} FROM {table}")}
    assert full.sql(forgery)
    ids |= {row[0] for row in full.sql(f"SELECT {key} FROM {table}")}
    found = audit.report(full.store, full.verifier)
    assert (found.ok, found.table, found.first_bad_seq) == (False, table, None)
    assert found.row_id is not None and found.row_id in ids
    assert found.row_id in str(found.reason)


@pytest.mark.parametrize("column", ["at", "event", "subject", "hash"])
def test_a_column_beside_an_event_is_held_against_it(full: Any, column: str) -> None:
    full.sql(f"UPDATE audit SET {column} = '2020' WHERE seq = 2")
    found = audit.report(full.store, full.verifier)
    assert (found.ok, found.first_bad_seq) == (False, 2)
    with pytest.raises(IntegrityError, match="broken at event 2"):
        full.commit(full.ready)


def _stopped(world: Any, made: Any, match: str) -> None:
    rows, before = world.ledger(), len(world.events("commit_refused"))
    with pytest.raises(IntegrityError, match=match):
        world.commit(made)
    assert (world.ledger(), len(world.events("commit_refused"))) == (rows, before + 1)


def test_a_ledger_that_was_emptied_is_not_filled_again(full: Any) -> None:
    for statement in ("DELETE FROM ledger", "DELETE FROM outbox", "UPDATE decisions SET consumed_by = NULL"):
        full.sql(statement)
    _stopped(full, full.done, "ledger.*gone")


def test_a_version_whose_row_is_gone_is_not_committed_in_another_thread(world: Any, staff: Any) -> None:
    first, second = (world.propose(staff("requester"), thread_id=name) for name in ("thread-1", "thread-2"))
    world.decide(staff("director"), first)
    world.decide(staff("director"), second)
    world.commit(first)
    world.sql("DELETE FROM ledger")
    _stopped(world, second, "ledger.*gone")


def test_a_rejection_that_was_removed_still_stands(full: Any, staff: Any) -> None:
    full.sql("DELETE FROM decisions WHERE outcome = 'reject'")
    full.decide(staff("chief"), full.refused)
    _stopped(full, full.refused, "decisions.*gone")


def test_a_row_put_into_the_ledger_is_no_commit(full: Any) -> None:
    full.sql(FORGERIES["ledger added"][1])
    with full.store.snapshot() as reader:
        digest = reader.commitment(full.refused.commitment_id).digest
    full.sql(
        "UPDATE ledger SET body = replace(body, :old, :new) WHERE entry_id = 'le_x'", old=full.entry.digest, new=digest
    )
    _stopped(full, full.refused, "ledger.*le_x: no event")


def test_a_changed_row_is_not_returned_as_the_commit(full: Any) -> None:
    full.sql(FORGERIES["ledger body"][1])
    _stopped(full, full.done, "entry_digest")


def test_a_superseded_commitment_is_not_revived(full: Any, staff: Any) -> None:
    full.sql(FORGERIES["commitment revived"][1])
    full.decide(staff("director"), full.old)
    _stopped(full, full.old, "commitments.*superseded_by")


def test_a_commitment_that_was_hidden_is_missed(full: Any) -> None:
    full.sql("DELETE FROM commitments WHERE commitment_id = :id", id=full.old.commitment_id)
    _stopped(full, full.ready, f"{full.old.commitment_id}.*gone")


def test_a_person_promoted_behind_the_log_approves_nothing(world: Any, staff: Any) -> None:
    made, manager = world.propose(staff("requester")), staff("manager")
    world.sql("UPDATE people SET body = replace(body, 'manager', 'director')")
    world.decide(manager, made)
    _stopped(world, made, f"people.*{manager.person_id}: level")


def test_a_decision_made_twice_is_named(world: Any, staff: Any) -> None:
    made = world.propose(staff("requester"))
    world.decide(staff("director"), made)
    world.sql("DELETE FROM decisions")
    decision = world.decide(staff("director"), made)
    found = audit.report(world.store, world.verifier)
    assert (found.ok, found.table, found.row_id) == (False, "decisions", decision.decision_id)
    assert "both made it" in str(found.reason)


def test_the_commit_of_others_does_not_wait_for_what_does_not_concern_it(full: Any) -> None:
    full.sql("DELETE FROM outbox")
    full.sql("DELETE FROM decisions WHERE outcome = 'reject'")
    assert full.commit(full.ready)


# -- approvals that a genuine key signed, but that must not count ------------------------------------------------------


def _sign_in(world: Any, person: Any, made: Any, level: str, other_digest: str | None = None) -> Decision:
    """A decision with its event, signed by the service's own key without the service's own checks."""
    with world.store.snapshot() as reader:
        digest = other_digest or reader.commitment(made.commitment_id).digest
    decision: Decision = world.service._signer.sign(
        Decision(
            decision_id=f"de_{person.person_id}",
            commitment_id=made.commitment_id,
            digest=digest,
            outcome=DecisionOutcome.APPROVE,
            decided_by=person.person_id,
            level=level,
            legal=False,
            decided_at=world.clock.now,
            expires_at=made.expires_at,
            key_id="0" * 16,
            signature="unsigned",
        )
    )
    with world.store.transaction() as transaction:
        transaction.add_decision(decision)
        data = {"decision_id": decision.decision_id, "digest": digest}
        audit.append(transaction, world.clock.now, person.person_id, "commitment_approved", made.commitment_id, data)
    assert audit.report(world.store, world.verifier).ok
    return decision


def _waits(world: Any, made: Any) -> None:
    (item,) = [item for item in commitments.inbox(world.store, world.clock) if item.commitment == made]
    assert (item.status.value, item.approvals) == ("pending", ())
    with pytest.raises(ApprovalError, match="is pending"):
        world.commit(made)
    assert world.ledger() == ()


def test_the_approval_of_the_requester_does_not_count_at_the_commit(world: Any, staff: Any) -> None:
    made = world.propose(staff("requester"))
    _sign_in(world, staff("requester"), made, "c-level")
    _waits(world, made)


def test_an_approval_of_another_digest_does_not_count(world: Any, staff: Any) -> None:
    made = world.propose(staff("requester"))
    _sign_in(world, staff("director"), made, "director", "0" * 64)
    assert world.status(made) == "pending"
    _stopped(world, made, "not signed")


def test_a_later_promotion_does_not_lift_a_decision_that_was_too_low(world: Any, staff: Any) -> None:
    made, manager = world.propose(staff("requester")), staff("manager")
    _sign_in(world, manager, made, "manager")
    world.service.change_person(manager.person_id, level=ApprovalLevel.C_LEVEL, actor="operator")
    _waits(world, made)


def test_a_legal_role_given_later_does_not_lift_a_decision(world: Any, staff: Any) -> None:
    made, manager = world.propose(staff("requester"), partnership_type=PartnershipType.GOVERNMENT), staff("manager")
    world.decide(staff("chief"), made)
    _sign_in(world, manager, made, "manager")
    world.service.change_person(manager.person_id, legal=True, actor="operator")
    with pytest.raises(ApprovalError, match="is pending"):
        world.commit(made)


@pytest.mark.parametrize(
    "later",
    [{"terms": {"commission": "0.16"}}, {"document_version": 2}, {"thread_id": "thread-2"}, {"document_id": "ts_two"}],
    ids=["thread", "version", "document", "thread, another document"],
)
def test_who_asked_earlier_approves_nothing_later(world: Any, staff: Any, later: dict[str, Any]) -> None:
    world.propose(staff("chief"))
    world.clock.turn(minutes=1)
    second = world.propose(staff("vp"), **later)
    with pytest.raises(ApprovalError) as caught:
        world.decide(staff("chief"), second)
    assert caught.value.details["reason"] == "requester"
    _sign_in(world, staff("chief"), second, "c-level")
    _waits(world, second)
    world.decide(staff("director"), second)
    assert world.commit(second).approved_by == (staff("director").person_id,)


def test_of_two_who_ask_at_once_neither_approves_for_the_other(world: Any, staff: Any) -> None:
    made = [world.propose(staff("chief")), world.propose(staff("vp"), thread_id="thread-2")]
    for person, commitment in zip(("vp", "chief"), made, strict=True):
        with pytest.raises(ApprovalError, match="asked for"):
            world.decide(staff(person), commitment)


def test_who_asks_later_may_still_approve_what_came_before(world: Any, staff: Any) -> None:
    first = world.propose(staff("chief"))
    world.clock.turn(minutes=1)
    world.propose(staff("vp"), thread_id="thread-2")
    world.decide(staff("vp"), first)
    assert world.commit(first)


def test_only_people_who_can_log_in_are_asked(world: Any, staff: Any) -> None:
    made = world.propose(staff("requester"))
    director, vp, chief = staff("director"), staff("vp"), staff("chief")
    world.service.revoke_token(director.person_id, actor="operator")
    world.service.change_person(vp.person_id, active=False, actor="operator")
    (item,) = commitments.inbox(world.store, world.clock)
    assert item.may_approve == (chief,)
    world.tokens[director.person_id] = world.service.issue_token(director.person_id, actor="operator")
    assert world.decide(director, made)


def test_events_carry_no_secret_of_a_token(full: Any) -> None:
    hashes = [row[0] for row in full.sql("SELECT secret_hash FROM tokens")]
    lines = "\n".join(canonical_bytes(event).decode() for event in full.events())
    assert not [item for item in hashes if json.dumps(item) in lines]
    assert not [token for token in full.tokens.values() if token.split("_")[2] in lines]
