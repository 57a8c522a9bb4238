"""Rounds of a negotiation: what they ask, what we answer and why. Only `ReplyToThem` may leave the house."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, model_validator

from partnership_os.schemas.base import (
    BilingualText,
    Label,
    Passage,
    Record,
    RecordId,
    Sentence,
    Sha256,
    Share,
    Slug,
    StoredRecord,
)
from partnership_os.schemas.stamp import AnalystStamp, ModelUsage
from partnership_os.schemas.term_sheet import TermValue

MOST_DELTAS = 200
MOST_UNREAD = 200


class OfferForm(StrEnum):
    """How a counter-offer came."""

    CHANGES = "changes"
    TEXT = "text"
    DOCX = "docx"


class Stance(StrEnum):
    """What they say about a value."""

    WANTS = "wants"
    """They propose it."""
    REJECTS = "rejects"
    """They refuse it, and name no other."""
    ACCEPTS = "accepts"
    """They agree to what the sheet says."""


class Bound(StrEnum):
    """Whether the value is meant exactly, or as the least or most that they take."""

    EXACTLY = "exactly"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"


class OfferPlace(Record):
    """Where in the counter-offer it stands: characters of a text, or a clause and language of a document."""

    start: Annotated[int, Field(ge=0)] = 0
    end: Annotated[int, Field(ge=0)] = 0
    clause_id: Slug | None = None
    language: Literal["en", "ar"] | None = None


class DeltaCondition(Record):
    """What they tie a value to; ``value`` is None where they name a term and no value of it."""

    term: Slug
    value: TermValue | None
    quote: Passage


class TermDelta(Record):
    """One position of theirs on one term, with the words it rests on."""

    term: Slug
    stance: Stance
    value: TermValue
    bound: Bound = Bound.EXACTLY
    insisted: bool = False
    """They say that it is final."""
    condition: DeltaCondition | None = None
    quote: Passage
    place: OfferPlace

    @model_validator(mode="after")
    def _about_one_term(self) -> "TermDelta":
        if self.value.name != self.term:
            raise ValueError(f"the value is of {self.value.name}, not of {self.term}")
        return self


class UnreadKind(StrEnum):
    """Why a part of a counter-offer became no delta."""

    UNREAD = "unread"
    """It asks for something that no term could be read from."""
    AMBIGUOUS = "ambiguous"
    """It can be read in more than one way, or names no value."""
    BAD_VALUE = "bad_value"
    """The value is none of the term's unit or currency."""
    UNKNOWN_TERM = "unknown_term"
    NEW_CLAUSE = "new_clause"
    REMOVED_CLAUSE = "removed_clause"
    CHANGED_WORDING = "changed_wording"
    """A clause reads otherwise, and not only in its values."""
    CONDITION = "condition"
    """It is tied to something that is no term."""
    CONTRADICTS_SHEET = "contradicts_sheet"
    """It says of the sheet what the sheet does not say."""
    COMMENT = "comment"
    """A comment or note in a document."""
    INSTRUCTION = "instruction"
    """It speaks to the reader's software, not to the other party."""
    HIDDEN_TEXT = "hidden_text"
    TOO_LONG = "too_long"


class UnreadPart(Record):
    """A part of a counter-offer that a person has to read."""

    kind: UnreadKind
    quote: Passage
    place: OfferPlace


class TrackedKind(StrEnum):
    """A change that a word processor recorded."""

    INSERTED = "inserted"
    DELETED = "deleted"


class TrackedChange(Record):
    """Text that somebody inserted or deleted with change tracking on."""

    kind: TrackedKind
    text: Passage
    clause_id: Slug | None = None


class DroppedDelta(Record):
    """A delta that a model stated and code did not accept, with the reason."""

    term: Annotated[str, Field(max_length=200)]
    quote: Annotated[str, Field(max_length=8_000)]
    reason: Label


class CounterOffer(StoredRecord):
    """What the other side asks for, read and typed; nothing in it is decided."""

    sheet_id: RecordId
    sheet_version: Annotated[int, Field(ge=1)]
    form: OfferForm
    digest: Sha256
    """SHA-256 of the bytes that were read; of a text in UTF-8, of a list as canonical JSON."""
    deltas: Annotated[tuple[TermDelta, ...], Field(max_length=MOST_DELTAS)] = ()
    unread: Annotated[tuple[UnreadPart, ...], Field(max_length=MOST_UNREAD)] = ()
    accepts_rest: bool = False
    """They agree to everything that they do not change."""
    remarks: Annotated[tuple[Passage, ...], Field(max_length=MOST_UNREAD)] = ()
    """Sentences that ask for nothing."""
    tracked: Annotated[tuple[TrackedChange, ...], Field(max_length=1_000)] = ()
    dropped: Annotated[tuple[DroppedDelta, ...], Field(max_length=MOST_DELTAS)] = ()
    made_by: AnalystStamp
    usage: ModelUsage = ModelUsage()
    failure: Sentence | None = None
    """Why a model could not be used, and who read instead."""


class Leaning(StrEnum):
    """Which way we take them to pull on a term."""

    OPPOSED = "opposed"
    """Against us: assumed until they show otherwise."""
    ALIGNED = "aligned"
    """They asked for what suits us better."""
    MIXED = "mixed"
    """They have asked for both."""


