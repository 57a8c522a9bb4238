"""The eighteen invariants of the gate, each a function over what is stored, and the step that led there.

A function returns None, or one sentence about what is wrong. They read rows and log anew and count for themselves:
no function of the gate that decides anything is called here.
"""

import json
from collections.abc import Callable, Mapping
from functools import lru_cache
from hashlib import sha256
from itertools import permutations
from typing import Final

import rfc8785

from partnership_os.governance.canonical import digest_of
from partnership_os.schemas.commitment import Commitment, Decision, DecisionOutcome, LedgerEntry
from partnership_os.testing.gate_model import NEEDS, State
from partnership_os.testing.gate_moves import Commit, Propose
from partnership_os.testing.gate_view import View, event_of
from partnership_os.testing.log_history import History, known_times, told_until

GENESIS: Final = "0" * 64


def i01_no_commit_without_approval(view: View) -> str | None:
    """Every ledger row stands on approvals that meet the policy."""
    for entry in view.ledger:
        found = view.behind(entry)
        if {decision.decision_id for decision in found} != set(entry.decision_ids):
            return f"{entry.entry_id} names other decisions than those it used up"
        worths = [(item.level.rank, item.legal) for item in found if item.outcome is DecisionOutcome.APPROVE]
        if not _met(_needs(view, entry), worths):
            return f"{entry.entry_id} has {worths} behind it"
    return None


def i02_digest_binding(view: View) -> str | None:
    """What took effect, what was shown and what was approved have one digest; so has what the committer held."""
    for entry in view.ledger:
        digests = {entry.digest, _digest(view, entry.commitment_id), *(item.digest for item in view.behind(entry))}
        if len(digests) > 1:
            return f"{entry.entry_id} and its approvals are about different digests"
    step = view.step
    if step is not None and step.allowed and len(step.actions) == 1:
        action = step.actions[0]
        if isinstance(action, Commit) and step.after.asks[action.ask].wording != action.wording:
            return "terms were committed that nobody approved"
    return None


def i03_version_freshness(view: View) -> str | None:
    """Only the newest version that nothing superseded took effect."""
    for entry in view.ledger:
        told, near = view.history(entry), view.near(entry)
        if entry.commitment_id in told.superseded:
            return f"{entry.commitment_id} was superseded and took effect"
        newest = [key for key in told.proposed if key in near][-1]
        if newest != entry.commitment_id:
            return f"{entry.commitment_id} took effect, and {newest} is newer"
        later = (near[key].document_version for key in told.committed if key in near)
        if max(later, default=0) > entry.document_version:
            return f"version {entry.document_version} took effect after a later one"
    return None


def i04_separation(view: View) -> str | None:
    """Nobody behind an approval asked for anything about the document, or held authority of somebody who did."""
    for entry in view.ledger:
        told = view.history(entry)
        asked = {made.requested_by for key, made in view.near(entry).items() if key in told.proposed}
        for decision in view.behind(entry):
            loans = (view.delegations[key].delegation for key in told.lent_when.get(decision.decision_id, ()))
            at = decision.decided_at
            lent = {one.delegate for one in loans if one.delegator in asked and one.starts_at <= at < one.expires_at}
            if not _people(decision).isdisjoint(asked | lent):
                return f"{decision.decision_id} comes from a requester, or from a delegate of one"
    return None


def i05_level(view: View) -> str | None:
    """By the directory at the moment of the commit, those who approved have the level, by themselves or lent."""
    for entry in view.ledger:
        told = view.history(entry)
        worths = [_worth(view, told, decision) for decision in view.behind(entry)]
        if not _met(_needs(view, entry), [worth for worth in worths if worth is not None]):
            return f"{entry.entry_id} stands on people who are worth {worths}"
    return None


def i06_quorum(view: View) -> str | None:
    """As many different people as the policy asks for; nobody is behind two approvals, for themselves or another."""
    for entry in view.ledger:
        groups = [_people(decision) for decision in view.behind(entry)]
        if sum(map(len, groups)) != len(frozenset[str]().union(*groups)):
            return f"one person is behind two approvals of {entry.entry_id}"
        if len(groups) < len(_needs(view, entry)):
            return f"{entry.entry_id} has {len(groups)} approvals"
    return None


def i07_freshness(view: View) -> str | None:
    """Decided, then committed, before everything expires (exclusive); and the log never goes back in time."""
    for entry in view.ledger:
        at, made = entry.committed_at, view.commitments[entry.commitment_id].commitment
        told = view.history(entry)
        for decision in view.behind(entry):
            if not decision.decided_at <= at < min(decision.expires_at, made.expires_at):
                return f"{decision.decision_id} was not valid when {entry.entry_id} was written"
            lent = None if decision.delegation_id is None else view.delegations[decision.delegation_id].delegation
            over = decision.delegation_id in told.ended
            if lent is not None and (over or not lent.starts_at <= at < lent.expires_at):
                return f"the delegation behind {decision.decision_id} was over"
    times = known_times(view.events())
    return None if times == sorted(times) else "the log goes back in time"


