"""Claim sentences: one sentence of a text about a company, and what keeps its words from being a claim about it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from partnership_os.schemas.evidence import ClaimKind
from partnership_os.tools.asides import code_spans, told_from, told_until
from partnership_os.tools.claim_context import is_bought, is_customer_trade, is_figurative, is_served, is_sought
from partnership_os.tools.claim_followers import speaks_of_others
from partnership_os.tools.claim_subjects import (
    counts_of_others,
    is_badge_of_others,
    is_beside_kin,
    is_company_again,
    is_contrasted,
    is_in_other_name,
    is_of_others,
    is_own_again,
    is_said_of_kin,
    is_said_of_others,
    other_name_end,
)
from partnership_os.tools.claim_tense import is_negated, is_past, is_planned
from partnership_os.tools.company_statements import CompanyText
from partnership_os.tools.text import sentences, strip_legal_forms

__all__ = ["EARLIEST_FOUNDING", "LONGEST_QUOTE", "ClaimSentence", "claim_sentences", "cut_around"]

LONGEST_QUOTE = 600
"""Characters of a quote; longer sentences are cut at words around the mention."""
LONGEST_SENTENCE = 3_000
"""Characters of a sentence that can be judged; what runs on for longer is a table or an attack, and states nothing."""
EARLIEST_FOUNDING = 1500

_POSSESSIVE = re.compile(r"(?:its|their)\s", re.IGNORECASE)
_ITS_SHARES = re.compile(r"\sof\s(?:its|the (?:company|bank|group)['’]s)\sshares$", re.IGNORECASE)
_BELONGS = re.compile(r"(?:has )?belong", re.IGNORECASE)
_COMPANY_ITSELF = re.compile(
    r"^(?:it|we|they|the (?:company|bank|group|firm|fund|trust|corporation|issuer|insurer|holding))\s+"
    r"(?:also\s+|now\s+|\w+ly\s+)?$",
    re.IGNORECASE,
)
_SHARES_AR = re.compile(r"أسهم(?:ها|ه)(?!\w)")
_OF_ITSELF_AR = re.compile(r"(?:^|[\s،])(?:و?أسهم(?:ها|ه)|و?هي|و?هو)\s(?:\S+\s)?$")
_PLAIN_DENIAL = re.compile(r"\b(?:not|never|n['’]t)\s[^.;]{0,40}$|(?:^|\s)(?:لم|لا|ليست?)\s[^.؛]{0,40}$", re.IGNORECASE)
_BULLET = re.compile(r"[•·▪*\-–]\s")
_ENDS = re.compile(r"[.!?؟۔…][\"'”’»)\]]*$")
_GOES_ON = re.compile(r"[\"'“(]?[a-z\u0621-\u064a]")


@dataclass(frozen=True)
class ClaimSentence:
    """One sentence with what is asked of it.

    Args:
        text: What is judged: the words that lead in, if any, then the sentence.
        lead: How many characters of ``text`` lead in.
        start: Where the sentence begins in its source.
        lead_start: Where the words that lead in begin in the source; ``start`` where there are none.
        own: Whether the sentence begins with the company itself.
        names: Every name of the company.
        year: The year in which the source was read: later years are to come.
        told: Where ``text`` begins to tell its reader what to note or do; None where it does not.
        code: Spans of the source that are code or forged data.
        of_others: Whether its subject is others whom the sentence before named.
        follows_own: Whether the sentence before begins with the company.
        verb_first: Whether it is Arabic and begins with a verb whose subject is the company.
    """

    text: str
    lead: int
    start: int
    lead_start: int
    own: bool
    names: tuple[str, ...]
    year: int
    told: int | None = None
    code: tuple[tuple[int, int], ...] = ()
    of_others: bool = False
    follows_own: bool = False
    verb_first: bool = False

    def objection(self, kind: ClaimKind, start: int, end: int) -> str | None:
        """Why ``text[start:end]`` is no statement of this kind about the company today; None where nothing is wrong."""
        if self.is_too_long:
            return "the sentence is too long to be judged"
        if self.told is not None and end > self.told:
            return "addressed to the reader"
        offset = self.start - self.lead
        if any(start + offset < last and first < end + offset for first, last in self.code):
            return "inside code or quoted data"
        for words, holds in _OBJECTIONS.get(kind, ()):
            if holds(self, start, end):
                return words
        return None

    @property
    def is_too_long(self) -> bool:
        """Whether the sentence is longer than any that can be judged."""
        return len(self.text) > LONGEST_SENTENCE

    def is_name(self, start: int, end: int) -> bool:
        """Whether the words stand inside a name, the company's own or another's: names state nothing."""
        own = any(first <= start and end <= last for first, last in self._name_spans)
        return own or is_in_other_name(self.text, start, end)

    @cached_property
    def after_name(self) -> int:
        """Where the company's name ends that the sentence begins with, blanks, brackets and a comma included."""
        ends = [last for first, last in self._name_spans if first == self.lead]
        gap = re.compile(r"(?:\s*\([^()]{1,40}\))?[\s،,]*").match(self.text, max(ends)) if ends else None
        return gap.end() if gap else self.lead

    @cached_property
    def other_name_end(self) -> int | None:
        """Where another firm's name ends that is the subject of the sentence; see `claim_subjects.other_name_end`."""
        end = other_name_end(self.text[self.lead :], self.names)
        return None if end is None else end + self.lead

    @cached_property
    def _name_spans(self) -> tuple[tuple[int, int], ...]:
        forms = {form for name in self.names for form in (name, strip_legal_forms(name)) if form in self.text}
        return tuple(match.span() for form in sorted(forms) for match in re.finditer(re.escape(form), self.text))

    @property
    def end(self) -> int:
        """Where the sentence ends in its source."""
        return self.start + len(self.text) - self.lead

    def quote(self, source: str, start: int, end: int) -> str:
        """The sentence with what leads in, or as much of it around ``text[start:end]`` as a quote may hold."""
        if self.end - self.lead_start <= LONGEST_QUOTE:
            return source[self.lead_start : self.end]
        return cut_around(source[self.start : self.end], start - self.lead, end - self.lead)


