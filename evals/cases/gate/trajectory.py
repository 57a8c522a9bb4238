"""A trajectory: people, steps and final state as data, and the player that takes the steps through the product."""

from collections.abc import Callable
from datetime import timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any

from langchain_core.language_models import BaseChatModel
from langgraph.types import Command
from pydantic import Field, JsonValue

from partnership_os.errors import PartnershipError
from partnership_os.evals.catalogue import load_rows
from partnership_os.evals.checks.state import LedgerRow
from partnership_os.governance import commitments
from partnership_os.governance.delegation import DelegationDraft
from partnership_os.graphs.chat_graph import Conversation
from partnership_os.graphs.chat_tools import ChatContext
from partnership_os.graphs.workspace import Workspace
from partnership_os.schemas.base import Label, Record, Slug
from partnership_os.schemas.commitment import MAIN_TENANT, DecisionOutcome
from partnership_os.schemas.need import PartnershipNeed
from partnership_os.schemas.partnership import ApprovalLevel, PartnershipType
from partnership_os.testing.clock import DEFAULT_START, FixedClock
from partnership_os.tools.company_import import ExistingCompanies, ImportOptions, import_files

__all__ = ["NOBODY", "Act", "Cast", "GateState", "Played", "Player", "Step", "fill_home", "people"]

NOBODY = "nobody"
"""Whoever has no token that was ever issued."""
_NO_TOKEN = "pos_" + "0" * 16 + "_" + "0" * 64
_STEP_TIME = timedelta(minutes=1)
_WORLD = files("partnership_os.evals.cases.gate") / "v1" / "world"


class Act(StrEnum):
    """What a step does."""

    START = "start"
    APPROVE = "approve"
    REJECT = "reject"
    REVOKE = "revoke"
    EDIT = "edit"
    PROPOSE = "propose"
    LEND = "lend"
    END_LOAN = "end_loan"
    CHANGE = "change"
    SIGN_OUT = "sign_out"
    WAIT = "wait"
    WAKE = "wake"
    FORGE_WAKE = "forge_wake"
    REMIND = "remind"
    DELIVER = "deliver"
    CHAT = "chat"


class Step(Record):
    """One step. ``refused`` and ``commits`` say what should come of it: an error, a ledger row.

    Attributes:
        by: Who does it with their own token; for ``change`` and ``sign_out`` whom the operator does it to.
        partner: For ``start``: the company.
        request: Which request of the deal is meant, 1 for the first; the newest when None.
        on_behalf_of: Whose lent authority is used.
        wake: For a decision: whether the deal is woken in the same step, as the command line does.
        terms: For ``edit``: ``term=value``.
        to: For ``lend`` and ``end_loan``: the other person.
        level: For ``lend`` the most that is lent, for ``change`` the new level.
        legal: For ``lend`` whether the legal role is lent too, for ``change`` the new role.
        active: For ``change``: False dismisses.
        types: For ``lend``: partnership types, all when empty.
        days: For ``wait`` and ``lend``.
        says: A reason, a note, or for ``chat`` the line.
        payload: For ``forge_wake``: what is sent to the interrupt instead of a wake-up.
    """

    do: Act
    by: Label = NOBODY
    partner: Label = "Wadi Noor Integration"
    request: Annotated[int | None, Field(ge=1)] = None
    on_behalf_of: Label | None = None
    wake: bool = True
    terms: tuple[Label, ...] = ()
    to: Label = NOBODY
    level: ApprovalLevel | None = None
    legal: bool | None = None
    active: bool | None = None
    types: tuple[PartnershipType, ...] = ()
    days: Annotated[int, Field(ge=1, le=90)] = 14
    says: Label | None = None
    payload: JsonValue = None
    refused: bool = False
    commits: bool = False


class Played(Record):
    """What came of a step: whether it was refused, and how many ledger rows it added."""

    refused: bool
    rows: int


class GateState(Record):
    """Where everything stands after the last step; people by name.

    Attributes:
        deals: How many deals there are; the other fields are about the first.
        status: As `graphs.views.DealStatus`; ``none`` where there is no deal.
        version: Of the document in the newest request; 0 without a request.
        required: Approvals that the newest request asks for, sorted.
        waiting: Those of them that are still open while it waits, sorted.
        ledger: Every row, oldest first.
        messages: Kinds of all messages of the outbox, sorted.
        delivered: How many of them have left.
        intact: Whether the audit log verifies.
    """

    deals: int = 1
    status: Slug
    version: int = 1
    required: tuple[Label, ...] = ()
    waiting: tuple[Label, ...] = ()
    ledger: tuple[LedgerRow, ...] = ()
    messages: tuple[Label, ...] = ()
    delivered: int = 0
    intact: bool = True


class Cast(Record):
    """Somebody of the directory."""

    name: Label
    level: ApprovalLevel
    legal: bool = False
    tenant: Slug = MAIN_TENANT


@cache
def people() -> tuple[Cast, ...]:
    """Everybody who takes part."""
    return tuple(load_rows(_WORLD / "people.yaml", Cast))


def fill_home(workspace: Workspace) -> dict[str, str]:
    """Companies, needs and people of the world; returns the token of each person by name."""
    # Without vectors, which no step looks at and which take longer than all the rest.
    found = import_files(
        [Path(str(_WORLD / "companies.jsonl"))], ExistingCompanies(), ImportOptions(DEFAULT_START.date())
    )
    workspace.services.companies.save(found.companies, found.evidence, found.contradictions)
    for need in load_rows(_WORLD / "needs.yaml", PartnershipNeed):
        workspace.services.companies.put_need(need)
    return {one.name: workspace.add_person(one.name, one.level, one.legal, one.tenant)[1] for one in people()}


