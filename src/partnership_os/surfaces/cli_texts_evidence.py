"""Phrases of ``partnership audit`` and ``partnership evidence`` in English and Arabic."""

from partnership_os.graphs.wording.texts import Phrases

EVIDENCE_PHRASES: Phrases = {
    "audit.held.none": (
        "No anchor was met; the newest one names {size} events.",
        "لم يُقارن بأي مرساة؛ وتذكر أحدثها {size} من الأحداث.",
    ),
    "audit.held.one": (
        "It agrees with the one anchor, which names {size} events.",
        "وهو يوافق المرساة الوحيدة، وعدد الأحداث المذكور فيها {size}.",
    ),
    **{
        f"audit.held.{form}": (
            "It agrees with each of {count} anchors; the newest one names {size} events.",
            "وهو يوافق كل المراسي، وعددها {count}؛ وعدد الأحداث المذكور في أحدثها {size}.",
        )
        for form in ("two", "few", "many")
    },
    "audit.kept": (
        "The anchor kept in {file} counted: the log agrees with it.",
        "احتُسبت المرساة المحفوظة في {file}: والسجل يوافقها.",
    ),
    "audit.from": ("The file begins at event {seq}.", "يبدأ الملف عند الحدث {seq}."),
    "audit.not_held": (
        "No anchor was given that names an event of this file: it fits together, but a cut or a rewritten whole cannot "
        "be excluded. Give the file audit.anchor of that machine's home, or a copy kept elsewhere, with --anchor.",
        "لم تُقدَّم مرساة تذكر حدثًا من هذا الملف: أجزاؤه متسقة، لكن لا يمكن استبعاد اقتطاعه أو إعادة كتابته كله. "
        "قدّم بالخيار --anchor الملف audit.anchor من مجلد مساحة العمل على ذلك الجهاز، أو نسخة محفوظة في مكان آخر.",
    ),
    "audit.anchor_unchecked": (
        "The signatures of the anchors were not checked; give the public anchor key with --key. On the machine that "
        "wrote the log it is keys/anchor_verify.pub in the home.",
        "لم تُفحص توقيعات المراسي؛ قدّم مفتاح المرساة العام بالخيار --key. وهو على الجهاز الذي كتب السجل: "
        "keys/anchor_verify.pub في مجلد مساحة العمل.",
    ),
    "audit.anchor_torn": (
        "The last line in the file of anchors was not written to its end; it was left out. The next anchor repairs it.",
        "السطر الأخير في ملف المراسي لم يُكتب إلى نهايته فلم يُحتسب. وتُصلحه المرساة التالية.",
    ),
    "audit.trouble.changed": (
        "An event was edited, added, dropped or moved. Nothing is committed until it is known who did it.",
        "حُرّر حدث أو أُضيف أو أُسقط أو نُقل. لن يتم أي التزام حتى يُعرف من فعل ذلك.",
    ),
    "audit.trouble.rewritten": (
        "The chain fits together, but it is not the one that was anchored: somebody wrote it anew.",
        "السلسلة متسقة لكنها ليست التي ثُبّتت بالمرساة: أعاد أحدهم كتابتها.",
    ),
    "audit.trouble.cut": (
        "Events at the end were removed; other tables still show what they told.",
        "حُذفت أحداث من النهاية، وما زالت جداول أخرى تُظهر ما كانت تذكره.",
    ),
    "audit.trouble.rolled_back": (
        "Everything is whole as of an earlier moment at which the log was anchored: most likely a backup was restored, "
        "else events were cut that no other table shows. "
        "Restore the newest one. When what came after is lost for good, trust what is left with:",
        "كل شيء سليم كما كان في وقت سابق ثُبّت فيه السجل: الأرجح أن نسخة احتياطية استُعيدت، وإلا فقد "
        "اقتُطعت أحداث لا يُظهرها جدول آخر. استعد أحدث نسخة. "
        "وإن ضاع ما بعدها نهائيًا فاعتمد ما بقي بالأمر:",
    ),
    "audit.trouble.short": (
        "Events at the end are missing: they were cut off, or an older backup was restored.",
        "تنقص أحداث من النهاية: اقتُطعت، أو استُعيدت نسخة احتياطية أقدم.",
    ),
    "audit.trouble.torn": (
        "The file was not written or copied to its end; export or copy it again.",
        "لم يُكتب الملف أو لم يُنسخ إلى نهايته؛ صدّره أو انسخه من جديد.",
    ),
    "audit.trouble.no_anchor": (
        "Nothing outside of the log says how long it was. Restore the file of anchors from a backup; on a new machine "
        "trust the log as it is with:",
        "لا شيء خارج السجل يذكر طوله. استعد ملف المراسي من نسخة احتياطية؛ وعلى جهاز جديد اعتمد السجل كما هو بالأمر:",
    ),
    "audit.trouble.table": (
        "The log is well; another table was changed past the product.",
        "السجل سليم؛ وقد غُيّر جدول آخر من خارج المنتج.",
    ),
    "audit.anchored": (
        "The audit log is whole and anchored. Keep these lines elsewhere: on paper, by mail, on another machine.",
        "سجل التدقيق سليم وثُبّت بمرساة. احفظ هذه الأسطر في مكان آخر: على الورق أو بالبريد أو على جهاز آخر.",
    ),
    "audit.size": ("Events", "الأحداث"),
    "audit.head": ("Head", "الرأس"),
    "audit.time": ("Time", "الوقت"),
    "audit.key": ("Key", "المفتاح"),
    "audit.signature": ("Signature", "التوقيع"),
    "audit.written": ("Written", "كُتب"),
    "audit.exported": ("{count} events written to {file}", "كُتب {count} من الأحداث في {file}"),
    "audit.adopt": (
        "From now on this is trusted, and nothing says any more what stood in the log before:",
        "من الآن يُوثق بما يلي، ولن يبقى ما يدل على ما كان في السجل قبل ذلك:",
    ),
    "audit.adopt_question": ("Trust it?", "أتثق به؟"),
    "audit.not_adopted": ("Nothing was adopted.", "لم يُعتمد شيء."),
    "evidence.packed": (
        "Everything about {commitment} is in {file}. It is internal: it holds the score card and our limits.",
        "كل ما يخص {commitment} موجود في {file}. وهي وثيقة داخلية: فيها بطاقة التقييم وحدودنا.",
    ),
    "evidence.sum": ("SHA-256", "SHA-256"),
    "evidence.ok": (
        "The pack of {commitment} ({status}) is whole.",
        "حزمة {commitment} ({status}) سليمة.",
    ),
    "evidence.failed": (
        "The pack does NOT hold; checks that failed: {count}. An auditor must look before anybody relies on it.",
        "الحزمة غير سليمة؛ عدد الفحوص الفاشلة: {count}. يجب أن ينظر فيها مدقق قبل أن يعتمد عليها أحد.",
    ),
    "evidence.outcome.ok": ("ok", "سليم"),
    "evidence.outcome.failed": ("FAILED", "فشل"),
    "evidence.outcome.not_applicable": ("not applicable", "لا ينطبق"),
    "evidence.check": ("{outcome}: {check}", "{outcome}: {check}"),
    "evidence.check_detail": ("{outcome}: {check} – {detail}", "{outcome}: {check} – {detail}"),
    "evidence.own_keys": (
        "The signatures were checked with the keys inside the pack, which its maker chose. Compare their ids with the "
        "keys that you know, or give those with --key and --anchor-key; on the machine that made the pack they are "
        "keys/approval_verify.pub and keys/anchor_verify.pub in the home.",
        "فُحصت التوقيعات بالمفاتيح الموجودة في الحزمة، وقد اختارها مُعدّها. قارن معرّفاتها بمعرّفات المفاتيح "
        "التي تعرفها، أو قدّم ما تعرفه بالخيارين --key و--anchor-key؛ وهما على الجهاز الذي أعدّ الحزمة: "
        "keys/approval_verify.pub وkeys/anchor_verify.pub في مجلد مساحة العمل.",
    ),
    "evidence.approval_key.given": (
        "The signatures of decisions and delegations were checked with the key that you gave with --key:",
        "فُحصت توقيعات القرارات والتفويضات بالمفتاح الذي قدّمته بالخيار --key:",
    ),
    "evidence.approval_key.own": (
        "The signatures of decisions and delegations were checked with the key inside the pack, which its maker chose. "
        "Compare its id with the key that you know, or give that one with --key:",
        "فُحصت توقيعات القرارات والتفويضات بالمفتاح الموجود في الحزمة، وقد اختاره مُعدّها. قارن معرّفه بمعرّف المفتاح "
        "الذي تعرفه، أو قدّم ما تعرفه بالخيار --key:",
    ),
    "evidence.anchor_key.given": (
        "The signatures of the anchors and of the manifest were checked with the key that you gave with --anchor-key:",
        "فُحص توقيعا المراسي والبيان بالمفتاح الذي قدّمته بالخيار --anchor-key:",
    ),
    "evidence.anchor_key.own": (
        "The signatures of the anchors and of the manifest were checked with the key inside the pack, which its maker "
        "chose. Compare its id with the key that you know, or give that one with --anchor-key:",
        "فُحص توقيعا المراسي والبيان بالمفتاح الموجود في الحزمة، وقد اختاره مُعدّها. قارن معرّفه بمعرّف المفتاح الذي "
        "تعرفه، أو قدّم ما تعرفه بالخيار --anchor-key:",
    ),
    "evidence.approval_key": ("Key of the approval service", "مفتاح خدمة الموافقات"),
    "evidence.anchor_key": ("Anchor key", "مفتاح المرساة"),
    "check.archive": (
        "the archive holds the files of a pack, each once, and nothing beside them",
        "الأرشيف يحوي ملفات الحزمة، كلًّا منها مرة واحدة، ولا شيء سواها",
    ),
    "check.sums": (
        "every file has the size and the SHA-256 of the manifest; none is missing or added",
        "لكل ملف الحجم وبصمة SHA-256 المذكوران في البيان؛ ولا ينقص ملف ولا يزيد",
    ),
    "check.manifest_signature": ("the manifest was signed with the anchor key", "البيان موقّع بمفتاح المرساة"),
    "check.keys": (
        "the keys of the pack are those that you gave",
        "مفاتيح الحزمة هي المفاتيح التي قدّمتها",
    ),
    "check.digest": (
        "the digest follows from the fields of the commitment",
        "البصمة محسوبة من حقول الالتزام",
    ),
    "check.document": ("the document is the one that was digested", "الوثيقة هي التي حُسبت بصمتها"),
    "check.events": (
        "each extracted event gives its hash and stands in the log where it says",
        "كل حدث مستخرج يعطي بصمته ويقع في موضعه المذكور من السجل",
    ),
    "check.anchor": (
        "the log, as far as this pack shows it, ends in a signed anchor",
        "السجل، بقدر ما تُظهره الحزمة، ينتهي عند مرساة موقّعة",
    ),
    "check.decisions": (
        "each decision is signed, about this digest, and told by the log; none is missing",
        "كل قرار موقّع ويخص هذه البصمة ويذكره السجل؛ ولا ينقص أي قرار",
    ),
    "check.delegations": (
        "each delegation is signed and told by the log",
        "كل تفويض موقّع ويذكره السجل",
    ),
    "check.people": ("levels and roles are those of the log", "المستويات والأدوار هي التي يذكرها السجل"),
    "check.required": (
        "the required approvals are those of the approval policy",
        "الموافقات المطلوبة هي التي تفرضها سياسة الموافقات",
    ),
    "check.approvals": (
        "different people of the required level and role approved, none of them the requester",
        "وافق أشخاص مختلفون بالمستوى والدور المطلوبين، وليس بينهم طالب الالتزام",
    ),
    "check.status": ("the status follows from the log", "الحالة مطابقة لما في السجل"),
    "check.ledger": (
        "the ledger entry is that of this commitment and of the log",
        "القيد في سجل الالتزامات هو قيد هذا الالتزام ويذكره سجل التدقيق",
    ),
    "check.card": ("the score card is the one that the log names", "بطاقة التقييم هي التي يسميها السجل"),
    "check.quotes": (
        "each quote on the score card occurs in its text",
        "كل اقتباس في بطاقة التقييم موجود في نصه",
    ),
    "check.rules": ("the rule outcomes are about this document", "نتائج القواعد تخص هذه الوثيقة"),
    "check.completeness": (
        "no event about this commitment was left out",
        "لم يُسقط أي حدث يخص هذا الالتزام",
    ),
}
