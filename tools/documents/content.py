"""What a document of a term sheet says, free of any format: made once, written as PDF, PNG and DOCX."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from partnership_os.schemas.base import BilingualText, Label, Record, RecordId, Sha256, Slug

__all__ = [
    "Approval",
    "Approver",
    "ClausePart",
    "DocumentState",
    "Fact",
    "Layout",
    "PartyPart",
    "SectionPart",
    "SheetDocument",
]


class Layout(StrEnum):
    """In which languages a document is written."""

    ENGLISH = "en"
    ARABIC = "ar"
    SIDE_BY_SIDE = "side_by_side"
    """English on the left, Arabic on the right, clause beside clause."""


class DocumentState(StrEnum):
    """Whether the version was approved; it is told by whoever asks for the document and never found out here."""

    DRAFT = "draft"
    APPROVED = "approved"


class Approver(Record):
    """A person who approved, with the office in which they did."""

    name: Label
    name_ar: Label | None = None
    office: BilingualText


class Approval(Record):
    """That a version was approved, as the ledger has it; ``sheet_digest`` says which version."""

    commitment_id: RecordId
    sheet_digest: Sha256
    approved_on: date
    approvers: Annotated[tuple[Approver, ...], Field(min_length=1, max_length=10)]


class Fact(Record):
    """A line of a table: what it is called and what it is."""

    label: BilingualText
    value: BilingualText


class PartyPart(Record):
    """One party: its role and what is known of it, in the order of ``SheetDocument.party_columns``."""

    cells: tuple[BilingualText, ...]


class ClausePart(Record):
    """One clause; ``number`` is its place on the sheet, for example ``6.2``."""

    clause_id: Slug
    number: str
    title: BilingualText
    text: BilingualText
    terms: tuple[Fact, ...] = ()


class SectionPart(Record):
    """One of the 34 clause groups; without clauses it is not used in this type of partnership."""

    number: int
    title: BilingualText
    clauses: tuple[ClausePart, ...] = ()


class SheetDocument(Record):
    """Everything that a document prints, in both languages. It holds nothing but the sheet and what the caller told."""

    sheet_id: RecordId
    version: int
    digest: Sha256
    """SHA-256 of the sheet's canonical JSON: the one that the next version names as ``supersedes``."""
    state: DocumentState
    dated: date
    """The day of the draft; also the time stamp of every file, so that the same content gives the same bytes."""
    title: BilingualText
    between: BilingualText
    notice: BilingualText
    """What the state means, in a sentence; for an approved version who approved, when, and under which commitment."""
    facts: tuple[Fact, ...]
    party_columns: tuple[BilingualText, ...]
    parties: tuple[PartyPart, ...]
    note: BilingualText
    conditions: tuple[BilingualText, ...]
    sections: tuple[SectionPart, ...]
    closing: BilingualText
    names: tuple[str, ...]
    """Names of parties and people in either script, which are set apart from the text around them."""
