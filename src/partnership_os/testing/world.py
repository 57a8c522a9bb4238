"""Builders of small, invented worlds for tests, in English and Arabic. No company here exists."""

from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

from partnership_os.schemas.base import Money, nfc
from partnership_os.schemas.company import Company, CompanyIdentifiers, CompanyStatus
from partnership_os.schemas.evidence import Evidence, EvidenceKind, SourceKind
from partnership_os.schemas.need import (
    CustomerRequest,
    DealAssumptions,
    EcosystemGap,
    MarketSignal,
    MustHave,
    MustHaveKind,
    OurCompany,
    PartnershipNeed,
)
from partnership_os.schemas.partnership import PartnershipType
from partnership_os.testing.clock import DEFAULT_START

ENGLISH_TEXT = (
    "Najd Test Systems is a system integrator in Riyadh. It has 350 employees, serves banks and hospitals in "
    "Saudi Arabia and Bahrain, and holds ISO 27001 certification. It offers cloud hosting and cybersecurity."
)
ARABIC_TEXT = (
    "شركة نجد الاختبارية لتكامل الأنظمة في الرياض. يعمل بها ٣٥٠ موظفاً وتخدم البنوك والمستشفيات في المملكة "
    "العربية السعودية والبحرين، وتقدم خدمات الحوسبة السحابية والأمن السيبراني."
)


def company(**fields: Any) -> Company:
    """A live Saudi company named in both scripts; ``fields`` replace the defaults."""
    defaults: dict[str, Any] = {
        "company_id": "co_najd",
        "name": "Najd Test Systems",
        "name_ar": "شركة نجد الاختبارية",
        "identifiers": CompanyIdentifiers(domain="najd-test.example"),
        "sector": "Information Technology",
        "industry": "IT Services",
        "countries": ("SA",),
        "city": "Riyadh",
        "employees": 350,
        "founded": 2004,
        "status": CompanyStatus.ACTIVE,
    }
    return Company(**{**defaults, **fields})


def evidence(company_id: str = "co_najd", text: str = ENGLISH_TEXT, **fields: Any) -> Evidence:
    """A text about a company; id and hash follow from the content, the language from its letters."""
    content = nfc(text).strip()
    kind = EvidenceKind(fields.pop("kind", EvidenceKind.TEXT))
    key = f"{company_id}|{kind.value}|{content}".encode()
    defaults: dict[str, Any] = {
        "evidence_id": "ev_" + sha256(key).hexdigest()[:24],
        "company_id": company_id,
        "kind": kind,
        "source_kind": SourceKind.OWN_SITE,
        "source": "https://najd-test.example/about",
        "retrieved_at": DEFAULT_START,
        "language": "ar" if any("\u0600" <= letter <= "\u06ff" for letter in content) else "en",
        "text": content,
        "sha256": sha256(content.encode()).hexdigest(),
    }
    return Evidence(**{**defaults, **fields})


def need(**fields: Any) -> PartnershipNeed:
    """A distribution need of an invented Saudi software firm, with a signal, a request and a gap."""
    defaults: dict[str, Any] = {
        "need_id": "nd_distribution",
        "title": "Resellers in Saudi Arabia",
        "description": "We look for system integrators and resellers who sell cloud software to banks and hospitals.",
        "partnership_type": PartnershipType.DISTRIBUTION,
        "our_company": OurCompany(
            name="Example Software",
            name_ar="شركة المثال للبرمجيات",
            domain="example.com",
            country="SA",
            offers=("accounting_software",),
            rivals=("Rival Test Software",),
        ),
        "partner_profiles": ("systems_integrator",),
        "seeks": ("cloud_hosting", "cybersecurity"),
        "target_segments": ("banking_sector", "healthcare_sector"),
        "regions": ("SA", "BH"),
        "must_haves": (MustHave(kind=MustHaveKind.COUNTRY, value="SA"),),
        "signals": (
            MarketSignal(
                signal_id="sg_cloud",
                text="Hospitals move their records to the cloud.",
                source="test",
                observed_on=date(2026, 1, 10),
                concepts=("cloud_hosting",),
                countries=("SA",),
            ),
        ),
        "requests": (
            CustomerRequest(
                request_id="rq_security",
                text="يطلب عملاؤنا خدمات الأمن السيبراني.",
                customers=12,
                concepts=("cybersecurity",),
            ),
        ),
        "gaps": (
            EcosystemGap(gap_id="gp_bahrain", text="No partner in Bahrain.", severity=4, concepts=("cloud_hosting",)),
        ),
        "deal": DealAssumptions(
            currency="SAR",
            average_deal=Money(amount=Decimal("120000"), currency="SAR"),
            win_rate=0.25,
            target_accounts_per_year=40,
            revenue_target_per_year=Money(amount=Decimal("1200000"), currency="SAR"),
        ),
    }
    return PartnershipNeed(**{**defaults, **fields})
