"""The commit: everything that is checked before a commitment takes effect, and its effect, in one transaction."""

from collections.abc import Collection, Mapping
from datetime import datetime

from pydantic import JsonValue

from partnership_os.errors import ApprovalError, InputError, IntegrityError, PartnershipError
from partnership_os.governance import audit, policy
from partnership_os.governance.actions import rule_for
from partnership_os.governance.agreement import commitment_disagreement, message_of
from partnership_os.governance.canonical import digest_of
from partnership_os.governance.clock import Clock, moment, moment_of_refusal
from partnership_os.governance.refusal import UNKNOWN
from partnership_os.governance.signing import Verifier
from partnership_os.governance.standing import (
    ACTOR,
    PendingItem,
    existing,
    is_known,
    require_new_version,
    standing_of,
    waiting_for,
)
from partnership_os.governance.store import Anchor, GovernanceStore, GovernanceTransaction, StoredCommitment
from partnership_os.governance.terms import as_stored
from partnership_os.schemas.commitment import CommitmentStatus, LedgerEntry
from partnership_os.schemas.partnership import ActionClass


def commit(
    store: GovernanceStore,
    verifier: Verifier,
    clock: Clock,
    commitment_id: str,
    terms: Mapping[str, JsonValue],
) -> LedgerEntry:
    """Let a commitment take effect, in one transaction, once. The same again returns the stored row.

    Nothing that the caller says has authority: digest, level and decisions are taken from the store and checked anew.

    Args:
        store: The store of the gate.
        verifier: Public key of the approval service.
        clock: Tells the time with a zone.
        commitment_id: What takes effect.
        terms: The document that the caller holds; it must be the one that people approved.

    Raises:
        ApprovalError: approvals are missing, expired or withdrawn, or the terms differ; says whose turn it is; logged.
        InputError: there is no such commitment.
        IntegrityError: a stored record does not match its hash, its signature or the audit log, the log is broken, or
            it lies ahead of the clock; logged.
    """
    try:
        anchor = store.anchor()
        with store.transaction() as transaction:
            now = moment(clock, transaction)
            stored = existing(transaction, commitment_id)
            _require_terms(stored, terms)
            entry = transaction.ledger_entry(commitment_id)
            if entry is not None:
                _require_same(entry, stored)
                _require_genuine(transaction, verifier, stored, entry.decision_ids)
                _require_agreement(transaction, verifier, anchor, stored)
                return entry
            _require_policy(stored)
            _require_genuine(transaction, verifier, stored)
            _require_agreement(transaction, verifier, anchor, stored)
            item = standing_of(transaction, stored, now)
            _require_approved(item)
            require_new_version(transaction, stored.commitment)
            return _write(transaction, item, now)
    except (ApprovalError, InputError, IntegrityError) as error:
        _log_refusal(store, clock, commitment_id, error)
        raise


def _log_refusal(store: GovernanceStore, clock: Clock, commitment_id: str, error: PartnershipError) -> None:
    """What came in as an id is logged only when it is one: it could be a token put in the wrong place."""
    reason: dict[str, JsonValue] = {"error": type(error).__name__}
    with store.transaction() as transaction:
        now = moment_of_refusal(clock, transaction)
        if not is_known(transaction, commitment_id):
            audit.append(transaction, now, UNKNOWN, "commit_refused", UNKNOWN, reason)
            return
        reason["message"] = error.message[:1_000]
        audit.append(transaction, now, ACTOR, "commit_refused", commitment_id, reason)


def _require_agreement(
    transaction: GovernanceTransaction, verifier: Verifier, anchor: Anchor | None, stored: StoredCommitment
) -> None:
    """The log is whole, and what this commit stands on is what the log says."""
    commitment = stored.commitment
    found, told = audit.read_log(transaction, anchor)
    if not found.ok:
        raise IntegrityError(
            f"The audit log is broken at event {found.first_bad_seq}: {found.reason}.",
            fix="Run `partnership audit verify` and restore the log from a backup.",
            commitment_id=commitment.commitment_id,
        )
    wrong = commitment_disagreement(transaction, told, commitment, verifier)
    if wrong is not None:
        raise IntegrityError(
            f"The table {wrong.table} does not agree with the audit log at {wrong.row_id}: {wrong.reason}.",
            fix="Find out who changed the database, and restore it with its anchor from a backup.",
            commitment_id=commitment.commitment_id,
            table=wrong.table,
            row_id=wrong.row_id,
        )


