"""A tiny suite whose answers the test decides, and runs made of it."""

from collections.abc import Iterator
from typing import ClassVar

import pytest

from partnership_os.evals.sitting import Sitting
from partnership_os.evals.suite import Better, Case, Grade, Mark, Measure, MeasureKind, Mistake, Suite
from partnership_os.schemas.base import Record


class SumCase(Case):
    """Two numbers and their sum."""

    numbers: tuple[int, int]
    trouble: str = ""
    """What goes wrong when the product answers; nothing where empty."""


class SumOutcome(Record):
    """The sum that was given, and what was said with it."""

    total: int
    said: str = ""


class SumSuite(Suite[SumCase, SumOutcome]):
    """Adds numbers; a case can be told to break."""

    name: ClassVar[str] = "sums"
    title: ClassVar[str] = "Numbers → sum"
    case_type: ClassVar[type[Case]] = SumCase
    outcome_type: ClassVar[type[Record]] = SumOutcome
    measures: ClassVar[tuple[Measure, ...]] = (
        Measure(name="right", meaning="Sums that are right."),
        Measure(name="distance", meaning="How far off.", kind=MeasureKind.MEAN, better=Better.LOWER, worst=100.0),
    )

    def answer(self, case: SumCase, sitting: Sitting) -> SumOutcome:
        if case.trouble == "wrong":
            return SumOutcome(total=sum(case.numbers) + 1)
        if case.trouble == "server repeats the key":
            config = sitting.room.subject.config
            raise ValueError(f"server said {config.api_key.get_secret_value() if config else ''}")
        if case.trouble == "answer repeats the key":
            config = sitting.room.subject.config
            return SumOutcome(total=0, said=config.api_key.get_secret_value() if config else "")
        if case.trouble and case.trouble != "ungradable":
            raise ValueError(case.trouble)
        return self.truth(case)

    def grade(self, case: SumCase, outcome: SumOutcome) -> Grade:
        if case.trouble == "ungradable":
            raise KeyError("no such thing")
        away = abs(outcome.total - sum(case.numbers))
        return Grade(
            passed=not away,
            marks={"right": Mark.yes(not away), "distance": Mark(got=away)},
            pairs={"sureness": ((0.8, not away),)},
            faults=(f"off by {away} {outcome.said}".strip(),) if away else (),
        )

    def truth(self, case: SumCase) -> SumOutcome:
        return SumOutcome(total=sum(case.numbers))

    def mistakes(self, case: SumCase) -> Iterator[Mistake[SumOutcome]]:
        yield Mistake(name="one off", outcome=SumOutcome(total=sum(case.numbers) + 1), hurts=("right", "distance"))


def sum_case(number: int, trouble: str = "", cluster: str | None = None) -> SumCase:
    """A case of this number."""
    return SumCase(
        id=f"sum_{number}", cluster=cluster or f"c{number}", reason="made here", numbers=(number, 1), trouble=trouble
    )


@pytest.fixture
def sums(monkeypatch: pytest.MonkeyPatch) -> SumSuite:
    """The suite, known to the catalogue."""
    from partnership_os.evals import catalogue

    suite = SumSuite()
    known = {**catalogue.find_suites(), suite.name: suite}
    for module in ("catalogue", "table"):
        monkeypatch.setattr(f"partnership_os.evals.{module}.find_suites", lambda: known)
    return suite
