"""Nothing of ours shows: a playbook's positions looked for in every text of a sheet, without the product's search."""

from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache

from partnership_os.agents.playbook import terms_of
from partnership_os.agents.sheet_text import wording
from partnership_os.evals.checks.cards import no_leak
from partnership_os.evals.checks.figures import HOME, PEGS, TEXTS_KEPT, Figure, converted, figures_in
from partnership_os.evals.checks.sheets import LANGUAGES, bilingual_texts, without_names
from partnership_os.evals.checks.verdict import Verdict, verdict
from partnership_os.schemas.playbook import Direction, Playbook, PlaybookTerm
from partnership_os.schemas.term_sheet import PartnerTermSheet, TermUnit, TermValue

__all__ = ["shows_no_limit"]

_WORDS_OF_LIMITS = (
    *("walk-away", "walk away", "walkaway", "batna", "fallback position", "bottom line", "reservation price"),
    *("our limit", "our maximum", "our minimum", "our target", "best alternative"),
    *("حد الانسحاب", "الموقف الاحتياطي", "ادنى ما نقبله", "اقصى ما نقبله", "حدنا الاقصى", "حدنا الادنى", "هدفنا هو"),
)
_TELLS_NOTHING = 12
"""A bare whole number up to this ("three sponsors") gives no position away."""


def shows_no_limit(sheet: PartnerTermSheet, playbook: Playbook) -> Verdict:
    """No ideal, fallback or walk-away that the sheet does not state itself, and no word that speaks of one.

    In a clause its own values and the template's own figures may stand. In the note and the conditions every value of
    the sheet may, but for the fixed ones: a tax of 15% must not hide a commission of 15%.
    """
    templates = {clause.clause_id: clause for clause in playbook.clauses}
    fixed = {name for name, (_, term) in terms_of(playbook).items() if term.better is Direction.FIXED}
    stated = [value for clause in sheet.clauses for value in clause.terms if value.name not in fixed]
    own = {clause.clause_id: list(clause.terms) for clause in sheet.clauses}
    secrets, choices = _secrets(sheet, playbook)
    faults: list[str] = []
    for place, text in bilingual_texts(sheet):
        clause = place.removesuffix(".title")
        allowed = _stated_figures(own.get(clause, stated)) | _common_figures(sheet)
        if clause in templates:
            allowed |= {figure for one in LANGUAGES for figure in figures_in(getattr(templates[clause].text, one))}
        for language in LANGUAGES:
            plain = without_names(getattr(text, language), sheet, language)
            if any(_gives_away(figure, secrets, allowed) for figure in figures_in(plain) - allowed):
                faults.append(f"{place}.{language}: a figure is a position of ours")
            if _speaks_of(plain, (*choices, *_WORDS_OF_LIMITS)):
                faults.append(f"{place}.{language}: words of a position of ours")
    return verdict("shows_no_limit", faults)


@lru_cache(maxsize=TEXTS_KEPT)
def _speaks_of(text: str, words: tuple[str, ...]) -> bool:
    return not no_leak(text, words).passed


def _gives_away(figure: Figure, secrets: set[Figure], allowed: set[Figure]) -> bool:
    unit, number = figure
    if unit is not None:
        return figure in secrets
    bare = {value for _, value in secrets} - {value for _, value in allowed}
    tells = number > _TELLS_NOTHING or number != number.to_integral_value()
    return tells and number in bare


def _secrets(sheet: PartnerTermSheet, playbook: Playbook) -> tuple[set[Figure], tuple[str, ...]]:
    """Figures and words of the positions that the sheet does not state for the term itself."""
    figures: set[Figure] = set()
    words: list[str] = []
    for name, (_, term) in terms_of(playbook).items():
        value = sheet.term(name)
        for position in {term.ideal, term.fallback, term.walk_away}:
            if isinstance(position, str):
                if value is None or value.choice != position:
                    label = wording().choices[position]
                    words += [label.en, label.ar]
                continue
            for amount in _as_written(term, position, sheet.currency):
                if value is None or value.number != amount:
                    figures |= _written(term.unit, amount)
    return figures, tuple(words)


def _as_written(term: PlaybookTerm, position: Decimal, currency: str) -> set[Decimal]:
    if term.unit is not TermUnit.MONEY or currency not in PEGS:
        return {position}
    exact = position * Decimal(PEGS[currency]) / Decimal(PEGS[HOME])
    rounded = {converted(position, currency, up=up) for up in (False, True)}
    return {position, exact.quantize(Decimal("0.01")), *rounded}


def _stated_figures(values: Iterable[TermValue]) -> set[Figure]:
    return {figure for value in values if value.number is not None for figure in _written(value.unit, value.number)}


def _common_figures(sheet: PartnerTermSheet) -> set[Figure]:
    day = sheet.drafted_on
    return {(None, Decimal(number).normalize()) for number in (sheet.version, day.day, day.year)}


def _written(unit: TermUnit, number: Decimal) -> set[Figure]:
    if unit is TermUnit.SHARE:
        return {(unit, (number * 100).normalize()), (None, number.normalize())}
    return {(None if unit in (TermUnit.MONEY, TermUnit.COUNT) else unit, number.normalize())}
