"""Checks of a term sheet against the data of a playbook: plain functions, no call into the code that drafts or reviews.

A sheet is read again from its own words: a clause's text is matched against the template, and what stands in the open
places is compared with the values that the sheet holds as numbers.
"""

import re
from collections.abc import Iterable, Iterator
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from fractions import Fraction
from functools import lru_cache

from partnership_os.agents.playbook import terms_of
from partnership_os.agents.sheet_text import wording
from partnership_os.evals.checks.cards import no_leak
from partnership_os.evals.checks.verdict import Verdict, verdict
from partnership_os.schemas.base import BilingualText, Money
from partnership_os.schemas.partnership import PartnershipType
from partnership_os.schemas.playbook import Direction, Playbook, PlaybookClause, PlaybookTerm
from partnership_os.schemas.term_sheet import Clause, ClauseGroup, PartnerTermSheet, Party, TermUnit, TermValue
from partnership_os.tools.numbers import NumberSpan, number_spans
from partnership_os.tools.text import fold, script_of

__all__ = [
    "PEGS",
    "approvals_of",
    "bilingual_texts",
    "converted",
    "figures_in",
    "in_both_languages",
    "keeps_to_playbook",
    "missing_groups",
    "name_in",
    "shows_no_limit",
]

PEGS = {"USD": "1", "SAR": "3.75", "AED": "3.6725", "QAR": "3.64", "BHD": "0.376", "OMR": "0.3845"}
"""Official parities to the US dollar. Stated again, so that a slip in the product's table shows."""
_HOME = "SAR"
_LANGUAGES = ("en", "ar")
_ENGLISH_MONTHS = "january february march april may june july august september october november december"
_ARABIC_MONTHS = "يناير فبراير مارس ابريل مايو يونيو يوليو اغسطس سبتمبر اكتوبر نوفمبر ديسمبر"
_MONTHS = {name: at for names in (_ENGLISH_MONTHS, _ARABIC_MONTHS) for at, name in enumerate(names.split(), start=1)}
_DATE = re.compile(rf"(\d{{1,2}})\s+({'|'.join(_MONTHS)})\s+(\d{{4}})")
_UNIT_WORDS = (
    (TermUnit.SHARE, re.compile(r"[\s)]*(?:%|per ?cent|(?:بال|في ال)ما?يه)")),
    (TermUnit.HOURS, re.compile(r"[\s)-]*(?:hour|ساع)")),
    (TermUnit.DAYS, re.compile(r"[\s)-]*(?:(?:working |business |calendar )?day|يوم|ايام)")),
    (TermUnit.MONTHS, re.compile(r"[\s)-]*(?:month|شهر|اشهر)")),
)
_WORDS_OF_LIMITS = (
    *("walk-away", "walk away", "walkaway", "batna", "fallback position", "bottom line", "reservation price"),
    *("our limit", "our maximum", "our minimum", "our target", "best alternative"),
    *("حد الانسحاب", "الموقف الاحتياطي", "ادنى ما نقبله", "اقصى ما نقبله", "حدنا الاقصى", "حدنا الادنى", "هدفنا هو"),
)
_TELLS_NOTHING = 12
"""A bare whole number up to this ("three sponsors") gives no position away."""
_TEXTS_KEPT = 4_096
"""Sheets of one type share nearly all of their texts, and reading numbers is most of the work."""
Figure = tuple[TermUnit | None, Decimal]


def bilingual_texts(sheet: PartnerTermSheet) -> Iterator[tuple[str, BilingualText]]:
    """Every text that the other side reads, with its place."""
    yield "cover_note", sheet.cover_note
    for number, text in enumerate(sheet.conditions_precedent, start=1):
        yield f"condition {number}", text
    for clause in sheet.clauses:
        yield f"{clause.clause_id}.title", clause.title
        yield clause.clause_id, clause.text


def missing_groups(sheet: PartnerTermSheet, wanted: Iterable[ClauseGroup]) -> tuple[ClauseGroup, ...]:
    """Which of these groups has no clause."""
    present = {clause.group for clause in sheet.clauses}
    return tuple(group for group in wanted if group not in present)


def name_in(party: Party, language: str) -> str:
    """What a party is called in a text of that language: its only name where it has one."""
    return " ".join((party.name_ar if language == "ar" and party.name_ar else party.name).split())


# Conformance: nothing outside of the playbook, nothing of it left out


