"""Where the other side stands after a counter-offer: one value a term, and what cannot be made one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from partnership_os.agents.negotiation.reasons import reason
from partnership_os.agents.negotiation.utility import Issue, rank_of
from partnership_os.agents.playbook import terms_of
from partnership_os.schemas.negotiation import (
    Bound,
    CounterOffer,
    DeltaCondition,
    MoveReason,
    ReasonCode,
    Stance,
    TermDelta,
    UnreadKind,
)
from partnership_os.schemas.playbook import Playbook
from partnership_os.schemas.term_sheet import PartnerTermSheet, TermValue
from partnership_os.tools.sheet_values import format_value

__all__ = ["Position", "position_in"]

_UNREAD_CODES = {
    UnreadKind.UNKNOWN_TERM: ReasonCode.UNKNOWN_TERM,
    UnreadKind.NEW_CLAUSE: ReasonCode.UNKNOWN_TERM,
    UnreadKind.REMOVED_CLAUSE: ReasonCode.CLAUSE_CHANGED,
    UnreadKind.CHANGED_WORDING: ReasonCode.CLAUSE_CHANGED,
    UnreadKind.CONDITION: ReasonCode.CONDITION_OPEN,
    UnreadKind.CONTRADICTS_SHEET: ReasonCode.CONTRADICTORY,
    UnreadKind.INSTRUCTION: ReasonCode.INSTRUCTION,
    UnreadKind.HIDDEN_TEXT: ReasonCode.INSTRUCTION,
}


@dataclass(frozen=True, slots=True)
class Position:
    """What they ask for as one value a term.

    Attributes:
        asked: Every negotiable term: their value, ours where they name none.
        open_terms: Terms whose value they refuse without naming another.
        insisted: Terms of which they say that their value is final.
        problems: What a person has to look at, in a fixed order; empty where code can decide.
    """

    asked: Mapping[str, TermValue]
    open_terms: frozenset[str]
    insisted: frozenset[str]
    problems: tuple[MoveReason, ...]


def position_in(
    offer: CounterOffer,
    sheet: PartnerTermSheet,
    playbook: Playbook,
    issues: Mapping[str, Issue],
    standing: Mapping[str, TermValue],
) -> Position:
    """Put the deltas of an offer beside our values; their order does not matter.

    A value that they make depend on another term counts together with that term's value. A bound that our value meets
    already ("within 60 days" where the sheet says 45) asks for nothing.
    """
    problems = [_unread_problem(part.kind, part.quote) for part in offer.unread]
    by_term: dict[str, list[TermDelta]] = {}
    for delta in offer.deltas:
        by_term.setdefault(delta.term, []).append(delta)
        if delta.condition is not None:
            problems.extend(_condition(delta, delta.condition, by_term))
    asked, open_terms = dict(standing), set()
    for name, deltas in sorted(by_term.items()):
        if name not in standing:
            problems.extend(_outside(name, deltas, sheet, playbook))
            continue
        value, contradiction = _value_of(deltas, standing[name], issues[name])
        if contradiction:
            problems.append(reason(ReasonCode.CONTRADICTORY, term=name, quote=" / ".join(_quotes(deltas))[:2_000]))
        elif value is None:
            open_terms.add(name)
        else:
            asked[name] = value
    insisted = frozenset(delta.term for delta in offer.deltas if delta.insisted)
    if not offer.deltas and not offer.accepts_rest and not offer.unread:
        problems.append(reason(ReasonCode.NO_POSITION))
    return Position(asked=asked, open_terms=frozenset(open_terms), insisted=insisted, problems=_ordered(problems))


def _unread_problem(kind: UnreadKind, quote: str) -> MoveReason:
    return reason(_UNREAD_CODES.get(kind, ReasonCode.UNREADABLE), kind=kind.value, quote=quote[:2_000])


def _condition(
    delta: TermDelta, condition: DeltaCondition, by_term: dict[str, list[TermDelta]]
) -> tuple[MoveReason, ...]:
    if condition.value is None:
        return (reason(ReasonCode.CONDITION_OPEN, term=condition.term, kind="condition", quote=condition.quote),)
    wanted = TermDelta(
        term=condition.term, stance=Stance.WANTS, value=condition.value, quote=condition.quote, place=delta.place
    )
    by_term.setdefault(condition.term, []).append(wanted)
    return ()


def _outside(
    name: str, deltas: Sequence[TermDelta], sheet: PartnerTermSheet, playbook: Playbook
) -> tuple[MoveReason, ...]:
    """Deltas on a term that is fixed or that the sheet does not have."""
    stated = sheet.term(name)
    quotes = " / ".join(_quotes(deltas))[:2_000]
    if stated is None or name not in terms_of(playbook):
        return (reason(ReasonCode.UNKNOWN_TERM, term=name, kind="unknown_term", quote=quotes),)
    moved = [delta for delta in deltas if (delta.value == stated) == (delta.stance is Stance.REJECTS)]
    if not moved:
        return ()
    value = {"value": format_value(stated, "en"), "value_ar": format_value(stated, "ar")}
    return (reason(ReasonCode.NOT_NEGOTIABLE, term=name, quote=quotes, **value),)


def _value_of(deltas: Sequence[TermDelta], standing: TermValue, issue: Issue) -> tuple[TermValue | None, bool]:
    """Their value on one term, and whether they contradict themselves; None where they name none."""
    wanted = [_meant(delta, standing) for delta in deltas if delta.stance is not Stance.REJECTS]
    refused = {_key(issue, delta.value) for delta in deltas if delta.stance is Stance.REJECTS}
    keys = {_key(issue, value) for value in wanted}
    if len(keys) > 1 or keys & refused:
        return None, True
    if wanted:
        return min(wanted, key=lambda value: value.model_dump_json()), False
    return None, refused != {_key(issue, standing)}


def _key(issue: Issue, value: TermValue) -> Fraction | str:
    """Equal values have one key, however they are written."""
    rank = rank_of(issue, value)
    return value.model_dump_json() if rank is None else rank


def _meant(delta: TermDelta, standing: TermValue) -> TermValue:
    value, ours = delta.value.number, standing.number
    if value is None or ours is None or delta.value.currency != standing.currency:
        return delta.value
    met = (delta.bound is Bound.AT_LEAST and ours >= value) or (delta.bound is Bound.AT_MOST and ours <= value)
    return standing if met else delta.value


def _quotes(deltas: Sequence[TermDelta]) -> list[str]:
    return sorted({delta.quote for delta in deltas})


def _ordered(problems: Sequence[MoveReason]) -> tuple[MoveReason, ...]:
    order = list(ReasonCode)
    unique = {problem.model_dump_json(): problem for problem in problems}
    return tuple(sorted(unique.values(), key=lambda item: (order.index(item.code), item.term or "", str(item.params))))
