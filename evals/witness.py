"""What a model did while the product worked, seen at the door of its analyst: where it does nothing, code fills in."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from partnership_os.agents.analyst import Analyst, Note, Reading
from partnership_os.evals.sitting import Sitting
from partnership_os.evals.suite import Mark, Measure
from partnership_os.schemas.base import Record
from partnership_os.schemas.company import Company
from partnership_os.schemas.evidence import Claim, Evidence
from partnership_os.schemas.score_card import PartnerFitScoreCard
from partnership_os.schemas.stamp import AnalystKind, AnalystStamp
from partnership_os.schemas.term_sheet import PartnerTermSheet

__all__ = ["MODEL_NOTES", "MODEL_READ", "ModelWork", "Witness", "watched"]

MODEL_READ = Measure(
    name="model_read",
    of_model=True,
    meaning="Readings of which code kept at least one claim, of all that the model was asked for.",
)
MODEL_NOTES = Measure(
    name="model_notes",
    of_model=True,
    meaning="Summaries and cover notes of the model that code let stand, of all that it was asked for.",
)


class ModelWork(Record):
    """How much of a model's work the product used: readings with a claim that code kept, notes that code let stand."""

    readings: Annotated[int, Field(ge=0)]
    read: Annotated[int, Field(ge=0)]
    notes: Annotated[int, Field(ge=0)]
    notes_used: Annotated[int, Field(ge=0)]

    @property
    def is_idle(self) -> bool:
        """Whether something was asked for and nothing of it was used."""
        return bool(self.readings or self.notes) and not (self.read or self.notes_used)

    @property
    def marks(self) -> dict[str, Mark]:
        """`MODEL_READ` and `MODEL_NOTES`; a measure is left out where nothing was asked for."""
        asked = {MODEL_READ.name: (self.read, self.readings), MODEL_NOTES.name: (self.notes_used, self.notes)}
        return {name: Mark(got=got, of=of) for name, (got, of) in asked.items() if of}


class Witness:
    """An analyst that hands everything on to a model's analyst and keeps what came.

    Args:
        analyst: The model behind its own checks: what it gives is what code has accepted.
    """

    def __init__(self, analyst: Analyst) -> None:
        self._analyst = analyst
        self.readings: list[Reading] = []
        self.notes: list[Note] = []

    @property
    def stamp(self) -> AnalystStamp:
        """That of the model."""
        return self._analyst.stamp

    @property
    def work(self) -> ModelWork:
        """What came so far, counted."""
        return ModelWork(
            readings=len(self.readings),
            read=sum(bool(reading.claims) for reading in self.readings),
            notes=len(self.notes),
            notes_used=sum(note.made_by.analyst is AnalystKind.MODEL for note in self.notes),
        )

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Every claim of the model that code kept, of all readings."""
        return tuple(claim for item in self.readings for claim in item.claims)

    def read(self, company: Company, evidence: Sequence[Evidence]) -> Reading:
        """As the model's analyst reads."""
        reading = self._analyst.read(company, evidence)
        self.readings.append(reading)
        return reading

    def summarise(self, card: PartnerFitScoreCard) -> Note:
        """As the model's analyst summarises."""
        return self._kept(self._analyst.summarise(card))

    def cover_note(self, sheet: PartnerTermSheet) -> Note:
        """As the model's analyst writes."""
        return self._kept(self._analyst.cover_note(sheet))

    def _kept(self, note: Note) -> Note:
        self.notes.append(note)
        return note


def watched(sitting: Sitting) -> Witness | None:
    """Put a witness between the product and the model of a sitting: it sees what workspaces opened from now on ask.

    Returns:
        The witness; None where the subject is no model.
    """
    if not sitting.asks_model:
        return None
    witness = Witness(sitting.analyst)
    sitting.analyst = witness
    return witness
