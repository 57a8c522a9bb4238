"""A rule change asks open deals again and lists what changed, and why."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from partnership_os.schemas.compliance import Outcome
from partnership_os.schemas.compliance_report import ChangeCause, OpenCase, OutcomeChange, Standing
from partnership_os.schemas.partnership import LifecyclePhase, PartnershipType
from partnership_os.tools.gcc_compliance.changes import changed_outcomes, rerun
from partnership_os.tools.gcc_compliance.rows import Rule
from partnership_os.tools.gcc_compliance.rules import RuleSet
from tests.tools.gcc_compliance.scene import DAY, RULES, fact, facts_of, report, waiver


def with_row(rule_id: str, limits: dict[str, Any] | None = None, **fields: Any) -> RuleSet:
    """The rule set with one row in a new version."""
    rule = RULES.rules[rule_id]
    last = rule.periods[-1]
    period = last.model_copy(update={"version": last.version + 1, "limits": {**last.limits, **(limits or {})}})
    changed = rule.model_copy(update={"periods": (*rule.periods[:-1], period), **fields})
    return rules_with({**RULES.rules, rule_id: changed})


def rules_with(rules: dict[str, Rule]) -> RuleSet:
    return RuleSet(rules.values(), RULES.vocabulary, RULES.sources, RULES.wording)


def by_rule(changes: tuple[OutcomeChange, ...]) -> dict[str, tuple[Outcome | None, Outcome | None, ChangeCause]]:
    return {
        item.rule_id: (
            item.before.outcome if item.before else None,
            item.after.outcome if item.after else None,
            item.cause,
        )
        for item in changes
    }


AGENT = facts_of({"acts_as_agent": True, "gulf_owned_share": Decimal("0.60"), "gulf_managed": True})


def case(case_id: str, facts: list[Any], phase: LifecyclePhase = LifecyclePhase.ONBOARD) -> OpenCase:
    return OpenCase(
        case_id=case_id, facts=tuple(facts), countries=("SA",), partnership=PartnershipType.DISTRIBUTION, phase=phase
    )


def test_nothing_changed_is_an_empty_list() -> None:
    assert changed_outcomes(report(AGENT), report(AGENT)) == ()
    assert rerun([case("dl_1", AGENT)], RULES, RULES, day_before=DAY, day_after=DAY) == ()


def test_a_changed_rule_lists_the_deals_that_it_changes_and_no_others() -> None:
    opened = with_row("SA-AG-1", {"owned_share": Decimal("0.51")})
    full = facts_of({"acts_as_agent": True, "gulf_owned_share": 1, "gulf_managed": True})
    cases = [case("dl_2", AGENT), case("dl_1", AGENT), case("dl_3", full)]
    found = rerun(cases, RULES, opened, day_before=DAY, day_after=DAY)
    assert [item.case_id for item in found] == ["dl_1", "dl_2"]
    assert by_rule(found[0].changes) == {"SA-AG-1": (Outcome.FAIL, Outcome.PASS, ChangeCause.RULE)}
    assert (found[0].rules_before, found[0].rules_after) == (RULES.stamp.digest, opened.stamp.digest)
    assert found[0].rules_before != found[0].rules_after
    assert found[0].standing_before is Standing.STOPPED


def test_a_rule_that_is_new_or_gone_is_a_changed_outcome() -> None:
    fewer = rules_with({key: rule for key, rule in RULES.rules.items() if key != "SA-AG-1"})
    assert by_rule(changed_outcomes(report(AGENT), report(AGENT, rules=fewer))) == {
        "SA-AG-1": (Outcome.FAIL, None, ChangeCause.RULE)
    }
    assert by_rule(changed_outcomes(report(AGENT, rules=fewer), report(AGENT))) == {
        "SA-AG-1": (None, Outcome.FAIL, ChangeCause.RULE)
    }


def test_a_new_word_alone_changes_the_stamp_and_no_outcome() -> None:
    rule = RULES.rules["SA-AG-1"]
    title = rule.title.model_copy(update={"en": "Who may act as agent"})
    renamed = rules_with({**RULES.rules, "SA-AG-1": rule.model_copy(update={"title": title})})
    assert renamed.stamp.digest != RULES.stamp.digest
    assert changed_outcomes(report(AGENT), report(AGENT, rules=renamed)) == ()


def test_a_row_that_comes_into_force_is_a_rule_change() -> None:
    band = [fact("nitaqat_band", "platinum", date(2026, 4, 20))]
    before, after = report(band, day=date(2026, 4, 25)), report(band, day=date(2026, 4, 26))
    assert by_rule(changed_outcomes(before, after))["SA-NQ-1"] == (Outcome.PASS, Outcome.UNKNOWN, ChangeCause.RULE)


def test_evidence_that_expires_overnight_is_a_change_of_the_day() -> None:
    status = facts_of({"register_status": "active", "in_liquidation": False})
    last, after = DAY + timedelta(days=30), DAY + timedelta(days=31)
    (found,) = rerun([case("dl_1", status)], RULES, RULES, day_before=last, day_after=after)
    assert by_rule(found.changes)["SA-CR-6"] == (Outcome.PASS, Outcome.UNKNOWN, ChangeCause.DAY)


def test_new_evidence_a_waiver_and_a_new_phase_are_named_as_causes() -> None:
    red = facts_of({"nitaqat_band": "red"})
    assert by_rule(changed_outcomes(report([]), report(red)))["SA-NQ-1"][2] is ChangeCause.EVIDENCE
    waived = report(red, waivers=(waiver("SA-NQ-1", rule_version=2),))
    assert by_rule(changed_outcomes(report(red), waived)) == {
        "SA-NQ-1": (Outcome.FAIL, Outcome.FAIL, ChangeCause.WAIVER)
    }
    later = report(red, phase=LifecyclePhase.MANAGE)
    assert {item.cause for item in changed_outcomes(report(red, phase=LifecyclePhase.SCOUT), later)} == {
        ChangeCause.CONTEXT
    }
