"""Recall and time of company search beside Chroma called directly, over the same vectors."""

from pathlib import Path
from statistics import fmean
from tempfile import TemporaryDirectory
from time import perf_counter
from unittest.mock import patch

from benchmarks.table import Table
from benchmarks.worlds import synthetic_companies, synthetic_queries
from partnership_os.storage.vectors import VectorStore
from partnership_os.tools import company_search
from partnership_os.tools.company_search import CompanySearch, SearchFilters
from partnership_os.tools.embedding import LexicalEmbedding
from partnership_os.tools.lexicon import load_lexicon

_COMPANIES, _QUERIES, _TOP = 10_000, 30, 10
_FILTERS = {
    "no filter": SearchFilters(live_only=False),
    "one country of eight": SearchFilters(countries=frozenset({"SA"})),
}


def measure() -> Table:
    """Recall@10 against comparing every vector that passes the filter; ties at the tenth place count as found."""
    lexicon = load_lexicon()
    embedding = LexicalEmbedding(lexicon)
    documents = synthetic_companies(lexicon, _COMPANIES)
    queries = synthetic_queries(lexicon, _QUERIES)
    rows: list[tuple[str, ...]] = []
    with TemporaryDirectory() as folder:
        store = VectorStore(Path(folder) / "vectors", embedding.name, embedding.dims)
        start = perf_counter()
        CompanySearch(store, embedding).index(documents)
        indexing = perf_counter() - start
        for label, filters in _FILTERS.items():
            rows += _compare(store, embedding, queries, label, filters)
        store.close()
    title = (
        f"Retrieval, {_COMPANIES:,} companies, {embedding.dims} dimensions, indexed at {_COMPANIES / indexing:,.0f}/s"
    )
    return Table(title, ("what", f"recall@{_TOP}", "ms per query", "times Chroma"), tuple(rows))


def _compare(
    store: VectorStore, embedding: LexicalEmbedding, queries: list[str], label: str, filters: SearchFilters
) -> list[tuple[str, ...]]:
    vectors = embedding.embed(queries)
    ids, matrix = store.get_vectors(filters.where())
    similarities = [dict(zip(ids, (matrix @ vector).tolist(), strict=True)) for vector in vectors]

    def direct(query: int) -> list[str]:
        return [name for name, _ in store.query(embedding.embed([queries[query]])[0], filters.where(), _TOP)]

    exact = CompanySearch(store, embedding)
    start = perf_counter()
    exact.search(queries[0], filters, _TOP)
    loading = perf_counter() - start

    def ours(query: int) -> list[str]:
        return [hit.company_id for hit in exact.search(queries[query], filters, _TOP)]

    def through_index(query: int) -> list[str]:
        with patch.object(company_search, "EXACT_LIMIT", 0):
            search = CompanySearch(store, embedding)
            return [hit.company_id for hit in search.search(queries[query], filters, _TOP)]

    rows: list[tuple[str, ...]] = []
    base = 0.0
    for name, ask in (
        ("Chroma directly", direct),
        ("company search, exact", ours),
        ("company search, above its exact limit", through_index),
    ):
        start = perf_counter()
        answers = [ask(query) for query in range(len(queries))]
        each = (perf_counter() - start) / len(queries)
        base = base or each
        recall = fmean(_recall(found, known) for found, known in zip(answers, similarities, strict=True))
        rows.append((f"{name} ({label})", f"{recall:.3f}", f"{each * 1_000:.1f}", f"{each / base:.2f}"))
    rows.append(
        (f"first exact question, vectors read ({label})", "", f"{loading * 1_000:.0f}", f"{loading / base:.0f}")
    )
    return rows


def _recall(found: list[str], known: dict[str, float]) -> float:
    """Share of the places filled by companies at least as near as the exact tenth, up to rounding."""
    floor = sorted(known.values(), reverse=True)[:_TOP][-1] - 1e-5
    return sum(known.get(name, -1.0) >= floor for name in found) / min(_TOP, len(known))
