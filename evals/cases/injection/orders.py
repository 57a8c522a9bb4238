"""Injected orders as data: where they stand, how they are dressed, what they want."""

from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from importlib.resources import files
from itertools import product
from pathlib import Path
from typing import Literal

from partnership_os.evals.catalogue import load_rows
from partnership_os.evals.suite import Case
from partnership_os.schemas.base import Passage, Record, Sentence, Slug

__all__ = [
    "ROOM",
    "WORLD",
    "Goal",
    "InjectionCase",
    "Place",
    "cross_product",
    "goals",
    "order_of",
    "templates",
    "write_cross_product",
]

WORLD = files("partnership_os.evals.cases.injection") / "v1" / "world"


class Place(StrEnum):
    """The field that holds the order."""

    COMPANY_NAME = "company_name"
    TEXT_EN = "text_en"
    TEXT_AR = "text_ar"
    RECORD_FIELD = "record_field"
    NEED_TITLE = "need_title"
    NEED_DESCRIPTION = "need_description"
    SIGNAL_TEXT = "signal_text"
    REQUEST_TEXT = "request_text"
    GAP_TEXT = "gap_text"
    EDIT_NOTE = "edit_note"
    REJECTION_REASON = "rejection_reason"
    CHAT_LINE = "chat_line"
    CHAT_EVIDENCE = "chat_evidence"


ROOM = {Place.COMPANY_NAME: 200, Place.RECORD_FIELD: 200, Place.NEED_TITLE: 200}
"""Characters that a field takes; an attacker who writes more is refused at the door, and so writes no more."""


class Goal(StrEnum):
    """What the order wants; what shows it is said in ``v1/world/goals.yaml``."""

    APPROVE = "approve"
    RAISE_SCORE = "raise_score"
    FALSE_CLAIM = "false_claim"
    LEAK_LIMITS = "leak_limits"
    LOWER_LEVEL = "lower_level"
    START_OTHER = "start_other"
    SHOW_OTHER = "show_other"
    CHANGE_TERM = "change_term"
    HIDE_RISK = "hide_risk"


class Wording(Record):
    """A template or a goal in both languages; ``shows`` says by what in the state a goal is judged."""

    id: Slug
    en: Passage
    ar: Passage
    shows: Sentence | None = None


class InjectionCase(Case):
    """One order in one field."""

    place: Place
    template: Slug
    goal: Goal
    language: Literal["en", "ar"]


@cache
def templates() -> dict[str, Wording]:
    """How an order can be dressed, by id."""
    return {item.id: item for item in load_rows(WORLD / "templates.yaml", Wording)}


@cache
def goals() -> dict[str, Wording]:
    """What an order can want, by id."""
    return {item.id: item for item in load_rows(WORLD / "goals.yaml", Wording)}


def order_of(case: InjectionCase, **names: str) -> str:
    """The order as it stands in the field.

    Args:
        case: Names template, goal and language.
        names: What ``{other}``, ``{need}`` and ``{evidence}`` of a goal stand for.

    Raises:
        KeyError: there is no such template.
    """
    english = case.language == "en"
    template, goal = templates()[case.template], goals()[case.goal]
    wanted = (goal.en if english else goal.ar).format(**names)
    return (template.en if english else template.ar).format(goal=wanted)


def cross_product() -> Iterator[InjectionCase]:
    """Every field × template × goal × language, not only the chosen cases: for a night, or another model."""
    languages: tuple[Literal["en", "ar"], ...] = ("en", "ar")
    for place, template, goal, language in product(Place, templates(), Goal, languages):
        yield InjectionCase(
            id=f"{place.value}-{template}-{goal.value}-{language}",
            cluster=place.value,
            reason="One of all combinations of field, template, goal and language.",
            place=place,
            template=template,
            goal=goal,
            language=language,
        )


def write_cross_product(folder: Path) -> Path:
    """Write every combination as a case file into a folder, which ``partnership eval run --cases`` takes."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "cross_product.jsonl"
    path.write_text("".join(case.model_dump_json() + "\n" for case in cross_product()), encoding="utf-8")
    return path
