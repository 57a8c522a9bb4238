"""The gate: the one place where a graph stops for people, and the one `interrupt()` of the project.

The gate carries no authority. It asks and waits; the answer only wakes it. Whether something may be committed is
decided by `governance.commitments.commit`, from signed decisions outside the graph's state.
"""

from typing import Annotated, Literal

from langgraph.runtime import Runtime
from langgraph.types import Command, interrupt
from pydantic import BaseModel, BeforeValidator, ConfigDict

from partnership_os.governance.actions import rule_for
from partnership_os.governance.audit import record_event
from partnership_os.governance.commitments import ACTOR
from partnership_os.graphs.services import ServicesProvider
from partnership_os.graphs.state import DealContext, DealGraphState, thread_of
from partnership_os.schemas.base import BilingualText
from partnership_os.schemas.partnership import ActionClass

AFTER_GATE = {"draft_term_sheet": "negotiate", "issue_term_sheet": "commit", "reissue_term_sheet": "commit"}
"""Action → the node that performs it once the gate lets it through."""


def _as_wake_up(answer: object) -> object:
    """Every answer, of whatever inbox, counts as the same wake-up; its content is not looked at."""
    return {"wake": True} if answer is not None else answer


class WakeUp(BaseModel):
    """The only thing a resume can say: look again at the decisions that are stored."""

    model_config = ConfigDict(extra="forbid")

    wake: Literal[True]


Answer = Annotated[WakeUp, BeforeValidator(_as_wake_up)]

GateTarget = Literal["negotiate", "commit", "__end__"]


def make_gate(services: ServicesProvider):  # type: ignore[no-untyped-def]
    """Build the gate node. It has no effect before it asks, no cache and no retry."""

    def commitment_gate(state: DealGraphState, runtime: Runtime[DealContext]) -> Command[GateTarget]:
        """Class A passes and is logged, B waits for people, C and anything without a way on ends the run."""
        action = state["action"]
        rule = rule_for(action)
        target = AFTER_GATE.get(rule.action)
        use, thread_id = services(), thread_of(runtime)
        if rule.action_class is ActionClass.C or target is None:
            record_event(use.governance, use.clock, ACTOR, "action_refused", thread_id, {"action": rule.action})
            reason = BilingualText(
                en=f"The action {action} is not allowed here.", ar=f"الإجراء {action} غير مسموح هنا."
            )
            return Command(goto="__end__", update={"outcome": "blocked", "reasons": [reason.model_dump()]})
        if rule.action_class is ActionClass.A:
            passed = {"action": rule.action, "class": rule.action_class.value}
            record_event(use.governance, use.clock, ACTOR, "action_allowed", thread_id, passed)
            return Command(goto=target)  # type: ignore[arg-type]
        interrupt(
            {
                "action": rule.action,
                "commitment_id": state["commitment_id"],
                "digest": state["digest"],
                "thread_id": thread_id,
                "question": "Waits for stored approvals; an answer here only wakes the thread.",
            },
            response_schema=Answer,
        )
        return Command(goto=target)  # type: ignore[arg-type]

    return commitment_gate
