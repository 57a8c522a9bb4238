"""Data files written by people: YAML and JSON, read strictly, with the line of every value."""

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple, NoReturn, TypeAlias

import yaml

from partnership_os.errors import InputError

__all__ = ["DataFile", "FieldPath", "read_data_file"]

FieldPath: TypeAlias = tuple[str | int, ...]
"""Where a value stands, for example ``("must_haves", 0, "kind")``."""

_LARGEST = 262_144
_YAML_ENDINGS = (".yaml", ".yml")
_WORDS: dict[str, bool | None] = {"": None, "null": None, "~": None, "true": True, "false": False}
_STANDARD_TAG = re.compile(r"tag:yaml\.org,2002:[a-z]+")
_INTEGER = re.compile(r"[-+]?[0-9](_?[0-9])*")
_DECIMAL = re.compile(r"[-+]?[0-9](_?[0-9])*\.[0-9]+")
_BYTE_ORDER_MARKS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}


class DataFile(NamedTuple):
    """What a file says. ``lines`` holds the line of each value of a YAML file, from 1; it is empty for JSON."""

    content: dict[str, object]
    lines: dict[FieldPath, int]


def read_data_file(path: Path) -> DataFile:
    """Read one mapping from a ``.yaml``, ``.yml`` or ``.json`` file.

    Stricter than YAML: no aliases (they can blow up), no key twice, no other booleans than ``true`` and ``false``
    (so that ``NO`` is Norway), dates stay text, decimals stay exact, no tags of other types.

    Args:
        path: A file of at most 256 KB in UTF-8.

    Returns:
        Strings, integers, booleans, `Decimal`, None, lists and mappings with string keys.

    Raises:
        InputError: the file is missing, empty, too large, not UTF-8, malformed (with its line) or no mapping.
    """
    text = _read_text(path)
    lines: dict[FieldPath, int] = {}
    try:
        content = _from_json(text) if path.suffix.lower() == ".json" else _from_yaml(text, lines)
    except (yaml.MarkedYAMLError, json.JSONDecodeError) as error:
        raise _malformed(path, error) from None
    except (yaml.YAMLError, ValueError) as error:
        raise InputError(f"{path.name}: {error}", fix="Correct the file.", path=path) from None
    except RecursionError:
        raise InputError(f"{path.name} is nested too deeply.", fix="Write it flat.", path=path) from None
    if content is None:
        raise _empty(path)
    if not isinstance(content, dict):
        raise InputError(
            f"{path.name} holds a {type(content).__name__}, not fields.",
            fix="Write one 'field: value' per line at the top level.",
            path=path,
        )
    return DataFile(content, lines)


def _read_text(path: Path) -> str:
    if path.suffix.lower() not in (".json", *_YAML_ENDINGS):
        raise InputError(
            f"{path.name} is neither YAML nor JSON by its name.", fix="Use .yaml, .yml or .json.", path=path
        )
    try:
        with path.open("rb") as stream:
            raw = stream.read(_LARGEST + 1)
    except OSError as error:
        raise InputError(
            f"{path} cannot be read: {error.strerror}.", fix="Check the path and its permissions.", path=path
        ) from None
    if len(raw) > _LARGEST:
        raise InputError(f"{path.name} is larger than {_LARGEST // 1024} KB.", fix="Shorten its texts.", path=path)
    guess = _BYTE_ORDER_MARKS.get(raw[:2], "another encoding")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"{path.name} is not UTF-8 but {guess}: line {line} cannot be read.",
            fix="Save the file as UTF-8.",
            path=path,
            line=line,
        ) from None
    if not text.strip():
        raise _empty(path)
    return text


def _empty(path: Path) -> InputError:
    return InputError(f"{path.name} is empty.", fix="Start from a file in examples/needs.", path=path)


def _malformed(path: Path, error: yaml.MarkedYAMLError | json.JSONDecodeError) -> InputError:
    if isinstance(error, json.JSONDecodeError):
        line, problem = error.lineno, error.msg
    else:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        problem = " ".join(part for part in (error.problem, error.context) if part)
    return InputError(
        f"{path.name}, line {line}: {problem}.", fix="Correct that line or the one above it.", path=path, line=line
    )


def _from_json(text: str) -> object:
    def unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
        fields = dict(pairs)
        if len(fields) != len(pairs):
            names = [name for name, _ in pairs]
            doubled = sorted({name for name in names if names.count(name) > 1})
            raise ValueError(f"the field {doubled[0]!r} comes twice")
        return fields

    def refuse(constant: str) -> NoReturn:
        raise ValueError(f"{constant} is not a number")

    parsed: object = json.loads(text, parse_float=Decimal, parse_constant=refuse, object_pairs_hook=unique)
    return parsed


def _from_yaml(text: str, lines: dict[FieldPath, int]) -> object:
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    return None if node is None else _NodeReader(lines).read(node, ())


class _NodeReader:
    """Turns YAML nodes into plain values by our few rules and notes their lines."""

    def __init__(self, lines: dict[FieldPath, int]) -> None:
        self._lines = lines
        self._seen: set[yaml.Node] = set()

    def read(self, node: yaml.Node, path: FieldPath) -> object:
        if node in self._seen:
            raise _at(node, "aliases (*name) are not read; write the value out")
        self._seen.add(node)
        self._lines[path] = node.start_mark.line + 1
        if not _STANDARD_TAG.fullmatch(node.tag):
            raise _at(node, f"the tag {node.tag} is not read")
        if isinstance(node, yaml.MappingNode):
            return self._read_mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.read(item, (*path, index)) for index, item in enumerate(node.value)]
        if isinstance(node, yaml.ScalarNode):
            return _scalar(node)
        raise _at(node, "this is not a value")

    def _read_mapping(self, node: yaml.MappingNode, path: FieldPath) -> dict[str, object]:
        fields: dict[str, object] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise _at(key, "a field name is one word")
            if key.value in fields:
                raise _at(key, f"the field {key.value!r} comes twice")
            fields[key.value] = self.read(value, (*path, key.value))
            self._lines[*path, key.value] = key.start_mark.line + 1
        return fields


def _scalar(node: yaml.ScalarNode) -> object:
    text = str(node.value)
    if node.style is not None:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return Decimal(text.replace("_", ""))
    return text


def _at(node: yaml.Node, problem: str) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=problem, problem_mark=node.start_mark)
