"""What a suite itself says: its title, why each case is there, and what a full score does not show."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from partnership_os.errors import InputError
from partnership_os.evals.catalogue import find_suites, load_cases
from partnership_os.evals.report.markup import Child, el
from partnership_os.evals.suite import Asks, Case

__all__ = ["Background", "background_of", "limits_in"]

_LIMITS = "does not show"
"""The heading of a README under which a suite says what its full score leaves open holds these words."""
_TAGS = {
    "paragraph": "p",
    "bullet_list": "ul",
    "ordered_list": "ol",
    "list_item": "li",
    "strong": "strong",
    "em": "em",
    "blockquote": "blockquote",
}


@dataclass(frozen=True)
class Background:
    """What is known of a suite; of one that is not installed, nothing.

    Attributes:
        cases: The shipped cases by id, where they are of the version that was run.
        limits: The section of the README, as elements.
    """

    title: str = ""
    asks: Asks = Asks.CHAT
    cases: Mapping[str, Case] = field(default_factory=dict)
    limits: tuple[Child, ...] = ()


def background_of(suite: str, version: str) -> Background:
    """What the suite of this name says.

    Args:
        suite: Name of a suite.
        version: Version of the cases that were run: the reasons of another one would be about other cases.
    """
    known = find_suites().get(suite)
    if known is None:
        return Background()
    try:
        every = load_cases(known) if known.version == version else ()
    except InputError:  # the page is about the runs; cases that cannot be read are the business of `oracle`
        every = ()
    return Background(known.title, known.asks, {case.id: case for case in every}, tuple(limits_in(_readme(suite))))


def limits_in(readme: str) -> Iterator[Child]:
    """The section that says what a full score does not show, without its heading; nothing where there is none."""
    level: int | None = None
    for node in SyntaxTreeNode(MarkdownIt("commonmark").parse(readme)).children:
        if node.type == "heading":
            if level is not None and int(node.tag[1:]) <= level:
                return
            if level is None and _LIMITS in _text(node).casefold():
                level = int(node.tag[1:])
                continue
        if level is not None:
            yield _element(node)


def _readme(suite: str) -> str:
    place = files("partnership_os.evals.cases") / suite / "README.md"
    return place.read_text(encoding="utf-8") if place.is_file() else ""


def _text(node: SyntaxTreeNode) -> str:
    if node.children:
        return "".join(_text(child) for child in node.children)
    return " " if node.type in ("softbreak", "hardbreak") else node.content


def _element(node: SyntaxTreeNode) -> Child:
    """The element of a piece of Markdown; what has none of its own is shown as text. Links are not followed."""
    if node.type == "code_inline":
        return el("code", node.content)
    if node.type in ("fence", "code_block"):
        return el("pre", node.content, dir="ltr")
    if not node.children:
        return _text(node)
    children: Any = [_element(child) for child in node.children]
    if node.type == "heading":
        return el("p", el("strong", *children))
    return el(_TAGS[node.type], *children) if node.type in _TAGS else children
