"""Negations, exceptions and bounds: what turns the sense of a clause round, counted in either language.

The two languages do not build a negation alike: "only with consent" is لا … إلا بموافقة, "up to" is لا يتجاوز. So each
expression is counted as what it does, by the table below, and the counts of a clause must be the same in both texts.
The library of clauses is worded so that they are. An expression that is replaced by another of the same kind in the
same clause is not seen: the count says that a *not* is missing, not where a sentence went wrong.
"""

import re
from collections import Counter
from functools import lru_cache
from typing import NamedTuple
from unicodedata import normalize

from partnership_os.tools.sheet_wording import Language

__all__ = ["EXPRESSIONS", "AT_LEAST", "AT_MOST", "EXCEPT", "NOT", "Expression", "polarity_of"]

NOT, EXCEPT, AT_MOST, AT_LEAST = "not", "except", "at most", "at least"


class Expression(NamedTuple):
    """Words that count as something; ``reason`` says why where the two languages differ in form."""

    words: str
    counts: tuple[str, ...]
    reason: str = ""


EXPRESSIONS: dict[Language, tuple[Expression, ...]] = {
    "en": (
        Expression(
            r"(?:no|not) (?:more|longer|later|older|higher|greater) than|(?:do|does|may|shall|must|will) not exceed"
            r"|up to|limited to|at most",
            (AT_MOST,),
            "a ceiling; Arabic says لا يتجاوز or لا يزيد على",
        ),
        Expression(
            r"(?:no|not) (?:fewer|less|lower|smaller|earlier)(?: \w+)? than|at least",
            (AT_LEAST,),
            "a floor; Arabic says لا يقل عن, also in 'no less protective than'",
        ),
        Expression(
            r"only|solely|exclusively|alone|on its own",
            (NOT, EXCEPT),
            "'only with consent' is لا … إلا بموافقة in Arabic; وحده and منفردًا count the same",
        ),
        Expression(r"unless|except|excepting|save|other than|apart from|with the exception of", (EXCEPT,)),
        Expression(
            r"free of|free from|undue|unlawful|unpaid|unauthori[sz]ed|unregistered|indirect(?:ly)?|invalid|unable",
            (NOT,),
            "English negates inside the word where Arabic says غير, دون مقابل or خالٍ من",
        ),
        Expression(
            r"not|cannot|no|never|neither|nor|none|nothing|nobody|nowhere|without|non(?=-)"
            r"|(?:do|does|did|is|are|was|were|ca|wo|sha|should|would|must|need|has|have)n['’]t",
            (NOT,),
        ),
    ),
    "ar": (
        Expression(
            r"(?:[وف]?لا|[وب]?ألا|[وف]?لن|[وف]?لم) [يتأن](?:تجاوز|زيد|زد|تعدى|تعد)(?:وا|ان)?",
            (AT_MOST,),
            "a ceiling; English says up to, limited to, does not exceed",
        ),
        Expression(r"بحد أقصى|على الأكثر", (AT_MOST,)),
        Expression(
            r"(?:[وف]?لا|[وب]?ألا|[وف]?لن) [يت]قل(?:وا|ان)?",
            (AT_LEAST,),
            "a floor; English says at least, no less than",
        ),
        Expression(r"بحد أدنى|على الأقل", (AT_LEAST,)),
        Expression(
            r"فقط|وحده|وحدها|وحدهما|وحدهم|حصرا|منفردا|منفردة|بمفرده|بمفردها|دون غيره|دون غيرها",
            (NOT, EXCEPT),
            "English says only or alone, which elsewhere is لا … إلا in Arabic",
        ),
        Expression(
            r"[وف]?ما لم|[وف]?إلا|باستثناء|[وف]?فيما عدا|[وف]?ما عدا|[وف]?ما خلا|[وف]?سوى|[ولب]?استثناء من",
            (EXCEPT,),
        ),
        Expression(r"خال من|خالي[ةا]? من|مجاني(?:ة|ا|ين)?|مجانا", (NOT,), "English says free of, free of charge"),
        Expression(
            r"[وف]?لا|[ولب]?ألا|[ولب]?أن لا|لئلا|[وف]?لم|[وف]?لن|[وف]?ليس(?:ت|ا|وا)?|[وفلبك]?غير|[وب]?دون"
            r"|[وف]?من دون|بلا|[وفبل]?عدم|لعدم|[وف]?(?:[يت]حظر|[يت]منع|[يت]متنع) على",
            (NOT,),
        ),
    ),
}
"""Every expression that is counted, the longer ones first: what an earlier row has taken, a later one does not see."""

_SHADDA_VERB = re.compile("غي\u0651ر")
"""غيّر, "has changed", is no negation; it is told from غير by its shadda."""
_MARKS = re.compile("[\u0610-\u061a\u064b-\u065f\u0670\u0640]")
_TAKEN = "\ue002"


@lru_cache(maxsize=16_384)
def _counted(text: str, language: Language) -> tuple[str, ...]:
    plain = _MARKS.sub("", _SHADDA_VERB.sub(_TAKEN, normalize("NFC", text))).casefold()
    plain = " ".join(plain.split())
    found: list[str] = []
    for pattern, counts in _patterns(language):
        plain, times = pattern.subn(_TAKEN, plain)
        found.extend(counts * times)
    return tuple(found)


@lru_cache(maxsize=2)
def _patterns(language: Language) -> tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]:
    return tuple((re.compile(rf"(?<!\w)(?:{row.words})(?!\w)"), row.counts) for row in EXPRESSIONS[language])


def polarity_of(text: str, language: Language) -> Counter[str]:
    """How often a text says not, except, at most and at least; names of parties have been taken out before."""
    return Counter(_counted(text, language))
