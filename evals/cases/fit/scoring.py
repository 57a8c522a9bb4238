"""What the product makes of the companies of a case: cards, their checks, and a ranking."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time

from partnership_os.agents.analyst import Reading
from partnership_os.agents.deal_matcher import MatchRequest, rank, score_company
from partnership_os.agents.ecosystem_mapper import filter_company, prospect_of
from partnership_os.agents.facts import Facts
from partnership_os.evals.cases.fit.outcome import ByModel, Figures, Standing
from partnership_os.evals.cases.fit.world import AS_OF, WorldCompany, imported, needs
from partnership_os.evals.sitting import Sitting
from partnership_os.graphs.casework import CaseFile, joined
from partnership_os.graphs.discovery_graph import DiscoveryNodes
from partnership_os.graphs.workspace import Workspace
from partnership_os.schemas.evidence import Evidence
from partnership_os.schemas.need import PartnershipNeed
from partnership_os.schemas.score_card import PartnerFitScoreCard
from partnership_os.testing.clock import FixedClock

__all__ = ["Ranking", "Scored", "by_model", "places_of", "ranking_of", "scored"]


@dataclass(frozen=True)
class Scored:
    """A card, what it was made of, and the reading of the model alone where one was asked."""

    card: PartnerFitScoreCard
    case: CaseFile
    alone: Reading | None = None

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """The texts and records that the card rests on."""
        return self.case.evidence

    @property
    def figures(self) -> Figures:
        """What is kept of the card's figures."""
        card = self.card
        return Figures(score=card.score, coverage=card.coverage, confidence=card.confidence, band=card.band)

    @property
    def standing(self) -> Standing:
        """What else decides where the card stands."""
        return Standing(
            blocked=bool(self.card.blocked),
            best_band=self.card.best_band,
            open_must_haves=sum(not item.met for item in self.card.must_haves),
        )


@dataclass(frozen=True)
class Ranking:
    """Discovery's ranking: company → rank (1 is best), and company → rule for those that it leaves out."""

    ranks: Mapping[str, int]
    excluded: Mapping[str, str]


def scored(company: WorldCompany, need: PartnershipNeed, sitting: Sitting, backwards: bool = False) -> Scored:
    """One company read by the subject and scored, as `graphs.casework` does it.

    Args:
        company: Its rows are imported first.
        need: What it is measured against.
        sitting: Who reads.
        backwards: Hand the evidence over in reversed order.
    """
    sources = imported(company, sitting.room.new_folder(), sitting.lexicon)
    evidence = sources.evidence[::-1] if backwards else sources.evidence
    reading, stamp, alone = sitting.rules.read(sources.company, evidence), sitting.rules.stamp, None
    if sitting.asks_model:
        alone = sitting.analyst.read(sources.company, evidence)
        reading = joined(reading, alone)
        stamp = stamp if reading.failure else sitting.analyst.stamp
    case = CaseFile(
        need=need,
        company=sources.company,
        evidence=evidence,
        contradictions=sources.contradictions,
        reading=reading,
        read_by=stamp,
        facts=Facts(
            need, sources.company, {item.evidence_id: item for item in evidence}, reading.claims, sitting.lexicon, AS_OF
        ),
    )
    return Scored(_card(case, sitting), case, alone)


def places_of(cards: Mapping[str, Scored]) -> dict[str, int]:
    """Company → where its card stands among all, whether discovery would consider it or not; 1 is best."""
    order = [card.company_id for card in rank([item.card for item in cards.values()])]
    return {name: 1 + order.index(item.card.company_id) for name, item in cards.items()}


def ranking_of(cards: Mapping[str, Scored], need: PartnershipNeed, sitting: Sitting) -> Ranking:
    """What discovery reports of these companies: evaluated and listed by its own nodes, from the readings of the cards.

    Nobody is asked again. Left out is whom `filter_company` leaves out; a company that offers nothing of what is sought
    stays in, because among so few its place says more than its absence.
    """
    out = {name: found.rule for name, item in cards.items() if (found := filter_company(item.case.facts)) is not None}
    considered = tuple(item for name, item in cards.items() if name not in out)
    with sitting.workspace("fit", _with_needs, FixedClock(datetime.combine(AS_OF, time(9), UTC))) as workspace:
        services = replace(workspace.services, analyst=workspace.services.rules)
        nodes = DiscoveryNodes(lambda: services)
        evaluated = nodes.evaluate(
            {
                "need_id": need.need_id,
                "top": 1,
                "as_of": AS_OF.isoformat(),
                "cases": tuple(item.case for item in considered),
                "prospects": tuple(prospect_of(item.case.facts, 0.0) for item in considered),
                "filtered_out": (),
            }
        )
        discovery = nodes.shortlist(evaluated)["discovery"]
    names = {item.card.company_id: name for name, item in cards.items()}
    return Ranking(ranks={names[row.company_id]: row.rank for row in discovery.ranking}, excluded=out)


def by_model(cards: Mapping[str, Scored], sitting: Sitting) -> tuple[ByModel, ...] | None:
    """What the model alone read of each company, and the ranking of cards that are made of it; None without a model.

    A card is made of the claims that code kept of the model's, without those of the rules analyst. Companies of which
    none was kept, and those that discovery leaves out on these claims, share the place after the last.
    """
    if not sitting.asks_model:
        return None
    own = {name: _with_claims(item, item.alone or Reading(claims=()), sitting) for name, item in cards.items()}
    known = {
        name: item for name, item in own.items() if item.case.reading.claims and filter_company(item.case.facts) is None
    }
    places = places_of(known)
    found = []
    for name, item in cards.items():
        none = _known(_with_claims(item, Reading(claims=()), sitting).card)
        possible, kept = _known(item.card) - none, own[name].case.reading
        found.append(
            ByModel(
                company=name,
                rank=places.get(name, len(known) + 1),
                kept=len(kept.claims),
                refused=len(kept.rejected),
                indicators=len(possible & _known(own[name].card)),
                possible=len(possible),
            )
        )
    return tuple(found)


def _with_needs(workspace: Workspace) -> None:
    for need in needs().values():
        workspace.services.companies.put_need(need)


def _with_claims(item: Scored, reading: Reading, sitting: Sitting) -> Scored:
    """The card that these claims alone would have made."""
    before = item.case
    facts = Facts(
        before.need, before.company, before.facts.evidence, reading.claims, sitting.lexicon, before.facts.as_of
    )
    case = replace(before, reading=reading, facts=facts)
    return Scored(_card(case, sitting), case)


def _known(card: PartnerFitScoreCard) -> set[str]:
    return {item.indicator for item in card.indicators if item.points is not None}


def _card(case: CaseFile, sitting: Sitting) -> PartnerFitScoreCard:
    request = MatchRequest(
        need=case.need,
        company=case.company,
        evidence=case.evidence,
        reading=case.reading,
        contradictions=case.contradictions,
        as_of=AS_OF,
        made_by=case.read_by,
    )
    return score_company(request, sitting.lexicon)
