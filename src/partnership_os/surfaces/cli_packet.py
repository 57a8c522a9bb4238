"""The approval packet on the screen: the minute first, then the outcome of the rules, then every digested field."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import groupby

from partnership_os.agents.sheet_changes import Change, FieldChange, SheetChange, SheetPart
from partnership_os.agents.sheet_text import format_value, wording
from partnership_os.graphs.approval_oddities import PacketParty, PartyRole, warning_text
from partnership_os.graphs.approval_packet import (
    ApprovalPacket,
    CardOutcome,
    Deadline,
    MainTerm,
    PacketDecision,
    PacketPerson,
    RuleOutcomes,
)
from partnership_os.graphs.approval_words import set_apart
from partnership_os.graphs.digested_fields import DigestedField
from partnership_os.graphs.wording import Phrase
from partnership_os.schemas.base import BilingualText
from partnership_os.schemas.commitment import CommitmentStatus
from partnership_os.schemas.playbook import ConformanceReport, Position, TermCheck
from partnership_os.schemas.score_card import Band
from partnership_os.schemas.term_sheet import TermUnit, TermValue
from partnership_os.surfaces.cli_inbox import waited
from partnership_os.surfaces.cli_render import Screen, percent, points

_MOST_WARNINGS = 12
"""Warnings in the minute; a document full of hidden characters must not push everything else off the screen."""
_ALARM = "bold red"
_CONTEXT_WORDS = 4
_UNREMARKABLE = frozenset({Position.IDEAL, Position.STANDARD})
_WORDING = BilingualText(en="Wording", ar="الصياغة")
_REWORDED = frozenset({SheetPart.TITLE, SheetPart.TEXT, SheetPart.COVER_NOTE})


def show_packet(screen: Screen, packet: ApprovalPacket) -> None:
    """Print one commitment as its approver must see it."""
    _show_minute(screen, packet)
    _show_warnings(screen, packet)
    _show_main_terms(screen, packet.main_terms)
    show_changes(screen, packet)
    _show_rules(screen, packet.rules)
    _show_fields(screen, packet.fields)
    _show_commands(screen, packet)


def _show_minute(screen: Screen, packet: ApprovalPacket) -> None:
    texts = screen.texts
    screen.phrase(_words(screen, packet.action.meaning), style="bold")
    _fact(screen, "packet.action", Phrase(texts.inline(packet.action.action)))
    _fact(screen, "packet.type", texts(f"type.{packet.partnership_type.value}"))
    _fact(screen, "packet.status", texts(f"status.{packet.status.value}"))
    roles = ((PartyRole.THEM, "packet.partner"), (PartyRole.US, "packet.us"), (PartyRole.OTHER, "packet.other"))
    for role, key in roles:
        named = [party for party in packet.parties if party.role is role]
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
        "packet.on", person=_person(screen, packet.requester), moment=_moment(packet.deadline.requested_at)
    )
    _fact(screen, "packet.requester", requested)
    _fact(screen, "packet.required", texts.approvals(packet.required_approvals))
    _show_turn(screen, packet)


def _show_turn(screen: Screen, packet: ApprovalPacket) -> None:
    """Who must act, and until when."""
    texts = screen.texts
    _fact(screen, "packet.needed", texts.approvals(packet.still_needed), style="bold")
    if packet.status is CommitmentStatus.PENDING:
        able = _people(screen, packet.may_approve) or [texts("packet.nobody")]
        _fact(screen, "packet.may_approve", Phrase(texts("packet.semicolon").join(able)))
    for at, decision in enumerate(packet.decisions):
        line = _decision(screen, decision)
        _fact(screen, "packet.decided", line) if at == 0 else screen.phrase(line, indent=4)
        if decision.note:
            screen.line(f"“{decision.note}”", indent=4)
    deadline = packet.deadline
    left = texts("packet.moment_left", moment=_moment(deadline.expires_at), left=_left(screen, deadline))
    _fact(screen, "packet.until", left, style="" if deadline.seconds_left else _ALARM)
    if packet.sla is not None:
        now = deadline.expires_at - timedelta(seconds=deadline.seconds_left)
        time, stage = waited(screen, now - packet.sla.requested_at), texts(f"sla.{packet.sla.stage.value}")
        screen.say("sla.line", indent=2, time=time, stage=stage)


def _show_warnings(screen: Screen, packet: ApprovalPacket) -> None:
    if not packet.warnings:
        screen.console.print()
        screen.say("packet.odd_none", style="green")
        return
    screen.console.print()
    screen.say("packet.odd", style=_ALARM, count=len(packet.warnings))
    for warning in packet.warnings[:_MOST_WARNINGS]:
        screen.say("packet.warning", style="red", indent=2, warning=warning_text(screen.texts, warning))
    if len(packet.warnings) > _MOST_WARNINGS:
        screen.say("packet.more", style="red", indent=2, count=len(packet.warnings) - _MOST_WARNINGS)


def _show_main_terms(screen: Screen, terms: Sequence[MainTerm]) -> None:
    if terms:
        screen.heading("packet.main_terms")
    for term in terms:
        screen.say("packet.term", indent=2, label=_words(screen, term.label), value=_words(screen, term.value))


def show_changes(screen: Screen, packet: ApprovalPacket) -> None:
    """Print what differs from the version before."""
    before = packet.previous
    if before is None:
        screen.console.print()
        screen.say("packet.first")
        return
    if before.status is None:
        screen.heading("packet.changes", version=before.document_version)
    else:
        status = screen.texts(f"status.{before.status.value}")
        screen.heading("packet.changes_status", version=before.document_version, status=status)
    if not before.document and packet.rules.conformance is not None:
        screen.say("packet.unchanged", indent=2)
    for change in before.document:
        _show_sheet_change(screen, change)
    if before.request:
        screen.say("packet.request_changes", style="dim", indent=2)
    for field in before.request:
        _show_field_change(screen, field)


def _show_sheet_change(screen: Screen, change: SheetChange) -> None:
    label = _words(screen, change.label)
    if change.part in _REWORDED and change.old is not None and change.new is not None:
        part = screen.texts(f"part.{change.part.value}")
        screen.say("packet.reworded", style="bold", indent=2, label=label, part=part)
        for old, new in _both_languages(screen, change.old, change.new):
            before, after = _differing(old, new)
            screen.say("packet.old", indent=4, text=set_apart(screen.texts, before))
            screen.say("packet.new", indent=4, text=set_apart(screen.texts, after))
        return
    style = "bold" if change.part is SheetPart.VALUE else ""
    _say_change(
        screen,
        change.change,
        style=style,
        label=label,
        old=None if change.old is None else _side(screen, change.old),
        new=None if change.new is None else _side(screen, change.new),
    )


def _show_field_change(screen: Screen, change: FieldChange) -> None:
    _say_change(screen, change.change, style="", label=change.path, old=change.old, new=change.new)


def _say_change(screen: Screen, change: Change, *, style: str, label: str, old: str | None, new: str | None) -> None:
    key = "packet.change" if change is Change.CHANGED else f"packet.change_{change.value}"
    sides = {"old": set_apart(screen.texts, old or ""), "new": set_apart(screen.texts, new or "")}
    screen.say(key, style=style, indent=2, label=label, **sides)


def _both_languages(screen: Screen, old: BilingualText, new: BilingualText) -> Iterator[tuple[str, str]]:
    """The sides that differ, the reader's language first: a change in the other language alone must show too."""
    sides = [(old.en, new.en), (old.ar, new.ar)]
    ordered = sides if screen.texts.language == "en" else sides[::-1]
    yield from (side for side in ordered if side[0] != side[1])


