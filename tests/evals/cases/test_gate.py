"""The gate suite: its cases, its grades, what the product reaches, and what it would say about a broken gate."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from partnership_os.errors import ApprovalError
from partnership_os.evals.cases.gate.suite import SUITE, GateCase, Trajectory
from partnership_os.evals.cases.gate.trajectory import NOBODY, Act, Step, people
from partnership_os.evals.catalogue import load_cases
from partnership_os.evals.checks.state import LedgerRow, differences, missing_rows, unauthorised_rows
from partnership_os.evals.oracle import oracle_faults
from partnership_os.evals.sitting import Room, Sitting
from partnership_os.evals.subject import CONTROL, RULES, seated
from partnership_os.evals.suite import Grade
from partnership_os.governance import approvals, commitments, standing
from partnership_os.schemas.partnership import ApprovalLevel, PartnershipType
from partnership_os.settings import Settings
from partnership_os.tools.text import script_of

CASES: tuple[GateCase, ...] = load_cases(SUITE)
BY_ID = {case.id: case for case in CASES}
NEEDED = {
    PartnershipType.REFERRAL: ["manager"],
    PartnershipType.DISTRIBUTION: ["director"],
    PartnershipType.TECHNOLOGY: ["vp"],
    PartnershipType.STRATEGIC: ["c-level"],
    PartnershipType.GOVERNMENT: ["c-level", "legal"],
}
"""The table of the README, written down once more."""
ROW = LedgerRow(action="issue_term_sheet", version=1, asked_by="Rana", approved_by=("Maha",))


@pytest.fixture
def sitting(tmp_path: Path) -> Iterator[Sitting]:
    room = Room(RULES, tmp_path / "room", Settings(_env_file=None))
    yield Sitting(room)
    room.close()


def graded(case: GateCase, sitting: Sitting) -> Grade:
    return SUITE.grade(case, SUITE.answer(case, sitting))


def test_the_suite_proves_itself() -> None:
    assert list(oracle_faults(SUITE)) == []


def test_every_type_has_honest_paths_and_attacks() -> None:
    assert len(CASES) >= 36
    for kind in PartnershipType:
        own = [case for case in CASES if case.partnership_type is kind]
        assert {case.cluster for case in own} == {kind.value}
        assert any(not any(step.refused for step in case.steps) and case.final.ledger for case in own), kind
        assert any(any(step.refused for step in case.steps) for case in own), kind
    assert {step.do for case in CASES for step in case.steps} == set(Act)
    assert len({case.model_dump_json(include={"partnership_type", "steps"}) for case in CASES}) == len(CASES)


def test_names_of_both_scripts_take_part() -> None:
    used = Counter(script_of(step.by) for case in CASES for step in case.steps if step.by != NOBODY)
    assert min(used["ar"], used["latin"]) >= 40
    known = {one.name for one in people()}
    named = {name for case in CASES for step in case.steps for name in (step.by, step.to) if name != NOBODY}
    assert named <= known


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_expected_rows_are_authorised_by_the_published_table(case: GateCase) -> None:
    """The truth is held against the table, people and loans by other code than the gate's."""
    levels = {one.name: (one.level.rank, one.legal) for one in people()}
    for step in case.steps:
        if step.do is Act.CHANGE:
            rank, legal = levels[step.by]
            levels[step.by] = (
                rank if step.level is None else step.level.rank,
                legal if step.legal is None else step.legal,
            )
    if case.final.required and not any("mdf_per_year" in term for step in case.steps for term in step.terms):
        assert list(case.final.required) == NEEDED[case.partnership_type]
    for row in case.final.ledger:
        used = [
            step for step in case.steps if step.do is Act.APPROVE and not step.refused and step.by in row.approved_by
        ]
        sources = {step.by: levels[step.on_behalf_of or step.by] for step in used}
        assert set(sources) == set(row.approved_by)
        assert row.asked_by not in row.approved_by
        assert len(row.approved_by) == len(case.final.required)
        top = [need for need in case.final.required if need != "legal"]
        assert all(any(rank >= ApprovalLevel(need).rank for rank, _ in sources.values()) for need in top)
        assert "legal" not in case.final.required or any(legal for _, legal in sources.values())
    assert sum(step.commits for step in case.steps) == len(case.final.ledger)


@pytest.mark.timeout(600)  # a minute on an idle machine
def test_the_rules_analyst_gets_every_trajectory_right(sitting: Sitting) -> None:
    wrong = {case.id: grade.faults for case in CASES if not (grade := graded(case, sitting)).passed}
    assert wrong == {}


def test_the_same_trajectory_gives_the_same_answer(sitting: Sitting, tmp_path: Path) -> None:
    case = BY_ID["government_requester_edits_after_the_first_approval"]
    again = Room(RULES, tmp_path / "again", Settings(_env_file=None))
    assert SUITE.answer(case, sitting) == SUITE.answer(case, Sitting(again))
    again.close()


