"""The retrieval suite: a need in, companies out, best first."""

from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Annotated, ClassVar

from pydantic import Field, field_validator

from partnership_os.evals.catalogue import load_rows
from partnership_os.evals.sitting import Room, Sitting
from partnership_os.evals.statistics.ranking import ndcg_at_k, reciprocal_rank
from partnership_os.evals.suite import Asks, Case, Grade, Mark, Measure, MeasureKind, Mistake, Suite
from partnership_os.schemas.base import CountryCode, Label, Passage, Record, RecordId
from partnership_os.tools.company_search import CompanyDocument, CompanySearch, SearchFilters

__all__ = ["SUITE", "NeedGroup", "Ranking", "RetrievalCase", "RetrievalCompany", "RetrievalSuite", "companies"]

CUT = 5
"""Recall is counted among the first five: what a person reads before the list is scrolled."""


class NeedGroup(StrEnum):
    """How far the words of a need are from the words of the descriptions that answer it."""

    SAME_WORDS = "same_words"
    PARAPHRASE = "paraphrase"
    ARABIC_ARABIC = "arabic_arabic"
    ARABIC_ENGLISH = "arabic_english"
    ENGLISH_ARABIC = "english_arabic"


class RetrievalCompany(Record):
    """A real company, described in our own words."""

    id: RecordId
    name: Label
    country: CountryCode
    language: Annotated[str, Field(pattern=r"^(en|ar)$")]
    text: Passage


class RetrievalCase(Case):
    """A need with the companies that answer it."""

    group: NeedGroup
    query: Passage
    relevant: Annotated[tuple[RecordId, ...], Field(min_length=1, max_length=CUT)]

    @field_validator("relevant")
    @classmethod
    def _counts_each_once(cls, relevant: tuple[RecordId, ...]) -> tuple[RecordId, ...]:
        if len(set(relevant)) < len(relevant):
            raise ValueError("a company is there twice")
        return relevant


class Ranking(Record):
    """Every company of the world, best first."""

    found: tuple[RecordId, ...]


@cache
def companies() -> tuple[RetrievalCompany, ...]:
    """What can be found."""
    place = files("partnership_os.evals.cases.retrieval") / RetrievalSuite.version / "world" / "companies.jsonl"
    return tuple(load_rows(place, RetrievalCompany))


class RetrievalSuite(Suite[RetrievalCase, Ranking]):
    """Need → companies, in English, in Arabic and across, by the product's search and embedding."""

    name: ClassVar[str] = "retrieval"
    title: ClassVar[str] = "Need → companies"
    asks: ClassVar[Asks] = Asks.EMBEDDING
    case_type: ClassVar[type[Case]] = RetrievalCase
    outcome_type: ClassVar[type[Record]] = Ranking
    measures: ClassVar[tuple[Measure, ...]] = (
        Measure(name="recall_at_5", meaning="Relevant companies among the first five, of all relevant ones."),
        *(
            Measure(name=f"recall_{group.value}", meaning=f"The same for the needs of the group {group.value}.")
            for group in NeedGroup
        ),
        Measure(name="ndcg_at_5", kind=MeasureKind.MEAN, meaning="NDCG of the first five; 1 is the best order."),
        Measure(name="reciprocal_rank", kind=MeasureKind.MEAN, meaning="1 / rank of the first relevant company."),
    )

    def answer(self, case: RetrievalCase, sitting: Sitting) -> Ranking:
        """Search the whole world for the need."""
        search = sitting.room.once("retrieval", lambda: _indexed(sitting.room))
        hits = search.search(case.query, SearchFilters(), len(companies()))
        return Ranking(found=tuple(hit.company_id for hit in hits))

    def grade(self, case: RetrievalCase, outcome: Ranking) -> Grade:
        """Recall among the first five, NDCG and reciprocal rank; passed where all relevant ones are among the five."""
        first = outcome.found[:CUT]
        recall = Mark.share(name in first for name in case.relevant)
        absent = [name for name in case.relevant if name not in first]
        return Grade(
            passed=not absent,
            marks={
                "recall_at_5": recall,
                f"recall_{case.group.value}": recall,
                "ndcg_at_5": Mark(got=ndcg_at_k(outcome.found, dict.fromkeys(case.relevant, 1.0), CUT) or 0.0),
                "reciprocal_rank": Mark(got=reciprocal_rank(outcome.found, set(case.relevant)) or 0.0),
            },
            faults=tuple(f"{name} is not among the first five" for name in absent),
        )

    def truth(self, case: RetrievalCase) -> Ranking:
        """The relevant companies, then all others."""
        others = (item.id for item in companies() if item.id not in case.relevant)
        return Ranking(found=(*case.relevant, *others))

    def mistakes(self, case: RetrievalCase) -> Iterator[Mistake[Ranking]]:
        """The best company last, and nothing found at all."""
        first, *others = self.truth(case).found
        yield Mistake(name="best last", outcome=Ranking(found=(*others, first)), hurts=("recall_at_5", "ndcg_at_5"))
        yield Mistake(name="nothing", outcome=Ranking(found=()), hurts=("recall_at_5", "ndcg_at_5", "reciprocal_rank"))

    def unknown_names(self, case: RetrievalCase) -> Iterator[tuple[str, str]]:
        """Relevant companies that nobody can find."""
        known = {item.id for item in companies()}
        yield from (("relevant", name) for name in case.relevant if name not in known)

    def failure(self, case: RetrievalCase) -> dict[str, Mark]:
        """Nothing found."""
        return dict(self.grade(case, Ranking(found=())).marks)


def _indexed(room: Room) -> CompanySearch:
    search = room.search()
    search.index([CompanyDocument(item.id, f"{item.name}\n{item.text}", ("live",)) for item in companies()])
    return search


SUITE = RetrievalSuite()
