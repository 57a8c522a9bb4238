"""Every conflict code: when it rejects, when it asks a person, when it is silent."""

from datetime import date, timedelta
from typing import Any

import pytest

from partnership_os.schemas.channel import Area, CarveOut, ExclusivityKind, Period
from partnership_os.schemas.deal_registration import (
    CustomerChoice,
    OwnCustomer,
    OwnOpportunity,
    Proof,
    ProofKind,
    RegistrationEventKind,
    RegistrationRequest,
)
from partnership_os.tools.channel_compliance.conflicts import DealContext, findings_of
from partnership_os.tools.channel_compliance.duplicates import Standing
from partnership_os.tools.channel_compliance.territory import areas_of
from tests.tools.channel_compliance.scene import (
    DAY,
    NOW,
    RIMAL,
    RULES,
    agreement,
    clean_context,
    customer,
    exclusive,
    request,
)

State = RegistrationEventKind
HOUR = timedelta(hours=1)


def codes(asked: RegistrationRequest, context: DealContext) -> dict[str, str]:
    found = findings_of(asked, context, RULES, NOW)
    assert len({item.code for item in found}) == len(found) or asked.expected_close < DAY
    return {str(item.code): str(item.verdict) for item in found}


def against(asked: RegistrationRequest | None = None, **context: Any) -> dict[str, str]:
    return codes(asked or request(), clean_context(**context))


def test_nothing_stands_against_a_clean_registration() -> None:
    assert against() == {}


def test_nothing_known_passes_nothing() -> None:
    assert codes(request(), DealContext()) == {"NO_AUTHORITY": "reject", "RHQ_RELATED_PARTY": "review"}


@pytest.mark.parametrize(
    ("partner", "state", "expected"),
    [
        ("co_partner", State.ACCEPTED, {"DUP_SAME_PARTNER": "reject"}),
        ("co_partner", State.SUBMITTED, {"DUP_SAME_PARTNER": "reject"}),
        ("co_other", State.ACCEPTED, {"DUP_OTHER_PARTNER": "reject"}),
        ("co_other", State.WON, {"DUP_OTHER_PARTNER": "reject"}),
        ("co_other", State.SUBMITTED, {"DUP_OTHER_PARTNER": "review"}),
        ("co_other", State.APPEALED, {"DUP_OTHER_PARTNER": "review"}),
        ("co_other", State.REJECTED, {}),
        ("co_other", State.EXPIRED, {}),
        ("co_other", State.RELEASED, {}),
        ("co_other", State.LOST, {}),
    ],
)
def test_an_earlier_registration(partner: str, state: RegistrationEventKind, expected: dict[str, str]) -> None:
    earlier = request("dr_0", partner, received_at=NOW - HOUR)
    assert against(registrations=(Standing(earlier, state),)) == expected


def test_a_later_one_does_not_count_and_ties_go_by_id() -> None:
    later = Standing(request("dr_0", "co_other", received_at=NOW + HOUR), State.ACCEPTED)
    assert against(registrations=(later,)) == {}
    tie = {name: Standing(request(name, "co_other"), State.ACCEPTED) for name in ("dr_0", "dr_2")}
    assert against(registrations=(tie["dr_0"],)) == {"DUP_OTHER_PARTNER": "reject"}
    assert against(registrations=(tie["dr_2"],)) == {}


@pytest.mark.parametrize(
    "fields",
    [
        {"customer": customer("Rimal Foods Co.")},
        {"customer": customer("Rimal", domain="rimal.example", registry_number="1010000025")},
        {"products": ("crm",)},
    ],
)
def test_a_like_name_a_conflict_of_ids_or_another_product_is_looked_at(fields: dict[str, Any]) -> None:
    earlier = request("dr_0", "co_other", received_at=NOW - HOUR, **fields)
    assert against(registrations=(Standing(earlier, State.ACCEPTED),)) == {"DUP_OTHER_PARTNER": "review"}


