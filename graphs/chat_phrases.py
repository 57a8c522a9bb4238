"""What the chat says without a model, in English and Arabic."""

from partnership_os.graphs.wording.texts import Phrases

PHRASES: Phrases = {
    "no_model": (
        "I run without a model: I understand /help and a small set of questions; scores and rules are the same.",
        "أعمل بلا نموذج لغوي: أفهم {help} ومجموعة صغيرة من الأسئلة؛ والدرجات والقواعد هي نفسها.",
    ),
    "model_failed": ("The model did not answer: {why}", "لم يُجب النموذج: {why}"),
    "model_empty": (
        "The model gave no answer; ask again or use /help.",
        "لم يقدم النموذج إجابة؛ أعد السؤال أو استخدم {help}.",
    ),
    "no_such_source": ("(no such source)", "(لا يوجد مصدر كهذا)"),
    "not_understood": (
        "I did not understand that, so I did nothing. I understand:",
        "لم أفهم ذلك، فلم أفعل شيئاً. الذي أفهمه:",
    ),
    "help": (
        "/needs – needs that are known\n"
        "/prospects NEED – find and score partners for a need (its id, or the path of its file)\n"
        "/card PARTNER – the score card and its sources\n"
        "/why PARTNER – what is not known, and what to find out next\n"
        "/deal PARTNER NEED – propose a deal; it halts until people approve\n"
        "/waiting – what waits for whom\n"
        "/deals, /show THREAD, /evidence ev_… – deals and sources\n"
        "/quit – leave\n"
        "Or ask: “who could resell our software in Saudi Arabia?”, “why is PARTNER unknown?”, "
        "“compare A and B for NEED”, “what waits for whom?”, "
        "“where is the deal with PARTNER?”, “start a deal with PARTNER for NEED”.\n"
        "I can propose a deal but never approve one.",
        "{needs} – الاحتياجات المعروفة\n"
        "{prospects} – البحث عن شركاء لاحتياج وتقييمهم (بمعرّفه أو مسار ملفه)\n"
        "{card} – بطاقة التقييم ومصادرها\n"
        "{why} – ما لا نعرفه وما ينبغي معرفته تالياً\n"
        "{deal} – اقتراح صفقة؛ تتوقف حتى يوافق أصحاب الصلاحية\n"
        "{waiting} – ما الذي ينتظر ومن ينتظر\n"
        "{others} – الصفقات والمصادر\n"
        "{quit} – الخروج\n"
        "أو اسأل: «من الشركاء المحتملون للتوزيع؟»، «لماذا … غير معروفة؟»، «قارن بين … و…»، "
        "«ما الذي ينتظر الموافقة؟»، «أين وصلت صفقة …؟»، «ابدأ صفقة مع …».\n"
        "أستطيع اقتراح صفقة، ولا أوافق على أي صفقة أبداً.",
    ),
    "cannot_decide": (
        "I cannot approve or reject anything, and no command of this chat can. A person with a token does it:",
        "لا أستطيع الموافقة على شيء ولا رفضه، ولا يوجد في هذه المحادثة أمر يفعل ذلك. يفعله شخص يحمل رمزاً:",
    ),
    "error": ("{message}", "تعذّر ذلك: {message}"),
    "fix": ("What to do: {fix}", "ما العمل: {fix}"),
    "prospects": (
        "For “{title}” ({need}): {scored} of {known} companies scored.",
        "للاحتياج «{title}» ({need}): قُيّمت {scored} من أصل {known} من الشركات.",
    ),
    "prospects.none": ("No company fits “{title}”.", "لا توجد شركة تلائم «{title}»."),
    "prospects.more": ("More on one of them: {command}", "المزيد عن إحداها: {command}"),
    "verdict": ("{band}, {score} of 100", "{band}، {score} من 100"),
    "verdict.unknown": (
        "Unknown: too little is known; it could end between {worst} and {best}",
        "غير معروف: المعلومات قليلة؛ قد تنتهي بين {worst} و{best}",
    ),
    "trust": ("coverage {coverage} %, confidence {confidence} %", "التغطية {coverage} %، والثقة {confidence} %"),
    "blocked": ("Blocked: {reason}", "مرفوضة آليًّا: {reason}"),
    "find": ("To find out next:", "ما ينبغي معرفته تالياً:"),
    "fact": ("coverage +{gain} %, at best {best}", "التغطية +{gain} %، وفي أحسن الأحوال {best}"),
    "nothing_to_find": ("No fact that is still missing could move it.", "لا توجد معلومة ناقصة يمكن أن تغيّرها."),
    "changes": ("What would change the band:", "ما الذي يغيّر الفئة:"),
    "contradictions": ("Sources disagree on: {topics}", "تختلف المصادر في: {topics}"),
    "rejected": (
        "{count} claims were dropped because their source does not bear them out.",
        "أُسقط {count} من الادعاءات لأن مصادرها لا تؤيدها.",
    ),
    "not_unknown": ("it is not Unknown: {verdict}", "ليست غير معروفة: {verdict}"),
    "waiting.none": ("Nothing waits for an approval.", "لا شيء ينتظر الموافقة."),
    "waiting": ("{parties}: waits for {who} ({commitment}).", "{parties}: تنتظر {who} ({commitment})."),
    "waiting.able": ("Can approve: {people}", "يستطيع الموافقة: {people}"),
    "deals.none": ("No deal has been started.", "لم تبدأ أي صفقة."),
    "deals.count": ("Deals: {count}", "عدد الصفقات: {count}"),
    "deals.none_with": ("No deal with {partner} has been started.", "لم تبدأ أي صفقة مع {partner}."),
    "deal_rules": (
        "To start a deal is to propose one: I draft a term sheet, and then it halts until people approve. Who must "
        "approve follows from the type of the need and the value, and never from this chat. Nothing was started now.",
        "بدء الصفقة هو اقتراحها: تُحرر ورقة شروط ثم تتوقف حتى يوافق أصحاب الصلاحية. ومن تلزم موافقته يتحدد بنوع "
        "الاحتياج وقيمته لا بهذه المحادثة. ولم تبدأ الآن أي صفقة.",
    ),
    "sheet": (
        "The term sheet for {partner} (version {version}) states:",
        "ورقة الشروط مع {partner} (النسخة {version}) تنص على:",
    ),
    "sheet.none": ("It has no term “{term}”; its terms are: {terms}", "ليس فيها شرط باسم «{term}»؛ وشروطها: {terms}"),
    "deal.line": ("{partner}: {status} ({thread})", "{partner}: {status} ({thread})"),
    "needs.none": (
        "No need is known yet; name a file: /prospects path/of/need.yaml",
        "لا يوجد احتياج معروف بعد؛ اذكر ملفاً: {prospects}",
    ),
    "need.line": ("{need} – {title} ({type})", "{need} – {title} ({type})"),
    "evidence": ("{id}, about {company}, from {source}:", "{id}، عن {company}، من {source}:"),
    "which_need": (
        "Which need is it for? Say it with the deal: {command}",
        "لأي احتياج؟ اذكره مع الصفقة: {command}",
    ),
    "for_need": ("For the need {need}.", "للاحتياج {need}."),
    "pronoun": ("I do not know which company you mean; name it.", "لا أعرف أي شركة تقصد؛ اذكر اسمها."),
}
COMMAND_FIELDS = {
    "help": "/help",
    "quit": "/quit",
    "needs": "/needs",
    "prospects": "/prospects NEED",
    "card": "/card PARTNER",
    "why": "/why PARTNER",
    "deal": "/deal PARTNER NEED",
    "waiting": "/waiting",
    "others": "/deals, /show THREAD, /evidence ev_…",
}
"""Commands inside the Arabic phrases, which are set apart there."""
