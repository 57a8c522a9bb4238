"""What a need asks for, item by item, with what each weighs: kinds of company, capabilities, segments, triggers."""

import math

from partnership_os.schemas.base import Record
from partnership_os.schemas.need import PartnershipNeed
from partnership_os.schemas.prospect import ReasonKind

PROFILE_WEIGHT, SEEK_WEIGHT, SEGMENT_WEIGHT, SIGNAL_WEIGHT = 3.0, 3.0, 2.0, 2.0
"""What each part of a need weighs in strategic fit; a gap weighs its severity, a request 1 + log10(customers)."""

TRIGGERS = frozenset({ReasonKind.CLOSES_GAP, ReasonKind.ANSWERS_REQUEST, ReasonKind.ANSWERS_SIGNAL})
COMPLEMENTARY = TRIGGERS | {ReasonKind.FITS_PROFILE, ReasonKind.OFFERS_WHAT_WE_LACK}
"""Reasons that make a prospect. Serving the same customers, or being near, is none by itself."""


class Wanted(Record):
    """One thing the need asks for: a concept, why it is asked for, and what it weighs."""

    kind: ReasonKind
    concept: str
    weight: float
    trigger_id: str | None = None


def wanted_by(need: PartnershipNeed) -> tuple[Wanted, ...]:
    """Everything a need asks for, triggers included, in the need's own order."""
    wanted = [
        Wanted(kind=ReasonKind.FITS_PROFILE, concept=item, weight=PROFILE_WEIGHT) for item in need.partner_profiles
    ]
    wanted += [Wanted(kind=ReasonKind.OFFERS_WHAT_WE_LACK, concept=item, weight=SEEK_WEIGHT) for item in need.seeks]
    wanted += [
        Wanted(kind=ReasonKind.SERVES_SEGMENT, concept=item, weight=SEGMENT_WEIGHT) for item in need.target_segments
    ]
    for gap in need.gaps:
        wanted += [
            Wanted(kind=ReasonKind.CLOSES_GAP, concept=item, weight=float(gap.severity), trigger_id=gap.gap_id)
            for item in gap.concepts
        ]
    for request in need.requests:
        weight = 1 + math.log10(request.customers)
        wanted += [
            Wanted(kind=ReasonKind.ANSWERS_REQUEST, concept=item, weight=weight, trigger_id=request.request_id)
            for item in request.concepts
        ]
    for signal in need.signals:
        wanted += [
            Wanted(kind=ReasonKind.ANSWERS_SIGNAL, concept=item, weight=SIGNAL_WEIGHT, trigger_id=signal.signal_id)
            for item in signal.concepts
        ]
    return tuple(wanted)


def trigger_weights(need: PartnershipNeed) -> dict[str, float]:
    """Concept → weight of everything that triggers the need, gaps, requests and signals added up."""
    weights: dict[str, float] = {}
    for item in wanted_by(need):
        if item.kind in TRIGGERS:
            weights[item.concept] = weights.get(item.concept, 0.0) + item.weight
    return weights
