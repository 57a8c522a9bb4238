"""The screen: lines, tables and blocks that stay readable at 80 columns, in both languages and when piped.

Texts of others are printed as they are, with every character that hides or reorders made visible, and never as markup.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from partnership_os.graphs.wording import FIRST_STRONG_ISOLATE, POP_DIRECTIONAL_ISOLATE, in_line
from partnership_os.schemas.score_card import Band
from partnership_os.surfaces.cli_texts import texts
from partnership_os.tools.text import visible

BAND_STYLES = {
    Band.PURSUE: "bold green",
    Band.DEVELOP: "green",
    Band.WATCH: "yellow",
    Band.DECLINE: "red",
    Band.UNKNOWN: "magenta",
}
_NARROWEST_TEXT = 10


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
    """

    def __init__(self, console: Console, language: str) -> None:
        self.console = console
        self.texts = texts(language)

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
        """Print something to copy: one line whatever the width."""
        self.console.print(Text("  " + in_line(text), style="bold cyan"), soft_wrap=True)

    def answer(self, text: str) -> None:
        """Print an answer of the chat: its own isolates stay, other hidden characters are shown; lines stay whole."""
        parts = re.split(f"([{FIRST_STRONG_ISOLATE}{POP_DIRECTIONAL_ISOLATE}])", text)
        shown = "".join(part if at % 2 else visible(part) for at, part in enumerate(parts))
        self.console.print(Text(shown), soft_wrap=not self.console.is_terminal)

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
        for line in text.wrap(self.console, max(self.console.width - indent, _NARROWEST_TEXT)):
            line.rstrip()
            self.console.print(Text(" " * indent) + line, soft_wrap=True)


def _cell(value: Cell) -> Text:
    return value if isinstance(value, Text) else Text(in_line(value))


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
