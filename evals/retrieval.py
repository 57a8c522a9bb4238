"""Retrieval cases: does the search bring the right companies to the top?"""

from collections.abc import Sequence
from enum import StrEnum
from importlib.resources import files
from statistics import fmean
from typing import Annotated, TypeVar

from pydantic import Field

from partnership_os.schemas.base import CountryCode, Fraction, Label, Passage, Record, RecordId, Sentence
from partnership_os.tools.company_search import CompanyDocument, CompanySearch, SearchFilters

__all__ = [
    "GroupResult",
    "NeedGroup",
    "RetrievalCase",
    "RetrievalCompany",
    "RetrievalReport",
    "load_cases",
    "load_companies",
    "run_retrieval",
]

_RecordT = TypeVar("_RecordT", bound=Record)
_CUT = 5


class NeedGroup(StrEnum):
    """How far the words of a need are from the words of the descriptions that answer it."""

    SAME_WORDS = "same_words"
    PARAPHRASE = "paraphrase"
    ARABIC_ARABIC = "arabic_arabic"
    ARABIC_ENGLISH = "arabic_english"


class RetrievalCompany(Record):
    """A real company, described in our own words."""

    id: RecordId
    name: Label
    country: CountryCode
    language: Annotated[str, Field(pattern=r"^(en|ar)$")]
    text: Passage


class RetrievalCase(Record):
    """A need with the companies that answer it, and why they do."""

    id: Annotated[str, Field(pattern=r"^need_[0-9]{2,4}$")]
    group: NeedGroup
    query: Passage
    relevant: Annotated[tuple[RecordId, ...], Field(min_length=1, max_length=_CUT)]
    reason: Sentence


class GroupResult(Record):
    """Means over the cases of one group: recall among the first five, and 1 / rank of the first right one."""

    cases: int
    recall_at_5: Fraction
    reciprocal_rank: Fraction


class RetrievalReport(Record):
    """Results overall and by group, and the cases whose first five miss a relevant company."""

    overall: GroupResult
    groups: dict[NeedGroup, GroupResult]
    missed: dict[str, tuple[RecordId, ...]]


def load_companies(version: str = "v1") -> tuple[RetrievalCompany, ...]:
    """The companies of one version of the cases. Versions are added, never edited."""
    return _load("companies", version, RetrievalCompany)


def load_cases(version: str = "v1") -> tuple[RetrievalCase, ...]:
    """The needs of one version of the cases."""
    return _load("needs", version, RetrievalCase)


def run_retrieval(
    search: CompanySearch, companies: Sequence[RetrievalCompany], cases: Sequence[RetrievalCase]
) -> RetrievalReport:
    """Index the companies and search for every need.

    Recall at 5 is the share of the relevant companies among the first five; no case has more than five.

    Args:
        search: Over an empty store.
        companies: What can be found.
        cases: What is looked for.
    """
    search.index([CompanyDocument(item.id, f"{item.name}\n{item.text}", ("live",)) for item in companies])
    scored: dict[NeedGroup, list[tuple[float, float]]] = {group: [] for group in NeedGroup}
    missed: dict[str, tuple[str, ...]] = {}
    for case in cases:
        found = [hit.company_id for hit in search.search(case.query, SearchFilters(), len(companies))]
        absent = tuple(item for item in case.relevant if item not in found[:_CUT])
        if absent:
            missed[case.id] = absent
        ranks = [found.index(item) + 1 for item in case.relevant if item in found]
        recall = 1 - len(absent) / len(case.relevant)
        scored[case.group].append((recall, 1 / min(ranks) if ranks else 0.0))
    groups = {group: _mean(results) for group, results in scored.items() if results}
    return RetrievalReport(
        overall=_mean([pair for pairs in scored.values() for pair in pairs]), groups=groups, missed=missed
    )


def _mean(results: Sequence[tuple[float, float]]) -> GroupResult:
    return GroupResult(
        cases=len(results),
        recall_at_5=fmean(recall for recall, _ in results),
        reciprocal_rank=fmean(rank for _, rank in results),
    )


def _load(name: str, version: str, model: type[_RecordT]) -> tuple[_RecordT, ...]:
    path = files("partnership_os.evals") / "cases" / "retrieval" / version / f"{name}.jsonl"
    return tuple(model.model_validate_json(line) for line in path.read_text(encoding="utf-8").splitlines() if line)
