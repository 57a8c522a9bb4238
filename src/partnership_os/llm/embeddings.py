"""Embeddings from any OpenAI-compatible server, in batches, by the same retry rule as chat."""

from collections.abc import Sequence
from decimal import Decimal
from threading import Lock
from typing import TYPE_CHECKING, Annotated, Any, cast

from pydantic import Field, SecretStr

from partnership_os.errors import ConfigurationError
from partnership_os.llm.chat import OPENAI_URL
from partnership_os.llm.failures import FailureKind, model_error, scrub
from partnership_os.llm.usage import UsageMeter
from partnership_os.schemas.base import Record
from partnership_os.schemas.stamp import ModelUsage
from partnership_os.settings import Settings

if TYPE_CHECKING:
    import openai

    from partnership_os.llm.retry import RetryRule, Wait


class EmbeddingConfig(Record):
    """Where the embedding model is. ``batch`` is the number of texts in one request."""

    model: Annotated[str, Field(min_length=1, max_length=200)]
    base_url: Annotated[str, Field(min_length=1, max_length=500)] = OPENAI_URL
    api_key: SecretStr = SecretStr("")
    timeout: Annotated[float, Field(gt=0, le=600, description="seconds")] = 60.0
    attempts: Annotated[int, Field(ge=1, le=10)] = 4
    batch: Annotated[int, Field(ge=1, le=2_048)] = 128
    price_input: Decimal | None = None

    @classmethod
    def from_settings(cls, settings: Settings) -> "EmbeddingConfig":
        """The embedding part of the settings; the price of chat tokens is not the price of embeddings.

        Raises:
            ConfigurationError: no embedding model is named, or OpenAI itself is meant and there is no key.
        """
        if settings.embedding_model is None:
            raise ConfigurationError("No embedding model is named.", fix="Set PARTNERSHIP_EMBEDDING_MODEL.")
        if settings.base_url is None and settings.api_key is None:
            raise ConfigurationError(
                "There is no key for the OpenAI server.",
                fix="Set PARTNERSHIP_API_KEY, or PARTNERSHIP_BASE_URL for a server that needs none.",
            )
        return cls(
            model=settings.embedding_model,
            base_url=settings.base_url or OPENAI_URL,
            api_key=settings.api_key or SecretStr(""),
            timeout=settings.model_timeout_seconds,
            attempts=settings.model_attempts,
        )


class EmbeddingClient:
    """Turns texts into vectors. Safe to share between threads; nothing is connected before the first call.

    Args:
        config: Where the model is.
        wait: Replaces the pauses between attempts, for tests.
    """

    def __init__(self, config: EmbeddingConfig, *, wait: "Wait | None" = None) -> None:
        self.config = config
        self._wait = wait
        self._lock = Lock()
        self._meter = UsageMeter(config.price_input)
        self._client: openai.OpenAI | None = None

    def __repr__(self) -> str:
        return f"EmbeddingClient(model={self.config.model!r})"

    @property
    def usage(self) -> ModelUsage:
        """Everything this client used so far."""
        return self._meter.total

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One vector per text, in the order of the texts.

        Raises:
            ModelError: the server failed, or answered with the wrong number or lengths of vectors.
        """
        vectors: list[list[float]] = []
        for start in range(0, len(texts), self.config.batch):
            vectors += self._embed_batch(list(texts[start : start + self.config.batch]))
        if len({len(vector) for vector in vectors}) > 1:
            raise self._malformed("the vectors have different lengths")
        return vectors

    def close(self) -> None:
        """Close the connections."""
        with self._lock:
            client, self._client = self._client, None
        if client is not None:
            client.close()

    def _embed_batch(self, texts: list[str]) -> list[list[float]]:
        import openai

        from partnership_os.llm.sdk_errors import typed_error

        # An empty text is refused by servers; a blank has a vector like any other.
        asked = [text if text.strip() else " " for text in texts]
        try:
            client, rule = self._built()
            answer = rule.run(
                lambda: client.embeddings.create(model=self.config.model, input=asked, encoding_format="float"),
                self._meter.failed,
            )
            self._meter.answered(answer.usage.prompt_tokens if answer.usage else None, 0)
            ordered = sorted(answer.data, key=lambda item: item.index)
            vectors = [[float(number) for number in item.embedding] for item in ordered]
        except (ValueError, KeyError, TypeError, AttributeError, openai.APIResponseValidationError) as error:
            failure = self._malformed(str(error))
        except openai.OpenAIError as error:
            secret = self.config.api_key.get_secret_value()
            failure = typed_error(error, secret=secret, base_url=self.config.base_url, usage=self.usage)
        else:
            if [item.index for item in ordered] == list(range(len(texts))) and all(vectors):
                return vectors
            failure = self._malformed(f"{len(texts)} texts were sent and {len(vectors)} vectors came back")
        raise failure

    def _malformed(self, what: str) -> Exception:
        said = scrub(what, self.config.api_key.get_secret_value())
        return model_error(FailureKind.MALFORMED, f"The embedding server's answer cannot be used: {said}", self.usage)

    def _built(self) -> "tuple[openai.OpenAI, RetryRule]":
        import openai

        from partnership_os.llm.retry import RetryRule, polite_wait
        from partnership_os.llm.transport import sync_client

        with self._lock:
            if self._client is None:
                self._client = openai.OpenAI(
                    api_key=self.config.api_key.get_secret_value() or "none",
                    base_url=self.config.base_url,
                    timeout=self.config.timeout,
                    max_retries=0,
                    http_client=cast("Any", sync_client(self.config.timeout)),
                )
            return self._client, RetryRule(self.config.attempts, self._wait or polite_wait)
