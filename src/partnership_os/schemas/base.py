"""The building blocks of every record: bounded strings, closed enums, exact money, stated units."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache, lru_cache
from typing import Annotated, Literal
from unicodedata import normalize

from babel import Locale
from babel.numbers import list_currencies
from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field


def nfc(text: str) -> str:
    """Text in Unicode NFC, so that equal-looking strings are equal bytes."""
    return normalize("NFC", text)


@lru_cache(maxsize=1)
def country_codes() -> frozenset[str]:
    """ISO 3166-1 alpha-2 codes, from the CLDR data of Babel (regions such as EU and UN left out)."""
    territories = [str(code) for code in Locale("en").territories]
    not_countries = {"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"}
    return frozenset(code for code in territories if len(code) == 2 and code not in not_countries)


@lru_cache(maxsize=1)
def currency_codes() -> frozenset[str]:
    """ISO 4217 codes, from the CLDR data of Babel."""
    return frozenset(list_currencies())


def _known_country(code: str) -> str:
    if code not in country_codes():
        raise ValueError(f"{code!r} is not an ISO 3166-1 alpha-2 country code, for example SA")
    return code


def _known_currency(code: str) -> str:
    if code not in currency_codes():
        raise ValueError(f"{code!r} is not an ISO 4217 currency code, for example SAR")
    return code


def _no_float(value: object) -> object:
    if isinstance(value, float):
        raise ValueError("money is exact: give a string such as '1250.00', not a float")
    return value


CountryCode = Annotated[
    str, Field(pattern=r"^[A-Z]{2}$", description="ISO 3166-1 alpha-2"), AfterValidator(_known_country)
]
CurrencyCode = Annotated[str, Field(pattern=r"^[A-Z]{3}$", description="ISO 4217"), AfterValidator(_known_currency)]
RecordId = Annotated[str, Field(pattern=r"^[a-z]{2,4}_[A-Za-z0-9_\-]{1,96}$")]
"""A prefixed id: ``co_`` company, ``ev_`` evidence, ``cl_`` claim, ``cm_`` commitment, ``pe_`` person, ..."""
Slug = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
"""A concept of the lexicon, an indicator, a rule: lower case, digits, underscores."""
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Label = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(nfc)]
Sentence = Annotated[str, Field(min_length=1, max_length=1_000), AfterValidator(nfc)]
Passage = Annotated[str, Field(min_length=1, max_length=8_000), AfterValidator(nfc)]
Document = Annotated[str, Field(min_length=1, max_length=200_000), AfterValidator(nfc)]
Share = Annotated[Decimal, Field(ge=0, le=1, description="fraction of one, not per cent"), BeforeValidator(_no_float)]
Amount = Annotated[Decimal, Field(max_digits=18, decimal_places=4, allow_inf_nan=False), BeforeValidator(_no_float)]
Points = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False, description="points of 100")]
Fraction = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False, description="fraction of one")]
Timestamp = AwareDatetime


class Record(BaseModel):
    """A frozen value with no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class VersionedRecord(Record):
    """A record that is written somewhere and must stay loadable: it says its schema version."""

    schema_version: int


class StoredRecord(VersionedRecord):
    """A versioned record that has not changed since its first version."""

    schema_version: Literal[1] = 1


@dataclass(frozen=True)
class Since:
    """Marks a field that came with this schema version: the canonical form of an older record leaves it out."""

    version: int


@cache
def fields_since(model: type[BaseModel], version: int) -> tuple[str, ...]:
    """Names of the fields that a record of this schema version has, in their order.

    What was digested or signed under an older version so keeps its digest when fields are added.
    """
    return tuple(
        name
        for name, field in model.model_fields.items()
        if all(mark.version <= version for mark in field.metadata if isinstance(mark, Since))
    )


class Money(Record):
    """An exact amount with its currency."""

    amount: Amount
    currency: CurrencyCode

    def __str__(self) -> str:
        return f"{self.amount:,.2f} {self.currency}"


class BilingualText(Record):
    """The same text in English and Arabic."""

    en: Passage
    ar: Passage


def utc_text(moment: datetime) -> str:
    """ISO 8601 in UTC with a ``Z``, the one form in which a time is digested or stored."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
