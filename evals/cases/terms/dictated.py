"""An analyst that hands in the note of a case, so that the product has to judge it."""

from collections.abc import Sequence

from partnership_os.agents.analyst import Analyst, Note, Reading
from partnership_os.evals.cases.terms.facts import OfferedNote
from partnership_os.schemas.base import BilingualText
from partnership_os.schemas.company import Company
from partnership_os.schemas.evidence import Evidence
from partnership_os.schemas.score_card import PartnerFitScoreCard
from partnership_os.schemas.stamp import AnalystStamp
from partnership_os.schemas.term_sheet import PartnerTermSheet

__all__ = ["Dictated"]


class Dictated:
    """Implements `agents.analyst.Analyst`: the cover note is the case's, everything else the other analyst's.

    Args:
        note: What it hands in for any sheet.
        other: Reads and summarises.
    """

    def __init__(self, note: OfferedNote, other: Analyst) -> None:
        self._note = note
        self._other = other

    @property
    def stamp(self) -> AnalystStamp:
        """That of the other analyst."""
        return self._other.stamp

    def read(self, company: Company, evidence: Sequence[Evidence]) -> Reading:
        """What the other analyst reads."""
        return self._other.read(company, evidence)

    def summarise(self, card: PartnerFitScoreCard) -> Note:
        """The other analyst's summary."""
        return self._other.summarise(card)

    def cover_note(self, sheet: PartnerTermSheet) -> Note:
        """The note of the case, whatever the sheet."""
        return Note(text=BilingualText(en=self._note.en, ar=self._note.ar), made_by=self.stamp)
