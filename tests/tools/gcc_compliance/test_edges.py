"""Rows that ended, and cautions while it is open whether a row applies: shapes that no shipped row has today."""

from datetime import date, timedelta

from partnership_os.schemas.compliance import Outcome, Severity
from partnership_os.schemas.compliance_report import Effect
from partnership_os.tools.gcc_compliance.rules import RuleSet
from tests.tools.gcc_compliance.scene import DAY, RULES, facts_of, report, result_in


def test_a_row_that_ended_without_a_successor_is_no_longer_asked() -> None:
    rule = RULES.rules["SA-VAT-1c"]
    ended = rule.model_copy(update={"periods": rule.periods[:1]})
    rules = RuleSet([ended], RULES.vocabulary, RULES.sources, RULES.wording)
    last = date(2020, 6, 30)
    wrong = {"vat_registered": True, "vat_rate_applied": "0.15"}
    assert result_in(report(facts_of(wrong, last), day=last, rules=rules), "SA-VAT-1c").outcome is Outcome.FAIL
    after = last + timedelta(days=1)
    found = result_in(report(facts_of(wrong, after), day=after, rules=rules), "SA-VAT-1c")
    assert (found.outcome, found.version, found.effect) == (Outcome.NOT_APPLICABLE, 0, Effect.NONE)
    assert [(item.code, item.parameters[0].value) for item in found.reasons] == [("no_longer_in_force", "2020-06-30")]


def test_a_caution_is_open_while_it_is_open_whether_the_row_applies() -> None:
    """SA-PR-3 holds for three dentists or more; how many there are is not known."""
    values = {"saudi_dentist_share": "0.50", "saudi_dentist_wage_sar": 9000}
    found = result_in(report(facts_of(values)), "SA-PR-3")
    assert (found.outcome, found.severity, found.reasons[0].code) == (Outcome.UNKNOWN, Severity.WARN, "condition_open")
    assert [ask.fact for ask in found.asks] == ["dentists"]


def test_a_failure_is_open_while_it_is_open_whether_the_row_applies() -> None:
    found = result_in(report(facts_of({"misa_registered": False})), "SA-FO-1")
    assert (found.outcome, found.effect, found.reasons[0].code) == (Outcome.UNKNOWN, Effect.STOPS, "condition_open")
    assert result_in(report(facts_of({"misa_registered": True})), "SA-FO-1").outcome is Outcome.PASS


def test_an_exception_counts_from_its_own_day() -> None:
    values = {"foreign_owned": True, "bahrain_schedule": "bahraini_only", "national_owned_share": 0}
    special = {"capital_bhd": 100_000, "parent_revenue_eur": 750_000_000, "markets_present": 10}
    outcomes = {
        day: result_in(report(facts_of({**values, **special}, day), day=day, countries=("BH",)), "BH-FO-1").outcome
        for day in (date(2024, 12, 30), date(2024, 12, 31), DAY)
    }
    assert list(outcomes.values()) == [Outcome.FAIL, Outcome.PASS, Outcome.PASS]
