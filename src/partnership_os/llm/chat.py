"""The one door to chat models: typed answers, one retry layer, bounded repair, usage and cost of every call.

LangChain and the OpenAI SDK take seconds to import, so they are imported with the first call (`llm.engine`).
"""

import json
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum
from threading import Lock
from typing import TYPE_CHECKING, Annotated, Any, Generic, Literal, TypeVar

from pydantic import Field, SecretStr, ValidationError

from partnership_os.errors import ConfigurationError
from partnership_os.llm.failures import FailureKind, model_error, scrub
from partnership_os.llm.usage import UsageMeter
from partnership_os.schemas.base import Record
from partnership_os.schemas.model_outputs import StrictOutput
from partnership_os.schemas.stamp import ModelUsage
from partnership_os.settings import Settings

if TYPE_CHECKING:
    from langchain_openai import ChatOpenAI

    from partnership_os.llm.engine import ChatEngine
    from partnership_os.llm.retry import Wait

T = TypeVar("T", bound=StrictOutput)

OPENAI_URL = "https://api.openai.com/v1"
_LONGEST_ECHO = 4_000
"""Characters of a malformed answer that go back to the model; more would only repeat its mistake at our cost."""
_MOST_ERRORS = 5


class ChatConfig(Record):
    """Where the model is and what a call may take. Prices are USD per million tokens."""

    model: Annotated[str, Field(min_length=1, max_length=200)]
    base_url: Annotated[str, Field(min_length=1, max_length=500)] = OPENAI_URL
    api_key: SecretStr = SecretStr("")
    timeout: Annotated[float, Field(gt=0, le=600, description="seconds")] = 60.0
    max_tokens: Annotated[int, Field(ge=1)] = 4_000
    attempts: Annotated[int, Field(ge=1, le=10)] = 4
    repairs: Annotated[int, Field(ge=0, le=5)] = 2
    price_input: Decimal | None = None
    price_output: Decimal | None = None

    @classmethod
    def from_settings(cls, settings: Settings) -> "ChatConfig":
        """The chat part of the settings.

        Raises:
            ConfigurationError: no model is named, or OpenAI itself is meant and there is no key.
        """
        if settings.model is None:
            raise ConfigurationError("No chat model is named.", fix="Set PARTNERSHIP_MODEL.")
        if settings.base_url is None and settings.api_key is None:
            raise ConfigurationError(
                "There is no key for the OpenAI server.",
                fix="Set PARTNERSHIP_API_KEY, or PARTNERSHIP_BASE_URL for a server that needs none.",
            )
        return cls(
            model=settings.model,
            base_url=settings.base_url or OPENAI_URL,
            api_key=settings.api_key or SecretStr(""),
            timeout=settings.model_timeout_seconds,
            max_tokens=settings.model_max_tokens,
            attempts=settings.model_attempts,
            repairs=settings.model_repairs,
            price_input=settings.price_input,
            price_output=settings.price_output,
        )


class ChatMessage(Record):
    """One message of a conversation with a model."""

    role: Literal["system", "user", "assistant"]
    text: str


@dataclass(frozen=True)
class Completion(Generic[T]):
    """A valid answer, and what it took to get it (repairs and failed attempts included)."""

    value: T
    usage: ModelUsage


@dataclass(frozen=True)
class RawAnswer:
    """What a server answered to one request, before anything of it is believed."""

    text: str = ""
    finish_reason: str | None = None
    refusal: str | None = None
    unreadable: str | None = None
    """Set when the reply was no chat completion at all."""
    format_refused: bool = False
    """Set when the server says no to ``response_format``."""


@dataclass(frozen=True)
class RawRequest:
    """One request: plain messages, and the ``response_format`` to ask for."""

    messages: tuple[dict[str, str], ...]
    response_format: dict[str, Any] | None


class OutputMode(IntEnum):
    """How an answer is held to its schema, from the strictest that a server may know to none."""

    JSON_SCHEMA = 0
    JSON_OBJECT = 1
    TEXT = 2


