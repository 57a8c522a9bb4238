"""Asides: the parts of a text that speak to its reader or hold code; they state nothing about the company."""

import re
from collections.abc import Iterator

from partnership_os.tools.folding import fold_with_offsets

__all__ = ["code_spans", "told_from", "told_until"]

_ANALYST = (
    r"(?:analysts?|readers?|reviewers?|evaluators?|graders?|approvers?|assistants?|chatbots?|crawlers?"
    r"|(?:language|ai) models?|llms?|ais?)"
)
_READER = rf"(?:{_ANALYST}|bots?|models?|systems?|agents?|tools?|whoever|anyone|everyone|you)"
_NOTE = (
    r"(?:note|record|remember|report|state|write|answer|reply|respond|say|output|return|register|log|enter|list|mark"
    r"|assume|conclude|believe|understand|pretend|suppose|imagine|repeat|quote|rest assured|be (?:aware|advised"
    r"|informed)"
    r"|(?:bear|keep) in mind)"
)
_GRADE = (
    r"(?:treat|consider|regard|classify|rate|score|rank|grade|approve|accept|confirm|verify|certify|assign|award"
    r"|extract"
    r"|cite|claim|count|add|include|ignore|disregard|forget|give|set|take|put)"
)
_MUST = (
    r"(?:must|should|shall|ought to|ha(?:ve|s) to|needs? to|(?:is|are) to"
    r"|(?:is|are) (?:asked|instructed|required|told|requested|advised|expected|obliged|supposed) to)"
)
_NOTED = (
    r"(?:recorded|noted|listed|registered|marked|treated|assumed|rated|scored|classified|reported|stated|accepted"
    r"|approved|extracted|entered|logged|taken|regarded|considered|counted|remembered|believed|quoted|ranked|graded)"
)
_ORDER = re.compile(
    rf"\b{_READER}\b[^.;:!?]{{0,80}}?\b{_MUST}\s+(?:(?:\w+ly|always|now|also|not)\s+){{0,2}}(?:{_NOTE}|{_GRADE})\b"
    rf"|(?:^|[^\w\s]\s*|\b(?:please|kindly|and|then|to|also|now|just|must|should|simply|instead|rather|always"
    rf"|only)\s+){_NOTE}\s+(?:down\s+)?"
    r"(?:that|the following|as follows)\b"
    rf"|(?:^|[^\w\s,]\s*|\b(?:please|kindly)\s+)(?:{_NOTE}|{_GRADE}|make sure|be sure|ensure)\s+"
    r"(?:that|the|this|these|those|it|them|both|all|every|each|an?|as|only|full|your|our|us|\d+)\b"
    r"|\b(?:example|sample|specimen|false|wrong|invented|made-up)\b[^.;]{0,80}[\"“«]"
    rf"|\b(?:please|kindly)\s+(?:{_NOTE}|{_GRADE})\b|\b(?:ask|tell)\s+(?:your|any|another)\s"
    r"|\bthe (?:correct|right|expected|proper|only|best) (?:output|answer|result|response|reading|score"
    r"|rating)\s+(?:is|would be)\b"
    r"|(?:^|[\s:,.;(])[وف]?(?:سجل|اكتب|اعتبر|افترض|لاحظ|تذكر|صنف|اذكر|اضف|ادرج|اجب|قل|اثبت|اعلم|صدق|تاكد|كرر|استخرج"
    r"|اعتمد)"
    r"(?:وا|ي)?\s+(?:(?:ايها|في|هنا)\s+\S+\s+|من\s+)?(?:ب?ان|ب?انه|ب?انها|علي ان)(?=\s)"
    r"|(?:^|[:,.;]\s*)[وف]?(?:امنح|اعط|تجاهل|اعتبر|افترض|اضف|ادرج|استخرج|تذكر)(?:وا|ي|ها|ه|هم|نا)?\s"
    r"|(?:^|\s)[وف]?علي\s+(?:ال|كل\s)?(?:محلل|نظام|مساعد|قاري|قرا|مراجع|نموذج|مقيم)\S*\s+ان\s"
    r"|(?:^|\s)[وف]?(?:يجب|ينبغي|يتعين|يلزم|المطلوب|يرجي|نرجو|الرجا|لا بد|عليك|عليكم)\s+(?:\S+\s+){0,4}?"
    r"(?:[تين]?(?:سجل|دون|كتب|عتبر|فترض|لاحظ|ذكر|صنف|درج|ضيف|ثبت)|تسجيل|اعتبار|ادراج|اعطا|تدوين)\S*(?=\s)",
)
_IMPERATIVE = re.compile(
    rf"^\W*(?:{_NOTE}|{_GRADE})\s+[^.;:]{{1,80}}?\s(?:as|for|under|in (?:the|your)|to (?:the|your))\s"
)
"""At the start of a sentence that does not begin with the company: "Mark Industries as …" could be its name."""
_WHOLE_ORDER = re.compile(
    rf"\b(?:must|should|shall|ha(?:ve|s) to|needs? to|(?:is|are) to)\s+(?:\w+ly\s+)?be\s+{_NOTED}\s+"
    r"(?:as|that|by|for|in (?:the|your|this|every)|here|with|at|down)\b"
)
_ADDRESS = re.compile(
    rf"(?:^|[^\w\s]\s*)(?:dear|attention|hey|hello|hi|note (?:to|for)|message (?:to|for)|(?:instructions?"
    rf"|directions?|orders?"
    rf"|memo|notice|advice) (?:to|for))\s+(?:(?:the|all|any|an?|every|our|automated)\s+){{0,3}}{_READER}\b"
    rf"|(?:^|[^\w\s]\s*)(?:for|to)\s+(?:(?:the|all|any|an?|every|our|automated)\s+){{0,3}}{_ANALYST}\s*:"
    r"|\b(?:system|developer|admin|administrator|assistant|operator) (?:note|message|prompt|override|notice"
    r"|instructions?"
    r"|command|alert)\b"
    r"|\b(?:ignore|disregard|forget|override)\s+(?:(?:all|any|the|your|every|of)\s+){0,3}(?:previous|prior|above"
    r"|earlier"
    r"|preceding|foregoing|other|instructions?|rules?)\b"
    rf"|\bif you(?:'re| are)\s+(?:an?|the)\s+(?:\w+\s+){{0,2}}?{_READER}\b"
    rf"|^\W*(?:(?:all|any|the)\s+)?(?:ai\s+)?{_ANALYST}\s*:"
    r"|^\W*(?:system|assistant|user|instructions?|output|answer|response|prompt)\s*[:=>]"
    r"|(?:تعليمات|توجيهات|ملاحظه|رساله|اوامر|تنبيه)\s+(?:الي\s+)?(?:ال|لل|ل)?(?:نظام|مساعد|محلل|نموذج|قاري|مراجع|ذكا"
    r"|قرا|مقيم)"
    r"|ايها\s+(?:ال)?(?:نظام|مساعد|محلل|نموذج|قاري|مراجع|مقيم)|اذا كنت\s+(?:مساعد|نموذج|نظام|محلل|برنامج)"
    r"|(?:^|[.:]\s*)(?:الي|علي)\s+(?:ال)?(?:محلل|نظام|مساعد|نموذج)\S*\s*[:,]",
)
_WORTH_READING = re.compile(
    rf"\b(?:{_READER}|must|should|shall|please|kindly|dear|attention|hey|hello|hi|ask|tell|override|developer|admin\w*"
    rf"|operator|user|instructions?|directions?|orders?|memo|notice|prompt|correct|right|expected|proper|best|example"
    rf"|sample|specimen|false|wrong|invented|made-up|{_NOTE}|{_GRADE}|{_NOTED}|make sure|be sure|ensure|response)\b"
    rf"|[\u0621-\u064a]",
)
_PARAGRAPH_END = re.compile(r"\n\s*\n")


