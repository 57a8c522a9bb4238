"""Look-alike names: flagged against other companies, honest names left alone."""

import random
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnership_os.tools.lookalikes import (
    KnownName,
    Likeness,
    LookalikeIndex,
    hidden_characters,
    skeleton,
)

SAME, EDIT = Likeness.SAME_SHAPE, Likeness.ONE_EDIT


def _likeness(name: str, known: str) -> Likeness | None:
    found = LookalikeIndex([KnownName("co_1", known)]).find(name)
    assert len(found) <= 1
    return found[0].likeness if found else None


@pytest.mark.parametrize(
    ("shown", "prototype"),
    [("а", "a"), ("Α", "A"), ("0", "O"), ("1", "l"), ("I", "l"), ("|", "l"), ("m", "rn"), ("ا", "l"), ("٥", "o")],
)
def test_the_table_maps_to_the_prototypes_of_unicode(shown: str, prototype: str) -> None:
    assert skeleton(shown) == prototype
    assert skeleton(prototype) == prototype


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("Nаjd Test Systems", "Najd Test Systems"),  # Cyrillic a
        ("ΝAJD TEST", "Najd Test"),  # Greek capital nu
        ("AI Rajhi", "Al Rajhi"),
        ("AI RAJHI", "Al Rajhi"),
        ("Ararnco", "Aramco"),
        ("Arаmсo", "Aramco"),
        ("Ｎａｊｄ Test", "Najd Test"),
        ("Nájd Tést", "Najd Test"),
        ("Najd\u200b Test", "Najd Test"),
        ("Najd\u202e Test", "Najd Test"),
        ("Najd  Test", "NajdTest"),
        ("Najd Test Co. Ltd.", "Najd Test LLC"),
        ("Najd Test Сo.", "Najd Test"),  # the legal form is disguised as well
        ("شركة المراعى", "شركة المراعي"),
        ("المراعی", "المراعي"),
        ("الشركة السعودية للکهرباء", "الشركة السعودية للكهرباء"),
        ("مكتبه جرير", "مكتبة جرير"),
        ("جـــرير", "جرير"),
        ("صندوق ٥", "صندوق 5"),
        ("صندوق ۵", "صندوق ٥"),
        ("أسمنت نجد", "اسمنت نجد"),
    ],
)
def test_a_name_that_reads_like_another_is_found(name: str, known: str) -> None:
    assert _likeness(name, known) is SAME
    assert _likeness(known, name) is SAME


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("Najd Test System", "Najd Test Systems"),
        ("Njad Test Systems", "Najd Test Systems"),
        ("شركة نجد الاختباريه للانظمه", "شركة نجد الاختبارية لأنظمة"),
    ],
)
def test_a_long_name_with_one_edit_is_found(name: str, known: str) -> None:
    assert _likeness(name, known) is EDIT
    assert _likeness(known, name) is EDIT


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("أرامكو Aramco", "Aramco"),
        ("أرامكو Aramco", "أرامكو"),
        ("أرامكو Aramco", "أرامكو Aramco"),
        ("Najd Test Systems", "Najd Test Systems"),
        ("Café Najd", normalize("NFD", "Café Najd")),
        ("Sabic", "Sabis"),
        ("Najd Investment Fund 2", "Najd Investment Fund 3"),
        ("صندوق نجد العقاري ٢", "صندوق نجد العقاري 3"),
        ("Najd Test Systems", "Hejaz Test Systems"),
    ],
)
def test_an_honest_name_is_left_alone(name: str, known: str) -> None:
    assert _likeness(name, known) is None


def test_the_company_itself_is_no_lookalike_of_its_own_names() -> None:
    index = LookalikeIndex([KnownName("co_1", "Najd Co."), KnownName("co_2", "Nаjd"), KnownName("co_3", "Asir")])
    assert [item.entity_id for item in index.find("Najd")] == ["co_1", "co_2"]
    assert [item.entity_id for item in index.find("Najd", own={"co_1"})] == ["co_2"]


def test_one_disguise_is_found_among_twenty_thousand_names() -> None:
    chance = random.Random(7)
    words = [" ".join("".join(chance.choices("abdefhknorstuwyz", k=7)) for _ in range(2)) for _ in range(20_000)]
    index = LookalikeIndex(KnownName(f"co_{at}", word) for at, word in enumerate(words))
    for at in chance.sample(range(20_000), 20):
        disguised = words[at].translate(str.maketrans("aeo", "аео"))
        assert disguised != words[at] or not set("aeo") & set(words[at])
        if disguised != words[at]:
            assert [item.entity_id for item in index.find(disguised)] == [f"co_{at}"]


@given(st.text(max_size=30))
def test_any_text_has_a_stable_skeleton(text: str) -> None:
    assert skeleton(skeleton(text)) == skeleton(text)
    LookalikeIndex([KnownName("co_1", text + "a")]).find(text)


def test_hidden_characters_are_named_with_their_place() -> None:
    found = hidden_characters("Na\u202ejd\u200b\x00")
    assert [(item.code_point, item.name, item.position) for item in found] == [
        ("U+202E", "RIGHT-TO-LEFT OVERRIDE", 2),
        ("U+200B", "ZERO WIDTH SPACE", 5),
        ("U+0000", "NULL", 6),
    ]
    assert hidden_characters("شركة نجد – Najd & Co.") == ()


def test_a_line_end_hides_something_in_a_name_only() -> None:
    assert hidden_characters("Najd\nTest") == ()
    assert [item.name for item in hidden_characters("Najd\nTest", one_line=True)] == ["LINE FEED"]
