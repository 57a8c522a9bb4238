"""Company search over real Chroma folders and the lexical embedding."""

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from partnership_os.schemas.company import Company, CompanyStatus
from partnership_os.schemas.evidence import Evidence, EvidenceKind, SourceKind
from partnership_os.storage.vectors import FloatArray, VectorStore
from partnership_os.tools.company_search import (
    CompanyDocument,
    CompanySearch,
    Hit,
    SearchFilters,
    document_digest,
    document_of,
)
from partnership_os.tools.embedding import LexicalEmbedding
from partnership_os.tools.lexicon import load_lexicon

EVERYWHERE = SearchFilters()
TEXTS = {
    "co_pay": ("Payment gateway for online shops", ("live", "country_SA", "profile_payment_provider")),
    "co_law": ("Law firm with corporate lawyers", ("live", "country_AE", "profile_law_firm")),
    "co_bank": ("Islamic bank with many branches", ("live", "country_SA", "profile_bank")),
    "co_lost": ("Payment gateway in liquidation", ("country_SA", "profile_payment_provider")),
    "co_where": ("Payment gateway of unknown home", ("live", "country_unknown", "profile_unknown")),
}
DOCUMENTS = [CompanyDocument(name, text, flags) for name, (text, flags) in TEXTS.items()]


@pytest.fixture(scope="module")
def embedding() -> LexicalEmbedding:
    return LexicalEmbedding(load_lexicon())


@pytest.fixture
def store(tmp_path: Path, embedding: LexicalEmbedding) -> Iterator[VectorStore]:
    opened = VectorStore(tmp_path / "vectors", embedding.name, embedding.dims)
    yield opened
    opened.close()


@pytest.fixture
def search(store: VectorStore, embedding: LexicalEmbedding) -> CompanySearch:
    return CompanySearch(store, embedding)


def ids(hits: Sequence[Hit]) -> list[str]:
    return [hit.company_id for hit in hits]


def test_the_nearest_company_comes_first_with_its_cosine(search: CompanySearch, embedding: LexicalEmbedding) -> None:
    search.index(DOCUMENTS)
    hits = search.search("a law firm", EVERYWHERE, 3)
    assert ids(hits)[0] == "co_law"
    rows = embedding.embed(["a law firm", TEXTS["co_law"][0]])
    assert hits[0].similarity == pytest.approx(float(rows[0] @ rows[1]), abs=2e-6)
    assert all(0 <= hit.similarity <= 1 for hit in hits)


def test_an_arabic_question_finds_an_english_text(search: CompanySearch) -> None:
    search.index(DOCUMENTS)
    assert ids(search.search("مكتب محاماة", EVERYWHERE, 1)) == ["co_law"]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (SearchFilters(), {"co_pay", "co_law", "co_bank", "co_where"}),
        (SearchFilters(live_only=False), set(TEXTS)),
        (SearchFilters(countries=frozenset({"SA"})), {"co_pay", "co_bank", "co_where"}),
        (SearchFilters(countries=frozenset({"SA"}), live_only=False), set(TEXTS) - {"co_law"}),
        (SearchFilters(countries=frozenset({"QA"})), {"co_where"}),
        (SearchFilters(profiles=frozenset({"bank"})), {"co_bank", "co_where"}),
        (SearchFilters(countries=frozenset({"SA", "AE"}), profiles=frozenset({"law_firm"})), {"co_law", "co_where"}),
        (SearchFilters(exclude=frozenset({"co_pay", "co_where"})), {"co_law", "co_bank"}),
    ],
)
def test_filters_drop_only_what_is_known_to_fail(
    search: CompanySearch, filters: SearchFilters, expected: set[str]
) -> None:
    search.index(DOCUMENTS)
    assert set(ids(search.search("payment gateway", filters, 10))) == expected


def test_no_words_or_no_limit_finds_nothing(search: CompanySearch) -> None:
    search.index(DOCUMENTS)
    assert search.search("!?", EVERYWHERE, 5) == ()
    assert search.search("payment", EVERYWHERE, 0) == ()


def test_an_empty_index_finds_nothing(search: CompanySearch) -> None:
    assert search.search("payment", EVERYWHERE, 5) == ()


def test_the_order_of_insertion_changes_nothing(tmp_path: Path, embedding: LexicalEmbedding) -> None:
    twins = [CompanyDocument(f"co_twin{number}", "Payment gateway", ("live",)) for number in range(5)]
    everything = [*DOCUMENTS, *twins]
    answers = []
    for run, order in enumerate((everything, everything[::-1])):
        store = VectorStore(tmp_path / f"run{run}", embedding.name, embedding.dims)
        search = CompanySearch(store, embedding)
        for document in order:
            search.index([document])
        answers.append(search.search("payment gateway for shops", EVERYWHERE, 20))
        store.close()
    assert answers[0] == answers[1]
    tied = [name for name in ids(answers[0]) if name.startswith("co_twin")]
    assert tied == sorted(tied)


