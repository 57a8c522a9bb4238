"""Whether the tables hold what the audit log says: each row has its event, and each event its row."""

from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, Final, NamedTuple

from pydantic import Field, JsonValue

from partnership_os.governance.canonical import commitment_digest, digest_of
from partnership_os.governance.store import GovernanceReader, StoredCommitment, StoredDecision, TokenRecord
from partnership_os.schemas.base import Record, Sentence, Slug
from partnership_os.schemas.commitment import AuditEvent, Commitment, LedgerEntry, OutboxMessage, Person

View = dict[str, JsonValue]
"""What is compared of one row."""


class Disagreement(Record):
    """The first row that is not what the log says it must be."""

    table: Slug
    row_id: Annotated[str, Field(min_length=1, max_length=200)]
    reason: Sentence


class _Fact(NamedTuple):
    seq: int
    view: View


class Told:
    """What the events of a log say the tables must hold; `hear` them in order."""

    def __init__(self) -> None:
        self.commitments: dict[str, _Fact] = {}
        self.decisions: dict[str, _Fact] = {}
        self.ledger: dict[str, _Fact] = {}
        self.people: dict[str, _Fact] = {}
        self.tokens: dict[str, _Fact] = {}
        self.twice: Disagreement | None = None
        self._places: dict[str, frozenset[JsonValue]] = {}

    def hear(self, event: AuditEvent) -> None:
        """Take note of one event of a kind in `LISTENED`; the others say nothing about a table."""
        _LISTENERS[event.event](self, event)

    def near(self, commitment: Commitment) -> frozenset[str]:
        """Ids of the commitments of the same thread or about the same document."""
        places = {f"thread {commitment.thread_id}", f"document {commitment.document_id}"}
        return frozenset(key for key, own in self._places.items() if not own.isdisjoint(places))

    def _proposed(self, event: AuditEvent) -> None:
        digest = event.data.get("digest")
        view: View = {"digest": digest, "content": digest, "superseded_by": None}
        self._once("commitments", self.commitments, event.subject, _Fact(event.seq, view))
        places = (f"thread {event.data.get('thread_id')}", f"document {event.data.get('document_id')}")
        self._places[event.subject] = frozenset(places)

    def _superseded(self, event: AuditEvent) -> None:
        self._change(self.commitments, event, {"superseded_by": event.data.get("by")})

    def _decided(self, event: AuditEvent) -> None:
        view = _chosen(event, "digest", "decision_digest", "level", "legal")
        outcome = "approve" if event.event == "commitment_approved" else "reject"
        named: View = {"commitment_id": event.subject, "decided_by": event.actor, "outcome": outcome}
        self._once("decisions", self.decisions, str(event.data.get("decision_id")), _Fact(event.seq, {**view, **named}))

    def _committed(self, event: AuditEvent) -> None:
        view: View = {"commitment_id": event.subject, **_chosen(event, "digest", "entry_digest")}
        self._once("ledger", self.ledger, str(event.data.get("entry_id")), _Fact(event.seq, view))

    def _added(self, event: AuditEvent) -> None:
        view: View = {"active": True, **_chosen(event, "name", "level", "legal")}
        self._once("people", self.people, event.subject, _Fact(event.seq, view))
        self._token(event)

    def _changed(self, event: AuditEvent) -> None:
        self._change(self.people, event, _chosen(event, "name", "level", "legal", "active"))

    def _token(self, event: AuditEvent) -> None:
        digest = event.data.get("token_digest")
        view: View = {"person_id": event.subject, "token_digest": digest, "live": True}
        self._once("tokens", self.tokens, str(event.data.get("token_id")), _Fact(event.seq, view))

    def _revoked(self, event: AuditEvent) -> None:
        for token_id, fact in self.tokens.items():
            if fact.view["person_id"] == event.subject:
                self.tokens[token_id] = _Fact(event.seq, {**fact.view, "live": False})

    def _issued(self, event: AuditEvent) -> None:
        self._revoked(event)
        self._token(event)

    def _once(self, table: str, facts: dict[str, _Fact], row_id: str, fact: _Fact) -> None:
        if row_id in facts and self.twice is None:
            reason = f"events {facts[row_id].seq} and {fact.seq} both made it, so its row was removed in between"
            self.twice = Disagreement(table=table, row_id=row_id, reason=reason)
        facts[row_id] = fact

    def _change(self, facts: dict[str, _Fact], event: AuditEvent, change: Mapping[str, JsonValue]) -> None:
        former = facts[event.subject].view if event.subject in facts else {}
        facts[event.subject] = _Fact(event.seq, {**former, **change})


_LISTENERS: Final[dict[str, Callable[[Told, AuditEvent], None]]] = {
    "commitment_proposed": Told._proposed,
    "commitment_superseded": Told._superseded,
    "commitment_approved": Told._decided,
    "commitment_rejected": Told._decided,
    "commitment_committed": Told._committed,
    "person_added": Told._added,
    "person_changed": Told._changed,
    "token_issued": Told._issued,
    "token_revoked": Told._revoked,
}
LISTENED: Final = frozenset(_LISTENERS)
"""The kinds of events that say something about a table."""


