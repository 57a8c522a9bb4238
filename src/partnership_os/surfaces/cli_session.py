"""One run of the command line: what was asked for, where answers go, and how an error is told.

Nothing heavy is imported at the top: ``partnership --help`` must not wait for the graph or the vector store.
"""

from __future__ import annotations

import inspect
import json
import shlex
import stat
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from partnership_os.errors import InputError, PartnershipError

if TYPE_CHECKING:
    from rich.console import Console

    from partnership_os.governance.actions import ActionName
    from partnership_os.graphs.workspace import Workspace
    from partnership_os.settings import Settings
    from partnership_os.surfaces.cli_render import Screen

LANGUAGES = ("en", "ar")
STOPPED_BY_KEYBOARD = 130
_USUAL_HOME = Path(".partnership")
"""The home where nobody names one; what is printed to be copied need not name it either."""

Home = Annotated[
    Path | None, typer.Option("--home", metavar="DIR", help="Folder of this workspace; PARTNERSHIP_HOME otherwise.")
]
Lang = Annotated[str | None, typer.Option("--lang", metavar="en|ar", help="Language of the terminal's texts.")]
AsJson = Annotated[bool, typer.Option("--json", help="Write one JSON document to stdout, for programs.")]
Debug = Annotated[bool, typer.Option("--debug", help="Show the traceback of an unexpected error.")]
TokenFile = Annotated[
    Path | None,
    typer.Option("--token-file", metavar="FILE", help="File that holds your token; PARTNERSHIP_TOKEN otherwise."),
]
_COMMON = {"home": (Home, None), "lang": (Lang, None), "as_json": (AsJson, False), "debug": (Debug, False)}


