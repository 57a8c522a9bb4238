"""Print what each attack does to the tutorial pattern and to ours, as Markdown, measured now.

Run it as ``.venv/bin/python tests/attacks/table.py``; it takes some minutes. It ends with 1 when an attack got through
ours or the honest yes did not land.
"""

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

os.environ.setdefault("LANGGRAPH_STRICT_MSGPACK", "true")  # read when langgraph is imported
os.environ.setdefault("LANGSMITH_TRACING", "false")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from partnership_os.schemas.partnership import PartnershipType
from tests.attacks import bypasses, deal_bypasses
from tests.attacks.bare_tutorial import BareTutorial, Variant
from tests.attacks.deal_target import DealTarget
from tests.attacks.targets import unauthorised

OnOurs = Callable[[DealTarget], None]
NO_MIDDLEWARE = "n/a: it has no agent and no middleware"


class Row(NamedTuple):
    """One attack; ``bare`` is how it is tried on the tutorial pattern, or why it is not."""

    name: str
    bare: Callable[[Any], None] | str
    variant: Variant = "plain"
    ours: tuple[OnOurs, ...] = ()
    kind: PartnershipType = PartnershipType.DISTRIBUTION


def after_the_yes(attack: OnOurs) -> OnOurs:
    """The attack on a deal that people approved and whose thread does not know yet."""

    def approved_first(target: DealTarget) -> None:
        target.yes_without_waking(target.look())
        attack(target)

    return approved_first


def with_a_trap(attack: Callable[[DealTarget, Path], None]) -> OnOurs:
    """The attack, and an error when its code ran."""

    def trapped(target: DealTarget) -> None:
        trap = target.home / "the-code-ran"
        attack(target, trap)
        if trap.exists():
            raise SystemExit("code from the checkpoint file ran")

    return trapped


b, d = bypasses, deal_bypasses
BYPASSES = (
    Row("B1 forged gate output", b.forged_gate_output),
    Row("B2 goto", b.goto_commit, ours=(b.goto_commit, b.goto_commit_with_a_document)),
    Row("B3 Send", b.send_to_commit),
    Row("B4 anyone answers", b.anyone_answers),
    Row("B5 swap while answering", b.swap_while_answering),
    Row(
        "B6 swap before answering",
        b.swap_before_answering,
        ours=(b.swap_before_answering, b.swap_as_the_draft, d.new_input_while_waiting),
    ),
    Row("B7 answer before the question", b.answer_before_the_question),
    Row("B8 stale answer on a retry", b.stale_answer, "two_questions"),
    Row(
        "B9 double click",
        b.double_click,
        "two_gates",
        (b.double_click, d.click_twice_as_one_person),
        PartnershipType.GOVERNMENT,
    ),
    Row(
        "B10 races",
        b.race,
        ours=(b.race, b.race_after_yes, d.race_of_processes, d.race_of_processes_around_the_yes),
    ),
    Row("B11 replay after approval", b.replay_everything),
    Row("B12 fork after approval", b.fork_everything),
    Row("B13 vote again after a no", b.vote_again),
    Row("B14 cached gate", b.yes_then_a_like_thread, "cached", (d.with_a_cache,)),
    Row("B15 breakpoint override", b.pass_the_breakpoint, "breakpoint"),
    Row("B16 engine keys in the configuration", b.internal_keys),
    Row("B17 swallowed interrupt", lambda _bare: None, "swallowed", (d.swallowing_callbacks,)),
    Row("B18 forged route", b.forged_route, "routed"),
    Row("B19 retry, SIGKILL after the row", b.honest_yes, "retried", (after_the_yes(d.killed_after_the_row),)),
    Row("B20 middleware jumps to the tool", NO_MIDDLEWARE, ours=(d.hostile_tools,)),
    Row("B21 unlisted or renamed tool", NO_MIDDLEWARE, ours=(after_the_yes(d.hostile_tools),)),
    Row(
        "B22 checkpoint store as truth",
        b.forged_writes,
        ours=(
            b.forged_writes,
            d.forged_checkpoint,
            with_a_trap(d.code_in_the_checkpoints),
            with_a_trap(d.pickle_in_the_checkpoints),
        ),
    ),
)
EIGHTEEN = (
    Row("1 `update_state(as_node=gate)`, run", b.forged_gate_output),
    Row("2 `goto` commit", b.goto_commit),
    Row("3 `goto` commit with another document", b.goto_commit_with_a_document),
    Row("4 edit as the draft, honest yes", b.swap_as_the_draft),
    Row("5 edit without a node, honest yes", b.swap_before_answering),
    Row("6 resume and edit in one command", b.swap_while_answering),
    Row("7 invoke the commit node", b.call_the_node),
    Row("8 import the commit and call it", b.call_the_function),
    Row("9 forged answer by interrupt id", b.anyone_answers),
    Row("10 concurrent answers", b.race),
    Row("11 answer one checkpoint twice", b.answer_an_old_checkpoint_twice),
    Row("12 forged gate after the honest commit", b.forge_after_the_commit),
    Row("13 fork a rejection, run, answer", b.fork_a_rejection),
    Row("14 fork a rejection, answer there", b.answer_the_fork),
    Row("15 second answer on the finished thread", b.second_answer),
    Row("16 yes at the old rejected checkpoint", b.answer_the_old_rejection),
    Row("17 new input that claims the approval", b.new_input_says_approved),
    Row("18 claim it as an earlier node", b.update_as_an_earlier_node),
)


def on_the_tutorial(row: Row) -> str:
    """What the attack did to the tutorial pattern."""
    if isinstance(row.bare, str):
        return row.bare
    bare = BareTutorial(row.variant)
    row.bare(bare)
    through = unauthorised(bare)
    return f"**{through} without approval**" if through else "held"


def on_ours(row: Row) -> tuple[str, bool]:
    """What the attack did to ours, and whether it held and the honest yes landed once afterwards."""
    through = rows = tried = 0
    attacks = row.ours or ((row.bare,) if callable(row.bare) else ())
    for attack in attacks:
        with tempfile.TemporaryDirectory() as folder:
            target = DealTarget(Path(folder) / "home", row.kind)
            attack(target)
            through += unauthorised(target)
            rows += honest_rows(target)
            tried += 1
            target.close()
    held = through == 0 and rows == tried
    return f"{'held' if through == 0 else f'**{through} without approval**'}; honest yes: {rows} of {tried}", held


def honest_rows(target: DealTarget) -> int:
    """1 when exactly what people approved is committed in the end, once."""
    if not target.committed():
        mine = [item for item in target.workspace.inbox() if item.commitment.thread_id == target.thread_id]
        if not mine:
            target.turn_to_the_other()
        target.yes(target.look())
    target.wake()
    good = target.committed() == target.approved() and target.outbox() == 1 and target.workspace.verify_audit().ok
    return int(good and len(target.committed()) == 1)


def main() -> int:
    """Print both tables."""
    failed = 0
    for title, rows in (("Bypass of LangGraph's interrupt", BYPASSES), ("Simple attack", EIGHTEEN)):
        sys.stdout.write(f"| {title} | bare tutorial pattern | ours |\n|---|---|---|\n")
        for row in rows:
            bare, (ours, held) = on_the_tutorial(row), on_ours(row)
            failed += not held
            sys.stdout.write(f"| {row.name} | {bare} | {ours} |\n")
            sys.stdout.flush()
        sys.stdout.write("\n")
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main())