class _Contract(Generic[T]):
    """A schema with its name: what is asked for, and the reading of what came. Built once per schema."""

    def __init__(self, schema: type[T], name: str) -> None:
        self.schema = schema
        self.name = name
        json_schema = schema.model_json_schema()
        self.instruction = (
            "\n\nAnswer with one JSON object and nothing else, no Markdown, valid against this JSON schema:\n"
            + json.dumps(json_schema, ensure_ascii=False, separators=(",", ":"))
        )
        self._formats: dict[OutputMode, dict[str, Any] | None] = {
            OutputMode.JSON_SCHEMA: {
                "type": "json_schema",
                "json_schema": {"name": name, "strict": True, "schema": json_schema},
            },
            OutputMode.JSON_OBJECT: {"type": "json_object"},
            OutputMode.TEXT: None,
        }

    def request(self, turns: Sequence[ChatMessage], mode: OutputMode) -> RawRequest:
        """The turns as a request; a server that is not given the schema gets it in the last words."""
        plain = [{"role": turn.role, "content": turn.text} for turn in turns]
        if mode is not OutputMode.JSON_SCHEMA:
            plain[-1] = {**plain[-1], "content": plain[-1]["content"] + self.instruction}
        return RawRequest(tuple(plain), self._formats[mode])

    def read(self, text: str) -> T | str:
        """The value, or in words what is wrong with the text."""
        if not text.strip():
            return "The answer was empty."
        try:
            return self.schema.model_validate_json(text)
        except ValidationError as error:
            problem = error
        inner = _json_object_in(text)
        if inner is not None and inner != text:
            try:
                return self.schema.model_validate_json(inner)
            except ValidationError as error:
                problem = error
        return _problem_text(problem)


def _json_object_in(text: str) -> str | None:
    """The first complete JSON object in prose or in a Markdown fence."""
    start = text.find("{")
    while start >= 0:
        try:
            _, end = json.JSONDecoder().raw_decode(text, start)
        except (ValueError, RecursionError):
            start = text.find("{", start + 1)
            continue
        return text[start:end]
    return None


def _problem_text(error: ValidationError) -> str:
    problems = error.errors(include_url=False, include_input=False, include_context=False)
    lines = [f"{'.'.join(str(part) for part in item['loc']) or 'answer'}: {item['msg']}" for item in problems]
    more = [f"and {len(lines) - _MOST_ERRORS} more"] if len(lines) > _MOST_ERRORS else []
    return "; ".join(lines[:_MOST_ERRORS] + more)


def _as_it_is(problem: str) -> str:
    return problem


