"""The gate: every claim of a model or of the rules is judged in the whole sentence that its quote stands in."""

from datetime import UTC, datetime

import pytest

from partnership_os.schemas.company import Company
from partnership_os.schemas.evidence import Claim, Evidence, EvidenceKind, RejectedClaim, RejectionReason, SourceKind
from partnership_os.tools.claim_sentences import LONGEST_QUOTE, LONGEST_SENTENCE
from partnership_os.tools.claim_verification import ClaimCandidate, verify_claim
from partnership_os.tools.evidence import make_evidence, record_text
from partnership_os.tools.lexicon import ConceptKind, load_lexicon

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
        ("founded", "year", "It has 42 branches", 42.0, S),
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


def judge(text: str, kind: str, subject: str, quote: str, value: float | None) -> Claim | RejectedClaim:
    return verify(kind, subject, quote or text, value, text)


@pytest.mark.parametrize(
    ("text", "kind", "subject", "quote", "value"),
    [
        ("It does not offer cybersecurity services.", "offers", "cybersecurity", "cybersecurity services", None),
        ("The company is not ISO 27001 certified.", "certification", "iso_27001", "ISO 27001 certified", None),
        ("The company does not operate in Kuwait.", "operates_in", "KW", "operate in Kuwait.", None),
        ("لا تقدم الشركة خدمات الأمن السيبراني.", "offers", "cybersecurity", "خدمات الأمن السيبراني", None),
        ("الشركة غير حاصلة على شهادة الآيزو 27001.", "certification", "iso_27001", "شهادة الآيزو 27001", None),
        ("لا تعمل الشركة في الكويت.", "operates_in", "KW", "في الكويت", None),
        ("It has 21,500 employees.", "scale", "employees", "500 employees.", 500.0),
        ("It has 21,500 employees.", "scale", "employees", "500 employees", 500.0),
        ("يعمل بها ٢١٬٥٠٠ موظف.", "scale", "employees", "٥٠٠ موظف", 500.0),
        ("The company was founded in 1975 and has 1,800 employees.", "founded", "year", "", 1800.0),
        ("The company was founded in 1975 and renamed in 1999.", "founded", "year", "", 1999.0),
        ("تأسست الشركة عام 1975 ويعمل بها 1800 موظف.", "founded", "year", "", 1800.0),
        ("The company will be founded in 2030.", "founded", "year", "", 2030.0),
        ("The company founded a subsidiary in 2010.", "founded", "year", "", 2010.0),
        ("It has 42 branches and 12 partners.", "scale", "branches", "", 12.0),
        ("لديها ٤٢ فرعا و١٢ شريكا.", "scale", "branches", "", 12.0),
        ("The company left Kuwait.", "operates_in", "KW", "", None),
        ("The company left its offices in Kuwait in 2019.", "operates_in", "KW", "", None),
        ("غادرت الشركة السوق في الكويت.", "operates_in", "KW", "", None),
        ("Its competitor Oracle offers cybersecurity.", "offers", "cybersecurity", "", None),
        ("Its competitor, Oracle, offers cybersecurity.", "offers", "cybersecurity", "", None),
        ("Oracle offers cybersecurity.", "offers", "cybersecurity", "", None),
        ("It sells pens. Oracle offers cybersecurity.", "offers", "cybersecurity", "", None),
        ("تقدم منافستها أوراكل خدمات الأمن السيبراني.", "offers", "cybersecurity", "", None),
        ("Its parent has 90,000 employees.", "scale", "employees", "", 90000.0),
        ("Its parent, Olaya Group, has 90,000 employees.", "scale", "employees", "", 90000.0),
        ("لدى شركتها الأم 90000 موظف.", "scale", "employees", "", 90000.0),
        ("يعمل لدى الشركة الأم 90000 موظف.", "scale", "employees", "", 90000.0),
        ("The company will hire 500 employees by 2030.", "scale", "employees", "", 500.0),
        ("It plans to have 500 employees.", "scale", "employees", "", 500.0),
        ("It will reach 500 employees.", "scale", "employees", "", 500.0),
        ("It hired 500 employees in 2020.", "scale", "employees", "", 500.0),
        ("ستوظف الشركة 500 موظف بحلول عام 2030.", "scale", "employees", "", 500.0),
        ("The company plans to offer cybersecurity.", "offers", "cybersecurity", "", None),
        ("تعتزم الشركة تقديم خدمات الأمن السيبراني.", "offers", "cybersecurity", "", None),
        ("تخطط الشركة لتقديم خدمات الأمن السيبراني.", "offers", "cybersecurity", "", None),
        ("Its customers hold ISO 27001 certificates.", "certification", "iso_27001", "", None),
        ("Its customers are ISO 27001 certified.", "certification", "iso_27001", "", None),
        ("It helps customers obtain ISO 27001 certification.", "certification", "iso_27001", "", None),
        ("It sells ISO 27001 consulting.", "certification", "iso_27001", "", None),
        ("It has applied for ISO 27001 certification.", "certification", "iso_27001", "", None),
        ("Its ISO 27001 certificate expired in 2020.", "certification", "iso_27001", "", None),
        ("Its subsidiary Tamam is ISO 27001 certified.", "certification", "iso_27001", "", None),
        ("يحمل عملاؤها شهادة الآيزو 27001.", "certification", "iso_27001", "", None),
        ("تساعد الشركة عملاءها على الحصول على شهادة الآيزو 27001.", "certification", "iso_27001", "", None),
        ("شركتها التابعة حاصلة على شهادة الآيزو 27001.", "certification", "iso_27001", "", None),
        ("Its subsidiary is licensed by SAMA.", "regulated", "sama", "", None),
        ("The company is not licensed by SAMA.", "regulated", "sama", "licensed by SAMA", None),
        ("Its customers are licensed by SAMA.", "regulated", "sama", "", None),
        ("The company will be licensed by SAMA.", "regulated", "sama", "", None),
        ("The company was licensed by SAMA until 2019.", "regulated", "sama", "", None),
        ("The company has applied for a licence from SAMA.", "regulated", "sama", "", None),
        ("الشركة غير مرخصة من البنك المركزي السعودي.", "regulated", "sama", "مرخصة من البنك المركزي السعودي", None),
        ("عملاؤها مرخصون من البنك المركزي السعودي.", "regulated", "sama", "", None),
        ("It offers cloud services.", "offers", "cloud_hosting", "", None),
        ("We do not offer:\n- payroll\n- cybersecurity", "offers", "cybersecurity", "cybersecurity", None),
        (
            "The company does not\n\noffer cybersecurity services.",
            "offers",
            "cybersecurity",
            "offer cybersecurity services.",
            None,
        ),
        ("It is looking for cybersecurity partners.", "offers", "cybersecurity", "", None),
        ("It offers cybersecurity.", "needs", "cybersecurity", "", None),
        ("It imports cars from Germany.", "operates_in", "DE", "", None),
        ("It works for companies with 500 employees.", "scale", "employees", "", 500.0),
        ("It laid off 500 employees.", "scale", "employees", "", 500.0),
        ("Najd was a subsidiary of Olaya until 2015.", "ownership", "subsidiary", "", None),
        ("Oracle is publicly listed on NYSE.", "ownership", "listed", "", None),
        ("Its parent is listed on the Saudi Exchange.", "ownership", "listed", "", None),
        ("The company offered cybersecurity until 2019.", "offers", "cybersecurity", "", None),
        ("Its parent was founded in 1957.", "founded", "year", "", 1957.0),
        ("تأسست شركتها الأم عام 1957.", "founded", "year", "", 1957.0),
        ("The company stopped offering cybersecurity.", "offers", "cybersecurity", "", None),
        ("The company offers neither payroll nor cybersecurity.", "offers", "cybersecurity", "", None),
        ("Cybersecurity is not offered by the company.", "offers", "cybersecurity", "Cybersecurity", None),
        (
            "Cybersecurity services are offered by its competitor Oracle.",
            "offers",
            "cybersecurity",
            "Cybersecurity services",
            None,
        ),
        (
            "Unlike its competitors, which offer cybersecurity, the company sells pens.",
            "offers",
            "cybersecurity",
            "",
            None,
        ),
        ("Its main competitor offers cybersecurity.", "offers", "cybersecurity", "", None),
        ("Its rivals, such as Oracle, offer cybersecurity.", "offers", "cybersecurity", "", None),
        ("The parent company offers cybersecurity.", "offers", "cybersecurity", "", None),
        ("The company's parent offers cybersecurity.", "offers", "cybersecurity", "", None),
        ("Najd's competitor Oracle offers cybersecurity.", "offers", "cybersecurity", "", None),
        ("It buys cybersecurity from Oracle.", "offers", "cybersecurity", "", None),
        ("It may offer cybersecurity in future.", "offers", "cybersecurity", "", None),
        ("It hopes to offer cybersecurity.", "offers", "cybersecurity", "", None),
        ("The board approved a plan to offer cybersecurity.", "offers", "cybersecurity", "", None),
        ("It is exploring cybersecurity.", "offers", "cybersecurity", "", None),
        ("It no longer has branches in Kuwait.", "operates_in", "KW", "", None),
        ("It withdrew from Kuwait in 2019.", "operates_in", "KW", "", None),
        ("It closed all offices in Kuwait.", "operates_in", "KW", "", None),
        ("It has no presence in Kuwait.", "operates_in", "KW", "", None),
        ("It is considering opening offices in Kuwait.", "operates_in", "KW", "", None),
        ("It plans to expand in Kuwait.", "operates_in", "KW", "", None),
        ("It will open a branch in Kuwait.", "operates_in", "KW", "", None),
        ("Its parent operates in Kuwait.", "operates_in", "KW", "", None),
        ("Its customers are in Kuwait.", "operates_in", "KW", "", None),
        ("Its competitor has 40 branches in Kuwait.", "operates_in", "KW", "", None),
        ("Its competitor has 40 branches in Kuwait.", "scale", "branches", "", 40.0),
        ("It used to operate in Kuwait.", "operates_in", "KW", "", None),
        ("It operated in Kuwait until 2015.", "operates_in", "KW", "", None),
        ("انسحبت الشركة من السوق في الكويت.", "operates_in", "KW", "", None),
        ("أغلقت الشركة فروعها في الكويت.", "operates_in", "KW", "", None),
        ("تخطط الشركة للتوسع في الكويت.", "operates_in", "KW", "", None),
        ("ستفتتح الشركة فرعا في الكويت.", "operates_in", "KW", "", None),
        ("تعمل شركتها الأم في الكويت.", "operates_in", "KW", "", None),
        ("لم تعد الشركة تعمل في الكويت.", "operates_in", "KW", "", None),
        ("ليس لدى الشركة فروع في الكويت.", "operates_in", "KW", "", None),
        ("It does not have 500 employees.", "scale", "employees", "500 employees", 500.0),
        ("The parent group employs 90,000 people.", "scale", "employees", "", 90000.0),
        ("It aims for 500 employees.", "scale", "employees", "", 500.0),
        ("It targets 500 branches.", "scale", "branches", "", 500.0),
        ("It expects to have 500 branches.", "scale", "branches", "", 500.0),
        ("It serves banks that have 500 branches.", "scale", "branches", "", 500.0),
        ("Its customers have 500 branches.", "scale", "branches", "", 500.0),
        ("Olaya Group, its parent, has 90,000 employees.", "scale", "employees", "", 90000.0),
        ("Together, its subsidiaries employ 500 people.", "scale", "employees", "", 500.0),
        ("Its supplier is ISO 27001 certified.", "certification", "iso_27001", "", None),
        ("It works with ISO 27001 certified suppliers.", "certification", "iso_27001", "", None),
        ("It trains auditors in ISO 27001.", "certification", "iso_27001", "", None),
        ("It lost its ISO 27001 certificate.", "certification", "iso_27001", "", None),
        ("It is working towards ISO 27001.", "certification", "iso_27001", "", None),
        ("Its customers' ISO 27001 certificates are audited.", "certification", "iso_27001", "", None),
        ("ISO 27001 certification was refused.", "certification", "iso_27001", "", None),
        ("فقدت الشركة شهادة الآيزو 27001.", "certification", "iso_27001", "", None),
        ("تسعى الشركة إلى الحصول على شهادة الآيزو 27001.", "certification", "iso_27001", "", None),
        ("يقدم عملاؤها خدمات الأمن السيبراني.", "offers", "cybersecurity", "", None),
        ("توقفت الشركة عن تقديم خدمات الأمن السيبراني.", "offers", "cybersecurity", "", None),
        ("ستقدم الشركة خدمات الأمن السيبراني.", "offers", "cybersecurity", "", None),
        ("الشركة المنافسة تقدم خدمات الأمن السيبراني.", "offers", "cybersecurity", "", None),
        ("Its licence from SAMA was revoked.", "regulated", "sama", "", None),
        ("It does not run a partner program.", "partner_programme", "partner_programme", "partner program", None),
        ("It plans to launch a partner program.", "partner_programme", "partner_programme", "partner program", None),
        ("Its competitor runs a partner program.", "partner_programme", "partner_programme", "", None),
        ("تعتزم إطلاق برنامج الشركاء.", "partner_programme", "partner_programme", "برنامج الشركاء", None),
        ("It is not a subsidiary of Olaya.", "ownership", "subsidiary", "", None),
        ("It was founded by a man born in 1920 and is 50 years old.", "founded", "year", "", 1920.0),
        ("It was not founded in 1957.", "founded", "year", "", 1957.0),
        ("It serves no banks.", "serves_segment", "banking_sector", "banks", None),
        ("It does not serve banks.", "serves_segment", "banking_sector", "banks", None),
        ("Its competitor serves banks.", "serves_segment", "banking_sector", "serves banks", None),
        ("لا تخدم الشركة البنوك.", "serves_segment", "banking_sector", "البنوك", None),
        ("It has no need for cybersecurity and is looking for no cybersecurity.", "needs", "cybersecurity", "", None),
        ("Its customers are looking for cybersecurity.", "needs", "cybersecurity", "", None),
        ("If it offers cybersecurity, it will say so.", "offers", "cybersecurity", "", None),
        ("Rumours say that it offers cybersecurity.", "offers", "cybersecurity", "", None),
        ("Customers ask whether it offers cybersecurity.", "offers", "cybersecurity", "", None),
    ],
)
def test_a_true_quote_of_a_sentence_that_says_otherwise_is_rejected(
    text: str, kind: str, subject: str, quote: str, value: float | None
) -> None:
    assert isinstance(judge(text, kind, subject, quote, value), RejectedClaim)


