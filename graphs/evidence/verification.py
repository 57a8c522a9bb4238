"""Verifies an evidence pack from its file alone: no database, no home, no network."""

from collections.abc import Callable
from contextlib import suppress
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Final, cast

from pydantic import Field

from partnership_os.errors import InputError, PartnershipError
from partnership_os.governance import audit, policy
from partnership_os.governance.backing import REPEATED
from partnership_os.governance.canonical import canonical_bytes, commitment_digest, digest_of, fields_without
from partnership_os.governance.key_files import read_public
from partnership_os.governance.signing import Verifier
from partnership_os.governance.standing import commitment_id_of, counting
from partnership_os.governance.store import StoredCommitment, StoredDecision
from partnership_os.graphs.evidence.archive import MANIFEST, PURPOSE, SIGNATURE, json_file, people_told, read_archive
from partnership_os.graphs.evidence.completeness import check_completeness
from partnership_os.graphs.evidence.contents import Failed, NotApplicable, Pack
from partnership_os.schemas.base import Record, RecordId, Sha256, Slug
from partnership_os.schemas.commitment import CommitmentStatus, Decision, DecisionOutcome, KeyId
from partnership_os.storage.anchor import load_anchor_verifier
from partnership_os.tools.text import contains_quote


class Outcome(StrEnum):
    """How a check ended. One that is not applicable says nothing about this pack."""

    OK = "ok"
    FAILED = "failed"
    NOT_APPLICABLE = "not_applicable"


class PackCheck(Record):
    """One check; ``detail`` names the file, id or event that is wrong, or says what an outcome rests on."""

    name: Slug
    outcome: Outcome
    detail: Annotated[str, Field(max_length=500)] = ""


class PackReport(Record):
    """What was found. A key that the reader did not give was taken from inside the pack."""

    ok: bool
    commitment_id: RecordId | None = None
    digest: Sha256 | None = None
    status: CommitmentStatus | None = None
    approval_key_id: KeyId | None = None
    anchor_key_id: KeyId | None = None
    keys_were_given: bool
    approval_key_was_given: bool = False
    anchor_key_was_given: bool = False
    checks: tuple[PackCheck, ...]


def verify_pack(
    path: Path, approval_key: Path | None = None, anchor_key: Path | None = None, log: Path | None = None
) -> PackReport:
    """Check everything that a pack can show about itself.

    Args:
        path: The pack.
        approval_key: The public key of the approval service that the reader has from elsewhere.
        anchor_key: The public anchor key that the reader has from elsewhere.
        log: The whole log as `audit export` wrote it: only that can show that nothing was left out.

    Raises:
        ConfigurationError: a key that was given cannot be read.
        InputError: there is no such pack, or no such log.
    """
    fix = "Name the public key of the approval service."
    approval = None if approval_key is None else Verifier(read_public(approval_key, fix=fix))
    anchor = None if anchor_key is None else load_anchor_verifier(anchor_key)
    for needed in (path, log):
        if needed is not None and not needed.is_file():
            raise InputError(f"There is no file {needed}.", fix="Check the path and permissions.")
    try:
        archive = read_archive(path)
    except InputError as error:
        own = {"approval_key_was_given": approval is not None, "anchor_key_was_given": anchor is not None}
        return PackReport(ok=False, keys_were_given=all(own.values()), checks=(_archive(error.message),), **own)
    pack = Pack(archive.files, approval, anchor, log)
    return _report(pack, (_archive(archive.fault), *(_run(name, check, pack) for name, check in CHECKS.items())))


def _archive(fault: str | None) -> PackCheck:
    outcome = Outcome.OK if fault is None else Outcome.FAILED
    return PackCheck(name="archive", outcome=outcome, detail=(fault or "")[:500])


