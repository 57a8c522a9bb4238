"""Files are read as streams; whole files that cannot be read say why, single rows that cannot are named."""

import csv
import gzip
from pathlib import Path

import pytest

from partnership_os.errors import InputError
from partnership_os.tools.tabular_files import RawRow, open_table


def read(path: Path) -> tuple[tuple[str, ...], list[RawRow]]:
    with open_table(path) as table:
        return table.columns, list(table.rows)


def written(tmp_path: Path, name: str, content: bytes) -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_delimiter_is_taken_from_the_header(tmp_path: Path, mark: str) -> None:
    line = mark.join(['"a,b;c"', "Riyadh"])
    columns, rows = read(written(tmp_path, "f.csv", f"name{mark}city\n{line}\n".encode()))
    assert columns == ("name", "city")
    assert rows == [RawRow(2, {"name": "a,b;c", "city": "Riyadh"})]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_with_a_mark_and_utf8_are_read(tmp_path: Path, encoding: str) -> None:
    columns, rows = read(written(tmp_path, "f.csv", "الاسم,المدينة\nشركة النخيل,جدة\n".encode(encoding)))
    assert columns == ("الاسم", "المدينة")
    assert rows[0].cells["الاسم"] == "شركة النخيل"


def test_gzip_and_json_lines(tmp_path: Path) -> None:
    path = tmp_path / "f.jsonl.gz"
    lines = (
        '\n{"name": "A", "staff": 1200, "share": 0.10, "ok": true, "none": null, "tags": ["x", "y"]}\n{"city": "B"}\n'
    )
    path.write_bytes(gzip.compress(lines.encode()))
    columns, rows = read(path)
    assert columns == ("city", "name", "none", "ok", "share", "staff", "tags")
    assert rows[0].cells == {"name": "A", "staff": "1200", "share": "0.10", "ok": "true", "none": "", "tags": "x; y"}
    assert rows[0].number == 2


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("f.csv", b"", "is empty"),
        ("f.csv", b"\xef\xbb\xbf\n\n", "is empty"),
        ("f.csv", b" \n\n ", "is empty"),
        ("f.xlsx", b"PK", "format is not read"),
        ("f.csv.gz", b"not gzip", "damaged gzip"),
        ("f.csv.gz", gzip.compress(b"name\n" + b"x\n" * 5_000, mtime=0)[:-20], "damaged gzip"),
        ("f.csv", "name,city\nشركة,جدة\n".encode("utf-16-le"), "UTF-16 without"),
        ("f.jsonl", b"{oops\n[1]\n", "no line is a usable JSON object; not valid JSON at column 2"),
    ],
)
def test_whole_files_that_cannot_be_read(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        read(written(tmp_path, name, content))
    assert caught.value.fix


def test_a_missing_file_and_a_folder_are_input_errors(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read(tmp_path / "none.csv")
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(InputError, match="cannot be read"):
        read(tmp_path / "folder.csv")


def test_a_wrong_encoding_names_offset_and_line_and_how_to_convert(tmp_path: Path) -> None:
    good = b"name,city\nAcme,Riyadh\n"
    path = written(tmp_path, "f.csv", good + "شركة النخيل,جدة\n".encode("cp1256"))
    with pytest.raises(InputError, match=rf"offset {len(good)} \(line 3\).*Windows-1256") as caught:
        read(path)
    assert "iconv -f CP1256 -t UTF-8 f.csv" in str(caught.value.fix)
    latin = written(tmp_path, "g.csv", b"name\n" + b"x\n" * 9_000 + "Caf\xe9 du Nord\n".encode("latin-1"))
    with pytest.raises(InputError, match=r"line 9002") as other:
        read(latin)
    assert "CP1252" in str(other.value.fix)


def test_ragged_rows_are_named_and_the_rest_is_kept(tmp_path: Path) -> None:
    content = b"name,city\nA,B,C\nD\nE,F,,\n,\nG,H\n"
    _, rows = read(written(tmp_path, "f.csv", content))
    assert [(row.number, row.problem is None) for row in rows] == [(2, False), (3, False), (4, True), (6, True)]
    assert rows[0].problem is not None
    assert "3 values, the header has 2" in rows[0].problem.reason


def test_a_cell_beyond_the_reader_is_one_bad_row_and_the_limit_is_put_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("partnership_os.tools.tabular_files.CELL_LIMIT", 1_000)
    before = csv.field_size_limit()
    _, rows = read(written(tmp_path, "f.csv", b"name,city\nA," + b"x" * 2_000 + b"\nB,C\n"))
    assert [row.problem is None for row in rows] == [False, True]
    assert csv.field_size_limit() == before


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"name": "B", }', "not valid JSON at column"),
        ('["name"]', "not a JSON object"),
        ('{"name": {"en": "B"}}', "'name' holds a nested value"),
        ('{"name": "\\ud800"}', "lone surrogate"),
        ('{"name": ' + "[" * 50_000 + "}", "nested too deeply"),
    ],
)
def test_bad_json_lines_are_named_and_the_rest_is_kept(tmp_path: Path, line: str, reason: str) -> None:
    _, rows = read(written(tmp_path, "f.jsonl", f'{{"name": "A"}}\n{line}\n{{"name": "C"}}\n'.encode()))
    assert [row.problem is None for row in rows] == [True, False, True]
    assert rows[1].problem is not None
    assert reason in rows[1].problem.reason
