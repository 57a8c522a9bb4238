"""Whose turn it is, in the cases that a walk through one deal does not meet."""

from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from partnership_os.graphs.views import DealState, DealStatus
from partnership_os.graphs.workspace import Workspace
from partnership_os.schemas.base import BilingualText
from partnership_os.schemas.commitment import ApprovalRequirement, Person
from partnership_os.schemas.partnership import ApprovalLevel
from partnership_os.settings import Settings
from partnership_os.surfaces.cli_next_steps import Situation, Turn, next_steps, role, show_next, situation_of, turn_of
from partnership_os.surfaces.cli_render import Screen
from partnership_os.surfaces.cli_situation import show_situation

RANA = Person(person_id="pe_1", name="Rana", level=ApprovalLevel.ANALYST)
CHIEF = ApprovalRequirement(min_level=ApprovalLevel.C_LEVEL)
LEGAL = ApprovalRequirement(min_level=ApprovalLevel.ANALYST, legal=True)
DIRECTOR = ApprovalRequirement(min_level=ApprovalLevel.DIRECTOR)
STATE = DealState(
    thread_id="deal-1",
    status=DealStatus.RUNNING,
    company_id="co_1",
    company_name="Najd Test Systems",
    need_id="nd_1",
    requested_by="pe_1",
)


class Shown:
    """A screen and what was printed on it."""

    def __init__(self, language: str = "en") -> None:
        self._out = StringIO()
        self.screen = Screen(Console(file=self._out, width=80), language, "--home h")

    def __str__(self) -> str:
        return self._out.getvalue()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_run_that_was_interrupted_can_be_woken_by_the_command_that_is_printed(language: str) -> None:
    shown, turn = Shown(language), Turn(DealStatus.RUNNING, "deal-1", "pe_1", None, {"pe_1": RANA})
    show_situation(shown.screen, Situation(STATE, turn))
    assert "\n  partnership deal resume deal-1 --home h\n" in str(shown)
    assert "Rana (pe_1)" in str(shown)
    (step,) = next_steps(turn, "--home h")
    assert isinstance(step, dict) and step["command"] == "partnership deal resume deal-1 --home h"


def test_a_blocked_deal_says_why_and_who_looks_at_it() -> None:
    reason = BilingualText(en="Its register is closed.", ar="سجلها مغلق.")
    state = STATE.model_copy(update={"status": DealStatus.BLOCKED, "reasons": (reason,)})
    turn = Turn(DealStatus.BLOCKED, "deal-1", "pe_1", None, {})
    shown = Shown()
    show_situation(shown.screen, Situation(state, turn))
    assert "Its register is closed." in str(shown)
    assert "Next, pe_1, who asked for it, looks at the reasons." in str(shown)
    assert next_steps(turn) == []


@pytest.mark.parametrize(
    ("level", "legal", "required", "said"),
    [
        (ApprovalLevel.C_LEVEL, False, (CHIEF, LEGAL), "as C-level"),
        (ApprovalLevel.MANAGER, True, (CHIEF, LEGAL), "as Legal"),
        (ApprovalLevel.C_LEVEL, True, (CHIEF, LEGAL), "as C-level and Legal"),
        (ApprovalLevel.VP, False, (DIRECTOR,), "as VP"),
        (ApprovalLevel.VP, True, (DIRECTOR,), "as VP"),
        (ApprovalLevel.MANAGER, False, (DIRECTOR,), "as Manager"),
    ],
)
def test_somebody_decides_as_what_their_authority_is_good_for(
    level: ApprovalLevel, legal: bool, required: tuple[ApprovalRequirement, ...], said: str
) -> None:
    assert role(Shown().screen, level, legal, required) == said


@pytest.fixture
def workspace(home: Path) -> Iterator[Workspace]:
    with Workspace.open(Settings(home=home, _env_file=None)) as opened:
        yield opened


def _asked(workspace: Workspace, files: Path) -> DealState:
    token = workspace.add_person("Rana", ApprovalLevel.ANALYST)[1]
    return workspace.start_deal("Najd Test Systems", workspace.read_need(files / "need.json"), token)


def test_with_every_approval_there_only_the_commit_is_missing(workspace: Workspace, files: Path) -> None:
    turn = situation_of(workspace, _asked(workspace, files)).turn
    assert turn.item is not None
    complete = turn._replace(item=turn.item.model_copy(update={"still_needed": ()}))
    shown = Shown()
    show_next(shown.screen, complete)
    assert "only the commit is missing" in str(shown)
    assert f"\n  partnership deal resume {turn.thread_id} --home h\n" in str(shown)


def test_a_person_who_left_or_is_of_another_house_is_not_named(workspace: Workspace, files: Path) -> None:
    state = _asked(workspace, files)
    here, _ = workspace.add_person("Dana", ApprovalLevel.DIRECTOR)
    gone, _ = workspace.add_person("Gone", ApprovalLevel.DIRECTOR)
    other, _ = workspace.add_person("Other", ApprovalLevel.DIRECTOR, tenant="other")
    workspace.change_person(gone.person_id, active=False)
    turn = turn_of(workspace, str(state.commitment_id))
    for status in (DealStatus.AWAITING_APPROVAL, DealStatus.EXPIRED, DealStatus.REJECTED):
        shown = Shown()
        show_next(shown.screen, turn._replace(status=status))
        assert here.person_id in str(shown)
        assert gone.person_id not in str(shown) and other.person_id not in str(shown)
