"""Reads files of cases: YAML lists and JSON lines, each row with its place, so that an error can name the line."""

import json
from collections.abc import Iterator, Sequence
from importlib.resources.abc import Traversable
from typing import Any, NamedTuple

import yaml

from partnership_os.errors import InputError

__all__ = ["ENDINGS", "FileRow", "read_rows", "refusal"]

ENDINGS = (".yaml", ".yml", ".jsonl")
"""How the name of a file of cases ends."""
_LEAST_LIMIT = 1_000_000
_GROWTH = 10
"""Aliases may make a file so many times as large, or ``_LEAST_LIMIT`` characters, whichever is more."""


_CORRECT = "Correct the line."
_KEEP = "Keep one of them."
_WRITE_OUT = "Write the values out."


class FileRow(NamedTuple):
    """One row as the file has it.

    Attributes:
        value: What stands there: a mapping, where the row is right.
        line: The line it begins on; the first line of a file is 1.
        node: Its place in a YAML file; None in JSON lines, where a row is a line.
    """

    value: Any
    line: int
    node: yaml.Node | None = None

    def line_of(self, path: Sequence[str | int]) -> int:
        """The line of what a path of keys and positions leads to; parts that are not there are passed over."""
        node, line = self.node, self.line
        for part in path:
            found = _below(node, part)
            if found is not None:
                line, node = found
        return line


def refusal(file: str, line: int, problem: str, fix: str, **details: Any) -> InputError:
    """The error that says what is wrong with a line of a file of cases.

    Args:
        file: Name of the file.
        line: Where it is.
        problem: What is wrong, without a full stop.
        fix: What to do about it.
        **details: What programs need to know, such as the field.
    """
    return InputError(f"{file}, line {line}: {problem}.", fix=fix, **details)


def read_rows(file: Traversable) -> tuple[FileRow, ...]:
    """The rows of a file; none where it is empty.

    Args:
        file: A file whose name ends in one of `ENDINGS`.

    Raises:
        InputError: it cannot be read, is not UTF-8, is no YAML list or no JSON lines, has a key twice in one
            mapping, is nested too deeply, or is blown up by aliases; names file and line.
    """
    text = _text(file)
    read = _json_rows if file.name.endswith(".jsonl") else _yaml_rows
    try:
        return tuple(read(file.name, text))
    except RecursionError:
        raise InputError(f"{file.name} is nested too deeply.", fix="Write it flat.") from None


def _text(file: Traversable) -> str:
    """The text, without the byte order mark that some editors put before it."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(f"{file.name} cannot be read: it is not UTF-8 text.", fix="Save the file as UTF-8.") from None
    except OSError as error:
        raise InputError(
            f"{file.name} cannot be read: {error.strerror}.", fix="Check the path and its permissions."
        ) from None


def _json_rows(name: str, text: str) -> Iterator[FileRow]:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in pairs:
            if key in found:
                raise refusal(name, line, f"the key {key!r} is there twice", _KEEP)
            found[key] = value
        return found

    for line, row in enumerate(text.split("\n"), start=1):
        if row.strip():
            try:
                yield FileRow(json.loads(row, object_pairs_hook=once), line)
            except json.JSONDecodeError as error:
                raise refusal(name, line, f"not JSON: {error.msg}, column {error.colno}", _CORRECT) from None
            except ValueError as error:  # a number of too many digits
                raise refusal(name, line, f"not JSON: {error}", _CORRECT) from None


def _yaml_rows(name: str, text: str) -> Iterator[FileRow]:
    line = 1
    try:
        loader = yaml.SafeLoader(text)
        root = loader.get_single_node()
        if root is None:
            return
        if not isinstance(root, yaml.SequenceNode):
            raise InputError(f"{name} is not a list of cases.", fix="Begin each case with `- id: …`.")
        total, seen = 0, dict[int, int]()
        for node in root.value:
            line = _line(node)
            total += _weight(name, node, seen)
            if total > max(_LEAST_LIMIT, _GROWTH * len(text)):
                raise refusal(name, line, f"aliases make the file more than {_GROWTH} times as large", _WRITE_OUT)
            yield FileRow(loader.construct_document(node), line, node)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise _no_yaml(name, line, f"the character U+{ord(text[error.position]):04X} may not stand there") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise _no_yaml(name, mark.line + 1 if mark else line, error.problem or "it cannot be read") from None
    except ValueError as error:  # a number or a date that is none
        raise _no_yaml(name, line, str(error)) from None


def _weight(name: str, node: yaml.Node, seen: dict[int, int]) -> int:
    """Characters and nodes that a node stands for with its aliases written out; its keys are there once.

    Args:
        name: Name of the file.
        node: The node.
        seen: Weights by the id of a node; 0 while it is being weighed.

    Raises:
        InputError: a key is there twice in one mapping, or an alias stands within what it stands for.
    """
    found = seen.get(id(node))
    if found == 0:
        raise refusal(name, _line(node), "an alias refers to itself", _WRITE_OUT)
    if found is None:
        seen[id(node)] = 0
        found = 1 + sum(_weight(name, child, seen) for child in _children(name, node))
        found += len(node.value) if isinstance(node, yaml.ScalarNode) else 0
        seen[id(node)] = found
    return found


def _children(name: str, node: yaml.Node) -> Iterator[yaml.Node]:
    if isinstance(node, yaml.SequenceNode):
        yield from node.value
    elif isinstance(node, yaml.MappingNode):
        keys: set[tuple[str, str]] = set()
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode):
                if (key.tag, key.value) in keys:
                    raise refusal(name, _line(key), f"the key {key.value!r} is there twice", _KEEP)
                keys.add((key.tag, key.value))
            yield key
            yield value


def _below(node: yaml.Node | None, part: str | int) -> tuple[int, yaml.Node] | None:
    """The line and the node of a key or a position; for a key the line of the key itself."""
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        child = node.value[part]
        return _line(child), child
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value == str(part):
                return _line(key), value
    return None


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _no_yaml(name: str, line: int, reason: str) -> InputError:
    said = " ".join(reason.split())
    return refusal(name, line, f"not YAML: {said}", _CORRECT)
