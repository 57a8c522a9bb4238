"""The OpenAI SDK's errors, read once: transient or not, how long to wait, and as a typed error of ours."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import openai

from partnership_os.errors import ModelError
from partnership_os.llm.failures import FailureKind, model_error, origin_of, scrub
from partnership_os.schemas.stamp import ModelUsage

_FORMAT_WORDS = ("response_format", "json_schema", "json schema", "json_object", "structured output")


def retry_after_seconds(error: BaseException | None, now: datetime | None = None) -> float | None:
    """How long the server asks to wait, from ``Retry-After`` in seconds or as an HTTP date (RFC 9110 §10.2.3).

    Returns:
        Seconds from ``now`` (a date in the past is 0), or None where nothing readable was said.
    """
    if not isinstance(error, openai.APIStatusError):
        return None
    stated = error.response.headers.get("retry-after", "").strip()
    if stated.isascii() and stated.replace(".", "", 1).isdecimal():
        return float(stated)
    try:
        moment = parsedate_to_datetime(stated)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - (now or datetime.now(UTC))).total_seconds())


def is_transient(error: BaseException) -> bool:
    """Whether the same request may succeed a little later. An exhausted quota answers 429 but will not."""
    if isinstance(error, openai.RateLimitError):
        return error.code != "insufficient_quota"
    return isinstance(error, (openai.InternalServerError, openai.APIConnectionError))


def refuses_format(error: openai.OpenAIError) -> bool:
    """Whether a server says no to ``response_format`` itself, as servers without JSON schemas do."""
    if not isinstance(error, (openai.BadRequestError, openai.UnprocessableEntityError)):
        return False
    said = str(error).casefold()
    return any(word in said for word in _FORMAT_WORDS)


def kind_of(error: openai.OpenAIError) -> FailureKind:
    """The kind that an error of the SDK belongs to."""
    kinds: tuple[tuple[type[openai.OpenAIError] | tuple[type[openai.OpenAIError], ...], FailureKind], ...] = (
        (openai.APITimeoutError, FailureKind.TIMEOUT),
        (openai.APIConnectionError, FailureKind.UNREACHABLE),
        ((openai.AuthenticationError, openai.PermissionDeniedError), FailureKind.UNAUTHORISED),
        (openai.RateLimitError, FailureKind.RATE_LIMITED),
        (openai.InternalServerError, FailureKind.SERVER_ERROR),
    )
    return next((kind for classes, kind in kinds if isinstance(error, classes)), FailureKind.NOT_ACCEPTED)


def typed_error(error: openai.OpenAIError, *, secret: str, base_url: str, usage: ModelUsage) -> ModelError:
    """The typed error for an error of the SDK, with status and the server's own words, the key scrubbed."""
    kind = kind_of(error)
    details: dict[str, Any] = {"server": origin_of(base_url)}
    if isinstance(error, openai.APIStatusError):
        details["status"] = error.status_code
        asked = retry_after_seconds(error)
        if asked is not None:
            details["retry_after_seconds"] = asked
    said = scrub(str(error), secret)
    return model_error(kind, f"The model server at {details['server']} failed ({kind.value}): {said}", usage, **details)
