"""The report as a whole: standing, contradictions, ranks of sources, waivers, countries, wording."""

import re
from datetime import date, timedelta

import pytest

from partnership_os.errors import InputError
from partnership_os.schemas.compliance import Fact, FactSource, Outcome, Severity, Verified
from partnership_os.schemas.compliance_report import ComplianceReport, Effect, Standing
from partnership_os.schemas.partnership import ApprovalLevel, LifecyclePhase, PartnershipType
from partnership_os.tools.gcc_compliance.evaluation import assess
from tests.tools.gcc_compliance.scene import DAY, RULES, fact, facts_of, report, result_in, waiver

GOOD = {"register_status": "active", "in_liquidation": False}


def test_no_fact_at_all_passes_nothing() -> None:
    made = report([])
    assert not [item.rule_id for item in made.results if item.outcome is Outcome.PASS]
    assert not [item.rule_id for item in made.results if item.outcome is Outcome.FAIL]
    assert made.standing is Standing.STOPPED
    assert report([], phase=LifecyclePhase.SCOUT).standing is Standing.ASKS_EVIDENCE


def test_the_report_carries_the_disclaimer_and_survives_json() -> None:
    made = report(facts_of(GOOD))
    assert "Not legal advice" in made.disclaimer.en
    assert ComplianceReport.model_validate_json(made.model_dump_json()) == made


def test_a_fact_survives_json_in_its_own_type() -> None:
    values = {"register_status": "active", "capital_sar": 5, "closing_on": 3, "deal_activities": ["2", "1"], **GOOD}
    for item in facts_of(values):
        again = Fact.model_validate_json(item.model_dump_json())
        assert again == item and type(again.value) is type(item.value)


def test_the_evidence_of_an_outcome_is_cited_with_its_last_good_day() -> None:
    found = result_in(report(facts_of(GOOD, DAY - timedelta(days=3))), "SA-CR-6")
    assert [(use.fact, use.value, use.source_id) for use in found.evidence] == [
        ("in_liquidation", "false", "ev_in_liquidation"),
        ("register_status", "active", "ev_register_status"),
    ]
    assert found.holds_until == DAY + timedelta(days=27)
    assert all(source.retrieved for source in found.sources) and found.sources


def test_a_document_does_not_prove_what_only_a_register_may() -> None:
    weak = [fact("register_status", "active", source_kind=FactSource.DOCUMENT), fact("in_liquidation", False)]
    found = result_in(report(weak), "SA-CR-6")
    assert found.outcome is Outcome.UNKNOWN
    assert [(ask.fact, ask.problem, ask.least_source) for ask in found.asks] == [
        ("register_status", "too_weak", FactSource.REGISTRY)
    ]


def test_the_higher_source_wins_and_the_contradiction_is_listed() -> None:
    facts = [
        fact("nitaqat_band", "red", source="qiwa"),
        fact("nitaqat_band", "platinum", source="certificate", source_kind=FactSource.DOCUMENT),
    ]
    made = report(facts)
    assert result_in(made, "SA-NQ-1").outcome is Outcome.FAIL
    (contradiction,) = made.contradictions
    assert contradiction.settled
    assert [side.value for side in contradiction.sides] == ["red", "platinum"]


def test_two_sources_of_one_rank_that_disagree_leave_it_unknown() -> None:
    facts = [fact("nitaqat_band", "red", source="qiwa"), fact("nitaqat_band", "platinum", source="hrsd")]
    made = report(facts)
    found = result_in(made, "SA-NQ-1")
    assert (found.outcome, found.asks[0].problem) == (Outcome.UNKNOWN, "contradicted")
    assert [item.settled for item in made.contradictions] == [False]


def test_a_later_word_of_the_same_source_replaces_the_earlier() -> None:
    facts = [fact("nitaqat_band", "red", DAY - timedelta(days=9)), fact("nitaqat_band", "platinum")]
    made = report(facts)
    assert result_in(made, "SA-NQ-1").outcome is Outcome.PASS
    assert made.contradictions == ()


def test_a_fact_of_another_country_does_not_count() -> None:
    facts = [fact("vat_registered", True), fact("vat_rate_applied", "0.05", country="AE")]
    made = report(facts, countries=("SA", "AE"))
    assert result_in(made, "AE-VAT-1").outcome is Outcome.PASS
    assert result_in(made, "SA-VAT-1c").outcome is Outcome.UNKNOWN


def test_what_is_retrieved_later_is_not_known_yet() -> None:
    made = report(facts_of(GOOD, DAY + timedelta(days=1)))
    found = result_in(made, "SA-CR-6")
    assert (found.outcome, {ask.problem for ask in found.asks}) == (Outcome.UNKNOWN, {"not_yet"})


def test_an_unverified_blocking_row_is_shown_as_a_warning_and_says_so() -> None:
    facts = facts_of({"contacts_shared": True, "dpa_signed": False, "dpa_clauses": ["none"]})
    found = result_in(report(facts), "SA-PD-3")
    assert (found.intended, found.severity, found.verified) == (Severity.BLOCK, Severity.WARN, Verified.OWN_KNOWLEDGE)
    assert found.effect is Effect.NEEDS_REASON
    assert found.reasons[-1].code == "unverified_cannot_block" and "not verified" in found.reasons[-1].text.en


def test_countries_may_be_named_and_those_without_rules_are_said_to_be_uncovered() -> None:
    made = report([], countries=("السعودية", "Egypt", "SA"))
    assert (made.countries, made.not_covered) == (("EG", "SA"), ("EG",))
    assert {item.country for item in made.results} == {None, "SA"}


