"""Delegations on the screen: who lent what to whom, and what it can be used for now."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal

from partnership_os.governance.standing import PendingItem
from partnership_os.governance.store import StoredDelegation
from partnership_os.graphs.wording.texts import Phrase
from partnership_os.schemas.commitment import Delegation, Person
from partnership_os.schemas.partnership import PartnershipType
from partnership_os.surfaces.cli_next_steps import People, by_id, moment_text, named
from partnership_os.surfaces.cli_render import Screen

State = Literal["live", "coming", "expired", "ended"]


def usable(items: Iterable[PendingItem], made: Delegation) -> tuple[PendingItem, ...]:
    """What waits now and can be approved under a delegation."""
    return tuple(
        item for item in items if any(one.delegation.delegation_id == made.delegation_id for one in item.delegated)
    )


def state_of(stored: StoredDelegation, now: datetime) -> State:
    """Whether a delegation is in force."""
    if stored.ended_at is not None:
        return "ended"
    if now >= stored.delegation.expires_at:
        return "expired"
    return "live" if stored.live(now) else "coming"


def show_lent(screen: Screen, made: Delegation, people: Sequence[Person], waiting: Sequence[PendingItem]) -> None:
    """Print what was lent, what it can be used for now, and how it ends."""
    known = by_id(people)
    delegator, delegate = (named(screen, known, one) for one in (made.delegator, made.delegate))
    level, end = screen.texts(f"level.{made.max_level.value}"), moment_text(made.expires_at)
    screen.say("delegation.made", style="bold", delegate=delegate, delegator=delegator, level=level, moment=end)
    _show_limits(screen, made)
    screen.fact("delegation.id", made.delegation_id)
    screen.say("delegation.own", delegator=delegator, delegate=delegate)
    if not waiting:
        screen.say("delegation.nothing", delegate=delegate)
        screen.command(f"partnership approve COMMITMENT --for {made.delegator}")
    for item in waiting:
        screen.say("next.can_for", person=delegate, principal=delegator)
        screen.command(f"partnership review {item.commitment.commitment_id}")
        screen.command(f"partnership approve {item.commitment.commitment_id} --for {made.delegator}")
    screen.say("delegation.end_with")
    screen.command(f"partnership delegation end {made.delegation_id}")


def show_ended(screen: Screen, ended: Delegation, people: Sequence[Person]) -> None:
    """Print what ended, and where to see whose turn it is."""
    known = by_id(people)
    delegator, delegate = (named(screen, known, one) for one in (ended.delegator, ended.delegate))
    screen.say("delegation.ended", style="bold", delegate=delegate, delegator=delegator)
    screen.say("delegation.ended_next")
    screen.command("partnership inbox")


def show_delegations(
    screen: Screen, stored: Sequence[StoredDelegation], people: Sequence[Person], now: datetime
) -> None:
    """Print every delegation with its limits and whether it is in force."""
    if not stored:
        screen.say("delegations.empty")
        screen.command("partnership delegation add --help")
    known = by_id(people)
    for one in stored:
        _show_line(screen, one, known, now)


def _show_line(screen: Screen, stored: StoredDelegation, known: People, now: datetime) -> None:
    made, state = stored.delegation, state_of(stored, now)
    screen.say(
        "delegation.line",
        style="bold" if state == "live" else "dim",
        delegator=named(screen, known, made.delegator),
        delegate=named(screen, known, made.delegate),
        level=screen.texts(f"level.{made.max_level.value}"),
        start=moment_text(made.starts_at),
        moment=moment_text(made.expires_at),
    )
    ended = "" if stored.ended_at is None else moment_text(stored.ended_at)
    screen.say(f"delegation.state.{state}", indent=2, moment=ended)
    _show_limits(screen, made)
    screen.fact("delegation.id", made.delegation_id)
    screen.console.print()


def _show_limits(screen: Screen, made: Delegation) -> None:
    if made.legal:
        screen.say("delegation.legal", indent=2)
    if set(made.partnership_types) == set(PartnershipType):
        screen.say("delegation.every_type", indent=2)
    else:
        names = screen.texts("list.comma").join(screen.texts(f"type.{kind.value}") for kind in made.partnership_types)
        screen.say("delegation.types", indent=2, types=Phrase(names))
    if made.max_value is not None:
        screen.say("delegation.value", indent=2, value=made.max_value)
    screen.say("delegation.reason", indent=2, reason=made.reason)
