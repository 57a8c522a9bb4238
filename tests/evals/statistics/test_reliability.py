"""Reliability over epochs against inspect_ai's reducers and numpy, and by hand."""

import math
import random
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from inspect_ai.scorer import Score, pass_at
from inspect_ai.scorer import pass_k as inspect_pass_k

from partnership_os.evals.statistics.reliability import (
    epoch_deviation,
    epoch_difference,
    epoch_flip_rate,
    mean_pass_at_k,
    mean_pass_hat_k,
    pass_at_k,
    pass_hat_k,
)

drawn = st.integers(min_value=1, max_value=30).flatmap(
    lambda n: st.tuples(st.just(n), st.integers(min_value=0, max_value=n), st.integers(min_value=1, max_value=n))
)
epochs = st.lists(st.lists(st.floats(min_value=-100, max_value=100, width=32), max_size=6), max_size=8)
tiers = st.lists(st.lists(st.sampled_from("ABC"), max_size=6), max_size=8)


@given(drawn)
def test_inspects_reducers_agree(item: tuple[int, int, int]) -> None:
    n, c, k = item
    scores = [Score(value=1.0 if index < c else 0.0) for index in range(n)]
    assert pass_at_k(n, c, k) == pytest.approx(pass_at(k)(scores).as_float(), abs=1e-9)
    assert pass_hat_k(n, c, k) == pytest.approx(inspect_pass_k(k)(scores).as_float(), abs=1e-9)


@given(drawn)
def test_failing_always_is_the_other_side_of_passing_once(item: tuple[int, int, int]) -> None:
    n, c, k = item
    assert pass_at_k(n, c, k) == pytest.approx(1 - pass_hat_k(n, n - c, k), abs=1e-12)
    assert pass_hat_k(n, c, 1) == pass_at_k(n, c, 1) == c / n
    assert pass_hat_k(n, c, k) <= c / n <= pass_at_k(n, c, k)


def test_counting_draws_by_hand() -> None:
    assert pass_at_k(4, 2, 2) == 5 / 6
    assert pass_hat_k(4, 2, 2) == 1 / 6
    assert pass_hat_k(5, 5, 5) == pass_at_k(5, 5, 5) == 1.0
    assert pass_hat_k(5, 4, 5) == pass_at_k(5, 0, 5) == 0.0
    assert math.isfinite(pass_at_k(5_000, 2_500, 2_000))
    assert mean_pass_at_k([(4, 2), (4, 0), (2, 2)], 2) == pytest.approx((5 / 6 + 0 + 1) / 3)
    assert mean_pass_hat_k([(4, 2), (4, 0), (2, 2)], 2) == pytest.approx((1 / 6 + 0 + 1) / 3)
    assert mean_pass_at_k([], 1) is mean_pass_hat_k([], 1) is None


@pytest.mark.parametrize(("n", "c", "k"), [(3, 4, 1), (3, -1, 1), (3, 1, 0), (3, 1, 4), (0, 0, 1)])
def test_impossible_draws_are_refused(n: int, c: int, k: int) -> None:
    for of_one in (pass_at_k, pass_hat_k):
        with pytest.raises(ValueError, match="must"):
            of_one(n, c, k)
    for of_all in (mean_pass_at_k, mean_pass_hat_k):
        with pytest.raises(ValueError, match="must"):
            of_all([(5, 5), (n, c)], k)


def test_k_is_checked_even_without_an_item() -> None:
    with pytest.raises(ValueError, match="k must"):
        mean_pass_hat_k([], 0)


@given(epochs)
def test_numpy_agrees_on_the_scatter(items: list[list[float]]) -> None:
    repeated = [item for item in items if len(item) > 1]
    if not repeated:
        assert epoch_deviation(items) is epoch_difference(items) is None
        return
    pooled = sum((len(item) - 1) * float(np.var(item, ddof=1)) for item in repeated)
    expected = math.sqrt(pooled / sum(len(item) - 1 for item in repeated))
    assert epoch_deviation(items) == pytest.approx(expected, rel=1e-9, abs=1e-9)
    differences = [np.mean([abs(x - y) for x, y in combinations(item, 2)]) for item in repeated]
    assert epoch_difference(items) == pytest.approx(float(np.mean(differences)), rel=1e-9, abs=1e-9)


@given(tiers)
def test_the_flip_rate_is_what_its_definition_counts(items: list[list[str]]) -> None:
    shares = [np.mean([x != y for x, y in combinations(item, 2)]) for item in items if len(item) > 1]
    if not shares:
        assert epoch_flip_rate(items) is None
        return
    assert epoch_flip_rate(items) == pytest.approx(float(np.mean(shares)), abs=1e-12)


def test_repeatability_by_hand() -> None:
    items = [[60.0, 64.0], [50.0, 50.0, 53.0], [70.0]]
    assert epoch_deviation(items) == pytest.approx(math.sqrt((8 + 6) / 3))
    assert epoch_difference(items) == pytest.approx((4 + 2) / 2)
    assert epoch_flip_rate([["A", "B"], ["A", "A", "B"], ["A"]]) == pytest.approx((1 + 2 / 3) / 2)
    assert epoch_deviation([[0.1] * 3]) == epoch_difference([[0.1] * 3]) == epoch_flip_rate([["A"] * 3]) == 0.0


@given(epochs, tiers, st.randoms(use_true_random=False))
def test_neither_items_nor_epochs_have_an_order(
    items: list[list[float]], labels: list[list[str]], order: random.Random
) -> None:
    shuffled = [order.sample(item, len(item)) for item in order.sample(items, len(items))]
    assert epoch_deviation(shuffled) == epoch_deviation(items)
    assert epoch_difference(shuffled) == epoch_difference(items)
    relabelled = [order.sample(item, len(item)) for item in order.sample(labels, len(labels))]
    assert epoch_flip_rate(relabelled) == epoch_flip_rate(labels)


def test_what_is_not_finite_is_refused_even_without_a_second_epoch() -> None:
    for measure in (epoch_deviation, epoch_difference):
        with pytest.raises(ValueError, match="finite"):
            measure([[math.nan]])
