"""An approval can be taken back until the commit, and not be given again; tenants and tokens have their limits."""

from typing import Any

import pytest

from partnership_os.errors import ApprovalError, InputError
from partnership_os.governance import audit, commitments
from partnership_os.schemas.commitment import DecisionOutcome
from partnership_os.schemas.partnership import ApprovalLevel

pytestmark = pytest.mark.parametrize("world", ["sqlite", "postgresql"], indirect=True)


def test_an_approval_taken_back_does_not_count_and_does_not_return(world: Any, staff: Any) -> None:
    made, director = world.propose(staff("requester")), staff("director")
    given = world.decide(director, made)
    taken = world.decide(director, made, "revoke")
    assert taken.revokes == given.decision_id
    stored = {item.outcome: item for item in commitments.approvals_of(world.store, made.commitment_id)}
    assert stored == {DecisionOutcome.APPROVE: given, DecisionOutcome.REVOKE: taken}
    assert world.status(made) == "pending"
    assert world.decide(director, made, "revoke") == taken, "the same again is the same"
    with pytest.raises(ApprovalError):
        world.commit(made)
    with pytest.raises(ApprovalError) as caught:
        world.decide(director, made)
    assert caught.value.details["reason"] in ("revoked", "approval_lapsed")
    world.decide(staff("vp"), made)
    assert world.commit(made).approved_by == (staff("vp").person_id,)
    assert audit.report(world.store, world.verifier).ok


def test_nothing_is_taken_back_after_the_commit_or_that_was_never_given(world: Any, staff: Any) -> None:
    made, director = world.propose(staff("requester")), staff("director")
    with pytest.raises(ApprovalError) as caught:
        world.decide(director, made, "revoke")
    assert caught.value.details["reason"] == "nothing_to_revoke"
    world.decide(director, made)
    with pytest.raises(ApprovalError) as caught:
        world.decide(staff("vp"), made, "revoke")
    assert caught.value.details["reason"] == "nothing_to_revoke"
    entry = world.commit(made)
    with pytest.raises(ApprovalError, match="committed"):
        world.decide(director, made, "revoke")
    assert world.ledger() == (entry,)


def test_a_principal_takes_back_what_was_approved_for_them(world: Any, staff: Any) -> None:
    made, director, manager = world.propose(staff("requester")), staff("director"), staff("manager")
    world.lend(director, manager)
    world.decide(manager, made, behalf=director)
    assert world.status(made) == "approved"
    world.decide(director, made, "revoke")
    assert world.status(made) == "pending"
    for person in (director, manager):
        with pytest.raises(ApprovalError):
            world.decide(person, made)
    world.lend(director, staff("analyst"))
    with pytest.raises(ApprovalError):
        world.decide(staff("analyst"), made, behalf=director)


@pytest.mark.parametrize("outcome", ["reject", "revoke"])
@pytest.mark.parametrize("note", [None, "", "  "])
def test_who_refuses_says_why(world: Any, staff: Any, outcome: str, note: str | None) -> None:
    made, director = world.propose(staff("requester")), staff("director")
    world.decide(director, made)
    with pytest.raises(InputError, match="reason"):
        token = world.tokens[director.person_id]
        world.service.decide(made.commitment_id, token, DecisionOutcome(outcome), note)
    assert world.status(made) == "approved"


def test_people_of_another_tenant_see_no_commitment(world: Any, staff: Any) -> None:
    made = world.propose(staff("requester"))
    other, token = world.service.add_person("Else", ApprovalLevel.C_LEVEL, True, actor="operator", tenant="other")
    world.tokens[other.person_id] = token
    item = commitments.standing(world.store, world.clock, made.commitment_id)
    assert other.person_id not in {person.person_id for person in item.may_approve}
    with pytest.raises(ApprovalError, match="There is no such commitment"):
        world.decide(other, made)
    with pytest.raises(InputError, match="somebody else"):
        world.propose(other, document_version=2)
    with pytest.raises(InputError, match="Nobody active"):
        world.lend(staff("director"), other)
    foreign = world.propose(other, thread_id="t-9", document_id="ts_9")
    assert foreign.tenant == "other"
    with pytest.raises(ApprovalError, match="There is no such commitment"):
        world.decide(staff("director"), foreign)
    world.decide(staff("director"), made)
    assert world.commit(made).tenant == "main"


def test_a_token_expires_and_so_does_what_may_be_done_with_it(world: Any, staff: Any) -> None:
    made, director = world.propose(staff("requester")), staff("director")
    world.clock.turn(days=10)
    world.service.authenticate(world.tokens[director.person_id])
    world.clock.turn(days=80)
    with pytest.raises(ApprovalError, match="not accepted"):
        world.service.authenticate(world.tokens[director.person_id])
    item = commitments.standing(world.store, world.clock, made.commitment_id)
    assert item.may_approve == ()
    fresh = world.service.issue_token(director.person_id, actor="operator")
    assert world.service.authenticate(fresh).person_id == director.person_id


def test_a_session_works_like_its_token_ends_by_itself_and_with_it(world: Any, staff: Any) -> None:
    made, director = world.propose(staff("requester")), staff("director")
    token = world.tokens[director.person_id]
    session = world.service.open_session(token)
    assert world.service.authenticate(session).person_id == director.person_id
    with pytest.raises(ApprovalError):
        world.service.open_session(session)
    with pytest.raises(ApprovalError):
        world.service.end_session(token)
    world.service.end_session(session)
    with pytest.raises(ApprovalError):
        world.service.authenticate(session)
    second, third = world.service.open_session(token), world.service.open_session(token, hours=1)
    world.clock.turn(hours=1)
    with pytest.raises(ApprovalError):
        world.service.authenticate(third)
    world.service.decide(made.commitment_id, second, DecisionOutcome.APPROVE)
    world.service.revoke_token(director.person_id, actor="operator")
    with pytest.raises(ApprovalError):
        world.service.authenticate(second)
    assert audit.report(world.store, world.verifier).ok
    assert world.commit(made), "the approval was given while the session was live"


def test_who_takes_back_takes_back_all_that_was_given_for_them(world: Any, staff: Any) -> None:
    """The loan under which the first approval was given has ended; the one that counts is the person's own."""
    made, director, manager = world.propose(staff("requester")), staff("director"), staff("manager")
    lent = world.lend(director, manager)
    world.decide(manager, made, behalf=director)
    world.service.end_delegation(world.tokens[director.person_id], lent.delegation_id)
    world.clock.turn(minutes=1)
    world.decide(director, made)
    assert world.status(made) == "approved"
    world.decide(director, made, "revoke")
    assert world.status(made) == "pending"
    with pytest.raises(ApprovalError):
        world.commit(made)


def test_a_name_that_looks_like_a_token_is_refused(world: Any) -> None:
    """The log would blot it out, and disagree with the row ever after."""
    with pytest.raises(InputError, match="looks like a token"):
        world.person("pos_0123456789abcdef_0", "analyst")
    assert world.service.people() == ()
    assert audit.report(world.store, world.verifier).ok
