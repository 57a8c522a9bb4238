"""Arabic for what editing a term sheet refuses."""

from collections.abc import Mapping

EDIT_PHRASES: Mapping[str, str] = {
    "{edit} is no edit.": "{edit} ليس تعديلًا.",
    "Write TERM=VALUE, for example commission_share=0.12.": (
        "اكتب الشرط ثم قيمته: `TERM=VALUE`، مثل `commission_share=0.12`."
    ),
    "The sheet has no term {term}.": "لا تتضمن ورقة الشروط شرطًا باسم {term}.",
    "Name one of its terms: {terms}.": "اذكر أحد شروطها: {terms}.",
    "The term {term} is edited twice.": "عُدّل الشرط {term} مرتين.",
    "Give each term one value.": "أعطِ كل شرط قيمة واحدة.",
    "Nothing would change: the sheet says {values} already.": "لن يتغير شيء: تنص الورقة على {values} من قبل.",
    "No edit was given.": "لم يُذكر أي تعديل.",
    "Give at least one term another value; `partnership review` shows what they say.": (
        "أعطِ شرطًا واحدًا على الأقل قيمة أخرى؛ ويعرض `partnership review` ما تنص عليه الشروط."
    ),
    "{term} (clause {clause}) is not negotiable: it follows the law or the playbook.": (
        "الشرط {term} (البند {clause}) غير قابل للتفاوض: فهو محدَّد بحكم القانون أو دليل التفاوض."
    ),
    "Leave this term out; no edit can change it.": "لا تُدرج هذا الشرط؛ فلا يغيّره أي تعديل.",
    "{term} = {value} (clause {clause}) breaches the playbook.": (
        "القيمة {value} للشرط {term} (البند {clause}) تخالف دليل التفاوض."
    ),
    "Choose another of the values; the playbook does not allow this one.": (
        "اختر قيمة أخرى من القيم المتاحة؛ فدليل التفاوض لا يسمح بهذه القيمة."
    ),
    "Choose a longer time; only a change of the playbook would allow this one.": (
        "اختر مدة أطول؛ فلا يسمح بهذه المدة إلا تغيير دليل التفاوض."
    ),
    "Choose a shorter time; only a change of the playbook would allow this one.": (
        "اختر مدة أقصر؛ فلا يسمح بهذه المدة إلا تغيير دليل التفاوض."
    ),
    "Choose a higher value; only a change of the playbook would allow this one.": (
        "اختر قيمة أعلى؛ فلا يسمح بهذه القيمة إلا تغيير دليل التفاوض."
    ),
    "Choose a lower value; only a change of the playbook would allow this one.": (
        "اختر قيمة أقل؛ فلا يسمح بهذه القيمة إلا تغيير دليل التفاوض."
    ),
    "The sheet itself does not keep to the playbook: {place:words}.": "الورقة نفسها لا تلتزم بدليل التفاوض: {place}.",
    "{term} (clause {clause})": "الشرط {term} (البند {clause})",
    "a part that is missing or says too much": "جزء ناقص أو يكشف أكثر مما ينبغي",
    "Edit that term as well, or start the deal anew, so that the sheet is drafted from the playbook in use.": (
        "عدّل ذلك الشرط أيضًا، أو ابدأ الصفقة من جديد لتُصاغ الورقة من دليل التفاوض المعمول به."
    ),
    "The clause {clause} is not worded as in the playbook, so its text cannot be written anew.": (
        "صياغة البند {clause} ليست صياغة دليل التفاوض، فلا يمكن كتابة نصه من جديد."
    ),
    "Start the deal anew, so that the sheet is drafted from the playbook in use.": (
        "ابدأ الصفقة من جديد لتُصاغ الورقة من دليل التفاوض المعمول به."
    ),
    "{value} is no value for {term} (unit: {unit:words}).": "{value} ليست قيمة صالحة للشرط {term} (الوحدة: {unit}).",
    "share": "نسبة",
    "money": "مبلغ مالي",
    "hours": "ساعات",
    "days": "أيام",
    "months": "أشهر",
    "count": "عدد",
    "choice": "قيمة من قائمة",
    "Choose one of: {choices}.": "اختر واحدًا مما يلي: {choices}.",
    "Give an amount with its currency, for example 50000 {currency}.": "اذكر مبلغًا مع عملته، مثل 50000 {currency}.",
    "Give a fraction between 0 and 1 or a percentage, for example 0.12 or 12%.": (
        "اذكر كسرًا بين 0 و1 أو نسبة مئوية، مثل 0.12 أو 12%."
    ),
    "Give a whole number of hours, for example 24 or 24 hours.": "اذكر عددًا صحيحًا من الساعات، مثل 24 أو 24 ساعة.",
    "Give a whole number of days, for example 30 or 30 days.": "اذكر عددًا صحيحًا من الأيام، مثل 30 أو 30 يومًا.",
    "Give a whole number of months, for example 12 or 12 months.": "اذكر عددًا صحيحًا من الأشهر، مثل 12 أو 12 شهرًا.",
    "Give a whole number, for example 2.": "اذكر عددًا صحيحًا، مثل 2.",
    "{commitment} is about no term sheet.": "لا يتعلق {commitment} بورقة شروط.",
    "Only a term sheet is edited so.": "لا تُعدَّل بهذه الطريقة إلا ورقة الشروط.",
}
