"""Two independent labellings of the fit suite, the truth that is made of them, and how far they agree."""

from collections.abc import Iterable
from enum import StrEnum
from functools import cache
from importlib.resources import files
from statistics import fmean
from typing import Annotated, NamedTuple

from pydantic import Field, model_validator

from partnership_os.errors import InputError
from partnership_os.evals.catalogue import load_rows
from partnership_os.evals.statistics.agreement import weighted_kappa
from partnership_os.schemas.base import Record, RecordId, Sentence

__all__ = ["GRADES", "Agreement", "ExclusionRule", "FitLabel", "Truth", "agreement", "labels", "truth_of", "truths_of"]

GRADES = (0, 1, 2, 3)
"""No fit or excluded, weak, plausible and worth a call, clearly fits: ``LABELLING.md``."""
_LABELS = files("partnership_os.evals.cases.fit") / "v1" / "labels"
_FILES = ("first.yaml", "second.yaml")


class ExclusionRule(StrEnum):
    """Why a company is not considered at all; the order of ``LABELLING.md``."""

    RIVAL = "rival"
    PARTNER_ALREADY = "partner_already"
    GONE = "gone"
    OUTSIDE_REGIONS = "outside_regions"
    MUST_HAVE = "must_have"
    EXCLUDED_KIND = "excluded_kind"


class FitLabel(Record):
    """One labeller's grade of one company against one need."""

    need: RecordId
    company: RecordId
    grade: Annotated[int, Field(ge=min(GRADES), le=max(GRADES))]
    rule: ExclusionRule | None = None
    why: Sentence

    @model_validator(mode="after")
    def _excluded_is_zero(self) -> "FitLabel":
        if self.rule is not None and self.grade != 0:
            raise ValueError(f"an excluded company has grade 0, not {self.grade}")
        return self


class Truth(NamedTuple):
    """What counts as true of a pair: the mean grade of both, and whether both name a rule that excludes it."""

    grade: float
    excluded: bool


class Agreement(NamedTuple):
    """How far the two labellings agree: pairs, pairs with the same grade, quadratic-weighted κ, same exclusions."""

    pairs: int
    exact: int
    kappa: float
    excluded_alike: int


@cache
def labels() -> tuple[dict[tuple[str, str], FitLabel], dict[tuple[str, str], FitLabel]]:
    """Both labellings by (need, company).

    Raises:
        InputError: a file repeats a pair, or one of them lacks pairs of the other.
    """
    first, second = (_labelling(name) for name in _FILES)
    if apart := sorted(first.keys() ^ second.keys()):
        raise InputError(
            f"Only one of the labellings has {', '.join(map(' / '.join, apart))}.", fix="Label the pair in both files."
        )
    return first, second


def truth_of(need: str, company: str) -> Truth:
    """What counts as true of a pair: the grade where both labellers agree, else the mean.

    Raises:
        InputError: nobody has labelled the pair.
    """
    key = (need, company)
    both = [labelling[key] for labelling in labels() if key in labelling]
    if not both:
        raise InputError(f"{need} / {company} has no labels.", fix="Add it to both files of v1/labels.")
    return Truth(fmean(label.grade for label in both), all(label.rule is not None for label in both))


def truths_of(need: str, companies: Iterable[str]) -> dict[str, Truth]:
    """What counts as true of each company against a need, in their order.

    Raises:
        InputError: nobody has labelled one of the pairs.
    """
    return {company: truth_of(need, company) for company in companies}


def agreement() -> Agreement:
    """How far the two labellings agree; it bounds what any score on this suite can mean."""
    first, second = labels()
    ours, theirs = [first[key].grade for key in sorted(first)], [second[key].grade for key in sorted(first)]
    kappa = weighted_kappa(ours, theirs, GRADES)
    return Agreement(
        pairs=len(ours),
        exact=sum(one == other for one, other in zip(ours, theirs, strict=True)),
        kappa=kappa if kappa is not None else 1.0,
        excluded_alike=sum((first[key].rule is None) == (second[key].rule is None) for key in first),
    )


def _labelling(name: str) -> dict[tuple[str, str], FitLabel]:
    found: dict[tuple[str, str], FitLabel] = {}
    for label in load_rows(_LABELS / name, FitLabel):
        key = (label.need, label.company)
        if key in found:
            raise InputError(f"{name} has {label.need} / {label.company} twice.", fix="Keep one of them.")
        found[key] = label
    return found
