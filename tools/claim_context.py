"""Claim context: the words around a mention that tell an offer from a customer's trade, a need, or a place."""

import re

from partnership_os.tools.claim_tense import clause_start
from partnership_os.tools.places import is_city

__all__ = ["is_bought", "is_customer_trade", "is_figurative", "is_present_place", "is_served", "is_sought"]

_CUSTOMER_CUE = re.compile(
    r"\b(?:serves?|serving|caters? to|catering to|(?:its |whose |the company's )?(?:customers|clients|tenants"
    r"|end[- ]users) (?:include|are|comprise|in|from)"
    r"|for use (?:in|by|as)|(?:is|are) used (?:in|by|for|as|to)|used (?:in|by|for)|uses? in|applications? (?:in|for"
    r"|including|such as)"
    r"|(?:sells?|suppl(?:y|ies)|provid(?:es?|ing)|offers?|markets|distributes?) (?:its |their )?(?:products"
    r"|services|solutions|software|equipment)? ?(?:and \w+ )?to(?: the)?"
    r"|to (?:customers|clients|companies|businesses|players|firms) (?:in|such as|including|across)"
    r"|invests? (?:primarily |mainly |directly )?in"
    r"|invest(?:ing|ments?) in|investment focus|interests? in|stakes? in|seeks to (?:invest|acquire)"
    r"|portfolio compan\w+|targets?|focus(?:es)? on the"
    r"|(?:insurance|coverage|cover|covers|protection|benefits?|contracts?|policies|polic(?:y|ies)"
    r"|products that cover) (?:for|of|against|in respect of|that)"
    r"|through (?:(?!the\b)[\w-]+ ){0,4}?(?:distributors|resellers|dealers|retailers|agents|wholesalers|partners)"
    r"|against|in respect of|damage to|losses? (?:of|to)|claims for|(?:loans?|financing|finance|facilities) (?:for|to)"
    r"|(?:industries|sectors|markets|customers|clients|verticals|businesses),? (?:such as|including|like)"
    r"|for (?:the )?(?:customers|clients|companies|players|firms) (?:in|across))\b"
    r"|(?:تخدم|يخدم|نخدم|لخدمة|عملاؤها|عملاؤنا|عملائها|لعملاء|للعاملين في|تستثمر في|تستخدم في|يستخدم في"
    r"|المستخدمة في)\s",
    re.IGNORECASE,
)
_OFFER_CUE = re.compile(
    r"\b(?:provides?|(?<!for )providing|offer(?:s|ing)?|manufactur(?:es?|ing)|produc(?:es|ing)|sells?|selling"
    r"|distribut(?:es?|ing)|operat(?:es|ing)"
    r"|develop(?:s|ing)|deliver(?:s|ing)|engag(?:es|ed|ing) in|involved in|trad(?:es|ing)|import(?:s|ing)|supply"
    r"|supplies|supplying"
    r"|as well as|including its|specializ(?:es|ing) in|undertakes?|designs?|markets|leases|rents|renders|constructs"
    r"|builds)\b"
    r"|(?:تقدم|يقدم|نقدم|تقديم|توفر|يوفر|نوفر|تصنع|تنتج|تبيع|تبيع|توزع|تعمل في|تشغل|تطور|متخصصة في)\s",
    re.IGNORECASE,
)
_TRADE_AFTER = re.compile(
    r"^(?:(?:\s*,\s*(?:and|or)?|\s+(?:and|or))\s*(?!(?:for|to|in|of|by|with|from|through|as|its|the|also|sells?"
    r"|provides?|offers?)\b)"
    r"[\w-]+(?:\s(?!(?:for|to|in|of|by|with|from|through|as|is|are)\b)[\w-]+){0,2}){0,8}\s+"
    r"(?:industry|industries|sectors?|end[- ]markets?|customers|clients|applications|companies|firms|operators"
    r"|verticals)\b",
    re.IGNORECASE,
)
_MAY_GET = re.compile(
    r"^\s+(?:may|might|can|could)\s+(?:also\s+)?(?:get|receive|obtain|buy|order|book|hire|rent|earn)\b", re.IGNORECASE
)
_SERVED_CUE = re.compile(
    r"\b(?:serv(?:es?|ed|ing)|caters? to|(?:customers|clients|tenants|users|subscribers|members|buyers|policyholders"
    r"|borrowers)\b(?: \w+){0,3}?,? (?:include|are|comprise|in|from|across|such as|range from)"
    r"|(?:customers|clients|merchants|users|businesses)\b[^.;:,]{0,30}, (?:including|from|among them)"
    r"|target(?:s|ing)?|for|(?<!related )(?<!relating )(?<!due )(?<!according )(?<!addition )(?<!exposure )"
    r"(?<!prior )(?<!subject )to|across|among|used by)(?=\s)"
    r"|(?:تخدم|يخدم|نخدم|لخدمة|خدمة|عملاؤها|عملاؤنا|عملاؤه|عملائها|عملائه|عملائنا|زبائنها|زبائنه|إلى|لدى|تستهدف"
    r"|يستهدف|لصالح|[يت]ستخدم(?:ها|ه))\s",
    re.IGNORECASE,
)
_COUNTED_CUSTOMERS = re.compile(
    r"\b(?:has|had|have|counts?|counted)\s+(?:[\w-]+\s+){0,3}?[\d.,]+\s+(?:million\s+|thousand\s+)?(?:active\s+)?$",
    re.IGNORECASE,
)
_BETWEEN_BREAKS = re.compile(
    r"[.;:()]|\b(?:(?<!\bowners )(?<!\bthousands )(?<!\bhundreds )(?<!\bmillions )(?<!\bnumber )"
    r"of(?! (?:[\w-]+ ){0,2}?(?:industr\w+|sectors?|markets|customers|clients)\b)"
    r"|(?<!range )(?<!clients )(?<!customers )(?<!clients, )(?<!customers, )from|by|that|which|who"
    r"|through|under|develop|build|manage|operate|invest|acquire|own"
    r"|construct|lease|rent|establish|engag\w+"
    r"|provid\w+|support|become|be|owns?|operates?|expand|increase|use|used|via|its|their|subsidiar\w+"
    r"|shareholders?|due|according|related|respect)\b",
    re.IGNORECASE,
)
_ONE_OF_ITS_KIND = re.compile(
    r"\b(?:one of|among|amongst)\s+(?:[\w'’-]+\s+){0,4}?(?:largest|leading|biggest|oldest|first|top|major|best|foremost"
    r"|fastest[- ]growing)\s+(?:[\w-]+\s+){0,2}$|(?:من|بين|إحدى|أحد)\s+(?:أكبر|أبرز|أوائل|أفضل|أقدم)\s+(?:\S+\s+)?$",
    re.IGNORECASE,
)
_PART_OF_A_NAME = re.compile(r"\b(?!(?:The|A|An|Saudi|Gulf|Arab)\b)[A-Z][a-z]+\s+(?:(?:and|of|&)\s+)?(?!Go)[A-Z][a-z]$")
_TWO_OBJECTS = re.compile(r"[وف]?(?:لل|ال|بال)(?:شركات|مكاتب|وكالات)\s+(?:(?!و)\S*[^ةىه\s]|الطاقة|المحاسبة|المحاماة)$")
"""In يقدم للشركات التمويل the definite first word ends its phrase: companies are given finance."""
_HOLDS_A_VERB = re.compile(
    r"[.;:()]|\b(?:is|are|was|were|has|have|had|be|it|its|they|their|which|that|who|where|through|by|against"
    r"|sells?|sold|offers?|provides?|serves?|owns?|operates?|makes?|runs?|gives?|buys?|manages?|invests?|acquired?"
    r"|supplies|produces|develops|engages|includes?|subsidiar\w+|shareholders?)\b",
    re.IGNORECASE,
)
_ARE_CUSTOMERS = re.compile(
    r"^[^.;:()]{0,160}?\b(?:are|is|were|remain)\s+(?:also\s+)?(?:among\s+|all\s+|mostly\s+)?"
    r"(?:its|their|our|his|the (?:company|bank|firm|group)['’]s)\s+(?:[\w-]+\s+){0,2}?"
    r"(?:customers|clients|users|buyers|tenants|subscribers|borrowers|members|policyholders)\b",
    re.IGNORECASE,
)
_USE_IT = re.compile(
    r"^(?P<list>[^.;:()]{0,160}?)\s(?:also\s+|often\s+|mainly\s+)?"
    r"(?:use|run|buy|order|lease|rent|take|pay|connect|accept|build|host|insure|manage|sell (?:on|through|with|over)"
    r"|ship (?:[\w-]+\s){0,2}(?:with|through)|rely on|work with|subscribe to|choose|adopt|deploy|trust|book)\s"
    r"(?:[^.;:()]{0,120}?\b(?:from|with|in|on|through|over)\s+)?"
    r"(?:it\b|its\s(?!shares|stock|own|parent|capital|competitors))",
    re.IGNORECASE,
)
_ARABIC_FOR = re.compile(r"^(?:ول|ل)ل|^ل(?=[\u0621-\u064a]{4})")
_ARABIC_LIST = re.compile(
    r"(?:^|\s)و?لل[\u0621-\u064a]+(?:(?:\s|،\s?)(?:ال|وال)[\u0621-\u064a]+)*(?:\sو|،\s?[\u0621-\u064a])$"
)
"""After للأفراد the rest of the list, which does not repeat the preposition."""
_BOUGHT = re.compile(
    r"\b(?:buys|purchases|procures|outsources)\s(?!(?:and|or)\b)|(?:^|\s)[وف]?[تين]شتري\s", re.IGNORECASE
)
_SOUGHT = re.compile(
    r"\b(?:(?:is|are)\s+(?:currently\s+|now\s+|also\s+|urgently\s+)?(?:looking for|seeking|searching for|in need of"
    r"|tendering for|missing)|(?:it|we|they|company|group|bank|firm)\s+(?:currently\s+|now\s+|also\s+|urgently\s+)?"
    r"(?:seeks?|needs?|requires?|wants?|looks? for)|invites (?:bids|offers|proposals|tenders) for"
    r"|(?:issued|published) an? (?:tender|request for proposals) for)\b"
    r"|^(?-i:(?:[A-Z]\S*\s+){1,5})(?:seeks|needs|requires|wants|looks for)\b"
    r"|(?:^|\s)[وف]?(?:[تين]بحث(?:\s\S+)? عن|[تين]حتاج(?:\s\S+)? إلى|[تين]طلب(?:\s\S+)? عروض|(?:في|ب)\s?حاجة إلى)\s",
    re.IGNORECASE,
)
_RELATIVE = re.compile(r"\b(?:that|which|who)\s(?:also\s)?$")


