"""What is compared of each row of the gate's tables with the audit log: a few facts, and a digest of the rest."""

from collections.abc import Iterable

from pydantic import JsonValue

from partnership_os.errors import InputError
from partnership_os.governance.canonical import commitment_digest, digest_of
from partnership_os.governance.outbox import delivery_facts
from partnership_os.governance.store import (
    QueuedMessage,
    StoredCommitment,
    StoredDecision,
    StoredDelegation,
    TokenKind,
    TokenRecord,
)
from partnership_os.schemas.base import utc_text
from partnership_os.schemas.commitment import Commitment, LedgerEntry, OutboxMessage, Person, SlaMark

View = dict[str, JsonValue]
"""What is compared of one row."""


def token_facts(token: TokenRecord) -> dict[str, JsonValue]:
    """What the event that issues a token says about it: the public part, and a digest that holds its row."""
    of_first_version = token.kind is TokenKind.TOKEN and token.expires_at is None
    held: object = token.secret_hash if of_first_version else [token.secret_hash, token.kind, token.expires_at]
    return {"token_id": token.token_id, "token_digest": digest_of(held)}


def entry_views(entries: Iterable[LedgerEntry]) -> dict[str, View]:
    """Ledger rows by id."""
    return {
        entry.entry_id: {
            "commitment_id": entry.commitment_id,
            "digest": entry.digest,
            "entry_digest": digest_of(entry),
        }
        for entry in entries
    }


def decision_views(decisions: Iterable[StoredDecision]) -> dict[str, View]:
    """Decisions by id."""
    return {
        item.decision.decision_id: {
            "commitment_id": item.filed_under,
            "decided_by": item.decision.decided_by,
            "outcome": item.decision.outcome.value,
            "digest": item.decision.digest,
            "decision_digest": digest_of(item.decision),
            "level": item.decision.level.value,
            "legal": item.decision.legal,
            "consumed_by": item.consumed_by,
        }
        for item in decisions
    }


def content(commitment: Commitment) -> str:
    """The digest that a commitment has as it is stored now."""
    try:
        return commitment_digest(commitment)
    except InputError:  # somebody wrote what never had a canonical form, such as a float
        return "none"


def commitment_views(commitments: Iterable[StoredCommitment]) -> dict[str, View]:
    """Commitments by id."""
    return {
        item.commitment.commitment_id: {
            "digest": item.digest,
            "content": content(item.commitment),
            "superseded_by": item.superseded_by,
        }
        for item in commitments
    }


def person_views(people: Iterable[Person]) -> dict[str, View]:
    """People by id."""
    return {
        person.person_id: {
            "name": person.name,
            "level": person.level.value,
            "legal": person.legal,
            "active": person.active,
            "tenant": person.tenant,
        }
        for person in people
    }


def token_view(token: TokenRecord) -> View:
    """One token or session."""
    live = token.revoked_at is None
    return {"person_id": token.person_id, "token_digest": token_facts(token)["token_digest"], "live": live}


def delegation_views(delegations: Iterable[StoredDelegation]) -> dict[str, View]:
    """Delegations by id."""
    return {
        item.delegation.delegation_id: {
            "delegator": item.delegation.delegator,
            "delegate": item.delegation.delegate,
            "digest": digest_of(item.delegation),
            "ended": None if item.ended_at is None else utc_text(item.ended_at),
        }
        for item in delegations
    }


def mark_views(marks: Iterable[SlaMark]) -> dict[str, View]:
    """Stages of lateness by commitment and stage."""
    return {f"{mark.commitment_id} {mark.stage.value}": {"mark_digest": digest_of(mark)} for mark in marks}


def message_view(message: OutboxMessage) -> View:
    """One message, without how far its delivery is."""
    return {"message_digest": digest_of(message)}


def queued_view(queued: QueuedMessage) -> View:
    """One message, with how far its delivery is."""
    return {**message_view(queued.message), **delivery_facts(queued)}