def i08_single_use(view: View) -> str | None:
    """A decision is used up by one ledger row, and a row names no decision that another one used."""
    named = [decision_id for entry in view.ledger for decision_id in entry.decision_ids]
    if len(named) != len(set(named)):
        return "two ledger rows name one decision"
    used = {item.decision.decision_id: item.consumed_by for item in view.decisions if item.consumed_by is not None}
    said = {decision_id: entry.entry_id for entry in view.ledger for decision_id in entry.decision_ids}
    return None if used == said else "the decisions that are used up are not those that the ledger names"


def i09_at_most_one(view: View) -> str | None:
    """One ledger row per commitment and per version of a document, and one message for each."""
    for keys in (
        [entry.commitment_id for entry in view.ledger],
        [f"{entry.document_id} {entry.document_version}" for entry in view.ledger],
    ):
        if len(keys) != len(set(keys)):
            return f"two ledger rows for one of {keys}"
    sent = sorted(item.message.idempotency_key for item in view.outbox)
    wanted = sorted(entry.commitment_id for entry in view.ledger)
    return None if sent == wanted else f"messages for {sent}, ledger rows for {wanted}"


def i10_rejection_and_revocation_are_final(view: View) -> str | None:
    """Nothing that somebody rejected took effect, nor on an approval that one of its people took back."""
    for entry in view.ledger:
        about = [item.decision for item in view.decisions if item.filed_under == entry.commitment_id]
        if any(decision.outcome is DecisionOutcome.REJECT for decision in about):
            return f"{entry.commitment_id} was rejected and took effect"
        taken_back = {decision.decided_by for decision in about if decision.outcome is DecisionOutcome.REVOKE}
        if any(not _people(decision).isdisjoint(taken_back) for decision in view.behind(entry)):
            return f"an approval behind {entry.entry_id} was taken back"
    return None


def i11_non_forgeability(view: View) -> str | None:
    """Whatever a ledger row stands on was signed by the approval service."""
    for entry in view.ledger:
        for decision in view.behind(entry):
            lent = None if decision.delegation_id is None else view.delegations.get(decision.delegation_id)
            if not view.verifier.holds(decision) or (lent and not view.verifier.holds(lent.delegation)):
                return f"{decision.decision_id} was not signed by the approval service"
    return None


def i12_complete_mediation(view: View) -> str | None:
    """Ledger rows come from a commit and from nothing else (who can reach the commit, a call-graph test says)."""
    step = view.step
    if step is None or step.before.ledger == step.after.ledger:
        return None
    commits = sum(isinstance(action, Commit) for action in step.actions)
    if len(step.after.ledger) - len(step.before.ledger) > commits or not step.before.ledger <= step.after.ledger:
        return "the ledger changed by something else than a commit"
    return None


def i13_fail_closed(view: View) -> str | None:
    """A fault leaves all or nothing behind, and errors are those that say who must act."""
    step = view.step
    if step is None:
        return None
    if step.broken is not None:
        return f"the gate raised {step.broken}"
    if step.allowed is None and _timeless(step.after) not in (_timeless(step.before), _timeless(step.expected)):
        return "a fault left half of a change behind"
    return None


def i14_log_completeness(view: View) -> str | None:
    """Every row has exactly one event that made it, and every change of a row has one."""
    told = told_until(view.events(), None)
    rows = {
        "commitments": (sorted(view.commitments), sorted(told.proposed)),
        "superseded": (
            sorted(key for key, item in view.commitments.items() if item.superseded_by is not None),
            sorted(told.superseded),
        ),
        "decisions": (sorted(item.decision.decision_id for item in view.decisions), sorted(told.decided)),
        "ledger": (sorted(entry.commitment_id for entry in view.ledger), sorted(told.committed)),
        "delegations": (sorted(view.delegations), sorted(told.lent)),
        "ended": (sorted(key for key, item in view.delegations.items() if item.ended_at), sorted(told.ended)),
        "people": (
            sorted((one.person_id, one.level.value, one.legal, one.active) for one in view.people),
            sorted((key, one.level, one.legal, one.active) for key, one in told.people.items()),
        ),
    }
    return next((f"{name}: rows {held}, log {said}" for name, (held, said) in rows.items() if held != said), None)


