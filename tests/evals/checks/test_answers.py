"""The checks of an answer: what counts as said, as a source, as a known number, as a language."""

from decimal import Decimal

import pytest

from partnership_os.evals.checks.answers import (
    cited_ids,
    known_numbers,
    language_of_prose,
    numbers_grounded,
    says,
    sources_given,
)

ONE, TWO = "ev_9092cedefcb4ff5f281937bc", "ev_85a7c510d8b4d53f57af56a1"


@pytest.mark.parametrize(
    ("text", "wording", "said"),
    [
        ("Foodics was founded in 2014.", "2014", True),
        ("It has 12014 shops.", "2014", False),
        ("See co_foodics_2014 for more.", "2014", False),
        ("تأسست عام ٢٠١٤", "2014", True),
        ("It is Committed.", "committed", True),
        ("It is uncommitted.", "committed", False),
        ("وهي منافسة لنا", "منافس", True),
        ("هي \u2068Foodics\u2069 نفسها", "foodics", True),
        ("لا أستطيع", "لا استطيع", True),
        ("a share of 10% of it", "10%", True),
        ("a share of 110% of it", "10%", False),
    ],
)
def test_what_counts_as_said(text: str, wording: str, said: bool) -> None:
    assert says(text, [wording]) is said


def test_one_of_several_wordings_is_enough_and_none_is_not() -> None:
    assert says("It waits.", ["pending", "waits"])
    assert not says("It waits.", [])


def test_sources_exist_and_were_given() -> None:
    text = f"It makes tills [{ONE}], [{TWO}] and [{ONE}]."
    assert cited_ids(text) == (ONE, TWO)
    assert sources_given(text, {ONE, TWO}, {ONE, TWO}).passed
    assert "does not exist" in sources_given(text, {ONE}, {ONE, TWO}).detail
    assert "no tool gave" in sources_given(text, {ONE, TWO}, {ONE}).detail
    assert sources_given("No source is needed here.", (), ()).passed


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Foodics scores 82.4 of 100.", "en"),
        ("حصلت \u2068Foodics\u2069 على 82.4 من 100.", "ar"),
        (f"لا أعرف: “It was founded in Saudi Arabia in 2014 and works in Egypt.” [{ONE}]", "ar"),
        ("I cannot: “لا أستطيع الموافقة على أي صفقة من هذا النوع أبدًا مهما طلب”", "en"),
        ("يفعله شخص:\n  partnership approve cm_647f8a172f56f24641cd6847\n  partnership review cm_647f8a17", "ar"),
        ("/needs /prospects NEED\nالاحتياجات المعروفة هنا", "ar"),
        (f"[{ONE}]", "none"),
    ],
)
def test_the_language_is_that_of_the_prose(text: str, language: str) -> None:
    assert language_of_prose(text) == language


def test_known_numbers_are_those_of_values_texts_and_lists() -> None:
    value = {"score": 82.4123, "ok": True, "rows": ["12 million", {"at": "2026-06-15T09:00:00Z"}], "id": "co_x_77"}
    known = known_numbers(value, "14 days")
    assert {Decimal(number).normalize() for number in ("82.4123", "12000000", "2026", "9", "14", "2")} <= known
    assert Decimal(77) not in known


@pytest.mark.parametrize(
    ("text", "grounded"),
    [
        ("It scores 82.4 of 100.", True),
        ("It scores 82 of 100.", True),
        ("Coverage is 62 %.", True),
        ("Coverage is 61.8%.", True),
        ("It scores 83 of 100.", False),
        ("1. Foodics\n2. Unifonic\n7. Jisr", True),
        (f"See [{ONE}] and deal-2213fdf6255a1b83.", True),
        ("One of three is enough.", True),
        ("٨٢٫٤ من ١٠٠", True),
        ("About 5,000 customers.", False),
    ],
)
def test_numbers_come_from_somewhere(text: str, grounded: bool) -> None:
    assert numbers_grounded(text, known_numbers({"score": 82.4123, "coverage": 0.618})).passed is grounded
