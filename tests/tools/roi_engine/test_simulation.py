"""Draws: the same bytes for the same seed, streams by name, the right distribution, honest intervals."""

from decimal import Decimal
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, triang

from partnership_os.schemas.roi_report import Reason, Simulated
from partnership_os.tools.roi_engine.draws import triangular, uniforms
from partnership_os.tools.roi_engine.economics import exact_npv
from partnership_os.tools.roi_engine.report import roi_report
from partnership_os.tools.roi_engine.scenarios import side_under
from partnership_os.tools.roi_engine.simulation import npv_draws, wilson_interval
from tests.tools.roi_engine.oracles import spreadsheet
from tests.tools.roi_engine.plans import REFERRAL, inputs, oracle, risk, simulated

SPREAD: dict[str, Any] = {
    **REFERRAL,
    "win_rate": ("0.02", "0.1", "0.3"),
    "average_deal_value": ("4000", "9000", "12000"),
}

PINNED = ["0.929825140742", "0.044942436588", "0.457990933252"]


def result_of(values: dict[str, Any], **more: Any) -> Simulated:
    found = roi_report(simulated(values, **more)).simulation.result
    assert found is not None
    return found


def test_one_seed_gives_one_result_whatever_the_order() -> None:
    reversed_values = dict(reversed(list(SPREAD.items())))
    risks = (risk("one", "volume", "0.3", "0.5"), risk("two", "cogs", "0.3", "0.5"))
    first = roi_report(simulated(SPREAD, risks=risks)).model_dump_json()
    assert roi_report(simulated(reversed_values, risks=risks[::-1])).model_dump_json() == first
    assert roi_report(simulated(SPREAD, risks=risks, seed=8)).model_dump_json() != first


def test_the_streams_are_pinned() -> None:
    """PCG64 is a fixed algorithm; if these numbers change, every stored simulation does."""
    assert [f"{value:.12f}" for value in uniforms(7, "win_rate", 3)] == PINNED
    assert [f"{value:.12f}" for value in uniforms(8, "win_rate", 3)] != PINNED
    assert [f"{value:.12f}" for value in uniforms(7, "cogs_share", 3)] != PINNED


def test_one_more_driver_leaves_the_other_draws_as_they_were() -> None:
    """A driver that moves nothing is drawn too, and no draw of NPV changes."""
    base, more = simulated(SPREAD), simulated({**SPREAD, "discount_rate": ("0.05", "0.10", "0.15")})
    assert base.simulation is not None and more.simulation is not None
    assert (npv_draws(base, base.simulation) == npv_draws(more, more.simulation)).all()
    harmless = simulated(SPREAD, risks=(risk("none", "volume", "0.5", "0"),))
    assert (npv_draws(base, base.simulation) == npv_draws(harmless, base.simulation)).all()


@pytest.mark.parametrize("name", sorted(spreadsheet.CASES))
def test_draws_without_uncertainty_are_the_exact_result(name: str) -> None:
    asked = oracle(name)
    sure = asked.model_copy(update={"risks": ()})
    plan = simulated(SPREAD).simulation
    assert plan is not None
    exact = exact_npv(side_under(sure, {}))
    assert exact is not None
    assert npv_draws(sure, plan) == pytest.approx(np.full(plan.runs, float(exact)), rel=1e-12)


@given(st.lists(st.integers(0, 1000), min_size=3, max_size=3).map(sorted), st.floats(0, 1, exclude_max=True))
def test_draws_are_triangular(ends: list[int], uniform: float) -> None:
    low, mode, high = ends
    found = triangular(np.array([uniform]), *(Decimal(value) for value in ends))[0]
    assert low <= found <= high
    if low == high:
        assert found == mode
    else:
        expected = triang.ppf(uniform, (mode - low) / (high - low), loc=low, scale=high - low)
        assert found == pytest.approx(expected, abs=1e-6 * (high - low))


def test_percentiles_mean_and_histogram_describe_the_draws() -> None:
    asked = simulated(SPREAD, runs=1000)
    assert asked.simulation is not None
    draws = np.sort(npv_draws(asked, asked.simulation))
    found = result_of(SPREAD, runs=1000)
    assert found.p5.amount < found.p50.amount < found.p95.amount
    for share, value in ((0.05, found.p5), (0.5, found.p50), (0.95, found.p95)):
        at = share * 999
        below, above = draws[int(at)], draws[int(at) + 1]
        assert float(value.amount) == pytest.approx(below + (above - below) * (at % 1), abs=0.006)
    assert float(found.mean.amount) == pytest.approx(draws.mean(), abs=0.006)
    assert float(found.mean_standard_error) == pytest.approx(draws.std(ddof=1) / 1000**0.5, rel=1e-6)
    assert found.probability_of_loss == Decimal(int((draws < -0.005).sum())) / 1000
    counts, edges = found.histogram.counts, [float(edge) for edge in found.histogram.edges]
    assert len(counts) == 20 and sum(counts) == 1000
    assert edges[0] <= draws[0] and draws[-1] <= edges[-1]
    for count, (low, high) in zip(counts, pairwise(edges), strict=True):
        assert count == ((draws >= low) & ((draws < high) | (high == edges[-1]))).sum()


@given(st.integers(1, 5000), st.data())
def test_the_interval_of_the_probability_is_wilsons(runs: int, data: st.DataObject) -> None:
    hits = data.draw(st.integers(0, runs))
    share, low, high = wilson_interval(hits, runs)
    expected = binomtest(hits, runs).proportion_ci(0.95, "wilson")
    assert float(share) == pytest.approx(hits / runs)
    assert (float(low), float(high)) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_no_loss_in_any_draw_still_leaves_an_interval() -> None:
    found = result_of({**REFERRAL, "win_rate": ("0.24", "0.25", "0.26")})
    assert found.probability_of_loss == found.probability_standard_error == found.probability_low == 0
    assert Decimal("0.007") < found.probability_high < Decimal("0.008")  # z² / (n + z²), n = 500


def test_breaking_even_is_no_loss() -> None:
    """Nothing earned and nothing spent, but for an interval around a share of nothing."""
    nothing: dict[str, Any] = {**dict.fromkeys(REFERRAL, "0"), "cogs_share": ("0", "0.1", "0.2")}
    found = result_of(nothing)
    assert found.probability_of_loss == found.mean.amount == 0
    assert found.histogram.counts == (500,)


def test_what_varies_is_named() -> None:
    stated = (
        risk("open", "volume", "0.3", "0.5"), risk("sure", "volume", "1", "0.5"), risk("never", "volume", "0", "0.5")
    )  # fmt: skip
    rate = {"discount_rate": ("0.05", "0.10", "0.15")}
    assert result_of({**SPREAD, **rate}, risks=stated).varied == ("average_deal_value", "win_rate", "risk.open")


def test_reasons_for_no_simulation() -> None:
    for asked, reason in ((inputs(SPREAD), Reason.NOT_ASKED), (simulated(REFERRAL), Reason.NOTHING_VARIES)):
        found = roi_report(asked).simulation
        assert found.result is None and found.unavailable is not None and found.unavailable.reason is reason
