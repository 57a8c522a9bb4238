"""What each action does to the gate, by the rules of `gate_model`: allowed or refused, and what is afterwards."""

from typing import Literal, NamedTuple

from partnership_os.testing.gate_model import (
    C_LEVEL,
    DAY,
    Ask,
    Loan,
    Outcome,
    Row,
    Rules,
    State,
    Vote,
    barred,
    counting,
    filled,
    lent_now,
    meets,
    needs_of,
    requesters,
    status,
)

What = Literal["demote", "promote", "deactivate", "reactivate", "end tokens"]


class Propose(NamedTuple):
    """Ask for a version of the document; ``edits`` is the number of the commitment that it was changed from."""

    by: str
    version: int
    wording: int = 0
    edits: int | None = None


class Decide(NamedTuple):
    """Decide about the commitment with this number, for oneself or for another."""

    by: str
    ask: int
    outcome: Outcome
    behalf: str | None = None


class Lend(NamedTuple):
    """Lend authority up to a level for some days."""

    lender: str
    borrower: str
    level: int
    legal: bool = False
    days: int = 1


class EndLoan(NamedTuple):
    """End the delegations between two people."""

    by: str
    lender: str
    borrower: str


class Change(NamedTuple):
    """What the operator does to a person."""

    name: str
    what: What


class Turn(NamedTuple):
    """The clock moves, backwards too."""

    by: int


class Commit(NamedTuple):
    """Commit the commitment with this number, holding the document in this wording."""

    ask: int
    wording: int = 0


class Forge(NamedTuple):
    """Whoever has the database's password writes an approval with its event, but cannot sign it."""

    by: str
    ask: int


class Smuggle(NamedTuple):
    """The same person writes a commitment that asks for less approval than the policy, with its digest and event."""

    by: str
    version: int


Action = Propose | Decide | Lend | EndLoan | Change | Turn | Commit | Forge | Smuggle


class Prediction(NamedTuple):
    """Whether an action is allowed, and what is afterwards."""

    allowed: bool
    state: State


def predict(rules: Rules, state: State, action: Action) -> Prediction:
    """What an action does, by the rules."""
    match action:
        case Turn(by):
            return Prediction(True, state._replace(clock=state.clock + by))
        case Change():
            return _changed(state, action)
        case Propose():
            return _proposed(rules, state, action)
        case Decide():
            return _decided(rules, state, action)
        case Lend():
            return _lent(state, action)
        case EndLoan():
            return _loan_ended(state, action)
        case Commit():
            return _committed(rules, state, action)
        case Forge(by, ask):
            member, wanted = state.member(by), state.asks[ask]
            vote = Vote(wanted.at, state.reading(), by, "approve", wanted.expires, member.level, member.legal)
            forged = vote._replace(genuine=False)
            return _done(state._replace(votes=state.votes | {forged}), state.reading())
        case Smuggle(by, version):
            now = state.reading()
            at = max([now, *(ask.at + 1 for ask in state.asks)])
            smuggled = Ask(at, version, 0, by, at + rules.days * DAY, lowered=True)
            return _done(state._replace(asks=(*state.asks, smuggled)), now)


def _done(state: State, now: int) -> Prediction:
    return Prediction(True, state._replace(log=max(state.log, now)))


def _refused(state: State, *, known: bool = True) -> Prediction:
    """Nothing changes but the log: a refusal of somebody known tells that this time has come."""
    return Prediction(False, state._replace(log=max(state.log, state.clock)) if known else state)


def _changed(state: State, action: Change) -> Prediction:
    now = state.writing()
    if now is None:
        return _refused(state, known=False)
    old = state.member(action.name)
    new = {
        "demote": old._replace(level=0, legal=False),
        "promote": old._replace(level=C_LEVEL),
        "deactivate": old._replace(active=False),
        "reactivate": old._replace(active=True),
        "end tokens": old._replace(token=False),
    }[action.what]
    return _done(state._replace(members=tuple(new if one == old else one for one in state.members)), now)


def _proposed(rules: Rules, state: State, action: Propose) -> Prediction:
    now = state.writing()
    if now is None or not state.member(action.by).active:
        return _refused(state)
    edited = None if action.edits is None else state.asks[action.edits]
    if edited is not None and not _may_edit(rules, state, action, edited, now):
        return _refused(state)
    own = state.member(action.by).tenant
    if any(state.member(ask.requester).tenant != own for ask in state.asks):
        return _refused(state)
    source = None if edited is None else edited.at
    content = (action.version, action.wording, action.by, source)
    replaced = set()
    for ask in reversed(state.asks):
        stands = status(rules, state, ask)
        is_open = stands in ("pending", "approved")
        same = not ask.lowered and (ask.version, ask.wording, ask.requester, ask.edited_from) == content
        if same and (is_open or stands in ("committed", "rejected")):
            return Prediction(True, state)
        if is_open:
            replaced.add(ask.at)
    if any(ask.version >= action.version and _row_of(state, ask) is not None for ask in state.asks):
        return _refused(state)
    if any(ask.version == action.version and _is_rejected(state, ask) for ask in state.asks):
        return _refused(state)
    at = max([now, *(ask.at + 1 for ask in state.asks)])
    made = Ask(at, action.version, action.wording, action.by, at + rules.days * DAY, source)
    asks = tuple(ask._replace(superseded_by=at) if ask.at in replaced else ask for ask in state.asks)
    return _done(state._replace(asks=(*asks, made)), now)


