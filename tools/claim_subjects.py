"""Claim subjects: does a sentence speak of the company, or of its parent, customers, rivals, or some other firm?"""

import re

from partnership_os.tools.claim_tense import clause_start
from partnership_os.tools.text import name_key

__all__ = [
    "counts_of_others",
    "has_other_subject",
    "is_badge_of_others",
    "is_beside_kin",
    "is_company_again",
    "is_contrasted",
    "is_in_other_name",
    "is_of_others",
    "is_own_again",
    "is_said_of_kin",
    "is_said_of_others",
    "other_name_end",
]

_KIN = (
    r"(?:subsidiar(?:y|ies)|affiliates?|sister (?:compan(?:y|ies)|firms?)|parents?(?: compan(?:y|ies))?"
    r"|associates?|competitors?|rivals?)"
)
_OTHERS = (
    rf"(?:{_KIN}|customers?|clients?|suppliers?|vendors?|shareholders?|owners?|investors?|founders?|contractors?"
    r"|subcontractors?|tenants?|distributors?|resellers?|dealers?|partners?|merchants?|borrowers?|policyholders?"
    r"|landlords?|licensors?|franchisees?)"
)
_WHOSE = (
    r"(?:(?:(?:one|some|many|most|all|each|several|none) of\s+)?(?:its|their|our|his|the|other|another|an?"
    r"|(?:the )?(?:company|bank|group|firm|fund|[A-Z]\w+)['’]s)\s+)"
)
_NOT_A_VERB = (
    r"(?:and|or|in|of|to|for|from|with|by|at|on|as|via|across|through|such|including|like|who|which|that|worldwide"
    r"|globally|under|into|over|than|within|between|among|throughout|also|(?-i:[A-Z])\w*)"
)
_VERB = (
    r"(?:offers?|provides?|ha(?:s|ve|d)|holds?|held|sells?|employs?|operates?|is|are|was|were|runs?|owns?|makes?"
    r"|serves?"
    r"|delivers?|manages?|works?|counts?|left|obtained|received|earned|supplies|supply|produces?|opened|launched)"
)
_NO_ADJECTIVE = (
    r"(?:is|are|was|were|has|have|had|of|and|or|in|to|for|with|by|from|as|that|which|who|company|group|bank)"
)


def _subject(noun: str) -> re.Pattern[str]:
    """A noun phrase that is the subject of its clause: at its start, with a name or an apposition, before a verb."""
    return re.compile(
        r"(?:(?:^|[,;]\s*(?:and\s+|where\s+)?|\b(?:and|whereas|where|that|because|since|unlike)\s+)"
        rf"{_WHOSE}(?:(?!{_NO_ADJECTIVE}\b)[\w'’-]+\s+){{0,4}}?{noun}|^\W*(?:(?:some|many|most|all"
        rf"|several)\s+)?{noun}(?<=s))\b(?!['’])"
        r"(?:\s+(?-i:[A-Z])[\w&.-]*){0,4}(?:\s*\([^)]{0,60}\))?(?:,\s[^,;.]{1,80},)?"
        rf"(?:,?\s+(?:which|who|that)\s+\w|\s+(?:also|all|both|together|each|\w+ly)\s+\w|\s+(?!{_NOT_A_VERB}\b)\w"
        rf"|,\s+{_VERB}\b|\s+(?:in|of|from|with|at)\s+(?:[\w'’-]+\s+){{1,6}}?{_VERB}\b)",
        re.IGNORECASE,
    )


