"""Countries that a text names, by their names in both languages, usual short forms, Gulf cities and demonyms."""

import re
from functools import lru_cache
from typing import NamedTuple

from babel import Locale

from partnership_os.schemas.base import country_codes
from partnership_os.tools.phrases import PhraseTable

__all__ = ["CountryMention", "country_mentions", "is_city", "is_stated_nationality", "nationality_mentions"]


class CountryMention(NamedTuple):
    """A country named in a text, at its place in the original."""

    country: str
    start: int
    end: int


_SHORT_FORMS = {
    "SA": "the Kingdom;the Kingdom of Saudi Arabia;Kingdom of Saudi Arabia;KSA;Saudi;السعودية;"
    "المملكة العربية السعودية;المملكة;أرجاء المملكة",
    "AE": "UAE;U.A.E;Emirates;the Emirates;الإمارات;الإمارات العربية المتحدة;دولة الإمارات",
    "GB": "UK;U.K;Great Britain;Britain;England;Scotland;بريطانيا;المملكة المتحدة",
    "US": "USA;U.S;U.S.A;United States of America;America;أمريكا;الولايات المتحدة",
    "TR": "Turkey;Türkiye;تركيا",
    "BH": "the Kingdom of Bahrain;Kingdom of Bahrain;مملكة البحرين",
    "JO": "the Hashemite Kingdom of Jordan;Hashemite Kingdom of Jordan;المملكة الأردنية الهاشمية",
    "MA": "the Kingdom of Morocco;المملكة المغربية",
    "HK": "Hong Kong;هونغ كونغ",
    "CZ": "Czech Republic",
    "KR": "South Korea;Republic of Korea",
    "CN": "mainland China;People's Republic of China",
    "OM": "سلطنة عمان;سلطنة عُمان",
}
_CITIES = {
    "SA": "Riyadh;Jeddah;Dammam;Al Khobar;Khobar;Makkah;Mecca;Madinah;Medina;Dhahran;Jubail;Yanbu;Abha;Tabuk;"
    "Buraidah;Hail;"
    "NEOM;الرياض;جدة;الدمام;الخبر;مكة المكرمة;المدينة المنورة;الظهران;الجبيل;ينبع;أبها;تبوك;بريدة;القصيم;نيوم",
    "AE": "Dubai;Abu Dhabi;Sharjah;Ajman;Ras Al Khaimah;Fujairah;دبي;أبوظبي;أبو ظبي;الشارقة;عجمان;رأس الخيمة;الفجيرة",
    "KW": "Kuwait City;مدينة الكويت",
    "QA": "Doha;الدوحة",
    "BH": "Manama;المنامة",
    "OM": "Muscat;Salalah;Sohar;مسقط;صلالة;صحار",
    "EG": "Cairo;Alexandria;Giza;القاهرة;الإسكندرية;الجيزة",
    "JO": "Amman",
    "TR": "Istanbul;Ankara;إسطنبول;أنقرة",
    "LB": "Beirut;بيروت",
    "MA": "Casablanca;Rabat;الدار البيضاء;الرباط",
    "PK": "Karachi;Lahore;Islamabad",
    "IN": "Mumbai;New Delhi;Bengaluru;Bangalore",
    "GB": "London;لندن",
}
_DEMONYMS = {
    "SA": "Saudi Arabian;سعودي;سعودية",
    "AE": "Emirati;إماراتي;إماراتية",
    "KW": "Kuwaiti;كويتي;كويتية",
    "QA": "Qatari;قطري;قطرية",
    "BH": "Bahraini;بحريني;بحرينية",
    "OM": "Omani;عماني;عمانية",
    "EG": "Egyptian;مصري;مصرية",
    "JO": "Jordanian;أردني;أردنية",
    "US": "American;أمريكي;أمريكية",
    "GB": "British;بريطاني;بريطانية",
    "FR": "French;فرنسي;فرنسية",
    "DE": "German;ألماني;ألمانية",
    "IN": "Indian;هندي;هندية",
    "CN": "Chinese;صيني;صينية",
    "JP": "Japanese;ياباني;يابانية",
    "TR": "Turkish;تركي;تركية",
}
_NOT_COUNTRIES = (
    "New Jersey",
    "New Mexico",
    "South Georgia",
    "Gulf of Mexico",
    "Gulf of Oman",
    "Indian Ocean",
    "South China Sea",
    "East China Sea",
    "Latin America",
    "North America",
    "South America",
    "Central America",
    "Bank of America",
    "Jordan River",
    "Air Jordan",
    "قناة السويس",
    "البنك السعودي",
    "الريال السعودي",
    "London Stock Exchange",
    "Saudi Riyal",
    "Saudi Exchange",
    "Saudi Stock Exchange",
    "Saudi Arabian Monetary Authority",
    "Saudi Central Bank",
    "Boursa Kuwait",
    "Kuwait Stock Exchange",
    "Dubai Financial Market",
    "Nasdaq Dubai",
    "Abu Dhabi Securities Exchange",
    "Qatar Stock Exchange",
    "Qatar Exchange",
    "Bahrain Bourse",
    "Muscat Stock Exchange",
    "Muscat Securities Market",
    "Amman Stock Exchange",
    "Hong Kong Stock Exchange",
    "Stock Exchange of Hong Kong",
    "Casablanca Stock Exchange",
    "Vision of the Kingdom",
    "السوق المالية السعودية",
    "سوق الأسهم السعودية",
    "البورصة السعودية",
    "بورصة الكويت",
    "سوق الكويت للأوراق المالية",
    "سوق دبي المالي",
    "ناسداك دبي",
    "سوق أبوظبي للأوراق المالية",
    "سوق أبوظبي المالي",
    "بورصة قطر",
    "بورصة البحرين",
    "بورصة مسقط",
    "سوق مسقط للأوراق المالية",
    "بورصة عمان",
    "بورصة مصر",
    "بورصة لندن",
    "بورصة الدار البيضاء",
    "رؤية المملكة",
    "رؤية السعودية",
    "رؤية المملكة العربية السعودية",
    "رؤية قطر",
    "رؤية عمان",
    "رؤية الكويت",
    "رؤية البحرين",
    "رؤية الإمارات",
)
_AMBIGUOUS_WORDS = frozenset({"GE", "JE", "TD", "GN", "GS", "UM"})
_IS_A = re.compile(
    r"^[^.;]{0,150}?\bis\s+an?\s+(?:[\w-]+\s+){0,3}?$"
    r"|^(?:(?:هي|هو)\s)?(?:شركة|بنك|مصرف|مجموعة|مؤسسة|منصة|هي|هو)\s"
    r"(?:(?!(?:تابعة|مملوكة|شقيقة|مع|من|في|عن|على|إلى|لدى|لصالح)\s|ل(?:شركة|مجموعة|بنك|مؤسسة))\S+\s){0,4}?$",
    re.IGNORECASE,
)
_NAME, _DEMONYM = "name", "demonym"
_NO_READING = frozenset({"Saudi", "America", "Emirates", "عمان"})


