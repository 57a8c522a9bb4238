"""What each action of the table means, in English and in Arabic."""

from collections.abc import Mapping
from typing import Final

MEANINGS: Final[Mapping[str, tuple[str, str]]] = {
    "import_companies": ("Read companies from files into our own store.", "قراءة الشركات من ملفات إلى مخزننا."),
    "discover_prospects": (
        "Search our own store for companies that may fit a need.",
        "البحث في مخزننا عن شركات قد تلائم احتياجًا.",
    ),
    "search_companies": ("Find companies in our own store by words.", "البحث بالكلمات عن شركات في مخزننا."),
    "score_partner": ("Compute a score card from evidence.", "حساب بطاقة تقييم من الأدلة."),
    "read_records": (
        "Read cards, sheets, evidence, ledger or audit log.",
        "قراءة البطاقات أو أوراق الشروط أو الأدلة أو سجل الالتزامات أو سجل التدقيق.",
    ),
    "draft_term_sheet": ("Write a draft that stays with us.", "كتابة مسودة تبقى لدينا."),
    "check_conformance": ("Hold a draft against the playbook.", "مقارنة مسودة بدليل التفاوض."),
    "explain": ("Say why a number is what it is.", "بيان سبب رقم من الأرقام."),
    "summarise": ("Put a card or a draft into words.", "صياغة بطاقة أو مسودة في كلمات."),
    "propose_commitment": (
        "Ask people to approve something; nothing else happens.",
        "طلب موافقة الأشخاص على أمر، ولا يحدث شيء سوى ذلك.",
    ),
    "export_report": ("Write results to files of our own.", "كتابة النتائج في ملفات لدينا."),
    "verify_audit_log": ("Re-hash the audit log.", "إعادة احتساب بصمات سجل التدقيق."),
    "converse": (
        "Answer questions in a conversation, which may propose and never decides.",
        "الإجابة عن الأسئلة في محادثة قد تقترح ولا تبتّ في شيء.",
    ),
    "edit_term_sheet": (
        "Make a changed version of a draft; it halts for people again.",
        "إعداد نسخة معدّلة من مسودة، وتتوقف من جديد حتى يوافق الأشخاص.",
    ),
    "resume_deal": (
        "Let a halted deal look again at the decisions that are stored.",
        "جعل صفقة متوقفة تنظر من جديد في القرارات المحفوظة.",
    ),
    "approve_commitment": (
        "Approve, as an authorised person; it can be taken back until the commit.",
        "موافقة شخص مخوّل، ويمكن سحبها قبل إتمام الالتزام.",
    ),
    "reject_commitment": (
        "Reject, as an authorised person; final for that version.",
        "رفض شخص مخوّل، وهو نهائي لتلك النسخة.",
    ),
    "revoke_approval": (
        "Take back one's own approval before the commit; final for that version.",
        "سحب المرء موافقته قبل إتمام الالتزام، وهو نهائي لتلك النسخة.",
    ),
    "escalate_approval": (
        "Remind people of what waits too long, and ask the next level; nothing is decided.",
        "تذكير الأشخاص بما طال انتظاره وإبلاغ المستوى الأعلى، دون البتّ في شيء.",
    ),
    "delegate_authority": (
        "Lend authority of one's own to a colleague for a time, within limits.",
        "إعارة المرء صلاحيته لزميل مدةً محددة وضمن حدود.",
    ),
    "end_delegation": ("End lent authority before its time.", "إنهاء صلاحية مُعارة قبل موعدها."),
    "read_directory": (
        "See who may ask and decide, and who lent authority to whom.",
        "الاطلاع على من يجوز له أن يطلب ويبتّ، ومن أعار صلاحيته لمن.",
    ),
    "add_person": (
        "Add somebody who may ask and decide; the operator does it.",
        "إضافة شخص يجوز له أن يطلب ويبتّ، ويقوم بها المشغّل.",
    ),
    "change_person": ("Change somebody's authority; the operator does it.", "تغيير صلاحية شخص، ويقوم به المشغّل."),
    "issue_token": ("Give somebody a new token; the former ones end.", "إصدار رمز جديد لشخص، وتنتهي رموزه السابقة."),
    "revoke_token": ("Make somebody's tokens and sessions worthless.", "إبطال رموز شخص وجلساته."),
    "open_session": (
        "Sign in to a browser for some hours with a token.",
        "تسجيل الدخول في المتصفح لبضع ساعات باستخدام رمز.",
    ),
    "end_session": ("Sign out.", "تسجيل الخروج."),
    "deliver_outbox": (
        "Deliver what a commitment or a reminder caused; only what was committed leaves.",
        "تسليم ما نتج عن التزام أو تذكير؛ ولا يخرج إلا ما تم الالتزام به.",
    ),
    "redrive_message": (
        "Try the delivery of a message again that failed for good.",
        "إعادة محاولة تسليم رسالة تعذّر تسليمها نهائيًا.",
    ),
    "anchor_audit_log": (
        "Write size, head and signature of the audit log to a second place.",
        "كتابة حجم سجل التدقيق ورأسه وتوقيعه في مكان ثانٍ.",
    ),
    "export_audit_log": ("Write the audit log to a file of our own.", "كتابة سجل التدقيق في ملف لدينا."),
    "build_evidence_pack": (
        "Put the proof of one commitment into one file of our own.",
        "جمع إثبات التزام واحد في ملف واحد لدينا.",
    ),
    "verify_evidence_pack": (
        "Check an evidence pack; needs no database.",
        "التحقق من حزمة أدلة دون حاجة إلى قاعدة بيانات.",
    ),
    "upgrade_database": (
        "Bring the tables of the database to this version.",
        "ترقية جداول قاعدة البيانات إلى هذا الإصدار.",
    ),
    "run_evaluation": (
        "Put a suite of cases to the product and count what is right.",
        "عرض مجموعة حالات على المنتج وعدّ الصحيح منها.",
    ),
    "record_model_answers": (
        "Keep the answers of a model to a suite in a folder, without any key.",
        "حفظ إجابات نموذج عن مجموعة حالات في مجلد دون أي مفتاح.",
    ),
    "read_policy": (
        "Show actions, approvals, and the schemas of records.",
        "عرض الإجراءات والموافقات ومخططات السجلات.",
    ),
    "open_negotiations": ("Enter negotiations with a company in our name.", "بدء التفاوض مع شركة باسمنا."),
    "issue_term_sheet": ("Send a term sheet to a counterparty.", "إرسال ورقة شروط إلى الطرف الآخر."),
    "reissue_term_sheet": ("Send a changed term sheet to a counterparty.", "إرسال ورقة شروط معدّلة إلى الطرف الآخر."),
    "accept_counter_offer": ("Accept terms that a counterparty proposed.", "قبول شروط اقترحها الطرف الآخر."),
    "sign_agreement": ("Sign an agreement.", "توقيع اتفاقية."),
    "activate_partner": ("Let a partner work as one of ours.", "السماح لشريك بأن يعمل بصفته واحدًا منا."),
    "share_data": ("Give data of ours or of our customers to a partner.", "تسليم شريك بيانات تخصنا أو تخص عملاءنا."),
    "fund_play": ("Spend money on a joint activity.", "إنفاق المال على نشاط مشترك."),
    "accept_deal_registration": ("Protect a deal for one partner.", "حجز صفقة لشريك واحد."),
    "grant_exclusivity": ("Promise not to work with others.", "التعهد بعدم العمل مع غير الشريك."),
    "grant_off_policy_discount": ("Give a discount outside of policy.", "منح خصم خارج السياسة."),
    "renew_partnership": ("Prolong a partnership.", "تمديد شراكة."),
    "renegotiate_partnership": ("Reopen the terms of a partnership.", "إعادة فتح شروط شراكة."),
    "downgrade_partnership": ("Move a partner to a lower tier.", "نقل شريك إلى فئة أدنى."),
    "exit_partnership": ("End a partnership.", "إنهاء شراكة."),
    "send_partner_scorecard": ("Show a partner how we rate them.", "إطلاع شريك على تقييمنا له."),
    "bypass_approval": ("Commit without the people who must approve.", "الالتزام دون الأشخاص الذين تلزم موافقتهم."),
    "forge_approval": ("Decide in the name of another person.", "البتّ باسم شخص آخر."),
    "lower_required_approvals": ("Ask for less approval than the policy does.", "طلب موافقة أقل مما تفرضه السياسة."),
    "alter_audit_log": ("Change or cut the audit log.", "تغيير سجل التدقيق أو اقتطاع جزء منه."),
    "alter_ledger": ("Change or remove a row of the ledger.", "تغيير قيد في سجل الالتزامات أو حذفه."),
    "delete_without_audit": ("Delete a record without an event about it.", "حذف سجل دون حدث يوثّق حذفه."),
    "exfiltrate_secrets": (
        "Send keys, tokens or passwords anywhere.",
        "إرسال مفاتيح أو رموز أو كلمات مرور إلى أي جهة.",
    ),
    "publish_counterparty_limits": (
        "Show anybody outside what a counterparty told us in confidence.",
        "إطلاع أحد من الخارج على ما أسرّ به إلينا الطرف الآخر.",
    ),
    "publish_our_limits": (
        "Show a counterparty our targets, limits or alternatives.",
        "إطلاع الطرف الآخر على أهدافنا أو حدودنا أو بدائلنا.",
    ),
    "impersonate_person": ("Write to somebody as another person.", "الكتابة إلى أحد بصفة شخص آخر."),
    "approve_by_silence": ("Take an answer that did not come for a yes.", "اعتبار عدم الرد موافقة."),
    "approve_own_request": ("Approve what one asked for oneself.", "موافقة المرء على ما طلبه بنفسه."),
}
"""Action → its meaning in English and in Arabic."""
UNNAMED: Final = (
    "An action that the table does not name; it waits for people like any commitment.",
    "إجراء لا يذكره جدول الإجراءات؛ ينتظر موافقة الأشخاص كأي التزام.",
)
