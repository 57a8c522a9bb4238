"""The words around a value in a counter-offer that say what is meant: refusing, agreeing, bounds, conditions, finality.

All patterns read folded text (`tools.text.fold`).
"""

import re

from partnership_os.schemas.negotiation import Bound, UnreadKind

__all__ = [
    "ACCEPTS",
    "ACCEPTS_REST",
    "ASKS",
    "CONDITION",
    "HEARSAY",
    "INSISTS",
    "INSTRUCTS",
    "REFUSES",
    "SPLIT",
    "UNCLEAR",
    "bound_before",
    "is_old",
    "unread_kind",
]

_W = "(?<![\u0621-\u064a])[وفل]?"
"""The start of an Arabic word, with the particles that are written onto it."""
_WE_VERB = (
    "we|our|i|they|you|need|want|require|ask|propose|request|insist|accept|agree|expect|offer|suggest|must|can"
    "|cannot|instead"
)
_AR_VERB = (
    "نطلب|نريد|نقترح|نحتاج|نشترط|نقبل|نوافق|نرفض|نرجو|نود|نصر|نعرض|لا نقبل|لا نوافق|لا يمكننا|لن نقبل|نامل|نتوقع|نطالب"
)
SPLIT = re.compile(
    r"\s*[;]\s*|,?\s+(?:but|however|whereas|yet|nevertheless)\b,?\s*|\s+(?:لكن|ولكن|بل|غير ان|الا اننا)\s+"
    rf"|,\s+(?=(?:{_WE_VERB})\b)|,?\s+and\s+(?=(?:{_WE_VERB})\b)|,?\s+(?=و?(?:{_AR_VERB})(?![\u0621-\u064a]))"
)
"""Where one statement ends and the next begins inside a sentence."""

