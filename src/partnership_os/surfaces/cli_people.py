"""Commands about people: who may ask and who may decide."""

from typing import Annotated

import typer

from partnership_os.schemas.partnership import ApprovalLevel
from partnership_os.surfaces.cli_session import Session, command


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


def revoke(
    session: Session, person: Annotated[str, typer.Argument(metavar="ID", help="Id of the person, pe_….")]
) -> None:
    """Make a person's tokens worthless."""
    with session.workspace() as workspace:
        ended = workspace.revoke_tokens(person)
    answer = {"person_id": person, "tokens_ended": ended}
    session.answer(answer, lambda screen: screen.say("user.revoked", person=person, count=ended))
