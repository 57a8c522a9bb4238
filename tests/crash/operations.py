"""What the child processes do to one home. A new store method joins the tests by one function and one line here.

An operation takes the gate and its arguments, and returns what it acknowledges: events (kind, id) that must be in the
log from now on, whatever happens to the process. `OPERATIONS` are called by name with arguments, `WORKLOAD` at random.
"""

import json
import os
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final, TypeAlias, TypeVar

from partnership_os.governance import commitments, delivery, sla
from partnership_os.governance.approvals import ApprovalService
from partnership_os.governance.delegation import DelegationDraft
from partnership_os.governance.signing import create_keys, load_signer, load_verifier
from partnership_os.schemas.commitment import Commitment, DecisionOutcome
from partnership_os.schemas.partnership import ApprovalLevel, PartnershipType
from partnership_os.storage.anchor import ANCHOR_FILE, FileAnchor
from partnership_os.storage.database import open_database
from partnership_os.storage.governance_store import SqlGovernanceStore
from partnership_os.testing.clock import TickingClock
from partnership_os.tools.file_courier import FileCourier

Acknowledged: TypeAlias = list[tuple[str, str]]
_Item = TypeVar("_Item")

STAFF: Final[dict[str, tuple[str, bool]]] = {
    "requester": ("c-level", False),
    "editor": ("manager", False),
    "manager": ("manager", False),
    "director": ("director", False),
    "vp": ("vp", False),
    "chief": ("c-level", False),
    "counsel": ("manager", True),
}
"""Level and legal role of everybody, by the name under which the operations know them."""
EVENT_OF: Final = {
    DecisionOutcome.APPROVE: "commitment_approved",
    DecisionOutcome.REJECT: "commitment_rejected",
    DecisionOutcome.REVOKE: "approval_revoked",
}


LATE: Final = dict.fromkeys(PartnershipType, sla.SlaHours(warned=0.0001, breached=0.0002, escalated=0.0003))


class Gate:
    """One home, opened by one process.

    Args:
        url: The database.
        home: Keys, anchor and the tokens of everybody.
        now: Where the clock stands; it moves a millisecond at each reading.
    """

    def __init__(self, url: str, home: Path, now: datetime) -> None:
        self.home = home
        self.clock = TickingClock(now, timedelta(milliseconds=1))
        self.database = open_database(url)
        self.store = SqlGovernanceStore(self.database, FileAnchor(home / ANCHOR_FILE, clock=self.clock))
        create_keys(home)
        self.verifier = load_verifier(home)
        self.service = ApprovalService(self.store, load_signer(home), self.clock)
        self._tokens = home / "tokens.json"
        self.tokens: dict[str, tuple[str, str]] = {}
        if self._tokens.exists():
            self.tokens = json.loads(self._tokens.read_text(encoding="utf-8"))

    def id_of(self, role: str) -> str:
        return self.tokens[role][0]

    def token_of(self, role: str) -> str:
        return self.tokens[role][1]

    def keep(self, role: str, person_id: str, token: str) -> None:
        self.tokens[role] = (person_id, token)
        written = self._tokens.with_suffix(f".{os.getpid()}")
        written.write_text(json.dumps(self.tokens), encoding="utf-8")
        written.replace(self._tokens)  # as a whole: the other worker may die in the middle

    def newest(self, document: str) -> Commitment:
        """The last commitment about a document."""
        with self.store.snapshot() as reader:
            return reader.commitments_of_document(document)[-1].commitment

    def open(self) -> list[Commitment]:
        """What is neither in the ledger nor superseded."""
        with self.store.snapshot() as reader:
            return [stored.commitment for stored in reader.open_commitments()]

    def close(self) -> None:
        self.database.close()


def populate(gate: Gate) -> Acknowledged:
    """Everybody who works here."""
    for role, (level, legal) in STAFF.items():
        person, token = gate.service.add_person(role, ApprovalLevel(level), legal, actor="operator")
        gate.keep(role, person.person_id, token)
    return [("person_added", gate.id_of(role)) for role in STAFF]


def propose(gate: Gate, document: str, version: int = 1, kind: str = "distribution", action: str = "issue_term_sheet",
            role: str = "requester") -> Acknowledged:  # fmt: skip
    draft = commitments.ProposalDraft(
        action=action,
        thread_id=f"thread-{document}",
        partnership_type=PartnershipType(kind),
        parties=("Us Ltd", "شركة نجد"),
        document_id=document,
        document_version=version,
        terms={"commission": "0.15", "currency": "SAR", "title": "اتفاقية", "version": version},
        currency="SAR",
        requested_by=gate.id_of(role),
    )
    return [("commitment_proposed", commitments.propose(gate.store, draft, gate.clock).commitment_id)]


