"""What a suite gets to answer one case with: the subject's analyst, homes to work in, and a meter on every call."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from threading import Lock, RLock
from typing import Any, TypeVar

from langchain_core.language_models import BaseChatModel

from partnership_os.agents.analyst import Analyst
from partnership_os.agents.model_analyst import ModelAnalyst
from partnership_os.agents.rules_analyst import RulesAnalyst
from partnership_os.errors import ModelError
from partnership_os.evals.sample import Completion
from partnership_os.evals.subject import Subject
from partnership_os.governance.clock import Clock
from partnership_os.graphs.home import SearchDoor, open_home
from partnership_os.graphs.workspace import Workspace
from partnership_os.llm.chat import ChatClient, ChatConfig, ChatMessage
from partnership_os.llm.chat import Completion as ChatCompletion
from partnership_os.schemas.model_outputs import StrictOutput
from partnership_os.schemas.stamp import ModelUsage
from partnership_os.settings import AnalystChoice, Settings
from partnership_os.storage.checkpoints import open_checkpointer
from partnership_os.tools.company_search import CompanySearch
from partnership_os.tools.lexicon import Lexicon, load_lexicon

__all__ = ["MeteredClient", "Room", "Sitting"]

T = TypeVar("T")
OutputT = TypeVar("OutputT", bound=StrictOutput)


class MeteredClient:
    """A chat client that keeps count of each answer it was asked for, tries and repairs apart.

    Args:
        client: The client that asks.
    """

    def __init__(self, client: ChatClient) -> None:
        self._client = client
        self._lock = Lock()
        self._done: list[Completion] = []
        self._usage = ModelUsage()

    @property
    def config(self) -> ChatConfig:
        """The configuration of the client."""
        return self._client.config

    @property
    def completions(self) -> tuple[Completion, ...]:
        """Every answer that was asked for, in the order in which they came."""
        return tuple(self._done)

    @property
    def usage(self) -> ModelUsage:
        """What they took together."""
        return self._usage

    def complete(
        self, messages: Sequence[ChatMessage], schema: type[OutputT], name: str, repair: Callable[[str], str]
    ) -> ChatCompletion[OutputT]:
        """Like `ChatClient.complete`.

        Raises:
            ModelError: no valid answer came.
        """
        try:
            done = self._client.complete(messages, schema, name, repair)
        except ModelError as error:
            usage: ModelUsage = error.details["usage"]
            failed = Completion(
                contract=name, valid=False, tries=usage.calls, failure=error.details["kind"], said=error.message
            )
            self._note(failed, usage)
            raise
        self._note(Completion(contract=name, valid=True, tries=done.usage.calls), done.usage)
        return done

    def _note(self, completion: Completion, usage: ModelUsage) -> None:
        with self._lock:
            self._done.append(completion)
            self._usage = self._usage.plus(usage)


class Room:
    """What the cases of one suite run share: a subject, its connection, a folder, and things made once.

    Args:
        subject: Who answers.
        folder: An empty folder for homes; the caller removes it.
        settings: The user's settings; embedding settings and limits are taken from them, stores and keys never.
    """

    def __init__(self, subject: Subject, folder: Path, settings: Settings) -> None:
        self.subject = subject
        self.folder = folder
        self.settings = settings
        self._lock = RLock()
        self._made: dict[str, Any] = {}
        self._homes = 0
        self._stack = ExitStack()
        self._client = ChatClient(subject.config) if subject.config is not None else None
        if self._client is not None:
            self._stack.callback(self._client.close)

    @cached_property
    def lexicon(self) -> Lexicon:
        """The shipped lexicon."""
        return load_lexicon()

    @property
    def client(self) -> ChatClient | None:
        """The subject's chat client, None for the rules analyst."""
        return self._client

    def once(self, key: str, make: Callable[[], T]) -> T:
        """The thing of this name, made by the first case that asks for it."""
        with self._lock:
            if key not in self._made:
                self._made[key] = make()
            made: T = self._made[key]
            return made

    def search(self) -> CompanySearch:
        """An empty search in a folder of its own, with the embedding of the settings; closed with the room."""
        settings = self.settings.model_copy(update={"chroma_url": None})
        door = SearchDoor(settings, self.new_folder(), self.lexicon)
        self._stack.callback(door.close)
        return door()

    def new_folder(self) -> Path:
        """A path in the folder that nobody has yet."""
        with self._lock:
            self._homes += 1
            return self.folder / f"home-{self._homes}"

    def close(self) -> None:
        """Close connections and stores."""
        self._stack.close()


