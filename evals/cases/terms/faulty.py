"""Planted mistakes: right sheets with one slip each."""

from collections.abc import Iterator
from decimal import Decimal

from partnership_os.agents.playbook import load_playbook
from partnership_os.evals.cases.terms.composer import compose
from partnership_os.evals.cases.terms.facts import TermsCase
from partnership_os.evals.cases.terms.outcome import Drafted, Refusal
from partnership_os.evals.checks.figures import ARABIC_CURRENCIES
from partnership_os.evals.checks.sheets import name_in
from partnership_os.evals.suite import Mistake
from partnership_os.schemas.base import BilingualText
from partnership_os.schemas.commitment import ApprovalRequirement
from partnership_os.schemas.partnership import ApprovalLevel
from partnership_os.schemas.term_sheet import Clause, ClauseGroup, PartnerTermSheet, TermUnit

__all__ = ["slips"]


def slips(case: TermsCase, right: Drafted) -> Iterator[Mistake[Drafted]]:
    """The mistakes that make sense for a case."""
    if case.expect.refused is not None:
        home = case.model_copy(update={"need": case.need.model_copy(update={"currency": "SAR"})})
        yield Mistake(name="drafted all the same", outcome=Drafted(sheets=compose(home)), hurts=("properties",))
        yield Mistake(name="nothing said", outcome=Drafted(), hurts=("properties", "refusals"))
        return
    yield from _on_the_sheet(case, right)
    yield from _around_it(case, right)


def _on_the_sheet(case: TermsCase, right: Drafted) -> Iterator[Mistake[Drafted]]:
    newest = right.sheets[-1]
    past = case.expect.model_copy(update={"values": {**case.expect.values, "confidentiality_months": "1"}})
    yield _with("past the walk-away", right, compose(case.model_copy(update={"expect": past}))[-1], "conformance")
    kept = tuple(clause for clause in newest.clauses if clause.group is not ClauseGroup.LIABILITY)
    dropped = newest.model_copy(update={"clauses": kept})
    yield _with("a clause is dropped", right, dropped, "conformance", "clauses_present")
    yield _with("a limit in the note", right, _telling(newest), "leak_free")
    yield _with("a number differs in Arabic", right, _differing(newest), "conformance", "parity")
    other = case.need.model_copy(update={"currency": "SAR" if case.need.currency == "USD" else "USD"})
    wrong = compose(case.model_copy(update={"need": other}))[-1]
    yield _with("another currency", right, wrong, "properties")
    yield from _worded_wrongly(right, newest)
    if case.note is not None and not case.note.used:
        note = BilingualText(en=case.note.en, ar=case.note.ar)
        told = right.sheets[0].model_copy(update={"cover_note": note})
        outcome = right.model_copy(update={"sheets": (told, *right.sheets[1:])})
        yield Mistake(name="the leaking note is used", outcome=outcome, hurts=("leak_free", "properties"))
    if case.note is not None and case.note.used:
        outcome = right.model_copy(update={"sheets": (_with_note(right.sheets[0], "-", "-"), *right.sheets[1:])})
        yield Mistake(name="an honest note is refused", outcome=outcome, hurts=("properties",))


def _worded_wrongly(right: Drafted, newest: PartnerTermSheet) -> Iterator[Mistake[Drafted]]:
    """The values stay and the words are others: units, currencies, and who offers to whom."""
    hours = _reworded(_reworded(newest, "en", {" days": " hours"}), "ar", {" يوم": " ساعة"})
    yield _with("days as hours", right, hours, "conformance")
    yield _with("days as hours in Arabic", right, _reworded(newest, "ar", {" يوم": " ساعة"}), "conformance", "parity")
    other = "USD" if newest.currency != "USD" else "SAR"
    coins = {ARABIC_CURRENCIES[newest.currency]: ARABIC_CURRENCIES[other]}
    yield _with("another currency in Arabic", right, _reworded(newest, "ar", coins), "conformance", "parity")
    codes = {newest.currency: other}
    yield _with("another currency in English", right, _reworded(newest, "en", codes), "conformance", "parity")
    shares = {language: _reworded(newest, language, {"%": ""}) for language in ("en", "ar")}
    yield _with("no per cent in English", right, shares["en"], "conformance")
    yield _with("no per cent in Arabic", right, shares["ar"], "conformance")
    note = newest.cover_note
    turned = {"en": _turned(newest, "en"), "ar": _turned(newest, "ar")}
    if turned["ar"] != note.ar:
        yield _with("parties swapped in the Arabic note", right, _with_note(newest, note.en, turned["ar"]), "parity")
    if turned["en"] != note.en:
        yield _with("parties swapped in the English note", right, _with_note(newest, turned["en"], note.ar), "parity")
    if turned["en"] != note.en and turned["ar"] != note.ar:
        yield _with("parties swapped in both", right, _with_note(newest, turned["en"], turned["ar"]), "parity")


