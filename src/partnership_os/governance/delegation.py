"""Authority lent for a time: what a delegation may grant, and what it is worth at a given moment."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Annotated, Final, NamedTuple

from pydantic import Field

from partnership_os.errors import InputError
from partnership_os.governance import policy
from partnership_os.governance.store import GovernanceReader, StoredDelegation
from partnership_os.schemas.base import Money, Record, RecordId, Sentence, Timestamp
from partnership_os.schemas.commitment import Commitment, Decision, Person
from partnership_os.schemas.partnership import ApprovalLevel, PartnershipType

MAX_DAYS: Final = 90
"""Longest delegation; a longer absence is a matter for the directory."""


class DelegationDraft(Record):
    """What a person wants to lend. ``max_level`` None is their own; without ``partnership_types`` it holds for all."""

    delegate: RecordId
    max_level: ApprovalLevel | None = None
    legal: bool = False
    partnership_types: tuple[PartnershipType, ...] = tuple(PartnershipType)
    max_value: Money | None = None
    starts_at: Timestamp | None = None
    days: Annotated[int, Field(ge=1, le=MAX_DAYS)] = 14
    reason: Sentence


def check_draft(draft: DelegationDraft, delegator: Person, delegate: Person | None, now: datetime) -> ApprovalLevel:
    """The level that may be lent.

    Raises:
        InputError: more would be lent than the delegator has, to nobody who can use it, or for a time that is past.
    """
    level = delegator.level if draft.max_level is None else draft.max_level
    if delegate is None or not delegate.active or delegate.tenant != delegator.tenant:
        raise InputError(
            "Nobody active in the directory has the id of the delegate.", fix="See `partnership user list`."
        )
    if delegate.person_id == delegator.person_id:
        raise InputError("Nobody can delegate to themselves.", fix="Name another person.")
    if level.rank > delegator.level.rank:
        raise InputError(
            f"{delegator.name} has the level {delegator.level.value} and cannot delegate {level.value}.",
            fix=f"Delegate {delegator.level.value} or less.",
        )
    if draft.legal and not delegator.legal:
        raise InputError(
            f"{delegator.name} has no legal role and cannot delegate one.", fix="Leave the legal role out."
        )
    if draft.max_value is not None and draft.max_value.amount < 0:
        raise InputError("The limit of a delegation cannot be negative.", fix="State a positive amount.")
    if draft.starts_at is not None and draft.starts_at + timedelta(days=draft.days) <= now:
        raise InputError("The delegation would end before it is made.", fix="Choose a later start or more days.")
    return level


def authority_of(reader: GovernanceReader, decision: Decision, commitment: Commitment, now: datetime) -> Person | None:
    """The authority behind a decision that counts now; None when there is none any more.

    It is the least of what was signed, what the directory says now and, for a delegated decision, what the
    delegation and its delegator are worth now. The person returned is the one who decided.
    """
    person = reader.person(decision.decided_by)
    if person is None or not person.active or person.tenant != commitment.tenant:
        return None
    if decision.on_behalf_of is None:
        return _least(person, person, decision.level, decision.legal)
    stored = None if decision.delegation_id is None else reader.delegation(decision.delegation_id)
    if stored is None or stored.delegation.delegator != decision.on_behalf_of:
        return None
    lent = lent_authority(reader, stored, person, commitment, now)
    return None if lent is None else _least(person, lent, decision.level, decision.legal)


def lent_authority(
    reader: GovernanceReader, stored: StoredDelegation, delegate: Person, commitment: Commitment, now: datetime
) -> Person | None:
    """What a delegation lets this person do about this commitment now: the delegate with the authority lent.

    None when the delegation is not live, is somebody else's, does not reach that far, or its delegator is gone.
    """
    delegation = stored.delegation
    delegator = reader.person(delegation.delegator)
    if not stored.live(now) or delegation.delegate != delegate.person_id or delegator is None:
        return None
    if not delegator.active or delegator.tenant != commitment.tenant or delegate.tenant != commitment.tenant:
        return None
    if commitment.partnership_type not in delegation.partnership_types:
        return None
    if delegation.max_value is not None and not policy.within(commitment.value, delegation.max_value):
        return None
    return _least(delegate, delegator, delegation.max_level, delegation.legal)


class Lent(NamedTuple):
    """A live delegation, and the delegate with the authority that it lends now."""

    stored: StoredDelegation
    authority: Person


def lent_to(reader: GovernanceReader, person: Person, commitment: Commitment, now: datetime) -> tuple[Lent, ...]:
    """Every delegation that lets this person do something about this commitment now."""
    found = (
        (stored, lent_authority(reader, stored, person, commitment, now)) for stored in live_delegations(reader, now)
    )
    return tuple(Lent(stored, authority) for stored, authority in found if authority is not None)


def live_delegations(reader: GovernanceReader, now: datetime) -> Iterator[StoredDelegation]:
    """Every delegation under which authority may be used at this moment."""
    return (stored for stored in reader.delegations() if stored.live(now))


def _least(person: Person, source: Person, level: ApprovalLevel, legal: bool) -> Person:
    least = min(source.level, level, key=lambda item: item.rank)
    return person.model_copy(update={"level": least, "legal": source.legal and legal})
