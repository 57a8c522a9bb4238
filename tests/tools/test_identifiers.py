"""Identifiers in the one form in which they are compared, and refused where they identify nobody."""

import pytest

from partnership_os.errors import InputError
from partnership_os.tools.identifiers import (
    RegistryKind,
    parse_domain,
    parse_isin,
    parse_lei,
    parse_registry_number,
    registry_kind,
)


@pytest.mark.parametrize(
    ("written", "domain"),
    [
        ("http://www.Example.com.sa/en/about?x=1", "example.com.sa"),
        ("example.com", "example.com"),
        ("info@mail.example.co.uk", "example.co.uk"),
        ("HTTP://WWW.EXAMPLE.COM:8080/", "example.com"),
        ("http:www.example.com", "example.com"),
        ("corpo.example.ca.", "example.ca"),
        ("shop.example.uk.com", "example.uk.com"),
        ("https://شركة.السعودية/عن", "xn--ogbpi5d.xn--mgberp4a5d4ar"),
        ("bücher.example.com", "example.com"),
    ],
)
def test_a_web_address_gives_its_registrable_domain(written: str, domain: str) -> None:
    assert parse_domain(written) == domain


@pytest.mark.parametrize(
    "written",
    [
        "sales@gmail.com",
        "https://www.facebook.com/acme",
        "linkedin.com/company/acme",
        "acme.wixsite.com/home",
        "acme.blogspot.com",
        "acme.github.io",
        "sites.google.com/acme",
    ],
)
def test_hosts_that_many_companies_share_identify_nobody(written: str) -> None:
    with pytest.raises(InputError, match="shared by many") as caught:
        parse_domain(written)
    assert caught.value.fix


@pytest.mark.parametrize("written", ["", "none at all", "localhost", "com.sa", "10.0.0.1", "http://[bad", "a..b"])
def test_what_is_no_domain_is_refused(written: str) -> None:
    with pytest.raises(InputError, match="not a web address"):
        parse_domain(written)


def test_check_digits_of_lei_and_isin_are_verified() -> None:
    assert parse_lei("5493 001KJTIIGC8Y1R12") == "5493001KJTIIGC8Y1R12"
    assert parse_isin("us-0378331005") == "US0378331005"
    with pytest.raises(InputError, match="LEI"):
        parse_lei("5493001KJTIIGC8Y1R13")
    with pytest.raises(InputError, match="ISIN"):
        parse_isin("US0378331006")


def test_saudi_registry_numbers_have_ten_digits_of_either_script() -> None:
    assert parse_registry_number("١٠١٠ ٣٠٧٣٤٩", "SA") == "1010307349"
    assert registry_kind("1010307349", "SA") is RegistryKind.SAUDI_CR
    assert registry_kind("7001775498", None) is RegistryKind.SAUDI_UNIFIED
    assert registry_kind("01234567", "GB") is RegistryKind.OTHER
    with pytest.raises(InputError, match="10 digits"):
        parse_registry_number("10103", "SA")
    assert parse_registry_number("HRB 86891", "DE") == "HRB86891"


@pytest.mark.parametrize("written", ["0000000000", "1234567890", "pending", "1010 / ؟؟؟", "9" * 41])
def test_placeholders_are_no_registry_numbers(written: str) -> None:
    with pytest.raises(InputError):
        parse_registry_number(written, "SA")
