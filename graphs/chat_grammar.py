"""What the chat understands without a model: slash commands and a small grammar of questions in two languages.

Patterns are written for folded text (`tools.folding.fold`: one case, Arabic letters unified); names are cut out of the
line as it was typed.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from partnership_os.schemas.partnership import PartnershipType
from partnership_os.tools.countries import country_code
from partnership_os.tools.folding import fold, fold_with_offsets


class Intent(StrEnum):
    """What a line asks for."""

    PROSPECTS = "prospects"
    CARD = "card"
    WHY = "why"
    START_DEAL = "start_deal"
    SHOW_DEAL = "show_deal"
    WAITING = "waiting"
    DEALS = "deals"
    NEEDS = "needs"
    EVIDENCE = "evidence"
    HELP = "help"
    DECIDE = "decide"
    """Somebody asks the chat to approve or reject; it cannot, and says who can."""


@dataclass(frozen=True)
class Question:
    """One understood line. Which fields are set follows from the intent."""

    intent: Intent
    partner: str | None = None
    need: str | None = None
    reference: str | None = None
    """A thread or evidence id."""
    partnership_type: PartnershipType | None = None
    countries: tuple[str, ...] = ()


_BIDI_CONTROLS = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")
"""A name or command that was copied out of an Arabic answer brings its isolates along."""


def language_of(line: str, otherwise: str) -> str:
    """The language to answer in: Arabic for a line with Arabic letters, English for other words.

    A slash command without Arabic letters is no language; it is answered in ``otherwise``.
    """
    if any("\u0600" <= char <= "\u06ff" for char in line):
        return "ar"
    return otherwise if is_command(line) else "en"


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
    folded, offsets = fold_with_offsets(line)
    for pattern, intent in _GRAMMAR:
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
    if intent in (Intent.CARD, Intent.WHY, Intent.START_DEAL) and not named.get("partner"):
        return None
    return Question(intent, partner=named.get("partner"), need=named.get("need"), reference=named.get("reference"))


_NEED_NAME = re.compile(r"\bnd_[\w\-]+|[^\s\"'«»]+\.(?:ya?ml|json)\b")

_TYPE_WORDS = (
    (PartnershipType.DISTRIBUTION, r"resel|distribut|\bsell|channel|توزيع|موزع|يبيع|بيع"),
    (PartnershipType.REFERRAL, r"refer|introduce|احاله|ترشيح|يرشح"),
    (PartnershipType.TECHNOLOGY, r"technolog|technical|integrat|embed|تقني|تكامل|تكنولوج"),
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
            code = country_code(name) if len(name) > 3 or name.isupper() else None
            if code is not None:
                found[code] = None
    return tuple(found)


_POLITE = (
    r"^(?:(?:please|kindly|now|can you|could you|would you|will you|i want to|let us|let's"
    r"|من فضلك|هل يمكنك ان|هل تستطيع ان|اريد ان) )*"
)
_EV = r"(?P<reference>ev_[\w\-]+)"
_END = r"(?: please| من فضلك)?[ ?.!]*$"

_PATTERNS: tuple[tuple[str, Intent], ...] = (
    (rf"^[^/]*\b{_EV}", Intent.EVIDENCE),
    (rf"^(?:help|what can you do|what do you understand|مساعده|ساعدني|ماذا تستطيع.*|ماذا تفهم.*){_END}", Intent.HELP),
    (
        rf"{_POLITE}(?:start|open|begin|propose|نبدا|ابدا|تبدا|افتح|اقترح)(?: a| an| the| لنا)? "
        r"(?:new )?(?:deal|partnership|agreement|صفقه|شراكه|اتفاقيه)(?: جديده)? (?:with|مع) "
        r"(?P<partner>.+?)(?: (?:for|under|ل?اجل|من اجل|حسب|للاحتياج) (?:the need |الاحتياج )?(?P<need>[^ ]+|\".+\"))?"
        rf"{_END}",
        Intent.START_DEAL,
    ),
    (
        r"\b(?:what|who|which|whose|anything)\b.*"
        r"\b(?:waits?|waiting|pending|inbox|approves?|needs? approval|await\w*)\b",
        Intent.WAITING,
    ),
    (rf"^(?:inbox|pending|waiting|approvals){_END}", Intent.WAITING),
    (r"(?:ينتظر|تنتظر|بانتظار|في انتظار|المعلق|من يوافق|من يجب ان يوافق|من يستطيع ان يوافق)", Intent.WAITING),
    (
        rf"^(?:explain |tell me )?why (?:is |was |are |does )?(?P<partner>.+?)"
        rf"(?: (?:is |are |so )*(?:unknown|blocked|undecided|not known|score.*|rank.*))?{_END}",
        Intent.WHY,
    ),
    (
        rf"^what (?:is missing|is unknown|do we not know|don't we know) (?:about|for|on|of) (?P<partner>.+?){_END}",
        Intent.WHY,
    ),
    (
        r"^(?:اشرح )?(?:لي )?لماذا (?:تعد |يعد |كانت |كان )?(?P<partner>.+?)"
        rf"(?: (?:غير معروفه?|مجهوله?|متوقفه?|محجوبه?))?{_END}",
        Intent.WHY,
    ),
    (rf"^ما (?:الذي )?(?:ينقصنا|ينقص|المجهول|نجهله|لا نعرفه) عن (?P<partner>.+?){_END}", Intent.WHY),
    (
        rf"^(?:show|how is|where is|where stands|what is the (?:status|state) of|status of)(?: me)?(?: the)? deal "
        rf"(?P<reference>[\w\-]+){_END}",
        Intent.SHOW_DEAL,
    ),
    (rf"^(?:اعرض|ارني|ما حاله|اين وصلت) الصفقه (?P<reference>[\w\-]+){_END}", Intent.SHOW_DEAL),
    (r"^(?:which|what|list|show)(?: me)?(?: are)?(?: the| our| all)* needs\b", Intent.NEEDS),
    (r"(?:^|\s)(?:ال)?احتياجات", Intent.NEEDS),
    (rf"^(?:which|what|list|show|how many)\b.*\bdeals\b.*{_END}", Intent.DEALS),
    (r"(?:^|\s)(?:ال)?صفقات", Intent.DEALS),
    (
        r"^(?:من|ما|ماهي|ابحث|اقترح|اوجد|نبحث|هات|هل|اعرض|ارني)(?:\s.*)?\s(?:ال|لل|ل|بال|وال)?"
        r"(?:شركا|شريك|موزع|توزيع|احاله|يبيع|بيع|تقني|تكامل)",
        Intent.PROSPECTS,
    ),
    (
        rf"{_POLITE}(?:explain|tell me about|what do (?:we|you) know about|how (?:good|well) (?:is|does)|"
        r"show(?: me)? the (?:score ?)?card (?:of|for)|(?:the )?score ?card (?:of|for)) "
        rf"(?:the (?:score ?)?card (?:of|for) )?(?P<partner>.+?)(?: score| fit)?{_END}",
        Intent.CARD,
    ),
    (
        rf"{_POLITE}(?:اشرح|ارني|اعرض|ماذا نعرف عن|ماذا تعرف عن|حدثني عن)(?: لي)?(?: بطاقه| تقييم| درجه)? "
        rf"(?P<partner>.+?){_END}",
        Intent.CARD,
    ),
    (
        rf"{_POLITE}(?:who|which|what|find|suggest|search|list|show|recommend|look for|are there)\b.*"
        r"(?:resel|distribut|refer|introduce|integrat|partner|prospect|technolog|sell)",
        Intent.PROSPECTS,
    ),
    (r"\b(?:approve|approved|reject|sign off|authori[sz]e|commit)\b", Intent.DECIDE),
    (r"(?:^|\s)(?:وافق|توافق|اوافق|نوافق|اعتمد|تعتمد|ارفض|ترفض|الموافقه|الرفض)(?:\s|$|[?.!])", Intent.DECIDE),
)
_GRAMMAR = tuple((re.compile(pattern), intent) for pattern, intent in _PATTERNS)


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