def choice(partner_id: str, written_on: date = DAY, **fields: Any) -> CustomerChoice:
    defaults = {"customer": RIMAL, "reference": f"letter {partner_id}", "verified": True}
    return CustomerChoice(partner_id=partner_id, written_on=written_on, **{**defaults, **fields})


def test_the_latest_written_choice_of_the_customer_counts() -> None:
    old, new = choice("co_other", DAY - timedelta(days=5)), choice("co_partner")
    assert against(choices=(old, new)) == {}
    assert against(choices=(choice("co_other"),)) == {"CUSTOMER_CHOSE_OTHER": "reject"}
    assert against(choices=(choice("co_other", verified=False),)) == {"CUSTOMER_CHOSE_OTHER": "review"}
    assert against(choices=(choice("co_other", customer=customer()),)) == {"CUSTOMER_CHOSE_OTHER": "review"}
    assert against(choices=(choice("co_other"), choice("co_partner"))) == {"CHOICES_DISAGREE": "review"}
    assert against(choices=(choice("co_other", customer=customer("Jabal")),)) == {}


def test_a_choice_does_not_make_the_later_one_win_before_the_earlier_is_released() -> None:
    earlier = Standing(request("dr_0", "co_other", received_at=NOW - HOUR), State.ACCEPTED)
    found = against(registrations=(earlier,), choices=(choice("co_partner"),))
    assert found == {"DUP_OTHER_PARTNER": "reject", "CUSTOMER_CHOSE_THIS": "review"}
    assert against(registrations=(earlier._replace(state=State.RELEASED),), choices=(choice("co_partner"),)) == {}


def opportunity(**fields: Any) -> OwnOpportunity:
    defaults = {"opportunity_id": "op_1", "customer": RIMAL, "products": ("erp",), "opened_at": NOW - HOUR}
    return OwnOpportunity(**{**defaults, **fields})


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, {"DIRECT_OPEN": "reject"}),
        ({"opened_at": NOW + HOUR}, {"DIRECT_OPEN": "review"}),
        ({"opened_at": None}, {"DIRECT_OPEN": "review"}),
        ({"products": None}, {"DIRECT_OPEN": "review"}),
        ({"products": ("crm",)}, {"DIRECT_OPEN": "review"}),
        ({"customer": customer()}, {"DIRECT_OPEN": "review"}),
        ({"customer": customer("Jabal Motors")}, {}),
    ],
)
def test_our_own_open_opportunity(fields: dict[str, Any], expected: dict[str, str]) -> None:
    assert against(opportunities=(opportunity(**fields),)) == expected


