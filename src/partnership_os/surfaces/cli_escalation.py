"""The command ``escalate``: reminds people of what waits too long. Made for a scheduler; it decides nothing."""

import typer

from partnership_os.surfaces.cli_session import Session, command


def add_to(app: typer.Typer) -> None:
    """Add the command of this module to the application."""
    examples = ("partnership escalate", "*/15 * * * *  partnership --home /srv/partnership escalate --json")
    command(app, "escalate", examples, action="escalate_approval")(escalate)


def escalate(session: Session) -> None:
    """Remind approvers of what waits too long, and ask the next level; every stage once."""
    from partnership_os.surfaces.cli_inbox import show_reminders
    from partnership_os.surfaces.cli_next_steps import by_id

    with session.workspace() as workspace:
        marks = workspace.tick_sla()
        items = {item.commitment.commitment_id: item for item in workspace.inbox()}
        people = by_id(workspace.people())
    session.answer(marks, lambda screen: show_reminders(screen, marks, items, people))
