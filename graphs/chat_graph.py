"""The conversation: one graph with two ways to answer, by a model that calls tools or by a small grammar.

Both share the thread, so a conversation goes on when a model is added, taken away or fails. No node has more
authority than the tools of `chat_tools`: a deal can be proposed, nothing can be approved.
"""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Literal

from langchain_core.messages import (
    AIMessage,
    AnyMessage,
    BaseMessage,
    HumanMessage,
    SystemMessage,
    ToolCall,
    ToolMessage,
)
from langchain_core.runnables import RunnableConfig
from langchain_core.tools import BaseTool
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.message import add_messages
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime
from pydantic import JsonValue, ValidationError
from typing_extensions import TypedDict

from partnership_os.errors import InputError, ModelError, PartnershipError
from partnership_os.graphs.chat_actions import START_DEAL
from partnership_os.graphs.chat_answers import PlainChat, chat_texts, ranked_in, situation_lines
from partnership_os.graphs.chat_grammar import is_command, language_of, understand
from partnership_os.graphs.chat_tools import ChatContext, ChatDesk, as_data, chat_tools, from_data
from partnership_os.graphs.views import DealState
from partnership_os.graphs.wording.error_wording import worded
from partnership_os.graphs.wording.texts import Texts
from partnership_os.prompts.library import load_prompt

MOST_TOOL_ROUNDS = 4
RECURSION_LIMIT = 2 * MOST_TOOL_ROUNDS + 6
"""Steps of one turn: each round is two, and the turn itself needs a few; more would be a loop."""
MESSAGES_FOR_MODEL = 40
LONGEST_LINE = 4_000
_EVIDENCE_ID = re.compile(r"ev_[A-Za-z0-9_\-]{1,96}")
_BRACKETED_ID = re.compile(r"\[?(ev_[A-Za-z0-9_\-]{1,96})\]?")
_THREAD_ID = re.compile(r"chat-[A-Za-z0-9_\-]{1,60}")


class ChatState(TypedDict, total=False):
    """One conversation. ``failure`` says why the model could not answer this turn, empty otherwise."""

    messages: Annotated[list[AnyMessage], add_messages]
    failure: str


ChatGraph = CompiledStateGraph[ChatState, ChatContext, ChatState, ChatState]


def build_chat_graph(checkpointer: BaseCheckpointSaver[str] | None = None) -> ChatGraph:
    """Compile the conversation; who speaks and with what comes with each run as `ChatContext`."""
    graph = StateGraph(ChatState, context_schema=ChatContext)
    graph.add_node("plain", _plain)
    graph.add_node("model", _model)
    graph.add_node("tools", _tools)
    graph.add_conditional_edges(START, _first, ["plain", "model"])
    graph.add_conditional_edges("model", _after_model, ["plain", "tools", END])
    graph.add_edge("tools", "model")
    graph.add_edge("plain", END)
    return graph.compile(checkpointer=checkpointer)


def _first(state: ChatState, runtime: Runtime[ChatContext]) -> Literal["plain", "model"]:
    commanded = is_command(_typed(state["messages"])[-1])
    return "plain" if commanded or runtime.context.model is None else "model"


def _after_model(state: ChatState) -> str:
    if state.get("failure"):
        return "plain"
    last = state["messages"][-1]
    return "tools" if isinstance(last, AIMessage) and last.tool_calls else END


def _typed(messages: Sequence[BaseMessage]) -> list[str]:
    return [str(message.text) for message in messages if isinstance(message, HumanMessage)]


def _plain(state: ChatState, runtime: Runtime[ChatContext]) -> ChatState:
    """Answer by the grammar."""
    context = runtime.context
    *earlier, line = _typed(state["messages"])
    texts = chat_texts(language_of(line, context.language))
    said = [(message.name or "", str(message.text)) for message in state["messages"] if isinstance(message, AIMessage)]
    chat = PlainChat(ChatDesk(context, (*earlier, line)), texts, earlier, ranked_in(said))
    lines: list[str] = []
    if context.announce and context.model is None:
        lines.append(texts("no_model", help="/help"))
    if state.get("failure"):
        lines.append(texts("model_failed", why=worded(texts, state["failure"])))
    proposed = _proposed(texts, state["messages"])
    if proposed:
        lines += proposed
    else:
        question = understand(line)
        lines.append(chat.answer(question) if question is not None else chat.not_understood())
    return {"messages": [AIMessage("\n".join(lines), name="rules")], "failure": ""}


