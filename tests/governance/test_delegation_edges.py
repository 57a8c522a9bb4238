"""A delegation at its edges: its longest and shortest term, a limit of nought, and a delegate who has left."""

import re
from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from partnership_os.errors import ApprovalError, InputError
from partnership_os.governance.canonical import digest_of
from partnership_os.governance.delegation import DelegationDraft, authority_of, check_draft, lent_authority
from partnership_os.governance.standing import standing_of
from partnership_os.schemas.partnership import ApprovalLevel


def test_a_delegation_lasts_fourteen_days_or_what_is_asked_up_to_ninety(world: Any, staff: Any) -> None:
    director, manager = staff("director"), staff("manager")
    for limits, days in (({}, 14), ({"days": 1}, 1), ({"days": 90}, 90)):
        lent = world.lend(director, manager, **limits)
        assert lent.expires_at - lent.starts_at == timedelta(days=days)
    for days in (0, 91):
        with pytest.raises(ValidationError):
            DelegationDraft(delegate=manager.person_id, reason="leave", days=days)


def test_only_somebody_active_in_the_same_house_can_be_lent_authority(world: Any, staff: Any) -> None:
    director, manager = staff("director"), staff("manager")
    stranger, _ = world.service.add_person("Sami", ApprovalLevel.VP, actor="operator", tenant="other")
    with pytest.raises(InputError, match="Nobody active"):
        world.lend(director, stranger)
    world.service.change_person(manager.person_id, active=False, actor="operator")
    with pytest.raises(InputError, match="Nobody active"):
        world.lend(director, manager)
    assert world.service.delegations() == ()


@pytest.mark.parametrize(("amount", "allowed"), [("0", True), ("0.5", True), ("-0.01", False)])
def test_a_limit_may_be_nought_and_not_less(world: Any, staff: Any, amount: str, allowed: bool) -> None:
    limit = {"amount": amount, "currency": "SAR"}
    if allowed:
        assert str(world.lend(staff("director"), staff("manager"), max_value=limit).max_value.amount) == amount
    else:
        with pytest.raises(InputError, match="negative"):
            world.lend(staff("director"), staff("manager"), max_value=limit)


def test_a_delegation_that_would_end_now_is_too_late_and_one_to_come_is_not(world: Any, staff: Any) -> None:
    director, manager = staff("director"), staff("manager")
    now, moment = world.clock.now, timedelta(microseconds=1)
    for starts_at, allowed in (
        (now - timedelta(days=3), False),
        (now - timedelta(days=3) + moment, True),
        (now, True),
        (now + timedelta(days=30), True),
    ):
        draft = DelegationDraft(delegate=manager.person_id, reason="leave", days=3, starts_at=starts_at)
        if allowed:
            assert check_draft(draft, director, manager, now) is ApprovalLevel.DIRECTOR
        else:
            with pytest.raises(InputError, match="before it is made"):
                check_draft(draft, director, manager, now)
    later = world.lend(director, manager, days=3, starts_at=now + timedelta(days=30))
    assert (later.starts_at, later.expires_at) == (now + timedelta(days=30), now + timedelta(days=33))


def test_the_event_of_a_delegation_binds_its_row_and_its_end_names_it(world: Any, staff: Any) -> None:
    director, manager = staff("director"), staff("manager")
    lent = world.lend(director, manager)
    (made,) = world.events("delegation_made")
    assert (made.actor, made.subject, made.at) == (director.person_id, lent.delegation_id, lent.starts_at)
    assert made.data == {"delegate": manager.person_id, "digest": digest_of(lent)}
    assert re.fullmatch("dl_[0-9a-f]{16}", lent.delegation_id)
    for _ in range(2):
        assert world.service.end_delegation(world.tokens[manager.person_id], lent.delegation_id) == lent
    (ended,) = world.events("delegation_ended")
    assert (ended.actor, ended.subject, ended.data) == (manager.person_id, lent.delegation_id, {})


def test_nobody_lends_or_ends_without_a_token_or_what_is_not_there(world: Any, staff: Any) -> None:
    draft = DelegationDraft(delegate=staff("manager").person_id, reason="on leave")
    with pytest.raises(ApprovalError, match="not accepted"):
        world.service.lend_authority("pos_0123456789abcdef_0", draft)
    for person in (staff("director"), staff("manager")):
        with pytest.raises(ApprovalError, match="No such delegation is yours"):
            world.service.end_delegation(world.tokens[person.person_id], "dl_none")
    assert len([event for event in world.events() if event.event.endswith("_refused")]) == 3
    assert world.service.delegations() == ()


