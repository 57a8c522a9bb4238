"""The fit suite: score cards and a ranking of some companies against a need, held against two labellings."""

from collections.abc import Iterator, Mapping
from typing import ClassVar

from partnership_os.evals.cases.fit.card_checks import SCHEMA, checks_of
from partnership_os.evals.cases.fit.grading import (
    SHIFT_OF_UNKNOWN,
    check_marks,
    model_faults,
    model_marks,
    ranking_faults,
    ranking_marks,
    sides,
    variant_faults,
    variant_marks,
)
from partnership_os.evals.cases.fit.ideal import ideal_of, mistakes_in
from partnership_os.evals.cases.fit.labels import truths_of
from partnership_os.evals.cases.fit.order import order_faults, order_marks
from partnership_os.evals.cases.fit.outcome import CardCheck, FitCase, FitOutcome, Placed
from partnership_os.evals.cases.fit.scoring import by_model, places_of, ranking_of, scored
from partnership_os.evals.cases.fit.world import Variant, changed, companies, company_named, need_named, needs
from partnership_os.evals.sitting import Sitting
from partnership_os.evals.suite import Better, Case, Grade, Mark, Measure, MeasureKind, Mistake, Suite
from partnership_os.schemas.base import Record

__all__ = ["SUITE", "FitSuite"]


