"""The workspace that is asked: real companies in our own words, three needs, four people, two deals."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from importlib.resources import as_file, files

from partnership_os.graphs.views import DealStatus
from partnership_os.graphs.workspace import Workspace
from partnership_os.schemas.base import Record
from partnership_os.schemas.commitment import DecisionOutcome
from partnership_os.schemas.evidence import EvidenceKind
from partnership_os.schemas.partnership import ApprovalLevel
from partnership_os.schemas.score_card import Band, PartnerFitScoreCard
from partnership_os.testing.clock import FixedClock
from partnership_os.tools.company_import import ImportOptions

__all__ = ["NOW", "World", "clock", "prepare"]

NOW = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
_READ_ON = date(2026, 5, 20)
_NEEDS = ("connectors", "referral_banks", "resellers")
_WAITING = ("HyperPay", "nd_referral_banks")
_COMMITTED = ("Mindware", "nd_resellers")
_BANDS = {
    Band.PURSUE: ("Pursue", "المضي قدمًا"),
    Band.DEVELOP: ("Develop", "تطوير"),
    Band.WATCH: ("Watch", "مراقبة"),
    Band.DECLINE: ("Decline", "اعتذار"),
    Band.UNKNOWN: ("Unknown", "not known", "غير معروف"),
}
_LEVELS = {
    "Rana": ApprovalLevel.MANAGER,
    "Ali": ApprovalLevel.ANALYST,
    "Dana": ApprovalLevel.DIRECTOR,
    "Faisal": ApprovalLevel.VP,
}


class World(Record):
    """What a case may need to know of the prepared workspace: Rana's token, and the wordings of each place."""

    token: str
    names: dict[str, tuple[str, ...]]


def clock() -> FixedClock:
    """A clock that stands still."""
    return FixedClock(NOW)


def prepare(workspace: Workspace) -> World:
    """Fill a new workspace.

    Rana, a manager, sits at the keyboard. Ali, an analyst, asked for two deals: the one with Mindware was approved by
    Dana, a director; the one with HyperPay waits. Faisal is a VP.
    """
    world = files("partnership_os.evals.cases.chat") / "v1" / "world"
    names: dict[str, tuple[str, ...]] = {}
    with as_file(world / "companies.jsonl") as path:
        workspace.import_files([path], ImportOptions(retrieved_on=_READ_ON))
    for name in _NEEDS:
        with as_file(world / "needs" / f"{name}.yaml") as path:
            found = workspace.discover(workspace.read_need(path))
        for row in found.ranking:
            company = workspace.find_company(row.company_id)
            known = (company.name, *((company.name_ar,) if company.name_ar else ()))
            names[f"rank:{found.report.need_id}:{row.rank}"] = known
    tokens = {name: workspace.add_person(name, level)[1] for name, level in _LEVELS.items()}
    needs = {need.need_id: need for need in workspace.needs()}
    done = workspace.start_deal(_COMMITTED[0], needs[_COMMITTED[1]], tokens["Ali"])
    workspace.decide(str(done.commitment_id), tokens["Dana"], DecisionOutcome.APPROVE)
    workspace.start_deal(_WAITING[0], needs[_WAITING[1]], tokens["Ali"])
    return World(token=tokens["Rana"], names=names | dict(_places(workspace)))


def _places(workspace: Workspace) -> Iterator[tuple[str, tuple[str, ...]]]:
    for state in workspace.deals():
        kind = "waiting" if state.status is DealStatus.AWAITING_APPROVAL else "done"
        yield f"{kind}_thread", (state.thread_id,)
        yield f"{kind}_commitment", (str(state.commitment_id),)
        if kind == "waiting" and state.expires_at is not None:
            day = state.expires_at.date()
            yield (
                "expires",
                (day.isoformat(), f"{day.day} June {day.year}", f"June {day.day}", f"{day.day} يونيو"),
            )
    store = workspace.services.companies
    for company in store.companies():
        texts = [item for item in store.evidence_of(company.company_id) if item.kind is EvidenceKind.TEXT]
        yield f"evidence:{company.name}", (texts[0].evidence_id,)
        yield f"id:{company.name}", (company.company_id,)
        cards = store.cards_of(company.company_id)
        yield f"score:{company.name}", tuple(text for card in cards for text in _scores(card))
        yield f"band:{company.name}", tuple(text for card in cards for text in _BANDS[card.band])
        questions = [fact.question for card in cards for fact in card.facts_to_find]
        yield f"missing:{company.name}", tuple(text for one in questions for text in (one.en, one.ar))
        for card in cards:
            yield f"score:{company.name}@{card.need_id}", _scores(card)
            yield f"band:{company.name}@{card.need_id}", _BANDS[card.band]


def _scores(card: PartnerFitScoreCard) -> tuple[str, ...]:
    """A score as it may be told: to one decimal, or in full."""
    return () if card.score is None else (f"{card.score:.1f}", f"{card.score:g}")
