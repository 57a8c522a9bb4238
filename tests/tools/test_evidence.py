from datetime import UTC, datetime, timedelta

import pytest

from partnership_os.schemas.company import Company
from partnership_os.schemas.evidence import Claim, Evidence, EvidenceKind, RejectedClaim, RejectionReason, SourceKind
from partnership_os.tools.claim_context import is_customer_trade, is_negated, is_present_place, is_served
from partnership_os.tools.claim_words import regulators_in, scales_in
from partnership_os.tools.evidence import ClaimCandidate, make_evidence, record_text, verify_claim
from partnership_os.tools.lexicon import load_lexicon
from partnership_os.tools.places import country_mentions, supports_country

NOW = datetime(2026, 1, 5, tzinfo=UTC)
NAJD = Company(company_id="co_najd", name="Najd Systems Company", name_ar="شركة نجد للأنظمة")
TEXT = (
    "Najd Systems Company sells payroll software and provides IT consulting in Saudi Arabia. "
    "It serves retailers, SMEs and government entities. It does not offer cloud hosting. "
    "The company was founded in 1998. It has 42 branches and twelve partners. "
    "It is licensed by the Saudi Central Bank and ISO 27001 certified. "
    "It runs a partner program and operates as a subsidiary of Najd Group. "
    "The company was acquired by Example Holding in 2021. It was formerly known as Najd Data. "
    "Its aim is digital transformation. It is looking for payment gateway partners."
)
RECORD = record_text(
    {
        "country": "SA; الكويت",
        "employees": "1,250",
        "offers": "erp; hr_software",
        "delisted": "False",
        "exchange": "TADAWUL",
        "founded": "1998",
        "status": "in liquidation",
        "city": "",
    }
)


def evidence(text: str = TEXT, kind: EvidenceKind = EvidenceKind.TEXT, company_id: str = "co_najd") -> Evidence:
    return make_evidence(company_id, kind, SourceKind.DIRECTORY, "file.csv row 3", NOW, text)


def verify(kind: str, subject: str, quote: str, value: float | None = None, text: str = TEXT) -> Claim | RejectedClaim:
    source = evidence(text, EvidenceKind.RECORD if text is RECORD else EvidenceKind.TEXT)
    candidate = ClaimCandidate(kind=kind, subject=subject, value=value, evidence_id=source.evidence_id, quote=quote)
    return verify_claim(candidate, NAJD, {source.evidence_id: source}, load_lexicon())


def test_evidence_is_identified_by_its_content_alone() -> None:
    first = evidence()
    again = make_evidence(
        "co_najd", EvidenceKind.TEXT, SourceKind.NEWS, "elsewhere", NOW + timedelta(days=9), f"  {TEXT}\n"
    )
    assert first.evidence_id == again.evidence_id and first.sha256 == again.sha256
    assert first.evidence_id.startswith("ev_") and len(first.evidence_id) == 27
    assert evidence(TEXT + "!").evidence_id != first.evidence_id
    assert evidence(company_id="co_other").evidence_id != first.evidence_id
    assert evidence(kind=EvidenceKind.RECORD).evidence_id != first.evidence_id


def test_language_is_told_from_the_script_unless_stated() -> None:
    assert evidence("تقدم الشركة خدمات لوجستية").language == "ar"
    assert evidence("It ships goods").language == "en"
    stated = make_evidence("co_a", EvidenceKind.TEXT, SourceKind.NEWS, "x", NOW, "Elle vend", language="fr")
    assert stated.language == "fr"


def test_a_record_is_one_sorted_line_per_filled_field() -> None:
    text = record_text({"b": " two\nlines ", "a": "1", "empty": "  "})
    assert text == "a: 1\nb: two lines"


ACCEPTED = [
    ("offers", "payroll", "sells payroll software", None),
    ("offers", "it_consulting", "provides IT consulting in Saudi Arabia", None),
    ("offers", "it_services", "provides IT consulting in Saudi Arabia", None),
    ("needs", "payment_gateway", "It is looking for payment gateway partners.", None),
    ("serves_segment", "smes", "It serves retailers, SMEs and government entities.", None),
    ("operates_in", "SA", "provides IT consulting in Saudi Arabia", None),
    ("founded", "year", "The company was founded in 1998.", 1998.0),
    ("scale", "branches", "It has 42 branches", 42.0),
    ("scale", "partners", "It has 42 branches and twelve partners.", 12.0),
    ("certification", "iso_27001", "ISO 27001 certified", None),
    ("regulated", "sama", "It is licensed by the Saudi Central Bank", None),
    ("partner_programme", "partner_programme", "It runs a partner program", None),
    ("ownership", "subsidiary", "operates as a subsidiary of Najd Group", None),
    ("status", "acquired", "The company was acquired by Example Holding in 2021.", None),
    ("former_name", "Najd Data", "It was formerly known as Najd Data.", None),
    ("strategy", "digital_transformation", "Its aim is digital transformation.", None),
]


@pytest.mark.parametrize(("kind", "subject", "quote", "value"), ACCEPTED)
def test_what_the_text_says_is_accepted(kind: str, subject: str, quote: str, value: float | None) -> None:
    claim = verify(kind, subject, quote, value)
    assert isinstance(claim, Claim), claim
    assert (claim.kind, claim.subject, claim.value) == (kind, subject, value)
    assert claim.claim_id == verify(kind, subject, quote, value).claim_id  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("kind", "subject", "quote", "value"),
    [
        ("offers", "erp", "offers: erp; hr_software", None),
        ("offers", "hr_software", "offers: erp; hr_software", None),
        ("operates_in", "SA", "country: SA; الكويت", None),
        ("operates_in", "KW", "country: SA; الكويت", None),
        ("scale", "employees", "employees: 1,250", 1250.0),
        ("founded", "year", "founded: 1998", 1998.0),
        ("ownership", "listed", "exchange: TADAWUL", None),
        ("status", "active", "delisted: False", None),
        ("status", "liquidated", "status: in liquidation", None),
    ],
)
def test_a_record_line_is_a_quote(kind: str, subject: str, quote: str, value: float | None) -> None:
    claim = verify(kind, subject, quote, value, RECORD)
    assert isinstance(claim, Claim), claim


