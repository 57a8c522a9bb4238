"""The table of actions: what it does not name waits for people, and what must not run cannot be respelled."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnership_os.governance.actions import ACTIONS, rule_for
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


@pytest.mark.parametrize(
    "respell",
    [
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
    ],
)
@pytest.mark.parametrize("name", FORBIDDEN)
def test_a_forbidden_name_stays_forbidden_however_it_is_spelled(name: str, respell: object) -> None:
    assert callable(respell)
    assert rule_for(respell(name)).action == name


def test_look_alike_letters_never_make_a_name_run_freely() -> None:
    assert rule_for("re\u0430d_records").action_class is ActionClass.B
    assert rule_for("READ-RECORDS").action_class is ActionClass.A
