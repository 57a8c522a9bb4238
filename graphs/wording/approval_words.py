"""Words of the approval packet in English and Arabic: how risky an action is, where terms stand, and what looks odd."""

from partnership_os.graphs.wording.texts import Phrase, Phrases, Texts, in_line, isolated
from partnership_os.schemas.base import BilingualText

APPROVAL_PHRASES: Phrases = {
    "action_class.A": ("A – runs without approval", "أ – يُنفَّذ دون موافقة"),
    "action_class.B": ("B – waits for people", "ب – ينتظر موافقة الأشخاص"),
    "action_class.C": ("C – never runs", "ج – لا يُنفَّذ أبدًا"),
    "reversibility.R0": ("R0 – undone by itself", "R0 – يزول أثره من تلقاء نفسه"),
    "reversibility.R1": ("R1 – undone with little effort", "R1 – يمكن التراجع عنه بجهد يسير"),
    "reversibility.R2": ("R2 – costly to undo", "R2 – التراجع عنه مكلف"),
    "reversibility.R3": ("R3 – irreversible, or it binds us to others", "R3 – لا رجعة فيه، أو يُلزمنا أمام الغير"),
    "sensitivity.S0": ("S0 – public", "S0 – معلومات عامة"),
    "sensitivity.S1": ("S1 – internal", "S1 – معلومات داخلية"),
    "sensitivity.S2": ("S2 – confidential or commercial", "S2 – معلومات سرية أو تجارية"),
    "sensitivity.S3": ("S3 – regulated or personal", "S3 – بيانات خاضعة للأنظمة أو شخصية"),
    "position.ideal": ("at our ideal or better", "عند ما نريده أو أفضل منه"),
    "position.fallback": ("between ideal and fallback", "بين ما نريده والموقف الاحتياطي"),
    "position.walk_away": ("between fallback and walk-away", "بين الموقف الاحتياطي وحد الانسحاب"),
    "position.breach": ("outside of the playbook", "خارج دليل التفاوض"),
    "position.standard": ("fixed, at the one allowed value", "ثابتة، عند القيمة الوحيدة المسموح بها"),
    "warning.same_shape": (
        "The name {subject} reads like {detail}, a company that we know ({path}). Make sure which one is meant.",
        "يُقرأ الاسم {subject} مثل {detail}، وهي شركة نعرفها ({path}). تأكد من المقصودة منهما.",
    ),
    "warning.one_edit": (
        "The name {subject} differs by one letter from {detail}, a company that we know ({path}).",
        "يختلف الاسم {subject} بحرف واحد عن {detail}، وهي شركة نعرفها ({path}).",
    ),
    "warning.hidden": (
        "{path} holds characters that hide or reorder text: {detail}. They are shown as [U+…].",
        "يحوي {path} أحرفًا تُخفي النص أو تعيد ترتيبه: {detail}. وهي معروضة بالصيغة [U+…].",
    ),
    "warning.expired": (
        "It expired; nobody can approve it any more.",
        "انتهت صلاحيته؛ لم يعد بإمكان أحد الموافقة عليه.",
    ),
    "warning.closed": ("Nothing waits for you here: it is {detail}.", "لا شيء ينتظرك هنا: حالته «{detail}»."),
    "warning.nobody_may_approve": (
        "Nobody in the directory can give what is still needed.",
        "لا أحد في الدليل يستطيع منح ما زال مطلوبًا.",
    ),
    "warning.unnamed_action": (
        "The table of actions does not name {subject}; it is treated as Class B.",
        "لا يذكر جدول الإجراءات {subject}؛ ويُعامل على أنه من الصنف ب.",
    ),
    "warning.other_parties": (
        "{subject}, a party of the request, is no party of the document.",
        "{subject} طرف في الطلب وليس طرفًا في المستند.",
    ),
    "warning.other_name": (
        "{subject} ({path}) is not a name by which we know the partner of this deal, {detail}.",
        "ليس {subject} ({path}) اسمًا نعرف به شريك هذه الصفقة، وهو {detail}.",
    ),
    "warning.other_value": (
        "The request states {subject}, but by its terms we commit to pay {detail}.",
        "يذكر الطلب {subject}، لكن ما نلتزم بدفعه بحسب الشروط هو {detail}.",
    ),
    "warning.other_type": (
        "The request is for the type {subject}, but its document is of the type {detail}; the type decides who must "
        "approve.",
        "الطلب من نوع {subject}، أما مستنده فمن نوع {detail}؛ والنوع يحدّد من يجب أن يوافق.",
    ),
    "warning.other_currency": (
        "The request states the currency {subject}, but its document is in {detail}.",
        "يذكر الطلب العملة {subject}، أما مستنده فبالعملة {detail}.",
    ),
    "warning.other_version": (
        "The request is for version {subject}, but the document says version {detail}.",
        "الطلب للنسخة {subject}، أما المستند فيذكر النسخة {detail}.",
    ),
    "warning.other_sheet": (
        "The terms are not those of the stored sheet {subject}.",
        "ليست هذه الشروط شروط الورقة المحفوظة {subject}.",
    ),
    "warning.breach": (
        "{subject} does not keep to the playbook ({path}).",
        "لا يلتزم {subject} بدليل التفاوض ({path}).",
    ),
    "warning.wording": (
        "The text of the clause {path} is not the playbook's.",
        "نص البند {path} ليس نص دليل التفاوض.",
    ),
    "warning.missing": (
        "The playbook asks for {subject}, which is missing.",
        "يطلب دليل التفاوض {subject}، وهو غير موجود.",
    ),
    "warning.leak": ("The document gives away a limit of ours: {subject}.", "يكشف المستند حدًّا من حدودنا: {subject}."),
    "warning.blocked": ("The partner is blocked: {detail}", "الشريك مرفوض آليًّا: {detail}"),
    "warning.no_document": (
        "The terms are no term sheet that this version can read; only their fields are shown.",
        "ليست الشروط ورقة شروط يستطيع هذا الإصدار قراءتها؛ لذا تُعرض حقولها فقط.",
    ),
    "closed.committed": ("committed", "تم الالتزام"),
    "closed.rejected": ("rejected", "مرفوضة"),
    "closed.superseded": ("superseded by a newer version", "حلت محلها نسخة أحدث"),
    "amount.none": ("nothing fixed", "لا مبلغ ثابتًا"),
    "label.action": ("Action", "الإجراء"),
    "label.schema_version": ("Version of the record's form", "إصدار صيغة السجل"),
    "label.thread_id": ("Thread", "المسار"),
    "label.partnership_type": ("Type of partnership", "نوع الشراكة"),
    "label.parties": ("Parties", "الأطراف"),
    "label.document_id": ("Document", "المستند"),
    "label.document_version": ("Version of the document", "نسخة المستند"),
    "label.currency": ("Currency", "العملة"),
    "label.value": ("What we commit to pay", "ما نلتزم بدفعه"),
    "label.requested_by": ("Asked for by", "طالب الموافقة"),
    "label.required_approvals": ("Required approvals", "الموافقات المطلوبة"),
    "label.policy_version": ("Approval policy", "سياسة الموافقات"),
    "label.requested_at": ("Asked for on", "تاريخ الطلب"),
    "label.expires_at": ("Expires on", "تنتهي الصلاحية في"),
    "label.tenant": ("Tenant", "الجهة"),
    "label.edited_from": ("Edited from", "عُدِّل عن"),
    "label.terms": ("Terms", "الشروط"),
}


def phrase_text(key: str) -> BilingualText:
    """A phrase without places in both languages."""
    english, arabic = APPROVAL_PHRASES[key]
    return BilingualText(en=english, ar=arabic)


def set_apart(texts: Texts, value: str) -> Phrase:
    """A value of somebody else inside a line: hidden characters shown, and isolated where it may be of another script.

    Two Arabic values around an arrow would otherwise be shown the wrong way round in an English line.
    """
    shown = in_line(value)
    return Phrase(shown if shown.isascii() and texts.language != "ar" else isolated(shown))
