"""Comparisons pair only what is the same on both sides, and say what they left out."""

import json
from collections.abc import Mapping
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console
from typer.testing import CliRunner

from partnership_os.evals.comparison import Comparison, Difference, compare, comparison_of
from partnership_os.evals.sample import Sample, SuiteRun
from partnership_os.evals.statistics import differences
from partnership_os.evals.statistics.intervals import Interval
from partnership_os.evals.suite import Better, Grade, Mark
from partnership_os.surfaces.cli import app
from partnership_os.surfaces.cli_evals_render import show_comparison
from partnership_os.surfaces.cli_render import Screen
from tests.evals.conftest import SumOutcome, SumSuite, sum_case

Names = tuple[tuple[str, str], tuple[str, str]]
NAMES: Names = (("rules", "runs"), ("m1", "runs"))


def run_of(
    totals: Mapping[int, int],
    *,
    subject: str = "rules",
    changed: tuple[int, ...] = (),
    epochs: int = 1,
    suite: str = "sums",
    groups: int = 100,
) -> SuiteRun:
    """Case number → total that was given; ``number + 1`` is right. Cases in ``changed`` have another digest."""
    samples = tuple(
        Sample(
            case_id=f"sum_{number}",
            case_digest=f"{number}{'new' if number in changed else ''}",
            cluster=f"group{number % groups}",
            epoch=epoch,
            grade=SumSuite().grade(sum_case(number), SumOutcome(total=total)),
            seconds=1.0,
        )
        for number, total in totals.items()
        for epoch in range(1, epochs + 1)
    )
    return SuiteRun(
        suite=suite,
        version="v1",
        subject=subject,
        engine="test",
        started_at="2026-11-23T00:00:00+00:00",
        epochs=epochs,
        planned=len(samples),
        samples=samples,
    )


def totals(count: int, *wrong: int) -> dict[int, int]:
    return {number: number + 1 + (number in wrong) for number in range(count)}


def named(found: Comparison, measure: str) -> Difference:
    return next(item for suite in found.suites for item in suite.differences if item.measure == measure)


def test_only_cases_that_are_the_same_are_compared(sums: SumSuite) -> None:
    first = run_of(totals(6, 0, 1))
    second = run_of({**totals(7), 4: 99, 5: 99}, subject="m1", changed=(4, 5))
    del_first = first.model_copy(update={"samples": first.samples[:5]})
    found = comparison_of([del_first], [second])
    (suite,) = found.suites
    assert (suite.pairs, found.pairs) == (4, 4)
    assert suite.left_out.model_dump() == {"changed": 1, "only_first": 0, "only_second": 2}
    right = named(found, "right")
    assert (right.first_value, right.second_value, right.pairs) == (0.5, 1.0, 4)
    assert comparison_of([second], [del_first]).suites[0].left_out.only_first == 2


def test_a_case_of_another_digest_changes_no_figure(sums: SumSuite) -> None:
    first, second = run_of(totals(6, 0)), run_of({**totals(6, 1, 2), 5: 99}, subject="m1", changed=(5,))
    without = [run.model_copy(update={"samples": run.samples[:5]}) for run in (first, second)]
    assert compare([first], [second]) == compare([without[0]], [without[1]])


def test_suites_of_one_side_are_named(sums: SumSuite) -> None:
    found = comparison_of(
        [run_of(totals(2)), run_of(totals(2), suite="alone_a")], [run_of(totals(2)), run_of(totals(2), suite="alone_b")]
    )
    assert [suite.suite for suite in found.suites] == ["sums"]
    assert (found.only_first, found.only_second) == (("alone_a",), ("alone_b",))


def test_what_is_nowhere_different_is_the_same_also_with_other_epochs(sums: SumSuite) -> None:
    thirds = run_of(totals(6, 0, 1))
    found = comparison_of([thirds], [run_of(totals(6, 0, 1), subject="m1", epochs=3)])
    assert {item.verdict for suite in found.suites for item in suite.differences} == {"the same"}


