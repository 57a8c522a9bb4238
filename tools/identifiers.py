"""Identifiers of companies: domains, registry numbers, LEI, ISIN, in the one form in which they are compared."""

import re
from enum import StrEnum
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import urlsplit

import idna
from publicsuffixlist import PublicSuffixList
from stdnum import isin, lei
from stdnum.exceptions import ValidationError

from partnership_os.errors import InputError
from partnership_os.tools.identifier_forms import compact

__all__ = ["RegistryKind", "parse_domain", "parse_isin", "parse_lei", "parse_registry_number", "registry_kind"]

_FREE_MAIL_WORDS = (
    "gmail.com googlemail.com hotmail.com outlook.com outlook.sa live.com msn.com yahoo.com ymail.com aol.com "
    "icloud.com me.com mac.com gmx.com gmx.net mail.com mail.ru yandex.com yandex.ru proton.me protonmail.com qq.com "
    "163.com 126.com zoho.com naver.com hanmail.net rediffmail.com"
)
_FREE_MAIL = frozenset(_FREE_MAIL_WORDS.split())
_SHARED_HOSTS_WORDS = (
    "facebook.com fb.com linkedin.com twitter.com x.com instagram.com youtube.com youtu.be tiktok.com snapchat.com "
    "whatsapp.com wa.me t.me telegram.me pinterest.com linktr.ee medium.com sites.google.com maps.google.com "
    "play.google.com goo.gl bit.ly apps.apple.com wikipedia.org bloomberg.com crunchbase.com github.com gitlab.com "
    "wix.com wixsite.com wordpress.com weebly.com blogspot.com blogger.com tumblr.com squarespace.com webflow.io "
    "godaddysites.com business.site site123.me jimdo.com strikingly.com notion.site salla.sa zid.store myshopify.com "
    "maroof.sa haraj.com.sa"
)
_SHARED_HOSTS = frozenset(_SHARED_HOSTS_WORDS.split())


class RegistryKind(StrEnum):
    """What a registry number is: numbers of one kind that differ are two companies, of two kinds they are not."""

    SAUDI_UNIFIED = "saudi_unified"
    SAUDI_CR = "saudi_cr"
    OTHER = "other"


@lru_cache(maxsize=2)
def _suffixes(only_icann: bool) -> PublicSuffixList:
    return PublicSuffixList(only_icann=only_icann)


def _host_of(text: str) -> str:
    plain = text.strip().strip("<>\"'").replace("\\", "/")
    if "@" in plain and "/" not in plain:
        plain = plain.rpartition("@")[2]
    plain = re.sub(r"^[a-z][a-z0-9+.\-]*:/*", "", plain, flags=re.IGNORECASE)
    try:
        host = urlsplit(f"//{plain}").hostname or ""
    except ValueError:
        host = ""
    return host.rstrip(".")


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _is_sold_below_country(registrable: str) -> bool:
    """Whether a domain stands below a suffix such as ``uk.com``, which is sold like a country's own."""
    return re.fullmatch(r"[^.]+\.[a-z]{2}\.(?:com|net|org)", registrable) is not None


def _registrable(host: str) -> str | None:
    """The registrable domain: below the suffixes of registries, and below those that are sold like them."""
    full = _suffixes(False).privatesuffix(host)
    if full is not None and _is_sold_below_country(full):
        return str(full)
    official = _suffixes(True).privatesuffix(host)
    return None if official is None else str(official)


@lru_cache(maxsize=50_000)
def parse_domain(text: str) -> str:
    """The registrable domain of a URL, host or e-mail address, as an IDNA A-label in lower case.

    Scheme, ``www`` and path are dropped; the registrable part follows the bundled Public Suffix List
    (partner-definitions §3.8).

    Raises:
        InputError: not a domain, or one that many companies share (free mail, social networks, site builders)
            and that therefore identifies nobody.
    """
    host = _host_of(text)
    try:
        ascii_host = idna.encode(host, uts46=True).decode("ascii").lower()
    except idna.IDNAError:
        ascii_host = ""
    registrable = _registrable(ascii_host) if "." in ascii_host else None
    if registrable is None or _is_address(ascii_host):
        raise InputError(
            f"{text[:100]!r} is not a web address with a registrable domain.",
            fix="Give a domain such as example.com.sa.",
        )
    if (
        {registrable, ascii_host.removeprefix("www.")} & (_FREE_MAIL | _SHARED_HOSTS)
        or _suffixes(False).privatesuffix(ascii_host) != registrable
    ) and not _is_sold_below_country(registrable):
        raise InputError(
            f"{registrable} is shared by many companies and identifies none of them.",
            fix="Give the company's own domain, or leave the field empty.",
        )
    return str(registrable)


def parse_lei(text: str) -> str:
    """A Legal Entity Identifier (ISO 17442) with its check digits verified.

    Raises:
        InputError: wrong length, characters or check digits.
    """
    code = compact(text)
    try:
        lei.validate(code)
    except ValidationError as error:
        raise InputError(
            f"{text[:40]!r} is not a valid LEI: {error}", fix="Copy the 20 characters from the LEI register."
        ) from None
    return code


def parse_isin(text: str) -> str:
    """An ISIN (ISO 6166) with its check digit verified.

    Raises:
        InputError: wrong length, country prefix, characters or check digit.
    """
    code = compact(text)
    try:
        isin.validate(code)
    except ValidationError as error:
        raise InputError(
            f"{text[:40]!r} is not a valid ISIN: {error}", fix="Copy the 12 characters from the exchange's page."
        ) from None
    return code


def parse_registry_number(text: str, country: str | None) -> str:
    """A registry number without blanks and dashes, digits in ASCII.

    In Saudi Arabia it has ten digits; a unified number starts with 7, a commercial registration with anything
    else (gcc-rules SA-CR-2, SA-CR-3).

    Args:
        text: As written, digits of either script.
        country: ISO code of the register's country, None when not known.

    Raises:
        InputError: a placeholder, not a number at all, or not ten digits for a Saudi company.
    """
    code = compact(text)
    if not code.isascii() or not code.isalnum() or not any(char.isdigit() for char in code) or len(code) > 40:
        raise InputError(f"{text[:60]!r} is not a registry number.", fix="Give the number as printed on the extract.")
    if len(set(code)) == 1 or code in ("1234567890", "0123456789"):
        raise InputError(f"{code} is a placeholder, not a registry number.", fix="Leave the field empty if not known.")
    if country == "SA" and not (len(code) == 10 and code.isdigit()):
        raise InputError(
            f"{code} is not a Saudi registry number: it has 10 digits.",
            fix="Give the unified number (starts with 7) or the 10-digit commercial registration.",
        )
    return code


def registry_kind(number: str, country: str | None) -> RegistryKind:
    """Which register a number of `parse_registry_number` belongs to, as far as its form tells."""
    if country not in ("SA", None) or len(number) != 10 or not number.isdigit():
        return RegistryKind.OTHER
    return RegistryKind.SAUDI_UNIFIED if number.startswith("7") else RegistryKind.SAUDI_CR
