"""NEGOTIATE: from card, need and playbook to a versioned term sheet that shows none of our limits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from hashlib import sha256

from partnership_os.agents.analyst import Analyst, Note, engine_label
from partnership_os.agents.conformance import check_conformance
from partnership_os.agents.leaks import find_leaks
from partnership_os.agents.playbook import (
    playbook_label,
)
from partnership_os.agents.sheet_text import (
    LANGUAGES,
    Language,
    bilingual,
    context_of,
    fill,
    format_value,
    joined_labels,
    standard_note,
    territory_names,
    wording,
)
from partnership_os.agents.term_values import term_values
from partnership_os.errors import InputError
from partnership_os.governance.canonical import digest_of
from partnership_os.schemas.base import BilingualText, Money
from partnership_os.schemas.company import Company
from partnership_os.schemas.need import PartnershipNeed
from partnership_os.schemas.playbook import (
    ConformanceReport,
    Playbook,
    PlaybookClause,
)
from partnership_os.schemas.score_card import PartnerFitScoreCard
from partnership_os.schemas.stamp import AnalystKind, AnalystStamp, ModelUsage
from partnership_os.schemas.term_sheet import Clause, PartnerTermSheet, Party, TermUnit, TermValue
from partnership_os.tools.lexicon import Lexicon, load_lexicon
from partnership_os.tools.text import numbers_in

__all__ = ["NOT_OURS_TO_PAY", "DraftRequest", "DraftResult", "committed_value", "draft_term_sheet", "sheet_id_of"]

NOT_OURS_TO_PAY = frozenset({"commission_cap", "insurance_cover", "minimum_orders_per_year", "partner_investment"})
"""Money terms that bind us to no payment: ceilings, insured sums, what the partner pays. Every other money term counts
as ours, so that a term nobody has classified raises the approval level instead of lowering it."""


@dataclass(frozen=True, slots=True)
class DraftRequest:
    """What a draft is made of. ``changes`` are a person's edits: name of the term → number in its unit, or choice.

    Shares are fractions of one; money is in the need's currency.
    """

    thread_id: str
    need: PartnershipNeed
    card: PartnerFitScoreCard
    company: Company
    playbook: Playbook
    drafted_on: date
    previous: PartnerTermSheet | None = None
    changes: Mapping[str, Decimal | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DraftResult:
    """The sheet, which may be shown to the partner, and the private report about it.

    ``note_refused`` says why a written note was not used and the standard one stands instead.
    """

    sheet: PartnerTermSheet
    report: ConformanceReport
    usage: ModelUsage = field(default_factory=ModelUsage)
    note_refused: tuple[str, ...] = ()


def draft_term_sheet(
    request: DraftRequest, analyst: Analyst | None = None, lexicon: Lexicon | None = None
) -> DraftResult:
    """Draft the next version of a term sheet. Proposes only: nothing is stored, sent or committed.

    The first version states the opening of every term; a later one starts from its predecessor. The analyst, if any,
    writes the cover note and sees nothing but the sheet; a note that names a figure which the sheet does not state
    the same in both languages, or a limit, is replaced by the standard one.

    Args:
        request: What the draft is made of.
        analyst: Who writes the cover note; the standard note when None.
        lexicon: Names of the segments; the shipped one when None.

    Raises:
        InputError: card, company, playbook or previous version belong to another deal; a change names an unknown or
            fixed term, has no value of the term's unit, or is worse than our walk-away; the currency has no fixed
            rate to the playbook's.
    """
    _check_same_deal(request)
    values = term_values(request.playbook, request.need.deal.currency, request.previous, request.changes)
    draft = _assemble(request, values, lexicon if lexicon is not None else load_lexicon())
    if analyst is None:
        return DraftResult(sheet=draft, report=check_conformance(draft, request.playbook))
    note = analyst.cover_note(draft)
    refused = _objections(note, draft, request.playbook)
    if not refused:
        draft = _with_note(draft, note.text, note.made_by)
    report = check_conformance(draft, request.playbook)
    return DraftResult(sheet=draft, report=report, usage=note.usage, note_refused=refused)


def sheet_id_of(thread_id: str, need_id: str, company_id: str) -> str:
    """The id of every version of one deal's sheet: the same deal gives the same id."""
    return "ts_" + sha256(f"{thread_id}|{need_id}|{company_id}".encode()).hexdigest()[:24]


