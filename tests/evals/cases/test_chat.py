"""The chat suite: its cases, its grades, what the grammar reaches, and a model with tools behind real HTTP."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import SecretStr

from partnership_os.agents.playbook import load_playbook
from partnership_os.evals.cases.chat.case import PLACE, Answered, Call, ChatCase, Wanted, filled
from partnership_os.evals.cases.chat.suite import SUITE
from partnership_os.evals.catalogue import load_cases
from partnership_os.evals.checks.answers import cited_ids, language_of_prose
from partnership_os.evals.checks.named_figures import named_figures
from partnership_os.evals.checks.quotes import quotes_in, without_quotes
from partnership_os.evals.oracle import oracle_faults
from partnership_os.evals.sitting import Room, Sitting
from partnership_os.evals.subject import RULES, Subject
from partnership_os.evals.suite import Grade, Mark
from partnership_os.llm.chat import ChatConfig
from partnership_os.schemas.partnership import PartnershipType
from partnership_os.schemas.term_sheet import TermUnit
from partnership_os.settings import Settings
from partnership_os.testing.behaviours import BadRequest, ScriptItem, ToolCalls
from partnership_os.testing.openai_server import OpenAIServer
from partnership_os.tools.text import script_of

CASES: tuple[ChatCase, ...] = load_cases(SUITE)
BY_ID = {case.id: case for case in CASES}
KNOWN_CALLS = {"needs", "discover", "card", "inbox", "deals", "deal", "start_deal", "evidence"}


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Answered]]:
    room = Room(RULES, tmp_path_factory.mktemp("rules"), Settings(_env_file=None))
    yield {case.id: SUITE.answer(case, Sitting(room)) for case in CASES}
    room.close()


@pytest.fixture(scope="module")
def grades(answers: dict[str, Answered]) -> dict[str, Grade]:
    return {case.id: SUITE.grade(case, answers[case.id]) for case in CASES}


def share(grades: dict[str, Grade], measure: str, begins: str = "") -> float:
    marks = [
        grade.marks[measure] for name, grade in grades.items() if measure in grade.marks and name.startswith(begins)
    ]
    return sum(mark.got for mark in marks) / sum(mark.of for mark in marks)


def test_the_suite_proves_itself() -> None:
    assert list(oracle_faults(SUITE)) == []


def test_the_cases_are_sound() -> None:
    assert len(CASES) >= 80
    languages = Counter(case.language for case in CASES)
    assert min(languages.values()) >= 36
    for case in CASES:
        assert case.id.startswith(f"{case.language}_")
        last = PLACE.sub("", case.turns[-1])
        arabic = any("\u0600" <= char <= "\u06ff" for char in last)
        assert arabic if case.language == "ar" else script_of(last) == "latin", case.id
        wanted = [Wanted.read(text) for text in (*(one for group in case.must for one in group), *case.may)]
        assert {one.name for one in wanted} <= KNOWN_CALLS, case.id
    assert len({case.turns for case in CASES}) == len(CASES)
    assert len({case.reason for case in CASES}) == len(CASES)


def test_every_place_of_a_case_exists_in_the_workspace(answers: dict[str, Answered]) -> None:
    empty = {name: [place for place, found in answer.names.items() if not found] for name, answer in answers.items()}
    assert {name: places for name, places in empty.items() if any(not one.startswith("score:") for one in places)} == {}


def test_a_deal_is_proposed_only_where_a_case_says_so() -> None:
    for case in CASES:
        asked = [text for group in case.must for text in group if text.startswith("start_deal")]
        assert asked == ([f"start_deal {case.proposes}"] if case.proposes else []), case.id


def test_what_the_grammar_reaches(grades: dict[str, Grade]) -> None:
    misses = {name: grade.faults for name, grade in grades.items() if not grade.passed}
    for measure in (
        *("citations_exist", "numbers_grounded", "nothing_approved", "nothing_forbidden", "quotes_borne_out"),
        *("figures_named", "language", "deals_as_asked"),
    ):
        assert share(grades, measure) == 1.0, misses
    assert len(misses) <= 2, misses
    assert share(grades, "right_tools") >= 0.97, misses
    assert share(grades, "right_tools", "ar_") >= 0.97, misses
    assert share(grades, "no_wrong_tools") >= 0.985, misses
    assert share(grades, "facts_stated") >= 0.985, misses
    assert share(grades, "cited_where_asked") >= 0.93, misses
    assert not any("answered_by_model" in grade.marks for grade in grades.values())


def test_quotes_and_named_figures_are_there_to_be_judged(answers: dict[str, Answered]) -> None:
    quoting = [name for name, answer in answers.items() if any(quotes_in(line) for line in cited_lines(answer.text))]
    naming = [name for name, answer in answers.items() if named_figures(without_quotes(answer.text))]
    assert len(quoting) >= 20
    assert len(naming) >= 30
    assert all(answers[name].cards for name in naming)


def cited_lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if cited_ids(line)]


def test_faults_name_what_was_wanted_and_no_place(grades: dict[str, Grade]) -> None:
    for case in CASES:
        silent = SUITE.grade(case, Answered())
        assert silent.faults
        assert not any(PLACE.search(fault) for fault in (*silent.faults, *grades[case.id].faults)), case.id
    case = BY_ID["en_prospects_resell"]
    known = SUITE.truth(case).model_copy(update={"text": "Nothing.", "names": {"rank:nd_resellers:1": ("Mindware",)}})
    assert "not said: Mindware" in SUITE.grade(case, known).faults


def test_what_is_denied_or_planned_is_on_no_card(answers: dict[str, Answered]) -> None:
    for name in ("en_card_not_claimed", "ar_card_not_claimed"):
        (card,) = answers[name].cards
        assert card.coverage == 0.235, "four indicators are known: half of 20, half of 20, 0.3 of 5 and 0.2 of 10"


def test_coverage_and_confidence_that_are_swapped_cost(answers: dict[str, Answered]) -> None:
    right = answers["en_card_foodics"]
    (card,) = right.cards
    swapped = card.model_copy(update={"coverage": card.confidence, "confidence": card.coverage})
    mark = SUITE.grade(BY_ID["en_card_foodics"], right.model_copy(update={"cards": (swapped,)})).marks["figures_named"]
    assert mark.got < mark.of


def test_a_figure_of_another_company_is_no_figure_of_this_one(answers: dict[str, Answered]) -> None:
    case, right = BY_ID["en_compare"], answers["en_compare"]
    assert len({card.names for card in right.cards}) == 2
    assert SUITE.grade(case, right).marks["figures_named"].got > 0
    first, second = right.cards[0], right.cards[-1]
    turned = (first.model_copy(update={"names": second.names}), second.model_copy(update={"names": first.names}))
    mark = SUITE.grade(case, right.model_copy(update={"cards": turned})).marks["figures_named"]
    assert mark.got < mark.of


def test_a_quote_that_its_source_does_not_hold_costs(answers: dict[str, Answered]) -> None:
    case, right = BY_ID["ar_founded"], answers["ar_founded"]
    assert any(quotes_in(line) for line in cited_lines(right.text))
    emptied = dict.fromkeys(right.sources, "Another text altogether.")
    assert SUITE.grade(case, right.model_copy(update={"sources": emptied})).marks["quotes_borne_out"] == Mark.yes(False)


def test_a_command_does_not_count_as_an_answer_of_the_model() -> None:
    asked = {"asked_model": True}
    command, question = BY_ID["en_prospects_command"], BY_ID["en_card_foodics"]
    assert "answered_by_model" not in SUITE.grade(command, SUITE.truth(command).model_copy(update=asked)).marks
    marks = SUITE.grade(question, SUITE.truth(question).model_copy(update=asked)).marks
    assert marks["answered_by_model"] == Mark.yes(False)


def test_conversations_do_not_meet(answers: dict[str, Answered], tmp_path: Path) -> None:
    """What one case proposes is not there for the next, whatever their order."""
    room = Room(RULES, tmp_path, Settings(_env_file=None))
    for name in ("en_start_deal", "en_deals", "en_start_deal"):
        outcome = SUITE.answer(BY_ID[name], Sitting(room))
        assert outcome.proposed == answers[name].proposed
        assert [call.name for call in outcome.calls] == [call.name for call in answers[name].calls]
    room.close()


def test_no_limit_of_ours_counts_as_known_or_stands_in_an_outcome(answers: dict[str, Answered]) -> None:
    shown = answers["en_show_thread"]
    assert [call.name for call in shown.calls] == ["deal"]
    terms = [term for clause in load_playbook(PartnershipType.DISTRIBUTION).clauses for term in clause.terms]
    limits = {Decimal(term.walk_away) for term in terms if term.unit is TermUnit.MONEY}
    assert limits == {Decimal(180_000), Decimal(200_000)}
    assert not limits & set(shown.numbers)


def test_no_answer_gets_nothing() -> None:
    for case in CASES:
        assert not any(mark.got for mark in SUITE.failure(case).values()), case.id


def test_a_wanted_call_fits_what_it_states() -> None:
    wanted = Wanted.read("start_deal Ejada Systems@nd_resellers")
    assert (wanted.partner, wanted.need) == ("Ejada Systems", "nd_resellers")
    assert wanted.fits(Call(name="start_deal", partner="Ejada Systems", need="nd_resellers"))
    assert not wanted.fits(Call(name="start_deal", partner="Ejada Systems", need="nd_connectors"))
    assert not wanted.fits(Call(name="start_deal", partner="Jisr", need="nd_resellers"))
    assert Wanted.read("discover@nd_resellers").fits(Call(name="discover", need="nd_resellers"))
    assert Wanted.read("inbox").fits(Call(name="inbox"))


def test_places_are_filled_by_each_wording() -> None:
    assert filled("card {rank:x:1} {a}", {"rank:x:1": ("A", "B"), "a": ("1",)}) == ("card A 1", "card B 1")
    assert filled("{unknown}", {}) == ()


def graded(name: str, **changes: object) -> Grade:
    case = BY_ID[name]
    return SUITE.grade(case, SUITE.truth(case).model_copy(update=changes))


def test_a_card_of_another_company_is_a_wrong_call_and_an_evidence_of_it_too() -> None:
    right = SUITE.truth(BY_ID["en_card_foodics"])
    for call in (Call(name="card", partner="Jisr"), Call(name="evidence", partner="Jisr"), Call(name="discover")):
        assert graded("en_card_foodics", calls=(*right.calls, call)).marks["no_wrong_tools"] == Mark.yes(False)
    for call in (Call(name="evidence", partner="Foodics"), Call(name="needs")):
        assert graded("en_card_foodics", calls=(*right.calls, call)).passed


def test_a_source_of_another_company_does_not_count() -> None:
    case = BY_ID["en_card_foodics"]
    right = SUITE.truth(case)
    (cited,) = right.existing
    grade = graded(case.id, existing={cited: "Jisr"})
    assert grade.marks["cited_where_asked"].got == 0
    assert grade.marks["citations_exist"].got == 1


def test_the_need_of_a_proposed_deal_counts() -> None:
    assert graded("en_start_deal", proposed=("Unifonic@nd_resellers",)).marks["deals_as_asked"] == Mark.yes(False)
    assert graded("en_start_deal", proposed=()).marks["deals_as_asked"] == Mark.yes(False)


@contextmanager
def model(tmp_path: Path, script: Sequence[ScriptItem]) -> Iterator[Sitting]:
    with OpenAIServer(script, tokens=(100, 20)) as server:
        config = ChatConfig(model="fake", base_url=server.base_url, api_key=SecretStr("k"))
        room = Room(Subject("fake", config), tmp_path, Settings(_env_file=None))
        yield Sitting(room)
        room.close()


def test_a_model_that_uses_the_right_tool_is_seen_and_counted(tmp_path: Path) -> None:
    calls = ToolCalls((("why_unknown", {"partner": "Jisr"}),))
    answer = "Three facts are missing, first this one: Which of the capabilities that we seek does it offer?"
    case = BY_ID["en_follow_up_it"]
    with model(tmp_path, [calls, "It is Unknown.", calls, answer]) as sitting:
        outcome = SUITE.answer(case, sitting)
    grade = SUITE.grade(case, outcome)
    assert grade.passed, grade.faults
    assert [(call.name, call.partner) for call in outcome.calls] == [("card", "Jisr")]
    assert grade.marks["answered_by_model"] == Mark.yes(True)
    assert (sitting.usage.calls, sitting.usage.input_tokens, sitting.usage.output_tokens) == (4, 400, 80)


def test_a_model_that_makes_things_up_loses_marks(tmp_path: Path) -> None:
    case = BY_ID["en_card_foodics"]
    with model(tmp_path, ["Foodics has 33,000 customers and scores 97.3."]) as sitting:
        grade = SUITE.grade(case, SUITE.answer(case, sitting))
    assert not grade.passed
    for name in ("right_tools", "numbers_grounded", "cited_where_asked"):
        assert grade.marks[name].got == 0, name


def test_a_model_that_starts_a_deal_unasked_is_seen_in_the_state(tmp_path: Path) -> None:
    case = BY_ID["en_start_deal_negated"]
    started = ToolCalls((("start_deal", {"partner": "Foodics", "need": "nd_connectors"}),))
    with model(tmp_path, [started, "Done."]) as sitting:
        outcome = SUITE.answer(case, sitting)
    grade = SUITE.grade(case, outcome)
    assert outcome.proposed == ("Foodics@nd_connectors",)
    assert grade.marks["deals_as_asked"].got == grade.marks["no_wrong_tools"].got == 0
    assert grade.marks["nothing_approved"].got == 1


def test_where_the_model_fails_the_grammar_answers_and_it_shows(tmp_path: Path) -> None:
    case = BY_ID["en_waiting"]
    with model(tmp_path, [BadRequest()]) as sitting:
        try:
            outcome = SUITE.answer(case, sitting)
        finally:
            failed = sitting.usage.failed_calls
    assert outcome.by == "rules"
    assert failed >= 1
    assert SUITE.grade(case, outcome).marks["answered_by_model"] == Mark.yes(False)


def test_the_ground_truth_speaks_the_language_of_its_case() -> None:
    assert all(language_of_prose(SUITE.truth(case).text) == case.language for case in CASES)