def _require_terms(stored: StoredCommitment, terms: Mapping[str, JsonValue]) -> None:
    commitment_id = stored.commitment.commitment_id
    try:
        same = digest_of(as_stored(terms)) == digest_of(stored.commitment.terms)
    except InputError:
        same = False
    if not same:
        raise ApprovalError(
            f"The terms to commit are not those that {commitment_id} was proposed with.",
            fix="Propose the changed terms; people then decide about the new commitment.",
            commitment_id=commitment_id,
        )


def _require_same(entry: LedgerEntry, stored: StoredCommitment) -> None:
    if entry.digest != stored.digest:
        raise IntegrityError(
            f"The ledger row of {entry.commitment_id} names another digest than its commitment.",
            fix="Run `partnership audit verify` and find out who changed the ledger.",
            commitment_id=entry.commitment_id,
        )


def _require_policy(stored: StoredCommitment) -> None:
    """The class and level that hold now, whatever was stored."""
    commitment = stored.commitment
    required = policy.required_approvals(commitment.partnership_type, commitment.value)
    current = (required, policy.POLICY_VERSION) == (commitment.required_approvals, commitment.policy_version)
    if not current or rule_for(commitment.action).action_class is not ActionClass.B:
        raise ApprovalError(
            f"The approval policy has changed since {commitment.commitment_id} was proposed.",
            fix="Propose it again; the required approvals are then those of today.",
            commitment_id=commitment.commitment_id,
        )


def _require_genuine(
    transaction: GovernanceTransaction,
    verifier: Verifier,
    stored: StoredCommitment,
    only: Collection[str] | None = None,
) -> None:
    """Every decision is signed, or those on which a row rests: what somebody forges later undoes no commit."""
    for item in transaction.decisions(stored.commitment.commitment_id):
        decision = item.decision
        if only is not None and decision.decision_id not in only:
            continue
        own = decision.commitment_id == item.filed_under and decision.digest == stored.digest
        if not (own and verifier.holds(decision)):
            raise IntegrityError(
                f"The decision {decision.decision_id} on {item.filed_under} was not signed by the approval service.",
                fix="Find out who wrote it; nothing is committed on it.",
                commitment_id=item.filed_under,
                decision_id=decision.decision_id,
            )
        lent = None if decision.delegation_id is None else transaction.delegation(decision.delegation_id)
        if lent is not None and not verifier.holds(lent.delegation):
            raise IntegrityError(
                f"The delegation {decision.delegation_id} was not signed by the approval service.",
                fix="Find out who wrote it; nothing is committed on it.",
                commitment_id=item.filed_under,
                delegation_id=decision.delegation_id,
            )


def _require_approved(item: PendingItem) -> None:
    if item.status is CommitmentStatus.APPROVED:
        return
    commitment_id = item.commitment.commitment_id
    fixes = {
        CommitmentStatus.PENDING: waiting_for(item),
        CommitmentStatus.REJECTED: "A rejection is final; propose a new version of the document.",
        CommitmentStatus.EXPIRED: "Propose it again; the new commitment can be approved.",
        CommitmentStatus.SUPERSEDED: "Commit its newer version; see `partnership inbox`.",
    }
    raise ApprovalError(
        f"{commitment_id} is {item.status.value}; nothing was committed.",
        fix=fixes[item.status],
        commitment_id=commitment_id,
        status=item.status.value,
    )


def _write(transaction: GovernanceTransaction, item: PendingItem, now: datetime) -> LedgerEntry:
    made = item.commitment
    entry = LedgerEntry(
        entry_id=f"le_{item.digest[:24]}",
        commitment_id=made.commitment_id,
        digest=item.digest,
        action=made.action,
        thread_id=made.thread_id,
        document_id=made.document_id,
        document_version=made.document_version,
        parties=made.parties,
        value=made.value,
        requested_by=made.requested_by,
        approved_by=tuple(decision.decided_by for decision in item.approvals),
        decision_ids=tuple(decision.decision_id for decision in item.approvals),
        committed_at=now,
        tenant=made.tenant,
    )
    transaction.add_ledger_entry(entry)
    transaction.consume_decisions(entry.decision_ids, entry.entry_id)
    transaction.add_outbox(message_of(entry))
    data: dict[str, JsonValue] = {
        "entry_id": entry.entry_id,
        "entry_digest": digest_of(entry),
        "digest": item.digest,
        "approved_by": list(entry.approved_by),
    }
    audit.append(transaction, now, ACTOR, "commitment_committed", made.commitment_id, data)
    return entry