@lru_cache(maxsize=1)
def _table() -> PhraseTable:
    table = PhraseTable()
    for phrase in _NOT_COUNTRIES:
        table.add(phrase, _NAME, None)
    for language in ("en", "ar"):
        territories = Locale(language).territories
        for code in sorted(country_codes() & set(territories)):
            table.add(str(territories[code]), _NAME, code)
    for group, lists in ((_NAME, _SHORT_FORMS), (_NAME, _CITIES), (_DEMONYM, _DEMONYMS)):
        for code, names in lists.items():
            for name in names.split(";"):
                table.add(name, group, f"{code}?" if group == _DEMONYM else code)
    return table


def country_mentions(text: str) -> tuple[CountryMention, ...]:
    """Every country that a text names by its name, short form or a city, in reading order.

    "The Kingdom" alone is Saudi Arabia. Bare "Saudi", "America" and "Emirates" stand inside too many names of
    companies, and Georgia and Jersey are places elsewhere too: they are left out here.
    """
    return tuple(
        CountryMention(match.name, match.start, match.end)
        for match in _table().find(text)
        if not match.name.endswith("?")
        and match.name not in _AMBIGUOUS_WORDS
        and text[match.start : match.end] not in _NO_READING
    )


def is_city(words: str) -> bool:
    """Whether words that `country_mentions` found, with or without an Arabic prefix, are one of its cities."""
    return words.casefold() in _city_names() or re.sub(r"^[وف]?[بل]?", "", words) in _city_names()


@lru_cache(maxsize=1)
def _city_names() -> frozenset[str]:
    return frozenset(name.casefold() for names in _CITIES.values() for name in names.split(";"))


def nationality_mentions(text: str) -> tuple[CountryMention, ...]:
    """Every nationality that a text names ("Kuwaiti", سعودية, "Saudi"), in reading order."""
    return tuple(
        CountryMention(match.name.rstrip("?"), match.start, match.end)
        for match in _table().find(text)
        if match.name.endswith("?") or text[match.start : match.end] == "Saudi"
    )


def is_stated_nationality(sentence: str, start: int) -> bool:
    """Whether a nationality that begins at ``start`` stands as the company's own: "is a Kuwaiti bank", شركة سعودية.

    The Arabic clause has to begin with the noun: give what follows the company's name.
    """
    return bool(_IS_A.search(sentence, 0, start))