def _since_asked(messages: Sequence[BaseMessage]) -> list[BaseMessage]:
    """What happened after the person's last line."""
    last = max(at for at, message in enumerate(messages) if isinstance(message, HumanMessage))
    return list(messages[last + 1 :])


def _proposed(texts: Texts, messages: Sequence[BaseMessage]) -> list[str]:
    """What the deals proposed in this turn now wait for, in the words of the code and not of a model.

    Where a model fails after it proposed one, this keeps the grammar from proposing it again.
    """
    lines: list[str] = []
    for message in _since_asked(messages):
        if isinstance(message, ToolMessage) and message.name == START_DEAL and message.status == "success":
            lines += situation_lines(texts, DealState.model_validate(from_data(str(message.text))))
    return lines


def _model(state: ChatState, runtime: Runtime[ChatContext]) -> ChatState:
    """Let the model answer or call tools; after too many rounds it must answer with what it has."""
    context, messages = runtime.context, state["messages"]
    if context.model is None:
        return {"failure": "no model is set"}
    desk = ChatDesk(context, _typed(messages))
    tools = chat_tools(desk)
    listed = "\n".join(f"- {tool.name}: {tool.description}" for tool in tools)
    system = load_prompt("chat_system").render(tools=listed, today=context.today.isoformat())
    may_call = _rounds(messages) < MOST_TOOL_ROUNDS
    model = context.model.bind_tools(list(tools)) if may_call else context.model
    try:
        said = model.invoke([SystemMessage(system), *_for_model(messages)])
    except ModelError as error:
        return {"failure": error.message}
    except (ValueError, TypeError, KeyError, AttributeError):
        # What the SDK raises for a body that is no chat completion depends on how it is malformed.
        return {"failure": "its answer could not be read."}
    calls = said.tool_calls if isinstance(said, AIMessage) and may_call else []
    if calls:
        return {"messages": [AIMessage(said.text, tool_calls=_with_ids(calls), name="model")]}
    text = str(said.text) or str(said.additional_kwargs.get("refusal") or "")
    return {"messages": [AIMessage(_checked(text, messages, context.language), name="model")]}


def _with_ids(calls: Sequence[ToolCall]) -> list[ToolCall]:
    return [{**call, "id": call["id"] or f"call_{at}"} for at, call in enumerate(calls)]


def _rounds(messages: Sequence[BaseMessage]) -> int:
    """Rounds of tool calls since the person last spoke."""
    return sum(isinstance(message, AIMessage) and bool(message.tool_calls) for message in _since_asked(messages))


def _for_model(messages: Sequence[AnyMessage]) -> list[AnyMessage]:
    """The last messages, from a person's line on; a call that was cut off before its result is left out.

    A server refuses a conversation in which a tool call has no answer, and a process can end between the two.
    """
    answered = {message.tool_call_id for message in messages if isinstance(message, ToolMessage)}
    whole = [
        message
        for message in messages
        if not (isinstance(message, AIMessage) and any(call["id"] not in answered for call in message.tool_calls))
    ]
    kept = whole[-MESSAGES_FOR_MODEL:]
    starts = [at for at, message in enumerate(kept) if isinstance(message, HumanMessage)]
    return kept[starts[0] :] if starts else kept


def _checked(text: str, messages: Sequence[BaseMessage], language: str) -> str:
    """The model's answer without sources that no tool gave it in this conversation."""
    texts = chat_texts(language_of(_typed(messages)[-1], language))
    proposed = _proposed(texts, messages)
    if not text.strip():
        return "\n".join(proposed) or texts("model_empty", help="/help")
    given = {
        found
        for message in messages
        if not isinstance(message, HumanMessage)
        for found in _EVIDENCE_ID.findall(str(message.text))
    }
    checked = _BRACKETED_ID.sub(
        lambda found: found.group(0) if found.group(1) in given else texts("no_such_source"), text
    )
    return "\n".join((checked, *proposed))