_KIN_SUBJECT = _subject(_KIN)
_OTHERS_SUBJECT = _subject(_OTHERS)
_OWN_AND_KIN = re.compile(
    r"\b(?:it|we|the (?:company|group|bank|firm)|(?-i:[A-Z])[\w&.-]*),?\s+(?:and|together with|along with)\s+"
    rf"(?:its|our)\s+(?:\w+\s+)?{_KIN}\b",
    re.IGNORECASE,
)
_OWN_AGAIN = re.compile(
    r"(?:,|\band|\bwhile|\bthat)\s+(?:it|we|the (?:company|group|bank|firm))\s+(?:also\s+|\w+ly\s+)?\w", re.IGNORECASE
)
_KIN_AR = re.compile(
    r"(?<!عبر )(?<!خلال )(?<!مع )(?:^|\s)[وف]?(?:(?:شركتها|شركته|شركاتها|الشركة|الشركات|شركة|إحدى شركاتها)\s"
    r"(?:التابعة|الشقيقة|الأم|المنافسة|تابعة|شقيقة)(?!\s(?:ل|وت|وه))|منافس(?:تها|ها|ه|وها|وه|تنا|ونا|و الشركة)"
    r"|أحد منافسيها|إحدى منافساتها)(?=\s)"
)
_OTHERS_AR = re.compile(
    r"(?:^|\s)[وف]?(?:عملاؤ|مورد[وي]|مساهمو|ملا[كّ]|شركاؤ|موزعو|مستثمرو|زبائن)(?:ها|ه|نا)(?=\s)"
    r"|(?:أحد|بعض|معظم|جميع)\s(?:عملائ|موردي|شركائ|موزعي|زبائن)(?:ها|ه|نا)(?=\s)"
)
_OWN_AGAIN_AR = re.compile(
    r"،\s?(?:و|كما\s)?[تي]\S+\s(?:الشركة|المجموعة|البنك|المصرف)\s|،\s?و(?:كانت?|لديها|لديه|لها|له"
    r"|[تي][\u0621-\u064a]{2,})\s"
)
_OF_OTHERS = re.compile(
    r"\b(?:subsidiar(?:y|ies)|affiliates?|sister compan(?:y|ies)|parent company|owned by|acquired by|merger with"
    r"|(?:unit|arm|division|part|member)\s+of(?!\s+(?:its|the (?:company|group|bank|firm))\b))\s+(?:of\s+)?(?=\S)"
    r"(?:(?!\band (?:it )?(?:offers|provides|sells|serves|supplies)\b)[^.;])*$"
    r"|\b(?:known as|named|called)\s+"
    r"(?:(?!, (?:is|was|has|offers|provides|sells|serves|insures|makes|mines|operates|engages)\b)[^.;])*$",
    re.IGNORECASE,
)
_NAMED_AFTER = re.compile(
    r"^\s+(?:(?:and|&)\s+[A-Z]\w+\s+)?(?:Company|Co|Corporation|Corp|Limited|Ltd|LLC|Inc|PLC|plc|GmbH|AG|SA|Bhd"
    r"|Berhad|Group|Holdings?)\b"
)


