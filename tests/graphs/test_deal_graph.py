import os
import signal
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.errors import GraphRecursionError
from langgraph.types import Command, Send

from partnership_os.errors import ApprovalError, InputError, PartnershipError
from partnership_os.governance.commitments import commit
from partnership_os.graphs.deal_graph import build_deal_graph
from partnership_os.graphs.state import DealContext, DealInput
from partnership_os.graphs.views import DealState, DealStatus
from partnership_os.graphs.workspace import Workspace
from partnership_os.schemas.commitment import DecisionOutcome
from partnership_os.schemas.need import PartnershipNeed
from partnership_os.schemas.partnership import ApprovalLevel, PartnershipType
from partnership_os.settings import Settings
from partnership_os.testing.clock import TickingClock
from tests.setbacks import attempt

Token = Callable[..., str]
PARTNER = "Najd Test Systems"
EXPECTED = (PartnershipError, GraphRecursionError, KeyError, TypeError, ValueError, RuntimeError)
"""What an attack may run into; anything else is a bug that a test must not hide."""


@pytest.fixture
def halted(workspace: Workspace, need: PartnershipNeed, token: Token) -> DealState:
    return workspace.start_deal(PARTNER, need, token(ApprovalLevel.ANALYST))


def approve(workspace: Workspace, state: DealState, by: str) -> DealState:
    assert state.commitment_id is not None
    return workspace.decide(state.commitment_id, by, DecisionOutcome.APPROVE)


def test_a_deal_halts_at_the_class_b_commitment_with_its_sheet_drafted(workspace: Workspace, halted: DealState) -> None:
    assert halted.status is DealStatus.AWAITING_APPROVAL
    assert [item.min_level for item in halted.required_approvals] == [ApprovalLevel.DIRECTOR]
    view = workspace.deal(halted.thread_id)
    assert view.sheet is not None and view.sheet.version == 1
    assert view.conformance is not None and view.conformance.conforms
    assert view.commitment is not None and view.commitment.terms == view.sheet.model_dump(mode="json")
    assert workspace.ledger() == ()
    assert [item.commitment.commitment_id for item in workspace.inbox()] == [halted.commitment_id]


def test_the_right_person_gives_exactly_one_row_and_the_same_again_changes_nothing(
    workspace: Workspace, halted: DealState, token: Token
) -> None:
    director = token(ApprovalLevel.DIRECTOR)
    assert approve(workspace, halted, director).status is DealStatus.COMMITTED
    ledger, log = workspace.ledger(), workspace.verify_audit()
    assert len(ledger) == 1 and ledger[0].digest == halted.digest and log.ok
    assert approve(workspace, halted, director).status is DealStatus.COMMITTED
    assert workspace.resume(halted.thread_id).status is DealStatus.COMMITTED
    assert workspace.ledger() == ledger
    assert workspace.verify_audit().size == log.size


@pytest.mark.parametrize("wrong", [None, "", "pos_0000000000000000_" + "0" * 64, "director"])
def test_no_token_and_wrong_tokens_are_refused_and_logged(
    workspace: Workspace, halted: DealState, wrong: str | None
) -> None:
    before = workspace.verify_audit().size
    with pytest.raises(ApprovalError):
        approve(workspace, halted, wrong)  # type: ignore[arg-type]
    assert workspace.ledger() == ()
    assert workspace.verify_audit().size == before + 1


def test_requester_and_too_low_a_level_are_refused(workspace: Workspace, need: PartnershipNeed, token: Token) -> None:
    requester = token(ApprovalLevel.C_LEVEL, name="Asks")
    state = workspace.start_deal(PARTNER, need, requester)
    for refused in (requester, token(ApprovalLevel.MANAGER), token(ApprovalLevel.ANALYST, legal=True)):
        with pytest.raises(ApprovalError):
            approve(workspace, state, refused)
    assert workspace.ledger() == ()
    assert approve(workspace, state, token(ApprovalLevel.VP)).status is DealStatus.COMMITTED


