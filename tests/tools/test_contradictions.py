"""Fields that contradict the text, each other or another row are listed with both quotes."""

from datetime import date

import pytest

from partnership_os.schemas.company import Company, CompanyIdentifiers, CompanyStatus, SizeBand
from partnership_os.schemas.evidence import Contradiction, SourceKind
from partnership_os.tools.columns import CompanyField
from partnership_os.tools.company_rows import CompanyRow, RowReader
from partnership_os.tools.contradictions import (
    contradictions_between,
    contradictions_with_stored,
    contradictions_within,
)
from partnership_os.tools.lexicon import load_lexicon
from partnership_os.tools.tabular_files import RawRow


def row_of(**cells: str) -> CompanyRow:
    cells = {"name": "Falcon Paper Company", **cells}
    reader = RowReader(
        "f.csv", {name: CompanyField(name) for name in cells}, load_lexicon(), SourceKind.DIRECTORY, date(2026, 8, 1)
    )
    row, _ = reader.read(RawRow(2, cells))
    assert row is not None
    return row


def within(**cells: str) -> tuple[Contradiction, ...]:
    return contradictions_within(row_of(**cells), "co_x_1")


SEAT = "Falcon Paper Company is headquartered in Riyadh, the Kingdom of Saudi Arabia."


@pytest.mark.parametrize(
    ("cells", "topic", "first", "second"),
    [
        ({"country": "Taiwan", "summary": SEAT}, "country", "country: Taiwan", SEAT),
        (
            {"country": "Taiwan", "summary": "Falcon Paper is a Saudi Arabian company."},
            "country",
            "country: Taiwan",
            "Falcon Paper is a Saudi Arabian company.",
        ),
        ({"country": "SA", "city": "Jeddah", "summary": SEAT}, "city", "city: Jeddah", SEAT),
        (
            {"isin": "JP3549600009", "country": "KSA", "exchange": "SAU"},
            "isin",
            "isin: JP3549600009",
            "country: KSA",
        ),
        ({"exchange": "Tadawul", "country": "Taiwan"}, "exchange", "exchange: Tadawul", "country: Taiwan"),
        (
            {"founded": "1990", "summary": "The company was founded in 1980."},
            "founded",
            "founded: 1990",
            "The company was founded in 1980.",
        ),
        (
            {"summary": "Golden Heron Mills Company makes board. It exports."},
            "name",
            "name: Falcon Paper Company",
            "Golden Heron Mills Company makes board.",
        ),
        (
            {"delisted": "False", "summary": "The company was acquired by Heron Mills."},
            "status",
            "delisted: False",
            "The company was acquired by Heron Mills.",
        ),
        (
            {"status": "active", "summary": "The company was acquired by Heron Mills."},
            "status",
            "status: active",
            "The company was acquired by Heron Mills.",
        ),
    ],
)
def test_each_kind_is_listed_with_both_quotes(cells: dict[str, str], topic: str, first: str, second: str) -> None:
    found = within(**cells)
    assert [(item.topic, item.first.quote, item.second.quote) for item in found] == [(topic, first, second)]
    assert found[0].note


