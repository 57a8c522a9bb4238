"""A deal goes on after an edit, a rejection and an expiry, in its own thread, and halts each time."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from partnership_os.errors import ApprovalError, ConfigurationError, InputError
from partnership_os.graphs.views import DealState, DealStatus
from partnership_os.graphs.workspace import Workspace
from partnership_os.schemas.commitment import DecisionOutcome
from partnership_os.schemas.need import PartnershipNeed
from partnership_os.schemas.partnership import ApprovalLevel
from partnership_os.settings import Settings
from partnership_os.testing.clock import TickingClock

Token = Callable[..., str]
EDIT = ["payment_days=45"]


@pytest.fixture
def requester(token: Token) -> str:
    return token(ApprovalLevel.ANALYST, name="Rana")


@pytest.fixture
def halted(workspace: Workspace, need: PartnershipNeed, requester: str) -> DealState:
    return workspace.start_deal("Najd Test Systems", need, requester)


def _decide(workspace: Workspace, state: DealState, by: str, outcome: str = "approve") -> DealState:
    assert state.commitment_id is not None
    note = None if outcome == "approve" else "The term is too long."
    return workspace.decide(state.commitment_id, by, DecisionOutcome(outcome), note)


def _edit(workspace: Workspace, state: DealState, by: str, edits: list[str] | None = None) -> DealState:
    assert state.commitment_id is not None
    return workspace.edit(state.commitment_id, by, edits or EDIT, "as we agreed on the phone")


def _halts(workspace: Workspace, state: DealState) -> None:
    """The thread stands at the gate, with one question, about the newest commitment."""
    snapshot = workspace.desk.graph.get_state({"configurable": {"thread_id": state.thread_id}})
    assert [item.value["commitment_id"] for item in snapshot.interrupts] == [state.commitment_id]
    assert state.status is DealStatus.AWAITING_APPROVAL


def test_an_edit_makes_version_two_that_halts_and_is_what_gets_committed(
    workspace: Workspace, halted: DealState, token: Token
) -> None:
    editor, director = token(ApprovalLevel.DIRECTOR, name="Dana"), token(ApprovalLevel.DIRECTOR, name="Dima")
    edited = _edit(workspace, halted, editor)
    _halts(workspace, edited)
    assert edited.thread_id == halted.thread_id and edited.commitment_id != halted.commitment_id
    view = workspace.deal(halted.thread_id)
    assert view.sheet is not None and view.sheet.version == 2
    assert view.commitment is not None and view.commitment.terms == view.sheet.model_dump(mode="json")
    for barred in (editor,):
        with pytest.raises(ApprovalError):
            _decide(workspace, edited, barred)
    with pytest.raises(ApprovalError):
        _decide(workspace, halted, director)
    assert workspace.ledger() == ()
    assert _decide(workspace, edited, director).status is DealStatus.COMMITTED
    (row,) = workspace.ledger()
    assert (row.document_version, row.digest) == (2, edited.digest)
    assert workspace.verify_audit().ok


@pytest.mark.parametrize("how", ["rejected", "expired"])
def test_after_a_rejection_or_an_expiry_an_edit_halts_in_the_same_thread(
    workspace: Workspace, halted: DealState, token: Token, requester: str, clock: TickingClock, how: str
) -> None:
    director = token(ApprovalLevel.DIRECTOR)
    if how == "rejected":
        assert _decide(workspace, halted, director, "reject").status is DealStatus.REJECTED
    else:
        clock.advance(timedelta(days=14))
        assert workspace.resume(halted.thread_id).status is DealStatus.EXPIRED
    edited = _edit(workspace, halted, requester)
    _halts(workspace, edited)
    assert _decide(workspace, edited, director).status is DealStatus.COMMITTED
    assert [row.document_version for row in workspace.ledger()] == [2]


def test_what_expired_is_proposed_again_as_it_was(
    workspace: Workspace, halted: DealState, token: Token, requester: str, clock: TickingClock
) -> None:
    with pytest.raises(InputError, match="pending"):
        workspace.propose_again(halted.thread_id, requester)
    clock.advance(timedelta(days=14))
    again = workspace.propose_again(halted.thread_id, requester)
    _halts(workspace, again)
    assert again.commitment_id != halted.commitment_id
    assert _decide(workspace, again, token(ApprovalLevel.DIRECTOR)).status is DealStatus.COMMITTED
    assert [row.document_version for row in workspace.ledger()] == [1]


def test_a_rejected_version_is_not_proposed_again(
    workspace: Workspace, halted: DealState, token: Token, requester: str
) -> None:
    _decide(workspace, halted, token(ApprovalLevel.DIRECTOR), "reject")
    with pytest.raises(InputError, match="rejected"):
        workspace.propose_again(halted.thread_id, requester)
    assert workspace.inbox() == ()


def test_what_was_issued_is_re_issued_after_an_edit(
    workspace: Workspace, halted: DealState, token: Token, requester: str
) -> None:
    director = token(ApprovalLevel.DIRECTOR)
    _decide(workspace, halted, director)
    again = _edit(workspace, halted, requester)
    _halts(workspace, again)
    _decide(workspace, again, director)
    assert [(row.action, row.document_version) for row in workspace.ledger()] == [
        ("issue_term_sheet", 1),
        ("reissue_term_sheet", 2),
    ]


def test_an_edit_by_nobody_or_of_nothing_changes_nothing(
    workspace: Workspace, halted: DealState, requester: str
) -> None:
    with pytest.raises(ApprovalError):
        _edit(workspace, halted, "pos_" + "0" * 16 + "_" + "0" * 64)
    with pytest.raises(InputError):
        _edit(workspace, halted, requester, ["no_such_term=1"])
    assert workspace.deal(halted.thread_id).state.commitment_id == halted.commitment_id
    assert len(workspace.services.companies.sheets(halted.thread_id)) == 1


def test_a_home_without_the_private_key_runs_graphs_and_cannot_decide(
    settings: Settings, workspace: Workspace, halted: DealState, token: Token, clock: TickingClock
) -> None:
    director = token(ApprovalLevel.DIRECTOR)
    key = workspace.home.folder / "keys" / "approval_signing.key"
    private = key.read_bytes()
    workspace.home.approval_service.decide(str(halted.commitment_id), director, DecisionOutcome.APPROVE)
    key.unlink()
    with Workspace.open(settings, clock) as graphs_only:
        with pytest.raises(ConfigurationError, match="private key"):
            _decide(graphs_only, halted, director)
        assert not key.exists()
        assert graphs_only.resume(halted.thread_id).status is DealStatus.COMMITTED
    assert len(workspace.ledger()) == 1
    assert private not in b"".join(path.read_bytes() for path in key.parent.iterdir())


@pytest.mark.parametrize("note", ["x" * 1_001, "\ud800"])
def test_a_note_that_the_log_cannot_hold_leaves_everything_as_it_was(
    workspace: Workspace, halted: DealState, requester: str, note: str
) -> None:
    with pytest.raises(InputError):
        workspace.edit(str(halted.commitment_id), requester, EDIT, note)
    assert workspace.deal(halted.thread_id).state.commitment_id == halted.commitment_id


def test_a_committed_deal_does_not_tell_of_an_earlier_rejection(
    workspace: Workspace, halted: DealState, token: Token, requester: str
) -> None:
    director = token(ApprovalLevel.DIRECTOR)
    assert _decide(workspace, halted, director, "reject").reasons
    edited = _edit(workspace, halted, requester)
    assert edited.reasons == ()
    assert _decide(workspace, edited, director).reasons == ()


def test_another_tenant_learns_nothing_of_a_sheet_by_editing(workspace: Workspace, halted: DealState) -> None:
    stranger = workspace.add_person("Else", ApprovalLevel.C_LEVEL, tenant="other")[1]
    for value in ("45", "30"):
        with pytest.raises(InputError, match="no commitment"):
            _edit(workspace, halted, stranger, [f"payment_days={value}"])
