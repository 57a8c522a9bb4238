"""Commands about the database: where its schema stands, and bringing it up to date."""

from typing import TYPE_CHECKING

import typer

from partnership_os.surfaces.cli_session import Session, command

if TYPE_CHECKING:
    from partnership_os.storage.database_state import DatabaseState
    from partnership_os.surfaces.cli_render import Screen


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module to the application."""
    database = typer.Typer(name="database", help="The database of ledger and companies.", no_args_is_help=True)
    command(database, "status", ("partnership database status",), action="read_records")(status)
    command(database, "upgrade", ("partnership database upgrade",), action="upgrade_database")(upgrade)
    app.add_typer(database)


def status(session: Session) -> None:
    """Say which schema the database holds; changes nothing. Exit code 1 when it is not the one of this version."""
    from partnership_os.graphs.home import place_of_database
    from partnership_os.storage.database_state import database_state

    found = database_state(place_of_database(session.settings))
    session.answer(found, lambda screen: _show(screen, found))
    if not found.current:
        raise typer.Exit(1)


def upgrade(session: Session) -> None:
    """Bring the schema up to date, for processes that run with PARTNERSHIP_MIGRATIONS=verify."""
    from partnership_os.graphs.home import place_of_database
    from partnership_os.storage.database_state import upgrade_database

    found = upgrade_database(place_of_database(session.settings))
    session.answer(found, lambda screen: _show(screen, found))


def _show(screen: "Screen", found: "DatabaseState") -> None:
    screen.fact("database.place", f"{found.dialect} {found.place}")
    screen.fact("database.schema", f"{found.found or '–'} / {found.known}")
    if found.current:
        screen.say("database.current", style="green")
    elif found.newer:
        screen.say("database.newer", style="bold red")
    else:
        screen.say("database.old", style="yellow")
        screen.command("partnership database upgrade")
