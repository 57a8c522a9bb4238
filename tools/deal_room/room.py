"""The two sides of a deal room: all of it for us, and what the counterparty may see.

The counterparty's side is made of `SharedEntry` and of issued sheets, which hold none of our limits; neither a private
entry nor a draft can be given to it.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Annotated, TypeVar

from pydantic import Field

from partnership_os.schemas.base import Label, Passage, Record, RecordId, Sentence, Slug, Timestamp
from partnership_os.schemas.commitment import LedgerEntry
from partnership_os.schemas.deal_room import (
    SHARED_KINDS,
    AcceptanceReceived,
    Answer,
    BlockerLifted,
    BlockerRaised,
    CounterOfferReceived,
    DealStage,
    IssueClosed,
    IssueOpened,
    Message,
    PrivateEntry,
    Question,
    SharedEntry,
    Side,
)
from partnership_os.schemas.term_sheet import PartnerTermSheet, TermValue
from partnership_os.tools.deal_room.concessions import Concession, concessions_of
from partnership_os.tools.deal_room.stages import stage_of

__all__ = [
    "Blocker",
    "CounterpartyView",
    "DealRoom",
    "Issue",
    "OpenQuestion",
    "SharedEvent",
    "counterparty_view",
    "deal_room",
    "shared_entries",
]

_LEAVES = ("issue_term_sheet", "reissue_term_sheet", "accept_counter_offer")
"""Actions by which a version leaves the house."""
EntryT = TypeVar("EntryT", bound=SharedEntry | PrivateEntry)


class OpenQuestion(Record):
    """A question without an answer; ``side`` asked it."""

    question: RecordId
    side: Side
    text: Passage
    asked_at: Timestamp
    clause_id: Slug | None = None


class Issue(Record):
    """Something of ours to settle."""

    issue: RecordId
    title: Sentence
    owner: RecordId
    due: date | None = None
    clause_id: Slug | None = None
    is_late: bool = False
    resolution: Passage | None = None


class Blocker(Record):
    """What stands in the way."""

    blocker: RecordId
    text: Passage
    owner: RecordId
    source: Label | None = None
    lifted: Passage | None = None


class SharedEvent(Record):
    """One line of what both sides know. Who of ours spoke is nobody's business but ours."""

    at: Timestamp
    kind: Label
    side: Side
    text: Passage
    clause_id: Slug | None = None
    version: int | None = None


class CounterpartyView(Record):
    """What the partner may see of the room: issued versions, what was said, what is open, who moved."""

    us: Label
    them: Label
    stage: DealStage
    sheets: tuple[PartnerTermSheet, ...]
    events: tuple[SharedEvent, ...]
    questions: tuple[OpenQuestion, ...]
    concessions: tuple[Concession, ...]


class DealRoom(Record):
    """Everything about one negotiation, for us."""

    thread_id: Label
    stage: DealStage
    issued: tuple[Annotated[int, Field(ge=1)], ...]
    """Versions that left the house."""
    entries: tuple[SharedEntry | PrivateEntry, ...]
    questions: tuple[OpenQuestion, ...]
    issues: tuple[Issue, ...]
    blockers: tuple[Blocker, ...]
    concessions: tuple[Concession, ...]
    wanted: tuple[TermValue, ...]
    """What the last counter-offer names."""

    @property
    def open_issues(self) -> tuple[Issue, ...]:
        """Issues that nobody has settled."""
        return tuple(issue for issue in self.issues if issue.resolution is None)

    @property
    def open_blockers(self) -> tuple[Blocker, ...]:
        """What stands in the way now."""
        return tuple(blocker for blocker in self.blockers if blocker.lifted is None)


def deal_room(
    thread_id: str,
    entries: Sequence[SharedEntry | PrivateEntry],
    sheets: Sequence[PartnerTermSheet],
    ledger: Sequence[LedgerEntry],
    today: date,
) -> DealRoom:
    """The room of one deal as it stands.

    Args:
        thread_id: The deal.
        entries: All of its entries.
        sheets: All of its versions, issued or not.
        ledger: Its rows of the ledger, which decide what was issued, accepted and signed.
        today: Issues that were due before are late.
    """
    ordered = sorted(entries, key=lambda item: item.seq)
    issued = _issued(sheets, ledger)
    offers = _of(ordered, CounterOfferReceived)
    return DealRoom(
        thread_id=thread_id,
        stage=stage_of(ordered, ledger),
        issued=tuple(sheet.version for sheet in issued),
        entries=tuple(ordered),
        questions=_open_questions(shared_entries(ordered)),
        issues=_issues(ordered, today),
        blockers=_blockers(ordered),
        concessions=concessions_of(issued, offers),
        wanted=offers[-1].wanted if offers else (),
    )


