"""Watches a conversation from outside: each call into the workspace, what it returned, and what a model took."""

from collections.abc import Callable
from typing import Any, cast

from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.messages import AIMessage
from langchain_core.outputs import ChatGeneration, LLMResult
from pydantic import JsonValue
from pydantic_core import to_jsonable_python

from partnership_os.errors import PartnershipError
from partnership_os.evals.cases.chat.case import Call
from partnership_os.graphs.views import DealView, Discovery
from partnership_os.graphs.workspace import Workspace
from partnership_os.llm.usage import UsageMeter
from partnership_os.schemas.need import PartnershipNeed
from partnership_os.schemas.score_card import PartnerFitScoreCard

__all__ = ["Recorder", "UsageWatch"]

_WATCHED = {
    "needs": "needs",
    "read_need": "needs",
    "discover": "discover",
    "card": "card",
    "inbox": "inbox",
    "deals": "deals",
    "deal": "deal",
    "start_deal": "start_deal",
    "evidence": "evidence",
}
"""Function of the workspace → the name under which it is recorded."""


class Recorder:
    """Stands before a workspace and notes what the chat asks it for; grammar and model are so watched alike.

    Args:
        workspace: Answers the calls.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.calls: list[Call] = []
        self.returned: list[JsonValue] = []
        self.cards: list[PartnerFitScoreCard] = []

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._workspace, name)
        return self._watching(_WATCHED[name], found) if name in _WATCHED else found

    def as_workspace(self) -> Workspace:
        """Itself, for what asks for a workspace."""
        return cast(Workspace, self)

    def _watching(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*arguments: Any) -> Any:
            call = self._call(name, arguments)
            try:
                result = function(*arguments)
            except PartnershipError as error:
                self.calls.append(call.model_copy(update={"failed": True}))
                self.returned.append(to_jsonable_python(error.as_dict()))
                raise
            self.calls.append(call)
            self.returned.append(to_jsonable_python(_shared(result)))
            self.cards += _cards_of(result)
            return result

        return watched

    def _call(self, name: str, arguments: tuple[Any, ...]) -> Call:
        need = next((item.need_id for item in arguments if isinstance(item, PartnershipNeed)), None)
        partner = reference = None
        if name in ("card", "start_deal"):
            partner = self._named(str(arguments[0]))
        elif name == "evidence":
            reference = str(arguments[0])
            partner = self._about(reference)
        elif name == "deal":
            reference = str(arguments[0])
        return Call(name=name, partner=partner, need=need, reference=reference)

    def _named(self, text: str) -> str:
        try:
            return str(self._workspace.find_company(text).name)
        except PartnershipError:
            return text

    def _about(self, evidence_id: str) -> str | None:
        try:
            return self._named(self._workspace.evidence(evidence_id).company_id)
        except PartnershipError:
            return None


def _shared(result: Any) -> Any:
    """A result without the private review of a sheet: the chat passes it to nobody, and its figures are our limits."""
    return result.model_copy(update={"conformance": None}) if isinstance(result, DealView) else result


def _cards_of(result: Any) -> tuple[PartnerFitScoreCard, ...]:
    if isinstance(result, Discovery):
        return result.cards
    card = result.card if isinstance(result, DealView) else result
    return (card,) if isinstance(card, PartnerFitScoreCard) else ()


class UsageWatch(BaseCallbackHandler):
    """Adds up what a chat model states that its answers took.

    Args:
        meter: Knows the prices.
    """

    def __init__(self, meter: UsageMeter) -> None:
        self.meter = meter

    def on_llm_end(self, response: LLMResult, **_: Any) -> None:
        """Count an answer."""
        for generation in (item for batch in response.generations for item in batch):
            message = generation.message if isinstance(generation, ChatGeneration) else None
            stated = message.usage_metadata if isinstance(message, AIMessage) else None
            self.meter.answered(*((stated["input_tokens"], stated["output_tokens"]) if stated else (None, None)))

    def on_llm_error(self, error: BaseException, **_: Any) -> None:
        """Count a request without an answer."""
        self.meter.failed()
