"""Where a commitment stands, by decisions, directory, ledger and clock; the one place that counts approvals."""

from collections.abc import Sequence
from datetime import datetime

from partnership_os.errors import InputError, IntegrityError
from partnership_os.governance import policy
from partnership_os.governance.canonical import commitment_digest
from partnership_os.governance.store import GovernanceReader, StoredCommitment, StoredDecision
from partnership_os.schemas.base import Record, Sha256, Timestamp
from partnership_os.schemas.commitment import (
    ApprovalRequirement,
    Commitment,
    CommitmentStatus,
    Decision,
    DecisionOutcome,
    Person,
)

ACTOR = "partnership-os"
"""Who acts in the log when code moves a commitment; people act by their own id."""
OPEN = frozenset({CommitmentStatus.PENDING, CommitmentStatus.APPROVED})
"""A commitment that can still be decided about or committed."""


class PendingItem(Record):
    """A commitment and where it stands: what an approver or a graph needs to know.

    ``approvals`` are those that count now; ``may_approve`` are the people who could help and hold a live token.
    """

    commitment: Commitment
    digest: Sha256
    status: CommitmentStatus
    approvals: tuple[Decision, ...]
    still_needed: tuple[ApprovalRequirement, ...]
    may_approve: tuple[Person, ...]
    expires_at: Timestamp


def commitment_id_of(digest: str) -> str:
    """The id of a commitment, made from its digest so that an id can never name other terms."""
    return f"cm_{digest[:24]}"


def intact(stored: StoredCommitment) -> StoredCommitment:
    """The same, held against its digest.

    Raises:
        IntegrityError: the stored body, digest and id do not belong together.
    """
    digest = commitment_digest(stored.commitment)
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
        fix = "List what waits with `partnership inbox`."
        raise InputError(f"There is no commitment {commitment_id!r}.", fix=fix, commitment_id=commitment_id)
    return intact(stored)


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


def require_new_version(reader: GovernanceReader, commitment: Commitment) -> None:
    """Refuse a version of a document that is in the ledger already.

    Raises:
        InputError: it is.
    """
    taken = reader.ledger_entry_of_document(commitment.document_id, commitment.document_version)
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
    requesters = requesters_of(reader, commitment)
    counted = [
        item.decision for item in decisions if item.decision.decided_by not in requesters and _counts(item, stored, now)
    ]
    weights = {item.decision_id: _weight(reader, item, commitment.required_approvals) for item in counted}
    approvals = tuple(item for item in counted if weights[item.decision_id] is not None)
    people = [person for person in weights.values() if person is not None]
    still_needed = policy.unmet(commitment.required_approvals, people)
    rejected = any(item.decision.outcome is DecisionOutcome.REJECT for item in decisions)
    status = _status(reader, stored, now, rejected=rejected, met=not still_needed)
    decided = {item.decision.decided_by for item in decisions}
    holders = reader.token_holders()
    may_approve = tuple(
        person
        for person in reader.people()
        if person.active
        and person.person_id in holders
        and person.person_id not in requesters
        and person.person_id not in decided
        and policy.helps(person, commitment.required_approvals, people)
    )
    return PendingItem(
        commitment=commitment,
        digest=stored.digest,
        status=status,
        approvals=approvals,
        still_needed=still_needed,
        may_approve=may_approve,
        expires_at=min([commitment.expires_at, *(item.expires_at for item in approvals)]),
    )


def waiting_for(item: PendingItem, *, names: bool = True) -> str:
    """In words, whose turn it is; without names for somebody who has not shown who they are."""
    needed = " and ".join(policy.requirement_text(requirement) for requirement in item.still_needed)
    if not needed:
        return "Nobody else has to approve."
    if not names:
        return f"Still needed: {needed}."
    people = names_of(item.may_approve)
    if not people:
        return f"Still needed: {needed}. Nobody in the directory can: add somebody with `partnership user add`."
    return f"Still needed: {needed}. Can approve: {people}."


def names_of(people: Sequence[Person]) -> str:
    """People by name and id, for messages: two may share a name."""
    return ", ".join(f"{person.name} ({person.person_id})" for person in people)


def _counts(item: StoredDecision, stored: StoredCommitment, now: datetime) -> bool:
    decision = item.decision
    return (
        decision.outcome is DecisionOutcome.APPROVE
        and decision.digest == stored.digest
        and decision.commitment_id == item.filed_under == stored.commitment.commitment_id
        and decision.decided_at <= now < decision.expires_at
    )


def _weight(reader: GovernanceReader, decision: Decision, required: Sequence[ApprovalRequirement]) -> Person | None:
    """The authority that counts: the lesser of what the person had when they decided and what they have now.

    None when the person is gone, or can no longer meet any of the requirements.
    """
    person = reader.person(decision.decided_by)
    if person is None or not person.active:
        return None
    level = min(person.level, decision.level, key=lambda item: item.rank)
    counting = person.model_copy(update={"level": level, "legal": person.legal and decision.legal})
    return counting if any(policy.meets(counting, item) for item in required) else None


def _status(
    reader: GovernanceReader, stored: StoredCommitment, now: datetime, *, rejected: bool, met: bool
) -> CommitmentStatus:
    if reader.ledger_entry(stored.commitment.commitment_id) is not None:
        return CommitmentStatus.COMMITTED
    if stored.superseded_by is not None:
        return CommitmentStatus.SUPERSEDED
    if rejected:
        return CommitmentStatus.REJECTED
    if now >= stored.commitment.expires_at:
        return CommitmentStatus.EXPIRED
    return CommitmentStatus.APPROVED if met else CommitmentStatus.PENDING