def _around_it(case: TermsCase, right: Drafted) -> Iterator[Mistake[Drafted]]:
    low = (ApprovalRequirement(min_level=ApprovalLevel.ANALYST),)
    yield Mistake(
        name="an analyst may approve", outcome=right.model_copy(update={"approvals": low}), hurts=("approval",)
    )
    if case.company.name_ar is not None:
        latin = case.company.model_copy(update={"name_ar": None})
        yield _with(
            "the Arabic name is lost", right, compose(case.model_copy(update={"company": latin}))[-1], "properties"
        )
    if right.refusals:
        yield Mistake(
            name="the edit is accepted", outcome=right.model_copy(update={"refusals": ()}), hurts=("refusals",)
        )
    for item in case.rounds:
        if item.refused is not None and item.hides:
            telling = Refusal(text=f"No: {item.refused.names[0]} ends at {item.hides[0]}.")
            told = right.model_copy(update={"refusals": (telling,) * len(right.refusals)})
            yield Mistake(name="the refusal tells the limit", outcome=told, hurts=("refusals",))


def _with(name: str, right: Drafted, newest: PartnerTermSheet, *hurts: str) -> Mistake[Drafted]:
    return Mistake(name=name, outcome=right.model_copy(update={"sheets": (*right.sheets[:-1], newest)}), hurts=hurts)


def _with_note(sheet: PartnerTermSheet, english: str, arabic: str) -> PartnerTermSheet:
    return sheet.model_copy(update={"cover_note": BilingualText(en=english, ar=arabic)})


def _turned(sheet: PartnerTermSheet, language: str) -> str:
    """The note with the names of the parties exchanged; unchanged where it does not name both."""
    us, them = name_in(sheet.us, language), name_in(sheet.them, language)
    note: str = getattr(sheet.cover_note, language)
    return note.replace(them, "\0").replace(us, them).replace("\0", us) if us in note and them in note else note


def _reworded(sheet: PartnerTermSheet, language: str, words: dict[str, str]) -> PartnerTermSheet:
    """Words replaced in every clause that states a value, in one language."""

    def changed(clause: Clause) -> Clause:
        text: str = getattr(clause.text, language)
        for old, new in words.items():
            text = text.replace(old, new)
        return clause.model_copy(update={"text": clause.text.model_copy(update={language: text})})

    clauses = tuple(changed(clause) if clause.terms else clause for clause in sheet.clauses)
    return sheet.model_copy(update={"clauses": clauses})


def _telling(sheet: PartnerTermSheet) -> PartnerTermSheet:
    """The note names a walk-away that the sheet does not state for any share."""
    terms = [term for clause in load_playbook(sheet.partnership_type).clauses for term in clause.terms]
    stated = {value.number for clause in sheet.clauses for value in clause.terms if value.unit is TermUnit.SHARE}
    limits = (Decimal(term.walk_away) for term in terms if term.unit is TermUnit.SHARE)
    limit = next(number for number in limits if number not in stated)
    percent = f"{(limit * 100).normalize():f}%"
    note = BilingualText(
        en=f"{sheet.cover_note.en} We can go as far as {percent}.",
        ar=f"{sheet.cover_note.ar} ويمكننا الوصول إلى {percent}.",
    )
    return sheet.model_copy(update={"cover_note": note})


def _differing(sheet: PartnerTermSheet) -> PartnerTermSheet:
    """The Arabic text of the first clause with a time states one more."""

    def changed(clause: Clause) -> Clause:
        number = next(value.number for value in clause.terms if value.number is not None)
        text = clause.text.ar.replace(f"({number:f})", f"({number + 1:f})", 1)
        return clause.model_copy(update={"text": BilingualText(en=clause.text.en, ar=text)})

    first = next(clause for clause in sheet.clauses if clause.group is ClauseGroup.TERM)
    clauses = tuple(changed(clause) if clause is first else clause for clause in sheet.clauses)
    return sheet.model_copy(update={"clauses": clauses})
