"""Whether the tables hold what the audit log says: each row has its event, and each event its row."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Annotated, Final, NamedTuple

from pydantic import Field, JsonValue

from partnership_os.governance.backing import first_unsigned, unbacked
from partnership_os.governance.outbox import NOTICE_KEY, NOTICES, UNTRIED
from partnership_os.governance.row_views import (
    View,
    commitment_views,
    decision_views,
    delegation_views,
    entry_views,
    mark_views,
    message_view,
    person_views,
    queued_view,
    token_view,
)
from partnership_os.governance.signing import Verifier
from partnership_os.governance.store import GovernanceReader, QueuedMessage
from partnership_os.schemas.base import Record, Sentence, Slug, utc_text
from partnership_os.schemas.commitment import (
    MAIN_TENANT,
    AuditEvent,
    Commitment,
    DecisionOutcome,
    Delegation,
    LedgerEntry,
    OutboxMessage,
)


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
        self.delegations: dict[str, _Fact] = {}
        self.sla_marks: dict[str, _Fact] = {}
        self.notices: dict[str, _Fact] = {}
        self.deliveries: dict[str, _Fact] = {}
        self.broken: Disagreement | None = None
        """The first event that cannot follow those before it; whoever writes to the log can forge one."""
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
        """By a newer one, once and for good."""
        former, by = self.commitments.get(event.subject), event.data.get("by")
        if former is None or former.view["superseded_by"] is not None or by is None:
            self._refuse("commitments", event, "supersedes what is superseded already, or by nothing")
        else:
            self._change(self.commitments, event.subject, event.seq, {"superseded_by": by})

    def _decided(self, event: AuditEvent) -> None:
        view = _chosen(event, "digest", "decision_digest", "level", "legal")
        outcome = _OUTCOMES[event.event].value
        named: View = {"commitment_id": event.subject, "decided_by": event.actor, "outcome": outcome}
        self._once("decisions", self.decisions, str(event.data.get("decision_id")), _Fact(event.seq, {**view, **named}))

    def _committed(self, event: AuditEvent) -> None:
        view: View = {"commitment_id": event.subject, **_chosen(event, "digest", "entry_digest")}
        self._once("ledger", self.ledger, str(event.data.get("entry_id")), _Fact(event.seq, view))

    def _added(self, event: AuditEvent) -> None:
        view: View = {"active": True, "tenant": MAIN_TENANT, **_chosen(event, "name", "level", "legal", "tenant")}
        self._once("people", self.people, event.subject, _Fact(event.seq, view))
        self._token(event)

    def _changed(self, event: AuditEvent) -> None:
        self._change(self.people, event.subject, event.seq, _chosen(event, "name", "level", "legal", "active"))

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

    def _session_ended(self, event: AuditEvent) -> None:
        self._change(self.tokens, str(event.data.get("token_id")), event.seq, {"live": False})

    def _lent(self, event: AuditEvent) -> None:
        view: View = {"delegator": event.actor, "ended": None, **_chosen(event, "delegate", "digest")}
        self._once("delegations", self.delegations, event.subject, _Fact(event.seq, view))

    def _lent_no_more(self, event: AuditEvent) -> None:
        former = self.delegations.get(event.subject)
        if former is None or former.view["ended"] is not None:
            self._refuse("delegations", event, "ends what was not lent, or is over")
        else:
            self._change(self.delegations, event.subject, event.seq, {"ended": utc_text(event.at)})

    def _late(self, event: AuditEvent) -> None:
        row_id = f"{event.subject} {event.event.removeprefix('sla_')}"
        self._once("sla_marks", self.sla_marks, row_id, _Fact(event.seq, _chosen(event, "mark_digest")))
        self._noticed(event)

    def _noticed(self, event: AuditEvent) -> None:
        """An event may announce a message; it names the message and its digest."""
        message_id = event.data.get("message_id")
        if message_id is not None:
            self._once("outbox", self.notices, str(message_id), _Fact(event.seq, _chosen(event, "message_digest")))

    def _moved(self, event: AuditEvent) -> None:
        """A delivery went on; the event says what changed of the row of its message, and nothing else."""
        former = self.deliveries.get(event.subject)
        if former is not None and former.view.get("delivered_at") is not None:
            self._refuse("outbox", event, "moves what was delivered")
            return
        self._change(self.deliveries, event.subject, event.seq, _chosen(event, *UNTRIED))

    def _once(self, table: str, facts: dict[str, _Fact], row_id: str, fact: _Fact) -> None:
        """Only the first event counts: another one cannot say something else of what is there."""
        if row_id not in facts:
            facts[row_id] = fact
        elif self.broken is None:
            reason = f"events {facts[row_id].seq} and {fact.seq} both made it, so its row was removed in between"
            self.broken = Disagreement(table=table, row_id=row_id, reason=reason)

    def _refuse(self, table: str, event: AuditEvent, what: str) -> None:
        if self.broken is None:
            self.broken = Disagreement(table=table, row_id=event.subject, reason=f"event {event.seq} {what}")

    def _change(self, facts: dict[str, _Fact], row_id: str, seq: int, change: Mapping[str, JsonValue]) -> None:
        former = facts[row_id].view if row_id in facts else {}
        facts[row_id] = _Fact(seq, {**former, **change})


_OUTCOMES: Final = {
    "commitment_approved": DecisionOutcome.APPROVE,
    "commitment_rejected": DecisionOutcome.REJECT,
    "approval_revoked": DecisionOutcome.REVOKE,
}


_LISTENERS: Final[dict[str, Callable[[Told, AuditEvent], None]]] = {
    "commitment_proposed": Told._proposed,
    "commitment_superseded": Told._superseded,
    "commitment_approved": Told._decided,
    "commitment_rejected": Told._decided,
    "approval_revoked": Told._decided,
    "commitment_committed": Told._committed,
    "person_added": Told._added,
    "person_changed": Told._changed,
    "token_issued": Told._issued,
    "token_revoked": Told._revoked,
    "session_opened": Told._token,
    "session_ended": Told._session_ended,
    "delegation_made": Told._lent,
    "delegation_ended": Told._lent_no_more,
    "sla_warned": Told._late,
    "sla_breached": Told._late,
    "sla_escalated": Told._late,
    **{f"message_{step}": Told._moved for step in ("attempt_failed", "delivered", "dead", "refused", "redriven")},
}
LISTENED: Final = frozenset(_LISTENERS)
"""The kinds of events that say something about a table."""


def first_disagreement(reader: GovernanceReader, told: Told, verifier: Verifier) -> Disagreement | None:
    """Hold every table against the log, and what people decided against the public key; None when all agree.

    Args:
        reader: An open transaction.
        told: What the log says.
        verifier: Public key of the approval service.

    Raises:
        IntegrityError: a row cannot be read; ``table`` and ``row_id`` are in its details.
    """
    entries = reader.ledger()
    return (
        told.broken
        or _compare("ledger", told.ledger, entry_views(entries))
        or _compare("decisions", _used(told.decisions, entries), decision_views(reader.decisions()))
        or _compare("commitments", told.commitments, commitment_views(reader.commitments()))
        or _compare("people", told.people, person_views(reader.people()))
        or _compare("tokens", told.tokens, {token.token_id: token_view(token) for token in reader.tokens()})
        or _compare("delegations", told.delegations, delegation_views(reader.delegations()))
        or _compare("sla_marks", told.sla_marks, mark_views(reader.sla_marks()))
        or _compare_messages(told, _announced(told, entries) | told.notices, reader.outbox())
        or _forged_notice(told, reader.outbox())
        or _unbacked(reader, entries, verifier)
        or _unsigned(reader, verifier)
    )


def commitment_disagreement(
    reader: GovernanceReader, told: Told, commitment: Commitment, verifier: Verifier
) -> Disagreement | None:
    """Hold against the log what one commit stands on: its own rows, those of its thread and document, its people.

    Its own decisions, which no row names yet, are for the commit to check.

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
    asked = {stored.commitment.requested_by for stored in rows}
    lent = {item.decision.delegation_id for item in decisions if item.decision.delegation_id is not None}
    lent |= {key for key, fact in told.delegations.items() if fact.view["delegator"] in asked}
    delegations = [one for one in reader.delegations() if _concerns(one.delegation, lent, asked)]
    deciders = (person_id for item in decisions for person_id in (item.decision.decided_by, item.decision.on_behalf_of))
    concerned = {commitment.requested_by, *filter(None, deciders)}
    people = [person for person in map(reader.person, sorted(concerned)) if person is not None]
    return (
        told.broken
        or _compare("ledger", committed, entry_views(entries))
        or _compare("commitments", _only(told.commitments, near), commitment_views(rows))
        or _compare("decisions", _used(own, entries), decision_views(decisions))
        or _compare("people", _only(told.people, concerned), person_views(people))
        or _compare("delegations", _only(told.delegations, lent), delegation_views(delegations))
        or _unbacked(reader, entries, verifier)
    )


