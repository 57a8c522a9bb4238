"""The bilingual capability lexicon: what companies offer, are and serve, in English and Arabic words."""

import re
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from itertools import chain
from typing import Annotated, NamedTuple

import yaml
from pydantic import Field, ValidationError

from partnership_os.errors import InternalError
from partnership_os.schemas.base import BilingualText, Label, Record, Slug
from partnership_os.tools.phrases import PhraseTable

__all__ = ["Concept", "ConceptKind", "Lexicon", "Mention", "load_lexicon"]

# The C loader reads the data files five times faster; it is missing where libyaml was missing at build time.
_SAFE_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
SAME, BROADER, RELATED = 1.0, 0.8, 0.5
"""Nearness of two concepts: the same; one contains the other; siblings or neighbours."""


class ConceptKind(StrEnum):
    """What a concept says: what is offered, what kind of company it is, whom it serves, badges, aims."""

    CAPABILITY = "capability"
    PROFILE = "profile"
    SEGMENT = "segment"
    CERTIFICATION = "certification"
    STRATEGY = "strategy"


class Concept(Record):
    """One concept. ``broader`` contains it (same kind); ``adjacent`` is near it (any kind, read both ways).

    ``industries`` are the sector and industry labels of the data files that make a company this profile.
    ``not_in`` are phrases that contain one of the terms and mean something else.
    """

    slug: Slug
    kind: ConceptKind
    label: BilingualText
    terms_en: Annotated[tuple[Label, ...], Field(min_length=1)]
    terms_ar: Annotated[tuple[Label, ...], Field(min_length=1)]
    broader: tuple[Slug, ...] = ()
    adjacent: tuple[Slug, ...] = ()
    industries: tuple[Label, ...] = ()
    not_in: tuple[Label, ...] = ()

    @property
    def terms(self) -> tuple[str, ...]:
        """Every term in both languages."""
        return self.terms_en + self.terms_ar


class Mention(NamedTuple):
    """One occurrence of a concept: ``text`` is ``source[start:end]`` as it stands in the original."""

    concept: str
    start: int
    end: int
    text: str


class _Entry(Record):
    """One concept as it is written in a data file."""

    label: Annotated[tuple[Label, Label], Field(description="English, Arabic")]
    en: Annotated[tuple[Label, ...], Field(min_length=1)]
    ar: Annotated[tuple[Label, ...], Field(min_length=1)]
    broader: tuple[Slug, ...] = ()
    adjacent: tuple[Slug, ...] = ()
    industries: tuple[Label, ...] = ()
    not_in: tuple[Label, ...] = ()


class _DataFile(Record):
    """One data file: concepts of one kind by slug."""

    kind: ConceptKind
    concepts: dict[Slug, _Entry]