def _tools(state: ChatState, runtime: Runtime[ChatContext]) -> ChatState:
    """Run the calls one after another, in their order; an error is the result of its call."""
    messages = state["messages"]
    tools = {tool.name: tool for tool in chat_tools(ChatDesk(runtime.context, _typed(messages)))}
    texts = chat_texts("en")
    last = messages[-1]
    results: list[AnyMessage] = []
    for call in last.tool_calls if isinstance(last, AIMessage) else []:
        if call["name"] == START_DEAL and _proposed(texts, [*messages, *results]):
            result = _failed(InputError("One deal was proposed in this turn already; nothing more was done.").as_dict())
        else:
            result = _run(tools, call)
        result.tool_call_id = str(call["id"])
        results.append(result)
    return {"messages": results}


def _failed(error: dict[str, JsonValue]) -> ToolMessage:
    return ToolMessage(as_data("error", error), tool_call_id="", status="error")


def _run(tools: Mapping[str, BaseTool], call: ToolCall) -> ToolMessage:
    name = call["name"]
    try:
        if name not in tools:
            raise InputError(f"There is no tool {name!r}; nothing was done.", fix=f"Use: {', '.join(tools)}.")
        return ToolMessage(str(tools[name].invoke(call["args"])), tool_call_id="", name=name)
    except PartnershipError as error:
        return _failed(error.as_dict())
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors())
        return _failed({"message": f"The arguments do not fit {name}: {wrong}"})


@dataclass(frozen=True)
class ChatReply:
    """One answer: who gave it (``model`` or ``rules``) and the sources that it names."""

    text: str
    by: str
    evidence_ids: tuple[str, ...]


class Conversation:
    """A thread that a person talks in. It survives the process when the checkpointer does.

    Args:
        context: Workspace, model and person of this session.
        checkpointer: Where the thread is kept.
        thread_id: A thread to go on with; a new one when None.

    Raises:
        InputError: the id is not one of a conversation.
    """

    def __init__(
        self, context: ChatContext, checkpointer: BaseCheckpointSaver[str], thread_id: str | None = None
    ) -> None:
        self.thread_id = thread_id or f"chat-{secrets.token_hex(8)}"
        if not _THREAD_ID.fullmatch(self.thread_id):
            raise InputError(
                f"{self.thread_id!r} is not the id of a conversation.",
                fix="Use the id that `partnership chat` printed, chat-…, or leave --thread out to start a new one.",
            )
        self._context = replace(context, announce=True)
        self._graph = build_chat_graph(checkpointer)
        self._config: RunnableConfig = {
            "configurable": {"thread_id": self.thread_id},
            "recursion_limit": RECURSION_LIMIT,
        }

    def ask(self, line: str) -> ChatReply:
        """Answer one line.

        Raises:
            InputError: the line is longer than 4,000 characters.
        """
        if len(line) > LONGEST_LINE:
            raise InputError(f"A line may have {LONGEST_LINE} characters; this one has {len(line)}.", fix="Shorten it.")
        said: ChatState = {"messages": [HumanMessage(line)], "failure": ""}
        after = self._graph.invoke(said, self._config, context=self._context, durability="sync")
        self._context = replace(self._context, announce=False)
        last = after["messages"][-1]
        text = str(last.text)
        return ChatReply(text, last.name or "rules", tuple(dict.fromkeys(_EVIDENCE_ID.findall(text))))

    def lines(self) -> tuple[tuple[str, str], ...]:
        """What was said so far: ``("you" | "model" | "rules", text)``, without tool calls."""
        messages = self._graph.get_state(self._config).values.get("messages", [])
        return tuple(
            ("you" if isinstance(message, HumanMessage) else message.name or "rules", str(message.text))
            for message in messages
            if isinstance(message, (HumanMessage, AIMessage)) and message.text
        )
