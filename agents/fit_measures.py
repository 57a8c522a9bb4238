"""Measures of fit: alignment, markets, capability and conflict. None means no evidence; it is never read as zero."""

import re
from collections.abc import Iterable, Mapping

from partnership_os.agents.claim_labels import PROGRAMME_LABELS, both, country_label, joined
from partnership_os.agents.facts import Facts, Measurement
from partnership_os.agents.wanted import trigger_weights
from partnership_os.schemas.base import BilingualText
from partnership_os.schemas.evidence import Claim, ClaimKind
from partnership_os.schemas.score_card import IndicatorSource
from partnership_os.tools.lexicon import BROADER
from partnership_os.tools.text import fold

_MOST_SOURCES = 4


def _concepts(facts: Facts, slugs: Iterable[str]) -> BilingualText:
    return joined(facts.label(slug) for slug in slugs)


def partner_profile(facts: Facts) -> Measurement | None:
    """Is it the kind of company that the need looks for?"""
    best: tuple[float, str, IndicatorSource] | None = None
    for concept, source in sorted(facts.profiles.items()):
        near = max(facts.lexicon.nearness(concept, wanted) for wanted in facts.need.partner_profiles)
        if best is None or near > best[0]:
            best = (near, concept, source)
    if best is None:
        return None
    near, concept, source = best
    points = 100.0 if near >= 1 else 85.0 if near >= 0.8 else 45.0 if near > 0 else 10.0
    return Measurement(
        points=points,
        value=concept,
        shown=facts.label(concept),
        method=both(
            "Nearest of the kinds we look for: same 100, narrower or broader 85, adjacent 45, other 10.",
            "الأقرب إلى الأنواع المطلوبة: المطابق 100، والأخص أو الأعم 85، والمجاور 45، وغير ذلك 10.",
        ),
        sources=(source,),
    )


def _weighted_match(facts: Facts, wanted: Mapping[str, float]) -> tuple[float, list[Claim]]:
    total, met, claims = sum(wanted.values()), 0.0, list[Claim]()
    for concept, weight in sorted(wanted.items()):
        near, offered = facts.best_match(concept, facts.offers)
        if offered is not None:
            met += weight * near
            claims.extend(facts.offers[offered])
    return (met / total if total else 0.0), claims


def answers_triggers(facts: Facts) -> Measurement | None:
    """How much of what triggers the need do its offers answer?"""
    wanted = trigger_weights(facts.need)
    if not wanted or not facts.offers:
        return None
    share, claims = _weighted_match(facts, wanted)
    percent = f"{share * 100:.0f}"
    return Measurement(
        points=round(20.0 + 80.0 * min(1.0, share / 0.4), 4),
        value=f"{share:.2f}",
        shown=both(f"{percent} % of what triggers the need", f"{percent}% مما استدعى هذا الاحتياج")
        if claims
        else both("nothing of what triggers the need", "لا شيء مما استدعى هذا الاحتياج"),
        method=both(
            "20 points for described offers that answer none, 100 when 40 % of the trigger weight is answered.",
            "20 نقطة لعروض موصوفة لا تستجيب لأي منها، و100 عند الاستجابة لـ40% من وزن الدواعي.",
        ),
        sources=facts.sources(claims or [items[0] for items in facts.offers.values()]),
    )


def stated_strategy(facts: Facts) -> Measurement | None:
    """Does it state a strategy, and one that this need is about?"""
    claims = facts.of_kind(ClaimKind.STRATEGY)
    if not claims:
        return None
    wanted = set(trigger_weights(facts.need)) | set(facts.need.seeks)
    matched = [claim for claim in claims if any(facts.lexicon.nearness(claim.subject, item) > 0 for item in wanted)]
    themes = sorted({claim.subject for claim in matched or claims})
    return Measurement(
        points=100.0 if matched else 80.0,
        value=", ".join(themes),
        shown=_concepts(facts, themes),
        method=both(
            "A stated strategy is 80; 100 when it names what this need is about.",
            "الاستراتيجية المعلنة 80، و100 إذا ذكرت ما يدور حوله هذا الاحتياج.",
        ),
        sources=facts.sources(matched or claims),
    )


def territory(facts: Facts) -> Measurement | None:
    """In how many of our regions is it present?"""
    presence = facts.presence
    if not presence:
        return None
    regions = set(facts.need.regions)
    shared = sorted(regions & set(presence))
    points = 10.0 if not shared else 70.0 + 30.0 * len(shared) / len(regions)
    cited = shared or sorted(presence)[:_MOST_SOURCES]
    names = joined(country_label(code) for code in cited)
    return Measurement(
        points=round(points, 4),
        value=", ".join(shared) or "none",
        shown=names if shared else both(f"none of ours, but {names.en}", f"ليس في مناطقنا، بل في: {names.ar}"),
        method=both(
            "70 for one of our regions up to 100 for all of them; 10 when it is known to be elsewhere only.",
            "70 لإحدى مناطقنا وحتى 100 لجميعها، و10 إذا عُرف حضورها في غيرها فقط.",
        ),
        sources=tuple(dict.fromkeys(presence[code] for code in cited))[:_MOST_SOURCES],
    )


