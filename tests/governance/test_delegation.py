"""Lent authority: never to or from a requester, never more than the delegator has, never counted twice."""

from datetime import timedelta
from typing import Any

import pytest

from partnership_os.errors import ApprovalError, InputError, IntegrityError
from partnership_os.governance import audit, commitments
from partnership_os.governance.delegation import DelegationDraft
from partnership_os.schemas.partnership import ApprovalLevel, PartnershipType

pytestmark = pytest.mark.parametrize("world", ["sqlite", "postgresql"], indirect=True)


def _reason(caught: Any) -> str:
    return str(caught.value.details["reason"])


def test_a_delegate_approves_with_what_was_lent_and_the_commit_lands(world: Any, staff: Any) -> None:
    director, manager = staff("director"), staff("manager")
    made = world.propose(staff("requester"))
    with pytest.raises(ApprovalError, match="still needs"):
        world.decide(manager, made)
    lent = world.lend(director, manager)
    item = commitments.standing(world.store, world.clock, made.commitment_id)
    assert [(one.delegate.person_id, one.delegator.person_id) for one in item.delegated] == [
        (manager.person_id, director.person_id)
    ]
    decision = world.decide(manager, made, behalf=director)
    assert (decision.on_behalf_of, decision.delegation_id) == (director.person_id, lent.delegation_id)
    assert (decision.level, decision.decided_by) == (ApprovalLevel.DIRECTOR, manager.person_id)
    assert world.commit(made).approved_by == (manager.person_id,)
    assert audit.report(world.store, world.verifier).ok
    assert world.events("commitment_approved")[0].data["on_behalf_of"] == director.person_id


def test_nothing_is_lent_that_the_delegator_does_not_have(world: Any, staff: Any) -> None:
    director, manager = staff("director"), staff("manager")
    for wrong, match in (
        ({"max_level": "vp"}, "cannot delegate vp"),
        ({"legal": True}, "no legal role"),
        ({"max_value": {"amount": "-1", "currency": "SAR"}}, "negative"),
        ({"starts_at": world.clock() - timedelta(days=30)}, "end before"),
    ):
        with pytest.raises(InputError, match=match):
            world.lend(director, manager, **wrong)
    with pytest.raises(InputError, match="themselves"):
        world.lend(director, director)
    with pytest.raises(InputError, match="Nobody active"):
        nobody = DelegationDraft(delegate="pe_none", reason="leave")
        world.service.lend_authority(world.tokens[director.person_id], nobody)
    assert world.service.delegations() == ()


def test_a_delegation_is_not_passed_on(world: Any, staff: Any) -> None:
    director, manager, analyst = staff("director"), staff("manager"), staff("analyst")
    world.lend(director, manager)
    with pytest.raises(InputError, match="cannot delegate director"):
        world.lend(manager, analyst, max_level="director")
    world.lend(manager, analyst)
    made = world.propose(staff("requester"))
    with pytest.raises(ApprovalError) as caught:
        world.decide(analyst, made, behalf=manager)
    assert _reason(caught) == "level_too_low"
    with pytest.raises(ApprovalError) as caught:
        world.decide(analyst, made, behalf=director)
    assert _reason(caught) == "no_delegation"


def test_no_authority_of_a_requester_counts_for_their_own_request(world: Any, staff: Any) -> None:
    requester, director = staff("requester"), staff("director")
    made = world.propose(requester)
    world.lend(requester, staff("manager"))
    with pytest.raises(ApprovalError) as caught:
        world.decide(staff("manager"), made, behalf=requester)
    assert _reason(caught) == "delegator_is_requester"
    world.lend(requester, director, max_level="analyst")
    with pytest.raises(ApprovalError) as caught:
        world.decide(director, made)
    assert _reason(caught) == "delegate_of_requester"
    world.lend(staff("chief"), requester)
    with pytest.raises(ApprovalError) as caught:
        world.decide(requester, made, behalf=staff("chief"))
    assert _reason(caught) == "requester"
    world.decide(staff("vp"), made)
    assert world.commit(made)


def test_a_requester_cannot_void_an_approval_by_lending_to_its_giver(world: Any, staff: Any) -> None:
    made = world.propose(staff("requester"))
    world.decide(staff("director"), made)
    world.lend(staff("requester"), staff("director"), max_level="analyst")
    assert world.status(made) == "approved"
    assert world.commit(made)


def test_who_was_lent_something_by_the_requester_ends_it_and_approves(world: Any, staff: Any) -> None:
    made, director = world.propose(staff("requester")), staff("director")
    loan = world.lend(staff("requester"), director, max_level="analyst")
    with pytest.raises(ApprovalError) as caught:
        world.decide(director, made)
    assert _reason(caught) == "delegate_of_requester"
    assert f"`partnership delegation end {loan.delegation_id}`" in str(caught.value.fix)
    assert caught.value.who_must_act == "user"
    world.service.end_delegation(world.tokens[director.person_id], loan.delegation_id)
    world.decide(director, made)
    assert world.commit(made)


