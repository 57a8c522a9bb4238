"""The approval service: the only way in for a decision, and the only holder of the signing key."""

import secrets
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from pydantic import JsonValue

from partnership_os.errors import InputError, IntegrityError
from partnership_os.governance import audit, policy
from partnership_os.governance.canonical import canonical_bytes, digest_of
from partnership_os.governance.clock import Clock, moment_of_decision
from partnership_os.governance.delegation import DelegationDraft, check_draft, lent_to, live_delegations
from partnership_os.governance.directory import TOKEN_DAYS, Directory
from partnership_os.governance.refusal import NOBODY, REQUESTER, UNKNOWN, USER, RefusedError, logged_refusal
from partnership_os.governance.signing import Signer
from partnership_os.governance.standing import (
    OPEN,
    PendingItem,
    excluded_from,
    intact,
    is_known,
    names_of,
    people_in,
    requesters_of,
    standing_of,
)
from partnership_os.governance.store import GovernanceReader, GovernanceStore, GovernanceTransaction, StoredDelegation
from partnership_os.schemas.commitment import CommitmentStatus, Decision, DecisionOutcome, Delegation, Person

MAX_NOTE: Final = 1_000
_EVENTS: Final = {
    DecisionOutcome.APPROVE: "commitment_approved",
    DecisionOutcome.REJECT: "commitment_rejected",
    DecisionOutcome.REVOKE: "approval_revoked",
}


