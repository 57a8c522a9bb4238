"""The audit log: a hash chain whose every body is re-hashed on verify, held by an anchor outside of it."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from pydantic import JsonValue

from partnership_os.errors import IntegrityError
from partnership_os.governance.agreement import LISTENED, Disagreement, Told, first_disagreement
from partnership_os.governance.clock import Clock, moment, moment_of_refusal
from partnership_os.governance.log_walk import GENESIS, AuditReport, LogTrouble, Walk, chain
from partnership_os.governance.signing import Verifier
from partnership_os.governance.store import (
    Anchor,
    AnchoredPoint,
    AuditRow,
    GovernanceReader,
    GovernanceStore,
    GovernanceTransaction,
)
from partnership_os.schemas.commitment import AuditEvent

__all__ = [
    "GENESIS",
    "REFUSED",
    "TOKEN",
    "AuditReport",
    "LogTrouble",
    "append",
    "chain",
    "events",
    "export",
    "merged",
    "read_log",
    "record_event",
    "report",
    "report_of",
    "verify",
    "verify_export",
]

REFUSED = "_refused"
"""How the event of a refusal ends; such an event is written even where the clock forbids everything else."""
TOKEN = re.compile(r"pos_[0-9a-f]{16}_[0-9a-f]+", re.IGNORECASE)


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
    walk = Walk(anchor)
    for line in lines:
        walk.take(line)
    return walk.report()


def read_log(
    reader: GovernanceReader, anchor: Anchor | None, *, must_be_anchored: bool = True
) -> tuple[AuditReport, Told]:
    """Verify the log of a store, the columns beside its events too, and hear what it says about the other tables.

    Args:
        reader: An open transaction.
        anchor: What was anchored before the transaction began.
        must_be_anchored: False to see whether the log fits together by itself.
    """
    walk, told = Walk(anchor), Told()
    for row in reader.audit_rows():
        body = walk.take(row.body)
        if body is None:
            continue
        if tuple(body[name] for name in AuditRow._fields[:-1]) != row[:-1]:
            walk.stop("the columns beside the event differ from it")
        elif body["event"] in LISTENED:
            told.hear(AuditEvent.model_validate(body))
    return walk.report(must_be_anchored=must_be_anchored), told


def report(store: GovernanceStore, verifier: Verifier, kept_elsewhere: Anchor | None = None) -> AuditReport:
    """Verify the stored log against its anchor, then every other table of the gate against the log and the public key.

    Args:
        store: The store of the gate.
        verifier: Public key of the approval service: a decision can be forged together with its event, and not signed.
        kept_elsewhere: Points that somebody kept on paper or on another machine; the log must agree with them too.

    Raises:
        IntegrityError: the anchor cannot be read.
    """
    anchor = merged(store.anchor(), kept_elsewhere)
    with store.snapshot() as reader:
        return report_of(reader, verifier, anchor)


def report_of(
    reader: GovernanceReader, verifier: Verifier, anchor: Anchor | None, *, must_be_anchored: bool = True
) -> AuditReport:
    """The same in an open transaction.

    Args:
        reader: An open transaction.
        verifier: Public key of the approval service.
        anchor: What was anchored before the transaction began.
        must_be_anchored: False to see whether log and tables fit together by themselves.
    """
    found, told = read_log(reader, anchor, must_be_anchored=must_be_anchored)
    short = found.trouble in (LogTrouble.SHORT, LogTrouble.ROLLED_BACK)
    if not (found.ok or short):
        return found
    wrong = _disagreement(reader, told, verifier)
    if wrong is None:
        return found
    reason, trouble = f"{wrong.table} {wrong.row_id}: {wrong.reason}", LogTrouble.TABLE
    if short:
        reason, trouble = f"the log was cut, for other tables still show what was in it: {reason}", LogTrouble.CUT
    named = {"table": wrong.table, "row_id": wrong.row_id, "reason": reason}
    return found.model_copy(update={"ok": False, "trouble": trouble, **named})


def merged(first: Anchor | None, second: Anchor | None) -> Anchor | None:
    """The points of both, by size; the newest counts as the anchor."""
    if first is None or second is None:
        return first or second
    points = {(item.size, item.head) for each in (first, second) for item in (*each.earlier, each)}
    *earlier, last = (AnchoredPoint(size=size, head=head) for size, head in sorted(points))
    return Anchor(size=last.size, head=last.head, earlier=tuple(earlier), torn=first.torn or second.torn)


def verify_export(lines: Iterable[bytes], anchor: Anchor | None) -> AuditReport:
    """Verify an exported log, line by line as it stands in its file, with no database.

    It may begin at any event. Without an anchor, all that can be said is whether it fits together.

    Args:
        lines: The lines of the file, each with its line end.
        anchor: What was anchored, None when nothing is at hand.
    """
    walk = Walk(anchor, exported=True)
    for line in lines:
        if line.endswith(b"\n"):
            walk.take(line[:-1].decode(errors="replace"))
        else:
            walk.take_torn()
    return walk.report(must_be_anchored=False)


def export(store: GovernanceStore, write: Callable[[bytes], object], since: int = 1) -> int:
    """Write the stored events as they are, one per line; returns how many.

    Args:
        store: The store of the gate.
        write: Takes each line.
        since: The first event that is wanted.
    """
    with store.snapshot() as reader:
        count = 0
        for row in (row for row in reader.audit_rows() if row.seq >= since):
            write(row.body.encode() + b"\n")
            count += 1
        return count


def events(store: GovernanceStore) -> tuple[AuditEvent, ...]:
    """The events of a log that `report` finds well, oldest first.

    Raises:
        ValidationError: a line is no event; `report` names it.
    """
    with store.snapshot() as reader:
        return tuple(AuditEvent.model_validate_json(line) for line in reader.audit_lines())


def _disagreement(reader: GovernanceReader, told: Told, verifier: Verifier) -> Disagreement | None:
    try:
        return first_disagreement(reader, told, verifier)
    except IntegrityError as error:
        return Disagreement(table=error.details["table"], row_id=error.details["row_id"], reason=error.message)


def _blotted(value: JsonValue) -> JsonValue:
    if isinstance(value, str):
        return TOKEN.sub("pos_…", value)
    return value
