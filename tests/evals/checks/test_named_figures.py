"""Figures that a text calls score, coverage or confidence, and the summary of a card."""

import pytest

from partnership_os.agents.rules_prose import card_text
from partnership_os.evals.checks.named_figures import NamedFigure, named_figures, states, summary_figures
from partnership_os.schemas.base import BilingualText
from tests.evals.checks.made_card import made_card

CARD = made_card()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Unknown, score 61.5 of 100, coverage 62%, confidence 41%.", {"score 61.5", "coverage 62%", "confidence 41%"}),
        ("a score of 61.5 and coverage of 0.62", {"score 61.5", "coverage 0.62"}),
        ("It scores 61.5 of 100 with 62% of the weight known", {"score 61.5", "coverage 62%"}),
        ("what is known gives 61.5 of 100", {"score 61.5"}),
        ("coverage 62 %, confidence 41 per cent", {"coverage 62%", "confidence 41%"}),
        ("الدرجة 61.5 من 100، التغطية 62%، الثقة 41%.", {"score 61.5", "coverage 62%", "confidence 41%"}),
        ("التغطية \u206862\u2069 %، والثقة \u206841\u2069 %", {"coverage 62%", "confidence 41%"}),
        ("حصلت فودكس على 61.5 من 100، والمعروف 62% من الوزن", {"score 61.5", "coverage 62%"}),
        ("(coverage +15 %, at best Develop)", set()),
        ("5 of 14 companies scored, the first of 100", set()),
        ("scored 5 of 14 companies", set()),
        ("The largest gap is capability: 44.0 of 100 on 50% known.", set()),
        ("confident, 3 branches", set()),
    ],
)
def test_figures_are_found_by_their_name(text: str, found: set[str]) -> None:
    shown = {f"{one.kind} {one.number}{'%' if one.percent else ''}" for one in named_figures(text)}
    assert shown == found


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("coverage 62%", True),
        ("coverage 62.4%", True),
        ("coverage 0.62", True),
        ("coverage 41%", False),
        ("confidence 41%", True),
        ("confidence 62%", False),
        ("score 61.5", True),
        ("score 61", True),
        ("score 62", False),
        ("score 81.5", False),
        ("coverage 0.62%", False),
    ],
)
def test_a_figure_is_held_as_precisely_as_it_is_stated(text: str, right: bool) -> None:
    (figure,) = named_figures(text)
    assert states(figure, score=61.4834, coverage=0.6242, confidence=0.4104) is right


def test_no_score_is_no_figure() -> None:
    assert not states(NamedFigure("score", named_figures("score 0")[0].number, False), None, 0.0, 0.0)


def test_summaries_of_the_product_pass() -> None:
    assert summary_figures(CARD).detail == ""
    assert summary_figures(CARD.model_copy(update={"summary": card_text(CARD)})).detail == ""


def test_a_summary_with_other_figures_is_found() -> None:
    score, coverage, confidence = CARD.score or 0.0, CARD.coverage * 100, CARD.confidence * 100
    assert round(coverage) != round(confidence)
    for wrong in (
        f"It has a score of {score + 20:.1f}.",
        f"It has coverage {confidence:.0f}%.",
        f"It has confidence {coverage:.0f}%.",
        "It has 12,345 branches.",
    ):
        text = BilingualText(en=wrong, ar="ملخص")
        assert not summary_figures(CARD.model_copy(update={"summary": text})).passed, wrong
