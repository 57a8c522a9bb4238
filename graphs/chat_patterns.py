"""The grammar of the chat without a model: what people ask for, in two languages, as patterns.

Patterns are written for folded text (`tools.folding.fold`: one case, Arabic letters unified) without polite words. Each
is anchored where it could otherwise mistake one request for another, and an order to do something is only understood
where it begins the line.
"""

import re
from enum import StrEnum


class Intent(StrEnum):
    """What a line asks for."""

    PROSPECTS = "prospects"
    CARD = "card"
    """What is known about a company; with ``other`` two are compared."""
    WHY = "why"
    START_DEAL = "start_deal"
    SHOW_DEAL = "show_deal"
    WAITING = "waiting"
    DEALS = "deals"
    """Every deal; with ``partner`` those with one company, with ``term`` what their sheets state of it."""
    DEAL_RULES = "deal_rules"
    """What would happen if a deal were started; nothing is."""
    NEEDS = "needs"
    EVIDENCE = "evidence"
    HELP = "help"
    DECIDE = "decide"
    """Somebody asks the chat to approve or reject; it cannot, and says who can."""


POLITE = (
    r"(?:(?:please|kindly|now|can you|could you|would you|will you|i want(?: you)? to|i would like to|i'd like to"
    r"|let us|let's"
    r"|هل يمكنك ان|هل يمكن ان|هل تستطيع ان|ممكن|اريد ان|اريد|نريد ان|نريد|ارجو ان|ارجو|ابي|ابغي) )*"
)
END = r"[ ?.!,;]*$"
_START = rf"^{POLITE}"
_P = r"(?P<partner>.+?)"
_ABOUT_AR = rf"عن(?: {_P}|(?P<it>ها|ه|هم))"
_EV = r"(?P<reference>ev_[\w\-]+)"
_FOR_NEED = r"(?: (?:for|under) (?:the need |our need )?(?P<need>nd_[\w\-]+))?"
_NO_NAME = r"(?!(?:we|us|me|you|i|they|there|our|my|any\w*|some\w*|all|every|the|open|pending|waiting|last|new)\b)"
_NO_NAME_AR = r"(?!(?:يوجد|توجد|هناك|لدينا|لدي|عندنا|عندي|لديك|من|يمكن\w*|نستطيع|كل|جميع|اخر)(?: |$))"
_KIND = r"(?P<kind>technology|technical|referral|distribution|strategic|government)"
_WHAT_AR = r"(?:ما(?:ذا| ?هي| ?هو)?|ايش|وش|شو|كم)"
_DEAL = r"(?:deal|partnership|agreement)"
_DEAL_AR = r"(?:ال)?(?:صفقه|شراكه|اتفاقيه)"
_SHOW = (
    r"(?:show(?: me)?|explain|tell me about|(?:any )?news (?:on|about)|what about|how is|where (?:is|does|stands)"
    r"|(?:what is |what's )?(?:the )?(?:status|state) of)"
)
_SHOW_AR = (
    r"(?:اعرض|ارني|ما حاله|ما وضع|كيف حال|اين وصلت|وين وصلت|وين|اين|(?:ايش|وش|شو) (?:صار|صار علي|وضع|حاله))(?: لي)?"
)

DECISION = r"(?:approve|reject|sign off|authori[sz]e|commit|وافق|وافقي|اعتمد|اعتمدي|ارفض|ارفضي|توافق|تعتمد|ترفض)(?!\w)"
"""An order to decide, at the beginning of a clause."""

NEGATED_DEAL = re.compile(
    rf"^(?:do not|don't|dont|never|لا) (?:start|open|begin|propose|تبدا|تفتح|تقترح)(?: an?| the| any| لنا)?"
    rf"(?: new)? (?:{_DEAL}|{_DEAL_AR}) (?:with|مع) {_P}(?: yet| now| الان| بعد)?(?: ?[,;.]| but| لكن)"
    r" ?(?:(?:just|only|but|فقط|بل|لكن) )*(?P<rest>.+)$"
)
"""An order not to start a deal, and what is wanted instead."""

