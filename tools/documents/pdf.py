"""PDF/A and PNG by typst, with the fonts that ship in this package and nothing from the machine."""

from importlib.resources import files
from pathlib import Path
from types import ModuleType
from typing import Any

from partnership_os.errors import ConfigurationError, InputError
from partnership_os.tools.documents.content import Layout, SheetDocument
from partnership_os.tools.documents.print_data import print_data

__all__ = ["PDF_STANDARD", "to_pdf", "to_png"]

PDF_STANDARD = "a-2a"
"""PDF/A-2, level A: for archives, with structure and language marked, all fonts inside (ISO 19005-2)."""
_PIXELS_PER_INCH = 144.0
_INSTALL = "Install the extra: pip install 'partnership-os[documents]'."


def to_pdf(document: SheetDocument, layout: Layout) -> bytes:
    """The document as PDF/A-2a on A4; the same content gives the same bytes.

    Raises:
        ConfigurationError: typst is not installed.
        InputError: a text holds a character that no font of ours can print.
    """
    return bytes(_compile(document, layout, format="pdf", pdf_standards=[PDF_STANDARD]))


def to_png(document: SheetDocument, layout: Layout) -> tuple[bytes, ...]:
    """The pages as PNG at 144 pixels per inch (1191 x 1684), first page first.

    Raises:
        ConfigurationError: typst is not installed.
        InputError: the text cannot be printed.
    """
    pages = _compile(document, layout, format="png", ppi=_PIXELS_PER_INCH)
    return tuple(pages) if isinstance(pages, list) else (bytes(pages),)


def _compile(document: SheetDocument, layout: Layout, **options: Any) -> Any:
    typst, folder = _typst(), Path(str(files("partnership_os.tools.documents")))
    try:
        return typst.compile(
            (folder / "sheet.typ").read_bytes(),
            font_paths=[str(folder / "fonts")],
            ignore_system_fonts=True,
            sys_inputs={"document": print_data(document, layout)},
            timestamp=0,
            **options,
        )
    except typst.TypstError as error:
        raise InputError(
            f"The document of {document.sheet_id} cannot be printed: {error}",
            fix="Look for a character in the names that is neither Latin nor Arabic, and write it in one of these.",
            sheet_id=document.sheet_id,
        ) from error


def _typst() -> ModuleType:
    try:
        import typst
    except ImportError:
        raise ConfigurationError("PDF and PNG need typst, which is not installed.", fix=_INSTALL) from None
    return typst
