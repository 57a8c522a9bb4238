"""Text in two scripts: folding, quotes, numbers, names, sentences, and characters that hide."""

import re
from collections.abc import Iterator
from typing import Literal
from unicodedata import category, combining, normalize

from partnership_os.tools.folding import fold, fold_with_offsets, squeeze
from partnership_os.tools.numbers import NumberSpan, number_spans, numbers_in

__all__ = [
    "NumberSpan",
    "contains_quote",
    "fold",
    "fold_with_offsets",
    "name_key",
    "number_spans",
    "numbers_in",
    "quote_spans",
    "script_of",
    "sentences",
    "squeeze",
    "strip_legal_forms",
    "visible",
]

_MIN_QUOTE_CHARACTERS = 3
_SEPARATORS = frozenset(".,'’٫٬،\u00a0\u2009\u202f")
"""What may stand between the digits of one number, Arabic and thin blanks included."""
_HIDDEN = frozenset("\u115f\u1160\u3164\uffa0\u2800\u034f\u17b4\u17b5")


def _word_set(words: str) -> frozenset[str]:
    return frozenset(words.split())


def quote_spans(source: str, quote: str) -> tuple[tuple[int, int], ...]:
    """Where the quote occurs in the source word for word: spans ``(start, end)`` of the source in NFC.

    Only Unicode composition and white space are forgiven; case and every character count. A quote begins and
    ends where words and numbers do ("500 employees" does not occur in "21,500 employees"), and one with fewer
    than three letters or digits never matches, since it would match anything.
    """
    wanted = squeeze(quote)
    if sum(char.isalnum() for char in wanted) < _MIN_QUOTE_CHARACTERS:
        return ()
    text = normalize("NFC", source)
    found = _occurrences(text, wanted)
    return tuple(span for span in found if not any(_is_inside(text, edge) for edge in span))


def _occurrences(text: str, wanted: str) -> Iterator[tuple[int, int]]:
    if squeeze(text) != text:
        pattern = re.compile(r"\s+".join(re.escape(word) for word in wanted.split()))
        yield from (match.span() for match in pattern.finditer(text))
        return
    start = text.find(wanted)
    while start >= 0:
        yield start, start + len(wanted)
        start = text.find(wanted, start + len(wanted))


def contains_quote(source: str, quote: str) -> bool:
    """Whether the quote occurs in the source word for word; see `quote_spans`."""
    return bool(quote_spans(source, quote))


def _is_inside(text: str, at: int) -> bool:
    """Whether the position is inside a word or a number, thousands and decimal separators included."""
    if not 0 < at < len(text):
        return False
    before, after = text[at - 1], text[at]
    if _is_of_word(before) and _is_of_word(after):
        return True
    is_after_separator = before in _SEPARATORS and after.isdigit() and text[at - 2 : at - 1].isdigit()
    return is_after_separator or (before.isdigit() and after in _SEPARATORS and text[at + 1 : at + 2].isdigit())


def _is_of_word(char: str) -> bool:
    return char.isalnum() or char == "_" or category(char) in ("Mn", "Mc", "Me", "Cf")


def script_of(text: str) -> Literal["ar", "latin", "other"]:
    """The script most letters are in; ``other`` where there are no letters or most are neither."""
    arabic = latin = other = 0
    for char in text:
        if not char.isalpha():
            continue
        code = ord(char)
        if code < 0x0250 or 0x1E00 <= code <= 0x1EFF:
            latin += 1
        elif 0x0600 <= code <= 0x08FF or 0xFB50 <= code <= 0xFDFF or 0xFE70 <= code <= 0xFEFF:
            arabic += 1
        else:
            other += 1
    if max(arabic, latin) == 0 or other > max(arabic, latin):
        return "other"
    return "ar" if arabic > latin else "latin"


def _is_hidden(char: str) -> bool:
    if char in "\n\t" or char.isprintable():
        return char in _HIDDEN or "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"
    return category(char) in ("Cf", "Cc", "Zl", "Zp", "Co", "Cn", "Cs")


def visible(text: str) -> str:
    """Text in which every character that hides or reorders shows as ``[U+202E]``.

    Covers bidi controls, zero-width characters, soft hyphens, tags, variation selectors, fillers and control
    characters other than newline and tab, so that a reader who approves sees what is really there.
    """
    return "".join(f"[U+{ord(char):04X}]" if _is_hidden(char) else char for char in text)


_ABBREVIATIONS = _word_set(
    "co corp inc ltd llc plc pty sdn bhd ag sa spa nv bv gmbh mr mrs ms dr prof st no nos vs etc approx est fig "
    "dept jr sr mt ft sq vol ref ext tel al bros mfg intl eng gen hon rev i.e e.g u.s u.k u.a.e k.s.a u.s.a e.u a.g "
    "s.a s.p.a n.v b.v d.c jan feb mar apr jun jul aug sep sept oct nov dec"
)
_STARTERS = _word_set(
    "the it its in this these we our as further additionally he she they their moreover also however since from for "
    "after during with under with that until on at by through to"
)
_BREAK = re.compile(
    r"""(?P<stop>[.!?؟۔…]+["'”’»)\]]*)(?=\s|$) | (?P<blank>\n\s*\n) | (?P<bullet>\n(?=\s*[•·▪*\-–]\s))""",
    re.VERBOSE,
)
_ENDS_IN_SPLIT_FORM = re.compile(r"\w\.\w$")
_WORD_BEFORE = re.compile(r"[^\s(\[\"'“‘]+$")
_WORD_AFTER = re.compile(r"\s*[\"'“‘(\[]*([^\W_]+)")


