"""The port for lookups in a commercial register (Wathq-like), its recorded double, and what a reply says as facts.

No live call is made here. Of the people in a reply nothing is kept: whether a named person may sign is answered while
the reply is read, and only the answer stays.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Protocol

from pydantic import Field

from partnership_os.errors import InputError
from partnership_os.governance.canonical import digest_of
from partnership_os.schemas.base import Label, Record, Sentence, Timestamp
from partnership_os.schemas.compliance import Fact, FactSource
from partnership_os.tools.data_file import read_data_file
from partnership_os.tools.gcc_compliance.facts import fact_of
from partnership_os.tools.gcc_compliance.vocabulary import Vocabulary
from partnership_os.tools.identifier_forms import IdentifierForm, compact, read_identifier
from partnership_os.tools.text import fold

__all__ = ["RecordedRegistry", "RegistryFault", "RegistryLookup", "RegistryProblem", "RegistryRecord", "facts_of"]

_STATUS_WORDS = {
    "active": ("active", "نشط"),
    "suspended": ("suspended", "معلق"),
    "expired": ("expired", "منتهي"),
    "cancelled": ("cancelled", "canceled", "struck off", "مشطوب"),
}
_STATUSES = {fold(word): status for status, words in _STATUS_WORDS.items() for word in words}
"""Names of states by folded word. The official codes were not read (gcc-rules §9), so an unknown name is no state."""


class RegistryProblem(StrEnum):
    """Why there is no record; only `NOT_FOUND` says something about the company."""

    NOT_FOUND = "not_found"
    MALFORMED_NUMBER = "malformed_number"
    REFUSED = "refused"
    RATE_LIMITED = "rate_limited"
    UNAVAILABLE = "unavailable"
    MALFORMED_REPLY = "malformed_reply"


class RegistryFault(Record):
    """A lookup without a record."""

    number: Label
    problem: RegistryProblem
    detail: Sentence
    retrieved_at: Timestamp | None
    """None where nothing was asked."""


class RegistryRecord(Record):
    """What we keep of a reply: no name, number or birth date of a person."""

    source: Label
    source_id: Label
    retrieved_at: Timestamp
    unified_number: Label
    register_number: Label | None = None
    name: Label
    status: Annotated[str | None, Field(pattern="^(active|suspended|expired|cancelled)$")] = None
    status_as_written: Label
    in_liquidation: bool | None = None
    activities: tuple[str, ...] = ()
    managers: Annotated[int, Field(ge=0)] = 0
    signatory_is_manager: bool | None = None
    """Whether the person asked for is a manager; None where nobody was asked for or the reply lists nobody."""


class RegistryLookup(Protocol):
    """A register that can be asked. An adapter with a key and a network lives outside this package."""

    def company(self, number: str, *, signatory: str | None = None) -> RegistryRecord | RegistryFault:
        """The record of a unified number.

        Args:
            number: Unified national number, digits of either script.
            signatory: Identity number of the person who is to sign, when that is to be answered. It is compared and
                not kept.
        """
        ...


class RecordedRegistry:
    """Answers from recorded replies: one JSON file for each number, ``<number>.json``.

    A file holds ``recorded_at`` (aware time) and either ``reply`` (fields as Wathq names them) or ``fault``.

    Args:
        folder: Where the files are.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def company(self, number: str, *, signatory: str | None = None) -> RegistryRecord | RegistryFault:
        """See `RegistryLookup.company`. A number without a file was never recorded and is not "not found".

        Raises:
            InputError: there is no recording of this number, or its file is broken.
        """
        reading = read_identifier(IdentifierForm.SAUDI_UNIFIED, number)
        if not reading.well_formed:
            return RegistryFault(
                number=reading.normalised[:40] or "-",
                problem=RegistryProblem.MALFORMED_NUMBER,
                detail="A unified number has ten digits and begins with 7.",
                retrieved_at=None,
            )
        path = self._folder / f"{reading.normalised}.json"
        content = read_data_file(path).content
        recorded_at = datetime.fromisoformat(str(content.get("recorded_at")))
        fault = content.get("fault")
        if isinstance(fault, dict):
            problem, detail = RegistryProblem(str(fault.get("problem"))), str(fault.get("detail"))
            return RegistryFault(number=reading.normalised, problem=problem, detail=detail, retrieved_at=recorded_at)
        reply = content.get("reply")
        if not isinstance(reply, dict):
            raise InputError(f"{path.name} holds neither a reply nor a fault.", fix="Record it again.", path=path)
        return record_of(reply, reading.normalised, recorded_at, signatory=signatory)