def customer_segments(facts: Facts) -> Measurement | None:
    """How many of our customer segments does it serve?"""
    claims = facts.of_kind(ClaimKind.SERVES_SEGMENT)
    if not claims:
        return None
    targets = facts.need.target_segments

    def near(claim: Claim, segment: str) -> bool:
        return facts.lexicon.nearness(claim.subject, segment) >= BROADER

    matched = [claim for claim in claims if any(near(claim, segment) for segment in targets)]
    hit = {segment for segment in targets if any(near(claim, segment) for claim in matched)}
    points = 30.0 if not matched else 80.0 + 20.0 * len(hit) / len(facts.need.target_segments)
    served = sorted({claim.subject for claim in matched or claims})
    return Measurement(
        points=round(points, 4),
        value=", ".join(served),
        shown=_concepts(facts, served),
        method=both(
            "80 for one of our segments up to 100 for all of them; 30 when only other segments are stated.",
            "80 لإحدى شرائحنا وحتى 100 لجميعها، و30 إذا ذُكرت شرائح أخرى فقط.",
        ),
        sources=facts.sources(matched or claims),
    )


def sought_capabilities(facts: Facts) -> Measurement | None:
    """How many of the capabilities that we seek does it offer?"""
    if not facts.offers:
        return None
    met, names, claims = 0.0, list[str](), list[Claim]()
    for concept in facts.need.seeks:
        near, offered = facts.best_match(concept, facts.offers)
        if offered is not None:
            met += near
            names.append(offered)
            claims.extend(facts.offers[offered])
    points = 20.0 + 60.0 * min(met, 1.0) + 20.0 * min(max(met - 1.0, 0.0) / 2.0, 1.0)
    offered_names = sorted(set(names))
    return Measurement(
        points=round(points, 4),
        value=", ".join(offered_names) or "none",
        shown=_concepts(facts, offered_names)
        if offered_names
        else both("none of those we seek", "لا شيء مما نبحث عنه"),
        method=both(
            "20 when described offers hold none that we seek, 80 for one, 100 for three; near ones in part.",
            "20 إذا خلت العروض الموصوفة مما نبحث عنه، و80 لواحدة، و100 لثلاث؛ والقريبة تُحتسب جزئياً.",
        ),
        sources=facts.sources(claims or [items[0] for items in facts.offers.values()]),
    )


def certification(facts: Facts) -> Measurement | None:
    """Which certifications or partner programmes does it state?"""
    claims = facts.of_kind(ClaimKind.CERTIFICATION, ClaimKind.PARTNER_PROGRAMME)
    if not claims:
        return None
    subjects = sorted({claim.subject for claim in claims})
    return Measurement(
        points=85.0 if len(subjects) == 1 else 100.0,
        value=", ".join(subjects),
        shown=joined(PROGRAMME_LABELS.get(subject) or facts.label(subject) for subject in subjects),
        method=both(
            "One stated certification or partner programme is 85, two or more are 100.",
            "شهادة واحدة معلنة أو برنامج شركاء 85، واثنان فأكثر 100.",
        ),
        sources=facts.sources(claims),
    )


_NO_OVERLAP = both("no overlap in what is described", "لا تداخل فيما وُصف من عروضها")


def _overlap(near: float, offer: BilingualText) -> BilingualText:
    if near >= 1:
        return both(f"the same as ours: {offer.en}", f"مطابق لما نقدمه: {offer.ar}")
    if near >= BROADER:
        return both(f"broader or narrower than ours: {offer.en}", f"أعم مما نقدمه أو أخص: {offer.ar}")
    return both(f"near ours: {offer.en}", f"قريب مما نقدمه: {offer.ar}")


DESCRIBED_OFFERS = 2
"""So many offers must be described before their silence about ours says anything."""


def product_overlap(facts: Facts) -> Measurement | None:
    """Does it offer what we offer? The inverse counts: no overlap is best."""
    if not facts.offers:
        return None
    worst: tuple[float, str | None] = (0.0, None)
    for ours in facts.need.our_company.offers:
        worst = max(worst, facts.best_match(ours, facts.offers), key=lambda pair: pair[0])
    near, offered = worst
    if offered is None and len(facts.offers) < DESCRIBED_OFFERS:
        return None
    claims = facts.offers[offered] if offered else tuple(items[0] for items in facts.offers.values())
    return Measurement(
        points=10.0 if near >= 1 else 35.0 if near >= 0.8 else 70.0 if near > 0 else 90.0,
        value=offered or "none",
        shown=_overlap(near, facts.label(offered)) if offered else _NO_OVERLAP,
        method=both(
            "Several described offers and none near ours 90, adjacent 70, broader or narrower 35, the same 10.",
            "عدة عروض موصوفة ولا شيء منها قريب من عرضنا 90، والمجاور 70، والأعم أو الأخص 35، والمطابق 10.",
        ),
        sources=facts.sources(claims),
    )


def rival_ties(facts: Facts) -> Measurement | None:
    """Is it named together with a rival of ours?"""
    stated = facts.of_kind(ClaimKind.PARTNER_PROGRAMME, ClaimKind.OWNERSHIP, ClaimKind.OFFERS)
    named: list[str] = []
    claims: dict[str, Claim] = {}
    for rival in sorted(facts.need.our_company.rivals):
        words = re.compile(rf"(?<!\w){re.escape(fold(rival))}(?!\w)")
        found = [claim for claim in stated if words.search(fold(claim.quote))]
        if found:
            named.append(rival)
            claims.update({claim.claim_id: claim for claim in found})
    if not claims:
        return None
    return Measurement(
        points=10.0,
        value=", ".join(named),
        shown=both(f"named together with {', '.join(named)}", f"ذُكرت مع: {'، '.join(named)}"),
        method=both(
            "A stated tie with a named rival is 10; nothing stated stays unknown.",
            "الارتباط المعلن بمنافس مسمّى 10، وما لم يُذكر يبقى غير معروف.",
        ),
        sources=facts.sources([claims[key] for key in sorted(claims)]),
    )
