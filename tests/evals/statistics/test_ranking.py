"""Ranking measures against sklearn and scipy, by hand, and where they are undefined."""

import math
import random
from itertools import combinations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats
from sklearn.metrics import dcg_score, ndcg_score

from partnership_os.evals.statistics.ranking import (
    dcg,
    kendall_tau_b,
    ndcg_at_k,
    pair_agreement,
    recall_at_k,
    reciprocal_rank,
    scored_ndcg_at_k,
    spearman,
)

grade = st.integers(min_value=0, max_value=4)
score = st.one_of(st.integers(min_value=0, max_value=5), st.floats(min_value=-10, max_value=10, width=32))
graded = st.lists(st.tuples(grade, score), min_size=2, max_size=25)
pairs = st.lists(st.tuples(score, score), min_size=2, max_size=25)
places = st.integers(min_value=1, max_value=30)


def gains(rows: list[tuple[int, float]]) -> list[list[float]]:
    return [[2.0**relevance - 1 for relevance, _ in rows]]


@given(graded, places)
def test_sklearn_agrees_on_dcg_of_an_order(rows: list[tuple[int, float]], k: int) -> None:
    in_order = [[-float(index) for index in range(len(rows))]]
    expected = float(dcg_score(gains(rows), in_order, k=k))
    assert dcg([relevance for relevance, _ in rows], k) == pytest.approx(expected, abs=1e-9)


@given(graded, places)
def test_sklearn_agrees_on_ndcg_with_ties(rows: list[tuple[int, float]], k: int) -> None:
    found = scored_ndcg_at_k([relevance for relevance, _ in rows], [value for _, value in rows], k)
    if not any(relevance for relevance, _ in rows):
        assert found is None
        return
    assert found == pytest.approx(float(ndcg_score(gains(rows), [[value for _, value in rows]], k=k)), abs=1e-9)


@given(graded, places)
def test_both_forms_of_ndcg_agree_where_nothing_is_tied(rows: list[tuple[int, float]], k: int) -> None:
    relevance = {str(index): float(item) for index, (item, _) in enumerate(rows)}
    falling = [-float(index) for index in range(len(rows))]
    assert ndcg_at_k(list(relevance), relevance, k) == scored_ndcg_at_k(list(relevance.values()), falling, k)


def test_gain_is_exponential_and_discounted_by_place() -> None:
    assert dcg([3, 2, 0, 1]) == pytest.approx(7 + 3 / math.log2(3) + 0 + 1 / math.log2(5), abs=1e-12)
    assert dcg([3, 2, 0, 1], 1) == 7
    assert dcg([]) == 0
    assert dcg([0.5]) == pytest.approx(math.sqrt(2) - 1)


def test_ndcg_measures_against_everything_that_was_judged() -> None:
    relevance = {"a": 2.0, "b": 1.0, "never found": 2.0}
    ideal = 3 + 3 / math.log2(3)
    assert ndcg_at_k(["unjudged", "a"], relevance, 2) == pytest.approx(3 / math.log2(3) / ideal, abs=1e-15)
    assert ndcg_at_k(["a", "never found", "b"], relevance, 3) == 1.0
    assert ndcg_at_k([], relevance, 3) == 0.0
    assert ndcg_at_k(["a"], {"a": 0.0}, 3) is None
    assert ndcg_at_k(["a"], {}, 3) is None
    assert scored_ndcg_at_k([], [], 3) is None


def test_recall_and_reciprocal_rank() -> None:
    ranking = ["a", "b", "c", "d"]
    assert recall_at_k(ranking, {"b", "d", "elsewhere"}, 2) == pytest.approx(1 / 3)
    assert recall_at_k(ranking, frozenset({"b", "d"}), 10) == 1.0
    assert recall_at_k([], {"b"}, 1) == 0.0
    assert recall_at_k(ranking, set(), 2) is None
    assert reciprocal_rank(ranking, {"c", "d"}) == pytest.approx(1 / 3)
    assert reciprocal_rank(ranking, {"elsewhere"}) == 0.0
    assert reciprocal_rank(ranking, set()) is None


