"""Intake: every field, both scripts, and problems that name field and fix and repeat no value."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnership_os.schemas.deal_registration import DealSize, IntakeProblem, RegistrationRequest, Submission
from partnership_os.tools.channel_compliance.intake import Intake, read_submissions
from tests.tools.channel_compliance.scene import NOW

GOOD: dict[str, Any] = {
    "partner_id": "co_partner",
    "partner_tier": "gold",
    "customer_name": "شركة رمال للأغذية",
    "customer_domain": "https://www.rimal.example/about",
    "customer_registry_number": "١٠١٠٠٠٠٠١٧",
    "customer_country": "السعودية",
    "customer_city": "الرياض",
    "contact_id": "ct_1",
    "products": ["erp", "crm", "erp"],
    "value": "٢٥٠٬٠٠٠ ريال سعودي",
    "deal_size": "SMB",
    "expected_close": "٢٠٢٦-١٢-٠١",
    "source": "customer_inquiry",
    "proofs": [{"kind": "letter_of_intent", "dated_on": "2026-08-30", "reference": "LOI 7", "contact_id": "ct_1"}],
}


def submission(registration_id: str = "dr_1", **fields: Any) -> Submission:
    return Submission(registration_id=registration_id, received_at=NOW, fields={**GOOD, **fields})


def problems(**fields: Any) -> list[IntakeProblem]:
    return list(read_submissions([submission(**fields)]).problems)


def test_arabic_text_and_digits_are_read() -> None:
    (request,) = read_submissions([submission()]).requests
    assert request.customer.registry_number == "1010000017" and request.customer.domain == "rimal.example"
    assert request.customer.country == request.area.country == "SA" and request.area.city == "الرياض"
    assert (request.value.amount, request.value.currency) == (Decimal(250000), "SAR")
    assert request.products == ("crm", "erp") and request.deal_size is DealSize.SMB
    assert request.expected_close == date(2026, 12, 1) and request.received_at == NOW
    assert request.multi_country is None and request.part_of_list is False


@pytest.mark.parametrize(
    "field",
    [
        *("partner_id", "partner_tier", "customer_name", "customer_country", "contact_id", "products"),
        *("value", "deal_size", "expected_close", "source"),
    ],
)
@pytest.mark.parametrize("blank", [None, "", "  ", []])
def test_a_missing_field_is_named(field: str, blank: Any) -> None:
    (problem,) = problems(**{field: blank})
    assert problem.field == field and problem.fix.en == "Fill it in." and problem.fix.ar


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("partner_id", "Partner One"),
        ("contact_id", "ahmed@rimal.example"),
        ("contact_id", "co_1"),
        ("customer_domain", "gmail.com"),
        ("customer_domain", "no domain"),
        ("customer_registry_number", "12"),
        ("customer_registry_number", "1111111111"),
        ("customer_country", "Atlantis"),
        ("products", {"erp": 1}),
        ("products", ["ERP suite"]),
        ("products", [None]),
        ("value", "a lot"),
        ("value", "250000"),
        ("value", "0 SAR"),
        ("value", "-5 SAR"),
        ("value", 2.5),
        ("deal_size", "huge"),
        ("expected_close", "next year"),
        ("expected_close", 20261201),
        ("source", "luck"),
        ("multi_country", "perhaps"),
        ("part_of_list", 7),
        ("proofs", "yes"),
        ("proofs", [{"kind": "rumour", "dated_on": "2026-08-30", "reference": "x"}]),
        ("proofs", [{"kind": "proposal", "dated_on": "2026-08-30"}]),
        ("proofs", [{"kind": "proposal", "dated_on": "2026-10-30", "reference": "x"}]),
        ("proofs", [{"kind": "proposal", "dated_on": "2026-08-30", "reference": "x", "contact_id": "Ahmed"}]),
        ("segment", "Small ones"),
        ("incumbent", "x" * 300),
        ("received_at", "2020-01-01T00:00:00Z"),
    ],
)
def test_a_bad_value_is_refused_by_field_and_not_repeated(field: str, value: Any) -> None:
    (problem,) = problems(**{field: value})
    assert problem.field == field and problem.problem.ar and problem.fix.ar
    if isinstance(value, str) and len(value) > 4 and field != "value":
        assert value not in problem.model_dump_json()


def test_a_personal_detail_as_a_field_name_is_not_repeated() -> None:
    (problem,) = problems(**{"ahmed@rimal.example": "x"})
    assert problem.field == "?"


def test_the_currency_may_stand_beside_the_value() -> None:
    (request,) = read_submissions([submission(value=250000, currency="AED")]).requests
    assert request.value.currency == "AED"


def test_a_bad_one_loses_no_good_one_and_every_problem_is_told() -> None:
    found = read_submissions([submission("dr_2", value="x", source="y"), submission("dr_1"), submission("dr_3")])
    assert [request.registration_id for request in found.requests] == ["dr_1", "dr_3"]
    assert [(problem.registration_id, problem.field) for problem in found.problems] == [
        ("dr_2", "source"),
        ("dr_2", "value"),
    ]


def test_an_id_that_comes_twice_is_refused_for_both() -> None:
    found = read_submissions([submission(), submission(value="1 SAR"), submission("dr_2")])
    assert [request.registration_id for request in found.requests] == ["dr_2"]
    assert {problem.field for problem in found.problems} == {"registration_id"}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=6,
)


@given(st.lists(st.dictionaries(st.sampled_from([*GOOD, "currency", "odd"]), json_values, max_size=4), max_size=3))
def test_whatever_is_handed_in_becomes_a_request_or_a_problem(changes: list[dict[str, Any]]) -> None:
    items = [submission(f"dr_{number}", **fields) for number, fields in enumerate(changes)]
    found = read_submissions([*items, submission("dr_good")])
    assert isinstance(found, Intake) and all(isinstance(item, RegistrationRequest) for item in found.requests)
    kept = {item.registration_id for item in found.requests}
    wrong = {item.registration_id for item in found.problems}
    assert kept | wrong == {item.registration_id for item in items} | {"dr_good"} and not kept & wrong
    assert "dr_good" in kept
