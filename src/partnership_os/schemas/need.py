"""What we are looking for, and why: the input of discovery."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from partnership_os.schemas.base import (
    CountryCode,
    CurrencyCode,
    Fraction,
    Label,
    Money,
    Passage,
    Record,
    RecordId,
    Sentence,
    Slug,
    StoredRecord,
)
from partnership_os.schemas.partnership import PartnershipType


class MarketSignal(Record):
    """Something that happened in the market and makes a partnership more worth having."""

    signal_id: RecordId
    text: Passage
    source: Label
    observed_on: date
    concepts: Annotated[tuple[Slug, ...], Field(max_length=20)] = ()
    countries: Annotated[tuple[CountryCode, ...], Field(max_length=20)] = ()


class CustomerRequest(Record):
    """Something our customers ask for that we do not offer."""

    request_id: RecordId
    text: Passage
    customers: Annotated[int, Field(ge=1, le=1_000_000, description="how many customers asked")] = 1
    concepts: Annotated[tuple[Slug, ...], Field(max_length=20)] = ()


class EcosystemGap(Record):
    """Something our ecosystem of partners lacks."""

    gap_id: RecordId
    text: Passage
    severity: Annotated[int, Field(ge=1, le=5, description="5 hurts most")] = 3
    concepts: Annotated[tuple[Slug, ...], Field(max_length=20)] = ()


class OurCompany(Record):
    """Who we are: what we offer, where, and whom we compete with."""

    name: Label
    name_ar: Label | None = None
    domain: Annotated[str | None, Field(max_length=253)] = None
    country: CountryCode
    offers: Annotated[tuple[Slug, ...], Field(min_length=1, max_length=40)]
    rivals: Annotated[tuple[Label, ...], Field(max_length=200, description="names or domains")] = ()
    existing_partners: Annotated[tuple[Label, ...], Field(max_length=500)] = ()


class MustHaveKind(StrEnum):
    """What a must-have is about."""

    OFFERS = "offers"
    COUNTRY = "country"
    SEGMENT = "segment"
    MIN_EMPLOYEES = "min_employees"


class MustHave(Record):
    """A condition a prospect has to meet. What is not known is kept and listed as a fact to find;
    what is known to fail is filtered out.
    """

    kind: MustHaveKind
    value: Annotated[str, Field(min_length=1, max_length=100, description="concept, country code or number")]


class DealAssumptions(Record):
    """Our own planning figures. They are assumptions, marked so on every output, never evidence."""

    currency: CurrencyCode
    average_deal: Money
    win_rate: Fraction
    target_accounts_per_year: Annotated[int, Field(ge=1, le=1_000_000)]
    revenue_target_per_year: Money

    @model_validator(mode="after")
    def _one_currency(self) -> "DealAssumptions":
        if {self.average_deal.currency, self.revenue_target_per_year.currency} != {self.currency}:
            raise ValueError(f"deal assumptions mix currencies; state all of them in {self.currency}")
        return self


class PartnershipNeed(StoredRecord):
    """One search for partners.

    ``partner_profiles`` are kinds of company we look for and ``seeks`` the capabilities we lack, both concepts
    of the capability lexicon. ``description`` may be English or Arabic; it takes part in retrieval.
    """

    need_id: RecordId
    title: Label
    description: Passage
    partnership_type: PartnershipType
    our_company: OurCompany
    partner_profiles: Annotated[tuple[Slug, ...], Field(min_length=1, max_length=20)]
    seeks: Annotated[tuple[Slug, ...], Field(min_length=1, max_length=40)]
    target_segments: Annotated[tuple[Slug, ...], Field(min_length=1, max_length=20)]
    regions: Annotated[tuple[CountryCode, ...], Field(min_length=1, max_length=60)]
    must_haves: Annotated[tuple[MustHave, ...], Field(min_length=1, max_length=20)]
    excluded_profiles: Annotated[tuple[Slug, ...], Field(max_length=20)] = ()
    signals: Annotated[tuple[MarketSignal, ...], Field(max_length=50)] = ()
    requests: Annotated[tuple[CustomerRequest, ...], Field(max_length=50)] = ()
    gaps: Annotated[tuple[EcosystemGap, ...], Field(max_length=50)] = ()
    deal: DealAssumptions
    note: Sentence | None = None
