"""Calibration against sklearn and numpy, by hand, and the edges of bins."""

import math
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import brier_score_loss

from partnership_os.evals.statistics.calibration import (
    Bin,
    brier_score,
    expected_calibration_error,
    reliability_bins,
)

Forecasts = list[tuple[float, bool]]
forecasts = st.lists(st.tuples(st.floats(min_value=0, max_value=1), st.booleans()), min_size=1, max_size=60)
tenths = st.lists(st.tuples(st.integers(0, 10).map(lambda tenth: tenth / 10), st.booleans()), min_size=1, max_size=60)


def apart(pairs: Forecasts) -> tuple[list[float], list[int]]:
    return [probability for probability, _ in pairs], [int(true) for _, true in pairs]


@given(forecasts)
def test_sklearn_agrees_on_the_brier_score(pairs: Forecasts) -> None:
    stated, came = apart(pairs)
    assert brier_score(pairs) == pytest.approx(float(brier_score_loss(came, stated, labels=[0, 1])), abs=1e-9)


@given(st.one_of(forecasts, tenths), st.integers(min_value=1, max_value=20))
def test_the_error_is_that_of_numpys_bins(pairs: Forecasts, bins: int) -> None:
    stated, came = (np.asarray(column, dtype=float) for column in apart(pairs))
    edges = np.asarray([index / bins for index in range(1, bins)])
    held = np.digitize(stated, edges, right=True)
    expected = sum(
        (held == index).mean() * abs(came[held == index].mean() - stated[held == index].mean())
        for index in np.unique(held)
    )
    assert expected_calibration_error(pairs, bins) == pytest.approx(float(expected), abs=1e-9)


def test_bins_are_closed_on_the_right() -> None:
    assert reliability_bins([(0.0, False), (0.1, True), (0.7, True), (0.3, False), (1.0, True)]) == (
        Bin(0.0, 0.1, 2, 0.05, 0.5),
        Bin(0.2, 0.3, 1, 0.3, 0.0),
        Bin(0.6, 0.7, 1, 0.7, 1.0),
        Bin(0.9, 1.0, 1, 1.0, 1.0),
    )
    just_above = math.nextafter(0.3, 1.0)
    assert [(item.low, item.high) for item in reliability_bins([(just_above, True)])] == [(0.3, 0.4)]


def test_the_error_and_the_score_by_hand() -> None:
    pairs = [(0.8, True), (0.8, False), (0.8, False), (0.8, True), (0.2, False)]
    assert expected_calibration_error(pairs) == pytest.approx(4 / 5 * 0.3 + 1 / 5 * 0.2, abs=1e-12)
    assert brier_score(pairs) == pytest.approx((2 * 0.04 + 2 * 0.64 + 0.04) / 5, abs=1e-12)
    assert expected_calibration_error([(1.0, True), (0.0, False)]) == brier_score([(1.0, True), (0.0, False)]) == 0
    assert expected_calibration_error([(0.0, True), (1.0, False)]) == brier_score([(0.0, True), (1.0, False)]) == 1


def test_ten_bins_are_the_default() -> None:
    pairs = [(0.81, True), (0.89, False)]
    assert expected_calibration_error(pairs) == pytest.approx(0.35, abs=1e-12)
    assert len(reliability_bins(pairs)) == 1 and len(reliability_bins(pairs, 11)) == 2


def test_without_a_forecast_nothing_is_known() -> None:
    assert reliability_bins([]) == ()
    assert expected_calibration_error([]) is None
    assert brier_score([]) is None


@given(forecasts, st.randoms(use_true_random=False))
def test_the_order_of_forecasts_changes_nothing(pairs: Forecasts, order: random.Random) -> None:
    shuffled = order.sample(pairs, len(pairs))
    assert reliability_bins(shuffled) == reliability_bins(pairs)
    assert expected_calibration_error(shuffled) == expected_calibration_error(pairs)
    assert brier_score(shuffled) == brier_score(pairs)


@pytest.mark.parametrize("probability", [-0.01, 1.01, math.nan, math.inf])
def test_what_is_no_probability_is_refused(probability: float) -> None:
    for measure in (reliability_bins, expected_calibration_error, brier_score):
        with pytest.raises(ValueError, match="stated probabilities"):
            measure([(probability, True)])


def test_other_impossible_input_is_refused() -> None:
    for measure in (reliability_bins, expected_calibration_error):
        with pytest.raises(ValueError, match="bins must be at least 1"):
            measure([(0.5, True)], 0)
    with pytest.raises(ValueError, match="came true or did not, got 2"):
        brier_score([(0.5, 2)])  # type: ignore[list-item]