_WORK = (
    r"(?:field|business|work|task|trade|domain|job|matter|responsibility|turf|products?|speciali?ty|area|line|part|role"
    r"|territory)"
)
_DONE_BY_OTHERS = re.compile(
    r"^(?:(?!,?\s(?:while|but|whereas)\s|,\s+and\s)[^.;]){0,60}?\b(?:(?:offered|provided|sold|run|held|delivered"
    r"|operated|owned"
    r"|employed|made|handled|managed|done|covered|supplied|served|carried out|looked after|taken care of)\s+by"
    rf"|(?:is|are|remains?|was|were)\s+(?:now\s+|still\s+|all\s+)?(?:the\s+)?(?:[\w-]+\s+)?{_WORK}\s+of"
    r"|(?:belongs?|falls?|goes?|(?:is|are) (?:now |all )?(?:left|up|entrusted|outsourced|assigned)) (?:to|with|under))"
    rf"\s+(?:{_WHOSE}(?:[\w'’-]+\s+){{0,3}}?{_KIN}\b|others\b)"
    r"|^[^.;]{0,160}?\b(?:is|are)\s+(?:all\s+|both\s+|also\s+)?(?:in|part of|among)\s+(?:its|their|our|his"
    r"|the (?:company|fund"
    r"|group|firm)['’]s)\s+(?:[\w-]+\s+)?(?:portfolio|holdings|investments|subsidiaries|affiliates)\b",
    re.IGNORECASE,
)
_OTHER_WITH = re.compile(
    r"\b(?:with|to|for|by|from|through|via)\s+(?:[\w'’-]+\s+){0,3}?(?:companies|firms|providers|banks|vendors|suppliers"
    r"|partners|merchants|institutions|businesses|insurers|carriers|operators)\s+(?:that|which|who)\s+(?:also\s+"
    r"|\w+ly\s+)?"
    r"(?:offer|provide|sell|have|hold|make|run|operate|supply|are|own|employ)\b[^.;]*$"
    rf"|\b{_OTHERS}\b[^.;]{{0,80}}?,?\s(?:one|some|many|most|all|both|each|several|none|two|three)\s+of\s+(?:whom"
    rf"|which|them)\b"
    r"[^.;]*$"
    r"|\b(?:compared (?:to|with)|compet(?:es?|ing) with|in competition with|unlike|not to be confused with)\s+[^.;]*$"
    r"|(?:(?:^|\s)[وف]?(?:مع|عبر|من|من خلال|إلى)\s(?:ال)?|\s[بل])(?:شركات|جهات|مزودين|مزودي \S+|بنوك|متاجر|منصات"
    r"|مؤسسات|مقدمي \S+)"
    r"\s(?:(?:أخرى|محلية|خارجية|عالمية|خاصة|متخصصة|كبرى|صغيرة)\s)?"
    r"(?:توفر|تقدم|تبيع|تملك|تمتلك|لديها|تصنع|تنتج|تدير|تحمل|حاصلة|مرخصة|تعمل)\s[^.؛]*$",
    re.IGNORECASE,
)

_HINT_OF_OTHERS = re.compile(
    r"(?:that|which|who)\s|of (?:whom|which|them)\b|compet|compared|unlike|confused|(?:شركات|جهات|مزود|بنوك|متاجر"
    r"|منصات|مؤسسات|مقدمي)",
    re.IGNORECASE,
)
"""What `_OTHER_WITH` cannot do without; asked first, as it is quicker."""
_VERB_AGAIN = re.compile(
    r"\band\s+(?:also\s+|\w+ly\s+)?(?:offers|provides|sells|has|holds|operates|serves|supplies|runs|is|employs|makes"
    r"|owns"
    r"|delivers|manufactures|develops)\b",
    re.IGNORECASE,
)


def is_beside_kin(sentence: str, start: int) -> bool:
    """Whether what begins at ``start`` belongs to a subsidiary, parent or owner that is named before it.

    "a subsidiary of Olaya Payroll …", "owned by …", "named …"; "… and offers payroll" is the company's own again.
    """
    return bool(_OF_OTHERS.search(sentence, 0, start)) and not _OWN_AND_KIN.search(sentence, 0, start)


def is_said_of_kin(sentence: str, start: int) -> bool:
    """Whether a subsidiary, parent, sister or competitor is the subject of what begins at ``start``.

    "Its competitor Oracle offers …", تقدم منافستها. "The company and its subsidiaries offer" and "through its
    subsidiary" are the company's own.
    """
    return _is_subject(_KIN_SUBJECT, sentence, start) or _is_subject_ar(_KIN_AR, sentence, start)


def is_said_of_others(sentence: str, start: int, end: int) -> bool:
    """The same, with customers, suppliers, shareholders and partners among the others: "its customers hold …".

    "… are offered by its competitor" is said of others as well.
    """
    return (
        bool(_DONE_BY_OTHERS.match(sentence[end:]))
        or _is_theirs(sentence, start)
        or _is_subject(_OTHERS_SUBJECT, sentence, start)
        or _is_subject_ar(_OTHERS_AR, sentence, start)
    )


