"""Runs suites on Inspect: one task for each suite and subject, every sample scored, nothing asked through its bridge.

Inspect brings the epochs, the log files and their viewer. The product asks its model itself, over its own client, so
that the schemas on the wire are the product's (Inspect's bridge drops ``$defs`` and bounds). A sample that fails is
a sample with the worst grade: by Inspect's own default it would be left out of every mean.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import anyio.to_thread
from inspect_ai import Task, eval
from inspect_ai.dataset import MemoryDataset
from inspect_ai.dataset import Sample as InspectSample
from inspect_ai.model import Model, ModelAPI, ModelOutput, get_model, modelapi
from inspect_ai.scorer import Score, Scorer, Target, mean, scorer
from inspect_ai.solver import Generate, Solver, TaskState, solver

from partnership_os.agents.analyst import engine_label
from partnership_os.errors import InputError, PartnershipError
from partnership_os.evals.catalogue import case_digest, load_cases
from partnership_os.evals.logs import SAMPLE, read_log
from partnership_os.evals.replay.redaction import redacted_body
from partnership_os.evals.run_plan import now
from partnership_os.evals.sample import Sample, SuiteRun
from partnership_os.evals.sitting import Room, Sitting
from partnership_os.evals.subject import Subject
from partnership_os.evals.suite import Grade, Mark, Suite
from partnership_os.settings import Settings

__all__ = ["Plan", "run_suites"]

PROVIDER = "partnership"
"""What stands before a subject's name in Inspect's logs."""
OWN = "own"
"""The version of cases that are not ours."""
AnySuite = Suite[Any, Any]
Progress = Callable[[str, int, int], None]


@modelapi(name=PROVIDER)
class _ProductModel(ModelAPI):
    """Names the subject in Inspect's logs. It answers nothing: the product asks its model itself."""

    async def generate(self, *arguments: Any, **options: Any) -> ModelOutput:
        raise NotImplementedError("the suites drive the product, which asks the model itself")


@dataclass(frozen=True)
class Plan:
    """What to run.

    Attributes:
        suites: In the order in which they run.
        subjects: Who answers; each suite runs once for each.
        settings: The user's settings; see `Room`.
        epochs: How often each case is asked.
        limit: At most so many cases of each suite, spread over their clusters.
        cases: A folder with cases of your own, instead of the shipped ones.
        on_progress: Told the suite and subject, how many samples are done, and how many there are.
    """

    suites: Sequence[AnySuite]
    subjects: Sequence[Subject]
    settings: Settings
    epochs: int = 1
    limit: int | None = None
    cases: Path | None = None
    on_progress: Progress = field(default=lambda stage, done, total: None)


def run_suites(plan: Plan, folder: Path) -> tuple[SuiteRun, ...]:
    """Run every suite by every subject, one after the other, and leave a log of each in the folder.

    Args:
        plan: What to run.
        folder: Where the logs go; ``inspect view --log-dir`` shows them.

    Raises:
        InputError: the plan holds nothing to run, or cases cannot be read.
        KeyboardInterrupt: the user stopped it; what was done until then is in the folder.
    """
    if plan.epochs < 1 or (plan.limit is not None and plan.limit < 1):
        raise InputError("A run needs at least one epoch and one case.", fix="Use --epochs 1 and --limit 1 or more.")
    chosen = [(suite, _spread(load_cases(suite, plan.cases), plan.limit)) for suite in plan.suites]
    folder.mkdir(parents=True, exist_ok=True)
    return tuple(_run(suite, cases, subject, plan, folder) for suite, cases in chosen for subject in plan.subjects)


def _spread(cases: Sequence[Any], limit: int | None) -> Sequence[Any]:
    """So many cases, one of each cluster in turn: the first ones by id may all be about one company."""
    if limit is None:
        return cases
    rounds: Counter[str] = Counter()
    turns: list[tuple[int, str, str]] = []
    by_id = {case.id: case for case in cases}
    for case in cases:
        rounds[case.cluster] += 1
        turns.append((rounds[case.cluster], case.cluster, case.id))
    return [by_id[case_id] for case_id in sorted(case_id for *_, case_id in sorted(turns)[:limit])]


def _run(suite: AnySuite, cases: Sequence[Any], subject: Subject, plan: Plan, folder: Path) -> SuiteRun:
    planned = len(cases) * plan.epochs
    stage = f"{suite.name} · {subject.label}"
    with _room(subject, plan.settings) as room:
        by_id = {case.id: case for case in cases}
        done = count(1)

        def answer(case_id: str, epoch: int) -> Sample:
            sample = _answered(suite, by_id[case_id], epoch, room)
            plan.on_progress(stage, next(done), planned)
            return sample

        task = Task(
            dataset=MemoryDataset([_inspect_sample(case) for case in cases]),
            solver=_answering(answer),
            scorer=_grading([item.name for item in suite.measures if not item.of_model]),
            name=suite.name,
            epochs=plan.epochs,
        )
        logs = eval(
            task,
            model=_named(subject),
            log_dir=str(folder),
            display="none",
            fail_on_error=False,
            score_on_error=True,
            max_samples=plan.settings.model_concurrency if subject.config is not None else 1,
            score_display=False,
            log_realtime=False,
            ctl_server=False,
            metadata={
                "suite": suite.name,
                "version": suite.version if plan.cases is None else OWN,
                "subject": subject.label,
                "engine": engine_label(),
                "started_at": now(),
                "planned": planned,
            },
        )
    if not logs or logs[0].status == "cancelled":
        raise KeyboardInterrupt
    return read_log(Path(logs[0].location))


