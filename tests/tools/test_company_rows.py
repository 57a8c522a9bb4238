"""One row as typed values: what is read, what is dropped with a reason, what rejects the row."""

from datetime import UTC, date, datetime

import pytest

from partnership_os.schemas.company import CompanyStatus, NameKind, SizeBand
from partnership_os.schemas.evidence import SourceKind
from partnership_os.tools.columns import CompanyField
from partnership_os.tools.company_rows import LONGEST_SOURCE, CompanyRow, RowReader
from partnership_os.tools.lexicon import load_lexicon
from partnership_os.tools.tabular_files import RawRow, RowProblem


def read(**cells: str) -> tuple[CompanyRow | None, tuple[RowProblem, ...]]:
    columns = {name: CompanyField(name) for name in cells}
    reader = RowReader("f.csv", columns, load_lexicon(), SourceKind.DIRECTORY, date(2026, 8, 1))
    return reader.read(RawRow(2, cells))


def row_of(**cells: str) -> CompanyRow:
    row, problems = read(**{"name": "Falcon Paper Company", **cells})
    assert row is not None
    assert problems == ()
    return row


def problem_of(**cells: str) -> RowProblem:
    row, problems = read(**{"name": "Falcon Paper Company", **cells})
    assert row is not None
    assert len(problems) == 1
    assert problems[0].reason
    assert problems[0].fix
    return problems[0]


def test_a_full_row_in_arabic() -> None:
    row = row_of(
        name="شركة النخيل الذهبي",
        country="المملكة العربية السعودية",
        employees="٥٠٠",
        founded="تأسست سنة ١٩٩٨",
        registry_number="١٠١٠٣٠٧٣٤٩",
        market_cap="كبيرة",
        status="تحت التصفية",
        delisted="لا",
        former_names="شركة النسر؛ شركة الصقر",
    )
    assert (row.name, row.name_ar) == ("شركة النخيل الذهبي", "شركة النخيل الذهبي")
    assert (row.countries, row.employees, row.founded) == (("SA",), 500, 1998)
    assert row.identifiers.registry_number == "1010307349"
    assert row.market_size is SizeBand.LARGE
    assert (row.status, row.status_quote) == (CompanyStatus.LIQUIDATED, "status: تحت التصفية")
    assert [(item.text, item.kind) for item in row.other_names] == [
        ("شركة النسر", NameKind.FORMER),
        ("شركة الصقر", NameKind.FORMER),
    ]


def test_the_arabic_name_stands_in_where_there_is_no_other() -> None:
    row = row_of(name="-", name_ar="شركة النخيل")
    assert (row.name, row.name_ar) == ("شركة النخيل", "شركة النخيل")


@pytest.mark.parametrize(
    ("written", "employees"), [("1,200", 1200), ("forty", 40), ("about 350 people", 350), ("0", 0), ("١٬٢٠٠", 1200)]
)
def test_employees_in_digits_and_words(written: str, employees: int) -> None:
    assert row_of(employees=written).employees == employees


def test_a_range_gives_its_lower_end_and_says_so() -> None:
    row, problems = read(name="Falcon", employees="200-500")
    assert row is not None
    assert row.employees == 200
    assert "lower end 200" in problems[0].reason


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("employees", "many"),
        ("employees", "12.5"),
        ("employees", "99999999"),
        ("founded", "long ago"),
        ("country", "Narnia"),
        ("country", "NA"),
        ("website", "https://www.facebook.com/falcon"),
        ("lei", "5493001KJTIIGC8Y1R13"),
        ("isin", "US0378331006"),
        ("registry_number", "0000000000"),
        ("market_cap", "huge"),
        ("delisted", "perhaps"),
        ("status", "on the moon"),
        ("source_kind", "rumour"),
        ("retrieved_at", "yesterday"),
        ("offers", "teleportation"),
        ("city", "x" * 201),
        ("ticker", "T" * 41),
        ("aliases", "y" * 201),
    ],
)
def test_a_bad_field_is_dropped_and_named_and_the_row_is_kept(field: str, value: str) -> None:
    assert problem_of(**{field: value}).field == field


