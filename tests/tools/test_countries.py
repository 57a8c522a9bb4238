"""Countries as people write them."""

import pytest

from partnership_os.tools.countries import country_code, country_name, demonym_country


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("KSA", "SA"),
        ("the Kingdom of Saudi Arabia", "SA"),
        ("المملكة العربية السعودية", "SA"),
        ("السعوديه", "SA"),
        ("sau", "SA"),
        ("U.A.E.", "AE"),
        ("الإمارات", "AE"),
        ("Turkey", "TR"),
        ("Côte d'Ivoire", "CI"),
        ("Hong Kong", "HK"),
        ("Sultanate of Oman", "OM"),
        ("gb", "GB"),
    ],
)
def test_names_and_codes_in_two_languages(written: str, code: str) -> None:
    assert country_code(written) == code


@pytest.mark.parametrize("written", ["", "Narnia", "Middle East", "GCC", "12"])
def test_what_is_no_country_is_none(written: str) -> None:
    assert country_code(written) is None


def test_names_and_demonyms() -> None:
    assert country_name("SA") == "Saudi Arabia"
    assert demonym_country("Saudi Arabian") == "SA"
    assert demonym_country("Martian") is None