def _report(pack: Pack, checks: tuple[PackCheck, ...]) -> PackReport:
    known: dict[str, object] = {}
    with suppress(Failed):  # the checks say what is wrong
        known |= {name: getattr(pack.manifest, name) for name in ("commitment_id", "digest", "status")}
        known |= {"approval_key_id": pack.approval_key.key_id, "anchor_key_id": pack.anchor_key.key_id}
    ok = all(check.outcome is not Outcome.FAILED for check in checks)
    known |= {
        name: getattr(pack, name) for name in ("keys_were_given", "approval_key_was_given", "anchor_key_was_given")
    }
    return PackReport.model_validate({**known, "ok": ok, "checks": checks})


def _run(name: str, check: Callable[[Pack], str | None], pack: Pack) -> PackCheck:
    try:
        told = check(pack)
    except NotApplicable as reason:
        return PackCheck(name=name, outcome=Outcome.NOT_APPLICABLE, detail=str(reason))
    except Failed as failure:
        return PackCheck(name=name, outcome=Outcome.FAILED, detail=str(failure)[:500])
    except (PartnershipError, ValueError, LookupError) as error:
        return PackCheck(name=name, outcome=Outcome.FAILED, detail=type(error).__name__)
    return PackCheck(name=name, outcome=Outcome.OK, detail=told or "")


def _sums(pack: Pack) -> None:
    listed = {item.name: item for item in pack.manifest.files}
    if len(listed) != len(pack.manifest.files):
        raise Failed(MANIFEST)
    wrong = sorted(listed.keys() ^ (pack.files.keys() - {MANIFEST, SIGNATURE}))
    for name in sorted(listed.keys() & pack.files.keys()):
        content, item = pack.files[name], listed[name]
        if (len(content), sha256(content).hexdigest()) != (item.size, item.sha256):
            wrong.append(name)
    if wrong:
        raise Failed(", ".join(wrong))


def _manifest_signature(pack: Pack) -> None:
    signature, key = pack.signature, pack.anchor_key
    as_made = json_file(signature.model_dump(mode="json")) == pack.raw(SIGNATURE)
    signed = key.signed(PURPOSE, pack.raw(MANIFEST), signature.signature)
    if not (as_made and signed and signature.key_id == key.key_id):
        raise Failed(SIGNATURE)


def _keys(pack: Pack) -> None:
    if pack.keys.approval.key_id != pack.approval_key.key_id:
        raise Failed(f"keys.json: {pack.keys.approval.key_id}")
    if pack.keys.anchor.key_id != pack.anchor_key.key_id:
        raise Failed(f"keys.json: {pack.keys.anchor.key_id}")
    if not pack.keys_were_given:
        raise NotApplicable


def _digest(pack: Pack) -> None:
    packed, manifest = pack.packed, pack.manifest
    digest = commitment_digest(packed.commitment)
    if canonical_bytes(fields_without(packed.commitment, "commitment_id")) != pack.raw("digested.json"):
        raise Failed("digested.json")
    named = (packed.digest, manifest.digest, sha256(pack.raw("digested.json")).hexdigest())
    if set(named) != {digest} or pack.raw("digest.txt") != f"{digest}\n".encode():
        raise Failed(digest)
    ids = {packed.commitment.commitment_id, manifest.commitment_id}
    if ids != {commitment_id_of(digest)}:
        raise Failed(", ".join(sorted(ids)))


def _document(pack: Pack) -> None:
    if pack.json("document.json") != pack.packed.commitment.terms:
        raise Failed("document.json")


def _decisions(pack: Pack) -> None:
    """Signed, about this digest, and those of the log, no more and no fewer."""
    told = {
        key: fact.view
        for key, fact in pack.told.decisions.items()
        if fact.view["commitment_id"] == pack.packed.commitment.commitment_id
    }
    held = {one.decision.decision_id: one.decision for one in pack.decisions}
    wrong = set(told.keys() ^ held.keys())
    for key, decision in held.items():
        own = (decision.commitment_id, decision.digest) == (pack.packed.commitment.commitment_id, pack.packed.digest)
        logged = told.get(key, {}).get("decision_digest") == digest_of(decision)
        if not (own and logged and pack.approval_key.holds(decision)):
            wrong.add(key)
    if wrong:
        raise Failed(", ".join(sorted(wrong)))
    if not held:
        raise NotApplicable


