"""The counter-offer that is best for them, under our model of them, among those worth enough to us."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from partnership_os.agents.negotiation.concession import levels_between
from partnership_os.agents.negotiation.mandate import Mandate, Package
from partnership_os.agents.negotiation.their_model import centre_weights, their_gain
from partnership_os.agents.negotiation.utility import Issue, rank_of, value_for_us
from partnership_os.schemas.negotiation import TheirModel
from partnership_os.schemas.term_sheet import TermUnit, TermValue

__all__ = ["CounterSearch", "best_counter"]

_SCALE = 1_000_000
"""Losses and gains are counted in millionths of utility, losses rounded up and gains down."""
_MOST_STATES = 2_000
"""Partial packages that are kept while terms are joined; beyond it the closest in loss are merged."""
_LENGTH_OF_DEAL = "term_months"
"""The term that yearly sums are multiplied with."""


@dataclass(frozen=True, slots=True)
class CounterSearch:
    """What a counter-offer is looked for in.

    Attributes:
        mandate: What we may give.
        model: Our model of them.
        standing: Where we stand.
        asked: Where they stand; complete, equal to ``standing`` where they ask for nothing.
        fixed: Terms that stay where they stand, because they named no value.
        target: The least utility of the package.
        allowed: Whether a package may be proposed at all (its approval level does not rise).
    """

    mandate: Mandate
    model: TheirModel
    standing: Mapping[str, TermValue]
    asked: Mapping[str, TermValue]
    fixed: frozenset[str]
    target: Fraction
    allowed: Callable[[Mapping[str, TermValue]], bool]


@dataclass(frozen=True, slots=True)
class _Option:
    loss: int
    gain: int
    value: TermValue


@dataclass(frozen=True, slots=True)
class _State:
    loss: int
    gain: int
    picks: tuple[int, ...]


def best_counter(search: CounterSearch) -> Package:
    """The package inside our mandate, worth at least the target to us, that is worth most to them by the model.

    We never take back what we offered, and never give more than they ask. Which of the terms that we may get something
    for are held is tried in every combination; for each the terms are joined one by one, keeping what no other partial
    package beats in both loss and gain. Ties go to the smaller loss to us, then to fewer and earlier changes. Choosing
    concessions by what they are worth to the other side follows the trade-off idea of Raiffa (1982), chapter 11, and
    Faratin, Sierra and Jennings, Using similarity criteria to make issue trade-offs (2002).

    Returns:
        The package; the standing one where nothing may be given.
    """
    found = _best(search, frozenset())
    if not search.allowed(found.values):
        money = {name for name, value in search.standing.items() if value.unit is TermUnit.MONEY}
        found = _best(search, frozenset({*money, _LENGTH_OF_DEAL}))
    return found if search.allowed(found.values) else Package(search.mandate.issues, dict(search.standing))


def _best(search: CounterSearch, pinned: frozenset[str]) -> Package:
    issues = search.mandate.issues
    best: tuple[tuple[object, ...], dict[str, TermValue]] | None = None
    for held in _held_sets(search):
        names, options = _options(search, pinned, held)
        start = _gained(search, names, options)
        budget = _floor(max(_utility_of(issues, start) - search.target, Fraction(0)) * _SCALE)
        state = _joined(options, budget)
        chosen = zip(names, options, state.picks, strict=True)
        picked = {name: choices[pick].value for name, choices, pick in chosen}
        key = (-state.gain, state.loss, sum(1 for pick in state.picks if pick), state.picks)
        if best is None or key < best[0]:
            best = (key, {**start, **picked})
    return Package(issues, best[1] if best else dict(search.standing))


def _held_sets(search: CounterSearch) -> Iterator[frozenset[str]]:
    """Every choice of contested terms that are held so that something may be given for them; none at all first."""
    gives = {name for name in search.asked if search.mandate.is_given(name, search.asked[name])}
    gets = sorted({trade.get for trade in search.mandate.trades if trade.give in gives})
    contested = [name for name in gets if name in search.asked and _worse(search, name)][:6]
    for size in range(len(contested) + 1):
        yield from (frozenset(chosen) for chosen in combinations(contested, size))


def _worse(search: CounterSearch, name: str) -> bool:
    issue = search.mandate.issues[name]
    ours, theirs = rank_of(issue, search.standing[name]), rank_of(issue, search.asked[name])
    return ours is None or theirs is None or theirs > ours


def _options(
    search: CounterSearch, pinned: frozenset[str], held: frozenset[str]
) -> tuple[list[str], list[tuple[_Option, ...]]]:
    """For each contested term what we may offer; the first option is where we stand."""
    weights = centre_weights(search.model)
    leanings = {belief.term: belief.leaning for belief in search.model.beliefs}
    names = [name for name in search.mandate.issues if _worse(search, name)]
    found = []
    for name in names:
        issue = search.mandate.issues[name]
        still = name in pinned or name in search.fixed
        values = (search.standing[name],) if still else _levels(search, name, held)
        first = value_for_us(issue, values[0]) or Fraction(0)
        found.append(
            tuple(
                _Option(
                    loss=_ceil((first - (value_for_us(issue, value) or Fraction(0))) * issue.weight * _SCALE),
                    gain=_floor(their_gain(issue, leanings[name], value) * weights[name] * _SCALE),
                    value=value,
                )
                for value in values
            )
        )
    return names, found


def _levels(search: CounterSearch, name: str, held: frozenset[str]) -> tuple[TermValue, ...]:
    mandate, issue = search.mandate, search.mandate.issues[name]
    limit = mandate.free_rank(name)
    if name in held:
        limit = min(limit, issue.free)
    elif any(trade.give == name and _is_get(search, trade.get, held) for trade in mandate.trades):
        limit = issue.worst
    return levels_between(issue, search.standing[name], search.asked[name], limit)


def _is_get(search: CounterSearch, name: str, held: frozenset[str]) -> bool:
    """Whether something may be given for a term: it is at our ideal and stays there in this package."""
    if name not in search.mandate.issues:
        return False
    if _worse(search, name) and name not in search.fixed:
        return name in held and search.mandate.is_held(name, search.standing[name])
    value = search.standing[name] if _worse(search, name) else search.asked[name]
    return search.mandate.is_held(name, value)


def _gained(search: CounterSearch, names: list[str], options: list[tuple[_Option, ...]]) -> dict[str, TermValue]:
    """Where we stand, with what they offer beyond it."""
    contested = dict(zip(names, options, strict=True))
    return {
        name: contested[name][0].value if name in contested else search.asked[name] for name in search.mandate.issues
    }


def _utility_of(issues: Mapping[str, Issue], values: Mapping[str, TermValue]) -> Fraction:
    return Package(issues, values).utility


def _joined(options: list[tuple[_Option, ...]], budget: int) -> _State:
    states = [_State(0, 0, ())]
    for choices in options:
        wider = [
            _State(state.loss + option.loss, state.gain + option.gain, (*state.picks, index))
            for state in states
            for index, option in enumerate(choices)
            if state.loss + option.loss <= budget
        ]
        states = _unbeaten(wider, budget)
    return max(states, key=lambda state: (state.gain, -state.loss, tuple(-pick for pick in state.picks)))


def _unbeaten(states: list[_State], budget: int) -> list[_State]:
    kept: list[_State] = []
    for state in sorted(states, key=lambda item: (item.loss, -item.gain, item.picks)):
        if not kept or state.gain > kept[-1].gain:
            kept.append(state)
    if len(kept) <= _MOST_STATES:
        return kept
    width = budget // _MOST_STATES + 1
    best = {state.loss // width: state for state in kept}
    return [kept[0], *(state for state in best.values() if state is not kept[0])]


def _ceil(value: Fraction) -> int:
    return -((-value.numerator) // value.denominator)


def _floor(value: Fraction) -> int:
    return value.numerator // value.denominator