def test_a_decision_is_worth_nothing_once_its_decider_is_gone(world: Any, staff: Any) -> None:
    made = world.propose(staff("requester"))
    world.decide(staff("director"), made)
    assert world.status(made) == "approved"
    world.service.change_person(staff("director").person_id, active=False, actor="operator")
    assert world.status(made) == "pending"


def test_a_decision_about_a_commitment_of_another_house_is_worth_nothing(world: Any, staff: Any) -> None:
    made = world.propose(staff("requester"))
    decision = world.decide(staff("director"), made)
    with world.store.snapshot() as reader:
        assert authority_of(reader, decision, made, world.clock.now) is not None
        assert authority_of(reader, decision, made.model_copy(update={"tenant": "other"}), world.clock.now) is None


class _Without:
    """A reader for which one person is not there."""

    def __init__(self, reader: Any, gone: str) -> None:
        self._reader = reader
        self._gone = gone

    def person(self, person_id: str) -> Any:
        return None if person_id == self._gone else self._reader.person(person_id)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reader, name)


def test_a_delegated_decision_counts_only_by_the_delegation_that_it_names(world: Any, staff: Any) -> None:
    director, manager, vp = staff("director"), staff("manager"), staff("vp")
    made = world.propose(staff("requester"))
    world.lend(director, manager)
    decision = world.decide(manager, made, behalf=director)
    now = world.clock.now
    with world.store.snapshot() as reader:
        found = authority_of(reader, decision, made, now)
        assert found is not None and (found.person_id, found.level) == (manager.person_id, ApprovalLevel.DIRECTOR)
        for wrong in ({"on_behalf_of": vp.person_id}, {"delegation_id": None}, {"delegation_id": "dl_none"}):
            assert authority_of(reader, decision.model_copy(update=wrong), made, now) is None
        assert authority_of(reader, decision, made.model_copy(update={"tenant": "other"}), now) is None
        for gone in (manager, director):
            assert authority_of(_Without(reader, gone.person_id), decision, made, now) is None


def test_a_delegation_lends_to_its_delegate_about_commitments_of_the_house(world: Any, staff: Any) -> None:
    director, manager, vp = staff("director"), staff("manager"), staff("vp")
    made = world.propose(staff("requester"), value={"amount": "5", "currency": "SAR"})
    world.lend(director, manager)  # without a limit of money
    now = world.clock.now
    with world.store.snapshot() as reader:
        (stored,) = reader.delegations()
        lent = lent_authority(reader, stored, manager, made, now)
        assert lent is not None and lent.level is ApprovalLevel.DIRECTOR
        assert lent_authority(reader, stored, vp, made, now) is None
        assert lent_authority(reader, stored, manager.model_copy(update={"tenant": "other"}), made, now) is None
        others = made.model_copy(update={"tenant": "other"})
        assert lent_authority(reader, stored, manager, others, now) is None
        assert lent_authority(reader, stored, manager.model_copy(update={"tenant": "other"}), others, now) is None
        assert lent_authority(reader, stored, manager, made, stored.delegation.expires_at) is None
        item = reader.commitment(made.commitment_id)
        assert item is not None and len(standing_of(reader, item, now).delegated) == 1
        for gone in (manager, director):
            without: Any = _Without(reader, gone.person_id)
            assert standing_of(without, item, now).delegated == ()


@pytest.mark.parametrize(("has", "lends", "expected"), [(True, True, True), (True, False, False), (False, True, False)])
def test_the_legal_role_is_lent_by_who_has_it_and_says_so(
    world: Any, staff: Any, has: bool, lends: bool, expected: bool
) -> None:
    counsel, analyst = staff("counsel"), staff("analyst")
    made = world.propose(staff("requester"))
    world.lend(counsel, analyst, legal=lends)
    if not has:
        world.service.change_person(counsel.person_id, legal=False, actor="operator")
    with world.store.snapshot() as reader:
        (stored,) = reader.delegations()
        lent = lent_authority(reader, stored, analyst, made, world.clock.now)
    assert lent is not None and (lent.legal, lent.level) == (expected, ApprovalLevel.MANAGER)
