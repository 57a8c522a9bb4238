"""The published rubric beside the product's, and cards of the product with one thing changed."""

from collections.abc import Callable
from typing import Any

import pytest

from partnership_os.agents import rubric
from partnership_os.evals.checks import rubric as published
from partnership_os.evals.checks.rubric import follows_rubric, remarks_made
from partnership_os.schemas.evidence import SOURCE_QUALITY, Contradiction, ContradictionSide
from partnership_os.schemas.partnership import PartnershipType
from partnership_os.schemas.score_card import Band, PartnerFitScoreCard
from tests.evals.checks.made_card import made_card

DISPUTE = Contradiction(
    company_id="co_najd",
    topic="founded",
    first=ContradictionSide(says="2005", source="row"),
    second=ContradictionSide(says="2012", source="text"),
)
CARD = made_card()
DISPUTED = made_card((DISPUTE,))


def changed(**fields: Any) -> PartnerFitScoreCard:
    return CARD.model_copy(update=fields)


def with_part(number: int, change: Callable[[Any], Any]) -> PartnerFitScoreCard:
    parts = tuple(change(part) if at == number else part for at, part in enumerate(CARD.dimensions))
    return changed(dimensions=parts)


def test_the_product_keeps_to_what_is_published() -> None:
    for kind in PartnershipType:
        stated = dict(zip(published._DIMENSIONS, published._WEIGHTS[kind], strict=True))
        assert stated == rubric.DIMENSION_WEIGHTS[kind]
        assert sum(stated.values()) == 100
    assert published._FLOORS == rubric.BAND_FLOORS
    assert published._COVERAGE_FLOOR == rubric.COVERAGE_FLOOR
    assert published.RUBRIC == rubric.RUBRIC_VERSION
    assert published.QUALITY == SOURCE_QUALITY
    stated_shares = {
        (one, name): share for one, names in published._INDICATORS.items() for name, share in names.items()
    }
    assert stated_shares == {(item.dimension, item.indicator): item.weight for item in rubric.INDICATORS}


@pytest.mark.parametrize("card", [CARD, DISPUTED])
def test_a_card_of_the_product_passes(card: PartnerFitScoreCard) -> None:
    assert follows_rubric(card).detail == ""
    assert remarks_made(card).detail == ""


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (with_part(0, lambda part: part.model_copy(update={"weight": part.weight + 1})), "strategic_alignment weighs"),
        (
            with_part(
                1,
                lambda part: part.model_copy(
                    update={"indicators": (part.indicators[0].model_copy(update={"weight": 0.6}), *part.indicators[1:])}
                ),
            ),
            "territory weighs 0.6",
        ),
        (
            with_part(2, lambda part: part.model_copy(update={"indicators": part.indicators[1:]})),
            "reach weighs None",
        ),
        (changed(weights_version="referral / rubric 2"), "rubric 1"),
        (changed(band=Band.DECLINE), "the band is decline"),
        (changed(best_band=Band.WATCH), "the best band is watch"),
        (changed(worst_band=Band.PURSUE), "the worst band is pursue"),
        (
            changed(
                facts_to_find=(
                    CARD.facts_to_find[0].model_copy(update={"band_if_worst": Band.PURSUE, "score_if_worst": 10.0}),
                )
            ),
            "at worst is pursue",
        ),
    ],
)
def test_what_is_not_published_is_found(wrong: PartnerFitScoreCard, said: str) -> None:
    assert said in follows_rubric(wrong).detail


@pytest.mark.parametrize(
    ("score", "coverage", "band"),
    [
        (75.0, 0.6, Band.PURSUE),
        (74.9999, 0.6, Band.DEVELOP),
        (60.0, 0.6, Band.DEVELOP),
        (59.9999, 0.6, Band.WATCH),
        (45.0, 0.6, Band.WATCH),
        (44.9999, 0.6, Band.DECLINE),
        (90.0, 0.5999, Band.UNKNOWN),
        (None, 0.9, Band.UNKNOWN),
    ],
)
def test_bands_begin_at_their_floors(score: float | None, coverage: float, band: Band) -> None:
    assert "the band is" not in follows_rubric(changed(score=score, coverage=coverage, band=band)).detail
    others = [one for one in Band if one is not band]
    assert all(
        "the band is" in follows_rubric(changed(score=score, coverage=coverage, band=one)).detail for one in others
    )


def test_a_dropped_risk_is_found_and_one_without_ground_too() -> None:
    assert CARD.risks
    assert "is missing" in remarks_made(changed(risks=CARD.risks[1:])).detail
    heavier = CARD.risks[0].model_copy(update={"impact": 1})
    assert "has no ground" in remarks_made(changed(risks=(heavier, *CARD.risks[1:]))).detail


def test_a_dropped_contradiction_is_found() -> None:
    assert remarks_made(DISPUTED, (DISPUTE,)).passed
    bare = DISPUTED.model_copy(update={"contradictions": ()})
    assert "shows 0 of 1" in remarks_made(bare, (DISPUTE,)).detail
    assert not remarks_made(bare).passed, "the risk on the card tells of it"
    assert not remarks_made(CARD, (DISPUTE,)).passed, "nothing on the card tells of it"
    assert not remarks_made(DISPUTED, ()).passed, "it was made up"