def test_nobody_starts_a_deal_without_saying_who(workspace: Workspace, need: PartnershipNeed) -> None:
    with pytest.raises(ApprovalError):
        workspace.start_deal(PARTNER, need, None)
    assert workspace.deals() == () and workspace.inbox() == ()


def test_government_needs_c_level_and_legal_two_people(
    workspace: Workspace, need: PartnershipNeed, token: Token
) -> None:
    government = need.model_copy(update={"need_id": "nd_government", "partnership_type": PartnershipType.GOVERNMENT})
    state = workspace.start_deal(PARTNER, government, token(ApprovalLevel.ANALYST))
    both = token(ApprovalLevel.C_LEVEL, legal=True)
    assert approve(workspace, state, both).status is DealStatus.AWAITING_APPROVAL
    assert approve(workspace, state, both).status is DealStatus.AWAITING_APPROVAL
    assert workspace.ledger() == ()
    assert approve(workspace, state, token(ApprovalLevel.C_LEVEL)).status is DealStatus.COMMITTED
    assert len(workspace.ledger()) == 1


def test_rejection_is_final(workspace: Workspace, halted: DealState, token: Token) -> None:
    assert halted.commitment_id is not None
    rejected = workspace.decide(halted.commitment_id, token(ApprovalLevel.DIRECTOR), DecisionOutcome.REJECT, "No.")
    assert rejected.status is DealStatus.REJECTED and rejected.reasons
    with pytest.raises(ApprovalError):
        approve(workspace, halted, token(ApprovalLevel.C_LEVEL))
    assert workspace.ledger() == ()


def test_an_expired_commitment_cannot_be_approved(
    workspace: Workspace, halted: DealState, token: Token, clock: TickingClock
) -> None:
    director = token(ApprovalLevel.DIRECTOR)
    clock.advance(timedelta(days=15))
    with pytest.raises(ApprovalError):
        approve(workspace, halted, director)
    assert workspace.resume(halted.thread_id).status is DealStatus.EXPIRED
    assert workspace.ledger() == ()


def test_starting_the_same_deal_again_finds_the_one_that_waits(
    workspace: Workspace, need: PartnershipNeed, halted: DealState, token: Token
) -> None:
    assert workspace.start_deal(PARTNER, need, token(ApprovalLevel.ANALYST)).thread_id == halted.thread_id
    assert len(workspace.deals()) == 1


@pytest.mark.parametrize(("partner", "word"), [("Gone Test Systems", "acquired"), ("Rival Test Software", "rival")])
def test_dead_companies_and_rivals_end_before_any_draft(
    workspace: Workspace, need: PartnershipNeed, token: Token, partner: str, word: str
) -> None:
    state = workspace.start_deal(partner, need, token(ApprovalLevel.ANALYST))
    assert state.status is DealStatus.BLOCKED
    assert word in state.reasons[0].en.lower() and state.reasons[0].ar
    assert workspace.deal(state.thread_id).sheet is None
    assert workspace.inbox() == ()


def test_an_unknown_thread_is_an_input_error(workspace: Workspace) -> None:
    for call in (workspace.deal, workspace.resume):
        with pytest.raises(InputError):
            call("deal-none")


def forged_resume(graph: Any, config: Any, interrupt_id: str) -> None:
    graph.invoke(Command(resume={interrupt_id: {"ok": True, "by": "CEO"}}), config)


def bare_resume(graph: Any, config: Any, interrupt_id: str) -> None:
    graph.invoke(Command(resume=True), config)


def goto_commit(graph: Any, config: Any, interrupt_id: str) -> None:
    graph.invoke(Command(goto="commit"), config)


def goto_with_another_action(graph: Any, config: Any, interrupt_id: str) -> None:
    graph.invoke(Command(goto="commit", update={"action": "explain"}), config)


def forged_gate_output(graph: Any, config: Any, interrupt_id: str) -> None:
    graph.update_state(config, {"outcome": "committed"}, as_node="gate")
    graph.invoke(None, config)


def direct_call(graph: Any, config: Any, interrupt_id: str) -> None:
    graph.nodes["commit"].invoke(graph.get_state(config).values)


