"""The terms suite: its cases, its grades, what the product reaches, and a model's note behind real HTTP."""

from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from partnership_os.agents.playbook import load_playbook
from partnership_os.evals.cases.terms.facts import TermsCase
from partnership_os.evals.cases.terms.outcome import Drafted, Refusal
from partnership_os.evals.cases.terms.suite import SUITE
from partnership_os.evals.catalogue import load_cases
from partnership_os.evals.checks.approvals import approvals_of
from partnership_os.evals.oracle import oracle_faults
from partnership_os.evals.sitting import Room, Sitting
from partnership_os.evals.subject import RULES, Subject
from partnership_os.evals.suite import Grade, Mark
from partnership_os.llm.chat import ChatConfig
from partnership_os.schemas.base import BilingualText, Money
from partnership_os.schemas.partnership import PartnershipType
from partnership_os.schemas.playbook import Direction
from partnership_os.settings import Settings
from partnership_os.testing.behaviours import Answer
from partnership_os.testing.openai_server import OpenAIServer
from partnership_os.tools.text import script_of

CASES: tuple[TermsCase, ...] = load_cases(SUITE)
BY_ID = {case.id: case for case in CASES}


@pytest.fixture(scope="module")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Drafted]:
    room = Room(RULES, tmp_path_factory.mktemp("rules"), Settings(_env_file=None))
    return {case.id: SUITE.answer(case, Sitting(room)) for case in CASES}


@pytest.fixture(scope="module")
def grades(drafted: dict[str, Drafted]) -> dict[str, Grade]:
    return {case.id: SUITE.grade(case, drafted[case.id]) for case in CASES}


def share(grades: dict[str, Grade], measure: str) -> float:
    marks = [grade.marks[measure] for grade in grades.values() if measure in grade.marks]
    return sum(mark.got for mark in marks) / sum(mark.of for mark in marks)


def test_the_suite_proves_itself() -> None:
    assert list(oracle_faults(SUITE)) == []


def test_the_cases_are_sound() -> None:
    assert len(CASES) >= 50
    assert {case.need.partnership_type for case in CASES} == set(PartnershipType)
    assert {case.need.currency for case in CASES} >= {"SAR", "AED", "USD", "QAR", "BHD", "OMR", "KWD"}
    assert Counter(case.language for case in CASES)["ar"] >= 20
    for case in CASES:
        assert script_of(case.need.description) == ("ar" if case.language == "ar" else "latin"), case.id
        assert [item.dated for item in case.rounds] == sorted(item.dated for item in case.rounds), case.id
        assert all(item.dated >= case.drafted_on for item in case.rounds), case.id


def test_cases_about_one_company_share_a_cluster() -> None:
    clusters: dict[str, set[str]] = {}
    for case in CASES:
        clusters.setdefault(case.company.name, set()).add(case.cluster)
    assert {name: found for name, found in clusters.items() if len(found) > 1} == {}


def test_the_labels_follow_the_published_rules() -> None:
    for case in CASES:
        if case.expect.refused is None:
            amount = case.expect.committed or Decimal(0)
            value = Money(amount=amount, currency=case.need.currency)
            assert case.expect.approvals == approvals_of(case.need.partnership_type, value), case.id


def test_no_label_tells_a_limit_that_is_hidden_in_the_same_round() -> None:
    for case in CASES:
        for item in case.rounds:
            assert not set(item.hides) & set(item.edits), case.id


def test_every_label_names_a_term_of_its_playbook() -> None:
    for case in CASES:
        terms = {
            term.name: term for clause in load_playbook(case.need.partnership_type).clauses for term in clause.terms
        }
        named = set(case.expect.values) | {name for item in case.rounds for name in item.values}
        assert named <= set(terms), case.id
        fixed = {name for name in named if terms[name].better is Direction.FIXED}
        assert not fixed & {name for item in case.rounds for name in item.values}, case.id


def test_what_the_product_reaches(grades: dict[str, Grade]) -> None:
    misses = {name: grade.faults for name, grade in grades.items() if not grade.passed}
    assert misses == {}
    for measure in ("properties", "conformance", "clauses_present", "leak_free", "parity", "approval", "refusals"):
        assert share(grades, measure) == 1.0, misses
    assert not any("note_used" in grade.marks for grade in grades.values())


