"""Where a commitment stands, by decisions, directory, ledger and clock; the one place that counts approvals."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from partnership_os.errors import InputError, IntegrityError
from partnership_os.governance import policy
from partnership_os.governance.canonical import commitment_digest
from partnership_os.governance.delegation import authority_of, lent_authority, live_delegations
from partnership_os.governance.store import GovernanceReader, StoredCommitment, StoredDecision
from partnership_os.schemas.base import Record, Sha256, Timestamp
from partnership_os.schemas.commitment import (
    ApprovalRequirement,
    Commitment,
    CommitmentStatus,
    Decision,
    DecisionOutcome,
    Delegation,
    Person,
)

ACTOR = "partnership-os"
"""Who acts in the log when code moves a commitment; people act by their own id."""
OPEN = frozenset({CommitmentStatus.PENDING, CommitmentStatus.APPROVED})
"""A commitment that can still be decided about or committed."""


class DelegatedApprover(Record):
    """Somebody who can give an open approval with authority that another person lent them."""

    delegate: Person
    delegator: Person
    delegation: Delegation


class PendingItem(Record):
    """A commitment and where it stands: what an approver or a graph needs to know.

    ``approvals`` are those that count now; ``may_approve`` are the people who could help and hold a live token, by
    their own authority, and ``delegated`` those who could for another. ``expires_at`` is when the first of commitment
    and counting approvals runs out.
    """

    commitment: Commitment
    digest: Sha256
    status: CommitmentStatus
    approvals: tuple[Decision, ...]
    still_needed: tuple[ApprovalRequirement, ...]
    may_approve: tuple[Person, ...]
    delegated: tuple[DelegatedApprover, ...] = ()
    expires_at: Timestamp


def commitment_id_of(digest: str) -> str:
    """The id of a commitment, made from its digest so that an id can never name other terms."""
    return f"cm_{digest[:24]}"


def intact(stored: StoredCommitment) -> StoredCommitment:
    """The same, held against its digest.

    Raises:
        IntegrityError: the stored body, digest and id do not belong together.
    """
    try:
        digest = commitment_digest(stored.commitment)
    except InputError:  # what was stored had a canonical form
        digest = ""
    if not (digest == stored.digest and commitment_id_of(digest) == stored.commitment.commitment_id):
        raise IntegrityError(
            f"The stored terms of {stored.commitment.commitment_id} were changed after they were proposed.",
            fix="Run `partnership audit verify`, find out who changed the database, and propose the deal again.",
            commitment_id=stored.commitment.commitment_id,
            digest=stored.digest,
        )
    return stored


def existing(reader: GovernanceReader, commitment_id: str) -> StoredCommitment:
    """Load a commitment that must be there and intact.

    Raises:
        InputError: there is no such commitment.
        IntegrityError: its stored body, digest and id do not belong together.
    """
    stored = reader.commitment(commitment_id)
    if stored is None:
        raise unknown_commitment(commitment_id)
    return intact(stored)


def unknown_commitment(commitment_id: str) -> InputError:
    """What is said where there is no such commitment, or none that this person may know of."""
    fix = "List what waits with `partnership inbox`."
    return InputError(f"There is no commitment {commitment_id!r}.", fix=fix, commitment_id=commitment_id)


def is_rejected(reader: GovernanceReader, commitment_id: str) -> bool:
    """True when somebody rejected it, which is final."""
    return any(item.decision.outcome is DecisionOutcome.REJECT for item in reader.decisions(commitment_id))


def is_known(reader: GovernanceReader, commitment_id: str) -> bool:
    """True when a commitment has this id, whether it can be read or not; any other text may be a secret."""
    try:
        return reader.commitment(commitment_id) is not None
    except IntegrityError:
        return True


def requesters_of(reader: GovernanceReader, commitment: Commitment) -> frozenset[str]:
    """Who may not decide: whoever asked for it, or earlier for anything in its thread or about its document.

    Otherwise two people could take turns in asking, and each approve what they wrote.
    """
    near = (
        *reader.commitments_of_thread(commitment.thread_id),
        *reader.commitments_of_document(commitment.document_id),
    )
    earlier = {item.commitment.requested_by for item in near if item.commitment.requested_at <= commitment.requested_at}
    return frozenset(earlier | {commitment.requested_by})


def excluded_from(reader: GovernanceReader, commitment: Commitment, at: datetime) -> frozenset[str]:
    """Who may not approve at a moment: the requesters, and who then holds authority that one of them lent.

    An approval that was given before stays: otherwise a requester could void it by lending something to its giver.
    """
    requesters = requesters_of(reader, commitment)
    live = (item.delegation for item in live_delegations(reader, at))
    return requesters | {loan.delegate for loan in live if loan.delegator in requesters}


def require_new_version(reader: GovernanceReader, commitment: Commitment) -> None:
    """Refuse a version of a document that is in the ledger already, or older than one that is.

    Raises:
        InputError: it is.
    """
    near = reader.commitments_of_document(commitment.document_id)
    entries = (reader.ledger_entry(stored.commitment.commitment_id) for stored in near)
    later = (entry for entry in entries if entry is not None and entry.document_version >= commitment.document_version)
    taken = max(later, key=lambda entry: entry.document_version, default=None)
    if taken is not None:
        raise InputError(
            f"Version {taken.document_version} of {taken.document_id} was committed as {taken.commitment_id}.",
            fix="Make a new version of the document.",
            commitment_id=taken.commitment_id,
        )


def standing_of(reader: GovernanceReader, stored: StoredCommitment, now: datetime) -> PendingItem:
    """Where a commitment stands at ``now``, by the directory as it is now. Signatures are checked by the commit."""
    commitment = stored.commitment
    decisions = reader.decisions(commitment.commitment_id)
    counted = counting(reader, stored, decisions, now)
    people = [item.authority for item in counted]
    still_needed = policy.unmet(commitment.required_approvals, people)
    # A person decides once, and authority that was used or taken back for this digest is not used for it again.
    decided = {item.decision.decided_by for item in decisions}
    spent = excluded_from(reader, commitment, now) | decided | _concerned(counted)
    open_to = _Open(commitment, people, spent, reader.token_holders(now), now)
    return PendingItem(
        commitment=commitment,
        digest=stored.digest,
        status=_status(reader, stored, now, met=not still_needed),
        approvals=tuple(item.decision for item in counted),
        still_needed=still_needed,
        may_approve=tuple(person for person in reader.people() if open_to.helps(person, person)),
        delegated=_delegated(reader, open_to),
        expires_at=min([commitment.expires_at, *(_end_of(reader, item.decision) for item in counted)]),
    )


def waiting_for(item: PendingItem, *, names: bool = True) -> str:
    """In words, whose turn it is; without names for somebody who has not shown who they are."""
    needed = " and ".join(policy.requirement_text(requirement) for requirement in item.still_needed)
    if not needed:
        return "Nobody else has to approve."
    if not names:
        return f"Still needed: {needed}."
    people = can_approve(item)
    if not people:
        return f"Still needed: {needed}. Nobody in the directory can: add somebody with `partnership user add`."
    return f"Still needed: {needed}. Can approve: {people}."


def names_of(people: Sequence[Person]) -> str:
    """People by name and id, for messages: two may share a name."""
    return ", ".join(f"{person.name} ({person.person_id})" for person in people)


def can_approve(item: PendingItem) -> str:
    """Names and ids of those who can give what is still needed, and for whom where it is not by their own authority."""
    lent = (
        f"{names_of([one.delegate])} for {names_of([one.delegator])}"
        for one in item.delegated
        if one.delegate not in item.may_approve
    )
    return ", ".join(filter(None, [names_of(item.may_approve), *lent]))


class Counting(NamedTuple):
    """An approval that counts now, and the authority behind it."""

    decision: Decision
    authority: Person


class _Open(NamedTuple):
    """What is still open about a commitment, to tell who could help."""

    commitment: Commitment
    approved: Sequence[Person]
    spent: frozenset[str]
    holders: frozenset[str]
    now: datetime

    def helps(self, person: Person, authority: Person) -> bool:
        return (
            person.active
            and person.tenant == self.commitment.tenant
            and person.person_id in self.holders
            and person.person_id not in self.spent
            and policy.helps(authority, self.commitment.required_approvals, self.approved)
        )


def counting(
    reader: GovernanceReader,
    stored: StoredCommitment,
    decisions: Sequence[StoredDecision],
    now: datetime,
) -> list[Counting]:
    """The approvals that count, oldest first; each person, as decider or as source of authority, is in one at most.

    It is the one rule: a reader may stand for the store, or for what an evidence pack tells of people, delegations and
    who asked.
    """
    took_back = taken_back(item.decision for item in decisions)
    found: list[Counting] = []
    for item in decisions:
        decision = item.decision
        out = excluded_from(reader, stored.commitment, decision.decided_at) | took_back | _concerned(found)
        if not _holds(item, stored, now) or not people_in(decision).isdisjoint(out):
            continue
        authority = authority_of(reader, decision, stored.commitment, now)
        if authority is not None and any(policy.meets(authority, one) for one in stored.commitment.required_approvals):
            found.append(Counting(decision, authority))
    return found


def taken_back(decisions: Iterable[Decision]) -> frozenset[str]:
    """Who took back: every approval that they gave or that was given for them goes with it, now and later."""
    return frozenset(one.decided_by for one in decisions if one.outcome is DecisionOutcome.REVOKE)


def people_in(decision: Decision) -> frozenset[str]:
    """Who decided, and on whose behalf."""
    return frozenset({decision.decided_by, decision.on_behalf_of or decision.decided_by})


def _concerned(counting: Iterable[Counting]) -> frozenset[str]:
    return frozenset(person_id for item in counting for person_id in people_in(item.decision))


def _delegated(reader: GovernanceReader, open_to: _Open) -> tuple[DelegatedApprover, ...]:
    found: list[DelegatedApprover] = []
    for stored in live_delegations(reader, open_to.now):
        delegation = stored.delegation
        delegate, delegator = reader.person(delegation.delegate), reader.person(delegation.delegator)
        if delegate is None or delegator is None or delegator.person_id in open_to.spent:
            continue
        lent = lent_authority(reader, stored, delegate, open_to.commitment, open_to.now)
        if lent is not None and open_to.helps(delegate, lent):
            found.append(DelegatedApprover(delegate=delegate, delegator=delegator, delegation=delegation))
    return tuple(found)


def _end_of(reader: GovernanceReader, decision: Decision) -> datetime:
    """When an approval stops to count: its own end, or that of the delegation it rests on."""
    stored = None if decision.delegation_id is None else reader.delegation(decision.delegation_id)
    return decision.expires_at if stored is None else min(decision.expires_at, stored.delegation.expires_at)


def _holds(item: StoredDecision, stored: StoredCommitment, now: datetime) -> bool:
    decision = item.decision
    return (
        decision.outcome is DecisionOutcome.APPROVE
        and decision.digest == stored.digest
        and decision.commitment_id == item.filed_under == stored.commitment.commitment_id
        and decision.decided_at <= now < decision.expires_at
    )


def _status(reader: GovernanceReader, stored: StoredCommitment, now: datetime, *, met: bool) -> CommitmentStatus:
    if reader.ledger_entry(stored.commitment.commitment_id) is not None:
        return CommitmentStatus.COMMITTED
    if stored.superseded_by is not None:
        return CommitmentStatus.SUPERSEDED
    if is_rejected(reader, stored.commitment.commitment_id):
        return CommitmentStatus.REJECTED
    if now >= stored.commitment.expires_at:
        return CommitmentStatus.EXPIRED
    return CommitmentStatus.APPROVED if met else CommitmentStatus.PENDING
