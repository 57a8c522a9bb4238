"""Facts, examples and reports for the tests of the rule engine."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from partnership_os.schemas.compliance import Fact, FactKind, FactSource, Outcome, Severity, Waiver
from partnership_os.schemas.compliance_report import ComplianceReport, RuleResult
from partnership_os.schemas.partnership import ApprovalLevel, LifecyclePhase, PartnershipType
from partnership_os.tools.data_file import read_data_file
from partnership_os.tools.gcc_compliance.evaluation import assess
from partnership_os.tools.gcc_compliance.facts import fact_of
from partnership_os.tools.gcc_compliance.rows import Period, Rule
from partnership_os.tools.gcc_compliance.rules import RuleSet, load_rules

DAY = date(2026, 9, 1)
RULES = load_rules()
FOLDER = Path(__file__).parent
_GRAVITY = [Severity.INFO, Severity.WARN, Severity.BLOCK]


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


def fact(name: str, value: Any, day: date = DAY, **more: Any) -> Fact:
    """A fact of a register, retrieved at noon."""
    fields = {"source_kind": FactSource.REGISTRY, "source": "register", "source_id": f"ev_{name}"} | more
    return fact_of(RULES.vocabulary, name, value, retrieved_at=noon(day), **fields)


def facts_of(values: Mapping[str, Any], day: date = DAY) -> list[Fact]:
    """Facts by name; a day is written as days from the day of the answer, None is left out."""
    made = []
    for name, value in values.items():
        if value is None:
            continue
        if RULES.vocabulary.term(name).kind is FactKind.DAY and isinstance(value, int):
            value = day + timedelta(days=value)
        made.append(fact(name, value, day))
    return made


def report(
    facts: list[Fact],
    *,
    day: date = DAY,
    countries: tuple[str, ...] = ("SA",),
    partnership: PartnershipType = PartnershipType.DISTRIBUTION,
    phase: LifecyclePhase = LifecyclePhase.ONBOARD,
    waivers: tuple[Waiver, ...] = (),
    rules: RuleSet = RULES,
) -> ComplianceReport:
    return assess(facts, rules, as_of=day, countries=countries, partnership=partnership, phase=phase, waivers=waivers)


def result_in(made: ComplianceReport, rule_id: str) -> RuleResult:
    return next(item for item in made.results if item.rule_id == rule_id)


def strictest(rule: Rule) -> PartnershipType:
    """The partnership type for which failing is gravest."""
    return max(
        (item for item in PartnershipType if item in rule.phases),
        key=lambda item: (_GRAVITY.index(rule.severity_for(item)), -list(PartnershipType).index(item)),
    )


def phase_for(rule: Rule, partnership: PartnershipType) -> LifecyclePhase:
    """ONBOARD, or MANAGE where the rule is asked only then."""
    late = rule.phases[partnership] is LifecyclePhase.MANAGE
    return LifecyclePhase.MANAGE if late else LifecyclePhase.ONBOARD


def day_of(period: Period) -> date:
    """A day on which a row is surely in force, as late as our day where it can be."""
    latest = period.begins.latest if period.begins else date.min
    return max(latest, min(period.ends or DAY, DAY))


@cache
def alone(rule_id: str) -> RuleSet:
    """A rule set of one rule: the others have no say in its result."""
    return RuleSet([RULES.rules[rule_id]], RULES.vocabulary, RULES.sources, RULES.wording)


def answer(rule: Rule, values: Mapping[str, Any], day: date, partnership: PartnershipType | None = None) -> RuleResult:
    """The result of one rule alone over these facts."""
    who = partnership or strictest(rule)
    made = report(
        facts_of(values, day),
        day=day,
        countries=(rule.country or "SA",),
        partnership=who,
        phase=phase_for(rule, who),
        rules=alone(rule.rule_id),
    )
    return result_in(made, rule.rule_id)


class Expected(NamedTuple):
    """What an example says: ``pass`` or ``fail/block``."""

    outcome: Outcome
    severity: Severity | None

    @classmethod
    def of(cls, text: str) -> "Expected":
        outcome, _, severity = text.partition("/")
        return cls(Outcome(outcome), Severity(severity) if severity else None)


class Example(NamedTuple):
    """One set of facts with its expected outcome; ``base`` are the facts that it was made from, None for a base."""

    rule: Rule
    period: Period
    day: date
    partnership: PartnershipType
    values: dict[str, Any]
    expected: Expected
    reason: str | None
    base: dict[str, Any] | None

    def __str__(self) -> str:
        said = ",".join(f"{name}={value}" for name, value in self.values.items())
        return f"{self.rule.rule_id}.{self.period.version}:{self.expected.outcome.value}:{said[:80]}"


def examples() -> Iterator[Example]:
    """Every example of the file, for each period that it speaks of."""
    content: dict[str, Any] = read_data_file(FOLDER / "examples.yaml").content
    for rule_id, groups in content.items():
        rule = RULES.rules[rule_id]
        for group in groups:
            partnership = PartnershipType(group["as"]) if "as" in group else strictest(rule)
            for period in rule.periods:
                if group.get("version", period.version) != period.version:
                    continue
                day = date.fromisoformat(group["on"]) if "on" in group else day_of(period)
                base = group["with"]
                first = Expected.of(group["is"])
                yield Example(rule, period, day, partnership, base, first, group.get("reason"), None)
                for outcome, changed, *reason in group["but"]:
                    values = {**base, **changed}
                    expected = Expected.of(outcome)
                    yield Example(rule, period, day, partnership, values, expected, (reason or [None])[0], base)


def waiver(rule_id: str, **more: Any) -> Waiver:
    fields = {
        "waiver_id": "wv_1",
        "rule_id": rule_id,
        "rule_version": 1,
        "approver": "pe_chief",
        "approver_level": ApprovalLevel.C_LEVEL,
        "legal_approver": "pe_counsel",
        "reason": "The certificate is on its way.",
        "granted_on": DAY,
        "expires_on": DAY + timedelta(days=30),
    }
    return Waiver.model_validate(fields | more)
