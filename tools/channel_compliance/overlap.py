"""Three-valued overlap: none, possible, certain. What is not known is possible, never none."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from partnership_os.schemas.channel import Concepts, Overlap, Period
from partnership_os.tools.channel_compliance.wording import Fact
from partnership_os.tools.lexicon import Lexicon, load_lexicon

__all__ = [
    "NO",
    "YES",
    "Reading",
    "all_of",
    "any_of",
    "concepts_in",
    "open_for",
    "period_overlap",
    "product_overlap",
    "segment_overlap",
    "shortened",
]

_SEPARATE = frozenset({"smes", "enterprises", "government", "consumers"})
"""Kinds of customer of which a customer is one only. Any other two segments may share customers."""


class Reading(NamedTuple):
    """An overlap, and the facts that would settle a possible one."""

    overlap: Overlap
    unknown: frozenset[Fact] = frozenset()


_Meet: TypeAlias = Callable[[str, str], Reading]
NO = Reading(Overlap.NONE)
YES = Reading(Overlap.CERTAIN)


def open_for(*facts: Fact) -> Reading:
    """A possible overlap that these facts would settle."""
    return Reading(Overlap.POSSIBLE, frozenset(facts))


def all_of(readings: Iterable[Reading]) -> Reading:
    """Everything has to overlap: none if one is none, certain if all are certain."""
    listed = list(readings)
    lowest = min((item.overlap for item in listed), key=lambda overlap: overlap.rank, default=Overlap.CERTAIN)
    return NO if lowest is Overlap.NONE else Reading(lowest, _unknown_of(listed))


def any_of(readings: Iterable[Reading]) -> Reading:
    """One overlap is enough: certain if one is certain, none if all are none."""
    listed = list(readings)
    highest = max((item.overlap for item in listed), key=lambda overlap: overlap.rank, default=Overlap.NONE)
    return Reading(highest, _unknown_of(listed)) if highest is Overlap.POSSIBLE else Reading(highest)


def _unknown_of(readings: Sequence[Reading]) -> frozenset[Fact]:
    return frozenset[Fact]().union(*(item.unknown for item in readings))


def product_overlap(first: Concepts | None, second: Concepts | None) -> Reading:
    """Whether two product lists share a product; slugs are compared as they are.

    All products share one with every list, also with one that is not known, since nobody is appointed for nothing.
    """
    return _listed_overlap(first, second, Fact.PRODUCTS, lambda ours, theirs: YES if ours == theirs else NO)


def segment_overlap(first: Concepts | None, second: Concepts | None) -> Reading:
    """Whether two lists of segments share customers.

    Certain where one segment is the other or contains it in the lexicon. Two others have no customer in common only
    where a customer is one kind only (small, large, government, consumer); else it is possible.
    """
    return _listed_overlap(first, second, Fact.SEGMENTS, _segments_meet)


def concepts_in(inner: Concepts | None, outer: Sequence[str]) -> bool:
    """Whether every slug of the inner list is, or is contained in, one of the outer; not known is no."""
    if inner is None or inner == "all":
        return False
    return all(any(slug == wide or wide in _ancestors(slug) for wide in outer) for slug in inner)


def _listed_overlap(
    first: Concepts | None,
    second: Concepts | None,
    fact: Fact,
    meet: _Meet,
) -> Reading:
    if first == () or second == ():
        return NO
    if first == "all" or second == "all":
        return YES
    if first is None or second is None:
        return open_for(fact)
    return any_of(meet(ours, theirs) for ours in first for theirs in second)


def _segments_meet(first: str, second: str) -> Reading:
    if first == second or first in _ancestors(second) or second in _ancestors(first):
        return YES
    return NO if {first, second} <= _SEPARATE else open_for(Fact.SEGMENTS)


@lru_cache(maxsize=2_000)
def _ancestors(slug: str) -> frozenset[str]:
    return _climb(slug, load_lexicon())


def _climb(slug: str, lexicon: Lexicon) -> frozenset[str]:
    found: set[str] = set()
    waiting = [slug]
    while waiting:
        concept = lexicon.get(waiting.pop())
        new = set(concept.broader) - found if concept else set()
        found |= new
        waiting.extend(sorted(new))
    return frozenset(found)


def period_overlap(first: Period, second: Period, not_before: date | None = None) -> Reading:
    """Whether two half-open periods share a day.

    An unknown start or end, and an end after which a period renews or may renew, make it possible at most.

    Args:
        first: A period; where its start is not known it does not lie before ``not_before``.
        second: Another one.
        not_before: For a proposal, the day on which it is looked at.
    """
    return all_of([_gap(second, first, not_before), _gap(first, second, None)])


def _gap(earlier: Period, later: Period, not_before: date | None) -> Reading:
    """Whether ``earlier`` still runs when ``later`` begins."""
    if _is_empty(earlier) or _is_empty(later):
        return NO
    if earlier.indefinite:
        return YES
    start, end = later.starts_on, earlier.ends_on
    if end is None:
        begins_first = start is not None and earlier.starts_on is not None and start <= earlier.starts_on
        return YES if begins_first else open_for(Fact.PERIOD)
    is_over = earlier.renews is False
    if start is None:
        return NO if is_over and not_before is not None and end <= not_before else open_for(Fact.PERIOD)
    if start < end:
        return YES
    return NO if is_over else open_for(Fact.RENEWAL)


def _is_empty(period: Period) -> bool:
    return period.starts_on is not None and period.starts_on == period.ends_on and period.renews is not True


def shortened(period: Period, ended_on: date | None, tail: timedelta = timedelta()) -> Period:
    """The period cut at the day on which it ended early, then made longer by a tail."""
    if ended_on is not None and (period.ends_on is None or period.renews is not False or ended_on < period.ends_on):
        start = period.starts_on if period.starts_on is None or period.starts_on <= ended_on else ended_on
        period = Period(starts_on=start, ends_on=ended_on, renews=False)
    if tail and period.ends_on is not None:
        period = period.model_copy(update={"ends_on": period.ends_on + tail})
    return period
