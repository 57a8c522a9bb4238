"""The one retry layer: 429 (as long as the server asks), 5xx, broken connections and timeouts; nothing else.

The OpenAI SDK's own retries are switched off wherever a client is built, so attempts never multiply.
"""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import openai
from tenacity import AsyncRetrying, RetryCallState, Retrying, retry_if_exception
from tenacity.wait import wait_random_exponential

from partnership_os.llm.sdk_errors import is_transient, retry_after_seconds

T = TypeVar("T")
Wait = Callable[[RetryCallState], float]
"""Seconds to wait before the next attempt."""

LONGEST_WAIT_SECONDS = 60.0
"""A server that asks for a longer pause is not waited for: the call fails and says how long it was asked to wait."""

_backoff = wait_random_exponential(multiplier=0.5, max=20)


def _error_of(state: RetryCallState) -> BaseException | None:
    return state.outcome.exception() if state.outcome is not None else None


def polite_wait(state: RetryCallState) -> float:
    """What the server asks for, else exponential backoff with full jitter."""
    asked = retry_after_seconds(_error_of(state))
    return asked if asked is not None else _backoff(state)


def _asked_too_long(state: RetryCallState) -> bool:
    return (retry_after_seconds(_error_of(state)) or 0.0) > LONGEST_WAIT_SECONDS


class RetryRule:
    """How often and how patiently a call is repeated.

    Args:
        attempts: Requests in total, the first one included.
        wait: Seconds before the next attempt; tests pass a function that returns 0.
    """

    def __init__(self, attempts: int, wait: Wait = polite_wait) -> None:
        self._options: dict[str, Any] = {
            "retry": retry_if_exception(is_transient),
            "stop": lambda state: state.attempt_number >= attempts or _asked_too_long(state),
            "wait": wait,
            "reraise": True,
        }

    def run(self, call: Callable[[], T], on_failure: Callable[[], None]) -> T:
        """Call until it succeeds, the attempts are used up or the error is not transient; raises the last error.

        ``on_failure`` is called once per request that failed.
        """

        def counted() -> T:
            try:
                return call()
            except openai.OpenAIError:
                on_failure()
                raise

        return Retrying(**self._options)(counted)

    async def arun(self, call: Callable[[], Awaitable[T]], on_failure: Callable[[], None]) -> T:
        """Same as `run`, without blocking the loop."""

        async def counted() -> T:
            try:
                return await call()
            except openai.OpenAIError:
                on_failure()
                raise

        return await AsyncRetrying(**self._options)(counted)
