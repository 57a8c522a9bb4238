"""Builds HTML as a tree, so that nothing of a sample can become markup: every text is escaped when it is written.

Characters that hide or reorder text are shown as ``[U+202E]`` wherever they come from.
"""

from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256
from typing import TypeAlias
from xml.etree.ElementTree import Element, tostring

from partnership_os.tools.text import visible

__all__ = ["Child", "Element", "el", "inline", "source_hash", "written"]

Child: TypeAlias = "Element | str | int | Iterable[Child] | None"
"""What may stand inside an element; None is nothing."""
_RAW = ("script", "style")


def el(tag: str, *children: Child, **attributes: str | int | bool | None) -> Element:
    """An element.

    Args:
        tag: Name of the element; not ``script`` or ``style``, whose text would not be escaped.
        *children: Elements and texts in their order; an element can have one place only.
        **attributes: ``class_`` is written ``class`` and ``data_x`` ``data-x``. True stands alone, False and None are
            left out.

    Raises:
        ValueError: the element is one whose text is not escaped.
    """
    if tag in _RAW:
        raise ValueError(f"{tag} holds code of ours alone: use inline")
    made = Element(tag)
    for name, value in attributes.items():
        if value is not None and value is not False:
            made.set(name.rstrip("_").replace("_", "-"), "" if value is True else visible(str(value)))
    _append(made, children)
    return made


def inline(tag: str, source: str) -> Element:
    """A ``script`` or ``style`` with code of this package; it may not hold anything else.

    Raises:
        ValueError: the code would end the element.
    """
    if "</" in source or "<!--" in source:
        raise ValueError("the code would end its own element")
    made = Element(tag)
    made.text = source
    return made


def source_hash(source: str) -> str:
    """The source expression of a Content-Security-Policy that allows exactly this code."""
    return f"'sha256-{b64encode(sha256(source.encode()).digest()).decode()}'"


def written(document: Element) -> str:
    """The whole page."""
    return "<!DOCTYPE html>\n" + tostring(document, encoding="unicode", method="html") + "\n"


def _append(parent: Element, children: Iterable[Child]) -> None:
    for child in children:
        if child is None:
            continue
        if isinstance(child, Element):
            parent.append(child)
        elif isinstance(child, str | int):
            _append_text(parent, visible(str(child)))
        else:
            _append(parent, child)


def _append_text(parent: Element, text: str) -> None:
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text
