"""Commands that show what was committed and prove that the record is whole."""

from pathlib import Path
from typing import Annotated

import typer

from partnership_os.surfaces.cli_session import Session, command


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module to the application."""
    command(app, "ledger", ("partnership ledger", "partnership ledger --json | jq length"))(ledger)
    audit = typer.Typer(name="audit", help="The hash-chained log of decisions.", no_args_is_help=True)
    command(audit, "verify", ("partnership audit verify",))(verify)
    app.add_typer(audit)
    schema = typer.Typer(name="schema", help="JSON Schemas of the records.", no_args_is_help=True)
    command(schema, "export", ("partnership schema export docs/schemas",))(export)
    app.add_typer(schema)
    command(app, "policy", ("partnership policy", "partnership policy --json"))(policy)


def ledger(session: Session) -> None:
    """List the commitments that took effect."""
    with session.workspace() as workspace:
        entries = workspace.ledger()
    from partnership_os.surfaces.cli_records import show_ledger

    session.answer(entries, lambda screen: show_ledger(screen, entries))


def verify(session: Session) -> None:
    """Re-hash every event of the audit log and compare it with its anchor; exit code 1 when it is not whole."""
    with session.workspace() as workspace:
        report = workspace.verify_audit()
    from partnership_os.surfaces.cli_records import show_audit

    session.answer(report, lambda screen: show_audit(screen, report))
    if not report.ok:
        raise typer.Exit(1)


def export(
    session: Session, folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to write to.")]
) -> None:
    """Write the JSON Schema of every record."""
    from partnership_os.schemas.export import write_schemas

    written = write_schemas(folder)
    answer = {"folder": str(folder), "files": [str(path) for path in written]}
    session.answer(answer, lambda screen: screen.say("schema.written", count=len(written), folder=folder))


def policy(session: Session) -> None:
    """Show which actions run freely, which need approval, and which never run."""
    from partnership_os.governance.actions import ACTIONS
    from partnership_os.surfaces.cli_records import show_actions

    session.answer(ACTIONS, lambda screen: show_actions(screen, ACTIONS))
