"""Intervals against inspect_ai and scipy, by hand, and where nothing can be estimated."""

import math
import random
from collections.abc import Callable, Sequence
from typing import cast

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from inspect_ai.scorer import Metric, SampleScore, Score, ci, ci_wilson, stderr
from scipy import stats

from partnership_os.evals.statistics.intervals import (
    Interval,
    clustered_error,
    mean_interval,
    rate_interval,
    rule_of_three,
    standard_error,
)

Labelled = list[tuple[float, str]]
labels = st.sampled_from(["amal", "badr", "cedar", "dana", "emaar"])
binary = st.lists(st.tuples(st.sampled_from([0.0, 1.0]), labels), min_size=2, max_size=40)
shares = st.lists(st.tuples(st.floats(min_value=0, max_value=1, width=32), labels), min_size=2, max_size=40)
measured = st.lists(st.tuples(st.floats(min_value=-100, max_value=100, width=32), labels), min_size=2, max_size=40)
counted = st.lists(
    st.tuples(st.integers(min_value=0, max_value=9), st.integers(min_value=0, max_value=9), labels), max_size=30
)
level = st.sampled_from([0.8, 0.9, 0.95, 0.99])


def inspect_says(metric: Metric, samples: Labelled) -> object:
    scores = [
        SampleScore(score=Score(value=value), sample_id=str(index), sample_metadata={"partner": label})
        for index, (value, label) in enumerate(samples)
    ]
    return cast(Callable[[list[SampleScore]], object], metric)(scores)


def bounds(metric: Metric, samples: Labelled) -> tuple[float, float]:
    found = cast(dict[str, float], inspect_says(metric, samples))
    return found["lower"], found["upper"]


def clusters_of(samples: Labelled) -> list[str]:
    return [label for _, label in samples]


def values_of(samples: Labelled) -> list[float]:
    return [value for value, _ in samples]


def bounds_of(interval: Interval | None) -> tuple[float, float]:
    assert interval is not None and interval.low is not None and interval.high is not None
    return interval.low, interval.high


@given(st.one_of(binary, shares), level)
def test_a_rate_of_single_things_is_inspects_clustered_wilson(samples: Labelled, level: float) -> None:
    assume(len(set(clusters_of(samples))) > 1)
    found = rate_interval(values_of(samples), [1.0] * len(samples), clusters_of(samples), level)
    low, high = bounds(ci_wilson(level, cluster="partner"), samples)
    groups = len(set(clusters_of(samples)))
    square = float(stats.t.ppf((1 + level) / 2, groups - 1)) ** 2
    of_all, of_none = groups / (groups + square), square / (groups + square)
    assert bounds_of(found) == pytest.approx((min(low, of_all), max(high, of_none)), abs=1e-9)


def test_alike_answers_about_one_company_widen_the_interval() -> None:
    got = [1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]
    alone = rate_interval(got, [1.0] * 12, [str(index) for index in range(12)])
    together = rate_interval(got, [1.0] * 12, [label for label in "abcd" for _ in range(3)])
    assert alone is not None and together is not None
    assert alone.estimate == together.estimate == 0.75
    (alone_low, alone_high), (low, high) = bounds_of(alone), bounds_of(together)
    assert low < alone_low and high > alone_high
    assert (together.n, together.clusters) == (12.0, 4)


def test_a_rate_of_several_things_a_sample_by_hand() -> None:
    # p = 9/15; residuals (got - p·of)/15 by cluster: a: (3 - 2.4 + 1 - 1.2)/15, b: (5 - 3)/15, c: (0 - 2.4)/15
    found = rate_interval([3, 1, 5, 0], [4, 2, 5, 4], ["a", "a", "b", "c"])
    variance = 3 / 2 * ((0.4 / 15) ** 2 + (2 / 15) ** 2 + (-2.4 / 15) ** 2)
    size, t = 0.6 * 0.4 / variance, float(stats.t.ppf(0.975, 2))
    assert size < 15
    center = (0.6 + t * t / (2 * size)) / (1 + t * t / size)
    half = t * math.sqrt(0.24 / size + t * t / (4 * size * size)) / (1 + t * t / size)
    assert bounds_of(found) == pytest.approx((center - half, center + half), abs=1e-12)
    assert found is not None and (found.estimate, found.n, found.clusters) == (0.6, 15.0, 3)


