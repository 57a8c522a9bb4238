"""A case of extraction: one company, its texts, what they say of it, and what they only seem to say."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Self

from pydantic import Field, model_validator

from partnership_os.evals.checks.claims import ClaimKey, claim_key, number_in_quote
from partnership_os.evals.suite import Case
from partnership_os.schemas.base import CountryCode, Document, Label, Passage, Record, RecordId, Slug, country_codes
from partnership_os.schemas.company import Company, CompanyName, CompanyStatus, NameKind
from partnership_os.schemas.evidence import ClaimKind, Evidence, EvidenceKind, SourceKind
from partnership_os.tools.claim_words import MEASURES, OWNERSHIPS, PROGRAMMES, REGULATORS
from partnership_os.tools.evidence import make_evidence
from partnership_os.tools.lexicon import load_lexicon
from partnership_os.tools.statements import CONCEPTS_OF
from partnership_os.tools.text import contains_quote

__all__ = ["CaseClaim", "CaseCompany", "CaseText", "ExtractionCase", "GoldClaim", "TextGroup"]

_NUMBERED = frozenset({ClaimKind.SCALE, ClaimKind.FOUNDED})
_VOCABULARIES = {
    ClaimKind.OPERATES_IN: country_codes(),
    ClaimKind.SCALE: frozenset(MEASURES),
    ClaimKind.FOUNDED: frozenset({"year"}),
    ClaimKind.PARTNER_PROGRAMME: frozenset(PROGRAMMES),
    ClaimKind.OWNERSHIP: frozenset(OWNERSHIPS),
    ClaimKind.REGULATED: frozenset(REGULATORS),
    ClaimKind.STATUS: frozenset(status.value for status in CompanyStatus),
}


class TextGroup(StrEnum):
    """What makes the texts of a case hard to read."""

    PLAIN = "plain"
    NUMBERS = "numbers"
    NEGATION_AND_PLANS = "negation_and_plans"
    OTHERS_PROPERTIES = "others_properties"
    ARABIC = "arabic"
    MIXED_SCRIPT = "mixed_script"
    RECORDS = "records"
    HOSTILE = "hostile"


class CaseCompany(Record):
    """Whom the texts are about. ``former_names`` are those that we knew before the texts were read."""

    name: Label
    name_ar: Label | None = None
    former_names: tuple[Label, ...] = ()
    country: CountryCode | None = None


class CaseText(Record):
    """One text, in our own words. ``language`` is the one that most of it is in."""

    id: Slug
    kind: EvidenceKind = EvidenceKind.TEXT
    source_kind: SourceKind
    language: Annotated[str, Field(pattern=r"^(en|ar)$")]
    text: Document


class CaseClaim(Record):
    """A claim; ``text`` may be left out where the case has one text, and in `ExtractionCase.not_claims` for any text.

    In `ExtractionCase.not_claims` a missing number stands for any number.
    """

    kind: ClaimKind
    subject: Label
    number: float | None = None
    text: Slug | None = None


class GoldClaim(CaseClaim):
    """A claim that the text makes, and the shortest words that bear it out.

    ``again`` are other words of the same text that bear it out as well.
    """

    quote: Passage
    again: tuple[Passage, ...] = ()


class ExtractionCase(Case):
    """Texts about one company with their gold.

    Attributes:
        cluster: Id of the company.
        read_on: The day on which the texts were read: later years are to come.
        claims: Everything that the texts say of the company and the vocabularies have a subject for.
        also_true: Claims that can be defended and need not be made: neither right nor wrong. Broader concepts of a gold
            claim are so without being listed.
        not_claims: Claims that a hasty reader would make and no text bears out.
    """

    cluster: RecordId
    group: TextGroup
    company: CaseCompany
    texts: Annotated[tuple[CaseText, ...], Field(min_length=1, max_length=3)]
    read_on: date = date(2026, 1, 15)
    claims: tuple[GoldClaim, ...] = ()
    also_true: tuple[CaseClaim, ...] = ()
    not_claims: tuple[CaseClaim, ...] = ()

    @model_validator(mode="after")
    def _is_sound(self) -> Self:
        faults = [*self._text_faults(), *self._gold_faults(), *self._clashes()]
        if faults:
            raise ValueError("; ".join(faults))
        return self

    @cached_property
    def gold(self) -> dict[ClaimKey, GoldClaim]:
        """The gold claims by key."""
        return {self._key(item): item for item in self.claims}

    @cached_property
    def evidence(self) -> dict[str, Evidence]:
        """The texts as evidence, by their ids in the case."""
        read_at = datetime.combine(self.read_on, time(9), UTC)
        return {
            item.id: make_evidence(
                self.cluster,
                item.kind,
                item.source_kind,
                f"{item.source_kind.value}: {self.company.name}",
                read_at,
                item.text,
                item.language,
            )
            for item in self.texts
        }

    @property
    def subject(self) -> Company:
        """The company as the product knows it before it reads: names and country, nothing that a text could say."""
        return Company(
            company_id=self.cluster,
            name=self.company.name,
            name_ar=self.company.name_ar,
            other_names=tuple(CompanyName(text=name, kind=NameKind.FORMER) for name in self.company.former_names),
            countries=(self.company.country,) if self.company.country else (),
        )

    def tolerates(self, key: ClaimKey) -> bool:
        """Whether a claim outside the gold is true as well: listed so, or broader than a gold claim of its text."""
        if key in {self._key(item) for item in self.also_true}:
            return True
        lexicon = load_lexicon()
        return any(
            (key.kind, key.value, key.text) == (other.kind, other.value, other.text)
            and key.subject in lexicon.ancestors(other.subject)
            for other in self.gold
        )

    def false_claims(self, found: Iterable[ClaimKey]) -> tuple[CaseClaim, ...]:
        """Those of ``not_claims`` that were made."""
        keys = tuple(found)
        return tuple(item for item in self.not_claims if any(_covers(item, key) for key in keys))

    def _key(self, item: CaseClaim) -> ClaimKey:
        return claim_key(item.kind.value, item.subject, item.number, item.text or self.texts[0].id)

    def _text_faults(self) -> Iterator[str]:
        ids = [item.id for item in self.texts]
        if len(set(ids)) < len(ids) or len({item.text for item in self.texts}) < len(ids):
            yield "two texts have the same id or the same words"
        for item in (*self.claims, *self.also_true, *self.not_claims):
            if item.text is not None and item.text not in ids:
                yield f"{item.kind} {item.subject}: there is no text {item.text!r}"
            if not _is_of_vocabulary(item):
                yield f"{item.kind} has no subject {item.subject!r}"
        for item in (*self.claims, *self.also_true):
            if item.text is None and len(ids) > 1:
                yield f"{item.kind} {item.subject}: say in which text"
            if (item.number is not None) is not (item.kind in _NUMBERED):
                yield f"{item.kind} {item.subject}: the number is missing or too much"

    def _gold_faults(self) -> Iterator[str]:
        texts = {item.id: item.text for item in self.texts}
        for item in self.claims:
            source = texts.get(item.text or self.texts[0].id, "")
            for quote in (item.quote, *item.again):
                if not contains_quote(source, quote):
                    yield f"{item.kind} {item.subject}: the quote {quote!r} does not occur in its text"
                if not number_in_quote(item.number, quote):
                    yield f"{item.kind} {item.subject}: the number does not occur in the quote {quote!r}"

    def _clashes(self) -> Iterator[str]:
        if len(self.gold) < len(self.claims):
            yield "a gold claim is there twice"
        for key in (*self.gold, *(self._key(item) for item in self.also_true)):
            if any(_covers(item, key) for item in self.not_claims):
                yield f"{key} is among what is true and among not_claims"
        yield from (
            f"{self._key(item)} is in claims and also_true" for item in self.also_true if self._key(item) in self.gold
        )
        yield from (
            f"{item.subject} is in not_claims and broader than a gold claim"
            for item in self.not_claims
            if any(self.tolerates(self._key(item)._replace(text=text.id)) for text in self.texts)
        )


def _covers(item: CaseClaim, key: ClaimKey) -> bool:
    """Whether a claim of ``not_claims`` is this one: what it leaves open may be anything."""
    wanted = claim_key(item.kind.value, item.subject, item.number, item.text or "")
    return (
        wanted[:2] == key[:2]
        and (item.number is None or item.number == key.value)
        and (item.text is None or item.text == key.text)
    )


def _is_of_vocabulary(item: CaseClaim) -> bool:
    if item.kind in CONCEPTS_OF:
        concept = load_lexicon().get(item.subject)
        return concept is not None and concept.kind in CONCEPTS_OF[item.kind]
    return item.kind not in _VOCABULARIES or item.subject in _VOCABULARIES[item.kind]