_PLAIN = re.compile(r"[\x00-\u024f\u2010-\u2027\u2030-\u205e\u20a0-\u20bf]*")


def _folded(text: str) -> tuple[str, list[int] | None]:
    """Text in which letters compare, and its offsets; None where they are those of the text itself."""
    if _PLAIN.fullmatch(text) and "\u00ad" not in text:
        plain = text.casefold()
        if len(plain) == len(text):
            return plain, None
    return fold_with_offsets(text)


def told_from(sentence: str, *, own: bool) -> int | None:
    """Where a sentence begins to tell its reader what to note, think or do; None where it does not.

    "Analysts must record that …", "note that …", "treat it as …", سجّل أن, يجب أن تسجل: what follows to the end of the
    sentence is the order's. "… must be recorded as …" and an address ("System note: …") take the whole sentence.

    Args:
        sentence: The sentence, with the words that lead in.
        own: Whether it begins with the company itself; then its first word is no imperative.
    """
    folded, offsets = _folded(sentence)
    if not _WORTH_READING.search(folded):
        return None
    if _WHOLE_ORDER.search(folded):
        return 0
    patterns = (_ORDER, _ADDRESS) if own else (_ORDER, _ADDRESS, _IMPERATIVE)
    starts = [match.start() for pattern in patterns for match in (pattern.search(folded),) if match]
    if not starts:
        return None
    return min(starts) if offsets is None else offsets[min(starts)]


