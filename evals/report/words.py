"""The words of the page's frame in English and Arabic; what comes from cases and measures stays as it is."""

from collections.abc import Iterable, Mapping
from string import Formatter

from partnership_os.errors import InputError
from partnership_os.evals.report.markup import Child, Element, el

__all__ = ["WORDS", "Words", "name", "outside"]

WORDS: Mapping[str, tuple[str, str]] = {
    "title": ("How good are the answers", "جودة الإجابات"),
    "skip": ("Skip to the results", "انتقل إلى النتائج"),
    "lead": (
        "Suites of cases, put to the product with different analysts behind it, and graded by code.",
        "مجموعات من الحالات عُرضت على المنتج ومن ورائه محللون مختلفون، وقيّم البرنامج إجاباتها.",
    ),
    "contents": ("On this page", "محتويات الصفحة"),
    "engine": ("Engine", "إصدار المنتج"),
    "when": ("Started (UTC)", "وقت البدء (التوقيت العالمي)"),
    "suites": ("Suites", "المجموعات"),
    "suite": ("Suite", "المجموعة"),
    "cases": ("Cases", "الحالات"),
    "epochs": ("Times each case was asked", "مرات السؤال عن كل حالة"),
    "samples": ("Answers graded", "الإجابات المُقيَّمة"),
    "subject": ("Subject", "المُقيَّم"),
    "subjects": ("Subjects", "المُقيَّمون"),
    "kind.rules": (
        "the rules analyst: code alone, no model. The baseline that a model has to beat.",
        "محلل القواعد: برنامج بلا أي نموذج، وهو خط الأساس الذي على كل نموذج أن يتفوق عليه.",
    ),
    "kind.control": (
        "a scripted control, not a model: it answers by a fixed script so that the grading itself can be checked. "
        "Its figures say nothing about any model.",
        "عيّنة ضابطة مكتوبة مسبقًا وليست نموذجًا: تجيب بنص ثابت لاختبار التقييم نفسه، ولا تدل أرقامها على أي نموذج.",
    ),
    "kind.model": (
        "a chat model behind the same product, with the same checks of its answers.",
        "نموذج محادثة خلف المنتج نفسه، وتُفحص إجاباته بالفحوص نفسها.",
    ),
    "reading": ("How to read this", "كيف تُقرأ هذه الصفحة"),
    "reading.interval": (
        "Each figure has a 95 % interval where one can be computed, over groups of cases that share a company "
        "(clusters). Where two intervals overlap, look at the paired difference before you call one better.",
        "لكل رقم مجال ثقة 95 % حيثما أمكن حسابه، على أساس مجموعات الحالات المشتركة في الشركة نفسها (العناقيد). "
        "وإذا تداخل مجالان فانظر إلى الفرق المقترن قبل أن تحكم بأن أحدهما أفضل.",
    ),
    "reading.failed": (
        "A case to which no answer came counts as wrong; it is never left out.",
        "الحالة التي لم تأتِ لها إجابة تُحسب خطأً، ولا تُستبعد أبدًا.",
    ),
    "reading.many": (
        "Many differences are shown: of 20 that mean nothing, about one stands out by chance.",
        "الفروق المعروضة كثيرة: من كل 20 فرقًا لا معنى له يبرز واحد تقريبًا بالمصادفة.",
    ),
    "summary": ("Cases that are right as a whole", "الحالات الصحيحة بكاملها"),
    "summary.note": (
        "Share of all answers that are right as a whole. The line is the 95 % interval.",
        "نسبة الإجابات الصحيحة بكاملها من جميع الإجابات. والخط هو مجال الثقة 95 %.",
    ),
    "summary.all": ("all {epochs} answers right: {value}", "الإجابات الـ{epochs} كلها صحيحة: {value}"),
    "not_run": ("not run", "لم يُشغَّل"),
    "ungraded": ("no answer has a grade", "لا توجد إجابة مُقيَّمة"),
    "misses": ("Missed bounds", "حدود لم تتحقق"),
    "misses.none": ("No bound is missed.", "لا يوجد حد لم يتحقق."),
    "misses.some": ("Bounds missed: {count}.", "عدد الحدود التي لم تتحقق: {count}."),
    "missed": ("missed", "لم يتحقق"),
    "measures": ("Measures", "المقاييس"),
    "value": ("Value", "القيمة"),
    "interval": ("95 % interval", "مجال الثقة 95 %"),
    "n": ("n", "العدد"),
    "clusters": ("{count} clusters", "العناقيد: {count}"),
    "picture": ("Picture", "الرسم"),
    "no_interval": ("no interval", "بلا مجال"),
    "better.lower": ("lower is better", "الأقل أفضل"),
    "better.higher": ("higher is better", "الأعلى أفضل"),
    "better.neither": ("informs only", "للعلم فقط"),
    "differences": ("Differences from {baseline}, case by case", "الفروق عن {baseline}، حالة بحالة"),
    "differences.none": (
        "There is no run of {baseline} to compare with, or no case that both answered.",
        "لا يوجد تشغيل لـ{baseline} للمقارنة به، أو لا توجد حالة أجاب عنها كلاهما.",
    ),
    "differences.note": (
        "Over the cases that both answered; differences of shares are percentage points. The dashed line is no "
        "difference.",
        "في الحالات التي أجاب عنها كلاهما؛ وفروق النسب بالنقاط المئوية. والخط المتقطع يعني انعدام الفرق.",
    ),
    "measures.note": ("The dashed line is {baseline}.", "الخط المتقطع هو {baseline}."),
    "difference": ("Difference", "الفرق"),
    "verdict": ("Verdict", "الحكم"),
    "verdict.better": ("better", "أفضل"),
    "verdict.worse": ("worse", "أسوأ"),
    "verdict.higher": ("higher", "أعلى"),
    "verdict.lower": ("lower", "أدنى"),
    "verdict.undecided": ("undecided", "غير محسوم"),
    "verdict.the same": ("the same", "متساويان"),
    "pairs": ("{count} pairs", "الأزواج: {count}"),
    "reliability": ("Reliability of stated probabilities", "موثوقية الاحتمالات المذكورة"),
    "reliability.note": (
        "On the diagonal, what was called 70 % likely came true in 70 % of the cases. Below it more was stated than "
        "came true, above it less. A bigger point holds more forecasts; the line is a 95 % interval.",
        "على القطر: ما قيل إن احتماله 70 % تحقق في 70 % من الحالات. وما تحته ذُكر له احتمال أكبر مما تحقق، "
        "وما فوقه أصغر. والنقطة الأكبر تضم توقعات أكثر، والخط مجال ثقة 95 %.",
    ),
    "reliability.figures": ("The figures", "الأرقام"),
    "stated": ("Stated", "الاحتمال المذكور"),
    "true": ("Came true", "ما تحقق"),
    "cost": ("Time and cost", "الوقت والتكلفة"),
    "cost.median": ("Median", "الوسيط"),
    "cost.p95": ("95th percentile", "المئين 95"),
    "cost.calls": ("Model calls", "استدعاءات النموذج"),
    "cost.failed": ("{count} failed", "تعثر منها {count}"),
    "cost.tokens": ("Tokens in / out", "الرموز الداخلة / الخارجة"),
    "cost.tokens_each": ("Tokens per passed case", "الرموز لكل حالة صحيحة"),
    "cost.usd": ("Cost", "التكلفة"),
    "cost.usd_each": ("Cost per passed case", "التكلفة لكل حالة صحيحة"),
    "cost.unpriced": ("no price set", "لم يُحدَّد سعر"),
    "cost.no_model": ("no model", "بلا نموذج"),
    "cost.nothing_passed": ("none passed", "لا حالة صحيحة"),
    "limits": ("What a full score does not show", "ما لا تُثبته العلامة الكاملة"),
    "limits.none": (
        "The README of this suite says nothing about its limits.",
        "لا يذكر ملف README لهذه المجموعة شيئًا عن حدودها.",
    ),
    "asks.embedding": (
        "This suite asks the embedding and no chat model: subjects differ by chance at most.",
        "تسأل هذه المجموعة نموذج التضمين لا نموذج محادثة: لا يختلف المُقيَّمون فيها إلا مصادفة.",
    ),
    "unfinished": ("The run of {subject} did not come to its end.", "لم يكتمل تشغيل {subject}."),
    "unscored": (
        "Answers of {subject} without a grade: {count} ({ids}).",
        "إجابات {subject} التي بلا تقييم: {count} ({ids}).",
    ),
    "incomplete": (
        "{subject} has {count} of {planned} answers that were planned.",
        "لدى {subject} من الإجابات {count} من أصل {planned} كان مخططًا لها.",
    ),
    "versions": ("Version of the cases: {version}", "إصدار الحالات: {version}"),
    "mixed": (
        "The runs are not of the same cases or engine; they cannot be compared.",
        "لم تُجرَ عمليات التشغيل على الحالات نفسها أو الإصدار نفسه، فلا تصح المقارنة بينها.",
    ),
    "cases.heading": ("Every case", "الحالات كلها"),
    "filter": ("Show", "اعرض"),
    "filter.all": ("all cases", "كل الحالات"),
    "filter.failed": ("failed by anybody", "ما أخفق فيه أي مُقيَّم"),
    "filter.every": ("failed by everybody", "ما أخفق فيه الجميع"),
    "filter.by": ("failed by {subject}", "ما أخفق فيه {subject}"),
    "filter.only": ("only {subject} failed", "ما أخفق فيه {subject} وحده"),
    "filter.shown": ("{count} of {all} shown", "المعروض {count} من {all}"),
    "passed": ("passed", "صحيحة"),
    "failed": ("failed", "خاطئة"),
    "cluster": ("Cluster", "العنقود"),
    "reason": ("Why this case", "سبب وجود الحالة"),
    "case.asked": ("The case", "نص الحالة"),
    "case.epochs": ("Answer {epochs}", "الإجابة {epochs}"),
    "case.same": ("Answers {epochs}, all the same", "الإجابات {epochs}، وهي متطابقة"),
    "case.no_answer": ("No answer: {failure}", "بلا إجابة: {failure}"),
    "case.faults": ("Faults", "الأخطاء"),
    "case.marks": ("Marks", "العلامات"),
    "case.schema": ("Answers under a schema", "الإجابات وفق مخطط"),
    "case.tries": ("{contract}: {state}, tries {tries}", "{contract}: {state}، المحاولات {tries}"),
    "case.valid": ("valid", "سليمة"),
    "case.invalid": ("invalid", "غير سليمة"),
    "case.outcome": ("The answer as JSON", "الإجابة بصيغة JSON"),
    "case.cut": (
        "cut after {kept} of {all} characters; the log holds the rest",
        "عُرض {kept} من {all} محرفًا، والباقي في السجل",
    ),
    "foot": (
        "One file without a network: nothing was loaded from anywhere, and nothing is sent.",
        "ملف واحد بلا شبكة: لم يُحمَّل شيء من أي مكان، ولا يُرسَل شيء.",
    ),
}
"""Key → (English, Arabic); ``{field}`` stands for a value."""


