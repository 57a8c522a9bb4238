"""From what is known to the indicators of the rubric, in its order."""

from collections.abc import Callable, Sequence

from partnership_os.agents import fit_measures, standing_measures
from partnership_os.agents.facts import Facts, Measurement
from partnership_os.agents.rubric import INDICATORS, IndicatorSpec
from partnership_os.schemas.base import BilingualText
from partnership_os.schemas.evidence import Contradiction
from partnership_os.schemas.score_card import Indicator

CONTRADICTION_TOPICS: dict[str, frozenset[str]] = {
    "territory": frozenset({"country"}),
    "local_entity": frozenset({"country"}),
    "age": frozenset({"founded"}),
    "workforce": frozenset({"employees"}),
    "status": frozenset({"status", "delisted"}),
    "registry": frozenset({"registry_number", "identifier"}),
    "public_accounts": frozenset({"isin", "exchange"}),
    "ownership": frozenset({"isin", "exchange"}),
    "partner_profile": frozenset({"sector", "industry"}),
}
"""Which contradictions make which indicator doubtful (they lower the agreement part of confidence)."""

_MEASURES: dict[str, Callable[[Facts], Measurement | None]] = {
    "partner_profile": fit_measures.partner_profile,
    "answers_triggers": fit_measures.answers_triggers,
    "stated_strategy": fit_measures.stated_strategy,
    "territory": fit_measures.territory,
    "customer_segments": fit_measures.customer_segments,
    "reach": standing_measures.reach,
    "market_size": standing_measures.market_size,
    "expected_revenue": standing_measures.expected_revenue,
    "sought_capabilities": fit_measures.sought_capabilities,
    "certification": fit_measures.certification,
    "workforce": standing_measures.workforce,
    "status": standing_measures.status,
    "age": standing_measures.age,
    "public_accounts": standing_measures.public_accounts,
    "registry": standing_measures.registry,
    "ownership": standing_measures.ownership,
    "licence": standing_measures.licence,
    "local_entity": standing_measures.local_entity,
    "product_overlap": fit_measures.product_overlap,
    "rival_ties": fit_measures.rival_ties,
}

_UNKNOWN = BilingualText(en="No evidence: unknown.", ar="لا دليل: غير معروف.")


def _place(spec: IndicatorSpec, found: Measurement | None, contradicted: bool) -> Indicator:
    return Indicator(
        indicator=spec.indicator,
        dimension=spec.dimension,
        label=spec.label,
        weight=spec.weight,
        points=None if found is None else found.points,
        value=None if found is None else found.value[:300],
        shown=None if found is None else found.shown,
        method=_UNKNOWN if found is None else found.method,
        sources=() if found is None else found.sources,
        contradicted=contradicted and found is not None,
    )


def measure(facts: Facts, contradictions: Sequence[Contradiction]) -> tuple[Indicator, ...]:
    """Measure every indicator of the rubric for one company.

    Args:
        facts: What is known about the company, and the need it is measured against.
        contradictions: Of this company; they mark the indicators whose topic they touch.

    Returns:
        One indicator per row of `rubric.INDICATORS`, in that order; unknown ones have ``points`` None.
    """
    topics = {item.topic for item in contradictions}
    return tuple(
        _place(
            spec,
            _MEASURES[spec.indicator](facts),
            bool(topics & CONTRADICTION_TOPICS.get(spec.indicator, frozenset())),
        )
        for spec in INDICATORS
    )