class ApprovalService(Directory):
    """A directory whose people also decide.

    Args:
        store: The store of the gate.
        signer: Holds the private key.
        clock: Tells the time with a zone.
        approval_days: Days until a decision expires; a commitment that expires sooner ends it sooner.
        token_days: Days until a token expires.
    """

    def __init__(
        self,
        store: GovernanceStore,
        signer: Signer,
        clock: Clock,
        approval_days: int = 14,
        token_days: int = TOKEN_DAYS,
    ) -> None:
        super().__init__(store, clock, token_days)
        self._signer = signer
        self._days = approval_days

    def decide(
        self,
        commitment_id: str,
        token: str | None,
        outcome: DecisionOutcome,
        note: str | None = None,
        *,
        on_behalf_of: str | None = None,
    ) -> Decision:
        """Record what the holder of a token decides about a commitment, signed.

        The same decision of the same person again returns the stored one and changes nothing.

        Args:
            commitment_id: What is decided about.
            token: Proves who decides.
            outcome: Approve; reject, which is final; or revoke, which takes back for good an approval that the person
                gave or that was given on their behalf, as long as nothing is committed.
            note: A reason for others to read; a rejection or revocation needs one.
            on_behalf_of: Whose lent authority is used; None for the person's own.

        Raises:
            ApprovalError: the token is not accepted, the person asked for this themselves, their level does not help,
                nobody lent them authority, or the commitment is no longer open; says who may approve, and is logged.
            InputError: the note is too long, or missing.
            IntegrityError: the stored commitment does not match its digest.
        """
        require_note(note)
        if outcome is not DecisionOutcome.APPROVE and not (note or "").strip():
            raise InputError("A rejection or revocation needs a reason.", fix="Say why with --note.")
        ask = _Ask(commitment_id=commitment_id, outcome=outcome, note=note, on_behalf_of=on_behalf_of)
        try:
            login = self._login(token)
            with self._store.transaction() as transaction:
                return self._decided(transaction, self._live(transaction, login), ask)
        except RefusedError as refused:
            raise logged_refusal(self._store, self._clock, refused, commitment_id, outcome) from None
        except IntegrityError as error:
            reason: dict[str, JsonValue] = {"reason": "integrity", "message": error.message}
            with self._store.snapshot() as reader:
                subject = commitment_id if is_known(reader, commitment_id) else UNKNOWN
            audit.record_event(self._store, self._clock, UNKNOWN, "approval_refused", subject, reason)
            raise

    def lend_authority(self, token: str | None, draft: DelegationDraft) -> Delegation:
        """Lend authority of the holder of a token to somebody for a time, signed.

        Raises:
            ApprovalError: the token is not accepted; logged.
            InputError: more would be lent than the person has, or to nobody who can use it.
        """
        try:
            login = self._login(token)
            with self._store.transaction() as transaction:
                return self._delegated(transaction, self._live(transaction, login), draft)
        except RefusedError as refused:
            raise logged_refusal(self._store, self._clock, refused, None, None) from None

    def end_delegation(self, token: str | None, delegation_id: str) -> Delegation:
        """End a delegation before its time; the one who lent or the one who holds it can. Again changes nothing.

        Raises:
            ApprovalError: the token is not accepted, or the delegation is between other people; logged.
        """
        try:
            login = self._login(token)
            with self._store.transaction() as transaction:
                person = self._live(transaction, login)
                stored = transaction.delegation(delegation_id)
                if stored is None or person.person_id not in (stored.delegation.delegator, stored.delegation.delegate):
                    fix = "See `partnership delegation list`."
                    raise RefusedError("not_own_delegation", "No such delegation is yours.", fix, person.person_id)
                if stored.ended_at is None:
                    now = moment_of_decision(self._clock, transaction)
                    transaction.end_delegation(delegation_id, now)
                    audit.append(transaction, now, person.person_id, "delegation_ended", delegation_id, {})
                return stored.delegation
        except RefusedError as refused:
            raise logged_refusal(self._store, self._clock, refused, None, None) from None

    def _delegated(self, transaction: GovernanceTransaction, delegator: Person, draft: DelegationDraft) -> Delegation:
        now = moment_of_decision(self._clock, transaction)
        level = check_draft(draft, delegator, transaction.person(draft.delegate), now)
        starts_at = now if draft.starts_at is None else max(now, draft.starts_at)
        delegation = self._signer.sign(
            Delegation(
                delegation_id=f"dl_{secrets.token_hex(8)}",
                delegator=delegator.person_id,
                delegate=draft.delegate,
                max_level=level,
                legal=draft.legal,
                partnership_types=draft.partnership_types,
                max_value=draft.max_value,
                starts_at=starts_at,
                expires_at=starts_at + timedelta(days=draft.days),
                reason=draft.reason,
                key_id=self._signer.key_id,
                signature="unsigned",
            )
        )
        transaction.add_delegation(delegation)
        data: dict[str, JsonValue] = {"delegate": delegation.delegate, "digest": digest_of(delegation)}
        audit.append(transaction, now, delegator.person_id, "delegation_made", delegation.delegation_id, data)
        return delegation

    def _decided(self, transaction: GovernanceTransaction, person: Person, ask: "_Ask") -> Decision:
        now = moment_of_decision(self._clock, transaction)
        stored = transaction.commitment(ask.commitment_id)
        if stored is None or stored.commitment.tenant != person.tenant:
            fix = "List what waits with `partnership inbox`."
            raise RefusedError("unknown_commitment", "There is no such commitment.", fix, person.person_id)
        item = standing_of(transaction, intact(stored), now)
        if item.status in OPEN:
            _require_separation(transaction, item, person, ask, now)
        earlier = _earlier(transaction, item, person, ask.outcome)
        if earlier is not None:
            return earlier
        _require_open(item, person)
        if ask.outcome is DecisionOutcome.REVOKE:
            basis = _Basis(person, None, _approval_to_revoke(transaction, item, person))
        else:
            basis = _basis(transaction, item, person, ask, now)
            _require_authority(transaction, item, person, basis, ask)
        decision = self._signed(item, person, ask, basis, now)
        transaction.add_decision(decision)
        data: dict[str, JsonValue] = {
            "decision_id": decision.decision_id,
            "digest": decision.digest,
            "decision_digest": digest_of(decision),
            "level": decision.level.value,
            "legal": decision.legal,
        }
        if decision.on_behalf_of is not None:
            data["on_behalf_of"] = decision.on_behalf_of
        if decision.revokes is not None:
            data["revokes"] = decision.revokes
        audit.append(transaction, now, person.person_id, _EVENTS[ask.outcome], ask.commitment_id, data)
        return decision

    def _signed(self, item: PendingItem, person: Person, ask: "_Ask", basis: "_Basis", now: datetime) -> Decision:
        identity = {"digest": item.digest, "decided_by": person.person_id, "outcome": ask.outcome}
        delegation = None if basis.lent is None else basis.lent.delegation
        return self._signer.sign(
            Decision(
                decision_id=f"de_{digest_of(identity)[:24]}",
                commitment_id=item.commitment.commitment_id,
                digest=item.digest,
                outcome=ask.outcome,
                decided_by=person.person_id,
                level=basis.authority.level,
                legal=basis.authority.legal,
                decided_at=now,
                expires_at=min(now + timedelta(days=self._days), item.commitment.expires_at),
                note=ask.note,
                key_id=self._signer.key_id,
                signature="unsigned",
                on_behalf_of=None if delegation is None else delegation.delegator,
                delegation_id=None if delegation is None else delegation.delegation_id,
                revokes=basis.revokes,
            )
        )