class Words:
    """The words of one language.

    Args:
        language: ``en`` or ``ar``.

    Raises:
        InputError: the page is not written in that language.
    """

    def __init__(self, language: str) -> None:
        if language not in ("en", "ar"):
            raise InputError(f"There is no report in {language!r}.", fix="Use en or ar.")
        self.language = language
        self._column = 1 if language == "ar" else 0

    @property
    def direction(self) -> str:
        """Of the frame: ``ltr`` or ``rtl``."""
        return "rtl" if self._column else "ltr"

    def __call__(self, key: str) -> str:
        """A phrase without a value in it."""
        return WORDS[key][self._column]

    def phrase(self, key: str, **fields: object) -> list[Child]:
        """A phrase with values, each isolated, so that none reorders the words around it."""
        parts: list[Child] = []
        for text, field, _, _ in Formatter().parse(WORDS[key][self._column]):
            parts.append(text)
            if field is not None:
                parts.append(name(str(fields[field])))
        return parts

    def listing(self, texts: Iterable[str]) -> list[Child]:
        """Names one after the other, each isolated."""
        comma = "، " if self._column else ", "
        return [part for number, text in enumerate(texts) for part in (comma if number else "", name(text))]

    def plain(self, key: str, **fields: object) -> str:
        """A phrase with values where no element can stand: in options and labels."""
        return WORDS[key][self._column].format(**fields)


def name(text: str) -> Element:
    """An identifier or a value of somebody else, isolated from the words around it."""
    return el("bdi", text)


def outside(tag: str, text: str, **attributes: str | int | bool | None) -> Element:
    """A text that is in whatever language: its first strong letter decides the direction."""
    return el(tag, text, dir="auto", **attributes)
