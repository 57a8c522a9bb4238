"""The fit suite: score cards and a ranking of some companies against a need, held against two labellings."""

from collections.abc import Iterator, Mapping
from typing import ClassVar

from partnership_os.agents.rubric import band_of
from partnership_os.evals.cases.fit.grading import (
    SCHEMA,
    SHIFT_OF_UNKNOWN,
    calls,
    check_marks,
    ranking_faults,
    ranking_marks,
    sides,
    variant_faults,
    variant_marks,
)
from partnership_os.evals.cases.fit.labels import Truth, truth_of
from partnership_os.evals.cases.fit.outcome import CardCheck, Figures, FitCase, FitOutcome, Placed
from partnership_os.evals.cases.fit.scoring import checks_of, ranks_of, scored
from partnership_os.evals.cases.fit.world import Variant, changed, company_named, need_named
from partnership_os.evals.checks.verdict import Verdict
from partnership_os.evals.sitting import Sitting
from partnership_os.evals.suite import Better, Case, Grade, Mark, Measure, MeasureKind, Mistake, Suite
from partnership_os.schemas.base import Record
from partnership_os.schemas.score_card import Band

__all__ = ["SUITE", "FitSuite"]


class FitSuite(Suite[FitCase, FitOutcome]):
    """Need × companies → score cards and a ranking, by the subject's reading of the texts."""

    name: ClassVar[str] = "fit"
    title: ClassVar[str] = "Score cards and ranking"
    case_type: ClassVar[type[Case]] = FitCase
    outcome_type: ClassVar[type[Record]] = FitOutcome
    measures: ClassVar[tuple[Measure, ...]] = (
        Measure(name="ndcg_at_3", kind=MeasureKind.MEAN, meaning="NDCG of the first three; 1 is the best order."),
        Measure(name="pair_agreement", meaning="Pairs with different labels that are ranked as the labels say."),
        Measure(
            name="spearman",
            kind=MeasureKind.MEAN,
            worst=-1.0,
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
        Measure(name="card_checks", meaning="Checks of sources, quotes and arithmetic that cards pass."),
        Measure(name=SCHEMA, meaning="Cards that are valid under their schema."),
        Measure(name="permutation_invariant", meaning="Cards that do not change with the order of rows and texts."),
        Measure(
            name="name_shift",
            kind=MeasureKind.MEAN,
            better=Better.LOWER,
            worst=SHIFT_OF_UNKNOWN,
            meaning="Mean change of the score, up or down, when only the name changes script or origin.",
        ),
        Measure(name="monotone", meaning="Scores that do not fall when a fact that is asked for is added."),
    )

    def answer(self, case: FitCase, sitting: Sitting) -> FitOutcome:
        """Score every company, rank them, and score the first one again with one thing changed at a time."""
        need, first = need_named(case.need), company_named(case.companies[0])
        cards = {name: scored(company_named(name), need, sitting) for name in case.companies}
        variants = {
            variant: scored(changed(first, variant, case.better), need, sitting, variant is Variant.REVERSED)
            for variant in Variant
        }
        ranks = ranks_of(cards)
        return FitOutcome(
            placed=tuple(
                Placed(company=name, figures=item.figures, rank=ranks[name], excluded=item.excluded)
                for name, item in cards.items()
            ),
            variants={variant: item.figures for variant, item in variants.items()},
            checks=tuple(
                CardCheck(card=name, verdict=verdict)
                for name, item in (*cards.items(), *variants.items())
                for verdict in checks_of(item.card, item.evidence)
            ),
        )

    def grade(self, case: FitCase, outcome: FitOutcome) -> Grade:
        """Compare the ranking with the labels, and the variants with the first card.

        Passed where a best company is first, no excluded one stands above one worth a call, bands are on the side of
        their labels, every check holds, and nothing changed a card that should not.
        """
        placed, truths = outcome.placed, tuple(_truths(case).values())
        if tuple(item.company for item in placed) != case.companies:
            return Grade(passed=False, marks=dict(self.failure(case)), faults=("the companies are not the case's",))
        base, pairs = placed[0].figures, tuple(sides(placed, truths))
        wrong = sum(not right for _, right in pairs)
        failed = [item for item in outcome.checks if not item.verdict.passed]
        faults = [
            *ranking_faults(placed, truths),
            *([f"{wrong} bands are not on the side of their labels"] if wrong else []),
            *(f"{item.card}: {item.verdict.name}: {item.verdict.detail}" for item in failed),
            *variant_faults(base, outcome.variants),
        ]
        return Grade(
            passed=not faults,
            marks=ranking_marks(placed, truths)
            | {"band_side": Mark.share(right for _, right in pairs)}
            | check_marks(outcome.checks)
            | variant_marks(base, outcome.variants),
            pairs={"band_side": pairs},
            faults=tuple(fault[:500] for fault in faults),
        )

    def truth(self, case: FitCase) -> FitOutcome:
        """The ranking of the labels, with figures that fit it."""
        truths = _truths(case)
        placed = tuple(
            Placed(
                company=name,
                figures=_figures(truth),
                rank=1 + sum(other.grade > truth.grade for other in truths.values()),
                excluded="by_label" if truth.excluded else None,
            )
            for name, truth in truths.items()
        )
        names = ("source_exists", "quote_support", "score_replays", SCHEMA)
        return FitOutcome(
            placed=placed,
            variants=dict.fromkeys(Variant, placed[0].figures),
            checks=tuple(
                CardCheck(card=card, verdict=Verdict(name=name, passed=True))
                for card in (*case.companies, *Variant)
                for name in names
            ),
        )

    def mistakes(self, case: FitCase) -> Iterator[Mistake[FitOutcome]]:
        """The order reversed, a quote made up, a field broken; rows, names or better evidence that move the card."""
        right = self.truth(case)
        if len({item.rank for item in right.placed}) > 1:
            hurt = {"ndcg_at_3", "pair_agreement", "spearman", "top_1", "excluded_right"}
            applies = set(ranking_marks(right.placed, tuple(_truths(case).values())))
            yield Mistake(name="reversed ranking", outcome=_reversed(right), hurts=tuple(sorted(hurt & applies)))
        if tuple(sides(right.placed, tuple(_truths(case).values()))):
            yield Mistake(name="bands on the wrong side", outcome=_other_bands(right), hurts=("band_side",))
        for name, hurts in (("quote_support", "card_checks"), (SCHEMA, SCHEMA)):
            yield Mistake(name=f"{name} fails", outcome=_failing(right, name), hurts=(hurts,))
        base = right.variants[Variant.REVERSED]
        moved = base.model_copy(update={"score": (base.score or 0.0) - 12})
        for variant, figures, hurts in (
            (Variant.REVERSED, base.model_copy(update={"coverage": 0.5}), "permutation_invariant"),
            (Variant.OTHER_SCRIPT, base.model_copy(update={"score": None}), "name_shift"),
            (Variant.OTHER_ORIGIN, moved, "name_shift"),
            (Variant.BETTER_EVIDENCE, moved, "monotone"),
        ):
            wrong = right.model_copy(update={"variants": right.variants | {variant: figures}})
            yield Mistake(name=f"{variant.value} moves the card", outcome=wrong, hurts=(hurts,))

    def failure(self, case: FitCase) -> Mapping[str, Mark]:
        """The worst of every measure that the case has."""
        worst = {item.name: item.worst for item in self.measures}
        applies = self.grade(case, self.truth(case)).marks
        return {name: Mark(got=worst[name], of=mark.of) for name, mark in applies.items()}


def _truths(case: FitCase) -> dict[str, Truth]:
    return {name: truth_of(case.need, name) for name in case.companies}


def _other_bands(right: FitOutcome) -> FitOutcome:
    """Every band on the other side: worth a call where it was not, and the other way round."""
    turned = tuple(
        item.model_copy(
            update={"figures": item.figures.model_copy(update={"band": Band.DECLINE if calls(item) else Band.PURSUE})}
        )
        for item in right.placed
    )
    return right.model_copy(update={"placed": turned})


def _figures(truth: Truth) -> Figures:
    """Figures that a card might have whose band is on the label's side."""
    score, coverage = 40.0 + 15.0 * truth.grade, 0.9
    return Figures(score=score, coverage=coverage, confidence=0.7, band=band_of(score, coverage))


def _reversed(right: FitOutcome) -> FitOutcome:
    """The worst first, and nobody excluded."""
    placed = tuple(
        item.model_copy(update={"rank": 1 + sum(other.rank > item.rank for other in right.placed), "excluded": None})
        for item in right.placed
    )
    return right.model_copy(update={"placed": placed})


def _failing(right: FitOutcome, name: str) -> FitOutcome:
    """The first check of this name fails."""
    place = next(index for index, item in enumerate(right.checks) if item.verdict.name == name)
    verdict = Verdict(name=name, passed=False, detail="planted")
    checks = list(right.checks)
    checks[place] = checks[place].model_copy(update={"verdict": verdict})
    return right.model_copy(update={"checks": tuple(checks)})


SUITE = FitSuite()
