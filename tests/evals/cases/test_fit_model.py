"""What the fit suite sees of a model alone: its claims, and the ranking that they make by themselves."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest
from pydantic import SecretStr

from partnership_os.evals.cases.fit.outcome import FitCase
from partnership_os.evals.cases.fit.scoring import scored
from partnership_os.evals.cases.fit.suite import SUITE
from partnership_os.evals.cases.fit.world import Variant, company_named, need_named
from partnership_os.evals.catalogue import load_cases
from partnership_os.evals.sitting import Room, Sitting
from partnership_os.evals.subject import RULES, Subject
from partnership_os.evals.suite import Mark
from partnership_os.llm.chat import ChatConfig
from partnership_os.schemas.stamp import AnalystKind
from partnership_os.settings import Settings
from partnership_os.testing.behaviours import Answer, ChatRequest, Garbage
from partnership_os.testing.openai_server import OpenAIServer

CASE: Final[FitCase] = next(case for case in load_cases(SUITE) if case.id == "store_messages_ar")


@pytest.fixture
def sitting(tmp_path: Path) -> Iterator[Sitting]:
    room = Room(RULES, tmp_path / "room", Settings(_env_file=None))
    yield Sitting(room)
    room.close()


@contextmanager
def asking(answer: Answer | Callable[[ChatRequest], Answer], folder: Path) -> Iterator[Sitting]:
    """A sitting of a model that answers the same to everything, or by a function."""
    with OpenAIServer(answer if callable(answer) else lambda request: answer) as server:
        config = ChatConfig(model="test-model", base_url=server.base_url, api_key=SecretStr("sk-test"))
        room = Room(Subject("fake", config), folder, Settings(_env_file=None))
        yield Sitting(room)
        room.close()


def test_a_model_reads_every_card_and_is_counted(tmp_path: Path) -> None:
    with asking({"claims": []}, tmp_path / "asked") as sitting:
        outcome = SUITE.answer(CASE, sitting)
        assert len(sitting.completions) == len(CASE.companies) + len(Variant)
        assert all(item.valid for item in sitting.completions)
        assert all(item.verdict.passed for item in outcome.checks)
        mobily = scored(company_named("co_mobily"), need_named(CASE.need), sitting).card
        assert mobily.made_by.analyst is AnalystKind.MODEL and mobily.score is not None


def test_a_model_that_fails_leaves_the_rules_cards(tmp_path: Path, sitting: Sitting) -> None:
    with asking(Garbage(), tmp_path / "asked") as asked:
        outcome = SUITE.answer(CASE, asked)
        assert outcome.model_copy(update={"by_model": None}) == SUITE.answer(CASE, sitting)
        assert asked.completions and not any(item.valid for item in asked.completions)
        mobily = scored(company_named("co_mobily"), need_named(CASE.need), asked).card
        assert mobily.made_by.analyst is AnalystKind.RULES and mobily.reading_failure is not None
    grade = SUITE.grade(CASE, outcome)
    assert "code kept no claim of the model" in grade.faults and not grade.passed
    marks = {name: (mark.got, mark.of) for name, mark in grade.marks.items() if name.startswith("model_")}
    assert marks["model_kept"] == (0, 0) and marks["model_pair_agreement"][0] == 0
    assert marks["model_indicators"][0] == 0 and marks["model_indicators"][1] > 0


def reads_one_country(request: ChatRequest) -> Answer:
    """A model that finds one thing about one company: where Mobily is."""
    shown = re.search(r"<<<(ev_\w+)\n([^<]*موبايلي[^<]*المملكة العربية السعودية)", request.text)
    if shown is None:
        return {"claims": []}
    claim = {"kind": "operates_in", "subject": "SA", "number": None, "evidence_id": shown[1], "quote": shown[2]}
    return {"claims": [claim, {**claim, "subject": "IS"}]}


def test_a_company_of_which_the_model_read_something_stands_before_the_others_by_the_model_alone(
    tmp_path: Path,
) -> None:
    with asking(reads_one_country, tmp_path / "asked") as sitting:
        outcome = SUITE.answer(CASE, sitting)
    assert outcome.by_model is not None
    found = {item.company: (item.rank, item.kept, item.refused, item.indicators) for item in outcome.by_model}
    assert found == {"co_unifonic": (2, 0, 0, 0), "co_mobily": (1, 1, 1, 1)}
    assert all(item.possible > 1 for item in outcome.by_model)
    marks = SUITE.grade(CASE, outcome).marks
    assert marks["model_kept"] == Mark(got=1, of=2)
    assert marks["model_pair_agreement"] == Mark(got=0, of=1), "the labels have Unifonic first"


def test_without_a_model_no_measure_of_a_model_has_a_mark(sitting: Sitting) -> None:
    outcome = SUITE.answer(CASE, sitting)
    assert outcome.by_model is None
    of_model = {item.name for item in SUITE.measures if item.of_model}
    assert len(of_model) == 4 and not of_model & set(SUITE.grade(CASE, outcome).marks)
    assert not of_model & set(SUITE.failure(CASE))
