"""Phrases of the terminal about people, decisions, delegations, reminders and the policy, in English and Arabic."""

from partnership_os.graphs.wording.texts import Phrases

PEOPLE_PHRASES: Phrases = {
    "column.state": ("State", "الحالة"),
    "column.tenant": ("Tenant", "الجهة"),
    "user.level_legal": ("{level}, Legal", "{level}، الشؤون القانونية"),
    "user.inactive": ("inactive", "غير نشط"),
    "user.token_live": ("token until {day}", "الرمز صالح حتى {day}"),
    "user.token_endless": ("token without an end", "رمز بلا تاريخ انتهاء"),
    "user.token_expired": ("token expired on {day}", "انتهت صلاحية الرمز في {day}"),
    "user.token_revoked": ("token ended on {day}", "أُنهي الرمز في {day}"),
    "user.token_none": ("no token", "بلا رمز"),
    "user.expires": (
        "The token expires on {moment} (UTC); the operator then gives a new one with:",
        "تنتهي صلاحية الرمز في {moment} (التوقيت العالمي)؛ وعندها يصدر المشغّل رمزًا جديدًا بالأمر:",
    ),
    "decided.approve": ("Approved by {person} {role}.", "سُجّلت موافقة {person} {role}."),
    "decided.approve.behalf": (
        "Approved by {person} on behalf of {principal}, {role}.",
        "سُجّلت موافقة {person} نيابةً عن {principal}، {role}.",
    ),
    "decided.reject": ("Rejected by {person} {role}.", "سُجّل رفض {person} {role}."),
    "decided.reject.behalf": (
        "Rejected by {person} on behalf of {principal}, {role}.",
        "سُجّل رفض {person} نيابةً عن {principal}، {role}.",
    ),
    "decided.revoke": ("Approval taken back by {person} {role}.", "سُحبت الموافقة، والسحب من {person} {role}."),
    "decided.revoke.final": (
        "That is final for this version: {person} cannot approve it any more.",
        "والسحب نهائي لهذه النسخة: لا تُقبل عليها موافقة أخرى من {person}.",
    ),
    "decided.reason": ("Reason: “{note}”", "السبب: «{note}»"),
    "next.must_act": (
        "Who must act, by {moment} (UTC):",
        "الإجراء مطلوب قبل {moment} (التوقيت العالمي) من:",
    ),
    "next.needed": ("{who}: {people}", "{who}: {people}"),
    "next.for": ("{person} on behalf of {principal}", "{person} نيابةً عن {principal}"),
    "next.decide": (
        "Read it first, then decide, each with their own token:",
        "يُقرأ الطلب أولًا ثم يُبتّ فيه، وكلٌّ برمزه:",
    ),
    "next.can_for": (
        "{person} can approve for {principal}; with:",
        "تُقبل موافقة {person} نيابةً عن {principal}؛ بالأمر:",
    ),
    "next.nobody_for": (
        "Nobody in the directory can give the approval of {who}; the operator adds somebody with:",
        "لا أحد في الدليل يستطيع منح موافقة {who}؛ وعلى المشغّل أن يضيف شخصًا بالأمر:",
    ),
    "next.approved": (
        "Every approval is there; only the commit is missing. Anybody can wake it with:",
        "اكتملت الموافقات ولم يبق إلا إتمام الالتزام. ويستطيع أي شخص استئناف الصفقة بالأمر:",
    ),
    "next.committed": (
        "It is committed: {entry}. Nobody has to decide anything; what leaves the house waits in the outbox. "
        "Next, the operator sends it with:",
        "تم الالتزام، ورقم القيد {entry}. لم يبق ما يُقرَّر؛ وما يُرسَل إلى الخارج ينتظر في صندوق الصادر. "
        "والخطوة التالية على المشغّل، وهي إرساله بالأمر:",
    ),
    "next.committed.sent": (
        "It is committed: {entry}. What leaves the house was sent on {moment} (UTC); nothing is left to do.",
        "تم الالتزام، ورقم القيد {entry}. وأُرسل ما يخرج منه في {moment} (التوقيت العالمي)؛ ولم يبق ما يُفعل.",
    ),
    "next.committed.stuck": (
        "It is committed: {entry}. What leaves the house could not be sent and was given up. "
        "Next, the operator looks at the reason with:",
        "تم الالتزام، ورقم القيد {entry}. وتعذّر إرسال ما يخرج منه وتوقفت المحاولات. "
        "والخطوة التالية على المشغّل: الاطلاع على السبب بالأمر:",
    ),
    "next.rejected": (
        "That is final for this version: nobody can approve it any more. Next, {requester}, who asked for it, may "
        "change terms and so make a new version with:",
        "والرفض نهائي لهذه النسخة: لا تُقبل عليها موافقة بعد الآن. والخطوة التالية لصاحب الطلب {requester}: "
        "تعديل الشروط لإعداد نسخة جديدة بالأمر:",
    ),
    "next.expired": (
        "Nobody can approve it any more. Next, {requester}, who asked for it, asks again with the same terms with:",
        "لا تُقبل عليه موافقة بعد الآن. والخطوة التالية لصاحب الطلب {requester}: طلب الموافقة من جديد بالشروط نفسها "
        "بالأمر:",
    ),
    "next.others": (
        "{people} may do it as well, and then cannot approve what they asked for.",
        "ويجوز ذلك أيضًا لكل من: {people}؛ ومن طلب لا تُقبل موافقته على ما طلب.",
    ),
    "next.superseded": (
        "A newer version took its place. See what waits now, and for whom, with:",
        "حلت محله نسخة أحدث. انظر ما ينتظر الآن، ومن ينتظره، بالأمر:",
    ),
    "next.blocked": (
        "The deal is blocked. Next, {requester}, who asked for it, looks at the reasons.",
        "الصفقة مرفوضة آليًّا. والخطوة التالية لصاحب الطلب {requester}: النظر في الأسباب.",
    ),
    "next.running": (
        "Next, {requester}, who asked for it, or anybody else wakes it with:",
        "والخطوة التالية لصاحب الطلب {requester} أو لأي شخص آخر: استئنافها بالأمر:",
    ),
    "delegation.made": (
        "{delegate} may now decide on behalf of {delegator}: up to {level}, until {moment} (UTC).",
        "يجوز الآن أن يبتّ {delegate} نيابةً عن {delegator}: حتى مستوى {level}، إلى غاية {moment} (التوقيت العالمي).",
    ),
    "delegation.line": (
        "{delegator} lent to {delegate}: up to {level}, from {start} until {moment} (UTC)",
        "أعار {delegator} صلاحيته إلى {delegate}: حتى مستوى {level}، من {start} إلى {moment} (التوقيت العالمي)",
    ),
    "delegation.legal": ("with the legal role", "مع الصفة القانونية"),
    "delegation.types": ("for the types: {types}", "للأنواع: {types}"),
    "delegation.every_type": ("for every partnership type", "لكل أنواع الشراكة"),
    "delegation.value": ("for what we commit to pay up to {value}", "لما نلتزم بدفعه حتى {value}"),
    "delegation.reason": ("reason: {reason}", "السبب: {reason}"),
    "delegation.id": ("Delegation", "التفويض"),
    "delegation.own": (
        "What {delegator} asked for, {delegate} cannot approve while this lasts.",
        "ما طلبه {delegator} لا يستطيع {delegate} الموافقة عليه ما دام التفويض قائمًا.",
    ),
    "delegation.nothing": (
        "Nothing waits for it now. When something does, {delegate} decides with:",
        "لا شيء ينتظره الآن. وعند وجود ما ينتظر يكون البتّ من {delegate} بالأمر:",
    ),
    "delegation.end_with": (
        "Either of the two ends it with:",
        "ينهيه أي منهما بالأمر:",
    ),
    "delegation.ended": (
        "{delegate} may no longer decide on behalf of {delegator}.",
        "لم يعد يجوز أن يبتّ {delegate} نيابةً عن {delegator}.",
    ),
    "delegation.ended_next": (
        "Approvals that were given under it and are not committed yet no longer count; see who must act now with:",
        "الموافقات التي مُنحت بموجبه ولم يتم الالتزام بها بعد لم تعد تُحتسب؛ اعرف من عليه أن يتصرف الآن بالأمر:",
    ),
    "delegation.state.live": ("in force", "ساري"),
    "delegation.state.coming": ("not yet in force", "لم يبدأ بعد"),
    "delegation.state.expired": ("expired", "منتهي الصلاحية"),
    "delegation.state.ended": ("ended on {moment} (UTC)", "أُنهي في {moment} (التوقيت العالمي)"),
    "delegations.empty": (
        "Nobody has lent authority. Whoever wants to sees how with:",
        "لم يُعر أحد صلاحيته. ومن أراد ذلك فليطّلع على الطريقة بالأمر:",
    ),
    "sla.line": ("has waited for {time}: {stage}", "ينتظر منذ {time}: {stage}"),
    "sla.on_time": ("on time", "ضمن المهلة"),
    "sla.warned": ("the answer is due soon", "اقترب موعد الرد"),
    "sla.breached": ("late", "متأخر"),
    "sla.escalated": ("late and escalated to the next level", "متأخر، ورُفع إلى المستوى الأعلى"),
    "sla.asked": ("reminded so far: {people}", "ذُكّر حتى الآن: {people}"),
    "sla.unmarked": (
        "nobody was reminded of that yet; the operator does it with:",
        "لم يُرسَل تذكير بذلك بعد؛ وعلى المشغّل إرساله بالأمر:",
    ),
    "sla.next.warned": (
        "the approvers are due a reminder on {moment} (UTC)",
        "موعد تذكير من عليهم الموافقة: {moment} (التوقيت العالمي)",
    ),
    "sla.next.breached": ("the answer is late from {moment} (UTC) on", "يُعد الرد متأخرًا من {moment} (التوقيت العالمي)"),
    "sla.next.escalated": (
        "it is due to go to the next level on {moment} (UTC)",
        "موعد رفعه إلى المستوى الأعلى: {moment} (التوقيت العالمي)",
    ),
    "escalate.nothing": ("Nobody had to be reminded.", "لم يكن هناك من يلزم تذكيره."),
    "escalate.line": ("{parties}: {stage}", "{parties}: {stage}"),
    "escalate.asked": (
        "a notice waits in the outbox for: {people}",
        "في صندوق الصادر إشعار ينتظر الإرسال إلى: {people}",
    ),
    "escalate.silence": (
        "Nothing was decided by this: without the missing approvals it expires.",
        "لم يُبتّ في شيء بذلك: ومن دون الموافقات الناقصة تنتهي صلاحية الطلب.",
    ),
    "time.and": (" ", " و"),
    "time.day.one": ("1 d", "يوم"),
    "time.day.two": ("2 d", "يومين"),
    "time.day.few": ("{count} d", "{count} أيام"),
    "time.day.many": ("{count} d", "{count} يومًا"),
    "time.hour.none": ("less than 1 h", "أقل من ساعة"),
    "time.hour.one": ("1 h", "ساعة"),
    "time.hour.two": ("2 h", "ساعتين"),
    "time.hour.few": ("{count} h", "{count} ساعات"),
    "time.hour.many": ("{count} h", "{count} ساعة"),
    "column.r": ("R", "R"),
    "column.s": ("S", "S"),
    "column.type": ("Partnership", "الشراكة"),
    "column.approvals": ("Class B needs the approval of", "يحتاج الصنف ب إلى موافقة"),
    "policy.class.A": ("Class A – runs without approval", "الصنف أ – يُنفَّذ دون موافقة"),
    "policy.class.B": ("Class B – waits for people", "الصنف ب – ينتظر موافقة الأشخاص"),
    "policy.class.C": ("Class C – never runs, for anyone", "الصنف ج – لا يُنفَّذ أبدًا، لأي أحد"),
    "policy.legend": ("How to read R and S", "كيف تُقرأ R وS"),
    "policy.approvals": ("Who must approve ({version})", "من يجب أن يوافق ({version})"),
    "policy.people": (
        "Each approval comes from another person, and never from the one who asked.",
        "تأتي كل موافقة من شخص مختلف، ولا تأتي أبدًا ممن طلب.",
    ),
    "policy.value": (
        "Money that we commit to pay may raise the level; nothing lowers it",
        "قد يرفع المال الذي نلتزم بدفعه المستوى المطلوب، ولا شيء يخفضه",
    ),
    "policy.step": ("from {amount}: {who}", "من {amount}: {who}"),
    "policy.currency": (
        "{known} are compared by their official pegs; any amount in another currency: {level}",
        "تُقارن العملات {known} بأسعارها الرسمية الثابتة؛ وأي مبلغ بعملة أخرى: {level}",
    ),
    "policy.reminders": (
        "When people are reminded, in hours after the request",
        "متى يُذكَّر الأشخاص، بالساعات بعد الطلب",
    ),
    "policy.hours": (
        "{types}: reminder after {warned}, late after {breached}, to the next level after {escalated}",
        "{types}: تذكير بعد {warned}، وتأخر بعد {breached}، ورفع إلى المستوى الأعلى بعد {escalated}",
    ),
    "policy.silence": (
        "A shorter deadline moves all three forward. Silence never approves: what nobody answers expires.",
        "إذا كانت المهلة أقصر تقدّمت المواعيد الثلاثة. ولا يُعد الصمت موافقة أبدًا: فما لا يُردّ عليه تنتهي صلاحيته.",
    ),
}
