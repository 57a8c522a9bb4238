"""A counter-offer as free text, English or Arabic, read by the rules analyst: the same way every time, no model."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

from partnership_os.agents.negotiation import offer_cues as cues
from partnership_os.agents.negotiation.offer_parts import OfferParts, Reading, hides_text, reading_of
from partnership_os.agents.negotiation.statements import Pair, Pairing, pair
from partnership_os.agents.negotiation.term_names import TermMention
from partnership_os.agents.negotiation.value_mentions import ValueMention, choice_in, value_of, without_thin_blanks
from partnership_os.errors import InputError
from partnership_os.schemas.base import nfc
from partnership_os.schemas.negotiation import (
    Bound,
    CounterOffer,
    DeltaCondition,
    OfferForm,
    OfferPlace,
    Stance,
    TermDelta,
    UnreadKind,
)
from partnership_os.schemas.playbook import Playbook, PlaybookTerm
from partnership_os.schemas.term_sheet import PartnerTermSheet, TermUnit, TermValue
from partnership_os.tools.asides import code_spans, told_until
from partnership_os.tools.text import fold, fold_with_offsets, sentences

__all__ = ["LONGEST_TEXT", "read_text", "read_text_into"]

LONGEST_TEXT = 40_000
"""Characters of one counter-offer; about fifteen pages."""
_LIST_LINE = re.compile(r"\n(?=\s*(?:[-•·▪*–]|\(?\d{1,2}[.)]|[^\n:.]{2,60}:\s))")
_SHORT_LINE = re.compile(r"(?m)^([^\n]{1,60})\n(?=\S)")
_QUOTED_LINE = re.compile(r"(?m)^\s*>.*$")


class Statement(NamedTuple):
    """A part of a sentence that says one thing, with its place in the text."""

    start: int
    end: int
    quote: str
    folded: str
    opens: bool
    """The first one of its sentence."""


@dataclass(slots=True)
class _Context:
    """What one statement hands on to the next."""

    carried: TermMention | None = None
    pending: str | None = None
    """A condition that stood alone before the statement that it belongs to."""


def read_text(text: str, sheet: PartnerTermSheet, playbook: Playbook) -> CounterOffer:
    """Read a letter or message into deltas, each with the words it rests on.

    Every statement ends up in one of three places: deltas, unread parts (a person has to read them) or remarks (they ask
    for nothing). Nothing is dropped. What the text asks of its reader changes nothing but the unread parts.

    Args:
        text: Their words.
        sheet: The version that they answer.
        playbook: Used for the names, units and choices of terms only.

    Raises:
        InputError: the text is empty or longer than `LONGEST_TEXT`, or the playbook is for another type.
    """
    if not text.strip() or len(text) > LONGEST_TEXT:
        raise InputError(
            "The counter-offer is empty."
            if not text.strip()
            else f"The text has more than {LONGEST_TEXT:,} characters.",
            fix=f"Give their words, at most {LONGEST_TEXT:,} characters.",
        )
    reading, parts = reading_of(sheet, playbook), OfferParts()
    read_text_into(parts, text, reading, OfferPlace())
    return parts.offer(reading, OfferForm.TEXT, sha256(text.encode()).hexdigest())


def read_text_into(parts: OfferParts, text: str, reading: Reading, place: OfferPlace) -> None:
    """Add what a text says to an offer; places count from the place given."""
    body = without_thin_blanks(nfc(text))
    for match in _QUOTED_LINE.finditer(body):
        parts.remark(match.group())
    body = _QUOTED_LINE.sub(lambda match: " " * len(match.group()), body)
    if hides_text(body):
        parts.leave(UnreadKind.HIDDEN_TEXT, body, place)
    told = tuple(_told(body))
    for start, end in told:
        parts.leave(UnreadKind.INSTRUCTION, body[start:end], _at(place, start, end))
    context = _Context()
    for statement in _statements(body):
        if not any(start < statement.end and statement.start < end for start, end in told):
            _read(parts, statement, reading, context, _at(place, statement.start, statement.end))
    if context.pending is not None:
        parts.leave(UnreadKind.CONDITION, context.pending, place)


def _at(place: OfferPlace, start: int, end: int) -> OfferPlace:
    return place.model_copy(update={"start": place.start + start, "end": place.start + end})


def _told(text: str) -> Iterator[tuple[int, int]]:
    """Parts that speak to software: code, forged data, and orders to whoever reads."""
    yield from code_spans(text)
    for start, end in sentences(text):
        if cues.INSTRUCTS.search(fold(text[start:end])) or told_until(text, start, end) is not None:
            yield start, end


def _statements(text: str) -> Iterator[Statement]:
    lines = _SHORT_LINE.sub(r"\1;", _LIST_LINE.sub(";", text))
    for start, end in sentences(lines):
        sentence = lines[start:end]
        folded, offsets = fold_with_offsets(sentence)
        begin, opens = 0, True
        for stop, after in [*(match.span() for match in cues.SPLIT.finditer(folded)), (len(folded), len(folded))]:
            if folded[begin:stop].strip(" ,.;:-"):
                first, last = offsets[begin], offsets[stop]
                quote = text[start + first : start + last].strip()
                yield Statement(start + first, start + last, quote, folded[begin:stop], opens)
                opens = False
            begin = after


def _read(parts: OfferParts, said: Statement, reading: Reading, context: _Context, place: OfferPlace) -> None:
    if not any(char.isalpha() for char in said.folded):
        return
    if said.opens and context.pending is not None:
        parts.leave(UnreadKind.CONDITION, context.pending, place)
        context.pending = None
    main, condition = _conditional(said.folded)
    if not main.strip(" ,"):
        context.pending = said.quote
        return
    tied, context.pending = condition or (fold(context.pending) if context.pending else None), None
    pairing = pair(main, reading.terms, context.carried)
    refused = cues.REFUSES.search(main) is not None
    read = _Read(parts, said, reading, place, main, refused, _condition(tied, said, reading, context))
    before = len(parts.deltas), len(parts.unread)
    if refused and not pairing.pairs:
        pairing = _refused_alone(pairing, reading)
    for item in pairing.pairs:
        read.number(item, pairing)
    found = read.choices()
    if read.condition is None and tied is not None:
        parts.leave(UnreadKind.CONDITION, said.quote, place)
    _carry(context, pairing, reading)
    if (len(parts.deltas), len(parts.unread)) == before:
        _without_delta(parts, said, main, pairing, refused, place)
    else:
        _left_over(parts, said, pairing, found, reading, place)


def _conditional(folded: str) -> tuple[str, str | None]:
    """The statement without its condition, and the condition."""
    cue = cues.CONDITION.search(folded)
    if cue is None:
        return folded, None
    if folded[: cue.start()].strip(" ,"):
        return folded[: cue.start()], folded[cue.end() :]
    head, comma, rest = folded[cue.end() :].partition(",")
    return (rest, head) if comma else ("", folded[cue.end() :])


def _condition(tied: str | None, said: Statement, reading: Reading, context: _Context) -> DeltaCondition | None:
    """What a value is tied to, where that is one value of one term, or one term."""
    if tied is None:
        return None
    pairing = pair(tied, reading.terms)
    values = {
        item.term: value
        for item in pairing.pairs
        if not item.old and (value := value_of(reading.terms[item.term], item.value, reading.sheet.currency))
    }
    for name, term in reading.terms.items():
        choice = choice_in(tied, term) if term.unit is TermUnit.CHOICE else None
        if choice is not None:
            values[name] = TermValue(name=name, unit=term.unit, choice=choice)
    named = {name for mention in pairing.bare_terms for name in mention.terms} - set(values)
    if len(values) == 1 and not pairing.loose and cues.UNCLEAR.search(tied) is None:
        term_name, value = values.popitem()
        return DeltaCondition(term=term_name, value=value, quote=said.quote)
    if not values and len(named) == 1:
        return DeltaCondition(term=named.pop(), value=None, quote=said.quote)
    return None


def _refused_alone(pairing: Pairing, reading: Reading) -> Pairing:
    """A refused value that names no term is the one term of the sheet that stands at it, if it is one."""
    found, loose = [], []
    for mention in pairing.loose:
        names = [
            name
            for name, term in reading.terms.items()
            if term.better.value != "fixed"
            and not mention.bare
            and value_of(term, mention, reading.sheet.currency) == reading.sheet.term(name)
        ]
        if len(names) == 1:
            found.append(Pair(names[0], mention))
        else:
            loose.append(mention)
    return Pairing(tuple(found), tuple(loose), pairing.bare_terms)


def _carry(context: _Context, pairing: Pairing, reading: Reading) -> None:
    if pairing.pairs:
        last = pairing.pairs[-1].term
        context.carried = TermMention(0, 0, (last,))
    elif pairing.bare_terms:
        context.carried = pairing.bare_terms[-1]


@dataclass(slots=True)
class _Read:
    """One statement being turned into deltas."""

    parts: OfferParts
    said: Statement
    reading: Reading
    place: OfferPlace
    main: str
    refused: bool
    condition: DeltaCondition | None

    def number(self, item: Pair, pairing: Pairing) -> None:
        """A value with its term, or an unread part that says why it is none."""
        term = self.reading.terms[item.term]
        value = value_of(term, item.value, self.reading.sheet.currency)
        if value is None:
            self.parts.leave(UnreadKind.BAD_VALUE, self.said.quote, self.place)
        elif item.old:
            if value != self.reading.sheet.term(item.term):
                self.parts.leave(UnreadKind.CONTRADICTS_SHEET, self.said.quote, self.place)
        else:
            self._stated(term, value, item.value)

    def _stated(self, term: PlaybookTerm, value: TermValue, mention: ValueMention) -> None:
        bound = cues.bound_before(self.main[: mention.start], refused=self.refused)
        rest = _without_bounds(self.main)
        if bound is None or cues.HEARSAY.search(self.main) or cues.UNCLEAR.search(rest):
            self.parts.leave(UnreadKind.AMBIGUOUS, self.said.quote, self.place)
            return
        refused = self.refused and not bound[1]
        self._delta(term, value, bound[0], refused)

    def _delta(self, term: PlaybookTerm, value: TermValue, bound: Bound, refused: bool) -> None:
        stated = self.reading.sheet.term(term.name)
        stance = Stance.WANTS
        if refused:
            stance = Stance.REJECTS
        elif value == stated and bound is Bound.EXACTLY:
            stance = Stance.ACCEPTS
        self.parts.deltas.append(
            TermDelta(
                term=term.name,
                stance=stance,
                value=value,
                bound=bound,
                insisted=cues.INSISTS.search(self.main) is not None,
                condition=self.condition,
                quote=self.said.quote,
                place=self.place.model_copy(update={"clause_id": self.reading.homes[term.name]}),
            )
        )

    def choices(self) -> frozenset[str]:
        """The terms whose choice the statement names."""
        found = set()
        for name, term in self.reading.terms.items():
            choice = choice_in(self.main, term) if term.unit is TermUnit.CHOICE else None
            if choice is None:
                continue
            found.add(name)
            if cues.HEARSAY.search(self.main) or cues.UNCLEAR.search(self.main):
                self.parts.leave(UnreadKind.AMBIGUOUS, self.said.quote, self.place)
            else:
                self._delta(term, TermValue(name=name, unit=term.unit, choice=choice), Bound.EXACTLY, self.refused)
        return frozenset(found)


_BOUND_WORDS = re.compile(
    r"\b(?:no|not) (?:more|less|fewer|lower|longer|shorter|above|below) than\b|\bnot (?:below|above)\b"
    r"|\b(?:anything )?(?:more|less|higher|lower|longer|shorter|fewer) than(?= [\d(])|\b(?:above|below|over|under)(?= [\d(])"
    r"|(?:اكثر|اقل|اعلي|اطول) من(?= [\d(])"
)


def _without_bounds(folded: str) -> str:
    """The statement without the words that `bound_before` reads."""
    return _BOUND_WORDS.sub(" ", folded)


def _without_delta(
    parts: OfferParts, said: Statement, main: str, pairing: Pairing, refused: bool, place: OfferPlace
) -> None:
    """A statement from which no delta was read: agreement with the rest, finality, a demand, or a remark."""
    if cues.ACCEPTS_REST.search(main) and not refused:
        parts.accepts_rest = True
        parts.remark(said.quote)
    elif pairing.loose and (pairing.bare_terms or any(not value.bare for value in pairing.loose)):
        parts.leave(UnreadKind.AMBIGUOUS, said.quote, place)
    elif cues.INSISTS.search(main) and not pairing.bare_terms:
        parts.insisted = True
        parts.remark(said.quote)
    elif pairing.bare_terms and (refused or cues.ASKS.search(main)):
        parts.leave(UnreadKind.AMBIGUOUS, said.quote, place)
    elif refused or (cues.ASKS.search(main) and not _is_courtesy(main)):
        parts.leave(cues.unread_kind(main), said.quote, place)
    else:
        parts.remark(said.quote)


def _left_over(
    parts: OfferParts, said: Statement, pairing: Pairing, choices: frozenset[str], reading: Reading, place: OfferPlace
) -> None:
    """What a statement names beside its deltas must not get lost."""
    settled = {item.term for item in pairing.pairs} | choices
    bare = [item for item in pairing.bare_terms if not settled & set(item.terms)]
    if any(value.amounts == {} or not value.bare for value in pairing.loose) or bare:
        parts.leave(UnreadKind.AMBIGUOUS, said.quote, place)


_COURTESY = re.compile(
    r"\b(?:please|could you|can you)\b[^.]{0,60}\b(?:let us know|confirm|find|note|see|send|get back|advise|contact"
    r"|revert|reply|call)\b|\b(?:would like|want) to (?:thank|meet|discuss|work|continue|move)\b|\blook(?:ing)? forward\b"
    r"|\bwe should (?:meet|talk|speak)\b|(?:نرجو|نود|يرجي) (?:ان نشكر|افادتنا|التاكيد|الاطلاع|التكرم|شكركم|اشعارنا)"
)


def _is_courtesy(folded: str) -> bool:
    """Polite words that use a verb of asking and ask for no term."""
    return _COURTESY.search(folded) is not None
