"""Finds suites and reads their cases; nothing is registered anywhere."""

import json
from collections.abc import Iterator, Sequence
from functools import cache
from hashlib import sha256
from importlib import import_module
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import BaseModel, ValidationError

from partnership_os.errors import InputError, PartnershipError
from partnership_os.evals.case_files import ENDINGS, FileRow, read_rows, refusal
from partnership_os.evals.suite import Case, Suite
from partnership_os.schemas.export import DIALECT

__all__ = [
    "broken_suites",
    "case_digest",
    "case_schema",
    "find_suites",
    "load_cases",
    "load_rows",
    "reason_of",
    "suite_named",
    "suite_names",
    "write_case_schemas",
]

_FOLDER = "partnership_os.evals.cases"
AnySuite = Suite[Any, Any]


class _Survey(NamedTuple):
    """What the folders hold: suites by name, and of those that cannot be loaded the reason."""

    suites: dict[str, AnySuite]
    broken: dict[str, str]


def find_suites() -> dict[str, AnySuite]:
    """Every suite by name: the folders of ``evals/cases`` that hold a ``suite.py`` with a ``SUITE``."""
    return _survey(_FOLDER).suites


def broken_suites() -> dict[str, str]:
    """Name of the folder → reason, of each suite that cannot be loaded; mostly there is none."""
    return _survey(_FOLDER).broken


def suite_names() -> tuple[str, ...]:
    """The names of all suites, sorted; those that cannot be loaded too, so that nothing that names all skips them."""
    return tuple(sorted(find_suites().keys() | broken_suites().keys()))


def suite_named(name: str) -> AnySuite:
    """One suite.

    Raises:
        InputError: there is none of this name, or it cannot be loaded; lists those there are.
    """
    suites = find_suites()
    if name in suites:
        return suites[name]
    if name in broken_suites():
        raise InputError(
            f"The suite {name} cannot be loaded: {broken_suites()[name]}",
            fix="Correct its suite.py, or name another suite.",
            who_must_act="developer",
            suite=name,
        )
    raise InputError(f"There is no suite {name!r}.", fix=f"Use one of: {', '.join(suites)}, or all.")


@cache
def _survey(package: str) -> _Survey:
    found = _Survey({}, {})
    for folder in sorted(files(package).iterdir(), key=lambda item: item.name):
        if folder.is_dir() and (folder / "suite.py").is_file():
            try:
                found.suites[folder.name] = _imported(package, folder.name)
            except Exception as error:  # the file of one suite says nothing about the others
                found.broken[folder.name] = reason_of(error)
    return found


def _imported(package: str, name: str) -> AnySuite:
    suite = getattr(import_module(f"{package}.{name}.suite"), "SUITE", None)
    if not isinstance(suite, Suite):
        raise TypeError("it has no SUITE that is a Suite")
    if suite.name != name:
        raise ValueError(f"its name is {suite.name}, and its folder is {name}")
    return suite


def reason_of(error: Exception) -> str:
    """What an error says on one line of at most 300 characters, with its kind where it is none of ours."""
    text = " ".join(str(error).split())
    return (text if isinstance(error, PartnershipError) else f"{type(error).__name__}: {text}")[:300]


def load_cases(suite: AnySuite, place: Path | None = None) -> tuple[Any, ...]:
    """The cases of a suite's current version, sorted by id.

    Args:
        suite: The suite; its ``case_type`` says what a case may hold.
        place: Cases of your own instead of the shipped ones: a file (``*.yaml``, ``*.yml`` or ``*.jsonl``), or a
            folder of such files.

    Raises:
        InputError: there is no such place or no case in it; a file cannot be read, holds an unknown or missing field,
            repeats an id or names what the suite's world lacks. Names file, line, case, field and fix.
    """
    shipped = files(_FOLDER) / suite.name / suite.version
    cases: dict[str, Case] = {}
    places: dict[str, tuple[str, int]] = {}
    for file in _case_files(shipped if place is None else place):
        for case, row in _validated(file, suite.case_type):
            line = row.line_of(("id",))
            if case.id in cases:
                first, other = places[case.id]
                problem = f"the id {case.id!r} is there twice, first in {first}, line {other}"
                raise refusal(file.name, line, problem, "Give each case an id of its own.", field="id")
            _require_known(suite, case, file.name, row)
            cases[case.id], places[case.id] = case, (file.name, line)
    if not cases:
        raise InputError(
            f"There are no cases of {suite.name} in {place or shipped}.",
            fix="Put files with cases there that end in .jsonl, .yml or .yaml.",
        )
    return tuple(cases[key] for key in sorted(cases))


