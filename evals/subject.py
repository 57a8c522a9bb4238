"""Who is evaluated: the rules analyst, a chat model behind an OpenAI-compatible server, or a scripted control."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from partnership_os.errors import InputError, ModelError
from partnership_os.llm.chat import ChatClient, ChatConfig
from partnership_os.settings import Settings

__all__ = ["CONTROL", "RULES", "Subject", "is_control", "require_answer", "seated"]

_FIRST_QUESTION = "Answer with one word: ready."
CONTROL = "control/"
"""Begins the label of a scripted control, so that nobody takes it for a model."""


@dataclass(frozen=True)
class Subject:
    """One subject of a run. ``label`` stands in every table; without a configuration no model is asked."""

    label: str
    config: ChatConfig | None = None


RULES = Subject("rules")
"""The rules analyst: the baseline of every table."""


def is_control(label: str) -> bool:
    """Whether a label is that of a scripted control."""
    return label.startswith(CONTROL)


@contextmanager
def seated(labels: Sequence[str], settings: Settings, replay: Path | None = None) -> Iterator[tuple[Subject, ...]]:
    """The subjects of these labels, with the local servers that some of them need; the rules analyst comes first.

    Args:
        labels: ``rules``, ``control/NAME``, or the name of a model of the server of the settings.
        settings: Where that server is, its key, limits and prices.
        replay: A folder of recorded answers that models are asked from, instead of a live server.

    Raises:
        InputError: there is no such control; or a request was not among the recorded ones.
        ConfigurationError: a model is named and the settings name no server for it.
        ModelError: a live model does not answer a first question; names it.
    """
    names = dict.fromkeys((RULES.label, *labels))
    with ExitStack() as stack:
        controls: str | None = None
        recorded: str | None = None
        subjects: list[Subject] = []
        for label in names:
            if label == RULES.label:
                subjects.append(RULES)
            elif is_control(label):
                controls = controls or stack.enter_context(_controls(names))
                subjects.append(Subject(label, ChatConfig(model=label, base_url=controls)))
            else:
                if replay is not None:
                    recorded = recorded or stack.enter_context(_replayed(replay))
                place = {} if replay is None else {"base_url": recorded, "api_key": None}
                config = ChatConfig.from_settings(settings.model_copy(update={"model": label, **place}))
                if replay is None:
                    require_answer(config)
                subjects.append(Subject(label, config))
        yield tuple(subjects)


def require_answer(config: ChatConfig) -> None:
    """Ask a model one short question: a run on a server that is down would be a run of the rules that fill in for it.

    Raises:
        ModelError: no answer came; says what the server said.
    """
    client = ChatClient(config)
    try:
        client.chat_model().invoke(_FIRST_QUESTION)
    except ModelError as error:
        details = {name: value for name, value in error.details.items() if name in ("kind", "usage")}
        raise ModelError(
            f"{config.model} does not answer, so that nothing was run: {error.message}", fix=error.fix, **details
        ) from None
    finally:
        client.close()


@contextmanager
def _controls(labels: Iterable[str]) -> Iterator[str]:
    from partnership_os.evals.controls import CONTROLS, control_server

    for label in labels:
        if is_control(label) and label.removeprefix(CONTROL) not in CONTROLS:
            raise InputError(
                f"There is no control {label!r}.", fix=f"Use one of: {', '.join(CONTROL + name for name in CONTROLS)}."
            )
    with control_server() as base_url:
        yield base_url


@contextmanager
def _replayed(folder: Path) -> Iterator[str]:
    from partnership_os.evals.replay.cassette import Cassette
    from partnership_os.evals.replay.server import ReplayServer

    with ReplayServer(Cassette.load(folder)) as server:
        yield server.base_url
        server.require_complete()