def pending_send(graph: Any, config: Any, interrupt_id: str) -> None:
    graph.invoke(Command(goto=Send("commit", graph.get_state(config).values)), config)


def resume_map_key(graph: Any, config: Any, interrupt_id: str) -> None:
    configurable = {**config["configurable"], "__pregel_resume_map": {interrupt_id: {"wake": True}}}
    graph.invoke(None, {**config, "configurable": configurable})


def forged_outcome(graph: Any, config: Any, interrupt_id: str) -> None:
    graph.update_state(config, {"outcome": "committed", "commitment_id": "cm_" + "0" * 24})


@pytest.mark.parametrize(
    "attack",
    [
        forged_outcome,
        forged_resume,
        bare_resume,
        goto_commit,
        goto_with_another_action,
        forged_gate_output,
        direct_call,
        pending_send,
        resume_map_key,
    ],
)
def test_what_passes_an_interrupt_does_not_pass_the_commit(
    workspace: Workspace, halted: DealState, token: Token, attack: Callable[..., object]
) -> None:
    graph = workspace.desk.graph
    config: RunnableConfig = {"configurable": {"thread_id": halted.thread_id}, "recursion_limit": 12}
    with attempt(EXPECTED):
        attack(graph, config, graph.get_state(config).interrupts[0].id)
    assert workspace.ledger() == ()
    assert workspace.deal(halted.thread_id).state.status is DealStatus.AWAITING_APPROVAL
    assert approve(workspace, halted, token(ApprovalLevel.DIRECTOR)).status is DealStatus.COMMITTED
    assert len(workspace.ledger()) == 1


def test_a_forged_requester_does_not_free_the_real_one_to_approve(
    workspace: Workspace, need: PartnershipNeed, token: Token
) -> None:
    director = token(ApprovalLevel.DIRECTOR)
    state = workspace.start_deal(PARTNER, need, director)
    config: RunnableConfig = {"configurable": {"thread_id": state.thread_id}, "recursion_limit": 12}
    with attempt(EXPECTED):
        workspace.desk.graph.invoke(Command(goto="propose", update={"requested_by": "pe_nobody"}), config)
    for item in workspace.inbox():
        assert item.commitment.requested_by == state.requested_by
        with pytest.raises(ApprovalError):
            workspace.decide(item.commitment.commitment_id, director, DecisionOutcome.APPROVE)
    assert workspace.ledger() == ()


def test_another_deals_commitment_in_the_state_shows_and_moves_nothing(
    workspace: Workspace, need: PartnershipNeed, token: Token
) -> None:
    analyst, director = token(ApprovalLevel.ANALYST), token(ApprovalLevel.DIRECTOR)
    done = workspace.start_deal(PARTNER, need, analyst)
    approve(workspace, done, director)
    other = workspace.start_deal("Asir Test Cloud", need, analyst)
    config: RunnableConfig = {"configurable": {"thread_id": other.thread_id}}
    workspace.desk.graph.update_state(config, {"commitment_id": done.commitment_id})
    assert workspace.deal(other.thread_id).state.status is DealStatus.AWAITING_APPROVAL
    assert approve(workspace, other, director).status is DealStatus.COMMITTED
    assert len(workspace.ledger()) == 2


def test_a_decided_deal_is_found_and_not_asked_for_again(
    workspace: Workspace, need: PartnershipNeed, halted: DealState, token: Token
) -> None:
    assert halted.commitment_id is not None
    workspace.decide(halted.commitment_id, token(ApprovalLevel.DIRECTOR), DecisionOutcome.REJECT, "Not now.")
    again = workspace.start_deal(PARTNER, need, token(ApprovalLevel.ANALYST))
    assert (again.thread_id, again.status) == (halted.thread_id, DealStatus.REJECTED)
    assert workspace.inbox() == ()


