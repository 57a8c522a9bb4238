"""Who must approve, and who counts for what."""

from collections.abc import Callable
from decimal import Decimal
from itertools import permutations
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnership_os.errors import InputError
from partnership_os.governance import policy
from partnership_os.schemas.base import Money
from partnership_os.schemas.commitment import ApprovalRequirement, Person
from partnership_os.schemas.partnership import ApprovalLevel, PartnershipType

TABLE = {
    "referral": "manager",
    "distribution": "director",
    "technology": "vp",
    "strategic": "c-level",
    "government": "c-level",
}


def _levels(kind: str, value: Money | None) -> list[str]:
    return [str(item) for item in policy.required_approvals(PartnershipType(kind), value)]


@pytest.mark.parametrize("kind", list(PartnershipType))
def test_the_type_fixes_the_level(kind: PartnershipType) -> None:
    legal = ["legal"] if kind is PartnershipType.GOVERNMENT else []
    assert _levels(kind.value, None) == [TABLE[kind.value], *legal]


@pytest.mark.parametrize(
    ("amount", "currency", "level"),
    [
        ("0", "SAR", "manager"),
        ("99999.99", "SAR", "manager"),
        ("100000", "SAR", "director"),
        ("999999.9999", "SAR", "director"),
        ("1000000", "SAR", "vp"),
        ("9999999.99", "SAR", "vp"),
        ("10000000", "SAR", "c-level"),
        ("26666.66", "USD", "manager"),
        ("26666.67", "USD", "director"),
        ("97933.33", "AED", "manager"),
        ("97933.34", "AED", "director"),
        ("10026.66", "BHD", "manager"),
        ("10026.67", "BHD", "director"),
        ("10253.33", "OMR", "manager"),
        ("10253.34", "OMR", "director"),
        ("97066.66", "QAR", "manager"),
        ("97066.67", "QAR", "director"),
        ("1", "EUR", "c-level"),
        ("0.0001", "KWD", "c-level"),
        ("0", "EUR", "manager"),
    ],
)
def test_money_raises_the_level(amount: str, currency: str, level: str) -> None:
    assert _levels("referral", Money(amount=Decimal(amount), currency=currency)) == [level]


@given(
    st.sampled_from(list(PartnershipType)),
    st.decimals(min_value=0, max_value=10**9, places=2),
    st.decimals(min_value=0, max_value=10**9, places=2),
    st.sampled_from(["SAR", "USD", "AED", "QAR", "BHD", "OMR", "EUR"]),
)
def test_more_money_never_asks_for_less(kind: PartnershipType, low: Decimal, more: Decimal, currency: str) -> None:
    first, second = (
        policy.required_approvals(kind, Money(amount=amount, currency=currency)) for amount in (low, low + more)
    )
    base = policy.required_approvals(kind, None)
    assert base[0].min_level.rank <= first[0].min_level.rank <= second[0].min_level.rank
    assert base[1:] == first[1:] == second[1:]


def test_what_the_policy_does_not_know_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="partnership type"):
        policy.required_approvals(cast("PartnershipType", "joint_venture"), None)
    with pytest.raises(InputError, match="negative"):
        policy.required_approvals(PartnershipType.REFERRAL, Money(amount=Decimal(-1), currency="SAR"))
    monkeypatch.setattr(policy, "TYPE_LEVELS", {})
    with pytest.raises(InputError):
        policy.required_approvals(PartnershipType.REFERRAL, None)


def _person(number: int, level: str, legal: bool = False) -> Person:
    return Person(person_id=f"pe_{number}", name="N", level=ApprovalLevel(level), legal=legal)


GOVERNMENT = policy.required_approvals(PartnershipType.GOVERNMENT, None)


def test_one_person_with_both_roles_counts_once() -> None:
    both = _person(1, "c-level", legal=True)
    assert len(policy.unmet(GOVERNMENT, [both])) == 1
    assert len(policy.unmet(GOVERNMENT, [both, both.model_copy(update={"name": "Other name"})])) == 1
    assert policy.unmet(GOVERNMENT, []) == GOVERNMENT


@pytest.mark.parametrize("order", list(permutations(range(2))))
def test_the_matching_does_not_depend_on_who_came_first(order: tuple[int, ...]) -> None:
    for people in (
        [_person(1, "c-level", legal=True), _person(2, "c-level")],
        [_person(1, "c-level", legal=True), _person(2, "analyst", legal=True)],
        [_person(1, "c-level"), _person(2, "manager", legal=True)],
    ):
        chosen = [people[index] for index in order]
        assert policy.unmet(GOVERNMENT, chosen) == ()
        assert policy.helps(chosen[1], GOVERNMENT, chosen[:1])
    assert not policy.helps(_person(3, "vp"), GOVERNMENT, [])


people = st.builds(_person, st.integers(1, 4), st.sampled_from([item.value for item in ApprovalLevel]), st.booleans())
requirements = st.builds(ApprovalRequirement, min_level=st.sampled_from(list(ApprovalLevel)), legal=st.booleans())


@given(
    st.lists(requirements, min_size=1, max_size=4), st.lists(people, max_size=4, unique_by=lambda item: item.person_id)
)
def test_the_matching_is_the_best_there_is(needed: list[ApprovalRequirement], present: list[Person]) -> None:
    padded: list[Person | None] = [*present, *([None] * len(needed))]
    best = max(
        sum(person is not None and policy.meets(person, item) for person, item in zip(chosen, needed, strict=True))
        for chosen in permutations(padded, len(needed))
    )
    assert len(needed) - len(policy.unmet(needed, present)) == best


def test_a_requirement_reads_as_words(money: Callable[[str, str], Money]) -> None:
    texts: list[Any] = [policy.requirement_text(item) for item in GOVERNMENT]
    assert texts == ["C-level", "Legal"]
    assert policy.requirement_text(ApprovalRequirement(min_level=ApprovalLevel.VP)) == "VP or above"
    above = ApprovalRequirement(min_level=ApprovalLevel.MANAGER, legal=True)
    assert policy.requirement_text(above) == "Legal (Manager or above)"


@pytest.mark.parametrize(
    ("value", "limit", "expected"),
    [
        (None, ("1", "SAR"), True),
        (("0", "EUR"), ("1", "SAR"), True),
        (("500000", "SAR"), ("500000", "SAR"), True),
        (("500000.01", "SAR"), ("500000", "SAR"), False),
        (("133333.33", "USD"), ("500000", "SAR"), True),
        (("133333.34", "USD"), ("500000", "SAR"), False),
        (("1", "EUR"), ("500000", "SAR"), False),
        (("1", "EUR"), ("1", "EUR"), True),
    ],
)
def test_a_limit_is_compared_by_official_pegs_only(
    money: Callable[[str, str], Money], value: tuple[str, str] | None, limit: tuple[str, str], expected: bool
) -> None:
    assert policy.within(None if value is None else money(*value), money(*limit)) is expected
