"""Claim followers: sentences whose subject is somebody whom the sentence before named: "One of them …", "They …"."""

import re

__all__ = ["names_others", "speaks_of_others"]

_PLURAL = (
    r"(?:customers|clients|users|suppliers|vendors|shareholders|owners|investors|founders|contractors|subcontractors"
    r"|tenants|distributors|resellers|dealers|partners|merchants|borrowers|landlords|licensors|franchisees"
    r"|subsidiaries|affiliates|sister (?:companies|firms)|associates|competitors|rivals|portfolio companies)"
)
_BUYERS = (
    r"(?:companies|firms|businesses|enterprises|organi[sz]ations|banks|insurers|retailers|manufacturers|factories"
    r"|hospitals|clinics|schools|universities|ministries|municipalities|operators|airlines|hotels|restaurants|shops"
    r"|brands|agencies|institutions|providers|start-?ups|SMEs)"
)
_NAMES_OTHERS = re.compile(
    rf"\b{_PLURAL}\b"
    rf"|\b(?:to|for|with|among|serv(?:es|ing)|help(?:s|ing)?|suppl(?:ies|ying)|advis(?:es|ing)|connects?|acquired"
    rf"|bought"
    rf"|holds? (?:shares|stakes|interests) in|invests? in)\s+(?:[\w'’-]+\s+){{0,4}}?{_BUYERS}\b"
    r"|(?:عملائ|عملاؤ|موردي|موردو|شركائ|شركاؤ|موزعي|موزعو|زبائن|منافسي|منافسو)(?:ها|ه|نا)(?!\w)"
    r"|(?:شركاتها|شركاته|شركات|الشركات)\s(?:ال)?(?:تابعة|شقيقة|زميلة|منافسة)"
    r"|(?:^|\s)(?:لل|ل|مع\s(?:ال)?)(?:شركات|بنوك|مصارف|موزعين|شركاء|موردين|وكلاء|متاجر|مستشفيات|مدارس|تجار|مطاعم"
    r"|جهات|منشآت|مصانع)"
    r"(?!\w)",
    re.IGNORECASE,
)
_VERB = r"(?:in turn|are|is|have|has|offer|provide|sell|serve|run|hold|employ|operate|work|own|make|can|also|then)"
_OF_THEM = re.compile(
    r"^\W*(?:(?:in|at|for|among|through|with|by)\s+)?(?:(?:only|at least|nearly|almost|about|more than|over)\s+)?"
    r"(?:one|two|three|four|five|some|many|most|several|each|all|both|none|half|few|a few|a third|the (?:largest"
    r"|biggest"
    r"|first|last|oldest|best(?:[- ]known)?|newest|smallest|majority|rest|other|others))\s+of\s+(?:them|these|those"
    r"|the latter)\b"
    rf"|^\W*(?:these|those)\s+(?:{_PLURAL}|{_BUYERS}|{_VERB})\b"
    rf"|^\W*(?:the (?:latter|former)|others|(?:another|the others?)(?: one)?(?=\s+{_VERB}\b))\b",
    re.IGNORECASE,
)
_OF_THEM_AR = re.compile(
    r"^\W*[وف]?(?:أحدهم|أحدها|أحدهما|إحداها|إحداهما|إحداهن|بعضهم|بعضها|معظمهم|معظمها|أغلبهم|أغلبها|كلهم|جميعهم|جميعها"
    r"|منهم|منها|من بينهم|من بينها|هؤلاء|أولئك|هم)(?=\s)"
)
_THEY = re.compile(r"^\W*(?:they|their)\b(?! (?:is|was|has)\b)", re.IGNORECASE)
_ANOTHER_FIRM = re.compile(
    r"^\W*(?:the (?:new|other|latter|acquiring|merged|surviving|successor)\s+(?:company|bank|group|firm|owner|insurer"
    r"|entity|buyer)|the (?:acquirer|buyer|purchaser|successor|new owner))\b",
    re.IGNORECASE,
)
_OWNER_BEFORE = re.compile(
    r"^\W*(?:its|the company['’]s|our)\s+(?:[\w-]+\s+)?(?:parent|owner|rival|competitor|shareholder)\b", re.IGNORECASE
)
_IT = re.compile(r"^\W*it\b", re.IGNORECASE)
_PLURAL_COMPANY = re.compile(r"^\W*(?:they|we|our|their)\b", re.IGNORECASE)


def names_others(sentence: str) -> bool:
    """Whether a sentence names a plural that a following "They" could stand for: customers, partners, subsidiaries."""
    return bool(_NAMES_OTHERS.search(sentence))


def speaks_of_others(sentence: str, before: str, before_is_of_others: bool) -> bool:
    """Whether a sentence has for its subject others whom the sentence before named.

    "One of them is a bank …", "They in turn serve …" and أحدها do after customers, partners or subsidiaries, and go on
    doing so; "The new bank is …" does after anything, and "It" after "Its parent …" may. "They" after a sentence about
    "we" or "they" is the company.

    Args:
        sentence: The sentence.
        before: The one before; empty for the first.
        before_is_of_others: What this function said of that one.
    """
    if not before:
        return False
    if _ANOTHER_FIRM.match(sentence) or (_OWNER_BEFORE.match(before) and _IT.match(sentence)):
        return True
    of_them = _OF_THEM.match(sentence) or _OF_THEM_AR.match(sentence)
    if not of_them and not _THEY.match(sentence):
        return False
    is_plural = bool(_PLURAL_COMPANY.match(before)) and not before_is_of_others
    return bool(of_them or not is_plural) and (before_is_of_others or names_others(before))
