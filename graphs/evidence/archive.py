"""The evidence pack as a file: one ZIP archive that has the same bytes for the same content on every machine.

Entries are stored and not compressed, in order of name, with one fixed date. So a reader can hold a whole archive
against what this module would write, and nothing can hide beside the entries or grow while it is read.
"""

import io
import json
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Final, Literal, NamedTuple

from pydantic import Field

from partnership_os.errors import InputError
from partnership_os.governance.agreement import LISTENED, Told
from partnership_os.governance.canonical import canonical_bytes
from partnership_os.governance.store import SignedAnchor
from partnership_os.schemas.base import BilingualText, Label, Record, RecordId, Sha256, StoredRecord
from partnership_os.schemas.commitment import (
    AuditEvent,
    Commitment,
    CommitmentStatus,
    Decision,
    Delegation,
    KeyId,
    Person,
    Signature,
)

MANIFEST: Final = "manifest.json"
SIGNATURE: Final = "manifest.sig"
PURPOSE: Final = b"partnership-os evidence pack 1\x00"
"""Put before the manifest when it is signed, so that the signature passes for nothing else."""
MAX_BYTES: Final = 128 * 1024 * 1024
MAX_FILES: Final = 1_000
_NAME = re.compile(r"(?:evidence/ev_[A-Za-z0-9_\-]{1,96}\.json|[A-Za-z_]{1,40}\.(?:json|jsonl|txt|sig))")


class PackedFile(Record):
    """One file of a pack and what it is."""

    name: Annotated[str, Field(min_length=1, max_length=120)]
    size: Annotated[int, Field(ge=0)]
    sha256: Sha256
    what: BilingualText


class Manifest(StoredRecord):
    """What a pack holds; signed with the anchor key, so that no file can be changed with its sum."""

    pack_format: Literal[1] = 1
    commitment_id: RecordId
    digest: Sha256
    status: CommitmentStatus
    made_with: Label
    files: tuple[PackedFile, ...]


class ManifestSignature(StoredRecord):
    """Who signed the manifest."""

    key_id: KeyId
    signature: Signature


class PackedCommitment(StoredRecord):
    """The commitment, where it stands, and by which other one it was replaced."""

    commitment: Commitment
    digest: Sha256
    status: CommitmentStatus
    superseded_by: RecordId | None = None


class PackedDecision(Record):
    """A decision and the ledger entry that used it up."""

    decision: Decision
    consumed_by: RecordId | None = None


class PackedDelegation(Record):
    """A delegation, and the event of the log that ended it before its time."""

    delegation: Delegation
    ended_by_event: int | None = None


class PackedAnchors(StoredRecord):
    """The anchor at which the spine ends, and the signed ones that it passes on its way."""

    anchor: SignedAnchor
    earlier: tuple[SignedAnchor, ...] = ()


class PackedKey(Record):
    """A public key."""

    key_id: KeyId
    pem: Annotated[str, Field(max_length=1_000)]


class PackedKeys(StoredRecord):
    """The key that signed the decisions and the one that signed anchor and manifest."""

    approval: PackedKey
    anchor: PackedKey


def json_file(value: object) -> bytes:
    """A value as a file that people can read: sorted keys, one per line."""
    return (json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


def plain(record: Record) -> object:
    """A record of the gate in its canonical form, so that it can be digested again from the file."""
    return json.loads(canonical_bytes(record))


def people_told(events: Iterable[AuditEvent], until: int) -> tuple[Person, ...]:
    """The people as these events say they were after event ``until``, in order of id."""
    told = Told()
    for event in events:
        if event.seq <= until and event.event in LISTENED:
            told.hear(event)
    return tuple(
        Person.model_validate({"person_id": person_id, **fact.view})
        for person_id, fact in sorted(told.people.items())
        if "name" in fact.view
    )


def committed_at_event(events: Sequence[AuditEvent], commitment_id: str) -> int:
    """The number of the event at which a commitment took effect; where it did not, of the last of these events.

    Levels and roles are those of this moment: a later version of the same document changes nothing about it.
    """
    own = (event.seq for event in events if (event.event, event.subject) == ("commitment_committed", commitment_id))
    return next(own, events[-1].seq)


def write_archive(files: Mapping[str, bytes]) -> bytes:
    """The bytes of a pack with these files."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.create_system = 3
            entry.external_attr = 0o100600 << 16
            archive.writestr(entry, files[name])
    return made.getvalue()


class Archive(NamedTuple):
    """The files of a pack, and what is wrong with the archive around them; None where it is as it was made."""

    files: dict[str, bytes]
    fault: str | None = None


def read_archive(path: Path) -> Archive:
    """The files of a pack; nothing is written anywhere, and no more is read than the archive is long.

    An archive that was packed again, or that holds bytes beside its entries, is no pack any more. Its files are given
    all the same, so that a reader can tell which of them was changed.

    Raises:
        InputError: it cannot be read, is too large, is damaged, or holds what `write_archive` never makes: another
            name, a name twice, a path, a compressed entry.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise _unusable(path, f"it is larger than {MAX_BYTES} bytes")
        content = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.", fix="Check the path and permissions.") from error
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            files = _entries(archive, path)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OSError):
        raise _unusable(path, "it is no ZIP archive, or a damaged one") from None
    if write_archive(files) != content:
        return Archive(files, _unusable(path, "it holds something beside its files, or was packed again").message)
    return Archive(files)


def _entries(archive: zipfile.ZipFile, path: Path) -> dict[str, bytes]:
    entries = archive.infolist()
    if len(entries) > MAX_FILES:
        raise _unusable(path, f"it holds more than {MAX_FILES} files")
    files: dict[str, bytes] = {}
    changed: list[str] = []
    for entry in entries:
        if not _NAME.fullmatch(entry.filename):
            raise _unusable(path, "it holds a file that no pack has")
        if entry.filename in files:
            raise _unusable(path, f"it holds {entry.filename} twice")
        if entry.compress_type != zipfile.ZIP_STORED or entry.file_size > MAX_BYTES:
            raise _unusable(path, f"its file {entry.filename} is compressed")
        try:
            files[entry.filename] = archive.read(entry)
        except zipfile.BadZipFile:
            files[entry.filename] = b""
            changed.append(entry.filename)
    if changed:
        raise _unusable(path, f"changed after it was packed: {', '.join(sorted(changed))}")
    return files


def _unusable(path: Path, why: str) -> InputError:
    return InputError(f"{path} is not an evidence pack: {why}.", fix="Ask whoever sent it for the file as it was made.")
