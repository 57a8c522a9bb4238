"""Student's t against scipy and against values that can be written down."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from partnership_os.evals.statistics.student import t_critical

LEVELS = (0.8, 0.9, 0.95, 0.975, 0.99, 0.999)


@pytest.mark.parametrize("level", LEVELS)
def test_scipy_agrees_for_every_number_of_clusters(level: float) -> None:
    for df in (*range(1, 60), *range(60, 1001, 47), 1000):
        assert t_critical(level, df) == pytest.approx(float(stats.t.isf((1 - level) / 2, df)), rel=1e-11, abs=0), df


@given(st.floats(min_value=1e-3, max_value=1 - 1e-9), st.integers(min_value=1, max_value=100_000))
def test_scipy_agrees_far_outside_of_what_reports_use(level: float, df: int) -> None:
    assert t_critical(level, df) == pytest.approx(float(stats.t.isf((1 - level) / 2, df)), rel=1e-9)


@given(st.floats(min_value=0.01, max_value=0.999))
def test_closed_forms(level: float) -> None:
    assert t_critical(level, 1) == pytest.approx(math.tan(math.pi * level / 2), rel=1e-11)
    assert t_critical(level, 2) == pytest.approx(level * math.sqrt(2 / (1 - level**2)), rel=1e-11)


def test_levels_at_the_edge_stay_finite() -> None:
    assert math.isfinite(t_critical(math.nextafter(1.0, 0.0), 1))
    assert t_critical(1e-300, 3) == 0.0


@pytest.mark.parametrize(("level", "df"), [(0.0, 3), (1.0, 3), (-0.1, 3), (math.nan, 3), (0.95, 0)])
def test_impossible_input_is_refused(level: float, df: int) -> None:
    with pytest.raises(ValueError, match=r"level|df"):
        t_critical(level, df)
