"""The audit log: a hash chain whose every body is re-hashed on verify, held by an anchor outside of it."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field, JsonValue, computed_field

from partnership_os.errors import InputError, IntegrityError, InternalError
from partnership_os.governance.agreement import LISTENED, Disagreement, Told, first_disagreement
from partnership_os.governance.canonical import canonical_bytes, digest_of
from partnership_os.governance.clock import Clock, moment, moment_of_refusal
from partnership_os.governance.store import (
    Anchor,
    AnchoredPoint,
    AuditRow,
    GovernanceReader,
    GovernanceStore,
    GovernanceTransaction,
)
from partnership_os.schemas.base import Record, Sentence, Sha256, Slug
from partnership_os.schemas.commitment import AuditEvent

GENESIS = "0" * 64
"""What the first event names as its previous hash."""
REFUSED = "_refused"
"""How the event of a refusal ends; such an event is written even where the clock forbids everything else."""
TOKEN = re.compile(r"pos_[0-9a-f]{16}_[0-9a-f]+", re.IGNORECASE)
_HASH = re.compile(r"[0-9a-f]{64}")


class LogTrouble(StrEnum):
    """What is wrong with a log; each asks for another person."""

    CHANGED = "changed"
    """An event was edited, added, dropped or moved; the chain does not fit together."""
    REWRITTEN = "rewritten"
    """The chain fits together, and is not the one that was anchored."""
    CUT = "cut"
    """Events at the end are gone, and something else still shows them."""
    ROLLED_BACK = "rolled_back"
    """Log and tables are whole as of an earlier moment: most likely a backup was restored."""
    SHORT = "short"
    """Events at the end are gone; a cut or a rollback."""
    TORN = "torn"
    """The last line of a file was not written or copied to its end."""
    NO_ANCHOR = "no_anchor"
    """Nothing outside of the log says how long it was."""
    TABLE = "table"
    """The log is well, and another table is not what it says."""


_OPERATORS: Final = frozenset({LogTrouble.ROLLED_BACK, LogTrouble.TORN, LogTrouble.NO_ANCHOR})


class AuditReport(Record):
    """What was found; ``first_bad_seq`` is the first event that is wrong or missing.

    ``anchors`` is how many anchored points the log was held against, and ``anchor_torn`` says that the last line of
    their place was not written to its end, which is no fault of the log. An exported log may begin at ``first_seq``.
    Where the log is well and another table is not what it says, ``table`` and ``row_id`` name the first such row.
    """

    ok: bool
    size: Annotated[int, Field(ge=0)]
    head: Sha256
    anchored: Annotated[int | None, Field(ge=0, description="size at the newest anchor, None without one")]
    anchors: Annotated[int, Field(ge=0)] = 0
    anchor_torn: bool = False
    first_seq: Annotated[int, Field(ge=1)] = 1
    first_bad_seq: Annotated[int | None, Field(ge=1)] = None
    trouble: LogTrouble | None = None
    table: Slug | None = None
    row_id: Annotated[str | None, Field(max_length=200)] = None
    reason: Sentence | None = None

    @computed_field  # type: ignore[prop-decorator]
    @property
    def who_must_act(self) -> str | None:
        """``operator`` or ``auditor``; None where nobody must."""
        if self.ok:
            return None
        return "operator" if self.trouble in _OPERATORS else "auditor"


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


def read_log(
    reader: GovernanceReader, anchor: Anchor | None, *, must_be_anchored: bool = True
) -> tuple[AuditReport, Told]:
    """Verify the log of a store, the columns beside its events too, and hear what it says about the other tables.

    Args:
        reader: An open transaction.
        anchor: What was anchored before the transaction began.
        must_be_anchored: False to see whether the log fits together by itself.
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
    return walk.report(must_be_anchored=must_be_anchored), told


def report(store: GovernanceStore, kept_elsewhere: Anchor | None = None) -> AuditReport:
    """Verify the stored log against its anchor, then every other table of the gate against the log.

    Args:
        store: The store of the gate.
        kept_elsewhere: Points that somebody kept on paper or on another machine; the log must agree with them too.

    Raises:
        IntegrityError: the anchor cannot be read.
    """
    anchor = merged(store.anchor(), kept_elsewhere)
    with store.snapshot() as reader:
        return report_of(reader, anchor)


