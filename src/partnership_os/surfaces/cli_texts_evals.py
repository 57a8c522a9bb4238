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
    "evals.pairs": (
        "{second} compared with {first}: difference [95 % interval], over the cases that both answered.",
        "{second} مقارنةً مع {first}: الفرق [مجال الثقة 95 %] في الحالات التي أجاب عنها كلاهما.",
    ),
    "evals.no_pairs": ("The two have no suite in common.", "لا توجد مجموعة مشتركة بينهما."),
    "evals.difference": ("Difference", "الفرق"),
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
    "evals.unsound": ("{suite}: {fault}", "{suite}: {fault}"),
    "evals.recorded": ("{count} answers were recorded in {folder}.", "سُجّلت {count} من الإجابات في {folder}."),
}