def edit(gate: Gate, document: str, version: int, role: str = "requester") -> Acknowledged:
    """This version of a document in place of the one before it."""
    with gate.store.snapshot() as reader:
        versions = {
            item.commitment.document_version: item.commitment for item in reader.commitments_of_document(document)
        }
    old = versions[version - 1]
    draft = commitments.ProposalDraft(
        **{
            name: getattr(old, name) for name in ("thread_id", "partnership_type", "parties", "document_id", "currency")
        },
        action="reissue_term_sheet",
        document_version=version,
        terms={**old.terms, "version": version},
        requested_by=gate.id_of(role),
        edited_from=old.commitment_id,
    )
    return [("commitment_proposed", commitments.propose(gate.store, draft, gate.clock).commitment_id)]


def decide(gate: Gate, document: str, role: str, outcome: str = "approve", behalf: str | None = None) -> Acknowledged:
    decision = gate.service.decide(
        gate.newest(document).commitment_id,
        gate.token_of(role),
        DecisionOutcome(outcome),
        None if outcome == "approve" else "the margin is too low",
        on_behalf_of=None if behalf is None else gate.id_of(behalf),
    )
    return [(EVENT_OF[decision.outcome], decision.decision_id)]


def commit(gate: Gate, document: str) -> Acknowledged:
    return commit_one(gate, gate.newest(document))


def commit_one(gate: Gate, commitment: Commitment) -> Acknowledged:
    key = commitment.commitment_id
    entry = commitments.commit(gate.store, gate.verifier, gate.clock, key, commitment.terms)
    return [("commitment_committed", entry.commitment_id)]


def delegate(gate: Gate, delegator: str, to: str) -> Acknowledged:
    draft = DelegationDraft(delegate=gate.id_of(to), reason="on leave", days=30)
    return [("delegation_made", gate.service.lend_authority(gate.token_of(delegator), draft).delegation_id)]


def end_delegation(gate: Gate, delegator: str) -> Acknowledged:
    """End the first delegation of somebody."""
    own = [item.delegation for item in gate.service.delegations() if item.delegation.delegator == gate.id_of(delegator)]
    if not own:
        return []
    return [
        ("delegation_ended", gate.service.end_delegation(gate.token_of(delegator), own[0].delegation_id).delegation_id)
    ]


def issue_token(gate: Gate, role: str) -> Acknowledged:
    token = gate.service.issue_token(gate.id_of(role), actor="operator")
    gate.keep(role, gate.id_of(role), token)
    return [("token_issued", token.split("_")[1])]


def revoke_token(gate: Gate, role: str) -> Acknowledged:
    gate.service.revoke_token(gate.id_of(role), actor="operator")
    return [("token_revoked", gate.id_of(role))]


def change_level(gate: Gate, role: str, level: str) -> Acknowledged:
    gate.service.change_person(gate.id_of(role), actor="operator", level=ApprovalLevel(level))
    return [("person_changed", gate.id_of(role))]


def deliver(gate: Gate) -> Acknowledged:
    """What the worker of the outbox does: files beside the home."""
    couriers = {delivery.EVERY_KIND: FileCourier(gate.home / "outbox")}
    report = delivery.deliver_due(gate.store, gate.verifier, couriers, gate.clock, f"worker-{os.getpid()}")
    return [("message_delivered", item.message.message_id) for item in report.messages if item.delivered_at is not None]


def remind(gate: Gate) -> Acknowledged:
    """The clock of the approvals, with hours so short that everything is late."""
    return [(f"sla_{mark.stage.value}", mark.commitment_id) for mark in sla.tick(gate.store, gate.clock, LATE)]


OPERATIONS: Final[dict[str, Callable[..., Acknowledged]]] = {
    operation.__name__: operation
    for operation in (
        populate,
        propose,
        edit,
        decide,
        commit,
        delegate,
        end_delegation,
        issue_token,
        revoke_token,
        change_level,
        deliver,
        remind,
    )
}


def pick(rng: Random, items: Sequence[_Item]) -> _Item:
    """One of the items by one draw, so that a schedule draws as often whatever it finds in the store."""
    return items[int(rng.random() * len(items))]