class FitSuite(Suite[FitCase, FitOutcome]):
    """Need × companies → score cards and a ranking, by the subject's reading of the texts."""

    name: ClassVar[str] = "fit"
    title: ClassVar[str] = "Score cards and ranking"
    case_type: ClassVar[type[Case]] = FitCase
    outcome_type: ClassVar[type[Record]] = FitOutcome
    measures: ClassVar[tuple[Measure, ...]] = (
        Measure(
            name="ndcg_at_3",
            kind=MeasureKind.MEAN,
            least=0.0,
            most=1.0,
            meaning="NDCG of the first three; 1 is the best order.",
        ),
        Measure(name="pair_agreement", meaning="Pairs with different labels that are ranked as the labels say."),
        Measure(
            name="spearman",
            kind=MeasureKind.MEAN,
            worst=-1.0,
            least=-1.0,
            most=1.0,
            meaning="Spearman's ρ of rank and label, over three companies or more.",
        ),
        Measure(name="top_1", meaning="A company with the best label is first."),
        Measure(
            name="excluded_right",
            meaning="Pairs in which a company that a rule excludes stands below one that is worth a call.",
        ),
        Measure(
            name="band_side",
            meaning="Bands, Unknown aside, on the side of the label: pursue or develop where it is worth a call.",
        ),
        Measure(
            name="order_by_rule",
            meaning="Pairs of cards that stand as the published rule says, blocked ones last.",
        ),
        Measure(
            name="card_checks",
            meaning="Checks of sources, quotes, arithmetic, must-haves and hard gates that cards pass.",
        ),
        Measure(name=SCHEMA, meaning="Cards that are valid under their schema."),
        Measure(name="permutation_invariant", meaning="Cards that do not change with the order of rows and texts."),
        Measure(
            name="name_shift",
            kind=MeasureKind.MEAN,
            better=Better.LOWER,
            worst=SHIFT_OF_UNKNOWN,
            least=0.0,
            most=SHIFT_OF_UNKNOWN,
            meaning="Mean change of the score, up or down, when only the name changes script or origin.",
        ),
        Measure(name="monotone", meaning="Scores that do not fall when a fact that is asked for is added."),
        Measure(
            name="model_ndcg_at_3",
            kind=MeasureKind.MEAN,
            least=0.0,
            most=1.0,
            of_model=True,
            meaning="NDCG of the first three by cards that are made of the model's own claims alone.",
        ),
        Measure(
            name="model_pair_agreement",
            of_model=True,
            meaning="Pairs with different labels that these cards rank as the labels say; a tie is not agreed.",
        ),
        Measure(
            name="model_indicators",
            of_model=True,
            meaning="Indicators that the model's own claims make known, of those that claims of model and rules do.",
        ),
        Measure(name="model_kept", of_model=True, meaning="Claims of the model that code kept, of all it stated."),
    )

    def answer(self, case: FitCase, sitting: Sitting) -> FitOutcome:
        """Score every company, rank them, and score the first one again with one thing changed at a time."""
        need, first = need_named(case.need), company_named(case.companies[0])
        cards = {name: scored(company_named(name), need, sitting) for name in case.companies}
        variants = {
            variant: scored(changed(first, variant, case.better), need, sitting, variant is Variant.REVERSED)
            for variant in Variant
        }
        ranking, places = ranking_of(cards, need, sitting), places_of(cards)
        last = len(ranking.ranks) + 1
        return FitOutcome(
            placed=tuple(
                Placed(
                    company=name,
                    figures=item.figures,
                    standing=item.standing,
                    rank=ranking.ranks.get(name, last),
                    place=places[name],
                    excluded=ranking.excluded.get(name),
                )
                for name, item in cards.items()
            ),
            variants={variant: item.figures for variant, item in variants.items()},
            checks=tuple(
                CardCheck(card=name, verdict=verdict)
                for name, item in (*cards.items(), *variants.items())
                for verdict in checks_of(item)
            ),
            by_model=by_model(cards, sitting),
        )

    def grade(self, case: FitCase, outcome: FitOutcome) -> Grade:
        """Compare the ranking with the labels, and the variants with the first card.

        Passed where a best company is first, no excluded one stands above one worth a call, bands are on the side of
        their labels, cards stand as the published rule says, every check holds, nothing changed a card that should not,
        and code kept some claim of the model where one is asked.
        """
        placed, truths = outcome.placed, tuple(truths_of(case.need, case.companies).values())
        if tuple(item.company for item in placed) != case.companies:
            return Grade(passed=False, marks=dict(self.failure(case)), faults=("the companies are not the case's",))
        base, pairs = placed[0].figures, tuple(sides(placed, truths))
        wrong = sum(not right for _, right in pairs)
        failed = [item for item in outcome.checks if not item.verdict.passed]
        faults = [
            *ranking_faults(placed, truths),
            *order_faults(placed),
            *([f"{wrong} bands are not on the side of their labels"] if wrong else []),
            *(f"{item.card}: {item.verdict.name}: {item.verdict.detail}" for item in failed),
            *variant_faults(base, outcome.variants),
            *model_faults(outcome.by_model),
        ]
        return Grade(
            passed=not faults,
            marks=ranking_marks(placed, truths)
            | order_marks(placed)
            | {"band_side": Mark.share(right for _, right in pairs)}
            | check_marks(outcome.checks)
            | variant_marks(base, outcome.variants)
            | (model_marks(outcome.by_model, truths) if outcome.by_model is not None else {}),
            pairs={"band_side": pairs},
            faults=tuple(fault[:500] for fault in faults),
        )

    def truth(self, case: FitCase) -> FitOutcome:
        """The ranking of the labels, with figures that fit it."""
        return ideal_of(case)

    def mistakes(self, case: FitCase) -> Iterator[Mistake[FitOutcome]]:
        """Orders, bands, checks, models and variants gone wrong, one at a time."""
        return mistakes_in(case)

    def unknown_names(self, case: FitCase) -> Iterator[tuple[str, str]]:
        """A need or companies that are not of the world."""
        if case.need not in needs():
            yield "need", case.need
        yield from (("companies", name) for name in case.companies if name not in companies())

    def failure(self, case: FitCase) -> Mapping[str, Mark]:
        """The worst of every measure that the case has, those of a model apart."""
        worst = {item.name: item.worst for item in self.measures if not item.of_model}
        applies = self.grade(case, self.truth(case)).marks
        return {name: Mark(got=worst[name], of=mark.of) for name, mark in applies.items() if name in worst}


SUITE = FitSuite()