def keeps_to_playbook(sheet: PartnerTermSheet, playbook: Playbook) -> Verdict:
    """Each clause is the playbook's, says what its values are in both languages, and no value is past the walk-away."""
    templates = {clause.clause_id: clause for clause in playbook.clauses}
    faults = [f"the clause {name} is missing" for name in templates if name not in {c.clause_id for c in sheet.clauses}]
    for clause in sheet.clauses:
        template = templates.get(clause.clause_id)
        if template is None:
            faults.append(f"{clause.clause_id} is no clause of the playbook")
            continue
        faults += _clause_faults(clause, template, sheet)
    return verdict("keeps_to_playbook", faults)


def _clause_faults(clause: Clause, template: PlaybookClause, sheet: PartnerTermSheet) -> Iterator[str]:
    where = clause.clause_id
    if (clause.group, clause.title) != (template.group, template.title):
        yield f"{where}: group or title is another one"
    terms = {term.name: term for term in template.terms}
    if [value.name for value in clause.terms] != list(terms):
        yield f"{where}: its terms are not the playbook's"
    values = {value.name: value for value in clause.terms if value.name in terms}
    for name, value in values.items():
        if _is_past_limit(terms[name], value):
            yield f"{where}: {name} is outside of the playbook"
    for language in _LANGUAGES:
        places = _open_places(getattr(template.text, language), getattr(clause.text, language))
        if places is None:
            yield f"{where}: the {language} text is worded otherwise"
            continue
        for name, shown in places:
            if not _is_stated(name, shown, language, values, sheet):
                yield f"{where}: the {language} text does not state {name}"


def _open_places(template: str, text: str) -> list[tuple[str, str]] | None:
    """Name and content of each place of a template, None where the words around them are others."""
    pieces = re.split(r"\{([a-z][a-z0-9_]*)\}", template)
    pattern = "".join("(.+?)" if at % 2 else re.escape(piece) for at, piece in enumerate(pieces))
    found = re.fullmatch(pattern, text, re.DOTALL)
    return None if found is None else list(zip(pieces[1::2], found.groups(), strict=True))


def _is_stated(name: str, shown: str, language: str, values: dict[str, TermValue], sheet: PartnerTermSheet) -> bool:
    if name in values:
        return _states(values[name], shown, language)
    if name in ("us", "them"):
        return shown == name_in(sheet.us if name == "us" else sheet.them, language)
    if name == "drafted_on":
        day = sheet.drafted_on
        return _dates(shown) == {(day.day, day.month, day.year)}
    if name == "version":
        return set(_in_digits(shown)) == {Decimal(sheet.version)}
    return name != "currency" or language == "ar" or shown == sheet.currency


def _states(value: TermValue, shown: str, language: str) -> bool:
    if value.choice is not None:
        label = wording().choices.get(value.choice)
        return label is not None and shown == getattr(label, language)
    number = value.number or Decimal(0)
    wanted = number * 100 if value.unit is TermUnit.SHARE else number
    in_currency = value.unit is not TermUnit.MONEY or language == "ar" or str(value.currency) in shown
    return set(_in_digits(shown)) == {wanted} and in_currency


def _is_past_limit(term: PlaybookTerm, value: TermValue) -> bool:
    if value.unit is not term.unit:
        return True
    if value.choice is not None:
        allowed = term.choices[: term.choices.index(str(term.walk_away)) + 1]
        return value.choice != term.ideal if term.better is Direction.FIXED else value.choice not in allowed
    if value.unit is TermUnit.MONEY and value.currency not in PEGS:
        return True
    number, limit = _at_home(value), Fraction(Decimal(term.walk_away))
    if term.better is Direction.FIXED:
        return number != limit
    return number > limit if term.better is Direction.LOWER else number < limit


def _at_home(value: TermValue) -> Fraction:
    number = Fraction(value.number or 0)
    if value.unit is not TermUnit.MONEY or value.currency == _HOME:
        return number
    return number * Fraction(PEGS[_HOME]) / Fraction(PEGS[str(value.currency)])


def converted(amount: Decimal, currency: str, *, up: bool) -> Decimal:
    """An amount of a playbook in another currency: by parity, to three digits, rounded up or down."""
    if currency == _HOME:
        return amount
    exact = Fraction(amount) * Fraction(PEGS[currency]) / Fraction(PEGS[_HOME])
    context = Context(prec=3, rounding=ROUND_CEILING if up else ROUND_FLOOR)
    rounded = context.divide(Decimal(exact.numerator), Decimal(exact.denominator))
    return Decimal(f"{rounded:f}")


# Both languages say the same


def in_both_languages(text: BilingualText, sheet: PartnerTermSheet) -> Verdict:
    """English and Arabic carry the same numbers and dates, name the same parties, and each is in its own script."""
    parties = tuple((name_in(party, "en"), name_in(party, "ar")) for party in (sheet.us, sheet.them))
    return verdict("in_both_languages", _differences(text.en, text.ar, parties))


