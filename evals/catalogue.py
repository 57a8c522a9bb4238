"""Finds suites and reads their cases; nothing is registered anywhere."""

import json
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from partnership_os.errors import InputError
from partnership_os.evals.suite import Case, Suite
from partnership_os.schemas.export import DIALECT

__all__ = ["case_schema", "find_suites", "load_cases", "load_rows", "suite_named", "suite_names", "write_case_schemas"]

_FOLDER = "partnership_os.evals.cases"
AnySuite = Suite[Any, Any]


@cache
def find_suites() -> dict[str, AnySuite]:
    """Every suite by name: the folders of ``evals/cases`` that hold a ``suite.py`` with a ``SUITE``."""
    found: dict[str, AnySuite] = {}
    for folder in sorted(files(_FOLDER).iterdir(), key=lambda item: item.name):
        if folder.is_dir() and (folder / "suite.py").is_file():
            suite: AnySuite = import_module(f"{_FOLDER}.{folder.name}.suite").SUITE
            found[suite.name] = suite
    return found


def suite_names() -> tuple[str, ...]:
    """The names of all suites, sorted."""
    return tuple(find_suites())


def suite_named(name: str) -> AnySuite:
    """One suite.

    Raises:
        InputError: there is none of this name; lists those there are.
    """
    try:
        return find_suites()[name]
    except KeyError:
        raise InputError(
            f"There is no suite {name!r}.", fix=f"Use one of: {', '.join(suite_names())}, or all."
        ) from None


def load_cases(suite: AnySuite, folder: Path | None = None) -> tuple[Any, ...]:
    """The cases of a suite's current version, sorted by id.

    Args:
        suite: The suite; its ``case_type`` says what a case may hold.
        folder: Cases of your own (``*.yaml`` and ``*.jsonl``) instead of the shipped ones.

    Raises:
        InputError: a file cannot be read, holds an unknown or missing field, or repeats an id; names file, case,
            field and fix.
    """
    place: Traversable = files(_FOLDER) / suite.name / suite.version if folder is None else folder
    cases: dict[str, Case] = {}
    for file in sorted(place.iterdir(), key=lambda item: item.name) if place.is_dir() else []:
        if file.is_file() and file.name.endswith((".yaml", ".jsonl")):
            for case in load_rows(file, suite.case_type):
                if case.id in cases:
                    raise InputError(
                        f"{file.name}: the id {case.id!r} is there twice.", fix="Give each case an id of its own."
                    )
                cases[case.id] = case
    if not cases:
        raise InputError(
            f"There are no cases of {suite.name} in {place}.", fix="Put *.yaml or *.jsonl files with cases there."
        )
    return tuple(cases[key] for key in sorted(cases))


def load_rows(file: Traversable, row_type: type[BaseModel]) -> Iterator[Any]:
    """The rows of a YAML list or a JSONL file.

    Raises:
        InputError: the file is no such list, or a row does not fit its type.
    """
    for number, row in enumerate(_rows(file), start=1):
        try:
            yield row_type.model_validate(row, strict=False)
        except ValidationError as error:
            first = error.errors()[0]
            name = row.get("id", f"number {number}") if isinstance(row, dict) else f"number {number}"
            field = ".".join(str(part) for part in first["loc"]) or "the case itself"
            raise InputError(
                f"{file.name}: case {name}: {field}: {first['msg']}.",
                fix=f"Correct {field}; `partnership eval schema` writes the JSON Schema that editors check against.",
                field=field,
            ) from None


def _rows(file: Traversable) -> list[Any]:
    text = file.read_text(encoding="utf-8")
    try:
        if file.name.endswith(".jsonl"):
            return [json.loads(line) for line in text.split("\n") if line.strip()]
        rows = yaml.safe_load(text)
    except (ValueError, yaml.YAMLError) as error:
        said = " ".join(str(error).split())
        raise InputError(
            f"{file.name} is not {'JSON' if file.name.endswith('.jsonl') else 'YAML'}: {said}", fix="Correct the file."
        ) from None
    if not isinstance(rows, list):
        raise InputError(f"{file.name} is not a list of cases.", fix="Begin each case with `- id: …`.")
    return rows


def write_case_schemas(folder: Path) -> tuple[Path, ...]:
    """Write the schema of each suite's case file into a folder, which is created when missing.

    Raises:
        OSError: the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, suite in find_suites().items():
        path = folder / f"{name}.cases.schema.json"
        path.write_text(case_schema(suite), encoding="utf-8")
        written.append(path)
    return tuple(written)


def case_schema(suite: AnySuite) -> str:
    """The JSON Schema of a suite's case file (a list), for editors."""
    case = suite.case_type.model_json_schema()
    definitions = {"$defs": case.pop("$defs")} if "$defs" in case else {}
    schema = {"$schema": DIALECT, "title": f"Cases of {suite.name}", "type": "array", "items": case, **definitions}
    return json.dumps(schema, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