@pytest.mark.parametrize(
    ("cells", "field", "reason"),
    [
        ({"name": ""}, "name", "no name"),
        ({"name": "…"}, "name", "no name"),
        ({"name": "x" * 201}, "name", "longer than 200"),
        ({"name": "Falcon", "summary": "x" * 10_000_000}, "summary", "10000000 characters"),
        ({"name": "Falcon", "city": "Riy\0adh"}, "city", "NUL byte"),
    ],
)
def test_rows_that_cannot_be_used(cells: dict[str, str], field: str, reason: str) -> None:
    row, problems = read(**cells)
    assert row is None
    assert problems[0].field == field
    assert reason in problems[0].reason


@pytest.mark.parametrize("nothing", ["n/a", "-", "NULL", "none", "لا يوجد", ""])
def test_words_for_nothing_are_nothing(nothing: str) -> None:
    row = row_of(website=nothing, employees=nothing, city=nothing)
    assert (row.identifiers.domain, row.employees, row.city) == (None, None, None)


def test_size_words_status_and_source_columns() -> None:
    row = row_of(
        market_cap="Large Cap",
        delisted="True",
        source="https://example.com/list",
        source_kind="Own Site",
        retrieved_at="2026-05-04T10:00:00",
        ticker="1234.SR",
    )
    assert row.market_size is SizeBand.LARGE
    assert (row.status, row.status_quote) == (CompanyStatus.DELISTED, "delisted: True")
    assert row.source == "f.csv#1234.SR; https://example.com/list"
    assert row.source_kind is SourceKind.OWN_SITE
    assert row.retrieved_at == datetime(2026, 5, 4, tzinfo=UTC)
    assert row_of(delisted="False").status is CompanyStatus.ACTIVE
    assert row_of(status="active").status is CompanyStatus.ACTIVE
    assert row_of(summary="The company does not have significant operations.").status is CompanyStatus.UNKNOWN


def test_the_row_key_is_content_never_a_place() -> None:
    assert row_of(website="falcon.com").source == "f.csv#falcon.com"
    assert row_of(registry_number="7001775498", website="falcon.com").source == "f.csv#7001775498"
    assert row_of().source == "f.csv#Falcon Paper Company"


def test_offers_are_concepts_of_the_lexicon_by_slug_or_term() -> None:
    lexicon = load_lexicon()
    slug = lexicon.slugs()[0]
    concept = lexicon.get(slug)
    assert concept is not None
    row = row_of(offers=slug, needs=f"{concept.terms_ar[0]}; {slug}")
    assert row.offers == (slug,)
    assert slug in row.needs


def test_the_headquarters_sentence_outranks_the_country_column() -> None:
    text = "Falcon Paper Company is headquartered in Tabuk, Saudi Arabia."
    assert row_of(summary=text).countries == ("SA",)
    assert row_of(summary=text).city == "Tabuk"
    disputed = row_of(summary=text, country="Taiwan", city="Taipei")
    assert (disputed.country, disputed.countries, disputed.city) == ("TW", ("SA",), "Tabuk")
    agreed = row_of(summary=text, country="KSA", city="Riyadh")
    assert (agreed.countries, agreed.city) == (("SA",), "Riyadh")
    assert row_of(summary="Falcon Paper Company is a Saudi Arabian company.").countries == ("SA",)
    assert row_of(summary="The company is based in Riyadh.", country="SA").city == "Riyadh"


def test_a_text_that_begins_with_someone_else_does_not_move_the_company() -> None:
    text = "Golden Heron Mills makes board. Golden Heron Mills is headquartered in Oslo, Norway."
    assert row_of(summary=text, country="SA", city="Riyadh").countries == ("SA",)
    assert row_of(summary=text).countries == ("NO",)


def test_a_long_source_is_cut_visibly_and_not_within_an_address() -> None:
    address = "https://example.com/a-page-of-a-register"
    row = row_of(source=" ".join([address] * 20))
    place, _, said = row.source.partition("; ")
    assert place == "f.csv#Falcon Paper Company"
    assert len(row.source) <= LONGEST_SOURCE and said.endswith(" …")
    assert set(said.removesuffix(" …").split()) == {address}
    assert row_of(source=" ".join([address] * 3)).source.count(address) == 3
