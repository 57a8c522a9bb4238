"""The facts that rules may read: their types, what proves them, and how to ask for them."""

from typing import Annotated

from pydantic import BeforeValidator, Field, model_validator

from partnership_os.errors import InputError
from partnership_os.schemas.base import BilingualText, Record, Slug
from partnership_os.schemas.compliance import Fact, FactKind, FactSource
from partnership_os.tools.identifier_forms import IdentifierForm, read_identifier

__all__ = ["EvidenceType", "FactTerm", "Pair", "RenewAfter", "Vocabulary", "normalised"]


def _pair(value: object) -> object:
    if isinstance(value, list | tuple) and len(value) == 2:
        return {"en": value[0], "ar": value[1]}
    return value


Pair = Annotated[BilingualText, BeforeValidator(_pair)]
"""In YAML: ``[English, Arabic]``."""


class RenewAfter(Record):
    """Evidence older than an event is good for so many more days, counted from the event."""

    event: Slug
    days: Annotated[int, Field(ge=0)]


class EvidenceType(Record):
    """A kind of paper or reply. ``max_age_days`` is the last good age in days, None where it does not age (§7)."""

    label: Pair
    max_age_days: Annotated[int | None, Field(ge=0)] = None
    least_source: FactSource
    renew_after: RenewAfter | None = None


class FactTerm(Record):
    """One fact. ``values`` closes a text or set fact; ``identifier`` is the form a text fact is normalised to."""

    kind: FactKind
    evidence: Slug
    ask: Pair
    values: tuple[str, ...] = ()
    identifier: IdentifierForm | None = None

    @model_validator(mode="after")
    def _fits(self) -> "FactTerm":
        if self.values and self.kind not in (FactKind.TEXT, FactKind.SET):
            raise ValueError("only a text or a set has a list of values")
        if self.identifier and self.kind is not FactKind.TEXT:
            raise ValueError("only a text is an identifier")
        return self


class Vocabulary(Record):
    """Every fact and every type of evidence."""

    evidence: dict[Slug, EvidenceType]
    facts: dict[Slug, FactTerm]

    @model_validator(mode="after")
    def _linked(self) -> "Vocabulary":
        for name, term in self.facts.items():
            if term.evidence not in self.evidence:
                raise ValueError(f"facts.{name}.evidence: {term.evidence!r} is no type of evidence")
        for name, kind in self.evidence.items():
            event = self.facts.get(kind.renew_after.event) if kind.renew_after else None
            if kind.renew_after and (event is None or event.kind is not FactKind.DAY):
                raise ValueError(f"evidence.{name}.renew_after: {kind.renew_after.event!r} is no fact that is a day")
            if event and self.evidence[event.evidence].renew_after:
                raise ValueError(f"evidence.{name}.renew_after: its event is itself renewed after an event")
        return self

    def term(self, name: str) -> FactTerm:
        """The term of a fact.

        Raises:
            InputError: there is no such fact.
        """
        try:
            return self.facts[name]
        except KeyError:
            raise InputError(
                f"{name!r} is no fact of the compliance vocabulary.", fix="See tools/data/gcc_facts.yaml.", fact=name
            ) from None

    def evidence_of(self, name: str) -> EvidenceType:
        """The type of evidence that proves a fact."""
        return self.evidence[self.term(name).evidence]


def normalised(fact: Fact, vocabulary: Vocabulary) -> Fact:
    """The fact with its identifier in normal form.

    Raises:
        InputError: the name is unknown, its value is of another type or none of its values.
    """
    term = vocabulary.term(fact.name)
    if fact.kind is not term.kind:
        raise InputError(f"{fact.name} is a {term.kind.value}, not a {fact.kind.value}.", fact=fact.name)
    members = fact.value if isinstance(fact.value, tuple) else (fact.value,)
    strange = [str(member) for member in members if term.values and member not in term.values]
    if strange:
        raise InputError(
            f"{fact.name}: {strange[0]!r} is not one of its values.",
            fix=f"Use {', '.join(term.values)}.",
            fact=fact.name,
        )
    if term.identifier and isinstance(fact.value, str):
        return fact.model_copy(update={"value": read_identifier(term.identifier, fact.value).normalised})
    return fact
