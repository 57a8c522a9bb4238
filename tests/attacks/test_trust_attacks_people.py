"""Attacks 4, 5, 6 and 16: who approves, with what authority, when, how many. Each ends with an honest yes."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from partnership_os.errors import InputError, InternalError
from partnership_os.governance import commitments
from partnership_os.schemas.commitment import Commitment, DecisionOutcome
from partnership_os.schemas.partnership import ApprovalLevel, PartnershipType
from tests.attacks.gate_world import Gate, opened_in

GOVERNMENT = {"partnership_type": PartnershipType.GOVERNMENT}


@pytest.fixture
def gate(tmp_path: Path, migrated_file: Path) -> Iterator[Gate]:
    with opened_in(tmp_path, migrated_file) as made:
        yield made


def _with_director(gate: Gate) -> Commitment:
    made = gate.asked()
    gate.role("director")
    return made


def _requester(gate: Gate, made: Commitment) -> None:
    gate.refused(lambda: gate.decide(gate.role("requester"), made))


def _requester_as_their_own_delegate(gate: Gate, made: Commitment) -> None:
    requester = gate.role("requester")
    with pytest.raises(InputError):
        gate.lend(requester, requester)
    gate.refused(lambda: gate.decide(requester, made, behalf=requester))


def _requester_for_a_director(gate: Gate, made: Commitment) -> None:
    gate.lend(gate.role("director"), gate.role("requester"))
    gate.refused(lambda: gate.decide(gate.role("requester"), made, behalf=gate.role("director")))


def _delegate_of_the_requester(gate: Gate, made: Commitment) -> None:
    """Also on their own authority: whoever holds something of the requester's is not apart from them."""
    gate.lend(gate.role("requester"), gate.role("other_director"))
    gate.refused(lambda: gate.decide(gate.role("other_director"), made))
    gate.refused(lambda: gate.decide(gate.role("other_director"), made, behalf=gate.role("requester")))


def _requester_of_an_earlier_version(gate: Gate, made: Commitment) -> None:
    """Two people take turns in asking, each to approve what they wrote."""
    second = gate.propose(gate.role("manager"), document_version=2, terms={"version": 2}, thread_id="thread-9")
    gate.refused(lambda: gate.decide(gate.role("requester"), second))
    gate.lands(second, "vp")


def _editor(gate: Gate, made: Commitment) -> None:
    """Whoever changed the terms is a requester of what they made of them; the first requester stays one."""
    edit = {"document_version": 2, "terms": {"commission": "0.20"}, "edited_from": made.commitment_id}
    edited = gate.propose(gate.role("other_director"), **edit)
    gate.refused(lambda: gate.decide(gate.role("other_director"), edited))
    gate.refused(lambda: gate.decide(gate.role("requester"), edited))
    gate.lands(edited, "vp")


SEPARATION = (
    _requester,
    _requester_as_their_own_delegate,
    _requester_for_a_director,
    _delegate_of_the_requester,
    _requester_of_an_earlier_version,
    _editor,
)


@pytest.mark.parametrize("attack", SEPARATION, ids=lambda item: item.__name__.strip("_"))
def test_a04_requester_approves(gate: Gate, attack: Callable[[Gate, Commitment], None]) -> None:
    made = _with_director(gate)
    attack(gate, made)
    if gate.status(made) == "superseded":  # the attack made another version, which landed above
        return
    gate.lands(made, "director")


ALIASES: dict[str, Callable[[str], str]] = {
    "upper case": lambda key: key[:3] + key[3:].upper(),
    "prefix in upper case": str.upper,
    "homoglyph": lambda key: key.replace("e", "\u0435"),  # Cyrillic
    "full width": lambda key: key.replace("p", "\uff50"),
    "zero width": lambda key: f"{key}\u200b",
    "white space": lambda key: f" {key} ",
    "line end": lambda key: f"{key}\n",
    "name": lambda _key: "Reem",
    "service": lambda _key: "partnership-os",
    "operator": lambda _key: "local-operator",
    "unknown": lambda _key: "unknown",
    "nobody": lambda _key: "",
}


@pytest.mark.parametrize("alias", ALIASES.values(), ids=ALIASES)
def test_a04_requester_under_an_alias(gate: Gate, alias: Callable[[str], str]) -> None:
    """An id is one sequence of bytes: nothing like it asks, holds a token or lends authority in its place."""
    requester = gate.role("requester")
    other = alias(requester.person_id)
    if other == requester.person_id:  # an id of digits only
        other = "pe_ABCDEF"
    gate.refused(lambda: gate.asked(requested_by=other))
    with pytest.raises(InputError):
        gate.service.issue_token(other, actor="operator")
    made = _with_director(gate)
    token = gate.token("director")
    gate.refused(lambda: gate.service.decide(made.commitment_id, token, DecisionOutcome.APPROVE, on_behalf_of=other))
    gate.lands(made, "director")


