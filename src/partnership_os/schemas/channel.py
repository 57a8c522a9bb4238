"""Partner channel: scopes of agreements, exclusivity, customers as they are compared, and clashes between promises.

None always means *not known* and is never read as no. Dates are half-open: ``ends_on`` is the first day without it.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, model_validator

from partnership_os.schemas.base import BilingualText, CountryCode, Label, Record, RecordId, Slug, StoredRecord

Concepts = Annotated[tuple[Slug, ...], Field(max_length=200)] | Literal["all"]
"""Slugs of the capability lexicon, or all of them; an empty tuple is none."""


class Overlap(StrEnum):
    """Whether two scopes have something in common."""

    NONE = "none"
    POSSIBLE = "possible"
    """A fact is missing: it cannot be ruled out."""
    CERTAIN = "certain"

    @property
    def rank(self) -> int:
        """0 for none up to 2 for certain."""
        return list(Overlap).index(self)


class Area(Record):
    """A country, or a region or city of it as somebody wrote it, in either script."""

    country: CountryCode
    region: Label | None = None
    city: Label | None = None


class CustomerKeys(Record):
    """What a customer is recognised by (partner-definitions §3.8). Names alone never make two records one customer."""

    name: Label
    name_ar: Label | None = None
    account_id: RecordId | None = None
    domain: Annotated[str | None, Field(max_length=253, description="as `identifiers.parse_domain` gives it")] = None
    registry_number: Annotated[
        str | None, Field(max_length=40, description="as `identifiers.parse_registry_number` gives it")
    ] = None
    country: CountryCode | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The name in each script that is known."""
        return (self.name, *([self.name_ar] if self.name_ar else []))


class Period(Record):
    """A span of days from ``starts_on`` up to, not including, ``ends_on``.

    ``renews`` is whether it goes on after ``ends_on`` by itself; ``indefinite`` says that it has no end at all.
    """

    starts_on: date | None = None
    ends_on: date | None = None
    renews: bool | None = None
    indefinite: bool = False

    @model_validator(mode="after")
    def _in_order(self) -> "Period":
        if self.indefinite and self.ends_on is not None:
            raise ValueError("an indefinite period has no ends_on; leave one of them out")
        if self.starts_on is not None and self.ends_on is not None and self.ends_on < self.starts_on:
            raise ValueError(f"ends_on {self.ends_on} lies before starts_on {self.starts_on}")
        return self


class ExclusivityKind(StrEnum):
    """The choices of the term ``exclusivity`` in the playbooks."""

    NON_EXCLUSIVE = "non_exclusive"
    NAMED_ACCOUNTS = "exclusive_named_accounts"
    ON_MINIMUM = "exclusive_on_minimum"
    UNCONDITIONAL = "exclusive_unconditional"


class CarveOut(Record):
    """Something that an exclusivity leaves out. Exactly one of the fields is set."""

    product: Slug | None = None
    segment: Slug | None = None
    area: Area | None = None
    account: CustomerKeys | None = None
    multi_country_customers: bool = False
    """Customers that operate in several countries."""
    own_sales: bool = False
    """What we sell ourselves, directly or on marketplaces; it opens the scope to no other partner."""

    @model_validator(mode="after")
    def _one_thing(self) -> "CarveOut":
        named = [self.product, self.segment, self.area, self.account]
        if sum(item is not None for item in named) + self.multi_country_customers + self.own_sales != 1:
            raise ValueError("a carve-out names one thing; write one carve-out for each")
        return self


class Exclusivity(Record):
    """What is promised to one partner only.

    For ``exclusive_on_minimum``, ``minimums_met`` says whether the minimum is met now and ``lapses_by_itself``
    whether missing it ends the exclusivity without notice. ``ended_on`` is the first day without the exclusivity
    where it ended before the agreement.
    """

    kind: ExclusivityKind | None
    named_accounts: Annotated[tuple[CustomerKeys, ...] | None, Field(max_length=1_000)] = None
    carve_outs: Annotated[tuple[CarveOut, ...] | None, Field(max_length=200)] = None
    minimums_met: bool | None = None
    lapses_by_itself: bool | None = None
    ended_on: date | None = None


class NonCompete(Record):
    """A promise of ours to a partner not to appoint certain others; it may outlast the agreement."""

    barred_partners: Annotated[tuple[RecordId, ...] | None, Field(max_length=500)]
    """None where the text describes them only, for example as competitors of the partner."""
    tail_days: Annotated[int | None, Field(ge=0, le=3_650)] = None


class AgreementScope(Record):
    """What an agreement appoints a partner for. A non-compete of None is not known; an empty tuple is none."""

    partner_id: RecordId
    period: Period
    areas: Annotated[tuple[Area, ...] | None, Field(max_length=300)]
    products: Concepts | None
    segments: Concepts | None
    exclusivity: Exclusivity
    non_competes: Annotated[tuple[NonCompete, ...] | None, Field(max_length=20)] = None
    excluded_accounts: Annotated[tuple[CustomerKeys, ...], Field(max_length=1_000)] = ()
    """Customers that the partner may not serve at all."""


class LiveAgreement(StoredRecord):
    """A signed agreement.

    ``may_register`` is whether its partner may register deals; the two terms are those of its deal-registration clause
    and go before the policy.
    """

    agreement_id: RecordId
    scope: AgreementScope
    ended_on: date | None = None
    """The first day without it, where it ended early."""
    may_register: bool | None = None
    registration_decision_hours: Annotated[int | None, Field(ge=1, le=720)] = None
    registration_protection_days: Annotated[int | None, Field(ge=1, le=1_000)] = None


class ClashKind(StrEnum):
    """Which promise a proposed agreement would break, or share."""

    EXCLUSIVE_HELD = "exclusive_held"
    EXCLUSIVE_PROPOSED = "exclusive_proposed"
    """The proposal promises alone what another partner already has."""
    NAMED_ACCOUNT_HELD = "named_account_held"
    NAMED_ACCOUNT_PROPOSED = "named_account_proposed"
    NON_COMPETE_HELD = "non_compete_held"
    NON_COMPETE_PROPOSED = "non_compete_proposed"
    TERRITORY_SHARED = "territory_shared"
    """Both are appointed for the same customers and no promise forbids it."""

    @property
    def breaks_a_promise(self) -> bool:
        """False where two partners share a scope and may."""
        return self is not ClashKind.TERRITORY_SHARED


class Clash(Record):
    """A clash with one live agreement. ``unknown`` names the facts that would settle a possible one."""

    kind: ClashKind
    overlap: Annotated[Overlap, Field(description="possible or certain")]
    agreement_id: RecordId
    partner_id: RecordId
    unknown: tuple[Slug, ...] = ()
    text: BilingualText


class CustomerLikeness(StrEnum):
    """How two customer records compare (partner-definitions §3.8)."""

    EXACT_ID = "exact_id"
    EXACT_DOMAIN = "exact_domain"
    ID_CONFLICT = "id_conflict"
    """Same domain or like names, but other registry numbers of one kind."""
    PROBABLE = "probable"
    """Like names and nothing against it."""
    NONE = "none"

    @property
    def overlap(self) -> Overlap:
        """Certain for exact keys, possible for what a person has to look at."""
        if self in (CustomerLikeness.EXACT_ID, CustomerLikeness.EXACT_DOMAIN):
            return Overlap.CERTAIN
        return Overlap.NONE if self is CustomerLikeness.NONE else Overlap.POSSIBLE
