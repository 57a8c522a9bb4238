"""Commands about the outbox: what waits to leave, what left, and what was given up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from time import sleep
from typing import TYPE_CHECKING, Annotated, Any

import typer

from partnership_os.surfaces.cli_session import Session, command

if TYPE_CHECKING:
    from partnership_os.governance.delivery import DeliveryReport
    from partnership_os.governance.store import QueuedMessage
    from partnership_os.surfaces.cli_render import Screen

SOMETHING_GIVEN_UP = 1
"""Exit code of `outbox deliver` when it gave up a message, so that a scheduler tells somebody."""

MessageId = Annotated[str, typer.Argument(metavar="MESSAGE", help="Id of the message, ob_….")]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module to the application."""
    outbox = typer.Typer(name="outbox", help="Send what commitments cause, and follow it.", no_args_is_help=True)
    command(
        outbox, "list", ("partnership outbox list", "partnership outbox list --dead --json"), action="read_records"
    )(list_messages)
    command(
        outbox,
        "deliver",
        ("partnership outbox deliver", "partnership outbox deliver --watch 30"),
        action="deliver_outbox",
    )(deliver)
    command(outbox, "redrive", ("partnership outbox redrive ob_…",), action="redrive_message")(redrive)
    app.add_typer(outbox)


def list_messages(
    session: Session,
    dead: Annotated[bool, typer.Option("--dead", help="Only what was given up and waits for a person.")] = False,
) -> None:
    """List the messages of the outbox, oldest first, and what happens next with each."""
    with session.workspace() as workspace:
        messages = workspace.outbox()
    if dead:
        messages = tuple(queued for queued in messages if queued.dead_at is not None)
    session.answer([_as_json(queued) for queued in messages], lambda screen: _show_list(screen, messages, dead))


def deliver(
    session: Session,
    limit: Annotated[int, typer.Option("--limit", min=1, metavar="N", help="Messages in one run at most.")] = 1_000,
    watch: Annotated[
        float | None,
        typer.Option("--watch", min=1, metavar="SECONDS", help="Go on, and look again after so many seconds."),
    ] = None,
) -> None:
    """Send every message that is due; one that is sent again keeps its idempotency key.

    Needs no token: people have decided before a message exists. Exit code 1 says that a message was given up, or that
    one cannot be read.
    """
    with session.workspace() as workspace:
        report = workspace.deliver(limit)
        _tell(session, report)
        while watch is not None:
            sleep(0 if report.left else watch)
            report = workspace.deliver(limit)
            if report.messages or report.unreadable:
                _tell(session, report)
    if report.unreadable or any(queued.dead_at is not None for queued in report.messages):
        raise typer.Exit(SOMETHING_GIVEN_UP)


def redrive(session: Session, message: MessageId) -> None:
    """Make a message that was given up due again, after its cause was removed."""
    with session.workspace() as workspace:
        queued = workspace.redrive(message)
    session.answer(_as_json(queued), lambda screen: _show_redriven(screen, queued))


def _as_json(queued: QueuedMessage) -> dict[str, Any]:
    from partnership_os.governance.outbox import delivery_status

    return {"status": delivery_status(queued).value, **queued.model_dump(mode="json")}


def _tell(session: Session, report: DeliveryReport) -> None:
    answer = {**report.model_dump(mode="json"), "messages": [_as_json(queued) for queued in report.messages]}
    session.answer(answer, lambda screen: _show_report(screen, report))


def _show_list(screen: Screen, messages: Sequence[QueuedMessage], dead: bool) -> None:
    from partnership_os.governance.outbox import DeliveryStatus, delivery_status

    if not messages:
        screen.say("outbox.no_dead" if dead else "outbox.empty")
        return
    for queued in messages:
        _show_message(screen, queued)
    _show_counts(screen, messages)
    if any(delivery_status(queued) is DeliveryStatus.WAITING for queued in messages):
        screen.say("outbox.send")
        screen.command("partnership outbox deliver")


def _show_report(screen: Screen, report: DeliveryReport) -> None:
    for message_id in report.unreadable:
        screen.say("outbox.unreadable", style="bold red", message=message_id)
    if report.unreadable:
        screen.say("outbox.inquire", style="bold red")
        screen.command("partnership audit verify")
    if not report.messages:
        screen.say("outbox.nothing_due")
        if report.next_due_at is not None:
            screen.say("outbox.next_due", moment=_moment(report.next_due_at))
            screen.command("partnership outbox list")
        return
    for queued in report.messages:
        _show_message(screen, queued)
    _show_counts(screen, report.messages)
    if report.left:
        screen.say("outbox.left", count=report.left)


def _show_redriven(screen: Screen, queued: QueuedMessage) -> None:
    screen.say("outbox.redriven", style="bold")
    screen.fact("outbox.message", queued.message.message_id)
    screen.say("outbox.send")
    screen.command("partnership outbox deliver")


def _show_message(screen: Screen, queued: QueuedMessage) -> None:
    """Print where a message is, and who must act or when it goes on by itself."""
    from partnership_os.governance.outbox import DeliveryStatus, delivery_status, was_refused
    from partnership_os.graphs.wording.error_wording import worded
    from partnership_os.surfaces.cli_render import action_text

    kind, status = action_text(screen.texts, queued.message.kind), delivery_status(queued)
    if status is DeliveryStatus.DELIVERED:
        screen.say("outbox.delivered", style="green", kind=kind, moment=_moment(queued.delivered_at))
    elif status is DeliveryStatus.DEAD:
        screen.say("outbox.dead", style="bold red", kind=kind, moment=_moment(queued.dead_at))
    elif queued.claimed_by is not None:
        until = _moment(queued.claimed_until)
        screen.say("outbox.claimed", style="bold", kind=kind, worker=queued.claimed_by, moment=until)
    elif status is DeliveryStatus.RETRYING:
        screen.say("outbox.retrying", style="yellow", kind=kind, attempts=queued.attempts)
    else:
        screen.say("outbox.waiting", style="bold", kind=kind, moment=_moment(queued.message.created_at))
    if queued.last_error is not None:
        screen.say("outbox.reason", indent=2, reason=worded(screen.texts, queued.last_error))
    screen.fact("outbox.message", queued.message.message_id)
    screen.fact("outbox.key", queued.message.idempotency_key)
    if status is DeliveryStatus.DELIVERED:
        screen.fact("outbox.receipt", str(queued.receipt))
    if status is DeliveryStatus.DEAD:
        if was_refused(queued):
            screen.say("outbox.inquire", style="bold red")
            screen.command("partnership audit verify")
        screen.say("outbox.after" if was_refused(queued) else "outbox.mend")
        screen.command(f"partnership outbox redrive {queued.message.message_id}")
    if queued.next_attempt_at is not None:
        screen.say("outbox.try_again", moment=_moment(queued.next_attempt_at))
        screen.command("partnership outbox deliver")
    screen.console.print()


def _show_counts(screen: Screen, messages: Sequence[QueuedMessage]) -> None:
    from partnership_os.governance.outbox import DeliveryStatus, delivery_status

    counted = Counter(delivery_status(queued) for queued in messages)
    numbers: dict[str, Any] = {status.value: counted[status] for status in DeliveryStatus}
    screen.say("outbox.counts", **numbers)


def _moment(moment: datetime | None) -> str:
    return "–" if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M")
