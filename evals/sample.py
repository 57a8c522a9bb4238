"""What is kept of one case that was run once: its grade, what it cost and how long it took."""

from typing import Annotated

from pydantic import Field, JsonValue

from partnership_os.evals.suite import Grade
from partnership_os.schemas.base import Label, Record, Slug
from partnership_os.schemas.stamp import ModelUsage

__all__ = ["Completion", "Sample", "SuiteRun"]


class Completion(Record):
    """One answer that a model was asked for under a schema, from the first try to the last repair.

    Attributes:
        contract: Name of the schema.
        valid: Whether a valid answer came in the end.
        tries: Answers that it took, repairs included; 0 where the server never answered.
        failure: Kind of the failure, where none was valid.
    """

    contract: Label
    valid: bool
    tries: Annotated[int, Field(ge=0)]
    failure: Label | None = None


class Sample(Record):
    """One case, run once.

    Attributes:
        failure: Why there is no answer; the grade is then the worst one.
        seconds: Wall time of the product's answer, without the grading.
        outcome: The answer as JSON, for the reader of the report.
    """

    case_id: Label
    cluster: Label
    epoch: Annotated[int, Field(ge=1)]
    grade: Grade
    failure: str | None = None
    seconds: Annotated[float, Field(ge=0)]
    usage: ModelUsage = ModelUsage()
    completions: tuple[Completion, ...] = ()
    outcome: JsonValue = None


class SuiteRun(Record):
    """All samples of one suite by one subject.

    Attributes:
        subject: Who was evaluated: ``rules``, a model, ``control/…``.
        planned: Samples that should be there: cases × epochs.
        unscored: Cases of which a sample has no grade, each with the reason.
        finished: Whether the run came to its end.
    """

    suite: Slug
    version: Label
    subject: Label
    engine: Label
    """Version of the product that answered."""
    started_at: Label
    epochs: Annotated[int, Field(ge=1)]
    planned: Annotated[int, Field(ge=0)]
    samples: tuple[Sample, ...]
    unscored: tuple[Label, ...] = ()
    finished: bool = True
