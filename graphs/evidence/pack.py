"""The evidence pack of a commitment: what was agreed, by whom and on what grounds, in one file."""

import json
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from partnership_os import __version__
from partnership_os.agents.conformance import check_conformance
from partnership_os.agents.playbook import load_playbook
from partnership_os.governance import audit
from partnership_os.governance.anchoring import whole
from partnership_os.governance.canonical import canonical_bytes, fields_without
from partnership_os.governance.clock import Clock, moment_of_reading
from partnership_os.governance.key_files import key_id_of, public_pem, read_public
from partnership_os.governance.signing import PUBLIC_FILE
from partnership_os.governance.standing import existing, people_in, standing_of
from partnership_os.governance.store import GovernanceReader, SignedAnchor, StoredCommitment, StoredDelegation
from partnership_os.graphs.approval_packet import card_behind, sheet_in
from partnership_os.graphs.evidence.archive import (
    MANIFEST,
    PURPOSE,
    SIGNATURE,
    Manifest,
    ManifestSignature,
    PackedAnchors,
    PackedCommitment,
    PackedDecision,
    PackedDelegation,
    PackedFile,
    PackedKey,
    PackedKeys,
    committed_at_event,
    json_file,
    people_told,
    plain,
    write_archive,
)
from partnership_os.graphs.evidence.completeness import concerns
from partnership_os.graphs.evidence.readme import EVIDENCE, WHAT, readme
from partnership_os.graphs.services import Services
from partnership_os.schemas.commitment import AuditEvent, Commitment, CommitmentStatus, LedgerEntry
from partnership_os.schemas.evidence import Evidence
from partnership_os.schemas.score_card import PartnerFitScoreCard
from partnership_os.storage.anchor import FileAnchor


class _Found(NamedTuple):
    """What the store of the gate holds about a commitment."""

    stored: StoredCommitment
    status: CommitmentStatus
    entry: LedgerEntry | None
    decisions: tuple[PackedDecision, ...]
    delegations: tuple[StoredDelegation, ...]
    events: tuple[AuditEvent, ...]
    lines: tuple[str, ...]
    spine: tuple[tuple[int, str], ...]
    anchors: PackedAnchors


def build_pack(services: Services, clock: Clock, commitment_id: str, anchors: FileAnchor, keys: Path) -> bytes:
    """Make the evidence pack of a commitment; the same state gives the same bytes.

    Args:
        services: The stores.
        clock: Tells whether a commitment that waits has expired.
        commitment_id: A commitment, whether it took effect or not.
        anchors: The place of the anchors; its key signs the manifest.
        keys: The folder with the public key of the approval service.

    Raises:
        InputError: there is no such commitment.
        IntegrityError: the audit log is broken, or a stored record does not match it.
        ConfigurationError: a key or the place of the anchors cannot be used.
    """
    whole(audit.report(services.governance, services.verifier))
    with services.governance.transaction():
        pass  # after it the anchor has followed the log
    signed = anchors.signed()
    with services.governance.snapshot() as reader:
        found = _found(reader, clock, commitment_id, signed)
    files = _gate_files(found)
    files |= _ground_files(services, found.stored.commitment)
    approval, anchor = read_public(keys / PUBLIC_FILE, fix="Restore it from a backup."), anchors.signer()
    files["keys.json"] = json_file(
        PackedKeys(
            approval=PackedKey(key_id=key_id_of(approval), pem=public_pem(approval).decode()),
            anchor=PackedKey(key_id=anchor.verifier.key_id, pem=anchor.verifier.pem.decode()),
        ).model_dump(mode="json")
    )
    files["README.txt"] = readme(commitment_id, found.stored.digest, found.status.value, frozenset(files))
    manifest = json_file(_manifest(found, files).model_dump(mode="json"))
    signature = ManifestSignature(key_id=anchor.verifier.key_id, signature=anchor.sign(PURPOSE, manifest))
    return write_archive({**files, MANIFEST: manifest, SIGNATURE: json_file(signature.model_dump(mode="json"))})


def _manifest(found: _Found, files: dict[str, bytes]) -> Manifest:
    return Manifest(
        commitment_id=found.stored.commitment.commitment_id,
        digest=found.stored.digest,
        status=found.status,
        made_with=f"partnership-os {__version__}",
        files=tuple(
            PackedFile(
                name=name,
                size=len(files[name]),
                sha256=sha256(files[name]).hexdigest(),
                what=WHAT.get(name, EVIDENCE),
            )
            for name in sorted(files)
        ),
    )


