"""The clock of an approval: when people are reminded, and who is asked to look. Silence never approves."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field, JsonValue

from partnership_os.errors import IntegrityError
from partnership_os.governance import audit, policy
from partnership_os.governance.canonical import digest_of
from partnership_os.governance.clock import Clock, moment, moment_of_reading
from partnership_os.governance.outbox import ESCALATION, NOTICE_KEY, REMINDER
from partnership_os.governance.standing import ACTOR, PendingItem, excluded_from, existing, standing_of
from partnership_os.governance.store import GovernanceReader, GovernanceStore, GovernanceTransaction
from partnership_os.schemas.base import Record, RecordId, Timestamp, utc_text
from partnership_os.schemas.commitment import (
    ApprovalRequirement,
    CommitmentStatus,
    OutboxMessage,
    Person,
    SlaMark,
    SlaStage,
)
from partnership_os.schemas.partnership import ApprovalLevel, PartnershipType

_LATEST: Final = 0.75
"""Share of a commitment's life after which the last stage begins at the latest, so that somebody can still act."""


class SlaHours(Record):
    """Hours from the request to each stage."""

    warned: Annotated[float, Field(gt=0)] = 24
    breached: Annotated[float, Field(gt=0)] = 48
    escalated: Annotated[float, Field(gt=0)] = 72


SlaPolicy = Mapping[PartnershipType, SlaHours]
"""The hours of every partnership type."""

SLA: Final[SlaPolicy] = dict.fromkeys(PartnershipType, SlaHours())
"""Partner programmes answer a deal registration within 24 to 48 hours, and an answer that is late is escalated, never
taken as given. So people are warned after the first, the promise is broken after the second, and a day later the next
level is asked; the same for every type, because a bigger deal waits no longer at the other side."""


class Punctuality(StrEnum):
    """Where the clock of an approval stands."""

    ON_TIME = "on_time"
    WARNED = SlaStage.WARNED.value
    BREACHED = SlaStage.BREACHED.value
    ESCALATED = SlaStage.ESCALATED.value


class SlaState(Record):
    """How long an approval has been waiting.

    ``stage`` began at ``since``; ``next_stage`` begins at ``next_at``, unless the commitment is decided before.
    ``asked`` are the people who were reminded so far; where ``stage`` is not among the ``marked`` ones, nobody was
    reminded of it yet.
    """

    stage: Punctuality
    since: Timestamp
    next_stage: SlaStage | None = None
    next_at: Timestamp | None = None
    requested_at: Timestamp
    deadline: Timestamp
    asked: tuple[RecordId, ...] = ()
    marked: tuple[SlaStage, ...] = ()


def sla_of(item: PendingItem, now: datetime, hours: SlaPolicy = SLA, marks: Sequence[SlaMark] = ()) -> SlaState | None:
    """The clock of one commitment; None where it does not wait for approvers (approved, decided, expired).

    Args:
        item: Where the commitment stands.
        now: The moment to tell about.
        hours: When each stage begins.
        marks: The reminders that were written for it.
    """
    if item.status is not CommitmentStatus.PENDING:
        return None
    commitment = item.commitment
    begins = _begins(item, hours)
    reached = [stage for stage in SlaStage if begins[stage] <= now]
    ahead = next((stage for stage in SlaStage if begins[stage] > now), None)
    return SlaState(
        stage=Punctuality(reached[-1].value) if reached else Punctuality.ON_TIME,
        since=begins[reached[-1]] if reached else commitment.requested_at,
        next_stage=ahead,
        next_at=None if ahead is None else begins[ahead],
        requested_at=commitment.requested_at,
        deadline=item.expires_at,
        asked=tuple(dict.fromkeys(person_id for mark in in_order(marks) for person_id in mark.asked)),
        marked=tuple(mark.stage for mark in in_order(marks)),
    )


def states(
    store: GovernanceStore, clock: Clock, items: Sequence[PendingItem], hours: SlaPolicy = SLA
) -> dict[str, SlaState]:
    """The clock of every commitment that waits for approvers, by its id."""
    with store.snapshot() as reader:
        now = moment_of_reading(clock, reader)
        found = {item.commitment.commitment_id: item for item in items}
        clocks = {key: sla_of(item, now, hours, reader.sla_marks(key)) for key, item in found.items()}
    return {key: state for key, state in clocks.items() if state is not None}


def in_order(marks: Sequence[SlaMark]) -> tuple[SlaMark, ...]:
    """Marks of one commitment from the first stage to the last."""
    return tuple(sorted(marks, key=lambda mark: list(SlaStage).index(mark.stage)))


