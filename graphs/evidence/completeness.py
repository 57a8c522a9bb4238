"""Whether an evidence pack holds every event about its commitment, and on whose word that rests.

A pack is an extract. Between its events it has hashes only, and whoever holds the anchor key chose and signed them:
they could leave out a rejection, and every signature would hold. What shows it is an extract without a gap, or the
whole log, which an auditor exports (``partnership audit export``) and holds against the pack.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Final

from partnership_os.governance.log_walk import Walk
from partnership_os.governance.standing import people_in
from partnership_os.governance.store import Anchor, AnchoredPoint
from partnership_os.graphs.evidence.contents import Failed, NotApplicable, Pack
from partnership_os.schemas.commitment import AuditEvent

LONGEST_LINE: Final = 4 * 1024 * 1024
"""Bytes of one exported event; no event of ours comes near it."""
_ABOUT_PEOPLE: Final = frozenset({"person_added", "person_changed"})


def concerns(event: str, subject: str, subjects: set[str], people: set[str]) -> bool:
    """True when a pack must hold an event.

    Args:
        event: Its kind.
        subject: What it is about.
        subjects: The thread and the document, what was asked in them, and the delegations of the people.
        people: Whoever asked, decided, lent or borrowed.
    """
    return subject in subjects or (subject in people and event in _ABOUT_PEOPLE)


def check_completeness(pack: Pack) -> str:
    """What the completeness of a pack rests on, in words.

    Raises:
        Failed: the log holds an event that the pack leaves out, or is not the log that the pack was taken from.
        NotApplicable: the pack alone cannot show it, and no whole log was given; says who is to be trusted then.
    """
    size, held = pack.anchors.anchor.size, [event.seq for event in pack.events]
    if pack.log is None:
        hidden = len(pack.spine.keys() - set(held))
        raise NotApplicable(
            f"of {hidden} events between {held[0]} and {size} it holds hashes only; that none of them is a decision "
            "about this, and that the log itself is the whole one, rests on the word of whoever holds the anchor key. "
            "The exported log and an anchor kept elsewhere show it"
        )
    events = tuple(_events_of(pack.log, pack))
    before = [event for event in events if event.seq <= size]
    missing = sorted(_concerned(before, pack, held[-1]) - set(held))
    if missing:
        raise Failed(f"the log holds events that the pack leaves out: {', '.join(map(str, missing))}")
    subjects = _subjects(before, pack)
    later = [str(event.seq) for event in events if event.seq > size and event.subject in subjects]
    if later:
        return f"it holds every event up to {size}; what came after that is not in it: {', '.join(later)}"
    return f"it holds every event of the log that you gave, up to {size}"


def _subjects(events: Iterable[AuditEvent], pack: Pack) -> set[str]:
    """Thread, document, and whatever was proposed about either."""
    commitment = pack.packed.commitment
    return {commitment.thread_id, commitment.document_id, *(event.subject for event in _asked(events, pack))}


def _asked(events: Iterable[AuditEvent], pack: Pack) -> list[AuditEvent]:
    commitment = pack.packed.commitment
    return [
        event
        for event in events
        if event.event == "commitment_proposed"
        and (
            event.data.get("thread_id") == commitment.thread_id
            or event.data.get("document_id") == commitment.document_id
        )
    ]


def _concerned(events: list[AuditEvent], pack: Pack, last: int) -> set[int]:
    """The numbers of the events that the pack must hold; about people, only until the last one of its own."""
    subjects = _subjects(events, pack)
    people = {event.actor for event in _asked(events, pack)}
    people = people.union(*(people_in(one.decision) for one in pack.decisions))
    lent = [
        event
        for event in events
        if event.event == "delegation_made" and not people.isdisjoint({event.actor, str(event.data.get("delegate"))})
    ]
    people |= {person for event in lent for person in (event.actor, str(event.data.get("delegate")))}
    loans = {event.subject for event in lent}
    own = {event.seq for event in events if event.subject in subjects}
    return own | {
        event.seq for event in events if event.seq <= last and concerns(event.event, event.subject, loans, people)
    }


def _events_of(log: Path, pack: Pack) -> Iterator[AuditEvent]:
    """The events of an exported log that is the one the pack was taken from, from the first on."""
    *earlier, last = (AnchoredPoint(size=seq, head=head) for seq, head in sorted(pack.spine.items()))
    walk = Walk(Anchor(size=last.size, head=last.head, earlier=tuple(earlier)), exported=True)
    try:
        with log.open("rb") as lines:
            for line in read_lines(lines):
                body = walk.take(line.rstrip(b"\n").decode(errors="replace"))
                if body is not None:
                    yield AuditEvent.model_validate(body)
    except OSError as error:
        raise Failed(f"{log} cannot be read: {error.strerror}.") from error
    found = walk.report(must_be_anchored=False)
    if not found.ok:
        raise Failed(f"the log that you gave is not the one behind this pack: {found.reason}")
    if found.first_seq > 1:
        raise NotApplicable(f"the log that you gave begins at event {found.first_seq}; only the whole log shows it")


def read_lines(file: BinaryIO) -> Iterator[bytes]:
    """The lines of an exported log, none longer than an event can be."""
    while line := file.readline(LONGEST_LINE):
        yield line
