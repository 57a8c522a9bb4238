from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnership_os.tools.text import (
    contains_quote,
    fold,
    fold_with_offsets,
    name_key,
    number_spans,
    numbers_in,
    script_of,
    sentences,
    strip_legal_forms,
    visible,
)

LETTERS = st.text(alphabet="aAéßZ İ\t\n 19٣۴شِكَّةأإآىئؤءـ،؟–’&.,\u200f\u0301\ufb01¨", max_size=60)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("الأَوَّلُ", "الاول"),
        ("إدارة", "اداره"),
        ("آفاق", "افاق"),
        ("مستشفى", "مستشفي"),
        ("شـــركة", "شركة"),
        ("شرکة", "شركة"),
        ("٢٠٣٠", "2030"),
        ("۲۰۳۰", "2030"),
        ("  Two\u00a0\n words ", "two words"),
        ("ﷲ", "الله"),
        ("STRASSE", "straße"),
        ("zero\u200bwidth", "zerowidth"),
        ("Société", "socie\u0301te\u0301"),
    ],
)
def test_texts_that_differ_in_typing_habits_fold_alike(first: str, second: str) -> None:
    assert fold(first) == fold(second)


@given(LETTERS)
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(LETTERS)
def test_offsets_point_into_the_original_in_order(text: str) -> None:
    folded, offsets = fold_with_offsets(text)
    assert folded == fold(text)
    assert len(offsets) == len(folded) + 1
    assert offsets == sorted(offsets)
    assert all(0 <= offset <= len(text) for offset in offsets)


def test_offsets_give_back_the_original_word_with_its_marks() -> None:
    text = "  في  الشَّرِكَةِ الأولى"
    folded, offsets = fold_with_offsets(text)
    start = folded.index("الشركه")
    assert text[offsets[start] : offsets[start + 6]] == "الشَّرِكَةِ"


@pytest.mark.parametrize(
    ("source", "quote", "found"),
    [
        ("It runs 341  branches\nin Riyadh.", "341 branches in Riyadh", True),
        ("cafe\u0301 chain", "café chain", True),
        ("It runs branches.", "it runs", False),
        ("It runs branches.", "", False),
        ("It runs branches.", "It", False),
        ("It runs branches.", " . ", False),
        ("تقدم الشركة خدمات", "الشركة  خدمات", True),
        ("تقدم الشركة خدمات", "الشركه", False),
        ("It has 21,500 employees.", "500 employees", False),
        ("It has 21,500 employees.", "It has 21", False),
        ("It has 1.25 stores.", "25 stores", False),
        ("It has 21\u00a0500 employees.", "500 employees", False),
        ("It has 500 employees.", "500 employees.", True),
        ("It has payrolls.", "It has payroll", False),
        ("It outsells it.", "sells it", False),
        ("لديها ٢١٬٥٠٠ موظف", "٥٠٠ موظف", False),
        ("لديها ٥٠٠ موظف", "٥٠٠ موظف", True),
        ("خدمات والأمن السيبراني", "الأمن السيبراني", False),
        ("الأمن السيبرانيّ", "الأمن السيبراني", False),
        ("one two one two", "one two", True),
    ],
)
def test_a_quote_counts_only_word_for_word(source: str, quote: str, found: bool) -> None:
    assert contains_quote(source, quote) is found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("341 branches and 1,250 people", [341, 1250]),
        ("SAR 1.2 million", [1_200_000]),
        ("12 مليون عميل", [12_000_000]),
        ("١٢٬٥٠٠ موظف و٣ فروع", [12_500, 3]),
        ("١٢٫٥ مليار ريال", [12_500_000_000]),
        ("۱۲ فرع", [12]),
        ("grew 15% in 2020", [15, 2020]),
        ("forty-two branches", [42]),
        ("one hundred and five stores", [105]),
        ("two thousand five hundred", [2500]),
        ("a million users", [1_000_000]),
        ("hundreds of thousands of users", []),
        ("two and three", [2, 3]),
        ("خمسة وعشرون فرعا", [25]),
        ("خمسة عشر فرعا", [15]),
        ("مئة وخمسين موظفا", [150]),
        ("ثلاثة آلاف عميل", [3000]),
        ("آلاف العملاء", []),
        ("ألف عميل", [1000]),
        ("B2B, ISO27001 and 3rd place", []),
        ("SAR5m, 20k and 5m wide", [5_000_000, 20_000, 5]),
        ("20\u00a0000 people", [20_000]),
        ("five hundred million and one", [500_000_001]),
        ("two hundred hundred", [200]),
        ("one hundred & مليونان", [100, 2_000_000]),
        ("12 forty", [12, 40]),
        ("k m b", []),
        ("مليونان", [2_000_000]),
        ("no numbers here", []),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, expected: list[int]) -> None:
    assert list(numbers_in(text)) == [Decimal(value) for value in expected]


