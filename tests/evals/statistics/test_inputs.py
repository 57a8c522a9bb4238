"""What is refused before any arithmetic."""

import math

import pytest

from partnership_os.evals.statistics.inputs import (
    LARGEST,
    SMALLEST,
    check_count,
    check_lengths,
    check_level,
    finite,
    probabilities,
    weights,
)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 1.001 * LARGEST, -1.001 * LARGEST, 10**400])
def test_numbers_are_finite_and_of_this_world(value: float) -> None:
    for check in (finite, probabilities, weights):
        with pytest.raises(ValueError, match="seconds must be"):
            check([1.0, value], "seconds")


def test_what_is_allowed_comes_back_as_floats() -> None:
    assert finite((value for value in (1, True, -LARGEST)), "seconds") == (1.0, 1.0, -LARGEST)
    assert probabilities([0, 1], "p") == (0.0, 1.0)
    assert weights([0, SMALLEST, 1e-9], "of") == (0.0, SMALLEST, 1e-9)


def test_ranges() -> None:
    for value in (-0.001, 1.001):
        with pytest.raises(ValueError, match="p must"):
            probabilities([value], "p")
    for value in (-1, SMALLEST / 2):
        with pytest.raises(ValueError, match="of must"):
            weights([value], "of")
    for level in (0, 1, math.nan):
        with pytest.raises(ValueError, match="level must"):
            check_level(level)
    check_level(0.5)
    with pytest.raises(ValueError, match="k must be at least 1, got 0"):
        check_count(0, "k")
    check_count(0, "k", least=0)
    with pytest.raises(ValueError, match="one length: a has 1, b has 2"):
        check_lengths(a=[1], b=[1, 2])
    check_lengths(a=[1], b="x")
