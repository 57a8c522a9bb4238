"""One value, one sequence of bytes: NFC, then RFC 8785, with money as decimal strings and times in UTC."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from hashlib import sha256
from typing import TypeAlias

import rfc8785
from pydantic import BaseModel

from partnership_os.errors import InputError, InternalError
from partnership_os.schemas.base import VersionedRecord, fields_since, nfc, utc_text
from partnership_os.schemas.commitment import Commitment

MAX_DEPTH = 64
"""Levels of nesting; deeper input is refused before it can exhaust the stack."""
MAX_EXPONENT = 40
"""Largest power of ten of a decimal; beyond it a plain decimal string would be a way to fill the memory."""

Plain: TypeAlias = "bool | int | str | list[Plain] | dict[str, Plain] | None"


def canonical_bytes(value: object) -> bytes:
    """The one byte form of a value: equal values give equal bytes, whatever their order of keys or Unicode form.

    Takes records, mappings with string keys, lists, tuples, strings, integers up to 2^53 - 1, booleans, None, enums,
    ``Decimal`` (as a plain string without trailing zeros: 10, 10.0 and 10.00 are one value), dates and aware times.

    Raises:
        InputError: a float, a number out of range, a lone surrogate, or two keys that are one key in NFC.
        InternalError: a type that has no JSON form, or a time without a zone.
    """
    try:
        return rfc8785.dumps(_plain(value, 0))
    except rfc8785.CanonicalizationError as error:
        raise InputError(f"The value has no canonical form: {error}.", fix="Give large numbers as strings.") from None


def digest_of(value: object) -> str:
    """SHA-256 of `canonical_bytes`, 64 lower-case hexadecimal digits."""
    return sha256(canonical_bytes(value)).hexdigest()


def commitment_digest(commitment: Commitment) -> str:
    """The digest that people approve: every field of the commitment but ``commitment_id``, which is made from it."""
    return digest_of(fields_without(commitment, "commitment_id"))


def fields_without(record: VersionedRecord, *left_out: str) -> dict[str, object]:
    """The fields of a record as of its schema version, without those named."""
    names = fields_since(type(record), record.schema_version)
    return {name: getattr(record, name) for name in names if name not in left_out}


def _plain(value: object, depth: int) -> Plain:
    if depth > MAX_DEPTH:
        raise InputError(f"The value is nested deeper than {MAX_DEPTH} levels.", fix="Flatten it.")
    if isinstance(value, BaseModel):
        names = fields_since(type(value), getattr(value, "schema_version", 1))
        return {nfc(name): _plain(getattr(value, name), depth + 1) for name in names}
    if isinstance(value, Mapping):
        return _plain_mapping(value, depth)
    if isinstance(value, list | tuple):
        return [_plain(item, depth + 1) for item in value]
    return _plain_scalar(value)


def _plain_mapping(value: Mapping[object, object], depth: int) -> dict[str, Plain]:
    result: dict[str, Plain] = {}
    for key, item in value.items():
        if not isinstance(key, str):
            raise InternalError(f"A key of type {type(key).__name__} has no canonical form.")
        name = nfc(str(key))
        if name in result:
            raise InputError(f"Two keys are the same key after Unicode normalisation: {name!r}.", fix="Rename one.")
        result[name] = _plain(item, depth + 1)
    return result


def _plain_scalar(value: object) -> Plain:
    if isinstance(value, Enum):
        return _plain_scalar(value.value)
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return nfc(value)
    if isinstance(value, float):
        raise InputError(f"A float is not exact: {value!r}.", fix="Give the number as a decimal string.")
    if isinstance(value, Decimal):
        return _decimal_text(value)
    if isinstance(value, datetime):
        if value.utcoffset() is None:
            raise InternalError("A time without a zone has no canonical form.")
        return utc_text(value)
    if isinstance(value, date):
        return value.isoformat()
    raise InternalError(f"A value of type {type(value).__name__} has no canonical form.")


def _decimal_text(value: Decimal) -> str:
    if not value.is_finite() or abs(value.adjusted()) > MAX_EXPONENT:
        raise InputError(f"The number {value:.6E} has no canonical form.", fix="Give a finite amount in a usual range.")
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
