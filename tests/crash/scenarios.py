"""What is done to a home, and what must hold after it; every test of this folder is one of these with other steps."""

from collections.abc import Sequence
from random import Random
from typing import Any, Final, NamedTuple

from tests.crash.lanes import Done, Harness, Outcome, Step

WATCHED: Final = ("statements", "files")
LOOK: Final[tuple[Step, ...]] = (("census", {}), ("examine", {}))
APPROVED: Final[tuple[Step, ...]] = (
    ("propose", {"document": "ts_one", "kind": "distribution"}),
    ("decide", {"document": "ts_one", "role": "director"}),
)
COMMIT: Final[Step] = ("commit", {"document": "ts_one"})
IMPATIENT: Final = 0.1
"""Seconds that a child waits for a lock which a stopped process does not give back."""
BEFORE_A_LOCK: Final = ("before BEGIN IMMEDIATE", "before SELECT write_lock")
"""Where a rival can come in between, if the code lets it."""
REFUSED: Final = ("ApprovalError", "InputError")
OF_THE_RECOVERY: Final = 1
"""Ledger rows that `see_through` adds to a round."""
WORK: Final = 30
"""Steps of a worker in one round, if it lives."""
LAST_POINT: Final = 1_000
"""The kill of a worker is drawn from the points up to this one; some end before they reach theirs."""


class Case(NamedTuple):
    """What is killed, and the state before it. ``again`` is True where the same call twice is one effect."""

    step: Step
    before: tuple[Step, ...] = ()
    again: bool = True


def kill_everywhere(
    harness: Harness,
    case: Case,
    *,
    watched: Sequence[str] = WATCHED,
    nth: int = 1,
    until_found: bool = False,
    **more: Any,
) -> None:
    """Kill a child at each point of the step, look, do the step again in another child, and look again.

    Args:
        harness: Two lanes, which share the points.
        case: The step, and what comes before it.
        watched: What makes a point.
        nth: 1 for every point; a larger number leaves most of them out, but never the return.
        until_found: Stop at the first violation.
        more: Goes into each job, for example a fault.
    """
    saved = harness.lane.prepare(*case.before, restore=harness.staff)
    after_a_kill = (*LOOK, case.step, *LOOK)
    dry = harness.lane.run(case.step, restore=saved, minutes=1, wire={"watch": watched}, **more)
    clean = harness.lane.run(*after_a_kill, restore=saved, minutes=1, **more)
    if dry.trouble or clean.trouble:
        return harness.found(f"{dry.trouble} {clean.trouble}", "without a kill:")
    states = [_effects(clean.done[0].result), _effects(clean.done[3].result)]
    assert states[0] != states[1], "the step has no effect"
    for violation in clean.done[4].result:
        harness.found(violation, "without a kill:")
    points = list(enumerate(dry.passed, 1))
    chosen = [item for item in points if item[0] % nth == 0 or item[1] == "returned"]
    if until_found:
        chosen.reverse()  # what a fault does shows near the end
    for start in range(0, len(chosen), 2):
        if until_found and harness.tally.violations:
            return
        batch = chosen[start : start + 2]
        wires = [{"at": number, "act": "kill", "watch": watched} for number, _ in batch]
        killed = harness.run_each(
            [((case.step,), {"restore": saved, "minutes": 1, "wire": wire, **more}) for wire in wires]
        )
        looks = harness.run_each([(after_a_kill, {"minutes": 2, **more}) for _ in batch])
        for (number, point), victim, found in zip(batch, killed, looks, strict=True):
            where = f"at {number} ({point}):"
            if victim.code != -9 and "lines" not in watched:  # their number differs a little from run to run
                harness.found(f"was not killed: {victim.trouble}", where)
            _judge(harness, case, states[1:] if point == "returned" else states, found, where)
            harness.tally.points += 1


def _judge(harness: Harness, case: Case, states: list[Any], found: Outcome, where: str) -> None:
    """Before the retry there is all or nothing, all when the call had returned; after it there is all, once."""
    if not found.done:
        return harness.found(str(found.trouble), where)
    before, wrong, retry, after, wrong_after = found.done
    _violations(harness, [wrong], where)
    _violations(harness, [wrong_after], f"{where} after the retry:")
    if before.error or after.error:
        return harness.found(f"no census: {before.message} {after.message}", where)
    if _effects(before.result) not in states:
        harness.found(f"half or lost: {_difference(before.result, states)}", where)
    there_already = _effects(before.result) == states[-1] and retry.error in ("InputError", "ApprovalError")
    if retry.error and not there_already:
        harness.found(f"the retry: {retry.error}: {retry.message} {retry.trace}", where)
    if case.again and _effects(after.result) != states[-1]:
        harness.found(f"after the retry: {_difference(after.result, states[-1:])}", where)
    harness.tally.rows += after.result["ledger"]


