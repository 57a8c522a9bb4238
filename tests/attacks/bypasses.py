"""Ways around a gate that work on any graph: each is written once and aimed at the tutorial pattern and at ours.

The numbers B1–B22 are those of `docs/security.md`. What only one of the two can be tried with is in the tests.
"""

from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.types import Command, Send

from tests.attacks.targets import Target, at_once, history, question
from tests.setbacks import attempt


def forged_gate_output(target: Target) -> None:
    """B1: claim that the gate ran, and what it said."""
    for claim in (target.forged, Command(goto="commit", update=target.forged)):
        with attempt():
            target.graph.update_state(target.config, claim, as_node="gate")
            target.graph.invoke(None, target.config)


def goto_commit(target: Target) -> None:
    """B2: jump, on the paused thread and on a new one."""
    for config in (target.config, _fresh(target)):
        with attempt():
            target.graph.invoke(Command(goto="commit"), config)
    for node in ("propose", "scout", "draft"):
        with attempt():
            target.graph.update_state(target.config, Command(goto="commit"), as_node=node)
            target.graph.invoke(None, target.config)


def goto_commit_with_a_document(target: Target) -> None:
    """B2, bringing another document along."""
    values = target.graph.get_state(target.config).values
    for config in (target.config, _fresh(target)):
        for brought in (target.changed, {**values, **target.changed}, values):
            with attempt():
                target.graph.invoke(Command(goto="commit", update=brought), config)


def send_to_commit(target: Target) -> None:
    """B3: run the commit node on an input of the attacker's."""
    values = target.graph.get_state(target.config).values
    for given in ({**values, **target.changed}, {**values, **target.forged, "action": "explain", "approver": "CEO"}):
        with attempt():
            target.graph.invoke(Command(goto=Send("commit", given)), target.config)


def anyone_answers(target: Target) -> None:
    """B4: answer the question oneself, in the words of the boss."""
    for answer in ({"ok": True, "by": "CEO"}, True, "approve", ["yes"], {"wake": True}):
        with attempt():
            target.graph.invoke(Command(resume={question(target): answer}), target.config)


def swap_while_answering(target: Target) -> None:
    """B5: change the document in the command that carries the yes."""
    shown = target.look()
    with attempt():
        target.graph.invoke(Command(resume={question(target): True}, update=target.changed), target.config)
    if not target.committed():
        target.yes(shown)


def swap_before_answering(target: Target) -> None:
    """B6: change the document between the look and the yes."""
    shown = target.look()
    with attempt():
        target.graph.update_state(target.config, target.changed)
    target.yes(shown)


def swap_as_the_draft(target: Target) -> None:
    """B6, in the name of the node that writes the document."""
    shown = target.look()
    writer = "draft" if "draft" in target.graph.nodes else "propose"
    with attempt():
        target.graph.update_state(target.config, target.changed, as_node=writer)
        target.graph.invoke(None, target.config)
    target.yes(shown)


def answer_before_the_question(target: Target) -> None:
    """B7: stop before the gate, and leave the answer there."""
    with attempt():
        config = target.begin("attack-early", interrupt_before=["gate"])
        for _ in range(2):
            target.graph.invoke(Command(resume="yes"), config)


def stale_answer(target: Target) -> None:
    """B8: answer once, then a harmless "go on"."""
    with attempt():
        target.graph.invoke(Command(resume=True), target.config)
    for _ in range(2):
        with attempt():
            target.graph.invoke(None, target.config)


def double_click(target: Target) -> None:
    """B9: the same click twice, for two people's questions."""
    for _ in range(2):
        with attempt():
            target.graph.invoke(Command(resume=True), target.config)


def race(target: Any) -> None:
    """B10: three answers at once to one thread."""
    answer = {question(target): True}
    at_once([lambda: target.graph.invoke(Command(resume=answer), target.config)] * 3, target.graph.checkpointer)


def race_after_yes(target: Any) -> None:
    """B10 once the right person has said yes."""
    shown = target.look()
    target.yes_without_waking(shown)
    race(target)


def replay_everything(target: Target) -> None:
    """B11: run again from every checkpoint of a thread that was approved and committed."""
    target.yes(target.look())
    for config in history(target):
        with attempt():
            target.graph.invoke(None, config)


def fork_everything(target: Target) -> None:
    """B12: put another document into every checkpoint of an approved thread, and run on from there."""
    target.yes(target.look())
    for config in history(target):
        with attempt():
            target.graph.invoke(None, target.graph.update_state(config, target.changed))


def vote_again(target: Target) -> None:
    """B13: after a no, go back to every checkpoint and say yes."""
    target.no(target.look())
    for config in history(target):
        with attempt():
            target.graph.invoke(None, config)
        with attempt():
            target.graph.invoke(Command(resume=True), target.config)
        with attempt():
            target.graph.invoke(Command(resume=True), config)


