"""Right sheets without the product: the playbook's templates filled by the plainest rules, from the case alone."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from hashlib import sha256

from partnership_os.agents.playbook import load_playbook, playbook_label
from partnership_os.agents.sheet_text import wording
from partnership_os.evals.cases.terms.facts import TermsCase
from partnership_os.evals.checks.figures import ARABIC_CURRENCIES, converted
from partnership_os.governance.canonical import digest_of
from partnership_os.schemas.base import BilingualText
from partnership_os.schemas.playbook import Direction, Playbook, PlaybookTerm
from partnership_os.schemas.stamp import AnalystKind, AnalystStamp
from partnership_os.schemas.term_sheet import Clause, PartnerTermSheet, Party, TermUnit, TermValue

__all__ = ["compose", "value_of"]

_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "ar": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
}
_PLACE = re.compile(r"\{([a-z][a-z0-9_]*)\}")


def compose(case: TermsCase) -> tuple[PartnerTermSheet, ...]:
    """Every version of the sheet that the case asks for, the first one first."""
    playbook = load_playbook(case.need.partnership_type)
    sheets: list[PartnerTermSheet] = []
    stated: dict[str, str] = dict(case.expect.values)
    for day in (case.drafted_on, *(item.dated for item in case.kept_rounds)):
        if sheets:
            stated |= case.kept_rounds[len(sheets) - 1].values
        sheets.append(_version(case, playbook, stated, day, sheets[-1] if sheets else None))
    return tuple(sheets)


def value_of(term: PlaybookTerm, stated: str | None, currency: str) -> TermValue:
    """A term's value: what the case states, else the opening of the playbook, else its ideal."""
    money = currency if term.unit is TermUnit.MONEY else None
    if term.unit is TermUnit.CHOICE:
        return TermValue(name=term.name, unit=term.unit, choice=stated or str(term.opening or term.ideal))
    if stated is not None:
        return TermValue(name=term.name, unit=term.unit, number=Decimal(stated), currency=money)
    number = Decimal(term.ideal if term.opening is None else term.opening)
    if money is not None:
        number = converted(number, money, up=term.better is Direction.HIGHER)
    return TermValue(name=term.name, unit=term.unit, number=number, currency=money)


def _version(
    case: TermsCase, playbook: Playbook, stated: Mapping[str, str], day: date, previous: PartnerTermSheet | None
) -> PartnerTermSheet:
    need, partner = case.need, case.company
    version = 1 if previous is None else previous.version + 1
    clauses = tuple(
        Clause(
            clause_id=template.clause_id,
            group=template.group,
            title=template.title,
            text=template.text,
            terms=tuple(value_of(term, stated.get(term.name), need.currency) for term in template.terms),
        )
        for template in playbook.clauses
    )
    context = {language: _context(case, day, version, language) for language in ("en", "ar")}
    conditions = [wording().conditions[key] for key in case.expect.conditions]
    return PartnerTermSheet(
        sheet_id="ts_" + sha256(case.id.encode()).hexdigest()[:24],
        version=version,
        supersedes=None if previous is None else digest_of(previous.model_dump(mode="json")),
        thread_id=f"deal-{case.id}",
        partnership_type=need.partnership_type,
        need_id=f"nd_{case.id}",
        company_id=case.company_id,
        us=Party(name=need.us, name_ar=need.us_ar, country=need.our_country),
        them=Party(name=partner.name, name_ar=partner.name_ar, registry_number=partner.registry_number),
        currency=need.currency,
        drafted_on=day,
        clauses=tuple(_filled(clause, context) for clause in clauses),
        conditions_precedent=(*playbook.conditions_precedent, *conditions),
        cover_note=_note(case, version, context),
        playbook_version=playbook_label(playbook),
        made_by=AnalystStamp(analyst=AnalystKind.RULES, engine="ground truth"),
    )


def _note(case: TermsCase, version: int, context: Mapping[str, Mapping[str, str]]) -> BilingualText:
    """The note that the case hands in, where it may stand, else a plain one that names who offers to whom."""
    if version == 1 and case.note is not None and case.note.used:
        return BilingualText(en=case.note.en, ar=case.note.ar)
    return BilingualText(
        en="{us} proposes to {them} version {version} of a draft, dated {drafted_on}.".format(**context["en"]),
        ar="السادة في {them}، يسر {us} أن تقترح النسخة {version} من مسودة مؤرخة في {drafted_on}.".format(
            **context["ar"]
        ),
    )


def _context(case: TermsCase, day: date, version: int, language: str) -> dict[str, str]:
    english = language == "en"
    need, partner, expect = case.need, case.company, case.expect
    territory = () if expect.territory is None else getattr(expect.territory, language)
    segments = () if expect.segments is None else getattr(expect.segments, language)
    glue = ", " if english else "، "
    return {
        "us": need.us if english else need.us_ar or need.us,
        "them": partner.name if english else partner.name_ar or partner.name,
        "currency": need.currency if english else ARABIC_CURRENCIES[need.currency],
        "drafted_on": f"{day.day} {_MONTHS[language].split()[day.month - 1]} {day.year}",
        "version": str(version),
        "territory": glue.join(territory) or ("these countries" if english else "هذه الدول"),
        "segments": glue.join(segments) or ("these segments" if english else "هذه الفئات"),
    }


def _filled(clause: Clause, context: Mapping[str, Mapping[str, str]]) -> Clause:
    def text(language: str) -> str:
        shown = {value.name: _shown(value, language) for value in clause.terms} | dict(context[language])
        return _PLACE.sub(lambda place: shown[place.group(1)], getattr(clause.text, language))

    return clause.model_copy(update={"text": BilingualText(en=text("en"), ar=text("ar"))})


def _shown(value: TermValue, language: str) -> str:
    if value.choice is not None:
        label: str = getattr(wording().choices[value.choice], language)
        return label
    number = value.number or Decimal(0)
    text = f"{number * 100 if value.unit is TermUnit.SHARE else number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    if value.unit is TermUnit.SHARE:
        return f"{text}%" if language == "en" else f"({text}%)"
    nouns = {
        TermUnit.MONEY: (f" {value.currency}", f" {ARABIC_CURRENCIES.get(str(value.currency))}"),
        TermUnit.COUNT: ("", ""),
        TermUnit.HOURS: (" hours", " ساعة"),
        TermUnit.DAYS: (" days", " يوم"),
        TermUnit.MONTHS: (" months", " شهر"),
    }
    english, arabic = nouns[value.unit]
    return f"{text}{english}" if language == "en" else f"({text}){arabic}"