def record_of(
    reply: Mapping[str, object], number: str, retrieved_at: datetime, *, signatory: str | None = None
) -> RegistryRecord | RegistryFault:
    """A Wathq-like reply as a record, or a fault when it does not say whom it is about.

    Args:
        reply: Fields as Wathq names them (gcc-rules §2.1); unknown fields are dropped. That a manager's identity
            number stands in ``identity.id`` is own knowledge.
        number: The unified number that was asked for.
        retrieved_at: Aware time of the reply.
        signatory: See `RegistryLookup.company`.
    """
    told = read_identifier(IdentifierForm.SAUDI_UNIFIED, str(reply.get("crNationalNumber", ""))).normalised
    state, name = _part(reply, "status").get("name"), reply.get("name")
    if told != number or not isinstance(name, str) or not isinstance(state, str):
        return RegistryFault(
            number=number,
            problem=RegistryProblem.MALFORMED_REPLY,
            detail="The reply names another number, or no name or status.",
            retrieved_at=retrieved_at,
        )
    managers = _items(_part(reply, "management").get("managers"))
    liquidation, old_number = reply.get("inLiquidationProcess"), reply.get("crNumber")
    return RegistryRecord(
        source="wathq",
        source_id=f"wathq:{number}:{digest_of(_plain(reply))[:16]}",
        retrieved_at=retrieved_at,
        unified_number=number,
        register_number=old_number if isinstance(old_number, str) and old_number else None,
        name=name,
        status=_STATUSES.get(fold(state)),
        status_as_written=state,
        in_liquidation=liquidation if isinstance(liquidation, bool) else None,
        activities=tuple(sorted({str(item["id"]) for item in _items(reply.get("activities")) if "id" in item})),
        managers=len(managers),
        signatory_is_manager=_is_manager(managers, signatory),
    )


def facts_of(record: RegistryRecord, vocabulary: Vocabulary) -> tuple[Fact, ...]:
    """What a record says as facts of Saudi Arabia; what it leaves open yields no fact.

    That a person is no manager in the register does not settle signing authority (a power of attorney may), so only
    a yes becomes a fact.
    """
    said: dict[str, object] = {
        "unified_number": record.unified_number,
        "old_register_number": record.register_number,
        "register_status": record.status,
        "in_liquidation": record.in_liquidation,
        "registered_activities": record.activities or None,
        "signatory_authorised": record.signatory_is_manager or None,
    }
    return tuple(
        fact_of(
            vocabulary,
            name,
            value,
            source_kind=FactSource.REGISTRY,
            source=record.source,
            source_id=record.source_id,
            retrieved_at=record.retrieved_at,
            country="SA",
        )
        for name, value in said.items()
        if value is not None
    )


def _is_manager(managers: list[Mapping[str, object]], signatory: str | None) -> bool | None:
    if signatory is None or not managers:
        return None
    listed = {compact(str(_part(item, "identity").get("id", ""))) for item in managers}
    return compact(signatory) in listed - {""}


def _part(fields: Mapping[str, object], name: str) -> Mapping[str, object]:
    value = fields.get(name)
    return value if isinstance(value, dict) else {}


def _items(value: object) -> list[Mapping[str, object]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _plain(reply: Mapping[str, object]) -> dict[str, object]:
    """The reply without its people, so that the id of a record does not depend on personal data."""
    return {name: value for name, value in reply.items() if name not in ("parties", "management", "contactInfo")}
