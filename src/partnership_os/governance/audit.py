"""The audit log: a hash chain whose every body is re-hashed on verify, held by an anchor outside of it."""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated

from pydantic import Field, JsonValue

from partnership_os.errors import InputError, IntegrityError, InternalError
from partnership_os.governance.agreement import LISTENED, Disagreement, Told, first_disagreement
from partnership_os.governance.canonical import canonical_bytes, digest_of
from partnership_os.governance.clock import Clock, moment, moment_of_refusal
from partnership_os.governance.store import Anchor, AuditRow, GovernanceReader, GovernanceStore, GovernanceTransaction
from partnership_os.schemas.base import Record, Sentence, Sha256, Slug
from partnership_os.schemas.commitment import AuditEvent

GENESIS = "0" * 64
"""What the first event names as its previous hash."""


REFUSED = "_refused"
"""How the event of a refusal ends; such an event is written even where the clock forbids everything else."""
_TOKEN = re.compile(r"pos_[0-9a-f]{16}_[0-9a-f]+", re.IGNORECASE)


class AuditReport(Record):
    """What was found; ``first_bad_seq`` is the first event that is wrong or missing.

    Where the log is well and another table is not what it says, ``table`` and ``row_id`` name the first such row.
    """

    ok: bool
    size: Annotated[int, Field(ge=0)]
    head: Sha256
    anchored: Annotated[int | None, Field(ge=0, description="size at the anchor, None without one")]
    first_bad_seq: Annotated[int | None, Field(ge=1)] = None
    table: Slug | None = None
    row_id: Annotated[str | None, Field(max_length=200)] = None
    reason: Sentence | None = None


def chain(previous: str, body: Mapping[str, object]) -> str:
    """Hash of an event: SHA-256 of its canonical body together with the hash before it."""
    return digest_of({**body, "previous": previous})


def append(
    transaction: GovernanceTransaction,
    at: datetime,
    actor: str,
    event: str,
    subject: str,
    data: Mapping[str, JsonValue],
) -> AuditEvent:
    """Append one event inside the transaction whose change it tells about.

    Args:
        transaction: The transaction that makes the change.
        at: When, from `clock.moment`.
        actor: A person's id, or the name of the part of the product that acts.
        event: What happened, a slug.
        subject: Id of what it happened to.
        data: Facts about it; never a secret, no floats. A token that somebody put in the wrong place is blotted out.
    """
    last = transaction.audit_head()
    draft = AuditEvent(
        seq=last.size + 1,
        at=at,
        actor=_blotted(actor),
        event=event,
        subject=_blotted(subject),
        data={name: _blotted(value) for name, value in data.items()},
        previous=last.head,
        hash=GENESIS,
    )
    body = {name: getattr(draft, name) for name in AuditEvent.model_fields if name not in ("hash", "previous")}
    made = draft.model_copy(update={"hash": chain(last.head, body)})
    transaction.append_audit(made)
    return made


def record_event(
    store: GovernanceStore,
    clock: Clock,
    actor: str,
    event: str,
    subject: str,
    data: Mapping[str, JsonValue],
) -> AuditEvent:
    """Append one event in a transaction of its own, for example that a run started.

    Raises:
        IntegrityError: the log lies ahead of the clock, and the event is no refusal.
    """
    when = moment_of_refusal if event.endswith(REFUSED) else moment
    with store.transaction() as transaction:
        return append(transaction, when(clock, transaction), actor, event, subject, data)


def verify(lines: Iterable[str], anchor: Anchor | None) -> AuditReport:
    """Re-hash every event and hold the chain against its anchor.

    A log that is longer than its anchor is well: the process may have died between the two writes. A log that is
    shorter, or that differs at the anchored size, was cut, rolled back or rewritten.

    Args:
        lines: The stored text of each event, in order.
        anchor: What was anchored, None when there is no anchor.
    """
    walk = _Walk(anchor)
    for line in lines:
        walk.take(line)
    return walk.report()


