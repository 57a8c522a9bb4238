"""A case of the fit suite and what comes out of it."""

from typing import Annotated

from pydantic import Field

from partnership_os.evals.cases.fit.world import Row, Variant
from partnership_os.evals.checks.verdict import Verdict
from partnership_os.evals.suite import Case
from partnership_os.schemas.base import Fraction, Label, Points, Record, RecordId
from partnership_os.schemas.score_card import Band

__all__ = ["CardCheck", "Figures", "FitCase", "FitOutcome", "Placed"]


class FitCase(Case):
    """A need and some companies of the world; the variants are made of the first of them."""

    need: RecordId
    companies: Annotated[tuple[RecordId, ...], Field(min_length=2, max_length=6)]
    better: Row
    """One more fact that the need asks for, about the first company, from a better source than those it has."""


class Figures(Record):
    """The figures of one card."""

    score: Points | None
    coverage: Fraction
    confidence: Fraction
    band: Band


class Placed(Record):
    """One company of the case: its card's figures, its rank (1 is best, equal ranks are ties) and why it is out."""

    company: RecordId
    figures: Figures
    rank: Annotated[int, Field(ge=1)]
    excluded: Label | None = None


class CardCheck(Record):
    """One check of one card: of a company of the case, or of a variant of the first one."""

    card: Label
    verdict: Verdict


class FitOutcome(Record):
    """The companies in the case's order, the first one's figures with one thing changed, and every card's checks."""

    placed: tuple[Placed, ...]
    variants: dict[Variant, Figures]
    checks: tuple[CardCheck, ...]
