"""The approval packet on the screen: the minute first, then the outcome of the rules, then every digested field."""

import shlex
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import timedelta
from decimal import Decimal
from itertools import groupby

from partnership_os.agents.sheet_text import format_value, wording
from partnership_os.governance.standing import OPEN
from partnership_os.graphs.approval_oddities import PacketParty, PacketWarning, PartyRole, Warned, warning_text
from partnership_os.graphs.approval_packet import (
    ApprovalPacket,
    CardOutcome,
    Deadline,
    MainTerm,
    PacketDecision,
    PacketPerson,
    RuleOutcomes,
)
from partnership_os.graphs.digested_fields import DigestedField
from partnership_os.graphs.wording.approval_words import set_apart
from partnership_os.graphs.wording.texts import Phrase
from partnership_os.schemas.base import BilingualText
from partnership_os.schemas.commitment import CommitmentStatus, DecisionOutcome
from partnership_os.schemas.playbook import ConformanceReport, Position, TermCheck
from partnership_os.schemas.score_card import Band
from partnership_os.schemas.term_sheet import TermUnit, TermValue
from partnership_os.surfaces.cli_changes import in_words, show_changes
from partnership_os.surfaces.cli_inbox import waited
from partnership_os.surfaces.cli_next_steps import Turn, moment_text, role, show_next
from partnership_os.surfaces.cli_render import Screen, percent, points

_MOST_WARNINGS = 12
"""Warnings in the minute; a document full of hidden characters must not push everything else off the screen."""
LOW_CONFIDENCE = 0.5
"""Below it a band rests on sources that are too weak, or contradict each other too much, to be read as a verdict."""
_CLOSED = frozenset({Warned.EXPIRED, Warned.CLOSED})
_ALARM = "bold red"
_UNREMARKABLE = frozenset({Position.IDEAL, Position.STANDARD})
_WORDING = BilingualText(en="Wording", ar="الصياغة")


def show_packet(screen: Screen, packet: ApprovalPacket, turn: Turn, why: str | None = None) -> None:
    """Print one commitment as its approver must see it.

    Args:
        screen: Where to print.
        packet: The commitment.
        turn: Whose turn it is with it.
        why: What whoever made this version by an edit said about it.
    """
    _show_minute(screen, packet, why)
    _show_warnings(screen, packet)
    _show_main_terms(screen, packet.main_terms)
    show_changes(screen, packet)
    _show_rules(screen, packet.rules)
    _show_fields(screen, packet.fields)
    _show_end(screen, packet, turn)


def _show_minute(screen: Screen, packet: ApprovalPacket, why: str | None) -> None:
    texts = screen.texts
    screen.phrase(in_words(screen, packet.action.meaning), style="bold")
    _fact(screen, "packet.action", Phrase(texts.inline(packet.action.action)))
    _fact(screen, "packet.type", texts(f"type.{packet.partnership_type.value}"))
    _fact(screen, "packet.status", texts(f"status.{packet.status.value}"))
    roles = ((PartyRole.THEM, "packet.partner"), (PartyRole.US, "packet.us"), (PartyRole.OTHER, "packet.other"))
    for side, key in roles:
        named = [party for party in packet.parties if party.role is side]
        if named:
            _fact(screen, key, _joined(screen, (party.name for party in named)), style=_style_of(named))
    amount = texts("amount.none") if packet.value is None else Phrase(texts.inline(packet.value))
    _fact(screen, "packet.value", amount)
    _fact(screen, "packet.reversibility", texts(f"reversibility.{packet.action.reversibility.name}"))
    _fact(screen, "packet.sensitivity", texts(f"sensitivity.{packet.action.sensitivity.name}"))
    _fact(screen, "packet.class", texts(f"action_class.{packet.action.action_class.value}"))
    _fact(
        screen,
        "packet.document",
        texts("packet.version", document=packet.document_id, version=packet.document_version),
    )
    requested = texts(
        "packet.on", person=_person(screen, packet.requester), moment=moment_text(packet.deadline.requested_at)
    )
    _fact(screen, "packet.requester", requested)
    if why is not None:
        screen.say("edit.why", indent=4, note=why)
    _fact(screen, "packet.required", texts.approvals(packet.required_approvals))
    _show_turn(screen, packet)


def _show_turn(screen: Screen, packet: ApprovalPacket) -> None:
    """Who must act, and until when."""
    texts = screen.texts
    if packet.status is CommitmentStatus.PENDING:
        _fact(screen, "packet.needed", texts.approvals(packet.still_needed), style="bold")
        able = _people(screen, packet.may_approve) or [texts("packet.nobody")]
        _fact(screen, "packet.may_approve", Phrase(texts("packet.semicolon").join(able)))
    for at, decision in enumerate(packet.decisions):
        line = _decision(screen, packet, decision)
        _fact(screen, "packet.decided", line) if at == 0 else screen.phrase(line, indent=4)
        if decision.note:
            screen.say("decided.reason", indent=4, note=decision.note)
    if packet.status not in OPEN:
        return
    deadline = packet.deadline
    left = texts("packet.moment_left", moment=moment_text(deadline.expires_at), left=_left(screen, deadline))
    _fact(screen, "packet.until", left, style="" if deadline.seconds_left else _ALARM)
    if packet.sla is not None:
        now = deadline.expires_at - timedelta(seconds=deadline.seconds_left)
        time, stage = waited(screen, now - packet.sla.requested_at), texts(f"sla.{packet.sla.stage.value}")
        screen.say("sla.line", indent=2, time=time, stage=stage)


