"""What stands behind `llm.chat`: the only place that builds ChatOpenAI. Imported with the first call, not before."""

from collections.abc import AsyncIterator, Callable, Iterator
from itertools import chain
from threading import Lock
from typing import Any

import openai
from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable
from langchain_openai import ChatOpenAI
from pydantic import PrivateAttr, SecretStr

from partnership_os.errors import ModelError
from partnership_os.llm.chat import ChatConfig, RawAnswer, RawRequest
from partnership_os.llm.failures import FailureKind, scrub
from partnership_os.llm.retry import RetryRule, Wait, polite_wait
from partnership_os.llm.sdk_errors import refuses_format, typed_error
from partnership_os.llm.transport import async_client, sync_client
from partnership_os.llm.usage import UsageMeter

_NO_COMPLETION = (
    ValueError,
    KeyError,
    TypeError,
    IndexError,
    AttributeError,
    openai.APIResponseValidationError,
)
"""What the SDK and LangChain raise on a 200 whose body is no chat completion."""


class ChatEngine:
    """Sends one request at a time, with retries, and tells what came back.

    Args:
        config: Where the model is and what a call may take.
        wait: Replaces the pauses between attempts, for tests.
    """

    def __init__(self, config: ChatConfig, wait: Wait | None) -> None:
        self._config = config
        self._rule = RetryRule(config.attempts, wait or polite_wait)
        self._http = sync_client(config.timeout)
        self._async_http = async_client(config.timeout)
        self._lock = Lock()
        self._model = ChatOpenAI(**self._arguments())
        self._bound: dict[int, Runnable[Any, AIMessage]] = {}

    def _arguments(self) -> dict[str, Any]:
        """Address, key and proxy are always given, since ChatOpenAI would take them from the environment otherwise."""
        return {
            "model": self._config.model,
            "base_url": self._config.base_url,
            "api_key": SecretStr(self._config.api_key.get_secret_value() or "none"),
            "openai_proxy": "",
            "timeout": self._config.timeout,
            "max_retries": 0,
            "max_tokens": self._config.max_tokens,
            "use_responses_api": False,
            "stream_usage": True,
            "http_client": self._http,
            "http_async_client": self._async_http,
        }

    def send(self, request: RawRequest, meter: UsageMeter) -> RawAnswer:
        """One answer to one request.

        Raises:
            ModelError: the server failed for good.
        """
        failure: openai.OpenAIError
        try:
            model = self._bind(request.response_format)
            answer = self._rule.run(lambda: model.invoke(list(request.messages)), meter.failed)
            return _answered(answer, meter, self._config.api_key.get_secret_value())
        except _NO_COMPLETION as error:
            return self._unreadable(error, meter)
        except openai.OpenAIError as error:
            failure = error
        return self._failed(failure, request, meter)

    async def asend(self, request: RawRequest, meter: UsageMeter) -> RawAnswer:
        """Same as `send`, without blocking the loop."""
        failure: openai.OpenAIError
        try:
            model = self._bind(request.response_format)
            answer = await self._rule.arun(lambda: model.ainvoke(list(request.messages)), meter.failed)
            return _answered(answer, meter, self._config.api_key.get_secret_value())
        except _NO_COMPLETION as error:
            return self._unreadable(error, meter)
        except openai.OpenAIError as error:
            failure = error
        return self._failed(failure, request, meter)

    def patient_model(self) -> ChatOpenAI:
        """A chat model that retries by the same rule and fails with ModelError."""
        model = PatientChatOpenAI(**self._arguments())
        model.arm(self._rule, self._typed)
        return model

    def close(self) -> None:
        """Close the connections of threads."""
        self._http.close()

    def _bind(self, response_format: dict[str, Any] | None) -> Runnable[Any, AIMessage]:
        """The model with its format, made once per format.

        The format travels in ``extra_body``: as an argument of its own it would send the answer through the SDK's
        parser, which raises on cut-off and filtered answers and loses their tokens.
        """
        if response_format is None:
            return self._model
        key = id(response_format)
        with self._lock:
            if key not in self._bound:
                self._bound[key] = self._model.bind(extra_body={"response_format": response_format})
            return self._bound[key]

    def _unreadable(self, error: Exception, meter: UsageMeter) -> RawAnswer:
        if not isinstance(error, openai.OpenAIError):
            meter.failed()
        said = scrub(str(error), self._config.api_key.get_secret_value())
        return RawAnswer(unreadable=f"The server's reply is no chat completion: {said}")

    def _failed(self, error: openai.OpenAIError, request: RawRequest, meter: UsageMeter) -> RawAnswer:
        if request.response_format is not None and refuses_format(error):
            return RawAnswer(format_refused=True)
        raise self._typed(error, meter)

    def _typed(self, error: Exception, meter: UsageMeter | None = None) -> ModelError:
        if not isinstance(error, openai.OpenAIError):
            said = scrub(str(error), self._config.api_key.get_secret_value())
            return ModelError(
                f"The server's reply is no chat completion: {said}",
                fix="Check PARTNERSHIP_BASE_URL: it must name an OpenAI-compatible server.",
                kind=FailureKind.MALFORMED,
                usage=(meter or UsageMeter()).total,
            )
        return typed_error(
            error,
            secret=self._config.api_key.get_secret_value(),
            base_url=self._config.base_url,
            usage=(meter or UsageMeter()).total,
        )


