"""What the product makes of the companies of a case: cards, their checks, and a ranking."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from partnership_os.agents.deal_matcher import MatchRequest, rank, score_company
from partnership_os.agents.ecosystem_mapper import filter_company
from partnership_os.agents.facts import Facts
from partnership_os.evals.cases.fit.outcome import Figures
from partnership_os.evals.cases.fit.world import AS_OF, WorldCompany, imported
from partnership_os.evals.checks.cards import quote_support, schema_valid, score_replays, source_exists
from partnership_os.evals.checks.verdict import Verdict
from partnership_os.evals.sitting import Sitting
from partnership_os.graphs.casework import joined
from partnership_os.schemas.evidence import Evidence
from partnership_os.schemas.need import PartnershipNeed
from partnership_os.schemas.score_card import PartnerFitScoreCard

__all__ = ["Scored", "checks_of", "ranks_of", "scored"]


class Scored(NamedTuple):
    """A card with the evidence that it was made of; ``excluded`` is the rule by which the company is not considered."""

    card: PartnerFitScoreCard
    evidence: tuple[Evidence, ...]
    excluded: str | None

    @property
    def figures(self) -> Figures:
        """What is kept of the card."""
        card = self.card
        return Figures(score=card.score, coverage=card.coverage, confidence=card.confidence, band=card.band)


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
    reading, stamp = sitting.rules.read(sources.company, evidence), sitting.rules.stamp
    if sitting.asks_model:
        reading = joined(reading, sitting.analyst.read(sources.company, evidence))
        stamp = stamp if reading.failure else sitting.analyst.stamp
    request = MatchRequest(
        need=need,
        company=sources.company,
        evidence=evidence,
        reading=reading,
        contradictions=sources.contradictions,
        as_of=AS_OF,
        made_by=stamp,
    )
    by_id = {item.evidence_id: item for item in evidence}
    out = filter_company(Facts(need, sources.company, by_id, reading.claims, sitting.lexicon, AS_OF))
    return Scored(score_company(request, sitting.lexicon), evidence, None if out is None else out.rule)


def checks_of(card: PartnerFitScoreCard, evidence: Sequence[Evidence]) -> tuple[Verdict, ...]:
    """The checks of one card: sources, quotes, arithmetic, schema."""
    return (
        source_exists(card, evidence),
        quote_support(card, evidence),
        score_replays(card),
        schema_valid(PartnerFitScoreCard, card.model_dump_json()),
    )


def ranks_of(cards: Mapping[str, Scored]) -> dict[str, int]:
    """The product's ranking, 1 is best; those that it does not consider share the last place."""
    order = [card.company_id for card in rank([item.card for item in cards.values() if item.excluded is None])]
    return {
        name: 1 + (len(order) if item.excluded is not None else order.index(item.card.company_id))
        for name, item in cards.items()
    }
