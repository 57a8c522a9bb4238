"""Discovery: scout → evaluate → shortlist. Class A throughout: it reads, counts and ranks, and commits to nothing."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date

from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph

from partnership_os.agents.deal_matcher import rank
from partnership_os.agents.ecosystem_mapper import map_ecosystem, search_text
from partnership_os.graphs.casework import CaseFile, Sources, open_case, reread, score, summarise
from partnership_os.graphs.services import Services, ServicesProvider
from partnership_os.graphs.state import DiscoveryInput, DiscoveryOutput, DiscoveryState
from partnership_os.graphs.views import Discovery, DiscoveryReport, RankedCompany
from partnership_os.schemas.need import PartnershipNeed
from partnership_os.schemas.prospect import PartnerProspect
from partnership_os.schemas.score_card import Alternative, PartnerFitScoreCard
from partnership_os.schemas.stamp import ModelUsage
from partnership_os.tools.company_filters import never_a_partner
from partnership_os.tools.company_search import SearchFilters

Progress = Callable[[str, int, int], None]
"""Called with the stage's name, how many are done, and how many there are."""

SCOUT_LIMIT = 2_000
"""Companies that retrieval hands to the analysts; below it every company is looked at."""
MODEL_READS_PER_CARD = 2
"""How many prospects the model reads for each card asked for; the rules analyst has read all of them before."""


def _silent(stage: str, done: int, total: int) -> None:
    """No progress wanted."""


class DiscoveryNodes:
    """The nodes of a discovery run.

    Args:
        services: Called when a node runs.
        on_progress: Told how far each stage is.
    """

    def __init__(self, services: ServicesProvider, on_progress: Progress = _silent) -> None:
        self._services = services
        self._on_progress = on_progress

    def scout(self, state: DiscoveryState) -> DiscoveryState:
        """Retrieve, filter and order; the rules analyst reads everything that retrieval brings."""
        use, need, as_of = (
            self._services(),
            self._services().companies.need(state["need_id"]),
            date.fromisoformat(state["as_of"]),
        )
        known = {company.company_id: company for company in use.companies.companies()}
        hits = use.search().search(search_text(need, use.lexicon), _filters(need, len(known)), SCOUT_LIMIT)
        similarity = {hit.company_id: hit.similarity for hit in hits if hit.company_id in known}
        texts = use.companies.evidence_of_many(similarity)
        listed = use.companies.contradictions_of_many(similarity)
        cases = []
        for done, company_id in enumerate(sorted(similarity), start=1):
            source = Sources(known[company_id], texts[company_id], listed[company_id])
            cases.append(open_case(use, need, source, as_of, use.rules))
            self._on_progress("scout", done, len(similarity))
        mapped = map_ecosystem([case.facts for case in cases], similarity)
        chosen = {item.company_id for item in mapped.prospects}
        dead = [never_a_partner(company, need, ()) for company in use.companies.not_live()]
        filtered = {item.company_id: item for item in (*mapped.filtered_out, *dead) if item is not None}
        return {
            **state,
            "cases": tuple(case for case in cases if case.company.company_id in chosen),
            "prospects": mapped.prospects,
            "filtered_out": tuple(filtered[key] for key in sorted(filtered)),
        }

    def evaluate(self, state: DiscoveryState) -> DiscoveryState:
        """Score every prospect; where a model is set it reads the most promising again before they are scored."""
        use = self._services()
        cases = {case.company.company_id: case for case in state["cases"]}
        cards = _scored(use, cases.values(), self._on_progress)
        if use.analyst is not use.rules:
            cards = self._read_best_again(use, cases, cards, state["top"])
        return {**state, "cases": tuple(cases[key] for key in sorted(cases)), "cards": rank(cards)}

    def _read_best_again(
        self, use: Services, cases: dict[str, CaseFile], cards: list[PartnerFitScoreCard], top: int
    ) -> list[PartnerFitScoreCard]:
        """Let the model read until it has read every card of the top; what it finds can change who is there."""
        unread = set(cases)
        wanted = [card.company_id for card in rank(cards)[: MODEL_READS_PER_CARD * top]]
        while wanted:
            again = reread(use, [cases[company_id] for company_id in wanted], use.analyst)
            cases.update({case.company.company_id: case for case in again})
            unread -= set(wanted)
            fresh = {card.company_id: card for card in _scored(use, again, self._on_progress)}
            cards = [fresh.get(card.company_id, card) for card in cards]
            wanted = [card.company_id for card in rank(cards)[:top] if card.company_id in unread]
        return cards

    def shortlist(self, state: DiscoveryState) -> DiscoveryState:
        """Add alternatives and prose to the top cards, store all cards, and write the report."""
        use = self._services()
        cards = [_with_alternatives(card, state["cards"]) for card in state["cards"]]
        usage = ModelUsage()
        for place, card in enumerate(cards[: state["top"]]):
            cards[place], spent = summarise(use.analyst, card)
            usage = usage.plus(spent)
            self._on_progress("summarise", place + 1, min(state["top"], len(cards)))
        use.companies.put_cards(cards)
        return {**state, "discovery": _discovery(use, state, cards, usage)}


