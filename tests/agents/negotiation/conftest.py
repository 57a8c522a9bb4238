"""A small deal of every partnership type, made of invented companies."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from partnership_os.agents.deal_negotiator import DraftRequest, draft_term_sheet
from partnership_os.agents.playbook import load_playbook
from partnership_os.schemas.base import BilingualText, Money
from partnership_os.schemas.need import DealAssumptions
from partnership_os.schemas.partnership import PartnershipType
from partnership_os.schemas.score_card import Band, Dimension, DimensionScore, PartnerFitScoreCard
from partnership_os.schemas.stamp import AnalystKind, AnalystStamp
from partnership_os.schemas.term_sheet import Clause, PartnerTermSheet, TermValue
from partnership_os.testing import world


def _card(kind: PartnershipType, **fields: Any) -> PartnerFitScoreCard:
    parts = tuple(
        DimensionScore(dimension=item, weight=10, score=None, coverage=0, contribution=0, indicators=())
        for item in Dimension
    )
    defaults: dict[str, Any] = {
        "card_id": "sc_test",
        "company_id": "co_najd",
        "company_name": "Najd Test Systems",
        "need_id": "nd_distribution",
        "partnership_type": kind,
        "as_of": date(2026, 1, 15),
        "score": None,
        "coverage": 0,
        "confidence": 0,
        "band": Band.UNKNOWN,
        "best_band": Band.PURSUE,
        "worst_band": Band.DECLINE,
        "dimensions": parts,
        "summary": BilingualText(en="Nothing is known yet.", ar="لا يُعرف شيء بعد."),
        "weights_version": "1",
        "made_by": AnalystStamp(analyst=AnalystKind.RULES, engine="test"),
        "input_digest": "0" * 64,
    }
    return PartnerFitScoreCard(**{**defaults, **fields})


def _request(
    partnership_type: PartnershipType = PartnershipType.REFERRAL,
    *,
    currency: str = "SAR",
    card: dict[str, Any] | None = None,
    need: dict[str, Any] | None = None,
    **fields: Any,
) -> DraftRequest:
    money = Money(amount=Decimal("120000"), currency=currency)
    deal = DealAssumptions(
        currency=currency,
        average_deal=money,
        win_rate=0.25,
        target_accounts_per_year=40,
        revenue_target_per_year=money,
    )
    defaults: dict[str, Any] = {
        "partnership_type": partnership_type,
        "target_segments": ("smes", "retail_sector"),
        "deal": deal,
    }
    request: dict[str, Any] = {
        "thread_id": "th_test",
        "need": world.need(**{**defaults, **(need or {})}),
        "card": _card(partnership_type, **(card or {})),
        "company": world.company(),
        "playbook": load_playbook(partnership_type),
        "drafted_on": date(2026, 1, 15),
    }
    return DraftRequest(**{**request, **fields})


@pytest.fixture(scope="session")
def request_for() -> Callable[..., DraftRequest]:
    """Builds a draft request; keywords replace its parts, ``card`` and ``need`` replace their fields."""
    return _request


@pytest.fixture(scope="session")
def drafts() -> dict[PartnershipType, PartnerTermSheet]:
    """The first draft of every type."""
    return {kind: draft_term_sheet(_request(kind)).sheet for kind in PartnershipType}


def _edit(sheet: PartnerTermSheet, clause_id: str, change: Callable[[Clause], Clause]) -> PartnerTermSheet:
    clauses = tuple(change(clause) if clause.clause_id == clause_id else clause for clause in sheet.clauses)
    assert clauses != sheet.clauses, "the edit changed nothing"
    return sheet.model_copy(update={"clauses": clauses})


@pytest.fixture(scope="session")
def edit() -> Callable[..., PartnerTermSheet]:
    """Changes one clause behind the negotiator's back: ``edit(sheet, clause_id, change)``."""
    return _edit


def _replace(sheet: PartnerTermSheet, value: TermValue) -> PartnerTermSheet:
    clauses = tuple(
        clause.model_copy(update={"terms": tuple(value if item.name == value.name else item for item in clause.terms)})
        for clause in sheet.clauses
    )
    return sheet.model_copy(update={"clauses": clauses})


@pytest.fixture(scope="session")
def replace_value() -> Callable[[PartnerTermSheet, TermValue], PartnerTermSheet]:
    """Puts another number or choice in a sheet and leaves its texts as they are."""
    return _replace
