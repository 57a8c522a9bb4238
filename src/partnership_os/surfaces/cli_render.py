"""The screen: lines, tables and blocks that stay readable at 80 columns, in both languages and when piped.

Texts of others are printed as they are, with every character that hides or reorders made visible, and never as markup.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from rich import box
from rich.console import Console
from rich.containers import Lines
from rich.table import Table
from rich.text import Text

from partnership_os.governance.action_meanings import MEANINGS
from partnership_os.graphs.wording.texts import FIRST_STRONG_ISOLATE, POP_DIRECTIONAL_ISOLATE, Phrase, Texts, in_line
from partnership_os.schemas.score_card import Band
from partnership_os.surfaces.cli_texts import CLI_PHRASES, texts
from partnership_os.tools.text import visible

BAND_STYLES = {
    Band.PURSUE: "bold green",
    Band.DEVELOP: "green",
    Band.WATCH: "yellow",
    Band.DECLINE: "red",
    Band.UNKNOWN: "magenta",
}
_NARROWEST_TEXT = 10
_FEW = range(3, 11)
_COMMAND = re.compile("(?<=`)partnership [^`]+(?=`)|(?<=: )partnership [^`]+$")
_ALONE = re.compile(r"\s*partnership [a-z]+( \S+)*")
"""A line of an answer that is nothing but a command."""
_INCOMPLETE = frozenset(f"partnership {name}" for name in ("edit", "deal show", "user add", "delegation add"))
"""Commands that a text only speaks of: they lack what they are about."""
_BETWEEN_PEOPLE = re.compile(r"(?<=\))(, | for )")


@dataclass(frozen=True)
class Column:
    """One column: an ``id`` is never broken or cut, a ``number`` stands to the right, a ``text`` wraps."""

    title: str
    kind: Literal["id", "number", "text"] = "text"


Cell = str | Text


class Screen:
    """Where answers for people go.

    Args:
        console: A rich console; it knows whether it may use colours.
        language: ``en`` or ``ar``.
        options: What each command that is printed to be copied needs at its end, so that it runs on the same home.
    """

    def __init__(self, console: Console, language: str, options: str = "") -> None:
        self.console = console
        self.texts = texts(language)
        self._options = options

    def say(self, key: str, *, style: str = "", indent: int = 0, **fields: object) -> None:
        """Print a phrase."""
        self.phrase(self.texts(key, **fields), style=style, indent=indent)

    def phrase(self, text: str, *, style: str = "", indent: int = 0) -> None:
        """Print a line that the texts of this screen put together."""
        self._print(Text(text, style=style), indent)

    def line(self, text: str, *, style: str = "", indent: int = 0) -> None:
        """Print a text of somebody else, hidden characters shown, as one line of ours."""
        self._print(Text(in_line(text), style=style), indent)

    def heading(self, key: str, **fields: object) -> None:
        """Print an empty line and a title."""
        self.console.print()
        self.phrase(self.texts(key, **fields), style="bold")

    def command(self, text: str) -> None:
        """Print a command to copy: complete, and on one line whatever the width."""
        self.console.print(Text("  " + in_line(complete(text, self._options)), style="bold cyan"), soft_wrap=True)

    def answer(self, text: str) -> None:
        """Print an answer of the chat: its own isolates stay, other hidden characters are shown; lines stay whole.

        Commands in it get the options of this screen.
        """
        parts = re.split(f"([{FIRST_STRONG_ISOLATE}{POP_DIRECTIONAL_ISOLATE}])", in_answer(text, self._options))
        shown = "".join(part if at % 2 else visible(part) for at, part in enumerate(parts))
        if self.console.is_terminal:
            self._print(Text(shown), 0)
        else:
            self.console.print(Text(shown), soft_wrap=True)

    def fact(self, key: str, value: str) -> None:
        """Print ``name: value`` on one line whatever the width, so that an id can be copied."""
        self.console.print(Text(self.texts(key) + ": ", style="dim") + Text(in_line(value)), soft_wrap=True)

    def table(self, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> None:
        """Print a table, or blocks of ``name: value`` where its ids would not fit beside the rest."""
        shown = [[_cell(value) for value in row] for row in rows]
        titles = [self.texts(column.title) for column in columns]
        fixed = [
            max([len(titles[at]), *(row[at].cell_len for row in shown)]) if column.kind != "text" else _NARROWEST_TEXT
            for at, column in enumerate(columns)
        ]
        if sum(fixed) + 2 * len(columns) + 1 > self.console.width:
            self._blocks(titles, shown)
            return
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
        for at, column in enumerate(columns):
            table.add_column(
                titles[at],
                justify="right" if column.kind == "number" else "left",
                no_wrap=column.kind != "text",
                min_width=fixed[at],
                overflow="fold",
            )
        for row in shown:
            table.add_row(*row)
        self.console.print(table)

    def _blocks(self, titles: Sequence[str], rows: Sequence[Sequence[Text]]) -> None:
        for row in rows:
            self.console.print()
            for title, value in zip(titles, row, strict=True):
                self.console.print(Text(title + ": ", style="dim") + value, soft_wrap=True)

    def _print(self, text: Text, indent: int) -> None:
        for line in balanced(text.wrap(self.console, max(self.console.width - indent, _NARROWEST_TEXT))):
            self.console.print(Text(" " * indent) + line, soft_wrap=True)


def complete(command: str, options: str) -> str:
    """A command with the options that it needs to run on the same home; an environment entry before it stays."""
    return f"{command} {options}" if options else command


def in_full(text: str, options: str) -> str:
    """A text of an error, each command in it that can be run with the options that it needs."""
    return _COMMAND.sub(lambda found: found[0] if found[0] in _INCOMPLETE else complete(found[0], options), text)


def in_answer(text: str, options: str) -> str:
    """An answer of the chat, each command in it with the options that it needs: a line of its own, or in a line."""
    lines = (complete(line, options) if _ALONE.fullmatch(line) else in_full(line, options) for line in text.split("\n"))
    return "\n".join(lines)


def action_text(texts: Texts, action: str) -> Phrase:
    """What an action or a kind of message means, without a full stop; its name where nobody has said."""
    if action in MEANINGS:
        english, arabic = MEANINGS[action]
        return Phrase((arabic if texts.language == "ar" else english).removesuffix("."))
    notice = f"kind.{action}"
    return texts(notice) if notice in CLI_PHRASES else Phrase(texts.inline(action))


def listed(texts: Texts, names: str) -> Phrase:
    """A list of people as errors carry it, ``Dana (pe_1), Sami (pe_2) for Huda (pe_3)``, in a language."""
    said = {", ": texts("list.comma"), " for ": texts("list.for")}
    parts = _BETWEEN_PEOPLE.split(names)
    return Phrase("".join(said[part] if at % 2 else texts.inline(part) for at, part in enumerate(parts)))


def balanced(lines: Iterable[Text]) -> Iterator[Text]:
    """Lines of one text, each with as many ends of isolates as beginnings.

    A terminal ends every isolate at the end of its line, so that a value that is broken would reorder the next line.
    """
    open_before = 0
    for line in lines:
        line.rstrip()
        depth = open_before
        for char in line.plain:
            depth = max(depth + (char == FIRST_STRONG_ISOLATE) - (char == POP_DIRECTIONAL_ISOLATE), 0)
        yield Text(FIRST_STRONG_ISOLATE * open_before) + line + Text(POP_DIRECTIONAL_ISOLATE * depth)
        open_before = depth


class _CellText(Text):
    """A text whose every line, once the table has wrapped it, ends the isolates that it began."""

    def wrap(self, *arguments: Any, **options: Any) -> Lines:
        """The lines of the text, balanced."""
        return Lines(balanced(super().wrap(*arguments, **options)))


def _cell(value: Cell) -> Text:
    if isinstance(value, Text):
        return value
    return _CellText(value if isinstance(value, Phrase) else in_line(value))


def counted(texts: Texts, key: str, count: int, **fields: object) -> Phrase:
    """The phrase ``key.one``, ``.two``, ``.few`` or ``.many`` that a number asks for in Arabic; ``key.none`` for 0."""
    form = {0: "none", 1: "one", 2: "two"}.get(count, "few" if count % 100 in _FEW else "many")
    return texts(f"{key}.{form}", count=count, **fields)


def percent(fraction: float) -> str:
    """A fraction of one as whole per cent."""
    return f"{fraction * 100:.0f} %"


def points(value: float | None) -> str:
    """Points with one decimal; a dash where they are not known."""
    return "–" if value is None else f"{value:.1f}"


def shortened(text: str, length: int = 160) -> str:
    """One line of at most ``length`` characters, with an ellipsis where it was cut."""
    flat = " ".join(text.split())
    return flat if len(flat) <= length else flat[: length - 1].rstrip() + "…"
