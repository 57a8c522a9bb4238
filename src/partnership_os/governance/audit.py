"""The audit log: a hash chain whose every body is re-hashed on verify, held by an anchor outside of it."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated

from pydantic import Field, JsonValue

from partnership_os.errors import InputError, InternalError
from partnership_os.governance.canonical import canonical_bytes, digest_of
from partnership_os.governance.clock import Clock, moment
from partnership_os.governance.store import Anchor, GovernanceStore, GovernanceTransaction
from partnership_os.schemas.base import Record, Sentence, Sha256
from partnership_os.schemas.commitment import AuditEvent

GENESIS = "0" * 64
"""What the first event names as its previous hash."""


class AuditReport(Record):
    """What `verify` found; ``first_bad_seq`` is the first event that is wrong or missing."""

    ok: bool
    size: Annotated[int, Field(ge=0)]
    head: Sha256
    anchored: Annotated[int | None, Field(ge=0, description="size at the anchor, None without one")]
    first_bad_seq: Annotated[int | None, Field(ge=1)] = None
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
        data: Facts about it; never a token or a secret, no floats.
    """
    last = transaction.audit_head()
    draft = AuditEvent(
        seq=last.size + 1,
        at=at,
        actor=actor,
        event=event,
        subject=subject,
        data=dict(data),
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
    """Append one event in a transaction of its own, for example that a run started."""
    with store.transaction() as transaction:
        return append(transaction, moment(clock, transaction), actor, event, subject, data)


def verify(lines: Iterable[str], anchor: Anchor | None) -> AuditReport:
    """Re-hash every event and hold the chain against its anchor.

    A log that is longer than its anchor is well: the process may have died between the two writes. A log that is
    shorter, or that differs at the anchored size, was cut, rolled back or rewritten.

    Args:
        lines: The stored text of each event, in order.
        anchor: What was anchored, None when there is no anchor.
    """
    size, head, fault = 0, GENESIS, _bad_start(anchor)
    bad_seq = 1 if fault else None
    for size, line in enumerate(lines, start=1):
        if fault is not None:
            continue
        found, fault = _check(line, size, head)
        if fault is None:
            head = found
            if anchor is not None and anchor.size == size and anchor.head != head:
                fault = "the log was rewritten: its hash differs from the anchored one"
        bad_seq = size if fault else None
    if fault is None and anchor is None and size:
        bad_seq, fault = 1, "the anchor is missing, so a cut of the log cannot be excluded"
    if fault is None and anchor is not None and anchor.size > size:
        bad_seq, fault = size + 1, f"the log was cut or rolled back: {anchor.size} events were anchored"
    anchored = None if anchor is None else anchor.size
    return AuditReport(ok=fault is None, size=size, head=head, anchored=anchored, first_bad_seq=bad_seq, reason=fault)


def report(store: GovernanceStore) -> AuditReport:
    """Verify the stored log against its anchor.

    Raises:
        IntegrityError: the anchor cannot be read.
    """
    anchor = store.anchor()
    with store.snapshot() as reader:
        return verify(reader.audit_lines(), anchor)


def events(store: GovernanceStore) -> tuple[AuditEvent, ...]:
    """The events of a log that `report` finds well, oldest first.

    Raises:
        ValidationError: a line is no event; `report` names it.
    """
    with store.snapshot() as reader:
        return tuple(AuditEvent.model_validate_json(line) for line in reader.audit_lines())


def _bad_start(anchor: Anchor | None) -> str | None:
    if anchor is not None and anchor.size == 0 and anchor.head != GENESIS:
        return "the anchor of an empty log names a hash that no empty log has"
    return None


def _check(line: str, seq: int, previous: str) -> tuple[str, str | None]:
    """The hash of one event, and what is wrong with it."""
    try:
        body = json.loads(line)
        canonical = isinstance(body, dict) and canonical_bytes(body) == line.encode()
    except (ValueError, InputError, InternalError):
        return previous, "the event cannot be read"
    if not canonical or body.keys() != AuditEvent.model_fields.keys():
        return previous, "the event is not in its canonical form"
    claimed = body.pop("hash")
    if body["seq"] != seq:
        return previous, f"an event is missing, added or out of order: number {body['seq']} stands here"
    if body["previous"] != previous:
        return previous, "the event does not continue the one before it"
    if chain(previous, body) != claimed:
        return previous, "the event was changed: its body does not give its hash"
    return claimed, None
