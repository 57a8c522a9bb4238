"""Hard gates and risks, read off facts: each names the evidence it rests on."""

from collections.abc import Sequence

from partnership_os.agents.facts import Facts
from partnership_os.schemas.base import BilingualText
from partnership_os.schemas.evidence import Contradiction
from partnership_os.schemas.score_card import BlockReason, Indicator, Risk
from partnership_os.tools.company_filters import is_own_company, rival_named


def block_reasons(facts: Facts) -> tuple[BlockReason, ...]:
    """Reasons for which no deal may start, whatever the score: a dead company, ourselves, a rival, an excluded kind."""
    reasons: list[BlockReason] = []
    company, need = facts.company, facts.need
    if not company.status.is_live:
        reasons.append(
            BlockReason(
                rule="not_live",
                text=BilingualText(
                    en=f"The company is {company.status.value}"
                    + (f": {company.status_reason}" if company.status_reason else "."),
                    ar="الشركة لم تعد قائمة ككيان مستقل بحسب المصدر.",
                ),
            )
        )
    if is_own_company(company, need.our_company):
        reasons.append(
            BlockReason(rule="own_company", text=BilingualText(en="This is our own company.", ar="هذه شركتنا."))
        )
    if rival_named(company, need.our_company):
        reasons.append(
            BlockReason(rule="rival", text=BilingualText(en="It is on our list of rivals.", ar="هي في قائمة منافسينا."))
        )
    excluded = sorted(set(facts.profiles) & set(need.excluded_profiles))
    wanted = set(facts.profiles) & set(need.partner_profiles)
    if excluded and not wanted:
        concept = facts.lexicon.get(excluded[0])
        label = concept.label if concept else BilingualText(en=excluded[0], ar=excluded[0])
        reasons.append(
            BlockReason(
                rule="excluded_profile",
                text=BilingualText(
                    en=f"This kind of company is excluded: {label.en}.", ar=f"هذا النوع من الشركات مستبعد: {label.ar}."
                ),
                evidence_id=facts.profiles[excluded[0]].evidence_id,
            )
        )
    return tuple(reasons)


def risks_of(
    facts: Facts, indicators: Sequence[Indicator], contradictions: Sequence[Contradiction]
) -> tuple[Risk, ...]:
    """Risks that the evidence shows, the heaviest first."""
    by_name = {item.indicator: item for item in indicators}
    risks: list[Risk] = []

    def low(name: str, below: float) -> Indicator | None:
        item = by_name[name]
        return item if item.points is not None and item.points < below else None

    if overlap := low("product_overlap", 60):
        risks.append(
            _risk(
                "competing_offer", "It sells something close to our own offer.", "تبيع ما يقارب عرضنا.", 4, 4, overlap
            )
        )
    if ties := low("rival_ties", 60):
        risks.append(
            _risk(
                "rival_tie",
                "A source names it together with one of our rivals.",
                "يذكرها مصدر مع أحد منافسينا.",
                3,
                4,
                ties,
            )
        )
    if territory := low("territory", 40):
        risks.append(
            _risk(
                "outside_regions",
                "Known presence lies outside our regions.",
                "حضورها المعروف خارج مناطقنا.",
                4,
                3,
                territory,
            )
        )
    if young := low("age", 50):
        risks.append(_risk("young_company", "The company is young.", "الشركة حديثة التأسيس.", 3, 3, young))
    if by_name["registry"].points is None:
        risks.append(
            Risk(
                risk="registration_unverified",
                text=BilingualText(
                    en="No commercial registration has been seen; it must be verified before activation.",
                    ar="لم يُطّلع على سجل تجاري؛ يجب التحقق منه قبل التفعيل.",
                ),
                likelihood=2,
                impact=5,
            )
        )
    if contradictions:
        topics = ", ".join(sorted({item.topic for item in contradictions}))
        risks.append(
            Risk(
                risk="contradicting_sources",
                text=BilingualText(
                    en=f"Sources contradict each other on: {topics}.", ar=f"تتعارض المصادر في: {topics}."
                ),
                likelihood=3,
                impact=3,
            )
        )
    return tuple(sorted(risks, key=lambda item: (-item.likelihood * item.impact, item.risk)))


def _risk(name: str, en: str, ar: str, likelihood: int, impact: int, indicator: Indicator) -> Risk:
    return Risk(
        risk=name,
        text=BilingualText(en=en, ar=ar),
        likelihood=likelihood,
        impact=impact,
        evidence_id=indicator.sources[0].evidence_id if indicator.sources else None,
    )
