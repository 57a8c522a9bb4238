"""Student's t distribution, as far as intervals need it."""

import math
from functools import lru_cache
from typing import Final

from partnership_os.evals.statistics.inputs import check_count, check_level

__all__ = ["t_critical"]

_TINY: Final = 1e-300


@lru_cache(maxsize=1024)
def t_critical(level: float, df: int) -> float:
    """Two-sided critical value: the t with P(-t < T < t) = ``level`` for T of ``df`` degrees of freedom.

    The upper tail is half the regularised incomplete beta function I_x(df/2, 1/2) at x = df / (df + t²); it is solved
    for t by bisection down to neighbouring floats.

    Args:
        level: Probability between the two values, 0 < level < 1.
        df: Degrees of freedom, at least 1.

    Returns:
        The critical value, finite and not negative.

    Raises:
        ValueError: ``level`` or ``df`` is outside its range.

    Source:
        Student (W. S. Gosset), "The probable error of a mean", Biometrika 1908; tail by DLMF 8.17 (NIST).
    """
    check_level(level)
    check_count(df, "df")
    wanted = (1.0 - level) / 2.0
    if wanted >= 0.5:  # the level rounds to nothing
        return 0.0
    low, high = 0.0, 1.0
    while _upper_tail(high, df) > wanted:
        low, high = high, 2.0 * high
    while low < (middle := (low + high) / 2.0) < high:
        if _upper_tail(middle, df) > wanted:
            low = middle
        else:
            high = middle
    return high


def _upper_tail(t: float, df: int) -> float:
    """P(T > t) for t > 0."""
    square = t * t
    return 0.5 * _incomplete_beta(df / 2.0, 0.5, df / (df + square), square / (df + square))


def _incomplete_beta(a: float, b: float, x: float, rest: float) -> float:
    """Regularised I_x(a, b), 0 < x < 1; ``rest`` is 1 - x, which the caller knows without cancellation."""
    if x >= (a + 1.0) / (a + b + 2.0):  # the fraction converges on the other side (DLMF 8.17.4)
        return 1.0 - _beta_term(b, a, rest, x)
    return _beta_term(a, b, x, rest)


def _beta_term(a: float, b: float, x: float, rest: float) -> float:
    """I_x(a, b) as its front factor times the continued fraction."""
    logarithm = a * _log(x, rest) + b * _log(rest, x) - _log_beta(a, b)
    return math.exp(logarithm) * _continued_fraction(a, b, x) / a


def _log(x: float, rest: float) -> float:
    """The logarithm of x, from the smaller of x and ``rest`` = 1 - x."""
    return math.log(x) if x < 0.5 else math.log1p(-rest)


def _log_beta(a: float, b: float) -> float:
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)


def _continued_fraction(a: float, b: float, x: float) -> float:
    """The continued fraction of DLMF 8.17.22 by Lentz's method; it needs about √max(a, b) steps."""
    value = c = 1.0
    d = 0.0
    for step in range(2 * (200 + math.isqrt(math.ceil(10 * max(a, b))))):
        m, odd = divmod(step, 2)
        if step == 0:
            numerator = 1.0
        elif odd:
            numerator = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        else:
            numerator = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        d = 1.0 / _away_from_zero(1.0 + numerator * d)
        c = _away_from_zero(1.0 + numerator / c)
        value *= c * d
        if abs(c * d - 1.0) < 1e-16:
            break
    return value - 1.0


def _away_from_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY
