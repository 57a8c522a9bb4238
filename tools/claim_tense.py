"""Claim tense: is what a sentence mentions denied, given up, past or only planned?"""

import re
from bisect import bisect_right
from functools import lru_cache

__all__ = ["clause_start", "is_negated", "is_past", "is_planned"]

_CLAUSE_END = re.compile(
    r"[.;!?؟؛\n](?:\s|$)|,?\s+\b(?:but|however|instead|while|whereas|although)\b|\s(?:لكن|بل|ولكن)\s"
)
_DENIAL_BEFORE = re.compile(
    r"\b(?:not(?!\s+(?:only|just|merely|least|limited to))|cannot|(?:does|do|did|is|are|was|were|has|have|had|ca|wo)"
    r"n['’]t|never|neither|nor|without|except(?:ing)?|excluding|hardly|barely|rather than|other than|instead of"
    r"|no(?=\s)(?!\s+(?:fewer|less|later|doubt|matter|other|one\b|\d))|none of|lacks?|free of|used to"
    r"|ceas(?:es?|ed|ing)|discontinu\w+|divest\w+|stop(?:s|ped)|exit(?:s|ed|ing)|withdr[ae]w(?:s|n|ing)? from"
    r"|pull(?:s|ed) out of|abandon(?:s|ed)|wound down|shut(?:s|ting)?(?: down)?\s+(?:its|their|the|all)"
    r"|hand(?:s|ed)\s+(?:over\s+)?(?:its|their|the|all)|parted with|(?:it|company|group|bank|firm) parts with"
    r"|g(?:ives?|ave"
    r"|iven) up|let go of|got (?:out|rid) of"
    r"|walk(?:s|ed) away from|phas(?:es|ed) out|transferred\s+(?:its|their|all)|(?:sold|spun) off(?!-)"
    r"|wound up\s+(?:its|their|the)"
    r"|(?:it|we|they|company|group|bank|firm)\s+leaves?(?!\s+(?:no|nothing)\b)"
    r"|left(?!\s+(?:side|hand|over))|plans? to exit|terminat(?:es|ed)|fail(?:s|ed) to|unable to|refus(?:es|ed) to"
    r"|declin(?:es|ed) to|lost\s+(?:its|their|the|an?)|(?:sold|disposed of|spun off|closed)\s+(?:its|their|the|all)"
    r"|(?:previously|formerly)(?!\s+(?:known|named|called|operated as)))\b"
    r"|(?:^|\s)[وف]?(?:لا|لم|لن|ليس(?:ت)?|ما عاد(?:ت)?|غير|دون|بدون|باستثناء|عدا|سوى|توقفت|توقف|أوقفت|أوقف"
    r"|تخارجت|تخارج|باعت|باع|ألغت|ألغى|أغلقت|أغلق|غادرت|غادر|انسحبت|انسحب|خرجت من|خرج من|فقدت|فقد|كفت عن"
    r"|كانت?\s(?:الشركة|البنك|المصرف|المجموعة)\s(?![تي](?:عرف|سمى)\s)[تي]\S+"
    r"|كانت? (?![تي](?:عرف|سمى)\s)[تي]\S+|سابق\u064b?ا\u064b?(?!\s+(?:باسم|ب)))\s",
    re.IGNORECASE,
)
_DENIAL_AFTER = re.compile(
    r"^[^.;,]{0,60}?\b(?:(?:was|were|has been|have been|had been|is being|are being|is|are)\s+(?:\w+\s+)?"
    r"(?:discontinued|divested|sold|closed|terminated|spun off|revoked|withdrawn|suspended|cancell?ed|expired|lost"
    r"|rejected|refused|no longer (?:offered|provided|available|valid|held)"
    r"|not (?:offered|provided|available|included|held))"
    r"|(?:is|are) no longer|(?:has |have |had )?(?:expired|lapsed|(?:run|ran) out)|(?:was|were) not renewed"
    r"|(?:has|have) not been renewed|(?:went|gone) (?:its|their) own ways?|(?:came|has come|have come) to an end"
    r"|(?:was|were|has been|have been) (?:given up|handed|phased out|spun out|transferred)"
    r"|(?:is|are) (?:now |all )?left to|(?:it|we|they|the company) leaves? to)\b"
    r"|^[^.;,]{0,60}?\b(?:went|has gone|have gone|passed) to\s+(?-i:[A-Z])"
    r"|^[^.؛،]{0,40}?\s(?:توقف(?:ت)?|ألغي(?:ت)?|بيعت|غير متاح|غير متوفر|لم تعد|سحبت|انتهت صلاحيتها|انتهت صلاحيته)",
    re.IGNORECASE,
)
_PAST_AFTER = re.compile(
    r"^[^.;]{0,80}?\b(?:(?:until|till)\s+(?:[A-Z][a-z]+\s+|early\s+|late\s+|the end of\s+)?(?:1[5-9]|20)\d\d"
    r"|(?:until|till) recently|in the past|in former (?:years|times)|(?:was|were) (?:once|long|formerly)"
    r"|used to be)\b"
    r"|^[^.؛]{0,60}?(?:حتى\s+(?:نهاية\s+)?(?:عام|سنة)|في السابق|في الماضي"
    r"|(?<![تي]عرف )(?<![تي]سمى )(?<!عرفت )(?<!معروف )(?<!معروفة )سابق\u064b?ا\u064b?(?!\s+(?:باسم|ب)))",
    re.IGNORECASE,
)
_PAST_BEFORE = re.compile(
    r"\b(?:until|till)\s+(?:(?:1[5-9]|20)\d\d,|last (?:year|month|week|spring|summer|autumn|winter)\b|recently\b)"
    r"|\bonce (?:had|held|offered|ran|sold|was)\b"
    r"|\b(?:was|were|had been)\s+(?:once\s+|long\s+)?(?:one of|among)\s+(?:the\s+)?(?:[\w'’-]+\s+){0,2}?(?:largest"
    r"|biggest|leading"
    r"|major|main|top|oldest|best[- ]known)\b"
    r"|\b(?:at the turn of the (?:century|millennium)|in the (?:(?:early|mid|late)[- ]?)?(?:1[5-9]\d0|20[01]0)s"
    r"|in (?:its|their) (?:early|first|best) (?:days|years|year)|years ago|back then|at first|initially|originally)"
    r",?\s+(?:[\w&.'’-]+\s+){0,4}?(?:had|held|employed|ran|counted|sold|offered|operated|numbered|served)\b"
    r"(?:(?!\b(?:today|now|currently)\b)[^.;])*$"
    r"|(?:^|\s)[وف]?كانت?\s(?:\S+\s){0,6}?(?:من (?:أكبر|أبرز|أهم|أشهر|كبرى)|(?:إحدى|أحد) (?:أكبر|أبرز|أهم|أشهر|كبرى"
    r"|كبريات))\s",
    re.IGNORECASE,
)
_BASE_VERB = (
    r"(?:also\s+|soon\s+)?(?:offer|provide|open|launch|start|begin|enter|expand|hire|recruit|build|acquire|buy|add|sell"
    r"|introduce|establish|set up|increase|grow|develop|operate|obtain|get|earn|gain|become|employ|reach|have|run|serve"
    r"|seek|apply|list|create|deliver|move|double|deploy|work|join|sign|invest|supply|produce|make|manufacture)\b"
)
_PLAN = re.compile(
    rf"(?<!that )(?<!which )(?<!who )\b(?:will(?!\s+not\b)\s+[a-z]|(?:plans?|planned|planning)\s+to\s+{_BASE_VERB}"
    r"|plans?\s+(?:for|on)|intend(?:s|ed|ing)? to|aim(?:s|ed|ing)? (?:to|for|at)|expect(?:s|ed|ing)? to"
    r"|hop(?:es|ed|ing) to"
    rf"|(?:is|are|was|were) (?:meant|intended|supposed) to|means? to\s+{_BASE_VERB}|dream(?:s|ing)? of"
    rf"|(?:seek(?:s|ing)?|sought|wants?|wish(?:es)?|is|are|about|due|set|scheduled) to\s+{_BASE_VERB}"
    r"|is considering|are considering|considers|might|could|would|(?-i:may)\s|going to|prepar(?:es|ing) to"
    r"|working towards?|in (?:the )?process of|(?:has |have |had )?appl(?:ied|ies|ying) for|proposes? to|upcoming"
    r"|announced plans|(?:is|are) exploring(?! for\b)|rumou?rs|reportedly|allegedly"
    r"|(?:if|whether)\s+(?:it|we|they|the company)|has (?:an? )?(?:goal|target|aim|ambition) of|claims? to|target of)"
    r"|(?:^|\s)[وف]?(?:سوف|س[تين](?:قدم|وفر|فتتح|فتح|طلق|بدأ|وظف|عمل|بيع|دخل|توسع|حصل|صبح|شغل|دير|نشئ|بلغ|صل|ضم"
    r"|كون|طرح|عين|قوم|تم|خدم|طور|نفذ|صنع|نتج|وزع)|[تين]عتزم|[تين]خطط|[تين]نوي|[تي]هدف إلى|[تين]سعى|[تين]أمل"
    r"|[تين]طمح|يتوقع|من المتوقع|من المقرر|[تين]درس|بصدد|تقدمت? بطلب|في حال)\s",
    re.IGNORECASE,
)
_PRESENT_AGAIN = re.compile(
    r"(?:,|\band)\s+(?:it\s+|currently\s+|already\s+|also\s+|now\s+)*(?:offers|provides|sells|manufactures|produces"
    r"|distributes|operates|delivers|has|holds|is|employs|serves|runs|owns|makes|supplies)\b"
    r"|\bو(?:هي |حاليا )?(?:تقدم|يقدم|توفر|يوفر|تبيع|يبيع|تعمل|يعمل|تدير|يدير|تخدم|يخدم|لديها|لديه|تملك|تحمل)\s",
    re.IGNORECASE,
)
_PLANNED_AFTER = re.compile(
    r"^[^.;,]{0,60}?\b(?:will (?:be|open|start|launch|follow|begin)|(?:is|are) (?:planned|expected|scheduled|due to"
    r"|under construction|under development|being considered|pending)|to be (?:launched|opened|offered|introduced))\b"
    r"|^[^.;]{0,60}?\b(?:is|are|remains?)\s+(?:still\s+|only\s+|so far\s+)*(?:on paper|on the drawing board"
    r"|(?:just )?an? (?:idea|plan))\b"
    r"|^[^.;]{0,60}?\b(?:is|are)\s+(?:all\s+|both\s+)?(?:at the (?:heart|core|cent(?:re|er)) of|part of|central to"
    r"|key to)\s+"
    r"(?:its|their|our|the company['’]s)\s+(?:[\w-]+\s+)?(?:plans?|strategy|strategies|vision|ambitions?|agenda"
    r"|goals?|roadmap)\b"
    r"|^\s*\((?:planned|coming soon|upcoming|in preparation)"
    r"|^[^.؛،]{0,40}?(?:قيد الإنشاء|قيد التطوير|قيد الدراسة|سيتم\s|مستقبلا|على الورق|مجرد (?:فكرة|خطة))",
    re.IGNORECASE,
)
_COMING_TIME = re.compile(
    r"\bnext\s+(?:year|month|quarter|week|spring|summer|autumn|winter|fall|decade)\b|\b(?:in|over) the (?:coming"
    r"|next)\s+"
    r"(?:\w+\s+)?(?:years?|months?|quarters?|weeks?)\b|\blater this (?:year|month|quarter)\b"
    r"|(?:العام|السنة|الشهر|الربع|الصيف|الخريف|الشتاء|الربيع|الفترة|السنوات|الأعوام|الأشهر)\s(?:ال(?:مقبل"
    r"|قادم)ة?)(?!\w)",
    re.IGNORECASE,
)
_COMING_YEAR = re.compile(
    r"\b(?:by|in|from)\s+(?:the (?:end|year) of\s+|end of\s+|year[- ]end\s+)?(?P<year>20\d\d)\b"
    r"|(?:بحلول|نهاية|في|من)\s+(?:عام|سنة|العام)?\s*(?P<year_ar>[\d٠-٩]{4})",
    re.IGNORECASE,
)


def clause_start(sentence: str, start: int) -> int:
    """Where the clause of a sentence begins that holds the position: after a full stop, ";", "but", "while", لكن."""
    if start and sentence[start - 1] in ".;!?؟؛":
        return start
    ends = _clause_ends(sentence)
    index = bisect_right(ends, start)
    return ends[index - 1] if index else 0


@lru_cache(maxsize=1_024)
def _clause_ends(sentence: str) -> tuple[int, ...]:
    """Where clauses end. Every mention of a sentence asks several times, which is what the cache is for."""
    return tuple(match.end() for match in _CLAUSE_END.finditer(sentence))


def is_negated(sentence: str, start: int, end: int) -> bool:
    """Whether the mention ``sentence[start:end]`` is denied or given up in its clause.

    "does not offer", "no longer provides", "divested its … business", "left", "… was discontinued", لا تقدم; "not only"
    denies nothing.
    """
    if _DENIAL_BEFORE.search(sentence, clause_start(sentence, start), start):
        return True
    return bool(_DENIAL_AFTER.match(sentence[end:]))


def is_past(sentence: str, start: int, end: int) -> bool:
    """Whether the mention ended: "… until 2019", "in the past", حتى عام."""
    return bool(
        _PAST_AFTER.match(sentence[end:]) or _PAST_BEFORE.search(sentence, clause_start(sentence, start), start)
    )


def is_planned(sentence: str, start: int, end: int, year: int) -> bool:
    """Whether the mention is still to come: "plans to offer …", "will hire …", "… by 2030", تعتزم, ستقدم.

    A verb in the present after the plan ("plans to sell land, and operates shops") ends it; what goods "will" do ("…
    that will help") is no plan of the company.

    Args:
        sentence: The sentence.
        start: Where the mention begins.
        end: Where it ends.
        year: The year in which the text was read; later years are to come.
    """
    plans = [match.end() for match in _PLAN.finditer(sentence, clause_start(sentence, start), start)]
    if plans and not _PRESENT_AGAIN.search(sentence, plans[-1], start):
        return True
    coming = [match.end() for match in _COMING_TIME.finditer(sentence, clause_start(sentence, start), start)]
    if coming and not _PRESENT_AGAIN.search(sentence, coming[-1], start):
        return True
    near = sentence[end : end + 60].split(";")[0]
    if _COMING_TIME.search(near.split(",")[0].split("،")[0]):
        return True
    is_coming = any(int(match["year"] or match["year_ar"]) > year for match in _COMING_YEAR.finditer(near))
    return is_coming or bool(_PLANNED_AFTER.match(sentence[end:]))