def message_disagreement(
    reader: GovernanceReader, told: Told, queued: QueuedMessage, verifier: Verifier
) -> Disagreement | None:
    """Hold against the log what one message stands on: its row, and the ledger row and commitment that it tells about.

    Raises:
        IntegrityError: like `first_disagreement`.
    """
    about, notice = queued.message.idempotency_key, _only(told.notices, (queued.message.message_id,))
    if notice:
        return told.broken or _not_a_notice(queued.message) or _compare_messages(told, notice, (queued,))
    committed = {key: fact for key, fact in told.ledger.items() if fact.view["commitment_id"] == about}
    entries = [entry for entry in (reader.ledger_entry(about),) if entry is not None]
    stored = [stored for stored in (reader.commitment(about),) if stored is not None]
    return (
        told.broken
        or _compare("ledger", committed, entry_views(entries))
        or _compare("commitments", _only(told.commitments, (about,)), commitment_views(stored))
        or _compare_messages(told, _announced(told, entries), (queued,))
        or _unbacked(reader, entries, verifier)
    )


def _concerns(one: Delegation, used: Collection[str], lenders: Collection[str]) -> bool:
    return one.delegation_id in used or one.delegator in lenders


def _not_a_notice(message: OutboxMessage) -> Disagreement | None:
    """An event can announce a reminder and nothing else: what commits somebody is announced by its ledger row."""
    if message.kind in NOTICES and message.idempotency_key.startswith(NOTICE_KEY):
        return None
    reason = "it is announced as a notice, and is none"
    return Disagreement(table="outbox", row_id=message.message_id, reason=reason)


