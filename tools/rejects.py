"""Rejects: rows and fields that could not be used, written so that they can be corrected and fed back."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from partnership_os.tools.spreadsheet import safe_cell
from partnership_os.tools.tabular_files import RawRow, RowProblem

__all__ = ["RowReject", "write_rejects"]

_OURS = ("reject_file", "reject_row", "reject_field", "reject_reason", "reject_fix")
_LONGEST_CELL = 200_000
_SHOWN = 1_000


@dataclass(frozen=True)
class RowReject:
    """One thing that could not be used. With ``row_kept`` only the field was left out and the row was imported."""

    file: str
    row: int
    field: str
    reason: str
    fix: str
    raw: tuple[tuple[str, str], ...]
    row_kept: bool

    @classmethod
    def of(cls, file: str, raw: RawRow, problem: RowProblem, *, row_kept: bool) -> "RowReject":
        """The reject of one problem of one row; a cell that is too long to be right is cut."""
        cells = tuple((column, _shown(value)) for column, value in raw.cells.items())
        return cls(file, raw.number, problem.field, problem.reason, problem.fix, cells, row_kept)


def _shown(value: str) -> str:
    return value if len(value) <= _LONGEST_CELL else f"{value[:_SHOWN]} … [cut: {len(value)} characters]"


def write_rejects(path: Path, rejects: Sequence[RowReject]) -> None:
    """Write one CSV line per rejected row: file, row, fields, reasons and fixes, then the row's own columns.

    The original content stands under its original headers and our five columns are ignored on import, so the file
    can be corrected in place and imported. Problems of one row share its line.

    Args:
        path: File to write, UTF-8 with a byte order mark so that spreadsheets show Arabic.
        rejects: In any order.
    """
    ordered = sorted(rejects, key=lambda item: (item.file, item.row))
    columns = dict.fromkeys(column for item in ordered for column, _ in item.raw)
    with path.open("w", encoding="utf-8-sig", newline="") as handle:
        writer = csv.DictWriter(handle, fieldnames=[*_OURS, *columns], restval="")
        writer.writerow({name: safe_cell(name) for name in writer.fieldnames})
        for (file, row), group in groupby(ordered, key=lambda item: (item.file, item.row)):
            problems = list(group)
            ours = (
                file,
                str(row),
                *(
                    "; ".join(dict.fromkeys(getattr(item, name) for item in problems))
                    for name in ("field", "reason", "fix")
                ),
            )
            cells = {**dict(problems[0].raw), **dict(zip(_OURS, ours, strict=True))}
            writer.writerow({name: safe_cell(value) for name, value in cells.items()})
