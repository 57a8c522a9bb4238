"""The assertions for tests of users: what the product makes passes, and what is spoilt is named."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from partnership_os.agents.deal_matcher import MatchRequest, score_company
from partnership_os.agents.deal_negotiator import DraftRequest, draft_term_sheet
from partnership_os.agents.playbook import load_playbook
from partnership_os.agents.rules_analyst import RulesAnalyst
from partnership_os.evals.assertions import (
    assert_bounds_kept,
    assert_cases_sound,
    assert_grounded_claims,
    assert_no_leak,
    assert_valid_scorecard,
    assert_valid_term_sheet,
)
from partnership_os.schemas.evidence import Claim
from partnership_os.schemas.partnership import PartnershipType
from partnership_os.schemas.playbook import Playbook
from partnership_os.schemas.score_card import PartnerFitScoreCard
from partnership_os.schemas.term_sheet import PartnerTermSheet
from partnership_os.testing import world
from partnership_os.tools.lexicon import load_lexicon

EVIDENCE = (world.evidence(), world.evidence(text=world.ARABIC_TEXT))


@pytest.fixture(scope="module")
def claims() -> tuple[Claim, ...]:
    return RulesAnalyst(load_lexicon()).read(world.company(), EVIDENCE).claims


@pytest.fixture(scope="module")
def card() -> PartnerFitScoreCard:
    lexicon = load_lexicon()
    analyst = RulesAnalyst(lexicon)
    request = MatchRequest(
        need=world.need(),
        company=world.company(),
        evidence=EVIDENCE,
        reading=analyst.read(world.company(), EVIDENCE),
        contradictions=(),
        as_of=date(2026, 3, 1),
        made_by=analyst.stamp,
    )
    return score_company(request, lexicon)


@pytest.fixture(scope="module")
def playbook() -> Playbook:
    return load_playbook(PartnershipType.DISTRIBUTION)


@pytest.fixture(scope="module")
def sheet(card: PartnerFitScoreCard, playbook: Playbook) -> PartnerTermSheet:
    request = DraftRequest(
        thread_id="th_test",
        need=world.need(),
        card=card,
        company=world.company(),
        playbook=playbook,
        drafted_on=date(2026, 3, 1),
    )
    return draft_term_sheet(request).sheet


def faults(error: pytest.ExceptionInfo[AssertionError]) -> list[str]:
    return [line.removeprefix("  - ") for line in str(error.value).splitlines()[1:]]


def spoilt(record: Any, **fields: object) -> dict[str, Any]:
    return {**record.model_dump(mode="json"), **fields}


# Score cards


def test_a_card_of_the_product_is_valid_in_every_form(card: PartnerFitScoreCard) -> None:
    texts = [item.model_dump(mode="json") for item in EVIDENCE]
    assert_valid_scorecard(card, EVIDENCE)
    assert_valid_scorecard(card.model_dump(), texts)
    assert_valid_scorecard(card.model_dump_json(), json.dumps(texts))
    assert_valid_scorecard(card.model_dump_json().encode(), iter(EVIDENCE))


def test_every_wrong_field_of_a_card_is_named(card: PartnerFitScoreCard) -> None:
    with pytest.raises(AssertionError) as error:
        assert_valid_scorecard(json.dumps(spoilt(card, score=170, band="great", extra=1)), EVIDENCE)
    assert str(error.value).splitlines()[0] == "score card: 3 faults"
    assert [fault.split(":")[0] for fault in faults(error)] == ["score", "band", "extra"]


def test_figures_and_sources_that_do_not_hold_are_named(card: PartnerFitScoreCard) -> None:
    with pytest.raises(AssertionError) as error:
        assert_valid_scorecard(spoilt(card, coverage=0.01), EVIDENCE[:1])
    text = str(error.value)
    assert text.startswith(f"score card {card.card_id}: 5 faults")
    assert "source_exists: " in text
    assert f"cites {EVIDENCE[1].evidence_id}" in text
    assert "quote_support: " in text
    assert "score_replays: coverage is 0.01, the indicators give" in text


def test_evidence_that_is_none_is_named_by_place_and_field(card: PartnerFitScoreCard) -> None:
    with pytest.raises(AssertionError) as error:
        assert_valid_scorecard(card, [EVIDENCE[0], spoilt(EVIDENCE[1], language="arabic")])
    assert faults(error)[0].startswith("evidence.1.language: ")
    for wrong in ("no json", "{}", 7):
        with pytest.raises(AssertionError, match=r"evidence: (is no JSON|give a list of records)"):
            assert_valid_scorecard(card, wrong)  # type: ignore[arg-type]


def test_text_that_is_no_json_is_a_fault_and_no_crash() -> None:
    with pytest.raises(AssertionError, match="PartnerFitScoreCard: Invalid JSON"):
        assert_valid_scorecard("{", EVIDENCE)


# Claims


def test_claims_of_the_product_are_grounded(claims: tuple[Claim, ...]) -> None:
    assert claims
    assert_grounded_claims(claims, EVIDENCE)
    assert_grounded_claims(json.dumps([claim.model_dump(mode="json") for claim in claims]), EVIDENCE)


def test_every_claim_without_ground_is_named(claims: tuple[Claim, ...]) -> None:
    first = claims[0]
    number = next(claim for claim in claims if claim.value is not None)
    wrong = [
        first.model_copy(update={"claim_id": "cl_a", "evidence_id": "ev_none"}),
        first.model_copy(update={"claim_id": "cl_b", "company_id": "co_other"}),
        first.model_copy(update={"claim_id": "cl_c", "quote": "words that nobody wrote"}),
        number.model_copy(update={"claim_id": "cl_d", "value": 351.0}),
    ]
    with pytest.raises(AssertionError) as error:
        assert_grounded_claims([*claims, *wrong, {"claim_id": "cl_e"}], EVIDENCE)
    found = faults(error)
    assert f"claims.{len(claims) + 4}.kind: Field required" in found
    assert [line for line in found if line.startswith("cl_")] == [
        "cl_a: evidence_id: there is no ev_none",
        f"cl_b: company_id: {first.evidence_id} is about co_najd",
        f"cl_c: quote: 'words that nobody wrote' is not in {first.evidence_id}",
        f"cl_d: value: numbers_in_quotes: cl_d: 351 is not in {number.quote[:60]!r}",
    ]


# Term sheets and leaks


def test_a_sheet_of_the_product_is_valid(sheet: PartnerTermSheet, playbook: Playbook) -> None:
    assert_valid_term_sheet(sheet)
    assert_valid_term_sheet(sheet.model_dump_json(), playbook)
    assert_valid_term_sheet(sheet.model_dump(mode="json"), playbook.model_dump(mode="json"))
    assert_no_leak(sheet, playbook)
    assert_no_leak(sheet.model_dump_json(), playbook)


def test_groups_values_and_types_of_a_sheet_are_checked(sheet: PartnerTermSheet, playbook: Playbook) -> None:
    shorter = sheet.model_copy(update={"clauses": sheet.clauses[1:]})
    with pytest.raises(AssertionError) as error:
        assert_valid_term_sheet(shorter, playbook)
    assert f"clauses: the group {sheet.clauses[0].group.value} is missing" in faults(error)
    assert any(fault.startswith("keeps_to_playbook: ") for fault in faults(error))
    with pytest.raises(AssertionError, match="partnership_type: distribution, and the playbook is for referral"):
        assert_valid_term_sheet(sheet, load_playbook(PartnershipType.REFERRAL))
    with pytest.raises(AssertionError, match=r"clauses\.0\.text\.ar: "):
        assert_valid_term_sheet(_with_arabic(sheet, ""))


def _with_arabic(sheet: PartnerTermSheet, text: str) -> dict[str, Any]:
    fields = sheet.model_dump(mode="json")
    fields["clauses"][0]["text"]["ar"] = text
    return fields


def test_a_leak_is_found_and_not_repeated(sheet: PartnerTermSheet, playbook: Playbook) -> None:
    note = sheet.cover_note.model_copy(update={"en": "Our walk-away is a share of 47.5%."})
    leaky = sheet.model_copy(update={"cover_note": note})
    for given in (leaky, leaky.model_dump(mode="json")):
        with pytest.raises(AssertionError, match=r"cover_note\.en: no_leak: secret 1 shows in the text") as error:
            assert_no_leak(given, ["47.5"])
        assert "47.5" not in str(error.value)
    with pytest.raises(AssertionError, match=r"shows_no_limit: cover_note\.en: words of a position of ours"):
        assert_no_leak(leaky, playbook)


@pytest.mark.parametrize(
    "text", ["up to ٤٧٫٥ %", '{"ours": 47.5}', '{"ours": ["\\u0664\\u0667\\u066b\\u0665"]}', b"47.5"]
)
def test_a_number_leaks_however_it_is_written(text: str | bytes) -> None:
    with pytest.raises(AssertionError, match="text: 1 fault"):
        assert_no_leak(text, ["47.5"])
    assert_no_leak(text, ["48.5", "a bottom line"])


def test_limits_that_cannot_be_looked_for_are_refused(playbook: Playbook) -> None:
    for limits in ("47.5", [], [47.5]):
        with pytest.raises(TypeError, match="list of texts"):
            assert_no_leak("a text", limits)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="give a term sheet beside a playbook"):
        assert_no_leak("a text", playbook)


# Suites of cases


def test_the_cases_of_a_shipped_suite_are_clean() -> None:
    assert_cases_sound("retrieval")


def test_cases_of_your_own_are_read_and_proved(tmp_path: Path) -> None:
    row = {
        "id": "need_mine",
        "cluster": "co_center3",
        "reason": "It does.",
        "group": "same_words",
        "query": "Data centres",
    }
    file = tmp_path / "mine.jsonl"
    file.write_text(json.dumps({**row, "relevant": ["co_center3"]}), encoding="utf-8")
    assert_cases_sound("retrieval", tmp_path)
    file.write_text(json.dumps({**row, "relevant": []}), encoding="utf-8")
    fault = r"suite retrieval: 1 fault\n  - mine\.jsonl, line 1: case need_mine: relevant: "
    with pytest.raises(AssertionError, match=fault):
        assert_cases_sound("retrieval", tmp_path)
    with pytest.raises(AssertionError, match="There is no suite 'none'"):
        assert_cases_sound("none")


def test_the_product_is_held_to_bounds(tmp_path: Path) -> None:
    row = {
        "id": "need_mine",
        "cluster": "co_center3",
        "reason": "It does.",
        "group": "same_words",
        "query": "Data centres",
        "relevant": ["co_center3"],
    }
    cases, bounds = tmp_path / "cases", tmp_path / "bounds.yaml"
    cases.mkdir()
    (cases / "mine.jsonl").write_text(json.dumps(row), encoding="utf-8")
    bounds.write_text("version: 1\nsuites: {retrieval: {cases: 1, all: {recall_at_5: {min: 1}}}}", encoding="utf-8")
    assert_bounds_kept("retrieval", cases, bounds)
    bounds.write_text("version: 1\nsuites: {retrieval: {cases: 2, all: {recall_at_5: {min: 1}}}}", encoding="utf-8")
    with pytest.raises(AssertionError, match="cases: 1, fewer than the 2 of the plan"):
        assert_bounds_kept("retrieval", cases, bounds)
    with pytest.raises(TypeError, match="need bounds of your own"):
        assert_bounds_kept("retrieval", cases)
    with pytest.raises(AssertionError, match="cannot be read"):
        assert_bounds_kept("retrieval", cases, tmp_path / "none.yaml")


def test_a_long_list_of_faults_is_cut(claims: tuple[Claim, ...]) -> None:
    with pytest.raises(AssertionError) as error:
        assert_grounded_claims([claims[0].model_copy(update={"evidence_id": "ev_none"})] * 70, EVIDENCE)
    assert str(error.value).splitlines()[0] == "70 claims: 70 faults"
    assert str(error.value).splitlines()[-1] == "  … and 20 more"
