"""Rows, paired comparisons and bounds, from samples made by hand."""

from collections.abc import Callable
from pathlib import Path

import pytest

from partnership_os.errors import InputError
from partnership_os.evals.comparison import compare
from partnership_os.evals.run_plan import RunPlan
from partnership_os.evals.sample import Completion, Sample, SuiteRun
from partnership_os.evals.suite import Grade, Mark
from partnership_os.evals.table import rows_of
from partnership_os.evals.thresholds import Miss, Thresholds, check, load_thresholds
from partnership_os.schemas.stamp import ModelUsage
from tests.evals.conftest import SumOutcome, SumSuite, sum_case

Spoil = Callable[[SuiteRun], SuiteRun]


def run_of(suite: SumSuite, *wrong: int, subject: str = "rules", epochs: int = 1, **fields: object) -> SuiteRun:
    """Six cases in three clusters; those in ``wrong`` are off by one."""
    samples = []
    for number in range(6):
        case = sum_case(number, cluster=f"group{number % 3}")
        outcome = SumOutcome(total=number + 1 + (number in wrong))
        for epoch in range(1, epochs + 1):
            samples.append(
                Sample(
                    case_id=case.id,
                    case_digest="0" * 16,
                    cluster=case.cluster,
                    epoch=epoch,
                    grade=suite.grade(case, outcome),
                    seconds=float(number),
                    **fields,
                )
            )
    return SuiteRun(
        suite="sums",
        version="v1",
        subject=subject,
        engine="test",
        started_at="2026-11-23T00:00:00+00:00",
        epochs=epochs,
        planned=len(samples),
        samples=tuple(samples),
    )


def values(run: SuiteRun) -> dict[str, float]:
    return {row.measure: row.value for row in rows_of(run)}


def test_rates_means_times_and_calibration(sums: SumSuite) -> None:
    found = values(run_of(sums, 0))
    assert found["passed"] == found["right"] == pytest.approx(5 / 6)
    assert found["distance"] == pytest.approx(1 / 6)
    assert found["seconds_p50"] == 2.5
    assert found["sureness_ece"] == pytest.approx(abs(5 / 6 - 0.8))
    assert found["sureness_brier"] == pytest.approx((5 * 0.2**2 + 0.8**2) / 6)
    assert not found.keys() & {"schema_first_try", "tokens_per_passed", "usd_per_passed", "pass_hat_k"}
    row = next(row for row in rows_of(run_of(sums, 0)) if row.measure == "right")
    assert row.low is not None and row.high is not None and row.low < row.value < row.high <= 1
    assert row.n == 6 and row.clusters == 3


def test_first_tries_and_repairs_are_counted_apart(sums: SumSuite) -> None:
    done = (
        Completion(contract="extracted_claims", valid=True, tries=1),
        Completion(contract="extracted_claims", valid=True, tries=2),
        Completion(contract="drafted_note", valid=False, tries=3, failure="malformed"),
        Completion(contract="drafted_note", valid=False, tries=0, failure="timeout"),
    )
    usage = ModelUsage(calls=6, input_tokens=60, output_tokens=6, cost_usd=0.5)
    found = values(run_of(sums, 0, subject="m1", completions=done, usage=usage))
    assert found["schema_first_try"] == 0.25
    assert found["schema_after_repair"] == 0.5
    assert found["tokens_per_passed"] == pytest.approx(6 * 66 / 5)
    assert found["usd_per_passed"] == pytest.approx(6 * 0.5 / 5)


def test_a_server_that_is_down_shows(sums: SumSuite) -> None:
    dead = (Completion(contract="extracted_claims", valid=False, tries=0, failure="unreachable"),)
    found = values(run_of(sums, subject="m1", completions=dead, usage=ModelUsage(failed_calls=4)))
    assert found["passed"] == 1 and found["model_answered"] == 0
    assert values(run_of(sums, subject="m1", usage=ModelUsage(failed_calls=1)))["model_answered"] == 0
    assert values(run_of(sums, subject="m1", usage=ModelUsage(calls=1)))["model_answered"] == 1
    assert "model_answered" not in values(run_of(sums))


def test_asking_again_adds_no_cases(sums: SumSuite) -> None:
    once, often = run_of(sums, 0, 1), run_of(sums, 0, 1, epochs=9)
    measured = {row.measure: (row.value, row.low, row.high, row.n) for row in rows_of(once)}
    again = {row.measure: (row.value, row.low, row.high, row.n) for row in rows_of(often)}
    for name in ("passed", "answered", "right", "distance"):
        assert again[name] == pytest.approx(measured[name]), name