def _answered(message: AIMessage, meter: UsageMeter, secret: str) -> RawAnswer:
    """What came back, without the key: a hostile server may echo it, and answers are stored."""
    usage = message.usage_metadata
    tokens = (usage["input_tokens"], usage["output_tokens"]) if usage is not None else (None, None)
    meter.answered(*tokens)
    return RawAnswer(
        text=str(message.text).replace(secret, "[key]") if secret else str(message.text),
        finish_reason=message.response_metadata.get("finish_reason"),
        refusal=message.additional_kwargs.get("refusal"),
    )


def _nothing() -> None:
    """The chat agent counts its usage from the messages themselves."""


def _begun(chunks: Iterator[ChatGenerationChunk]) -> Iterator[ChatGenerationChunk]:
    """The stream after its first chunk has come: up to there a failure may be retried without showing twice."""
    first = next(chunks, None)
    return iter(()) if first is None else chain((first,), chunks)


async def _abegun(
    chunks: AsyncIterator[ChatGenerationChunk],
) -> tuple[ChatGenerationChunk | None, AsyncIterator[ChatGenerationChunk]]:
    return await anext(chunks, None), chunks


class PatientChatOpenAI(ChatOpenAI):
    """ChatOpenAI with our retry rule and our errors, for agents that call tools."""

    _rule: RetryRule = PrivateAttr()
    _typed: Callable[[Exception], ModelError] = PrivateAttr()

    def arm(self, rule: RetryRule, typed: Callable[[Exception], ModelError]) -> None:
        """Give it the rule, and what turns an error of the SDK into one of ours."""
        self._rule = rule
        self._typed = typed

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        ask = super()._generate
        try:
            return self._rule.run(lambda: ask(messages, stop, run_manager, **kwargs), _nothing)
        except (openai.OpenAIError, *_NO_COMPLETION) as error:
            failure = self._typed(error)
        raise failure

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        ask = super()._agenerate
        try:
            return await self._rule.arun(lambda: ask(messages, stop, run_manager, **kwargs), _nothing)
        except (openai.OpenAIError, *_NO_COMPLETION) as error:
            failure = self._typed(error)
        raise failure

    def _stream(self, *args: Any, **kwargs: Any) -> Iterator[ChatGenerationChunk]:
        ask = super()._stream
        try:
            yield from self._rule.run(lambda: _begun(ask(*args, **kwargs)), _nothing)
            return
        except (openai.OpenAIError, *_NO_COMPLETION) as error:
            failure = self._typed(error)
        raise failure

    async def _astream(self, *args: Any, **kwargs: Any) -> AsyncIterator[ChatGenerationChunk]:
        ask = super()._astream
        try:
            first, rest = await self._rule.arun(lambda: _abegun(ask(*args, **kwargs)), _nothing)
            if first is not None:
                yield first
                async for chunk in rest:
                    yield chunk
            return
        except (openai.OpenAIError, *_NO_COMPLETION) as error:
            failure = self._typed(error)
        raise failure
