"""What changed between two reports, and which open cases a new rule set or a new day changes."""

from collections.abc import Iterable
from datetime import date

from partnership_os.schemas.compliance_report import (
    CaseChanges,
    ChangeCause,
    ComplianceReport,
    OpenCase,
    OutcomeChange,
    OutcomeState,
    RuleResult,
)
from partnership_os.tools.gcc_compliance.evaluation import assess
from partnership_os.tools.gcc_compliance.rules import RuleSet

__all__ = ["changed_outcomes", "rerun"]


def changed_outcomes(before: ComplianceReport, after: ComplianceReport) -> tuple[OutcomeChange, ...]:
    """The rules whose outcome, severity or effect differs, by rule id, each with what made it differ.

    Args:
        before: A report.
        after: A later one, of other rules, another day, other facts or another phase.
    """
    first = {result.rule_id: result for result in before.results}
    second = {result.rule_id: result for result in after.results}
    changes = []
    for rule_id in sorted(first.keys() | second.keys()):
        old, new = first.get(rule_id), second.get(rule_id)
        known = new or old
        if known is not None and _state(old) != _state(new):
            changes.append(
                OutcomeChange(
                    rule_id=rule_id,
                    title=known.title,
                    before=_described(old),
                    after=_described(new),
                    cause=_cause(before, after, old, new),
                )
            )
    return tuple(changes)


def rerun(
    cases: Iterable[OpenCase], before: RuleSet, after: RuleSet, *, day_before: date, day_after: date
) -> tuple[CaseChanges, ...]:
    """Ask every open case again and list those with a changed outcome, by case id.

    The evidence is the same on both sides, so that only the rules and the day make a difference: a monthly run keeps
    the rules and moves the day, a rule change keeps the day and moves the rules.

    Raises:
        InputError: a case holds a fact that a vocabulary does not know.
    """
    found = []
    for case in sorted(cases, key=lambda item: item.case_id):
        old, new = _report(case, before, day_before), _report(case, after, day_after)
        changes = changed_outcomes(old, new)
        if changes:
            found.append(
                CaseChanges(
                    case_id=case.case_id,
                    rules_before=before.stamp.digest,
                    rules_after=after.stamp.digest,
                    day_before=day_before,
                    day_after=day_after,
                    standing_before=old.standing,
                    standing_after=new.standing,
                    changes=changes,
                )
            )
    return tuple(found)


def _report(case: OpenCase, rules: RuleSet, day: date) -> ComplianceReport:
    return assess(
        case.facts,
        rules,
        as_of=day,
        countries=case.countries,
        partnership=case.partnership,
        phase=case.phase,
        waivers=case.waivers,
    )


def _state(result: RuleResult | None) -> object:
    return result and (result.outcome, result.severity, result.effect)


def _described(result: RuleResult | None) -> OutcomeState | None:
    if result is None:
        return None
    return OutcomeState(
        version=result.version,
        outcome=result.outcome,
        severity=result.severity,
        effect=result.effect,
        reasons=tuple(reason.code for reason in result.reasons),
    )


def _cause(
    before: ComplianceReport, after: ComplianceReport, old: RuleResult | None, new: RuleResult | None
) -> ChangeCause:
    same_context = _context(before) == _context(after)
    if same_context and (old is None or new is None or old.version != new.version):
        return ChangeCause.RULE
    if not same_context or old is None or new is None:
        return ChangeCause.CONTEXT
    if old.waiver_id != new.waiver_id:
        return ChangeCause.WAIVER
    if before.facts_digest != after.facts_digest and (_cited(old) != _cited(new) or old.asks != new.asks):
        return ChangeCause.EVIDENCE
    only_rules = before.rule_set.digest != after.rule_set.digest and before.as_of == after.as_of
    return ChangeCause.RULE if only_rules else ChangeCause.DAY


def _context(report: ComplianceReport) -> object:
    return report.countries, report.partnership, report.phase


def _cited(result: RuleResult) -> frozenset[tuple[str, str, str]]:
    return frozenset((item.fact, item.value, item.source_id) for item in result.evidence)