def test_last_bits_are_no_difference(sums: SumSuite) -> None:
    def graded(got: float) -> SuiteRun:
        run = run_of(totals(3))
        grade = Grade(passed=True, marks={"right": Mark(got=got)})
        return run.model_copy(update={"samples": tuple(one.model_copy(update={"grade": grade}) for one in run.samples)})

    assert 0.1 + 0.2 != 0.3
    assert named(comparison_of([graded(0.1 + 0.2)], [graded(0.3)]), "right").verdict == "the same"
    assert named(comparison_of([graded(0.31)], [graded(0.3)]), "right").verdict != "the same"


def test_equal_means_are_undecided_where_cases_differ(sums: SumSuite) -> None:
    found = comparison_of([run_of(totals(6, 0, 1))], [run_of(totals(6, 2, 3), subject="m1")])
    right = named(found, "right")
    assert right.difference == pytest.approx(0.0)
    assert right.verdict == "undecided" and right.low is not None


def test_without_an_interval_nothing_is_decided(sums: SumSuite) -> None:
    one_group = comparison_of([run_of(totals(6), groups=1)], [run_of(totals(6, 0), subject="m1", groups=1)])
    right = named(one_group, "right")
    assert (right.low, right.high, right.verdict, right.clusters) == (None, None, "undecided", 1)
    row = next(line for line in shown(one_group).splitlines() if line.startswith("right"))
    assert row.split() == ["right", "1.000", "0.833", "-0.167", "6/1", "undecided"]


@pytest.mark.parametrize(
    ("better", "low", "high", "verdict"),
    [
        (Better.HIGHER, 0.1, 0.3, "better"),
        (Better.HIGHER, -0.3, -0.1, "worse"),
        (Better.LOWER, 0.1, 0.3, "worse"),
        (Better.LOWER, -0.3, -0.1, "better"),
        (Better.NEITHER, 0.1, 0.3, "higher"),
        (Better.NEITHER, -0.3, -0.1, "lower"),
        (Better.HIGHER, 0.0, 0.3, "undecided"),
        (Better.HIGHER, None, None, "undecided"),
    ],
)
def test_verdicts(
    sums: SumSuite,
    monkeypatch: pytest.MonkeyPatch,
    better: Better,
    low: float | None,
    high: float | None,
    verdict: str,
) -> None:
    estimate = 0.2 if low is None or low >= 0 else -0.2
    real = differences.paired_difference

    def fixed(*arguments: object) -> object:
        found = real(*arguments)  # type: ignore[arg-type]
        return found and replace(found, difference=Interval(estimate, low, high, 6.0, 6))

    monkeypatch.setattr("partnership_os.evals.comparison.paired_difference", fixed)
    measure = sums.measures[0].model_copy(update={"better": better})
    monkeypatch.setattr(SumSuite, "measures", (measure,))
    found = comparison_of([run_of(totals(6))], [run_of(totals(6, 0), subject="m1")])
    assert named(found, "right").verdict == verdict
    assert named(found, "right").better is better


def shown(found: Comparison, names: Names = NAMES, *, width: int = 80, language: str = "en") -> str:
    file = StringIO()
    show_comparison(Screen(Console(file=file, width=width), language), names, found)
    return file.getvalue()


@pytest.fixture
def widest(sums: SumSuite) -> Comparison:
    """Two suites whose cells are as wide as those of shipped suites can be."""
    found = comparison_of([run_of(totals(84))], [run_of(totals(84, *range(0, 84, 2)), subject="m1")])
    about = {
        "measure": "model_wrongly_refused",
        "better": Better.LOWER,
        "verdict": "worse",
        "low": -0.75,
        "high": -0.25,
    }
    item = named(found, "right").model_copy(update=about)
    other = item.model_copy(update={"verdict": "undecided", "low": None, "high": None, "first_value": 123.4567})
    suite = found.suites[0].model_copy(update={"differences": (item, other)})
    return found.model_copy(update={"suites": (suite, suite.model_copy(update={"suite": "second_suite"}))})


