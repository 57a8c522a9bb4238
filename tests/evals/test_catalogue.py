"""Suites are found by their folders, and cases are read with errors that name the field."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest
import yaml
from typer.testing import CliRunner, Result

from partnership_os.errors import InputError
from partnership_os.evals import catalogue
from partnership_os.evals.catalogue import (
    broken_suites,
    case_schema,
    find_suites,
    load_cases,
    suite_named,
    suite_names,
    write_case_schemas,
)
from partnership_os.graphs.wording.error_wording import in_arabic
from partnership_os.surfaces.cli import app
from tests.evals.conftest import SumSuite, sum_case

SUITES = ("chat", "extraction", "fit", "gate", "injection", "retrieval", "terms")
ROOT = Path(__file__).resolve().parents[2]


def test_every_suite_is_found_with_enough_cases() -> None:
    assert tuple(find_suites()) == SUITES
    for name, suite in find_suites().items():
        assert suite.name == name == suite_named(name).name
        assert len(load_cases(suite)) >= 30
    with pytest.raises(InputError, match="no suite 'fits'") as error:
        suite_named("fits")
    assert "extraction" in str(error.value.fix)


@pytest.mark.parametrize("name", SUITES)
def test_each_readme_says_what_a_full_score_does_not_show(name: str) -> None:
    text = (ROOT / "evals" / "cases" / name / "README.md").read_text(encoding="utf-8")
    heading, _, rest = text.partition("does not show\n")
    assert heading.splitlines()[-1].startswith("## ")
    assert rest.count("\n* ") + rest.count("\n- ") >= 3
    missing = [item.name for item in suite_named(name).measures if item.name not in text and "<" not in text]
    assert not missing


@pytest.mark.parametrize("name", SUITES)
def test_shipped_case_files_fit_their_published_schema(name: str) -> None:
    suite = suite_named(name)
    validator = jsonschema.Draft202012Validator(json.loads(case_schema(suite)))
    folder = ROOT / "evals" / "cases" / name / suite.version
    for file in folder.glob("*.*"):
        text = file.read_text(encoding="utf-8")
        rows = yaml.safe_load(text) if file.suffix == ".yaml" else [json.loads(line) for line in text.splitlines()]
        assert [error.message for error in validator.iter_errors(json.loads(json.dumps(rows, default=str)))] == []


def test_schemas_are_written_for_editors(tmp_path: Path) -> None:
    written = write_case_schemas(tmp_path / "schemas")
    assert [path.name for path in written] == [f"{name}.cases.schema.json" for name in SUITES]


GOOD = "{id: sum_1, cluster: a, reason: r, numbers: [1, 2]}"


@pytest.mark.parametrize(
    ("name", "text", "said", "field"),
    [
        (
            "a.yaml",
            "\n- {id: sum_1, cluster: a, reason: r, numbers: [1, 2], extra: 3}",
            "line 2: case sum_1: extra",
            "extra",
        ),
        (
            "a.yaml",
            "- id: sum_1\n  cluster: a\n  raeson: r\n  nmbers: [1, 2]",
            "line 3: case sum_1: raeson, nmbers",
            "raeson, nmbers",
        ),
        ("a.yml", "- {id: sum_1, cluster: a, numbers: [1, 2]}", "line 1: case sum_1: reason: it is missing", "reason"),
        (
            "a.yaml",
            "- id: sum_1\n  cluster: a\n  reason: r\n  numbers:\n  - 1\n  - x",
            "line 6: case sum_1: numbers.1",
            "numbers.1",
        ),
        (
            "a.yaml",
            "- {id: Sum 1, cluster: a, reason: r, numbers: [1, 2]}",
            "case Sum 1: id: String should match",
            "id",
        ),
        ("a.yaml", f"- {GOOD}\n- just words", "line 2: case number 2: the case itself", "the case itself"),
        ("a.jsonl", '\n{"id": "sum_1"}', "a.jsonl, line 2: case sum_1: cluster: it is missing", "cluster"),
        ("a.jsonl", "[1]", "line 1: case number 1: the case itself", "the case itself"),
    ],
)
def test_a_wrong_case_is_named(sums: SumSuite, tmp_path: Path, name: str, text: str, said: str, field: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=said) as error:
        load_cases(sums, tmp_path)
    assert error.value.details["field"] == field
    assert field in str(error.value.fix)


@pytest.mark.parametrize(
    ("english", "arabic"),
    [
        (
            "a.yaml, line 2: case s_1: x, y: there is no such field.",
            "a.yaml، السطر 2: الحالة s_1: الحقل x, y: لا يوجد حقل كهذا.",
        ),
        ("a.jsonl, line 2: case s_1: x: it is missing.", "a.jsonl، السطر 2: الحالة s_1: الحقل x: القيمة ناقصة."),
        (
            "a.yaml, line 6: case m_1: relevant: the world of retrieval has no 'co_x'.",
            "a.yaml، السطر 6: الحالة m_1: الحقل relevant: لا يوجد في عالم retrieval شيء باسم 'co_x'.",
        ),
        (
            "b.yml, line 2: the id 's_1' is there twice, first in a.jsonl, line 3.",
            "b.yml، السطر 2: تكرر المعرّف 's_1'، وورد أولًا في a.jsonl، السطر 3.",
        ),
        ("There is neither a file nor a folder /x.", "لا يوجد ملف ولا مجلد /x."),
        (
            "Put files with cases there that end in .jsonl, .yml or .yaml.",
            "ضع هناك ملفات حالات بامتداد `.jsonl` أو `.yml` أو `.yaml`.",
        ),
        (
            "Name a folder, or a file that ends in .jsonl, .yml or .yaml.",
            "اذكر مجلدًا، أو ملفًا بامتداد `.jsonl` أو `.yml` أو `.yaml`.",
        ),
        ("d.txt is no file of cases.", "d.txt ليس ملف حالات."),
        ("The suite x cannot be loaded: KeyError: 'y'", "تعذّر تحميل المجموعة x: KeyError: 'y'"),
    ],
)
def test_what_is_wrong_is_said_in_arabic(english: str, arabic: str) -> None:
    assert str(in_arabic(english)).translate({0x2068: None, 0x2069: None}) == arabic


def test_an_id_is_there_once(sums: SumSuite, tmp_path: Path) -> None:
    for name in ("a.jsonl", "b.jsonl"):
        (tmp_path / name).write_text("\n" + sum_case(1).model_dump_json(), encoding="utf-8")
    with pytest.raises(InputError, match=r"b\.jsonl, line 2: the id 'sum_1' is there twice, first in a\.jsonl, line 2"):
        load_cases(sums, tmp_path)


def test_cases_come_from_a_file_or_a_folder(sums: SumSuite, tmp_path: Path) -> None:
    for number, name in enumerate(("a.yaml", "b.yml", "c.jsonl", "d.txt")):
        row = sum_case(number).model_dump_json()
        (tmp_path / name).write_text(row if name == "c.jsonl" else f"- {row}", encoding="utf-8")
    assert [case.id for case in load_cases(sums, tmp_path)] == ["sum_0", "sum_1", "sum_2"]
    assert [case.id for case in load_cases(sums, tmp_path / "b.yml")] == ["sum_1"]
    with pytest.raises(InputError, match=r"d\.txt is no file of cases"):
        load_cases(sums, tmp_path / "d.txt")


def test_a_place_without_cases_is_refused(sums: SumSuite, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"neither a file nor a folder .*/missing"):
        load_cases(sums, tmp_path / "missing")
    with pytest.raises(InputError, match="no cases of sums in"):
        load_cases(sums, tmp_path)
    (tmp_path / "empty.yaml").write_text("", encoding="utf-8")
    for place in (tmp_path, tmp_path / "empty.yaml"):
        with pytest.raises(InputError, match="no cases of sums in") as error:
            load_cases(sums, place)
        assert ".yml" in str(error.value.fix)


def retrieval_row(*relevant: str) -> str:
    row = {"id": "mine_1", "cluster": "co_hyperpay", "group": "same_words", "query": "Payment gateway"}
    return json.dumps({**row, "relevant": relevant, "reason": "made for this test"}, indent=1)


@pytest.mark.parametrize(
    ("relevant", "said"),
    [
        (("co_hyperpay", "co_nobody"), "line 6: case mine_1: relevant: the world of retrieval has no 'co_nobody'"),
        (("co_hyperpay", "co_hyperpay"), "case mine_1: relevant: .*twice"),
    ],
)
def test_what_the_world_lacks_is_refused(tmp_path: Path, relevant: tuple[str, ...], said: str) -> None:
    place = tmp_path / "mine.yaml"
    place.write_text(f"[{retrieval_row(*relevant)}]", encoding="utf-8")
    with pytest.raises(InputError, match=said) as error:
        load_cases(suite_named("retrieval"), place)
    assert error.value.details["field"] == "relevant"
    place.write_text(f"[{retrieval_row('co_hyperpay')}]", encoding="utf-8")
    assert [case.id for case in load_cases(suite_named("retrieval"), place)] == ["mine_1"]


SOUND = """from partnership_os.evals.cases.retrieval.suite import RetrievalSuite

