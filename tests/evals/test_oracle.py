"""The oracle finds grades that cannot fail, cases that cannot be judged, and files that cannot be read."""

import json
from collections.abc import Iterator
from pathlib import Path

from typer.testing import CliRunner

from partnership_os.errors import InputError
from partnership_os.evals.cases.retrieval.suite import SUITE as RETRIEVAL
from partnership_os.evals.cases.retrieval.suite import NeedGroup, RetrievalCase
from partnership_os.evals.oracle import is_full, oracle_faults, place_faults
from partnership_os.evals.suite import Better, Grade, Mark, Measure, MeasureKind
from partnership_os.surfaces.cli import app
from tests.evals.conftest import SumCase, SumOutcome, SumSuite, sum_case


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
    lower = Measure(name="a", meaning="b", better=Better.LOWER)
    assert is_full(lower, Mark(got=0, of=3)) and not is_full(lower, Mark(got=1, of=3))
    mean = Measure(name="a", meaning="b", kind=MeasureKind.MEAN)
    assert is_full(mean, Mark(got=1)) and not is_full(mean, Mark(got=0.99))
    assert is_full(Measure(name="a", meaning="b", better=Better.NEITHER), Mark(got=-5))


def need(*relevant: str) -> RetrievalCase:
    return RetrievalCase(
        id="mine_1",
        cluster="made_here",
        group=NeedGroup.SAME_WORDS,
        query="Payment gateway",
        relevant=relevant,
        reason="made for this test",
    )


def test_a_name_that_the_world_lacks_is_a_fault_and_no_crash() -> None:
    assert list(oracle_faults(RETRIEVAL, (need("co_hyperpay", "co_nobody"), need("co_hyperpay")))) == [
        "retrieval/mine_1: relevant: the world has no 'co_nobody'"
    ]


class Breaking(SumSuite):
    """Breaks over some of its cases."""

    def truth(self, case: SumCase) -> SumOutcome:
        if case.trouble == "ours":
            raise InputError("There is no such need.", fix="Add it.")
        if case.trouble:
            raise KeyError(case.trouble)
        return super().truth(case)

    def unknown_names(self, case: SumCase) -> Iterator[tuple[str, str]]:
        if case.trouble == "world":
            raise OSError("the world is gone")
        yield from ()


def test_a_case_that_cannot_be_judged_hides_no_other() -> None:
    cases = (sum_case(1, "ours"), sum_case(2, "theirs"), sum_case(3, "world"), sum_case(4))
    faults = list(oracle_faults(Breaking(), cases))
    assert [fault.partition(" it cannot be judged: ")[::2] for fault in faults] == [
        ("sums/sum_1:", "There is no such need."),
        ("sums/sum_2:", "KeyError: 'theirs'"),
        ("sums/sum_3:", "OSError: the world is gone"),
    ]


def test_cases_that_cannot_be_read_are_a_fault(sums: SumSuite, tmp_path: Path) -> None:
    place = tmp_path / "a.yaml"
    place.write_text("- id: sum_1\n  id: sum_2\n", encoding="utf-8")
    assert list(place_faults(sums, place)) == ["sums: a.yaml, line 2: the key 'id' is there twice. Keep one of them."]
    (fault,) = place_faults(sums)
    assert fault.startswith("sums: There is neither a file nor a folder ")


def test_few_cases_are_a_fault_of_shipped_suites_only(sums: SumSuite, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(sum_case(1).model_dump_json(), encoding="utf-8")
    assert list(place_faults(sums, tmp_path)) == []


def test_cases_of_ones_own_are_proved(sums: SumSuite, tmp_path: Path) -> None:
    place = tmp_path / "mine.jsonl"

    def proved(*arguments: str, code: int) -> str:
        result = CliRunner().invoke(app, ["--home", str(tmp_path), "eval", "oracle", *arguments])
        assert result.exit_code == code, result.output
        return result.stdout

    place.write_text(need("co_hyperpay").model_dump_json(), encoding="utf-8")
    assert json.loads(proved("retrieval", "--cases", str(place), "--json", code=0)) == {"retrieval": []}
    place.write_text(need("co_nobody").model_dump_json(), encoding="utf-8")
    assert "has no 'co_nobody'" in " ".join(proved("retrieval", "--cases", str(place), code=1).split())
    assert "neither a file nor a folder" in proved("retrieval", "--cases", str(tmp_path / "missing"), code=1)
    proved("retrieval", "extraction", "--cases", str(place), code=2)
