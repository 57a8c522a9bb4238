"""The same customer: keys decide, names ask for a look."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnership_os.schemas.channel import CustomerKeys, CustomerLikeness, Overlap
from partnership_os.tools.channel_compliance.customers import same_customer
from tests.tools.channel_compliance.scene import customer

L = CustomerLikeness


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ({"registry_number": "1010000017"}, {"name": "Other", "registry_number": "١٠١٠٠٠٠٠١٧"}, L.EXACT_ID),
        ({"account_id": "co_1"}, {"name": "Other", "account_id": "co_1"}, L.EXACT_ID),
        ({"domain": "rimal.example"}, {"name": "Other", "domain": "https://www.RIMAL.example/ar"}, L.EXACT_DOMAIN),
        (
            {"domain": "rimal.example", "registry_number": "1010000017"},
            {"domain": "rimal.example", "registry_number": "1010000025"},
            L.ID_CONFLICT,
        ),
        (
            {"domain": "rimal.example", "registry_number": "1010000017"},
            {"domain": "rimal.example", "registry_number": "7010000017"},
            L.EXACT_DOMAIN,
        ),
        ({"domain": "gmail.com"}, {"name": "Other", "domain": "gmail.com"}, L.NONE),
        ({"registry_number": "1111111111"}, {"name": "Other", "registry_number": "1111111111"}, L.NONE),
        ({}, {"name": "RIMAL FOODS LLC"}, L.PROBABLE),
        ({}, {"name": "Rimal F\u043e\u043eds"}, L.PROBABLE),
        ({"name": "شركة رمال للأغذية"}, {"name": "رمال للاغذية"}, L.PROBABLE),
        ({"name_ar": "رمال للأغذية"}, {"name": "شركة رمال للأغذيه"}, L.PROBABLE),
        ({"registry_number": "1010000017"}, {"registry_number": "1010000025"}, L.ID_CONFLICT),
        ({}, {"name": "Jabal Motors"}, L.NONE),
        ({"country": "KW", "registry_number": "12345"}, {"name": "Other", "registry_number": "12345"}, L.NONE),
        ({"name": "National Trading Company"}, {"name": "National Trading Company", "country": "KW"}, L.NONE),
        ({"name": "National Trading Company"}, {"name": "National Trading Company"}, L.PROBABLE),
        ({"name": "Rimalstone Foods"}, {"name": "Rimalstone Foods", "country": "KW"}, L.PROBABLE),
    ],
)
def test_classes(first: dict[str, Any], second: dict[str, Any], expected: CustomerLikeness) -> None:
    ours, theirs = customer(**first), customer(**second)
    assert same_customer(ours, theirs) is same_customer(theirs, ours) is expected


def test_a_name_never_makes_an_exact_match() -> None:
    twins = customer("Rimal Foods"), customer("Rimal Foods")
    assert same_customer(*twins).overlap is Overlap.POSSIBLE


keys = st.builds(
    CustomerKeys,
    name=st.sampled_from(["Rimal Foods", "شركة رمال", "National Trading", "Jabal"]),
    domain=st.sampled_from([None, "rimal.example", "jabal.example", "gmail.com"]),
    registry_number=st.sampled_from([None, "1010000017", "7010000017", "1010000025", "12"]),
    country=st.sampled_from([None, "SA", "KW"]),
    account_id=st.sampled_from([None, "co_1", "co_2"]),
)


@given(keys, keys)
def test_the_order_does_not_matter_and_exact_needs_an_equal_key(first: CustomerKeys, second: CustomerKeys) -> None:
    found = same_customer(first, second)
    assert found is same_customer(second, first)
    if found.overlap is Overlap.CERTAIN:
        pairs = zip(
            (first.domain, first.registry_number, first.account_id),
            (second.domain, second.registry_number, second.account_id),
            strict=True,
        )
        assert any(ours is not None and ours == theirs for ours, theirs in pairs)