N, Q, S, U, M = (
    RejectionReason.NUMBER_NOT_IN_QUOTE,
    RejectionReason.QUOTE_NOT_IN_SOURCE,
    RejectionReason.SUBJECT_NOT_IN_QUOTE,
    RejectionReason.UNKNOWN_SUBJECT,
    RejectionReason.MALFORMED,
)


@pytest.mark.parametrize(
    ("kind", "subject", "quote", "value", "reason"),
    [
        ("opinion", "good", "sells payroll software", None, M),
        ("offers", "", "sells payroll software", None, M),
        ("offers", "x" * 121, "sells payroll software", None, M),
        ("offers", "payroll", "sells payroll and more", None, Q),
        ("offers", "payroll", "Sells Payroll Software", None, Q),
        ("offers", "payroll", "", None, Q),
        ("offers", "erp", "sells payroll software", None, S),
        ("offers", "catering", "sells payroll software", None, S),
        ("offers", "no_such", "sells payroll software", None, U),
        ("offers", "smes", "SMEs and government entities", None, U),
        ("serves_segment", "payroll", "sells payroll software", None, U),
        ("offers", "cloud_hosting", "It does not offer cloud hosting.", None, S),
        ("offers", "payroll", "sells payroll software", 7.0, N),
        ("scale", "branches", "It has 42 branches", 43.0, N),
        ("scale", "branches", "It has 42 branches", None, M),
        ("scale", "branches", "It has 42 branches and twelve partners.", 12.0, S),
        ("scale", "dragons", "It has 42 branches", 42.0, U),
        ("founded", "year", "The company was founded in 1998.", 1999.0, N),
        ("founded", "year", "It has 42 branches", 42.0, M),
        ("founded", "birth", "The company was founded in 1998.", 1998.0, U),
        ("founded", "year", "acquired by Example Holding in 2021.", 2021.0, S),
        ("operates_in", "AE", "provides IT consulting in Saudi Arabia", None, S),
        ("operates_in", "Saudi Arabia", "provides IT consulting in Saudi Arabia", None, U),
        ("regulated", "cma", "It is licensed by the Saudi Central Bank", None, S),
        ("regulated", "nobody", "It is licensed by the Saudi Central Bank", None, U),
        ("partner_programme", "alliance", "It runs a partner program", None, S),
        ("partner_programme", "club", "It runs a partner program", None, U),
        ("ownership", "listed", "operates as a subsidiary of Najd Group", None, S),
        ("ownership", "mine", "operates as a subsidiary of Najd Group", None, U),
        ("status", "merged", "The company was acquired by Example Holding in 2021.", None, S),
        ("status", "asleep", "The company was acquired by Example Holding in 2021.", None, U),
        ("former_name", "Hijaz Data", "It was formerly known as Najd Data.", None, S),
        ("certification", "soc2", "ISO 27001 certified", None, S),
    ],
)
def test_what_the_text_does_not_say_is_rejected_with_the_reason(
    kind: str, subject: str, quote: str, value: float | None, reason: RejectionReason
) -> None:
    rejected = verify(kind, subject, quote, value)
    assert isinstance(rejected, RejectedClaim), rejected
    assert rejected.reason is reason
    assert rejected.detail
    assert (rejected.kind, rejected.quote) == (kind, quote)


def test_a_denied_offer_says_so() -> None:
    rejected = verify("offers", "cloud_hosting", "It does not offer cloud hosting.")
    assert isinstance(rejected, RejectedClaim) and rejected.detail == "negated"


def test_denied_programmes_and_ownership_are_rejected() -> None:
    text = "It does not run a partner program. It is not a wholly owned subsidiary of anyone."
    for kind, subject, quote in (
        ("partner_programme", "partner_programme", "It does not run a partner program."),
        ("ownership", "subsidiary", "It is not a wholly owned subsidiary of anyone."),
    ):
        rejected = verify(kind, subject, quote, text=text)
        assert isinstance(rejected, RejectedClaim) and rejected.detail == "negated"


def test_unknown_and_foreign_sources_are_told_apart() -> None:
    other = evidence("sells payroll software", company_id="co_other")
    for evidence_id, reason in (
        ("ev_invented", RejectionReason.UNKNOWN_SOURCE),
        (other.evidence_id, RejectionReason.OTHER_COMPANY),
    ):
        candidate = ClaimCandidate(
            kind="offers", subject="payroll", evidence_id=evidence_id, quote="sells payroll software"
        )
        rejected = verify_claim(candidate, NAJD, {other.evidence_id: other}, load_lexicon())
        assert isinstance(rejected, RejectedClaim) and rejected.reason is reason


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
        ("employees: 4,500", [("employees", 4500)]),
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
    assert regulators_in(text) == regulators


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
    ("quote", "code", "supported"),
    [
        ("a Kuwaiti bank", "KW", True),
        ("offices in Dubai", "AE", True),
        ("a Saudi firm", "SA", True),
        ("operates in Georgia", "GE", True),
        ("operates in Oman", "QA", False),
    ],
)
def test_a_quote_supports_a_country_by_name_city_or_demonym(quote: str, code: str, supported: bool) -> None:
    assert supports_country(quote, code) is supported


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
