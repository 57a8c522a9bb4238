"""Phrases of the terminal in English and Arabic."""

from partnership_os.graphs.wording.approval_words import APPROVAL_PHRASES
from partnership_os.graphs.wording.texts import Phrases, Texts
from partnership_os.surfaces.cli_texts_database import DATABASE_PHRASES
from partnership_os.surfaces.cli_texts_evals import EVAL_PHRASES
from partnership_os.surfaces.cli_texts_evidence import EVIDENCE_PHRASES
from partnership_os.surfaces.cli_texts_outbox import OUTBOX_PHRASES
from partnership_os.surfaces.cli_texts_packet import PACKET_PHRASES
from partnership_os.surfaces.cli_texts_people import PEOPLE_PHRASES

PHRASES: Phrases = {
    "token_file_open": (
        "Warning: {path} can be read by other users of this machine; run: chmod 600 {path}",
        "تحذير: يستطيع مستخدمون آخرون على هذا الجهاز قراءة {path}؛ نفّذ: chmod 600 {path}",
    ),
    "error.fix": ("Fix: {fix}", "الحل: {fix}"),
    "error.actor": ("Who must act: {who}", "الإجراء مطلوب من: {who}"),
    "error.look": (
        "The commitment, with who can act and how, is shown by:",
        "لعرض الالتزام، ومن عليه الإجراء وكيف، نفّذ:",
    ),
    "actor.nobody": ("nobody", "لا أحد"),
    "actor.user": ("the person who runs the command", "من ينفّذ الأمر"),
    "actor.operator": ("the operator of this installation", "مشغّل هذا التثبيت"),
    "actor.model": ("whoever runs the model or its server", "القائم على النموذج أو خادمه"),
    "actor.approver": ("a person who may approve", "شخص يجوز له أن يوافق"),
    "actor.requester": ("the person who asks for the deal", "طالب الصفقة"),
    "actor.auditor": ("an auditor, before anything else runs", "مدقق، قبل تنفيذ أي أمر آخر"),
    "actor.developer": ("a developer of Partnership OS", "أحد مطوري Partnership OS"),
    "import.rows": (
        "{read} rows read, {accepted} taken, {rejected} rejected.",
        "قُرئ {read} من الصفوف، وقُبل {accepted}، ورُفض {rejected}.",
    ),
    "import.companies": (
        "Companies: {new} new, {updated} updated, {unchanged} unchanged; {merged} rows joined another row's company.",
        "الشركات: {new} جديدة، و{updated} محدّثة، و{unchanged} بلا تغيير؛ وانضم {merged} من الصفوف إلى شركة صف آخر.",
    ),
    "import.ignored": ("{file}: columns not used: {columns}", "{file}: أعمدة لم تُستخدم: {columns}"),
    "import.not_live": ("{count} are not live prospects: {names}", "{count} لم تعد شركات قائمة: {names}"),
    "import.reviews": (
        "{count} pairs look alike and were not merged; compare them:",
        "{count} من الحالات متشابهة ولم تُدمج؛ قارن بينها:",
    ),
    "import.contradictions": (
        "{count} contradictions between sources; they are kept, not resolved silently:",
        "{count} من التناقضات بين المصادر؛ تبقى ظاهرة ولا تُحسم في صمت:",
    ),
    "import.reject": (
        "{file}, row {row} rejected, {field}: {reason} {fix}",
        "{file}، رُفض الصف {row}، الحقل {field}: {reason} {fix}",
    ),
    "import.field_dropped": (
        "{file}, row {row} taken without {field}: {reason} {fix}",
        "{file}، قُبل الصف {row} من دون الحقل {field}: {reason} {fix}",
    ),
    "import.more": ("… and {count} more", "… و{count} غيرها"),
    "import.rejects_written": ("Rejected rows written to", "كُتبت الصفوف المرفوضة في"),
    "import.known": ("The workspace now knows {count} companies.", "تعرف مساحة العمل الآن {count} من الشركات."),
    "import.reindexed": (
        "The search index was rebuilt: {count} entries.",
        "أُعيد بناء فهرس البحث: {count} من المدخلات.",
    ),
    "discovery.title": ("{title} (as of {day})", "{title} (بتاريخ {day})"),
    "discovery.counts": (
        "{known} companies known, {considered} considered, {scored} scored; {filtered} filtered out, {dead} not live.",
        "{known} من الشركات معروفة، نُظر في {considered}، وقُيّمت {scored}؛ استُبعدت {filtered}، و{dead} لم تعد قائمة.",
    ),
    "discovery.nobody": ("No company fits this need.", "لا توجد شركة تلائم هذا الاحتياج."),
    "discovery.find": ("find next: {fact}", "ما ينبغي معرفته تاليًا: {fact}"),
    "discovery.not_live": ("Not live, so not offered: {names}", "لم تعد قائمة فلم تُعرض: {names}"),
    "discovery.contradictions": ("{count} contradictions:", "{count} من التناقضات:"),
    "discovery.rejected": (
        "{count} claims were dropped because their source does not bear them out.",
        "أُسقط {count} من الادعاءات لأن مصادرها لا تؤيدها.",
    ),
    "discovery.model_failure": ("The model failed on {who}: {why}", "أخفق النموذج مع {who}: {why}"),
    "stage.scout": ("scout", "استكشاف الشركات"),
    "stage.evaluate": ("evaluate", "تقييم الشركات"),
    "stage.summarise": ("summarise", "كتابة الملخصات"),
    "stage.index": ("index", "فهرسة النصوص"),
    "discovery.written": ("Written", "كُتب"),
    "column.rank": ("#", "#"),
    "column.partner": ("Partner", "الشريك"),
    "column.band": ("Band", "الفئة"),
    "column.score": ("Score", "الدرجة"),
    "column.coverage": ("Known", "المعروف"),
    "column.dimension": ("Dimension", "البُعد"),
    "column.weight": ("Weight", "الوزن"),
    "column.contribution": ("Adds", "الإضافة"),
    "column.thread": ("Thread", "المسار"),
    "column.status": ("Status", "الحالة"),
    "column.waits_for": ("Waits for", "ينتظر"),
    "column.person": ("Id", "المعرّف"),
    "column.name": ("Name", "الاسم"),
    "column.level": ("Level", "المستوى"),
    "column.legal": ("Legal", "قانوني"),
    "column.active": ("Active", "نشط"),
    "column.action": ("Action", "الإجراء"),
    "column.class": ("Class", "الصنف"),
    "column.meaning": ("Meaning", "المعنى"),
    "card.unknown": (
        "Unknown – too little is known for a band; reachable from {worst} to {best}.",
        "غير معروف – المعلومات أقل من أن تحدد فئة؛ الممكن من {worst} إلى {best}.",
    ),
    "card.band": ("{band} – {score} of 100", "{band} – {score} من 100"),
    "card.reachable": (
        "With the unknown facts it could end between {worst} and {best}.",
        "قد تنتهي، بعد معرفة ما ينقص، بين {worst} و{best}.",
    ),
    "card.trust": ("Coverage {coverage}, confidence {confidence}", "التغطية {coverage}، والثقة {confidence}"),
    "card.is_blocked": ("blocked", "مرفوضة آليًّا"),
    "card.blocked": ("Blocked: {reason}", "مرفوضة آليًّا: {reason}"),
    "card.dimensions": ("Dimensions", "الأبعاد"),
    "card.indicators": ("What is known, with its source", "المعروف مع مصدره"),
    "card.sources": ("Sources", "المصادر"),
    "card.no_indicators": ("Nothing yet: no source states any indicator.", "لا شيء بعد: لا يذكر أي مصدر أي مؤشر."),
    "card.contradicted": ("Another source says otherwise.", "مصدر آخر يقول خلاف ذلك."),
    "card.facts": ("Find next", "ما ينبغي معرفته تاليًا"),
    "card.fact_effect": (
        "coverage +{gain}; the score would lie between {low} and {high}, the band between {worst} and {best}",
        "التغطية +{gain}؛ تقع الدرجة بين {low} و{high}، والفئة بين {worst} و{best}",
    ),
    "card.fact_same_band": (
        "coverage +{gain}; the score would lie between {low} and {high}; the band stays {best}",
        "التغطية +{gain}؛ تقع الدرجة بين {low} و{high}، وتبقى الفئة {best}",
    ),
    "card.must_haves": ("Must-haves", "الشروط اللازمة"),
    "card.changes": ("What would change the band", "ما الذي يغيّر الفئة"),
    "card.risks": ("Risks", "المخاطر"),
    "card.risk_rating": ("likelihood {likelihood}/5, impact {impact}/5", "الاحتمال {likelihood}/5، والأثر {impact}/5"),
    "card.contradictions": ("Contradictions", "التناقضات"),
    "card.rejected": ("{count} claims were rejected: {detail}", "رُفض {count} من الادعاءات: {detail}"),
    "rejection.unknown_source": ("source not known", "المصدر غير معروف"),
    "rejection.quote_not_in_source": ("quote not in its source", "الاقتباس ليس في مصدره"),
    "rejection.number_not_in_quote": ("number not in the quote", "الرقم ليس في الاقتباس"),
    "rejection.subject_not_in_quote": ("subject not in the quote", "الموضوع ليس في الاقتباس"),
    "rejection.unknown_subject": ("subject not known", "الموضوع غير معروف"),
    "rejection.other_company": ("about another company", "عن شركة أخرى"),
    "rejection.malformed": ("malformed", "صياغة غير صالحة"),
    "list.comma": (", ", "، "),
    "list.for": (" for ", " نيابةً عن "),
    "card.alternatives": ("Others considered for this need", "شركات أخرى نُظر فيها لهذا الاحتياج"),
    "card.id": ("Card", "البطاقة"),
    "stamp.rules": ("Read by the rules analyst, without a model · {engine}", "قرأها محلل القواعد بلا نموذج · {engine}"),
    "stamp.model": (
        "Read with the model {model} · prompts {prompts} · {engine}",
        "قُرئت بالنموذج {model} · التوجيهات {prompts} · {engine}",
    ),
    "sheet.title": (
        "Term sheet, {type}: {us} – {them}, version {version}",
        "ورقة شروط، شراكة {type}: {us} – {them}، النسخة {version}",
    ),
    "sheet.extract": (
        "Extract: money, duties, service levels and exit. The names in brackets are those that an edit takes. All "
        "{count} clauses, in both languages:",
        "مقتطف: المال والالتزامات ومستويات الخدمة والتخارج. والأسماء بين الأقواس هي المستخدمة عند التعديل. "
        "لعرض كل البنود، وعددها {count}، باللغتين:",
    ),
    "sheet.term": ("{label} ({name}): {value}", "{label} ({name}): {value}"),
    "sheet.conditions": ("Conditions precedent", "الشروط المسبقة"),
    "deal.thread": ("Thread", "المسار"),
    "deal.commitment": ("Commitment", "الالتزام"),
    "deal.digest": ("Digest", "البصمة"),
    "deal.conforms": ("The sheet keeps to playbook {version}.", "تلتزم الورقة بدليل التفاوض {version}."),
    "deal.breaches": ("The sheet does NOT keep to playbook {version}.", "لا تلتزم الورقة بدليل التفاوض {version}."),
    "deal.digested": ("Fields that the digest covers", "الحقول التي تشملها البصمة"),
    "deal.terms_above": ("terms: printed above, in both languages", "الشروط: مطبوعة أعلاه باللغتين"),
    "deal.terms_differ": (
        "The terms to be approved are not those of the sheet above; read them here:",
        "الشروط المطلوب اعتمادها ليست شروط الورقة أعلاه؛ اقرأها هنا:",
    ),
    "deal.decisions": ("Decisions", "القرارات"),
    "deal.decided_on": ("{moment} (UTC): {decided}", "{moment} (التوقيت العالمي): {decided}"),
    "deals.empty": ("No deal has been started.", "لم تبدأ أي صفقة."),
    "inbox.empty": ("Nothing waits for an approval.", "لا شيء ينتظر الموافقة."),
    "inbox.waits": ("{type} partnership; waits for {who}", "شراكة {type}؛ تنتظر {who}"),
    "inbox.approved_by": ("approved so far by {people}", "الموافقات حتى الآن من: {people}"),
    "inbox.nobody_may": (
        "nobody in the directory may approve it yet; the operator adds somebody with:",
        "لا يوجد في الدليل من يجوز له الموافقة بعد؛ وعلى المشغّل أن يضيف شخصًا بالأمر:",
    ),
    "inbox.requested": (
        "asked for by {person} on {moment} (UTC)",
        "مقدّم الطلب {person} في {moment} (التوقيت العالمي)",
    ),
    "inbox.value": ("we commit to pay up to {value} under it", "نلتزم بدفع ما يصل إلى {value} بموجبها"),
    "user.added": ("{name} was added: {level}.", "أُضيف المستخدم: {name}، {level}."),
    "user.id": ("Id", "المعرّف"),
    "user.token": ("Token", "الرمز"),
    "user.once": (
        "The token is shown this once and stored only as a hash. Keep it in a file that only you can read.",
        "يظهر الرمز هذه المرة فقط ولا يُخزَّن إلا مُجزَّأً. احفظه في ملف لا يقرؤه غيرك.",
    ),
    "user.revoked.none": ("{person}: no token was valid.", "{person}: لم يكن هناك رمز صالح."),
    "user.revoked.one": ("{person}: 1 token ended.", "{person}: أُنهي رمز واحد."),
    "user.revoked.two": ("{person}: 2 tokens ended.", "{person}: أُنهي رمزان."),
    "user.revoked.few": ("{person}: {count} tokens ended.", "{person}: أُنهيت {count} رموز."),
    "user.revoked.many": ("{person}: {count} tokens ended.", "{person}: أُنهي {count} رمزًا."),
    "users.empty": (
        "There are no people yet; the operator adds one with:",
        "لا يوجد أشخاص بعد؛ وعلى المشغّل أن يضيف شخصًا بالأمر:",
    ),
    "edit.why": ("Reason for the change: “{note}”", "سبب التعديل: «{note}»"),
    "deal.exists": (
        "This deal exists already: {thread}; nothing new was made.",
        "هذه الصفقة قائمة من قبل: {thread}؛ ولم يُنشأ شيء جديد.",
    ),
    "yes": ("yes", "نعم"),
    "no": ("no", "لا"),
    "ledger.empty": ("The ledger is empty: nothing has been committed.", "السجل فارغ: لم يتم أي التزام."),
    "ledger.entry": ("Entry", "القيد"),
    "ledger.commitment": ("Commitment", "الالتزام"),
    "ledger.digest": ("Digest", "البصمة"),
    "ledger.line": (
        "{action}, on {moment} (UTC): {parties}; asked for by {requester}, approved by {approvers}",
        "{action}، في {moment} (التوقيت العالمي): {parties}؛ مقدّم الطلب {requester}، والموافقة من {approvers}",
    ),
    "audit.ok": (
        "The audit log is whole: {size} events, head {head}.",
        "سجل التدقيق سليم: {size} من الأحداث، رأسه {head}.",
    ),
    "audit.broken": ("The audit log is NOT whole: {reason}", "سجل التدقيق غير سليم: {reason}"),
    "audit.seq": ("First bad event: {seq}", "أول حدث معيب: {seq}"),
    "schema.written": ("{count} JSON Schemas written to {folder}", "كُتب {count} من مخططات JSON في {folder}"),
    "chat.thread": ("Conversation", "المحادثة"),
    "chat.hint": ("{help} shows what it understands, {quit} leaves.", "{help} يعرض ما أفهمه، و{quit} للخروج."),
    "chat.resume": ("To go on later:", "للمتابعة لاحقًا:"),
}


CLI_PHRASES: Phrases = {
    **PHRASES,
    **APPROVAL_PHRASES,
    **DATABASE_PHRASES,
    **EVAL_PHRASES,
    **EVIDENCE_PHRASES,
    **OUTBOX_PHRASES,
    **PACKET_PHRASES,
    **PEOPLE_PHRASES,
}
"""Every phrase of the terminal."""


def texts(language: str) -> Texts:
    """The terminal's phrases in ``en`` or ``ar``."""
    return Texts(language, CLI_PHRASES)


def stage_text(language: str, stage: str) -> str:
    """What a stage of a long run is called; its name where nobody has said."""
    key = f"stage.{stage}"
    return texts(language)(key) if key in CLI_PHRASES else stage
