"""A deal on the screen: what waits for whom, the term sheet, and every field that the digest covers."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from pydantic import JsonValue

from partnership_os.agents.sheet_changes import term_label
from partnership_os.agents.sheet_text import format_value, wording
from partnership_os.graphs.views import DealState, DealStatus, DealView
from partnership_os.graphs.wording.approval_words import set_apart
from partnership_os.graphs.wording.texts import Phrase
from partnership_os.schemas.base import BilingualText
from partnership_os.schemas.commitment import Commitment
from partnership_os.schemas.term_sheet import Clause, ClauseGroup, PartnerTermSheet, TermUnit, TermValue
from partnership_os.surfaces.cli_next_steps import Situation
from partnership_os.surfaces.cli_render import Column, Screen
from partnership_os.surfaces.cli_situation import show_decisions, show_situation

HALT_GROUPS = (ClauseGroup.ECONOMICS, ClauseGroup.OBLIGATIONS, ClauseGroup.SLA, ClauseGroup.EXIT)
"""What an approver reads first; `deal show` prints the rest."""
_SHOWN_AS_SHEET = ("clauses", "conditions_precedent", "cover_note")


def show_halt(screen: Screen, view: DealView, here: Situation, asked_at: datetime) -> None:
    """Print what `deal start` ends with: the heart of the sheet, then the situation and whose turn it is.

    Args:
        screen: Where to print.
        view: The deal.
        here: Where it stands.
        asked_at: When the command began; what was asked for earlier exists already, and its sheet is not shown again.
    """
    item = here.turn.item
    if item is not None and item.commitment.requested_at < asked_at:
        screen.say("deal.exists", style="bold yellow", thread=view.state.thread_id)
    elif view.sheet is not None:
        _show_title(screen, view.sheet)
        screen.say("sheet.extract", count=len(view.sheet.clauses))
        screen.command(f"partnership deal show {view.state.thread_id}")
        for group in HALT_GROUPS:
            _show_group(screen, group, view.sheet.clauses_of(group), both=False)
        screen.console.print()
    show_situation(screen, here)


def show_deal(screen: Screen, view: DealView, here: Situation, why: str | None = None) -> None:
    """Print everything about a deal: every clause in both languages, decisions, and all digested fields.

    Args:
        screen: Where to print.
        view: The deal.
        here: Where it stands.
        why: What whoever made this version by an edit said about it.
    """
    if view.sheet is not None:
        _show_sheet(screen, view.sheet)
    if view.conformance is not None:
        key = "deal.conforms" if view.conformance.conforms else "deal.breaches"
        screen.heading(key, version=view.conformance.playbook_version)
    if view.commitment is not None:
        _show_digested(screen, view.commitment, view.sheet)
    if why is not None:
        screen.console.print()
        screen.say("edit.why", note=why)
    show_decisions(screen, view.decisions, here.turn.people, view.state.required_approvals)
    screen.console.print()
    show_situation(screen, here)


def show_deals(screen: Screen, deals: Sequence[DealState], arabic: Mapping[str, str | None]) -> None:
    """Print one line per deal, with what waits for whom.

    Args:
        screen: Where to print.
        deals: Each deal.
        arabic: The Arabic name of each company that has one.
    """
    names = arabic if screen.texts.language == "ar" else {}
    if not deals:
        screen.say("deals.empty")
        return
    screen.table(
        [Column("column.thread", "id"), Column("column.partner"), Column("column.status"), Column("column.waits_for")],
        [
            [
                state.thread_id,
                names.get(state.company_id) or state.company_name,
                screen.texts(f"status.{state.status.value}"),
                screen.texts.approvals(state.still_needed) if state.status is DealStatus.AWAITING_APPROVAL else "–",
            ]
            for state in deals
        ],
    )


def _show_title(screen: Screen, sheet: PartnerTermSheet) -> None:
    arabic = screen.texts.language == "ar"
    us, them = ((side.name_ar if arabic else None) or side.name for side in (sheet.us, sheet.them))
    kind = screen.texts(f"type.{sheet.partnership_type.value}")
    screen.say("sheet.title", style="bold", type=kind, us=us, them=them, version=sheet.version)
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
    title = screen.texts.of(wording().groups[group])
    screen.line(f"{list(ClauseGroup).index(group) + 1}. {title}" if both else title, style="bold")
    for clause in clauses:
        if both:
            _show_both(screen, clause.title, 2, style="bold")
            _show_both(screen, clause.text, 4)
        else:
            screen.line(screen.texts.of(clause.title), style="bold", indent=2)
            screen.line(screen.texts.of(clause.text), indent=4)
        for value in clause.terms:
            if both:
                screen.line(f"{value.name} = {term_text(value)}", style="cyan", indent=4)
            else:
                _show_term(screen, clause, value)


def _show_term(screen: Screen, clause: Clause, value: TermValue) -> None:
    """A value under the name that people know, with the name that an edit takes."""
    shown = set_apart(screen.texts, format_value(value, "ar" if screen.texts.language == "ar" else "en"))
    label = Phrase(screen.texts.of(term_label(value.name, clause)))
    screen.say("sheet.term", style="cyan", indent=4, label=label, name=value.name, value=shown)


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
