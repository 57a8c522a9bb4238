"""Arabic for what is wrong with suites, their cases, runs, bounds and recorded answers."""

from collections.abc import Mapping

EVAL_PHRASES: Mapping[str, str] = {
    "Suites run on Inspect, which is not installed.": "تعمل المجموعات على Inspect، وهي غير مثبّتة.",
    "Install the extra: pip install 'partnership-os[evals]'.": "ثبّت الإضافة: `pip install 'partnership-os[evals]'`.",
    "There is no suite {name}.": "لا توجد مجموعة باسم {name}.",
    "Use one of: {names}, or all.": "استخدم إحدى هذه: {names}، أو all لجميعها.",
    "There is no control {name}.": "لا يوجد نص تحكم باسم {name}.",
    "Use one of: {names}.": "استخدم إحدى هذه: {names}.",
    "There is no run in {place} yet.": "لا يوجد تشغيل في {place} بعد.",
    "Run one: partnership eval run all.": "شغّل واحدًا: `partnership eval run all`.",
    "{name} is no subject of this run.": "لا يوجد في هذا التشغيل مُقيَّم باسم {name}.",
    "There is no run of a suite in {place}.": "لا يوجد تشغيل لأي مجموعة في {place}.",
    "Run one first: partnership eval run all --out DIR.": "شغّل واحدًا أولًا: `partnership eval run all --out DIR`.",
    "{place} is no log of a suite of this product: {reason}": "{place} ليس سجلًا لمجموعة من هذا المنتج: {reason}",
    "Name the folder that `partnership eval run --out` wrote.": (
        "اذكر المجلد الذي كتبه الأمر `partnership eval run --out`."
    ),
    "A run needs at least one epoch and one case.": "يحتاج التشغيل إلى مرة سؤال واحدة وحالة واحدة على الأقل.",
    "Use --epochs 1 and --limit 1 or more.": "استخدم `--epochs 1` و`--limit 1` أو أكثر.",
    "There are no cases of {suite} in {place}.": "لا توجد حالات للمجموعة {suite} في {place}.",
    "Put files with cases there that end in .jsonl, .yml or .yaml.": (
        "ضع هناك ملفات حالات بامتداد `.jsonl` أو `.yml` أو `.yaml`."
    ),
    "There is neither a file nor a folder {place}.": "لا يوجد ملف ولا مجلد {place}.",
    "{file} is no file of cases.": "{file} ليس ملف حالات.",
    "Name a folder, or a file that ends in .jsonl, .yml or .yaml.": (
        "اذكر مجلدًا، أو ملفًا بامتداد `.jsonl` أو `.yml` أو `.yaml`."
    ),
    # what stands after the file and the line
    "{file}, line {line:number}: {problem:known}.": "{file}، السطر {line}: {problem}.",
    "the id {name} is there twice, first in {first}, line {line:number}": (
        "تكرر المعرّف {name}، وورد أولًا في {first}، السطر {line}"
    ),
    "the key {name} is there twice": "تكرر المفتاح {name}",
    "an alias refers to itself": "اسم مستعار يشير إلى نفسه",
    "aliases make the file more than {times:number} times as large": (
        "تُكبّر الأسماء المستعارة الملف إلى أكثر من {times} أضعاف حجمه"
    ),
    "not JSON: {reason}": "ليس بصيغة JSON: {reason}",
    "not YAML: {reason}": "ليس بصيغة YAML: {reason}",
    "case {name}: {field}: {reason:words}": "الحالة {name}: الحقل {field}: {reason}",
    "the world of {suite} has no {missing}": "لا يوجد في عالم {suite} شيء باسم {missing}",
    "Keep one of them.": "أبقِ واحدًا منها.",
    "Write the values out.": "اكتب القيم نفسها.",
    "Correct the line.": "صحّح السطر.",
    "The suite {name} cannot be loaded: {reason}": "تعذّر تحميل المجموعة {name}: {reason}",
    "Correct its suite.py, or name another suite.": "صحّح ملفها `suite.py`، أو اذكر مجموعة أخرى.",
    "Correct the name; the README of the suite says what its world holds.": (
        "صحّح الاسم؛ ويذكر ملف README للمجموعة ما في عالمها."
    ),
    "Give each case an id of its own.": "أعطِ كل حالة معرّفًا خاصًا بها.",
    "Correct {field}; `partnership eval schema my-schemas/` writes the JSON Schema that editors check against.": (
        "صحّح {field}؛ ويكتب الأمر `partnership eval schema my-schemas/` مخطط JSON الذي تتحقق المحررات به."
    ),
    "{file} is not a list of cases.": "الملف {file} ليس قائمة حالات.",
    "Begin each case with `- id: …`.": "ابدأ كل حالة بالسطر `- id: …`.",
    "Only answers of models of a live server can be recorded.": "لا تُسجَّل إلا إجابات نماذج على خادم حي.",
    "Name them: --model gpt-5-mini.": "اذكرها: `--model gpt-5-mini`.",
    "There is no cassette in {place}.": "لا توجد إجابات مسجّلة في {place}.",
    "Record one, or correct the path.": "سجّل بعضها، أو صحّح المسار.",
    "{place} is not empty.": "المجلد {place} ليس فارغًا.",
    "Name a new folder for each run: --out runs/second.": "اذكر مجلدًا جديدًا لكل تشغيل: `--out runs/second`.",
    "{place} does not say what was to be run: {file} is missing or damaged.": (
        "لا يذكر {place} ما كان مقررًا تشغيله: الملف {file} ناقص أو تالف."
    ),
    "Name the folder that `partnership eval run --out` wrote, whole.": (
        "اذكر المجلد الذي كتبه الأمر `partnership eval run --out` كاملًا."
    ),
    "These cases are your own, and the shipped bounds are about the shipped ones.": (
        "هذه الحالات حالاتك، أما الحدود المرفقة فتخص الحالات المرفقة."
    ),
    "Give bounds of your own: --thresholds mine.yaml.": "أعطِ حدودًا خاصة بك: `--thresholds mine.yaml`.",
    "{model} does not answer, so that nothing was run: {reason}": "النموذج {model} لا يجيب، فلم يُشغَّل شيء: {reason}",
    "{count} requests came more often than they were recorded, and the last answer was given again.": (
        "تكرر عدد من الطلبات أكثر مما سُجّل ({count})، فأُعيدت آخر إجابة مسجّلة."
    ),
    "Record as many epochs as are asked for, or ask for fewer.": "سجّل من المرات بقدر ما يُطلب، أو اطلب أقل.",
}
