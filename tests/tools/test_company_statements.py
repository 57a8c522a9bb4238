"""What a text says of a company's seat, founding and name."""

import pytest

from partnership_os.tools.company_statements import CompanyText

NAME = "Falcon Paper Company"


@pytest.mark.parametrize(
    ("text", "country", "city"),
    [
        (
            "Falcon Paper was founded in 1990 and is headquartered in Riyadh, the Kingdom of Saudi Arabia.",
            "SA",
            "Riyadh",
        ),
        ("The company founded in 1980 and is based in Jeddah, Saudi Arabia with branches in Egypt.", "SA", "Jeddah"),
        ("The company's headquarters are located in Saudi Arabia.", "SA", None),
        ("Its head office is in Shah Alam, Selangor, Malaysia.", "MY", "Shah Alam"),
        ("It is a paper company headquartered in London, UK.", "GB", "London"),
        ("They are headquartered in Tabuk, Saudi Arabia.", "SA", "Tabuk"),
        ("The company is based in Atlanta, Georgia.", None, "Atlanta"),
        ("The company is based in Tbilisi, Georgia.", "GE", "Tbilisi"),
        ("The company is based in San Jose, CA.", None, "San Jose"),
        ("تأسست الشركة عام ١٩٨٥ ويقع مقرها الرئيسي في مدينة الدمام، المملكة العربية السعودية.", "SA", "الدمام"),
    ],
)
def test_the_stated_seat(text: str, country: str | None, city: str | None) -> None:
    seat = CompanyText(text, (NAME,)).seat
    assert seat is not None
    assert (seat.country, seat.city) == (country, city)
    assert seat.quote in text


@pytest.mark.parametrize(
    "text",
    [
        "Northern Mills, its rival, is headquartered in Oslo, Norway.",
        "The company sells solutions based in part on carbon and inorganic products.",
        "It is based on long experience.",
        "The company, previously based in London, sells paper.",
    ],
)
def test_places_of_others_are_no_seat(text: str) -> None:
    assert CompanyText("Falcon Paper Company sells paper. " + text, (NAME,)).seat is None


def test_nationality_counts_only_for_the_company_itself() -> None:
    own = CompanyText("Falcon Paper Company is a Saudi Arabian company. It sells paper.", (NAME,)).nationality
    assert own is not None
    assert own.country == "SA"
    assert CompanyText("Falcon Paper is a Martian company.", (NAME,)).nationality is None
    assert CompanyText("A supplier of Falcon is a Saudi company.", (NAME,)).nationality is None


def test_years_of_founding() -> None:
    text = CompanyText(
        "Falcon Paper Company was founded in 1980. The company was incorporated in May 30, 2017. Heron sold 1999 tons.",
        (NAME,),
    )
    assert [item.year for item in text.foundings] == [1980, 2017]
    assert [item.year for item in CompanyText("تأسست الشركة في الرياض عام ١٩٧٥.", (NAME,)).foundings] == [1975]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            "Eagle Trading and Industrial Group Company engages in carpets.",
            "Eagle Trading and Industrial Group Company",
        ),
        ("Eagle Trading, Tourism and Works Co., an investment company, sells.", "Eagle Trading, Tourism and Works Co."),
        ("Eagle Company, together with its subsidiaries, sells.", "Eagle Company"),
        ("The company sells paper.", None),
        ("It sells paper.", None),
        ("Since 2010 we sell.", None),
        ("", None),
    ],
)
def test_the_name_that_a_text_begins_with(text: str, name: str | None) -> None:
    assert CompanyText(text, (NAME,)).leading_name == name
