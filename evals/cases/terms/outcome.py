"""What came out of one case of the terms suite."""

from partnership_os.schemas.base import Money, Passage, Record
from partnership_os.schemas.commitment import ApprovalRequirement
from partnership_os.schemas.term_sheet import PartnerTermSheet

__all__ = ["Drafted", "Refusal"]


class Refusal(Record):
    """What a person was told instead: message, fix and details as one text."""

    text: Passage


class Drafted(Record):
    """Every version of the sheet, and what was refused on the way.

    The reasons against a model's note are left out: they name limits of ours.

    Attributes:
        sheets: The versions, the first one first.
        refusals: In the order in which they came.
        committed: Money that the newest version binds us to pay.
        approvals: What the newest version needs.
        asked_model: Whether a chat model was asked for the note.
        note_used: Whether the note on the first version is the model's.
    """

    sheets: tuple[PartnerTermSheet, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    committed: Money | None = None
    approvals: tuple[ApprovalRequirement, ...] = ()
    asked_model: bool = False
    note_used: bool = False
