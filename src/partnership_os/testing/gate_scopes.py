"""The small worlds that are explored as a whole: who is there, what they may try, and how far it goes."""

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from partnership_os.testing.gate_model import DAY, SECOND, Member, Outcome, Rules, State
from partnership_os.testing.gate_moves import (
    Action,
    Change,
    Commit,
    Decide,
    EndLoan,
    Forge,
    Lend,
    Propose,
    Smuggle,
    Turn,
)

REEM: Final = Member("Reem", 4)
"""Asks, and has every level: only separation keeps her from approving."""
DANA: Final = Member("Dana", 2)
SALEM: Final = Member("Salem", 4)
LAYLA: Final = Member("Layla", 1, legal=True)
OMAR: Final = Member("Omar", 4, legal=True)
MAHA: Final = Member("Maha", 1)
STRANGER: Final = Member("Stranger", 4, tenant="other")


_OUTCOMES: Final[tuple[Outcome, ...]] = ("approve", "reject", "revoke")
_EVERY: Final = " ".join(_OUTCOMES)


class Scope(NamedTuple):
    """A small world.

    ``faults`` and ``races`` add every fault of the store, and every action between the transactions of a commit.
    ``edges`` keeps every step, to compare two explorations.
    """

    rules: Rules
    members: tuple[Member, ...]
    actions: Callable[[State], Iterator[Action]]
    faults: bool = False
    races: bool = False
    edges: bool = False


def _asks(state: State, most: int, *wanted: Propose) -> Iterator[Action]:
    """Ask while there are not too many commitments; an edit needs something to edit."""
    if len(state.asks) < most:
        yield from (ask for ask in wanted if ask.edits is None or ask.edits < len(state.asks))


def _decides(state: State, **outcomes: str) -> Iterator[Action]:
    """What each person tries, about every commitment."""
    for number in range(len(state.asks)):
        for name, tried in outcomes.items():
            for outcome in _OUTCOMES:
                if outcome in tried:
                    yield Decide(name, number, outcome)


def _commits(state: State) -> Iterator[Action]:
    return (Commit(number, ask.wording) for number, ask in enumerate(state.asks))


def versions(state: State) -> Iterator[Action]:
    """Two versions, edits by the requester, by somebody who may decide, by others; other terms at the commit."""
    edits = (Propose(name, 2, 1, edits=0) for name in ("Reem", "Dana", "Maha"))
    yield from _asks(state, 2, Propose("Reem", 1), Propose("Reem", 2, 1), *edits)
    yield from _decides(
        state, Reem="approve", Dana="approve", Salem="approve revoke", Maha="approve", Stranger="approve"
    )
    yield from _commits(state)
    yield from (Commit(0, 5) for _ in state.asks[:1])


def rejections(state: State) -> Iterator[Action]:
    """Everybody rejects, approves and takes back, with an edit in between."""
    yield from _asks(state, 2, Propose("Reem", 1), Propose("Reem", 2, 1, edits=0))
    yield from _decides(state, Dana=_EVERY, Salem="reject", Maha="reject", Reem="reject")
    yield from _commits(state)


def expiry(state: State) -> Iterator[Action]:
    """Time passes to and over every boundary, and is set back by a minute and by a day."""
    yield from _asks(state, 2, Propose("Reem", 1))
    yield from _decides(state, Dana="approve", Salem="approve")
    yield from _commits(state)
    if state.clock % DAY == 0:
        if state.clock < 2 * DAY:
            yield Turn(DAY)
        if state.clock:
            yield Turn(-60 * SECOND)
    if state.clock == 2 * DAY:
        yield Turn(-DAY)


def quorum(state: State) -> Iterator[Action]:
    """Government: somebody of C-level, and somebody else in the legal role; they lose what they have."""
    yield from _asks(state, 1, Propose("Reem", 1))
    yield from _decides(state, Reem="approve", Salem="approve", Layla="approve revoke", Omar="approve")
    yield from _commits(state)
    if state.member("Omar").level:
        yield Change("Omar", "demote")
    if state.member("Salem").active:
        yield Change("Salem", "deactivate")
    if state.member("Layla").token:
        yield Change("Layla", "end tokens")


def delegation(state: State) -> Iterator[Action]:
    """Authority is lent, also above what there is; it ends, by hand and by time, and its lender falls."""
    yield from _asks(state, 1, Propose("Reem", 1))
    yield from _lent(state, Lend("Salem", "Maha", 4), Lend("Layla", "Maha", 4))
    yield from _decides(state, Salem="approve revoke", Maha="approve")
    yield from _commits(state)
    if state.member("Salem").level:
        yield Change("Salem", "demote")
    if state.clock < DAY:
        yield Turn(DAY)


def conflicts(state: State) -> Iterator[Action]:
    """Authority is lent by the requester and to the requester."""
    yield from _asks(state, 1, Propose("Reem", 1))
    yield from _lent(state, Lend("Reem", "Dana", 2), Lend("Salem", "Reem", 4))
    yield from _decides(state, Salem="approve", Dana="approve")
    yield from _commits(state)


