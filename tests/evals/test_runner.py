"""Running suites on Inspect: every sample is scored, whatever happens to it, and logs hold all there is to know."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr

from partnership_os.errors import InputError
from partnership_os.evals.logs import read_log, read_runs
from partnership_os.evals.run_plan import RunPlan, begin_run, end_run, now, read_plan
from partnership_os.evals.runner import Plan, run_suites
from partnership_os.evals.sample import SuiteRun
from partnership_os.evals.subject import RULES, Subject
from partnership_os.evals.suite import Grade, Mark
from partnership_os.evals.table import rows_of
from partnership_os.llm.chat import ChatConfig
from partnership_os.settings import Settings
from tests.evals.conftest import SumCase, SumSuite, sum_case


def write_cases(folder: Path, *cases: SumCase) -> Path:
    folder.mkdir()
    lines = [case.model_dump_json() for case in cases]
    (folder / "cases.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return folder


def plan(suite: SumSuite, cases: Path, **fields: object) -> Plan:
    chosen = {"subjects": [RULES], "settings": Settings(_env_file=None), "cases": cases, **fields}
    return Plan(suites=[suite], **chosen)  # type: ignore[arg-type]


def value(run: SuiteRun, measure: str) -> float:
    return next(row.value for row in rows_of(run) if row.measure == measure)


def test_failed_samples_count_as_wrong(sums: SumSuite, tmp_path: Path) -> None:
    cases = write_cases(tmp_path / "cases", sum_case(1), sum_case(2, "boom"), sum_case(3, "wrong"), sum_case(4))
    (run,) = run_suites(plan(sums, cases), tmp_path / "logs")
    assert run.finished and run.planned == len(run.samples) == 4 and not run.unscored
    assert value(run, "passed") == 0.5
    assert value(run, "answered") == 0.75
    assert value(run, "right") == 0.5
    assert value(run, "distance") == (0 + 100 + 1 + 0) / 4
    broken = next(sample for sample in run.samples if sample.case_id == "sum_2")
    assert broken.failure == "ValueError: boom" and broken.grade.faults == ("ValueError: boom",)
    assert broken.outcome is None


def test_a_grade_that_breaks_is_no_grade(sums: SumSuite, tmp_path: Path) -> None:
    cases = write_cases(tmp_path / "cases", sum_case(1), sum_case(2, "ungradable"))
    (run,) = run_suites(plan(sums, cases), tmp_path / "logs")
    assert [sample.case_id for sample in run.samples] == ["sum_1"]
    (unscored,) = run.unscored
    assert unscored.startswith("sum_2 (") and "no such thing" in unscored


def test_epochs_and_limit(sums: SumSuite, tmp_path: Path) -> None:
    cases = write_cases(tmp_path / "cases", *(sum_case(number) for number in range(1, 6)))
    (run,) = run_suites(plan(sums, cases, epochs=3, limit=2), tmp_path / "logs")
    assert [(sample.case_id, sample.epoch) for sample in run.samples] == [
        (name, epoch) for name in ("sum_1", "sum_2") for epoch in (1, 2, 3)
    ]
    assert value(run, "pass_hat_k") == 1.0
    row = next(row for row in rows_of(run) if row.measure == "passed")
    assert row.n == 2, "several tries of a case count once"
    for fields in ({"epochs": 0}, {"limit": 0}):
        with pytest.raises(InputError):
            run_suites(plan(sums, cases, **fields), tmp_path / "more")


def test_a_limit_is_spread_over_the_clusters(sums: SumSuite, tmp_path: Path) -> None:
    clusters = ["a", "a", "a", "b", "b", "c"]
    made = [sum_case(number, cluster=cluster) for number, cluster in enumerate(clusters)]
    cases = write_cases(tmp_path / "cases", *made)
    for limit, wanted in ((3, [0, 3, 5]), (4, [0, 1, 3, 5]), (9, [0, 1, 2, 3, 4, 5])):
        (run,) = run_suites(plan(sums, cases, limit=limit), tmp_path / f"logs{limit}")
        assert [sample.case_id for sample in run.samples] == [f"sum_{number}" for number in wanted]


def test_a_mark_that_cannot_be_is_no_grade(sums: SumSuite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    grade = Grade(passed=True, marks={"right": Mark(got=2.0)})
    monkeypatch.setattr(SumSuite, "grade", lambda *_: grade)
    (run,) = run_suites(plan(sums, write_cases(tmp_path / "cases", sum_case(1))), tmp_path / "logs")
    assert not run.samples and "2 of 1 in right" in run.unscored[0]


def test_a_run_that_is_stopped_says_so(sums: SumSuite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("partnership_os.evals.runner.eval", lambda *_, **__: [])
    with pytest.raises(KeyboardInterrupt):
        run_suites(plan(sums, write_cases(tmp_path / "cases", sum_case(1))), tmp_path / "logs")


def test_a_run_has_a_folder_of_its_own(tmp_path: Path) -> None:
    begun = RunPlan(suites=("sums",), subjects=("rules",), epochs=1, started_at=now())
    begin_run(tmp_path / "run", begun)
    assert read_plan(tmp_path / "run") == begun
    end_run(tmp_path / "run")
    assert read_plan(tmp_path / "run").ended_at is not None
    (tmp_path / "file").touch()
    for taken in (tmp_path / "run", tmp_path / "file", tmp_path):
        with pytest.raises(InputError, match="not empty"):
            begin_run(taken, begun)
    with pytest.raises(InputError, match=r"plan\.json is missing"):
        read_plan(tmp_path)


def test_a_run_is_read_back_from_its_logs(sums: SumSuite, tmp_path: Path) -> None:
    cases = write_cases(tmp_path / "cases", sum_case(1), sum_case(2, "wrong"))
    runs = run_suites(plan(sums, cases), tmp_path / "logs")
    assert read_runs(tmp_path / "logs") == runs
    again = run_suites(plan(sums, cases, epochs=2), tmp_path / "logs")
    assert [run.epochs for run in read_runs(tmp_path / "logs")] == [again[0].epochs]


def test_no_key_is_written(sums: SumSuite, tmp_path: Path) -> None:
    key = "sk-evals-0123456789abcdef"
    subject = Subject("m1", ChatConfig(model="m1", base_url="http://127.0.0.1:9/v1", api_key=SecretStr(key)))
    cases = write_cases(
        tmp_path / "cases", sum_case(1, "server repeats the key"), sum_case(2, "answer repeats the key")
    )
    run_suites(plan(sums, cases, subjects=[subject]), tmp_path / "logs")
    (log,) = (tmp_path / "logs").iterdir()
    (run,) = read_runs(tmp_path / "logs")
    assert run.samples[0].failure == "ValueError: server said [key]"
    assert run.samples[1].grade.faults == ("off by 3 [key]",)
    unpacked = subprocess.run(
        [sys.executable, "-c", f"import inspect_ai.log as l; print(l.read_eval_log({str(log)!r}).model_dump_json())"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "server said" in unpacked and key not in unpacked


def test_what_is_no_log_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no run"):
        read_runs(tmp_path)
    with pytest.raises(InputError, match="no run"):
        read_runs(tmp_path / "missing")
    strange = tmp_path / "2026-11-23T00-00-00-00-00_x_AAAAAAAAAAAAAAAAAAAAAA.json"
    strange.write_text(json.dumps({"version": 2}), encoding="utf-8")
    with pytest.raises(InputError, match="no log of a suite"):
        read_log(strange)
