"""What a test server can be told to do instead of, or around, a plain answer."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from typing import Any


@dataclass(frozen=True)
class ChatRequest:
    """One request as the server got it."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def messages(self) -> list[dict[str, Any]]:
        """The messages of a chat request."""
        return list(self.body.get("messages", []))

    @property
    def text(self) -> str:
        """Everything the model would read, joined."""
        return "\n".join(str(message.get("content") or "") for message in self.messages)

    @property
    def response_format(self) -> str:
        """``json_schema``, ``json_object`` or ``text``."""
        return str((self.body.get("response_format") or {}).get("type", "text"))

    @property
    def schema_name(self) -> str | None:
        """Name of the schema that was asked for."""
        schema = (self.body.get("response_format") or {}).get("json_schema") or {}
        return schema.get("name")


@dataclass(frozen=True)
class RateLimited:
    """429, with ``Retry-After`` in seconds or as an HTTP date where one is given."""

    retry_after: float | datetime | None = None
    code: str = "rate_limit_exceeded"

    @property
    def header(self) -> str | None:
        """The value of ``Retry-After``."""
        if isinstance(self.retry_after, datetime):
            return format_datetime(self.retry_after, usegmt=True)
        return None if self.retry_after is None else f"{self.retry_after:g}"


@dataclass(frozen=True)
class ServerError:
    """A 5xx."""

    status: int = 500


@dataclass(frozen=True)
class Unauthorised:
    """401 that repeats the key it was sent, as careless servers do."""


@dataclass(frozen=True)
class BadRequest:
    """400 for a reason of the request's own."""

    message: str = "The prompt is not acceptable."


@dataclass(frozen=True)
class NoJsonSchema:
    """400 on ``json_schema``, as servers answer that do not know it."""


@dataclass(frozen=True)
class NoJsonObject:
    """400 on ``json_object``."""


@dataclass(frozen=True)
class Slow:
    """Waits, then does something else. ``seconds`` longer than the client's limit is a timeout."""

    seconds: float
    then: Any = ""


@dataclass(frozen=True)
class CutOff:
    """An answer that stops at the token limit (``finish_reason: length``)."""

    text: str = '{"claims": [{"kind": "off'


@dataclass(frozen=True)
class Filtered:
    """An answer that a content filter stopped."""

    text: str = ""


@dataclass(frozen=True)
class Refusal:
    """A refusal as OpenAI sends it: no content, but a reason."""

    text: str = "I cannot help with that."


@dataclass(frozen=True)
class PlainText:
    """Prose where JSON was asked for."""

    text: str = "Certainly! Here is what I found about the company."


@dataclass(frozen=True)
class Garbage:
    """200 with a body that is no chat completion."""

    body: str = "<html><body>It works!</body></html>"
    content_type: str = "application/json"


@dataclass(frozen=True)
class BrokenConnection:
    """Closes the connection without a word."""


@dataclass(frozen=True)
class ToolCalls:
    """Calls of tools: ``(name, arguments)`` each, with some text beside them if any."""

    calls: tuple[tuple[str, dict[str, Any]], ...]
    text: str = ""


@dataclass(frozen=True)
class WithUsage:
    """An answer with token counts of its own; None leaves ``usage`` out."""

    answer: Any
    tokens: tuple[int, int] | None = None


Answer = (
    str
    | dict[str, Any]
    | RateLimited
    | ServerError
    | Unauthorised
    | BadRequest
    | NoJsonSchema
    | NoJsonObject
    | Slow
    | CutOff
    | Filtered
    | Refusal
    | PlainText
    | Garbage
    | BrokenConnection
    | ToolCalls
    | WithUsage
)
"""A string is sent as it is, a dictionary as JSON, everything else does what it says."""
ScriptItem = Answer | Callable[[ChatRequest], Answer]


@dataclass
class Reply:
    """A completion on its way out."""

    content: str | None
    finish_reason: str = "stop"
    refusal: str | None = None
    tool_calls: list[dict[str, Any]] = field(default_factory=list)
    tokens: tuple[int, int] | None = None
