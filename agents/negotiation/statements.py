"""One statement of a counter-offer: which values it pairs with which terms."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from partnership_os.agents.negotiation.offer_cues import is_old
from partnership_os.agents.negotiation.term_names import TermMention, terms_named
from partnership_os.agents.negotiation.value_mentions import ValueMention, is_range, values_named
from partnership_os.schemas.playbook import PlaybookTerm
from partnership_os.schemas.term_sheet import TermUnit

__all__ = ["Pair", "Pairing", "pair"]

_ADJACENT = re.compile(
    r"[\s)-]*(?:(?:of|for|as|the|a|an|on|in|to|per|referral|annual|yearly|sales|net|gross|first|initial|contract|your|our"
    r"|upfront|flat|ك|من|في|علي|لل)\s+)*"
)
_SEPARATOR = re.compile(r",|\band\b|(?:^|\s)و")
_WEAK = frozenset({"pay", "pays", "paid", "invoices", "revenue", "term", "law", "report", "liability", "training"})
"""Names that a sentence about something else uses too; left without a value they ask for nothing."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A value with the one term it is about; ``old`` is what they say stands on the sheet now."""

    term: str
    value: ValueMention
    old: bool = False


@dataclass(frozen=True, slots=True)
class Pairing:
    """What a statement names, paired.

    Attributes:
        pairs: Values with their terms.
        loose: Values that belong to no term, or could belong to several.
        bare_terms: Mentions of terms that got no value.
    """

    pairs: tuple[Pair, ...] = ()
    loose: tuple[ValueMention, ...] = ()
    bare_terms: tuple[TermMention, ...] = ()


@dataclass(slots=True)
class _Work:
    folded: str
    terms: Mapping[str, PlaybookTerm]
    mentions: tuple[TermMention, ...]
    values: tuple[ValueMention, ...]
    used: set[TermMention] = field(default_factory=set)
    pairs: list[Pair] = field(default_factory=list)
    loose: list[ValueMention] = field(default_factory=list)


def pair(folded: str, terms: Mapping[str, PlaybookTerm], carried: TermMention | None = None) -> Pairing:
    """Pair the values of a folded statement with the terms that it names.

    A value goes to a term of its unit: to the name right after it ("18% commission"), else to the last one before it
    ("payment within 30 days"), else to the next one. Choices are read elsewhere.

    Args:
        folded: The statement.
        terms: The terms of the sheet by name.
        carried: What the statement before was about; taken where this one names nothing.
    """
    work = _Work(folded, terms, terms_named(folded, terms), values_named(folded))
    values, ranges = _without_ranges(folded, work.values)
    old = _old_values(folded, values)
    for value in values:
        if value not in old:
            _place(work, value, carried)
    work.loose.extend(ranges)
    _place_old(work, old)
    bare = tuple(item for item in work.mentions if item not in work.used and folded[item.start : item.end] not in _WEAK)
    return Pairing(tuple(work.pairs), tuple(work.loose), bare)


def _without_ranges(folded: str, values: Sequence[ValueMention]) -> tuple[list[ValueMention], list[ValueMention]]:
    ends: set[int] = set()
    for first, second in pairwise(values):
        same_unit = first.bare or bool(set(first.amounts) & set(second.amounts))
        replaced = is_old(folded[: first.start], folded[first.end : second.start])
        if same_unit and not replaced and is_range(folded, first, second):
            ends |= {first.start, second.start}
    kept = [value for value in values if value.start not in ends]
    return kept, [value for value in values if value.start in ends]


def _old_values(folded: str, values: Sequence[ValueMention]) -> list[ValueMention]:
    old = []
    for index, value in enumerate(values):
        following = values[index + 1] if index + 1 < len(values) else None
        between = folded[value.end : following.start] if following else None
        if is_old(folded[: value.start], between):
            old.append(value)
    return old if len(old) < len(values) else []


def _compatible(work: _Work, mention: TermMention, value: ValueMention) -> list[str]:
    return [name for name in mention.terms if work.terms[name].unit in value.amounts]


def _place(work: _Work, value: ValueMention, carried: TermMention | None) -> None:
    if not value.amounts:
        work.loose.append(value)
        return
    fitting = [mention for mention in work.mentions if _compatible(work, mention, value)]
    mention = _nearest(work, fitting, value)
    if mention is None and not work.mentions and carried is not None and _compatible(work, carried, value):
        mention = carried
    names = _compatible(work, mention, value) if mention is not None else []
    if mention is None or len(names) != 1:
        work.loose.append(value)
        return
    work.used.add(mention)
    work.pairs.append(Pair(names[0], value))


def _nearest(work: _Work, fitting: list[TermMention], value: ValueMention) -> TermMention | None:
    before = [item for item in fitting if item.end <= value.start]
    after = [item for item in fitting if item.start >= value.end]
    previous = before[-1] if before else None
    following = after[0] if after else None
    if following is not None and _ADJACENT.fullmatch(work.folded[value.end : following.start]):
        taken = previous is None or previous in work.used
        if taken or _SEPARATOR.search(work.folded[previous.end : value.start]):
            return following
    return previous or following


def _place_old(work: _Work, old: Sequence[ValueMention]) -> None:
    """An old value is about the term of the nearest new one; without a unit it has that one's."""
    for value in old:
        ranked = sorted(work.pairs, key=lambda item: abs(item.value.start - value.start))
        partner = next((item for item in ranked if not item.old), None)
        if partner is None:
            work.loose.append(value)
            continue
        unit = work.terms[partner.term].unit
        amounts = dict(value.amounts)
        if value.bare and unit not in amounts:
            number = next(iter(amounts.values()))
            amounts = {unit: number / 100 if unit is TermUnit.SHARE else number}
        work.pairs.append(Pair(partner.term, value._replace(amounts=amounts), old=True))
