"""Who counts as a requester of a document that several people asked for, and which version may still be proposed."""

from typing import Any

import pytest

from partnership_os.errors import InputError
from partnership_os.governance.standing import excluded_from, requesters_of, require_new_version


def test_who_asked_earlier_or_at_the_same_moment_is_a_requester_and_who_asked_later_is_not(
    world: Any, staff: Any
) -> None:
    first, second, third, stranger = (staff(name) for name in ("requester", "analyst", "vp", "chief"))
    made = world.propose(first)
    same_moment = world.propose(second, thread_id="thread-2", document_version=2)
    world.clock.turn(hours=1)
    later = world.propose(third, document_version=3)
    elsewhere = world.propose(stranger, thread_id="thread-9", document_id="ts_nine")
    assert same_moment.requested_at == made.requested_at < later.requested_at
    expected = (
        (made, {first, second}),
        (same_moment, {first, second}),
        (later, {first, second, third}),
        (elsewhere, {stranger}),
    )
    with world.store.snapshot() as reader:
        for commitment, people in expected:
            ids = {person.person_id for person in people}
            assert requesters_of(reader, commitment) == ids
            assert excluded_from(reader, commitment, world.clock.now) == ids


def test_to_whom_a_requester_lends_is_excluded_and_to_whom_others_lend_is_not(world: Any, staff: Any) -> None:
    made = world.propose(staff("requester"))
    world.lend(staff("requester"), staff("manager"), days=2)
    world.lend(staff("director"), staff("vp"), days=2)
    with world.store.snapshot() as reader:
        requester, manager = staff("requester").person_id, staff("manager").person_id
        assert excluded_from(reader, made, world.clock.now) == {requester, manager}
        world.clock.turn(days=2)
        assert excluded_from(reader, made, world.clock.now) == {requester}


def test_only_a_version_after_every_committed_one_is_new(world: Any, staff: Any) -> None:
    versions = {}
    for number, action in ((2, "issue_term_sheet"), (3, "reissue_term_sheet")):
        versions[number] = world.propose(staff("requester"), action=action, document_version=number)
        world.decide(staff("director"), versions[number])
        world.commit(versions[number])
    for number in (1, 2, 3):
        with world.store.snapshot() as reader, pytest.raises(InputError, match="was committed as") as caught:
            require_new_version(reader, versions[2].model_copy(update={"document_version": number}))
        assert caught.value.details["commitment_id"] == versions[3].commitment_id
    with world.store.snapshot() as reader:
        require_new_version(reader, versions[2].model_copy(update={"document_version": 4}))
        require_new_version(reader, versions[2].model_copy(update={"document_id": "ts_two"}))