class _Ask(NamedTuple):
    """What somebody wants to decide."""

    commitment_id: str
    outcome: DecisionOutcome
    note: str | None
    on_behalf_of: str | None


class _Basis(NamedTuple):
    """What a decision rests on: the authority, the delegation it comes from, the approval that it revokes."""

    authority: Person
    lent: StoredDelegation | None
    revokes: str | None


def require_note(note: str | None) -> None:
    """Refuse a note that the log could not hold, before anything is written.

    Raises:
        InputError: it is too long, or no text.
    """
    if note is not None and len(note) > MAX_NOTE:
        raise InputError(f"The note has {len(note)} characters.", fix=f"Keep it to {MAX_NOTE}.")
    canonical_bytes(note)


def _require_separation(reader: GovernanceReader, item: PendingItem, person: Person, ask: _Ask, now: datetime) -> None:
    """Requesters do not decide, nor anybody to whom one of them lent authority, nor anybody on behalf of one."""
    commitment, name = item.commitment, person.name
    requesters = requesters_of(reader, commitment)
    if person.person_id in requesters:
        message = f"{name} asked for {commitment.commitment_id} or what came before it and cannot decide about it."
        raise RefusedError.for_others("requester", message, item, person.person_id)
    if ask.outcome is DecisionOutcome.REVOKE:
        return
    if ask.on_behalf_of is not None and ask.on_behalf_of in requesters:
        message = (
            f"The person on whose behalf {name} decides asked for {commitment.commitment_id} or what came before it."
        )
        raise RefusedError.for_others("delegator_is_requester", message, item, person.person_id)
    if ask.outcome is DecisionOutcome.APPROVE and person.person_id in excluded_from(reader, commitment, now):
        message = (
            f"Somebody who asked for {commitment.commitment_id} or what came before it lent authority to {name}, "
            "who therefore cannot approve it."
        )
        loan = next(
            loan.delegation
            for loan in live_delegations(reader, now)
            if loan.delegation.delegate == person.person_id and loan.delegation.delegator in requesters
        )
        fix = f"Give it back with `partnership delegation end {loan.delegation_id}`, then approve."
        raise RefusedError("delegate_of_requester", message, fix, person.person_id)


def _basis(reader: GovernanceReader, item: PendingItem, person: Person, ask: _Ask, now: datetime) -> _Basis:
    """The person's own authority or, where they decide for another, the most that this one lent them."""
    if ask.on_behalf_of is None:
        return _Basis(person, None, None)
    found = [
        _Basis(lent.authority, lent.stored, None)
        for lent in lent_to(reader, person, item.commitment, now)
        if lent.stored.delegation.delegator == ask.on_behalf_of
    ]
    if not found:
        message = f"No delegation lets {person.name} decide about {item.commitment.commitment_id} for that person."
        raise RefusedError.for_others("no_delegation", message, item, person.person_id)
    useful = {one.delegation for one in item.delegated}
    return max(
        found,
        key=lambda basis: (basis.lent is not None and basis.lent.delegation in useful, basis.authority.level.rank),
    )


def _earlier(reader: GovernanceReader, item: PendingItem, person: Person, outcome: DecisionOutcome) -> Decision | None:
    """The same decision of the same person, where it is still what counts or what counted."""
    settled = {
        DecisionOutcome.APPROVE: CommitmentStatus.COMMITTED,
        DecisionOutcome.REJECT: CommitmentStatus.REJECTED,
    }
    counting = {decision.decision_id for decision in item.approvals}
    own = [
        stored.decision
        for stored in reader.decisions(item.commitment.commitment_id)
        if stored.decision.decided_by == person.person_id
    ]
    revoked = any(decision.outcome is DecisionOutcome.REVOKE for decision in own)
    if revoked and outcome is DecisionOutcome.APPROVE and item.status in OPEN:
        message = f"{person.name} took an approval of this back; that is final for this version."
        raise RefusedError.for_others("revoked", message, item, person.person_id)
    for decision in own:
        if decision.outcome is not outcome:
            continue
        open_and_counting = decision.decision_id in counting and item.status in OPEN
        if outcome is DecisionOutcome.REVOKE or open_and_counting or item.status is settled[outcome]:
            return decision
        if item.status in OPEN:
            message = f"The approval that {person.name} gave no longer counts; each person approves once."
            raise RefusedError.for_others("approval_lapsed", message, item, person.person_id)
    return None


