"""Evidence turns stale exactly on its day (gcc-rules §7)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from partnership_os.schemas.compliance import Outcome
from tests.tools.gcc_compliance.scene import DAY, RULES, alone, fact, facts_of, phase_for, report, result_in, strictest

AGES = {
    "registry_extract": 30,
    "annual_confirmation": 365,
    "nitaqat_certificate": 90,
    "vat_certificate": 180,
    "ubo_file": 365,
    "rhq_licence": 180,
    "misa_registration": 180,
}


def outcome(rule_id: str, facts: list[Any], day: date) -> Outcome:
    rule = RULES.rules[rule_id]
    made = report(
        facts,
        day=day,
        countries=(rule.country or "SA",),
        partnership=strictest(rule),
        phase=phase_for(rule, strictest(rule)),
        rules=alone(rule_id),
    )
    return result_in(made, rule_id).outcome


def test_the_ages_of_the_reference() -> None:
    assert {name: RULES.vocabulary.evidence[name].max_age_days for name in AGES} == AGES


@pytest.mark.parametrize(
    ("rule_id", "values", "age"),
    [
        ("SA-CR-6", {"register_status": "active", "in_liquidation": False}, 30),
        ("SA-NQ-1", {"nitaqat_band": "platinum"}, 90),
        ("SA-UBO-1", {"ubo_disclosure": "exempt"}, 365),
        ("SA-RHQ-1", {"related_to_headquarters_abroad": False, "rhq_licensed": True}, 180),
    ],
)
def test_a_pass_turns_unknown_on_the_day_after_its_last(rule_id: str, values: dict[str, Any], age: int) -> None:
    facts = facts_of(values)
    assert outcome(rule_id, facts, DAY + timedelta(days=age)) is Outcome.PASS
    assert outcome(rule_id, facts, DAY + timedelta(days=age + 1)) is Outcome.UNKNOWN


def test_the_date_on_the_paper_counts_before_the_day_of_retrieval() -> None:
    old = fact("nitaqat_band", "platinum", issued_on=DAY - timedelta(days=90))
    assert outcome("SA-NQ-1", [old], DAY) is Outcome.PASS
    assert outcome("SA-NQ-1", [old], DAY + timedelta(days=1)) is Outcome.UNKNOWN


def test_the_last_day_on_the_paper_counts() -> None:
    paper = fact("local_content_baseline", True, valid_until=DAY)
    facts = [paper, fact("high_value_contract", True)]
    assert outcome("SA-LC-3", facts, DAY) is Outcome.PASS
    assert outcome("SA-LC-3", facts, DAY + timedelta(days=1)) is Outcome.UNKNOWN


def test_saudization_certificates_of_before_the_new_phase_are_stale_from_its_first_day() -> None:
    before = fact("nitaqat_band", "platinum", date(2026, 4, 25))
    first = fact("nitaqat_band", "platinum", date(2026, 4, 26))
    assert outcome("SA-NQ-1", [before], date(2026, 4, 25)) is Outcome.PASS
    assert outcome("SA-NQ-1", [before], date(2026, 4, 26)) is Outcome.UNKNOWN
    assert outcome("SA-NQ-1", [first], date(2026, 4, 26)) is Outcome.PASS
    made = report([before], day=date(2026, 4, 26))
    assert [ask.problem for ask in result_in(made, "SA-NQ-1").asks] == ["outdated"]


def test_owners_are_declared_again_within_fifteen_days_of_a_change() -> None:
    changed = DAY + timedelta(days=10)
    facts = [fact("ubo_disclosure", "exempt"), fact("ubo_changed_on", changed, changed)]
    assert outcome("SA-UBO-1", facts, changed + timedelta(days=15)) is Outcome.PASS
    assert outcome("SA-UBO-1", facts, changed + timedelta(days=16)) is Outcome.UNKNOWN
    renewed = [*facts, fact("ubo_disclosure", "exempt", changed)]
    assert outcome("SA-UBO-1", renewed, changed + timedelta(days=16)) is Outcome.PASS


@pytest.mark.parametrize(
    ("rule_id", "values", "event"),
    [
        ("SA-CR-8", {"signatory_authorised": True}, "last_signed_on"),
        ("QA-PD-1", {"contacts_shared": True, "dpa_signed": True}, "data_class_added_on"),
    ],
)
def test_an_event_uses_the_evidence_up(rule_id: str, values: dict[str, Any], event: str) -> None:
    happened = DAY + timedelta(days=5)
    facts = [*facts_of(values), fact(event, happened, happened)]
    assert outcome(rule_id, facts, happened) is Outcome.PASS
    assert outcome(rule_id, facts, happened + timedelta(days=1)) is Outcome.UNKNOWN


@pytest.mark.parametrize(("country", "known"), [("SA", False), ("AE", True)])
def test_the_day_of_retrieval_is_that_of_the_country(country: str, known: bool) -> None:
    """At 20:30 UTC it is 23:30 in Riyadh and already the next day in Dubai."""
    late = datetime(2026, 8, 31, 20, 30, tzinfo=UTC)
    name, value = ("register_status", "active") if country == "SA" else ("licence_status", "active")
    item = fact(name, value, country=country).model_copy(update={"retrieved_at": late})
    rule_id = "SA-CR-6" if country == "SA" else "AE-CR-1"
    facts = [item, fact("in_liquidation", False, date(2026, 8, 31))]
    rule = alone(rule_id)
    made = report(facts, day=date(2026, 8, 31), countries=(country,), rules=rule)
    problems = {ask.problem for ask in result_in(made, rule_id).asks}
    assert ("not_yet" in problems) is known
