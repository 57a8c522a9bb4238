"""A case of the fit suite and what comes out of it."""

from typing import Annotated

from pydantic import Field

from partnership_os.evals.cases.fit.world import Row, Variant
from partnership_os.evals.checks.verdict import Verdict
from partnership_os.evals.suite import Case
from partnership_os.schemas.base import Fraction, Label, Points, Record, RecordId
from partnership_os.schemas.score_card import Band

__all__ = ["ByModel", "CardCheck", "Figures", "FitCase", "FitOutcome", "Placed", "Standing"]


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


class Standing(Record):
    """What of a card decides where it stands, its figures apart: blocked, the best band, must-haves not shown yet."""

    blocked: bool
    best_band: Band
    open_must_haves: Annotated[int, Field(ge=0)]


class Placed(Record):
    """One company of the case: its card's figures and standing, its rank in discovery, and why it is out.

    Attributes:
        rank: 1 is best; those that discovery leaves out share the place after the last.
        place: Where its card stands among all cards of the case, those that discovery leaves out too; 1 is best.
        excluded: The rule by which discovery leaves it out.
    """

    company: RecordId
    figures: Figures
    standing: Standing
    rank: Annotated[int, Field(ge=1)]
    place: Annotated[int, Field(ge=1)]
    excluded: Label | None = None


class ByModel(Record):
    """One company as the model alone has read it: what code kept of its claims, and what is made of them.

    Attributes:
        rank: By the card of these claims alone; companies of which no claim was kept share the place after the last.
        kept: Claims of the model that code kept.
        refused: Claims of the model that code refused.
        indicators: Indicators that the model's claims make known, of those in ``possible``.
        possible: Indicators that the claims of model and rules together make known.
    """

    company: RecordId
    rank: Annotated[int, Field(ge=1)]
    kept: Annotated[int, Field(ge=0)]
    refused: Annotated[int, Field(ge=0)]
    indicators: Annotated[int, Field(ge=0)]
    possible: Annotated[int, Field(ge=0)]


class CardCheck(Record):
    """One check of one card: of a company of the case, or of a variant of the first one."""

    card: Label
    verdict: Verdict


class FitOutcome(Record):
    """The companies in the case's order, the first one's figures with one thing changed, and every card's checks.

    ``by_model`` holds the companies in the same order; None where no model is asked.
    """

    placed: tuple[Placed, ...]
    variants: dict[Variant, Figures]
    checks: tuple[CardCheck, ...]
    by_model: tuple[ByModel, ...] | None = None