def committed_value(sheet: PartnerTermSheet) -> Money | None:
    """The money that we bind ourselves to pay over the first term; None when there is none.

    Fixed amounts count once, yearly ones (``…_per_year``) for each begun year of the first term. Shares of revenue are
    not money that we owe before a customer has paid, so they do not count.
    """
    months = sheet.term("term_months")
    years = 1 if months is None or months.number is None else max(1, -(-int(months.number) // 12))
    total = Decimal(0)
    for clause in sheet.clauses:
        for value in clause.terms:
            if value.unit is TermUnit.MONEY and value.number is not None and value.name not in NOT_OURS_TO_PAY:
                total += value.number * (years if value.name.endswith("_per_year") else 1)
    return Money(amount=total, currency=sheet.currency) if total else None


def _check_same_deal(request: DraftRequest) -> None:
    need, card, company, previous = request.need, request.card, request.company, request.previous
    pairs = [
        ("the card's company", card.company_id, company.company_id),
        ("the card's need", card.need_id, need.need_id),
        ("the card's partnership type", card.partnership_type.value, need.partnership_type.value),
        ("the playbook's partnership type", request.playbook.partnership_type.value, need.partnership_type.value),
    ]
    if previous is not None:
        pairs += [
            ("the previous sheet", previous.sheet_id, sheet_id_of(request.thread_id, need.need_id, company.company_id)),
            ("the previous sheet's partnership type", previous.partnership_type.value, need.partnership_type.value),
            ("the previous sheet's currency", previous.currency, need.deal.currency),
        ]
    for what, found, wanted in pairs:
        if found != wanted:
            raise InputError(
                f"{what} is {found}, not {wanted}: it belongs to another deal.",
                fix="Draft from the card, playbook and previous sheet of this deal.",
                thread_id=request.thread_id,
            )


def _assemble(request: DraftRequest, values: dict[str, TermValue], lexicon: Lexicon) -> PartnerTermSheet:
    need, company, previous = request.need, request.company, request.previous
    standing = {language: _standing_context(need, lexicon, language) for language in LANGUAGES}
    engine = f"{engine_label()} / playbook {playbook_label(request.playbook)}"
    blank = PartnerTermSheet(
        sheet_id=sheet_id_of(request.thread_id, need.need_id, company.company_id),
        version=1 if previous is None else previous.version + 1,
        supersedes=None if previous is None else digest_of(previous.model_dump(mode="json")),
        thread_id=request.thread_id,
        partnership_type=need.partnership_type,
        need_id=need.need_id,
        company_id=company.company_id,
        us=_our_party(need),
        them=_their_party(company),
        currency=need.deal.currency,
        drafted_on=request.drafted_on,
        clauses=tuple(_bare_clause(clause, values) for clause in request.playbook.clauses),
        conditions_precedent=_conditions(request),
        cover_note=BilingualText(en="-", ar="-"),
        playbook_version=playbook_label(request.playbook),
        made_by=AnalystStamp(analyst=AnalystKind.RULES, engine=engine),
    )
    contexts = {language: {**standing[language], **context_of(blank, language)} for language in LANGUAGES}
    clauses = tuple(
        _clause(template, bare, contexts)
        for template, bare in zip(request.playbook.clauses, blank.clauses, strict=True)
    )
    drafted = PartnerTermSheet.model_validate(
        {**{name: getattr(blank, name) for name in PartnerTermSheet.model_fields}, "clauses": clauses}
    )
    return _with_note(drafted, standard_note(drafted), drafted.made_by)


def _standing_context(need: PartnershipNeed, lexicon: Lexicon, language: Language) -> dict[str, str]:
    labels = []
    for slug in need.target_segments:
        concept = lexicon.get(slug)
        if concept is None:
            raise InputError(
                f"The segment {slug!r} is no concept of the lexicon, so it has no name for the sheet.",
                fix="Correct target_segments of the need.",
                need_id=need.need_id,
            )
        labels.append(bilingual(concept.label, language))
    return {"territory": territory_names(need.regions, language), "segments": joined_labels(labels, language)}


def _our_party(need: PartnershipNeed) -> Party:
    ours = need.our_company
    return Party(name=ours.name, name_ar=ours.name_ar, country=ours.country, domain=ours.domain)


def _their_party(company: Company) -> Party:
    keys = company.identifiers
    return Party(
        name=company.name,
        name_ar=company.name_ar,
        country=company.countries[0] if len(company.countries) == 1 else None,
        registry_number=keys.registry_number,
        domain=keys.domain,
    )


def _bare_clause(template: PlaybookClause, values: Mapping[str, TermValue]) -> Clause:
    terms = tuple(values[term.name] for term in template.terms)
    return Clause(
        clause_id=template.clause_id, group=template.group, title=template.title, text=template.title, terms=terms
    )


def _clause(template: PlaybookClause, bare: Clause, contexts: Mapping[Language, dict[str, str]]) -> Clause:
    texts: dict[Language, str] = {}
    for language in LANGUAGES:
        values = {value.name: format_value(value, language) for value in bare.terms}
        texts[language] = fill(bilingual(template.text, language), {**contexts[language], **values})
    return bare.model_copy(update={"text": BilingualText(en=texts["en"], ar=texts["ar"])})


def _conditions(request: DraftRequest) -> tuple[BilingualText, ...]:
    """The playbook's conditions, then one for each dimension in which the card leaves anything of weight open.

    They stand in the order of the card, which is the same for everybody, and show nothing of our judgement.
    """
    named = wording().conditions
    keys: list[str] = []
    if request.card.blocked:
        keys.append("blocked")
    if request.company.identifiers.registry_number is None:
        keys.append("registry_number")
    keys += [
        part.dimension.value
        for part in request.card.dimensions
        if part.weight and any(item.points is None and item.weight for item in part.indicators)
    ]
    return tuple(dict.fromkeys([*request.playbook.conditions_precedent, *(named[key] for key in keys)]))[:20]


def _with_note(sheet: PartnerTermSheet, note: BilingualText, made_by: AnalystStamp) -> PartnerTermSheet:
    return sheet.model_copy(update={"cover_note": note, "made_by": made_by})


def _objections(note: Note, sheet: PartnerTermSheet, playbook: Playbook) -> tuple[str, ...]:
    leaks = find_leaks(_with_note(sheet, note.text, note.made_by), playbook)
    known = _numbers_of(sheet)
    english, arabic = set(numbers_in(note.text.en)), set(numbers_in(note.text.ar))
    strange = sorted((english | arabic) - known)
    problems = [*leaks, *(f"cover_note: {number:f} is no figure of the sheet" for number in strange)]
    return tuple(problems)


def _numbers_of(sheet: PartnerTermSheet) -> set[Decimal]:
    """Every figure that stands on the sheet in either language, its date and counts; one to three are prose."""
    texts = [sheet.cover_note, *(clause.text for clause in sheet.clauses), *sheet.conditions_precedent]
    stated = {number for text in texts for language in LANGUAGES for number in numbers_in(bilingual(text, language))}
    names = {number for party in (sheet.us, sheet.them) for number in numbers_in(f"{party.name} {party.name_ar or ''}")}
    counts = {sheet.drafted_on.month, len(sheet.clauses), len(sheet.conditions_precedent), *range(4)}
    return stated | names | {Decimal(number) for number in counts}
