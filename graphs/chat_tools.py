"""What the chat may do: look things up, and propose a deal. Nothing here approves, commits or adds people.

A model sees these functions as tools. Who asks comes from the session, never from an argument; what comes back is
wrapped as data, so that a sentence inside a company's text is never mistaken for an instruction.
"""

import json
from collections.abc import Callable, Sequence
from contextvars import Context
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from langchain_core.language_models import BaseChatModel
from langchain_core.tools import BaseTool, StructuredTool
from pydantic import BaseModel, ConfigDict, Field, JsonValue
from pydantic_core import to_jsonable_python

from partnership_os.errors import InputError
from partnership_os.governance.standing import PendingItem
from partnership_os.graphs.chat_actions import START_DEAL, require_free
from partnership_os.graphs.views import DealState, DealView, Discovery
from partnership_os.schemas.company import Company
from partnership_os.schemas.evidence import Evidence
from partnership_os.schemas.need import PartnershipNeed
from partnership_os.schemas.partnership import PartnershipType
from partnership_os.schemas.score_card import Indicator, PartnerFitScoreCard
from partnership_os.tools.folding import fold

if TYPE_CHECKING:
    from partnership_os.graphs.workspace import Workspace

T = TypeVar("T")
MOST_PROSPECTS = 10
_QUOTE_FOR_MODEL = 300
_EVIDENCE_FOR_MODEL = 6_000


@dataclass(frozen=True)
class ChatContext:
    """What one turn of a conversation gets from its session; never saved with the thread.

    ``token`` is that of the person at the keyboard, ``announce`` is true for the first answer of a session.
    """

    workspace: "Workspace"
    today: date
    model: BaseChatModel | None = None
    token: str | None = None
    language: str = "en"
    announce: bool = False


def _apart(function: Callable[..., T], *arguments: object) -> T:
    """Call into the workspace outside the chat's own run.

    A deal is a graph of its own: run inside the chat's context it would become a part of the chat's thread, and its
    halt would halt the chat.
    """
    return Context().run(function, *arguments)


class ChatDesk:
    """The functions of the workspace as a conversation uses them.

    Args:
        context: The session: workspace and person.
        typed: Every line that the person typed in this thread. A file is only opened when its path is among
            them, so that neither a model nor a text it read can point at files of this machine.
    """

    def __init__(self, context: ChatContext, typed: Sequence[str]) -> None:
        self._workspace = context.workspace
        self._token = context.token
        self._typed = tuple(typed)

    def needs(self) -> tuple[PartnershipNeed, ...]:
        """The needs that the workspace has seen."""
        return _apart(self._workspace.needs)

    def need(self, name: str) -> PartnershipNeed:
        """The need with this id, title or type, or in this file.

        Raises:
            InputError: none or several fit.
        """
        wanted = fold(name).strip()
        seen = self.needs()
        exact = [need for need in seen if wanted in (fold(need.need_id), fold(need.title))]
        loose = [need for need in seen if wanted in (fold(need.need_id).partition("_")[2], need.partnership_type.value)]
        for fitting in (exact, loose):
            if len(fitting) == 1:
                return fitting[0]
        if Path(name).suffix in (".yaml", ".yml", ".json") and any(name in line for line in self._typed):
            return _apart(self._workspace.read_need, Path(name))
        known = ", ".join(need.need_id for need in exact or loose or seen) or "none yet"
        raise InputError(
            f"{name!r} names {'several needs' if exact or loose else 'no need'} that this workspace has seen: {known}.",
            fix="Type the id of one need, or the path of its YAML or JSON file.",
        )

    def need_for(self, kind: PartnershipType | None, countries: Sequence[str]) -> PartnershipNeed:
        """The one seen need of this type and region.

        Raises:
            InputError: none or several fit.
        """
        seen = self.needs()
        fitting = [need for need in seen if kind is None or need.partnership_type is kind]
        near = [need for need in fitting if set(countries) & set(need.regions)] if countries else fitting
        if len(near) == 1:
            return near[0]
        known = ", ".join(need.need_id for need in near or seen) or "none yet"
        raise InputError(
            f"{'Several needs fit' if near else 'No need fits'} this question; needs seen: {known}.",
            fix="Name one: /prospects NEED, with the id of a need or the path of its YAML or JSON file.",
        )

    def find_prospects(self, need: PartnershipNeed, top: int) -> Discovery:
        """The ranking for a need."""
        return _apart(self._workspace.discover, need, top)

    def card(self, partner: str, need: str | None = None) -> PartnerFitScoreCard:
        """The card of a partner: the newest one, or for a need the one of now."""
        return _apart(self._workspace.card, partner, self.need(need) if need else None)

    def company(self, partner: str) -> Company:
        """The company with this id, name or domain; `InputError` lists near ones."""
        return _apart(self._workspace.find_company, partner)

    def waiting(self) -> tuple[PendingItem, ...]:
        """What waits for an approval."""
        return _apart(self._workspace.inbox)

    def deals(self) -> tuple[DealState, ...]:
        """Every deal."""
        return _apart(self._workspace.deals)

    def deal(self, thread_id: str) -> DealView:
        """One deal in full."""
        return _apart(self._workspace.deal, thread_id)

    def start_deal(self, partner: str, need: PartnershipNeed) -> DealState:
        """Propose a deal, as the person of this session; it halts until people approve."""
        return _apart(self._workspace.start_deal, partner, need, self._token)

    def evidence(self, evidence_id: str) -> Evidence:
        """One source text."""
        return _apart(self._workspace.evidence, evidence_id)


