"""Search over companies by meaning: filters first, exact wherever the set allows it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple

import numpy as np

from partnership_os.schemas.company import Company
from partnership_os.schemas.evidence import Evidence, EvidenceKind
from partnership_os.storage.vectors import FloatArray, MetadataValue, VectorStore, Where
from partnership_os.tools.claim_context import is_present_place
from partnership_os.tools.countries import country_code
from partnership_os.tools.embedding import Embedding
from partnership_os.tools.lexicon import ConceptKind, Lexicon
from partnership_os.tools.places import country_mentions
from partnership_os.tools.text import sentences

__all__ = ["CompanyDocument", "CompanySearch", "Hit", "SearchFilters", "document_digest", "document_of"]

EXACT_LIMIT = 20_000
"""Filtered sets up to this size are compared one by one; larger ones go through the approximate index first."""
_OVER_FETCH = 10
_LEAST_FETCHED = 200
_EMBED_BATCH = 500
_LONGEST_TEXT = 20_000
_DOCUMENT_RULES = "document-2"
"""Changes with what `document_of` writes, so that every row is made again."""
_COUNTRY_FIELDS = frozenset({"country", "countries"})
_SEPARATORS = re.compile(r"[;,|،؛]")
_SIMILARITY_DECIMALS = 6
"""Sums in another order differ in the last bits; rounding keeps them out of the ranking."""


class CompanyDocument(NamedTuple):
    """What is indexed of one company: its text, and flags to filter by.

    ``made_from`` is the digest of its sources, where they have one; a company is embedded again only when
    ``digest`` changes.
    """

    company_id: str
    text: str
    flags: tuple[str, ...]
    made_from: str = ""

    @property
    def digest(self) -> str:
        """The digest of its sources, else SHA-256 over text and flags, hex."""
        return self.made_from or sha256("\n".join([*self.flags, "", self.text]).encode()).hexdigest()

    @property
    def metadata(self) -> dict[str, MetadataValue]:
        """Metadata of the row in the vector store."""
        return {**dict.fromkeys(self.flags, True), "digest": self.digest}


class Hit(NamedTuple):
    """One company found; ``similarity`` is the cosine, 0 to 1."""

    company_id: str
    similarity: float


@dataclass(frozen=True)
class SearchFilters:
    """What a company must not fail. A company with no known country or no known profile is kept.

    Attributes:
        countries: ISO codes where it is or operates; any of them is enough. Empty: everywhere.
        profiles: Profile concepts; any of them is enough. Empty: every kind of company.
        live_only: Leave out delisted, acquired, merged and liquidated companies.
        exclude: Ids that must not come back.
    """

    countries: frozenset[str] = frozenset()
    profiles: frozenset[str] = frozenset()
    live_only: bool = True
    exclude: frozenset[str] = frozenset()

    def where(self) -> Where | None:
        """The filter in the vector store's language; ``exclude`` is not part of it."""
        parts: list[Where] = [{"live": True}] if self.live_only else []
        for kind, wanted in (("country", self.countries), ("profile", self.profiles)):
            if wanted:
                flags = [f"{kind}_unknown", *(f"{kind}_{item}" for item in sorted(wanted))]
                parts.append({"$or": [{flag: True} for flag in flags]})
        return {"$and": parts} if len(parts) > 1 else next(iter(parts), None)


def document_digest(company: Company, lexicon: Lexicon) -> str:
    """The digest of everything that `document_of` reads, without reading it: it tells whether an index row is stale.

    A company's record names its evidence, and the id of evidence follows from its content.
    """
    made_from = [_DOCUMENT_RULES, _lexicon_digest(lexicon), company.model_dump_json()]
    return sha256("\n".join(made_from).encode()).hexdigest()


@lru_cache(maxsize=4)
def _lexicon_digest(lexicon: Lexicon) -> str:
    return sha256("\n".join(concept.model_dump_json() for concept in lexicon.all()).encode()).hexdigest()


def document_of(company: Company, evidence: Sequence[Evidence], lexicon: Lexicon) -> CompanyDocument:
    """What to index of a company: names, labels of sector and offers in both languages, and its texts.

    Args:
        company: The company.
        evidence: Its evidence, in any order; rows of fields count only where there is no text.
        lexicon: Gives the labels of concepts and the profiles of industries.
    """
    texts = [item for item in evidence if item.kind is EvidenceKind.TEXT]
    profiles = lexicon.profile_of_industry(company.sector, company.industry)
    stated = [concept for slug in (*company.offers, *profiles) if (concept := lexicon.get(slug))]
    own_profiles = {item.slug for item in stated if item.kind is ConceptKind.PROFILE}
    lines = [
        *company.names,
        *(label for label in (company.sector, company.industry, company.city) if label),
        *dict.fromkeys(label for concept in stated for label in (concept.label.en, concept.label.ar)),
        *(item.text for item in sorted(texts or evidence, key=lambda item: item.evidence_id)),
    ]
    every_profile = own_profiles.union(*(lexicon.ancestors(slug) for slug in own_profiles))
    flags = {
        *(["live"] if company.status.is_live else []),
        *(f"country_{code}" for code in _countries_of(company, evidence)),
        *([] if company.countries else ["country_unknown"]),
        *([f"profile_{slug}" for slug in every_profile] or ["profile_unknown"]),
    }
    return CompanyDocument(
        company.company_id,
        "\n".join(lines)[:_LONGEST_TEXT],
        tuple(sorted(flags)),
        document_digest(company, lexicon),
    )


