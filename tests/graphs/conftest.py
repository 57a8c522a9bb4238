"""A workspace with a handful of invented companies, opened in a temporary home."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from partnership_os.graphs.workspace import Workspace
from partnership_os.schemas.need import PartnershipNeed
from partnership_os.schemas.partnership import ApprovalLevel
from partnership_os.settings import Settings
from partnership_os.testing.clock import TickingClock
from partnership_os.tools.company_import import ImportOptions

COMPANIES = [
    {
        "name": "Najd Test Systems",
        "name_ar": "شركة نجد الاختبارية للأنظمة",
        "website": "https://najd-test.com",
        "country": "Saudi Arabia",
        "city": "Riyadh",
        "sector": "Information Technology",
        "industry": "IT Services",
        "market_cap": "Mid Cap",
        "delisted": "False",
        "exchange": "SAU",
        "ticker": "9901",
        "summary": "Najd Test Systems provides systems integration and cloud hosting services in Saudi Arabia. "
        "It serves small and medium enterprises and large enterprises. It has 40 branches and 900 employees. "
        "The company holds ISO 27001 certification. "
        "It was founded in 2001 and is headquartered in Riyadh, Saudi Arabia.",
    },
    {
        "name": "Hejaz Test Cement",
        "website": "https://hejaz-test-cement.com",
        "country": "Saudi Arabia",
        "city": "Jeddah",
        "sector": "Materials",
        "industry": "Construction Materials",
        "market_cap": "Mid Cap",
        "delisted": "False",
        "summary": "Hejaz Test Cement manufactures and sells cement in Saudi Arabia. It was founded in 1990.",
    },
    {
        "name": "Asir Test Cloud",
        "website": "https://asir-test.com",
        "country": "Saudi Arabia",
        "summary": "تقدم شركة عسير الاختبارية خدمات الاستضافة السحابية والأمن السيبراني للمنشآت الصغيرة والمتوسطة "
        "في المملكة العربية السعودية. تأسست عام 2010 ومقرها الرياض.",
    },
    {
        "name": "Gone Test Systems",
        "website": "https://gone-test.com",
        "country": "Saudi Arabia",
        "industry": "IT Services",
        "summary": "Gone Test Systems provided systems integration. As of April 1, 2021, Gone Test Systems "
        "was acquired by Najd Test Systems.",
    },
    {
        "name": "Rival Test Software",
        "website": "https://rival-test.com",
        "country": "Saudi Arabia",
        "industry": "Software",
        "summary": "Rival Test Software sells cloud accounting software to small businesses in Saudi Arabia.",
    },
    {
        "name": "Osaka Test Systems",
        "website": "https://osaka-test.com",
        "country": "Japan",
        "industry": "IT Services",
        "summary": "Osaka Test Systems provides systems integration services. It is headquartered in Osaka, Japan.",
    },
]

NEED = """\
title: Resellers of our software in Saudi Arabia
description: We look for systems integrators that sell and implement cloud software for small and medium enterprises.
partnership_type: distribution
our_company:
  name: Example Test Software
  name_ar: شركة المثال الاختبارية
  domain: example-test.com
  country: SA
  offers: [accounting_software]
  rivals: [Rival Test Software]
partner_profiles: [systems_integrator]
seeks: [systems_integration, cloud_hosting]
target_segments: [smes, enterprises]
regions: [SA, BH]
must_haves:
  - {kind: country, value: SA}
gaps:
  - {text: Nobody implements our software in the south., severity: 4, concepts: [implementation_services]}
requests:
  - {text: Customers ask for hosting inside the Kingdom., customers: 10, concepts: [cloud_hosting]}
deal:
  currency: SAR
  average_deal: {amount: "60000", currency: SAR}
  win_rate: 0.2
  target_accounts_per_year: 30
  revenue_target_per_year: {amount: "360000", currency: SAR}
"""


def write_companies(path: Path, companies: list[dict[str, str]]) -> Path:
    path.write_text("".join(json.dumps(item, ensure_ascii=False) + "\n" for item in companies), encoding="utf-8")
    return path


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", _env_file=None)


@pytest.fixture
def clock() -> TickingClock:
    return TickingClock()


@pytest.fixture
def workspace(settings: Settings, clock: TickingClock, tmp_path: Path) -> Iterator[Workspace]:
    with Workspace.open(settings, clock) as opened:
        opened.import_files([write_companies(tmp_path / "c.jsonl", COMPANIES)], ImportOptions(date(2026, 1, 10)))
        yield opened


@pytest.fixture
def need(workspace: Workspace, tmp_path: Path) -> PartnershipNeed:
    path = tmp_path / "need.yaml"
    path.write_text(NEED, encoding="utf-8")
    return workspace.read_need(path)


@pytest.fixture
def token(workspace: Workspace) -> Callable[..., str]:
    """Token of a new person of a level."""

    def make(level: ApprovalLevel, legal: bool = False, name: str = "Somebody") -> str:
        return workspace.add_person(name, level, legal)[1]

    return make
