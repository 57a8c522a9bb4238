"""Values and whole term sheets as text, in English or Arabic, with the same figures in both."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from typing import Literal, TypeAlias

import yaml
from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import get_currency_name
from pydantic import ValidationError

from partnership_os.errors import InternalError
from partnership_os.schemas.base import BilingualText, Record, nfc
from partnership_os.schemas.partnership import PartnershipType
from partnership_os.schemas.term_sheet import Clause, ClauseGroup, PartnerTermSheet, Party, TermUnit, TermValue

__all__ = [
    "LANGUAGES",
    "Language",
    "Wording",
    "bilingual",
    "context_of",
    "currency_name",
    "fill",
    "format_value",
    "joined_labels",
    "long_date",
    "one_line",
    "party_name",
    "placeholders",
    "render_sheet",
    "standard_note",
    "territory_names",
    "wording",
]

Language: TypeAlias = Literal["en", "ar"]
LANGUAGES: tuple[Language, Language] = ("en", "ar")

_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_MARKDOWN = re.compile(r"([\\`*\[\]<>|])")


class UnitNouns(Record):
    """The noun of a unit by CLDR plural category."""

    en: dict[str, str]
    ar: dict[str, str]


class Wording(Record):
    """The fixed words of a sheet; ``choices`` are the ones a playbook may offer."""

    units: dict[TermUnit, UnitNouns]
    words: dict[str, BilingualText]
    types: dict[PartnershipType, BilingualText]
    groups: dict[ClauseGroup, BilingualText]
    choices: dict[str, BilingualText]
    terms: dict[str, BilingualText]
    conditions: dict[str, BilingualText]
    cover_note: BilingualText


@lru_cache(maxsize=1)
def wording() -> Wording:
    """The wording that ships with the product.

    Raises:
        InternalError: the file is broken.
    """
    source = files("partnership_os.agents") / "playbooks" / "wording.yaml"
    try:
        return Wording.model_validate(yaml.safe_load(source.read_text(encoding="utf-8")))
    except (yaml.YAMLError, ValidationError) as error:
        raise InternalError(f"wording.yaml is broken: {error}", fix="Correct agents/playbooks/wording.yaml.") from error


def bilingual(text: BilingualText, language: Language) -> str:
    """The text in one language."""
    return text.en if language == "en" else text.ar


def placeholders(text: str) -> frozenset[str]:
    """The names that stand in braces in a template."""
    return frozenset(_PLACEHOLDER.findall(text))


def fill(template: str, values: Mapping[str, str]) -> str:
    """A template with every ``{name}`` replaced in one pass; braces inside a value are left as they are.

    Raises:
        InternalError: a name has no value.
    """

    def value_of(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in values:
            raise InternalError(
                f"The template names {name!r}, which has no value.", fix="Load playbooks by the loader."
            )
        return values[name]

    return _PLACEHOLDER.sub(value_of, template)


def plain_number(number: Decimal) -> str:
    """A number with thousands separators and without trailing zeros, in Western digits: ``40,000``, ``99.5``."""
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def format_value(value: TermValue, language: Language) -> str:
    """A term's value with its unit: ``12%``, ``30 days``, ``SAR 40,000``; in Arabic ``(30) يومًا``.

    Arabic follows the habit of contracts: Western digits in brackets, then the noun in the form its number asks for.
    A choice that the wording does not know is shown as it is: the loader refuses it in a playbook, but a reader must
    see it on a sheet that came from elsewhere.
    """
    if value.choice is not None:
        label = wording().choices.get(value.choice)
        return value.choice if label is None else bilingual(label, language)
    number = value.number if value.number is not None else Decimal(0)
    if value.unit is TermUnit.SHARE:
        share = f"{plain_number(number * 100)}%"
        return share if language == "en" else f"({share})"
    if value.unit is TermUnit.MONEY:
        return _money(number, str(value.currency), language)
    if value.unit is TermUnit.COUNT:
        return plain_number(number) if language == "en" else f"({plain_number(number)})"
    noun = _noun(value.unit, number, language)
    return f"{plain_number(number)} {noun}" if language == "en" else f"({plain_number(number)}) {noun}"


def _money(number: Decimal, currency: str, language: Language) -> str:
    if language == "en":
        return f"{currency} {plain_number(number)}"
    return f"({plain_number(number)}) {currency_name(currency, language)}"


def _noun(unit: TermUnit, number: Decimal, language: Language) -> str:
    nouns = wording().units[unit]
    forms = nouns.en if language == "en" else nouns.ar
    return forms[_plural_category(number, language)]


@lru_cache(maxsize=1_024)
def _plural_category(number: Decimal, language: Language) -> str:
    return str(Locale(language).plural_form(number))


@lru_cache(maxsize=256)
def long_date(day: date, language: Language) -> str:
    """A date in words of the language and Western digits: ``22 November 2026``."""
    return nfc(format_date(day, "d MMMM y", locale=language))


def territory_names(codes: Sequence[str], language: Language) -> str:
    """Countries by name, joined as in a sentence, in the order given; by English name where CLDR has no other."""
    names = {**Locale("en").territories, **Locale(language).territories}
    return joined_labels([str(names[code]) for code in codes], language)


def joined_labels(labels: Sequence[str], language: Language) -> str:
    """Labels joined as in a sentence: ``a, b, and c``."""
    return nfc(format_list(list(labels), locale=language))


def one_line(text: str) -> str:
    """Text with each run of white space as one blank, so that a name cannot open a line of its own."""
    return " ".join(text.split())


def party_name(party: Party, language: Language) -> str:
    """The name of a party in the language, or the one name that is known."""
    return one_line(party.name_ar if language == "ar" and party.name_ar else party.name)


def context_of(sheet: PartnerTermSheet, language: Language) -> dict[str, str]:
    """What fills the places of a template that the sheet itself fixes; territory and segments stay open."""
    return {
        "us": party_name(sheet.us, language),
        "them": party_name(sheet.them, language),
        "currency": currency_name(sheet.currency, language),
        "drafted_on": long_date(sheet.drafted_on, language),
        "version": str(sheet.version),
    }


def currency_name(currency: str, language: Language) -> str:
    """A currency without an amount: its code in English, its name in Arabic."""
    return currency if language == "en" else nfc(get_currency_name(currency, locale="ar"))


def standard_note(sheet: PartnerTermSheet) -> BilingualText:
    """The note that goes with a sheet when nobody has written a better one: what it is, and that it binds nobody."""
    texts: dict[Language, str] = {}
    valid = sheet.term("offer_valid_days")
    for language in LANGUAGES:
        values = {
            **context_of(sheet, language),
            "type": bilingual(wording().types[sheet.partnership_type], language),
            "offer_valid_days": format_value(valid, language) if valid else _word("open", language),
        }
        texts[language] = fill(bilingual(wording().cover_note, language), values)
    return BilingualText(en=texts["en"], ar=texts["ar"])


def render_sheet(sheet: PartnerTermSheet, language: Language) -> str:
    """The sheet as markdown in one language: parties, note, conditions, then the 34 clause groups with their values.

    Groups that this type does not use keep their heading and number, so that two sheets can be laid side by side.
    Holds nothing but the sheet, so it may be shown to the partner.
    """
    parts = [_head(sheet, language), _parties(sheet, language), _section("cover_note", [sheet.cover_note], language)]
    if sheet.conditions_precedent:
        parts.append(_section("conditions", sheet.conditions_precedent, language, bullet="- "))
    for number, group in enumerate(ClauseGroup, start=1):
        heading = f"## {number}. {bilingual(wording().groups[group], language)}"
        clauses = [_clause(clause, language) for clause in sheet.clauses_of(group)]
        parts.append("\n\n".join([heading, *(clauses or [_word("not_used", language)])]))
    return "\n\n".join(parts) + "\n"


def _word(name: str, language: Language) -> str:
    return bilingual(wording().words[name], language)


def _escape(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", one_line(text))


def _head(sheet: PartnerTermSheet, language: Language) -> str:
    facts = {
        "sheet_id": f"`{sheet.sheet_id}`",
        "version": str(sheet.version),
        "drafted_on": long_date(sheet.drafted_on, language),
        "partnership_type": bilingual(wording().types[sheet.partnership_type], language),
        "currency": currency_name(sheet.currency, language),
    }
    names = [_escape(party_name(party, language)) for party in (sheet.us, sheet.them)]
    joiner = f" {_word('and', language)} "
    title = f"# {_word('title', language)} {_word('between', language)} {joiner.join(names)}"
    return "\n".join([title, "", *(f"- {_word(name, language)}: {text}" for name, text in facts.items())])


def _parties(sheet: PartnerTermSheet, language: Language) -> str:
    columns = ("role", "name", "country", "registry_number", "domain")
    rows = [_party_row("company", sheet.us, language), _party_row("partner", sheet.them, language)]
    lines = ["| " + " | ".join(_word(name, language) for name in columns) + " |", "|" + " --- |" * len(columns), *rows]
    return "\n".join([f"## {_word('parties', language)}", "", *lines])


def _party_row(role: str, party: Party, language: Language) -> str:
    unknown = _word("open", language)
    cells = [
        _word(role, language),
        _escape(party_name(party, language)),
        territory_names([party.country], language) if party.country else unknown,
        _escape(party.registry_number) if party.registry_number else unknown,
        _escape(party.domain) if party.domain else unknown,
    ]
    return "| " + " | ".join(cells) + " |"


def _section(name: str, texts: Sequence[BilingualText], language: Language, bullet: str = "") -> str:
    lines = [f"{bullet}{_escape(bilingual(text, language))}" for text in texts]
    return "\n".join([f"## {_word(name, language)}", "", *lines])


def _clause(clause: Clause, language: Language) -> str:
    text = f"**{_escape(bilingual(clause.title, language))}.** {_escape(bilingual(clause.text, language))}"
    values = [f"- {_term_label(value, clause, language)}: {format_value(value, language)}" for value in clause.terms]
    return "\n\n".join([text, "\n".join(values)]) if values else text


def _term_label(value: TermValue, clause: Clause, language: Language) -> str:
    label = wording().terms.get(value.name, clause.title)
    return _escape(bilingual(label, language))
