"""Forms of Gulf identifiers (gcc-rules §4): what is refused, what only warns, and how they are normalised."""

import pytest

from partnership_os.errors import InputError
from partnership_os.tools.identifier_forms import (
    IdentifierForm,
    compact,
    masked,
    parse_identifier,
    read_identifier,
    vat_form,
)


@pytest.mark.parametrize(
    ("form", "written", "normalised"),
    [
        (IdentifierForm.SAUDI_UNIFIED, "٧٠٠١ ٧٧٥ ٤٩٨", "7001775498"),
        (IdentifierForm.SAUDI_CR, "1010-307349", "1010307349"),
        (IdentifierForm.SAUDI_VAT, "300 000 000 000 003", "300000000000003"),
        (IdentifierForm.SAUDI_PERSON, "1000000008", "1000000008"),
        (IdentifierForm.UAE_TRN, "100-0000-0000-0003", "100000000000003"),
        (IdentifierForm.BAHRAIN_VAT, "200000000000003", "200000000000003"),
        (IdentifierForm.OMAN_VAT, "om 1234567890", "OM1234567890"),
        (IdentifierForm.BAHRAIN_CR, "٩٥٠-١", "950-1"),
        (IdentifierForm.BAHRAIN_CR, "950", "950"),
        (IdentifierForm.QATAR_CR, "101850", "101850"),
        (IdentifierForm.QATAR_CR, "7", "7"),
        (IdentifierForm.OMAN_CR, "1234567", "1234567"),
        (IdentifierForm.GULF_IBAN, "sa03 8000 0000 6080 1016 7519", "SA0380000000608010167519"),
        (IdentifierForm.GULF_IBAN, "AE07 0331 2345 6789 0123 456", "AE070331234567890123456"),
        (IdentifierForm.LEI, "5493 001KJTIIGC8Y1R12", "5493001KJTIIGC8Y1R12"),
    ],
)
def test_a_good_identifier_is_normalised(form: IdentifierForm, written: str, normalised: str) -> None:
    assert parse_identifier(form, written) == normalised
    assert read_identifier(form, normalised) == read_identifier(form, written)


@pytest.mark.parametrize(
    ("form", "written"),
    [
        (IdentifierForm.SAUDI_UNIFIED, "6001775498"),
        (IdentifierForm.SAUDI_UNIFIED, "700177549"),
        (IdentifierForm.SAUDI_UNIFIED, "70017754988"),
        (IdentifierForm.SAUDI_UNIFIED, "7777777777"),
        (IdentifierForm.SAUDI_CR, "7001775498"),
        (IdentifierForm.SAUDI_CR, "101030734"),
        (IdentifierForm.SAUDI_VAT, "300000000000004"),
        (IdentifierForm.SAUDI_VAT, "30000000000003"),
        (IdentifierForm.SAUDI_PERSON, "1000000009"),
        (IdentifierForm.SAUDI_PERSON, "3000000008"),
        (IdentifierForm.UAE_TRN, "200000000000003"),
        (IdentifierForm.BAHRAIN_VAT, "100000000000003"),
        (IdentifierForm.OMAN_VAT, "1234567890"),
        (IdentifierForm.BAHRAIN_CR, "950-123"),
        (IdentifierForm.BAHRAIN_CR, "9501234"),
        (IdentifierForm.QATAR_CR, "1018501"),
        (IdentifierForm.OMAN_CR, "12345678901"),
        (IdentifierForm.GULF_IBAN, "SA0380000000608010167518"),
        (IdentifierForm.GULF_IBAN, "SA038000000060801016751"),
        (IdentifierForm.GULF_IBAN, "DE89370400440532013000"),
        (IdentifierForm.LEI, "5493001KJTIIGC8Y1R13"),
        (IdentifierForm.QATAR_CR, ""),
    ],
)
def test_a_malformed_identifier_is_refused(form: IdentifierForm, written: str) -> None:
    assert not read_identifier(form, written).well_formed
    with pytest.raises(InputError, match="does not have the form") as caught:
        parse_identifier(form, written)
    assert caught.value.fix


@pytest.mark.parametrize(
    ("form", "written", "doubts"),
    [
        (IdentifierForm.SAUDI_UNIFIED, "7001775498", ()),
        (IdentifierForm.SAUDI_UNIFIED, "7001272124", ()),
        (IdentifierForm.SAUDI_UNIFIED, "7001272475", ("check_digit_unusual",)),
        (IdentifierForm.SAUDI_CR, "1010307349", ()),
        (IdentifierForm.SAUDI_CR, "9010307349", ("prefix_unusual",)),
        (IdentifierForm.SAUDI_VAT, "300000000010003", ("vat_group",)),
        (IdentifierForm.UAE_TRN, "123456789012345", ("prefix_unusual",)),
        (IdentifierForm.OMAN_CR, "12345678", ("length_unusual",)),
        (IdentifierForm.SAUDI_UNIFIED, "800127247", ()),
    ],
)
def test_a_doubt_warns_and_does_not_refuse(form: IdentifierForm, written: str, doubts: tuple[str, ...]) -> None:
    assert read_identifier(form, written).doubts == doubts


def test_each_country_has_its_vat_form_or_none() -> None:
    assert {code: vat_form(code) for code in ("SA", "AE", "BH", "OM")} == {
        "SA": IdentifierForm.SAUDI_VAT,
        "AE": IdentifierForm.UAE_TRN,
        "BH": IdentifierForm.BAHRAIN_VAT,
        "OM": IdentifierForm.OMAN_VAT,
    }
    for country, message in (("QA", "has no VAT"), ("KW", "has no VAT"), ("DE", "do not know")):
        with pytest.raises(InputError, match=message):
            vat_form(country)


def test_the_number_of_a_person_is_hidden_in_messages() -> None:
    with pytest.raises(InputError) as caught:
        parse_identifier(IdentifierForm.SAUDI_PERSON, "1000000009")
    assert "100000" not in caught.value.message and "009" in caught.value.message
    assert (masked("12"), masked("1234")) == ("12", "*234")


def test_blanks_dashes_and_digits_of_either_script_do_not_matter() -> None:
    assert compact(" ٣٠٠-00/0.0 a") == "3000000A"
    assert compact("950 - 1", keep_hyphen=True) == "950-1"