@pytest.mark.parametrize(
    ("text", "kind", "subject", "quote", "value"),
    [
        (
            "The company offers cybersecurity services to banks.",
            "offers",
            "cybersecurity",
            "cybersecurity services",
            None,
        ),
        ("تقدم الشركة خدمات الأمن السيبراني للبنوك.", "offers", "cybersecurity", "الأمن السيبراني", None),
        ("Najd Systems is ISO 27001 certified.", "certification", "iso_27001", "ISO 27001 certified", None),
        ("حصلت الشركة على شهادة الآيزو 27001.", "certification", "iso_27001", "", None),
        ("It has offices in Kuwait and Oman.", "operates_in", "KW", "Kuwait", None),
        ("تعمل الشركة في الكويت.", "operates_in", "KW", "في الكويت", None),
        ("Najd is a Kuwaiti company.", "operates_in", "KW", "", None),
        ("شركة كويتية تبيع الأجهزة.", "operates_in", "KW", "", None),
        ("It has 21,500 employees.", "scale", "employees", "21,500 employees", 21500.0),
        ("يعمل بها ٢١٬٥٠٠ موظف.", "scale", "employees", "", 21500.0),
        ("The company was founded in 1975 and has 1,800 employees.", "founded", "year", "", 1975.0),
        ("The company was founded in 1975 and has 1,800 employees.", "scale", "employees", "", 1800.0),
        ("تأسست الشركة عام 1975 ويعمل بها 1800 موظف.", "founded", "year", "", 1975.0),
        ("تأسست الشركة عام 1975 ويعمل بها 1800 موظف.", "scale", "employees", "", 1800.0),
        ("The company and its subsidiaries offer cybersecurity.", "offers", "cybersecurity", "", None),
        ("Through its subsidiary, the company offers cybersecurity.", "offers", "cybersecurity", "", None),
        ("The company competes with Oracle and offers cybersecurity.", "offers", "cybersecurity", "", None),
        ("The company is a subsidiary of Olaya and has 500 employees.", "scale", "employees", "", 500.0),
        ("The company plans to sell land, and offers cybersecurity.", "offers", "cybersecurity", "", None),
        ("The company provides software that will help firms with payroll.", "offers", "payroll", "", None),
        ("The company is licensed by SAMA.", "regulated", "sama", "", None),
        ("الشركة مرخصة من البنك المركزي السعودي.", "regulated", "sama", "", None),
        ("It serves retailers, SMEs and government entities.", "serves_segment", "smes", "", None),
        ("It is looking for payment gateway partners.", "needs", "payment_gateway", "", None),
        ("تبحث الشركة عن بوابة الدفع.", "needs", "payment_gateway", "", None),
        ("It runs a partner program.", "partner_programme", "partner_programme", "", None),
        ("The company is listed on the Saudi Exchange.", "ownership", "listed", "", None),
        ("We offer:\n- payroll\n- cybersecurity", "offers", "cybersecurity", "cybersecurity", None),
        ("It does not only sell pens, it offers cybersecurity.", "offers", "cybersecurity", "", None),
        ("Its aim is digital transformation.", "strategy", "digital_transformation", "", None),
        ("It offers payroll in line with Saudi Vision 2030.", "offers", "payroll", "", None),
        ("It offers cloud hosting.", "offers", "cloud_services", "", None),
        (
            "It does not sell pens. It offers cybersecurity. It does not offer cybersecurity audits.",
            "offers",
            "cybersecurity",
            "cybersecurity",
            None,
        ),
    ],
)
def test_honest_claims_pass_with_the_whole_sentence_as_quote(
    text: str, kind: str, subject: str, quote: str, value: float | None
) -> None:
    claim = judge(text, kind, subject, quote, value)
    assert isinstance(claim, Claim), claim
    assert (claim.kind, claim.subject, claim.value) == (kind, subject, value)
    assert claim.quote in text and quote in text
    assert claim.quote.endswith(".") or claim.quote == text
    assert claim.quote[0] == text[0] or text[text.index(claim.quote) - 1] == " "


