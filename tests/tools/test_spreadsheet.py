import csv
from io import StringIO

import pytest

from partnership_os.tools.spreadsheet import original_cell, safe_cell

FORMULAS = [
    "=1+1",
    "+1",
    "-2+3",
    "@SUM(A1)",
    "\tx",
    "\rx",
    "\nx",
    '=HYPERLINK("http://evil.example","x")',
    "＝1+1",
    "'=1+1",
    "''=1",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_becomes_a_text_and_can_be_had_back(text: str) -> None:
    safe = safe_cell(text)
    assert safe == f"'{text}"
    assert original_cell(f"'{text}") == text


@pytest.mark.parametrize("text", ["", "Najd", "a=b", "شركة نجد", "'quoted'", "3-4", " =1"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert safe_cell(text) == text
    assert original_cell(text) == text


@pytest.mark.parametrize("value", [-1.5, 7, None, True])
def test_what_is_no_text_is_no_formula(value: object) -> None:
    assert safe_cell(value) is value


def test_no_cell_of_a_file_starts_a_formula() -> None:
    file = StringIO()
    csv.writer(file).writerow([safe_cell(text) for text in FORMULAS])
    (row,) = csv.reader(StringIO(file.getvalue(), newline=""))
    assert all(cell.startswith("'") for cell in row)
    assert [original_cell(cell) for cell in row] == FORMULAS
