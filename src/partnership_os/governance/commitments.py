"""Class B actions: proposed, waiting for people, and (`commit_transaction`) committed once."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import ConfigDict, Field, JsonValue

from partnership_os.errors import ApprovalError, InputError, IntegrityError, PartnershipError
from partnership_os.governance import audit, policy
from partnership_os.governance.actions import rule_for
from partnership_os.governance.canonical import canonical_bytes, commitment_digest, digest_of
from partnership_os.governance.clock import Clock, moment, moment_of_reading, moment_of_refusal
from partnership_os.governance.commit_transaction import commit
from partnership_os.governance.delegation import lent_to
from partnership_os.governance.refusal import UNKNOWN
from partnership_os.governance.standing import (
    ACTOR,
    OPEN,
    PendingItem,
    commitment_id_of,
    existing,
    intact,
    is_rejected,
    requesters_of,
    require_new_version,
    standing_of,
    unknown_commitment,
)
from partnership_os.governance.store import GovernanceReader, GovernanceStore, GovernanceTransaction, StoredCommitment
from partnership_os.governance.terms import as_stored
from partnership_os.schemas.base import CurrencyCode, Label, Money, Record, RecordId
from partnership_os.schemas.commitment import ActionRule, Commitment, CommitmentStatus, Decision, LedgerEntry, Person
from partnership_os.schemas.partnership import ActionClass, PartnershipType

__all__ = [
    "ACTOR",
    "PendingItem",
    "ProposalDraft",
    "approvals_of",
    "commit",
    "history",
    "inbox",
    "ledger",
    "propose",
    "require_concerned",
    "standing",
    "status_of",
]

_NOT_IN_CONTENT = frozenset({"schema_version", "commitment_id", "requested_at", "expires_at"})


class ProposalDraft(Record):
    """What somebody wants to commit to. Level, policy and dates are not theirs to say.

    ``terms`` is the whole document as JSON, money as decimal strings; ``value`` is money that we commit to pay under
    it, None when there is none. ``edited_from`` names the commitment whose document was changed into this one.
    """

    model_config = ConfigDict(str_strip_whitespace=False)

    action: Annotated[str, Field(min_length=1, max_length=100)]
    thread_id: Annotated[str, Field(min_length=1, max_length=100)]
    partnership_type: PartnershipType
    parties: Annotated[tuple[Label, ...], Field(min_length=2, max_length=10)]
    document_id: RecordId
    document_version: Annotated[int, Field(ge=1)]
    terms: dict[str, JsonValue]
    currency: CurrencyCode
    value: Money | None = None
    requested_by: RecordId
    edited_from: RecordId | None = None


def propose(store: GovernanceStore, draft: ProposalDraft, clock: Clock, *, approval_days: int = 14) -> Commitment:
    """Ask people to approve a Class B action. Asking again for the same changes nothing.

    The latest commitment of the thread with the same action and content is returned while it is open, committed or
    rejected (a rejection is final for that version). Whatever else is open in the thread, or on an earlier version of
    the document, is superseded, and its approvals with it.

    Args:
        store: The store of the gate.
        draft: What is asked for.
        clock: Tells the time with a zone.
        approval_days: Days until the commitment expires.

    Raises:
        ApprovalError: the action is Class C and runs for nobody; logged.
        InputError: the action needs no approval, the terms hold a float, nobody active has the id of the requester,
            this version was committed or rejected before, the document was issued before and the action is to issue
            it, or what was edited has a newer version by now or is not the requester's to edit; logged.
        IntegrityError: the audit log lies ahead of the clock; logged.
    """
    try:
        return _proposed(store, draft, clock, approval_days)
    except (ApprovalError, InputError, IntegrityError) as error:
        _log_refusal(store, draft, clock, error)
        raise


def _proposed(store: GovernanceStore, draft: ProposalDraft, clock: Clock, approval_days: int) -> Commitment:
    rule = _class_b(draft.action)
    terms = as_stored(draft.terms)
    _require_own_type(draft, terms)
    required = policy.required_approvals(draft.partnership_type, draft.value)
    with store.transaction() as transaction:
        now = moment(clock, transaction)
        requester = _requester(transaction, draft.requested_by)
        _require_first_issue(transaction, rule, draft)
        if draft.edited_from is not None:
            _require_editable(transaction, draft, draft.edited_from, requester, now)
        requested_at = _next_moment(transaction, draft.thread_id, now)
        base = Commitment.model_validate(
            {
                **{name: getattr(draft, name) for name in ProposalDraft.model_fields},
                "action": rule.action,
                "tenant": requester.tenant,
                "terms": terms,
                "commitment_id": commitment_id_of("0" * 64),
                "required_approvals": required,
                "policy_version": policy.POLICY_VERSION,
                "requested_at": requested_at,
                "expires_at": requested_at + timedelta(days=approval_days),
            }
        )
        same, replaced = _siblings(transaction, base, now)
        if same is not None:
            return same
        require_new_version(transaction, base)
        _require_not_rejected(transaction, base)
        stored = _named(base)
        transaction.add_commitment(stored)
        _announce(transaction, stored, replaced, now)
        return stored.commitment


def inbox(store: GovernanceStore, clock: Clock) -> tuple[PendingItem, ...]:
    """What waits for people or for its commit, oldest first.

    Raises:
        IntegrityError: stored terms do not match their digest, so that nobody is shown what is not to be approved.
    """
    with store.snapshot() as reader:
        now = moment_of_reading(clock, reader)
        items = (standing_of(reader, intact(stored), now) for stored in reader.open_commitments())
        return tuple(item for item in items if item.status in OPEN)


def history(store: GovernanceStore, clock: Clock, thread_id: str) -> tuple[PendingItem, ...]:
    """Every commitment of a thread and where it stands, oldest first; raises like `inbox`."""
    with store.snapshot() as reader:
        now = moment_of_reading(clock, reader)
        return tuple(standing_of(reader, intact(stored), now) for stored in reader.commitments_of_thread(thread_id))


def standing(store: GovernanceStore, clock: Clock, commitment_id: str) -> PendingItem:
    """One commitment, whatever its status, with what it still needs.

    Raises:
        InputError: there is no such commitment.
        IntegrityError: its stored terms do not match its digest.
    """
    with store.snapshot() as reader:
        return standing_of(reader, existing(reader, commitment_id), moment_of_reading(clock, reader))


def status_of(store: GovernanceStore, clock: Clock, commitment_id: str) -> CommitmentStatus:
    """Where one commitment stands; raises like `standing`."""
    return standing(store, clock, commitment_id).status


def require_concerned(store: GovernanceStore, clock: Clock, commitment_id: str, person: Person) -> None:
    """Refuse who neither asked for a commitment, or for what came before it, nor may decide about it.

    Raises:
        InputError: they did not, or there is no such commitment in their tenant.
    """
    with store.snapshot() as reader:
        commitment = existing(reader, commitment_id).commitment
        if commitment.tenant != person.tenant:
            raise unknown_commitment(commitment_id)
        _require_concerned(reader, commitment, person, moment_of_reading(clock, reader))


def approvals_of(store: GovernanceStore, commitment_id: str) -> tuple[Decision, ...]:
    """Every decision about a commitment, rejections too, oldest first."""
    with store.snapshot() as reader:
        return tuple(item.decision for item in reader.decisions(commitment_id))


def ledger(store: GovernanceStore) -> tuple[LedgerEntry, ...]:
    """Every commitment that took effect, oldest first."""
    with store.snapshot() as reader:
        return reader.ledger()


def _class_b(action: str) -> ActionRule:
    rule = rule_for(action)
    if rule.action_class is ActionClass.C:
        raise ApprovalError(
            f"{rule.action} never runs, for anyone.",
            fix="Nobody can approve it.",
            action=rule.action,
            reason="class_c",
        )
    if rule.action_class is ActionClass.A:
        raise InputError(f"{rule.action} needs no approval.", fix="Run it.", action=rule.action, reason="class_a")
    return rule


def _require_own_type(draft: ProposalDraft, terms: Mapping[str, JsonValue]) -> None:
    """A document that names its type is asked for as that type: the type fixes who must approve."""
    said = terms.get("partnership_type", draft.partnership_type.value)
    if said != draft.partnership_type.value:
        raise InputError(
            f"The document is of another partnership type than {draft.partnership_type.value}.",
            fix="Ask for it as what it is.",
            reason="other_type",
        )


def _requester(transaction: GovernanceTransaction, person_id: str) -> Person:
    person = transaction.person(person_id)
    if person is None or not person.active:
        raise InputError(
            "Nobody active in the directory has the id of the requester.",
            fix="Ask as yourself, with your token; see `partnership user list`.",
            reason="unknown_requester",
        )
    return person


def _require_first_issue(transaction: GovernanceTransaction, rule: ActionRule, draft: ProposalDraft) -> None:
    """What went out once is re-issued, by an action of its own that the approver sees by its name."""
    if rule.action != "issue_term_sheet":
        return
    for stored in transaction.commitments_of_document(draft.document_id):
        entry = transaction.ledger_entry(stored.commitment.commitment_id)
        if entry is not None and entry.document_version < draft.document_version:
            raise InputError(
                f"Version {entry.document_version} of {draft.document_id} was issued before.",
                fix="Propose to re-issue it: the action is reissue_term_sheet.",
                commitment_id=entry.commitment_id,
                reason="issued_before",
            )


def _require_editable(
    transaction: GovernanceTransaction, draft: ProposalDraft, edited_from: str, editor: Person, now: datetime
) -> None:
    """The edited commitment is the newest of its document, and the editor asked for it or may decide about it.

    Otherwise anybody could void approvals by editing, and two edits at once could silently undo each other.
    """
    stored = transaction.commitment(edited_from)
    if stored is None or stored.commitment.tenant != editor.tenant:
        raise InputError("There is no such commitment to edit.", fix="See `partnership inbox`.", reason="unknown")
    old = intact(stored).commitment
    same = (old.thread_id, old.document_id) == (draft.thread_id, draft.document_id)
    if not same or draft.document_version <= old.document_version:
        raise InputError(
            f"An edit of {edited_from} is a later version of the same document in the same thread.",
            fix=f"Make a version after {old.document_version} of {old.document_id}.",
            reason="no_edit",
        )
    newest = transaction.commitments_of_document(old.document_id)[-1].commitment.commitment_id
    if newest != edited_from:
        raise InputError(
            f"{edited_from} was replaced by {newest} in the meantime.",
            fix=f"Look at the newer version and edit that one: `partnership review {newest}`.",
            reason="superseded",
        )
    _require_concerned(transaction, old, editor, now)


def _require_concerned(reader: GovernanceReader, old: Commitment, person: Person, now: datetime) -> None:
    lent = (one.authority for one in lent_to(reader, person, old, now))
    concerned = person.person_id in requesters_of(reader, old)
    if not concerned and not any(policy.meets(who, one) for who in (person, *lent) for one in old.required_approvals):
        raise InputError(
            f"{person.name} neither asked for {old.commitment_id} nor may decide about it.",
            fix=f"Ask whoever asked for it, or somebody who may: `partnership review {old.commitment_id}` names them.",
            reason="not_concerned",
        )


def _require_not_rejected(transaction: GovernanceTransaction, base: Commitment) -> None:
    """A rejection is final for a version, whoever asks again; other terms are another version."""
    for stored in transaction.commitments_of_document(base.document_id):
        commitment_id = stored.commitment.commitment_id
        if stored.commitment.document_version == base.document_version and is_rejected(transaction, commitment_id):
            raise InputError(
                f"Version {base.document_version} of {base.document_id} was rejected as {commitment_id}.",
                fix=f"Change the terms, which makes a new version: `partnership edit {commitment_id}`.",
                commitment_id=commitment_id,
                reason="rejected_before",
            )


def _log_refusal(store: GovernanceStore, draft: ProposalDraft, clock: Clock, error: PartnershipError) -> None:
    """Log who was refused what, in words of ours: messages repeat what was given, which may be a secret."""
    data: dict[str, JsonValue] = {
        "error": type(error).__name__,
        "reason": str(error.details.get("reason", "not_accepted")),
        "action": rule_for(draft.action).action,
    }
    with store.transaction() as transaction:
        now = moment_of_refusal(clock, transaction)
        actor = draft.requested_by if transaction.person(draft.requested_by) is not None else UNKNOWN
        data["requested_by"] = actor
        audit.append(transaction, now, actor, "proposal_refused", draft.thread_id, data)


def _content(commitment: Commitment) -> str:
    """Digest of what is asked, without when."""
    fields = {name: getattr(commitment, name) for name in Commitment.model_fields if name not in _NOT_IN_CONTENT}
    return digest_of(fields)


def _siblings(
    transaction: GovernanceTransaction, base: Commitment, now: datetime
) -> tuple[Commitment | None, tuple[Commitment, ...]]:
    """The commitment that already says the same, or those that the new one replaces."""
    content = _content(base)
    replaced: list[Commitment] = []
    near = (
        *transaction.commitments_of_thread(base.thread_id),
        *transaction.commitments_of_document(base.document_id),
    )
    if any(stored.commitment.tenant != base.tenant for stored in near):
        raise InputError(
            "The thread or document belongs to somebody else.", fix="Start a deal of your own.", reason="other_tenant"
        )
    for stored in reversed(transaction.commitments_of_thread(base.thread_id)):
        other = stored.commitment
        status = standing_of(transaction, stored, now).status
        settled = status in (CommitmentStatus.COMMITTED, CommitmentStatus.REJECTED)
        if (settled or status in OPEN) and _content(other) == content:
            return other, ()
        if status in OPEN:
            replaced.append(other)
    for stored in transaction.commitments_of_document(base.document_id):
        other = stored.commitment
        older = other.thread_id != base.thread_id and other.document_version < base.document_version
        if older and standing_of(transaction, stored, now).status in OPEN:
            replaced.append(other)
    return None, tuple(replaced)


def _named(base: Commitment) -> StoredCommitment:
    """Give the commitment its digest and id, as its stored form will read."""
    plain = Commitment.model_validate_json(canonical_bytes(base))
    digest = commitment_digest(plain)
    return StoredCommitment(
        commitment=plain.model_copy(update={"commitment_id": commitment_id_of(digest)}), digest=digest
    )


def _next_moment(transaction: GovernanceTransaction, thread_id: str, now: datetime) -> datetime:
    """Now, but after every earlier request of the thread: their order, and so which is the newest, is never open."""
    earlier = transaction.commitments_of_thread(thread_id)
    if not earlier:
        return now
    return max(now, earlier[-1].commitment.requested_at + timedelta(microseconds=1))


def _announce(
    transaction: GovernanceTransaction, stored: StoredCommitment, replaced: tuple[Commitment, ...], now: datetime
) -> None:
    made = stored.commitment
    for old in replaced:
        transaction.supersede(old.commitment_id, made.commitment_id)
        by: dict[str, JsonValue] = {"by": made.commitment_id}
        audit.append(transaction, now, made.requested_by, "commitment_superseded", old.commitment_id, by)
    data: dict[str, JsonValue] = {
        "digest": stored.digest,
        "action": made.action,
        "thread_id": made.thread_id,
        "document_id": made.document_id,
        "document_version": made.document_version,
        "required": [str(requirement) for requirement in made.required_approvals],
        "policy": made.policy_version,
        "tenant": made.tenant,
    }
    if made.edited_from is not None:
        data["edited_from"] = made.edited_from
    audit.append(transaction, now, made.requested_by, "commitment_proposed", made.commitment_id, data)