def _is_theirs(sentence: str, start: int) -> bool:
    """Whether the words stand in what is said of others: "with banks that offer …", "unlike Olaya, known for …"."""
    first = clause_start(sentence, start)
    if not _HINT_OF_OTHERS.search(sentence, first, start):
        return False
    theirs = _OTHER_WITH.search(sentence, first, start)
    if theirs is None or _OWN_AGAIN.search(sentence, theirs.start(), start):
        return False
    return not _VERB_AGAIN.search(sentence, theirs.start(), start)


def _is_subject(subject: re.Pattern[str], sentence: str, start: int) -> bool:
    first = clause_start(sentence, start)
    clause = sentence[first:start]
    # The word at ``start`` may be the verb's object that follows at once: one letter lets the pattern see a word.
    found = [match for match in subject.finditer(clause + "x") if not _OWN_AND_KIN.search(clause[: match.end()])]
    return bool(found) and not _OWN_AGAIN.search(clause, found[-1].end() - 1)


def _is_subject_ar(subject: re.Pattern[str], sentence: str, start: int) -> bool:
    clause = sentence[clause_start(sentence, start) : start]
    found = [match.end() for match in subject.finditer(clause)]
    return bool(found) and not _OWN_AGAIN_AR.search(clause, found[-1])


_NAMED_SUBJECT = re.compile(
    r"^\W*(?P<name>(?:[A-Z0-9][\w&.'’-]*\s+){1,5}?)(?:\([^)]*\)\s+)?(?:also\s+|currently\s+|\w+ly\s+)?"
    r"(?:offers|provides|sells|has|holds|operates|employs|is|runs|makes|manufactures|owns|serves|delivers|supplies"
    r"|left)\b"
    r"(?!\s+(?:\w+\s+)?(?:its|our|the company['’]s)\b)"
)
_SHORTEST_BEGINNING = 4
_NO_NAME_WORDS = "the this these those our we it its their they he she there that here all each one"
_NO_NAME = frozenset(_NO_NAME_WORDS.split())


_AS_FOR = re.compile(
    r"(?:^|[\s،])و?أما\s(?P<noun>(?:ال)?(?:شركة|بنك|مصرف|مجموعة|مؤسسة)(?!\s(?:الأم|التابعة|الشقيقة|المنافسة|القابضة))|"
    r"\S+(?:\s(?:الأم|التابعة|الشقيقة|المنافسة|القابضة))?)"
)
_KIND_OF_FIRM = ("شركة", "بنك", "مصرف", "مجموعة", "مؤسسة")
_ACTOR = re.compile(r"(?:ال)?(?:شركة|بنك|مصرف|مجموعة|مؤسسة|منافس|عملا|شركا|مورد|موزع|شركات|بنوك|مصارف)\S*(?:\s\S+)?$")


def is_contrasted(sentence: str, start: int, names: tuple[str, ...]) -> bool:
    """Whether أما parts what begins at ``start`` from the company.

    In "…، أما البنك فيقدم …" of a bank what stands before is another's; after "أما المجموعة" of a bank what follows is.
    """
    for match in _AS_FOR.finditer(sentence):
        own = _is_own_noun(match["noun"], names)
        if (own and start < match.start()) or (not own and start >= match.end() and _ACTOR.match(match["noun"])):
            return True
    return False


def _is_own_noun(noun: str, names: tuple[str, ...]) -> bool:
    plain = noun.removeprefix("ال")
    kinds = {kind for kind in _KIND_OF_FIRM for name in names if kind in name.split()}
    if plain in _KIND_OF_FIRM:
        return plain in kinds or (plain == "شركة" and not kinds)
    return any(noun in (name, *name.split()[:1]) for name in names)


