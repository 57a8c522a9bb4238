"""Row values: single cells as typed values; every refusal says what was found and how to correct it."""

import re
from datetime import date, datetime

from partnership_os.errors import InputError
from partnership_os.schemas.company import CompanyStatus, SizeBand
from partnership_os.schemas.evidence import SourceKind
from partnership_os.tools.company_status import parse_flag, parse_status
from partnership_os.tools.countries import country_code
from partnership_os.tools.text import fold, numbers_in

__all__ = [
    "parse_country",
    "parse_day",
    "parse_headcount",
    "parse_size",
    "parse_source_kind",
    "parse_status_word",
    "parse_whole_number",
    "parse_year",
    "parse_yes_no",
]

_SIZES = {
    "nano": SizeBand.MICRO,
    "micro": SizeBand.MICRO,
    "small": SizeBand.SMALL,
    "mid": SizeBand.MEDIUM,
    "medium": SizeBand.MEDIUM,
    "large": SizeBand.LARGE,
    "mega": SizeBand.MEGA,
    "متناهيه الصغر": SizeBand.MICRO,
    "متناهي الصغر": SizeBand.MICRO,
    "صغيره": SizeBand.SMALL,
    "صغير": SizeBand.SMALL,
    "متوسطه": SizeBand.MEDIUM,
    "متوسط": SizeBand.MEDIUM,
    "كبيره": SizeBand.LARGE,
    "كبير": SizeBand.LARGE,
    "عملاقه": SizeBand.MEGA,
}
_RANGE = re.compile(r"^\D{0,12}(\d[\d,.]*\s*[km]?)\s*(?:-|to|الي|–)\s*(\d[\d,.]*\s*[km]?)\D{0,20}$")


def parse_headcount(value: str) -> tuple[int, bool]:
    """A number of employees, and whether it is the lower end of a range such as "200-500".

    Raises:
        InputError: it is no number or range.
    """
    span = _RANGE.match(fold(value))
    return parse_whole_number(span.group(1) if span else value, "a number of employees", 10_000_000), span is not None


def parse_country(value: str) -> str:
    """The ISO code of a country in English, Arabic or as a code.

    Raises:
        InputError: it is not one that we know.
    """
    if value == "NA":
        raise InputError("'NA' can mean Namibia or not available.", fix="Write Namibia, or leave the field empty.")
    code = country_code(value)
    if code is None:
        raise InputError(f"{value[:60]!r} is not a country that we know.", fix="Use its ISO code, for example SA.")
    return code


def parse_yes_no(value: str) -> bool:
    """A yes or no in English, Arabic or as 1 and 0.

    Raises:
        InputError: it is not one that we know.
    """
    flag = parse_flag(value)
    if flag is None:
        raise InputError(f"{value[:40]!r} is neither yes nor no.", fix="Write true or false.")
    return flag


def parse_status_word(value: str) -> CompanyStatus:
    """The status that a status column names.

    Raises:
        InputError: it is not one that we know.
    """
    status = parse_status(value)
    if status is None:
        raise InputError(
            f"{value[:60]!r} is not a status that we know.", fix=f"Use one of: {', '.join(CompanyStatus)}."
        )
    return status


def parse_whole_number(value: str, what: str, largest: int) -> int:
    """A whole number in digits of either script or in words, at most ``largest``.

    Raises:
        InputError: it is not one that we know.
    """
    numbers = numbers_in(value)
    if len(numbers) != 1 or numbers[0] < 0 or numbers[0] != int(numbers[0]) or numbers[0] > largest:
        raise InputError(f"{value[:60]!r} is not {what}.", fix="Write one whole number in digits.")
    return int(numbers[0])


def parse_year(value: str) -> int:
    """A year of founding, also inside a date.

    Raises:
        InputError: it is not one that we know.
    """
    digits = re.findall(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?!\d)", fold(value))
    if len(digits) != 1:
        raise InputError(
            f"{value[:60]!r} is not a year of founding.", fix="Write the year with four digits, for example 1998."
        )
    return int(digits[0])


def parse_size(value: str) -> SizeBand:
    """A size band, also from words such as "Large Cap".

    Raises:
        InputError: it is not one that we know.
    """
    plain = re.sub(r"[\s_\-]+(?:cap|company|enterprise|size)$", "", fold(value)).strip()
    band = _SIZES.get(plain)
    if band is None:
        raise InputError(
            f"{value[:60]!r} is not a size that we know.",
            fix=f"Use one of: {', '.join(SizeBand)}, or 'Large Cap' and the like.",
        )
    return band


def parse_source_kind(value: str) -> SourceKind:
    """A kind of source by its name.

    Raises:
        InputError: it is not one that we know.
    """
    plain = re.sub(r"[\s\-]+", "_", fold(value))
    try:
        return SourceKind(plain)
    except ValueError:
        raise InputError(
            f"{value[:60]!r} is not a kind of source.", fix=f"Use one of: {', '.join(SourceKind)}."
        ) from None


def parse_day(value: str) -> date:
    """A day as YYYY-MM-DD, with or without a time.

    Raises:
        InputError: it is not one that we know.
    """
    try:
        return datetime.fromisoformat(fold(value).upper()).date()
    except ValueError:
        raise InputError(f"{value[:40]!r} is not a date.", fix="Write it as YYYY-MM-DD.") from None
