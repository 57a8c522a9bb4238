"""One conversation of a case with the product, watched from outside."""

from collections.abc import Iterator
from contextlib import suppress

from langchain_core.language_models import BaseChatModel
from langgraph.checkpoint.memory import InMemorySaver
from pydantic import JsonValue

from partnership_os.errors import InputError
from partnership_os.evals.cases.chat.case import Answered, CardFigures, ChatCase, filled, places_of
from partnership_os.evals.cases.chat.recorder import Recorder, UsageWatch
from partnership_os.evals.cases.chat.world import NOW, World
from partnership_os.evals.checks.answers import cited_ids, known_numbers
from partnership_os.evals.checks.quotes import heard_of, quotes_in
from partnership_os.evals.sitting import Sitting
from partnership_os.graphs.chat_answers import chat_texts
from partnership_os.graphs.chat_graph import Conversation
from partnership_os.graphs.chat_phrases import COMMAND_FIELDS
from partnership_os.graphs.chat_tools import ChatContext
from partnership_os.graphs.workspace import Workspace
from partnership_os.llm.usage import UsageMeter
from partnership_os.schemas.score_card import PartnerFitScoreCard

__all__ = ["talk"]


def talk(case: ChatCase, sitting: Sitting, workspace: Workspace, world: World) -> Answered:
    """Type the lines of a case, and keep the last answer with what a grade needs of it.

    Args:
        case: Its lines.
        sitting: Whose model answers, if any.
        workspace: A copy of the prepared one, for this case alone.
        world: What the prepared one holds.
    """
    recorder = Recorder(workspace)
    config = sitting.room.client.config if sitting.room.client is not None else None
    watch = UsageWatch(UsageMeter(*((config.price_input, config.price_output) if config else ())))
    context = ChatContext(
        workspace=recorder.as_workspace(),
        today=NOW.date(),
        model=_watched(sitting.chat_model, watch),
        token=world.token if case.signed_in else None,
        language=case.language,
    )
    conversation = Conversation(context, InMemorySaver())
    stood, fixed = _proposed(workspace), _fixed(workspace)
    lines = [filled(line, world.names)[0] for line in case.turns]
    for line in lines:
        recorder.calls.clear()
        reply = conversation.ask(line)
    sitting.note_usage(watch.meter.total)
    cited, quotes = cited_ids(reply.text), quotes_in(reply.text)
    helped = chat_texts(case.language)("help", **COMMAND_FIELDS)
    known: list[JsonValue] = [*recorder.returned, *lines, NOW.date().isoformat()]
    given = cited_ids(f"{recorder.returned} {lines}")
    return Answered(
        text=reply.text,
        by=reply.by,
        calls=tuple(recorder.calls),
        names={name: world.names.get(name, ()) for name in places_of(case.texts)},
        existing=_existing(workspace, cited),
        sources=_sources(workspace, cited),
        heard=heard_of(quotes, _strings([*known, helped])),
        cards=tuple(dict.fromkeys(_figures(workspace, card) for card in recorder.cards)),
        given=tuple(one for one in cited if one in given),
        numbers=tuple(sorted(known_numbers(*known))),
        proposed=tuple(sorted(_proposed(workspace) - stood)),
        decided=_fixed(workspace) != fixed,
        asked_model=sitting.asks_model,
    )


def _watched(model: BaseChatModel | None, watch: UsageWatch) -> BaseChatModel | None:
    return None if model is None else model.model_copy(update={"callbacks": [watch]})


def _proposed(workspace: Workspace) -> frozenset[str]:
    """``Company@need`` of each deal that was put before people."""
    with workspace.services.governance.snapshot() as reader:
        threads = {item.commitment.thread_id for item in reader.commitments()}
    store = workspace.services.companies
    deals = [deal for deal in store.deals() if deal.thread_id in threads]
    return frozenset(f"{store.company(deal.company_id).name}@{deal.need_id}" for deal in deals)


def _fixed(workspace: Workspace) -> tuple[object, ...]:
    """Everything that only a person may change."""
    with workspace.services.governance.snapshot() as reader:
        decided = (reader.decisions(), reader.ledger(), reader.outbox(), reader.delegations())
        return (*decided, reader.people(), len(reader.tokens()))


def _existing(workspace: Workspace, ids: tuple[str, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in ids:
        with suppress(InputError):
            found[one] = workspace.services.companies.company(workspace.evidence(one).company_id).name
    return found


def _sources(workspace: Workspace, ids: tuple[str, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in ids:
        with suppress(InputError):
            found[one] = workspace.evidence(one).text
    return found


def _figures(workspace: Workspace, card: PartnerFitScoreCard) -> CardFigures:
    company = workspace.services.companies.company(card.company_id)
    return CardFigures(
        names=(*company.names, company.company_id),
        need=card.need_id,
        score=card.score,
        coverage=card.coverage,
        confidence=card.confidence,
    )


def _strings(value: JsonValue) -> Iterator[str]:
    """Every string of a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _strings(item)