REFUSES = re.compile(
    r"\b(?:can ?not|can't|won't|will not|would not|wouldn't|do not|don't|are not able to|unable to|never)\s+"
    r"(?:\w+\s+){0,2}?(?:accept|agree|live with|approve|go along|work with|support|take|sign)\b"
    r"|\b(?:not|un)[ -]?(?:acceptable|workable|possible|feasible)\b|\bnot accept\b|\bnot agree\b|\breject(?:s|ed)?\b"
    r"|\brefuse\b|\bdecline\b|\btoo (?:high|low|long|short|much|little)\b|\bdoes ?n[o']t work\b|\bno to\b"
    rf"|{_W}(?:لا|لن) (?:نقبل|نوافق|يمكننا|نستطيع|يناسبنا|يمكن)|{_W}نرفض|{_W}مرفوض|غير مقبول|غير مناسب|لا يناسب"
    rf"|{_W}(?:مرتفعه|مرتفع|طويله|قصيره|منخفضه) (?:جدا|للغايه)"
)
ACCEPTS = re.compile(
    r"\b(?:we |can |also |and )*(?:accept|agree|agreed|confirm|approve)\b|\b(?:are|is|am) (?:fine|happy|ok|okay"
    r"|comfortable|acceptable|agreed|accepted)\b|\bacceptable\b|\bno objection\b|\bworks for us\b"
    rf"|{_W}(?:نوافق|نقبل|موافقون|نوكد)|{_W}مقبول|لا مانع|لا اعتراض|{_W}يناسبنا"
)
ACCEPTS_REST = re.compile(
    r"\b(?:all|the|every|any)?\s*(?:of the )?(?:other|remaining|rest(?: of the)?)\s*"
    r"(?:terms?|points?|clauses?|conditions?|sheet)?"
    r"(?:\s+\w+){0,4}?\s+(?:(?:are|is|remains?|stays?)\s+(?:\w+\s+)?)?"
    r"(?:accepted|agreed|acceptable|fine|ok|okay|unchanged|as (?:they are|it is|drafted|proposed|is))\b"
    r"|\b(?:we|i) (?:can |hereby |fully )?(?:accept|agree (?:to|with)|approve|confirm)\s+(?:to\s+)?"
    r"(?:all|the|your|this)\s+(?:\w+\s+){0,3}?(?:terms?|term sheet|sheet|offer|proposal|draft|version|conditions)\b"
    r"(?!\s+(?:of|on|for) )"
    r"|\b(?:everything|all) else\s+(?:is|stays|remains)\b|\bno (?:other|further) (?:changes|comments|remarks)\b"
    rf"|{_W}(?:نوافق|نقبل|موافقون) (?:علي |ب)?(?:جميع|كل|كافه|باقي|بقيه|سائر|ساير|ورقه|عرضكم|العرض|النسخه|الشروط|باقي)"
    rf"|{_W}(?:باقي|بقيه|ساير) (?:الشروط|البنود|النقاط)|لا (?:ملاحظات|تعديلات) اخري"
)
INSISTS = re.compile(
    r"\bfinal(?:\s+(?:offer|position|word))?\b|\bnon-?\s?negotiable\b|\bnot negotiable\b|\bdeal[ -]?breaker\b"
    r"|\btake it or leave it\b|\blast offer\b|\b(?:will|can) ?not (?:move|go|change|budge)\b|\binsist\b|\bno deal\b"
    r"|\bmust have\b|\bred line\b|\bno flexibility\b|\bwe walk\b"
    rf"|{_W}(?:ال)?نهايي|غير قابل(?:ه)? للتفاوض|{_W}نصر علي|لن نتنازل|لا تنازل|شرط اساسي|خط احمر|لا نقاش"
)
CONDITION = re.compile(
    r"\b(?:only )?(?:if|provided(?: that)?|providing|on (?:the )?condition (?:that|of)|conditional on|subject to"
    r"|in return for|in exchange for|as long as|so long as|assuming)\b"
    rf"|{_W}(?:اذا|شريطه|بشرط|مقابل|في حال|ما دام|علي ان)(?![\u0621-\u064a])"
)
UNCLEAR = re.compile(
    r"\b(?:unless|otherwise|either|alternatively|perhaps|approximately|about|around|roughly|circa|plus or minus"
    r"|double|triple|half|twice|increase by|reduce by|raise by|lower by|more than|over|above|less than|below|under)\b"
    rf"|{_W}(?:ما لم|الا اذا|حوالي|تقريبا|نحو|ضعف|اما|زياده بنسبه|تخفيض بنسبه|اكثر من|اقل من)(?![\u0621-\u064a])"
)
"""A value beside these is not the value that they want, or not only that."""
HEARSAY = re.compile(
    r"\b(?:last year|previously|in the past|used to|other (?:partners?|vendors?|suppliers?|companies)|competitors?"
    r"|the market|market (?:rate|standard|practice)|industry|usually|typically|for example|e\.g)\b"
    rf"|{_W}(?:ال)?(?:منافسون|منافسين|موردون|موردين|سوق)|{_W}العام الماضي|{_W}سابقا|{_W}عاده|علي سبيل المثال"
)
"""What others pay or what was, which is no demand."""
ASKS = re.compile(
    r"\b(?:need|want|wants|require|requires|request|propose|suggest|ask|asking|insist|expect|demand|must|shall|should"
    r"|would like|prefer|add|insert|include|introduce|delete|remove|strike|drop|replace|amend|change|revise|increase"
    r"|reduce|raise|lower|extend|shorten|grant|give us|guarantee|compensat\w+|penalt\w+|equity|please|could you"
    r"|can you|entitled|waive)\b"
    rf"|{_W}(?:نطلب|نريد|نقترح|نحتاج|نشترط|نرجو|نود|نصر|نطالب|يجب|ينبغي|يلزم|اضافه|حذف|تعديل|زياده|تخفيض|رفع|خفض"
    "|تمديد|تقصير|منح|ضمان|تعويض|غرامه|حصه)"
)
INSTRUCTS = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b[^.]{0,40}\b(?:instructions?|rules?|limits?|playbook|policy|polic(?:y|ies)"
    r"|previous|prior|above)\b"
    r"|\b(?:approve|accept|sign|commit|confirm|process)\b[^.]{0,40}\b(?:automatically|immediately without|without"
    r" (?:review|approval|asking|escalat\w+|a human|human))\b"
    r"|\bdo not (?:escalate|counter|tell|inform|show|flag|mention)\b|\bmark (?:this|it|as|the)\b[^.]{0,40}\b(?:approved"
    r"|accepted|final|read)\b|\bas an? (?:ai|assistant|language model|llm|agent|bot)\b"
    r"|\byou are (?:now |an? )+(?:ai|assistant|language model|agent|bot|negotiator)\b"
    r"|\b(?:reveal|disclose|tell us|share|print|output|list|what is|what are)\b[^.]{0,40}\b(?:walk[- ]?away|batna"
    r"|reservation|bottom line|playbook|(?:your|the) (?:limits?|maximum|minimum|fallback|mandate|instructions?|prompt))\b"
    r"|\b(?:system|developer) (?:prompt|message|note)\b"
    rf"|{_W}(?:تجاهل|اهمل|تجاوز)(?:وا|ي)? [^.]{{0,40}}(?:تعليمات|قواعد|حدود|السياسه|الدليل)"
    rf"|{_W}(?:اعتمد|اقبل|وافق|وقع)(?:وا|ي)? [^.]{{0,40}}(?:تلقاييا|اليا|دون (?:مراجعه|موافقه|الرجوع|تصعيد))"
    rf"|{_W}لا (?:تصعد|ترفع الامر|تخبر)|(?:اكشف|اذكر|افصح عن|ما هو|ما هي) [^.]{{0,40}}(?:حد الانسحاب|حدكم|سقفكم|حدودكم"
    "|البديل|الموقف الاحتياطي)"
)
"""Speaks to software or to our side of the table instead of bargaining."""

