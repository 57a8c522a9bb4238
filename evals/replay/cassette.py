"""A cassette: recorded answers of models by the digest of the request, as a folder of JSONL that diffs well."""

import json
import os
import re
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Annotated, ClassVar, Self

from pydantic import ConfigDict, Field, ValidationError

from partnership_os.errors import InputError
from partnership_os.evals.replay.request_key import RequestKey
from partnership_os.schemas.base import Record, Sha256

__all__ = ["FORMAT", "Cassette", "Recording"]

FORMAT = 1
"""Version of the file format; the first line of each file states it."""
_AGAIN = "Record it again with this version of the product."
_UNSAFE = re.compile(r"[^A-Za-z0-9.\-]+")


class Recording(Record):
    """One recorded answer. No header, no key and no prompt is kept, but what the server said is, word for word.

    Attributes:
        digest: Digest of the request (`request_key.read_request`).
        take: 1 for the first answer to this request, 2 for the next.
        parts: Part of the request → short digest.
        body: The response; ids that the product draws stand in it as ``{{id:0}}``.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(str_strip_whitespace=False)

    digest: Sha256
    take: Annotated[int, Field(ge=1)]
    path: str
    model: str
    schema_name: str | None
    parts: dict[str, str]
    status: Annotated[int, Field(ge=200, le=599)]
    content_type: str
    body: str


class Cassette:
    """Recorded answers. Several answers to one request (epochs) keep their order.

    Args:
        recordings: In any order; the takes of one request must be 1, 2, 3, ….

    Raises:
        InputError: a take is missing or there twice.
    """

    def __init__(self, recordings: Iterable[Recording] = ()) -> None:
        self._takes: dict[str, list[Recording]] = {}
        for item in sorted(recordings, key=lambda item: (item.digest, item.take)):
            takes = self._takes.setdefault(item.digest, [])
            if item.take != len(takes) + 1:
                raise InputError(
                    f"Recording {item.digest[:12]}… ({item.model}) has no take {len(takes) + 1}, or one twice.",
                    fix=_AGAIN,
                    digest=item.digest,
                )
            takes.append(item)

    def __len__(self) -> int:
        return sum(len(takes) for takes in self._takes.values())

    def __iter__(self) -> Iterator[Recording]:
        return (item for digest in sorted(self._takes) for item in self._takes[digest])

    @property
    def models(self) -> tuple[str, ...]:
        """The models that were recorded, sorted."""
        return tuple(sorted({takes[0].model for takes in self._takes.values()}))

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read a cassette.

        Raises:
            InputError: there is none, or a file is of another version or not a cassette's; names file and line.
        """
        files = sorted(folder.glob("*.jsonl"))
        if not files:
            raise InputError(f"There is no cassette in {folder}.", fix="Record one, or correct the path.")
        return cls(item for file in files for item in _read(file))

    def takes(self, digest: str) -> tuple[Recording, ...]:
        """The answers to a request in the order in which they were recorded; empty where there is none."""
        return tuple(self._takes.get(digest, ()))

    def add(self, key: RequestKey, status: int, content_type: str, body: str) -> Recording:
        """Record one more answer to a request."""
        takes = self._takes.setdefault(key.digest, [])
        recording = Recording(
            digest=key.digest,
            take=len(takes) + 1,
            path=key.path,
            model=key.model,
            schema_name=key.schema_name,
            parts=dict(key.parts),
            status=status,
            content_type=content_type,
            body=key.without_ids(body),
        )
        takes.append(recording)
        return recording

    def forget(self, digest: str) -> None:
        """Drop every answer to a request, so that new ones take their place."""
        self._takes.pop(digest, None)

    def save(self, folder: Path, models: Iterable[str] | None = None) -> None:
        """Write one file per model; equal cassettes are equal bytes. Files of other models stay as they are.

        Args:
            folder: Made if it is not there.
            models: Only these; all by default.
        """
        folder.mkdir(parents=True, exist_ok=True)
        for model in self.models if models is None else sorted(set(models)):
            lines = [{"cassette": FORMAT}, *(item.model_dump(mode="json") for item in self if item.model == model)]
            text = "".join(f"{json.dumps(line, ensure_ascii=False, sort_keys=True)}\n" for line in lines)
            file = folder / _file_name(model)
            fresh = file.with_suffix(".new")
            fresh.write_bytes(text.encode())
            os.replace(fresh, file)

    def nearest(self, key: RequestKey) -> str:
        """In words, the recording that is nearest to a request that has none."""
        if not self._takes:
            return "the cassette is empty"
        firsts = [takes[0] for takes in self._takes.values()]
        same = sorted(item.model for item in firsts if _differences(item, key) == ["model"])
        if same:
            return f"same prompt, other model {same[0]}"
        known = [item for item in firsts if item.model == key.model]
        if not known:
            return f"the cassette holds only {', '.join(self.models)}"
        near = min(known, key=lambda item: (len(_differences(item, key)), item.digest))
        return (
            f"the nearest recording ({near.model}, {near.schema_name or 'no schema'}) "
            f"differs in {', '.join(_differences(near, key))}"
        )


def _differences(recording: Recording, key: RequestKey) -> list[str]:
    names = sorted({*recording.parts, *key.parts})
    return [name for name in names if recording.parts.get(name) != key.parts.get(name)]


def _file_name(model: str) -> str:
    """A name that is legal everywhere, and of its own for each model where only letters' case or signs differ."""
    return f"{_UNSAFE.sub('-', model)[:80].strip('-.') or 'model'}-{sha256(model.encode()).hexdigest()[:8]}.jsonl"


def _read(file: Path) -> Iterator[Recording]:
    # Lines end in \n alone: an answer may hold U+2028, which splitlines() takes for an end as well.
    head, *lines = file.read_bytes().decode("utf-8", errors="replace").removesuffix("\n").split("\n")
    version = _json(head, file, 1)
    if version != {"cassette": FORMAT}:
        raise InputError(
            f"{file.name} is no cassette of version {FORMAT}: its first line is {head[:80]!r}.", fix=_AGAIN
        )
    for number, line in enumerate(lines, start=2):
        try:
            yield Recording.model_validate(_json(line, file, number))
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(str(part) for part in first["loc"]) or "the line itself"
            raise InputError(f"{file.name}, line {number}: {field}: {first['msg']}.", fix=_AGAIN) from None


def _json(line: str, file: Path, number: int) -> object:
    try:
        value: object = json.loads(line)
    except ValueError:
        raise InputError(f"{file.name}, line {number} is not JSON.", fix=_AGAIN) from None
    return value
