"""What a request is recorded under: a digest of everything in it that decides the answer."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NoReturn

from partnership_os.errors import InputError
from partnership_os.evals.replay.redaction import redacted
from partnership_os.governance.canonical import canonical_bytes, digest_of

__all__ = ["RequestKey", "read_request"]

_DECIDES_NOTHING = frozenset({"user", "metadata", "store", "safety_identifier", "prompt_cache_key", "service_tier"})
"""Fields for accounting. All others count, also unknown ones: better a miss than the answer to another request."""
_DRAWN = re.compile(
    r"(?:(?<![A-Za-z0-9])|(?<=\\[nrt]))"  # inside JSON a line ends with a letter: \\n
    r"(?:deal-[0-9a-f]{16}|(?:pe|dl)_[0-9a-f]{16}|(?:cm|ts|le|de|ob)_[0-9a-f]{24}|[0-9a-f]{64})"
    r"(?![A-Za-z0-9])"
)
"""Ids that the product draws at random, or that follow from such a one: they differ from run to run."""
_PLACE = re.compile(r"\{\{id:([0-9]{1,4})\}\}")
_SHORT = 16


@dataclass(frozen=True)
class RequestKey:
    """One request as a cassette knows it.

    Attributes:
        path: ``/chat/completions`` or ``/embeddings``.
        model: The model that is asked; empty where none is named.
        schema_name: Name of the schema that the answer is held to, if any.
        json_schema: The whole of ``response_format.json_schema``, if any.
        digest: SHA-256 of the canonical request.
        parts: Part of the request → short digest; says what differs from the nearest recording.
        ids: Drawn ids in the order in which they appear.
    """

    path: str
    model: str
    schema_name: str | None
    json_schema: dict[str, Any] | None
    digest: str
    parts: Mapping[str, str]
    ids: tuple[str, ...]

    def without_ids(self, text: str) -> str:
        """An answer with a numbered place for each drawn id of the request."""
        for number, drawn in enumerate(self.ids):
            text = text.replace(drawn, f"{{{{id:{number}}}}}")
        return text

    def with_ids(self, text: str) -> str:
        """A recorded answer with the ids of this run's request in its places."""
        return _PLACE.sub(lambda place: self._id(int(place.group(1)), place.group(0)), text)

    def _id(self, number: int, otherwise: str) -> str:
        return self.ids[number] if number < len(self.ids) else otherwise


def read_request(path: str, body: bytes, secrets: Sequence[str] = ()) -> RequestKey:
    """The key of a request.

    The digest is made of path and body in canonical form (NFC, RFC 8785): the order of keys does not matter, null and
    ``stream: false`` are the same as left out. Left out are fields for accounting and secrets, and ids that the product
    draws at random count by the order in which they appear, so that another run of the same case finds its recording.

    Args:
        path: The path after the base URL.
        body: The request as it was sent.
        secrets: Keys that must not take part.

    Raises:
        InputError: the body is no JSON object, or has no canonical form.
    """
    fields = {
        name: value
        for name, value in _json_object(body).items()
        if value is not None and name not in _DECIDES_NOTHING and (name, value) != ("stream", False)
    }
    text = redacted(canonical_bytes({"path": path, "body": fields}).decode(), secrets)
    ids = tuple(dict.fromkeys(_DRAWN.findall(text)))
    order = {drawn: f"{{{{id:{number}}}}}" for number, drawn in enumerate(ids)}
    plain = json.loads(_DRAWN.sub(lambda found: order[found.group(0)], text))
    asked = plain["body"]
    json_schema = _json_schema(asked)
    return RequestKey(
        path=path,
        model=str(asked.get("model", "")),
        schema_name=str(json_schema.get("name", "")) if json_schema is not None else None,
        json_schema=json_schema,
        digest=digest_of(plain),
        parts={name: digest_of(part)[:_SHORT] for name, part in _parts(path, asked).items()},
        ids=ids,
    )


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body, parse_float=Decimal, parse_constant=_refuse)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise InputError("The request is no JSON object.", fix="Send a chat or embeddings request.")
    return value


def _json_schema(asked: dict[str, Any]) -> dict[str, Any] | None:
    wanted = asked.get("response_format")
    schema = wanted.get("json_schema") if isinstance(wanted, dict) else None
    return schema if isinstance(schema, dict) else None


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _parts(path: str, asked: dict[str, Any]) -> dict[str, Any]:
    """The parts that a person would look at when two requests differ."""
    rest = dict(asked)
    messages = rest.pop("messages", [])
    system = [item for item in messages if isinstance(item, dict) and item.get("role") == "system"]
    return {
        "path": path,
        "model": rest.pop("model", None),
        "system prompt": system,
        "messages": [item for item in messages if item not in system],
        "input": rest.pop("input", None),
        "schema": rest.pop("response_format", None),
        "tools": [rest.pop("tools", None), rest.pop("tool_choice", None)],
        "settings": rest,
    }