def test_a_number_knows_where_it_stands() -> None:
    text = "It has  forty-two shops and ١٢٬٥٠٠ people."
    assert [text[span.start : span.end] for span in number_spans(text)] == ["forty-two", "١٢٬٥٠٠"]


@given(st.integers(min_value=0, max_value=10**12))
def test_a_grouped_number_reads_back(value: int) -> None:
    assert numbers_in(f"about {value:,} units") == (Decimal(value),)


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("Saudi Telecom Company", "Saudi Telecom"),
        ("Kyokuyo Co., Ltd.", "Kyokuyo"),
        ("Zain K.S.C.P.", "Zain"),
        ("Zain (K.S.C.P.)", "Zain"),
        ("Emaar Properties PJSC", "Emaar Properties"),
        ("Example Trading W.L.L.", "Example Trading"),
        ("Example Saudi Joint Stock Company", "Example"),
        ("Example Limited Liability Company", "Example"),
        ("Dallah Healthcare Holding Co", "Dallah Healthcare Holding"),
        ("Olayan Group", "Olayan Group"),
        ("شركة المراعي (ش.م.ع)", "المراعي"),
        ("شركة ابن سينا ذ.م.م", "ابن سينا"),
        ("شركة ابن سينا ذ. م. م.", "ابن سينا"),
        ("مؤسسة النور للتجارة", "النور للتجارة"),
        ("شركة النور المساهمة المحدودة", "النور"),
        ("مجموعة الراجحي القابضة المحدودة", "مجموعة الراجحي القابضة"),
        ("A.T. Kearney Inc.", "A.T. Kearney"),
        ("Company", "Company"),
        ("AS Roma", "AS Roma"),
    ],
)
def test_legal_forms_go_and_the_rest_stays(name: str, bare: str) -> None:
    assert strip_legal_forms(name) == bare


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("The Saudi Telecom Company", "saudi telecom co."),
        ("Al-Rajhi Bank", "AlRajhi Bank"),
        ("Al Rajhi Bank", "Alrajhi Bank"),
        ("Smith & Sons Ltd", "Smith and Sons LLC"),
        ("Société Générale S.A.", "Societe Generale"),
        ("شركة الاتصالات السعودية", "اتصالات السعوديه"),
        ("Bank 'Nova'", "Bank Nova"),
    ],
)
def test_spellings_of_one_name_meet_under_one_key(first: str, second: str) -> None:
    assert name_key(first) == name_key(second)


@pytest.mark.parametrize(
    ("first", "second"),
    [("Olayan Group", "Olayan Holding"), ("Arab Bank", "Arab National Bank"), ("The", "A"), ("S.A.", "Ltd")],
)
def test_different_names_keep_different_keys(first: str, second: str) -> None:
    assert name_key(first) != name_key(second)
    assert name_key(first)


@pytest.mark.parametrize(
    ("text", "script"),
    [("Riyadh", "latin"), ("الرياض KSA شركة", "ar"), ("123 !", "other"), ("東京都", "other"), ("", "other")],
)
def test_script(text: str, script: str) -> None:
    assert script_of(text) == script


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("pay\u202etxt", "pay[U+202E]txt"),
        ("a\u200bb\u00ad", "a[U+200B]b[U+00AD]"),
        ("x\U000e0041", "x[U+E0041]"),
        ("bell\x07\r", "bell[U+0007][U+000D]"),
        ("fill\u3164er\ufe0f", "fill[U+3164]er[U+FE0F]"),
        ("line\n\tشركة é", "line\n\tشركة é"),
    ],
)
def test_what_hides_becomes_visible(text: str, shown: str) -> None:
    assert visible(text) == shown


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Acme Co. Ltd. was founded in 1990. It sells.", 2),
        ("It was bought by Acme Inc. The firm grew by 1.5 percent.", 2),
        ("The U.S. Steel group and J. Smith sell e.g. pipes vs. rods. Next.", 2),
        ("ما هذا؟ هذه شركة. تأسست عام ٢٠٠٠.", 3),
        ("Wow! Really? Yes.", 3),
        ("Heading\n\nText goes on", 2),
        ("List:\n- one\n- two", 3),
        ("version 2.5.1 is out", 1),
        ('He said "Stop." Then left.', 2),
        ("a sentence. not capital", 1),
        ("...", 0),
    ],
)
def test_sentences_survive_abbreviations_and_two_scripts(text: str, count: int) -> None:
    spans = sentences(text)
    assert len(spans) == count
    assert all(text[start:end].strip() == text[start:end] for start, end in spans)