class _Arguments(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NoArguments(_Arguments):
    """A tool that asks for nothing."""


NeedName = Annotated[
    str,
    Field(max_length=300, description="Id, title or type of a need, or the path of a need file that the user typed."),
]
PartnerName = Annotated[str, Field(max_length=300, description="Id, exact name or domain of the partner.")]


class ProspectsArguments(_Arguments):
    """Arguments of `find_prospects`."""

    need: NeedName
    top: Annotated[int, Field(ge=1, le=MOST_PROSPECTS, description="How many, at most 10.")] = 5


class CardArguments(_Arguments):
    """Arguments of `explain_card` and `why_unknown`."""

    partner: PartnerName
    need: Annotated[str | None, Field(max_length=300, description="Only to score for this need now.")] = None


class DealArguments(_Arguments):
    """Arguments of `start_deal`."""

    partner: PartnerName
    need: NeedName


class ThreadArguments(_Arguments):
    """Arguments of `show_deal`."""

    thread_id: Annotated[str, Field(max_length=100, description="Id of the deal's thread.")]


class EvidenceArguments(_Arguments):
    """Arguments of `read_evidence`."""

    evidence_id: Annotated[str, Field(max_length=100, description="An id such as ev_…")]


def chat_tools(desk: ChatDesk) -> tuple[BaseTool, ...]:
    """The tools that a model is offered. Their results are JSON inside ``<data>``, with ``<`` escaped."""

    def tool(name: str, arguments: type[BaseModel], purpose: str, run: Callable[..., JsonValue]) -> BaseTool:
        def answer(**given: Any) -> str:
            return as_data(name, run(**given))

        require_free(name)
        return StructuredTool.from_function(func=answer, name=name, description=purpose, args_schema=arguments)

    return (
        tool("list_needs", NoArguments, "List the needs for partners that are known.", lambda: _needs(desk.needs())),
        tool(
            "find_prospects",
            ProspectsArguments,
            "Find and score partners for a need; returns the ranking with evidence ids.",
            lambda need, top=5: _prospects(desk.find_prospects(desk.need(need), top)),
        ),
        tool(
            "explain_card",
            CardArguments,
            "The score card of one partner: band, dimensions, indicators with quotes and evidence ids, risks.",
            lambda partner, need=None: _card(desk.card(partner, need)),
        ),
        tool(
            "why_unknown",
            CardArguments,
            "What is not known about one partner: facts to find next, what they could change, what blocks it.",
            lambda partner, need=None: _unknowns(desk.card(partner, need)),
        ),
        tool(
            "what_waits",
            NoArguments,
            "What waits for an approval, and for people of which level.",
            lambda: [_inbox_item(item) for item in desk.waiting()],
        ),
        tool("list_deals", NoArguments, "List all deals and where they stand.", lambda: _plain(desk.deals())),
        tool(
            "show_deal",
            ThreadArguments,
            "One deal: where it stands and its term sheet.",
            lambda thread_id: _deal(desk.deal(thread_id)),
        ),
        tool(
            START_DEAL,
            DealArguments,
            "Propose a deal with a partner. It drafts a term sheet and halts until the people named in the answer "
            "approve; nobody can approve from this conversation.",
            lambda partner, need: _plain(desk.start_deal(partner, desk.need(need))),
        ),
        tool(
            "read_evidence",
            EvidenceArguments,
            "The text of one source, by its id.",
            lambda evidence_id: _evidence(desk.evidence(evidence_id)),
        ),
    )


def as_data(source: str, value: JsonValue) -> str:
    """A result for a model: JSON between ``<data>`` marks that its content cannot close."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return f'<data from="{source}">{body}</data>'


def from_data(text: str) -> JsonValue:
    """The value that `as_data` wrapped."""
    value: JsonValue = json.loads(text[text.index(">") + 1 : text.rindex("<")])
    return value


def _plain(value: object) -> JsonValue:
    plain: JsonValue = to_jsonable_python(value)
    return plain


def _needs(needs: Sequence[PartnershipNeed]) -> JsonValue:
    return [
        {
            "need_id": need.need_id,
            "title": need.title,
            "partnership_type": need.partnership_type.value,
            "regions": list(need.regions),
        }
        for need in needs
    ]


def evidence_of(card: PartnerFitScoreCard) -> tuple[str, ...]:
    """Ids of the sources that the known indicators of a card rest on, each once, in the card's order."""
    return tuple(dict.fromkeys(source.evidence_id for item in card.indicators for source in item.sources))


def _prospects(found: Discovery) -> JsonValue:
    cards = {card.company_id: card for card in found.cards}
    return {
        "need_id": found.report.need_id,
        "companies_known": found.report.companies_known,
        "ranking": [
            {
                **row.model_dump(mode="json"),
                "evidence_ids": list(evidence_of(cards[row.company_id])[:5]) if row.company_id in cards else [],
            }
            for row in found.ranking
        ],
        "not_live": [item.company_name for item in found.report.not_live[:10]],
    }


def _indicator(item: Indicator) -> JsonValue:
    return {
        "label": item.label.en,
        "value": item.shown.en if item.shown is not None else None,
        "points": item.points,
        "sources": [
            {"evidence_id": source.evidence_id, "quote": source.quote[:_QUOTE_FOR_MODEL]} for source in item.sources[:3]
        ],
    }


def _heading(card: PartnerFitScoreCard) -> dict[str, JsonValue]:
    kept = {
        "company_id",
        "company_name",
        "need_id",
        "as_of",
        "score",
        "coverage",
        "confidence",
        "band",
        "best_band",
        "worst_band",
    }
    heading: dict[str, JsonValue] = card.model_dump(mode="json", include=kept)
    return heading


def _card(card: PartnerFitScoreCard) -> JsonValue:
    return {
        **_heading(card),
        "dimensions": [
            {
                "dimension": part.dimension.value,
                "score": part.score,
                "coverage": part.coverage,
                "contribution": part.contribution,
                "known_indicators": [_indicator(item) for item in part.indicators if item.points is not None],
            }
            for part in card.dimensions
        ],
        "risks": [{"text": risk.text.en, "evidence_id": risk.evidence_id} for risk in card.risks],
        "contradictions": [
            item.model_dump(mode="json", include={"topic", "first", "second"}) for item in card.contradictions
        ],
        "rejected_claims": len(card.rejected_claims),
        "blocked": [reason.text.en for reason in card.blocked],
        "summary": card.summary.model_dump(mode="json"),
    }


def _unknowns(card: PartnerFitScoreCard) -> JsonValue:
    return {
        **_heading(card),
        "facts_to_find": [fact.model_dump(mode="json") for fact in card.facts_to_find],
        "band_changes": [change.model_dump(mode="json") for change in card.band_changes],
        "blocked": [reason.model_dump(mode="json") for reason in card.blocked],
    }


def _inbox_item(item: PendingItem) -> JsonValue:
    commitment = item.commitment
    return {
        "commitment_id": commitment.commitment_id,
        "thread_id": commitment.thread_id,
        "parties": list(commitment.parties),
        "partnership_type": commitment.partnership_type.value,
        "requested_by": commitment.requested_by,
        "approved_by": [decision.decided_by for decision in item.approvals],
        "still_needed": _plain(item.still_needed),
        "may_approve": [{"person_id": one.person_id, "name": one.name} for one in item.may_approve],
        "expires_at": item.expires_at.isoformat(),
    }


def _deal(view: DealView) -> JsonValue:
    sheet = view.sheet
    clauses: list[JsonValue] = [
        {"group": clause.group.value, "title": clause.title.en, "terms": _plain(clause.terms)}
        for clause in (sheet.clauses if sheet else ())
    ]
    return {"state": _plain(view.state), "version": sheet.version if sheet else None, "clauses": clauses}


def _evidence(evidence: Evidence) -> JsonValue:
    kept = {"evidence_id", "company_id", "kind", "source_kind", "source", "retrieved_at", "language"}
    return {**evidence.model_dump(mode="json", include=kept), "untrusted_text": evidence.text[:_EVIDENCE_FOR_MODEL]}