_DEALS: tuple[tuple[str, Intent], ...] = (
    (
        rf"^(?:what (?:(?:would|will) happen|happens) if|what if|suppose|if (?:i|we|somebody))\b.*\b{_DEAL}",
        Intent.DEAL_RULES,
    ),
    (
        rf"^(?:(?:ماذا|ما الذي|ايش|وش|شو) )?(?:(?:يحدث|سيحدث|يحصل|سيحصل|يصير|بيصير) )?(?:لو|اذا) .*{_DEAL_AR}",
        Intent.DEAL_RULES,
    ),
    (
        rf"{_START}(?:start|open|begin|propose|نبدا|ابدا|تبدا|افتح|نفتح|تفتح|فتح|بد|اقترح)(?: a| an| the| لنا| لي)*"
        rf"(?: new)? (?:{_DEAL}|{_DEAL_AR})(?: جديده)? (?:with|مع) {_P}"
        r"(?: (?:for|under|ل?اجل|من اجل|حسب|وفق|للاحتياج) (?:the need |our need |الاحتياج )?(?P<need>[^ ]+|\".+\"))?"
        rf"{END}",
        Intent.START_DEAL,
    ),
    (
        rf"^(?:what|which|how (?:much|high|long))(?: is| are)?(?: the)? (?P<term>.+?)(?: does| do| is)?"
        rf"(?: in| on| of)?(?: the| our)? (?:term )?sheet (?:for|of|with) {_P}(?: offers?| states?| says?)?{END}",
        Intent.DEALS,
    ),
    (rf"^{_WHAT_AR} (?P<term>.+?) في (?:ورقه|صحيفه) (?:ال)?شروط (?:مع )?{_P}{END}", Intent.DEALS),
)

_WAITING: tuple[tuple[str, Intent], ...] = (
    (r"^(?:until|till|by) when\b.*\b(?:deal|approv|decid|expir)|\bwhen\b.*\bexpir|\bdeadlines?\b", Intent.WAITING),
    (r"(?:حتي متي|الي متي|متي (?:تنتهي|ينتهي)|اخر موعد|الموعد النهايي|مهله الموافقه)", Intent.WAITING),
    (
        r"\b(?:what|what's|whats|who|which|whose|anything)\b.*"
        r"\b(?:wait\w*|pending|inbox|approves?|needs? approval|(?:has|needs?|must) to sign|await\w*)\b",
        Intent.WAITING,
    ),
    (rf"^(?:show(?: me)? )?(?:the |my )?(?:inbox|pending|waiting|approvals){END}", Intent.WAITING),
    (r"(?:ينتظر|تنتظر|بانتظار|في انتظار|المعلق|مي?ن (?:يجب ان |يستطيع ان |يقدر )?يوافق)", Intent.WAITING),
)

_WHY: tuple[tuple[str, Intent], ...] = (
    (
        rf"^(?:explain |tell me )?why (?:is |was |are |does )?{_P}"
        rf"(?: (?:is |are |so )*(?:unknown|blocked|undecided|not known|score.*|rank.*))?{END}",
        Intent.WHY,
    ),
    (
        r"^what(?: else| information)? (?:is (?:still )?(?:missing|unknown|open)|do we (?:still )?not know"
        r"|don't we know|(?:do|should|must) we (?:still )?(?:need to )?(?:find out|ask|learn)|do we still need to know)"
        rf" (?:about|for|on|of) {_P}{END}",
        Intent.WHY,
    ),
    (
        rf"^(?:اشرح )?(?:لي )?(?:لماذا|ليش|ليه) (?:تعد |يعد |كانت |كان )?{_P}"
        rf"(?: (?:غير معروفه?|مجهوله?|متوقفه?|محجوبه?))?{END}",
        Intent.WHY,
    ),
    (
        rf"^{_WHAT_AR} (?:الذي |اللي )?(?:ينقصنا|ناقصنا|ينقص|المجهول|نجهله|لا نعرفه|ما نعرفه) {_ABOUT_AR}{END}",
        Intent.WHY,
    ),
)

_LISTS: tuple[tuple[str, Intent], ...] = (
    (rf"^{_SHOW}(?: the)? deal (?P<reference>deal[\w\-]+|[\w\-]*\d[\w\-]*){END}", Intent.SHOW_DEAL),
    (rf"^{_SHOW_AR} الصفقه (?P<reference>deal[\w\-]+|[\w\-]*\d[\w\-]*){END}", Intent.SHOW_DEAL),
    (rf"^{_SHOW}(?: the| our| my)* deal with {_P}(?: stand| now)?{END}", Intent.DEALS),
    (rf"^{_SHOW}(?: the| our)? {_NO_NAME}{_P}(?:'s)? deal(?: now)?{END}", Intent.DEALS),
    (
        r"^(?:has|have|had|did|is|was|do) (?:any(?:body|one)|some(?:body|one)|we|there)(?: already| ever)?"
        r"(?: have| had| start(?:ed)?| open(?:ed)?| proposed?)?(?: already)? (?:an?|any|some) deals? with "
        rf"{_P}(?: already| yet| now)?{END}",
        Intent.DEALS,
    ),
    (rf"^{_SHOW_AR} (?:ال)?صفقه(?:نا)?(?: مع)? {_P}{END}", Intent.DEALS),
    (
        r"^هل (?:بدا احد|بدانا|فتحنا|توجد|هناك|لدينا|عندنا) (?:اي )?صفق(?:ه|ات) مع "
        rf"{_P}(?: بعد| الان| من قبل)?{END}",
        Intent.DEALS,
    ),
    (r"^(?:which|what|list|show)(?: me)?(?: are)?(?: the| our| all)* needs\b", Intent.NEEDS),
    (r"(?:^|\s)(?:ال)?احتياجات", Intent.NEEDS),
    (rf"^(?:which|what|list|show|how many)\b.*\bdeals\b.*{END}", Intent.DEALS),
    (r"(?:^|\s)(?:ال)?صفقات|^كم (?:عدد )?(?:ال)?صفقه", Intent.DEALS),
)

_CARD: tuple[tuple[str, Intent], ...] = (
    (
        rf"{_START}compare {_P} (?:and|with|to|against) (?P<other>.+?){_FOR_NEED}{END}",
        Intent.CARD,
    ),
    (
        rf"{_START}قارن(?: لي)? (?:بين )?{_P} (?:و|مع )(?P<other>.+?)"
        rf"(?: (?:للاحتياج|لاحتياج|حسب الاحتياج|حسب) (?P<need>nd_[\w\-]+))?{END}",
        Intent.CARD,
    ),
    (
        rf"^(?:is|would|could) {_NO_NAME}{_P}(?: be)? (?:a|an|the)(?: good| right| suitable| possible| potential)*"
        rf"(?: {_KIND})? (?:partner|fit|match)(?: for us)?{_FOR_NEED}{END}",
        Intent.CARD,
    ),
    (rf"^is {_NO_NAME}{_P} any good{END}", Intent.CARD),
    (rf"^what do you think (?:of|about) {_P}{END}", Intent.CARD),
    (
        rf"^(?:what|which|show(?: me)?|list)(?: the)? (?:evidence|sources?)(?: is there| are there| do we have)?"
        rf" (?:for|of|about|on) {_P}{END}",
        Intent.CARD,
    ),
    (
        rf"^(?:{_WHAT_AR}|اعرض|ارني) (?:ال)?(?:ادله|مصادر)(?:نا| المعلومات| معلوماتنا)? (?:علي|عن|حول) {_P}{END}",
        Intent.CARD,
    ),
    (rf"^(?:can|could|should|may) we(?: still)? (?:work|partner|cooperate) with {_P}{END}", Intent.CARD),
    (
        rf"^هل {_NO_NAME_AR}{_P} (?:شريكه?|خيار) (?:مناسبه?|جيده?|ملايمه?|محتمله?|صالحه?)(?: لنا)?{END}",
        Intent.CARD,
    ),
    (rf"^هل (?:يمكن(?:نا)?|نستطيع|ما زال بامكاننا)(?: ان)? (?:العمل|نعمل|التعاون|نتعاون) مع {_P}{END}", Intent.CARD),
    (rf"^when (?:was|were|did) {_NO_NAME}{_P} (?:founded|established|set up|incorporated|start){END}", Intent.CARD),
    (rf"^(?:does|do|is) {_NO_NAME}{_P} (?:work|operate|active|present|sell|have offices) in .+{END}", Intent.CARD),
    (rf"^who (?:owns|supervises|regulates|licen[cs]es|founded|runs) {_P}{END}", Intent.CARD),
    (rf"^where (?:is|does) {_NO_NAME}{_P} (?:based|located|seated|headquartered|work|operate){END}", Intent.CARD),
    (
        rf"^how many (?:employees|people|customers|branches|stores) (?:does|do) {_NO_NAME}{_P}"
        rf" (?:have|employ|serve){END}",
        Intent.CARD,
    ),
    (rf"^متي (?:تاسست|تاسس|انشيت|انشي) {_P}{END}", Intent.CARD),
    (rf"^من (?:يملك|يشرف علي|يراقب|يرخص|اسس|يدير) {_P}{END}", Intent.CARD),
    (rf"^(?:اين|وين) (?:مقر|يقع مقر|تعمل|يعمل) {_P}{END}", Intent.CARD),
    (rf"^هل (?:تعمل|يعمل|تنشط) {_P} في .+{END}", Intent.CARD),
    (rf"^كم (?:عدد )?(?:موظفي|عملا|فروع|متاجر) {_P}{END}", Intent.CARD),
)

_PROSPECTS: tuple[tuple[str, Intent], ...] = (
    (
        r"^(?:مي?ن|ما|ماهي|ابحث|اقترح|اوجد|نبحث|هات|هل|اعرض|ارني|اي|مع اي|مع من|ابي|ابغي|نبغي|نبي|نريد|اريد|نحتاج"
        r"|احتاج|رشح|دلنا|دلني)(?:\s.*)?\s(?:ال|لل|ل|بال|وال)?"
        r"(?:شركا|شريك|موزع|توزيع|احاله|يبيع|بيع|تقني|تكامل|نربط|ربط)",
        Intent.PROSPECTS,
    ),
)

_ABOUT: tuple[tuple[str, Intent], ...] = (
    (
        rf"{_START}(?:explain|tell me (?:more |something |everything )?about|what (?:do|can) (?:we|you) know about"
        r"|what(?:'s| is) known about|what (?:do|does) (?:the|our) (?:sources?|evidence|files?|data) say about"
        r"|how (?:good|well) (?:is|does)|(?:give|show|get)(?: me| us)? (?:some |the |more )?(?:info\w*|details|facts) "
        r"(?:about|on|of)|(?:what(?:'s| is) )?the (?:score|rating|band) (?:of|for)"
        r"|(?:more )?(?:info\w*|details) (?:about|on)|show(?: me)? the (?:score ?)?card (?:of|for)"
        r"|(?:the )?score ?card (?:of|for)) "
        rf"(?:the (?:(?:score ?)?card|score|rating) (?:of|for) )?{_P}(?: score| fit)?"
        rf"(?: as (?:an? |our )?{_KIND} partner)?{_FOR_NEED}{END}",
        Intent.CARD,
    ),
    (rf"^what(?:'s| is) {_NO_NAME}{_P}'s (?:score|rating|band|score ?card){END}", Intent.CARD),
    (
        rf"{_START}(?:ماذا|ايش|وش|شو) (?:نعرف|تعرف|عندنا|تقول المصادر|تقول الادله|تذكر المصادر) {_ABOUT_AR}{END}",
        Intent.CARD,
    ),
    (
        rf"{_START}(?:حدثني|اخبرني|كلمني|قل لي|(?:(?:اعطن|اعطين|عطن|اعطنا|عطنا|هات|ارن)ي? )?(?:لي )?"
        rf"(?:ال)?(?:معلومات|تفاصيل|نبذه)) {_ABOUT_AR}{END}",
        Intent.CARD,
    ),
    (rf"{_START}(?:اشرح|ارني|اعرض)(?: لي)? (?:بطاقت|تقييم|درجت)(?P<it>ها|ه|هم){END}", Intent.CARD),
    (
        rf"^{_WHAT_AR} (?:ال)?(?:سكور|تقييم|درجه|نتيجه) (?:حق |تبع |شركه )?{_P}{END}",
        Intent.CARD,
    ),
    (rf"{_START}(?:اشرح|ارني|اعرض)(?: لي)?(?: بطاقه| تقييم| درجه)? {_P}{END}", Intent.CARD),
    (
        rf"{_START}(?:who|which|what|find|suggest|search|list|show|recommend|look for|are there|is there|we need"
        r"|do we have)\b.*(?:resel|distribut|refer|introduce|integrat|partner|prospect|technolog|sell)",
        Intent.PROSPECTS,
    ),
    (r"\b(?:approve|approved|reject|sign off|authori[sz]e|commit)\b", Intent.DECIDE),
    (r"(?:^|\s)(?:وافق|توافق|اوافق|نوافق|اعتمد|تعتمد|ارفض|ترفض|الموافقه|الرفض)(?:\s|$|[?.!])", Intent.DECIDE),
)

PATTERNS: tuple[tuple[re.Pattern[str], Intent], ...] = tuple(
    (re.compile(pattern), intent)
    for pattern, intent in (
        (rf"^[^/]*\b{_EV}", Intent.EVIDENCE),
        (
            rf"^(?:help|what can you do|what do you understand|مساعده|ساعدني|ماذا تستطيع.*|ماذا تفهم.*){END}",
            Intent.HELP,
        ),
        *_DEALS,
        *_WAITING,
        *_WHY,
        *_LISTS,
        *_CARD,
        *_PROSPECTS,
        *_ABOUT,
    )
)
"""Tried in this order; the first that fits is what was asked."""