@pytest.mark.parametrize("countries", [(), ("Atlantis",)])
def test_no_country_or_a_wrong_one_is_refused(countries: tuple[str, ...]) -> None:
    with pytest.raises(InputError, match=r"country"):
        report([], countries=countries)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("nitaqat_band", "yellow", "not one of its values"),
        ("dpa_clauses", ["purpose", "magic"], "not one of its values"),
    ],
)
def test_a_value_outside_the_vocabulary_is_refused(name: str, value: object, message: str) -> None:
    with pytest.raises(InputError, match=message):
        fact(name, value)


def test_a_fact_of_an_unknown_name_or_of_another_kind_is_refused() -> None:
    good = fact("nitaqat_band", "red")
    for wrong in (good.model_copy(update={"name": "made_up"}), good.model_copy(update={"name": "in_liquidation"})):
        with pytest.raises(InputError):
            report([wrong])


@pytest.mark.parametrize("value", [1.5, "NaN", "Infinity", "1e30", True, None])
def test_a_number_is_exact_and_finite(value: object) -> None:
    with pytest.raises(ValueError, match=r"not a|out of range"):
        fact("capital_sar", value)


def test_there_is_no_source_kind_for_what_a_model_remembers() -> None:
    assert [kind.value for kind in sorted(FactSource, key=lambda item: -item.rank)] == [
        "registry",
        "document",
        "web",
        "self_declared",
    ]


# Waivers.

RED = facts_of({"nitaqat_band": "red"})


def test_a_waiver_lets_a_failing_rule_pass_and_leaves_its_outcome() -> None:
    made = report(RED, waivers=(waiver("SA-NQ-1", rule_version=2),))
    found = result_in(made, "SA-NQ-1")
    assert (found.outcome, found.effect, found.waiver_id) == (Outcome.FAIL, Effect.WAIVED, "wv_1")
    assert "2026-10-01" in found.reasons[-1].text.en
    assert made.refused_waivers == ()


def test_a_waiver_ends_with_its_last_day() -> None:
    signed = waiver("SA-NQ-1", rule_version=2)
    fresh = facts_of({"nitaqat_band": "red"}, signed.expires_on)
    assert result_in(report(fresh, day=signed.expires_on, waivers=(signed,)), "SA-NQ-1").effect is Effect.WAIVED
    after = report(fresh, day=signed.expires_on + timedelta(days=1), waivers=(signed,))
    assert result_in(after, "SA-NQ-1").effect is Effect.STOPS
    assert [item.code for item in after.refused_waivers] == ["expired"]


@pytest.mark.parametrize(
    ("rule_id", "more", "code"),
    [
        ("SA-NQ-1", {"rule_version": 1}, "other_version"),
        ("SA-NQ-1", {"approver_level": ApprovalLevel.VP}, "level_too_low"),
        ("SA-NQ-1", {"legal_approver": "pe_chief"}, "one_person"),
        ("SA-NQ-1", {"granted_on": DAY + timedelta(days=1)}, "not_yet"),
        ("SA-ZZ-9", {}, "unknown_rule"),
        ("SA-AG-3", {"rule_version": 1}, "nothing_to_waive"),
        ("SA-CR-6", {"rule_version": 1}, "never_waivable"),
        ("SA-AC-1", {"rule_version": 1}, "never_waivable"),
        ("ALL-SN-1", {"rule_version": 1}, "never_waivable"),
    ],
)
def test_a_waiver_that_does_not_count_says_why(rule_id: str, more: dict[str, object], code: str) -> None:
    made = report(RED, waivers=(waiver(rule_id, **({"rule_version": 2} | more)),))
    assert [item.code for item in made.refused_waivers] == [code]
    assert not made.with_effect(Effect.WAIVED)
    assert result_in(made, "SA-NQ-1").effect is Effect.STOPS


def test_of_two_counting_waivers_the_longer_one_is_named() -> None:
    signed = (
        waiver("SA-NQ-1", rule_version=2),
        waiver("SA-NQ-1", rule_version=2, waiver_id="wv_2", expires_on=DAY + timedelta(days=40)),
    )
    assert result_in(report(RED, waivers=signed), "SA-NQ-1").waiver_id == "wv_2"


# Wording.


def test_every_text_of_a_report_is_in_both_languages_and_without_placeholders() -> None:
    for partnership in PartnershipType:
        made = report(facts_of(GOOD), partnership=partnership, countries=("SA", "AE", "QA", "KW", "BH", "OM"))
        for item in made.results:
            for text in (item.title, item.requirement, *(reason.text for reason in item.reasons)):
                assert re.search("[\u0621-\u064a]", text.ar), (item.rule_id, text.ar)
                assert not re.search("[\u0621-\u064a]", text.en), (item.rule_id, text.en)
                assert "{" not in text.en + text.ar


def test_limits_read_as_per_cent_and_with_thousands() -> None:
    made = report([], partnership=PartnershipType.GOVERNMENT)
    text = result_in(made, "SA-RHQ-1").requirement
    assert "1,000,000" in text.en and "25%" in text.en and "25%" in text.ar


def test_the_stamp_of_the_rules_follows_every_word_of_them() -> None:
    made = assess(
        [],
        RULES,
        as_of=date(2026, 9, 1),
        countries=["SA"],
        partnership=PartnershipType.REFERRAL,
        phase=LifecyclePhase.SCOUT,
    )
    assert made.rule_set == RULES.stamp
    assert re.fullmatch("[0-9a-f]{64}", RULES.stamp.digest)
