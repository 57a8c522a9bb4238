"""What stands in the way of an answer by code: when a person takes over, and what we do not simply give."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from partnership_os.agents.negotiation.commitments import raises_approval
from partnership_os.agents.negotiation.mandate import Mandate
from partnership_os.agents.negotiation.positions import Position
from partnership_os.agents.negotiation.reasons import reason
from partnership_os.agents.negotiation.utility import Issue, rank_of, value_for_us
from partnership_os.agents.playbook import PLAYBOOK_CURRENCY
from partnership_os.schemas.negotiation import MoveReason, NegotiationRound, ReasonCode
from partnership_os.schemas.playbook import Playbook, PlaybookTerm
from partnership_os.schemas.term_sheet import PartnerTermSheet, TermUnit, TermValue
from partnership_os.tools.sheet_values import format_value
from partnership_os.tools.sheet_wording import Language, bilingual, wording

__all__ = ["Escalations", "asks_against_us", "escalations"]


@dataclass(frozen=True, slots=True)
class Escalations:
    """Reasons for a person: those that no offer outweighs, and those that a good enough offer makes void."""

    at_once: tuple[MoveReason, ...]
    unless_accepted: tuple[MoveReason, ...]


def escalations(
    sheet: PartnerTermSheet,
    playbook: Playbook,
    rounds: Sequence[NegotiationRound],
    issues: Mapping[str, Issue],
    position: Position,
) -> Escalations:
    """Why a person has to decide about this offer.

    At once: unreadable, contradictory, unknown, fixed or re-worded parts, instructions to us, no position at all, a
    value past our walk-away that they call final or ask for a second time running, and terms that would raise the
    approval level. Unless the offer is accepted: a deadlock and the deadline of the playbook.
    """
    at_once = [*position.problems, *_insisted(rounds, issues, position)]
    within = {name: value for name, value in position.asked.items() if value_for_us(issues[name], value) is not None}
    raised = raises_approval(sheet, within)
    if raised is not None:
        at_once.append(reason(ReasonCode.COMMITMENT_RAISED, before=raised[0], after=raised[1]))
    late = []
    if len(rounds) + 1 > playbook.strategy.deadline_rounds:
        numbers = {"number": str(len(rounds) + 1), "rounds": str(playbook.strategy.deadline_rounds)}
        late.append(reason(ReasonCode.DEADLINE, **numbers))
    if _is_deadlock(playbook.strategy.deadlock_rounds, rounds, issues, position):
        late.append(reason(ReasonCode.DEADLOCK, rounds=str(playbook.strategy.deadlock_rounds)))
    return Escalations(at_once=tuple(at_once), unless_accepted=tuple(late))


def asks_against_us(mandate: Mandate, standing: Mapping[str, TermValue], position: Position) -> tuple[MoveReason, ...]:
    """For each term on which they ask for more than we may simply give: why we do not."""
    found = []
    for name, issue in mandate.issues.items():
        value = position.asked[name]
        if name in position.open_terms:
            found.append(reason(ReasonCode.VALUE_OPEN, term=name, **_shown(standing[name])))
        elif value_for_us(issue, value) is None:
            found.append(reason(ReasonCode.PAST_WALK_AWAY, term=name, **_shown(value), **_limit(issue.term)))
        elif mandate.is_given(name, value):
            found.append(_given(mandate, name, value))
    return tuple(found)


def _given(mandate: Mandate, name: str, value: TermValue) -> MoveReason:
    gets = [trade.get for trade in mandate.trades if trade.give == name and trade.get in mandate.issues]
    if not gets:
        return reason(ReasonCode.NO_TRADE_ALLOWED, term=name, **_shown(value))
    names = {language: ", ".join(_name(get, language) for get in gets) for language in ("en", "ar")}
    return reason(ReasonCode.NEEDS_TRADE, term=name, **_shown(value), gets=names["en"], gets_ar=names["ar"])


def _name(term: str, language: str) -> str:
    label = wording().terms.get(term)
    chosen: Language = "ar" if language == "ar" else "en"
    return term if label is None else bilingual(label, chosen)


def _insisted(rounds: Sequence[NegotiationRound], issues: Mapping[str, Issue], position: Position) -> list[MoveReason]:
    before = {value.name: value for value in rounds[-1].asked} if rounds else {}
    found = []
    for name, value in position.asked.items():
        issue = issues[name]
        if value_for_us(issue, value) is not None:
            continue
        again = name in before and value_for_us(issue, before[name]) is None
        if again or name in position.insisted:
            code = ReasonCode.PAST_WALK_AWAY_INSISTED
            found.append(reason(code, term=name, **_shown(value), **_limit(issue.term)))
    return found


def _is_deadlock(
    length: int, rounds: Sequence[NegotiationRound], issues: Mapping[str, Issue], position: Position
) -> bool:
    """Whether in the last ``length`` offers, this one among them, they moved towards us on no term."""
    if len(rounds) + 1 < length:
        return False
    asked = [{value.name: value for value in item.asked} for item in rounds[-(length - 1) :]]
    offers = [*asked, position.asked]
    return not any(_moved(issues, before, after) for before, after in pairwise(offers))


def _moved(issues: Mapping[str, Issue], before: Mapping[str, TermValue], after: Mapping[str, TermValue]) -> bool:
    for name, issue in issues.items():
        if name in before and name in after:
            was, now = rank_of(issue, before[name]), rank_of(issue, after[name])
            if was is not None and now is not None and now < was:
                return True
    return False


def _shown(value: TermValue) -> dict[str, str]:
    return {"value": format_value(value, "en"), "value_ar": format_value(value, "ar")}


def _limit(term: PlaybookTerm) -> dict[str, str]:
    position = term.walk_away
    if isinstance(position, Decimal):
        money = PLAYBOOK_CURRENCY if term.unit is TermUnit.MONEY else None
        value = TermValue(name=term.name, unit=term.unit, number=position, currency=money)
    else:
        value = TermValue(name=term.name, unit=term.unit, choice=position)
    return {"limit": format_value(value, "en"), "limit_ar": format_value(value, "ar")}
