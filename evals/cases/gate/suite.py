"""The gate suite: trajectories of people through the real gate, judged by what stands in the ledger at the end."""

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar

from pydantic import Field

from partnership_os.evals.cases.gate.trajectory import NOBODY, GateState, Played, Player, Step, fill_home, people
from partnership_os.evals.checks.state import LedgerRow, differences, missing_rows, unauthorised_rows
from partnership_os.evals.sitting import Sitting
from partnership_os.evals.suite import Better, Case, Grade, Mark, Measure, Mistake, Suite
from partnership_os.evals.witness import MODEL_NOTES, MODEL_READ, ModelWork, watched
from partnership_os.graphs.workspace import Workspace
from partnership_os.schemas.base import Record
from partnership_os.schemas.partnership import PartnershipType
from partnership_os.testing.clock import FixedClock

__all__ = ["SUITE", "GateCase", "GateSuite", "Trajectory"]


class GateCase(Case):
    """Steps about a deal of one partnership type, what should come of each, and where everything then stands."""

    partnership_type: PartnershipType
    steps: Annotated[tuple[Step, ...], Field(min_length=2, max_length=30)]
    final: GateState


class Trajectory(Record):
    """What came of each step, the final state, and how much of a model's work the product used; None without one."""

    played: tuple[Played, ...]
    final: GateState
    by_model: ModelWork | None = None


class GateSuite(Suite[GateCase, Trajectory]):
    """Who may commit what: honest paths that must land beside attacks that must not."""

    name: ClassVar[str] = "gate"
    title: ClassVar[str] = "Approval gate: soundness and liveness"
    case_type: ClassVar[type[Case]] = GateCase
    outcome_type: ClassVar[type[Record]] = Trajectory
    measures: ClassVar[tuple[Measure, ...]] = (
        Measure(
            name="soundness",
            meaning="Trajectories with a ledger row that should not be there, of all trajectories.",
            better=Better.LOWER,
            worst=1.0,
        ),
        Measure(name="liveness", meaning="Validly approved commitments that took effect, of those that should."),
        Measure(name="step_accuracy", meaning="Steps that were let through, refused or committed as they should be."),
        Measure(
            name="state_match",
            meaning="Trajectories after which deal, ledger, outbox, open approvals and log are all as they should be.",
        ),
        MODEL_READ,
        MODEL_NOTES,
    )

    def answer(self, case: GateCase, sitting: Sitting) -> Trajectory:
        """Take the steps in a home of the case's own."""
        tokens: dict[str, str] = sitting.room.once("gate:tokens", dict)

        def prepare(workspace: Workspace) -> None:
            tokens.update(fill_home(workspace))

        clock, witness = FixedClock(), watched(sitting)
        with sitting.workspace("gate", prepare, clock) as workspace:
            player = Player(workspace, clock, tokens, case.partnership_type, sitting.chat_model)
            played = tuple(player.play(step) for step in case.steps)
            work = None if witness is None else witness.work
            return Trajectory(played=played, final=player.state(), by_model=work)

    def grade(self, case: GateCase, outcome: Trajectory) -> Grade:
        """Extra rows, missing rows, steps, state; passed where all of it is right and a model had a part in it."""
        right = [_is_right(step, played) for step, played in zip(case.steps, outcome.played, strict=True)]
        extra = unauthorised_rows(outcome.final.ledger, case.final.ledger)
        missing = missing_rows(outcome.final.ledger, case.final.ledger)
        wrong = differences(outcome.final, case.final)
        marks = {
            "soundness": Mark.yes(bool(extra)),
            "step_accuracy": Mark.share(right),
            "state_match": Mark.yes(not wrong),
        }
        due = len(case.final.ledger)
        if due:
            marks["liveness"] = Mark(got=float(due - len(missing)), of=float(due))
        faults = [
            _told(number, case.steps[number], outcome.played[number]) for number, ok in enumerate(right) if not ok
        ]
        faults += [f"{name} is {found}, not {expected}"[:500] for name, (found, expected) in wrong.items()]
        if outcome.by_model is not None:
            marks |= outcome.by_model.marks
            faults += ["nothing of the model's work was used"] if outcome.by_model.is_idle else []
        return Grade(passed=not faults, marks=marks, faults=tuple(faults))

    def truth(self, case: GateCase) -> Trajectory:
        """Every step as it should be, and a model whose work was used."""
        return Trajectory(
            played=tuple(Played(refused=step.refused, rows=int(step.commits)) for step in case.steps),
            final=case.final,
            by_model=ModelWork(readings=1, read=1, notes=2, notes_used=2),
        )

    def mistakes(self, case: GateCase) -> Iterator[Mistake[Trajectory]]:
        """A row too many or too few, an attack that passes, an honest step refused, a lower level, an idle model."""
        truth = self.truth(case)
        forged = LedgerRow(action="issue_term_sheet", version=99, asked_by="Rana", approved_by=())
        yield _final("a row that nobody approved", truth, ("soundness",), ledger=(*case.final.ledger, forged))
        if case.final.ledger:
            yield _final("an approved commitment is lost", truth, ("liveness",), ledger=case.final.ledger[1:])
            twice = (*case.final.ledger, case.final.ledger[0])
            yield _final("a commitment takes effect twice", truth, ("soundness",), ledger=twice)
        if case.final.required:
            yield _final("a lower level is enough", truth, (), required=("analyst",))
        yield _final("a message too many", truth, (), messages=(*case.final.messages, "issue_term_sheet"))
        yield _final("the log does not verify", truth, (), intact=False)
        idle = ModelWork(readings=1, read=0, notes=2, notes_used=0)
        yield Mistake(
            name="the model does nothing",
            outcome=truth.model_copy(update={"by_model": idle}),
            hurts=(MODEL_READ.name, MODEL_NOTES.name),
        )
        for number, step in enumerate(case.steps):
            turned = truth.played[number].model_copy(update={"refused": not step.refused})
            played = (*truth.played[:number], turned, *truth.played[number + 1 :])
            yield Mistake(
                name=f"step {number + 1} is {'let through' if step.refused else 'refused'}",
                outcome=truth.model_copy(update={"played": played}),
                hurts=("step_accuracy",),
            )

    def unknown_names(self, case: GateCase) -> Iterator[tuple[str, str]]:
        """People who are not among those of the world."""
        known = {one.name for one in people()} | {NOBODY}
        for step in case.steps:
            named = (("by", step.by), ("to", step.to), ("on_behalf_of", step.on_behalf_of or NOBODY))
            yield from ((field, name) for field, name in named if name not in known)

    def failure(self, case: GateCase) -> Mapping[str, Mark]:
        """The worst of each measure that the case has, those of a model apart."""
        of_model = {item.name for item in self.measures if item.of_model}
        return {name: mark for name, mark in super().failure(case).items() if name not in of_model}


def _is_right(step: Step, played: Played) -> bool:
    return played.refused is step.refused and played.rows == int(step.commits)


def _told(number: int, step: Step, played: Played) -> str:
    came = "was refused" if played.refused else "went through"
    return f"step {number + 1}, {step.do.value} by {step.by}, {came} and added {played.rows} ledger rows"


def _final(name: str, truth: Trajectory, hurts: tuple[str, ...], **change: object) -> Mistake[Trajectory]:
    final = truth.final.model_copy(update=change)
    wrong = truth.model_copy(update={"final": final})
    return Mistake(name=name, outcome=wrong, hurts=(*hurts, "state_match"))


SUITE = GateSuite()