class Sound(RetrievalSuite):
    name = "sound"

SUITE = Sound()
"""


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package of suites in place of ours: one is sound, the others cannot be loaded."""
    place = tmp_path / "suites_made_here"
    for name, text in {
        "sound": SOUND,
        "crashes": "import json\njson.loads('{')",
        "empty": "",
        "misnamed": SOUND,
        "unparsable": "def",
    }.items():
        (place / name / "v1").mkdir(parents=True)
        (place / name / "__init__.py").touch()
        (place / name / "suite.py").write_text(text, encoding="utf-8")
    (place / "__init__.py").touch()
    (place / "sound" / "v1" / "a.yaml").write_text(f"[{retrieval_row('co_hyperpay')}]", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(catalogue, "_FOLDER", place.name)
    yield place
    for module in [name for name in sys.modules if name.split(".")[0] == place.name]:
        del sys.modules[module]
    catalogue._survey.cache_clear()


def invoke(home: Path, *arguments: str, code: int = 0) -> Result:
    result = CliRunner().invoke(app, ["--home", str(home), *arguments], env={"COLUMNS": "200"})
    assert result.exit_code == code, result.output
    return result


def test_a_suite_that_cannot_be_loaded_does_not_hide_the_others(folders: Path) -> None:
    assert tuple(find_suites()) == ("sound",)
    assert suite_named("sound").name == "sound"
    reasons = broken_suites()
    assert {name: reason.split(":")[0] for name, reason in reasons.items()} == {
        "crashes": "JSONDecodeError",
        "empty": "TypeError",
        "misnamed": "ValueError",
        "unparsable": "SyntaxError",
    }
    assert "it has no SUITE" in reasons["empty"] and "its name is sound" in reasons["misnamed"]
    assert suite_names() == ("crashes", "empty", "misnamed", "sound", "unparsable")
    with pytest.raises(InputError, match=r"The suite crashes cannot be loaded: JSONDecodeError: Expecting") as error:
        suite_named("crashes")
    assert "suite.py" in str(error.value.fix)


def test_broken_suites_are_listed_with_their_reason(folders: Path, tmp_path: Path) -> None:
    assert "crashes cannot be used: JSONDecodeError" in invoke(tmp_path, "eval", "list").stdout
    assert "تعذّر استخدام المجموعة \u2068crashes\u2069" in invoke(tmp_path, "eval", "list", "--lang", "ar").stdout
    rows = {row["suite"]: row for row in json.loads(invoke(tmp_path, "eval", "list", "--json").stdout)}
    assert rows["sound"]["cases"] == 1 and "broken" not in rows["sound"]
    assert rows["unparsable"]["broken"].startswith("SyntaxError")

    (folders / "sound" / "v1" / "a.yaml").write_text(f"[{retrieval_row('co_nobody')}]", encoding="utf-8")
    assert "has no 'co_nobody'" in invoke(tmp_path, "eval", "list").stdout


def test_whoever_names_a_broken_suite_is_told(folders: Path, tmp_path: Path) -> None:
    for names in (["crashes"], ["all"], ["sound", "crashes"]):
        said = invoke(tmp_path, "eval", "run", *names, code=1).stderr
        assert "The suite crashes cannot be loaded" in said and "suite.py" in said
    assert "sound: " in invoke(tmp_path, "eval", "oracle", "sound", code=1).stdout
    written = invoke(tmp_path, "eval", "schema", str(tmp_path / "schemas"))
    assert "crashes cannot be used" in written.stderr and "sound.cases.schema.json" in written.stdout


def test_a_separator_inside_a_row_does_not_break_it(sums: SumSuite, tmp_path: Path) -> None:
    row = sum_case(1).model_dump() | {"reason": "one\u2028line"}
    (tmp_path / "a.jsonl").write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")
    assert load_cases(sums, tmp_path)[0].reason == "one\u2028line"