@given(pairs)
def test_scipy_agrees_on_correlations(rows: list[tuple[float, float]]) -> None:
    first, second = [one for one, _ in rows], [other for _, other in rows]
    if len(set(first)) == 1 or len(set(second)) == 1:
        assert spearman(first, second) is None
        assert kendall_tau_b(first, second) is None
        return
    assert spearman(first, second) == pytest.approx(float(stats.spearmanr(first, second).statistic), abs=1e-9)
    assert kendall_tau_b(first, second) == pytest.approx(float(stats.kendalltau(first, second).statistic), abs=1e-9)


@given(st.lists(score, min_size=2, max_size=25, unique=True))
def test_an_order_agrees_with_itself_exactly(values: list[float]) -> None:
    backwards = [-value for value in values]
    assert spearman(values, values) == kendall_tau_b(values, values) == pair_agreement(values, values) == 1.0
    assert spearman(values, backwards) == kendall_tau_b(values, backwards) == -1.0
    assert pair_agreement(backwards, values) == 0.0


@given(st.lists(st.tuples(score, grade), max_size=15))
def test_pair_agreement_is_what_its_definition_counts(rows: list[tuple[float, int]]) -> None:
    different = [(one, other) for one, other in combinations(rows, 2) if one[1] != other[1]]
    agreed = sum((one[0] - other[0]) * (one[1] - other[1]) > 0 for one, other in different)
    found = pair_agreement([value for value, _ in rows], [label for _, label in rows])
    assert found == (agreed / len(different) if different else None)


def test_pair_agreement_gives_a_tie_to_nobody() -> None:
    assert pair_agreement([5, 5, 1], [2, 1, 1]) == 0.5
    assert pair_agreement([5, 5], [2, 1]) == 0.0
    assert pair_agreement([5, 4], [1, 1]) is None
    assert pair_agreement([], []) is None


def test_too_few_items_correlate_with_nothing() -> None:
    for measure in (spearman, kendall_tau_b):
        assert measure([], []) is None
        assert measure([1], [1]) is None


@given(graded, places, st.randoms(use_true_random=False))
def test_the_order_of_items_changes_nothing(rows: list[tuple[int, float]], k: int, order: random.Random) -> None:
    shuffled = order.sample(rows, len(rows))
    assume(shuffled != rows)
    for measure in (spearman, kendall_tau_b, pair_agreement):
        assert measure(*zip(*shuffled, strict=True)) == measure(*zip(*rows, strict=True))
    one, other = ([list(column) for column in zip(*items, strict=True)] for items in (rows, shuffled))
    assert scored_ndcg_at_k(one[0], one[1], k) == scored_ndcg_at_k(other[0], other[1], k)


def test_impossible_input_is_refused() -> None:
    for relevance in (-1, 65, math.nan):
        with pytest.raises(ValueError, match="relevances"):
            dcg([relevance])
    for k in (0, -1):
        with pytest.raises(ValueError, match="k must"):
            dcg([1], k)
        with pytest.raises(ValueError, match="k must"):
            recall_at_k(["a"], {"a"}, k)
        with pytest.raises(ValueError, match="k must"):
            ndcg_at_k(["a"], {"a": 1}, k)
        with pytest.raises(ValueError, match="k must"):
            scored_ndcg_at_k([1], [1], k)
    with pytest.raises(ValueError, match="more than once: a"):
        ndcg_at_k(["a", "a"], {"a": 1}, 2)
    with pytest.raises(ValueError, match="more than once: a"):
        recall_at_k(["a", "a"], {"a"}, 2)
    with pytest.raises(ValueError, match="more than once: a"):
        reciprocal_rank(["a", "a"], {"a"})
    for measure in (spearman, kendall_tau_b, pair_agreement):
        with pytest.raises(ValueError, match="length"):
            measure([1, 2], [1])
        with pytest.raises(ValueError, match="finite"):
            measure([1, math.inf], [1, 2])
