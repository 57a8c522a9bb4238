"""Checks of a score card and of the claims behind it: plain functions from an output to a verdict.

They use the product's own readers of quotes and numbers, but recompute every figure from the published formulas,
so that a fault in the product's arithmetic shows.
"""

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from math import fsum

from pydantic import BaseModel, ValidationError

from partnership_os.evals.checks.claims import number_in_quote
from partnership_os.evals.checks.rubric import QUALITY
from partnership_os.evals.checks.verdict import Verdict, verdict
from partnership_os.schemas.evidence import Claim, Evidence
from partnership_os.schemas.score_card import DimensionScore, Indicator, PartnerFitScoreCard
from partnership_os.tools.numbers import numbers_in
from partnership_os.tools.text import contains_quote, fold

__all__ = [
    "no_leak",
    "numbers_in_quotes",
    "quote_support",
    "schema_valid",
    "score_replays",
    "source_exists",
]

_TOLERANCE = 0.001
"""Cards round to four decimals; anything beyond rounding is a fault."""


def source_exists(card: PartnerFitScoreCard, evidence: Iterable[Evidence]) -> Verdict:
    """Every known indicator has a source, and every id that the card cites is evidence about this company."""
    known = {item.evidence_id for item in evidence if item.company_id == card.company_id}
    cited = [(item.indicator, source.evidence_id) for item in card.indicators for source in item.sources]
    cited += [(item.risk, item.evidence_id) for item in card.risks if item.evidence_id]
    cited += [(item.rule, item.evidence_id) for item in card.blocked if item.evidence_id]
    faults = [f"{where} cites {name}" for where, name in cited if name not in known]
    faults += [
        f"{item.indicator} has no source" for item in card.indicators if item.points is not None and not item.sources
    ]
    return verdict("source_exists", faults)


def quote_support(card: PartnerFitScoreCard, evidence: Iterable[Evidence]) -> Verdict:
    """Every quote on the card occurs in its source, after NFC and white-space folding."""
    texts = {item.evidence_id: item.text for item in evidence}
    return verdict(
        "quote_support",
        [
            f"{item.indicator}: {source.quote[:60]!r} is not in {source.evidence_id}"
            for item in card.indicators
            for source in item.sources
            if not contains_quote(texts.get(source.evidence_id, ""), source.quote)
        ],
    )


def numbers_in_quotes(claims: Iterable[Claim]) -> Verdict:
    """Every number that a claim states occurs in its quote."""
    return verdict(
        "numbers_in_quotes",
        [
            f"{claim.claim_id}: {claim.value:g} is not in {claim.quote[:60]!r}"
            for claim in claims
            if not number_in_quote(claim.value, claim.quote)
        ],
    )


def score_replays(card: PartnerFitScoreCard) -> Verdict:
    """Score, coverage, confidence and contributions follow from the indicators on the card.

    By ``docs/design/scoring.md``: a dimension's score is the weighted mean of its known indicators; score = Σ w·s / Σ w
    over dimensions with a score; coverage = Σ w·(known share of indicator weight) / 100; confidence = coverage ×
    weighted mean quality of the best source of each known indicator × share of known indicators not contradicted.
    """
    faults: list[str] = []
    for part in card.dimensions:
        faults += _differs(f"{part.dimension} score", part.score, _mean_points(part))
        faults += _differs(f"{part.dimension} coverage", part.coverage, _known_share(part))
    scored = [(part.weight, mean, part) for part in card.dimensions if (mean := _mean_points(part)) is not None]
    weight = sum(own for own, _, _ in scored)
    score = fsum(own * mean for own, mean, _ in scored) / weight if weight else None
    coverage = fsum(part.weight * _known_share(part) for part in card.dimensions) / 100
    faults += _differs("score", card.score, score)
    faults += _differs("coverage", card.coverage, coverage)
    faults += _differs("confidence", card.confidence, coverage * _quality(card) * _agreement(card))
    for own, mean, part in scored:
        faults += _differs(f"{part.dimension} contribution", part.contribution, own * mean / weight if weight else 0.0)
    if card.score is not None:
        faults += _differs("sum of contributions", fsum(part.contribution for part in card.dimensions), card.score)
    return verdict("score_replays", faults)


def no_leak(sheet_text: str, secrets: Iterable[str]) -> Verdict:
    """None of our limits shows in a text that the other side may see.

    Args:
        sheet_text: Everything the other side would read.
        secrets: Limits as text. A number is looked for among the numbers of the text however it is written,
            anything else among its words, case and spelling habits aside.
    """
    numbers = set(numbers_in(sheet_text))
    words = fold(sheet_text)
    # The verdict does not repeat the secret: reports travel.
    return verdict(
        "no_leak",
        [
            f"secret {position} shows in the text"
            for position, secret in enumerate(secrets, start=1)
            if (number in numbers if (number := _number(secret)) is not None else fold(secret) in words)
        ],
    )


def schema_valid(model: type[BaseModel], raw: str | bytes) -> Verdict:
    """The raw JSON is a valid instance of the model."""
    try:
        model.model_validate_json(raw)
    except ValidationError as error:
        return verdict("schema_valid", [f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors()])
    return verdict("schema_valid", [])


def _known(part: DimensionScore) -> list[tuple[float, float]]:
    return [(item.weight, item.points) for item in part.indicators if item.points is not None]


def _mean_points(part: DimensionScore) -> float | None:
    known = _known(part)
    weight = fsum(own for own, _ in known)
    return fsum(own * points for own, points in known) / weight if weight else None


def _known_share(part: DimensionScore) -> float:
    whole = fsum(item.weight for item in part.indicators)
    return fsum(own for own, _ in _known(part)) / whole if whole else 0.0


def _quality(card: PartnerFitScoreCard) -> float:
    pairs = [
        (part.weight * item.weight, _best_source(item))
        for part in card.dimensions
        for item in part.indicators
        if item.points is not None and item.sources
    ]
    weight = fsum(own for own, _ in pairs)
    return fsum(own * quality for own, quality in pairs) / weight if weight else 0.0


def _best_source(item: Indicator) -> float:
    return max(QUALITY[source.source_kind] for source in item.sources)


def _agreement(card: PartnerFitScoreCard) -> float:
    known = [item for item in card.indicators if item.points is not None]
    return 1 - sum(item.contradicted for item in known) / len(known) if known else 1.0


def _differs(what: str, stated: float | None, computed: float | None) -> list[str]:
    same = stated == computed if stated is None or computed is None else abs(stated - computed) <= _TOLERANCE
    return [] if same else [f"{what} is {stated}, the indicators give {computed}"]


def _number(secret: str) -> Decimal | None:
    try:
        return Decimal(secret)
    except InvalidOperation:
        return None