@pytest.mark.parametrize("everything", [True, False])
def test_rates_of_none_and_of_all_rest_on_their_clusters(everything: bool) -> None:
    of, t = [30.0, 40.0, 50.0], float(stats.t.ppf(0.975, 2))
    found = rate_interval(of if everything else [0.0] * 3, of, ["a", "b", "c"])
    reach = t * t / (3 + t * t)
    expected = (1 - reach, 1.0) if everything else (0.0, reach)
    assert bounds_of(found) == pytest.approx(expected, abs=1e-12)


def test_no_rate_is_bounded_more_tightly_than_a_perfect_one() -> None:
    labels = [str(index % 50) for index in range(400)]
    lows, highs = [], []
    for failed in range(4):
        low, _ = bounds_of(rate_interval([0.0] * failed + [1.0] * (400 - failed), [1.0] * 400, labels))
        _, high = bounds_of(rate_interval([1.0] * failed + [0.0] * (400 - failed), [1.0] * 400, labels))
        lows.append(low)
        highs.append(high)
    assert lows == sorted(lows, reverse=True) and highs == sorted(highs)


def test_clusters_that_do_not_differ_keep_their_denominator() -> None:
    found = rate_interval([1, 2, 3], [2, 4, 6], ["a", "b", "c"])
    t = float(stats.t.ppf(0.975, 2))
    half = t * math.sqrt(0.25 / 12 + t * t / (4 * 144)) / (1 + t * t / 12)
    reach = t * t / (3 + t * t)
    assert half < reach
    assert bounds_of(found) == pytest.approx((min(0.5 - half, 1 - reach), max(0.5 + half, reach)), abs=1e-12)


def test_a_rate_that_only_rounds_to_one_is_one() -> None:
    t = float(stats.t.ppf(0.975, 2))
    low, high = bounds_of(rate_interval([1e17, 0, 0], [1e17, 1, 1], ["a", "b", "c"]))
    assert (low, high) == pytest.approx((3 / (3 + t * t), 1.0), abs=1e-12)


def test_one_cluster_bounds_nothing() -> None:
    assert rate_interval([1, 0], [1, 1], ["a", "a"]) == Interval(0.5, 0.0, 1.0, 2.0, 1)
    assert mean_interval([1.0, 3.0], ["a", "a"]) == Interval(2.0, None, None, 2.0, 1)
    assert mean_interval([3.0]) == Interval(3.0, None, None, 1.0, 1)
    assert standard_error([1.0, 3.0], ["a", "a"]) is None


def test_nothing_counted_is_no_rate() -> None:
    assert rate_interval([], [], []) is None
    assert rate_interval([0, 0], [0, 0], ["a", "b"]) is None
    assert mean_interval([]) is None
    assert standard_error([]) is None


def test_samples_with_nothing_to_count_are_as_if_absent() -> None:
    assert rate_interval([1, 0, 0, 2], [2, 0, 0, 3], ["a", "a", "b", "c"]) == rate_interval([1, 2], [2, 3], ["a", "c"])


@given(counted, level, st.randoms(use_true_random=False))
def test_rates_stay_shares_whatever_the_order(
    samples: list[tuple[int, int, str]], level: float, order: random.Random
) -> None:
    def of(rows: Sequence[tuple[int, int, str]]) -> Interval | None:
        return rate_interval(
            [min(a, b) / 7 for a, b, _ in rows],
            [b / 7 for _, b, _ in rows],
            [label for *_, label in rows],
            level,
        )

    found = of(samples)
    shuffled = order.sample(samples, len(samples))
    assert of(shuffled) == found
    if found is not None:
        low, high = bounds_of(found)
        assert 0 <= low <= found.estimate + 1e-12 and found.estimate - 1e-12 <= high <= 1


@given(measured, level)
def test_a_mean_is_inspects_clustered_interval(samples: Labelled, level: float) -> None:
    assume(len(set(clusters_of(samples))) > 1)
    assume(len(set(values_of(samples))) > 1)
    found = mean_interval(values_of(samples), clusters_of(samples), level)
    assert bounds_of(found) == pytest.approx(bounds(ci(level, cluster="partner"), samples), rel=1e-9, abs=1e-9)
    expected = inspect_says(stderr(cluster="partner"), samples)
    assert standard_error(values_of(samples), clusters_of(samples)) == pytest.approx(expected, rel=1e-9, abs=1e-9)


