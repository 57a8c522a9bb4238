"""Commands about deals: start one, look at it, and decide."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from partnership_os.errors import ApprovalError
from partnership_os.surfaces.cli_discovery import Need
from partnership_os.surfaces.cli_session import Session, TokenFile, command

if TYPE_CHECKING:
    from collections.abc import Iterable

    from partnership_os.graphs.views import DealState
    from partnership_os.schemas.commitment import DecisionOutcome
    from partnership_os.surfaces.cli_next_steps import Situation

Thread = Annotated[str, typer.Argument(metavar="THREAD", help="Id of the deal's thread.")]
CommitmentId = Annotated[str, typer.Argument(metavar="COMMITMENT", help="Id of the commitment, cm_….")]
Note = Annotated[str | None, typer.Option("--note", metavar="TEXT", help="Why; it is kept with the decision.")]
NeededNote = Annotated[
    str | None, typer.Option("--note", metavar="TEXT", help="Why; needed here, and kept with the decision.")
]
OnBehalfOf = Annotated[
    str | None,
    typer.Option("--for", metavar="PERSON", help="Use the authority that this person lent you, pe_…."),
]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module to the application."""
    deal = typer.Typer(name="deal", help="Start and follow deals.", no_args_is_help=True)
    starting = ("PARTNERSHIP_TOKEN=… partnership deal start --partner co_… --need need.yaml --json",)
    command(deal, "start", starting, action="propose_commitment")(start)
    showing = ("partnership deal show THREAD", "partnership deal show THREAD --lang ar")
    command(deal, "show", showing, action="read_records")(show)
    command(deal, "resume", ("partnership deal resume THREAD",), action="resume_deal")(resume)
    command(deal, "list", ("partnership deal list",), action="read_records")(list_deals)
    app.add_typer(deal)
    looking = ("partnership inbox", "partnership inbox --json | jq '.[].commitment.commitment_id'")
    command(app, "inbox", looking, action="read_records")(inbox)
    approving = (
        "PARTNERSHIP_TOKEN=… partnership approve cm_…",
        "partnership approve cm_… --token-file ~/.partnership-token --note 'terms as agreed'",
        "PARTNERSHIP_TOKEN=… partnership approve cm_… --for pe_…",
    )
    command(app, "approve", approving, action="approve_commitment")(approve)
    rejecting = ("PARTNERSHIP_TOKEN=… partnership reject cm_… --note 'margin too low'",)
    command(app, "reject", rejecting, action="reject_commitment")(reject)
    revoking = ("PARTNERSHIP_TOKEN=… partnership revoke cm_… --note 'the market changed'",)
    command(app, "revoke", revoking, action="revoke_approval")(revoke)


def start(
    session: Session,
    partner: Annotated[str, typer.Option("--partner", metavar="ID", help="Id, exact name or domain of the partner.")],
    need: Need,
    token_file: TokenFile = None,
) -> None:
    """Score a partner, draft the term sheet, and halt until the right people approve."""
    from partnership_os.surfaces.cli_next_steps import situation_of
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
        began = workspace.services.clock()
        state = workspace.start_deal(partner, workspace.read_need(need), token)
        view, here = workspace.deal(state.thread_id), situation_of(workspace, state)
    session.answer(told(session, here), lambda screen: show_halt(screen, view, here, began))


def show(session: Session, thread: Thread) -> None:
    """Show a deal in full: the sheet in both languages, every digested field, the decisions."""
    from partnership_os.surfaces.cli_next_steps import situation_of
    from partnership_os.surfaces.cli_sheet import show_deal
    from partnership_os.surfaces.cli_situation import why_edited

    with session.workspace() as workspace:
        view = workspace.deal(thread)
        here = situation_of(workspace, view.state)
        why = why_edited(workspace, here.turn)
    session.answer(view, lambda screen: show_deal(screen, view, here, why))


