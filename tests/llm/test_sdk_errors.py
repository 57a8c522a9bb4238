"""How long a server asks to wait, and what may be tried again."""

from datetime import UTC, datetime
from typing import Any

import httpx
import openai

from partnership_os.llm.sdk_errors import is_transient, retry_after_seconds


def test_retry_after_that_cannot_be_read_is_ignored() -> None:
    def error(value: str) -> openai.RateLimitError:
        request = httpx.Request("POST", "http://127.0.0.1/")
        response: Any = httpx.Response(429, headers={"Retry-After": value}, request=request)
        return openai.RateLimitError("slow down", response=response, body=None)

    now = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)
    assert retry_after_seconds(error("soon"), now) is None
    assert retry_after_seconds(error("-5"), now) is None
    assert retry_after_seconds(error("1.5"), now) == 1.5
    assert retry_after_seconds(error("Thu, 01 Jan 2026 12:00:09 GMT"), now) == 9
    assert retry_after_seconds(error("Thu, 01 Jan 2026 11:00:00 -0000"), now) == 0
    assert retry_after_seconds(None) is None
    assert not is_transient(ValueError())
