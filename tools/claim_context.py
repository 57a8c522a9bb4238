"""The words around a mention: is it denied, is it past, is it a customer's trade rather than an offer?"""

import re

__all__ = ["has_other_subject", "is_customer_trade", "is_negated", "is_of_others", "is_present_place", "is_served"]

_CLAUSE_END = re.compile(
    r"[.;!?؟؛\n](?:\s|$)|,?\s+\b(?:but|however|instead|while|whereas|although)\b|\s(?:لكن|بل|ولكن)\s"
)
_DENIAL_BEFORE = re.compile(
    r"\b(?:(?:does|do|did|is|are|was|were|has|have|can|will)\s*(?:not|n't|n’t)(?!\s+(?:only|just|merely))|(?:does"
    r"|do|did|is|are|has|have)n['’]t"
    r"|(?:has|have|had|with|holds?|offers?|provides?|sells?|operates?) no"
    r"|cannot|no longer|not (?:offer|provid|sell|includ)\w*|never|neither|nor|without|except(?:ing)?|excluding"
    r"|rather than|other than"
    r"|ceased?|ceasing|discontinu\w+|divest\w+|stopped|exited|withdrew from|(?:sold|disposed of|spun off"
    r"|closed)\s+(?:its|their|the|all)"
    r"|(?:previously|formerly)(?!\s+(?:known|named|called|operated as))|used to|instead of|lacks?|free of"
    r"|plans? to exit|terminated)\b"
    r"|(?:^|\s)[وف]?(?:لا|لم|لن|ليس(?:ت)?|ليس لديها|لم تعد|لم يعد|غير|دون|بدون|باستثناء|عدا|سوى|توقفت|توقف|أوقفت"
    r"|تخارجت|باعت|ألغت|كانت تقدم|سابقا)\s",
    re.IGNORECASE,
)
_DENIAL_AFTER = re.compile(
    r"^[^.;,]{0,60}?\b(?:(?:was|were|has been|have been|is being|are being|is|are)\s+(?:\w+\s+)?(?:discontinued"
    r"|divested|sold|closed"
    r"|terminated|spun off|no longer (?:offered|provided|available)|not (?:offered|provided|available|included))"
    r"|(?:is|are) no longer)\b|^[^.؛،]{0,40}?(?:توقف(?:ت)?|ألغي(?:ت)?|بيعت|غير متاح|غير متوفر|لم تعد)",
    re.IGNORECASE,
)
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
_OTHER_SUBJECT = re.compile(
    r"\b(?:subsidiar(?:y|ies)|affiliates?|sister compan(?:y|ies)|parent(?: company)?|associates?|competitors?)\b"
    r"(?!\s+of\b)"
    r"|(?:شركتها|شركته|شركاتها|الشركة|الشركات|شركة)\s(?:التابعة|الشقيقة|الأم|تابعة|شقيقة)(?!\s+ل)",
    re.IGNORECASE,
)
_OWN_NOUN = re.compile(
    r"(?:\b(?:is|was|as|became|remains)\s+(?:also\s+|now\s+)?(?:an?|the|one of)\s+[^.;,]{0,80}"
    r"|\b(?:is|are|was|were|be|been|being|and|or|fully|duly|it|also|which|that)\s+(?:[a-z]+ly\s+)?|,\s*)$",
    re.IGNORECASE,
)
_OTHER_NOUN = re.compile(
    r"\b(?:banks|companies|firms|institutions|insurers|providers|entities|lenders|partners|brokers|dealers|agents|operators"
    r"|hospitals|clinics|facilities|funds|managers|exchanges|businesses|others|those|products|drugs|medicines|fintechs"
    r"|contractors|schools|merchants)\s+$"
    r"|\b(?:with|of|for|to|from|by|through|at|via)\s+(?:an?|the|any|another)\s+(?:[\w-]+\s+){0,3}$"
    r"|(?:^|\s)[وبلف]?(?:ال|لل)?(?:شركات|بنوك|مصارف|جهات|مؤسسات|منشآت|وسطاء|شركاء|مقدمي|مزودي|مكاتب)\s(?:\S+\s)?$",
    re.IGNORECASE,
)


def _clause_start(sentence: str, start: int) -> int:
    ends = [match.end() for match in _CLAUSE_END.finditer(sentence, 0, start)]
    return ends[-1] if ends else 0


def is_negated(sentence: str, start: int, end: int) -> bool:
    """Whether the mention ``sentence[start:end]`` is denied, given up or past in its clause.

    "does not offer", "no longer provides", "divested its … business", "… was discontinued", "لا تقدم"; "not only"
    denies nothing.
    """
    if _DENIAL_BEFORE.search(sentence, _clause_start(sentence, start), start):
        return True
    return bool(_DENIAL_AFTER.match(sentence[end:]))


def is_customer_trade(sentence: str, start: int, end: int) -> bool:
    """Whether the mention names whom the company serves, where its goods are used or what it invests in.

    The last cue before the mention in its clause decides ("serves …, and provides …"); a list that ends in
    "industries", "sectors" or "customers" names trades as well, and so does the subject of "… use it".
    """
    first = _clause_start(sentence, start)
    served = [match.end() for match in _CUSTOMER_CUE.finditer(sentence, first, start)]
    offered = [match.end() for match in _OFFER_CUE.finditer(sentence, first, start)]
    if served and (not offered or served[-1] >= offered[-1]):
        return True
    return bool(_TRADE_AFTER.match(sentence[end:])) or _is_using(sentence[first:start], sentence[end:])


def is_served(sentence: str, start: int, end: int) -> bool:
    """Whether the mention stands where customers stand.

    After "serves", "for", "to", "customers include", تخدم or لل, as a later item of such a list, or as the subject of
    "… are its customers" and "… use it". "Among the largest banks" and parts of names do not count.
    """
    first = _clause_start(sentence, start)
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


def _is_using(before: str, after: str) -> bool:
    """Whether a mention between the two parts of its clause belongs to the subject of "use it"."""
    if _HOLDS_A_VERB.search(before):
        return False
    users = _USE_IT.match(after)
    return bool(_ARE_CUSTOMERS.match(after) or (users and not _HOLDS_A_VERB.search(users["list"])))


def has_other_subject(sentence: str, start: int) -> bool:
    """Whether the clause before ``start`` speaks of a subsidiary, parent or sister of the company."""
    return bool(_OTHER_SUBJECT.search(sentence, _clause_start(sentence, start), start))


def is_of_others(sentence: str, start: int) -> bool:
    """Whether words of licensing that begin at ``start`` are said of somebody else than the company.

    "banks licensed by …", شركات التمويل المرخصة من …, "its subsidiary Tamam … under a licence of …". In "is a bank
    licensed by …" and "the company, licensed by …" they are the company's own.
    """
    while start and sentence[start - 1].isalnum():
        start -= 1
    before = sentence[_clause_start(sentence, start) : start]
    if has_other_subject(sentence, start):
        return True
    if _OWN_NOUN.search(before):
        return False
    is_attribute = sentence.startswith("ال", start) and not re.search(r"(?:^|\s)(?:الشركة|البنك|المصرف)\s$", before)
    return is_attribute or bool(_OTHER_NOUN.search(before))


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
    """Whether a place stands after "in", "across", "serving", في or بـ, with nothing between that makes it another'"
    "s.
    """
    if re.match(r"^[وف]?ب(?:ال)?[\u0621-\u064a]", sentence[start:end]):
        return True
    cues = [match.end() for match in _PLACE_CUE.finditer(sentence, _clause_start(sentence, start), start)]
    return any(not _PLACE_BREAKS.search(sentence, cue, start) for cue in cues)
