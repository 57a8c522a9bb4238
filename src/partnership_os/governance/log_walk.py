"""One pass over an audit log: the hash chain, the points that were anchored, and what can be wrong with them."""

import json
import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field, JsonValue, computed_field

from partnership_os.errors import InputError, InternalError
from partnership_os.governance.canonical import canonical_bytes, digest_of
from partnership_os.governance.store import Anchor
from partnership_os.schemas.base import Record, Sentence, Sha256, Slug
from partnership_os.schemas.commitment import AuditEvent

GENESIS = "0" * 64
"""What the first event names as its previous hash."""
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


class Walk:
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
