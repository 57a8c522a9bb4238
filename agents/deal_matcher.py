"""EVALUATE: indicators → dimension scores → score, coverage, confidence, band, and what would change it.

The arithmetic is in `scoring`, its formulas in ``docs/design/scoring.md``. Nothing here reads text or asks a model.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import date

from partnership_os.agents.analyst import Reading
from partnership_os.agents.facts import Facts
from partnership_os.agents.indicators import measure
from partnership_os.agents.must_haves import must_haves_of
from partnership_os.agents.outlook import band_changes, facts_to_find, reachable_bands
from partnership_os.agents.risks import block_reasons, risks_of
from partnership_os.agents.rubric import BAND_LABELS, COVERAGE_FLOOR, DIMENSION_WEIGHTS, RUBRIC_VERSION, band_of
from partnership_os.agents.scoring import Totals, total
from partnership_os.schemas.base import BilingualText, Record
from partnership_os.schemas.company import Company
from partnership_os.schemas.evidence import Contradiction, Evidence
from partnership_os.schemas.need import PartnershipNeed
from partnership_os.schemas.score_card import Band, PartnerFitScoreCard
from partnership_os.schemas.stamp import AnalystStamp
from partnership_os.tools.lexicon import Lexicon

MOST_CONTRADICTIONS = 40
"""Contradictions shown on a card; all of them count in its confidence and stay in the store."""
LEAST_REACH = COVERAGE_FLOOR / 2
"""An Unknown with less coverage than this is not placed above companies that are known to be worth watching."""


class MatchRequest(Record):
    """Everything one card is computed from."""

    need: PartnershipNeed
    company: Company
    evidence: tuple[Evidence, ...]
    reading: Reading
    contradictions: tuple[Contradiction, ...]
    as_of: date
    made_by: AnalystStamp


def headline(company: str, totals: Totals, band: Band) -> BilingualText:
    """One line made of the card's own numbers; the summary until an analyst writes a better one."""
    label = BAND_LABELS[band]
    score = "–" if totals.score is None else f"{totals.score:.1f}"
    coverage, confidence = f"{totals.coverage:.0%}", f"{totals.confidence:.0%}"
    return BilingualText(
        en=f"{company}: {label.en}, score {score} of 100, coverage {coverage}, confidence {confidence}.",
        ar=f"\u2068{company}\u2069: {label.ar}، الدرجة {score} من 100، التغطية {coverage}، الثقة {confidence}.",
    )


def score_company(request: MatchRequest, lexicon: Lexicon) -> PartnerFitScoreCard:
    """Score one company against one need.

    Args:
        request: The need, the company with its evidence, what the analyst read, and the day the card holds for.
        lexicon: The concepts in which offers, segments and kinds of company are compared.

    Returns:
        A card whose every known indicator names its source and quote. Same request, same bytes.
    """
    need, company = request.need, request.company
    facts = Facts(
        need=need,
        company=company,
        evidence={item.evidence_id: item for item in request.evidence},
        claims=request.reading.claims,
        lexicon=lexicon,
        as_of=request.as_of,
    )
    indicators = measure(facts, request.contradictions)
    weights = DIMENSION_WEIGHTS[need.partnership_type]
    totals = total(indicators, weights)
    band = band_of(totals.score, totals.coverage)
    worst, best = reachable_bands(indicators, weights)
    digest = _input_digest(request)
    return PartnerFitScoreCard(
        card_id=f"sc_{digest[:24]}",
        company_id=company.company_id,
        company_name=company.name,
        company_name_ar=company.name_ar,
        need_id=need.need_id,
        partnership_type=need.partnership_type,
        as_of=request.as_of,
        score=totals.score,
        coverage=totals.coverage,
        confidence=totals.confidence,
        band=band,
        best_band=best,
        worst_band=worst,
        dimensions=totals.dimensions,
        blocked=block_reasons(facts),
        must_haves=must_haves_of(facts),
        facts_to_find=facts_to_find(indicators, weights),
        band_changes=band_changes(indicators, weights),
        risks=risks_of(facts, indicators, request.contradictions),
        contradictions=_shown(request.contradictions),
        rejected_claims=tuple(sorted(request.reading.rejected, key=lambda item: item.model_dump_json()))[:200],
        summary=headline(company.name, totals, band),
        reading_failure=request.reading.failure,
        weights_version=f"{need.partnership_type.value} / rubric {RUBRIC_VERSION}",
        made_by=request.made_by,
        input_digest=digest,
    )


def _shown(contradictions: Sequence[Contradiction]) -> tuple[Contradiction, ...]:
    return tuple(sorted(contradictions, key=lambda item: item.model_dump_json()))[:MOST_CONTRADICTIONS]


def _input_digest(request: MatchRequest) -> str:
    body = {
        "rubric": RUBRIC_VERSION,
        "as_of": request.as_of.isoformat(),
        "analyst": request.made_by.model_dump(mode="json"),
        "need": request.need.model_dump(mode="json"),
        "company": request.company.model_dump(mode="json"),
        "evidence": sorted(item.evidence_id for item in request.evidence),
        "claims": sorted(
            (claim.model_dump(mode="json") for claim in request.reading.claims), key=lambda item: str(item["claim_id"])
        ),
        "contradictions": sorted(item.model_dump_json() for item in request.contradictions),
    }
    return hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def rank(cards: Sequence[PartnerFitScoreCard]) -> tuple[PartnerFitScoreCard, ...]:
    """Cards from best to worst.

    Pursue; develop; Unknowns that are half known, score 60 or more on that and can still reach pursue or develop;
    watch; the other Unknowns; decline; blocked. Inside a group: for Unknowns the best band still reachable and score ×
    coverage, then score, must-haves that are not shown yet, confidence and company id.
    """
    return tuple(sorted(cards, key=_rank_key))


_BAND_ORDER = {Band.PURSUE: 0, Band.DEVELOP: 1, Band.WATCH: 2, Band.DECLINE: 3, Band.UNKNOWN: 4}


def _rank_key(card: PartnerFitScoreCard) -> tuple[int, int, float, float, int, float, str]:
    score = card.score or 0.0
    unknown = card.band is Band.UNKNOWN
    return (
        _group(card, score),
        _BAND_ORDER[card.best_band] if unknown else 0,
        -score * card.coverage if unknown else 0.0,
        -score,
        sum(not item.met for item in card.must_haves),
        -card.confidence,
        card.company_id,
    )


def _group(card: PartnerFitScoreCard, score: float) -> int:
    if card.blocked:
        return 6
    if card.band is Band.UNKNOWN:
        promising = card.best_band in (Band.PURSUE, Band.DEVELOP) and score >= 60 and card.coverage >= LEAST_REACH
        return 2 if promising else 4
    return {Band.PURSUE: 0, Band.DEVELOP: 1, Band.WATCH: 3, Band.DECLINE: 5}[card.band]