def first_disagreement(reader: GovernanceReader, told: Told) -> Disagreement | None:
    """Hold every table against the log; None when all agree.

    Raises:
        IntegrityError: a row cannot be read; ``table`` and ``row_id`` are in its details.
    """
    entries = reader.ledger()
    sent = {message.message_id: _Fact(0, _message_view(message)) for message in map(message_of, entries)}
    return (
        told.twice
        or _compare("ledger", told.ledger, _entry_views(entries))
        or _compare("decisions", _used(told.decisions, entries), _decision_views(reader.decisions()))
        or _compare("commitments", told.commitments, _commitment_views(reader.commitments()))
        or _compare("people", told.people, _person_views(reader.people()))
        or _compare("tokens", told.tokens, {token.token_id: _token_view(token) for token in reader.tokens()})
        or _compare("outbox", sent, {message.message_id: _message_view(message) for message in reader.outbox()})
    )


def commitment_disagreement(reader: GovernanceReader, told: Told, commitment: Commitment) -> Disagreement | None:
    """Hold against the log what one commit stands on: its own rows, those of its thread and document, its people.

    Raises:
        IntegrityError: like `first_disagreement`.
    """
    near = told.near(commitment)
    rows = (
        *reader.commitments_of_thread(commitment.thread_id),
        *reader.commitments_of_document(commitment.document_id),
    )
    entries = [entry for entry in map(reader.ledger_entry, sorted(near)) if entry is not None]
    decisions = reader.decisions(commitment.commitment_id)
    own = {key: fact for key, fact in told.decisions.items() if fact.view["commitment_id"] == commitment.commitment_id}
    committed = {key: fact for key, fact in told.ledger.items() if fact.view["commitment_id"] in near}
    concerned = {commitment.requested_by, *(item.decision.decided_by for item in decisions)}
    people = [person for person in map(reader.person, sorted(concerned)) if person is not None]
    return (
        _compare("ledger", committed, _entry_views(entries))
        or _compare("commitments", _only(told.commitments, near), _commitment_views(rows))
        or _compare("decisions", _used(own, entries), _decision_views(decisions))
        or _compare("people", _only(told.people, concerned), _person_views(people))
    )


def message_of(entry: LedgerEntry) -> OutboxMessage:
    """The message that leaves when a commitment has taken effect, before it is delivered."""
    return OutboxMessage(
        message_id=f"ob_{entry.digest[:24]}",
        idempotency_key=entry.commitment_id,
        kind=entry.action,
        payload={
            "entry_id": entry.entry_id,
            "digest": entry.digest,
            "document_id": entry.document_id,
            "document_version": entry.document_version,
        },
        created_at=entry.committed_at,
    )


def token_facts(token: TokenRecord) -> dict[str, JsonValue]:
    """What the event that issues a token says about it: the public part, and a digest that holds its row."""
    return {"token_id": token.token_id, "token_digest": digest_of(token.secret_hash)}


def _chosen(event: AuditEvent, *names: str) -> View:
    """The facts of these names, as far as the event carries them."""
    return {name: event.data[name] for name in names if name in event.data}


def _compare(table: str, told: Mapping[str, _Fact], held: Mapping[str, View]) -> Disagreement | None:
    """The first row, in order of id, that is missing, added or other than the log says."""
    for row_id in sorted(told.keys() | held.keys()):
        if row_id not in told:
            return Disagreement(table=table, row_id=row_id, reason="no event of the log made this row")
        seq, view = told[row_id]
        source = f"event {seq}" if seq else "the ledger"
        if row_id not in held:
            return Disagreement(table=table, row_id=row_id, reason=f"{source} made this row, and it is gone")
        other = [name for name, value in sorted(view.items()) if held[row_id].get(name) != value]
        if other:
            reason = f"{', '.join(other)} of this row differ from what {source} says"
            return Disagreement(table=table, row_id=row_id, reason=reason)
    return None


def _only(facts: Mapping[str, _Fact], keys: Iterable[str]) -> dict[str, _Fact]:
    return {key: facts[key] for key in keys if key in facts}


def _used(facts: Mapping[str, _Fact], entries: Iterable[LedgerEntry]) -> dict[str, _Fact]:
    """The decisions with the ledger entry that used each of them up."""
    used = {decision_id: entry.entry_id for entry in entries for decision_id in entry.decision_ids}
    return {key: _Fact(fact.seq, {**fact.view, "consumed_by": used.get(key)}) for key, fact in facts.items()}


def _entry_views(entries: Iterable[LedgerEntry]) -> dict[str, View]:
    return {
        entry.entry_id: {
            "commitment_id": entry.commitment_id,
            "digest": entry.digest,
            "entry_digest": digest_of(entry),
        }
        for entry in entries
    }


def _decision_views(decisions: Iterable[StoredDecision]) -> dict[str, View]:
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


def _commitment_views(commitments: Iterable[StoredCommitment]) -> dict[str, View]:
    return {
        item.commitment.commitment_id: {
            "digest": item.digest,
            "content": commitment_digest(item.commitment),
            "superseded_by": item.superseded_by,
        }
        for item in commitments
    }


def _person_views(people: Iterable[Person]) -> dict[str, View]:
    return {
        person.person_id: {
            "name": person.name,
            "level": person.level.value,
            "legal": person.legal,
            "active": person.active,
        }
        for person in people
    }


def _token_view(token: TokenRecord) -> View:
    live = token.revoked_at is None
    return {"person_id": token.person_id, "token_digest": token_facts(token)["token_digest"], "live": live}


def _message_view(message: OutboxMessage) -> View:
    return {"message_digest": digest_of(message.model_copy(update={"delivered_at": None}))}
