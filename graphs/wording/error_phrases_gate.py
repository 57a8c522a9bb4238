"""Arabic for what the gate, the directory of people, companies, deals and the conversation say when they refuse."""

from collections.abc import Mapping

GATE_PHRASES: Mapping[str, str] = {
    # who are you
    "No token was given.": "لم يُقدَّم رمز.",
    "Give your token in PARTNERSHIP_TOKEN or with --token-file; `partnership user add` prints one.": (
        "قدّم رمزك في `PARTNERSHIP_TOKEN` أو بالخيار `--token-file`؛ ويطبع الأمر `partnership user add` رمزًا."
    ),
    "The token was not accepted.": "لم يُقبل الرمز.",
    "Check the token, or ask for a new one.": "تحقق من الرمز، أو اطلب رمزًا جديدًا.",
    "The token file {file} cannot be read: {reason:words}.": "تتعذّر قراءة ملف الرمز {file}: {reason}.",
    "it is not UTF-8 text": "ليس نصًا بترميز UTF-8",
    "Name a file that holds only your token.": "اذكر ملفًا لا يحوي غير رمزك.",
    "The token file {file} does not hold one token.": "لا يحوي ملف الرمز {file} رمزًا واحدًا.",
    "Put the token, and nothing else, in it.": "ضع فيه الرمز ولا شيء غيره.",
    "A deal needs a known requester, and no token says who you are.": (
        "تحتاج الصفقة إلى طالب معروف، ولا يوجد رمز يبيّن من أنت."
    ),
    "Create a person with `partnership user add NAME --level LEVEL`, then set PARTNERSHIP_TOKEN to the printed token "
    "or name its file with --token-file.": (
        "أضف شخصًا بالأمر `partnership user add NAME --level LEVEL`، ثم ضع الرمز المطبوع في `PARTNERSHIP_TOKEN` "
        "أو اذكر ملفه بالخيار `--token-file`."
    ),
    "Nobody has the id {person}.": "لا أحد يحمل المعرّف {person}.",
    "Look at the list of people: `partnership user list`.": "انظر قائمة الأشخاص: `partnership user list`.",
    "{person} is inactive: a token would open nothing.": "الحساب غير نشط: {person}؛ ولن يفتح رمزه شيئًا.",
    "Make the person active first: `partnership user change {person} --active`.": (
        "فعّل الحساب أولًا: `partnership user change {person} --active`."
    ),
    "Not a person: {problem}.": "بيانات الشخص غير صالحة: {problem}.",
    "Give a name and a level.": "اذكر اسمًا ومستوى.",
    "A name has at least one letter or digit.": "يتضمن الاسم حرفًا أو رقمًا واحدًا على الأقل.",
    "The name has {count} characters.": "في الاسم {count} من الأحرف.",
    # what is still needed, and from whom
    "Nobody else has to approve.": "لا يلزم أن يوافق أحد غير من وافق.",
    "Still needed: {needed:known}. Nobody in the directory can: add somebody with `partnership user add`.": (
        "ما زال مطلوبًا: {needed}. لا أحد في الدليل يستطيع ذلك: أضف شخصًا بالأمر `partnership user add`."
    ),
    "Still needed: {needed:known}. Can approve: {people}.": "ما زال مطلوبًا: {needed}. يستطيع الموافقة: {people}.",
    "Still needed: {needed:known}.": "ما زال مطلوبًا: {needed}.",
    "{first:known} and {second:known}": "{first} و{second}",
    "{level:known} or above": "{level} أو أعلى",
    "Legal ({level:known})": "الشؤون القانونية ({level})",
    "Legal": "الشؤون القانونية",
    "Analyst": "محلل",
    "Manager": "مدير",
    "Director": "مدير إدارة",
    "VP": "نائب رئيس",
    "C-level": "الإدارة التنفيذية العليا",
    "analyst": "محلل",
    "manager": "مدير",
    "director": "مدير إدارة",
    "vp": "نائب رئيس",
    "c-level": "الإدارة التنفيذية العليا",
    "{level:known}, legal": "{level}، الشؤون القانونية",
    # decisions
    "There is no such commitment.": "لا يوجد التزام كهذا.",
    "There is no commitment {commitment}.": "لا يوجد التزام بالمعرّف {commitment}.",
    "List what waits with `partnership inbox`.": "اعرض ما ينتظر بالأمر `partnership inbox`.",
    "{person} asked for {commitment} or what came before it and cannot decide about it.": (
        "طلب {commitment} أو ما سبقه مقدَّم من {person}، ولا تُقبل ممن طلب قرارات بشأن طلبه."
    ),
    "The person on whose behalf {person} decides asked for {commitment} or what came before it.": (
        "الشخص الذي يبتّ {person} نيابةً عنه هو من طلب {commitment} أو ما سبقه."
    ),
    "Somebody who asked for {commitment} or what came before it lent authority to {person}, who therefore cannot "
    "approve it.": "أعار طالبُ {commitment} أو ما سبقه صلاحيته إلى {person}، فلا تُقبل موافقة {person} عليه.",
    "No delegation lets {person} decide about {commitment} for that person.": (
        "لا يوجد تفويض يتيح للشخص {person} البتّ في {commitment} نيابةً عن ذلك الشخص."
    ),
    "{person} took an approval of this back; that is final for this version.": (
        "سبق أن سُحبت موافقة {person} على هذه النسخة، والسحب نهائي لها."
    ),
    "{person} has given no approval of {commitment} that could be taken back.": (
        "لا توجد موافقة من {person} على {commitment} يمكن سحبها."
    ),
    "See `partnership deal show`.": "انظر `partnership deal show`.",
    "A rejection or revocation needs a reason.": "يحتاج الرفض أو سحب الموافقة إلى سبب.",
    "Say why with --note.": "اذكر السبب بالخيار `--note`.",
    "{person} ({role:known}) cannot give an approval that {commitment} still needs.": (
        "صلاحية {person} ({role}) لا تكفي لمنح موافقة ما زال {commitment} يحتاج إليها."
    ),
    "The approval that {person} ({role:known}) can give was given already, by {giver}; {commitment} needs another.": (
        "الموافقة التي تدخل في صلاحية {person} ({role}) مُنحت من قبل، وهي من {giver}؛ ويحتاج {commitment} إلى غيرها."
    ),
    "The authority of {person} ({role:known}) was used for {commitment} or taken back; it counts once.": (
        "صلاحية {person} ({role}) استُخدمت في {commitment} من قبل أو سُحبت؛ ولا تُحتسب إلا مرة واحدة."
    ),
    "The approval that {person} gave no longer counts; each person approves once.": (
        "لم تعد موافقة {person} تُحتسب؛ وكل شخص يوافق مرة واحدة."
    ),
    "{commitment} has every approval that it needs.": "نال {commitment} كل الموافقات التي يحتاج إليها.",
    "It waits to be committed: `partnership deal resume {thread}`.": (
        "ينتظر إتمام الالتزام: `partnership deal resume {thread}`."
    ),
    "{commitment} is {status:known} and takes no more decisions.": (
        "حالة {commitment}: {status}؛ ولا يقبل قرارات أخرى."
    ),
    "{commitment} is {status:known}; nothing was committed.": "حالة {commitment}: {status}؛ ولم يتم أي التزام.",
    "pending": "معلّق",
    "approved": "موافق عليه",
    "committed": "تم الالتزام به",
    "rejected": "مرفوض",
    "expired": "منتهي الصلاحية",
    "superseded": "حلّت محله نسخة أحدث",
    "Nothing is left to decide; see `partnership ledger`.": "لم يبق ما يُقرَّر؛ انظر `partnership ledger`.",
    "A rejection is final; propose a new version of the document.": "الرفض نهائي؛ اقترح نسخة جديدة من الوثيقة.",
    "Propose it again; the new commitment can be approved.": "اقترحه من جديد؛ فالالتزام الجديد يمكن أن يُوافَق عليه.",
    "A rejection is final; make a changed version: `{command}`.": "الرفض نهائي؛ أعدّ نسخة معدّلة: `{command}`.",
    "Ask again with the same terms: `{command}`.": "اطلب الموافقة من جديد بالشروط نفسها: `{command}`.",
    "Decide about its newer version; see `partnership inbox`.": "قرّر بشأن نسخته الأحدث؛ انظر `partnership inbox`.",
    "Commit its newer version; see `partnership inbox`.": "أتمّ الالتزام بنسخته الأحدث؛ انظر `partnership inbox`.",
    "The note has {count} characters.": "في الملاحظة {count} من الأحرف.",
    "Keep it to {count}.": "اقتصر على {count}.",
    "The terms to commit are not those that {commitment} was proposed with.": (
        "الشروط المطلوب الالتزام بها ليست هي التي اقتُرح بها {commitment}."
    ),
    "Propose the changed terms; people then decide about the new commitment.": (
        "اقترح الشروط المعدّلة؛ ثم يقرّر الأشخاص بشأن الالتزام الجديد."
    ),
    "The approval policy has changed since {commitment} was proposed.": "تغيّرت سياسة الموافقات منذ اقتُرح {commitment}.",
    "Propose it again; the required approvals are then those of today.": (
        "اقترحه من جديد؛ فتكون الموافقات المطلوبة هي المعمول بها اليوم."
    ),
    "Version {version} of {document} was committed as {commitment}.": (
        "تم الالتزام بالنسخة {version} من {document} باسم {commitment}."
    ),
    "Make a new version of the document.": "أعدّ نسخة جديدة من الوثيقة.",
    "{action} never runs, for anyone.": "{action} لا يُنفَّذ أبدًا، لأي أحد.",
    "Nobody can approve it.": "لا يستطيع أحد الموافقة عليه.",
    "{action} needs no approval.": "{action} لا يحتاج إلى موافقة.",
    "Run it.": "نفّذه.",
    "Nobody active in the directory has the id of the requester.": "لا أحد نشط في الدليل يحمل معرّف الطالب.",
    "Ask as yourself, with your token; see `partnership user list`.": (
        "اطلب باسمك وبرمزك؛ انظر `partnership user list`."
    ),
    "Version {version} of {document} was issued before.": "سبق إصدار النسخة {version} من {document}.",
    "Propose to re-issue it: the action is reissue_term_sheet.": (
        "اقترح إعادة إصدارها: اسم الإجراء هو `reissue_term_sheet`."
    ),
    "The thread or document belongs to somebody else.": "المسار أو الوثيقة يخصّ جهة أخرى.",
    # edits
    "There is no such commitment to edit.": "لا يوجد التزام كهذا لتعديله.",
    "See `partnership inbox`.": "انظر `partnership inbox`.",
    "An edit of {commitment} is a later version of the same document in the same thread.": (
        "يكون تعديل {commitment} نسخة لاحقة من الوثيقة نفسها في المسار نفسه."
    ),
    "Make a version after {version} of {document}.": "أعدّ نسخة بعد النسخة {version} من {document}.",
    "{commitment} was replaced by {newer} in the meantime.": "حلّ {newer} محل {commitment} في هذه الأثناء.",
    "Look at the newer version and edit that one: `partnership review {newer}`.": (
        "انظر النسخة الأحدث وعدّلها هي: `partnership review {newer}`."
    ),
    "Give it back with `partnership delegation end {delegation}`, then approve.": (
        "أنهِ التفويض بالأمر `partnership delegation end {delegation}`، ثم وافق."
    ),
    "Version {version} of {document} was rejected as {commitment}.": (
        "رُفضت النسخة {version} من {document} في {commitment}."
    ),
    "Change the terms, which makes a new version: `partnership edit {commitment}`.": (
        "غيّر الشروط، فينشأ إصدار جديد: `partnership edit {commitment}`."
    ),
    "The deal {thread} is about the same company and need.": "تتعلّق الصفقة {thread} بالشركة نفسها وبالاحتياج نفسه.",
    "Go on with that one: `partnership deal show {thread}`.": "تابع تلك الصفقة: `partnership deal show {thread}`.",
    "{person} neither asked for {commitment} nor may decide about it.": (
        "الالتزام {commitment} ليس من طلب {person} ولا تشمله صلاحية {person}."
    ),
    "Ask whoever asked for it, or somebody who may: `partnership review {commitment}` names them.": (
        "اطلب ذلك من مقدّم الطلب أو ممن يجوز له: يذكر الأسماءَ الأمرُ `partnership review {commitment}`."
    ),
    # delegations
    "No such delegation is yours.": "لا يوجد تفويض كهذا يخصّك.",
    "See `partnership delegation list`.": "انظر `partnership delegation list`.",
    "Nobody active in the directory has the id of the delegate.": "لا أحد نشط في الدليل يحمل معرّف المفوَّض إليه.",
    "See `partnership user list`.": "انظر `partnership user list`.",
    "Nobody can delegate to themselves.": "لا يستطيع أحد أن يفوّض نفسه.",
    "Name another person.": "اذكر شخصًا آخر.",
    "{person} has the level {level:known} and cannot delegate {wanted:known}.": (
        "مستوى {person} هو {level}، فلا يستطيع تفويض مستوى {wanted}."
    ),
    "Delegate {level:known} or less.": "فوّض مستوى {level} أو أقل.",
    "{person} has no legal role and cannot delegate one.": "ليست لدى {person} صفة قانونية ليفوّضها.",
    "Leave the legal role out.": "لا تطلب الصفة القانونية.",
    "The limit of a delegation cannot be negative.": "لا يمكن أن يكون حدّ التفويض سالبًا.",
    "State a positive amount.": "اذكر مبلغًا موجبًا.",
    "The delegation would end before it is made.": "سينتهي التفويض قبل إنشائه.",
    "Choose a later start or more days.": "اختر بداية لاحقة أو أيامًا أكثر.",
    # proof
    "The delegation {delegation} was not signed by the approval service.": (
        "التفويض {delegation} لم توقّعه خدمة الموافقات."
    ),
    "The stored terms of {commitment} were changed after they were proposed.": (
        "غُيّرت الشروط المخزّنة للالتزام {commitment} بعد اقتراحها."
    ),
    "Run `partnership audit verify`, find out who changed the database, and propose the deal again.": (
        "نفّذ `partnership audit verify`، واعرف من غيّر قاعدة البيانات، ثم اقترح الصفقة من جديد."
    ),
    "the log was cut or rolled back: {count} events were anchored": (
        "اقتُطع السجل أو أُعيد إلى حالة أقدم: عدد الأحداث المثبّتة بالمرساة {count}"
    ),
    "the log was cut, for other tables still show what was in it: {reason:words}": (
        "اقتُطع السجل، فما زالت جداول أخرى تُظهر ما كان فيه: {reason}"
    ),
    "{table:known} {row}: {reason:known}": "{table}، الصف {row}: {reason}",
    "ledger": "جدول سجل الالتزامات",
    "decisions": "جدول القرارات",
    "delegations": "جدول التفويضات",
    "commitments": "جدول الالتزامات",
    "outbox": "جدول صندوق الصادر",
    "people": "جدول الأشخاص",
    "the log was rewritten: its hash differs from the anchored one": (
        "أُعيدت كتابة السجل: بصمته تختلف عن البصمة المثبّتة بالمرساة"
    ),
    "the anchor is missing, so a cut of the log cannot be excluded": (
        "المرساة مفقودة، فلا يمكن استبعاد اقتطاع جزء من السجل"
    ),
    "the last line was not written to its end": "السطر الأخير لم يُكتب إلى نهايته",
    "the event cannot be read": "تتعذّر قراءة الحدث",
    "the event is not in its canonical form": "الحدث ليس بصيغته المعيارية",
    "an event is missing, added or out of order: number {seq} stands here": (
        "حدث ناقص أو زائد أو في غير موضعه: يقع هنا الحدث رقم {seq}"
    ),
    "the event does not continue the one before it": "الحدث لا يتصل بما قبله",
    "the event was changed: its body does not give its hash": "غُيّر الحدث: محتواه لا يعطي بصمته",
    "the columns beside the event differ from it": "الأعمدة المجاورة للحدث تختلف عنه",
    "no event of the log made this row": "لا حدث في السجل أنشأ هذا الصف",
    "event {seq} tells of this row, and it is gone": "يذكر الحدث {seq} هذا الصف، وهو مفقود",
    "{columns:names} of this row differ from what event {seq} says": (
        "قيم {columns} في هذا الصف تختلف عما يذكره الحدث {seq}"
    ),
    "its commitment is gone": "التزامه مفقود",
    "{what:names} was not signed by the approval service": "{what} لم توقّعه خدمة الموافقات",
    "The audit log is broken at event {number}: {reason:words}.": "سجل التدقيق غير سليم عند الحدث {number}: {reason}.",
    "Run `partnership audit verify` and restore the log from a backup.": (
        "نفّذ `partnership audit verify` واستعد السجل من نسخة احتياطية."
    ),
    "The row {row} of the table {table} {how}.": "الصف {row} في الجدول {table} غير سليم: {how}.",
    "Event {seq} of the audit log is dated {date}, but the clock of this machine says {now}.": (
        "تاريخ الحدث {seq} في سجل التدقيق {date}، وساعة هذا الجهاز تشير إلى {now}."
    ),
    "Set the clock of this machine right. If it is right, that event was written while it was wrong: restore the "
    "database and its anchor from the backup made before that event.": (
        "اضبط ساعة هذا الجهاز. وإن كانت مضبوطة فقد كُتب ذلك الحدث وهي غير مضبوطة: استعد قاعدة البيانات ومرساتها "
        "من النسخة الاحتياطية السابقة لذلك الحدث."
    ),
    "The table {table} does not agree with the audit log at {row}: {reason:words}.": (
        "الجدول {table} لا يوافق سجل التدقيق عند {row}: {reason}."
    ),
    "Find out who changed the database, and restore it with its anchor from a backup.": (
        "اعرف من غيّر قاعدة البيانات، واستعدها مع مرساتها من نسخة احتياطية."
    ),
    "The ledger row of {commitment} names another digest than its commitment.": (
        "قيد السجل الخاص بالالتزام {commitment} يحمل بصمة غير بصمته."
    ),
    "Run `partnership audit verify` and find out who changed the ledger.": (
        "نفّذ `partnership audit verify` واعرف من غيّر السجل."
    ),
    "The decision {decision} on {commitment} was not signed by the approval service.": (
        "القرار {decision} بشأن {commitment} لم توقّعه خدمة الموافقات."
    ),
    "Find out who wrote it; nothing is committed on it.": "اعرف من كتبه؛ فلا يُلتزم بشيء على أساسه.",
    "Run `partnership audit verify` and find out who changed the database.": (
        "نفّذ `partnership audit verify` واعرف من غيّر قاعدة البيانات."
    ),
    # companies, needs, cards, deals
    "There is no company {name}.": "لا توجد شركة باسم {name}.",
    "Did you mean {near}?": "هل تقصد {near}؟",
    "Import it first: `partnership import FILE`.": "استوردها أولًا: `partnership import FILE`.",
    "{count} companies are called {name}.": "{count} من الشركات تحمل الاسم {name}.",
    "Name one by its id: {companies}.": "حدّد واحدة بمعرّفها: {companies}.",
    "No companies are known yet.": "لا توجد شركات معروفة بعد.",
    "Import some: partnership import examples/companies.jsonl": (
        "استورد بعضها: `partnership import examples/companies.jsonl`"
    ),
    "At least one card must be asked for.": "يجب طلب بطاقة واحدة على الأقل.",
    "Use --top 1 or more.": "استخدم `--top 1` أو أكثر.",
    "There is no score card of {company} yet.": "لا توجد بطاقة تقييم للشركة {company} بعد.",
    "Give a need with --need, or run discover first.": (
        "حدّد احتياجًا بالخيار `--need`، أو نفّذ `partnership discover` أولًا."
    ),
    "There is no evidence {evidence}.": "لا يوجد مصدر بالمعرّف {evidence}.",
    "Take an id from a card or an answer.": "خذ معرّفًا من بطاقة أو من إجابة.",
    "There is no need {need}.": "لا يوجد احتياج بالمعرّف {need}.",
    "Run `partnership discover --need FILE` first.": "نفّذ `partnership discover --need FILE` أولًا.",
    "There is no deal {thread}.": "لا توجد صفقة بالمعرّف {thread}.",
    "Take a thread id from `partnership deal list`.": "خذ معرّف المسار من `partnership deal list`.",
    "There is no version {version} of {sheet}.": "لا توجد نسخة {version} من {sheet}.",
    "See `partnership deal show THREAD`.": "انظر `partnership deal show THREAD`.",
    "Version {version} of {sheet} is stored with other terms.": "النسخة {version} من {sheet} مخزّنة بشروط أخرى.",
    "Make the change as a new version.": "اجعل التعديل في نسخة جديدة.",
    "This deal was started by somebody else.": "بدأ هذه الصفقة شخص آخر.",
    "Start a deal of your own.": "ابدأ صفقة خاصة بك.",
    # conversation
    "{need} names several needs that this workspace has seen: {known:words}.": (
        "يدلّ {need} على أكثر من احتياج في مساحة العمل هذه: {known}."
    ),
    "{need} names no need that this workspace has seen: {known:words}.": (
        "لا يدلّ {need} على أي احتياج في مساحة العمل هذه: {known}."
    ),
    "none yet": "لا شيء بعد",
    "Type the id of one need, or the path of its YAML or JSON file.": (
        "اكتب معرّف احتياج واحد، أو مسار ملفه بصيغة YAML أو JSON."
    ),
    "Several needs fit this question; needs seen: {known:words}.": (
        "يلائم هذا السؤال أكثر من احتياج؛ الاحتياجات المعروفة: {known}."
    ),
    "No need fits this question; needs seen: {known:words}.": (
        "لا يلائم هذا السؤال أي احتياج؛ الاحتياجات المعروفة: {known}."
    ),
    "Name one: /prospects NEED, with the id of a need or the path of its YAML or JSON file.": (
        "اذكر واحدًا: `/prospects NEED`، بمعرّف الاحتياج أو مسار ملفه بصيغة YAML أو JSON."
    ),
    "{thread} is not the id of a conversation.": "{thread} ليس معرّف محادثة.",
    "Use the id that `partnership chat` printed, chat-…, or leave --thread out to start a new one.": (
        "استخدم المعرّف الذي طبعه الأمر `partnership chat`، أو اترك الخيار `--thread` لبدء محادثة جديدة."
    ),
    "A line may have {most} characters; this one has {count}.": (
        "قد يبلغ السطر {most} من الأحرف؛ وفي هذا السطر {count}."
    ),
    "Shorten it.": "اختصره.",
    "The deal {thread} {situation:words}; only what expired is proposed again as it was.": (
        "الصفقة {thread}: {situation}؛ ولا يُعاد طلب شيء كما كان إلا ما انتهت صلاحيته."
    ),
    "is {status:known}": "حالة الطلب «{status}»",
    "has asked for nothing yet": "لم تُطلب لها موافقة بعد",
    "See `partnership deal show {thread}`; rejected terms are changed with `partnership edit`.": (
        "انظر `partnership deal show {thread}`؛ وبعد الرفض عدّل الشروط بالأمر `partnership edit`."
    ),
    "Nobody is signed in to this run.": "لم يسجّل أحد الدخول إلى هذا التشغيل.",
    "Send your token to the server: Authorization: Bearer pos_….": (
        "أرسل رمزك إلى الخادم: `Authorization: Bearer pos_…`."
    ),
    "The name looks like a token.": "الاسم يشبه رمز دخول.",
    "Give the person's name.": "اذكر اسم الشخص.",
    "The document is of another partnership type than {type}.": "المستند من نوع شراكة آخر غير {type}.",
    "Ask for it as what it is.": "اطلب الموافقة عليه بنوعه الحقيقي.",
}
