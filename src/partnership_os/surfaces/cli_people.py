"""Commands about people: who may ask and who may decide, and the tokens by which they show who they are."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer

from partnership_os.errors import InputError
from partnership_os.schemas.partnership import ApprovalLevel
from partnership_os.surfaces.cli_session import Session, command

if TYPE_CHECKING:
    from partnership_os.schemas.commitment import Person

PersonId = Annotated[str, typer.Argument(metavar="PERSON", help="Id of the person, pe_….")]
Days = Annotated[
    int | None,
    typer.Option("--days", metavar="N", min=1, max=365, help="Days until the token expires; PARTNERSHIP_TOKEN_DAYS."),
]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module to the application."""
    user = typer.Typer(name="user", help="People who may ask and decide.", no_args_is_help=True)
    command(
        user,
        "add",
        (
            "partnership user add 'Noura' --level director",
            "partnership user add 'Salem' --level c-level --legal --days 30 --json",
        ),
        action="add_person",
    )(add)
    command(user, "list", ("partnership user list",), action="read_directory")(list_people)
    command(
        user,
        "change",
        ("partnership user change pe_… --level vp", "partnership user change pe_… --no-legal --inactive"),
        action="change_person",
    )(change)
    command(
        user,
        "token",
        ("partnership user token pe_…", "partnership user token pe_… --days 7"),
        action="issue_token",
    )(new_token)
    command(user, "revoke", ("partnership user revoke pe_…",), action="revoke_token")(revoke)
    app.add_typer(user)


def add(
    session: Session,
    name: Annotated[str, typer.Argument(metavar="NAME", help="For display only.")],
    level: Annotated[ApprovalLevel, typer.Option("--level", help="The person's authority.")],
    legal: Annotated[bool, typer.Option("--legal", help="The person also decides for Legal.")] = False,
    tenant: Annotated[
        str | None,
        typer.Option("--tenant", metavar="NAME", help="Whose people they are, where there are several; else main."),
    ] = None,
    days: Days = None,
) -> None:
    """Add a person and print the token, once."""
    from partnership_os.schemas.commitment import MAIN_TENANT
    from partnership_os.surfaces.cli_records import show_new_person, token_end

    whose = _tenant(MAIN_TENANT if tenant is None else tenant)
    with session.workspace(days) as workspace:
        person, token = workspace.add_person(name, level, legal, whose)
        expires_at = token_end(workspace, token)
    answer = {**person.model_dump(mode="json"), "token": token, "token_expires_at": expires_at}
    session.answer(answer, lambda screen: show_new_person(screen, person, token, expires_at))


def list_people(session: Session) -> None:
    """List the people with the state of their tokens, never the tokens."""
    from partnership_os.surfaces.cli_records import show_people, token_states

    with session.workspace() as workspace:
        people = workspace.people()
        tokens = token_states(workspace)
    answer = [{**one.model_dump(mode="json"), "token": tokens[one.person_id]} for one in people]
    session.answer(answer, lambda screen: show_people(screen, people, tokens))


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
    from partnership_os.surfaces.cli_records import show_people, token_states

    with session.workspace() as workspace:
        changed = workspace.change_person(person, level=level, legal=legal, active=active)
        tokens = token_states(workspace)
    session.answer(changed, lambda screen: show_people(screen, (changed,), tokens))


def new_token(session: Session, person: PersonId, days: Days = None) -> None:
    """Print a new token of a person, once; the former ones end. Somebody inactive gets none."""
    from partnership_os.surfaces.cli_records import show_token, token_end

    with session.workspace(days) as workspace:
        _require_active(workspace.people(), person)
        token = workspace.new_token(person)
        expires_at = token_end(workspace, token)
    answer = {"person_id": person, "token": token, "token_expires_at": expires_at}
    session.answer(answer, lambda screen: show_token(screen, person, token, expires_at))


def revoke(session: Session, person: PersonId) -> None:
    """Make a person's tokens worthless."""
    from partnership_os.surfaces.cli_records import show_ended

    with session.workspace() as workspace:
        ended = workspace.revoke_tokens(person)
    answer = {"person_id": person, "tokens_ended": ended}
    session.answer(answer, lambda screen: show_ended(screen, person, ended))


def _require_active(people: "Iterable[Person]", person_id: str) -> None:
    """A token of somebody inactive opens nothing, and whoever gets it would only learn that later.

    Raises:
        InputError: names the command that makes the person active.
    """
    for one in people:
        if one.person_id == person_id and not one.active:
            label = f"{one.name} ({person_id})"
            raise InputError(
                f"{label} is inactive: a token would open nothing.",
                fix=f"Make the person active first: `partnership user change {person_id} --active`.",
                person_id=person_id,
            )


def _tenant(name: str) -> str:
    from pydantic import TypeAdapter, ValidationError

    from partnership_os.schemas.base import Slug

    try:
        return TypeAdapter(Slug).validate_python(name)
    except ValidationError:
        raise typer.BadParameter(
            f"{name!r} is no name of a tenant: lower-case letters, digits and _, beginning with a letter",
            param_hint="--tenant",
        ) from None
