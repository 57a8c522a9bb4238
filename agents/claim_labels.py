"""What the closed vocabularies of claims are called in English and Arabic, and how counts and lists of them read."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from babel import Locale

from partnership_os.schemas.base import BilingualText
from partnership_os.schemas.company import CompanyStatus, SizeBand
from partnership_os.schemas.evidence import ContradictionSide
from partnership_os.tools.countries import country_code, country_name

__all__ = [
    "NOUNS",
    "OWNERSHIP_LABELS",
    "PROGRAMME_LABELS",
    "REGULATOR_LABELS",
    "SIZE_LABELS",
    "STATUS_LABELS",
    "TOPIC_LABELS",
    "both",
    "counted",
    "country_label",
    "joined",
    "label_of",
    "said",
    "topic_label",
]


def both(en: str, ar: str) -> BilingualText:
    """The same text in both languages."""
    return BilingualText(en=en, ar=ar)


PROGRAMME_LABELS: Mapping[str, BilingualText] = {
    "partner_programme": both("Partner programme", "برنامج شركاء"),
    "authorised_distributor": both("Authorised distributor or agent", "موزع أو وكيل معتمد"),
    "alliance": both("Alliance or partnership", "تحالف أو شراكة"),
}
OWNERSHIP_LABELS: Mapping[str, BilingualText] = {
    "listed": both("listed company", "شركة مدرجة"),
    "subsidiary": both("subsidiary of another company", "شركة تابعة لشركة أخرى"),
    "majority_owned": both("owned by a named holder", "مملوكة لمالك معلن"),
    "state_owned": both("state-owned", "مملوكة للدولة"),
}
REGULATOR_LABELS: Mapping[str, BilingualText] = {
    "sama": both("Saudi Central Bank (SAMA)", "البنك المركزي السعودي (ساما)"),
    "cma": both("Capital Market Authority (CMA)", "هيئة السوق المالية"),
    "cst": both("Communications, Space and Technology Commission (CST)", "هيئة الاتصالات والفضاء والتقنية"),
    "insurance_authority": both("Insurance Authority", "هيئة التأمين"),
    "sfda": both("Saudi Food and Drug Authority (SFDA)", "الهيئة العامة للغذاء والدواء"),
    "hrsd": both("Ministry of Human Resources and Social Development", "وزارة الموارد البشرية والتنمية الاجتماعية"),
    "tga": both("Transport General Authority (TGA)", "الهيئة العامة للنقل"),
    "gaca": both("General Authority of Civil Aviation (GACA)", "الهيئة العامة للطيران المدني"),
    "moh": both("Ministry of Health", "وزارة الصحة"),
    "ministry_of_investment": both("Ministry of Investment (MISA)", "وزارة الاستثمار"),
    "cbuae": both("Central Bank of the UAE (CBUAE)", "مصرف الإمارات العربية المتحدة المركزي"),
    "sca": both("Securities and Commodities Authority (SCA)", "هيئة الأوراق المالية والسلع"),
    "tdra": both(
        "Telecommunications and Digital Government Regulatory Authority (TDRA)",
        "هيئة تنظيم الاتصالات والحكومة الرقمية",
    ),
    "dfsa": both("Dubai Financial Services Authority (DFSA)", "سلطة دبي للخدمات المالية"),
    "fsra": both("Financial Services Regulatory Authority (FSRA)", "سلطة تنظيم الخدمات المالية"),
    "vara": both("Virtual Assets Regulatory Authority (VARA)", "سلطة تنظيم الأصول الافتراضية"),
    "cbb": both("Central Bank of Bahrain (CBB)", "مصرف البحرين المركزي"),
    "cbk": both("Central Bank of Kuwait (CBK)", "بنك الكويت المركزي"),
    "qcb": both("Qatar Central Bank (QCB)", "مصرف قطر المركزي"),
    "cbo": both("Central Bank of Oman (CBO)", "البنك المركزي العماني"),
    "cbe": both("Central Bank of Egypt (CBE)", "البنك المركزي المصري"),
    "fca": both("Financial Conduct Authority (FCA)", "هيئة السلوك المالي البريطانية"),
    "central_bank": both("central bank", "البنك المركزي"),
}
STATUS_LABELS: Mapping[str, BilingualText] = {
    CompanyStatus.ACTIVE.value: both("active", "قائمة"),
    CompanyStatus.DELISTED.value: both("delisted", "شُطب إدراجها"),
    CompanyStatus.ACQUIRED.value: both("acquired by another company", "استحوذت عليها شركة أخرى"),
    CompanyStatus.MERGED.value: both("merged into another company", "اندمجت في شركة أخرى"),
    CompanyStatus.LIQUIDATED.value: both("liquidated", "صُفّيت"),
    CompanyStatus.UNKNOWN.value: both("unknown", "غير معروفة"),
}
SIZE_LABELS: Mapping[str, BilingualText] = {
    SizeBand.MICRO.value: both("very small", "متناهية الصغر"),
    SizeBand.SMALL.value: both("small", "صغيرة"),
    SizeBand.MEDIUM.value: both("medium", "متوسطة"),
    SizeBand.LARGE.value: both("large", "كبيرة"),
    SizeBand.MEGA.value: both("very large", "كبيرة جداً"),
}
TOPIC_LABELS: Mapping[str, BilingualText] = {
    "country": both("country", "الدولة"),
    "city": both("city", "المدينة"),
    "name": both("name", "الاسم"),
    "founded": both("founding year", "سنة التأسيس"),
    "employees": both("employees", "عدد الموظفين"),
    "registry_number": both("registration number", "رقم السجل"),
    "status": both("status", "الحالة"),
    "isin": both("ISIN", "رمز الورقة المالية الدولي"),
    "exchange": both("exchange", "السوق المالية"),
}
"""What `tools.contradictions` compares."""

_NOT_DELISTED = both("not delisted", "لم يُشطب إدراجها")
_PLACE_TOPICS = frozenset({"country", "isin", "exchange"})


class CountNouns(NamedTuple):
    """The noun of a count by CLDR plural category.

    English has ``one`` and ``other``. In Arabic ``ar_one`` and ``ar_two`` stand without the digit; the noun follows
    numbers ending in 3 to 10 in the plural, 11 to 99 in the accusative singular, round hundreds in the genitive.
    """

    one: str
    other: str
    ar_one: str
    ar_two: str
    ar_few: str
    ar_many: str
    ar_other: str


NOUNS: Mapping[str, CountNouns] = {
    measure: CountNouns(*words.split(";"))
    for measure, words in {
        "employees": "employee;employees;موظف واحد;موظفان;موظفين;موظفًا;موظف",
        "branches": "branch;branches;فرع واحد;فرعان;فروع;فرعًا;فرع",
        "stores": "store;stores;متجر واحد;متجران;متاجر;متجرًا;متجر",
        "customers": "customer;customers;عميل واحد;عميلان;عملاء;عميلًا;عميل",
        "users": "user;users;مستخدم واحد;مستخدمان;مستخدمين;مستخدمًا;مستخدم",
        "merchants": "merchant;merchants;تاجر واحد;تاجران;تجار;تاجرًا;تاجر",
        "partners": "partner;partners;شريك واحد;شريكان;شركاء;شريكًا;شريك",
        "clinics": "clinic;clinics;عيادة واحدة;عيادتان;عيادات;عيادة;عيادة",
        "hospitals": "hospital;hospitals;مستشفى واحد;مستشفيان;مستشفيات;مستشفى;مستشفى",
        "schools": "school;schools;مدرسة واحدة;مدرستان;مدارس;مدرسة;مدرسة",
        "restaurants": "restaurant;restaurants;مطعم واحد;مطعمان;مطاعم;مطعمًا;مطعم",
        "countries": "country;countries;دولة واحدة;دولتان;دول;دولة;دولة",
        "offices": "office;offices;مكتب واحد;مكتبان;مكاتب;مكتبًا;مكتب",
        "warehouses": "warehouse;warehouses;مستودع واحد;مستودعان;مستودعات;مستودعًا;مستودع",
        "atms": "ATM;ATMs;صراف آلي واحد;صرافان آليان;صرافات آلية;صرافًا آليًا;صراف آلي",
        "hotels": "hotel;hotels;فندق واحد;فندقان;فنادق;فندقًا;فندق",
        "vehicles": "vehicle;vehicles;مركبة واحدة;مركبتان;مركبات;مركبة;مركبة",
        "projects": "completed project;completed projects;مشروع منجز واحد;مشروعان منجزان;مشاريع منجزة;مشروعًا منجزًا"
        ";مشروع منجز",
        "years": "year in business;years in business;سنة واحدة;سنتان;سنوات;سنة;سنة",
    }.items()
}
"""Nouns of what claims count (`tools.claim_words.MEASURES`), and of years."""


def counted(noun: str, number: int) -> BilingualText:
    """A count with thousands separators and its noun in the form that the number asks for.

    Args:
        noun: A key of `NOUNS`.
        number: How many; 0 or more.
    """
    nouns = NOUNS[noun]
    english = f"{number:,} {nouns.one if number == 1 else nouns.other}"
    if number in (1, 2):
        return both(english, nouns.ar_one if number == 1 else nouns.ar_two)
    by_category = {"few": nouns.ar_few, "many": nouns.ar_many}
    category = str(_locale("ar").plural_form(number))
    return both(english, f"{number:,} {by_category.get(category, nouns.ar_other)}")


@lru_cache(maxsize=2)
def _locale(language: str) -> Locale:
    return Locale(language)


def country_label(code: str) -> BilingualText:
    """The name of an ISO alpha-2 code by CLDR, in both languages."""
    name = country_name(code)
    return both(name, str(_locale("ar").territories.get(code, name)))


def joined(labels: Iterable[BilingualText]) -> BilingualText:
    """Labels in the order given, each once, with the comma of the language."""
    kept = list(dict.fromkeys((label.en, label.ar) for label in labels))
    return both(", ".join(en for en, _ in kept), "، ".join(ar for _, ar in kept))


def label_of(labels: Mapping[str, BilingualText], key: str) -> BilingualText:
    """The label of a key; the key itself where a stored claim uses a word that the vocabulary no longer has."""
    return labels.get(key) or both(key, key)


def topic_label(topic: str) -> BilingualText:
    """What two sources contradict each other about."""
    return label_of(TOPIC_LABELS, topic)


def said(topic: str, side: ContradictionSide) -> BilingualText:
    """What one side of a contradiction says; names, years, numbers and codes are the same in both languages."""
    says = side.says
    if topic == "status":
        known = {**STATUS_LABELS, _NOT_DELISTED.en: _NOT_DELISTED}
        label = known.get(says.casefold())
        return both(says, says if label is None else label.ar)
    if topic in _PLACE_TOPICS:
        stated, _, place = says.partition(": ")
        code = country_code(stated)
        return both(says, stated if code is None or place else country_label(code).ar)
    return both(says, says)
