"""Our deal as a target: a real home, a real compiled graph with its checkpointer, and real people."""

import contextlib
from pathlib import Path
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.runtime import ExecutionInfo, Runtime

from partnership_os.errors import PartnershipError
from partnership_os.governance.commitments import commit
from partnership_os.graphs.deal_graph import DealNodes
from partnership_os.graphs.state import DealContext, DealInput
from partnership_os.graphs.workspace import Workspace
from partnership_os.schemas.commitment import DecisionOutcome
from partnership_os.schemas.company import CompanyIdentifiers
from partnership_os.schemas.partnership import ApprovalLevel, PartnershipType
from partnership_os.settings import Settings
from partnership_os.testing import world
from partnership_os.testing.clock import TickingClock
from tests.attacks.targets import STEPS, Shown
from tests.setbacks import attempt

PARTNER, OTHER = "Najd Test Systems", "Asir Test Cloud"


def fill(workspace: Workspace) -> None:
    """Two companies that a deal can be made with."""
    other = world.company(
        company_id="co_asir",
        name=OTHER,
        name_ar="شركة عسير الاختبارية",
        identifiers=CompanyIdentifiers(domain="asir-test.example"),
    )
    text = world.ENGLISH_TEXT.replace(PARTNER, OTHER)
    workspace.services.companies.save(
        (world.company(), other), (world.evidence(), world.evidence("co_asir", text=text)), ()
    )


class DealTarget:
    """A deal that halts at its gate, a second one beside it, and the people around them.

    Args:
        home: An empty folder.
        kind: Of the partnership; it decides who must approve.
    """

    def __init__(self, home: Path, kind: PartnershipType = PartnershipType.DISTRIBUTION) -> None:
        self.home = home
        self.forged: dict[str, Any] = {"outcome": "committed"}
        self.workspace = Workspace.open(Settings(home=home, _env_file=None), TickingClock())
        fill(self.workspace)
        self.need = world.need(partnership_type=kind)
        self.analyst = self.person(ApprovalLevel.ANALYST)
        self.approver = self.person(ApprovalLevel.C_LEVEL)
        self.lawyer = self.person(ApprovalLevel.VP, legal=True)
        state = self.workspace.start_deal(PARTNER, self.need, self.analyst)
        beside = self.workspace.start_deal(OTHER, self.need, self.analyst)
        self.graph: Any = self.workspace.desk.graph
        self.saver: Any = self.workspace.saver
        self.thread_id = state.thread_id
        self.config: RunnableConfig = self.config_of(state.thread_id)
        self.start = DealInput(company_id=state.company_id, need_id=state.need_id)
        other = self.graph.get_state(self.config_of(beside.thread_id)).values
        self.beside = beside.thread_id
        self.changed: dict[str, Any] = {name: other[name] for name in ("sheet_id", "sheet_version")}

    def close(self) -> None:
        self.workspace.close()

    def person(self, level: ApprovalLevel, *, legal: bool = False) -> str:
        """Token of a new person."""
        return self.workspace.add_person(f"A {level.value}", level, legal)[1]

    def config_of(self, thread_id: str) -> RunnableConfig:
        """As anybody can write it who holds the graph; ours is stricter."""
        return {"configurable": {"thread_id": thread_id}, "recursion_limit": STEPS}

    def begin(self, thread_id: str, **how: Any) -> RunnableConfig:
        config = self.config_of(thread_id)
        given = how.pop("input", self.start)
        self.graph.invoke(given, config, context=DealContext(token=self.analyst), durability="sync", **how)
        return config

    def inside(self) -> RunnableConfig:
        """What the engine calls a node with, made up by somebody who calls it themselves."""
        return {**self.config, "configurable": {**self.config["configurable"], "__pregel_runtime": self.runtime()}}

    def runtime(self) -> Runtime[DealContext]:
        """A runtime that says what the engine's says."""
        made_up = ExecutionInfo("", "", "commit", thread_id=self.thread_id)
        return Runtime(context=DealContext(token=self.analyst), execution_info=made_up)

    def look(self) -> Shown:
        """The newest thing that waits in the inbox for this deal."""
        mine = [item for item in self.workspace.inbox() if item.commitment.thread_id == self.thread_id]
        return Shown(mine[-1].commitment.commitment_id, mine[-1].digest)

    def decide(self, shown: Shown, token: str, outcome: DecisionOutcome = DecisionOutcome.APPROVE) -> None:
        """Through the approval service; what is not open any more is refused there."""
        with contextlib.suppress(PartnershipError):
            self.workspace.home.approval_service.decide(shown.name, token, outcome, "A reason.")

    def yes_without_waking(self, shown: Shown) -> None:
        """Everybody who must approve does; the thread does not know yet."""
        self.decide(shown, self.approver)
        if self.need.partnership_type is PartnershipType.GOVERNMENT:
            self.decide(shown, self.lawyer)

    def yes(self, shown: Shown) -> None:
        self.yes_without_waking(shown)
        self.wake()

    def no(self, shown: Shown) -> None:
        self.decide(shown, self.approver, DecisionOutcome.REJECT)
        self.wake()

    def wake(self) -> None:
        """As `decide` and `resume` of every surface do it; a broken thread may complain."""
        with attempt():
            self.workspace.resume(self.thread_id)

    def turn_to_the_other(self) -> None:
        """Go on with the deal beside the first."""
        self.thread_id = self.beside
        self.config = self.config_of(self.beside)

    def commit(self, values: Any) -> None:
        """Call what the commit node is made of, as anybody can who imports it."""
        use = self.workspace.services
        with attempt():
            DealNodes(lambda: use).commit_if_approved(values, self.runtime())
        with attempt():
            terms = use.companies.sheet(values["sheet_id"], values["sheet_version"]).model_dump(mode="json")
            commit(use.governance, use.verifier, use.clock, values["commitment_id"], terms)

    def approved(self) -> list[str]:
        """Contents that as many people approved as must, told by the store of decisions; one for each commitment."""
        with self.workspace.services.governance.snapshot() as reader:
            needed = {item.commitment.commitment_id: item for item in reader.commitments()}
            stored = [item.decision for item in reader.decisions()]
        people: dict[str, set[str]] = {}
        for one in stored:
            if one.outcome is DecisionOutcome.APPROVE:
                people.setdefault(one.commitment_id, set()).add(one.decided_by)
        return [
            needed[name].digest
            for name, deciders in people.items()
            if len(deciders) >= len(needed[name].commitment.required_approvals)
        ]

    def committed(self) -> list[str]:
        return [entry.digest for entry in self.workspace.ledger()]

    def outbox(self) -> int:
        """How many messages wait to leave or have left."""
        with self.workspace.services.governance.snapshot() as reader:
            return len(reader.outbox())

    def nothing_happened(self) -> None:
        """No row, no message, and the log is whole."""
        assert self.committed() == []
        assert self.outbox() == 0
        assert self.workspace.verify_audit().ok

    def only(self, digest: str) -> None:
        """Exactly this content was committed, once, and the log is whole."""
        assert self.committed() == [digest]
        assert self.outbox() == 1
        assert self.workspace.verify_audit().ok

    def honest(self) -> None:
        """What people are shown now and approve takes effect, once: a gate that blocks everything fails here."""
        shown = self.look()
        self.yes(shown)
        self.only(shown.content)
        self.wake()
        self.only(shown.content)
