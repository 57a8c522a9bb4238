"""One request as it is on the wire, without the product's client around it."""

from typing import Any

import httpx


def post(base_url: str, path: str = "/chat/completions", key: str = "none", **body: Any) -> httpx.Response:
    messages = [{"role": "user", "content": "hello"}]
    headers = {"Authorization": f"Bearer {key}"}
    return httpx.post(base_url + path, json={"model": "m", "messages": messages, **body}, headers=headers, timeout=10.0)
