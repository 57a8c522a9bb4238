"""Company status: is a company still there, and what was it called before, by its record and its text."""

import re
from dataclasses import dataclass

from partnership_os.schemas.company import CompanyStatus
from partnership_os.tools.company_statements import CompanyText
from partnership_os.tools.name_likeness import key_of
from partnership_os.tools.text import fold

__all__ = ["FormerName", "StatusFinding", "former_names", "parse_flag", "parse_status", "status_from_text"]


@dataclass(frozen=True)
class StatusFinding:
    """A status and the words it rests on; UNKNOWN with a quote is a warning, not a death."""

    status: CompanyStatus
    quote: str


@dataclass(frozen=True)
class FormerName:
    """A name that the company gave up, and the words that say so."""

    name: str
    quote: str


_STATUS_WORDS = {
    CompanyStatus.ACTIVE: "active;live;operating;listed;registered;in business;open;نشط;نشطه;قائم;قائمه;مدرجه;ساري",
    CompanyStatus.DELISTED: "delisted;ملغي الادراج;ملغاه الادراج",
    CompanyStatus.ACQUIRED: "acquired;taken over;مستحوذ عليها",
    CompanyStatus.MERGED: "merged;amalgamated;مندمجه;مدمجه",
    CompanyStatus.LIQUIDATED: "liquidated;in liquidation;under liquidation;dissolved;bankrupt;struck off;closed;"
    "cancelled;canceled;insolvent;in receivership;ceased;تحت التصفيه;"
    "قيد التصفيه;مصفاه;مشطوب;مشطوبه;ملغي;ملغاه;مغلق;مفلس;مفلسه",
    CompanyStatus.UNKNOWN: "unknown;suspended;expired;inactive;dormant;غير معروف;معلق;موقوف;منتهي;غير نشط",
}
_STATUS_OF = {fold(word): status for status, words in _STATUS_WORDS.items() for word in words.split(";")}
_TRUE = frozenset(fold(word) for word in ["true", "yes", "y", "1", "t", "x", "نعم", "صحيح"])
_FALSE = frozenset(fold(word) for word in ["false", "no", "n", "0", "f", "لا", "خطأ"])

_WAS = r"(?:was|were|has been|have been|got)"
_END = r"(?:liquidation|receivership|bankruptcy|administration|insolvency)"
_KIND_OF_END = r"(?:voluntary|compulsory|provisional|members['’] voluntary|creditors['’] voluntary)"
_DEATHS: tuple[tuple[CompanyStatus, re.Pattern[str]], ...] = tuple(
    (status, re.compile(pattern, re.IGNORECASE))
    for status, pattern in (
        (CompanyStatus.ACQUIRED, rf"\b{_WAS}\s+(?:fully\s+|wholly\s+|since\s+)?(?:acquired|taken over|bought)\s+by\b"),
        (CompanyStatus.MERGED, rf"\b{_WAS}\s+(?:merged|amalgamated|absorbed)\s+(?:with and\s+)?(?:into|with|by)\b"),
        (CompanyStatus.MERGED, r"\b(?:merged|amalgamated)\s+(?:with and\s+)?into\b"),
        (
            CompanyStatus.LIQUIDATED,
            rf"\b(?:is|are)\s+(?:now\s+|currently\s+)?(?:in"
            rf"|under)\s+(?:{_KIND_OF_END}\s+)?{_END}\b(?!\s+\w+\s+(?:business|services))",
        ),
        (
            CompanyStatus.LIQUIDATED,
            rf"\b{_WAS}\s+(?:\w+\s+)?(?:liquidated|dissolved|wound up|declared bankrupt|struck off)\b",
        ),
        (
            CompanyStatus.LIQUIDATED,
            r"\b(?:is|are)\s+(?:liquidating|being liquidated|being wound up|bankrupt|insolvent|dissolved)\b",
        ),
        (
            CompanyStatus.LIQUIDATED,
            rf"\b(?:entered|went|{_WAS}\s+placed)\s+(?:into?\s+)?(?:{_KIND_OF_END}\s+)?{_END}\b",
        ),
        (
            CompanyStatus.LIQUIDATED,
            r"\bceased\s+(?:all\s+|its\s+|to\s+)?(?:(?:business\s+)?operations|trading|exist|operating|business)\b",
        ),
        (
            CompanyStatus.LIQUIDATED,
            r"\bfiled\s+(?:an?\s+)?(?:voluntary\s+)?(?:petition\s+)?for\s+(?:\w+\s+)?(?:liquidation|bankruptcy"
            r"|receivership|insolvency|winding)\b",
        ),
    )
)
_REORGANISES = re.compile(
    r"\bfiled\s+(?:an?\s+)?(?:voluntary\s+)?(?:petition\s+)?for\s+(?:reorgani[sz]ation|chapter 11)", re.IGNORECASE
)
_SHELL = re.compile(r"\b(?:does|do) not have (?:any )?significant operations\b", re.IGNORECASE)
_IS_ENDING = re.compile(
    rf"\bis an?\s[^.;]*?\b(?:company|firm|trust|fund|bank|group)\b[^.;]*?\b(?:that|which|and)\s+is\s+"
    rf"(?:now\s+|currently\s+)?in\s+(?:{_KIND_OF_END}\s+)?{_END}\b",
    re.IGNORECASE,
)
_DEATHS_AR: tuple[tuple[CompanyStatus, re.Pattern[str]], ...] = (
    (CompanyStatus.ACQUIRED, re.compile(r"تم\s+الاستحواذ\s+على\s+الشركة|استحوذت?\s+عليها")),
    (CompanyStatus.MERGED, re.compile(r"(?:اندمجت\s+الشركة|الشركة\s+اندمجت|تم\s+دمج\s+الشركة)\s+(?:في|مع)")),
    (
        CompanyStatus.LIQUIDATED,
        re.compile(
            r"الشركة\s+(?:حاليا\s+|حالياً\s+)?(?:تحت|قيد)\s+التصفية|تمت?\s+تصفية\s+الشركة|أعلنت\s+الشركة\s+إفلاسها"
        ),
    ),
)
_WORTH_READING = re.compile(
    r"acquired|taken over|bought by|merged|amalgamated|absorbed|liquidat|receivership|bankrupt|administration"
    r"|insolven|dissolved|wound up|struck off|ceased|reorgani|chapter 11|significant operations"
    r"|استحو|اندمج|دمج|تصفية|إفلاس",
    re.IGNORECASE,
)


