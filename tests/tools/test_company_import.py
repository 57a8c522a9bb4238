"""Import end to end: files in, companies, evidence and every doubt out; twice the same, in any order the same."""

import csv
import gzip
import json
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partnership_os.errors import InputError
from partnership_os.schemas.company import CompanyStatus, NameKind
from partnership_os.schemas.evidence import EvidenceKind
from partnership_os.tools.columns import CompanyField
from partnership_os.tools.company_import import (
    ExistingCompanies,
    ImportOptions,
    ImportResult,
    import_files,
)
from partnership_os.tools.rejects import write_rejects
from partnership_os.tools.text import contains_quote

OPTIONS = ImportOptions(retrieved_on=date(2026, 8, 1))
SHARED = Path(__file__).parents[3] / "shared" / "data"


def run(path: Path, existing: ExistingCompanies | None = None, options: ImportOptions = OPTIONS) -> ImportResult:
    return import_files([path], existing or ExistingCompanies(), options)


def csv_file(folder: Path, rows: Sequence[dict[str, str]], name: str = "firms.csv") -> Path:
    path = folder / name
    columns = sorted({column for row in rows for column in row})
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, fieldnames=columns, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def stored(*results: ImportResult) -> ExistingCompanies:
    """What a store holds after saving these results in turn."""
    companies = {item.company_id: item for result in results for item in result.companies}
    sources: dict[str, set[str]] = {}
    for item in (one for result in results for one in result.evidence):
        sources.setdefault(item.company_id, set()).add(item.source)
    contradictions = tuple(results[-1].contradictions)
    return ExistingCompanies(
        tuple(companies.values()), {key: frozenset(value) for key, value in sources.items()}, contradictions
    )


FALCON = {
    "name": "Falconer Paper Company",
    "name_ar": "شركة فالكونر للورق",
    "country": "KSA",
    "city": "Riyadh",
    "website": "http://www.falconerpaper.com.sa/en",
    "employees": "1,200",
    "summary": "Falconer Paper Company makes paper. It is headquartered in Riyadh, Saudi Arabia.",
}


def test_a_row_becomes_a_company_with_a_record_and_a_text(tmp_path: Path) -> None:
    result = run(csv_file(tmp_path, [FALCON]))
    (company,) = result.companies
    assert company.company_id.startswith("co_falconer-paper_")
    assert (company.name_ar, company.countries, company.employees) == ("شركة فالكونر للورق", ("SA",), 1200)
    assert company.identifiers.domain == "falconerpaper.com.sa"
    assert {item.kind for item in result.evidence} == {EvidenceKind.RECORD, EvidenceKind.TEXT}
    assert set(company.evidence_ids) == {item.evidence_id for item in result.evidence}
    record = next(item for item in result.evidence if item.kind is EvidenceKind.RECORD)
    assert contains_quote(record.text, "employees: 1,200")
    assert {item.source for item in result.evidence} == {"firms.csv#falconerpaper.com.sa"}
    assert (result.counts.rows_read, result.counts.companies_new, result.counts.rows_rejected) == (1, 1, 0)


def test_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    common = {"name": "National Trading Company", "country": "SA"}
    path = csv_file(tmp_path, [FALCON, common])
    first = run(path)
    again = run(path, stored(first), replace(OPTIONS, retrieved_on=date(2026, 9, 9)))
    assert again.companies == ()
    assert again.evidence == ()
    assert again.contradictions == first.contradictions
    assert again.counts.companies_unchanged == 2


def test_new_facts_update_the_same_company_and_a_new_name_makes_a_former_one(tmp_path: Path) -> None:
    before = {"name": "National Trading Company", "symbol": "1234.SR", "country": "SA", "employees": "100"}
    first = run(csv_file(tmp_path, [before]))
    second = run(csv_file(tmp_path, [{**before, "employees": "150", "city": "Abha"}]), stored(first))
    (company,) = second.companies
    assert company.company_id == first.companies[0].company_id
    assert (company.employees, company.city) == (150, "Abha")
    assert second.counts.companies_updated == 1
    assert second.contradictions == ()
    assert set(first.companies[0].evidence_ids) < set(company.evidence_ids)


def test_another_source_fills_gaps_and_its_disagreement_is_listed(tmp_path: Path) -> None:
    first = run(csv_file(tmp_path, [FALCON]))
    other = {"company": "Falconer Paper Co.", "url": "falconerpaper.com.sa", "headcount": "900", "sector": "Materials"}
    second = run(csv_file(tmp_path, [other], "other.csv"), stored(first))
    (company,) = second.companies
    assert company.company_id == first.companies[0].company_id
    assert (company.employees, company.sector) == (1200, "Materials")
    assert [(item.topic, item.first.says, item.second.says) for item in second.contradictions] == [
        ("employees", "1200", "900")
    ]
    third = run(csv_file(tmp_path, [{**other, "headcount": "1200"}], "other.csv"), stored(first, second))
    assert third.contradictions == ()


