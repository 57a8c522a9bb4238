"""Hard gates and risks, read off facts: each names the evidence it rests on."""

from collections.abc import Sequence

from partnership_os.agents.claim_labels import joined, topic_label
from partnership_os.agents.facts import Facts
from partnership_os.schemas.base import BilingualText
from partnership_os.schemas.evidence import Contradiction
from partnership_os.schemas.score_card import BlockReason, Indicator, Risk
from partnership_os.tools.company_filters import never_a_partner


def block_reasons(facts: Facts) -> tuple[BlockReason, ...]:
    """The hard gate: why no deal may start, whatever the score (`tools.company_filters.never_a_partner`)."""
    reason = never_a_partner(facts.company, facts.need, facts.profiles)
    if reason is None:
        return ()
    excluded = sorted(set(facts.profiles) & set(facts.need.excluded_profiles))
    shown_by = facts.profiles[excluded[0]].evidence_id if reason.rule == "excluded_profile" else None
    return (BlockReason(rule=reason.rule, text=reason.text, evidence_id=shown_by),)


_LOW_INDICATORS: tuple[tuple[str, float, str, str, str, int, int], ...] = (
    ("product_overlap", 60, "competing_offer", "It sells something close to our offer.", "تبيع ما يقارب عرضنا.", 4, 4),
    ("rival_ties", 60, "rival_tie", "A source names it together with a rival.", "يذكرها مصدر مع أحد منافسينا.", 3, 4),
    ("territory", 40, "outside_regions", "Known presence lies outside our regions.", "حضورها خارج مناطقنا.", 4, 3),
    ("age", 50, "young_company", "The company is young.", "الشركة حديثة التأسيس.", 3, 3),
)
"""(indicator, below how many points, risk, English, Arabic, likelihood 1–5, impact 1–5)."""


def risks_of(
    facts: Facts, indicators: Sequence[Indicator], contradictions: Sequence[Contradiction]
) -> tuple[Risk, ...]:
    """Risks that the evidence shows, the heaviest (likelihood × impact) first."""
    by_name = {item.indicator: item for item in indicators}
    risks = []
    for name, floor, risk, en, ar, likelihood, impact in _LOW_INDICATORS:
        item = by_name[name]
        if item.points is not None and item.points < floor:
            risks.append(_risk(risk, en, ar, likelihood, impact, item))
    if by_name["registry"].points is None:
        en = "No commercial registration has been seen; it must be verified before activation."
        ar = "لم يُطّلع على سجل تجاري؛ يجب التحقق منه قبل التفعيل."
        risks.append(_risk("registration_unverified", en, ar, 2, 5))
    if contradictions:
        topics = joined(topic_label(topic) for topic in sorted({item.topic for item in contradictions}))
        en, ar = f"Sources contradict each other on: {topics.en}.", f"تتعارض المصادر في: {topics.ar}."
        risks.append(_risk("contradicting_sources", en, ar, 3, 3))
    return tuple(sorted(risks, key=lambda item: (-item.likelihood * item.impact, item.risk)))


def _risk(name: str, en: str, ar: str, likelihood: int, impact: int, indicator: Indicator | None = None) -> Risk:
    return Risk(
        risk=name,
        text=BilingualText(en=en, ar=ar),
        likelihood=likelihood,
        impact=impact,
        evidence_id=indicator.sources[0].evidence_id if indicator is not None and indicator.sources else None,
    )
