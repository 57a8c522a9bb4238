"""Every case of a suite: why it is there, and what each subject answered, with the faults of it."""

import json
from collections.abc import Sequence
from typing import Any

from partnership_os.evals.report.content import SuiteContent
from partnership_os.evals.report.markup import Child, Element, el
from partnership_os.evals.report.words import Words, name, outside
from partnership_os.evals.sample import Completion, Sample
from partnership_os.evals.suite import Mark

__all__ = ["LONGEST_JSON", "case_list"]

LONGEST_JSON = 6_000
"""Characters of an answer that the page shows: long documents stay in the log, or a page of many could not be opened."""


def case_list(words: Words, suite: SuiteContent) -> Element:
    """The cases with a filter; without scripts all are shown."""
    subjects = [run.subject for run in suite.runs]
    ids = sorted({sample.case_id for run in suite.runs for sample in run.samples})
    answers = {subject: _by_case(run.samples) for subject, run in zip(subjects, suite.runs, strict=True)}
    items = [_case(words, suite, case_id, {key: answers[key].get(case_id, []) for key in subjects}) for case_id in ids]
    return el(
        "div",
        el("h3", words("cases.heading")),
        _filter(words, suite, subjects, len(items)),
        el("div", items, class_="cases"),
        class_="drill",
    )


def _by_case(samples: Sequence[Sample]) -> dict[str, list[Sample]]:
    found: dict[str, list[Sample]] = {}
    for sample in samples:
        found.setdefault(sample.case_id, []).append(sample)
    return found


def _filter(words: Words, suite: SuiteContent, subjects: Sequence[str], count: int) -> Element:
    field = f"{suite.name}-filter"
    choices = [("all", words("filter.all")), ("failed", words("filter.failed")), ("every", words("filter.every"))]
    for kind in ("by", "only"):
        choices += [
            (f"{kind} {number}", words.plain(f"filter.{kind}", subject=subject))
            for number, subject in enumerate(subjects)
        ]
    return el(
        "p",
        el("label", words("filter"), for_=field),
        " ",
        el("select", [el("option", text, value=value) for value, text in choices], id=field),
        " ",
        el(
            "output",
            words.plain("filter.shown", count=count, all=count),
            for_=field,
            data_shown=words("filter.shown"),
        ),
        class_="filter",
        hidden=True,
    )


def _case(words: Words, suite: SuiteContent, case_id: str, answers: dict[str, list[Sample]]) -> Element:
    failed = [
        number for number, samples in enumerate(answers.values()) if any(not item.grade.passed for item in samples)
    ]
    asked = sum(bool(samples) for samples in answers.values())
    known = suite.background.cases.get(case_id)
    cluster = next(samples[0].cluster for samples in answers.values() if samples)
    about: list[Child] = [
        el("p", f"{words('cluster')}: ", name(cluster), class_="quiet"),
        el("p", el("strong", f"{words('reason')}: "), outside("span", known.reason)) if known else None,
        _json(words, words("case.asked"), known.model_dump(mode="json")) if known else None,
    ]
    return el(
        "details",
        el(
            "summary",
            el("span", name(case_id), class_="case-id"),
            [_badge(words, subject, samples) for subject, samples in answers.items() if samples],
        ),
        el("div", about, [_subject(words, *item) for item in answers.items() if item[1]], class_="case-body"),
        class_="case",
        data_failed=" ".join(map(str, failed)),
        data_asked=asked,
    )


def _badge(words: Words, subject: str, samples: Sequence[Sample]) -> Element:
    failed = sum(not item.grade.passed for item in samples)
    is_right = failed == 0
    word = words("passed" if is_right else "failed")
    share = f" {failed or len(samples)}/{len(samples)}" if len(samples) > 1 else ""
    return el(
        "span",
        "✓ " if is_right else "✗ ",
        name(subject),
        el("span", f" {word}", name(share) if share else None),
        class_="badge right" if is_right else "badge wrong",
    )


def _subject(words: Words, subject: str, samples: Sequence[Sample]) -> Element:
    """The answers of one subject, those that are the same together."""
    groups: list[list[Sample]] = []
    for sample in samples:
        same = next((group for group in groups if _same(group[0], sample)), None)
        if same is None:
            groups.append([sample])
        else:
            same.append(sample)
    return el("section", el("h4", name(subject)), [_answer(words, group, len(samples)) for group in groups])


def _same(first: Sample, second: Sample) -> bool:
    left, right = (item.model_dump(exclude={"epoch", "seconds", "usage"}) for item in (first, second))
    return left == right


def _answer(words: Words, group: Sequence[Sample], count: int) -> Element:
    sample = group[0]
    epochs = ", ".join(str(item.epoch) for item in group)
    title = words.phrase("case.same" if len(group) > 1 else "case.epochs", epochs=epochs) if count > 1 else []
    seconds = ", ".join(f"{item.seconds:.2f} s" for item in group)
    state = words("passed" if sample.grade.passed else "failed")
    return el(
        "div",
        el(
            "p",
            *title,
            " – " if title else None,
            el("strong", ("✓ " if sample.grade.passed else "✗ ") + state),
            " ",
            el("span", name(seconds), class_="quiet"),
        ),
        el("p", *words.phrase("case.no_answer", failure=sample.failure), class_="missed") if sample.failure else None,
        _faults(words, sample),
        _marks(words, sample.grade.marks),
        _completions(words, sample.completions),
        _json(words, words("case.outcome"), sample.outcome) if sample.outcome is not None else None,
        class_="answer right" if sample.grade.passed else "answer wrong",
    )


def _faults(words: Words, sample: Sample) -> list[Child]:
    if not sample.grade.faults:
        return []
    return [el("h5", words("case.faults")), el("ul", [outside("li", fault) for fault in sample.grade.faults])]


def _marks(words: Words, marks: dict[str, Mark]) -> list[Child]:
    if not marks:
        return []
    shown = [el("li", name(f"{measure} {mark.got:g}/{mark.of:g}")) for measure, mark in marks.items()]
    return [el("h5", words("case.marks")), el("ul", shown, class_="marks")]


def _completions(words: Words, completions: Sequence[Completion]) -> list[Child]:
    """Only where one took more than one try: what fits at once needs no line."""
    if all(item.valid and item.tries == 1 for item in completions):
        return []
    lines = []
    for item in completions:
        state = words("case.valid" if item.valid else "case.invalid")
        text = words.phrase("case.tries", contract=item.contract, state=state, tries=item.tries)
        lines.append(el("li", *text, [f" – ", name(item.failure)] if item.failure else None))
    return [el("h5", words("case.schema")), el("ul", lines)]


def _json(words: Words, title: str, value: Any) -> Element:
    text = json.dumps(value, ensure_ascii=False, indent=2)
    cut = None
    if len(text) > LONGEST_JSON:
        cut = el("p", *words.phrase("case.cut", kept=f"{LONGEST_JSON:,}", all=f"{len(text):,}"), class_="quiet")
        text = text[:LONGEST_JSON]
    return el("details", el("summary", title), el("pre", text, dir="ltr", tabindex=0), cut)
