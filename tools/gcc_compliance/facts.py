"""What is known on a day: of all that sources say, the usable facts, the strongest of them, and where they disagree."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, NamedTuple, TypeAlias

from partnership_os.governance.canonical import canonical_bytes
from partnership_os.schemas.compliance import Fact, FactSource, FactValue, typed_value
from partnership_os.schemas.compliance_report import EvidenceRequest, EvidenceUse, FactContradiction, SideOfFact
from partnership_os.tools.gcc_compliance.freshness import civil_day, evidence_day, fresh_until
from partnership_os.tools.gcc_compliance.vocabulary import Vocabulary, normalised

__all__ = ["FactBook", "Known", "fact_of", "value_text"]

Problem: TypeAlias = Literal["missing", "expired", "outdated", "too_weak", "contradicted", "not_yet"]
_NEARNESS: tuple[Problem, ...] = ("missing", "not_yet", "too_weak", "outdated", "expired")
"""How near unusable evidence is to an answer, nearest last: what the reader is told."""


class Known(NamedTuple):
    """What is known of a fact: the fact and its last good day, or the problem."""

    fact: Fact | None
    until: date | None
    problem: Problem | None


def fact_of(
    vocabulary: Vocabulary,
    name: str,
    value: object,
    *,
    source_kind: FactSource,
    source: str,
    source_id: str,
    retrieved_at: datetime,
    **more: object,
) -> Fact:
    """A fact whose kind and normal form come from the vocabulary.

    Args:
        vocabulary: The facts that there are.
        name: Name of the fact.
        value: Its value, of the type that the vocabulary states; numbers as `Decimal`, integer or string.
        source_kind: Who says it.
        source: Name of the source, for example ``wathq``.
        source_id: Id of the evidence record.
        retrieved_at: Aware time.
        **more: ``country``, ``issued_on``, ``valid_until``.

    Raises:
        InputError: there is no such fact, or a value that is not one of its values.
        ValueError: the value is of another type.
    """
    kind = vocabulary.term(name).kind
    fields = {
        "name": name,
        "kind": kind,
        "value": typed_value(kind, value),
        "source_kind": source_kind,
        "source": source,
        "source_id": source_id,
        "retrieved_at": retrieved_at,
        **more,
    }
    return normalised(Fact.model_validate(fields), vocabulary)


class FactBook:
    """The facts of one case on one day.

    Args:
        facts: Everything that sources say, in any order; doubles do not matter.
        vocabulary: Types and freshness.
        as_of: The day. What was retrieved or issued later is not known yet.

    Raises:
        InputError: a fact is not in the vocabulary or has a value of another kind.
    """

    def __init__(self, facts: Iterable[Fact], vocabulary: Vocabulary, as_of: date) -> None:
        checked = {canonical_bytes(fact): fact for fact in (normalised(item, vocabulary) for item in facts)}
        self.facts = tuple(checked[key] for key in sorted(checked))
        self._vocabulary = vocabulary
        self._as_of = as_of
        self._by_name: dict[str, list[Fact]] = {}
        for fact in self.facts:
            self._by_name.setdefault(fact.name, []).append(fact)

    def look_up(self, name: str, country: str | None, since: date | None = None) -> Known:
        """What is known of a fact in a country.

        The latest word of each source counts. Of the usable ones the highest kind of source is believed; where it
        contradicts itself, nothing is known.

        Args:
            name: Name of the fact.
            country: The rule's country; facts of no country hold in every one. None takes all.
            since: Evidence dated before this day does not count.

        Returns:
            The strongest and then freshest fact, or what is wrong with what there is.
        """
        least = self._vocabulary.evidence_of(name).least_source
        usable: list[tuple[Fact, date | None]] = []
        problems: set[Problem] = {"missing"}
        for fact in self._latest(name, country, problems):
            until = self._until(fact, country)
            problem = self._fault(fact, until, least, since)
            if problem is None:
                usable.append((fact, until))
            else:
                problems.add(problem)
        if not usable:
            return Known(None, None, max(problems, key=_NEARNESS.index))
        top = max(fact.source_kind.rank for fact, _ in usable)
        strongest = [(fact, until) for fact, until in usable if fact.source_kind.rank == top]
        if len({canonical_bytes(fact.value) for fact, _ in strongest}) > 1:
            return Known(None, None, "contradicted")
        fact, until = max(strongest, key=lambda pair: (pair[1] or date.max, evidence_day(pair[0]), pair[0].source_id))
        return Known(fact, until, None)

    def evidence(self, name: str, country: str | None, since: date | None) -> EvidenceUse | None:
        """The fact as it is cited, None when it is not known."""
        fact, until, _ = self.look_up(name, country, since)
        if fact is None:
            return None
        return EvidenceUse(
            fact=name,
            value=value_text(fact.value),
            source_kind=fact.source_kind,
            source=fact.source,
            source_id=fact.source_id,
            retrieved_at=fact.retrieved_at,
            fresh_until=until,
        )

    def request(self, name: str, country: str | None, since: date | None) -> EvidenceRequest:
        """What to bring for a fact that is not known."""
        term, kind = self._vocabulary.term(name), self._vocabulary.evidence_of(name)
        return EvidenceRequest(
            fact=name,
            asks=term.ask,
            evidence=kind.label,
            least_source=kind.least_source,
            problem=self.look_up(name, country, since).problem or "missing",
        )

    def contradictions(self) -> tuple[FactContradiction, ...]:
        """Facts on which fresh sources disagree, by name and country."""
        found = []
        for name in sorted(self._by_name):
            for country in sorted({fact.country for fact in self._by_name[name]}, key=lambda code: code or ""):
                sides = [fact for fact in self._latest(name, country, set()) if self._is_fresh(fact, country)]
                if country is None:
                    sides = [fact for fact in sides if fact.country is None]
                if len({canonical_bytes(fact.value) for fact in sides}) > 1:
                    found.append(_contradiction(name, country, sides))
        return tuple(found)

    def _latest(self, name: str, country: str | None, problems: set[Problem]) -> list[Fact]:
        last: dict[tuple[str, str, str | None], list[Fact]] = {}
        for fact in self._by_name.get(name, []):
            if country is not None and fact.country not in (None, country):
                continue
            if max(civil_day(fact), evidence_day(fact)) > self._as_of:
                problems.add("not_yet")
                continue
            key = (fact.source_kind.value, fact.source, fact.country)
            said = last.setdefault(key, [])
            if not said or _moment(fact) == _moment(said[0]):
                said.append(fact)
            elif _moment(fact) > _moment(said[0]):
                last[key] = [fact]
        return [fact for said in last.values() for fact in said]

    def _until(self, fact: Fact, country: str | None) -> date | None:
        kind = self._vocabulary.evidence_of(fact.name)
        event = self.look_up(kind.renew_after.event, country).fact if kind.renew_after else None
        happened = event.value if event is not None and isinstance(event.value, date) else None
        return fresh_until(fact, kind, happened)

    def _is_fresh(self, fact: Fact, country: str | None) -> bool:
        until = self._until(fact, country)
        return until is None or until >= self._as_of

    def _fault(self, fact: Fact, until: date | None, least: FactSource, since: date | None) -> Problem | None:
        if fact.source_kind.rank < least.rank:
            return "too_weak"
        if since is not None and evidence_day(fact) < since:
            return "outdated"
        return "expired" if until is not None and until < self._as_of else None


def _moment(fact: Fact) -> tuple[date, datetime]:
    return evidence_day(fact), fact.retrieved_at


def _contradiction(name: str, country: str | None, facts: list[Fact]) -> FactContradiction:
    ordered = sorted(
        facts, key=lambda fact: (-fact.source_kind.rank, fact.source, fact.source_id, canonical_bytes(fact))
    )
    top = [fact.value for fact in ordered if fact.source_kind is ordered[0].source_kind]
    return FactContradiction(
        fact=name,
        country=country,
        settled=len({canonical_bytes(value) for value in top}) == 1,
        sides=tuple(
            SideOfFact(
                value=value_text(fact.value), source_kind=fact.source_kind, source=fact.source, source_id=fact.source_id
            )
            for fact in ordered
        ),
    )


def value_text(value: FactValue) -> str:
    """A value as text, the same for equal values: ``true``, ``0.25``, ``2026-04-26``, ``a, b``."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        text = format(value, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, tuple):
        return ", ".join(value)[:1_000]
    return str(value)[:1_000]
