"""A counter-offer in the making, and what every reader of one shares: stamps, places, quotes that fit a record."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from partnership_os.agents.analyst import engine_label
from partnership_os.agents.playbook import playbook_label, terms_of
from partnership_os.errors import InputError
from partnership_os.schemas.negotiation import (
    MOST_DELTAS,
    MOST_UNREAD,
    CounterOffer,
    OfferForm,
    OfferPlace,
    TermDelta,
    TrackedChange,
    UnreadKind,
    UnreadPart,
)
from partnership_os.schemas.playbook import Playbook, PlaybookTerm
from partnership_os.schemas.stamp import AnalystKind, AnalystStamp
from partnership_os.schemas.term_sheet import PartnerTermSheet
from partnership_os.tools.text import visible

__all__ = ["OfferParts", "Reading", "plain_quote", "reading_of"]

_LONGEST_QUOTE = 7_900
_MARKS = dict.fromkeys(map(ord, "\u200e\u200f\u061c"))
"""Direction marks that Arabic keyboards and word processors set; they hide and reorder no letters."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader knows: the sheet that is answered and the terms on it, the fixed ones too."""

    sheet: PartnerTermSheet
    playbook: Playbook
    terms: Mapping[str, PlaybookTerm]
    homes: Mapping[str, str]


@dataclass(slots=True)
class OfferParts:
    """Collects what is read; `offer` makes the record of it."""

    deltas: list[TermDelta] = field(default_factory=list)
    unread: list[UnreadPart] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    tracked: list[TrackedChange] = field(default_factory=list)
    accepts_rest: bool = False
    insisted: bool = False

    def leave(self, kind: UnreadKind, quote: str, place: OfferPlace) -> None:
        """Keep a part that a person has to read."""
        text = plain_quote(quote)
        if text:
            self.unread.append(UnreadPart(kind=kind, quote=text, place=place))

    def remark(self, quote: str) -> None:
        """Keep a part that asks for nothing."""
        text = plain_quote(quote)
        if text:
            self.remarks.append(text)

    def offer(self, reading: Reading, form: OfferForm, digest: str) -> CounterOffer:
        """The record; what is beyond its room is said to be unread instead of being left out."""
        deltas = [item.model_copy(update={"insisted": True}) for item in self.deltas] if self.insisted else self.deltas
        unread = list(dict.fromkeys(self.unread))
        if len(deltas) > MOST_DELTAS or len(unread) > MOST_UNREAD or len(self.remarks) > MOST_UNREAD:
            more = UnreadPart(kind=UnreadKind.TOO_LONG, quote="more than one reading holds", place=OfferPlace())
            unread = [*unread[: MOST_UNREAD - 1], more]
        return CounterOffer(
            sheet_id=reading.sheet.sheet_id,
            sheet_version=reading.sheet.version,
            form=form,
            digest=digest,
            deltas=tuple(dict.fromkeys(deltas[:MOST_DELTAS])),
            unread=tuple(unread),
            accepts_rest=self.accepts_rest,
            remarks=tuple(self.remarks[:MOST_UNREAD]),
            tracked=tuple(self.tracked[:1_000]),
            made_by=AnalystStamp(
                analyst=AnalystKind.RULES, engine=f"{engine_label()} / playbook {playbook_label(reading.playbook)}"
            ),
        )


def reading_of(sheet: PartnerTermSheet, playbook: Playbook) -> Reading:
    """What a reader has to know of a sheet.

    Raises:
        InputError: the playbook is for another partnership type.
    """
    if sheet.partnership_type is not playbook.partnership_type:
        raise InputError(
            f"The sheet is for {sheet.partnership_type.value}, the playbook for {playbook.partnership_type.value}.",
            fix="Load the playbook of the sheet's partnership type.",
            sheet_id=sheet.sheet_id,
        )
    stated = {value.name: clause.clause_id for clause in sheet.clauses for value in clause.terms}
    terms = {name: term for name, (_, term) in terms_of(playbook).items() if name in stated}
    return Reading(sheet=sheet, playbook=playbook, terms=terms, homes=stated)


def plain_quote(text: str) -> str:
    """A quote that fits a record; hidden characters stay as they are, since a quote is their words."""
    return text.strip()[:_LONGEST_QUOTE].strip()


def hides_text(text: str) -> bool:
    """Whether a text holds characters that hide or reorder others, direction marks left aside."""
    plain = text.translate(_MARKS).replace("\r\n", "\n")
    return visible(plain) != plain
