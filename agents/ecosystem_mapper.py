"""SCOUT: from market signals, ecosystem gaps and customer requests to possible partners, with the reason for each.

What is wanted is complementarity: what a company offers against what we lack. Being alike is not a reason.
"""

from collections.abc import Mapping, Sequence

from partnership_os.agents.facts import Facts
from partnership_os.agents.wanted import COMPLEMENTARY, Wanted, wanted_by
from partnership_os.schemas.base import BilingualText, Record
from partnership_os.schemas.evidence import ClaimKind
from partnership_os.schemas.need import PartnershipNeed
from partnership_os.schemas.prospect import FilteredOut, PartnerProspect, ProspectReason, ReasonKind
from partnership_os.tools.company_filters import filter_reason
from partnership_os.tools.lexicon import BROADER, Lexicon

MOST_REASONS = 60
"""Reasons kept for one prospect, the heaviest first; a need with many requests gives more than anybody reads."""


class Prospects(Record):
    """The outcome of scouting: prospects from best to worst, and who was left out and why."""

    prospects: tuple[PartnerProspect, ...]
    filtered_out: tuple[FilteredOut, ...]


def search_text(need: PartnershipNeed, lexicon: Lexicon) -> str:
    """The words that retrieval looks for: the need's own description and the labels of what it asks for."""
    concepts = dict.fromkeys(item.concept for item in wanted_by(need))
    labels = [concept.label for slug in concepts if (concept := lexicon.get(slug)) is not None]
    words = [need.title, need.description, *(label.en for label in labels), *(label.ar for label in labels)]
    return "\n".join(words)


def operates_in(facts: Facts) -> set[str]:
    """Country codes where the company is known to be, its seat included."""
    return set(facts.presence) | set(facts.company.countries)


def filter_company(facts: Facts) -> FilteredOut | None:
    """Why a company is not considered for the need, or None; the rules of `tools.company_filters`."""
    return filter_reason(facts.company, facts.need, facts.profiles, operates_in(facts))


def prospect_of(facts: Facts, similarity: float) -> PartnerProspect:
    """One prospect with its strategic fit and the reasons for it.

    Strategic fit is the weight of what the company is shown to answer as a share of all the need asks
    for, in points of 100; near concepts count by their nearness.

    Args:
        facts: What is known about the company, and the need.
        similarity: Of retrieval, 0 to 1; it breaks ties and adds nothing to the fit.
    """
    need = facts.need
    met, asked = 0.0, 0.0
    found: dict[tuple[ReasonKind, str], tuple[float, ProspectReason]] = {}
    for wanted in wanted_by(need):
        asked += wanted.weight
        nearness, reason = _answer(facts, wanted)
        met += wanted.weight * nearness
        if reason is not None:
            found.setdefault((reason.kind, reason.concept), (wanted.weight * nearness, reason))
    heaviest = sorted(found.values(), key=lambda pair: -pair[0])[:MOST_REASONS]
    reasons = [reason for _, reason in heaviest]
    for code in sorted(operates_in(facts) & set(need.regions)):
        source = facts.presence.get(code)
        reasons.append(
            ProspectReason(
                kind=ReasonKind.IN_REGION,
                concept=code,
                evidence_id=source.evidence_id if source else None,
                quote=source.quote if source else None,
                text=BilingualText(en=f"Known to operate in {code}.", ar=f"لها حضور معروف في {code}."),
            )
        )
    return PartnerProspect(
        company_id=facts.company.company_id,
        company_name=facts.company.name,
        need_id=need.need_id,
        strategic_fit=round(100 * met / asked, 4) if asked else 0.0,
        similarity=round(min(1.0, max(0.0, similarity)), 6),
        reasons=tuple(reasons),
    )