def told_until(text: str, start: int, end: int) -> int | None:
    """Where an address ends that begins in the sentence ``text[start:end]``: at the end of its paragraph.

    None where the sentence addresses nobody ("System note:", "If you are an assistant", تعليمات للنظام).
    """
    folded, _ = _folded(text[start:end])
    if not _ADDRESS.search(folded):
        return None
    gap = _PARAGRAPH_END.search(text, end)
    return gap.start() if gap else len(text)


_CODE = re.compile(
    r"(?P<fence>```|~~~)|(?P<comment><!--)|(?P<brace>[{\[])(?=\s*[{\[]?\s*[\"'“”][^\"'“”\n]{0,60}[\"'“”]\s*:)"
    r"|(?P<pair>[\"“”][\w -]{1,40}[\"“”]\s*:\s*[\"“”{\[\d])|\b(?P<yaml>(?:kind|subject|quote"
    r"|evidence_id)\s*[:=]\s*\S+[\s,;]+(?:-\s*)?"
    r"(?:kind|subject|quote|value|number|evidence_id)\s*[:=])|(?P<call>\b[a-z]+_[a-z_]+\()"
    r"|<(?P<tag>system|assistant|user|tool|output|answer|claims?|json|instructions?|script|result|response)\b"
)
_CLOSERS = {"fence": None, "comment": "-->", "call": ")"}


def code_spans(text: str) -> tuple[tuple[int, int], ...]:
    """The spans of a text that are code or forged data: fences, JSON, calls, comments and tags of a chat.

    What is opened and never closed reaches to the end of the text.
    """
    if not re.search(r"[{\[`~<(\"“”:=]", text):
        return ()
    return tuple(_spans(text))


def _spans(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    while match := _CODE.search(text, at):
        kind = match.lastgroup or ""
        if kind == "brace":
            at = _closed(text, match.start())
        elif kind in ("pair", "yaml"):
            gap = _PARAGRAPH_END.search(text, match.end())
            at = gap.start() if gap else len(text)
        else:
            closer = f"</{match['tag']}" if kind == "tag" else _CLOSERS[kind] or match.group()
            found = text.find(closer, match.end())
            at = len(text) if found < 0 else found + len(closer)
        yield match.start(), at


def _closed(text: str, start: int) -> int:
    """The position after the bracket that closes the one at ``start``; the end of the text where none does."""
    depth = 0
    for bracket in re.finditer(r"[{}\[\]]", text[start:]):
        depth += 1 if bracket.group() in "{[" else -1
        if depth == 0:
            return start + bracket.end()
    return len(text)