@pytest.mark.parametrize(
    "cells",
    [
        {"country": "KSA", "city": "Al-Khobar", "summary": "The company is based in Al Khobar, Saudi Arabia."},
        {"country": "SA", "city": "Mecca", "summary": "The company is based in Makkah, Saudi Arabia."},
        {"country": "SE", "city": "Malmo", "summary": "The company is based in Malmö, Sweden."},
        {"country": "HK", "city": "Wanchai", "summary": "The company is based in Wan Chai, Hong Kong."},
        {"country": "NO", "city": "Baerum", "summary": "The company is based in Bærum, Norway."},
        {"country": "ID", "city": "Jakarta Selatan", "summary": "It is headquartered in South Jakarta, Indonesia."},
        {"country": "SA", "city": "Riyadh", "summary": "ويقع مقرها الرئيسي في الرياض، السعودية."},
        {"country": "China", "summary": "The company is based in Wan Chai, Hong Kong."},
        {"isin": "US0378331005", "country": "JP", "exchange": "JPX"},
        {"founded": "1980", "summary": "Falcon Paper was incorporated in 1975. Falcon Paper was founded in 1980."},
        {"summary": "Falcon Paper Mills makes board."},
        {"former_names": "Golden Heron Mills", "summary": "Golden Heron Mills Company makes board."},
        {"status": "acquired", "summary": "The company was acquired by Heron Mills."},
        {"delisted": "True", "summary": "The company was acquired by Heron Mills."},
        {"country": "SA", "summary": "It sells paper. Heron Mills, its rival, is headquartered in Oslo, Norway."},
    ],
)
def test_spellings_and_other_subjects_are_no_contradiction(cells: dict[str, str]) -> None:
    assert within(**cells) == ()


def test_rows_of_one_company_are_compared_with_the_first() -> None:
    first = row_of(country="SA", founded="1980", employees="500", status="active", registry_number="1010307349")
    second = row_of(country="AE", founded="1981", employees="500", delisted="True", registry_number="7001775498")
    other_name = row_of(name="Falcon Board Company")
    found = contradictions_between([first, second, other_name], "co_x_1")
    assert [(item.topic, item.first.quote, item.second.quote) for item in found] == [
        ("country", "country: SA", "country: AE"),
        ("founded", "founded: 1980", "founded: 1981"),
        ("registry_number", "registry_number: 1010307349", "registry_number: 7001775498"),
        ("status", "status: active", "delisted: True"),
        ("name", "name: Falcon Paper Company", "name: Falcon Board Company"),
    ]


def test_a_row_is_compared_with_what_is_stored() -> None:
    stored = Company(
        company_id="co_x_1", name="Falcon Paper", countries=("SA",), employees=400, status=CompanyStatus.ACTIVE
    )
    row = row_of(name="Heron Mills", country="AE", employees="500", founded="1990", status="liquidated")
    found = contradictions_with_stored(stored, [row])
    assert [(item.topic, item.first.says, item.second.says) for item in found] == [
        ("name", "Falcon Paper", "Heron Mills"),
        ("country", "Saudi Arabia", "United Arab Emirates"),
        ("employees", "400", "500"),
        ("status", "active", "liquidated"),
    ]


def test_sizes_and_tickers_of_one_market_are_compared() -> None:
    first = row_of(market_cap="Small Cap", exchange="SAU", ticker="1010")
    second = row_of(market_cap="Mega Cap", exchange="sau", ticker="1011")
    found = contradictions_between([first, second], "co_x_1")
    assert [(item.topic, item.first.quote, item.second.quote) for item in found] == [
        ("market_size", "market_cap: Small Cap", "market_cap: Mega Cap"),
        ("ticker", "ticker: 1010", "ticker: 1011"),
    ]
    stored = Company(
        company_id="co_x_1",
        name="Falcon Paper Company",
        market_size=SizeBand.SMALL,
        exchange="SAU",
        identifiers=CompanyIdentifiers(ticker="1010"),
    )
    assert [
        (item.topic, item.first.says, item.second.says) for item in contradictions_with_stored(stored, [second])
    ] == [
        ("market_size", "small", "mega"),
        ("ticker", "1010", "1011"),
    ]


def test_a_second_listing_and_a_missing_size_contradict_nothing() -> None:
    first = row_of(market_cap="Small Cap", exchange="SAU", ticker="1010")
    abroad, bare = row_of(exchange="DFM", ticker="FPC"), row_of(ticker="FPC")
    assert contradictions_between([first, abroad, bare], "co_x_1") == ()
    stored = Company(company_id="co_x_1", name="Falcon Paper Company", identifiers=CompanyIdentifiers(ticker="1010"))
    assert contradictions_with_stored(stored, [abroad, bare, first]) == ()
