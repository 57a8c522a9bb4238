"""Whether a store was left well: judged from its raw rows and the log, with rules written again and not imported.

Only signatures are checked by the product's own code. Everything else (hash chain, digests, policy, order of events) is
computed here a second time, so that a fault of the product does not excuse itself.
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import sha256
from itertools import permutations
from typing import Any

from sqlalchemy import Connection, text

from partnership_os.governance.signing import Verifier
from partnership_os.schemas.commitment import Decision

Row = dict[str, Any]

LEVELS = ("analyst", "manager", "director", "vp", "c-level")
LEVEL_OF_TYPE = {
    "referral": "manager",
    "distribution": "director",
    "technology": "vp",
    "strategic": "c-level",
    "government": "c-level",
}
DECIDED = {"commitment_approved": "approve", "commitment_rejected": "reject", "approval_revoked": "revoke"}
FOREVER = 10**9


def canonical(value: object) -> bytes:
    """The canonical form of plain data without floats, whose keys are ASCII."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def hashed(value: object) -> str:
    return sha256(canonical(value)).hexdigest()


class Records:
    """All rows of the gate, as they are stored."""

    def __init__(self, connection: Connection) -> None:
        def rows(table: str, order: str) -> list[Row]:
            query = text(f"SELECT * FROM {table} ORDER BY {order}")
            return [dict(row._mapping) for row in connection.execute(query)]

        def bodies(table: str, order: str) -> list[Row]:
            return [{**json.loads(row["body"]), "_row": row} for row in rows(table, order)]

        self.events = bodies("audit", "seq")
        self.commitments = {item["commitment_id"]: item for item in bodies("commitments", "commitment_id")}
        self.decisions = {item["decision_id"]: item for item in bodies("decisions", "decision_id")}
        self.ledger = bodies("ledger", "entry_id")
        self.outbox = bodies("outbox", "message_id")
        self.people = {item["person_id"]: item for item in bodies("people", "person_id")}
        self.delegations = {item["delegation_id"]: item for item in bodies("delegations", "delegation_id")}
        self.tokens = {item["token_id"]: item for item in rows("tokens", "token_id")}
        self.seq_of: dict[tuple[str, str], list[int]] = {}
        for event in self.events:
            self._hear(event)

    def _hear(self, event: Row) -> None:
        kind, data = event["event"], event["data"]
        ids = {
            event["subject"],
            *(str(data[name]) for name in ("decision_id", "token_id", "delegation_id") if name in data),
        }
        for key in ids:
            self.seq_of.setdefault((kind, key), []).append(event["seq"])

    def seqs(self, kind: str, key: str) -> list[int]:
        """Numbers of the events of a kind about an id."""
        return self.seq_of.get((kind, key), [])

    def decided_at_event(self, decision: Row) -> int:
        """Number of the event that tells of a decision; after everything when there is none."""
        kinds = [kind for kind, outcome in DECIDED.items() if outcome == decision["outcome"]]
        return min([seq for kind in kinds for seq in self.seqs(kind, decision["decision_id"])], default=FOREVER)

    def person_at(self, person_id: str, seq: int) -> Row | None:
        """Level, role and state of a person as the log tells them before an event."""
        told: Row | None = None
        for event in self.events:
            if event["seq"] >= seq:
                break
            if event["subject"] == person_id and event["event"] in ("person_added", "person_changed"):
                told = {"active": True, **(told or {}), **event["data"]}
        return told

    def requesters(self, commitment: Row) -> set[str]:
        """Who asked for it, or earlier for anything in its thread or about its document."""
        near = (
            item
            for item in self.commitments.values()
            if item["thread_id"] == commitment["thread_id"] or item["document_id"] == commitment["document_id"]
        )
        earlier = {item["requested_by"] for item in near if item["requested_at"] <= commitment["requested_at"]}
        return earlier | {commitment["requested_by"]}

    def delegation_live(self, delegation_id: str, seq: int, at: str) -> Row | None:
        """A delegation that may be used before an event."""
        lent = self.delegations.get(delegation_id)
        if lent is None or not lent["starts_at"] <= at < lent["expires_at"]:
            return None
        made = any(made < seq for made in self.seqs("delegation_made", delegation_id))
        ends = (end for end in self.seqs("delegation_ended", delegation_id) if end < seq)
        return lent if made and not any(self.events[end - 1]["at"] <= at for end in ends) else None

    def excluded(self, commitment: Row, seq: int, at: str) -> set[str]:
        """Who may not approve at a moment: requesters, and who then holds authority that one of them lent."""
        requesters = self.requesters(commitment)
        live = (one for key in self.delegations if (one := self.delegation_live(key, seq, at)) is not None)
        return requesters | {one["delegate"] for one in live if one["delegator"] in requesters}


