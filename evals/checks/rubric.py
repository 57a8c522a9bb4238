"""The published rubric, stated again, and a card held against it: weights, bands, risks and contradictions.

Nothing of `agents.rubric` is used, so that a change of the product's table shows as a fault and not as a new truth.
"""

from collections.abc import Iterable, Iterator
from math import fsum

from partnership_os.evals.checks.verdict import Verdict, verdict
from partnership_os.schemas.evidence import Contradiction, SourceKind
from partnership_os.schemas.partnership import PartnershipType
from partnership_os.schemas.score_card import Band, Dimension, PartnerFitScoreCard

__all__ = ["QUALITY", "follows_rubric", "remarks_made"]

RUBRIC = "1"
"""The version of the rubric that these figures are of; a card of another one is a fault until they are stated anew."""
QUALITY = {
    SourceKind.REGISTRY: 1.0,
    SourceKind.FILING: 0.9,
    SourceKind.INTERNAL: 0.8,
    SourceKind.OWN_SITE: 0.7,
    SourceKind.NEWS: 0.6,
    SourceKind.DIRECTORY: 0.4,
}
"""Source quality by kind: ``docs/design/scoring.md``, row "source quality"."""
_DIMENSIONS = (
    Dimension.STRATEGIC_ALIGNMENT,
    Dimension.MARKET_OVERLAP,
    Dimension.REVENUE_POTENTIAL,
    Dimension.CAPABILITY,
    Dimension.FINANCIAL_HEALTH,
    Dimension.COMPLIANCE,
    Dimension.CHANNEL_CONFLICT,
)
_WEIGHTS = {
    PartnershipType.REFERRAL: (10, 30, 20, 15, 5, 10, 10),
    PartnershipType.DISTRIBUTION: (15, 20, 25, 15, 10, 10, 5),
    PartnershipType.TECHNOLOGY: (20, 20, 10, 25, 5, 10, 10),
    PartnershipType.STRATEGIC: (25, 15, 20, 10, 10, 10, 10),
    PartnershipType.GOVERNMENT: (20, 10, 15, 15, 10, 25, 5),
}
"""``docs/design/scoring.md``, "Weights by partnership type", in the order of `_DIMENSIONS`."""
_FLOORS = ((75.0, Band.PURSUE), (60.0, Band.DEVELOP), (45.0, Band.WATCH), (0.0, Band.DECLINE))
_COVERAGE_FLOOR = 0.6
"""``docs/design/scoring.md``, row "band"."""
_INDICATORS = {
    Dimension.STRATEGIC_ALIGNMENT: {"partner_profile": 0.5, "answers_triggers": 0.3, "stated_strategy": 0.2},
    Dimension.MARKET_OVERLAP: {"territory": 0.5, "customer_segments": 0.5},
    Dimension.REVENUE_POTENTIAL: {"reach": 0.5, "market_size": 0.3, "expected_revenue": 0.2},
    Dimension.CAPABILITY: {"sought_capabilities": 0.6, "certification": 0.2, "workforce": 0.2},
    Dimension.FINANCIAL_HEALTH: {"status": 0.3, "age": 0.3, "public_accounts": 0.4},
    Dimension.COMPLIANCE: {"registry": 0.3, "ownership": 0.3, "licence": 0.2, "local_entity": 0.2},
    Dimension.CHANNEL_CONFLICT: {"product_overlap": 0.7, "rival_ties": 0.3},
}
"""Share of each indicator in its dimension: version 1 of the rubric, which ``docs/design/scoring.md`` refers to."""
_RISKY_BELOW = {
    "product_overlap": (60, "competing_offer", 4, 4),
    "rival_ties": (60, "rival_tie", 3, 4),
    "territory": (40, "outside_regions", 4, 3),
    "age": (50, "young_company", 3, 3),
}
"""Indicator → below how many points it is a risk, which one, likelihood and impact: version 1 of the rubric."""
_UNREGISTERED = ("registration_unverified", 2, 5)
_CONTRADICTED = ("contradicting_sources", 3, 3)
_CONTRADICTIONS_SHOWN = 40
_TOLERANCE = 1e-9