def _countries_of(company: Company, evidence: Sequence[Evidence]) -> set[str]:
    """Countries of its records, and those that a text may name as places where it is.

    No closer look is taken: a filter by country may keep a company that the analyst's reading then leaves out, but
    must not lose one. For the same reason a company whose record names no country counts as of unknown country.
    """
    found = set(company.countries)
    for item in evidence:
        if item.kind is EvidenceKind.RECORD:
            found.update(_countries_in_fields(item.text))
        else:
            found.update(_places_in(item.text))
    return found


def _countries_in_fields(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        field, _, value = line.partition(": ")
        if field in _COUNTRY_FIELDS:
            codes = (country_code(part) for part in _SEPARATORS.split(value))
            yield from (code for code in codes if code is not None)


def _places_in(text: str) -> Iterator[str]:
    for start, end in sentences(text):
        sentence = text[start:end]
        for place in country_mentions(sentence):
            if is_present_place(sentence, place.start, place.end):
                yield place.country


class CompanySearch:
    """An index of companies over one vector store and one embedding.

    Args:
        vectors: The store; opened with the embedding's name and dimensions.
        embedding: What made and makes the vectors.
    """

    def __init__(self, vectors: VectorStore, embedding: Embedding) -> None:
        self._vectors = vectors
        self._embedding = embedding
        self._loaded: tuple[tuple[int, str], tuple[str, ...], FloatArray] | None = None

    def index(self, documents: Sequence[CompanyDocument]) -> int:
        """Bring these companies' rows up to date; unchanged ones are not embedded again, other rows stay.

        Args:
            documents: One per company, in any order.

        Returns:
            How many were embedded.

        Raises:
            ConfigurationError: the store cannot be written.
            ModelError: the embedding's server failed; what was indexed before the failure stays.
        """
        present = self._vectors.digests([item.company_id for item in documents])
        changed = sorted(item for item in documents if present.get(item.company_id) != item.digest)
        for start in range(0, len(changed), _EMBED_BATCH):
            batch = changed[start : start + _EMBED_BATCH]
            rows = self._embedding.embed([item.text for item in batch])
            self._vectors.upsert([item.company_id for item in batch], rows, [item.metadata for item in batch])
        return len(changed)

    def digests(self) -> dict[str, str]:
        """What each row was made from, by company; see `document_digest`."""
        return self._vectors.digests()

    def remove(self, company_ids: Sequence[str]) -> None:
        """Remove rows of companies that are not known any more."""
        self._vectors.delete(company_ids)

    def search(self, query: str, filters: SearchFilters, limit: int) -> tuple[Hit, ...]:
        """The companies nearest to a text, best first, ties by id.

        Up to `EXACT_LIMIT` companies behind the filters the answer is exact and does not depend on the order in which
        companies came; above it, candidates of the approximate index are compared exactly.

        Args:
            query: Any text, English or Arabic; one without words finds nothing.
            filters: What a company must not fail.
            limit: How many hits at most.

        Raises:
            ConfigurationError: the store cannot be read.
        """
        vector = self._embedding.embed([query])[0]
        if limit <= 0 or not vector.any():
            return ()
        ids, matrix = self._candidates(vector, filters, limit)
        similarities = np.clip(matrix @ vector, 0.0, 1.0).astype(np.float64).round(_SIMILARITY_DECIMALS)
        # Ids are sorted, so that a stable sort leaves ties in the order of their ids.
        best = np.argsort(-similarities, kind="stable")[: limit + len(filters.exclude)]
        hits = [Hit(ids[row], float(similarities[row])) for row in best if ids[row] not in filters.exclude]
        return tuple(hits[:limit])

    def _candidates(self, vector: FloatArray, filters: SearchFilters, limit: int) -> tuple[tuple[str, ...], FloatArray]:
        where = filters.where()
        key = (self._vectors.revision(), repr(where))
        if self._loaded is not None and self._loaded[0] == key:
            return self._loaded[1:]
        if self._vectors.count() > EXACT_LIMIT and self._vectors.count(where) > EXACT_LIMIT:
            fetched = max(_LEAST_FETCHED, _OVER_FETCH * limit) + len(filters.exclude)
            nearest = self._vectors.query(vector, where, fetched)
            return self._vectors.get_vectors(ids=[name for name, _ in nearest])
        ids, matrix = self._vectors.get_vectors(where)
        self._loaded = (key, ids, matrix)
        return ids, matrix