class Sitting:
    """One case being answered by one subject. Everything that a model is asked goes through it and is counted.

    Args:
        room: What the cases of the run share.
    """

    def __init__(self, room: Room) -> None:
        self.room = room
        self._meter = MeteredClient(room.client) if room.client is not None else None
        self._noted = ModelUsage()

    @property
    def lexicon(self) -> Lexicon:
        """The shipped lexicon."""
        return self.room.lexicon

    @cached_property
    def rules(self) -> RulesAnalyst:
        """The rules analyst."""
        return RulesAnalyst(self.lexicon)

    @cached_property
    def analyst(self) -> Analyst:
        """The subject as an analyst: the rules analyst itself, or the model behind the same door."""
        return self.rules if self._meter is None else ModelAnalyst(self._meter, self.lexicon, self.rules)

    @property
    def asks_model(self) -> bool:
        """Whether the subject is a chat model."""
        return self._meter is not None

    @property
    def completions(self) -> tuple[Completion, ...]:
        """Every answer under a schema that the model was asked for."""
        return self._meter.completions if self._meter is not None else ()

    @property
    def usage(self) -> ModelUsage:
        """What those answers took, and what was noted beside them."""
        return self._meter.usage.plus(self._noted) if self._meter is not None else self._noted

    def note_usage(self, usage: ModelUsage) -> None:
        """Count what did not go through the analyst, for example the calls of a chat with tools."""
        self._noted = self._noted.plus(usage)

    @cached_property
    def chat_model(self) -> BaseChatModel | None:
        """The subject as a model that calls tools; None for the rules analyst."""
        return self.room.client.chat_model() if self.room.client is not None else None

    @contextmanager
    def workspace(self, key: str, prepare: Callable[[Workspace], None], clock: Clock) -> Iterator[Workspace]:
        """A workspace of this case alone, with the subject as its analyst; it is a copy of a prepared one.

        Args:
            key: Names the preparation; it runs once for all cases that name it.
            prepare: Fills a new workspace with what those cases start from. No model is asked.
            clock: What time it is in the workspace, also while it is prepared.
        """
        template = self.room.once(f"home:{key}", lambda: self._template(prepare, clock))
        folder = self.room.new_folder()
        shutil.copytree(template, folder)
        try:
            with self._opened(folder, clock, self.analyst) as workspace:
                yield workspace
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _template(self, prepare: Callable[[Workspace], None], clock: Clock) -> Path:
        folder = self.room.new_folder()
        with self._opened(folder, clock, self.rules) as workspace:
            prepare(workspace)
        return folder

    @contextmanager
    def _opened(self, folder: Path, clock: Clock, analyst: Analyst) -> Iterator[Workspace]:
        settings = self.room.settings.model_copy(
            update={
                "home": folder,
                "database_url": None,
                "anchor_file": None,
                "chroma_url": None,
                "token": None,
                "analyst": AnalystChoice.RULES,
            }
        )
        home = open_home(settings, clock)
        try:
            services = home.services if analyst is self.rules else replace(home.services, analyst=analyst)
            home = replace(home, services=services)
            saver = home.stack.enter_context(
                open_checkpointer(home.database, home.checkpoints, settings.migrations.value)
            )
            yield Workspace(settings, home, saver)
        finally:
            home.close()