_REASON_TEXTS: dict[ReasonKind, tuple[str, str]] = {
    ReasonKind.FITS_PROFILE: ("Is the kind of company we look for: {en}.", "من نوع الشركات المطلوب: {ar}."),
    ReasonKind.OFFERS_WHAT_WE_LACK: ("Offers what we lack: {en}.", "تقدّم ما ينقصنا: {ar}."),
    ReasonKind.SERVES_SEGMENT: ("Serves a segment of ours: {en}.", "تخدم إحدى شرائحنا: {ar}."),
    ReasonKind.CLOSES_GAP: ("Closes a gap of our ecosystem: {en}.", "تسدّ فجوة في منظومتنا: {ar}."),
    ReasonKind.ANSWERS_REQUEST: ("Answers what customers ask for: {en}.", "تلبّي ما يطلبه العملاء: {ar}."),
    ReasonKind.ANSWERS_SIGNAL: ("Answers a market signal: {en}.", "تستجيب لإشارة في السوق: {ar}."),
}


def _answer(facts: Facts, wanted: Wanted) -> tuple[float, ProspectReason | None]:
    """How near the company comes to one wanted thing, and the reason with its source."""
    sources: Mapping[str, tuple[str, str]]
    if wanted.kind is ReasonKind.FITS_PROFILE:
        sources = {slug: (item.evidence_id, item.quote) for slug, item in facts.profiles.items()}
    elif wanted.kind is ReasonKind.SERVES_SEGMENT:
        sources = {item.subject: (item.evidence_id, item.quote) for item in facts.of_kind(ClaimKind.SERVES_SEGMENT)}
    else:
        sources = {slug: (claims[0].evidence_id, claims[0].quote) for slug, claims in facts.offers.items()}
    nearness, concept = facts.best_match(wanted.concept, sources)
    if concept is None:
        return 0.0, None
    label = facts.label(concept)
    text_en, text_ar = _REASON_TEXTS[wanted.kind]
    evidence_id, quote = sources[concept]
    return nearness, ProspectReason(
        kind=wanted.kind,
        concept=concept,
        trigger_id=wanted.trigger_id,
        evidence_id=evidence_id,
        quote=quote,
        text=BilingualText(en=text_en.format(en=label.en), ar=text_ar.format(ar=label.ar)),
    )


def _is_sought(facts: Facts) -> bool:
    """True when it is, or offers, at least one thing that the need asks for; a merely adjacent one does not count."""
    wanted = (item for item in wanted_by(facts.need) if item.kind in COMPLEMENTARY)
    return any(_answer(facts, item)[0] >= BROADER for item in wanted)


def _nothing_sought(prospect: PartnerProspect) -> FilteredOut:
    return FilteredOut(
        company_id=prospect.company_id,
        company_name=prospect.company_name,
        rule="nothing_sought",
        text=BilingualText(
            en="What it is known to be and to offer answers nothing that the need asks for.",
            ar="ما يُعرف عن نوعها وعروضها لا يلبي شيئاً مما يطلبه الاحتياج.",
        ),
    )


def map_ecosystem(candidates: Sequence[Facts], similarity: Mapping[str, float]) -> Prospects:
    """Filter, then order candidates by strategic fit.

    Args:
        candidates: What is known about each company, all measured against the same need.
        similarity: Company id → similarity of retrieval; missing counts as 0.

    Returns:
        Prospects by fit, then similarity, then id; filtered companies by id. The order of input does not matter.
    """
    prospects: list[PartnerProspect] = []
    filtered: list[FilteredOut] = []
    for facts in candidates:
        reason = filter_company(facts)
        if reason is not None:
            filtered.append(reason)
            continue
        prospect = prospect_of(facts, similarity.get(facts.company.company_id, 0.0))
        if facts.relevance is not None and not _is_sought(facts):
            filtered.append(_nothing_sought(prospect))
        else:
            prospects.append(prospect)
    prospects.sort(key=lambda item: (-item.strategic_fit, -item.similarity, item.company_id))
    filtered.sort(key=lambda item: item.company_id)
    return Prospects(prospects=tuple(prospects), filtered_out=tuple(filtered))
