"""Reads a page back with the parser of the standard library, so that tests see what a browser would."""

from html.parser import HTMLParser
from typing import NamedTuple

VOID = frozenset({"meta", "br", "hr", "img", "input", "link"})


class Tag(NamedTuple):
    """An element as it was opened, with all text inside of it."""

    name: str
    attributes: dict[str, str | None]
    texts: list[str]

    @property
    def text(self) -> str:
        """All text inside, in one piece."""
        return "".join(self.texts)


class Page(HTMLParser):
    """The elements of a page in their order.

    Raises:
        AssertionError: an element is closed that is not the one open.
    """

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[Tag] = []
        self._open: list[Tag] = []
        self.feed(source)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = Tag(tag, dict(attrs), [])
        self.tags.append(made)
        if tag not in VOID:
            self._open.append(made)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop().name == tag

    def handle_data(self, data: str) -> None:
        for tag in self._open:
            tag.texts.append(data)

    def named(self, *names: str) -> list[Tag]:
        """The elements of these names."""
        return [tag for tag in self.tags if tag.name in names]

    def of_class(self, name: str) -> list[Tag]:
        """The elements that have this class."""
        return [tag for tag in self.tags if name in (tag.attributes.get("class") or "").split()]

    def by_id(self, name: str) -> Tag:
        """The one element of this id."""
        (found,) = [tag for tag in self.tags if tag.attributes.get("id") == name]
        return found