class Lexicon:
    """Finds concepts in texts and says how near two concepts are.

    Args:
        concepts: Every concept; order does not matter.

    Raises:
        InternalError: Two concepts share a slug, or two of one kind share a term; a broader or adjacent
            concept does not exist; the broader relation has a cycle or leaves its kind.
    """

    def __init__(self, concepts: Iterable[Concept]) -> None:
        ordered = sorted(concepts, key=lambda concept: concept.slug)
        self._concepts: dict[str, Concept] = {concept.slug: concept for concept in ordered}
        if len(self._concepts) != len(ordered):
            raise _broken("two concepts of the lexicon have the same slug")
        self._check_links()
        self._ancestors = {slug: self._climb(slug) for slug in self._concepts}
        self._neighbours = self._link_neighbours()
        self._industries = self._read_industries()
        self._phrases = PhraseTable(frozenset({ConceptKind.PROFILE}), frozenset({ConceptKind.SEGMENT}))
        for concept in ordered:
            self._add_terms(concept)

    def get(self, slug: str) -> Concept | None:
        """The concept named so, or None."""
        return self._concepts.get(slug)

    def all(self) -> tuple[Concept, ...]:
        """Every concept, by slug."""
        return tuple(self._concepts.values())

    def slugs(self, kind: ConceptKind | None = None) -> tuple[str, ...]:
        """The slugs of one kind, or of all, in alphabetical order."""
        return tuple(slug for slug, concept in self._concepts.items() if kind in (None, concept.kind))

    def find(self, text: str) -> tuple[Mention, ...]:
        """Every mention in a text, in reading order.

        Of each kind the longest term wins and no two mentions overlap; mentions of different kinds may ("banks" is
        a profile and a segment). Terms match whole words, in the singular or plural, with Arabic prefixes.
        """
        return self._mentions(text, strict_case=True)

    def concepts_of_query(self, text: str) -> tuple[str, ...]:
        """The concepts of a question typed by a person, each once, in reading order; capitals do not matter."""
        return tuple(dict.fromkeys(mention.concept for mention in self._mentions(text, strict_case=False)))

    def ancestors(self, slug: str) -> tuple[str, ...]:
        """Every broader concept, nearest first; empty for an unknown slug."""
        return self._ancestors.get(slug, ())

    def nearness(self, a: str, b: str) -> float:
        """How near two concepts are, 0 to 1; the same either way round.

        1.0 for the same, 0.8 where one contains the other, 0.5 for siblings and neighbours, else 0.
        Unknown concepts are near nothing but themselves.
        """
        if a == b:
            return SAME
        if a in self.ancestors(b) or b in self.ancestors(a):
            return BROADER
        first, second = self._concepts.get(a), self._concepts.get(b)
        if first is None or second is None:
            return 0.0
        siblings = bool(set(first.broader) & set(second.broader))
        return RELATED if siblings or b in self._neighbours[a] else 0.0

    def profile_of_industry(self, *labels: str | None) -> tuple[str, ...]:
        """The kinds of company that sector and industry labels name.

        Args:
            *labels: Labels from broad to narrow, for example sector, industry group, industry.

        Returns:
            The profiles of the narrowest label that the lexicon knows; where it knows none, the profiles
            whose terms occur in a label.
        """
        present = [label for label in labels if label]
        for label in reversed(present):
            if slugs := self._industries.get(label.casefold().strip()):
                return slugs
        for label in reversed(present):
            named = [slug for slug in self.concepts_of_query(label) if self._concepts[slug].kind is ConceptKind.PROFILE]
            if named:
                return tuple(named)
        return ()

    def _mentions(self, text: str, *, strict_case: bool) -> tuple[Mention, ...]:
        matches = self._phrases.find(text, strict_case=strict_case)
        return tuple(Mention(slug, start, end, text[start:end]) for slug, start, end in matches)

    def _check_links(self) -> None:
        for concept in self._concepts.values():
            unknown = sorted(set(concept.broader + concept.adjacent) - self._concepts.keys())
            if unknown:
                raise _broken(f"{concept.slug} names concepts that do not exist: {', '.join(unknown)}")
            strays = [slug for slug in concept.broader if self._concepts[slug].kind is not concept.kind]
            if strays:
                raise _broken(f"{concept.slug} has a broader concept of another kind: {', '.join(strays)}")

    def _climb(self, slug: str) -> tuple[str, ...]:
        seen: dict[str, None] = {}
        level: Sequence[str] = self._concepts[slug].broader
        while level:
            seen.update(dict.fromkeys(level))
            if slug in seen:
                raise _broken(f"{slug} is broader than itself")
            level = [up for step in level for up in self._concepts[step].broader if up not in seen]
        return tuple(seen)

    def _link_neighbours(self) -> dict[str, set[str]]:
        links: dict[str, set[str]] = {slug: set() for slug in self._concepts}
        for concept in self._concepts.values():
            for other in concept.adjacent:
                links[concept.slug].add(other)
                links[other].add(concept.slug)
        return links

    def _read_industries(self) -> dict[str, tuple[str, ...]]:
        labels: dict[str, tuple[str, ...]] = {}
        for concept in self._concepts.values():
            for label in concept.industries:
                key = label.casefold()
                labels[key] = (*labels.get(key, ()), concept.slug)
        return labels

    def _add_terms(self, concept: Concept) -> None:
        for term, slug in chain(((t, concept.slug) for t in concept.terms), ((t, None) for t in concept.not_in)):
            taken = self._phrases.add(term, concept.kind, slug)
            if taken is not None:
                raise _broken(f"{concept.slug} and {taken} share the term {term!r}")


def _broken(message: str) -> InternalError:
    return InternalError(f"the lexicon is broken: {message}", fix="correct the data files tools/data/lexicon*.yaml")


def concepts_of_file(name: str, text: str) -> tuple[Concept, ...]:
    """The concepts written in one data file.

    Args:
        name: The file's name, for messages.
        text: Its YAML text.

    Raises:
        InternalError: The file is no YAML of the expected shape; unknown keys are refused.
    """
    try:
        parsed: object = yaml.load(text, Loader=_SAFE_LOADER)  # noqa: S506 (both loaders are safe ones)
        data = _DataFile.model_validate(parsed)
    except (yaml.YAMLError, ValidationError) as error:
        raise _broken(f"{name}: {error}") from error
    return tuple(_concept(slug, data.kind, entry) for slug, entry in data.concepts.items())


def _concept(slug: str, kind: ConceptKind, entry: _Entry) -> Concept:
    fields: Mapping[str, tuple[str, ...]] = {
        "broader": entry.broader,
        "adjacent": entry.adjacent,
        "industries": entry.industries,
        "not_in": entry.not_in,
    }
    label = BilingualText(en=entry.label[0], ar=entry.label[1])
    return Concept(slug=slug, kind=kind, label=label, terms_en=entry.en, terms_ar=entry.ar, **fields)


@lru_cache(maxsize=1)
def load_lexicon() -> Lexicon:
    """The lexicon that ships with the product, read once per process.

    Raises:
        InternalError: A data file is broken.
    """
    folder = files("partnership_os.tools") / "data"
    names = sorted(item.name for item in folder.iterdir() if re.fullmatch(r"lexicon\w*\.yaml", item.name))
    texts = ((name, (folder / name).read_text(encoding="utf-8")) for name in names)
    return Lexicon(concept for name, text in texts for concept in concepts_of_file(name, text))
