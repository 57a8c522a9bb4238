"""Name likeness: are two names one name, a misspelling of one, or two names."""

import re
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from partnership_os.tools.countries import country_code, demonym_country
from partnership_os.tools.text import fold, name_key, strip_legal_forms

__all__ = ["are_alike", "distinctive_tokens", "is_distinctive", "key_of", "legal_form", "share_a_token"]

_GENERIC_WORDS = (
    "the a an and of for in co company group holding holdings national international global world general united "
    "first new modern advanced universal central eastern western northern southern east west north south middle gulf "
    "arab arabia arabian asia asian africa african europe european american pacific atlantic trading trade services "
    "service solutions systems technology technologies tech industries industrial industry investment investments "
    "invest capital finance financial bank banking insurance reinsurance cooperative real estate property properties "
    "development developments construction contracting engineering energy power oil gas petroleum petrochemical "
    "petrochemicals chemical chemicals cement steel iron metal metals mining minerals resources gold paper plastic "
    "plastics food foods agricultural agriculture medical health healthcare pharma pharmaceutical pharmaceuticals "
    "telecom telecommunication telecommunications communications media digital data network networks software "
    "electric electronics electrical motor motors auto automotive transport transportation logistics shipping air "
    "airlines travel tourism hotels hotel retail markets stores education training management consulting marketing "
    "advertising enterprise enterprises corporation partners fund trust reit income growth equity city two one public "
    "commercial manufacturing products production الوطنيه وطنيه العربيه عربيه السعوديه سعوديه الدوليه دوليه العالميه "
    "المتحده العامه الاولي الخليج الخليجيه الشرق الاوسط القابضه مجموعه المجموعه للتجاره التجاريه التجاره للصناعه "
    "الصناعيه الصناعات للاستثمار الاستثمار للتنميه التنميه للخدمات الخدمات للتقنيه التقنيه تقنيه المعلومات للمقاولات "
    "المقاولات للتامين التامين البنك بنك المصرف مصرف العقاريه للتطوير التعاوني التعاونيه الطبيه الغذائيه وشركاه و في"
)
_GENERIC = frozenset(_GENERIC_WORDS.split())
"""Words that many companies share; a name made of them alone does not tell one company from another."""
_MARKET_SUFFIXES = frozenset(["nvdr", "ord", "adr", "gdr", "cdi", "units", "unit", "pref", "preferred"])


@lru_cache(maxsize=200_000)
def key_of(name: str) -> str:
    """`text.name_key`, remembered: an import asks for the key of one name many times."""
    return name_key(name)


@lru_cache(maxsize=200_000)
def _tokens(name: str) -> tuple[str, ...]:
    """The words of a name, without what an exchange appends for one of its securities ("NVDR", "Class H")."""
    words = name.split()
    while len(words) > 1 and words[-1].casefold().strip(".") in _MARKET_SUFFIXES:
        words.pop()
    if len(words) > 2 and words[-2].casefold() == "class":
        words = words[:-2]
    return tuple(key_of(" ".join(words)).split())


@lru_cache(maxsize=50_000)
def _is_common(token: str) -> bool:
    return (
        len(token) < 3
        or token.isdigit()
        or token in _GENERIC
        or token.removeprefix("ال") in _GENERIC
        or country_code(token) is not None
        or demonym_country(token) is not None
    )


def distinctive_tokens(name: str) -> frozenset[str]:
    """The words of a name that few other companies have."""
    return frozenset(token for token in _tokens(name) if not _is_common(token))


def is_distinctive(name: str) -> bool:
    """Whether equal names alone can mean one company: at least one uncommon word, six letters in all."""
    own = distinctive_tokens(name)
    return bool(own) and (sum(map(len, own)) >= 6 or len(_tokens(name)) >= 3)


def are_alike(first: str, second: str) -> bool:
    """Whether two names are the same or one is a misspelling of the other, word by word.

    "Group", "Fund", "Agencies" and any other word that only one has makes them two names; so does a number.
    """
    ours, theirs = _tokens(first), _tokens(second)
    if not ours or not theirs:
        return False
    if ours == theirs or "".join(ours) == "".join(theirs):
        return True
    return len(ours) == len(theirs) and all(a == b or _is_misspelling(a, b) for a, b in zip(ours, theirs, strict=True))


def _is_misspelling(first: str, second: str) -> bool:
    if min(len(first), len(second)) < 6 or any(char.isdigit() for char in first + second):
        return False
    return first[0] == second[0] and Levenshtein.distance(first, second) <= (1 if len(first) < 10 else 2)


def share_a_token(first: str, second: str) -> bool:
    """Whether two names have anything in common that could make them names of one company.

    An uncommon word, a spelling near enough, or one being the initials of the other.
    """
    ours, theirs = _tokens(first), _tokens(second)
    if distinctive_tokens(first) & distinctive_tokens(second):
        return True
    joined, other = "".join(ours), "".join(theirs)
    if joined[:5] == other[:5] and min(len(joined), len(other)) >= 5:
        return True
    if fuzz.ratio(joined, other) >= 70 or fuzz.partial_ratio(joined, other) >= 85:
        return True
    if any(fuzz.ratio(a, b) >= 80 for a in distinctive_tokens(first) for b in distinctive_tokens(second)):
        return True
    return _abbreviates(ours, second) or _abbreviates(theirs, first)


def _abbreviates(short: tuple[str, ...], name: str) -> bool:
    words = re.findall(r"\w+", fold(name))
    initials = "".join(word[0] for word in words if word not in ("and", "of", "the", "for"))
    return any(len(token) >= 3 and initials.startswith(token) for token in (*short, "".join(short)[:3]))


_LEGAL_SYNONYMS = {
    "limited": "ltd",
    "company": "co",
    "companies": "co",
    "corporation": "corp",
    "incorporated": "inc",
    "berhad": "bhd",
    "aktiengesellschaft": "ag",
}


@lru_cache(maxsize=100_000)
def legal_form(name: str) -> frozenset[str]:
    """The words of a name that are its legal form, in one spelling: "Co., Ltd." gives co and ltd."""
    whole = re.findall(r"\w+", fold(name).replace(".", ""))
    core = set(re.findall(r"\w+", fold(strip_legal_forms(name)).replace(".", "")))
    return frozenset(_LEGAL_SYNONYMS.get(word, word) for word in whole if word not in core) - {
        "the",
        "public",
        "joint",
        "stock",
    }
