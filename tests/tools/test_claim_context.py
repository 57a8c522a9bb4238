"""The words around a mention: denied, planned, past, a customer's trade, a need, a place."""

import pytest

from partnership_os.tools.claim_context import is_customer_trade, is_present_place, is_served, is_sought
from partnership_os.tools.claim_tense import is_negated, is_past, is_planned
from partnership_os.tools.claim_words import regulators_in, scales_in
from partnership_os.tools.places import country_mentions, is_stated_nationality, nationality_mentions


@pytest.mark.parametrize(
    ("text", "word", "negated"),
    [
        ("It does not offer payroll.", "payroll", True),
        ("It doesn't sell payroll or training.", "training", True),
        ("It no longer provides payroll.", "payroll", True),
        ("It divested its payroll business.", "payroll", True),
        ("Its payroll business was sold in 2019.", "payroll", True),
        ("The payroll service has been discontinued.", "payroll", True),
        ("It previously offered payroll.", "payroll", True),
        ("It offers everything except payroll.", "payroll", True),
        ("لا تقدم الشركة خدمات الرواتب", "الرواتب", True),
        ("لم تعد توفر الرواتب", "الرواتب", True),
        ("توقفت عن تقديم الرواتب", "الرواتب", True),
        ("It offers payroll.", "payroll", False),
        ("It offers not only training but also payroll.", "payroll", False),
        ("It does not sell cement; it sells payroll.", "payroll", False),
        ("It does not sell cement, but offers payroll.", "payroll", False),
        ("It was formerly known as Acme and offers payroll.", "payroll", False),
        ("تقدم الشركة الرواتب", "الرواتب", False),
        ("لا تبيع الأسمنت بل تقدم الرواتب", "الرواتب", False),
    ],
)
def test_denials_in_both_languages(text: str, word: str, negated: bool) -> None:
    start = text.index(word)
    assert is_negated(text, start, start + len(word)) is negated


@pytest.mark.parametrize(
    ("text", "word", "trade"),
    [
        ("It serves logistics, catering and other firms.", "catering", True),
        ("Its polymers are used in water treatment.", "water treatment", True),
        ("The fund invests in digital banking.", "digital banking", True),
        ("It supplies valves to the oil refining and water treatment industries.", "oil refining", True),
        ("It offers insurance for medicines.", "medicines", True),
        ("It sells through distributors and system integration houses.", "system integration", True),
        ("تخدم الشركة قطاع التخزين", "التخزين", True),
        ("It provides water treatment to towns.", "water treatment", False),
        ("It serves retailers, and provides catering.", "catering", False),
        ("It invests in land; and offers catering.", "catering", False),
        ("تخدم الشركات وتقدم التخزين", "التخزين", False),
    ],
)
def test_the_trade_of_customers_is_no_offer(text: str, word: str, trade: bool) -> None:
    start = text.index(word)
    assert is_customer_trade(text, start, start + len(word)) is trade


@pytest.mark.parametrize(
    ("text", "word", "served"),
    [
        ("It serves SMEs.", "SMEs", True),
        ("Its customers include banks and hospitals.", "hospitals", True),
        ("It sells tools to schools, banks, and hospitals.", "hospitals", True),
        ("تقدم حلولا للمنشآت الصغيرة", "للمنشآت الصغيرة", True),
        ("تخدم البنوك", "البنوك", True),
        ("It owns hospitals.", "hospitals", False),
        ("It plans to develop hospitals.", "hospitals", False),
        ("It is known for its ownership of hospitals.", "hospitals", False),
    ],
)
def test_who_is_served(text: str, word: str, served: bool) -> None:
    start = text.index(word)
    assert is_served(text, start, start + len(word)) is served


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("It operates 341 branches and 4,500 employees.", [("branches", 341), ("employees", 4500)]),
        ("It has forty-two retail stores.", [("stores", 42)]),
        ("It serves 1.2 million customers in 12 countries.", [("customers", 1_200_000), ("countries", 12)]),
        ("لديها ١٢ فرعًا و٤٥٠٠ موظف", [("branches", 12), ("employees", 4500)]),
        ("تخدم أكثر من ثلاثة آلاف عميل", [("customers", 3000)]),
        ("employees: 4,500", []),
        ("Founded in 1998, branches are everywhere.", []),
        ("It paid $42 customers fees.", []),
        ("It has 5 plants and stores.", []),
        ("In 2010 stores were opened.", []),
        ("2,010 stores", [("stores", 2010)]),
        ("It owns 1.5 hotels.", []),
    ],
)
def test_counts_need_their_number_right_before_them(text: str, counts: list[tuple[str, float]]) -> None:
    assert [(scale.measure, scale.value) for scale in scales_in(text)] == counts