def own(**fields: Any) -> OwnCustomer:
    defaults = {"customer": RIMAL, "account_id": "co_rimal", "products": ("erp",), "last_contact_on": DAY}
    return OwnCustomer(**{**defaults, **fields})


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, {"CUSTOMER_EXISTING": "reject"}),
        ({"last_contact_on": DAY - timedelta(days=90)}, {"CUSTOMER_EXISTING": "reject"}),
        ({"last_contact_on": DAY - timedelta(days=91)}, {"CUSTOMER_EXISTING": "review"}),
        ({"last_contact_on": None}, {"CUSTOMER_EXISTING": "review"}),
        ({"products": ("crm",)}, {"CUSTOMER_EXISTING": "review"}),
        ({"products": None}, {"CUSTOMER_EXISTING": "review"}),
        ({"customer": customer("Jabal Motors")}, {}),
    ],
)
def test_our_own_customer(fields: dict[str, Any], expected: dict[str, str]) -> None:
    assert against(customers=(own(**fields),)) == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"areas": areas_of(["AE"])}, {"OUT_OF_TERRITORY": "reject"}),
        ({"areas": areas_of(["SA/Jeddah"])}, {"OUT_OF_TERRITORY": "reject"}),
        ({"areas": areas_of(["SA/الرياض"])}, {}),
        ({"areas": None}, {"OUT_OF_TERRITORY": "review"}),
        ({"segments": ("government",)}, {"OUT_OF_TERRITORY": "reject"}),
        ({"segments": ("retail_sector",)}, {"OUT_OF_TERRITORY": "review"}),
        ({"segments": "all"}, {}),
        ({"excluded_accounts": (RIMAL,)}, {"OUT_OF_TERRITORY": "reject"}),
        ({"excluded_accounts": (customer(),)}, {"OUT_OF_TERRITORY": "review"}),
        ({"products": ("crm",)}, {"NO_AUTHORITY": "reject"}),
        ({"products": None}, {"NO_AUTHORITY": "review"}),
        ({"may_register": False}, {"NO_AUTHORITY": "reject"}),
        ({"may_register": None}, {"NO_AUTHORITY": "review"}),
        ({"ended_on": DAY}, {"NO_AUTHORITY": "reject"}),
        ({"ended_on": DAY + timedelta(days=1)}, {}),
        ({"period": Period(starts_on=date(2025, 1, 1), ends_on=DAY)}, {"NO_AUTHORITY": "review"}),
        ({"period": Period(starts_on=DAY + timedelta(days=1), indefinite=True)}, {"NO_AUTHORITY": "reject"}),
    ],
)
def test_the_partners_own_agreement(fields: dict[str, Any], expected: dict[str, str]) -> None:
    assert against(agreements=(agreement("co_partner", "ag_own", **fields),)) == expected


def test_a_deal_somewhere_in_the_country_may_lie_in_the_city_of_the_agreement() -> None:
    asked = request(area=Area(country="SA"))
    own_city = agreement("co_partner", "ag_own", areas=areas_of(["SA/Riyadh"]))
    assert against(asked, agreements=(own_city,)) == {"OUT_OF_TERRITORY": "review"}


def test_right_and_territory_have_to_come_from_one_agreement() -> None:
    elsewhere = agreement("co_partner", "ag_1", areas=areas_of(["AE"]))
    unclear = agreement("co_partner", "ag_2", may_register=None)
    assert against(agreements=(elsewhere, unclear)) == {"OUT_OF_TERRITORY": "review"}
    assert against(agreements=(elsewhere, unclear.model_copy(update={"may_register": False}))) == {
        "OUT_OF_TERRITORY": "reject"
    }


def test_every_product_has_to_be_appointed() -> None:
    assert against(request(products=("erp", "crm"))) == {"NO_AUTHORITY": "reject"}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, "reject"),
        ({"areas": areas_of(["AE"])}, None),
        ({"areas": None}, "review"),
        ({"segments": ("retail_sector",)}, "review"),
        ({"excluded_accounts": (RIMAL,)}, None),
        ({"ended_on": DAY}, None),
        ({"products": ("crm",)}, None),
        ({"exclusivity": exclusive(None)}, "review"),
        ({"exclusivity": exclusive(carve_outs=None)}, "review"),
        ({"exclusivity": exclusive(carve_outs=(CarveOut(account=RIMAL),))}, None),
        ({"exclusivity": exclusive(carve_outs=(CarveOut(account=customer()),))}, "review"),
        ({"exclusivity": exclusive(carve_outs=(CarveOut(product="erp"),))}, None),
        ({"exclusivity": exclusive(carve_outs=(CarveOut(segment="businesses"),))}, None),
        ({"exclusivity": exclusive(carve_outs=(CarveOut(area=Area(country="SA", region="الرياض")),))}, None),
        ({"exclusivity": exclusive(carve_outs=(CarveOut(multi_country_customers=True),))}, "reject"),
        ({"exclusivity": exclusive(carve_outs=(CarveOut(own_sales=True),))}, "reject"),
        ({"exclusivity": exclusive(ExclusivityKind.ON_MINIMUM)}, "review"),
        ({"exclusivity": exclusive(ExclusivityKind.ON_MINIMUM, minimums_met=True)}, "reject"),
        ({"exclusivity": exclusive(ExclusivityKind.ON_MINIMUM, minimums_met=False, lapses_by_itself=True)}, None),
        ({"exclusivity": exclusive(ended_on=DAY)}, None),
        ({"exclusivity": exclusive(ExclusivityKind.NAMED_ACCOUNTS, named_accounts=(RIMAL,))}, "reject"),
        ({"exclusivity": exclusive(ExclusivityKind.NAMED_ACCOUNTS, named_accounts=(customer(),))}, "review"),
        ({"exclusivity": exclusive(ExclusivityKind.NAMED_ACCOUNTS, named_accounts=(customer("Jabal"),))}, None),
        ({"exclusivity": exclusive(ExclusivityKind.NAMED_ACCOUNTS)}, "review"),
    ],
)
def test_an_exclusive_of_another_partner(fields: dict[str, Any], expected: str | None) -> None:
    holder = agreement("co_holder", "ag_x", **{"exclusivity": exclusive(), **fields})
    found = against(agreements=(agreement("co_partner", "ag_own"), holder))
    assert found == ({} if expected is None else {"EXCLUSIVE_HELD": expected})


