"""One round: their counter-offer, our answer and why. Code decides; what comes out is a proposal for the gate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from partnership_os.agents.analyst import engine_label
from partnership_os.agents.conformance import check_conformance
from partnership_os.agents.negotiation.commitments import raises_approval
from partnership_os.agents.negotiation.concession import target_of
from partnership_os.agents.negotiation.mandate import Mandate, Package
from partnership_os.agents.negotiation.obstacles import asks_against_us, escalations
from partnership_os.agents.negotiation.positions import Position, position_in
from partnership_os.agents.negotiation.reasons import reason
from partnership_os.agents.negotiation.replies import neutral_reply, reply_to
from partnership_os.agents.negotiation.search import CounterSearch, best_counter
from partnership_os.agents.negotiation.their_model import first_model, their_interval, updated
from partnership_os.agents.negotiation.utility import (
    Issue,
    as_share,
    issues_of,
    negotiable_values,
    rank_of,
    utility_of,
)
from partnership_os.agents.playbook import playbook_label
from partnership_os.agents.sheet_edit import EditedSheet, TermEdit, edit_sheet
from partnership_os.errors import InputError
from partnership_os.schemas.negotiation import (
    CounterOffer,
    Move,
    MoveKind,
    MoveReason,
    NegotiationRound,
    ReasonCode,
    ReplyToThem,
    RoundUtilities,
    TheirModel,
)
from partnership_os.schemas.playbook import Playbook
from partnership_os.schemas.playbook import Position as Standing
from partnership_os.schemas.stamp import AnalystKind, AnalystStamp
from partnership_os.schemas.term_sheet import PartnerTermSheet, TermValue

__all__ = ["answer_offer", "edits_of"]


@dataclass(frozen=True, slots=True)
class _Table:
    """What one round is decided from."""

    sheet: PartnerTermSheet
    playbook: Playbook
    rounds: tuple[NegotiationRound, ...]
    issues: Mapping[str, Issue]
    standing: Mapping[str, TermValue]
    position: Position
    mandate: Mandate
    model: TheirModel
    target: Fraction

    @property
    def number(self) -> int:
        return len(self.rounds) + 1


def answer_offer(
    sheet: PartnerTermSheet, playbook: Playbook, rounds: Sequence[NegotiationRound], offer: CounterOffer
) -> NegotiationRound:
    """Accept, counter or escalate, with the reasons. Nothing is stored, sent or committed.

    *Accept* where their offer is worth at least what we would ask next (the acceptance condition AC_next of Baarslag,
    Hindriks and Jonker, Effective acceptance conditions in real-time automated negotiation, 2014), lies inside our
    mandate and keeps to the playbook. *Escalate* where a person has to look: see `obstacles.escalations`. Else
    *counter* by `search.best_counter`.

    Args:
        sheet: The version that they answer.
        playbook: Our positions for its type.
        rounds: The rounds before, in order.
        offer: What they ask for.

    Returns:
        The round. The same sheet, playbook, rounds and offer give the same bytes; the order of the deltas does not
        matter to what is decided.

    Raises:
        InputError: the offer, a round or the playbook belong to another sheet or version.
    """
    _check_same(sheet, playbook, rounds, offer)
    issues = issues_of(playbook)
    standing = negotiable_values(issues, sheet)
    report = check_conformance(sheet, playbook)
    if not report.conforms or set(standing) != set(issues):
        place = next((item.term for item in report.checks if item.position is Standing.BREACH), "a missing part")
        return _unfit(sheet, playbook, rounds, offer, standing, place)
    position = position_in(offer, sheet, playbook, issues, standing)
    target = min(target_of(playbook.strategy, len(rounds) + 1), utility_of(issues, standing) or Fraction(0))
    table = _Table(
        sheet=sheet,
        playbook=playbook,
        rounds=tuple(rounds),
        issues=issues,
        standing=standing,
        position=position,
        mandate=Mandate.of(playbook, issues, _baseline(rounds, issues, standing)),
        model=_model_after(rounds, issues, standing, position),
        target=target,
    )
    return _decided(table, offer)


def edits_of(move: Move) -> tuple[TermEdit, ...]:
    """The changes of a move as edits of the sheet, for `sheet_edit.edit_sheet`."""
    return tuple(TermEdit(term=value.name, value=_written(value)) for value in move.changes)


def _written(value: TermValue) -> str:
    if value.number is None:
        return str(value.choice)
    return f"{value.number:f} {value.currency}" if value.currency else f"{value.number:f}"


def _check_same(
    sheet: PartnerTermSheet, playbook: Playbook, rounds: Sequence[NegotiationRound], offer: CounterOffer
) -> None:
    wrong = None
    if (offer.sheet_id, offer.sheet_version) != (sheet.sheet_id, sheet.version):
        wrong = f"The offer answers version {offer.sheet_version} of {offer.sheet_id}."
    elif playbook.partnership_type is not sheet.partnership_type:
        wrong = f"The playbook is for {playbook.partnership_type.value}, the sheet for {sheet.partnership_type.value}."
    elif [item.number for item in rounds] != list(range(1, len(rounds) + 1)):
        wrong = "The rounds are not numbered one after another."
    elif any(item.sheet_id != sheet.sheet_id for item in rounds):
        wrong = "A round belongs to another sheet."
    if wrong is not None:
        raise InputError(
            wrong, fix="Answer an offer on the newest version, with its own rounds.", sheet_id=sheet.sheet_id
        )


def _baseline(
    rounds: Sequence[NegotiationRound], issues: Mapping[str, Issue], standing: Mapping[str, TermValue]
) -> dict[str, TermValue]:
    """Where the negotiation began; a value that a person put further than our last move counts as begun there."""
    sheets = [{value.name: value for value in item.standing} for item in rounds] + [dict(standing)]
    baseline = dict(sheets[0])
    for item, before, after in zip(rounds, sheets, sheets[1:], strict=False):
        proposed = before | {value.name: value for value in item.move.changes}
        for name, value in after.items():
            if name in issues and _is_worse(issues[name], value, proposed.get(name, value)):
                baseline[name] = value
    return baseline


def _is_worse(issue: Issue, value: TermValue, other: TermValue) -> bool:
    rank, reference = rank_of(issue, value), rank_of(issue, other)
    return rank is None or (reference is not None and rank > reference)


def _model_before(rounds: Sequence[NegotiationRound], issues: Mapping[str, Issue]) -> TheirModel:
    if rounds and {belief.term for belief in rounds[-1].model_after.beliefs} == set(issues):
        return rounds[-1].model_after
    return first_model(issues)


def _model_after(
    rounds: Sequence[NegotiationRound],
    issues: Mapping[str, Issue],
    standing: Mapping[str, TermValue],
    position: Position,
) -> TheirModel:
    before = {value.name: value for value in rounds[-1].asked} if rounds else None
    if before is not None and set(before) != set(issues):
        before = None
    return updated(_model_before(rounds, issues), issues, standing, before, position.asked)


def _decided(table: _Table, offer: CounterOffer) -> NegotiationRound:
    problems = escalations(
        sheet=table.sheet, playbook=table.playbook, rounds=table.rounds, issues=table.issues, position=table.position
    )
    worth = utility_of(table.issues, table.position.asked)
    if problems.at_once:
        return _round(table, offer, Move(kind=MoveKind.ESCALATE), problems.at_once)
    if worth is not None and worth >= table.target and _is_ours_to_agree(table):
        return _accepted(table, offer, worth)
    if problems.unless_accepted:
        return _round(table, offer, Move(kind=MoveKind.ESCALATE), problems.unless_accepted)
    return _countered(table, offer, worth)


def _is_ours_to_agree(table: _Table) -> bool:
    """Inside the mandate, or on every term at least as good for us as the sheet that people approved."""
    asked, standing = table.position.asked, table.standing
    if table.position.open_terms:
        return False
    as_good = not any(_is_worse(issue, asked[name], standing[name]) for name, issue in table.issues.items())
    return as_good or not table.mandate.uncovered(asked)


def _accepted(table: _Table, offer: CounterOffer, worth: Fraction) -> NegotiationRound:
    package = Package(table.issues, dict(table.position.asked))
    code = ReasonCode.MEETS_TARGET
    why = [reason(code, utility=str(as_share(worth)), target=str(as_share(table.target)))]
    if not _changes(table, package):
        why.insert(0, reason(ReasonCode.AGREES_WITH_SHEET))
    return _moved(table, offer, MoveKind.ACCEPT, package, tuple(why))


def _countered(table: _Table, offer: CounterOffer, worth: Fraction | None) -> NegotiationRound:
    package = best_counter(
        CounterSearch(
            mandate=table.mandate,
            model=table.model,
            standing=table.standing,
            asked=table.position.asked,
            fixed=table.position.open_terms,
            target=table.target,
            allowed=lambda values: raises_approval(table.sheet, values) is None,
        )
    )
    why = list(asks_against_us(table.mandate, table.standing, table.position))
    if worth is not None and worth < table.target:
        why.append(reason(ReasonCode.BELOW_TARGET, utility=str(as_share(worth)), target=str(as_share(table.target))))
    if not _changes(table, package):
        why.append(reason(ReasonCode.HELD))
    return _moved(table, offer, MoveKind.COUNTER, package, tuple(why))


def _changes(table: _Table, package: Package) -> tuple[TermValue, ...]:
    return tuple(value for name, value in package.values.items() if value != table.standing[name])


def _moved(
    table: _Table, offer: CounterOffer, kind: MoveKind, package: Package, why: tuple[MoveReason, ...]
) -> NegotiationRound:
    """The round for a package, once the next version can be written from it and conforms."""
    move = Move(
        kind=kind,
        changes=_changes(table, package),
        trades=table.mandate.used_trades(package.values),
    )
    try:
        edited = _next_version(table, move)
    except InputError as error:
        stuck = reason(ReasonCode.SHEET_DOES_NOT_CONFORM, detail=error.message)
        return _round(table, offer, Move(kind=MoveKind.ESCALATE), (stuck,))
    after = edited.sheet if edited is not None else table.sheet
    reply = reply_to(move, table.sheet, after, table.playbook, table.position.open_terms)
    return _round(table, offer, move, why, package=package, reply=reply)


def _next_version(table: _Table, move: Move) -> EditedSheet | None:
    if not move.changes:
        return None
    return edit_sheet(table.sheet, edits_of(move), table.playbook, table.sheet.drafted_on)


def _round(
    table: _Table,
    offer: CounterOffer,
    move: Move,
    why: tuple[MoveReason, ...],
    *,
    package: Package | None = None,
    reply: ReplyToThem | None = None,
) -> NegotiationRound:
    worth = utility_of(table.issues, table.position.asked)
    standing = utility_of(table.issues, table.standing)
    theirs = their_interval(table.model, table.issues, package.values) if package is not None else (None, None)
    return NegotiationRound(
        number=table.number,
        sheet_id=table.sheet.sheet_id,
        sheet_version=table.sheet.version,
        playbook_version=playbook_label(table.playbook),
        offer=offer,
        standing=tuple(table.standing.values()),
        asked=tuple(table.position.asked.values()),
        move=move,
        utilities=RoundUtilities(
            of_their_offer=None if worth is None else as_share(worth),
            of_the_sheet=None if standing is None else as_share(standing),
            of_our_move=None if package is None else as_share(package.utility),
            target=as_share(table.target),
            theirs_low=theirs[0],
            theirs_high=theirs[1],
        ),
        reasons=why[:400],
        reply=reply if reply is not None else neutral_reply(move.kind, table.sheet),
        model_before=_model_before(table.rounds, table.issues),
        model_after=table.model,
        made_by=_stamp(table.playbook),
    )


def _unfit(
    sheet: PartnerTermSheet,
    playbook: Playbook,
    rounds: Sequence[NegotiationRound],
    offer: CounterOffer,
    standing: Mapping[str, TermValue],
    place: str,
) -> NegotiationRound:
    """The round where the sheet itself is outside of the playbook: a person decides."""
    model = _model_before(rounds, issues_of(playbook))
    return NegotiationRound(
        number=len(rounds) + 1,
        sheet_id=sheet.sheet_id,
        sheet_version=sheet.version,
        playbook_version=playbook_label(playbook),
        offer=offer,
        standing=tuple(standing.values()),
        asked=(),
        move=Move(kind=MoveKind.ESCALATE),
        utilities=RoundUtilities(
            of_their_offer=None,
            of_the_sheet=None,
            of_our_move=None,
            target=as_share(target_of(playbook.strategy, len(rounds) + 1)),
        ),
        reasons=(reason(ReasonCode.SHEET_DOES_NOT_CONFORM, detail=place),),
        reply=neutral_reply(MoveKind.ESCALATE, sheet),
        model_before=model,
        model_after=model,
        made_by=_stamp(playbook),
    )


def _stamp(playbook: Playbook) -> AnalystStamp:
    engine = f"{engine_label()} / playbook {playbook_label(playbook)} / negotiation 1"
    return AnalystStamp(analyst=AnalystKind.RULES, engine=engine)