@contextmanager
def _room(subject: Subject, settings: Settings) -> Iterator[Room]:
    with TemporaryDirectory(prefix="partnership-evals-", ignore_cleanup_errors=True) as folder:
        room = Room(subject, Path(folder), settings)
        try:
            yield room
        finally:
            room.close()


def _named(subject: Subject) -> Model:
    return get_model(f"{PROVIDER}/{subject.label}", memoize=False)


def _inspect_sample(case: Any) -> InspectSample:
    return InspectSample(
        id=case.id, input=case.model_dump_json(), target=case.reason, metadata={"cluster": case.cluster}
    )


def _answering(answer: Callable[[str, int], Sample]) -> Solver:
    """Lets the product answer, in a thread. Inspect logs the arguments of a solver, so that it is given none."""

    @solver(name="product")
    def product() -> Solver:
        async def solve(state: TaskState, generate: Generate) -> TaskState:
            sample = await anyio.to_thread.run_sync(lambda: answer(str(state.sample_id), state.epoch))
            said = sample.model_dump_json(include={"outcome", "failure"})
            state.output = ModelOutput.from_content(str(state.model), said)
            state.metadata[SAMPLE] = sample.model_dump(mode="json")
            return state

        return solve

    return product()


def _answered(suite: AnySuite, case: Any, epoch: int, room: Room) -> Sample:
    sitting = Sitting(room)
    outcome, failure, grade = None, None, None
    began = perf_counter()
    try:
        outcome = suite.answer(case, sitting)
    except PartnershipError as error:
        failure = f"{type(error).__name__}: {error.message}"
    except Exception as error:  # whatever broke, this case has failed and the next ones are asked
        failure = f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"
    seconds = perf_counter() - began
    if outcome is not None:
        grade = suite.grade(case, outcome)
        _require_possible(suite, grade)
    sample = Sample(
        case_id=case.id,
        case_digest=case_digest(suite, case),
        cluster=case.cluster,
        epoch=epoch,
        grade=grade or Grade(passed=False, marks=_worst(suite, case, room), faults=(failure or "no answer",)),
        failure=failure,
        seconds=seconds,
        usage=sitting.usage,
        completions=sitting.completions,
        outcome=None if outcome is None else outcome.model_dump(mode="json"),
    )
    return _without_key(sample, room)


def _worst(suite: AnySuite, case: Any, room: Room) -> dict[str, Mark]:
    """The marks where no answer came; those of the model alone too, where one was to be asked."""
    of_model = {item.name: Mark(got=item.worst) for item in suite.measures if item.of_model}
    return {**(of_model if room.subject.config is not None else {}), **suite.failure(case)}


def _require_possible(suite: AnySuite, grade: Grade) -> None:
    for item in suite.measures:
        mark = grade.marks.get(item.name)
        if mark is not None and not item.allows(mark):
            raise ValueError(f"{suite.name} gives {mark.got:g} of {mark.of:g} in {item.name}, which cannot be")


def _without_key(sample: Sample, room: Room) -> Sample:
    """The sample without the key of the model's server: a hostile one may repeat it in any answer."""
    key = room.subject.config.api_key.get_secret_value() if room.subject.config is not None else ""
    text = sample.model_dump_json()
    clean = redacted_body(text, [key])
    return sample if clean == text else Sample.model_validate_json(clean or "{}")


def _grading(names: Sequence[str]) -> Scorer:
    """Hands the grade to Inspect, a value for each measure; NaN where a measure does not apply to a case."""

    @scorer(metrics={"*": [mean()]}, name="grade")
    def grade() -> Scorer:
        async def score(state: TaskState, target: Target) -> Score:
            if SAMPLE not in state.metadata:  # the grade itself broke; the log names the error, and `check` misses it
                return Score(value=float("nan"), explanation="no grade")
            sample = Sample.model_validate(state.metadata[SAMPLE])
            marks = sample.grade.marks
            values: dict[str, Any] = {"passed": float(sample.grade.passed)}
            values |= {
                name: marks[name].got / marks[name].of if name in marks and marks[name].of else float("nan")
                for name in names
            }
            return Score(
                value=values,
                answer=sample.failure or ("passed" if sample.grade.passed else "failed"),
                explanation="\n".join(sample.grade.faults) or None,
                metadata={SAMPLE: state.metadata[SAMPLE]},
            )

        return score

    return grade()