@pytest.mark.parametrize("name", ["Reem", "REEM", "R\u0435em", "Reem\u200b", "partnership-os", "local-operator"])
def test_a04_second_account_of_a_like_name(gate: Gate, name: str) -> None:
    """Names are for display and may be shared: the id differs, the log and every list show it, and it may approve."""
    twin = gate.person(name, "director")
    made = gate.asked()
    item = commitments.standing(gate.store, gate.clock, made.commitment_id)
    assert [person.person_id for person in item.may_approve] == [twin.person_id]
    assert twin.person_id != made.requested_by
    gate.refused(lambda: gate.decide(gate.role("requester"), made))
    decision = gate.decide(twin, made)
    assert decision.decided_by == twin.person_id
    assert gate.events("commitment_approved")[-1].actor == twin.person_id
    assert gate.lands(made).approved_by == (twin.person_id,)


UNDER = [
    (PartnershipType.REFERRAL, "analyst", ("manager",)),
    (PartnershipType.DISTRIBUTION, "manager", ("director",)),
    (PartnershipType.TECHNOLOGY, "director", ("vp",)),
    (PartnershipType.STRATEGIC, "vp", ("chief",)),
    (PartnershipType.GOVERNMENT, "vp", ("chief", "counsel")),
]


@pytest.mark.parametrize(("kind", "under", "right"), UNDER, ids=lambda item: str(item))
def test_a05_approver_under_level(gate: Gate, kind: PartnershipType, under: str, right: tuple[str, ...]) -> None:
    made = gate.asked(partnership_type=kind)
    gate.refused(lambda: gate.decide(gate.role(under), made))
    gate.refused(lambda: gate.commit(made))
    gate.lands(made, *right)


def _demoted(gate: Gate) -> None:
    gate.service.change_person(gate.role("director").person_id, actor="operator", level=ApprovalLevel.MANAGER)


def _dismissed(gate: Gate) -> None:
    gate.service.change_person(gate.role("director").person_id, actor="operator", active=False)


@pytest.mark.parametrize("change", [_demoted, _dismissed])
def test_a05_demoted_between_decision_and_commit(gate: Gate, change: Callable[[Gate], None]) -> None:
    made = gate.asked()
    gate.decide(gate.role("director"), made)
    change(gate)
    gate.refused(lambda: gate.commit(made))
    gate.lands(made, "vp")


def test_a05_lawyer_loses_the_role(gate: Gate) -> None:
    made = gate.asked(**GOVERNMENT)
    gate.decide(gate.role("chief"), made)
    gate.decide(gate.role("counsel"), made)
    gate.service.change_person(gate.role("counsel").person_id, actor="operator", legal=False)
    gate.refused(lambda: gate.commit(made))
    gate.lands(made, "chief_counsel")


@pytest.mark.parametrize("end", ["delegator demoted", "delegation ended", "delegator dismissed"])
def test_a05_lent_authority_is_gone_at_the_commit(gate: Gate, end: str) -> None:
    made, lender, holder = gate.asked(), gate.role("director"), gate.role("manager")
    lent = gate.lend(lender, holder)
    gate.decide(holder, made, behalf=lender)
    if end == "delegation ended":
        gate.service.end_delegation(gate.tokens[lender.person_id], lent.delegation_id)
    else:
        (_demoted if end == "delegator demoted" else _dismissed)(gate)
    gate.refused(lambda: gate.commit(made))
    gate.lands(made, "vp")


def test_a05_promoted_after_the_decision(gate: Gate) -> None:
    """A promotion gives an earlier refusal no second life, and a new decision its due."""
    made = gate.asked()
    gate.refused(lambda: gate.decide(gate.role("manager"), made))
    gate.service.change_person(gate.role("manager").person_id, actor="operator", level=ApprovalLevel.DIRECTOR)
    gate.refused(lambda: gate.commit(made))
    gate.lands(made, "manager")


@pytest.mark.parametrize("past", [timedelta(0), timedelta(microseconds=1), timedelta(days=400)])
def test_a06_commit_after_expiry(gate: Gate, past: timedelta) -> None:
    """The boundary is exclusive: at the very moment of expiry nothing commits."""
    made = gate.asked()
    gate.decide(gate.role("director"), made)
    gate.clock.now = made.expires_at + past
    gate.refused(lambda: gate.commit(made))
    assert gate.status(made) == "expired"
    token = gate.service.issue_token(gate.role("vp").person_id, actor="operator")
    gate.tokens[gate.role("vp").person_id] = token
    gate.refused(lambda: gate.decide(gate.role("vp"), made))
    gate.lands(gate.asked(), "vp")


def test_a06_the_last_moment_counts(gate: Gate) -> None:
    made = gate.asked()
    gate.decide(gate.role("director"), made)
    gate.clock.now = made.expires_at - timedelta(microseconds=1)
    gate.lands(made)


