"""What can go wrong with a model call, as one typed error that holds no secret."""

from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from partnership_os.errors import ModelError
from partnership_os.schemas.stamp import ModelUsage

_SNIPPET = 300


class FailureKind(StrEnum):
    """Why a model could not be used; in ``ModelError.details["kind"]``."""

    REFUSAL = "refusal"
    CUT_OFF = "cut_off"
    CONTENT_FILTER = "content_filter"
    MALFORMED = "malformed"
    RATE_LIMITED = "rate_limited"
    SERVER_ERROR = "server_error"
    TIMEOUT = "timeout"
    UNAUTHORISED = "unauthorised"
    UNREACHABLE = "unreachable"
    NOT_ACCEPTED = "not_accepted"
    """The server refused the request itself (400, 404, 422): wrong model name, too long a prompt."""


_FIX = {
    FailureKind.REFUSAL: "Read the texts that were sent, or choose another model.",
    FailureKind.CUT_OFF: "Raise PARTNERSHIP_MODEL_MAX_TOKENS.",
    FailureKind.CONTENT_FILTER: "Read the texts that were sent, or choose another model.",
    FailureKind.MALFORMED: "Choose a model that follows a JSON schema, or raise PARTNERSHIP_MODEL_REPAIRS.",
    FailureKind.RATE_LIMITED: "Wait, lower PARTNERSHIP_MODEL_CONCURRENCY or raise the limit of the account.",
    FailureKind.SERVER_ERROR: "Try again later.",
    FailureKind.TIMEOUT: "Raise PARTNERSHIP_MODEL_TIMEOUT_SECONDS or choose a faster model.",
    FailureKind.UNAUTHORISED: "Correct PARTNERSHIP_API_KEY.",
    FailureKind.UNREACHABLE: "Check PARTNERSHIP_BASE_URL and the network.",
    FailureKind.NOT_ACCEPTED: "Check PARTNERSHIP_MODEL and PARTNERSHIP_BASE_URL.",
}


def origin_of(base_url: str) -> str:
    """Scheme, host and port of a URL: what may be shown of it (user names and keys in a URL may not)."""
    parts = urlsplit(base_url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def scrub(text: str, secret: str) -> str:
    """Text without the key, on one line, shortened to what a person reads."""
    clean = " ".join((text.replace(secret, "[key]") if secret else text).split())
    return clean if len(clean) <= _SNIPPET else clean[: _SNIPPET - 1] + "…"


def model_error(kind: FailureKind, message: str, usage: ModelUsage, **details: Any) -> ModelError:
    """The typed error of a call: ``details`` hold ``kind`` and the ``usage`` up to the failure."""
    return ModelError(message, fix=_FIX[kind], kind=kind.value, usage=usage, **details)