def is_customer_trade(sentence: str, start: int, end: int) -> bool:
    """Whether the mention names whom the company serves, where its goods are used or what it invests in.

    The last cue before the mention in its clause decides ("serves …, and provides …"); a list that ends in
    "industries", "sectors" or "customers" names trades as well, and so does the subject of "… use it".
    """
    first = clause_start(sentence, start)
    served = [match.end() for match in _CUSTOMER_CUE.finditer(sentence, first, start)]
    offered = [match.end() for match in _OFFER_CUE.finditer(sentence, first, start)]
    if served and (not offered or served[-1] >= offered[-1]):
        return True
    after = sentence[end:]
    return bool(_TRADE_AFTER.match(after) or _MAY_GET.match(after)) or _is_using(sentence[first:start], after)


def is_served(sentence: str, start: int, end: int) -> bool:
    """Whether the mention stands where customers stand.

    After "serves", "for", "to", "customers include", تخدم or لل, as a later item of such a list, or as the subject of
    "… are its customers" and "… use it". "Among the largest banks" and parts of names do not count.
    """
    first = clause_start(sentence, start)
    if _ONE_OF_ITS_KIND.search(sentence, first, start):
        return False
    if _PART_OF_A_NAME.search(sentence[: start + 2]) or _TWO_OBJECTS.match(sentence[start:end]):
        return False
    if _ARABIC_FOR.match(sentence[start:end]) or _ARABIC_LIST.search(sentence[first:start] + sentence[start]):
        return True
    if re.search(r"(?:customers|clients)$", sentence[start:end]) and _COUNTED_CUSTOMERS.search(sentence, first, start):
        return True
    cues = [match.end() for match in _SERVED_CUE.finditer(sentence, first, start)]
    return any(not _BETWEEN_BREAKS.search(sentence, cue, start) for cue in cues) or _is_using(
        sentence[first:start], sentence[end:]
    )