def _approval_to_revoke(reader: GovernanceReader, item: PendingItem, person: Person) -> str:
    """The approval of an open commitment that the person gave or that was given on their behalf."""
    for stored in reader.decisions(item.commitment.commitment_id):
        decision = stored.decision
        if decision.outcome is DecisionOutcome.APPROVE and person.person_id in people_in(decision):
            return decision.decision_id
    message = f"{person.name} has given no approval of {item.commitment.commitment_id} that could be taken back."
    raise RefusedError("nothing_to_revoke", message, "See `partnership deal show`.", person.person_id)


def _require_open(item: PendingItem, person: Person) -> None:
    if item.status in OPEN:
        return
    changing = f"partnership edit {item.commitment.commitment_id} --set TERM=VALUE"
    asking = f"partnership propose {item.commitment.thread_id}"
    fixes = {
        CommitmentStatus.COMMITTED: ("Nothing is left to decide; see `partnership ledger`.", NOBODY),
        CommitmentStatus.REJECTED: (f"A rejection is final; make a changed version: `{changing}`.", REQUESTER),
        CommitmentStatus.EXPIRED: (f"Ask again with the same terms: `{asking}`.", REQUESTER),
        CommitmentStatus.SUPERSEDED: ("Decide about its newer version; see `partnership inbox`.", USER),
    }
    message = f"{item.commitment.commitment_id} is {item.status.value} and takes no more decisions."
    fix, who = fixes[item.status]
    raise RefusedError(item.status.value, message, fix, person.person_id, who_must_act=who)


def _require_authority(reader: GovernanceReader, item: PendingItem, person: Person, basis: _Basis, ask: _Ask) -> None:
    required = item.commitment.required_approvals
    meets = any(policy.meets(basis.authority, requirement) for requirement in required)
    if ask.outcome is DecisionOutcome.REJECT:
        allowed = meets
    elif basis.lent is None:
        allowed = person.person_id in {candidate.person_id for candidate in item.may_approve}
    else:
        allowed = basis.lent.delegation in {candidate.delegation for candidate in item.delegated}
    if allowed:
        return
    commitment_id = item.commitment.commitment_id
    if not item.still_needed and meets:
        message = f"{commitment_id} has every approval that it needs."
        fix = f"It waits to be committed: `partnership deal resume {item.commitment.thread_id}`."
        raise RefusedError("already_approved", message, fix, person.person_id)
    authority = basis.authority
    role = f"{authority.level.value}, legal" if authority.legal else authority.level.value
    giver = _given_already(reader, item, authority)
    if not meets:
        message = f"{person.name} ({role}) cannot give an approval that {commitment_id} still needs."
    elif giver is not None and not any(policy.meets(authority, one) for one in item.still_needed):
        message = (
            f"The approval that {person.name} ({role}) can give was given already, by {names_of([giver])}; "
            f"{commitment_id} needs another."
        )
    else:
        lender = None if basis.lent is None else reader.person(basis.lent.delegation.delegator)
        name = (lender or person).name
        message = f"The authority of {name} ({role}) was used for {commitment_id} or taken back; it counts once."
    raise RefusedError.for_others("level_too_low", message, item, person.person_id)


def _given_already(reader: GovernanceReader, item: PendingItem, authority: Person) -> Person | None:
    """Who gave an approval that this authority could have given; None where nobody did."""
    for decision in item.approvals:
        used = authority.model_copy(update={"level": decision.level, "legal": decision.legal})
        both = (policy.meets(used, one) and policy.meets(authority, one) for one in item.commitment.required_approvals)
        if any(both):
            return reader.person(decision.decided_by)
    return None