@pytest.mark.parametrize(
    ("text", "kind", "subject", "quote", "value"),
    [
        ("status: liquidated", "status", "liquidated", "", None),
        ("country: KW", "operates_in", "KW", "", None),
        ("ticker: ABC", "ownership", "listed", "", None),
        ("employees: 4,500", "scale", "employees", "", 4500.0),
        ("founded: 1975", "founded", "year", "", 1975.0),
        ("offers: erp; payroll", "offers", "hr_software", "", None),
    ],
)
def test_lines_of_a_record_are_none_in_a_text(
    text: str, kind: str, subject: str, quote: str, value: float | None
) -> None:
    assert isinstance(judge(text, kind, subject, quote, value), RejectedClaim)


@pytest.mark.parametrize(
    ("line", "kind", "subject", "quote", "value"),
    [
        ("name: Kuwait Payroll Company", "operates_in", "KW", "Kuwait Payroll", None),
        ("name: Kuwait Payroll Company", "offers", "payroll", "Kuwait Payroll", None),
        ("notes: status: liquidated", "status", "liquidated", "status: liquidated", None),
        ("notes: it has 40 branches", "scale", "branches", "40 branches", 40.0),
        ("employees: 21,500", "scale", "employees", "500", 500.0),
        ("founded: 2031", "founded", "year", "founded: 2031", 2031.0),
        ("founded: 80", "founded", "year", "founded: 80", 80.0),
        ("delisted: True", "status", "active", "delisted: True", None),
    ],
)
def test_a_record_states_only_what_its_own_field_holds(
    line: str, kind: str, subject: str, quote: str, value: float | None
) -> None:
    source = evidence(line, EvidenceKind.RECORD)
    candidate = ClaimCandidate(kind=kind, subject=subject, value=value, evidence_id=source.evidence_id, quote=quote)
    rejected = verify_claim(candidate, NAJD, {source.evidence_id: source}, load_lexicon())
    assert isinstance(rejected, RejectedClaim), rejected


