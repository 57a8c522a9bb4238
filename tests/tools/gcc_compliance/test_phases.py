"""Which rules are asked at which partner type and phase: the matrix of gcc-rules §6, written out once more by hand."""

import pytest

from partnership_os.schemas.compliance import Outcome
from partnership_os.schemas.compliance_report import Effect
from partnership_os.schemas.partnership import LifecyclePhase, PartnershipType
from partnership_os.tools.gcc_compliance.calendar import is_asked
from tests.tools.gcc_compliance.scene import DAY, RULES, facts_of, report, result_in

MATRIX = {
    ("referral", "scout"): "SA-CR-6",
    ("referral", "evaluate"): "SA-UBO-1 SA-NQ-1",
    ("referral", "negotiate"): "SA-VAT-1 SA-PD-2 SA-CO-2",
    ("referral", "onboard"): "SA-CR-4 SA-VAT-1 SA-PD-3",
    ("referral", "manage"): "SA-NQ-1 SA-CR-6 SA-CR-4",
    ("distribution", "scout"): "SA-CR-6 SA-FO-3 SA-FO-4 SA-AG-1",
    ("distribution", "evaluate"): "SA-NQ-1 SA-CR-7",
    ("distribution", "negotiate"): "SA-AG-1 SA-FR-1 SA-CO-2 SA-LA-1 SA-LA-2 SA-LA-3 SA-ES-1",
    ("distribution", "onboard"): "SA-AG-3 SA-EI-1 SA-FR-1b",
    ("distribution", "manage"): "SA-AG-1 SA-NQ-1 SA-LC-3",
    ("technology", "scout"): "SA-CR-6",
    ("technology", "evaluate"): "SA-PD-2 SA-PD-5",
    ("technology", "negotiate"): "SA-PD-3 SA-PD-5 SA-PD-7",
    ("technology", "onboard"): "SA-PD-8 SA-PD-7",
    ("technology", "manage"): "SA-PD-2 SA-PD-3 SA-PD-5 SA-PD-8",
    ("strategic", "scout"): "SA-FO-1 SA-FO-2",
    ("strategic", "evaluate"): "SA-UBO-1 SA-AC-1 SA-FO-3 SA-FO-5",
    ("strategic", "negotiate"): "SA-CO-1 SA-LA-2 SA-LA-3",
    ("strategic", "onboard"): "SA-FO-1 SA-CO-1",
    ("strategic", "manage"): "SA-UBO-1 SA-CO-1 SA-CO-2 SA-CO-3",
    ("government", "scout"): "SA-RHQ-1",
    ("government", "evaluate"): "SA-LC-1 SA-LC-2 SA-LC-3 SA-SME-1 SA-SME-2 SA-NQ-1",
    ("government", "negotiate"): "SA-RHQ-1 SA-LC-4",
    ("government", "onboard"): "SA-RHQ-1 SA-RHQ-2 SA-LC-4",
    ("government", "manage"): "SA-LC-3 SA-LC-4 SA-RHQ-1",
}
NOT_YET = {
    ("referral", "scout"): "SA-UBO-1 SA-VAT-1 SA-PD-2",
    ("referral", "evaluate"): "SA-VAT-1 SA-PD-2 SA-CO-2 SA-LA-1",
    ("referral", "negotiate"): "SA-PD-3 SA-CR-4",
    ("referral", "onboard"): "SA-AG-1 SA-RHQ-1 SA-CO-1 SA-FO-1 SA-LC-2",
    ("referral", "manage"): "SA-LA-1 SA-ES-1 SA-CR-8",
    ("distribution", "onboard"): "SA-RHQ-1 SA-CO-1 SA-LC-3",
    ("technology", "scout"): "SA-PD-5",
    ("technology", "evaluate"): "SA-PD-3 SA-PD-7",
    ("technology", "negotiate"): "SA-PD-8",
    ("strategic", "evaluate"): "SA-CO-1 SA-LA-2",
    ("government", "evaluate"): "SA-LC-4",
}


@pytest.mark.parametrize(("cell", "rules"), MATRIX.items(), ids=str)
def test_the_rules_of_a_cell_are_asked(cell: tuple[str, str], rules: str) -> None:
    asked = {rule_id: asked_in(rule_id, cell) for rule_id in rules.split()}
    assert all(asked.values()), asked


@pytest.mark.parametrize(("cell", "rules"), NOT_YET.items(), ids=str)
def test_rules_of_later_cells_and_of_other_types_are_not(cell: tuple[str, str], rules: str) -> None:
    asked = {rule_id: asked_in(rule_id, cell) for rule_id in rules.split()}
    assert not any(asked.values()), asked


def asked_in(rule_id: str, cell: tuple[str, str]) -> bool:
    return is_asked(RULES.rules[rule_id], PartnershipType(cell[0]), LifecyclePhase(cell[1]))


@pytest.mark.parametrize("partnership", PartnershipType)
def test_sanctions_are_asked_of_every_type_in_every_phase(partnership: PartnershipType) -> None:
    assert all(is_asked(RULES.rules["ALL-SN-1"], partnership, phase) for phase in LifecyclePhase)


@pytest.mark.parametrize("partnership", PartnershipType)
def test_a_renewal_asks_everything_again(partnership: PartnershipType) -> None:
    for rule in RULES.rules.values():
        assert is_asked(rule, partnership, LifecyclePhase.RENEW) is (partnership in rule.phases)


def test_who_is_not_asked_learns_why() -> None:
    made = report([], partnership=PartnershipType.REFERRAL, phase=LifecyclePhase.SCOUT)
    assert result_in(made, "SA-AG-1").reasons[0].code == "not_for_partnership"
    later = result_in(made, "SA-LA-1")
    assert (later.reasons[0].code, later.outcome) == ("not_in_phase", Outcome.NOT_APPLICABLE)
    assert "scout" in later.reasons[0].text.en and "استكشاف" in later.reasons[0].text.ar


@pytest.mark.parametrize(
    ("phase", "failing", "unknown"),
    [
        (LifecyclePhase.SCOUT, Effect.STOPS, Effect.ASKS_EVIDENCE),
        (LifecyclePhase.EVALUATE, Effect.STOPS, Effect.ASKS_EVIDENCE),
        (LifecyclePhase.NEGOTIATE, Effect.STOPS, Effect.ASKS_EVIDENCE),
        (LifecyclePhase.ONBOARD, Effect.STOPS, Effect.STOPS),
        (LifecyclePhase.MANAGE, Effect.STOPS, Effect.STOPS),
        (LifecyclePhase.OPTIMIZE, Effect.STOPS, Effect.STOPS),
        (LifecyclePhase.RENEW, Effect.STOPS, Effect.STOPS),
        (LifecyclePhase.EXIT, Effect.NEEDS_REASON, Effect.ASKS_EVIDENCE),
    ],
)
def test_what_a_blocking_rule_does_in_each_phase(phase: LifecyclePhase, failing: Effect, unknown: Effect) -> None:
    suspended = facts_of({"register_status": "suspended", "in_liquidation": False}, DAY)
    assert result_in(report(suspended, phase=phase), "SA-CR-6").effect is failing
    open_result = result_in(report([], phase=phase), "SA-CR-6")
    assert open_result.effect is unknown
    assert [ask.fact for ask in open_result.asks] == ["in_liquidation", "register_status"]
    assert ("exit_is_never_stopped" in [item.code for item in open_result.reasons]) is (phase is LifecyclePhase.EXIT)
