"""Tests over facts in Kleene's three-valued logic: new facts fill in what is unknown and never undo a truth."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import NamedTuple

from partnership_os.errors import InternalError
from partnership_os.schemas.compliance import FactValue
from partnership_os.tools.gcc_compliance.conditions import Condition, ConditionKind
from partnership_os.tools.gcc_compliance.facts import FactBook
from partnership_os.tools.gcc_compliance.rows import Limit
from partnership_os.tools.identifier_forms import read_identifier

__all__ = ["Finding", "Scene", "Truth", "all_of", "any_of", "judge"]


class Truth(Enum):
    """Three values; `UNKNOWN` is not a middle, it is the lack of an answer."""

    FALSE = 0
    UNKNOWN = 1
    TRUE = 2


class Finding(NamedTuple):
    """A truth, the facts it rests on, and the facts that are still open."""

    truth: Truth
    used: frozenset[str] = frozenset()
    open: frozenset[str] = frozenset()


class Scene(NamedTuple):
    """What a test may look at."""

    book: FactBook
    country: str | None
    as_of: date
    limits: Mapping[str, Limit]
    since: date | None = None


def judge(condition: Condition, scene: Scene) -> Finding:
    """Whether a condition holds in a scene."""
    if condition.kind is ConditionKind.ALL:
        return all_of([judge(part, scene) for part in condition.parts])
    if condition.kind is ConditionKind.ANY:
        return any_of([judge(part, scene) for part in condition.parts])
    return _leaf(condition, scene)


def all_of(findings: list[Finding]) -> Finding:
    """False when one is false, true when all are; it rests on what decides it."""
    return _negated(any_of([_negated(finding) for finding in findings]))


def any_of(findings: list[Finding]) -> Finding:
    """True when one is true, false when all are; it rests on what decides it."""
    truth = max((finding.truth for finding in findings), key=lambda item: item.value)
    deciding = [finding for finding in findings if finding.truth is truth]
    used = deciding if truth is Truth.TRUE else findings
    opened = deciding if truth is Truth.UNKNOWN else []
    return Finding(
        truth,
        frozenset[str]().union(*(finding.used for finding in used)),
        frozenset[str]().union(*(finding.open for finding in opened)),
    )


def _negated(finding: Finding) -> Finding:
    return finding._replace(truth=Truth(2 - finding.truth.value))


def _leaf(condition: Condition, scene: Scene) -> Finding:
    names = [name for name in (condition.fact, condition.other) if name is not None]
    facts = {name: scene.book.look_up(name, scene.country, scene.since).fact for name in names}
    known = frozenset(name for name, fact in facts.items() if fact is not None)
    if len(known) < len(facts):
        return Finding(Truth.UNKNOWN, known, frozenset(facts) - known)
    values = [fact.value for fact in facts.values() if fact is not None]
    return Finding(Truth.TRUE if _holds(condition, values, scene) else Truth.FALSE, known)


def _holds(condition: Condition, values: list[FactValue], scene: Scene) -> bool:
    first = values[0]
    if condition.kind in (ConditionKind.IS_TRUE, ConditionKind.IS_FALSE):
        return first is (condition.kind is ConditionKind.IS_TRUE)
    if condition.identifier is not None:
        reading = read_identifier(condition.identifier, str(first))
        return reading.well_formed and not (condition.kind is ConditionKind.BEYOND_DOUBT and reading.doubts)
    if condition.kind is ConditionKind.NOT_BELOW:
        return _number(first) >= _number(values[-1])
    if condition.kind is ConditionKind.WITHIN:
        return bool(_members(first)) and _members(first) <= _members(values[-1])
    limit = scene.limits[condition.limit or ""]
    if condition.kind in _ON_SETS:
        return _ON_SETS[condition.kind](_members(first), _members(limit))
    if condition.kind is ConditionKind.EQUALS:
        return first == limit
    return _ON_NUMBERS[condition.kind](_measure(condition.kind, values, scene.as_of), _number(limit))


# An empty set shows nothing: it is within no limit.
_ON_SETS: dict[ConditionKind, Callable[[frozenset[str], frozenset[str]], bool]] = {
    ConditionKind.IN_SET: lambda members, limit: bool(members) and members <= limit,
    ConditionKind.NONE_OF: lambda members, limit: bool(members) and not members & limit,
    ConditionKind.HAS_ALL: lambda members, limit: limit <= members,
}
_ON_NUMBERS: dict[ConditionKind, Callable[[Decimal, Decimal], bool]] = {
    ConditionKind.AT_LEAST: lambda number, limit: number >= limit,
    ConditionKind.AT_MOST: lambda number, limit: number <= limit,
    ConditionKind.MORE_THAN: lambda number, limit: number > limit,
    ConditionKind.LESS_THAN: lambda number, limit: number < limit,
    ConditionKind.DAYS_SINCE_AT_MOST: lambda days, limit: days <= limit,
    ConditionKind.DAYS_UNTIL_AT_LEAST: lambda days, limit: days >= limit,
    ConditionKind.DAYS_BETWEEN_AT_LEAST: lambda days, limit: days >= limit,
}


def _measure(kind: ConditionKind, values: list[FactValue], as_of: date) -> Decimal:
    days = [value for value in values if isinstance(value, date)]
    if kind is ConditionKind.DAYS_SINCE_AT_MOST:
        return Decimal((as_of - days[0]).days)
    if kind is ConditionKind.DAYS_UNTIL_AT_LEAST:
        return Decimal((days[0] - as_of).days)
    if kind is ConditionKind.DAYS_BETWEEN_AT_LEAST:
        return Decimal((days[-1] - days[0]).days)
    return _number(values[0])


def _number(value: object) -> Decimal:
    if isinstance(value, Decimal):
        return value
    raise InternalError(f"{value!r} is no number; the integrity checks let it through.")


def _members(value: object) -> frozenset[str]:
    return frozenset(value) if isinstance(value, tuple) else frozenset({str(value)})
