"""The analyst port: who reads texts into claims and writes prose. Rules and model stand behind the same door."""

from collections.abc import Sequence
from typing import Annotated, Protocol

from pydantic import Field

from partnership_os import __version__
from partnership_os.agents.rubric import RUBRIC_VERSION
from partnership_os.schemas.base import BilingualText, Record, Sentence
from partnership_os.schemas.company import Company
from partnership_os.schemas.evidence import Claim, Evidence, RejectedClaim
from partnership_os.schemas.score_card import PartnerFitScoreCard
from partnership_os.schemas.stamp import AnalystStamp, ModelUsage
from partnership_os.schemas.term_sheet import PartnerTermSheet


def engine_label() -> str:
    """The engine part of every stamp, for example ``partnership-os 0.1.0 / rubric 1``."""
    return f"partnership-os {__version__} / rubric {RUBRIC_VERSION}"


class Reading(Record):
    """What one analyst read about one company: verified claims, and those that were dropped with the reason.

    ``failure`` says why the model could not be used, and then who read instead; the card shows it.
    """

    claims: Annotated[tuple[Claim, ...], Field(max_length=2_000)]
    rejected: Annotated[tuple[RejectedClaim, ...], Field(max_length=2_000)] = ()
    usage: ModelUsage = ModelUsage()
    failure: Sentence | None = None


class Note(Record):
    """Prose about a card or a sheet, with the one who wrote it. ``failure`` says why a draft was not used."""

    text: BilingualText
    usage: ModelUsage = ModelUsage()
    made_by: AnalystStamp
    failure: Sentence | None = None


class Analyst(Protocol):
    """Reads and writes; never counts and never decides."""

    @property
    def stamp(self) -> AnalystStamp:
        """Who reads and writes: printed on every output."""
        ...

    def read(self, company: Company, evidence: Sequence[Evidence]) -> Reading:
        """Turn the texts about one company into claims, each with its quote."""
        ...

    def summarise(self, card: PartnerFitScoreCard) -> Note:
        """Write prose for a card that is computed already; never changes a number."""
        ...

    def cover_note(self, sheet: PartnerTermSheet) -> Note:
        """Write the note that goes with a term sheet to the partner."""
        ...
