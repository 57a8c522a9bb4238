"""Takes secrets out of what is written to a cassette."""

import json
from collections.abc import Iterable
from typing import Any

__all__ = ["MARK", "SHORTEST_SECRET", "redacted", "redacted_body"]

MARK = "[key]"
SHORTEST_SECRET = 8
"""Characters that a key has at least. What is shorter is a placeholder for servers without keys (``none``, ``EMPTY``)
and an ordinary word: taken out of texts, it would change what the model reads.
"""


def redacted(text: str, secrets: Iterable[str]) -> str:
    """The text with `MARK` in place of each secret, also where it is written as inside a JSON string."""
    for secret in sorted(_real(secrets), key=lambda item: (-len(item), item)):
        text = text.replace(secret, MARK).replace(json.dumps(secret)[1:-1], MARK)
    return text


def redacted_body(body: str, secrets: Iterable[str]) -> str | None:
    """A response body without secrets: plain, or hidden behind JSON escapes.

    Args:
        body: JSON, server-sent events or anything else.
        secrets: The keys; see `SHORTEST_SECRET`.

    Returns:
        The body, which has the same bytes where it holds no secret, or None where the pieces of a stream spell one
        out: it cannot be taken out of them without changing where they are cut.
    """
    known = _real(secrets)
    clean = redacted(body, known)
    try:
        value = json.loads(clean)
    except ValueError:
        return None if any(secret in text for text in _spelled(clean) for secret in known) else clean
    if not any(secret in text for named in _strings(value) for text in named for secret in known):
        return clean
    return json.dumps(_without(value, known), ensure_ascii=False, separators=(",", ":"))


def _real(secrets: Iterable[str]) -> tuple[str, ...]:
    return tuple({secret for secret in secrets if len(secret) >= SHORTEST_SECRET})


def _spelled(stream: str) -> Iterable[str]:
    """What the pieces of a stream say together, by the field they belong to."""
    fields: dict[str, list[str]] = {}
    for line in stream.split("\n"):
        if line.startswith("data:"):
            try:
                event = json.loads(line.removeprefix("data:"))
            except ValueError:
                continue
            for field, text in _strings(event):
                fields.setdefault(field, []).append(text)
    return ("".join(pieces) for pieces in fields.values())


def _strings(value: Any, field: str = "") -> Iterable[tuple[str, str]]:
    """Every string in a JSON value with the name of its field."""
    if isinstance(value, str):
        yield field, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _strings(item, key)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item, field)


def _without(value: Any, secrets: tuple[str, ...]) -> Any:
    if isinstance(value, str):
        return redacted(value, secrets)
    if isinstance(value, dict):
        return {redacted(key, secrets): _without(item, secrets) for key, item in value.items()}
    if isinstance(value, list):
        return [_without(item, secrets) for item in value]
    return value
