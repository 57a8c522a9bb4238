"""The command ``chat``: a conversation in the terminal, or line by line from a pipe."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated

import typer

from partnership_os.errors import PartnershipError
from partnership_os.surfaces.cli_session import Session, TokenFile, command

if TYPE_CHECKING:
    from partnership_os.graphs.chat_graph import Conversation
    from partnership_os.surfaces.cli_render import Screen

PROMPT = "› "
_LEAVE = frozenset(("/quit", "/exit", "/خروج"))


def add_to(app: typer.Typer) -> None:
    """Add the command of this module to the application."""
    command(
        app,
        "chat",
        (
            "partnership chat",
            "partnership chat --thread chat-…",
            "echo 'what waits for whom?' | partnership chat",
        ),
        action="converse",
    )(chat)


def chat(
    session: Session,
    thread: Annotated[
        str | None, typer.Option("--thread", metavar="ID", help="Go on with this conversation, chat-….")
    ] = None,
    token_file: TokenFile = None,
) -> None:
    """Ask about partners and deals; it can propose a deal and never approve one."""
    from partnership_os.graphs.chat_graph import Conversation
    from partnership_os.graphs.chat_tools import ChatContext

    token = session.token(token_file)
    with session.workspace() as workspace, ExitStack() as connections:
        client = workspace.home.chat
        if client is not None:
            connections.callback(client.close)
        context = ChatContext(
            workspace=workspace,
            today=workspace.services.clock().date(),
            model=client.chat_model() if client is not None else None,
            token=token,
            language=session.language,
        )
        conversation = Conversation(context, workspace.saver, thread)
        if session.as_json:
            _talk_in_json(session, conversation)
        else:
            _talk(session.screen, conversation)


def _talk(screen: "Screen", conversation: "Conversation") -> None:
    """Question and answer until the person leaves."""
    from partnership_os.graphs.wording.error_wording import told

    interactive = sys.stdin.isatty()
    if interactive:
        screen.fact("chat.thread", conversation.thread_id)
        screen.say("chat.hint", style="dim", help="/help", quit="/quit")
    for line in _lines(interactive):
        try:
            answer = conversation.ask(line).text
        except PartnershipError as error:
            answer = "\n".join(filter(None, told(screen.texts, error.message, error.fix)))
        screen.answer(answer)
        screen.console.print()
    screen.say("chat.resume", style="dim")
    screen.command(f"partnership chat --thread {conversation.thread_id}")


def _talk_in_json(session: Session, conversation: "Conversation") -> None:
    """Every line of stdin answered, as one document at the end."""
    from partnership_os.surfaces.cli_render import in_answer

    turns = []
    for line in _lines(interactive=False):
        try:
            reply = conversation.ask(line)
        except PartnershipError as error:
            turns.append({"question": line, "error": error.as_dict()})
        else:
            answer = in_answer(reply.text, session.options)
            turns.append({"question": line, "answer": answer, "by": reply.by, "evidence_ids": reply.evidence_ids})
    session.answer({"thread_id": conversation.thread_id, "turns": turns}, lambda screen: None)


def _lines(interactive: bool) -> Iterator[str]:
    """What the person says, until ``/quit``, the end of the input or Ctrl-C at the prompt."""
    if interactive:
        import readline  # noqa: F401  (gives the prompt its history and cursor keys)
    while True:
        try:
            line = input(PROMPT) if interactive else sys.stdin.readline()
        except (EOFError, KeyboardInterrupt):
            return
        if not interactive and not line:
            return
        said = line.strip().removeprefix("\ufeff")
        if said.casefold() in _LEAVE:
            return
        if said:
            yield said
