"""Runs for other programs: JUnit XML for CI systems, JSON for scripts, Markdown for the summary page of a job.

What comes from cases and models is data in all of them: no character of it can become markup.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from partnership_os.evals.report.subjects import kind_of, place_of
from partnership_os.evals.sample import Sample, SuiteRun
from partnership_os.evals.table import Row, rows_of
from partnership_os.evals.thresholds import Miss
from partnership_os.tools.text import visible

__all__ = ["JSON_VERSION", "to_github_summary", "to_json", "to_junit"]

JSON_VERSION = 1
"""Version of the shape of `to_json`; it rises when a field goes or means something else."""
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


def to_junit(runs: Sequence[SuiteRun], misses: Sequence[Miss] | None = None) -> str:
    """JUnit XML: a suite for each suite and subject, a test for each case over all its epochs, and one for each miss.

    A case with a fault is a failed test, although only a missed bound makes a run bad: let a CI system show this
    file, and let the exit code of ``partnership eval check`` decide. A case of which a sample has no grade is an error.

    Args:
        runs: As `evals.logs.read_runs` gives them.
        misses: As `evals.thresholds.check` gives them; they stand in a suite ``thresholds``.
    """
    root = Element("testsuites", name="partnership eval")
    for run in runs:
        _junit_suite(root, run)
    if misses:
        suite = SubElement(root, "testsuite", name="thresholds", time="0")
        for key, found in _by_place(misses):
            test = SubElement(suite, "testcase", classname=_plain(f"thresholds.{key[0]}.{key[1]}"), name=_plain(key[2]))
            lines = [_plain(miss.what) for miss in found]
            SubElement(test, "failure", message=lines[0], type="missed bound").text = "\n".join(lines)
        _count(suite)
    for name in ("tests", "failures", "errors"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{tostring(root, encoding="unicode")}\n'


def _junit_suite(root: Element, run: SuiteRun) -> None:
    seconds = sum(sample.seconds for sample in run.samples)
    suite = SubElement(
        root,
        "testsuite",
        name=_plain(f"{run.suite} · {run.subject}"),
        timestamp=_plain(run.started_at.removesuffix("+00:00")),
        time=f"{seconds:.3f}",
    )
    properties = SubElement(suite, "properties")
    about = {"subject": run.subject, "engine": run.engine, "cases": run.version, "epochs": str(run.epochs)}
    for name, value in about.items():
        SubElement(properties, "property", name=name, value=_plain(value))
    classname = _plain(f"{run.suite}.{run.subject}")
    for case_id, samples in _by_case(run):
        spent = sum(sample.seconds for sample in samples)
        test = SubElement(suite, "testcase", classname=classname, name=_plain(case_id), time=f"{spent:.3f}")
        _junit_result(test, samples, case_id in run.unscored)
    graded = {sample.case_id for sample in run.samples}
    for case_id in sorted(set(run.unscored) - graded):
        test = SubElement(suite, "testcase", classname=classname, name=_plain(case_id), time="0.000")
        SubElement(test, "error", message="no answer has a grade", type="no grade")
    _count(suite)


def _junit_result(test: Element, samples: Sequence[Sample], is_unscored: bool) -> None:
    if is_unscored:
        SubElement(test, "error", message="an answer has no grade", type="no grade")
        return
    failed = [sample for sample in samples if not sample.grade.passed]
    if not failed:
        return
    faults = [(sample.epoch, _plain(text)) for sample in failed for text in _faults(sample)]
    share = f"{len(failed)} of {len(samples)} answers are wrong: " if len(samples) > 1 else ""
    is_silent = all(sample.failure is not None for sample in failed)
    text = "\n".join(f"answer {epoch}: {fault}" if len(samples) > 1 else fault for epoch, fault in faults)
    kind = "no answer" if is_silent else "wrong answer"
    SubElement(test, "failure", message=f"{share}{faults[0][1]}", type=kind).text = text


def _faults(sample: Sample) -> Iterator[str]:
    faults = sample.grade.faults or ("the case is not right as a whole",)
    if sample.failure is not None and sample.failure not in faults:
        yield sample.failure
    yield from faults


def _count(suite: Element) -> None:
    suite.set("tests", str(len(suite.findall("testcase"))))
    suite.set("failures", str(len(suite.findall("testcase/failure"))))
    suite.set("errors", str(len(suite.findall("testcase/error"))))
    suite.set("skipped", "0")


def to_json(runs: Sequence[SuiteRun]) -> dict[str, Any]:
    """Everything that a script may want to go on with, as values of JSON.

    Returns:
        ``version`` of this shape; ``subjects`` with what each is (``rules``, ``model``, ``control``); ``runs`` with
        the cases that passed (in every epoch) and failed; and ``rows``, the whole table (see `evals.table.Row`).
    """
    subjects = sorted({run.subject for run in runs}, key=place_of)
    return {
        "version": JSON_VERSION,
        "subjects": [{"label": subject, "kind": kind_of(subject)} for subject in subjects],
        "suites": sorted({run.suite for run in runs}),
        "runs": [_json_run(run) for run in runs],
        "rows": [row.model_dump(mode="json") for run in runs for row in rows_of(run)],
    }


def _json_run(run: SuiteRun) -> dict[str, Any]:
    cases = {case_id: all(item.grade.passed for item in samples) for case_id, samples in _by_case(run)}
    about = run.model_dump(mode="json", exclude={"samples"})
    return {
        **about,
        "samples": len(run.samples),
        "passed": [case_id for case_id, passed in cases.items() if passed],
        "failed": [case_id for case_id, passed in cases.items() if not passed],
    }


def to_github_summary(runs: Sequence[SuiteRun], misses: Sequence[Miss] | None = None) -> str:
    """Markdown for the file that ``GITHUB_STEP_SUMMARY`` names: the share of right answers, and the bounds missed.

    Args:
        runs: As `evals.logs.read_runs` gives them.
        misses: As `evals.thresholds.check` gives them; None where the runs were not held against any bound.
    """
    subjects = sorted({run.subject for run in runs}, key=place_of)
    rows = {(row.suite, row.subject): row for run in runs for row in rows_of(run) if row.measure == "passed"}
    lines = [
        "### Evaluation suites",
        "",
        "Share of answers that are right as a whole, with its 95 % interval.",
        "",
        f"| Suite | {' | '.join(_escaped(subject) for subject in subjects)} |",
        f"| --- |{' --- |' * len(subjects)}",
        *(
            f"| {_escaped(suite)} | {' | '.join(_cell(rows.get((suite, subject))) for subject in subjects)} |"
            for suite in sorted({run.suite for run in runs})
        ),
        "",
        *_missed_lines(misses),
    ]
    return "\n".join(lines) + "\n"


def _missed_lines(misses: Sequence[Miss] | None) -> list[str]:
    if misses is None:
        return []
    if not misses:
        return ["Every bound is kept.", ""]
    listed = [
        f"- {_escaped(miss.suite)} · {_escaped(miss.subject)} · {_escaped(miss.measure)}: {_escaped(miss.what)}"
        for miss in misses
    ]
    return [f"**❌ Missed bounds: {len(misses)}**", "", *listed, ""]


def _cell(row: Row | None) -> str:
    if row is None:
        return "not run"
    if row.low is None or row.high is None:
        return f"{row.value:.1%}"
    return f"{row.value:.1%} ({row.low:.1%} to {row.high:.1%})"


def _escaped(text: str) -> str:
    """Text on one line in which no character means anything to Markdown: any punctuation may be escaped."""
    return _PUNCTUATION.sub(r"\\\1", " ".join(visible(text).split()))


def _plain(text: str) -> str:
    """Text on one line without a character that XML forbids."""
    return " ".join(visible(text).split())


def _by_case(run: SuiteRun) -> Iterator[tuple[str, list[Sample]]]:
    ordered = sorted(run.samples, key=lambda sample: (sample.case_id, sample.epoch))
    for case_id, samples in groupby(ordered, key=lambda sample: sample.case_id):
        yield case_id, list(samples)


def _by_place(misses: Iterable[Miss]) -> Iterator[tuple[tuple[str, str, str], list[Miss]]]:
    """Misses of one measure together: two tests of one name would be taken for one."""
    found: dict[tuple[str, str, str], list[Miss]] = {}
    for miss in misses:
        found.setdefault((miss.suite, miss.subject, miss.measure), []).append(miss)
    yield from found.items()
