"""Percentiles against numpy, and what one valid card costs."""

import math
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnership_os.evals.statistics.cost import Percentiles, per_valid, percentiles, quantile

times = st.lists(st.floats(min_value=-1e6, max_value=1e6), min_size=1, max_size=200)


@given(times)
def test_numpy_agrees_on_percentiles(values: list[float]) -> None:
    found = percentiles(values)
    assert found is not None
    expected = [float(value) for value in np.percentile(values, [50, 95, 99])]
    assert [found.p50, found.p95, found.p99] == pytest.approx(expected, rel=1e-9, abs=1e-9)


@given(times, st.floats(min_value=0, max_value=1))
def test_numpy_agrees_on_any_quantile(values: list[float], share: float) -> None:
    assert quantile(values, share) == pytest.approx(float(np.quantile(values, share)), rel=1e-9, abs=1e-9)


def test_percentiles_by_hand() -> None:
    assert percentiles(range(101)) == Percentiles(50.0, 95.0, 99.0)
    assert percentiles([3.0]) == Percentiles(3.0, 3.0, 3.0)
    assert quantile([1, 2, 4], 0.75) == 3.0
    assert (quantile([5, 1], 0), quantile([5, 1], 1)) == (1.0, 5.0)
    assert percentiles([]) is None
    assert quantile([], 0.5) is None


def test_failed_attempts_are_paid_for_by_the_valid_ones() -> None:
    assert per_valid([0.02, 0.03, 0.01], 2) == pytest.approx(0.03)
    assert per_valid([1200, 800], 1) == 2000.0
    assert per_valid([0, 0], 2) == 0.0


def test_what_is_unknown_stays_unknown() -> None:
    assert per_valid([0.02, None], 1) is None
    assert per_valid([0.02, 0.03], 0) is None
    assert per_valid([], 1) is None


@given(times, st.randoms(use_true_random=False))
def test_the_order_of_attempts_changes_nothing(values: list[float], order: random.Random) -> None:
    shuffled = order.sample(values, len(values))
    assert percentiles(shuffled) == percentiles(values)
    assert per_valid(map(abs, shuffled), 3) == per_valid(map(abs, values), 3)


def test_impossible_input_is_refused() -> None:
    for measure in (percentiles, lambda values: quantile(values, 0.5), lambda values: per_valid(values, 1)):
        with pytest.raises(ValueError, match="finite"):
            measure([1.0, math.nan])
    for share in (-0.1, 1.1, math.nan):
        with pytest.raises(ValueError, match="share"):
            quantile([1.0], share)
    with pytest.raises(ValueError, match="negative"):
        per_valid([-1.0], 1)
    with pytest.raises(ValueError, match="valid"):
        per_valid([1.0], -1)
