"""Data files of this package as records, read strictly: an error names file, line and field."""

from collections.abc import Mapping
from importlib.resources import as_file, files
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from partnership_os.errors import ConfigurationError
from partnership_os.tools.data_file import FieldPath, read_data_file

__all__ = ["read_record", "shipped_record"]

_ModelT = TypeVar("_ModelT", bound=BaseModel)


def shipped_record(name: str, model: type[_ModelT]) -> _ModelT:
    """A data file that ships in ``tools/data``, as a record.

    Raises:
        ConfigurationError: as for `read_record`.
    """
    with as_file(files("partnership_os.tools") / "data" / name) as path:
        return read_record(path, model)


def read_record(path: Path, model: type[_ModelT]) -> _ModelT:
    """A YAML or JSON file as a record.

    Raises:
        InputError: the file is missing or malformed.
        ConfigurationError: a field is missing, unknown or wrong.
    """
    file = read_data_file(path)
    try:
        return model.model_validate(file.content)
    except ValidationError as error:
        first = error.errors()[0]
        where: FieldPath = tuple(first["loc"])
        line = _line_of(where, file.lines)
        problem = {"missing": "it is missing", "extra_forbidden": "there is no such field"}.get(
            first["type"], first["msg"].removeprefix("Value error, ")
        )
        raise ConfigurationError(
            f"{path.name}{f', line {line}' if line else ''}, {'.'.join(map(str, where))}: {problem}.",
            fix="Correct that field.",
            file=path.name,
            line=line,
        ) from None


def _line_of(where: FieldPath, lines: Mapping[FieldPath, int]) -> int | None:
    return next((lines[where[:end]] for end in range(len(where), 0, -1) if where[:end] in lines), None)
