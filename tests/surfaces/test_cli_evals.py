"""The commands for evaluators, as a person types them."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from partnership_os.surfaces.cli import app


def invoke(home: Path, *arguments: str, code: int = 0, env: dict[str, str] | None = None) -> Result:
    result = CliRunner().invoke(app, ["--home", str(home), "eval", *arguments], env={"COLUMNS": "100", **(env or {})})
    assert result.exit_code == code, result.output
    return result


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a run of two suites by the rules analyst and two controls."""
    place = tmp_path_factory.mktemp("evals")
    models = "control/scribe,control/liar"
    invoke(place, "run", "retrieval", "extraction", "--model", models, "--limit", "6", "--epochs", "2")
    return place


def test_the_suites_are_listed(tmp_path: Path) -> None:
    rows = json.loads(invoke(tmp_path, "list", "--json").stdout)
    assert {row["suite"] for row in rows} >= {"chat", "extraction", "fit", "gate", "injection", "retrieval", "terms"}
    assert "retrieval" in invoke(tmp_path, "list", "--lang", "ar").stdout


def test_a_run_prints_each_subject_with_intervals(tmp_path: Path) -> None:
    shown = invoke(tmp_path, "run", "retrieval", "--limit", "5").stdout
    assert "recall_at_5" in shown and "rules" in shown and " – " in shown
    assert f"partnership eval check --runs {tmp_path}/evals/" in shown
    arabic = invoke(tmp_path, "run", "retrieval", "--limit", "5", "--lang", "ar").stdout
    assert "محلل القواعد" in arabic and "recall_at_5" in arabic


def test_a_run_with_a_limit_does_not_keep_the_bounds(home: Path) -> None:
    result = invoke(home, "check", "--json", code=1)
    misses = json.loads(result.stdout)["misses"]
    assert {"cases"} <= {miss["measure"] for miss in misses}
    assert {miss["subject"] for miss in misses} == {"rules", "control/liar", "control/scribe"}
    assert "fewer than the" in invoke(home, "check", code=1).stdout


def test_bounds_of_ones_own(home: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text(
        "version: 1\nsuites:\n"
        "  retrieval: {cases: 6, rules: {recall_at_5: {min: 0.5}}}\n"
        "  extraction: {cases: 6, rules: {answered: {min: 1}}, models: {model_kept: {min: 0.9}}}\n",
        encoding="utf-8",
    )
    misses = json.loads(invoke(home, "check", "--json", "--thresholds", str(mine), code=1).stdout)["misses"]
    assert [(miss["subject"], miss["measure"]) for miss in misses] == [("control/liar", "model_kept")]


def test_two_models_over_http_are_compared_in_pairs(home: Path) -> None:
    found = json.loads(invoke(home, "compare", "control/scribe", "control/liar", "--json").stdout)
    assert [suite["pairs"] for suite in found["suites"]] == [6, 6]
    kept = next(item for suite in found["suites"] for item in suite["differences"] if item["measure"] == "model_recall")
    assert kept["suite"] == "extraction" and 0 < kept["pairs"] <= 6
    assert kept["low"] < kept["difference"] < kept["high"] < 0
    assert kept["verdict"] == "worse"
    assert "worse" in invoke(home, "compare", "control/scribe", "control/liar").stdout
    folder = next((home / "evals").iterdir())
    assert json.loads(invoke(home, "compare", f"{folder}:rules", "rules", "--json").stdout)["first"]["runs"] == str(
        folder
    )
    assert "is no subject" in invoke(home, "compare", "rules", "gpt-5", code=1).stderr


def test_reports_for_people_and_for_machines(home: Path, tmp_path: Path) -> None:
    page, junit, summary = tmp_path / "report.html", tmp_path / "junit.xml", tmp_path / "summary.md"
    invoke(home, "report", "--out", str(page))
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>") or "<html" in page.read_text(encoding="utf-8")
    invoke(home, "report", "--out", str(page), "--lang", "ar")
    assert 'dir="rtl"' in page.read_text(encoding="utf-8")
    invoke(home, "check", "--junit", str(junit), "--summary", str(summary), code=1)
    assert "<testsuite" in junit.read_text(encoding="utf-8")
    assert "liar" in summary.read_text(encoding="utf-8")


def test_the_oracle_says_that_a_suite_can_be_trusted(tmp_path: Path) -> None:
    assert "planted mistake" in invoke(tmp_path, "oracle", "retrieval").stdout
    assert json.loads(invoke(tmp_path, "oracle", "retrieval", "--json").stdout) == {"retrieval": []}


def test_schemas_for_editors(tmp_path: Path) -> None:
    shown = invoke(tmp_path, "schema", str(tmp_path / "schemas")).stdout
    assert "retrieval.cases.schema.json" in shown.replace("\n", "")
    assert (tmp_path / "schemas" / "retrieval.cases.schema.json").exists()


def test_errors_say_what_to_do(tmp_path: Path) -> None:
    assert "no suite" in invoke(tmp_path, "run", "retrieva", code=1).stderr
    assert "There is no run" in invoke(tmp_path, "check", code=1).stderr
    assert "control/liar" in invoke(tmp_path, "run", "retrieval", "--model", "control/saint", code=1).stderr
    assert "no key" in invoke(tmp_path, "run", "retrieval", "--model", "gpt-5-mini", code=1).stderr
    invoke(tmp_path, "run", "retrieval", "extraction", "--cases", str(tmp_path), code=2)
    assert "live server" in invoke(tmp_path, "record", "retrieval", "--model", "rules", "--out", "x", code=1).stderr


def test_without_the_extra_the_fix_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    for arguments in (["run", "retrieval"], ["check"], ["compare", "a", "b"], ["report", "--out", "x.html"]):
        assert "partnership-os[evals]" in invoke(tmp_path, *arguments, code=1).stderr
    assert "retrieval" in invoke(tmp_path, "list").stdout
    assert "planted mistake" in invoke(tmp_path, "oracle", "retrieval").stdout


def test_cases_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    row = {
        "id": "mine_1",
        "cluster": "co_hyperpay",
        "group": "same_words",
        "query": "Payment gateway",
        "relevant": ["co_hyperpay"],
        "reason": "made for this test",
    }
    (tmp_path / "mine" / "a.jsonl").write_text(json.dumps(row), encoding="utf-8")
    shown = json.loads(invoke(tmp_path, "run", "retrieval", "--cases", str(tmp_path / "mine"), "--json").stdout)
    assert "mine_1" in json.dumps(shown)