class Player:
    """Takes steps in a workspace, as the people who are named.

    Args:
        workspace: A home of this trajectory alone.
        clock: Of that home.
        tokens: Name → token.
        kind: The partnership type of the deal.
        chat_model: The subject where it is a model that calls tools.
    """

    def __init__(
        self,
        workspace: Workspace,
        clock: FixedClock,
        tokens: dict[str, str],
        kind: PartnershipType,
        chat_model: BaseChatModel | None,
    ) -> None:
        self._workspace = workspace
        self._clock = clock
        self._tokens = {**tokens, NOBODY: _NO_TOKEN}
        self._ids = {person.name: person.person_id for person in workspace.people()}
        self._names = {key: name for name, key in self._ids.items()}
        self._need = next(need for need in workspace.needs() if need.partnership_type is kind)
        self._chat_model = chat_model
        self._thread = ""

    def play(self, step: Step) -> Played:
        """Take one step, a minute after the one before."""
        self._clock.advance(_STEP_TIME)
        before = len(self._workspace.ledger())
        acts: dict[Act, Callable[[Step], object]] = {
            Act.START: self._start,
            Act.APPROVE: self._decide,
            Act.REJECT: self._decide,
            Act.REVOKE: self._decide,
            Act.EDIT: self._edit,
            Act.PROPOSE: lambda one: self._workspace.propose_again(self._thread, self._tokens[one.by]),
            Act.LEND: self._lend,
            Act.END_LOAN: self._end_loan,
            Act.CHANGE: self._change,
            Act.SIGN_OUT: lambda one: self._workspace.revoke_tokens(self._ids[one.by]),
            Act.WAIT: lambda one: self._clock.advance(timedelta(days=one.days)),
            Act.WAKE: lambda _: self._workspace.resume(self._thread),
            Act.FORGE_WAKE: self._forge_wake,
            Act.REMIND: lambda _: self._workspace.tick_sla(),
            Act.DELIVER: lambda _: self._workspace.deliver(),
            Act.CHAT: self._chat,
        }
        try:
            acts[step.do](step)
        except PartnershipError:
            return Played(refused=True, rows=len(self._workspace.ledger()) - before)
        return Played(refused=False, rows=len(self._workspace.ledger()) - before)

    def state(self) -> GateState:
        """Where everything stands now."""
        workspace = self._workspace
        deals, outbox = workspace.deals(), workspace.outbox()
        first = deals[0] if deals else None
        item = workspace.standing(first.commitment_id) if first is not None and first.commitment_id else None
        made = None if item is None else item.commitment
        open_now = item is not None and item in workspace.inbox()
        return GateState(
            deals=len(deals),
            status="none" if first is None else first.status.value,
            version=0 if made is None else made.document_version,
            required=tuple(sorted(str(one) for one in made.required_approvals)) if made is not None else (),
            waiting=tuple(sorted(str(one) for one in item.still_needed)) if item is not None and open_now else (),
            ledger=tuple(
                LedgerRow(
                    action=row.action,
                    version=row.document_version,
                    asked_by=self._names[row.requested_by],
                    approved_by=tuple(sorted(self._names[key] for key in row.approved_by)),
                )
                for row in workspace.ledger()
            ),
            messages=tuple(sorted(queued.message.kind for queued in outbox)),
            delivered=sum(queued.delivered_at is not None for queued in outbox),
            intact=workspace.verify_audit().ok,
        )

    def _request(self, step: Step) -> str:
        services = self._workspace.services
        asked = commitments.history(services.governance, services.clock, self._thread)
        return asked[-1 if step.request is None else step.request - 1].commitment.commitment_id

    def _start(self, step: Step) -> object:
        state = self._workspace.start_deal(step.partner, self._need, self._tokens[step.by])
        self._thread = self._thread or state.thread_id
        return state

    def _decide(self, step: Step) -> object:
        outcome, token, request = DecisionOutcome(step.do.value), self._tokens[step.by], self._request(step)
        behalf = None if step.on_behalf_of is None else self._ids[step.on_behalf_of]
        if step.wake:
            return self._workspace.decide(request, token, outcome, step.says, behalf)
        service = self._workspace.home.approval_service
        return service.decide(request, token, outcome, step.says, on_behalf_of=behalf)

    def _edit(self, step: Step) -> object:
        return self._workspace.edit(self._request(step), self._tokens[step.by], step.terms, step.says)

    def _lend(self, step: Step) -> object:
        draft = DelegationDraft(
            delegate=self._ids[step.to],
            max_level=step.level,
            legal=bool(step.legal),
            partnership_types=step.types or tuple(PartnershipType),
            days=step.days,
            reason=step.says or "On leave.",
        )
        return self._workspace.lend_authority(self._tokens[step.by], draft)

    def _end_loan(self, step: Step) -> object:
        pair = {self._ids[step.by], self._ids[step.to]}
        loan = next(
            one.delegation
            for one in reversed(self._workspace.delegations())
            if {one.delegation.delegator, one.delegation.delegate} == pair
        )
        return self._workspace.end_delegation(self._tokens[step.by], loan.delegation_id)

    def _change(self, step: Step) -> object:
        return self._workspace.change_person(self._ids[step.by], level=step.level, legal=step.legal, active=step.active)

    def _forge_wake(self, step: Step) -> object:
        config: Any = {"configurable": {"thread_id": self._thread}}
        return self._workspace.desk.graph.invoke(Command(resume=step.payload), config, durability="sync")

    def _chat(self, step: Step) -> object:
        context = ChatContext(
            workspace=self._workspace,
            today=self._clock().date(),
            model=self._chat_model,
            token=self._tokens[step.by],
        )
        return Conversation(context, self._workspace.saver).ask(step.says or "")
