"""Arabic for what is wrong with settings, the home and its stores, the disk, the model and its server."""

from collections.abc import Mapping

SYSTEM_PHRASES: Mapping[str, str] = {
    # settings
    "Correct {variable} in the environment or in .env.": "صحّح {variable} في متغيرات البيئة أو في `.env`.",
    "{variable} must be {allowed:known}.": "القيمة المسموح بها في {variable}: {allowed}.",
    "one of: {choices}": "إحدى القيم {choices}",
    "a whole number from {least} to {most}": "عدد صحيح من {least} إلى {most}",
    "a number above {least} and at most {most}": "عدد أكبر من {least} ولا يتجاوز {most}",
    "a number": "عدد",
    "PARTNERSHIP_ANALYST is 'model' but no model is named.": (
        "قيمة `PARTNERSHIP_ANALYST` هي `model` ولم يُذكر أي نموذج."
    ),
    "Set PARTNERSHIP_MODEL (and PARTNERSHIP_BASE_URL, PARTNERSHIP_API_KEY), or PARTNERSHIP_ANALYST=rules.": (
        "حدّد `PARTNERSHIP_MODEL` (و`PARTNERSHIP_BASE_URL` و`PARTNERSHIP_API_KEY`)، أو `PARTNERSHIP_ANALYST=rules`."
    ),
    "No chat model is named.": "لم يُذكر نموذج محادثة.",
    "Set PARTNERSHIP_MODEL.": "حدّد `PARTNERSHIP_MODEL`.",
    "There is no key for the OpenAI server.": "لا يوجد مفتاح لخادم OpenAI.",
    "Set PARTNERSHIP_API_KEY, or PARTNERSHIP_BASE_URL for a server that needs none.": (
        "حدّد `PARTNERSHIP_API_KEY`، أو `PARTNERSHIP_BASE_URL` لخادم لا يحتاج إلى مفتاح."
    ),
    "No embedding model is named.": "لم يُذكر نموذج تضمين.",
    "Set PARTNERSHIP_EMBEDDING_MODEL.": "حدّد `PARTNERSHIP_EMBEDDING_MODEL`.",
    # home and keys
    "The home {folder} cannot be used: {reason:words}.": "يتعذّر استخدام مجلد مساحة العمل {folder}: {reason}.",
    "The home {folder} cannot be written: {reason:words}.": "تتعذّر الكتابة في مجلد مساحة العمل {folder}: {reason}.",
    "Choose another with --home or PARTNERSHIP_HOME.": "اختر غيره بالخيار `--home` أو `PARTNERSHIP_HOME`.",
    "The folder {folder} cannot be made: {reason:words}.": "يتعذّر إنشاء المجلد {folder}: {reason}.",
    "Choose another home.": "اختر مجلدًا آخر لمساحة العمل.",
    "Another process is busy with this home ({name}).": "عملية أخرى تستخدم مساحة العمل هذه ({name}).",
    "Wait until it has finished, or end it.": "انتظر حتى تنتهي، أو أنهها.",
    "The results cannot be written to {folder}: {reason:words}.": "تتعذّر كتابة النتائج في {folder}: {reason}.",
    "Check free space and permissions.": "تحقق من المساحة الخالية والصلاحيات.",
    "The signing keys cannot be written to {folder}: {reason:words}.": (
        "تتعذّر كتابة مفاتيح التوقيع في {folder}: {reason}."
    ),
    "Make the folder writable, free some space, or choose another home.": (
        "اجعل المجلد قابلًا للكتابة، أو وفّر مساحة، أو اختر مجلدًا آخر لمساحة العمل."
    ),
    "Others can read the private key {file}.": "يستطيع آخرون قراءة المفتاح الخاص {file}.",
    "chmod 600 {file}": "نفّذ `chmod 600 {file}`",
    "The private key {file} cannot be read: {reason:words}.": "تتعذّر قراءة المفتاح الخاص {file}: {reason}.",
    "Decide where the approval service runs, or restore the key from a backup.": (
        "حدّد أين تعمل خدمة الموافقات، أو استعد المفتاح من نسخة احتياطية."
    ),
    "Copy it from the home of the approval service; a new home gets its own with its first command.": (
        "انسخه من مجلد خدمة الموافقات؛ أما المجلد الجديد فيحصل على مفتاحيه عند أول أمر ينفَّذ فيه."
    ),
    "{file} holds no Ed25519 public key.": "لا يحوي {file} مفتاح Ed25519 عامًا.",
    "{file} holds no Ed25519 private key.": "لا يحوي {file} مفتاح Ed25519 خاصًا.",
    "Restore it from a backup.": "استعده من نسخة احتياطية.",
    "{public} in {folder} does not belong to {private}.": "{public} في {folder} ليس قرين {private}.",
    "Find out who replaced it; restore both files from a backup.": "اعرف من استبدله؛ واستعد الملفين من نسخة احتياطية.",
    "The anchor of the audit log {file} cannot be used: {reason:words}. What was committed stays committed.": (
        "يتعذّر استخدام مرساة سجل التدقيق {file}: {reason}. وما تم الالتزام به يبقى قائمًا."
    ),
    "Make the folder readable and writable, free some space, and run the same command again.": (
        "اجعل المجلد قابلًا للقراءة والكتابة، ووفّر مساحة، ثم نفّذ الأمر نفسه من جديد."
    ),
    "{file} is not an anchor of an audit log.": "{file} ليس مرساة لسجل تدقيق.",
    "Restore it from a backup; until then a cut of the log cannot be excluded.": (
        "استعدها من نسخة احتياطية؛ وإلى ذلك الحين لا يمكن استبعاد اقتطاع جزء من السجل."
    ),
    # database and checkpoints
    "The database {place} cannot be used: {trouble}.": "يتعذّر استخدام قاعدة البيانات {place}: {trouble}.",
    "Another process holds it; wait, or end that process, and try again.": (
        "تستخدمها عملية أخرى؛ انتظر، أو أنه تلك العملية، ثم أعد المحاولة."
    ),
    "Make the file and its folder writable for this user.": "اجعل الملف ومجلده قابلين للكتابة لهذا المستخدم.",
    "Free some space; nothing was written.": "وفّر مساحة؛ لم يُكتب شيء.",
    "Make the folder and the file readable and writable, or choose another home.": (
        "اجعل المجلد والملف قابلين للقراءة والكتابة، أو اختر مجلدًا آخر لمساحة العمل."
    ),
    "Check the disk and free some space; nothing was written.": "تحقق من القرص ووفّر مساحة؛ لم يُكتب شيء.",
    "Choose another home, or restore the file from a backup.": (
        "اختر مجلدًا آخر لمساحة العمل، أو استعد الملف من نسخة احتياطية."
    ),
    "Restore the file from a backup.": "استعد الملف من نسخة احتياطية.",
    "Check the server and the database URL.": "تحقق من الخادم ومن عنوان قاعدة البيانات.",
    "The database URL is not a URL.": "عنوان قاعدة البيانات ليس عنوان URL.",
    "Use for example sqlite:////path/to/partnership.db.": "استخدم مثلًا `sqlite:////path/to/partnership.db`.",
    "Databases of kind {kind} are not supported.": "قواعد البيانات من نوع {kind} غير مدعومة.",
    "A database in memory would forget every commitment.": "قاعدة بيانات في الذاكرة تنسى كل التزام.",
    "Name a file: sqlite:////path/to/partnership.db.": "اذكر ملفًا: `sqlite:////path/to/partnership.db`.",
    "A newer Partnership OS made this database (schema {version}, known: {known}).": (
        "أنشأ قاعدة البيانات هذه إصدار أحدث من Partnership OS (المخطط {version}، والمعروف: {known})."
    ),
    "Upgrade Partnership OS, or choose another home.": "حدّث Partnership OS، أو اختر مجلدًا آخر لمساحة العمل.",
    "The checkpoint file cannot be used: {reason}.": "يتعذّر استخدام ملف نقاط الحفظ: {reason}.",
    "Check the home folder's permissions and free space, or choose another with --home.": (
        "تحقق من صلاحيات مجلد مساحة العمل ومن المساحة الخالية، أو اختر غيره بالخيار `--home`."
    ),
    "A stored {record} cannot be read: {problem}.": "تتعذّر قراءة سجل مخزّن من نوع {record}: {problem}.",
    "Restore the database from a backup, or import the companies again.": (
        "استعد قاعدة البيانات من نسخة احتياطية، أو استورد الشركات من جديد."
    ),
    # vector store
    "The vector store at {place} was made with the embedding {made} ({dims} dimensions); the one that is set is {set} "
    "({wanted} dimensions).": (
        "أُنشئ مخزن المتجهات في {place} بالتضمين {made} ({dims} من الأبعاد)؛ والمحدّد الآن {set} ({wanted} من الأبعاد)."
    ),
    "Rebuild it with: partnership import --reindex": "أعد بناءه بالأمر: `partnership import --reindex`",
    "{rebuild:known}, or set the embedding that made it.": "{rebuild}، أو حدّد التضمين الذي أُنشئ به.",
    "The vector store at {place} cannot be used: {reason}": "يتعذّر استخدام مخزن المتجهات في {place}: {reason}",
    "Start the Chroma server or correct PARTNERSHIP_CHROMA_URL.": "شغّل خادم Chroma أو صحّح `PARTNERSHIP_CHROMA_URL`.",
    "Another process writes to this home; wait until it ends, then run again.": (
        "عملية أخرى تكتب في مساحة العمل هذه؛ انتظر حتى تنتهي ثم أعد التنفيذ."
    ),
    "Give this user the right to write to {place}.": "امنح هذا المستخدم حق الكتابة في {place}.",
    "Free disk space, then run again. {rebuild:known} if it stays broken.": (
        "وفّر مساحة على القرص ثم أعد التنفيذ. إن بقي العطل: {rebuild}."
    ),
    "Check free space, and that {place} is a folder that can be written. {rebuild:known}, or remove the folder.": (
        "تحقق من المساحة الخالية ومن أن {place} مجلد قابل للكتابة. {rebuild}، أو أزل المجلد."
    ),
    # model and server
    "The model server at {server} failed ({kind:known}): {said}": "أخفق خادم النموذج {server} ({kind}): {said}",
    "refusal": "رفض",
    "cut_off": "انقطاع الإجابة",
    "content_filter": "مرشّح المحتوى",
    "malformed": "إجابة غير صالحة",
    "rate_limited": "تجاوز حد الطلبات",
    "server_error": "خطأ في الخادم",
    "timeout": "انتهاء المهلة",
    "unauthorised": "غير مخوّل",
    "unreachable": "لا يمكن الوصول إليه",
    "not_accepted": "لم يُقبل الطلب",
    "The model refused to answer ({name}): {said}": "رفض النموذج الإجابة ({name}): {said}",
    "The model's answer ({name}) was cut off at {count} tokens.": (
        "انقطعت إجابة النموذج ({name}) عند {count} من الوحدات."
    ),
    "The server's content filter stopped the answer ({name}).": "أوقف مرشّح المحتوى في الخادم الإجابة ({name}).",
    "The model's answer is not a valid {name} after {count} repairs: {said}": (
        "إجابة النموذج ليست {name} صالحة بعد {count} من محاولات الإصلاح: {said}"
    ),
    "The server's reply is no chat completion: {said}": "رد الخادم ليس إجابة محادثة: {said}",
    "The embedding server's answer cannot be used: {said}": "يتعذّر استخدام إجابة خادم التضمين: {said}",
    "its answer could not be read.": "تعذّرت قراءة إجابته.",
    "Read the texts that were sent, or choose another model.": "اقرأ النصوص التي أُرسلت، أو اختر نموذجًا آخر.",
    "Raise PARTNERSHIP_MODEL_MAX_TOKENS.": "ارفع قيمة `PARTNERSHIP_MODEL_MAX_TOKENS`.",
    "Choose a model that follows a JSON schema, or raise PARTNERSHIP_MODEL_REPAIRS.": (
        "اختر نموذجًا يلتزم بمخطط JSON، أو ارفع قيمة `PARTNERSHIP_MODEL_REPAIRS`."
    ),
    "Wait, lower PARTNERSHIP_MODEL_CONCURRENCY or raise the limit of the account.": (
        "انتظر، أو اخفض قيمة `PARTNERSHIP_MODEL_CONCURRENCY`، أو ارفع حد الحساب."
    ),
    "Try again later.": "أعد المحاولة لاحقًا.",
    "Raise PARTNERSHIP_MODEL_TIMEOUT_SECONDS or choose a faster model.": (
        "ارفع قيمة `PARTNERSHIP_MODEL_TIMEOUT_SECONDS` أو اختر نموذجًا أسرع."
    ),
    "Correct PARTNERSHIP_API_KEY.": "صحّح `PARTNERSHIP_API_KEY`.",
    "Check PARTNERSHIP_BASE_URL and the network.": "تحقق من `PARTNERSHIP_BASE_URL` ومن الشبكة.",
    "Check PARTNERSHIP_MODEL and PARTNERSHIP_BASE_URL.": "تحقق من `PARTNERSHIP_MODEL` ومن `PARTNERSHIP_BASE_URL`.",
    "Check PARTNERSHIP_BASE_URL: it must name an OpenAI-compatible server.": (
        "تحقق من `PARTNERSHIP_BASE_URL`: يجب أن يدل على خادم متوافق مع OpenAI."
    ),
    "The model's server refuses the key.": "يرفض خادم النموذج المفتاح.",
    "Correct PARTNERSHIP_API_KEY, or set PARTNERSHIP_ANALYST=rules.": (
        "صحّح `PARTNERSHIP_API_KEY`، أو حدّد `PARTNERSHIP_ANALYST=rules`."
    ),
    # outbox and couriers
    "There is no message {message} in the outbox.": "لا توجد رسالة بالمعرّف {message} في صندوق الصادر.",
    "List what was given up with `partnership outbox list --dead`.": (
        "اعرض ما توقف إرساله بالأمر `partnership outbox list --dead`."
    ),
    "The message {message} is {status:known}; only a dead one is driven again.": (
        "حالة الرسالة {message}: {status}؛ ولا يُعاد إلا إرسال ما توقف إرساله."
    ),
    "It is not what the audit log says.": "لا توافق سجل التدقيق.",
    "waiting": "في الانتظار",
    "retrying": "ستُعاد محاولتها",
    "delivered": "مُرسلة",
    "The file {file} cannot be written: {reason:words}.": "تتعذّر كتابة الملف {file}: {reason}.",
    "The file {file} is there already and holds something else. Find out who wrote it, and move it away before the "
    "message is driven again.": (
        "الملف {file} موجود من قبل ومحتواه مختلف. اعرف من كتبه، وانقله إلى مكان آخر قبل إعادة إرسال الرسالة."
    ),
    "The courier failed with {fault}.": "أخفق الناقل: {fault}.",
    "The courier gave no reason.": "لم يذكر الناقل سببًا.",
    # what the operating system says
    "No such file or directory": "لا يوجد ملف أو مجلد كهذا",
    "Permission denied": "الإذن مرفوض",
    "Is a directory": "هو مجلد",
    "Not a directory": "ليس مجلدًا",
    "File exists": "الملف موجود",
    "No space left on device": "لا مساحة خالية على القرص",
    "Read-only file system": "نظام الملفات للقراءة فقط",
    "Run the same command with --debug to see where it happened.": "نفّذ الأمر نفسه مع `--debug` لترى أين حدث ذلك.",
}