def read_log(reader: GovernanceReader, anchor: Anchor | None) -> tuple[AuditReport, Told]:
    """Verify the log of a store, the columns beside its events too, and hear what it says about the other tables.

    Args:
        reader: An open transaction.
        anchor: What was anchored before the transaction began.
    """
    walk, told = _Walk(anchor), Told()
    for row in reader.audit_rows():
        body = walk.take(row.body)
        if body is None:
            continue
        if tuple(body[name] for name in AuditRow._fields[:-1]) != row[:-1]:
            walk.stop("the columns beside the event differ from it")
        elif body["event"] in LISTENED:
            told.hear(AuditEvent.model_validate(body))
    return walk.report(), told


def report(store: GovernanceStore) -> AuditReport:
    """Verify the stored log against its anchor, then every other table of the gate against the log.

    Raises:
        IntegrityError: the anchor cannot be read.
    """
    anchor = store.anchor()
    with store.snapshot() as reader:
        found, told = read_log(reader, anchor)
        wrong = _disagreement(reader, told) if found.ok else None
    if wrong is None:
        return found
    reason = f"{wrong.table} {wrong.row_id}: {wrong.reason}"
    return found.model_copy(update={"ok": False, "table": wrong.table, "row_id": wrong.row_id, "reason": reason})


def events(store: GovernanceStore) -> tuple[AuditEvent, ...]:
    """The events of a log that `report` finds well, oldest first.

    Raises:
        ValidationError: a line is no event; `report` names it.
    """
    with store.snapshot() as reader:
        return tuple(AuditEvent.model_validate_json(line) for line in reader.audit_lines())


class _Walk:
    """One pass over a log, event by event."""

    def __init__(self, anchor: Anchor | None) -> None:
        self._anchor = anchor
        self._size, self._head = 0, GENESIS
        self._bad_seq: int | None = None
        self._fault: str | None = None
        if anchor is not None and anchor.size == 0 and anchor.head != GENESIS:
            self._bad_seq, self._fault = 1, "the anchor of an empty log names a hash that no empty log has"

    def take(self, line: str) -> dict[str, JsonValue] | None:
        """The next event; None when it, or one before it, is wrong."""
        self._size += 1
        if self._fault is not None:
            return None
        body, fault = _check(line, self._size, self._head)
        if body is not None:
            self._head = str(body["hash"])
            if self._anchor is not None and self._anchor.size == self._size and self._anchor.head != self._head:
                fault = "the log was rewritten: its hash differs from the anchored one"
        if fault is not None:
            self.stop(fault)
            return None
        return body

    def stop(self, fault: str) -> None:
        """The event taken last is wrong."""
        self._bad_seq, self._fault = self._size, fault

    def report(self) -> AuditReport:
        """What was found, once every event was taken."""
        anchor, size = self._anchor, self._size
        if self._fault is None and anchor is None and size:
            self._bad_seq, self._fault = 1, "the anchor is missing, so a cut of the log cannot be excluded"
        if self._fault is None and anchor is not None and anchor.size > size:
            self._bad_seq = size + 1
            self._fault = f"the log was cut or rolled back: {anchor.size} events were anchored"
        return AuditReport(
            ok=self._fault is None,
            size=size,
            head=self._head,
            anchored=None if anchor is None else anchor.size,
            first_bad_seq=self._bad_seq,
            reason=self._fault,
        )


def _disagreement(reader: GovernanceReader, told: Told) -> Disagreement | None:
    try:
        return first_disagreement(reader, told)
    except IntegrityError as error:
        return Disagreement(table=error.details["table"], row_id=error.details["row_id"], reason=error.message)


def _blotted(value: JsonValue) -> JsonValue:
    if isinstance(value, str):
        return _TOKEN.sub("pos_…", value)
    return value


def _check(line: str, seq: int, previous: str) -> tuple[dict[str, JsonValue] | None, str | None]:
    """The event of a line, or what is wrong with it."""
    try:
        event = json.loads(line)
        canonical = isinstance(event, dict) and canonical_bytes(event) == line.encode()
    except (ValueError, InputError, InternalError):
        return None, "the event cannot be read"
    if not canonical or event.keys() != AuditEvent.model_fields.keys():
        return None, "the event is not in its canonical form"
    if event["seq"] != seq:
        return None, f"an event is missing, added or out of order: number {event['seq']} stands here"
    if event["previous"] != previous:
        return None, "the event does not continue the one before it"
    if chain(previous, {name: value for name, value in event.items() if name != "hash"}) != event["hash"]:
        return None, "the event was changed: its body does not give its hash"
    return event, None
