"""Values as people write them in a letter: ``18%``, ``30 days``, ``two years``, ``SAR 50,000``, or a choice by name."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from partnership_os.agents.term_values import tidy
from partnership_os.schemas.playbook import PlaybookTerm
from partnership_os.schemas.term_sheet import TermUnit, TermValue
from partnership_os.tools.numbers import number_spans
from partnership_os.tools.sheet_wording import wording
from partnership_os.tools.text import fold

__all__ = ["ValueMention", "choice_in", "is_range", "value_of", "values_named", "without_thin_blanks"]


class ValueMention(NamedTuple):
    """A number in a folded text, and what it is in each unit that it can be in.

    ``amounts`` is empty where it can be none of them: a range, percentage points, working days, a broken number.
    ``bare`` numbers stand without a unit.
    """

    start: int
    end: int
    amounts: Mapping[TermUnit, Decimal]
    currency: str | None = None
    bare: bool = False


_PERCENT = re.compile(r"[\s)]*(?:%|per ?cent\b|percent\b|بالميه|بالمايه|في الميه|في المايه)")
_POINTS = re.compile(r"[\s)%-]*(?:percentage |per ?cent )?points?\b|[\s)%]*نقاط|[\s)%]*نقطه")
_TIMES = (
    (re.compile(r"[\s)-]*(?:hours?|hrs?)\b|[\s)]*(?:ساعه|ساعات)"), "hours", 1),
    (re.compile(r"[\s)-]*(?:(?:working|business)[\s-]days?)\b|[\s)]*(?:يوم|ايام|يوما) عمل"), "", 0),
    (re.compile(r"[\s)-]*(?:calendar )?days?\b|[\s)]*(?:يوما|يوم|ايام)"), "days", 1),
    (re.compile(r"[\s)-]*weeks?\b|[\s)]*(?:اسبوعا|اسبوع|اسابيع)"), "days", 7),
    (re.compile(r"[\s)-]*months?\b|[\s)]*(?:شهرا|شهر|اشهر|شهور)"), "months", 1),
    (re.compile(r"[\s)-]*(?:years?|yrs?)\b|[\s)]*(?:سنه|سنوات|سنين|عاما|عام|اعوام)"), "months", 12),
)
_DUALS = (
    (re.compile(r"(?<![\u0621-\u064a])[وفبل]?(?:ال)?ساعتين"), TermUnit.HOURS, 2),
    (re.compile(r"(?<![\u0621-\u064a])[وفبل]?(?:ال)?يومين"), TermUnit.DAYS, 2),
    (re.compile(r"(?<![\u0621-\u064a])[وفبل]?(?:ال)?اسبوعين"), TermUnit.DAYS, 14),
    (re.compile(r"(?<![\u0621-\u064a])[وفبل]?(?:ال)?شهرين"), TermUnit.MONTHS, 2),
    (re.compile(r"(?<![\u0621-\u064a])[وفبل]?(?:ال)?(?:سنتين|عامين)"), TermUnit.MONTHS, 24),
)
_CURRENCIES = {
    "SAR": r"sar|sr|saudi riyals?|riyals?|ريالات سعوديه|ريال سعودي|ريالا|ريالات|ريال",
    "AED": r"aed|dirhams?|درهم|دراهم|درهما",
    "USD": r"usd|us\$|us dollars?|dollars?|\$|دولار امريكي|دولارا|دولارات|دولار",
    "EUR": r"eur|euros?|€|يورو",
    "GBP": r"gbp|pounds?|£|جنيه استرليني",
    "QAR": r"qar|ريال قطري",
    "OMR": r"omr|ريال عماني",
    "BHD": r"bhd|دينار بحريني",
    "KWD": r"kwd|دينار كويتي",
}
_ORDER = ("QAR", "OMR", "BHD", "KWD", "USD", "AED", "EUR", "GBP", "SAR")
_MONEY_AFTER = tuple((code, re.compile(rf"[\s)]*(?:{_CURRENCIES[code]})(?![a-z\u0621-\u064a])")) for code in _ORDER)
_MONEY_BEFORE = tuple((code, re.compile(rf"(?<![a-z\u0621-\u064a])(?:{_CURRENCIES[code]})\s?\(?$")) for code in _ORDER)
_RANGE_BETWEEN = re.compile(r"\s*(?:%|percent|days?|months?|hours?)?\s*(?:-|to|and|or|الي|او)\s*")
_NO_VALUE_BEFORE = re.compile(
    r"(?:version|clause|section|article|paragraph|page|item|point|no\.?|number|annex|النسخه|البند|الماده|الفقره|رقم"
    r"|الصفحه)\s*\(?#?$"
)
_YEAR = re.compile(r"(?:19|20)\d\d$")
_MONTH_NAMES = re.compile(
    r"\s*(?:st|nd|rd|th)?\s*(?:of )?(?:january|february|march|april|may|june|july|august|september|october|november"
    r"|december|يناير|فبراير|مارس|ابريل|مايو|يونيو|يوليو|اغسطس|سبتمبر|اكتوبر|نوفمبر|ديسمبر|محرم|صفر|رمضان|شوال)\b"
)
_THIN_BLANK = re.compile("(?<=\\d)[\u00a0\u2009\u202f](?=\\d{3}(?!\\d))")


def values_named(folded: str) -> tuple[ValueMention, ...]:
    """The values of a folded text in reading order; numbers of clauses, versions and dates are none."""
    found = [*_numbers(folded), *_duals(folded)]
    return tuple(sorted(found, key=lambda item: item.start))


def _duals(folded: str) -> Iterator[ValueMention]:
    for pattern, unit, number in _DUALS:
        for match in pattern.finditer(folded):
            yield ValueMention(match.start(), match.end(), _converted(unit, Decimal(number)))


def _numbers(folded: str) -> Iterator[ValueMention]:
    spans = number_spans(folded)
    for span in spans:
        before, after = folded[max(0, span.start - 24) : span.start], folded[span.end :]
        text = folded[span.start : span.end]
        if _NO_VALUE_BEFORE.search(before) or _MONTH_NAMES.match(after):
            continue
        found = _unit_of(span.value, text, before, after, span.start, span.end)
        if found.bare and (_YEAR.match(text) or text in ("one", "a", "واحد", "واحده")):
            continue
        broken = bool(re.search(r"\d[.,]$", before)) or bool(re.match(r"[.,]\d", after))
        yield found._replace(amounts={}) if broken else found


def _unit_of(number: Decimal, text: str, before: str, after: str, start: int, end: int) -> ValueMention:
    points = _POINTS.match(after)
    if points:
        return ValueMention(start, end + points.end(), {})
    percent = _PERCENT.match(after)
    if percent or before.endswith("%"):
        stop = end + percent.end() if percent else end
        return ValueMention(start, stop, {TermUnit.SHARE: number / 100})
    for pattern, unit, factor in _TIMES:
        match = pattern.match(after)
        if match:
            amounts = _converted(TermUnit(unit), number * factor) if unit else {}
            return ValueMention(start, end + match.end(), amounts)
    for code, pattern in _MONEY_AFTER:
        match = pattern.match(after)
        if match:
            return ValueMention(start, end + match.end(), {TermUnit.MONEY: number}, code)
    for code, pattern in _MONEY_BEFORE:
        if pattern.search(before):
            return ValueMention(start, end, {TermUnit.MONEY: number}, code)
    amounts = {TermUnit.COUNT: number}
    if 0 < number < 1 and "." in text:
        amounts = {TermUnit.SHARE: number}
    return ValueMention(start, end, amounts, bare=True)


def _converted(unit: TermUnit, number: Decimal) -> dict[TermUnit, Decimal]:
    """The same length of time in the units that it has a whole number of: a day has 24 hours."""
    amounts = {unit: number}
    if unit is TermUnit.DAYS:
        amounts[TermUnit.HOURS] = number * 24
    if unit is TermUnit.HOURS and number % 24 == 0:
        amounts[TermUnit.DAYS] = number / 24
    return amounts


def is_range(folded: str, first: ValueMention, second: ValueMention) -> bool:
    """Whether two values are the ends of a range: ``15-18%``, ``from 15% to 18%`` is none."""
    between = folded[first.end : second.start]
    led = folded[max(0, first.start - 12) : first.start]
    is_from = re.search(r"(?:\bfrom|(?<![\u0621-\u064a])من)\s*\(?$", led) is not None
    return bool(_RANGE_BETWEEN.fullmatch(between)) and not is_from


def value_of(term: PlaybookTerm, mention: ValueMention, currency: str) -> TermValue | None:
    """The mention as a value of a term; None where it has another unit, currency or size than the term can have."""
    number = mention.amounts.get(term.unit)
    if number is None or (term.unit is TermUnit.MONEY and mention.currency != currency):
        return None
    whole = term.unit not in (TermUnit.SHARE, TermUnit.MONEY)
    if number < 0 or number > Decimal("1e12") or (whole and number != number.to_integral_value()):
        return None
    if term.unit is TermUnit.SHARE and number > 1:
        return None
    if -int(tidy(number).as_tuple().exponent) > 4:
        return None
    money = currency if term.unit is TermUnit.MONEY else None
    return TermValue(name=term.name, unit=term.unit, number=tidy(number), currency=money)


_CHOICES = {
    "non_exclusive": "non exclusive|non-exclusive|not exclusive|غير حصري|غير حصريه|دون حصريه",
    "exclusive_named_accounts": "exclusive for named accounts|exclusivity for named accounts|named accounts"
    "|named customers|عملاء مسمين|العملاء المسمين|عملاء محددين",
    "exclusive_on_minimum": "exclusive against a minimum|exclusive on minimum|exclusivity against minimums"
    "|conditional exclusivity|حصريه مشروطه|حصري مشروط",
    "exclusive_unconditional": "full exclusivity|unconditional exclusivity|exclusive without condition"
    "|complete exclusivity|sole and exclusive|حصريه كامله|حصريه مطلقه|حصري دون شرط",
    "law_ksa": "saudi law|law of saudi arabia|laws of saudi arabia|law of the kingdom|laws of the kingdom"
    "|القانون السعودي|الانظمه السعوديه|النظام السعودي",
    "law_difc": "difc law|law of the difc|laws of the difc|قانون مركز دبي المالي|قوانين مركز دبي المالي",
    "law_england": "english law|law of england|laws of england|القانون الانجليزي",
    "scca_riyadh": "scca|saudi center for commercial arbitration|المركز السعودي للتحكيم التجاري",
    "commercial_courts_riyadh": "commercial courts|riyadh courts|courts of riyadh|المحاكم التجاريه",
    "administrative_courts": "administrative courts|board of grievances|المحاكم الاداريه|ديوان المظالم",
    "diac_dubai": "diac|dubai international arbitration|مركز دبي للتحكيم",
    "lcia_london": "lcia|london court of international arbitration|محكمه لندن للتحكيم",
    "arabic_prevails": "arabic prevails|arabic text prevails|arabic shall prevail|يعمل بالنص العربي|النص العربي",
    "english_prevails": "english prevails|english text prevails|english shall prevail|النص الانجليزي",
}


def choice_in(folded: str, term: PlaybookTerm) -> str | None:
    """The one choice of a term that a folded text names; None where there is none or several.

    Choices that the playbook does not list are named too, so that they can be told to be past what it allows.
    """
    found: list[tuple[int, int, str]] = []
    for choice in term.choices:
        for phrase in _choice_phrases(choice):
            start = folded.find(phrase)
            if start >= 0:
                found.append((start, start + len(phrase), choice))
    longest = [
        (start, end, choice)
        for start, end, choice in found
        if not any(a <= start and end <= b and (a, b) != (start, end) for a, b, _ in found)
    ]
    names = {choice for _, _, choice in longest}
    return names.pop() if len(names) == 1 else None


@lru_cache(maxsize=64)
def _choice_phrases(choice: str) -> tuple[str, ...]:
    label = wording().choices.get(choice)
    texts = [choice, choice.replace("_", " "), *_CHOICES.get(choice, "").split("|")]
    texts += [label.en, label.ar] if label else []
    return tuple(dict.fromkeys(fold(text) for text in texts if text))


def without_thin_blanks(text: str) -> str:
    """The text with the thin blanks inside its numbers as commas; of the same length."""
    return _THIN_BLANK.sub(",", text)
