"""Who may decide: every refusal is raised, says whose turn it is, is logged, and leaves no decision behind."""

import pickle
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from partnership_os.errors import ApprovalError, InputError, IntegrityError, InternalError
from partnership_os.governance import commitments
from partnership_os.governance.approvals import ApprovalService
from partnership_os.governance.signing import load_signer
from partnership_os.graphs.wording.error_wording import in_arabic
from partnership_os.schemas.commitment import DecisionOutcome
from partnership_os.schemas.partnership import PartnershipType

pytestmark = pytest.mark.parametrize("world", ["sqlite", "postgresql"], indirect=True)

APPROVE, REJECT = DecisionOutcome.APPROVE, DecisionOutcome.REJECT


def _refused(world: Any, reason: str, call: Any) -> ApprovalError:
    before = len(world.events("approval_refused"))
    with pytest.raises(ApprovalError) as caught:
        call()
    refusals = world.events("approval_refused")
    assert len(refusals) == before + 1
    assert refusals[-1].data["reason"] == reason
    assert caught.value.fix
    return caught.value


def test_the_right_person_approves(world: Any, staff: Any) -> None:
    made = world.propose(staff("requester"))
    decision = world.decide(staff("director"), made)
    assert world.verifier.holds(decision)
    assert decision.digest == world.events("commitment_proposed")[-1].data["digest"]
    assert decision.expires_at == made.expires_at
    assert world.status(made) == "approved"
    assert commitments.approvals_of(world.store, made.commitment_id) == (decision,)


def test_a_bad_token_is_refused_in_the_same_words_whatever_is_wrong(world: Any, staff: Any) -> None:
    made, director = world.propose(staff("requester")), staff("director")
    good = world.tokens[director.person_id]
    unknown = f"pos_{'0' * 16}_{'1' * 64}"
    wrong = good[:-4] + ("0000" if good[-4:] != "0000" else "1111")
    errors = [
        _refused(world, "bad_token", lambda token=token: world.service.decide(made.commitment_id, token, APPROVE))
        for token in ("", "Dana", "pos__", good.upper(), good + "\n", unknown, wrong, director.person_id)
    ]
    old = good
    new = world.service.issue_token(director.person_id, actor="operator")
    revoked = _refused(world, "dead_token", lambda: world.service.decide(made.commitment_id, old, APPROVE))
    world.service.change_person(director.person_id, active=False, actor="operator")
    inactive = _refused(world, "dead_token", lambda: world.service.decide(made.commitment_id, new, APPROVE))
    assert len({str(error.as_dict()) for error in [*errors, revoked, inactive]}) == 1
    assert "Director or above" in str(errors[0].fix)
    assert "Dana" not in str(errors[0].as_dict())
    assert world.events("approval_refused")[-1].data["token_of"] == director.person_id
    assert commitments.approvals_of(world.store, made.commitment_id) == ()


def test_no_token_is_refused_and_logged(world: Any, staff: Any) -> None:
    made = world.propose(staff("requester"))
    error = _refused(world, "no_token", lambda: world.service.decide(made.commitment_id, None, APPROVE))
    assert "PARTNERSHIP_TOKEN" in str(error.fix)


def test_whose_turn_it_is_after_a_refusal(world: Any, staff: Any) -> None:
    requester, manager = staff("requester"), staff("manager")
    made = world.propose(requester)

    def turn(reason: str, call: Any) -> tuple[str, str]:
        error = pickle.loads(pickle.dumps(_refused(world, reason, call)))
        assert error.as_dict()["who_must_act"] == error.who_must_act
        return error.who_must_act, str(error.details.get("can_approve", ""))

    assert turn("no_token", lambda: world.service.decide(made.commitment_id, None, APPROVE)) == ("user", "")
    assert turn("bad_token", lambda: world.service.authenticate("none")) == ("user", "")
    token = world.tokens[manager.person_id]
    assert turn("unknown_commitment", lambda: world.service.decide("cm_x", token, APPROVE)) == ("user", "")
    assert turn("level_too_low", lambda: world.decide(manager, made)) == ("operator", "")
    director = staff("director")
    named = f"Dana ({director.person_id})"
    assert turn("level_too_low", lambda: world.decide(manager, made)) == ("approver", named)
    assert turn("requester", lambda: world.decide(requester, made)) == ("approver", named)
    world.service.revoke_token(director.person_id, actor="operator")
    assert turn("level_too_low", lambda: world.decide(manager, made)) == ("operator", "")
    vp = staff("vp")
    world.decide(vp, made)
    assert turn("requester", lambda: world.decide(requester, made)) == ("nobody", "")
    assert turn("already_approved", lambda: world.decide(staff("chief"), made)) == ("user", "")
    world.decide(vp, made, "reject")
    assert turn("rejected", lambda: world.decide(staff("chief"), made)) == ("requester", "")


