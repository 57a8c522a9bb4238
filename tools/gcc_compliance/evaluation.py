"""The door of the rule engine: facts and rules in, one report as of a day out. Not legal advice."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from partnership_os.errors import InputError
from partnership_os.governance.canonical import digest_of
from partnership_os.schemas.base import country_codes
from partnership_os.schemas.compliance import Fact, Outcome, Severity, Waiver
from partnership_os.schemas.compliance_report import ComplianceReport, Effect, Reason, RuleResult, Standing
from partnership_os.schemas.partnership import LifecyclePhase, PartnershipType
from partnership_os.tools.countries import country_code
from partnership_os.tools.gcc_compliance.answers import Answer, answer
from partnership_os.tools.gcc_compliance.calendar import Force, InForce, is_asked, row_on
from partnership_os.tools.gcc_compliance.facts import FactBook
from partnership_os.tools.gcc_compliance.predicates import Scene
from partnership_os.tools.gcc_compliance.rows import Period, Rule, rendered
from partnership_os.tools.gcc_compliance.rules import RuleSet
from partnership_os.tools.gcc_compliance.waivers import WaivableResult, sort_waivers
from partnership_os.tools.gcc_compliance.wording import in_both, limit_texts

__all__ = ["assess"]

_STOPPED_BY_UNKNOWN = frozenset(
    {LifecyclePhase.ONBOARD, LifecyclePhase.MANAGE, LifecyclePhase.OPTIMIZE, LifecyclePhase.RENEW}
)
_STANDINGS = (
    (Effect.STOPS, Standing.STOPPED),
    (Effect.NEEDS_REASON, Standing.NEEDS_REASON),
    (Effect.ASKS_EVIDENCE, Standing.ASKS_EVIDENCE),
)


class _Case(NamedTuple):
    rules: RuleSet
    book: FactBook
    as_of: date
    partnership: PartnershipType
    phase: LifecyclePhase


def assess(
    facts: Iterable[Fact],
    rules: RuleSet,
    *,
    as_of: date,
    countries: Iterable[str],
    partnership: PartnershipType,
    phase: LifecyclePhase,
    waivers: Iterable[Waiver] = (),
) -> ComplianceReport:
    """What every rule says as of a day: the rules of that day over the evidence of that day.

    Equal input gives equal bytes, whatever the order of facts, countries and waivers.

    Args:
        facts: Everything that sources say of the partner and the deal.
        rules: See `rules.load_rules`.
        as_of: The day to answer for; later evidence is not known yet.
        countries: ISO codes, or names in English or Arabic, of the countries where the deal takes place.
        partnership: The partnership type.
        phase: The phase that the deal stands in; a result that `STOPS` keeps it from its next Class B gate.
        waivers: Waivers as recorded; whether they were approved is for the caller to prove.

    Returns:
        One result for each rule of the countries and each rule of every country, by rule id.

    Raises:
        InputError: a country that does not exist, or a fact that the vocabulary does not know.
    """
    codes = tuple(sorted({_code(country) for country in countries}))
    if not codes:
        raise InputError("No country was named.", fix="Name the countries where the deal takes place.")
    book = FactBook(facts, rules.vocabulary, as_of)
    case = _Case(rules, book, as_of, partnership, phase)
    results = {rule.rule_id: _result(rule, case) for rule in rules.for_countries(codes)}
    held_against = {
        rule_id: WaivableResult(rules.rules[rule_id], result.version, _blocks(result))
        for rule_id, result in results.items()
    }
    counting, refused = sort_waivers(waivers, held_against, as_of)
    for rule_id, waiver in counting.items():
        results[rule_id] = _waived(results[rule_id], waiver, rules)
    ordered = tuple(results[rule_id] for rule_id in sorted(results))
    return ComplianceReport(
        as_of=as_of,
        countries=codes,
        not_covered=tuple(code for code in codes if code not in rules.covered()),
        partnership=partnership,
        phase=phase,
        rule_set=rules.stamp,
        facts_digest=digest_of(list(book.facts)),
        standing=_standing(ordered),
        results=ordered,
        contradictions=book.contradictions(),
        refused_waivers=refused,
    )


def _code(country: str) -> str:
    code = country if country in country_codes() else country_code(country)
    if code is None:
        raise InputError(f"{country!r} is no country.", fix="Give its ISO code, for example SA.")
    return code


def _result(rule: Rule, case: _Case) -> RuleResult:
    row = row_on(rule, case.as_of)
    if row.force in (Force.NOT_YET, Force.ENDED):
        return _outside(rule, row, case)
    if not is_asked(rule, case.partnership, case.phase):
        return _not_asked(rule, row.period, case)
    scene = Scene(case.book, rule.country, case.as_of, row.period.limits, row.period.evidence_since)
    found = answer(rule, scene)
    reasons = _reasons(rule, found, case)
    if row.force is Force.DISPUTED and found.outcome is Outcome.FAIL and row.period.begins is not None:
        found = found._replace(outcome=Outcome.UNKNOWN)
        first, last = str(row.period.begins.earliest), str(row.period.begins.latest)
        disputed = case.rules.wording.reason(
            "date_disputed", earliest=(first, in_both(first)), latest=(last, in_both(last))
        )
        reasons = [disputed, *reasons]
    return _weighed(rule, row.period, found, reasons, scene, case)


def _weighed(rule: Rule, period: Period, found: Answer, reasons: list[Reason], scene: Scene, case: _Case) -> RuleResult:
    own = rule.severity_for(case.partnership)
    intended = own if found.severity is None or own is Severity.INFO else found.severity
    capped = intended is Severity.BLOCK and not period.verified.may_block
    severity = Severity.WARN if capped else intended
    effect = _effect(found, severity, case.phase)
    matters = found.outcome in (Outcome.FAIL, Outcome.UNKNOWN)
    if capped and matters:
        reasons.append(case.rules.wording.reason("unverified_cannot_block"))
    if case.phase is LifecyclePhase.EXIT and severity is Severity.BLOCK and matters:
        reasons.append(case.rules.wording.reason("exit_is_never_stopped"))
    cited = [case.book.evidence(name, rule.country, scene.since) for name in sorted(found.used)]
    evidence = tuple(item for item in cited if item is not None)
    ends = [item.fresh_until for item in evidence if item.fresh_until is not None]
    described = _described(rule, period, case)
    return described.model_copy(
        update={
            "version": period.version,
            "outcome": found.outcome,
            "severity": severity,
            "intended": intended,
            "effect": effect,
            "reasons": tuple(reasons),
            "evidence": evidence,
            "asks": tuple(case.book.request(name, rule.country, scene.since) for name in sorted(found.open)),
            "holds_until": min(ends, default=None),
        }
    )


def _effect(found: Answer, severity: Severity, phase: LifecyclePhase) -> Effect:
    if found.outcome is Outcome.PASS or (found.outcome is Outcome.NOT_APPLICABLE and found.code != "note"):
        return Effect.NONE
    if severity is Severity.INFO or found.outcome is Outcome.NOT_APPLICABLE:
        return Effect.NOTED
    if found.outcome is Outcome.FAIL:
        stops = severity is Severity.BLOCK and phase is not LifecyclePhase.EXIT
        return Effect.STOPS if stops else Effect.NEEDS_REASON
    stops = severity is Severity.BLOCK and phase in _STOPPED_BY_UNKNOWN
    return Effect.STOPS if stops else Effect.ASKS_EVIDENCE


def _reasons(rule: Rule, found: Answer, case: _Case) -> list[Reason]:
    wording, vocabulary = case.rules.wording, case.rules.vocabulary
    if found.exception is not None:
        label = next(item.label for item in rule.exceptions if item.name == found.exception)
        return [wording.reason("exception_applies", exception=(found.exception, label))]
    if found.open:
        names = sorted(found.open)
        asked = wording.listed([vocabulary.term(name).ask for name in names])
        reasons = [wording.reason(found.code, facts=(", ".join(names), asked))]
    else:
        reasons = [wording.reason(found.code)]
    for measure, band in found.bands:
        label = vocabulary.term(measure).ask
        reasons.append(wording.reason("classified", measure=(measure, label), band=(band, in_both(band))))
    return reasons


def _described(rule: Rule, period: Period, case: _Case) -> RuleResult:
    texts = limit_texts(period.limits)
    severity = rule.severity_for(case.partnership)
    return RuleResult(
        rule_id=rule.rule_id,
        version=0,
        country=rule.country,
        factor=rule.factor,
        basis=rule.basis,
        title=rendered(rule.title, texts),
        requirement=rendered(rule.requirement, texts),
        outcome=Outcome.NOT_APPLICABLE,
        severity=severity if period.verified.may_block or severity is not Severity.BLOCK else Severity.WARN,
        intended=severity,
        verified=period.verified,
        effect=Effect.NONE,
        reasons=(case.rules.wording.reason("note"),),
        caveat=period.caveat,
        sources=tuple(case.rules.sources[name] for name in period.sources),
    )


def _outside(rule: Rule, row: InForce, case: _Case) -> RuleResult:
    begins, ends = row.period.begins, row.period.ends
    if row.force is Force.NOT_YET:
        code, day = "not_in_force_yet", str(begins.earliest if begins else "")
    else:
        code, day = "no_longer_in_force", str(ends)
    reason = case.rules.wording.reason(code, day=(day, in_both(day)))
    return _described(rule, row.period, case).model_copy(update={"reasons": (reason,)})


def _not_asked(rule: Rule, period: Period, case: _Case) -> RuleResult:
    wording = case.rules.wording
    if case.partnership not in rule.phases:
        label = wording.partnerships[case.partnership]
        reason = wording.reason("not_for_partnership", partnership=(case.partnership.value, label))
    else:
        reason = wording.reason("not_in_phase", phase=(case.phase.value, wording.phases[case.phase]))
    described = _described(rule, period, case)
    return described.model_copy(update={"version": period.version, "reasons": (reason,)})


def _blocks(result: RuleResult) -> bool:
    return result.severity is Severity.BLOCK and result.outcome in (Outcome.FAIL, Outcome.UNKNOWN)


def _waived(result: RuleResult, waiver: Waiver, rules: RuleSet) -> RuleResult:
    until = str(waiver.expires_on)
    reason = rules.wording.reason("waived", until=(until, in_both(until)))
    update = {"effect": Effect.WAIVED, "waiver_id": waiver.waiver_id, "reasons": (*result.reasons, reason)}
    return result.model_copy(update=update)


def _standing(results: tuple[RuleResult, ...]) -> Standing:
    effects = {result.effect for result in results}
    return next((standing for effect, standing in _STANDINGS if effect in effects), Standing.CLEAR)