def resume(session: Session, thread: Thread) -> None:
    """Wake a deal that stopped because its process ended; this approves nothing."""
    from partnership_os.surfaces.cli_next_steps import situation_of
    from partnership_os.surfaces.cli_situation import show_situation

    with session.workspace() as workspace:
        here = situation_of(workspace, workspace.resume(thread))
    session.answer(told(session, here), lambda screen: show_situation(screen, here))


def list_deals(session: Session) -> None:
    """List every deal and what it waits for."""
    from partnership_os.surfaces.cli_sheet import show_deals

    with session.workspace() as workspace:
        deals = workspace.deals()
        arabic = {company.company_id: company.name_ar for company in map(workspace.find_company, _companies(deals))}
    session.answer(deals, lambda screen: show_deals(screen, deals, arabic))


def inbox(session: Session) -> None:
    """List what waits for an approval, for whom, and for how long."""
    from partnership_os.governance.sla import states
    from partnership_os.surfaces.cli_inbox import show_inbox
    from partnership_os.surfaces.cli_next_steps import by_id

    with session.workspace() as workspace:
        items, people, now = workspace.inbox(), by_id(workspace.people()), workspace.services.clock()
        clocks = states(workspace.services.governance, workspace.services.clock, items)
    answer = [{**item.model_dump(mode="json"), "sla": clocks.get(item.commitment.commitment_id)} for item in items]
    session.answer(answer, lambda screen: show_inbox(screen, items, clocks, people, now))


def approve(
    session: Session,
    commitment: CommitmentId,
    note: Note = None,
    on_behalf_of: OnBehalfOf = None,
    token_file: TokenFile = None,
) -> None:
    """Approve a commitment as the person whose token you hold."""
    from partnership_os.schemas.commitment import DecisionOutcome

    _decide(session, commitment, DecisionOutcome.APPROVE, note, token_file, on_behalf_of)


def reject(
    session: Session,
    commitment: CommitmentId,
    note: NeededNote = None,
    on_behalf_of: OnBehalfOf = None,
    token_file: TokenFile = None,
) -> None:
    """Reject a commitment; that is final for these terms."""
    from partnership_os.schemas.commitment import DecisionOutcome

    _decide(session, commitment, DecisionOutcome.REJECT, note, token_file, on_behalf_of)


def revoke(session: Session, commitment: CommitmentId, note: NeededNote = None, token_file: TokenFile = None) -> None:
    """Take back your approval before the commit; that is final for these terms."""
    from partnership_os.schemas.commitment import DecisionOutcome

    _decide(session, commitment, DecisionOutcome.REVOKE, note, token_file, None)


def _decide(
    session: Session,
    commitment: str,
    outcome: "DecisionOutcome",
    note: str | None,
    token_file: Path | None,
    on_behalf_of: str | None,
) -> None:
    """Decide, and say what happens next."""
    from partnership_os.governance.commitments import approvals_of
    from partnership_os.surfaces.cli_next_steps import situation_of
    from partnership_os.surfaces.cli_situation import show_decided

    token = session.token(token_file)
    with session.workspace() as workspace:
        state = workspace.decide(commitment, token, outcome, note, on_behalf_of)
        decider = workspace.services.authenticate(token).person_id
        decision = next(
            one
            for one in reversed(approvals_of(workspace.services.governance, commitment))
            if (one.decided_by, one.outcome) == (decider, outcome)
        )
        here = situation_of(workspace, state)
    answer = {**told(session, here), "decision_id": decision.decision_id}
    session.answer(answer, lambda screen: show_decided(screen, decision, here))


def told(session: Session, here: "Situation") -> dict[str, object]:
    """A deal for programs: where it stands, and who can act now with which command."""
    from partnership_os.surfaces.cli_next_steps import next_steps

    return {**here.state.model_dump(mode="json"), "next": next_steps(here.turn, session.options)}


def _companies(deals: "Iterable[DealState]") -> dict[str, None]:
    """Each company once."""
    return dict.fromkeys(deal.company_id for deal in deals)
