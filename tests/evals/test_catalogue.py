"""Suites are found by their folders, and cases are read with errors that name the field."""

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from partnership_os.errors import InputError
from partnership_os.evals.catalogue import (
    case_schema,
    find_suites,
    load_cases,
    suite_named,
    write_case_schemas,
)
from partnership_os.evals.oracle import oracle_faults
from partnership_os.evals.suite import Better, Grade, Mark, Measure, MeasureKind
from tests.evals.conftest import SumOutcome, SumSuite, sum_case

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


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.yaml", "- {id: sum_1, cluster: a, reason: r, numbers: [1, 2], extra: 3}", "case sum_1: extra"),
        ("a.yaml", "- {id: sum_1, cluster: a, numbers: [1, 2]}", "case sum_1: reason"),
        ("a.yaml", "- {id: Sum 1, cluster: a, reason: r, numbers: [1, 2]}", "id"),
        ("a.yaml", "sum_1: {}", "not a list"),
        ("a.yaml", "- [", "not YAML"),
        ("a.yaml", "- just words", "case number 1"),
        ("a.jsonl", "{", "not JSON"),
        ("a.txt", "- {}", "no cases"),
    ],
)
def test_a_wrong_case_is_named(sums: SumSuite, tmp_path: Path, name: str, text: str, said: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=said) as error:
        load_cases(sums, tmp_path)
    assert error.value.fix


def test_an_id_is_there_once(sums: SumSuite, tmp_path: Path) -> None:
    for name in ("a.jsonl", "b.jsonl"):
        (tmp_path / name).write_text(sum_case(1).model_dump_json(), encoding="utf-8")
    with pytest.raises(InputError, match="'sum_1' is there twice"):
        load_cases(sums, tmp_path)


def test_a_separator_inside_a_row_does_not_break_it(sums: SumSuite, tmp_path: Path) -> None:
    row = sum_case(1).model_dump() | {"reason": "one\u2028line"}
    (tmp_path / "a.jsonl").write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")
    assert load_cases(sums, tmp_path)[0].reason == "one\u2028line"


class Blind(SumSuite):
    """Everything is right."""

    def grade(self, case: object, outcome: SumOutcome) -> Grade:
        return Grade(passed=True, marks={"right": Mark(got=1), "distance": Mark(got=0)})


class Harsh(SumSuite):
    """Nothing is right."""

    def grade(self, case: object, outcome: SumOutcome) -> Grade:
        return Grade(passed=False, marks={"right": Mark(got=0), "unheard_of": Mark(got=1)}, faults=("no",))


class Unmarked(SumSuite):
    """Measures something that no case has."""

    measures = (*SumSuite.measures, Measure(name="lost", meaning="Never marked.", kind=MeasureKind.RATE))


def test_the_oracle_finds_a_grade_that_cannot_fail() -> None:
    faults = list(oracle_faults(Blind(), (sum_case(1),)))
    assert any("the mistake 'one off' passes" in fault for fault in faults)
    assert any("does not hurt right" in fault for fault in faults)


def test_the_oracle_finds_a_grade_that_cannot_pass() -> None:
    faults = list(oracle_faults(Harsh(), (sum_case(1),)))
    assert any("ground truth does not pass: no" in fault for fault in faults)
    assert any("gets 0 of 1 in right" in fault for fault in faults)
    assert any("unheard_of is no measure" in fault for fault in faults)


def test_the_oracle_is_silent_about_a_sound_suite() -> None:
    assert list(oracle_faults(SumSuite(), (sum_case(1), sum_case(2)))) == []


def test_the_oracle_wants_mistakes_and_marks() -> None:
    class Unplanted(SumSuite):
        def mistakes(self, case: object):  # type: ignore[no-untyped-def]
            return iter(())

        def failure(self, case: object) -> dict[str, Mark]:
            return {"unheard_of": Mark(got=0)}

    faults = list(oracle_faults(Unplanted(), (sum_case(1),)))
    assert any("no mistake is planted" in fault for fault in faults)
    assert any("a failure counts in unheard_of" in fault for fault in faults)


def test_what_is_best_follows_the_direction() -> None:
    from partnership_os.evals.oracle import is_full

    lower = Measure(name="a", meaning="b", better=Better.LOWER)
    assert is_full(lower, Mark(got=0, of=3)) and not is_full(lower, Mark(got=1, of=3))
    mean = Measure(name="a", meaning="b", kind=MeasureKind.MEAN)
    assert is_full(mean, Mark(got=1)) and not is_full(mean, Mark(got=0.99))
    assert is_full(Measure(name="a", meaning="b", better=Better.NEITHER), Mark(got=-5))
