"""Stability by hand, against scipy's paired t test, and what is undefined."""

import math
import random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from partnership_os.evals.statistics.intervals import Interval
from partnership_os.evals.statistics.stability import (
    AttackSuccess,
    PermutationShift,
    attack_success,
    label_flip_rate,
    monotonicity_violations,
    net_resilient_performance,
    paired_shift,
    permutation_shift,
    score_uplift,
)

scores = st.floats(min_value=0, max_value=100, width=32)
changed = st.lists(st.tuples(scores, scores, st.sampled_from("abcd")), min_size=2, max_size=30)
Changed = list[tuple[float, float, str]]


def columns(rows: Changed) -> tuple[list[float], list[float], list[str]]:
    return [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows]


def test_another_order_of_candidates_by_hand() -> None:
    original = {"amal": 70.0, "badr": 65.0}
    others = [{"badr": 66.0, "amal": 70.0}, {"amal": 64.0, "badr": 65.0}, {"amal": 65.0, "badr": 65.0}]
    assert permutation_shift(original, others) == PermutationShift(orders=3, largest=6.0, top_flips=2 / 3)
    assert permutation_shift(original, [original]) == PermutationShift(1, 0.0, 0.0)
    assert permutation_shift({"amal": 70.0}, [{"amal": 10.0}]) == PermutationShift(1, 60.0, 0.0)
    assert permutation_shift(original, []) is None
    assert permutation_shift({}, [{}]) is None


def test_a_lasting_tie_at_the_top_is_no_flip() -> None:
    tied = {"amal": 5.0, "badr": 5.0, "cedar": 1.0}
    found = permutation_shift(tied, [dict(reversed(tied.items()))])
    assert found == PermutationShift(1, 0.0, 0.0)


def test_falling_scores_are_violations_beyond_epsilon() -> None:
    pairs = [(50.0, 60.0), (50.0, 50.0), (50.0, 49.5), (50.0, 40.0)]
    assert monotonicity_violations(pairs) == 0.5
    assert monotonicity_violations(pairs, 0.5) == 0.25
    assert monotonicity_violations(pairs, 10) == 0.0
    assert monotonicity_violations([]) is None


def test_a_swapped_attribute_by_hand() -> None:
    found = paired_shift([50.0, 60.0, 70.0, 80.0], [48.0, 64.0, 69.0, 80.0], ["a", "b", "c", "d"])
    half = float(stats.t.ppf(0.975, 3)) * math.sqrt((2.25**2 + 3.75**2 + 1.25**2 + 0.25**2) / 3 / 4)
    assert found is not None
    assert found.signed.estimate == 0.25
    assert (found.signed.low, found.signed.high) == pytest.approx((0.25 - half, 0.25 + half), abs=1e-12)
    assert (found.mean_absolute, found.largest) == (1.75, 4.0)
    assert paired_shift([], []) is None


@given(changed)
def test_shift_and_uplift_are_the_paired_t_interval(rows: Changed) -> None:
    before, after, _ = columns(rows)
    moves = [new - old for old, new in zip(before, after, strict=True)]
    assume(max(moves) - min(moves) > 1e-6)
    expected = stats.ttest_rel(after, before).confidence_interval(0.9)
    uplift, shift = score_uplift(before, after, level=0.9), paired_shift(before, after, level=0.9)
    assert uplift is not None and shift is not None and shift.signed == uplift
    assert (uplift.low, uplift.high) == pytest.approx((float(expected.low), float(expected.high)), rel=1e-9, abs=1e-9)
    assert shift.largest == max(map(abs, moves))
    assert abs(uplift.estimate) <= shift.mean_absolute + 1e-12 <= shift.largest + 2e-12


def test_cases_about_one_company_count_once() -> None:
    assert score_uplift([10, 20], [13, 21], ["a", "a"]) == Interval(2.0, None, None, 2.0, 1)


def test_labels_that_flip() -> None:
    assert label_flip_rate(["A", "B", "C", "A"], ["A", "C", "C", "B"]) == 0.5
    assert label_flip_rate([], []) is None


def test_success_of_attacks_over_all_and_over_readable_runs() -> None:
    runs = [(True, True), (False, True), (False, True), (True, False), (False, False)]
    assert attack_success(runs) == AttackSuccess(attacked=5, valid=3, rate=0.4, rate_of_valid=1 / 3)
    assert attack_success([(True, False)]) == AttackSuccess(1, 0, 1.0, None)
    assert attack_success([]) == AttackSuccess(0, 0, None, None)


def test_net_resilient_performance() -> None:
    assert net_resilient_performance(0.8, 0.25) == pytest.approx(0.6)
    assert net_resilient_performance(1.0, 1.0) == 0.0


@given(changed, st.randoms(use_true_random=False))
def test_the_order_of_cases_changes_nothing(rows: Changed, order: random.Random) -> None:
    shuffled = order.sample(rows, len(rows))
    assert paired_shift(*columns(shuffled)) == paired_shift(*columns(rows))
    assert score_uplift(*columns(shuffled)) == score_uplift(*columns(rows))
    pairs, others = [row[:2] for row in rows], [row[:2] for row in shuffled]
    assert monotonicity_violations(others, 1) == monotonicity_violations(pairs, 1)


def test_impossible_input_is_refused() -> None:
    with pytest.raises(ValueError, match="same candidates"):
        permutation_shift({"a": 1}, [{"b": 1}])
    for original, other in ((math.nan, 1.0), (1.0, math.inf)):
        with pytest.raises(ValueError, match="finite"):
            permutation_shift({"a": original}, [{"a": other}])
    with pytest.raises(ValueError, match="negative"):
        monotonicity_violations([], -0.1)
    with pytest.raises(ValueError, match="finite"):
        monotonicity_violations([(1, math.nan)])
    for measure in (paired_shift, score_uplift):
        with pytest.raises(ValueError, match="length"):
            measure([1], [])
        with pytest.raises(ValueError, match="finite"):
            measure([1], [math.nan])
        with pytest.raises(ValueError, match="level"):
            measure([1], [1], level=0)
    with pytest.raises(ValueError, match="length"):
        label_flip_rate(["A"], [])
    for pna, asr in ((1.1, 0), (0, -0.1), (math.nan, 0)):
        with pytest.raises(ValueError, match="performance"):
            net_resilient_performance(pna, asr)
