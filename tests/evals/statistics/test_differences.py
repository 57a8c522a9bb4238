"""Paired differences against scipy's paired t test, by hand, and what is no pair."""

import math
import random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from partnership_os.evals.statistics.differences import PairedDifference, paired_difference
from partnership_os.evals.statistics.intervals import Interval

Marks = dict[str, tuple[float, float]]
values = st.floats(min_value=-50, max_value=50, width=32)
marks = st.tuples(st.integers(min_value=0, max_value=5), st.integers(min_value=0, max_value=5))
cases = [f"case-{index}" for index in range(12)]


def single(numbers: list[float]) -> Marks:
    return {f"case-{index}": (number, 1.0) for index, number in enumerate(numbers)}


def own(marks: Marks) -> dict[str, str]:
    return {case: case for case in marks}


def found(difference: PairedDifference | None) -> PairedDifference:
    assert difference is not None
    return difference


@given(st.lists(st.tuples(values, values), min_size=2, max_size=30), st.sampled_from([0.8, 0.95, 0.99]))
def test_single_marks_give_the_paired_t_interval(pairs: list[tuple[float, float]], level: float) -> None:
    a, b = [one for one, _ in pairs], [other for _, other in pairs]
    moves = [one - other for one, other in pairs]
    assume(max(moves) - min(moves) > 1e-6)
    expected = stats.ttest_rel(a, b).confidence_interval(level)
    result = found(paired_difference(single(a), single(b), own(single(a)), level))
    assert (result.difference.low, result.difference.high) == pytest.approx(
        (float(expected.low), float(expected.high)), rel=1e-9, abs=1e-9
    )
    assert result.pairs == result.difference.n == result.difference.clusters == len(pairs)
    assert (result.higher, result.lower, result.equal) == (
        sum(move > 0 for move in moves),
        sum(move < 0 for move in moves),
        sum(move == 0 for move in moves),
    )


def test_quotients_and_clusters_by_hand() -> None:
    a: Marks = {"p": (3, 4), "q": (1, 2), "r": (4, 4)}  # 8/10
    b: Marks = {"p": (1, 2), "q": (2, 4), "r": (1, 2)}  # 4/8
    result = found(paired_difference(a, b, {"p": "x", "q": "x", "r": "y"}))
    moves = {"p": (3 - 3.2) / 10 - (1 - 1) / 8, "q": (1 - 1.6) / 10 - (2 - 2) / 8, "r": (4 - 3.2) / 10 - (1 - 1) / 8}
    error = math.sqrt(2 * ((moves["p"] + moves["q"]) ** 2 + moves["r"] ** 2))
    half = float(stats.t.ppf(0.975, 1)) * error
    assert result.difference.estimate == pytest.approx(0.3, abs=1e-15)
    assert (result.difference.low, result.difference.high) == pytest.approx((0.3 - half, 0.3 + half), abs=1e-12)
    assert (result.pairs, result.higher, result.lower, result.equal) == (3, 2, 0, 1)
    assert result.difference.clusters == 2


@given(st.dictionaries(st.sampled_from(cases), marks), st.dictionaries(st.sampled_from(cases), marks))
def test_the_other_way_round_is_the_negative(a: Marks, b: Marks) -> None:
    clusters = {case: case[-1] for case in cases}
    one, other = paired_difference(a, b, clusters), paired_difference(b, a, clusters)
    if one is None or other is None:
        assert one is other is None
        return
    assert (one.higher, one.lower, one.equal) == (other.lower, other.higher, other.equal)
    assert one.difference.estimate == -other.difference.estimate
    if one.difference.low is not None:
        assert other.difference.high is not None
        assert one.difference.low == pytest.approx(-other.difference.high, abs=1e-12)


@given(
    st.dictionaries(st.sampled_from(cases), st.tuples(st.floats(0, 1), st.sampled_from([0.0, 0.1, 1 / 3, 1.0]))),
    st.randoms(use_true_random=False),
)
def test_the_order_of_cases_changes_nothing(a: Marks, order: random.Random) -> None:
    b = {case: (of - got / 3, of) for case, (got, of) in a.items()}
    clusters = {case: case[-1] for case in cases}
    shuffled = dict(order.sample(list(a.items()), len(a)))
    backwards = dict(reversed(clusters.items()))
    assert paired_difference(shuffled, b, backwards) == paired_difference(a, b, clusters)


def test_only_what_both_have_is_compared() -> None:
    a: Marks = {"p": (1, 1), "q": (0, 1), "only a": (0, 1), "nothing in b": (0, 1)}
    b: Marks = {"p": (0, 1), "q": (0, 1), "only b": (1, 1), "nothing in b": (0, 0)}
    both: Marks = {"p": (1, 1), "q": (0, 1)}
    assert paired_difference(a, b, own(both)) == paired_difference(both, {"p": (0, 1), "q": (0, 1)}, own(both))
    assert paired_difference({"p": (1, 1)}, {"q": (1, 1)}, {}) is None
    assert paired_difference({}, {}, {}) is None


def test_one_cluster_has_no_bounds() -> None:
    result = found(paired_difference({"p": (1, 1), "q": (1, 1)}, {"p": (0, 1), "q": (1, 1)}, {"p": "x", "q": "x"}))
    assert result.difference == Interval(0.5, None, None, 2.0, 1)


def test_clusters_that_move_alike_have_no_bounds() -> None:
    ones, zeros = single([1.0, 1.0, 1.0]), single([0.0, 0.0, 0.0])
    all_worse = found(paired_difference(zeros, ones, own(ones)))
    assert all_worse.alike and all_worse.lower == 3
    assert all_worse.difference == Interval(-1.0, None, None, 3.0, 3)
    same = found(paired_difference(ones, ones, own(ones)))
    assert same.alike and same.difference == Interval(0.0, None, None, 3.0, 3)
    assert not found(paired_difference(single([1.0, 0.0]), single([0.0, 0.0]), own(single([0.0, 0.0])))).alike


@pytest.mark.parametrize(
    ("mark", "clusters", "level", "message"),
    [
        ((1, -1), {"p": "p"}, 0.95, "of of a"),
        ((math.nan, 1), {"p": "p"}, 0.95, "got of a"),
        ((1, math.inf), {"p": "p"}, 0.95, "of of a"),
        ((1, 1), {}, 0.95, "without a cluster: p"),
        ((1, 1), {"p": "p"}, 1.5, "level"),
    ],
)
def test_impossible_input_is_refused(
    mark: tuple[float, float], clusters: dict[str, str], level: float, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        paired_difference({"p": mark}, {"p": (1, 1)}, clusters, level)
