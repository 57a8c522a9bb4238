"""Agreement against sklearn, against the table of Shrout & Fleiss, and where it is undefined."""

import math
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from partnership_os.evals.statistics.agreement import (
    KappaWeights,
    cohen_kappa,
    intraclass_correlation,
    weighted_kappa,
)

SCALE = ("low", "fair", "good", "strong")
rated = st.lists(st.tuples(st.sampled_from(SCALE), st.sampled_from(SCALE)), min_size=1, max_size=40)
ratings = st.integers(min_value=2, max_value=5).flatmap(
    lambda raters: st.lists(
        st.lists(st.integers(min_value=-20, max_value=20).map(lambda x: x / 8), min_size=raters, max_size=raters),
        min_size=2,
        max_size=8,
    )
)

JUDGES = ((9, 2, 5, 8), (6, 1, 3, 2), (8, 4, 6, 8), (7, 1, 2, 6), (10, 5, 6, 9), (6, 2, 4, 7))
"""Four judges rate six targets: table 2 of Shrout & Fleiss (1979)."""


def apart(pairs: list[tuple[str, str]]) -> tuple[list[str], list[str]]:
    return [one for one, _ in pairs], [other for _, other in pairs]


def chance_is_certain(first: list[str], second: list[str]) -> bool:
    return len({*first, *second}) == 1


@given(rated)
def test_sklearn_agrees_on_kappa(pairs: list[tuple[str, str]]) -> None:
    first, second = apart(pairs)
    if chance_is_certain(first, second):
        assert cohen_kappa(first, second) is None
        return
    assert cohen_kappa(first, second) == pytest.approx(float(cohen_kappa_score(first, second)), abs=1e-9)


@given(rated, st.sampled_from(KappaWeights))
def test_sklearn_agrees_on_weighted_kappa(pairs: list[tuple[str, str]], weights: KappaWeights) -> None:
    first, second = apart(pairs)
    if chance_is_certain(first, second):
        assert weighted_kappa(first, second, SCALE, weights) is None
        return
    expected = float(cohen_kappa_score(first, second, labels=list(SCALE), weights=weights.value))
    assert weighted_kappa(first, second, SCALE, weights) == pytest.approx(expected, abs=1e-9)


def test_kappa_by_hand() -> None:
    # 50 proposals: 20 both yes, 15 both no, 5 and 10 split; agreement 0.7, by chance 0.5
    first = ["yes"] * 25 + ["no"] * 25
    second = ["yes"] * 20 + ["no"] * 5 + ["yes"] * 10 + ["no"] * 15
    assert cohen_kappa(first, second) == pytest.approx(0.4, abs=1e-12)
    assert cohen_kappa(first, first) == 1.0
    assert cohen_kappa(["a", "b"], ["b", "a"]) == -1.0


def test_a_step_that_nobody_used_keeps_its_distance() -> None:
    first, second = [1, 1, 3, 3, 2], [1, 2, 3, 1, 2]
    near = weighted_kappa(first, second, (1, 2, 3), KappaWeights.LINEAR)
    far = weighted_kappa(first, second, (1, 2, 2.5, 3), KappaWeights.LINEAR)
    assert near is not None and far is not None and near != far


def test_without_an_item_nothing_agrees() -> None:
    assert cohen_kappa([], []) is None
    assert weighted_kappa([], [], SCALE) is None


def test_the_published_example_of_icc() -> None:
    found = intraclass_correlation(JUDGES)
    assert found == pytest.approx(0.29, abs=0.005)
    # 24 ratings: mean squares 56.2083/5, 97.4583/3, 15.2917/15 as in their table 3
    targets, judges, error = 56.208333333 / 5, 97.458333333 / 3, 15.291666667 / 15
    assert found == pytest.approx((targets - error) / (targets + 3 * error + 4 * (judges - error) / 6), abs=1e-8)


@given(ratings)
def test_icc_is_that_of_the_analysis_of_variance(rows: list[list[float]]) -> None:
    table = np.asarray(rows)
    n, k = table.shape
    effects = table.mean(axis=1, keepdims=True), table.mean(axis=0, keepdims=True)
    total = ((table - table.mean()) ** 2).sum()
    of_targets, of_raters = k * ((effects[0] - table.mean()) ** 2).sum(), n * ((effects[1] - table.mean()) ** 2).sum()
    error = (total - of_targets - of_raters) / ((n - 1) * (k - 1))
    targets, raters = of_targets / (n - 1), of_raters / (k - 1)
    spread = targets + (k - 1) * error + k * (raters - error) / n
    found = intraclass_correlation(rows)
    if spread < 1e-9:
        assert found is None
        return
    assert found == pytest.approx(float((targets - error) / spread), abs=1e-9)


@given(ratings, st.randoms(use_true_random=False))
def test_the_order_of_items_and_raters_changes_nothing(rows: list[list[float]], order: random.Random) -> None:
    raters = order.sample(range(len(rows[0])), len(rows[0]))
    shuffled = [[row[rater] for rater in raters] for row in order.sample(rows, len(rows))]
    assert intraclass_correlation(shuffled) == intraclass_correlation(rows)


@given(rated, st.randoms(use_true_random=False))
def test_the_order_of_labels_changes_nothing(pairs: list[tuple[str, str]], order: random.Random) -> None:
    first, second = apart(pairs)
    other = apart(order.sample(pairs, len(pairs)))
    assert cohen_kappa(*other) == cohen_kappa(first, second) == cohen_kappa(second, first)
    assert weighted_kappa(*other, SCALE) == weighted_kappa(first, second, SCALE)


def test_icc_of_agreement_and_of_nothing() -> None:
    assert intraclass_correlation([[1, 1], [2, 2], [5, 5]]) == 1.0
    assert intraclass_correlation([[1000.0, 1000.0], [1000.0001, 1000.0001]]) == pytest.approx(1.0)
    for rows in ([], [[1.0, 2.0]], [[1.0], [2.0]], [[0.1, 0.1, 0.1]] * 3, [[0.1, 0.3], [0.3, 0.1]], [[0.0] * 2] * 2):
        assert intraclass_correlation(rows) is None, rows


def test_impossible_input_is_refused() -> None:
    with pytest.raises(ValueError, match="length"):
        cohen_kappa(["a"], [])
    with pytest.raises(ValueError, match="length"):
        weighted_kappa(["low"], [], SCALE)
    with pytest.raises(ValueError, match="not on the scale: great"):
        weighted_kappa(["low"], ["great"], SCALE)
    with pytest.raises(ValueError, match="a label twice"):
        weighted_kappa([], [], ("low", "low"))
    with pytest.raises(ValueError, match="same number"):
        intraclass_correlation([[1.0, 2.0], [1.0]])
    with pytest.raises(ValueError, match="finite"):
        intraclass_correlation([[1.0, math.nan], [1.0, 2.0]])