def test_part_of_a_record_line_is_judged_and_cited_as_the_whole_line() -> None:
    claim = verify("scale", "employees", "1,250", 1250.0, RECORD)
    assert isinstance(claim, Claim) and claim.quote == "employees: 1,250"


def test_one_occurrence_of_the_quote_that_holds_is_enough_and_becomes_the_quote() -> None:
    text = "It does not sell cybersecurity to banks. It offers cybersecurity to schools."
    claim = verify("offers", "cybersecurity", "cybersecurity", text=text)
    assert isinstance(claim, Claim) and claim.quote == "It offers cybersecurity to schools."


def test_a_list_is_cited_with_the_line_that_leads_in() -> None:
    text = "We offer:\n- payroll\n- cybersecurity\n\nIt is late."
    claim = verify("offers", "cybersecurity", "cybersecurity", text=text)
    assert isinstance(claim, Claim) and claim.quote == "We offer:\n- payroll\n- cybersecurity"


@pytest.mark.parametrize(
    ("text", "accepted"),
    [
        ("We do not offer:\n- payroll\n- pens.\n\nWe sell cybersecurity.", True),
        ("- No fees\n- cybersecurity", True),
        ("We do not offer\n- payroll\n- cybersecurity", False),
        ("لا تقدم الشركة\n\nخدمات الأمن السيبراني.", False),
        ("من نحن\n\nتقدم الشركة خدمات الأمن السيبراني.", True),
    ],
)
def test_a_list_and_a_gap_are_judged_with_what_they_continue(text: str, accepted: bool) -> None:
    word = "الأمن السيبراني" if "الأمن" in text else "cybersecurity"
    assert isinstance(verify("offers", "cybersecurity", word, text=text), Claim) is accepted


