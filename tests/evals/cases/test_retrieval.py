"""The retrieval suite: sound cases, a grade that can be trusted, and the floor of the embedded default."""

from pathlib import Path

import pytest

from partnership_os.evals.cases.retrieval.suite import (
    SUITE,
    NeedGroup,
    Ranking,
    RetrievalCase,
    companies,
)
from partnership_os.evals.catalogue import load_cases
from partnership_os.evals.oracle import oracle_faults
from partnership_os.evals.sitting import Room, Sitting
from partnership_os.evals.subject import RULES
from partnership_os.settings import Settings
from partnership_os.tools.text import script_of


def test_the_oracle_is_clean() -> None:
    assert list(oracle_faults(SUITE)) == []


def test_the_lexical_embedding_keeps_its_floors(tmp_path: Path) -> None:
    room = Room(RULES, tmp_path, Settings(_env_file=None))
    grades = {case.id: SUITE.grade(case, SUITE.answer(case, Sitting(room))) for case in load_cases(SUITE)}
    room.close()
    missed = {name: grade.faults for name, grade in grades.items() if grade.faults}

    def recall(measure: str) -> float:
        marks = [grade.marks[measure] for grade in grades.values() if measure in grade.marks]
        return sum(mark.got for mark in marks) / sum(mark.of for mark in marks)

    assert recall("recall_at_5") >= 0.9, missed
    assert recall("recall_arabic_english") == 1.0, missed
    assert recall("recall_same_words") == recall("recall_arabic_arabic") == 1.0, missed


def test_the_cases_are_sound() -> None:
    cases: tuple[RetrievalCase, ...] = load_cases(SUITE)
    by_id = {item.id: item for item in companies()}
    assert len(by_id) == len(companies()) >= 50
    assert sum(item.language == "ar" for item in companies()) >= 10
    assert {item.group for item in cases} == set(NeedGroup)
    for item in companies():
        assert script_of(item.text) == ("ar" if item.language == "ar" else "latin"), item.id
    for case in cases:
        languages = {by_id[name].language for name in case.relevant}
        assert case.cluster == case.relevant[0], case.id
        if case.group is NeedGroup.ARABIC_ENGLISH:
            assert languages == {"en"}, case.id
        if case.group in (NeedGroup.ARABIC_ARABIC, NeedGroup.ENGLISH_ARABIC):
            assert "ar" in languages, case.id
        is_arabic = case.group in (NeedGroup.ARABIC_ARABIC, NeedGroup.ARABIC_ENGLISH)
        assert script_of(case.query) == ("ar" if is_arabic else "latin"), case.id


def case(*relevant: str) -> RetrievalCase:
    return RetrievalCase(
        id="need_99",
        cluster=relevant[0],
        group=NeedGroup.SAME_WORDS,
        query="ship",
        relevant=relevant,
        reason="made for this test",
    )


def test_recall_and_rank_are_counted_right() -> None:
    found = Ranking(found=("co_a", "co_b", "co_c", "co_d", "co_e", "co_f"))
    grade = SUITE.grade(case("co_b", "co_f"), found)
    assert not grade.passed
    assert grade.marks["recall_at_5"].got == 1 and grade.marks["recall_at_5"].of == 2
    assert grade.marks["reciprocal_rank"].got == pytest.approx(1 / 2)
    assert "co_f" in grade.faults[0]
    assert SUITE.grade(case("co_a"), found).marks["ndcg_at_5"].got == 1.0
    assert SUITE.grade(case("co_none"), found).marks["reciprocal_rank"].got == 0.0
