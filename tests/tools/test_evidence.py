from datetime import UTC, datetime, timedelta

from partnership_os.schemas.evidence import Evidence, EvidenceKind, SourceKind
from partnership_os.tools.evidence import make_evidence, record_text

NOW = datetime(2026, 1, 5, tzinfo=UTC)
TEXT = "Najd Systems Company sells payroll software."


def evidence(text: str = TEXT, kind: EvidenceKind = EvidenceKind.TEXT, company_id: str = "co_najd") -> Evidence:
    return make_evidence(company_id, kind, SourceKind.DIRECTORY, "file.csv row 3", NOW, text)


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
