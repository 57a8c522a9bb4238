"""The answer of one row: outcome, how grave, why, and which facts it rests on or lacks."""

from decimal import Decimal
from typing import NamedTuple

from partnership_os.schemas.compliance import Outcome, Severity
from partnership_os.tools.gcc_compliance.predicates import Finding, Scene, Truth, all_of, any_of, judge
from partnership_os.tools.gcc_compliance.rows import Rule

__all__ = ["Answer", "answer"]

_MET = Finding(Truth.TRUE)


class Answer(NamedTuple):
    """``severity`` is None where the row's own applies; ``detail`` names an exception, or (measure, band) pairs."""

    outcome: Outcome
    code: str
    used: frozenset[str] = frozenset()
    open: frozenset[str] = frozenset()
    severity: Severity | None = None
    exception: str | None = None
    bands: tuple[tuple[str, str], ...] = ()


def answer(rule: Rule, scene: Scene) -> Answer:
    """What a row says of a scene; whether it is in force and asked in the phase is decided elsewhere.

    A row is met when its test or one of its exceptions holds, and does not apply where its condition is false. A test
    that holds passes even while it is open whether the row applies: either way there is nothing to object to.
    """
    if rule.is_note:
        return Answer(Outcome.NOT_APPLICABLE, "note")
    applies = judge(rule.applies_if, scene) if rule.applies_if else _MET
    if applies.truth is Truth.FALSE:
        return Answer(Outcome.NOT_APPLICABLE, "condition_not_met", applies.used)
    if rule.test is None:
        return _classified(rule, scene)
    exceptions = [item for item in rule.exceptions if item.since is None or item.since <= scene.as_of]
    for exception in exceptions:
        excepted = judge(exception.test, scene)
        if excepted.truth is Truth.TRUE:
            return Answer(Outcome.PASS, "exception_applies", excepted.used, exception=exception.name)
    tested = any_of([judge(rule.test, scene), *(judge(item.test, scene) for item in exceptions)])
    if tested.truth is Truth.TRUE:
        return _with_caution(rule, scene, applies, tested)
    if tested.truth is Truth.UNKNOWN:
        both = all_of([applies, tested])
        return Answer(Outcome.UNKNOWN, "evidence_open", tested.used | applies.used, both.open)
    if applies.truth is Truth.UNKNOWN:
        return Answer(Outcome.UNKNOWN, "condition_open", tested.used | applies.used, applies.open)
    return Answer(Outcome.FAIL, "test_not_met", tested.used | applies.used, bands=_bands(rule, scene))


def _with_caution(rule: Rule, scene: Scene, applies: Finding, tested: Finding) -> Answer:
    if rule.caution is None:
        return Answer(Outcome.PASS, "test_met", tested.used)
    careful = judge(rule.caution, scene)
    used = tested.used | careful.used
    if careful.truth is Truth.TRUE:
        return Answer(Outcome.PASS, "test_met", used)
    if careful.truth is Truth.UNKNOWN:
        return Answer(Outcome.UNKNOWN, "evidence_open", used, careful.open, Severity.WARN)
    if applies.truth is Truth.UNKNOWN:
        return Answer(Outcome.UNKNOWN, "condition_open", used | applies.used, applies.open, Severity.WARN)
    return Answer(Outcome.FAIL, "caution", used | applies.used, severity=Severity.WARN)


def _classified(rule: Rule, scene: Scene) -> Answer:
    measures = frozenset(item.fact for item in rule.classify)
    bands = _bands(rule, scene)
    known = frozenset(measure for measure, _ in bands)
    if known != measures:
        return Answer(Outcome.UNKNOWN, "evidence_open", known, measures - known, bands=bands)
    if len({band for _, band in bands}) > 1:
        return Answer(Outcome.UNKNOWN, "measures_disagree", known, bands=bands)
    return Answer(Outcome.PASS, "test_met", known, bands=bands)


def _bands(rule: Rule, scene: Scene) -> tuple[tuple[str, str], ...]:
    found = []
    for item in rule.classify:
        fact = scene.book.look_up(item.fact, scene.country, scene.since).fact
        if fact is not None and isinstance(fact.value, Decimal):
            found.append((item.fact, item.band_of(fact.value)))
    return tuple(found)
