"""Every row of the rule set, on both sides of each of its tests and of its dates; no row can be added without that."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from partnership_os.schemas.compliance import FactKind, Outcome, Severity, Verified
from partnership_os.schemas.compliance_report import Effect, RuleResult
from partnership_os.tools.gcc_compliance.conditions import Condition, ConditionKind
from partnership_os.tools.gcc_compliance.facts import FactBook
from partnership_os.tools.gcc_compliance.predicates import Scene, Truth, judge
from partnership_os.tools.gcc_compliance.rows import Period, Rule
from tests.tools.gcc_compliance.scene import RULES, Example, answer, day_of, examples, facts_of

EXAMPLES = list(examples())
TESTED = [(rule, period) for rule in RULES.rules.values() for period in rule.periods if rule.test is not None]
PERIODS = [(rule, period) for rule in RULES.rules.values() for period in rule.periods]
STEP = {"_share": Decimal("0.01"), "_rate": Decimal("0.01"), "": Decimal(1)}
COUNTED = {
    **{"SA-CR": 8, "SA-UBO": 2, "SA-AC": 1, "SA-FO": 9, "SA-NQ": 5, "SA-PR": 3, "SA-RHQ": 2, "SA-LC": 5, "SA-SME": 2},
    **{"SA-VAT": 1, "SA-EI": 3, "SA-PD": 9, "SA-LA": 3, "SA-ES": 2, "SA-AG": 3, "SA-FR": 1, "SA-CO": 3, "ALL-SN": 1},
    **{f"{country}-{factor}": 1 for country in ("AE", "QA", "KW", "BH", "OM") for factor in ("LO", "FO", "CR", "PD")},
    **{f"{country}-LA": 1 for country in ("AE", "QA", "KW", "BH", "OM")},
    **{f"{country}-VAT": 1 for country in ("AE", "QA", "KW", "BH", "OM")},
    **{"AE-AG": 1, "QA-AG": 1, "OM-AG": 1, "AE-EI": 1, "OM-EI": 1},
}
"""Rows of the reference: how many there are of each factor, numbered from 1."""
REFERENCE = [f"{factor}-{number}" for factor, count in COUNTED.items() for number in range(1, count + 1)]


def name(pair: tuple[Rule, Period]) -> str:
    return f"{pair[0].rule_id}.{pair[1].version}"


def test_every_row_of_the_reference_is_a_row_here() -> None:
    assert [rule_id for rule_id in REFERENCE if rule_id not in RULES.rules] == []


def test_every_fact_evidence_source_and_kind_of_test_is_used() -> None:
    events = {kind.renew_after.event for kind in RULES.vocabulary.evidence.values() if kind.renew_after}
    read = frozenset[str]().union(*(rule.facts() for rule in RULES.rules.values())) | events
    assert set(RULES.vocabulary.facts) == read
    assert set(RULES.vocabulary.evidence) == {term.evidence for term in RULES.vocabulary.facts.values()}
    assert set(RULES.sources) == {source for _, period in PERIODS for source in period.sources}
    kinds = {part.kind for rule in RULES.rules.values() for test in rule.conditions() for part in all_parts(test)}
    assert kinds == set(ConditionKind)


def all_parts(condition: Condition) -> list[Condition]:
    return [condition, *(item for part in condition.parts for item in all_parts(part))]


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_example(example: Example) -> None:
    found = answered(example)
    assert found.outcome is example.expected.outcome, [reason.text.en for reason in found.reasons]
    assert example.expected.severity in (None, found.severity)
    assert example.reason in (None, found.reasons[0].code)
    assert found.version == example.period.version


def answered(example: Example) -> RuleResult:
    return answer(example.rule, example.values, example.day, example.partnership)


# No rule without examples, and no test of a rule without a pair that differs in its fact alone and in the outcome.


@pytest.mark.parametrize(("rule", "period"), TESTED, ids=[name(pair) for pair in TESTED])
def test_each_test_of_the_row_has_an_example_on_both_sides(rule: Rule, period: Period) -> None:
    pairs = [item for item in EXAMPLES if item.rule is rule and item.period is period and item.base is not None]
    missing = [
        f"{leaf.kind.value} {leaf.fact}"
        for condition in rule.conditions()
        for leaf in condition.leaves()
        if not any(flips(leaf, item) for item in pairs)
    ]
    assert not missing, (
        "add to examples.yaml facts that differ in this one fact, next to the limit, with another outcome"
    )


def flips(leaf: Condition, example: Example) -> bool:
    base = example.base or {}
    changed = {key for key in {*base, *example.values} if base.get(key) != example.values.get(key)}
    if len(changed) != 1 or not changed <= leaf.facts() or None in (example.values.get(next(iter(changed))),):
        return False
    truths = [truth(leaf, values, example) for values in (base, example.values)]
    if set(truths) != {Truth.TRUE, Truth.FALSE} or not near(leaf, base, example):
        return False
    before = answer(example.rule, base, example.day, example.partnership)
    after = answered(example)
    return (before.outcome, before.severity, before.reasons[0]) != (after.outcome, after.severity, after.reasons[0])


def truth(leaf: Condition, values: dict[str, Any], example: Example) -> Truth:
    book = FactBook(facts_of(values, example.day), RULES.vocabulary, example.day)
    return judge(leaf, Scene(book, example.rule.country, example.day, example.period.limits)).truth


def near(leaf: Condition, base: dict[str, Any], example: Example) -> bool:
    """Whether a numeric test is flipped by the smallest step of its fact; other tests are near anyway."""
    numeric = leaf.kind in (
        ConditionKind.AT_LEAST, ConditionKind.AT_MOST, ConditionKind.MORE_THAN, ConditionKind.LESS_THAN,
        ConditionKind.NOT_BELOW, ConditionKind.DAYS_SINCE_AT_MOST, ConditionKind.DAYS_UNTIL_AT_LEAST,
        ConditionKind.DAYS_BETWEEN_AT_LEAST,
    )  # fmt: skip
    if not numeric:
        return True
    gaps = [
        abs(Decimal(base[fact]) - Decimal(example.values[fact])) <= step_of(fact)
        for fact in leaf.facts()
        if base.get(fact) != example.values.get(fact)
    ]
    return gaps == [True]


def step_of(fact: str) -> Decimal:
    if RULES.vocabulary.term(fact).kind is FactKind.DAY:
        return Decimal(1)
    return next(step for ending, step in STEP.items() if fact.endswith(ending))


@pytest.mark.parametrize(
    "rule", [rule for rule in RULES.rules.values() if rule.classify], ids=lambda rule: rule.rule_id
)
def test_each_band_is_met_on_both_sides_of_its_edge(rule: Rule) -> None:
    """Bands are read from the result, at the last value of each band and one beyond."""
    for item in rule.classify:
        for band, following in zip(item.bands, item.bands[1:], strict=False):
            inside = band.below - 1 if band.below is not None else band.up_to
            assert inside is not None
            outside = inside + 1
            assert (item.band_of(inside), item.band_of(outside)) == (band.name, following.name)


def test_the_fine_for_undeclared_owners_follows_the_capital() -> None:
    rule = RULES.rules["SA-UBO-2"]
    fines = {
        capital: next(
            parameter.value
            for reason in answer(
                rule,
                {"ubo_disclosure": "filed", "ubo_confirmed_this_year": False, "capital_sar": capital},
                date(2026, 9, 1),
            ).reasons
            for parameter in reason.parameters
            if reason.code == "classified" and parameter.name == "band"
        )
        for capital in (499_999, 500_000, 2_500_000, 2_500_001, 5_000_000, 5_000_001)
    }
    assert list(fines.values()) == [f"fine SAR {fine}" for fine in (4000, 20000, 20000, 40000, 40000, 80000)]


# Dates: the day before and the first day, the last day and the day after, and the days between two readings.


@pytest.mark.parametrize(("rule", "period"), PERIODS, ids=[name(pair) for pair in PERIODS])
def test_the_row_answers_from_its_first_day(rule: Rule, period: Period) -> None:
    if period.begins is None:
        assert answer(rule, {}, date(2000, 1, 1)).version == period.version
        return
    before = answer(rule, {}, period.begins.earliest - timedelta(days=1))
    assert before.version != period.version
    if period is rule.periods[0]:
        assert (before.outcome, before.version) == (Outcome.NOT_APPLICABLE, 0)
        assert before.reasons[0].code == "not_in_force_yet"
        assert str(period.begins.earliest) in before.reasons[0].text.en
    assert answer(rule, {}, period.begins.earliest).version == period.version
    assert answer(rule, {}, period.begins.latest).version == period.version


ENDED = [pair for pair in PERIODS if pair[1].ends]


@pytest.mark.parametrize(("rule", "period"), ENDED, ids=[name(pair) for pair in ENDED])
def test_the_row_answers_to_its_last_day(rule: Rule, period: Period) -> None:
    assert period.ends is not None
    assert answer(rule, {}, period.ends).version == period.version
    assert answer(rule, {}, period.ends + timedelta(days=1)).version != period.version


DISPUTED = [
    (rule, period) for rule, period in TESTED if period.begins and period.begins.earliest < period.begins.latest
]


@pytest.mark.parametrize(("rule", "period"), DISPUTED, ids=[name(pair) for pair in DISPUTED])
def test_between_two_readings_of_the_first_day_a_failure_is_unknown(rule: Rule, period: Period) -> None:
    assert period.begins is not None
    group = [item for item in EXAMPLES if item.rule is rule and item.period is period]
    failing = next(item for item in group if item.expected.outcome is Outcome.FAIL)
    passing = next(item for item in group if item.expected.outcome is Outcome.PASS)
    for day in (period.begins.earliest, period.begins.latest - timedelta(days=1)):
        found = answer(rule, failing.values, day, failing.partnership)
        assert (found.outcome, found.reasons[0].code) == (Outcome.UNKNOWN, "date_disputed")
        assert answer(rule, passing.values, day, passing.partnership).outcome is Outcome.PASS
    assert answer(rule, failing.values, period.begins.latest, failing.partnership).outcome is Outcome.FAIL


def test_vat_was_five_per_cent_until_the_thirtieth_of_june_2020() -> None:
    rule = RULES.rules["SA-VAT-1c"]
    outcomes = {
        (day, rate): answer(rule, {"vat_registered": True, "vat_rate_applied": Decimal(rate)}, day).outcome
        for day in (date(2020, 6, 30), date(2020, 7, 1))
        for rate in ("0.05", "0.15")
    }
    assert list(outcomes.values()) == [Outcome.PASS, Outcome.FAIL, Outcome.FAIL, Outcome.PASS]


# Notes and marks.

NOTES = [rule for rule in RULES.rules.values() if rule.is_note]


@pytest.mark.parametrize("rule", NOTES, ids=lambda rule: rule.rule_id)
def test_a_note_is_printed_and_never_fails(rule: Rule) -> None:
    found = answer(rule, {}, day_of(rule.periods[-1]))
    assert (found.outcome, found.effect, found.asks) == (Outcome.NOT_APPLICABLE, Effect.NOTED, ())
    assert found.reasons[0].code == "note"


@pytest.mark.parametrize("example", [item for item in EXAMPLES if not item.period.verified.may_block], ids=str)
def test_an_unverified_row_never_blocks_and_says_so(example: Example) -> None:
    found = answered(example)
    assert found.severity is not Severity.BLOCK
    assert found.effect is not Effect.STOPS
    capped = found.intended is Severity.BLOCK and found.outcome in (Outcome.FAIL, Outcome.UNKNOWN)
    assert ("unverified_cannot_block" in [reason.code for reason in found.reasons]) is capped


def test_only_sanctions_screening_is_marked_as_our_own_policy() -> None:
    assert {rule.rule_id for rule, period in PERIODS if period.verified is Verified.POLICY} == {"ALL-SN-1", "ALL-SN-2"}


def test_what_may_never_be_waived() -> None:
    fixed = {rule.rule_id for rule in RULES.rules.values() if not rule.waivable}
    assert fixed == {"ALL-SN-1", "ALL-SN-2", "SA-CR-4", "SA-CR-6", "SA-AC-1"} | {
        f"{country}-CR-1" for country in ("AE", "QA", "KW", "BH", "OM")
    }
