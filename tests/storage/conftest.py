"""Records that are as small as they may be."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from partnership_os.schemas.base import BilingualText
from partnership_os.schemas.need import PartnershipNeed
from partnership_os.schemas.partnership import PartnershipType
from partnership_os.schemas.score_card import Band, Dimension, DimensionScore, PartnerFitScoreCard
from partnership_os.schemas.stamp import AnalystKind, AnalystStamp
from partnership_os.schemas.term_sheet import Clause, ClauseGroup, PartnerTermSheet, Party
from partnership_os.storage.company_store import CompanyStore
from partnership_os.storage.database import Database, open_database

STAMP = AnalystStamp(analyst=AnalystKind.RULES, engine="test 1")
TEXT = BilingualText(en="text", ar="نص")


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """On both databases."""
    made = open_database(database_url)
    yield made
    made.close()


@pytest.fixture
def store(database: Database) -> CompanyStore:
    return CompanyStore(database)


@pytest.fixture
def card() -> Callable[..., PartnerFitScoreCard]:
    def make(company_id: str, need_id: str = "ne_1", score: float | None = None) -> PartnerFitScoreCard:
        return PartnerFitScoreCard(
            card_id="sc_1",
            company_id=company_id,
            company_name="A company",
            need_id=need_id,
            partnership_type=PartnershipType.REFERRAL,
            as_of=date(2026, 1, 1),
            score=score,
            coverage=0.5,
            confidence=0.25,
            band=Band.UNKNOWN,
            best_band=Band.PURSUE,
            worst_band=Band.DECLINE,
            dimensions=tuple(
                DimensionScore(dimension=item, weight=10, score=None, coverage=0, contribution=0, indicators=())
                for item in Dimension
            ),
            summary=TEXT,
            weights_version="weights 1",
            made_by=STAMP,
            input_digest="0" * 64,
        )

    return make


@pytest.fixture
def sheet() -> Callable[..., PartnerTermSheet]:
    def make(version: int, **changes: Any) -> PartnerTermSheet:
        fields: dict[str, Any] = {
            "sheet_id": "ts_1",
            "version": version,
            "thread_id": "thread-1",
            "partnership_type": PartnershipType.REFERRAL,
            "need_id": "ne_1",
            "company_id": "co_1",
            "us": Party(name="Us"),
            "them": Party(name="Them"),
            "currency": "SAR",
            "drafted_on": date(2026, 1, 1),
            "clauses": (Clause(clause_id="term", group=ClauseGroup.TERM, title=TEXT, text=TEXT),),
            "cover_note": TEXT,
            "playbook_version": "referral 1",
            "made_by": STAMP,
        }
        return PartnerTermSheet(**{**fields, **changes})

    return make


@pytest.fixture
def need() -> PartnershipNeed:
    return PartnershipNeed.model_validate(
        {
            "need_id": "ne_1",
            "title": "A need",
            "description": "Words",
            "partnership_type": "referral",
            "our_company": {"name": "Us", "country": "SA", "offers": ["crm"]},
            "partner_profiles": ["reseller"],
            "seeks": ["support"],
            "target_segments": ["retail"],
            "regions": ["SA"],
            "must_haves": [{"kind": "country", "value": "SA"}],
            "deal": {
                "currency": "SAR",
                "average_deal": {"amount": "1000.10", "currency": "SAR"},
                "win_rate": 0.2,
                "target_accounts_per_year": 5,
                "revenue_target_per_year": {"amount": "5000", "currency": "SAR"},
            },
        }
    )


@pytest.fixture
def moment() -> datetime:
    return datetime(2026, 1, 1, 9, 30, tzinfo=UTC)