def test_no_secret_is_ever_written(world: Any, staff: Any) -> None:
    made, director = world.propose(staff("requester")), staff("director")
    token = world.tokens[director.person_id]
    secret = token.split("_")[2]
    wrong = token[:-1] + ("0" if token[-1] != "0" else "1")
    _refused(world, "bad_token", lambda: world.service.decide(made.commitment_id, wrong, APPROVE))
    _refused(world, "unknown_commitment", lambda: world.service.decide(token, token, APPROVE))
    world.decide(director, made)
    world.database.close()
    for file in (path for path in world.home.rglob("*") if path.is_file()):
        content = file.read_bytes()
        assert secret.encode() not in content, file
        assert wrong.split("_")[2].encode() not in content, file


def test_the_requester_cannot_decide_whatever_their_level(world: Any, staff: Any) -> None:
    requester, director = staff("requester"), staff("director")
    made = world.propose(requester)
    for outcome in ("approve", "reject"):
        error = _refused(world, "requester", lambda outcome=outcome: world.decide(requester, made, outcome))
    assert director.name in str(error.fix) and requester.name not in str(error.fix)
    assert error.details["commitment_id"] == made.commitment_id


@pytest.mark.parametrize("outcome", ["approve", "reject"])
def test_a_level_too_low_is_refused(world: Any, staff: Any, outcome: str) -> None:
    made = world.propose(staff("requester"))
    manager = staff("manager")
    error = _refused(world, "level_too_low", lambda: world.decide(manager, made, outcome))
    assert "Director or above" in str(error.fix)
    assert "Nobody in the directory can" in str(error.fix)
    assert world.status(made) == "pending"


def test_an_unknown_commitment_is_refused(world: Any, staff: Any) -> None:
    token = world.tokens[staff("director").person_id]
    _refused(world, "unknown_commitment", lambda: world.service.decide("cm_nothing", token, APPROVE))
    assert world.events("approval_refused")[-1].subject == "unknown"


def test_the_end_of_the_term_is_exclusive(world: Any, staff: Any) -> None:
    made, other = world.propose(staff("requester")), world.propose(staff("requester"), thread_id="thread-2")
    director = staff("director")
    world.clock.now = made.expires_at - timedelta(microseconds=1)
    world.decide(director, made)
    world.clock.now = made.expires_at
    _refused(world, "expired", lambda: world.decide(director, other))
    _refused(world, "expired", lambda: world.decide(director, made))
    with pytest.raises(ApprovalError, match="expired"):
        world.commit(made)
    assert world.ledger() == ()


def test_a_clock_that_is_set_back_revives_nothing(world: Any, staff: Any) -> None:
    made, director = world.propose(staff("requester")), staff("director")
    world.decide(director, made)
    world.clock.now = made.expires_at
    with pytest.raises(ApprovalError, match="expired"):
        world.commit(made)
    world.clock.turn(minutes=-4)
    with pytest.raises(ApprovalError, match="expired"):
        world.commit(made)
    assert world.status(made) == "expired"
    world.clock.turn(days=-10)
    with pytest.raises(IntegrityError, match="clock"):
        world.commit(made)
    assert world.ledger() == ()


def test_a_clock_without_a_zone_is_refused(world: Any, staff: Any) -> None:
    made, director = world.propose(staff("requester")), staff("director")
    world.clock.now = datetime(2026, 3, 2)  # noqa: DTZ001
    with pytest.raises(InternalError, match="zone"):
        world.decide(director, made)
    with pytest.raises(InternalError, match="zone"):
        world.commit(made)
    with pytest.raises(InternalError, match="zone"):
        world.person("Nora", "vp")


def test_a_rejection_is_final(world: Any, staff: Any) -> None:
    made, director, vp = world.propose(staff("requester")), staff("director"), staff("vp")
    world.decide(director, made)
    rejection = world.decide(vp, made, "reject")
    assert world.decide(vp, made, "reject") == rejection
    assert world.status(made) == "rejected"
    for person in (director, vp, staff("chief")):
        _refused(world, "rejected", lambda person=person: world.decide(person, made))
    with pytest.raises(ApprovalError, match="rejected"):
        world.commit(made)
    assert world.propose(staff("requester")) == made
    assert world.ledger() == ()


def test_who_approved_may_still_reject(world: Any, staff: Any) -> None:
    made, director = world.propose(staff("requester")), staff("director")
    world.decide(director, made)
    world.decide(director, made, "reject")
    assert world.status(made) == "rejected"


def test_the_same_decision_again_changes_nothing(world: Any, staff: Any) -> None:
    made, director = world.propose(staff("requester")), staff("director")
    first = world.decide(director, made)
    world.clock.turn(hours=1)
    events = world.events()
    assert world.decide(director, made) == first
    world.commit(made)
    committed = world.events()
    assert world.decide(director, made) == first
    assert (len(events), world.events()) == (len(committed) - 1, committed)