def test_the_same_case_gives_the_same_outcome(drafted: dict[str, Drafted], tmp_path: Path) -> None:
    room = Room(RULES, tmp_path, Settings(_env_file=None))
    for name in ("referral_edit_percent", "technology_edit_two_rounds", "referral_kwd_refused"):
        assert SUITE.answer(BY_ID[name], Sitting(room)) == drafted[name]


def test_no_answer_gets_nothing() -> None:
    for case in CASES:
        marks = SUITE.failure(case)
        assert all(mark.got == 0 for name, mark in marks.items() if name != "properties"), case.id
        assert marks["properties"].got < marks["properties"].of


def test_a_refusal_of_what_is_allowed_costs(drafted: dict[str, Drafted]) -> None:
    case = BY_ID["referral_edit_percent"]
    timid = drafted[case.id]
    timid = timid.model_copy(update={"sheets": timid.sheets[:1], "refusals": (Refusal(text="commission_share: no."),)})
    grade = SUITE.grade(case, timid)
    assert not grade.passed
    assert grade.marks["properties"].got < grade.marks["properties"].of
    assert "refusals" not in grade.marks


def test_an_edit_past_the_limit_that_went_through_costs(drafted: dict[str, Drafted]) -> None:
    case = BY_ID["referral_edit_past_limit"]
    right = drafted[case.id]
    doubled = right.model_copy(update={"sheets": right.sheets * 2, "refusals": ()})
    assert SUITE.grade(case, doubled).marks["refusals"] == Mark(got=0.0)


def test_a_round_states_values_or_a_refusal() -> None:
    case = BY_ID["referral_edit_percent"].model_dump(mode="json")
    case["rounds"][0]["values"] = {}
    with pytest.raises(ValidationError, match="or what is refused"):
        TermsCase.model_validate(case, strict=False)


def test_only_the_notes_that_may_stand_are_on_the_sheets(drafted: dict[str, Drafted]) -> None:
    offered = {case.id: case.note for case in CASES if case.note is not None}
    assert Counter(note.used for note in offered.values()) == {False: 4, True: 2}
    stands = {name: drafted[name].sheets[0].cover_note.en == note.en for name, note in offered.items()}
    assert stands == {name: note.used for name, note in offered.items()}


def test_a_note_that_says_nothing_is_not_used(drafted: dict[str, Drafted]) -> None:
    """The lazy control writes such a note, and the product has nothing against it."""
    case = BY_ID["referral_edit_percent"]
    right = drafted[case.id].model_copy(update={"asked_model": True, "note_used": True})
    assert SUITE.grade(case, right).marks["note_used"] == Mark.yes(True)
    empty = BilingualText(en="There is nothing to report here.", ar="لا يوجد ما يذكر هنا.")
    first = right.sheets[0].model_copy(update={"cover_note": empty})
    grade = SUITE.grade(case, right.model_copy(update={"sheets": (first, *right.sheets[1:])}))
    assert grade.marks["note_used"] == Mark.yes(False)
    assert "does not name the partner" in " ".join(grade.faults)


GOOD = {
    "english": "We propose to Marsad Advisory a commission of 10% for 12 months; it is a draft and binds nobody.",
    "arabic": "نقترح على مرصد للاستشارات عمولة 10% لمدة 12 شهرًا، وهي مسودة لا تلزم أحدًا.",
}
TELLING = {
    "english": "We offer 10% and could go to 20%; it is a draft and binds nobody.",
    "arabic": "نعرض 10% وقد نصل إلى 20%، وهي مسودة لا تلزم أحدًا.",
}


@pytest.mark.parametrize(
    ("note", "used"), [(GOOD, True), (TELLING, False), ({"english": "Hi.", "arabic": "Hi."}, False)]
)
def test_a_models_note_is_used_or_refused_and_the_sheet_stays_clean(note: Answer, used: bool, tmp_path: Path) -> None:
    with OpenAIServer(lambda request: note) as server:
        config = ChatConfig(model="fake", base_url=server.base_url, api_key=SecretStr("k"))
        room = Room(Subject("fake", config), tmp_path, Settings(_env_file=None))
        sitting = Sitting(room)
        case = BY_ID["referral_edit_percent"]
        outcome = SUITE.answer(case, sitting)
        room.close()
    grade = SUITE.grade(case, outcome)
    assert grade.marks["note_used"] == Mark.yes(used)
    assert grade.passed, grade.faults
    assert sitting.usage.calls >= 1
    assert "20%" not in outcome.model_dump_json()
    assert (note["english"] in outcome.sheets[0].cover_note.en) is used  # type: ignore[index]
