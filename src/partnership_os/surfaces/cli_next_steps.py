"""What happens next with a deal, and who must act, by name and with the command that they type."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from pydantic import JsonValue

from partnership_os.errors import IntegrityError
from partnership_os.governance import policy
from partnership_os.governance.outbox import DeliveryStatus, delivery_status
from partnership_os.governance.standing import PendingItem
from partnership_os.governance.store import QueuedMessage
from partnership_os.graphs.approval_packet import sheet_in
from partnership_os.graphs.views import DealState, DealStatus
from partnership_os.graphs.wording.texts import Phrase
from partnership_os.graphs.workspace import Workspace
from partnership_os.schemas.commitment import ApprovalRequirement, Commitment, CommitmentStatus, Person
from partnership_os.schemas.partnership import ApprovalLevel
from partnership_os.surfaces.cli_render import Screen, complete

People = Mapping[str, Person]
STATUS_OF = {
    CommitmentStatus.PENDING: DealStatus.AWAITING_APPROVAL,
    CommitmentStatus.APPROVED: DealStatus.AWAITING_APPROVAL,
    CommitmentStatus.COMMITTED: DealStatus.COMMITTED,
    CommitmentStatus.REJECTED: DealStatus.REJECTED,
    CommitmentStatus.EXPIRED: DealStatus.EXPIRED,
    CommitmentStatus.SUPERSEDED: DealStatus.EXPIRED,
}


class Turn(NamedTuple):
    """What decides whose turn it is. ``item`` is None as long as a deal has asked people for nothing."""

    status: DealStatus
    thread_id: str
    asker: str
    item: PendingItem | None
    people: People
    entry_id: str | None = None
    message: QueuedMessage | None = None
    """What leaves the house because of it, once it is committed."""


class Situation(NamedTuple):
    """A deal and whose turn it is."""

    state: DealState
    turn: Turn


def situation_of(workspace: Workspace, state: DealState) -> Situation:
    """A deal with everything that the next step depends on."""
    if state.commitment_id is not None:
        return Situation(state, turn_of(workspace, state.commitment_id))
    turn = Turn(state.status, state.thread_id, state.requested_by, None, by_id(workspace.people()))
    return Situation(state, turn)


def turn_of(workspace: Workspace, commitment_id: str) -> Turn:
    """Whose turn it is with a commitment, whatever its status.

    Raises:
        InputError: there is no such commitment.
    """
    item = workspace.standing(commitment_id)
    entries = (entry.entry_id for entry in workspace.ledger() if entry.commitment_id == commitment_id)
    asked = item.commitment
    status = STATUS_OF[item.status]
    entry_id = next(entries, None)
    message = None if entry_id is None else _message_of(workspace, commitment_id)
    return Turn(status, asked.thread_id, asked.requested_by, item, by_id(workspace.people()), entry_id, message)


def _message_of(workspace: Workspace, commitment_id: str) -> QueuedMessage | None:
    """The message that a commitment caused; None where the outbox cannot be read, of which delivery tells more."""
    try:
        return next((one for one in workspace.outbox() if one.message.idempotency_key == commitment_id), None)
    except IntegrityError:
        return None


def by_id(people: Iterable[Person]) -> People:
    """People by their id."""
    return {person.person_id: person for person in people}


def named(screen: Screen, people: People, person_id: str) -> Phrase:
    """A person by name and id; by the id alone where the directory does not know it."""
    person = people.get(person_id)
    return Phrase(screen.texts.inline(person_id if person is None else _label(person)))


def all_named(screen: Screen, people: People, person_ids: Iterable[str]) -> Phrase:
    """Several people by name and id."""
    return Phrase(screen.texts("list.comma").join(named(screen, people, person_id) for person_id in person_ids))


def parties_named(screen: Screen, commitment: Commitment) -> Phrase:
    """The parties under the names that the reader's language has for them."""
    sheet, names = sheet_in(commitment), commitment.parties
    if sheet is not None and screen.texts.language == "ar":
        arabic = {side.name: side.name_ar for side in (sheet.us, sheet.them)}
        names = tuple(arabic.get(name) or name for name in names)
    return Phrase(" – ".join(screen.texts.inline(name) for name in names))


def partner_named(screen: Screen, here: Situation) -> str:
    """The partner under the name that the reader's language has for it."""
    item = here.turn.item
    sheet = None if item is None else sheet_in(item.commitment)
    arabic = None if sheet is None or screen.texts.language != "ar" else sheet.them.name_ar
    return arabic or here.state.company_name


def role(screen: Screen, level: ApprovalLevel, legal: bool, required: Sequence[ApprovalRequirement]) -> Phrase:
    """As what somebody decides: by the approval that their authority can give, not by their title."""
    person = Person(person_id="pe_any", name="any", level=level, legal=legal)
    kinds = {item.legal for item in required if policy.meets(person, item)}
    if kinds == {True}:
        return screen.texts("role.legal")
    kind = "top" if level is ApprovalLevel.C_LEVEL else "person"
    return screen.texts(f"role.{'both' if True in kinds else kind}", level=screen.texts(f"level.{level.value}"))


def next_steps(turn: Turn, options: str = "") -> list[JsonValue]:
    """Who can act now and how, for programs."""
    if turn.item is not None and turn.status is DealStatus.AWAITING_APPROVAL:
        return _approvals(turn.item, options)
    command = _settled_command(turn)
    if command is None or turn.status is DealStatus.COMMITTED:
        return []
    asker = turn.people.get(turn.asker)
    return [_step(turn.asker, None if asker is None else asker.name, None, complete(command, options))]