def violations(records: Records, verifier: Verifier) -> list[str]:
    """Everything that is wrong, in words; nothing when the store is well."""
    found = [*_chain(records.events), *_halves(records), *doubles(records)]
    for entry in records.ledger:
        found += [f"unauthorised row {entry['entry_id']}: {why}" for why in _unauthorised(records, entry, verifier)]
    return found


def may_commit(records: Records, commitment: Row, verifier: Verifier, now: datetime) -> bool:
    """Whether a commitment has to be committed when somebody asks for it now."""
    at = now.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    version = (commitment["document_id"], commitment["document_version"])
    if any((entry["document_id"], entry["document_version"]) == version for entry in records.ledger):
        return any(entry["commitment_id"] == commitment["commitment_id"] for entry in records.ledger)
    own = [item for item in records.decisions.values() if item["commitment_id"] == commitment["commitment_id"]]
    return not _not_met(records, commitment, own, verifier, FOREVER, at)


def _chain(events: Sequence[Row]) -> list[str]:
    """The log: numbered, linked, each body with its hash."""
    previous, found = "0" * 64, []
    for number, event in enumerate(events, 1):
        body = {name: value for name, value in event.items() if name not in ("hash", "_row")}
        whole = event["_row"]["body"].encode() == canonical({**body, "hash": event["hash"]})
        linked = event["seq"] == number == event["_row"]["seq"] and event["previous"] == previous
        if not (whole and linked and hashed(body) == event["hash"] == event["_row"]["hash"]):
            found.append(f"broken log at event {number}")
        previous = event["hash"]
    return found


def _halves(records: Records) -> list[str]:
    """Each row has its event, each event its row, and a ledger row everything that belongs to it."""
    told: dict[str, Counter[str]] = {}
    for event in records.events:
        data = event["data"]
        key = data["decision_id"] if event["event"] in DECIDED else event["subject"]
        told.setdefault(event["event"], Counter())[key] += 1
        if "token_id" in data and event["event"] != "session_ended":
            told.setdefault("a token", Counter())[data["token_id"]] += 1
    superseded = [key for key, item in records.commitments.items() if item["_row"]["superseded_by"]]
    effects = [item["idempotency_key"] for item in records.outbox if "entry_id" in item["payload"]]
    pairs: list[tuple[str, Iterable[str], tuple[str, ...]]] = [
        ("ledger", [entry["commitment_id"] for entry in records.ledger], ("commitment_committed",)),
        ("outbox", effects, ("commitment_committed",)),
        ("decisions", records.decisions, tuple(DECIDED)),
        ("commitments", records.commitments, ("commitment_proposed",)),
        ("superseded commitments", superseded, ("commitment_superseded",)),
        ("people", records.people, ("person_added",)),
        ("tokens", records.tokens, ("a token",)),
        ("delegations", records.delegations, ("delegation_made",)),
    ]
    found = []
    for table, keys, kinds in pairs:
        held, heard = Counter(list(keys)), sum((told.get(kind, Counter()) for kind in kinds), Counter())
        found += [f"half: {table} {key} has a row and no event" for key in sorted(held - heard)]
        found += [f"half: {table} {key} has an event and no row" for key in sorted(heard - held)]
    used = {decision_id: entry["entry_id"] for entry in records.ledger for decision_id in entry["decision_ids"]}
    for key, decision in records.decisions.items():
        if decision["_row"]["consumed_by"] != used.get(key):
            found.append(f"half: decision {key} is consumed by {decision['_row']['consumed_by']}, not {used.get(key)}")
    found += [f"half: decision {key} of the ledger is gone" for key in sorted(used.keys() - records.decisions.keys())]
    return found


def doubles(records: Records) -> list[str]:
    once: dict[str, list[object]] = {
        "commitment": [entry["commitment_id"] for entry in records.ledger],
        "version of a document": [(entry["document_id"], entry["document_version"]) for entry in records.ledger],
        "use of a decision": [key for entry in records.ledger for key in entry["decision_ids"]],
        "message": [message["idempotency_key"] for message in records.outbox],
        "event of a commit": [item["subject"] for item in records.events if item["event"] == "commitment_committed"],
        "decision": [
            (item["commitment_id"], item["decided_by"], item["outcome"]) for item in records.decisions.values()
        ],
    }
    return [
        f"double {what}: {key} {count} times"
        for what, keys in once.items()
        for key, count in Counter(keys).items()
        if count > 1
    ]