def is_bought(sentence: str, start: int) -> bool:
    """Whether the company buys what is mentioned, with no offer between: "buys … from", تشتري."""
    first = clause_start(sentence, start)
    bought = [match.end() for match in _BOUGHT.finditer(sentence, first, start)]
    offered = [match.end() for match in _OFFER_CUE.finditer(sentence, first, start)]
    return bool(bought) and (not offered or bought[-1] > offered[-1])


def is_sought(sentence: str, start: int) -> bool:
    """Whether the company says that it needs what is mentioned: "is looking for …", تبحث عن, with no offer between."""
    first = clause_start(sentence, start)
    sought = [match.end() for match in _SOUGHT.finditer(sentence, first, start)]
    if not sought:
        return False
    # "Looking for a partner that offers …" is still looked for.
    cues = _OFFER_CUE.finditer(sentence, first, start)
    offered = [
        cue.end() for cue in cues if not re.search(r"\b(?:that|which|who)\s(?:also\s)?$", sentence[first : cue.start()])
    ]
    return not offered or sought[-1] > offered[-1]


def is_figurative(sentence: str, start: int, end: int) -> bool:
    """Whether the mention is a figure of speech: صلب in "في صلب استراتيجيتها" is the heart of something, not steel."""
    return sentence[start:end] == "صلب" and bool(re.search(r"(?:^|\s)[وف]?(?:في|من)\s$", sentence[:start]))


