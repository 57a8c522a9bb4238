"""What a case of the terms suite states, and the need, company and evidence that it stands for."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Annotated, Self

from pydantic import Field, model_validator

from partnership_os.evals.suite import Case
from partnership_os.schemas.base import CountryCode, CurrencyCode, Label, Money, Passage, Record, Slug
from partnership_os.schemas.company import Company, CompanyIdentifiers, CompanyStatus
from partnership_os.schemas.evidence import Evidence, EvidenceKind, SourceKind
from partnership_os.schemas.need import (
    DealAssumptions,
    MustHave,
    MustHaveKind,
    OurCompany,
    PartnershipNeed,
)
from partnership_os.schemas.partnership import PartnershipType
from partnership_os.schemas.term_sheet import ClauseGroup
from partnership_os.tools.evidence import make_evidence, record_text

__all__ = [
    "Expected",
    "Names",
    "NeedFacts",
    "OfferedNote",
    "PartnerFacts",
    "Refused",
    "Round",
    "TermsCase",
    "facts_of",
    "need_of",
]


class Names(Record):
    """Names that must stand in a text, by language of the text."""

    en: tuple[Label, ...]
    ar: tuple[Label, ...]


class NeedFacts(Record):
    """What we look for and who we are. What a sheet does not depend on is filled in by `need_of`."""

    title: Label
    description: Passage
    partnership_type: PartnershipType
    currency: CurrencyCode = "SAR"
    regions: Annotated[tuple[CountryCode, ...], Field(min_length=1)] = ("SA",)
    segments: Annotated[tuple[Slug, ...], Field(min_length=1)] = ("smes",)
    us: Label
    us_ar: Label | None = None
    our_country: CountryCode = "SA"
    offers: tuple[Slug, ...] = ("accounting_software",)
    profiles: tuple[Slug, ...] = ("systems_integrator",)
    rivals: tuple[Label, ...] = ()
    average_deal: Decimal = Decimal(12_000)
    revenue_target: Decimal = Decimal(1_200_000)


class PartnerFacts(Record):
    """What is known about the other side; ``fields`` are further columns of its row, ``about`` a text about it."""

    name: Label
    name_ar: Label | None = None
    countries: tuple[CountryCode, ...] = ("SA",)
    registry_number: str | None = None
    domain: str | None = None
    status: CompanyStatus = CompanyStatus.UNKNOWN
    fields: dict[Slug, Label] = Field(default_factory=dict)
    about: Passage | None = None


class Refused(Record):
    """What must be refused, and what the refusal has to name for the person to go on (any one of these words)."""

    names: Annotated[tuple[Label, ...], Field(min_length=1)]


class Round(Record):
    """Edits that a person gives at once, and what the next version then states; or that they are refused.

    ``hides`` are figures that the refusal must not tell: the limit that was passed.
    """

    edits: Annotated[tuple[str, ...], Field(min_length=1)]
    dated: date
    values: dict[Slug, str] = Field(default_factory=dict)
    refused: Refused | None = None
    hides: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _either(self) -> Self:
        if bool(self.values) == (self.refused is not None):
            raise ValueError("a round states the values of the next version, or what is refused")
        return self


class OfferedNote(Record):
    """A cover note as an analyst might hand it in, and whether the product may put it on the sheet."""

    en: Passage
    ar: Passage
    used: bool


class Expected(Record):
    """Properties of the sheet.

    Attributes:
        territory: Countries as the territory clause names them.
        segments: Segments as the territory clause names them.
        currency_ar: What the currency is called in the Arabic text.
        groups: Clause groups of this type beyond those that every sheet has.
        no_groups: Groups that this type leaves out.
        values: Term → value of the first version, in its unit (a share as a fraction) or a choice.
        conditions: Conditions precedent that must be there, by their key in ``wording.yaml``.
        no_conditions: Conditions that must not.
        committed: Money that the newest version binds us to pay, in the currency of the need.
        approvals: Who must approve it, highest level first.
        refused: Where no sheet may be drafted at all.
    """

    territory: Names | None = None
    segments: Names | None = None
    currency_ar: Label | None = None
    groups: tuple[ClauseGroup, ...] = ()
    no_groups: tuple[ClauseGroup, ...] = ()
    values: dict[Slug, str] = Field(default_factory=dict)
    conditions: tuple[Slug, ...] = ()
    no_conditions: tuple[Slug, ...] = ()
    committed: Decimal | None = None
    approvals: tuple[Label, ...] = ()
    refused: Refused | None = None


class TermsCase(Case):
    """A need, a company, what a person edits, and the properties that the sheet must have."""

    language: Annotated[str, Field(pattern=r"^(en|ar)$", description="of the need")]
    drafted_on: date
    need: NeedFacts
    company: PartnerFacts
    note: Annotated[OfferedNote | None, Field(description="handed in instead of the subject's note")] = None
    rounds: tuple[Round, ...] = ()
    expect: Expected

    @property
    def company_id(self) -> str:
        """The id of the company: the case's own."""
        return f"co_{self.id}"

    @property
    def kept_rounds(self) -> tuple[Round, ...]:
        """The rounds that make a version."""
        return tuple(item for item in self.rounds if item.refused is None)


def need_of(case: TermsCase) -> PartnershipNeed:
    """The whole need of a case."""
    facts = case.need
    return PartnershipNeed(
        need_id=f"nd_{case.id}",
        title=facts.title,
        description=facts.description,
        partnership_type=facts.partnership_type,
        our_company=OurCompany(
            name=facts.us, name_ar=facts.us_ar, country=facts.our_country, offers=facts.offers, rivals=facts.rivals
        ),
        partner_profiles=facts.profiles,
        seeks=("implementation_services",),
        target_segments=facts.segments,
        regions=facts.regions,
        must_haves=(MustHave(kind=MustHaveKind.COUNTRY, value=facts.regions[0]),),
        deal=DealAssumptions(
            currency=facts.currency,
            average_deal=Money(amount=facts.average_deal, currency=facts.currency),
            win_rate=0.2,
            target_accounts_per_year=100,
            revenue_target_per_year=Money(amount=facts.revenue_target, currency=facts.currency),
        ),
    )


def facts_of(case: TermsCase) -> tuple[Company, tuple[Evidence, ...]]:
    """The company of a case, and its row and text as evidence."""
    facts = case.company
    read_on = datetime.combine(case.drafted_on, time(8), UTC)
    row = {"name": facts.name, "name_ar": facts.name_ar or "", "country": "; ".join(facts.countries), **facts.fields}
    row["registry_number"] = facts.registry_number or ""
    kinds = [(EvidenceKind.RECORD, SourceKind.DIRECTORY, record_text(row))]
    if facts.about is not None:
        kinds.append((EvidenceKind.TEXT, SourceKind.OWN_SITE, facts.about))
    evidence = tuple(
        make_evidence(case.company_id, kind, source, f"case {case.id}", read_on, text) for kind, source, text in kinds
    )
    live = facts.status.is_live
    company = Company(
        company_id=case.company_id,
        name=facts.name,
        name_ar=facts.name_ar,
        identifiers=CompanyIdentifiers(registry_number=facts.registry_number, domain=facts.domain),
        countries=facts.countries,
        status=facts.status,
        status_reason=None if live else facts.status.value,
        evidence_ids=tuple(item.evidence_id for item in evidence),
    )
    return company, evidence