def _approvals(item: PendingItem, options: str) -> list[JsonValue]:
    command = f"partnership approve {item.commitment.commitment_id}"
    own = [_step(one.person_id, one.name, None, complete(command, options)) for one in item.may_approve]
    for one in item.delegated:
        lent = complete(f"{command} --for {one.delegator.person_id}", options)
        own.append(_step(one.delegate.person_id, one.delegate.name, one.delegator.person_id, lent))
    return own


def _step(person_id: str, name: str | None, on_behalf_of: str | None, command: str) -> JsonValue:
    return {"person_id": person_id, "name": name, "on_behalf_of": on_behalf_of, "command": command}


def show_next(screen: Screen, turn: Turn) -> None:
    """Print whose turn it is and what they type."""
    if turn.item is not None and turn.status is DealStatus.AWAITING_APPROVAL:
        show_whose_turn(screen, turn.item)
        return
    replaced = _replaced(turn)
    key = "superseded" if replaced else turn.status.value
    sent = _delivered(turn)
    key = {DeliveryStatus.DELIVERED: f"{key}.sent", DeliveryStatus.DEAD: f"{key}.stuck"}.get(sent, key)
    moment = turn.message.delivered_at if turn.message is not None else None
    screen.say(
        f"next.{key}",
        requester=named(screen, turn.people, turn.asker),
        entry=turn.entry_id or "–",
        moment="–" if moment is None else moment_text(moment),
    )
    command = _settled_command(turn)
    if command is not None:
        screen.command(command)
    others = all_named(screen, turn.people, _deciders(turn))
    if turn.status in (DealStatus.REJECTED, DealStatus.EXPIRED) and others and not replaced:
        screen.say("next.others", people=others)


def _settled_command(turn: Turn) -> str | None:
    """What somebody types next once a deal does not wait for approvals."""
    if turn.item is None:
        return f"partnership deal resume {turn.thread_id}" if turn.status is DealStatus.RUNNING else None
    sending = {DeliveryStatus.DELIVERED: None, DeliveryStatus.DEAD: "partnership outbox list --dead"}
    commands = {
        DealStatus.COMMITTED: sending.get(_delivered(turn), "partnership outbox deliver"),
        DealStatus.REJECTED: f"partnership edit {turn.item.commitment.commitment_id} --set TERM=VALUE",
        DealStatus.EXPIRED: f"partnership propose {turn.thread_id}",
    }
    return "partnership inbox" if _replaced(turn) else commands.get(turn.status)


def _delivered(turn: Turn) -> DeliveryStatus:
    """How far the message of a commitment is; it waits where there is none yet."""
    return DeliveryStatus.WAITING if turn.message is None else delivery_status(turn.message)


def _replaced(turn: Turn) -> bool:
    return turn.item is not None and turn.item.status is CommitmentStatus.SUPERSEDED


def _deciders(turn: Turn) -> list[str]:
    """Those who may decide about a commitment, and so may change it or ask for it again as well."""
    if turn.item is None:
        return []
    commitment = turn.item.commitment
    return [
        person.person_id
        for person in turn.people.values()
        if person.active
        and person.tenant == commitment.tenant
        and person.person_id != commitment.requested_by
        and any(policy.meets(person, one) for one in commitment.required_approvals)
    ]


def show_whose_turn(screen: Screen, item: PendingItem, *, brief: bool = False) -> None:
    """Print each approval that is still needed with the people who can give it, until when, and what they type.

    Args:
        screen: Where to print.
        item: A commitment that waits.
        brief: In a list: leaves out what `review` prints at its end as well.
    """
    commitment_id = item.commitment.commitment_id
    if not item.still_needed:
        screen.say("next.approved")
        screen.command(f"partnership deal resume {item.commitment.thread_id}")
        return
    screen.say("next.must_act", style="bold", moment=moment_text(item.expires_at))
    for requirement in dict.fromkeys(item.still_needed):
        people = _who_can(screen, item, requirement) or screen.texts("approval.nobody")
        screen.say("next.needed", indent=2, who=screen.texts.requirement(requirement), people=people)
    if missing := policy.unmet(item.still_needed, _able(item)):
        screen.say("next.nobody_for", style="yellow", who=screen.texts.approvals(missing))
        for requirement in dict.fromkeys(missing):
            screen.command(_adding(requirement))
    screen.say("next.decide")
    screen.command(f"partnership review {commitment_id}")
    screen.command(f"partnership approve {commitment_id}")
    for one in (one for one in item.delegated if one.delegate not in item.may_approve):
        screen.command(f"partnership approve {commitment_id} --for {one.delegator.person_id}")
    if not brief:
        show_other_ways(screen, commitment_id)


def show_other_ways(screen: Screen, commitment_id: str) -> None:
    """Print what can be typed instead of an approval."""
    screen.command(f"partnership reject {commitment_id} --note REASON")
    screen.command(f"partnership edit {commitment_id} --set TERM=VALUE")


def _who_can(screen: Screen, item: PendingItem, requirement: ApprovalRequirement) -> Phrase:
    """Those who can give one approval, and for whom where it is not by their own authority."""
    able = [screen.texts.inline(_label(one)) for one in item.may_approve if policy.meets(one, requirement)]
    for one in item.delegated:
        lent = one.delegate.model_copy(update={"level": one.delegation.max_level, "legal": one.delegation.legal})
        if one.delegate not in item.may_approve and policy.meets(lent, requirement):
            able.append(screen.texts("next.for", person=_label(one.delegate), principal=_label(one.delegator)))
    return Phrase(screen.texts("list.comma").join(able))


def _adding(requirement: ApprovalRequirement) -> str:
    """The command by which an operator adds somebody who can give an approval."""
    return f"partnership user add NAME --level {requirement.min_level.value}" + (
        " --legal" if requirement.legal else ""
    )


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
