"""A deal on the screen: what waits for whom, the term sheet, and every field that the digest covers."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal

from pydantic import JsonValue

from partnership_os.graphs.views import DealState, DealView
from partnership_os.graphs.wording import approve_command
from partnership_os.schemas.base import BilingualText
from partnership_os.schemas.commitment import Commitment, Decision, DecisionOutcome
from partnership_os.schemas.term_sheet import Clause, ClauseGroup, PartnerTermSheet, TermUnit, TermValue
from partnership_os.surfaces.cli_render import Column, Screen

HALT_GROUPS = (ClauseGroup.ECONOMICS, ClauseGroup.OBLIGATIONS, ClauseGroup.SLA, ClauseGroup.EXIT)
"""What an approver reads first; `deal show` prints the rest."""
_SHOWN_AS_SHEET = ("clauses", "conditions_precedent", "cover_note")


def show_situation(screen: Screen, state: DealState) -> None:
    """Print where a deal stands, what waits for whom, and the exact next command."""
    first, *rest = screen.texts.situation(state)
    screen.phrase(first, style="bold")
    for line in rest:
        screen.phrase(line)
    screen.fact("deal.thread", state.thread_id)
    if state.commitment_id is not None:
        screen.fact("deal.commitment", state.commitment_id)
    if state.digest is not None:
        screen.fact("deal.digest", state.digest)
    following = approve_command(state)
    if following is not None:
        screen.say("deal.next")
        screen.command(following)
        screen.command(f"partnership deal show {state.thread_id}")


def show_halt(screen: Screen, view: DealView) -> None:
    """Print what `deal start` ends with: the situation and the heart of the sheet."""
    if view.sheet is not None:
        _show_title(screen, view.sheet)
        for group in HALT_GROUPS:
            _show_group(screen, group, view.sheet.clauses_of(group), both=False)
        screen.console.print()
    show_situation(screen, view.state)


def show_deal(screen: Screen, view: DealView) -> None:
    """Print everything about a deal: every clause in both languages, decisions, and all digested fields."""
    if view.sheet is not None:
        _show_sheet(screen, view.sheet)
    if view.conformance is not None:
        key = "deal.conforms" if view.conformance.conforms else "deal.breaches"
        screen.heading(key, version=view.conformance.playbook_version)
    if view.commitment is not None:
        _show_digested(screen, view.commitment, view.sheet)
    _show_decisions(screen, view.decisions)
    screen.console.print()
    show_situation(screen, view.state)


def show_deals(screen: Screen, deals: Sequence[DealState]) -> None:
    """Print one line per deal, with what waits for whom."""
    if not deals:
        screen.say("deals.empty")
        return
    screen.table(
        [Column("column.thread", "id"), Column("column.partner"), Column("column.status"), Column("column.waits_for")],
        [
            [
                state.thread_id,
                state.company_name,
                screen.texts(f"status.{state.status.value}"),
                screen.texts.approvals(state.still_needed) if state.still_needed else "–",
            ]
            for state in deals
        ],
    )


def _show_title(screen: Screen, sheet: PartnerTermSheet) -> None:
    screen.say(
        "sheet.title",
        style="bold",
        type=screen.texts(f"type.{sheet.partnership_type.value}"),
        us=sheet.us.name,
        them=sheet.them.name,
        version=sheet.version,
    )
    screen.line(f"{sheet.sheet_id} · {sheet.currency} · {sheet.drafted_on}", style="dim")


def _show_sheet(screen: Screen, sheet: PartnerTermSheet) -> None:
    _show_title(screen, sheet)
    _show_both(screen, sheet.cover_note, 0)
    for group in ClauseGroup:
        _show_group(screen, group, sheet.clauses_of(group), both=True)
    if sheet.conditions_precedent:
        screen.heading("sheet.conditions")
    for condition in sheet.conditions_precedent:
        _show_both(screen, condition, 2)


def _show_group(screen: Screen, group: ClauseGroup, clauses: Sequence[Clause], both: bool) -> None:
    if not clauses:
        return
    screen.console.print()
    screen.line(f"{list(ClauseGroup).index(group) + 1}. {group.value.replace('_', ' ')}", style="bold")
    for clause in clauses:
        if both:
            _show_both(screen, clause.title, 2, style="bold")
            _show_both(screen, clause.text, 4)
        else:
            screen.line(screen.texts.of(clause.title), style="bold", indent=2)
            screen.line(screen.texts.of(clause.text), indent=4)
        for value in clause.terms:
            screen.line(f"{value.name} = {term_text(value)}", style="cyan", indent=4)


def _show_both(screen: Screen, text: BilingualText, indent: int, style: str = "") -> None:
    first, second = (text.ar, text.en) if screen.texts.language == "ar" else (text.en, text.ar)
    screen.line(first, style=style, indent=indent)
    screen.line(second, style="dim", indent=indent)


def term_text(value: TermValue) -> str:
    """A term with its unit in words that need no translation: ``15 %``, ``24 months``, ``50,000.00 SAR``."""
    if value.unit is TermUnit.CHOICE or value.number is None:
        return str(value.choice)
    if value.unit is TermUnit.MONEY:
        return f"{value.number:,.2f} {value.currency}"
    if value.unit is TermUnit.SHARE:
        return f"{_short(value.number * 100)} %"
    return _short(value.number) if value.unit is TermUnit.COUNT else f"{_short(value.number)} {value.unit.value}"


def _short(number: Decimal) -> str:
    """The number without zeros that say nothing: 15 for 15.00, and 100 stays 100."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _show_digested(screen: Screen, commitment: Commitment, sheet: PartnerTermSheet | None) -> None:
    """Every field of the commitment; the parts of its terms that were printed as a sheet are not repeated."""
    screen.heading("deal.digested")
    body: dict[str, JsonValue] = commitment.model_dump(mode="json", exclude={"commitment_id"})
    printed = sheet is not None and commitment.terms == sheet.model_dump(mode="json")
    if sheet is not None and not printed:
        screen.say("deal.terms_differ", style="bold red")
    hidden = tuple(f"terms.{part}" for part in _SHOWN_AS_SHEET) if printed else ()
    for path, value in flattened(body):
        if not path.startswith(hidden):
            screen.line(f"{path} = {value}", indent=2)
    if printed:
        screen.say("deal.terms_above", style="dim", indent=2)


def flattened(value: JsonValue, path: str = "") -> Iterator[tuple[str, str]]:
    """Every leaf of a JSON value with its path: ``terms.clauses[0].title.en``."""
    if isinstance(value, dict) and value:
        for key in value:
            yield from flattened(value[key], f"{path}.{key}" if path else key)
    elif isinstance(value, list) and value:
        for at, item in enumerate(value):
            yield from flattened(item, f"{path}[{at}]")
    else:
        yield path, "–" if value is None else str(value)


def _show_decisions(screen: Screen, decisions: Sequence[Decision]) -> None:
    if decisions:
        screen.heading("deal.decisions")
    for decision in decisions:
        key = "deal.approved_by" if decision.outcome is DecisionOutcome.APPROVE else "deal.rejected_by"
        level = screen.texts(f"level.{decision.level.value}")
        screen.say(key, indent=2, person=decision.decided_by, level=level, moment=_moment(decision.decided_at))
        if decision.note:
            screen.line(f"“{decision.note}”", indent=4)


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M")