def _may_edit(rules: Rules, state: State, action: Propose, edited: Ask, now: int) -> bool:
    """A later version of the newest request, by somebody who asked for it or may decide about it."""
    if action.version <= edited.version or edited is not state.asks[-1]:
        return False
    editor = state.member(action.by)
    lent = (lent_now(state, loan, now) for loan in state.loans if loan.borrower == action.by)
    worths = [(editor.level, editor.legal), *(worth for worth in lent if worth is not None)]
    decides = any(meets(worth, need) for worth in worths for need in needs_of(rules, edited))
    return decides or action.by in requesters(state, edited)


def _decided(rules: Rules, state: State, action: Decide) -> Prediction:
    person, ask = state.member(action.by), state.asks[action.ask]
    now = state.deciding()
    if not (person.active and person.token) or now is None:
        return _refused(state, known=False)
    stands = status(rules, state, ask, now)
    is_open = stands in ("pending", "approved")
    if person.tenant != state.member(ask.requester).tenant or (is_open and _conflicted(state, action, ask, now)):
        return _refused(state)
    own = {vote.outcome: vote for vote in state.votes if (vote.ask, vote.by) == (ask.at, action.by)}
    if action.outcome in own:
        counts = own[action.outcome] in [vote for vote, _ in counting(rules, state, ask, now)]
        settled = {"approve": "committed", "reject": "rejected"}.get(action.outcome, stands)
        return Prediction(True, state) if stands == settled or (is_open and counts) else _refused(state)
    if not is_open:
        return _refused(state)
    vote = _vote(rules, state, action, ask, now)
    if vote is None:
        return _refused(state)
    return _done(state._replace(votes=state.votes | {vote}), now)


def _conflicted(state: State, action: Decide, ask: Ask, now: int) -> bool:
    """Who asked does not decide, nor anybody for them; who holds authority of theirs does not approve."""
    asked = requesters(state, ask)
    if action.outcome == "revoke":
        return action.by in asked
    lent = action.outcome == "approve" and action.by in barred(state, ask, now)
    return action.by in asked or action.behalf in asked or lent


def _vote(rules: Rules, state: State, action: Decide, ask: Ask, now: int) -> Vote | None:
    """The vote that the action would be; None when it may not be."""
    person, needs = state.member(action.by), needs_of(rules, ask)
    until = min(now + rules.days * DAY, ask.expires)
    vote = Vote(ask.at, now, action.by, action.outcome, until, person.level, person.legal)
    votes = [other for other in state.votes if other.ask == ask.at]
    if action.outcome == "revoke":
        gave = any(other.outcome == "approve" and action.by in other.people() for other in votes)
        return vote if gave else None
    if action.behalf is not None:
        borrowed = _borrowed(state, action, now)
        if borrowed is None:
            return None
        vote = vote._replace(behalf=action.behalf, loan=borrowed[0].start, level=borrowed[1], legal=borrowed[2])
    worth = (vote.level, vote.legal)
    if action.outcome == "reject":
        return vote if any(meets(worth, need) for need in needs) else None
    counted = counting(rules, state, ask, now)
    spent = {other.by for other in votes}.union(*(other.people() for other, _ in counted))
    given = [authority for _, authority in counted]
    helps = filled(needs, [*given, worth]) > filled(needs, given)
    return vote if helps and vote.people().isdisjoint(spent) else None


def _borrowed(state: State, action: Decide, now: int) -> tuple[Loan, int, bool] | None:
    for loan in sorted(state.loans):
        if (loan.lender, loan.borrower) == (action.behalf, action.by):
            lent = lent_now(state, loan, now)
            if lent is not None:
                return loan, *lent
    return None


def _lent(state: State, action: Lend) -> Prediction:
    lender, borrower, now = state.member(action.lender), state.member(action.borrower), state.deciding()
    if not (lender.active and lender.token) or now is None:
        return _refused(state, known=False)
    usable = borrower.active and borrower.tenant == lender.tenant and borrower.name != lender.name
    if not usable or action.level > lender.level or (action.legal and not lender.legal):
        return _refused(state, known=False)
    end = now + action.days * DAY
    loan = Loan(now, action.lender, action.borrower, action.level, action.legal, end)
    return _done(state._replace(loans=state.loans | {loan}), now)


def _loan_ended(state: State, action: EndLoan) -> Prediction:
    person, now = state.member(action.by), state.deciding()
    if not (person.active and person.token):
        return _refused(state, known=False)
    meant = {loan for loan in state.loans if (loan.lender, loan.borrower) == (action.lender, action.borrower)}
    if action.by not in (action.lender, action.borrower):
        return _refused(state)
    if all(loan.ended is not None for loan in meant):
        return Prediction(True, state)
    if now is None:
        return _refused(state, known=False)
    ended = {loan if loan.ended is not None else loan._replace(ended=now) for loan in meant}
    return _done(state._replace(loans=state.loans - meant | ended), now)


def _is_rejected(state: State, ask: Ask) -> bool:
    return any(vote.ask == ask.at and vote.outcome == "reject" for vote in state.votes)


def _row_of(state: State, ask: Ask) -> Row | None:
    return next((row for row in state.ledger if row.ask == ask.at), None)


def _committed(rules: Rules, state: State, action: Commit) -> Prediction:
    ask, now = state.asks[action.ask], state.writing()
    if now is None or action.wording != ask.wording:
        return _refused(state)
    if _row_of(state, ask) is not None:
        return Prediction(True, state)
    votes = (vote for vote in state.votes if vote.ask == ask.at)
    taken = any(other.version >= ask.version and _row_of(state, other) is not None for other in state.asks)
    sound = not ask.lowered and all(vote.genuine for vote in votes)
    if status(rules, state, ask) != "approved" or taken or not sound:
        return _refused(state)
    row = Row(ask.at, now, frozenset(vote.by for vote, _ in counting(rules, state, ask, now)))
    return _done(state._replace(ledger=state.ledger | {row}), now)