@pytest.mark.parametrize("back", [timedelta(minutes=2), timedelta(days=3), timedelta(days=4_000)])
def test_a06_clock_set_back_after_expiry(gate: Gate, back: timedelta) -> None:
    """Once the log has told that it is late, an earlier clock brings nothing back; the right clock goes on."""
    made = gate.asked()
    gate.decide(gate.role("director"), made)
    gate.clock.now = made.expires_at
    gate.asked(thread_id="thread-2", document_id="ts_two")  # somebody works at that time
    gate.clock.now -= back
    gate.refused(lambda: gate.commit(made))
    gate.clock.now = made.expires_at + timedelta(minutes=1)
    gate.refused(lambda: gate.commit(made))
    gate.lands(gate.asked(), "director")


def test_a06_clock_without_a_zone(gate: Gate) -> None:
    made = gate.asked()
    gate.decide(gate.role("director"), made)
    right = gate.clock.now
    gate.clock.now = datetime(2026, 3, 1, 8, 0)  # noqa: DTZ001 - the attack
    for attempt in (lambda: gate.commit(made), lambda: gate.decide(gate.role("director"), made)):
        with pytest.raises(InternalError):
            attempt()
    assert gate.rows() == 0
    gate.clock.now = right
    gate.lands(made)


@pytest.mark.parametrize("what", ["token", "delegation", "session"])
def test_a06_expired_credentials(gate: Gate, what: str) -> None:
    """A token, a session and a delegation end at their moment, not after it."""
    made, lender, holder = gate.asked(), gate.role("director"), gate.role("manager")
    if what == "delegation":
        lent = gate.lend(lender, holder, days=1)
        gate.clock.now = lent.expires_at
        gate.refused(lambda: gate.decide(holder, made, behalf=lender))
    elif what == "session":
        session = gate.service.open_session(gate.tokens[lender.person_id], hours=1)
        gate.clock.turn(hours=1)
        gate.refused(lambda: gate.service.decide(made.commitment_id, session, DecisionOutcome.APPROVE))
    else:
        gate.clock.turn(days=90)
        made = gate.asked(document_id="ts_two", thread_id="thread-2")
        gate.refused(lambda: gate.decide(lender, made))
    gate.tokens[lender.person_id] = gate.service.issue_token(lender.person_id, actor="operator")
    gate.lands(made, "director")


def _twice(gate: Gate, made: Commitment) -> None:
    first = gate.decide(gate.role("chief"), made)
    assert gate.decide(gate.role("chief"), made) == first  # the same decision, and still one


def _both_roles(gate: Gate, made: Commitment) -> None:
    gate.decide(gate.role("chief_counsel"), made)
    assert gate.decide(gate.role("chief_counsel"), made)


def _for_oneself_and_for_another(gate: Gate, made: Commitment) -> None:
    gate.lend(gate.role("chief_counsel"), gate.role("chief"), legal=True)
    gate.decide(gate.role("chief"), made)
    gate.refused(lambda: _second(gate, made))


def _second(gate: Gate, made: Commitment) -> None:
    """The same person again, this time for another; what is not refused is the first decision once more."""
    before = len(commitments.approvals_of(gate.store, made.commitment_id))
    gate.decide(gate.role("chief"), made, behalf=gate.role("chief_counsel"))
    assert len(commitments.approvals_of(gate.store, made.commitment_id)) == before
    gate.commit(made)


def _delegator_and_delegate(gate: Gate, made: Commitment) -> None:
    gate.lend(gate.role("chief_counsel"), gate.role("manager"), legal=True)
    gate.decide(gate.role("chief_counsel"), made)
    gate.refused(lambda: gate.decide(gate.role("manager"), made, behalf=gate.role("chief_counsel")))


def _delegate_and_delegator(gate: Gate, made: Commitment) -> None:
    gate.lend(gate.role("chief_counsel"), gate.role("manager"), legal=True)
    gate.decide(gate.role("manager"), made, behalf=gate.role("chief_counsel"))
    gate.refused(lambda: gate.decide(gate.role("chief_counsel"), made))


def _two_delegates_of_one(gate: Gate, made: Commitment) -> None:
    for holder in ("manager", "vp"):
        gate.lend(gate.role("chief_counsel"), gate.role(holder), legal=True)
    gate.decide(gate.role("manager"), made, behalf=gate.role("chief_counsel"))
    gate.refused(lambda: gate.decide(gate.role("vp"), made, behalf=gate.role("chief_counsel")))


QUORUM: dict[Callable[[Gate, Commitment], None], tuple[str, ...]] = {
    _twice: ("counsel",),
    _both_roles: ("chief",),
    _for_oneself_and_for_another: ("counsel",),
    _delegator_and_delegate: ("chief",),
    _delegate_and_delegator: ("chief",),
    _two_delegates_of_one: ("chief",),
}


@pytest.mark.parametrize(("attack", "right"), QUORUM.items(), ids=lambda item: getattr(item, "__name__", ""))
def test_a16_quorum_of_one(gate: Gate, attack: Callable[[Gate, Commitment], None], right: tuple[str, ...]) -> None:
    """A government deal needs two people, and one who does as two is one."""
    made = gate.asked(**GOVERNMENT)
    attack(gate, made)
    gate.refused(lambda: gate.commit(made))
    assert len(set(gate.lands(made, *right).approved_by)) == 2