def _ends_sentence(text: str, stop: int, after: int) -> bool:
    if text[stop] != ".":
        return True
    following = _WORD_AFTER.match(text, after)
    if following is None:
        return True
    next_word = following.group(1)
    if next_word[0].islower():
        return False
    before = _WORD_BEFORE.search(text, max(0, stop - 40), stop)
    word = before.group(0).casefold() if before else ""
    is_abbreviation = (
        word in _ABBREVIATIONS
        or (len(word) == 1 and word.isalpha())
        or bool(_ENDS_IN_SPLIT_FORM.search(word) and word.replace(".", "").isalpha())
    )
    return not is_abbreviation or next_word.casefold() in _STARTERS


def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Spans ``(start, end)`` of the sentences, without the white space around them.

    A full stop after an abbreviation ("Co.", "Inc.", "U.S.", an initial) ends a sentence only before a word
    that usually starts one; decimals never do. Arabic question marks and full stops, blank lines
    and bullets end a sentence as well.
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for mark in _BREAK.finditer(text):
        if mark.lastgroup == "stop" and not _ends_sentence(text, mark.start(), mark.end()):
            continue
        _keep(text, start, mark.end(), spans)
        start = mark.end()
    _keep(text, start, len(text), spans)
    return tuple(spans)


def _keep(text: str, start: int, end: int, spans: list[tuple[int, int]]) -> None:
    piece = text[start:end]
    inner = piece.strip()
    if any(char.isalnum() for char in inner):
        first = start + len(piece) - len(piece.lstrip())
        spans.append((first, first + len(inner)))


_LEGAL_WORDS = _word_set(
    "co company companies corp corporation inc incorporated ltd limited llc llp lp plc jsc pjsc psc qsc qpsc qpcs "
    "wll fze fzc fzco fzllc dwc saog saoc sjsc kscp kscc ksc kpsc bsc bscc esc sae sal sarl sas sa ag gmbh kg kgaa "
    "se nv bv spa srl ab asa oyj pty pte sdn bhd berhad tbk pvt kk oao pao ooo as kft zrt mbh شركه موسسه ذمم شمع "
    "شمم شمك شمكع شمكم شمب شمق شمل شذمم مساهمه المساهمه محدوده المحدوده عامه مقفله"
)
_STRIPPED = _LEGAL_WORDS | {""}
_LEADING_WORDS = _word_set("شركه الشركه موسسه pt pjsc oao pao ooo")
_LEGAL_PHRASE = re.compile(
    r"\b(?:(?:public|closed|saudi)\s+)*joint[\s-]stock(?:\s+company)?\s*$|\blimited liability company\s*$"
    r"|\s(?:شركة\s)?(?:شخص واحد|ذات مس[ؤئ]ولية محدودة)\s*$",
    re.IGNORECASE,
)
_NAME_WORD = re.compile(r"(?:[^\W\d_]\.\s?){2,}[^\W\d_]?\.?(?!\w)|[^\s,()\[\]]+")
_EDGE_PUNCTUATION = " ,;:()[]-–—/&،"


def _legal_core(word: str) -> str:
    return re.sub(r"[^\w]", "", fold(word))


def strip_legal_forms(name: str) -> str:
    """A company's name without its legal form ("Co. Ltd.", "K.S.C.P.", "شركة", "ش.م.ع") at either end.

    Group and Holding (القابضة) stay: they tell a parent from its subsidiary. A name that is nothing but legal
    form comes back as it is.
    """
    plain = _LEGAL_PHRASE.sub("", squeeze(name)) or squeeze(name)
    words = [match.span() for match in _NAME_WORD.finditer(plain)]
    first, last = 0, len(words)
    while first < last and _legal_core(plain[slice(*words[last - 1])]) in _STRIPPED:
        last -= 1
    while first < last and _legal_core(plain[slice(*words[first])]) in _LEADING_WORDS:
        first += 1
    if first == last:
        return squeeze(name)
    kept = plain[words[first][0] : words[last - 1][1]].strip(_EDGE_PUNCTUATION)
    return f"{kept})" if kept.count("(") > kept.count(")") else kept


def name_key(name: str) -> str:
    """The form of a name under which two spellings of one company meet.

    Folded, Latin accents out, legal forms and punctuation out, ``&`` as "and", a leading "the" or ال dropped,
    and "Al Rajhi", "Al-Rajhi" and "AlRajhi" alike. Never empty for a name with a letter or digit.
    """
    plain = fold(strip_legal_forms(name)).replace("&", " and ")
    plain = "".join(char for char in normalize("NFD", plain) if not combining(char))
    plain = " ".join(re.sub(r"[^\w]|_", " ", plain.replace("'", "").replace(".", "")).split())
    plain = re.sub(r"\b(al|el) (?=\w)", r"\1", plain)
    return re.sub(r"^(?:the (?=\w)|ال(?=\w{3}))", "", plain)