def _show_warnings(screen: Screen, packet: ApprovalPacket) -> None:
    """What looks odd; that a commitment is closed is no oddity, and a card that says little no reason for calm."""
    closed = [warning for warning in packet.warnings if warning.warned in _CLOSED]
    odd = _odd(packet)
    screen.console.print()
    for warning in closed:
        screen.phrase(warning_text(screen.texts, warning), style="bold yellow")
    if odd:
        screen.say("packet.odd", style=_ALARM, count=len(odd))
    for warning in odd[:_MOST_WARNINGS]:
        screen.say("packet.warning", style="red", indent=2, warning=warning_text(screen.texts, warning))
    if len(odd) > _MOST_WARNINGS:
        screen.say("packet.more", style="red", indent=2, count=len(odd) - _MOST_WARNINGS)
    weak = _weakness(screen, packet.rules.card)
    if weak is not None:
        screen.phrase(weak, style="yellow")
        _show_card_command(screen, packet.parties)
    elif not odd:
        screen.say("packet.odd_none", style="green")


def _show_card_command(screen: Screen, parties: Sequence[PacketParty]) -> None:
    """Where the reader finds what is not known about the partner; a name that hides something is not offered."""
    for party in parties:
        if party.role is PartyRole.THEM and not party.hidden:
            screen.command(f"partnership card {shlex.quote(party.name)}")
            return


def _odd(packet: ApprovalPacket) -> list[PacketWarning]:
    return [warning for warning in packet.warnings if warning.warned not in _CLOSED]


def _weakness(screen: Screen, card: CardOutcome | None) -> Phrase | None:
    """Why the score card is little to rely on; None where it is not."""
    if card is None:
        return screen.texts("packet.no_card_weak")
    if card.band is Band.UNKNOWN:
        return screen.texts("packet.card_is_unknown", coverage=percent(card.coverage))
    if card.confidence < LOW_CONFIDENCE:
        return screen.texts("packet.card_is_weak", confidence=percent(card.confidence))
    return None


def _show_main_terms(screen: Screen, terms: Sequence[MainTerm]) -> None:
    if terms:
        screen.heading("packet.main_terms")
    for term in terms:
        label, value = in_words(screen, term.label), in_words(screen, term.value)
        screen.say("sheet.term", indent=2, label=label, name=term.term, value=value)


def _show_rules(screen: Screen, rules: RuleOutcomes) -> None:
    screen.heading("packet.rules")
    if rules.conformance is None:
        screen.say("packet.no_report", indent=2)
    else:
        _show_report(screen, rules.conformance)
    screen.say("packet.conditions", style="bold", indent=2)
    if not rules.conditions_precedent:
        screen.say("packet.no_conditions", indent=4)
    for condition in rules.conditions_precedent:
        screen.phrase(in_words(screen, condition), indent=4)
    screen.say("packet.card", style="bold", indent=2)
    if rules.card is None:
        screen.say("packet.no_card", indent=4)
    else:
        _show_card(screen, rules.card)


def _show_report(screen: Screen, report: ConformanceReport) -> None:
    key, style = ("packet.conforms", "green") if report.conforms else ("packet.breaches", _ALARM)
    screen.say(key, style=style, indent=2, version=report.playbook_version)
    counts = Counter(check.position for check in report.checks)
    for position in Position:
        if counts[position]:
            words = screen.texts(f"position.{position.value}")
            screen.say("packet.position", indent=4, count=counts[position], position=words)
    for check in report.checks:
        if check.position not in _UNREMARKABLE:
            style = _ALARM if check.position is Position.BREACH else ""
            detail = in_words(screen, check.detail)
            name = _term_name(screen, check)
            screen.say("packet.check", style=style, indent=4, term=name, clause=check.clause_id, detail=detail)


def _term_name(screen: Screen, check: TermCheck) -> str:
    known = wording().terms.get(check.term) if check.term != "wording" else _WORDING
    return check.term if known is None else in_words(screen, known)