class Session:
    """What one invocation knows. Options may stand before the command or after it; the later one wins."""

    def __init__(self) -> None:
        self.home: Path | None = None
        self.lang: str | None = None
        self.as_json = False
        self.debug = False

    def take(self, home: Path | None, lang: str | None, as_json: bool, debug: bool) -> None:
        """Take over the common options that were given.

        Raises:
            typer.BadParameter: the language is none of ours.
        """
        if lang is not None and lang not in LANGUAGES:
            raise typer.BadParameter(f"{lang!r} is none of: {', '.join(LANGUAGES)}", param_hint="--lang")
        self.home = home or self.home
        self.lang = lang or self.lang
        self.as_json = as_json or self.as_json
        self.debug = debug or self.debug

    @cached_property
    def settings(self) -> Settings:
        """The settings, read once."""
        from partnership_os.settings import load_settings

        return load_settings(self.home)

    @property
    def language(self) -> str:
        """``--lang``, else the setting."""
        return self.lang or self.settings.language

    @property
    def options(self) -> str:
        """What a command that is printed to be copied needs, so that it runs on the same home and in the language."""
        known = "settings" in self.__dict__  # they may be what could not be read
        home = self.settings.home if known else self.home
        usual = self.settings.language if known else LANGUAGES[0]
        given = ["--home", str(home)] if home not in (None, _USUAL_HOME) else []
        given += ["--lang", self.lang] if self.lang not in (None, usual) else []
        return shlex.join(given)

    @property
    def screen(self) -> Screen:
        """Where answers for people go: stdout."""
        from partnership_os.surfaces.cli_render import Screen

        return Screen(_console(stderr=False), self.language, self.options)

    @contextmanager
    def workspace(self, token_days: int | None = None) -> Iterator[Workspace]:
        """The open workspace; closed again whatever happens.

        Args:
            token_days: Days until a token that is issued in it expires; as the settings say when not given.
        """
        from partnership_os.graphs.workspace import Workspace

        days = {} if token_days is None else {"token_days": token_days}
        workspace = Workspace.open(self.settings.model_copy(update=days))
        try:
            yield workspace
        finally:
            workspace.close()

    def token(self, token_file: Path | None) -> str | None:
        """The token of the person at the keyboard, from the file or from the settings.

        Raises:
            InputError: the file cannot be read or is empty.
        """
        if token_file is None:
            return self.settings.token.get_secret_value() if self.settings.token else None
        try:
            mode = token_file.stat().st_mode
            text = token_file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
            raise InputError(
                f"The token file {token_file} cannot be read: {reason}.", fix="Name a file that holds only your token."
            ) from None
        if not text or len(text.split()) != 1:
            raise InputError(
                f"The token file {token_file} does not hold one token.", fix="Put the token, and nothing else, in it."
            )
        if mode & (stat.S_IRGRP | stat.S_IROTH):
            self.note("token_file_open", path=token_file)
        return text

    def answer(self, value: object, show: Callable[[Screen], None]) -> None:
        """Write the answer: the value as JSON, or the same for people."""
        if self.as_json:
            from pydantic_core import to_jsonable_python

            sys.stdout.write(_json(to_jsonable_python(value), indent=2) + "\n")
            sys.stdout.flush()
        else:
            show(self.screen)

    def note(self, key: str, **fields: object) -> None:
        """Say something beside the answer, on stderr."""
        from partnership_os.surfaces.cli_texts import texts

        line = texts(self.language)(key, **fields)
        if self.as_json:
            _write_error_json({"note": line})
        else:
            _console(stderr=True).print(line, style="yellow", markup=False, highlight=False, soft_wrap=True)

    @contextmanager
    def progress(self) -> Iterator[Callable[[str, int, int], None]]:
        """A callback ``(stage, done, total)``: bars on a terminal, one line per finished stage when piped."""
        from partnership_os.surfaces.cli_texts import stage_text

        console = _console(stderr=True)
        if self.as_json:
            yield lambda stage, done, total: None
        elif not console.is_terminal:
            language = self.language
            yield lambda stage, done, total: _print_finished(console, stage_text(language, stage), done, total)
        else:
            from rich.progress import Progress

            with Progress(console=console, transient=True) as bars:
                tasks: dict[str, Any] = {}

                def move(stage: str, done: int, total: int) -> None:
                    if stage not in tasks:
                        tasks[stage] = bars.add_task(stage_text(self.language, stage), total=total)
                    bars.update(tasks[stage], completed=done, total=total)

                yield move

    @contextmanager
    def guard(self) -> Iterator[None]:
        """Turn what a command raises into a message on stderr and an exit code."""
        try:
            yield
        except PartnershipError as error:
            self._fail(error.as_dict())
        except KeyboardInterrupt:
            raise typer.Exit(STOPPED_BY_KEYBOARD) from None
        except (typer.Exit, typer.Abort, BrokenPipeError, typer.TyperException):
            raise
        except Exception as error:
            if self.debug:
                traceback.print_exc(file=sys.stderr)
            actor = "operator" if isinstance(error, OSError) else "developer"
            what = " ".join(str(error).split()) or "no message"
            self._fail(
                {
                    "error": type(error).__name__,
                    "who_must_act": actor,
                    "message": f"{type(error).__name__}: {what}",
                    "fix": "Run the same command with --debug to see where it happened.",
                    "details": {},
                }
            )

    def _fail(self, error: dict[str, Any]) -> None:
        if self.as_json:
            _write_error_json(error)
        else:
            self._tell(error)
        raise typer.Exit(1)

    def _tell(self, error: dict[str, Any]) -> None:
        from rich.text import Text

        from partnership_os.graphs.wording.error_wording import told
        from partnership_os.graphs.wording.texts import Phrase
        from partnership_os.surfaces.cli_render import Screen, in_full, listed
        from partnership_os.surfaces.cli_texts import texts

        # Settings that could not be read cannot name the language either.
        known = texts((self.language if "settings" in self.__dict__ else self.lang) or LANGUAGES[0])
        message, fix, remark = told(known, error["message"], error["fix"])
        names = error["details"].get("can_approve", "")
        people = listed(known, names)
        console = _console(stderr=True)
        console.print(Text(message, style="bold red"), soft_wrap=True)
        # What the fix names in English is told in the language of the reader, like the line below it.
        advice = (fix or "").replace(known.inline(names), people) if names else fix
        lines = [known("error.fix", fix=Phrase(in_full(advice, self.options)))] if advice else []
        lines += [known("error.actor", who=people or known(f"actor.{error['who_must_act']}"))]
        lines += [remark] if remark else []
        for line in lines:
            console.print(Text(line), soft_wrap=True)
        if error["error"] == "ApprovalError" and (commitment_id := error["details"].get("commitment_id")):
            console.print(Text(known("error.look")), soft_wrap=True)
            Screen(console, known.language, self.options).command(f"partnership review {commitment_id}")