def _violations(harness: Harness, looks: Sequence[Done], where: str) -> None:
    """What each look found. One that fails is a violation and hides nothing of what the others found."""
    for done in looks:
        for violation in [f"{done.error}: {done.message} {done.trace}"] if done.error else done.result:
            harness.found(violation, where)


def _effects(census: dict[str, int]) -> dict[str, int]:
    """The census without refusals, which a retry may add, and so without the length of the log."""
    return {key: number for key, number in census.items() if key != "audit" and not key.endswith("_refused") and number}


def _difference(census: dict[str, int], states: list[Any]) -> str:
    found = _effects(census)
    return "; ".join(
        str({key: (found.get(key), state.get(key)) for key in found | state if found.get(key) != state.get(key)})
        for state in states
    )


def interleave(harness: Harness, rival: Step, *, nth: int = 1, until_found: bool = False, **more: Any) -> None:
    """Stop a commit at each point, do the rival, let the commit go on, and hold the result against the rules.

    Whatever the rival is, both together must be as if one had come after the other. Arguments as for `kill_everywhere`.
    """
    lane = harness.lane
    saved = lane.prepare(*APPROVED, restore=harness.staff)
    dry = lane.run(COMMIT, restore=saved, minutes=1, wire={"watch": ["statements"]}, **more)
    points = list(enumerate(dry.passed, 1))
    for number, point in [item for item in points if item[0] % nth == 0 or item[1] in BEFORE_A_LOCK]:
        if until_found and harness.tally.violations:
            return
        where = f"stopped at {number} ({point}):"
        wire = {"at": number, "act": "stop", "watch": ["statements"]}
        job = lane.job(COMMIT, restore=saved, minutes=1, wire=wire, **more)
        pid = lane.start(job)[0]
        if lane.wait(pid, job).code != "stopped":
            harness.found("was not stopped", where)
            continue
        early = lane.run(rival, minutes=1, busy=IMPATIENT, **more)
        lane.tell(pid, "continue")
        _unexpected(harness, lane.wait(pid, job), where)
        blocked = early.last.error == "ConfigurationError"
        _unexpected(harness, lane.run(rival, minutes=1, **more) if blocked else early, f"{where} the rival:")
        left = lane.run(("examine", {}), ("recover", {}), ("examine", {}), ("census", {}), minutes=2)
        harness.tally.points += 1
        harness.tally.rows += _looked(harness, left, where)


def _looked(harness: Harness, left: Outcome, where: str) -> int:
    """Take note of all that the looks found, the last of which is the census; returns the rows of the ledger."""
    if not left.done:
        harness.found(str(left.trouble), where)
        return 0
    *looks, census = left.done
    _violations(harness, looks, where)
    if census.error:
        harness.found(f"no census: {census.message}", where)
        return 0
    return int(census.result["ledger"])


def _unexpected(harness: Harness, outcome: Outcome, where: str) -> None:
    """Either may be refused by what the other did; nothing else may go wrong."""
    if outcome.trouble and outcome.last.error not in REFUSED:
        harness.found(outcome.trouble, where)


def one_round(harness: Harness, saved: str, seed: str, *, lives: bool = False, work: int = WORK, **more: Any) -> None:
    """Two workers, each to its death (or its end, where it ``lives``), and a recovery that must find all well.

    What the workers leave behind differs from run to run: they race. So that something is waiting that may be committed
    and something that may not, whatever they did, the recovery begins with a deal of each kind.
    """
    lane = harness.lane
    rng = Random(seed)
    assert lane.run(restore=saved).trouble is None
    journals = [lane.journal(f"{seed}-{worker}") for worker in range(2)]
    jobs = []
    for worker, journal in enumerate(journals):
        wire = {"at": rng.randrange(1, LAST_POINT), "act": "kill", "watch": WATCHED}
        schedule = ("work", {"seed": f"{seed} {worker}", "steps": work, "journal": journal})
        jobs.append(lane.job(schedule, minutes=1, wire=None if lives else wire, **more))
    pids = lane.start(*jobs)
    for pid, job in zip(pids, jobs, strict=True):
        ended = lane.wait(pid, job)
        harness.tally.points += ended.code == -9
        if ended.code != -9 and ended.trouble:
            harness.found(ended.trouble, f"{seed}:")
    own = lane.journal(f"{seed}-recovery")
    steps: tuple[Step, ...] = (
        ("examine", {}),
        ("see_through", {"journal": own}),
        ("lost", {"journals": [*journals, own]}),
        ("recover", {}),
        ("delivered", {}),
        ("examine", {}),
        ("census", {}),
    )
    left = lane.run(*steps, minutes=30, busy=5, **more)
    harness.tally.rounds += 1
    harness.tally.rows += max(_looked(harness, left, f"{seed}:") - OF_THE_RECOVERY, 0)
