"""Cells of CSV files that people open in a spreadsheet: a text must never run there as a formula."""

from typing import Final

__all__ = ["original_cell", "safe_cell"]

_MARK: Final = "'"
_STARTS_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""OWASP, CSV injection; the full-width signs are read as the plain ones where the locale is East Asian."""


def safe_cell(value: object) -> object:
    """A cell that a spreadsheet shows as text: an apostrophe before what would start a formula.

    Args:
        value: A text; anything else (a number, None) is no formula and comes back as it is.
    """
    if not isinstance(value, str):
        return value
    return _MARK + value if value.lstrip(_MARK).startswith(_STARTS_FORMULA) else value


def original_cell(text: str) -> str:
    """The text that `safe_cell` made safe, for a file that is corrected and read again."""
    guarded = text.startswith(_MARK) and text.lstrip(_MARK).startswith(_STARTS_FORMULA)
    return text[len(_MARK) :] if guarded else text
