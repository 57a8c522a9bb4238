"""The policy on the screen: every action and every approval, in both languages."""

import json
from collections.abc import Callable

import pytest
from typer.testing import Result

from partnership_os.governance.actions import ACTIONS
from partnership_os.governance.policy import VALUE_STEPS, required_approvals
from partnership_os.graphs.wording.texts import Texts
from partnership_os.schemas.partnership import PartnershipType

Run = Callable[..., Result]
WIDE = {"COLUMNS": "200"}


@pytest.mark.parametrize("language", ["en", "ar"])
def test_it_names_every_action_with_its_meaning_and_risk(run: Run, language: str) -> None:
    lines = run("policy", "--lang", language, settings=WIDE).stdout.splitlines()
    for rule in ACTIONS:
        (line,) = [line for line in lines if line.split()[:1] == [rule.action]]
        assert line.split()[1:3] == [f"R{rule.reversibility.value}", f"S{rule.sensitivity.value}"]
        assert (rule.meaning_ar if language == "ar" else rule.meaning) in line


@pytest.mark.parametrize("language", ["en", "ar"])
def test_it_says_who_must_approve_what_and_from_which_value(run: Run, language: str) -> None:
    texts = Texts(language)
    shown = run("policy", "--lang", language, settings=WIDE).stdout
    for kind in PartnershipType:
        (line,) = [line for line in shown.splitlines() if line.split()[:1] == [texts(f"type.{kind.value}")]]
        assert texts.approvals(required_approvals(kind, None)) in line
    for amount, _ in VALUE_STEPS:
        assert f"{amount:,} SAR" in shown


def test_an_approval_is_called_the_same_everywhere(run: Run) -> None:
    shown = run("policy", settings=WIDE).stdout
    assert "C-level and Legal" in shown
    assert "C-level or above" not in shown
    assert "Analyst or above" not in shown


def test_programs_get_the_whole_policy(run: Run) -> None:
    document = json.loads(run("policy", "--json").stdout)
    assert [rule["action"] for rule in document["actions"]] == [rule.action for rule in ACTIONS]
    government = [{"min_level": "c-level", "legal": False}, {"min_level": "analyst", "legal": True}]
    assert document["approvals"]["government"] == government
    assert len(document["value_steps"]) == len(VALUE_STEPS)
