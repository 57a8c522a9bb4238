"""Phrases of the terminal about the database and about edits, in English and Arabic."""

from partnership_os.graphs.wording.texts import Phrases

DATABASE_PHRASES: Phrases = {
    "edit.made": (
        "Version {version} was made. It waits for approval from the beginning: what was approved before is void, and "
        "nobody who asked or edited may approve it.",
        "أُعدّت النسخة {version}. وهي تنتظر الموافقة من البداية: فالموافقات السابقة لاغية، "
        "ولا تُقبل موافقة من طلب أو عدّل.",
    ),
    "database.place": ("Database", "قاعدة البيانات"),
    "database.schema": ("Schema (found / of this version)", "المخطط (الموجود / مخطط هذا الإصدار)"),
    "database.current": ("It is up to date; nothing has to be done.", "قاعدة البيانات محدّثة؛ لا يلزم شيء."),
    "database.old": (
        "It is not up to date. The operator brings it up to date with:",
        "قاعدة البيانات غير محدّثة. يحدّثها المشغّل بالأمر:",
    ),
    "database.newer": (
        "A newer version of Partnership OS made it; the operator upgrades this installation.",
        "أنشأها إصدار أحدث من Partnership OS؛ على المشغّل ترقية هذا التثبيت.",
    ),
}
