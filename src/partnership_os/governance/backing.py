"""Whether the decisions that a ledger row names are there and are enough for it."""

from collections.abc import Iterable

from partnership_os.governance import policy
from partnership_os.governance.store import GovernanceReader
from partnership_os.schemas.commitment import Commitment, Decision, DecisionOutcome, LedgerEntry, Person


def unbacked(reader: GovernanceReader, entry: LedgerEntry) -> str | None:
    """What is wrong with what a ledger row rests on; None when enough people approved exactly this.

    Signatures are for who holds the public key; this needs none.
    """
    stored = reader.commitment(entry.commitment_id)
    if stored is None:
        return "its commitment is gone"
    return _objection(entry, stored.commitment, [item.decision for item in reader.decisions(entry.commitment_id)])


def _objection(entry: LedgerEntry, commitment: Commitment, decisions: Iterable[Decision]) -> str | None:
    known = {decision.decision_id: decision for decision in decisions}
    used = [known[key] for key in entry.decision_ids if key in known]
    if len(used) < len(set(entry.decision_ids)):
        return "it names decisions that are not there"
    if any(item.outcome is not DecisionOutcome.APPROVE or item.digest != entry.digest for item in used):
        return "it names a decision that does not approve it"
    if tuple(item.decided_by for item in used) != entry.approved_by or entry.requested_by in entry.approved_by:
        return "it names other people than its decisions, or its requester"
    taken_back = {item.revokes for item in known.values() if item.outcome is DecisionOutcome.REVOKE}
    if any(item.outcome is DecisionOutcome.REJECT for item in known.values()) or taken_back & known.keys() & {
        item.decision_id for item in used
    }:
        return "it was rejected, or an approval of it was taken back"
    people = [Person(person_id=item.decided_by, name="-", level=item.level, legal=item.legal) for item in used]
    if policy.unmet(commitment.required_approvals, people):
        return "its decisions are not the approvals that it needs"
    return None
