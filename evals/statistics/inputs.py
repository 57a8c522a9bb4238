"""What every statistic here asks of its input: finite numbers, equal lengths, a level that is a probability.

Sums of this folder are `math.fsum`: it rounds once, so the order of samples never changes a result.
"""

from collections.abc import Iterable, Sized
from typing import Final

__all__ = ["LARGEST", "SMALLEST", "check_count", "check_level", "check_lengths", "finite", "probabilities", "weights"]

LARGEST: Final = 1e50
"""No measure comes near; from here on a square of a quotient could overflow."""
SMALLEST: Final = 1e-50
"""The least denominator that counts as one, for the same reason."""


def finite(values: Iterable[float], what: str) -> tuple[float, ...]:
    """The values as floats.

    Args:
        values: Any numbers; a generator is read once.
        what: Their name, for the error.

    Raises:
        ValueError: One is NaN, infinite or of a magnitude above `LARGEST`.
    """
    every = tuple(values)
    for value in every:
        if not -LARGEST <= value <= LARGEST:
            raise ValueError(f"{what} must be finite and at most {LARGEST} in magnitude, got {value}")
    return tuple(float(value) for value in every)


def probabilities(values: Iterable[float], what: str) -> tuple[float, ...]:
    """The values as floats between 0 and 1.

    Raises:
        ValueError: One is not.
    """
    every = finite(values, what)
    for value in every:
        if not 0 <= value <= 1:
            raise ValueError(f"{what} must lie between 0 and 1, got {value}")
    return every


def weights(values: Iterable[float], what: str) -> tuple[float, ...]:
    """Denominators: each is zero (nothing to count) or at least `SMALLEST`.

    Raises:
        ValueError: One is negative, not finite, or too small to divide by.
    """
    every = finite(values, what)
    for value in every:
        if value != 0 and value < SMALLEST:
            raise ValueError(f"{what} must be 0 or at least {SMALLEST}, got {value}")
    return every


def check_lengths(**parts: Sized) -> None:
    """Refuse sequences that belong together and are not of one length.

    Raises:
        ValueError: They differ; the message names them with their lengths.
    """
    if len({len(part) for part in parts.values()}) > 1:
        raise ValueError(
            "must be of one length: " + ", ".join(f"{name} has {len(part)}" for name, part in parts.items())
        )


def check_level(level: float) -> None:
    """Refuse a confidence level that is no open probability.

    Raises:
        ValueError: It does not lie between 0 and 1, both excluded.
    """
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, got {level}")


def check_count(value: int, what: str, least: int = 1) -> None:
    """Refuse a count below the least one that makes sense.

    Raises:
        ValueError: It is below.
    """
    if value < least:
        raise ValueError(f"{what} must be at least {least}, got {value}")