@pytest.mark.parametrize(
    ("text", "regulators"),
    [
        ("It is licensed by SAMA.", ("sama",)),
        ("regulated by the Capital Market Authority and CST", ("cma", "cst")),
        ("مرخصة من البنك المركزي السعودي", ("sama",)),
        ("It lends to the Saudi Central Bank.", ()),
        ("It is licensed. SAMA is a bank.", ()),
        ("It holds a license from the Communications, Space and Technology Commission", ("cst",)),
    ],
)
def test_a_regulator_counts_after_words_of_supervision(text: str, regulators: tuple[str, ...]) -> None:
    assert tuple(naming.name for naming in regulators_in(text)) == regulators


@pytest.mark.parametrize(
    ("text", "countries"),
    [
        ("in the Kingdom of Saudi Arabia, the UAE and Bahrain", ["SA", "AE", "BH"]),
        ("in the Kingdom and the United Kingdom", ["SA", "GB"]),
        ("branches in Jeddah and Abu Dhabi", ["SA", "AE"]),
        ("في المملكة العربية السعودية والإمارات والكويت", ["SA", "AE", "KW"]),
        ("بالمملكة وبالبحرين", ["SA", "BH"]),
        ("internationally, in New Jersey and Latin America", []),
        ("a Saudi firm for America", []),
    ],
)
def test_countries_are_named_in_both_languages(text: str, countries: list[str]) -> None:
    assert [mention.country for mention in country_mentions(text)] == countries


@pytest.mark.parametrize(
    ("text", "word", "code", "own"),
    [
        ("Najd is a Kuwaiti bank.", "Kuwaiti", "KW", True),
        ("Najd is a large Saudi firm.", "Saudi", "SA", True),
        ("شركة كويتية تبيع الأقلام", "كويتية", "KW", True),
        ("It works for a Kuwaiti bank.", "Kuwaiti", "KW", False),
        ("تتعامل الشركة مع بنوك كويتية", "كويتية", "KW", False),
    ],
)
def test_a_nationality_is_the_companys_only_after_is_a(text: str, word: str, code: str, own: bool) -> None:
    (mention,) = [item for item in nationality_mentions(text) if text[item.start : item.end] == word]
    assert mention.country == code
    assert is_stated_nationality(text, mention.start) is own


@pytest.mark.parametrize(
    ("text", "word", "present"),
    [
        ("It has shops in Kuwait.", "Kuwait", True),
        ("It works in Oman, Qatar and Kuwait.", "Kuwait", True),
        ("تعمل في الكويت", "الكويت", True),
        ("يعمل بالكويت", "بالكويت", True),
        ("It imports in bulk from Kuwait.", "Kuwait", False),
        ("Kuwait is hot.", "Kuwait", False),
    ],
)
def test_presence_needs_a_word_of_place(text: str, word: str, present: bool) -> None:
    start = text.index(word)
    assert is_present_place(text, start, start + len(word)) is present


@pytest.mark.parametrize(
    ("text", "word", "sought"),
    [
        ("It is looking for payroll.", "payroll", True),
        ("The company needs payroll.", "payroll", True),
        ("Najd Systems seeks payroll.", "payroll", True),
        ("تبحث الشركة عن الرواتب", "الرواتب", True),
        ("It is looking for land and offers payroll.", "payroll", False),
        ("It meets the needs of firms with payroll.", "payroll", False),
        ("تقدم الشركة الرواتب", "الرواتب", False),
    ],
)
def test_what_is_sought(text: str, word: str, sought: bool) -> None:
    assert is_sought(text, text.index(word)) is sought


@pytest.mark.parametrize(
    ("text", "word", "planned"),
    [
        ("It plans to offer payroll.", "payroll", True),
        ("It will offer payroll.", "payroll", True),
        ("Payroll is planned.", "Payroll", True),
        ("It offers payroll by 2030.", "payroll", True),
        ("تعتزم تقديم الرواتب", "الرواتب", True),
        ("ستقدم الشركة الرواتب", "الرواتب", True),
        ("تقدم الرواتب بحلول عام ٢٠٣٠", "الرواتب", True),
        ("It offers payroll since 2020.", "payroll", False),
        ("It offers payroll in 2020.", "payroll", False),
        ("It plans to sell land, and provides payroll.", "payroll", False),
        ("It plans to sell land; it offers payroll.", "payroll", False),
        ("It makes software that will run payroll.", "payroll", False),
        ("It sells savings plans to firms that need payroll.", "payroll", False),
        ("In May 2020 it sold payroll.", "payroll", False),
        ("تقدم سيارات ورواتب", "رواتب", False),
    ],
)
def test_what_is_only_planned(text: str, word: str, planned: bool) -> None:
    start = text.index(word)
    assert is_planned(text, start, start + len(word), 2026) is planned


@pytest.mark.parametrize(
    ("text", "word", "past"),
    [
        ("It offered payroll until 2019.", "payroll", True),
        ("It once sold payroll.", "payroll", True),
        ("قدمت الرواتب حتى عام 2019", "الرواتب", True),
        ("It offers payroll.", "payroll", False),
    ],
)
def test_what_is_past(text: str, word: str, past: bool) -> None:
    start = text.index(word)
    assert is_past(text, start, start + len(word)) is past
