"""Forms of national identifiers in the Gulf: pattern, check digits, doubts. A right form says nothing of its status."""

import re
from enum import StrEnum
from typing import NamedTuple

from stdnum import iban, lei, luhn
from stdnum.exceptions import ValidationError

from partnership_os.errors import InputError
from partnership_os.tools.text import fold

__all__ = [
    "IdentifierForm",
    "IdentifierReading",
    "compact",
    "masked",
    "parse_identifier",
    "read_identifier",
    "vat_form",
]


class IdentifierForm(StrEnum):
    """An identifier whose form we know (gcc-rules §4)."""

    SAUDI_UNIFIED = "saudi_unified"
    SAUDI_CR = "saudi_cr"
    SAUDI_VAT = "saudi_vat"
    SAUDI_PERSON = "saudi_person"
    """National id or residence permit: personal data, show it `masked` only."""
    UAE_TRN = "uae_trn"
    BAHRAIN_VAT = "bahrain_vat"
    OMAN_VAT = "oman_vat"
    BAHRAIN_CR = "bahrain_cr"
    QATAR_CR = "qatar_cr"
    OMAN_CR = "oman_cr"
    GULF_IBAN = "gulf_iban"
    LEI = "lei"


class IdentifierReading(NamedTuple):
    """``normalised`` is the form in which it is compared; ``doubts`` are codes that warn and never refuse."""

    normalised: str
    well_formed: bool
    doubts: tuple[str, ...] = ()


_PATTERNS: dict[IdentifierForm, str] = {
    IdentifierForm.SAUDI_UNIFIED: r"7[0-9]{9}",
    IdentifierForm.SAUDI_CR: r"[0-689][0-9]{9}",
    IdentifierForm.SAUDI_VAT: r"3[0-9]{13}3",
    IdentifierForm.SAUDI_PERSON: r"[12][0-9]{9}",
    IdentifierForm.UAE_TRN: r"1[0-9]{14}",
    IdentifierForm.BAHRAIN_VAT: r"2[0-9]{14}",
    IdentifierForm.OMAN_VAT: r"OM[0-9]{10}",
    IdentifierForm.BAHRAIN_CR: r"[0-9]{1,6}(-[0-9]{1,2})?",
    IdentifierForm.QATAR_CR: r"[0-9]{1,6}",
    IdentifierForm.OMAN_CR: r"[0-9]{1,10}",
    IdentifierForm.GULF_IBAN: r"(SA|AE|QA|KW|BH|OM)[0-9]{2}[0-9A-Z]{11,26}",
    IdentifierForm.LEI: r"[0-9A-Z]{18}[0-9]{2}",
}
_IBAN_LENGTHS = {"SA": 24, "AE": 23, "QA": 29, "KW": 30, "BH": 22, "OM": 23}
_VAT_FORMS = {
    "SA": IdentifierForm.SAUDI_VAT,
    "AE": IdentifierForm.UAE_TRN,
    "BH": IdentifierForm.BAHRAIN_VAT,
    "OM": IdentifierForm.OMAN_VAT,
}
_WITHOUT_VAT = frozenset({"QA", "KW"})


def compact(text: str, *, keep_hyphen: bool = False) -> str:
    """An identifier without blanks, dashes, dots and slashes, in upper case, digits of either script in ASCII."""
    plain = fold(text)
    return re.sub(r"[\s./]" if keep_hyphen else r"[\s\-./]", "", plain).upper()


def read_identifier(form: IdentifierForm, text: str) -> IdentifierReading:
    """Normalise a written identifier and say whether it has the form of its kind.

    Check digits are verified where they are public (IBAN and LEI: ISO 7064 mod 97; national id: Luhn). The unified
    number is held against Luhn too, but only as a doubt: two of three public samples obey it (gcc-rules §4).

    Args:
        form: What it is said to be.
        text: As written, digits of either script.

    Returns:
        The reading; a malformed text comes back normalised all the same.
    """
    code = compact(text, keep_hyphen=form is IdentifierForm.BAHRAIN_CR)
    formed = re.fullmatch(_PATTERNS[form], code) is not None and not _is_filler(code) and _check_digits_hold(form, code)
    return IdentifierReading(code, formed, _doubts(form, code) if formed else ())


def parse_identifier(form: IdentifierForm, text: str) -> str:
    """The normalised identifier.

    Raises:
        InputError: it does not have the form of its kind.
    """
    reading = read_identifier(form, text)
    if not reading.well_formed:
        shown = masked(reading.normalised) if form is IdentifierForm.SAUDI_PERSON else repr(text[:40])
        raise InputError(
            f"{shown} does not have the form of a {form.value.replace('_', ' ')}.", fix="Copy it from the certificate."
        )
    return reading.normalised


def vat_form(country: str) -> IdentifierForm:
    """The form of a VAT number in a Gulf country.

    Raises:
        InputError: the country has no VAT (Qatar, Kuwait) or none whose form we know.
    """
    if country in _VAT_FORMS:
        return _VAT_FORMS[country]
    if country in _WITHOUT_VAT:
        raise InputError(f"{country} has no VAT number.", fix="Leave the VAT number empty.")
    raise InputError(f"{country} has a VAT number whose form we do not know.", fix="Leave the VAT number empty.")


def masked(number: str) -> str:
    """A number with all but its last three characters hidden, for messages about people."""
    return "*" * max(len(number) - 3, 0) + number[-3:]


def _is_filler(code: str) -> bool:
    return len(code) > 6 and len(set(code)) == 1


def _check_digits_hold(form: IdentifierForm, code: str) -> bool:
    if form is IdentifierForm.SAUDI_PERSON:
        return bool(luhn.is_valid(code))
    if form is IdentifierForm.GULF_IBAN:
        return len(code) == _IBAN_LENGTHS[code[:2]] and _valid(iban, code)
    return form is not IdentifierForm.LEI or _valid(lei, code)


def _valid(checker: object, code: str) -> bool:
    try:
        checker.validate(code)  # type: ignore[attr-defined]
    except ValidationError:
        return False
    return True


def _doubts(form: IdentifierForm, code: str) -> tuple[str, ...]:
    if form is IdentifierForm.SAUDI_UNIFIED and not luhn.is_valid(code):
        return ("check_digit_unusual",)
    if form is IdentifierForm.SAUDI_CR and code[0] not in "12345":
        return ("prefix_unusual",)
    if form is IdentifierForm.SAUDI_VAT and code[10] == "1":
        return ("vat_group",)
    if form is IdentifierForm.UAE_TRN and not code.startswith("100"):
        return ("prefix_unusual",)
    if form is IdentifierForm.OMAN_CR and len(code) != 7:
        return ("length_unusual",)
    return ()
