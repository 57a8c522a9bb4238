"""Company statements: what a text says of the company itself about its seat, its founding and its own name."""

import re
from dataclasses import dataclass
from functools import cached_property

from partnership_os.tools.countries import country_code, demonym_country
from partnership_os.tools.name_likeness import key_of
from partnership_os.tools.text import fold, sentences, strip_legal_forms

__all__ = ["CompanyText", "Founding", "Seat"]

_LEAD = re.compile(
    r"^(?:(?:as of|on|in|since|during|effective|from|by)\s[^,]{3,30},(?:\s\d{4},)?\s+"
    r"|(?:in addition|further|furthermore|additionally|moreover|previously|currently|however|today),\s+)",
    re.IGNORECASE,
)
_PRONOUN = re.compile(
    r"^(?:(?:the|this|our)\s+(?:company|firm|bank|group|fund|trust|corporation|partnership|business|issuer|insurer"
    r"|holding|reit|foundation|organi[sz]ation|was|is|founded|incorporated)|it|its|they|their|we|الشركة|شركة)\b",
    re.IGNORECASE,
)
_VERB_FIRST = re.compile(
    r"^[وف]?(?:تأسست?|أنشئت?|انطلقت?|بدأت?|أعلنت?|حصلت?|أصبحت?|كانت?|افتتحت?|[تي](?:قدم|وفر|عمل|دير|ملك|متلك|بيع|خدم"
    r"|نتج|شغل|طور|عد|عتبر"
    r"|ضم|تيح|صنع|وزع|متد|قع|توفر|تخصص))\s+(?=\S)"
)
_OWN_NOUN_AR = re.compile(r"(?:الشركة|البنك|المصرف|المجموعة|المؤسسة)(?!\s(?:الأم|التابعة|الشقيقة|المنافسة))(?=[\s،])")
_KIND_OF_COMPANY = (
    r"(?:company|firm|bank|group|corporation|conglomerate|manufacturer|provider|developer|business|fund|trust|insurer)"
)
_SEAT = re.compile(
    r"(?:\b(?:is|are|was|were|and)\s+(?:currently\s+|now\s+|also\s+)?(?:headquartered|based|domiciled)\s+in"
    r"|\b(?:headquarters?|head office|registered office)\s+(?:is|are)\s+(?:located\s+|based\s+|situated\s+)?in"
    rf"|\bis\s+an?\s[^,.;]{{0,80}}?\b{_KIND_OF_COMPANY}\s+(?:headquartered|based)\s+in)\s+(?P<place>[^;]+)",
    re.IGNORECASE,
)
_SEAT_AR = re.compile(r"مقر(?:ها|ه)(?:\s+الرئيسي?)?(?:\s+في)?\s+(?:مدينة\s+)?(?P<place>[^.؛]+)")
_PLACE_END = re.compile(
    r"\s+(?:with|and|that|which|where|while|but|as well|under|since|operating|from|via|having)\b.*|\s*\(.*|[.\"”]+$",
    re.IGNORECASE,
)
_NATIONALITY = re.compile(
    rf"^[^.;]{{2,150}}?\bis\s+an?\s+(?P<who>[A-Z][a-z]+(?:\s[A-Z][a-z]+)?)\s+(?:[a-z\-]+\s+){{0,3}}?{_KIND_OF_COMPANY}\b"
)
_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sep|oct|nov|dec)[a-z]*\.?"
_FOUNDING = re.compile(
    rf"\b(?:founded|established|formed|incorporated|created)\b(?!\s+(?:an?|the|its|their|our|his|her|another|several"
    rf"|one"
    r"|two|three|many|new|some)\b)"
    rf"(?:\s+\w+){{0,3}}?\s+in\s+(?:{_MONTH}\s+(?:\d{{1,2}},\s+)?)?"
    r"(?P<year>1[5-9]\d\d|20\d\d)\b",
    re.IGNORECASE,
)
_BEGINNING = re.compile(
    r"\b(?:began|was born)(?:\s+in\s+(?-i:[A-Z])[\w-]*(?:\s(?-i:[A-Z])[\w-]*)?,?)?\s+in\s+(?P<year>1[5-9]\d\d|20\d\d)\b"
    r"(?!\s+(?:to|an?|its|the|\w+ing)\b)",
    re.IGNORECASE,
)
_IS_ONE_THAT = re.compile(
    r"^[^.;]{2,120}?\bis\s+an?\s+(?:(?!that\b|which\b|of\b)[\w-]+\s+){1,6}?(?:that|which)\s+$", re.IGNORECASE
)
_BEGINNING_AR = re.compile(
    r"^[وف]?انطلقت?\s(?P<who>[^.؛،\d٠-٩]{2,60}?)(?:\s(?:من|في)\s(?!رحل|مشروع|خط|برنامج|تنفيذ|مرحل|أعمال|توسع|عملي"
    r"|عام|سنة)\S+(?:\s\S+)?)?"
    r"\s(?:في\s)?(?:عام|سنة)\s+(?P<year>[\d٠-٩]{4})"
)
_FOUNDING_AR = re.compile(r"(?:تأسست|تأسس|أنشئت)[^.؛\d٠-٩]{0,60}?(?:عام|سنة)\s+(?P<year>[\d٠-٩]{4})")
_SHORT_COUNTRIES = frozenset({"uk", "us", "usa", "uae", "ksa", "prc"})
_AMBIGUOUS = {"GE": ("tbilisi", "batumi", "kutaisi")}
"""Country names that are places elsewhere too; they count only after one of these cities."""
_CONNECTORS_WORDS = (
    "of and for the de du la le les des di da del della et y e und van von der den in to al el on an bin &"
)
_CONNECTORS = frozenset(_CONNECTORS_WORDS.split())
_NOT_A_NAME_WORDS = (
    "the company it its they we this our in as on at for when after since based founded formed established managed "
    "located listed headquartered created engaged with through a an"
)
_NOT_A_NAME = frozenset(_NOT_A_NAME_WORDS.split())


