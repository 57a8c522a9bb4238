"""What an evidence pack says, read from its files alone: no database, no home, no network."""

import json
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Final, TypeVar, cast

from pydantic import JsonValue, TypeAdapter, ValidationError

from partnership_os.governance.agreement import LISTENED, Told
from partnership_os.governance.anchoring import AnchorVerifier
from partnership_os.governance.key_files import parsed_public
from partnership_os.governance.signing import Verifier
from partnership_os.governance.store import GovernanceReader, StoredCommitment, StoredDelegation
from partnership_os.graphs.evidence.archive import (
    MANIFEST,
    SIGNATURE,
    Manifest,
    ManifestSignature,
    PackedAnchors,
    PackedCommitment,
    PackedDecision,
    PackedDelegation,
    PackedKeys,
    committed_at_event,
    people_told,
)
from partnership_os.schemas.commitment import AuditEvent, LedgerEntry, Person
from partnership_os.schemas.evidence import Evidence
from partnership_os.schemas.score_card import PartnerFitScoreCard

_Value = TypeVar("_Value")
_DECISIONS: Final = TypeAdapter(tuple[PackedDecision, ...])
_DELEGATIONS: Final = TypeAdapter(tuple[PackedDelegation, ...])
_PEOPLE: Final = TypeAdapter(tuple[Person, ...])


class Failed(Exception):
    """A check failed; the text names what is wrong, by file or id."""


class NotApplicable(Exception):
    """A check says nothing about this pack."""