def test_no_answer_weighs_as_much_as_a_wrong_one(sums: SumSuite, monkeypatch: pytest.MonkeyPatch) -> None:
    case = sum_case(1)
    assert sums.failure(case) == {"right": Mark(got=0), "distance": Mark(got=100)}
    grade = Grade(passed=True, marks={"right": Mark(got=5, of=5)})
    monkeypatch.setattr(SumSuite, "grade", lambda *_: grade)
    assert sums.failure(case) == {"right": Mark(got=0, of=5)}


def test_what_nobody_knows_is_no_row(sums: SumSuite) -> None:
    asked = ModelUsage(calls=1, input_tokens=10, output_tokens=1)
    assert "usd_per_passed" not in values(run_of(sums, usage=asked))
    nothing_passed = values(run_of(sums, *range(6), usage=asked))
    assert "tokens_per_passed" not in nothing_passed and nothing_passed["passed"] == 0


def test_pass_hat_k_needs_every_epoch(sums: SumSuite) -> None:
    assert values(run_of(sums, 0, 1, 2, epochs=3))["pass_hat_k"] == 0.5


def test_pass_hat_k_of_a_run_that_was_cut_off_is_unknown(sums: SumSuite) -> None:
    whole = run_of(sums, epochs=2)
    assert "pass_hat_k" not in values(whole.model_copy(update={"samples": whole.samples[1:]}))


def test_a_comparison_is_paired(sums: SumSuite) -> None:
    worse, better = run_of(sums, 0, 1, 2), run_of(sums, 0, subject="m1")
    found = {item.measure: item for item in compare([worse], [better])}
    right = found["right"]
    assert (right.first, right.second, right.pairs, right.clusters) == ("rules", "m1", 6, 3)
    assert right.first_value == 0.5 and right.second_value == pytest.approx(5 / 6)
    assert right.difference == pytest.approx(1 / 3)
    assert right.low is not None and right.high is not None and right.low < right.difference < right.high
    assert {item.verdict for item in compare([worse], [worse])} == {"the same"}
    assert compare([worse], []) == ()


def test_verdicts_follow_the_good_direction(sums: SumSuite) -> None:
    bad, good = run_of(sums, *range(5)), run_of(sums, subject="m1")
    assert {item.measure: item.verdict for item in compare([bad], [good])} == {
        "passed": "better",
        "answered": "the same",
        "right": "better",
        "distance": "better",
    }
    assert {item.verdict for item in compare([good], [bad])} == {"worse", "the same"}


BOUNDS = Thresholds.model_validate(
    {
        "version": 1,
        "suites": {
            "sums": {
                "cases": 6,
                "rules": {"right": {"min": 0.8}, "distance": {"max": 0.2}},
                "models": {"right": {"low_min": 0.9}},
            }
        },
    }
)


def misses_of(*runs: SuiteRun, bounds: Thresholds = BOUNDS) -> tuple[Miss, ...]:
    """What runs miss that were planned and came to their end."""
    plan = RunPlan(
        suites=tuple(dict.fromkeys(run.suite for run in runs)),
        subjects=tuple(dict.fromkeys(run.subject for run in runs)),
        epochs=1,
        started_at="2026-01-01",
        ended_at="2026-01-02",
    )
    return check(plan, runs, bounds)


def test_bounds_that_are_kept(sums: SumSuite) -> None:
    assert misses_of(run_of(sums, 0)) == ()


@pytest.mark.parametrize(
    ("spoil", "measure"),
    [
        (lambda run: run.model_copy(update={"finished": False}), "run"),
        (lambda run: run.model_copy(update={"unscored": ("sum_1",)}), "samples"),
        (lambda run: run.model_copy(update={"planned": 7}), "samples"),
        (lambda run: run.model_copy(update={"samples": run.samples[:5], "planned": 5}), "cases"),
        (lambda run: run.model_copy(update={"suite": "unheard_of"}), "bounds"),
    ],
)
def test_what_is_missing_is_a_miss(sums: SumSuite, spoil: Spoil, measure: str) -> None:
    assert measure in [miss.measure for miss in misses_of(spoil(run_of(sums, 0)))]