def i15_log_integrity(view: View) -> str | None:
    """Every event continues the one before it by its hash, and the anchor names the last one."""
    head = GENESIS
    for number, row in enumerate(view.log, start=1):
        previous, own, seq = _links(row.body)
        if (previous, own, seq) != (head, row.hash, number) or _rehashed(row.body) != own:
            return f"event {number} does not continue the log"
        head = own
    if view.anchor is None:
        return "there is no anchor"
    if view.step is not None and view.step.allowed is None:  # whoever died may not have moved it; who comes next does
        return None if view.anchor.size <= len(view.log) else "the anchor is ahead of the log"
    same = (view.anchor.size, view.anchor.head) == (len(view.log), head)
    return None if same else f"{len(view.log)} events, {view.anchor.size} anchored"


def i16_non_interference(view: View) -> str | None:
    """What must be approved follows from the type of the partnership, whatever a text says."""
    step = view.step
    if step is None or not step.allowed or not isinstance(step.actions[-1], Propose):
        return None
    made = max(view.commitments.values(), key=lambda item: item.commitment.requested_at).commitment
    required = tuple((item.min_level.rank, item.legal) for item in made.required_approvals)
    usual = NEEDS[made.partnership_type.value]
    return None if required == usual or step.after.asks[-1].lowered else f"{made.commitment_id} requires {required}"


def i17_liveness(view: View) -> str | None:
    """Whatever has its approvals commits when asked to, and nothing else that is allowed is refused."""
    step = view.step
    if step is None or not isinstance(step.actions[-1], Commit) or step.allowed is None:
        return None
    return "a commit with every approval was refused" if step.expected_allowed and not step.allowed else None


def i18_what_you_see_is_what_you_sign(view: View) -> str | None:
    """Every decision is about the digest of every stored field (that all are shown, other tests say)."""
    for item in view.decisions:
        if item.decision.digest != _digest(view, item.filed_under):
            return f"{item.decision.decision_id} is about something else than is stored"
    return None


CHECKS: Final[Mapping[int, Callable[[View], str | None]]] = {
    number: check
    for number, check in enumerate(
        (
            i01_no_commit_without_approval,
            i02_digest_binding,
            i03_version_freshness,
            i04_separation,
            i05_level,
            i06_quorum,
            i07_freshness,
            i08_single_use,
            i09_at_most_one,
            i10_rejection_and_revocation_are_final,
            i11_non_forgeability,
            i12_complete_mediation,
            i13_fail_closed,
            i14_log_completeness,
            i15_log_integrity,
            i16_non_interference,
            i17_liveness,
            i18_what_you_see_is_what_you_sign,
        ),
        start=1,
    )
}
"""Every invariant by its number."""


def broken_invariants(view: View) -> dict[int, str]:
    """What is wrong, by number of the invariant."""
    found = ((number, check(view)) for number, check in CHECKS.items())
    return {number: wrong for number, wrong in found if wrong is not None}


def _people(decision: Decision) -> frozenset[str]:
    return frozenset({decision.decided_by, decision.on_behalf_of or decision.decided_by})


def _needs(view: View, entry: LedgerEntry) -> tuple[tuple[int, bool], ...]:
    return NEEDS[view.commitments[entry.commitment_id].commitment.partnership_type.value]


def _met(needs: tuple[tuple[int, bool], ...], worths: list[tuple[int, bool]]) -> bool:
    """True when some way to give each need a person of its own meets all of them."""
    return any(
        all(level >= least and (legal or not role) for (level, legal), (least, role) in zip(way, needs, strict=True))
        for way in permutations(worths, len(needs))
    )


def _worth(view: View, told: History, decision: Decision) -> tuple[int, bool] | None:
    """The least of what was signed and what the directory said, of the lender too where authority was lent."""
    sources = [told.people[person_id] for person_id in _people(decision)]
    if not all(person.active for person in sources):
        return None
    own = told.people[decision.on_behalf_of or decision.decided_by]
    levels, roles = [decision.level.rank, own.rank], [decision.legal, own.legal]
    if decision.delegation_id is not None:
        lent = view.delegations[decision.delegation_id].delegation
        levels.append(lent.max_level.rank)
        roles.append(lent.legal)
    return min(levels), all(roles)


def _timeless(state: State) -> State:
    return state._replace(log=0, clock=0)


def _digest(view: View, commitment_id: str) -> str:
    return _digest_of(view.commitments[commitment_id].commitment.model_dump_json())


@lru_cache(maxsize=10_000)
def _digest_of(body: str) -> str:
    made = Commitment.model_validate_json(body)
    return digest_of({name: getattr(made, name) for name in Commitment.model_fields if name != "commitment_id"})


def _links(body: str) -> tuple[str, str, int]:
    event = event_of(body)
    return event.previous, event.hash, event.seq


@lru_cache(maxsize=100_000)
def _rehashed(body: str) -> str:
    return sha256(
        rfc8785.dumps({name: value for name, value in json.loads(body).items() if name != "hash"})
    ).hexdigest()
