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
    "Put *.yaml or *.jsonl files with cases there.": "ضع هناك ملفات حالات بامتداد `*.yaml` أو `*.jsonl`.",
    "{file}: the id {name} is there twice.": "{file}: تكرر المعرّف {name}.",
    "Give each case an id of its own.": "أعطِ كل حالة معرّفًا خاصًا بها.",
    "{file}: case {name}: {field}: {reason}.": "{file}: الحالة {name}: الحقل {field}: {reason}.",
    "Correct {field}; `partnership eval schema` writes the JSON Schema that editors check against.": (
        "صحّح {field}؛ ويكتب الأمر `partnership eval schema` مخطط JSON الذي تتحقق المحررات به."
    ),
    "{file} is not JSON: {reason}": "الملف {file} ليس بصيغة JSON: {reason}",
    "{file} is not YAML: {reason}": "الملف {file} ليس بصيغة YAML: {reason}",
    "{file} is not a list of cases.": "الملف {file} ليس قائمة حالات.",
    "Begin each case with `- id: …`.": "ابدأ كل حالة بالسطر `- id: …`.",
    "{file} cannot be read as YAML: {reason}": "تتعذّر قراءة {file} بصيغة YAML: {reason}",
    "Only answers of models of a live server can be recorded.": "لا تُسجَّل إلا إجابات نماذج على خادم حي.",
    "Name them: --model gpt-5-mini.": "اذكرها: `--model gpt-5-mini`.",
    "There is no cassette in {place}.": "لا توجد إجابات مسجّلة في {place}.",
    "Record one, or correct the path.": "سجّل بعضها، أو صحّح المسار.",
}
