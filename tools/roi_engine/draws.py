"""Random numbers by name: every driver and risk has its own stream, so that one more leaves the others as they were."""

from decimal import Decimal
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

__all__ = ["Draws", "FloatArray", "triangular", "uniforms"]

FloatArray = NDArray[np.float64]


def uniforms(seed: int, name: str, runs: int) -> FloatArray:
    """``runs`` numbers in [0, 1) of the stream of this name: PCG64 seeded with the seed and SHA-256 of the name."""
    words = np.frombuffer(sha256(name.encode()).digest(), dtype="<u4")
    entropy = [seed, *(int(word) for word in words)]
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(entropy))).random(runs)


def triangular(uniform: FloatArray, low: Decimal, mode: Decimal, high: Decimal) -> FloatArray:
    """The triangular distribution by its inverse: low + √(u (high - low)(mode - low)) below the mode's quantile
    (mode - low) / (high - low), high - √((1 - u)(high - low)(high - mode)) above.

    Only ``+ - * / √``, which IEEE 754 rounds the same everywhere; PERT would need the gamma function of the machine.
    Raising low, mode or high never lowers a draw by more than rounding.
    """
    a, m, b = float(low), float(mode), float(high)
    if b <= a:
        return np.full(len(uniform), m)
    rising = a + np.sqrt(uniform * (b - a) * (m - a))
    falling = b - np.sqrt((1 - uniform) * (b - a) * (b - m))
    return np.clip(np.where(uniform < (m - a) / (b - a), rising, falling), a, b)


class Draws:
    """`arithmetic.Arithmetic` over one float for each draw."""

    def __init__(self, runs: int) -> None:
        self._runs = runs

    def constant(self, value: Decimal | int) -> FloatArray:
        """The same value in every draw."""
        return np.full(self._runs, float(value))

    def smaller(self, first: FloatArray, second: FloatArray) -> FloatArray:
        """Draw by draw, the smaller of two."""
        return np.minimum(first, second)

    def larger(self, first: FloatArray, second: FloatArray) -> FloatArray:
        """Draw by draw, the larger of two."""
        return np.maximum(first, second)

    def where_not_negative(self, test: FloatArray, chosen: FloatArray, otherwise: FloatArray) -> FloatArray:
        """Draw by draw, ``chosen`` where ``test`` ≥ 0, else ``otherwise``."""
        return np.where(test >= 0, chosen, otherwise)
