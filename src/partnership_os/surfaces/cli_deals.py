"""Commands about deals: start one, look at it, and decide."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from partnership_os.errors import ApprovalError
from partnership_os.surfaces.cli_discovery import Need
from partnership_os.surfaces.cli_session import Session, TokenFile, command

if TYPE_CHECKING:
    from partnership_os.schemas.commitment import DecisionOutcome

Thread = Annotated[str, typer.Argument(metavar="THREAD", help="Id of the deal's thread.")]
CommitmentId = Annotated[str, typer.Argument(metavar="COMMITMENT", help="Id of the commitment, cm_….")]
Note = Annotated[str | None, typer.Option("--note", metavar="TEXT", help="Why; it is kept with the decision.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module to the application."""
    deal = typer.Typer(name="deal", help="Start and follow deals.", no_args_is_help=True)
    command(deal, "start", ("PARTNERSHIP_TOKEN=… partnership deal start --partner co_… --need need.yaml --json",))(
        start
    )
    command(deal, "show", ("partnership deal show THREAD", "partnership deal show THREAD --lang ar"))(show)
    command(deal, "resume", ("partnership deal resume THREAD",))(resume)
    command(deal, "list", ("partnership deal list",))(list_deals)
    app.add_typer(deal)
    command(app, "inbox", ("partnership inbox", "partnership inbox --json | jq '.[].commitment.commitment_id'"))(inbox)
    command(
        app,
        "approve",
        (
            "PARTNERSHIP_TOKEN=… partnership approve cm_…",
            "partnership approve cm_… --token-file ~/.partnership-token --note 'terms as agreed'",
        ),
    )(approve)
    command(app, "reject", ("PARTNERSHIP_TOKEN=… partnership reject cm_… --note 'margin too low'",))(reject)


def start(
    session: Session,
    partner: Annotated[str, typer.Option("--partner", metavar="ID", help="Id, exact name or domain of the partner.")],
    need: Need,
    token_file: TokenFile = None,
) -> None:
    """Score a partner, draft the term sheet, and halt until the right people approve."""
    from partnership_os.surfaces.cli_sheet import show_halt

    token = session.token(token_file)
    if token is None:
        raise ApprovalError(
            "A deal needs a known requester, and no token says who you are.",
            fix="Create a person with `partnership user add NAME --level LEVEL`, then set PARTNERSHIP_TOKEN to the "
            "printed token or name its file with --token-file.",
            who_must_act="user",
        )
    with session.workspace() as workspace:
        state = workspace.start_deal(partner, workspace.read_need(need), token)
        view = workspace.deal(state.thread_id)
    session.answer(state, lambda screen: show_halt(screen, view))


def show(session: Session, thread: Thread) -> None:
    """Show a deal in full: the sheet in both languages, every digested field, the decisions."""
    from partnership_os.surfaces.cli_sheet import show_deal

    with session.workspace() as workspace:
        view = workspace.deal(thread)
    session.answer(view, lambda screen: show_deal(screen, view))


def resume(session: Session, thread: Thread) -> None:
    """Wake a deal that stopped because its process ended; this approves nothing."""
    from partnership_os.surfaces.cli_sheet import show_situation

    with session.workspace() as workspace:
        state = workspace.resume(thread)
    session.answer(state, lambda screen: show_situation(screen, state))


def list_deals(session: Session) -> None:
    """List every deal and what it waits for."""
    from partnership_os.surfaces.cli_sheet import show_deals

    with session.workspace() as workspace:
        deals = workspace.deals()
    session.answer(deals, lambda screen: show_deals(screen, deals))


def inbox(session: Session) -> None:
    """List what waits for an approval, and for whom."""
    from partnership_os.surfaces.cli_sheet import show_inbox

    with session.workspace() as workspace:
        items = workspace.inbox()
    session.answer(items, lambda screen: show_inbox(screen, items))


def approve(session: Session, commitment: CommitmentId, note: Note = None, token_file: TokenFile = None) -> None:
    """Approve a commitment as the person whose token you hold."""
    from partnership_os.schemas.commitment import DecisionOutcome

    _decide(session, commitment, DecisionOutcome.APPROVE, note, token_file)


def reject(session: Session, commitment: CommitmentId, note: Note = None, token_file: TokenFile = None) -> None:
    """Reject a commitment; that is final for these terms."""
    from partnership_os.schemas.commitment import DecisionOutcome

    _decide(session, commitment, DecisionOutcome.REJECT, note, token_file)


def _decide(
    session: Session, commitment: str, outcome: "DecisionOutcome", note: str | None, token_file: Path | None
) -> None:
    from partnership_os.surfaces.cli_sheet import show_situation

    token = session.token(token_file)
    with session.workspace() as workspace:
        state = workspace.decide(commitment, token, outcome, note)
    session.answer(state, lambda screen: show_situation(screen, state))
