"""The approval service: the only way in for a decision, and the only holder of the signing key."""

from datetime import datetime, timedelta
from typing import Final

from pydantic import JsonValue

from partnership_os.errors import InputError, IntegrityError
from partnership_os.governance import audit, policy
from partnership_os.governance.canonical import digest_of
from partnership_os.governance.clock import Clock, moment
from partnership_os.governance.directory import Directory
from partnership_os.governance.refusal import NOBODY, REQUESTER, UNKNOWN, USER, RefusedError, logged_refusal
from partnership_os.governance.signing import Signer
from partnership_os.governance.standing import OPEN, PendingItem, intact, is_known, requesters_of, standing_of
from partnership_os.governance.store import GovernanceReader, GovernanceStore, GovernanceTransaction
from partnership_os.schemas.commitment import CommitmentStatus, Decision, DecisionOutcome, Person

MAX_NOTE: Final = 1_000


class ApprovalService(Directory):
    """A directory whose people also decide.

    Args:
        store: The store of the gate.
        signer: Holds the private key.
        clock: Tells the time with a zone.
        approval_days: Days until a decision expires; a commitment that expires sooner ends it sooner.
    """

    def __init__(self, store: GovernanceStore, signer: Signer, clock: Clock, approval_days: int = 14) -> None:
        super().__init__(store, clock)
        self._signer = signer
        self._days = approval_days

    def decide(
        self, commitment_id: str, token: str | None, outcome: DecisionOutcome, note: str | None = None
    ) -> Decision:
        """Record what the holder of a token decides about a commitment, signed.

        The same decision of the same person again returns the stored one and changes nothing.

        Args:
            commitment_id: What is decided about.
            token: Proves who decides.
            outcome: Approve, or reject, which is final.
            note: A reason for others to read.

        Raises:
            ApprovalError: the token is not accepted, the person asked for this themselves, their level does not help,
                or the commitment is no longer open; says who may approve, and is logged.
            InputError: the note is too long.
            IntegrityError: the stored commitment does not match its digest.
        """
        if note is not None and len(note) > MAX_NOTE:
            raise InputError(f"The note has {len(note)} characters.", fix=f"Keep it to {MAX_NOTE}.")
        try:
            login = self._login(token)
            with self._store.transaction() as transaction:
                person = self._live(transaction, login)
                return self._decided(transaction, commitment_id, person, outcome, note)
        except RefusedError as refused:
            raise logged_refusal(self._store, self._clock, refused, commitment_id, outcome) from None
        except IntegrityError as error:
            reason: dict[str, JsonValue] = {"reason": "integrity", "message": error.message}
            with self._store.snapshot() as reader:
                subject = commitment_id if is_known(reader, commitment_id) else UNKNOWN
            audit.record_event(self._store, self._clock, UNKNOWN, "approval_refused", subject, reason)
            raise

    def _decided(
        self,
        transaction: GovernanceTransaction,
        commitment_id: str,
        person: Person,
        outcome: DecisionOutcome,
        note: str | None,
    ) -> Decision:
        now = moment(self._clock, transaction)
        stored = transaction.commitment(commitment_id)
        if stored is None:
            fix = "List what waits with `partnership inbox`."
            raise RefusedError("unknown_commitment", "There is no such commitment.", fix, person.person_id)
        item = standing_of(transaction, intact(stored), now)
        if person.person_id in requesters_of(transaction, stored.commitment):
            message = f"{person.name} asked for {commitment_id} or what came before it and cannot decide about it."
            raise RefusedError.for_others("requester", message, item, person.person_id)
        earlier = _earlier(transaction, item, person, outcome)
        if earlier is not None:
            return earlier
        _require_open(item, person)
        _require_authority(item, person, outcome)
        decision = self._signed(item, person, outcome, note, now)
        transaction.add_decision(decision)
        event = "commitment_approved" if outcome is DecisionOutcome.APPROVE else "commitment_rejected"
        data: dict[str, JsonValue] = {
            "decision_id": decision.decision_id,
            "digest": decision.digest,
            "decision_digest": digest_of(decision),
            "level": decision.level.value,
            "legal": decision.legal,
        }
        audit.append(transaction, now, person.person_id, event, commitment_id, data)
        return decision

    def _signed(
        self, item: PendingItem, person: Person, outcome: DecisionOutcome, note: str | None, now: datetime
    ) -> Decision:
        identity = {"digest": item.digest, "decided_by": person.person_id, "outcome": outcome}
        return self._signer.sign(
            Decision(
                decision_id=f"de_{digest_of(identity)[:24]}",
                commitment_id=item.commitment.commitment_id,
                digest=item.digest,
                outcome=outcome,
                decided_by=person.person_id,
                level=person.level,
                legal=person.legal,
                decided_at=now,
                expires_at=min(now + timedelta(days=self._days), item.commitment.expires_at),
                note=note,
                key_id=self._signer.key_id,
                signature="unsigned",
            )
        )


def _earlier(reader: GovernanceReader, item: PendingItem, person: Person, outcome: DecisionOutcome) -> Decision | None:
    """The same decision of the same person, where it is still what counts or what counted."""
    settled = {
        DecisionOutcome.APPROVE: CommitmentStatus.COMMITTED,
        DecisionOutcome.REJECT: CommitmentStatus.REJECTED,
    }
    counting = {decision.decision_id for decision in item.approvals}
    for stored in reader.decisions(item.commitment.commitment_id):
        decision = stored.decision
        if decision.decided_by != person.person_id or decision.outcome is not outcome:
            continue
        open_and_counting = decision.decision_id in counting and item.status in OPEN
        if open_and_counting or item.status is settled[outcome]:
            return decision
        if item.status in OPEN:
            message = f"The approval that {person.name} gave no longer counts; each person approves once."
            raise RefusedError.for_others("approval_lapsed", message, item, person.person_id)
    return None


def _require_open(item: PendingItem, person: Person) -> None:
    if item.status in OPEN:
        return
    fixes = {
        CommitmentStatus.COMMITTED: ("Nothing is left to decide; see `partnership ledger`.", NOBODY),
        CommitmentStatus.REJECTED: ("A rejection is final; propose a new version of the document.", REQUESTER),
        CommitmentStatus.EXPIRED: ("Propose it again; the new commitment can be approved.", REQUESTER),
        CommitmentStatus.SUPERSEDED: ("Decide about its newer version; see `partnership inbox`.", USER),
    }
    message = f"{item.commitment.commitment_id} is {item.status.value} and takes no more decisions."
    fix, who = fixes[item.status]
    raise RefusedError(item.status.value, message, fix, person.person_id, who_must_act=who)


def _require_authority(item: PendingItem, person: Person, outcome: DecisionOutcome) -> None:
    required = item.commitment.required_approvals
    if outcome is DecisionOutcome.REJECT:
        allowed = any(policy.meets(person, requirement) for requirement in required)
    else:
        allowed = person.person_id in {candidate.person_id for candidate in item.may_approve}
    if allowed:
        return
    if not item.still_needed and any(policy.meets(person, requirement) for requirement in required):
        message = f"{item.commitment.commitment_id} has every approval that it needs."
        fix = f"It waits to be committed: `partnership deal resume {item.commitment.thread_id}`."
        raise RefusedError("already_approved", message, fix, person.person_id)
    role = f"{person.level.value}, legal" if person.legal else person.level.value
    message = f"{person.name} ({role}) cannot give an approval that {item.commitment.commitment_id} still needs."
    raise RefusedError.for_others("level_too_low", message, item, person.person_id)
