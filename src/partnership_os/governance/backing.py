"""Whether the decisions that a ledger row names are there, are genuine, and are enough for it."""

from collections.abc import Iterable
from typing import Final

from partnership_os.governance import policy
from partnership_os.governance.signing import Verifier
from partnership_os.governance.standing import people_in, taken_back
from partnership_os.governance.store import GovernanceReader, StoredDelegation
from partnership_os.schemas.commitment import Commitment, Decision, DecisionOutcome, LedgerEntry, Person

REPEATED: Final = (
    "commitment_id",
    "action",
    "thread_id",
    "document_id",
    "document_version",
    "parties",
    "value",
    "requested_by",
    "tenant",
)
"""What a ledger row repeats of its commitment."""


def unbacked(reader: GovernanceReader, entry: LedgerEntry, verifier: Verifier) -> str | None:
    """What is wrong with what a ledger row rests on; None when enough people approved exactly this.

    Args:
        reader: An open transaction.
        entry: The row.
        verifier: Public key of the approval service.
    """
    stored = reader.commitment(entry.commitment_id)
    if stored is None:
        return "its commitment is gone"
    decisions = [item.decision for item in reader.decisions(entry.commitment_id)]
    objection = _objection(entry, stored.commitment, decisions)
    if objection is not None:
        return objection
    used = [decision for decision in decisions if decision.decision_id in entry.decision_ids]
    lent = (reader.delegation(item.delegation_id) for item in used if item.delegation_id is not None)
    unsigned = first_unsigned(verifier, used, (item for item in lent if item is not None))
    return None if unsigned is None else f"{unsigned} was not signed by the approval service"


def first_unsigned(
    verifier: Verifier, decisions: Iterable[Decision], delegations: Iterable[StoredDelegation]
) -> str | None:
    """The id of the first of these records that the approval service did not sign; None when it signed all."""
    for decision in decisions:
        if not verifier.holds(decision):
            return decision.decision_id
    for stored in delegations:
        if not verifier.holds(stored.delegation):
            return stored.delegation.delegation_id
    return None


def _objection(entry: LedgerEntry, commitment: Commitment, decisions: Iterable[Decision]) -> str | None:
    known = {decision.decision_id: decision for decision in decisions}
    used = [known[key] for key in entry.decision_ids if key in known]
    if len(used) < len(set(entry.decision_ids)):
        return "it names decisions that are not there"
    if any(item.outcome is not DecisionOutcome.APPROVE or item.digest != entry.digest for item in used):
        return "it names a decision that does not approve it"
    if tuple(item.decided_by for item in used) != entry.approved_by or _one_twice(entry, used):
        return "it names other people than its decisions, one of them twice, or its requester"
    if any(getattr(entry, name) != getattr(commitment, name) for name in REPEATED):
        return "it says something else than its commitment"
    if any(not item.decided_at <= entry.committed_at < item.expires_at for item in used):
        return "it names an approval that did not hold when it took effect"
    took_back = taken_back(known.values())
    rejected = any(item.outcome is DecisionOutcome.REJECT for item in known.values())
    if rejected or any(not people_in(item).isdisjoint(took_back) for item in used):
        return "it was rejected, or an approval of it was taken back"
    people = [Person(person_id=item.decided_by, name="-", level=item.level, legal=item.legal) for item in used]
    if policy.unmet(commitment.required_approvals, people):
        return "its decisions are not the approvals that it needs"
    return None


def _one_twice(entry: LedgerEntry, used: Iterable[Decision]) -> bool:
    """True when one person stands behind two of the approvals, or the requester behind one."""
    seen = {entry.requested_by}
    for item in used:
        if not people_in(item).isdisjoint(seen):
            return True
        seen |= people_in(item)
    return False