def test_what_the_gate_lets_pass_and_refuses_is_logged(workspace: Workspace, halted: DealState) -> None:
    with workspace.services.governance.snapshot() as reader:
        before = "\n".join(reader.audit_lines())
    assert '"action_allowed"' in before and '"draft_term_sheet"' in before
    config: RunnableConfig = {"configurable": {"thread_id": halted.thread_id}, "recursion_limit": 12}
    with attempt(EXPECTED):
        workspace.desk.graph.invoke(Command(goto="gate", update={"action": "bypass_approval"}), config)
    with workspace.services.governance.snapshot() as reader:
        assert '"action_refused"' in "\n".join(reader.audit_lines())
    assert workspace.ledger() == ()


def test_a_deal_of_another_checkpointer_is_committed_all_the_same(
    workspace: Workspace, need: PartnershipNeed, token: Token
) -> None:
    graph = build_deal_graph(lambda: workspace.services).compile(checkpointer=InMemorySaver())
    start = DealInput(company_id=workspace.find_company(PARTNER).company_id, need_id=need.need_id)
    config: RunnableConfig = {"configurable": {"thread_id": "served-1"}}
    graph.invoke(start, config, context=DealContext(token=token(ApprovalLevel.ANALYST)))
    commitment_id = workspace.inbox()[0].commitment.commitment_id
    state = workspace.decide(commitment_id, token(ApprovalLevel.DIRECTOR), DecisionOutcome.APPROVE)
    assert state.status is DealStatus.COMMITTED and len(workspace.ledger()) == 1


def test_terms_changed_in_the_state_or_store_are_not_committed(
    workspace: Workspace, halted: DealState, token: Token
) -> None:
    view = workspace.deal(halted.thread_id)
    assert view.sheet is not None and view.commitment is not None
    changed = view.sheet.model_dump(mode="json")
    changed["them"]["name"] = "Somebody Else"
    services = workspace.services
    workspace.home.approval_service.decide(
        view.commitment.commitment_id, token(ApprovalLevel.DIRECTOR), DecisionOutcome.APPROVE
    )
    with pytest.raises(ApprovalError):
        commit(services.governance, services.verifier, services.clock, view.commitment.commitment_id, changed)
    assert workspace.ledger() == ()
    assert workspace.resume(halted.thread_id).status is DealStatus.COMMITTED


def test_two_approvers_at_once_give_one_row(workspace: Workspace, halted: DealState, token: Token) -> None:
    tokens = [token(ApprovalLevel.DIRECTOR) for _ in range(3)]
    errors: list[Exception] = []

    def decide(by: str) -> None:
        try:
            approve(workspace, halted, by)
        except ApprovalError as error:
            errors.append(error)

    threads = [threading.Thread(target=decide, args=(by,)) for by in tokens]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(workspace.ledger()) == 1
    assert workspace.verify_audit().ok


def test_kill_while_halted_then_approve(
    settings: Settings, workspace: Workspace, need: PartnershipNeed, token: Token
) -> None:
    analyst, director = token(ApprovalLevel.ANALYST), token(ApprovalLevel.DIRECTOR)
    code = f"""
        import sys, time
        from pathlib import Path
        from partnership_os.graphs.workspace import Workspace
        from partnership_os.settings import Settings
        from partnership_os.testing.clock import FixedClock
        settings = Settings(home=Path({str(settings.home)!r}), _env_file=None)
        workspace = Workspace.open(settings, FixedClock())
        need = workspace.needs()[0]
        print(workspace.start_deal({PARTNER!r}, need, sys.argv[1]).commitment_id, flush=True)
        time.sleep(60)
    """
    child = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), analyst], stdout=subprocess.PIPE, text=True, env={**os.environ}
    )
    assert child.stdout is not None
    commitment_id = child.stdout.readline().strip()
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    assert commitment_id.startswith("cm_")
    assert workspace.decide(commitment_id, director, DecisionOutcome.APPROVE).status is DealStatus.COMMITTED
    assert len(workspace.ledger()) == 1


def test_no_secret_reaches_checkpoints_or_stores(
    settings: Settings, workspace: Workspace, need: PartnershipNeed, token: Token
) -> None:
    secret = token(ApprovalLevel.ANALYST)
    workspace.start_deal(PARTNER, need, secret)
    for path in Path(settings.home).rglob("*"):
        if path.is_file():
            assert secret.encode() not in path.read_bytes(), path
