"""Runs as other programs read them: JUnit XML, JSON, and Markdown that holds hostile text."""

import json
from xml.etree import ElementTree

import pytest
from markdown_it import MarkdownIt

from partnership_os.evals import table
from partnership_os.evals.exports import JSON_VERSION, to_github_summary, to_json, to_junit
from partnership_os.evals.sample import SuiteRun
from partnership_os.evals.table import Row
from partnership_os.evals.thresholds import Miss
from partnership_os.tools.text import visible
from tests.evals.report import scene


@pytest.fixture(autouse=True)
def scene_suites(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "find_suites", lambda: scene.SUITES)


def junit(runs: tuple[SuiteRun, ...], misses: tuple[Miss, ...] = ()) -> ElementTree.Element:
    return ElementTree.fromstring(to_junit(runs, misses))


def one_run(**fields: object) -> SuiteRun:
    return scene.runs()[0].model_copy(update=fields)


def test_a_junit_suite_stands_for_a_suite_and_subject() -> None:
    root = junit(scene.runs(), scene.misses())
    names = [suite.get("name") for suite in root]
    assert names == [f"{suite} · {subject}" for suite in scene.SUITES for subject in scene.SUBJECTS] + ["thresholds"]
    for suite in root:
        counted = {"tests": "testcase", "failures": "testcase/failure", "errors": "testcase/error"}
        assert {key: suite.get(key) for key in counted} == {
            key: str(len(suite.findall(path))) for key, path in counted.items()
        }
    assert root.get("tests") == str(len(root.findall("testsuite/testcase")))
    assert root.get("failures") == str(len(root.findall("testsuite/testcase/failure")))
    first = root[0]
    assert first.get("timestamp") == "2026-11-22T08:15:00"
    assert {item.get("name"): item.get("value") for item in first.findall("properties/property")} == {
        "subject": "rules",
        "engine": "partnership-os 0.1.0 / rubric 1",
        "cases": "v1",
        "epochs": "3",
    }


def test_the_epochs_of_a_case_are_one_test() -> None:
    (suite,) = [suite for suite in junit(scene.runs()) if suite.get("name") == "extraction · acme/chat-mini"]
    tests = {test.get("name"): test for test in suite.findall("testcase")}
    assert list(tests) == [f"extraction_{number:02}" for number in range(12)]
    assert tests["extraction_04"].find("failure") is None
    failure = tests["extraction_09"].find("failure")
    assert failure is not None
    assert failure.get("message") == f"2 of 3 answers are wrong: {scene.ARABIC_FAULT}"
    assert (failure.text or "").splitlines()[0] == f"answer 1: {scene.ARABIC_FAULT}"
    assert "answer 3: " in (failure.text or "")
    assert "answer 2: " not in (failure.text or "")
    assert failure.get("type") == "wrong answer"
    (run,) = [run for run in scene.runs() if (run.suite, run.subject) == ("extraction", "acme/chat-mini")]
    spent = sum(sample.seconds for sample in run.samples if sample.case_id == "extraction_09")
    assert float(tests["extraction_09"].get("time") or 0) == pytest.approx(spent, abs=0.001)


def test_a_case_without_an_answer_says_why() -> None:
    run = one_run()
    silent = run.samples[0].model_copy(
        update={"failure": "ModelError: cut off", "grade": run.samples[0].grade.model_copy(update={"passed": False})}
    )
    failure = junit((run.model_copy(update={"samples": (silent,), "epochs": 1}),))[0].find("testcase/failure")
    assert failure is not None
    assert (failure.get("type"), failure.get("message")) == ("no answer", "ModelError: cut off")


def test_a_case_without_a_grade_is_an_error_whether_other_epochs_have_one_or_not() -> None:
    run = one_run(unscored=("extraction_00", "never_graded"))
    errors = [test.get("name") for test in junit((run,))[0].findall("testcase") if test.find("error") is not None]
    assert errors == ["extraction_00", "never_graded"]
    assert junit((run,)).get("errors") == "2"


