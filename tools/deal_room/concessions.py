"""Who moved towards whom, term by term, from what both sides have stated: no limit of anybody is needed for it."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from partnership_os.schemas.base import Record, Slug
from partnership_os.schemas.deal_room import CounterOfferReceived, Side
from partnership_os.schemas.term_sheet import PartnerTermSheet, TermValue

__all__ = ["Concession", "concessions_of", "gap_of"]


class Concession(Record):
    """One side moved towards the other in one term.

    Attributes:
        version: The version of ours in which we moved, or which they answered when they moved.
        closed: Share of the gap that the move closed, 0 to 1; None for a choice, which is taken over or not.
    """

    side: Side
    term: Slug
    old: TermValue
    new: TermValue
    version: Annotated[int, Field(ge=1)]
    closed: Annotated[Decimal | None, Field(gt=0)] = None


def concessions_of(
    issued: Sequence[PartnerTermSheet], counter_offers: Sequence[CounterOfferReceived]
) -> tuple[Concession, ...]:
    """Every concession, in the order in which it was made.

    A side concedes in a term when its new value is nearer to the other side's last one than its own last value was. A
    move away is none. Before the other side has named a value for a term there is nothing to move towards.

    Args:
        issued: Versions of ours that left the house, by version.
        counter_offers: What they wanted, in the order in which it came.
    """
    ours: dict[str, TermValue] = {}
    theirs: dict[str, TermValue] = {}
    found: list[Concession] = []
    for version, side, values in _turns(issued, counter_offers):
        own, other = (ours, theirs) if side is Side.US else (theirs, ours)
        for name, value in values.items():
            made = _concession(side, version, own.get(name), value, other.get(name))
            if made is not None:
                found.append(made)
        own.update(values)
    return tuple(found)


def gap_of(one: TermValue, other: TermValue) -> Decimal | None:
    """How far two values of a term are apart in its unit; None where they cannot be compared as numbers."""
    if one.number is None or other.number is None or (one.unit, one.currency) != (other.unit, other.currency):
        return None
    return abs(one.number - other.number)


def _turns(
    issued: Sequence[PartnerTermSheet], counter_offers: Sequence[CounterOfferReceived]
) -> list[tuple[int, Side, Mapping[str, TermValue]]]:
    """Both sides' turns: a version of ours, then what they answered to it."""
    turns: list[tuple[int, Side, Mapping[str, TermValue]]] = []
    for sheet in sorted(issued, key=lambda item: item.version):
        turns.append((sheet.version, Side.US, {item.name: item for part in sheet.clauses for item in part.terms}))
        answers = [offer for offer in counter_offers if offer.version == sheet.version]
        turns += [(sheet.version, Side.THEM, {item.name: item for item in offer.wanted}) for offer in answers]
    return turns


def _concession(
    side: Side, version: int, old: TermValue | None, new: TermValue, other: TermValue | None
) -> Concession | None:
    if old is None or other is None or old == new:
        return None
    before, after = gap_of(old, other), gap_of(new, other)
    if before is None or after is None:
        taken_over = new.choice is not None and new.choice == other.choice
        return Concession(side=side, term=new.name, old=old, new=new, version=version) if taken_over else None
    if after >= before:
        return None
    closed = ((before - after) / before).quantize(Decimal("0.0001"))
    return Concession(side=side, term=new.name, old=old, new=new, version=version, closed=closed or Decimal("0.0001"))