@lru_cache(maxsize=_TEXTS_KEPT)
def _differences(english: str, arabic: str, parties: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    faults = []
    plain = (_without(english, (one for one, _ in parties)), _without(arabic, (one for _, one in parties)))
    digits = [set(_in_digits(text)) for text in plain]
    spoken = [{span.value for span in _spans(text)} for text in plain]
    if not (digits[0] <= spoken[1] and digits[1] <= spoken[0]):
        faults.append("the numbers differ")
    if _dates(english) != _dates(arabic):
        faults.append("the dates differ")
    for name, name_ar in parties:
        named, named_ar = _names(english, name), _names_in_arabic(arabic, name_ar)
        # An Arabic name of one word is often a common noun: the authority "Monsha'at" is called "establishments".
        if (named and not named_ar) or (named_ar and not named and " " in name_ar):
            faults.append("a party is named in one language only")
    if (script_of(plain[0]), script_of(plain[1])) != ("latin", "ar"):
        faults.append("a text is not in its language")
    return tuple(faults)


def _names(text: str, name: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None


def _names_in_arabic(text: str, name: str) -> bool:
    """Arabic writes "and", "to" and "by" onto a name, and "to" swallows a letter of the article."""
    plain, wanted = fold(text), fold(name)
    return wanted in plain or (wanted.startswith("ال") and f"لل{wanted[2:]}" in plain)


def _without_names(text: str, sheet: PartnerTermSheet, language: str) -> str:
    """A name may hold digits and letters of the other script; both say nothing about the text."""
    return _without(text, (name_in(party, language) for party in (sheet.us, sheet.them)))


def _without(text: str, names: Iterable[str]) -> str:
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, " ")
    return text


def _in_digits(text: str) -> Iterator[Decimal]:
    for span in _spans(text):
        if any(char.isdigit() for char in text[span.start : span.end]):
            yield span.value


@lru_cache(maxsize=_TEXTS_KEPT)
def _dates(text: str) -> frozenset[tuple[int, int, int]]:
    return frozenset((int(day), _MONTHS[month], int(year)) for day, month, year in _DATE.findall(fold(text)))


# Nothing of ours shows


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
            allowed |= {figure for one in _LANGUAGES for figure in figures_in(getattr(templates[clause].text, one))}
        for language in _LANGUAGES:
            plain = _without_names(getattr(text, language), sheet, language)
            if any(_gives_away(figure, secrets, allowed) for figure in figures_in(plain) - allowed):
                faults.append(f"{place}.{language}: a figure is a position of ours")
            if _speaks_of(plain, (*choices, *_WORDS_OF_LIMITS)):
                faults.append(f"{place}.{language}: words of a position of ours")
    return verdict("shows_no_limit", faults)


@lru_cache(maxsize=_TEXTS_KEPT)
def figures_in(text: str) -> frozenset[Figure]:
    """The numbers of a text, each with the unit that follows it, if any."""
    found: set[Figure] = set()
    for span in _spans(text):
        after = fold(text[span.end : span.end + 30])
        unit = next((unit for unit, words in _UNIT_WORDS if words.match(after)), None)
        found.add((unit, span.value.normalize()))
    return frozenset(found)


@lru_cache(maxsize=_TEXTS_KEPT)
def _spans(text: str) -> tuple[NumberSpan, ...]:
    return number_spans(text)


@lru_cache(maxsize=_TEXTS_KEPT)
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
    exact = position * Decimal(PEGS[currency]) / Decimal(PEGS[_HOME])
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


# Who must approve

_BY_TYPE = {
    PartnershipType.REFERRAL: "manager",
    PartnershipType.DISTRIBUTION: "director",
    PartnershipType.TECHNOLOGY: "vp",
    PartnershipType.STRATEGIC: "c-level",
    PartnershipType.GOVERNMENT: "c-level",
}
_LEVELS = ("manager", "director", "vp", "c-level")
_STEPS = ((10_000_000, "c-level"), (1_000_000, "vp"), (100_000, "director"))


def approvals_of(partnership_type: PartnershipType, value: Money | None) -> tuple[str, ...]:
    """The approvals by the published rules: the type's level, raised by the money that we commit, and legal for public
    bodies. Money without a parity to the riyal needs the highest level.
    """
    level = _BY_TYPE[partnership_type]
    raised = level
    if value is not None and value.amount:
        rate = PEGS.get(value.currency)
        riyals = None if rate is None else value.amount * Decimal(PEGS[_HOME]) / Decimal(rate)
        raised = "c-level" if riyals is None else next((name for floor, name in _STEPS if riyals >= floor), level)
    highest = max(level, raised, key=_LEVELS.index)
    return (highest, "legal") if partnership_type is PartnershipType.GOVERNMENT else (highest,)
