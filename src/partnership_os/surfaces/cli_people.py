"""Commands about people: who may ask and who may decide."""

from typing import Annotated

import typer

from partnership_os.schemas.partnership import ApprovalLevel
from partnership_os.surfaces.cli_session import Session, command

PersonId = Annotated[str, typer.Argument(metavar="PERSON", help="Id of the person, pe_….")]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module to the application."""
    user = typer.Typer(name="user", help="People who may ask and decide.", no_args_is_help=True)
    command(
        user,
        "add",
        (
            "partnership user add 'Noura' --level director",
            "partnership user add 'Salem' --level c-level --legal --json",
        ),
    )(add)
    command(user, "list", ("partnership user list",))(list_people)
    command(
        user,
        "change",
        ("partnership user change pe_… --level vp", "partnership user change pe_… --no-legal --inactive"),
    )(change)
    command(user, "token", ("partnership user token pe_…",))(new_token)
    command(user, "revoke", ("partnership user revoke pe_…",))(revoke)
    app.add_typer(user)


def add(
    session: Session,
    name: Annotated[str, typer.Argument(metavar="NAME", help="For display only.")],
    level: Annotated[ApprovalLevel, typer.Option("--level", help="The person's authority.")],
    legal: Annotated[bool, typer.Option("--legal", help="The person also decides for Legal.")] = False,
) -> None:
    """Add a person and print the token, once."""
    with session.workspace() as workspace:
        person, token = workspace.add_person(name, level, legal)
    from partnership_os.surfaces.cli_records import show_new_person

    answer = {**person.model_dump(mode="json"), "token": token}
    session.answer(answer, lambda screen: show_new_person(screen, person, token))


def list_people(session: Session) -> None:
    """List the people, without their tokens."""
    with session.workspace() as workspace:
        people = workspace.people()
    from partnership_os.surfaces.cli_records import show_people

    session.answer(people, lambda screen: show_people(screen, people))


def change(
    session: Session,
    person: PersonId,
    level: Annotated[ApprovalLevel | None, typer.Option("--level", help="The new authority.")] = None,
    legal: Annotated[
        bool | None, typer.Option("--legal/--no-legal", help="Whether the person also decides for Legal.")
    ] = None,
    active: Annotated[
        bool | None, typer.Option("--active/--inactive", help="Whether the person may ask and decide at all.")
    ] = None,
) -> None:
    """Change a person's authority; what waits for a commit is judged by the new one."""
    if level is None and legal is None and active is None:
        raise typer.BadParameter("say what to change", param_hint="--level, --legal or --active")
    with session.workspace() as workspace:
        changed = workspace.change_person(person, level=level, legal=legal, active=active)
    from partnership_os.surfaces.cli_records import show_people

    session.answer(changed, lambda screen: show_people(screen, (changed,)))


def new_token(session: Session, person: PersonId) -> None:
    """Print a new token of a person, once; the former ones end."""
    with session.workspace() as workspace:
        token = workspace.new_token(person)
    from partnership_os.surfaces.cli_records import show_token

    session.answer({"person_id": person, "token": token}, lambda screen: show_token(screen, person, token))


def revoke(session: Session, person: PersonId) -> None:
    """Make a person's tokens worthless."""
    with session.workspace() as workspace:
        ended = workspace.revoke_tokens(person)
    answer = {"person_id": person, "tokens_ended": ended}
    session.answer(answer, lambda screen: screen.say("user.revoked", person=person, count=ended))
