"""Arabic for what is wrong with the files that people bring: tables of companies, their rows, and needs."""

from collections.abc import Mapping

FILE_PHRASES: Mapping[str, str] = {
    # any file
    "The argument {argument} holds bytes that are not UTF-8 text.": (
        "في المدخل {argument} بايتات ليست نصًا بترميز UTF-8."
    ),
    "Type it again, in a terminal that is set to UTF-8; a file with such a name has to be renamed.": (
        "اكتبه من جديد في طرفية مضبوطة على UTF-8؛ وإن كان اسم ملف فأعد تسمية الملف."
    ),
    "The public key {file} cannot be read: {reason:words}.": "تتعذّر قراءة المفتاح العام {file}: {reason}.",
    "There is no key file {file}.": "لا يوجد ملف مفتاح باسم {file}.",
    "The public keys are in the home of the machine that made the record: keys/approval_verify.pub of the approval "
    "service and keys/anchor_verify.pub of the anchors.": (
        "المفاتيح العامة في مجلد مساحة العمل على الجهاز الذي أعدّ السجل: `keys/approval_verify.pub` لخدمة الموافقات "
        "و`keys/anchor_verify.pub` للمراسي."
    ),
    "{file} is empty.": "الملف {file} فارغ.",
    "Give a file with a header and at least one row.": "قدّم ملفًا فيه عناوين أعمدة وصف واحد على الأقل.",
    "Give a file with a header and rows.": "قدّم ملفًا فيه عناوين أعمدة وصفوف.",
    "{file} has a header but no rows.": "في الملف {file} عناوين أعمدة بلا صفوف.",
    "Add at least one company.": "أضف شركة واحدة على الأقل.",
    "{file} cannot be read: {reason:words}.": "تتعذّر قراءة {file}: {reason}.",
    "{file} cannot be read: {reason:words}": "تتعذّر قراءة {file}: {reason}.",
    "Check the path and permissions.": "تحقق من المسار والصلاحيات.",
    "Check the path and its permissions.": "تحقق من المسار وصلاحياته.",
    "{file} is a damaged gzip file: {reason}": "{file} ملف gzip تالف: {reason}",
    "Copy or compress it again.": "انسخه أو اضغطه من جديد.",
    "{file}: this format is not read.": "{file}: هذه الصيغة غير مقروءة.",
    "Save it as .csv or .jsonl (.csv.gz and .jsonl.gz as well).": (
        "احفظه بصيغة `.csv` أو `.jsonl` (وكذلك `.csv.gz` و`.jsonl.gz`)."
    ),
    "{file} looks like UTF-16 without a byte order mark.": "يبدو أن {file} بترميز UTF-16 من دون علامة ترتيب البايتات.",
    "Convert it first, for example: iconv -f {encoding} -t UTF-8 {file} > utf8-{copy}": (
        "حوّله أولًا، مثلًا: `iconv -f {encoding} -t UTF-8 {file} > utf8-{copy}`"
    ),
    "{file} is not {encoding}: the byte at offset {offset} (line {line}) does not belong there.": (
        "ترميز {file} ليس {encoding}: لا مكان فيه للبايت عند الموضع {offset} (السطر {line})."
    ),
    "{file} is not {encoding}: the byte at offset {offset} (line {line}) does not belong there. It looks like "
    "Windows-1256 (Arabic).": (
        "ترميز {file} ليس {encoding}: لا مكان فيه للبايت عند الموضع {offset} (السطر {line}). "
        "يبدو أنه بترميز Windows-1256 العربي."
    ),
    # columns
    "{file}: no column holds the company's name. Found: {columns}.": (
        "{file}: لا يوجد عمود يحمل اسم الشركة. الأعمدة الموجودة: {columns}."
    ),
    "Name the column 'name' (or 'اسم الشركة'), or say which one it is: --map name=COLUMN.": (
        "سمّ العمود «اسم الشركة» أو `name`، أو حدّده بالخيار `--map name=COLUMN`."
    ),
    "{file}: the header {header} stands more than once, so its values are ambiguous.": (
        "{file}: يتكرر عنوان العمود {header}، فقيمه ملتبسة."
    ),
    "Give each column its own header.": "اجعل لكل عمود عنوانًا خاصًا به.",
    "{file}: there is no column {column} to take {field} from. Found: {columns}.": (
        "{file}: لا يوجد عمود {column} ليؤخذ منه الحقل {field}. الأعمدة الموجودة: {columns}."
    ),
    "Use --map {field}=COLUMN with one of the columns found.": "استخدم `--map {field}=COLUMN` مع أحد الأعمدة الموجودة.",
    "There is no field {field} to map a column to.": "لا يوجد حقل {field} ليُربط به عمود.",
    "Use: {fields}.": "استخدم: {fields}.",
    "{file}: no line is a usable JSON object; {problem:words}.": "{file}: لا يوجد سطر هو كائن JSON صالح؛ {problem}.",
    "{file}: no line is a usable JSON object.": "{file}: لا يوجد سطر هو كائن JSON صالح.",
    "Write one JSON object per line, with at least a name.": "اكتب كائن JSON واحدًا في كل سطر، وفيه الاسم على الأقل.",
    "Write one JSON object per line.": "اكتب كائن JSON واحدًا في كل سطر.",
    # rows
    "the row has no name": "الصف بلا اسم",
    "Fill in the company's name.": "اكتب اسم الشركة.",
    "the row has {count} values, the header has {columns}": "في الصف {count} من القيم، وفي العناوين {columns}",
    "Quote values that contain the delimiter or a line end.": (
        "ضع القيم التي تحوي الفاصل أو نهاية سطر بين علامتي اقتباس."
    ),
    "the row cannot be read: {problem}": "تتعذّر قراءة الصف: {problem}",
    "Check quotes and line ends; shorten cells that are too long.": (
        "تحقق من علامات الاقتباس ونهايات الأسطر؛ واختصر الخلايا الأطول مما ينبغي."
    ),
    "the name is longer than {limit} characters": "الاسم أطول من {limit} من الأحرف",
    "Shorten the name.": "اختصر الاسم.",
    "a name is longer than {limit} characters": "أحد الأسماء أطول من {limit} من الأحرف",
    "Separate names with ';'.": "افصل بين الأسماء بعلامة `;`.",
    "longer than {limit} characters": "أطول من {limit} من الأحرف",
    "a text holds half a character (lone surrogate)": "في النص نصف حرف (رمز بديل منفرد)",
    "Write UTF-8.": "اكتب بترميز UTF-8.",
    "{field} holds a nested value": "في {field} قيمة متداخلة",
    "Give text, a number, true/false or a list of texts.": "اكتب نصًا، أو عددًا، أو `true/false`، أو قائمة نصوص.",
    "the JSON is nested too deeply": "مستويات JSON متداخلة أكثر مما ينبغي",
    "Write flat objects.": "اكتب كائنات بلا تداخل.",
    "the line is not a JSON object": "السطر ليس كائن JSON",
    "not valid JSON at column {column}: {problem}": "JSON غير صالح عند العمود {column}: {problem}",
    "the cell has {count} characters; the limit is {limit}": "في الخلية {count} من الأحرف؛ والحد الأقصى {limit}",
    "Shorten it, and check for a missing closing quote.": "اختصرها، وتحقق من علامة اقتباس ناقصة.",
    "the cell holds a NUL byte": "في الخلية بايت NUL",
    "Export the file again as text, without binary data.": "صدّر الملف من جديد نصًا بلا بيانات ثنائية.",
    "'NA' can mean Namibia or not available.": "قد تعني `NA` ناميبيا أو «غير متوفر».",
    "Write Namibia, or leave the field empty.": "اكتب Namibia، أو اترك الحقل فارغًا.",
    "{value} is not a country that we know.": "{value} ليست دولة نعرفها.",
    "Use its ISO code, for example SA.": "استخدم رمزها حسب ISO، مثل SA.",
    "{value} is neither yes nor no.": "{value} ليست نعم ولا لا.",
    "Write true or false.": "اكتب `true` أو `false`.",
    "{value} is not a status that we know.": "{value} ليست حالة نعرفها.",
    "Use one of: {values}, or 'Large Cap' and the like.": "استخدم إحدى القيم: {values}، أو ما يشبه `Large Cap`.",
    "Use one of: {values}.": "استخدم إحدى القيم: {values}.",
    "{value} is not {what:known}.": "{value} ليس {what}.",
    "a number of employees": "عدد موظفين",
    "Write one whole number in digits.": "اكتب عددًا صحيحًا واحدًا بالأرقام.",
    "{value} is a range; its lower end {count} was taken": "{value} نطاق؛ وقد أُخذ حده الأدنى {count}",
    "Give one number.": "اكتب عددًا واحدًا.",
    "{value} is not a year of founding.": "{value} ليست سنة تأسيس.",
    "Write the year with four digits, for example 1998.": "اكتب السنة بأربعة أرقام، مثل 1998.",
    "{value} is not a size that we know.": "{value} ليس حجمًا نعرفه.",
    "{value} is not a kind of source.": "{value} ليس نوع مصدر.",
    "{value} is not a valid LEI: {problem}": "{value} ليس معرّف LEI صالحًا: {problem}",
    "Copy the 20 characters from the LEI register.": "انسخ الأحرف العشرين من سجل LEI.",
    "{value} is not a valid ISIN: {problem}": "{value} ليس رمز ISIN صالحًا: {problem}",
    "Copy the 12 characters from the exchange's page.": "انسخ الأحرف الاثني عشر من صفحة السوق المالية.",
    "{value} is not a date.": "{value} ليس تاريخًا.",
    "Write it as YYYY-MM-DD.": "اكتبه على هيئة `YYYY-MM-DD`.",
    "{value} is not a web address with a registrable domain.": "{value} ليس عنوان موقع بنطاق قابل للتسجيل.",
    "Give a domain such as example.com.sa.": "اكتب نطاقًا مثل `example.com.sa`.",
    "{value} is shared by many companies and identifies none of them.": (
        "{value} تشترك فيه شركات كثيرة ولا يحدّد أيًا منها."
    ),
    "Give the company's own domain, or leave the field empty.": "اكتب نطاق الشركة الخاص بها، أو اترك الحقل فارغًا.",
    "{value} is not a registry number.": "{value} ليس رقم سجل.",
    "Give the number as printed on the extract.": "اكتب الرقم كما هو مطبوع في السجل.",
    "{value} is a placeholder, not a registry number.": "{value} رقم شكلي وليس رقم سجل.",
    "Leave the field empty if not known.": "اترك الحقل فارغًا إن لم يكن معروفًا.",
    "{value} is not a Saudi registry number: it has 10 digits.": "{value} ليس رقم سجل سعوديًا، فهو من 10 أرقام.",
    "Give the unified number (starts with 7) or the 10-digit commercial registration.": (
        "اكتب الرقم الموحد (يبدأ بالرقم 7) أو رقم السجل التجاري المكوّن من 10 أرقام."
    ),
    # need files
    "Start from a file in examples/needs.": "ابدأ بملف من `examples/needs`.",
    "{file} is neither YAML nor JSON by its name.": "اسم الملف {file} لا يدل على YAML ولا على JSON.",
    "Use .yaml, .yml or .json.": "استخدم `.yaml` أو `.yml` أو `.json`.",
    "{file} is larger than {size} KB.": "حجم الملف {file} أكبر من {size} كيلوبايت.",
    "Shorten its texts.": "اختصر نصوصه.",
    "{file} is not UTF-8 but {encoding:words}: line {line} cannot be read.": (
        "ترميز {file} ليس UTF-8 بل {encoding}: تتعذّر قراءة السطر {line}."
    ),
    "another encoding": "ترميز آخر",
    "Save the file as UTF-8.": "احفظ الملف بترميز UTF-8.",
    "{file} holds a {kind}, not fields.": "يحوي {file} قيمة من نوع {kind} لا حقولًا.",
    "Write one 'field: value' per line at the top level.": "اكتب في كل سطر `field: value` في المستوى الأعلى.",
    "{file} is nested too deeply.": "مستويات {file} متداخلة أكثر مما ينبغي.",
    "Write it flat.": "اكتبه بلا تداخل.",
    "{file:file}: {problem:words}": "{file}: {problem}",
    "Correct the file.": "صحّح الملف.",
    "Correct that line or the one above it.": "صحّح هذا السطر أو الذي قبله.",
    "{file:file}, line {line:number}: {problem:words}.": "{file}، السطر {line}: {problem}.",
    "{place:known}:{value:quote} {problem:words}.": "{place}:{value} {problem}.",
    "{file:file}, line {line:number}, {field}": "{file}، السطر {line}، الحقل {field}",
    "{file:file}, {field}": "{file}، الحقل {field}",
    "a need without a must-have would accept any company": "الاحتياج الذي لا شرط لازمًا فيه يقبل أي شركة",
    "must_haves:\n  - kind: country\n    value: SA\n  - kind: offers\n    value: system integration": (
        "أضف مثلًا:\nmust_haves:\n  - kind: country\n    value: SA\n  - kind: offers\n    value: system integration"
    ),
    "there is no such partnership type{allowed:known}": "لا يوجد نوع شراكة كهذا{allowed}",
    "there is no must-have of this kind{allowed:known}": "لا يوجد شرط لازم من هذا النوع{allowed}",
    "; allowed are {values}": "؛ المسموح به: {values}",
    "it is missing": "القيمة ناقصة",
    "See examples/needs for a complete need.": "انظر `examples/needs` لاحتياج كامل.",
    "there is no such field": "لا يوجد حقل كهذا",
    "no country has this code or name": "لا توجد دولة بهذا الرمز أو الاسم",
    "Write an ISO code such as SA.": "اكتب رمزًا حسب ISO مثل SA.",
    "it is not one whole number": "ليست عددًا صحيحًا واحدًا",
    "Write for example 200.": "اكتب مثلًا 200.",
    "it is a {found:known}; this field takes a {wanted:known}": "هذه القيمة من نوع {found}؛ وهذا الحقل يأخذ {wanted}",
    "it names several concepts ({concepts}); give them one by one": (
        "تدل على عدة مفاهيم ({concepts})؛ اكتبها واحدًا واحدًا"
    ),
    "the lexicon knows no such {wanted:known}": "لا يعرف المعجم ما يقابلها من نوع {wanted}",
    "{first:known} or {second:known}": "{first} أو {second}",
    "capability": "قدرة",
    "profile": "نوع شركة",
    "segment": "شريحة عملاء",
    "certification": "شهادة",
    "Nearest: {concepts}.": "الأقرب: {concepts}.",
    "it must hold fields": "يجب أن تحوي حقولًا",
    "Write 'field: value' lines under it.": "اكتب تحتها أسطر `field: value`.",
    "it must be a list": "يجب أن تكون قائمة",
    "Write one '- value' per line under it.": "اكتب تحتها `- value` في كل سطر.",
    "Write {field}: 250,000 SAR": "اكتب `{field}: 250,000 SAR`",
    "money has an amount and a currency, not {found}": "المال مبلغ وعملة، لا {found}",
    "this is no amount of money": "هذا ليس مبلغًا من المال",
    "one amount is expected": "يُنتظر مبلغ واحد",
    "there is no number in it": "لا رقم فيه",
    "the currency is missing": "العملة ناقصة",
    "{currency} is no currency we know; write its ISO code, for example SAR": (
        "{currency} ليست عملة نعرفها؛ اكتب رمزها حسب ISO، مثل SAR"
    ),
    "the field {field} comes twice": "يتكرر الحقل {field}",
    "aliases (*name) are not read; write the value out": "لا تُقرأ الأسماء المستعارة (`*name`)؛ اكتب القيمة كاملة",
    "the tag {tag} is not read": "لا تُقرأ العلامة {tag}",
    "a field name is one word": "اسم الحقل كلمة واحدة",
    # anchors, exported logs and evidence packs
    "The audit log has no anchor on this machine.": "ليس لسجل التدقيق مرساة على هذا الجهاز.",
    "Look at the log, then trust it from now on with `partnership audit anchor --adopt`.": (
        "راجع السجل، ثم اعتمده من الآن بالأمر `partnership audit anchor --adopt`."
    ),
    "The audit log agrees with its anchor.": "سجل التدقيق يوافق مرساته.",
    "There is nothing to adopt.": "لا شيء يُعتمد.",
    "Restore the anchor key from a backup: without it nothing can be anchored here.": (
        "استعد مفتاح المرساة من نسخة احتياطية: فمن دونه لا يمكن التثبيت هنا."
    ),
    "Restore the anchor key from a backup.": "استعد مفتاح المرساة من نسخة احتياطية.",
    "{file} in {folder} does not belong to the anchor key beside it.": (
        "{file} في {folder} ليس قرين مفتاح المرساة المجاور له."
    ),
    "{file} names {count} events; it is never moved back to {wanted}.": (
        "يذكر {file} عدد {count} من الأحداث؛ ولا يُعاد أبدًا إلى {wanted}."
    ),
    "Run `partnership audit verify` and find out who removed events from the log.": (
        "نفّذ `partnership audit verify` واعرف من حذف أحداثًا من السجل."
    ),
    "{file} was set back or written anew: this process saw it name {what:words}.": (
        "أُعيد {file} إلى حال سابقة أو كُتب من جديد: سبق لهذه العملية أن رأته يذكر {what}."
    ),
    "{count} events, and now it names {less}": "{count} من الأحداث، وهو الآن يذكر {less}",
    "another history at {count} events": "تاريخًا آخر عند {count} من الأحداث",
    "Find out who put an older one in its place. If you restored a backup, start this process again.": (
        "اعرف من وضع مكانه ملفًا أقدم. وإن كنت أنت قد استعدت نسخة احتياطية فشغّل هذه العملية من جديد."
    ),
    "{file} is not the anchor of this audit log: anchor {number} {how:words}.": (
        "{file} ليس مرساة سجل التدقيق هذا: المرساة {number} {how}."
    ),
    "is not signed": "غير موقّعة",
    "goes back behind the one before it": "ترجع إلى ما قبل سابقتها",
    "does not carry its own signature": "لا تحمل توقيعها هي",
    "is signed with the key {key} and not with {wanted}": "موقّعة بالمفتاح {key} لا بالمفتاح {wanted}",
    "Find out who wrote it, and restore the file and the anchor key from a backup.": (
        "اعرف من كتبه، واستعد الملف ومفتاح المرساة من نسخة احتياطية."
    ),
    "There is no file {file}.": "لا يوجد ملف {file}.",
    "Name the public key of the approval service.": "اذكر المفتاح العام لخدمة الموافقات.",
    "{file} is not an evidence pack: {why:words}.": "{file} ليس حزمة أدلة: {why}.",
    "it is larger than {size} bytes": "حجمه أكبر من {size} بايت",
    "it is no ZIP archive, or a damaged one": "ليس أرشيف ZIP، أو هو أرشيف تالف",
    "it holds something beside its files, or was packed again": "فيه شيء سوى ملفاته، أو أُعيد ضغطه",
    "it holds more than {count} files": "فيه أكثر من {count} من الملفات",
    "it holds a file that no pack has": "فيه ملف لا تحويه أي حزمة",
    "it holds {name} twice": "فيه الملف {name} مرتين",
    "its file {name} is compressed": "ملفه {name} مضغوط",
    "changed after it was packed: {names}": "تغيّر بعد إعداد الحزمة: {names}",
    "of {count} events between {first} and {last} it holds hashes only; that none of them is a decision about this, "
    "and that the log itself is the whole one, rests on the word of whoever holds the anchor key. The exported log and "
    "an anchor kept elsewhere show it": (
        "لا تحوي من {count} من الأحداث بين {first} و{last} إلا بصماتها؛ أمّا خلوّها من قرار في هذا الالتزام، وكون السجل "
        "كاملًا، فمرجعهما قول من يملك مفتاح المرساة. والسجل المصدَّر مع مرساة محفوظة في مكان آخر يبيّنانه"
    ),
    "the log holds events that the pack leaves out: {numbers}": "في السجل أحداث أسقطتها الحزمة: {numbers}",
    "it holds every event up to {last}; what came after that is not in it: {numbers}": (
        "تحوي كل حدث حتى {last}؛ وليس فيها ما جاء بعده: {numbers}"
    ),
    "it holds every event of the log that you gave, up to {last}": "تحوي كل حدث في السجل الذي قدّمته حتى {last}",
    "the log that you gave is not the one behind this pack: {reason:words}": (
        "السجل الذي قدّمته ليس السجل الذي أُخذت منه هذه الحزمة: {reason}"
    ),
    "the log that you gave begins at event {number}; only the whole log shows it": (
        "يبدأ السجل الذي قدّمته عند الحدث {number}؛ ولا يبيّن ذلك إلا السجل كله"
    ),
    "Ask whoever sent it for the file as it was made.": "اطلب من مُرسله الملف كما أُعدّ.",
    "the anchor is missing, so a cut of the log cannot be excluded": "المرساة مفقودة، فلا يمكن استبعاد اقتطاع من السجل",
    "the log was rewritten: its hash differs from the anchored one": (
        "أُعيدت كتابة السجل: بصمته تختلف عن البصمة المثبّتة بالمرساة"
    ),
    "the log was cut or rolled back: {count} events were anchored": (
        "اقتُطع السجل أو أُعيد إلى حال سابقة: المثبّت بالمرساة {count} من الأحداث"
    ),
    "the last line was not written to its end": "السطر الأخير لم يُكتب إلى نهايته",
    "the event cannot be read": "تتعذّر قراءة الحدث",
    "the event is not in its canonical form": "الحدث ليس بصيغته القياسية",
    "an event is missing, added or out of order: number {number} stands here": (
        "حدث مفقود أو مضاف أو في غير موضعه: يقع هنا الحدث {number}"
    ),
    "the event does not continue the one before it": "الحدث لا يتابع ما قبله",
    "the event was changed: its body does not give its hash": "غُيّر الحدث: محتواه لا يعطي بصمته",
    "the columns beside the event differ from it": "الأعمدة المجاورة للحدث تخالفه",
    "{number} does not have the form of a {kind}.": "{number} ليس على صيغة {kind}.",
    "Copy it from the certificate.": "انقله من الشهادة.",
    "{country} has no VAT number.": "لا يوجد رقم لضريبة القيمة المضافة في {country}.",
    "{country} has a VAT number whose form we do not know.": "لا نعرف صيغة رقم ضريبة القيمة المضافة في {country}.",
    "Leave the VAT number empty.": "اترك رقم ضريبة القيمة المضافة فارغًا.",
}
