"""B1–B12: each bypass of an interrupt, aimed at the tutorial pattern, where it works, and at ours, where it does not.

Each test ends on the honest path: the right person's yes commits exactly what they were shown, once.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from partnership_os.schemas.partnership import PartnershipType
from tests.attacks import bypasses, deal_bypasses
from tests.attacks.bare_tutorial import BareTutorial, Variant
from tests.attacks.deal_target import DealTarget
from tests.attacks.targets import ROUNDS, Attack, unauthorised


def works_on_the_tutorial(attack: Attack, variant: Variant = "plain") -> None:
    """An attack that breaks nothing proves nothing."""
    bare = BareTutorial(variant)
    attack(bare)
    assert unauthorised(bare) > 0


def held(ours: DealTarget, attack: Callable[[DealTarget], None]) -> None:
    """Nobody said yes: no row, no message; and then the right people's yes lands."""
    attack(ours)
    ours.nothing_happened()
    ours.honest()


def held_to_what_was_shown(ours: DealTarget, attack: Callable[[DealTarget], None]) -> None:
    """People said yes to what they were shown: exactly that is committed, whatever stands in the state."""
    shown = ours.look()
    attack(ours)
    ours.only(shown.content)
    ours.wake()
    ours.only(shown.content)


def test_b01_forged_gate_output(ours: DealTarget) -> None:
    works_on_the_tutorial(bypasses.forged_gate_output)
    held(ours, bypasses.forged_gate_output)


@pytest.mark.parametrize("attack", [bypasses.goto_commit, bypasses.goto_commit_with_a_document])
def test_b02_goto(ours: DealTarget, attack: Attack) -> None:
    works_on_the_tutorial(attack)
    held(ours, attack)


def test_b03_send(ours: DealTarget) -> None:
    works_on_the_tutorial(bypasses.send_to_commit)
    held(ours, bypasses.send_to_commit)


def test_b04_anyone_answers(ours: DealTarget) -> None:
    works_on_the_tutorial(bypasses.anyone_answers)
    held(ours, bypasses.anyone_answers)


def test_b05_swap_while_answering(ours: DealTarget) -> None:
    works_on_the_tutorial(bypasses.swap_while_answering)
    held_to_what_was_shown(ours, bypasses.swap_while_answering)


@pytest.mark.parametrize("attack", [bypasses.swap_before_answering, bypasses.swap_as_the_draft])
def test_b06_swap_before_answering(ours: DealTarget, attack: Attack) -> None:
    works_on_the_tutorial(attack)
    held_to_what_was_shown(ours, attack)


@pytest.mark.parametrize(
    "state",
    [
        {"sheet_id": "ts_none"},
        {"sheet_id": 7},
        {"sheet_version": 2},
        {"commitment_id": "cm_none"},
        {"action": "explain"},
        {"outcome": "rejected"},
        {"company_id": "co_none", "need_id": "nd_none"},
    ],
)
def test_b06_nonsense_in_the_state_does_not_stop_the_honest_yes(ours: DealTarget, state: dict[str, object]) -> None:
    ours.changed = state
    held_to_what_was_shown(ours, bypasses.swap_before_answering)


def test_b06_new_input_changes_nothing_that_waits(ours: DealTarget) -> None:
    held_to_what_was_shown(ours, deal_bypasses.new_input_while_waiting)


def test_b07_answer_before_the_question(ours: DealTarget) -> None:
    works_on_the_tutorial(bypasses.answer_before_the_question)
    held(ours, bypasses.answer_before_the_question)


def test_b08_stale_answer(ours: DealTarget) -> None:
    works_on_the_tutorial(bypasses.stale_answer, "two_questions")
    held(ours, bypasses.stale_answer)


def test_b09_double_click(tmp_path: Path) -> None:
    works_on_the_tutorial(bypasses.double_click, "two_gates")
    government = DealTarget(tmp_path / "government", PartnershipType.GOVERNMENT)
    held(government, bypasses.double_click)
    government.close()


def test_b09_one_person_is_not_two(tmp_path: Path) -> None:
    government = DealTarget(tmp_path / "government", PartnershipType.GOVERNMENT)
    held(government, deal_bypasses.click_twice_as_one_person)
    government.close()


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_b10_races_of_threads(ours: DealTarget, _round: int) -> None:
    works_on_the_tutorial(bypasses.race)
    held(ours, bypasses.race)


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_b10_races_of_threads_after_the_yes(ours: DealTarget, _round: int) -> None:
    held_to_what_was_shown(ours, bypasses.race_after_yes)


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_b10_races_of_processes(ours: DealTarget, _round: int) -> None:
    held_to_what_was_shown(ours, deal_bypasses.race_of_processes_around_the_yes)


def test_b11_replay_after_approval(ours: DealTarget) -> None:
    works_on_the_tutorial(bypasses.replay_everything)
    held_to_what_was_shown(ours, bypasses.replay_everything)


def test_b12_fork_after_approval(ours: DealTarget) -> None:
    works_on_the_tutorial(bypasses.fork_everything)
    held_to_what_was_shown(ours, bypasses.fork_everything)
