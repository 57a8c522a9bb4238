"""Commands about delegations: authority that one person lends to another for a time."""

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Annotated

import typer

from partnership_os.schemas.partnership import ApprovalLevel, PartnershipType
from partnership_os.surfaces.cli_session import Session, TokenFile, command

if TYPE_CHECKING:
    from partnership_os.governance.delegation import DelegationDraft
    from partnership_os.schemas.base import Money

_OPTIONS = {"delegate": "--to", "days": "--days", "reason": "--reason"}
LONGEST_DAYS = 90


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module to the application."""
    group = typer.Typer(name="delegation", help="Authority that is lent for a time.", no_args_is_help=True)
    adding = (
        "PARTNERSHIP_TOKEN=… partnership delegation add --to pe_… --level director --days 14 --reason 'on leave'",
        "partnership delegation add --to pe_… --level vp --type referral --max-value '500000 SAR' --reason 'travel'",
    )
    command(group, "add", adding, action="delegate_authority")(add)
    command(group, "list", ("partnership delegation list",), action="read_directory")(list_delegations)
    ending = ("PARTNERSHIP_TOKEN=… partnership delegation end dl_…",)
    command(group, "end", ending, action="end_delegation")(end)
    app.add_typer(group)


def add(
    session: Session,
    delegate: Annotated[str, typer.Option("--to", metavar="PERSON", help="Who may decide for you, pe_….")],
    level: Annotated[ApprovalLevel, typer.Option("--level", help="Up to which level; never above your own.")],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; it is kept with the delegation.")],
    legal: Annotated[bool, typer.Option("--legal", help="Lend your legal role too.")] = False,
    types: Annotated[
        list[PartnershipType] | None, typer.Option("--type", help="Only for this type; may repeat. All when left out.")
    ] = None,
    max_value: Annotated[
        str | None, typer.Option("--max-value", metavar="MONEY", help="Only up to this much to pay: '500000 SAR'.")
    ] = None,
    days: Annotated[int, typer.Option("--days", metavar="N", min=1, max=LONGEST_DAYS, help="For how long.")] = 14,
    token_file: TokenFile = None,
) -> None:
    """Lend authority of yours to a colleague for a time; what you asked for yourself stays closed to them."""
    from partnership_os.surfaces.cli_lending import show_lent, usable

    wanted = _draft(
        delegate=delegate,
        max_level=level,
        legal=legal,
        max_value=None if max_value is None else _money(max_value),
        days=days,
        reason=reason,
        **({"partnership_types": tuple(types)} if types else {}),
    )
    token = session.token(token_file)
    with session.workspace() as workspace:
        made = workspace.lend_authority(token, wanted)
        people, waiting = workspace.people(), usable(workspace.inbox(), made)
    answer = {**made.model_dump(mode="json"), "waiting": [item.commitment.commitment_id for item in waiting]}
    session.answer(answer, lambda screen: show_lent(screen, made, people, waiting))


def list_delegations(session: Session) -> None:
    """List who lent authority to whom, ended and expired ones too."""
    from partnership_os.surfaces.cli_lending import show_delegations, state_of

    with session.workspace() as workspace:
        stored, people, now = workspace.delegations(), workspace.people(), workspace.services.clock()
    answer = [
        {**one.delegation.model_dump(mode="json"), "state": state_of(one, now), "ended_at": one.ended_at}
        for one in stored
    ]
    session.answer(answer, lambda screen: show_delegations(screen, stored, people, now))


def end(
    session: Session,
    delegation: Annotated[str, typer.Argument(metavar="DELEGATION", help="Id of the delegation, dl_….")],
    token_file: TokenFile = None,
) -> None:
    """End a delegation before its time; the one who lent and the one who holds it can."""
    from partnership_os.surfaces.cli_lending import show_ended

    token = session.token(token_file)
    with session.workspace() as workspace:
        ended = workspace.end_delegation(token, delegation)
        people = workspace.people()
    session.answer(ended, lambda screen: show_ended(screen, ended, people))


def _draft(**fields: object) -> "DelegationDraft":
    from pydantic import ValidationError

    from partnership_os.governance.delegation import DelegationDraft

    try:
        return DelegationDraft.model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        raise typer.BadParameter(first["msg"], param_hint=_OPTIONS.get(str(first["loc"][0]))) from None


def _money(text: str) -> "Money":
    from pydantic import ValidationError

    from partnership_os.schemas.base import Money

    amount, _, currency = text.strip().rpartition(" ")
    try:
        return Money(amount=Decimal(amount.replace(",", "").strip()), currency=currency.upper())
    except (InvalidOperation, ValidationError):
        raise typer.BadParameter(f"{text!r} is no amount such as '500000 SAR'", param_hint="--max-value") from None