def _unauthorised(records: Records, entry: Row, verifier: Verifier) -> list[str]:
    """Why this ledger row should not be there, judged at its place in the log."""
    commitment = records.commitments.get(entry["commitment_id"])
    if commitment is None:
        return ["it names no commitment"]
    digest = hashed({name: value for name, value in commitment.items() if name not in ("commitment_id", "_row")})
    if not digest == commitment["_row"]["digest"] == entry["digest"]:
        return ["its digest is not that of the commitment"]
    named = [records.decisions[key] for key in entry["decision_ids"] if key in records.decisions]
    seq = min(records.seqs("commitment_committed", entry["commitment_id"]), default=FOREVER)
    return _not_met(records, commitment, named, verifier, seq, entry["committed_at"])


def _not_met(
    records: Records, commitment: Row, named: Sequence[Row], verifier: Verifier, seq: int, at: str
) -> list[str]:
    """Why the policy is not met by these decisions for a commit that stands at this place of the log."""
    key = commitment["commitment_id"]
    about = [item for item in records.decisions.values() if item["commitment_id"] == key]
    found = []
    if at >= commitment["expires_at"]:
        found.append("it has expired")
    if any(item["outcome"] == "reject" and records.decided_at_event(item) < seq for item in about):
        found.append("it was rejected before")
    if any(superseded < seq for superseded in records.seqs("commitment_superseded", key)):
        found.append("it was superseded before")
    revoked = {item.get("revokes") for item in about if records.decided_at_event(item) < seq}
    approvals = [
        item
        for item in named
        if item["outcome"] == "approve" and item["decision_id"] not in revoked and records.decided_at_event(item) < seq
    ]
    authorities = [
        one for item in approvals if (one := _authority(records, commitment, item, verifier, seq, at)) is not None
    ]
    if not _meets(commitment, authorities):
        found.append(f"policy not met by {len(authorities)} of {len(named)} decisions")
    return found


def _authority(
    records: Records, commitment: Row, decision: Row, verifier: Verifier, seq: int, at: str
) -> tuple[frozenset[str], str, bool] | None:
    """The people behind an approval, and the level and role that it carries at this place of the log."""
    people = frozenset({decision["decided_by"], decision.get("on_behalf_of") or decision["decided_by"]})
    signed = verifier.holds(Decision.model_validate_json(decision["_row"]["body"]))
    same = (
        decision["digest"] == commitment["_row"]["digest"]
        and decision["_row"]["commitment_id"] == decision["commitment_id"]
    )
    if not (signed and same and decision["decided_at"] <= at < decision["expires_at"]):
        return None
    if people & records.excluded(commitment, records.decided_at_event(decision), decision["decided_at"]):
        return None
    level, legal = decision["level"], decision["legal"]
    for person_id in people:
        person = records.person_at(person_id, seq)
        if person is None or not person["active"]:
            return None
    source = records.person_at(decision.get("on_behalf_of") or decision["decided_by"], seq)
    assert source is not None
    level, legal = min(level, source["level"], key=LEVELS.index), legal and source["legal"]
    if decision.get("delegation_id"):
        lent = records.delegation_live(decision["delegation_id"], seq, at)
        if lent is None or {lent["delegator"], lent["delegate"]} != people:
            return None
        level, legal = min(level, lent["max_level"], key=LEVELS.index), legal and lent["legal"]
    return people, level, legal


def _meets(commitment: Row, authorities: Sequence[tuple[frozenset[str], str, bool]]) -> bool:
    """Whether the authorities, each of other people, meet the policy of the type; no value is part of this workload."""
    assert commitment.get("value") is None
    kind = commitment["partnership_type"]
    needed = [(LEVEL_OF_TYPE[kind], False)] + ([("analyst", True)] if kind == "government" else [])
    for chosen in permutations(authorities, len(needed)):
        apart = sum(len(people) for people, _, _ in chosen) == len(
            frozenset().union(*(people for people, _, _ in chosen))
        )
        enough = all(
            LEVELS.index(level) >= LEVELS.index(least) and (legal or not must)
            for (_, level, legal), (least, must) in zip(chosen, needed, strict=True)
        )
        if apart and enough:
            return True
    return False
