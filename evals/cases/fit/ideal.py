"""The ideal outcome of a fit case by its labels, and mistakes planted in it, which prove the suite."""

from collections.abc import Iterator

from partnership_os.agents.rubric import band_of
from partnership_os.evals.cases.fit.card_checks import CHECKS, SCHEMA
from partnership_os.evals.cases.fit.grading import calls, ranking_marks, sides
from partnership_os.evals.cases.fit.labels import Truth, truths_of
from partnership_os.evals.cases.fit.outcome import (
    ByModel,
    CardCheck,
    Figures,
    FitCase,
    FitOutcome,
    Placed,
    Standing,
)
from partnership_os.evals.cases.fit.world import Variant
from partnership_os.evals.checks.verdict import Verdict
from partnership_os.evals.suite import Mistake
from partnership_os.schemas.score_card import Band

__all__ = ["ideal_of", "mistakes_in"]

_Mistake = Mistake[FitOutcome]


def ideal_of(case: FitCase) -> FitOutcome:
    """The ranking of the labels, with figures that fit it, and a model that has read all of it."""
    truths = truths_of(case.need, case.companies)
    placed = tuple(_placed(name, truth, truths) for name, truth in truths.items())
    return FitOutcome(
        placed=placed,
        variants=dict.fromkeys(Variant, placed[0].figures),
        checks=tuple(
            CardCheck(card=card, verdict=Verdict(name=name, passed=True))
            for card in (*case.companies, *Variant)
            for name in CHECKS
        ),
        by_model=tuple(
            ByModel(company=item.company, rank=item.rank, kept=3, refused=0, indicators=5, possible=5)
            for item in placed
        ),
    )


def mistakes_in(case: FitCase) -> Iterator[_Mistake]:
    """Orders, bands, checks, models and variants gone wrong, one at a time."""
    right = ideal_of(case)
    yield from _wrong_orders(case, right)
    if tuple(sides(right.placed, tuple(truths_of(case.need, case.companies).values()))):
        yield _Mistake(name="bands on the wrong side", outcome=_other_bands(right), hurts=("band_side",))
    for name in CHECKS:
        hurts = SCHEMA if name == SCHEMA else "card_checks"
        yield _Mistake(name=f"{name} fails", outcome=_failing(right, name), hurts=(hurts,))
    yield from _idle_models(case, right)
    yield from _moved_cards(right)


def _placed(name: str, truth: Truth, truths: dict[str, Truth]) -> Placed:
    above = sum(other.grade > truth.grade for other in truths.values())
    beside = sum(other.grade == truth.grade and truth.excluded and not other.excluded for other in truths.values())
    figures = _figures(truth)
    return Placed(
        company=name,
        figures=figures,
        standing=Standing(blocked=truth.excluded, best_band=figures.band, open_must_haves=0),
        rank=1 + above,
        place=1 + above + beside,
        excluded="by_label" if truth.excluded else None,
    )


def _figures(truth: Truth) -> Figures:
    """Figures that a card might have whose band is on the label's side."""
    score, coverage = 40.0 + 15.0 * truth.grade, 0.9
    return Figures(score=score, coverage=coverage, confidence=0.7, band=band_of(score, coverage))


def _wrong_orders(case: FitCase, right: FitOutcome) -> Iterator[_Mistake]:
    """The worst first; the first two grades swapped; blocked companies first."""
    if len({item.rank for item in right.placed}) > 1:
        hurt = {"ndcg_at_3", "pair_agreement", "spearman", "top_1", "excluded_right"}
        applies = set(ranking_marks(right.placed, tuple(truths_of(case.need, case.companies).values())))
        yield _Mistake(name="reversed ranking", outcome=_reversed(right), hurts=tuple(sorted(hurt & applies)))
    considered = sorted({item.rank for item in right.placed if item.excluded is None})
    if len(considered) > 1:
        swapped = _ranked_anew(right, dict(zip(considered[:2], considered[1::-1], strict=True)))
        yield _Mistake(
            name="the first two swapped", outcome=swapped, hurts=("order_by_rule", "pair_agreement", "top_1")
        )
    if len({item.standing.blocked for item in right.placed}) > 1:
        first = tuple(
            item.model_copy(update={"place": 1 if item.standing.blocked else 1 + item.place}) for item in right.placed
        )
        yield _Mistake(
            name="blocked ones first", outcome=right.model_copy(update={"placed": first}), hurts=("order_by_rule",)
        )


def _ranked_anew(right: FitOutcome, ranks: dict[int, int]) -> FitOutcome:
    placed = tuple(item.model_copy(update={"rank": ranks.get(item.rank, item.rank)}) for item in right.placed)
    return right.model_copy(update={"placed": placed})


def _reversed(right: FitOutcome) -> FitOutcome:
    """The worst first, and nobody excluded."""
    placed = tuple(
        item.model_copy(update={"rank": 1 + sum(other.rank > item.rank for other in right.placed), "excluded": None})
        for item in right.placed
    )
    return right.model_copy(update={"placed": placed})


def _other_bands(right: FitOutcome) -> FitOutcome:
    """Every band on the other side: worth a call where it was not, and the other way round."""
    turned = tuple(
        item.model_copy(
            update={"figures": item.figures.model_copy(update={"band": Band.DECLINE if calls(item) else Band.PURSUE})}
        )
        for item in right.placed
    )
    return right.model_copy(update={"placed": turned})


def _failing(right: FitOutcome, name: str) -> FitOutcome:
    """The first check of this name fails."""
    place = next(index for index, item in enumerate(right.checks) if item.verdict.name == name)
    verdict = Verdict(name=name, passed=False, detail="planted")
    checks = list(right.checks)
    checks[place] = checks[place].model_copy(update={"verdict": verdict})
    return right.model_copy(update={"checks": tuple(checks)})


def _idle_models(case: FitCase, right: FitOutcome) -> Iterator[_Mistake]:
    """A model that states nothing that code keeps, while the product's own ranking stays right."""
    idle = tuple(
        item.model_copy(update={"rank": 1, "kept": 0, "refused": 3, "indicators": 0}) for item in right.by_model or ()
    )
    hurts = {"model_indicators", "model_kept"}
    if len({item.rank for item in right.placed}) > 1:
        hurts |= {"model_ndcg_at_3", "model_pair_agreement"}
    yield _Mistake(
        name="the model reads nothing",
        outcome=right.model_copy(update={"by_model": idle}),
        hurts=tuple(sorted(hurts)),
    )


def _moved_cards(right: FitOutcome) -> Iterator[_Mistake]:
    """Rows, names or better evidence that move the card."""
    base = right.variants[Variant.REVERSED]
    moved = base.model_copy(update={"score": (base.score or 0.0) - 12})
    for variant, figures, hurts in (
        (Variant.REVERSED, base.model_copy(update={"coverage": 0.5}), "permutation_invariant"),
        (Variant.OTHER_SCRIPT, base.model_copy(update={"score": None}), "name_shift"),
        (Variant.OTHER_ORIGIN, moved, "name_shift"),
        (Variant.BETTER_EVIDENCE, moved, "monotone"),
    ):
        wrong = right.model_copy(update={"variants": right.variants | {variant: figures}})
        yield _Mistake(name=f"{variant.value} moves the card", outcome=wrong, hurts=(hurts,))
