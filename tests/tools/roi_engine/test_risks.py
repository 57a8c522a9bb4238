"""A higher risk never improves a result, not even where each sale loses money."""

import itertools
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partnership_os.schemas.roi import ImpactKind, RoiInputs, RoiRisk
from partnership_os.tools.roi_engine.report import roi_report
from partnership_os.tools.roi_engine.simulation import npv_draws, simulate
from tests.tools.roi_engine.plans import GOVERNMENT_LOSS, REFERRAL, inputs, likelihoods, plan, risk, risks, simulated

FRAMES = {
    "profit": (REFERRAL, plan("referral", "recurring", months=12)),
    "loss": (GOVERNMENT_LOSS, plan("government", "one_off", months=12)),
}
frames = st.sampled_from(sorted(FRAMES))


def deal(frame: str, stated: tuple[RoiRisk, ...], **more: Any) -> RoiInputs:
    values, when = FRAMES[frame]
    return inputs(values, when, stated, **more)


def worth(given_inputs: RoiInputs) -> tuple[Decimal, Decimal]:
    found = roi_report(given_inputs).economics
    assert found.npv.value is not None and found.contribution_margin.value is not None
    return found.npv.value.amount, found.contribution_margin.value.amount


@given(frames, risks("one"), risks("two"))
def test_adding_a_risk_never_helps(frame: str, first: RoiRisk, second: RoiRisk) -> None:
    npv, margin = worth(deal(frame, (first,)))
    worse_npv, worse_margin = worth(deal(frame, (first, second)))
    assert worse_npv <= npv and worse_margin <= margin
    safe_npv, safe_margin = worth(deal(frame, ()))
    assert npv <= safe_npv and margin <= safe_margin


@given(frames, risks("one"), risks("two"), likelihoods)
def test_a_likelier_risk_never_helps(frame: str, first: RoiRisk, second: RoiRisk, likelihood: Decimal) -> None:
    assert first.likelihood is not None
    likelier = first.model_copy(update={"likelihood": max(likelihood, first.likelihood)})
    before, after = worth(deal(frame, (first, second))), worth(deal(frame, (likelier, second)))
    assert after[0] <= before[0] and after[1] <= before[1]


@given(frames, risks("one"), risks("two"), likelihoods)
def test_a_graver_risk_never_helps(frame: str, first: RoiRisk, second: RoiRisk, share: Decimal) -> None:
    assert first.impact is not None
    worse = first.impact + share * 100_000 if first.kind is ImpactKind.MONEY else max(share, first.impact)
    graver = first.model_copy(update={"impact": worse})
    before, after = worth(deal(frame, (first, second))), worth(deal(frame, (graver, second)))
    assert after[0] <= before[0] and after[1] <= before[1]


UNCERTAIN = {**REFERRAL, "win_rate": ("0.02", "0.1", "0.3"), "average_deal_value": ("4000", "9000", "12000")}
UNCERTAIN_LOSS = {**GOVERNMENT_LOSS, "cogs_share": ("0.3", "0.6", "0.9"), "accounts_per_year": ("12", "40", "90")}


@settings(max_examples=40)
@given(st.booleans(), risks("one"), risks("two"), likelihoods, likelihoods)
def test_no_draw_is_better_for_a_risk(
    loss: bool, first: RoiRisk, second: RoiRisk, likelihood: Decimal, share: Decimal
) -> None:
    """Draw by draw, so for every percentile and for the probability of a profit."""
    assert first.likelihood is not None and first.impact is not None
    values, frame = (UNCERTAIN_LOSS, FRAMES["loss"][1]) if loss else (UNCERTAIN, FRAMES["profit"][1])
    worse = first.model_copy(
        update={"likelihood": max(likelihood, first.likelihood), "impact": max(share, first.impact)}
    )
    found = []
    for stated in ((), (first,), (worse,), (worse, second)):
        asked = simulated(values, runs=200, frame=frame, risks=stated)
        assert asked.simulation is not None
        result = simulate(asked, ()).result
        assert result is not None
        found.append((npv_draws(asked, asked.simulation), result.probability_of_loss))
    for (better, safer), (poorer, riskier) in itertools.pairwise(found):
        assert (poorer <= better).all()
        assert safer <= riskier