def _show_card(screen: Screen, card: CardOutcome) -> None:
    texts = screen.texts
    bands = {name: texts(f"band.{getattr(card, name).value}") for name in ("band", "best_band", "worst_band")}
    if card.band is Band.UNKNOWN:
        screen.say(
            "packet.card_unknown",
            indent=4,
            band=bands["band"],
            worst=bands["worst_band"],
            best=bands["best_band"],
            coverage=percent(card.coverage),
        )
    else:
        screen.say(
            "packet.card_score",
            indent=4,
            band=bands["band"],
            score=points(card.score),
            confidence=percent(card.confidence),
            coverage=percent(card.coverage),
        )
    for reason in card.blocked:
        screen.say("packet.blocked", style=_ALARM, indent=4, text=in_words(screen, reason.text))
    for check in card.must_haves:
        if not check.met:
            screen.say("packet.not_shown", style="yellow", indent=4, text=in_words(screen, check.text))
    if not card.risks:
        screen.say("packet.no_risks", indent=4)
    for risk in card.risks:
        text = in_words(screen, risk.text)
        screen.say("packet.risk", indent=4, text=text, likelihood=risk.likelihood, impact=risk.impact)


def _show_fields(screen: Screen, fields: Sequence[DigestedField]) -> None:
    screen.heading("packet.fields", count=len(fields))
    for label, group in groupby(fields, key=lambda field: field.label):
        members = list(group)
        words = None if label is None else in_words(screen, label)
        if words is not None and len(members) > 1:
            screen.phrase(words, style="bold", indent=2)
        for field in members:
            alone = words if len(members) == 1 else None
            _show_field(screen, field, alone)


def _show_field(screen: Screen, field: DigestedField, label: Phrase | None) -> None:
    style = "red" if field.hidden else ""
    if label is None:
        screen.say("packet.field", style=style, indent=4, path=field.path, value=field.value)
    else:
        screen.say("packet.field_named", style=style, indent=2, label=label, path=field.path, value=field.value)
    if field.hidden:
        names = dict.fromkeys(f"{item.name} ({item.code_point})" for item in field.hidden)
        screen.say("packet.field_hidden", style=_ALARM, indent=4, names=screen.texts.listing(names))


def _show_end(screen: Screen, packet: ApprovalPacket, turn: Turn) -> None:
    """What the digest is, whose turn it is and what they type."""
    screen.console.print()
    if odd := _odd(packet):
        screen.say("packet.odd_above", style=_ALARM, count=len(odd))
    screen.fact("deal.commitment", packet.commitment_id)
    screen.fact("deal.digest", packet.digest)
    show_next(screen, turn)


def _fact(screen: Screen, key: str, value: Phrase, style: str = "") -> None:
    screen.phrase(f"{screen.texts(key)}: {value}", style=style, indent=2)


def _joined(screen: Screen, values: Iterable[str]) -> Phrase:
    return Phrase(" · ".join(set_apart(screen.texts, value) for value in dict.fromkeys(values)))


def _style_of(parties: Sequence[PacketParty]) -> str:
    return _ALARM if any(party.hidden or party.lookalikes or party.known_as for party in parties) else "bold"


def _people(screen: Screen, people: Sequence[PacketPerson]) -> list[Phrase]:
    return [_person(screen, person) for person in people]


def _person(screen: Screen, person: PacketPerson) -> Phrase:
    texts = screen.texts
    if person.level is None:
        shown = texts("packet.person", name=person.name, id=person.person_id)
    else:
        key = "packet.person_legal" if person.legal else "packet.person_level"
        shown = texts(key, name=person.name, id=person.person_id, level=texts(f"level.{person.level.value}"))
    if person.for_whom is None:
        return shown
    return texts("packet.person_for", person=shown, whom=_person(screen, person.for_whom))


def _decision(screen: Screen, packet: ApprovalPacket, decision: PacketDecision) -> Phrase:
    texts = screen.texts
    what = texts(f"outcome.{decision.outcome.value}")
    by = decision.by
    person = _person(screen, by.model_copy(update={"level": None}))
    if by.level is not None:
        person = texts(
            "packet.as", person=person, role=role(screen, by.level, bool(by.legal), packet.required_approvals)
        )
    line = texts("packet.decision", what=what, person=person, moment=moment_text(decision.decided_at))
    lapsed = packet.status in OPEN and not decision.counts and decision.outcome is DecisionOutcome.APPROVE
    return texts("packet.not_counted", decision=line) if lapsed else line


def _left(screen: Screen, deadline: Deadline) -> Phrase:
    """The time that is left in days and hours, with the nouns of the language."""
    texts = screen.texts
    hours, rest = divmod(deadline.seconds_left, 3_600)
    days, hours = divmod(hours, 24)
    if not days and not hours:
        return texts("packet.left_little" if rest else "packet.left_nothing")
    nouns = {unit: _span(screen, unit, number) for unit, number in ((TermUnit.DAYS, days), (TermUnit.HOURS, hours))}
    if not days:
        return texts("packet.left_hours", hours=nouns[TermUnit.HOURS])
    return texts("packet.left", days=nouns[TermUnit.DAYS], hours=nouns[TermUnit.HOURS])


def _span(screen: Screen, unit: TermUnit, number: int) -> Phrase:
    value = TermValue(name="left", unit=unit, number=Decimal(number))
    return Phrase(format_value(value, "ar" if screen.texts.language == "ar" else "en"))