def other_name_end(sentence: str, names: tuple[str, ...]) -> int | None:
    """Where the name of another firm ends that is the subject of a sentence ("Oracle offers"); None where none is.

    The name must share no word, beginning of a word or initials with the company's. "Dynamics 365 is its line of …"
    is the company's own.
    """
    subject = _NAMED_SUBJECT.match(sentence)
    if subject is None or subject["name"].split()[0].casefold() in _NO_NAME:
        return None
    own = [name_key(name).split() for name in names]
    known = {word for name in own for word in name} | {"".join(word[0] for word in name) for name in own}
    words = name_key(subject["name"]).split()
    is_own = any(_is_alike(word, other) for word in (*words, "".join(words)) for other in known)
    return None if is_own else len(subject["name"].rstrip()) + subject.start("name")


def _is_alike(word: str, other: str) -> bool:
    shorter, longer = sorted((word, other), key=len)
    return word == other or (len(shorter) >= _SHORTEST_BEGINNING and longer.startswith(shorter))


def is_company_again(sentence: str, first: int, start: int) -> bool:
    """Whether words between two positions make the company the subject: "…, while the company offers"."""
    return bool(_OWN_AGAIN.search(sentence, first, start))


def is_own_again(sentence: str, first: int, start: int) -> bool:
    """Whether the company becomes the subject between two positions: "…, while the company offers"."""
    return is_company_again(sentence, first, start) or clause_start(sentence, start) > first


def is_in_other_name(sentence: str, start: int, end: int) -> bool:
    """Whether the words are part of a firm's name: "Olaya Asset Management Limited"."""
    return sentence[start:end].istitle() and bool(_NAMED_AFTER.match(sentence[end:]))


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
    r"\b(?:banks|companies|firms|institutions|insurers|providers|entities|lenders|partners|brokers|dealers|agents"
    r"|operators"
    r"|hospitals|clinics|facilities|funds|managers|exchanges|businesses|others|those|products|drugs|medicines|fintechs"
    r"|contractors|schools|merchants)\s+$"
    r"|\b(?:with|of|for|to|from|by|through|at|via)\s+(?:an?|the|any|another)\s+(?:[\w-]+\s+){0,3}$"
    r"|(?:^|\s)(?:ل|ب|(?:مع|من|عبر|لدى|عن|إلى)\s)(?:شركة|بنك|مصرف|جهة|مؤسسة)\s(?:\S+\s){0,2}$"
    r"|(?:^|\s)[وبلف]?(?:ال|لل)?(?:شركات|بنوك|مصارف|جهات|مؤسسات|منشآت|وسطاء|شركاء|مقدمي|مزودي|مكاتب)\s(?:\S+\s)?$",
    re.IGNORECASE,
)


_ATTRIBUTE_AR = re.compile(r"ال(?:مرخص|معتمد|مسجل|خاضع|مؤهل|حاصل|حائز|مصنف|مجاز)")
"""A participle with the article belongs to the noun before it (شركات التمويل المرخصة); a badge's article does not."""


def has_other_subject(sentence: str, start: int) -> bool:
    """Whether the clause before ``start`` speaks of a subsidiary, parent or sister of the company."""
    return bool(_OTHER_SUBJECT.search(sentence, clause_start(sentence, start), start))


def is_of_others(sentence: str, start: int) -> bool:
    """Whether words of licensing that begin at ``start`` are said of somebody else than the company.

    "banks licensed by …", شركات التمويل المرخصة من …, "its subsidiary Tamam … under a licence of …". In "is a bank
    licensed by …" and "the company, licensed by …" they are the company's own.
    """
    while start and sentence[start - 1].isalnum():
        start -= 1
    before = sentence[clause_start(sentence, start) : start]
    if has_other_subject(sentence, start):
        return True
    if _OWN_NOUN.search(before):
        return False
    is_attribute = _ATTRIBUTE_AR.match(sentence, start) and not re.search(r"(?:^|\s)(?:الشركة|البنك|المصرف)\s$", before)
    return bool(is_attribute or _OTHER_NOUN.search(before))


