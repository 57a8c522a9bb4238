"""The lexical embedding on small lexicons of its own, and the wrapper of an embeddings server."""

import subprocess
import sys
from collections.abc import Sequence

import numpy as np
import pytest

from partnership_os.llm.embeddings import EmbeddingClient, EmbeddingConfig
from partnership_os.schemas.base import BilingualText
from partnership_os.tools.embedding import Embedding, LexicalEmbedding, OpenAIEmbedding
from partnership_os.tools.lexicon import Concept, ConceptKind, Lexicon


def concept(slug: str, en: str, ar: str, *, broader: str | None = None, adjacent: str | None = None) -> Concept:
    return Concept(
        slug=slug,
        kind=ConceptKind.CAPABILITY,
        label=BilingualText(en=en, ar=ar),
        terms_en=(en,),
        terms_ar=(ar,),
        broader=(broader,) if broader else (),
        adjacent=(adjacent,) if adjacent else (),
    )


CONCEPTS = [
    concept("security", "information security", "أمن المعلومات"),
    concept("cyber", "cyber defence", "الدفاع السيبراني", broader="security"),
    concept("soc", "security operations centre", "مركز العمليات الأمنية", broader="cyber"),
    concept("payroll", "payroll", "مسير الرواتب", adjacent="hr"),
    concept("hr", "human resources", "الموارد البشرية"),
]


@pytest.fixture(scope="module")
def embedding() -> LexicalEmbedding:
    return LexicalEmbedding(Lexicon(CONCEPTS), dims=512)


def similarity(embedding: Embedding, first: str, second: str) -> float:
    rows = embedding.embed([first, second])
    return float(rows[0] @ rows[1])


def test_rows_have_length_one_and_the_stated_shape(embedding: LexicalEmbedding) -> None:
    rows = embedding.embed(["A bank in Riyadh", "cyber defence", "شركة في جدة", "payroll payroll payroll"])
    assert rows.shape == (4, 512)
    assert rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-6)


@pytest.mark.parametrize("text", ["", " \n ", "!!! --", "the of and"])
def test_a_text_without_words_has_no_direction(embedding: LexicalEmbedding, text: str) -> None:
    assert not embedding.embed([text]).any()


def test_a_row_depends_on_its_text_alone(embedding: LexicalEmbedding) -> None:
    texts = ["payroll for shops", "cyber defence", "حلول الدفاع السيبراني"]
    together = embedding.embed(texts)
    fresh = LexicalEmbedding(Lexicon(reversed(CONCEPTS)), dims=512)
    alone = np.concatenate([fresh.embed([text]) for text in reversed(texts)])[::-1]
    np.testing.assert_array_equal(together, alone)


def test_another_process_gives_the_same_bytes() -> None:
    script = (
        "import sys; from partnership_os.tools.embedding import LexicalEmbedding\n"
        "from partnership_os.tools.lexicon import load_lexicon\n"
        "e = LexicalEmbedding(load_lexicon()); rows = e.embed(['منصة دفع', 'payments'])\n"
        "sys.stdout.buffer.write(e.name.encode() + rows.tobytes())"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", script], capture_output=True, check=True, env={"PYTHONHASHSEED": str(seed)}
        ).stdout
        for seed in (1, 2)
    ]
    assert runs[0] == runs[1]
    assert len(runs[0]) > 2 * 1_024 * 4


def test_arabic_and_english_words_of_one_concept_meet(embedding: LexicalEmbedding) -> None:
    related = similarity(embedding, "نبحث عن شريك في الدفاع السيبراني", "A vendor of cyber defence")
    unrelated = similarity(embedding, "نبحث عن شريك في الدفاع السيبراني", "A vendor of payroll")
    assert related > 0.5 > unrelated + 0.4


def test_nearer_concepts_are_nearer(embedding: LexicalEmbedding) -> None:
    order = ["الدفاع السيبراني", "أمن المعلومات", "الموارد البشرية"]
    scores = [similarity(embedding, "cyber defence", text) for text in order]
    assert scores == sorted(scores, reverse=True)
    assert scores[1] > 0.2 > abs(scores[2])
    assert similarity(embedding, "payroll", "الموارد البشرية") > 0.2


def test_spelling_counts_where_the_lexicon_is_silent(embedding: LexicalEmbedding) -> None:
    same_stem = similarity(embedding, "desalination", "desalinated water")
    assert same_stem > 0.15 > similarity(embedding, "desalination", "furniture")
    assert similarity(embedding, "أحمد", "احمد") == pytest.approx(1.0, abs=1e-6)


def test_function_words_and_common_words_say_little(embedding: LexicalEmbedding) -> None:
    assert similarity(embedding, "the furniture of", "furniture") == pytest.approx(1.0, abs=1e-6)
    assert similarity(embedding, "furniture company", "timber company") < 0.3


def test_repetition_counts_less_than_proportionally(embedding: LexicalEmbedding) -> None:
    once = similarity(embedding, "timber and glue", "timber")
    often = similarity(embedding, "timber timber timber timber and glue", "timber")
    proportional = 4 / np.sqrt(17)
    assert once < often < proportional


def test_the_name_is_the_identity_of_the_space() -> None:
    base = LexicalEmbedding(Lexicon(CONCEPTS), dims=512)
    assert base.name.startswith("lexical-1/512/")
    assert base.name == LexicalEmbedding(Lexicon(reversed(CONCEPTS)), dims=512).name
    assert base.name != LexicalEmbedding(Lexicon(CONCEPTS), dims=1_024).name
    changed = [*CONCEPTS[:-1], concept("hr", "human resources", "شؤون الموظفين")]
    assert base.name != LexicalEmbedding(Lexicon(changed), dims=512).name


def test_too_few_dimensions_are_refused() -> None:
    with pytest.raises(ValueError, match="too few"):
        LexicalEmbedding(Lexicon(CONCEPTS), dims=8)


def test_a_full_word_cache_starts_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("partnership_os.tools.embedding._WORD_CACHE", 3)
    small = LexicalEmbedding(Lexicon(CONCEPTS), dims=512)
    text = "one two three four five six"
    np.testing.assert_array_equal(small.embed([text]), small.embed([text]))
    assert len(small._words) <= 3


class CountingClient(EmbeddingClient):
    """Answers from a table instead of a server, and counts."""

    asked = 0

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        self.asked += 1
        return [[3.0, 4.0] if text == "far" else [0.0, 2.0] for text in texts]


def test_server_vectors_are_scaled_to_length_one() -> None:
    client = CountingClient(EmbeddingConfig(model="m-small", base_url="http://127.0.0.1:8123/v1"))
    embedding = OpenAIEmbedding(client)
    np.testing.assert_allclose(embedding.embed(["far", "near"]), [[0.6, 0.8], [0.0, 1.0]], atol=1e-6)
    assert (embedding.dims, embedding.dims) == (2, 2)
    assert client.asked == 2
    assert embedding.embed([]).shape == (0, 2)


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("http://127.0.0.1:8123/v1", "openai/m-small@127.0.0.1:8123"),
        ("https://user:secret@models.example/v1", "openai/m-small@models.example"),
    ],
)
def test_the_name_of_a_server_space_holds_model_and_host_and_no_secret(url: str, name: str) -> None:
    assert OpenAIEmbedding(CountingClient(EmbeddingConfig(model="m-small", base_url=url))).name == name