_LEAST = re.compile(
    r"(?:\bat least|\bminimum(?: of)?|\bno less than|\bnot less than|\bno lower than|\bno fewer than|\bnot fewer than"
    rf"|\bnot below|{_W}لا تقل عن|{_W}لا يقل عن|علي الاقل|بحد ادني(?: قدره)?)\s*\(?$"
)
_MOST = re.compile(
    r"(?:\bat most|\bmaximum(?: of)?|\bup to|\bno more than|\bnot more than|\bnot exceed(?:ing)?|\bno later than"
    r"|\bno longer than|\bnot longer than|\bwithin|\bnot above|\bcapped at"
    rf"|{_W}لا (?:تتجاوز|يتجاوز|تزيد علي|يزيد علي|تزيد عن|يزيد عن)|{_W}خلال|بحد اقصي(?: قدره)?|كحد اقصي)\s*\(?$"
)
_LESS = re.compile(
    r"(?:\bless than|\bbelow|\bunder|\blower than|\bfewer than|\bshorter than|\banything (?:less|lower|below|under)(?: than)?"
    rf"|{_W}(?:ب)?(?:اقل من|دون|ادني من))\s*\(?$"
)
_MORE = re.compile(
    r"(?:\bmore than|\babove|\bover|\bhigher than|\bbeyond|\blonger than|\banything (?:more|higher|above|over)(?: than)?"
    rf"|{_W}(?:ب)?(?:اكثر من|اعلي من|اطول من|ما يزيد علي|ما يزيد عن))\s*\(?$"
)
_OLD = re.compile(
    r"(?:\b(?:instead of|rather than|in place of|and not|, not|up from|down from|currently|not the)"
    r"(?: the)?(?: (?:current|proposed|stated|original))?"
    rf"|{_W}(?:بدلا من|بدل|عوضا عن|وليس|وليست|لا))\s*(?:ال)?\(?$"
)
_FROM = re.compile(r"(?:\bfrom(?: the (?:current|proposed))?|(?<![\u0621-\u064a])من)\s*\(?$")
_TO = re.compile(r"^[^.;]{0,24}?(?:\bto\b|(?<![\u0621-\u064a])الي(?![\u0621-\u064a]))\s*\(?\s*(?:sar|usd|aed)?\s*$")


def bound_before(before: str, *, refused: bool) -> tuple[Bound, bool] | None:
    """What the words before a value make of it.

    Args:
        before: The folded text up to the value.
        refused: The statement refuses: "we cannot accept less than 18%" wants at least 18%.

    Returns:
        The bound, and whether the refusal is used up by it; None where the words leave the value unclear.
    """
    window = before[-40:]
    if _LEAST.search(window):
        return Bound.AT_LEAST, False
    if _MOST.search(window):
        return Bound.AT_MOST, False
    if _LESS.search(window):
        return (Bound.AT_LEAST, True) if refused else None
    if _MORE.search(window):
        return (Bound.AT_MOST, True) if refused else None
    return Bound.EXACTLY, False


def is_old(before: str, between: str | None) -> bool:
    """Whether a value is the one that is to be replaced: ``instead of 12``, ``from 12 to 24``.

    Args:
        before: The folded text up to the value.
        between: The folded text between it and the next value, if there is one.
    """
    window = before[-40:]
    return bool(_OLD.search(window)) or bool(_FROM.search(window) and between is not None and _TO.match(between))


def unread_kind(folded: str) -> UnreadKind:
    """What kind of demand an unread statement makes."""
    if re.search(rf"\b(?:delete|remove|strike|drop|waive)\b|{_W}(?:حذف|الغاء|شطب|نحذف)", folded):
        return UnreadKind.REMOVED_CLAUSE
    if re.search(
        r"\b(?:add|insert|include|introduce|new clause|right of|equity|penalt\w+|guarantee\w*|compensat\w+)\b"
        rf"|{_W}(?:اضافه|ادراج|بند جديد|حق|غرامه|ضمان|تعويض|نضيف)",
        folded,
    ):
        return UnreadKind.NEW_CLAUSE
    return UnreadKind.UNREAD