def test_a_suite_or_subject_that_was_planned_and_is_not_there_is_a_miss(sums: SumSuite) -> None:
    plan = RunPlan(
        suites=("sums", "words"), subjects=("rules", "m1"), epochs=1, started_at="2026-01-01", ended_at="2026-01-02"
    )
    found = check(plan, [run_of(sums, 0)], BOUNDS)
    assert [(miss.suite, miss.subject, miss.measure) for miss in found] == [
        ("sums", "m1", "run"),
        ("words", "rules", "run"),
        ("words", "m1", "run"),
    ]


def test_a_run_that_broke_off_is_a_miss(sums: SumSuite) -> None:
    plan = RunPlan(suites=("sums",), subjects=("rules",), epochs=1, started_at="2026-01-01")
    (miss,) = check(plan, [run_of(sums, 0)], BOUNDS)
    assert miss.measure == "run" and "broke off" in miss.what


def test_bounds_of_all_are_kept_by_everybody(sums: SumSuite) -> None:
    bounds = Thresholds.model_validate(
        {
            "version": 1,
            "suites": {"sums": {"cases": 6, "all": {"right": {"min": 1}}, "models": {"right": {"min": 0.1}}}},
        }
    )
    found = misses_of(run_of(sums, 0), run_of(sums, 0, subject="m1"), bounds=bounds)
    assert [(miss.subject, miss.measure) for miss in found] == [("rules", "right")]


def test_a_missed_bound_is_named(sums: SumSuite) -> None:
    misses = misses_of(run_of(sums, 0, 1), run_of(sums, 0, subject="m1"))
    assert [(miss.subject, miss.measure) for miss in misses] == [
        ("rules", "right"),
        ("rules", "distance"),
        ("m1", "right"),
    ]
    assert "is below 0.8" in misses[0].what and "is above 0.2" in misses[1].what
    assert "interval begins at" in misses[2].what


def test_a_bound_on_what_has_no_value_is_missed(sums: SumSuite) -> None:
    bounds = Thresholds.model_validate(
        {"version": 1, "suites": {"sums": {"cases": 1, "rules": {"schema_first_try": {"min": 0.1}}}}}
    )
    (miss,) = misses_of(run_of(sums), bounds=bounds)
    assert miss.what == "has no value"


@pytest.mark.parametrize(
    "text",
    [
        "version: 2\nsuites: {}",
        "version: 1\nsuites: {sums: {cases: 1, rules: {right: {}}}}",
        "version: 1\nsuites: {sums: {cases: 1, ruels: {}}}",
        "version: [",
        "- 1",
        "version: 1\nsuites: {gate: {cases: 1, rules: {passed: {min: .nan}}}}",
        "version: 1\nsuites: {gate: {cases: 1, rules: {passed: {min: nan}}}}",
        "version: 1\nsuites: {gate: {cases: 1, rules: {passed: {max: 1e999}}}}",
        "version: 1\nsuites: {gate: {cases: 1, rules: {passed: {min: true}}}}",
        "version: 1\nsuites: {gate: {cases: 1, rules: {passed: {min: '1'}}}}",
        "version: 1\nsuites: {gate: {cases: 1, rules: {passed: {min: 0.5, max: 0.4}}}}",
        "version: 1\nsuites: {gate: {cases: 1, cases: 2}}",
        "version: 1\nsuites: {gates: {cases: 1}}",
    ],
)
def test_a_wrong_file_of_bounds_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"mine\.yaml"):
        load_thresholds(file)


def test_a_file_of_bounds_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"missing\.yaml cannot be read"):
        load_thresholds(tmp_path / "missing.yaml")


def test_a_wrong_bound_is_named_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(
        "version: 1\nsuites:\n  gate:\n    cases: 55\n    all:\n      passed: {min: true}\n", encoding="utf-8"
    )
    with pytest.raises(InputError, match=r"mine\.yaml, line 6: suites\.gate\.all\.passed\.min: give a number"):
        load_thresholds(file)


def test_the_shipped_bounds_are_about_every_suite_and_its_measures() -> None:
    from partnership_os.evals.catalogue import find_suites, load_cases
    from partnership_os.evals.table import measures_of

    bounds = load_thresholds().suites
    assert set(bounds) == set(find_suites())
    for name, suite in find_suites().items():
        assert bounds[name].cases == len(load_cases(suite)), name
        assert bounds[name].of("rules") and bounds[name].of("a-model"), name
        known = {*measures_of(name), "pass_hat_k"}
        stated = {
            key.removesuffix("_ece").removesuffix("_brier")
            for key in (*bounds[name].of("rules"), *bounds[name].of("a-model"))
        }
        assert stated - known <= {"confidence"}, name
