"""Phrases of ``partnership eval`` in English and Arabic."""

from partnership_os.graphs.wording.texts import Phrases

EVAL_PHRASES: Phrases = {
    "evals.suite": ("Suite", "المجموعة"),
    "evals.title": ("What it asks", "ما تسأل عنه"),
    "evals.asks": ("Asks", "تسأل"),
    "evals.cases": ("Cases", "الحالات"),
    "evals.measure": ("Measure", "المقياس"),
    "evals.subject": ("Subject", "المُقيَّم"),
    "evals.value": ("Value", "القيمة"),
    "evals.interval": ("95 % interval", "مجال الثقة 95 %"),
    "evals.n": ("n", "العدد"),
    "evals.n_groups": ("n / groups", "العدد / الكتل"),
    "evals.chat": ("the chat model", "نموذج المحادثة"),
    "evals.embedding": ("the embedding", "نموذج التضمين"),
    "evals.heading": (
        "{suite} – {cases} cases, {epochs} epochs each",
        "{suite} – الحالات: {cases}، وعدد مرات السؤال لكل حالة: {epochs}",
    ),
    "evals.not_asked": (
        "This suite asks {asks} and no chat model: subjects differ by chance at most.",
        "تسأل هذه المجموعة {asks} ولا تسأل نموذج محادثة: لا يختلف المُقيَّمون فيها إلا مصادفة.",
    ),
    "evals.legend": (
        "Value [95 % interval]; failed samples count as wrong. Lower is better where marked ↓. "
        "“{rules}” is the rules analyst, which needs no model; {controls} are scripted and no models. "
        "Measures that begin with {model} judge a model alone, the others the product with it.",
        "القيمة [مجال الثقة 95 %]؛ وتُحسب العينات المتعثرة خطأً. والأقل أفضل حيث تظهر العلامة ↓. "
        "أما {rules} فهو محلل القواعد الذي لا يحتاج إلى نموذج، و{controls} نصوص مكتوبة مسبقًا وليست نماذج. "
        "والمقاييس التي تبدأ بـ {model} تحكم على النموذج وحده، وسائرها على المنتج معه.",
    ),
    "evals.failed": (
        "{suite} · {subject}: {count} samples got no answer, first: {reason}",
        "{suite} · {subject}: عينات بلا إجابة: {count}، وأولها: {reason}",
    ),
    "evals.useless": (
        "{suite} · {subject}: {count} of {total} answers of the model were of no use, first: {reason}",
        "{suite} · {subject}: إجابات النموذج غير الصالحة: {count} من أصل {total}، وأولها: {reason}",
    ),
    "evals.silent": (
        "{suite} · {subject}: the model gave no answer of use; all that the table shows is the rules analyst’s work.",
        "{suite} · {subject}: لم يقدّم النموذج أي إجابة صالحة؛ وكل ما في الجدول من عمل محلل القواعد.",
    ),
    "evals.out": ("Logs", "السجلات"),
    "evals.report": ("Report", "التقرير"),
    "evals.next": (
        "Hold it against the bounds, or look at every case:",
        "للمقارنة بالحدود المطلوبة أو للاطلاع على كل حالة:",
    ),
    "evals.kept": (
        "All bounds are kept: {suites} suites, {samples} samples.",
        "جميع الحدود محققة: المجموعات {suites}، والعينات {samples}.",
    ),
    "evals.missed": ("{count} bounds are missed:", "الحدود غير المحققة: {count}"),
    "evals.miss": ("{suite} · {subject} · {measure}: {what}", "{suite} · {subject} · {measure}: {what}"),
    "evals.broken": ("{suite} cannot be used: {reason}", "تعذّر استخدام المجموعة {suite}: {reason}"),
    "evals.side.A": ("A", "A"),
    "evals.side.B": ("B", "B"),
    "evals.pairs": (
        "{second} − {first} is the difference, with its 95 % interval, over cases that are the same on both sides. "
        "n: cases compared / groups of cases that go together, mostly those about one company. "
        "The verdict is on {second}: “the same” where no case differs, “undecided” where the interval holds 0 or "
        "the cases allow none. Lower is better where marked ↓.",
        "الفرق هو {second} − {first} مع مجال الثقة 95 %، في الحالات المتطابقة لدى الطرفين. "
        "العدد: الحالات المقارَنة / الكتل، والكتلة حالات مترابطة تخص غالبًا شركة واحدة. "
        "والحكم على {second}: «متساويان» إذا لم تختلف أي حالة، و«غير محسوم» إذا شمل المجال الصفر أو "
        "لم تسمح الحالات بحساب مجال. والأقل أفضل حيث تظهر العلامة ↓.",
    ),
    "evals.compared": ("{suite} – cases compared: {pairs}", "{suite} – الحالات المقارَنة: {pairs}"),
    "evals.left_out": (
        "Cases left out – changed between the runs: {changed}; only in {first}: {only_first}; "
        "only in {second}: {only_second}.",
        "حالات مستبعدة – تغيّرت بين التشغيلين: {changed}؛ وفي {first} وحده: {only_first}؛ وفي {second} وحده: "
        "{only_second}.",
    ),
    "evals.only": ("Suites that only {side} has: {suites}.", "مجموعات لا توجد إلا في {side}: {suites}."),
    "evals.no_suite": (
        "Nothing can be compared: {first} and {second} have no suite in common. Run the same suites for both.",
        "لا شيء يمكن مقارنته: لا توجد مجموعة مشتركة بين {first} و{second}. شغّل المجموعات نفسها لكليهما.",
    ),
    "evals.no_pairs": (
        "Nothing can be compared: no case of the suites that both have is the same on both sides. "
        "Run both on the same cases.",
        "لا شيء يمكن مقارنته: لا تتطابق أي حالة لدى الطرفين في المجموعات المشتركة. شغّل كليهما على الحالات نفسها.",
    ),
    "evals.interval_short": ("95 % interval", "مجال 95 %"),
    "evals.difference": ("B − A", "B − A"),
    "evals.verdict": ("Verdict", "الحكم"),
    "evals.verdict.better": ("better", "أفضل"),
    "evals.verdict.worse": ("worse", "أسوأ"),
    "evals.verdict.higher": ("higher", "أعلى"),
    "evals.verdict.lower": ("lower", "أدنى"),
    "evals.verdict.undecided": ("undecided", "غير محسوم"),
    "evals.verdict.the same": ("the same", "متساويان"),
    "evals.sound": (
        "{suite}: ground truth gets full marks, and every planted mistake is found.",
        "{suite}: الإجابات الصحيحة تنال العلامة الكاملة، وكل خطأ مزروع يُكتشف.",
    ),
    "evals.recorded": ("{count} answers were recorded in {folder}.", "سُجّلت {count} من الإجابات في {folder}."),
}
