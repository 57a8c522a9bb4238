"""The closed set of tests that a rule row may be made of."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from partnership_os.schemas.base import Record, Slug
from partnership_os.schemas.compliance import FactKind
from partnership_os.tools.identifier_forms import IdentifierForm

__all__ = ["ACCEPTED_FACTS", "LIMIT_KINDS", "Condition", "ConditionKind"]


class ConditionKind(StrEnum):
    """What is tested. ``limit`` is the name of a limit of the row in force, so that no number hides in a test."""

    IS_TRUE = "is_true"
    IS_FALSE = "is_false"
    EQUALS = "equals"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    MORE_THAN = "more_than"
    LESS_THAN = "less_than"
    IN_SET = "in_set"
    """A text is in the limit, or every member of a set is."""
    NONE_OF = "none_of"
    """A text is not in the limit, or no member of a set is."""
    HAS_ALL = "has_all"
    """A set holds every member of the limit."""
    WITHIN = "within"
    """A set holds only members of another set, ``of``."""
    NOT_BELOW = "not_below"
    """A number is no less than another fact, ``of``."""
    WELL_FORMED = "well_formed"
    BEYOND_DOUBT = "beyond_doubt"
    """Well formed, and without the doubts of `identifier_forms`."""
    DAYS_SINCE_AT_MOST = "days_since_at_most"
    DAYS_UNTIL_AT_LEAST = "days_until_at_least"
    DAYS_BETWEEN_AT_LEAST = "days_between_at_least"
    """From the day ``fact`` to the day ``until`` lie at least so many days."""
    ALL = "all"
    ANY = "any"


_NUMBER, _DAY, _TEXT, _SET = FactKind.NUMBER, FactKind.DAY, FactKind.TEXT, FactKind.SET
ACCEPTED_FACTS: dict[ConditionKind, frozenset[FactKind]] = {
    ConditionKind.IS_TRUE: frozenset({FactKind.TRUTH}),
    ConditionKind.IS_FALSE: frozenset({FactKind.TRUTH}),
    ConditionKind.EQUALS: frozenset({_NUMBER, _TEXT}),
    ConditionKind.AT_LEAST: frozenset({_NUMBER}),
    ConditionKind.AT_MOST: frozenset({_NUMBER}),
    ConditionKind.MORE_THAN: frozenset({_NUMBER}),
    ConditionKind.LESS_THAN: frozenset({_NUMBER}),
    ConditionKind.IN_SET: frozenset({_TEXT, _SET}),
    ConditionKind.NONE_OF: frozenset({_TEXT, _SET}),
    ConditionKind.HAS_ALL: frozenset({_SET}),
    ConditionKind.WITHIN: frozenset({_SET}),
    ConditionKind.NOT_BELOW: frozenset({_NUMBER}),
    ConditionKind.WELL_FORMED: frozenset({_TEXT}),
    ConditionKind.BEYOND_DOUBT: frozenset({_TEXT}),
    ConditionKind.DAYS_SINCE_AT_MOST: frozenset({_DAY}),
    ConditionKind.DAYS_UNTIL_AT_LEAST: frozenset({_DAY}),
    ConditionKind.DAYS_BETWEEN_AT_LEAST: frozenset({_DAY}),
}
"""Which kinds of fact each test reads; the combinations ``all`` and ``any`` read none themselves."""

LIMIT_KINDS = frozenset(ACCEPTED_FACTS) - {
    ConditionKind.IS_TRUE,
    ConditionKind.IS_FALSE,
    ConditionKind.WITHIN,
    ConditionKind.NOT_BELOW,
    ConditionKind.WELL_FORMED,
    ConditionKind.BEYOND_DOUBT,
}
"""Tests that hold a fact against a limit."""
_EXTRA_FIELDS = {
    ConditionKind.WITHIN: {"of"},
    ConditionKind.NOT_BELOW: {"of"},
    ConditionKind.WELL_FORMED: {"identifier"},
    ConditionKind.BEYOND_DOUBT: {"identifier"},
    ConditionKind.DAYS_BETWEEN_AT_LEAST: {"until", "limit"},
}


class Condition(Record):
    """One test, or a combination of tests. In YAML: one key, the kind, for example ``at_least: {fact: a, limit: b}``.

    ``is_true`` and ``is_false`` take the name of a fact, ``all`` and ``any`` a list of tests.
    """

    kind: ConditionKind
    fact: Slug | None = None
    other: Slug | None = None
    limit: Slug | None = None
    identifier: IdentifierForm | None = None
    parts: Annotated[tuple["Condition", ...], Field(max_length=20)] = ()

    @model_validator(mode="before")
    @classmethod
    def _from_one_key(cls, data: object) -> object:
        if not isinstance(data, dict) or "kind" in data:
            return data
        if len(data) != 1:
            raise ValueError("a test has one key, its kind")
        key, content = next(iter(data.items()))
        if key not in {kind.value for kind in ConditionKind}:
            raise ValueError(f"{key!r} is no kind of test; there are {', '.join(ConditionKind)}")
        return {"kind": key, **_fields(ConditionKind(key), content)}

    def leaves(self) -> Iterator["Condition"]:
        """Every test that reads facts, in order."""
        if self.parts:
            for part in self.parts:
                yield from part.leaves()
        else:
            yield self

    def facts(self) -> frozenset[str]:
        """Names of the facts that it reads."""
        return frozenset(name for leaf in self.leaves() for name in (leaf.fact, leaf.other) if name)


def _fields(kind: ConditionKind, content: object) -> dict[str, object]:
    if kind in (ConditionKind.ALL, ConditionKind.ANY):
        if not isinstance(content, list | tuple) or len(content) < 2:
            raise ValueError(f"{kind.value} takes a list of two tests or more")
        return {"parts": content}
    if kind in (ConditionKind.IS_TRUE, ConditionKind.IS_FALSE):
        if not isinstance(content, str):
            raise ValueError(f"{kind.value} takes the name of a fact")
        return {"fact": content}
    wanted = {"fact"} | _EXTRA_FIELDS.get(kind, {"limit"})
    if not isinstance(content, dict) or set(content) != wanted:
        raise ValueError(f"{kind.value} takes exactly the fields {', '.join(sorted(wanted))}")
    renamed = {"of": "other", "until": "other"}
    return {renamed.get(str(name), str(name)): value for name, value in content.items()}