def _found(reader: GovernanceReader, clock: Clock, commitment_id: str, anchors: tuple[SignedAnchor, ...]) -> _Found:
    stored = existing(reader, commitment_id)
    item = standing_of(reader, stored, moment_of_reading(clock, reader))
    decisions = tuple(
        PackedDecision(decision=one.decision, consumed_by=one.consumed_by) for one in reader.decisions(commitment_id)
    )
    commitment = stored.commitment
    near = (
        *reader.commitments_of_thread(commitment.thread_id),
        *reader.commitments_of_document(commitment.document_id),
    )
    people = {one.commitment.requested_by for one in near}.union(*(people_in(one.decision) for one in decisions))
    delegations = tuple(
        one
        for one in reader.delegations()
        if not people.isdisjoint({one.delegation.delegator, one.delegation.delegate})
    )
    for one in delegations:
        people |= {one.delegation.delegator, one.delegation.delegate}
    subjects = {commitment.thread_id, commitment.document_id, *(one.commitment.commitment_id for one in near)}
    lent = {one.delegation.delegation_id for one in delegations}
    chosen, hashes = _events_of(reader, subjects, people, lent)
    anchor = next(one for one in anchors if one.size >= chosen[-1][0].seq)
    first = chosen[0][0].seq
    return _Found(
        stored=stored,
        status=item.status,
        entry=reader.ledger_entry(commitment_id),
        decisions=decisions,
        delegations=delegations,
        events=tuple(event for event, _ in chosen),
        lines=tuple(line for _, line in chosen),
        spine=tuple((seq, hashes[seq]) for seq in range(first, anchor.size + 1)),
        anchors=PackedAnchors(anchor=anchor, earlier=tuple(one for one in anchors if first <= one.size < anchor.size)),
    )


def _events_of(
    reader: GovernanceReader, subjects: set[str], people: set[str], delegations: set[str]
) -> tuple[list[tuple[AuditEvent, str]], dict[int, str]]:
    """The events about these, oldest first with their stored text, and the hash of every event."""
    chosen: list[tuple[AuditEvent, str]] = []
    hashes: dict[int, str] = {}
    for row in reader.audit_rows():
        hashes[row.seq] = row.hash
        if concerns(row.event, row.subject, subjects | delegations, people):
            chosen.append((AuditEvent.model_validate_json(row.body), row.body))
    last = max(at for at, (event, _) in enumerate(chosen) if event.subject in subjects)
    return chosen[: last + 1], hashes


def _gate_files(found: _Found) -> dict[str, bytes]:
    commitment, entry = found.stored.commitment, found.entry
    packed = PackedCommitment(
        commitment=commitment,
        digest=found.stored.digest,
        status=found.status,
        superseded_by=found.stored.superseded_by,
    )
    at = committed_at_event(found.events, commitment.commitment_id)
    ended = {event.subject: event.seq for event in found.events if event.event == "delegation_ended"}
    known = {event.subject for event in found.events if event.event == "delegation_made"}
    delegations = [
        PackedDelegation(delegation=one.delegation, ended_by_event=ended.get(one.delegation.delegation_id))
        for one in found.delegations
        if one.delegation.delegation_id in known
    ]
    files = {
        "anchor.json": json_file(plain(found.anchors)),
        "audit_extract.jsonl": _lines(found.lines),
        "audit_spine.jsonl": _lines(json.dumps({"seq": seq, "hash": value}) for seq, value in found.spine),
        "commitment.json": json_file(plain(packed)),
        "decisions.json": json_file([plain(one) for one in found.decisions]),
        "delegations.json": json_file([plain(one) for one in delegations]),
        "digest.txt": f"{found.stored.digest}\n".encode(),
        "digested.json": canonical_bytes(fields_without(commitment, "commitment_id")),
        "document.json": json_file(commitment.terms),
        "people.json": json_file([plain(one) for one in people_told(found.events, at)]),
    }
    if entry is not None:
        files["ledger_entry.json"] = json_file(plain(entry))
    return files


def _ground_files(services: Services, commitment: Commitment) -> dict[str, bytes]:
    """The card, the texts behind it, the outcome of the rules, and who made them."""
    files: dict[str, bytes] = {}
    sheet, card = sheet_in(commitment), card_behind(services, commitment.thread_id)
    made_by: dict[str, object] = {"policy_version": commitment.policy_version}
    outcomes: dict[str, object] = {}
    if sheet is not None:
        report = check_conformance(sheet, load_playbook(sheet.partnership_type))
        outcomes["conformance"] = {**report.model_dump(mode="json"), "conforms": report.conforms}
        outcomes["conditions_precedent"] = [text.model_dump(mode="json") for text in sheet.conditions_precedent]
        made_by["term_sheet"] = sheet.made_by.model_dump(mode="json")
        made_by["playbook_version"] = sheet.playbook_version
    if card is not None:
        outcomes["blocked"] = [reason.model_dump(mode="json") for reason in card.blocked]
        outcomes["must_haves"] = [check.model_dump(mode="json") for check in card.must_haves]
        summary = card.summary_made_by
        made_by["score_card"] = card.made_by.model_dump(mode="json")
        made_by["score_card_summary"] = None if summary is None else summary.model_dump(mode="json")
        made_by["rubric_version"] = card.weights_version
        files["score_card.json"] = json_file(card.model_dump(mode="json"))
        for item in _evidence(services, card):
            files[f"evidence/{item.evidence_id}.json"] = json_file(item.model_dump(mode="json"))
    if outcomes:
        files["rule_outcomes.json"] = json_file(outcomes)
    files["made_by.json"] = json_file(made_by)
    return files


def _evidence(services: Services, card: PartnerFitScoreCard) -> list[Evidence]:
    cited = {source.evidence_id for indicator in card.indicators for source in indicator.sources}
    beside = [item.evidence_id for item in card.risks]
    beside += [item.evidence_id for item in card.must_haves] + [item.evidence_id for item in card.blocked]
    cited |= {key for key in beside if key is not None}
    held = {item.evidence_id: item for item in services.companies.evidence_of(card.company_id)}
    return [held[key] for key in sorted(cited & held.keys())]


def _lines(lines: Iterable[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()