def test_an_approval_that_is_not_needed_is_refused(world: Any, staff: Any) -> None:
    made, vp = world.propose(staff("requester")), staff("vp")
    world.decide(staff("director"), made)
    _refused(world, "already_approved", lambda: world.decide(vp, made))
    world.commit(made)
    _refused(world, "committed", lambda: world.decide(vp, made))
    _refused(world, "committed", lambda: world.decide(staff("director"), made, "reject"))


def test_government_needs_two_people(world: Any, staff: Any) -> None:
    made = world.propose(staff("requester"), partnership_type=PartnershipType.GOVERNMENT)
    both, chief, counsel = staff("chief_counsel"), staff("chief"), staff("counsel")
    _refused(world, "level_too_low", lambda: world.decide(staff("vp"), made))
    world.decide(both, made)
    world.decide(both, made)
    assert world.status(made) == "pending"
    with pytest.raises(ApprovalError, match="pending"):
        world.commit(made)
    (item,) = commitments.inbox(world.store, world.clock)
    assert {person.person_id for person in item.may_approve} == {chief.person_id, counsel.person_id}
    world.decide(chief, made)
    _refused(world, "already_approved", lambda: world.decide(counsel, made))
    entry = world.commit(made)
    assert set(entry.approved_by) == {both.person_id, chief.person_id}


def test_counsel_alone_is_not_enough(world: Any, staff: Any) -> None:
    made = world.propose(staff("requester"), partnership_type=PartnershipType.GOVERNMENT)
    world.decide(staff("counsel"), made)
    with pytest.raises(ApprovalError) as caught:
        world.commit(made)
    assert "C-level" in str(caught.value.fix) and "Legal" not in str(caught.value.fix)
    world.decide(staff("chief"), made)
    assert len(world.commit(made).approved_by) == 2


def test_a_decision_that_ended_before_its_commitment_no_longer_counts(world: Any, staff: Any) -> None:
    made, director = world.propose(staff("requester")), staff("director")
    short = ApprovalService(world.store, load_signer(world.home), world.clock, approval_days=1)
    given = short.decide(made.commitment_id, world.tokens[director.person_id], APPROVE)
    (item,) = commitments.inbox(world.store, world.clock)
    assert item.expires_at == given.decided_at + timedelta(days=1)
    world.clock.now = item.expires_at
    assert world.status(made) == "pending"
    _refused(world, "approval_lapsed", lambda: world.decide(director, made))
    world.decide(staff("vp"), made)
    assert world.commit(made).approved_by == (staff("vp").person_id,)


def test_changed_terms_are_not_decided_about(world: Any, staff: Any) -> None:
    made, director = world.propose(staff("requester")), staff("director")
    world.sql("UPDATE commitments SET body = replace(body, '0.15', '0.95')")
    with pytest.raises(IntegrityError, match="changed after"):
        world.decide(director, made)
    assert world.events("approval_refused")[-1].data["reason"] == "integrity"


def test_people_and_tokens(world: Any, staff: Any) -> None:
    vp = staff("vp")
    assert world.service.authenticate(world.tokens[vp.person_id]) == vp
    assert world.service.people() == (vp,)
    assert world.service.revoke_token(vp.person_id, actor="operator") == 1
    assert world.service.revoke_token(vp.person_id, actor="operator") == 0
    error = _refused(world, "dead_token", lambda: world.service.authenticate(world.tokens[vp.person_id]))
    assert error.details == {"reason": "not_authenticated"}
    wrong: list[Callable[[], object]] = [
        lambda: world.service.revoke_token("pe_nobody", actor="operator"),
        lambda: world.service.issue_token("pe_nobody", actor="operator"),
        lambda: world.service.change_person("pe_nobody", level="vp", actor="operator"),
        lambda: world.person("", "vp"),
        lambda: world.service.decide("cm_x", "token", REJECT, "n" * 1001),
    ]
    for call in wrong:
        with pytest.raises(InputError):
            call()


def test_a_damaged_token_hash_is_a_refusal(world: Any, staff: Any) -> None:
    vp = staff("vp")
    world.sql("UPDATE tokens SET secret_hash = 'x'")
    _refused(world, "bad_token", lambda: world.service.authenticate(world.tokens[vp.person_id]))


def test_an_approval_that_was_given_already_is_refused_with_its_giver(world: Any, staff: Any) -> None:
    made = world.propose(staff("requester"), partnership_type=PartnershipType.GOVERNMENT)
    chief, both = staff("chief"), staff("chief_counsel")
    world.service.change_person(both.person_id, actor="operator", legal=False)
    world.decide(chief, made)
    error = _refused(world, "level_too_low", lambda: world.decide(both, made))
    assert f"can give was given already, by {chief.name} ({chief.person_id}); {made.commitment_id} needs" in str(error)
    assert "Still needed: Legal" in str(error.fix)
    arabic = in_arabic(error.message)
    assert arabic is not None and "مُنحت من قبل" in arabic and "لا تكفي" not in arabic
