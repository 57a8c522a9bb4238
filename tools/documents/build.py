"""From a term sheet to the content of its document."""

from collections.abc import Callable

from partnership_os.errors import InputError
from partnership_os.governance.canonical import digest_of
from partnership_os.schemas.base import BilingualText
from partnership_os.schemas.term_sheet import Clause, ClauseGroup, PartnerTermSheet, Party, TermValue
from partnership_os.tools.documents.bidi import clean
from partnership_os.tools.documents.content import (
    Approval,
    Approver,
    ClausePart,
    DocumentState,
    Fact,
    PartyPart,
    SectionPart,
    SheetDocument,
)
from partnership_os.tools.documents.dates import both_calendars, with_hijri
from partnership_os.tools.documents.wording import (
    APPROVED_NOTICE,
    CLOSING,
    DIGEST,
    DRAFT_NOTICE,
    STATE_LABEL,
    STATES,
)
from partnership_os.tools.sheet_values import currency_name, format_value, party_name, term_label, territory_names
from partnership_os.tools.sheet_wording import Language, bilingual, word, wording

__all__ = ["document_of"]


def document_of(sheet: PartnerTermSheet, approval: Approval | None = None) -> SheetDocument:
    """The content of a sheet's document: a draft, or approved where the caller says who approved, when and under what.

    Whether a version is approved is for the ledger to say; nothing here decides it. The texts are the sheet's own; the
    Hijri date beside each Gregorian one is all that is added. Check parity first, see `tools.parity`.

    Raises:
        InputError: the approval is of another version.
    """
    digest = digest_of(sheet.model_dump(mode="json"))
    if approval is not None and approval.sheet_digest != digest:
        raise InputError(
            f"{approval.commitment_id} approved another version than the one to be printed.",
            fix="Print the version that was approved, or print this one as a draft.",
            sheet_id=sheet.sheet_id,
            version=sheet.version,
            digest=digest,
        )
    state = DocumentState.DRAFT if approval is None else DocumentState.APPROVED
    return SheetDocument(
        sheet_id=sheet.sheet_id,
        version=sheet.version,
        digest=digest,
        state=state,
        dated=sheet.drafted_on,
        title=wording().words["title"],
        between=_both(lambda language: _between(sheet, language)),
        notice=DRAFT_NOTICE if approval is None else _notice(approval),
        facts=_facts(sheet, state, digest),
        party_columns=tuple(wording().words[name] for name in _PARTY_COLUMNS),
        parties=(_party("company", sheet.us), _party("partner", sheet.them)),
        note=_printed(sheet.cover_note),
        conditions=tuple(_printed(text) for text in sheet.conditions_precedent),
        sections=tuple(_section(number, group, sheet) for number, group in enumerate(ClauseGroup, start=1)),
        closing=_both(lambda language: _closing(sheet, language)),
        names=_names(sheet, approval),
    )


_PARTY_COLUMNS = ("role", "name", "country", "registry_number", "domain")


def _both(text: Callable[[Language], str]) -> BilingualText:
    return BilingualText(en=clean(text("en")), ar=clean(text("ar")))


def _printed(text: BilingualText) -> BilingualText:
    return with_hijri(_both(lambda language: bilingual(text, language)))


def _between(sheet: PartnerTermSheet, language: Language) -> str:
    joiner = f" {word('and', language)} "
    names = joiner.join(party_name(party, language) for party in (sheet.us, sheet.them))
    return f"{word('between', language)} {names}"


def _notice(approval: Approval) -> BilingualText:
    def sentence(language: Language) -> str:
        people = "; " if language == "en" else "؛ "
        return bilingual(APPROVED_NOTICE, language).format(
            day=both_calendars(approval.approved_on, language),
            people=people.join(_approver(person, language) for person in approval.approvers),
            commitment=approval.commitment_id,
        )

    return _both(sentence)


def _approver(person: Approver, language: Language) -> str:
    name = person.name_ar if language == "ar" and person.name_ar else person.name
    comma = ", " if language == "en" else "، "
    return f"{name}{comma}{bilingual(person.office, language)}"


def _closing(sheet: PartnerTermSheet, language: Language) -> str:
    return bilingual(CLOSING, language).format(sheet=sheet.sheet_id, version=sheet.version)


def _facts(sheet: PartnerTermSheet, state: DocumentState, digest: str) -> tuple[Fact, ...]:
    values: dict[str, Callable[[Language], str]] = {
        "sheet_id": lambda _: sheet.sheet_id,
        "version": lambda _: str(sheet.version),
        "drafted_on": lambda language: both_calendars(sheet.drafted_on, language),
        "partnership_type": lambda language: bilingual(wording().types[sheet.partnership_type], language),
        "currency": lambda language: currency_name(sheet.currency, language),
    }
    facts = tuple(Fact(label=wording().words[name], value=_both(value)) for name, value in values.items())
    return (
        *facts,
        Fact(label=STATE_LABEL, value=STATES[state]),
        Fact(label=DIGEST, value=BilingualText(en=digest, ar=digest)),
    )


def _party(role: str, party: Party) -> PartyPart:
    def known(value: str | None) -> Callable[[Language], str]:
        return lambda language: value or word("open", language)

    cells: tuple[Callable[[Language], str], ...] = (
        lambda language: word(role, language),
        lambda language: party_name(party, language),
        lambda language: territory_names([party.country], language) if party.country else word("open", language),
        known(party.registry_number),
        known(party.domain),
    )
    return PartyPart(cells=tuple(_both(cell) for cell in cells))


def _section(number: int, group: ClauseGroup, sheet: PartnerTermSheet) -> SectionPart:
    clauses = tuple(
        _clause(f"{number}.{place}", clause) for place, clause in enumerate(sheet.clauses_of(group), start=1)
    )
    return SectionPart(number=number, title=wording().groups[group], clauses=clauses)


def _clause(number: str, clause: Clause) -> ClausePart:
    return ClausePart(
        clause_id=clause.clause_id,
        number=number,
        title=_printed(clause.title),
        text=_printed(clause.text),
        terms=tuple(_term(value, clause) for value in clause.terms),
    )


def _term(value: TermValue, clause: Clause) -> Fact:
    return Fact(
        label=_both(lambda language: term_label(value, clause, language)),
        value=_both(lambda language: format_value(value, language)),
    )


def _names(sheet: PartnerTermSheet, approval: Approval | None) -> tuple[str, ...]:
    parties = (sheet.us, sheet.them)
    names = [name for party in parties for name in (party.name, party.name_ar, party.domain) if name]
    people = () if approval is None else approval.approvers
    names += [name for person in people for name in (person.name, person.name_ar) if name]
    return tuple(dict.fromkeys(clean(name) for name in names))
