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
        said: What the failure was, in words; holds no key.
    """

    contract: Label
    valid: bool
    tries: Annotated[int, Field(ge=0)]
    failure: Label | None = None
    said: str | None = None


class Sample(Record):
    """One case, run once.

    Attributes:
        case_digest: What the case says and is judged by, see `catalogue.case_digest`; only equal ones are compared.
        failure: Why there is no answer; the grade is then the worst one.
        seconds: Wall time of the product's answer, without the grading.
        outcome: The answer as JSON, for the reader of the report.
    """

    case_id: Label
    case_digest: Label
    cluster: Label
    epoch: Annotated[int, Field(ge=1)]
    grade: Grade
    failure: str | None = None
    seconds: Annotated[float, Field(ge=0)]
    usage: ModelUsage = ModelUsage()
    completions: tuple[Completion, ...] = ()
    outcome: JsonValue = None

    @property
    def asked_model(self) -> bool:
        """Whether a model was asked anything."""
        return bool(self.completions or self.usage.calls or self.usage.failed_calls)

    @property
    def model_answered(self) -> bool:
        """Whether a model gave an answer of use: one valid under its schema, or any where none has a schema."""
        if self.completions:
            return any(item.valid for item in self.completions)
        return self.usage.calls > 0


class SuiteRun(Record):
    """All samples of one suite by one subject.

    Attributes:
        version: Version of the shipped cases, or ``own``.
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
