"""The life of a registration: every transition, every refusal by name, and no way out of a final state."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnership_os.errors import InputError
from partnership_os.schemas.deal_registration import (
    DealSize,
    OtherReason,
    RegistrationEvent,
    RegistrationEventKind,
    ReleaseReason,
)
from partnership_os.tools.channel_compliance.life import Life, Transition, replay
from partnership_os.tools.channel_compliance.wording import load_wording
from tests.tools.channel_compliance.scene import NOW, RULES, event

DAY = timedelta(days=1)
State, T = RegistrationEventKind, Transition
FINAL = (State.WON, State.LOST)
ENDED = (*FINAL, State.REJECTED, State.EXPIRED, State.RELEASED)


def on(day: float) -> datetime:
    return NOW + day * DAY


def life_of(*events: RegistrationEvent, day: float = 2000) -> Life:
    return replay(events, RULES, on(day)).life


def refusals(*events: RegistrationEvent) -> list[Transition]:
    return [item.why for item in replay(events, RULES, on(2000)).refused]


SUBMITTED = event("submitted", on(0))
ACCEPTED = event("accepted", on(1))
REJECTED = event("rejected", on(1))
TENDER = event("submitted", on(0), deal_size=DealSize.TENDER)


def test_nothing_happened() -> None:
    assert life_of() == Life() and not Life().is_open


@pytest.mark.parametrize(("size", "days"), [(DealSize.SMB, 90), (DealSize.ENTERPRISE, 180)])
def test_protection_starts_at_the_acceptance_and_ends_by_its_date(size: DealSize, days: int) -> None:
    events = (event("submitted", deal_size=size), ACCEPTED)
    last = life_of(*events, day=1 + days - 0.001)
    assert last.state is State.ACCEPTED and last.protected_until == on(1 + days)
    over = life_of(*events, day=1 + days)
    assert over.state is State.EXPIRED and over.since == on(1 + days) and not over.is_open


def test_a_term_of_the_agreement_goes_before_the_policy() -> None:
    found = life_of(SUBMITTED, event("accepted", on(1), protection_days=120), day=5)
    assert found.protected_until == on(121)


def test_a_tender_is_protected_until_somebody_writes_the_award() -> None:
    events = (TENDER, event("accepted", on(1), protection_days=120))
    assert life_of(*events).state is State.ACCEPTED and life_of(*events).protected_until is None
    assert refusals(*events, event("expired", on(900)), event("extended", on(901))) == [T.TENDER_HAS_NO_END] * 2
    assert life_of(*events, event("won", on(950))).state is State.WON
    elsewhere = event("released", on(950), release=ReleaseReason.TENDER_AWARDED_ELSEWHERE)
    assert life_of(*events, elsewhere).state is State.RELEASED


def test_silence_changes_nothing() -> None:
    assert life_of(SUBMITTED, day=2000).state is State.SUBMITTED


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ((event("accepted"),), T.NOT_SUBMITTED),
        ((event("won"),), T.NOT_SUBMITTED),
        ((event("released"),), T.NOT_SUBMITTED),
        ((event("appealed"),), T.NOTHING_TO_APPEAL),
        ((event("submitted", deal_size=None),), T.NO_DEAL_SIZE),
        ((SUBMITTED, event("submitted", on(1))), T.ALREADY_SUBMITTED),
        ((SUBMITTED, event("accepted", on(1), by=None)), T.NO_PERSON),
        ((SUBMITTED, event("accepted", on(1), by="sv_clock")), T.NO_PERSON),
        ((SUBMITTED, event("rejected", on(1), by=None)), T.NO_PERSON),
        ((SUBMITTED, event("rejected", on(1), rejection=None)), T.NO_REASON),
        ((SUBMITTED, event("released", on(1), release=None)), T.NO_REASON),
        ((SUBMITTED, event("released", on(1), by=None)), T.NO_PERSON),
        ((SUBMITTED, event("won", on(1))), T.NOT_PROTECTED),
        ((SUBMITTED, event("extended", on(1))), T.NOT_PROTECTED),
        ((SUBMITTED, event("expired", on(900))), T.NOT_PROTECTED),
        ((SUBMITTED, event("appealed", on(1))), T.NOTHING_TO_APPEAL),
        ((SUBMITTED, ACCEPTED, event("rejected", on(2))), T.NOT_OPEN),
        ((SUBMITTED, ACCEPTED, event("accepted", on(2))), T.NOT_OPEN),
        ((SUBMITTED, ACCEPTED, event("appealed", on(2))), T.NOTHING_TO_APPEAL),
        ((SUBMITTED, ACCEPTED, event("expired", on(50))), T.PROTECTION_NOT_OVER),
        ((SUBMITTED, ACCEPTED, event("won", on(91))), T.PROTECTION_OVER),
        ((SUBMITTED, ACCEPTED, event("extended", on(91))), T.PROTECTION_OVER),
        ((SUBMITTED, REJECTED, event("accepted", on(2))), T.FINAL),
        ((SUBMITTED, REJECTED, event("won", on(2))), T.FINAL),
        ((SUBMITTED, ACCEPTED, event("won", on(2)), event("appealed", on(3))), T.FINAL),
        ((SUBMITTED, ACCEPTED, event("lost", on(2)), event("released", on(3))), T.FINAL),
    ],
)
def test_a_refused_transition_is_named_and_changes_nothing(
    events: tuple[RegistrationEvent, ...], expected: Transition
) -> None:
    found = replay(events, RULES, events[-1].at)
    assert [item.why for item in found.refused] == [expected]
    assert found.refused[0].event_id == events[-1].event_id
    assert "{" not in found.refused[0].text.en + found.refused[0].text.ar
    assert found.life == replay(events[:-1], RULES, events[-1].at).life


def test_an_expiry_may_be_written_down_and_adds_nothing() -> None:
    assert life_of(SUBMITTED, ACCEPTED, event("expired", on(95))) == life_of(SUBMITTED, ACCEPTED)
    assert refusals(SUBMITTED, ACCEPTED, event("expired", on(95))) == []


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"activity_on": None}, T.NO_ACTIVITY),
        ({"reference": None}, T.NO_ACTIVITY),
        ({"activity_on": on(49).date()}, T.ACTIVITY_TOO_OLD),
        ({"activity_on": on(81).date()}, T.ACTIVITY_TOO_OLD),
        ({"by": None}, T.NO_PERSON),
    ],
)
def test_an_extension_needs_a_dated_recent_activity_and_a_person(fields: dict[str, Any], expected: Transition) -> None:
    assert refusals(SUBMITTED, ACCEPTED, event("extended", on(80), **fields)) == [expected]
    good = event("extended", on(80), activity_on=on(50).date())
    assert life_of(SUBMITTED, ACCEPTED, good, day=100).protected_until == on(1 + 90 + RULES.extension_days)


def test_an_activity_before_the_protection_does_not_extend_it() -> None:
    early = event("extended", on(10), activity_on=on(0).date())
    assert refusals(SUBMITTED, ACCEPTED, early) == [T.ACTIVITY_TOO_OLD]


def test_there_is_one_extension() -> None:
    twice = (event("extended", on(80)), event("extended", on(120)))
    assert refusals(SUBMITTED, ACCEPTED, *twice) == [T.TOO_MANY_EXTENSIONS]
    assert life_of(SUBMITTED, ACCEPTED, *twice).since == on(151)


def appeal(at: float = 3, **fields: Any) -> RegistrationEvent:
    return event("appealed", on(at), **{"parties": ("pe_manager",), **fields})


@pytest.mark.parametrize("decider", ["pe_decider", "pe_partner", "pe_manager"])
def test_an_appeal_is_not_decided_by_who_decided_before_or_is_a_party(decider: str) -> None:
    for kind in ("accepted", "rejected"):
        found = replay((SUBMITTED, REJECTED, appeal(), event(kind, on(4), by=decider)), RULES, on(5))
        assert [item.why for item in found.refused] == [T.APPEAL_BY_PARTY]
        assert found.life.state is State.APPEALED


def test_an_appeal_that_is_granted_protects_from_its_decision() -> None:
    found = life_of(SUBMITTED, REJECTED, appeal(), event("accepted", on(10), by="pe_other"), day=20)
    assert found.state is State.ACCEPTED and found.protected_until == on(100)


def test_an_appeal_that_is_refused_is_the_last() -> None:
    upheld = (SUBMITTED, REJECTED, appeal(), event("rejected", on(4), by="pe_other"))
    assert life_of(*upheld).state is State.REJECTED
    assert refusals(*upheld, appeal(5)) == [T.TOO_MANY_APPEALS]


def test_an_appeal_comes_in_time() -> None:
    assert refusals(SUBMITTED, REJECTED, appeal(1 + RULES.appeal_days)) == [T.APPEAL_TOO_LATE]
    assert refusals(SUBMITTED, REJECTED, appeal(1 + RULES.appeal_days - 0.01)) == []
    assert refusals(SUBMITTED, REJECTED, appeal(by=None)) == [T.NO_PERSON]
    assert refusals(SUBMITTED, ACCEPTED, appeal(91 + RULES.appeal_days)) == [T.APPEAL_TOO_LATE]


def test_an_extension_is_not_won_back_by_an_appeal() -> None:
    events = (SUBMITTED, ACCEPTED, event("extended", on(80)), appeal(152), event("accepted", on(153), by="pe_other"))
    assert refusals(*events, event("extended", on(200))) == [T.TOO_MANY_EXTENSIONS]


def test_events_after_the_moment_are_left_out() -> None:
    assert life_of(SUBMITTED, ACCEPTED, day=0.5).state is State.SUBMITTED


def test_misuse_is_refused() -> None:
    other = event("accepted", on(1), "re_other", registration_id="dr_2")
    same_id = event("accepted", on(1), SUBMITTED.event_id)
    for events, moment in (((SUBMITTED, other), NOW), ((SUBMITTED, same_id), NOW), ((), NOW.replace(tzinfo=None))):
        with pytest.raises(InputError):
            replay(events, RULES, moment)


def test_every_reason_has_words() -> None:
    assert {why.value for why in Transition} == set(load_wording().transitions)
    assert {state.value for state in State} - {"extended"} | {"none"} == set(load_wording().states)


any_event = st.builds(
    RegistrationEvent,
    event_id=st.integers(0, 30).map(lambda number: f"re_{number}"),
    registration_id=st.just("dr_1"),
    kind=st.sampled_from(list(State)),
    at=st.integers(0, 200).map(on),
    by=st.sampled_from([None, "pe_a", "pe_b", "pe_c"]),
    reference=st.sampled_from([None, "notes"]),
    rejection=st.sampled_from([None, OtherReason.PROOF_MISSING]),
    release=st.sampled_from([None, ReleaseReason.WITHDRAWN]),
    activity_on=st.one_of(st.none(), st.integers(0, 200).map(lambda day: on(day).date())),
    deal_size=st.sampled_from([None, DealSize.SMB, DealSize.TENDER]),
    parties=st.sampled_from([(), ("pe_a",)]),
)
any_events = st.lists(any_event, max_size=14, unique_by=lambda item: item.event_id)


def histories(events: list[RegistrationEvent]) -> list[tuple[RegistrationEvent, Life, Life]]:
    """Each event with the life before and after it, at its own moment."""
    ordered = sorted(events, key=lambda item: (item.at, item.event_id))
    return [
        (
            item,
            replay(ordered[:number], RULES, item.at).life,
            replay(ordered[: number + 1], RULES, item.at).life,
        )
        for number, item in enumerate(ordered)
    ]


@given(any_events)
def test_a_final_state_is_left_by_an_appeal_only_and_won_and_lost_never(events: list[RegistrationEvent]) -> None:
    for item, before, after in histories([SUBMITTED, ACCEPTED, *events]):
        if before.state in FINAL:
            assert after == before
        elif before.state in ENDED and after.state is not before.state:
            assert item.kind is State.APPEALED and after.state is State.APPEALED
            assert after.appeals == before.appeals + 1 <= RULES.appeals


@given(any_events)
def test_nothing_is_accepted_without_a_person_who_may_and_extensions_are_bounded(
    events: list[RegistrationEvent],
) -> None:
    for item, before, after in histories([SUBMITTED, REJECTED, *events]):
        if after.state is State.ACCEPTED and before.state is not State.ACCEPTED:
            assert item.kind is State.ACCEPTED and item.by is not None and item.by.startswith("pe_")
            if before.state is State.APPEALED:
                assert item.by != before.decided_by and item.by not in before.parties
        assert after.extensions <= RULES.max_extensions


@given(any_events, st.randoms(use_true_random=False))
def test_a_replay_does_not_depend_on_order_or_repetition(events: list[RegistrationEvent], random: Any) -> None:
    shuffled = [*events, *events[:3]]
    random.shuffle(shuffled)
    assert replay(shuffled, RULES, on(200)) == replay(events, RULES, on(200))


@given(any_events, st.integers(0, 200))
def test_every_event_up_to_the_moment_is_applied_or_refused_with_words(
    events: list[RegistrationEvent], day: int
) -> None:
    found = replay([SUBMITTED, *events], RULES, on(day))
    assert {item.event_id for item in found.refused} <= {item.event_id for item in events if item.at <= on(day)}
    assert all(item.text.en and item.text.ar for item in found.refused)
    assert found.life.since is not None and NOW <= found.life.since <= on(day)