def test_only_changed_companies_are_embedded_again(search: CompanySearch) -> None:
    assert search.index(DOCUMENTS) == 5
    assert search.index(DOCUMENTS[::-1]) == 0
    renewed = [DOCUMENTS[0]._replace(text="Shipping line"), DOCUMENTS[1]._replace(flags=("live",)), *DOCUMENTS[2:]]
    assert search.index(renewed) == 2
    assert ids(search.search("shipping line", EVERYWHERE, 1)) == ["co_pay"]
    assert "co_law" not in ids(search.search("law firm", SearchFilters(countries=frozenset({"AE"})), 5))


def test_companies_that_are_gone_leave_only_when_asked(search: CompanySearch) -> None:
    search.index(DOCUMENTS)
    search.index(DOCUMENTS[:2])
    assert search.digests() == {item.company_id: item.digest for item in DOCUMENTS}
    search.remove(["co_bank", "co_lost", "co_where", "co_nobody"])
    assert set(ids(search.search("payment", SearchFilters(live_only=False), 10))) == {"co_pay", "co_law"}


def test_a_document_is_stale_when_what_it_was_made_from_changes(search: CompanySearch) -> None:
    lexicon = load_lexicon()
    company = Company(company_id="co_a", name="Alpha", employees=5)
    sources = [evidence("It sells payroll software.", EvidenceKind.TEXT, 1)]
    document = document_of(company, sources, lexicon)
    assert document.digest == document_digest(company, lexicon)
    assert search.index([document, *DOCUMENTS]) == 6
    assert search.index([document_of(company, sources, lexicon)]) == 0
    more = company.model_copy(update={"evidence_ids": ("ev_2",)})
    assert search.index([document_of(more, [evidence("It sells ships.", EvidenceKind.TEXT, 2)], lexicon)]) == 1
    assert ids(search.search("sells ships", EVERYWHERE, 1)) == ["co_a"]


def kept(document: CompanyDocument, filters: SearchFilters) -> bool:
    flags = set(document.flags)
    countries = {"country_unknown", *(f"country_{code}" for code in filters.countries)}
    profiles = {"profile_unknown", *(f"profile_{slug}" for slug in filters.profiles)}
    return (
        (not filters.live_only or "live" in flags)
        and (not filters.countries or bool(flags & countries))
        and (not filters.profiles or bool(flags & profiles))
        and document.company_id not in filters.exclude
    )


def test_filters_together_give_exactly_the_nearest_of_those_that_pass(
    search: CompanySearch, embedding: LexicalEmbedding
) -> None:
    draw = random.Random(11)
    words = ["payment", "gateway", "law", "bank", "shipping", "cloud", "retail", "clinic"]
    documents = [
        CompanyDocument(
            f"co_{number:03}",
            " ".join(draw.sample(words, 3)),
            tuple(
                sorted(
                    {
                        draw.choice(["live", "live", "country_QA"]),
                        draw.choice(["country_SA", "country_AE", "country_unknown"]),
                        draw.choice(["country_SA", "country_BH", "country_JP"]),
                        draw.choice(["profile_bank", "profile_law_firm", "profile_unknown"]),
                    }
                )
            ),
        )
        for number in range(300)
    ]
    search.index(documents)
    question = "a bank with a payment gateway"
    vectors = embedding.embed([question, *(item.text for item in documents)])
    similarity = dict(zip((item.company_id for item in documents), vectors[1:] @ vectors[0], strict=True))
    for _ in range(12):
        filters = SearchFilters(
            countries=frozenset(draw.sample(["SA", "AE", "BH", "OM"], draw.randrange(3))),
            profiles=frozenset(draw.sample(["bank", "law_firm", "reseller"], draw.randrange(3))),
            live_only=draw.random() < 0.5,
            exclude=frozenset(item.company_id for item in draw.sample(documents, 40)),
        )
        allowed = [item.company_id for item in documents if kept(item, filters)]
        expected = sorted(allowed, key=lambda name: (-round(max(float(similarity[name]), 0.0), 6), name))
        assert ids(search.search(question, filters, 300)) == expected
        assert ids(search.search(question, filters, 7)) == expected[:7]


def test_what_another_process_writes_is_seen(
    search: CompanySearch, tmp_path: Path, embedding: LexicalEmbedding
) -> None:
    search.index(DOCUMENTS[:2])
    assert len(search.search("payment", EVERYWHERE, 10)) == 2
    other = VectorStore(tmp_path / "vectors", embedding.name, embedding.dims)
    CompanySearch(other, embedding).index(DOCUMENTS)
    other.close()
    assert len(search.search("payment", EVERYWHERE, 10)) == 4


def test_vectors_are_read_once_for_many_questions(search: CompanySearch, monkeypatch: pytest.MonkeyPatch) -> None:
    search.index(DOCUMENTS)
    first = search.search("payment", EVERYWHERE, 10)

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("vectors were read again")

    monkeypatch.setattr(VectorStore, "get_vectors", refuse)
    assert search.search("payment", EVERYWHERE, 10) == first
    with pytest.raises(AssertionError):
        search.search("payment", SearchFilters(live_only=False), 10)


