"""What happens next with a commitment, and who must act, by name and with the command that they type."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from pydantic import JsonValue

from partnership_os.governance import policy
from partnership_os.governance.standing import PendingItem
from partnership_os.graphs.views import DealState, DealStatus
from partnership_os.graphs.wording import Phrase
from partnership_os.schemas.commitment import Decision, DecisionOutcome, Person
from partnership_os.surfaces.cli_render import Screen

People = Mapping[str, Person]
_COMMANDS = {
    DealStatus.COMMITTED: "partnership outbox deliver",
    DealStatus.REJECTED: "PARTNERSHIP_TOKEN=… partnership edit {commitment} --set TERM=VALUE",
    DealStatus.EXPIRED: "PARTNERSHIP_TOKEN=… partnership propose {thread}",
}
"""What somebody types next once a commitment is settled."""


def by_id(people: Iterable[Person]) -> People:
    """People by their id."""
    return {person.person_id: person for person in people}


def named(screen: Screen, people: People, person_id: str) -> Phrase:
    """A person by name and id; by the id alone where the directory does not know it."""
    person = people.get(person_id)
    name = screen.texts.inline(person_id if person is None else f"{person.name} ({person_id})")
    return Phrase(name)


def all_named(screen: Screen, people: People, person_ids: Iterable[str]) -> Phrase:
    """Several people by name and id."""
    return Phrase(screen.texts("list.comma").join(named(screen, people, person_id) for person_id in person_ids))


def next_steps(item: PendingItem | None) -> list[JsonValue]:
    """Who can act now and how, for programs."""
    if item is None:
        return []
    command = f"partnership approve {item.commitment.commitment_id}"
    own: list[JsonValue] = [
        {"person_id": person.person_id, "name": person.name, "on_behalf_of": None, "command": command}
        for person in item.may_approve
    ]
    lent: list[JsonValue] = [
        {
            "person_id": one.delegate.person_id,
            "name": one.delegate.name,
            "on_behalf_of": one.delegator.person_id,
            "command": f"{command} --for {one.delegator.person_id}",
        }
        for one in item.delegated
    ]
    return own + lent


def show_decided(
    screen: Screen,
    decision: Decision,
    state: DealState,
    item: PendingItem | None,
    people: People,
) -> None:
    """Print what was decided by whom, where the deal stands now, and whose turn it is.

    Args:
        screen: Where to print.
        decision: What the person decided.
        state: The deal after it.
        item: The commitment while it is open; None once it is settled.
        people: The directory.
    """
    who = named(screen, people, decision.decided_by)
    level = screen.texts(f"level.{decision.level.value}")
    if decision.on_behalf_of is not None:
        principal = named(screen, people, decision.on_behalf_of)
        key = f"decided.{decision.outcome.value}.behalf"
        screen.say(key, style="bold", person=who, level=level, principal=principal)
    else:
        screen.say(f"decided.{decision.outcome.value}", style="bold", person=who, level=level)
    if decision.outcome is DecisionOutcome.REVOKE:
        screen.say("decided.revoke.final", person=who)
    if state.status is DealStatus.AWAITING_APPROVAL and item is not None:
        show_whose_turn(screen, item)
        screen.say("deal.expires", moment=moment_text(item.expires_at))
    else:
        requester = named(screen, people, state.requested_by)
        screen.say(f"next.{state.status.value}", requester=requester, entry=state.ledger_entry_id or "–")
        following = _COMMANDS.get(state.status)
        if following is not None:
            screen.command(following.format(thread=state.thread_id, commitment=decision.commitment_id))
    screen.fact("deal.thread", state.thread_id)
    screen.fact("deal.commitment", decision.commitment_id)
    screen.fact("deal.digest", decision.digest)


def show_whose_turn(screen: Screen, item: PendingItem) -> None:
    """Print what is still needed, and each person who can give it with the command that they type."""
    commitment_id = item.commitment.commitment_id
    if not item.still_needed:
        screen.say("next.approved")
        screen.command(f"partnership deal resume {item.commitment.thread_id}")
        return
    screen.say("next.needed", who=screen.texts.approvals(item.still_needed))
    others = [one for one in item.delegated if one.delegate not in item.may_approve]
    command = f"PARTNERSHIP_TOKEN=… partnership approve {commitment_id}"
    if item.may_approve:
        people = screen.texts("list.comma").join(screen.texts.inline(_label(one)) for one in item.may_approve)
        screen.say("next.can", people=Phrase(people))
        screen.command(command)
    for one in others:
        screen.say("next.can_for", person=_label(one.delegate), principal=_label(one.delegator))
        screen.command(f"{command} --for {one.delegator.person_id}")
    if not item.may_approve and not others:
        screen.say("inbox.nobody_may")
        screen.command(command)
    elif missing := policy.unmet(item.still_needed, _able(item)):
        screen.say("next.nobody_for", style="yellow", who=screen.texts.approvals(missing))


def _able(item: PendingItem) -> list[Person]:
    """Those who can still approve, each with the authority that they can use; their own where they have both."""
    lent = [
        one.delegate.model_copy(update={"level": one.delegation.max_level, "legal": one.delegation.legal})
        for one in item.delegated
    ]
    return [*lent, *item.may_approve]


def _label(person: Person) -> str:
    return f"{person.name} ({person.person_id})"


def moment_text(moment: datetime) -> str:
    """A moment in UTC, to the minute."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M")
