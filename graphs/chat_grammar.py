"""What the chat understands without a model: slash commands and a small grammar of questions in two languages.

A line is read without its polite words; names are cut out of it as they were typed.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from partnership_os.graphs.chat_patterns import DECISION, NEGATED_DEAL, PATTERNS, POLITE, Intent
from partnership_os.schemas.partnership import PartnershipType
from partnership_os.tools.countries import country_code
from partnership_os.tools.folding import fold, fold_with_offsets

__all__ = ["Intent", "Question", "is_command", "language_of", "understand"]


@dataclass(frozen=True)
class Question:
    """One understood line. Which fields are set follows from the intent."""

    intent: Intent
    partner: str | None = None
    """A company as it was typed, ``it`` or ``هي``, or its place in the ranking that was just shown."""
    need: str | None = None
    reference: str | None = None
    """A thread or evidence id."""
    partnership_type: PartnershipType | None = None
    countries: tuple[str, ...] = ()
    other: str | None = None
    """The company to compare with."""
    term: str | None = None
    """What a term sheet is asked about."""
    decides: bool = False
    """Whether the line also orders an approval or a rejection, which the chat cannot give."""


_BIDI_CONTROLS = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")
"""A name or command that was copied out of an Arabic answer brings its isolates along."""

_ANYWHERE = r"please|pls|plz|من فضلك|لو سمحت|لو سمحتي|لو تكرمت|لو ممكن"
_AT_START = (
    rf"{_ANYWHERE}|kindly|thanks|thank you|hi|hello|hey|ok|okay|and|so|also"
    r"|مرحبا|اهلا|السلام عليكم|الرجا|رجا|ارجوك|فضلا"
)
_AT_END = (
    rf"{_ANYWHERE}|kindly|(?:many )?thanks(?: a lot)?|thank you(?: very much| so much)?|right now"
    r"|شكرا(?: لك| لكم| جزيلا)*|ارجوك|فضلا|مع الشكر"
)
_COURTESIES = (
    re.compile(rf"^(?:(?:{_AT_START})(?!\w)[ ,.!;:-]*|و ?(?=(?:ما|ماذا|من|لماذا|ليش|كم|هل|اين|متي) ))+"),
    re.compile(rf"(?:(?:^|[ ,.!?;:-]+)(?:and |و ?)?(?:{_AT_END}))+[ ?.!]*$"),
    re.compile(rf"(?<!\w)(?:{_ANYWHERE})(?!\w)[ ,]*"),
)
"""Polite words begin or end a line; a few of them may stand inside it as well."""


def language_of(line: str, otherwise: str) -> str:
    """The language to answer in: that of the question, whatever the language of the names in it.

    A line that begins in Arabic is Arabic. Another is what most letters of it are, names and quotes left out, since a
    name may begin it. A slash command without Arabic letters is no language; it is answered in ``otherwise``.
    """
    if not any(map(_is_arabic, line)):
        return otherwise if is_command(line) else "en"
    if is_command(line):
        return "ar"
    question = understand(line)
    frame = _QUOTED.sub(" ", _BIDI_CONTROLS.sub("", line))
    for name in (question.partner, question.other) if question is not None else ():
        frame = frame.replace(name, " ") if name else frame
    letters = [_is_arabic(char) for char in frame if char.isalpha()]
    return "ar" if not letters or letters[0] or 2 * sum(letters) >= len(letters) else "en"


_QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”|«[^»]*»|\b(?:nd|ev|co|cm)_[\w\-]+|\bdeal-[\w\-]+")


def _is_arabic(char: str) -> bool:
    return "\u0600" <= char <= "\u06ff" and char.isalpha()


def is_command(line: str) -> bool:
    """Whether a line is a slash command."""
    return _BIDI_CONTROLS.sub("", line).lstrip().startswith("/")


def understand(line: str) -> Question | None:
    """Read one line.

    Returns:
        The question, or None where the grammar does not know it.
    """
    line = " ".join(_BIDI_CONTROLS.sub("", line).split())
    if line.startswith("/"):
        return _command(line)
    plain = _without_courtesies(line)
    return _with_decision(plain) or _instead_of_a_deal(plain) or _read(plain)


def _without_courtesies(line: str) -> str:
    for pattern in _COURTESIES:
        folded, offsets = fold_with_offsets(line)
        kept, end = "", 0
        for found in pattern.finditer(folded):
            at = offsets[found.start()]
            if not (_is_quoted(line, at) or _is_capital(line, at)):
                kept += line[offsets[end] : offsets[found.start()]] + " "
                end = found.end()
        line = " ".join((kept + line[offsets[end] :]).split())
    return line


def _is_quoted(line: str, at: int) -> bool:
    return line[:at].count('"') % 2 == 1


def _is_capital(line: str, at: int) -> bool:
    """Whether a word has a capital although it begins no sentence, as in a name."""
    before = line[:at].rstrip()
    return bool(before) and before[-1] not in ".!?" and line[at : at + 1].isupper() and not line.isupper()


_CLAUSE = re.compile(
    rf"(?:^|(?:[,;?!] ?|\. )(?:and then |and |then |ثم |و)?| (?:and then|and also|and|then|ثم|وبعدها|وبعد ذلك) | و)"
    rf"(?={POLITE}(?P<order>{DECISION})?)"
)


def _with_decision(line: str) -> Question | None:
    """A line in which a clause orders a decision: what else it asks for, marked so; None where no clause does."""
    folded, offsets = fold_with_offsets(line)
    clauses = list(_CLAUSE.finditer(folded))
    whole = _read(line)
    named = whole.partner or "" if whole is not None else ""

    def is_order(clause: re.Match[str]) -> bool:
        if clause.group("order") is None:
            return False
        word = _original(line, offsets, clause.span("order"))
        at = offsets[clause.start("order")]
        return not (_is_quoted(line, at) or (_is_capital(line, at) and word in named))

    order = next((at for at, clause in enumerate(clauses) if is_order(clause)), None)
    if order is None:
        return None
    rest = [line[: offsets[clauses[order].start()]], *(line[offsets[one.end()] :] for one in clauses[order + 1 :])]
    for text in rest:
        found = _instead_of_a_deal(text) or _read(text)
        if found is not None and found.intent is not Intent.DECIDE:
            return replace(found, decides=True)
    return Question(Intent.DECIDE)


def _instead_of_a_deal(line: str) -> Question | None:
    """What is asked for after the words that no deal is to be started."""
    folded, offsets = fold_with_offsets(line)
    found = NEGATED_DEAL.search(folded)
    if found is None:
        return None
    wanted = _read(line[offsets[found.start("rest")] :])
    if wanted is None or wanted.intent is Intent.START_DEAL:
        return None
    if wanted.partner is not None and fold(wanted.partner) in ("it", "هي"):
        return replace(wanted, partner=_original(line, offsets, found.span("partner")))
    return wanted


def _read(line: str) -> Question | None:
    folded, offsets = fold_with_offsets(line)
    for pattern, intent in PATTERNS:
        found = pattern.search(folded)
        if found is not None:
            named = {key: _original(line, offsets, found.span(key)) for key in found.groupdict() if found.group(key)}
            return _question(intent, line, named)
    return None


def _original(line: str, offsets: list[int], span: tuple[int, int]) -> str:
    return line[offsets[span[0]] : offsets[span[1]]].strip(_QUOTES)


_QUOTES = " \"'“”«»‘’?؟.!,،"


def _question(intent: Intent, line: str, named: dict[str, str]) -> Question | None:
    if intent is Intent.PROSPECTS:
        found = _NEED_NAME.search(line)
        return Question(
            intent,
            need=found.group(0) if found else None,
            partnership_type=_type_in(line),
            countries=_countries_in(line),
        )
    partner = named.get("partner")
    if "it" in named or fold(partner or "") in _POSSESSIVES:
        partner = "هي" if "it" in named else "it"
    if intent in (Intent.CARD, Intent.WHY, Intent.START_DEAL) and not partner:
        return None
    return Question(
        intent,
        partner=partner,
        need=named.get("need"),
        reference=named.get("reference"),
        partnership_type=_type_in(named.get("kind", "")),
        other=named.get("other"),
        term=named.get("term"),
    )


_POSSESSIVES = frozenset(("its", "their"))

_NEED_NAME = re.compile(r"\bnd_[\w\-]+|[^\s\"'«»]+\.(?:ya?ml|json)\b")

_TYPE_WORDS = (
    (PartnershipType.DISTRIBUTION, r"resel|distribut|\bsell|channel|توزيع|موزع|يبيع|بيع"),
    (PartnershipType.REFERRAL, r"refer|introduce|احاله|ترشيح|يرشح"),
    (PartnershipType.TECHNOLOGY, r"technolog|technical|integrat|embed|تقني|تكامل|تكنولوج|نربط"),
    (PartnershipType.GOVERNMENT, r"government|public sector|حكوم"),
    (PartnershipType.STRATEGIC, r"strategic|استراتيج"),
)


def _type_in(line: str) -> PartnershipType | None:
    folded = fold(line)
    return next((kind for kind, words in _TYPE_WORDS if re.search(words, folded)), None)


def _countries_in(line: str) -> tuple[str, ...]:
    words = re.findall(r"[^\W\d_]+", line)
    found: dict[str, None] = {}
    for length in (3, 2, 1):
        for start in range(len(words) - length + 1):
            name = " ".join(words[start : start + length])
            # Short Latin words are codes only in capitals; Arabic has none, and Qatar and Egypt have three letters.
            code = country_code(name) if len(name) > 3 or name.isupper() or not name.isascii() else None
            if code is not None:
                found[code] = None
    return tuple(found)


def _rest_is_partner(intent: Intent) -> Callable[[str], Question | None]:
    return lambda rest: Question(intent, partner=rest) if rest else None


def _rest_is_reference(intent: Intent) -> Callable[[str], Question | None]:
    return lambda rest: Question(intent, reference=rest) if rest and " " not in rest else None


def _no_rest(intent: Intent) -> Callable[[str], Question | None]:
    return lambda rest: Question(intent)


def _deal(rest: str) -> Question | None:
    """The last word, or the last quoted words, are the need; all before it is the partner."""
    found = re.fullmatch(r"(?P<partner>.+?) (?P<need>\"[^\"]+\"|[^ \"]+)", rest)
    if found is None:
        return None
    return Question(Intent.START_DEAL, partner=found.group("partner").strip('"'), need=found.group("need").strip('"'))


_COMMANDS: dict[str, Callable[[str], Question | None]] = {
    "/prospects": lambda rest: Question(Intent.PROSPECTS, need=rest.strip('"') or None),
    "/card": _rest_is_partner(Intent.CARD),
    "/why": _rest_is_partner(Intent.WHY),
    "/deal": _deal,
    "/show": _rest_is_reference(Intent.SHOW_DEAL),
    "/evidence": _rest_is_reference(Intent.EVIDENCE),
    "/waiting": _no_rest(Intent.WAITING),
    "/inbox": _no_rest(Intent.WAITING),
    "/deals": _no_rest(Intent.DEALS),
    "/needs": _no_rest(Intent.NEEDS),
    "/help": _no_rest(Intent.HELP),
    "/approve": _no_rest(Intent.DECIDE),
    "/reject": _no_rest(Intent.DECIDE),
}


def _command(line: str) -> Question | None:
    word, _, rest = line.partition(" ")
    read = _COMMANDS.get(word.casefold())
    return read(rest.strip()) if read is not None else None