def cut_around(text: str, start: int, end: int) -> str:
    """At most `LONGEST_QUOTE` characters of a text around ``text[start:end]``, cut between words."""
    if len(text) <= LONGEST_QUOTE:
        return text
    spare = max(0, LONGEST_QUOTE - (end - start)) // 2
    first, last = max(0, start - spare), min(len(text), end + spare)
    if first > 0:
        first = min(start, text.find(" ", first, start) + 1 or start)
    if last < len(text):
        last = max(end, text.rfind(" ", end, last))
    return text[first : min(last, first + LONGEST_QUOTE)].strip()


def claim_sentences(whole: CompanyText, names: tuple[str, ...], year: int) -> tuple[ClaimSentence, ...]:
    """The sentences of a text in order.

    An item of a list is judged with the line that leads in ("We do not offer:"), and words after a gap with the
    unfinished words before it, so that a denial cannot be cut off by a line break.
    """
    found: list[ClaimSentence] = []
    text, lead, in_list, told_to = whole.text, (0, 0), False, 0
    code = code_spans(text)
    for start, end in sentences(text):
        words = text[start:end]
        is_item = bool(_BULLET.match(words))
        if (in_list and not is_item) or not _continues(text[slice(*lead)], words):
            lead = (start, start)
        before = " ".join(text[slice(*lead)].split())
        before = f"{before} " if before else ""
        own = whole.is_own(words)
        told = 0 if start < told_to else told_from(before + words, own=own and not before)
        told_to = max(told_to, (told_until(text, start, end) or 0) if told is not None else 0)
        of_others = bool(found) and speaks_of_others(words, found[-1].text, found[-1].of_others)
        found.append(
            ClaimSentence(
                text=before + words,
                lead=len(before),
                start=start,
                lead_start=lead[0],
                own=own,
                names=names,
                year=year,
                told=told,
                code=code,
                of_others=of_others,
                follows_own=bool(found) and found[-1].own,
                verb_first=whole.is_own_verb_first(words),
            )
        )
        in_list = is_item
        if not is_item:
            lead = (lead[0], end)
    return tuple(found)


def _continues(lead: str, words: str) -> bool:
    if not lead or _ENDS.search(lead):
        return False
    return lead.endswith(":") or bool(_BULLET.match(words) or _GOES_ON.match(words))


_Objection = tuple[str, Callable[[ClaimSentence, int, int], bool]]


def _is_of_another(sentence: ClaimSentence, start: int, end: int) -> bool:
    if is_said_of_kin(sentence.text, start) or is_contrasted(sentence.text, start, sentence.names):
        return True
    if sentence.of_others and not is_company_again(sentence.text, sentence.lead, start):
        return True
    first = sentence.other_name_end
    return first is not None and first <= start and not is_own_again(sentence.text, first, start)


