"""Tabular files: rows of CSV and JSON Lines, plain or gzipped, read as a stream with every bad row named."""

import csv
import gzip
import json
import zlib
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, getincrementaldecoder
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO, cast

from partnership_os.errors import InputError
from partnership_os.tools.spreadsheet import original_cell

__all__ = ["RawRow", "RowProblem", "Table", "open_table"]

CELL_LIMIT = 32 * 1024 * 1024
"""Characters that one CSV cell may have before the reader gives the row up."""
_DELIMITERS = ",;\t|"
_KINDS = {".csv": "csv", ".tsv": "csv", ".txt": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl"}
_CONVERT = "Convert it first, for example: iconv -f {encoding} -t UTF-8 {name} > utf8-{name}"


@dataclass(frozen=True)
class RowProblem:
    """Why a row, or one field of it, cannot be used, and what to do."""

    field: str
    reason: str
    fix: str


@dataclass(frozen=True)
class RawRow:
    """One row as it stands in the file; with a ``problem`` the cells are only there to be shown.

    ``number`` counts as a spreadsheet does: the header of a CSV is row 1; a line of JSON Lines is its line.
    """

    number: int
    cells: dict[str, str]
    problem: RowProblem | None = None


@dataclass
class Table:
    """An open file. ``columns`` are the headers of a CSV, or every key that JSON Lines use, sorted."""

    path: Path
    columns: tuple[str, ...]
    rows: Iterator[RawRow] = field(repr=False)


@contextmanager
def open_table(path: Path) -> Iterator[Table]:
    """Open a CSV or JSON Lines file (``.gz`` as well) for streaming.

    UTF-8 with or without byte order mark and UTF-16 with one are read; the delimiter of a CSV (comma, semicolon,
    tab or bar) is taken from its header.

    Raises:
        InputError: the file is missing, empty, of another format, damaged, or not in a readable encoding; the
            last two may also be raised while rows are read.
    """
    kind = _kind_of(path)
    try:
        with _open_binary(path) as binary:
            encoding = _encoding_of(path, binary)
            text = TextIOWrapper(binary, encoding=encoding, newline="")
            with _wide_cells():
                yield (_csv_table if kind == "csv" else _json_table)(path, text)
    except UnicodeDecodeError:
        raise _wrong_encoding(path, encoding) from None
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise InputError(f"{path.name} is a damaged gzip file: {error}", fix="Copy or compress it again.") from None
    except OSError as error:
        raise InputError(
            f"{path.name} cannot be read: {error.strerror or error}",
            fix="Check the path and permissions.",
            file=path.name,
        ) from None


def _kind_of(path: Path) -> str:
    inner = path.with_suffix("") if path.suffix.lower() == ".gz" else path
    kind = _KINDS.get(inner.suffix.lower())
    if kind is None:
        raise InputError(
            f"{path.name}: this format is not read.",
            fix="Save it as .csv or .jsonl (.csv.gz and .jsonl.gz as well).",
            file=path.name,
        )
    return kind


def _open_binary(path: Path) -> BinaryIO:
    return cast(BinaryIO, gzip.open(path, "rb")) if path.suffix.lower() == ".gz" else path.open("rb")


@contextmanager
def _wide_cells() -> Iterator[None]:
    before = csv.field_size_limit(CELL_LIMIT)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _encoding_of(path: Path, binary: BinaryIO) -> str:
    start = binary.read(4096)
    binary.seek(0)
    if not start.strip():
        raise InputError(
            f"{path.name} is empty.", fix="Give a file with a header and at least one row.", file=path.name
        )
    if start.startswith(BOM_UTF8):
        return "utf-8-sig"
    if start.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return "utf-16"
    if start.count(0) > len(start) // 4:
        raise InputError(
            f"{path.name} looks like UTF-16 without a byte order mark.",
            fix=_CONVERT.format(encoding="UTF-16LE", name=path.name),
            file=path.name,
        )
    return "utf-8"


def _wrong_encoding(path: Path, encoding: str) -> InputError:
    decoder = getincrementaldecoder(encoding)()
    offset, row = 0, 1
    with _open_binary(path) as binary:
        for line in binary:
            try:
                decoder.decode(line)
            except UnicodeDecodeError as error:
                offset += error.start
                break
            offset += len(line)
            row += 1
        else:
            line = b""
    guess = "CP1256" if _looks_arabic(line) else "CP1252"
    return InputError(
        f"{path.name} is not {encoding.upper()}: the byte at offset {offset} (line {row}) does not belong there."
        + (" It looks like Windows-1256 (Arabic)." if guess == "CP1256" else ""),
        fix=_CONVERT.format(encoding=guess, name=path.name),
        file=path.name,
        offset=offset,
        row=row,
    )


def _looks_arabic(line: bytes) -> bool:
    letters = [char for char in line.decode("cp1256", errors="replace") if char.isalpha() and not char.isascii()]
    arabic = sum("\u0621" <= char <= "\u064a" for char in letters)
    return arabic > len(letters) // 2 and arabic > 0


def _delimiter_of(header: str) -> str:
    counts = dict.fromkeys(_DELIMITERS, 0)
    quoted = False
    for char in header:
        quoted = quoted != (char == '"')
        if not quoted and char in counts:
            counts[char] += 1
    return max(_DELIMITERS, key=lambda mark: counts[mark])


def _csv_table(path: Path, text: TextIOWrapper) -> Table:
    first = ""
    while not first.strip():
        first = text.readline()
        if not first:
            raise InputError(f"{path.name} is empty.", fix="Give a file with a header and rows.", file=path.name)
    delimiter = _delimiter_of(first)
    reader = csv.reader(_from_first(first, text), delimiter=delimiter)
    columns = tuple(original_cell(cell.strip()) for cell in next(reader))
    return Table(path=path, columns=columns, rows=_csv_rows(reader, columns))


def _from_first(first: str, text: TextIOWrapper) -> Iterator[str]:
    yield first
    yield from text


def _csv_rows(reader: Iterator[list[str]], columns: tuple[str, ...]) -> Iterator[RawRow]:
    number = 1
    while True:
        number += 1
        try:
            values = [original_cell(cell) for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error as error:
            reason, fix = (
                f"the row cannot be read: {error}",
                "Check quotes and line ends; shorten cells that are too long.",
            )
            yield RawRow(number, {}, RowProblem("", reason, fix))
            continue
        if any(value.strip() for value in values):
            yield _csv_row(number, values, columns)


def _csv_row(number: int, values: list[str], columns: tuple[str, ...]) -> RawRow:
    while len(values) > len(columns) and not values[-1].strip():
        values.pop()
    cells = dict(zip(columns, values, strict=False))
    if len(values) != len(columns):
        reason = f"the row has {len(values)} values, the header has {len(columns)}"
        return RawRow(number, cells, RowProblem("", reason, "Quote values that contain the delimiter or a line end."))
    return RawRow(number, cells)


def _json_table(path: Path, text: TextIOWrapper) -> Table:
    keys: set[str] = set()
    first_problem: RowProblem | None = None
    for row in _json_rows(text):
        if row.problem is None:
            keys.update(row.cells)
        else:
            first_problem = first_problem or row.problem
    if not keys:
        raise InputError(
            f"{path.name}: no line is a usable JSON object{f'; {first_problem.reason}' if first_problem else ''}.",
            fix="Write one JSON object per line, with at least a name.",
            file=path.name,
        )
    text.seek(0)
    return Table(path=path, columns=tuple(sorted(keys)), rows=_json_rows(text))


def _json_rows(text: TextIOWrapper) -> Iterator[RawRow]:
    for number, line in enumerate(text, start=1):
        if line.strip():
            yield _json_row(number, line)


def _json_row(number: int, line: str) -> RawRow:
    shown = {"line": line.strip()[:2_000]}
    try:
        value = json.loads(line, parse_float=str, parse_int=str, parse_constant=str)
    except json.JSONDecodeError as error:
        reason = f"not valid JSON at column {error.colno}: {error.msg}"
        return RawRow(number, shown, RowProblem("", reason, "Write one JSON object per line."))
    except RecursionError:
        return RawRow(number, shown, RowProblem("", "the JSON is nested too deeply", "Write flat objects."))
    if not isinstance(value, dict):
        return RawRow(number, shown, RowProblem("", "the line is not a JSON object", "Write one JSON object per line."))
    if not _is_encodable(value):
        return RawRow(number, {}, RowProblem("", "a text holds half a character (lone surrogate)", "Write UTF-8."))
    cells = {str(key): _cell_of(item) for key, item in value.items()}
    nested = sorted(key for key, item in cells.items() if item is None)
    plain = {key: item or "" for key, item in cells.items()}
    if nested:
        reason = f"{nested[0]!r} holds a nested value"
        return RawRow(
            number, shown, RowProblem(nested[0], reason, "Give text, a number, true/false or a list of texts.")
        )
    return RawRow(number, plain)


def _is_encodable(value: object) -> bool:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _cell_of(value: object) -> str | None:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return "; ".join(value)
    return None
