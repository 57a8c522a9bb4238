"""A score card and a ranking on the screen."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.text import Text

from partnership_os.agents.claim_labels import said, topic_label
from partnership_os.graphs.views import Discovery, RankedCompany
from partnership_os.graphs.wording.texts import in_line
from partnership_os.schemas.evidence import Contradiction
from partnership_os.schemas.score_card import Band, DimensionScore, Indicator, PartnerFitScoreCard
from partnership_os.schemas.stamp import AnalystStamp
from partnership_os.surfaces.cli_render import BAND_STYLES, Column, Screen, percent, points, shortened

_CONTRADICTIONS_SHOWN = 5


def show_discovery(screen: Screen, discovery: Discovery, top: int, written: Sequence[Path]) -> None:
    """Print the head of a ranking, what was left out, and where the files are."""
    report = discovery.report
    screen.say("discovery.title", style="bold", title=report.title, day=report.as_of)
    screen.say(
        "discovery.counts",
        known=report.companies_known,
        considered=report.considered,
        scored=report.scored,
        filtered=len(report.filtered_out),
        dead=len(report.not_live),
    )
    bands = screen.texts("list.comma").join(
        f"{screen.texts(f'band.{band.value}')} {report.bands.get(band, 0)}" for band in Band
    )
    screen.line(bands)
    if not discovery.ranking:
        screen.say("discovery.nobody", style="yellow")
    else:
        _show_ranking(screen, discovery.ranking[:top], {card.company_id: card for card in discovery.cards})
    if report.not_live:
        screen.say("discovery.not_live", names=screen.texts.listing(item.company_name for item in report.not_live[:8]))
    if report.contradictions:
        screen.say("discovery.contradictions", count=len(report.contradictions))
        for found in report.contradictions[:_CONTRADICTIONS_SHOWN]:
            show_contradiction(screen, found)
    if report.rejected_claims:
        screen.say("discovery.rejected", count=sum(report.rejected_claims.values()))
    for who, why in sorted(report.model_failures.items()):
        screen.say("discovery.model_failure", style="yellow", who=who, why=why)
    show_stamp(screen, report.made_by)
    for path in written:
        screen.fact("discovery.written", str(path))


def _show_ranking(screen: Screen, ranking: Sequence[RankedCompany], cards: Mapping[str, PartnerFitScoreCard]) -> None:
    screen.table(
        [
            Column("column.rank", "number"),
            Column("column.partner"),
            Column("column.band"),
            Column("column.score", "number"),
            Column("column.coverage", "number"),
        ],
        [
            [
                str(row.rank),
                _name(screen, row, cards),
                _band_cell(screen, row),
                points(row.score),
                percent(row.coverage),
            ]
            for row in ranking
        ],
    )
    for row in ranking:
        screen.line(f"{row.rank}. {row.company_id}", style="dim")
        if row.first_fact_to_find:
            screen.say("discovery.find", fact=_first_fact(screen, row, cards), indent=3)


def _name(screen: Screen, row: RankedCompany, cards: Mapping[str, PartnerFitScoreCard]) -> str:
    """A company in the language of the reader, as far as its card was handed out."""
    card = cards.get(row.company_id) if screen.texts.language == "ar" else None
    return row.company_name if card is None else card.company_name_ar or row.company_name


def _first_fact(screen: Screen, row: RankedCompany, cards: Mapping[str, PartnerFitScoreCard]) -> str:
    card = cards.get(row.company_id)
    known = card is not None and card.facts_to_find
    return screen.texts.of(card.facts_to_find[0].question) if card and known else row.first_fact_to_find


def _band_cell(screen: Screen, row: RankedCompany) -> Text:
    cell = Text(screen.texts(f"band.{row.band.value}"), style=BAND_STYLES[row.band])
    if row.band is Band.UNKNOWN:
        cell.append(f" (≤ {screen.texts(f'band.{row.best_band.value}')})", style="dim")
    if row.blocked:
        cell.append(f" · {screen.texts('card.is_blocked')}", style="red")
    return cell


def show_card(screen: Screen, card: PartnerFitScoreCard) -> None:
    """Print a whole card: verdict, dimensions, indicators with their quotes, and what is not known."""
    _show_verdict(screen, card)
    _show_dimensions(screen, card)
    _show_indicators(screen, card.dimensions)
    _show_unknowns(screen, card)
    _show_doubts(screen, card)
    screen.console.print()
    show_stamp(screen, card.made_by)
    screen.fact("card.id", card.card_id)


def _show_verdict(screen: Screen, card: PartnerFitScoreCard) -> None:
    names = card.company_name if card.company_name_ar is None else f"{card.company_name} · {card.company_name_ar}"
    screen.line(names, style="bold")
    screen.line(
        f"{card.company_id} · {card.need_id} · {screen.texts(f'type.{card.partnership_type.value}')} · {card.as_of}",
        style="dim",
    )
    best, worst = (screen.texts(f"band.{band.value}") for band in (card.best_band, card.worst_band))
    if card.band is Band.UNKNOWN:
        screen.say("card.unknown", style=BAND_STYLES[card.band], best=best, worst=worst)
    else:
        band = screen.texts(f"band.{card.band.value}")
        screen.say("card.band", style=BAND_STYLES[card.band], band=band, score=points(card.score))
        screen.say("card.reachable", best=best, worst=worst)
    screen.say("card.trust", coverage=percent(card.coverage), confidence=percent(card.confidence))
    for reason in card.blocked:
        screen.say("card.blocked", style="bold red", reason=screen.texts.of(reason.text))
    screen.console.print()
    screen.line(screen.texts.of(card.summary))


def _show_dimensions(screen: Screen, card: PartnerFitScoreCard) -> None:
    screen.heading("card.dimensions")
    screen.table(
        [
            Column("column.dimension"),
            Column("column.weight", "number"),
            Column("column.score", "number"),
            Column("column.coverage", "number"),
            Column("column.contribution", "number"),
        ],
        [
            [
                screen.texts(f"dimension.{part.dimension.value}"),
                str(part.weight),
                points(part.score),
                percent(part.coverage),
                points(part.contribution),
            ]
            for part in card.dimensions
        ],
    )


def _show_indicators(screen: Screen, dimensions: Sequence[DimensionScore]) -> None:
    screen.heading("card.indicators")
    known = [item for part in dimensions for item in part.indicators if item.points is not None]
    if not known:
        screen.say("card.no_indicators", indent=2)
    for item in known:
        _show_indicator(screen, item)
    sources = {source.evidence_id: source for item in known for source in item.sources}
    if sources:
        screen.heading("card.sources")
    for evidence_id, source in sources.items():
        screen.line(f"[{evidence_id}] {source.source} · {source.retrieved_at.date()}", style="dim", indent=2)


def _show_indicator(screen: Screen, item: Indicator) -> None:
    shown = "–" if item.shown is None else screen.texts.inline(screen.texts.of(item.shown))
    screen.phrase(f"{screen.texts.of(item.label)}: {shown} → {points(item.points)}", indent=2)
    if item.contradicted:
        screen.say("card.contradicted", style="yellow", indent=4)
    cited: dict[str, dict[str, None]] = {}
    for source in item.sources:
        cited.setdefault(shortened(source.quote), {})[source.evidence_id] = None
    for quote, evidence_ids in cited.items():
        screen.line(f"“{quote}” [{', '.join(evidence_ids)}]", style="italic", indent=4)


def _show_unknowns(screen: Screen, card: PartnerFitScoreCard) -> None:
    if card.must_haves:
        screen.heading("card.must_haves")
    for must in card.must_haves:
        screen.line(screen.texts.of(must.text), indent=2)
    if card.facts_to_find:
        screen.heading("card.facts")
    for number, fact in enumerate(card.facts_to_find, start=1):
        screen.line(f"{number}. {screen.texts.of(fact.question)}", indent=2)
        screen.say(
            "card.fact_same_band" if fact.band_if_best is fact.band_if_worst else "card.fact_effect",
            style="dim",
            indent=5,
            gain=percent(fact.coverage_gain),
            low=points(fact.score_if_worst),
            high=points(fact.score_if_best),
            best=screen.texts(f"band.{fact.band_if_best.value}"),
            worst=screen.texts(f"band.{fact.band_if_worst.value}"),
        )
    if card.band_changes:
        screen.heading("card.changes")
    for change in card.band_changes:
        screen.line(f"{screen.texts(f'band.{change.to_band.value}')}: {screen.texts.of(change.text)}", indent=2)


def _show_doubts(screen: Screen, card: PartnerFitScoreCard) -> None:
    if card.risks:
        screen.heading("card.risks")
    for risk in card.risks:
        rating = screen.texts("card.risk_rating", likelihood=risk.likelihood, impact=risk.impact)
        evidence = f" [{risk.evidence_id}]" if risk.evidence_id else ""
        screen.phrase(f"{screen.texts.of(risk.text)} ({rating}){evidence}", indent=2)
    if card.contradictions:
        screen.heading("card.contradictions")
    for found in card.contradictions:
        topic, first, second = _sides(screen, found)
        screen.phrase(f"{topic}: {first} ({in_line(found.first.source)})", indent=2)
        screen.phrase(f"≠ {second} ({in_line(found.second.source)})", indent=4)
    if card.rejected_claims:
        screen.console.print()
        reasons = Counter(claim.reason.value for claim in card.rejected_claims)
        detail = screen.texts("list.comma").join(
            f"{screen.texts(f'rejection.{reason}')} {count}" for reason, count in sorted(reasons.items())
        )
        screen.say("card.rejected", count=len(card.rejected_claims), detail=detail)
    if card.alternatives:
        screen.heading("card.alternatives")
    for other in card.alternatives:
        band = screen.texts(f"band.{other.band.value}")
        comma = screen.texts("list.comma")
        screen.line(f"{other.company_name} ({other.company_id}): {band}{comma}{points(other.score)}", indent=2)


def _sides(screen: Screen, found: Contradiction) -> tuple[str, str, str]:
    first, second = (screen.texts.of(said(found.topic, side)) for side in (found.first, found.second))
    return screen.texts.of(topic_label(found.topic)), screen.texts.inline(first), screen.texts.inline(second)


def show_contradiction(screen: Screen, found: Contradiction) -> None:
    """Print on one line what two sources say about a company."""
    topic, first, second = _sides(screen, found)
    screen.phrase(f"{found.company_id} · {topic}: {first} ≠ {second}", indent=2)


def show_stamp(screen: Screen, stamp: AnalystStamp) -> None:
    """Print who read and wrote, and with what."""
    if stamp.model is None:
        screen.say("stamp.rules", style="dim", engine=stamp.engine)
    else:
        prompts = ", ".join(f"{prompt.name} v{prompt.version}" for prompt in stamp.prompts) or "–"
        screen.say("stamp.model", style="dim", model=stamp.model, prompts=prompts, engine=stamp.engine)
