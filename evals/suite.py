"""What a suite is: cases as data, an answer of the product to each, and a grade of the answer.

A suite is a folder of ``evals/cases``: a README, the cases by version, and ``suite.py`` with one subclass of `Suite`
named ``SUITE``. Nothing has to be registered: `find_suites` looks into the folders.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from enum import StrEnum
from math import inf
from typing import TYPE_CHECKING, Annotated, ClassVar, Generic, Self, TypeVar

from pydantic import Field

from partnership_os.schemas.base import Label, Record, Sentence, Slug

if TYPE_CHECKING:
    from partnership_os.evals.sitting import Sitting

__all__ = [
    "Asks",
    "Better",
    "Case",
    "CaseT",
    "Grade",
    "Mark",
    "Measure",
    "MeasureKind",
    "Mistake",
    "OutcomeT",
    "Suite",
]


class Case(Record):
    """One case. Suites add their own fields; unknown ones are refused.

    ``cluster`` names what several cases share, mostly the company: intervals are computed over clusters, because
    cases about one company succeed and fail together.
    """

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_\-]{1,79}$")]
    cluster: Annotated[str, Field(min_length=1, max_length=80)]
    reason: Sentence
    """Why this case is here and why its ground truth is the truth."""


class Mark(Record):
    """What one case adds to one measure: ``got`` out of ``of``, or one value where the measure is a mean."""

    got: Annotated[float, Field(allow_inf_nan=False)]
    of: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 1.0

    @classmethod
    def share(cls, things: Iterable[bool]) -> Self:
        """How many of these are true."""
        every = tuple(things)
        return cls(got=float(sum(every)), of=float(len(every)))

    @classmethod
    def yes(cls, fact: bool) -> Self:
        """One of one where it is true."""
        return cls(got=float(fact))


class MeasureKind(StrEnum):
    """A rate counts things that are so or not (Σ got / Σ of, Wilson interval); a mean averages values (t interval)."""

    RATE = "rate"
    MEAN = "mean"


class Better(StrEnum):
    """Which way is good; a measure that only informs has none."""

    HIGHER = "higher"
    LOWER = "lower"
    NEITHER = "neither"


class Measure(Record):
    """One column of a suite's table.

    ``worst`` is what a failed case counts as. ``of_model`` measures say something about a chat model alone and have no
    value where none is asked. ``least`` and ``most`` are what no value of a mean can pass; a rate lies between 0 and 1.
    """

    name: Slug
    meaning: Sentence
    kind: MeasureKind = MeasureKind.RATE
    better: Better = Better.HIGHER
    worst: float = 0.0
    least: float | None = None
    most: float | None = None
    of_model: bool = False

    def allows(self, mark: Mark) -> bool:
        """Whether a mark can be one of this measure."""
        if self.kind is MeasureKind.RATE:
            return 0 <= mark.got <= mark.of
        least, most = (-inf if self.least is None else self.least), (inf if self.most is None else self.most)
        return least <= mark.got <= most


class Grade(Record):
    """The grade of one answer.

    Attributes:
        passed: Whether the case as a whole is right; pass^k counts this.
        marks: Measure → mark. A measure that does not apply to this case is left out.
        pairs: Name of a calibration → (stated probability, what came true) pairs.
        faults: What was wrong, in words, for the reader of the report. They hold no secret of ours.
    """

    passed: bool
    marks: dict[Slug, Mark]
    pairs: dict[Slug, tuple[tuple[float, bool], ...]] = Field(default_factory=dict)
    faults: tuple[Annotated[str, Field(max_length=500)], ...] = ()


class Asks(StrEnum):
    """What of a chosen model a suite asks: tables say so where another model cannot change anything."""

    CHAT = "chat"
    EMBEDDING = "embedding"


CaseT = TypeVar("CaseT", bound=Case)
OutcomeT = TypeVar("OutcomeT", bound=Record)


class Mistake(Record, Generic[OutcomeT]):
    """A planted wrong answer, and the measures that have to suffer from it."""

    name: Label
    outcome: OutcomeT
    hurts: Annotated[tuple[Slug, ...], Field(min_length=1)]


class Suite(ABC, Generic[CaseT, OutcomeT]):
    """A suite: answers come from the product, grades from plain functions of `evals.checks`.

    The same `grade` judges the product, the ground truth (`truth`, which must get full marks) and planted mistakes
    (`mistakes`, which must lose some): ``partnership eval oracle``.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    version: ClassVar[str] = "v1"
    asks: ClassVar[Asks] = Asks.CHAT
    case_type: ClassVar[type[Case]]
    outcome_type: ClassVar[type[Record]]
    measures: ClassVar[tuple[Measure, ...]]

    @abstractmethod
    def answer(self, case: CaseT, sitting: "Sitting") -> OutcomeT:
        """What the product does with the case. It may raise; that is a failed case."""

    @abstractmethod
    def grade(self, case: CaseT, outcome: OutcomeT) -> Grade:
        """Judge an answer against the case. A pure function: the same answer gets the same grade."""

    @abstractmethod
    def truth(self, case: CaseT) -> OutcomeT:
        """The right answer, made from the case alone."""

    @abstractmethod
    def mistakes(self, case: CaseT) -> Iterable[Mistake[OutcomeT]]:
        """Wrong answers that `grade` must find; at least one for a case."""

    def unknown_names(self, case: CaseT) -> Iterable[tuple[str, str]]:
        """Field and name of each thing that a case names and the suite's world lacks: such a case is refused."""
        return ()

    def failure(self, case: CaseT) -> Mapping[str, Mark]:
        """The marks of a case to which no answer came: the worst in each measure that the right answer has a mark in.

        They weigh as much as those of the right answer, so that a crash never costs less than a wrong answer. Measures
        of the model alone are left out: nobody knows here whether one was asked.
        """
        known = {item.name: item for item in self.measures}
        right = self.grade(case, self.truth(case)).marks
        return {name: _worst(known[name], mark) for name, mark in right.items() if not known[name].of_model}


def _worst(measure: Measure, right: Mark) -> Mark:
    if measure.kind is MeasureKind.MEAN:
        return Mark(got=measure.worst)
    of = right.of or 1.0
    return Mark(got=measure.worst * of, of=of)
