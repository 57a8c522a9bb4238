"""Phrases of ``partnership outbox`` in English and Arabic."""

from partnership_os.graphs.wording.texts import Phrases

OUTBOX_PHRASES: Phrases = {
    "outbox.empty": (
        "The outbox is empty: a message enters it when a commitment takes effect or an approval is late.",
        "صندوق الصادر فارغ: تدخله رسالة حين يتم التزام أو تتأخر موافقة.",
    ),
    "kind.approval_reminder": ("Reminder of a late approval", "تذكير بموافقة متأخرة"),
    "kind.approval_escalation": (
        "Late approval, raised to the next level",
        "موافقة متأخرة رُفعت إلى المستوى الأعلى",
    ),
    "outbox.no_dead": ("No message was given up.", "لم يتوقف إرسال أي رسالة."),
    "outbox.message": ("Message", "الرسالة"),
    "outbox.key": ("Idempotency key", "مفتاح عدم التكرار"),
    "outbox.receipt": ("Went to", "وصلت إلى"),
    "outbox.waiting": (
        "{kind}: waits to be sent since {moment} (UTC); nobody has to decide anything.",
        "{kind}: تنتظر الإرسال منذ {moment} (التوقيت العالمي)، ولا يلزم قرار من أحد.",
    ),
    "outbox.claimed": (
        "{kind}: {worker} is sending it; if that process has ended, others may take it from {moment} (UTC).",
        "{kind}: العملية {worker} ترسلها الآن؛ وإن كانت قد انتهت فلغيرها أن تتولاها "
        "ابتداءً من {moment} (التوقيت العالمي).",
    ),
    "outbox.retrying": (
        "{kind}: not sent yet. Failed attempts: {attempts}.",
        "{kind}: لم تُرسل بعد. المحاولات الفاشلة: {attempts}.",
    ),
    "outbox.try_again": (
        "If the cause does not pass by itself, the operator of this installation removes it. "
        "From {moment} (UTC) on, this tries again:",
        "إن لم يزل السبب من تلقاء نفسه فعلى مشغّل هذا التثبيت أن يزيله. "
        "وابتداءً من {moment} (التوقيت العالمي) تُعاد المحاولة بالأمر:",
    ),
    "outbox.delivered": (
        "{kind}: sent on {moment} (UTC); nothing is left to do.",
        "{kind}: أُرسلت في {moment} (التوقيت العالمي)، ولم يبق ما يُفعل.",
    ),
    "outbox.dead": (
        "{kind}: NOT sent, and not tried any more since {moment} (UTC).",
        "{kind}: لم تُرسل، وتوقفت محاولات إرسالها منذ {moment} (التوقيت العالمي).",
    ),
    "outbox.reason": ("Reason: {reason}", "السبب: {reason}"),
    "outbox.mend": (
        "The operator of this installation must act: remove the cause, then send it again with:",
        "على مشغّل هذا التثبيت أن يتصرف: يزيل السبب، ثم يعيد إرسالها بالأمر:",
    ),
    "outbox.inquire": (
        "An auditor must act before anything else: find out who changed the database, and restore it. Begin with:",
        "على مدقق أن يتصرف قبل أي شيء آخر: يعرف من غيّر قاعدة البيانات ويستعيدها. ويبدأ بالأمر:",
    ),
    "outbox.unreadable": (
        "{message} CANNOT be read: its row in the outbox was changed. It does not leave; the others do.",
        "تتعذّر قراءة {message}: غُيّر صفها في صندوق الصادر. فهي لا تُرسل، وتُرسل الرسائل الأخرى.",
    ),
    "outbox.after": ("Then it is sent again with:", "ثم يُعاد إرسالها بالأمر:"),
    "outbox.counts": (
        "Messages: {delivered} sent, {waiting} waiting, {retrying} to be tried again, {dead} given up.",
        "الرسائل: {delivered} مُرسلة، {waiting} في الانتظار، {retrying} ستُعاد محاولتها، {dead} توقف إرسالها.",
    ),
    "outbox.send": ("What is due leaves with:", "يُرسل ما حان موعده بالأمر:"),
    "outbox.nothing_due": ("Nothing is due now.", "لا شيء حان موعد إرساله الآن."),
    "outbox.next_due": (
        "The next message is due on {moment} (UTC). See what it waits for with:",
        "يحين موعد الرسالة التالية في {moment} (التوقيت العالمي). انظر ما تنتظره بالأمر:",
    ),
    "outbox.left": (
        "More messages are due: {count}. Run the same command again.",
        "رسائل أخرى حان موعدها: {count}. نفّذ الأمر نفسه من جديد.",
    ),
    "outbox.redriven": (
        "The message is due again, with all its attempts.",
        "حان موعد إرسال الرسالة من جديد، ولها كل محاولاتها.",
    ),
}