def test_misses_of_one_measure_are_one_failed_test() -> None:
    miss = Miss(suite="fit", subject="rules", measure="samples", what="2 of 3")
    other = miss.model_copy(update={"what": "1 without a grade"})
    (suite,) = [suite for suite in junit((one_run(),), (miss, other)) if suite.get("name") == "thresholds"]
    (test,) = suite.findall("testcase")
    assert (test.get("classname"), test.get("name")) == ("thresholds.fit.rules", "samples")
    assert test.findtext("failure") == "2 of 3\n1 without a grade"
    assert [suite.get("name") for suite in junit((one_run(),))] == ["extraction · rules"]


@pytest.mark.parametrize("text", [*scene.HOSTILE, "\x1b[31m\ufffe\U0001fffe\u2028 end"])
def test_no_text_breaks_the_xml(text: str) -> None:
    grade = scene.runs()[0].samples[0].grade.model_copy(update={"passed": False, "faults": (text,)})
    sample = scene.runs()[0].samples[0].model_copy(update={"grade": grade})
    root = junit(
        (one_run(samples=(sample,), subject=text[:200]),), (scene.misses()[0].model_copy(update={"what": text}),)
    )
    plain = " ".join(visible(text).split())
    assert root.findtext("testsuite/testcase/failure") == plain
    assert root[1].findtext("testcase/failure") == plain
    assert root[0].get("name") == f"extraction · {' '.join(visible(text[:200]).split())}"


def test_json_holds_the_table_and_the_cases() -> None:
    shown = json.loads(json.dumps(to_json(scene.runs())))
    assert shown["version"] == JSON_VERSION == 1
    assert shown["subjects"] == [
        {"label": "rules", "kind": "rules"},
        {"label": "acme/chat-large-2026", "kind": "model"},
        {"label": "acme/chat-mini", "kind": "model"},
        {"label": "control/liar", "kind": "control"},
    ]
    assert shown["suites"] == ["extraction", "fit", "injection"]
    run = shown["runs"][0]
    assert run["failed"] == ["extraction_04", "extraction_10"]
    assert len(run["passed"]) == 10
    assert (run["suite"], run["subject"], run["samples"], run["epochs"]) == ("extraction", "rules", 36, 3)
    (steady,) = [
        item for item in shown["runs"] if item["suite"] == "extraction" and item["subject"] == "acme/chat-mini"
    ]
    assert "extraction_09" in steady["failed"], "one wrong answer of three is a failed case"
    rows = [Row.model_validate(row) for row in shown["rows"]]
    (passed,) = [row for row in rows if (row.suite, row.subject, row.measure) == ("extraction", "rules", "passed")]
    assert passed.value == pytest.approx(30 / 36)


def html(markdown: str) -> str:
    """As GitHub renders it, with the extensions that could make something of a text."""
    return str(MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(markdown))


def test_the_summary_is_a_table_with_intervals() -> None:
    text = to_github_summary(scene.runs(), ())
    assert "| Suite | rules | acme\\/chat\\-large\\-2026 |" in text
    assert "| extraction | 83.3% (46.3% to 96.7%) |" in text
    assert "Every bound is kept." in text
    shown = html(text)
    assert shown.count("<tr>") == 4
    assert shown.count("<td>") == 12 + 3
    assert "<th>acme/chat-large-2026</th>" in shown


def test_the_summary_says_nothing_of_bounds_that_nobody_looked_at() -> None:
    assert "ound" not in to_github_summary(scene.runs(), None)


def test_a_suite_that_a_subject_did_not_run_says_so() -> None:
    assert "| fit | not run |" in to_github_summary(
        [run for run in scene.runs() if run.subject != "rules" or run.suite != "fit"]
    )


@pytest.mark.parametrize("text", scene.HOSTILE)
def test_no_text_becomes_markdown(text: str) -> None:
    miss = scene.misses()[0].model_copy(update={"what": text})
    shown = html(to_github_summary([one_run(subject=f"a {text}"[:200])], (miss,)))
    assert shown.count("<td>") == 2
    assert shown.count("<li>") == 1
    for tag in ("<script", "<img", "<b>", "<a ", "<em", "<code", "<h1", "<del", "<!--"):
        assert tag not in shown
    assert shown.count("<strong>") == 1, "our own"
    plain = " ".join(visible(text).split())
    assert plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;") in shown
