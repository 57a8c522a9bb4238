"""Files of cases are read with errors that name the line, whatever is in them."""

from pathlib import Path

import pytest

from partnership_os.errors import InputError
from partnership_os.evals.case_files import read_rows
from partnership_os.graphs.wording.error_wording import in_arabic


def written(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def nested(depth: int) -> str:
    return "[" * depth + "]" * depth


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.yaml", "- id: x\n  reason: y\n  id: z\n", "a.yaml, line 3: the key 'id' is there twice."),
        ("a.yaml", '- {id: x, "id": z}', "a.yaml, line 1: the key 'id' is there twice."),
        ("a.yml", "- id: x\n  deep:\n  - {a: 1,\n     a: 2}\n", "a.yml, line 4: the key 'a' is there twice."),
        ("a.yaml", "- id: x\n- id: [\n", "a.yaml, line 3: not YAML: expected the node content"),
        ("a.yaml", "- id: x\n- {day: 2026-13-45}", "a.yaml, line 2: not YAML: month must be"),
        ("a.yaml", "- id: x\n- \x07", "a.yaml, line 2: not YAML: the character U\\+0007"),
        ("a.yaml", "- a: !!python/object:os.system x", "a.yaml, line 1: not YAML: could not determine"),
        ("a.yaml", "- {[a]: 1}", "a.yaml, line 1: not YAML: found unhashable key"),
        ("a.yaml", "- *nobody", "a.yaml, line 1: not YAML: found undefined alias"),
        ("a.yaml", "- a\n---\n- b\n", "a.yaml, line 2: not YAML: but found another document"),
        ("a.yaml", "- &a [*a]", "a.yaml, line 1: an alias refers to itself."),
        ("a.yaml", nested(3_000), "a.yaml is nested too deeply."),
        ("a.yaml", "id: x", "a.yaml is not a list of cases."),
        ("a.jsonl", '{"id": 1}\n\n{"id": 1, "id": 2}', "a.jsonl, line 3: the key 'id' is there twice."),
        ("a.jsonl", '{"a": [{"b": 1, "b": 1}]}', "a.jsonl, line 1: the key 'b' is there twice."),
        ("a.jsonl", '{"id": 1}\n{', "a.jsonl, line 2: not JSON: Expecting property name"),
        ("a.jsonl", "9" * 5_000, "a.jsonl, line 1: not JSON: Exceeds the limit"),
        ("a.jsonl", nested(300_000), "a.jsonl is nested too deeply."),
        ("a.jsonl", "é".encode("latin-1"), "a.jsonl cannot be read: it is not UTF-8 text."),
        ("a.yaml", "- id: x".encode("utf-16"), "a.yaml cannot be read: it is not UTF-8 text."),
    ],
)
def test_a_bad_file_is_refused_with_its_line(tmp_path: Path, name: str, text: str | bytes, said: str) -> None:
    with pytest.raises(InputError, match=said) as error:
        read_rows(written(tmp_path, name, text))
    assert error.value.fix


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.yaml", "- id: x\n  id: z\n", "a.yaml، السطر 2: تكرر المفتاح 'id'."),
        ("a.jsonl", '{"id": 1, "id": 2}', "a.jsonl، السطر 1: تكرر المفتاح 'id'."),
        ("a.yml", "- *nobody", "a.yml، السطر 1: ليس بصيغة YAML: found undefined alias 'nobody'."),
        ("a.jsonl", "nil", "a.jsonl، السطر 1: ليس بصيغة JSON: Expecting value, column 1."),
        ("a.yaml", "- &a [*a]", "a.yaml، السطر 1: اسم مستعار يشير إلى نفسه."),
        ("a.yaml", nested(3_000), "مستويات a.yaml متداخلة أكثر مما ينبغي."),
        ("a.jsonl", b"\xff", "تتعذّر قراءة a.jsonl: ليس نصًا بترميز UTF-8."),
    ],
)
def test_what_is_wrong_is_said_in_arabic(tmp_path: Path, name: str, text: str | bytes, said: str) -> None:
    with pytest.raises(InputError) as error:
        read_rows(written(tmp_path, name, text))
    assert arabic(error.value.message) == said
    assert arabic(str(error.value.fix)) != error.value.fix


def arabic(english: str) -> str:
    """The Arabic of a text without the characters that isolate its values."""
    found = in_arabic(english)
    assert found is not None
    return found.translate({0x2068: None, 0x2069: None})


def bomb(levels: int) -> str:
    lines = ["- &a0 [" + ", ".join(["lol"] * 10) + "]"]
    lines += [f"- &a{level} [" + ", ".join([f"*a{level - 1}"] * 10) + "]" for level in range(1, levels)]
    return "\n".join(lines)


def test_aliases_may_not_blow_up_a_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"a\.yaml, line 6: aliases make the file more than 10 times as large"):
        read_rows(written(tmp_path, "a.yaml", bomb(9)))
    flat = f"- &long {'x' * 100_000}\n" + "- *long\n" * 30
    with pytest.raises(InputError, match="aliases make the file"):
        read_rows(written(tmp_path, "b.yaml", flat))


def test_aliases_of_normal_size_are_read(tmp_path: Path) -> None:
    rows = read_rows(written(tmp_path, "a.yaml", bomb(3)))
    assert rows[1].value == [["lol"] * 10] * 10
    merged = read_rows(written(tmp_path, "b.yaml", "- &base {a: 1, b: 2}\n- {<<: *base, a: 3}\n"))
    assert [row.value for row in merged] == [{"a": 1, "b": 2}, {"a": 3, "b": 2}]


def test_a_large_file_without_aliases_is_read(tmp_path: Path) -> None:
    assert len(read_rows(written(tmp_path, "a.yaml", f"- {'x' * 1_500_000}\n- b\n"))) == 2


@pytest.mark.parametrize(("name", "text"), [("a.yaml", ""), ("a.yml", "# nothing yet\n"), ("a.jsonl", "\n\n")])
def test_an_empty_file_has_no_rows(tmp_path: Path, name: str, text: str) -> None:
    assert read_rows(written(tmp_path, name, text)) == ()


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    for name, text in (("a.yaml", "- id: x"), ("a.jsonl", '{"id": "x"}')):
        assert read_rows(written(tmp_path, name, text.encode("utf-8-sig")))[0].value == {"id": "x"}


def test_a_file_that_is_gone_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"gone\.yaml cannot be read: No such file"):
        read_rows(tmp_path / "gone.yaml")


def test_the_line_of_a_field(tmp_path: Path) -> None:
    text = "# first\n- id: x\n  must:\n  - [a,\n     b]\n  - c: 1\n- id: y\n"
    first, second = read_rows(written(tmp_path, "a.yaml", text))
    assert (first.line, second.line) == (2, 7)
    assert [first.line_of(path) for path in ((), ("must",), ("must", 0, 1), ("must", 1, "c"))] == [2, 3, 5, 6]
    assert first.line_of(("must", "SomeUnion", 1, "c")) == 6
    assert first.line_of(("unheard_of",)) == first.line_of(("must", 9)) - 1 == 2
    (row,) = read_rows(written(tmp_path, "a.jsonl", '\n{"id": 1}'))
    assert row.line_of(("id",)) == row.line == 2
