"""Assessment and deadline: advice only, first come first served, silence never accepts."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from partnership_os.errors import InputError
from partnership_os.governance.actions import rule_for
from partnership_os.schemas.channel import CustomerKeys
from partnership_os.schemas.deal_registration import (
    CustomerChoice,
    DealSize,
    Recommendation,
    RegistrationAssessment,
    RegistrationEventKind,
)
from partnership_os.schemas.partnership import ActionClass
from partnership_os.tools.channel_compliance import registration
from partnership_os.tools.channel_compliance.conflicts import DealContext
from partnership_os.tools.channel_compliance.duplicates import Standing
from partnership_os.tools.channel_compliance.life import Life, replay
from partnership_os.tools.channel_compliance.registration import AnswerState, answer_due, assess
from tests.tools.channel_compliance.scene import (
    DAY,
    NOW,
    RIMAL,
    RULES,
    agreement,
    clean_context,
    customer,
    event,
    exclusive,
    request,
)

HOUR = timedelta(hours=1)
State = RegistrationEventKind


def test_a_clean_one_is_advised_and_a_person_decides() -> None:
    found = assess(request(), clean_context(), RULES, NOW + HOUR)
    assert found.recommendation is Recommendation.ACCEPT and not found.overdue
    assert found.decision_due_at == NOW + timedelta(hours=48)
    assert (found.protection_days, found.protected_until) == (90, NOW + HOUR + timedelta(days=90))
    assert "a person decides" in found.summary and "شخص" in found.summary_ar


def test_the_action_that_the_module_names_waits_for_people() -> None:
    assert "``accept_deal_registration``" in str(registration.__doc__)
    assert rule_for("accept_deal_registration").action_class is ActionClass.B


@pytest.mark.parametrize(("size", "days"), [(DealSize.SMB, 90), (DealSize.ENTERPRISE, 180), (DealSize.TENDER, None)])
def test_protection_follows_the_size(size: DealSize, days: int | None) -> None:
    found = assess(request(deal_size=size), clean_context(), RULES, NOW)
    assert found.protection_days == days and (found.protected_until is None) is (days is None)


def test_terms_of_the_covering_agreement_go_before_the_policy() -> None:
    terms = {"registration_decision_hours": 24, "registration_protection_days": 120}
    own = agreement("co_partner", "ag_own", **terms)
    elsewhere = agreement("co_partner", "ag_far", products=("crm",), registration_protection_days=10)
    other = agreement("co_other", "ag_other", registration_protection_days=5)
    found = assess(request(), clean_context(agreements=(own, elsewhere, other)), RULES, NOW)
    assert (found.protection_days, found.decision_due_at) == (120, NOW + timedelta(hours=24))
    tender = assess(request(deal_size=DealSize.TENDER), clean_context(agreements=(own,)), RULES, NOW)
    assert tender.protection_days is None


def test_one_certain_finding_rejects_and_open_ones_are_told_with_it() -> None:
    context = clean_context(
        registrations=(Standing(request("dr_0", "co_x", received_at=NOW - HOUR), State.ACCEPTED),),
        rhq_related_party="unknown",
    )
    found = assess(request(), context, RULES, NOW)
    assert found.recommendation is Recommendation.REJECT
    assert [str(item.code) for item in found.findings] == ["DUP_OTHER_PARTNER", "RHQ_RELATED_PARTY"]
    assert "DUP_OTHER_PARTNER, RHQ_RELATED_PARTY" in found.summary


def test_a_checked_letter_names_the_registrations_to_release_and_an_unchecked_one_none() -> None:
    earlier = Standing(request("dr_0", "co_x", received_at=NOW - HOUR), State.ACCEPTED)

    def overtaken(verified: bool) -> tuple[str, ...]:
        letter = CustomerChoice(
            customer=RIMAL, partner_id="co_partner", written_on=DAY, reference="l", verified=verified
        )
        return assess(request(), clean_context(registrations=(earlier,), choices=(letter,)), RULES, NOW).overtakes

    assert overtaken(True) == ("dr_0",) and overtaken(False) == ()


@pytest.mark.parametrize("late", [timedelta(hours=48), timedelta(days=400)])
def test_no_answer_in_time_is_escalated_and_never_changes_the_advice(late: timedelta) -> None:
    review = clean_context(rhq_related_party="unknown")
    overdue = assess(request(), review, RULES, NOW + late)
    assert overdue.overdue and overdue.recommendation is Recommendation.REVIEW
    assert overdue.summary.startswith("No answer in time") and "السكوت" in overdue.summary_ar
    in_time = assess(request(), review, RULES, NOW + timedelta(hours=48) - timedelta(seconds=1))
    assert not in_time.overdue and "No answer in time" not in in_time.summary


def waiting(kind: str = "submitted") -> Life:
    return replay([event(kind)], RULES, NOW).life


@pytest.mark.parametrize(
    ("hours", "state"),
    [
        (0, AnswerState.WAITING),
        (23, AnswerState.WAITING),
        (24, AnswerState.WARNING),
        (47, AnswerState.WARNING),
        (48, AnswerState.ESCALATE),
        (5000, AnswerState.ESCALATE),
    ],
)
def test_the_deadline(hours: int, state: AnswerState) -> None:
    assert answer_due(waiting(), RULES, NOW + hours * HOUR) == (state, NOW + 48 * HOUR)


def test_the_deadline_of_the_agreement_and_of_what_was_answered() -> None:
    assert answer_due(waiting(), RULES, NOW + 24 * HOUR, agreed_hours=24).state is AnswerState.ESCALATE
    accepted = replay([event("submitted"), event("accepted", NOW + HOUR)], RULES, NOW + HOUR).life
    assert answer_due(accepted, RULES, NOW + 100 * HOUR) == (AnswerState.ANSWERED, None)
    rejected = [event("submitted"), event("rejected", NOW + HOUR), event("appealed", NOW + 50 * HOUR)]
    appealed = replay(rejected, RULES, NOW + 60 * HOUR).life
    assert answer_due(appealed, RULES, NOW + 60 * HOUR) == (AnswerState.WAITING, NOW + 98 * HOUR)


@pytest.mark.parametrize("moment", [NOW - HOUR, NOW.replace(tzinfo=None)])
def test_a_moment_before_the_submission_or_without_a_zone_is_refused(moment: datetime) -> None:
    with pytest.raises(InputError) as error:
        assess(request(), clean_context(), RULES, moment)
    assert error.value.details["registration_id"] == "dr_1"


def test_an_assessment_that_accepts_against_its_findings_cannot_be_built() -> None:
    found = assess(request(), clean_context(rhq_related_party="unknown"), RULES, NOW)
    with pytest.raises(ValidationError):
        RegistrationAssessment(**{**found.model_dump(), "recommendation": Recommendation.ACCEPT})


any_customer = st.builds(
    CustomerKeys,
    name=st.sampled_from(["Rimal Foods", "رمال للأغذية", "Jabal Motors"]),
    domain=st.sampled_from([None, "rimal.example", "jabal.example"]),
    registry_number=st.sampled_from([None, "1010000017", "1010000025"]),
    country=st.just("SA"),
)
any_request = st.builds(
    request,
    registration_id=st.sampled_from(["dr_1", "dr_2", "dr_3", "dr_4"]),
    partner_id=st.sampled_from(["co_partner", "co_other"]),
    received_at=st.integers(0, 3).map(lambda hours: NOW - timedelta(hours=hours)),
    customer=any_customer,
)
any_standing = st.builds(Standing, request=any_request, state=st.sampled_from([State.SUBMITTED, State.ACCEPTED]))


def _came_first(first: Standing, second: Standing) -> bool:
    ours, theirs = first.request, second.request
    return (ours.received_at, ours.registration_id) < (theirs.received_at, theirs.registration_id)


@given(
    st.lists(any_standing, min_size=2, max_size=4, unique_by=lambda item: item.request.registration_id), st.booleans()
)
def test_a_later_duplicate_never_wins(standings: list[Standing], has_letter: bool) -> None:
    """Of registrations with the same keys only the first can be advised, whatever the customer wrote."""
    covering = tuple(agreement(partner, f"ag_{partner}") for partner in ("co_partner", "co_other"))
    letter = CustomerChoice(customer=RIMAL, partner_id="co_other", written_on=DAY, reference="l", verified=True)
    context = clean_context(registrations=standings, agreements=covering, choices=(letter,) if has_letter else ())
    for item in standings:
        keys = item.request.customer
        earlier = [
            other
            for other in standings
            if _came_first(other, item)
            and any(
                ours is not None and ours == theirs
                for ours, theirs in (
                    (keys.domain, other.request.customer.domain),
                    (keys.registry_number, other.request.customer.registry_number),
                    (keys.name, other.request.customer.name),
                )
            )
        ]
        advice = assess(item.request, context, RULES, NOW).recommendation
        assert not earlier or advice is not Recommendation.ACCEPT


@given(st.lists(any_standing, max_size=4), st.randoms(use_true_random=False))
def test_the_order_of_the_context_does_not_matter(standings: list[Standing], random: Any) -> None:
    live = [agreement("co_partner", "ag_1"), agreement("co_partner", "ag_2", areas=None), agreement("co_h", "ag_3")]
    shuffled, live_shuffled = [*standings], [*live]
    random.shuffle(shuffled)
    random.shuffle(live_shuffled)
    first = assess(request("dr_9"), clean_context(registrations=standings, agreements=live), RULES, NOW)
    second = assess(request("dr_9"), clean_context(registrations=shuffled, agreements=live_shuffled), RULES, NOW)
    assert first.model_dump_json() == second.model_dump_json()


@given(st.sampled_from([(), (agreement("co_h", "ag_h", exclusivity=exclusive(None)),)]), any_standing)
def test_more_that_is_known_never_turns_a_rejection_into_acceptance(held: tuple[Any, ...], standing: Standing) -> None:
    """More agreements of others and more registrations only ever stand against it."""
    bare = clean_context(agreements=(agreement("co_partner", "ag_own"),))
    fuller = bare._replace(agreements=(*bare.agreements, *held), registrations=(standing,))
    order = [Recommendation.ACCEPT, Recommendation.REVIEW, Recommendation.REJECT]
    asked = request("dr_9")
    less, more = (assess(asked, context, RULES, NOW).recommendation for context in (bare, fuller))
    assert order.index(more) >= order.index(less)


def test_an_empty_context_is_never_accepted() -> None:
    assert assess(request(), DealContext(), RULES, NOW).recommendation is Recommendation.REJECT


def test_a_customer_known_by_name_alone_is_looked_at() -> None:
    named = request("dr_0", "co_x", received_at=NOW - HOUR, customer=customer("شركة رمال للأغذية"))
    asked = request(customer=customer("رمال للأغذيه"), expected_close=date(2026, 12, 1))
    found = assess(asked, clean_context(registrations=(Standing(named, State.ACCEPTED),)), RULES, NOW)
    assert found.recommendation is Recommendation.REVIEW and found.findings[0].unknown == ("customer",)