@dataclass(frozen=True)
class Seat:
    """A stated seat: ISO country code, city or both, and the sentence that says so."""

    country: str | None
    city: str | None
    quote: str


@dataclass(frozen=True)
class Founding:
    """A stated year of founding and the sentence that says so."""

    year: int
    quote: str


class CompanyText:
    """One text about one company, read for what it says of the company itself.

    Args:
        text: The text, English or Arabic.
        names: Every name of the company, so that sentences about others are not taken for its own.
    """

    def __init__(self, text: str, names: tuple[str, ...]) -> None:
        self.text = text
        self._names = names

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """The sentences in order."""
        return tuple(self.text[start:end] for start, end in sentences(self.text))

    @cached_property
    def leading_name(self) -> str | None:
        """The name that the text begins with, None where it does not begin with one."""
        kept: list[str] = []
        words = self.text[:250].split()
        for index, word in enumerate(words):
            plain = word.strip(",;:()\"'“”").casefold()
            if index and plain not in _CONNECTORS and word[0].islower():
                break
            if index and plain in ("a", "an"):
                break
            kept.append(word)
            if word.endswith(",") and index + 1 < len(words) and words[index + 1].casefold() in ("a", "an", "the"):
                break
        else:
            return None
        while kept and kept[-1].strip(",").casefold() in _CONNECTORS:
            kept.pop()
        name = " ".join(kept).rstrip(",;: ")
        starts_badly = not kept or kept[0].casefold().strip(",") in _NOT_A_NAME - {"the"}
        generic = _PRONOUN.match(name) and len(kept) <= 2
        return None if starts_badly or generic or len(name) < 3 else name

    @cached_property
    def _keys(self) -> tuple[tuple[str, ...], ...]:
        names = (*self._names, *([self.leading_name] if self.leading_name else []))
        return tuple(tuple(key_of(name).split()) for name in dict.fromkeys(names))

    def is_own(self, sentence: str) -> bool:
        """Whether a sentence begins with the company itself: its name, "the company" or "it"."""
        start = _LEAD.sub("", sentence)
        return bool(_PRONOUN.match(start)) or self._starts_with_name(start)

    def is_own_verb_first(self, sentence: str) -> bool:
        """Whether an Arabic sentence has the company after its verb: "تأسس بنك الكويت الوطني …", "تقدم الشركة …"."""
        verb = _VERB_FIRST.match(sentence)
        return verb is not None and self._starts_with_company_ar(sentence[verb.end() :])

    def _starts_with_company_ar(self, rest: str) -> bool:
        """Whether words begin with الشركة, with البنك where a name of the company says so, or with all of a name."""
        noun = _OWN_NOUN_AR.match(rest)
        if noun is not None:
            kind = noun.group().removeprefix("ال")
            return kind == "شركة" or any(kind in name.split() for name in self._names)
        tokens = tuple(key_of(rest[:120]).split())
        keys = (tuple(key_of(name).split()) for name in self._names)
        return any(key and tokens[: len(key)] == key for key in keys)

    def _starts_with_name(self, start: str) -> bool:
        tokens = tuple(key_of(start[:80]).split())
        return any(key and tokens[: min(2, len(key))] == key[: min(2, len(key))] for key in self._keys)

    def is_subject(self, words: str) -> bool:
        """Whether the words before a verb are the company and nothing else ("The company", its name, "It").

        Names that the text alone uses do not count here: a text about someone else must not decide a fate.
        """
        plain = re.sub(r",?\s+(?:together|along) with its \w+,?\s*$", "", _LEAD.sub("", words.strip())).strip(" ,")
        if re.fullmatch(_PRONOUN.pattern, plain, re.IGNORECASE):
            return not plain.casefold().startswith(("its", "their"))
        key = key_of(plain) if plain else ""
        return any(key == key_of(name) or fold(plain) == fold(strip_legal_forms(name)) for name in self._names)

    @cached_property
    def seat(self) -> Seat | None:
        """The seat that the text states; the last statement that names a country, else the last at all."""
        found: Seat | None = None
        for sentence in self.sentences:
            seat = self._seat_in(sentence)
            if seat is not None and (found is None or seat.country is not None or found.country is None):
                found = seat
        return found

    def _seat_in(self, sentence: str) -> Seat | None:
        if "مقر" in sentence:
            match = _SEAT_AR.search(sentence)
        elif re.search(r"headquarter|based|domiciled|office", sentence, re.IGNORECASE):
            match = _SEAT.search(sentence)
        else:
            return None
        if match is None or not (match.re is _SEAT_AR or self.is_own(sentence)):
            return None
        parts = [part.strip() for part in re.split("[,،]", _PLACE_END.sub("", match["place"])) if part.strip()]
        if not parts:
            return None
        city = parts[0] if len(parts[0]) <= 60 else None
        country = _country_of_place(parts)
        if country is not None and len(parts) == 1:
            city = None
        if country is None and (len(parts) == 1 and not parts[0][:1].isupper() and match.re is _SEAT):
            return None
        return Seat(country=country, city=city, quote=sentence)

    @cached_property
    def nationality(self) -> Seat | None:
        """The country behind "… is a Saudi Arabian company" at the start of the text."""
        match = _NATIONALITY.match(self.sentences[0]) if self.sentences else None
        if match is None or not self.is_own(self.sentences[0]):
            return None
        words = match["who"].split()
        country = demonym_country(match["who"]) or demonym_country(words[0])
        return Seat(country=country, city=None, quote=self.sentences[0]) if country else None

    @cached_property
    def foundings(self) -> tuple[Founding, ...]:
        """Every year of founding or incorporation that the text states of the company, in order."""
        found = []
        for sentence in self.sentences:
            match = _FOUNDING.search(sentence) or _FOUNDING_AR.search(sentence)
            stated = match is not None and (match.re is _FOUNDING_AR or self.is_own(sentence))
            if match is None:
                match = _BEGINNING.search(sentence) or _BEGINNING_AR.match(sentence)
                stated = match is not None and self._is_beginning(sentence, match)
            if match is not None and stated:
                found.append(Founding(year=int(match["year"]), quote=sentence))
        return tuple(found)

    def _is_beginning(self, sentence: str, match: re.Match[str]) -> bool:
        """Whether it is the company itself that began: "Zain began in 1983", "is a firm that began in 2014"."""
        if match.re is _BEGINNING_AR:
            who = match["who"]
            is_name = key_of(who) in {key_of(name) for name in self._names}
            return is_name or (" " not in who and self._starts_with_company_ar(f"{who} "))
        before = sentence[: match.start()]
        return self.is_subject(before) or (self.is_own(sentence) and bool(_IS_ONE_THAT.match(before)))


def _country_of_place(parts: list[str]) -> str | None:
    last = parts[-1]
    short = re.sub(r"[^\w]", "", last).casefold()
    if len(short) <= 3 and short not in _SHORT_COUNTRIES:
        return None
    code = country_code(last)
    cities = _AMBIGUOUS.get(code or "")
    if cities is not None and (len(parts) == 1 or parts[0].casefold() not in cities):
        return None
    return code