def _differing(old: str, new: str) -> tuple[str, str]:
    """The part of two texts that differs, with a few words around it; equal ends are cut to an ellipsis."""
    before, after = old.split(" "), new.split(" ")
    same = 0
    while same < min(len(before), len(after)) and before[same] == after[same]:
        same += 1
    tail = 0
    while tail < min(len(before), len(after)) - same and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    start = max(same - _CONTEXT_WORDS, 0)
    end = max(tail - _CONTEXT_WORDS, 0)
    head, rest = "… " if start else "", " …" if end else ""
    shown = [head + " ".join(words[start : len(words) - end]) + rest for words in (before, after)]
    return shown[0], shown[1]


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
        screen.phrase(_words(screen, condition), indent=4)
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
            detail = _words(screen, check.detail)
            name = _term_name(screen, check)
            screen.say("packet.check", style=style, indent=4, term=name, clause=check.clause_id, detail=detail)


def _term_name(screen: Screen, check: TermCheck) -> str:
    known = wording().terms.get(check.term) if check.term != "wording" else _WORDING
    return check.term if known is None else _words(screen, known)


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
        screen.say("packet.blocked", style=_ALARM, indent=4, text=_words(screen, reason.text))
    for check in card.must_haves:
        if not check.met:
            screen.say("packet.not_shown", style="yellow", indent=4, text=_words(screen, check.text))
    if not card.risks:
        screen.say("packet.no_risks", indent=4)
    for risk in card.risks:
        text = _words(screen, risk.text)
        screen.say("packet.risk", indent=4, text=text, likelihood=risk.likelihood, impact=risk.impact)


def _show_fields(screen: Screen, fields: Sequence[DigestedField]) -> None:
    screen.heading("packet.fields", count=len(fields))
    for label, group in groupby(fields, key=lambda field: field.label):
        members = list(group)
        words = None if label is None else _words(screen, label)
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
        screen.say("packet.field_hidden", style=_ALARM, indent=4, names=", ".join(names))


def _show_commands(screen: Screen, packet: ApprovalPacket) -> None:
    screen.console.print()
    if packet.warnings:
        screen.say("packet.odd_above", style=_ALARM, count=len(packet.warnings))
    screen.fact("deal.commitment", packet.commitment_id)
    screen.fact("deal.digest", packet.digest)
    if packet.status is CommitmentStatus.PENDING:
        screen.say("packet.decide")
        screen.command(f"PARTNERSHIP_TOKEN=… partnership approve {packet.commitment_id}")
        screen.command(f"PARTNERSHIP_TOKEN=… partnership reject {packet.commitment_id} --note '…'")


def _fact(screen: Screen, key: str, value: Phrase, style: str = "") -> None:
    screen.phrase(f"{screen.texts(key)}: {value}", style=style, indent=2)


def _words(screen: Screen, text: BilingualText) -> Phrase:
    """The side of a text that this screen reads, safe to stand in a line."""
    return Phrase(screen.texts.inline(_side(screen, text)))


def _side(screen: Screen, text: BilingualText) -> str:
    return text.ar if screen.texts.language == "ar" else text.en


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


def _decision(screen: Screen, decision: PacketDecision) -> Phrase:
    texts = screen.texts
    what = texts(f"outcome.{decision.outcome.value}")
    line = texts("packet.decision", what=what, person=_person(screen, decision.by), moment=_moment(decision.decided_at))
    if decision.counts or decision.outcome.value != "approve":
        return line
    return texts("packet.not_counted", decision=line)


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


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M")