def _require_known(suite: AnySuite, case: Case, file: str, row: FileRow) -> None:
    for field, name in suite.unknown_names(case):
        lacking = f"the world of {suite.name} has no {name!r}"
        raise refusal(
            file,
            row.line_of((field,)),
            f"case {case.id}: {field}: {lacking}",
            "Correct the name; the README of the suite says what its world holds.",
            field=field,
        )


def _case_files(place: Traversable) -> Sequence[Traversable]:
    """The files of cases in a place: the place itself, where it is a file.

    Raises:
        InputError: there is no such place, or it is a file of another kind.
    """
    known = "Name a folder, or a file that ends in .jsonl, .yml or .yaml."
    if place.is_dir():
        inside = sorted(place.iterdir(), key=lambda item: item.name)
        return [file for file in inside if file.is_file() and file.name.endswith(ENDINGS)]
    if not place.is_file():
        raise InputError(f"There is neither a file nor a folder {place}.", fix=known)
    if not place.name.endswith(ENDINGS):
        raise InputError(f"{place.name} is no file of cases.", fix=known)
    return [place]


def case_digest(suite: AnySuite, case: Case) -> str:
    """Digest of all that a case says and is judged by: the case, and the files in the folders of its version.

    Those folders (``world``, ``labels``) hold what several cases share, so that a change there changes the digest of
    every case of the version.

    Args:
        suite: The suite of the case.
        case: The case, a shipped one or one of your own.

    Returns:
        The first 16 hexadecimal digits of a SHA-256.
    """
    return sha256(f"{_shared_digest(suite.name, suite.version)}\n{case.model_dump_json()}".encode()).hexdigest()[:16]


@cache
def _shared_digest(name: str, version: str) -> str:
    found = sha256()
    for path, file in sorted(_files_below(files(_FOLDER) / name / version)):
        found.update(f"{path}\n{sha256(file.read_bytes()).hexdigest()}\n".encode())
    return found.hexdigest()


def _files_below(folder: Traversable, above: str = "", *, deep: bool = False) -> Iterator[tuple[str, Traversable]]:
    """Files in folders of a folder, by their path in it; its own files hold the cases."""
    for item in folder.iterdir() if folder.is_dir() else ():
        if item.is_dir():
            yield from _files_below(item, f"{above}{item.name}/", deep=True)
        elif deep:
            yield f"{above}{item.name}", item


def load_rows(file: Traversable, row_type: type[BaseModel]) -> Iterator[Any]:
    """The rows of a YAML list or a JSONL file.

    Raises:
        InputError: the file is no such list, or a row does not fit its type; names file, line, row, field and fix.
    """
    for row, _ in _validated(file, row_type):
        yield row


def _validated(file: Traversable, row_type: type[BaseModel]) -> Iterator[tuple[Any, FileRow]]:
    for number, row in enumerate(read_rows(file), start=1):
        try:
            yield row_type.model_validate(row.value, strict=False), row
        except ValidationError as error:
            raise _unfit(file.name, number, row, error) from None


def _unfit(file: str, number: int, row: FileRow, error: ValidationError) -> InputError:
    """What is wrong with a row: keys that it should not have before those that it lacks, since one may be the other."""
    faults = error.errors(include_url=False)
    extra = [item for item in faults if item["type"] == "extra_forbidden"]
    path = (extra or faults)[0]["loc"]
    field = ", ".join(_dotted(item["loc"]) for item in extra) or _dotted(path) or "the case itself"
    reason = "there is no such field" if extra else _reason(faults[0]["type"], faults[0]["msg"])
    name = str(row.value.get("id", f"number {number}") if isinstance(row.value, dict) else f"number {number}")[:80]
    return refusal(
        file,
        row.line_of(path),
        f"case {name}: {field}: {reason}",
        f"Correct {field}; `partnership eval schema my-schemas/` writes the JSON Schema that editors check against.",
        field=field,
    )


def _reason(kind: str, said: str) -> str:
    return "it is missing" if kind == "missing" else said.rstrip(".")


def _dotted(path: Sequence[str | int]) -> str:
    return ".".join(str(part) for part in path)


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