def test_customers_in_several_countries_are_outside_where_they_are_excepted() -> None:
    promise = exclusive(carve_outs=(CarveOut(multi_country_customers=True),))
    live = (agreement("co_partner", "ag_own"), agreement("co_holder", "ag_x", exclusivity=promise))
    assert against(request(multi_country=True), agreements=live) == {}
    assert against(request(multi_country=None), agreements=live) == {"EXCLUSIVE_HELD": "review"}


def test_ones_own_exclusivity_is_none_against_oneself() -> None:
    assert against(agreements=(agreement("co_partner", "ag_own", exclusivity=exclusive()),)) == {}


@pytest.mark.parametrize(
    ("outcome", "expected"), [("pass", None), ("not_applicable", None), ("fail", "reject"), ("unknown", "review")]
)
def test_the_outcome_of_the_headquarters_rule_is_taken_as_it_is(outcome: str, expected: str | None) -> None:
    found = against(rhq_related_party=outcome)
    assert found == ({} if expected is None else {"RHQ_RELATED_PARTY": expected})


def proof(days_ago: int, contact_id: str | None = "ct_1") -> Proof:
    day = DAY - timedelta(days=days_ago)
    return Proof(kind=ProofKind.PROPOSAL, dated_on=day, reference="p", contact_id=contact_id)


def test_stale_and_missing_proof() -> None:
    assert against(request(expected_close=DAY)) == {}
    assert against(request(expected_close=DAY - timedelta(days=1))) == {"STALE": "reject"}
    assert against(request(proofs=(proof(90),))) == {}
    assert against(request(proofs=(proof(91),))) == {"STALE": "review"}
    assert against(request(proofs=(proof(91), proof(1)))) == {}
    assert against(request(proofs=())) == {"PROOF_MISSING": "review"}


def test_a_list_of_named_accounts_needs_proof_of_contact_for_each() -> None:
    assert against(request(part_of_list=True)) == {}
    assert against(request(part_of_list=True, proofs=(proof(1, None),))) == {"NO_CONTACT_PROOF": "reject"}
    assert against(request(part_of_list=True, proofs=())) == {"NO_CONTACT_PROOF": "reject"}


def test_findings_name_ids_and_facts_and_no_contact() -> None:
    context = clean_context(opportunities=(opportunity(products=None),))
    (finding,) = findings_of(request(), context, RULES, NOW)
    assert finding.refs == ("op_1",) and finding.unknown == ("products",)
    assert "op_1" in finding.text.en and "op_1" in finding.text.ar and "ct_1" not in finding.model_dump_json()
