"""The whole rules path of one card beside the parse of its JSON: reading, measuring, scoring, outlook."""

from collections.abc import Callable
from datetime import date
from statistics import median

from benchmarks.table import Table, seconds
from partnership_os.agents.analyst import engine_label
from partnership_os.agents.deal_matcher import MatchRequest, score_company
from partnership_os.agents.rules_analyst import RulesAnalyst
from partnership_os.schemas.score_card import PartnerFitScoreCard
from partnership_os.schemas.stamp import AnalystKind, AnalystStamp
from partnership_os.testing import world
from partnership_os.tools.lexicon import load_lexicon

_CARDS, _ROUNDS = 50, 3


def measure() -> Table:
    """Median of three rounds over fifty cards; the ratio is to `model_validate_json` of the same card."""
    lexicon = load_lexicon()
    analyst = RulesAnalyst(lexicon)
    stamp = AnalystStamp(analyst=AnalystKind.RULES, engine=engine_label())
    company, evidence, need = world.company(), world.evidence(), world.need()
    reading = analyst.read(company, [evidence])
    request = MatchRequest(
        need=need,
        company=company,
        evidence=(evidence,),
        reading=reading,
        contradictions=(),
        as_of=date(2026, 1, 20),
        made_by=stamp,
    )
    text = score_company(request, lexicon).model_dump_json()
    ways: dict[str, Callable[[], object]] = {
        f"parse of the card ({len(text) // 1000} KB)": lambda: PartnerFitScoreCard.model_validate_json(text),
        "reading one text (rules analyst)": lambda: analyst.read(company, [evidence]),
        "measuring and scoring": lambda: score_company(request, lexicon),
    }
    times = {name: _median(way) for name, way in ways.items()}
    parse = next(iter(times.values()))
    rows = [(name, f"{1e6 * time:,.0f}", f"{time / parse:.1f}") for name, time in times.items()]
    whole = sum(times.values()) - parse
    rows.append(("the rules path of one card", f"{1e6 * whole:,.0f}", f"{whole / parse:.1f}"))
    return Table("Score card", ("what", "µs", "times the parse"), tuple(rows))


def _median(way: Callable[[], object]) -> float:
    """Seconds for one call, over batches."""
    way()

    def batch(count: int) -> None:
        for _ in range(count):
            way()

    return median(seconds(batch, _CARDS) for _ in range(_ROUNDS)) / _CARDS