def _forged_notice(told: Told, messages: Iterable[QueuedMessage]) -> Disagreement | None:
    announced = (item.message for item in messages if item.message.message_id in told.notices)
    return next(filter(None, map(_not_a_notice, announced)), None)


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


def _unbacked(reader: GovernanceReader, entries: Iterable[LedgerEntry], verifier: Verifier) -> Disagreement | None:
    """The first row that the decisions it names do not stand behind: an event can be forged with its row."""
    found = ((entry, unbacked(reader, entry, verifier)) for entry in entries)
    return next(
        (Disagreement(table="ledger", row_id=entry.entry_id, reason=why) for entry, why in found if why is not None),
        None,
    )


def _unsigned(reader: GovernanceReader, verifier: Verifier) -> Disagreement | None:
    """The first decision or delegation that nobody but a forger can have written, whether it counts or not."""
    reason = "the approval service did not sign it"
    decision = first_unsigned(verifier, (item.decision for item in reader.decisions()), ())
    if decision is not None:
        return Disagreement(table="decisions", row_id=decision, reason=reason)
    delegation = first_unsigned(verifier, (), reader.delegations())
    return None if delegation is None else Disagreement(table="delegations", row_id=delegation, reason=reason)


def _chosen(event: AuditEvent, *names: str) -> View:
    """The facts of these names, as far as the event carries them."""
    return {name: event.data[name] for name in names if name in event.data}


def _compare(table: str, told: Mapping[str, _Fact], held: Mapping[str, View]) -> Disagreement | None:
    """The first row, in order of id, that is missing, added or other than the log says."""
    for row_id in sorted(told.keys() | held.keys()):
        if row_id not in told:
            return Disagreement(table=table, row_id=row_id, reason="no event of the log made this row")
        seq, view = told[row_id]
        if row_id not in held:
            return Disagreement(table=table, row_id=row_id, reason=f"event {seq} tells of this row, and it is gone")
        other = [name for name, value in sorted(view.items()) if held[row_id].get(name) != value]
        if other:
            reason = f"{', '.join(other)} of this row differ from what event {seq} says"
            return Disagreement(table=table, row_id=row_id, reason=reason)
    return None


def _announced(told: Told, entries: Iterable[LedgerEntry]) -> dict[str, _Fact]:
    """The messages that ledger rows cause, each by the event of its row."""
    sent = ((told.ledger[entry.entry_id].seq, message_of(entry)) for entry in entries if entry.entry_id in told.ledger)
    return {message.message_id: _Fact(seq, message_view(message)) for seq, message in sent}


def _compare_messages(
    told: Told, announced: Mapping[str, _Fact], queued: Iterable[QueuedMessage]
) -> Disagreement | None:
    """What the messages say, and how far their delivery is."""
    expected = {key: _Fact(fact.seq, {**UNTRIED, **fact.view}) for key, fact in announced.items()}
    for key, moved in _only(told.deliveries, announced).items():
        expected[key] = _Fact(moved.seq, {**expected[key].view, **moved.view})
    return _compare("outbox", expected, {item.message.message_id: queued_view(item) for item in queued})


def _only(facts: Mapping[str, _Fact], keys: Iterable[str]) -> dict[str, _Fact]:
    return {key: facts[key] for key in keys if key in facts}


def _used(facts: Mapping[str, _Fact], entries: Iterable[LedgerEntry]) -> dict[str, _Fact]:
    """The decisions with the ledger entry that used each of them up."""
    used = {decision_id: entry.entry_id for entry in entries for decision_id in entry.decision_ids}
    return {key: _Fact(fact.seq, {**fact.view, "consumed_by": used.get(key)}) for key, fact in facts.items()}