def _delegations(pack: Pack) -> None:
    told, held = pack.told.delegations, {one.delegation.delegation_id: one for one in pack.delegations}
    wrong = set(told.keys() ^ held.keys())
    ended = {event.subject: event.seq for event in pack.events if event.event == "delegation_ended"}
    for key, one in held.items():
        logged = key in told and told[key].view.get("digest") == digest_of(one.delegation)
        if not (logged and pack.approval_key.holds(one.delegation) and ended.get(key) == one.ended_by_event):
            wrong.add(key)
    used = {one.decision.delegation_id for one in pack.decisions} - {None}
    wrong |= {str(key) for key in used - held.keys()}
    if wrong:
        raise Failed(", ".join(sorted(wrong)))
    if not held:
        raise NotApplicable


def _people(pack: Pack) -> None:
    if pack.people != people_told(pack.events, pack.decided_at_event):
        raise Failed("people.json")


def _required(pack: Pack) -> None:
    commitment = pack.packed.commitment
    if commitment.policy_version != policy.POLICY_VERSION:
        raise NotApplicable(commitment.policy_version)
    required = policy.required_approvals(commitment.partnership_type, commitment.value)
    if required != commitment.required_approvals:
        raise Failed(", ".join(map(str, required)))


def _approvals(pack: Pack) -> None:
    """By the one rule of the gate, with people and delegations as they were when it took effect."""
    entry, packed, at = pack.entry, pack.packed, pack.entry.committed_at
    before = [one for one in pack.decisions if _before(pack, one.decision)]
    if any(one.decision.outcome is DecisionOutcome.REJECT for one in before):
        raise Failed("decisions.json")
    stored = StoredCommitment(commitment=packed.commitment, digest=packed.digest)
    decisions = [
        StoredDecision(decision=one.decision, filed_under=one.decision.commitment_id)
        for one in before
        if one.decision.decision_id in entry.decision_ids or one.decision.outcome is DecisionOutcome.REVOKE
    ]
    counted = counting(pack.reader(), stored, decisions, at)
    idle = set(entry.decision_ids) - {item.decision.decision_id for item in counted}
    if idle:
        raise Failed(", ".join(sorted(idle)))
    open_still = policy.unmet(packed.commitment.required_approvals, [item.authority for item in counted])
    if open_still or at >= packed.commitment.expires_at:
        raise Failed(", ".join(map(str, open_still)) or packed.commitment.commitment_id)


def _before(pack: Pack, decision: Decision) -> bool:
    fact = pack.told.decisions.get(decision.decision_id)
    return fact is not None and fact.seq < pack.decided_at_event


def _status(pack: Pack) -> None:
    packed, own = pack.packed, pack.packed.commitment.commitment_id
    fact = pack.told.commitments[own]
    committed = any((event.event, event.subject) == ("commitment_committed", own) for event in pack.events)
    rejected = any(one.decision.outcome is DecisionOutcome.REJECT for one in pack.decisions)
    if fact.view.get("digest") != packed.digest or fact.view.get("superseded_by") != packed.superseded_by:
        raise Failed(own)
    expected = {CommitmentStatus.PENDING, CommitmentStatus.APPROVED, CommitmentStatus.EXPIRED}
    if committed:
        expected = {CommitmentStatus.COMMITTED}
    elif packed.superseded_by is not None:
        expected = {CommitmentStatus.SUPERSEDED}
    elif rejected:
        expected = {CommitmentStatus.REJECTED}
    if packed.status not in expected or pack.manifest.status is not packed.status:
        raise Failed(packed.status.value)


