"""What is kept of one deal's negotiation besides its sheets: entries that are only ever added.

Each kind of entry belongs to one of two sides. *Shared* entries are what both parties have said to each other;
*private* ones stay with us. A view for the counterparty takes shared entries only, by type, so that nothing private
can get in.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from partnership_os.schemas.base import (
    Document,
    Label,
    Passage,
    RecordId,
    Sentence,
    Sha256,
    Slug,
    StoredRecord,
    Timestamp,
)
from partnership_os.schemas.term_sheet import TermValue

__all__ = [
    "PRIVATE_KINDS",
    "SHARED_KINDS",
    "AcceptanceReceived",
    "Answer",
    "BlockerLifted",
    "BlockerRaised",
    "CounterOfferReceived",
    "DealEnded",
    "DealStage",
    "IssueClosed",
    "IssueOpened",
    "Message",
    "MoveAnswered",
    "Note",
    "PartnerLeft",
    "PrivateEntry",
    "Question",
    "RoomEntry",
    "SharedEntry",
    "Side",
    "read_entry",
]


class Side(StrEnum):
    """Who spoke. ``them`` is written down by one of us, because partners have no door into the store."""

    US = "us"
    THEM = "them"


class DealStage(StrEnum):
    """Where a negotiation stands. No entry sets it: `tools.deal_room.stages` computes it from what happened."""

    PREPARING = "preparing"
    """Nothing has left the house."""
    OFFERED = "offered"
    """A version was issued by approval; it is their turn."""
    COUNTERED = "countered"
    """They answered with other terms; it is our turn."""
    AGREED = "agreed"
    """Both sides stated the same terms: they accepted ours, or the acceptance of theirs was approved."""
    SIGNED = "signed"
    WITHDRAWN = "withdrawn"
    """We ended it."""
    LOST = "lost"
    """They ended it."""


class _Entry(StoredRecord):
    """What every entry says. ``seq`` counts from 1 within a thread; ``by`` is the person of ours who wrote it down."""

    entry_id: RecordId
    thread_id: Annotated[str, Field(min_length=1, max_length=100)]
    seq: Annotated[int, Field(ge=1)]
    at: Timestamp
    by: RecordId


class Message(_Entry):
    """Something that was said to the other side."""

    kind: Literal["message"] = "message"
    side: Side
    text: Passage
    clause_id: Slug | None = None


class Question(_Entry):
    """Something that the other side is asked."""

    kind: Literal["question"] = "question"
    side: Side
    text: Passage
    clause_id: Slug | None = None


class Answer(_Entry):
    """What was answered to a question."""

    kind: Literal["answer"] = "answer"
    side: Side
    question: RecordId
    text: Passage


class CounterOfferReceived(_Entry):
    """Other terms that the partner wants, as they wrote them and as they were read.

    Attributes:
        version: The version of ours that they answer to.
        document: Their words; of a Word file the text that they propose.
        document_digest: SHA-256 of the bytes that came.
        wanted: The values that they name, read from the document.
        unread: Parts that say something which no term could be read from.
    """

    kind: Literal["counter_offer"] = "counter_offer"
    version: Annotated[int, Field(ge=1)]
    document: Document
    document_digest: Sha256
    wanted: Annotated[tuple[TermValue, ...], Field(max_length=100)] = ()
    unread: Annotated[tuple[Passage, ...], Field(max_length=100)] = ()


class AcceptanceReceived(_Entry):
    """The partner accepts a version of ours exactly as it was issued."""

    kind: Literal["acceptance"] = "acceptance"
    version: Annotated[int, Field(ge=1)]
    sheet_digest: Sha256
    words: Passage


class PartnerLeft(_Entry):
    """The partner ends the negotiation."""

    kind: Literal["partner_left"] = "partner_left"
    words: Passage


class Note(_Entry):
    """Something that we tell each other."""

    kind: Literal["note"] = "note"
    text: Passage
    clause_id: Slug | None = None


class IssueOpened(_Entry):
    """Something that one of us has to settle."""

    kind: Literal["issue_opened"] = "issue_opened"
    title: Sentence
    owner: RecordId
    due: date | None = None
    clause_id: Slug | None = None


class IssueClosed(_Entry):
    """How it was settled."""

    kind: Literal["issue_closed"] = "issue_closed"
    issue: RecordId
    resolution: Passage


class BlockerRaised(_Entry):
    """Something without which the deal must not go on. ``source`` names the rule where a rule raised it."""

    kind: Literal["blocker_raised"] = "blocker_raised"
    text: Passage
    owner: RecordId
    source: Label | None = None


class BlockerLifted(_Entry):
    """Why it does not stand in the way any more."""

    kind: Literal["blocker_lifted"] = "blocker_lifted"
    blocker: RecordId
    because: Passage


class MoveAnswered(_Entry):
    """What code decided about a counter-offer, with its private reasons; a move binds nobody.

    Attributes:
        counter_offer: The entry that is answered.
        move: accept, counter or escalate.
        reasons: Codes with their parameters, for us alone.
        record: The whole `NegotiationRound` as JSON, so that the round can be replayed.
        commitment_id: What people are asked to approve because of it, where anything is.
    """

    kind: Literal["move"] = "move"
    counter_offer: RecordId
    move: Literal["accept", "counter", "escalate"]
    reasons: Annotated[tuple[Label, ...], Field(max_length=100)]
    record: Document
    commitment_id: RecordId | None = None


class DealEnded(_Entry):
    """We end the negotiation."""

    kind: Literal["deal_ended"] = "deal_ended"
    because: Passage


SharedEntry = Message | Question | Answer | CounterOfferReceived | AcceptanceReceived | PartnerLeft
PrivateEntry = Note | IssueOpened | IssueClosed | BlockerRaised | BlockerLifted | MoveAnswered | DealEnded
RoomEntry = Annotated[SharedEntry | PrivateEntry, Field(discriminator="kind")]

SHARED_KINDS = (Message, Question, Answer, CounterOfferReceived, AcceptanceReceived, PartnerLeft)
PRIVATE_KINDS = (Note, IssueOpened, IssueClosed, BlockerRaised, BlockerLifted, MoveAnswered, DealEnded)

_ENTRY: TypeAdapter[SharedEntry | PrivateEntry] = TypeAdapter(RoomEntry)


def read_entry(body: str) -> SharedEntry | PrivateEntry:
    """The entry that a stored body holds.

    Raises:
        ValidationError: the body is no entry.
    """
    return _ENTRY.validate_json(body)