def build_discovery_graph(
    services: ServicesProvider, on_progress: Progress = _silent
) -> StateGraph[DiscoveryState, None, DiscoveryInput, DiscoveryOutput]:
    """The uncompiled graph; compile it without a checkpointer.

    Args:
        services: Called when a node runs.
        on_progress: Told how far each stage is.
    """
    nodes = DiscoveryNodes(services, on_progress)
    graph = StateGraph(DiscoveryState, input_schema=DiscoveryInput, output_schema=DiscoveryOutput)
    graph.add_node("scout", nodes.scout)
    graph.add_node("evaluate", nodes.evaluate)
    graph.add_node("shortlist", nodes.shortlist)
    graph.add_edge(START, "scout")
    graph.add_edge("scout", "evaluate")
    graph.add_edge("evaluate", "shortlist")
    graph.add_edge("shortlist", END)
    return graph


def run_discovery(
    services: Services, need: PartnershipNeed, top: int, as_of: date, on_progress: Progress = _silent
) -> Discovery:
    """Run the discovery graph once, in this process.

    Args:
        services: Stores and analysts; the need must be stored already.
        need: What we look for.
        top: How many cards to hand out; every prospect is scored and ranked.
        as_of: The day the cards hold for.
        on_progress: Told how far each stage is.
    """
    compiled: CompiledStateGraph[DiscoveryState, None, DiscoveryInput, DiscoveryOutput] = build_discovery_graph(
        lambda: services, on_progress
    ).compile()
    answer = compiled.invoke({"need_id": need.need_id, "top": top, "as_of": as_of.isoformat()}, {"recursion_limit": 10})
    discovery: Discovery = answer["discovery"]
    return discovery


def _filters(need: PartnershipNeed, known: int) -> SearchFilters:
    """Above the limit only companies with presence in our regions, or none that is known, are worth a place.

    Below it everybody is looked at, so that the report can say who was left out and why.
    """
    return SearchFilters(countries=frozenset(need.regions) if known > SCOUT_LIMIT else frozenset(), live_only=True)


def _scored(use: Services, cases: Iterable[CaseFile], on_progress: Progress) -> list[PartnerFitScoreCard]:
    every = list(cases)
    cards = []
    for done, case in enumerate(every, start=1):
        cards.append(score(use, case))
        on_progress("evaluate", done, len(every))
    return cards


def _with_alternatives(card: PartnerFitScoreCard, ranked: Sequence[PartnerFitScoreCard]) -> PartnerFitScoreCard:
    others = [other for other in ranked[:4] if other.company_id != card.company_id][:3]
    return card.model_copy(
        update={
            "alternatives": tuple(
                Alternative(
                    company_id=other.company_id, company_name=other.company_name, band=other.band, score=other.score
                )
                for other in others
            )
        }
    )


def _ranked(cards: Sequence[PartnerFitScoreCard], prospects: Sequence[PartnerProspect]) -> tuple[RankedCompany, ...]:
    fit = {item.company_id: item.strategic_fit for item in prospects}
    return tuple(
        RankedCompany(
            rank=place,
            company_id=card.company_id,
            company_name=card.company_name,
            band=card.band,
            score=card.score,
            coverage=card.coverage,
            confidence=card.confidence,
            best_band=card.best_band,
            blocked=bool(card.blocked),
            strategic_fit=fit[card.company_id],
            first_fact_to_find=card.facts_to_find[0].question.en if card.facts_to_find else "",
        )
        for place, card in enumerate(cards, start=1)
    )


def _discovery(
    use: Services, state: DiscoveryState, cards: Sequence[PartnerFitScoreCard], usage: ModelUsage
) -> Discovery:
    need = use.companies.need(state["need_id"])
    for case in state["cases"]:
        usage = usage.plus(case.reading.usage)
    filtered = state["filtered_out"]
    report = DiscoveryReport(
        need_id=need.need_id,
        title=need.title,
        as_of=date.fromisoformat(state["as_of"]),
        companies_known=use.companies.count(),
        considered=len(state["prospects"]) + sum(item.rule != "not_live" for item in filtered),
        scored=len(cards),
        bands=dict(sorted(Counter(card.band for card in cards).items())),
        filtered_out=tuple(item for item in filtered if item.rule != "not_live"),
        not_live=tuple(item for item in filtered if item.rule == "not_live"),
        contradictions=use.companies.contradictions(),
        rejected_claims=dict(
            sorted(Counter(item.reason.value for card in cards for item in card.rejected_claims).items())
        ),
        model_failures={card.company_id: card.reading_failure for card in cards if card.reading_failure},
        usage=usage,
        made_by=next((card.made_by for card in cards if card.made_by == use.analyst.stamp), use.rules.stamp),
    )
    return Discovery(
        report=report,
        prospects=state["prospects"],
        cards=tuple(cards[: state["top"]]),
        ranking=_ranked(cards, state["prospects"]),
    )