@pytest.mark.parametrize("fault", ["ended", "expired", "demoted", "deactivated", "delegate gone"])
def test_what_was_lent_must_still_be_worth_it_at_the_commit(world: Any, staff: Any, fault: str) -> None:
    director, manager = staff("director"), staff("manager")
    made = world.propose(staff("requester"))
    lent = world.lend(director, manager, days=2)
    world.decide(manager, made, behalf=director)
    assert world.status(made) == "approved"
    expires = commitments.standing(world.store, world.clock, made.commitment_id).expires_at
    assert expires == lent.expires_at
    if fault == "ended":
        world.service.end_delegation(world.tokens[director.person_id], lent.delegation_id)
    elif fault == "expired":
        world.clock.now = lent.expires_at
    elif fault == "demoted":
        world.service.change_person(director.person_id, level=ApprovalLevel.MANAGER, actor="operator")
    else:
        gone = director if fault == "deactivated" else manager
        world.service.change_person(gone.person_id, active=False, actor="operator")
    assert world.status(made) == "pending"
    with pytest.raises(ApprovalError):
        world.commit(made)
    assert world.ledger() == ()


def test_limits_of_type_and_money_hold(world: Any, staff: Any, money: Any) -> None:
    chief, manager = staff("chief"), staff("manager")
    world.lend(chief, manager, partnership_types=("referral",), max_value=money("50000", "USD"))
    distribution = world.propose(staff("requester"))
    with pytest.raises(ApprovalError) as caught:
        world.decide(manager, distribution, behalf=chief)
    assert _reason(caught) == "no_delegation"
    kind = PartnershipType.REFERRAL
    costly = world.propose(
        staff("requester"), thread_id="t-2", document_id="ts_2", partnership_type=kind, value=money("187500.01", "SAR")
    )
    with pytest.raises(ApprovalError) as caught:
        world.decide(manager, costly, behalf=chief)
    assert _reason(caught) == "no_delegation"
    fair = world.propose(
        staff("requester"), thread_id="t-3", document_id="ts_3", partnership_type=kind, value=money("187500", "SAR")
    )
    world.decide(manager, fair, behalf=chief)
    assert world.commit(fair).approved_by == (manager.person_id,)


def test_one_authority_counts_once_in_a_quorum(world: Any, staff: Any) -> None:
    """Somebody with both roles who lends one of them is still one person, from either side."""
    both, manager = staff("chief_counsel"), staff("manager")
    made = world.propose(staff("requester"), partnership_type=PartnershipType.GOVERNMENT)
    world.lend(both, manager, legal=True)
    world.decide(manager, made, behalf=both)
    with pytest.raises(ApprovalError):
        world.decide(both, made)
    assert world.status(made) == "pending"
    world.decide(staff("chief"), made)
    assert set(world.commit(made).approved_by) == {manager.person_id, staff("chief").person_id}


def test_a_delegate_with_a_role_of_their_own_is_one_person(world: Any, staff: Any) -> None:
    counsel, chief = staff("counsel"), staff("chief")
    made = world.propose(staff("requester"), partnership_type=PartnershipType.GOVERNMENT)
    world.lend(chief, counsel)
    world.decide(counsel, made)
    assert world.decide(counsel, made, behalf=chief).on_behalf_of is None, "a person approves once; the first stands"
    assert world.status(made) == "pending"


def test_a_delegation_of_another_key_stops_the_commit(world: Any, staff: Any) -> None:
    made = world.propose(staff("requester"))
    world.lend(staff("director"), staff("manager"), max_level="manager")
    world.lend(staff("director"), staff("manager"))
    world.decide(staff("manager"), made, behalf=staff("director"))
    world.sql('UPDATE delegations SET body = replace(body, \'"max_level":"director"\', \'"max_level":"c-level"\')')
    with pytest.raises(IntegrityError, match="was not signed"):
        world.commit(made)
    assert world.ledger() == ()


def test_only_the_two_people_end_a_delegation(world: Any, staff: Any) -> None:
    director, manager = staff("director"), staff("manager")
    lent = world.lend(director, manager)
    with pytest.raises(ApprovalError) as caught:
        world.service.end_delegation(world.tokens[staff("vp").person_id], lent.delegation_id)
    assert _reason(caught) == "not_own_delegation"
    world.service.end_delegation(world.tokens[manager.person_id], lent.delegation_id)
    world.service.end_delegation(world.tokens[director.person_id], lent.delegation_id)
    assert len(world.events("delegation_ended")) == 1
    with pytest.raises(ApprovalError) as caught:
        world.decide(manager, world.propose(staff("requester")), behalf=director)
    assert _reason(caught) == "no_delegation"


def test_a_delegate_rejects_too(world: Any, staff: Any) -> None:
    made = world.propose(staff("requester"))
    world.lend(staff("director"), staff("manager"))
    world.decide(staff("manager"), made, "reject", behalf=staff("director"))
    assert world.status(made) == "rejected"
    with pytest.raises(ApprovalError):
        world.decide(staff("vp"), made)
