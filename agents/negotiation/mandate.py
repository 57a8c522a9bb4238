"""What we may agree to without a person: nothing past a walk-away, nothing past an ideal but by an allowed trade."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from partnership_os.agents.negotiation.utility import Issue, rank_of, utility_of
from partnership_os.errors import InternalError
from partnership_os.schemas.negotiation import UsedTrade
from partnership_os.schemas.playbook import AllowedTrade, Playbook
from partnership_os.schemas.term_sheet import TermValue

__all__ = ["Mandate", "Package"]


@dataclass(frozen=True, slots=True)
class Package:
    """Values of every negotiable term, none of them past our walk-away: no other package can be made.

    Raises:
        InternalError: a term is missing or past our walk-away. A move is made of packages only.
    """

    issues: Mapping[str, Issue]
    values: Mapping[str, TermValue]

    def __post_init__(self) -> None:
        if set(self.values) != set(self.issues) or utility_of(self.issues, self.values) is None:
            raise InternalError("A package of ours is incomplete or past our walk-away.")

    @property
    def utility(self) -> Fraction:
        """What it is worth to us, 0 to 1."""
        return utility_of(self.issues, self.values) or Fraction(0)


@dataclass(frozen=True, slots=True)
class Mandate:
    """The region in which we may move, upward closed: what is better for us than something in it is in it too.

    A term is *given* where it stands worse for us than our ideal and than where the negotiation began (what a person
    approved at the start is no concession of ours). It may be given where a trade of the playbook names it and the term
    that we get for it stands at our ideal or better, in the same package.

    Attributes:
        issues: The negotiable terms.
        trades: What the playbook lets us give against what.
        baseline: The values of the first sheet of the negotiation.
    """

    issues: Mapping[str, Issue]
    trades: tuple[AllowedTrade, ...]
    baseline: Mapping[str, TermValue]

    @staticmethod
    def of(playbook: Playbook, issues: Mapping[str, Issue], baseline: Mapping[str, TermValue]) -> "Mandate":
        """The mandate of a playbook for a negotiation that began with these values."""
        return Mandate(issues=issues, trades=playbook.trades, baseline=baseline)

    def free_rank(self, name: str) -> Fraction:
        """The worst rank of a term that needs no trade; never past the walk-away."""
        issue = self.issues[name]
        start = rank_of(issue, self.baseline[name]) if name in self.baseline else None
        return min(issue.worst, max(issue.free, start if start is not None else issue.free))

    def is_given(self, name: str, value: TermValue) -> bool:
        """Whether a value is a concession that needs a trade."""
        rank = rank_of(self.issues[name], value)
        return rank is None or rank > self.free_rank(name)

    def is_held(self, name: str, value: TermValue) -> bool:
        """Whether a value is at our ideal or better, so that something may be given for it."""
        rank = rank_of(self.issues[name], value)
        return rank is not None and rank <= self.issues[name].free

    def used_trades(self, values: Mapping[str, TermValue]) -> tuple[UsedTrade, ...]:
        """The first trade that covers each given term, in the order of the terms."""
        found = []
        for name in self.issues:
            if self.is_given(name, values[name]):
                trade = next((item for item in self.trades if item.give == name and self._covers(item, values)), None)
                if trade is not None:
                    found.append(UsedTrade(give=trade.give, get=trade.get))
        return tuple(found)

    def uncovered(self, values: Mapping[str, TermValue]) -> tuple[str, ...]:
        """Given terms that no trade covers, in the order of the terms."""
        return tuple(
            name
            for name in self.issues
            if self.is_given(name, values[name])
            and not any(item.give == name and self._covers(item, values) for item in self.trades)
        )

    def _covers(self, trade: AllowedTrade, values: Mapping[str, TermValue]) -> bool:
        return trade.get in self.issues and self.is_held(trade.get, values[trade.get])