@given(measured, level)
def test_a_mean_without_clusters_is_scipys_interval(samples: Labelled, level: float) -> None:
    values = values_of(samples)
    assume(len(set(values)) > 1)
    error = float(stats.sem(values))
    assume(error > 1e-12)
    expected = stats.t.interval(level, len(values) - 1, loc=math.fsum(values) / len(values), scale=error)
    assert bounds_of(mean_interval(values, level=level)) == pytest.approx(expected, rel=1e-9, abs=1e-9)
    assert standard_error(values) == pytest.approx(error, rel=1e-9)


@given(measured, st.randoms(use_true_random=False))
def test_a_mean_has_no_order(samples: Labelled, order: random.Random) -> None:
    shuffled = order.sample(samples, len(samples))
    assert mean_interval(values_of(shuffled), clusters_of(shuffled)) == mean_interval(
        values_of(samples), clusters_of(samples)
    )
    assert mean_interval(values_of(shuffled)) == mean_interval(values_of(samples))


def test_equal_values_say_nothing_of_others() -> None:
    assert mean_interval([0.1] * 3) == Interval(0.1, None, None, 3.0, 3)


def test_a_mean_is_cut_to_what_its_values_can_be() -> None:
    found = mean_interval([1.0, 1.0, 1.0, 0.2], least=0.0, most=1.0)
    free = mean_interval([1.0, 1.0, 1.0, 0.2])
    assert bounds_of(free)[1] > 1 and bounds_of(found) == (bounds_of(free)[0], 1.0)
    assert bounds_of(mean_interval([0.0, 0.0, 0.9], least=0.0))[0] == 0.0


@given(st.integers(min_value=1, max_value=100_000))
def test_the_rule_of_three_is_just_above_the_exact_bound(n: int) -> None:
    exact = float(stats.binomtest(0, n, alternative="less").proportion_ci(0.95).high)
    assert exact <= rule_of_three(n) <= 1
    if n >= 30:
        assert rule_of_three(n) <= exact * 1.06


def test_the_smallest_and_largest_numbers_give_no_nan() -> None:
    for size in (1e-50, 1e50):
        low, high = bounds_of(rate_interval([size, 0.0], [size, size], ["a", "b"]))
        assert 0 <= low < high <= 1
    assert all(map(math.isfinite, bounds_of(mean_interval([-1e50, 1e50], level=1 - 1e-15))))


@pytest.mark.parametrize(
    ("got", "of", "clusters", "level"),
    [
        ([2], [1], ["a"], 0.95),
        ([-1], [1], ["a"], 0.95),
        ([0], [-1], ["a"], 0.95),
        ([0], [1e-60], ["a"], 0.95),
        ([math.nan], [1], ["a"], 0.95),
        ([1], [math.inf], ["a"], 0.95),
        ([1], [1e51], ["a"], 0.95),
        ([1, 1], [1], ["a"], 0.95),
        ([1], [1], [], 0.95),
        ([1], [1], ["a"], 1.0),
        ([], [], [], 0.0),
    ],
)
def test_impossible_rates_are_refused(got: list[float], of: list[float], clusters: list[str], level: float) -> None:
    with pytest.raises(ValueError, match=r"got|of|length|level"):
        rate_interval(got, of, clusters, level)


def test_other_impossible_input_is_refused() -> None:
    with pytest.raises(ValueError, match="values"):
        mean_interval([math.inf])
    with pytest.raises(ValueError, match="values has 1, clusters has 2"):
        mean_interval([1.0], ["a", "b"])
    with pytest.raises(ValueError, match="level"):
        mean_interval([], level=2)
    with pytest.raises(ValueError, match="values"):
        standard_error([math.nan])
    with pytest.raises(ValueError, match="length"):
        clustered_error([0.0], ["a", "b"])
    for n in (0, -1, math.nan):
        with pytest.raises(ValueError, match="n must"):
            rule_of_three(n)