def _print_finished(console: Console, stage: str, done: int, total: int) -> None:
    if done >= total:
        console.print(f"{stage}: {done}/{total}", markup=False, highlight=False)


def _console(stderr: bool) -> Console:
    from rich.console import Console

    return Console(stderr=stderr, markup=False, highlight=False, emoji=False)


def _json(value: object, indent: int | None = None) -> str:
    """The value as JSON that is safe on a terminal: letters as they are, characters that hide or reorder escaped."""
    from partnership_os.tools.text import visible

    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return text.translate({ord(char): json.dumps(char)[1:-1] for char in set(text) - {"\n"} if visible(char) != char})


def _write_error_json(document: dict[str, Any]) -> None:
    sys.stderr.write(_json(document) + "\n")
    sys.stderr.flush()


def _require_text(given: Mapping[str, object], parameters: Iterable[Any]) -> None:
    """Refuse an argument with bytes that are no text: it could be neither stored nor shown nor compared.

    Raises:
        InputError: names the argument.
    """
    for parameter in parameters:
        value = given.get(parameter.name)
        for one in value if isinstance(value, list) else [value]:
            if any("\ud800" <= char <= "\udfff" for char in str(one)):
                name = parameter.opts[0] if parameter.opts[0].startswith("-") else parameter.metavar
                raise InputError(
                    f"The argument {name} holds bytes that are not UTF-8 text.",
                    fix="Type it again, in a terminal that is set to UTF-8; a file with such a name has to be renamed.",
                    argument=name,
                )


Command = Callable[..., None]


def command(
    group: typer.Typer, name: str, examples: tuple[str, ...], *, action: ActionName
) -> Callable[[Command], Command]:
    """Register a command whose first parameter is the `Session`.

    Every command gets the common options after its own, its errors are told in one way, and its help ends with
    the examples.

    Args:
        group: Where it goes.
        name: What people type.
        examples: Lines to copy.
        action: What it does, by its name in the table of actions; kept on the command as ``action``.
    """

    def register(function: Command) -> Command:
        own = list(inspect.signature(function, eval_str=True).parameters.values())[1:]
        context = inspect.Parameter("ctx", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context)
        common = [
            inspect.Parameter(key, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
            for key, (annotation, default) in _COMMON.items()
        ]
        parameters = [context, *(item.replace(kind=inspect.Parameter.KEYWORD_ONLY) for item in own), *common]

        @wraps(function)
        def run(**given: Any) -> None:
            context: typer.Context = given.pop("ctx")
            session = context.find_object(Session) or Session()
            session.take(*(given.pop(key) for key in _COMMON))
            with session.guard():
                _require_text({"home": session.home, **given}, context.command.params)
                function(session, **given)

        del run.__dict__["__wrapped__"]
        run.__dict__["__signature__"] = inspect.Signature(parameters)
        run.__dict__["action"] = action
        run.__annotations__ = {item.name: item.annotation for item in parameters}
        epilog = "Examples:\n\n" + "\n\n".join(f"$ {line}" for line in examples)
        return group.command(name, epilog=epilog)(run)

    return register
