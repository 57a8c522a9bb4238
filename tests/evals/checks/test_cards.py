"""The checks on a card that the product made, and on the same card with one thing spoilt."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest

from partnership_os.agents.deal_matcher import MatchRequest, score_company
from partnership_os.agents.rules_analyst import RulesAnalyst
from partnership_os.evals.checks.cards import (
    no_leak,
    numbers_in_quotes,
    quote_support,
    schema_valid,
    score_replays,
    source_exists,
)
from partnership_os.evals.checks.verdict import Verdict
from partnership_os.schemas.evidence import Claim, ClaimKind
from partnership_os.schemas.score_card import DimensionScore, Indicator, PartnerFitScoreCard
from partnership_os.testing import world
from partnership_os.tools.lexicon import load_lexicon

EVIDENCE = (world.evidence(), world.evidence(text=world.ARABIC_TEXT))
Spoil = Callable[[PartnerFitScoreCard], PartnerFitScoreCard]


@pytest.fixture(scope="module")
def claims() -> tuple[Claim, ...]:
    return RulesAnalyst(load_lexicon()).read(world.company(), EVIDENCE).claims


@pytest.fixture(scope="module")
def card() -> PartnerFitScoreCard:
    lexicon = load_lexicon()
    analyst = RulesAnalyst(lexicon)
    request = MatchRequest(
        need=world.need(),
        company=world.company(),
        evidence=EVIDENCE,
        reading=analyst.read(world.company(), EVIDENCE),
        contradictions=(),
        as_of=date(2026, 3, 1),
        made_by=analyst.stamp,
    )
    return score_company(request, lexicon)


def with_indicator(card: PartnerFitScoreCard, **fields: Any) -> PartnerFitScoreCard:
    """The card with other fields on its first known indicator."""
    chosen = next(item for item in card.indicators if item.points is not None and item.sources)

    def changed(part: DimensionScore) -> DimensionScore:
        items: Sequence[Indicator] = [
            item.model_copy(update=fields) if item is chosen else item for item in part.indicators
        ]
        return part.model_copy(update={"indicators": tuple(items)})

    return card.model_copy(update={"dimensions": tuple(changed(part) for part in card.dimensions)})


def first_source(card: PartnerFitScoreCard) -> Any:
    return next(item.sources[0] for item in card.indicators if item.points is not None and item.sources)


def test_a_card_of_the_product_passes_every_check(card: PartnerFitScoreCard, claims: tuple[Claim, ...]) -> None:
    assert card.score is not None and claims
    verdicts = [
        source_exists(card, EVIDENCE),
        quote_support(card, EVIDENCE),
        numbers_in_quotes(claims),
        score_replays(card),
        schema_valid(PartnerFitScoreCard, card.model_dump_json()),
    ]
    assert [(item.name, item.detail) for item in verdicts if not item.passed] == []


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (lambda card: card.model_copy(update={"score": card.score + 1}), "score is"),
        (lambda card: card.model_copy(update={"score": None}), "score is None"),
        (lambda card: card.model_copy(update={"coverage": card.coverage / 2}), "coverage is"),
        (lambda card: card.model_copy(update={"confidence": card.confidence / 2}), "confidence is"),
        (lambda card: with_indicator(card, points=0.123), "score is"),
        (lambda card: with_indicator(card, points=None), "coverage is"),
        (lambda card: with_indicator(card, contradicted=True), "confidence is"),
    ],
)
def test_a_figure_that_does_not_follow_is_found(card: PartnerFitScoreCard, spoil: Spoil, fault: str) -> None:
    verdict = score_replays(spoil(card))
    assert not verdict.passed
    assert fault in verdict.detail


def test_contributions_have_to_sum_to_the_score(card: PartnerFitScoreCard) -> None:
    first, *others = card.dimensions
    moved = first.model_copy(update={"contribution": first.contribution + 1})
    verdict = score_replays(card.model_copy(update={"dimensions": (moved, *others)}))
    assert "sum of contributions" in verdict.detail


def test_a_card_without_evidence_replays_as_unknown(card: PartnerFitScoreCard) -> None:
    def emptied(part: DimensionScore) -> DimensionScore:
        items = tuple(item.model_copy(update={"points": None, "sources": ()}) for item in part.indicators)
        return part.model_copy(update={"indicators": items, "score": None, "coverage": 0.0, "contribution": 0.0})

    parts = tuple(emptied(part) for part in card.dimensions)
    empty = card.model_copy(update={"dimensions": parts, "score": None, "coverage": 0.0, "confidence": 0.0})
    assert score_replays(empty).passed
    assert not score_replays(empty.model_copy(update={"score": 50.0})).passed


def test_a_cited_id_has_to_be_evidence_about_this_company(card: PartnerFitScoreCard) -> None:
    assert "cites" in source_exists(card, ()).detail
    strangers = [item.model_copy(update={"company_id": "co_other"}) for item in EVIDENCE]
    assert not source_exists(card, strangers).passed


def test_a_known_indicator_needs_a_source(card: PartnerFitScoreCard) -> None:
    assert "has no source" in source_exists(with_indicator(card, sources=()), EVIDENCE).detail


def test_an_invented_quote_is_found(card: PartnerFitScoreCard) -> None:
    invented = first_source(card).model_copy(update={"quote": "the best company of the world"})
    verdict = quote_support(with_indicator(card, sources=(invented,)), EVIDENCE)
    assert "the best company" in verdict.detail
    assert not quote_support(card, EVIDENCE[:0]).passed


def test_white_space_in_a_quote_is_forgiven(card: PartnerFitScoreCard) -> None:
    source = first_source(card)
    spaced = source.model_copy(update={"quote": source.quote.replace(" ", " \n ")})
    assert quote_support(with_indicator(card, sources=(spaced,)), EVIDENCE).passed


@pytest.mark.parametrize(
    ("value", "quote", "passed"),
    [
        (350, "It has 350 employees", True),
        (350, "يعمل بها ٣٥٠ موظفاً", True),
        (1_200_000, "with 1.2 million customers", True),
        (36, "It has 350 employees", False),
        (None, "It has employees", True),
    ],
)
def test_a_number_has_to_stand_in_its_quote(value: float | None, quote: str, passed: bool) -> None:
    claim = Claim(
        claim_id="cl_1",
        company_id="co_najd",
        kind=ClaimKind.SCALE,
        subject="employees",
        value=value,
        evidence_id="ev_1",
        quote=quote,
    )
    assert numbers_in_quotes([claim]).passed is passed


@pytest.mark.parametrize(
    ("text", "secrets", "passed"),
    [
        ("Commission is 15% for two years.", ["22", "walk away"], True),
        ("Commission is 22% for two years.", ["22"], False),
        ("العمولة ٢٢٪", ["22"], False),
        ("At least 1.2 million SAR", ["1200000"], False),
        ("Invoice 220 of 2022", ["22"], True),
        ("We would WALK  away below that.", ["walk away"], False),
        ("anything", [], True),
    ],
)
def test_limits_are_found_however_they_are_written(text: str, secrets: list[str], passed: bool) -> None:
    verdict = no_leak(text, secrets)
    assert verdict.passed is passed
    assert not any(secret in verdict.detail for secret in secrets if len(secret) > 2)


def test_invalid_json_is_told_by_field() -> None:
    assert schema_valid(Verdict, '{"name": "a", "passed": true}') == Verdict(name="schema_valid", passed=True)
    verdict = schema_valid(Verdict, '{"name": "a", "passed": true, "score": 3}')
    assert "score" in verdict.detail
    assert not schema_valid(Verdict, "not JSON").passed
