"""The gate: every claim of a model or of the rules is judged in the whole sentence that its quote stands in."""

from datetime import UTC, datetime

import pytest

from partnership_os.schemas.company import Company
from partnership_os.schemas.evidence import Claim, Evidence, EvidenceKind, RejectedClaim, RejectionReason, SourceKind
from partnership_os.tools.claim_verification import ClaimCandidate, verify_claim
from partnership_os.tools.evidence import make_evidence, record_text
from partnership_os.tools.lexicon import load_lexicon

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
