"""The courier that writes files: one JSON document per message, and beside a term sheet a text for people."""

import os
import re
import tempfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from partnership_os.governance.canonical import canonical_bytes
from partnership_os.governance.courier import (
    CommittedDocument,
    Parcel,
    PermanentDeliveryError,
    Receipt,
    TransientDeliveryError,
)
from partnership_os.schemas.base import BilingualText
from partnership_os.schemas.term_sheet import Clause, PartnerTermSheet, TermValue
from partnership_os.tools.text import visible

_SAFE: Final = re.compile(r"[a-z0-9][a-z0-9_\-]{0,99}")
"""A name that every file system takes and keeps apart from every other one, also where case does not count."""


class FileCourier:
    """Implements `governance.courier.Courier`.

    ``<kind>/<idempotency key>.json`` is the parcel in its canonical form; it appears whole or not at all, and the same
    parcel again changes nothing. Files and folders are readable by their owner only.

    Args:
        folder: Where everything goes; made when it is missing.
    """

    name = "file"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def deliver(self, parcel: Parcel) -> Receipt:
        """Write the files of a parcel durably.

        Raises:
            TransientDeliveryError: the folder cannot be written.
            PermanentDeliveryError: a file of this name is there and holds something else.
        """
        folder = self._folder / _safe(parcel.kind)
        path = folder / f"{_safe(parcel.idempotency_key)}.json"
        content = canonical_bytes(parcel) + b"\n"
        sheet = None if parcel.document is None else sheet_text(parcel.document)
        try:
            for made in (self._folder, folder):
                made.mkdir(mode=0o700, parents=True, exist_ok=True)
            if sheet is not None:  # first, so that whoever finds the document finds the text as well
                _publish(path.with_suffix(".txt"), sheet.encode())
            _publish(path, content)
            _sync(folder, self._folder)
        except OSError as error:
            raise TransientDeliveryError(f"The file {path} cannot be written: {error.strerror}.") from error
        place = path.relative_to(self._folder.parent)
        return Receipt(reference=f"{place.as_posix()} sha256:{sha256(content).hexdigest()}")


def sheet_text(document: CommittedDocument) -> str | None:
    """A committed term sheet for people, each part in English and in Arabic; None where it is another document."""
    try:
        sheet = PartnerTermSheet.model_validate(document.terms)
    except ValidationError:
        return None
    return "".join(f"{line}\n" for line in _lines(sheet, document))


def _lines(sheet: PartnerTermSheet, document: CommittedDocument) -> Iterator[str]:
    parties = " – ".join(visible(party) for party in document.parties)
    yield f"Term sheet: {parties}"
    yield f"ورقة الشروط: {parties}"
    yield f"Version / النسخة: {sheet.version}"
    yield f"Currency / العملة: {sheet.currency}"
    yield f"Drafted on / تاريخ الصياغة: {sheet.drafted_on}"
    yield f"Commitment / الالتزام: {document.commitment_id}"
    yield f"Digest / البصمة: {document.digest}"
    yield ""
    yield from _both(sheet.cover_note)
    for number, clause in enumerate(sheet.clauses, start=1):
        yield ""
        yield from _clause_lines(number, clause)
    if sheet.conditions_precedent:
        yield ""
        yield "Conditions precedent"
        yield "الشروط المسبقة"
    for condition in sheet.conditions_precedent:
        yield from _both(condition, "  ")


def _clause_lines(number: int, clause: Clause) -> Iterator[str]:
    yield f"{number}. {visible(clause.title.en)}"
    yield f"   {visible(clause.title.ar)}"
    yield from _both(clause.text, "   ")
    for value in clause.terms:
        yield f"   {value.name} = {_value(value)}"


def _both(text: BilingualText, indent: str = "") -> Iterator[str]:
    for side in (text.en, text.ar):
        yield from (indent + line for line in visible(side).splitlines())


def _value(value: TermValue) -> str:
    if value.number is None:
        return str(value.choice)
    return f"{value.number:f} {value.currency or value.unit.value}"


def _safe(name: str) -> str:
    """The name itself where it is safe, else a digest of it."""
    return name if _SAFE.fullmatch(name) else sha256(name.encode()).hexdigest()


def _publish(path: Path, content: bytes) -> None:
    """Put a complete file at ``path``, unless the same is there already.

    Raises:
        OSError: the folder cannot be written.
        PermanentDeliveryError: something else is there.
    """
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(temporary, path)
        except FileExistsError:
            if path.is_symlink() or not path.is_file() or path.read_bytes() != content:
                raise PermanentDeliveryError(
                    f"The file {path} is there already and holds something else. "
                    "Find out who wrote it, and move it away before the message is driven again."
                ) from None
    finally:
        os.unlink(temporary)


def _sync(*folders: Path) -> None:
    """Make the names of new files durable; only POSIX systems let a folder be synced."""
    if os.name != "posix":
        return
    for folder in folders:
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