def test_rows_are_counted() -> None:
    other = ROW.model_copy(update={"approved_by": ("Dana",)})
    assert unauthorised_rows((ROW, ROW), (ROW,)) == (ROW,)
    assert unauthorised_rows((other,), (ROW,)) == (other,)
    assert missing_rows((ROW,), (ROW, ROW)) == (ROW,)
    assert missing_rows((other,), (ROW,)) == (ROW,)
    assert unauthorised_rows((), ()) == missing_rows((), ()) == ()


def test_differences_leave_out_what_they_are_told() -> None:
    other = ROW.model_copy(update={"version": 2, "asked_by": "Maha"})
    assert differences(other, ROW) == {"version": (2, 1), "asked_by": ("Maha", "Rana")}
    assert differences(other, ROW, besides=["version"]) == {"asked_by": ("Maha", "Rana")}


def test_a_row_by_somebody_else_is_neither_sound_nor_live() -> None:
    case = BY_ID["referral_by_manager"]
    right = SUITE.truth(case)
    row = case.final.ledger[0].model_copy(update={"approved_by": ("سامي",)})
    final = right.final.model_copy(update={"ledger": (row,)})
    marks = SUITE.grade(case, Trajectory(played=right.played, final=final)).marks
    assert (marks["soundness"].got, marks["liveness"].got, marks["state_match"].got) == (1, 0, 0)
    assert marks["step_accuracy"].got == len(case.steps)


def test_a_trajectory_without_a_due_row_says_nothing_of_liveness() -> None:
    case = BY_ID["referral_analyst_approves"]
    assert "liveness" not in SUITE.grade(case, SUITE.truth(case)).marks


def _nothing(*arguments: Any, **options: Any) -> None:
    """Objects to nothing."""


def test_a_gate_that_lets_requesters_approve_is_found(sitting: Sitting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(approvals, "_require_separation", _nothing)
    monkeypatch.setattr(standing, "excluded_from", lambda *arguments: frozenset())
    grade = graded(BY_ID["referral_manager_approves_own_request"], sitting)
    assert grade.marks["soundness"].got == 1, grade.faults
    assert grade.marks["state_match"].got == 0


def test_a_gate_that_blocks_everything_is_found(sitting: Sitting, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: Any, **options: Any) -> None:
        raise ApprovalError("Nothing goes through here.")

    monkeypatch.setattr(commitments, "commit", refuse)
    grade = graded(BY_ID["distribution_delivered_once"], sitting)
    assert (grade.marks["soundness"].got, grade.marks["liveness"].got) == (0, 0)


@pytest.mark.parametrize(
    ("control", "used"), [("scribe", (1, 1, 2, 2)), ("lazy", (1, 0, 2, 2)), ("liar", (1, 0, 2, 0))]
)
def test_what_the_product_used_of_a_model_is_told(
    tmp_path: Path, control: str, used: tuple[int, int, int, int]
) -> None:
    case = BY_ID["referral_by_manager"]
    with seated([CONTROL + control], Settings(_env_file=None)) as (_, subject):
        room = Room(subject, tmp_path / "model", Settings(_env_file=None))
        outcome = SUITE.answer(case, Sitting(room))
        room.close()
    work = outcome.by_model
    assert work is not None and (work.readings, work.read, work.notes, work.notes_used) == used
    grade = SUITE.grade(case, outcome)
    assert {name: mark.got for name, mark in grade.marks.items() if not name.startswith("model_")} == {
        name: mark.got for name, mark in SUITE.grade(case, SUITE.truth(case)).marks.items() if name[:6] != "model_"
    }, "no model moves the gate"
    assert (grade.marks["model_read"].got, grade.marks["model_notes"].got) == (used[1], used[3])
    assert grade.passed is (control != "liar")


def test_without_a_model_no_measure_of_a_model_has_a_mark(sitting: Sitting) -> None:
    case = BY_ID["referral_by_manager"]
    marks = SUITE.grade(case, SUITE.answer(case, sitting)).marks
    assert not {"model_read", "model_notes"} & (set(marks) | set(SUITE.failure(case)))
    assert set(SUITE.failure(case)) == set(marks)


def test_a_trajectory_with_people_that_nobody_knows_names_them() -> None:
    case = BY_ID["referral_by_manager"]
    assert list(SUITE.unknown_names(case)) == []
    step = case.steps[0].model_copy(update={"by": "Nemo", "on_behalf_of": "Ghost"})
    named = list(SUITE.unknown_names(case.model_copy(update={"steps": (step, *case.steps[1:])})))
    assert named == [("by", "Nemo"), ("on_behalf_of", "Ghost")]


def test_what_a_step_says_is_what_it_is_read_as() -> None:
    step = Step.model_validate({"do": "approve", "by": "Dana"}, strict=False)
    assert (step.refused, step.commits, step.wake, step.request) == (False, False, True, None)
