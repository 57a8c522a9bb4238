"""What waits for people on the screen: for how long, who was reminded, and how to decide."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from partnership_os.governance.sla import Punctuality, SlaState
from partnership_os.governance.standing import PendingItem
from partnership_os.graphs.wording.texts import Phrase
from partnership_os.schemas.commitment import SlaMark, SlaStage
from partnership_os.surfaces.cli_next_steps import (
    People,
    all_named,
    moment_text,
    named,
    parties_named,
    show_whose_turn,
)
from partnership_os.surfaces.cli_render import Screen, counted


def show_inbox(
    screen: Screen, items: Sequence[PendingItem], clocks: Mapping[str, SlaState], people: People, now: datetime
) -> None:
    """Print each commitment that waits, with its clock.

    Args:
        screen: Where to print.
        items: What waits, oldest first.
        clocks: The clock of each that waits for approvers, by commitment.
        people: The directory.
        now: The moment to count from.
    """
    if not items:
        screen.say("inbox.empty")
    for item in items:
        commitment = item.commitment
        screen.phrase(parties_named(screen, commitment), style="bold")
        screen.say(
            "inbox.waits",
            indent=2,
            type=screen.texts(f"type.{commitment.partnership_type.value}"),
            who=screen.texts.approvals(item.still_needed),
        )
        clock = clocks.get(commitment.commitment_id)
        if clock is not None:
            _show_clock(screen, clock, people, now)
        if item.approvals:
            approvers = all_named(screen, people, (one.decided_by for one in item.approvals))
            screen.say("inbox.approved_by", indent=2, people=approvers)
        requester = named(screen, people, commitment.requested_by)
        screen.say("inbox.requested", indent=2, person=requester, moment=moment_text(commitment.requested_at))
        if commitment.value is not None:
            screen.say("inbox.value", indent=2, value=commitment.value)
        show_whose_turn(screen, item, brief=True)
        screen.console.print()


def _show_clock(screen: Screen, clock: SlaState, people: People, now: datetime) -> None:
    stage = screen.texts(f"sla.{clock.stage.value}")
    late = clock.stage in (Punctuality.BREACHED, Punctuality.ESCALATED)
    time = waited(screen, now - clock.requested_at)
    screen.say("sla.line", indent=2, style="yellow" if late else "", time=time, stage=stage)
    if clock.asked:
        screen.say("sla.asked", indent=2, people=all_named(screen, people, clock.asked))
    if clock.stage is not Punctuality.ON_TIME and SlaStage(clock.stage.value) not in clock.marked:
        screen.say("sla.unmarked", indent=2)
        screen.command("partnership escalate")
    if clock.next_stage is not None and clock.next_at is not None:
        screen.say(f"sla.next.{clock.next_stage.value}", indent=2, moment=moment_text(clock.next_at))


def show_reminders(screen: Screen, marks: Sequence[SlaMark], items: Mapping[str, PendingItem], people: People) -> None:
    """Print what was reminded now, and whom.

    Args:
        screen: Where to print.
        marks: The stages that were reached now.
        items: What waits, by commitment.
        people: The directory.
    """
    if not marks:
        screen.say("escalate.nothing")
        return
    for mark in marks:
        item = items.get(mark.commitment_id)
        title = Phrase(mark.commitment_id) if item is None else parties_named(screen, item.commitment)
        screen.say("escalate.line", style="bold", parties=title, stage=screen.texts(f"sla.{mark.stage.value}"))
        screen.fact("deal.commitment", mark.commitment_id)
        if mark.asked:
            screen.say("escalate.asked", indent=2, people=all_named(screen, people, mark.asked))
        else:
            screen.say("inbox.nobody_may", indent=2)
            screen.command("partnership user add NAME --level LEVEL")
    screen.say("escalate.silence")


def waited(screen: Screen, time: timedelta) -> Phrase:
    """A time in days and hours: ``2 d 3 h``, in Arabic in the forms that its numbers ask for."""
    days, hours = divmod(int(max(time, timedelta(0)).total_seconds()) // 3600, 24)
    parts = [counted(screen.texts, "time.day", days)] if days else []
    if hours or not days:
        parts.append(counted(screen.texts, "time.hour", hours))
    return Phrase(screen.texts("time.and").join(parts))
