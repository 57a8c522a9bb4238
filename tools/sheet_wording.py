"""The fixed words of a term sheet in both languages: headings, units, choices, names of terms."""

from functools import lru_cache
from importlib.resources import files
from typing import Literal, TypeAlias

import yaml
from pydantic import ValidationError

from partnership_os.errors import InternalError
from partnership_os.schemas.base import BilingualText, Record
from partnership_os.schemas.partnership import PartnershipType
from partnership_os.schemas.term_sheet import ClauseGroup, TermUnit

__all__ = ["LANGUAGES", "Language", "Wording", "bilingual", "word", "wording"]

Language: TypeAlias = Literal["en", "ar"]
LANGUAGES: tuple[Language, Language] = ("en", "ar")


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
    source = files("partnership_os.tools") / "data" / "sheet_wording.yaml"
    try:
        return Wording.model_validate(yaml.safe_load(source.read_text(encoding="utf-8")))
    except (yaml.YAMLError, ValidationError) as error:
        raise InternalError(
            f"sheet_wording.yaml is broken: {error}", fix="Correct tools/data/sheet_wording.yaml."
        ) from error


def bilingual(text: BilingualText, language: Language) -> str:
    """The text in one language."""
    return text.en if language == "en" else text.ar


def word(name: str, language: Language) -> str:
    """One of the fixed words, for example ``word("version", "ar")``.

    Raises:
        KeyError: there is no such word.
    """
    return bilingual(wording().words[name], language)
