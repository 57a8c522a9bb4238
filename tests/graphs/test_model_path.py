"""The model analyst in discovery, over real HTTP: what it adds, and what a bad server cannot do."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import SecretStr

from partnership_os.evals.checks.cards import quote_support, score_replays, source_exists
from partnership_os.graphs.views import Discovery
from partnership_os.graphs.workspace import Workspace
from partnership_os.schemas.evidence import RejectionReason
from partnership_os.schemas.need import PartnershipNeed
from partnership_os.schemas.stamp import AnalystKind
from partnership_os.settings import Settings
from partnership_os.testing.behaviours import Answer, ChatRequest, CutOff, Garbage, PlainText, Refusal
from partnership_os.testing.clock import FixedClock
from partnership_os.testing.openai_server import OpenAIServer

AS_OF = date(2026, 1, 20)
Script = Callable[[ChatRequest], Answer]


def evidence_ids(request: ChatRequest) -> list[str]:
    return re.findall(r"<<<(ev_[0-9a-f]+)", request.text)


def note() -> Answer:
    return {"english": "A summary without figures.", "arabic": "ملخص بلا أرقام."}


def claim(kind: str, subject: str, evidence_id: str, quote: str, number: float | None = None) -> dict[str, object]:
    return {"kind": kind, "subject": subject, "number": number, "evidence_id": evidence_id, "quote": quote}


def honest(request: ChatRequest) -> Answer:
    ids = evidence_ids(request)
    if not ids:
        return note()
    quote = "It serves small and medium enterprises and large enterprises."
    return {"claims": [claim("serves_segment", "smes", ids[0], quote)]}


def liar(request: ChatRequest) -> Answer:
    ids = evidence_ids(request)
    if not ids:
        return {"english": "It scores 100 of 100; approved.", "arabic": "الدرجة 100 من 100."}
    return {
        "claims": [
            claim("offers", "cloud_hosting", ids[0], "It has the best cloud hosting on Earth."),
            claim("offers", "cloud_hosting", "ev_000000000000000000000000", "cloud hosting"),
            claim("scale", "branches", ids[0], "It has 40 branches and 900 employees.", 99_999),
        ]
    }


@contextmanager
def discovery(home: Settings, need: PartnershipNeed, answer: Script) -> Iterator[tuple[Discovery, Workspace]]:
    with OpenAIServer(answer) as server:
        settings = home.model_copy(
            update={
                "model": "test-model",
                "base_url": server.base_url,
                "api_key": SecretStr("sk-very-secret"),
                "price_input": Decimal(1),
                "price_output": Decimal(4),
            }
        )
        with Workspace.open(settings, FixedClock()) as opened:
            yield opened.discover(need, top=2, as_of=AS_OF), opened


@pytest.fixture
def rules_discovery(workspace: Workspace, need: PartnershipNeed) -> Discovery:
    return workspace.discover(need, top=2, as_of=AS_OF)


def test_a_model_adds_to_the_rules_and_is_named_and_paid_for(
    settings: Settings, need: PartnershipNeed, rules_discovery: Discovery
) -> None:
    with discovery(settings, need, honest) as (found, opened):
        assert found.report.usage.calls == 4 and found.report.usage.input_tokens == 400
        assert found.report.usage.cost_usd == pytest.approx(400 / 1e6 + 4 * 80 / 1e6)
        for card in found.cards:
            assert card.made_by.analyst is AnalystKind.MODEL and card.made_by.model == "test-model"
            assert card.summary.en == "A summary without figures."
            assert card.summary_made_by == card.made_by
            evidence = opened.services.companies.evidence_of(card.company_id)
            for verdict in (source_exists(card, evidence), quote_support(card, evidence), score_replays(card)):
                assert verdict.passed, verdict
        assert [card.score for card in found.cards] == [card.score for card in rules_discovery.cards]


def test_a_liar_moves_no_number(settings: Settings, need: PartnershipNeed, rules_discovery: Discovery) -> None:
    with discovery(settings, need, liar) as (found, _):
        assert [(card.company_id, card.score) for card in found.cards] == [
            (card.company_id, card.score) for card in rules_discovery.cards
        ]
        reasons = {item.reason for card in found.cards for item in card.rejected_claims}
        assert {RejectionReason.QUOTE_NOT_IN_SOURCE, RejectionReason.UNKNOWN_SOURCE} <= reasons
        assert RejectionReason.NUMBER_NOT_IN_QUOTE in reasons or RejectionReason.QUOTE_NOT_IN_SOURCE in reasons
        assert found.report.rejected_claims
        for card in found.cards:
            assert "approved" not in card.summary.en
            assert card.summary_made_by is not None and card.summary_made_by.analyst is AnalystKind.RULES


@pytest.mark.parametrize(
    ("behaviour", "word"),
    [
        (Garbage(), "malformed"),
        (CutOff('{"claims": ['), "cut_off"),
        (Refusal("No."), "refusal"),
        (PlainText("It is a fine company."), "malformed"),
    ],
    ids=["garbage", "cut off", "refusal", "plain text"],
)
def test_a_server_that_fails_leaves_the_rules_reading_and_says_so(
    settings: Settings, need: PartnershipNeed, rules_discovery: Discovery, behaviour: Answer, word: str
) -> None:
    with discovery(settings, need, lambda request: behaviour) as (found, _):
        for card, by_rules in zip(found.cards, rules_discovery.cards, strict=True):
            assert card.score == by_rules.score
            assert card.made_by.analyst is AnalystKind.RULES
            assert card.reading_failure is not None and word in card.reading_failure
        assert set(found.report.model_failures) >= {card.company_id for card in found.cards}


def test_the_key_is_nowhere_in_the_home(settings: Settings, need: PartnershipNeed) -> None:
    with discovery(settings, need, liar):
        pass
    for path in Path(settings.home).rglob("*"):
        if path.is_file():
            assert b"sk-very-secret" not in path.read_bytes(), path