class TermBelief(Record):
    """What we take a term to be worth to them: an interval of their weight, never a point."""

    term: Slug
    weight_low: Share
    weight_high: Share
    leaning: Leaning = Leaning.OPPOSED
    held: Annotated[int, Field(ge=0)] = 0
    """Offers in which they asked for it, or kept to what they had asked."""
    favoured: Annotated[int, Field(ge=0)] = 0
    """Offers in which they asked for what suits us better."""

    @model_validator(mode="after")
    def _an_interval(self) -> "TermBelief":
        if self.weight_low > self.weight_high:
            raise ValueError(f"{self.term}: the interval is empty")
        return self


class TheirModel(StoredRecord):
    """Our model of their preferences. It is a guess from their offers and is never stated as a fact."""

    is_model: Literal[True] = True
    offers: Annotated[int, Field(ge=0)] = 0
    beliefs: Annotated[tuple[TermBelief, ...], Field(max_length=200)] = ()


class MoveKind(StrEnum):
    """What we answer."""

    ACCEPT = "accept"
    COUNTER = "counter"
    ESCALATE = "escalate"


class ReasonCode(StrEnum):
    """Why, as a code; the sentence for us is in `agents.negotiation.reasons`."""

    MEETS_TARGET = "meets_target"
    AGREES_WITH_SHEET = "agrees_with_sheet"
    BELOW_TARGET = "below_target"
    HELD = "held"
    """Nothing that we may give is asked for."""
    NEEDS_TRADE = "needs_trade"
    """They ask for something that we give only against something else."""
    NO_TRADE_ALLOWED = "no_trade_allowed"
    """They ask for something that no trade of the playbook lets us give."""
    PAST_WALK_AWAY = "past_walk_away"
    VALUE_OPEN = "value_open"
    """They refuse a value and name no other."""
    PAST_WALK_AWAY_INSISTED = "past_walk_away_insisted"
    NOT_NEGOTIABLE = "not_negotiable"
    UNKNOWN_TERM = "unknown_term"
    CLAUSE_CHANGED = "clause_changed"
    COMMITMENT_RAISED = "commitment_raised"
    """The approval level would rise."""
    DEADLOCK = "deadlock"
    DEADLINE = "deadline"
    CONTRADICTORY = "contradictory"
    UNREADABLE = "unreadable"
    CONDITION_OPEN = "condition_open"
    INSTRUCTION = "instruction"
    NO_POSITION = "no_position"
    SHEET_DOES_NOT_CONFORM = "sheet_does_not_conform"


class MoveReason(Record):
    """Why we answer so. Private: parameters and text may name our limits and their words."""

    code: ReasonCode
    term: Slug | None = None
    params: dict[str, Annotated[str, Field(max_length=8_000)]] = Field(default_factory=dict)
    text: BilingualText


class UsedTrade(Record):
    """What we give against what we hold, by a trade that the playbook allows."""

    give: Slug
    get: Slug


class Move(Record):
    """What we propose to answer. A proposal: it takes effect only through the human gate.

    ``changes`` are the values of the next version that differ from the sheet's; none when we hold or escalate.
    """

    kind: MoveKind
    changes: Annotated[tuple[TermValue, ...], Field(max_length=200)] = ()
    trades: Annotated[tuple[UsedTrade, ...], Field(max_length=40)] = ()

    @model_validator(mode="after")
    def _escalating_changes_nothing(self) -> "Move":
        if self.kind is MoveKind.ESCALATE and (self.changes or self.trades):
            raise ValueError("an escalation proposes no values: a person decides")
        return self


class ReplyToThem(Record):
    """What the other side may read. It holds values of the next version and nothing else of ours."""

    kind: MoveKind
    text: BilingualText
    values: Annotated[tuple[TermValue, ...], Field(max_length=200)] = ()


class RoundUtilities(Record):
    """Private figures of a round, 0 to 1. None where an offer is not complete or not to be had."""

    of_their_offer: Share | None
    of_the_sheet: Share | None
    of_our_move: Share | None
    target: Share
    """What we ask at least in this round."""
    theirs_low: Share | None = None
    """Our model's lower bound of what our move is worth to them."""
    theirs_high: Share | None = None


class NegotiationRound(StoredRecord):
    """One counter-offer and our answer. The same history gives the same bytes."""

    number: Annotated[int, Field(ge=1, le=1_000)]
    sheet_id: RecordId
    sheet_version: Annotated[int, Field(ge=1)]
    playbook_version: Label
    offer: CounterOffer
    standing: Annotated[tuple[TermValue, ...], Field(max_length=200)]
    """The negotiable values of the sheet that they answered."""
    asked: Annotated[tuple[TermValue, ...], Field(max_length=200)]
    """Those values with theirs put in, where they name one."""
    move: Move
    utilities: RoundUtilities
    reasons: Annotated[tuple[MoveReason, ...], Field(min_length=1, max_length=400)]
    reply: ReplyToThem
    model_before: TheirModel
    model_after: TheirModel
    made_by: AnalystStamp