def test_duplicate_rows_are_one_company_and_said_so(tmp_path: Path) -> None:
    result = run(csv_file(tmp_path, [FALCON, FALCON, {**FALCON, "sector": "Materials"}]))
    (company,) = result.companies
    assert company.sector == "Materials"
    assert sorted(item.rule for item in result.merges) == ["domain", "duplicate_row"]
    assert result.counts.rows_merged == 2


def test_conflicting_numbers_stay_apart_with_their_own_ids(tmp_path: Path) -> None:
    rows = [{**FALCON, "cr": "1010307349"}, {**FALCON, "cr": "1010307350"}]
    result = run(csv_file(tmp_path, rows))
    assert len({item.company_id for item in result.companies}) == 2
    assert [(item.kind.value, len(item.company_ids)) for item in result.reviews] == [("id_conflict", 2)]


def test_namesakes_without_keys_stay_apart_with_their_own_ids(tmp_path: Path) -> None:
    rows = [
        {"name": "National Trading Company", "country": "SA", "city": "Riyadh"},
        {"name": "National Trading Company", "country": "SA", "city": "Abha"},
    ]
    result = run(csv_file(tmp_path, rows))
    assert len({item.company_id for item in result.companies}) == 2
    assert {item.kind.value for item in result.reviews} == {"same_name"}


def test_dead_companies_are_listed_with_their_quote(tmp_path: Path) -> None:
    text = "Falconer Paper Company makes paper. As of April 1, 2021, Falconer Paper Company was acquired by Big Mills."
    result = run(csv_file(tmp_path, [{"name": "Falconer Paper Company", "summary": text, "delisted": "False"}]))
    (dead,) = result.not_live
    assert dead.status is CompanyStatus.ACQUIRED
    assert dead.quote in text
    assert not result.companies[0].status.is_live
    assert [item.topic for item in result.contradictions] == ["status"]


def test_one_delisted_security_does_not_kill_a_company_that_is_traded(tmp_path: Path) -> None:
    rows = [
        {"name": "Falconer Paper plc", "ticker": "FAL.L", "delisted": "True", "city": "London"},
        {"name": "Falconer Paper plc", "ticker": "FALA.L", "delisted": "False", "city": ""},
    ]
    result = run(csv_file(tmp_path, rows))
    (company,) = result.companies
    assert company.status is CompanyStatus.ACTIVE
    assert result.not_live == ()
    assert [(item.topic, item.first.quote, item.second.quote) for item in result.contradictions] == [
        ("status", "delisted: True", "delisted: False")
    ]


def test_former_names_from_column_and_text_are_kept(tmp_path: Path) -> None:
    text = "The company was formerly known as Heron Board Co. and changed its name to Falconer Paper in May 2019."
    result = run(csv_file(tmp_path, [{"name": "Falconer Paper", "summary": text, "former names": "Eagle Mills"}]))
    names = {(item.text, item.kind) for item in result.companies[0].other_names}
    assert names == {("Eagle Mills", NameKind.FORMER), ("Heron Board Co.", NameKind.FORMER)}


