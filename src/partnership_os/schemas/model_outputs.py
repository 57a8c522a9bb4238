"""What a model must fill: flat, every field required, valid for OpenAI strict mode.

Nothing here is trusted. Code turns these into records after it has checked quotes, numbers and concepts.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict


class StrictOutput(BaseModel):
    """No unknown keys, no defaults: strict mode wants every property required."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ExtractedClaim(StrictOutput):
    """One claim as the model states it; ``number`` is null where the claim is not a number."""

    kind: Literal[
        "offers",
        "needs",
        "serves_segment",
        "operates_in",
        "scale",
        "founded",
        "certification",
        "partner_programme",
        "ownership",
        "regulated",
        "strategy",
    ]
    subject: str
    number: float | None
    evidence_id: str
    quote: str


class ExtractedClaims(StrictOutput):
    """The claims that a model found in one company's texts."""

    claims: list[ExtractedClaim]


class DraftedNote(StrictOutput):
    """Prose in both languages: a card's summary or a sheet's cover note. Numbers in it are checked by code."""

    english: str
    arabic: str
