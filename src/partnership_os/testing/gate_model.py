"""The rules of the gate a second time, tiny and pure, to hold the real ones against.

Written from DESIGN.md (section 3) and docs/design/gate.md; nothing here calls governance code. A state is a hashable
value, times are microseconds, people are names, levels are ranks. `gate_moves.predict` says what an action must do.
"""

from itertools import permutations
from typing import Final, Literal, NamedTuple

SECOND: Final = 1_000_000
DAY: Final = 86_400 * SECOND
MAX_AHEAD: Final = 300 * SECOND
"""How far the log may lie ahead of the clock before nothing is written any more."""
C_LEVEL: Final = 4
NEEDS: Final[dict[str, tuple[tuple[int, bool], ...]]] = {
    "referral": ((1, False),),
    "distribution": ((2, False),),
    "technology": ((3, False),),
    "strategic": ((4, False),),
    "government": ((4, False), (0, True)),
}
"""Who must approve, by partnership type: lowest rank, and whether in the legal role; each a person of their own."""

Outcome = Literal["approve", "reject", "revoke"]
Status = Literal["pending", "approved", "rejected", "committed", "expired", "superseded"]


class Member(NamedTuple):
    """A person of the directory."""

    name: str
    level: int
    legal: bool = False
    active: bool = True
    token: bool = True
    tenant: str = "main"


class Ask(NamedTuple):
    """A commitment that somebody asked for; ``at`` is different for all of a thread, so that it names it."""

    at: int
    version: int
    wording: int
    requester: str
    expires: int
    edited_from: int | None = None
    superseded_by: int | None = None
    lowered: bool = False
    """True when somebody wrote it past the gate, with less approval than the policy asks for."""


class Vote(NamedTuple):
    """A decision. ``loan`` is when the delegation began that it rests on; ``genuine`` is False for a forged one."""

    ask: int
    at: int
    by: str
    outcome: Outcome
    until: int
    level: int
    legal: bool
    behalf: str | None = None
    loan: int | None = None
    genuine: bool = True

    def people(self) -> frozenset[str]:
        """Who decided, and on whose behalf."""
        return frozenset({self.by, self.behalf or self.by})


class Loan(NamedTuple):
    """A delegation."""

    start: int
    lender: str
    borrower: str
    level: int
    legal: bool
    end: int
    ended: int | None = None

    def live(self, at: int) -> bool:
        """True when authority may be used under it."""
        return self.start <= at < (self.end if self.ended is None else min(self.end, self.ended))


class Row(NamedTuple):
    """A ledger row: what took effect, when, and who stands behind it."""

    ask: int
    at: int
    approved_by: frozenset[str]


class State(NamedTuple):
    """The whole gate. ``log`` is the time of the last event whose actor is known; time never goes below it."""

    clock: int
    log: int
    members: tuple[Member, ...]
    asks: tuple[Ask, ...] = ()
    votes: frozenset[Vote] = frozenset()
    loans: frozenset[Loan] = frozenset()
    ledger: frozenset[Row] = frozenset()

    def member(self, name: str) -> Member:
        """A person by name."""
        return next(member for member in self.members if member.name == name)

    def reading(self) -> int:
        """Now, for what is shown."""
        return self.clock if self.log - self.clock > MAX_AHEAD else max(self.clock, self.log)

    def writing(self) -> int | None:
        """Now, for what is written; None when the log lies too far ahead of the clock."""
        return None if self.log - self.clock > MAX_AHEAD else max(self.clock, self.log)

    def deciding(self) -> int | None:
        """Now, for decisions and delegations: after everything that happened; None like `writing`."""
        return None if self.writing() is None else max(self.clock, self.log + 1)


class Rules(NamedTuple):
    """What is fixed in a world."""

    partnership: str
    days: int = 2


def status(rules: Rules, state: State, ask: Ask, at: int | None = None) -> Status:
    """Where a commitment stands, now or at a moment."""
    now = state.reading() if at is None else at
    if any(row.ask == ask.at for row in state.ledger):
        return "committed"
    if ask.superseded_by is not None:
        return "superseded"
    if any(vote.ask == ask.at and vote.outcome == "reject" for vote in state.votes):
        return "rejected"
    if now >= ask.expires:
        return "expired"
    needs = needs_of(rules, ask)
    approvals = [authority for _, authority in counting(rules, state, ask, now)]
    return "approved" if filled(needs, approvals) == len(needs) else "pending"


def counting(rules: Rules, state: State, ask: Ask, now: int) -> list[tuple[Vote, tuple[int, bool]]]:
    """The approvals that count, oldest first, and what each is worth; nobody stands behind two."""
    revoked = {vote.by for vote in state.votes if vote.ask == ask.at and vote.outcome == "revoke"}
    taken = set(revoked)
    found: list[tuple[Vote, tuple[int, bool]]] = []
    for vote in sorted(vote for vote in state.votes if vote.ask == ask.at and vote.outcome == "approve"):
        at_home = state.member(vote.by).tenant == state.member(ask.requester).tenant
        worth = _worth(state, vote, now) if at_home else None
        out = taken | barred(state, ask, vote.at)
        if worth is None or not vote.at <= now < vote.until or not vote.people().isdisjoint(out):
            continue
        if any(meets(worth, need) for need in needs_of(rules, ask)):
            found.append((vote, worth))
            taken |= vote.people()
    return found


def needs_of(rules: Rules, ask: Ask) -> tuple[tuple[int, bool], ...]:
    """What a commitment says that it needs; one that was written past the gate may say anything."""
    return ((0, False),) if ask.lowered else NEEDS[rules.partnership]


def requesters(state: State, ask: Ask) -> frozenset[str]:
    """Whoever asked for it or, earlier, for anything about the document."""
    return frozenset(other.requester for other in state.asks if other.at <= ask.at)


def barred(state: State, ask: Ask, at: int) -> frozenset[str]:
    """Who may not approve at a moment: the requesters, and whoever then holds authority of one of them."""
    asked = requesters(state, ask)
    return asked | {loan.borrower for loan in state.loans if loan.live(at) and loan.lender in asked}


def _worth(state: State, vote: Vote, now: int) -> tuple[int, bool] | None:
    """What an approval is worth now: the least of what was signed and what its source has today."""
    if not state.member(vote.by).active:
        return None
    if vote.behalf is None:
        own = state.member(vote.by)
        return min(own.level, vote.level), own.legal and vote.legal
    for loan in state.loans:
        if (loan.start, loan.lender, loan.borrower) == (vote.loan, vote.behalf, vote.by):
            lent = lent_now(state, loan, now)
            return None if lent is None else (min(lent[0], vote.level), lent[1] and vote.legal)
    return None


def lent_now(state: State, loan: Loan, now: int) -> tuple[int, bool] | None:
    """What a delegation is worth now, never more than its lender has; None when it is worth nothing."""
    lender = state.member(loan.lender)
    if not loan.live(now) or not lender.active:
        return None
    return min(lender.level, loan.level), lender.legal and loan.legal


def meets(worth: tuple[int, bool], need: tuple[int, bool]) -> bool:
    """True when a level and role meet a need."""
    return worth[0] >= need[0] and (worth[1] or not need[1])


def filled(needs: tuple[tuple[int, bool], ...], worths: list[tuple[int, bool]]) -> int:
    """How many needs these people can meet, each one at most: the best of every way to seat them."""
    seats = (*worths, *((-1, False) for _ in needs))
    ways = permutations(seats, len(needs))
    return max(sum(meets(worth, need) for worth, need in zip(way, needs, strict=True)) for way in ways)