class Pack:
    """The files of a pack, each read when a check asks for it.

    Args:
        files: Name → content, as `pack_format.read_archive` gives them.
        approval_key: The public key of the approval service, when the reader brought one.
        anchor_key: The public anchor key, when the reader brought one.
        log: The exported log, when the reader has it.
    """

    def __init__(
        self,
        files: Mapping[str, bytes],
        approval_key: Verifier | None,
        anchor_key: AnchorVerifier | None,
        log: Path | None = None,
    ) -> None:
        self.files = files
        self.log = log
        self._approval_key = approval_key
        self._anchor_key = anchor_key

    def read(self, name: str, adapter: TypeAdapter[_Value]) -> _Value:
        """One JSON file as a record.

        Raises:
            Failed: it is missing or says something else.
        """
        try:
            return adapter.validate_json(self.raw(name))
        except ValidationError:
            raise Failed(name) from None

    def raw(self, name: str) -> bytes:
        """The bytes of a file that every pack has.

        Raises:
            Failed: it is missing.
        """
        if name not in self.files:
            raise Failed(name)
        return self.files[name]

    def json(self, name: str) -> JsonValue:
        """One JSON file as it is.

        Raises:
            Failed: it is missing or no JSON.
        """
        try:
            return cast(JsonValue, json.loads(self.raw(name)))
        except (ValueError, RecursionError):
            raise Failed(name) from None

    @cached_property
    def manifest(self) -> Manifest:
        """The manifest."""
        return self.read(MANIFEST, TypeAdapter(Manifest))

    @cached_property
    def signature(self) -> ManifestSignature:
        """The signature of the manifest."""
        return self.read(SIGNATURE, TypeAdapter(ManifestSignature))

    @cached_property
    def packed(self) -> PackedCommitment:
        """The commitment."""
        return self.read("commitment.json", TypeAdapter(PackedCommitment))

    @cached_property
    def decisions(self) -> tuple[PackedDecision, ...]:
        """Every decision."""
        return self.read("decisions.json", _DECISIONS)

    @cached_property
    def delegations(self) -> tuple[PackedDelegation, ...]:
        """The delegations of the people concerned."""
        return self.read("delegations.json", _DELEGATIONS)

    @cached_property
    def people(self) -> tuple[Person, ...]:
        """The people concerned."""
        return self.read("people.json", _PEOPLE)

    @cached_property
    def entry(self) -> LedgerEntry:
        """The ledger entry.

        Raises:
            NotApplicable: the commitment has not taken effect.
        """
        if "ledger_entry.json" not in self.files and self.packed.status != "committed":
            raise NotApplicable
        return self.read("ledger_entry.json", TypeAdapter(LedgerEntry))

    @cached_property
    def anchors(self) -> PackedAnchors:
        """The anchors."""
        return self.read("anchor.json", TypeAdapter(PackedAnchors))

    @cached_property
    def card(self) -> PartnerFitScoreCard:
        """The score card.

        Raises:
            NotApplicable: there is none.
        """
        if "score_card.json" not in self.files:
            raise NotApplicable
        return self.read("score_card.json", TypeAdapter(PartnerFitScoreCard))

    @cached_property
    def evidence(self) -> dict[str, Evidence]:
        """The texts, by id."""
        held = [name for name in sorted(self.files) if name.startswith("evidence/")]
        read = {name: self.read(name, TypeAdapter(Evidence)) for name in held}
        for name, item in read.items():
            if name != f"evidence/{item.evidence_id}.json":
                raise Failed(name)
        return {item.evidence_id: item for item in read.values()}

    @cached_property
    def keys(self) -> PackedKeys:
        """The public keys that the pack brings."""
        return self.read("keys.json", TypeAdapter(PackedKeys))

    @cached_property
    def approval_key(self) -> Verifier:
        """The key that decisions are checked with: the reader's, else the pack's own."""
        if self._approval_key is not None:
            return self._approval_key
        key = parsed_public(self.keys.approval.pem.encode())
        if key is None:
            raise Failed("keys.json")
        return Verifier(key)

    @cached_property
    def anchor_key(self) -> AnchorVerifier:
        """The key that anchors and manifest are checked with: the reader's, else the pack's own."""
        if self._anchor_key is not None:
            return self._anchor_key
        key = parsed_public(self.keys.anchor.pem.encode())
        if key is None:
            raise Failed("keys.json")
        return AnchorVerifier(key)

    @property
    def keys_were_given(self) -> bool:
        """True when the reader brought both keys."""
        return self.approval_key_was_given and self.anchor_key_was_given

    @property
    def approval_key_was_given(self) -> bool:
        """True when the reader brought the key of the approval service."""
        return self._approval_key is not None

    @property
    def anchor_key_was_given(self) -> bool:
        """True when the reader brought the anchor key."""
        return self._anchor_key is not None

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The extracted events as they are stored."""
        return self._lines("audit_extract.jsonl")

    @cached_property
    def events(self) -> tuple[AuditEvent, ...]:
        """The extracted events."""
        try:
            return tuple(AuditEvent.model_validate_json(line) for line in self.lines)
        except ValidationError:
            raise Failed("audit_extract.jsonl") from None

    @cached_property
    def spine(self) -> dict[int, str]:
        """The hash of each event by its number, without a gap.

        Raises:
            Failed: a line is no such pair, or numbers are missing.
        """
        found: dict[int, str] = {}
        try:
            for line in self._lines("audit_spine.jsonl"):
                pair = json.loads(line)
                found[int(pair["seq"])] = str(pair["hash"])
        except (ValueError, KeyError, TypeError, RecursionError):
            raise Failed("audit_spine.jsonl") from None
        if not found or list(found) != list(range(min(found), min(found) + len(found))):
            raise Failed("audit_spine.jsonl")
        return found

    @cached_property
    def told(self) -> Told:
        """What the extracted events say that the tables must hold."""
        told = Told()
        for event in self.events:
            if event.event in LISTENED:
                told.hear(event)
        return told

    @cached_property
    def decided_at_event(self) -> int:
        """The number of the commit event; of the last event where there is none."""
        return committed_at_event(self.events, self.packed.commitment.commitment_id)

    def reader(self) -> GovernanceReader:
        """The people, delegations and requests as they were at the commit, for the rules that count approvals."""
        return cast(GovernanceReader, _Then(self))

    def _lines(self, name: str) -> tuple[str, ...]:
        try:
            text = self.raw(name).decode()
        except UnicodeDecodeError:
            raise Failed(name) from None
        if not text.endswith("\n"):
            raise Failed(name)
        return tuple(text[:-1].split("\n"))


class _Then:
    """What the rules that count approvals ask a store, answered from a pack."""

    def __init__(self, pack: Pack) -> None:
        self._people = {person.person_id: person for person in people_told(pack.events, pack.decided_at_event)}
        times = {event.seq: event.at for event in pack.events}
        self._delegations = {
            one.delegation.delegation_id: StoredDelegation(
                delegation=one.delegation,
                ended_at=times.get(one.ended_by_event)
                if one.ended_by_event is not None and one.ended_by_event <= pack.decided_at_event
                else None,
            )
            for one in pack.delegations
        }
        self._packed = pack.packed
        self._asked = [event for event in pack.events if event.event == "commitment_proposed"]

    def person(self, person_id: str) -> Person | None:
        return self._people.get(person_id)

    def delegation(self, delegation_id: str) -> StoredDelegation | None:
        return self._delegations.get(delegation_id)

    def delegations(self) -> tuple[StoredDelegation, ...]:
        return tuple(self._delegations.values())

    def commitments_of_thread(self, thread_id: str) -> tuple[StoredCommitment, ...]:
        return self._asked_about("thread_id", thread_id)

    def commitments_of_document(self, document_id: str) -> tuple[StoredCommitment, ...]:
        return self._asked_about("document_id", document_id)

    def _asked_about(self, place: str, key: str) -> tuple[StoredCommitment, ...]:
        """Who asked and when, as the log says; the rules ask for nothing else of what others wanted."""
        own = StoredCommitment(commitment=self._packed.commitment, digest=self._packed.digest)
        found = (
            {"commitment_id": event.subject, "requested_by": event.actor, "requested_at": event.at}
            for event in self._asked
            if event.data.get(place) == key
        )
        return tuple(own.model_copy(update={"commitment": own.commitment.model_copy(update=asked)}) for asked in found)
