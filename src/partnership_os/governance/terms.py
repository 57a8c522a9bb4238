"""The terms of a commitment: a whole document as JSON, in the one form in which it is stored and digested."""

from collections.abc import Mapping

from pydantic import JsonValue, ValidationError

from partnership_os.errors import InputError
from partnership_os.schemas.base import Record


class _Terms(Record):
    """Validates like the field of a commitment: strings lose the white space around them."""

    terms: dict[str, JsonValue]


def as_stored(terms: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """The terms as a commitment holds them.

    Raises:
        InputError: the terms are no JSON, or a key begins or ends with white space. Records strip their strings, and
            two keys would so silently become one.
    """
    try:
        stored = _Terms(terms=dict(terms)).terms
    except ValidationError as error:
        raise InputError(
            f"The terms are no JSON: {error.errors()[0]['msg']}.", fix="Give the document as JSON."
        ) from None
    padded = _padded_key(terms)
    if padded is not None:
        raise InputError(f"The key {padded!r} begins or ends with white space.", fix="Rename it.")
    return stored


def _padded_key(terms: Mapping[str, JsonValue]) -> str | None:
    waiting: list[JsonValue] = [dict(terms)]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            padded = [key for key in value if key != key.strip()]
            if padded:
                return padded[0]
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
    return None
