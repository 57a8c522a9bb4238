"""The words of a document that are not on the sheet: state, footer, closing line."""

from partnership_os.schemas.base import BilingualText
from partnership_os.tools.documents.content import DocumentState

__all__ = [
    "APPROVED_NOTICE",
    "CLOSING",
    "DIGEST",
    "DRAFT_NOTICE",
    "NO_HIJRI",
    "PAGE",
    "STATES",
    "STATE_LABEL",
    "VERSION",
]

STATES = {
    DocumentState.DRAFT: BilingualText(en="DRAFT", ar="مسودة"),
    DocumentState.APPROVED: BilingualText(en="APPROVED", ar="معتمدة"),
}
STATE_LABEL = BilingualText(en="State", ar="الحالة")
VERSION = BilingualText(en="Version", ar="النسخة")
DIGEST = BilingualText(en="Digest (SHA-256)", ar="البصمة (SHA-256)")
PAGE = BilingualText(en="Page {page} of {pages}", ar="صفحة {page} من {pages}")
DRAFT_NOTICE = BilingualText(
    en="Draft for discussion. This version has not been approved.",
    ar="مسودة للتباحث، ولم تُعتمد هذه النسخة.",
)
APPROVED_NOTICE = BilingualText(
    en="This version was approved on {day} by {people}. Record of approval: {commitment}.",
    ar="اعتُمدت هذه النسخة في {day}، واعتمدها: {people}. مرجع الاعتماد: {commitment}.",
)
NO_HIJRI = BilingualText(
    en="no Hijri date: the Umm al-Qura tables cover 1 August 1924 to 16 November 2077",
    ar="لا تاريخ هجري: جداول تقويم أم القرى تغطي من 1 أغسطس 1924 إلى 16 نوفمبر 2077",
)
CLOSING = BilingualText(
    en="End of term sheet {sheet}, version {version}. SHA-256 of this version:",
    ar="نهاية ورقة الشروط {sheet}، النسخة {version}. بصمة SHA-256 لهذه النسخة:",
)
