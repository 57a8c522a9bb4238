"""A company as we know it: names in both scripts, identifiers, what it offers and whether it still lives."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from partnership_os.schemas.base import CountryCode, Label, Record, RecordId, Sentence, Slug, StoredRecord


class CompanyStatus(StrEnum):
    """Whether a company can still be a partner. Anything but ACTIVE and UNKNOWN is not a live prospect."""

    ACTIVE = "active"
    DELISTED = "delisted"
    ACQUIRED = "acquired"
    MERGED = "merged"
    LIQUIDATED = "liquidated"
    UNKNOWN = "unknown"

    @property
    def is_live(self) -> bool:
        """True for active and unknown: an unknown status is a fact to find, not a reason to drop."""
        return self in (CompanyStatus.ACTIVE, CompanyStatus.UNKNOWN)


class NameKind(StrEnum):
    """What a name is to its company."""

    LEGAL = "legal"
    BRAND = "brand"
    FORMER = "former"


class SizeBand(StrEnum):
    """Market value or headcount in four steps, as the source states it."""

    MICRO = "micro"
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"
    MEGA = "mega"


class CompanyIdentifiers(Record):
    """Keys that registers and markets give. Missing is None, never an empty string."""

    domain: Annotated[str | None, Field(max_length=253, description="registrable domain, IDNA A-label")] = None
    registry_number: Annotated[
        str | None, Field(max_length=40, description="commercial registration or unified number")
    ] = None
    lei: Annotated[str | None, Field(pattern=r"^[A-Z0-9]{18}[0-9]{2}$", description="ISO 17442")] = None
    isin: Annotated[str | None, Field(pattern=r"^[A-Z]{2}[A-Z0-9]{9}[0-9]$", description="ISO 6166")] = None
    ticker: Annotated[str | None, Field(max_length=40)] = None


class CompanyName(Record):
    """One name of a company; the script is read from the text itself."""

    text: Label
    kind: NameKind = NameKind.LEGAL


class Company(StoredRecord):
    """One company after entity resolution.

    ``record_fields`` are read from the source's own columns; ``evidence_ids`` point at every text about it.
    ``offers`` and ``needs`` are concepts of the capability lexicon that a source states as a field of
    its own; what a text says is not here but in claims, with quotes.
    """

    company_id: RecordId
    name: Label
    name_ar: Label | None = None
    other_names: Annotated[tuple[CompanyName, ...], Field(max_length=40)] = ()
    identifiers: CompanyIdentifiers = CompanyIdentifiers()
    sector: Label | None = None
    industry: Label | None = None
    countries: Annotated[tuple[CountryCode, ...], Field(max_length=60)] = ()
    city: Label | None = None
    exchange: Label | None = None
    employees: Annotated[int | None, Field(ge=0, le=10_000_000)] = None
    founded: Annotated[int | None, Field(ge=1500, le=2100)] = None
    market_size: SizeBand | None = None
    offers: Annotated[tuple[Slug, ...], Field(max_length=60)] = ()
    needs: Annotated[tuple[Slug, ...], Field(max_length=60)] = ()
    status: CompanyStatus = CompanyStatus.UNKNOWN
    status_reason: Sentence | None = None
    evidence_ids: Annotated[tuple[RecordId, ...], Field(max_length=500)] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Every name it goes or went by, the present ones first."""
        present = [self.name, *([self.name_ar] if self.name_ar else [])]
        return tuple(dict.fromkeys(present + [item.text for item in self.other_names]))
