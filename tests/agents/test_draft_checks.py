"""What a model's draft may hold: numbers of the facts only, and nothing that a note must not say."""

import json

import pytest

from partnership_os.agents.draft_checks import check_draft
from partnership_os.schemas.model_outputs import DraftedNote

FACTS = json.dumps(
    {
        "company": "Najd 24 Systems",
        "score": 71.4,
        "coverage": 0.62,
        "band": "develop",
        "money": "120000.0000",
        "term": 12,
    }
)
ARABIC = "نجد مرشحة جيدة للشراكة."


def problem(english: str, arabic: str = ARABIC, *, for_partner: bool = False) -> str | None:
    return check_draft(DraftedNote(english=english, arabic=arabic), FACTS, for_partner=for_partner)


@pytest.mark.parametrize(
    "text",
    [
        "Najd 24 Systems scores 71.4 of what is known.",
        "It scores 71 with 62% coverage.",
        "A term of twelve months and 120,000 a year.",
        "It is one of the stronger candidates.",
    ],
)
def test_numbers_of_the_facts_may_be_said(text: str) -> None:
    assert problem(text) is None
    assert problem(text, for_partner=True) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("It scores 100.", "number 100 "),
        ("It scores ninety points.", "number ninety "),
        ("A discount of 0.5 is offered.", "number 0.5"),
        ("See https://evil.example for more.", "link"),
        ("Write to deals@evil.example today.", "link"),
        ("The deal is approved.", "approval"),
        ("We guarantee success.", "approval"),
        ("  ", "empty"),
        ("word " * 400, "longer"),
        ("شركة جيدة", "another language"),
        ("A good\u202e company.", "hide or reorder"),
        ("The team should pursue it.", "no band 'pursue'"),
    ],
)
def test_what_a_note_may_not_say(text: str, said: str) -> None:
    found = problem(text)
    assert found is not None
    assert found.startswith("English text: ")
    assert said in found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("النتيجة ١٠٠ نقطة.", "number ١٠٠"),
        ("تمت الموافقة على الصفقة.", "approval"),
        ("نضمن لكم النجاح.", "approval"),
        ("A text in English.", "another language"),
    ],
)
def test_arabic_is_held_to_the_same_rules(text: str, said: str) -> None:
    found = problem("A candidate.", text)
    assert found is not None
    assert found.startswith("Arabic text: ")
    assert said in found


@pytest.mark.parametrize(
    "text",
    [
        "Our walk-away is far from here.",
        "This is below our target.",
        "We would accept less.",
        "That is our bottom line.",
    ],
)
def test_a_note_for_the_partner_says_nothing_of_our_side(text: str) -> None:
    assert problem(text) is None
    assert problem(text, for_partner=True) == "English text: it speaks of our limits or aims"
    assert problem("A proposal.", "هذا العرض أقل من هدفنا.", for_partner=True) is not None