def lent_quorum(state: State) -> Iterator[Action]:
    """Government: one person with both roles lends one of them."""
    yield from _asks(state, 1, Propose("Reem", 1))
    yield from _lent(state, Lend("Omar", "Maha", 4, legal=True), Lend("Salem", "Maha", 4, legal=True))
    yield from _decides(state, Omar="approve revoke", Salem="approve")
    yield from _commits(state)


def _lent(state: State, *loans: Lend) -> Iterator[Action]:
    """Each loan once and two at most; the lender ends it; the borrower approves with it."""
    lent = sorted({(loan.lender, loan.borrower) for loan in state.loans})
    yield from (loan for loan in loans if len(lent) < 2 and (loan.lender, loan.borrower) not in lent)
    for lender, borrower in lent:
        yield EndLoan(lender, lender, borrower)
        yield from (Decide(borrower, number, "approve", lender) for number in range(len(state.asks)))


def deal(state: State) -> Iterator[Action]:
    """One honest deal with a second version, each step of which the store may break."""
    yield from _asks(state, 2, Propose("Reem", 1), Propose("Reem", 2, 1, edits=0))
    yield from _decides(state, Dana="approve revoke")
    yield from _commits(state)


def rivals(state: State) -> Iterator[Action]:
    """What may come between the transactions of a commit: another commit, every decision, an edit, a demotion."""
    yield from _asks(state, 2, Propose("Reem", 1), Propose("Reem", 2, 1, edits=0))
    yield from _decides(state, Dana="approve revoke", Salem="reject")
    yield from _commits(state)
    if state.member("Dana").level:
        yield Change("Dana", "demote")


def attack(state: State) -> Iterator[Action]:
    """Somebody with the database's password writes approvals, and a commitment with a lower level."""
    yield from _asks(state, 2, Propose("Reem", 1))
    if not state.asks:
        yield Smuggle("Reem", 1)
    voted = {(vote.ask, vote.by) for vote in state.votes}
    yield from (Forge("Salem", number) for number, ask in enumerate(state.asks) if (ask.at, "Salem") not in voted)
    yield from _decides(state, Dana="approve", Maha="approve")
    yield from _commits(state)


def wide_delegation(state: State) -> Iterator[Action]:
    """Like `delegation`, with everything that the borrower and the lender may try."""
    yield from delegation(state)
    lent = sorted({(loan.lender, loan.borrower) for loan in state.loans})
    for lender, borrower in lent:
        yield EndLoan(borrower, lender, borrower)
        yield from (Decide(borrower, number, "reject", lender) for number in range(len(state.asks)))
    yield from _decides(state, Maha="revoke", Salem="reject")


def wide_conflicts(state: State) -> Iterator[Action]:
    """Like `conflicts`, with authority lent among those who decide, and approvals that are taken back."""
    yield from conflicts(state)
    yield from _lent(state, Lend("Salem", "Dana", 4))
    yield from _decides(state, Salem="revoke", Dana="revoke")


def wide_quorum(state: State) -> Iterator[Action]:
    """Like `quorum`, with everything that each of them may try."""
    yield from quorum(state)
    yield from _decides(state, Salem="reject revoke", Layla="reject", Omar="reject revoke")


def wide_versions(state: State) -> Iterator[Action]:
    """Like `versions`, with rejections and revocations by all."""
    yield from versions(state)
    yield from _decides(state, Dana="reject revoke", Salem="reject", Maha="reject")


_PEOPLE: Final = (REEM, DANA, SALEM, MAHA)
_RULES: Final = Rules("distribution")
SCOPES: Final[dict[str, Scope]] = {
    "versions": Scope(_RULES, (*_PEOPLE, STRANGER), versions),
    "rejections": Scope(_RULES, _PEOPLE, rejections),
    "expiry": Scope(Rules("distribution", days=1), _PEOPLE[:3], expiry),
    "quorum": Scope(Rules("government"), (REEM, SALEM, LAYLA, OMAR), quorum),
    "delegation": Scope(_RULES, (REEM, SALEM, MAHA, LAYLA), delegation),
    "conflicts": Scope(_RULES, _PEOPLE[:3], conflicts),
    "lent quorum": Scope(Rules("government"), (REEM, SALEM, OMAR, MAHA), lent_quorum),
    "faults": Scope(_RULES, _PEOPLE[:2], deal, faults=True),
    "races": Scope(_RULES, _PEOPLE[:3], rivals, races=True),
    "attack": Scope(_RULES, _PEOPLE, attack),
}
"""What every run explores."""
BIG_SCOPES: Final[dict[str, Scope]] = {
    **SCOPES,
    "versions": Scope(_RULES, (*_PEOPLE, STRANGER), wide_versions),
    "quorum": Scope(Rules("government"), (REEM, SALEM, LAYLA, OMAR), wide_quorum),
    "delegation": Scope(_RULES, (REEM, SALEM, MAHA, LAYLA), wide_delegation),
    "conflicts": Scope(_RULES, _PEOPLE[:3], wide_conflicts),
    "faults": Scope(_RULES, _PEOPLE[:3], rivals, faults=True),
}
"""What ``make prove`` explores."""
