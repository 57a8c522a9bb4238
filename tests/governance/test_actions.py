"""The table of actions: what it does not name waits for people, and what must not run cannot be respelled."""

import re
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnership_os.errors import ApprovalError
from partnership_os.governance import commitments
from partnership_os.governance.action_meanings import MEANINGS
from partnership_os.governance.actions import ACTIONS, ActionName, rule_for
from partnership_os.schemas.partnership import ActionClass, Reversibility, Sensitivity

FORBIDDEN = [rule.action for rule in ACTIONS if rule.action_class is ActionClass.C]


def test_the_issue_names_are_class_b() -> None:
    for name in [
        "open_negotiations",
        "issue_term_sheet",
        "reissue_term_sheet",
        "accept_counter_offer",
        "sign_agreement",
        "activate_partner",
        "share_data",
        "fund_play",
        "accept_deal_registration",
        "grant_exclusivity",
        "grant_off_policy_discount",
        "renew_partnership",
        "renegotiate_partnership",
        "downgrade_partnership",
        "exit_partnership",
        "send_partner_scorecard",
    ]:
        assert rule_for(name).action_class is ActionClass.B, name
    assert rule_for("share_data").sensitivity is Sensitivity.S3
    assert rule_for("sign_agreement").reversibility is Reversibility.R3


def test_names_are_unique_however_they_are_spelled() -> None:
    assert len({rule.action.replace("_", "") for rule in ACTIONS}) == len(ACTIONS)
    assert all(rule_for(rule.action) == rule for rule in ACTIONS)


@pytest.mark.parametrize("name", ["transfer_funds", "", "   ", "123", "وقّع", "import_companies_and_sign", "x" * 500])
def test_an_unknown_name_waits_for_people(name: str) -> None:
    rule = rule_for(name)
    assert (rule.action_class, rule.reversibility, rule.sensitivity) == (
        ActionClass.B,
        Reversibility.R2,
        Sensitivity.S2,
    )


@given(st.text(max_size=40))
def test_no_text_ever_crashes_or_becomes_class_a_by_chance(name: str) -> None:
    rule = rule_for(name)
    if rule.action_class is ActionClass.A:
        letters = "".join(character for character in name.casefold() if character.isalnum())
        assert letters == rule.action.replace("_", "") or not name.isascii()


RESPELL: list[Any] = [
    str.upper,
    str.title,
    lambda name: name.replace("_", "-"),
    lambda name: name.replace("_", " "),
    lambda name: name.replace("_", ""),
    lambda name: f"  {name}\n",
    lambda name: "\u200b".join(name),
    lambda name: "\u202e" + name + "\u202c",
    lambda name: "".join(chr(ord(c) + 0xFEE0) if c.isalpha() else c for c in name),
    lambda name: name.replace("a", "\u0430").replace("o", "\u043e").replace("e", "\u0435"),
    lambda name: name.replace("o", "0").replace("a", "@").replace("i", "1"),
    lambda name: name.replace("e", "é").replace("a", "à"),
    lambda name: name.replace("s", "$").replace("t", "τ"),
    lambda name: name.replace("l", "1").replace("i", "l"),
    lambda name: name.replace("b", "8").replace("g", "9").replace("i", "!"),
    lambda name: name.replace("m", "rn").replace("w", "vv"),
]


@pytest.mark.parametrize("respell", RESPELL)
@pytest.mark.parametrize("name", FORBIDDEN)
def test_a_forbidden_name_stays_forbidden_however_it_is_spelled(name: str, respell: Any) -> None:
    assert rule_for(respell(name)).action == name


def test_look_alike_letters_never_make_a_name_run_freely() -> None:
    assert rule_for("re\u0430d_records").action_class is ActionClass.B
    assert rule_for("READ-RECORDS").action_class is ActionClass.A


@pytest.mark.parametrize("name", FORBIDDEN)
def test_class_c_never_runs_for_anyone(world: Any, staff: Any, name: str) -> None:
    """However it is spelled and whoever asks: refused, logged under its own name, and nothing waits for anybody."""
    spellings = [spelling[:100] for respell in RESPELL for spelling in [respell(name)]]
    for person in (staff("analyst"), staff("requester")):
        for spelling in spellings:
            with pytest.raises(ApprovalError, match=f"{name} never runs, for anyone") as refused:
                world.propose(person, action=spelling)
            assert refused.value.details["reason"] == "class_c"
    logged = world.events("proposal_refused")
    assert {event.data["action"] for event in logged} == {name}
    assert len(logged) == 2 * len(spellings)
    assert commitments.inbox(world.store, world.clock) == ()
    assert world.propose(staff("analyst")).action == "issue_term_sheet"


def test_the_names_are_one_list_and_every_action_has_a_meaning_in_both_languages() -> None:
    assert get_args(ActionName) == tuple(rule.action for rule in ACTIONS)
    assert MEANINGS.keys() == {rule.action for rule in ACTIONS}
    for rule in (*ACTIONS, rule_for("something else")):
        assert re.search("[\u0621-\u064a]", rule.meaning_ar), rule.action
        assert not re.search("[A-Za-z]", rule.meaning_ar), rule.action
        assert not re.search("[\u0621-\u064a]", rule.meaning), rule.action
        assert all(text.endswith(".") for text in (rule.meaning, rule.meaning_ar)), rule.action
    assert len({rule.meaning_ar for rule in ACTIONS}) == len(ACTIONS)


def test_the_table_goes_from_a_to_c_and_what_cannot_be_undone_outside_needs_people() -> None:
    classes = [rule.action_class for rule in ACTIONS]
    assert classes == sorted(classes)
    free = {rule.action for rule in ACTIONS if rule.action_class is ActionClass.A and rule.reversibility == 3}
    assert free == {"deliver_outbox", "redrive_message"}, "only what was committed leaves without being asked again"