def test_a_loss_does_not_shrink_as_risk_grows() -> None:
    """The seed's engine turned -50 % into -5 % at a risk of 0.9; here losing loss-making sales is no gain either."""
    safe = worth(deal("loss", ()))
    assert safe[0] < 0
    assert worth(deal("loss", (risk("cut", "volume", "0.9", "1"),))) == safe
    assert worth(deal("loss", (risk("unpaid", "net_revenue", "0.9", "1"),))) < safe


def test_lost_sales_take_their_own_costs_with_them() -> None:
    before = {part.line: part.total.value for part in roi_report(deal("profit", ())).economics.lines}
    half = (risk("cut", "volume", "1", "0.5"),)
    after = {part.line: part.total.value for part in roi_report(deal("profit", half)).economics.lines}
    for line, amount in before.items():
        now = after[line]
        assert amount is not None and now is not None
        share = Decimal("0.5") if line in ("net_revenue", "cogs", "commission") else Decimal(1)
        assert abs(now.amount - amount.amount * share) <= Decimal("0.01"), line


def test_lost_revenue_leaves_its_costs() -> None:
    before = {part.line: part.total for part in roi_report(deal("profit", ())).economics.lines}
    unpaid = (risk("unpaid", "net_revenue", "0.5", "0.2"),)
    after = {part.line: part.total for part in roi_report(deal("profit", unpaid)).economics.lines}
    assert {line for line in before if before[line] != after[line]} == {"net_revenue"}


def test_money_is_lost_once_and_makes_a_line_where_there_is_none() -> None:
    found = roi_report(deal("profit", (risk("rebuild", "investment", "0.25", "40000", month=3),)))
    investment = {part.line: part.total.value for part in found.economics.lines}["investment"]
    assert investment is not None and investment.amount == 10_000
    assert found.economics.contribution_margin == roi_report(deal("profit", ())).economics.contribution_margin
    assert found.npv_before_risks == roi_report(deal("profit", ())).economics.npv
    base = roi_report(deal("profit", ())).economics.flows
    changed = [place for place, flow in enumerate(found.economics.flows) if flow != base[place]]
    assert changed == [3]


def test_two_risks_of_one_target_strike_independently() -> None:
    both = deal("profit", (risk("one", "volume", "0.5", "1"), risk("two", "volume", "0.5", "1")))
    quarter = deal("profit", (risk("one", "volume", "0.75", "1"),))
    assert worth(both) == worth(quarter)


def test_the_mean_of_the_draws_is_the_expected_value() -> None:
    asked = simulated(
        REFERRAL,
        runs=20_000,
        risks=(
            risk("cut", "volume", "0.3", "0.5"),
            risk("unpaid", "net_revenue", "0.2", "0.1"),
            risk("audit", "direct_support", "0.4", "30000", month=6),
        ),
    )
    expected = roi_report(asked)
    result, npv = expected.simulation.result, expected.economics.npv.value
    assert result is not None and npv is not None
    assert abs(result.mean.amount - npv.amount) < 4 * result.mean_standard_error


@pytest.mark.parametrize("gap", ["likelihood", "impact"])
def test_an_unknown_risk_makes_unknown_what_it_reaches(gap: str) -> None:
    known = {"likelihood": "0.3", "impact": "0.4", gap: None}
    found = roi_report(deal("profit", (risk("cut", "volume", known["likelihood"], known["impact"]),))).economics
    lines = {part.line: part.total for part in found.lines}
    for line in ("net_revenue", "cogs", "commission"):
        missing = lines[line].unavailable
        assert missing is not None and missing.unknown == ("risk.cut",)
    assert lines["mdf"].value is not None
    assert found.npv.unavailable is not None and found.npv.unavailable.unknown == ("risk.cut",)