def test_arabic_headers_and_rows_in_json_lines(tmp_path: Path) -> None:
    rows = [
        {"اسم الشركة": "شركة النخيل الذهبي المحدودة", "الدولة": "السعودية", "عدد الموظفين": "٥٠٠"},
        {"اسم الشركة": "النخيل الذهبي", "الموقع": "نخيل.السعودية"},
    ]
    path = tmp_path / "firms.jsonl.gz"
    path.write_bytes(gzip.compress("\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode()))
    result = run(path)
    (company,) = result.companies
    assert company.name_ar is not None
    assert (company.employees, company.countries) == (500, ("SA",))
    assert company.identifiers.domain is not None
    assert company.identifiers.domain.endswith("xn--mgberp4a5d4ar")
    assert company.company_id.startswith("co_xn")


def test_the_mapping_report_says_what_became_what(tmp_path: Path) -> None:
    result = run(
        csv_file(tmp_path, [{"Firma": "Falconer Paper", "colour": "red"}]),
        options=replace(OPTIONS, columns={CompanyField.NAME: "Firma"}),
    )
    (mapping,) = result.mappings
    assert (mapping.fields, mapping.ignored) == ({"Firma": CompanyField.NAME}, ("colour",))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"name,city\n", "a header but no rows"),
        (b"colour,city\nred,Abha\n", "no column holds the company's name. Found: colour, city"),
        ("name\nشركة\n".encode("cp1256"), "Windows-1256"),
    ],
)
def test_files_that_cannot_be_imported_say_what_to_do(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "firms.csv"
    path.write_bytes(content)
    with pytest.raises(InputError, match=message) as caught:
        run(path)
    assert caught.value.fix


def test_bad_rows_are_rejected_one_by_one_and_can_be_corrected_and_fed_back(tmp_path: Path) -> None:
    path = tmp_path / "firms.csv"
    lines = [
        "name,country,summary",
        "Falconer Paper,SA,makes paper",
        ",SA,no name",
        "Heron Mills,Narnia,makes board",
        "Eagle,SA,makes,too,much",
        "Osprey Works,SA," + "x" * 10_000_000,
        "Kestrel\0Works,SA,binary",
    ]
    path.write_bytes("\n".join(lines).encode() + b"\n")
    result = run(path)
    assert [item.name for item in result.companies] == ["Falconer Paper", "Heron Mills"]
    assert [(item.row, item.field, item.row_kept) for item in result.rejects] == [
        (3, "name", False),
        (4, "country", True),
        (5, "", False),
        (6, "summary", False),
        (7, "name", False),
    ]
    assert result.counts.rows_rejected == 4
    rejected = tmp_path / "rejects.csv"
    write_rejects(rejected, result.rejects)
    assert rejected.stat().st_size < 10_000
    with rejected.open(encoding="utf-8-sig", newline="") as handle:
        written = list(csv.DictReader(handle))
    assert [row["reject_row"] for row in written] == ["3", "4", "5", "6", "7"]
    assert all(row["reject_reason"] and row["reject_fix"] for row in written)
    corrected = csv_file(tmp_path, [{**written[1], "country": "Saudi Arabia"}], "corrected.csv")
    again = run(corrected, stored(result))
    assert [(item.name, item.countries) for item in again.companies] == [("Heron Mills", ("SA",))]
    assert again.counts.companies_updated == 1


def test_two_problems_of_one_row_share_one_line(tmp_path: Path) -> None:
    result = run(csv_file(tmp_path, [{**FALCON, "country": "Narnia", "employees": "many"}]))
    write_rejects(tmp_path / "r.csv", result.rejects)
    with (tmp_path / "r.csv").open(encoding="utf-8-sig", newline="") as handle:
        (row,) = csv.DictReader(handle)
    assert set(row["reject_field"].split("; ")) == {"country", "employees"}
    assert row["website"] == FALCON["website"]


_ROWS = st.fixed_dictionaries(
    {
        "name": st.sampled_from(
            ["Falconer Paper", "Falconer Paper Co.", "Falconer Papers Ltd", "National Trading", "النخيل"]
        ),
        "cr": st.sampled_from(["", "", "1010307349", "1010307350", "7001775498"]),
        "website": st.sampled_from(["", "", "falcon.com", "eagle.com"]),
        "country": st.sampled_from(["", "SA", "EG", "Narnia"]),
        "employees": st.sampled_from(["", "10", "20"]),
        "summary": st.sampled_from(
            ["", "The company was acquired by Big Mills.", "It is based in Abha, Saudi Arabia."]
        ),
    }
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(_ROWS, min_size=1, max_size=8), st.integers(0, 10_000))
def test_shuffled_rows_give_the_same_and_a_second_import_nothing(rows: list[dict[str, str]], seed: int) -> None:
    shuffled = list(rows)
    random.Random(seed).shuffle(shuffled)
    with TemporaryDirectory() as folder:
        first = run(csv_file(Path(folder), rows))
        other = run(csv_file(Path(folder), shuffled))
        again = run(csv_file(Path(folder), shuffled), stored(first))
    assert replace(first, rejects=()) == replace(other, rejects=())
    assert (again.companies, again.evidence) == ((), ())
    assert again.contradictions == first.contradictions


@pytest.mark.skipif(not SHARED.exists(), reason="the shared data folder is not beside the repository")
def test_the_listed_saudi_companies() -> None:
    path = SHARED / "saudi_listed_companies.csv"
    result = run(path)
    by_ticker = {item.identifiers.ticker: item for item in result.companies}
    assert result.counts.rows_read == 154
    assert [item.name for item in result.not_live] == ["Samba Financial Group"]
    assert by_ticker["1201.SR"].countries == ("SA",)
    assert len({item.company_id for item in result.companies}) == len(result.companies) == 153
    topics = {(item.company_id, item.topic) for item in result.contradictions}
    assert (by_ticker["1201.SR"].company_id, "country") in topics
    assert (by_ticker["4004.SR"].company_id, "isin") in topics
    assert {item.text for item in by_ticker["2200.SR"].other_names} == {"Saudi Joint Stock Co."}
    texts: dict[str, str] = {}
    for item in result.evidence:
        texts[item.company_id] = texts.get(item.company_id, "") + "\n" + item.text
    for found in result.contradictions:
        for side in (found.first, found.second):
            assert contains_quote(texts[found.company_id], side.quote)
    assert run(path, stored(result)).companies == ()
