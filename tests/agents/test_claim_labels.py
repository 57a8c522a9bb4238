"""Every word of the closed vocabularies has a label in both languages, and counts read as people write them."""

from collections.abc import Mapping, Sequence

import pytest

from partnership_os.agents.claim_labels import (
    NOUNS,
    OWNERSHIP_LABELS,
    PROGRAMME_LABELS,
    REGULATOR_LABELS,
    SIZE_LABELS,
    STATUS_LABELS,
    TOPIC_LABELS,
    both,
    counted,
    country_label,
    joined,
    label_of,
    said,
    topic_label,
)
from partnership_os.schemas.base import BilingualText, country_codes
from partnership_os.schemas.company import CompanyStatus, SizeBand
from partnership_os.schemas.evidence import ContradictionSide
from partnership_os.tools.claim_words import MEASURES, OWNERSHIPS, PROGRAMMES, REGULATORS
from partnership_os.tools.text import script_of


@pytest.mark.parametrize(
    ("keys", "labels"),
    [
        (list(PROGRAMMES), PROGRAMME_LABELS),
        (list(OWNERSHIPS), OWNERSHIP_LABELS),
        (list(REGULATORS), REGULATOR_LABELS),
        (list(CompanyStatus), STATUS_LABELS),
        (list(SizeBand), SIZE_LABELS),
    ],
    ids=["programmes", "ownerships", "regulators", "statuses", "sizes"],
)
def test_every_key_has_a_label_in_both_languages(keys: Sequence[str], labels: Mapping[str, BilingualText]) -> None:
    assert set(keys) == set(labels)
    for label in labels.values():
        assert script_of(label.en) == "latin" and "_" not in label.en
        assert script_of(label.ar) == "ar" and not any(char.isascii() and char.isalpha() for char in label.ar)
    assert len({label.ar for label in labels.values()}) == len(labels)


def test_every_measure_can_be_counted_in_both_languages() -> None:
    assert set(NOUNS) == {*MEASURES, "years"}
    for noun in NOUNS:
        for number in (0, 1, 2, 3, 11, 100, 103, 1_234):
            shown = counted(noun, number)
            assert f"{number:,} " in shown.en
            assert script_of(shown.ar) == "ar"
            assert number in (1, 2) or f"{number:,} " in shown.ar


@pytest.mark.parametrize(
    ("noun", "number", "en", "ar"),
    [
        ("employees", 900, "900 employees", "900 موظف"),
        ("employees", 1, "1 employee", "موظف واحد"),
        ("employees", 4, "4 employees", "4 موظفين"),
        ("employees", 45, "45 employees", "45 موظفًا"),
        ("branches", 2, "2 branches", "فرعان"),
        ("branches", 1_203, "1,203 branches", "1,203 فروع"),
        ("years", 47, "47 years in business", "47 سنة"),
        ("years", 10, "10 years in business", "10 سنوات"),
        ("customers", 1_000_000, "1,000,000 customers", "1,000,000 عميل"),
    ],
)
def test_the_noun_takes_the_form_that_its_number_asks_for(noun: str, number: int, en: str, ar: str) -> None:
    assert counted(noun, number) == both(en, ar)


def test_countries_are_named_in_both_languages() -> None:
    assert country_label("SA") == both("Saudi Arabia", "المملكة العربية السعودية")
    without = {code for code in country_codes() if script_of(country_label(code).ar) != "ar"}
    assert without <= {"CQ"}, "CLDR has no Arabic name for Sark"


def test_labels_are_joined_once_each_with_the_comma_of_the_language() -> None:
    assert joined([both("a", "أ"), both("b", "ب"), both("a", "أ")]) == both("a, b", "أ، ب")


def test_a_word_that_the_vocabulary_lost_is_shown_as_it_was_stored() -> None:
    assert label_of(REGULATOR_LABELS, "old_office") == both("old_office", "old_office")


@pytest.mark.parametrize(
    ("topic", "says", "ar"),
    [
        ("country", "Taiwan", "تايوان"),
        ("country", "Nowhere Land", "Nowhere Land"),
        ("isin", "SA0007879113: issued for Saudi Arabia", "SA0007879113"),
        ("exchange", "Kuwait", "الكويت"),
        ("exchange", "Tadawul: lists companies of Saudi Arabia", "Tadawul"),
        ("status", "acquired", "استحوذت عليها شركة أخرى"),
        ("status", "not delisted", "لم يُشطب إدراجها"),
        ("status", "In voluntary wind-up", "In voluntary wind-up"),
        ("name", "Jordan", "Jordan"),
        ("founded", "1999", "1999"),
    ],
)
def test_a_side_of_a_contradiction_reads_in_arabic_where_it_can(topic: str, says: str, ar: str) -> None:
    assert said(topic, ContradictionSide(says=says, source="a.csv#1")) == both(says, ar)
    assert topic_label(topic) == TOPIC_LABELS[topic]