_HOLDERS = (
    rf"(?:{_OTHERS}|compan(?:y|ies)|firms?|businesses|enterprises|organi[sz]ations?|banks|manufacturers|factories)"
)
_HELPS = re.compile(
    rf"\b(?:help(?:s|ing)?|assist(?:s|ing)?|support(?:s|ing)?|advis(?:es|ing)|guid(?:es|ing)|prepar(?:es|ing)"
    rf"|enabl(?:es|ing)|train(?:s|ing)|requir(?:es|ing)|ask(?:s|ing)|certif(?:ies|ying)|audit(?:s|ing)?)\s"
    rf"(?:[^.;,]{{0,60}}?\s)?{_HOLDERS}\b[^.;,]{{0,80}}$"
    rf"|\btrain(?:s|ing)\s[^.;,]{{0,60}}$|\b{_OTHERS}['’]s?\s+(?:[\w-]+\s+){{0,3}}$"
    r"|(?:تساعد|يساعد|نساعد|تؤهل|يؤهل|تمكن|يمكن|تدرب|يدرب|تطلب من)\s[^.؛،]{0,80}$"
    r"|(?:شهادات|شهادة|تراخيص|ترخيص)\s(?:عملاء|عملائ|موردي|شركائ)(?:ها|ه|نا)?\s[^.؛،]{0,40}$",
    re.IGNORECASE,
)
_BADGE_AFTER = re.compile(
    r"^[^.;,]{0,40}?\s(?:from|with|through|via|by)\s+(?:it|us|them)(?=[\s.,;]|$)"
    rf"|^[^.;,]{{0,60}}?\b(?:of|held by|issued to|granted to|for|to)\s+(?:{_WHOSE})?(?:\w+\s+){{0,2}}?{_OTHERS}\b"
    r"|^\s+(?:[\w-]+\s+)?(?:consult\w+|audit\w*|training|advis\w+|implementation|readiness|gap analys\w+"
    r"|certification (?:services|bod(?:y|ies)|audits?|consult\w+|training)|services|courses?|templates|software"
    r"|toolkits?)\b"
    rf"|^\s+(?:certified|accredited|compliant|approved|licen[sc]ed)\s+(?:[\w-]+\s+){{0,2}}?{_HOLDERS}\b"
    r"|^[^.؛،]{0,40}?\s(?:لعملائ|لموردي|لشركائ|لزبائن)(?:ها|ه|نا)",
    re.IGNORECASE,
)


def is_badge_of_others(sentence: str, start: int, end: int) -> bool:
    """Whether a certificate is somebody else's: "helps clients obtain …", "… certified suppliers", "… audits"."""
    before = sentence[clause_start(sentence, start) : start]
    return bool(is_of_others(sentence, start) or _HELPS.search(before) or _BADGE_AFTER.match(sentence[end:]))


_COUNTED_OTHERS = re.compile(
    rf"\b{_HOLDERS}\s+(?:with|of|having|that ha(?:ve|s)|who have|which have|employing|that employ)\s+"
    r"(?:(?:about|around|up to|over|under|at least|at most|between|more than|fewer than|less than)\s+)?$"
    r"|\b(?:laid off|lays off|lost|dismissed|fired|shed|cut|hired|recruited|trained|trains"
    r"|targets?|targeting|(?:target|goal|aim) of)\s+"
    r"(?:(?:about|around|over|nearly|some|more than)\s+)?$"
    r"|(?:سرحت|سرح|فصلت|وظفت حديثا|دربت|درب)\s(?:\S+\s)?$"
    r"|(?:للشركات|الشركات|شركات|منشآت|للمنشآت|المنشآت)\s(?:\S+\s){0,2}?(?:لديها|بها|تضم|توظف)\s(?:\S+\s){0,2}$",
    re.IGNORECASE,
)


def counts_of_others(sentence: str, start: int) -> bool:
    """Whether the number at ``start`` counts what others have or what was gained or lost, not what there is.

    "for companies with 500 employees", "laid off 500 employees", "hired 500 employees".
    """
    return bool(_COUNTED_OTHERS.search(sentence, clause_start(sentence, start), start))