def _is_to_come(sentence: ClaimSentence, start: int, end: int) -> bool:
    return is_planned(sentence.text, start, end, sentence.year)


def _is_ownership_of_another(sentence: ClaimSentence, start: int, end: int) -> bool:
    """The company begins the sentence, or "its shares" are those of the company of the sentence before.

    After an Arabic verb (تأسس البنك …، وأسهمه مدرجة) only what is said of its shares or after وهي counts. Who "belongs
    to" somebody has to be the company: "its brand belongs to …" says nothing of it.
    """
    words, before = sentence.text[start:end], sentence.text[sentence.lead : start]
    is_company = sentence.after_name == start or bool(_COMPANY_ITSELF.match(before))
    if _ITS_SHARES.search(words):
        return is_company or not (sentence.own or sentence.follows_own)
    if _BELONGS.match(words):
        return not is_company
    if sentence.verb_first and (_SHARES_AR.search(words) or _OF_ITSELF_AR.search(before)):
        return False
    return not sentence.own


def _is_other_founding(sentence: ClaimSentence, start: int, end: int) -> bool:
    return bool(_POSSESSIVE.match(sentence.text, sentence.lead)) or bool(_PLAIN_DENIAL.search(sentence.text, 0, start))


_NAME: _Objection = ("part of a name", ClaimSentence.is_name)
_DENIED: _Objection = ("negated", lambda sentence, start, end: is_negated(sentence.text, start, end))
_PAST: _Objection = ("past", lambda sentence, start, end: is_past(sentence.text, start, end))
_PLANNED: _Objection = ("planned or in doubt", _is_to_come)
_KIN: _Objection = ("said of another company", _is_of_another)
_BESIDE: _Objection = ("said of another company", lambda sentence, start, _: is_beside_kin(sentence.text, start))
_OTHERS: _Objection = ("said of others", lambda sentence, start, end: is_said_of_others(sentence.text, start, end))
_MENTION = (_NAME, _DENIED, _PAST, _BESIDE, _KIN)
_FACT = (_DENIED, _PAST, _PLANNED, _KIN, _OTHERS)

_OBJECTIONS: Mapping[ClaimKind, tuple[_Objection, ...]] = {
    ClaimKind.OFFERS: (
        *_MENTION,
        _PLANNED,
        _OTHERS,
        ("a figure of speech", lambda sentence, start, end: is_figurative(sentence.text, start, end)),
        (
            "the quote names the trade of customers or investments, not an offer",
            lambda sentence, start, end: is_customer_trade(sentence.text, start, end),
        ),
        ("sought, not offered", lambda sentence, start, _: is_sought(sentence.text, start)),
        ("bought, not offered", lambda sentence, start, _: is_bought(sentence.text, start)),
    ),
    ClaimKind.NEEDS: (
        *_MENTION,
        _OTHERS,
        ("not said to be needed", lambda sentence, start, _: not is_sought(sentence.text, start)),
    ),
    ClaimKind.SERVES_SEGMENT: (
        *_MENTION,
        _PLANNED,
        ("not said to be served", lambda sentence, start, end: not is_served(sentence.text, start, end)),
    ),
    ClaimKind.CERTIFICATION: (
        *_MENTION,
        _PLANNED,
        _OTHERS,
        ("said of others", lambda sentence, start, end: is_badge_of_others(sentence.text, start, end)),
    ),
    ClaimKind.STRATEGY: _MENTION,
    ClaimKind.PARTNER_PROGRAMME: (*_MENTION, _PLANNED),
    ClaimKind.OPERATES_IN: (*_MENTION, _PLANNED, _OTHERS),
    ClaimKind.SCALE: (
        *_FACT,
        ("counts others", lambda sentence, start, _: counts_of_others(sentence.text, start)),
    ),
    ClaimKind.OWNERSHIP: (
        ("said of another company", _is_ownership_of_another),
        ("said of others", lambda sentence, start, _: is_of_others(sentence.text, start)),
        *_FACT,
    ),
    ClaimKind.REGULATED: _FACT,
    ClaimKind.FOUNDED: (("not said of the company", _is_other_founding), _PLANNED, _KIN, _OTHERS),
}
"""What is asked of the words of each kind. A fate and a former name are judged where they are read."""
