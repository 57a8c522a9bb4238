"""Search over companies by meaning: filters first, exact wherever the set allows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

import numpy as np

from partnership_os.schemas.company import Company
from partnership_os.schemas.evidence import Evidence, EvidenceKind
from partnership_os.storage.vectors import FloatArray, MetadataValue, VectorStore, Where
from partnership_os.tools.embedding import Embedding
from partnership_os.tools.lexicon import ConceptKind, Lexicon

__all__ = ["CompanyDocument", "CompanySearch", "Hit", "IndexReport", "SearchFilters", "document_of"]

EXACT_LIMIT = 20_000
"""Filtered sets up to this size are compared one by one; larger ones go through the approximate index first."""
_OVER_FETCH = 10
_LEAST_FETCHED = 200
_EMBED_BATCH = 500
_LONGEST_TEXT = 20_000
_SIMILARITY_DECIMALS = 6
"""Sums in another order differ in the last bits; rounding keeps them out of the ranking."""


class CompanyDocument(NamedTuple):
    """What is indexed of one company: its text, and flags to filter by.

    ``digest`` covers text and flags; a company is embedded again only when it changes.
    """

    company_id: str
    text: str
    flags: tuple[str, ...]

    @property
    def digest(self) -> str:
        """SHA-256 over text and flags, hex."""
        return sha256("\n".join([*self.flags, "", self.text]).encode()).hexdigest()

    @property
    def metadata(self) -> dict[str, MetadataValue]:
        """Metadata of the row in the vector store."""
        return {**dict.fromkeys(self.flags, True), "digest": self.digest}


class Hit(NamedTuple):
    """One company found; ``similarity`` is the cosine, 0 to 1."""

    company_id: str
    similarity: float


class IndexReport(NamedTuple):
    """What an indexing run did: rows embedded, left as they were, and removed."""

    embedded: int
    unchanged: int
    removed: int


@dataclass(frozen=True)
class SearchFilters:
    """What a company must not fail. A company with no known country or no known profile is kept.

    Attributes:
        countries: ISO codes; any of them is enough. Empty: everywhere.
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


def document_of(company: Company, evidence: Sequence[Evidence], lexicon: Lexicon) -> CompanyDocument:
    """What to index of a company: names, labels of sector and offers in both languages, and its texts.

    Args:
        company: The company.
        evidence: Its evidence, in any order; rows of fields count only where there is no text.
        lexicon: Gives the labels of concepts and the profiles of industries.
    """
    texts = [item for item in evidence if item.kind is EvidenceKind.TEXT] or list(evidence)
    profiles = lexicon.profile_of_industry(company.sector, company.industry)
    stated = [concept for slug in (*company.offers, *profiles) if (concept := lexicon.get(slug))]
    own_profiles = {item.slug for item in stated if item.kind is ConceptKind.PROFILE}
    lines = [
        *company.names,
        *(label for label in (company.sector, company.industry, company.city) if label),
        *dict.fromkeys(label for concept in stated for label in (concept.label.en, concept.label.ar)),
        *(item.text for item in sorted(texts, key=lambda item: item.evidence_id)),
    ]
    every_profile = own_profiles.union(*(lexicon.ancestors(slug) for slug in own_profiles))
    flags = [
        *(["live"] if company.status.is_live else []),
        *([f"country_{code}" for code in company.countries] or ["country_unknown"]),
        *([f"profile_{slug}" for slug in every_profile] or ["profile_unknown"]),
    ]
    return CompanyDocument(company.company_id, "\n".join(lines)[:_LONGEST_TEXT], tuple(sorted(set(flags))))


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

    def index(self, documents: Sequence[CompanyDocument], *, remove_others: bool = False) -> IndexReport:
        """Bring the index to these documents; unchanged ones are not embedded again.

        Args:
            documents: One per company, in any order.
            remove_others: Remove companies that are not among the documents.

        Raises:
            ConfigurationError: the store cannot be written.
            ModelError: the embedding's server failed; what was indexed before the failure stays.
        """
        present = self._vectors.digests()
        changed = sorted(item for item in documents if present.get(item.company_id) != item.digest)
        for start in range(0, len(changed), _EMBED_BATCH):
            batch = changed[start : start + _EMBED_BATCH]
            rows = self._embedding.embed([item.text for item in batch])
            self._vectors.upsert([item.company_id for item in batch], rows, [item.metadata for item in batch])
        gone = sorted(present.keys() - {item.company_id for item in documents}) if remove_others else []
        if gone:
            self._vectors.delete(gone)
        return IndexReport(embedded=len(changed), unchanged=len(documents) - len(changed), removed=len(gone))

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
