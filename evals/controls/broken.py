"""The broken control: a server of which no first answer can be used. It shows whether a failure counts as one."""

from collections.abc import Callable
from hashlib import sha256
from typing import Final

from partnership_os.evals.controls.lazy import lazy
from partnership_os.evals.controls.prompts import Task, task_of
from partnership_os.testing.behaviours import (
    Answer,
    ChatRequest,
    CutOff,
    Filtered,
    Garbage,
    PlainText,
    RateLimited,
    Refusal,
)

__all__ = ["FAILURES", "broken"]

_HALF: Final = '{"claims": [{"kind": "offers", "subject": '


def broken(request: ChatRequest) -> Answer:
    """One of `FAILURES`; which, follows from what was asked, so that asking again for a mended answer meets the same.

    Only after malformed JSON does a second answer fit its schema, and it says nothing.
    """
    kinds = FAILURES if task_of(request) is not Task.CHAT else CHAT_FAILURES
    asked = [str(item.get("content") or "") for item in request.messages if item.get("role") == "user"]
    about = asked[-1:] if task_of(request) is Task.CHAT else asked[:1]
    drawn = int.from_bytes(sha256("\n".join(about).encode()).digest()[:8])
    return kinds[drawn % len(kinds)](request)


def _mended(request: ChatRequest) -> Answer:
    asked_again = sum(item.get("role") == "user" for item in request.messages) > 1
    return lazy(request) if asked_again else _HALF


CHAT_FAILURES: Final[tuple[Callable[[ChatRequest], Answer], ...]] = (
    lambda _: "",
    lambda _: Refusal(),
    lambda _: CutOff("The company is"),
    lambda _: Filtered(),
    lambda _: Garbage(),
    lambda _: RateLimited(retry_after=0),
)
"""What a conversation gets: nothing, a refusal, half a sentence, a filter's stop, no completion, too many requests."""
FAILURES: Final[tuple[Callable[[ChatRequest], Answer], ...]] = (
    _mended,
    lambda _: _HALF,
    lambda _: {"answer": 42},
    lambda _: PlainText(),
    lambda _: Refusal(),
    lambda _: CutOff(),
    lambda _: Filtered(),
    lambda _: Garbage(),
    lambda _: RateLimited(retry_after=0),
)
"""What an answer under a schema is: half a JSON object (mended, or not), another one, prose, or one of the failures."""