def report_of(reader: GovernanceReader, anchor: Anchor | None, *, must_be_anchored: bool = True) -> AuditReport:
    """The same in an open transaction.

    Args:
        reader: An open transaction.
        anchor: What was anchored before the transaction began.
        must_be_anchored: False to see whether log and tables fit together by themselves.
    """
    found, told = read_log(reader, anchor, must_be_anchored=must_be_anchored)
    short = found.trouble in (LogTrouble.SHORT, LogTrouble.ROLLED_BACK)
    if not (found.ok or short):
        return found
    wrong = _disagreement(reader, told)
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
    walk = _Walk(anchor, exported=True)
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


class _Walk:
    """One pass over a log, event by event.

    Args:
        anchor: What was anchored.
        exported: The log is a file, which may begin at any event.
    """

    def __init__(self, anchor: Anchor | None, *, exported: bool = False) -> None:
        self._anchor = anchor
        self._points: dict[int, set[str]] = {}
        for point in () if anchor is None else (*anchor.earlier, anchor):
            self._points.setdefault(point.size, set()).add(point.head)
        self._first: int | None = None if exported else 1
        self._size, self._head, self._met = 0, GENESIS, 0
        self._fault: str | None = None
        self._bad_seq: int | None = None
        self._trouble: LogTrouble | None = None
        if not exported:
            self._hold(0)

    def take(self, line: str) -> dict[str, JsonValue] | None:
        """The next event; None when it, or one before it, is wrong."""
        if self._first is None:
            self._begin(line)
        self._size += 1
        if self._fault is not None:
            return None
        body, fault = _check(line, self._size, self._head)
        if body is None:
            self.stop(fault or "the event cannot be read")
            return None
        self._head = str(body["hash"])
        self._hold(self._size)
        return None if self._fault else body

    def take_torn(self) -> None:
        """The last line of a file, which has no line end."""
        if self._fault is None:
            self._size += 1
            self.stop("the last line was not written to its end", LogTrouble.TORN)

    def stop(self, fault: str, trouble: LogTrouble = LogTrouble.CHANGED) -> None:
        """The event taken last is wrong."""
        self._bad_seq, self._fault, self._trouble = max(self._size, 1), fault, trouble

    def report(self, *, must_be_anchored: bool = True) -> AuditReport:
        """What was found, once every event was taken."""
        anchor, size = self._anchor, self._size
        if self._fault is None and anchor is None and size and must_be_anchored:
            self._fault = "the anchor is missing, so a cut of the log cannot be excluded"
            self._bad_seq, self._trouble = 1, LogTrouble.NO_ANCHOR
        if self._fault is None and anchor is not None and anchor.size > size:
            self._bad_seq = size + 1
            self._fault = f"the log was cut or rolled back: {anchor.size} events were anchored"
            # A transaction, and so a backup, ends at a point; a cut can end anywhere.
            self._trouble = LogTrouble.ROLLED_BACK if size in self._points else LogTrouble.SHORT
        return AuditReport(
            ok=self._fault is None,
            size=size,
            head=self._head,
            anchored=None if anchor is None else anchor.size,
            anchors=self._met,
            anchor_torn=anchor is not None and anchor.torn,
            first_seq=self._first or 1,
            first_bad_seq=self._bad_seq,
            trouble=self._trouble,
            reason=self._fault,
        )

    def _begin(self, line: str) -> None:
        """Where an exported log begins; what came before it is taken as the first event says."""
        self._first, body = 1, _parsed(line) or {}
        seq, previous = body.get("seq"), body.get("previous")
        if isinstance(seq, int) and seq > 1 and isinstance(previous, str) and _HASH.fullmatch(previous):
            self._first, self._size, self._head = seq, seq - 1, previous
        self._hold(self._size)

    def _hold(self, size: int) -> None:
        """Hold the hash at this size against every point that was anchored there."""
        heads = self._points.get(size, set())
        if not heads <= {self._head}:
            self.stop("the log was rewritten: its hash differs from the anchored one", LogTrouble.REWRITTEN)
        elif heads and self._anchor is not None:
            self._met += 1


def _disagreement(reader: GovernanceReader, told: Told) -> Disagreement | None:
    try:
        return first_disagreement(reader, told)
    except IntegrityError as error:
        return Disagreement(table=error.details["table"], row_id=error.details["row_id"], reason=error.message)


def _blotted(value: JsonValue) -> JsonValue:
    if isinstance(value, str):
        return TOKEN.sub("pos_…", value)
    return value


def _check(line: str, seq: int, previous: str) -> tuple[dict[str, JsonValue] | None, str | None]:
    """The event of a line, or what is wrong with it."""
    event = _parsed(line)
    if event is None:
        return None, "the event cannot be read"
    try:
        canonical = canonical_bytes(event) == line.encode()
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


def _parsed(line: str) -> dict[str, JsonValue] | None:
    try:
        event = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return event if isinstance(event, dict) else None
