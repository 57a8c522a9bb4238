"""The retrieval cases, and the floors that the embedded default has to keep on them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from partnership_os.evals.retrieval import (
    NeedGroup,
    RetrievalCase,
    RetrievalCompany,
    RetrievalReport,
    load_cases,
    load_companies,
    run_retrieval,
)
from partnership_os.storage.vectors import VectorStore
from partnership_os.tools.company_search import CompanySearch
from partnership_os.tools.embedding import LexicalEmbedding
from partnership_os.tools.lexicon import load_lexicon
from partnership_os.tools.text import script_of


@pytest.fixture
def search(tmp_path: Path) -> Iterator[CompanySearch]:
    embedding = LexicalEmbedding(load_lexicon())
    store = VectorStore(tmp_path / "vectors", embedding.name, embedding.dims)
    yield CompanySearch(store, embedding)
    store.close()


def test_the_lexical_embedding_keeps_its_floors(search: CompanySearch) -> None:
    report = run_retrieval(search, load_companies(), load_cases())
    assert report.overall.recall_at_5 >= 0.85, report.missed
    assert report.groups[NeedGroup.ARABIC_ENGLISH].recall_at_5 >= 0.8, report.missed
    assert report.groups[NeedGroup.SAME_WORDS].recall_at_5 == 1.0, report.missed
    assert report.groups[NeedGroup.ARABIC_ARABIC].recall_at_5 == 1.0, report.missed
    assert report.overall.reciprocal_rank >= 0.8


def test_the_cases_are_sound() -> None:
    companies, cases = load_companies(), load_cases()
    by_id = {item.id: item for item in companies}
    assert len(by_id) == len(companies) >= 50
    assert sum(item.language == "ar" for item in companies) >= 10
    assert len({item.id for item in cases}) == len(cases) >= 30
    assert {item.group for item in cases} == set(NeedGroup)
    for item in companies:
        assert script_of(item.text) == ("ar" if item.language == "ar" else "latin"), item.id
    for case in cases:
        languages = {by_id[name].language for name in case.relevant}
        if case.group is NeedGroup.ARABIC_ENGLISH:
            assert languages == {"en"}, case.id
        if case.group is NeedGroup.ARABIC_ARABIC:
            assert languages == {"ar"}, case.id
        is_arabic = case.group in (NeedGroup.ARABIC_ARABIC, NeedGroup.ARABIC_ENGLISH)
        assert script_of(case.query) == ("ar" if is_arabic else "latin"), case.id


def company(name: str, text: str) -> RetrievalCompany:
    return RetrievalCompany(id=f"co_{name}", name="Example", country="SA", language="en", text=text)


def case(number: int, query: str, *relevant: str) -> RetrievalCase:
    return RetrievalCase(
        id=f"need_{number:02}", group=NeedGroup.SAME_WORDS, query=query, relevant=relevant, reason="made for this test"
    )


def test_recall_and_rank_are_counted_right(search: CompanySearch) -> None:
    companies = [company("bank", "Bank"), company("farm", "Farm"), *(company(f"ship{n}", "Ship") for n in range(6))]
    cases = [case(1, "ship", "co_ship0", "co_ship5"), case(2, "farm", "co_farm"), case(3, "farm ship", "co_none")]
    report: RetrievalReport = run_retrieval(search, companies, cases)
    assert report.missed == {"need_01": ("co_ship5",), "need_03": ("co_none",)}
    assert report.overall.cases == 3
    assert report.overall.recall_at_5 == pytest.approx((0.5 + 1 + 0) / 3)
    assert report.overall.reciprocal_rank == pytest.approx((1 + 1 + 0) / 3)
    assert set(report.groups) == {NeedGroup.SAME_WORDS}
