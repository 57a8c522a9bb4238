"""Countries as people write them: English and Arabic names, ISO codes and the usual short forms."""

import re
from functools import lru_cache

from babel import Locale
from babel.core import get_global

from partnership_os.schemas.base import country_codes
from partnership_os.tools.text import fold

__all__ = ["country_code", "country_name", "demonym_country"]

_ALIASES = {
    "SA": "ksa;kingdom of saudi;saudi;السعودية;المملكة السعودية",
    "AE": "uae;emirates;الإمارات;دولة الإمارات;دولة الإمارات العربية المتحدة",
    "KW": "دولة الكويت",
    "QA": "دولة قطر",
    "OM": "سلطنة عمان;عمان",
    "BH": "مملكة البحرين",
    "EG": "arab republic of egypt;جمهورية مصر العربية",
    "JO": "hashemite kingdom of jordan;المملكة الأردنية الهاشمية",
    "GB": "uk;great britain;britain;england;scotland;wales;northern ireland;بريطانيا;إنجلترا",
    "US": "usa;united states of america;america;أمريكا;الولايات المتحدة الأمريكية",
    "HK": "hong kong;hong kong sar;هونغ كونغ",
    "MO": "macau;macao;ماكاو",
    "CN": "peoples republic of china;mainland china;prc",
    "TW": "taiwan republic of china;republic of china",
    "KR": "republic of korea;korea;south korea;كوريا",
    "TR": "turkey;turkiye",
    "CZ": "czech republic",
    "CI": "ivory coast;cote divoire",
    "MM": "myanmar;burma",
    "MK": "macedonia",
    "VN": "viet nam",
    "RU": "russian federation",
    "NL": "holland;the netherlands",
    "PS": "palestine;فلسطين",
    "BA": "bosnia and herzegovina",
    "CD": "democratic republic of the congo;dr congo",
    "CG": "republic of the congo;congo",
    "LA": "lao pdr",
    "CV": "cape verde",
    "SZ": "swaziland",
    "FK": "falkland islands",
    "VI": "us virgin islands",
    "BS": "the bahamas",
    "IE": "republic of ireland",
    "VA": "vatican",
}
"""Names that CLDR does not carry as the display name of a territory, by ISO code."""

_DEMONYMS = {
    "saudi arabian": "SA",
    "saudi": "SA",
    "emirati": "AE",
    "kuwaiti": "KW",
    "qatari": "QA",
    "bahraini": "BH",
    "omani": "OM",
    "egyptian": "EG",
    "jordanian": "JO",
    "turkish": "TR",
    "indian": "IN",
    "chinese": "CN",
    "taiwanese": "TW",
    "japanese": "JP",
    "south korean": "KR",
    "singaporean": "SG",
    "malaysian": "MY",
    "indonesian": "ID",
    "thai": "TH",
    "australian": "AU",
    "canadian": "CA",
    "british": "GB",
    "american": "US",
    "french": "FR",
    "german": "DE",
    "italian": "IT",
    "spanish": "ES",
    "dutch": "NL",
    "swiss": "CH",
    "swedish": "SE",
    "israeli": "IL",
}
_FILLER = re.compile(r"^(?:the )?(?:(?:kingdom|state|sultanate|republic|commonwealth) of (?:the )?)?")


def _plain(text: str) -> str:
    words = re.sub(r"[^\w\s]", "", fold(text).replace("&", " and ").replace("-", " "))
    return " ".join(words.split())


@lru_cache(maxsize=1)
def _codes_by_name() -> dict[str, str]:
    known = country_codes()
    names: dict[str, str] = {}
    for language in ("en", "ar"):
        territories = Locale(language).territories
        names.update({_plain(territories[code]): code for code in sorted(known) if code in territories})
    names.update({_plain(name): code for code, listed in _ALIASES.items() for name in listed.split(";")})
    for alpha3, codes in sorted(get_global("territory_aliases").items()):
        if len(alpha3) == 3 and alpha3.isalpha() and len(codes) == 1 and codes[0] in known:
            names.setdefault(alpha3.lower(), codes[0])
    names.update({code.lower(): code for code in known if code.lower() not in names})
    return names


@lru_cache(maxsize=20_000)
def country_code(text: str) -> str | None:
    """The ISO 3166-1 alpha-2 code of a country written in English, Arabic, alpha-2 or alpha-3, else None.

    Names come from CLDR (through Babel); "the Kingdom of …", "State of …" and the like may stand in front.
    """
    plain = _plain(text)
    names = _codes_by_name()
    return names.get(plain) or names.get(_FILLER.sub("", plain))


def country_name(code: str) -> str:
    """The English name of an ISO alpha-2 code, for messages."""
    return str(Locale("en").territories.get(code, code))


def demonym_country(text: str) -> str | None:
    """The ISO code behind an English demonym such as "Saudi Arabian", else None."""
    return _DEMONYMS.get(_plain(text))