def test_the_quote_of_a_long_sentence_is_cut_and_of_an_endless_one_refused() -> None:
    items = "pens of many kinds, "
    long = f"It sells {items * 50}payroll software."
    claim = verify("offers", "payroll", "payroll software", text=long)
    assert isinstance(claim, Claim)
    assert "payroll software" in claim.quote and len(claim.quote) <= LONGEST_QUOTE
    denied = verify("offers", "payroll", "payroll software", text=f"It does not sell {items * 50}payroll software.")
    assert isinstance(denied, RejectedClaim) and denied.detail == "negated"
    endless = verify("offers", "payroll", "payroll software", text=f"It sells {items * 200}payroll software.")
    assert len(items) * 200 > LONGEST_SENTENCE
    assert isinstance(endless, RejectedClaim) and "too long" in endless.detail


def test_a_neighbouring_concept_proves_nothing_and_a_narrower_one_does() -> None:
    lexicon = load_lexicon()
    assert "it_services" in lexicon.ancestors("it_consulting")
    pairs = [
        (concept, lexicon.get(other))
        for concept in lexicon.all()
        for other in concept.adjacent
        if concept.kind is ConceptKind.CAPABILITY
    ]
    assert pairs
    for concept, neighbour in pairs:
        assert neighbour is not None
        text = f"It offers {neighbour.terms_en[0]}."
        named = {mention.concept for mention in lexicon.find(text)}
        broader = {up for name in named for up in lexicon.ancestors(name)}
        if concept.slug not in named | broader:
            assert isinstance(verify("offers", concept.slug, text, text=text), RejectedClaim), (concept.slug, text)


def test_a_number_on_a_claim_that_is_none_is_not_kept() -> None:
    claim = verify("certification", "iso_27001", "ISO 27001 certified", 27001.0)
    assert isinstance(claim, Claim) and claim.value is None
