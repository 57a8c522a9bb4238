"""Whole term sheets as text, in English or Arabic; words and values of sheets stand in `tools`."""

import re
from collections.abc import Mapping, Sequence

from partnership_os.errors import InternalError
from partnership_os.schemas.base import BilingualText
from partnership_os.schemas.term_sheet import Clause, ClauseGroup, PartnerTermSheet, Party
from partnership_os.tools.sheet_values import (
    currency_name,
    format_value,
    joined_labels,
    long_date,
    one_line,
    party_name,
    term_label,
    territory_names,
)
from partnership_os.tools.sheet_wording import LANGUAGES, Language, Wording, bilingual, word, wording

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

_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_MARKDOWN = re.compile(r"([\\`*\[\]<>|])")


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


def context_of(sheet: PartnerTermSheet, language: Language) -> dict[str, str]:
    """What fills the places of a template that the sheet itself fixes; territory and segments stay open."""
    return {
        "us": party_name(sheet.us, language),
        "them": party_name(sheet.them, language),
        "currency": currency_name(sheet.currency, language),
        "drafted_on": long_date(sheet.drafted_on, language),
        "version": str(sheet.version),
    }


def standard_note(sheet: PartnerTermSheet) -> BilingualText:
    """The note that goes with a sheet when nobody has written a better one: what it is, and that it binds nobody."""
    texts: dict[Language, str] = {}
    valid = sheet.term("offer_valid_days")
    for language in LANGUAGES:
        values = {
            **context_of(sheet, language),
            "type": bilingual(wording().types[sheet.partnership_type], language),
            "offer_valid_days": format_value(valid, language) if valid else word("open", language),
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
        parts.append("\n\n".join([heading, *(clauses or [word("not_used", language)])]))
    return "\n\n".join(parts) + "\n"


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
    joiner = f" {word('and', language)} "
    title = f"# {word('title', language)} {word('between', language)} {joiner.join(names)}"
    return "\n".join([title, "", *(f"- {word(name, language)}: {text}" for name, text in facts.items())])


def _parties(sheet: PartnerTermSheet, language: Language) -> str:
    columns = ("role", "name", "country", "registry_number", "domain")
    rows = [_party_row("company", sheet.us, language), _party_row("partner", sheet.them, language)]
    lines = ["| " + " | ".join(word(name, language) for name in columns) + " |", "|" + " --- |" * len(columns), *rows]
    return "\n".join([f"## {word('parties', language)}", "", *lines])


def _party_row(role: str, party: Party, language: Language) -> str:
    unknown = word("open", language)
    cells = [
        word(role, language),
        _escape(party_name(party, language)),
        territory_names([party.country], language) if party.country else unknown,
        _escape(party.registry_number) if party.registry_number else unknown,
        _escape(party.domain) if party.domain else unknown,
    ]
    return "| " + " | ".join(cells) + " |"


def _section(name: str, texts: Sequence[BilingualText], language: Language, bullet: str = "") -> str:
    lines = [f"{bullet}{_escape(bilingual(text, language))}" for text in texts]
    return "\n".join([f"## {word(name, language)}", "", *lines])


def _clause(clause: Clause, language: Language) -> str:
    text = f"**{_escape(bilingual(clause.title, language))}.** {_escape(bilingual(clause.text, language))}"
    values = [
        f"- {_escape(term_label(value, clause, language))}: {format_value(value, language)}" for value in clause.terms
    ]
    return "\n\n".join([text, "\n".join(values)]) if values else text
