"""Figures that a text calls score, coverage or confidence, held against those of a card."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from partnership_os.evals.checks.answers import known_numbers, numbers_grounded
from partnership_os.evals.checks.verdict import Verdict, verdict
from partnership_os.schemas.score_card import PartnerFitScoreCard
from partnership_os.tools.text import fold

__all__ = ["NamedFigure", "named_figures", "states", "summary_figures"]

_BIDI = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")
_NUMBER = r"(?P<number>\d+(?:\.\d+)?)(?![\d,])(?P<percent> ?%| per ?cent)?"
_IS = r"(?: of| is|:| at| =)*"
_NAMED = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("score", rf"\bscor(?:e|es|ed|ing){_IS} {_NUMBER}(?! (?:of|من) (?!100\b)\d)"),
        ("score", rf"(?:^|\s)[وب]?ال?درجه(?:ها|تها)?(?: هي|:| من 100)* {_NUMBER}"),
        ("score", rf"(?:\bgives|يعطي|حصل[^،.\d]* علي) {_NUMBER} (?:of|من) 100\b"),
        ("coverage", rf"\bcoverage{_IS} {_NUMBER}"),
        ("coverage", r"(?P<number>\d+(?:\.\d+)?)(?P<percent> ?%) of the weight"),
        ("coverage", rf"(?:^|\s)و?(?:ال)?تغطيه(?:ها)?(?: هي|:)* {_NUMBER}"),
        ("coverage", r"المعروف (?P<number>\d+(?:\.\d+)?)(?P<percent> ?%) من الوزن"),
        ("confidence", rf"\bconfidence{_IS} {_NUMBER}"),
        ("confidence", rf"(?:^|\s)و?(?:ال)?ثقه(?: هي|:)* {_NUMBER}"),
    )
)
"""Folded patterns in both languages; "coverage +15 %" is a change and no coverage."""


class NamedFigure(NamedTuple):
    """A figure that a text gives a name: ``score``, ``coverage`` or ``confidence``."""

    kind: str
    number: Decimal
    percent: bool


def named_figures(text: str) -> tuple[NamedFigure, ...]:
    """The figures that a text calls score, coverage or confidence, in English or in Arabic."""
    return tuple(_found(fold(_BIDI.sub("", text))))


def _found(plain: str) -> Iterator[NamedFigure]:
    for kind, pattern in _NAMED:
        for found in pattern.finditer(plain):
            yield NamedFigure(kind, Decimal(found["number"]), bool(found["percent"]))


def states(figure: NamedFigure, score: float | None, coverage: float, confidence: float) -> bool:
    """Whether a figure is the card's of its name, as precisely as it is stated; shares in per cent or as a fraction."""
    if figure.kind == "score":
        return score is not None and _near(figure.number, score)
    share = coverage if figure.kind == "coverage" else confidence
    as_fraction = not figure.percent and figure.number <= 1
    return _near(figure.number, share * 100) or (as_fraction and _near(figure.number, share))


def _near(stated: Decimal, exact: float) -> bool:
    exponent = stated.as_tuple().exponent
    places = -exponent if isinstance(exponent, int) else 0
    return abs(float(stated) - exact) <= 0.5 * 0.1**places + 1e-6


def summary_figures(card: PartnerFitScoreCard) -> Verdict:
    """What the card's summary calls score, coverage or confidence is, and each of its numbers stands on the card."""
    names = [name for name in (card.company_name, card.company_name_ar) if name]
    known = known_numbers(card.model_dump(mode="json", exclude={"summary"}))
    faults: list[str] = []
    for language in ("en", "ar"):
        text = str(getattr(card.summary, language))
        for name in names:
            text = text.replace(name, " ")
        faults += [
            f"the {language} summary calls {one.number} {one.kind}"
            for one in named_figures(text)
            if not states(one, card.score, card.coverage, card.confidence)
        ]
        grounded = numbers_grounded(text, known)
        faults += [] if grounded.passed else [f"{language}: {grounded.detail}"]
    return verdict("summary_figures", faults)
