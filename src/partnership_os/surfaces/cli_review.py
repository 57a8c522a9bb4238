"""Commands about one commitment before it is decided: read it whole, change its terms, ask for it again."""

from typing import TYPE_CHECKING, Annotated

import typer

from partnership_os.surfaces.cli_deals import CommitmentId, Thread, told
from partnership_os.surfaces.cli_session import Session, TokenFile, command

if TYPE_CHECKING:
    from partnership_os.surfaces.cli_render import Screen

Edits = Annotated[
    list[str],
    typer.Option("--set", metavar="TERM=VALUE", help="A term by its name and its new value; may be given repeatedly."),
]


EditNote = Annotated[
    str | None, typer.Option("--note", metavar="TEXT", help="Why; kept in the audit log and shown by review.")
]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module to the application."""
    reading = ("partnership review cm_…", "partnership review cm_… --lang ar")
    command(app, "review", reading, action="read_records")(review)
    editing = (
        "PARTNERSHIP_TOKEN=… partnership edit cm_… --set payment_days=45 --note 'as agreed'",
        "PARTNERSHIP_TOKEN=… partnership edit cm_… --set mdf_per_year='50000 SAR' --set exclusivity=none",
    )
    command(app, "edit", editing, action="edit_term_sheet")(edit)
    asking = ("PARTNERSHIP_TOKEN=… partnership propose THREAD",)
    command(app, "propose", asking, action="propose_commitment")(propose)


def review(session: Session, commitment: CommitmentId) -> None:
    """Show everything that an approver puts their name to: what changed, what is odd, each digested field."""
    from partnership_os.surfaces.cli_next_steps import turn_of
    from partnership_os.surfaces.cli_packet import show_packet
    from partnership_os.surfaces.cli_situation import why_edited

    with session.workspace() as workspace:
        packet = workspace.packet(commitment)
        turn = turn_of(workspace, commitment)
        why = why_edited(workspace, turn)
    session.answer(packet, lambda screen: show_packet(screen, packet, turn, why))


def edit(
    session: Session, commitment: CommitmentId, changes: Edits, note: EditNote = None, token_file: TokenFile = None
) -> None:
    """Change terms of a proposed sheet: a new version that halts again, for others to approve."""
    from partnership_os.surfaces.cli_changes import show_term_changes
    from partnership_os.surfaces.cli_next_steps import show_next, situation_of

    token = session.token(token_file)
    with session.workspace() as workspace:
        state = workspace.edit(commitment, token, changes, note)
        packet, here = workspace.packet(str(state.commitment_id)), situation_of(workspace, state)

    def show(screen: "Screen") -> None:
        screen.say("edit.made", style="bold", version=packet.document_version)
        show_term_changes(screen, packet)
        screen.console.print()
        show_next(screen, here.turn)

    session.answer(told(session, here), show)


def propose(session: Session, thread: Thread, token_file: TokenFile = None) -> None:
    """Ask again for what expired, with the same terms; whoever asks may not approve it."""
    from partnership_os.surfaces.cli_next_steps import situation_of
    from partnership_os.surfaces.cli_situation import show_situation

    token = session.token(token_file)
    with session.workspace() as workspace:
        here = situation_of(workspace, workspace.propose_again(thread, token))
    session.answer(told(session, here), lambda screen: show_situation(screen, here))