def _ledger(pack: Pack) -> None:
    entry, commitment = pack.entry, pack.packed.commitment
    wrong = [name for name in REPEATED if getattr(entry, name) != getattr(commitment, name)]
    told = pack.told.ledger[entry.entry_id].view
    used = {one.decision.decision_id: one.decision for one in pack.decisions if one.consumed_by == entry.entry_id}
    if entry.digest != pack.packed.digest or told.get("entry_digest") != digest_of(entry):
        wrong.append("digest")
    if set(used) != set(entry.decision_ids):
        wrong.append("decision_ids")
    elif entry.approved_by != tuple(used[key].decided_by for key in entry.decision_ids):
        wrong.append("approved_by")
    if wrong:
        raise Failed(", ".join(wrong))


def _events(pack: Pack) -> None:
    """Each event gives its own hash, and stands in the spine behind the one before it."""
    spine, first = pack.spine, min(pack.spine)
    for line, event in zip(pack.lines, pack.events, strict=True):
        body = {name: getattr(event, name) for name in type(event).model_fields if name not in ("hash", "previous")}
        fits = canonical_bytes(event) == line.encode() and audit.chain(event.previous, body) == event.hash
        before = spine.get(event.seq - 1, event.previous if event.seq == first else None)
        if not fits or spine.get(event.seq) != event.hash or before != event.previous:
            raise Failed(str(event.seq))
    numbers = [event.seq for event in pack.events]
    if numbers != sorted(set(numbers)) or numbers[0] != first:
        raise Failed("audit_extract.jsonl")


def _anchor(pack: Pack) -> None:
    """The spine ends where the log was anchored, and agrees with every signed anchor on its way."""
    anchor = pack.anchors.anchor
    for one in (*pack.anchors.earlier, anchor):
        if not pack.anchor_key.holds(one) or pack.spine.get(one.size) != one.head:
            raise Failed(f"anchor.json: {one.size}")
    if anchor.size != max(pack.spine):
        raise Failed("audit_spine.jsonl")


def _quotes(pack: Pack) -> None:
    """Every quote of the card stands in its text, and every text has the sum that it names."""
    wrong = {
        key
        for key, item in pack.evidence.items()
        if sha256(item.text.encode()).hexdigest() != item.sha256 or item.company_id != pack.card.company_id
    }
    for indicator in pack.card.indicators:
        for source in indicator.sources:
            text = pack.evidence.get(source.evidence_id)
            if text is None or not contains_quote(text.text, source.quote):
                wrong.add(source.evidence_id)
    if wrong:
        raise Failed(", ".join(sorted(wrong)))


def _card(pack: Pack) -> None:
    """The log tells which card was scored in this thread; it can have been computed again since."""
    scored = [event.data for event in pack.events if event.event == "partner_scored"]
    if not scored:
        raise NotApplicable
    named = {(data.get("card_id"), data.get("input_digest"), data.get("band")) for data in scored}
    if (pack.card.card_id, pack.card.input_digest, pack.card.band.value) not in named:
        raise Failed(pack.card.card_id)


def _rules(pack: Pack) -> None:
    if "rule_outcomes.json" not in pack.files:
        raise NotApplicable
    outcomes = pack.json("rule_outcomes.json")
    conformance = outcomes.get("conformance") if isinstance(outcomes, dict) else None
    if not isinstance(conformance, dict):
        raise NotApplicable
    commitment = pack.packed.commitment
    named = (conformance.get("sheet_id"), conformance.get("sheet_version"), conformance.get("playbook_version"))
    wanted = (commitment.document_id, commitment.document_version, commitment.terms.get("playbook_version"))
    if cast(object, named) != wanted:
        raise Failed("rule_outcomes.json")


CHECKS: Final[dict[str, Callable[[Pack], str | None]]] = {
    "sums": _sums,
    "manifest_signature": _manifest_signature,
    "keys": _keys,
    "digest": _digest,
    "document": _document,
    "events": _events,
    "anchor": _anchor,
    "decisions": _decisions,
    "delegations": _delegations,
    "people": _people,
    "required": _required,
    "approvals": _approvals,
    "status": _status,
    "ledger": _ledger,
    "card": _card,
    "quotes": _quotes,
    "rules": _rules,
    "completeness": check_completeness,
}
"""Name → check, in the order in which they are told."""
