"""What must hold between rule rows, facts, limits and sources: each check yields a field and its fault."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TypeAlias

from partnership_os.schemas.base import BilingualText
from partnership_os.schemas.compliance import Basis, FactKind, Factor, Severity, Verified
from partnership_os.tools.gcc_compliance.conditions import ACCEPTED_FACTS, LIMIT_KINDS, Condition, ConditionKind
from partnership_os.tools.gcc_compliance.rows import Limit, Period, Rule, placeholders, placeholders_agree
from partnership_os.tools.gcc_compliance.vocabulary import Vocabulary

__all__ = ["problems_of"]

Problem: TypeAlias = tuple[str, str]
"""Field of the row, what is wrong."""

_NEVER_WAIVED_FACTORS = frozenset({Factor.SANCTIONS, Factor.CONCEALMENT})
_STATUS_FACTS = frozenset({"register_status", "licence_status"})
_LIST_KINDS = frozenset({ConditionKind.IN_SET, ConditionKind.NONE_OF, ConditionKind.HAS_ALL})
_ARABIC = re.compile("[\u0621-\u064a]")


def problems_of(rule: Rule, vocabulary: Vocabulary, sources: Mapping[str, object]) -> Iterator[Problem]:
    """Everything that is wrong with a row beyond its types, in a fixed order."""
    yield from _shape(rule)
    yield from _facts(rule, vocabulary)
    yield from _periods(rule)
    for period in rule.periods:
        at = f"periods (version {period.version})"
        yield from ((f"{at}.sources", f"{name!r} is no source") for name in period.sources if name not in sources)
        yield from ((f"{at}.limits", problem) for problem in _limits(rule, period))
        if period.verified is Verified.POLICY and rule.basis is not Basis.POLICY:
            yield f"{at}.verified", "only our own policy is marked p"
    for field, text in (("title", rule.title), ("requirement", rule.requirement), *_other_texts(rule)):
        if not _ARABIC.search(text.ar) or _ARABIC.search(text.en):
            yield field, "the first text is English, the second Arabic"
        if not placeholders_agree(text):
            yield field, "both languages name the same limits"


def _other_texts(rule: Rule) -> Iterator[tuple[str, BilingualText]]:
    for item in rule.exceptions:
        yield f"exceptions.{item.name}.label", item.label
    for period in rule.periods:
        if period.caveat:
            yield f"periods (version {period.version}).caveat", period.caveat


def _shape(rule: Rule) -> Iterator[Problem]:
    prefix = rule.rule_id.split("-")[0]
    if prefix != (rule.country or "ALL"):
        yield "country", f"the id says {prefix}, the row {rule.country or 'ALL'}"
    if rule.test is None and (rule.applies_if or rule.caution or rule.exceptions):
        yield "test", "a row with conditions, exceptions or a caution has a test"
    if rule.test is None and {rule.on_fail, *rule.on_fail_for.values()} != {Severity.INFO}:
        yield "on_fail", "a row without a test is a note"
    if strange := sorted(set(rule.monitored) - set(rule.phases)) + sorted(set(rule.on_fail_for) - set(rule.phases)):
        yield "phases", f"{strange[0].value} is monitored or graded, but never asked"
    if rule.waivable and (rule.factor in _NEVER_WAIVED_FACTORS or rule.facts() & _STATUS_FACTS):
        yield "waivable", "sanctions, registration status and concealment are never waived: write waivable: false"
    names = [item.name for item in rule.exceptions]
    if len(set(names)) != len(names):
        yield "exceptions", "two exceptions have the same name"


def _facts(rule: Rule, vocabulary: Vocabulary) -> Iterator[Problem]:
    unknown = sorted(rule.facts() - set(vocabulary.facts))
    yield from (("test", f"{name!r} is no fact") for name in unknown)
    if unknown:
        return
    for condition in rule.conditions():
        for leaf in condition.leaves():
            accepted = ACCEPTED_FACTS[leaf.kind]
            for name in filter(None, (leaf.fact, leaf.other)):
                if vocabulary.facts[name].kind not in accepted:
                    yield "test", f"{leaf.kind.value} does not read {name!r}, a {vocabulary.facts[name].kind.value}"
    for item in rule.classify:
        if vocabulary.facts[item.fact].kind is not FactKind.NUMBER:
            yield "classify", f"{item.fact!r} is no number"


def _periods(rule: Rule) -> Iterator[Problem]:
    for earlier, later in zip(rule.periods, rule.periods[1:], strict=False):
        if later.version <= earlier.version:
            yield "periods", "versions rise from period to period"
        if later.begins is None or earlier.ends is None or earlier.ends >= later.begins.earliest:
            yield "periods", f"version {later.version} begins before version {earlier.version} ends"


def _limits(rule: Rule, period: Period) -> Iterator[str]:
    leaves = [leaf for condition in rule.conditions() for leaf in condition.leaves() if leaf.kind in LIMIT_KINDS]
    for leaf in leaves:
        if leaf.limit not in period.limits:
            yield f"{leaf.limit!r} is missing"
        elif not _fits(leaf, period.limits[leaf.limit]):
            yield f"{leaf.limit!r} is no limit for {leaf.kind.value}"
    written = placeholders(rule.title) | placeholders(rule.requirement)
    yield from (f"{name!r} is missing" for name in sorted(written - set(period.limits)))
    used = written | {leaf.limit for leaf in leaves}
    yield from (f"{name!r} is never used" for name in sorted(set(period.limits) - used))


def _fits(leaf: Condition, limit: Limit) -> bool:
    if leaf.kind in _LIST_KINDS:
        return isinstance(limit, tuple) and len(limit) > 0
    if leaf.kind is ConditionKind.EQUALS:
        return not isinstance(limit, tuple)
    if not isinstance(limit, Decimal):
        return False
    return "days" not in leaf.kind.value or (limit >= 0 and limit == limit.to_integral_value())
