"""A chat model that says what it is told, for tests of graphs that call tools."""

from collections.abc import Callable, Sequence
from threading import Lock
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.utils.function_calling import convert_to_openai_tool
from pydantic import PrivateAttr

Turn = AIMessage | str | Callable[[list[BaseMessage]], AIMessage | str]


def tool_call(name: str, **arguments: Any) -> AIMessage:
    """A turn that calls one tool and says nothing."""
    return AIMessage(content="", tool_calls=[{"name": name, "args": arguments, "id": f"call_{name}"}])


class ScriptedChatModel(BaseChatModel):
    """Plays its turns in order, one per call; a call after the last turn raises AssertionError.

    ``calls`` holds the messages of each call and ``tools`` the names that were bound. Streaming gives each turn as
    one chunk, tool calls included. Build it with `scripted`.
    """

    _turns: list[Turn] = PrivateAttr(default_factory=list)
    _lock: Any = PrivateAttr(default_factory=Lock)
    _calls: list[list[BaseMessage]] = PrivateAttr(default_factory=list)
    _tools: list[str] = PrivateAttr(default_factory=list)

    @property
    def calls(self) -> list[list[BaseMessage]]:
        """The messages of each call so far."""
        return self._calls

    @property
    def tools(self) -> list[str]:
        """Names of the tools that were bound, sorted."""
        return sorted(set(self._tools))

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def add(self, *turns: Turn) -> None:
        """More turns, after those that are left."""
        with self._lock:
            self._turns += turns

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> "ScriptedChatModel":
        """Remember the tools; the script decides whether they are called."""
        self._tools += [convert_to_openai_tool(tool)["function"]["name"] for tool in tools]
        return self

    def assert_done(self) -> None:
        """Every turn was played.

        Raises:
            AssertionError: otherwise.
        """
        if self._turns:
            raise AssertionError(f"{len(self._turns)} turns of the script were never asked for")

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        with self._lock:
            self._calls.append(list(messages))
            if not self._turns:
                raise AssertionError(f"the scripted model has no turn left for call {len(self._calls)}")
            turn = self._turns.pop(0)
        said = turn(messages) if callable(turn) else turn
        message = AIMessage(content=said) if isinstance(said, str) else said
        return ChatResult(generations=[ChatGeneration(message=message)])


def scripted(*turns: Turn) -> ScriptedChatModel:
    """A model that plays these turns: a text, an AIMessage (see `tool_call`), or a function of the messages."""
    model = ScriptedChatModel()
    model.add(*turns)
    return model
