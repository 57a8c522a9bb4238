"""Outreach: unknown means no, every reason is told, and an opt-out beats everything."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from partnership_os.errors import InputError
from partnership_os.schemas.outreach import (
    BasisKind,
    ListCheck,
    OutreachChannel,
    OutreachContact,
    OutreachHistory,
    OutreachPurpose,
    Permission,
    RefusalCode,
    Suppression,
    Withdrawal,
)
from partnership_os.tools.channel_compliance.outreach import may_contact
from partnership_os.tools.channel_compliance.policy import OutreachPolicy
from tests.tools.channel_compliance.scene import NOW, OUTREACH, consent, contact, history, opt_out, touch

C, P, R = OutreachChannel, OutreachPurpose, RefusalCode
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def ask(
    known: OutreachHistory | None,
    person: OutreachContact | None = None,
    channel: OutreachChannel = C.EMAIL,
    at: datetime = NOW,
    purpose: OutreachPurpose = P.PARTNERSHIP_PROPOSAL,
    **fields: Any,
) -> Permission:
    return may_contact(person or contact(), purpose, channel, at, known, OUTREACH, **fields)


def codes(permission: Permission) -> list[RefusalCode]:
    assert permission.allowed is not bool(permission.refusals)
    return [refusal.code for refusal in permission.refusals]


def test_with_consent_in_working_hours_it_is_allowed() -> None:
    found = ask(history())
    assert found.allowed and found.basis_id == "lb_1" and found.next_allowed_at is None


def test_what_is_not_known_is_refused_with_every_reason() -> None:
    assert codes(ask(None, contact(country=None, time_zone=None))) == [
        R.NO_BASIS,
        R.COUNTRY_UNKNOWN,
        R.ZONE_UNKNOWN,
        R.HISTORY_INCOMPLETE,
    ]
    assert codes(ask(history(), contact(time_zone="Mars/Base"))) == [R.ZONE_UNKNOWN]
    assert codes(ask(history(), contact(time_zone="../../etc/passwd"))) == [R.ZONE_UNKNOWN]
    assert codes(ask(history(), contact(country="EG"))) == [R.COUNTRY_UNKNOWN]
    assert codes(ask(history(complete_from=None))) == [R.HISTORY_INCOMPLETE]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"contact_id": "ct_2"}, R.NO_BASIS),
        ({"purposes": (P.MARKETING, P.EVENT_INVITATION)}, R.NO_BASIS),
        ({"channels": (C.SMS,)}, R.NO_BASIS),
        ({"at": NOW + HOUR}, R.NO_BASIS),
        ({"kind": BasisKind.LEGITIMATE_INTEREST}, R.NO_BASIS),
        ({"kind": BasisKind.CONTRACT}, R.NO_BASIS),
        ({"at": NOW - 360 * DAY}, R.BASIS_EXPIRED),
        ({"at": NOW - 360 * DAY + HOUR}, None),
        ({"expires_at": NOW}, R.BASIS_EXPIRED),
        ({"expires_at": NOW + HOUR}, None),
    ],
)
def test_consent_is_for_this_person_purpose_channel_and_time(
    fields: dict[str, Any], expected: RefusalCode | None
) -> None:
    found = ask(history(bases=(consent(**fields),)))
    assert codes(found) == ([] if expected is None else [expected])
    assert found.next_allowed_at is None


def test_a_contract_carries_its_performance_and_does_not_age() -> None:
    basis = consent(kind=BasisKind.CONTRACT, purposes=(P.CONTRACT_PERFORMANCE,), at=NOW - 900 * DAY)
    assert ask(history(bases=(basis,)), purpose=P.CONTRACT_PERFORMANCE).allowed
    assert codes(ask(history(bases=(basis,)))) == [R.NO_BASIS]


def withdrawal(**fields: Any) -> Withdrawal:
    return Withdrawal(**{"withdrawal_id": "wd_1", "contact_id": "ct_1", "at": NOW - DAY, **fields})


@pytest.mark.parametrize(
    ("fields", "allowed"),
    [
        ({}, False),
        ({"at": NOW - 30 * DAY}, False),
        ({"at": NOW - 31 * DAY}, True),
        ({"at": NOW + DAY}, False),
        ({"channels": (C.SMS,)}, True),
        ({"channels": (C.EMAIL,)}, False),
        ({"purposes": (P.MARKETING,)}, True),
        ({"purposes": (P.PARTNERSHIP_PROPOSAL,)}, False),
        ({"contact_id": "ct_2"}, True),
    ],
)
def test_a_withdrawal_ends_what_was_given_before_or_with_it(fields: dict[str, Any], allowed: bool) -> None:
    found = ask(history(withdrawals=(withdrawal(**fields),)))
    assert codes(found) == ([] if allowed else [R.BASIS_WITHDRAWN])


def test_withdrawals_and_opt_outs_of_the_same_person_count_and_their_consent_does_not() -> None:
    person = contact(same_person=("ct_2",))
    assert codes(ask(history(withdrawals=(withdrawal(contact_id="ct_2"),)), person)) == [R.BASIS_WITHDRAWN]
    assert codes(ask(history(opt_outs=(opt_out(contact_id="ct_2"),)), person)) == [R.OPTED_OUT]
    assert codes(ask(history(bases=(consent(contact_id="ct_2"),)), person)) == [R.NO_BASIS]


@pytest.mark.parametrize(
    ("fields", "refused"),
    [
        ({}, True),
        ({"at": NOW + 9 * DAY}, True),
        ({"channels": (C.EMAIL, C.SMS)}, True),
        ({"channels": (C.SMS,)}, False),
        ({"contact_id": "ct_2"}, False),
        ({"at": NOW - 9 * DAY, "lifted_at": NOW, "lifted_reference": "letter"}, False),
        ({"at": NOW - 9 * DAY, "lifted_at": NOW + HOUR, "lifted_reference": "letter"}, True),
    ],
)
def test_an_opt_out_is_for_everything_unless_stated(fields: dict[str, Any], refused: bool) -> None:
    newer = consent("lb_2", at=NOW - HOUR)
    found = ask(history(bases=(consent(), newer), opt_outs=(opt_out(**fields),)))
    assert codes(found) == ([R.OPTED_OUT] if refused else [])
    assert not refused or (found.refusals[0].refs == ("oo_1",) and found.next_allowed_at is None)


def test_an_opt_out_is_not_lifted_without_proof() -> None:
    with pytest.raises(ValidationError):
        opt_out(lifted_at=NOW)


@pytest.mark.parametrize(
    ("fields", "refused"),
    [
        ({"contact_id": "ct_1"}, True),
        ({"company_id": "co_rimal"}, True),
        ({"company_id": "co_rimal", "channels": (C.PHONE,)}, False),
        ({"contact_id": "ct_9"}, False),
    ],
)
def test_suppression_of_a_person_or_a_company(fields: dict[str, Any], refused: bool) -> None:
    entry = Suppression(entry_id="su_1", list_name="bounces", **fields)
    assert codes(ask(history(suppressions=(entry,)))) == ([R.SUPPRESSED] if refused else [])


RIYADH = timezone(timedelta(hours=3))


def local(day: int, hour: int, minute: int, second: int = 0) -> datetime:
    """A moment of September 2026 in Riyadh; the 4th and 5th are the weekend."""
    return datetime(2026, 9, day, hour, minute, second, tzinfo=RIYADH)


@pytest.mark.parametrize(
    ("at", "expected", "opens"),
    [
        (local(1, 9, 0), [], None),
        (local(1, 8, 59, 59), [R.QUIET_HOURS], local(1, 9, 0)),
        (local(1, 17, 59, 59), [], None),
        (local(1, 18, 0), [R.QUIET_HOURS], local(2, 9, 0)),
        (local(3, 18, 0), [R.QUIET_HOURS], local(6, 9, 0)),
        (local(4, 12, 0), [R.WEEKEND], local(6, 9, 0)),
        (local(5, 20, 0), [R.QUIET_HOURS, R.WEEKEND], local(6, 9, 0)),
        (local(6, 9, 0), [], None),
    ],
)
def test_hours_and_weekends_in_saudi_arabia(at: datetime, expected: list[RefusalCode], opens: datetime | None) -> None:
    found = ask(history(), at=at)
    assert codes(found) == expected
    assert found.next_allowed_at == opens


def test_the_emirates_rest_on_saturday_and_sunday_and_the_zone_is_the_persons() -> None:
    friday = datetime(2026, 9, 4, 8, 0, tzinfo=UTC)
    assert ask(history(), contact(country="AE", time_zone="Asia/Dubai"), at=friday).allowed
    assert codes(ask(history(), contact(country="AE", time_zone="Asia/Dubai"), at=friday + 2 * DAY)) == [R.WEEKEND]
    assert codes(ask(history(), contact(time_zone="America/New_York"), at=NOW)) == [R.QUIET_HOURS]


def test_opening_is_found_over_a_change_of_the_clocks() -> None:
    saturday_night = datetime(2026, 3, 28, 20, 0, tzinfo=UTC)
    found = ask(
        history(complete_from=NOW - 900 * DAY, bases=(consent(at=saturday_night - DAY),)),
        contact(time_zone="Europe/Berlin"),
        at=saturday_night,
    )
    assert found.next_allowed_at == datetime(2026, 3, 29, 7, 0, tzinfo=UTC)


def test_an_outside_list_has_to_be_fresh() -> None:
    person = contact(country="AE", time_zone="Asia/Dubai")
    bases = (consent(channels=(C.PHONE,)),)

    def called(*days_ago: float) -> list[RefusalCode]:
        checks = tuple(ListCheck(list_name="ae_do_not_call", checked_at=NOW - days * DAY) for days in days_ago)
        return codes(ask(history(bases=bases, list_checks=checks), person, C.PHONE))

    assert called() == called(7) == called(-1) == [R.LIST_NOT_CHECKED]
    assert called(6.9) == called(30, 1) == []


def test_nothing_is_sent_over_linkedin_or_an_unlisted_channel() -> None:
    linkedin = history(bases=(consent(channels=(C.LINKEDIN,)),))
    assert codes(ask(linkedin, channel=C.LINKEDIN)) == [R.CHANNEL_NOT_ALLOWED]
    without = OUTREACH.model_copy(update={"channels": {}})
    found = may_contact(contact(), P.PARTNERSHIP_PROPOSAL, C.EMAIL, NOW, history(), without)
    assert codes(found) == [R.CHANNEL_NOT_ALLOWED]


def test_whatsapp_needs_a_template_outside_the_reply_window() -> None:
    def asked(*touches: Any, **fields: Any) -> list[RefusalCode]:
        known = history(bases=(consent(channels=(C.WHATSAPP,)),), touches=touches)
        return codes(ask(known, channel=C.WHATSAPP, **fields))

    def heard(ago: timedelta, **fields: Any) -> Any:
        return touch(NOW - ago, channel=fields.pop("channel", C.WHATSAPP), inbound=True, **fields)

    assert asked() == asked(heard(24 * HOUR)) == asked(heard(-HOUR)) == [R.WINDOW_CLOSED]
    assert asked(heard(23 * HOUR)) == asked(is_template=True) == []
    assert asked(heard(HOUR, channel=C.SMS)) == asked(heard(HOUR, contact_id="ct_2")) == [R.WINDOW_CLOSED]


@pytest.mark.parametrize(
    ("touches", "expected", "free_after"),
    [
        ([touch(NOW - 23 * HOUR)], [R.CONTACT_DAY_LIMIT], HOUR),
        ([touch(NOW - 24 * HOUR)], [], None),
        ([touch(NOW - 2 * DAY), touch(NOW - 3 * DAY)], [R.CONTACT_WEEK_LIMIT], None),
        ([touch(NOW - 7 * DAY), touch(NOW - 3 * DAY)], [], None),
        ([touch(NOW - HOUR, channel=C.SMS)], [], None),
        ([touch(NOW - HOUR, inbound=True)], [], None),
        ([touch(NOW + 3 * HOUR)], [R.CONTACT_DAY_LIMIT], None),
        ([touch(NOW - HOUR, f"to_{n}", contact_id=f"ct_{n}") for n in (7, 8, 9)], [R.COMPANY_DAY_LIMIT], None),
        (
            [touch(NOW - (n - 3) * DAY, f"to_{n}", contact_id=f"ct_{n}") for n in (4, 5, 6, 7, 8, 9)],
            [R.COMPANY_WEEK_LIMIT],
            None,
        ),
        (
            [touch(NOW - HOUR, f"to_{n}", contact_id=f"ct_{n}", company_id="co_x") for n in range(10, 210)],
            [R.CHANNEL_DAY_LIMIT],
            23 * HOUR,
        ),
        ([touch(NOW - HOUR, f"to_{n}", contact_id=f"ct_{n}", company_id="co_x") for n in range(10, 209)], [], None),
    ],
)
def test_limits(touches: list[Any], expected: list[RefusalCode], free_after: timedelta | None) -> None:
    found = ask(history(touches=tuple(touches)))
    assert codes(found) == expected
    if free_after is not None:
        assert found.next_allowed_at == NOW + free_after


def test_a_touch_of_the_same_person_under_another_id_counts_and_a_repeated_record_counts_once() -> None:
    other = touch(NOW - HOUR, contact_id="ct_2", company_id="co_elsewhere")
    assert codes(ask(history(touches=(other,)), contact(same_person=("ct_2",)))) == [R.CONTACT_DAY_LIMIT]
    once = touch(NOW - 2 * DAY)
    assert ask(history(touches=(once, once))).allowed


def test_a_history_of_less_than_a_week_is_waited_for() -> None:
    found = ask(history(complete_from=NOW - 6 * DAY))
    assert codes(found) == [R.HISTORY_INCOMPLETE] and found.next_allowed_at == NOW + DAY
    assert ask(history(complete_from=NOW - 7 * DAY)).allowed


def test_the_next_moment_passes_every_rule_and_not_the_end_of_the_consent() -> None:
    busy = (touch(NOW - HOUR),)
    evening = datetime(2026, 9, 3, 14, 30, tzinfo=UTC)
    late = history(touches=(touch(evening - HOUR),))
    assert ask(late, at=evening).next_allowed_at == datetime(2026, 9, 6, 6, 0, tzinfo=UTC)
    ending = history(bases=(consent(expires_at=NOW + 2 * HOUR),), touches=busy)
    assert ask(ending).next_allowed_at is None


def test_texts_are_in_both_languages_and_hold_no_detail_of_the_person() -> None:
    found = ask(history(opt_outs=(opt_out(),), touches=(touch(NOW - HOUR),)), at=NOW + 12 * HOUR)
    assert codes(found) == [R.OPTED_OUT, R.QUIET_HOURS, R.CONTACT_DAY_LIMIT]
    dumped = found.model_dump_json()
    assert "Asia/Riyadh" not in dumped and "co_rimal" not in dumped
    assert all(refusal.text.en and refusal.text.ar and "{" not in refusal.text.ar for refusal in found.refusals)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(InputError):
        ask(history(), at=NOW.replace(tzinfo=None))


hours = st.integers(-200, 200).map(lambda ahead: NOW + ahead * HOUR)
people = st.sampled_from(["ct_1", "ct_2", "ct_3"])
companies = st.sampled_from(["co_rimal", "co_x"])
some_channels = st.sampled_from([(C.EMAIL,), (C.WHATSAPP, C.SMS), tuple(C)])
bases = st.builds(
    consent,
    basis_id=st.integers(0, 9).map(lambda number: f"lb_{number}"),
    kind=st.sampled_from(list(BasisKind)),
    contact_id=people,
    purposes=st.sampled_from([(P.PARTNERSHIP_PROPOSAL,), tuple(P)]),
    channels=some_channels,
    at=hours,
    expires_at=st.none() | hours,
)
opt_outs = st.builds(opt_out, contact_id=people, at=hours, channels=st.none() | some_channels)
withdrawals = st.builds(withdrawal, contact_id=people, at=hours, channels=st.none() | some_channels)
touches = st.builds(touch, at=hours, contact_id=people, company_id=companies, channel=st.sampled_from(C))
histories = st.builds(
    OutreachHistory,
    bases=st.lists(bases, max_size=4).map(lambda found: (*found, consent("lb_good", channels=tuple(C)))),
    opt_outs=st.lists(opt_outs, max_size=1).map(tuple),
    withdrawals=st.lists(withdrawals, max_size=1).map(tuple),
    touches=st.lists(touches, max_size=6).map(tuple),
    complete_from=st.none() | st.just(NOW - 60 * DAY),
)
contacts = st.builds(
    contact,
    contact_id=people,
    country=st.sampled_from([None, "SA", "AE", "EG", "KW"]),
    time_zone=st.sampled_from([None, "Asia/Riyadh", "Asia/Dubai", "Nowhere"]),
)
questions = st.fixed_dictionaries(
    {"person": contacts, "channel": st.sampled_from(C), "purpose": st.sampled_from(P), "at": hours}
)


@given(questions, histories, st.one_of(opt_outs, withdrawals))
def test_an_opt_out_or_withdrawal_never_allows_more(asked: dict[str, Any], known: OutreachHistory, new: Any) -> None:
    field = "withdrawals" if isinstance(new, Withdrawal) else "opt_outs"
    more = known.model_copy(update={field: (*getattr(known, field), new)})
    before, after = ask(known, **asked), ask(more, **asked)
    assert before.allowed or not after.allowed


@given(questions, histories, st.sampled_from(["country", "time_zone", "history", "complete_from", "bases"]))
def test_what_is_forgotten_is_never_allowed(asked: dict[str, Any], known: OutreachHistory, lost: str) -> None:
    forgotten: OutreachHistory | None = known
    if lost in ("country", "time_zone"):
        asked = {**asked, "person": asked["person"].model_copy(update={lost: None})}
    elif lost == "history":
        forgotten = None
    else:
        forgotten = known.model_copy(update={lost: None if lost == "complete_from" else ()})
    assert not ask(forgotten, **asked).allowed


LIMITS = ("contact_day", "contact_week", "company_day", "company_week", "channel_day")


def tightened(policy: OutreachPolicy, name: str, limit: int) -> OutreachPolicy:
    rules = {
        key: value.model_copy(update={name: min(limit, getattr(value, name) or 0)})
        for key, value in policy.channels.items()
    }
    return policy.model_copy(update={"channels": rules})


@given(questions, histories, st.sampled_from(LIMITS), st.integers(0, 3), st.integers(0, 3))
def test_permission_is_monotone_in_limits(
    asked: dict[str, Any], known: OutreachHistory, name: str, first: int, second: int
) -> None:
    low, high = sorted((first, second))
    args = (asked["person"], asked["purpose"], asked["channel"], asked["at"], known)
    strict = may_contact(*args, tightened(OUTREACH, name, low), is_template=True)
    loose = may_contact(*args, tightened(OUTREACH, name, high), is_template=True)
    assert loose.allowed or not strict.allowed


@given(questions, histories, touches)
def test_one_more_touch_of_ours_never_allows_more(asked: dict[str, Any], known: OutreachHistory, new: Any) -> None:
    more = known.model_copy(update={"touches": (*known.touches, new)})
    assert ask(known, **asked).allowed or not ask(more, **asked).allowed


@given(questions, histories)
def test_the_next_moment_is_later_and_allowed(asked: dict[str, Any], known: OutreachHistory) -> None:
    found = ask(known, **asked)
    if found.next_allowed_at is not None:
        assert found.next_allowed_at > asked["at"]
        assert ask(known, **{**asked, "at": found.next_allowed_at}).allowed


@given(questions, histories, st.randoms(use_true_random=False))
def test_the_order_of_the_history_does_not_matter(asked: dict[str, Any], known: OutreachHistory, random: Any) -> None:
    def mixed(items: tuple[Any, ...]) -> tuple[Any, ...]:
        listed = list(items)
        random.shuffle(listed)
        return tuple(listed)

    shuffled = known.model_copy(update={"bases": mixed(known.bases), "touches": mixed(known.touches)})
    assert ask(shuffled, **asked) == ask(known, **asked)


def test_a_permission_without_basis_or_a_refusal_without_reason_cannot_be_built() -> None:
    good = ask(history()).model_dump()
    for change in ({"basis_id": None}, {"allowed": False}):
        with pytest.raises(ValidationError):
            Permission(**{**good, **change})