@pytest.mark.parametrize(
    ("language", "verdicts", "heading"),
    [
        ("en", ("worse", "undecided"), "sums – cases compared: 84"),
        ("ar", ("أسوأ", "غير محسوم"), "\u2068sums\u2069 – الحالات المقارَنة: \u206884\u2069"),
    ],
)
def test_the_table_fits_in_80_columns_with_its_verdicts(
    widest: Comparison, language: str, verdicts: tuple[str, str], heading: str
) -> None:
    lines = shown(widest, language=language).splitlines()
    assert max(cell_len(line.translate({0x2068: None, 0x2069: None})) for line in lines) <= 80
    rows = [line.split() for line in lines if line.startswith("model_wrongly_refused ↓")]
    assert len(rows) == 4
    assert rows[0][2:] == ["1.000", "0.500", "-0.500", "-0.750…-0.250", "84/84", verdicts[0]]
    assert rows[1][2:] == ["123.5", "0.500", "-0.500", "84/84", *verdicts[1].split()]
    assert sum(heading in line for line in lines) == 1


def test_where_it_does_not_fit_nothing_is_cut(widest: Comparison) -> None:
    text = shown(widest, width=60)
    assert text.count("Verdict: undecided") == 2 and "95 % interval: -0.750…-0.250" in text


def test_n_is_explained_and_each_suite_has_a_heading(widest: Comparison) -> None:
    text = " ".join(shown(widest).split())
    assert "n: cases compared / groups of cases" in text
    assert "sums – cases compared: 84" in text and "second_suite – cases compared: 84" in text
    assert "الحالات المقارَنة / الكتل" in " ".join(shown(widest, language="ar").split())


def test_folders_are_shown_where_there_are_two(sums: SumSuite) -> None:
    found = comparison_of([run_of(totals(2))], [run_of(totals(2, 0))])
    text = shown(found, (("rules", "out/before"), ("rules", "out/after")))
    assert "A: rules · out/before" in text and "B: rules · out/after" in text
    assert "runs" not in shown(found).splitlines()[0]


def test_what_was_left_out_is_counted_in_words(sums: SumSuite) -> None:
    found = comparison_of([run_of(totals(4))], [run_of(totals(6), subject="m1", changed=(0,))])
    lines = [line.translate({0x2068: None, 0x2069: None}) for line in shown(found).splitlines()]
    assert "Cases left out – changed between the runs: 1; only in A: 0; only in B: 2." in lines
    assert "حالات مستبعدة" in shown(found, language="ar")
    assert "left out" not in shown(comparison_of([run_of(totals(4))], [run_of(totals(4))]))


@pytest.mark.parametrize(
    ("second", "english", "arabic"),
    [
        (run_of(totals(3), subject="m1", suite="other"), "no suite in common", "لا توجد مجموعة مشتركة"),
        (
            run_of(totals(3), subject="m1", changed=(0, 1, 2)),
            "no case of the suites that both have",
            "لا تتطابق أي حالة",
        ),
    ],
)
def test_where_nothing_can_be_compared_it_says_why_and_fails(
    sums: SumSuite, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, second: SuiteRun, english: str, arabic: str
) -> None:
    monkeypatch.setattr("partnership_os.evals.logs.read_runs", lambda folder: (run_of(totals(3)), second))

    def typed(*options: str) -> str:
        arguments = ["--home", str(tmp_path), *options, "eval", "compare", "rules", "m1", "--runs", str(tmp_path)]
        result = CliRunner().invoke(app, arguments, env={"COLUMNS": "200"})
        assert result.exit_code == 1
        assert "Verdict" not in result.stdout
        return result.stdout

    assert english in typed()
    assert arabic in typed("--lang", "ar")
    said = json.loads(typed("--json"))
    assert said["first"] == {"subject": "rules", "runs": str(tmp_path)} and said["second"]["subject"] == "m1"
    assert [suite["pairs"] for suite in said["suites"]] in ([], [0])
    assert said["only_second"] == (["other"] if second.suite == "other" else [])
    assert [suite["left_out"]["changed"] for suite in said["suites"]] in ([], [3])


def test_what_can_be_compared_is_no_failure(sums: SumSuite, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(
        "partnership_os.evals.logs.read_runs",
        lambda folder: (run_of(totals(3)), run_of(totals(3), subject="m1", changed=(0,))),
    )
    arguments = ["--home", str(tmp_path), "eval", "compare", "rules", "m1", "--runs", str(tmp_path), "--json"]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    (suite,) = json.loads(result.stdout)["suites"]
    assert suite["pairs"] == 2 and suite["differences"][0]["measure"] == "passed"
