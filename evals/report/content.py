"""What the page is about: the runs in the order of the page, and what follows from them."""

from collections.abc import Sequence
from functools import cached_property

from partnership_os.evals.comparison import Difference, compare
from partnership_os.evals.report.background import Background, background_of
from partnership_os.evals.report.subjects import place_of
from partnership_os.evals.report.words import Words
from partnership_os.evals.sample import SuiteRun
from partnership_os.evals.subject import RULES
from partnership_os.evals.table import Row, rows_of
from partnership_os.evals.thresholds import Miss

__all__ = ["Content", "SuiteContent"]


class SuiteContent:
    """One suite by all its subjects.

    Args:
        runs: One of each subject, in the order of the page.
        misses: Bounds of this suite that were missed.
    """

    def __init__(self, runs: Sequence[SuiteRun], misses: Sequence[Miss]) -> None:
        self.name = runs[0].suite
        self.runs = tuple(runs)
        self.misses = tuple(misses)

    @cached_property
    def background(self) -> Background:
        """What the suite says of itself."""
        return background_of(self.name, self.runs[0].version)

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """Every row of the table, subject by subject."""
        return tuple(row for run in self.runs for row in rows_of(run))

    @cached_property
    def differences(self) -> tuple[Difference, ...]:
        """Every other subject against the baseline."""
        base = [run for run in self.runs if run.subject == RULES.label]
        return tuple(found for run in self.runs if run not in base for found in compare(base, [run]))

    @property
    def is_mixed(self) -> bool:
        """Whether the runs are of different cases or of different engines."""
        asked = {frozenset(sample.case_id for sample in run.samples) for run in self.runs if run.finished}
        return len({(run.version, run.engine) for run in self.runs}) > 1 or len(asked) > 1

    @property
    def anchor(self) -> str:
        """Where the suite stands on the page."""
        return f"suite-{self.name}"

    def row(self, subject: str, measure: str) -> Row | None:
        """One figure."""
        return next((row for row in self.rows if (row.subject, row.measure) == (subject, measure)), None)

    def missed(self, subject: str, measure: str) -> tuple[Miss, ...]:
        """The bounds that this figure does not keep."""
        return tuple(miss for miss in self.misses if (miss.subject, miss.measure) == (subject, measure))


class Content:
    """All of it.

    Args:
        runs: Several suites by several subjects; of two of the same suite and subject the last counts.
        misses: Bounds that were missed.
        language: Of the frame, ``en`` or ``ar``.

    Raises:
        InputError: the page is not written in that language.
    """

    def __init__(self, runs: Sequence[SuiteRun], misses: Sequence[Miss], language: str) -> None:
        self.words = Words(language)
        self.misses = tuple(misses)
        one_each = {(run.suite, run.subject): run for run in runs}
        self.runs = tuple(one_each[key] for key in sorted(one_each, key=lambda key: (key[0], place_of(key[1]))))
        self.subjects = tuple(sorted({run.subject for run in self.runs}, key=place_of))
        self.suites = tuple(
            SuiteContent(
                [run for run in self.runs if run.suite == suite], [miss for miss in misses if miss.suite == suite]
            )
            for suite in dict.fromkeys(run.suite for run in self.runs)
        )