def _some_document(gate: Gate, rng: Random) -> str:
    draw = rng.random()
    waiting = gate.open()
    return waiting[int(draw * len(waiting))].document_id if waiting else "ts_first"


def _some_propose(gate: Gate, rng: Random) -> Acknowledged:
    document = f"ts_{int(rng.random() * 10**6)}"
    return propose(
        gate,
        document,
        kind=pick(rng, [item.value for item in PartnershipType][:5]),
        role=pick(rng, ("requester", "editor")),
    )


def _some_edit(gate: Gate, rng: Random) -> Acknowledged:
    document, role = _some_document(gate, rng), pick(rng, ("requester", "editor", "chief"))
    return edit(gate, document, gate.newest(document).document_version + 1, role)


def _some_approval(gate: Gate, rng: Random) -> Acknowledged:
    """Mostly by somebody who may, so that something is committed; the rest is refused."""
    document, anybody, draw = _some_document(gate, rng), pick(rng, list(STAFF)), rng.random()
    item = commitments.standing(gate.store, gate.clock, gate.newest(document).commitment_id)
    may = [role for role in STAFF if gate.id_of(role) in {person.person_id for person in item.may_approve}]
    return decide(gate, document, may[0] if may and draw < 0.8 else anybody)


def _some_delegated_approval(gate: Gate, rng: Random) -> Acknowledged:
    return decide(gate, _some_document(gate, rng), pick(rng, ("manager", "vp")), behalf=pick(rng, ("chief", "counsel")))


def _some_rejection(gate: Gate, rng: Random) -> Acknowledged:
    return decide(gate, _some_document(gate, rng), pick(rng, list(STAFF)), "reject")


def _some_revocation(gate: Gate, rng: Random) -> Acknowledged:
    return decide(gate, _some_document(gate, rng), pick(rng, list(STAFF)), "revoke")


def _some_commit(gate: Gate, rng: Random) -> Acknowledged:
    """Mostly of what is approved."""
    draw, document = rng.random(), _some_document(gate, rng)
    approved = [item for item in commitments.inbox(gate.store, gate.clock) if not item.still_needed]
    return commit_one(gate, approved[0].commitment) if approved and draw < 0.8 else commit(gate, document)


def _some_delegation(gate: Gate, rng: Random) -> Acknowledged:
    return delegate(gate, pick(rng, ("chief", "counsel", "requester")), pick(rng, ("manager", "vp")))


def _some_end(gate: Gate, rng: Random) -> Acknowledged:
    return end_delegation(gate, pick(rng, ("chief", "counsel", "requester")))


def _some_token(gate: Gate, rng: Random) -> Acknowledged:
    return issue_token(gate, pick(rng, list(STAFF)))


def _some_end_of_tokens(gate: Gate, rng: Random) -> Acknowledged:
    return revoke_token(gate, pick(rng, ("manager", "vp")))


def _some_change(gate: Gate, rng: Random) -> Acknowledged:
    return change_level(gate, pick(rng, ("director", "vp")), pick(rng, ("analyst", "director", "vp")))


WORKLOAD: Final[dict[Callable[[Gate, Random], Acknowledged], int]] = {
    _some_approval: 12,
    _some_delegated_approval: 4,
    _some_commit: 8,
    _some_propose: 3,
    _some_edit: 2,
    _some_rejection: 1,
    _some_revocation: 1,
    _some_delegation: 2,
    _some_end: 1,
    _some_token: 1,
    _some_end_of_tokens: 1,
    _some_change: 1,
    lambda gate, _rng: deliver(gate): 3,
    lambda gate, _rng: remind(gate): 1,
}
"""What the two workers do, each with its weight."""


def census(gate: Gate) -> dict[str, Any]:
    """How many rows and events of each kind there are, and how many decisions were used."""
    from sqlalchemy import func, select

    from partnership_os.storage import tables

    with gate.database.read() as connection:
        counted: dict[str, Any] = {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in tables.metadata.sorted_tables
        }
        kinds = connection.execute(select(tables.audit.c.event, func.count()).group_by(tables.audit.c.event))
        counted |= {f"event {kind}": number for kind, number in kinds}
        counted["used decisions"] = connection.execute(select(func.count(tables.decisions.c.consumed_by))).scalar_one()
        counted["superseded"] = connection.execute(select(func.count(tables.commitments.c.superseded_by))).scalar_one()
    return counted
