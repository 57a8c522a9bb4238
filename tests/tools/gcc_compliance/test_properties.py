"""What holds for every report, whatever the facts."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partnership_os.schemas.compliance import Fact, FactKind, FactSource, Outcome, Severity, Verified
from partnership_os.schemas.compliance_report import Effect
from partnership_os.schemas.partnership import LifecyclePhase, PartnershipType
from tests.tools.gcc_compliance.scene import (
    DAY,
    RULES,
    Example,
    alone,
    answer,
    examples,
    fact,
    facts_of,
    phase_for,
    report,
    result_in,
)

EXAMPLES = list(examples())
PASSING = [item for item in EXAMPLES if item.expected.outcome is Outcome.PASS]
UNVERIFIED = sorted(
    rule.rule_id for rule in RULES.rules.values() if all(not period.verified.may_block for period in rule.periods)
)
NAMES = sorted(RULES.vocabulary.facts)
COUNTRIES = ("SA", "AE", "QA", "KW", "BH", "OM")
FEW = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
MANY = settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def values(draw: st.DrawFn, name: str) -> Any:
    term = RULES.vocabulary.term(name)
    if term.kind is FactKind.TRUTH:
        return draw(st.booleans())
    if term.kind is FactKind.NUMBER:
        return draw(st.sampled_from([Decimal(0), Decimal("0.49"), Decimal(1), Decimal(50), Decimal(10) ** 9]))
    if term.kind is FactKind.DAY:
        return DAY + timedelta(days=draw(st.integers(-400, 400)))
    texts = list(term.values) or ["7001775498", "300000000000003", "463053", "x"]
    if term.kind is FactKind.TEXT:
        return draw(st.sampled_from(texts))
    return draw(st.lists(st.sampled_from(texts), min_size=1, max_size=4))


@st.composite
def facts(draw: st.DrawFn, names: tuple[str, ...] = tuple(NAMES)) -> Fact:
    name = draw(st.sampled_from(names))
    return fact(
        name,
        draw(values(name)),
        DAY - timedelta(days=draw(st.integers(-2, 200))),
        source_kind=draw(st.sampled_from(FactSource)),
        source=draw(st.sampled_from(["one", "two"])),
        source_id=draw(st.sampled_from(["ev_1", "ev_2"])),
    )


def facts_read_by(rule_id: str) -> st.SearchStrategy[Fact]:
    return facts(tuple(sorted(RULES.rules[rule_id].facts())))


@FEW
@given(st.lists(facts(), max_size=30), st.randoms(), st.sampled_from(PartnershipType), st.sampled_from(LifecyclePhase))
def test_the_order_of_facts_and_countries_does_not_change_a_byte(
    listed: list[Fact], random: Any, partnership: PartnershipType, phase: LifecyclePhase
) -> None:
    first = report(listed, partnership=partnership, phase=phase, countries=COUNTRIES)
    shuffled, countries = [*listed, *listed[:3]], list(COUNTRIES)
    random.shuffle(shuffled)
    random.shuffle(countries)
    second = report(shuffled, partnership=partnership, phase=phase, countries=tuple(countries))
    assert first.model_dump_json() == second.model_dump_json()


@MANY
@given(st.data())
def test_an_unverified_row_never_blocks(data: st.DataObject) -> None:
    rule = RULES.rules[data.draw(st.sampled_from(UNVERIFIED))]
    listed = data.draw(st.lists(facts_read_by(rule.rule_id), max_size=12)) if rule.facts() else []
    day = data.draw(st.dates(date(2018, 1, 1), date(2030, 1, 1)))
    for partnership in rule.phases:
        made = report(
            listed,
            day=day,
            countries=(rule.country or "SA",),
            partnership=partnership,
            phase=data.draw(st.sampled_from(LifecyclePhase)),
            rules=alone(rule.rule_id),
        )
        found = result_in(made, rule.rule_id)
        assert found.severity is not Severity.BLOCK and found.effect is not Effect.STOPS


@MANY
@given(st.sampled_from(PASSING), st.data())
def test_better_evidence_never_turns_a_pass_into_a_failure(example: Example, data: st.DataObject) -> None:
    """The same values again from higher sources or fresher, and values for facts that were open."""
    rule = example.rule
    base = facts_of({name: value for name, value in example.values.items() if value is not None}, example.day)
    kept = data.draw(st.sets(st.sampled_from(range(len(base)))))
    known = [item for index, item in enumerate(base) if index not in kept]
    before = result_of(example, known)
    again = [
        item.model_copy(update={"source_kind": data.draw(st.sampled_from(FactSource)), "source_id": "ev_again"})
        for item in known
    ]
    opened = sorted(rule.facts() - {item.name for item in known})
    filled = [fact(name, data.draw(values(name)), example.day) for name in opened if data.draw(st.booleans())]
    after = result_of(example, [*known, *again, *filled])
    if before.outcome is Outcome.PASS:
        assert after.outcome is not Outcome.FAIL
    if before.outcome is Outcome.FAIL and before.reasons[0].code == "test_not_met":
        assert after.outcome is not Outcome.PASS


def result_of(example: Example, listed: list[Fact]) -> Any:
    made = report(
        listed,
        day=example.day,
        countries=(example.rule.country or "SA",),
        partnership=example.partnership,
        phase=phase_for(example.rule, example.partnership),
        rules=alone(example.rule.rule_id),
    )
    return result_in(made, example.rule.rule_id)


@MANY
@given(st.sampled_from([item for item in PASSING if item.period is item.rule.periods[-1]]))
def test_a_pass_holds_to_its_last_good_day_and_is_unknown_on_the_next(example: Example) -> None:
    """Rules whose tests count days themselves may fail before their evidence ages."""
    counted = any("days" in leaf.kind.value for test in example.rule.conditions() for leaf in test.leaves())
    listed = facts_of({name: value for name, value in example.values.items() if value is not None}, example.day)
    first = result_of(example, listed)
    if first.holds_until is None or counted:
        return
    last = result_of(example._replace(day=first.holds_until), listed)
    after = result_of(example._replace(day=first.holds_until + timedelta(days=1)), listed)
    assert last.outcome is Outcome.PASS
    assert after.outcome is not Outcome.FAIL
    if len(listed) == len(first.evidence):
        assert after.outcome is Outcome.UNKNOWN


@MANY
@given(st.sampled_from(EXAMPLES), st.data())
def test_an_open_fact_never_decides_against_the_partner(example: Example, data: st.DataObject) -> None:
    """Leaving facts out turns FAIL into UNKNOWN or leaves it; it makes no new failure out of a pass."""
    left = data.draw(st.sets(st.sampled_from(sorted(example.values)))) if example.values else set()
    fewer = {name: value for name, value in example.values.items() if name not in left}
    found = answer(example.rule, fewer, example.day, example.partnership)
    if example.expected.outcome is Outcome.PASS:
        assert found.outcome is not Outcome.FAIL
    if not fewer:
        assert found.outcome in (Outcome.UNKNOWN, Outcome.NOT_APPLICABLE)


def test_the_marks_are_all_in_use() -> None:
    assert {period.verified for rule in RULES.rules.values() for period in rule.periods} == set(Verified)