def test_large_sets_go_through_the_index_and_are_ranked_exactly(
    store: VectorStore, search: CompanySearch, embedding: LexicalEmbedding, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = [f"{first} {second}" for first in ("bank", "ship", "farm", "mine") for second in range(60)]
    search.index([CompanyDocument(f"co_{row:03}", word, ("live",)) for row, word in enumerate(words)])
    exact = search.search("bank 17", EVERYWHERE, 10)
    monkeypatch.setattr("partnership_os.tools.company_search.EXACT_LIMIT", 100)
    asked: list[int] = []
    original = VectorStore.query

    def spy(self: VectorStore, vector: FloatArray, where: object, limit: int) -> list[tuple[str, float]]:
        asked.append(limit)
        return original(self, vector, None, limit)

    monkeypatch.setattr(VectorStore, "query", spy)
    assert CompanySearch(store, embedding).search("bank 17", EVERYWHERE, 10) == exact
    assert asked == [200]


def evidence(text: str, kind: EvidenceKind, number: int) -> Evidence:
    return Evidence(
        evidence_id=f"ev_{number}",
        company_id="co_a",
        kind=kind,
        source_kind=SourceKind.DIRECTORY,
        source="rows.csv row 1",
        retrieved_at=datetime(2026, 1, 1, tzinfo=UTC),
        text=text,
        sha256=sha256(text.encode()).hexdigest(),
    )


def test_a_document_holds_names_labels_and_texts() -> None:
    company = Company(
        company_id="co_a",
        name="Alpha",
        name_ar="ألفا",
        sector="Financials",
        industry="Banks",
        countries=("SA", "AE"),
        offers=("payroll",),
        status=CompanyStatus.ACTIVE,
    )
    sources = [evidence("Second text.", EvidenceKind.TEXT, 2), evidence("First text.", EvidenceKind.TEXT, 1)]
    fields = evidence("sector: Financials", EvidenceKind.RECORD, 3)
    document = document_of(company, [*sources, fields], load_lexicon())
    assert document == document_of(company, [fields, *reversed(sources)], load_lexicon())
    lines = document.text.splitlines()
    assert lines[:2] == ["Alpha", "ألفا"]
    assert lines[-2:] == ["First text.", "Second text."]
    assert "sector: Financials" not in lines
    payroll = load_lexicon().get("payroll")
    assert payroll is not None and {payroll.label.en, payroll.label.ar} <= set(lines)
    assert {"live", "country_SA", "country_AE", "profile_bank"} <= set(document.flags)
    assert not {"country_unknown", "profile_unknown"} & set(document.flags)


@pytest.mark.parametrize(
    ("countries", "text", "expected"),
    [
        (("EG",), "It has branches in Egypt, Saudi Arabia and Bahrain.", {"EG", "SA", "BH"}),
        (("EG",), "It sells cement. It exports from Cairo to the Gulf.", {"EG"}),
        (("JP",), "تقدم الشركة خدماتها في السعودية.", {"JP", "SA"}),
        ((), "It operates in Jordan.", {"JO", "unknown"}),
        ((), "It sells cement.", {"unknown"}),
    ],
)
def test_a_company_can_be_found_wherever_its_texts_say_that_it_is(
    countries: tuple[str, ...], text: str, expected: set[str]
) -> None:
    company = Company(company_id="co_a", name="Alpha", countries=countries)
    document = document_of(company, [evidence(text, EvidenceKind.TEXT, 1)], load_lexicon())
    assert {flag.removeprefix("country_") for flag in document.flags if flag.startswith("country_")} == expected


def test_a_country_field_counts_also_where_the_text_overruled_it() -> None:
    company = Company(company_id="co_a", name="Alpha", countries=("SA",))
    fields = evidence("city: Riyadh\ncountry: Taiwan; the Kingdom of Bahrain; nowhere", EvidenceKind.RECORD, 1)
    document = document_of(company, [fields], load_lexicon())
    assert {"country_SA", "country_TW", "country_BH"} <= set(document.flags)


def test_a_bare_company_is_marked_unknown_and_a_dead_one_not_live() -> None:
    bare = Company(company_id="co_a", name="Alpha", status=CompanyStatus.LIQUIDATED)
    fields = evidence("city: Jeddah", EvidenceKind.RECORD, 1)
    document = document_of(bare, [fields], load_lexicon())
    assert document.flags == ("country_unknown", "profile_unknown")
    assert document.text == "Alpha\ncity: Jeddah"
    alive = document_of(bare.model_copy(update={"status": CompanyStatus.UNKNOWN}), [fields], load_lexicon())
    assert "live" in alive.flags
    assert alive.digest != document.digest


def test_a_very_long_text_is_cut() -> None:
    bare = Company(company_id="co_a", name="Alpha")
    document = document_of(bare, [evidence("word " * 30_000, EvidenceKind.TEXT, 1)], load_lexicon())
    assert len(document.text) == 20_000


def test_digest_and_metadata_belong_together() -> None:
    document = DOCUMENTS[0]
    assert document.metadata == {
        "live": True,
        "country_SA": True,
        "profile_payment_provider": True,
        "digest": document.digest,
    }
    assert np.unique([item.digest for item in DOCUMENTS]).size == len(DOCUMENTS)