def parse_flag(text: str) -> bool | None:
    """A yes or no in English, Arabic or as 1 and 0; None for anything else."""
    plain = fold(text)
    return True if plain in _TRUE else False if plain in _FALSE else None


def parse_status(text: str) -> CompanyStatus | None:
    """The status that a status column names in English or Arabic, None where it names none that we know."""
    return _STATUS_OF.get(fold(text).replace("_", " "))


def status_from_text(text: CompanyText) -> StatusFinding | None:
    """What the text says of the company's own end.

    Only sentences whose subject is the company itself count: buying others is no death, being somebody's
    subsidiary is ownership. A shell without operations and a reorganisation under court protection are
    reported as UNKNOWN with the quote. The gravest finding wins, the first one among equals.
    """
    if not _WORTH_READING.search(text.text):
        return None
    warning: StatusFinding | None = None
    for sentence in text.sentences:
        if not _WORTH_READING.search(sentence):
            continue
        status = _death_in(sentence, text)
        if status is not None:
            return StatusFinding(status, sentence)
        if warning is None and _has_own(sentence, (_SHELL, _REORGANISES), text):
            warning = StatusFinding(CompanyStatus.UNKNOWN, sentence)
    return warning


def _death_in(sentence: str, text: CompanyText) -> CompanyStatus | None:
    for status, pattern in _DEATHS:
        if _has_own(sentence, (pattern,), text):
            return status
    if text.is_own(sentence) and _IS_ENDING.search(sentence):
        return CompanyStatus.LIQUIDATED
    return next((status for status, pattern in _DEATHS_AR if pattern.search(sentence)), None)


def _has_own(sentence: str, patterns: tuple[re.Pattern[str], ...], text: CompanyText) -> bool:
    return any(
        text.is_subject(sentence[: match.start()]) for pattern in patterns for match in pattern.finditer(sentence)
    )