def _is_using(before: str, after: str) -> bool:
    """Whether a mention between the two parts of its clause belongs to the subject of "use it"."""
    if _HOLDS_A_VERB.search(before):
        return False
    users = _USE_IT.match(after)
    return bool(_ARE_CUSTOMERS.match(after) or (users and not _HOLDS_A_VERB.search(users["list"])))


_PLACE_CUE = re.compile(
    r"\b(?:in|across|throughout|within|inside|covering|serving|serves|between|branches in|offices? in|presence in"
    r"|operations in)\b"
    r"|(?:^|\s)(?:في|داخل|عبر|أنحاء|مناطق|مدينة|مدن|بين)\s",
    re.IGNORECASE,
)
_PLACE_BREAKS = re.compile(
    r"[.;:]|\b(?:from|by|that|which|who|listed|shareholders?|subsidiar\w+|acquired|invest\w*|based on|exports?"
    r"|imports?|against|compared"
    r"|banks? of|company of|exchange)\b",
    re.IGNORECASE,
)


def is_present_place(sentence: str, start: int, end: int) -> bool:
    """Whether a place stands after "in", "across", "serving", في or بـ, with nothing between that is another's.

    "From Riyadh, it sells …" and "تقدم … من لندن" at the end of a clause say where the company works as well.
    """
    if re.match(r"^[وف]?ب(?:ال)?[\u0621-\u064a]", sentence[start:end]):
        return True
    cues = [match.end() for match in _PLACE_CUE.finditer(sentence, clause_start(sentence, start), start)]
    return any(not _PLACE_BREAKS.search(sentence, cue, start) for cue in cues) or _is_base(sentence, start, end)


_FROM_BEFORE = re.compile(r"^From\s+(?:(?:[A-Z][\w-]*\s?){1,3}(?:,\s+(?:and\s+)?|\s*and\s+)){0,3}$")
_FROM_AFTER = re.compile(
    r"^(?:(?:,\s+(?:and\s+)?|\s+and\s+)(?:[A-Z][\w-]*\s?){1,3}){0,3},?\s*(?:it|its|we|our|the (?:company|bank|group"
    r"|firm)"
    r"|\w+\s+itself)\s+(?!(?:also\s+)?(?:imports?|buys?|sources?|gets?|comes?|came|brings?"
    r"|orders?|receives?|moved|exports?|ships?|purchases?|left|withdrew)\b)"
)
_FROM_AR = re.compile(r"^[وف]?(?:[تين](?:قدم|وفر|تيح|دير|عمل|شغل|طور|خدم|بيع))\s[^.؛]*\s(?:من)\s$")
_FETCHES_AR = re.compile(
    r"(?:[تين]?(?:ستورد|شتري|جلب|ستقدم|ستقبل)|واردات|مستورد|قادم|موردين|مورد|مستثمر|بدعم|بتمويل|مرخص|شحن|نقل|رحلات"
    r"|توصيل|طلاب|عملاء|عملائها|زوار)"
)


def _is_base(sentence: str, start: int, end: int) -> bool:
    """Whether the company works from the place: "From Dubai and Riyadh its …", a city after من that ends its clause."""
    if _FROM_BEFORE.match(sentence[:start]):
        return bool(_FROM_AFTER.match(sentence[end:]))
    words = sentence[start:end]
    ends = re.match(r"\s*(?:$|[.،؛])", sentence[end:])
    before = sentence[clause_start(sentence, start) : start]
    return bool(ends and is_city(words) and _FROM_AR.match(before) and not _FETCHES_AR.search(before))
