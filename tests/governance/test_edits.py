"""An edit makes a new version that halts again; nobody unconcerned edits, and no edit is lost or outrun."""

from typing import Any

import pytest

from partnership_os.errors import ApprovalError, InputError
from partnership_os.governance import audit, commitments

pytestmark = pytest.mark.parametrize("world", ["sqlite", "postgresql"], indirect=True)


def _edit(world: Any, editor: Any, made: Any, **changes: Any) -> Any:
    terms = {**world.terms, "commission": "0.10"}
    fields = {"document_version": made.document_version + 1, "terms": terms, "edited_from": made.commitment_id}
    return world.propose(editor, **{**fields, **changes})


def test_an_edit_voids_approvals_and_halts_again(world: Any, staff: Any) -> None:
    made = world.propose(staff("requester"))
    world.decide(staff("vp"), made)
    edited = _edit(world, staff("director"), made)
    assert (edited.edited_from, edited.document_version) == (made.commitment_id, 2)
    assert (world.status(made), world.status(edited)) == ("superseded", "pending")
    with pytest.raises(ApprovalError):
        world.commit(made)
    for drafter in ("requester", "director"):
        with pytest.raises(ApprovalError, match="asked for"):
            world.decide(staff(drafter), edited)
    world.decide(staff("vp"), edited)
    assert world.commit(edited).document_version == 2
    assert world.events("commitment_proposed")[-1].data["edited_from"] == made.commitment_id
    assert audit.report(world.store, world.verifier).ok


@pytest.mark.parametrize("state", ["rejected", "expired"])
def test_what_was_rejected_or_expired_is_edited_into_a_new_version(world: Any, staff: Any, state: str) -> None:
    made = world.propose(staff("requester"))
    if state == "rejected":
        world.decide(staff("director"), made, "reject")
    else:
        world.clock.turn(days=14)
    assert world.status(made) == state
    edited = _edit(world, staff("requester"), made)
    world.decide(staff("vp"), edited)
    assert world.commit(edited)
    assert world.status(made) in (state, "superseded")


def test_only_the_concerned_edit(world: Any, staff: Any) -> None:
    made = world.propose(staff("requester"))
    with pytest.raises(InputError, match="neither asked"):
        _edit(world, staff("manager"), made)
    world.lend(staff("director"), staff("manager"))
    assert _edit(world, staff("manager"), made).requested_by == staff("manager").person_id


@pytest.mark.parametrize("rejected", [False, True])
def test_of_two_edits_at_once_the_second_is_told_about_the_first(world: Any, staff: Any, rejected: bool) -> None:
    made = world.propose(staff("requester"))
    if rejected:
        world.decide(staff("chief"), made, "reject")
    first = _edit(world, staff("director"), made)
    with pytest.raises(InputError, match="replaced") as caught:
        _edit(world, staff("vp"), made, document_version=3)
    assert first.commitment_id in str(caught.value.fix)
    assert world.events("proposal_refused")[-1].data["reason"] == "superseded"


@pytest.mark.parametrize(
    "wrong",
    [{"document_version": 1}, {"document_id": "ts_other"}, {"thread_id": "thread-9"}, {"edited_from": "cm_none"}],
)
def test_an_edit_is_a_later_version_of_the_same(world: Any, staff: Any, wrong: dict[str, Any]) -> None:
    made = world.propose(staff("requester"))
    with pytest.raises(InputError):
        _edit(world, staff("director"), made, **wrong)
    assert world.status(made) == "pending"


def test_what_was_issued_is_re_issued_by_name(world: Any, staff: Any) -> None:
    made = world.propose(staff("requester"))
    world.decide(staff("director"), made)
    world.commit(made)
    with pytest.raises(InputError, match="issued before"):
        _edit(world, staff("vp"), made)
    world.clock.turn(minutes=1)
    again = _edit(world, staff("vp"), made, action="reissue_term_sheet")
    assert world.status(made) == "committed"
    world.decide(staff("director"), again)
    world.commit(again)
    assert [entry.action for entry in world.ledger()] == ["issue_term_sheet", "reissue_term_sheet"]
    assert commitments.inbox(world.store, world.clock) == ()


def test_no_older_version_is_committed_after_a_newer_one(world: Any, staff: Any) -> None:
    newer = world.propose(staff("requester"), document_version=2)
    world.decide(staff("director"), newer)
    world.commit(newer)
    with pytest.raises(InputError, match="was committed"):
        world.propose(staff("requester"), thread_id="thread-2", document_version=1)
    assert len(world.ledger()) == 1
