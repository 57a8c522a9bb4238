"""The closed vocabularies of claims that are no concepts: measures, regulators, owners, partner programmes."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from partnership_os.tools.claim_subjects import has_other_subject, is_of_others
from partnership_os.tools.phrases import PhraseTable
from partnership_os.tools.text import number_spans

__all__ = [
    "MEASURES",
    "OWNERSHIPS",
    "PROGRAMMES",
    "REGULATORS",
    "Naming",
    "Scale",
    "named_in",
    "regulators_in",
    "scales_in",
]

MEASURES: Mapping[str, str] = {
    "employees": "employees;employee;full-time employees;staff members;people employed;workforce;professionals;موظف;"
    "موظفا;"
    "موظفين;موظفي;عامل;عاملا;عدد الموظفين",
    "branches": "branches;branch;branch offices;banking branches;sales branches;فرع;فرعا;فروع;فروعها",
    "stores": "stores;shops;outlets;supermarkets;hypermarkets;bookstores;showrooms;convenience stores;pharmacies;"
    "متجر;متجرا;متاجر;معرض;معرضا;معارض;صيدلية;صيدليات;منفذ بيع;منافذ بيع",
    "customers": "customers;clients;subscribers;policyholders;customer;client accounts;عميل;عميلا;عملاء;مشترك;"
    "مشتركا;مشتركين",
    "users": "users;registered users;active users;monthly active users;مستخدم;مستخدما;مستخدمين",
    "merchants": "merchants;تاجر;تاجرا",
    "partners": "partners;resellers;channel partners;dealers;distributors;sub-dealers;agents;شريك;شريكا;شركاء;موزع;"
    "موزعا;"
    "موزعين;وكيل;وكيلا;وكلاء",
    "clinics": "clinics;medical centers;health centers;dental clinics;عيادة;عيادات;مركز طبي;مركزا طبيا;مراكز طبية",
    "hospitals": "hospitals;مستشفى;مستشفيات",
    "schools": "schools;مدرسة;مدارس",
    "restaurants": "restaurants;cafes;coffee shops;مطعم;مطعما;مطاعم",
    "countries": "countries;دولة;دول;بلدا",
    "offices": "offices;مكتب;مكتبا;مكاتب",
    "warehouses": "warehouses;distribution centers;logistics centers;مستودع;مستودعا;مستودعات",
    "atms": "ATMs;automated teller machines;صراف آلي;صرافا آليا",
    "hotels": "hotels;فندق;فندقا;فنادق",
    "vehicles": "vehicles;trucks;buses;مركبة;مركبات;شاحنة;شاحنات;حافلة;حافلات",
    "projects": "completed projects;delivered projects;مشروعا منجزا",
}
"""What can be counted, with the words for it. A number counts when it stands right before the word."""

REGULATORS: Mapping[str, str] = {
    "sama": "SAMA;Saudi Central Bank;Saudi Arabian Monetary Authority;Saudi Arabian Monetary Agency;"
    "البنك المركزي السعودي;"
    "مؤسسة النقد العربي السعودي",
    "cma": "CMA;Capital Market Authority;هيئة السوق المالية",
    "cst": "CST;CITC;Communications, Space and Technology Commission;"
    "Communications and Information Technology Commission;"
    "هيئة الاتصالات;هيئة الاتصالات والفضاء والتقنية;هيئة الاتصالات وتقنية المعلومات",
    "insurance_authority": "Insurance Authority;هيئة التأمين",
    "sfda": "SFDA;Saudi Food and Drug Authority;الهيئة العامة للغذاء والدواء;هيئة الغذاء والدواء",
    "hrsd": "Ministry of Human Resources and Social Development;Ministry of Human Resources;وزارة الموارد البشرية;"
    "وزارة الموارد البشرية والتنمية الاجتماعية",
    "tga": "Transport General Authority;الهيئة العامة للنقل;هيئة النقل",
    "gaca": "GACA;General Authority of Civil Aviation;الهيئة العامة للطيران المدني",
    "moh": "Ministry of Health;وزارة الصحة",
    "ministry_of_investment": "MISA;Ministry of Investment;وزارة الاستثمار",
    "cbuae": "CBUAE;Central Bank of the UAE;Central Bank of the United Arab Emirates;مصرف الإمارات المركزي;"
    "مصرف الإمارات العربية المتحدة المركزي",
    "sca": "Securities and Commodities Authority;هيئة الأوراق المالية والسلع",
    "tdra": "TDRA;Telecommunications and Digital Government Regulatory Authority;هيئة تنظيم الاتصالات والحكومة الرقمية",
    "dfsa": "DFSA;Dubai Financial Services Authority;سلطة دبي للخدمات المالية",
    "fsra": "FSRA;Financial Services Regulatory Authority;سلطة تنظيم الخدمات المالية",
    "vara": "VARA;Virtual Assets Regulatory Authority;سلطة تنظيم الأصول الافتراضية",
    "cbb": "CBB;Central Bank of Bahrain;مصرف البحرين المركزي",
    "cbk": "CBK;Central Bank of Kuwait;بنك الكويت المركزي",
    "qcb": "QCB;Qatar Central Bank;مصرف قطر المركزي",
    "cbo": "Central Bank of Oman;البنك المركزي العماني",
    "cbe": "CBE;Central Bank of Egypt;البنك المركزي المصري",
    "fca": "FCA;Financial Conduct Authority",
    "central_bank": "central bank;Reserve Bank of India;Bank Negara Malaysia;Monetary Authority of Singapore;"
    "البنك المركزي",
}
"""Who licenses or supervises. Counts only next to words such as "licensed by"."""

_SUPERVISED = re.compile(
    r"\b(?:licen[sc]ed|regulated|supervised|authori[sz]ed|approved|registered|accredited)\s+"
    r"(?:and\s+\w+\s+)?(?:by|with|from|under)\b|\blicen[sc]es?\s+(?:from|by|of|issued by)\b"
    r"|\bunder the supervision of\b"
    r"|مرخص|ترخيص|خاضعة? لإشراف|تخضع لإشراف|تحت إشراف|مسجلة? لدى|معتمدة? من|بإشراف",
    re.IGNORECASE,
)
_REACH_OF_SUPERVISION = 120

OWNERSHIPS: Mapping[str, re.Pattern[str]] = {
    "listed": re.compile(
        r"\b(?:is|are|was|has been|have been)\s+(?:publicly\s+)?listed on\b|\bpublicly[ -](?:traded|listed)\b"
        r"|\bshares (?:are|is|have been) (?:listed|traded) on\b"
        r"|(?:مدرجة?|متداولة?|[تي](?:درج|تداول)\sأسهم(?:ها|ه))\s(?:في\s|ب)(?:ال)?(?:سوق|بورصة|تداول)(?!\w)",
        re.IGNORECASE,
    ),
    "subsidiary": re.compile(
        r"\b(?:operates as|is|was|became)\s+(?:now\s+)?an?\s+(?:wholly[- ]owned\s+|majority[- ]owned\s+|direct\s+"
        r"|indirect\s+)?subsidiary of\b"
        r"|\ba wholly[- ]owned subsidiary of\b|\b(?:has belonged|belongs) to\s+(?-i:[A-Z])(?!ier\b|lass\b)"
        r"|شركة تابعة ل|إحدى شركات",
        re.IGNORECASE,
    ),
    "majority_owned": re.compile(
        r"\b(?:majority|wholly|fully)[- ]owned by\b|\bis owned by\b|مملوكة? (?:بالكامل |بأغلبية )?ل"
        r"|\b(?:holds|owns)\s+(?:most|the majority|a majority|more than half)\s+of\s+(?:its|our|the (?:company|bank"
        r"|group)['’]s)\s+shares\b"
        r"|(?:^|\s)[وف]?[يت]ملك\s(?:\S+\s){1,5}?(?:أغلبية|معظم|غالبية)\s(?:أسهم|حصص)(?:ها|ه)(?!\w)",
        re.IGNORECASE,
    ),
    "state_owned": re.compile(
        r"\b(?:state|government)[- ]owned (?:company|enterprise|bank|entity)\b|\bowned by the (?:government"
        r"|Public Investment Fund)\b"
        r"|مملوكة? (?:بالكامل )?(?:للدولة|لصندوق الاستثمارات العامة)",
        re.IGNORECASE,
    ),
}
"""What is said of owners."""

PROGRAMMES: Mapping[str, re.Pattern[str]] = {
    "partner_programme": re.compile(
        r"\b(?:partner|reseller|channel|affiliate|referral|dealer)(?:\s+partner)? program(?:me)?s?\b"
        r"|\bpartner network\b|\bnetworks? of (?:\w+ ){0,2}?(?:partners|resellers)\b(?! (?:hospitals|banks|clinics))"
        r"|\b(?:reseller|channel partner|partner programme|partnership program(?:me)?) agreements?\b"
        r"|\b(?:sells?|sold|selling|works?|distributes?|distributed|markets?|marketed|available)\b[^.;]{0,60}?"
        r"\b(?:through|via) (?:(?!direct\b)[\w-]+,? (?:and )?){0,4}?"
        r"(?:resellers|(?:channel|sales|implementation|certified|solution) partners)\b"
        r"|\bchannel partners\b|برنامج (?:ال)?(?:شركاء|موزعين|وكلاء)|شبكة (?:من )?(?:ال)?شركاء"
        r"|(?:عبر|من خلال) (?:معيدي البيع|شركاء البيع|شركاء معتمدين|شركائها|شركائه)",
        re.IGNORECASE,
    ),
    "authorised_distributor": re.compile(
        r"\b(?:authori[sz]ed|exclusive|official|sole|accredited)\s+(?:\w+\s+){0,2}?(?:distributor|dealer|reseller"
        r"|agent|partner)\b(?!\s+(?:network|of its))"
        r"|\b(?:are|as|among|one of) (?:the )?(?:authori[sz]ed|exclusive|official|accredited)\s+(?:\w+\s+){0,2}?"
        r"(?:distributors|dealers|resellers|agents|partners)\b(?! of its)"
        r"|(?<!عبر )(?<!خلال )(?:موزع(?:ا|ة)? (?:معتمد|حصري)|وكيل(?:ا)? (?:معتمد|حصري|وحيد)"
        r"|الوكيل الحصري|الموزع المعتمد)(?!ين)",
        re.IGNORECASE,
    ),
    "alliance": re.compile(
        r"\bstrategic (?:alliance|partnership|collaboration)s? (?:agreement\s+)?with\b|\bjoint venture with\b"
        r"|\bpartnership agreement with\b"
        r"|\bpartners with\b|\bpartnered with\b|شراكة (?:استراتيجية )?مع|تحالف (?:استراتيجي )?مع|اتفاقية شراكة مع",
        re.IGNORECASE,
    ),
}
"""What shows that a company works with partners."""


class Naming(NamedTuple):
    """Words that name something of a closed vocabulary, at their place in the text."""

    name: str
    start: int
    end: int


class Scale(NamedTuple):
    """A count of something: the measure, the number, and where both stand in the text."""

    measure: str
    value: float
    start: int
    end: int


_TABLE = PhraseTable()
for _measure, _words in MEASURES.items():
    for _word in _words.split(";"):
        _TABLE.add(_word, "measure", _measure)
_REGULATOR_TABLE = PhraseTable()
for _regulator, _words in REGULATORS.items():
    for _word in _words.split(";"):
        _REGULATOR_TABLE.add(_word, "regulator", _regulator)

_BETWEEN = re.compile(
    r"\s*(?:%\s*)?(?:(?!(?:and|or|in|of|with|to|for|by|from|through|as|at|on|per|years?|million|billion|و|في|من|عام"
    r"|سنة)\b)[^\W\d_]+[\s-]+){0,4}"
)
_ABOUT = (
    r"(?:\s+(?:about|around|approximately|nearly|roughly|some|over|more than|almost|close to|at least|up to"
    r"|just (?:over|under)|fewer than|less than|an estimated|a total of))?\s*$"
)
_ABOUT_AR = r"\s+(?:(?:نحو|حوالي|قرابة|أكثر من|يبلغ|بلغ)\s+)*$"
_STAFF_BEFORE = re.compile(
    r"\b(?:staff|workforce|head ?count)\s+(?:of|numbers?|numbered|numbering|totals?|totalled|reached|is|was|stands at"
    rf"|stood at){_ABOUT}"
    rf"|\bnumber of (?:employees|staff)(?:\s+(?:is|was|reached|stands at|stood at))?{_ABOUT}"
    rf"|عدد\s(?:موظفيها|موظفيه|العاملين فيها|العاملين لديها|موظفي الشركة){_ABOUT_AR}",
    re.IGNORECASE,
)
_EMPLOYS_BEFORE = re.compile(
    rf"\bemploy(?:s|ed|ing)?{_ABOUT}|[يت]عمل\s(?:بها|به|لديها|لديه|فيها|فيه){_ABOUT_AR}"
    rf"|[يت]وظف(?:\s+\S+)?{_ABOUT_AR}",
    re.IGNORECASE,
)
_PEOPLE_AFTER = re.compile(
    r"\s+(?:[a-z-]+\s+){0,2}?(?:people|persons|workers|staff|employees|شخصا?|شخصًا|أشخاص)\b|\s*(?:$|[.,;]|(?:in"
    r"|across|worldwide|at"
    r"|globally)\b)",
    re.IGNORECASE,
)
_COUNTS_AGAIN = re.compile(
    rf"\b(?:today|now|currently),?\s+(?:it|the (?:company|bank|group|firm)|we|they)\s+(?:has|have|counts?"
    rf"|employs?){_ABOUT}",
    re.IGNORECASE,
)
"""After "it had 5,000 employees": "today it has more than 300,000", of the same."""
_ENDS = re.compile(r"\s*(?:$|[.;])")
_OTHER_UNIT = re.compile(r"\s*(?:%|per ?cent|years?\b|hours?\b|million|billion|في المئة)", re.IGNORECASE)
_NOT_COUNTS = re.compile(r"(?:[$€£%]|\b(?:sar|usd|aed|sr|approximately sar|m2|sqm)\s*)$", re.IGNORECASE)


_YEAR_BEFORE = re.compile(r"(?:\b(?:in|since|of|by|until|year)|,|عام|سنة)\s*$", re.IGNORECASE)
_NEAR = 200
"""Characters before a number in which its words are looked for: the patterns end at the number and are shorter."""


def scales_in(text: str) -> tuple[Scale, ...]:
    """Every count in a text: a number, at most four plain words, then what is counted.

    What "today it has 300,000" counts is what the count before it does.

    "341 branches", "79 of its own branches" (no: a preposition ends the reading), "forty-two retail branches" and
    "١٢ فرعًا". Years and amounts of money are no counts.
    """
    mentions = {match.start: match for match in _TABLE.find(text)}
    found: list[Scale] = []
    for number in number_spans(text):
        if _NOT_COUNTS.search(text, max(0, number.start - _NEAR), number.start) or number.value != int(number.value):
            continue
        gap = _BETWEEN.match(text, number.end)
        limit = gap.end() if gap else number.end
        match = next((mentions[at] for at in range(number.end, limit + 1) if at in mentions), None)
        if _is_year(text, number.start, number.end, int(number.value)):
            continue
        if match is not None:
            found.append(Scale(match.name, float(number.value), number.start, match.end))
        elif _counts_staff(text, number.start, number.end):
            found.append(Scale("employees", float(number.value), number.start, number.end))
        elif found and _ENDS.match(text, number.end):
            near = max(found[-1].end, number.start - _NEAR)
            if _COUNTS_AGAIN.search(text, near, number.start):
                found.append(Scale(found[-1].measure, float(number.value), number.start, number.end))
    return tuple(found)


def _counts_staff(text: str, start: int, end: int) -> bool:
    """Whether the number counts people at work without a word for them: "employs 350 people", "a staff of 900"."""
    if _OTHER_UNIT.match(text, end):
        return False
    near = max(0, start - _NEAR)
    is_staff = bool(_STAFF_BEFORE.search(text, near, start))
    is_employed = is_staff or bool(_EMPLOYS_BEFORE.search(text, near, start) and _PEOPLE_AFTER.match(text, end))
    return is_employed and not has_other_subject(text, start)


def _is_year(text: str, start: int, end: int, value: int) -> bool:
    plain = text[start:end].isdigit() and 1900 <= value <= 2100
    return plain and bool(_YEAR_BEFORE.search(text, max(0, start - _NEAR), start))


def regulators_in(text: str) -> tuple[Naming, ...]:
    """Regulators that a text names right after words of licensing or supervision of the company.

    Each stands from those words to the end of its name.
    """
    found: list[Naming] = []
    cues = [match.span() for match in _SUPERVISED.finditer(text) if not is_of_others(text, match.start())]
    for match in _REGULATOR_TABLE.find(text):
        near = [
            start
            for start, end in cues
            if 0 <= match.start - end <= _REACH_OF_SUPERVISION and not set(".;") & set(text[end : match.start])
        ]
        if near:
            found.append(Naming(match.name, near[-1], match.end))
    return tuple(found)


def named_in(patterns: Mapping[str, re.Pattern[str]], text: str) -> tuple[Naming, ...]:
    """Every match of some patterns (`OWNERSHIPS`, `PROGRAMMES`)."""
    return tuple(
        Naming(name, match.start(), match.end())
        for name, pattern in patterns.items()
        for match in pattern.finditer(text)
    )
