"""Headers in English and Arabic find their fields, and what is not used is said."""

import pytest

from partnership_os.errors import InputError
from partnership_os.tools.columns import CompanyField, guess_field, map_columns


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Company_Name", CompanyField.NAME),
        ("اسم الشركة", CompanyField.NAME),
        ("الاسم بالعربيّة", CompanyField.NAME_AR),
        ("الموقع الالكتروني", CompanyField.WEBSITE),
        ("symbol", CompanyField.TICKER),
        ("رقم السجل التجاري", CompanyField.REGISTRY_NUMBER),
        ("الرقم الموحد", CompanyField.REGISTRY_NUMBER),
        ("عدد الموظفين", CompanyField.EMPLOYEES),
        ("Year Founded", CompanyField.FOUNDED),
        ("CAPABILITIES", CompanyField.OFFERS),
        ("industry_group", None),
    ],
)
def test_headers_are_guessed(header: str, field: CompanyField | None) -> None:
    assert guess_field(header) is field


def test_the_plainer_header_wins_and_the_other_is_reported() -> None:
    mapping = map_columns("f.csv", ["trade name", "name", "colour"])
    assert mapping.fields == {"name": CompanyField.NAME}
    assert mapping.ignored == ("trade name", "colour")
    reasons = {use.column: use.reason for use in mapping.uses}
    assert "'name'" in reasons["trade name"]
    assert "--map" in reasons["colour"]


def test_a_choice_outranks_a_guess_and_forgives_case() -> None:
    mapping = map_columns("f.csv", ["name", "Firm", "Land"], {CompanyField.NAME: "firm", CompanyField.COUNTRY: "Land"})
    assert mapping.fields == {"Firm": CompanyField.NAME, "Land": CompanyField.COUNTRY}


def test_a_column_that_is_not_there_cannot_be_chosen() -> None:
    with pytest.raises(InputError, match="no column 'Firma'") as caught:
        map_columns("f.csv", ["name"], {CompanyField.NAME: "Firma"})
    assert "--map name=COLUMN" in str(caught.value.fix)


def test_without_a_name_the_error_lists_what_was_found_and_how_to_map() -> None:
    with pytest.raises(InputError, match=r"Found: colour, shape") as caught:
        map_columns("f.csv", ["colour", "shape"])
    assert "--map name=COLUMN" in str(caught.value.fix)


def test_a_used_header_that_stands_twice_is_refused_an_unused_one_is_not() -> None:
    with pytest.raises(InputError, match="more than once"):
        map_columns("f.csv", ["name", "city", "city"])
    assert map_columns("f.csv", ["name", "x", "x"]).ignored == ("x",)
