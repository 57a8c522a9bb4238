"""Every case of a suite: why it is there, and what each subject answered, with the faults of it."""

import json
import re
from collections.abc import Sequence
from typing import Any

from partnership_os.evals.report.content import SuiteContent
from partnership_os.evals.report.markup import Child, Element, el
from partnership_os.evals.report.units import Unit, unit_of
from partnership_os.evals.report.words import Words, name, outside
from partnership_os.evals.sample import Completion, Sample
from partnership_os.evals.suite import Mark

__all__ = ["LONGEST_JSON", "CaseList", "room_for"]

LONGEST_JSON = 6_000
"""Characters of one answer that the page shows at most."""
_LEAST_JSON = 500
_ROOM = 8_000_000
"""Characters of all answers together, about: a page of many long documents could not be opened on a phone. What is cut
stands in the log."""
_STRING = re.compile(r'("(?:[^"\\]|\\.)*")')


def room_for(answers: int) -> int:
    """How many characters of each answer a page of so many shows."""
    return max(_LEAST_JSON, min(LONGEST_JSON, _ROOM // max(answers, 1)))


class CaseList:
    """The cases of one suite.

    Args:
        words: Of the frame.
        suite: The suite by all its subjects.
        longest: Characters of JSON that are shown of one answer.
    """

    def __init__(self, words: Words, suite: SuiteContent, longest: int = LONGEST_JSON) -> None:
        self._words = words
        self._suite = suite
        self._longest = longest

    def element(self) -> Element:
        """The cases with a filter; without scripts all are shown."""
        answers = {run.subject: _by_case(run.samples) for run in self._suite.runs}
        ids = sorted({case_id for found in answers.values() for case_id in found})
        items = [
            self._case(case_id, {key: found.get(case_id, []) for key, found in answers.items()}) for case_id in ids
        ]
        return el(
            "div",
            el("h3", self._words("cases.heading")),
            self._filter(list(answers), len(items)),
            el("div", items, class_="cases"),
            class_="drill",
        )

    def _filter(self, subjects: Sequence[str], count: int) -> Element:
        words = self._words
        field = f"{self._suite.name}-filter"
        choices = [(key, words(f"filter.{key}")) for key in ("all", "failed", "every")]
        for kind in ("by", "only"):
            choices += [
                (f"{kind} {number}", words.plain(f"filter.{kind}", subject=subject))
                for number, subject in enumerate(subjects)
            ]
        told = words.plain("filter.shown", count=count, all=count)
        return el(
            "p",
            el("label", words("filter"), for_=field),
            " ",
            el("select", [el("option", text, value=value) for value, text in choices], id=field),
            " ",
            el("output", told, for_=field, data_shown=words("filter.shown")),
            class_="filter",
            hidden=True,
        )

    def _case(self, case_id: str, answers: dict[str, list[Sample]]) -> Element:
        words = self._words
        given = {subject: samples for subject, samples in answers.items() if samples}
        failed = [
            number for number, samples in enumerate(answers.values()) if any(not item.grade.passed for item in samples)
        ]
        badges = [self._badge(subject, samples) for subject, samples in given.items()]
        cluster = next(iter(given.values()))[0].cluster
        return el(
            "details",
            el("summary", el("span", name(case_id), class_="case-id"), badges),
            el(
                "div",
                el("p", f"{words('cluster')}: ", name(cluster), class_="quiet"),
                self._background(case_id),
                [self._subject(subject, samples) for subject, samples in given.items()],
                class_="case-body",
            ),
            class_="case",
            data_failed=" ".join(map(str, failed)),
            data_asked=len(given),
        )

    def _background(self, case_id: str) -> list[Child]:
        known = self._suite.background.cases.get(case_id)
        if known is None:
            return []
        title = el("strong", f"{self._words('reason')}: ")
        asked = self._json(self._words("case.asked"), known.model_dump(mode="json"))
        return [el("p", title, outside("span", known.reason)), asked]

    def _badge(self, subject: str, samples: Sequence[Sample]) -> Element:
        failed = sum(not item.grade.passed for item in samples)
        share: Child = [" ", name(f"{failed or len(samples)}/{len(samples)}")] if len(samples) > 1 else None
        sign, word, kind = ("✗", "failed", "wrong") if failed else ("✓", "passed", "right")
        return el("span", f"{sign} ", name(subject), f" {self._words(word)}", share, class_=f"badge {kind}")

    def _subject(self, subject: str, samples: Sequence[Sample]) -> Element:
        """The answers of one subject, those that are the same together."""
        groups: list[list[Sample]] = []
        for sample in samples:
            same = next((group for group in groups if _same(group[0], sample)), None)
            if same is None:
                groups.append([sample])
            else:
                same.append(sample)
        return el("section", el("h4", name(subject)), [self._answer(group, len(samples)) for group in groups])

    def _answer(self, group: Sequence[Sample], count: int) -> Element:
        words, sample = self._words, group[0]
        epochs = ", ".join(str(item.epoch) for item in group)
        title = words.phrase("case.same" if len(group) > 1 else "case.epochs", epochs=epochs) if count > 1 else []
        seconds = ", ".join(f"{item.seconds:.2f} s" for item in group)
        sign, word, kind = ("✓", "passed", "right") if sample.grade.passed else ("✗", "failed", "wrong")
        failure = words.phrase("case.no_answer", failure=sample.failure) if sample.failure else None
        return el(
            "div",
            el(
                "p",
                [title, " – "] if title else None,
                el("strong", f"{sign} {words(word)}"),
                " ",
                el("span", name(seconds), class_="quiet"),
            ),
            el("p", *failure, class_="missed") if failure else None,
            self._faults(sample),
            self._marks(sample.grade.marks),
            self._completions(sample.completions),
            self._json(words("case.outcome"), sample.outcome) if sample.outcome is not None else None,
            class_=f"answer {kind}",
        )

    def _faults(self, sample: Sample) -> list[Child]:
        if not sample.grade.faults:
            return []
        title = el("h5", self._words("case.faults"))
        return [title, el("ul", [outside("li", fault) for fault in sample.grade.faults])]

    def _marks(self, marks: dict[str, Mark]) -> list[Child]:
        """A rate as so many of so many, a mean as its value."""
        if not marks:
            return []
        shown = []
        for measure, mark in marks.items():
            is_share = unit_of(self._suite.name, measure) is Unit.SHARE
            text = f"{measure} {mark.got:g}/{mark.of:g}" if is_share else f"{measure} {mark.got:g}"
            shown.append(el("li", name(text)))
        return [el("h5", self._words("case.marks")), el("ul", shown, class_="marks")]

    def _completions(self, completions: Sequence[Completion]) -> list[Child]:
        """Only where one took more than one try: what fits at once needs no line."""
        if all(item.valid and item.tries == 1 for item in completions):
            return []
        lines = []
        for item in completions:
            state = self._words("case.valid" if item.valid else "case.invalid")
            text = self._words.phrase("case.tries", contract=item.contract, state=state, tries=item.tries)
            lines.append(el("li", *text, [" – ", name(item.failure)] if item.failure else None))
        return [el("h5", self._words("case.schema")), el("ul", lines)]

    def _json(self, title: str, value: Any) -> Element:
        """JSON from left to right; a string with other letters is isolated, so that it moves no quotes and commas."""
        text = json.dumps(value, ensure_ascii=False, indent=2)
        cut = None
        if len(text) > self._longest:
            cut = self._words.phrase("case.cut", kept=f"{self._longest:,}", all=f"{len(text):,}")
            text = text[: self._longest]
        parts = [
            el("bdi", part) if at % 2 and not part.isascii() else part for at, part in enumerate(_STRING.split(text))
        ]
        return el(
            "details",
            el("summary", title),
            el("pre", parts, dir="ltr", tabindex=0),
            el("p", *cut, class_="quiet") if cut else None,
        )


def _by_case(samples: Sequence[Sample]) -> dict[str, list[Sample]]:
    found: dict[str, list[Sample]] = {}
    for sample in samples:
        found.setdefault(sample.case_id, []).append(sample)
    return found


def _same(first: Sample, second: Sample) -> bool:
    left, right = (item.model_dump(exclude={"epoch", "seconds", "usage"}) for item in (first, second))
    return left == right