def tick(store: GovernanceStore, clock: Clock, hours: SlaPolicy = SLA) -> tuple[SlaMark, ...]:
    """Remind people of what waits too long: per commitment and stage once, with its event and its notice.

    A stage that was skipped, because nobody called this in between, is written too. No status changes, whatever the
    time is. One commitment is one transaction, so that a damaged one keeps nobody else from being reminded.

    Returns:
        What was written now, oldest commitment first.

    Raises:
        IntegrityError: a commitment does not match its digest, or the audit log lies ahead of the clock; raised when
            everybody else was reminded.
    """
    written: list[SlaMark] = []
    damaged: IntegrityError | None = None
    with store.snapshot() as reader:
        waiting = [stored.commitment.commitment_id for stored in reader.open_commitments()]
    for commitment_id in waiting:
        try:
            with store.transaction() as transaction:
                written += _remind(transaction, clock, commitment_id, hours)
        except IntegrityError as error:
            damaged = damaged or error
    if damaged is not None:
        raise damaged
    return tuple(written)


def _begins(item: PendingItem, hours: SlaPolicy) -> dict[SlaStage, datetime]:
    """When each stage begins; squeezed where the commitment lives shorter than the policy expects."""
    commitment = item.commitment
    own = hours[commitment.partnership_type]
    life = commitment.expires_at - commitment.requested_at
    squeeze = min(1.0, _LATEST * life / timedelta(hours=own.escalated))
    after = {
        SlaStage.WARNED: own.warned,
        SlaStage.BREACHED: own.breached,
        SlaStage.ESCALATED: own.escalated,
    }
    return {stage: commitment.requested_at + squeeze * timedelta(hours=count) for stage, count in after.items()}


def _remind(transaction: GovernanceTransaction, clock: Clock, commitment_id: str, hours: SlaPolicy) -> list[SlaMark]:
    """Write the stages that are due; what they are is looked up anew, while other processes wait."""
    now = moment(clock, transaction)
    item = standing_of(transaction, existing(transaction, commitment_id), now)
    if item.status is not CommitmentStatus.PENDING:
        return []
    written = {mark.stage for mark in transaction.sla_marks(commitment_id)}
    due = [stage for stage, begins in _begins(item, hours).items() if begins <= now and stage not in written]
    return [_mark(transaction, item, stage, now) for stage in due]


def _mark(transaction: GovernanceTransaction, item: PendingItem, stage: SlaStage, now: datetime) -> SlaMark:
    commitment_id, name = item.commitment.commitment_id, f"{item.digest[:24]}_{stage.value}"
    above = _above(transaction, item, now) if stage is SlaStage.ESCALATED else ()
    able = [*item.may_approve, *(one.delegate for one in item.delegated)]
    asked = tuple(dict.fromkeys(person.person_id for person in (*able, *above)))
    mark = SlaMark(commitment_id=commitment_id, stage=stage, at=now, asked=asked)
    payload: dict[str, JsonValue] = {
        "commitment_id": commitment_id,
        "tenant": item.commitment.tenant,
        "stage": stage.value,
        "to": list(asked),
        "escalated_to": [person.person_id for person in above],
        "deadline": utc_text(item.expires_at),
    }
    notice = OutboxMessage(
        message_id=f"ob_{name}",
        idempotency_key=f"{NOTICE_KEY}{name}",
        kind=ESCALATION if stage is SlaStage.ESCALATED else REMINDER,
        payload=payload,
        created_at=now,
    )
    transaction.add_sla_mark(mark)
    transaction.add_outbox(notice)
    data: dict[str, JsonValue] = {
        "asked": list(asked),
        "mark_digest": digest_of(mark),
        "message_id": notice.message_id,
        "message_digest": digest_of(notice),
    }
    audit.append(transaction, now, ACTOR, f"sla_{stage.value}", commitment_id, data)
    return mark


def _above(reader: GovernanceReader, item: PendingItem, now: datetime) -> tuple[Person, ...]:
    """Who is asked beside those who may approve: for each approval that is missing, the next level of people.

    Neither a requester nor anybody to whom one of them lent authority: they could not approve either.
    """
    excluded = excluded_from(reader, item.commitment, now)
    there = [
        person
        for person in reader.people()
        if person.active and person.tenant == item.commitment.tenant and person.person_id not in excluded
    ]
    found = (person for needed in item.still_needed for person in _next_level(needed, item, there))
    return tuple({person.person_id: person for person in found}.values())


def _next_level(needed: ApprovalRequirement, item: PendingItem, there: Sequence[Person]) -> list[Person]:
    if needed.legal:
        silent = [person.level.rank for person in item.may_approve if policy.meets(person, needed)]
        rank = min(silent, default=needed.min_level.rank)
        return _lowest_above(rank, [person for person in there if person.legal]) or _top(there)
    return _lowest_above(needed.min_level.rank, there) or _top(there)


def _lowest_above(rank: int, people: Sequence[Person]) -> list[Person]:
    higher = [person for person in people if person.level.rank > rank]
    lowest = min((person.level.rank for person in higher), default=rank)
    return [person for person in higher if person.level.rank == lowest]


def _top(people: Sequence[Person]) -> list[Person]:
    return [person for person in people if person.level is ApprovalLevel.C_LEVEL]