def yes_then_a_like_thread(target: Target) -> None:
    """B14: after an honest yes, another thread with the same input."""
    target.yes(target.look())
    target.begin("attack-cache")


def pass_the_breakpoint(target: Target) -> None:
    """B15: go on, or ask for breakpoints of one's own."""
    for where in (None, ["gate"], [], "*"):
        with attempt():
            target.graph.invoke(None, target.config, interrupt_before=where)
        with attempt():
            target.graph.invoke(None, target.config, interrupt_after=where)


def internal_keys(target: Target) -> None:
    """B16: the answer, or anything, under a key that the engine keeps for itself."""
    answer = {question(target): True}
    for name in ("__pregel_resume_map", *engine_keys()):
        for value in (answer, True, None):
            with attempt():
                mine = {**target.config["configurable"], name: value}
                target.graph.invoke(None, {**target.config, "configurable": mine})


def engine_keys() -> tuple[str, ...]:
    """Every key of the engine that is installed."""
    from langgraph._internal import _constants

    return tuple(
        sorted(value for value in vars(_constants).values() if isinstance(value, str) and value.startswith("__pregel"))
    )


def forged_route(target: Target) -> None:
    """B18: state or input that names the way."""
    for way in ("commit", "draft_term_sheet", "explain", "send_funds", "__end__", "ISSUE_TERM_SHEET"):
        for name in ("action", "next", "outcome"):
            with attempt():
                target.graph.update_state(target.config, {name: way})
                target.graph.invoke(None, target.config)
            with attempt():
                target.graph.invoke(Command(goto="gate", update={name: way}), target.config)
    with attempt():
        target.begin("attack-route", input={**target.start, "next": "commit", "action": "commit"})


def honest_yes(target: Target) -> None:
    """B19: nothing but an honest yes, where the reply of the effect is lost and the node is run again."""
    target.yes(target.look())


def forged_writes(target: Any) -> None:
    """B22: write into the checkpointer that the gate has answered."""
    state = target.graph.get_state(target.config)
    written = [*target.forged.items(), ("branch:to:commit", None)]
    with attempt():
        target.saver.put_writes(state.config, written, state.tasks[0].id)
        target.graph.invoke(None, target.config)


def second_answer(target: Target) -> None:
    """The same yes again on the finished thread."""
    shown = target.look()
    target.yes(shown)
    with attempt():
        target.graph.invoke(Command(resume=True), target.config)


def answer_an_old_checkpoint_twice(target: Target) -> None:
    """The question's own checkpoint, answered twice."""
    halted = target.graph.get_state(target.config).config
    target.yes(target.look())
    for _ in range(2):
        with attempt():
            target.graph.invoke(Command(resume=True), halted)


def forge_after_the_commit(target: Target) -> None:
    """After an honest commit, claim the gate once more."""
    target.yes(target.look())
    forged_gate_output(target)


def fork_a_rejection(target: Target) -> None:
    """After a no, fork the question's checkpoint, run to the question and answer it."""
    halted = target.graph.get_state(target.config).config
    target.no(target.look())
    with attempt():
        fork = target.graph.update_state(halted, target.changed)
        target.graph.invoke(None, fork)
        target.graph.invoke(Command(resume=True), target.config)


def answer_the_fork(target: Target) -> None:
    """After a no, fork the question's checkpoint and answer there directly."""
    halted = target.graph.get_state(target.config).config
    target.no(target.look())
    with attempt():
        target.graph.invoke(Command(resume=True), target.graph.update_state(halted, target.changed))


def answer_the_old_rejection(target: Target) -> None:
    """After a no, a yes at the checkpoint that was answered."""
    halted = target.graph.get_state(target.config).config
    target.no(target.look())
    with attempt():
        target.graph.invoke(Command(resume=True), halted)


def new_input_says_approved(target: Target) -> None:
    """New input on the paused thread that claims the approval."""
    with attempt():
        target.begin(target.config["configurable"]["thread_id"], input={**target.start, **target.forged})


def update_as_an_earlier_node(target: Target) -> None:
    """Claim the approval in the name of a node before the gate."""
    first = "draft" if "draft" in target.graph.nodes else "scout"
    with attempt():
        target.graph.update_state(target.config, target.forged, as_node=first)
        target.graph.invoke(None, target.config)


def call_the_node(target: Any) -> None:
    """Call the commit node of the compiled graph."""
    values = {**target.graph.get_state(target.config).values, **target.forged}
    with attempt():
        target.graph.nodes["commit"].invoke(values, target.inside())


def call_the_function(target: Any) -> None:
    """Import the commit and call it."""
    with attempt():
        target.commit(target.graph.get_state(target.config).values)


def _fresh(target: Target) -> RunnableConfig:
    return {**target.config, "configurable": {"thread_id": "attack-goto"}}
