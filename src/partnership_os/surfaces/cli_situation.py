"""Where a deal stands on the screen, what was decided about it, and what follows."""

from collections.abc import Sequence

from pydantic import ValidationError

from partnership_os.governance import audit
from partnership_os.graphs.views import DealStatus
from partnership_os.graphs.wording.texts import Phrase
from partnership_os.graphs.workspace import Workspace
from partnership_os.schemas.commitment import ApprovalRequirement, Decision, DecisionOutcome
from partnership_os.surfaces.cli_next_steps import (
    People,
    Situation,
    Turn,
    moment_text,
    named,
    partner_named,
    role,
    show_next,
)
from partnership_os.surfaces.cli_render import Screen


def why_edited(workspace: Workspace, turn: Turn) -> str | None:
    """The note of the edit that made this version, from the audit log; None where there is none."""
    if turn.item is None or turn.item.commitment.edited_from is None:
        return None
    try:
        events = audit.events(workspace.services.governance)
    except ValidationError:  # `audit verify` tells of it
        return None
    wanted = ("term_sheet_edited", turn.item.commitment.commitment_id)
    notes = [event.data.get("note") for event in events if (event.event, event.subject) == wanted]
    return str(notes[-1]) if notes and notes[-1] else None


def show_situation(screen: Screen, here: Situation) -> None:
    """Print where a deal stands, what waits for whom, and what they type."""
    state = here.state
    told = state.model_copy(update={"company_name": partner_named(screen, here)})
    screen.phrase(screen.texts.standing(told), style="bold")
    if state.status is DealStatus.BLOCKED:
        for reason in state.reasons:
            screen.phrase(screen.texts.of(reason))
    if state.status is DealStatus.AWAITING_APPROVAL:
        screen.say("deal.requester_may_not", person=named(screen, here.turn.people, here.turn.asker))
    _show_ids(screen, state.thread_id, state.commitment_id, state.digest)
    show_next(screen, here.turn)


def show_decided(screen: Screen, decision: Decision, here: Situation) -> None:
    """Print what was decided by whom and why, where the deal stands now, and whose turn it is.

    Args:
        screen: Where to print.
        decision: What the person decided.
        here: The deal after it.
    """
    required = here.state.required_approvals
    screen.phrase(_decided(screen, decision, here.turn.people, required), style="bold")
    _show_reason(screen, decision)
    if decision.outcome is DecisionOutcome.REVOKE:
        screen.say("decided.revoke.final", person=named(screen, here.turn.people, decision.decided_by))
    _show_ids(screen, here.state.thread_id, decision.commitment_id, decision.digest)
    show_next(screen, here.turn)


def show_decisions(
    screen: Screen, decisions: Sequence[Decision], people: People, required: Sequence[ApprovalRequirement]
) -> None:
    """Print every decision about a commitment, with its reason."""
    if decisions:
        screen.heading("deal.decisions")
    for decision in decisions:
        line = _decided(screen, decision, people, required)
        screen.say("deal.decided_on", indent=2, decided=line, moment=moment_text(decision.decided_at))
        _show_reason(screen, decision, indent=4)


def _decided(screen: Screen, decision: Decision, people: People, required: Sequence[ApprovalRequirement]) -> Phrase:
    """Who decided what, as what and for whom."""
    texts, key = screen.texts, f"decided.{decision.outcome.value}"
    who, what = named(screen, people, decision.decided_by), role(screen, decision.level, decision.legal, required)
    if decision.on_behalf_of is None:
        return texts(key, person=who, role=what)
    return texts(f"{key}.behalf", person=who, role=what, principal=named(screen, people, decision.on_behalf_of))


def _show_reason(screen: Screen, decision: Decision, indent: int = 0) -> None:
    if decision.note:
        screen.say("decided.reason", indent=indent, note=decision.note)


def _show_ids(screen: Screen, thread_id: str, commitment_id: str | None, digest: str | None) -> None:
    screen.fact("deal.thread", thread_id)
    if commitment_id is not None:
        screen.fact("deal.commitment", commitment_id)
    if digest is not None:
        screen.fact("deal.digest", digest)