def follows_rubric(card: PartnerFitScoreCard) -> Verdict:
    """Weights of dimensions and indicators are the published ones, and each band is that of its score and coverage.

    The best and the worst band are those with every unknown indicator at 100 and at 0.
    """
    faults: list[str] = []
    if card.weights_version.rpartition("rubric ")[2] != RUBRIC:
        faults.append(f"weights of {card.weights_version}; the figures that are known here are of rubric {RUBRIC}")
    published = dict(zip(_DIMENSIONS, _WEIGHTS[card.partnership_type], strict=True))
    stated = {part.dimension: part.weight for part in card.dimensions}
    faults += [
        f"{one} weighs {stated.get(one)}, published is {weight}"
        for one, weight in published.items()
        if stated.get(one) != weight
    ]
    for part in card.dimensions:
        shares = {item.indicator: item.weight for item in part.indicators}
        faults += [
            f"{name} weighs {shares.get(name)} in {part.dimension}, published is {share}"
            for name, share in _INDICATORS[part.dimension].items()
            if abs(shares.get(name, -1.0) - share) > _TOLERANCE
        ]
        faults += [
            f"{name} is no indicator of {part.dimension}" for name in shares.keys() - _INDICATORS[part.dimension]
        ]
    return verdict("follows_rubric", [*faults, *_band_faults(card)])


def _band_faults(card: PartnerFitScoreCard) -> Iterator[str]:
    yield from _differs("the band", card.band, _band(card.score, card.coverage))
    yield from _differs("the best band", card.best_band, _band(_score_with(card, 100.0), 1.0))
    yield from _differs("the worst band", card.worst_band, _band(_score_with(card, 0.0), 1.0))
    for fact in card.facts_to_find:
        coverage = card.coverage + fact.coverage_gain
        yield from _differs(f"{fact.indicator} at best", fact.band_if_best, _band(fact.score_if_best, coverage))
        yield from _differs(f"{fact.indicator} at worst", fact.band_if_worst, _band(fact.score_if_worst, coverage))


def _differs(what: str, stated: Band, due: Band) -> Iterator[str]:
    if stated is not due:
        yield f"{what} is {stated}, by the published floors {due}"


def _band(score: float | None, coverage: float) -> Band:
    if score is None or coverage + _TOLERANCE < _COVERAGE_FLOOR:
        return Band.UNKNOWN
    return next(band for floor, band in _FLOORS if score >= floor)


def _score_with(card: PartnerFitScoreCard, guess: float) -> float:
    """The score with every unknown indicator at the guess, to four decimals as cards keep it."""
    published = dict(zip(_DIMENSIONS, _WEIGHTS[card.partnership_type], strict=True))
    means = (
        published[part.dimension]
        * fsum(item.weight * (guess if item.points is None else item.points) for item in part.indicators)
        / fsum(item.weight for item in part.indicators)
        for part in card.dimensions
    )
    return round(fsum(means) / 100, 4)


def remarks_made(card: PartnerFitScoreCard, contradictions: Iterable[Contradiction] | None = None) -> Verdict:
    """Every risk that the card's own indicators show is on it, and every contradiction, each of them as a risk as well.

    Args:
        card: The card.
        contradictions: What is known to contradict; where it is not known, the card must at least agree with itself.
    """
    faults: list[str] = []
    known = None if contradictions is None else tuple(contradictions)
    if known is not None:
        shown = sum(item in card.contradictions for item in known)
        if shown < min(len(known), _CONTRADICTIONS_SHOWN) or len(card.contradictions) > len(known):
            faults.append(f"shows {shown} of {len(known)} contradictions, and {len(card.contradictions)} in all")
    if not card.contradictions and any(item.contradicted for item in card.indicators):
        faults.append("an indicator is contradicted and no contradiction is shown")
    wanted = set(_risks_due(card, bool(card.contradictions or known)))
    stated = {(item.risk, item.likelihood, item.impact) for item in card.risks}
    faults += [f"the risk {name} ({likelihood} × {impact}) is missing" for name, likelihood, impact in wanted - stated]
    faults += [
        f"the risk {name} ({likelihood} × {impact}) has no ground" for name, likelihood, impact in stated - wanted
    ]
    return verdict("remarks_made", sorted(faults))


def _risks_due(card: PartnerFitScoreCard, contradicted: bool) -> Iterator[tuple[str, int, int]]:
    points = {item.indicator: item.points for item in card.indicators}
    for indicator, (floor, risk, likelihood, impact) in _RISKY_BELOW.items():
        found = points.get(indicator)
        if found is not None and found < floor:
            yield risk, likelihood, impact
    if points.get("registry") is None:
        yield _UNREGISTERED
    if contradicted:
        yield _CONTRADICTED