class ChatClient:
    """Typed completions from any OpenAI-compatible server. Safe to share between threads and event loops.

    Nothing is imported or connected before the first call.

    Args:
        config: Where the model is and what a call may take.
        wait: Replaces the pauses between attempts, for tests.
    """

    def __init__(self, config: ChatConfig, *, wait: "Wait | None" = None) -> None:
        self.config = config
        self._wait = wait
        self._lock = Lock()
        self._engine: ChatEngine | None = None
        self._mode = OutputMode.JSON_SCHEMA
        self._contracts: dict[tuple[type[StrictOutput], str], _Contract[Any]] = {}

    def __repr__(self) -> str:
        return f"ChatClient(model={self.config.model!r})"

    def complete(
        self,
        messages: Sequence[ChatMessage],
        schema: type[T],
        name: str,
        repair: Callable[[str], str] = _as_it_is,
    ) -> Completion[T]:
        """Ask for one answer of this schema.

        Args:
            messages: The conversation; the last one is the user's.
            schema: What the answer must be; validated once, by pydantic.
            name: Name of the schema on the wire: letters, digits, ``_`` and ``-``, at most 64.
            repair: Turns the validation error into the words that ask for a corrected answer.

        Raises:
            ModelError: no valid answer; ``details["kind"]`` is a `FailureKind`, ``details["usage"]`` what it cost.
        """
        meter = self._meter()
        talk = self._talk(messages, self._contract(schema, name), repair, meter)
        request = next(talk)
        while True:
            answer = self._built().send(request, meter)
            try:
                request = talk.send(answer)
            except StopIteration as done:
                return Completion(done.value, meter.total)

    async def acomplete(
        self,
        messages: Sequence[ChatMessage],
        schema: type[T],
        name: str,
        repair: Callable[[str], str] = _as_it_is,
    ) -> Completion[T]:
        """Same as `complete`, without blocking the loop; correct in any number of loops."""
        meter = self._meter()
        talk = self._talk(messages, self._contract(schema, name), repair, meter)
        request = next(talk)
        while True:
            answer = await self._built().asend(request, meter)
            try:
                request = talk.send(answer)
            except StopIteration as done:
                return Completion(done.value, meter.total)

    def chat_model(self) -> "ChatOpenAI":
        """The chat model itself, for tool calling; usage in streams, same retries, failures as ModelError."""
        return self._built().patient_model()

    def close(self) -> None:
        """Close the connections of threads; those of event loops close with their loops."""
        with self._lock:
            engine, self._engine = self._engine, None
        if engine is not None:
            engine.close()

    def _meter(self) -> UsageMeter:
        return UsageMeter(self.config.price_input, self.config.price_output)

    def _built(self) -> "ChatEngine":
        with self._lock:
            if self._engine is None:
                from partnership_os.llm.engine import ChatEngine

                self._engine = ChatEngine(self.config, self._wait)
            return self._engine

    def _contract(self, schema: type[T], name: str) -> _Contract[T]:
        with self._lock:
            key = (schema, name)
            if key not in self._contracts:
                self._contracts[key] = _Contract(schema, name)
            return self._contracts[key]

    def _step_down(self, refused: OutputMode) -> None:
        """Remember that the server does not know a mode; several threads may find out at once."""
        with self._lock:
            self._mode = max(self._mode, OutputMode(refused + 1))

    def _talk(
        self, messages: Sequence[ChatMessage], contract: _Contract[T], repair: Callable[[str], str], meter: UsageMeter
    ) -> Generator[RawRequest, RawAnswer, T]:
        """The whole exchange without its transport: yields requests, is sent answers, returns the value."""
        turns = list(messages)
        repairs = 0
        while True:
            mode = self._mode
            answer = yield contract.request(turns, mode)
            if answer.format_refused:
                self._step_down(mode)
                continue
            self._refuse_unusable(answer, contract.name, meter)
            read = answer.unreadable or contract.read(answer.text)
            if not isinstance(read, str):
                return read
            if repairs == self.config.repairs:
                raise model_error(
                    FailureKind.MALFORMED,
                    f"The model's answer is not a valid {contract.name} after {repairs} repairs: "
                    f"{scrub(read, self.config.api_key.get_secret_value())}",
                    meter.total,
                )
            repairs += 1
            turns = [*messages, *_repair_turns(answer, repair(read))]

    def _refuse_unusable(self, answer: RawAnswer, name: str, meter: UsageMeter) -> None:
        """Raises for answers that asking again would not mend."""
        if answer.refusal:
            said = scrub(answer.refusal, self.config.api_key.get_secret_value())
            raise model_error(FailureKind.REFUSAL, f"The model refused to answer ({name}): {said}", meter.total)
        if answer.finish_reason == "length":
            raise model_error(
                FailureKind.CUT_OFF,
                f"The model's answer ({name}) was cut off at {self.config.max_tokens} tokens.",
                meter.total,
            )
        if answer.finish_reason == "content_filter":
            raise model_error(
                FailureKind.CONTENT_FILTER, f"The server's content filter stopped the answer ({name}).", meter.total
            )


def _repair_turns(answer: RawAnswer, request: str) -> list[ChatMessage]:
    """The last answer and the words that ask for a better one; a reply that was no answer is just asked for again."""
    if answer.unreadable:
        return []
    echo = [ChatMessage(role="assistant", text=answer.text[:_LONGEST_ECHO])] if answer.text.strip() else []
    return [*echo, ChatMessage(role="user", text=request)]