_FORMER = re.compile(
    r"\b(?:(?:was|were|is)\s+)?(?:formerly|previously|originally)\s+(?:known\s+as|named|called|operated\s+as)\s+",
    re.IGNORECASE,
)
_BEFORE_AR = r"(?:سابق\u064b?ا\u064b?|قديم\u064b?ا\u064b?|من قبل|في السابق)"
_FORMER_AR = re.compile(
    rf"(?:(?:المعروفة?|[تي]عرف|[تي]سمى|عرفت?|سميت?)\s+{_BEFORE_AR}|كانت?\s+(?:[تي]عرف|[تي]سمى|اسمها"
    rf"|اسمه)(?:\s+{_BEFORE_AR})?)"
    r"\s+(?:باسم\s+|بـ\s*|ب(?=ال|ب|[\"«“]))?[\"«“]?(?P<name>[^\".،؛»”]{3,100})"
)
_FORMER_END_AR = re.compile(
    r"\s+(?:ثم|قبل أن|حتى|إلى أن|عندما|منذ|في عام|عام|سنة|التي|الذي|و(?:غيرت?|تغير|أصبحت?|صارت?|تحولت?|حملت?|اتخذت?"
    r"|باتت?|هي|هو|[تي]"
    r"(?:قدم|وفر|عمل|بيع|خدم|دير|ملك|نتج|شغل)))(?!\w)"
)
_FORMER_END = re.compile(
    r",?\s+(?:and|before|until|prior|but|when|after|which|that|since)\s+(?:\w+\s+)?(?:changed|changing|its|adopted"
    r"|to|it|renamed|was|is|took|takes|taking|taken"
    r"|assumed|became|becoming|rebranded|rebranding|switched|got|received|has|had|now|offers|provides|sells|operates"
    r"|serves|\d{4})\b"
    r"|;|\s+in\s+(?:[A-Z][a-z]+\s+)?\d{4}\b"
)
_STOP = re.compile(r"\.(?=\s+(?P<next>\S+)|\s*$)")
_ABBREVIATED = re.compile(
    r"(?:\b(?:co|corp|inc|ltd|bhd|st|no|dr|mr|jr|s\.a|s\.p\.a|n\.v|a\.s|s\.a\.b|plc|pty|pte|p\.t|int|intl|mfg|bros"
    r"|[a-z]))$",
    re.IGNORECASE,
)


def former_names(text: CompanyText, name: str) -> tuple[FormerName, ...]:
    """Names that the text says the company had before, in order.

    Understands "The company was formerly known as X and changed its name to Y in May 2019.", also where X ends in
    an abbreviation ("… formerly known as Saudi Joint Stock Co. Arabian Pipes Company was founded …"). A name that
    differs from the present one in nothing but its legal form is left out.
    """
    found: dict[str, FormerName] = {}
    for match in _FORMER.finditer(text.text):
        before = _own_subject(text, match.start())
        if before is None:
            continue
        tail = text.text[match.end() : match.end() + 250]
        end = _end_of_name(tail, name)
        former = _clean(tail[:end])
        if former and key_of(former) != key_of(name):
            quote = (before + text.text[match.start() : match.end() + end]).strip()
            found.setdefault(key_of(former), FormerName(former, quote))
    for match in _FORMER_AR.finditer(text.text):
        stop = _FORMER_END_AR.search(match["name"])
        former = _clean(match["name"][: stop.start()] if stop else match["name"])
        if former and key_of(former) != key_of(name):
            found.setdefault(key_of(former), FormerName(former, match.group(0).strip()))
    return tuple(found.values())


def _own_subject(text: CompanyText, position: int) -> str | None:
    """The words before the position back to a sentence start, where they are the company itself."""
    start = max(0, position - 200)
    window = text.text[start:position]
    starts = [match.end() for match in re.finditer(r"[.;]\s+(?=\S)|^" if start == 0 else r"[.;]\s+(?=\S)", window)]
    return next((window[begin:] for begin in reversed(starts) if text.is_subject(window[begin:])), None)


def _end_of_name(tail: str, name: str) -> int:
    phrase = _FORMER_END.search(tail)
    limit = phrase.start() if phrase else len(tail)
    own_first = name.split()[0].casefold() if name.split() else ""
    for stop in _STOP.finditer(tail, 0, limit):
        following = stop["next"]
        abbreviated = _ABBREVIATED.search(tail[: stop.start()]) is not None
        if not abbreviated:
            return stop.start()
        if (
            following is None
            or following.casefold() in ("the", "it", "its", "they", "in", "as")
            or following.casefold() == own_first
        ):
            return stop.end()
    return limit


def _clean(name: str) -> str | None:
    plain = " ".join(name.split()).strip(' ,;:"“”«»')
    if plain.count(")") > plain.count("("):
        plain = plain[: plain.rindex(")")].rstrip(" ,")
    usable = 2 <= len(plain) <= 150 and any(char.isalpha() for char in plain) and not plain[0].islower()
    return plain if usable else None
