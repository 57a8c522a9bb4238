"""How people call the terms of a sheet, in English and Arabic, and where a text names them."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from partnership_os.tools.sheet_wording import wording
from partnership_os.tools.text import fold

__all__ = ["TermMention", "terms_named", "term_called"]

_CALLED = {
    "audit_notice_days": "audit notice|notice of audit|إشعار التدقيق",
    "breach_notice_hours": "breach notice|breach notification|data breach|الإبلاغ عن التسرب|تسرب البيانات",
    "certified_engineers": "certified engineers|engineers|مهندسين معتمدين|المهندسين",
    "clawback_days": "clawback|claw back|refund period|الاسترداد|فترة الاسترداد",
    "commission_cap": "commission cap|cap on commission|cap per customer|commission|سقف العمولة|العمولة",
    "commission_months": "commission period|commission term|commission|فترة العمولة|مدة العمولة|العمولة",
    "commission_share": "commission rate|commission percentage|referral fee|referral commission|commission|العمولة",
    "confidentiality_months": "confidentiality|confidentiality period|nda|السرية",
    "convenience_notice_days": "termination notice|notice of termination|termination for convenience|notice period"
    "|إشعار الإنهاء|مهلة الإنهاء|فترة الإشعار",
    "cure_days": "cure period|remedy period|cure|مهلة التدارك|مهلة المعالجة",
    "data_return_days": "data return|return of data|deletion of data|إعادة البيانات",
    "dispute_seat": "dispute resolution|seat of arbitration|arbitration seat|disputes|forum|arbitration"
    "|تسوية المنازعات|التحكيم|المنازعات",
    "exclusivity": "exclusive|exclusive rights|exclusive appointment|حصرية|حصري|الحصري",
    "fault_response_hours": "fault response|response to faults|الاستجابة للأعطال",
    "first_response_hours": "first response|outage response|response time|وقت الاستجابة|زمن الاستجابة",
    "force_majeure_days": "force majeure|القوة القاهرة",
    "governing_law": "applicable law|law of the contract|law|القانون الواجب التطبيق|القانون الحاكم|القانون",
    "increased_cap_multiple": "increased cap|super cap|الحد المرفوع",
    "insurance_cover": "insurance|insured sum|insurance coverage|التأمين|التغطية التأمينية",
    "interface_notice_days": "interface notice|api notice|deprecation notice|إشعار الواجهة",
    "language_precedence": "prevailing language|language of the contract|اللغة السائدة|لغة العقد",
    "launch_months": "launch|time to launch|الإطلاق|طرح العرض",
    "lead_follow_up_hours": "lead follow up|follow up of leads|follow-up|متابعة الفرص|متابعة العملاء",
    "liability_cap_share": "liability cap|cap on liability|limit of liability|liability|حد المسؤولية|سقف المسؤولية"
    "|المسؤولية",
    "local_content_share": "local content|المحتوى المحلي",
    "mdf_per_year": "mdf|marketing fund|market development fund|marketing contribution|marketing budget|joint marketing"
    "|صندوق التسويق|صندوق تطوير السوق|ميزانية التسويق|مساهمة التسويق|التسويق المشترك",
    "minimum_orders_per_year": "minimum orders|minimum commitment|minimum purchase|annual minimum|minimum volume"
    "|الحد الأدنى للطلبات|الحد الأدنى للشراء|الحد الأدنى السنوي|الحد الأدنى",
    "non_solicit_months": "non solicit|non-solicitation|non solicitation|عدم الاستقطاب",
    "our_investment": "your investment|your contribution|company contribution|استثماركم|مساهمتكم",
    "partner_investment": "our investment|our contribution|partner contribution|استثمارنا|مساهمتنا",
    "partner_response_hours": "partner response|first line response|استجابة الشريك",
    "partner_revenue_share": "revenue share|share of revenue|نسبة الإيراد|نصيبنا من الإيراد|نصيب الشريك|الإيراد",
    "payment_days": "payment|payment term|payment terms|payment period|payment time|pay|pays|paid|invoices"
    "|السداد|الدفع|مدة السداد|فترة السداد|مهلة الدفع|فترة الدفع|مدة الدفع",
    "pilot_budget": "pilot budget|budget for the pilot|pilot|ميزانية التجربة|ميزانية المشروع التجريبي|المشروع التجريبي",
    "pilot_months": "pilot period|pilot duration|pilot|مدة التجربة|المشروع التجريبي",
    "price_notice_days": "price notice|notice of price changes|price change notice|price changes|إشعار الأسعار"
    "|تعديل الأسعار",
    "programme_discount": "discount|program discount|الخصم|خصم",
    "ramp_up_months": "ramp up|ramp-up|ramp up period|فترة التأسيس",
    "reference_customers": "references|reference customers|عملاء مرجعيين|العملاء المرجعيين",
    "registered_deal_uplift": "uplift|registered deal uplift|deal registration uplift|زيادة الهامش",
    "registration_decision_hours": "registration decision|answer to a registration|decision on registrations"
    "|قرار التسجيل|الرد على التسجيل",
    "registration_protection_days": "registration protection|deal protection|protection period|lead protection"
    "|حماية التسجيل|مدة الحماية|فترة الحماية",
    "renewal_notice_days": "renewal notice|non-renewal notice|notice of renewal|إشعار التجديد|إشعار عدم التجديد",
    "report_days": "reporting|monthly report|report|التقرير الشهري|التقارير",
    "reseller_margin": "margin|resale margin|partner discount|الهامش|هامش",
    "revenue_share": "share of revenue|rev share|revenue|نسبة الإيراد|تقاسم الإيراد|الإيراد",
    "revenue_share_months": "revenue share period|revenue share|مدة تقاسم الإيراد",
    "reviews_per_year": "business reviews|reviews|qbr|مراجعات الأعمال|المراجعات",
    "service_credit_share": "service credit|service credits|الرصيد الخدمي|رصيد خدمي",
    "standstill_days": "standstill|exclusive negotiation|مدة الامتناع",
    "tail_commission_months": "tail|tail commission|commission tail|trailing commission|post-termination commission"
    "|العمولة اللاحقة|العمولة بعد الانتهاء",
    "tail_margin_months": "tail|tail margin|الهامش بعد الانتهاء|الهامش اللاحق",
    "term_months": "term|contract term|initial term|duration|agreement term|contract period|contract duration"
    "|مدة العقد|مدة الاتفاقية|مدة الاتفاق|المدة",
    "trained_sellers": "sellers|trained salespeople|البائعين|بائعين مؤهلين",
    "training_days": "training|training period|التدريب",
    "uptime_share": "uptime|availability|service availability|التوافر|توافر الخدمة",
    "vat_rate": "vat|value-added tax|الضريبة|ضريبة القيمة المضافة",
    "wind_down_days": "wind down|wind-down|wind down period|transition period|فترة الانتقال|التصفية",
}
"""By term, in both languages; the labels of the wording and the name itself come on top. What names several terms is
told apart by the unit of the value."""
_LETTER = "[a-z0-9\u0621-\u064a]"
_CLITIC = "(?:[وفبلك]{0,2}(?:ال)?|لل|ولل)"


class TermMention(NamedTuple):
    """Where a folded text names a term, and which terms are called so."""

    start: int
    end: int
    terms: tuple[str, ...]


def terms_named(folded: str, known: Iterable[str]) -> tuple[TermMention, ...]:
    """The terms that a folded text names, longest names first, in reading order and without overlap.

    Args:
        folded: Text as `tools.text.fold` gives it.
        known: The terms that there are on the sheet.
    """
    sheet = frozenset(known)
    taken: list[TermMention] = []
    for phrase, pattern, terms in _patterns():
        here = tuple(sorted(set(terms) & sheet))
        if not here or phrase.split(" ")[0].removeprefix("ال")[:3] not in folded:
            continue
        for match in pattern.finditer(folded):
            if not any(match.start() < item.end and item.start < match.end() for item in taken):
                taken.append(TermMention(match.start(), match.end(), here))
    return tuple(sorted(taken))


def term_called(name: str, known: Iterable[str]) -> str | None:
    """The one term of the sheet that is called so, by name or label; None where there is none or several."""
    sheet = tuple(known)
    if name.strip().casefold().replace(" ", "_") in sheet:
        return name.strip().casefold().replace(" ", "_")
    wanted = _plain(name)
    exact = [term for term in sheet if wanted in {_plain(label) for label in _labels(term)}]
    found = exact or [term for term in sheet if wanted in _phrases(term)]
    return found[0] if len(found) == 1 else None


def _labels(term: str) -> tuple[str, ...]:
    label = wording().terms.get(term)
    return () if label is None else (label.en, label.ar)


@lru_cache(maxsize=512)
def _phrases(term: str) -> frozenset[str]:
    called = _CALLED.get(term, "").split("|")
    return frozenset(_plain(text) for text in (*called, *_labels(term), term.replace("_", " ")) if text)


def _plain(text: str) -> str:
    return " ".join(fold(text).replace("-", " ").split())


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, re.Pattern[str], tuple[str, ...]], ...]:
    by_phrase: dict[str, list[str]] = {}
    for term in sorted(set(_CALLED) | set(wording().terms)):
        for phrase in _phrases(term):
            by_phrase.setdefault(phrase, []).append(term)
    ordered = sorted(by_phrase, key=lambda phrase: (-len(phrase), phrase))
    return tuple((phrase, _pattern(phrase), tuple(by_phrase[phrase])) for phrase in ordered)


def _pattern(phrase: str) -> re.Pattern[str]:
    if phrase.isascii():
        words = r"[\s-]+".join(re.escape(word) for word in phrase.split(" "))
        return re.compile(rf"(?<!{_LETTER}){words}s?(?!{_LETTER})")
    words = r"\s+".join(_CLITIC + re.escape(word.removeprefix("ال")) for word in phrase.split(" "))
    return re.compile(rf"(?<!{_LETTER}){words}(?!{_LETTER})")