def shared_entries(entries: Iterable[SharedEntry | PrivateEntry]) -> tuple[SharedEntry, ...]:
    """The entries that both sides know."""
    return tuple(entry for entry in entries if isinstance(entry, SHARED_KINDS))


def counterparty_view(
    entries: Sequence[SharedEntry], sheets: Sequence[PartnerTermSheet], ledger: Sequence[LedgerEntry]
) -> CounterpartyView | None:
    """What the partner may see; None before anything was issued.

    That we ended a deal is told by a person: the stage here knows only what both sides know.

    Args:
        entries: Shared entries of the deal; there is no way to give it private ones.
        sheets: Versions of the deal; those without a row in the ledger are left out.
        ledger: Its rows of the ledger.
    """
    issued = _issued(sheets, ledger)
    if not issued:
        return None
    ordered = sorted(entries, key=lambda item: item.seq)
    return CounterpartyView(
        us=issued[-1].us.name,
        them=issued[-1].them.name,
        stage=stage_of(ordered, ledger),
        sheets=issued,
        events=tuple(_event(entry) for entry in ordered),
        questions=_open_questions(ordered),
        concessions=concessions_of(issued, _of(ordered, CounterOfferReceived)),
    )


def _issued(sheets: Sequence[PartnerTermSheet], ledger: Sequence[LedgerEntry]) -> tuple[PartnerTermSheet, ...]:
    versions = {row.document_version for row in ledger if row.action in _LEAVES}
    return tuple(sorted((item for item in sheets if item.version in versions), key=lambda item: item.version))


def _of(entries: Iterable[SharedEntry | PrivateEntry], kind: type[EntryT]) -> list[EntryT]:
    return [entry for entry in entries if isinstance(entry, kind)]


def _event(entry: SharedEntry) -> SharedEvent:
    if isinstance(entry, Message | Question):
        return SharedEvent(at=entry.at, kind=entry.kind, side=entry.side, text=entry.text, clause_id=entry.clause_id)
    if isinstance(entry, Answer):
        return SharedEvent(at=entry.at, kind=entry.kind, side=entry.side, text=entry.text)
    if isinstance(entry, CounterOfferReceived):
        text = entry.document[:8_000]
        return SharedEvent(at=entry.at, kind=entry.kind, side=Side.THEM, text=text, version=entry.version)
    version = entry.version if isinstance(entry, AcceptanceReceived) else None
    return SharedEvent(at=entry.at, kind=entry.kind, side=Side.THEM, text=entry.words, version=version)


def _open_questions(entries: Iterable[SharedEntry]) -> tuple[OpenQuestion, ...]:
    every = tuple(entries)
    answered = {entry.question for entry in _of(every, Answer)}
    return tuple(
        OpenQuestion(
            question=entry.entry_id, side=entry.side, text=entry.text, asked_at=entry.at, clause_id=entry.clause_id
        )
        for entry in _of(every, Question)
        if entry.entry_id not in answered
    )


def _issues(entries: Sequence[SharedEntry | PrivateEntry], today: date) -> tuple[Issue, ...]:
    closed = {entry.issue: entry.resolution for entry in _of(entries, IssueClosed)}
    return tuple(
        Issue(
            issue=entry.entry_id,
            title=entry.title,
            owner=entry.owner,
            due=entry.due,
            clause_id=entry.clause_id,
            is_late=entry.entry_id not in closed and entry.due is not None and entry.due < today,
            resolution=closed.get(entry.entry_id),
        )
        for entry in _of(entries, IssueOpened)
    )


def _blockers(entries: Sequence[SharedEntry | PrivateEntry]) -> tuple[Blocker, ...]:
    lifted = {entry.blocker: entry.because for entry in _of(entries, BlockerLifted)}
    return tuple(
        Blocker(
            blocker=entry.entry_id,
            text=entry.text,
            owner=entry.owner,
            source=entry.source,
            lifted=lifted.get(entry.entry_id),
        )
        for entry in _of(entries, BlockerRaised)
    )
