"""The data files: values of the market, strict reading, words for everything in both languages."""

from datetime import time, timedelta
from pathlib import Path

import pytest

from partnership_os.errors import ConfigurationError, InputError
from partnership_os.schemas.deal_registration import DealSize, Recommendation
from partnership_os.schemas.outreach import OutreachChannel, OutreachPurpose
from partnership_os.tools.channel_compliance.policy import (
    read_outreach_policy,
    read_registration_policy,
)
from partnership_os.tools.channel_compliance.wording import Pair, load_wording
from partnership_os.tools.text import script_of
from tests.tools.channel_compliance.scene import OUTREACH, RULES

DATA = Path(__file__).parents[3] / "tools" / "data"
REGISTRATION_FILE = (DATA / "channel_registration.yaml").read_text(encoding="utf-8")
OUTREACH_FILE = (DATA / "channel_outreach.yaml").read_text(encoding="utf-8")


def test_the_values_of_the_market() -> None:
    """partner-definitions §3.6: decision in 24 to 48 hours, 90 days SMB, 180 enterprise, tender until award."""
    assert (RULES.decision_hours, RULES.warning_hours) == (48, 24)
    assert RULES.protection(DealSize.SMB) == timedelta(days=90)
    assert RULES.protection(DealSize.ENTERPRISE) == timedelta(days=180)
    assert RULES.protection(DealSize.TENDER) is RULES.protection(DealSize.TENDER, 30) is None
    assert RULES.protection(DealSize.SMB, 120) == timedelta(days=120)


def test_calendars_cover_the_gulf_and_stay_inside_the_hours_that_were_read() -> None:
    assert set(OUTREACH.countries) == {"SA", "AE", "QA", "KW", "BH", "OM"}
    assert OUTREACH.countries["AE"].weekend == ("saturday", "sunday")
    assert {hours.weekend for code, hours in OUTREACH.countries.items() if code != "AE"} == {("friday", "saturday")}
    assert all(time(9) <= hours.opens and hours.closes <= time(18) for hours in OUTREACH.countries.values())
    assert set(OUTREACH.bases) == set(OutreachPurpose) and set(OUTREACH.channels) == set(OutreachChannel)
    assert (OUTREACH.channels[OutreachChannel.EMAIL].channel_day, OUTREACH.consent_days) == (200, 360)


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("decision_hours: 48", "decision_hours: 72", "decision_hours"),
        ("decision_hours: 48", "", "decision_hours"),
        ("  smb: 90", "  small: 90", "protection_days"),
        ("  smb: 90", "  smb: 90\n  tender: 5", "tender"),
        ("warning_hours: 24", "warning_hours: 48", "warning_hours"),
        ("appeals: 1", "appeals: 1\nauto_approve: true", "auto_approve"),
    ],
)
def test_a_wrong_registration_policy_is_refused_by_field(tmp_path: Path, old: str, new: str, field: str) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text(REGISTRATION_FILE.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ConfigurationError) as error:
        read_registration_policy(path)
    assert field in error.value.message and error.value.fix


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("  sms: {send: true, contact_day: 1,", "  sms: {send: true,", "every limit"),
        ("  linkedin: {send: false}", "  pigeon: {send: true}", "pigeon"),
        ('QA: {from: "09:00", to: "18:00"', 'QA: {from: "18:00", to: "09:00"', "from lies before to"),
        ("KW: {from", "XQ: {from", "XQ"),
        ("weekend: [saturday, sunday]", "weekend: [someday]", "weekend"),
        ("marketing: [consent]", "marketing: [silence]", "marketing"),
    ],
)
def test_a_wrong_outreach_policy_is_refused(tmp_path: Path, old: str, new: str, field: str) -> None:
    path = tmp_path / "policy.yaml"
    assert old in OUTREACH_FILE
    path.write_text(OUTREACH_FILE.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ConfigurationError) as error:
        read_outreach_policy(path)
    assert field in error.value.message and "line" in error.value.message


def test_a_policy_that_is_missing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        read_outreach_policy(tmp_path / "none.yaml")


def every_pair() -> list[Pair]:
    wording = load_wording()
    nested = [list(group.values()) for group in (*wording.clashes.values(), *wording.findings.values())]
    flat = (wording.facts, wording.recommendations, wording.transitions, wording.states, wording.intake, wording.fixes)
    pairs = [pair for group in nested for pair in group]
    pairs += [pair for group in flat for pair in group.values()]
    return [*pairs, *wording.refusals.values(), wording.overdue]


def test_every_sentence_is_english_and_arabic() -> None:
    pairs = every_pair()
    assert len(pairs) > 120
    assert {script_of(pair.en.replace("YYYY-MM-DD", "")) for pair in pairs} == {"latin"}
    assert [pair.ar for pair in pairs if not any("\u0600" <= letter <= "\u06ff" for letter in pair.ar)] == []


def test_a_code_has_words_for_each_verdict_that_the_rules_give() -> None:
    one_sided = {"NO_CONTACT_PROOF", "PROOF_MISSING", "CUSTOMER_CHOSE_THIS", "CHOICES_DISAGREE"}
    for code, verdicts in load_wording().findings.items():
        assert str(code) in one_sided or set(verdicts) == {Recommendation.REJECT, Recommendation.REVIEW}
