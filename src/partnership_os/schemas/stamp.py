"""Who made an output: which analyst, model, prompts and engine."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from partnership_os.schemas.base import Label, Record


class AnalystKind(StrEnum):
    """The rules analyst needs no model; the model analyst adds what a model reads to it, and drafts with the model."""

    RULES = "rules"
    MODEL = "model"


class PromptVersion(Record):
    """One prompt and the version of its text."""

    name: Label
    version: Annotated[int, Field(ge=1)]


class AnalystStamp(Record):
    """Printed on every output, so that a reader knows who read and who wrote."""

    analyst: AnalystKind
    model: Label | None = None
    prompts: tuple[PromptVersion, ...] = ()
    engine: Label
    """Version of the code that counted, for example ``partnership-os 0.1.0 / rubric 1``."""


class ModelUsage(Record):
    """Tokens and cost of model calls; ``cost_usd`` is None where no price is set."""

    calls: Annotated[int, Field(ge=0)] = 0
    failed_calls: Annotated[int, Field(ge=0)] = 0
    input_tokens: Annotated[int, Field(ge=0)] = 0
    output_tokens: Annotated[int, Field(ge=0)] = 0
    cost_usd: Annotated[float | None, Field(ge=0)] = None

    def plus(self, other: "ModelUsage") -> "ModelUsage":
        """Sum of two usages; the cost stays unknown when either is unknown and had calls."""
        costs = [item.cost_usd for item in (self, other) if item.calls or item.failed_calls]
        return ModelUsage(
            calls=self.calls + other.calls,
            failed_calls=self.failed_calls + other.failed_calls,
            input_tokens=self.input_tokens + other.input_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
            cost_usd=None if not costs or None in costs else sum(cost for cost in costs if cost is not None),
        )
