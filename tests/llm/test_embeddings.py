"""The embedding client over real HTTP against the local test server."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from pydantic import SecretStr

from partnership_os.errors import ConfigurationError, ModelError
from partnership_os.llm.chat import OPENAI_URL
from partnership_os.llm.embeddings import EmbeddingClient, EmbeddingConfig
from partnership_os.schemas.stamp import ModelUsage
from partnership_os.settings import Settings
from partnership_os.testing.behaviours import Garbage, RateLimited, ServerError, Slow, Unauthorised
from partnership_os.testing.openai_server import DIMENSIONS, OpenAIServer

KEY = "sk-embedding-0123456789"
Make = Callable[..., EmbeddingClient]


@pytest.fixture
def make() -> Iterator[Make]:
    clients: list[EmbeddingClient] = []

    def build(server: OpenAIServer, **fields: Any) -> EmbeddingClient:
        config = EmbeddingConfig(
            **{"model": "e", "base_url": server.base_url, "api_key": SecretStr(KEY), "timeout": 5.0, **fields}
        )
        clients.append(EmbeddingClient(config, wait=lambda state: 0.0))
        return clients[-1]

    yield build
    for client in clients:
        client.close()
        client.close()


def test_texts_go_in_batches_and_come_back_in_order(make: Make) -> None:
    texts = ["one text", "نص عربي", "three", "", "five"]
    with OpenAIServer() as server:
        client = make(server, batch=2, price_input=Decimal("0.02"))
        vectors = client.embed(texts)
    assert [len(request.body["input"]) for request in server.requests] == [2, 2, 1]
    assert [len(vector) for vector in vectors] == [DIMENSIONS] * 5
    assert len({tuple(vector) for vector in vectors}) == 5
    assert client.usage == ModelUsage(calls=3, input_tokens=6, output_tokens=0, cost_usd=0.00000012)


def test_the_same_text_has_the_same_vector_whatever_the_batch(make: Make) -> None:
    with OpenAIServer() as server:
        assert make(server, batch=1).embed(["a", "b"]) == make(server, batch=2).embed(["a", "b"])


def test_vectors_are_put_in_order_by_their_index(make: Make) -> None:
    answer = {
        "object": "list",
        "model": "e",
        "data": [{"object": "embedding", "index": i, "embedding": [i, 9]} for i in (1, 0)],
    }
    with OpenAIServer(embeddings=[answer]) as server:
        client = make(server)
        assert client.embed(["a", "b"]) == [[0.0, 9.0], [1.0, 9.0]]
    assert client.usage.cost_usd is None


def test_nothing_is_asked_for_no_texts(make: Make) -> None:
    with OpenAIServer() as server:
        assert make(server).embed([]) == []
    assert server.requests == []


def test_failures_are_retried_by_the_same_rule(make: Make) -> None:
    with OpenAIServer(embeddings=[RateLimited(1), ServerError(502)]) as server:
        client = make(server)
        assert len(client.embed(["a"])) == 1
        server.assert_done()
    assert (client.usage.calls, client.usage.failed_calls) == (1, 2)


BAD = {"object": "list", "model": "e", "data": [{"object": "embedding", "index": 0, "embedding": [1.0]}]}


@pytest.mark.parametrize(
    ("behaviour", "kind"),
    [
        (Unauthorised(), "unauthorised"),
        (Slow(5.0), "timeout"),
        (Garbage(), "malformed"),
        (Garbage("[]"), "malformed"),
        ({"object": "list", "data": []}, "malformed"),
        (BAD, "malformed"),
    ],
)
def test_a_server_that_fails_gives_a_typed_error_without_the_key(make: Make, behaviour: Any, kind: str) -> None:
    with OpenAIServer(embeddings=[behaviour]) as server, pytest.raises(ModelError) as caught:
        make(server, attempts=1, timeout=0.3).embed(["a", "b"])
    assert caught.value.details["kind"] == kind
    assert KEY not in str(caught.value.as_dict())
    assert KEY not in repr(make(server))


def test_vectors_of_different_lengths_are_refused(make: Make) -> None:
    answers = [
        {"object": "list", "model": "e", "data": [{"object": "embedding", "index": 0, "embedding": [0.5] * size}]}
        for size in (2, 3)
    ]
    with OpenAIServer(embeddings=answers) as server, pytest.raises(ModelError, match="different lengths"):
        make(server, batch=1).embed(["a", "b"])


def test_config_comes_from_the_settings() -> None:
    with pytest.raises(ConfigurationError, match="embedding model"):
        EmbeddingConfig.from_settings(Settings(_env_file=None))
    with pytest.raises(ConfigurationError, match="key"):
        EmbeddingConfig.from_settings(Settings(_env_file=None, embedding_model="e"))
    config = EmbeddingConfig.from_settings(Settings(_env_file=None, embedding_model="e", api_key=SecretStr(KEY)))
    assert (config.model, config.base_url) == ("e", OPENAI_URL)
