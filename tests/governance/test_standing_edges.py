"""Where a commitment stands when its row was changed, at the very end of a term, and who is named as able to help."""

from datetime import timedelta
from typing import Any

import pytest

from partnership_os.errors import ApprovalError, IntegrityError
from partnership_os.governance import commitments
from partnership_os.governance.refusal import UNKNOWN
from partnership_os.governance.standing import can_approve, intact, is_known, standing_of
from partnership_os.schemas.partnership import ApprovalLevel, PartnershipType


def test_a_row_that_cannot_be_read_is_still_the_row_of_that_commitment(world: Any, staff: Any) -> None:
    made = world.propose(staff("requester"))
    world.sql("UPDATE commitments SET body = '{}' WHERE commitment_id = :id", id=made.commitment_id)
    with world.store.snapshot() as reader:
        assert is_known(reader, made.commitment_id)
        assert not is_known(reader, "cm_none")
    with pytest.raises(IntegrityError):
        world.commit(made)
    with pytest.raises(IntegrityError):
        world.decide(staff("director"), made)
    refused = (*world.events("commit_refused"), *world.events("approval_refused"))
    assert {event.subject for event in refused} == {made.commitment_id} != {UNKNOWN}


def test_terms_digest_and_id_belong_together(world: Any, staff: Any) -> None:
    made = world.propose(staff("requester"))
    with world.store.snapshot() as reader:
        stored = reader.commitment(made.commitment_id)
    assert stored is not None and intact(stored) is stored
    for wrong in (
        stored.model_copy(update={"digest": "0" * 64}),
        stored.model_copy(update={"commitment": made.model_copy(update={"commitment_id": "cm_other"})}),
        stored.model_copy(update={"commitment": made.model_copy(update={"thread_id": "thread-9"})}),
    ):
        with pytest.raises(IntegrityError, match="changed after"):
            intact(wrong)


def test_who_can_help_is_named_once_and_for_whom(world: Any, staff: Any) -> None:
    director, vp, manager = staff("director"), staff("vp"), staff("manager")
    made = world.propose(staff("requester"))
    world.lend(director, manager)
    world.lend(director, vp)  # who can approve by their own authority anyway
    named = can_approve(commitments.standing(world.store, world.clock, made.commitment_id))
    assert f"Maha ({manager.person_id}) for Dana ({director.person_id})" in named
    assert named.count(vp.person_id) == 1


def test_an_approval_ends_at_the_moment_it_names_and_not_later(world: Any, staff: Any) -> None:
    made = world.propose(staff("requester"))
    decision = world.decide(staff("director"), made)
    last = decision.expires_at - timedelta(microseconds=1)
    for now, status in ((last, "approved"), (decision.expires_at, "expired"), (last + timedelta(days=3), "expired")):
        world.clock.now = now
        assert world.status(made) == status
    with pytest.raises(ApprovalError, match="expired"):
        world.commit(made)


def test_what_is_no_live_approval_of_this_is_not_shown_as_one(world: Any, staff: Any) -> None:
    """Nor does it count: who looks at a request that is over or was tampered with sees what is still needed."""
    rejected = world.propose(staff("requester"))
    world.decide(staff("director"), rejected, "reject")
    item = commitments.standing(world.store, world.clock, rejected.commitment_id)
    assert (item.status.value, item.approvals, item.still_needed) == ("rejected", (), rejected.required_approvals)

    made = world.propose(staff("requester"), thread_id="thread-2", document_id="ts_two")
    decision = world.decide(staff("director"), made)
    with world.store.snapshot() as reader:
        stored, row = reader.commitment(made.commitment_id), reader.decisions(made.commitment_id)[0]
        assert stored is not None
        for other in ({"digest": "0" * 64}, {"commitment_id": rejected.commitment_id}):
            forged = row.model_copy(update={"decision": decision.model_copy(update=other)})
            item = standing_of(_With(reader, forged), stored, world.clock.now)
            assert (item.status.value, item.approvals) == ("pending", ()), other
    world.clock.now = decision.expires_at + timedelta(days=1)
    item = commitments.standing(world.store, world.clock, made.commitment_id)
    assert (item.status.value, item.approvals, item.still_needed) == ("expired", (), made.required_approvals)


class _With:
    """A reader that finds one decision and no other."""

    def __init__(self, reader: Any, row: Any) -> None:
        self._reader = reader
        self._row = row

    def decisions(self, _commitment_id: str | None = None) -> Any:
        return (self._row,)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reader, name)


def test_an_approval_is_over_with_its_delegation(world: Any, staff: Any) -> None:
    director, manager = staff("director"), staff("manager")
    made = world.propose(staff("requester"))
    assert commitments.standing(world.store, world.clock, made.commitment_id).expires_at == made.expires_at
    lent = world.lend(director, manager, days=3)
    world.decide(manager, made, behalf=director)
    item = commitments.standing(world.store, world.clock, made.commitment_id)
    assert (item.status.value, item.expires_at) == ("approved", lent.expires_at)
    world.clock.now = lent.expires_at
    item = commitments.standing(world.store, world.clock, made.commitment_id)
    assert (item.status.value, item.approvals, item.expires_at) == ("pending", (), made.expires_at)


def test_neither_the_delegate_nor_the_delegator_stands_behind_two_approvals(world: Any, staff: Any) -> None:
    chief, counsel, vp = staff("chief_counsel"), staff("counsel"), staff("vp")
    made = world.propose(staff("requester"), partnership_type=PartnershipType.GOVERNMENT)
    world.lend(chief, vp)
    world.decide(vp, made, behalf=chief)
    item = commitments.standing(world.store, world.clock, made.commitment_id)
    assert [str(one) for one in item.still_needed] == ["legal"]
    assert [one.person_id for one in item.may_approve] == [counsel.person_id]
    with pytest.raises(ApprovalError):
        world.decide(chief, made)
    world.clock.turn(minutes=1)
    world.decide(counsel, made)
    assert world.commit(made).approved_by == (vp.person_id, counsel.person_id)


def test_a_person_with_one_of_two_roles_counts_for_that_one(world: Any, staff: Any) -> None:
    made = world.propose(staff("requester"), partnership_type=PartnershipType.GOVERNMENT)
    world.decide(staff("counsel"), made)  # meets one of the two requirements and not the other
    item = commitments.standing(world.store, world.clock, made.commitment_id)
    assert [one.decided_by for one in item.approvals] == [staff("counsel").person_id]
    world.service.change_person(staff("counsel").person_id, legal=False, actor="operator")
    item = commitments.standing(world.store, world.clock, made.commitment_id)
    assert (item.approvals, len(item.still_needed)) == ((), 2)


@pytest.mark.parametrize("lost", ["active", "token", "tenant"])
def test_who_lost_what_it_takes_is_not_named(world: Any, staff: Any, lost: str) -> None:
    made = world.propose(staff("requester"))
    vp = staff("vp").person_id

    def named() -> set[str]:
        item = commitments.standing(world.store, world.clock, made.commitment_id)
        return {person.person_id for person in item.may_approve}

    if lost == "tenant":
        stranger, _ = world.service.add_person("Sami", ApprovalLevel.VP, actor="operator", tenant="other")
        assert named() == {vp} and stranger.person_id != vp
        return
    assert named() == {vp}
    if lost == "active":
        world.service.change_person(vp, active=False, actor="operator")
    else:
        world.service.revoke_token(vp, actor="operator")
    assert named() == set()
