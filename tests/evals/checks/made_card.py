"""A card that the product made of the small world."""

from datetime import date

from partnership_os.agents.deal_matcher import MatchRequest, score_company
from partnership_os.agents.rules_analyst import RulesAnalyst
from partnership_os.schemas.evidence import Contradiction
from partnership_os.schemas.score_card import PartnerFitScoreCard
from partnership_os.testing import world
from partnership_os.tools.lexicon import load_lexicon

__all__ = ["EVIDENCE", "made_card"]

EVIDENCE = (world.evidence(), world.evidence(text=world.ARABIC_TEXT))


def made_card(contradictions: tuple[Contradiction, ...] = ()) -> PartnerFitScoreCard:
    """The card of the company of the small world."""
    lexicon = load_lexicon()
    analyst = RulesAnalyst(lexicon)
    request = MatchRequest(
        need=world.need(),
        company=world.company(),
        evidence=EVIDENCE,
        reading=analyst.read(world.company(), EVIDENCE),
        contradictions=contradictions,
        as_of=date(2026, 3, 1),
        made_by=analyst.stamp,
    )
    return score_company(request, lexicon)
